"""The mappings from lessons to capabilities: every row can be printed, every lesson exists, every date is one."""

import csv
import json
import re
from datetime import date

import pytest

from coursekit.build import frameworks
from coursekit.paths import ROOT

FOLDER = ROOT / "curriculum" / "frameworks"
HEAD = "capability_id,capability,framework,lessons,evidence,checked,verify\n"


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lesson_ids():
    return {row["id"] for row in rows(ROOT / "curriculum" / "lessons.csv")}


def test_each_specialty_has_a_mapping_and_each_mapping_a_specialty():
    named = [row["specialty"] for row in rows(ROOT / "curriculum" / "specialties.csv")]
    assert sorted(named) == sorted(path.stem for path in FOLDER.glob("*.csv"))
    for wanted in ("generic", "foundation", "gp", "imt", "psychiatry", "surgery", "anaesthetics", "higher"):
        assert wanted in named


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.csv")), ids=lambda path: path.stem)
def test_every_row_names_known_lessons_a_day_and_what_was_not_confirmed(path):
    known = lesson_ids()
    found = rows(path)
    assert len(found) >= 4
    assert len({row["capability_id"] for row in found}) == len(found)
    for row in found:
        assert set(row["lessons"].split()) <= known, row
        assert row["lessons"].split()
        assert date.fromisoformat(row["checked"]) <= date.today()
        assert re.search(
            r"not (confirmed|found|seen)|was not|were not|was seen, not", row["verify"], re.IGNORECASE
        ), row


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.csv")), ids=lambda path: path.stem)
def test_every_specialty_meets_safety_and_improvement_with_a_chart_and_a_test(path):
    sixth = [row for row in rows(path) if row["framework"].endswith("domain 6")]
    evidence = " ".join(row["evidence"] for row in sixth)
    assert "chart" in evidence
    assert "PDSA log" in evidence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("capability_id,capability\n", "row 1"),
        (HEAD + "a,b,c,M99.9,e,2026-11-24,v\n", "row 2, column lessons: M99.9"),
        (HEAD + "a,b,c,M02.1,e,2026-11-24,v\na,b,c,M02.1,e,24/11/2026,v\n", "row 3, column checked"),
        (HEAD + "a,,c,M02.1,e,2026-11-24,v\n", "row 2, column capability"),
        (HEAD + "a,b,c,M02.1,e,2026-11-24\n", "row 2, column verify"),
    ],
)
def test_a_wrong_mapping_is_refused_by_row_and_column(tmp_path, text, said):
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(frameworks.FrameworkError, match=re.escape(said)):
        frameworks.read_mapping(path)


def test_the_page_carries_the_mappings_as_json(book):
    html = (book / "book" / "evidence-pack.html").read_text(encoding="utf-8")
    (body,) = re.findall(r"<script[^>]*data-frameworks[^>]*>(.*?)</script>", html, re.DOTALL)
    written = json.loads(body)
    assert [one["id"] for one in written["specialties"]] == [
        row["specialty"] for row in rows(ROOT / "curriculum" / "specialties.csv")
    ]
    for one in written["specialties"]:
        source = rows(FOLDER / f"{one['id']}.csv")
        assert [row["lessons"] for row in one["rows"]] == [row["lessons"].split() for row in source]
        assert [row["capability"] for row in one["rows"]] == [row["capability"] for row in source]
    assert set(written["lessons"]) == lesson_ids()
