"""Dataset D12: an invented staff survey on speaking up in ten mental health teams, before and after a change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from improvement.datasets.mental_health_teams import FIRST_MONTH, MONTHS, TEAMS
from improvement.datasets.months import month_start
from improvement.datasets.noise import Noise

SEED = 46
COLUMNS = {
    "surveyed_in": date,
    "team": str,
    "staff_invited": int,
    "replies": int,
    "agree_safe_to_say": int,
    "agree_heard_what_happened": int,
    "agree_treated_fairly": int,
}

SMALLEST_GROUP = 10
REPLY_CHANCE = 0.72
# How far agreement with each statement lies from agreement with the first.
_LOWER_BY = (0.0, 0.10, 0.04)


def rows() -> Iterator[tuple[date, str, int, int, int | None, int | None, int | None]]:
    """The rows in file order: every team of a survey, then the next survey."""
    noise = Noise(SEED)
    for wave, later in enumerate((0, MONTHS - 1)):
        for name, team in TEAMS.items():
            replies = noise.binomial(team.staff, REPLY_CHANCE)
            agree = [noise.binomial(replies, team.feel_safe[wave] - lower) for lower in _LOWER_BY]
            shown = agree if replies >= SMALLEST_GROUP else [None] * len(agree)
            yield month_start(*FIRST_MONTH, later), name, team.staff, replies, *shown
