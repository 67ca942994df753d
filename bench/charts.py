"""Time XmR charts (limits, four rules, both verdicts) of 36-point series beside the shewhart package, in one run.

A pass charts every series once; its time is divided by the number of series. Passes of the two packages take turns,
so that whatever else the machine does falls on both. shewhart gives limits and the four Western Electric rules, and
no verdicts. Nothing here passes or fails.
"""

from __future__ import annotations

import platform
import random
import time
from collections.abc import Callable, Sequence
from statistics import median

import shewhart

from improvement.spc import xmr

POINTS = 36
PASSES = {1: 500, 100: 50, 10_000: 5}
"""How many passes to make with so many series."""

Series = Sequence[float]


def ours(series: Series) -> None:
    chart = xmr(series, improvement_direction="decrease", target=60)
    _ = chart.signals, chart.variation.code, chart.assurance.code


def peer(series: Series) -> None:
    _ = shewhart.imr(series, rules="western_electric").signals


def waits(count: int) -> list[Series]:
    """Return series of waiting times, a third of them with a shift, so that rules have something to find."""
    source = random.Random(count)
    return [
        [source.gauss(62, 5) + (8 if i % 3 == 0 and j >= POINTS // 2 else 0) for j in range(POINTS)]
        for i in range(count)
    ]


def milliseconds(chart: Callable[[Series], None], table: Sequence[Series]) -> float:
    """Return the time of one pass, in milliseconds a series."""
    start = time.perf_counter()
    for series in table:
        chart(series)
    return (time.perf_counter() - start) * 1e3 / len(table)


def main() -> None:
    print(f"XmR charts of {POINTS} points; milliseconds a series; Python {platform.python_version()}\n")
    print(
        f"{'series':>8} {'passes':>7}  {'package':<12} {'minimum':>9} {'median':>9} {'maximum':>9} {'ratio':>7}"
    )
    medians: dict[tuple[str, int], float] = {}
    for count, passes in PASSES.items():
        table = waits(count)
        for chart in (ours, peer):
            chart(table[0])  # the first call imports and fills caches
        times: dict[str, list[float]] = {"improvement": [], "shewhart": []}
        for _ in range(passes):
            times["improvement"].append(milliseconds(ours, table))
            times["shewhart"].append(milliseconds(peer, table))
        for name, found in times.items():
            medians[name, count] = median(found)
            ratio = median(found) / median(times["shewhart"])
            print(
                f"{count:>8,} {passes:>7}  {name:<12} {min(found):>9.4f} {median(found):>9.4f} {max(found):>9.4f} "
                f"{ratio:>7.2f}"
            )
    print("\nratio: the median over shewhart's, so below 1 is faster.")
    for name in ("improvement", "shewhart"):
        growth = 100 * medians[name, 10_000] / medians[name, 100]
        print(f"From 100 to 10,000 series {name} takes {growth:.0f} times as long; linear is 100.")


if __name__ == "__main__":
    main()
