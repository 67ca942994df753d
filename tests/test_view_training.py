"""W21 train 1,000 people: the report first, then who has the skill and who uses it, and the map's steady states."""

from __future__ import annotations

import itertools
import json

import pytest

from improvement import views
from improvement.views import describe

KIND = "training"


def show(**params):
    return views.compute(KIND, params)


def panels(view, kind):
    return [one for one in view["panels"] if one["type"] == kind]


def said(view, heading):
    (one,) = [one for one in panels(view, "sentence") if one["heading"] == heading]
    return one["text"]


def rows(view, start):
    (one,) = [one for one in panels(view, "table") if one["caption"].startswith(start)]
    return one["rows"]


def left_after(months, trained=1_000, lost=0.35):
    """People with an unused skill, month by month."""
    stock = 0.0
    for _ in range(months):
        stock += trained / 12 - lost / 12 * stock
    return stock


def test_before_the_guess_only_the_training_report_is_seen():
    view = show()
    figure = panels(view, "figure")[0]
    seen = [mark for mark in figure["marks"] if not mark["reveal"]]
    assert [mark["label"] for mark in seen] == ["All staff", "Places filled so far"]
    assert seen[1]["y"][-1] == 10_000
    assert view["summary"] == "Places filled in 10 years: 10,000. Staff: 10,000."


@pytest.mark.parametrize("guess", ["all", "three_quarters", "half", "quarter"])
def test_every_guess_hears_how_many_are_left(guess):
    assert round(left_after(120), -2) == 2_800
    text = said(show(prediction=guess), "Your guess")
    assert "about 2,800 people have the skill" in text
    assert text == said(show(prediction=guess, training=50, headcount=200), "Your guess")
    assert ("took away the leavers" in text) == (guess == "quarter")


def test_steady_states_of_the_map_stand_in_the_table():
    assert [row[4] for row in rows(show(prediction="half"), "Share")] == ["29%", "29%", "57%", "100%"]
    assert "10% ÷ (10% + 25%), so 29%" in said(show(prediction="half"), "Where the stock settles")


def test_hours_or_coaches_alone_change_nothing_and_both_do():
    alone, hours, coaches, both = rows(show(prediction="half"), "The same training")
    for row in (alone, hours, coaches):
        assert row[1:] == ["10,000", f"{left_after(120):,.0f}", "0", "0"]
    assert both[1] == alone[1]
    assert float(both[2].replace(",", "")) > float(alone[2].replace(",", ""))
    # 200 coaches less the leavers not yet replaced support at most 4,000 people.
    assert 3_000 < float(both[3].replace(",", "")) < 4_000


def test_costs_of_training_alone_are_the_places():
    costs = dict(rows(show(prediction="half"), "What the plan costs"))
    assert costs["Places"] == costs["All three"] == "£120,000"
    assert costs["Coaches"] == "£0"
    assert "nothing was finished" in costs.values()


def test_coaches_are_announced_with_the_month_they_arrive():
    def beside(view):
        (one,) = [one for one in panels(view, "sentence") if one["beside"] == "coaches"]
        return one["text"]

    assert "No coaches" in beside(show(prediction="half"))
    assert "month 13" in beside(show(prediction="half", coaches=2))


def test_the_message_breaks_where_skills_last():
    for settings, met in (
        ({}, False),
        ({"training": 20, "decay": 5}, True),
        ({"training": 20, "decay": 5, "coaches": 2}, False),
    ):
        (one,) = panels(show(prediction="half", **settings), "challenge")
        assert one["met"] is met


def test_organisations_of_other_sectors_set_staff_and_turnover():
    (control,) = [one for one in views.spec(KIND)["controls"] if one["name"] == "place"]
    assert {option["sector"] for option in control["options"]} == {
        "community",
        "primary care",
        "ambulance",
        "system",
    }
    for option in control["options"]:
        view = show(prediction="half", **option["sets"])
        assert not view["notices"]
        assert f"Staff: {option['sets']['headcount']:,}" in said(view, "Places, skill, use")


def test_edges_are_answered_in_whole_sentences():
    for trained, leave, forget, coaches, hours in itertools.product(
        (0, 50), (0, 50), (0, 60), (0, 0.5, 6), (0, 1, 10)
    ):
        view = show(
            prediction="half",
            training=trained,
            turnover=leave,
            decay=forget,
            coaches=coaches,
            protected_hours=hours,
            headcount=50,
        )
        assert not view["notices"]
        text = describe.as_text(views.spec(KIND), view)
        assert " 1 people" not in text
        assert " 1 coaches" not in text
        json.dumps(view, allow_nan=False)
    assert "Nobody is trained" in said(show(prediction="half", training=0), "Where the stock settles")


def test_bad_input_says_what_to_mend():
    (note,) = show(training=80)["notices"]
    assert note["text"].startswith("Trained each year, of 100 staff: 80 is too large")


def test_the_self_check_marks_right_answers_and_gives_wrong_ones_a_reason():
    right = {"settles": 50, "places": 12, "short": "2", "board": "3"}
    told = panels(views.compute("check-training-and-decay", right), "feedback")
    assert [one["right"] for one in told] == [True] * 4
    for given, words in {
        40: "in a year",
        4: "fade as well",
        30: "hold everybody",
        99: "How much of 40%",
    }.items():
        (one,) = panels(views.compute("check-training-and-decay", {"places": given}), "feedback")
        assert not one["right"]
        assert words in one["text"]
