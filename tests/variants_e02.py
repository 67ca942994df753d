"""Answer variants for exercise E02: right answers written differently, and named misconceptions with what each loses.

No item's tests use the answer to another, so one submission carries one variant of every item.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

ITEMS = {
    "run chart": {"run-median": 1, "run-useful": 1, "run-longest": 2, "run-crossings": 1},
    "verdict": {"run-verdict": 3},
    "limits": {"mean": 1, "moving-range": 2, "limits": 2, "screening": 2, "refusing": 2},
    "rules": {"outside": 2, "rule-shift": 2, "rule-trend": 2, "rule-two-in-three": 2, "rule-gaps": 2},
    "false alarms": {"alarm-rate": 3, "alarm-series": 2, "alarm-margin": 1},
    "capability": {
        "expected-share": 2, "expected-cpu": 1,
        "cap-meeting": 2, "cap-interval": 2, "cap-refusing": 3, "cap-limits": 2,
    },
    "chart choice": {"charts": 4, "reasons": 4},
    "ranking": {"rtm-share": 3, "rtm-ties": 2, "rtm-seed": 2},
    "np limits": {"np-mean": 1, "np-reach": 2, "np-bounds": 1, "np-outside": 2},
}  # fmt: skip
"""The points that each item's outcomes can earn."""

FULL = {outcome: points for outcomes in ITEMS.values() for outcome, points in outcomes.items()}
BY_HAND = {"interpretation": 15, "charter": 15, "critique": 15}
"""The points that a marker gives."""


@dataclass(frozen=True)
class Variant:
    """An answer to one item: the code for its answer cells, by cell, and the points it should lose, by outcome."""

    name: str
    item: str
    cells: Mapping[str, str]
    loses: Mapping[str, float]

    @property
    def earns(self) -> dict[str, float]:
        return {outcome: points - self.loses.get(outcome, 0) for outcome, points in ITEMS[self.item].items()}


@dataclass(frozen=True)
class Submission:
    """One learner's answers: a variant of every item."""

    name: str
    variants: tuple[Variant, ...]

    @property
    def cells(self) -> dict[str, str]:
        return {cell: code.strip() for variant in self.variants for cell, code in variant.cells.items()}

    @property
    def earns(self) -> dict[str, float]:
        return {outcome: points for variant in self.variants for outcome, points in variant.earns.items()}


def changed(source: str, *changes: tuple[str, str]) -> str:
    """An answer with some of its text replaced; each piece must stand in it just once."""
    for old, new in changes:
        assert source.count(old) == 1, f"{old!r} must stand once in the answer"
        source = source.replace(old, new)
    return source


def _outcomes(loses: Mapping[str, float]) -> dict[str, float]:
    return {outcome.replace("_", "-"): points for outcome, points in loses.items()}


# Run chart

COUNTS = """
def run_chart(values):
    kept = sorted(v for v in values if v is not None)
    n = len(kept)
    median = kept[n // 2] if n % 2 else (kept[n // 2 - 1] + kept[n // 2]) / 2
    useful = longest = length = crossings = 0
    side = None
    for v in values:
        if v is None:
            continue
        if v == median:
            continue
        useful += 1
        above = v > median
        if above == side:
            length += 1
        else:
            if side is not None:
                crossings += 1
            length = 1
        side = above
        longest = max(longest, length)
    return {"median": median, "useful": useful, "longest_run": longest, "crossings": crossings}
"""
COUNTS_LETTERS = """
def run_chart(values):
    import re
    from statistics import median
    middle = median(v for v in values if v is not None)
    letters = "".join("" if v is None or v == middle else "a" if v > middle else "b" for v in values)
    runs = re.findall("a+|b+", letters)
    return dict(
        median=middle, useful=len(letters), longest_run=max(map(len, runs)), crossings=letters.count("ab") + letters.count("ba")
    )
"""
COUNTS_NUMPY = """
def run_chart(values):
    import numpy as np
    x = np.array([np.nan if v is None else v for v in values], dtype=float)
    median = np.nanmedian(x)
    sign = np.sign(x[~np.isnan(x)] - median)
    sign = sign[sign != 0]
    breaks = np.flatnonzero(np.diff(sign)) + 1
    edges = np.concatenate([[0], breaks, [len(sign)]])
    return {"median": median, "useful": sign.size, "longest_run": np.diff(edges).max(), "crossings": breaks.size}
"""
COUNTS_PANDAS = """
def run_chart(values):
    import pandas as pd
    series = pd.Series(values, dtype=float).dropna()
    median = series.median()
    above = (series[series != median] > median).reset_index(drop=True)
    number = (above != above.shift()).cumsum()
    return {
        "median": median, "useful": len(above), "longest_run": number.value_counts().max(), "crossings": number.max() - 1,
    }
"""
ALL_COUNTS = {"run_median": 1, "run_useful": 1, "run_longest": 2, "run_crossings": 1}
MEDIAN = "median = kept[n // 2] if n % 2 else (kept[n // 2 - 1] + kept[n // 2]) / 2"


def run_chart(name: str, code: str, **loses: float) -> Variant:
    return Variant(name, "run chart", {"run-chart": code}, _outcomes(loses))


RUN_CHARTS = [
    run_chart("right-by-hand", COUNTS),
    run_chart("right-letters", COUNTS_LETTERS),
    run_chart("right-numpy", COUNTS_NUMPY),
    run_chart("right-pandas", COUNTS_PANDAS),
    run_chart("mean-for-median", changed(COUNTS, (MEDIAN, "median = sum(kept) / n")), **ALL_COUNTS),
    run_chart(
        "upper-middle-for-median", changed(COUNTS, (MEDIAN, "median = kept[n // 2]")),
        run_median=1, run_useful=1, run_longest=2,
    ),
    run_chart(
        "missing-taken-for-zero",
        changed(COUNTS, ("    kept =", "    values = [v or 0 for v in values]\n    kept =")), **ALL_COUNTS,
    ),
    run_chart(
        "value-on-the-median-counted-above",
        changed(COUNTS, ("        if v == median:\n            continue\n", ""), ("v > median", "v >= median")),
        run_useful=1, run_longest=2, run_crossings=1,
    ),
    run_chart(
        "every-point-called-useful", changed(COUNTS, ('"useful": useful', '"useful": len(values)')), run_useful=1
    ),
    run_chart(
        "value-on-the-median-ends-the-run",
        changed(COUNTS, ("        if v == median:\n            continue\n", "        if v == median:\n            length = 0\n            continue\n")),
        run_longest=2,
    ),
    run_chart(
        "missing-value-ends-the-run",
        changed(COUNTS, ("        if v is None:\n            continue\n", "        if v is None:\n            length = 0\n            continue\n")),
        run_longest=2,
    ),
    run_chart(
        "last-run-forgotten",
        changed(COUNTS, ("        longest = max(longest, length)\n", ""),
                ("            length = 1\n", "            longest = max(longest, length)\n            length = 1\n")),
        run_longest=2,
    ),
    run_chart(
        "steps-counted-for-points", changed(COUNTS, ('"longest_run": longest', '"longest_run": longest - 1')),
        run_longest=2,
    ),
    run_chart(
        "all-above-for-longest-run",
        changed(COUNTS, ('"longest_run": longest', '"longest_run": sum(v > median for v in kept)')), run_longest=2,
    ),
    run_chart("runs-for-crossings", changed(COUNTS, ('"crossings": crossings', '"crossings": crossings + 1')), run_crossings=1),
]  # fmt: skip


# Verdict

VERDICT = """
def anhoej_signal(useful, longest_run, crossings):
    from math import comb, log2
    if useful < 10:
        return None
    longest = round(log2(useful)) + 3
    tosses = useful - 1
    fewest = 0
    while sum(comb(tosses, k) for k in range(fewest + 1)) / 2 ** tosses < 0.05:
        fewest += 1
    too_long = longest_run > longest
    too_few = crossings < fewest
    return too_long or too_few
"""
VERDICT_SCIPY = """
def anhoej_signal(useful, longest_run, crossings):
    import numpy as np
    from scipy.stats import binom
    if useful >= 10:
        return longest_run > np.round(np.log2(useful)) + 3 or crossings < binom.ppf(0.05, useful - 1, 0.5)
"""
VERDICT_PASCAL = """
def anhoej_signal(useful, longest_run, crossings):
    if useful < 10:
        return None
    row = [1]
    for _ in range(useful - 1):
        row = [1] + [a + b for a, b in zip(row, row[1:])] + [1]
    limit = 3
    while 2 ** (limit - 2.5) < useful:
        limit += 1
    return longest_run > limit or 20 * sum(row[: crossings + 1]) < sum(row)
"""
VERDICT_TABLE = """
def anhoej_signal(useful, longest_run, crossings):
    import itertools, math
    table = {}
    for n in range(10, 101):
        totals = itertools.accumulate(math.comb(n - 1, k) for k in range(n))
        first = next(k for k, total in enumerate(totals) if total / 2 ** (n - 1) >= 0.05)
        table[n] = (int(math.log(n, 2) + 0.5) + 3, first)
    if useful not in table:
        return None
    longest, fewest = table[useful]
    if longest_run > longest:
        return True
    return crossings < fewest
"""


def verdict(name: str, code: str, **loses: float) -> Variant:
    return Variant(name, "verdict", {"anhoej": code}, _outcomes(loses))


VERDICTS = [
    verdict("right-sums", VERDICT),
    verdict("right-scipy", VERDICT_SCIPY),
    verdict("right-pascal", VERDICT_PASCAL),
    verdict("right-table", VERDICT_TABLE),
    verdict("both-limits-needed", changed(VERDICT, ("too_long or too_few", "too_long and too_few")), run_verdict=2),
    verdict(
        "limits-count-as-signals",
        changed(VERDICT, ("longest_run > longest", "longest_run >= longest"), ("crossings < fewest", "crossings <= fewest")),
        run_verdict=2,
    ),
    verdict("six-in-a-row-whatever-the-length", changed(VERDICT, ("longest_run > longest", "longest_run >= 6")), run_verdict=1),
    verdict("limits-of-24-for-every-length", changed(VERDICT, ("round(log2(useful)) + 3", "8"), ("crossings < fewest", "crossings < 8")), run_verdict=2),
    verdict("tosses-one-too-many", changed(VERDICT, ("tosses = useful - 1", "tosses = useful")), run_verdict=1),
    verdict("crossings-limit-one-too-low", changed(VERDICT, ("crossings < fewest", "crossings < fewest - 1")), run_verdict=1),
    verdict(
        "many-crossings-a-signal",
        changed(VERDICT, ("too_few = crossings < fewest", "too_few = crossings < fewest or crossings > tosses - fewest")),
        run_verdict=1,
    ),
    verdict("too-few-points-called-steady", changed(VERDICT, ("return None", "return False")), run_verdict=1),
]  # fmt: skip


# Limits

PLAIN = """
def xmr_limits(values, screen_outliers=False):
    import math
    if len(values) < 2:
        raise ValueError("too few")
    for value in values:
        if value is None or not math.isfinite(value):
            raise ValueError("not a number")
    n = len(values)
    mean = sum(values) / n
    ranges = []
    for i in range(1, n):
        ranges.append(abs(values[i] - values[i - 1]))
    average = sum(ranges) / len(ranges)
    if screen_outliers:
        kept = [r for r in ranges if r < 3.267 * average]
        average = sum(kept) / len(kept)
    return {"mean": mean, "mean_moving_range": average, "lower": mean - 2.66 * average, "upper": mean + 2.66 * average}
"""
STATISTICS = """
def xmr_limits(values, screen_outliers=False):
    from itertools import pairwise
    from math import isfinite
    from statistics import fmean
    if len(values) < 2 or not all(value is not None and isfinite(value) for value in values):
        raise ValueError("cannot chart this")
    steps = [max(pair) - min(pair) for pair in pairwise(values)]
    if screen_outliers:
        cut = 3.267 * fmean(steps)
        steps = [step for step in steps if step < cut]
    centre, spread = fmean(values), fmean(steps)
    return dict(mean=centre, mean_moving_range=spread, lower=centre - 2.66 * spread, upper=centre + 2.66 * spread)
"""
NUMPY = """
def xmr_limits(values, screen_outliers=False):
    import numpy as np
    x = np.array([np.nan if v is None else v for v in values], dtype=float)
    if x.size < 2 or not np.isfinite(x).all():
        raise ValueError("cannot chart this")
    mr = np.abs(np.diff(x))
    if screen_outliers:
        mr = mr[mr < 3.267 * mr.mean()]
    return {
        "mean": x.mean(), "mean_moving_range": mr.mean(),
        "lower": x.mean() - 2.66 * mr.mean(), "upper": x.mean() + 2.66 * mr.mean(),
    }
"""
PANDAS = """
def xmr_limits(values, screen_outliers=False):
    import numpy as np
    import pandas as pd
    series = pd.Series(values, dtype=float)
    if len(series) < 2 or not np.isfinite(series).all():
        raise ValueError("cannot chart this")
    steps = series.diff().abs().dropna()
    if screen_outliers:
        steps = steps[steps < 3.267 * steps.mean()]
    half = 2.66 * steps.mean()
    return {
        "mean": series.mean(), "mean_moving_range": steps.mean(),
        "lower": series.mean() - half, "upper": series.mean() + half,
    }
"""
SD = "    import statistics; sd = statistics.stdev(values)\n"
RETURN = '    return {"mean": mean'
KEPT = "kept = [r for r in ranges if r < 3.267 * average]\n        average = sum(kept) / len(kept)"


def limits(name: str, code: str, **loses: float) -> Variant:
    return Variant(name, "limits", {"xmr-limits": code}, _outcomes(loses))


LIMITS = [
    limits("right-plain", PLAIN),
    limits("right-statistics", STATISTICS),
    limits("right-numpy", NUMPY),
    limits("right-pandas", PANDAS),
    limits(
        "limits-from-three-standard-deviations",
        changed(PLAIN, (RETURN, SD + RETURN)).replace("2.66 * average", "3 * sd"), limits=2,
    ),
    limits(
        "constant-used-on-the-standard-deviation",
        changed(PLAIN, (RETURN, SD + RETURN)).replace("2.66 * average", "2.66 * sd"), limits=2,
    ),
    limits("three-moving-ranges", PLAIN.replace("2.66", "3"), limits=2),
    limits("target-as-upper-limit", changed(PLAIN, ('"upper": mean + 2.66 * average', '"upper": 30')), limits=2),
    limits(
        "lower-limit-cut-at-zero",
        changed(PLAIN, ('"lower": mean - 2.66 * average', '"lower": max(0, mean - 2.66 * average)')), limits=2,
    ),
    # A moving range that is wrong before screening is wrong after it.
    limits(
        "direction-kept-in-the-moving-range",
        changed(PLAIN, ("abs(values[i] - values[i - 1])", "values[i] - values[i - 1]")),
        moving_range=2, screening=2,
    ),
    limits(
        "median-for-mean-moving-range",
        changed(
            PLAIN,
            ("    average = sum(ranges) / len(ranges)\n", "    import statistics; average = statistics.median(ranges)\n"),
            ("average = sum(kept) / len(kept)", "average = statistics.median(kept)"),
        ),
        moving_range=2, screening=2,
    ),
    limits(
        "ranges-divided-by-number-of-values", changed(PLAIN, ("sum(ranges) / len(ranges)", "sum(ranges) / n")),
        moving_range=2,
    ),
    limits(
        "screening-drops-values",
        changed(PLAIN, (
            KEPT,
            "keep = [0] + [i for i in range(1, n) if ranges[i - 1] < 3.267 * average]\n"
            "        average = sum(ranges[i - 1] for i in keep[1:]) / (len(keep) - 1)\n"
            "        mean = sum(values[i] for i in keep) / len(keep)",
        )),
        screening=2,
    ),
    limits(
        "screening-repeated",
        changed(PLAIN, (
            KEPT,
            "while any(r >= 3.267 * average for r in ranges):\n"
            "            ranges = [r for r in ranges if r < 3.267 * average]\n"
            "            average = sum(ranges) / len(ranges)",
        )),
        screening=2,
    ),
    limits("screening-ignored", changed(PLAIN, ("if screen_outliers:", "if False:")), screening=2),
    limits(
        "median-for-mean", changed(PLAIN, ("mean = sum(values) / n", "mean = sorted(values)[n // 2]")),
        mean=1, screening=2,
    ),
    limits("only-missing-values-refused", changed(PLAIN, (" or not math.isfinite(value)", "")), refusing=1),
    limits(
        "missing-values-dropped",
        changed(PLAIN, ("    import math\n", "    import math\n    values = [v for v in values if v is not None]\n")),
        refusing=0.5,
    ),
]  # fmt: skip


# Rules

OUTSIDE = """
def weeks_outside(weeks, values, limits):
    found = []
    for i in range(len(values)):
        if values[i] is None:
            continue
        if not limits["lower"] <= values[i] <= limits["upper"]:
            found.append(weeks[i])
    return found
"""
OUTSIDE_LIST = """
def weeks_outside(weeks, values, limits):
    return [w for w, v in zip(weeks, values) if v is not None and (v < limits["lower"] or v > limits["upper"])]
"""
OUTSIDE_NUMPY = """
def weeks_outside(weeks, values, limits):
    import numpy as np
    x = np.array(values, dtype=float)
    return [weeks[i] for i in np.flatnonzero((x < limits["lower"]) | (x > limits["upper"]))]
"""
SHIFT = """
def shift_points(values, limits):
    flagged, run, side = [], [], 0
    for i, value in enumerate(values + [None]):
        now = 0 if value is None else (value > limits["mean"]) - (value < limits["mean"])
        if now == 0 or now != side:
            if len(run) >= 7:
                flagged += run
            run = []
        if now != 0:
            run.append(i)
        side = now
    return flagged
"""
SHIFT_GROUPS = """
def shift_points(values, limits):
    from itertools import groupby
    def side(place):
        value = values[place]
        return "none" if value is None or value == limits["mean"] else "above" if value > limits["mean"] else "below"
    runs = [(key, list(places)) for key, places in groupby(range(len(values)), side)]
    return [place for key, places in runs for place in places if key != "none" and len(places) > 6]
"""
SHIFT_NUMPY = """
def shift_points(values, limits):
    import numpy as np
    x = np.array(values, dtype=float)
    flags = np.zeros(len(x), dtype=bool)
    for where in (x > limits["mean"], x < limits["mean"]):
        for start in range(len(x) - 6):
            if where[start : start + 7].all():
                flags[start : start + 7] = True
    return np.flatnonzero(flags)
"""
SHIFT_PANDAS = """
def shift_points(values, limits):
    import numpy as np
    import pandas as pd
    side = np.sign(pd.Series(values, dtype=float) - limits["mean"]).fillna(0)
    run = (side != side.shift()).cumsum()
    size = run.map(run.value_counts())
    return list(side[(side != 0) & (size >= 7)].index)
"""
TREND = """
def trend_points(values, limits):
    flagged, run, slope = [], [], 0
    for i, value in enumerate(values):
        if value is None:
            run, slope = [], 0
            continue
        step = (value > values[i - 1]) - (value < values[i - 1]) if run else 0
        if step == 0:
            run, slope = [i], 0
        elif step == slope:
            run.append(i)
        else:
            run, slope = [i - 1, i], step
        if len(run) >= 7:
            flagged += run
    return flagged
"""
TREND_WINDOWS = """
def trend_points(values, limits):
    flagged = set()
    for start in range(len(values) - 6):
        window = values[start : start + 7]
        if all(value is not None for value in window) and len(set(window)) == 7:
            if sorted(window) in (window, window[::-1]):
                flagged |= set(range(start, start + 7))
    return flagged
"""
TREND_NUMPY = """
def trend_points(values, limits):
    import numpy as np
    x = np.array(values, dtype=float)
    flags = np.zeros(len(x), dtype=bool)
    for step in (np.diff(x), -np.diff(x)):
        for start in range(len(x) - 6):
            if (step[start : start + 6] > 0).all():
                flags[start : start + 7] = True
    return list(np.flatnonzero(flags))
"""
TREND_PANDAS = """
def trend_points(values, limits):
    import pandas as pd
    series = pd.Series(values, dtype=float)
    found = set()
    for direction in (1, -1):
        rising = (direction * series.diff() > 0).astype(int)
        full = rising.rolling(6).sum() == 6
        for last in full[full].index:
            found.update(range(last - 6, last + 1))
    return sorted(found)
"""
TWO = """
def two_in_three_points(values, limits):
    mean, flagged = limits["mean"], []
    high, low = mean + (limits["upper"] - mean) * 2 / 3, mean - (mean - limits["lower"]) * 2 / 3
    for i in range(len(values) - 2):
        three = [i, i + 1, i + 2]
        if any(values[j] is None for j in three):
            continue
        if all(values[j] > mean for j in three):
            past = [j for j in three if high < values[j] <= limits["upper"]]
        elif all(values[j] < mean for j in three):
            past = [j for j in three if limits["lower"] <= values[j] < low]
        else:
            continue
        if len(past) >= 2:
            flagged += past
    return flagged
"""
TWO_SIGMA = """
def two_in_three_points(values, limits):
    sigma = (limits["upper"] - limits["mean"]) / 3
    z = [None if v is None else (v - limits["mean"]) / sigma for v in values]
    found = set()
    for a, b, c in zip(range(len(z)), range(1, len(z)), range(2, len(z))):
        window = [z[a], z[b], z[c]]
        if None in window or not (min(window) > 0 or max(window) < 0):
            continue
        past = {k for k in (a, b, c) if 2 < abs(z[k]) and limits["lower"] <= values[k] <= limits["upper"]}
        if len(past) > 1:
            found |= past
    return found
"""
TWO_NUMPY = """
def two_in_three_points(values, limits):
    import numpy as np
    x = np.array(values, dtype=float)
    found = set()
    for sign, limit in ((1, limits["upper"]), (-1, limits["lower"])):
        away, edge = sign * (x - limits["mean"]), sign * (limit - limits["mean"])
        past = (away > 2 / 3 * edge) & (away <= edge)
        for i in range(len(x) - 2):
            if (away[i : i + 3] > 0).all() and past[i : i + 3].sum() >= 2:
                found |= {i + int(k) for k in np.flatnonzero(past[i : i + 3])}
    return sorted(found)
"""
TWO_RANGES = """
def two_in_three_points(values, limits):
    near = 2 * 2.66 * limits["mean_moving_range"] / 3
    def place(value):
        if value is None or value == limits["mean"]:
            return (0, False)
        side = 1 if value > limits["mean"] else -1
        return (side, abs(value - limits["mean"]) > near and limits["lower"] <= value <= limits["upper"])
    places = [place(value) for value in values]
    flagged = []
    for i in range(2, len(values)):
        sides = {side for side, past in places[i - 2 : i + 1]}
        past = [j for j in range(i - 2, i + 1) if places[j][1]]
        if sides in ({1}, {-1}) and len(past) >= 2:
            flagged.extend(past)
    return flagged
"""


def rules(
    name: str,
    outside: str = OUTSIDE,
    /,
    shift: str = SHIFT,
    trend: str = TREND,
    two: str = TWO,
    **loses: float,
) -> Variant:
    cells = {
        "weeks-outside": outside,
        "shift-points": shift,
        "trend-points": trend,
        "two-in-three-points": two,
    }
    return Variant(name, "rules", cells, _outcomes(loses))


def without_gaps(function: str, code: str) -> str:
    """The answer with missing values dropped first, so that runs reach across them."""
    return code + (
        f"\n_inner_{function} = {function}\n"
        f"def {function}(values, limits):\n"
        "    kept = [i for i, value in enumerate(values) if value is not None]\n"
        f"    return [kept[i] for i in _inner_{function}([values[i] for i in kept], limits)]\n"
    )


RULES = [
    rules("right-loops"),
    rules("right-windows", OUTSIDE_LIST, SHIFT_GROUPS, TREND_WINDOWS, TWO_SIGMA),
    rules("right-numpy", OUTSIDE_NUMPY, SHIFT_NUMPY, TREND_NUMPY, TWO_NUMPY),
    rules("right-pandas", OUTSIDE, SHIFT_PANDAS, TREND_PANDAS, TWO_RANGES),
    rules("a-value-on-the-limit-counts", changed(OUTSIDE, ('limits["lower"] <= values[i] <= limits', 'limits["lower"] < values[i] < limits')), outside=1),
    rules("only-the-upper-side", changed(OUTSIDE, ('limits["lower"] <= values[i] <=', "values[i] <=")), outside=1),
    rules("six-make-a-shift-and-a-trend", shift=changed(SHIFT, (">= 7", ">= 6")), trend=changed(TREND, (">= 7", ">= 6")), rule_shift=1, rule_trend=1),
    rules("steps-counted-for-points", shift=changed(SHIFT, (">= 7", ">= 8")), trend=changed(TREND, (">= 7", ">= 8")), rule_shift=1, rule_trend=1),
    rules("only-the-seventh-and-later-flagged", shift=changed(SHIFT, ("flagged += run", "flagged += run[6:]")), trend=changed(TREND, ("flagged += run", "flagged += run[6:]")), rule_shift=1, rule_trend=1),
    rules("first-of-a-trend-left-out", trend=changed(TREND, ("flagged += run", "flagged += run[1:]")), rule_trend=1),
    rules("a-value-on-the-mean-is-passed-over", shift=changed(SHIFT, ("        now = 0 if", '        if value == limits["mean"]:\n            continue\n        now = 0 if')), rule_shift=1),
    rules("a-value-on-the-mean-counts-as-above", shift=changed(SHIFT, ('(value > limits["mean"])', '(value >= limits["mean"])')), rule_shift=1),
    rules("only-shifts-upward-and-rises", shift=changed(SHIFT, (' - (value < limits["mean"])', "")), trend=changed(TREND, (" - (value < values[i - 1])", "")), rule_shift=1, rule_trend=1),
    rules("equal-neighbours-carry-a-trend-on", trend=changed(TREND, ("        if step == 0:\n            run, slope = [i], 0\n", "        if step == 0 and run:\n            run.append(i)\n        elif step == 0:\n            run, slope = [i], 0\n")), rule_trend=1),
    rules("all-three-flagged", two=changed(TWO, ("flagged += past", "flagged += three")), rule_two_in_three=1),
    rules(
        "beyond-the-limit-counts-too",
        two=changed(TWO, (' <= limits["upper"]]', "]"), ('limits["lower"] <= values[j]', "values[j]")), rule_two_in_three=0.5,
    ),
    rules(
        "the-third-may-be-anywhere",
        two=changed(TWO, ("all(values[j] > mean for j in three)", "any(values[j] > high for j in three)"), ("all(values[j] < mean for j in three)", "any(values[j] < low for j in three)")),
        rule_two_in_three=0.5,
    ),
    rules(
        "near-limit-at-one-third",
        two=changed(TWO, ('(limits["upper"] - mean) * 2 / 3', '(limits["upper"] - mean) / 3'), ('(mean - limits["lower"]) * 2 / 3', '(mean - limits["lower"]) / 3')),
        rule_two_in_three=1,
    ),
    rules(
        "runs-reach-across-gaps", shift=without_gaps("shift_points", SHIFT), trend=without_gaps("trend_points", TREND),
        two=without_gaps("two_in_three_points", TWO), rule_gaps=1.5,
    ),
    rules(
        "gaps-forgotten",
        changed(OUTSIDE, ("        if values[i] is None:\n            continue\n", "")),
        changed(SHIFT, ("values + [None]", 'values + [limits["mean"]]'), ("0 if value is None else ", "")),
        changed(TREND, ("        if value is None:\n            run, slope = [], 0\n            continue\n", "")),
        changed(TWO, ("        if any(values[j] is None for j in three):\n            continue\n", "")),
        rule_gaps=2,
    ),
]  # fmt: skip


# False alarms

RATE = """
def any_signal_rate(points=24, replicates=2000, has_signal=four_rules):
    import math, random
    signals = 0
    for number in range(replicates):
        series = []
        for i in range(points):
            series.append(random.gauss(0, 1))
        if has_signal(series):
            signals += 1
    rate = signals / replicates
    margin = 1.96 * math.sqrt(rate * (1 - rate) / replicates)
    return {"rate": rate, "margin": margin}
"""
RATE_COMPREHENSION = """
def any_signal_rate(points=24, replicates=2000, has_signal=four_rules):
    from random import Random
    from statistics import fmean
    draw = Random(2026)
    rate = fmean(bool(has_signal([draw.normalvariate(50, 12) for _ in range(points)])) for _ in range(replicates))
    return dict(rate=rate, margin=1.96 * (rate * (1 - rate) / replicates) ** 0.5)
"""
RATE_NUMPY = """
def any_signal_rate(points=24, replicates=2000, has_signal=four_rules):
    import numpy as np
    series = np.random.default_rng().normal(100, 15, size=(replicates, points))
    rate = np.mean([has_signal(row) for row in series])
    return {"rate": rate, "margin": 1.96 * np.sqrt(rate * (1 - rate) / replicates)}
"""
RATE_STATISTICS = """
def any_signal_rate(points=24, replicates=2000, has_signal=four_rules):
    from math import sqrt
    from statistics import NormalDist
    process = NormalDist(30, 4)
    flat = process.samples(points * replicates)
    answers = [has_signal(flat[start : start + points]) for start in range(0, points * replicates, points)]
    rate = answers.count(True) / replicates
    return {"rate": rate, "margin": 1.96 * sqrt(rate - rate ** 2) / sqrt(replicates)}
"""
DRAW = "series.append(random.gauss(0, 1))"


def alarms(name: str, code: str, **loses: float) -> Variant:
    return Variant(name, "false alarms", {"any-signal-rate": code}, _outcomes(loses))


ALARMS = [
    alarms("right-loops", RATE),
    alarms("right-comprehension", RATE_COMPREHENSION),
    alarms("right-numpy", RATE_NUMPY),
    alarms("right-statistics", RATE_STATISTICS),
    alarms("rate-per-point", changed(RATE, ("signals / replicates", "signals / (replicates * points)")), alarm_rate=3),
    alarms("count-for-share", changed(RATE, ('"rate": rate', '"rate": signals')), alarm_rate=3, alarm_margin=1),
    alarms("share-without-a-signal", changed(RATE, ("if has_signal(series)", "if not has_signal(series)")), alarm_rate=3),
    alarms("textbook-three-sigma-rate", changed(RATE, ("rate = signals / replicates", "rate = 1 - (1 - 0.0027) ** points")), alarm_rate=3),
    alarms("answer-typed-in", changed(RATE, ("rate = signals / replicates", "rate = 0.154")), alarm_rate=3),
    alarms("always-24-points", changed(RATE, ("range(points)", "range(24)")), alarm_rate=3, alarm_series=0.5),
    alarms("one-series-short", changed(RATE, ("range(replicates)", "range(1, replicates)")), alarm_series=0.5),
    alarms("one-long-series", changed(RATE, ("range(replicates)", "range(1)"), ("range(points)", "range(points * replicates)"), ("signals / replicates", "signals")), alarm_rate=3, alarm_series=2),
    alarms("same-series-each-time", changed(RATE, ("        series = []", "        random.seed(1)\n        series = []")), alarm_rate=3, alarm_series=1),
    alarms("each-value-builds-on-the-last", changed(RATE, (DRAW, "series.append((series[-1] if series else 0) + random.gauss(0, 1))")), alarm_rate=3, alarm_series=1),
    alarms("any-number-as-likely", changed(RATE, (DRAW, "series.append(random.random())")), alarm_rate=3, alarm_series=0.5),
    alarms("margin-from-points", changed(RATE, ("(1 - rate) / replicates", "(1 - rate) / points")), alarm_margin=1),
    alarms("margin-without-the-root", changed(RATE, ("math.sqrt(rate * (1 - rate) / replicates)", "(rate * (1 - rate) / replicates)")), alarm_margin=1),
    alarms("margin-of-one-standard-error", changed(RATE, ("1.96 * math", "math")), alarm_margin=1),
    alarms("margin-one-over-root-n", changed(RATE, ("1.96 * math.sqrt(rate * (1 - rate) / replicates)", "1 / math.sqrt(replicates)")), alarm_margin=1),
]  # fmt: skip


# Capability

EXPECTED = """
def expected_meeting(mean, sd, need):
    import math
    z = (need - mean) / sd
    share = 0.5 * (1 + math.erf(z / math.sqrt(2)))
    return {"share": share, "cpu": z / 3}
"""
EXPECTED_NORMAL = """
def expected_meeting(mean, sd, need):
    import statistics
    return dict(share=statistics.NormalDist(mean, sd).cdf(need), cpu=(need - mean) / (3 * sd))
"""
EXPECTED_SCIPY = """
def expected_meeting(mean, sd, need):
    from scipy import stats
    return {"share": 1 - stats.norm.sf(need, loc=mean, scale=sd), "cpu": (need - mean) / sd / 3}
"""
EXPECTED_AREA = """
def expected_meeting(mean, sd, need):
    import math
    start, slices = mean - 8 * sd, 20000
    width = (need - start) / slices
    heights = (math.exp(-(((start + (k + 0.5) * width - mean) / sd) ** 2) / 2) for k in range(slices))
    return {"share": sum(heights) * width / (sd * math.sqrt(2 * math.pi)), "cpu": (need - mean) / (3 * sd)}
"""
CAPABILITY = """
def capability(values, need):
    n = len(values)
    p = sum(1 for v in values if v <= need) / n
    z = 1.96
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    answer = {"meeting": p, "interval": (middle - half, middle + half), "refused": None}
    if n < 20:
        answer["refused"] = "too few points"
    elif len(set(values)) == 1:
        answer["refused"] = "no spread"
    elif four_rules(values):
        answer["refused"] = "special cause"
    if answer["refused"] is not None:
        answer["natural_limits"] = None
        answer["reliably"] = None
        return answer
    mean = sum(values) / n
    reach = 2.66 * sum(abs(values[i] - values[i - 1]) for i in range(1, n)) / (n - 1)
    answer["natural_limits"] = (mean - reach, mean + reach)
    answer["reliably"] = mean + reach < need
    return answer
"""
CAPABILITY_COURSE = """
def capability(values, need):
    from improvement import spc
    from statistics import NormalDist, fmean
    met = [value <= need for value in values]
    n, p, z2 = len(met), fmean(met), 1.96 ** 2
    root = (z2 * (z2 + 4 * n * p * (1 - p))) ** 0.5
    interval = tuple((2 * n * p + z2 + sign * root) / (2 * (n + z2)) for sign in (-1, 1))
    refused = limits = reliably = None
    if n < 20:
        refused = "too few points"
    elif max(values) - min(values) == 0:
        refused = "no spread"
    elif spc.xmr(values).signals:
        refused = "special cause"
    else:
        chart = spc.xmr_limits(values)
        limits = (chart.lower_limit, chart.upper_limit)
        reliably = chart.upper_limit < need
    return {"meeting": p, "interval": interval, "refused": refused, "natural_limits": limits, "reliably": reliably}
"""
CAPABILITY_NUMPY = """
def capability(values, need):
    import numpy as np
    x = np.asarray(values, dtype=float)
    n, z = x.size, 1.96
    p = (x <= need).mean()
    centre, half = (p + z**2 / 2 / n), z * np.sqrt(p * (1 - p) / n + z**2 / 4 / n**2)
    seen = dict(meeting=p, interval=np.array([centre - half, centre + half]) / (1 + z**2 / n))
    reasons = [(n < 20, "too few points"), (np.ptp(x) == 0, "no spread")]
    reason = next((words for true, words in reasons if true), None)
    if reason is None and four_rules(list(values)):
        reason = "special cause"
    if reason:
        return {**seen, "refused": reason, "natural_limits": None, "reliably": None}
    reach = 2.66 * np.abs(np.diff(x)).mean()
    return {**seen, "refused": None, "natural_limits": (x.mean() - reach, x.mean() + reach), "reliably": x.mean() + reach < need}
"""
CAPABILITY_ROOTS = """
def capability(values, need):
    from itertools import pairwise
    import numpy as np
    n = len(values)
    p = len([value for value in values if not value > need]) / n
    # Wilson's ends e solve (p - e)^2 = z^2 e (1 - e) / n.
    k = 1.96 ** 2 / n
    low, high = sorted(np.roots([1 + k, -(2 * p + k), p * p]).real)
    def result(reason, limits=None, reliably=None):
        return dict(meeting=p, interval=(low, high), refused=reason, natural_limits=limits, reliably=reliably)
    if n < 20:
        return result("too few points")
    if values.count(values[0]) == n:
        return result("no spread")
    if four_rules(values):
        return result("special cause")
    centre = sum(values) / n
    steps = [abs(a - b) for a, b in pairwise(values)]
    upper = centre + 2.66 * sum(steps) / len(steps)
    return result(None, (2 * centre - upper, upper), bool(upper < need))
"""


def capable(name: str, expected: str = EXPECTED, capability: str = CAPABILITY, **loses: float) -> Variant:
    return Variant(
        name, "capability", {"expected-meeting": expected, "capability": capability}, _outcomes(loses)
    )


CAPABILITIES = [
    capable("right-plain"),
    capable("right-with-the-course", EXPECTED_NORMAL, CAPABILITY_COURSE),
    capable("right-numpy", EXPECTED_SCIPY, CAPABILITY_NUMPY),
    capable("right-roots", EXPECTED_AREA, CAPABILITY_ROOTS),
    capable("share-that-miss", changed(EXPECTED, ('"share": share', '"share": 1 - share')), expected_share=2),
    capable("mean-within-the-need-so-all-do", changed(EXPECTED, ("share = 0.5 * (1 + math.erf(z / math.sqrt(2)))", "share = 1.0 if mean <= need else 0.0")), expected_share=2),
    capable("spread-forgotten-by-a-third", changed(EXPECTED, ("z = (need - mean) / sd", "z = (need - mean) / (3 * sd)"), ("z / 3", "z")), expected_share=2),
    capable("cpu-over-six", changed(EXPECTED, ("z / 3", "z / 6")), expected_cpu=1),
    capable("cpu-never-negative", changed(EXPECTED, ("z / 3", "abs(z) / 3")), expected_cpu=1),
    capable("a-value-equal-to-the-need-misses", capability=changed(CAPABILITY, ("if v <= need", "if v < need")), cap_meeting=1),
    capable(
        "nothing-given-when-refused",
        capability=changed(CAPABILITY, ('        answer["natural_limits"] = None\n', '        answer["natural_limits"] = answer["meeting"] = None\n')),
        cap_meeting=1,
    ),
    capable("percentages-for-shares", capability=changed(CAPABILITY, ('{"meeting": p,', '{"meeting": 100 * p,')), cap_meeting=2),
    capable(
        "interval-without-wilson",
        capability=changed(CAPABILITY, ("middle = (p + z * z / (2 * n)) / (1 + z * z / n)", "middle = p"), ("half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5", "half = z * (p * (1 - p) / n) ** 0.5")),
        cap_interval=2,
    ),
    capable("predicted-despite-a-special-cause", capability=changed(CAPABILITY, ("elif four_rules(values):", "elif False:")), cap_refusing=1),
    capable("predicted-from-a-few", capability=changed(CAPABILITY, ("n < 20", "n < 2")), cap_refusing=1),
    capable("no-spread-not-noticed", capability=changed(CAPABILITY, ("len(set(values)) == 1", "False")), cap_refusing=1),
    capable(
        "refused-and-predicted-all-the-same",
        capability=changed(CAPABILITY, ('        answer["natural_limits"] = None\n        answer["reliably"] = None\n        return answer\n', "        pass\n")),
        cap_refusing=3,
    ),
    capable(
        "natural-limits-from-three-standard-deviations",
        capability=changed(CAPABILITY, ("reach = 2.66 * sum(abs(values[i] - values[i - 1]) for i in range(1, n)) / (n - 1)", "reach = 3 * (sum((v - mean) ** 2 for v in values) / (n - 1)) ** 0.5")),
        cap_limits=1,
    ),
    capable("the-mean-compared-with-the-need", capability=changed(CAPABILITY, ("mean + reach < need", "mean < need")), cap_limits=1),
    capable("all-so-far-so-always", capability=changed(CAPABILITY, ("mean + reach < need", "p == 1")), cap_limits=1),
]  # fmt: skip


# Chart choice

KEY = {
    "a": ("I", "measured"),
    "b": ("p", "share"),
    "c": ("u", "exposure"),
    "d": ("t", "rare in time"),
    "e": ("I", "huge"),
    "f": ("g", "rare in cases"),
    "g": ("u", "exposure"),
    "h": ("p", "share"),
}


def choice(name: str, code: str | None = None, /, charts: float = 0, reasons: float = 0, **given: tuple[str, str]) -> Variant:  # fmt: skip
    """The key with some measures answered differently; each wrong answer costs one point, each left out half."""
    text = code or f"choices = {KEY | given}\n"
    return Variant(name, "chart choice", {"chart-choice": text}, {"charts": charts, "reasons": reasons})


def everywhere(chart: str, reason: str) -> dict[str, tuple[str, str]]:
    return dict.fromkeys(KEY, (chart, reason))


CHOICES = [
    choice("right-dictionary"),
    choice("right-lists", f"choices = { {letter: list(both) for letter, both in KEY.items()} }\n"),
    choice(
        "right-zip",
        'charts = "I p u t I g u p".split()\n'
        'reasons = "measured,share,exposure,rare in time,huge,rare in cases,exposure,share".split(",")\n'
        'choices = dict(zip("abcdefgh", zip(charts, reasons)))\n',
    ),
    choice(
        "right-one-by-one",
        "choices = {}\n"
        + "".join(f'choices["{letter}"] = ("{chart} ", " {reason}")\n' for letter, (chart, reason) in KEY.items()),
    ),
    choice("everything-on-an-i-chart", charts=4, reasons=4, **everywhere("I", "measured")),
    choice("everything-on-a-p-chart", charts=4, reasons=4, **everywhere("p", "share")),
    choice("everything-on-a-u-chart", charts=4, reasons=4, **everywhere("u", "exposure")),
    choice("every-percentage-on-a-p-chart", charts=1, reasons=1, e=("p", "share")),
    choice("every-percentage-on-an-i-chart", charts=2, reasons=2, b=("I", "measured"), h=("I", "measured")),
    choice("events-counted-without-their-exposure", charts=2, reasons=2, c=("c", "same exposure"), g=("c", "same exposure")),
    choice("rare-events-as-rates", charts=2, reasons=2, d=("u", "exposure"), f=("u", "exposure")),
    choice("time-and-cases-between-swapped", charts=2, reasons=2, d=("g", "rare in cases"), f=("t", "rare in time")),
    choice("every-rare-event-by-time", charts=1, reasons=1, f=("t", "rare in time")),
    choice("rates-as-proportions", charts=2, reasons=2, c=("p", "share"), g=("p", "share")),
    choice("a-mean-of-many-taken-for-a-rate", charts=1, reasons=1, a=("u", "exposure")),
    choice("large-share-taken-for-a-measurement", reasons=1, e=("I", "measured")),
    choice("right-charts-without-reasons", reasons=4, **{letter: (chart, "") for letter, (chart, _) in KEY.items()}),
    choice("three-left-out", charts=1.5, reasons=1.5, d=("", ""), e=("", ""), f=("", "")),
]  # fmt: skip


# Ranking

WORST = """
def rtm_improves(teams, mean, replicates, seed):
    import random
    draw = random.Random(seed)
    better = 0
    for number in range(replicates):
        month = [poisson(draw, mean) for team in range(teams)]
        month_after = [poisson(draw, mean) for team in range(teams)]
        worst = month.index(max(month))
        if month_after[worst] < month[worst]:
            better += 1
    return better / replicates
"""
WORST_KNUTH = """
def rtm_improves(teams, mean, replicates, seed):
    import math, random
    from statistics import fmean
    random.seed(seed)
    def events():
        count, product = 0, random.random()
        while product > math.exp(-mean):
            count, product = count + 1, product * random.random()
        return count
    return fmean(max(events() for _ in range(teams)) > events() for _ in range(replicates))
"""
WORST_NUMPY = """
def rtm_improves(teams, mean, replicates, seed):
    import numpy as np
    draw = np.random.default_rng(seed)
    first, second = draw.poisson(mean, size=(2, replicates, teams))
    rows = np.arange(replicates)
    worst = first.argmax(axis=1)
    return np.mean(second[rows, worst] < first[rows, worst])
"""
WORST_PANDAS = """
def rtm_improves(teams, mean, replicates, seed):
    import pandas as pd
    from scipy.stats import poisson as events
    counts = pd.DataFrame(events.rvs(mean, size=(replicates, teams + 1), random_state=seed))
    after = counts.pop(teams)
    return float((after < counts.max(axis=1)).sum()) / replicates
"""
EXACT = """
def rtm_improves(teams, mean, replicates, seed):
    import math
    chance, upto, not_fewer = math.exp(-mean), 0, 0
    for k in range(1, int(mean + 12 * mean ** 0.5) + 40):
        upto += chance
        not_fewer += chance * upto ** teams
        chance *= mean / k
    return 1 - not_fewer
"""
BETTER = "month_after[worst] < month[worst]"
MONTH = "month = [poisson(draw, mean) for team in range(teams)]\n        month_after"
AFTER = "month_after = [poisson(draw, mean) for team in range(teams)]"
WRONG_SHARE = {"rtm_share": 3, "rtm_ties": 2}


def ranking(name: str, code: str, **loses: float) -> Variant:
    return Variant(name, "ranking", {"rtm-improves": code}, _outcomes(loses))


def returning(answer: str) -> str:
    return f"def rtm_improves(teams, mean, replicates, seed):\n    return {answer}\n"


RANKINGS = [
    ranking("right-loops", WORST),
    ranking("right-knuth", WORST_KNUTH),
    ranking("right-numpy", WORST_NUMPY),
    ranking("right-pandas", WORST_PANDAS),
    ranking("no-change-taken-for-improvement", changed(WORST, (BETTER, "month_after[worst] <= month[worst]")), rtm_ties=2),
    ranking("best-for-worst", changed(WORST, ("max(month)", "min(month)")), **WRONG_SHARE),
    ranking("one-team-named-beforehand", changed(WORST, ("month.index(max(month))", "0")), **WRONG_SHARE),
    ranking("next-months-worst-for-the-same-team", changed(WORST, (BETTER, "max(month_after) < max(month)")), **WRONG_SHARE),
    ranking("same-month-compared-with-itself", changed(WORST, (AFTER, "month_after = month")), rtm_seed=2, **WRONG_SHARE),
    ranking("worst-again-expected-to-be-worst", changed(WORST, (AFTER, "month_after = [poisson(draw, max(month))] * teams")), **WRONG_SHARE),
    ranking("always-twelve-teams", WORST.replace("range(teams)", "range(12)"), **WRONG_SHARE),
    ranking("count-for-share", changed(WORST, ("better / replicates", "better")), rtm_seed=1, **WRONG_SHARE),
    ranking("answer-typed-in", returning("0.9"), rtm_seed=2, **WRONG_SHARE),
    ranking("every-place-as-likely", returning("teams / (teams + 1)"), rtm_ties=2, rtm_seed=2),
    ranking("formula-for-simulation", EXACT, rtm_seed=2),
    ranking(
        "normal-for-counts",
        changed(WORST, (MONTH, "poisson = lambda draw, mean: draw.gauss(mean, mean ** 0.5)\n        " + MONTH)), rtm_ties=2,
    ),
    ranking("seed-forgotten", changed(WORST, ("Random(seed)", "Random()")), rtm_seed=1),
    ranking("always-the-same-seed", changed(WORST, ("Random(seed)", "Random(1)")), rtm_seed=2),
    ranking(
        "same-months-each-time",
        changed(WORST, ("        month = [", "        draw = random.Random(seed)\n        month = [")), rtm_seed=1, **WRONG_SHARE,
    ),
    ranking("one-replicate-short", changed(WORST, ("range(replicates)", "range(1, replicates)")), rtm_seed=1),
]  # fmt: skip


# NP limits

NP = """
def np_limits(counts, size):
    mean = sum(counts) / len(counts)
    p = mean / size
    reach = 3 * (size * p * (1 - p)) ** 0.5
    lower, upper = mean - reach, mean + reach
    if lower < 0:
        lower = 0
    if upper > size:
        upper = size
    outside = []
    for i in range(len(counts)):
        if counts[i] < lower or counts[i] > upper:
            outside.append(i)
    return {"mean": mean, "lower": lower, "upper": upper, "outside": outside}
"""
NP_COURSE = """
def np_limits(counts, size):
    from improvement import spc
    chart = spc.np_chart(counts, size)
    return dict(mean=chart.centre, lower=chart.lower_limit, upper=chart.upper_limit, outside=chart.outside)
"""
NP_NUMPY = """
def np_limits(counts, size):
    import numpy as np
    x = np.asarray(counts)
    reach = 3 * np.sqrt(x.mean() * (1 - x.mean() / size))
    lower, upper = np.clip([x.mean() - reach, x.mean() + reach], 0, size)
    return {"mean": x.mean(), "lower": lower, "upper": upper, "outside": np.flatnonzero((x < lower) | (x > upper))}
"""
NP_SHARES = """
def np_limits(counts, size):
    from math import sqrt
    from statistics import fmean
    shares = [count / size for count in counts]
    p = fmean(shares)
    error = sqrt(p * (1 - p) / size)
    low, high = max(p - 3 * error, 0), min(p + 3 * error, 1)
    beyond = [place for place, share in enumerate(shares) if share < low or high < share]
    return {"mean": p * size, "lower": low * size, "upper": high * size, "outside": beyond}
"""
NP_SCIPY = """
def np_limits(counts, size):
    import pandas as pd
    from scipy.stats import binom
    series = pd.Series(counts)
    mean, sd = series.mean(), binom.std(size, series.mean() / size)
    lower, upper = max(0, mean - 3 * sd), min(size, mean + 3 * sd)
    return {"mean": mean, "lower": lower, "upper": upper, "outside": list(series[~series.between(lower, upper)].index)}
"""
REACH = "3 * (size * p * (1 - p)) ** 0.5"
BEYOND = "counts[i] < lower or counts[i] > upper"


def np_limits(name: str, code: str, **loses: float) -> Variant:
    return Variant(name, "np limits", {"np-limits": code}, _outcomes(loses))


NP_LIMITS = [
    np_limits("right-plain", NP),
    np_limits("right-with-the-course", NP_COURSE),
    np_limits("right-numpy", NP_NUMPY),
    np_limits("right-shares", NP_SHARES),
    np_limits("right-scipy", NP_SCIPY),
    np_limits("median-for-mean", changed(NP, ("    mean = sum(counts) / len(counts)\n", "    import statistics\n    mean = statistics.median(counts)\n")), np_mean=1),
    np_limits("sample-standard-deviation", changed(NP, (REACH, "3 * (sum((c - mean) ** 2 for c in counts) / (len(counts) - 1)) ** 0.5")), np_reach=2),
    np_limits("moving-range-of-a-table", changed(NP, (REACH, "2.66 * sum(abs(b - a) for a, b in zip(counts, counts[1:])) / (len(counts) - 1)")), np_reach=2),
    np_limits("size-left-out", changed(NP, (REACH, "3 * (p * (1 - p)) ** 0.5")), np_reach=2),
    np_limits("standard-error-of-a-share", changed(NP, (REACH, "3 * (p * (1 - p) / size) ** 0.5")), np_reach=2),
    np_limits("poisson-for-binomial", changed(NP, (REACH, "3 * mean ** 0.5")), np_reach=2),
    np_limits("variance-for-standard-deviation", changed(NP, (REACH, "3 * size * p * (1 - p)")), np_reach=2),
    np_limits("lower-limit-below-nothing", changed(NP, ("    if lower < 0:\n        lower = 0\n", "")), np_bounds=0.5),
    np_limits("upper-limit-above-everybody", changed(NP, ("    if upper > size:\n        upper = size\n", "")), np_bounds=0.5),
    np_limits("a-count-on-the-limit-is-outside", changed(NP, (BEYOND, "counts[i] <= lower or counts[i] >= upper")), np_outside=1),
    np_limits("only-the-worse-side", changed(NP, (BEYOND, "counts[i] > upper")), np_outside=1),
    np_limits("last-in-the-table", changed(NP, (BEYOND, "counts[i] == max(counts)")), np_outside=2),
    np_limits("worse-than-the-average", changed(NP, (BEYOND, "counts[i] > mean")), np_outside=2),
    np_limits("counts-for-positions", changed(NP, ("outside.append(i)", "outside.append(counts[i])")), np_outside=2),
    np_limits("positions-from-one", changed(NP, ("outside.append(i)", "outside.append(i + 1)")), np_outside=2),
]  # fmt: skip


VARIANTS = {
    "run chart": RUN_CHARTS,
    "verdict": VERDICTS,
    "limits": LIMITS,
    "rules": RULES,
    "false alarms": ALARMS,
    "capability": CAPABILITIES,
    "chart choice": CHOICES,
    "ranking": RANKINGS,
    "np limits": NP_LIMITS,
}
ALL = [variant for variants in VARIANTS.values() for variant in variants]


def _submissions() -> Iterator[Submission]:
    """As few submissions as hold every variant; an item that has run out of them is answered right."""
    for number, variants in enumerate(zip_longest(*VARIANTS.values())):
        filled = [one or VARIANTS[item][0] for item, one in zip(VARIANTS, variants, strict=True)]
        right = all(not sum(variant.loses.values()) for variant in filled)
        yield Submission(f"{'right' if right else 'mixed'}-{number}", tuple(filled))


RIGHT, *MIXED = _submissions()
BLANK = Submission("blank", tuple(Variant("untouched", item, {}, dict(ITEMS[item])) for item in ITEMS))
SUBMISSIONS = [RIGHT, *MIXED, BLANK]
