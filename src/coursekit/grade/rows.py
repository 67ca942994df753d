"""nbgrader's own gradebook steps, with a notebook's rows read together and its marks written in one transaction.

nbgrader asks the gradebook for each cell, several times, and commits each mark: with two hundred questions and sixty
commits a notebook that was a third of the time that marking took.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Gradebook,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import GetGrades, OverwriteCells, SaveAutoGrades
from sqlalchemy.orm import Query, joinedload, undefer


class _Rows:
    """A gradebook, for a step that goes through the cells of one notebook. What it does not know it asks the gradebook."""

    def __init__(self, gradebook: Gradebook, notebook: str, assignment: str, student: str) -> None:
        self._gradebook = gradebook
        self._about = (notebook, assignment, student)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._gradebook, name)

    def __enter__(self) -> _Rows:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        try:
            if failed is None:
                self._gradebook.db.commit()
        finally:
            self._gradebook.close()

    @property
    def db(self) -> _Rows:
        """What the steps commit to, cell by cell."""
        return self

    def commit(self) -> None:
        """Wait for the end of the notebook."""

    def find_grade(self, cell: str, *about: str) -> Grade:
        return self._find(self._grades, cell, about, self._gradebook.find_grade)

    def find_comment(self, cell: str, *about: str) -> Comment:
        return self._find(self._comments, cell, about, self._gradebook.find_comment)

    def find_source_cell(self, cell: str, *about: str) -> Any:
        return self._find(self._source_cells, cell, about, self._gradebook.find_source_cell)

    def find_graded_cell(self, cell: str, *about: str) -> Any:
        return self._find(self._graded_cells, cell, about, self._gradebook.find_graded_cell)

    def _find(self, rows: dict[str, Any], cell: str, about: tuple[str, ...], ask: Callable[..., Any]) -> Any:
        known = about == self._about[: len(about)]
        return rows[cell] if known and cell in rows else ask(cell, *about)

    @cached_property
    def _grades(self) -> dict[str, Grade]:
        return self._of_this_submission(Grade, undefer(Grade.max_score))

    @cached_property
    def _comments(self) -> dict[str, Comment]:
        return self._of_this_submission(Comment)

    def _of_this_submission(self, kind: Any, *options: Any) -> dict[str, Any]:
        notebook, assignment, student = self._about
        asked: Query[Any] = (
            self._gradebook.db.query(kind)
            .join(SubmittedNotebook, SubmittedNotebook.id == kind.notebook_id)
            .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
            .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .filter(
                Notebook.name == notebook,
                Assignment.name == assignment,
                SubmittedAssignment.student_id == student,
            )
            .options(joinedload(kind.cell), *options)
        )
        return {row.cell.name: row for row in asked}

    @cached_property
    def _notebook(self) -> Notebook:
        return self._gradebook.find_notebook(*self._about[:2])

    @cached_property
    def _source_cells(self) -> dict[str, Any]:
        return {cell.name: cell for cell in self._notebook.source_cells}

    @cached_property
    def _graded_cells(self) -> dict[str, Any]:
        return {cell.name: cell for cell in [*self._notebook.grade_cells, *self._notebook.task_cells]}


class _Together:
    """Gives a step of nbgrader's the gradebook that it opens as `_Rows`."""

    @property
    def gradebook(self) -> _Rows:
        return self._rows

    @gradebook.setter
    def gradebook(self, opened: Gradebook) -> None:
        about: Any = self
        self._rows = _Rows(opened, about.notebook_id, about.assignment_id, getattr(about, "student_id", ""))


class OverwriteCellsTogether(_Together, OverwriteCells):
    """nbgrader's ``OverwriteCells``."""


class SaveAutoGradesTogether(_Together, SaveAutoGrades):
    """nbgrader's ``SaveAutoGrades``: all the marks of a notebook, or none."""


class GetGradesTogether(_Together, GetGrades):
    """nbgrader's ``GetGrades``."""
