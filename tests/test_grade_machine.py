"""`course grade` for other programs and on a terminal: JSON, processes, a bar, an interrupted run."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import time
from pathlib import Path

import pytest

from small_cohort import EXPECTED, command, environment, grade, hand_in, points, statuses


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    base = tmp_path_factory.mktemp("machine")
    return base, grade(hand_in(base / "in"), base / "marking", "--json", "--workers", "2")


def test_json_is_all_that_is_printed(marked) -> None:
    _, done = marked
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["assignment"] == "E00"
    assert {one["learner"]: one["points"] for one in told["submissions"]} == EXPECTED
    assert {one["status"] for one in told["submissions"]} == {"marked"}
    assert "6/6" in done.stderr


def test_json_names_what_could_not_be_marked_and_the_exit_status_agrees(marked) -> None:
    base, _ = marked
    (base / "in" / "Word.ipynb").write_bytes(b"PK\x03\x04")
    done = grade(base / "in", base / "marking", "--json")
    (base / "in" / "Word.ipynb").unlink()
    assert done.returncode == 1
    bad = next(one for one in json.loads(done.stdout)["submissions"] if one["learner"] == "Word")
    assert (bad["status"], bad["points"]) == ("not marked", None)
    assert "Word document" in bad["reason"]


def test_what_cannot_begin_ends_with_two_and_prints_no_json(tmp_path: Path) -> None:
    done = grade(tmp_path / "nothing here", tmp_path / "marking", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing here" in done.stderr


def test_one_process_marks_alike(marked, tmp_path: Path) -> None:
    done = grade(marked[0] / "in", tmp_path / "marking", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert points(tmp_path / "marking") == EXPECTED


def test_two_runs_do_not_mark_in_one_folder_at_a_time(marked) -> None:
    import fcntl

    base, _ = marked
    with (base / "marking" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = grade(base / "in", base / "marking")
    assert done.returncode == 2
    assert "Another run is marking" in done.stderr


def test_a_terminal_shows_a_bar(marked, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(marked[0] / "in", tmp_path / "marking"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**environment(tmp_path / "marking"), "TERM": "xterm"},
    )
    os.close(theirs)
    seen = b""
    while select.select([ours], [], [], 180)[0]:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # Linux says so when the other end has closed
            break
        if not piece:
            break
        seen += piece
    os.close(ours)
    assert process.wait() == 0
    assert "━".encode() in seen
    assert b"6/6" in seen
    assert points(tmp_path / "marking") == EXPECTED


def test_a_run_that_is_interrupted_is_finished_by_the_next(marked, tmp_path: Path) -> None:
    marking = tmp_path / "marking"
    process = subprocess.Popen(
        command(marked[0] / "in", marking, "--workers", "2"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**environment(marking), "PYTHONUNBUFFERED": "1"},
        start_new_session=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.lstrip().startswith("1/6"):
            break
    os.killpg(process.pid, signal.SIGINT)
    process.stdout.close()
    assert process.wait(60) != 0
    for _ in range(100):
        if subprocess.run(["pgrep", "-g", str(process.pid)], capture_output=True).returncode:
            break
        time.sleep(0.1)
    done = grade(marked[0] / "in", marking)
    assert done.returncode == 0, done.stderr
    assert points(marking) == EXPECTED
    assert "unchanged" in statuses(marking).values()
