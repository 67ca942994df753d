"""Shapes of individual values: three skewed distributions fitted to positive data, and a check for a normal one.

Fits are maximum likelihood with the start at zero. Sources: Evans, Hastings and Peacock, Statistical
Distributions, for the likelihood equations; Stephens (1974), JASA 69: 730-737, for the check.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from improvement.spc.distributions import gamma_cdf, gamma_quantile, normal_cdf, normal_quantile

SHAPES = ("lognormal", "weibull", "gamma")

NORMALITY_LIMIT = 0.752
"""Anderson-Darling statistic, adjusted for sample size, above which normal data fall 5% of the time."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A fitted distribution: its `name`, its two `parameters` by name, and its cdf and quantiles."""

    name: str
    parameters: dict[str, float]

    def cdf(self, x: float) -> float:
        """Return P(X <= x)."""
        if x <= 0:
            return 0.0
        first, second = self.parameters.values()
        if self.name == "lognormal":
            return normal_cdf(math.log(x), first, second)
        if self.name == "weibull":
            return -math.expm1(-((x / second) ** first))
        return gamma_cdf(x, first, second)

    def quantile(self, p: float) -> float:
        """Return x with P(X <= x) = p, for p strictly between 0 and 1."""
        first, second = self.parameters.values()
        if self.name == "lognormal":
            return math.exp(normal_quantile(p, first, second))
        if self.name == "weibull":
            return second * (-math.log1p(-p)) ** (1 / first)
        return gamma_quantile(p, first, second)


def fit(values: Sequence[float], name: str) -> Shape:
    """Return the maximum likelihood fit of "lognormal", "weibull" or "gamma" to positive values.

    Raises ValueError, naming the position (from 1) and the value, unless every value is above 0, and when
    the values are all equal.
    """
    if name not in SHAPES:
        raise ValueError(f"The distribution is {name!r}; choose one of {', '.join(map(repr, SHAPES))}.")
    for i, value in enumerate(values, 1):
        if value <= 0:
            raise ValueError(f"Point {i} is {value:g}; a {name} distribution needs every value above 0.")
    if min(values) == max(values):
        raise ValueError("The values are all equal, so no distribution can be fitted to them.")
    logs = [math.log(v) for v in values]
    average = math.fsum(logs) / len(logs)
    if name == "lognormal":
        spread = math.hypot(*(v - average for v in logs)) / math.sqrt(len(logs))
        return Shape(name, {"log_mean": average, "log_sd": spread})
    if name == "weibull":
        return Shape(name, _weibull(logs, average))
    mean = math.fsum(values) / len(values)
    shape = _gamma_shape(math.log(mean) - average)
    return Shape(name, {"shape": shape, "scale": mean / shape})


def anderson_darling(values: Sequence[float]) -> float:
    """Return the Anderson-Darling statistic for a normal distribution, times 1 + 0.75/n + 2.25/n^2 (Stephens).

    Above 0.752 a normal distribution is doubtful (5% level). Needs eight or more values that are not all equal.
    """
    n = len(values)
    ordered = sorted(values)
    mean = math.fsum(ordered) / n
    sd = math.hypot(*(v - mean for v in ordered)) / math.sqrt(n - 1)
    z = [(v - mean) / sd for v in ordered]
    # log of both tails, from erfc, so that neither runs to log(0) for values within 38 standard deviations
    low = [math.log(max(normal_cdf(v), 5e-324)) for v in z]
    high = [math.log(max(normal_cdf(-v), 5e-324)) for v in z]
    total = math.fsum((2 * i + 1) * (low[i] + high[n - 1 - i]) for i in range(n))
    return (-n - total / n) * (1 + 0.75 / n + 2.25 / n**2)


def _weibull(logs: Sequence[float], average: float) -> dict[str, float]:
    # Work from the largest value so that powers never overflow.
    largest = max(logs)
    down = [v - largest for v in logs]

    def score(shape: float) -> float:
        weights = [math.exp(shape * v) for v in down]
        centre = math.fsum(w * v for w, v in zip(weights, down, strict=True)) / math.fsum(weights)
        return centre - 1 / shape - (average - largest)

    shape = _increasing_root(score)
    mean_power = math.fsum(math.exp(shape * v) for v in down) / len(down)
    return {"shape": shape, "scale": math.exp(largest) * mean_power ** (1 / shape)}


def _gamma_shape(gap: float) -> float:
    """Solve log(a) - digamma(a) = gap for a."""
    return _increasing_root(lambda a: gap - (math.log(a) - _digamma(a)))


def _increasing_root(function: Callable[[float], float]) -> float:
    low = high = 1.0
    while function(low) > 0 and low > 1e-12:
        low /= 2
    while function(high) < 0 and high < 1e12:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if function(middle) < 0 else (low, middle)
    return (low + high) / 2


def _digamma(x: float) -> float:
    total = 0.0
    while x < 10:
        total -= 1 / x
        x += 1
    s = 1 / (x * x)
    return (
        total + math.log(x) - 0.5 / x - s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s / 132))))
    )
