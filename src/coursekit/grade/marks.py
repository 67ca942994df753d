"""Reads marks out of nbgrader's gradebook and writes them as a table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbgrader.utils import is_grade, is_task

from coursekit.grade.engine import database, gradebook
from coursekit.grade.folder import MarkingFolder
from coursekit.grade.receipts import digest


@dataclass(frozen=True)
class Marks:
    """One learner's marks as the gradebook has them.

    Attributes:
        student: nbgrader's name for the learner.
        points: points for each outcome, in the order of the page; ``None`` for one that waits for a marker.
        maximum: the points each outcome can earn.
        penalty: points taken off for a late hand-in.
    """

    student: str
    points: Mapping[str, float | None]
    maximum: Mapping[str, float]
    penalty: float = 0

    @property
    def total(self) -> float:
        """The points so far: what waits for a marker counts nothing yet."""
        return sum(points for points in self.points.values() if points is not None) - self.penalty

    @property
    def out_of(self) -> float:
        """The most that the exercise can earn."""
        return sum(self.maximum.values())

    @property
    def outstanding(self) -> bool:
        """Whether a person still has something to mark, or to look at again after a new hand-in."""
        return None in self.points.values()


@dataclass(frozen=True)
class Row:
    """One line of the table: a learner, their marks if there are any, and how this run went for them."""

    learner: str
    marks: Marks | None
    status: str
    reason: str = ""
    flags: tuple[str, ...] = ()


def read_marks(folder: MarkingFolder) -> dict[str, Marks]:
    """Marks by student, for everyone who has been marked."""
    names = outcomes(folder)
    found = {}
    with gradebook(database(folder.root)) as opened:
        for submission in opened.assignment_submissions(folder.assignment):
            student = submission.student.id
            if not folder.receipt(student).exists():
                continue
            grades = {grade.name: grade for notebook in submission.notebooks for grade in notebook.grades}
            found[student] = Marks(
                student,
                {name: None if grades[name].needs_manual_grade else grades[name].score for name in names},
                {name: grades[name].max_score for name in names},
                sum(notebook.late_submission_penalty or 0 for notebook in submission.notebooks),
            )
    return found


def fingerprints(folder: MarkingFolder) -> dict[str, str]:
    """A digest of all that a feedback page says of a learner's marks, by student."""
    found = {}
    with gradebook(database(folder.root)) as opened:
        for submission in opened.assignment_submissions(folder.assignment):
            said = [submission.late_submission_penalty]
            for notebook in submission.notebooks:
                said += sorted(
                    (
                        grade.name,
                        grade.auto_score,
                        grade.manual_score,
                        grade.extra_credit,
                        grade.needs_manual_grade,
                    )
                    for grade in notebook.grades
                )
                said += sorted(
                    (comment.name, comment.auto_comment or "", comment.manual_comment or "")
                    for comment in notebook.comments
                )
            found[submission.student.id] = digest(repr(said).encode())
    return found


def outcomes(folder: MarkingFolder) -> list[str]:
    """The names of the cells that earn points, in the order of the page."""
    cells = folder.released().cells
    return [cell.metadata["nbgrader"]["grade_id"] for cell in cells if is_grade(cell) or is_task(cell)]


def write_csv(path: Path, rows: Iterable[Row], names: Sequence[str]) -> None:
    """Write the table for a spreadsheet: outcomes in columns, and a mark that tells Excel the text is UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            [
                "learner",
                *names,
                "late penalty",
                "total",
                "max",
                "manual marking outstanding",
                "status",
                "reason",
                "look at",
            ]
        )
        for row in rows:
            marks = row.marks
            if marks is None:
                cells = [""] * (len(names) + 4)
            else:
                points = [_points(marks.points[name]) for name in names]
                waits = "yes" if marks.outstanding else "no"
                cells = [*points, _points(marks.penalty), _points(marks.total), _points(marks.out_of), waits]
            writer.writerow(
                [_inert(row.learner), *cells, row.status, _inert(row.reason), _inert(" ".join(row.flags))]
            )


def _points(points: float | None) -> str:
    return "" if points is None else f"{points:g}"


def _inert(text: str) -> str:
    """Keep a spreadsheet from running a learner's file name as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t")) else text
