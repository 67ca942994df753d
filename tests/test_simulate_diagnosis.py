"""Diagnosis and remedy: a remedy reaches only its causes, order changes no amount, and what counts as wasted or blind."""

from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement.simulate import diagnosis
from improvement.simulate.diagnosis import Problem, Remedy, Test

PROBLEM = Problem(
    amounts={"bed": 50, "kit": 30, "team": 20},
    tests={"sort": Test(4, ("beds", "checks")), "mondays": Test(1), "clock": Test(2, ("early",))},
    remedies={"beds": Remedy(10, ("bed",)), "checks": Remedy(6, ("kit", "team")), "early": Remedy(8)},
    hours=20,
)


def test_a_remedy_takes_its_share_off_its_own_causes_only():
    journey = diagnosis.follow(PROBLEM, ["beds"], 0.6)
    assert journey.left == pytest.approx(100 - 0.6 * 50)
    assert diagnosis.follow(PROBLEM, ["beds"], 1).left == pytest.approx(50)
    assert diagnosis.follow(PROBLEM, ["checks"], 0.5).left == pytest.approx(50 + 15 + 10)


def test_treating_the_symptom_removes_nothing_and_takes_hours():
    journey = diagnosis.follow(PROBLEM, ["early"], 1)
    assert (journey.removed, journey.remedy_hours) == (0, 8)


def test_two_remedies_for_one_cause_compound():
    both = Problem({"a": 100}, {}, {"x": Remedy(1, ("a",)), "y": Remedy(1, ("a",))}, 5)
    assert diagnosis.follow(both, ["x", "y"], 0.6).left == pytest.approx(100 * 0.4 * 0.4)


@given(st.permutations(["sort", "mondays", "beds", "clock"]))
def test_order_changes_no_amount(order):
    journey = diagnosis.follow(PROBLEM, order, 0.6)
    assert journey.left == pytest.approx(70)
    assert (journey.test_hours, journey.remedy_hours) == (7, 10)


def test_tests_remove_nothing():
    journey = diagnosis.follow(PROBLEM, list(PROBLEM.tests), 0.6)
    assert journey.removed == 0
    assert journey.test_hours == 7


def test_a_look_is_wasted_when_it_comes_too_late_or_speaks_to_nothing():
    assert diagnosis.follow(PROBLEM, ["beds", "checks", "sort"]).wasted == ("sort",)
    # One of its two remedies is still open, so it can still change a mind.
    assert diagnosis.follow(PROBLEM, ["beds", "sort"]).wasted == ()
    assert diagnosis.follow(PROBLEM, ["mondays"]).wasted == ("mondays",)


def test_a_remedy_is_blind_until_a_look_has_spoken_to_it():
    assert diagnosis.follow(PROBLEM, ["beds"]).blind == ("beds",)
    assert diagnosis.follow(PROBLEM, ["mondays", "clock", "beds"]).blind == ("beds",)
    assert diagnosis.follow(PROBLEM, ["sort", "beds"]).blind == ()


def test_what_does_not_fit_is_not_done_and_what_was_done_costs_nothing_again():
    journey = diagnosis.follow(PROBLEM, ["beds", "beds", "early", "checks"], 0.6)
    assert [step.refused for step in journey.steps] == ["", "repeated", "", "no hours left"]
    assert journey.steps[-1].spent == 18
    assert journey.left == pytest.approx(70)
    # The last hour may be used.
    assert diagnosis.follow(PROBLEM, ["sort", "beds", "checks"]).steps[-1].spent == 20


def test_the_best_set_is_that_of_a_search_over_every_set_that_fits():
    def left(chosen):
        remaining = dict(PROBLEM.amounts)
        for name in chosen:
            for cause in PROBLEM.remedies[name].acts_on:
                remaining[cause] *= 0.4
        return sum(remaining.values())

    for room in (5, 6, 12, 16, 24):
        problem = Problem(PROBLEM.amounts, PROBLEM.tests, PROBLEM.remedies, room)
        fitting = [
            chosen
            for size in range(4)
            for chosen in combinations(PROBLEM.remedies, size)
            if sum(PROBLEM.remedies[name].hours for name in chosen) <= room
        ]
        assert left(diagnosis.best(problem, 0.6)) == pytest.approx(min(map(left, fitting)))


def test_the_best_pays_for_the_tests_before_it_and_adds_no_idle_remedy():
    assert diagnosis.best(PROBLEM) == ("beds", "checks")
    assert diagnosis.best(PROBLEM, after=["sort"]) == ("beds", "checks")
    assert diagnosis.best(PROBLEM, after=["sort", "mondays"]) == (
        "checks",
    )  # 30 removed either way, in fewer hours


def test_guessing_is_the_average_over_every_order():
    # 20 hours hold beds and checks, or either with "early"; by hand: 30 + 30, 30 or 30 of 100 removed at 60%.
    removed = []
    for order in permutations(PROBLEM.remedies):
        room, gone = 20, 0
        for name in order:
            hours = {"beds": 10, "checks": 6, "early": 8}[name]
            if hours <= room:
                room -= hours
                gone += {"beds": 30, "checks": 30, "early": 0}[name]
        removed.append(gone)
    low, average, high = diagnosis.guess(PROBLEM, 0.6)
    assert (low, high) == pytest.approx((min(removed), max(removed)))
    assert average == pytest.approx(sum(removed) / 6)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amounts": {"a": -1}}, "amount of 'a'"),
        ({"amounts": {"bed": 0, "kit": 0, "team": 0}}, "no problem"),
        ({"hours": -1}, "hours"),
        ({"tests": {"beds": Test(1)}}, "both a test and a remedy"),
        ({"tests": {"t": Test(1, ("cake",))}}, "cake"),
        ({"remedies": {"beds": Remedy(1, ("moon",)), "checks": Remedy(1), "early": Remedy(1)}}, "moon"),
    ],
)
def test_a_problem_that_makes_no_sense_is_refused(change, words):
    given_parts = {
        "amounts": PROBLEM.amounts,
        "tests": PROBLEM.tests,
        "remedies": PROBLEM.remedies,
        "hours": 20,
    }
    with pytest.raises(ValueError, match=words):
        Problem(**{**given_parts, **change})


def test_an_unknown_choice_or_strength_is_refused():
    with pytest.raises(ValueError, match="cake"):
        diagnosis.follow(PROBLEM, ["cake"])
    with pytest.raises(ValueError, match="strength"):
        diagnosis.follow(PROBLEM, [], 1.2)
