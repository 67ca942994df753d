"""Opens what a facilitator was given: a folder, a zip from a learning system, or the inbound folder of an exchange.

Whatever it came in, it becomes a folder with one folder for each learner; nothing of it is trusted.
"""

from __future__ import annotations

import csv
import logging
import os
import re
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from nbgrader.plugins import FileNameCollectorPlugin

from coursekit.grade.folder import MarkingFolder
from coursekit.grade.submissions import LARGEST, Submission, as_student, find_submissions

_MOST_ENTRIES = 50_000
_MOST_BYTES = 4 * 1024**3
_WRITTEN_AS = "%Y-%m-%d %H:%M:%S.%f %Z"  # nbgrader's own way

# How learning systems name what is in their zips, for nbgrader's collector.
_SYSTEMS = {
    "Moodle": r"(?P<student_id>[^/]+?)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)[_/]+(?P<file_id>.+)",
    "Teams": r"(?:.*/)?Submitted files/(?P<student_id>[^/]+)/(?:[^/]+/)?Version (?P<version>\d+)/(?P<file_id>.+)",
    "Canvas": r"(?P<student_id>[a-z]+)_(?:LATE_)?(?P<number>\d+)_\d+_(?P<file_id>.+)",
}
_ATTEMPT = re.compile(
    r"(?P<student>.+?)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^+]*)(?:\+.*)?"
)


class IntakeError(Exception):
    """What was given cannot be opened; the message says what to do."""


@contextmanager
def opened(path: Path, folder: MarkingFolder, times: Path | None = None) -> Iterator[list[Submission]]:
    """Yield what each learner handed in, in name order.

    Args:
        path: a folder, a zip file, or the inbound folder of nbgrader's exchange.
        folder: where it will be marked.
        times: a table of when each learner handed in, with the columns `learner` and `submitted`.

    Raises:
        IntakeError: when the whole of it cannot be read, or the table has a fault.
    """
    known = _times(times) if times else {}
    with tempfile.TemporaryDirectory(prefix="handed-in-") as temporary:
        workshop = Path(temporary)
        refused: list[Submission] = []
        if path.is_file():
            refused = _unpack(path, workshop)
            given = workshop
        elif any(_ATTEMPT.fullmatch(entry.name) for entry in path.iterdir()):
            refused, handed_in = _latest(path, workshop, folder.assignment)
            known = {**handed_in, **known}
            given = workshop
        else:
            given = path
        found = find_submissions(given, folder.released(), folder.assignment, folder.notebook)
        found = _with_refused(found, refused)
        yield [
            replace(one, submitted=known.get(one.student.casefold(), one.submitted))
            for one in sorted(found, key=lambda one: one.student.casefold())
        ]


def _with_refused(found: list[Submission], refused: list[Submission]) -> list[Submission]:
    """Say what was left out of a zip with the learner whom it was from."""
    by_student = {one.student.casefold(): one for one in found}
    for one in refused:
        key = one.student.casefold()
        other = by_student.get(key)
        if other is not None and other.data is not None:
            one = replace(other, notes=(*other.notes, f"A file was left out: {one.problem}"))
        by_student[key] = one
    return list(by_student.values())


@dataclass(frozen=True)
class _Entry:
    """A file in a zip, and whose it seems to be."""

    info: zipfile.ZipInfo
    learner: str
    number: str
    version: int
    name: str


def _unpack(path: Path, workshop: Path) -> list[Submission]:
    """Unpack a zip into one folder for each learner; return what had to be left out, and why."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and not _of_the_system(info)]
            if len(infos) > _MOST_ENTRIES:
                raise IntakeError(
                    f"{path.name} holds {len(infos):,} files, more than {_MOST_ENTRIES:,}. Unpack it yourself, look at "
                    "what is in it, and give the folder."
                )
            return list(_place(archive, _whose(infos), workshop))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise IntakeError(
            f"{path.name} cannot be unpacked ({error}). Download it again; if that does not help, unpack it yourself "
            "and give the folder."
        ) from None


def _of_the_system(info: zipfile.ZipInfo) -> bool:
    """Whether an operating system left it in the zip, and nobody handed it in."""
    parts = info.filename.replace("\\", "/").split("/")
    return "__MACOSX" in parts or (parts[-1].startswith(".") and ".." not in parts)


def _whose(infos: list[zipfile.ZipInfo]) -> list[_Entry]:
    """Read learners' names out of paths, as the learning system that made the zip writes them."""
    quiet = logging.getLogger(f"{__name__}.collector")
    quiet.setLevel(logging.CRITICAL)
    collectors = [
        FileNameCollectorPlugin(named_regexp=pattern, valid_ext=[""], log=quiet)
        for pattern in _SYSTEMS.values()
    ]
    top = _common_top(infos)
    found = []
    for info in infos:
        plain = info.filename.replace("\\", "/").removeprefix(top)
        for collector in collectors:
            told = collector._match(
                plain
            )  # `collect` would ask for an ending, and learners hand in others too
            if told:
                found.append(
                    _Entry(
                        info,
                        told["student_id"],
                        told.get("number", ""),
                        int(told.get("version", 0)),
                        told["file_id"],
                    )
                )
                break
        else:
            inside = "/".join(part for part in plain.split("/") if part not in ("", ".", ".."))
            first, _, rest = inside.partition("/")
            found.append(_Entry(info, first if rest else "", "", 0, rest or first))
    return _latest_versions(_told_apart(found))


def _common_top(infos: list[zipfile.ZipInfo]) -> str:
    """The folder that everything lies in, when it is the zip's own and not a learner's."""
    paths = [info.filename.replace("\\", "/") for info in infos]
    tops = {path.partition("/")[0] for path in paths}
    if len(tops) != 1 or not all("/" in path for path in paths):
        return ""
    top = f"{tops.pop()}/"
    inside = {path.removeprefix(top).partition("/")[0] for path in paths}
    return top if len(inside) > 1 and top != "Submitted files/" else ""


def _told_apart(entries: list[_Entry]) -> list[_Entry]:
    """Give learners of one name, whom the learning system numbers apart, their numbers."""
    numbers: dict[str, set[str]] = {}
    for entry in entries:
        numbers.setdefault(entry.learner, set()).add(entry.number)
    return [
        replace(entry, learner=f"{entry.learner} ({entry.number})")
        if entry.number and len(numbers[entry.learner]) > 1
        else entry
        for entry in entries
    ]


def _latest_versions(entries: list[_Entry]) -> list[_Entry]:
    latest: dict[str, int] = {}
    for entry in entries:
        latest[entry.learner] = max(latest.get(entry.learner, 0), entry.version)
    return [entry for entry in entries if entry.version == latest[entry.learner]]


def _place(archive: zipfile.ZipFile, entries: list[_Entry], workshop: Path) -> Iterator[Submission]:
    left = _MOST_BYTES
    for entry in entries:
        reason = _refuse(entry.info)
        relative = PurePosixPath(
            *[as_student(part) for part in PurePosixPath(entry.name).parts if part != "/"]
        )
        target = (
            workshop.joinpath(as_student(entry.learner), *relative.parts)
            if entry.learner
            else workshop / relative
        )
        if reason is None and target.exists():
            reason = "The zip holds two files of this name. Ask which one counts, and hand in that one alone."
        if reason is None:
            target.parent.mkdir(parents=True, exist_ok=True)
            size = _write(archive, entry.info, target, min(LARGEST, left))
            left -= size
            if left <= 0:
                raise IntakeError(
                    "This zip unpacks to more than 4 GB. It may have been made to fill a disk: do not unpack it. "
                    "Ask where it came from."
                )
            if size > LARGEST:
                target.unlink()
                reason = f"The file unpacks to more than {LARGEST // 1024**2} MB. Ask the learner to clear its outputs and send it again."
        if reason is not None:
            yield Submission(
                entry.learner or PurePosixPath(entry.name).stem or entry.info.filename, problem=reason
            )


def _refuse(info: zipfile.ZipInfo) -> str | None:
    parts = info.filename.replace("\\", "/").split("/")
    if info.filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        return f"{info.filename} would have been written outside its folder. It was left out. Ask the learner for the notebook itself."
    if stat.S_ISLNK(info.external_attr >> 16):
        return "It is a link to another file, not a notebook. Ask the learner for the notebook itself."
    if info.flag_bits & 0x1:
        return "It is locked with a password. Ask the learner for the notebook without one."
    return None


def _write(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, most: int) -> int:
    """Unpack one file, no further than one byte past `most`; return how many bytes came out."""
    size = 0
    with archive.open(info) as packed, target.open("wb") as file:
        while size <= most:
            piece = packed.read(min(1 << 20, most + 1 - size))
            if not piece:
                break
            file.write(piece)
            size += len(piece)
    return size


def _latest(inbound: Path, workshop: Path, assignment: str) -> tuple[list[Submission], dict[str, str]]:
    """Bring each learner's latest attempt out of an exchange; say what was left there, and when each was handed in."""
    attempts: dict[str, list[tuple[str, Path]]] = {}
    for entry in inbound.iterdir():
        named = _ATTEMPT.fullmatch(entry.name)
        if named and named["assignment"] == assignment and entry.is_dir():
            attempts.setdefault(named["student"], []).append((named["time"], entry))
    refused = []
    when = {}
    for student, found in attempts.items():
        for time, attempt in sorted(found, reverse=True):
            reason = next(_strange(attempt, student), None)
            if reason is None:
                shutil.copytree(attempt, workshop / as_student(student))
                when[as_student(student).casefold()] = time if time.endswith("UTC") else f"{time} UTC"
                break
            refused.append(
                Submission(
                    student, problem=f"{attempt.name} was not taken, because {reason}. Ask who put it there."
                )
            )
    return refused, when


def _strange(attempt: Path, student: str) -> Iterator[str]:
    """What in an attempt is not the learner's own; a copy that the facilitator made counts as the learner's."""
    if any(path.is_symlink() for path in (attempt, *attempt.rglob("*"))):
        yield "there is a link in it"
    elif hasattr(os, "getuid") and attempt.stat().st_uid != os.getuid():
        from coursekit.exchange import not_theirs

        yield from not_theirs(attempt, student)


def _times(path: Path) -> dict[str, str]:
    """When each learner handed in, by nbgrader's name for them, as nbgrader writes it."""
    found = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not {"learner", "submitted"} <= set(reader.fieldnames or ()):
                raise IntakeError(f"{path.name} needs the columns learner and submitted in its first row.")
            for number, row in enumerate(reader, start=2):
                try:
                    time = datetime.fromisoformat((row["submitted"] or "").strip())
                except ValueError:
                    raise IntakeError(
                        f"{path.name}, row {number}, column submitted: {row['submitted']!r} is not a date and time. Write "
                        "2026-11-30 17:00, or 2026-11-30 17:00+00:00 for another time zone than this computer's."
                    ) from None
                utc = time.astimezone(UTC)
                found[as_student((row["learner"] or "").strip()).casefold()] = utc.strftime(_WRITTEN_AS)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise IntakeError(f"{path} cannot be read as a table: {error}.") from None
    return found
