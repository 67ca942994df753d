"""Exercise E13 marks alike whatever the private seed, and once through the real autograder: right, wrong and blank."""

from __future__ import annotations

import contextlib
import io
import json
import re

import numpy as np
import pytest

from coursekit.grade.folder import PLACEHOLDER
from coursekit.paths import ROOT
from improvement import assessment, datasets
from improvement.datasets.self_assessment import COMPONENTS
from marking import (
    SECRETS,
    answers,
    blank,
    earned,
    earned_by_first_wrong,
    fixtures_of,
    grade_right_wrong_and_blank,
    mark,
    marked_cells,
    points,
    points_by_seed,
    points_given,
)
from variants_e13 import ALL, BY_HAND, FULL, ITEMS, VARIANTS

SOURCE = ROOT / "exercises/source/E13/E13-facilitation.ipynb"
SEEDS = range(10**20, 10**20 + 40)
SLOW_SEEDS = SEEDS[:5]
SLOW = set(ITEMS["honesty"]) - {"worth-report"}
"""Simulations of tens of thousands of organisations."""

OUTCOMES = {"administer", "visualise", "facilitate", "convert", "judge"}
"""The verbs of module M13's outcomes (map, section 4)."""

notebook, tests, solutions, given = fixtures_of(SOURCE)


def test_forty_five_points_and_every_verb_of_the_module(notebook) -> None:
    graded = marked_cells(notebook)
    assert {mark(cell)["grade_id"]: mark(cell)["points"] for cell in graded} == FULL | BY_HAND
    assert (sum(FULL.values()), sum(BY_HAND.values())) == (30, 15)
    assert {cell.metadata["course"]["outcome"] for cell in graded} == OUTCOMES
    assert notebook.metadata["course"]["module"] == "M13"
    told = re.findall(
        r"^## Task \d\..*\((\d+) points", "\n".join(cell.source for cell in notebook.cells), re.MULTILINE
    )
    assert [int(one) for one in told] == [*(sum(outcomes.values()) for outcomes in ITEMS.values()), 15]


@pytest.mark.parametrize("variant", ALL, ids=lambda variant: f"{variant.item}: {variant.name}")
def test_an_answer_earns_the_same_points_whatever_the_cohort_seed(variant, tests, given) -> None:
    answer = answers([variant.code], given)
    for outcome, wanted in variant.earns.items():
        seeds = SLOW_SEEDS if outcome in SLOW else SEEDS
        got = points_by_seed(tests[outcome], answer, FULL[outcome], seeds)
        assert {seed: marks for seed, marks in got.items() if marks != wanted} == {}, outcome


def test_a_blank_earns_nothing(tests, solutions, given) -> None:
    assert earned(tests, answers(blank(solutions), given), FULL) == dict.fromkeys(FULL, 0)


def test_the_exercises_own_solution_earns_everything(tests, solutions, given) -> None:
    assert earned(tests, answers(solutions.values(), given), FULL) == FULL


@pytest.mark.parametrize("place", range(4))
def test_a_right_answer_is_told_so(place: int, tests, given) -> None:
    answer = answers([variants[place].code for variants in VARIANTS.values()], given)
    for outcome, text in tests.items():
        with contextlib.redirect_stdout(io.StringIO()) as shown:
            exec(text, dict(answer))
        assert "Not yet" not in shown.getvalue(), outcome


@pytest.mark.parametrize("item", ITEMS)
def test_each_item_has_four_right_answers_and_eight_misconceptions(item: str) -> None:
    right = {one.code for one in VARIANTS[item] if not any(one.loses.values())}
    wrong = [one for one in VARIANTS[item] if any(one.loses.values())]
    assert len(right) >= 4
    assert len({one.name for one in wrong}) == len(wrong) >= 8
    assert {outcome for one in wrong for outcome, lost in one.loses.items() if lost} == set(ITEMS[item])


def test_answers_to_one_item_do_not_reach_another(tests, given) -> None:
    for item, outcomes in ITEMS.items():
        alone = answers([variants[0].code for name, variants in VARIANTS.items() if name != item], given)
        for outcome in FULL.keys() - outcomes.keys():
            assert points(tests[outcome], alone, FULL[outcome]) == FULL[outcome], f"{outcome} without {item}"


@pytest.mark.parametrize("outcome", sorted(FULL))
def test_hidden_data_come_from_the_seed_that_marking_replaces(outcome: str, tests) -> None:
    hidden = tests[outcome].partition("BEGIN HIDDEN TESTS")[2]
    assert PLACEHOLDER in hidden
    assert "_draw" in hidden.partition("Random(cohort_seed)")[2]


@pytest.mark.parametrize("shown", [[], ["big", "other", "exact", "few"]])
def test_showing_nobody_or_everybody_earns_nothing_but_the_floor(shown, tests) -> None:
    def report(people, minimum=10):
        if minimum < 5:
            raise ValueError
        medians = dict.fromkeys(shown, 3)
        hidden = sorted({group for group, _ in people} - set(shown))
        return {"medians": medians, "hidden": hidden, "answered": 20, "low": 4}

    got = {
        outcome: points(tests[outcome], {"report": report}, most) for outcome, most in ITEMS["report"].items()
    }
    assert got == {"report-medians": 0, "report-few": 0, "report-floor": 1, "report-subtract": 0}


def test_refusing_everything_earns_nothing(tests) -> None:
    def report(people, minimum=10):
        raise ValueError("no")

    for outcome, most in ITEMS["report"].items():
        assert points(tests[outcome], {"report": report}, most) == 0, outcome


@pytest.mark.parametrize("answer", [None, [], {}, 0])
def test_one_answer_for_everything_earns_nothing(answer, tests, given) -> None:
    functions = ("report", "widest_gap", "first_three", "reported", "honesty", "not_yet")
    same = given | dict.fromkeys(functions, lambda *anything, **settings: answer)
    assert earned(tests, same, FULL) == dict.fromkeys(FULL, 0)


@pytest.mark.parametrize("r", [0.24, 0.74, 0.886])
def test_one_correlation_for_everything_earns_only_where_it_is_the_right_one(r: float, tests, given) -> None:
    answer = given | {"honesty": lambda *settings: r}
    got = {outcome: points(tests[outcome], answer, FULL[outcome]) for outcome in SLOW - {"worth-honest"}}
    assert got["worth-replicates"] == 0
    assert got["worth-gamed"] <= 1


@pytest.mark.parametrize(("g", "told"), [(0, 0.886), (0.5, 0.742), (1, 0.238)])
def test_the_true_correlations_are_what_the_exercise_says(
    g: float, told: float, tests, solutions, given
) -> None:
    """By a second implementation: 4,000,000 organisations, so a standard error of at most 0.0005."""
    draw = np.random.default_rng(13)
    true = draw.standard_normal(4_000_000)
    sent = true + 0.5 * draw.standard_normal(4_000_000) + g * np.where(true < 1, 1 - true, 0)
    found = np.corrcoef(true, np.minimum(2, np.maximum(-2, sent)))[0, 1]
    assert found == pytest.approx(told, abs=0.0025)
    assert str(told) in tests["worth-honest"] + tests["worth-gamed"]
    honesty = answers([solutions["honesty"]], given)["honesty"]
    drawn = [honesty(g, 500, 40, seed) for seed in range(12)]
    assert np.mean(drawn) == pytest.approx(found, abs=0.008)
    assert np.std(drawn) < 0.01  # so 0.02 is seldom passed, and 0.03 hardly ever


def test_the_report_and_the_gap_agree_with_the_courses_own(solutions, given) -> None:
    """The suppression of lesson M13.2 and of this exercise are one rule."""
    answer = answers(solutions.values(), given)
    table = datasets.read("self_assessment").where(organisation="community trust", round=1)
    wording = {key: (component, key) for component, of_it in COMPONENTS.items() for key in of_it}
    own = assessment.assess(assessment.from_columns(table, wording))
    medians = {}
    for comparison in own.statements:
        key = comparison.statement.key
        found = answer["report"](list(zip(table["group"], table[key], strict=True)))
        medians[key] = found["medians"]
        assert found["medians"] == {group: spread.median for group, spread in comparison.spreads.items()}
        assert found["hidden"] == ["patient partners"]
        assert found["answered"] == sum(own.groups.values())
    widest = own.widest_first(own.statements)[0]
    told = answer["widest_gap"](medians)
    assert told["gap"] == widest.gap
    assert set(medians[told["statement"]]) == set(widest.spreads)


def test_the_examples_of_the_text_are_right(solutions, given) -> None:
    answer = answers(solutions.values(), given)
    assert answer["first_three"](given["statements"]) == ["few priorities", "unblock", "data"]
    assert answer["not_yet"](given["notes"], given["meeting"]) == [1, 2, 3]
    found = answer["widest_gap"](given["medians"])
    assert (found["statement"], found["gap"]) == ("few priorities", 3)
    assert found["lowest"] == ["doctors", "nurses"]


def test_the_marker_has_criteria_and_exemplars_at_three_levels(notebook) -> None:
    (cell,) = [cell for cell in notebook.cells if mark(cell).get("grade_id") == "plan"]
    scheme = cell.source.partition("BEGIN MARK SCHEME")[2]
    assert "Rubric R9" in scheme
    assert scheme.count("\n| ") - 1 == 5
    levels = re.findall(r"Worth about (\d+) \(([\d, ]+)\)", scheme)
    assert [int(total) for total, _ in levels] == [4, 9, 14]
    for total, scores in levels:
        each = [int(score) for score in scores.split(", ")]
        assert (sum(each), len(each)) == (int(total), 5)
        assert max(each) <= 3


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, dict[str, dict[str, str]]]:
    return grade_right_wrong_and_blank(SOURCE, VARIANTS, tmp_path_factory.mktemp("e13"))


def test_the_autograder_gives_each_submission_the_points_of_the_outcomes_it_meets(marked) -> None:
    assert points_given(marked[1], FULL) == {
        "right": FULL,
        "wrong": earned_by_first_wrong(VARIANTS),
        "blank": dict.fromkeys(FULL, 0),
    }


def test_learners_get_no_answer_no_hidden_test_and_no_mark_scheme(marked) -> None:
    text = json.dumps(marked[0])
    for secret in (*SECRETS, "20_000"):
        assert secret not in text
