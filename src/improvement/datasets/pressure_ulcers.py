"""Dataset D03: monthly new pressure ulcers in twelve invented community nursing teams with one true rate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from improvement.datasets.months import month_start
from improvement.datasets.noise import Noise

SEED = 36088
COLUMNS = {"month": date, "team": str, "patient_days": int, "new_pressure_ulcers": int}

MONTHS = 24
FIRST_MONTH = (2024, 10)
RATE_PER_1000_DAYS = 2.5
SHIFT_TEAM = "Heron"
SHIFT_MONTH = 14
SHIFT_FACTOR = 1.6

MEAN_PATIENT_DAYS = {
    "Avocet": 3000,
    "Bittern": 2700,
    "Curlew": 3600,
    "Dunlin": 3200,
    "Egret": 2500,
    "Fulmar": 3300,
    "Gannet": 3900,
    "Heron": 3200,
    "Kestrel": 2800,
    "Lapwing": 3500,
    "Merlin": 2400,
    "Plover": 4300,
}


def rows() -> Iterator[tuple[date, str, int, int]]:
    """The rows in file order: every team of a month, then the next month."""
    noise = Noise(SEED)
    for number in range(MONTHS):
        for team, mean_days in MEAN_PATIENT_DAYS.items():
            days = round(noise.normal(mean_days, 0.03 * mean_days))
            shifted = team == SHIFT_TEAM and number >= SHIFT_MONTH
            rate = RATE_PER_1000_DAYS * (SHIFT_FACTOR if shifted else 1.0)
            yield month_start(*FIRST_MONTH, number), team, days, noise.poisson(rate * days / 1000)
