"""Which of the folders in nbgrader's exchange are collected."""

from __future__ import annotations

import getpass
import os
import sysconfig
from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory

from coursekit.exchange import CollectOwnWork

ME = getpass.getuser()


@pytest.fixture
def inbound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(
        "PATH", sysconfig.get_path("scripts"), prepend=os.pathsep
    )  # nbgrader calls alembic by name
    folder = tmp_path / "exchange" / "course" / "inbound"
    folder.mkdir(parents=True)
    return folder


def hand_in(inbound: Path, learner: str, day: int) -> Path:
    folder = inbound / f"{learner}+E00+2026-11-{day:02} 09:00:00.000000 UTC+x"
    folder.mkdir()
    (folder / "E00.ipynb").write_text("{}", encoding="utf-8")
    return folder


def collected(inbound: Path) -> list[str]:
    root = inbound.parents[2]
    course = CourseDirectory(root=str(root), course_id="course", assignment_id="E00")
    collector = CollectOwnWork(coursedir=course, root=str(inbound.parents[1]))
    collector.init_src()
    return sorted(record["filename"] for record in collector.src_records)


def test_the_latest_of_ones_own(inbound: Path) -> None:
    hand_in(inbound, ME, 1)
    latest = hand_in(inbound, ME, 2)
    assert collected(inbound) == [latest.name]


def test_not_what_somebody_else_put_there_even_if_it_is_later(inbound: Path) -> None:
    own = hand_in(inbound, ME, 1)
    hand_in(inbound, "somebody-else", 2)
    assert collected(inbound) == [own.name]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="Only root can give a file away.")
def test_not_with_one_file_of_somebody_elses_in_it(inbound: Path) -> None:
    own = hand_in(inbound, ME, 1)
    os.chown(hand_in(inbound, ME, 2) / "E00.ipynb", 1, 1)
    assert collected(inbound) == [own.name]


def test_not_with_a_link_in_it(inbound: Path) -> None:
    own = hand_in(inbound, ME, 1)
    (inbound.parents[2] / "marks.txt").write_text("marks", encoding="utf-8")
    (hand_in(inbound, ME, 2) / "extra.txt").symlink_to(inbound.parents[2] / "marks.txt")
    assert collected(inbound) == [own.name]
