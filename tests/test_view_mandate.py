"""W40 mandate, benchmark, gaming: two wrong averages that agree, the map's correlations, and sentences true everywhere."""

from __future__ import annotations

import itertools
import json
import re
import statistics

import pytest

from improvement import views
from improvement.simulate import gaming
from improvement.simulate.gaming import Parameters
from improvement.views import describe

KIND = "mandate"


def show(**params):
    return views.compute(KIND, params)


def panels(view, kind, heading=None):
    return [one for one in view["panels"] if one["type"] == kind and heading in (None, one.get("heading"))]


def said(view, heading):
    (one,) = panels(view, "sentence", heading)
    return one["text"]


def table(view, start):
    (one,) = [one for one in panels(view, "table") if one["caption"].startswith(start)]
    return one


def test_before_the_guess_two_dashboards_agree_and_both_are_wrong():
    (seen,) = [one for one in show()["panels"] if not one["reveal"]]
    averages = [float(row[2]) for row in seen["rows"]]
    assert abs(averages[0] - averages[1]) <= 0.15
    # The true average of both countries is 3: five levels, as many above the middle as below.
    assert all(average - 3 > 0.25 for average in averages)
    assert [row[1] for row in seen["rows"]] == ["100 of 100", "50 of 100"]


@pytest.mark.parametrize("guess", ["mandatory", "voluntary", "both", "neither"])
def test_every_guess_hears_what_was_true_in_both_countries(guess):
    text = said(show(prediction=guess), "Your guess")
    assert "true average is 3.0" in text
    assert ("Right." in text) == (guess == "neither")
    assert text == said(show(prediction=guess, safety=100, submission="voluntary"), "Your guess")


def test_the_maps_correlations_stand_in_the_table():
    rows = table(show(), "Everybody sends")["rows"]
    for row, expected in zip(rows, (0.89, 0.74, 0.24), strict=True):
        assert float(row[1]) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize("field", ["system", "mental health", "ambulance", "practices"])
def test_the_figure_holds_every_organisation_and_the_words_count_them(field):
    for submission in ("mandatory", "voluntary"):
        view = show(field=field, submission=submission, seed=4)
        rows = view["data"]["rows"]
        (figure,) = panels(view, "figure")
        dots = [mark for mark in figure["marks"] if mark["mark"] == "dot"]
        assert sum(len(mark["x"]) for mark in dots) == len(rows)
        sent = [row for row in rows if row[3] is not None]
        assert view["summary"].startswith(f"{len(sent)} of {len(rows)} ")
        assert f"{len(rows) - len(sent)} sent none" in figure["description"]
        weak = sorted(rows, key=lambda row: -row[2])[: round(len(rows) / 4)]
        helped = sum(row[5] == "yes" for row in weak)
        assert f"weakest quarter {100 * helped / len(weak):.0f}% get help" in view["summary"]
        unhelped = sum(row[5] == "no" and row[3] is not None for row in weak)
        assert f"{unhelped} of the truly weakest quarter sent a score too good" in figure["description"]
        if len(sent) > 2:
            r = statistics.correlation([row[1] for row in sent], [row[3] for row in sent])
            told = float(
                re.search(r"truth (-?[\d.]+|−[\d.]+)\. Of", view["summary"]).group(1).replace("−", "-")
            )
            assert told == pytest.approx(r, abs=0.011)


def test_the_foot_of_the_league_table_is_the_foot_and_counts_who_belongs_there():
    view = show(seed=3)
    league = table(view, "The last 10")
    rows = sorted((row for row in view["data"]["rows"] if row[4]), key=lambda row: row[4])[-10:]
    assert [row[0] for row in league["rows"]] == [row[4] for row in rows]
    truly = sum(row[2] > 190 for row in rows)
    assert f"{truly} of them are truly among the last 10 of 200" in league["caption"]


def test_of_ten_services_only_the_last_three_are_listed():
    view = show(field="ambulance", seed=2)
    league = table(view, "The last 3")
    last = [row for row in view["data"]["rows"] if row[4] and row[4] > 7]
    assert {row[1] for row in league["rows"]} == {str(row[0]) for row in last}
    assert f"{sum(row[2] > 7 for row in last)} of them are truly among the last 3 of 10" in league["caption"]


def test_both_rules_stand_side_by_side_under_the_readers_own_settings():
    rows = table(show(safety=60, consequence=30, publication="peers"), "Your other settings")["rows"]
    for row, submission in zip(rows, ("mandatory", "voluntary"), strict=True):
        found = gaming.exact(
            Parameters(submission=submission, publication="peers", consequence=0.3, board_safety=0.6)
        )
        assert row[1] == f"{100 * found.submitted:.0f}%"
        assert float(row[2]) == pytest.approx(3 + found.mean_reported, abs=0.051)
        assert float(row[4]) == pytest.approx(found.correlation, abs=0.006)
        assert row[6] == f"{100 * found.found:.0f}%"


def test_neither_rule_makes_scores_true():
    forced = said(show(consequence=100, safety=0), "What the centre cannot see")
    assert "adds 100% of what is lacking" in forced
    assert "r = 0.24" in forced
    free = said(
        show(submission="voluntary", publication="private", consequence=0, safety=0),
        "What the centre cannot see",
    )
    assert "nobody adds anything" in free
    assert "The silent are the weaker ones" in free
    assert "3.5" in free
    safe = said(show(submission="voluntary", safety=100), "What the centre cannot see")
    assert "They are like all the others" in safe


def test_the_challenge_needs_unsafe_boards_and_a_quiet_mandate():
    def met(**params):
        (one,) = panels(show(**params), "challenge")
        return one["met"]

    assert not met()
    assert met(publication="private", consequence=0)
    assert not met(publication="private", consequence=0, safety=90)
    assert not met(submission="voluntary", publication="private", consequence=0)


def test_no_setting_is_nonsense():
    for submission, publication, consequence, safety in itertools.product(
        ("mandatory", "voluntary"), ("private", "public"), (0, 100), (0, 100)
    ):
        for seed in (1, 2, 7):
            view = show(
                submission=submission, publication=publication, consequence=consequence, safety=safety,
                field="ambulance", seed=seed, prediction="neither",
            )  # fmt: skip
            assert not view["notices"]
            text = describe.as_text(views.spec(KIND), view)
            assert "None" not in text
            assert "nan" not in text
            json.dumps(view)


def test_bad_input_says_what_to_mend():
    (note,) = show(safety=140)["notices"]
    assert note["text"].startswith("Board safety: 140 is too large")


def test_the_self_check_marks_right_answers_and_gives_each_wrong_one_its_reason():
    right = {
        "report": 3, "volunteers": "3",
        "spoilt": {"1": "What is said", "2": "Who says it", "3": "Neither", "4": "What is said", "5": "Who says it"},
        "foot": "2", "sides": "2",
    }  # fmt: skip
    told = panels(views.compute("check-mandate-and-gaming", right), "feedback")
    assert [one["right"] for one in told] == [True] * 5
    for given, words in {4: "all of what", 2: "the truth", 2.5: "half a level", 1: "Add half"}.items():
        (one,) = panels(views.compute("check-mandate-and-gaming", {"report": given}), "feedback")
        assert not one["right"]
        assert words in one["text"]
