"""Dataset D12: incidents reported, severe harm and events found by record review in ten mental health teams."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from improvement.datasets.mental_health_teams import FIRST_MONTH, FLATTERED_TEAM, MONTHS, QUIET_TEAM, TEAMS
from improvement.datasets.months import month_start
from improvement.datasets.noise import Noise

SEED = 27
COLUMNS = {
    "month": date,
    "team": str,
    "setting": str,
    "staff_in_post": int,
    "reports": int,
    "severe_harm": int,
    "found_by_review": int,
}

EVENTS_PER_PERSON = 1.25
LAST_SHARE_OF_EVENTS = 0.7
SEVERE_SHARE = 0.06
REVIEW_SHARE = 0.2
STEADY_MONTHS = 6
CHANGING_MONTHS = 12


def _progress(number: int) -> float:
    """How far the change has come in a month, from 0 to 1."""
    return min(1.0, max(0.0, (number - STEADY_MONTHS + 1) / CHANGING_MONTHS))


def rows() -> Iterator[tuple[date, str, str, int, int, int, int]]:
    """The rows in file order: every team of a month, then the next month."""
    noise = Noise(SEED)
    for number in range(MONTHS):
        for name, team in TEAMS.items():
            staff = team.staff + noise.pick((-1, 0, 0, 1))
            moved = _progress(number)
            first, last = team.reported
            safer = 0.0 if name in (QUIET_TEAM, FLATTERED_TEAM) else moved * (1 - LAST_SHARE_OF_EVENTS)
            events = noise.poisson(staff * EVENTS_PER_PERSON * (1 - safer))
            yield (
                month_start(*FIRST_MONTH, number),
                name,
                team.setting,
                staff,
                noise.binomial(events, first + moved * (last - first)),
                noise.binomial(events, SEVERE_SHARE),
                noise.binomial(events, REVIEW_SHARE),
            )
