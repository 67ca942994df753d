"""W32 diagnosis and remedy: what a journey of tests and remedies costs, and how much of a chronic problem it removes.

A problem is divided among causes, each with its amount now. A test costs hours, changes no amount, and speaks to some
remedies. A remedy costs hours and takes a share s (`strength`) off each cause it acts on, and off no other::

    left(cause) = amount * (1 - s) ** (remedies done that act on the cause)

The order of what is done changes no amount. It decides what was known when a remedy was chosen, what fits into the
hours, and which tests came too late. A choice made before costs and adds nothing; one that needs more hours than are
left is not carried out.

**Blind**: a remedy carried out before any test that speaks to it. **Wasted**: a test that speaks to no remedy, or only
to remedies carried out before it.

**Guessing.** `guess` is the average over every order of the remedies: each is carried out in turn if it still fits.

The two journeys, from symptom to cause and from cause to remedy, are those of J. M. Juran, "The Quality Improvement
Process", section 5 of Juran's Quality Handbook, 5th edition (1999).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

from improvement.simulate import checks

ASSUMPTIONS = (
    "A remedy takes the same share off each cause it acts on, and nothing off any other.",
    "Causes add up and do not feed each other.",
    "Tests read the record correctly, and reading changes nothing.",
    "Hours are all a remedy costs, and it works at once.",
)
CANNOT_TELL = (
    "Whether a remedy would work with real people. Only a trial in the work itself can tell.",
    "What lies behind a cause: the record has a reason, and each reason has reasons.",
    "Whether the gain would hold once nobody looks.",
)


@dataclass(frozen=True)
class Test:
    """Hours of looking, and the names of the remedies its result can recommend or rule out."""

    __test__ = False

    hours: float
    speaks_to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Remedy:
    """Hours of work, and the names of the causes it acts on (none: it treats the symptom)."""

    hours: float
    acts_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Problem:
    """A problem: amounts by cause, tests and remedies by name, and the hours there are for both.

    Raises ValueError for an amount or hours below 0, no amount at all, a name used for both a test and a remedy, a
    test that speaks to no such remedy, or a remedy that acts on no such cause.
    """

    amounts: Mapping[str, float]
    tests: Mapping[str, Test]
    remedies: Mapping[str, Remedy]
    hours: float

    def __post_init__(self) -> None:
        for cause, amount in self.amounts.items():
            checks.number(f"the amount of {cause!r}", amount, 0, 1e9)
        if not math.fsum(self.amounts.values()) > 0:
            raise ValueError("there is no problem: the amounts come to nothing")
        checks.number("hours", self.hours, 0, 1e6)
        for name, action in {**self.tests, **self.remedies}.items():
            checks.number(f"the hours of {name!r}", action.hours, 0, 1e6)
        both = set(self.tests) & set(self.remedies)
        if both:
            raise ValueError(f"{sorted(both)[0]!r} is both a test and a remedy")
        for name, test in self.tests.items():
            for remedy in test.speaks_to:
                checks.choice(f"what test {name!r} speaks to", remedy, self.remedies)
        for name, remedy in self.remedies.items():
            for cause in remedy.acts_on:
                checks.choice(f"what remedy {name!r} acts on", cause, self.amounts)

    @property
    def total(self) -> float:
        return math.fsum(self.amounts.values())


@dataclass(frozen=True)
class Step:
    """One choice. `hours` it took; `spent` and `left` stand after it; `refused` is "", "repeated" or "no hours left"."""

    name: str
    is_test: bool
    hours: float
    spent: float
    left: float
    removed: float
    refused: str = ""


@dataclass(frozen=True)
class Journey:
    """What became of the choices, in order. `wasted` names tests, `blind` remedies."""

    steps: tuple[Step, ...]
    total: float
    wasted: tuple[str, ...]
    blind: tuple[str, ...]

    @property
    def done(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if not step.refused)

    @property
    def left(self) -> float:
        return self.steps[-1].left if self.steps else self.total

    @property
    def removed(self) -> float:
        return self.total - self.left

    @property
    def test_hours(self) -> float:
        return math.fsum(step.hours for step in self.done if step.is_test)

    @property
    def remedy_hours(self) -> float:
        return math.fsum(step.hours for step in self.done if not step.is_test)


def follow(problem: Problem, choices: Iterable[str], strength: float = 0.6) -> Journey:
    """Return the journey of these tests and remedies, in order.

    Raises ValueError for a name that is neither, or a strength outside 0 to 1.
    """
    checks.number("strength", strength, 0, 1)
    left = dict(problem.amounts)
    steps: list[Step] = []
    wasted: list[str] = []
    blind: list[str] = []
    carried_out: set[str] = set()
    spoken_to: set[str] = set()
    spent = 0.0
    for name in choices:
        checks.choice("a choice", name, [*problem.tests, *problem.remedies])
        is_test = name in problem.tests
        action = problem.tests[name] if is_test else problem.remedies[name]
        before = math.fsum(left.values())
        refused = ""
        if name in carried_out:
            refused = "repeated"
        elif spent + action.hours > problem.hours + 1e-9:
            refused = "no hours left"
        if refused:
            steps.append(Step(name, is_test, 0.0, spent, before, 0.0, refused))
            continue
        spent += action.hours
        if isinstance(action, Test):
            if set(action.speaks_to) <= carried_out:
                wasted.append(name)
            spoken_to |= set(action.speaks_to)
        else:
            if name not in spoken_to:
                blind.append(name)
            for cause in action.acts_on:
                left[cause] *= 1 - strength
        carried_out.add(name)
        after = math.fsum(left.values())
        steps.append(Step(name, is_test, action.hours, spent, after, before - after))
    return Journey(tuple(steps), problem.total, tuple(wasted), tuple(blind))


def best(problem: Problem, strength: float = 0.6, *, after: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the remedies that leave the least within the hours, once the tests in `after` are paid for.

    Of equally good sets the one with the fewest hours, then the fewest remedies; remedies in the problem's order.
    """
    names = tuple(problem.remedies)
    paid = follow(problem, after, strength)
    room = problem.hours - paid.test_hours - paid.remedy_hours

    def worth(chosen: tuple[str, ...]) -> tuple[float, float, int]:
        journey = follow(problem, [*after, *chosen], strength)
        return round(journey.left, 9), journey.remedy_hours, len(chosen)

    fitting = (
        chosen
        for size in range(len(names) + 1)
        for chosen in combinations(names, size)
        if math.fsum(problem.remedies[name].hours for name in chosen) <= room + 1e-9
    )
    return min(fitting, key=worth)


def guess(problem: Problem, strength: float = 0.6) -> tuple[float, float, float]:
    """Return the least, the average and the most that picking remedies without a test removes, over every order."""
    removed = [follow(problem, order, strength).removed for order in permutations(problem.remedies)]
    return min(removed), math.fsum(removed) / len(removed), max(removed)
