"""W15 threshold bunching: a time target, the pressure to meet it, and the spike just before it.

Lengths of stay Y are lognormal with mean `mean` and standard deviation `sd` (minutes); F is their distribution
function and T the target. A patient with T < Y <= T + window is rushed with probability `pressure`: the stay ends
at T - rush * V instead, V uniform on (0, 1). The minutes saved are not free: `payback` times their sum is shared
equally by the patients who miss the target anyway (by everybody, if nobody does). Then, in the long run:

- share meeting the target = F(T) + pressure * (F(T + window) - F(T));
- bunching: the second term, the excess that lies within `rush` minutes before T;
- mean = mean + (payback - 1) * S, with the minutes saved a patient S = pressure * E(Y - T + rush / 2; T < Y <= T +
  window), the expectation counting only patients in that range.

So with payback 1 the mean does not move, with more it gets worse, and only with less has any time been gained.
The harm proxy is `harm_per_rushed` points for each rushed patient and `harm_per_hour` for each hour beyond T.
The same patients are shown without pressure, for comparison.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import NormalDist, fmean
from typing import Any

from improvement.simulate import checks, streams

FITTED_BINS = 6

ASSUMPTIONS = (
    "Pressure changes whose clock is stopped first, not how much work there is.",
    "Only patients close to the target are rushed, and each is finished just in time.",
    "The time taken for them comes from those who will miss the target anyway (payback 1).",
    "The harm points are numbers you chose; they are not deaths or costs.",
)
CANNOT_TELL = (
    "Whether a spike in real data is rushed care, late recording, or honest last-minute effort.",
    "What rushing or waiting does to patients: the harm proxy only adds up what you assumed.",
    "Whether the target is worth having: targets have also shortened real waits.",
)


@dataclass(frozen=True)
class Parameters:
    """Stays (mean and SD), the target, and how the service reacts to it. Minutes, except `harm_per_hour`."""

    mean: float = 210.0
    sd: float = 110.0
    target: float = 240.0
    pressure: float = 0.6
    window: float = 60.0
    rush: float = 10.0
    payback: float = 1.0
    harm_per_rushed: float = 1.0
    harm_per_hour: float = 1.0
    bin_width: float = 10.0
    patients: int = 6000

    def __post_init__(self) -> None:
        checks.number("mean", self.mean, 1, 100_000, unit="minutes")
        checks.number("sd", self.sd, 0.1, 100_000, unit="minutes")
        checks.number("target", self.target, 1, 100_000, unit="minutes")
        checks.number("pressure", self.pressure, 0, 1)
        checks.number("window", self.window, 0, 100_000, unit="minutes")
        checks.number("rush", self.rush, 0, self.target, unit="minutes")
        checks.number("payback", self.payback, 0, 5)
        checks.number("harm_per_rushed", self.harm_per_rushed, 0, 1000)
        checks.number("harm_per_hour", self.harm_per_hour, 0, 1000)
        checks.number("bin_width", self.bin_width, self.target / 200, self.target, unit="minutes")
        checks.whole("patients", self.patients, 1, 200_000)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Summary:
    """Share meeting the target, minutes (mean, P95, longest), patients rushed, harm points per 100 patients."""

    met: float
    mean: float
    p95: float
    longest: float
    rushed: int
    harm: float


@dataclass(frozen=True)
class Exact:
    """Long-run values: share meeting, mean, and the bunched share of all patients just before the target."""

    met: float
    mean: float
    bunched: float
    met_without: float


@dataclass(frozen=True)
class Bunching:
    """A spike found in data. The bin runs from `low` to `high`; shares are of all values.

    `expected` is what the straight line through the bins before it predicts; `excess` = observed - expected.
    """

    low: float
    high: float
    observed: float
    expected: float
    excess: float


@dataclass(frozen=True)
class Result:
    """The same patients with and without pressure.

    `edges` are histogram edges in minutes, the target among them; `bars` and `bars_without` have one count for each
    bin, and the last bin takes everything beyond. `found` is the spike found from the stays alone.
    """

    parameters: Parameters
    seed: int
    pressed: Summary
    without: Summary
    exact: Exact
    edges: tuple[float, ...]
    bars: tuple[int, ...]
    bars_without: tuple[int, ...]
    found: Bunching
    stays: tuple[float, ...] = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Everything but the single stays."""
        whole = asdict(self)
        del whole["stays"]
        return whole


def exact(parameters: Parameters = DEFAULTS) -> Exact:
    """Long-run values from the equations in the module's docstring."""
    p = parameters
    variance = math.log1p((p.sd / p.mean) ** 2)
    logs = NormalDist(math.log(p.mean) - variance / 2, math.sqrt(variance))
    start, stop = math.log(p.target), math.log(p.target + p.window)
    close = logs.cdf(stop) - logs.cdf(start)
    # The part of a lognormal's mean between two values is its mean times a normal probability shifted by the variance.
    minutes = p.mean * (logs.cdf(stop - variance) - logs.cdf(start - variance))
    saved = p.pressure * (minutes - (p.target - p.rush / 2) * close)
    met = logs.cdf(start)
    return Exact(met + p.pressure * close, p.mean + (p.payback - 1) * saved, p.pressure * close, met)


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Run the patients with and without pressure.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    variance = math.log1p((p.sd / p.mean) ** 2)
    location, scale = math.log(p.mean) - variance / 2, math.sqrt(variance)
    stay_luck, rush_luck = streams.seeded(seed, "bunching stays"), streams.seeded(seed, "bunching rush")
    natural = [math.exp(streams.normal(stay_luck, location, scale)) for _ in range(p.patients)]
    stays = []
    saved, rushed = 0.0, 0
    for stay in natural:
        chosen, place = rush_luck.random() < p.pressure, rush_luck.random()
        if chosen and p.target < stay <= p.target + p.window:
            early = p.target - p.rush * place
            saved += stay - early
            rushed += 1
            stays.append(early)
        else:
            stays.append(stay)
    late = sum(stay > p.target for stay in stays)
    owed = p.payback * saved / (late or p.patients)
    stays = [stay + owed if stay > p.target or not late else stay for stay in stays]
    edges = _edges(p)
    return Result(
        p,
        seed,
        _summary(p, stays, rushed),
        _summary(p, natural, 0),
        exact(p),
        edges,
        _bars(stays, edges),
        _bars(natural, edges),
        find_bunching(stays, p.target, p.bin_width),
        tuple(stays),
    )


def find_bunching(values: Sequence[float], target: float, bin_width: float) -> Bunching:
    """Find the bin that stands out most above its neighbours, and the excess in it.

    Bins are `bin_width` wide, closed on the right, with the target as an edge. A bin's height is compared with the
    mean of its two neighbours, in Poisson standard errors. The expected count is the least-squares line through the
    six bins before it (as many as there are), continued.

    Parameters:
        values: lengths of stay, in the unit of `target` and `bin_width`.

    Raises:
        ValueError: without values, or if `bin_width` is not between 0 and the target.
    """
    if not values:
        raise ValueError("there are no values to look for bunching in")
    checks.number("target", target, 1e-9, 1e9)
    checks.number("bin_width", bin_width, target / 10_000, target)
    before = math.floor(target / bin_width)
    start = target - before * bin_width
    counts: dict[int, int] = {}
    for value in values:
        place = math.ceil((value - start) / bin_width) - 1
        counts[place] = counts.get(place, 0) + 1

    def prominence(place: int) -> float:
        neighbours = counts.get(place - 1, 0) + counts.get(place + 1, 0)
        return (counts[place] - neighbours / 2) / math.sqrt(counts[place] + neighbours / 4)

    peak = max(sorted(counts), key=prominence)
    places = range(max(min(counts), peak - FITTED_BINS), peak)
    expected = _continued([counts.get(place, 0) for place in places]) if places else 0.0
    return Bunching(
        start + peak * bin_width,
        start + (peak + 1) * bin_width,
        counts[peak] / len(values),
        expected / len(values),
        (counts[peak] - expected) / len(values),
    )


def _continued(heights: list[int]) -> float:
    """The next height on the least-squares line through some heights, not below 0."""
    if len(heights) == 1:
        return float(heights[0])
    middle = (len(heights) - 1) / 2
    slope = sum((x - middle) * y for x, y in enumerate(heights)) / sum(
        (x - middle) ** 2 for x in range(len(heights))
    )
    return max(0.0, fmean(heights) + slope * (len(heights) - middle))


def _summary(p: Parameters, stays: list[float], rushed: int) -> Summary:
    over = math.fsum(stay - p.target for stay in stays if stay > p.target)
    harm = p.harm_per_rushed * rushed + p.harm_per_hour * over / 60
    return Summary(
        sum(stay <= p.target for stay in stays) / p.patients,
        fmean(stays),
        streams.percentile(stays, 95),
        max(stays),
        rushed,
        100 * harm / p.patients,
    )


def _edges(p: Parameters) -> tuple[float, ...]:
    """From the target down to just above 0 and up to twice the target or so, in steps of the bin width."""
    before = math.floor(p.target / p.bin_width)
    start = p.target - before * p.bin_width
    edges = [start + step * p.bin_width for step in range(2 * before + 2)]
    edges[before] = p.target
    return tuple(edges if start == 0 else [0.0, *edges])


def _bars(stays: Sequence[float], edges: tuple[float, ...]) -> tuple[int, ...]:
    """Counts of bins closed on the right; the last one also takes everything beyond it."""
    bars = [0] * (len(edges) - 1)
    for stay in stays:
        bars[min(len(bars), max(1, bisect_left(edges, stay))) - 1] += 1
    return tuple(bars)
