"""`course grade` for other programs and at a terminal: JSON, numbers of workers, the progress bar, Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from processes import hear_ctrl_c
from small_cohort import COHORT, EXPECTED, FULL, command, environment, grade, hand_in, points, statuses, table

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can sandbox")

PATIENCE = 300
SOME = {learner: COHORT[learner] for learner in ("Ann", "Bo", "Chi")}


def spread(copies: int) -> dict:
    return {f"{learner} {number}": chosen for number in range(copies) for learner, chosen in COHORT.items()}


def test_json_is_all_that_stdout_holds(tmp_path: Path) -> None:
    handed_in, marking = hand_in(tmp_path / "in", SOME), tmp_path / "marking"
    done = grade(handed_in, marking, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["assignment"], told["marking"]) == ("E00", str(marking))
    assert {one["learner"]: one["points"] for one in told["submissions"]} == {
        learner: EXPECTED[learner] for learner in SOME
    }
    for one in told["submissions"]:
        assert (one["status"], one["reason"], one["look_at"], one["outstanding"]) == ("marked", "", [], False)
        assert (one["total"], one["max"]) == (sum(EXPECTED[one["learner"]].values()), sum(FULL.values()))
    assert "Ann: marked" in done.stderr, "progress goes to the other stream"

    (handed_in / "محمد.docx").write_bytes(b"PK")
    again = grade(handed_in, marking, "--json")
    assert again.returncode == 1
    rows = {one["learner"]: one for one in json.loads(again.stdout)["submissions"]}
    assert rows["Ann"]["status"] == "unchanged"
    assert rows["محمد"]["status"] == "not marked"
    assert "Word document" in rows["محمد"]["reason"]
    assert rows["محمد"]["points"] is rows["محمد"]["total"] is None


@pytest.mark.parametrize("more", [[], ["--assignment", "E99"], ["--gradebook", "nonsense"], ["--unsafe"]])
def test_json_when_it_cannot_begin_leaves_stdout_empty(tmp_path: Path, more: list[str]) -> None:
    given = tmp_path / ("nowhere" if not more else "in")
    (tmp_path / "in").mkdir()
    done = grade(given, tmp_path / "marking", *more, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_one_worker_and_two_give_the_same_table(tmp_path: Path) -> None:
    handed_in = hand_in(tmp_path / "in")
    (handed_in / "Gus.ipynb").write_text("{")
    for workers in (1, 2):
        done = grade(handed_in, tmp_path / f"with {workers}", "--workers", workers)
        assert done.returncode == 1, done.stderr
        assert done.stderr == ""
        assert points(tmp_path / f"with {workers}") == EXPECTED
    assert table(tmp_path / "with 1") == table(tmp_path / "with 2")
    assert list(table(tmp_path / "with 1")) == [*COHORT, "Gus"], "in name order, whichever was done first"


def test_no_worker_at_all_is_a_usage_error(tmp_path: Path) -> None:
    done = grade(hand_in(tmp_path / "in", {"Ann": ()}), tmp_path / "marking", "--workers", "0")
    assert done.returncode == 2
    assert not (tmp_path / "marking").exists()


def test_on_a_terminal_a_bar_is_drawn_and_each_submission_named(tmp_path: Path) -> None:
    handed_in = hand_in(tmp_path / "in", SOME)
    ours, theirs = os.openpty()
    run = subprocess.Popen(
        command(handed_in, tmp_path / "marking"),
        stdout=theirs, stderr=theirs, stdin=theirs,
        env={**environment(tmp_path / "marking"), "TERM": "xterm-256color", "COLUMNS": "120"},
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # how a terminal says that nobody is at the other end
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert run.wait(PATIENCE) == 0
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    assert "Marking 3 submissions for E00" in text
    assert "━" in text
    assert "3/3" in text
    for learner in SOME:
        assert f"{learner}: marked" in text
    assert "3 of 3 marked" in text


def ends(group: int) -> bool:
    """Whether all of a process group has gone within some seconds: the machine buries orphans in its own time."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_leaves_a_folder_that_the_next_run_finishes(tmp_path: Path, workers: int) -> None:
    cohort = spread(2)
    handed_in, marking = hand_in(tmp_path / "in", cohort), tmp_path / "marking"
    run = subprocess.Popen(
        command(handed_in, marking, "--workers", workers),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(marking), start_new_session=True,
        preexec_fn=hear_ctrl_c,
    )  # fmt: skip
    assert run.stdout is not None
    for line in run.stdout:
        if line.startswith("  2/12"):
            break
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to the command and all that it started
    _, complaints = run.communicate(timeout=PATIENCE)
    assert run.returncode == 130
    assert complaints.strip() == "Stopped. What has been marked is kept: run this command again to go on."
    assert ends(run.pid), "something goes on"

    done = grade(handed_in, marking)
    assert done.returncode == 0, done.stdout + done.stderr
    assert points(marking) == {learner: EXPECTED[learner[:-2]] for learner in cohort}
    assert list(statuses(marking).values()).count("unchanged") >= 2
    with closing(sqlite3.connect(marking / "gradebook.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM submitted_assignment").fetchone() == (12,)
        assert database.execute("SELECT count(*) FROM grade").fetchone() == (12 * len(FULL),)


def test_a_sandbox_that_fails_costs_no_learner_a_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from coursekit.grade import marking
    from coursekit.grade.folder import open_folder
    from coursekit.grade.submissions import find_submissions
    from coursekit.sandbox import ways

    def full(*_: object) -> socket.socket:
        ours, keeper = socket.socketpair()
        keeper.sendall(b'{"failed": "OSError: no space for a file tree"}\n')
        keeper.close()
        return ours

    monkeypatch.setattr(ways, "launch", full)
    folder = open_folder(tmp_path / "marking", "E00")
    found = find_submissions(hand_in(tmp_path / "in", {"Ann": ()}), folder.released(), "E00", folder.notebook)
    (result,) = marking.mark_cohort(folder, found)
    assert result.status == marking.NOT_MARKED
    assert "The sandbox could not be made: OSError: no space for a file tree" in result.reason
    assert not folder.receipt("Ann").exists()
