"""Months as dates, for the generators."""

from datetime import date


def month_start(year: int, month: int, later: int = 0) -> date:
    """The first day of the month that comes ``later`` months after the one given."""
    years, months = divmod(month - 1 + later, 12)
    return date(year + years, months + 1, 1)
