"""Dataset D11: what one occurrence of each kind of work costs an invented elective theatre suite."""

from __future__ import annotations

from collections.abc import Iterator

COLUMNS = {
    "line": str,
    "category": str,
    "counted_in": str,
    "staff": int,
    "minutes_each": int,
    "pounds_an_hour": int,
    "paid_extra": float,
    "pounds_spent_each": int,
    "pounds_avoided_each": int,
}

# Line: category, column of theatre_sessions, staff, minutes each (None where the column holds minutes),
# pounds an hour for one person, share of hours bought in, pounds spent each, pounds that may follow each.
RATES = {
    "pre-assessment call": ("prevention", "pre_assessment_calls", 1, 12, 28, 0.0, 0, 0),
    "check of the list on the day": ("appraisal", "cases_planned", 1, 6, 28, 0.0, 0, 0),
    "late start": ("internal_failure", "late_start_minutes", 5, None, 34, 0.0, 0, 0),
    "case cancelled on the day": ("internal_failure", "cancelled_on_the_day", 1, 90, 30, 0.0, 85, 0),
    "overrun": ("internal_failure", "overrun_minutes", 5, None, 51, 1.0, 0, 0),
    "instrument set sent back": ("internal_failure", "sets_sent_back", 1, 20, 24, 0.0, 45, 0),
    "return to theatre": ("external_failure", "returns_to_theatre", 6, 150, 34, 0.2, 600, 1500),
}


def rows() -> Iterator[tuple[str | int | float | None, ...]]:
    """The rows in file order, a line of the ledger each."""
    for line, cells in RATES.items():
        yield line, *cells
