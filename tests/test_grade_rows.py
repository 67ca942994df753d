"""The gradebook steps that read a notebook's rows together leave what nbgrader's own leave, and marks whole or not at all."""

import json
import os
import sys
import sysconfig
from pathlib import Path

import nbgrader.api
import pytest
from nbgrader.api import Gradebook, MissingEntry
from traitlets.config.loader import PyFileConfigLoader

from coursekit.grade import engine, rows
from coursekit.grade.release import exercises
from small_cohort import grade, hand_in

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can sandbox")

ASSIGNMENT = "E00"
LEARNER = "Bo"
NOTEBOOK = exercises()[ASSIGNMENT].stem
ABOUT = (NOTEBOOK, ASSIGNMENT, LEARNER)
STEPS = {
    "Autograde": ("sanitize_preprocessors", "autograde_preprocessors"),
    "GenerateFeedback": ("preprocessors",),
}


def use_steps_of_nbgrader(marking: Path) -> None:
    """Have a marking folder marked by the steps that ours come from."""
    config = PyFileConfigLoader(engine.CONFIG, path=str(marking)).load_config()
    own = {
        converter: {
            steps: [
                one.replace("coursekit.grade.rows.", "nbgrader.preprocessors.").removesuffix("Together")
                for one in config[converter][steps]
            ]
            for steps in names
        }
        for converter, names in STEPS.items()
    }
    assert "Together" not in json.dumps(own)
    assert "nbgrader.preprocessors.SaveAutoGrades" in json.dumps(own)
    engine.write_own_settings(marking, own)


def gradebook(marking: Path) -> Gradebook:
    with engine.newest_version_known():
        return Gradebook(f"sqlite:///{marking / 'gradebook.db'}", "impact-in-practice")


def kept(marking: Path) -> tuple[dict, dict, dict]:
    """What a gradebook holds about every cell of every learner, and the learners' feedback pages."""
    grades, comments = {}, {}
    with gradebook(marking) as opened:
        for submission in opened.assignment_submissions(ASSIGNMENT):
            for notebook in submission.notebooks:
                for one in notebook.grades:
                    grades[submission.student.id, one.name] = (
                        one.auto_score, one.manual_score, one.needs_manual_grade, one.max_score, one.score,
                    )  # fmt: skip
                for one in notebook.comments:
                    comments[submission.student.id, one.name] = (one.auto_comment, one.comment)
    pages = {path.parts[-3]: path.read_text(encoding="utf-8") for path in marking.glob("feedback/*/*/*.html")}
    return grades, comments, pages


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A cohort marked with our steps, and with nbgrader's."""
    base = tmp_path_factory.mktemp("rows")
    handed_in = hand_in(base / "in")
    folders = [base / "ours", base / "theirs"]
    earlier = hand_in(base / "earlier", {LEARNER: ()})
    for marking in folders:
        grade(earlier, marking)
    use_steps_of_nbgrader(folders[1])
    for marking in folders:
        done = grade(handed_in, marking)
        assert done.returncode == 0, done.stdout + done.stderr
    return folders


def test_marks_comments_and_pages_are_those_of_nbgraders_own_steps(marked: list[Path]) -> None:
    (grades, comments, pages), theirs = map(kept, marked)
    assert (grades, comments) == theirs[:2]
    assert pages == theirs[2]
    assert len({learner for learner, _ in grades}) == len(pages) == 6
    assert len({score for score, *_ in grades.values()}) > 2
    assert {"No response."} < {told for told, _ in comments.values()}


def test_a_notebook_whose_marking_stops_halfway_has_its_earlier_marks_whole(
    marked: list[Path],
) -> None:
    before = kept(marked[0])[0]
    step = rows.SaveAutoGradesTogether()
    step.notebook_id, step.assignment_id, step.student_id = ABOUT
    names = [name for learner, name in before if learner == LEARNER]
    step.gradebook = gradebook(marked[0])

    def stop_at_the_third() -> None:
        with step.gradebook as opened:
            for place, name in enumerate(names):
                opened.find_grade(name, *ABOUT).auto_score = 0.125
                opened.db.commit()
                if place == 2:
                    raise RuntimeError("power")

    with pytest.raises(RuntimeError, match="power"):
        stop_at_the_third()
    assert kept(marked[0])[0] == before


def test_what_the_rows_do_not_hold_is_asked_of_the_gradebook(marked: list[Path]) -> None:
    step = rows.SaveAutoGradesTogether()
    step.notebook_id, step.assignment_id, step.student_id = ABOUT
    step.gradebook = gradebook(marked[0])
    with step.gradebook as opened:
        name = opened.find_submission(ASSIGNMENT, "Chi").notebooks[0].grades[0].name
        assert opened.find_grade(name, NOTEBOOK, ASSIGNMENT, "Chi").student.id == "Chi"
        assert opened.find_grade(name, *ABOUT).student.id == LEARNER
        for ask in (opened.find_grade, opened.find_comment):
            with pytest.raises(MissingEntry):
                ask("no such cell", *ABOUT)
        for ask in (opened.find_source_cell, opened.find_graded_cell):
            with pytest.raises(MissingEntry):
                ask("no such cell", NOTEBOOK, ASSIGNMENT)


def test_the_version_of_the_tables_is_the_one_nbgrader_finds(monkeypatch) -> None:
    monkeypatch.setenv(
        "PATH", sysconfig.get_path("scripts"), prepend=os.pathsep
    )  # it starts a program by its name
    said_by_nbgrader = nbgrader.api.get_alembic_version()
    with engine.newest_version_known():
        assert nbgrader.api.get_alembic_version() == said_by_nbgrader
