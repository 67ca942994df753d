"""One engine for every Shewhart chart but XmR: a centre line, limits at each point, the rules, and the words.

A chart (P, C, U, G, T, ...) supplies only its centre and its standard error for one phase; phases, baselines,
ghosted points, rules, verdicts and sentences are done here, the same way for all of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from itertools import pairwise
from statistics import median
from typing import Any

from improvement.spc import labels as point_labels
from improvement.spc import recalculation, rules, series, verdicts, wording
from improvement.spc.constants import NEAR_FRACTION, TRIAL_POINTS
from improvement.spc.recalculation import Recalculation, Stretch
from improvement.spc.rules import Signal
from improvement.spc.verdicts import DIRECTIONS, Verdict

MOVING_RANGE_D2 = 1.128
"""Average moving range of two, in standard deviations (d2 for n = 2), as the Laney and T charts round it."""


@dataclass(frozen=True, slots=True)
class ChartOptions:
    """The keyword arguments that every chart made by this engine takes; all are optional.

    - `labels`: one a point, used in sentences. Labels that are all dates must be in time order, none twice.
    - `baseline`: limits from the first so many points of each phase, gaps counted, and then held.
    - `recalculations`: `Recalculation(at, reason, date)` where new limits start; rules start afresh there.
    - `ghosted`: 0-based points that stay in `values` but take no part in limits or rules.
    - `centre`: a known average to use instead of the one the points give ("standard given"), in plotted units.
    - `improvement_direction`: "increase", "decrease" or "neutral"; `target`: in plotted units. They set the
      variation and assurance verdicts as on an XmR chart; assurance uses the limits at the latest point.
    - `multiplier`: standard errors from the centre to a limit.
    - `shift_n`, `trend_n`: points in a row on one side of the centre, or all rising or falling, that signal.
      None switches the rule off.
    - `two_sigma`: "between", "beyond" or None (off, the default: its zones suppose a symmetrical
      distribution, which counts, proportions and gaps seldom have). Meanings as in `xmr`.
    - `equal`: whether a point on the centre ends a shift, and a repeat ends a trend ("break"), or is left
      out ("skip"). None takes the chart's own default: "skip" for G charts, "break" for the others.
    - `missing`: "break", no rule (nor moving range, where the chart has them) crosses a missing or ghosted
      point; or "skip", they pass over it, and the sentence of a signal that does says so.
    """

    labels: Iterable[object] | None = None
    baseline: int | None = None
    recalculations: Iterable[Recalculation] = ()
    ghosted: Iterable[int] = ()
    centre: float | None = None
    improvement_direction: str = "neutral"
    target: float | None = None
    multiplier: float = 3.0
    shift_n: int | None = 7
    trend_n: int | None = 7
    two_sigma: str | None = None
    equal: str | None = None
    missing: str = "break"


@dataclass(frozen=True, slots=True)
class ChartPhase:
    """The limits of a stretch of points, from `start` up to but not including `stop` (0-based).

    `centre`, `lower_limit` and `upper_limit` are those at the phase's last drawn point. They come from
    `points_used` points between `start` and `baseline_stop`. `trial` is True below 13 points. `details`
    holds the chart's own numbers, such as "sigma_z". `reason` and `date` are the recalculation's, None at first.
    """

    start: int
    stop: int
    centre: float
    lower_limit: float
    upper_limit: float
    baseline_stop: int
    points_used: int
    trial: bool
    reason: str | None
    date: str | None
    details: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A control chart: what was plotted, the limits at each point, the signals and what they mean.

    `values`, `centre_line`, `run_line`, `lower_limits` and `upper_limits` have one entry a point; an entry is
    None where the point, or the denominator its limits need, is missing. Runs are counted about `run_line`
    (the centre line, but the median on a G chart). Limits are clipped to what the measure can be. Indices
    are 0-based; sentences count points from 1 or use the labels.

    `centre`, `lower_limit` and `upper_limit` are those at the latest point; `outside` lists the points
    beyond their limits; `sigma_z` is Laney's, where the chart has one.
    """

    kind: str
    values: tuple[float | None, ...]
    labels: tuple[str, ...] | None
    denominators: tuple[float | None, ...] | None
    centre_line: tuple[float | None, ...]
    run_line: tuple[float | None, ...]
    lower_limits: tuple[float | None, ...]
    upper_limits: tuple[float | None, ...]
    phases: tuple[ChartPhase, ...]
    signals: tuple[Signal, ...]
    variation: Verdict
    assurance: Verdict
    improvement_direction: str
    target: float | None
    ghosted: tuple[int, ...]
    options: ChartOptions
    title: str = field(repr=False)
    method: str = field(repr=False)
    decimals: int = field(repr=False)

    @property
    def centre(self) -> float:
        """The centre line at the latest drawn point."""
        return _last(self.centre_line)

    @property
    def lower_limit(self) -> float:
        """The lower limit at the latest drawn point."""
        return _last(self.lower_limits)

    @property
    def upper_limit(self) -> float:
        """The upper limit at the latest drawn point."""
        return _last(self.upper_limits)

    @property
    def sigma_z(self) -> float | None:
        """The latest phase's sigma z (P' and U' charts), None on other charts."""
        return self.phases[-1].details.get("sigma_z")

    @property
    def outside(self) -> tuple[int, ...]:
        """The 0-based points strictly beyond their limits."""
        return tuple(i for signal in self.signals if signal.rule == "outside_limits" for i in signal.points)

    @property
    def predictable(self) -> bool:
        """True when no rule finds a special cause anywhere on the chart."""
        return not self.signals

    def signals_at(self, index: int) -> tuple[Signal, ...]:
        """Return the signals a 0-based point belongs to, the one that names the point first."""
        series.whole(index, "The point's index (the first is 0)", least=0, most=len(self.values) - 1)
        return rules.signals_at(self.signals, index)

    def explain(self) -> tuple[str, ...]:
        """Return the chart in plain sentences: limits, verdicts, signals, then cautions."""
        lines = [f"{self.title}. {self.method}"]
        lines += [_phase_sentence(self, phase) for phase in self.phases]
        lines += [self.variation.sentence, self.assurance.sentence]
        lines += [signal.why for signal in self.signals]
        lines += _cautions(self)
        return tuple(lines)

    def to_dict(self) -> dict[str, object]:
        """Return the chart as plain JSON types, sentences included."""
        shown = {f.name: getattr(self.options, f.name) for f in fields(ChartOptions)}
        for name in ("labels", "recalculations", "ghosted", "target", "improvement_direction"):
            del shown[name]
        return {
            "kind": self.kind,
            "values": list(self.values),
            "labels": list(self.labels) if self.labels else None,
            "denominators": list(self.denominators) if self.denominators else None,
            "centre_line": list(self.centre_line),
            "run_line": list(self.run_line),
            "lower_limits": list(self.lower_limits),
            "upper_limits": list(self.upper_limits),
            "phases": [asdict(phase) for phase in self.phases],
            "signals": [signal.to_dict() for signal in self.signals],
            "variation": asdict(self.variation),
            "assurance": asdict(self.assurance),
            "improvement_direction": self.improvement_direction,
            "target": self.target,
            "ghosted": list(self.ghosted),
            "options": shown,
            "explanation": list(self.explain()),
        }


@dataclass(frozen=True, slots=True)
class Lines:
    """What a chart works out for one phase: `centre` and `sigma` at each point of the phase, None at a gap.

    `middle` is the line that runs are counted about when it is not the
    centre, `details` the chart's own numbers. `given` is True when nothing in them comes from the points.
    """

    centre: Sequence[float | None]
    sigma: Sequence[float | None]
    middle: Sequence[float | None] | None = None
    details: Mapping[str, float] = field(default_factory=dict)
    given: bool = False


@dataclass(frozen=True, slots=True)
class Recipe:
    """What makes one kind of chart: how to find its lines, the range its measure can take, and its words.

    `lines(used, start, stop)` gets the 0-based points that set the limits and the phase; a chart with a
    known centre uses that instead of theirs. `floor` and `ceiling` clip the drawn limits. `power` undoes a
    transformation: the chart works on `working` values, and shows values, lines and limits to that power.
    """

    kind: str
    title: str
    method: str
    lines: Callable[[Sequence[int], int, int], Lines]
    floor: float | None = 0.0
    ceiling: Sequence[float | None] | float | None = None
    power: float = 1.0
    equal: str = "break"


def chart_options(given: Mapping[str, Any]) -> ChartOptions:
    """Return the keyword arguments as `ChartOptions`, iterators read out so that they can be read again.

    Raises TypeError, naming the choices, for one it lacks.
    """
    known = [f.name for f in fields(ChartOptions)]
    for name in given:
        if name not in known:
            raise TypeError(f"{name!r} is not an option of this chart; the options are {', '.join(known)}.")
    lists = {name: tuple(value) for name, value in given.items() if isinstance(value, Iterator)}
    return ChartOptions(**(dict(given) | lists))


def counts(values: Iterable[float | None], name: str = "count") -> tuple[float | None, ...]:
    """Return counts as floats, None for a gap.

    Raises ValueError, naming the position (from 1) and the value, unless each is a whole number, 0 or more.
    """
    cleaned = series.clean(values, minimum=1)
    for i, value in enumerate(cleaned, 1):
        if value is not None and value < 0:
            raise ValueError(f"Point {i} has a {name} of {value:g}; a {name} cannot be negative.")
        if value is not None and value != math.floor(value):
            raise ValueError(f"Point {i} has a {name} of {value:g}; a {name} must be a whole number.")
    return cleaned


def denominators(
    values: Iterable[float | None] | float, count: int, name: str = "denominator", *, whole: bool = False
) -> tuple[float | None, ...]:
    """Return one denominator a point, repeating a single number.

    Raises ValueError, naming the position (from 1) and the value, for a denominator of zero or less (or,
    with `whole`, not whole), or when there is not one for each of `count` points.
    """
    if not isinstance(values, Iterable):
        values = [series.finite(values, f"The {name}")] * count
    cleaned = series.clean(values, minimum=1)
    if len(cleaned) != count:
        raise ValueError(f"There are {len(cleaned)} {name}s for {count} points; give one for each point.")
    for i, value in enumerate(cleaned, 1):
        if value is not None and value <= 0:
            raise ValueError(
                f"Point {i} has a {name} of {value:g}; it must be above 0. Write None for a gap."
            )
        if whole and value is not None and value != math.floor(value):
            raise ValueError(f"Point {i} has a {name} of {value:g}; it must be a whole number.")
    return cleaned


def build(
    recipe: Recipe,
    working: Sequence[float | None],
    options: ChartOptions,
    denominator: Sequence[float | None] | None = None,
    values: Sequence[float | None] | None = None,
) -> ControlChart:
    """Return the chart of `working` values (shown as `values` when those are on another scale)."""
    working = series.clean(working, minimum=0)
    count = len(working)
    options, stretches = _checked(options, count, recipe.equal)
    hidden = tuple(options.ghosted)
    active = series.without(working, hidden)
    present = sum(v is not None for v in active)
    needed = 2 if options.centre is None else 1
    if present < needed:
        raise ValueError(
            f"The chart has {wording.plural(present, 'point')} to work with; at least {needed} are needed."
        )
    shown = tuple(working if values is None else values)
    phases: list[ChartPhase] = []
    drawn: list[list[float | None]] = [[], [], [], []]
    found: list[tuple[str, str, tuple[int, ...]]] = []
    sigmas: list[float] = []
    for start, stop, reason, date in stretches:
        baseline_stop = stop if options.baseline is None else min(stop, start + options.baseline)
        used = [i for i in range(start, baseline_stop) if active[i] is not None]
        if not used:
            raise ValueError(
                f"Points {start + 1} to {baseline_stop} are all missing or ghosted, so they cannot set limits."
            )
        lines = recipe.lines(used, start, stop)
        middle = lines.centre if lines.middle is None else lines.middle
        low = _limit(lines, -options.multiplier, recipe, start)
        high = _limit(lines, options.multiplier, recipe, start)
        for column, part in zip(drawn, (lines.centre, middle, low, high), strict=True):
            column += [_shown(v, recipe.power) for v in part]
        sigmas += [s for s in lines.sigma if s]
        found += _findings(active[start:stop], lines, middle, options, start)
        if lines.given:
            used, baseline_stop = [], start
        phases.append(
            ChartPhase(
                start=start,
                stop=stop,
                centre=_shown(_last(lines.centre), recipe.power),
                lower_limit=_shown(_last(low), recipe.power),
                upper_limit=_shown(_last(high), recipe.power),
                baseline_stop=baseline_stop,
                points_used=len(used),
                trial=not lines.given and len(used) < TRIAL_POINTS,
                reason=reason,
                date=date,
                details=dict(lines.details),
            )
        )
    names = options.labels
    shown_active = series.without(shown, hidden)
    decimals = wording.decimals_for(_typical_step(shown_active, sigmas, recipe.power))
    signals = tuple(
        Signal(rule, points, way, _why(rule, points, way, shown_active, drawn, options, decimals))
        for rule, way, points in sorted(found, key=lambda item: item[2][0])
    )
    direction = options.improvement_direction
    return ControlChart(
        kind=recipe.kind,
        values=shown,
        labels=names,
        denominators=None if denominator is None else tuple(denominator),
        centre_line=tuple(drawn[0]),
        run_line=tuple(drawn[1]),
        lower_limits=tuple(drawn[2]),
        upper_limits=tuple(drawn[3]),
        phases=tuple(phases),
        signals=signals,
        variation=verdicts.variation(
            shown_active, signals, phases[-1], direction, "precedence", names, decimals
        ),
        assurance=verdicts.assurance(signals, phases[-1], direction, options.target, decimals),
        improvement_direction=direction,
        target=options.target,
        ghosted=hidden,
        options=options,
        title=recipe.title,
        method=recipe.method.format(multiplier=f"{options.multiplier:g}"),
        decimals=decimals,
    )


def _checked(options: ChartOptions, count: int, equal: str) -> tuple[ChartOptions, tuple[Stretch, ...]]:
    names = point_labels.clean(options.labels, count)
    changes = recalculation.clean(options.recalculations, count)
    centre = None if options.centre is None else series.finite(options.centre, "The centre")
    if centre is not None and changes:
        raise ValueError("A known centre does not move: give either centre or recalculations, not both.")
    checked = ChartOptions(
        labels=names,
        baseline=series.clean_baseline(options.baseline, count),
        recalculations=changes,
        ghosted=series.clean_ghosted(options.ghosted, count),
        centre=centre,
        improvement_direction=series.choice(
            options.improvement_direction, "improvement_direction", DIRECTIONS
        ),
        target=None if options.target is None else series.finite(options.target, "The target"),
        multiplier=series.clean_multiplier(options.multiplier),
        shift_n=None if options.shift_n is None else series.whole(options.shift_n, "shift_n", least=2),
        trend_n=None if options.trend_n is None else series.whole(options.trend_n, "trend_n", least=3),
        two_sigma=None
        if options.two_sigma is None
        else series.choice(options.two_sigma, "two_sigma", ("between", "beyond")),
        equal=equal if options.equal is None else series.choice(options.equal, "equal", rules.BREAK_OR_SKIP),
        missing=series.choice(options.missing, "missing", rules.BREAK_OR_SKIP),
    )
    return checked, recalculation.stretches(changes, count, names)


def _limit(lines: Lines, reach: float, recipe: Recipe, start: int) -> list[float | None]:
    limits: list[float | None] = []
    for i, (centre, sigma) in enumerate(zip(lines.centre, lines.sigma, strict=True)):
        if centre is None or sigma is None:
            limits.append(None)
            continue
        limit = centre + reach * sigma
        if recipe.floor is not None:
            limit = max(recipe.floor, limit)
        ceiling = recipe.ceiling[start + i] if isinstance(recipe.ceiling, Sequence) else recipe.ceiling
        limits.append(limit if ceiling is None else min(ceiling, limit))
    return limits


def _findings(
    active: Sequence[float | None],
    lines: Lines,
    middle: Sequence[float | None],
    options: ChartOptions,
    start: int,
) -> list[tuple[str, str, tuple[int, ...]]]:
    """Run the rules on the working scale, where each point is so many standard errors from its centre."""
    points = [v for v in active if v is not None]
    if not points:
        return []
    differences = [abs(b - a) for a, b in pairwise(points)]
    tolerance = series.tie_tolerance(points, differences)
    places: list[int] = []
    present: list[float | None] = []
    scores: list[float | None] = []
    gaps: list[float | None] = []
    for i, (value, centre, sigma, line) in enumerate(
        zip(active, lines.centre, lines.sigma, middle, strict=True), start
    ):
        if value is None and options.missing == "skip":
            continue
        places.append(i)
        present.append(value)
        if value is None or centre is None or sigma is None or line is None:
            scores.append(None)
            gaps.append(None)
            continue
        off = value - centre
        if abs(off) <= tolerance:
            scores.append(0.0)
        else:
            scores.append(off / sigma if sigma else math.copysign(math.inf, off))
        gaps.append(value - line)
    reach = options.multiplier
    slack = 1e-9 * reach
    found = {"outside_limits": rules.outside(scores, [-reach] * len(scores), [reach] * len(scores), slack)}
    side = rules.sides(gaps, 0.0, tolerance)
    if options.shift_n is not None:
        found["shift"] = rules.shifts(side, options.shift_n, on_centre=options.equal)
    if options.trend_n is not None:
        found["trend"] = rules.trends(present, options.trend_n, equal=options.equal, tolerance=tolerance)
    if options.two_sigma is not None:
        near = reach * NEAR_FRACTION
        found["two_in_three"] = rules.two_in_three(
            scores,
            rules.sides(scores, 0.0),
            (-near, near),
            (-reach, reach),
            mode=options.two_sigma,
            tolerance=slack,
        )
    return [
        (rule, way, tuple(places[i] for i in members))
        for rule, finds in found.items()
        for way, members in finds
    ]


def _shown(value: float | None, power: float) -> float | None:
    return value if value is None or power == 1.0 else value**power


def _last(column: Sequence[float | None]) -> float:
    return next((v for v in reversed(column) if v is not None), math.nan)


def _typical_step(values: Sequence[float | None], sigmas: Sequence[float], power: float) -> float:
    if power == 1.0 and sigmas:
        return median(sigmas)
    points = [v for v in values if v is not None]
    return median([abs(v) for v in points]) / 10


def _why(
    rule: str,
    points: tuple[int, ...],
    way: str,
    values: Sequence[float | None],
    drawn: Sequence[Sequence[float | None]],
    options: ChartOptions,
    decimals: int,
) -> str:
    labels = options.labels
    high = way == "high"
    side = "above" if high else "below"
    first = points[0]
    if rule == "outside_limits":
        value, limit, centre = values[first], drawn[3 if high else 2][first], drawn[0][first]
        places = wording.decimals_apart(value, limit, decimals)
        return (
            f"{wording.name(first, labels)}: {wording.number(value, places)} is {side} the "
            f"{'upper' if high else 'lower'} limit of {wording.number(limit, places)} "
            f"({options.multiplier:g} standard errors from the average of {wording.number(centre, places)})."
        )
    if rule == "two_in_three":
        return (
            f"{wording.names(points, labels)}: at least two in every three points in a row are past "
            f"{options.multiplier * NEAR_FRACTION:g} standard errors {side} the average"
            f"{wording.passing_over(points, values)}."
        )
    place = wording.span(first, points[-1], labels)
    length = wording.count(len(points))
    over = wording.passing_over(points, values)
    if rule == "trend":
        return (
            f"{place}: {length} points in a row, each {'higher' if high else 'lower'} than the one before"
            f"{over} (the rule needs {wording.count(options.trend_n)})."
        )
    line = "middle line (the median)" if drawn[0][first] != drawn[1][first] else "average"
    skipped = ", points on the line not counted" if options.equal == "skip" else ""
    return (
        f"{place}: {length} points in a row {side} the {line} of {wording.number(drawn[1][first], decimals)}"
        f"{skipped}{over} (the rule needs {wording.count(options.shift_n)})."
    )


def _phase_sentence(chart: ControlChart, phase: ChartPhase) -> str:
    def text(value: float) -> str:
        return wording.number(value, chart.decimals)

    stretch = slice(phase.start, phase.stop)
    lows = [v for v in chart.lower_limits[stretch] if v is not None]
    highs = [v for v in chart.upper_limits[stretch] if v is not None]
    moves = len({v for v in chart.centre_line[stretch] if v is not None}) > 1
    average = "that changes with the denominator" if moves else text(phase.centre)
    if text(min(lows)) == text(max(lows)) and text(min(highs)) == text(max(highs)):
        limits = f"limits {text(lows[-1])} to {text(highs[-1])}"
    else:
        limits = (
            f"limits that change from point to point, {text(lows[-1])} to {text(highs[-1])} at the latest"
        )
    source = (
        f"from {wording.plural(phase.points_used, 'point')}" if phase.points_used else "from a known average"
    )
    sentence = (
        f"{wording.span(phase.start, phase.stop - 1, chart.labels)}: average {average}, {limits}, {source}."
    )
    if "sigma_z" in phase.details:
        sentence += f" Sigma z is {phase.details['sigma_z']:.3g}: 1 would be pure chance variation."
    if phase.reason:
        sentence += " " + recalculation.sentence(phase.reason, phase.date)
    return sentence


def _cautions(chart: ControlChart) -> list[str]:
    lines = []
    for phase in chart.phases:
        place = wording.span(phase.start, phase.stop - 1, chart.labels)
        if phase.trial:
            lines.append(
                f"{place}: trial limits, from {wording.plural(phase.points_used, 'point')}; they firm up from "
                f"{TRIAL_POINTS}."
            )
        stretch = slice(phase.start, phase.stop)
        if any(
            low == high
            for low, high in zip(chart.lower_limits[stretch], chart.upper_limits[stretch], strict=True)
            if low is not None
        ):
            lines.append(f"{place}: the limits have no width, so any other value falls outside.")
        elif chart.kind not in ("xbar", "s") and all(
            low == 0 for low in chart.lower_limits[stretch] if low is not None
        ):
            lines.append(
                f"{place}: the lower limit is 0, so no point can fall below it; a fall can show only as a run."
            )
    missing = [i for i, value in enumerate(chart.values) if value is None]
    if missing:
        how = "rules pass over it" if chart.options.missing == "skip" else "no rule crosses the gap"
        lines.append(f"{wording.names(missing, chart.labels)} missing: {how}.")
    if chart.ghosted:
        lines.append(
            f"{wording.names(chart.ghosted, chart.labels)} ghosted: shown, but left out of the limits and rules."
        )
    return lines
