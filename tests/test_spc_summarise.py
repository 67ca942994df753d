"""Summaries of many series: the right chart for each, errors kept in place, speed that grows in line."""

import json
import math
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.spc import g_chart, p_chart, summarise, u_chart, xmr

RISING = [10, 11, 10, 12, 11, 10, 11, 12, 10, 11, 30]


def test_each_series_gets_the_chart_it_would_get_alone():
    summary = summarise(
        {"Falls": RISING, "Waits": [60, 62, 58, 61]}, improvement_direction="decrease", target=20
    )
    assert summary["Falls"].chart == xmr(RISING, improvement_direction="decrease", target=20)
    assert summary["Falls"].variation == "concern_high"
    assert summary["Falls"].latest == 30
    assert summary["Waits"].assurance == "reliably_misses"
    assert [row.name for row in summary] == ["Falls", "Waits"]
    assert summary.errors == {}


def test_rows_carry_their_own_chart_and_options():
    summary = summarise(
        [
            {"name": "Waits", "values": RISING, "target": 20, "improvement_direction": "increase"},
            {"name": "Seen", "values": [8, 9, 7], "denominators": [10, 10, 10], "chart": "p", "per": 100},
            {"name": "Falls", "values": [8, 9, 7], "denominators": 900, "chart": "u", "per": 1000},
            {"name": "Gaps", "values": [8, 90, 7], "chart": "g"},
            {"name": "Run", "values": list(range(12)), "chart": "run"},
        ],
        improvement_direction="decrease",
    )
    assert summary["Waits"].variation == "improvement_high"
    assert summary["Seen"].chart == p_chart([8, 9, 7], 10, per=100, improvement_direction="decrease")
    assert summary["Falls"].chart == u_chart([8, 9, 7], 900, per=1000, improvement_direction="decrease")
    assert summary["Gaps"].chart == g_chart([8, 90, 7], improvement_direction="decrease")
    assert not summary["Run"].ok  # a run chart has no direction of improvement
    run = summarise([{"name": "Run", "values": list(range(12)), "chart": "run"}])["Run"]
    assert run.ok
    assert run.variation is None


def test_a_mapping_may_hold_options_too():
    summary = summarise(
        {"A": {"values": RISING, "target": -20, "improvement_direction": "increase"}, "B": RISING}
    )
    assert summary["A"].assurance == "reliably_meets"
    assert summary["B"].assurance == "none"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"name": "bad", "values": [1, math.nan, 3]}, "Point 2 is not a number"),
        ({"name": "bad", "values": [1, "x", 3]}, "Point 2 is 'x'"),
        ({"name": "bad", "values": [1, 1e308, 3]}, "Point 2"),
        ({"name": "bad", "values": []}, "at least 2"),
        ({"name": "bad", "values": None}, "list of numbers"),
        ({"name": "bad"}, "no values"),
        ({"name": "bad", "values": [1, 2], "chart": "pie"}, "choose one of"),
        ({"name": "bad", "values": [1, 2], "chart": ["p"]}, "choose one of"),
        ({"name": "bad", "values": [1, 2], "chart": "p"}, "needs denominators"),
        (
            {"name": "bad", "values": [3, 2], "denominators": 2, "chart": "p"},
            "Point 1 has a count of 3 out of 2",
        ),
        ({"name": "bad", "values": [1, 2], "colour": "red"}, "colour"),
        ({"name": "bad", "values": [1, 2], "chart": "c", "colour": "red"}, "'colour' is not an option"),
    ],
)
def test_one_bad_series_keeps_its_place_and_stops_no_other(row, message):
    summary = summarise([{"name": "before", "values": RISING}, row, {"name": "after", "values": RISING}])
    assert [good.ok for good in summary] == [True, False, True]
    assert message in summary.errors["bad"]
    assert summary["bad"].variation is None
    assert summary["bad"].chart is None
    assert any(line.startswith("bad: ") for line in summary.explain())
    assert json.loads(json.dumps(summary.to_dict()))["rows"][1]["error"] == summary.errors["bad"]


def test_names_missing_or_repeated_are_errors_and_the_first_keeps_the_name():
    summary = summarise(
        [{"name": "A", "values": RISING}, {"name": "A", "values": [1, 2]}, {"values": [1, 2]}]
    )
    assert [row.ok for row in summary] == [True, False, False]
    assert summary["A"].ok
    assert "already" in summary.rows[1].error
    assert "Row 3 has no name" in summary.rows[2].error
    with pytest.raises(KeyError):
        summary["B"]


@pytest.mark.parametrize("name", [None, "", " ", math.nan])
def test_a_row_needs_a_name(name):
    (row,) = summarise([{"name": name, "values": [1, 2, 3]}])
    assert row.chart is None
    assert row.error == "Row 1 has no name."


def test_an_option_the_chart_lacks_is_named():
    rows = [{"name": "a", "values": [1, 2, 3], "chart": kind} for kind in ("run", "xmr", "c")]
    for number, row in enumerate(rows):
        row["name"] = str(number)
    summary = summarise(rows, colour="red")
    assert all("'colour' is not an option of this chart" in row.error for row in summary)
    assert "'target'" in summarise({"a": [1, 2, 3]}, chart="run", target=3).errors["a"]


def test_the_latest_value_is_the_one_the_verdict_describes():
    (row,) = summarise([{"name": "a", "values": [1, 2, 1, 2, 99, None], "ghosted": [4]}])
    assert row.latest == 2
    assert row.variation == "common_cause"


def test_signals_are_gathered_by_name():
    summary = summarise({"calm": [5, 6, 5, 6, 5, 6], "wild": RISING})
    assert list(summary.signals) == ["wild"]
    assert "concern" not in " ".join(summary.explain())
    assert summary.explain()[0] == "2 of 2 series charted."


@pytest.mark.parametrize("table", ["abc", 7, None, [[1, 2, 3]], ["a"]])
def test_a_table_of_another_form_is_refused(table):
    with pytest.raises(ValueError, match=r"mapping"):
        summarise(table)
    with pytest.raises(ValueError, match="chart is 'pie'"):
        summarise({}, chart="pie")


def test_an_empty_table_is_an_empty_summary():
    assert len(summarise({})) == 0
    assert summarise([]).explain() == ("0 of 0 series charted.",)


cell = st.one_of(st.floats(), st.none(), st.booleans(), st.text(max_size=2), st.integers())


@given(st.dictionaries(st.text(max_size=3), st.one_of(st.lists(cell, max_size=8), cell), max_size=6))
@settings(max_examples=60, deadline=None)
def test_no_series_whatever_its_values_escapes_as_an_exception(table):
    summary = summarise(table, target=3, improvement_direction="increase")
    assert len(summary) == len(table)
    assert all(row.ok != (row.error is not None) for row in summary)


def test_time_grows_in_line_with_the_number_of_series():
    rng = random.Random(1)
    series = [[rng.gauss(10, 2) for _ in range(36)] for _ in range(800)]

    def seconds(count):
        table = {str(i): series[i] for i in range(count)}
        best = math.inf
        for _ in range(3):
            start = time.perf_counter()
            summarise(table, target=12, improvement_direction="decrease")
            best = min(best, time.perf_counter() - start)
        return best

    seconds(50)
    assert seconds(800) < 8 * 3 * seconds(100)
