"""Validation of the series and options that charts are given."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from numbers import Real

LARGEST = 1e300


def clean(values: Iterable[float | None], *, minimum: int = 2) -> tuple[float | None, ...]:
    """Return `values` as a tuple of floats in which None marks a missing value (a gap).

    Parameters: `values` in time order, any unit; `minimum` the fewest values that must be present.
    Raises ValueError, naming the position (counted from 1) and the value, for anything that is not a finite
    number no larger than 1e300, and when fewer than `minimum` values are present.
    """
    if isinstance(values, (str, bytes, Mapping, Set)) or not isinstance(values, Iterable):
        raise ValueError(f"The series must be a list of numbers in time order, not {type(values).__name__}.")
    cleaned: list[float | None] = []
    present = 0
    for value in values:
        if value is None:
            cleaned.append(None)
            continue
        kind = type(value)
        if (kind is float or kind is int) and -LARGEST <= value <= LARGEST:
            cleaned.append(float(value))
        else:
            cleaned.append(
                finite(value, f"Point {len(cleaned) + 1}", missing="; write None for a missing value")
            )
        present += 1
    if present < minimum:
        raise ValueError(
            f"The series has {present} value{'' if present == 1 else 's'}; at least {minimum} are needed."
        )
    return tuple(cleaned)


def finite(value: object, name: str, *, missing: str = "") -> float:
    """Return `value` as a float.

    Raises ValueError, beginning with `name`, unless it is a finite number no larger than 1e300.
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ValueError(f"{name} is {value!r}, which is not a number{missing}.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if math.isnan(number):
        raise ValueError(f"{name} is not a number (NaN){missing}.")
    if abs(number) > LARGEST:
        raise ValueError(
            f"{name} is {value}, too large to chart (the largest size is 1e300). Check the value."
        )
    return number


def whole(value: object, name: str, *, least: int, most: int | None = None) -> int:
    """Return `value` as an int from `least` to `most`.

    Raises ValueError, beginning with `name`, for anything else.
    """
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise ValueError(f"{name} must be a whole number, not {value!r}.")
    number = value.__index__()
    if number < least or (most is not None and number > most):
        between = f"at least {least}" if most is None else f"between {least} and {most}"
        raise ValueError(f"{name} is {number}; it must be {between}.")
    return number


def choice(value: object, name: str, allowed: Sequence[str]) -> str:
    """Return `value` if it is one of `allowed`. Raises ValueError, naming the choices, otherwise."""
    if not isinstance(value, str) or value not in allowed:
        listed = ", ".join(repr(option) for option in allowed)
        raise ValueError(f"{name} is {value!r}; choose one of {listed}.")
    return value


def clean_baseline(baseline: int | None, count: int, line: str = "limits") -> int | None:
    """Return how many of `count` points set the `line`, None for all. Raises ValueError for fewer than two."""
    if baseline is None:
        return None
    return whole(baseline, f"The baseline (how many points set the {line})", least=2, most=count)


def clean_multiplier(multiplier: float) -> float:
    """Return a multiplier of limits. Raises ValueError unless it is above 0 and at most 10."""
    size = finite(multiplier, "The multiplier")
    if not 0 < size <= 10:
        raise ValueError(
            f"The multiplier is {size:g}; it must be above 0 and at most 10 (2.66 moving ranges or 3 standard "
            "errors is usual)."
        )
    return size


def true_or_false(value: bool, name: str) -> bool:
    """Return `value` if it is True or False. Raises ValueError, beginning with `name`, otherwise."""
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be True or False, not {value!r}.")
    return value


def clean_ghosted(ghosted: Iterable[int], count: int) -> tuple[int, ...]:
    """Return 0-based ghosted indices, sorted, without repeats.

    Raises ValueError for one outside the series.
    """
    name = "A ghosted index (the first point is 0)"
    if isinstance(ghosted, (str, bytes)) or not isinstance(ghosted, Iterable):
        raise ValueError(
            f"ghosted must be a list of indices, such as [4] for the fifth point, not {ghosted!r}."
        )
    return tuple(sorted({whole(index, name, least=0, most=count - 1) for index in ghosted}))


def without(values: Sequence[float | None], ghosted: Iterable[int]) -> Sequence[float | None]:
    """Return `values` with each ghosted index turned into a gap."""
    if not ghosted:
        return values
    active = list(values)
    for index in ghosted:
        active[index] = None
    return active


def tie_tolerance(points: Sequence[float], differences: Iterable[float]) -> float:
    """Return how close two values must be to count as equal, in the units of the series.

    A billionth of the typical non-zero step between neighbours, plus a few units in the last place of a
    typical value, so that rounding in the sum of a mean never turns a tie into a signal. Medians keep
    one wild value from making everything else look tied.
    """
    steps = sorted(d for d in differences if d)
    step = steps[len(steps) // 2] if steps else 0.0
    sizes = sorted(map(abs, points))
    return 1e-9 * step + 8 * math.ulp(sizes[len(sizes) // 2])
