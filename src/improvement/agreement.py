"""How far two markers agree: weighted kappa, with an interval that respects which marks belong together.

With p_ij the share of things that the first marker put at level i and the second at level j, row shares p_i., column
shares p_.j, and w_ij the weight of the disagreement (0 on the diagonal)::

    observed = sum w_ij p_ij,    expected = sum w_ij p_i. p_.j,    kappa = 1 - observed / expected

Weights: ``"quadratic"`` (i - j)^2, ``"linear"`` |i - j|, ``"equal"`` 1 (then it is Cohen's kappa of 1960), or a table.
Levels count in the order given. Kappa is None if expected is 0: both used one level throughout.

The interval is a jackknife: each group of marks (a script, say, whose marks one reading produced) is left out in turn,
with k_g the kappa of the rest and G groups::

    error = sqrt((G - 1) / G * sum (k_g - mean)^2),    kappa +- t(G - 1) * error, kept within -1 and 1

It is refused where it would mislead: see `refusal` in `Agreement`.

Sources: Cohen J, Psychological Bulletin 1968;70:213-220 (weighted kappa); Efron B and Tibshirani RJ, An Introduction to
the Bootstrap, 1993, chapter 11 (jackknife).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from statistics import fmean

from improvement.spc.distributions import student_t_quantile

WEIGHTS = ("quadratic", "linear", "equal")
LEAST_MARKS = 20
LEAST_GROUPS = 5


@dataclass(frozen=True)
class Agreement:
    """How far two lists of marks agree.

    `same` is how many of `marks` are equal. `observed` and `expected` are mean weighted disagreements, in the unit of
    the weights. `kappa` is None where it cannot be worked out, `low` and `high` where there is no honest interval;
    `refusal` then says why, and is "" otherwise. `table` counts marks by the first and then the second marker's level.
    """

    marks: int
    same: int
    observed: float
    expected: float
    kappa: float | None
    low: float | None
    high: float | None
    refusal: str
    table: tuple[tuple[int, ...], ...]


def weighted_kappa(
    first: Sequence[Hashable],
    second: Sequence[Hashable],
    *,
    levels: Sequence[Hashable],
    weights: str | Sequence[Sequence[float]] = "quadratic",
    groups: Sequence[Hashable] | None = None,
    least_marks: int = LEAST_MARKS,
    confidence: float = 0.95,
) -> Agreement:
    """Return the weighted kappa of two markers who marked the same things, with its interval.

    Parameters:
        first, second: the marks, in the same order.
        levels: the marks there are, from the lowest to the highest, such as (0, 1, 2, 3).
        weights: one of WEIGHTS, or the weight of each disagreement, a row for each of the first marker's levels.
        groups: what each mark belongs to; without it every mark stands alone.
        least_marks: with fewer than these no kappa is given.
        confidence: of the interval, between 0 and 1.

    Raises:
        ValueError: if the lengths differ, a mark is not a level, or the weights do not fit the levels.
    """
    levels = tuple(levels)
    costs = _costs(weights, len(levels))
    place = {level: number for number, level in enumerate(levels)}
    if len(first) != len(second) or (groups is not None and len(groups) != len(first)):
        raise ValueError(
            f"Both markers must mark the same things, but there are {len(first)} and {len(second)} marks"
            + ("." if groups is None else f" and {len(groups)} groups.")
        )
    for mark in (*first, *second):
        if mark not in place:
            raise ValueError(f"{mark!r} is not one of the marks {', '.join(map(str, levels))}.")
    pairs = [(place[a], place[b]) for a, b in zip(first, second, strict=True)]
    table = _table(pairs, len(levels))
    observed, expected, kappa = _kappa(table, costs)
    same = sum(a == b for a, b in pairs)
    if len(pairs) < least_marks:
        why = f"{len(pairs)} {'mark is' if len(pairs) == 1 else 'marks are'} too few for kappa: it needs {least_marks} or more."
        return Agreement(len(pairs), same, observed, expected, None, None, None, why, table)
    if kappa is None:
        why = "Both gave one and the same mark throughout, so chance alone explains all agreement and kappa has no value."
        return Agreement(len(pairs), same, observed, expected, None, None, None, why, table)
    low, high, why = _interval(
        pairs, list(range(len(pairs))) if groups is None else list(groups), costs, kappa, confidence
    )
    return Agreement(len(pairs), same, observed, expected, kappa, low, high, why, table)


def _costs(weights: str | Sequence[Sequence[float]], size: int) -> list[list[float]]:
    if isinstance(weights, str):
        if weights not in WEIGHTS:
            raise ValueError(f"There are no weights {weights!r}. Choose from {', '.join(WEIGHTS)}.")
        cost = {"quadratic": lambda gap: gap**2, "linear": abs, "equal": lambda gap: float(gap != 0)}[weights]
        return [[float(cost(i - j)) for j in range(size)] for i in range(size)]
    costs = [list(map(float, row)) for row in weights]
    if len(costs) != size or any(len(row) != size for row in costs):
        raise ValueError(f"The weights must be a table of {size} rows and {size} columns, one for each mark.")
    if any(costs[i][i] for i in range(size)) or min(map(min, costs)) < 0:
        raise ValueError("A weight is 0 where both give the same mark, and never negative.")
    return costs


def _table(pairs: Sequence[tuple[int, int]], size: int) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(pairs.count((i, j)) for j in range(size)) for i in range(size))


def _kappa(
    table: Sequence[Sequence[int]], costs: Sequence[Sequence[float]]
) -> tuple[float, float, float | None]:
    total = sum(map(sum, table))
    if not total:
        return 0.0, 0.0, None
    size = range(len(table))
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    observed = sum(costs[i][j] * table[i][j] for i in size for j in size) / total
    expected = sum(costs[i][j] * rows[i] * columns[j] for i in size for j in size) / total**2
    return observed, expected, 1 - observed / expected if expected else None


def _interval(
    pairs: Sequence[tuple[int, int]],
    groups: Sequence[Hashable],
    costs: Sequence[Sequence[float]],
    kappa: float,
    confidence: float,
) -> tuple[float | None, float | None, str]:
    names = list(dict.fromkeys(groups))
    if len(names) < LEAST_GROUPS:
        return (
            None,
            None,
            f"{len(names)} scripts are too few for an interval: it needs {LEAST_GROUPS} or more.",
        )
    without = []
    for name in names:
        rest = [pair for pair, group in zip(pairs, groups, strict=True) if group != name]
        left = _kappa(_table(rest, len(costs)), costs)[2]
        if left is None:
            return None, None, "Without one of the scripts kappa has no value, so there is no interval."
        without.append(left)
    centre = fmean(without)
    error = math.sqrt((len(names) - 1) / len(names) * sum((one - centre) ** 2 for one in without))
    if error < 1e-12:
        return None, None, "Each script tells the same, so there is no spread to make an interval of."
    reach = student_t_quantile((1 + confidence) / 2, len(names) - 1) * error
    return max(-1.0, kappa - reach), min(1.0, kappa + reach), ""
