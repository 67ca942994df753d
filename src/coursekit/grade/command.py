"""The command `course grade`: a folder of notebooks in, marks and feedback out."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from coursekit.grade.folder import MarkingFolder
    from coursekit.grade.marking import Result
    from coursekit.grade.marks import Row


def grade(
    submissions: Annotated[
        Path,
        typer.Argument(help="A folder of notebooks named by learner, or with one folder for each learner."),
    ],
    assignment: Annotated[
        str | None,
        typer.Option(help="Which exercise, such as E02. Not needed while the course has only one."),
    ] = None,
    marking: Annotated[
        Path,
        typer.Option(
            help="Where to keep the gradebook, the marks and the feedback. Made the first time and used again after. "
            "Keep it."
        ),
    ] = Path("marking"),
) -> None:
    """Mark a folder of notebooks with nbgrader.

    The submissions are only read. Running it again marks what is new or changed. It ends with 0 when all were marked,
    with 1 when some were not (each is named, with the reason), and with 2 when it could not begin.
    """
    from coursekit.grade import marking as run  # nbgrader takes seconds to import: not for `course --help`
    from coursekit.grade.engine import EngineError
    from coursekit.grade.folder import FolderError, open_folder
    from coursekit.grade.marks import outcomes, write_csv
    from coursekit.grade.release import ExerciseError
    from coursekit.grade.submissions import find_submissions

    submissions = submissions.resolve()
    marking = marking.resolve()
    assignment = _choose(assignment)
    _check_places(submissions, marking)
    try:
        folder = open_folder(marking, assignment)
    except (FolderError, ExerciseError, EngineError, OSError) as error:
        _stop(str(error))
    if folder.outdated:
        typer.echo(
            f"{folder.assignment} has changed since this marking folder was made. The folder keeps its own version, so "
            "that everyone is marked alike; to use the new one, name a new folder with --marking."
        )
    found = find_submissions(submissions, folder.released(), folder.assignment, folder.notebook)
    if not found:
        _stop(f"There is nothing to mark in {submissions}.")

    typer.echo(f"Marking {len(found)} submissions for {folder.assignment} ...")
    done = 0

    def report(result: Result) -> None:
        nonlocal done
        done += 1
        typer.echo(f"  {done}/{len(found)}  {result.submission.learner}: {result.status}")

    results = run.mark_cohort(folder, found, report)
    rows = _rows(folder, results)
    table = folder.root / "marks.csv"
    write_csv(table, rows, outcomes(folder))
    _summarise(folder, rows, table)
    raise typer.Exit(1 if any(row.status == run.NOT_MARKED for row in rows) else 0)


def formgrader_command(root: Path) -> list[str]:
    """The command that opens nbgrader's formgrader on a marking folder; run it from that folder."""
    return [
        sys.executable,
        "-m",
        "jupyter",
        "server",
        f"--ServerApp.root_dir={root}",
        "--ServerApp.default_url=/formgrader",
        "--ServerApp.open_browser=True",
    ]


def _check_places(submissions: Path, marking: Path) -> None:
    if not submissions.exists():
        _stop(f"There is no folder {submissions}.")
    if submissions.suffix.lower() == ".zip":
        _stop(f"{submissions.name} is a zip file. Unpack it, and give the folder that comes out.")
    if not submissions.is_dir():
        _stop(f"{submissions} is a file. Give the folder that the submissions are in.")
    if marking == submissions or marking.is_relative_to(submissions) or submissions.is_relative_to(marking):
        _stop(
            "Submissions and marking need two folders, neither inside the other. Name another with --marking."
        )


def _choose(assignment: str | None) -> str:
    from coursekit.grade.release import exercises

    known = list(exercises())
    if assignment is None and len(known) == 1:
        return known[0]
    if assignment not in known:
        asked = (
            f"There is no exercise called {assignment}"
            if assignment
            else "Say which exercise with --assignment"
        )
        _stop(f"{asked}. There are: {', '.join(known)}.")
    return assignment


def _rows(folder: MarkingFolder, results: list[Result]) -> list[Row]:
    """One row for each submission of this run, then one for each learner who was marked before and is not in it."""
    from coursekit.grade.marks import Row, read_marks

    marks = read_marks(folder)
    rows = [
        Row(
            result.submission.learner,
            marks.pop(result.submission.student, None),
            result.status,
            result.reason,
        )
        for result in results
    ]
    before = "Marked in an earlier run; the notebook is no longer among the submissions."
    return rows + [Row(student, found, "unchanged", before) for student, found in sorted(marks.items())]


def _summarise(folder: MarkingFolder, rows: list[Row], table: Path) -> None:
    width = max(len(row.learner) for row in rows)
    typer.echo("")
    for row in rows:
        marks = row.marks
        points = f"{marks.total:g} of {marks.out_of:g}" if marks else "no marks"
        waits = ", a marker's score outstanding" if marks and marks.outstanding else ""
        typer.echo(f"{row.learner:{width}}  {row.status:10}  {points}{waits}")
    told = [row for row in rows if row.reason]
    if told:
        typer.echo("\nWhat to know:")
        for row in told:
            typer.echo(f"  {row.learner}: {row.reason}")
    missed = sum(row.status == "not marked" for row in rows)
    outstanding = sum(bool(row.marks and row.marks.outstanding) for row in rows)
    typer.echo(f"\n{len(rows) - missed} of {len(rows)} marked, {outstanding} of them waiting for a marker.")
    typer.echo(f"Marks: {table}")
    typer.echo(f"Feedback pages: {folder.root / 'feedback'}")
    if outstanding:
        typer.echo("To mark what is waiting, run these two, then this command again:")
        typer.echo(f"  cd {shlex.quote(str(folder.root))}")
        typer.echo(f"  {shlex.join(formgrader_command(folder.root))}")


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)
