"""Process yields: first-pass and rolled throughput yield, defects per million opportunities, sigma level.

Source: Montgomery, Introduction to Statistical Quality Control, sections 1.4 and 8.2. The 1.5 sigma shift is
Motorola's convention, not a law: it turns 3.4 per million into "six sigma".
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from improvement.spc import series
from improvement.spc.distributions import normal_cdf, normal_quantile
from improvement.spc.indices import percent

SHIFT = 1.5
"""Standard deviations added to the long-term z to give the sigma level, by convention."""


def first_pass_yield(good_first_time: float, units_in: float) -> float:
    """Return the share of units that go through a step right first time, without rework or repeat.

    Both are counts. Raises ValueError unless units_in > 0 and 0 <= good_first_time <= units_in.
    """
    entered, good = _count(units_in, "units_in"), _count(good_first_time, "good_first_time")
    if entered == 0:
        raise ValueError("units_in is 0; a yield needs at least one unit.")
    if good > entered:
        raise ValueError(f"good_first_time is {good:g} of {entered:g}; it cannot be more than went in.")
    return good / entered


def rolled_throughput_yield(yields: Iterable[float]) -> float:
    """Return the share of units that go right first time through every step: the product of the yields (0 to 1)."""
    if isinstance(yields, str) or not isinstance(yields, Iterable):
        raise ValueError(f"yields must be a list of shares, such as [0.95, 0.9], not {yields!r}.")
    shares = [series.finite(value, f"Step {i}'s yield") for i, value in enumerate(yields, 1)]
    if not shares:
        raise ValueError("There are no steps to multiply.")
    for i, share in enumerate(shares, 1):
        if not 0 <= share <= 1:
            raise ValueError(f"Step {i}'s yield is {share:g}; a yield lies between 0 and 1 (0.95, not 95).")
    return math.prod(shares)


def dpmo(defects: float, units: float, opportunities: float = 1) -> float:
    """Return defects per million opportunities: 1e6 times defects / (units times opportunities a unit).

    Raises ValueError for a negative count, no units or opportunities, or more defects than opportunities.

    >>> dpmo(6, 100, opportunities=3)
    20000.0
    """
    found, made = _count(defects, "defects"), _count(units, "units")
    chances = _count(opportunities, "opportunities")
    if made == 0 or chances == 0:
        raise ValueError("units and opportunities must both be above 0.")
    if found > made * chances:
        raise ValueError(
            f"There are {found:g} defects in {made * chances:g} opportunities; there cannot be more."
        )
    return found / (made * chances) * 1e6


def sigma_level(defects_per_million: float, shift: float = SHIFT) -> float:
    """Return the sigma level of a DPMO: the normal z it leaves, plus `shift` (1.5 by convention; 0 for long-term z).

    Raises ValueError unless 0 < DPMO < 1,000,000.

    >>> [round(sigma_level(rate), 2) for rate in (3.4, 6210, 66807)]
    [6.0, 4.0, 3.0]
    """
    rate = series.finite(defects_per_million, "DPMO")
    if not 0 < rate < 1e6:
        raise ValueError(f"DPMO is {rate:g}; a sigma level needs it above 0 and below 1,000,000.")
    return series.finite(shift, "shift") - normal_quantile(rate / 1e6)


def dpmo_from_sigma(level: float, shift: float = SHIFT) -> float:
    """Return the DPMO of a sigma level: one normal tail beyond `level` minus `shift`, in parts per million."""
    return 1e6 * normal_cdf(series.finite(shift, "shift") - series.finite(level, "level"))


@dataclass(frozen=True, slots=True)
class ProcessYield:
    """The yield of a process of several steps.

    `steps` are (name, first-pass yield) in order; `rolled` their product; `dpmo` what it leaves, in
    parts per million; `long_term_z` and `sigma_level` the same on the normal scale, without and with the
    shift (None when nothing, or everything, fails).
    """

    steps: tuple[tuple[str, float], ...]
    rolled: float
    dpmo: float
    long_term_z: float | None
    sigma_level: float | None
    shift: float

    @property
    def signals(self) -> tuple[()]:
        """Always empty: a yield has no test of chance behind it."""
        return ()

    def explain(self) -> tuple[str, ...]:
        """Return the yields in plain sentences."""
        worst = min(self.steps, key=lambda step: step[1])
        lines = [
            f"{percent(self.rolled)} go right first time through every step "
            f"({' times '.join(percent(share) for _, share in self.steps)}).",
            f"The weakest step is {worst[0]}, at {percent(worst[1])}.",
        ]
        if self.sigma_level is not None:
            lines.append(
                f"That leaves {self.dpmo:,.0f} per million: a long-term z of {self.long_term_z:.2f}, or a sigma level "
                f"of {self.sigma_level:.2f} once the conventional shift of {self.shift:g} is added."
            )
        return tuple(lines)

    def to_dict(self) -> dict[str, object]:
        """Return the yields as plain JSON types, sentences included."""
        return asdict(self) | {
            "steps": [{"name": name, "first_pass_yield": share} for name, share in self.steps],
            "explanation": list(self.explain()),
        }


def process_yield(steps: Iterable[tuple[str, float, float]], *, shift: float = SHIFT) -> ProcessYield:
    """Return the yields of a process from (name, good first time, units in) for each step, in order.

    >>> result = process_yield([("Referral", 90, 100), ("Triage", 72, 90), ("Clinic", 36, 72)])
    >>> round(result.rolled, 4), round(result.dpmo)
    (0.36, 640000)
    """
    if isinstance(steps, str) or not isinstance(steps, Iterable):
        raise ValueError(f"steps must be a list of (name, good first time, units in), not {steps!r}.")
    found = []
    for i, step in enumerate(steps, 1):
        try:
            name, good, entered = step
        except (TypeError, ValueError):
            raise ValueError(f"Step {i} is {step!r}; give (name, good first time, units in).") from None
        try:
            found.append((str(name), first_pass_yield(good, entered)))
        except ValueError as error:
            raise ValueError(f"Step {i} ({name}): {error}") from None
    rolled = rolled_throughput_yield(share for _, share in found)
    rate = 1e6 * (1 - rolled)
    z = sigma_level(rate, 0.0) if 0 < rate < 1e6 else None
    added = series.finite(shift, "shift")
    return ProcessYield(tuple(found), rolled, rate, z, None if z is None else z + added, added)


def _count(value: float, name: str) -> float:
    number = series.finite(value, name)
    if number < 0:
        raise ValueError(f"{name} is {value!r}; it must not be negative.")
    return number
