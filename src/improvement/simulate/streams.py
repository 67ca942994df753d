"""Seeded random streams, the draws the models share, and percentiles."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from random import Random
from statistics import NormalDist

_STANDARD_NORMAL = NormalDist()
_SMALLEST_UNIFORM = (
    2.0**-54
)  # random() can be exactly 0, where the inverse distribution functions are infinite
_POISSON_CHUNK = 200.0  # exp(-200) is far from underflow, so inversion by searching up from 0 stays exact
_MOST_LOG = 200.0  # the same for the chance of no success in a binomial chunk


def seeded(seed: int, *parts: int | str) -> Random:
    """Return an independent random stream named by a seed and any number of parts.

    Streams with different names are unrelated, so a model can give each purpose, week or replicate its own and
    compare two policies on the same weeks (common random numbers). ``random.Random`` hashes a string seed with
    SHA-512 and ``random()`` is specified bit for bit, so the streams agree between Python 3.11 and 3.14.

    Raises:
        ValueError: if the seed is not a whole number.
    """
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise ValueError(f"seed must be a whole number (any), but it is {seed!r}")
    return Random(repr((seed, *parts)))


def uniform(stream: Random) -> float:
    """One draw from the open interval (0, 1)."""
    return stream.random() or _SMALLEST_UNIFORM


def normal(stream: Random, mean: float = 0.0, sd: float = 1.0) -> float:
    """One normal draw by inversion: exactly one uniform is used, so streams stay in step between policies."""
    return mean + sd * _STANDARD_NORMAL.inv_cdf(uniform(stream))


def exponential(stream: Random, mean: float) -> float:
    """One exponential draw with the given mean, by inversion."""
    return -mean * math.log(uniform(stream))


def poisson(stream: Random, mean: float) -> int:
    """One Poisson draw, by inversion in chunks of mean 200 or less. The time taken grows with the mean."""
    total = 0
    while mean > 0:
        chunk = min(mean, _POISSON_CHUNK)
        mean -= chunk
        total += _poisson_counts(chunk).count(stream.random())
    return total


class _PoissonCounts:
    """The cumulative chances of 0, 1, 2, ... events, worked out as far as they have been asked for."""

    def __init__(self, mean: float) -> None:
        self._mean = mean
        self._mass = math.exp(-mean)
        self._cumulative = [self._mass]

    def count(self, target: float) -> int:
        """The fewest events whose cumulative chance is above the target."""
        cumulative = self._cumulative
        while target >= cumulative[-1]:
            self._mass *= self._mean / len(cumulative)
            if self._mass < 1e-300:  # the sum has stopped growing just below 1
                return len(cumulative)
            cumulative.append(cumulative[-1] + self._mass)
        return bisect_right(cumulative, target)


_poisson_counts = lru_cache(maxsize=256)(_PoissonCounts)


def binomial(stream: Random, trials: int, probability: float) -> int:
    """One binomial draw, by inversion in chunks. The time taken grows with the smaller expected count."""
    if probability <= 0 or trials <= 0:
        return 0
    if probability >= 1:
        return trials
    if probability > 0.5:
        return trials - binomial(stream, trials, 1 - probability)
    odds = probability / (1 - probability)
    log_failure = math.log1p(-probability)
    most = max(1, int(min(trials, -_MOST_LOG / log_failure)))
    successes = 0
    while trials > 0:
        chunk = min(trials, most)
        trials -= chunk
        target = stream.random()
        mass = cumulative = math.exp(chunk * log_failure)
        count = 0
        while target >= cumulative and count < chunk:
            mass *= odds * (chunk - count) / (count + 1)
            count += 1
            cumulative += mass
        successes += count
    return successes


def percentile(values: Sequence[float], p: float) -> float:
    """The p-th percentile (p from 0 to 100) by linear interpolation between order statistics.

    Method: Hyndman and Fan's type 7 (The American Statistician 1996;50:361-5), the default of R, NumPy and
    Excel's PERCENTILE.INC: position ``(n - 1) * p / 100`` in the sorted values, counted from 0.

    Raises:
        ValueError: if there are no values or p is outside 0 to 100.
    """
    if not values:
        raise ValueError("percentile needs at least one value, but there are none")
    if not 0 <= p <= 100:
        raise ValueError(f"p must be from 0 to 100, but it is {p!r}")
    return percentile_of_sorted(sorted(values), p)


def percentile_of_sorted(ordered: Sequence[float], p: float) -> float:
    """`percentile` of values already in ascending order, without checks."""
    position = (len(ordered) - 1) * p / 100
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])
