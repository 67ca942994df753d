"""How fast a cohort is marked: `course grade`, with its sandbox and feedback, beside stock nbgrader, in one run."""

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
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from coursekit.grade.engine import scripts_on_path
from coursekit.grade.mend import marked_cells
from coursekit.grade.release import add_assignment, exercises
from coursekit.paths import ROOT

sys.path.insert(0, str(ROOT / "tests"))
from variants_e02 import FULL, SUBMISSIONS

SIZES = tuple(map(int, sys.argv[1:])) or (30, 60, 120)
ASSIGNMENT = "E02"
SOURCE = exercises()[ASSIGNMENT]
SCRIPTS = Path(sysconfig.get_path("scripts"))


def timed(command: list[str], folder: Path) -> float:
    begun = time.perf_counter()
    environment = {**os.environ, "PATH": f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} stopped:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return time.perf_counter() - begun


def write_cohort(folder: Path, released: nbformat.NotebookNode, size: int) -> None:
    answered = [submission for submission in SUBMISSIONS if submission.variants]
    for number, submission in enumerate(itertools.islice(itertools.cycle(answered), size)):
        notebook = nbformat.from_dict(released)
        cells = marked_cells(notebook)
        for name, code in submission.cells.items():
            cells[name].source = code
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, folder / f"learner-{number:04}.ipynb")


def stock(base: Path, handed_in: Path) -> tuple[float, float, dict[str, dict[str, float]]]:
    """nbgrader with its own settings: seconds for autograde, seconds for feedback, the scores."""
    add_assignment(base, ASSIGNMENT, SOURCE.read_text(encoding="utf-8"), SOURCE.name)
    (base / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    for path in handed_in.iterdir():
        staged = base / "submitted" / path.stem / ASSIGNMENT
        staged.mkdir(parents=True)
        shutil.copy(path, staged / SOURCE.name)
    autograde = timed([str(SCRIPTS / "nbgrader"), "autograde", ASSIGNMENT], base)
    feedback = timed([str(SCRIPTS / "nbgrader"), "generate_feedback", ASSIGNMENT], base)
    scores = {}
    with scripts_on_path(), Gradebook(f"sqlite:///{base / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(ASSIGNMENT):
            grades = (grade for notebook in submission.notebooks for grade in notebook.grades)
            scores[submission.student.id] = {one.name: one.auto_score for one in grades if one.name in FULL}
    return autograde, feedback, scores


def ours(base: Path, handed_in: Path) -> tuple[float, dict[str, dict[str, float]]]:
    """`course grade` as a facilitator runs it: seconds for all of it, the scores."""
    marking = base / "marking"
    seconds = timed(
        [
            str(SCRIPTS / "course"),
            "grade",
            str(handed_in),
            "--assignment",
            ASSIGNMENT,
            "--marking",
            str(marking),
        ],
        base,
    )
    with (marking / f"marks-{ASSIGNMENT}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return seconds, {row["learner"]: {name: float(row[name]) for name in FULL} for row in rows}


def main() -> None:
    print(f"Marking {ASSIGNMENT} on {os.cpu_count()} processors; seconds of wall time, whole commands.")
    print(
        "size  nbgrader autograde  and feedback  course grade (sandbox, marks, feedback)  times faster  same scores"
    )
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            base = Path(folder)
            (base / "stock").mkdir()
            add_assignment(base / "stock", ASSIGNMENT, SOURCE.read_text(encoding="utf-8"), SOURCE.name)
            released = nbformat.read(base / "stock" / "release" / ASSIGNMENT / SOURCE.name, as_version=4)
            shutil.rmtree(base / "stock")
            (base / "stock").mkdir()
            write_cohort(base / "in", released, size)
            fast, got = ours(base, base / "in")
            autograde, feedback, expected = stock(base / "stock", base / "in")
            both = autograde + feedback
            print(
                f"{size:4}  {autograde:18.1f}  {feedback:12.1f}  {fast:39.1f}  {both / fast:12.1f}  {got == expected}",
                flush=True,
            )


if __name__ == "__main__":
    main()
