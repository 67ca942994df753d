"""Dataset D04: weekly category 2 response and hospital handover for two invented hospitals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from improvement.datasets.noise import Noise

SEED = 37265
COLUMNS = {
    "week_starting": date,
    "hospital": str,
    "category_2_incidents": int,
    "category_2_mean_minutes": float,
    "handover_mean_minutes": float,
}

FIRST_WEEK = date(2023, 10, 9)
WEEKS = 156
STORM_WEEK = 107
CHANGE_WEEK = 120
DRIFT_FROM = 104

_STORM_MINUTES = 11.0
_STEP_MINUTES = -7.0
_SOUTHMOOR_HANDOVER_MINUTES = 26.0
_DRIFT_HANDOVER_MINUTES = 16.0
_MINUTES_PER_HANDOVER_MINUTE = 0.5


def rows() -> Iterator[tuple[date, str, int, float, float]]:
    """The rows in file order: every week of Northfield, then every week of Southmoor."""
    noise = Noise(SEED)
    for week in range(WEEKS):
        storm = week == STORM_WEEK
        changed = week >= CHANGE_WEEK
        incidents = noise.normal(412, 18) + 45 * storm
        response = noise.normal(38.0, 3.3) + _STORM_MINUTES * storm + _STEP_MINUTES * changed
        handover = noise.normal(34.0, 2.2) + 9.0 * storm - 11.0 * changed
        yield _row(week, "Northfield", incidents, response, handover)
    for week in range(WEEKS):
        risen = max(0, week - DRIFT_FROM + 1) / (WEEKS - DRIFT_FROM) * _DRIFT_HANDOVER_MINUTES
        incidents = noise.normal(365, 17)
        handover = noise.normal(_SOUTHMOOR_HANDOVER_MINUTES, 1.8) + risen
        longer = handover - _SOUTHMOOR_HANDOVER_MINUTES
        response = noise.normal(34.0, 2.8) + _MINUTES_PER_HANDOVER_MINUTE * longer
        yield _row(week, "Southmoor", incidents, response, handover)


def _row(
    week: int, hospital: str, incidents: float, response: float, handover: float
) -> tuple[date, str, int, float, float]:
    monday = FIRST_WEEK + timedelta(weeks=week)
    return monday, hospital, round(incidents), round(response, 1), round(handover, 1)
