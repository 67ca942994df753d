"""Makes the learner's version of each exercise, and refuses to if an answer or a hidden test would be in it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursekit.grade import engine
from improvement.files import locate

_REGIONS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")


class ExerciseError(Exception):
    """An exercise in the course itself is at fault; the message is for whoever wrote it."""


def exercises() -> dict[str, Path]:
    """Every assignment of the course and its one source notebook, in name order."""
    found = {}
    for folder in sorted((locate("exercises") / "source").iterdir()):
        notebooks = sorted(folder.glob("*.ipynb"))
        if notebooks:
            if len(notebooks) > 1:
                raise ExerciseError(
                    f"{folder} holds {len(notebooks)} notebooks. An assignment is one notebook."
                )
            found[folder.name] = notebooks[0]
    return found


def build_release(out_dir: Path) -> tuple[Path, ...]:
    """Write the learner's version of every exercise into ``out_dir/<assignment>/`` and return the notebooks.

    Args:
        out_dir: made if need be; an assignment's folder in it is replaced.

    Raises:
        ExerciseError: when a solution, a hidden test or a mark scheme would reach a learner.
        EngineError: when nbgrader cannot read an exercise.
    """
    made = []
    with tempfile.TemporaryDirectory(prefix="release-") as temporary:
        course = Path(temporary)
        for assignment, source in exercises().items():
            add_assignment(course, assignment, source.read_text(encoding="utf-8"), source.name)
            target = out_dir / assignment
            if target.exists():
                shutil.rmtree(target)
            shutil.copytree(course / "release" / assignment, target)
            made.append(target / source.name)
    return tuple(made)


def add_assignment(course: Path, assignment: str, source: str, filename: str) -> None:
    """Enter one exercise in an nbgrader course: its source, the learner's version, the gradebook.

    Raises:
        ExerciseError, EngineError: as in ``build_release``.
    """
    if not (course / engine.CONFIG).exists():
        shutil.copyfile(locate("exercises", engine.CONFIG), course / engine.CONFIG)
    folder = course / "source" / assignment
    folder.mkdir(parents=True)
    (folder / filename).write_text(source, encoding="utf-8")
    engine.generate_assignment(course, assignment)
    released = nbformat.read(course / "release" / assignment / filename, as_version=4)
    found = leaks(nbformat.reads(source, as_version=4), released)
    if found:
        raise ExerciseError(f"The learner's version of {assignment} gives answers away: {found[0]!r}.")


def leaks(source: NotebookNode, released: NotebookNode) -> list[str]:
    """Lines of a released notebook that belong to its answers, hidden tests or mark schemes alone."""
    private: set[str] = set()
    public: set[str] = set()
    for cell in source.cells:
        inside = False
        for line in cell.source.splitlines():
            if any(f"BEGIN {region}" in line for region in _REGIONS):
                inside = True
            (private if inside else public).add(line.strip())
            if any(f"END {region}" in line for region in _REGIONS):
                inside = False
    secret = private - public
    shown = []
    for cell in released.cells:
        shown += cell.source.splitlines()
        shown += [line for output in cell.get("outputs", []) for line in str(output).splitlines()]
    return [line for line in shown if line.strip() in secret]
