"""Xbar-S charts for subgroups of measurements, with their constants computed rather than looked up.

Source: Montgomery, Introduction to Statistical Quality Control, section 6.3.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from improvement.spc import series
from improvement.spc.control_chart import ControlChart, Lines, Recipe, build, chart_options
from improvement.spc.rules import Signal


@dataclass(frozen=True, slots=True)
class XbarSChart:
    """The pair of charts for subgroups: `xbar` of the means and `s` of the standard deviations.

    `sigma` is the standard deviation within subgroups of the latest phase (s over c4).
    """

    xbar: ControlChart
    s: ControlChart
    sigma: float

    @property
    def signals(self) -> tuple[Signal, ...]:
        """The signals of the means, then those of the standard deviations."""
        return self.xbar.signals + self.s.signals

    @property
    def predictable(self) -> bool:
        """True when no rule finds a special cause on either chart."""
        return not self.signals

    def explain(self) -> tuple[str, ...]:
        """Return both charts in plain sentences, the spread first: means cannot be judged while it moves."""
        return self.s.explain() + self.xbar.explain()

    def to_dict(self) -> dict[str, object]:
        """Return both charts as plain JSON types."""
        return {"xbar": self.xbar.to_dict(), "s": self.s.to_dict(), "sigma": self.sigma}


def xbar_s(
    subgroups: Iterable[Iterable[float | None] | None],
    *,
    centre: float | None = None,
    sigma: float | None = None,
    **options: Any,
) -> XbarSChart:
    """Return the Xbar-S charts of subgroups, such as five blood gases measured each day.

    >>> pair = xbar_s([[1, 3], [3, 5], [2, 4]])
    >>> pair.xbar.centre, round(pair.xbar.lower_limit, 2), round(pair.xbar.upper_limit, 2)
    (3.0, -0.76, 6.76)
    >>> round(pair.s.centre, 3), pair.s.lower_limit, round(pair.s.upper_limit, 2)
    (1.414, 0.0, 4.62)

    Parameters
    - `subgroups`: in time order, each with at least two measurements (None inside is left out; None or an
      empty list in place of a subgroup is a gap).
    - `centre`, `sigma`: a known average and standard deviation to use instead of those of the data.
    - `options`: as in `ChartOptions`, for both charts (`target` and `improvement_direction` for the means).

    The centre of the means is the average of all measurements. The centre of the standard deviations is
    their mean when every subgroup has the same size, and the pooled standard deviation otherwise. Limits:
    means plus and minus A3 s; standard deviations B3 s to B4 s, with c4, A3, B3 and B4 for each size.
    Raises ValueError, naming the subgroup from 1, for a subgroup of one or a value that is not a number.
    """
    groups = measurements(subgroups)
    sizes = [len(g) if g else None for g in groups]
    means = [None if g is None else math.fsum(g) / len(g) for g in groups]
    spreads = [None if g is None else _deviation(g, m) for g, m in zip(groups, means, strict=True)]
    settings = chart_options(options)
    if settings.recalculations and sigma is not None:
        raise ValueError("A known sigma does not change: give either sigma or recalculations, not both.")
    known = None if sigma is None else series.finite(sigma, "sigma")
    if known is not None and known <= 0:
        raise ValueError(f"sigma is {known:g}; it must be above 0.")
    hidden = set(series.clean_ghosted(settings.ghosted, len(groups)))

    def spread(used: Sequence[int]) -> tuple[float, bool]:
        """Return the centre of s, or sigma itself with True when sigma is what is known."""
        if known is not None:
            return known, True
        if len({sizes[i] for i in used}) == 1:
            return math.fsum(spreads[i] for i in used) / len(used), False
        weight = math.fsum(sizes[i] - 1 for i in used)
        return math.hypot(*(spreads[i] * math.sqrt((sizes[i] - 1) / weight) for i in used)), False

    def sigma_at(size: int, level: float, is_sigma: bool) -> float:
        return level if is_sigma else level / c4(size)

    def mean_lines(used: Sequence[int], start: int, stop: int) -> Lines:
        level, is_sigma = spread(used)
        if centre is None:
            total = math.fsum(sizes[i] for i in used)
            average = math.fsum(means[i] * (sizes[i] / total) for i in used)
        else:
            average = series.finite(centre, "The centre")
        inside = sizes[start:stop]
        return Lines(
            [average] * len(inside),
            [None if n is None else sigma_at(n, level, is_sigma) / math.sqrt(n) for n in inside],
            given=centre is not None and is_sigma,
        )

    def spread_lines(used: Sequence[int], start: int, stop: int) -> Lines:
        level, is_sigma = spread(used)
        inside = sizes[start:stop]
        centres = [None if n is None else level * c4(n) if is_sigma else level for n in inside]
        return Lines(
            centres,
            [None if n is None else sigma_at(n, level, is_sigma) * math.sqrt(1 - c4(n) ** 2) for n in inside],
            given=is_sigma,
        )

    for_means = build(
        Recipe(
            kind="xbar",
            title="Xbar chart: the mean of a subgroup at each point",
            method="Limits: average plus and minus {multiplier} standard errors, from the spread within "
            "subgroups and their size.",
            lines=mean_lines,
            floor=None,
        ),
        means,
        replace(settings, centre=centre),
        denominator=sizes,
    )
    for_spreads = build(
        Recipe(
            kind="s",
            title="S chart: the standard deviation of a subgroup at each point",
            method="Limits: average standard deviation plus and minus {multiplier} of its standard errors.",
            lines=spread_lines,
        ),
        spreads,
        replace(settings, target=None, improvement_direction="neutral"),
        denominator=sizes,
    )
    latest = for_spreads.phases[-1]
    used = [i for i in range(latest.start, latest.baseline_stop) if sizes[i] is not None and i not in hidden]
    level, is_sigma = spread(used)
    typical = next(n for n in reversed(sizes) if n is not None)
    return XbarSChart(for_means, for_spreads, sigma_at(typical, level, is_sigma))


def measurements(subgroups: Iterable[Iterable[float | None] | None]) -> list[list[float] | None]:
    """Return the measurements present in each subgroup, None where there are none.

    Raises ValueError, naming the subgroup from 1, for a subgroup of one or a value that is not a number.
    """
    if isinstance(subgroups, (str, bytes, Mapping)) or not isinstance(subgroups, Iterable):
        raise ValueError("The subgroups must be a list of lists of measurements, in time order.")
    return [_group(group, i) for i, group in enumerate(subgroups, 1)]


def c4(n: int) -> float:
    """Return c4 for subgroups of `n`: the mean of s over sigma, sqrt(2/(n-1)) Gamma(n/2) / Gamma((n-1)/2).

    >>> round(c4(5), 4), round(a3(5), 3), b3(5), round(b4(5), 3)      # Montgomery, appendix VI
    (0.94, 1.427, 0.0, 2.089)
    """
    size = series.whole(n, "The subgroup size", least=2)
    if size >= 1000:  # Stirling's series, where the difference of two large logarithms would lose figures
        return 1 - 1 / (4 * size) - 7 / (32 * size**2) - 19 / (128 * size**3)
    return math.sqrt(2 / (size - 1)) * math.exp(math.lgamma(size / 2) - math.lgamma((size - 1) / 2))


def a3(n: int) -> float:
    """Return A3 for subgroups of `n`: limits of the mean are its average plus and minus A3 times s."""
    return 3 / (c4(n) * math.sqrt(n))


def b3(n: int) -> float:
    """Return B3 for subgroups of `n`: the lower limit of s over its average."""
    return max(0.0, 1 - 3 * math.sqrt(1 - c4(n) ** 2) / c4(n))


def b4(n: int) -> float:
    """Return B4 for subgroups of `n`: the upper limit of s over its average."""
    return 1 + 3 * math.sqrt(1 - c4(n) ** 2) / c4(n)


def _group(group: Iterable[float | None] | None, position: int) -> list[float] | None:
    if group is None:
        return None
    try:
        values = [v for v in series.clean(group, minimum=0) if v is not None]
    except ValueError as error:
        raise ValueError(f"Subgroup {position}: {error}") from None
    if not values:
        return None
    if len(values) < 2:
        raise ValueError(
            f"Subgroup {position} has one measurement ({values[0]:g}); a spread needs at least two. "
            "Use an XmR chart for single values."
        )
    return values


def _deviation(values: Sequence[float], mean: float) -> float:
    return math.hypot(*(v - mean for v in values)) / math.sqrt(len(values) - 1)
