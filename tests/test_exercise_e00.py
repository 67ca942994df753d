"""Exercise E00: every answer variant earns its points, in process over many seeds and once through the real autograder."""

from __future__ import annotations

import contextlib
import csv
import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from coursekit.grade.folder import PLACEHOLDER
from coursekit.grade.release import add_assignment
from coursekit.paths import ROOT
from improvement import curriculum
from marking import points
from variants_e00 import ALL, BLANK, FULL, RIGHT, TASKS, WRONG, Variant

COURSE = Path(sys.executable).with_name("course")
SOURCE = ROOT / "exercises/source/E00/E00-first-cell.ipynb"
SEEDS = range(10**20, 10**20 + 20)


@pytest.fixture(scope="module")
def graded() -> dict[str, nbformat.NotebookNode]:
    """Each graded cell by its grade_id, hidden tests included."""
    cells = nbformat.read(SOURCE, as_version=4).cells
    return {
        cell.metadata.nbgrader.grade_id: cell
        for cell in cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }


def run(code: str) -> dict:
    names: dict = {}
    with contextlib.suppress(NotImplementedError):
        exec(code, names)
    return names


def test_the_points_and_the_outcomes_are_the_modules(graded) -> None:
    assert {name: cell.metadata.nbgrader.points for name, cell in graded.items()} == FULL
    assert {cell.metadata.course.outcome for cell in graded.values()} == {"choose", "run", "record"}
    assert nbformat.read(SOURCE, as_version=4).metadata.course.module == "M00"


@pytest.mark.parametrize("variant", ALL, ids=lambda variant: f"{variant.task}-{variant.name}")
def test_an_answer_earns_the_same_points_whatever_the_cohort_seed(variant, graded) -> None:
    names = run(variant.code)
    for cell in TASKS[variant.task]:
        wanted = FULL[cell] - variant.loses.get(cell, 0)
        got = {
            seed: points(graded[cell].source.replace(PLACEHOLDER, f"cohort_seed = {seed}"), names, FULL[cell])
            for seed in SEEDS
        }
        assert {seed: earned for seed, earned in got.items() if earned != wanted} == {}, cell


@pytest.mark.parametrize("minutes", [5, 15, 30, 60])
def test_a_first_lesson_must_fit_unless_five_minutes_only_begin_it(minutes: int, graded, monkeypatch) -> None:
    long = curriculum.Planned("M12.4", "flow-and-demand/sorting-demand", "Sort the calls", 40, "")
    monkeypatch.setattr(curriculum, "lessons", lambda: [long])
    me = {"role": "gp", "sector": "none", "minutes": minutes, "experience": "new", "barrier": "none"}
    earned = points(graded["real-route"].source, {"me": me, "route": ["M12.4"]}, FULL["real-route"])
    assert earned == (1 if minutes in (5, 60) else 0)


def test_no_score_of_the_baseline_is_worth_more_than_another(graded) -> None:
    for score in range(10):
        names = {"baseline": {f"case {place}": score for place in (1, 2, 3)}}
        assert points(graded["baseline-complete"].source, names, FULL["baseline-complete"]) == 1
    for score in (-1, 10):
        names = {"baseline": {"case 1": score, "case 2": 5, "case 3": 5}}
        assert points(graded["baseline-complete"].source, names, FULL["baseline-complete"]) == 0


def test_hidden_turns_start_from_the_seed_that_marking_replaces(graded) -> None:
    hidden = graded["twelve"].source.partition("BEGIN HIDDEN TESTS")[2]
    assert PLACEHOLDER in hidden
    assert "seed(cohort_seed" in hidden


def _few(task: str) -> list[Variant]:
    """Two right answers to a task, four wrong ones and a blank: enough to see that the autograder marks as we do here."""
    right, wrong, blank = ([one for one in kind if one.task == task] for kind in (RIGHT, WRONG, BLANK))
    return [*right[:2], *wrong[:4], *blank]


@pytest.fixture(scope="module")
def marked(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[dict, dict[str, dict], dict[str, dict[str, str]]]:
    """The learner's version, what each submission should earn, and the marks: a variant of every task to a submission."""
    base = tmp_path_factory.mktemp("e00")
    (base / "release").mkdir()
    add_assignment(base / "release", "E00", SOURCE.read_text(encoding="utf-8"), SOURCE.name)
    released = json.loads((base / "release" / "release" / "E00" / SOURCE.name).read_text(encoding="utf-8"))
    by_task = [_few(task) for task in TASKS]
    wanted = {}
    (base / "in").mkdir()
    for number, chosen in enumerate(zip(*by_task, strict=True)):
        code = {one.task: one.code for one in chosen}
        notebook = json.loads(json.dumps(released))
        for cell in notebook["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = code.get(name, cell["source"])
        learner = f"learner-{number}"
        (base / "in" / f"{learner}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        lost = {cell: lose for one in chosen for cell, lose in one.loses.items()}
        wanted[learner] = {cell: full - lost.get(cell, 0) for cell, full in FULL.items()}
    command = [
        str(COURSE),
        "grade",
        str(base / "in"),
        "--assignment",
        "E00",
        "--marking",
        str(base / "marking"),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin", "HOME": str(base)}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with (base / "marking" / "marks-E00.csv").open(encoding="utf-8-sig", newline="") as file:
        return released, wanted, {row["learner"]: row for row in csv.DictReader(file)}


def test_the_autograder_gives_each_submission_the_points_of_the_tasks_it_meets(marked) -> None:
    _, wanted, marks = marked
    got = {
        learner: {cell: float(row[cell]) for cell in FULL} if row["status"] == "marked" else row["reason"]
        for learner, row in marks.items()
    }
    assert got == wanted


def test_learners_get_no_answer_and_no_hidden_test(marked) -> None:
    text = json.dumps(marked[0])
    for secret in ("BEGIN SOLUTION", "HIDDEN TESTS", "cohort_seed", "return journeys()"):
        assert secret not in text


def test_a_blank_is_what_the_learner_is_given(marked) -> None:
    cells = {
        cell["metadata"].get("nbgrader", {}).get("grade_id"): "".join(cell["source"])
        for cell in marked[0]["cells"]
    }
    for variant in BLANK:
        assert "raise NotImplementedError" in cells[variant.task]
