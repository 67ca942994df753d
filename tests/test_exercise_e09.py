"""Exercise E09 marks alike whatever the private seed, and once through the real autograder: right, wrong and blank."""

from __future__ import annotations

import json
import re

import pytest

from coursekit.grade.folder import PLACEHOLDER
from coursekit.paths import ROOT
from improvement import spc
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
from variants_e09 import ALL, BY_HAND, FULL, ITEMS, VARIANTS

SOURCE = ROOT / "exercises/source/E09/E09-planning-dossier.ipynb"
SEEDS = range(10**20, 10**20 + 40)

NOT_DRAWN = {"dossier-form"}
"""A form is the same for everybody; everything else is tested on names and numbers drawn from the seed."""

OUTCOMES = {"identify", "discriminate", "translate", "quantify", "decide", "prepare"}
"""The verbs of module M09's outcomes (map, section 4)."""

notebook, tests, solutions, given = fixtures_of(SOURCE)


def test_sixty_points_and_every_verb_of_the_module(notebook) -> None:
    graded = marked_cells(notebook)
    assert {mark(cell)["grade_id"]: mark(cell)["points"] for cell in graded} == FULL | BY_HAND
    assert sum(FULL.values()) + sum(BY_HAND.values()) == 60
    assert {cell.metadata["course"]["outcome"] for cell in graded} == OUTCOMES
    assert notebook.metadata["course"]["module"] == "M09"


@pytest.mark.parametrize("variant", ALL, ids=lambda variant: f"{variant.item}: {variant.name}")
def test_an_answer_earns_the_same_points_whatever_the_cohort_seed(variant, tests, given) -> None:
    answer = answers([variant.code], given)
    for outcome, wanted in variant.earns.items():
        seeds = SEEDS[:1] if outcome in NOT_DRAWN else SEEDS
        got = points_by_seed(tests[outcome], answer, FULL[outcome], seeds)
        assert {seed: points for seed, points in got.items() if points != wanted} == {}, outcome


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
        assert {outcome: got[outcome] for outcome in FULL.keys() - outcomes.keys()} == {
            outcome: FULL[outcome] for outcome in FULL.keys() - outcomes.keys()
        }


@pytest.mark.parametrize("outcome", sorted(FULL.keys() - NOT_DRAWN))
def test_hidden_data_come_from_the_seed_that_marking_replaces(outcome: str, tests) -> None:
    hidden = tests[outcome].partition("BEGIN HIDDEN TESTS")[2]
    assert PLACEHOLDER in hidden
    assert "Random(cohort_seed)" in hidden
    assert "_draw" in hidden.partition("Random(cohort_seed)")[2]


@pytest.mark.parametrize("word", ["feature", "step", "capability", "control", "owner", None])
def test_one_gap_for_every_need_earns_nothing(word, tests, given) -> None:
    answer = given | {"first_gap": lambda plan: dict.fromkeys(plan["needs"], word)}
    for outcome in ITEMS["first-gap"]:
        assert points(tests[outcome], answer, FULL[outcome]) == 0, outcome


@pytest.mark.parametrize("word", ["improve", "redesign", "neither"])
def test_one_choice_for_everything_earns_nothing(word: str, tests, given) -> None:
    answer = given | {"decide": lambda *numbers: {"break_even": None, "choice": word}}
    assert {outcome: points(tests[outcome], answer, FULL[outcome]) for outcome in ITEMS["decide"]} == {
        "decide-month": 0,
        "decide-never": 0,
        "decide-choice": 0,
    }


@pytest.mark.parametrize("reason", ["too few periods", "special cause", None])
def test_refusing_everything_or_nothing_does_not_pay(reason, tests, given) -> None:
    def capability(met, of, aim):
        return {"share": sum(met) / sum(of), "interval": (0, 1), "refused": reason, "meets": None}

    answer = given | {"capability": capability}
    assert points(tests["row-refusing"], answer, 3) == 0
    assert points(tests["row-meets"], answer, 2) == 0


def test_empty_and_complete_lists_earn_nothing(tests, given) -> None:
    nothing = given | {
        "voices": lambda customers, needs: {"silent": [], "spoken_for": [], "unlisted": []},
        "orphans": lambda needs, features, links: {"unserved": [], "needless": [], "bad": []},
    }
    everything = given | {
        "voices": lambda customers, needs: dict.fromkeys(("silent", "spoken_for", "unlisted"), customers),
        "orphans": lambda needs, features, links: {
            "unserved": needs,
            "needless": features,
            "bad": list(range(len(links))),
        },
    }
    for outcome in (*ITEMS["voices"], *ITEMS["orphans"]):
        assert points(tests[outcome], nothing, FULL[outcome]) == 0, outcome
        assert points(tests[outcome], everything, FULL[outcome]) == 0, outcome


def test_a_form_of_any_words_is_worth_two_points_of_sixty_and_says_so(notebook, tests, given) -> None:
    kinds = ("outcomes", "safety", "equality", "timeliness", "efficiency", "experience")
    lines = ["part;id;what;serves;detail;weight", "project;P;p p;;x;"]
    lines += [f"customer;C{place};c{place};;asked;" for place in range(5)]
    lines += [f"need;N{place};n{place};C{place % 5};{kind};1" for place, kind in enumerate(kinds)]
    lines += ["feature;F;f;N0 N1 N2 N3 N4 N5;;", "step;S;s;F;;", "capability;K;k;S;;", "control;H;h;S;x;", "transfer;T;t;H;x;"]  # fmt: skip
    form = given | {"dossier": "\n".join(lines), "stops": ["a b c"]}
    assert points(tests["dossier-form"], form, 2) == 2
    (words,) = [cell.source for cell in notebook.cells if mark(cell).get("grade_id") == "task-9"]
    assert "completeness only. Any words would pass it" in words
    assert "2 points of 60" in words


def test_the_marker_has_six_criteria_and_exemplars_at_three_levels(notebook) -> None:
    (cell,) = [cell for cell in notebook.cells if mark(cell).get("grade_id") == "dossier-read"]
    scheme = cell.source.partition("BEGIN MARK SCHEME")[2]
    assert "Rubric R5" in scheme
    assert scheme.count("\n| ") - 1 == 6
    levels = re.findall(r"Worth about (\d+) \((\d), (\d), (\d), (\d), (\d), (\d)\)", scheme)
    assert len(levels) == 3
    for total, *scores in levels:
        assert int(total) == sum(map(int, scores))
    assert [int(level[0]) for level in levels] == [5, 11, 16]


def test_the_story_holds_on_the_data_it_uses(given) -> None:
    """Two refusals of two kinds, one aim met and three missed, by the course's own capability function."""
    told = {}
    for kind, (_, met, of, aim) in given["six_needs"].items():
        found = spc.capability(met, kind="proportion", denominators=of, aim=aim)
        told[kind] = found.meets_aim if found.predictable else found.refusals[-1].code
    assert told["outcomes"] is told["equality"] is told["efficiency"] is False
    assert told["timeliness"] is True
    assert told["experience"] == "special_cause"
    assert len(given["six_needs"]["safety"][1]) == 9
    assert sum(label == need for label, need in zip(given["labels"], given["needs_found"], strict=True)) == 180  # fmt: skip
    assert len(given["labels"]) == 400
    assert (sum(given["six_needs"]["safety"][1]), sum(given["six_needs"]["safety"][2])) == (110 - 26, 110)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, dict[str, dict[str, str]]]:
    return grade_right_wrong_and_blank(SOURCE, VARIANTS, tmp_path_factory.mktemp("e09"))


def test_the_autograder_gives_each_submission_the_points_of_the_outcomes_it_meets(marked) -> None:
    assert points_given(marked[1], FULL) == {
        "right": FULL,
        "wrong": earned_by_first_wrong(VARIANTS),
        "blank": dict.fromkeys(FULL, 0),
    }


def test_learners_get_no_answer_no_hidden_test_and_no_mark_scheme(marked) -> None:
    text = json.dumps(marked[0])
    for secret in (*SECRETS, "dashboard is left out"):
        assert secret not in text
