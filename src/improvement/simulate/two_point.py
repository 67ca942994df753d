"""W06 the two-point trap: arrows, red-amber-green and a control chart of the same unchanging process.

Months are independent normal draws with mean `mean` and standard deviation `cv * mean`; nothing ever changes. A
month-to-month arrow compares two of them, so:

- chance that the second is worse = 1/2, whatever the mean and the spread;
- chance of a swing of at least a fraction s of the true mean = 2 * (1 - Phi(s / (cv * sqrt 2)));
- chance of a swing of at least a fraction s of the month before, |X2 - X1| >= s |X1|: integrated numerically over
  X1 (Simpson's rule, 8 standard deviations each side);
- red-amber-green: green if the value meets the target, amber if it misses by at most `amber_band` of the target,
  otherwise red. The shares follow from the normal distribution; the colour changes from one month to the next
  with probability 1 - (the sum of the squared shares).

`simulate` draws one series to look at and `pairs` pairs of months to count.
"""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import Any

from improvement.simulate import checks, streams
from improvement.spc import XmrChart, xmr

ASSUMPTIONS = (
    "Nothing changes: every month comes from the same normal distribution, whatever was done.",
    "Months do not influence each other, and there is no season.",
    "Every month is counted in full and without mistakes.",
)
CANNOT_TELL = (
    "Whether your own last two months differ by chance: for that, chart more of them.",
    "Whether the target is a good one, or what the process should achieve.",
    "How large a real change could be and still hide in this much variation.",
)
COLOURS = ("green", "amber", "red")
COMPARISONS = ("previous", "mean")
_STANDARD = NormalDist()


@dataclass(frozen=True)
class Parameters:
    """The true mean (any unit above 0), coefficient of variation, months shown, and how a dashboard judges them.

    `swing` is the fraction that counts as a large change, of the month before (`swing_of` ``"previous"``) or of the
    true mean (``"mean"``).
    """

    mean: float = 100.0
    cv: float = 0.15
    months: int = 24
    target: float = 100.0
    amber_band: float = 0.1
    lower_is_better: bool = True
    swing: float = 0.2
    swing_of: str = "previous"
    pairs: int = 4000

    def __post_init__(self) -> None:
        checks.number("mean", self.mean, 1e-6, 1e9)
        checks.number("cv", self.cv, 0.001, 1)
        checks.whole("months", self.months, 3, 240)
        checks.number("target", self.target, -1e9, 1e9)
        checks.number("amber_band", self.amber_band, 0, 1)
        checks.flag("lower_is_better", self.lower_is_better)
        checks.number("swing", self.swing, 0, 5)
        checks.choice("swing_of", self.swing_of, COMPARISONS)
        checks.whole("pairs", self.pairs, 1, 100_000)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Rates:
    """Chances from one month to the next: simulated, or exact. `colours` are shares of green, amber and red."""

    worse: float
    swing: float
    colours: tuple[float, float, float]
    colour_changes: float


@dataclass(frozen=True)
class Result:
    """One series as three displays show it, and how often each would mislead.

    `arrows` (``"better"``, ``"worse"``, ``"same"``) compare each month from the second with the one before it, so
    there is one fewer than `values`.
    """

    parameters: Parameters
    seed: int
    values: tuple[float, ...]
    arrows: tuple[str, ...]
    colours: tuple[str, ...]
    chart: XmrChart
    simulated: Rates
    exact: Rates

    def to_dict(self) -> dict[str, Any]:
        return {
            "parameters": asdict(self.parameters),
            "seed": self.seed,
            "values": list(self.values),
            "arrows": list(self.arrows),
            "colours": list(self.colours),
            "chart": self.chart.to_dict(),
            "simulated": asdict(self.simulated),
            "exact": asdict(self.exact),
        }


def chance_of_swing(cv: float, swing: float, *, of: str = "previous") -> float:
    """The exact chance that the next month differs by at least a fraction `swing`, with no change at all.

    Parameters:
        cv: coefficient of variation (standard deviation over mean), 0.001 to 1.
        swing: the fraction, 0 to 5, of the month before (`of` ``"previous"``) or the true mean (``"mean"``).

    Raises:
        ValueError: naming the parameter that is out of range.
    """
    cv = checks.number("cv", cv, 0.001, 1)
    swing = checks.number("swing", swing, 0, 5)
    if checks.choice("of", of, COMPARISONS) == "mean":
        return 2 * (1 - _STANDARD.cdf(swing / (cv * math.sqrt(2))))

    def both_sides(z: float) -> float:
        first = 1 + cv * z
        reach = swing * abs(first)
        beyond = 1 - _STANDARD.cdf((first + reach - 1) / cv) + _STANDARD.cdf((first - reach - 1) / cv)
        return _STANDARD.pdf(z) * beyond

    # |first| has a corner at z = -1 / cv, so integrate on each side of it.
    cut = max(-8.0, -1 / cv)
    return min(1.0, _simpson(both_sides, -8.0, cut) + _simpson(both_sides, cut, 8.0))


def exact(parameters: Parameters = DEFAULTS) -> Rates:
    """The chances from the equations in the module's docstring."""
    p = parameters
    sd = p.cv * p.mean
    allowance = p.amber_band * abs(p.target)
    if p.lower_is_better:
        green, not_red = (_STANDARD.cdf((p.target + extra - p.mean) / sd) for extra in (0.0, allowance))
    else:
        green, not_red = (_STANDARD.cdf((p.mean - p.target + extra) / sd) for extra in (0.0, allowance))
    shares = (green, not_red - green, 1 - not_red)
    return Rates(
        0.5, chance_of_swing(p.cv, p.swing, of=p.swing_of), shares, 1 - sum(share**2 for share in shares)
    )


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Draw one series and many pairs of months from a process that never changes.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    sd = p.cv * p.mean
    series = streams.seeded(seed, "two points", "series")
    values = tuple(streams.normal(series, p.mean, sd) for _ in range(p.months))
    return Result(
        p,
        seed,
        values,
        tuple(arrow(p, values[i], values[i + 1]) for i in range(p.months - 1)),
        tuple(colour(p, value) for value in values),
        xmr(
            values,
            improvement_direction="decrease" if p.lower_is_better else "increase",
            target=p.target,
        ),
        _count(p, seed),
        exact(p),
    )


def arrow(p: Parameters, before: float, after: float) -> str:
    """Return what a dashboard's arrow says of two months: "better", "worse" or "same"."""
    if after == before:
        return "same"
    return "better" if (after < before) == p.lower_is_better else "worse"


def colour(p: Parameters, value: float) -> str:
    """Return the colour a dashboard gives a month: "green", "amber" or "red"."""
    miss = value - p.target if p.lower_is_better else p.target - value
    if miss <= 0:
        return "green"
    return "amber" if miss <= p.amber_band * abs(p.target) else "red"


def _count(p: Parameters, seed: int) -> Rates:
    stream = streams.seeded(seed, "two points", "pairs")
    sd = p.cv * p.mean
    worse = swings = changes = 0
    tally = dict.fromkeys(COLOURS, 0)
    for _ in range(p.pairs):
        first, second = streams.normal(stream, p.mean, sd), streams.normal(stream, p.mean, sd)
        worse += arrow(p, first, second) == "worse"
        swings += abs(second - first) >= p.swing * abs(first if p.swing_of == "previous" else p.mean)
        before, after = colour(p, first), colour(p, second)
        changes += before != after
        tally[before] += 1
        tally[after] += 1
    green, amber, red = (tally[colour] / (2 * p.pairs) for colour in COLOURS)
    return Rates(worse / p.pairs, swings / p.pairs, (green, amber, red), changes / p.pairs)


def _simpson(function: Callable[[float], float], low: float, high: float, steps: int = 400) -> float:
    if high <= low:
        return 0.0
    width = (high - low) / steps
    inner = sum((4 if i % 2 else 2) * function(low + i * width) for i in range(1, steps))
    return (function(low) + inner + function(high)) * width / 3
