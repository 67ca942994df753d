"""Dataset D02, second file: the day of every face-down restraint on the same four wards, a rare event."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta

from improvement.datasets.noise import Noise

SEED = 397
COLUMNS = {"event": int, "happened_on": date, "ward": str, "days_since_last": int}

FIRST_DAY = date(2023, 10, 1)
LAST_DAY = date(2026, 9, 30)
CHANGE_DAY = date(2025, 4, 1)

_WARDS = ("Alder", "Birch", "Cedar", "Rowan")
_MEAN_DAYS_BEFORE = 16.0
_MEAN_DAYS_AFTER = 60.0


def rows() -> Iterator[tuple[int, date, str, int | None]]:
    """The rows in file order: one an event, the first without a gap before it."""
    noise = Noise(SEED)
    number, last, today = 0, None, FIRST_DAY
    while True:
        mean = _MEAN_DAYS_AFTER if today >= CHANGE_DAY else _MEAN_DAYS_BEFORE
        gap = max(1, math.ceil(-mean * math.log(1 - noise.uniform())))
        today += timedelta(days=gap)
        if today > LAST_DAY:
            return
        number += 1
        yield number, today, noise.pick(_WARDS), None if last is None else (today - last).days
        last = today
