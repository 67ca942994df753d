"""Exercise E00: every answer variant earns its points, in process over many seeds and once through the real autograder."""

from __future__ import annotations

import json

import pytest

from coursekit.grade.folder import PLACEHOLDER
from coursekit.paths import ROOT
from improvement import curriculum
from marking import (
    SECRETS,
    answers,
    filled,
    fixtures_of,
    grade,
    mark,
    marked_cells,
    points,
    points_by_seed,
    points_given,
    released,
)
from variants_e00 import ALL, BLANK, FULL, RIGHT, TASKS, WRONG, Variant

SOURCE = ROOT / "exercises/source/E00/E00-first-cell.ipynb"
SEEDS = range(10**20, 10**20 + 20)


notebook, tests, *_ = fixtures_of(SOURCE)


def test_the_points_and_the_outcomes_are_the_modules(notebook) -> None:
    graded = marked_cells(notebook)
    assert {mark(cell)["grade_id"]: mark(cell)["points"] for cell in graded} == FULL
    assert {cell.metadata.course.outcome for cell in graded} == {"choose", "run", "record"}
    assert notebook.metadata.course.module == "M00"


@pytest.mark.parametrize("variant", ALL, ids=lambda variant: f"{variant.task}-{variant.name}")
def test_an_answer_earns_the_same_points_whatever_the_cohort_seed(variant, tests) -> None:
    names = answers([variant.code], {})
    for cell in TASKS[variant.task]:
        wanted = FULL[cell] - variant.loses.get(cell, 0)
        got = points_by_seed(tests[cell], names, FULL[cell], SEEDS)
        assert {seed: earned for seed, earned in got.items() if earned != wanted} == {}, cell


@pytest.mark.parametrize("minutes", [5, 15, 30, 60])
def test_a_first_lesson_must_fit_unless_five_minutes_only_begin_it(minutes: int, tests, monkeypatch) -> None:
    long = curriculum.Planned("M12.4", "flow-and-demand/sorting-demand", "Sort the calls", 40, "")
    monkeypatch.setattr(curriculum, "lessons", lambda: [long])
    me = {"role": "gp", "sector": "none", "minutes": minutes, "experience": "new", "barrier": "none"}
    earned = points(tests["real-route"], {"me": me, "route": ["M12.4"]}, FULL["real-route"])
    assert earned == (1 if minutes in (5, 60) else 0)


def test_no_score_of_the_baseline_is_worth_more_than_another(tests) -> None:
    for score in range(10):
        names = {"baseline": {f"case {place}": score for place in (1, 2, 3)}}
        assert points(tests["baseline-complete"], names, FULL["baseline-complete"]) == 1
    for score in (-1, 10):
        names = {"baseline": {"case 1": score, "case 2": 5, "case 3": 5}}
        assert points(tests["baseline-complete"], names, FULL["baseline-complete"]) == 0


def test_hidden_turns_start_from_the_seed_that_marking_replaces(tests) -> None:
    hidden = tests["twelve"].partition("BEGIN HIDDEN TESTS")[2]
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
    folder = tmp_path_factory.mktemp("e00")
    clean = released(SOURCE, folder / "release")
    handed_in, wanted = {}, {}
    for number, chosen in enumerate(zip(*map(_few, TASKS), strict=True)):
        handed_in[f"learner-{number}"] = filled(clean, {one.task: one.code for one in chosen})
        lost = {cell: lose for one in chosen for cell, lose in one.loses.items()}
        wanted[f"learner-{number}"] = {cell: full - lost.get(cell, 0) for cell, full in FULL.items()}
    return clean, wanted, grade(handed_in, "E00", folder)


def test_the_autograder_gives_each_submission_the_points_of_the_tasks_it_meets(marked) -> None:
    _, wanted, marks = marked
    assert points_given(marks, FULL) == wanted


def test_learners_get_no_answer_and_no_hidden_test(marked) -> None:
    text = json.dumps(marked[0])
    for secret in (*SECRETS, "return journeys()"):
        assert secret not in text


def test_a_blank_is_what_the_learner_is_given(marked) -> None:
    cells = {mark(cell).get("grade_id"): "".join(cell["source"]) for cell in marked[0]["cells"]}
    for variant in BLANK:
        assert "raise NotImplementedError" in cells[variant.task]
