"""The capstone kits: what a machine marks in them, what it never does, and that paper and notebook ask the same."""

from __future__ import annotations

import contextlib
import copy
import csv
import io
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from coursekit.grade.release import build_release
from coursekit.paths import ROOT
from marking import points
from variants_m16 import (
    BOARD,
    BY_HAND_A,
    BY_HAND_B,
    FULL_A,
    FULL_B,
    HANDOVER,
    IMPROVED,
    PROJECT,
    QUIET,
    weekly,
)

COURSE = Path(sys.executable).with_name("course")
KITS = {
    "M16A": ("M16A-trainee-project.ipynb", "trainee-project.md", PROJECT, FULL_A, BY_HAND_A),
    "M16B": ("M16B-board-plan.ipynb", "board-plan.md", BOARD, FULL_B, BY_HAND_B),
}


def read(kit: str) -> nbformat.NotebookNode:
    return nbformat.read(ROOT / "exercises/source" / kit / KITS[kit][0], as_version=4)


def mark(cell: nbformat.NotebookNode) -> dict:
    return cell.metadata.get("nbgrader", {})


def earned(kit: str, forms: dict[str, str]) -> dict[str, float]:
    """Run a kit from the top with some of its forms filled in, and mark each test cell where it stands."""
    names: dict = {}
    found = {}
    for cell in read(kit).cells:
        if cell.cell_type != "code" or cell.id.startswith(("draw", "show")):
            continue
        if mark(cell).get("grade"):
            found[cell.id] = points(cell.source, names, mark(cell)["points"])
        else:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(re.sub(r"\nmine = draw_diagram(.|\n)*", "", forms.get(cell.id, cell.source)), names)
    return found


def spoilt(forms: dict[str, str], form: str, *changes: tuple[str, str]) -> dict[str, str]:
    text = forms[form]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return forms | {form: text}


@pytest.mark.parametrize("kit", KITS)
def test_the_examples_earn_nothing(kit: str) -> None:
    full = KITS[kit][3]
    assert earned(kit, {}) == dict.fromkeys(full, 0)


@pytest.mark.parametrize("kit", KITS)
def test_the_examples_earn_nothing_once_the_word_example_is_taken_out(kit: str) -> None:
    """The worked numbers stay the example's: no point for the log, the chart, the claim, the gap or the diary."""
    forms = {
        cell.id: cell.source.replace("EXAMPLE ", "")
        for cell in read(kit).cells
        if cell.cell_type == "code" and not mark(cell)
    }
    if kit == "M16A":
        claim = ('claim = ""', 'claim = "no change shown"')
        forms = spoilt(forms, "results", claim, ("Write here.", " ".join(f"word{n}" for n in range(50))))
        forms = spoilt(
            forms, "series", ("limits_from = 0", "limits_from = 11"), ('_are = ""', '_are = "trial"')
        )
    else:
        verdicts = (
            ('variation = ""', 'variation = "common cause"'),
            ('assurance = ""', 'assurance = "reliably misses"'),
        )
        shares = [('"planning": 0', '"planning": 17'), ('"control": 0', '"control": 53')]
        shares += [('"improvement": 0', '"improvement": 8'), ('"other": 0', '"other": 22')]
        forms = spoilt(forms, "metric", *verdicts)
        forms = spoilt(forms, "divergence", ("widest_gap = 0", "widest_gap = 2"))
        forms = spoilt(forms, "diary", *shares)
    computed = {
        "M16A": ["log-rows", "log-chain", "chart-series", "claim-borne-out"],
        "M16B": ["metric-series", "variation-words", "assurance-words", "divergence-gap", "diary-shares"],
    }[kit]
    found = earned(kit, forms)
    assert {outcome: found[outcome] for outcome in computed} == dict.fromkeys(computed, 0)


@pytest.mark.parametrize("kit", KITS)
def test_blank_forms_earn_nothing(kit: str) -> None:
    blank = {
        form: re.sub(
            r'"""(.|\n)*?"""|(?<== )"[^"\n]*"|(?<=: )\d+\b', lambda m: '""' if '"' in m[0] else "0", text
        )
        for form, text in KITS[kit][2].items()
    }
    assert earned(kit, blank) == dict.fromkeys(KITS[kit][3], 0)


@pytest.mark.parametrize("kit", KITS)
def test_a_complete_record_earns_every_machine_point(kit: str) -> None:
    """For M16A this is a project in which nothing improved."""
    assert earned(kit, KITS[kit][2]) == KITS[kit][3]


def test_a_handover_with_one_test_and_a_course_series_earns_every_machine_point() -> None:
    assert earned("M16A", HANDOVER) == FULL_A
    early = spoilt(HANDOVER, "results", ("too early to say", "no change shown"))
    assert earned("M16A", early)["claim-borne-out"] == 0


@pytest.mark.parametrize(
    ("values", "borne_out"),
    [
        (IMPROVED, "improved"),  # ten points in a row far above the upper limit
        ([*QUIET[:14], 20, 21, 22, *QUIET[17:]], "worse"),
        ([*QUIET[:14], 20, 60, *QUIET[16:]], "mixed"),
        (QUIET, "no change shown"),
        (
            [*QUIET[:5], 60, *QUIET[6:]],
            "no change shown",
        ),  # a signal before the first test is not the project's
    ],
)
def test_only_the_claim_that_the_chart_bears_out_earns_its_point(values: list[float], borne_out: str) -> None:
    claims = ("improved", "worse", "mixed", "no change shown", "too early to say", "a success")
    series = PROJECT["series"].replace(weekly(QUIET), weekly(values))
    found = {}
    for claim in claims:
        forms = spoilt(PROJECT | {"series": series}, "results", ("no change shown", claim))
        found[claim] = earned("M16A", forms)["claim-borne-out"]
    assert found == {claim: float(claim == borne_out) for claim in claims}


@pytest.mark.parametrize("series", ["", weekly([41]), weekly(QUIET[:11]), weekly(IMPROVED[12:], month=4)])
def test_a_claimed_success_without_a_series_that_can_bear_it_earns_nothing(series: str) -> None:
    """No series, one point, eleven points, and twelve with only two of them before the first test."""
    text = PROJECT["series"].replace(weekly(QUIET), series)
    claimed = spoilt(PROJECT | {"series": text}, "results", ("no change shown", "improved"))
    assert earned("M16A", claimed)["claim-borne-out"] == 0


def test_fewer_is_better_where_the_learner_says_so() -> None:
    series = PROJECT["series"].replace(weekly(QUIET), weekly(IMPROVED)).replace("increase", "decrease")
    forms = spoilt(PROJECT | {"series": series}, "results", ("no change shown", "worse"))
    assert earned("M16A", forms) == FULL_A


def test_limits_below_thirteen_points_must_be_called_trial_limits() -> None:
    """With the first test in the thirteenth week twelve points lie before it, in the fourteenth thirteen."""
    for first, before, wanted in (("2025-03-31", 12, "trial"), ("2025-04-07", 13, "firm")):
        forms = spoilt(PROJECT, "log", ("2025-04-13", "2025-03-20"), ("2025-04-14", first))
        for said in ("trial", "firm"):
            series = ("limits_from = 14", f"limits_from = {before}"), ('"firm"', f'"{said}"')
            assert earned("M16A", spoilt(forms, "series", *series))["chart-series"] == (said == wanted)


@pytest.mark.parametrize(
    ("outcome", "form", "old", "new"),
    [
        ("charter-form", "charter", "registered: QI-2025-114", "registered:"),
        (
            "charter-form",
            "charter",
            "information governance: The data officer agreed to counts without names",
            "information governance:",
        ),
        (
            "charter-form",
            "charter",
            "my own part: I followed the samples and drew the chart; the charge nurse counted",
            "my own part: team",
        ),
        ("charter-form", "charter", "2025-03-10", "soon"),
        ("charter-form", "charter", "which I counted", "for 943 476 5919 and others, which I counted"),
        ("charter-aim", "charter", "from 42% to 70% by 31 December 2025", "as soon as possible"),
        ("diagram-form", "diagram", "handover sheet;S1", "handover sheet;"),
        ("diagram-form", "diagram", "at hand;P1", "at hand;P9"),
        ("measures-form", "measures", "balancing", "outcome"),
        ("log-rows", "log", "2025-04-13", "2025-04-14"),
        ("log-rows", "log", "5;4;5;2", "5;0;5;2"),
        ("log-rows", "log", "5;4;5;2", "5;4;5;6"),
        ("log-rows", "charter", "on: 2025-03-12", "on: 2025-04-15"),
        ("log-chain", "log", "2025-04-15", "2025-04-13"),
        ("log-chain", "log", "2025-04-29;5", "2025-04-29;9"),
        ("log-chain", "log", "midnight;mend", "midnight;adopt"),
        ("handed-on", "control", "handed to: charge nurse", "handed to:"),
        ("handed-on", "control", "2025-07-07", "2025-04-01"),
        ("claim-borne-out", "results", "No rule finds a signal in the ten weeks", "EXAMPLE weeks"),
    ],
)
def test_what_is_missing_from_a_project_costs_its_own_point(
    outcome: str, form: str, old: str, new: str
) -> None:
    assert earned("M16A", spoilt(PROJECT, form, (old, new)))[outcome] == 0


@pytest.mark.parametrize(
    ("outcome", "form", "old", "new"),
    [
        ("variation-words", "metric", "common cause", "concern"),
        ("assurance-words", "metric", "reliably misses", "hit and miss"),
        ("assurance-words", "metric", "target = 60", "target = 42"),
        ("divergence-gap", "divergence", "widest_gap = 2.5", "widest_gap = 2"),
        ("divergence-gap", "divergence", "board;12", "board;9"),
        ("diary-shares", "diary", '"control": 50', '"control": 55'),
        ("diary-shares", "diary", "performance;control", "performance;checking"),
        ("decisions-form", "decisions", "protect;", "start;"),
        ("decisions-form", "decisions", "freed_hours = 11", "freed_hours = 0"),
        ("decisions-form", "decisions", "2026-10-01", "2026-09-10"),
        ("calendar-form", "calendar", "2027-03", "2027-04"),
        ("calendar-form", "calendar", "question 7", "question 6"),
    ],
)
def test_what_is_wrong_in_a_plan_costs_its_own_point(outcome: str, form: str, old: str, new: str) -> None:
    found = earned("M16B", spoilt(BOARD, form, (old, new)))
    assert found[outcome] == 0
    others = FULL_B.keys() - {outcome}
    assert all(found[other] == FULL_B[other] for other in others), "no other point is lost"


def test_each_verdict_word_can_be_right() -> None:
    high = weekly([*QUIET, 60])
    metric = BOARD["metric"].replace(weekly(QUIET), high)
    for better, word in (("increase", "improvement"), ("decrease", "concern")):
        changed = (
            metric.replace('"increase"', f'"{better}"')
            .replace("common cause", word)
            .replace("60\n", "None\n")
        )
        changed = changed.replace("target = 60", "target = None").replace("reliably misses", "no target")
        found = earned("M16B", BOARD | {"metric": changed})
        assert found["variation-words"] == 1
        assert found["assurance-words"] == 1


@pytest.mark.parametrize("kit", KITS)
def test_points_outcomes_and_module(kit: str) -> None:
    notebook = read(kit)
    graded = [cell for cell in notebook.cells if mark(cell).get("grade") or mark(cell).get("task")]
    assert {mark(cell)["grade_id"]: mark(cell)["points"] for cell in graded} == KITS[kit][3] | KITS[kit][4]
    assert all(cell.metadata["course"]["outcome"] for cell in graded)
    assert notebook.metadata["course"]["module"] == "M16"


@pytest.mark.parametrize("kit", KITS)
def test_the_box_of_whoever_judges_is_empty_and_no_test_reads_it(kit: str) -> None:
    (box,) = [cell for cell in read(kit).cells if cell.id in ("supervisor", "facilitator")]
    rows = re.findall(r"(?m)^\|([^|\n]*)\|([^|\n]*)\|$", box.source)
    assert [answer.strip() for what, answer in rows if set(what) - set(" -")] == [""] * 4
    assert not mark(box)
    assert "EXAMPLE" not in box.source


@pytest.mark.parametrize("kit", KITS)
def test_the_mark_schemes_have_three_exemplars_around_the_pass_mark(kit: str) -> None:
    for cell in read(kit).cells:
        if not mark(cell).get("task"):
            continue
        scheme = cell.source.partition("### BEGIN MARK SCHEME")[2]
        totals = []
        for told, scores in re.findall(r"\*Worth about (\d+) \(([\d, ]+)\):", scheme):
            each = [int(score) for score in scores.split(", ")]
            assert int(told) == sum(each)
            assert 3 * len(each) == mark(cell)["points"]
            totals.append(int(told))
        assert totals[0] < 0.6 * mark(cell)["points"] <= totals[1] < totals[2]


def headings(text: str) -> list[str]:
    return re.findall(r"(?m)^## (.+)$", text)


@pytest.mark.parametrize("kit", KITS)
def test_the_printed_form_has_the_notebooks_headings_in_order(kit: str) -> None:
    page = (ROOT / "book/kits" / KITS[kit][1]).read_text(encoding="utf-8")
    notebook = "\n".join(cell.source for cell in read(kit).cells if cell.cell_type == "markdown")
    assert headings(page) == headings(notebook) != []
    assert "not yet piloted" in page.casefold()


@pytest.mark.parametrize("kit", KITS)
def test_the_printed_form_has_a_place_for_every_line_of_the_notebooks_forms(kit: str) -> None:
    page = (ROOT / "book/kits" / KITS[kit][1]).read_text(encoding="utf-8").casefold()
    for cell in read(kit).cells:
        if cell.cell_type != "code" or mark(cell):
            continue
        for name in re.findall(r"(?m)^([a-z][a-z ]+): ", cell.source):
            assert f"| {name} |" in page, name
        for table in re.findall(r'"""\n([a-z ]+(?:;[a-z ]+)+)\n', cell.source):
            assert "| " + " | ".join(table.split(";")) + " |" in page


@pytest.mark.parametrize("kit", KITS)
def test_course_grade_marks_a_right_one_and_one_left_as_it_was(kit: str, tmp_path: Path) -> None:
    name, _, forms, full, by_hand = KITS[kit]
    path = next(made for made in build_release(tmp_path / "release") if made.name == name)
    released = nbformat.read(path, as_version=4)
    text = "".join(cell.source for cell in released.cells)
    assert "Worth about" not in text
    handed_in = tmp_path / "handed-in"
    handed_in.mkdir()
    right = copy.deepcopy(released)
    for cell in right.cells:
        cell.source = forms.get(cell.id, cell.source)
    nbformat.write(right, handed_in / "right.ipynb")
    nbformat.write(released, handed_in / "untouched.ipynb")
    done = subprocess.run(
        [str(COURSE), "grade", str(handed_in), "--assignment", kit, "--marking", str(tmp_path / "marking")],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with (tmp_path / "marking" / f"marks-{kit}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["learner"]: row for row in csv.DictReader(file)}
    assert {outcome: float(rows["right"][outcome]) for outcome in full} == full
    assert {outcome: float(rows["untouched"][outcome]) for outcome in full} == dict.fromkeys(full, 0)
    assert {rows["right"][outcome] for outcome in by_hand} == {""}
