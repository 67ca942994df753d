"""The two-point trap: arrows, colours and a chart of months in which nothing changes, and of the wards' own record."""

import csv
import itertools
import json
import re

import pytest

from coursekit.paths import ROOT
from improvement import views
from improvement.views import describe

KIND = "two-point-trap"
MODEL = {"prediction": "few"}
RECORD = {"prediction": "few", "data": "record", "target": 40}


def view(**params):
    return views.compute(KIND, {**MODEL, **params})


def panel(shown, kind, start=""):
    (found,) = [
        one
        for one in shown["panels"]
        if one["type"] == kind
        and (one.get("heading") or one.get("caption") or one.get("title") or "").startswith(start)
    ]
    return found


def cells(shown, start):
    return panel(shown, "table", start)["rows"]


def column(shown, name):
    return [row[shown["data"]["columns"].index(name)] for row in shown["data"]["rows"]]


def counts(shown):
    """The table of counts as {what: (times, of how many)}."""
    return {row[0]: tuple(map(int, row[1].split(" of "))) for row in cells(shown, "How often")}


def recount(values, target, lower_is_better=True):
    """Count what the dashboard says, from the values alone."""
    worse = sum((b > a) == lower_is_better for a, b in itertools.pairwise(values) if a != b)
    swings = sum(abs(b - a) / a >= 0.2 for a, b in itertools.pairwise(values))

    def colour(value):
        miss = value - target if lower_is_better else target - value
        return "green" if miss <= 0 else "amber" if miss <= 0.1 * target else "red"

    colours = [colour(value) for value in values]
    flips = sum(a != b for a, b in itertools.pairwise(colours))
    return worse, swings, flips, colours


def wards():
    with (ROOT / "datasets" / "restrictive_interventions.csv").open(encoding="utf-8", newline="") as file:
        totals = {}
        for row in csv.DictReader(file):
            totals[row["month"]] = totals.get(row["month"], 0) + int(row["restraints"])
    return [totals[month] for month in sorted(totals)]


def test_before_the_guess_a_reader_sees_one_row_of_a_dashboard_and_nothing_that_gives_it_away():
    shown = views.compute(KIND, {})
    seen = [one for one in shown["panels"] if not one["reveal"]]
    assert [one["type"] for one in seen] == ["table"]
    assert seen[0]["open"]
    last, this, arrow, colour = seen[0]["rows"][0]
    assert float(this) >= 1.2 * float(last)  # alarming enough for the misconception to win
    assert "▲" in arrow
    assert "worse" in arrow
    assert colour == "red"
    assert all(one["reveal"] for one in shown["panels"][1:])


def test_the_guess_is_taken_up_and_undone():
    (guess,) = [control["options"] for control in [views.spec(KIND)["prediction"]["control"]]]
    replies = {
        one["value"]: panel(view(prediction=one["value"]), "sentence", "Your guess")["text"] for one in guess
    }
    assert len(replies) == 5
    for value, reply in replies.items():
        assert "6 of 12 say worse" in reply
        assert ("nothing happened" in reply) == (value != "half")
        assert reply.startswith("You said ")


@pytest.mark.parametrize(
    ("params", "target", "lower"),
    [
        ({}, 40, True),
        ({"cv": 25, "months": 60, "seed": 7}, 40, True),
        ({"service": "visits", "mean": 80, "target": 85, "months": 24}, 85, False),
        ({"service": "response", "mean": 34, "target": 30, "seed": 3}, 30, True),
    ],
)
def test_arrows_colours_and_counts_follow_from_the_months_shown(params, target, lower):
    shown = view(**params)
    values = column(shown, "Value")
    worse, swings, flips, colours = recount(values, target, lower)
    number = len(values) - 1
    told = counts(shown)
    assert told["The arrow says worse"] == (worse, number)
    assert told["The number moves by 20% or more of the month before"] == (swings, number)
    assert told["The colour is not the one of the month before"] == (flips, number)
    assert told["The month is red"] == (colours.count("red"), number + 1)
    assert column(shown, "Colour") == colours
    assert column(shown, "Arrow").count("worse") == worse


def test_in_the_long_run_half_say_worse_and_a_third_swing_by_a_fifth_whatever_the_service():
    for params in ({}, {"service": "visits", "mean": 80, "target": 85}, {"mean": 100, "months": 50}):
        long_run = {row[0]: row[2] for row in cells(view(**params), "How often")}
        assert long_run["The arrow says worse"] == "50.0%"
        assert long_run["The number moves by 20% or more of the month before"] == "34.6%"


def test_more_spread_makes_arrows_louder_and_no_more_often_wrong():
    swings = []
    for cv in (2, 5, 10, 15, 20, 25):
        long_run = {row[0]: row[2] for row in cells(view(cv=cv), "How often")}
        assert long_run["The arrow says worse"] == "50.0%"
        swings.append(float(long_run["The number moves by 20% or more of the month before"].rstrip("%")))
    assert swings == sorted(swings)
    assert swings[0] == 0.0


def test_the_colour_flickers_where_the_target_cuts_the_ordinary_range_and_not_far_from_it():
    def flips(target):
        return counts(view(target=target, months=60))["The colour is not the one of the month before"][0]

    assert flips(100) == 0
    assert flips(10) == 0
    assert flips(42) > 20


def test_the_strip_shows_a_year_in_glyphs_and_letters_as_well_as_colours():
    shown = view(months=20)
    strip = panel(shown, "figure", "A year")
    texts = {mark["y"][0]: mark["text"] for mark in strip["marks"] if mark["mark"] == "text"}
    values = column(shown, "Value")[-13:]
    assert texts["Arrow"] == ["▲" if b > a else "▼" for a, b in itertools.pairwise(values)]
    assert texts["Colour"] == [colour[0].upper() for colour in column(shown, "Colour")[-12:]]
    for mark in strip["marks"]:
        if mark["mark"] == "bar_x" and mark["role"] in ("signal_concern", "signal_improvement"):
            wanted = "▲" if mark["role"] == "signal_concern" else "▼"
            assert {texts["Arrow"][round(x + 0.46) - 1] for x in mark["x1"]} == {wanted}
    for index, label in enumerate(column(shown, "Month")[-12:], start=-12):
        said = f"{label} {column(shown, 'Arrow')[index]}, {column(shown, 'Colour')[index]}"
        assert said in strip["description"]


def test_the_chart_of_the_same_months_has_limits_from_moving_ranges():
    shown = view()
    values = column(shown, "Value")
    mean = sum(values) / 13
    reach = 2.66 * sum(abs(b - a) for a, b in itertools.pairwise(values)) / 12
    chart = panel(shown, "figure", "The same months")
    levels = {
        (mark["role"], mark["label"]): mark["y"][0] for mark in chart["marks"] if mark["mark"] == "rule_y"
    }
    assert levels["centre", "Mean"] == pytest.approx(mean)
    assert levels["limit", "Upper limit"] == pytest.approx(mean + reach)
    assert levels["limit", "Lower limit"] == pytest.approx(mean - reach)
    assert levels["target", "Target"] == 40
    assert chart["y_range"][0] == 0
    assert chart["y_range"][1] > mean + reach


def test_the_wards_record_is_the_data_set_and_its_one_event_is_found_by_the_chart_alone():
    shown = views.compute(KIND, RECORD)
    totals = wards()
    assert column(shown, "Value") == totals
    assert cells(shown, "This month")[0][:3] == ["37", "48", "▲ 30% worse"]
    worse, swings, flips, _ = recount(totals, 40)
    assert counts(shown)["The arrow says worse"] == (worse, 35)
    assert counts(shown)["The colour is not the one of the month before"] == (flips, 35)
    assert counts(shown)["The number moves by 20% or more of the month before"] == (swings, 35)
    story = panel(shown, "sentence", "Same months")["text"]
    assert max(totals) == 71
    assert "Aug 2025 with 71" in story
    assert f"the {worse - 1} others" in story
    assert [i for i, rules in enumerate(column(shown, "Rules that fired")) if rules] == [totals.index(71)]
    assert len(panel(shown, "table", "How often")["columns"]) == 2  # no long run for a record
    strip = panel(shown, "figure", "A year of the dashboard, Feb 2025 to Jan 2026")
    assert "Aug 2025 worse, red, signal" in strip["description"]
    assert strip["description"].count("signal") == 1


def test_the_challenge_is_met_exactly_when_the_chart_cries_wolf():
    met = 0
    for seed in range(1, 60):
        shown = view(months=60, seed=seed)
        alarmed = any(column(shown, "Rules that fired"))
        challenge = panel(shown, "challenge")
        assert challenge["met"] == alarmed
        assert ("false alarm" in panel(shown, "sentence", "Same months")["text"]) == alarmed
        met += alarmed
    assert 5 < met < 55
    assert not panel(views.compute(KIND, RECORD), "challenge")["met"]


def test_every_service_offered_sets_a_target_and_an_average_the_controls_allow():
    controls = {control["name"]: control for control in views.spec(KIND)["controls"]}
    options = controls["service"]["options"]
    assert len({option["sector"] for option in options}) == len(options) == 4
    for option in options:
        shown = view(service=option["value"], **option["sets"])
        assert shown["panels"]
        assert not shown["notices"]


def test_more_is_better_turns_the_arrow_round():
    shown = view(service="visits", mean=80, target=85)
    for before, after, arrow in zip(
        column(shown, "Value"), column(shown, "Value")[1:], column(shown, "Arrow")[1:], strict=False
    ):
        assert arrow == ("worse" if after < before else "better")
    assert "▼ worse" in panel(shown, "figure", "A year")["title"]


def test_every_corner_of_the_controls_gives_whole_sentences():
    corners = itertools.product((2, 25), (5, 150), (10, 100), (13, 60), (1, 9999), ("restraints", "visits"))
    for cv, target, mean, months, seed, service in corners:
        shown = view(cv=cv, target=target, mean=mean, months=months, seed=seed, service=service)
        assert not shown["notices"]
        text = describe.as_text(views.spec(KIND), json.loads(json.dumps(shown)))
        assert not re.search(r"\b(nan|inf|None|1 months|1 times|0 times)\b", text)
        assert min(column(shown, "Value")) > 0
        assert "−" not in cells(shown, "This month")[0][1]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"cv": 60}, "25"),
        ({"months": 5}, "13"),
        ({"target": "x"}, "not a number"),
        ({"prediction": "x"}, "Two or three"),
    ],
)
def test_an_entry_that_cannot_be_used_says_what_would_do(params, words):
    shown = view(**params)
    assert not shown["panels"]
    (notice,) = shown["notices"]
    assert words in notice["text"]
    assert notice["control"] == next(iter(params))


def test_the_self_check_gives_a_reason_for_every_answer_and_one_is_right():
    spec = views.spec("check-two-point-trap")
    for question in spec["controls"]:
        assert sum(answer["right"] for answer in question["answers"]) == 1
        assert len({answer["because"] for answer in question["answers"]}) == len(question["answers"])
    right = views.compute("check-two-point-trap", {"arrows": 12, "swing": "2"})
    assert [panel["right"] for panel in right["panels"]] == [True, True]
    (swing,) = [question for question in spec["controls"] if question["name"] == "swing"]
    assert [answer["answer"] for answer in swing["answers"] if answer["right"]] == ["About 35 times in 100"]
