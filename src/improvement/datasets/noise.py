"""Seeded random numbers that come out the same on every Python the course runs on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")

_STANDARD_NORMAL = NormalDist()


class Noise:
    """A stream of random draws built on ``Random(seed).random()`` alone.

    Python promises that ``random()`` repeats for a seed across versions; it makes no such promise for
    ``gauss``, ``shuffle`` or ``choice``. Everything here is therefore derived from ``random()``.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed).random

    def uniform(self) -> float:
        """A number from 0 up to, but not including, 1."""
        return self._random()

    def normal(self, mean: float, sd: float) -> float:
        """A normal value, by inverting the normal distribution function."""
        # 0 has no inverse; half of the generator's finest step stands in for it.
        return mean + sd * _STANDARD_NORMAL.inv_cdf(self._random() or 2.0**-54)

    def poisson(self, mean: float) -> int:
        """A Poisson count, by walking up the distribution function; for means up to about 500."""
        u = self._random()
        count, term = 0, math.exp(-mean)
        total = term
        while u > total and term > 0.0:
            count += 1
            term *= mean / count
            total += term
        return count

    def binomial(self, trials: int, chance: float) -> int:
        """How many of ``trials`` independent tries succeed."""
        return sum(self._random() < chance for _ in range(trials))

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, each as likely as the others."""
        return options[int(self._random() * len(options))]

    def pick_weighted(self, options: Sequence[T], weights: Sequence[float]) -> T:
        """One of the options, each with a chance in proportion to its weight."""
        threshold = self._random() * math.fsum(weights)
        for option, weight in zip(options, weights, strict=True):
            threshold -= weight
            if threshold < 0:
                return option
        return options[-1]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """A new list with the same items in random order (Fisher and Yates)."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = int(self._random() * (last + 1))
            result[last], result[other] = result[other], result[last]
        return result
