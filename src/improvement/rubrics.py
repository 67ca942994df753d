"""The rubrics by which a person marks, and the six scripts on which markers practise together."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache

from improvement.files import locate

MARKS = {0: "absent", 1: "partial", 2: "sound", 3: "exemplary"}


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric, with what earns 1 and what earns 3. Nothing earns 0; the substance without the detail, 2."""

    name: str
    partial: str
    exemplary: str


@dataclass(frozen=True)
class Rubric:
    """A rubric, what it is used for, and its criteria in order."""

    id: str
    name: str
    used_for: str
    criteria: tuple[Criterion, ...]

    @property
    def most(self) -> int:
        """The highest total."""
        return max(MARKS) * len(self.criteria)

    @property
    def least_to_pass(self) -> int:
        """The lowest total that passes, at 60% or more, if no criterion has 0."""
        return -(-6 * self.most // 10)


@dataclass(frozen=True)
class AgreedMark:
    """The mark the authors agreed on one criterion, and why."""

    criterion: str
    mark: int
    reason: str


@dataclass(frozen=True)
class Script:
    """A synthetic script: its letter, its rubric's id, who is supposed to have written it, the task and the text."""

    id: str
    rubric: str
    writer: str
    task: str
    text: str
    agreed: tuple[AgreedMark, ...]

    @property
    def total(self) -> int:
        return sum(one.mark for one in self.agreed)


@cache
def rubrics() -> dict[str, Rubric]:
    """Return every rubric by its id, such as "R4"."""
    found: dict[str, Rubric] = {}
    for row in _rows("rubrics.csv"):
        criterion = Criterion(row["criterion"], row["partial"], row["exemplary"])
        before = found[row["rubric"]].criteria if row["rubric"] in found else ()
        found[row["rubric"]] = Rubric(row["rubric"], row["name"], row["used_for"], (*before, criterion))
    return found


@cache
def scripts() -> tuple[Script, ...]:
    """Return the calibration scripts in their order, each with its agreed marks in the order of its rubric."""
    marks = _rows("calibration.csv")
    return tuple(
        Script(
            row["script"],
            row["rubric"],
            row["writer"],
            row["task"],
            row["text"],
            tuple(
                AgreedMark(mark["criterion"], int(mark["mark"]), mark["reason"])
                for mark in marks
                if mark["script"] == row["script"]
            ),
        )
        for row in _rows("calibration_scripts.csv")
    )


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(locate("curriculum", name).read_text(encoding="utf-8"))))
