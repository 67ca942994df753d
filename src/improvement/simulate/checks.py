"""Checks on model parameters: a ValueError that names the parameter, its value and what is allowed."""

from collections.abc import Collection
from typing import Any


def number(name: str, value: Any, low: float, high: float, *, unit: str = "") -> float:
    """Return value as a float if it is a finite number from low to high (both allowed).

    Raises:
        ValueError: naming the parameter, the value and the allowed range; also for booleans, text, NaN and infinity.
    """
    suffix = f" {unit}" if unit else ""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # NaN
        raise ValueError(f"{name} must be a number from {low:g} to {high:g}{suffix}, but it is {value!r}")
    if not low <= value <= high:
        raise ValueError(f"{name} must be from {low:g} to {high:g}{suffix}, but it is {value}")
    return float(value)


def whole(name: str, value: Any, low: int, high: int) -> int:
    """Return value if it is a whole number (an int) from low to high, both allowed; otherwise ValueError."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name} must be a whole number from {low} to {high}, but it is {value!r}")
    if not low <= value <= high:
        raise ValueError(f"{name} must be a whole number from {low} to {high}, but it is {value}")
    return value


def choice(name: str, value: Any, allowed: Collection[str]) -> str:
    """Return value if it is one of the allowed words; otherwise ValueError listing them."""
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, allowed))}, but it is {value!r}")
    return value


def flag(name: str, value: Any) -> bool:
    """Return value if it is True or False; otherwise ValueError."""
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be True or False, but it is {value!r}")
    return value
