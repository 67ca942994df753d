"""Dataset D03, second file: urgent referrals to the same twelve teams, and how many were seen within two days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from improvement.datasets.months import month_start
from improvement.datasets.noise import Noise
from improvement.datasets.pressure_ulcers import FIRST_MONTH, MEAN_PATIENT_DAYS, MONTHS

SEED = 59
COLUMNS = {"month": date, "team": str, "referrals": int, "seen_within_2_days": int}

CHANCE_SEEN = 0.78
SHIFT_TEAM = "Curlew"
SHIFT_MONTH = 12
CHANCE_SEEN_AFTER = 0.91

_REFERRALS_PER_PATIENT_DAY = 0.018


def rows() -> Iterator[tuple[date, str, int, int]]:
    """The rows in file order: every team of a month, then the next month."""
    noise = Noise(SEED)
    for number in range(MONTHS):
        for team, mean_days in MEAN_PATIENT_DAYS.items():
            referrals = noise.poisson(_REFERRALS_PER_PATIENT_DAY * mean_days)
            shifted = team == SHIFT_TEAM and number >= SHIFT_MONTH
            seen = noise.binomial(referrals, CHANCE_SEEN_AFTER if shifted else CHANCE_SEEN)
            yield month_start(*FIRST_MONTH, number), team, referrals, seen
