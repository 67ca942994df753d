"""W23 QMS balance: where leadership time goes, and what three years of it do to quality.

Weekly hours h on planning, control, assurance and improvement each have an effect e(h) = h / (h + half_effect),
from 0 up to almost 1. Quality is waste: the percentage of work that does not meet the need.

**Existing work.** It starts at `chronic` percent. Improvement wins gains G, and what is not held leaks away::

    G(t + 1) = G(t) + r e(improvement) (chronic - floor - G(t)) - d (1 - e(control)) G(t),     G(0) = 0
    existing(t) = chronic - G(t)

with r = `improvement_rate` and d = `erosion_rate`. In the long run G = a (chronic - floor) / (a + b), where
a = r e(improvement) and b = d (1 - e(control)). With control alone G stays 0: the chronic level is held, not lowered.

**New services.** One starts in a week with probability launches_per_year / 52. It adds `service_size` of the existing
work, at a waste of worst_plan - (worst_plan - best_plan) e(planning) percent, and keeps it. Waste in all work is
(existing + sum of size * new) / (1 + sum of size).

**Spikes.** One starts in a week with probability `spike_rate` and adds `spike_size` points until it is found and
put right. In every week control finds it with probability c = see_control e(control); if not, assurance with
a = see_assurance e(assurance); if not, somebody outside (patients, regulators, the press) with o = see_others. It
ends `repair_weeks` weeks after the week in which it is found. With d = 1 - (1 - c)(1 - a)(1 - o), the mean length is
1 / d + repair_weeks and the share found by others is (1 - c)(1 - a) o / d.

The equations are our own illustration of Juran's trilogy with assurance as a fourth part; no data stand behind them.
"""

from dataclasses import asdict, dataclass
from itertools import accumulate
from statistics import fmean
from typing import Any

from improvement.simulate import checks, streams

KINDS = ("planning", "control", "assurance", "improvement")
FINDERS = ("control", "assurance", "others")
_LONGEST = 5000  # weeks until a spike that hardly anybody can see is given up

ASSUMPTIONS = (
    "An hour of any kind does less when many hours of that kind are already spent.",
    "Control keeps gains and finds spikes; by itself it never lowers the chronic level.",
    "Gains leak unless control holds them. New services keep the waste they were planned with.",
    "Assurance finds problems more slowly than control, and repairs nothing by itself.",
)
CANNOT_TELL = (
    "The right balance for your organisation: all rates and effects are numbers we chose.",
    "How good the hours are: a poor improvement hour and a good one count the same here.",
    "What else leaders' time is needed for.",
)


@dataclass(frozen=True)
class Parameters:
    """Weekly leadership hours by kind, and the rates of the model. Waste in percent, time in weeks."""

    planning: float = 1.0
    control: float = 12.0
    assurance: float = 5.0
    improvement: float = 2.0
    weeks: int = 156
    half_effect: float = 5.0
    chronic: float = 20.0
    floor: float = 4.0
    improvement_rate: float = 0.02
    erosion_rate: float = 0.03
    launches_per_year: float = 4.0
    service_size: float = 0.05
    worst_plan: float = 35.0
    best_plan: float = 3.0
    spike_rate: float = 0.08
    spike_size: float = 10.0
    see_control: float = 0.9
    see_assurance: float = 0.3
    see_others: float = 0.1
    repair_weeks: int = 1

    def __post_init__(self) -> None:
        for kind in KINDS:
            checks.number(kind, getattr(self, kind), 0, 1000, unit="hours a week")
        if not sum(self.hours.values()):
            raise ValueError(
                "planning, control, assurance and improvement are all 0: give at least one some hours"
            )
        checks.whole("weeks", self.weeks, 1, 1040)
        checks.number("half_effect", self.half_effect, 0.01, 1000, unit="hours a week")
        checks.number("chronic", self.chronic, 0, 100, unit="percent")
        checks.number("floor", self.floor, 0, self.chronic, unit="percent")
        for name in ("improvement_rate", "erosion_rate"):
            checks.number(name, getattr(self, name), 0, 0.5, unit="a week")
        checks.number("launches_per_year", self.launches_per_year, 0, 52)
        checks.number("service_size", self.service_size, 0, 10)
        checks.number("worst_plan", self.worst_plan, 0, 100, unit="percent")
        checks.number("best_plan", self.best_plan, 0, self.worst_plan, unit="percent")
        checks.number("spike_size", self.spike_size, 0, 100, unit="points")
        for name in ("spike_rate", "see_control", "see_assurance"):
            checks.number(name, getattr(self, name), 0, 1)
        checks.number("see_others", self.see_others, 0.01, 1)
        checks.whole("repair_weeks", self.repair_weeks, 0, 104)

    @property
    def hours(self) -> dict[str, float]:
        """Hours by kind, in the order of KINDS."""
        return {kind: getattr(self, kind) for kind in KINDS}


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Week:
    """Percent waste in existing work, in new services (None before the first) and in all work, spikes apart.

    `imported` is the waste of new services in points per 100 of existing work; `spike` the points from spikes now.
    """

    week: int
    existing: float
    new: float | None
    imported: float
    overall: float
    spike: float


@dataclass(frozen=True)
class Spike:
    """A spike: first week, how many weeks it lasted (past the end of the run if need be) and who found it."""

    start: int
    length: int
    found_by: str


@dataclass(frozen=True)
class Exact:
    """Values from the equations.

    `gain` is G in the last week and `long_run_gain` where it is heading (points); `spike_length` the mean in weeks;
    `found_by` the share of spikes that each finds; `new_service` the waste of a new service (percent);
    `expected_imported` the expected waste of new services in the last week (points per 100 of existing work).
    """

    gain: float
    long_run_gain: float
    spike_length: float
    found_by: dict[str, float]
    new_service: float
    surprises_per_year: float
    expected_imported: float


@dataclass(frozen=True)
class Result:
    """Shares of leadership time, the weeks, the spikes and sums over the run.

    `gain_made` and `gain_lost` are points won by improvement and leaked again; `surprises` spikes that others found.
    `mean_spike_length` is None without spikes.
    """

    parameters: Parameters
    seed: int
    shares: dict[str, float]
    weeks: tuple[Week, ...]
    spikes: tuple[Spike, ...]
    gain_made: float
    gain_lost: float
    mean_spike_length: float | None
    surprises: int
    exact: Exact

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def shares(hours: dict[str, float]) -> dict[str, float]:
    """The share of each kind of time, from hours in a diary.

    Parameters:
        hours: from name to hours, 0 or more; any names.

    Raises:
        ValueError: for hours that are not numbers of 0 or more, or that are all 0.
    """
    for name, value in hours.items():
        checks.number(f"hours of {name}", value, 0, 1e6)
    total = sum(hours.values())
    if not total:
        raise ValueError("hours are all 0: there is no time to share out")
    return {name: value / total for name, value in hours.items()}


def exact(parameters: Parameters = DEFAULTS) -> Exact:
    """Gains, spikes and new services from the equations in the module's docstring, at the end of the run."""
    p = parameters
    effect = _effects(p)
    win, leak = p.improvement_rate * effect["improvement"], p.erosion_rate * (1 - effect["control"])
    long_run = win * (p.chronic - p.floor) / (win + leak) if win else 0.0
    seen = (p.see_control * effect["control"], p.see_assurance * effect["assurance"], p.see_others)
    missed = list(accumulate((1 - chance for chance in seen), float.__mul__, initial=1.0))
    found = 1 - missed[-1]
    by = {name: before * chance / found for name, before, chance in zip(FINDERS, missed, seen, strict=False)}
    new = _new_service(p, effect)
    return Exact(
        long_run * (1 - (1 - win - leak) ** (p.weeks - 1)),
        long_run,
        1 / found + p.repair_weeks,
        by,
        new,
        52 * p.spike_rate * by["others"],
        p.launches_per_year / 52 * p.weeks * p.service_size * new,
    )


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Run the weeks. Different hours with the same seed meet the same launches and spikes.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    effect = _effects(p)
    win, leak = p.improvement_rate * effect["improvement"], p.erosion_rate * (1 - effect["control"])
    new_waste = _new_service(p, effect)
    launches, starts = streams.seeded(seed, "qms launches"), streams.seeded(seed, "qms spikes")
    gain = made = lost = 0.0
    services = 0
    spikes: list[Spike] = []
    weeks: list[Week] = []
    for week in range(p.weeks):
        services += launches.random() < p.launches_per_year / 52
        if starts.random() < p.spike_rate:
            spikes.append(_spike(p, effect, week, seed))
        size = services * p.service_size
        existing = p.chronic - gain
        imported = size * new_waste
        running = sum(spike.start <= week < spike.start + spike.length for spike in spikes)
        weeks.append(
            Week(
                week,
                existing,
                new_waste if services else None,
                imported,
                (existing + imported) / (1 + size),
                running * p.spike_size,
            )
        )
        won, leaked = win * (p.chronic - p.floor - gain), leak * gain
        gain += won - leaked
        if week < p.weeks - 1:
            made += won
            lost += leaked
    return Result(
        p,
        seed,
        shares(p.hours),
        tuple(weeks),
        tuple(spikes),
        made,
        lost,
        fmean(spike.length for spike in spikes) if spikes else None,
        sum(spike.found_by == "others" for spike in spikes),
        exact(p),
    )


def _effects(p: Parameters) -> dict[str, float]:
    return {kind: hours / (hours + p.half_effect) for kind, hours in p.hours.items()}


def _new_service(p: Parameters, effect: dict[str, float]) -> float:
    return p.worst_plan - (p.worst_plan - p.best_plan) * effect["planning"]


def _spike(p: Parameters, effect: dict[str, float], start: int, seed: int) -> Spike:
    """Follow one spike until somebody finds it, with its own stream so that no other spike changes its luck."""
    stream = streams.seeded(seed, "qms spike", start)
    chances = (p.see_control * effect["control"], p.see_assurance * effect["assurance"], p.see_others)
    for week in range(1, _LONGEST + 1):
        looks = [stream.random() for _ in chances]
        for finder, look, chance in zip(FINDERS, looks, chances, strict=True):
            if look < chance:
                return Spike(start, week + p.repair_weeks, finder)
    return Spike(start, _LONGEST + p.repair_weeks, "others")
