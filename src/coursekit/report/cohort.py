"""A marked cohort as the report sees it, and what follows from it: marks by outcome, and what to teach again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median

PASS = 0.6
"""The share of the points from which work passes (the course's rubrics)."""


@dataclass(frozen=True)
class Item:
    """A graded cell: `title` in the exercise's words, `maximum` points, and whether a person marks it."""

    grade_id: str
    title: str
    module: str
    outcome: str
    maximum: float
    by_hand: bool = False


@dataclass(frozen=True)
class Learner:
    """A learner whose work has been marked.

    Attributes:
        student: nbgrader's name for them.
        name: what to call them on a page.
        group: the roster's group, or "".
        points: points by item; ``None`` for one that waits for a marker.
        attempted: whether anything was written, by item.
        misconceptions: the name of the misconception by item, for answers that lost points and match one.
        late: how late the work came, in seconds.
        penalty: points taken off for it.
        flags: what a person should look at, one sentence each.
        email, number, canvas, username, section: what the roster says, for exports; `canvas` is Canvas's own number.
    """

    student: str
    name: str
    group: str = ""
    points: Mapping[str, float | None] = field(default_factory=dict)
    attempted: Mapping[str, bool] = field(default_factory=dict)
    misconceptions: Mapping[str, str] = field(default_factory=dict)
    late: float = 0
    penalty: float = 0
    flags: tuple[str, ...] = ()
    email: str = ""
    number: str = ""
    canvas: str = ""
    username: str = ""
    section: str = ""

    @property
    def total(self) -> float:
        """The points so far, less the penalty; what waits for a marker counts nothing yet."""
        return max(0.0, sum(points for points in self.points.values() if points is not None) - self.penalty)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The items that wait for a marker."""
        return tuple(grade_id for grade_id, points in self.points.items() if points is None)


@dataclass(frozen=True)
class Missing:
    """A learner without marks, and why."""

    name: str
    reason: str
    group: str = ""


@dataclass(frozen=True)
class Cohort:
    """Everybody in one assignment.

    `problems` holds what was wrong with the roster's rows; `asked` is whether marking kept any answers to compare with
    known misconceptions.
    """

    assignment: str
    title: str
    items: tuple[Item, ...]
    learners: tuple[Learner, ...]
    missing: tuple[Missing, ...] = ()
    problems: tuple[str, ...] = ()
    asked: bool = False

    @property
    def out_of(self) -> float:
        return sum(item.maximum for item in self.items)


@dataclass(frozen=True)
class OutcomeMarks:
    """One outcome: the share of its points that each learner with all of them marked has, from 0 to 1."""

    module: str
    outcome: str
    maximum: float
    shares: tuple[float, ...]
    waiting: int

    @property
    def mean(self) -> float | None:
        return fmean(self.shares) if self.shares else None

    @property
    def middle(self) -> float | None:
        return median(self.shares) if self.shares else None

    @property
    def below(self) -> int:
        """How many have less than the pass mark's share of this outcome."""
        return sum(share < PASS for share in self.shares)


@dataclass(frozen=True)
class Teach:
    """Something to teach again: a misconception, who has it, and where the course teaches it."""

    name: str
    says: str
    lesson: str
    learners: tuple[Learner, ...]
    items: tuple[str, ...]


@dataclass(frozen=True)
class Unexplained:
    """An item on which many lost points without a misconception that the course knows."""

    item: Item
    learners: tuple[Learner, ...]


def outcomes(items: Iterable[Item]) -> list[tuple[str, str]]:
    """The outcomes that the items serve, as (module, outcome), in the order of the page."""
    return list(dict.fromkeys((item.module, item.outcome) for item in items))


def outcome_share(items: Iterable[Item], learner: Learner) -> float | None:
    """The share of some items' points that a learner has; ``None`` while one of them waits for a marker."""
    items = list(items)
    most = sum(item.maximum for item in items)
    points = [learner.points.get(item.grade_id) for item in items]
    if not most or any(one is None for one in points):
        return None
    return sum(points) / most


def by_outcome(items: Sequence[Item], learners: Sequence[Learner]) -> list[OutcomeMarks]:
    """Marks by outcome, in the order of the page."""
    found = []
    for module, outcome in outcomes(items):
        own = [item for item in items if (item.module, item.outcome) == (module, outcome)]
        shares = [outcome_share(own, learner) for learner in learners]
        known = tuple(share for share in shares if share is not None)
        most = sum(item.maximum for item in own)
        found.append(OutcomeMarks(module, outcome, most, known, len(shares) - len(known)))
    return found


def teach_again(
    items: Sequence[Item],
    learners: Sequence[Learner],
    known: Callable[[str, str], Mapping[str, str]],
) -> list[Teach]:
    """Misconceptions by how many learners have them, most first; a learner counts once for each.

    Args:
        items: the assignment's.
        learners: whose answers to look at.
        known: (grade_id, name) to the entry of that misconception, with `says` and `lesson`.
    """
    holders: dict[tuple[str, str], list[Learner]] = {}
    places: dict[tuple[str, str], list[str]] = {}
    words: dict[tuple[str, str], Mapping[str, str]] = {}
    for item in items:
        for learner in learners:
            name = learner.misconceptions.get(item.grade_id)
            if name is None:
                continue
            entry = known(item.grade_id, name)
            key = (name, entry["says"])
            words[key] = entry
            if learner not in holders.setdefault(key, []):
                holders[key].append(learner)
            if item.grade_id not in places.setdefault(key, []):
                places[key].append(item.grade_id)
    made = [
        Teach(key[0], entry["says"], entry["lesson"], tuple(holders[key]), tuple(places[key]))
        for key, entry in words.items()
    ]
    return sorted(made, key=lambda one: -len(one.learners))


def unexplained(items: Sequence[Item], learners: Sequence[Learner]) -> list[Unexplained]:
    """Automatically marked items that two or more learners tried and missed in a way nobody has named, most first."""
    found = []
    for item in items:
        lost = tuple(
            learner
            for learner in learners
            if not item.by_hand
            and learner.attempted.get(item.grade_id, True)
            and (points := learner.points.get(item.grade_id)) is not None
            and points < item.maximum
            and item.grade_id not in learner.misconceptions
        )
        if len(lost) > 1:
            found.append(Unexplained(item, lost))
    return sorted(found, key=lambda one: -len(one.learners))
