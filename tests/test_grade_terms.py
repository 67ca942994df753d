"""Late hand-ins, extra credit and new hand-ins, through the command and nbgrader's own record."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from coursekit.grade.release import exercises
from small_cohort import FULL, answered, earned, grade, hand_in, statuses, table
from variants_e00 import WRONG, Variant

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can sandbox")

MOST = sum(FULL.values())
NOTEBOOK = exercises()["E00"].stem
COHORT: dict[str, tuple[Variant, ...]] = {"In time": (), "Late": (WRONG[0],), "Not said": ()}
TIMES = "learner,submitted\nIn time,2026-11-30 16:59+00:00\nLate,2026-11-30 18:30+01:00\n"
DUE = "2026-11-30 17:00+00:00"
EARNED = {learner: sum(earned(*chosen).values()) for learner, chosen in COHORT.items()}


@contextmanager
def gradebook(marking: Path):
    with Gradebook(f"sqlite:///{marking / 'gradebook.db'}") as opened:
        yield opened


def totals(marking: Path) -> dict[str, float]:
    return {learner: float(row["total"]) for learner, row in table(marking).items()}


def times(folder: Path, text: str = TIMES) -> Path:
    path = folder / "times.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A cohort of whom one handed in half an hour late, when that costs nothing."""
    base = tmp_path_factory.mktemp("late")
    handed_in = hand_in(base / "in", COHORT)
    done = grade(handed_in, base / "marking", "--due", DUE, "--times", times(base))
    assert done.returncode == 0, done.stderr
    return handed_in, base / "marking"


def test_being_late_costs_nothing_unless_one_says_so(late) -> None:
    assert totals(late[1]) == EARNED
    assert {row["late penalty"] for row in table(late[1]).values()} == {"0"}
    with gradebook(late[1]) as record:
        assert record.find_submission("E00", "Late").total_seconds_late == 30 * 60
        assert record.find_submission("E00", "In time").total_seconds_late == 0


def test_late_zero_costs_the_late_one_everything_and_nobody_else_until_it_is_lifted(
    late, tmp_path: Path
) -> None:
    handed_in, marking = late
    table_of_times = times(tmp_path)
    done = grade(handed_in, marking, "--late", "zero", "--times", table_of_times)
    assert done.returncode == 0, done.stderr
    assert totals(marking) == {**EARNED, "Late": 0}
    assert float(table(marking)["Late"]["late penalty"]) == EARNED["Late"]
    with gradebook(marking) as record:
        assert record.find_submission("E00", "Late").late_submission_penalty == EARNED["Late"]
    page = next((marking / "feedback" / "Late").rglob("*.html")).read_text(encoding="utf-8")
    assert "Late submission penalty" in page

    again = grade(handed_in, marking, "--times", table_of_times)  # the terms hold until they are set anew
    assert again.returncode == 0
    assert set(statuses(marking).values()) == {"unchanged"}
    assert totals(marking) == {**EARNED, "Late": 0}

    lifted = grade(handed_in, marking, "--late", "none", "--times", table_of_times)
    assert lifted.returncode == 0
    assert totals(marking) == EARNED


def test_a_later_due_date_takes_the_penalty_off(tmp_path: Path) -> None:
    handed_in, marking = hand_in(tmp_path / "in", COHORT), tmp_path / "marking"
    terms = ["--times", times(tmp_path), "--late", "zero"]
    assert grade(handed_in, marking, *terms, "--due", DUE).returncode == 0
    assert totals(marking) == {**EARNED, "Late": 0}
    assert grade(handed_in, marking, *terms, "--due", "2026-12-01 09:00+00:00").returncode == 0
    assert totals(marking) == EARNED


@pytest.mark.parametrize(
    ("more", "text", "said"),
    [
        (["--due", "next Friday"], TIMES, "'next Friday' is not a date and time"),
        ([], "name,when\nLate,2026-11-30 16:59\n", "needs the columns learner and submitted"),
        ([], "learner,submitted\nLate,yesterday\n", "row 2, column submitted: 'yesterday' is not a date"),
    ],
)
def test_a_date_that_is_none_is_said_before_anything_is_marked(
    tmp_path: Path, more: list[str], text: str, said: str
) -> None:
    handed_in = hand_in(tmp_path / "in", {"Late": ()})
    done = grade(handed_in, tmp_path / "marking", "--times", times(tmp_path, text), *more)
    assert done.returncode == 2
    assert said in done.stderr
    assert not (tmp_path / "marking" / "marks-E00.csv").exists()


def test_extra_credit_and_a_markers_own_score_count_and_a_new_hand_in_keeps_them(tmp_path: Path) -> None:
    handed_in, marking = hand_in(tmp_path / "in", {"Ann": (), "Bo": (WRONG[0],)}), tmp_path / "marking"
    assert grade(handed_in, marking).returncode == 0
    with gradebook(marking) as record:  # what formgrader writes
        record.find_grade("twelve", NOTEBOOK, "E00", "Ann").extra_credit = 3
        given = record.find_grade("twelve", NOTEBOOK, "E00", "Bo")
        given.manual_score, given.needs_manual_grade = 0.5, False
        record.db.commit()
    again = grade(handed_in, marking)
    assert again.returncode == 0
    assert set(statuses(marking).values()) == {"unchanged"}
    wrong = sum(earned(WRONG[0]).values())
    assert totals(marking) == {"Ann": MOST + 3, "Bo": wrong + 0.5}
    assert table(marking)["Ann"]["twelve"] == "4"
    assert table(marking)["Ann"]["max"] == f"{MOST:g}"
    page = next((marking / "feedback" / "Ann").rglob("*.html")).read_text(encoding="utf-8")
    assert f"Score: {MOST + 3:.1f} / {MOST:.1f}" in page

    for learner in ("Ann", "Bo"):  # both right, and different from before
        notebook = answered()
        notebook.cells.append(nbformat.v4.new_markdown_cell("A second thought."))
        nbformat.write(notebook, handed_in / f"{learner}.ipynb")
    third = grade(handed_in, marking)
    assert third.returncode == 0
    assert set(statuses(marking).values()) == {"marked"}
    assert totals(marking)["Ann"] == MOST + 3
    row = table(marking)["Bo"]
    assert row["manual marking outstanding"] == "yes"
    assert row["twelve"] == ""
    assert float(row["total"]) == MOST - FULL["twelve"]
    assert "waiting for a marker" in third.stdout
    with gradebook(marking) as record:
        assert record.find_grade("twelve", NOTEBOOK, "E00", "Bo").manual_score == 0.5


def test_a_worse_new_hand_in_counts_and_a_broken_one_does_not(tmp_path: Path) -> None:
    handed_in, marking = hand_in(tmp_path / "in", {"Ann": (), "Bo": ()}), tmp_path / "marking"
    assert grade(handed_in, marking).returncode == 0
    nbformat.write(answered(WRONG[0]), handed_in / "Ann.ipynb")
    (handed_in / "Bo.ipynb").write_text("{")
    done = grade(handed_in, marking)
    assert done.returncode == 1
    assert totals(marking) == {"Ann": sum(earned(WRONG[0]).values()), "Bo": MOST}
    assert statuses(marking) == {"Ann": "marked", "Bo": "not marked"}
    assert "The marks of an earlier hand-in stand." in table(marking)["Bo"]["reason"]


def test_a_hand_in_that_is_no_longer_there_keeps_its_marks(tmp_path: Path) -> None:
    handed_in, marking = hand_in(tmp_path / "in", {"Ann": (), "Bo": ()}), tmp_path / "marking"
    assert grade(handed_in, marking).returncode == 0
    (handed_in / "Bo.ipynb").unlink()
    done = grade(handed_in, marking)
    assert done.returncode == 0
    assert totals(marking) == {"Ann": MOST, "Bo": MOST}
    assert "no longer among the submissions" in table(marking)["Bo"]["reason"]
