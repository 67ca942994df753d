"""Works out what each answer variant gives on the probes of exercises/misconceptions, and refreshes those files.

Run it after a variant or a probe has changed: `.venv/bin/python tests/misconceptions.py`. Words are edited in the files;
`answer` and `right` are worked out.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import warnings
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat

from coursekit.grade.release import exercises
from coursekit.paths import ROOT

FOLDER = ROOT / "exercises" / "misconceptions"
LONGEST = 2000
"""Characters of an answer that marking keeps."""


def assignments() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def read(assignment: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{assignment}.json").read_text(encoding="utf-8"))


def variants(assignment: str) -> list[Any]:
    return _variants(assignment).ALL


def items(assignment: str) -> dict[str, dict[str, float]]:
    return _variants(assignment).ITEMS


def graded_by(assignment: str, grade_id: str) -> str:
    """The item that a graded cell tests."""
    return next(item for item, outcomes in items(assignment).items() if grade_id in outcomes)


def loses(variant: Any) -> bool:
    return any(variant.loses.values())


@cache
def given(assignment: str) -> dict[str, Any]:
    """What the exercise's own boxes, neither answers nor tests, define for a learner, and what learners put in before."""
    names: dict[str, Any] = dict(getattr(_variants(assignment), "GIVEN", {}))
    for cell in nbformat.read(exercises()[assignment], as_version=4).cells:
        mark = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and mark and not mark["grade"] and not mark["solution"]:
            _run(cell.source, names)
    return names


def answer(assignment: str, variant: Any, probe: str) -> str:
    """What a variant gives on a probe, as marking would store it."""
    names = dict(given(assignment))
    cells = getattr(variant, "cells", None)
    for code in cells.values() if cells is not None else [variant.code]:
        with contextlib.suppress(NotImplementedError):
            _run(code, names)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            return repr(eval(probe, names))[:LONGEST]
    except Exception as error:
        return f"!{type(error).__name__}: {error}"[:LONGEST]


def _variants(assignment: str) -> ModuleType:
    return importlib.import_module(f"variants_{assignment.casefold()}")


def _run(source: str, names: dict[str, Any]) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        exec(source, names)


def worked_out(assignment: str) -> dict[str, Any]:
    """The file of an assignment with `right` and every `answer` as they are now."""
    entries = read(assignment)
    for grade_id, entry in entries.items():
        own = [one for one in variants(assignment) if one.item == graded_by(assignment, grade_id)]
        by_name = {one.name: one for one in own}
        entry["right"] = answer(assignment, own[0], entry["probe"])
        for known in entry["known"]:
            known["answer"] = answer(assignment, by_name[known["name"]], entry["probe"])
    return entries


def write(path: Path, entries: dict[str, Any]) -> None:
    path.write_text(json.dumps(entries, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for name in assignments():
        write(FOLDER / f"{name}.json", worked_out(name))
