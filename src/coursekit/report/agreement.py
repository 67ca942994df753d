"""Marker agreement where two people marked the same work: the file they fill in, and weighted kappa by criterion."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from coursekit.report import table
from coursekit.report.cohort import Cohort
from coursekit.report.text import inert, key, points, shown
from improvement.agreement import Agreement, weighted_kappa

HEADING = ("learner", "task", "criterion", "most", "first marker", "second marker")
TOP = 3
"""The most that a criterion of the course's rubrics can earn."""
_NAMES = {
    "learner": ("learner",),
    "task": ("task",),
    "criterion": ("criterion",),
    "first": ("first marker", "first"),
    "second": ("second marker", "second"),
}
_SCHEME = re.compile(r"### BEGIN MARK SCHEME\n(.*?)### END MARK SCHEME", re.DOTALL)


@dataclass(frozen=True)
class Mark:
    """One mark of the file: whose work, which task and criterion ("" for the task as a whole), and both marks."""

    student: str
    task: str
    criterion: str
    first: float | None
    second: float | None


@dataclass(frozen=True)
class Compared:
    """Two markers on one criterion, or on a task as a whole (then `criterion` is "")."""

    task: str
    criterion: str
    agreement: Agreement


def criteria(source: str) -> list[str]:
    """The criteria of a task, out of the table in its mark scheme; none when it has no such table."""
    scheme = _SCHEME.search(source)
    if not scheme:
        return []
    rows = [line.strip() for line in scheme.group(1).splitlines() if line.strip().startswith("|")]
    cells = [row.strip("|").split("|")[0].strip() for row in rows[2:]]
    return [cell for cell in cells if cell]


def write_template(path: Path, cohort: Cohort, by_task: dict[str, list[str]]) -> bool:
    """Write the file that two markers fill in, a row for each learner, task and criterion; never over an old one.

    Returns:
        Whether it was written.
    """
    if path.exists() or not by_task:
        return False
    maximum = {item.grade_id: item.maximum for item in cohort.items}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADING)
        for learner in cohort.learners:
            for task, names in by_task.items():
                if learner.attempted.get(task, True):
                    for name in names or [""]:
                        most = TOP if name else maximum[task]
                        writer.writerow([inert(learner.student), task, inert(name), points(most), "", ""])
    return True


def read_second_marks(
    path: Path, cohort: Cohort, by_task: dict[str, list[str]]
) -> tuple[list[Mark], list[str]]:
    """Read the filled-in file.

    For a task as a whole the first marker's mark may be left empty: then it is the gradebook's.

    Returns:
        The marks, and a sentence for each row that was left out.

    Raises:
        TableError: when the file cannot be read or is another one.
    """
    places, rows = table.read(path, _NAMES)
    if not {"learner", "task", "second"} <= places.keys():
        raise table.TableError(f"{path.name} needs the columns {', '.join(HEADING)}.")
    learners = {key(learner.student): learner for learner in cohort.learners}
    maximum = {item.grade_id: item.maximum for item in cohort.items if item.by_hand}
    marks: list[Mark] = []
    problems: list[str] = []
    seen: dict[tuple[str, str, str], int] = {}
    for number, cells in rows:
        at = {column: table.cell(cells, places, column) for column in _NAMES}
        if not at["first"] and not at["second"]:
            continue
        learner, task = learners.get(key(at["learner"])), at["task"]
        criterion = next((one for one in by_task.get(task, []) if key(one) == key(at["criterion"])), None)
        if learner is None:
            problem = f"{shown(at['learner'])!r} has not been marked"
        elif task not in maximum:
            problem = f"{shown(task)!r} is no task that a person marks. There are: {', '.join(maximum)}"
        elif at["criterion"] and criterion is None:
            problem = f"{shown(at['criterion'])!r} is no criterion of {task}"
        elif double := seen.get((learner.student, task, criterion or "")):
            problem = f"the same learner, task and criterion are in row {double}"
        else:
            most = TOP if criterion else maximum[task]
            first, second = _mark(at["first"], most), _mark(at["second"], most)
            if not at["first"] and not criterion:
                first = learner.points.get(task)
            if not any(isinstance(one, str) for one in (first, second)):
                seen[learner.student, task, criterion or ""] = number
                marks.append(Mark(learner.student, task, criterion or "", first, second))
                continue
            problem = next(one for one in (first, second) if isinstance(one, str))
        problems.append(f"{path.name}, row {number}: {problem}.")
    return marks, problems + _sums(marks, cohort, by_task)


def compare(marks: Iterable[Mark], cohort: Cohort) -> list[Compared]:
    """Quadratic weighted kappa for each criterion and task that two people marked, and for all criteria together."""
    maximum = {item.grade_id: item.maximum for item in cohort.items}
    both = [one for one in marks if one.first is not None and one.second is not None]
    found = [
        Compared(task, criterion, _kappa(own, TOP if criterion else maximum[task]))
        for task, criterion in dict.fromkeys((one.task, one.criterion) for one in both)
        if (own := [one for one in both if (one.task, one.criterion) == (task, criterion)])
    ]
    together = [one for one in both if one.criterion]
    if len({(one.task, one.criterion) for one in together}) > 1:
        found.append(Compared("", "all criteria", _kappa(together, TOP)))
    return found


def zeros(marks: Iterable[Mark]) -> dict[str, list[str]]:
    """The criteria in which a marker gave 0, by student; a zero in one criterion is no pass."""
    found: dict[str, list[str]] = {}
    for one in marks:
        if 0 in (one.first, one.second) and (one.criterion or one.task) not in found.get(one.student, []):
            found.setdefault(one.student, []).append(one.criterion or one.task)
    return found


def _kappa(marks: Sequence[Mark], most: float) -> Agreement:
    whole = all(one.first == int(one.first) and one.second == int(one.second) for one in marks)
    step = 1 if whole else 0.5
    levels = [place * step for place in range(math.floor(most / step) + 1)]
    return weighted_kappa(
        [one.first for one in marks],
        [one.second for one in marks],
        levels=levels,
        weights="quadratic",
        groups=[one.student for one in marks],
    )


def _mark(text: str, most: float) -> float | str | None:
    """A mark, none for an empty cell, or what is wrong with it."""
    if not text:
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return f"{shown(text)!r} is no mark"
    if not 0 <= value <= most:
        return f"{shown(text)} is outside 0 to {points(most)}"
    if 2 * value != int(2 * value):
        return f"{shown(text)} is neither a whole nor a half mark"
    return value


def _sums(marks: list[Mark], cohort: Cohort, by_task: dict[str, list[str]]) -> list[str]:
    """Where the first marker's criteria do not add up to the gradebook's mark of the task."""
    told = []
    for learner in cohort.learners:
        for task, names in by_task.items():
            own = [
                one.first
                for one in marks
                if (one.student, one.task) == (learner.student, task) and one.criterion
            ]
            given = learner.points.get(task)
            if (
                names
                and len(own) == len(names)
                and None not in own
                and given is not None
                and sum(own) != given
            ):
                told.append(
                    f"{learner.name}, {task}: the first marker's criteria add up to {points(sum(own))}, and the "
                    f"gradebook has {points(given)}."
                )
    return told
