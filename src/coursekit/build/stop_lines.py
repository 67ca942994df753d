"""Read from the modules' facilitator pages what a facilitator asks, expects and stops at, lesson by lesson."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

from coursekit import paths
from improvement import curriculum

_LESSON = re.compile(r"\bM\d\d\.\d+\b")
_FIELDS = {
    "ask": ("Predict question", "Ask before"),
    "wrong": ("Common wrong answers",),
    "ten": ("Stop at 10",),
    "fifteen": ("Stop at 15",),
}
_IN_A_ROOM = re.compile(r"(?:, or )?(\d+|twenty) in a room|in a room allow (\d+)")
_LONGER = {"half as long again": 1.5, "allow twice that": 2}


@dataclass(frozen=True)
class Running:
    """How a lesson runs in a room: its minutes, what to ask first, the answers to expect, and where to stop."""

    lesson: curriculum.Planned
    page: str
    room: str
    ask: str
    wrong: str
    ten: str
    fifteen: str


def pages() -> list[Path]:
    """Return every module's facilitator page."""
    return sorted(paths.ROOT.glob("modules/*/facilitator.md"))


def running() -> list[Running]:
    """Return every written lesson in the course's order, with what its module's facilitator page says of it.

    Raises ValueError naming the page and what is missing there.
    """
    found = []
    for lesson in curriculum.lessons():
        if not lesson.written:
            continue
        page = paths.ROOT / Path(lesson.page).parent / "facilitator.md"
        if not page.exists():
            raise ValueError(f"{lesson.id} is written, and {page.relative_to(paths.ROOT)} is not.")
        text = page.read_text(encoding="utf-8")
        said = tables(text).get(lesson.id, {})
        for field, names in _FIELDS.items():
            if not said.get(field):
                raise ValueError(
                    f"{page.relative_to(paths.ROOT)} does not say “{names[0]}” for {lesson.id}. Add it to its table."
                )
        found.append(
            Running(
                lesson,
                page.relative_to(paths.ROOT).with_suffix("").as_posix(),
                _in_a_room(lesson, said.get("time", ""), " ".join(text.split())),
                **{field: said[field] for field in _FIELDS},
            )
        )
    return found


def tables(text: str) -> dict[str, dict[str, str]]:
    """Return what the Markdown tables of a page say of each lesson: `ask`, `wrong`, `ten`, `fifteen` and `time`.

    A table may have its lessons down the side or along the top.
    """
    found: dict[str, dict[str, str]] = {}
    for block in re.findall(r"(?:^\|.*\|\n?)+", text, flags=re.MULTILINE):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.strip().split("\n")]
        head, body = rows[0], [row for row in rows[1:] if not set("".join(row)) <= set("-: ")]
        if any(_LESSON.search(cell) for cell in head):
            along = head if len(head) > 2 or _LESSON.search(head[-1]) else [head[-1], head[0]]
            sides = [(row[0], along[at], cell) for row in body for at, cell in enumerate(row) if at]
        else:
            sides = [(head[at], row[0], cell) for row in body for at, cell in enumerate(row) if at]
        for name, place, cell in sides:
            lesson, field = _LESSON.search(place), _field(name)
            if lesson and field and cell:
                found.setdefault(lesson.group(), {})[field] = cell
    return found


def _field(name: str) -> str:
    if name.startswith("Time"):
        return "time"
    return next((field for field, starts in _FIELDS.items() if name.startswith(starts)), "")


def _in_a_room(lesson: curriculum.Planned, cell: str, page: str) -> str:
    """Return the minutes in a room: from the table, else from the page's words, else from how much longer it says."""
    said = cell.partition("alone, ")[2]
    if said:
        return said.removesuffix(" in a room")
    if stated := _IN_A_ROOM.search(page):
        minutes = stated.group(1) or stated.group(2)
        return "20" if minutes == "twenty" else minutes
    longer = next((factor for words, factor in _LONGER.items() if words in page), None)
    if longer is None:
        raise ValueError(
            f"The facilitator page of {lesson.id} does not say how long it takes in a room. Add a row “Time”."
        )
    return f"{math.ceil(longer * lesson.minutes)}"
