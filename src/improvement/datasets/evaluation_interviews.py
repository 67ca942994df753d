"""Dataset D09: how many people the evaluation of NHS IMPACT says it heard, and from where (real)."""

from __future__ import annotations

from collections.abc import Iterator

COLUMNS = {"item": str, "kind": str, "qualifier": str, "count": int, "source": str}

_SUMMARY = "Burgess and Downham 2025: Executive Summary, paragraph 1"
_METHODS = "Burgess and Downham 2025: Introduction, About NHS IMPACT, last paragraph"
_MISSING = "Burgess and Downham 2025: Theme 2, Missing perspectives, paragraph 1"
_MEDICS = "Burgess and Downham 2025: Theme 3, Medics, paragraph 1"

ROWS = (
    ("hospital trusts", "category", "exactly", 21, _METHODS),
    ("community health partners and specialist care providers", "category", "exactly", 7, _METHODS),
    ("integrated care boards", "category", "exactly", 6, _METHODS),
    ("national health and care leaders", "category", "exactly", 5, _METHODS),
    ("patient partners", "category", "exactly", 1, _METHODS),
    ("interviews", "stated total", "exactly", 41, _METHODS),
    ("replies to the short online survey", "stated total", "exactly", 6, _METHODS),
    ("people interviewed", "summary", "over", 40, _SUMMARY),
    ("organisations of the people interviewed", "summary", "nearly", 40, _SUMMARY),
    ("replies to the short online survey", "summary", "exactly", 6, _SUMMARY),
    ("people who registered interest", "recruitment", "over", 100, _METHODS),
    ("responses from Darzi Clinical Fellows", "recruitment", "exactly", 2, _METHODS),
    ("Darzi Fellowship alumni invited", "recruitment", "about", 300, _MEDICS),
    ("medics who came forward from the Darzi invitation", "recruitment", "exactly", 1, _MEDICS),
    ("doctors interviewed from outside the improvement networks", "recruitment", "exactly", 3, _MISSING),
)


def rows() -> Iterator[tuple[str, str, str, int, str]]:
    """The rows in file order: the five categories, the totals, then who was asked and who answered."""
    yield from ROWS
