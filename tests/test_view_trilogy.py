"""The trilogy simulator, its picture and their self-checks: oracles, conservation, what each policy flatters, and honest words."""

import json
import math
import re
from dataclasses import replace
from itertools import pairwise
from statistics import NormalDist, fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement import views
from improvement.simulate import trilogy as model
from improvement.simulate.trilogy import Parameters, compare_policies, simulate
from improvement.views import check_trilogy, describe, trilogy

KIND, PICTURE = "trilogy", "trilogy-picture"
CONTROLS = {control["name"]: control for control in views.spec(KIND)["controls"]}
STORIES = list(trilogy.STORIES)
CALM = {"spells": 0, "play": "free"}


def play(**params):
    return views.compute(KIND, {"prediction": "lot", **params})


def quarters(*decisions, **params):
    return views.compute(PICTURE, {"prediction": "half", "decisions": list(decisions), **params})


def panels(view, kind, heading=None):
    return [one for one in view["panels"] if one["type"] == kind and heading in (None, one.get("heading"))]


def said(view, heading):
    return panels(view, "sentence", heading)[0]["text"]


def table(view, start):
    (one,) = [panel for panel in panels(view, "table") if panel["caption"].startswith(start)]
    return {
        row[0].removesuffix(" (yours)"): dict(zip(one["columns"], row, strict=True)) for row in one["rows"]
    }


def side_by_side(view):
    return table(view, "The same weeks")


def number(cell):
    return float(re.sub(r"[^0-9.]", "", cell))


def share(row):
    return number(next(cell for name, cell in row.items() if name.startswith("In ")))


def column(view, name):
    at = view["data"]["columns"].index(name)
    return [row[at] for row in view["data"]["rows"]]


def flattery(view):
    (one,) = panels(view, "listing")
    return {item.split(":")[0]: item for item in one["items"]}


def gate(view):
    (one,) = panels(view, "verdict")
    return one


def challenge(view):
    (one,) = panels(view, "challenge")
    return one


def picture(view):
    return panels(view, "figure")[0]


def words_on(figure):
    return [text for mark in figure["marks"] if mark["mark"] == "text" for text in mark["text"]]


# The guess, and what is kept back


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("seed", [3, 4, 57])
def test_the_question_is_true_of_every_service_and_every_luck(story, seed):
    rows = side_by_side(play(story=story, seed=seed))
    assert 18 <= share(rows["Left alone"]) <= 24  # about one in five
    assert 78 <= share(rows["Breaches chased"]) <= 86  # about four in five
    assert rows["Left alone"]["Mean"] == rows["Breaches chased"]["Mean"]


def test_before_the_guess_the_misconception_has_its_picture_and_nothing_else_shows():
    view = play(prediction=None)
    shown = [one for one in view["panels"] if not one["reveal"]]
    assert [one["type"] for one in shown] == ["figure", "figure"]
    assert [mark["label"] for mark in shown[0]["marks"] if not mark["reveal"]] == ["Left alone"]
    left, chased = [mark for mark in shown[1]["marks"] if not mark["reveal"]]
    assert (left["label"], chased["label"]) == ("Left alone", "Breaches chased")
    assert fmean(chased["y"]) > 3 * fmean(left["y"])


def test_each_guess_is_answered_for_what_it_was_and_shown_that_the_mean_stays():
    texts = {
        guess: said(play(prediction=guess), "Your guess") for guess in ("lot", "little", "same", "rises")
    }
    assert len({text.split(":")[0] for text in texts.values()}) == 4
    for text in texts.values():
        alone, chased = re.search(r"([\d.]+) minutes left alone, ([\d.]+) chased", text).groups()
        assert alone == chased


def test_the_picture_opens_on_one_quarter_and_keeps_the_rest_until_the_guess():
    view = quarters("spc", "spc", prediction=None)
    visible = [mark for mark in picture(view)["marks"] if not mark["reveal"]]
    assert [len(mark["x"]) for mark in visible] == [13]
    assert all(one["reveal"] for one in view["panels"][1:])
    assert views.spec(PICTURE)["defaults"]["play"] == "turns"


def test_the_guess_about_an_ordinary_week_is_answered_with_equal_sums():
    for guess in ("half", "quarter", "little", "same"):
        text = said(quarters(prediction=guess), "Your guess")
        charted, alone = re.search(r"£([\d,]+) in an ordinary week .*?, £([\d,]+) in the same", text).groups()
        assert charted == alone
        before, after = map(int, re.search(r"trouble from (\d+) to (\d+)", text).groups())
        assert before > after


# Oracles of the curriculum map, in the sepsis service (its minutes are the model's own)


@pytest.mark.parametrize(
    ("params", "share_met"),
    [
        ({}, "22.7%"),
        ({"projects": [{"week": 2, "effect": 20, "hold": True}]}, "50%"),
        ({"redesign": 2, "new_quality": 100}, "99.4%"),
        ({"quality": 100}, "99.4%"),
    ],
)
def test_what_the_work_gives_meets_the_oracles(params, share_met):
    verdict = gate(play(**CALM, story="sepsis", **params))
    assert share_met in verdict["words"]
    assert f"{share_met} are in time" in verdict["text"]
    assert verdict["code"] == "hit_and_miss"


def test_a_dial_without_authority_raises_the_share_and_p90_and_keeps_the_mean():
    rows = side_by_side(play(**CALM, story="sepsis", aim="mean"))
    left, turned = rows["Left alone"], rows["Dial turned"]
    n = 20_800
    for row, sd in ((left, 20), (turned, 20 * math.sqrt(2))):
        known = NormalDist(75, sd)
        met = known.cdf(60)
        assert share(row) == pytest.approx(100 * met, abs=100 * 4 * math.sqrt(met * (1 - met) / n) + 0.5)
        density = known.pdf(known.inv_cdf(0.9))
        assert number(row["P90"]) == pytest.approx(
            known.inv_cdf(0.9), abs=4 * math.sqrt(0.09 / n) / density + 0.5
        )
        assert number(row["Mean"]) == pytest.approx(75, abs=4 * 20 / math.sqrt(n) + 0.05)
    assert turned["It flatters"] == "share, calm weeks"


def test_a_dial_with_authority_moves_the_mean_to_the_need_and_one_without_does_not():
    rows = {
        real: side_by_side(play(policy="adjust", real_dial=real, story="sepsis"))["Dial turned"]
        for real in (True, False)
    }
    assert number(rows[True]["Mean"]) == pytest.approx(60, abs=0.3)
    assert number(rows[False]["Mean"]) == pytest.approx(
        75 + 40 * 8 / 104, abs=0.5
    )  # the plan, and eight weeks of 40 more
    assert "The dial moved the mean" in gate(play(policy="adjust", real_dial=True))["text"]
    assert "The dial moved the mean" not in gate(play(policy="adjust"))["text"]
    assert "The dial moved the mean" not in gate(play(policy="chase"))["text"]


# What the policies do, whatever the luck


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(1, 9999))
def test_chasing_leaves_the_mean_raises_the_longest_and_control_never_lowers_the_level(seed):
    view = play(seed=seed)
    rows = side_by_side(view)
    left, chased = rows["Left alone"], rows["Breaches chased"]
    assert left["Mean"] == chased["Mean"]
    assert number(chased["Longest"]) > number(left["Longest"])
    levels = {
        policy: set(column(play(seed=seed, policy=policy), "Chronic mean")) for policy in trilogy.POLICIES
    }
    assert levels == {policy: {56.25} for policy in trilogy.POLICIES}  # 75 minutes, at three quarters


def test_charting_ends_the_spell_and_leaves_the_ordinary_weeks_to_the_penny():
    charted, alone = (play(policy=policy) for policy in ("spc", "none"))
    trouble = {
        name: column(view, "Minutes added by trouble") for name, view in (("spc", charted), ("none", alone))
    }
    assert [week for week, extra in enumerate(trouble["none"], 1) if extra] == list(range(21, 29))
    assert [week for week, extra in enumerate(trouble["spc"], 1) if extra] == [21]
    costs = zip(
        column(charted, "Cost of poor quality"),
        column(alone, "Cost of poor quality"),
        trouble["none"],
        strict=True,
    )
    assert all(a == b for a, b, extra in costs if not extra)
    assert "8 left alone, 1 charted" in flattery(charted)["Chart it, act on signals"]


def test_without_trouble_charting_differs_in_nothing_and_says_so():
    view = play(spell=False)
    assert flattery(view)["Chart it, act on signals"].startswith(
        "Chart it, act on signals: no measure differs from leaving it alone. No trouble came"
    )
    rows = side_by_side(view)
    left, charted = rows["Left alone"], rows["Charted"]
    assert {
        name: cell
        for name, cell in left.items()
        if "hours" not in name and name not in ("Policy", "It flatters")
    }.items() <= charted.items()
    assert number(charted["Staff hours"]) > 0


def test_the_reveal_names_what_each_policy_flatters_and_what_it_pays_with():
    found = flattery(play())
    flatters, pays = found["Chase breaches"].split("It pays with")
    assert "the share in time (21% to 82%)" in flatters
    assert "P99" in pays
    assert "the longest wait" in pays
    assert "No different: the mean" in pays
    assert "an honest gain" in found["Chart it, act on signals"]


def test_the_same_service_in_other_words_has_the_same_shares_and_costs_and_scaled_minutes():
    sepsis, handover = (play(story=story) for story in ("sepsis", "handover"))
    for name in ("Share in time", "Cost of poor quality", "Staff hours"):
        assert column(sepsis, name) == column(handover, name)
    for a, b in zip(column(sepsis, "Longest"), column(handover, "Longest"), strict=True):
        assert b == pytest.approx(0.75 * a, abs=0.01)
    assert "within 45 minutes" in handover["summary"]
    assert "within 60 minutes" in sepsis["summary"]
    assert "letters" in panels(play(story="letters"), "figure")[2]["title"]


def test_the_price_list_explains_why_chasing_looks_cheap_and_stops_when_misses_are_free():
    view = play()
    text = said(view, "Even the cost")
    rows = side_by_side(view)
    left, chased = (number(rows[name]["Poor quality"]) for name in ("Left alone", "Breaches chased"))
    fewer = int(re.search(r"(\d+) fewer a week", text).group(1))
    over, before = (
        int(one.replace(",", "")) for one in re.search(r"cost £([\d,]+) instead of £([\d,]+)", text).groups()
    )
    assert chased < left
    assert left - chased == pytest.approx(30 * fewer - (over - before), abs=20)
    assert not panels(play(play="free", price_unmet=0), "sentence", "Even the cost")


# Improvement, holding, redesign


def test_a_held_gain_makes_a_new_zone_and_one_nobody_holds_drifts_back():
    held, dropped = (play(policy="spc", then=then) for then in ("hold", "drop"))
    assert "New zone of control" in words_on(picture(held))
    assert "Drifting back" in words_on(picture(dropped))
    assert "New zone of control" not in words_on(picture(dropped))
    assert "nobody holds the gain" in picture(dropped)["description"]
    level = column(dropped, "Chronic mean")
    assert level[51] == 56.25
    assert level[52] == pytest.approx(45)  # a fifth off
    assert level[64] == pytest.approx(56.25 * 0.9, abs=0.01)  # half of it gone in twelve weeks
    assert all(a < b for a, b in pairwise(level[52:]))
    assert set(column(held, "Chronic mean")[52:]) == {45.0}
    assert "slipping" in gate(dropped)["text"]
    assert "slipping" not in gate(held)["text"]


def test_a_redesign_that_follows_a_project_is_the_better_for_its_lessons():
    alone, taught = (gate(play(then=then))["words"] for then in ("redesign", "both"))
    for verdict, quality in ((alone, 0.8), (taught, 0.9)):
        met = NormalDist(110 - 70 * quality, 32 - 24 * quality).cdf(60)
        assert f"{round(100 * met, 1):g}%" in verdict


# A quarter at a time


@pytest.mark.parametrize("policy", list(trilogy.POLICIES))
def test_the_same_policy_every_quarter_is_that_policy_from_week_14(policy):
    view = quarters(*[policy] * 7)
    base = replace(trilogy.INHERITED, policy_changes=((13, policy),) if policy != "none" else ())
    costs = [round(week.cost, 2) for week in simulate(base, seed=3).weeks]
    assert column(view, "Cost of poor quality") == costs


def test_a_later_decision_never_changes_the_quarters_before_it():
    long = quarters("spc", "hold", "redesign", "chase", "drop", "adjust", "none")
    for made in range(7):
        short = quarters(*["spc", "hold", "redesign", "chase", "drop", "adjust", "none"][:made])
        assert short["data"]["rows"] == long["data"]["rows"][: 13 * (made + 1)]


def test_every_quarter_shows_the_five_measures_cost_and_hours_and_the_end_compares_all_policies():
    under_way, over = quarters("hold"), quarters(*["hold"] + ["none"] * 6)
    rows = table(under_way, "Quarter by quarter")
    assert list(rows) == ["1. Opening", "2. Project, held"]
    assert list(rows["1. Opening"])[1:] == [
        "In 45 min", "Mean", "P90", "P99", "Longest", "Poor quality", "Staff hours",
    ]  # fmt: skip
    assert number(rows["2. Project, held"]["Staff hours"]) == pytest.approx((120 + 12) / 13, abs=0.1)
    assert not [one for one in panels(under_way, "table") if one["caption"].startswith("The same weeks")]
    assert set(side_by_side(over)) == {
        "Your decisions",
        "Left alone",
        "Breaches chased",
        "Dial turned",
        "Charted",
    }


def test_further_projects_are_worth_less_and_a_second_redesign_starts_nothing():
    level = column(quarters("hold", "hold"), "Chronic mean")
    assert level[13] == pytest.approx(56.25 * 0.8)
    assert level[26] == pytest.approx(56.25 * 0.8 * 0.85)
    twice, once = quarters("redesign", "redesign"), quarters("redesign", "none")
    assert twice["data"]["rows"] == once["data"]["rows"]
    assert "starts nothing new" in twice["notices"][0]["text"]
    assert not once["notices"]


# The model's policies that change, which only the turns need


def test_a_policy_that_changes_gives_each_policys_own_weeks_and_keeps_a_spell_ended():
    calm = Parameters(weeks=40)
    single = compare_policies(calm, seed=9)
    mixed = simulate(replace(calm, policy_changes=((10, "chase"), (20, "spc"), (30, "none"))), seed=9)
    for start, stop, name in ((0, 10, "none"), (10, 20, "chase"), (20, 30, "spc"), (30, 40, "none")):
        assert mixed.waits[start:stop] == single[name].waits[start:stop]
        assert {mixed.parameters.policy_in(week) for week in range(start, stop)} == {name}
    spell = Parameters(
        weeks=40, spike_weeks=(10,), spike_length=20, policy_changes=((12, "spc"), (14, "none"))
    )
    assert [week.week for week in simulate(spell, seed=9).weeks if week.spike_minutes] == [10, 11, 12]


def test_a_dial_taken_up_anew_starts_at_nought():
    p = Parameters(weeks=6, policy="adjust", policy_changes=((2, "none"), (4, "adjust")))
    run = simulate(p, seed=5)
    first = run.waits[4]
    luck = [wait - 75 for wait in simulate(Parameters(weeks=6), seed=5).waits[4]]
    assert first[0] == pytest.approx(75 + luck[0])
    assert first[1] == pytest.approx(75 + luck[1] - luck[0])


@pytest.mark.parametrize(
    ("changes", "words"),
    [(((0, "spc"),), "week"), (((5, "spc"), (5, "none")), "week"), (((99, "spc"),), "week"), (((5, "squeeze"),), "squeeze")],
)  # fmt: skip
def test_impossible_changes_of_policy_are_refused_by_name(changes, words):
    with pytest.raises(ValueError, match="policy_changes") as refusal:
        Parameters(weeks=20, policy_changes=changes)
    assert words in str(refusal.value)


def test_a_stretch_sums_its_own_weeks_and_nothing_else():
    run = simulate(Parameters(weeks=10), seed=2)
    part = model.stretch(run, 3, 5)
    waits = [wait for week in run.waits[3:5] for wait in week]
    assert part.patients == 400
    assert part.mean == pytest.approx(fmean(waits))
    assert part.longest == max(waits)
    assert part.hit_rate == pytest.approx(sum(wait <= 60 for wait in waits) / 400)
    assert model.stretch(run, 0, 10) == run.summary
    with pytest.raises(ValueError, match="0 to 10"):
        model.stretch(run, 5, 5)


# Break our model


@pytest.mark.parametrize(
    ("params", "met", "words"),
    [
        ({"policy": "chase"}, False, "worse: P90, P99 and the longest wait"),
        ({"policy": "spc"}, False, "In Build your own"),
        ({"policy": "spc", "then": "hold"}, False, "Take it out"),
        ({"play": "free", "free_policy": "adjust", "authority": 100, "reaction": 20}, True, "a change to the work"),
        ({"play": "free", "free_policy": "spc", "quality": 100, "spells": 6, "spell_size": 100, "spell_weeks": 20}, True, "trouble was what spoiled it"),
    ],
)  # fmt: skip
def test_the_challenge_is_met_by_real_authority_or_by_a_capable_plan_in_trouble(params, met, words):
    panel = challenge(play(**params))
    assert panel["met"] is met
    assert words in panel["text"]


# Words and pictures at every setting


@settings(max_examples=25, deadline=None)
@given(
    quality=st.integers(0, 100),
    policy=st.sampled_from(list(trilogy.POLICIES)),
    projects=st.lists(
        st.fixed_dictionaries(
            {"week": st.integers(2, 104), "effect": st.integers(0, 50), "hold": st.booleans()}
        ),
        max_size=4,
    ),
    redesign=st.one_of(st.none(), st.integers(2, 104)),
    spells=st.sampled_from([0, 1.5, 6]),
    size=st.sampled_from([0, 65, 200]),
    reaction=st.sampled_from([0, 100, 190]),
    authority=st.sampled_from([0, 100]),
    measure=st.sampled_from(list(trilogy.MEASURES)),
    shape=st.sampled_from(["normal", "lognormal"]),
    prices=st.sampled_from([(0, 0), (30, 1), (100, 5)]),
    story=st.sampled_from(STORIES),
)
def test_every_setting_gives_a_whole_view(
    quality, policy, projects, redesign, spells, size, reaction, authority, measure, shape, prices, story
):
    view = play(
        play="free", quality=quality, free_policy=policy, projects=projects, redesign=redesign, spells=spells, spell_size=size,
        reaction=reaction, authority=authority, measure=measure, shape=shape, price_unmet=prices[0], price_minute=prices[1], story=story,
    )  # fmt: skip
    text = describe.as_text(views.spec(KIND), view)
    json.dumps(view, allow_nan=False)
    assert len(view["data"]["rows"]) == 104
    assert not re.search(r"\bnan\b|\binf\b|None|\{|\b1 weeks\b|[−-]0\b(?![.\d])", text)
    low, high = picture(view)["y_range"]
    assert low < high
    for mark in picture(view)["marks"]:
        for value in [*mark.get("y", []), *mark.get("y1", []), *mark.get("y2", [])]:
            assert low <= value <= high


@pytest.mark.parametrize("decisions", [(), ("chase",), ("drop", "spc"), tuple(["adjust"] * 7)])
@pytest.mark.parametrize("measure", list(trilogy.MEASURES))
def test_every_way_of_deciding_is_described(decisions, measure):
    view = quarters(*decisions, measure=measure, turns_dial=True)
    assert "zone of control" in picture(view)["description"]
    assert view["summary"] in picture(view)["description"]
    assert picture(view)["x_range"] == [0, 105]


def test_axes_stay_still_while_policies_change():
    ranges = {tuple(picture(play(policy=policy))["y_range"]) for policy in trilogy.POLICIES}
    assert len(ranges) == 1


def test_the_three_controls_are_kept_apart():
    rows = table(play(), "Three things called control")
    assert set(rows) == {"Statistical control", "Juran's quality control", "Managerial control"}


# The self-checks


def test_the_picture_gives_the_numbers_that_its_self_check_asks_for():
    asked = {check.name: check for check in check_trilogy.CHECKS if hasattr(check, "right")}

    def last_row(*decisions):
        given = [*decisions, *decisions[-1:] * (7 - len(decisions))]
        return list(table(quarters(*given, story="letters"), "Quarter by quarter").values())

    charted, alone = last_row("spc"), last_row("none")
    assert asked["ordinary"].right == number(charted[7]["Poor quality"]) == number(alone[7]["Poor quality"])
    saved = number(alone[5]["Poor quality"]) - number(charted[5]["Poor quality"])
    assert asked["spell"].right == pytest.approx(saved, abs=1)
    assert asked["held"].right == share(last_row("hold", "none")[7])
    assert asked["dropped"].right == share(last_row("drop", "none")[7])
    gap = share(last_row("hold", "redesign", "none")[7]) - share(last_row("redesign", "none")[7])
    assert asked["lessons"].right == gap
    assert views.spec(PICTURE)["defaults"]["seed"] == check_trilogy.DRAW


def test_the_second_self_check_expects_the_maps_two_numbers():
    view = views.compute("check-capability-before-control", {"share": 29.8, "p90": 111.2})
    assert [panel["right"] for panel in panels(view, "feedback")] == [True, True]
    view = views.compute("check-capability-before-control", {"share": 22.7, "p90": 100.6})
    assert [panel["right"] for panel in panels(view, "feedback")] == [False, False]
