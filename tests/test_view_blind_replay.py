"""W50 blind replay: nothing of the future shows, and every decision is judged by what could be seen when it was made."""

import json
import random
from itertools import pairwise

import pytest

from improvement import views
from improvement.views import blind_replay, describe

SPEC = views.spec("blind-replay")
STEADY = [10, 12, 11, 13] * 6
SPIKE_AT = 15  # counted from 1: the decision about it is the eighth
SPIKED = [*STEADY[: SPIKE_AT - 1], 40, *STEADY[SPIKE_AT:]]
SOURCES = list(blind_replay.EXAMPLES)


def replay(source, decisions=(), **params):
    return views.compute("blind-replay", {"source": source, "decisions": list(decisions), **params})


def own(values, decisions=(), **params):
    text = "\n".join("n/a" if value is None else str(value) for value in values)
    return replay("own", decisions, pasted=text, **params)


def at(place, decision, otherwise="wait", count=16):
    """Decisions all alike but one, `place` counted from 1."""
    return [decision if one == place else otherwise for one in range(1, count + 1)]


def panels(view, kind, heading=None):
    return [p for p in view["panels"] if p["type"] == kind and heading in (None, p.get("heading"))]


def column(view, name):
    place = view["data"]["columns"].index(name)
    return [row[place] for row in view["data"]["rows"]]


def counts(view):
    count = panels(view, "table")[0]
    return {row[0]: dict(zip(count["columns"][1:], row[1:], strict=True)) for row in count["rows"]}


def you(view):
    return {name: row["You"] for name, row in counts(view).items()}


def came_of(view, place):
    """What is said to have come of a decision, `place` counted from 1."""
    decided = [row for row in view["data"]["rows"] if row[3]]
    return decided[place - 1][view["data"]["columns"].index("What came of it")]


def rings(values):
    """Whether one of the four rules catches the newest of these values, worked out apart from the package."""
    mean = sum(values) / len(values)
    reach = 2.66 * sum(abs(b - a) for a, b in pairwise(values)) / (len(values) - 1)
    sides = [(value > mean) - (value < mean) for value in values]
    beyond = abs(values[-1] - mean) > reach
    last = values[-7:]
    shift = len(last) == 7 and len(set(sides[-7:])) == 1 and sides[-1] != 0
    steps = {(b > a) - (b < a) for a, b in pairwise(last)}
    trend = len(last) == 7 and len(steps) == 1 and 0 not in steps
    near = [2 / 3 * reach < abs(value - mean) <= reach for value in values]
    two = len(values) > 2 and near[-1] and sum(near[-3:]) >= 2 and len(set(sides[-3:])) == 1
    return beyond or shift or trend or two


# The future


@pytest.mark.parametrize("limits", [False, True])
def test_two_series_that_part_later_look_the_same_until_then(limits):
    other = [*SPIKED[:14], 1204, 3, 7, 99, 55, 2, 8, 31, 77, 64]
    for done in range(7):
        decisions = ["react", "wait", "redesign"] * 5
        one, two = (own(values, decisions[:done], limits=limits, need=12) for values in (STEADY, other))
        assert json.dumps(one) == json.dumps(two)
        assert column(one, "Value") == STEADY[: 8 + done]
    assert own(STEADY, decisions[:7]) != own(other, decisions[:7])


def test_what_was_read_with_judgement_is_told_only_when_all_is_uncovered():
    text = "\n".join([*map(str, STEADY[:-2]), "1,204", "12"])
    before = replay("own", ["wait"] * 3, pasted=text)
    after = replay("own", ["wait"] * 16, pasted=text)
    assert before["notices"] == []
    assert any("1204" in notice["text"] for notice in after["notices"])


@pytest.mark.parametrize("source", SOURCES)
def test_an_example_holds_back_values_labels_and_what_was_planted(source):
    case = blind_replay.EXAMPLES[source]()
    first = len(case.values) - 16
    for done in (0, 5, 15):
        view = replay(source, ["wait"] * done)
        seen = first + done
        assert column(view, "Value") == list(case.values[:seen])
        held = json.dumps(view, ensure_ascii=False)
        assert not any(f'"{label}"' in held or f"{label} (" in held for label in case.labels[seen:])
        (figure,) = panels(view, "figure")
        assert max(x for mark in figure["marks"] for x in mark.get("x", [])) == seen
        assert "lanted" not in held
        assert case.truth not in held
        assert [panel["caption"] for panel in panels(view, "table")] == ["Every point so far"]
        assert panels(view, "listing") == panels(view, "challenge") == []


def test_limits_show_only_when_asked_for_and_only_from_what_is_visible(by_hand):
    hidden, shown = own(STEADY, ["wait"] * 3), own(STEADY, ["wait"] * 3, limits=True)
    assert not any(mark["role"] == "limit" for mark in panels(hidden, "figure")[0]["marks"])
    lines = {m["label"]: m["y"][0] for m in panels(shown, "figure")[0]["marks"] if m["mark"] == "rule_y"}
    limits = by_hand(STEADY[:11])
    assert lines["Mean"] == pytest.approx(limits.mean)
    assert lines["Upper limit"] == pytest.approx(limits.upper)
    assert lines["Lower limit"] == pytest.approx(limits.lower)


# The judgement


@pytest.mark.parametrize("seed", range(12))
def test_each_decision_is_judged_by_the_rules_on_the_points_up_to_it(seed):
    draw = random.Random(seed)
    values = [round(draw.gauss(50, 5) + (12 if seed % 2 and point > 15 else 0), 2) for point in range(24)]
    view = own(values, ["wait"] * 16)
    fired = [bool(rule) for rule in column(view, "Rule")]
    assert fired == [False] * 7 + [rings(values[: point + 1]) for point in range(7, 23)] + [False]


def test_steady_numbers_make_every_reaction_a_false_chase():
    assert not any(rings(STEADY[:seen]) for seen in range(8, 24))
    view = own(STEADY, ["react"] * 16)
    assert you(view) == {
        "False chases": 16, "Signals asked about": 0, "Signals missed": 0,
        "Redesign, called for": 0, "Redesign, not called for": 0,
    }  # fmt: skip
    assert "16 false chases" in view["summary"]
    assert "no signal" in view["summary"]


@pytest.mark.parametrize(
    ("decisions", "asked", "missed", "chases", "came"),
    [
        (at(8, "react"), 1, 0, 0, "A signal, and you asked"),
        (at(9, "react"), 1, 0, 0, "A signal, and you asked later"),
        (at(10, "react"), 0, 1, 1, "A signal you did not ask about"),
        (at(7, "react"), 0, 1, 1, "A signal you did not ask about"),
        (["wait"] * 16, 0, 1, 0, "A signal you did not ask about"),
    ],
)
def test_a_spike_is_caught_at_once_or_one_decision_later(decisions, asked, missed, chases, came):
    assert [seen for seen in range(8, 24) if rings(SPIKED[:seen])] == [SPIKE_AT]
    view = own(SPIKED, decisions)
    found = you(view)
    assert (found["Signals asked about"], found["Signals missed"], found["False chases"]) == (
        asked,
        missed,
        chases,
    )
    assert came_of(view, 8) == came
    listed = " ".join(panels(view, "listing")[0]["items"])
    assert "15 (40): a signal" in listed
    assert ("never asked" in listed) is bool(missed)


def test_a_lasting_change_is_one_signal_and_need_not_be_asked_about_every_time():
    values = [*STEADY[:14], *[value + 3 for value in STEADY[14:]]]
    ringing = [seen for seen in range(8, 24) if rings(values[:seen])]
    assert len(ringing) >= 3
    assert all(later - earlier <= 3 for earlier, later in pairwise(ringing))
    view = own(values, at(ringing[0] - 7, "react"))
    assert (you(view)["Signals asked about"], you(view)["Signals missed"]) == (1, 0)
    assert came_of(view, ringing[-1] - 7) == "A signal you had asked about already"
    everything = counts(view)["False chases"]["Reacts to everything"]
    assert everything <= 16 - len(ringing)


def test_a_signal_that_pauses_for_a_point_or_two_is_still_the_same_signal(table):
    rows = [row for row in table("district_nurse_first_contact") if row["team"] == "Curlew"]
    values = [round(100 * int(row["seen_within_2_days"]) / int(row["referrals"]), 1) for row in rows]
    ringing = [seen for seen in range(8, 24) if rings(values[:seen])]
    assert ringing == [11, 17, 19, 20, 21]
    assert you(replay("first_contact", ["wait"] * 16))["Signals missed"] == 2
    pausing = replay("first_contact", at(18 - 7, "react"))
    assert (you(pausing)["Signals asked about"], you(pausing)["False chases"]) == (1, 0)


@pytest.mark.parametrize(
    ("need", "direction", "outcome"),
    [
        (5, "decrease", "called for: predictable"),
        (12, "decrease", "called for: predictable"),
        (30, "decrease", "not called for: predictable, and it reliably meets"),
        (30, "increase", "called for: predictable"),
        (2, "increase", "not called for: predictable, and it reliably meets"),
        (None, "decrease", "no need was stated"),
        (5, "neutral", "no need was stated"),
    ],
)
def test_redesign_is_fair_when_predictable_and_short_of_the_need(need, direction, outcome):
    view = own(STEADY, at(10, "redesign"), need=need, direction=direction)
    assert outcome in came_of(view, 10)
    called = outcome.startswith("called")
    assert (you(view)["Redesign, called for"], you(view)["Redesign, not called for"]) == (called, not called)


def test_redesign_round_a_special_cause_is_wrong_and_after_asking_it_is_fair_again():
    wanted = {"need": 5, "direction": "decrease"}
    assert "Redesign on a signal" in came_of(own(SPIKED, at(8, "redesign"), **wanted), 8)
    assert "too soon" in came_of(own(SPIKED, at(12, "redesign"), **wanted), 12)
    asked = at(12, "redesign")
    asked[7] = "react"
    assert "Redesign, called for" in came_of(own(SPIKED, asked, **wanted), 12)
    assert "Redesign, called for" in came_of(own(SPIKED, at(7, "redesign"), **wanted), 7)


def test_waiting_is_counted_against_nobody_but_not_passed_over():
    (said,) = panels(
        own(STEADY, ["wait"] * 16, need=5, direction="decrease"), "sentence", "Waiting is not nothing"
    )
    assert said["text"].startswith("16 of your waits were")
    assert (
        panels(
            own(STEADY, ["wait"] * 16, need=30, direction="decrease"), "sentence", "Waiting is not nothing"
        )
        == []
    )


def test_two_people_who_never_think_stand_beside_you():
    view = own(SPIKED, at(8, "react"))
    rows = counts(view)
    assert rows["False chases"] == {"You": 0, "Reacts to everything": 15, "Always waits": 0}
    assert rows["Signals missed"] == {"You": 0, "Reacts to everything": 0, "Always waits": 1}


def test_limits_from_few_points_are_admitted():
    """Decisions about points 8 to 12 had fewer than 13 points to go by."""
    (said,) = panels(own(STEADY, ["wait"] * 16), "sentence", "The rules are not the truth")
    assert "first 5 decisions" in said["text"]
    (said,) = panels(own(STEADY * 2, ["wait"] * 16), "sentence", "The rules are not the truth")
    assert "trial" not in said["text"]
    assert "by chance" in said["text"]


# The examples


def test_the_very_ill_patient_of_august_is_the_one_signal_on_the_ward(table):
    rows = [row for row in table("restrictive_interventions") if row["ward"] == "Cedar"]
    values = [int(row["restraints"]) for row in rows]
    ringing = [rows[seen - 1]["month"] for seen in range(20, 36) if rings(values[:seen])]
    assert ringing == ["2025-08-01"]
    view = replay("restraint", at(4, "react"))
    assert column(view, "Value") == values
    assert (you(view)["Signals asked about"], you(view)["False chases"]) == (1, 0)
    assert "Aug 2025" in " ".join(panels(view, "listing")[0]["items"])


@pytest.mark.parametrize("source", SOURCES)
def test_an_example_says_at_the_end_what_was_planted_and_whether_the_rules_saw_it(source):
    case = blind_replay.EXAMPLES[source]()
    view = replay(source, ["wait"] * 16)
    early = [seen for seen in range(len(case.values) - 16, len(case.values)) if rings(case.values[:seen])]
    false = [seen for seen in early if case.change is None or seen <= case.change]
    (said,) = panels(view, "sentence", "What was planted")
    assert said["text"].startswith(case.truth)
    assert ("false alarm" in said["text"]) is bool(false)
    (challenge,) = panels(view, "challenge")
    seen = case.change is None or any(point > case.change for point in early)
    assert challenge["met"] is (bool(false) or not seen)


def test_some_examples_have_something_planted_and_some_have_not():
    planted = {source: blind_replay.EXAMPLES[source]().change is not None for source in SOURCES}
    assert 2 <= sum(planted.values()) <= len(planted) - 2
    sectors = {
        option["sector"]
        for control in SPEC["controls"]
        if control["name"] == "source"
        for option in control["options"]
    }
    assert sectors == {"acute", "ambulance", "community", "mental health", "primary care", ""}


# Own numbers


@pytest.mark.parametrize(
    ("count", "opening", "decisions"), [(12, 8, 4), (24, 8, 16), (25, 9, 16), (60, 44, 16)]
)
def test_a_series_opens_with_eight_points_or_all_but_the_last_sixteen(count, opening, decisions):
    values = (STEADY * 3)[:count]
    assert column(own(values), "Value") == values[:opening]
    assert panels(own(values, ["wait"] * (decisions - 1)), "listing") == []
    done = own(values, ["wait"] * decisions)
    assert column(done, "Value") == values
    assert len([one for one in column(done, "Decision") if one]) == decisions
    assert own(values, ["wait"] * decisions + ["react"] * (16 - decisions)) == done


def test_a_missing_value_asks_for_no_decision():
    values = [*STEADY[:10], None, *STEADY[10:]]
    view = own(values, ["wait"] * 3)
    assert column(view, "Value") == values[:12]
    assert column(view, "Decision")[7:] == ["wait", "wait", "wait", "", ""]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\n".join(["5"] * 11), ["eleven numbers", "12"]),
        ("\n".join(["5"] * 14 + ["many"]), ["Row 15", "not a number"]),
        ("\n".join(f"2026-01-{31 - day}, 5" for day in range(14)), ["time order"]),
    ],
)
def test_numbers_that_cannot_be_replayed_are_named(text, words):
    view = replay("own", pasted=text)
    assert view["panels"] == []
    assert all(word in view["notices"][0]["text"] for word in words)


def test_own_numbers_not_pasted_yet_are_waited_for():
    assert [notice["level"] for notice in replay("own", pasted=" \n")["notices"]] == ["info"]


def test_with_own_numbers_nobody_claims_to_know_what_was_planted():
    view = own(SPIKED, ["wait"] * 16)
    assert panels(view, "sentence", "What was planted") == []
    assert panels(view, "challenge")[0]["met"] is False


@pytest.mark.parametrize("values", [[5] * 24, [-3, -1, -2, -4] * 6, [0, 0, 0, 1] * 6])
def test_odd_series_are_replayed_to_the_end_in_words_and_json(values):
    for done in (0, 16):
        view = own(values, ["react", "wait", "redesign", "react"] * (done // 4), need=1, limits=True)
        json.dumps(view, allow_nan=False)
        (figure,) = panels(view, "figure")
        assert figure["description"] in describe.as_text(SPEC, view)
        assert view["summary"]
