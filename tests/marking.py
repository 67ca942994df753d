"""What the tests of exercises share: a notebook's cells, marks given in this process, and hand-ins marked by the real command."""

from __future__ import annotations

import ast
import contextlib
import copy
import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from coursekit.grade.folder import PLACEHOLDER
from coursekit.grade.release import add_assignment

COURSE = Path(sys.executable).with_name("course")
SOLUTION = re.compile(r"### BEGIN SOLUTION(.|\n)*?### END SOLUTION")
SECRETS = ("BEGIN SOLUTION", "HIDDEN TESTS", "cohort_seed", "MARK SCHEME", "Worth about")
"""Words of an exercise's source that no learner's version may hold."""


# A notebook's cells


def fixtures_of(source: Path) -> tuple[Any, ...]:
    """Fixtures for a module that tests one exercise: `notebook, tests, solutions, given = fixtures_of(SOURCE)`."""

    @pytest.fixture(scope="module")
    def notebook() -> NotebookNode:
        return nbformat.read(source, as_version=4)

    @pytest.fixture(scope="module")
    def tests(notebook: NotebookNode) -> dict[str, str]:
        """The text of each graded code cell, hidden tests included."""
        return {mark(cell)["grade_id"]: cell.source for cell in notebook.cells if mark(cell).get("grade")}

    @pytest.fixture(scope="module")
    def solutions(notebook: NotebookNode) -> dict[str, str]:
        return {mark(cell)["grade_id"]: cell.source for cell in notebook.cells if mark(cell).get("solution")}

    @pytest.fixture(scope="module")
    def given(notebook: NotebookNode) -> dict[str, Any]:
        """What the exercise's own boxes, neither answers nor tests, define for a learner."""
        names: dict[str, Any] = {}
        for cell in notebook.cells:
            own = mark(cell) and not mark(cell)["grade"] and not mark(cell)["solution"]
            if cell.cell_type == "code" and own:
                run(cell.source, names)
        return names

    return notebook, tests, solutions, given


def mark(cell: Mapping[str, Any]) -> dict[str, Any]:
    """What nbgrader keeps of a cell; empty for a cell it does not know."""
    return cell["metadata"].get("nbgrader", {})


def marked_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells that earn points, by test or by hand."""
    return [cell for cell in notebook.cells if mark(cell).get("grade") or mark(cell).get("task")]


def blank(solutions: Mapping[str, str]) -> list[str]:
    """The answer cells as a learner gets them."""
    return [SOLUTION.sub("raise NotImplementedError", text) for text in solutions.values()]


def run(source: str, names: dict[str, Any]) -> None:
    """Run code quietly, with and in these names."""
    with contextlib.redirect_stdout(io.StringIO()):
        exec(source, names)


def answers(codes: Iterable[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """The names that a learner's cells define; an answer left out is passed over."""
    names = dict(given)
    for code in codes:
        with contextlib.suppress(NotImplementedError):
            run(code, names)
    return names


# Marks given in this process


def points(source: str, answer: dict, most: float) -> float:
    """What nbgrader gives a test cell worth `most`: nothing for an error, else the last line's value, else all.

    `answer` holds the names that a learner's notebook defines; the cell cannot change it.
    """
    *body, last = ast.parse(source).body
    names = dict(answer)
    try:
        if not isinstance(last, ast.Expr):
            body.append(last)
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(ast.Module(body, []), "test cell", "exec"), names)
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), "test cell", "eval"), names)
                return float(repr(value))  # nbgrader reads what the notebook shows
    except Exception:
        return 0
    return most


def points_by_seed(source: str, answer: dict, most: float, seeds: Iterable[int]) -> dict[int, float]:
    """What a test cell gives for each private seed that marking may put into it."""
    return {
        seed: points(source.replace(PLACEHOLDER, f"cohort_seed = {seed}"), answer, most) for seed in seeds
    }


def earned(tests: Mapping[str, str], answer: dict, full: Mapping[str, float]) -> dict[str, float]:
    """What an answer gets from each test cell; `full` says how much each is worth."""
    return {outcome: points(tests[outcome], answer, most) for outcome, most in full.items()}


# Hand-ins marked by the real command


def released(source: Path, folder: Path) -> dict[str, Any]:
    """The learner's version of an exercise, written into a folder as a release writes it."""
    assignment = source.parent.name
    folder.mkdir(parents=True)
    add_assignment(folder, assignment, source.read_text(encoding="utf-8"), source.name)
    return json.loads((folder / "release" / assignment / source.name).read_text(encoding="utf-8"))


def filled(notebook: Mapping[str, Any], code: Mapping[str, str]) -> dict[str, Any]:
    """A copy of a learner's version with code in cells, by their grade_id."""
    copied = copy.deepcopy(dict(notebook))
    for cell in copied["cells"]:
        cell["source"] = code.get(mark(cell).get("grade_id"), cell["source"])
    return copied


def grade(
    handed_in: Mapping[str, Mapping[str, Any]], assignment: str, folder: Path
) -> dict[str, dict[str, str]]:
    """Run `course grade` on the notebooks of these learners; return the rows of its table of marks, by learner."""
    (folder / "in").mkdir(parents=True)
    for learner, notebook in handed_in.items():
        (folder / "in" / f"{learner}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    done = subprocess.run(
        [COURSE, "grade", folder / "in", "--assignment", assignment, "--marking", folder / "marking"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with (folder / "marking" / f"marks-{assignment}.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["learner"]: row for row in csv.DictReader(file)}


def points_given(
    marks: Mapping[str, Mapping[str, str]], full: Mapping[str, float]
) -> dict[str, dict[str, float] | str]:
    """By learner, the points in the table of marks, or why there are none."""
    return {
        learner: {outcome: float(row[outcome]) for outcome in full}
        if row["status"] == "marked"
        else row["reason"]
        for learner, row in marks.items()
    }


def first_wrong(variants: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """By item, the first answer that loses points."""
    return {item: next(one for one in of_it if any(one.loses.values())) for item, of_it in variants.items()}


def earned_by_first_wrong(variants: Mapping[str, Sequence[Any]]) -> dict[str, float]:
    """What a hand-in of those answers earns, by outcome."""
    return {outcome: marks for one in first_wrong(variants).values() for outcome, marks in one.earns.items()}


def grade_right_wrong_and_blank(
    source: Path, variants: Mapping[str, Sequence[Any]], folder: Path
) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """The learner's version of an exercise, and the marks of one right, one wrong and one blank hand-in."""
    clean = released(source, folder / "release")
    codes = {
        "right": {item: of_it[1].code for item, of_it in variants.items()},
        "wrong": {item: one.code for item, one in first_wrong(variants).items()},
        "blank": {},
    }
    handed_in = {learner: filled(clean, code) for learner, code in codes.items()}
    return clean, grade(handed_in, source.parent.name, folder)
