"""Dataset D10: the five teams that run the projects of an invented mixed trust, with the days they have."""

from __future__ import annotations

from collections.abc import Iterator

COLUMNS = {"team": str, "days_a_month": int, "reports_to": str}

TEAMS = {
    "finance programme": (32, "finance director"),
    "programme office": (34, "chief operating officer"),
    "quality improvement": (40, "medical director"),
    "patient safety": (26, "chief nurse"),
    "clinical audit": (18, "medical director"),
}


def rows() -> Iterator[tuple[str, int, str]]:
    """The rows in file order, a team each."""
    for team, (days, chief) in TEAMS.items():
        yield team, days, chief
