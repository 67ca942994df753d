"""Exercise E15 marks alike whatever the private seed: every answer variant, many seeds, the tests' own text."""

from __future__ import annotations

import math
import re

import pytest

from coursekit.grade.folder import PLACEHOLDER
from coursekit.paths import ROOT
from marking import answers, blank, earned, fixtures_of, mark, marked_cells, points, points_by_seed
from variants_e15 import ALL, BY_HAND, CELLS, FULL, ITEMS, VARIANTS, Submission

SOURCE = ROOT / "exercises/source/E15/E15-appraisal.ipynb"
SEEDS = range(10**20, 10**20 + 40)
OUTCOMES = {"reconstruct", "detect", "synthesise"}
"""Verbs of module M15's outcomes (map, section 4)."""

notebook, tests, solutions, given = fixtures_of(SOURCE)


@pytest.fixture(scope="module")
def solution(solutions: dict, given: dict) -> dict:
    assert solutions.keys() == set(CELLS.values())
    return answers(solutions.values(), given)


@pytest.mark.parametrize("variant", ALL, ids=lambda variant: f"{variant.item}: {variant.name}")
def test_an_answer_earns_the_same_points_whatever_the_cohort_seed(variant, tests: dict, given: dict) -> None:
    answer = answers(variant.cells.values(), given)
    for outcome, wanted in variant.earns.items():
        got = points_by_seed(tests[outcome], answer, FULL[outcome], SEEDS)
        assert {seed: earned for seed, earned in got.items() if earned != wanted} == {}, outcome


def test_a_blank_earns_nothing(tests: dict, solutions: dict, given: dict) -> None:
    assert earned(tests, answers(blank(solutions), given), FULL) == dict.fromkeys(FULL, 0)


def test_the_exercises_own_solution_earns_everything(tests: dict, solution: dict) -> None:
    assert earned(tests, solution, FULL) == FULL


@pytest.mark.parametrize("item", ITEMS)
def test_each_item_has_four_right_answers_and_eight_misconceptions(item: str) -> None:
    right = {one.code for one in VARIANTS[item] if not any(one.loses.values())}
    wrong = [one for one in VARIANTS[item] if any(one.loses.values())]
    assert len(right) >= 4
    assert len({one.name for one in wrong}) == len({one.code for one in wrong}) == len(wrong) >= 8
    assert {outcome for one in wrong for outcome in one.loses} == set(ITEMS[item]), (
        "each outcome can be missed"
    )


def test_answers_to_one_item_do_not_reach_another(tests: dict, given: dict) -> None:
    right = Submission("right", tuple(variants[0] for variants in VARIANTS.values()))
    for item, outcomes in ITEMS.items():
        others = [one for one in right.variants if one.item != item]
        alone = answers(Submission("part", tuple(others)).cells.values(), given)
        got = earned(tests, alone, FULL)
        for outcome in FULL.keys() - outcomes.keys():
            assert got[outcome] == FULL[outcome], f"{outcome} without {item}"


@pytest.mark.parametrize("outcome", sorted(FULL))
def test_hidden_data_come_from_the_seed_that_marking_replaces(outcome: str, tests: dict[str, str]) -> None:
    hidden = tests[outcome].partition("BEGIN HIDDEN TESTS")[2]
    assert PLACEHOLDER in hidden
    assert "Random(cohort_seed)" in hidden
    assert "_draw." in hidden


def test_every_graded_cell_has_its_points_and_an_outcome_of_the_module(notebook) -> None:
    graded = marked_cells(notebook)
    assert {mark(cell)["grade_id"]: mark(cell)["points"] for cell in graded} == FULL | BY_HAND
    assert {cell.metadata["course"]["outcome"] for cell in graded} == OUTCOMES
    assert notebook.metadata["course"]["module"] == "M15"


def test_half_of_all_points_are_for_the_appraisal_as_the_introduction_says() -> None:
    assert sum(FULL.values()) == sum(BY_HAND.values())


@pytest.mark.parametrize("number", [-1, 0, 0.5, 1, 1.96, 60, 100, math.nan])
def test_one_number_for_everything_earns_nothing(number: float, tests: dict, given: dict) -> None:
    keys = (
        "interview_sum",
        "gap",
        "stage_sum",
        "unreported",
        "whole",
        "low",
        "high",
        "design_effect",
        "effective",
    )
    same = dict.fromkeys(keys, number)
    answer = {
        **given,
        "count_interviews": lambda rows: same,
        "count_stages": lambda rows, level: same,
        "implied_whole": lambda heard, percent: same,
        "wilson": lambda percent, answers: (number, number),
        "clustered": lambda percent, answers, places, icc: same,
        "worst_case": lambda percent, heard: (number, number),
        "looks_like": lambda support, keen, others: number,
    }
    assert earned(tests, answer, FULL) == dict.fromkeys(FULL, 0)


def test_the_interval_from_nothing_to_everything_earns_nothing(tests: dict, given: dict) -> None:
    wide = {"design_effect": 1, "effective": 1, "low": 0, "high": 1}
    answer = {
        **given,
        "wilson": lambda percent, answers: (0, 1),
        "clustered": lambda percent, answers, places, icc: wide,
    }
    for outcome in ("wilson-interval", "wilson-edges", "clustered-interval"):
        assert points(tests[outcome], answer, FULL[outcome]) == 0, outcome


def test_the_sources_numbers_come_out_as_the_curriculum_has_them(solution: dict) -> None:
    """Map, M15 and 9.2: added up by hand, and published values of Wilson's interval."""
    assert solution["count_interviews"](solution["interviews"]) == {"interview_sum": 40, "gap": 1}
    assert solution["count_stages"](solution["survey"], "trust") == {"stage_sum": 98, "unreported": 2}
    assert solution["count_stages"](solution["survey"], "collaborative") == {
        "stage_sum": 60,
        "unreported": 40,
    }
    assert round(solution["implied_whole"](95, 45)["whole"]) == 211
    assert solution["wilson"](22, 129) == pytest.approx((0.157, 0.299), abs=0.0005)
    assert solution["wilson"](100 * 81 / 263, 263) == pytest.approx(
        (0.2553, 0.3662), abs=0.0001
    )  # Newcombe 1998
    assert solution["clustered"](22, 129, 95, 1)["effective"] == pytest.approx(95)
    assert solution["worst_case"](22, 45) == pytest.approx((0.099, 0.649))
    assert solution["looks_like"](60, 30, 10) == pytest.approx(0.818, abs=0.0005)
    assert solution["looks_like"](40, 30, 10) == pytest.approx(0.667, abs=0.0005)


def test_the_appraisal_is_marked_by_rubric_r8_with_three_exemplars(notebook) -> None:
    (task,) = [cell.source for cell in notebook.cells if mark(cell).get("task")]
    asked, _, scheme = task.partition("### BEGIN MARK SCHEME")
    for criterion in (
        "stated fairly",
        "sampling",
        "ival explanations",
        "onflicts",
        "proportion",
        "change your mind",
    ):
        assert criterion in asked, criterion
        assert criterion in scheme, criterion
    assert "currency" in asked
    exemplars = scheme.split("*Worth about ")[1:]
    totals = []
    for exemplar in exemplars:
        told, scores = re.match(r"(\d+) and \d+ \(([\d, ]+);", exemplar).groups()
        assert int(told) == sum(map(int, scores.split(", ")))
        totals.append(int(told))
    assert totals[0] < 11 <= totals[1] < totals[2]  # the pass mark, 60% of 18, lies between the first two
    assert 300 <= len(exemplars[2].split()) <= 520
