"""Validation of series, and the phrases sentences share."""

import math
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement.spc import c_chart, run_chart, series, wording, xmr


def test_clean_returns_floats_and_keeps_gaps():
    cleaned = series.clean([1, None, 2.5, np.float32(3.5), np.int64(4)])
    assert cleaned == (1.0, None, 2.5, 3.5, 4.0)
    assert [type(v) for v in cleaned if v is not None] == [float] * 4


def test_clean_accepts_any_ordered_iterable():
    assert series.clean(v for v in (1, 2)) == (1.0, 2.0)
    assert series.clean(pd.Series([1.5, 2.5])) == (1.5, 2.5)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (math.nan, "not a number (NaN); write None"),
        (math.inf, "too large"),
        (-math.inf, "too large"),
        (1e308, "1e+308, too large"),
        (-1.01e300, "too large"),
        (10**400, "too large"),
        ("7", "'7', which is not a number"),
        (True, "True, which is not a number"),
        (np.bool_(False), "which is not a number"),
        ([1], "which is not a number"),
        (1 + 2j, "which is not a number"),
    ],
)
def test_clean_names_the_position_from_one_and_the_value(bad, said):
    with pytest.raises(ValueError, match="Point 3") as error:
        series.clean([1, None, bad, 4])
    assert said in str(error.value)


def test_values_up_to_the_largest_size_are_accepted():
    assert series.clean([1e300, -1e300]) == (1e300, -1e300)


@pytest.mark.parametrize("values", [[], [None, None], [5], [None, 5, None]])
def test_too_few_values_are_refused_with_the_count(values):
    present = sum(v is not None for v in values)
    with pytest.raises(ValueError, match=f"has {present} value"):
        series.clean(values)


@pytest.mark.parametrize("values", ["12345", b"123", {1: 2, 3: 4}, {1.0, 2.0}, 7, None])
def test_things_without_a_time_order_are_refused(values):
    with pytest.raises(ValueError, match="time order"):
        series.clean(values)


@pytest.mark.parametrize("make", [xmr, run_chart])
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"labels": ["a", "b"]}, "2 labels for 4 points"),
        ({"labels": "abcd"}, "one label for each point"),
        ({"labels": 4}, "one label for each point"),
        ({"labels": ["a", None, "c", "d"]}, "Point 2 has no label"),
        ({"labels": ["a", "b", math.nan, "d"]}, "Point 3 has no label"),
        ({"labels": ["a", "b", "c", " "]}, "Point 4 has no label"),
        ({"ghosted": 2}, "list of indices"),
        ({"ghosted": "2"}, "list of indices"),
        ({"ghosted": None}, "list of indices"),
        ({"equal": "ignore"}, "equal"),
        ({"missing": "bridge"}, "missing"),
        ({"ghosted": [4]}, "between 0 and 3"),
        ({"ghosted": [-1]}, "between 0 and 3"),
        ({"ghosted": [1.0]}, "whole number"),
        ({"ghosted": [True]}, "whole number"),
        ({"baseline": 1}, "between 2 and 4"),
        ({"baseline": 5}, "between 2 and 4"),
        ({"baseline": 2.5}, "whole number"),
        ({"preset": "nhs"}, "choose one of"),
        ({"shift_n": 1, "preset": None}, "at least 2"),
        ({"trend_n": 2, "preset": None}, "at least 3"),
    ],
)
def test_both_charts_refuse_options_that_cannot_be_used(make, options, said):
    if "preset" in options and options["preset"] is None:
        options = options | {"preset": "mdc" if make is xmr else "ihi"}
    with pytest.raises(ValueError, match=said):
        make([1, 2, 1, 3], **options)


@given(st.floats(-1e300, 1e300), st.integers(0, 12))
def test_a_number_in_a_sentence_is_the_value_rounded(value, decimals):
    shown = float(wording.number(value, decimals).replace("−", "-").replace(",", ""))
    assert math.isclose(shown, value, rel_tol=1e-3, abs_tol=0.51 * 10**-decimals)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (10.0, 2, "10"),
        (-3.063, 2, "−3.06"),
        (-0.001, 2, "0"),
        (100.0, 0, "100"),
        (1234567.0, 0, "1,234,567"),
        (1e-17, 2, "0"),
        (2e20, 0, "2e+20"),
    ],
)
def test_numbers_are_written_as_clinicians_read_them(value, decimals, shown):
    assert wording.number(value, decimals) == shown


@pytest.mark.parametrize("make", [xmr, run_chart])
def test_ghosted_points_may_come_in_any_order_from_any_iterable(make):
    chart = make([1, 2, 1, 3, 2, 4], ghosted=np.array([4, 0, 4]))
    assert chart.ghosted == (0, 4)


def test_points_are_named_from_one_or_by_label():
    weeks = [f"Week {i}" for i in range(1, 11)]
    assert wording.names((4,), None) == "Point 5"
    assert wording.names((4, 5), None) == "Points 5 and 6"
    assert wording.names((2, 3, 4), None) == "Points 3 to 5"
    assert wording.names((2, 3, 6), None) == "Points 3, 4 and 7"
    assert wording.names((2, 3, 6), weeks) == "Week 3, Week 4 and Week 7"
    assert wording.span(2, 8, weeks) == "Week 3 to Week 9"
    assert wording.span(2, 8, None) == "Points 3 to 9"


DATES = {
    "date objects": [date(2024, 1, 29), date(2024, 2, 5), date(2024, 2, 12), date(2024, 2, 19)],
    "datetimes": [
        datetime(2024, 1, 29, 9),
        datetime(2024, 1, 29, 10),
        datetime(2024, 2, 5),
        datetime(2024, 3, 5),
    ],
    "iso days": ["2024-01-29", "2024-02-05", "2024-02-12", "2024-02-19"],
    "iso months": ["2023-11", "2023-12", "2024-01", "2024-02"],
    "iso times": ["2024-01-29 09:00", "2024-01-29 10:00", "2024-01-30 08:30", "2024-02-01 00:00"],
    "british": ["29/01/2024", "05/02/2024", "12/02/2024", "19/02/2024"],
    "american": ["01/29/2024", "02/05/2024", "02/12/2024", "02/19/2024"],
    "short years": ["29/01/24", "05/02/24", "12/02/24", "19/02/24"],
    "short months": ["29 Jan 2024", "5 Feb 2024", "12 Feb 2024", "19 Feb 2024"],
    "long months": ["December 2023", "January 2024", "February 2024", "April 2024"],
    "spreadsheet months": ["Nov-23", "Dec-23", "Jan-24", "Feb-24"],
}


@pytest.mark.parametrize("kind", DATES)
@pytest.mark.parametrize("make", [xmr, run_chart, c_chart])
def test_dates_must_rise(make, kind):
    dates = DATES[kind]
    assert len(make([1, 2, 1, 3], labels=dates).labels) == 4
    with pytest.raises(ValueError, match=r"Point 3 is labelled .*not later than point 2"):
        make([1, 2, 1, 3], labels=[dates[0], dates[2], dates[1], dates[3]])
    with pytest.raises(ValueError, match="Points 2 and 3 are both labelled"):
        make([1, 2, 1, 3], labels=[dates[0], dates[1], dates[1], dates[3]])


def test_the_wrong_date_is_shown():
    with pytest.raises(ValueError, match=r"Point 2 is labelled 2024-01-08, .*point 1 \(2024-01-15\)"):
        xmr([1, 2, 3], labels=[date(2024, 1, 15), date(2024, 1, 8), date(2024, 1, 22)])


@pytest.mark.parametrize(
    "names",
    [
        ["Week 2", "Week 1", "Week 3", "Week 3"],
        ["2024-02-05", "2024-01-29", "2024-02-12", "(no date)"],
        ["4", "3", "2", "1"],
        [2024, 2023, 2022, 2021],
        ["Dec 24", "Dec 31", "Jan 07", "Jan 14"],
    ],
)
def test_labels_that_are_not_all_dates_may_come_in_any_order(names):
    assert xmr([1, 2, 1, 3], labels=names).labels == tuple(map(str, names))


def test_times_with_and_without_a_zone_do_not_mix():
    mixed = [datetime(2024, 1, 1), datetime(2024, 1, 2, tzinfo=UTC), datetime(2024, 1, 3)]
    with pytest.raises(ValueError, match="time zone"):
        xmr([1, 2, 3], labels=mixed)


def test_a_midnight_is_shown_as_a_day():
    chart = xmr([1, 2, 3], labels=[datetime(2024, 1, 1), datetime(2024, 1, 2, 9, 30), date(2024, 1, 3)])
    assert chart.labels == ("2024-01-01", "2024-01-02 09:30:00", "2024-01-03")
