"""W12 capability lens: what a process with a known mean, spread and shape gives against a need.

The truth, from the parameters alone, for individual values X with mean m, standard deviation s and distribution
function F (all shapes have exactly this mean and standard deviation):

- share meeting the need = F(upper) - F(lower) (a missing limit counts as infinite);
- natural limits m +- 3 s; capability Cpu = (upper - m) / 3s, Cpl = (m - lower) / 3s, Cpk the smaller;
- the central 99.73% runs from quantile 0.00135 to 0.99865, which are the natural limits only if X is normal;
- assurance: natural limits strictly inside the need, strictly outside it, or neither ("hit and miss").

Shapes: ``"normal"``; ``"lognormal"``; ``"long_tail"``, m - s plus an exponential wait with mean s; ``"two_peaks"``,
an equal mixture of two normals at m +- 0.9 s, each with standard deviation s * sqrt(0.19).

Then a sample of `points` in time order is judged as a real series would be (`improvement.spc.capability`). With
`shift` the second half of the sample moves by that many standard deviations: the share meeting the need is then
not one number, and the truth describes the first half. `draws` values make the histogram.
"""

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from random import Random
from statistics import NormalDist
from typing import Any

from improvement.simulate import checks, streams
from improvement.spc.capability import Capability, capability

SHAPES = ("normal", "lognormal", "long_tail", "two_peaks")
MOST = 1e9

ASSUMPTIONS = (
    "One dot is one patient or one case, and the need is about single cases, not averages.",
    "Values are independent; the first half of the sample has exactly the mean, spread and shape you set.",
    "The need is right: people are well served inside it and badly served outside it.",
)
CANNOT_TELL = (
    "What your own process can do: paste your own data into the studio for that.",
    "Whether the need you typed is what patients need.",
    "Why the process gives what it gives, or what to change.",
    "The far tail: with few points nobody can see it, whatever the fitted shape says.",
)


@dataclass(frozen=True)
class Parameters:
    """The process (`mean`, `sd`, `shape`), the need (`lower`, `upper`: at least one) and the agreed aim.

    All in one unit, such as minutes. `aim` is the share that should meet the need; `points` the sample, at least 5;
    `shift`, in standard deviations, moves its second half.
    """

    mean: float = 75.0
    sd: float = 20.0
    shape: str = "normal"
    lower: float | None = None
    upper: float | None = 60.0
    aim: float = 0.95
    points: int = 36
    shift: float = 0.0
    draws: int = 2000

    def __post_init__(self) -> None:
        checks.number("mean", self.mean, -MOST, MOST)
        checks.number("sd", self.sd, 1e-6, MOST)
        checks.choice("shape", self.shape, SHAPES)
        if self.shape == "lognormal" and self.mean <= 0:
            raise ValueError(f"mean must be above 0 for a lognormal shape, but it is {self.mean}")
        if self.lower is None and self.upper is None:
            raise ValueError("lower and upper are both None: give at least one limit of the need")
        for name in ("lower", "upper"):
            if getattr(self, name) is not None:
                checks.number(name, getattr(self, name), -MOST, MOST)
        if self.lower is not None and self.upper is not None and self.lower >= self.upper:
            raise ValueError(f"lower must be below upper, but they are {self.lower} and {self.upper}")
        checks.number("aim", self.aim, 0.001, 1)
        checks.whole("points", self.points, 5, 2000)
        checks.number("shift", self.shift, -20, 20, unit="standard deviations")
        checks.whole("draws", self.draws, 1, 100_000)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Truth:
    """What the stated process gives, exactly.

    `normal_share` is what somebody who takes the shape for normal would expect; `central` the range that holds
    99.73%. `assurance` is ``"reliably_meets"``, ``"reliably_misses"`` or ``"hit_and_miss"``, from the natural limits.
    `stable` says that no shift was set; `capable` that the share meeting the need reaches the aim.
    """

    share: float
    normal_share: float
    natural_limits: tuple[float, float]
    central: tuple[float, float]
    cpu: float | None
    cpl: float | None
    cpk: float
    assurance: str
    stable: bool
    capable: bool


@dataclass(frozen=True)
class Bin:
    """One bar of the histogram: from `low` up to `high`, the number of draws in it, and the exact share."""

    low: float
    high: float
    count: int
    exact: float


@dataclass(frozen=True)
class Result:
    """The truth, a histogram of many draws with their share meeting the need, and one sample judged as data."""

    parameters: Parameters
    seed: int
    truth: Truth
    simulated_share: float
    histogram: tuple[Bin, ...]
    sample: tuple[float, ...]
    judged: Capability = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        return {
            "parameters": asdict(self.parameters),
            "seed": self.seed,
            "truth": asdict(self.truth),
            "simulated_share": self.simulated_share,
            "histogram": [asdict(bar) for bar in self.histogram],
            "sample": list(self.sample),
            "judged": self.judged.to_dict(),
        }


@dataclass(frozen=True)
class _Shape:
    cdf: Callable[[float], float]
    quantile: Callable[[float], float]
    draw: Callable[[Random], float]


def exact(parameters: Parameters = DEFAULTS) -> Truth:
    """What the process gives, from the equations in the module's docstring."""
    p = parameters
    low, high = p.mean - 3 * p.sd, p.mean + 3 * p.sd
    shape = _shape(p.shape, p.mean, p.sd)
    share = _share(p, shape.cdf)
    cpu = None if p.upper is None else (p.upper - p.mean) / (3 * p.sd)
    cpl = None if p.lower is None else (p.mean - p.lower) / (3 * p.sd)
    floor = -math.inf if p.lower is None else p.lower
    ceiling = math.inf if p.upper is None else p.upper
    if floor < low and high < ceiling:
        assurance = "reliably_meets"
    elif low > ceiling or high < floor:
        assurance = "reliably_misses"
    else:
        assurance = "hit_and_miss"
    return Truth(
        share,
        _share(p, NormalDist(p.mean, p.sd).cdf),
        (low, high),
        (shape.quantile(0.00135), shape.quantile(0.99865)),
        cpu,
        cpl,
        min(index for index in (cpu, cpl) if index is not None),
        assurance,
        p.shift == 0,
        share >= p.aim,
    )


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Draw a histogram and a sample from the process, and judge the sample.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    shape = _shape(p.shape, p.mean, p.sd)
    many, few = streams.seeded(seed, "lens", "histogram"), streams.seeded(seed, "lens", "sample")
    draws = [shape.draw(many) for _ in range(p.draws)]
    sample = tuple(shape.draw(few) + p.shift * p.sd * (point >= p.points // 2) for point in range(p.points))
    floor = -math.inf if p.lower is None else p.lower
    ceiling = math.inf if p.upper is None else p.upper
    return Result(
        p,
        seed,
        exact(p),
        sum(floor <= value <= ceiling for value in draws) / p.draws,
        _histogram(p, shape, draws),
        sample,
        capability(sample, lower=p.lower, upper=p.upper, aim=p.aim, dot="case"),
    )


def _share(p: Parameters, cdf: Callable[[float], float]) -> float:
    return (1.0 if p.upper is None else cdf(p.upper)) - (0.0 if p.lower is None else cdf(p.lower))


def _histogram(p: Parameters, shape: _Shape, draws: list[float]) -> tuple[Bin, ...]:
    """Bars a quarter of a standard deviation wide from 4 below the mean to 6 above; the end bars take the rest."""
    edges = [p.mean + p.sd * (step / 4 - 4) for step in range(41)]
    counts = [0] * 40
    for value in draws:
        counts[min(39, max(0, math.floor((value - edges[0]) / (p.sd / 4))))] += 1
    cumulative = [0.0, *(shape.cdf(edge) for edge in edges[1:-1]), 1.0]
    return tuple(Bin(edges[i], edges[i + 1], counts[i], cumulative[i + 1] - cumulative[i]) for i in range(40))


def _shape(name: str, mean: float, sd: float) -> _Shape:
    if name == "lognormal":
        variance = math.log1p((sd / mean) ** 2)
        logs = NormalDist(math.log(mean) - variance / 2, math.sqrt(variance))
        return _Shape(
            lambda x: logs.cdf(math.log(x)) if x > 0 else 0.0,
            lambda share: math.exp(logs.inv_cdf(share)),
            lambda stream: math.exp(streams.normal(stream, logs.mean, logs.stdev)),
        )
    if name == "long_tail":
        start = mean - sd
        return _Shape(
            lambda x: -math.expm1(-(x - start) / sd) if x > start else 0.0,
            lambda share: start - sd * math.log1p(-share),
            lambda stream: start + streams.exponential(stream, sd),
        )
    if name == "two_peaks":
        peaks = [NormalDist(mean + side * 0.9 * sd, sd * math.sqrt(0.19)) for side in (-1, 1)]

        def mixture(x: float) -> float:
            return (peaks[0].cdf(x) + peaks[1].cdf(x)) / 2

        def draw(stream: Random) -> float:
            peak = peaks[stream.random() < 0.5]
            return streams.normal(stream, peak.mean, peak.stdev)

        return _Shape(mixture, lambda share: _bisect(mixture, share, mean - 9 * sd, mean + 9 * sd), draw)
    normal = NormalDist(mean, sd)
    return _Shape(normal.cdf, normal.inv_cdf, lambda stream: streams.normal(stream, mean, sd))


def _bisect(function: Callable[[float], float], value: float, low: float, high: float) -> float:
    """Where an increasing function reaches a value."""
    for _ in range(100):
        middle = (low + high) / 2
        if function(middle) < value:
            low = middle
        else:
            high = middle
    return (low + high) / 2
