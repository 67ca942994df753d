"""Exercise E11 marks alike whatever the private seed, and once through the real autograder: right, wrong and blank."""

from __future__ import annotations

import csv
import json
import math
import re
from itertools import pairwise

import numpy as np
import pytest

from coursekit.grade.folder import PLACEHOLDER
from coursekit.paths import ROOT
from improvement import spc
from improvement.simulate import pdsa
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
from variants_e11 import ALL, BY_HAND, FULL, ITEMS, VARIANTS

SOURCE = ROOT / "exercises/source/E11/E11-pdsa-log-and-a3.ipynb"
SEEDS = range(10**20, 10**20 + 40)
SLOW_SEEDS = SEEDS[:6]
SLOW = {"sim-share", "sim-replicates", "plan-list", "plan-safe", "plan-none", "worst-change", "worst-seed"}
"""Simulations of thousands of tests, and searches over hundreds of ramps."""

NOT_DRAWN = {"log-form", "page-aim", "page-links"}
"""A form is the same for everybody; everything else is tested on numbers and names drawn from the seed."""

OUTCOMES = {"diagnose", "write", "construct", "run", "attribute"}
"""The verbs of module M11's outcomes that this exercise marks."""

notebook, tests, solutions, given = fixtures_of(SOURCE)


@pytest.fixture(scope="module")
def right(solutions, given) -> dict:
    """The exercise's own solutions."""
    return answers(solutions.values(), given)


def test_sixty_points_and_verbs_of_the_module(notebook) -> None:
    graded = marked_cells(notebook)
    assert {mark(cell)["grade_id"]: mark(cell)["points"] for cell in graded} == FULL | BY_HAND
    assert sum(FULL.values()) + sum(BY_HAND.values()) == 60
    assert {cell.metadata["course"]["outcome"] for cell in graded} == OUTCOMES
    assert notebook.metadata["course"]["module"] == "M11"
    with (ROOT / "curriculum/outcomes.csv").open(encoding="utf-8", newline="") as file:
        assert {row["outcome"] for row in csv.DictReader(file) if row["module"] == "M11"} >= OUTCOMES


@pytest.mark.parametrize("variant", ALL, ids=lambda variant: f"{variant.item}: {variant.name}")
def test_an_answer_earns_the_same_points_whatever_the_cohort_seed(variant, tests, given) -> None:
    answer = answers([variant.code], given)
    for outcome, wanted in variant.earns.items():
        seeds = SEEDS[:1] if outcome in NOT_DRAWN else SLOW_SEEDS if outcome in SLOW else SEEDS
        got = points_by_seed(tests[outcome], answer, FULL[outcome], seeds)
        assert {seed: points for seed, points in got.items() if points != wanted} == {}, outcome


def test_a_blank_earns_nothing(tests, solutions, given) -> None:
    assert earned(tests, answers(blank(solutions), given), FULL) == dict.fromkeys(FULL, 0)


def test_the_exercises_own_solution_earns_everything(tests, right) -> None:
    assert earned(tests, right, FULL) == FULL


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


@pytest.mark.parametrize("outcome", sorted(FULL.keys() - NOT_DRAWN))
def test_hidden_data_come_from_the_seed_that_marking_replaces(outcome: str, tests) -> None:
    hidden = tests[outcome].partition("BEGIN HIDDEN TESTS")[2]
    assert PLACEHOLDER in hidden
    assert "Random(cohort_seed)" in hidden
    assert "_draw" in hidden.partition("Random(cohort_seed)")[2]


# Answers that say one thing to everything


@pytest.mark.parametrize("claim", ["no change", "worse", "began before", "fits", "began later"])
@pytest.mark.parametrize("signal", [True, False])
def test_one_verdict_for_every_series_earns_nothing(claim, signal, tests, given) -> None:
    answer = given | {"did_it_change": lambda *_: {"median": 60, "signal": signal, "claim": claim}}
    assert {outcome: points(tests[outcome], answer, FULL[outcome]) for outcome in ITEMS["change"]} == {
        "change-median": 0,
        "change-signal": 0,
        "change-claim": 0,
    }


@pytest.mark.parametrize("found", [None, [], [300], [1, 5, 25, 269]])
def test_one_plan_for_every_practice_earns_nothing(found, tests, given) -> None:
    answer = given | {"plan_ramp": lambda *_: found}
    assert {outcome: points(tests[outcome], answer, FULL[outcome]) for outcome in ITEMS["plan"]} == dict.fromkeys(ITEMS["plan"], 0)  # fmt: skip


@pytest.mark.parametrize("number", [-0.35, -0.255, -0.2, 0, 0.41])
def test_one_number_for_every_simulation_earns_nothing(number, tests, given) -> None:
    answer = given | {"worst_change": lambda *_: number, "simulate_seen": lambda *_: number}
    for outcome in ("worst-change", "worst-seed", "sim-share", "sim-replicates"):
        assert points(tests[outcome], answer, FULL[outcome]) == 0, outcome


def test_a_page_without_gaps_or_with_every_gap_earns_nothing(tests, given) -> None:
    for gap in (None, "no chart", "no cause", "solution first", "no result", "no countermeasure"):

        def a3_gaps(sheet, gap=gap):
            parts = (sheet["causes"], sheet["countermeasures"], sheet["results"])
            return {} if gap is None else {name: gap for part in parts for name in part}

        answer = given | {"a3_gaps": a3_gaps}
        for outcome in ITEMS["a3"]:
            assert points(tests[outcome], answer, FULL[outcome]) == 0, (gap, outcome)


# The limits that the ramp must keep


def test_no_list_beats_the_two_bounds_that_make_none_the_right_answer() -> None:
    """By the course's own model: the first person costs the rate, and without mending sizes do not matter."""

    def harmed(sizes, rate, fixes):
        p = pdsa.Parameters(sizes=sizes, flaw_rate=rate, fix_chance=fixes, shrinkage=0)
        return sum(step.harmed for step in pdsa.steps(p))

    for sizes in ((1, 1, 1, 1, 1, 295), (300,), (5, 295), (10, 10, 20, 20, 20, 220)):
        assert harmed(sizes, 0.1, 0.95) >= 0.1
        assert harmed(sizes, 0.1, 0) == pytest.approx(30)


def test_the_exercises_ramp_agrees_with_the_courses_model(right) -> None:
    for sizes, rate, fixes in (
        ((1, 5, 10, 25, 259), 0.1, 0.7),
        ((3, 8, 60), 0.2, 0.4),
        ((50, 250), 0.05, 0.9),
    ):
        steps = pdsa.steps(pdsa.Parameters(sizes=sizes, flaw_rate=rate, fix_chance=fixes, shrinkage=0))
        found = right["ramp_harm"](list(sizes), rate, fixes)
        assert found["harmed"] == pytest.approx(sum(step.harmed for step in steps))
        assert found["flawed"] == pytest.approx(steps[-1].chance_flawed)
        assert found["seen"] == pytest.approx(steps[-2].seen_by_now)


def test_a_tight_limit_needs_a_search_and_the_best_ramp_need_not_start_with_one(right) -> None:
    plan, harm = right["plan_ramp"], right["ramp_harm"]
    best = plan(300, 0.1, 0.7, 4)
    assert harm(best, 0.1, 0.7)["harmed"] < 4 < harm([1, 5, 10, 25, 259], 0.1, 0.7)["harmed"]
    assert best[0] > 1
    unknown = plan(300, 0.5, 0.7, 4)
    assert unknown[0] < best[0]


# The numbers in the text


@pytest.mark.parametrize(("mean", "told"), [(20, -0.255), (8, -0.350)])
def test_the_worst_of_ten_falls_as_the_text_says(mean: int, told: float) -> None:
    """By 400,000 draws, so a standard error of at most 0.0007; a single change has a spread of at most 0.4."""
    draw = np.random.default_rng(11)
    change = draw.poisson(mean, 400_000) / draw.poisson(mean, (400_000, 10)).max(axis=1) - 1
    assert change.mean() == pytest.approx(told, abs=0.003)
    assert change.std() < 0.4


@pytest.mark.parametrize(("teams", "low", "high"), [(8, 5, 7), (14, 60, 80)])
def test_no_change_in_the_hidden_tests_has_a_wider_spread_than_they_allow(teams, low, high) -> None:
    draw = np.random.default_rng(2)
    for mean in (low, high):
        assert (draw.poisson(mean, 50_000) / draw.poisson(mean, (50_000, teams)).max(axis=1)).std() < 0.4


def test_the_two_practices_are_as_the_story_says(right) -> None:
    """Counted by hand here: Meadow Lane's run starts with the tests, Mill Road's before them."""

    def runs(values, median):
        sides = [(place, value > median) for place, value in enumerate(values) if value != median]
        found = [[sides[0]]]
        for before, after in pairwise(sides):
            if before[1] == after[1]:
                found[-1].append(after)
            else:
                found.append([after])
        return sides, found

    meadow, mill = right["meadow_lane"], right["mill_road"]
    assert sorted(meadow[:18])[8:10] == [60, 60]
    sides, found = runs(meadow, 60)
    longest = max(found, key=len)
    assert longest[0] == (18, True)
    assert longest[-1][0] == 31
    assert len(longest) > round(math.log2(len(sides))) + 3
    sides, found = runs(mill, 54.5)
    longest = max(found, key=len)
    assert longest[0][1]
    assert longest[0][0] < 18
    assert spc.run_chart(meadow, baseline=18).signals


def test_the_forms_are_worth_four_points_and_say_what_they_do_not_check(notebook) -> None:
    text = {mark(cell).get("grade_id"): cell.source for cell in notebook.cells}
    assert "It does not know whether any of it is true" in text["task-10"]
    assert "2 points of 60" in text["task-10"]
    assert "Completeness again, and nothing else" in text["task-11"]
    assert sum(FULL[outcome] for outcome in NOT_DRAWN) == 4


def test_no_words_alone_pass_the_log(tests, given) -> None:
    for text in ("", "We did three cycles and learnt a lot. " * 40, "test;written;tested\n" + "a;b;c\n" * 9):
        answer = given | {"log": text, "chart": [("early", 1)] * 12, "theory": "because it works " * 9}
        assert points(tests["log-form"], answer, 2) == 0


def test_the_marker_has_six_criteria_and_exemplars_at_three_levels(notebook) -> None:
    (cell,) = [cell for cell in notebook.cells if mark(cell).get("grade_id") == "log-read"]
    scheme = cell.source.partition("BEGIN MARK SCHEME")[2]
    assert "Rubric R3" in scheme
    assert scheme.count("\n| ") - 1 == 6
    levels = re.findall(r"Worth about (\d+) \((\d), (\d), (\d), (\d), (\d), (\d)\)", scheme)
    assert len(levels) == 3
    for total, *scores in levels:
        assert int(total) == sum(map(int, scores))
    low, middle, high = (int(level[0]) for level in levels)
    assert low < 11 <= middle < high


# Once through the real autograder


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, dict[str, dict[str, str]]]:
    return grade_right_wrong_and_blank(SOURCE, VARIANTS, tmp_path_factory.mktemp("e11"))


def test_the_autograder_gives_each_submission_the_points_of_the_outcomes_it_meets(marked) -> None:
    assert points_given(marked[1], FULL) == {
        "right": FULL,
        "wrong": earned_by_first_wrong(VARIANTS),
        "blank": dict.fromkeys(FULL, 0),
    }


def test_learners_get_no_answer_no_hidden_test_and_no_mark_scheme(marked) -> None:
    text = json.dumps(marked[0])
    for secret in (*SECRETS, "potassium"):
        assert secret not in text
