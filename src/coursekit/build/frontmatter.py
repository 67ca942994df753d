"""Read and check what a lesson says of itself in the `course` part of its front matter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

EVIDENCE = ("opinion", "survey", "association", "trial", "theory")
ID = r"M\d\d\.\d+"
OPTIONAL = {"needs"}
AUDIENCES = ("trainee", "board", "team", "patient partner", "gp", "facilitator")


@dataclass(frozen=True)
class Lesson:
    """A lesson's own account of itself; see CONTRIBUTING for what each field means."""

    id: str
    minutes: int
    teaches: tuple[str, ...]
    outcomes: tuple[str, ...]
    audiences: tuple[str, ...]
    sectors: tuple[str, ...]
    evidence: str
    reviewed: str
    needs: tuple[str, ...] = ()


def read(path: Path) -> Lesson | None:
    """Return the lesson at `path`, or None for a page that is no lesson.

    Raises ValueError naming the file, the field and what to write when a field is missing or wrong.
    """
    match = re.match(r"---\n(.*?)\n---\n", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    course = (yaml.safe_load(match.group(1)) or {}).get("course") if match else None
    if course is None:
        return None
    _check(path, course)
    lists = ("teaches", "outcomes", "audiences", "sectors", "needs")
    return Lesson(**{**course, **{name: tuple(course.get(name, ())) for name in lists}})


def _check(path: Path, course: dict) -> None:
    wanted = Lesson.__dataclass_fields__
    for name in wanted:
        if name not in course and name not in OPTIONAL:
            raise ValueError(f"{path}: course.{name} is missing. Add it to the front matter.")
    for name in course:
        if name not in wanted:
            raise ValueError(f"{path}: course.{name} is not a field. The fields are {', '.join(wanted)}.")
    for name in ("teaches", "outcomes", "audiences", "sectors"):
        if not isinstance(course[name], list) or not course[name]:
            raise ValueError(
                f"{path}: course.{name} must be a list with something in it, such as [{name[:-1]}]."
            )
    for one in course.get("needs", []):
        if not isinstance(one, str) or not re.fullmatch(ID, one):
            raise ValueError(
                f"{path}: course.needs has {one!r}. Write lessons' ids in brackets, like [M02.2, M02.3]."
            )
    if not re.fullmatch(ID, str(course["id"])):
        raise ValueError(f"{path}: course.id is {course['id']!r}. Write it like M02.3.")
    if course["minutes"] not in range(5, 16):
        raise ValueError(f"{path}: course.minutes is {course['minutes']!r}. A lesson takes 5 to 15 minutes.")
    if course["evidence"] not in EVIDENCE:
        raise ValueError(
            f"{path}: course.evidence is {course['evidence']!r}. Choose from {', '.join(EVIDENCE)}."
        )
    if not isinstance(course["reviewed"], str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", course["reviewed"]):
        raise ValueError(f'{path}: course.reviewed must be a date in quotation marks, such as "2026-11-24".')
    strangers = sorted(set(course["audiences"]) - set(AUDIENCES))
    if strangers:
        raise ValueError(
            f"{path}: course.audiences has {strangers[0]!r}. Choose from {', '.join(AUDIENCES)}."
        )
