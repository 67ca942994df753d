"""Recalculations: where a chart's limits start afresh, when and why, and the stretches they divide it into."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from improvement.spc import labels as point_labels
from improvement.spc import series


@dataclass(frozen=True, slots=True)
class Recalculation:
    """A decision to start new limits at a point, with its date and the reason for it.

    >>> from improvement.spc import xmr
    >>> change = Recalculation(8, "Second triage nurse", date="2024-03-04")
    >>> [phase.mean for phase in xmr([1, 3] * 4 + [5, 7] * 4, recalculations=[change]).phases]
    [2.0, 6.0]

    `at` is the 0-based first point of the new limits. `reason` says what changed in the process: a signal
    alone is not a reason. `date` is when it changed, text or a date; without one, the chart gives the label
    of the point. Raises ValueError without a reason, or for an `at` that is not a whole number of 0 or more.
    """

    at: int
    reason: str
    date: str | datetime.date | None = None

    def __post_init__(self) -> None:
        at = series.whole(self.at, "A recalculation's first point (counted from 0)", least=0)
        object.__setattr__(self, "at", at)
        if not isinstance(self.reason, str) or not self.reason.strip():
            raise ValueError(
                f"The recalculation at point {self.at + 1} has no reason. Say what changed in the process, "
                "or leave the limits as they are."
            )
        object.__setattr__(self, "reason", self.reason.strip())
        if self.date is not None:
            if not isinstance(self.date, (str, datetime.date)) or not str(self.date).strip():
                raise ValueError(
                    f"The recalculation at point {self.at + 1} has the date {self.date!r}. Give it as text or a "
                    "date, or leave it out."
                )
            object.__setattr__(self, "date", point_labels.text(self.date))


class Stretch(NamedTuple):
    """Points `start` up to but not including `stop` under one set of limits, with why and when they started."""

    start: int
    stop: int
    reason: str | None
    date: str | None


def clean(recalculations: Iterable[Recalculation], count: int) -> tuple[Recalculation, ...]:
    """Return recalculations of `count` points in order of position.

    Raises ValueError for anything that is not a Recalculation, for one past the end, and for one that leaves
    fewer than two points on either side.
    """
    if isinstance(recalculations, Recalculation) or not isinstance(recalculations, Iterable):
        raise ValueError("recalculations must be a list, such as [Recalculation(12, 'Second triage nurse')].")
    changes = list(recalculations)
    for change in changes:
        if not isinstance(change, Recalculation):
            raise ValueError(f"Give each recalculation as Recalculation(at, reason), not {change!r}.")
    changes.sort(key=lambda change: change.at)
    previous = 0
    for change in changes:
        if change.at >= count:
            raise ValueError(
                f"The recalculation at point {change.at + 1} is past the end of the series ({count} points)."
            )
        if count - change.at < 2:
            raise ValueError(
                f"The recalculation at point {change.at + 1} leaves fewer than two points after it. "
                "Wait for more points, or remove it."
            )
        if change.at - previous < 2:
            raise ValueError(
                f"The recalculation at point {change.at + 1} leaves fewer than two points in the phase "
                "before it. Move it later or remove it."
            )
        previous = change.at
    return tuple(changes)


def stretches(
    changes: Sequence[Recalculation], count: int, labels: Sequence[str] | None
) -> tuple[Stretch, ...]:
    """Return the stretches that recalculations, as `clean` returns them, divide `count` points into."""
    stops = [*(change.at for change in changes), count]
    found = [Stretch(0, stops[0], None, None)]
    for change, stop in zip(changes, stops[1:], strict=True):
        when = change.date if change.date is not None else labels[change.at] if labels else None
        found.append(Stretch(change.at, stop, change.reason, when))
    return tuple(found)


def sentence(stretch_reason: str, stretch_date: str | None) -> str:
    """Return "Limits were recalculated here (2024-03-04): Second triage nurse." """
    when = f" ({stretch_date})" if stretch_date else ""
    return f"Limits were recalculated here{when}: {stretch_reason.rstrip('.')}."
