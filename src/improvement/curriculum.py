"""The lessons of the course in their order: which are planned, which are written, and where they are."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from improvement.files import locate


@dataclass(frozen=True)
class Planned:
    """A lesson of the plan. `page` is where it stands, as "modules/measurement/xmr-charts", or "" until it is written."""

    id: str
    slug: str
    title: str
    minutes: int
    page: str

    @property
    def module(self) -> str:
        """The module's id, such as "M02"."""
        return self.id.partition(".")[0]

    @property
    def written(self) -> bool:
        return bool(self.page)


def lessons() -> list[Planned]:
    """Return every lesson of the plan, in the course's order."""
    text = locate("curriculum", "lessons.csv").read_text(encoding="utf-8")
    return [
        Planned(row["id"], row["slug"], row["title"], int(row["minutes"]), row["page"])
        for row in csv.DictReader(io.StringIO(text))
    ]


def lesson(identifier: str) -> Planned:
    """Return the lesson of that id, such as "M02.3".

    Raises ValueError for an id that is not in the plan.
    """
    for planned in lessons():
        if planned.id == identifier:
            return planned
    raise ValueError(f"There is no lesson {identifier!r} in curriculum/lessons.csv.")
