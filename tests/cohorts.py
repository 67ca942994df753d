"""A small marked cohort of E02 for the tests of reports and certificates, with names that break careless pages."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from coursekit.grade.mend import marked_cells
from coursekit.grade.release import build_release
from coursekit.grade.submissions import Submission as HandedIn
from variants_e02 import BLANK, VARIANTS, Submission

COURSE = Path(sys.executable).with_name("course")
BY_HAND = ("interpretation", "charter", "critique")
SD = "limits-from-three-standard-deviations"

RIGHT_TO_LEFT = "محمد"
NAMES = [
    "<img src=x onerror=alert(1)>", "José d'Arcy", '"Ann, O\'Neill"', RIGHT_TO_LEFT, "=HYPERLINK", "ng", "patel-a", "Zoë",
    "okafor-b", "smith-c", "blank", "waits",
]  # fmt: skip
"""As the learners' files are called. The first four take the limits from three standard deviations."""


def course(*arguments: object, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(COURSE), *map(str, arguments)],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8"},
    )


def variant(item: str, name: str):
    return next(one for one in VARIANTS[item] if one.name == name)


def answers_of(place: int) -> Submission:
    """What a learner answers: the first four have one misconception, the next three another, the rest are right."""
    if NAMES[place] == "blank":
        return BLANK
    chosen = {item: variants[0] for item, variants in VARIANTS.items()}
    if place < 4:
        chosen["limits"] = variant("limits", SD)
    elif place < 7:
        chosen["verdict"] = variant("verdict", "too-few-points-called-steady")
    return Submission(NAMES[place], tuple(chosen.values()))


def make(base: Path) -> Path:
    """Hand in, mark and score a cohort; returns the marking folder."""
    released = next(path for path in build_release(base / "release") if path.name.startswith("E02"))
    handed_in = base / "handed in"
    handed_in.mkdir()
    for place, name in enumerate(NAMES):
        notebook = nbformat.read(released, as_version=4)
        cells = marked_cells(notebook)
        for cell, code in answers_of(place).cells.items():
            cells[cell].source = code
        if name != "blank":
            for task in BY_HAND:
                position = next(i for i, cell in enumerate(notebook.cells) if cell is cells[task])
                notebook.cells.insert(position + 1, nbformat.v4.new_markdown_cell(f"My {task}."))
        nbformat.write(notebook, handed_in / f"{name}.ipynb")
    (handed_in / "broken.ipynb").write_text("{")
    marked = course("grade", handed_in, "--assignment", "E02", "--marking", base / "marking", home=base)
    assert marked.returncode == 1, marked.stdout + marked.stderr
    score(base / "marking")
    return base / "marking"


def student(name: str) -> str:
    """The name as nbgrader has it."""
    return HandedIn(name).student


def score(marking: Path, **scores: float) -> None:
    """Give everybody but `waits` marks by hand: 12 for each task, 0 to who left it blank, or as told by student."""
    with Gradebook(f"sqlite:///{marking / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions("E02"):
            name = submission.student.id
            for task in BY_HAND:
                grade = gradebook.find_grade(task, "E02-chart-pack", "E02", name)
                if name != "waits":
                    grade.manual_score = scores.get(name, 0 if name == "blank" else 12)
                    grade.needs_manual_grade = False
        gradebook.db.commit()


def flag(marking: Path, name: str, *flags: str) -> None:
    """Write into a marked notebook what marking writes when something is unusual."""
    path = marking / "autograded" / student(name) / "E02" / "E02-chart-pack.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["course"]["flags"] = list(flags)
    nbformat.write(notebook, path)


@cache
def made() -> Path:
    """The marked cohort, once for each process; copy it before you change it."""
    base = Path(tempfile.mkdtemp(prefix="cohort-"))
    atexit.register(shutil.rmtree, base, ignore_errors=True)
    return make(base)
