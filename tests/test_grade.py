"""One cohort through the real command: every answer variant, every bad submission, and what a facilitator then sees."""

from __future__ import annotations

import csv
import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from variants_e02 import ALL, BLANK, BY_HAND, FULL, RIGHT, SUBMISSIONS, Submission

COURSE = Path(sys.executable).with_name("course")
NAME = "E02-chart-pack.ipynb"
BAD = {
    "letter": ("letter.docx", "not a notebook"),
    "cut-short": ("cut-short.ipynb", "cut short"),
    "nothing": ("nothing.ipynb", "is empty"),
    "picture": ("picture.ipynb", "not a notebook inside"),
    "other-exercise": ("other-exercise.ipynb", "not exercise E02"),
    "undecided": ("undecided", "Ask which one counts"),
    "list": ("list.ipynb", "not a notebook that can be read"),
}
MENDED = {
    "deleted-tests": "cells deleted and put back: limits",
    "edited-tests": "the original tests were used: limits",
    "wrong-kernel": "kernel 'julia-9' replaced",
    "copied-cell": "",
}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> dict:
    from coursekit.grade.release import build_release

    out = tmp_path_factory.mktemp("release")
    build_release(out)
    return json.loads((out / "E02" / NAME).read_text(encoding="utf-8"))


def answer(released: dict, submission: Submission) -> dict:
    notebook = json.loads(json.dumps(released))
    for cell in notebook["cells"]:
        cell["source"] = submission.cells.get(grade_id(cell), cell["source"])
    return notebook


@pytest.fixture(scope="module")
def cohort(
    tmp_path_factory: pytest.TempPathFactory, released: dict
) -> tuple[Path, Path, subprocess.CompletedProcess]:
    base = tmp_path_factory.mktemp("cohort")
    handed_in, marking = base / "handed in", base / "marking"
    handed_in.mkdir()
    for submission in SUBMISSIONS:
        write(handed_in / f"{submission.name}.ipynb", answer(released, submission))
    right = answer(released, RIGHT)
    (handed_in / "letter.docx").write_bytes(b"PK\x03\x04 a letter")
    (handed_in / "cut-short.ipynb").write_text(json.dumps(right)[:900])
    (handed_in / "nothing.ipynb").write_text("")
    (handed_in / "picture.ipynb").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    (handed_in / "list.ipynb").write_text("[1, 2]")
    write(
        handed_in / "other-exercise.ipynb",
        {**right, "cells": [{"cell_type": "markdown", "metadata": {}, "source": "E09"}]},
    )
    for name in ("one.ipynb", "two.ipynb"):
        write(handed_in / "undecided" / name, right)
    without = {**right, "cells": [cell for cell in right["cells"] if grade_id(cell) != "limits"]}
    write(handed_in / "deleted-tests" / NAME, without)
    edited = json.loads(json.dumps(answer(released, BLANK)))
    next(cell for cell in edited["cells"] if grade_id(cell) == "limits")["source"] = "pass"
    write(handed_in / "E02_edited-tests.ipynb", edited)
    kernel = {
        **right,
        "metadata": {"kernelspec": {"name": "julia-9", "display_name": "Julia", "language": "julia"}},
    }
    write(handed_in / "wrong-kernel.ipynb", kernel)
    copied = json.loads(json.dumps(right))
    place = next(i for i, cell in enumerate(copied["cells"]) if grade_id(cell) == "xmr-limits")
    copied["cells"].insert(place + 1, {**copied["cells"][place], "id": "a-copy"})
    write(handed_in / "copied-cell.ipynb", copied)
    return handed_in, marking, grade(handed_in, marking)


def grade(handed_in: Path, marking: Path, *more: str) -> subprocess.CompletedProcess:
    # An empty PATH: the command must work without an activated environment.
    command = [str(COURSE), "grade", str(handed_in), "--assignment", "E02", "--marking", str(marking), *more]
    return subprocess.run(
        command, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "HOME": str(marking.parent)}
    )


def write(path: Path, notebook: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def grade_id(cell: dict) -> str | None:
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def holder_of(variant: str) -> Submission:
    return next(one for one in SUBMISSIONS if variant in {part.name for part in one.variants})


def marks(marking: Path) -> dict[str, dict[str, str]]:
    with (marking / "marks-E02.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["learner"]: row for row in csv.DictReader(file)}


def test_learners_version_holds_no_answer_no_hidden_test_and_no_marking_guide(released: dict) -> None:
    text = json.dumps(released)
    for secret in ("SOLUTION", "HIDDEN TESTS", "cohort_seed", "MARK SCHEME", "Worth about"):
        assert secret not in text


def test_learners_version_keeps_what_each_graded_cell_is_evidence_of(released: dict) -> None:
    cells = {grade_id(cell): cell for cell in released["cells"]}
    for name in [*FULL, *BY_HAND]:
        assert cells[name]["metadata"]["course"]["outcome"], name


@pytest.mark.parametrize("submission", SUBMISSIONS, ids=lambda submission: submission.name)
def test_each_answer_gets_the_points_of_the_outcomes_it_meets(submission: Submission, cohort) -> None:
    row = marks(cohort[1])[submission.name]
    assert row["status"] == "marked", row["reason"]
    assert {outcome: float(row[outcome]) for outcome in FULL} == submission.earns


def test_the_submissions_hold_every_answer() -> None:
    assert {id(variant) for one in SUBMISSIONS for variant in one.variants} >= {
        id(variant) for variant in ALL
    }
    assert SUBMISSIONS[-1].earns == dict.fromkeys(FULL, 0)


@pytest.mark.parametrize("learner", BAD)
def test_what_cannot_be_marked_is_named_with_a_reason(learner: str, cohort) -> None:
    row = marks(cohort[1])[learner]
    assert row["status"] == "not marked"
    assert BAD[learner][1] in row["reason"]
    assert learner in cohort[2].stdout


@pytest.mark.parametrize("learner", MENDED)
def test_what_can_be_put_right_is_marked_and_noted(learner: str, cohort) -> None:
    row = marks(cohort[1])[learner]
    assert row["status"] == "marked"
    assert MENDED[learner] in row["reason"]
    expected = 0 if learner == "edited-tests" else sum(FULL.values())
    assert sum(float(row[outcome]) for outcome in FULL) == expected


def test_exit_status_says_that_some_were_not_marked(cohort) -> None:
    assert cohort[2].returncode == 1, cohort[2].stderr
    marked = len(SUBMISSIONS) + len(MENDED)
    assert f"{marked} of {marked + len(BAD)} marked" in cohort[2].stdout


def test_learners_files_are_not_changed(cohort, released: dict) -> None:
    assert json.loads((cohort[0] / f"{RIGHT.name}.ipynb").read_text()) == answer(released, RIGHT)


def test_gradebook_is_nbgraders_and_waits_for_the_marker(cohort) -> None:
    with Gradebook(f"sqlite:///{cohort[1] / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission("E02", RIGHT.name)
        assert submission.score == sum(FULL.values())
        assert submission.max_score == sum(FULL.values()) + sum(BY_HAND.values())
        assert submission.needs_manual_grade


def test_feedback_has_the_score_and_no_hidden_test(cohort) -> None:
    pages = list((cohort[1] / "feedback").rglob("*.html"))
    assert len(pages) == len(SUBMISSIONS) + len(MENDED)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for secret in (
            "HIDDEN TESTS",
            "cohort_seed",
            "_draw",
            "_values",
            "_cut",
            "_key",
            "_published",
            "_exact",
            "_calm",
        ):
            assert secret not in text, f"{page} shows {secret}"
    page = cohort[1] / "feedback" / holder_of("screening-ignored").name / "E02" / "E02-chart-pack.html"
    assert "Without the two freak ranges every step is 1" in page.read_text(encoding="utf-8")


def test_the_hidden_tests_draw_from_a_private_seed(cohort) -> None:
    text = (cohort[1] / "source" / "E02" / NAME).read_text()
    assert "cohort_seed = " in text
    assert "cohort_seed = 0" not in text


def test_marking_again_marks_only_what_changed(cohort, released: dict, tmp_path: Path) -> None:
    marking, handed_in = tmp_path / "marking", tmp_path / "in"
    shutil.copytree(cohort[1], marking)
    wrong = holder_of("screening-ignored").name
    write(handed_in / f"{RIGHT.name}.ipynb", answer(released, RIGHT))
    write(handed_in / f"{wrong}.ipynb", answer(released, RIGHT))
    again = grade(handed_in, marking)
    assert again.returncode == 0, again.stderr
    rows = marks(marking)
    assert rows[RIGHT.name]["status"] == "unchanged"
    assert rows[wrong]["status"] == "marked"
    assert float(rows[wrong]["screening"]) == FULL["screening"]


def test_a_folder_that_is_not_there_and_an_unknown_exercise_are_usage_errors(tmp_path: Path) -> None:
    missing = grade(tmp_path / "nowhere", tmp_path / "marking")
    assert missing.returncode == 2
    assert "There is no folder" in missing.stderr
    unknown = grade(tmp_path, tmp_path / "marking", "--assignment", "E99")
    assert unknown.returncode == 2
    assert "There is no exercise called E99. There are: " in unknown.stderr
    assert "E02" in unknown.stderr


def test_formgrader_shows_the_marker_the_rubric(cohort) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    python = Path(sys.executable)
    command = [
        str(python), "-m", "jupyter", "server", "--no-browser", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
        "--IdentityProvider.token=secret", f"--ServerApp.root_dir={cohort[1]}", "--allow-root",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
    ]  # fmt: skip
    environment = {"PATH": f"{python.parent}:/usr/bin:/bin", "HOME": str(cohort[1].parent)}
    server = subprocess.Popen(command, cwd=cohort[1], env=environment, stderr=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}/formgrader"
        listed = json.loads(fetch(f"{base}/api/submissions/E02?token=secret"))
        mine = next(one for one in listed if one["student"] == RIGHT.name)
        notebooks = json.loads(fetch(f"{base}/api/submitted_notebooks/E02/E02-chart-pack?token=secret"))
        notebook = next(one for one in notebooks if one["student"] == RIGHT.name)
        page = fetch(f"{base}/submissions/{notebook['id']}/?token=secret")
    finally:
        server.terminate()
    assert mine["needs_manual_grade"]
    assert "Rubric R4" in page
    assert "Rubric R2" in page
    assert "Rubric R8" in page
    assert page.count("Worth about 14") == len(BY_HAND)


def fetch(address: str) -> str:
    deadline = time.monotonic() + 40
    while True:
        try:
            with urllib.request.urlopen(address) as answer:
                return answer.read().decode()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)
