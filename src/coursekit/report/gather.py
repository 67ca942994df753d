"""Reads a marked cohort out of a marking folder: gradebook, marked notebooks, and what the last run could not mark."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.utils import is_grade, is_solution, is_task

from coursekit.grade.engine import database, newest_version_known
from coursekit.grade.folder import MarkingFolder, open_folder
from coursekit.grade.marks import read_marks
from coursekit.grade.mend import marked_cells
from coursekit.report import misconceptions, roster
from coursekit.report.agreement import criteria
from coursekit.report.cohort import Cohort, Item, Learner, Missing
from coursekit.report.text import shown

NOT_HANDED_IN = "Has not handed in."


class ReportError(Exception):
    """There is nothing to report on; the message says why and what to do."""


def assignments(root: Path) -> list[str]:
    """The assignments that have been marked in a folder.

    Raises:
        ReportError: when it is no marking folder.
    """
    try:
        return sorted(json.loads((root / "cohort.json").read_text(encoding="utf-8"))["exercises"])
    except (OSError, ValueError, KeyError):
        raise ReportError(
            f"{root} is not a marking folder. Give the folder that `course grade` made, with --marking."
        ) from None


def gather(root: Path, assignment: str, people: Path | None = None) -> Cohort:
    """Read one assignment of a marking folder.

    Args:
        root: the marking folder.
        assignment: one of ``assignments(root)``.
        people: a roster; without it, those whom nbgrader knows.

    Raises:
        ReportError: when nobody has been marked and nobody is in the roster.
        TableError: when the roster cannot be read.
    """
    folder = open_folder(root, assignment)
    released = folder.released()
    items = _items(released, assignment)
    learners, asked = _learners(folder, released, items)
    refused = _refused(folder, items, {learner.student for learner in learners})
    title = (
        shown(_heading(released, folder.notebook)).removeprefix(assignment).strip(" :.,") or folder.notebook
    )
    if people is None:
        known = {learner.student for learner in learners} | refused.keys()
        missing = [Missing(shown(name), reason) for name, reason in refused.items()]
        missing += [Missing(shown(name), NOT_HANDED_IN) for name in sorted(_enrolled(folder) - known)]
        problems: list[str] = []
    else:
        listed, problems = roster.read_roster(people)
        learners, missing, unmatched = roster.enrol(learners, refused, listed)
        missing = [Missing(one.name, one.reason or NOT_HANDED_IN, one.group) for one in missing]
        problems += unmatched
    if not learners and not missing:
        raise ReportError(f"Nobody has been marked for {assignment} yet. Run course grade first.")
    learners.sort(key=lambda learner: learner.name.casefold())
    return Cohort(assignment, title, items, tuple(learners), tuple(missing), tuple(problems), asked)


def criteria_by_task(root: Path, cohort: Cohort) -> dict[str, list[str]]:
    """The criteria of each task that a person marks, out of its mark scheme; none for a task without a table."""
    folder = open_folder(root, cohort.assignment)
    source = root / "source" / cohort.assignment / f"{folder.notebook}.ipynb"
    cells = marked_cells(nbformat.read(source, as_version=4))
    return {item.grade_id: criteria(cells[item.grade_id].source) for item in cohort.items if item.by_hand}


def _items(released: NotebookNode, assignment: str) -> tuple[Item, ...]:
    module = released.metadata.get("course", {}).get("module", "")
    found = []
    for cell in released.cells:
        if not (is_grade(cell) or is_task(cell)):
            continue
        mark = cell.metadata["nbgrader"]
        outcome = cell.metadata.get("course", {}).get("outcome", "")
        by_hand = is_task(cell) or is_solution(cell)
        title = _title(cell.source, mark["grade_id"])
        found.append(Item(mark["grade_id"], title, module, outcome, float(mark["points"]), by_hand))
    return tuple(found)


def _title(source: str, otherwise: str) -> str:
    first = next((line for line in source.splitlines() if line.strip()), "")
    words = first.lstrip("# ").partition("(")[0].strip(" .:,") if first.lstrip().startswith("#") else ""
    return shown(words) if words else otherwise


def _heading(released: NotebookNode, otherwise: str) -> str:
    for cell in released.cells:
        for line in cell.source.splitlines():
            if cell.cell_type == "markdown" and line.startswith("# "):
                return line[2:].strip()
    return otherwise


def _learners(
    folder: MarkingFolder, released: NotebookNode, items: tuple[Item, ...]
) -> tuple[list[Learner], bool]:
    """Everybody with marks, and whether marking kept answers to compare with misconceptions."""
    marks = read_marks(folder)
    entries = misconceptions.entries(folder.assignment)
    maximum = {item.grade_id: item.maximum for item in items}
    times = _times(folder)
    found, asked = [], False
    for student, own in marks.items():
        notebook = nbformat.read(folder.autograded(student), as_version=4)
        about = notebook.metadata.get("course", {})
        answers = about.get("answers", {}) if isinstance(about, dict) else {}
        flags = about.get("flags", ()) if isinstance(about, dict) else ()
        attempted = dict(_attempted(notebook, released))
        asked = asked or bool(answers)
        named = {}
        for grade_id, answer in answers.items() if isinstance(answers, dict) else ():
            points = own.points.get(grade_id)
            if grade_id not in entries or points is None or points >= maximum[grade_id]:
                continue
            name = misconceptions.match(str(answer), entries[grade_id])
            if name is not None and attempted.get(grade_id, True):
                named[grade_id] = name
        late, penalty = times.get(student, (0.0, 0.0))
        found.append(
            Learner(
                student,
                shown(student),
                points=dict(own.points),
                attempted=attempted,
                misconceptions=named,
                late=late,
                penalty=penalty,
                flags=tuple(shown(str(flag)) for flag in flags) if isinstance(flags, list | tuple) else (),
            )
        )
    return found, asked


def _attempted(notebook: NotebookNode, released: NotebookNode) -> Iterator[tuple[str, bool]]:
    """For each graded cell, whether its answer cell is other than as it was given out."""
    written, given = marked_cells(notebook), marked_cells(released)
    tried = False
    for grade_id, cell in given.items():
        answered = grade_id in written and _text(written[grade_id].source) != _text(cell.source)
        if is_task(cell):
            yield grade_id, _below(notebook, grade_id) != _below(released, grade_id)
        elif is_solution(cell):
            tried = answered and _text(written[grade_id].source) not in {"", _PUT_BACK}
            if is_grade(cell):
                yield grade_id, tried
        elif is_grade(cell):
            yield grade_id, tried


_PUT_BACK = "# This answer cell had been deleted."


def _below(notebook: NotebookNode, grade_id: str) -> list[str]:
    """What stands in cells of the learner's own between a task and the next cell of the exercise."""
    found, inside = [], False
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader")
        own = mark.get("grade_id") if isinstance(mark, dict) else None
        if own is not None:
            inside = own == grade_id
        elif inside and _text(cell.source):
            found.append(_text(cell.source))
    return found


def _text(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def _open(folder: MarkingFolder) -> Gradebook:
    return Gradebook(database(folder.root))


def _times(folder: MarkingFolder) -> dict[str, tuple[float, float]]:
    """Seconds late and the points taken off for it, by student."""
    with newest_version_known(), _open(folder) as gradebook:
        return {
            one.student.id: (
                float(one.total_seconds_late or 0),
                float(sum(notebook.late_submission_penalty or 0 for notebook in one.notebooks)),
            )
            for one in gradebook.assignment_submissions(folder.assignment)
        }


def _enrolled(folder: MarkingFolder) -> set[str]:
    with newest_version_known(), _open(folder) as gradebook:
        return {student.id for student in gradebook.students}


def _refused(folder: MarkingFolder, items: tuple[Item, ...], marked: set[str]) -> dict[str, str]:
    """Who handed in what the last run of `course grade` for this assignment could not mark, and why."""
    path = folder.table
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if not {item.grade_id for item in items} <= set(reader.fieldnames or ()):
            return {}  # of another assignment
        rows = [(row.get("learner") or "", row.get("status"), row.get("reason") or "") for row in reader]
    return {
        name: f"Handed in, and could not be marked. {shown(reason)}"
        for name, status, reason in rows
        if status == "not marked" and name not in marked
    }
