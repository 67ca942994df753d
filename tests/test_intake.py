"""What a facilitator was given, as learning systems and nbgrader's exchange give it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import nbformat
import pytest

from coursekit.grade.folder import MarkingFolder, open_folder
from coursekit.grade.intake import IntakeError, opened
from coursekit.paths import ROOT

NAME = next((ROOT / "exercises/source/E00").glob("*.ipynb")).name


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> MarkingFolder:
    return open_folder(tmp_path_factory.mktemp("marking") / "marking", "E00")


@pytest.fixture(scope="module")
def notebook(folder: MarkingFolder) -> str:
    return nbformat.writes(folder.released())


def numbered(notebook: str, number: int) -> str:
    """The same notebook, told apart from others by one answer."""
    document = json.loads(notebook)
    for cell in document["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "baseline":
            cell["source"] = f"baseline = {number}"
    return json.dumps(document)


def zipped(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def names(path: Path, folder: MarkingFolder, **more: Path) -> dict[str, str]:
    with opened(path, folder, **more) as found:
        return {one.learner: one.problem or "" for one in found}


def test_moodle_without_folders(tmp_path: Path, folder, notebook) -> None:
    given = zipped(
        tmp_path / "moodle.zip",
        {
            f"Anita Patel_1001_assignsubmission_file_{NAME}": notebook,
            f"José d'Arcy_1002_assignsubmission_file_{NAME}": notebook,
            f"Anita Patel_1003_assignsubmission_file_{NAME}": notebook,
        },
    )
    assert names(given, folder) == {"Anita Patel (1001)": "", "Anita Patel (1003)": "", "José d'Arcy": ""}


def test_moodle_with_folders_and_a_file_beside(tmp_path: Path, folder, notebook) -> None:
    given = zipped(
        tmp_path / "moodle.zip",
        {
            f"Ann Smith_77_assignsubmission_file_/{NAME}": notebook,
            "Ann Smith_77_assignsubmission_file_/data/mine.csv": "a\n1\n",
            "Bo Li_78_assignsubmission_onlinetext_/onlinetext.html": "<p>I could not upload it</p>",
        },
    )
    with opened(given, folder) as found:
        by_name = {one.learner: one for one in found}
    assert by_name["Ann Smith"].files == (("data/mine.csv", b"a\n1\n"),)
    assert "web page" in by_name["Bo Li"].problem


def test_teams_takes_the_latest_version_and_not_the_working_files(tmp_path: Path, folder, notebook) -> None:
    given = zipped(
        tmp_path / "teams.zip",
        {
            f"Submitted files/Patel, Anita/First cell/Version 1/{NAME}": numbered(notebook, 1),
            f"Submitted files/Patel, Anita/First cell/Version 12/{NAME}": numbered(notebook, 12),
            f"Submitted files/Patel, Anita/First cell/Version 2/{NAME}": numbered(notebook, 2),
            f"Submitted files/Smith, Zoë/First cell/Version 1/{NAME}": notebook,
        },
    )
    with opened(given, folder) as found:
        assert [one.learner for one in found] == ["Patel, Anita", "Smith, Zoë"]
        assert b"baseline = 12" in found[0].data


def test_canvas(tmp_path: Path, folder, notebook) -> None:
    given = zipped(
        tmp_path / "canvas.zip",
        {f"patelanita_5501_99001_{NAME}": notebook, f"smithbo_LATE_5502_99002_{NAME}": notebook},
    )
    assert names(given, folder) == {"patelanita": "", "smithbo": ""}


@pytest.mark.parametrize("top", ["", "cohort 3/"])
def test_a_folder_that_somebody_zipped(tmp_path: Path, folder, notebook, top: str) -> None:
    given = zipped(
        tmp_path / "cohort.zip",
        {f"{top}patel-a.ipynb": notebook, f"{top}smith-b/{NAME}": notebook, f"{top}.DS_Store": ""},
    )
    assert names(given, folder) == {"patel-a": "", "smith-b": ""}


def test_a_learner_who_sends_a_zip_inside_the_zip_is_told(tmp_path: Path, folder) -> None:
    given = zipped(tmp_path / "m.zip", {"Ann_1_assignsubmission_file_work.zip": "PK"})
    assert "Unpack it" in names(given, folder)["Ann"]


def attempt(inbound: Path, student: str, time: str, text: str, assignment: str = "E00") -> None:
    folder = inbound / f"{student}+{assignment}+{time}+abc"
    folder.mkdir(parents=True)
    (folder / NAME).write_text(text, encoding="utf-8")
    (folder / "timestamp.txt").write_text(time, encoding="utf-8")


def test_an_exchange_gives_each_learners_latest_attempt_and_its_time(
    tmp_path: Path, folder, notebook
) -> None:
    inbound = tmp_path / "inbound"
    attempt(inbound, "patel", "2026-11-02 09:00:00.000000 UTC", numbered(notebook, 1))
    attempt(inbound, "patel", "2026-11-03 09:00:00.000000 UTC", numbered(notebook, 2))
    attempt(inbound, "smith", "2026-11-01 09:00:00.000000 UTC", notebook)
    attempt(inbound, "smith", "2026-11-09 09:00:00.000000 UTC", notebook, assignment="E02")
    with opened(inbound, folder) as found:
        assert [(one.learner, one.submitted) for one in found] == [
            ("patel", "2026-11-03 09:00:00.000000 UTC"),
            ("smith", "2026-11-01 09:00:00.000000 UTC"),
        ]
        assert b"baseline = 2" in found[0].data


def test_an_attempt_with_a_link_is_left_and_the_one_before_counts(tmp_path: Path, folder, notebook) -> None:
    inbound = tmp_path / "inbound"
    attempt(inbound, "patel", "2026-11-02 09:00:00.000000 UTC", numbered(notebook, 1))
    attempt(inbound, "patel", "2026-11-03 09:00:00.000000 UTC", numbered(notebook, 2))
    later = next(inbound.glob("patel*2026-11-03*"))
    (later / "gradebook.db").symlink_to("/etc/passwd")
    with opened(inbound, folder) as found:
        (one,) = found
    assert b"baseline = 1" in one.data
    assert "link" in " ".join(one.notes)


def test_a_learner_cannot_say_when_they_handed_in(tmp_path: Path, folder, notebook) -> None:
    (tmp_path / "in" / "patel").mkdir(parents=True)
    (tmp_path / "in" / "patel" / NAME).write_text(notebook, encoding="utf-8")
    (tmp_path / "in" / "patel" / "timestamp.txt").write_text("2020-01-01 00:00:00 UTC", encoding="utf-8")
    with opened(tmp_path / "in", folder) as found:
        assert (found[0].files, found[0].submitted) == ((), "")


def test_a_table_of_times(tmp_path: Path, folder, notebook) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "José.ipynb").write_text(notebook, encoding="utf-8")
    times = tmp_path / "times.csv"
    times.write_text("learner,submitted\nJosé,2026-11-30 17:30+01:00\n", encoding="utf-8-sig")
    with opened(tmp_path / "in", folder, times) as found:
        assert found[0].submitted == "2026-11-30 16:30:00.000000 UTC"
    times.write_text("learner,submitted\nJosé,yesterday\n", encoding="utf-8")
    with (
        pytest.raises(IntakeError, match=r"row 2, column submitted: 'yesterday'"),
        opened(tmp_path / "in", folder, times),
    ):
        pass
    times.write_text("name,when\n", encoding="utf-8")
    with (
        pytest.raises(IntakeError, match="columns learner and submitted"),
        opened(tmp_path / "in", folder, times),
    ):
        pass
