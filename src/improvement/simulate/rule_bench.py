"""W09 rule bench: how often each chart rule cries wolf, and how often it finds a real change.

Each of `reps` series has n independent standard normal points z_i (i from 0). The changed series is z_i plus, in
standard deviations, with size s and change point c:

- ``"step"``: s from point c on;
- ``"drift"``: s * i / (n - 1), so that the last point has moved by s;
- ``"spike"``: s at point c alone;
- ``"cycle"``: s * sin(2 pi i / period).

Each series gets its own XmR limits (mean +- 2.66 mean moving range, from all points or the first `baseline`; with
`screen`, moving ranges of 3.267 times their mean or more are dropped once) and the rules of `improvement.spc.rules`
that are switched on. A rate is the share of series in which a rule fires at least once, anywhere. False alarms and
detections are counted on the same z_i, and come with 95% Wilson intervals.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from improvement.simulate import checks, streams
from improvement.spc import rules
from improvement.spc.distributions import wilson_interval

RULES = ("outside_limits", "shift", "trend", "two_in_three")
CHANGES = ("none", "step", "drift", "spike", "cycle")
TWO_SIGMA = ("between", "beyond")

ASSUMPTIONS = (
    "Points are independent and normal; real series often remember last month or have a season.",
    "Limits come from the same points that are tested, as in most boards' charts.",
    "A rule that fires anywhere counts, also before the change begins.",
)
CANNOT_TELL = (
    "Which signals in your own chart are real.",
    "The rates for counts, percentages or skewed data: they differ from these.",
    "What a false alarm or a missed change costs, and so how strict to be.",
)


@dataclass(frozen=True)
class Parameters:
    """Points in a series, the rules that are on with their constants, the true change, and how many series.

    `change_at` is 0-based and defaults to the middle (n // 2); `size` is in standard deviations; `baseline` None
    takes limits from all points.
    """

    n: int = 24
    rules: tuple[str, ...] = RULES
    shift_n: int = 7
    trend_n: int = 7
    two_sigma: str = "between"
    screen: bool = False
    baseline: int | None = None
    change: str = "none"
    size: float = 1.5
    change_at: int | None = None
    period: float = 12.0
    reps: int = 1000

    def __post_init__(self) -> None:
        object.__setattr__(self, "rules", tuple(self.rules))
        checks.whole("n", self.n, 5, 500)
        for rule in self.rules:
            checks.choice("rules: each", rule, RULES)
        checks.whole("shift_n", self.shift_n, 2, 50)
        checks.whole("trend_n", self.trend_n, 3, 50)
        checks.choice("two_sigma", self.two_sigma, TWO_SIGMA)
        checks.flag("screen", self.screen)
        if self.baseline is not None:
            checks.whole("baseline", self.baseline, 2, self.n)
        checks.choice("change", self.change, CHANGES)
        checks.number("size", self.size, -20, 20, unit="standard deviations")
        if self.change_at is not None:
            checks.whole("change_at", self.change_at, 0, self.n - 1)
        checks.number("period", self.period, 2, 500, unit="points")
        checks.whole("reps", self.reps, 1, 100_000)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Rate:
    """A share of series with its 95% Wilson interval."""

    rate: float
    low: float
    high: float


@dataclass(frozen=True)
class Result:
    """False-alarm and detection rates by rule, with ``"any"`` for all rules that are on together.

    `detections` is None if the change is ``"none"``. `example` is the first series, changed if there is a change.
    """

    parameters: Parameters
    seed: int
    false_alarms: dict[str, Rate]
    detections: dict[str, Rate] | None
    example: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Count false alarms, and detections of the change if there is one.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    change = levels(p)
    quiet = dict.fromkeys((*p.rules, "any"), 0)
    found = dict(quiet)
    example: list[float] = []
    stream = streams.seeded(seed, "rule bench")
    for _ in range(p.reps):
        luck = [streams.normal(stream) for _ in range(p.n)]
        changed = [z + shift for z, shift in zip(luck, change, strict=True)]
        example = example or changed
        _tally(quiet, fired(luck, p))
        if p.change != "none":
            _tally(found, fired(changed, p))
    return Result(
        p, seed, _rates(quiet, p.reps), None if p.change == "none" else _rates(found, p.reps), tuple(example)
    )


def levels(parameters: Parameters) -> list[float]:
    """The true level at each point of a changed series, in standard deviations from where it would have stayed."""
    p = parameters
    at = p.n // 2 if p.change_at is None else p.change_at
    shapes: dict[str, Callable[[int], float]] = {
        "none": lambda i: 0.0,
        "step": lambda i: p.size * (i >= at),
        "drift": lambda i: p.size * i / (p.n - 1),
        "spike": lambda i: p.size * (i == at),
        "cycle": lambda i: p.size * math.sin(2 * math.pi * i / p.period),
    }
    return [shapes[p.change](i) for i in range(p.n)]


def fired(values: Sequence[float], parameters: Parameters = DEFAULTS) -> set[str]:
    """The rules, of those that are on, that fire at least once in one series without gaps."""
    p = parameters
    base = values[: p.baseline]
    mean = sum(base) / len(base)
    ranges = [abs(after - before) for before, after in pairwise(base)]
    average = sum(ranges) / len(ranges)
    if p.screen:
        kept = [size for size in ranges if size < 3.267 * average]
        average = sum(kept) / len(kept) if kept else average
    reach = 2.66 * average
    outer = (mean - reach, mean + reach)
    side = rules.sides(values, mean)
    tests: dict[str, Callable[[], bool]] = {
        "outside_limits": lambda: max(values) > outer[1] or min(values) < outer[0],
        "shift": lambda: bool(rules.shifts(side, p.shift_n)),
        "trend": lambda: bool(rules.trends(values, p.trend_n)),
        "two_in_three": lambda: bool(
            rules.two_in_three(
                values, side, (mean - reach * 2 / 3, mean + reach * 2 / 3), outer, mode=p.two_sigma
            )
        ),
    }
    return {rule for rule in p.rules if tests[rule]()}


def _tally(counts: dict[str, int], names: set[str]) -> None:
    for name in names:
        counts[name] += 1
    counts["any"] += bool(names)


def _rates(counts: dict[str, int], reps: int) -> dict[str, Rate]:
    rates = {}
    for name, count in counts.items():
        interval = wilson_interval(count, reps)
        rates[name] = Rate(count / reps, interval.low, interval.high)
    return rates
