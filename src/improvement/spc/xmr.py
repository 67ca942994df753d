"""XmR charts (individuals and moving ranges): limits, phases, signals, and the two verdicts.

Sources: Shewhart's individuals chart as in the NIST/SEMATECH e-Handbook, section 6.3.2.2; NHS England's
Making Data Count rules as coded in the R package NHSRplotthedots 0.2.2; Nelson (1982) for screening
moving ranges.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import repeat
from typing import NamedTuple

from improvement.spc import labels as point_labels
from improvement.spc import recalculation, rules, series, verdicts, wording
from improvement.spc.constants import MOVING_RANGE_UPPER, NEAR_FRACTION, TRIAL_POINTS, XMR_MULTIPLIER
from improvement.spc.recalculation import Recalculation, Stretch
from improvement.spc.rules import Signal
from improvement.spc.verdicts import DIRECTIONS, Verdict


@dataclass(frozen=True, slots=True)
class Phase:
    """The limits of a stretch of a series, in the units of the series.

    The phase runs from `start` up to but not including `stop`; its limits come from `start` up to but
    not including `baseline_stop`. `points_used`, `ranges_used` and `ranges_screened` count what the
    mean and the mean moving range were made from. `trial` is True below 13 points. `reason` and
    `date` are the recalculation's, None in the first phase.
    """

    start: int
    stop: int
    mean: float
    mean_moving_range: float
    lower_limit: float
    upper_limit: float
    baseline_stop: int
    points_used: int
    ranges_used: int
    ranges_screened: int
    trial: bool
    reason: str | None
    date: str | None

    @property
    def near_limits(self) -> tuple[float, float]:
        """The near limits (lower, upper), two-thirds of the way from the mean to the process limits."""
        return (
            self.mean - (self.mean - self.lower_limit) * NEAR_FRACTION,
            self.mean + (self.upper_limit - self.mean) * NEAR_FRACTION,
        )

    @property
    def moving_range_limit(self) -> float:
        """The upper limit of the moving range: 3.267 times the mean moving range."""
        return MOVING_RANGE_UPPER * self.mean_moving_range


class XmrOptions(NamedTuple):
    """The choices an XmR chart was made with; `xmr` says what each one does."""

    baseline: int | None
    screen: bool
    shift_n: int
    trend_n: int
    two_sigma: str
    equal: str
    missing: str
    conflict: str
    multiplier: float


PRESETS: dict[str, dict[str, object]] = {
    "mdc": {"screen": False, "shift_n": 7, "trend_n": 7, "two_sigma": "between", "equal": "break"},
    "mdc-2023": {"screen": False, "shift_n": 7, "trend_n": 7, "two_sigma": "beyond", "equal": "break"},
}


@dataclass(frozen=True, slots=True)
class XmrChart:
    """An XmR chart: what was plotted, its limits, its signals and what they mean.

    Indices are 0-based; sentences count points from 1 or use the labels. `moving_ranges` has the length of
    `values`, with None where there is no range (the first point, and either side of a gap or recalculation).
    """

    values: tuple[float | None, ...]
    labels: tuple[str, ...] | None
    moving_ranges: tuple[float | None, ...]
    phases: tuple[Phase, ...]
    signals: tuple[Signal, ...]
    variation: Verdict
    assurance: Verdict
    improvement_direction: str
    target: float | None
    ghosted: tuple[int, ...]
    preset: str
    options: XmrOptions
    decimals: int = field(repr=False)

    @property
    def moving_range_limits(self) -> tuple[float, ...]:
        """The upper moving range limit (3.267 times the mean moving range) of each phase."""
        return tuple(phase.moving_range_limit for phase in self.phases)

    @property
    def moving_ranges_outside(self) -> tuple[int, ...]:
        """The 0-based points whose moving range is above the limit of its phase; they do not count as signals."""
        return tuple(
            i
            for phase in self.phases
            for i in range(phase.start, phase.stop)
            if (step := self.moving_ranges[i]) is not None and step > phase.moving_range_limit * (1 + 1e-12)
        )

    def phase_at(self, index: int) -> Phase:
        """Return the phase that a 0-based point belongs to. Raises ValueError outside the series."""
        series.whole(index, "The point's index (the first is 0)", least=0, most=len(self.values) - 1)
        return next(phase for phase in self.phases if index < phase.stop)

    def signals_at(self, index: int) -> tuple[Signal, ...]:
        """Return the signals a 0-based point belongs to, the one that names the point first."""
        series.whole(index, "The point's index (the first is 0)", least=0, most=len(self.values) - 1)
        return rules.signals_at(self.signals, index)

    def variation_at(self, index: int) -> str:
        """Return the variation code of a 0-based point, for colouring it; "common_cause" without a signal."""
        code, _ = verdicts.variation_code(
            self.signals_at(index), self.improvement_direction, self.options.conflict
        )
        return code

    def explain(self) -> tuple[str, ...]:
        """Return the chart in plain sentences: limits, verdicts, signals, then cautions."""
        lines = [_phase_sentence(self, phase) for phase in self.phases]
        lines += [self.variation.sentence, self.assurance.sentence]
        lines += [signal.why for signal in self.signals]
        lines += _cautions(self)
        return tuple(lines)

    def to_dict(self) -> dict[str, object]:
        """Return the chart as plain JSON types, sentences included."""
        return {
            "values": list(self.values),
            "labels": list(self.labels) if self.labels else None,
            "moving_ranges": list(self.moving_ranges),
            "moving_range_limits": list(self.moving_range_limits),
            "moving_ranges_outside": list(self.moving_ranges_outside),
            "phases": [asdict(phase) | {"near_limits": list(phase.near_limits)} for phase in self.phases],
            "signals": [signal.to_dict() for signal in self.signals],
            "variation": asdict(self.variation),
            "assurance": asdict(self.assurance),
            "improvement_direction": self.improvement_direction,
            "target": self.target,
            "ghosted": list(self.ghosted),
            "preset": self.preset,
            "options": self.options._asdict(),
            "explanation": list(self.explain()),
        }


def xmr_limits(
    values: Iterable[float | None],
    *,
    screen: bool = False,
    multiplier: float = XMR_MULTIPLIER,
    baseline: int | None = None,
    missing: str = "break",
) -> Phase:
    """Return the XmR limits of one phase: mean plus and minus `multiplier` times the mean moving range.

    >>> phase = xmr_limits([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1], multiplier=3 / 1.128)
    >>> round(phase.mean, 2), round(phase.lower_limit, 4), round(phase.upper_limit, 4)
    (50.81, 45.8159, 55.8041)

    Parameters
    - `values`: in time order, any one unit, which is also the unit of the limits. None is a gap.
    - `screen`: drop, once, moving ranges of 3.267 times their mean or more (Nelson 1982). The mean of the
      values stays as it is.
    - `multiplier`: 2.66 as in the NHS, or 3 / 1.128 (NIST), or 3 / d2 exactly (2.658681).
    - `baseline`: use only the first so many points, gaps counted.
    - `missing`: "break", no moving range crosses a gap; or "skip", it runs from the last point before the gap
      to the first after it.

    Raises ValueError for a value that is not a finite number, fewer than two values, or no two next to each
    other.
    """
    cleaned = series.clean(values)
    size = series.clean_baseline(baseline, len(cleaned))
    whole = Stretch(0, len(cleaned), None, None)
    ranges = _ranges(cleaned, (whole,), series.choice(missing, "missing", rules.BREAK_OR_SKIP))
    return _phase(
        cleaned,
        whole,
        ranges,
        size,
        series.true_or_false(screen, "screen"),
        series.clean_multiplier(multiplier),
    )


def xmr(
    values: Iterable[float | None],
    *,
    labels: Iterable[object] | None = None,
    improvement_direction: str = "neutral",
    target: float | None = None,
    baseline: int | None = None,
    recalculations: Iterable[Recalculation] = (),
    ghosted: Iterable[int] = (),
    preset: str = "mdc",
    screen: bool | None = None,
    shift_n: int | None = None,
    trend_n: int | None = None,
    two_sigma: str | None = None,
    equal: str | None = None,
    missing: str = "break",
    conflict: str = "precedence",
    multiplier: float = XMR_MULTIPLIER,
) -> XmrChart:
    """Return the XmR chart of a series, with its signals and the variation and assurance verdicts.

    >>> chart = xmr([1, 3] * 8 + [9], baseline=16, improvement_direction="decrease", target=8)
    >>> limits = chart.phases[-1]
    >>> limits.mean, limits.mean_moving_range, round(limits.lower_limit, 2), round(limits.upper_limit, 2)
    (2.0, 2.0, -3.32, 7.32)
    >>> [(signal.rule, signal.points, signal.direction) for signal in chart.signals]
    [('outside_limits', (16,), 'high')]
    >>> chart.variation.code, chart.assurance.code
    ('concern_high', 'reliably_meets')
    >>> print(chart.explain()[0])
    Points 1 to 17: average 2, limits −3.32 to 7.32. The limits are the average of 16 points plus and minus 2.66 times the average moving range of 2.

    Parameters
    - `values`: in time order, any one unit. None is a gap.
    - `labels`: one a point, used in sentences. Labels that are all dates must be in time order, none twice.
    - `improvement_direction`: "increase", "decrease" or "neutral".
    - `target`: in the units of the values, or None.
    - `baseline`: limits from the first so many points of each phase, gaps counted, and then held. A phase
      that is shorter than that uses all its points.
    - `recalculations`: `Recalculation(at, reason, date)` where new limits start, why and when. Mean, moving
      ranges and rules start afresh there; earlier limits stay as they were.
    - `ghosted`: 0-based points kept in `values` but treated as a gap: no part in the mean, moving ranges or
      rules, and never a signal.
    - `preset`: "mdc", the rules of NHSRplotthedots 0.2.2: a point outside the limits, a shift of 7, a trend
      of 7, and two of three points between the near limit and the limit. "mdc-2023", the same with Making
      Data Count's rule since November 2023: points past the limit count towards two in three as well. Both
      leave moving ranges unscreened, as Making Data Count's workbook does (the R package screens).
    - `screen`, `shift_n`, `trend_n`, `two_sigma` ("between" or "beyond"), `equal`: None takes the preset's
      value. `screen` is as in `xmr_limits`. `equal` says whether a point equal to the mean ends a shift, and
      one equal to the point before ends a trend ("break", as NHSRplotthedots), or is left out ("skip").
    - `missing`: "break", no moving range and no rule crosses a missing or ghosted point; or "skip", both pass
      over it as if it had never been, and the sentence of a signal that does says so.
    - `conflict`: which signal names a point that has signals in both directions: "precedence" (outside,
      trend, two in three, shift, as NHSRplotthedots) or "improvement" (as Making Data Count's single chart
      tool).
    - `multiplier`: 2.66 by default; see `xmr_limits`.

    Limits are strict, for points and for the target: equal is not beyond. A trend's direction is its slope;
    any other signal's is its side of the mean. The variation verdict describes the latest point that is
    neither missing nor ghosted, and says so when that is not the last one. The assurance verdict compares the
    target with the limits of the latest phase.

    Raises ValueError for a value, option, baseline, ghosted point or recalculation that cannot be used; each
    phase needs at least two points next to each other.
    """
    cleaned = series.clean(values)
    count = len(cleaned)
    names = point_labels.clean(labels, count)
    series.choice(improvement_direction, "improvement_direction", DIRECTIONS)
    goal = None if target is None else series.finite(target, "The target")
    options = _options(
        preset, baseline, screen, shift_n, trend_n, two_sigma, equal, missing, conflict, multiplier, count
    )
    hidden = series.clean_ghosted(ghosted, count)
    stretches = recalculation.stretches(recalculation.clean(recalculations, count), count, names)

    active = series.without(cleaned, hidden)
    ranges = _ranges(active, stretches, options.missing)
    phases = tuple(
        _phase(active, stretch, ranges, options.baseline, options.screen, options.multiplier)
        for stretch in stretches
    )
    decimals = wording.decimals_for(
        min((p.mean_moving_range for p in phases if p.mean_moving_range), default=0.0)
    )
    found: list[Signal] = []
    for phase in phases:
        found += _phase_signals(active, ranges, phase, options, names, decimals)
    signals = tuple(found)
    return XmrChart(
        values=cleaned,
        labels=names,
        moving_ranges=tuple(ranges),
        phases=phases,
        signals=signals,
        variation=verdicts.variation(
            active, signals, phases[-1], improvement_direction, options.conflict, names, decimals
        ),
        assurance=verdicts.assurance(signals, phases[-1], improvement_direction, goal, decimals),
        improvement_direction=improvement_direction,
        target=goal,
        ghosted=hidden,
        preset=preset,
        options=options,
        decimals=decimals,
    )


def _options(
    preset: str,
    baseline: int | None,
    screen: bool | None,
    shift_n: int | None,
    trend_n: int | None,
    two_sigma: str | None,
    equal: str | None,
    missing: str,
    conflict: str,
    multiplier: float,
    count: int,
) -> XmrOptions:
    base = PRESETS[series.choice(preset, "preset", tuple(PRESETS))]
    given = {"screen": screen, "shift_n": shift_n, "trend_n": trend_n, "two_sigma": two_sigma, "equal": equal}
    chosen = {key: base[key] if value is None else value for key, value in given.items()}
    return XmrOptions(
        baseline=series.clean_baseline(baseline, count),
        screen=series.true_or_false(chosen["screen"], "screen"),
        shift_n=series.whole(chosen["shift_n"], "shift_n", least=2),
        trend_n=series.whole(chosen["trend_n"], "trend_n", least=3),
        two_sigma=series.choice(chosen["two_sigma"], "two_sigma", ("between", "beyond")),
        equal=series.choice(chosen["equal"], "equal", rules.BREAK_OR_SKIP),
        missing=series.choice(missing, "missing", rules.BREAK_OR_SKIP),
        conflict=series.choice(conflict, "conflict", ("precedence", "improvement")),
        multiplier=series.clean_multiplier(multiplier),
    )


def _ranges(active: Sequence[float | None], stretches: Iterable[Stretch], missing: str) -> list[float | None]:
    ranges: list[float | None] = []
    for stretch in stretches:
        before = None
        for value in active[stretch.start : stretch.stop]:
            ranges.append(None if value is None or before is None else abs(value - before))
            if value is not None or missing == "break":
                before = value
    return ranges


def _phase(
    active: Sequence[float | None],
    stretch: Stretch,
    ranges: Sequence[float | None],
    baseline: int | None,
    screen: bool,
    multiplier: float,
) -> Phase:
    start, stop, reason, date = stretch
    baseline_stop = stop if baseline is None else min(stop, start + baseline)
    points = [v for v in active[start:baseline_stop] if v is not None]
    moving = [r for r in ranges[start:baseline_stop] if r is not None]
    if not moving:
        raise ValueError(
            f"Points {start + 1} to {baseline_stop} cannot set limits: no two points next to each other are "
            "both present, so there is no moving range. Use a longer stretch."
        )
    mean = math.fsum(points) / len(points)
    average_range = math.fsum(moving) / len(moving)
    screened = 0
    if screen and average_range > 0:
        cut = MOVING_RANGE_UPPER * average_range * (1 - 1e-12)
        kept = [r for r in moving if r < cut]
        screened = len(moving) - len(kept)
        if screened:
            average_range = math.fsum(kept) / len(kept)
    reach = multiplier * average_range
    return Phase(
        start=start,
        stop=stop,
        mean=mean,
        mean_moving_range=average_range,
        lower_limit=mean - reach,
        upper_limit=mean + reach,
        baseline_stop=baseline_stop,
        points_used=len(points),
        ranges_used=len(moving) - screened,
        ranges_screened=screened,
        trial=len(points) < TRIAL_POINTS,
        reason=reason,
        date=date,
    )


def _tolerance(active: Sequence[float | None], ranges: Sequence[float | None], phase: Phase) -> float:
    points = [v for v in active[phase.start : phase.stop] if v is not None]
    return series.tie_tolerance(points, [r for r in ranges[phase.start : phase.stop] if r])


def _phase_signals(
    active: Sequence[float | None],
    ranges: Sequence[float | None],
    phase: Phase,
    options: XmrOptions,
    labels: Sequence[str] | None,
    decimals: int,
) -> list[Signal]:
    if options.missing == "skip":
        places = [i for i in range(phase.start, phase.stop) if active[i] is not None]
        values = [active[i] for i in places]
    else:
        places = range(phase.start, phase.stop)
        values = active[phase.start : phase.stop]
    tolerance = _tolerance(active, ranges, phase)
    near = phase.near_limits
    limits = (phase.lower_limit, phase.upper_limit)
    side = rules.sides(values, phase.mean, tolerance)
    findings = {
        "outside_limits": rules.outside(values, repeat(limits[0]), repeat(limits[1]), tolerance),
        "trend": rules.trends(values, options.trend_n, equal=options.equal, tolerance=tolerance),
        "two_in_three": rules.two_in_three(
            values, side, near, limits, mode=options.two_sigma, tolerance=tolerance
        ),
        "shift": rules.shifts(side, options.shift_n, on_centre=options.equal),
    }
    if not any(findings.values()):
        return []
    signals = []
    for rule, found in findings.items():
        for direction, points in found:
            placed = tuple(places[i] for i in points)
            signals.append(
                Signal(
                    rule,
                    placed,
                    direction,
                    _why(rule, placed, direction, active, phase, options, labels, decimals),
                )
            )
    signals.sort(key=lambda signal: signal.points[0])
    return signals


def _why(
    rule: str,
    points: tuple[int, ...],
    direction: str,
    active: Sequence[float | None],
    phase: Phase,
    options: XmrOptions,
    labels: Sequence[str] | None,
    decimals: int,
) -> str:
    high = direction == "high"
    side = "above" if high else "below"
    mean = wording.number(phase.mean, decimals)
    if rule == "outside_limits":
        value = active[points[0]]
        limit = phase.upper_limit if high else phase.lower_limit
        places = wording.decimals_apart(value, limit, decimals)
        return (
            f"{wording.name(points[0], labels)}: {wording.number(value, places)} is {side} the "
            f"{'upper' if high else 'lower'} limit of {wording.number(limit, places)} "
            f"(average {mean} {'plus' if high else 'minus'} {options.multiplier:.4g} times the average "
            f"moving range of {wording.number(phase.mean_moving_range, decimals)})."
        )
    if rule == "two_in_three":
        near = wording.number(phase.near_limits[1 if high else 0], decimals)
        outer = wording.number(phase.upper_limit if high else phase.lower_limit, decimals)
        what = (
            f"beyond the near limit of {near}"
            if options.two_sigma == "beyond"
            else f"between the near limit of {near} and the limit of {outer}"
        )
        return (
            f"{wording.names(points, labels)}: at least two in every three points in a row are {what}, all "
            f"{side} the average of {mean}{wording.passing_over(points, active)} (the near limit is two-thirds of the way to the limit)."
        )
    place = wording.span(points[0], points[-1], labels)
    over = wording.passing_over(points, active)
    if rule == "trend":
        skipped = ", repeats not counted" if options.equal == "skip" else ""
        return (
            f"{place}: {wording.count(len(points))} points in a row, each {'higher' if high else 'lower'} "
            f"than the one before{skipped}{over} (the rule needs {wording.count(options.trend_n)})."
        )
    skipped = ", points on the average not counted" if options.equal == "skip" else ""
    return (
        f"{place}: {wording.count(len(points))} points in a row {side} the average of {mean}{skipped}{over} "
        f"(the rule needs {wording.count(options.shift_n)})."
    )


def _phase_sentence(chart: XmrChart, phase: Phase) -> str:
    shown = [wording.number(x, chart.decimals) for x in (phase.mean, phase.lower_limit, phase.upper_limit)]
    place = wording.span(phase.start, phase.stop - 1, chart.labels)
    sentence = (
        f"{place}: average {shown[0]}, limits {shown[1]} to {shown[2]}. The limits are the average of "
        f"{wording.plural(phase.points_used, 'point')} plus and minus {chart.options.multiplier:.4g} times "
        f"the average moving range of {wording.number(phase.mean_moving_range, chart.decimals)}."
    )
    if phase.reason:
        sentence += " " + recalculation.sentence(phase.reason, phase.date)
    return sentence


def _cautions(chart: XmrChart) -> list[str]:
    lines = []
    for phase in chart.phases:
        if phase.trial:
            lines.append(
                f"{wording.span(phase.start, phase.stop - 1, chart.labels)}: trial limits, from "
                f"{wording.plural(phase.points_used, 'point')}; they firm up from {TRIAL_POINTS}."
            )
        if phase.ranges_screened:
            lines.append(
                f"{wording.plural(phase.ranges_screened, 'moving range').capitalize()} left out of the limits "
                f"({MOVING_RANGE_UPPER} times their average or more); the average of the points is unchanged."
            )
        if phase.mean_moving_range == 0:
            lines.append(
                "The moving ranges that set the limits are all zero, so the limits have no width and any other "
                "value falls outside. Check how the values are rounded or collected."
            )
    missing = [i for i, value in enumerate(chart.values) if value is None]
    bridged = chart.options.missing == "skip"
    if missing:
        how = "moving ranges and rules pass over it" if bridged else "no moving range or rule crosses the gap"
        lines.append(f"{wording.names(missing, chart.labels)} missing: {how}.")
    if chart.ghosted:
        also = ", which pass over it" if bridged else ""
        lines.append(
            f"{wording.names(chart.ghosted, chart.labels)} ghosted: shown, but left out of the average, the "
            f"moving ranges and the rules{also}."
        )
    return lines
