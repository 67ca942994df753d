"""Exercise E01 marks alike whatever the private seed, and once through the real autograder: right, wrong and blank."""

from __future__ import annotations

import json
import re

import pytest

from coursekit.grade.folder import PLACEHOLDER
from coursekit.paths import ROOT
from marking import (
    SECRETS,
    answers,
    blank,
    earned,
    earned_by_first_wrong,
    fixtures_of,
    grade_right_wrong_and_blank,
    mark,
    marked_cells,
    points,
    points_by_seed,
    points_given,
)
from variants_e01 import ALL, BY_HAND, FULL, ITEMS, KEY, VARIANTS

SOURCE = ROOT / "exercises/source/E01/E01-finance-pitch.ipynb"
SEEDS = range(10**20, 10**20 + 40)

NOT_DRAWN = {"components-key"}
"""This has one key; everything else is tested on numbers drawn from the seed."""

OUTCOMES = {"describe", "explain", "compare", "justify", "connect"}
"""The verbs of module M01's outcomes (map, section 4)."""

notebook, tests, solutions, given = fixtures_of(SOURCE)


def test_every_graded_cell_has_its_points_and_every_verb_of_the_module_is_marked(notebook) -> None:
    graded = marked_cells(notebook)
    assert {mark(cell)["grade_id"]: mark(cell)["points"] for cell in graded} == FULL | BY_HAND
    assert (sum(FULL.values()), sum(BY_HAND.values())) == (35, 36)
    assert {cell.metadata["course"]["outcome"] for cell in graded} == OUTCOMES
    assert notebook.metadata["course"]["module"] == "M01"


@pytest.mark.parametrize("variant", ALL, ids=lambda variant: f"{variant.item}: {variant.name}")
def test_an_answer_earns_the_same_points_whatever_the_cohort_seed(variant, tests, given) -> None:
    answer = answers([variant.code], given)
    for outcome, wanted in variant.earns.items():
        seeds = SEEDS[:1] if outcome in NOT_DRAWN else SEEDS
        got = points_by_seed(tests[outcome], answer, FULL[outcome], seeds)
        assert {seed: earned for seed, earned in got.items() if earned != wanted} == {}, outcome


def test_a_blank_earns_nothing(tests, solutions, given) -> None:
    assert earned(tests, answers(blank(solutions), given), FULL) == dict.fromkeys(FULL, 0)


def test_the_exercises_own_solution_earns_everything(tests, solutions, given) -> None:
    assert earned(tests, answers(solutions.values(), given), FULL) == FULL


@pytest.mark.parametrize("item", ITEMS)
def test_each_item_has_four_right_answers_and_eight_misconceptions(item: str) -> None:
    right = {one.code for one in VARIANTS[item] if not any(one.loses.values())}
    wrong = [one for one in VARIANTS[item] if any(one.loses.values())]
    assert len(right) >= 4
    assert len({one.name for one in wrong}) == len(wrong) >= 8
    assert {outcome for one in wrong for outcome, lost in one.loses.items() if lost} == set(ITEMS[item])


def test_answers_to_one_item_do_not_reach_another(tests, given) -> None:
    for item, outcomes in ITEMS.items():
        alone = answers([variants[0].code for name, variants in VARIANTS.items() if name != item], given)
        got = earned(tests, alone, FULL)
        others = FULL.keys() - outcomes.keys()
        assert {outcome: got[outcome] for outcome in others} == {outcome: FULL[outcome] for outcome in others}


@pytest.mark.parametrize("outcome", sorted(FULL.keys() - NOT_DRAWN))
def test_hidden_data_come_from_the_seed_that_marking_replaces(outcome: str, tests) -> None:
    hidden = tests[outcome].partition("BEGIN HIDDEN TESTS")[2]
    assert PLACEHOLDER in hidden
    assert "Random(cohort_seed)" in hidden
    assert "_draw" in hidden.partition("Random(cohort_seed)")[2]


@pytest.mark.parametrize("word", ["cash", "time", "hope", "nothing", None])
def test_one_word_for_every_investment_earns_nothing(word, tests, given) -> None:
    answer = given | {"saving": lambda *numbers: {"paid_by": word}}
    assert points(tests["saving-paid"], answer, 2) == 0


def test_a_list_of_no_bars_or_of_bars_without_width_earns_nothing(tests, given) -> None:
    inputs = ("volume", "share", "again", "minutes", "rate", "spent")
    for bars in (
        lambda lines, change: [],
        lambda lines, change: [(one["line"], name, 0, 0) for one in lines for name in inputs if one[name]],
    ):
        answer = given | {"sensitivity": bars}
        got = {outcome: points(tests[outcome], answer, FULL[outcome]) for outcome in ITEMS["sensitivity"]}
        assert {outcome for outcome, earned in got.items() if earned} <= {"sens-bounds"}
        assert got["sens-bounds"] <= 0.5


@pytest.mark.parametrize("number", range(1, 6))
def test_one_component_for_everything_earns_nothing(number: int, tests) -> None:
    assert points(tests["components-key"], {"components": dict.fromkeys(KEY, number)}, 4) == 0


@pytest.mark.parametrize(("task", "levels"), [("pitch", [4, 8, 12]), ("memo", [4, 8, 12]), ("cite", [4, 8, 12])])  # fmt: skip
def test_the_marker_has_four_criteria_and_exemplars_at_three_levels(task: str, levels, notebook) -> None:
    (cell,) = [cell for cell in notebook.cells if mark(cell).get("grade_id") == task]
    scheme = cell.source.partition("BEGIN MARK SCHEME")[2]
    assert "Rubric R1" in scheme
    assert "8 or more of 12" in scheme
    assert scheme.count("\n| ") - 1 == 4
    found = re.findall(r"Worth about (\d+) \((\d), (\d), (\d), (\d)\)", scheme)
    assert [int(total) for total, *_ in found] == levels
    for total, *scores in found:
        assert int(total) == sum(map(int, scores))


def test_the_ledgers_that_later_parts_lend_are_those_of_the_data(given, table) -> None:
    """Counted here from the files, without the course's own model."""
    sessions = table("theatre_sessions")
    by_line = {one["line"]: one for one in given["ledger"]}
    sums: dict[str, dict[str, float]] = {}
    for rate in table("theatre_cost_rates"):
        counts = [int(row[rate["counted_in"]]) for row in sessions]
        minutes = int(rate["minutes_each"] or 1)
        hours = sum(counts) * int(rate["staff"]) * minutes / 60
        times = sum(counts) if rate["minutes_each"] else sum(count > 0 for count in counts)
        line = by_line[rate["line"]]
        assert line["count"] == times
        assert line["hours"] == pytest.approx(hours, abs=0.001)
        assert (line["category"], line["paid_extra"]) == (rate["category"], float(rate["paid_extra"]))
        wages = hours * int(rate["pounds_an_hour"])
        kinds = sums.setdefault(
            rate["category"], dict.fromkeys(("cash", "capacity", "avoided", "hours"), 0.0)
        )
        kinds["cash"] += times * int(rate["pounds_spent_each"]) + wages * float(rate["paid_extra"])
        kinds["capacity"] += wages * (1 - float(rate["paid_extra"]))
        kinds["avoided"] += times * int(rate["pounds_avoided_each"])
        kinds["hours"] += hours
    for one in given["theatres"]:
        for kind, value in sums[one["category"]].items():
            assert one[kind] == pytest.approx(value, abs=0.02), (one["category"], kind)
    poor = [kinds for category, kinds in sums.items() if category != "prevention"]
    assert sum(one["cash"] + one["capacity"] + one["avoided"] for one in poor) == pytest.approx(
        64803, abs=0.5
    )


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, dict[str, dict[str, str]]]:
    return grade_right_wrong_and_blank(SOURCE, VARIANTS, tmp_path_factory.mktemp("e01"))


def test_the_autograder_gives_each_submission_the_points_of_the_outcomes_it_meets(marked) -> None:
    assert points_given(marked[1], FULL) == {
        "right": FULL,
        "wrong": earned_by_first_wrong(VARIANTS),
        "blank": dict.fromkeys(FULL, 0),
    }


def test_learners_get_no_answer_no_hidden_test_and_no_mark_scheme(marked) -> None:
    text = json.dumps(marked[0])
    for secret in (*SECRETS, "Okoro"):
        assert secret not in text
