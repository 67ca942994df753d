"""Exercise E10 marks alike whatever the private seed, and once through the real autograder: right, wrong and blank."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import math
import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from coursekit.grade.folder import PLACEHOLDER
from coursekit.paths import ROOT
from improvement import spc
from improvement.simulate import inspection
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
from variants_e10 import ALL, BY_HAND, FULL, ITEMS, VARIANTS

SOURCE = ROOT / "exercises/source/E10/E10-control-plan.ipynb"
SEEDS = range(10**20, 10**20 + 40)
SLOW_SEEDS = SEEDS[:8]
SLOW = {"odds-false", "odds-wait", "odds-sensor"}
"""Simulations of hundreds of years."""

NOT_DRAWN = {"looking-sorted", "plan-form"}
"""One key, and a form that is the same for everybody; everything else is tested on numbers drawn from the seed."""

OUTCOMES = {"build", "separate", "select", "refuse"}
"""The verbs of module M10's outcomes (map, section 4)."""

notebook, tests, solutions, given = fixtures_of(SOURCE)


def near(marks: dict[str, float]):
    """Marks in thirds are not exact in binary."""
    return pytest.approx(marks, abs=1e-9)


def test_seventy_two_points_and_every_verb_of_the_module(notebook) -> None:
    graded = marked_cells(notebook)
    assert {mark(cell)["grade_id"]: mark(cell)["points"] for cell in graded} == FULL | BY_HAND
    assert sum(FULL.values()) + sum(BY_HAND.values()) == 72
    assert sum(FULL.values()) - FULL["plan-form"] == 37
    assert {cell.metadata["course"]["outcome"] for cell in graded} == OUTCOMES
    assert notebook.metadata["course"]["module"] == "M10"


@pytest.mark.parametrize("variant", ALL, ids=lambda variant: f"{variant.item}: {variant.name}")
def test_an_answer_earns_the_same_points_whatever_the_cohort_seed(variant, tests, given) -> None:
    answer = answers([variant.code], given)
    for outcome, wanted in variant.earns.items():
        seeds = SEEDS[:1] if outcome in NOT_DRAWN else SLOW_SEEDS if outcome in SLOW else SEEDS
        got = points_by_seed(tests[outcome], answer, FULL[outcome], seeds)
        assert {seed: marks for seed, marks in got.items() if abs(marks - wanted) > 1e-9} == {}, outcome


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
        got = earned(tests, alone, FULL)
        others = FULL.keys() - outcomes.keys()
        assert {outcome: got[outcome] for outcome in others} == {outcome: FULL[outcome] for outcome in others}


@pytest.mark.parametrize("outcome", sorted(FULL.keys() - NOT_DRAWN))
def test_hidden_data_come_from_the_seed_that_marking_replaces(outcome: str, tests) -> None:
    hidden = tests[outcome].partition("BEGIN HIDDEN TESTS")[2]
    assert PLACEHOLDER in hidden
    assert "Random(cohort_seed)" in hidden
    assert "_draw" in hidden.partition("Random(cohort_seed)")[2]


@pytest.mark.parametrize(
    "word", ["count more", "find the special cause", "hold", "redesign", "tighten", None]
)
def test_one_decision_for_everything_earns_nothing(word, tests, given) -> None:
    def gate(values, aim, lower=None, upper=None):
        actions = ["keep monitoring", "keep rescuing people", word]
        return {"share": 0, "low": 0, "decision": word, "actions": actions}

    answer = given | {"gate": gate}
    for outcome in ITEMS["gate"]:
        assert points(tests[outcome], answer, FULL[outcome]) == 0, outcome


def test_naming_no_link_or_every_link_earns_nothing(tests, given) -> None:
    for found in ([], list(given["bay"])):
        answer = given | {"broken_links": lambda loop, found=found: found}
        for outcome in ITEMS["broken-links"]:
            assert points(tests[outcome], answer, FULL[outcome]) == 0, outcome


@pytest.mark.parametrize("number", [0, 1, 10, 180])
def test_one_answer_for_every_loop_earns_nothing(number: float, tests, given) -> None:
    answer = given | {"loop_odds": lambda *loop: {"false": number, "wait": number}}
    assert {outcome: points(tests[outcome], answer, 2) for outcome in ITEMS["loop-odds"]} == dict.fromkeys(
        ITEMS["loop-odds"], 0
    )


def test_no_single_word_earns_anything_and_no_kind_of_looking_dominates(tests) -> None:
    text = tests["looking-sorted"]
    known = ast.literal_eval(text.partition("_known = ")[2].partition("\n")[0])
    for word in known:
        same = {"looking": dict.fromkeys("abcdefghijkl", word)}
        assert points(text, same, FULL["looking-sorted"]) == 0, word
    key = ast.literal_eval(text.partition('zip("abcdefghijkl", ')[2].partition(")")[0])
    assert Counter(key) == {0: 3, 1: 3, 2: 3, 3: 3}


def test_break_even_of_nothing_or_of_everything_earns_nothing(tests) -> None:
    for rate in (None, 0.028):
        answer = {"bill": lambda *month, rate=rate, **prices: {"break_even": rate}}
        assert points(tests["bill-break-even"], answer, 2) == 0, rate


def test_the_form_says_what_it_is_and_filler_does_not_pass_it(notebook, tests, given) -> None:
    (words,) = [cell.source for cell in notebook.cells if mark(cell).get("grade_id") == "task-7"]
    assert "completeness only. It does not read a word of it" in words
    assert "2 points of 72" in words
    texts = ("subject", "sensor", "owner", "escalation", "capability")

    def filled(wording) -> dict:
        plan = {name: wording() for name in texts}
        numbers = {"unit": "x", "standard": (1, "x"), "frequency": 1, "response": (wording(), 1)}
        return plan | numbers | {"rule": {"special": wording(), "common": wording()}}

    some = iter(range(99))
    for wording, wanted in (
        (lambda: "x", 0),
        (lambda: "", 0),
        (lambda: "we will monitor it", 0),
        (lambda: f"box {next(some)}", 2),
    ):
        answer = given | {"plan": filled(wording)}
        assert points(tests["plan-form"], answer, 2) == wanted


@pytest.mark.parametrize(
    ("task", "rubric", "totals", "criteria"),
    [("memo", "Rubric R4", [4, 9, 14], 5), ("plan-read", "Rubric R6", [5, 11, 16], 6)],
)
def test_the_marker_has_criteria_and_exemplars_at_three_levels(
    notebook, task: str, rubric: str, totals: list[int], criteria: int
) -> None:
    (cell,) = [cell for cell in notebook.cells if mark(cell).get("grade_id") == task]
    scheme = cell.source.partition("BEGIN MARK SCHEME")[2]
    assert rubric in scheme
    assert scheme.count("\n| ") - 1 == criteria
    assert mark(cell)["points"] == 3 * criteria
    levels = re.findall(r"Worth about (\d+) \(([\d, ]+)\)", scheme)
    assert [int(total) for total, _ in levels] == totals
    for total, scores in levels:
        each = [int(score) for score in scores.split(", ")]
        assert (sum(each), len(each)) == (int(total), criteria)
        assert max(each) <= 3


def test_the_four_services_stand_for_the_four_decisions(given, solutions) -> None:
    """By the course's own capability function, and as part 1 and the memo tell it."""
    told = {}
    for name, (values, aim, need) in given["services"].items():
        found = spc.capability(values, aim=aim, **need)
        reasons = {refusal.code for refusal in found.refusals} & {"special_cause", "too_few_points"}
        told[name] = reasons.pop() if reasons else found.meets_aim
    assert told == {"liaison": False, "phone": True, "handover": "special_cause", "fridge": "too_few_points"}
    answer = answers([solutions["gate"]], given)
    decided = {
        name: answer["gate"](values, aim, **need)["decision"]
        for name, (values, aim, need) in given["services"].items()
    }
    assert decided == {
        "liaison": "redesign",
        "phone": "hold",
        "handover": "find the special cause",
        "fridge": "count more",
    }
    crews = given["services"]["handover"][0]
    assert spc.wilson_interval(sum(crew <= 45 for crew in crews), len(crews)).low > 0.75

    liaison = given["liaison"]
    steps = [abs(after - before) for before, after in pairwise(liaison)]
    mean, reach = sum(liaison) / 60, 2.66 * sum(steps) / 59
    assert (round(mean), round(mean - reach), round(mean + reach)) == (61, 3, 119)
    assert (sum(wait <= 60 for wait in liaison), min(liaison), max(liaison)) == (30, 9, 95)
    assert not given["four_rules"](liaison)
    half = spc.wilson_interval(30, 60)
    assert (half.high - half.low) / 2 == pytest.approx(0.12, abs=0.005)


def test_the_four_loops_break_where_the_text_says(given, solutions) -> None:
    answer = answers([solutions["broken-links"]], given)
    assert {name: sorted(answer["broken_links"](loop)) for name, loop in given["loops"].items()} == {
        "bay": [],
        "liaison nurses": ["frequency", "owner", "rule"],
        "heels": ["escalation", "rule"],
        "results": ["escalation", "owner", "response", "rule", "sensor", "standard"],
    }


@pytest.mark.parametrize(
    ("every", "delay", "limit", "size", "false", "wait"),
    [
        (7, 2, 2.0, 2.0, 1.2, 12),
        (1, 1, -0.1, 2.0, 197, 1),
        (1, 1, 3.0, 2.0, 0.5, 6.3),
        (7, 14, 3.0, 2.0, 0.07, 54),
        (5, 0, 1.0, 1.3, None, None),
    ],
)
def test_the_true_odds_of_a_loop(every, delay, limit, size, false, wait, solutions, given) -> None:
    """By a second implementation, day by day: 40,000 troubles and 4,000 years."""
    draw = np.random.default_rng(31)
    years = draw.standard_normal((4_000, 365))
    called = (years[:, every - 1 :: every] > limit).sum(axis=1)
    waits = []
    for start in draw.integers(0, every, 40_000):
        day = int(start)
        while day % every or draw.standard_normal() + size <= limit:
            day += 1
        waits.append(day - start + delay)
    slack = 5 * np.std(waits) / math.sqrt(len(waits)) + 1e-9
    mine = answers([solutions["loop-odds"]], given)["loop_odds"](every, delay, limit, size, 1)
    assert mine["false"] == pytest.approx(
        called.mean(), rel=0.01, abs=5 * called.std() / math.sqrt(4_000) + 1e-9
    )
    assert mine["wait"] == pytest.approx(np.mean(waits), abs=slack)
    assert false is None or mine["false"] == pytest.approx(false, rel=0.05)
    assert wait is None or mine["wait"] == pytest.approx(wait, rel=0.03)


def test_the_bill_is_the_lessons_bill(solutions, given) -> None:
    bill = answers([solutions["bill"]], given)["bill"]
    month = inspection.Parameters(
        items=2000, defect_rate=0.05, share=1, detection=0.8, cost_inspection=2, cost_correction=10,
        cost_harm=100, prevented=0.5, cost_prevention=1500,
    )  # fmt: skip
    letters = {"items": 2000, "rate": 0.05, "detection": 0.8, "check": 2, "correct": 10, "harm": 100}
    template = {"prevented": 0.5, "prevention": 1500}
    told = {}
    for name, more in {
        "none": {"share": 0},
        "inspect": {"share": 1},
        "prevent": {"share": 0} | template,
        "both": {"share": 1} | template,
    }.items():
        found, lesson = bill(**letters, **more), inspection.policies(month)[name]
        assert found == pytest.approx(
            {
                "made": lesson.made,
                "through": lesson.reach,
                "cost": lesson.cost,
                "break_even": inspection.break_even(month),
            }
        )
        told[name] = round(found["through"]), round(found["cost"])
    assert told == {
        "none": (100, 10_000),
        "inspect": (20, 6_800),
        "prevent": (50, 6_500),
        "both": (10, 6_900),
    }


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, dict[str, dict[str, str]]]:
    return grade_right_wrong_and_blank(SOURCE, VARIANTS, tmp_path_factory.mktemp("e10"))


def test_the_autograder_gives_each_submission_the_points_of_the_outcomes_it_meets(marked) -> None:
    got = points_given(marked[1], FULL)
    assert got.keys() == {"right", "wrong", "blank"}
    assert got["right"] == near(FULL)
    assert got["wrong"] == pytest.approx(earned_by_first_wrong(VARIANTS), abs=0.01)
    assert got["blank"] == dict.fromkeys(FULL, 0)


def test_learners_get_no_answer_no_hidden_test_and_no_mark_scheme(marked) -> None:
    text = json.dumps(marked[0])
    for secret in (*SECRETS, "erfc", "laboratory inbox counts"):
        assert secret not in text
