"""W17 three-horizon thinning: too many projects at once, slack for surprises, and the long term.

N projects share the days of a team of `capacity` days a month, of which a share `slack` is kept free. Every project
beyond the first costs the loss of switching: the useful share of project days is e(N) = max(floor, 1 - loss (N - 1)).
In a month there is a surprise with probability `shock_chance`; it takes D = `shock_days`. Slack meets what it can and
O = min(project days, max(0, D - slack * capacity)) is taken from the projects, so they get

    W = e(N) (capacity (1 - slack) - O)                                        useful days in the month.

When a project ends, another of the same kind starts, so that N stay under way. By Little's law (Operations Research
1961;9:383-7) the mean time a project takes is then, whatever the spread of efforts,

    lead time = N * effort / E(W) months,       finished a year = 12 E(W) / effort.

**Horizons.** The N places are shared between now, next and later by the mix (largest remainder). Project days are
shared equally between projects. A surprise takes O from all alike if `protect_later`; otherwise first from later,
then from next, then from now, as happens when the long term can wait. For each horizon the same law holds with its
own places and days. Each finished later project adds 1 to a long-term stock, which wears out at `wear` a month:
L(t + 1) = L(t) (1 - wear) + finished; in the long run L = finished a month / wear.

If surprises stop one horizon altogether, its projects never end. They still count among the N of the first formula.

Starting conditions: the first project in place i of n has (i / n) of its effort still to do, and L is 0.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from random import Random
from statistics import fmean
from typing import Any

from improvement.simulate import checks, streams

HORIZONS = ("now", "next", "later")
_CURVE = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
_PATIENCE = 20  # projects that have not ended after this many times the months are given up as unfinished

ASSUMPTIONS = (
    "Each project beyond the first wastes the same share of everybody's time, down to a floor.",
    "A new project of the same kind starts whenever one ends.",
    "Slack that no surprise needs is not used for projects.",
    "All projects are worth doing, and those of one horizon are worth the same.",
)
CANNOT_TELL = (
    "Your own switching loss: measure how long finished work really took.",
    "Which projects to stop. That is a decision about purpose, with the people they serve.",
    "What people do with slack besides meeting surprises.",
)


@dataclass(frozen=True)
class Parameters:
    """Projects at once, their effort (working days) and spread, the team's days a month, and what interrupts them.

    `effort_cv` is the standard deviation of efforts over their mean (lognormal); `share_now` and `share_next` are
    shares of the places, `later` has the rest.
    """

    projects: int = 6
    effort: float = 60.0
    effort_cv: float = 0.0
    capacity: float = 100.0
    loss: float = 0.03
    floor: float = 0.2
    share_now: float = 0.5
    share_next: float = 0.3
    slack: float = 0.0
    shock_chance: float = 0.0
    shock_days: float = 40.0
    protect_later: bool = False
    wear: float = 0.02
    months: int = 120

    def __post_init__(self) -> None:
        checks.whole("projects", self.projects, 1, 200)
        checks.number("effort", self.effort, 1, 10_000, unit="days")
        checks.number("effort_cv", self.effort_cv, 0, 3)
        checks.number("capacity", self.capacity, 1, 100_000, unit="days a month")
        for name in ("loss", "share_now", "shock_chance"):
            checks.number(name, getattr(self, name), 0, 1)
        checks.number("floor", self.floor, 0.01, 1)
        # Rounded, so that shares of 0.9 and 0.1 may be all there is.
        checks.number("share_next", self.share_next, 0, round(1 - self.share_now, 9))
        checks.number("slack", self.slack, 0, 0.9)
        checks.number("shock_days", self.shock_days, 0, 100_000, unit="days")
        checks.flag("protect_later", self.protect_later)
        checks.number("wear", self.wear, 0.001, 1)
        checks.whole("months", self.months, 1, 600)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Horizon:
    """The places of one horizon, and its lead time (months) and projects finished a year, exactly and simulated.

    A lead time is None without places, or if nothing can ever be finished; `mean_lead` is over the projects that
    were started within the run, followed until they end, and None if there are none.
    """

    name: str
    places: int
    lead_time: float | None
    finished_per_year: float
    mean_lead: float | None
    simulated_per_year: float


@dataclass(frozen=True)
class Point:
    """One number of projects at once, with its exact lead time (months) and projects finished a year."""

    projects: int
    efficiency: float
    lead_time: float | None
    finished_per_year: float


@dataclass(frozen=True)
class Result:
    """Lead times and output, what became of the surprises, and the long-term stock by month.

    `days` is E(W) a month. `surprise_days` counts the days that surprises asked for, `from_slack` and `from_projects`
    who gave them, and `unmet` those that nobody could. `long_run_stock` is where the exact stock is heading. `curve`
    repeats the exact answers for other numbers of projects, everything else equal.
    """

    parameters: Parameters
    seed: int
    efficiency: float
    days: float
    lead_time: float | None
    finished_per_year: float
    mean_lead: float | None
    simulated_per_year: float
    horizons: tuple[Horizon, ...]
    surprise_days: float
    from_slack: float
    from_projects: float
    unmet: float
    stock: tuple[float, ...]
    long_run_stock: float
    curve: tuple[Point, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def efficiency(projects: int, loss: float = 0.03, floor: float = 0.2) -> float:
    """The useful share of project days with so many projects at once: max(floor, 1 - loss * (projects - 1))."""
    checks.whole("projects", projects, 1, 10_000)
    return max(checks.number("floor", floor, 0, 1), 1 - checks.number("loss", loss, 0, 1) * (projects - 1))


def lead_time(
    projects: int, effort: float = 60.0, capacity: float = 100.0, loss: float = 0.03, floor: float = 0.2
) -> float:
    """Months that a project takes with so many at once, no slack and no surprises.

    Parameters:
        projects: how many are under way. effort: days a project. capacity: days a month.
        loss: share of time lost for each project beyond the first. floor: the useful share never falls below this.

    Raises:
        ValueError: naming a parameter that is out of range.
    """
    p = Parameters(projects=projects, effort=effort, capacity=capacity, loss=loss, floor=floor)
    return p.projects * p.effort / (p.capacity * efficiency(p.projects, p.loss, p.floor))


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Work through the months project by project, beside the exact answers.

    The same seed gives the same surprises, whatever the number of projects or the slack.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    places = _places(p)
    calm, shocked = _days_by_horizon(p, places, 0.0), _days_by_horizon(p, places, p.shock_days)
    expected = [
        (1 - p.shock_chance) * quiet + p.shock_chance * busy
        for quiet, busy in zip(calm, shocked, strict=True)
    ]
    luck = streams.seeded(seed, "thinning surprises")
    shocks = [luck.random() < p.shock_chance for _ in range(p.months * _PATIENCE)]
    horizons, leads, ends = [], [], []
    for name, count, quiet, busy, mean in zip(HORIZONS, places, calm, shocked, expected, strict=True):
        took, ended = _finish(p, count, quiet, busy, shocks, streams.seeded(seed, "thinning", name))
        leads += took
        ends.append(ended)
        horizons.append(
            Horizon(
                name,
                count,
                count * p.effort / mean if mean else None,
                12 * mean / p.effort,
                fmean(took) if took else None,
                12 * len(ended) / p.months,
            )
        )
    free = p.slack * p.capacity
    met = min(p.shock_days, free)
    taken = min(p.shock_days - met, p.capacity - free)
    happened = sum(shocks[: p.months])
    days = sum(expected)
    return Result(
        p,
        seed,
        efficiency(p.projects, p.loss, p.floor),
        days,
        p.projects * p.effort / days if days else None,
        12 * days / p.effort,
        fmean(leads) if leads else None,
        12 * sum(map(len, ends)) / p.months,
        tuple(horizons),
        happened * p.shock_days,
        happened * met,
        happened * taken,
        happened * (p.shock_days - met - taken),
        _stock(p, ends[2]),
        expected[2] / p.effort / p.wear,
        tuple(_point(p, number) for number in sorted({*_CURVE, p.projects})),
    )


def _places(p: Parameters) -> list[int]:
    quotas = [p.projects * share for share in (p.share_now, p.share_next, 1 - p.share_now - p.share_next)]
    # Rounded first, so that 0.1 + 0.2 does not decide who gets the last place.
    places = [math.floor(round(quota, 9)) for quota in quotas]
    order = sorted(range(3), key=lambda i: round(places[i] - quotas[i], 9))
    for i in order[: p.projects - sum(places)]:
        places[i] += 1
    return places


def _days_by_horizon(p: Parameters, places: Sequence[int], surprise: float) -> list[float]:
    """Useful days a month for each horizon, in a month whose surprise takes so many days."""
    available = p.capacity * (1 - p.slack)
    taken = min(available, max(0.0, surprise - p.slack * p.capacity))
    days = [available * count / p.projects for count in places]
    if p.protect_later:
        days = [share * (1 - taken / available) for share in days]
    else:
        for i in (2, 1, 0):
            given = min(days[i], taken)
            days[i] -= given
            taken -= given
    useful = efficiency(p.projects, p.loss, p.floor)
    # What is left when a surprise takes everything may be rounding error instead of 0.
    return [share * useful if share > 1e-9 * available else 0.0 for share in days]


def _finish(
    p: Parameters, places: int, quiet: float, busy: float, shocks: Sequence[bool], efforts: Random
) -> tuple[list[float], list[float]]:
    """Lead times of the projects started within the months, and the times at which any ended within them."""
    leads: list[float] = []
    ended: list[float] = []
    if not places or not (quiet or busy):
        return leads, ended
    # Work done in one place by the end of each month; a project ends when the work reaches the sum of efforts so far.
    done = list(accumulate(((busy if shock else quiet) / places for shock in shocks), initial=0.0))
    for place in range(1, places + 1):
        started: float | None = None
        target = _effort(p, efforts) * place / places
        month = 0
        while True:
            while month < len(shocks) and done[month + 1] < target - 1e-9:
                month += 1
            if month == len(shocks):
                break
            step = done[month + 1] - done[month]
            now = month + ((target - done[month]) / step if step else 0.0)
            if now <= p.months:
                ended.append(now)
            if started is not None:
                leads.append(now - started)
            if now >= p.months:
                break
            started = now
            target += _effort(p, efforts)
    return leads, ended


def _effort(p: Parameters, stream: Random) -> float:
    if not p.effort_cv:
        return p.effort
    spread = math.log1p(p.effort_cv**2)
    return p.effort * math.exp(streams.normal(stream, -spread / 2, math.sqrt(spread)))


def _stock(p: Parameters, ended: Sequence[float]) -> tuple[float, ...]:
    added = [0] * p.months
    for time in ended:
        added[min(p.months - 1, math.ceil(time) - 1)] += 1
    stock = accumulate(added, lambda level, new: level * (1 - p.wear) + new, initial=0.0)
    return tuple(stock)[1:]


def _point(p: Parameters, projects: int) -> Point:
    useful = efficiency(projects, p.loss, p.floor)
    available = p.capacity * (1 - p.slack)
    taken = min(available, max(0.0, p.shock_days - p.slack * p.capacity))
    days = useful * (available - p.shock_chance * taken)
    return Point(projects, useful, projects * p.effort / days if days > 0 else None, 12 * days / p.effort)
