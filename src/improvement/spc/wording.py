"""Phrases that the sentences of the charts share: numbers, counts and names of points."""

from __future__ import annotations

import math
from collections.abc import Sequence

# fmt: off
_WORDS = (
    "no", "one", "two", "three", "four", "five", "six",
    "seven", "eight", "nine", "ten", "eleven", "twelve",
)
# fmt: on


def count(number: int) -> str:
    """Return a count in words up to twelve, in figures beyond."""
    return _WORDS[number] if 0 <= number < len(_WORDS) else f"{number:,}"


def plural(number: int, noun: str) -> str:
    """Return "one point", "seven points", "20 points"."""
    return f"{count(number)} {noun}{'' if number == 1 else 's'}"


def decimals_for(step: float) -> int:
    """Return the decimal places that show `step` (a typical difference between points) to three figures."""
    return min(12, max(0, 2 - math.floor(math.log10(step)))) if step > 0 else 3


def number(value: float, decimals: int) -> str:
    """Return `value` to at most `decimals` places, without trailing zeros and with a true minus sign."""
    if abs(value) >= 1e15 or (decimals >= 12 and 0 < abs(value) < 1e-9):
        return f"{value:.4g}".replace("-", "−")
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace("-", "−")


def name(index: int, labels: Sequence[str] | None) -> str:
    """Return the label of a 0-based index, or "Point 5" counted from 1."""
    return labels[index] if labels else f"Point {index + 1}"


def names(points: Sequence[int], labels: Sequence[str] | None) -> str:
    """Return 0-based indices as "Points 3 to 9", "Points 4 and 6", or as labels."""
    if len(points) == 1:
        return name(points[0], labels)
    shown = [labels[i] if labels else str(i + 1) for i in points]
    head = "" if labels else "Points "
    if len(points) > 2 and points[-1] - points[0] == len(points) - 1:
        return f"{head}{shown[0]} to {shown[-1]}"
    return f"{head}{', '.join(shown[:-1])} and {shown[-1]}"


def span(first: int, last: int, labels: Sequence[str] | None) -> str:
    """Return the stretch between two 0-based indices as "Points 3 to 9", or by its labels."""
    return f"{labels[first]} to {labels[last]}" if labels else f"Points {first + 1} to {last + 1}"


def passing_over(points: Sequence[int], active: Sequence[float | None]) -> str:
    """Return ", passing over two missing or ghosted points" for the gaps between `points`, or nothing."""
    gaps = sum(active[i] is None for i in range(points[0], points[-1]))
    return f", passing over {plural(gaps, 'missing or ghosted point')}" if gaps else ""


def decimals_apart(value: float, other: float, decimals: int) -> int:
    """Return `decimals`, or as many more as it takes to show that two values differ."""
    while decimals < 12 and value != other and number(value, decimals) == number(other, decimals):
        decimals += 1
    return decimals
