"""The two verdicts of a chart: what its latest point says of variation, and its latest limits of a target."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from improvement.spc import rules, wording
from improvement.spc.constants import XMR_MULTIPLIER
from improvement.spc.rules import Signal

DIRECTIONS = ("increase", "decrease", "neutral")
"""Which way is improvement."""

_VARIATION_WORDS = {
    "common_cause": "Common cause variation",
    "improvement_high": "Improvement (high or rising)",
    "improvement_low": "Improvement (low or falling)",
    "concern_high": "Concern (high or rising)",
    "concern_low": "Concern (low or falling)",
    "neutral_high": "Special cause (high or rising)",
    "neutral_low": "Special cause (low or falling)",
}

_ASSURANCE_WORDS = {
    "reliably_meets": "Reliably meets the target",
    "reliably_misses": "Reliably misses the target",
    "hit_and_miss": "Sometimes meets, sometimes misses the target",
    "none": "No verdict against a target",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a chart says, as a `code` for programs, a few `words` for a label and a `sentence` for a reader.

    Variation codes: "common_cause", or "improvement", "concern" or "neutral" followed by "_high" or "_low".
    Assurance codes: "reliably_meets", "reliably_misses", "hit_and_miss", "none".
    """

    code: str
    words: str
    sentence: str


class Limits(Protocol):
    """What the verdicts read of a chart's latest phase: where it runs, its limits and what they came from."""

    start: int
    stop: int
    lower_limit: float
    upper_limit: float
    points_used: int
    trial: bool


def variation_code(
    here: Sequence[Signal], improvement_direction: str, conflict: str
) -> tuple[str, Signal | None]:
    """Return the variation code of a point from its signals (as `rules.signals_at` orders them), and the one it names.

    `conflict` "improvement" lets a signal of improvement name a point that has signals both ways.
    """
    if not here:
        return "common_cause", None
    better = {"increase": "high", "decrease": "low"}.get(improvement_direction)
    chosen = here[0]
    if conflict == "improvement":
        chosen = next((signal for signal in here if signal.direction == better), chosen)
    if better is None:
        return f"neutral_{chosen.direction}", chosen
    return f"{'improvement' if chosen.direction == better else 'concern'}_{chosen.direction}", chosen


def variation(
    active: Sequence[float | None],
    signals: Sequence[Signal],
    limits: Limits,
    improvement_direction: str,
    conflict: str,
    labels: Sequence[str] | None,
    decimals: int,
) -> Verdict:
    """Return the variation verdict: that of the latest of the `active` values that is not None."""
    latest = max(i for i in range(limits.start, limits.stop) if active[i] is not None)
    here = rules.signals_at(signals, latest)
    code, chosen = variation_code(here, improvement_direction, conflict)
    words = _VARIATION_WORDS[code]
    if chosen is None:
        point, value = wording.name(latest, labels), wording.number(active[latest], decimals)
        sentence = f"{words}: no rule finds a signal at the latest point ({point}: {value})."
        if any(signal.points[-1] >= limits.start for signal in signals):
            sentence += " Earlier points under the same limits do show signals."
    else:
        sentence = f"{words}. {chosen.why}"
        if any(signal.direction != chosen.direction for signal in here):
            sentence += " Another rule finds a signal the other way at the same point."
    if latest != len(active) - 1:
        sentence += " Any later point is missing or ghosted."
    return Verdict(code, words, sentence)


def assurance(
    signals: Sequence[Signal],
    limits: Limits,
    improvement_direction: str,
    target: float | None,
    decimals: int,
) -> Verdict:
    """Return the assurance verdict: the target against the latest limits, strictly (equal is not beyond)."""
    if target is None or improvement_direction == "neutral":
        missing = "no target is set" if target is None else "no direction of improvement is set"
        return Verdict("none", _ASSURANCE_WORDS["none"], f"{_ASSURANCE_WORDS['none']}: {missing}.")
    low, high = limits.lower_limit, limits.upper_limit
    # A billionth of the mean moving range that such limits have, and rounding.
    tolerance = 1e-9 * (high - low) / (2 * XMR_MULTIPLIER) + 8 * math.ulp(max(abs(low), abs(high)))
    above, below = target > high + tolerance, target < low - tolerance
    if improvement_direction == "decrease":
        above, below = below, above
    code = "reliably_misses" if above else "reliably_meets" if below else "hit_and_miss"
    words = _ASSURANCE_WORDS[code]
    if code != "hit_and_miss":
        decimals = wording.decimals_apart(target, high if target > high else low, decimals)
    shown = [wording.number(x, decimals) for x in (target, low, high)]
    sentence = f"{words} of {shown[0]}: the latest limits run from {shown[1]} to {shown[2]}"
    if any(signal.points[-1] >= limits.start for signal in signals):
        sentence += ", but there are signals under them, so the process is not yet predictable"
    elif limits.trial:
        sentence += f", but they are trial limits, from {wording.plural(limits.points_used, 'point')}"
    return Verdict(code, words, sentence + ".")
