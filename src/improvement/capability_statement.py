"""A capability statement: how far one service meets each of the six kinds of need, from counts in time order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from improvement import datasets, spc
from improvement.planning import NEED_KINDS

SESSIONS = 16  # a fortnight of the theatre suite, for one dot
FEWEST_MISSES = 1
"""Below this many misses a dot, on average, a P chart cannot show a change."""

VERDICTS = (
    "meets the agreed aim",
    "predictable, falls short of the aim",
    "not predictable: no promise",
    "too rare to say yet",
)


@dataclass(frozen=True)
class Line:
    """One line of a statement: a kind of need, what was counted, and what `improvement.spc.capability` says of it."""

    kind: str
    counted: str
    judged: spc.Capability

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`."""
        if self.judged.n - self.judged.meeting < FEWEST_MISSES * len(self.judged.chart.values):
            return VERDICTS[3]
        if not self.judged.predictable:
            return VERDICTS[2]
        return VERDICTS[0] if self.judged.meets_aim else VERDICTS[1]


def line(kind: str, counted: str, met: Sequence[int], of: Sequence[int], aim: float) -> Line:
    """Return a line from how many met the need, out of how many, at each dot in time order.

    Raises ValueError for a kind of need that is none of the six, and as `improvement.spc.capability` does.
    """
    if kind not in NEED_KINDS:
        raise ValueError(f"{kind!r} is none of the six kinds of need: {', '.join(NEED_KINDS)}.")
    return Line(
        kind, counted, spc.capability(met, kind="proportion", denominators=of, aim=aim, dot="fortnight")
    )


def theatres() -> tuple[Line, ...]:
    """Return the statement of the theatre suite in `theatre_sessions`, a fortnight a dot. Its aims are invented."""
    table = datasets.read("theatre_sessions")
    planned, done = table["cases_planned"], table["cases_done"]
    general = [specialty == "general surgery" for specialty in table["specialty"]]
    on_time = [int(late == 0) for late in table["late_start_minutes"]]
    rows = (
        ("outcomes", "Cases with no unplanned return in 30 days", _less(done, table["returns_to_theatre"]), done, 0.98),
        ("safety", "Cases with every instrument set fit", _less(done, table["sets_sent_back"]), done, 0.99),
        ("equality", "General surgery patients operated on that day", _only(done, general), _only(planned, general), 0.9),
        ("timeliness", "All patients operated on that day", done, planned, 0.9),
        ("efficiency", "Sessions that start on time", on_time, [1] * len(on_time), 0.8),
        ("experience", "Patients called beforehand", table["pre_assessment_calls"], planned, 0.95),
    )  # fmt: skip
    return tuple(
        line(kind, counted, _fortnights(met), _fortnights(of), aim) for kind, counted, met, of, aim in rows
    )


def _less(done: Sequence[int], failed: Sequence[int]) -> list[int]:
    return [cases - bad for cases, bad in zip(done, failed, strict=True)]


def _only(counts: Sequence[int], chosen: Sequence[bool]) -> list[int]:
    return [count if keep else 0 for count, keep in zip(counts, chosen, strict=True)]


def _fortnights(counts: Sequence[int]) -> list[int]:
    return [sum(counts[start : start + SESSIONS]) for start in range(0, len(counts), SESSIONS)]
