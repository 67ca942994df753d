"""Item analysis: how hard each item was, whether it parts those who know from those who do not, and who left it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import StatisticsError, correlation, fmean

from coursekit.report.cohort import Item, Learner

FEWEST = 10
"""The fewest learners from whom discrimination is worked out; even then it is rough."""
LOW = 0.2
"""Below this an item hardly parts strong from weak (Ebel's rule of thumb)."""


@dataclass(frozen=True)
class Analysis:
    """One item over a cohort.

    Attributes:
        item: which.
        marked: how many learners have a mark for it.
        facility: their mean share of its points, from 0 to 1, not tried counting 0; ``None`` without a mark.
        discrimination: correlation of the item with the rest of the marks, from -1 to 1, or ``None``.
        refused: why there is no discrimination; "" when there is.
        not_tried: how many wrote nothing.
        misconceptions: (name, learners) for the known misconceptions, most common first.
    """

    item: Item
    marked: int
    facility: float | None
    discrimination: float | None
    refused: str
    not_tried: int
    misconceptions: tuple[tuple[str, int], ...]


def analyse(items: Sequence[Item], learners: Sequence[Learner]) -> list[Analysis]:
    """Analyse every item, in the order of the page."""
    return [_analyse(item, items, learners) for item in items]


def discrimination(scores: Sequence[float], rest: Sequence[float]) -> tuple[float | None, str]:
    """The corrected item-total correlation: Pearson's r of an item with the sum of the other items.

    The item itself is left out of the total, or it would correlate with itself.

    Returns:
        The correlation and "", or ``None`` and why there is none.
    """
    if len(scores) < FEWEST:
        return None, f"too few: {len(scores)} of at least {FEWEST} learners"
    if len(set(scores)) == 1:
        return None, "no spread: everybody has the same mark"
    if len(set(rest)) == 1:
        return None, "no spread in the other marks"
    try:
        return correlation(scores, rest), ""
    except StatisticsError:  # spread too small for the computer's numbers
        return None, "no spread"


def _analyse(item: Item, items: Sequence[Item], learners: Sequence[Learner]) -> Analysis:
    own = [learner for learner in learners if learner.points.get(item.grade_id) is not None]
    scores = [float(learner.points[item.grade_id]) for learner in own]
    others = [
        other.grade_id
        for other in items
        if other is not item and all(learner.points.get(other.grade_id) is not None for learner in own)
    ]
    if item.maximum <= 0:
        found, refused = None, "extra credit"
    elif not others:
        found, refused = None, "no other item has been marked for all of them"
    else:
        rest = [float(sum(learner.points[name] for name in others)) for learner in own]
        found, refused = discrimination(scores, rest)
    names = [learner.misconceptions.get(item.grade_id) for learner in learners]
    counts = {name: names.count(name) for name in names if name is not None}
    return Analysis(
        item,
        len(own),
        fmean(scores) / item.maximum if own and item.maximum > 0 else None,
        found,
        refused,
        sum(not learner.attempted.get(item.grade_id, True) for learner in learners),
        tuple(sorted(counts.items(), key=lambda pair: -pair[1])),
    )
