"""Exercise E05 marks alike whatever the paper: every answer variant, many papers, the tests' own text."""

from __future__ import annotations

import ast
import contextlib
import io
import itertools
import re
import statistics
from collections import Counter
from math import inf

import pytest

from coursekit.paths import ROOT
from marking import answers, blank, earned, fixtures_of, mark, marked_cells, points
from variants_e05 import ALL, BY_HAND, EVIDENCE, FULL, ITEMS, TYPED, VARIANTS, VISIT, Submission

SOURCE = ROOT / "exercises/source/E05/E05-board-question-set.ipynb"
PAPERS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 2026)
OUTCOMES = {"demonstrate", "choose", "conduct", "evaluate"}
"""The verbs of module M05's outcomes (map, section 4)."""
COLUMNS = ("variation", "assurance", "replies")

notebook, tests, solutions, box = fixtures_of(SOURCE)


@pytest.fixture(scope="module")
def papers(box: dict) -> dict[int, dict]:
    """The box's names for each paper, with the papers drawn once."""
    charts = {number: box["four_charts"](number) for number in PAPERS}
    pages = {number: box["page"](number) for number in PAPERS}
    return {
        number: {**box, "paper": number, "four_charts": charts.__getitem__, "page": pages.__getitem__}
        for number in PAPERS
    }


def xmr(values: list[float]) -> tuple[float, float]:
    """The mean, and how far the limits are from it."""
    steps = [abs(b - a) for a, b in itertools.pairwise(values)]
    return statistics.fmean(values), 2.66 * statistics.fmean(steps)


def part_of_a_signal(values: list[float], place: int) -> bool:
    """The three rules that the exercise states, by trying every stretch that holds a place."""
    mean, reach = xmr(values)
    if abs(values[place] - mean) > reach:
        return True
    for start in range(max(0, place - 6), min(place, len(values) - 7) + 1):
        seven = values[start : start + 7]
        if min(seven) > mean or max(seven) < mean:
            return True
        if seven in (sorted(seven), sorted(seven, reverse=True)) and len(set(seven)) == 7:
            return True
    return False


def reading(one: dict) -> tuple[str, str, str]:
    """What a careful reader says of a chart: variation, assurance and reply."""
    values, sign = one["values"], -1 if one["better"] == "lower is better" else 1
    mean, reach = xmr(values)
    if part_of_a_signal(values, 23):
        return ("better", "not yet", "B") if sign * (values[-1] - mean) > 0 else ("worse", "not yet", "A")
    ends = sorted(sign * (mean + away) for away in (-reach, reach))
    need = sign * one["target"]
    return (
        ("same", "always", "D")
        if need < ends[0]
        else ("same", "never", "C")
        if need > ends[1]
        else ("same", "sometimes", "C")
    )


def seen(rows: list[dict]) -> tuple[int, int, int]:
    """Reds, signals among the reds, and greens with a signal for the worse."""
    reds = [row for row in rows if row["colour"] == "red"]
    greens = [row for row in rows if row["colour"] == "green"]
    return (
        len(reds),
        sum(part_of_a_signal(row["values"], 23) for row in reds),
        sum(reading(row)[0] == "worse" for row in greens),
    )


@pytest.mark.parametrize("variant", ALL, ids=lambda variant: f"{variant.item}: {variant.name}")
def test_an_answer_earns_the_same_points_whatever_the_paper(variant, tests: dict, papers: dict) -> None:
    for number, given in papers.items():
        answer = answers(variant.cells.values(), given)
        got = {outcome: points(tests[outcome], answer, FULL[outcome]) for outcome in variant.earns}
        assert got == variant.earns, number


def test_a_blank_earns_nothing(tests: dict, solutions: dict, papers: dict) -> None:
    assert earned(tests, answers(blank(solutions), papers[1]), FULL) == dict.fromkeys(FULL, 0)


def test_the_exercises_own_solution_earns_everything_on_the_paper_it_opens_with(
    notebook, tests: dict, solutions: dict, papers: dict
) -> None:
    assert any(cell.source == "paper = 1" for cell in notebook.cells)
    answer = answers(solutions.values(), papers[1])
    assert earned(tests, answer, FULL) == FULL
    assert answer["verdicts"] == TYPED
    other = points(tests["variation"], answers(solutions.values(), papers[2]), 4)
    assert other < 4


@pytest.mark.parametrize("item", ITEMS)
def test_each_item_has_four_right_answers_and_eight_misconceptions(item: str) -> None:
    right = {tuple(one.cells.values()) for one in VARIANTS[item] if not any(one.loses.values())}
    wrong = [one for one in VARIANTS[item] if any(one.loses.values())]
    assert len(right) >= 4
    assert len({one.name for one in wrong}) == len(wrong) >= 8
    assert {outcome for one in wrong for outcome in one.loses} == set(ITEMS[item])


def test_answers_to_one_item_do_not_reach_another(tests: dict, papers: dict) -> None:
    right = Submission("right", tuple(variants[0] for variants in VARIANTS.values()))
    for item, outcomes in ITEMS.items():
        others = [one for one in right.variants if one.item != item]
        alone = answers(Submission("part", tuple(others)).cells.values(), papers[1])
        for outcome in FULL.keys() - outcomes.keys():
            assert points(tests[outcome], alone, FULL[outcome]) == FULL[outcome], f"{outcome} without {item}"


@pytest.mark.parametrize("number", PAPERS)
def test_the_key_is_what_a_careful_reader_sees(number: int, tests: dict, papers: dict) -> None:
    charts, rows = papers[number]["four_charts"](number), papers[number]["page"](number)
    answer = {"verdicts": {letter: reading(one) for letter, one in charts.items()}}
    answer |= dict(zip(("reds", "red_signals", "green_signals"), seen(rows), strict=True))
    for outcome in (*COLUMNS, "page"):
        assert points(tests[outcome], papers[number] | answer, FULL[outcome]) == FULL[outcome]


@pytest.mark.parametrize("number", PAPERS)
def test_a_paper_sets_the_traps_that_the_exercise_is_about(number: int, papers: dict) -> None:
    charts, rows = papers[number]["four_charts"](number), papers[number]["page"](number)
    kinds = Counter(reading(one)[0] for one in charts.values())
    assert kinds == {"worse": 1, "better": 1, "same": 2}
    assert Counter(reading(one)[1] for one in charts.values())["sometimes"] == 1
    for one in charts.values():
        sign = -1 if one["better"] == "lower is better" else 1
        step = sign * (one["values"][-1] - one["values"][-2])
        assert (step > 0) == (reading(one)[0] == "worse"), "last month points the wrong way"
        green = sign * (one["values"][-1] - one["target"]) > 0
        assert green == (reading(one)[0] == "worse" or reading(one)[1] == "always"), "and so does the colour"
    assert len(set(seen(rows))) == 3
    assert len({row["name"] for row in rows}) == 10
    for row in rows:
        sign = -1 if row["better"] == "lower is better" else 1
        assert (sign * (row["values"][-1] - row["target"]) < 0) == (row["colour"] == "red")
    old = [
        row
        for row in rows
        if any(part_of_a_signal(row["values"], place) for place in range(23))
        and not part_of_a_signal(row["values"], 23)
    ]
    assert [row["colour"] for row in old] == ["red"], "one signal that is over"


def test_no_value_lies_so_near_a_line_that_rounding_decides(papers: dict) -> None:
    for given in papers.values():
        number = given["paper"]
        for one in (*given["four_charts"](number).values(), *given["page"](number)):
            mean, reach = xmr(one["values"])
            spread = statistics.stdev(one["values"])
            nearest = min(
                (abs(value - line) for value in one["values"] for line in (mean, mean - reach, mean + reach)),
                default=inf,
            )
            assert nearest > spread / 1000


def test_papers_differ_and_one_paper_is_always_the_same(box: dict, papers: dict) -> None:
    keys = {
        tuple(reading(one) for one in given["four_charts"](number).values())
        for number, given in papers.items()
    }
    assert len(keys) > 6
    assert len({seen(given["page"](number)) for number, given in papers.items()}) >= 3
    assert box["four_charts"](7) == box["four_charts"](7)
    assert box["page"](7) == box["page"](7)


@pytest.mark.parametrize("outcome", COLUMNS)
def test_one_answer_for_every_chart_earns_nothing(outcome: str, tests: dict, papers: dict) -> None:
    words = ast.literal_eval(tests[outcome].partition("_known = ")[2].partition("\n")[0])
    for given in papers.values():
        for word in words:
            same = given | {"verdicts": dict.fromkeys("ABCD", (word, word, word))}
            assert points(tests[outcome], same, 4) == 0, word


def test_one_answer_for_every_question_line_or_number_earns_nothing(tests: dict, papers: dict) -> None:
    for word in (*set(EVIDENCE.values()), "nonsense", True, 1):
        assert points(tests["match"], {"evidence": dict.fromkeys("abcdefgh", word)}, 4) == 0
    for word in (True, False, "True", "yes", 1):
        assert points(tests["visit"], {"theatre": dict.fromkeys("abcdefgh", word)}, 4) == 0
    for given in papers.values():
        for number in range(11):
            same = dict.fromkeys(("reds", "red_signals", "green_signals"), number)
            assert points(tests["page"], given | same, 3) == 0


def test_answers_that_cannot_be_read_earn_nothing_and_stop_nothing(tests: dict, papers: dict) -> None:
    for rubbish in (None, 7, [], "dots", {"a": object()}, {"A": None}, {"A": "worse"}):
        names = papers[1] | {"evidence": rubbish, "verdicts": rubbish, "theatre": rubbish, "reds": rubbish}
        assert all(points(tests[outcome], names, FULL[outcome]) == 0 for outcome in FULL)


@pytest.mark.parametrize("paper", [None, "", "one"])
def test_without_a_paper_the_charts_cannot_be_marked(paper, tests: dict, papers: dict) -> None:
    right = answers(VARIANTS["charts"][0].cells.values(), papers[1]) | {"paper": paper}
    assert all(points(tests[outcome], right, 4) == 0 for outcome in COLUMNS)


def test_every_graded_cell_has_its_points_and_an_outcome_of_the_module(notebook) -> None:
    graded = marked_cells(notebook)
    assert {mark(cell)["grade_id"]: mark(cell)["points"] for cell in graded} == FULL | BY_HAND
    assert {cell.metadata["course"]["outcome"] for cell in graded} == OUTCOMES
    assert notebook.metadata["course"]["module"] == "M05"


def test_the_visible_part_of_a_test_gives_no_key_away(tests: dict) -> None:
    for outcome, text in tests.items():
        visible = re.sub(r"(?s)### BEGIN HIDDEN TESTS.*### END HIDDEN TESTS", "", text)
        assert "_key" not in visible, outcome
        assert "_truth" not in visible, outcome


def test_the_charts_can_be_read_without_the_picture(papers: dict) -> None:
    given = papers[1]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        given["write_out"](given["four_charts"](1).items())
    for one in given["four_charts"](1).values():
        mean, reach = xmr(one["values"])
        assert f"mean {mean:.1f}, limits {mean - reach:.1f} to {mean + reach:.1f}" in out.getvalue()
        assert "".join("+" if value > mean else "-" for value in one["values"]) in out.getvalue()


def test_the_examples_for_the_marker_add_up(notebook) -> None:
    (task,) = [cell.source for cell in notebook.cells if mark(cell).get("task")]
    found = re.findall(r"\*Worth about (\d+) \(([\d, ]+)\)", task)
    assert (
        [int(total) for total, _ in found]
        == [sum(map(int, parts.split(","))) for _, parts in found]
        == [4, 9, 14]
    )


def test_the_visit_and_the_questions_are_balanced() -> None:
    assert Counter(VISIT.values()) == {True: 4, False: 4}
    assert max(Counter(EVIDENCE.values()).values()) <= len(EVIDENCE) / 2
