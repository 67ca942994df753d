"""Join what the course promises (register, outcomes, plan) with what stands: lessons, self-checks, graded cells."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from coursekit import paths
from coursekit.build import frontmatter
from improvement import curriculum
from improvement.views.questions import Check

REGISTER = paths.ROOT / "curriculum" / "register.csv"
OUTCOMES = paths.ROOT / "curriculum" / "outcomes.csv"
LESSONS = paths.ROOT / "curriculum" / "lessons.csv"
SOURCES = paths.ROOT / "exercises" / "source"
_WIDGET = re.compile(r"""Widget\(["']([a-z0-9-]+)["']""")


@dataclass(frozen=True)
class Outcome:
    """Something a module promises its learners, and where it is taught, practised and assessed."""

    module: str
    verb: str
    statement: str
    lessons: tuple[str, ...]
    practised: tuple[str, ...]
    assessed: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """A line of the register: what must be taught, the lessons written that teach it, and those planned to."""

    id: str
    group: str
    text: str
    source: str
    taught: tuple[str, ...]
    planned: tuple[str, ...]
    note: str


def written() -> dict[str, Path]:
    """Return the source of each lesson that is written, by its id."""
    found = {}
    for path in paths.lessons():
        lesson = frontmatter.read(path)
        if lesson is not None:
            found[lesson.id] = path
    return dict(sorted(found.items()))


def widgets_in(lesson: Path) -> list[str]:
    """Return the kinds of widget a lesson shows, in order."""
    return _WIDGET.findall(lesson.read_text(encoding="utf-8"))


def outcomes() -> list[Outcome]:
    """Return every outcome of every module, with the ids of lessons and the names of exercises that serve it."""
    facts = {identifier: frontmatter.read(path) for identifier, path in written().items()}
    checked = {identifier: _checked(path) for identifier, path in written().items()}
    graded = _graded()
    found = []
    for row in _rows(OUTCOMES):
        module, verb = row["module"], row["outcome"]
        of_module = [identifier for identifier in facts if identifier.startswith(f"{module}.")]
        found.append(
            Outcome(
                module,
                verb,
                row["statement"],
                tuple(one for one in of_module if verb in facts[one].outcomes),
                tuple(one for one in of_module if verb in checked[one]),
                tuple(sorted(graded.get((module, verb), set()))),
            )
        )
    return found


def items() -> list[Item]:
    """Return every line of the register with the written lessons whose front matter names it."""
    facts = {identifier: frontmatter.read(path) for identifier, path in written().items()}
    return [
        Item(
            row["id"],
            row["group"],
            row["item"],
            row["source"],
            tuple(one for one, lesson in facts.items() if row["id"] in lesson.teaches),
            tuple(row["planned_in"].split()),
            row["status_note"],
        )
        for row in _rows(REGISTER)
    ]


def sources() -> list[Path]:
    """Return every file that the tables depend on."""
    return [REGISTER, OUTCOMES, LESSONS, *written().values(), *sorted(SOURCES.glob("*/*.ipynb"))]


def plan(module: str) -> list[curriculum.Planned]:
    """Return the lessons planned for a module, in order."""
    return [lesson for lesson in curriculum.lessons() if lesson.module == module]


def checks_of(kind: str) -> tuple[Check, ...]:
    """Return the questions of a self-check, or nothing for a widget that is none."""
    if not kind.startswith("check-"):
        return ()
    module = import_module(f"improvement.views.{kind.replace('-', '_')}")
    return module.CHECKS


def _checked(lesson: Path) -> set[str]:
    return {check.outcome for kind in widgets_in(lesson) for check in checks_of(kind)}


def _graded() -> dict[tuple[str, str], set[str]]:
    """Return the exercises with a marked cell for each outcome, as (module, verb)."""
    found: dict[tuple[str, str], set[str]] = {}
    for path in sorted(SOURCES.glob("*/*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        module = notebook["metadata"].get("course", {}).get("module")
        for cell in notebook["cells"]:
            verb = cell["metadata"].get("course", {}).get("outcome")
            marked = cell["metadata"].get("nbgrader", {})
            if verb and (marked.get("grade") or marked.get("task")):
                found.setdefault((module, verb), set()).add(path.parent.name)
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
