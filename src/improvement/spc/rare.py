"""Control charts for rare events: G (chances between events) and T (time between events).

Sources: Benneyan (2001), "Number-between g-type statistical quality control charts for monitoring adverse
events", Health Care Management Science 4: 305-318; Nelson (1994), "A control chart for parts-per-million
nonconforming items", Journal of Quality Technology 26: 239-240.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import fmean, median
from typing import Any

from improvement.spc import series
from improvement.spc.control_chart import (
    MOVING_RANGE_D2,
    ChartOptions,
    ControlChart,
    Lines,
    Recipe,
    build,
    chart_options,
    counts,
)
from improvement.spc.xmr import xmr_limits

T_POWER = 3.6
"""Times between events to the power 1/3.6 are nearly normal when events come at random (Nelson 1994)."""

GEOMETRIC_MEDIAN = 0.693
"""Median over mean of the gaps between rare events: the natural logarithm of 2."""


def g_chart(gaps: Iterable[float | None], **options: Any) -> ControlChart:
    """Return the G chart of chances between rare events, such as deliveries between cases of asphyxia.

    >>> chart = g_chart([3, 0, 8, 5])
    >>> chart.centre, round(chart.upper_limit, 2)      # a longer gap is a signal: fewer events
    (4.0, 17.42)
    >>> chart.run_line[0]                              # the median, about which runs are counted
    4.0

    `gaps` are whole numbers, 0 or more, in time order (None for a gap in the record): how many chances, or
    days, passed without an event between one and the next (neither event counted). `options` as in `ChartOptions`. With m the mean of the gaps, the
    standard deviation is sqrt(m (m + 1)) and the limits m plus and minus 3 of them, not below 0. The gaps are
    very skewed, so runs are counted about their median (0.693 m when `centre` gives a known m), and points on
    it are left out. A high point means fewer events.
    Raises ValueError, naming the point from 1, for a negative or part gap.
    """
    gaps_between = counts(gaps, "gap")
    settings = chart_options(options)
    known = _known(settings)

    def lines(used: Sequence[int], start: int, stop: int) -> Lines:
        points = [gaps_between[i] for i in used]
        mean = fmean(points) if known is None else known
        middle = median(points) if known is None else GEOMETRIC_MEDIAN * known
        size = stop - start
        return Lines(
            [mean] * size,
            [math.sqrt(mean) * math.sqrt(mean + 1)] * size,
            middle=[middle] * size,
            given=known is not None,
        )

    return build(
        Recipe(
            kind="g",
            title="G chart: chances between events at each point, so high means fewer events",
            method="Limits: average plus and minus {multiplier} times the square root of average times "
            "(average plus 1); runs are counted about the median.",
            lines=lines,
            equal="skip",
        ),
        gaps_between,
        settings,
    )


def t_chart(times: Iterable[float | None], *, screen: bool = True, **options: Any) -> ControlChart:
    """Return the T chart of time between rare events, such as days between falls with harm.

    >>> chart = t_chart([1, 2**3.6, 1, 2**3.6])        # 1, 2, 1, 2 to the power 3.6: mean 1.5, mean range 1
    >>> round(chart.centre, 2), round(chart.upper_limit, 1)     # (1.5 + 3 / 1.128) ** 3.6
    (4.3, 169.3)

    `times` are above 0, in time order, any unit of time (None for a gap). `options` as in `ChartOptions`;
    `centre` and `target` are times. Times to the power 1/3.6 go on an individuals chart (mean plus and minus
    3 mean moving ranges over 1.128); its lines are shown back on the scale of time. `screen` drops, once,
    moving ranges of 3.267 times their mean or more, as qicharts2 does; Nelson and Montgomery do not, so give
    screen=False to match them.
    Raises ValueError, naming the point from 1, for a time of 0 or less: two events at once need a finer
    clock, or a G chart of days between events.
    """
    between = series.clean(times, minimum=1)
    for i, time in enumerate(between, 1):
        if time is not None and time <= 0:
            raise ValueError(
                f"Point {i} has a time of {time:g}; it must be above 0. Record the time of day, or use a G chart."
            )
    series.true_or_false(screen, "screen")
    settings = chart_options(options)
    known = _known(settings)
    roots = [None if time is None else time ** (1 / T_POWER) for time in between]
    active = series.without(roots, series.clean_ghosted(settings.ghosted, len(roots)))

    def lines(used: Sequence[int], start: int, stop: int) -> Lines:
        try:
            limits = xmr_limits(active[start : used[-1] + 1], screen=screen, missing=settings.missing)
        except ValueError:
            raise ValueError(
                f"Points {start + 1} to {used[-1] + 1} cannot set limits: a T chart needs at least two times next to "
                "each other. Use a longer stretch, or a G chart."
            ) from None
        mean = limits.mean if known is None else known ** (1 / T_POWER)
        size = stop - start
        return Lines([mean] * size, [limits.mean_moving_range / MOVING_RANGE_D2] * size)

    return build(
        Recipe(
            kind="t",
            title="T chart: time between events at each point, so high means fewer events",
            method="Limits: average plus and minus {multiplier} average moving ranges over 1.128, worked out "
            "on times to the power 1/3.6 and shown as times"
            + (" (extreme moving ranges left out)." if screen else "."),
            lines=lines,
            power=T_POWER,
        ),
        roots,
        settings,
        values=between,
    )


def _known(options: ChartOptions) -> float | None:
    if options.centre is None:
        return None
    centre = series.finite(options.centre, "The centre")
    if centre <= 0:
        raise ValueError(f"The centre is {centre:g}; it must be above 0.")
    return centre
