"""Dataset D02: monthly restraints on four invented mental health wards, one of which reports too few."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from improvement.datasets.months import month_start
from improvement.datasets.noise import Noise

SEED = 676
COLUMNS = {
    "month": date,
    "ward": str,
    "occupied_bed_days": int,
    "restraints": int,
    "alarm_activations": int,
}

MONTHS = 36
CRISIS_MONTH = 22
CRISIS_WARD = "Cedar"
UNDER_REPORTING_WARD = "Rowan"

_FIRST_MONTH = (2023, 10)
_BEDS = {"Alder": 18, "Birch": 17, "Cedar": 16, "Rowan": 17}
_MEAN_RESTRAINTS = {"Alder": 14.0, "Birch": 13.0, "Cedar": 12.0, "Rowan": 13.0}
_SHARE_REPORTED = 0.4
_ALARMS_PER_RESTRAINT = 1.6
_CRISIS_RESTRAINTS = 30


def rows() -> Iterator[tuple[date, str, int, int, int]]:
    """The rows in file order: every ward of a month, then the next month."""
    noise = Noise(SEED)
    for number in range(MONTHS):
        month = month_start(*_FIRST_MONTH, number)
        days = (month_start(*_FIRST_MONTH, number + 1) - month) // timedelta(days=1)
        for ward, beds in _BEDS.items():
            occupied = round(beds * days * (0.90 + 0.08 * noise.uniform()))
            happened = noise.poisson(_MEAN_RESTRAINTS[ward])
            if number == CRISIS_MONTH and ward == CRISIS_WARD:
                happened += _CRISIS_RESTRAINTS
            alarms = noise.poisson(_ALARMS_PER_RESTRAINT * happened)
            reported = happened
            if ward == UNDER_REPORTING_WARD:
                reported = noise.binomial(happened, _SHARE_REPORTED)
            yield month, ward, occupied, reported, alarms
