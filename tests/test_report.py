"""What a cohort report works out: facility, discrimination, agreement, what to teach again, and what may be shared."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import misconceptions as work
from coursekit.report import agreement, exports, misconceptions, roster, table
from coursekit.report.cohort import Cohort, Item, Learner, by_outcome, teach_again, unexplained
from coursekit.report.items import analyse, discrimination
from coursekit.report.share import band, share
from coursekit.report.text import inert, shown

ITEMS = (
    Item("one", "One", "M02", "construct", 2),
    Item("two", "Two", "M02", "construct", 1),
    Item("task", "Task", "M02", "critique", 15, by_hand=True),
)
SAYS = {"says": "They take the target for a limit.", "lesson": "M02.3"}


def learner(name: str, one: float | None, two: float | None, task: float | None = 9, **more) -> Learner:
    return Learner(name, name, points={"one": one, "two": two, "task": task}, **more)


def cohort(*learners: Learner) -> Cohort:
    return Cohort("E02", "Chart pack", ITEMS, learners)


# Items


def test_facility_is_the_mean_share_of_the_points_with_what_was_not_tried_at_nought() -> None:
    found = analyse(
        ITEMS, [learner("a", 2, 1), learner("b", 1, 0), learner("c", 0, 0, attempted={"one": False})]
    )
    assert [one.facility for one in found] == pytest.approx([3 / 6, 1 / 3, 27 / 45])
    assert [one.not_tried for one in found] == [1, 0, 0]


def test_what_waits_for_a_marker_is_in_no_facility() -> None:
    task = analyse(ITEMS, [learner("a", 2, 1, 15), learner("b", 2, 1, None)])[2]
    assert (task.marked, task.facility) == (1, 1)


def test_discrimination_leaves_the_item_out_of_the_total() -> None:
    """Twelve learners: r of (0 x6, 1 x6) with 0..11 is 18 / sqrt(3 * 143), worked out by hand."""
    scores, rest = [0.0] * 6 + [1.0] * 6, [float(n) for n in range(12)]
    assert discrimination(scores, rest)[0] == pytest.approx(18 / math.sqrt(3 * 143))
    people = [
        learner(str(n), score, None, other) for n, (score, other) in enumerate(zip(scores, rest, strict=True))
    ]
    items = (ITEMS[0], ITEMS[2])
    assert analyse(items, people)[0].discrimination == pytest.approx(18 / math.sqrt(3 * 143))


@pytest.mark.parametrize(
    ("scores", "rest", "why"),
    [
        ([0, 1] * 4, list(range(8)), "too few: 8 of at least 10"),
        ([1] * 12, list(range(12)), "everybody has the same mark"),
        ([0, 1] * 6, [7] * 12, "no spread in the other marks"),
    ],
)
def test_discrimination_is_refused_with_a_reason(scores: list, rest: list, why: str) -> None:
    found, refused = discrimination(scores, rest)
    assert found is None
    assert why in refused


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40)), min_size=10, max_size=40))
def test_discrimination_is_a_correlation_or_refused(pairs: list[tuple[int, int]]) -> None:
    scores, rest = [float(a) for a, _ in pairs], [float(b) for _, b in pairs]
    found, refused = discrimination(scores, rest)
    assert (found is None) == bool(refused)
    if found is not None:
        assert -1.000001 <= found <= 1.000001
        turned, _ = discrimination([-one for one in scores], rest)
        assert turned == pytest.approx(-found)


def test_marks_by_outcome_wait_until_all_of_it_is_marked() -> None:
    construct, critique = by_outcome(
        ITEMS, [learner("a", 2, 1, 12), learner("b", 1, 0, None), learner("c", 0, 0, 6)]
    )
    assert construct.shares == pytest.approx((1, 1 / 3, 0))
    assert (construct.mean, construct.middle, construct.below) == (
        pytest.approx(4 / 9),
        pytest.approx(1 / 3),
        2,
    )
    assert (critique.shares, critique.waiting) == (pytest.approx((0.8, 0.4)), 1)


# Teach again


def known(_: str, name: str) -> dict[str, str]:
    return {"says": f"They do {name}.", "lesson": "M02.3"}


def test_misconceptions_are_ranked_by_learners_and_a_learner_counts_once() -> None:
    people = [
        learner("a", 0, 0, misconceptions={"one": "sd", "two": "sd"}),
        learner("b", 0, 1, misconceptions={"one": "sd"}),
        learner("c", 2, 0, misconceptions={"two": "target"}),
    ]
    found = teach_again(ITEMS, people, known)
    assert [(one.name, len(one.learners), one.items) for one in found] == [
        ("sd", 2, ("one", "two")),
        ("target", 1, ("two",)),
    ]


def test_points_lost_without_a_name_are_told_unless_nothing_was_tried() -> None:
    people = [
        learner("a", 0, 1), learner("b", 1, 1), learner("c", 0, 1, misconceptions={"one": "sd"}),
        learner("d", 0, 1, attempted={"one": False}),
    ]  # fmt: skip
    (only,) = unexplained(ITEMS, people)
    assert (only.item.grade_id, [one.name for one in only.learners]) == ("one", ["a", "b"])


# Misconceptions


@pytest.mark.parametrize("assignment", work.assignments())
def test_the_files_say_what_the_answers_give_now(assignment: str) -> None:
    """If this fails, run `python tests/misconceptions.py` and read the difference."""
    now, kept = work.worked_out(assignment), work.read(assignment)
    for grade_id, entry in kept.items():
        pairs = [(entry["right"], now[grade_id]["right"])]
        pairs += zip(
            (one["answer"] for one in entry["known"]),
            (one["answer"] for one in now[grade_id]["known"]),
            strict=True,
        )
        for old, new in pairs:
            alike = misconceptions.match(
                new, {**entry, "right": "'none'", "partial": False, "known": [{"name": "x", "answer": old}]}
            )
            assert alike == "x", (grade_id, old, new)


@pytest.mark.parametrize("assignment", work.assignments())
def test_right_answers_are_no_misconception_and_wrong_ones_are_told_apart(assignment: str) -> None:
    entries = misconceptions.entries(assignment)
    named = set()
    for grade_id, entry in entries.items():
        item = work.graded_by(assignment, grade_id)
        words = {one["name"] for one in entry["known"]}
        for one in work.variants(assignment):
            if one.item != item:
                continue
            found = misconceptions.match(work.answer(assignment, one, entry["probe"]), entry)
            if not work.loses(one):
                assert found is None, (grade_id, one.name)
            elif one.name in words:
                assert found == one.name, (grade_id, one.name)
                named.add((item, one.name))
    wrong = {(one.item, one.name) for one in work.variants(assignment) if work.loses(one)}
    tested = {
        (item, name)
        for item, name in wrong
        if any(work.graded_by(assignment, each) == item for each in entries)
    }
    assert named >= {pair for pair in tested if pair not in LEFT_UNNAMED.get(assignment, set())}


LEFT_UNNAMED = {
    "E00": {(task, f"blank-{task}") for task in ("hello-variation", "route", "baseline")},
    "E01": {("components", "half-of-it"), ("components", "one-left-out")},
    "E05": {
        ("evidence", "three-left-out"),
        ("page", "one-left-out"),
        ("visit", "four-left-out"),
        ("charts", "the-average-decides"),
    },
    "E11": {("a3", "names-without-gaps")},
}
"""Wrong variants that are unfinished, stop with an error that any mistake may cause, or give what another gives."""


@pytest.mark.parametrize("assignment", work.assignments())
def test_every_misconception_is_said_in_a_sentence_and_has_a_lesson(assignment: str) -> None:
    from improvement.curriculum import lesson

    for entry in misconceptions.entries(assignment).values():
        for one in entry["known"]:
            assert one["says"].endswith(".")
            assert 4 <= len(one["says"].split()) <= 40, one["says"]
            lesson(one["lesson"])
            assert not one["answer"].startswith(("!NotImplementedError", "!NameError")), (
                "that is how a blank looks"
            )


def test_probes_do_not_draw_on_the_cohort_seed() -> None:
    assert all(
        "cohort_seed" not in probe
        for name in work.assignments()
        for probe in misconceptions.probes(name).values()
    )


def test_e02_knows_more_than_eight_misconceptions_of_computed_items() -> None:
    names = {one["name"] for entry in misconceptions.entries("E02").values() for one in entry["known"]}
    assert len(names) > 100


ENTRY = {
    "right": "[1.0, 2.0]",
    "known": [{"name": "twice", "answer": "[2.0, 4.0]"}, {"name": "raises", "answer": "!KeyError: 'a'"}],
}


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("[2.0, 4.0]", "twice"),
        ("(2, 4)", "twice"),
        ("[np.float64(2.0), np.float64(4.0000000001)]", "twice"),
        ("array([2., 4.])", "twice"),
        ("[1, 2]", None),
        ("[2.0, 4.1]", None),
        ("[2.0]", None),
        ("!KeyError: another", "raises"),
        ("!NameError: name 'x' is not defined", None),
        ("", None),
        ("[2.0, 4.", None),
        ("__import__('os').system('x')", None),
        ("(" * 2000, None),
        ("9" * 2000, None),
        ("[True, 4]", None),
        ("'" + "\x00" * 9, None),
    ],
)
def test_answers_are_read_and_never_run(answer: str, found: str | None) -> None:
    assert misconceptions.match(answer, ENTRY) == found


@given(st.text(max_size=300))
def test_no_answer_stops_the_report(answer: str) -> None:
    assert misconceptions.match(answer, ENTRY) in {None, "twice", "raises"}


def test_choices_are_compared_where_a_misconception_differs() -> None:
    entry = {
        "right": "{'a': 'I', 'b': 'p', 'c': 'u'}",
        "partial": True,
        "known": [
            {"name": "b on an I chart", "answer": "{'a': 'I', 'b': 'I', 'c': 'u'}"},
            {"name": "all on an I chart", "answer": "{'a': 'I', 'b': 'I', 'c': 'I'}"},
        ],
    }
    assert misconceptions.match("{'a': 'c', 'b': 'I', 'c': 'u'}", entry) == "b on an I chart"
    assert misconceptions.match("{'a': 'I', 'b': 'I', 'c': 'I'}", entry) == "all on an I chart"
    assert misconceptions.match("{'a': 'c', 'b': 'p', 'c': 'u'}", entry) is None


# Names, rosters, second marks


@pytest.mark.parametrize("text", ["=1+1", "+44", "-1", "@x", " =1", "\t=1", "\rx", "＝1+1"])
def test_what_a_spreadsheet_would_run_is_made_inert(text: str) -> None:
    assert inert(text).startswith("'")


@given(st.text(max_size=60))
def test_a_shown_name_holds_nothing_that_turns_or_controls_text(text: str) -> None:
    out = shown(text)
    assert out
    assert not set(out) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\x1b\n")


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_roster_is_checked_row_by_row(tmp_path: Path) -> None:
    people, problems = roster.read_roster(
        write(
            tmp_path / "roster.csv",
            "First name;Surname;Email address;ID number;Group\n"
            "Ann;O'Neill;ann@example.org;7;North\n;;;;North\nBo;Ng;bo at work;8;South\nCy;Ng;cy@example.org;7;South\n",
        )
    )
    assert [(one.name, one.email, one.number, one.group) for one in people] == [
        ("Ann O'Neill", "ann@example.org", "7", "North"),
        ("Bo Ng", "", "8", "South"),
    ]
    assert [problem.partition(":")[0] for problem in problems] == [
        f"roster.csv, row {row}" for row in (3, 4, 5)
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04", "is a spreadsheet"),
        (b"", "is empty"),
        (b'a,"b\n', "quotation mark"),
        (b"colour\nred\n", "who is in the cohort"),
    ],
)
def test_what_is_no_roster_is_said(content: bytes, why: str, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_bytes(content)
    with pytest.raises(table.TableError, match=why):
        roster.read_roster(tmp_path / "roster.csv")


def test_the_roster_says_who_has_not_handed_in_and_who_is_not_in_it(tmp_path: Path) -> None:
    people, _ = roster.read_roster(
        write(
            tmp_path / "roster.csv",
            "learner,name,email\n,Anita Patel,\n,Bo Ng,bo@example.org\nx,X Y,\n,Same Name,\n,Same Name,\n",
        )
    )
    handed_in = [
        learner("patel anita", 2, 1),
        learner("BO", 2, 1),
        learner("same name", 2, 1),
        learner("zed", 2, 1),
    ]
    learners, missing, problems = roster.enrol(handed_in, {"x": "Handed in, and empty."}, people)
    assert [one.name for one in learners] == ["Anita Patel", "Bo Ng", "same name", "zed"]
    assert [(one.name, one.reason) for one in missing] == [
        ("X Y", "Handed in, and empty."), ("Same Name", ""), ("Same Name", ""),
    ]  # fmt: skip
    assert any("same name fits several rows" in problem for problem in problems)
    assert any("zed is not in the roster" in problem for problem in problems)


CRITERIA = {"task": ["Chart, and baseline", "Signals"]}


def test_the_template_comes_back_filled_in(tmp_path: Path) -> None:
    whole = cohort(*(learner(name, 2, 1, 4) for name in ("=a", "b, c")))
    assert agreement.write_template(tmp_path / "second.csv", whole, CRITERIA)
    assert not agreement.write_template(tmp_path / "second.csv", whole, CRITERIA), (
        "a filled-in file is never overwritten"
    )
    with (tmp_path / "second.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["learner"] for row in rows] == ["'=a", "'=a", "b, c", "b, c"]
    for row, (first, second) in zip(rows, [(2, 2), (2, 3), (1, 0), (1, 1)], strict=True):
        row["first marker"], row["second marker"] = first, second
    with (tmp_path / "second.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    marks, problems = agreement.read_second_marks(tmp_path / "second.csv", whole, CRITERIA)
    assert [(one.student, one.criterion, one.first, one.second) for one in marks] == [
        ("=a", "Chart, and baseline", 2, 2), ("=a", "Signals", 2, 3), ("b, c", "Chart, and baseline", 1, 0), ("b, c", "Signals", 1, 1),
    ]  # fmt: skip
    assert problems == ["b, c, task: the first marker's criteria add up to 2, and the gradebook has 4."]
    assert agreement.zeros(marks) == {"b, c": ["Chart, and baseline"]}


def test_second_marks_are_checked_row_by_row(tmp_path: Path) -> None:
    rows = ["zz,task,,9,9", "a,one,,1,1", "a,task,Colour,1,1", "a,task,Signals,4,1", "a,task,Signals,x,1", "a,task,Signals,1,1", "a,task,Signals,1,1", "a,task,,,14", "a,task,Signals,,"]  # fmt: skip
    path = write(
        tmp_path / "second.csv", "\n".join(["learner,task,criterion,first marker,second marker", *rows])
    )
    marks, problems = agreement.read_second_marks(path, cohort(learner("a", 2, 1, 12)), CRITERIA)
    assert [(one.criterion, one.first, one.second) for one in marks] == [("Signals", 1, 1), ("", 12, 14)]
    assert [problem.split(":")[0] for problem in problems] == [
        f"second.csv, row {row}" for row in (2, 3, 4, 5, 6, 8)
    ]


def test_agreement_is_quadratic_weighted_kappa_by_criterion() -> None:
    """Twenty scripts on levels 0 to 3, all marked 0 or 1 by both: kappa is then Cohen's, (0.8 - 0.5) / 0.5 = 0.6."""
    table_of = [(0, 0)] * 8 + [(1, 1)] * 8 + [(0, 1)] * 2 + [(1, 0)] * 2
    marks = [agreement.Mark(str(n), "task", "Signals", a, b) for n, (a, b) in enumerate(table_of)]
    people = cohort(*(learner(str(n), 2, 1) for n in range(20)))
    (found,) = agreement.compare(marks, people)
    assert found.agreement.kappa == pytest.approx(0.6)
    assert found.agreement.low < 0.6 < found.agreement.high
    (few,) = agreement.compare(marks[:5], people)
    assert few.agreement.kappa is None
    assert "too few" in few.agreement.refusal


# Exports


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def exported() -> Cohort:
    return cohort(
        learner("a", 2, 1, 12, number="7", canvas="701", email="a@example.org", username="aa", section="S"),
        learner("waits", 2, 1, None, number="8"),
        learner("nobody", 2, 1, 12),
        learner("bad", 2, 1, 12, number="=cmd"),
        learner("b, c", 2, 0.5, 12, number="9", penalty=1),
    )


def test_moodle_gets_one_identifier_and_only_complete_marks(tmp_path: Path) -> None:
    told = exports.moodle(tmp_path / "moodle.csv", exported())
    assert read(tmp_path / "moodle.csv") == [["ID number", "E02 Chart pack"], ["7", "15"], ["9", "13.5"]]
    assert len(told) == 3


def test_canvas_gets_its_columns_and_points_possible(tmp_path: Path) -> None:
    exports.canvas(tmp_path / "canvas.csv", exported())
    assert read(tmp_path / "canvas.csv") == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "E02 Chart pack"],
        ["    Points Possible", "", "", "", "", "18"],
        ["a", "701", "7", "aa", "S", "15"],
        ["b, c", "", "9", "", "", "13.5"],
    ]


def test_files_for_machines_begin_with_their_first_heading(tmp_path: Path) -> None:
    exports.moodle(tmp_path / "moodle.csv", exported())
    assert (tmp_path / "moodle.csv").read_bytes().startswith(b"ID number")


# Sharing

NAMES = st.sampled_from(["North", "South", "East", ""])


@st.composite
def cohorts(draw: st.DrawFn) -> Cohort:
    people = []
    for number in range(draw(st.integers(0, 45))):
        wrong = draw(st.booleans())
        people.append(
            learner(
                f"Name{number}", draw(st.sampled_from([0, 1, 2, None])), draw(st.sampled_from([0, 1])),
                draw(st.sampled_from([0, 7, 15, None])), group=draw(NAMES), misconceptions={"two": "sd"} if wrong else {},
            )
        )  # fmt: skip
    return cohort(*people)


@settings(max_examples=150, deadline=None)
@given(cohorts(), st.integers(5, 15), st.randoms(use_true_random=False))
def test_nothing_shared_changes_with_a_learner_of_a_small_group(whole: Cohort, minimum: int, chance) -> None:
    sizes: dict[str, int] = {}
    for one in whole.learners:
        sizes[one.group] = sizes.get(one.group, 0) + 1
    hidden = [one for one in whole.learners if sizes[one.group] < minimum]
    changed = tuple(
        replace(
            one,
            points={
                "one": chance.choice([0, 2]),
                "two": chance.choice([0, 1]),
                "task": chance.choice([0, 15]),
            },
        )
        if one in hidden
        else one
        for one in whole.learners
    )
    gone = tuple(one for one in whole.learners if one not in hidden)
    before = share(whole, minimum, known)
    assert before == share(replace(whole, learners=changed), minimum, known)
    assert before == share(replace(whole, learners=gone), minimum, known)


@settings(max_examples=150, deadline=None)
@given(cohorts(), st.integers(5, 15))
def test_shared_figures_have_enough_learners_and_no_names(whole: Cohort, minimum: int) -> None:
    found = share(whole, minimum, known)
    assert found.counted == 0 or found.counted >= minimum
    assert all(number >= minimum for number in found.groups.values())
    assert found.counted == sum(found.groups.values()) or not found.groups
    assert "Name" not in repr(found)
    shown_groups = set(found.groups) or {one.group for one in whole.learners}
    kept = [one for one in whole.learners if one.group in shown_groups]
    holders = sum("two" in one.misconceptions for one in kept)
    if found.teach:
        assert minimum <= holders <= len(kept) - minimum


@settings(max_examples=100, deadline=None)
@given(cohorts(), st.integers(5, 15))
def test_a_group_is_only_shown_on_an_outcome_where_enough_of_it_are_marked(
    whole: Cohort, minimum: int
) -> None:
    for outcome in share(whole, minimum, known).outcomes:
        items = [item.grade_id for item in ITEMS if item.outcome == outcome.outcome]
        for group in outcome.groups:
            own = [one for one in whole.learners if one.group == group]
            assert sum(all(one.points[item] is not None for item in items) for one in own) >= minimum


def test_a_minimum_under_five_is_refused() -> None:
    with pytest.raises(ValueError, match="5 or more"):
        share(cohort(), 4, known)


@pytest.mark.parametrize(
    ("part", "words"),
    [(0, "under 10%"), (0.0999, "under 10%"), (0.1, "10 to 19%"), (0.5999, "50 to 59%"), (0.6, "60 to 69%"), (0.9, "90% or more"), (1, "90% or more")],
)  # fmt: skip
def test_shares_are_told_in_tenths_with_open_ends(part: float, words: str) -> None:
    assert band(part) == words
