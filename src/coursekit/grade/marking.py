"""Mark a folder of submissions with nbgrader, one learner at a time, and keep every mark in its gradebook."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI

from coursekit.grade import release
from coursekit.grade.submissions import Submission, find, read_notebook

MARKED, UNCHANGED, NOT_MARKED = "marked", "unchanged", "not marked"


@dataclass(frozen=True)
class Mark:
    """One learner's result. `points` holds (score, maximum) by outcome; a manual score not yet given is None."""

    learner: str
    status: str
    reason: str = ""
    points: dict[str, tuple[float | None, float]] = field(default_factory=dict)

    @property
    def total(self) -> float:
        return sum(score or 0 for score, _ in self.points.values())

    @property
    def maximum(self) -> float:
        return sum(maximum for _, maximum in self.points.values())

    @property
    def needs_marker(self) -> bool:
        return any(score is None for score, _ in self.points.values())


def mark_folder(
    folder: Path, assignment: str, course: Path, progress: Callable[[Mark], None] = lambda _mark: None
) -> list[Mark]:
    """Mark every submission in `folder` and return the marks, in learner order.

    A submission that cannot be marked becomes a mark with a reason; it never stops the others, and no learner's file
    is changed. Submissions already in the gradebook and not changed since are left alone. Writes `marks.csv` and the
    feedback pages into `course`, a folder made by the first run.

    Raises FileNotFoundError for a folder without submissions, ValueError for an unknown assignment.
    """
    if assignment not in release.assignments():
        raise ValueError(
            f"There is no exercise {assignment!r}. There are: {', '.join(release.assignments())}."
        )
    release.make_course(course)
    original = next((course / "release" / assignment).glob("*.ipynb"))
    submissions = find(folder, assignment, read_notebook(original))
    marks = []
    with release.api(course) as nbgrader:
        for submission in submissions:
            mark = _mark_one(submission, assignment, course, original.name, nbgrader)
            marks.append(mark)
            progress(mark)
    _write_marks(course / "marks.csv", marks)
    return marks


def _mark_one(
    submission: Submission, assignment: str, course: Path, name: str, nbgrader: NbGraderAPI
) -> Mark:
    if submission.problem:
        return Mark(submission.learner, NOT_MARKED, submission.problem)
    digest = hashlib.sha256(submission.path.read_bytes()).hexdigest()
    stamp = course / "submitted" / submission.learner / assignment / "digest.txt"
    notes = "; ".join(submission.notes)
    points = _points(course, submission.learner, assignment)
    if points and stamp.exists() and stamp.read_text() == digest:
        return Mark(submission.learner, UNCHANGED, notes, points)
    stamp.unlink(missing_ok=True)
    try:
        _stage(submission.path, stamp.parent / name)
        for step in (nbgrader.autograde, nbgrader.generate_feedback):
            result = step(assignment, submission.learner, force=True)
            if not result["success"]:
                return Mark(submission.learner, NOT_MARKED, _blame(result))
    except Exception as error:  # one learner's notebook must never cost another's mark
        return Mark(submission.learner, NOT_MARKED, f"{type(error).__name__}: {error}")
    stamp.write_text(digest)
    return Mark(submission.learner, MARKED, notes, _points(course, submission.learner, assignment))


def _stage(source: Path, target: Path) -> None:
    """Copy a notebook to where nbgrader looks, without a byte order mark."""
    shutil.rmtree(target.parent, ignore_errors=True)
    target.parent.mkdir(parents=True)
    target.write_text(json.dumps(read_notebook(source)), encoding="utf-8")


def _blame(result: dict[str, Any]) -> str:
    lines = [
        line for line in (result.get("error") or result.get("log") or "").strip().splitlines() if line.strip()
    ]
    return f"nbgrader stopped: {lines[-1].strip() if lines else 'no reason given'}. Open the notebook to see."


def _points(course: Path, learner: str, assignment: str) -> dict[str, tuple[float | None, float]]:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        try:
            submission = gradebook.find_submission(assignment, learner)
        except MissingEntry:
            return {}
        return {
            grade.name: (None if grade.needs_manual_grade else grade.score, grade.max_score)
            for notebook in submission.notebooks
            for grade in sorted(notebook.grades, key=lambda grade: grade.name)
        }


def _write_marks(path: Path, marks: list[Mark]) -> None:
    outcomes = sorted({name for mark in marks for name in mark.points})
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["learner", *outcomes, "total", "maximum", "waiting for a marker", "status", "reason"]
        )
        for mark in marks:
            scores = [mark.points.get(name, (None, 0))[0] for name in outcomes]
            waiting = ("yes" if mark.needs_marker else "no") if mark.points else ""
            totals = [mark.total, mark.maximum] if mark.points else ["", ""]
            cells = [mark.learner, *["" if score is None else score for score in scores], *totals, waiting]
            writer.writerow([_safe(cell) for cell in [*cells, mark.status, mark.reason]])


def _safe(cell: Any) -> Any:
    """Keep a spreadsheet from running a learner's name as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t" and cell else cell
