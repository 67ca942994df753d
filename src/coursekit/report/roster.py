"""Reads a facilitator's list of who is in the cohort, and says row by row what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from coursekit.grade.submissions import Submission
from coursekit.report import table
from coursekit.report.cohort import Learner, Missing
from coursekit.report.text import key, shown

_NAMES = {
    "learner": ("learner", "student", "participant", "file name"),
    "name": ("name", "full name", "display name"),
    "first": ("first name", "firstname", "given name", "forename"),
    "last": ("last name", "lastname", "surname", "family name"),
    "email": ("email", "email address", "e-mail", "e-mail address"),
    "number": ("id", "id number", "student id", "number", "sis user id"),
    "canvas": ("canvas id",),
    "username": ("username", "user name", "login", "sis login id"),
    "group": ("group", "groups", "team", "site", "ward"),
    "section": ("section",),
}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Person:
    """One row of the roster; `row` is its number in the file."""

    row: int
    learner: str
    name: str
    email: str
    number: str
    canvas: str
    username: str
    group: str
    section: str

    @property
    def keys(self) -> set[str]:
        """By what this person's file may have been named."""
        spoken = [
            self.learner,
            self.name,
            self.email,
            self.email.partition("@")[0],
            self.number,
            self.username,
        ]
        last = self.name.split()
        turned = (
            [f"{last[-1]} {' '.join(last[:-1])}", f"{last[-1]}, {' '.join(last[:-1])}"] if last[1:] else []
        )
        return {
            key(as_filed) for text in spoken + turned if text for as_filed in (text, Submission(text).student)
        }


def read_roster(path: Path) -> tuple[list[Person], list[str]]:
    """Read a roster: a heading row, then a person a row.

    Headings may be learner (what their file is called), name or first and last name, email, id, username, group,
    section; Moodle's and Canvas's own lists have such headings.

    Returns:
        The people, and a sentence for each row that was left out.

    Raises:
        TableError: when the file cannot be read, or has no column that says who somebody is.
    """
    places, rows = table.read(path, _NAMES)
    if not {"learner", "name", "first", "last", "email", "number", "username"} & places.keys():
        raise table.TableError(
            f"{path.name} has no column that says who is in the cohort. Head one “learner” (what their file is called) "
            "or “name”."
        )
    people: list[Person] = []
    problems = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        at = {column: table.cell(cells, places, column) for column in _NAMES}
        name = at["name"] or " ".join(part for part in (at["first"], at["last"]) if part)
        person = Person(
            number,
            at["learner"],
            name,
            at["email"],
            at["number"],
            at["canvas"],
            at["username"],
            at["group"],
            at["section"],
        )
        if person.email and not _EMAIL.fullmatch(person.email):
            problems.append(
                f"{path.name}, row {number}: {shown(person.email)!r} is no e-mail address, and was left out."
            )
            at["email"], person = "", replace(person, email="")
        own = {f"{column} {key(value)}" for column, value in at.items() if value and column in _OWN}
        double = next((mark for mark in own if mark in seen), None)
        if not person.keys:
            problems.append(f"{path.name}, row {number}: nobody is named. Fill the row in or take it out.")
        elif double:
            problems.append(
                f"{path.name}, row {number}: {double.partition(' ')[2]!r} is already in row {seen[double]}. "
                "Take one of the two out."
            )
        else:
            seen.update(dict.fromkeys(own, number))
            people.append(person)
    return people, problems


_OWN = {"learner", "email", "number", "canvas", "username"}
"""What no two people share. Two people may have one name."""


def enrol(
    learners: Iterable[Learner], refused: dict[str, str], people: list[Person]
) -> tuple[list[Learner], list[Missing], list[str]]:
    """Put the roster beside what was handed in.

    Args:
        learners: who has marks.
        refused: who handed in what could not be marked, and why.
        people: the roster.

    Returns:
        The learners with the roster's names and groups, who of the roster has no marks, and sentences on those who
        could not be matched.
    """
    by_key: dict[str, list[Person]] = {}
    for person in people:
        for one in person.keys:
            by_key.setdefault(one, []).append(person)
    taken: dict[int, str] = {}
    problems = []

    def find(student: str) -> Person | None:
        found = by_key.get(key(student), [])
        if len(found) != 1:
            why = "fits several rows of the roster" if found else "is not in the roster"
            problems.append(
                f"{shown(student)} {why}. Write the file's name under “learner” in the right row."
            )
            return None
        if found[0].row in taken:
            problems.append(
                f"{shown(student)} and {shown(taken[found[0].row])} both fit row {found[0].row} of the roster."
            )
            return None
        taken[found[0].row] = student
        return found[0]

    known = []
    for learner in learners:
        person = find(learner.student)
        known.append(
            learner
            if person is None
            else replace(
                learner,
                name=shown(person.name or learner.name),
                group=shown(person.group) if person.group else "",
                email=person.email,
                number=person.number,
                canvas=person.canvas,
                username=person.username,
                section=person.section,
            )
        )
    missing = []
    for student, reason in refused.items():
        person = find(student)
        missing.append(
            Missing(shown((person and person.name) or student), reason, person.group if person else "")
        )
    missing += [
        Missing(
            shown(person.name or person.learner or person.email or person.number or person.username),
            "",
            person.group,
        )
        for person in people
        if person.row not in taken
    ]
    return known, missing, problems
