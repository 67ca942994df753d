"""What `course grade` does with awkward hand-ins, names and places, and after a person has marked."""

from __future__ import annotations

import copy
import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from coursekit.grade import folder as marking_folder
from coursekit.grade.engine import EngineError
from coursekit.grade.mend import marked_cells, mend
from coursekit.grade.release import build_release, leaks
from coursekit.grade.submissions import find_submissions
from variants_e02 import BY_HAND, FULL, RIGHT

COURSE = Path(sys.executable).with_name("course")
NOTEBOOK = "E02-chart-pack.ipynb"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    """The learner's version, as `course build` makes it."""
    path = next(made for made in build_release(tmp_path_factory.mktemp("release")) if made.name == NOTEBOOK)
    return nbformat.read(path, as_version=4)


@pytest.fixture
def right(released: NotebookNode) -> NotebookNode:
    """A right answer, to be spoilt."""
    return answered(released)


def answered(released: NotebookNode) -> NotebookNode:
    notebook = copy.deepcopy(released)
    cells = marked_cells(notebook)
    for name, code in RIGHT.cells.items():
        cells[name].source = code
    return notebook


def write(path: Path, notebook: NotebookNode) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def without(notebook: NotebookNode, *grade_ids: str) -> NotebookNode:
    gone = [marked_cells(notebook)[grade_id] for grade_id in grade_ids]
    notebook.cells = [cell for cell in notebook.cells if not any(cell is one for one in gone)]
    return notebook


def add_after(notebook: NotebookNode, grade_id: str, source: str) -> None:
    place = next(i for i, cell in enumerate(notebook.cells) if cell is marked_cells(notebook)[grade_id])
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(source))


def grade(submissions: Path, marking: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(COURSE), "grade", str(submissions), "--assignment", "E02", "--marking", str(marking)],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(marking.parent)},
    )


def marks(marking: Path) -> dict[str, dict[str, str]]:
    with (marking / "marks-E02.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["learner"]: row for row in csv.DictReader(file)}


def automatic(row: dict[str, str]) -> float:
    return sum(float(row[outcome]) for outcome in FULL)


@pytest.fixture(scope="module")
def cohort(
    tmp_path_factory: pytest.TempPathFactory, released: NotebookNode
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """One run over hand-ins that stock nbgrader stops at, scores wrongly or cannot name."""
    base = tmp_path_factory.mktemp("awkward")
    handed_in = base / "handed in"
    write(handed_in / "E02_José d'Arcy.ipynb", answered(released))

    rewritten = without(answered(released), "xmr-limits", "mean", "moving-range")
    add_after(rewritten, "data", RIGHT.cells["xmr-limits"])
    write(handed_in / "own-cell.ipynb", rewritten)

    warns = answered(released)
    marked_cells(warns)["xmr-limits"].source += "\n\n_right = xmr_limits\n" + (
        "def xmr_limits(values, screen_outliers=False):\n"
        "    import warnings\n"
        '    warnings.warn("something is deprecated", stacklevel=1)\n'
        "    return _right(values, screen_outliers)\n"
    )
    write(handed_in / "warns.ipynb", warns)

    says = answered(released)
    marked_cells(says)["xmr-limits"].source += "\n\n_right = xmr_limits\n" + (
        "def xmr_limits(values, screen_outliers=False):\n"
        '    print("SEEN", list(values))\n'
        "    if len(values) > 20:\n"
        "        raise KeyError(f'SEEN {values}')\n"
        "    return _right(values, screen_outliers)\n"
    )
    write(handed_in / "says.ipynb", says)

    stops = answered(released)
    add_after(stops, "xmr-limits", "import os; os._exit(1)")
    write(handed_in / "stops.ipynb", stops)

    bom = handed_in / "with-mark.ipynb"
    bom.write_bytes(b"\xef\xbb\xbf" + nbformat.writes(answered(released)).encode())
    return base / "marking", grade(handed_in, base / "marking")


def test_a_name_with_accent_blank_and_apostrophe_is_marked_under_that_name(cohort) -> None:
    assert automatic(marks(cohort[0])["José d'Arcy"]) == sum(FULL.values())


def test_an_answer_in_a_new_cell_counts_when_its_own_cell_and_tests_were_deleted(cohort) -> None:
    row = marks(cohort[0])["own-cell"]
    assert automatic(row) == sum(FULL.values())
    assert "deleted and put back: mean, moving-range" in row["reason"]
    assert "put back empty: xmr-limits" in row["reason"]


def test_a_warning_costs_no_points(cohort) -> None:
    assert automatic(marks(cohort[0])["warns"]) == sum(FULL.values())


def test_a_byte_order_mark_does_not_matter(cohort) -> None:
    assert automatic(marks(cohort[0])["with-mark"]) == sum(FULL.values())


def test_a_notebook_that_stops_python_is_named_and_the_others_are_marked(cohort) -> None:
    table = marks(cohort[0])
    assert "Python stopped" in table["stops"]["look at"]
    assert automatic(table["stops"]) < sum(FULL.values())
    assert [name for name, other in table.items() if "Python stopped" in other["look at"]] == ["stops"]
    assert {other["status"] for other in table.values()} == {"marked"}
    assert cohort[1].returncode == 0


def test_feedback_shows_neither_hidden_numbers_nor_what_the_answer_printed_of_them(cohort) -> None:
    page = (cohort[0] / "feedback" / "says" / "E02" / "E02-chart-pack.html").read_text(encoding="utf-8")
    assert "Not passed: a hidden test." in page
    assert re.search(r"SEEN \[\d+\.\d,", page), "the learner's own cells keep their output"
    assert not re.search(r"SEEN \[-?\d+\.\d{6}", page), "hidden series have many decimals"


def test_feedback_pages_ask_no_other_host_for_a_script(cohort) -> None:
    for page in (cohort[0] / "feedback").rglob("*.html"):
        assert '<script src="http' not in page.read_text(encoding="utf-8")


def test_the_terminal_shows_no_warnings_of_libraries(cohort) -> None:
    assert cohort[1].stderr == ""


def test_a_score_given_by_a_person_reaches_the_table_and_the_feedback_page(cohort, tmp_path: Path) -> None:
    marking, scores = cohort[0], {"interpretation": 12, "charter": 9, "critique": 10}
    assert scores.keys() == BY_HAND.keys()
    with Gradebook(f"sqlite:///{marking / 'gradebook.db'}") as gradebook:
        for task, score in scores.items():
            given = gradebook.find_grade(task, "E02-chart-pack", "E02", "warns")
            given.manual_score, given.needs_manual_grade = score, False
        gradebook.db.commit()
    assert marks(marking)["warns"]["manual marking outstanding"] == "yes"

    again = grade(marking.parent / "handed in", marking)

    row = marks(marking)["warns"]
    assert row["status"] == "unchanged", again.stdout
    assert {task: row[task] for task in scores} == {task: str(score) for task, score in scores.items()}
    assert row["manual marking outstanding"] == "no"
    total, most = sum(FULL.values()) + sum(scores.values()), sum(FULL.values()) + sum(BY_HAND.values())
    assert float(row["total"]) == total
    page = (marking / "feedback" / "warns" / "E02" / "E02-chart-pack.html").read_text(encoding="utf-8")
    assert f"Score: {total:.1f} / {most:.1f}" in page


def test_nbgraders_own_commands_work_in_the_marking_folder(cohort) -> None:
    scripts = Path(sys.executable).parent
    for step in ("autograde", "generate_feedback"):
        done = subprocess.run(
            [str(scripts / "nbgrader"), step, "E02", "--student=own-cell", "--force"],
            cwd=cohort[0], capture_output=True, text=True, env={"PATH": f"{scripts}:/usr/bin:/bin", "HOME": "/tmp"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    with Gradebook(f"sqlite:///{cohort[0] / 'gradebook.db'}") as gradebook:
        assert gradebook.find_submission("E02", "own-cell").score == sum(FULL.values())


def find(handed_in: Path, released: NotebookNode) -> dict:
    return {one.learner: one for one in find_submissions(handed_in, released, "E02", "E02-chart-pack")}


@pytest.mark.parametrize(
    "name",
    [
        "patel-a.ipynb",
        "E02_patel-a.ipynb",
        "e02-chart-pack patel-a.ipynb",
        "patel-a_E02.ipynb",
        "patel-a (1).ipynb",
    ],
)
def test_the_learner_is_named_by_the_file(
    name: str, tmp_path: Path, released: NotebookNode, right: NotebookNode
) -> None:
    write(tmp_path / name, right)
    assert list(find(tmp_path, released)) == ["patel-a"]


def test_a_folder_names_the_learner_and_what_is_beside_the_notebook_is_passed_over(
    tmp_path: Path, released: NotebookNode, right: NotebookNode
) -> None:
    write(tmp_path / "Okafor B" / "E02" / NOTEBOOK, right)
    write(tmp_path / "Okafor B" / "E02" / ".ipynb_checkpoints" / "E02-chart-pack-checkpoint.ipynb", right)
    (tmp_path / "Okafor B" / "chart.png").write_bytes(b"picture")
    (tmp_path / ".DS_Store").write_bytes(b"x")
    found = find(tmp_path, released)
    assert list(found) == ["Okafor B"]
    assert found["Okafor B"].problem is None


def test_a_second_download_of_one_learners_notebook_is_asked_about(
    tmp_path: Path, released: NotebookNode, right: NotebookNode
) -> None:
    write(tmp_path / "patel-a.ipynb", right)
    write(tmp_path / "Patel-A (1).ipynb", right)
    (only,) = find(tmp_path, released).values()
    assert only.data is None
    assert "Patel-A (1).ipynb and patel-a.ipynb" in only.problem


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("E02-chart-pack.ipynb", b"{}", "does not say whose it is"),
        ("ng.zip", b"PK\x03\x04", "Unpack it"),
        ("ng.ipynb", b"PK\x03\x04", "a zip file under a notebook's name"),
        ("ng.ipynb", b"<!DOCTYPE html><html>", "a web page saved under a notebook's name"),
        ("ng.ipynb", b"  \n", "is empty"),
        ("ng.ipynb", b'{"cells": [nonsense], "metadata": {}, "nbformat": 4}', "damaged"),
        (
            "ng.ipynb",
            b'{"cells": [1], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
            "structure is damaged",
        ),
        ("ng.ipynb", b"[" * 100_000, "damaged"),
    ],
)
def test_what_is_not_a_notebook_is_said_in_words(
    name: str, content: bytes, reason: str, tmp_path: Path, released: NotebookNode
) -> None:
    (tmp_path / name).write_bytes(content)
    (only,) = find(tmp_path, released).values()
    assert only.data is None
    assert reason in only.problem


def test_a_notebook_of_another_exercise_is_not_taken_for_this_one(
    tmp_path: Path, released: NotebookNode, right: NotebookNode
) -> None:
    for number, cell in enumerate(marked_cells(right).values()):
        if number > 1:  # two names in common, as every exercise may have
            cell.metadata["nbgrader"]["grade_id"] = f"plan-{number}"
    write(tmp_path / "ng.ipynb", right)
    assert "not exercise E02" in find(tmp_path, released)["ng"].problem


def test_mending_an_untouched_notebook_changes_nothing(released: NotebookNode, right: NotebookNode) -> None:
    before = copy.deepcopy(right)
    assert mend(right, released) == ()
    assert right == before


def test_mending_puts_every_marked_cell_back_in_order(released: NotebookNode, right: NotebookNode) -> None:
    order = list(marked_cells(released))
    for gone in (order[:1], order[-1:], order[3:8], order[1:-1]):
        notebook = without(copy.deepcopy(right), *gone)
        mend(notebook, released)
        assert list(marked_cells(notebook)) == order


def test_mending_restores_marks_that_were_tampered_with(released: NotebookNode, right: NotebookNode) -> None:
    marked_cells(right)["mean"].metadata["nbgrader"].update(points=100, grade=False)
    mend(right, released)
    assert marked_cells(right)["mean"].metadata == marked_cells(released)["mean"].metadata


def test_a_solution_left_in_the_learners_version_is_found(released: NotebookNode) -> None:
    source = nbformat.read(marking_folder.exercises()["E02"], as_version=4)
    assert leaks(source, released) == []
    assert leaks(source, source)


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path, right: NotebookNode) -> None:
    write(tmp_path / "in" / "patel-a.ipynb", right)
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine")
    refused = grade(tmp_path / "in", tmp_path / "thesis")
    assert refused.returncode == 2
    assert "holds other things" in refused.stderr
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["chapter.txt"]


@pytest.mark.parametrize("marking", ["in", "in/marking", "."])
def test_marking_and_submissions_must_be_two_folders(
    marking: str, tmp_path: Path, right: NotebookNode
) -> None:
    write(tmp_path / "in" / "patel-a.ipynb", right)
    refused = grade(tmp_path / "in", tmp_path / marking)
    assert refused.returncode == 2
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["patel-a.ipynb"]


def test_a_marking_folder_that_could_not_be_made_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise EngineError("nbgrader stopped")

    monkeypatch.setattr(marking_folder, "add_assignment", fail)
    with pytest.raises(EngineError):
        marking_folder.open_folder(tmp_path / "marking", "E02")
    assert list(tmp_path.iterdir()) == []


def test_two_marking_folders_have_different_private_seeds(tmp_path: Path) -> None:
    seeds = set()
    for name in ("one", "two"):
        marking_folder.open_folder(tmp_path / name, "E02")
        seeds.add(json.loads((tmp_path / name / "cohort.json").read_text())["seed"])
    assert len(seeds) == 2
