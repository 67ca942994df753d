"""Pareto charts and process yields."""

import json
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from improvement.spc import (
    dpmo,
    dpmo_from_sigma,
    first_pass_yield,
    pareto,
    process_yield,
    rolled_throughput_yield,
    sigma_level,
)


def test_bars_run_from_the_largest_with_other_last():
    chart = pareto({"Falls": 20, "Other": 50, "Drugs": 45, "Notes": 20, "Kit": 5})
    assert [bar.category for bar in chart.bars] == ["Drugs", "Falls", "Notes", "Kit", "Other"]
    assert [bar.count for bar in chart.bars] == [45, 20, 20, 5, 50]
    assert chart.bars[1].cumulative == pytest.approx(65 / 140)
    assert chart.bars[-1].cumulative == pytest.approx(1)
    assert "Other is the largest bar" in " ".join(chart.explain())


def test_ties_keep_the_order_they_came_in():
    assert [bar.category for bar in pareto({"b": 3, "a": 3, "c": 9}).bars] == ["c", "b", "a"]


def test_the_vital_few_reach_eighty_percent_exactly_and_the_line_is_called_a_convention():
    chart = pareto({"a": 50, "b": 30, "c": 15, "d": 5})
    assert chart.vital_few == ("a", "b")
    assert "convention" in " ".join(chart.explain())
    assert pareto({"a": 50, "b": 30, "c": 15, "d": 5}, line=0.81).vital_few == ("a", "b", "c")
    assert pareto({"a": 10, "Other": 90}).vital_few == ("a",)


def test_events_are_counted_and_small_categories_can_be_pooled():
    chart = pareto(["x", "y", "x", "z", "other", "x", "y"], keep=1)
    assert [(bar.category, bar.count) for bar in chart.bars] == [("x", 3), ("Other", 4)]


@given(
    st.dictionaries(
        st.text("abcdefgh", min_size=1, max_size=3), st.integers(1, 1000), min_size=1, max_size=12
    )
)
@settings(max_examples=60, deadline=None)
def test_shares_sum_to_one_and_only_rise(amounts):
    chart = pareto(amounts)
    reached = [bar.cumulative for bar in chart.bars]
    assert reached == sorted(reached)
    assert reached[-1] == pytest.approx(1)
    assert sum(bar.share for bar in chart.bars) == pytest.approx(1)
    assert chart.total == sum(amounts.values())
    assert json.loads(json.dumps(chart.to_dict()))["line"] == 0.8


@pytest.mark.parametrize("bad", [math.nan, math.inf, "5", True, None, -1, 1e308])
def test_bad_amounts_are_named(bad):
    with pytest.raises(ValueError, match=r"Category 2 \(b\)"):
        pareto({"a": 1, "b": bad})


@pytest.mark.parametrize(
    "data", [{}, [], {"a": 0, "b": 0}, {"Other": 3}, "abc", None, ["a", None], ["a", " "], ["a", math.nan]]
)
def test_nothing_to_divide_is_refused(data):
    with pytest.raises(ValueError, match=r"categor|come to 0|no categories"):
        pareto(data)


def test_yields():
    assert first_pass_yield(90, 100) == 0.9
    assert rolled_throughput_yield([0.9, 0.8, 0.95]) == pytest.approx(0.684)
    assert dpmo(9, 100, 3) == pytest.approx(30_000)


@pytest.mark.parametrize(("level", "per_million"), [(3, 66_807), (4, 6_210), (6, 3.4)])
def test_sigma_levels_with_the_conventional_shift(level, per_million):
    assert dpmo_from_sigma(level) == pytest.approx(per_million, rel=1e-3)
    assert sigma_level(per_million) == pytest.approx(level, abs=5e-4)


@given(st.floats(0.001, 999_999))
@settings(max_examples=60, deadline=None)
def test_sigma_level_without_the_shift_is_the_normal_z(rate):
    assert sigma_level(rate, 0) == pytest.approx(stats.norm.isf(rate / 1e6), rel=1e-7, abs=1e-9)
    assert sigma_level(rate) - sigma_level(rate, 0) == pytest.approx(1.5)
    assert dpmo_from_sigma(sigma_level(rate)) == pytest.approx(rate, rel=1e-6)


def test_a_process_is_as_good_as_the_product_of_its_steps():
    process = process_yield([("Referral", 90, 100), ("Triage", 72, 90), ("Clinic", 70, 72)])
    assert process.rolled == pytest.approx(0.70)
    assert process.dpmo == pytest.approx(300_000)
    assert process.long_term_z == pytest.approx(stats.norm.isf(0.3))
    assert process.sigma_level == pytest.approx(stats.norm.isf(0.3) + 1.5)
    text = " ".join(process.explain())
    assert "Triage, at 80%" in text
    assert "conventional shift of 1.5" in text
    assert json.loads(json.dumps(process.to_dict()))["steps"][1]["first_pass_yield"] == 0.8
    assert process_yield([("Only", 5, 5)]).sigma_level is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: first_pass_yield(11, 10), "more than went in"),
        (lambda: first_pass_yield(0, 0), "at least one"),
        (lambda: first_pass_yield(-1, 10), "negative"),
        (lambda: first_pass_yield("9", 10), "not a number"),
        (lambda: rolled_throughput_yield([]), "no steps"),
        (lambda: rolled_throughput_yield(0.9), "list of shares"),
        (lambda: process_yield(0.9), "list of"),
        (lambda: rolled_throughput_yield([0.9, 95]), "Step 2"),
        (lambda: rolled_throughput_yield([0.9, math.nan]), "Step 2"),
        (lambda: dpmo(11, 10), "cannot be more"),
        (lambda: dpmo(1, 0), "above 0"),
        (lambda: sigma_level(0), "above 0"),
        (lambda: process_yield([("a", 1, 2), ("b", 3, 2)]), r"Step 2 \(b\)"),
        (lambda: process_yield([("a", 1)]), "Step 1"),
    ],
)
def test_yields_that_cannot_be_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("blank", [None, math.nan, pd.NA, pd.NaT, " "])
def test_a_category_without_a_name_is_refused(blank):
    with pytest.raises(ValueError, match="Event 2 has no category"):
        pareto(["Falls", blank])
    with pytest.raises(ValueError, match="Category 2 has no category"):
        pareto({"Falls": 3, blank: 1})
    with pytest.raises(ValueError, match="left-over"):
        pareto(["Falls"], other=None)
