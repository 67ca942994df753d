"""Answer variants for exercise E02: right answers written differently, and named misconceptions with what each loses."""

from __future__ import annotations

from dataclasses import dataclass

FULL = {"mean": 1, "moving-range": 2, "limits": 2, "screening": 2, "refusing": 2, "outside": 2}


@dataclass(frozen=True)
class Variant:
    """An answer to both code tasks and the points it should lose, by outcome."""

    name: str
    xmr_limits: str
    weeks_outside: str
    loses: dict[str, float]


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

BY_LIST = """
def weeks_outside(weeks, values, limits):
    return [w for w, v in zip(weeks, values) if v < limits["lower"] or v > limits["upper"]]
"""

BY_LOOP = """
def weeks_outside(weeks, values, limits):
    found = []
    for i in range(len(values)):
        if not limits["lower"] <= values[i] <= limits["upper"]:
            found.append(weeks[i])
    return found
"""


def _changed(old: str, new: str, source: str = PLAIN) -> str:
    assert source.count(old) == 1, f"{old!r} must stand once in the answer"
    return source.replace(old, new)


SD = "import statistics; sd = statistics.stdev(values); "
RETURN = '    return {"mean": mean'
KEPT = "kept = [r for r in ranges if r < 3.267 * average]\n        average = sum(kept) / len(kept)"

RIGHT = [
    Variant("right-plain", PLAIN, BY_LIST, {}),
    Variant("right-statistics", STATISTICS, BY_LOOP, {}),
    Variant("right-numpy", NUMPY, BY_LIST, {}),
    Variant("right-pandas", PANDAS, BY_LOOP, {}),
]

WRONG = [
    Variant(
        "limits-from-three-standard-deviations",
        PLAIN.replace(RETURN, f"    {SD}\n{RETURN}").replace("2.66 * average", "3 * sd"),
        BY_LIST,
        {"limits": 2},
    ),
    Variant(
        "constant-used-on-the-standard-deviation",
        PLAIN.replace(RETURN, f"    {SD}\n{RETURN}").replace("2.66 * average", "2.66 * sd"),
        BY_LIST,
        {"limits": 2},
    ),
    Variant("three-moving-ranges", PLAIN.replace("2.66", "3"), BY_LIST, {"limits": 2}),
    Variant("target-as-upper-limit", _changed('"upper": mean + 2.66 * average', '"upper": 30'), BY_LIST, {"limits": 2}),
    Variant(
        "lower-limit-cut-at-zero",
        _changed('"lower": mean - 2.66 * average', '"lower": max(0, mean - 2.66 * average)'),
        BY_LIST,
        {"limits": 2},
    ),
    # A moving range that is wrong before screening is wrong after it.
    Variant(
        "direction-kept-in-the-moving-range",
        _changed("abs(values[i] - values[i - 1])", "values[i] - values[i - 1]"),
        BY_LIST,
        {"moving-range": 2, "screening": 2},
    ),
    Variant(
        "median-for-mean-moving-range",
        _changed("    average = sum(ranges) / len(ranges)\n", "    import statistics; average = statistics.median(ranges)\n")
        .replace("average = sum(kept) / len(kept)", "average = statistics.median(kept)"),
        BY_LIST,
        {"moving-range": 2, "screening": 2},
    ),
    Variant(
        "ranges-divided-by-number-of-values",
        _changed("sum(ranges) / len(ranges)", "sum(ranges) / n"),
        BY_LIST,
        {"moving-range": 2},
    ),
    Variant(
        "screening-drops-values",
        _changed(
            KEPT,
            "keep = [0] + [i for i in range(1, n) if ranges[i - 1] < 3.267 * average]\n"
            "        average = sum(ranges[i - 1] for i in keep[1:]) / (len(keep) - 1)\n"
            "        mean = sum(values[i] for i in keep) / len(keep)",
        ),
        BY_LIST,
        {"screening": 2},
    ),
    Variant(
        "screening-repeated",
        _changed(
            KEPT,
            "while any(r >= 3.267 * average for r in ranges):\n"
            "            ranges = [r for r in ranges if r < 3.267 * average]\n"
            "            average = sum(ranges) / len(ranges)",
        ),
        BY_LIST,
        {"screening": 2},
    ),
    Variant("screening-ignored", _changed("if screen_outliers:", "if False:"), BY_LIST, {"screening": 2}),
    Variant(
        "median-for-mean", _changed("mean = sum(values) / n", "mean = sorted(values)[n // 2]"), BY_LIST,
        {"mean": 1, "screening": 2},
    ),
    Variant("only-missing-values-refused", _changed(" or not math.isfinite(value)", ""), BY_LIST, {"refusing": 1}),
    Variant("a-value-on-the-limit-counts", PLAIN, BY_LIST.replace("<", "<=").replace(">", ">="), {"outside": 1}),
    Variant("only-the-upper-side", PLAIN, BY_LIST.replace('v < limits["lower"] or ', ""), {"outside": 1}),
]  # fmt: skip

BLANK = Variant(
    "blank",
    "def xmr_limits(values, screen_outliers=False):\n    # Your code here\n    raise NotImplementedError\n",
    "def weeks_outside(weeks, values, limits):\n    # Your code here\n    raise NotImplementedError\n",
    dict(FULL),
)

ALL = [*RIGHT, *WRONG, BLANK]
