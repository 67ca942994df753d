"""The command `course grade`: a cohort's notebooks in, marks and feedback out."""

from __future__ import annotations

import contextlib
import enum
import json
import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from coursekit.grade.progress import progress

if TYPE_CHECKING:
    from coursekit.grade.folder import MarkingFolder
    from coursekit.grade.marking import Result
    from coursekit.grade.marks import Row


_WAITING = 2  # submissions ready for the next worker of a cluster that comes free
_PROCESSES = (
    16  # at most, for each processor of this machine: what is left here of each submission is work too
)


class Late(enum.StrEnum):
    """nbgrader's own two ways with a late hand-in."""

    NONE = "none"
    ZERO = "zero"


def grade(
    submissions: Annotated[
        Path,
        typer.Argument(
            help="A folder of notebooks named by learner, or with one folder for each learner; a zip file from Moodle or "
            "Teams; or the inbound folder of nbgrader's exchange."
        ),
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
    gradebook: Annotated[
        str | None,
        typer.Option(
            help="Keep the gradebook in a PostgreSQL database, by its address (postgresql://...). Only when the marking "
            "folder is made."
        ),
    ] = None,
    due: Annotated[
        str | None, typer.Option(help="When it was due, such as 2026-11-30 17:00, in this computer's time.")
    ] = None,
    times: Annotated[
        Path | None,
        typer.Option(
            help="A table of when each learner handed in: a CSV file with columns learner and submitted."
        ),
    ] = None,
    late: Annotated[
        Late | None, typer.Option(help="What a late hand-in costs: nothing, or all its marks.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="How many to mark at a time: one for each processor of this machine, or as many as the cluster runs.",
        ),
    ] = None,
    scheduler: Annotated[
        str, typer.Option(help="Run the notebooks on a dask cluster, by its scheduler's address (tcp://...).")
    ] = "",
    unsafe: Annotated[
        bool,
        typer.Option(
            "--unsafe",
            help="Run the notebooks without a sandbox. Only for notebooks of people you would lend this computer to: "
            "they can then read, change and send away whatever you can.",
        ),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the results as JSON, for other programs.")
    ] = False,
) -> None:
    """Mark a cohort's notebooks with nbgrader, each in a sandbox.

    The submissions are only read. Running it again marks what is new or changed; a run that was stopped goes on where
    it was. It ends with 0 when all were marked, with 1 when some were not (each is named, with the reason), and with 2
    when it could not begin.
    """
    from coursekit.sandbox import ways

    ahead = None if unsafe or scheduler else ways.ahead()
    from coursekit.grade import cluster
    from coursekit.grade import marking as run  # nbgrader takes seconds to import: not for `course --help`
    from coursekit.grade.cluster import ClusterError
    from coursekit.grade.engine import EngineError, Settings, database
    from coursekit.grade.engine import gradebook as gradebook_at
    from coursekit.grade.folder import FolderError, alone, open_folder
    from coursekit.grade.intake import IntakeError, opened
    from coursekit.grade.marks import outcomes, write_csv
    from coursekit.grade.release import ExerciseError
    from coursekit.grade.terms import set_terms
    from coursekit.sandbox.parent import SandboxError

    say = partial(typer.echo, err=as_json)
    submissions = submissions.resolve()
    marking = marking.resolve()
    assignment = choose(assignment)
    _check_places(submissions, marking)
    with contextlib.ExitStack() as stack:
        try:
            if unsafe:
                say(
                    "Without a sandbox: these notebooks can read, change and send away whatever you can.",
                    err=True,
                )
            elif not scheduler:
                parent = ways.prepare(ahead)
                if parent is not None:
                    stack.enter_context(parent)
            if scheduler:
                together = cluster.prepare(scheduler, sandboxed=not unsafe) + _WAITING
                at_a_time = min(together, _PROCESSES * run.processors())
            else:
                at_a_time = run.processors()
            folder = open_folder(marking, assignment, gradebook)
            stack.enter_context(alone(folder.root))
            with gradebook_at(database(folder.root)):
                pass  # better to know now that it cannot be reached than at every submission
            if due is not None or late is not None:
                set_terms(folder, due, late.value if late else None)
            found = stack.enter_context(opened(submissions, folder, times))
        except (
            FolderError, ExerciseError, EngineError, IntakeError, SandboxError, ClusterError, OSError
        ) as error:  # fmt: skip
            _stop(str(error))
        if folder.outdated:
            say(
                f"{folder.assignment} has changed since this marking folder was made. The folder keeps its own version, "
                "so that everyone is marked alike; to use the new one, name a new folder with --marking."
            )
        if not found:
            _stop(f"There is nothing to mark in {submissions}.")

        try:
            with progress(
                f"Marking {len(found)} submissions for {folder.assignment}", len(found), say
            ) as report:
                results = run.mark_cohort(
                    folder,
                    found,
                    lambda result: report(f"{result.submission.learner}: {result.status}"),
                    settings=Settings(sandbox=not unsafe, scheduler=scheduler),
                    workers=workers or at_a_time,
                )
            rows = _rows(folder, results)
        except EngineError as error:  # the gradebook has gone since it was first opened
            _stop(f"{error} What has been marked is kept.", 1)
        except KeyboardInterrupt:
            _stop("Stopped. What has been marked is kept: run this command again to go on.", 130)
        table = folder.table
        write_csv(table, rows, outcomes(folder))
        if as_json:
            typer.echo(json.dumps(_as_json(folder, rows), ensure_ascii=False, indent=1))
        else:
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
    if not submissions.is_dir() and submissions.suffix.lower() != ".zip":
        _stop(
            f"{submissions} is a file. Give the folder that the submissions are in, or the zip file they came in."
        )
    if marking == submissions or marking.is_relative_to(submissions) or submissions.is_relative_to(marking):
        _stop(
            "Submissions and marking need two folders, neither inside the other. Name another with --marking."
        )


def choose(assignment: str | None) -> str:
    """The assignment asked for, or the only one there is; ends the command when there is none such."""
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
            result.flags,
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
    flagged = [row for row in rows if row.flags]
    if flagged:
        typer.echo("\nLook at these yourself; their marks stand until you change them:")
        for row in flagged:
            typer.echo(f"  {row.learner}: {' '.join(row.flags)}")
    missed = sum(row.status == "not marked" for row in rows)
    outstanding = sum(bool(row.marks and row.marks.outstanding) for row in rows)
    typer.echo(f"\n{len(rows) - missed} of {len(rows)} marked, {outstanding} of them waiting for a marker.")
    typer.echo(f"Marks: {table}")
    typer.echo(f"Feedback pages: {folder.root / 'feedback'}")
    if outstanding:
        typer.echo("To mark what is waiting, run these two, then this command again:")
        typer.echo(f"  cd {shlex.quote(str(folder.root))}")
        typer.echo(f"  {shlex.join(formgrader_command(folder.root))}")


def _as_json(folder: MarkingFolder, rows: list[Row]) -> dict[str, Any]:
    return {
        "assignment": folder.assignment,
        "marking": str(folder.root),
        "submissions": [
            {
                "learner": row.learner,
                "status": row.status,
                "reason": row.reason,
                "look_at": list(row.flags),
                "points": dict(row.marks.points) if row.marks else None,
                "total": row.marks.total if row.marks else None,
                "max": row.marks.out_of if row.marks else None,
                "outstanding": row.marks.outstanding if row.marks else None,
            }
            for row in rows
        ],
    }


def _stop(message: str, code: int = 2) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(code)
