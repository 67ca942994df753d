"""Dataset D13: outpatient appointments not attended, by month and fifth of deprivation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from improvement.datasets.months import month_start
from improvement.datasets.noise import Noise

SEED = 7
COLUMNS = {"month": date, "deprivation_fifth": int, "appointments": int, "not_attended": int}

FIRST_MONTH = (2024, 10)
MONTHS_IN_PERIOD = 12
APPOINTMENTS_IN_PERIOD = 18_000
NOT_ATTENDED = {
    "before": {1: 2520, 2: 1440, 3: 1170, 4: 945, 5: 765},
    "after": {1: 2700, 2: 990, 3: 774, 4: 612, 5: 504},
}


def rows() -> Iterator[tuple[date, int, int, int]]:
    """The rows in file order: every fifth of a month, then the next month."""
    noise = Noise(SEED)
    for period, missed_in_period in enumerate(NOT_ATTENDED.values()):
        booked = {
            fifth: _shared(noise, APPOINTMENTS_IN_PERIOD, [1.0] * MONTHS_IN_PERIOD)
            for fifth in missed_in_period
        }
        missed = {fifth: _shared(noise, total, booked[fifth]) for fifth, total in missed_in_period.items()}
        for number in range(MONTHS_IN_PERIOD):
            month = month_start(*FIRST_MONTH, number + period * MONTHS_IN_PERIOD)
            for fifth in missed_in_period:
                yield month, fifth, booked[fifth][number], missed[fifth][number]


def _shared(noise: Noise, total: int, weights: list[float]) -> list[int]:
    """Months for each of a fixed number of events, drawn one by one, so that the total is exact."""
    counts = [0] * len(weights)
    places = range(len(weights))
    for _ in range(total):
        counts[noise.pick_weighted(places, weights)] += 1
    return counts
