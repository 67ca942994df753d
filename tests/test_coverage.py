"""What the course promises is kept: every outcome and every line of the register against what is written."""

import csv
import json
import re

import pytest

from coursekit.build import coverage, frontmatter
from coursekit.paths import ROOT
from improvement import curriculum

WHOLE = ("M00", "M02")  # modules whose every lesson is written
FACTS = {identifier: frontmatter.read(path) for identifier, path in coverage.written().items()}


def rows(name):
    with (ROOT / "curriculum" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_plan_and_the_written_lessons_agree():
    planned = {lesson.id: lesson for lesson in curriculum.lessons()}
    assert len(planned) == len(curriculum.lessons()) == 80
    for identifier, path in coverage.written().items():
        page = path.relative_to(ROOT).with_suffix("").as_posix()
        title = re.search(r"^# (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE).group(1)
        plan = planned[identifier]
        assert (plan.page, plan.title, plan.minutes) == (page, title, FACTS[identifier].minutes), identifier
    assert {identifier for identifier, plan in planned.items() if plan.written} == set(coverage.written())


def test_every_id_a_lesson_teaches_is_in_the_register_and_every_verb_is_its_modules():
    register = {row["id"] for row in rows("register.csv")}
    verbs = {(row["module"], row["outcome"]) for row in rows("outcomes.csv")}
    for identifier, lesson in FACTS.items():
        assert set(lesson.teaches) <= register, identifier
        module = identifier.partition(".")[0]
        assert {(module, verb) for verb in lesson.outcomes} <= verbs, identifier


def test_the_register_is_whole_and_plans_only_lessons_there_are():
    register = rows("register.csv")
    planned = {lesson.id for lesson in curriculum.lessons()}
    assert len({row["id"] for row in register}) == len(register) == 160
    for row in register:
        assert row["item"].strip(), row["id"]
        assert set(row["planned_in"].split()) <= planned, row["id"]
        assert row["planned_in"] or row["status_note"], row["id"]


def test_what_is_not_taught_yet_is_planned_for_a_lesson_still_to_be_written():
    written = set(coverage.written())
    overdue = [item.id for item in coverage.items() if not item.taught and set(item.planned) <= written]
    assert overdue == []


@pytest.mark.parametrize("module", WHOLE)
def test_every_outcome_of_a_whole_module_is_taught_practised_and_marked(module):
    assert all(lesson.written for lesson in coverage.plan(module))
    promised = [outcome for outcome in coverage.outcomes() if outcome.module == module]
    assert promised
    for outcome in promised:
        assert outcome.lessons, f"{module} {outcome.verb} is taught nowhere"
        assert outcome.practised, f"{module} {outcome.verb} has no self-check"
        assert outcome.assessed, f"{module} {outcome.verb} has no marked exercise"


def test_a_self_check_practises_an_outcome_its_module_promises():
    verbs = {(row["module"], row["outcome"]) for row in rows("outcomes.csv")}
    practised = 0
    for identifier, path in coverage.written().items():
        module = identifier.partition(".")[0]
        for kind in coverage.widgets_in(path):
            for check in coverage.checks_of(kind):
                assert (module, check.outcome) in verbs, (identifier, check.name)
                practised += 1
    assert practised > 0


EVIDENCE = [pytest.param(row, id=f"{row['lesson']}-{row['id']}") for row in rows("evidence.csv")]


def graded_cells():
    found = set()
    for path in coverage.SOURCES.glob("*/*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            marked = cell["metadata"].get("nbgrader", {})
            if marked.get("grade") or marked.get("task"):
                found.add(f"{path.parent.name}.{marked['grade_id']}")
    return found


def test_every_line_a_lesson_teaches_has_one_row_of_evidence_and_no_row_is_stale():
    given = [(row["lesson"], row["id"]) for row in rows("evidence.csv")]
    taught = {(identifier, line) for identifier, lesson in FACTS.items() for line in lesson.teaches}
    assert sorted(taught - set(given)) == [], "taught, by the front matter, without a row in evidence.csv"
    assert sorted(set(given) - taught) == [], "rows of evidence.csv for what no front matter names"
    assert len(given) == len(set(given)), "two rows for the same line of the same lesson"


@pytest.mark.parametrize("row", EVIDENCE)
def test_the_sentence_that_teaches_a_line_stands_in_its_lesson(row):
    text = coverage.written()[row["lesson"]].read_text(encoding="utf-8").split("\n---\n", 1)[1]
    prose = re.sub(r"^```\{code-cell\}.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    assert 6 <= len(row["sentence"].split()) <= 25
    assert "{" not in row["sentence"]
    assert row["sentence"] in " ".join(prose.split())


@pytest.mark.parametrize("row", EVIDENCE)
def test_the_activity_in_which_a_reader_meets_a_line_is_in_its_lesson(row):
    lesson = coverage.written()[row["lesson"]]
    task, _, heading = row["activity"].partition("text task: ")
    if heading:
        headings = re.findall(r"^#+ (.+)$", lesson.read_text(encoding="utf-8"), re.MULTILINE)
        assert task == ""
        assert heading in headings
    else:
        assert row["activity"] in coverage.widgets_in(lesson)
        assert not coverage.checks_of(row["activity"]), "a self-check is the question, not the activity"


@pytest.mark.parametrize("row", EVIDENCE)
def test_the_question_that_checks_a_line_can_be_answered_or_marked(row):
    kind, _, name = row["question"].partition(".")
    if kind.startswith("exercise:"):
        assert f"{kind.removeprefix('exercise:')}.{name}" in graded_cells()
    else:
        assert kind in coverage.widgets_in(coverage.written()[row["lesson"]])
        assert name in {check.name for check in coverage.checks_of(kind)}


def test_the_book_shows_the_tables(book):
    page = (book / "book" / "coverage.html").read_text(encoding="utf-8")
    for row in rows("register.csv"):
        assert f">{row['id']}<" in page
    module = (book / "modules" / "measurement" / "index.html").read_text(encoding="utf-8")
    for lesson in coverage.plan("M02"):
        assert f"{lesson.id} " in module
