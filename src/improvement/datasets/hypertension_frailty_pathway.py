"""Dataset D06: one pathway for frail people with high blood pressure, in five invented places."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from improvement.datasets.months import month_start
from improvement.datasets.noise import Noise

SEED = 221
COLUMNS = {
    "month": date,
    "place": str,
    "people_on_register": int,
    "blood_pressure_controlled": int,
    "proactive_visits": int,
    "emergency_admissions": int,
}

MONTHS = 30
FIRST_MONTH = (2024, 4)
REGISTERS = {"Fenland": 1900, "Harbour": 2600, "Moorside": 1500, "Old Town": 3100, "Valley": 2200}
# The month, counted from 0, in which each place starts proactive visits; Valley never does.
START_MONTHS = {"Fenland": 17, "Harbour": 9, "Moorside": 21, "Old Town": 13, "Valley": MONTHS}
LAG_MONTHS = 3

_CHANCE_CONTROLLED = 0.60
_CHANCE_CONTROLLED_GAIN = 0.12
_MONTHS_TO_FULL_GAIN = 6
_VISITS_PER_PERSON = 0.04
_ADMISSIONS_PER_PERSON = 0.012
_ADMISSIONS_FACTOR = 0.78


def rows() -> Iterator[tuple[date, str, int, int, int, int]]:
    """The rows in file order: every place of a month, then the next month."""
    noise = Noise(SEED)
    for number in range(MONTHS):
        for place, start in START_MONTHS.items():
            people = round(REGISTERS[place] * (1 + 0.002 * number) + noise.normal(0, 8))
            running = number - start + 1
            gain = _CHANCE_CONTROLLED_GAIN * min(1.0, max(0, running) / _MONTHS_TO_FULL_GAIN)
            controlled = noise.binomial(people, _CHANCE_CONTROLLED + gain)
            visits = noise.poisson(_VISITS_PER_PERSON * people) if running > 0 else 0
            fewer = _ADMISSIONS_FACTOR if running > LAG_MONTHS else 1.0
            admissions = noise.poisson(_ADMISSIONS_PER_PERSON * people * fewer)
            yield month_start(*FIRST_MONTH, number), place, people, controlled, visits, admissions
