"""What the course promises is kept: every outcome and every line of the register against what is written."""

import csv
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


def test_the_book_shows_the_tables(book):
    page = (book / "book" / "coverage.html").read_text(encoding="utf-8")
    for row in rows("register.csv"):
        assert f">{row['id']}<" in page
    module = (book / "modules" / "measurement" / "index.html").read_text(encoding="utf-8")
    for lesson in coverage.plan("M02"):
        assert f"{lesson.id} " in module
