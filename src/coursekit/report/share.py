"""What may be shown of a cohort beyond its facilitator: no names, and nothing about a group that is too small.

Small groups are hidden in one way only, as in the course's self-assessment: who may not be shown is left out before
anything is worked out. A total is a total of the groups shown, so nothing can be taken from it to find the rest. Shares
are given as tenths of the way, never as exact numbers: from an exact share of a known number one could count the few
who failed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from coursekit.report.cohort import Cohort, Learner, outcome_share, outcomes, teach_again
from improvement.assessment import FLOOR

_NONE = ""


@dataclass(frozen=True)
class SharedOutcome:
    """One outcome: the mean share as a band, for all and for each group that may be shown.

    Over how many it was worked out is not told: beside the size of the group it would tell how few still wait.
    """

    module: str
    outcome: str
    band: str
    groups: Mapping[str, str]


@dataclass(frozen=True)
class SharedItem:
    """One item: how hard it was, as a band."""

    title: str
    outcome: str
    band: str


@dataclass(frozen=True)
class SharedTeach:
    """A misconception that enough learners have, and enough have not."""

    says: str
    lesson: str
    band: str


@dataclass(frozen=True)
class Shared:
    """A cohort, fit to be passed on. `groups` holds the groups shown; nothing in it comes from the others."""

    assignment: str
    title: str
    minimum: int
    counted: int
    groups: Mapping[str, int]
    outcomes: tuple[SharedOutcome, ...]
    items: tuple[SharedItem, ...]
    teach: tuple[SharedTeach, ...]


def share(cohort: Cohort, minimum: int, known: Callable[[str, str], Mapping[str, str]]) -> Shared:
    """Leave out small groups, names, and every figure that would give somebody away.

    Args:
        cohort: the whole of it.
        minimum: the fewest learners behind a figure.
        known: as for ``teach_again``.

    Raises:
        ValueError: when the minimum is below five.
    """
    if minimum < FLOOR:
        raise ValueError(f"No group under {FLOOR} is ever shown. Set the minimum to {FLOOR} or more.")
    learners, groups = _kept(cohort.learners, minimum)
    if not learners:
        return Shared(cohort.assignment, cohort.title, minimum, 0, {}, (), (), ())
    return Shared(
        cohort.assignment,
        cohort.title,
        minimum,
        len(learners),
        {group: len(own) for group, own in groups.items() if group != _NONE or len(groups) > 1},
        tuple(_outcomes(cohort, groups, minimum)),
        tuple(_items(cohort, groups, minimum)),
        tuple(_teach(cohort, learners, minimum, known)),
    )


def band(part: float) -> str:
    """A share from 0 to 1 in words; the ends are open, so that "everybody" and "nobody" are not told."""
    if part < 0.1:
        return "under 10%"
    if part >= 0.9:
        return "90% or more"
    low = int(part * 10 + 1e-9) * 10
    return f"{low} to {low + 9}%"


def _kept(learners: Sequence[Learner], minimum: int) -> tuple[list[Learner], dict[str, list[Learner]]]:
    groups: dict[str, list[Learner]] = {}
    for learner in learners:
        groups.setdefault(learner.group, []).append(learner)
    kept = {group: own for group, own in sorted(groups.items()) if len(own) >= minimum}
    return [learner for own in kept.values() for learner in own], kept


def _means(
    groups: Mapping[str, list[Learner]], minimum: int, share_of: Callable[[Learner], float | None]
) -> tuple[list[float], dict[str, float]]:
    """Every share that may be counted, and the mean of each group with enough of them."""
    counted: list[float] = []
    means = {}
    for group, own in groups.items():
        shares = [one for learner in own if (one := share_of(learner)) is not None]
        if len(shares) >= minimum:
            counted += shares
            means[group] = fmean(shares)
    return counted, means


def _outcomes(cohort: Cohort, groups: Mapping[str, list[Learner]], minimum: int) -> list[SharedOutcome]:
    found = []
    for module, outcome in outcomes(cohort.items):
        own = [item for item in cohort.items if (item.module, item.outcome) == (module, outcome)]
        counted, means = _means(groups, minimum, lambda learner, own=own: outcome_share(own, learner))
        if counted:
            bands = {group: band(mean) for group, mean in means.items()} if len(groups) > 1 else {}
            found.append(SharedOutcome(module, outcome, band(fmean(counted)), bands))
    return found


def _items(cohort: Cohort, groups: Mapping[str, list[Learner]], minimum: int) -> list[SharedItem]:
    found = []
    for item in cohort.items:
        counted, _ = _means(groups, minimum, lambda learner, item=item: outcome_share([item], learner))
        if counted:
            found.append(SharedItem(item.title, item.outcome, band(fmean(counted))))
    return found


def _teach(
    cohort: Cohort, learners: list[Learner], minimum: int, known: Callable[[str, str], Mapping[str, str]]
) -> list[SharedTeach]:
    return [
        SharedTeach(one.says, one.lesson, band(len(one.learners) / len(learners)))
        for one in teach_again(cohort.items, learners, known)
        if minimum <= len(one.learners) <= len(learners) - minimum
    ]
