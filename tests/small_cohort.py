"""A few small hand-ins, the real command to mark them with, and what it wrote: for tests of the marking itself."""

from __future__ import annotations

import copy
import csv
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursekit.grade.mend import marked_cells
from coursekit.grade.release import add_assignment, exercises
from variants_e00 import BLANK, FULL, RIGHT, TASKS, WRONG, Variant

COURSE = Path(sys.executable).with_name("course")
SCRIPTS = COURSE.parent
FIRST = next(number for number, one in enumerate(WRONG) if one.task == "baseline")


@cache
def _released(assignment: str) -> NotebookNode:
    source = exercises()[assignment]
    with tempfile.TemporaryDirectory(prefix="released-") as folder:
        add_assignment(Path(folder), assignment, source.read_text(encoding="utf-8"), source.name)
        return nbformat.read(Path(folder, "release", assignment, source.name), as_version=4)


def released(assignment: str = "E00") -> NotebookNode:
    """The learner's version of an exercise, to be filled in."""
    return copy.deepcopy(_released(assignment))


def fill(notebook: NotebookNode, cells: Mapping[str, str]) -> NotebookNode:
    """Put code into cells by their grade_id."""
    for name, code in cells.items():
        marked_cells(notebook)[name].source = code
    return notebook


def answered(*chosen: Variant) -> NotebookNode:
    """E00 with the chosen answers, and right ones to the other tasks."""
    right = {task: next(one.code for one in RIGHT if one.task == task) for task in TASKS}
    return fill(released(), right | {one.task: one.code for one in chosen})


def earned(*chosen: Variant) -> dict[str, float]:
    """What the chosen answers to E00 earn, by graded cell, when the others are right."""
    lost = {cell: lose for one in chosen for cell, lose in one.loses.items()}
    return {cell: full - lost.get(cell, 0) for cell, full in FULL.items()}


COHORT: dict[str, tuple[Variant, ...]] = {
    "Ann": (),
    "Bo": (WRONG[0],),
    "Chi": (WRONG[FIRST],),
    "Dana": (WRONG[4], WRONG[FIRST + 1]),
    "Eve": (BLANK[1],),
    "Fay": tuple(BLANK),
}
"""Learners and what in their answers is not right."""


def hand_in(folder: Path, cohort: Mapping[str, Iterable[Variant]] = COHORT) -> Path:
    """Write a cohort's notebooks of E00 into a folder, by learner."""
    folder.mkdir(parents=True, exist_ok=True)
    for learner, chosen in cohort.items():
        nbformat.write(answered(*chosen), folder / f"{learner}.ipynb")
    return folder


def command(
    handed_in: Path, marking: Path, *more: object, assignment: str = "E00", name: str = "grade"
) -> list[str]:
    return [
        str(COURSE), name, str(handed_in), "--assignment", assignment, "--marking", str(marking), *map(str, more)
    ]  # fmt: skip


def environment(marking: Path) -> dict[str, str]:
    """As a facilitator has it who has activated nothing."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(marking.parent), "LANG": "C.UTF-8"}


def grade(
    handed_in: Path, marking: Path, *more: object, assignment: str = "E00"
) -> subprocess.CompletedProcess[str]:
    """Run `course grade`."""
    return subprocess.run(
        command(handed_in, marking, *more, assignment=assignment),
        capture_output=True,
        text=True,
        check=False,
        env=environment(marking),
    )


def table(marking: Path, assignment: str = "E00") -> dict[str, dict[str, str]]:
    """The table of marks, by learner."""
    with (marking / f"marks-{assignment}.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["learner"]: row for row in csv.DictReader(file)}


def points(marking: Path) -> dict[str, dict[str, float]]:
    """The points in the table of E00, by learner and graded cell; learners without marks are left out."""
    rows = table(marking).items()
    return {name: {cell: float(row[cell]) for cell in FULL} for name, row in rows if row["total"]}


def statuses(marking: Path) -> dict[str, str]:
    return {name: row["status"] for name, row in table(marking).items()}


EXPECTED = {learner: earned(*chosen) for learner, chosen in COHORT.items()}
"""What the cohort earns, by learner and graded cell."""
