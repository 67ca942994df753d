"""The routes through the course: which lessons, in what order, how long, and what is still missing from each."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path

from coursekit import paths
from coursekit.build import coverage, frontmatter
from improvement import curriculum
from improvement.curriculum import Planned

ROUTES = paths.ROOT / "curriculum" / "routes.csv"
INFO = paths.ROOT / "curriculum" / "route-info.csv"


@dataclass(frozen=True)
class Step:
    """One lesson of a route. `instead_of` is the lesson that stood here first and is not written yet, or None."""

    lesson: Planned
    instead_of: Planned | None
    optional: bool


@dataclass(frozen=True)
class Route:
    """A route: who it is for, what it asks, and its steps in order. `minutes` counts the lessons alone.

    `follows` is the route that should come first and `leads_to` the one that comes next, by id, or "".
    `then` are the pages to go to at its end, such as "book/record".
    """

    id: str
    title: str
    page: str
    roles: tuple[str, ...]
    follows: str
    leads_to: str
    then: tuple[str, ...]
    who: str
    besides: str
    assessment: str
    output: str
    steps: tuple[Step, ...]

    @property
    def core(self) -> tuple[Step, ...]:
        """The steps that are not optional."""
        return tuple(step for step in self.steps if not step.optional)

    @property
    def minutes(self) -> int:
        return sum(step.lesson.minutes for step in self.core)

    @property
    def missing(self) -> tuple[Planned, ...]:
        """The lessons of the core that are not written."""
        return tuple(step.lesson for step in self.core if not step.lesson.written)

    @property
    def whole(self) -> bool:
        return not self.missing


def routes() -> dict[str, Route]:
    """Return every route by its id, in the order of curriculum/route-info.csv.

    A lesson's minutes are those of its front matter once it is written.
    Raises ValueError naming the route for a lesson that is not in the plan or a route that nobody describes.
    """
    lessons = plan()
    steps: dict[str, list[Step]] = {}
    for row in _rows(ROUTES):
        steps.setdefault(row["route"], []).append(_step(row, lessons))
    described = _rows(INFO)
    for row in described:
        if row["parts"]:
            steps[row["route"]] = [step for part in row["parts"].split() for step in steps[part]]
    strangers = sorted(set(steps) ^ {row["route"] for row in described})
    if strangers:
        raise ValueError(
            f"Route {strangers[0]!r} must stand in both curriculum/routes.csv and curriculum/route-info.csv."
        )
    after = {row["follows"]: row["route"] for row in described if row["follows"]}
    return {
        row["route"]: Route(
            row["route"],
            row["title"],
            row["page"],
            tuple(row["roles"].split()),
            row["follows"],
            after.get(row["route"], ""),
            tuple(row["then"].split()),
            row["who"],
            row["besides"],
            row["assessment"],
            row["output"],
            tuple(steps[row["route"]]),
        )
        for row in described
    }


def prerequisites() -> dict[str, tuple[str, ...]]:
    """Return, for each written lesson that builds on others, the ids of those lessons, as its front matter says."""
    own = (frontmatter.read(path) for path in paths.lessons())
    return {lesson.id: lesson.needs for lesson in own if lesson and lesson.needs}


def before(route: Route, everything: dict[str, Route]) -> list[str]:
    """Return the ids of the lessons on the routes that come before this one, in order."""
    if not route.follows:
        return []
    earlier = everything[route.follows]
    return [*before(earlier, everything), *(step.lesson.id for step in earlier.steps)]


def sources() -> list[Path]:
    """Return every file that the routes depend on."""
    return [ROUTES, INFO, *coverage.sources()]


def in_hours(minutes: int) -> str:
    """Return a length of time as people say it: "44 minutes", "2 h 25"."""
    if minutes < 60:
        return f"{minutes} minutes"
    return f"{minutes // 60} h {minutes % 60:02d}" if minutes % 60 else f"{minutes // 60} h"


def facts() -> dict[str, frontmatter.Lesson]:
    """Return what each written lesson says of itself, by its id."""
    return {identifier: frontmatter.read(path) for identifier, path in coverage.written().items()}


def plan() -> dict[str, Planned]:
    """Return every lesson of the plan by its id, a written one with the minutes of its own front matter."""
    own = facts()
    return {
        one.id: replace(one, minutes=own[one.id].minutes) if one.id in own else one
        for one in curriculum.lessons()
    }


def _step(row: dict[str, str], lessons: dict[str, Planned]) -> Step:
    choices = [row["lesson"], *row["alternatives"].split()]
    for identifier in choices:
        if identifier not in lessons:
            raise ValueError(
                f"Route {row['route']!r} has {identifier!r}, which is not in curriculum/lessons.csv."
            )
    taken = next((one for one in choices if lessons[one].written), choices[0])
    instead_of = lessons[choices[0]] if taken != choices[0] else None
    return Step(lessons[taken], instead_of, row["optional"] == "yes")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
