"""G and T charts: published limits, the traps, and properties."""

import json
import math
from itertools import pairwise
from statistics import fmean, median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.spc import Recalculation, g_chart, t_chart

# Deliveries, and minutes, between cases of neonatal asphyxia in 2,193 Robson group 1 births: derived from the open
# data of J. Anhøj, Mastering Statistical Process Control Charts in Healthcare (spc4hc), chapter on rare events.
DELIVERIES = [99, 64, 255, 68, 148, 73, 35, 63, 286, 24, 176, 33, 418, 139, 54]
MINUTES = [
    25583,
    14942,
    74800,
    14436,
    38166,
    17698,
    8586,
    12615,
    59893,
    5717,
    34436,
    8283,
    90403,
    34848,
    9378,
]
DAYS = [minutes / 1440 for minutes in MINUTES]


def test_g_chart_of_births_needs_518_deliveries_for_a_signal():
    chart = g_chart(DELIVERIES)
    assert chart.upper_limit == pytest.approx(517.5, abs=0.05)
    assert chart.lower_limit == 0
    assert g_chart([*DELIVERIES, 517], baseline=15).outside == ()
    assert g_chart([*DELIVERIES, 518], baseline=15).outside == (15,)


def test_g_chart_puts_the_mean_in_sigma_and_counts_runs_about_the_median():
    chart = g_chart(DELIVERIES)
    assert chart.centre == pytest.approx(fmean(DELIVERIES))
    assert set(chart.run_line) == {median(DELIVERIES)}
    wrong = median(DELIVERIES) + 3 * math.sqrt(median(DELIVERIES) * (median(DELIVERIES) + 1))
    assert wrong == pytest.approx(293.5, abs=0.05)
    assert abs(chart.upper_limit - wrong) > 200


def test_g_chart_runs_are_about_the_median_not_the_mean():
    # Eight gaps below the mean, but on alternate sides of the median.
    gaps = [6, 4, 6, 4, 6, 4, 6, 4, 25]
    assert fmean(gaps) > max(gaps[:8])
    assert g_chart(gaps).signals == ()


def test_g_chart_points_on_the_median_neither_break_nor_count():
    gaps = [9, 9, 9, 5, 9, 9, 9, 9, 1, 1, 1, 1, 1, 1, 5]
    signals = [signal for signal in g_chart(gaps).signals if signal.rule == "shift"]
    assert signals[0].points == (0, 1, 2, 4, 5, 6, 7)
    assert not [s for s in g_chart(gaps, equal="break").signals if s.direction == "high"]


def test_g_chart_with_a_known_mean_uses_ln_2_of_it_as_the_middle():
    chart = g_chart([3, 200], centre=100)
    assert chart.upper_limit == pytest.approx(100 + 3 * math.sqrt(100 * 101))
    assert chart.run_line[0] == pytest.approx(69.3)


def test_t_chart_of_births_needs_190_days_for_a_signal():
    chart = t_chart(DAYS)
    assert chart.upper_limit == pytest.approx(190.4, abs=0.05)
    assert 0 <= chart.lower_limit < 0.001
    assert chart.values == tuple(DAYS)


def test_t_chart_limits_by_hand():
    times = [1.0, 8.0, 3.0, 20.0, 5.0]
    roots = [t ** (1 / 3.6) for t in times]
    moving = [abs(b - a) for a, b in pairwise(roots)]
    reach = 3 * fmean(moving) / 1.128
    chart = t_chart(times)
    assert chart.upper_limit == pytest.approx((fmean(roots) + reach) ** 3.6)
    assert chart.lower_limit == pytest.approx(max(0.0, fmean(roots) - reach) ** 3.6)
    assert chart.centre == pytest.approx(fmean(roots) ** 3.6)


def test_t_chart_screening_drops_a_moving_range_and_keeps_the_point():
    times = [10.0, 30.0] * 9 + [2000.0] + [10.0, 30.0] * 3
    narrow, wide = t_chart(times), t_chart(times, screen=False)
    assert narrow.upper_limit < wide.upper_limit
    assert narrow.centre == wide.centre
    assert narrow.outside == (18,)


def test_t_chart_moving_ranges_do_not_bridge_a_gap():
    with_gap = t_chart([1.0, 2.0, None, 100.0, 110.0], screen=False)
    roots = [t ** (1 / 3.6) for t in (1.0, 2.0, 100.0, 110.0)]
    moving = [roots[1] - roots[0], roots[3] - roots[2]]
    expected = (fmean(roots) + 3 * fmean(moving) / 1.128) ** 3.6
    assert with_gap.upper_limits[0] == pytest.approx(expected)
    assert with_gap.values[2] is None


def test_t_chart_bridges_a_gap_when_asked():
    times = [1.0, 2.0, None, 100.0, 110.0]
    roots = [t ** (1 / 3.6) for t in times if t is not None]
    expected = (fmean(roots) + 3 * fmean(b - a for a, b in pairwise(roots)) / 1.128) ** 3.6
    assert t_chart(times, screen=False, missing="skip").upper_limit == pytest.approx(expected)


def test_t_chart_names_the_points_that_cannot_set_limits():
    with pytest.raises(ValueError, match="Points 5 to 7 cannot set limits"):
        t_chart([1, 2, 1, 2, 5, None, 6], recalculations=[Recalculation(4, "Test")])


@pytest.mark.parametrize("chart", [g_chart, t_chart])
def test_ghosted_points_may_come_from_an_iterator(chart):
    times = [1, 2, 1, 99, 2, 1, 2, 1]
    once = chart(times, ghosted=iter([3]), labels=iter("abcdefgh"))
    assert once == chart(times, ghosted=[3], labels=list("abcdefgh"))
    assert once.ghosted == (3,)


def test_recalculation_starts_new_limits_and_no_run_crosses_it():
    gaps = [10, 12, 9, 11, 10, 12, 50, 60, 55, 52, 58, 61]
    chart = g_chart(gaps, recalculations=[Recalculation(6, "new bundle")])
    assert chart.centre_line[:6] == (pytest.approx(fmean(gaps[:6])),) * 6
    assert chart.centre_line[6:] == (pytest.approx(fmean(gaps[6:])),) * 6
    assert all(max(s.points) < 6 or min(s.points) >= 6 for s in chart.signals)
    assert "new bundle" in " ".join(chart.explain())


def test_a_longer_gap_is_an_improvement_when_increase_is_better():
    chart = g_chart([*DELIVERIES, 600], baseline=15, improvement_direction="increase")
    assert chart.variation.code == "improvement_high"


@given(st.lists(st.floats(0.1, 1000), min_size=4, max_size=30), st.floats(0.01, 100))
@settings(max_examples=50, deadline=None)
def test_t_chart_does_not_care_about_the_unit_of_time(times, unit):
    plain, scaled = t_chart(times), t_chart([t * unit for t in times])
    assert scaled.upper_limit == pytest.approx(plain.upper_limit * unit, rel=1e-6)
    assert scaled.centre == pytest.approx(plain.centre * unit, rel=1e-6)


@given(st.lists(st.integers(0, 500), min_size=2, max_size=40))
@settings(max_examples=50, deadline=None)
def test_g_chart_limits_follow_the_formula_and_the_order_of_points_does_not_matter(gaps):
    chart = g_chart(gaps)
    mean = fmean(gaps)
    assert chart.upper_limit == pytest.approx(mean + 3 * math.sqrt(mean * (mean + 1)))
    assert g_chart(gaps[::-1]).upper_limit == pytest.approx(chart.upper_limit)
    assert json.loads(json.dumps(chart.to_dict()))["upper_limits"] == list(chart.upper_limits)


@pytest.mark.parametrize("chart", [g_chart, t_chart])
@pytest.mark.parametrize("bad", [math.nan, math.inf, "7", True, -3, 1e308])
def test_bad_gaps_are_named_by_position(chart, bad):
    with pytest.raises(ValueError, match="Point 3"):
        chart([5, 6, bad, 7])


@pytest.mark.parametrize("chart", [g_chart, t_chart])
@pytest.mark.parametrize("short", [[], [4], [None, None], [None, 4]])
def test_too_few_gaps_are_refused(chart, short):
    with pytest.raises(ValueError, match=r"needed|at least"):
        chart(short)


def test_two_events_at_once_send_the_reader_to_a_finer_clock():
    with pytest.raises(ValueError, match=r"Point 2 has a time of 0; it must be above 0\..*G chart"):
        t_chart([3, 0, 4])
    assert g_chart([3, 0, 4]).values[1] == 0


def test_part_gaps_are_refused_on_a_g_chart():
    with pytest.raises(ValueError, match=r"Point 2 has a gap of 2\.5"):
        g_chart([3, 2.5, 4])
