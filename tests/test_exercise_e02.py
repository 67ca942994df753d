"""Exercise E02 marks alike whatever the private seed: every answer variant, many seeds, the tests' own text."""

from __future__ import annotations

import ast

import nbformat
import pytest

from coursekit.grade.folder import PLACEHOLDER
from coursekit.paths import ROOT
from variants_e02 import ALL, FULL

SEEDS = range(10**20, 10**20 + 40)


@pytest.fixture(scope="module")
def tests() -> dict[str, str]:
    """The text of each graded cell, hidden tests included."""
    notebook = nbformat.read(ROOT / "exercises/source/E02/E02-chart-pack.ipynb", as_version=4)
    marks = [(cell, cell.metadata.get("nbgrader", {})) for cell in notebook.cells]
    return {mark["grade_id"]: cell.source for cell, mark in marks if mark.get("grade")}


def points(source: str, answer: dict, outcome: str) -> float:
    """What nbgrader gives a test cell: nothing for an error, else the last line's value, else all."""
    *body, last = ast.parse(source).body
    names = dict(answer)
    try:
        if not isinstance(last, ast.Expr):
            body.append(last)
        exec(compile(ast.Module(body, []), outcome, "exec"), names)
        if isinstance(last, ast.Expr):
            return eval(compile(ast.Expression(last.value), outcome, "eval"), names)
    except Exception:
        return 0
    return FULL[outcome]


@pytest.mark.parametrize("variant", ALL, ids=lambda variant: variant.name)
def test_an_answer_earns_the_same_points_whatever_the_cohort_seed(variant, tests: dict[str, str]) -> None:
    answer: dict = {}
    exec(variant.xmr_limits, answer)
    exec(variant.weeks_outside, answer)
    for outcome, full in FULL.items():
        wanted = full - variant.loses.get(outcome, 0)
        seeded = [tests[outcome].replace(PLACEHOLDER, f"cohort_seed = {seed}") for seed in SEEDS]
        got = {seed: points(text, answer, outcome) for seed, text in zip(SEEDS, seeded, strict=True)}
        assert {seed: earned for seed, earned in got.items() if earned != wanted} == {}, outcome


@pytest.mark.parametrize("outcome", ["mean", "moving-range", "limits", "screening"])
def test_hidden_data_come_from_the_seed_that_marking_replaces(outcome: str, tests: dict[str, str]) -> None:
    hidden = tests[outcome].partition("BEGIN HIDDEN TESTS")[2]
    assert PLACEHOLDER in hidden
    assert "Random(cohort_seed)" in hidden


def test_refusing_everything_earns_nothing(tests: dict[str, str]) -> None:
    def xmr_limits(values, screen_outliers=False):
        raise ValueError("no")

    assert points(tests["refusing"], {"xmr_limits": xmr_limits}, "refusing") == 0
