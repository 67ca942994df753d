"""Dataset D01: three years of days in an invented emergency department, with one audited sepsis patient a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from improvement.datasets.noise import Noise

SEED = 1045
COLUMNS = {
    "date": date,
    "attendances": int,
    "mean_minutes_in_department": float,
    "left_within_4_hours": int,
    "antibiotics_minutes": int,
}

FIRST_DAY = date(2023, 10, 1)
DAYS = 1096
CHANGE_DAY = 701

_MEAN_ATTENDANCES = (262, 244, 240, 238, 240, 226, 232)
_WEEKEND_MINUTES = 30.0
_CHANCE_NO_SEPSIS = 0.04


def rows() -> Iterator[tuple[date, int, float, int, int | None]]:
    """The rows in file order: one a day."""
    noise = Noise(SEED)
    for day in range(DAYS):
        today = FIRST_DAY + timedelta(days=day)
        weekend = today.weekday() >= 5
        attendances = noise.poisson(_MEAN_ATTENDANCES[today.weekday()])
        stay = noise.normal(228.0, 12.0) + _WEEKEND_MINUTES * weekend
        within = noise.binomial(attendances, 0.72 - (stay - 228.0) / 400)
        antibiotics = noise.normal(60.0, 15.0) if day >= CHANGE_DAY else noise.normal(75.0, 20.0)
        none_today = noise.uniform() < _CHANCE_NO_SEPSIS
        yield today, attendances, round(stay, 1), within, None if none_today else max(1, round(antibiotics))
