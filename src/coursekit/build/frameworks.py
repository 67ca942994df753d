"""Which lessons serve which capability of a doctor's curriculum: read, checked, and written into the evidence pack's page."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from coursekit import paths
from improvement import curriculum

FOLDER = paths.ROOT / "curriculum" / "frameworks"
SPECIALTIES = paths.ROOT / "curriculum" / "specialties.csv"
LESSONS = paths.ROOT / "curriculum" / "lessons.csv"
COLUMNS = ("capability_id", "capability", "framework", "lessons", "evidence", "checked", "verify")


class FrameworkError(ValueError):
    """A mapping is wrong; the message names the file, the row and the column."""


def setup(app: Sphinx) -> None:
    app.add_directive("frameworks", Frameworks)


def read_mapping(path: Path) -> list[dict[str, Any]]:
    """Return the rows of one specialty's mapping, `lessons` as a list of ids.

    Raises FrameworkError for a missing column, an empty cell, an unknown lesson or a date that is none.
    """
    known = {lesson.id for lesson in curriculum.lessons()}
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        if tuple(table.fieldnames or ()) != COLUMNS:
            raise FrameworkError(f"{path.name}, row 1: the columns must be {', '.join(COLUMNS)}.")
        rows = list(table)
    for number, row in enumerate(rows, start=2):
        for name in COLUMNS:
            if not (row[name] or "").strip():
                raise FrameworkError(f"{path.name}, row {number}, column {name}: it is empty.")
        row["lessons"] = row["lessons"].split()
        for identifier in row["lessons"]:
            if identifier not in known:
                raise FrameworkError(
                    f"{path.name}, row {number}, column lessons: {identifier} is not in lessons.csv."
                )
        try:
            date.fromisoformat(row["checked"])
        except ValueError:
            raise FrameworkError(
                f"{path.name}, row {number}, column checked: {row['checked']!r} is not a date like 2026-11-24."
            ) from None
    return rows


def everything() -> dict[str, Any]:
    """Return what the page needs: the specialties with their rows, in order, and every lesson of the plan."""
    with SPECIALTIES.open(encoding="utf-8", newline="") as file:
        specialties = [
            {
                "id": row["specialty"],
                "name": row["name"],
                "note": row["note"],
                "rows": read_mapping(FOLDER / f"{row['specialty']}.csv"),
            }
            for row in csv.DictReader(file)
        ]
    lessons = {
        lesson.id: {"title": lesson.title, "minutes": lesson.minutes} for lesson in curriculum.lessons()
    }
    return {"specialties": specialties, "lessons": lessons}


class Frameworks(SphinxDirective):
    """``{frameworks}``: the mappings as JSON inside the page, so that a page opened from a folder has them too."""

    def run(self) -> list[nodes.Node]:
        for path in (SPECIALTIES, LESSONS, *sorted(FOLDER.glob("*.csv"))):
            self.env.note_dependency(str(path))
        body = json.dumps(everything(), ensure_ascii=False).replace("</", "<\\/")
        script = f'<script type="application/json" data-frameworks>{body}</script>'
        return [nodes.raw(text=script, format="html")]
