"""P, NP, C, U, P' and U' charts: published examples, the traps, differential tests and properties."""

import json
import math
from itertools import pairwise
from statistics import fmean

import pandas as pd
import pytest
import shewhart
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.spc import (
    Recalculation,
    c_chart,
    np_chart,
    p_chart,
    p_prime_chart,
    u_chart,
    u_prime_chart,
)

# Montgomery, Introduction to Statistical Quality Control, example 7.1: leaking cans of orange juice out of 50.
CANS = [
    12,
    15,
    8,
    10,
    4,
    7,
    16,
    9,
    14,
    10,
    5,
    6,
    17,
    12,
    22,
    8,
    10,
    5,
    13,
    11,
    20,
    18,
    24,
    15,
    9,
    12,
    7,
    13,
    9,
    6,
]
LATER_CANS = [9, 6, 12, 5, 6, 4, 6, 3, 7, 6, 2, 4, 3, 6, 5, 4, 8, 5, 6, 7, 5, 6, 3, 5]
# Montgomery, example 7.3: nonconformities in 100 printed circuit boards.
CIRCUITS = [
    21,
    24,
    16,
    12,
    15,
    5,
    28,
    20,
    31,
    25,
    20,
    24,
    16,
    19,
    10,
    17,
    13,
    22,
    18,
    39,
    30,
    24,
    16,
    19,
    17,
    15,
]
# Montgomery, example 7.5: defects in rolls of dyed cloth, and the inspection units in each roll.
CLOTH = [14, 12, 20, 11, 7, 10, 21, 16, 19, 23]
CLOTH_UNITS = [10, 8, 13, 10, 9.5, 10, 12, 10.5, 12, 12.5]
# NIST/SEMATECH e-Handbook 6.3.3.1: defects on 25 wafers.
WAFERS = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13]
# Mohammed et al. (2013), BMJ Quality & Safety 22: 362-368: attendances seen within four hours, all, by week.
SEEN = [266501, 264225, 276532, 281461, 269071, 261215, 270409, 279778, 270483, 270320]
SEEN += [267923, 271478, 255353, 256820, 261835, 259144, 255910, 260863, 264465, 260989]
ATTENDED = [280443, 276823, 291681, 296155, 282343, 275888, 283867, 295251, 284468, 282529]
ATTENDED += [279618, 283932, 266629, 268091, 276803, 271578, 266005, 273520, 278574, 273772]


def test_p_chart_of_orange_juice_cans():
    chart = p_chart(CANS, 50)
    assert chart.centre == pytest.approx(0.2313, abs=5e-5)
    assert chart.upper_limit == pytest.approx(0.4102, abs=5e-5)
    assert chart.lower_limit == pytest.approx(0.0524, abs=5e-5)
    assert chart.outside == (14, 22)
    why = chart.signals_at(14)[0].why
    assert "Point 15" in why
    assert "0.44" in why
    assert "0.4102" in why


def test_p_chart_with_two_causes_found_and_left_out():
    chart = p_chart(CANS, 50, ghosted=[14, 22])
    assert chart.centre == pytest.approx(0.2150, abs=5e-5)
    assert chart.upper_limit == pytest.approx(0.3893, abs=5e-5)
    assert chart.lower_limit == pytest.approx(0.0407, abs=5e-5)
    assert chart.outside == (20,)
    assert chart.values[14] == 0.44


def test_p_chart_baseline_sets_the_limits_for_later_points():
    chart = p_chart(CANS + LATER_CANS, 50, baseline=30)
    assert chart.upper_limit == pytest.approx(0.4102, abs=5e-5)
    assert chart.phases[0].points_used == 30
    shift = [signal for signal in chart.signals if signal.rule == "shift" and signal.points[-1] == 53]
    assert shift[0].direction == "low"
    assert p_chart(CANS + LATER_CANS, 50).centre == pytest.approx(sum(CANS + LATER_CANS) / 54 / 50)


def test_c_chart_of_circuit_boards():
    chart = c_chart(CIRCUITS)
    assert chart.centre == pytest.approx(19.85, abs=5e-3)
    assert chart.upper_limit == pytest.approx(33.22, abs=0.01)
    assert chart.lower_limit == pytest.approx(6.48, abs=0.01)
    assert chart.outside == (5, 19)


def test_c_chart_of_wafers_where_a_point_on_the_limit_is_no_signal():
    chart = c_chart(WAFERS)
    assert (chart.centre, chart.lower_limit, chart.upper_limit) == (16, 4, 28)
    assert WAFERS[2] == 28
    assert chart.outside == (23,)


def test_u_chart_of_dyed_cloth_has_limits_for_each_roll():
    chart = u_chart(CLOTH, CLOTH_UNITS)
    assert chart.centre == pytest.approx(153 / 107.5)
    assert chart.upper_limits[0] == pytest.approx(2.55, abs=0.01)
    assert chart.upper_limits[1] == pytest.approx(2.68, abs=0.01)
    assert chart.lower_limits[9] == pytest.approx(0.41, abs=0.01)
    assert chart.outside == ()


def test_u_chart_of_computers_in_samples_of_five():
    # Montgomery, 4th edition, example 6.4: mean 1.93 nonconformities a computer, limits 0.07 and 3.79.
    counts = [10, 12, 8, 14, 10, 16, 11, 7, 10, 15, 9, 5, 7, 11, 12, 6, 8, 10, 7, 5]
    chart = u_chart(counts, 5)
    assert (chart.centre, chart.lower_limit, chart.upper_limit) == pytest.approx((1.93, 0.07, 3.79), abs=5e-3)


def test_np_chart_of_red_beads():
    chart = np_chart([10, 12, 7, 9], 50, centre=10)
    assert (chart.lower_limit, chart.upper_limit) == pytest.approx((1.5, 18.5), abs=0.02)
    measured = np_chart([8, 12, 9, 11], 50)
    assert (measured.lower_limit, measured.upper_limit) == pytest.approx((1.5, 18.5), abs=0.02)


def test_very_large_denominators_need_laneys_chart():
    plain, prime = p_chart(SEEN, ATTENDED), p_prime_chart(SEEN, ATTENDED)
    assert len(plain.outside) == 16
    assert prime.outside == ()
    assert prime.sigma_z > 10
    assert prime.centre == plain.centre


def test_p_prime_limits_by_hand():
    x, n = [10, 20, 12, 25, 9], [100, 120, 90, 130, 100]
    p = sum(x) / sum(n)
    sd = [math.sqrt(p * (1 - p) / size) for size in n]
    z = [(count / size - p) / s for count, size, s in zip(x, n, sd, strict=True)]
    sigma_z = fmean(abs(b - a) for a, b in pairwise(z)) / 1.128
    chart = p_prime_chart(x, n)
    assert chart.sigma_z == pytest.approx(sigma_z)
    assert chart.upper_limits == pytest.approx([p + 3 * s * sigma_z for s in sd])
    assert chart.lower_limits == pytest.approx([max(0, p - 3 * s * sigma_z) for s in sd])


def test_sigma_z_does_not_bridge_a_gap_or_a_ghosted_point():
    x, n = [10, 12, 40, 41], 100
    p = 103 / 400
    z = [(count / 100 - p) / math.sqrt(p * (1 - p) / 100) for count in x]
    within = ((z[1] - z[0]) + (z[3] - z[2])) / 2 / 1.128
    assert p_prime_chart([10, 12, None, 40, 41], n).sigma_z == pytest.approx(within)
    assert p_prime_chart([10, 12, 99, 40, 41], n, ghosted=[2]).sigma_z == pytest.approx(within)


def test_sigma_z_passes_over_a_gap_only_when_asked():
    x, n = [20, 40, None, 60, 80], 100
    error = math.sqrt(0.5 * 0.5 / 100)
    broken, bridged = p_prime_chart(x, n), p_prime_chart(x, n, missing="skip")
    assert broken.sigma_z == pytest.approx(fmean([0.2, 0.2]) / error / 1.128)
    assert bridged.sigma_z == pytest.approx(fmean([0.2, 0.2, 0.2]) / error / 1.128)
    wide = p_prime_chart([20, 40, None, 90, 50], n, missing="skip")
    assert wide.sigma_z == pytest.approx(fmean([0.2, 0.5, 0.4]) / error / 1.128)


def test_sigma_z_and_its_moving_ranges_start_afresh_at_a_recalculation():
    chart = p_prime_chart([20, 30, 20, 30, 70, 90, 70, 90], 100, recalculations=[Recalculation(4, "Test")])
    first, second = (phase.details["sigma_z"] for phase in chart.phases)
    assert first == pytest.approx(0.1 / math.sqrt(0.25 * 0.75 / 100) / 1.128)
    assert second == pytest.approx(0.2 / math.sqrt(0.8 * 0.2 / 100) / 1.128)
    assert chart.sigma_z == second


def test_rules_cross_a_gap_only_when_asked():
    x = [6, 4] * 6 + [7, 8, 7, 8, None, 7, 8, 7]
    chart = c_chart(x, baseline=12)
    assert chart.signals == ()
    assert any("no rule crosses" in line for line in chart.explain())
    (found,) = c_chart(x, baseline=12, missing="skip").signals
    assert (found.rule, found.points) == ("shift", (12, 13, 14, 15, 17, 18, 19))
    assert "passing over one missing or ghosted point" in found.why
    assert any("rules pass over it" in line for line in c_chart(x, missing="skip").explain())


def test_screening_drops_wild_moving_ranges_of_z_and_leaves_the_centre():
    x = [30, 32] * 10 + [95] + [31, 30] * 5
    wide, narrow = u_prime_chart(x, 100), u_prime_chart(x, 100, screen=True)
    assert narrow.sigma_z < wide.sigma_z
    assert narrow.centre == wide.centre == pytest.approx(sum(x) / (100 * len(x)))


def test_sigma_z_floor_keeps_the_limits_no_narrower_than_a_p_chart():
    x = [20, 21] * 12
    assert p_prime_chart(x, 100).sigma_z < 1
    floored = p_prime_chart(x, 100, sigma_z_floor=1)
    assert floored.upper_limits == pytest.approx(p_chart(x, 100).upper_limits)


def test_centre_is_all_events_over_all_chances_not_an_average_of_proportions():
    chart = p_chart([1, 90], [2, 100])
    assert chart.centre == pytest.approx(91 / 102)
    assert chart.centre != pytest.approx((1 / 2 + 90 / 100) / 2)


def test_recalculation_restarts_the_centre_and_stops_runs():
    x = [10] * 3 + [12] * 3 + [30, 31, 29, 30, 32, 31]
    chart = c_chart(x, recalculations=[Recalculation(6, "moved ward")])
    assert chart.centre_line[5] == pytest.approx(11)
    assert chart.centre_line[6] == pytest.approx(30.5)
    assert not [signal for signal in chart.signals if signal.rule == "shift"]
    assert [phase.reason for phase in chart.phases] == [None, "moved ward"]


def test_baseline_applies_to_each_phase():
    x = [10, 12, 50, 50, 20, 22, 60, 60]
    chart = c_chart(x, baseline=2, recalculations=[Recalculation(4, "new unit")])
    assert chart.centre_line == (11, 11, 11, 11, 21, 21, 21, 21)


def test_seven_points_make_a_shift_and_a_point_on_the_centre_breaks_it():
    assert [s.rule for s in c_chart([4] * 7 + [8] * 6, centre=6).signals] == ["shift"]
    assert c_chart([4] * 6 + [6] + [4] * 3, centre=6).signals == ()
    assert c_chart([4] * 7, centre=6, shift_n=8).signals == ()
    assert c_chart([4] * 7, centre=6, shift_n=None).signals == ()


def test_seven_rising_points_make_a_trend():
    rising = c_chart([4, 5, 6, 7, 8, 9, 10], centre=7)
    assert [(s.rule, s.direction, s.points) for s in rising.signals] == [("trend", "high", tuple(range(7)))]
    assert c_chart([4, 5, 6, 7, 8, 9, 10], centre=7, trend_n=8).signals == ()


def test_two_in_three_is_off_unless_asked_for():
    x = [10, 10, 17, 17, 9, 10]
    assert c_chart(x, centre=10).signals == ()
    asked = c_chart(x, centre=10, two_sigma="between").signals
    assert [(s.rule, s.points) for s in asked] == []
    asked = c_chart([10, 9, 17, 17, 11, 9], centre=10, two_sigma="between").signals
    assert [(s.rule, s.points) for s in asked] == [("two_in_three", (2, 3))]


def test_verdicts_use_the_latest_point_and_the_latest_limits():
    chart = c_chart([10, 40, 10, 9, 11], centre=10, improvement_direction="decrease", target=25)
    assert chart.variation.code == "common_cause"
    assert chart.assurance.code == "reliably_meets"
    assert c_chart([10, 9, 40], centre=10, improvement_direction="decrease").variation.code == "concern_high"
    wide = p_chart([50, 50, 5], [1000, 1000, 20], improvement_direction="decrease", target=0.1)
    assert wide.upper_limits[0] < 0.1 < wide.upper_limits[2]
    assert wide.assurance.code == "hit_and_miss"


@pytest.mark.parametrize(
    ("direction", "code"), [("decrease", "reliably_misses"), ("increase", "reliably_meets")]
)
def test_assurance_comes_from_the_latest_phase(direction, code):
    # Limits 0 to 18 at first (mean 9), then 70 to 130 (mean 100); the target of 50 lies between.
    options = {
        "improvement_direction": direction,
        "target": 50,
        "recalculations": [Recalculation(14, "Test")],
    }
    assert c_chart([8, 10] * 7 + [98, 102] * 7, **options).assurance.code == code


def test_percentages_and_rates_are_the_same_chart_on_another_scale():
    plain, percent = p_chart(CANS, 50), p_chart(CANS, 50, per=100)
    assert percent.upper_limits == pytest.approx([100 * v for v in plain.upper_limits])
    assert percent.outside == plain.outside
    assert p_chart([49, 50, 50], 50, per=100).upper_limit == 100


def test_missing_points_and_denominators_are_gaps():
    chart = p_chart([5, None, 7, 6], [50, 50, None, 60])
    assert chart.values == (0.1, None, None, 0.1)
    assert chart.centre == pytest.approx(11 / 110)
    assert chart.upper_limits[1] is not None
    assert chart.upper_limits[2] is None
    assert "Points 2 and 3 missing" in " ".join(chart.explain())


def test_no_events_at_all_gives_limits_without_width():
    chart = p_chart([0, 0, 0, 0], 20)
    assert (chart.centre, chart.lower_limit, chart.upper_limit, chart.signals) == (0, 0, 0, ())
    assert "no width" in " ".join(chart.explain())
    assert p_chart([0] * 4 + [1], 20, baseline=4).outside == (4,)


def test_trial_limits_are_flagged_below_thirteen_points():
    assert c_chart([5] * 12).phases[0].trial
    assert not c_chart([5, 6] * 6 + [5]).phases[0].trial
    assert not c_chart([5, 6], centre=5).phases[0].trial


def test_a_chart_explains_itself_and_survives_json():
    chart = p_chart(CANS, 50, labels=[f"Week {i}" for i in range(1, 31)])
    text = " ".join(chart.explain())
    assert "Week 15: 0.44 is above the upper limit" in text
    data = json.loads(json.dumps(chart.to_dict()))
    assert data["signals"][0]["points"] == [14]
    assert data["options"]["shift_n"] == 7


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (p_chart, lambda frame: shewhart.p_chart(frame, defectives="x", size="n")),
        (u_chart, lambda frame: shewhart.u_chart(frame, defects="x", size="n")),
        (p_prime_chart, lambda frame: shewhart.laney_p(frame, defectives="x", size="n")),
        (u_prime_chart, lambda frame: shewhart.laney_u(frame, defects="x", size="n")),
    ],
)
def test_limits_agree_with_the_shewhart_package_point_by_point(ours, theirs):
    n = [50 + 3 * i % 17 for i in range(30)]
    result = theirs(pd.DataFrame({"x": CANS, "n": n}))
    chart = ours(CANS, n)
    # shewhart takes d2 as 1.128379, Laney's charts here as 1.128: 0.04% on sigma z.
    close = 1e-3 if chart.sigma_z else 1e-12
    assert list(chart.upper_limits) == pytest.approx(result.table["ucl"].tolist(), rel=close)
    assert list(chart.lower_limits) == pytest.approx(result.table["lcl"].tolist(), abs=close)


small = st.integers(0, 60)


@given(st.lists(small, min_size=3, max_size=30))
@settings(max_examples=50, deadline=None)
def test_counting_the_others_mirrors_a_p_chart(x):
    chart, mirror = p_chart(x, 60), p_chart([60 - v for v in x], 60)
    assert mirror.centre == pytest.approx(1 - chart.centre)
    assert list(mirror.upper_limits) == pytest.approx([1 - v for v in chart.lower_limits])
    assert mirror.outside == chart.outside


@given(st.lists(small, min_size=3, max_size=30), st.floats(0.01, 1000))
@settings(max_examples=50, deadline=None)
def test_a_u_chart_scales_with_its_unit_and_a_c_chart_is_a_u_chart_of_ones(x, unit):
    base, scaled = u_chart(x, 7.0), u_chart(x, 7.0 * unit)
    assert scaled.upper_limit * unit == pytest.approx(base.upper_limit, rel=1e-9)
    assert scaled.outside == base.outside
    assert c_chart(x).upper_limits == pytest.approx(u_chart(x, 1).upper_limits)


@given(st.lists(small, min_size=3, max_size=30))
@settings(max_examples=50, deadline=None)
def test_reversing_time_moves_no_limit_and_mirrors_what_is_outside(x):
    forward, backward = c_chart(x), c_chart(x[::-1])
    assert backward.upper_limit == pytest.approx(forward.upper_limit)
    assert sorted(len(x) - 1 - i for i in backward.outside) == sorted(forward.outside)
    assert u_prime_chart(x[::-1], 10).sigma_z == pytest.approx(u_prime_chart(x, 10).sigma_z)


@given(st.lists(small, min_size=3, max_size=30), st.data())
@settings(max_examples=50, deadline=None)
def test_limits_hold_whatever_a_ghosted_point_says(x, data):
    i = data.draw(st.integers(0, len(x) - 1))
    chart = c_chart([*x[:i], 1000, *x[i + 1 :]], ghosted=[i])
    assert chart.centre == pytest.approx(fmean(x[:i] + x[i + 1 :]))
    assert all(i not in signal.points for signal in chart.signals)


CALLS = [
    lambda v: c_chart([5, 6, v, 4]),
    lambda v: p_chart([5, 6, v, 4], 20),
    lambda v: np_chart([5, 6, v, 4], 20),
    lambda v: u_chart([5, 6, v, 4], 20),
    lambda v: p_prime_chart([5, 6, v, 4], 20),
    lambda v: u_prime_chart([5, 6, v, 4], 20),
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, "5", True, -1, 2.5, 1e308])
def test_bad_counts_are_named_by_position_and_value(call, bad):
    with pytest.raises(ValueError, match="Point 3"):
        call(bad)


@pytest.mark.parametrize("call", [p_chart, np_chart, u_chart, p_prime_chart, u_prime_chart])
@pytest.mark.parametrize("bad", [math.nan, math.inf, "5", True, -1, 0, 1e308])
def test_bad_denominators_are_named_by_position_and_value(call, bad):
    with pytest.raises(ValueError, match=r"Point 2"):
        call([5, 5, 5], [20, bad, 20])


@pytest.mark.parametrize("call", [p_chart, np_chart, p_prime_chart])
def test_a_count_over_its_denominator_is_refused(call):
    with pytest.raises(ValueError, match="Point 2 has a count of 21 out of 20"):
        call([5, 21, 5], 20)


@pytest.mark.parametrize("call", CALLS)
def test_one_usable_point_is_not_a_chart(call):
    with pytest.raises(ValueError, match="at least 2 are needed"):
        c_chart([5])
    with pytest.raises(ValueError, match="at least 1"):
        c_chart([])
    assert call(5).centre > 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: p_chart([5, 5], [20]), "1 denominators for 2 points"),
        (lambda: p_chart([5, 5], 20, labels=["a"]), "1 labels for 2 points"),
        (lambda: p_chart([5, 5], 20, centre=1.2), "cannot have"),
        (lambda: np_chart([5, 5], [20, 30], centre=5), "one denominator"),
        (lambda: p_chart([5, 5], 20, per=0), "per is 0"),
        (lambda: c_chart([5, 5, 5, 5], centre=4, recalculations=[Recalculation(2, "x")]), "either centre"),
        (lambda: c_chart([5, 5], two_sigma="both"), "two_sigma"),
        (lambda: c_chart([5, 5], missing="bridge"), "missing"),
        (lambda: p_prime_chart([5, 6, 7], 20, sigma_z_floor=-1), "sigma_z_floor"),
        (lambda: p_prime_chart([5, 6, 7], 20, screen=1), "screen"),
        (lambda: c_chart([5, 5], baseline=3), "baseline"),
        (lambda: c_chart([5, 5, 5], ghosted=[3]), "ghosted"),
        (lambda: p_prime_chart([5, None, 6], 20), "next to each other"),
    ],
)
def test_options_that_cannot_be_used_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_an_unknown_option_is_named():
    with pytest.raises(TypeError, match="'shift' is not an option"):
        c_chart([5, 6, 7], shift=8)
