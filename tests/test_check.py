"""`course check`: what a learner is told before handing in, through the command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from coursekit.grade.mend import marked_cells
from small_cohort import COURSE, FULL, answered, fill, grade, points, released
from variants_e00 import TASKS, WRONG
from variants_e02 import RIGHT as E02_RIGHT

NAME = "mine.ipynb"
FORGETS = """
calls = []
def hello_variation():
    calls.append(1)
    return [27, 34, 31, 29, 33, 30, 41, 28, 30, 32, 29, 35][: 12 if len(calls) < 4 else 11]
"""
"""Right each time that the page calls it, and not after."""


def check(path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(COURSE), "check", str(path), *more], capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(path.parent), "LANG": "C.UTF-8"},
    )  # fmt: skip


def of(notebook: NotebookNode, tmp_path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    path = tmp_path / NAME
    nbformat.write(notebook, path)
    before = path.read_bytes()
    done = check(path, *more)
    assert path.read_bytes() == before, "the learner's file is only read"
    assert [entry.name for entry in tmp_path.iterdir() if not entry.name.startswith(".")] == [NAME]
    assert "Traceback" not in done.stdout + done.stderr
    return done


def to_do(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [
        line.strip().removeprefix("TO DO").strip() for line in done.stdout.splitlines() if "TO DO" in line
    ]


def test_a_right_notebook_has_nothing_to_mend(tmp_path: Path) -> None:
    done = of(answered(), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "is exercise E00" in done.stdout
    assert to_do(done) == []
    for test, most in FULL.items():
        assert f"ok     {test} ({most:g})" in done.stdout
    assert "It runs from top to bottom." in done.stdout
    assert "Nothing to mend" in done.stdout


def test_an_untouched_box_is_named_and_so_are_the_tests_it_fails(tmp_path: Path) -> None:
    notebook = answered()
    stub = marked_cells(released())["baseline"].source
    marked_cells(notebook)["baseline"].source = stub
    done = of(notebook, tmp_path)
    assert done.returncode == 1
    said = to_do(done)
    assert "baseline: not answered yet." in said
    named = {line.split()[0].rstrip(":") for line in said}
    assert {*TASKS["baseline"], "baseline"} <= named
    assert not named & set(TASKS["hello-variation"])
    assert f"{len(said)} to look at." in done.stdout


def test_a_wrong_answer_is_told_which_visible_test_it_fails_and_why(tmp_path: Path) -> None:
    done = of(answered(WRONG[1]), tmp_path)  # eleven journeys in place of twelve
    assert done.returncode == 1
    (said,) = [line for line in to_do(done) if line.startswith("twelve (1)")]
    assert "Error" in said


def test_another_courses_notebook_is_refused(tmp_path: Path) -> None:
    done = of(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")]), tmp_path)
    assert done.returncode == 2
    assert f"{NAME}: This is not an exercise of this course" in done.stderr
    assert done.stdout == ""


def test_a_notebook_of_another_exercise_is_called_by_its_own_name(tmp_path: Path) -> None:
    notebook = fill(released("E02"), E02_RIGHT.cells)
    done = of(notebook, tmp_path)
    assert "is exercise E02" in done.stdout
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 a letter", "Word document"),
        (b"", "is empty"),
        (b"<!doctype html><title>Sign in</title>", "web page"),
        (b'{"cells": [', "cut short"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "not a notebook inside"),
    ],
    ids=["word", "empty", "web page", "cut short", "picture"],
)
def test_what_is_no_notebook_is_said_in_words(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / NAME).write_bytes(content)
    done = check(tmp_path / NAME)
    assert done.returncode == 2
    assert said in done.stderr
    assert "the learner" not in done.stderr, "it is the learner who reads it"
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    done = check(tmp_path / NAME)
    assert done.returncode == 2
    assert f"There is no file {NAME}" in done.stderr


def test_an_error_in_a_box_of_the_learners_own_is_placed(tmp_path: Path) -> None:
    notebook = answered()
    notebook.cells.append(nbformat.v4.new_code_cell("journeys_by_week['Monday']"))
    number = sum(cell.cell_type == "code" for cell in notebook.cells)
    done = of(notebook, tmp_path)
    assert done.returncode == 1
    (said,) = to_do(done)
    assert said.startswith("It does not run from top to bottom.")
    assert f"Code box {number}: NameError" in said


def test_a_deleted_test_is_named_and_run_all_the_same(tmp_path: Path) -> None:
    notebook = answered(WRONG[1])
    gone = marked_cells(notebook)["twelve"]
    notebook.cells = [cell for cell in notebook.cells if cell is not gone]
    done = of(notebook, tmp_path)
    assert done.returncode == 1
    said = to_do(done)
    assert any("deleted and put back: twelve" in line for line in said)
    assert any(line.startswith("twelve (1)") for line in said)


def test_a_box_that_does_not_stop_is_stopped_and_named(tmp_path: Path) -> None:
    notebook = answered()
    notebook.cells.append(nbformat.v4.new_code_cell("while True: pass"))
    number = sum(cell.cell_type == "code" for cell in notebook.cells)
    done = of(notebook, tmp_path, "--seconds", "2")
    assert done.returncode == 1
    (said,) = to_do(done)
    assert f"Code box {number}" in said
    assert "2 seconds" in said


def test_a_box_that_stops_python_is_told(tmp_path: Path) -> None:
    notebook = answered()
    place = next(i for i, cell in enumerate(notebook.cells) if cell is marked_cells(notebook)["route"])
    notebook.cells.insert(place, nbformat.v4.new_code_cell("import os\nos._exit(0)"))
    done = of(notebook, tmp_path)
    assert done.returncode == 1
    assert any("Python stopped" in line for line in to_do(done))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can sandbox")
def test_hidden_tests_are_neither_run_nor_told(tmp_path: Path) -> None:
    notebook = fill(answered(), {"hello-variation": FORGETS})
    done = of(notebook, tmp_path)
    assert (done.returncode, to_do(done)) == (0, []), done.stdout
    assert "Hidden tests are run when it is marked." in done.stdout

    handed_in = tmp_path / "in"
    handed_in.mkdir()
    nbformat.write(notebook, handed_in / "Ann.ipynb")
    assert grade(handed_in, tmp_path / "marking").returncode == 0
    assert points(tmp_path / "marking")["Ann"] == {**FULL, "twelve": 0}, "a hidden test does find it"


def test_a_mark_in_part_is_told(tmp_path: Path) -> None:
    done = of(answered(next(one for one in WRONG if one.name == "obstacle-forgotten")), tmp_path)
    assert done.returncode == 1
    assert to_do(done) == ["consistent (2): passed in part, 1 of 2 points."]
