"""W05 ledger of poor quality: hours and pounds by category, and what kind of money a saving would be.

A line of the ledger is one kind of work: something checked, prevented, done again or put right. In a year

- occurrences = volume * share / (1 - again), where each pass has to be repeated with probability `again`
  (passes are geometric, so 1 / (1 - again) of them on average);
- hours = occurrences * minutes / 60;
- cash-releasing pounds = occurrences * spend + hours * paid_extra * rate: money that stops going out if the work
  stops, namely materials and fees, and hours bought in as overtime, bank or agency;
- capacity-releasing pounds = hours * (1 - paid_extra) * rate: staff who are paid anyway and could do other work;
- cost-avoiding pounds = occurrences * avoided: money not (yet) spent, such as a claim or a penalty.

The line's cost is the sum of the three. Authors draw the line around "poor quality" differently, so all three sums are
given: `total` adds all four categories (the cost of quality), `copq` leaves out prevention, as prevention is bought to
avoid the others, and `failure` counts the two failure categories only. Say which one you quote.

**A saving.** If a share `reduction` of failures (internal and external) no longer happens and that takes `investment`
pounds a year, the net saving is reduction * failure - investment; only its cash-releasing part pays for anything.

**Sensitivity.** Each input of each line in turn is made `sensitivity` (a proportion) smaller and larger (`share` at
most 1, `again` at most 0.95; `paid_extra` moves pounds between kinds but not the total). `simulate` also draws all
inputs together, each uniform over its range and independent of the others, for a range of the total.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from improvement.simulate import checks, streams

CATEGORIES = ("prevention", "appraisal", "internal_failure", "external_failure")
RELEASES = ("cash_releasing", "capacity_releasing", "cost_avoiding")
INPUTS = ("volume", "share", "again", "minutes", "rate", "spend", "avoided")
_MOST_AGAIN = 0.95
_MOST = (math.inf, 1.0, _MOST_AGAIN, math.inf, math.inf, math.inf, math.inf)

ASSUMPTIONS = (
    "Every occurrence takes the same time and money, and repeats are as costly as the first pass.",
    "Staff who are paid anyway cost their hourly rate, although no money is released when their time is.",
    "Failures fall by the same share in every failure line.",
)
CANNOT_TELL = (
    "What poor quality costs patients, carers and staff in worry, time and harm.",
    "Whether released capacity will be used, or cash taken out: somebody has to decide that.",
    "Costs that fall on other organisations, unless there is a line for them.",
)


@dataclass(frozen=True)
class Line:
    """One kind of work in the ledger.

    Parameters:
        name: what it is.
        category: one of CATEGORIES.
        volume: items a year. share: proportion of them that need this work (a defect rate, for failures).
        minutes: staff minutes an occurrence. rate: pounds an hour. paid_extra: proportion of hours bought in.
        spend: other pounds an occurrence that really go out. avoided: pounds an occurrence that might go out later.
        again: probability that a pass has to be repeated (at most 0.95).
    """

    name: str
    category: str
    volume: float
    share: float = 1.0
    minutes: float = 0.0
    rate: float = 0.0
    paid_extra: float = 0.0
    spend: float = 0.0
    avoided: float = 0.0
    again: float = 0.0

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise ValueError(f"name of a line must be text, but it is {self.name!r}")
        checks.choice(f"category of {self.name}", self.category, CATEGORIES)
        checks.number(f"share of {self.name}", self.share, 0, 1)
        checks.number(f"paid_extra of {self.name}", self.paid_extra, 0, 1)
        checks.number(f"again of {self.name}", self.again, 0, _MOST_AGAIN)
        for field in ("volume", "minutes", "rate", "spend", "avoided"):
            checks.number(f"{field} of {self.name}", getattr(self, field), 0, 1e9)


@dataclass(frozen=True)
class Parameters:
    """The lines, a reduction of failures with what it costs a year (pounds), and how unsure the inputs are."""

    lines: tuple[Line, ...] = (
        Line("Pre-assessment call", "prevention", 2400, 0.6, minutes=12, rate=28),
        Line("Checks that only find", "appraisal", 2400, 1.0, minutes=6, rate=28),
        Line("Late start", "internal_failure", 1000, 0.45, minutes=150, rate=34, paid_extra=0.2),
        Line("Cancelled on the day", "internal_failure", 2400, 0.06, minutes=240, rate=34, spend=90),
        Line(
            "Instruments sent back", "internal_failure", 2400, 0.04, minutes=20, rate=24, spend=45, again=0.1
        ),
        Line(
            "Return to theatre",
            "external_failure",
            2400,
            0.008,
            minutes=900,
            rate=34,
            spend=600,
            avoided=1500,
        ),
    )
    reduction: float = 0.3
    investment: float = 15_000.0
    sensitivity: float = 0.2
    replicates: int = 500

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple(self.lines))
        if not self.lines:
            raise ValueError("lines must hold at least one line, but there are none")
        if len({line.name for line in self.lines}) < len(self.lines):
            raise ValueError("lines must have different names, but two share one")
        checks.number("reduction", self.reduction, 0, 1)
        checks.number("investment", self.investment, 0, 1e9, unit="pounds a year")
        checks.number("sensitivity", self.sensitivity, 0, 0.9)
        checks.whole("replicates", self.replicates, 10, 20_000)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Cost:
    """Occurrences and staff hours a year, and pounds a year by what a saving would release."""

    occurrences: float
    hours: float
    cash_releasing: float
    capacity_releasing: float
    cost_avoiding: float

    @property
    def total(self) -> float:
        return self.cash_releasing + self.capacity_releasing + self.cost_avoiding

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "total": self.total}


@dataclass(frozen=True)
class Bar:
    """The total of the ledger with one input of one line lowered and raised; `swing` is the larger minus the smaller."""

    line: str
    input: str
    low: float
    high: float
    swing: float


@dataclass(frozen=True)
class Saving:
    """A year's saving from fewer failures, by kind, and what is left after the investment.

    `net_cash` counts only cash-releasing pounds against the investment; `hours` is staff time set free.
    """

    cash_releasing: float
    capacity_releasing: float
    cost_avoiding: float
    hours: float
    net: float
    net_cash: float


@dataclass(frozen=True)
class Result:
    """The ledger: costs by line and by category, totals, a saving, sensitivity bars and a simulated range.

    `bars` come with the widest swing first. `low`, `middle` and `high` are the 5th, 50th and 95th percentile of the
    total when all inputs vary together.
    """

    parameters: Parameters
    seed: int
    lines: dict[str, Cost]
    categories: dict[str, Cost]
    whole: Cost
    copq: float
    failure: float
    saving: Saving
    bars: tuple[Bar, ...]
    low: float
    middle: float
    high: float

    @property
    def total(self) -> float:
        """Pounds a year in all four categories."""
        return self.whole.total

    def to_dict(self) -> dict[str, Any]:
        plain = asdict(self)
        for group in ("lines", "categories"):
            plain[group] = {name: cost.to_dict() for name, cost in getattr(self, group).items()}
        return {**plain, "whole": self.whole.to_dict(), "total": self.total}


def cost(line: Line) -> Cost:
    """Hours and pounds a year of one line, from the equations in the module's docstring."""
    occurrences = line.volume * line.share / (1 - line.again)
    hours = occurrences * line.minutes / 60
    return Cost(
        occurrences,
        hours,
        occurrences * line.spend + hours * line.paid_extra * line.rate,
        hours * (1 - line.paid_extra) * line.rate,
        occurrences * line.avoided,
    )


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Add up the ledger, and vary its inputs one at a time and together.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    costs = {line.name: cost(line) for line in p.lines}
    categories = {
        category: _add(costs[line.name] for line in p.lines if line.category == category)
        for category in CATEGORIES
    }
    whole = _add(costs.values())
    failing = _add((categories["internal_failure"], categories["external_failure"]))
    cash = p.reduction * failing.cash_releasing
    saving = Saving(
        cash,
        p.reduction * failing.capacity_releasing,
        p.reduction * failing.cost_avoiding,
        p.reduction * failing.hours,
        p.reduction * failing.total - p.investment,
        cash - p.investment,
    )
    totals = sorted(_drawn_totals(p, seed))
    return Result(
        p,
        seed,
        costs,
        categories,
        whole,
        whole.total - categories["prevention"].total,
        failing.total,
        saving,
        _bars(p, whole.total, costs),
        *(streams.percentile_of_sorted(totals, percent) for percent in (5, 50, 95)),
    )


def _add(costs: Iterable[Cost]) -> Cost:
    sums = [0.0] * 5
    for one in costs:
        parts = (one.occurrences, one.hours, one.cash_releasing, one.capacity_releasing, one.cost_avoiding)
        sums = [so_far + part for so_far, part in zip(sums, parts, strict=True)]
    return Cost(*sums)


def _pounds(values: Sequence[float]) -> float:
    """The cost of a line from its inputs in the order of INPUTS."""
    volume, share, again, minutes, rate, spend, avoided = values
    return volume * share / (1 - again) * (spend + avoided + minutes / 60 * rate)


def _inputs(line: Line) -> list[float]:
    return [getattr(line, name) for name in INPUTS]


def _held(value: float, most: float) -> float:
    return value if value < most else most


def _bars(p: Parameters, total: float, costs: dict[str, Cost]) -> tuple[Bar, ...]:
    bars = []
    for line in p.lines:
        rest = total - costs[line.name].total
        for position, name in enumerate(INPUTS):
            if not getattr(line, name):
                continue
            ends = []
            for factor in (1 - p.sensitivity, 1 + p.sensitivity):
                values = _inputs(line)
                values[position] = _held(values[position] * factor, _MOST[position])
                ends.append(rest + _pounds(values))
            bars.append(Bar(line.name, name, *ends, abs(ends[1] - ends[0])))
    return tuple(sorted(bars, key=lambda bar: -bar.swing))


def _drawn_totals(p: Parameters, seed: int) -> list[float]:
    draw = streams.seeded(seed, "copq").random
    least, width = 1 - p.sensitivity, 2 * p.sensitivity
    lines = [list(zip(_inputs(line), _MOST, strict=True)) for line in p.lines]
    return [
        sum(
            _pounds([_held(value * (least + width * draw()), most) for value, most in line]) for line in lines
        )
        for _ in range(p.replicates)
    ]
