"""`course grade`: mark a folder of notebooks and say what came of each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def grade(
    submissions: Annotated[Path, typer.Argument(help="The folder with the learners' notebooks.")],
    assignment: Annotated[str, typer.Option(help="Which exercise.")] = "E02",
    marking: Annotated[
        Path, typer.Option(help="Your marking folder: gradebook, feedback, marks. Keep it.")
    ] = Path("marking"),
) -> None:
    """Mark a folder of notebooks. Exit status: 0 all marked, 1 some not marked, 2 nothing could start."""
    from coursekit.grade import marking as engine

    def progress(mark: engine.Mark) -> None:
        score = f"{mark.total:g} of {mark.maximum:g}" if mark.points else ""
        waiting = " (part waits for you)" if mark.needs_marker else ""
        reason = f"  {mark.reason}" if mark.reason else ""
        typer.echo(f"{mark.learner:<24} {mark.status:<11} {score}{waiting}{reason}")

    course = marking.resolve()
    try:
        marks = engine.mark_folder(submissions.resolve(), assignment, course, progress)
    except (FileNotFoundError, ValueError, RuntimeError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    failed = [mark for mark in marks if mark.status == engine.NOT_MARKED]
    typer.echo(f"\n{len(marks) - len(failed)} of {len(marks)} marked. Marks: {course / 'marks.csv'}")
    typer.echo(
        f"Feedback: {course / 'feedback'}. For the parts that wait for you: cd {marking} && nbgrader formgrader"
    )
    if failed:
        raise typer.Exit(1)
