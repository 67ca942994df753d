"""The command `course check`: what a learner can know before handing in."""

from __future__ import annotations

import codecs
import contextlib
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from coursekit.sandbox.work import Done


_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_LONGEST = 500


@dataclass(frozen=True)
class Finding:
    """One thing a learner should know.

    Attributes:
        right: whether it is as it should be.
        text: what, and what to do when it is not.
    """

    right: bool
    text: str


def check(
    notebook: Annotated[Path, typer.Argument(help="Your notebook, the .ipynb file.")],
    seconds: Annotated[
        int, typer.Option(min=1, help="How long a code box may run. In marking it is 30 seconds.")
    ] = 30,
) -> None:
    """Check your own notebook before you hand it in.

    It runs it from top to bottom, as marking will, and says which of the tests that you can see are passed. Hidden tests
    are not run. It ends with 0 when there is nothing to mend, with 1 when there is, and with 2 when it is no notebook of
    this course.
    """
    from coursekit.grade.submissions import LARGEST, UnreadableError
    from coursekit.sandbox.parent import SandboxError

    if not notebook.is_file():
        what = f"{notebook} is a folder." if notebook.is_dir() else f"There is no file {notebook.name} there."
        typer.echo(f"{what} Give the .ipynb file that you work in.", err=True)
        raise typer.Exit(2)
    try:
        if notebook.stat().st_size > LARGEST:
            raise UnreadableError(
                f"It is larger than {LARGEST // 1024**2} MB. Clear its outputs and save it."
            )
        data = notebook.read_bytes().removeprefix(codecs.BOM_UTF8)
        assignment, released, handed_in = _recognise(data)
    except (OSError, UnreadableError) as error:
        what = str(error).partition(" Ask the learner")[0]
        typer.echo(f"{notebook.name}: {what} Give the .ipynb file that you work in.", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{notebook.name} is exercise {assignment}. Running it from top to bottom ...\n")
    try:
        findings = list(examine(handed_in, released, seconds))
    except SandboxError as error:
        typer.echo(f"Python could not be started to run it: {error}. Try again.", err=True)
        raise typer.Exit(2) from None
    for finding in findings:
        typer.echo(f"  {'ok    ' if finding.right else 'TO DO '} {finding.text}")
    left = sum(not finding.right for finding in findings)
    typer.echo(
        f"\n{left} to look at."
        if left
        else "\nNothing to mend that can be seen from here. Hidden tests are run when it is marked."
    )
    raise typer.Exit(1 if left else 0)


def _recognise(data: bytes) -> tuple[str, NotebookNode, NotebookNode]:
    """Find which exercise a notebook is, and make the learner's version of it. Raises UnreadableError."""
    import nbformat

    from coursekit.grade.mend import marked_cells
    from coursekit.grade.release import add_assignment, exercises
    from coursekit.grade.submissions import UnreadableError, parse, read_notebook

    mine = marked_cells(read_notebook(data)).keys()
    sources = exercises()
    likeness = {
        name: len(mine & marked_cells(nbformat.read(path, as_version=4)).keys())
        for name, path in sources.items()
    }
    assignment = max(likeness, key=lambda name: likeness[name])
    if not likeness[assignment]:
        raise UnreadableError(
            "This is not an exercise of this course: none of its boxes bears the course's marks."
        )
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        source = sources[assignment]
        add_assignment(Path(folder), assignment, source.read_text(encoding="utf-8"), source.name)
        released = nbformat.read(Path(folder, "release", assignment, source.name), as_version=4)
    return assignment, released, parse(data, released, assignment)


def examine(notebook: NotebookNode, released: NotebookNode, seconds: float) -> Iterator[Finding]:
    """Look at a notebook as marking would, without hidden tests; its own code runs in an ordinary kernel.

    Args:
        notebook: the learner's; put right in place.
        released: the learner's version of the exercise, untouched.
        seconds: how long a cell may run.

    Raises:
        SandboxError: when no kernel starts.
    """
    from nbgrader.utils import is_grade, is_solution

    from coursekit.grade.mend import marked_cells, mend
    from coursekit.sandbox import work

    for note in mend(notebook, released):
        yield Finding(False, f"{note} Take a fresh copy of the exercise if that was not meant.")
    given = marked_cells(released)
    for name, cell in marked_cells(notebook).items():
        if is_solution(cell) and cell.source.strip() == given[name].source.strip():
            yield Finding(False, f"{name}: not answered yet.")

    cells = tuple(cell.source if cell.cell_type == "code" else None for cell in notebook.cells)
    done = work.run(work.Work(sealed=cells, shown=cells, sandboxed=False, timeout=seconds))
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            yield _test(cell, done, place)
    broken = [
        place
        for place, answer in sorted(done.sealed.items())
        if answer.failed and not is_grade(notebook.cells[place])
    ]
    if broken:
        error = done.sealed[broken[0]].outputs[-1]
        box = sum(cell.cell_type == "code" for cell in notebook.cells[: broken[0] + 1])
        yield Finding(False, f"It does not run from top to bottom. Code box {box}: {_said(error)}")
    else:
        yield Finding(True, "It runs from top to bottom.")


def _test(cell: NotebookNode, done: Done, place: int) -> Finding:
    name, points = cell.metadata["nbgrader"]["grade_id"], cell.metadata["nbgrader"]["points"]
    answer = done.sealed.get(place)
    errors = [output for output in answer.outputs if output.output_type == "error"] if answer else []
    if errors:
        return Finding(False, f"{name} ({points:g}): {_said(errors[0])}")
    results = (
        [output for output in answer.outputs if output.output_type == "execute_result"] if answer else []
    )
    if results:
        with contextlib.suppress(KeyError, TypeError, ValueError):
            earned = float(results[-1].data["text/plain"])
            if earned < points:
                return Finding(
                    False, f"{name} ({points:g}): passed in part, {earned:g} of {points:g} points."
                )
    return Finding(True, f"{name} ({points:g}): the tests that you can see are passed.")


def _said(error: NotebookNode) -> str:
    """What an error output says, on one line."""
    from coursekit.sandbox.session import DIED, LATE

    value = " ".join(_COLOUR.sub("", str(error.get("evalue"))).split())[:_LONGEST]
    if error.get("ename") == LATE:
        return f"{value} Look for a loop that never ends."
    return value if error.get("ename") == DIED else f"{error.get('ename')}: {value}"
