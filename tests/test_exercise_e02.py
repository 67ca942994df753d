"""Exercise E02 marks alike whatever the private seed: every answer variant, many seeds, the tests' own text."""

from __future__ import annotations

import ast
import contextlib
import io
import math
import re
from collections import Counter
from itertools import pairwise

import nbformat
import numpy as np
import pytest

from coursekit.grade.folder import PLACEHOLDER
from coursekit.paths import ROOT
from improvement.simulate import rule_bench
from marking import points
from variants_e02 import ALL, BY_HAND, FULL, ITEMS, VARIANTS, Submission

SEEDS = range(10**20, 10**20 + 40)
SLOW_SEEDS = SEEDS[:8]
SLOW = {"alarm-rate", "rtm-share", "rtm-ties", "rtm-seed"}
"""Simulations of thousands of series or months."""

NOT_DRAWN = {"charts", "reasons"}
"""These have one key; everything else is tested on numbers drawn from the seed."""

OUTCOMES = {"construct", "apply", "estimate", "distinguish", "evaluate", "calculate", "design", "critique"}
"""The verbs of module M02's outcomes (map, section 4)."""


@pytest.fixture(scope="module")
def notebook() -> nbformat.NotebookNode:
    return nbformat.read(ROOT / "exercises/source/E02/E02-chart-pack.ipynb", as_version=4)


def mark(cell: nbformat.NotebookNode) -> dict:
    return cell.metadata.get("nbgrader", {})


@pytest.fixture(scope="module")
def tests(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """The text of each graded code cell, hidden tests included."""
    return {mark(cell)["grade_id"]: cell.source for cell in notebook.cells if mark(cell).get("grade")}


@pytest.fixture(scope="module")
def given(notebook: nbformat.NotebookNode) -> dict:
    """What the exercise's own boxes, neither answers nor tests, define for a learner."""
    names: dict = {}
    for cell in notebook.cells:
        own = mark(cell) and not mark(cell)["grade"] and not mark(cell)["solution"]
        if cell.cell_type == "code" and own:
            run(cell.source, names)
    return names


def run(source: str, names: dict) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        exec(source, names)


def answers(cells: dict[str, str], given: dict) -> dict:
    names = dict(given)
    for code in cells.values():
        with contextlib.suppress(NotImplementedError):
            run(code, names)
    return names


@pytest.mark.parametrize("variant", ALL, ids=lambda variant: f"{variant.item}: {variant.name}")
def test_an_answer_earns_the_same_points_whatever_the_cohort_seed(variant, tests: dict, given: dict) -> None:
    answer = answers(variant.cells, given)
    for outcome, wanted in variant.earns.items():
        seeds = SLOW_SEEDS if outcome in SLOW else SEEDS
        seeded = {seed: tests[outcome].replace(PLACEHOLDER, f"cohort_seed = {seed}") for seed in seeds}
        got = {seed: points(text, answer, FULL[outcome]) for seed, text in seeded.items()}
        assert {seed: earned for seed, earned in got.items() if earned != wanted} == {}, outcome


def test_a_blank_earns_nothing(notebook, tests: dict, given: dict) -> None:
    stub = r"(?m)### BEGIN SOLUTION(.|\n)*### END SOLUTION"
    solutions = [cell.source for cell in notebook.cells if mark(cell).get("solution")]
    blank = {
        str(place): re.sub(stub, "raise NotImplementedError", text) for place, text in enumerate(solutions)
    }
    answer = answers(blank, given)
    assert {outcome: points(tests[outcome], answer, FULL[outcome]) for outcome in FULL} == dict.fromkeys(
        FULL, 0
    )


def test_the_exercises_own_solution_earns_everything(notebook, tests: dict, given: dict) -> None:
    solutions = {mark(cell)["grade_id"]: cell.source for cell in notebook.cells if mark(cell).get("solution")}
    answer = answers(solutions, given)
    assert {outcome: points(tests[outcome], answer, FULL[outcome]) for outcome in FULL} == FULL


@pytest.mark.parametrize("item", ITEMS)
def test_each_item_has_four_right_answers_and_eight_misconceptions(item: str) -> None:
    right = {tuple(one.cells.values()) for one in VARIANTS[item] if not any(one.loses.values())}
    wrong = [one for one in VARIANTS[item] if any(one.loses.values())]
    assert len(right) >= 4
    assert len({one.name for one in wrong}) == len(wrong) >= 8
    assert {outcome for one in wrong for outcome in one.loses} == set(ITEMS[item]), (
        "each outcome can be missed"
    )


def test_answers_to_one_item_do_not_reach_another(notebook, tests: dict, given: dict) -> None:
    right = Submission("right", tuple(variants[0] for variants in VARIANTS.values()))
    for item, outcomes in ITEMS.items():
        others = [one for one in right.variants if one.item != item]
        alone = answers(Submission("part", tuple(others)).cells, given)
        for outcome in FULL.keys() - outcomes.keys():
            assert points(tests[outcome], alone, FULL[outcome]) == FULL[outcome], f"{outcome} without {item}"


@pytest.mark.parametrize("outcome", sorted(FULL.keys() - NOT_DRAWN))
def test_hidden_data_come_from_the_seed_that_marking_replaces(outcome: str, tests: dict[str, str]) -> None:
    hidden = tests[outcome].partition("BEGIN HIDDEN TESTS")[2]
    assert PLACEHOLDER in hidden
    assert "Random(cohort_seed)" in hidden
    assert "_draw." in hidden


def test_every_graded_cell_has_its_points_and_an_outcome_of_the_module(notebook) -> None:
    graded = [cell for cell in notebook.cells if mark(cell).get("grade") or mark(cell).get("task")]
    assert {mark(cell)["grade_id"]: mark(cell)["points"] for cell in graded} == FULL | BY_HAND
    assert {cell.metadata["course"]["outcome"] for cell in graded} == OUTCOMES
    assert notebook.metadata["course"]["module"] == "M02"


def test_refusing_everything_earns_nothing(tests: dict, given: dict) -> None:
    def xmr_limits(values, screen_outliers=False):
        raise ValueError("no")

    def capability(values, need):
        share = sum(value <= need for value in values) / len(values)
        refusal = {"refused": "too few points", "natural_limits": None, "reliably": None}
        return {"meeting": share, "interval": (0, 1), **refusal}

    assert points(tests["refusing"], {"xmr_limits": xmr_limits}, FULL["refusing"]) == 0
    assert points(tests["cap-refusing"], given | {"capability": capability}, FULL["cap-refusing"]) == 0


@pytest.mark.parametrize("verdict", [True, False, None])
def test_one_verdict_for_everything_earns_nothing(verdict, tests: dict) -> None:
    earned = points(tests["run-verdict"], {"anhoej_signal": lambda *counts: verdict}, FULL["run-verdict"])
    assert earned == 0


def test_flagging_nothing_or_everything_earns_nothing(tests: dict) -> None:
    for outcome, function in (
        ("rule-shift", "shift_points"),
        ("rule-trend", "trend_points"),
        ("rule-two-in-three", "two_in_three_points"),
    ):
        assert points(tests[outcome], {function: lambda values, limits: []}, FULL[outcome]) == 0, outcome
        everything = {function: lambda values, limits: range(len(values))}
        assert points(tests[outcome], everything, FULL[outcome]) == 0, outcome


def test_finding_nobody_or_everybody_outside_earns_nothing(tests: dict) -> None:
    for places in ([], range(300)):
        for lower, upper in ((0, 0), (0, math.inf), (-math.inf, math.inf), (8, 12)):

            def np_limits(counts, size, found=places, lower=lower, upper=upper):
                mean = sum(counts) / len(counts)
                return {"mean": mean, "lower": lower, "upper": upper, "outside": list(found)[: len(counts)]}

            answer = {"np_limits": np_limits}
            for outcome in ("np-reach", "np-outside"):
                assert points(tests[outcome], answer, FULL[outcome]) == 0, (outcome, lower, upper)


@pytest.mark.parametrize("share", [0, 0.5, 0.9, 1])
def test_one_share_for_every_ranking_earns_nothing(share: float, tests: dict) -> None:
    answer = {"rtm_improves": lambda teams, mean, replicates, seed: share}
    for outcome in ("rtm-share", "rtm-ties", "rtm-seed"):
        assert points(tests[outcome], answer, FULL[outcome]) == 0, outcome


@pytest.mark.parametrize("place", [0, 1])
def test_no_single_choice_earns_anything(place: int, tests: dict) -> None:
    outcome = ("charts", "reasons")[place]
    words = set(ast.literal_eval(tests[outcome].partition("_known = ")[2].partition("\n")[0]))
    for word in words:
        same = {"choices": dict.fromkeys("abcdefgh", (word, word))}
        assert points(tests[outcome], same, FULL[outcome]) == 0, word


def test_chart_choice_asks_for_several_charts_and_reasons(tests: dict) -> None:
    key = ast.literal_eval(tests["charts"].partition("_key = ")[2].partition("\n")[0])
    assert max(Counter(key.values()).values()) <= len(key) / 2


def test_the_true_false_alarm_rate_is_what_the_exercise_says() -> None:
    """0.154, by a second implementation: 400,000 series of 24, so a standard error of 0.0006."""
    draw = np.random.default_rng(24)
    windows = np.lib.stride_tricks.sliding_window_view
    signals = 0
    for _ in range(4):
        series = draw.standard_normal((100_000, 24))
        away = series - series.mean(axis=1, keepdims=True)
        steps = np.diff(series, axis=1)
        reach = 2.66 * np.abs(steps).mean(axis=1, keepdims=True)
        outside = (np.abs(away) > reach).any(axis=1)
        side = np.sign(away)
        shift = (np.abs(windows(side, 7, axis=1).sum(axis=2)) == 7).any(axis=1)
        trend = (np.abs(windows(np.sign(steps), 6, axis=1).sum(axis=2)) == 6).any(axis=1)
        near = (np.abs(away) > reach * 2 / 3) & (np.abs(away) <= reach)
        same = np.abs(windows(side, 3, axis=1).sum(axis=2)) == 3
        two = (same & (windows(near, 3, axis=1).sum(axis=2) >= 2)).any(axis=1)
        signals += int((outside | shift | trend | two).sum())
    assert signals / 400_000 == pytest.approx(0.154, abs=0.003)


@pytest.mark.parametrize(
    ("teams", "mean", "told"), [(12, 8, 0.900), (2, 200, None), (5, 190, None), (6, 0.9, None)]
)
def test_the_true_share_of_the_worst_that_improve(
    teams: int, mean: float, told: float | None, tests: dict
) -> None:
    """By a second implementation: 400,000 pairs of months, so a standard error of at most 0.0008."""
    draw = np.random.default_rng(11)
    months = draw.poisson(mean, size=(400_000, teams))
    found = (draw.poisson(mean, size=400_000) < months.max(axis=1)).mean()
    for outcome in ("rtm-share", "rtm-ties"):
        hidden = tests[outcome].partition("### BEGIN HIDDEN TESTS")[2].partition("\nfor _teams")[0]
        names: dict = {}
        run(hidden, names)
        assert names["_exact"](teams, mean) == pytest.approx(found, abs=0.003)
    assert told is None or found == pytest.approx(told, abs=0.003)


def test_the_rules_that_the_exercise_lends_are_the_rules_that_it_states(given: dict) -> None:
    assert rule_bench.DEFAULTS.shift_n == rule_bench.DEFAULTS.trend_n == 7
    assert rule_bench.DEFAULTS.two_sigma == "between"
    assert not rule_bench.DEFAULTS.screen
    steady = [50, 52] * 12
    assert not given["four_rules"](steady)
    assert given["four_rules"]([*steady, 90])


def test_the_ranking_misleads_as_the_exercise_says(given: dict, table) -> None:
    """Twelve of thirteen visits were followed by a better month, counted from the file; one audit of two has a signal."""
    rates: dict[str, dict[str, float]] = {}
    for row in table("pressure_ulcers"):
        rate = int(row["new_pressure_ulcers"]) / int(row["patient_days"])
        rates.setdefault(row["month"], {})[row["team"]] = rate
    visits = []
    for month, after in pairwise(sorted(rates)[:14]):
        worst = max(rates[month], key=rates[month].get)
        visits.append((worst, rates[after][worst] < rates[month][worst]))
    assert (len(visits), sum(better for _, better in visits)) == (13, 12)
    assert [(team, after < then) for _, team, then, after in given["visits"]] == visits

    def outside(counts: list[int]) -> list[str]:
        mean = sum(counts) / 12
        reach = 3 * math.sqrt(mean * (50 - mean) / 50)
        teams = sorted(rates["2024-10-01"])
        return [team for team, count in zip(teams, counts, strict=True) if abs(count - mean) > reach]

    assert sum(given["spring"]) / 12 == 10
    assert (outside(given["spring"]), outside(given["autumn"])) == ([], ["Heron"])


def test_the_story_holds_on_the_data_it_uses(given: dict) -> None:
    """What the text says of Farah's, Priya's and Grace's numbers."""
    assert (len(given["everyone"]), len(given["most_deprived"]), len(given["minutes"])) == (24, 24, 60)
    assert not given["four_rules"](given["before"])
    assert not given["four_rules"](given["after"])
    assert given["four_rules"](given["before"][-30:] + given["after"][:30])
    booked = given["booked"]
    share = {}
    for late in (False, True):
        for poorest in (False, True):
            rows = [
                (missed, made)
                for month, fifth, missed, made in zip(
                    booked["month"],
                    booked["deprivation_fifth"],
                    booked["not_attended"],
                    booked["appointments"],
                    strict=True,
                )
                if (month >= given["datetime"].date(2025, 10, 1)) == late and (fifth == 1) == poorest
            ]
            share[late, poorest] = round(100 * sum(row[0] for row in rows) / sum(row[1] for row in rows), 1)
    assert share == {(False, True): 14, (False, False): 6, (True, True): 15, (True, False): 4}
