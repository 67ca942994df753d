"""Run charts: the median, and the Anhøj or the IHI rules.

Sources: Anhøj and Olesen (2014) for the longest run and the crossings; Perla, Provost and Murray (2011) for
shift, trend and number of runs, whose critical values are computed exactly after Swed and Eisenhart (1943)
rather than looked up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from improvement.spc import labels as point_labels
from improvement.spc import rules, series, wording
from improvement.spc.constants import ANHOEJ_ALPHA, USEFUL_MINIMUM
from improvement.spc.rules import Signal

PRESETS: dict[str, dict[str, int | str | None]] = {
    "anhoej": {"shift_n": None, "trend_n": None, "missing": "skip"},
    "ihi": {"shift_n": 6, "trend_n": 5, "missing": "break"},
}


class RunChartOptions(NamedTuple):
    """The choices a run chart was made with; `run_chart` says what each one does."""

    baseline: int | None
    centre: float | None
    shift_n: int | None
    trend_n: int | None
    equal: str
    missing: str
    runs_alpha: float


@dataclass(frozen=True, slots=True)
class RunChart:
    """A run chart: what was plotted, its median, its runs, and its signals.

    Indices are 0-based; sentences count points from 1 or use the labels. `median` is the centre line
    (the fixed centre when one was given). `useful` are the points that are not missing, ghosted or on
    the centre line. Every count is there whatever the preset; the preset says which ones signal. The
    longest run signals above `longest_run_limit`, crossings below `crossings_limit`, runs below
    `runs_lower` or above `runs_upper`; all four are None below ten useful points, where the published
    tables start.
    """

    values: tuple[float | None, ...]
    labels: tuple[str, ...] | None
    median: float
    useful: tuple[int, ...]
    longest_run: int
    longest_run_limit: int | None
    crossings: int
    crossings_limit: int | None
    runs: int
    runs_lower: int | None
    runs_upper: int | None
    signals: tuple[Signal, ...]
    ghosted: tuple[int, ...]
    preset: str
    options: RunChartOptions
    decimals: int = field(repr=False)

    def signals_at(self, index: int) -> tuple[Signal, ...]:
        """Return the signals a 0-based point belongs to."""
        series.whole(index, "The point's index (the first is 0)", least=0, most=len(self.values) - 1)
        return tuple(signal for signal in self.signals if index in signal.points)

    def explain(self) -> tuple[str, ...]:
        """Return the chart in plain sentences: the median, the counts, the signals, then cautions."""
        return tuple(_explanation(self))

    def to_dict(self) -> dict[str, object]:
        """Return the chart as plain JSON types, sentences included."""
        return {
            "values": list(self.values),
            "labels": list(self.labels) if self.labels else None,
            "median": self.median,
            "useful": list(self.useful),
            "longest_run": self.longest_run,
            "longest_run_limit": self.longest_run_limit,
            "crossings": self.crossings,
            "crossings_limit": self.crossings_limit,
            "runs": self.runs,
            "runs_lower": self.runs_lower,
            "runs_upper": self.runs_upper,
            "signals": [signal.to_dict() for signal in self.signals],
            "ghosted": list(self.ghosted),
            "preset": self.preset,
            "options": self.options._asdict(),
            "explanation": list(self.explain()),
        }


@lru_cache(maxsize=512)
def longest_run_limit(useful: int) -> int:
    """Return the longest run still usual among `useful` points; a longer one is a signal.

    It is round(log2 n) + 3 (Anhøj and Olesen 2014). Raises ValueError below 10 useful points, where the
    published table starts.
    """
    series.whole(useful, "The number of useful points", least=USEFUL_MINIMUM)
    return round(math.log2(useful)) + 3


@lru_cache(maxsize=512)
def crossings_limit(useful: int) -> int:
    """Return the fewest crossings still usual among `useful` points; fewer is a signal.

    It is the smallest k for which a binomial count (n - 1 trials, one half) is k or less with
    probability 0.05 or more (Anhøj and Olesen 2014). Raises ValueError below 10 useful points, where
    the published table starts.
    """
    series.whole(useful, "The number of useful points", least=USEFUL_MINIMUM)
    trials = useful - 1
    enough = Fraction(str(ANHOEJ_ALPHA)) * 2**trials
    ways, total, k = 1, 1, 0
    while total < enough:
        ways = ways * (trials - k) // (k + 1)
        k += 1
        total += ways
    return k


@lru_cache(maxsize=512)
def runs_limits(useful: int, alpha: float = 0.05) -> tuple[int, int]:
    """Return the fewest and the most runs still usual among `useful` points, half on each side of the line.

    Fewer than the first or more than the second is a signal. Exact after Swed and Eisenhart (1943),
    `alpha` / 2 in each tail. Raises ValueError below 10 useful points, or for `alpha` not between 0 and
    0.5.
    """
    series.whole(useful, "The number of useful points", least=USEFUL_MINIMUM)
    if not 0 < series.finite(alpha, "runs_alpha") < 0.5:
        raise ValueError(f"runs_alpha is {alpha}; it must be above 0 and below 0.5 (0.05 is usual).")
    ways = _ways_of_runs(useful // 2, useful - useful // 2)
    tail = Fraction(repr(alpha)) / 2 * sum(ways)
    return _first_past(ways, tail), len(ways) - 1 - _first_past(ways[::-1], tail)


def _ways_of_runs(above: int, below: int) -> list[int]:
    """Return, for r = 0, 1, 2, ..., the arrangements of the points (`above` <= `below`) that have r runs."""
    first, second = [*_binomials(above - 1), 0], [*_binomials(below - 1), 0]
    ways = [0, 0]
    for k in range(1, above + 1):
        ways.append(2 * first[k - 1] * second[k - 1])
        ways.append(first[k - 1] * second[k] + first[k] * second[k - 1])
    return ways


def _binomials(n: int) -> list[int]:
    row = [1]
    for k in range(n):
        row.append(row[-1] * (n - k) // (k + 1))
    return row


def _first_past(ways: Sequence[int], tail: Fraction) -> int:
    return next(r for r, total in enumerate(accumulate(ways)) if total > tail)


def run_chart(
    values: Iterable[float | None],
    *,
    labels: Iterable[object] | None = None,
    preset: str = "anhoej",
    baseline: int | None = None,
    ghosted: Iterable[int] = (),
    centre: float | None = None,
    shift_n: int | None = None,
    trend_n: int | None = None,
    equal: str = "skip",
    missing: str | None = None,
    runs_alpha: float = 0.05,
) -> RunChart:
    """Return the run chart of a series.

    >>> chart = run_chart([1, 2, 3, 2, 1, 9, 8, 7, 8, 9])
    >>> chart.median, chart.longest_run, chart.longest_run_limit, chart.crossings, chart.crossings_limit
    (5.0, 5, 6, 1, 2)
    >>> [signal.rule for signal in chart.signals]
    ['crossings']
    >>> chart = run_chart([1, 2, 3, 2, 1, 9, 8, 7, 8, 9], preset="ihi")
    >>> chart.runs, chart.runs_lower, chart.runs_upper, [signal.rule for signal in chart.signals]
    (2, 3, 9, ['too_few_runs'])

    Parameters
    - `values`: in time order, any one unit. None is a missing value.
    - `labels`: one a point, used in sentences. Labels that are all dates must be in time order, none twice.
    - `preset`: "anhoej", the longest run and the crossings (no shift or trend rule); "ihi", a shift of 6
      points, a trend of 5, and too few or too many runs. Neither flags "astronomical" points: they are for
      judgement.
    - `baseline`: the median comes from the first so many points, missing ones counted; runs from all points.
    - `ghosted`: 0-based points kept in `values` but treated as missing.
    - `centre`: a fixed centre line in the units of the values, instead of the median.
    - `shift_n`, `trend_n`: with "ihi", how many points make a shift or a trend (7 and 7 for Making Data
      Count).
    - `equal`: whether a point on the centre line ends a shift (or the longest run), and a repeat ends a trend
      ("break"), or is left out of it ("skip", as both sets of rules have it).
    - `missing`: whether a missing or ghosted point ends a shift, a trend or the longest run ("break", which
      None means with "ihi") or is passed over, and the sentence says so ("skip", which None means with
      "anhoej", whose longest run is counted among useful points).
    - `runs_alpha`: with "ihi", the two-sided probability of the test on the number of runs.

    Points on the centre line, missing and ghosted points are not useful points. Crossings and the number of
    runs are counted among the useful points, as their tests require, whatever `equal` and `missing` say. Below
    ten useful points only shift and trend can signal.

    Raises ValueError for a value or option that cannot be used, or when the baseline has no point in it.
    """
    cleaned = series.clean(values)
    count = len(cleaned)
    names = point_labels.clean(labels, count)
    options = _options(preset, baseline, centre, shift_n, trend_n, equal, missing, runs_alpha, count)
    hidden = series.clean_ghosted(ghosted, count)
    active = series.without(cleaned, hidden)
    present = [v for v in active if v is not None]
    if len(present) < 2:
        raise ValueError("Fewer than two points are left once ghosted points are set aside; ghost fewer.")
    median = options.centre if options.centre is not None else _median(active[: options.baseline])

    steps = sorted(abs(after - before) for before, after in pairwise(present) if after != before)
    tolerance = series.tie_tolerance(present, steps)
    side = rules.sides(active, median, tolerance)
    useful = tuple(i for i, s in enumerate(side) if s)
    crossings = sum(a != b for a, b in pairwise(s for s in side if s))
    runs = rules.same_side_runs(side, on_centre=options.equal, gaps=options.missing)
    enough = len(useful) >= USEFUL_MINIMUM
    lower, upper = runs_limits(len(useful), options.runs_alpha) if enough else (None, None)
    chart = RunChart(
        values=cleaned,
        labels=names,
        median=median,
        useful=useful,
        longest_run=max((len(points) for _, points in runs), default=0),
        longest_run_limit=longest_run_limit(len(useful)) if enough else None,
        crossings=crossings,
        crossings_limit=crossings_limit(len(useful)) if enough else None,
        runs=crossings + 1 if useful else 0,
        runs_lower=lower,
        runs_upper=upper,
        signals=(),
        ghosted=hidden,
        preset=preset,
        options=options,
        decimals=wording.decimals_for(steps[len(steps) // 2] if steps else 0.0),
    )
    if preset == "anhoej":
        signals = _anhoej_signals(chart, runs, active)
    else:
        places = [i for i, v in enumerate(active) if v is not None or options.missing == "break"]
        trends = [
            (way, tuple(places[i] for i in points))
            for way, points in rules.trends(
                [active[i] for i in places], options.trend_n, equal=options.equal, tolerance=tolerance
            )
        ]
        signals = _ihi_signals(chart, runs, trends, active)
    return replace(chart, signals=tuple(signals))


def _options(
    preset: str,
    baseline: int | None,
    centre: float | None,
    shift_n: int | None,
    trend_n: int | None,
    equal: str,
    missing: str | None,
    runs_alpha: float,
    count: int,
) -> RunChartOptions:
    base = PRESETS[series.choice(preset, "preset", tuple(PRESETS))]
    if preset == "anhoej" and (shift_n is not None or trend_n is not None):
        raise ValueError('The Anhøj rules have no shift_n or trend_n; use preset="ihi" to choose them.')
    if baseline is not None and centre is not None:
        raise ValueError("Give a baseline or a fixed centre, not both.")
    shift = base["shift_n"] if shift_n is None else series.whole(shift_n, "shift_n", least=2)
    trend = base["trend_n"] if trend_n is None else series.whole(trend_n, "trend_n", least=3)
    alpha = series.finite(runs_alpha, "runs_alpha")
    if not 0 < alpha < 0.5:
        raise ValueError(f"runs_alpha is {alpha}; it must be above 0 and below 0.5 (0.05 is usual).")
    return RunChartOptions(
        baseline=series.clean_baseline(baseline, count, "median"),
        centre=None if centre is None else series.finite(centre, "The centre"),
        shift_n=shift,
        trend_n=trend,
        equal=series.choice(equal, "equal", rules.BREAK_OR_SKIP),
        missing=series.choice(
            base["missing"] if missing is None else missing, "missing", rules.BREAK_OR_SKIP
        ),
        runs_alpha=alpha,
    )


def _median(values: Sequence[float | None]) -> float:
    ordered = sorted(v for v in values if v is not None)
    if not ordered:
        raise ValueError(
            f"The baseline (points 1 to {len(values)}) has no value that is present and not ghosted, "
            "so it has no "
            "median. Use a longer baseline."
        )
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _line(chart: RunChart) -> str:
    name = "median" if chart.options.centre is None else "centre line"
    return f"{name} of {wording.number(chart.median, chart.decimals)}"


def _run_place(chart: RunChart, points: Sequence[int], side: int, active: Sequence[float | None]) -> str:
    """Return "Points 3 to 9: seven useful points in a row above the median of 12", and what it passes over."""
    return (
        f"{wording.span(points[0], points[-1], chart.labels)}: {wording.count(len(points))} useful points "
        f"in a row {'above' if side > 0 else 'below'} the {_line(chart)}"
        f"{wording.passing_over(points, active)}"
    )


def _anhoej_signals(
    chart: RunChart, runs: Sequence[tuple[int, tuple[int, ...]]], active: Sequence[float | None]
) -> list[Signal]:
    if chart.longest_run_limit is None:
        return []
    useful = len(chart.useful)
    signals = [
        Signal(
            "longest_run",
            points,
            "high" if side > 0 else "low",
            f"{_run_place(chart, points, side, active)} (with {useful} useful points, more than "
            f"{wording.count(chart.longest_run_limit)} is a signal).",
        )
        for side, points in runs
        if len(points) > chart.longest_run_limit
    ]
    if chart.crossings < chart.crossings_limit:
        why = (
            f"The line crosses the {_line(chart)} {_times(chart.crossings)} (with {useful} useful points, "
            f"fewer than {wording.count(chart.crossings_limit)} is a signal)."
        )
        signals.append(Signal("crossings", chart.useful, None, why))
    return signals


def _ihi_signals(
    chart: RunChart,
    runs: Sequence[tuple[int, tuple[int, ...]]],
    trends: Sequence[rules.Finding],
    active: Sequence[float | None],
) -> list[Signal]:
    signals = [
        Signal(
            "shift",
            points,
            "high" if side > 0 else "low",
            f"{_run_place(chart, points, side, active)} (the rule needs {wording.count(chart.options.shift_n)}).",
        )
        for side, points in runs
        if len(points) >= chart.options.shift_n
    ]
    for direction, points in trends:
        stretch = [i for i in range(points[0], points[-1] + 1) if active[i] is not None]
        repeats = ", repeats not counted" if len(stretch) > len(points) else ""
        repeats += wording.passing_over(points, active)
        why = (
            f"{wording.span(points[0], points[-1], chart.labels)}: {wording.count(len(points))} points in a "
            f"row, each {'higher' if direction == 'high' else 'lower'} than the one before{repeats} (the rule "
            f"needs {wording.count(chart.options.trend_n)})."
        )
        signals.append(Signal("trend", points, direction, why))
    signals.sort(key=lambda signal: signal.points[0])
    if chart.runs_lower is not None and not chart.runs_lower <= chart.runs <= chart.runs_upper:
        few = chart.runs < chart.runs_lower
        why = (
            f"Too {'few' if few else 'many'} runs: {wording.plural(chart.runs, 'run')} about the {_line(chart)} "
            f"(with {len(chart.useful)} useful points, {chart.runs_lower} to {chart.runs_upper} is usual; exact "
            f"Swed-Eisenhart test, {chart.options.runs_alpha:g} two-sided)."
        )
        signals.append(Signal("too_few_runs" if few else "too_many_runs", chart.useful, None, why))
    return signals


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{wording.count(number) if number else 0} times")


def _explanation(chart: RunChart) -> list[str]:
    useful = len(chart.useful)
    place = wording.span(0, len(chart.values) - 1, chart.labels)
    lines = [f"{place}: {_line(chart)}, {useful} useful point{'' if useful == 1 else 's'}."]
    if not useful:
        lines.append("Every point lies on the line, so there are no runs to read.")
    elif chart.longest_run_limit is None:
        lines.append(
            f"The tests on runs need {USEFUL_MINIMUM} useful points (not missing, ghosted or on the "
            "line); wait for more."
        )
    elif chart.preset == "anhoej":
        lines.append(
            f"The longest run has {wording.plural(chart.longest_run, 'point')} (more than "
            f"{wording.count(chart.longest_run_limit)} is a signal). The line is crossed "
            f"{_times(chart.crossings)} (fewer than {wording.count(chart.crossings_limit)} is a signal)."
        )
    else:
        there = "There is" if chart.runs == 1 else "There are"
        lines.append(
            f"{there} {wording.plural(chart.runs, 'run')} about the line ({chart.runs_lower} to "
            f"{chart.runs_upper} is usual)."
        )
    lines += [signal.why for signal in chart.signals] or ["No rule finds a signal."]
    missing = [i for i, value in enumerate(chart.values) if value is None]
    if missing:
        how = (
            "passed over" if chart.options.missing == "skip" else "no shift, trend or longest run passes over"
        )
        lines.append(f"{wording.names(missing, chart.labels)} missing: not counted in any run, and {how}.")
    if chart.ghosted:
        lines.append(
            f"{wording.names(chart.ghosted, chart.labels)} ghosted: shown, but left out of the median, runs "
            "and trends."
        )
    return lines
