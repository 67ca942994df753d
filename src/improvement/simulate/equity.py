"""W14 equity splitter: an average that improves while a gap widens.

Group g has a share w_g of the people and a rate r_g before and r'_g after (any event, in percent). Then, exactly:

- overall before = sum of w_g r_g; after = sum of w'_g r'_g, where w'_g is the share after (w_g unless given);
- gap = highest rate minus lowest rate, among groups; ratio = highest over lowest;
- change overall = (sum of w_g (r'_g - r_g), from the rates) + (sum of (w'_g - w_g) r'_g, from the mix).

`simulate` also draws `months` before and after, with `people` a month: each group's share of them (rounded by the
largest remainder, so that they add up) and binomial counts, to show how much of a gap small numbers can hide or make.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from improvement.simulate import checks, streams
from improvement.spc.distributions import wilson_interval

ASSUMPTIONS = (
    "Everyone belongs to exactly one group, and groups are recorded correctly.",
    "People in a group share one chance of the event, before and after.",
    "Rates change at once, and from one month to the next only by chance.",
)
CANNOT_TELL = (
    "Why a group's rate differs, or whether the change caused the gap.",
    "Gaps inside a group, or for groups that the data do not name.",
    "Which gap matters most to the people in it: ask them.",
)


@dataclass(frozen=True)
class Group:
    """A group's name, share of the people (0 to 1), and rates in percent before and after.

    `share_after` is its share afterwards if the mix of people changes.
    """

    name: str
    share: float
    before: float
    after: float
    share_after: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise ValueError(f"name of a group must be text, but it is {self.name!r}")
        checks.number(f"share of {self.name}", self.share, 0, 1)
        checks.number(f"before of {self.name}", self.before, 0, 100, unit="percent")
        checks.number(f"after of {self.name}", self.after, 0, 100, unit="percent")
        if self.share_after is not None:
            checks.number(f"share_after of {self.name}", self.share_after, 0, 1)

    @property
    def later_share(self) -> float:
        return self.share if self.share_after is None else self.share_after


@dataclass(frozen=True)
class Parameters:
    """Two or more groups whose shares add up to 1, months before and after, and people a month."""

    groups: tuple[Group, ...] = (
        Group("Less deprived", 0.8, 6.0, 4.0),
        Group("More deprived", 0.2, 14.0, 15.0),
    )
    months: int = 12
    people: int = 1000

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", tuple(self.groups))
        if len(self.groups) < 2 or not all(isinstance(group, Group) for group in self.groups):
            raise ValueError(f"groups must be two or more Group values, but they are {self.groups!r}")
        names = [group.name for group in self.groups]
        if len(set(names)) < len(names):
            raise ValueError(f"groups must have different names, but they are {names!r}")
        for what, total in (
            ("share", math.fsum(group.share for group in self.groups)),
            ("share_after", math.fsum(group.later_share for group in self.groups)),
        ):
            if abs(total - 1) > 1e-6:
                raise ValueError(f"{what} of all groups must add up to 1, but it adds up to {total:g}")
        checks.whole("months", self.months, 1, 120)
        checks.whole("people", self.people, 1, 100_000)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Gap:
    """Highest against lowest group rate: difference in percentage points, and ratio (None if the lowest is 0)."""

    absolute: float
    ratio: float | None
    highest: str
    lowest: str


@dataclass(frozen=True)
class Split:
    """The exact split. Rates in percent, changes in percentage points.

    `contributions` is each group's part in the change of the overall rate that comes from rates (they add up to
    `from_rates`).
    """

    overall_before: float
    overall_after: float
    gap_before: Gap
    gap_after: Gap
    from_rates: float
    from_mix: float
    contributions: dict[str, float]


@dataclass(frozen=True)
class Month:
    """One simulated month: events and people by group, in the order of the groups. Negative months are before."""

    month: int
    events: tuple[int, ...]
    people: tuple[int, ...]


@dataclass(frozen=True)
class Pooled:
    """A group's simulated rate over all months of one period, in percent, with its 95% Wilson interval."""

    name: str
    period: str
    rate: float
    low: float
    high: float
    people: int


@dataclass(frozen=True)
class Result:
    parameters: Parameters
    seed: int
    exact: Split
    months: tuple[Month, ...]
    pooled: tuple[Pooled, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def split(groups: Sequence[Group]) -> Split:
    """The exact overall rates, gaps and parts of the change.

    Raises:
        ValueError: with fewer than two groups, or shares that do not add up to 1.
    """
    groups = Parameters(groups=tuple(groups)).groups
    rates = {group.name: group.share * (group.after - group.before) for group in groups}
    return Split(
        math.fsum(group.share * group.before for group in groups),
        math.fsum(group.later_share * group.after for group in groups),
        _gap({group.name: group.before for group in groups}),
        _gap({group.name: group.after for group in groups}),
        math.fsum(rates.values()),
        math.fsum((group.later_share - group.share) * group.after for group in groups),
        rates,
    )


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Split the average exactly, and draw months of counts around the true rates.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    stream = streams.seeded(seed, "equity")
    months, pooled = [], []
    for period, numbers, shares, rates in (
        ("before", range(-p.months, 0), [g.share for g in p.groups], [g.before for g in p.groups]),
        ("after", range(p.months), [g.later_share for g in p.groups], [g.after for g in p.groups]),
    ):
        people = _allocate(p.people, shares)
        drawn = [
            Month(
                number,
                tuple(streams.binomial(stream, n, rate / 100) for n, rate in zip(people, rates, strict=True)),
                people,
            )
            for number in numbers
        ]
        months += drawn
        for position, group in enumerate(p.groups):
            total = people[position] * p.months
            if total:
                events = sum(month.events[position] for month in drawn)
                low, high = wilson_interval(events, total)
                pooled.append(Pooled(group.name, period, 100 * events / total, 100 * low, 100 * high, total))
    return Result(p, seed, split(p.groups), tuple(months), tuple(pooled))


def _gap(rates: dict[str, float]) -> Gap:
    highest, lowest = max(rates, key=lambda name: rates[name]), min(rates, key=lambda name: rates[name])
    ratio = rates[highest] / rates[lowest] if rates[lowest] else None
    return Gap(rates[highest] - rates[lowest], ratio, highest, lowest)


def _allocate(people: int, shares: list[float]) -> tuple[int, ...]:
    """Whole people by share, adding up: the largest remainders get the places that rounding down leaves."""
    exact = [people * share for share in shares]
    whole = [math.floor(amount + 1e-9) for amount in exact]
    by_remainder = sorted(range(len(shares)), key=lambda i: whole[i] - exact[i])
    for i in by_remainder[: people - sum(whole)]:
        whole[i] += 1
    return tuple(whole)
