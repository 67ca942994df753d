"""W17 three-horizon thinning: the plan's sum first, then shared days, the long term, and sentences true everywhere."""

from __future__ import annotations

import itertools
import json

import pytest

from improvement import views
from improvement.views import describe

KIND = "thinning"


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


def test_before_the_guess_only_the_plan_that_promises_twice_as_many_is_seen():
    view = show()
    figure = panels(view, "figure")[0]
    (plan,) = [mark for mark in figure["marks"] if not mark["reveal"]]
    assert plan["y"][11] == pytest.approx(2 * plan["y"][5])
    # Six at once: 6 * 60 days of work at 85 useful days a month, so 17 a year and 34 for the plan's twelve.
    assert "finish 34 a year, twice as many" in said(view, "The plan's sum")
    assert plan["y"][5] == pytest.approx(17)
    assert "13.4" not in view["summary"] + figure["description"]


@pytest.mark.parametrize("guess", ["twice", "more", "same", "fewer"])
def test_every_guess_hears_what_happened_whatever_is_set_now(guess):
    text = said(show(prediction=guess), "Your guess")
    # 12 at once: 67 useful days a month, 720 days of work under way.
    assert f"finished 17 a year with 6 under way and finishes {12 * 67 / 60:.1f} with 12" in text
    assert "now takes 10.7" in text
    assert text == said(show(prediction=guess, projects=3, loss=0, shocks="often"), "Your guess")


def test_lead_times_of_the_map_stand_in_the_table():
    for row, months in zip(
        rows(show(prediction="twice"), "The same team"), (1.9, 4.2, 10.7, 46.5), strict=True
    ):
        assert float(row[1]) == pytest.approx(months, abs=0.1)


def test_the_curve_of_output_falls_and_that_of_months_climbs():
    output, leads, _ = panels(show(prediction="twice"), "figure")
    (finished,) = [mark["y"] for mark in output["marks"] if mark["mark"] == "line" and mark["reveal"]]
    assert all(a > b for a, b in itertools.pairwise(finished[:27]))
    months = leads["marks"][0]["y"]
    assert all(a < b for a, b in itertools.pairwise(months))


def test_the_long_term_pays_for_surprises_unless_it_is_protected():
    view = show(prediction="more", shocks="often")
    # 12 at once, 2 for later, 67% useful. Calm: 2/12 of 100 days; in a surprise of 40 days later and part of next give all.
    assert "1.1 of its projects are finished a year; protected, 1.8" in said(view, "What later gets")
    kept = show(prediction="more", shocks="often", protect=True)
    assert said(kept, "What later gets") == said(view, "What later gets")
    assert [row[3] for row in rows(view, "Three horizons")] == ["6.7", "2.9", "1.1"]
    # Every horizon loses 40 of 100 days in every other month.
    assert [row[3] for row in rows(kept, "Three horizons")] == ["5.4", "3.6", "1.8"]
    assert "no surprises" in said(show(prediction="more"), "What later gets")
    assert "no place is left" in said(show(prediction="more", projects=1), "What later gets")


def test_slack_meets_surprises_and_costs_output():
    def beside(view):
        (one,) = [one for one in panels(view, "sentence") if one["beside"] == "slack"]
        return one["text"]

    none, spare = (show(prediction="more", shocks="often", slack=slack) for slack in (0, 40))
    assert "0% came from days kept free" in beside(none)
    assert "100% came from days kept free" in beside(spare)
    assert "nothing is taken from later" in said(spare, "What later gets")
    # 60 days every month, instead of 100 and 60 in turn.
    assert float(rows(spare, "The same team")[2][2]) == pytest.approx(12 * 60 * 0.67 / 60, abs=0.05)
    assert float(rows(none, "The same team")[2][2]) == pytest.approx(12 * 80 * 0.67 / 60, abs=0.05)


def test_the_message_breaks_only_where_switching_is_free():
    for loss, met in ((3, False), (0.5, False), (0, True)):
        (one,) = panels(show(prediction="same", loss=loss), "challenge")
        assert one["met"] is met
    # Without loss the work of 24 projects still lasts eight times as long as that of 3.
    assert "1.8 months with 3 at once and 14.4 months with 24" in one["text"]


def test_teams_of_other_sectors_set_days_and_effort():
    (control,) = [one for one in views.spec(KIND)["controls"] if one["name"] == "team"]
    assert {option["sector"] for option in control["options"]} == {
        "community",
        "primary care",
        "ambulance",
        "system",
    }
    for option in control["options"]:
        view = show(prediction="same", **option["sets"])
        assert not view["notices"]


def test_edges_are_answered_in_whole_sentences():
    for projects, loss, shocks, effort in itertools.product((1, 2, 30), (0, 10), ("none", "often"), (5, 120)):
        view = show(
            prediction="same",
            projects=projects,
            loss=loss,
            shocks=shocks,
            effort=effort,
            capacity=10,
            slack=50,
        )
        assert not view["notices"]
        text = describe.as_text(views.spec(KIND), view)
        assert " 1 projects" not in text
        assert " 1 months" not in text
        json.dumps(view, allow_nan=False)


def test_bad_input_says_what_to_mend():
    (note,) = show(projects=99)["notices"]
    assert note["text"].startswith("Projects under way at once: 99 is too large")


def test_the_self_check_marks_right_answers_and_gives_wrong_ones_a_reason():
    right = {"lead": 24, "shared": 2.5, "stop": "3", "later": "2"}
    told = panels(views.compute("check-too-many-priorities", right), "feedback")
    assert [one["right"] for one in told] == [True] * 4
    for given, words in {2: "in years", 6: "Turned round", 40: "Divide"}.items():
        (one,) = panels(views.compute("check-too-many-priorities", {"lead": given}), "feedback")
        assert not one["right"]
        assert words in one["text"]
