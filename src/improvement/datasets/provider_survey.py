"""Dataset D08: the percentages NHS Providers printed from its members' survey on improvement, October 2023 (real)."""

from __future__ import annotations

from collections.abc import Iterator

COLUMNS = {"level": str, "question": str, "answer": str, "value": int, "unit": str, "source": str}

_ARTICLE = "Hartley 2023, NHS Providers"
_TRUST = f"{_ARTICLE}: Where trusts are now, bullet"
_TRUST_BARRIERS = f"{_ARTICLE}: Barriers to improvement at trust level, bullet"
_COLLABORATIVE = f"{_ARTICLE}: At the provider collaborative level, bullet"
_COLLABORATIVE_BARRIERS = f"{_ARTICLE}: Common barriers across provider collaboratives, bullet"
_INEQUALITIES = f"{_ARTICLE}: paragraph after the last list"
_END = f"{_ARTICLE}: last line before the author's note"

ROWS = (
    ("trust", "stage", "embedded for several years", 22, "percent", f"{_TRUST} 1"),
    ("trust", "stage", "under way", 50, "percent", f"{_TRUST} 2"),
    ("trust", "stage", "just begun", 14, "percent", f"{_TRUST} 3"),
    ("trust", "stage", "some frontline teams, no commitment yet", 5, "percent", f"{_TRUST} 4"),
    ("trust", "stage", "committed, deciding where to begin", 7, "percent", f"{_TRUST} 5"),
    ("trust", "alignment", "fully or mostly aligned with NHS IMPACT", 75, "percent", f"{_TRUST} 6"),
    ("trust", "barrier", "operational pressures", 75, "percent", f"{_TRUST_BARRIERS} 1"),
    ("trust", "barrier", "engaging overburdened staff", 68, "percent", f"{_TRUST_BARRIERS} 2"),
    ("trust", "barrier", "workforce capacity", 64, "percent", f"{_TRUST_BARRIERS} 3"),
    ("trust", "support wanted", "leadership behaviours", 64, "percent", f"{_TRUST_BARRIERS} 4"),
    ("trust", "support wanted", "culture and people", 58, "percent", f"{_TRUST_BARRIERS} 4"),
    ("trust", "support wanted", "shared purpose and vision", 53, "percent", f"{_TRUST_BARRIERS} 4"),
    ("trust", "enabler", "health inequalities as a priority", 64, "percent", _INEQUALITIES),
    ("collaborative", "stage", "largely embedded", 5, "percent", f"{_COLLABORATIVE} 1"),
    ("collaborative", "stage", "under way", 17, "percent", f"{_COLLABORATIVE} 2"),
    ("collaborative", "stage", "just begun", 38, "percent", f"{_COLLABORATIVE} 3"),
    (
        "collaborative",
        "alignment",
        "fully or mostly aligned with NHS IMPACT",
        25,
        "percent",
        f"{_COLLABORATIVE} 4",
    ),
    (
        "collaborative",
        "barrier",
        "shared systems, IT and data",
        50,
        "percent",
        f"{_COLLABORATIVE_BARRIERS} 1",
    ),
    ("collaborative", "barrier", "workforce capacity", 44, "percent", f"{_COLLABORATIVE_BARRIERS} 2"),
    ("collaborative", "barrier", "operational pressures", 43, "percent", f"{_COLLABORATIVE_BARRIERS} 3"),
    (
        "collaborative",
        "support wanted",
        "leadership behaviours",
        66,
        "percent",
        f"{_COLLABORATIVE_BARRIERS} 4",
    ),
    (
        "collaborative",
        "support wanted",
        "quality management system",
        60,
        "percent",
        f"{_COLLABORATIVE_BARRIERS} 4",
    ),
    (
        "collaborative",
        "support wanted",
        "shared purpose and vision",
        58,
        "percent",
        f"{_COLLABORATIVE_BARRIERS} 4",
    ),
    ("collaborative", "enabler", "health inequalities as a priority", 63, "percent", _INEQUALITIES),
    ("all", "sample", "respondents", 129, "respondents", _END),
    ("all", "sample", "trusts", 95, "trusts", _END),
    ("all", "sample", "share of the trusts in England", 45, "percent", _END),
)


def rows() -> Iterator[tuple[str, str, str, int, str, str]]:
    """The rows in the order of the article, trusts before collaboratives, the sample last."""
    yield from ROWS
