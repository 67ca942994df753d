"""Dataset D01, second file: how long each patient stayed, in a department watched for four-hour breaches."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from statistics import NormalDist

from improvement.datasets.noise import Noise

SEED = 240
COLUMNS = {"departure": int, "departed_on": date, "minutes_in_department": int, "outcome": str}

FIRST_DAY = date(2026, 3, 2)
DAYS = 14
DEPARTURES = 2400
TARGET = 240
MOVED_FROM_UP_TO = 300
SHARE_MOVED = 0.6

_LOG_MINUTES = NormalDist(math.log(205), 0.5)
_LONGEST_HEAD_START = 20
_CHANCE_MOVED_ADMITTED = 0.85


def rows() -> Iterator[tuple[int, date, int, str]]:
    """The rows in file order: departures numbered through the fortnight."""
    noise = Noise(SEED)
    # One draw from each equal slice of the distribution: a smooth histogram, so the bunch is all that stands out.
    stays = [
        math.exp(_LOG_MINUTES.inv_cdf((slice_ + noise.uniform()) / DEPARTURES))
        for slice_ in range(DEPARTURES)
    ]
    late = [place for place, stay in enumerate(stays) if TARGET < stay <= MOVED_FROM_UP_TO]
    moved = set(noise.shuffled(late)[: round(SHARE_MOVED * len(late))])
    patients = []
    for place, stay in enumerate(stays):
        if place in moved:
            early = _LONGEST_HEAD_START * (1 - math.sqrt(noise.uniform()))
            patients.append((math.ceil(TARGET - early), noise.uniform() < _CHANCE_MOVED_ADMITTED))
        else:
            patients.append((math.ceil(stay), noise.uniform() < min(0.6, 0.08 + stay / 1000)))
    for number, (minutes, admitted) in enumerate(noise.shuffled(patients)):
        day = FIRST_DAY + timedelta(days=number * DAYS // DEPARTURES)
        yield number + 1, day, minutes, "admitted" if admitted else "discharged"
