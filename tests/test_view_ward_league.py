"""The ward league and its self-check: the table misleads first, then the same counts are read fairly."""

import csv
import itertools
import json
import math
import random
import re
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.paths import ROOT
from improvement import spc, views
from improvement.simulate import league
from improvement.views import describe

KIND = "ward-league"
SPEC = views.spec(KIND)
CONTROLS = {control["name"]: control for control in SPEC["controls"]}


def show(**params):
    return views.compute(KIND, {"prediction": 5, **params})


def panels(view, kind, heading=None):
    return [one for one in view["panels"] if one["type"] == kind and heading in (None, one.get("heading"))]


def said(view, heading):
    (one,) = panels(view, "sentence", heading)
    return one["text"]


def challenge(view):
    (one,) = panels(view, "challenge")
    return one


def titled(view, words):
    return [one for one in view["panels"] if words in one.get("title", one.get("caption", ""))]


def marks(panel, **wanted):
    return [one for one in panel["marks"] if all(one[name] == value for name, value in wanted.items())]


def poisson(k, mean):
    return math.exp(k * math.log(mean) - mean - math.lgamma(k + 1))


def record():
    """Rates of the record by month and team, from the file itself."""
    with (ROOT / "datasets" / "pressure_ulcers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    months = {}
    for row in rows:
        rate = 1000 * int(row["new_pressure_ulcers"]) / int(row["patient_days"])
        months.setdefault(row["month"], {})[row["team"]] = rate
    return [months[month] for month in sorted(months)]


# The misconception wins first


def test_before_the_guess_the_talk_seems_to_work_and_nothing_else_shows():
    view = views.compute(KIND, {})
    shown = [one for one in view["panels"] if not one.get("reveal")]
    assert [one["type"] for one in shown] == ["figure", "listing", "sentence"]
    june, july = record()[8:10]
    worst, best = max(june, key=june.get), min(june, key=june.get)
    assert worst == min(july, key=july.get)
    figure, letters, later = shown
    assert figure["y_ticks"][0] == f"1 {best}"
    assert figure["y_ticks"][-1] == f"12 {worst}"
    assert best in letters["items"][0]
    assert worst in letters["items"][1]
    assert "a firm conversation works" in later["text"]
    assert "complacency" in later["text"]
    visible = [one for one in figure["marks"] if not one["reveal"]]
    assert all(one["label"] in ("", "Top: an award", "Bottom: a warning") for one in visible)


@pytest.mark.parametrize(("guess", "words"), [(3, "most of what looked like"), (9, "Close"), (10, "rarer")])
def test_each_guess_is_answered_with_nine_in_ten(guess, words):
    text = said(show(prediction=guess), "Your guess")
    assert f"You said {guess} out of ten" in text
    assert "90 months out of 100" in text
    assert words in text


# The oracles


def test_the_worst_of_twelve_averages_twelve_point_nine_then_eight():
    f = list(itertools.accumulate(poisson(k, 8) for k in range(80)))
    worst = sum(1 - one**12 for one in f)
    better = sum((f[k] ** 12 - f[k - 1] ** 12) * f[k - 1] for k in range(1, 80))
    (beside,) = [one for one in panels(show(source="model"), "sentence") if one["beside"] == "effect"]
    assert f"averages {worst:.1f} events and then 8.0" in beside["text"]
    assert f"better in {100 * better:.0f}% of months with an idle talk" in beside["text"]
    assert (round(worst, 1), round(better, 2)) == (12.9, 0.90)


def test_a_talk_that_works_can_hardly_be_told_from_an_idle_one():
    f = list(itertools.accumulate(poisson(k, 8) for k in range(80)))
    after = list(itertools.accumulate(poisson(k, 6.4) for k in range(80)))
    better = sum((f[k] ** 12 - f[k - 1] ** 12) * after[k - 1] for k in range(1, 80))
    (beside,) = [
        one for one in panels(show(source="model", effect=20), "sentence") if one["beside"] == "effect"
    ]
    assert f"cuts 20%, 6.4 and {100 * better:.0f}%" in beside["text"]


def test_the_letters_of_the_record_are_those_of_its_file():
    months = record()
    warned = [max(month, key=month.get) for month in months]
    awarded = [min(month, key=month.get) for month in months]
    better = sum(months[i + 1][warned[i]] < months[i][warned[i]] for i in range(23))
    worse = sum(months[i + 1][awarded[i]] > months[i][awarded[i]] for i in range(23))
    text = said(show(), "What the letters seem to do")
    assert f"{better} times in 23, the awarded one worse {worse} times in 23" in text
    assert (better, worse) == (20, 21)


# Ranking and funnel


def test_the_one_team_that_changed_shows_only_in_the_months_after():
    assert "Heron" not in said(show(), "Behind the table") + said(show(), "What the funnel says")
    last = show(window="last")
    assert "Heron (high)" in said(last, "What the funnel says")
    assert "It found Heron" in said(last, "What the funnel says")
    assert "Heron, at 4" in said(last, "Behind the table")
    whole = said(show(window="all"), "What the funnel says")
    assert "Outside the 99.8% limits: nobody" in whole
    assert "mixed in" in whole


@pytest.mark.parametrize(("factor", "months", "expected"), [(1.5, 6, 8), (2.0, 1, 8), (1.25, 12, 4)])
def test_the_chances_to_find_a_worse_team_agree_with_brute_force(factor, months, expected):
    draw, runs, wards = random.Random(11), 1500, 8

    def count(mean):
        gaps = itertools.accumulate(draw.expovariate(1) for _ in itertools.count())
        return sum(1 for _ in itertools.takewhile(lambda time: time < mean, gaps))

    last = flagged = others = 0.0
    for _ in range(runs):
        counts = [count(expected * months * (factor if ward == 0 else 1)) for ward in range(wards)]
        at_end = [ward for ward in range(wards) if counts[ward] == max(counts)]
        last += (0 in at_end) / len(at_end)
        high = [
            place
            for signal in spc.funnel(counts, [1.0] * wards, kind="rate", levels=0.998).signals
            for place in signal.points
            if signal.direction == "high"
        ]
        flagged += 0 in high
        others += sum(place != 0 for place in high)
    exact = league.one_worse(wards, expected, factor, months)
    for seen, chance in ((last, exact.last), (flagged, exact.flagged)):
        assert seen / runs == pytest.approx(chance, abs=4 * math.sqrt(chance * (1 - chance) / runs) + 1e-3)
    assert others / runs == pytest.approx(exact.others_flagged, abs=4 * math.sqrt(0.02 / runs))


def test_with_nobody_worse_last_place_is_a_draw_by_lot():
    for wards in (2, 12, 24):
        assert league.one_worse(wards, 8, 1, 12).last == pytest.approx(1 / wards)


@pytest.mark.parametrize(("name", "value"), [("wards", 1), ("factor", 0.9), ("months", 0), ("level", 1.0)])
def test_a_wrong_setting_of_the_chances_is_named(name, value):
    settings = {"wards": 12, "expected": 8, "factor": 1.5, "months": 12, "level": 0.998, name: value}
    with pytest.raises(ValueError, match=name):
        league.one_worse(**settings)


def test_the_table_of_names_has_no_right_answer_when_nobody_is_worse():
    (alike,) = titled(show(source="model"), "Names given")
    assert [row[1] for row in alike["rows"][:2]] == ["100", "100"]
    (one,) = titled(show(source="model", worse=50), "Names given")
    assert one["columns"][1] == "Hazel, truly worse"
    for row in one["rows"][:2]:
        assert float(row[1]) + float(row[2]) == pytest.approx(100, abs=0.11)


def test_the_table_can_be_made_right_and_is_then_ahead_of_the_funnel():
    assert not challenge(show())["met"]
    assert not challenge(show(source="model"))["met"]
    assert not challenge(show(source="model", worse=50, months=2))["met"]
    view = show(source="model", worse=50, months=12)
    assert challenge(view)["met"]
    (names,) = titled(view, "Names given")
    assert float(names["rows"][1][1]) > float(names["rows"][2][1])
    assert "Only the funnel can say nobody" in challenge(view)["text"]


def test_counting_longer_moves_the_teams_along_one_funnel():
    short, long = (titled(show(source="model", months=months), "funnel")[0] for months in (6, 24))
    assert short["x_range"] == pytest.approx(long["x_range"])
    assert short["y_range"] == pytest.approx(long["y_range"])
    at = [max(x for one in marks(panel, mark="dot") for x in one["x"]) for panel in (short, long)]
    assert at[1] == pytest.approx(4 * at[0])


@pytest.mark.parametrize(
    "params",
    [{}, {"window": "last"}, {"source": "model", "worse": 60}, {"source": "departments", "differ": 20}],
)
def test_every_unit_is_on_the_funnel_and_all_that_is_drawn_is_in_view(params):
    view = show(**params)
    (panel,) = [one for one in panels(view, "figure") if marks(one, label="99.8% limits")]
    units = 24 if params.get("source") == "departments" else 12
    assert sum(len(one["x"]) for one in marks(panel, mark="dot")) == units
    low, high = panel["y_range"]
    assert all(low <= y <= high for one in panel["marks"] for y in one["y"])


# Departments


def test_departments_are_never_ranked_and_equal_ones_put_small_ones_at_both_ends():
    view = show(source="departments")
    assert not titled(view, "League")
    rows = sorted(view["data"]["rows"], key=lambda row: row[3])
    assert {row[4] for row in rows} == {60}
    assert fmean(row[1] for row in rows[:3] + rows[-3:]) < fmean(row[1] for row in rows) / 2
    assert "Outside the 99.8% limits: nobody" in view["summary"]


def test_a_small_department_can_be_worst_and_stay_inside():
    view = show(source="departments", differ=20)
    name, size, _, _, rate = max(view["data"]["rows"], key=lambda row: row[4])
    assert f"{name}'s, {rate:.0f} per 1,000, with {size} operations" in view["summary"]
    assert "no proof of safety" in view["summary"]
    assert size < 200
    (outside,) = re.findall(r"Outside the 99.8% limits: (.*?)\.", view["summary"])
    outside, side = re.fullmatch(r"(Unit [A-X]) \((\w+)\)", outside).groups()
    assert side == "low"
    assert next(row[1] for row in view["data"]["rows"] if row[0] == outside) > 1000


# Red beads


def test_a_scoop_has_limits_of_one_and_a_half_to_eighteen_and_a_half():
    view = show(source="beads")
    assert "1.5 to 18.5" in said(view, "Behind the paddle")
    (table,) = panels(view, "table")
    assert table["open"]
    assert not table["reveal"]
    assert len(table["rows"]) == 6
    for row in table["rows"]:
        assert row[-1] == sum(row[1:-1])


def test_the_worst_worker_of_day_one_does_better_as_most_do():
    mass = [math.comb(50, k) * 0.2**k * 0.8 ** (50 - k) for k in range(51)]
    f = [0.0, *itertools.accumulate(mass)]
    better = sum(f[k] * (f[k + 1] ** 6 - f[k] ** 6) for k in range(51))
    view = show(source="beads")
    text = said(view, "Worst today, worst tomorrow?")
    assert f"{100 * better:.0f} days of 100" in text
    assert "one day in 6" in text
    rows = view["data"]["rows"]
    worst = max(rows, key=lambda row: row[1])
    assert worst[2] < worst[1]
    assert "what a word can do" in " ".join(panels(view, "listing")[0]["items"])


# Whatever is set


@pytest.mark.parametrize(
    ("params", "control", "words"),
    [
        ({"month": 24}, "month", ["24", "23"]),
        ({"source": "model", "wards": 1}, "wards", ["1", "2"]),
        ({"source": "beads", "red": 2.5}, "red", ["2.5"]),
        ({"prediction": 11}, "prediction", ["11", "10"]),
    ],
)
def test_what_cannot_be_used_is_named_with_what_to_do(params, control, words):
    view = show(**params)
    (notice,) = view["notices"]
    assert view["panels"] == []
    assert notice["control"] == control
    assert all(word in notice["text"] for word in words)


VALID = {
    "source": st.sampled_from([option["value"] for option in CONTROLS["source"]["options"]]),
    "story": st.sampled_from([option["value"] for option in CONTROLS["story"]["options"]]),
    "window": st.sampled_from(["first", "last", "all"]),
    **{
        control["name"]: st.integers(0, (control["maximum"] - control["minimum"]) // control["step"]).map(
            lambda step, control=control: control["minimum"] + step * control["step"]
        )
        for control in SPEC["controls"]
        if control["type"] in ("number", "seed")
    },
    "prediction": st.none() | st.integers(0, 10),
}


@settings(max_examples=120, deadline=None)
@given(params=st.fixed_dictionaries({}, optional=VALID))
def test_whatever_a_reader_sets_the_league_answers(params):
    view = views.compute(KIND, params)
    json.dumps(view, allow_nan=False)
    assert view["panels"]
    assert view["data"]
    text = describe.as_text(SPEC, view)
    assert not re.search(r"\bNone\b|\bnan\b|\.\. |\b1 (times|months|wards|teams|days)\b", text)
    for panel in panels(view, "figure"):
        assert panel["description"]
        assert panel["x_label"] or panel["x_ticks"]


# The self-check

CHECK = "check-league-tables"


@pytest.mark.parametrize(
    ("question", "given", "right"),
    [
        ("limit", 19, True),
        ("limit", 37, False),
        ("limit", 13, False),
        ("limit", 10, False),
        ("again", 12.5, True),
        ("again", 0, False),
        ("again", 50, False),
    ],
)
def test_the_numbers_asked_for_are_the_closed_forms(question, given, right):
    assert 10 + 3 * math.sqrt(100 * 0.1 * 0.9) == pytest.approx(19)
    (one,) = views.compute(CHECK, {question: given})["panels"]
    assert one["right"] is right


@pytest.mark.parametrize(
    ("question", "right"),
    [("talk", "chosen by lot"), ("small", "luck moves the rate"), ("outside", "go and see")],
)
def test_one_answer_is_right_and_every_answer_has_its_own_reason(question, right):
    (control,) = [one["control"] for one in views.spec(CHECK)["controls"] if one["name"] == question]
    reasons = set()
    for option in control["options"]:
        (one,) = views.compute(CHECK, {question: option["value"]})["panels"]
        assert one["right"] is (right in option["label"])
        reasons.add(one["text"])
    assert len(reasons) == len(control["options"])
