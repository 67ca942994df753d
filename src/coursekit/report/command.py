"""The command `course report`: from a marking folder to what a facilitator can act on."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from improvement.assessment import MINIMUM

if TYPE_CHECKING:
    from coursekit.report.agreement import Mark
    from coursekit.report.cohort import Cohort
    from coursekit.report.page import Lesson


def report(
    marking: Annotated[Path, typer.Option(help="The folder that `course grade` made.")] = Path("marking"),
    assignment: Annotated[
        str | None, typer.Option(help="Which exercise, such as E02. Without it, every one in the folder.")
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option(help="A CSV file of who is in the cohort: learner or name, email, id, username, group."),
    ] = None,
    share: Annotated[
        bool, typer.Option("--share", help="Write a report to pass on: no names, no small groups.")
    ] = False,
    minimum: Annotated[
        int, typer.Option(help="With --share: the fewest learners behind a figure, never under five.")
    ] = MINIMUM,
    second_marks: Annotated[
        Path | None,
        typer.Option(
            help="second-marks.csv, filled in by two markers; an empty one is written beside the report."
        ),
    ] = None,
    book: Annotated[
        str | None,
        typer.Option(help="Where the book is, such as https://example.org/course/, for links to lessons."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where to write; `report` in the marking folder if not said.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary for machines.")] = False,
) -> None:
    """Report on a cohort: marks by outcome, what to teach again, who waits, and files for other systems.

    Nothing in the marking folder is changed. It ends with 0 when all is well, with 1 when rows of a file could not be used
    (each is named), and with 2 when it could not begin.
    """
    from coursekit.report import gather  # nbgrader takes seconds to import: not for `course --help`
    from coursekit.report.table import TableError

    marking = marking.resolve()
    try:
        known = gather.assignments(marking)
        if assignment is not None and assignment not in known:
            _stop(f"{assignment} has not been marked in {marking}. There are: {', '.join(known)}.")
        wanted = [assignment] if assignment else known
        made = [
            _report(
                marking, one, roster, share, minimum, second_marks, book, (out or marking / "report") / one
            )
            for one in wanted
        ]
    except (gather.ReportError, TableError, ValueError, OSError) as error:
        _stop(str(error))
    if as_json:
        typer.echo(json.dumps({"reports": made}, ensure_ascii=False, indent=1))
    else:
        for one in made:
            _say(one)
    raise typer.Exit(1 if any(one["problems"] for one in made) else 0)


def _report(
    marking: Path,
    assignment: str,
    roster: Path | None,
    share: bool,
    minimum: int,
    second_marks: Path | None,
    book: str | None,
    out: Path,
) -> dict[str, Any]:
    from coursekit.report import exports, gather, misconceptions, page
    from coursekit.report.share import share as keep_shareable

    cohort = gather.gather(marking, assignment, roster)
    entries = misconceptions.entries(assignment)

    def known(grade_id: str, name: str) -> dict[str, str]:
        return next(one for one in entries[grade_id]["known"] if one["name"] == name)

    lesson, words = _lessons(book, share), statements()
    if share:
        out = out / "to-share"
        shared = keep_shareable(cohort, minimum, known)
        out.mkdir(parents=True, exist_ok=True)
        page.write(out / "report.html", page.shared_page(shared, lesson, words, date.today()))
        exports.shared(out, shared)
        return {
            "assignment": assignment,
            "page": str(out / "report.html"),
            "counted": shared.counted,
            "groups": dict(shared.groups),
            "minimum": minimum,
            "teach_again": [
                {"says": one.says, "lesson": one.lesson, "share": one.band} for one in shared.teach
            ],
            "problems": [],
        }
    return _own(marking, cohort, second_marks, known, lesson, words, out)


def _own(
    marking: Path,
    cohort: Cohort,
    second_marks: Path | None,
    known: Callable[[str, str], dict[str, str]],
    lesson: Callable[[str], Lesson],
    words: dict[tuple[str, str], str],
    out: Path,
) -> dict[str, Any]:
    from coursekit.report import agreement, exports, gather, items, misconceptions, page
    from coursekit.report.cohort import by_outcome, teach_again, unexplained

    by_task = gather.criteria_by_task(marking, cohort)
    marks: list[Mark] = []
    problems = list(cohort.problems)
    if second_marks is not None:
        marks, told = agreement.read_second_marks(second_marks, cohort, by_task)
        problems += told
    made = page.Report(
        cohort,
        by_outcome(cohort.items, cohort.learners),
        words,
        items.analyse(cohort.items, cohort.learners),
        teach_again(cohort.items, cohort.learners, known),
        unexplained(cohort.items, cohort.learners),
        agreement.compare(marks, cohort),
        problems,
        cohort.asked and bool(misconceptions.entries(cohort.assignment)),
    )
    out.mkdir(parents=True, exist_ok=True)
    said = {
        (item.grade_id, learner.misconceptions[item.grade_id]): known(
            item.grade_id, learner.misconceptions[item.grade_id]
        )["says"]
        for learner in cohort.learners
        for item in cohort.items
        if item.grade_id in learner.misconceptions
    }
    exports.learners(out / "learners.csv", cohort, said)
    exports.outcome_table(out / "outcomes.csv", made.outcomes, words)
    exports.item_table(out / "items.csv", made.analyses)
    exports.teach_table(out / "teach-again.csv", made.teach)
    left_out = [
        *exports.moodle(out / "moodle.csv", cohort),
        *exports.canvas(out / "canvas.csv", cohort),
        *exports.plain(out / "lms.csv", cohort),
    ]
    agreement.write_template(out / "second-marks.csv", cohort, by_task)
    page.write(out / "report.html", page.facilitator_page(made, lesson, date.today()))
    return {
        "assignment": cohort.assignment,
        "page": str(out / "report.html"),
        "marked": len(cohort.learners),
        "without_marks": [{"name": one.name, "reason": one.reason} for one in cohort.missing],
        "waiting_for_a_marker": [one.name for one in cohort.learners if one.waiting],
        "late": [one.name for one in cohort.learners if one.late],
        "flagged": [{"name": one.name, "flags": list(one.flags)} for one in cohort.learners if one.flags],
        "outcomes": [
            {"module": one.module, "outcome": one.outcome, "learners": len(one.shares), "mean": one.mean}
            for one in made.outcomes
        ],
        "teach_again": [
            {"name": one.name, "says": one.says, "lesson": one.lesson, "learners": len(one.learners)}
            for one in made.teach
        ],
        "agreement": [
            {
                "task": one.task,
                "criterion": one.criterion,
                "marks": one.agreement.marks,
                "kappa": one.agreement.kappa,
            }
            | {"low": one.agreement.low, "high": one.agreement.high, "refusal": one.agreement.refusal}
            for one in made.compared
        ],
        "left_out_of_exports": left_out,
        "problems": problems,
    }


def _say(one: dict[str, Any]) -> None:
    if "marked" in one:
        waiting, without = len(one["waiting_for_a_marker"]), len(one["without_marks"])
        typer.echo(
            f"{one['assignment']}: {one['marked']} marked, {without} without marks, {waiting} waiting for a marker."
        )
        for teach in one["teach_again"][:3]:
            typer.echo(f"  {teach['learners']} of {one['marked']}: {teach['says']} ({teach['lesson']})")
        for line in one["left_out_of_exports"][:5]:
            typer.echo(f"  {line}")
        if len(one["left_out_of_exports"]) > 5:
            typer.echo(
                f"  and {len(one['left_out_of_exports']) - 5} more left out of the files for other systems."
            )
    else:
        typer.echo(
            f"{one['assignment']}: {one['counted']} learners counted, none in a group under {one['minimum']}."
        )
    for problem in one["problems"]:
        typer.echo(f"  {problem}")
    typer.echo(f"Report: {one['page']}")


def statements() -> dict[tuple[str, str], str]:
    """What each outcome says, by module and verb."""
    from improvement.files import locate

    with locate("curriculum", "outcomes.csv").open(encoding="utf-8", newline="") as file:
        return {(row["module"], row["outcome"]): row["statement"] for row in csv.DictReader(file)}


def _lessons(book: str | None, share: bool) -> Callable[[str], Lesson]:
    """What points at a lesson: the book's address, or the book built on this machine if the page stays on it."""
    from coursekit import paths
    from coursekit.report.page import Lesson
    from improvement.curriculum import lesson as planned

    def find(identifier: str) -> Lesson:
        try:
            one = planned(identifier)
        except ValueError:
            return Lesson(identifier, "", "")
        built = paths.HTML / f"{one.page}.html"
        address = ""
        if one.page and book:
            address = f"{book.rstrip('/')}/{one.page}.html"
        elif one.page and not share and built.exists():
            address = built.as_uri()
        return Lesson(identifier, one.title, address)

    if book and not book.startswith(("https://", "http://", "file://")):
        raise ValueError("--book takes an address, such as https://example.org/course/.")
    return find


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
