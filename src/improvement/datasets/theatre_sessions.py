"""Dataset D11: a year of 400 four-hour sessions in an invented suite of two elective theatres."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from improvement.datasets.noise import Noise

SEED = 11
COLUMNS = {
    "session": int,
    "held_on": date,
    "theatre": str,
    "half_day": str,
    "specialty": str,
    "cases_planned": int,
    "cases_done": int,
    "cancelled_on_the_day": int,
    "cancelled_because": str,
    "late_start_minutes": int,
    "late_because": str,
    "operating_minutes": int,
    "turnover_minutes": int,
    "unused_minutes": int,
    "overrun_minutes": int,
    "pre_assessment_calls": int,
    "sets_sent_back": int,
    "returns_to_theatre": int,
}

SESSION_MINUTES = 240
WEEKS = 50
FIRST_DAY = date(2025, 9, 1)

# Cases planned for a session, mean minutes of a case, and their SD.
SPECIALTIES = {
    "orthopaedics": (2, 88.0, 18.0),
    "general surgery": (3, 58.0, 15.0),
    "gynaecology": (4, 38.0, 10.0),
    "eye surgery": (7, 19.0, 4.0),
}

# Theatre -> its four sessions a week: days after Monday, half day, specialty.
_WEEK = {
    "Theatre 1": (
        (0, "morning", "orthopaedics"),
        (0, "afternoon", "orthopaedics"),
        (2, "morning", "general surgery"),
        (2, "afternoon", "general surgery"),
    ),
    "Theatre 2": (
        (1, "morning", "gynaecology"),
        (1, "afternoon", "eye surgery"),
        (3, "morning", "general surgery"),
        (3, "afternoon", "eye surgery"),
    ),
}

# Chance of a late start, and its mean minutes when late; afternoons have no queue for a bed behind them.
LATE = {"morning": (0.70, 32.0), "afternoon": (0.30, 14.0)}
_LATE_BECAUSE = {
    "morning": {
        "no bed confirmed": 0.55,
        "patient not ready": 0.2,
        "equipment": 0.15,
        "team not complete": 0.1,
    },
    "afternoon": {
        "no bed confirmed": 0.1,
        "patient not ready": 0.3,
        "equipment": 0.3,
        "team not complete": 0.3,
    },
}

MEAN_TURNOVER = 16.0
_SD_TURNOVER = 4.0
# A last case is put off when it would be expected to end later than this after the session should.
LATEST_MINUTES_OVER = 25
CHANCE_PATIENT_CANNOT = 0.035
CHANCE_CALLED = 0.6
CHANCE_SET_SENT_BACK = 0.04
CHANCE_RETURN = 0.008


def rows() -> Iterator[tuple[int | str | date | None, ...]]:
    """The rows in file order: by day, morning before afternoon."""
    noise = Noise(SEED)
    plan = sorted(
        (day, half_day == "afternoon", half_day, theatre, specialty)
        for theatre, sessions in _WEEK.items()
        for day, half_day, specialty in sessions
    )
    number = 0
    for week in range(WEEKS):
        for day, _, half_day, theatre, specialty in plan:
            number += 1
            yield (
                number,
                FIRST_DAY + timedelta(weeks=week, days=day),
                theatre,
                half_day,
                specialty,
                *_session(noise, half_day, specialty),
            )


def _session(noise: Noise, half_day: str, specialty: str) -> tuple[int | str | None, ...]:
    planned, mean, sd = SPECIALTIES[specialty]
    late, late_because = _late_start(noise, half_day)
    unable = noise.binomial(planned, CHANCE_PATIENT_CANNOT)
    waiting = planned - unable
    done = operating = turnover = 0
    while done < waiting:
        gap = max(5, round(noise.normal(MEAN_TURNOVER, _SD_TURNOVER))) if done else 0
        expected_end = late + operating + turnover + gap + mean
        if done and expected_end > SESSION_MINUTES + LATEST_MINUTES_OVER:
            break
        turnover += gap
        operating += max(10, round(noise.normal(mean, sd)))
        done += 1
    cancelled = planned - done
    # A session that loses patients for both reasons is put down to the one that the list caused.
    because = None if not cancelled else "list ran out of time" if done < waiting else "patient could not"
    spare = SESSION_MINUTES - late - operating - turnover
    return (
        planned,
        done,
        cancelled,
        because,
        late,
        late_because,
        operating,
        turnover,
        max(0, spare),
        max(0, -spare),
        noise.binomial(planned, CHANCE_CALLED),
        noise.binomial(done, CHANCE_SET_SENT_BACK),
        noise.binomial(done, CHANCE_RETURN),
    )


def _late_start(noise: Noise, half_day: str) -> tuple[int, str | None]:
    chance, mean = LATE[half_day]
    if noise.uniform() >= chance:
        return 0, None
    minutes = max(5, round(noise.normal(mean, mean / 3)))
    reasons = _LATE_BECAUSE[half_day]
    return minutes, noise.pick_weighted(tuple(reasons), tuple(reasons.values()))
