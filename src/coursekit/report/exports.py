"""Marks as CSV: for a spreadsheet, for Moodle's and Canvas's grade import, and for any other learning system.

Moodle (docs.moodle.org, Grade import): a heading row; one column that says who (ID number, e-mail address or username),
mapped by hand in Moodle's preview; an empty grade would clear one that is there, and one unknown learner stops the whole
import. Canvas (its gradebook importer): Student, ID, SIS User ID, SIS Login ID, Section, then assignments; a second
row "Points Possible". So learners without complete marks, or without what says who they are, are left out and named.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from coursekit.report.cohort import Cohort, Learner, OutcomeMarks, Teach, outcome_share, outcomes
from coursekit.report.items import Analysis
from coursekit.report.share import Shared
from coursekit.report.text import inert, points

LEFT_OUT = "left out"
PLAIN = "The plain file"


def write(path: Path, heading: Sequence[str], rows: Iterable[Sequence[object]], *, mark: bool = True) -> None:
    """Write a table in which no cell can run as a formula.

    Args:
        path: where to.
        heading: the column names.
        rows: numbers stay numbers; text is made inert.
        mark: whether to begin with the mark that tells Excel the text is UTF-8; some learning systems stumble at it.
    """
    with path.open("w", encoding="utf-8-sig" if mark else "utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([inert(cell) for cell in heading])
        for row in rows:
            writer.writerow([inert(cell) if isinstance(cell, str) else _number(cell) for cell in row])


def learners(path: Path, cohort: Cohort, said: Mapping[tuple[str, str], str]) -> None:
    """A row for each learner: points by item and share by outcome, and what to know about them."""
    pairs = outcomes(cohort.items)
    heading = [
        "learner", "file", "group", "total", "max", "waits for a marker", "days late", "points off for lateness",
        *(f"{module} {outcome}, share" for module, outcome in pairs),
        *(item.grade_id for item in cohort.items),
        "misconceptions", "for a person to look at",
    ]  # fmt: skip
    rows = []
    for learner in cohort.learners:
        shares = []
        for pair in pairs:
            own = [item for item in cohort.items if (item.module, item.outcome) == pair]
            shares.append(outcome_share(own, learner))
        named = dict.fromkeys(said[item, name] for item, name in learner.misconceptions.items())
        rows.append([
            learner.name, learner.student, learner.group, learner.total, cohort.out_of, ", ".join(learner.waiting),
            round(learner.late / 86_400, 2), learner.penalty, *shares,
            *(learner.points.get(item.grade_id) for item in cohort.items),
            " ".join(named), " ".join(learner.flags),
        ])  # fmt: skip
    rows += [[one.name, "", one.group, None, None, one.reason] for one in cohort.missing]
    write(path, heading, rows)


def outcome_table(
    path: Path, marks: Iterable[OutcomeMarks], statements: Mapping[tuple[str, str], str]
) -> None:
    """A row for each outcome of the cohort."""
    write(
        path,
        [
            "module",
            "outcome",
            "statement",
            "max",
            "learners",
            "mean share",
            "median share",
            "below 60%",
            "waiting",
        ],
        [
            [
                one.module,
                one.outcome,
                statements.get((one.module, one.outcome), ""),
                one.maximum,
                len(one.shares),
                one.mean,
                one.middle,
                one.below,
                one.waiting,
            ]
            for one in marks
        ],
    )


def item_table(path: Path, analyses: Iterable[Analysis]) -> None:
    """A row for each item."""
    write(
        path,
        [
            "item",
            "title",
            "outcome",
            "max",
            "marked",
            "facility",
            "discrimination",
            "why none",
            "not tried",
            "misconceptions",
        ],
        [
            [
                one.item.grade_id,
                one.item.title,
                one.item.outcome,
                one.item.maximum,
                one.marked,
                one.facility,
                one.discrimination,
                one.refused,
                one.not_tried,
                "; ".join(f"{name} ({number})" for name, number in one.misconceptions),
            ]
            for one in analyses
        ],
    )


def teach_table(path: Path, teach: Iterable[Teach]) -> None:
    """A row for each misconception, most common first."""
    write(
        path,
        ["learners", "misconception", "what they do", "lesson", "items", "who"],
        [
            [
                len(one.learners),
                one.name,
                one.says,
                one.lesson,
                ", ".join(one.items),
                "; ".join(learner.name for learner in one.learners),
            ]
            for one in teach
        ],
    )


def moodle(path: Path, cohort: Cohort) -> list[str]:
    """Moodle's grade import, by the one kind of identifier that most learners have.

    Returns:
        A sentence for each learner left out.
    """
    kinds = {
        "ID number": lambda learner: learner.number,
        "Email address": lambda learner: learner.email,
        "Username": lambda learner: learner.username,
    }
    heading = max(kinds, key=lambda kind: sum(bool(kinds[kind](learner)) for learner in cohort.learners))
    who = kinds[heading]
    return _import(path, cohort, [heading, _column(cohort)], lambda learner: [who(learner)], who, "Moodle")


def canvas(path: Path, cohort: Cohort) -> list[str]:
    """Canvas's gradebook import; returns a sentence for each learner left out."""
    return _import(
        path,
        cohort,
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", _column(cohort)],
        lambda learner: [
            learner.name,
            learner.canvas,
            learner.number,
            learner.username or learner.email,
            learner.section,
        ],
        lambda learner: learner.canvas or learner.number or learner.username or learner.email,
        "Canvas",
        ["    Points Possible", "", "", "", "", cohort.out_of],
    )


def plain(path: Path, cohort: Cohort) -> list[str]:
    """One row a learner with a total, for any other system; returns a sentence for each learner left out."""
    return _import(
        path,
        cohort,
        ["learner", "email", "id", "username", "assignment", "points", "maximum", "percent"],
        lambda learner: [learner.name, learner.email, learner.number, learner.username, cohort.assignment],
        lambda learner: True,
        PLAIN,
        after=lambda learner: [
            cohort.out_of,
            round(100 * learner.total / cohort.out_of, 2) if cohort.out_of else None,
        ],
    )


def shared(folder: Path, report: Shared) -> None:
    """The tables of a report that is passed on."""
    names = list(report.groups)
    write(
        folder / "outcomes.csv",
        ["module", "outcome", "mean share", *names],
        [
            [one.module, one.outcome, one.band, *(one.groups.get(name, "") for name in names)]
            for one in report.outcomes
        ],
    )
    write(
        folder / "items.csv",
        ["item", "outcome", "mean share"],
        [[one.title, one.outcome, one.band] for one in report.items],
    )
    write(
        folder / "teach-again.csv",
        ["what they do", "lesson", "share of learners"],
        [[one.says, one.lesson, one.band] for one in report.teach],
    )


def _import(
    path: Path,
    cohort: Cohort,
    heading: Sequence[str],
    who: Callable[[Learner], list[str]],
    identified: Callable[[Learner], object],
    system: str,
    first: Sequence[object] = (),
    after: Callable[[Learner], Sequence[object]] = lambda _: (),
) -> list[str]:
    rows: list[Sequence[object]] = [first] if first else []
    told = []
    for learner in cohort.learners:
        if learner.waiting:
            told.append(f"{system}: {learner.name} is {LEFT_OUT}, because marks are still to come.")
        elif not identified(learner):
            told.append(
                f"{system}: {learner.name} is {LEFT_OUT}. Give an id, e-mail address or username in the roster (--roster)."
            )
        elif system != PLAIN and (
            doubtful := [cell for cell in who(learner) if cell != learner.name and inert(cell) != cell]
        ):
            told.append(f"{system}: {learner.name} is {LEFT_OUT}: {doubtful[0]!r} would run as a formula.")
        else:
            rows.append([*who(learner), learner.total, *after(learner)])
    write(path, heading, rows, mark=False)
    return told


def _column(cohort: Cohort) -> str:
    return f"{cohort.assignment} {cohort.title}"


def _number(cell: object) -> object:
    return points(cell) if isinstance(cell, int | float) else "" if cell is None else cell
