"""The PDSA ramp and its self-check: the map's oracles, a reader's own tests, and what each of them taught."""

import json
import random
import re
from statistics import fmean

import pytest

from improvement import views
from improvement.views import describe
from improvement.views.pdsa_ramp import sizes_of

KIND = "pdsa-ramp"
CONTROLS = {control["name"]: control for control in views.spec(KIND)["controls"]}
RAMP = ["1", "5", "10", "25", "all"]


def ramp(*turns, **params):
    return views.compute(KIND, {"prediction": "pilot", "ramp": list(turns), **params})


def own(*turns, **params):
    return ramp(*turns, play="set", **params)


def panels(view, kind, start=""):
    return [
        one
        for one in view["panels"]
        if one["type"] == kind and (one.get("heading") or one.get("caption") or one.get("title") or "").startswith(start)
    ]  # fmt: skip


def panel(view, kind, start=""):
    (found,) = panels(view, kind, start)
    return found


def text(view, heading):
    return panel(view, "sentence", heading)["text"]


def plans(view):
    (table,) = [one for one in panels(view, "table") if "plans for these" in one["caption"]]
    return {row[0].partition(":")[0]: dict(zip(table["columns"], row, strict=True)) for row in table["rows"]}


def brute(sizes, rate, fixes, runs=20_000, response="adapt", stop_at=1):
    """People harmed in each of many runs, one person after another."""
    rng = random.Random(5)
    totals = []
    for _ in range(runs):
        flawed, harmed = True, 0
        for size in sizes:
            now = sum(rng.random() < rate for _ in range(size)) if flawed else 0
            harmed += now
            if now >= stop_at and response == "stop":
                break
            if now >= stop_at and response == "adapt" and rng.random() < fixes:
                flawed = False
        totals.append(harmed)
    return totals


# The guess


def test_before_the_guess_a_reader_sees_the_two_plans_and_nothing_of_the_answer():
    view = views.compute(KIND, {})
    seen = [one for one in view["panels"] if not one["reveal"]]
    assert [one["type"] for one in seen] == ["table"]
    assert [row[1:] for row in seen[0]["rows"]] == [
        ["25", "roll-out to 175"],
        ["1, then 5, then 10, then 25", "roll-out to 159"],
    ]


def test_the_instinct_for_a_big_pilot_is_right_about_seeing_and_wrong_about_harm():
    view = ramp()
    pilot = 2.5 + (1 - 0.7 * (1 - 0.9**25)) * 17.5
    assert f"{pilot:.1f}" == "8.6"
    said = text(view, "Your guess")
    assert "93 times in 100" in said
    assert "10 times in 100" in said
    assert "Pilot harms 8.6 on average, Ramp 4.1" in said
    assert (
        len({text(ramp(prediction=guess), "Your guess") for guess in ("pilot", "same", "little", "half")})
        == 4
    )


def test_the_plans_harm_what_a_simulation_of_each_person_says():
    found = plans(ramp())
    for name, sizes in (("Ramp", (1, 5, 10, 25, 159)), ("Pilot, then roll-out", (25, 175))):
        totals = brute(sizes, 0.1, 0.7, runs=6000)
        assert float(found[name]["Harmed, on average"]) == pytest.approx(fmean(totals), abs=0.35)
        share = 100 * fmean(total > 5 for total in totals)
        assert float(found[name]["More than 5 harmed, of 100"]) == pytest.approx(share, abs=11)
    assert found["All at once"]["Harmed, on average"] == "20"
    before = {name: row["Seen before roll-out, of 100"] for name, row in found.items()}
    assert before == {
        "Ramp": f"{100 * (1 - 0.9**41):.0f}",
        "Pilot, then roll-out": f"{100 * (1 - 0.9**25):.0f}",
        "All at once": "0",
    }


# The map's oracles


@pytest.mark.parametrize(("people", "chance"), [(1, 0.10), (5, 0.41), (10, 0.65), (25, 0.93)])
def test_the_first_test_sees_a_flaw_of_one_in_ten_as_the_map_says(people, chance):
    rows = {row[0]: row for row in panel(ramp(), "table", "What a first test sees")["rows"]}
    assert int(rows[people][1]) / 100 == pytest.approx(chance, abs=0.005)
    assert float(rows[people][2]) == pytest.approx(0.1 * people)
    assert int(
        plans(ramp(str(people)))["Yours, rolled out now"]["First test sees the flaw, of 100"]
    ) == round(100 * chance)


def test_a_stop_rule_that_waits_for_two_sees_less_and_harms_more():
    rows = panel(own(stop_at=2), "table", "What a first test sees")["rows"]
    assert rows[0][1] == "0"
    assert int(rows[1][1]) == round(100 * (1 - 0.9**5 - 5 * 0.1 * 0.9**4))
    assert float(plans(own(stop_at=2))["Ramp"]["Harmed, on average"]) > float(
        plans(own())["Ramp"]["Harmed, on average"]
    )


# The reader's own tests


def test_nobody_is_tested_twice_and_everybody_left_means_everybody():
    assert sizes_of(RAMP) == (1, 5, 10, 25, 159)
    assert sizes_of(["25"] * 8) == (25,) * 8
    assert sizes_of(["all", "5", "all"]) == (200,)
    assert sizes_of([]) == ()
    assert sizes_of(["25"] * 7 + ["10", "25"])[-2:] == (10, 15)
    assert sum(sizes_of(["25", "10", "all", "1"])) == 200


def test_a_further_test_never_changes_the_tests_before_it():
    for seed in range(1, 12):
        whole = ramp(*RAMP, seed=seed)["data"]["rows"]
        for many in range(1, 5):
            part = ramp(*RAMP[:many], seed=seed)["data"]["rows"]
            assert [row[:4] for row in part] == [row[:4] for row in whole[:many]]
            assert part[-1][4] in {"your decision", "mend it, test again"}


def test_the_log_is_a_plan_a_do_a_study_and_an_act_that_agree_with_each_other():
    for seed in range(1, 40):
        view = ramp(*RAMP, seed=seed)
        assert view["data"]["columns"] == ["Test", "Plan", "Do", "Study", "Act"]
        for size, (_, plan, did, study, act) in zip((1, 5, 10, 25, 159), view["data"]["rows"], strict=True):
            worked, harmed = map(int, re.findall(r"\d+", did))
            assert plan.startswith(f"{size} pe")
            assert worked + harmed <= size
            assert ("the flaw shows" in study) == (harmed > 0) == ("mend it" in act)
            if allowed := re.search(r"predicted (\d+) to (\d+)", plan):
                low, high = map(int, allowed.groups())
                assert ("a surprise" in study) == (not low <= worked <= high)
            else:
                assert "too few to test the prediction" in study


def test_a_failed_test_is_said_to_have_been_worth_having_and_a_silent_one_not_to_be_safe():
    def first_seen(seed):
        rows = ramp(*RAMP[:4], seed=seed)["data"]["rows"]
        return next((row[0] for row in rows if "the flaw shows" in row[3]), None)

    seen = {seed: first_seen(seed) for seed in range(1, 60)}
    seed = next(seed for seed, test in seen.items() if test == 2)
    said = text(ramp(*RAMP[:4], seed=seed), "What the tests taught")
    assert said.startswith("Test 2 failed")
    assert "It was worth having: it came before 194 people met the idea." in said
    assert "about 19 of them would have been harmed" in said
    quiet = next(seed for seed, test in seen.items() if test is None or test > 2)
    said = text(ramp("1", "5", seed=quiet), "What the tests taught")
    assert f"hides from so many {100 * 0.9**6:.0f} times in 100" in said
    assert "39 in 100 does so once in 20" in said  # 0.61 to the sixth is 0.05


def test_carrying_on_makes_small_tests_worthless():
    found = plans(ramp(response="carry_on"))
    assert {row["Harmed, on average"] for row in found.values()} == {"20"}
    assert "nobody acts on it" in panel(ramp(response="carry_on"), "challenge")["text"]
    seed = next(
        s
        for s in range(1, 50)
        if "flaw shows" in ramp("10", seed=s, response="carry_on")["data"]["rows"][0][3]
    )
    said = text(ramp("10", seed=seed, response="carry_on"), "What the tests taught")
    assert "the only way to waste a failed test" in said


def test_dropping_the_idea_ends_the_ramp_and_spares_those_who_are_left():
    seed = next(s for s in range(1, 50) if "flaw shows" in ramp("10", seed=s)["data"]["rows"][0][3])
    view = ramp("10", "25", "all", seed=seed, response="stop")
    assert len(view["data"]["rows"]) == 1
    assert "You drop the idea. 190 people never meet it." in view["summary"]
    ramp_row = plans(ramp(response="stop"))["Ramp"]
    assert float(ramp_row["Harmed, on average"]) == pytest.approx(
        fmean(brute((1, 5, 10, 25, 159), 0.1, 0, runs=6000, response="stop")), abs=0.15
    )


# An idea nobody knows


def test_an_unknown_idea_stays_unknown_until_everybody_has_met_it():
    for seed in range(1, 25):
        part = ramp(*RAMP[:4], play="blind", seed=seed)
        assert not panels(part, "challenge")
        assert not [
            one
            for one in panels(part, "table")
            if "plans" in one["caption"] or "first test" in one["caption"]
        ]
        assert not panels(part, "sentence", "What only a model knows")
        for figure in panels(part, "figure"):
            assert not [mark for mark in figure["marks"] if mark["role"].startswith("group")]
        assert "would have been harmed" not in describe.as_text(views.spec(KIND), part)
        assert panel(ramp(*RAMP, play="blind", seed=seed), "sentence", "What only a model knows")


def test_some_unknown_ideas_are_harmless_and_some_are_not():
    truths = [text(ramp("all", play="blind", seed=seed), "What only a model knows") for seed in range(1, 60)]
    harmless = [truth for truth in truths if "It has no flaw." in truth]
    assert 4 < len(harmless) < 30
    harmed = [
        int(ramp("all", play="blind", seed=seed)["data"]["rows"][0][2].rpartition(" ")[2])
        for seed in range(1, 60)
    ]
    assert all((count == 0) for count, truth in zip(harmed, truths, strict=True) if truth in harmless)


# Break our model


def test_the_ramp_can_be_beaten_when_waiting_harms():
    view = own(wait=2)
    assert panel(view, "challenge")["met"]
    found = plans(view)
    waited = 0.02 * (199 + 194 + 184 + 159)
    assert float(found["Ramp"]["Harmed by waiting, on average"]) == pytest.approx(waited, abs=0.05)
    assert float(found["Pilot, then roll-out"]["Harmed by waiting, on average"]) == pytest.approx(3.5)
    assert not panel(own(), "challenge")["met"]
    assert panel(own("10", "10", "25", "25", "all"), "challenge")["met"]
    assert not panel(own("10", "10", "25", "25", "all", flaw=50), "challenge")["met"]
    assert "Without a flaw all plans harm alike" in panel(own(flaw=0), "challenge")["text"]


@pytest.mark.parametrize("flaw", [0, 1, 10, 50])
@pytest.mark.parametrize("response", ["adapt", "stop", "carry_on"])
@pytest.mark.parametrize("context", ["same", "shrinks", "worse"])
@pytest.mark.parametrize("turns", [[], ["1"], ["25", "all"], ["all"], ["25"] * 8])
def test_every_setting_gives_a_whole_view_in_plain_words(flaw, response, context, turns):
    effect = {0: -30, 1: 0, 10: 20, 50: 40}[flaw]
    params = {
        "flaw": flaw,
        "effect": effect,
        "context": context,
        "response": response,
        "stop_at": 2,
        "predicted": effect + 60,
    }
    view = own(*turns, **params)
    json.dumps(view, allow_nan=False)
    assert not view["notices"]
    told = describe.as_text(views.spec(KIND), view)
    assert not re.search(r"\b1 people|\b1 times|nan|None|-\d", told), told
    for figure in panels(view, "figure"):
        low, high = figure["y_range"]
        for mark in figure["marks"]:
            for column in ("y", "y1", "y2"):
                assert all(low <= value <= high for value in mark.get(column, []))


def test_stories_come_from_five_sectors_and_every_one_is_told():
    sectors = {option["sector"] for option in CONTROLS["story"]["options"]}
    assert sectors == {"primary care", "community", "mental health", "ambulance", "acute"}
    told = {ramp(story=option["value"])["summary"] for option in CONTROLS["story"]["options"]}
    assert len(told) == 5


def test_a_stop_rule_of_nought_says_what_to_mend():
    view = own(stop_at=0)
    assert not view["panels"]
    assert "The least it can be is 1" in view["notices"][0]["text"]


# The self-check


def check(**answers):
    view = views.compute("check-pdsa-ramp", answers)
    (said,) = [one for one in view["panels"] if one["type"] == "feedback"]
    return said["right"], said["text"]


def test_the_self_check_knows_the_chance_and_three_ways_to_miss_it():
    assert check(chance=59)[0]
    said = {wrong: check(chance=wrong) for wrong in (80, 20, 41, 5)}
    assert not any(right for right, _ in said.values())
    assert len({why for _, why in said.values()}) == 4


def test_grave_harm_is_rehearsed_and_two_answers_are_allowed_where_both_are_sensible():
    nobody, few, more = (
        pile["value"] for pile in views.spec("check-pdsa-ramp")["controls"][4]["control"]["piles"]
    )
    sensible = {"1": nobody, "2": nobody, "3": few, "4": nobody, "5": few, "6": more}
    assert check(sizes=sensible)[0]
    right, why = check(sizes={**sensible, "1": few, "2": more})
    assert not right
    assert "orange" in why
