"""`course report` on a real marked cohort: what a facilitator sees, prints, passes on and imports elsewhere."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import cohorts
from browsing import faults_of, overflow
from cohorts import NAMES, RIGHT_TO_LEFT, SD, course

ROSTER = """learner,name,email,id,username,group
<img src=x onerror=alert(1)>,<img src=x onerror=alert(1)>,x@example.org,1001,x1,North
José d'Arcy,José d'Arcy,jose@example.org,1002,jd,North
"\"\"Ann, O'Neill\"\"","\"\"Ann, O'Neill\"\"",ann@example.org,1003,,North
محمد,محمد علي,m@example.org,1004,,North
=HYPERLINK,"=HYPERLINK(""http://x"",""y"")",h@example.org,1005,,North
ng,"<script>document.title='ran'</script>",n@example.org,1006,,South
patel-a,Patel\u202eA,p@example.org,1007,pp,South
Zoë,Zoë,z@example.org,1008,,South
okafor-b,Okafor B,o@example.org,1009,,South
smith-c,Smith C,not an address,1010,,South
blank,Blank,b@example.org,1011,,South
waits,Waits,w@example.org,1012,,South
absent,"</title><style>*{display:none}</style>",a@example.org,1013,,South
broken,Broken,br@example.org,1014,,South
"""


def report(marking: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return course("report", "--marking", marking, *arguments, home=marking.parent)


@pytest.fixture(scope="module")
def marking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A marked cohort of twelve, one of them flagged."""
    copied = tmp_path_factory.mktemp("cohort") / "marking"
    shutil.copytree(cohorts.made(), copied)
    cohorts.flag(copied, "ng", "Changes <b>assert</b> & more.")
    return copied


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("roster") / "roster.csv"
    path.write_text(ROSTER, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def told(marking: Path, roster: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, Path]:
    """What the command says with --json, and the folder it wrote."""
    out = tmp_path_factory.mktemp("out")
    done = report(
        marking, "--roster", roster, "--json", "--out", out, "--book", "https://example.org/course/"
    )
    assert done.returncode == 1, done.stderr  # the roster has a row to mend
    return json.loads(done.stdout)["reports"][0], out / "E02"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_wrong_answers_are_named_from_what_marking_kept(told: tuple[dict, Path]) -> None:
    """From hand-in to sentence, nothing in between written by the test."""
    found = [(one["name"], one["learners"], one["lesson"]) for one in told[0]["teach_again"]]
    assert found == [(SD, 4, "M02.3"), ("too-few-points-called-steady", 3, "M02.2")]


def test_everybody_without_marks_is_there_with_the_reason(told: tuple[dict, Path]) -> None:
    reasons = {one["name"]: one["reason"] for one in told[0]["without_marks"]}
    assert "cut short" in reasons["Broken"]
    assert reasons["</title><style>*{display:none}</style>"] == "Has not handed in."
    assert len(reasons) == 2
    assert told[0]["waiting_for_a_marker"] == ["Waits"]
    assert [one["name"] for one in told[0]["flagged"]] == ["<script>document.title='ran'</script>"]


def test_marks_by_outcome_are_those_of_the_answers(told: tuple[dict, Path]) -> None:
    """Twelve learners, one blank; four of the eleven lose 2 of construct's 14 points, three lose 1 of apply's 13."""
    means = {one["outcome"]: one["mean"] for one in told[0]["outcomes"]}
    assert means["construct"] == pytest.approx((7 + 4 * 12 / 14) / 12)
    assert means["apply"] == pytest.approx((8 + 3 * 12 / 13) / 12)
    assert means["critique"] == pytest.approx(10 * 0.8 / 11)


def test_items_tell_facility_and_who_tried_nothing(told: tuple[dict, Path]) -> None:
    items = {row["item"]: row for row in rows(told[1] / "items.csv")}
    assert float(items["limits"]["facility"]) == pytest.approx(7 / 12)
    assert items["limits"]["misconceptions"] == f"{SD} (4)"
    assert {row["not tried"] for row in items.values()} == {"1"}
    assert -1 <= float(items["limits"]["discrimination"]) <= 1


def test_exports_hold_who_can_be_imported_and_name_the_others(told: tuple[dict, Path]) -> None:
    moodle = rows(told[1] / "moodle.csv")
    assert {row["ID number"] for row in moodle} == {str(1001 + number) for number in range(11)}
    assert {row["E02 Chart pack"] for row in moodle} == {"0", "100", "101", "102"}
    assert any(
        "Waits is left out, because marks are still to come" in line
        for line in told[0]["left_out_of_exports"]
    )
    for name in ("learners", "lms", "canvas", "teach-again"):
        for line in (told[1] / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines():
            for cell in next(csv.reader([line])):
                assert not cell.startswith(("=", "+", "@")), cell
    assert (told[1] / "canvas.csv").read_text("utf-8").splitlines()[
        0
    ] == "Student,ID,SIS User ID,SIS Login ID,Section,E02 Chart pack"


def test_the_roster_row_to_mend_is_named(told: tuple[dict, Path]) -> None:
    assert told[0]["problems"] == [
        "roster.csv, row 11: 'not an address' is no e-mail address, and was left out."
    ]


def open_page(browser: Browser, path: Path, **options: object) -> tuple[Page, list[str]]:
    asked: list[str] = []
    page = browser.new_context(**options).new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
    page.goto(path.as_uri())
    return page, asked


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_runs_no_script_of_a_name_and_asks_nobody_for_anything(
    told: tuple[dict, Path], browser: Browser, scheme: str
) -> None:
    page, asked = open_page(browser, told[1] / "report.html", color_scheme=scheme)
    assert asked == [(told[1] / "report.html").as_uri()]
    assert page.title() == "Cohort report: E02"
    assert page.locator("script, img, style").count() == 1, "our own style and nothing else"
    body = page.locator("main").inner_text()
    for name in ("<img src=x onerror=alert(1)>", "José d'Arcy", "\"Ann, O'Neill\"", "محمد علي", "<script>document.title='ran'</script>"):  # fmt: skip
        assert name in body
    assert "\u202e" not in body
    assert "Changes <b>assert</b> & more." in body
    assert faults_of_static(page) == []
    page.context.close()


def faults_of_static(page: Page) -> list:
    """axe on a page that forbids scripts: the page is read into one that does not."""
    html = page.content().replace("default-src 'none'; ", "")
    other = page.context.new_page()
    other.set_content(html)
    return faults_of(other)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_a_telephone_and_a_desk(told: tuple[dict, Path], browser: Browser, width: int) -> None:
    page, _ = open_page(browser, told[1] / "report.html", viewport={"width": width, "height": 800})
    assert overflow(page) <= 0
    page.context.close()


def test_the_page_prints_with_nothing_cut_off(told: tuple[dict, Path], browser: Browser) -> None:
    page, _ = open_page(
        browser, told[1] / "report.html", viewport={"width": 688, "height": 900}
    )  # 182 mm between margins
    page.emulate_media(media="print")
    assert page.evaluate(
        "[...document.querySelectorAll('table')].every((one) => one.getBoundingClientRect().right <= 688)"
    )
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    page.context.close()


def test_lessons_are_linked_in_the_book(told: tuple[dict, Path]) -> None:
    html = (told[1] / "report.html").read_text(encoding="utf-8")
    assert 'href="https://example.org/course/modules/measurement/xmr-charts.html"' in html


def test_a_report_to_share_holds_no_name_and_no_small_group(
    marking: Path, roster: Path, tmp_path: Path
) -> None:
    assert report(marking, "--roster", roster, "--share", "--minimum", 5, "--out", tmp_path).returncode == 0
    text = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "E02" / "to-share").iterdir())
    for line in csv.DictReader(ROSTER.splitlines()):
        for column in ("learner", "name", "email"):
            assert line[column] not in text or line[column] in {
                "blank",
                "Blank",
                "waits",
                "Waits",
                "broken",
                "ng",
            }, line[column]
    assert "12 learners are counted here" in text
    assert "<bdi>North</bdi> (5)" in text
    assert report(marking, "--roster", roster, "--share", "--out", tmp_path).returncode == 0
    alone = (tmp_path / "E02" / "to-share" / "report.html").read_text(encoding="utf-8")
    assert "too few learners in every group" in alone, "five and seven are under ten"
    assert "%" not in alone.partition("<main>")[2].partition("What was left out")[0]


@pytest.mark.parametrize("minimum", [4, 0, -3])
def test_nobody_can_ask_for_groups_under_five(minimum: int, marking: Path, tmp_path: Path) -> None:
    refused = report(marking, "--share", "--minimum", minimum, "--out", tmp_path)
    assert refused.returncode == 2
    assert "5 or more" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_two_markers_are_compared_from_the_file_that_was_written(
    marking: Path, told: tuple[dict, Path], tmp_path: Path
) -> None:
    table = rows(told[1] / "second-marks.csv")
    assert len(table) == (len(NAMES) - 1) * 15, "three tasks of five criteria, and none for who wrote nothing"
    for number, row in enumerate(table):
        row["first marker"], row["second marker"] = number % 4, number % 4 if number % 3 else 3 - number % 4
    path = tmp_path / "second-marks.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, table[0])
        writer.writeheader()
        writer.writerows(table)
    done = report(marking, "--second-marks", path, "--json", "--out", tmp_path / "out")
    found = {
        (one["task"], one["criterion"]): one for one in json.loads(done.stdout)["reports"][0]["agreement"]
    }
    assert len(found) == 16
    together = found["", "all criteria"]
    assert together["marks"] == 165
    assert together["low"] < together["kappa"] < together["high"]
    assert "too few" in found["critique", "Rival explanation"]["refusal"], "eleven scripts"


def test_a_report_leaves_the_marking_as_it_was(marking: Path, tmp_path: Path) -> None:
    def state() -> dict[str, str]:
        return {
            str(path): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in marking.rglob("*")
            if path.is_file()
        }

    before = state()
    assert report(marking, "--out", tmp_path).returncode == 0
    assert state() == before


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--marking", "nowhere"), "is not a marking folder"),
        (("--assignment", "E99"), "E99 has not been marked"),
        (("--roster", "nowhere.csv"), "cannot be read"),
        (("--book", "javascript:alert(1)"), "takes an address"),
    ],
)
def test_what_cannot_be_reported_on_is_said(arguments: tuple[str, ...], why: str, marking: Path) -> None:
    refused = report(marking, *arguments)
    assert refused.returncode == 2
    assert why in " ".join(refused.stderr.split())
    assert "Traceback" not in refused.stderr


def test_names_in_right_to_left_script_stand_alone(told: tuple[dict, Path]) -> None:
    assert f"<bdi>{RIGHT_TO_LEFT} علي</bdi>" in (told[1] / "report.html").read_text(encoding="utf-8")
