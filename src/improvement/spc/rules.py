"""The rules that find special causes, as pure functions over one phase, and the Signal they lead to.

Each rule takes values in time order in which None is a gap (missing or ghosted), and returns findings: tuples
of (direction, points) with direction "high" or "low" and 0-based points. No finding spans a gap unless the
docstring says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PRECEDENCE = ("outside_limits", "trend", "two_in_three", "shift")
"""When a point belongs to several signals, the first of these names it (NHSRplotthedots 0.2.2)."""

BREAK_OR_SKIP = ("break", "skip")
"""What a tie or a gap may do to a run or a trend: end it, or be left out of it."""

Finding = tuple[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Signal:
    """A special cause that a rule found.

    `rule` is "outside_limits", "shift", "trend", "two_in_three", "longest_run", "crossings",
    "too_few_runs" or "too_many_runs"; `points` are 0-based indices into the values; `direction` is
    "high", "low" or None; `why` is a sentence with the constants used, naming points by label or
    counted from 1.
    """

    rule: str
    points: tuple[int, ...]
    direction: str | None
    why: str

    def to_dict(self) -> dict[str, object]:
        """Return the signal as plain JSON types."""
        return {"rule": self.rule, "points": list(self.points), "direction": self.direction, "why": self.why}


def signals_at(signals: Iterable[Signal], index: int) -> tuple[Signal, ...]:
    """Return the signals that a 0-based point belongs to, the one that names the point (`PRECEDENCE`) first."""
    here = [signal for signal in signals if index in signal.points]
    # A turning point takes the slope of the trend to its right, hence the later start first.
    here.sort(key=lambda signal: (PRECEDENCE.index(signal.rule), -signal.points[0]))
    return tuple(here)


def sides(values: Iterable[float | None], centre: float, tolerance: float = 0.0) -> list[int | None]:
    """Return 1 above the centre, -1 below, 0 on it (within `tolerance`), None at a gap."""
    high, low = centre + tolerance, centre - tolerance
    return [None if v is None else 1 if v > high else -1 if v < low else 0 for v in values]


def outside(
    values: Iterable[float | None], lower: Iterable[float], upper: Iterable[float], tolerance: float = 0.0
) -> list[Finding]:
    """Find each point strictly beyond its limits: a point on a limit is not a signal (Shewhart)."""
    found = []
    for i, (v, low, high) in enumerate(zip(values, lower, upper, strict=False)):
        if v is not None:
            if v > high + tolerance:
                found.append(("high", (i,)))
            elif v < low - tolerance:
                found.append(("low", (i,)))
    return found


def same_side_runs(
    side: Sequence[int | None], *, on_centre: str = "break", gaps: str = "break"
) -> list[tuple[int, tuple[int, ...]]]:
    """Return every maximal run on one side of the centre as (side, points), in time order.

    `on_centre` and `gaps` say whether a point on the centre, or a gap, ends a run ("break") or is left out of
    it and the run goes on ("skip").
    """
    runs: list[tuple[int, tuple[int, ...]]] = []
    points: list[int] = []
    current = 0
    for i, s in enumerate(side):
        if s == current and s:
            points.append(i)
            continue
        if not s and (gaps if s is None else on_centre) == "skip":
            continue
        if points:
            runs.append((current, tuple(points)))
        current = s or 0
        points = [i] if s else []
    if points:
        runs.append((current, tuple(points)))
    return runs


def shifts(
    side: Sequence[int | None], n: int, *, on_centre: str = "break", gaps: str = "break"
) -> list[Finding]:
    """Find every maximal run of `n` or more points on one side of the centre."""
    runs = same_side_runs(side, on_centre=on_centre, gaps=gaps)
    return [("high" if s > 0 else "low", points) for s, points in runs if len(points) >= n]


def trends(
    values: Sequence[float | None], n: int, *, equal: str = "break", tolerance: float = 0.0
) -> list[Finding]:
    """Find every maximal run of `n` or more points that all rise or all fall.

    `equal` says what a value equal to the one before it does: "break" ends the trend; "skip" leaves the
    repeat out and the trend goes on. A turning point belongs to the trend on each side of it.
    """
    found: list[Finding] = []
    points: list[int] = []
    slope = 0

    def close() -> None:
        if slope and len(points) >= n:
            found.append(("high" if slope > 0 else "low", tuple(points)))

    last = 0.0
    for i, v in enumerate(values):
        if v is None:
            close()
            points, slope = [], 0
            continue
        if not points:
            points, slope, last = [i], 0, v
            continue
        step = v - last
        direction = 1 if step > tolerance else -1 if step < -tolerance else 0
        if direction == 0:
            if equal == "skip":
                continue
            close()
            points, slope = [i], 0
        elif direction == slope:
            points.append(i)
        else:
            close()
            points, slope = [points[-1], i], direction
        last = v
    close()
    return found


def two_in_three(
    values: Sequence[float | None],
    side: Sequence[int | None],
    near: tuple[float, float],
    outer: tuple[float, float],
    *,
    mode: str,
    tolerance: float = 0.0,
) -> list[Finding]:
    """Find two or more points past the near limit in three points in a row on one side of the centre.

    `near` and `outer` are (lower, upper) limits, both strict. `mode` "between" counts only points not
    past the outer limit (NHSRplotthedots); "beyond" counts every point past the near limit (Making Data
    Count since November 2023). Only the points counted are members; windows that overlap make one
    finding.
    """
    past: list[bool] = []
    for v in values:
        high = v is not None and v > near[1] + tolerance
        low = v is not None and v < near[0] - tolerance
        counted = mode == "beyond" or not (
            (high and v > outer[1] + tolerance) or (low and v < outer[0] - tolerance)
        )
        past.append(bool((high or low) and counted))  # a plain bool: numpy's add up as "or"
    found: list[Finding] = []
    if sum(past) < 2:
        return found
    members: list[int] = []
    reach = -1
    for i in range(len(side) - 2):
        s = side[i]
        if not s or side[i + 1] != s or side[i + 2] != s or past[i] + past[i + 1] + past[i + 2] < 2:
            continue
        if members and i > reach:
            found.append(("high" if side[members[0]] == 1 else "low", tuple(members)))
            members = []
        members += [j for j in range(i, i + 3) if past[j] and (not members or j > members[-1])]
        reach = i + 2
    if members:
        found.append(("high" if side[members[0]] == 1 else "low", tuple(members)))
    return found
