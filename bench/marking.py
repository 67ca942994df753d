"""How fast a cohort is marked: `course grade`, with its sandbox and feedback, beside stock nbgrader, in one run.

Usage: python bench/marking.py [SIZE ...]; 30, 60 and 120 unless told. The cohorts of the first size are also marked
with right answers only, which need one run of the notebook in place of two, and with the small exercise E00.
"""

from __future__ import annotations

import csv
import itertools
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from coursekit.grade.mend import marked_cells
from coursekit.grade.release import add_assignment, exercises
from coursekit.paths import ROOT

sys.path.insert(0, str(ROOT / "tests"))
import variants_e00
import variants_e02

SIZES = tuple(map(int, sys.argv[1:])) or (30, 60, 120)
SCRIPTS = Path(sysconfig.get_path("scripts"))


@dataclass(frozen=True)
class Cohort:
    """What learners hand in, over and over: code by cell, and the cells that code marks."""

    name: str
    assignment: str
    answers: tuple[Mapping[str, str], ...]
    marked: tuple[str, ...]

    @property
    def source(self) -> Path:
        return exercises()[self.assignment]


def cohorts() -> tuple[Cohort, Cohort, Cohort]:
    e02 = [one for one in variants_e02.SUBMISSIONS if one.variants]
    right = [one.cells for one in e02 if one.earns.items() >= variants_e02.FULL.items()]
    first = {
        task: next(one.code for one in variants_e00.RIGHT if one.task == task) for task in variants_e00.TASKS
    }
    small = [first | {one.task: one.code} for one in [*variants_e00.RIGHT, *variants_e00.WRONG]]
    return (
        Cohort("E02, all answers", "E02", tuple(one.cells for one in e02), tuple(variants_e02.FULL)),
        Cohort("E02, right ones", "E02", tuple(right), tuple(variants_e02.FULL)),
        Cohort("E00, all answers", "E00", tuple(small), tuple(variants_e00.FULL)),
    )


def timed(command: list[str], folder: Path) -> float:
    begun = time.perf_counter()
    environment = {**os.environ, "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} stopped:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return time.perf_counter() - begun


def write_cohort(folder: Path, cohort: Cohort, size: int) -> None:
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="released-") as course:
        add_assignment(
            Path(course), cohort.assignment, cohort.source.read_text(encoding="utf-8"), cohort.source.name
        )
        released = nbformat.read(Path(course, "release", cohort.assignment, cohort.source.name), as_version=4)
    for number, answers in enumerate(itertools.islice(itertools.cycle(cohort.answers), size)):
        notebook = nbformat.from_dict(released)
        cells = marked_cells(notebook)
        for name, code in answers.items():
            cells[name].source = code
        nbformat.write(notebook, folder / f"learner-{number:04}.ipynb")


def stock(base: Path, cohort: Cohort, handed_in: Path) -> tuple[float, float, dict[str, dict[str, float]]]:
    """nbgrader with its own settings: seconds for autograde, seconds for feedback, the scores."""
    base.mkdir()
    add_assignment(base, cohort.assignment, cohort.source.read_text(encoding="utf-8"), cohort.source.name)
    (base / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    for path in handed_in.iterdir():
        staged = base / "submitted" / path.stem / cohort.assignment
        staged.mkdir(parents=True)
        shutil.copy(path, staged / cohort.source.name)
    autograde = timed([str(SCRIPTS / "nbgrader"), "autograde", cohort.assignment], base)
    feedback = timed([str(SCRIPTS / "nbgrader"), "generate_feedback", cohort.assignment], base)
    scores = {}
    with Gradebook(f"sqlite:///{base / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(cohort.assignment):
            grades = (grade for notebook in submission.notebooks for grade in notebook.grades)
            scores[submission.student.id] = {
                one.name: one.auto_score for one in grades if one.name in cohort.marked
            }
    return autograde, feedback, scores


def ours(base: Path, cohort: Cohort, handed_in: Path) -> tuple[float, dict[str, dict[str, float]]]:
    """`course grade` as a facilitator runs it: seconds for all of it, the scores."""
    marking = base / "marking"
    command = [str(SCRIPTS / "course"), "grade", str(handed_in), "--assignment", cohort.assignment]
    seconds = timed([*command, "--marking", str(marking)], base)
    with (marking / f"marks-{cohort.assignment}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return seconds, {row["learner"]: {name: float(row[name]) for name in cohort.marked} for row in rows}


def compare(cohort: Cohort, size: int) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        base = Path(folder)
        write_cohort(base / "in", cohort, size)
        fast, got = ours(base, cohort, base / "in")
        autograde, feedback, expected = stock(base / "stock", cohort, base / "in")
    both = autograde + feedback
    print(
        f"{cohort.name:16}  {size:4}  {autograde:18.1f}  {feedback:12.1f}  {fast:12.1f}  {both / fast:12.1f}  "
        f"{got == expected}",
        flush=True,
    )


def main() -> None:
    print(
        f"Seconds of whole commands on {os.cpu_count()} processors; ours with its sandbox, marks and feedback."
    )
    print("cohort            size  nbgrader autograde  and feedback  course grade  times faster  same scores")
    varied, right, small = cohorts()
    for cohort in (small, right):
        compare(cohort, SIZES[0])
    for size in SIZES:
        compare(varied, size)


if __name__ == "__main__":
    main()
