"""XmR limits, rules, phases and verdicts, against published examples and the properties they must have."""

import json
import math
import pickle
import random
import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from improvement.spc import Recalculation, Signal, Verdict, c_chart, rules, xmr, xmr_limits

VIGNETTE = [1, 2, 1, 2, 10, *[1, 2] * 6, 1]
"""The 18 points of the vignette of NHSRplotthedots (mean 35/18)."""

FLOW_RATE = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
"""Flow rates of the NIST/SEMATECH e-Handbook, section 6.3.2.2."""

NORMAL_20 = [
    -0.56047565, -0.23017749, 1.55870831, 0.07050839, 0.12928774, 1.71506499, 0.46091621, -1.26506123,
    -0.68685285, -0.44566197, 1.22408180, 0.35981383, 0.40077145, 0.11068272, -0.55584113, 1.78691314,
    0.49785048, -1.96661716, 0.70135590, -0.47279141,
]  # fmt: skip
"""R's set.seed(123); rnorm(20), the data of the tests of NHSRplotthedots."""


def fired(chart, rule=None):
    return [(s.rule, s.points, s.direction) for s in chart.signals if rule in (None, s.rule)]


def around(*tail, mean_gap=1.0):
    """Return 16 points that swing about 0 by `mean_gap`, which fix the limits, then `tail`."""
    return [mean_gap, -mean_gap] * 8 + list(tail)


def on_baseline(*tail, **options):
    """Return a chart with mean 0, limits 5.32 and near limits 3.546..., held from 16 points, then `tail`."""
    return xmr(around(*tail), baseline=16, **options)


# Published examples


def test_nist_flow_rate_example():
    phase = xmr_limits(FLOW_RATE, multiplier=3 / 1.128)
    assert phase.mean == pytest.approx(50.81, abs=1e-9)
    assert phase.mean_moving_range == pytest.approx(1.8778, abs=5e-5)
    assert phase.upper_limit == pytest.approx(55.8041, abs=5e-5)
    assert phase.lower_limit == pytest.approx(45.8159, abs=5e-5)
    assert fired(xmr(FLOW_RATE, multiplier=3 / 1.128)) == []


def test_the_three_multipliers_in_use_give_their_own_upper_limits():
    exact = 3 / (2 / math.sqrt(math.pi))
    uppers = [xmr_limits(FLOW_RATE, multiplier=m).upper_limit for m in (3 / 1.128, exact, 2.66)]
    assert uppers == pytest.approx([55.8041, 55.8024, 55.8049], abs=5e-5)


def test_vignette_unscreened():
    phase = xmr_limits(VIGNETTE)
    assert phase.mean == pytest.approx(35 / 18, abs=1e-12)
    assert phase.lower_limit == pytest.approx(35 / 18 - 2.66 * 32 / 17, abs=1e-9)
    assert (phase.lower_limit, phase.upper_limit) == pytest.approx((-3.063, 6.952), abs=5e-4)
    assert (phase.points_used, phase.ranges_used, phase.ranges_screened) == (18, 17, 0)


def test_vignette_screened_drops_two_moving_ranges_and_leaves_the_mean():
    phase = xmr_limits(VIGNETTE, screen=True)
    assert phase.mean == pytest.approx(1.944, abs=5e-4)
    assert phase.mean_moving_range == 1
    assert (phase.lower_limit, phase.upper_limit) == pytest.approx((-0.716, 4.604), abs=5e-4)
    assert (phase.points_used, phase.ranges_used, phase.ranges_screened) == (18, 15, 2)


@pytest.mark.parametrize(
    ("fifteenth", "screen", "mean", "lower", "upper"),
    [
        (-0.55584113, True, 0.1416238, -3.01138, 3.294627),
        (10, True, 0.6694159, -2.383666, 3.722497),
        (10, False, 0.6694159, -4.596625, 5.935457),
    ],
)
def test_limits_match_the_snapshots_of_nhsrplotthedots(fifteenth, screen, mean, lower, upper):
    values = NORMAL_20.copy()
    values[14] = fifteenth
    phase = xmr_limits(values, screen=screen)
    assert (phase.mean, phase.lower_limit, phase.upper_limit) == pytest.approx((mean, lower, upper), abs=1e-6)


def test_limits_of_two_halves_match_the_snapshot_of_nhsrplotthedots():
    limits = [xmr_limits(half, screen=True) for half in (NORMAL_20[:10], NORMAL_20[10:])]
    assert [p.mean for p in limits] == pytest.approx([0.0746, 0.209], abs=5e-4)
    assert [p.lower_limit for p in limits] == pytest.approx([-2.60, -3.28], abs=5e-3)
    assert [p.upper_limit for p in limits] == pytest.approx([2.75, 3.70], abs=5e-3)


# Limits


def test_moving_range_limit_is_3_267_mean_moving_ranges():
    chart = xmr(VIGNETTE)
    assert chart.moving_range_limits == pytest.approx((3.267 * 32 / 17,))
    assert chart.moving_ranges[:6] == (None, 1, 1, 1, 8, 9)


def test_moving_ranges_above_their_limit_are_listed_but_are_not_signals():
    # 16 ranges of 2 set a limit of 6.534; the step from -1 to 6 is 7, to 5 is 6.
    assert on_baseline(5.3).moving_ranges_outside == ()
    chart = on_baseline(5, 0, 3, -4, 0)
    assert chart.moving_ranges[16:] == (6, 5, 3, 7, 4)
    assert chart.moving_ranges_outside == (19,)
    assert chart.to_dict()["moving_ranges_outside"] == [19]
    assert not any(19 in s.points for s in chart.signals if s.rule == "outside_limits")


def test_near_limits_stand_two_thirds_of_the_way_out():
    phase = on_baseline(0).phases[0]
    assert phase.near_limits == pytest.approx((-2 * 2.66 / 3 * 2, 2 * 2.66 / 3 * 2))


def test_screening_is_one_pass():
    # Ranges 1 x 20, 8, 60: the first pass drops 60 only, although 8 would go in a second pass.
    steps = [1, -1] * 10 + [8, -60]
    values = [sum(steps[:i]) for i in range(len(steps) + 1)]
    phase = xmr_limits(values, screen=True)
    assert phase.ranges_screened == 1
    assert phase.mean_moving_range == pytest.approx(28 / 21)


def test_a_moving_range_exactly_at_the_cut_is_screened():
    # 3.267 times a mean moving range of (99 x 0.977... + 3.267) / 100 = 1.
    small = (100 - 3.267) / 99
    values = [0.0]
    for i in range(99):
        values.append(values[-1] + (small if i % 2 == 0 else -small))
    values.append(values[-1] + 3.267)
    assert xmr_limits(values).mean_moving_range == pytest.approx(1)
    assert xmr_limits(values, screen=True).ranges_screened == 1


def test_screening_leaves_a_constant_series_alone():
    phase = xmr_limits([4.0] * 15, screen=True)
    assert (phase.ranges_screened, phase.lower_limit, phase.upper_limit) == (0, 4.0, 4.0)


def test_baseline_holds_the_limits_of_the_first_points():
    chart = xmr(VIGNETTE + [40] * 5, baseline=18)
    assert chart.phases[0].upper_limit == pytest.approx(6.952, abs=5e-4)
    assert chart.phases[0].baseline_stop == 18
    assert fired(chart, "outside_limits") == [
        ("outside_limits", (i,), "high") for i in (4, 18, 19, 20, 21, 22)
    ]


def test_baseline_applies_to_each_phase():
    values = [1, 3, 1, 3, 9, 9, 11, 15, 11, 15, 40, 50]
    chart = xmr(values, baseline=4, recalculations=[Recalculation(6, "New pathway")])
    assert [p.mean for p in chart.phases] == [2, 13]
    assert [(p.start, p.baseline_stop, p.stop) for p in chart.phases] == [(0, 4, 6), (6, 10, 12)]
    assert [p.mean_moving_range for p in chart.phases] == [2, 4]


def test_a_phase_shorter_than_the_baseline_uses_all_its_points():
    chart = xmr([1, 3, 1, 3, 1, 3, 11, 15, 11], baseline=5, recalculations=[Recalculation(6, "New pathway")])
    assert [(p.baseline_stop, p.points_used) for p in chart.phases] == [(5, 5), (9, 3)]


@pytest.mark.parametrize(("points", "trial"), [(12, True), (13, False)])
def test_limits_are_trial_limits_below_13_points(points, trial):
    chart = xmr([1.0, 2.0] * 6 + [1.0] * (points - 12))
    assert chart.phases[0].trial is trial
    assert any("trial limits" in line for line in chart.explain()) is trial


def test_trial_counts_the_points_that_made_the_limits_not_those_plotted():
    assert xmr([1, 2] * 10, baseline=12).phases[0].trial
    assert xmr([1, 2] * 6 + [1, None, 2], ghosted=[0, 2]).phases[0].points_used == 12


# Recalculation


def test_each_phase_has_its_own_mean_ranges_and_reason():
    values = [1, 3] * 4 + [101, 103] * 4
    chart = xmr(values, recalculations=[Recalculation(8, " Ward moved ")])
    assert [p.mean for p in chart.phases] == [2, 102]
    assert [p.mean_moving_range for p in chart.phases] == [2, 2]
    assert chart.moving_ranges[8] is None
    assert [p.reason for p in chart.phases] == [None, "Ward moved"]
    assert any("Ward moved" in line for line in chart.explain())


def test_no_shift_or_trend_crosses_a_recalculation():
    rising = list(range(12))
    assert fired(xmr(rising), "trend") == [("trend", tuple(range(12)), "high")]
    assert fired(xmr(rising, recalculations=[Recalculation(6, "Test")]), "trend") == []
    high = [*around(), *[3] * 12]
    split = xmr(high, baseline=16, recalculations=[Recalculation(22, "Test")])
    assert fired(split, "shift") == []
    assert fired(xmr(high, baseline=16), "shift") == [("shift", tuple(range(16, 28)), "high")]


def test_earlier_limits_stay_as_they_were():
    values = [1, 3, 2, 4, 1, 3, 9, 8, 9, 8]
    before = xmr(values[:6]).phases[0]
    after = xmr(values, recalculations=[Recalculation(6, "Test")]).phases[0]
    assert after == before


def test_recalculations_may_be_given_in_any_order():
    values = list(range(12))
    both = [Recalculation(8, "b"), Recalculation(4, "a")]
    assert [p.reason for p in xmr(values, recalculations=both).phases] == [None, "a", "b"]


@pytest.mark.parametrize(
    ("when", "labels", "shown"),
    [
        ("2024-03-04", None, "2024-03-04"),
        (date(2024, 3, 4), None, "2024-03-04"),
        (None, [f"Week {i}" for i in range(1, 17)], "Week 9"),
        ("4 March", [f"Week {i}" for i in range(1, 17)], "4 March"),
        (None, None, None),
    ],
)
def test_a_recalculation_keeps_its_date_or_takes_the_label(when, labels, shown):
    change = Recalculation(8, "Ward moved", date=when)
    for chart in (
        xmr([1, 3] * 8, labels=labels, recalculations=[change]),
        c_chart([1, 3] * 8, labels=labels, recalculations=[change]),
    ):
        assert [phase.date for phase in chart.phases] == [None, shown]
        assert chart.to_dict()["phases"][1]["date"] == shown
        said = f"recalculated here ({shown}): Ward moved." if shown else "recalculated here: Ward moved."
        assert sum(said in line for line in chart.explain()) == 1


@pytest.mark.parametrize("when", [5, " ", True])
def test_a_recalculation_date_is_text_or_a_date(when):
    with pytest.raises(ValueError, match="point 9 has the date"):
        Recalculation(8, "Ward moved", date=when)


@pytest.mark.parametrize("given", [None, Recalculation(4, "Test"), 4])
def test_recalculations_come_in_a_list(given):
    for make in (xmr, c_chart):
        with pytest.raises(ValueError, match="must be a list"):
            make(range(10), recalculations=given)


@pytest.mark.parametrize("reason", ["", "  ", None, 3])
def test_a_recalculation_needs_a_reason(reason):
    with pytest.raises(ValueError, match="point 7 has no reason"):
        Recalculation(6, reason)


@pytest.mark.parametrize(
    ("positions", "said"),
    [
        ([0], "point 1 leaves fewer than two points in the phase before"),
        ([1], "point 2 leaves fewer than two points in the phase before"),
        ([9], "point 10 leaves fewer than two points after it"),
        ([10], "point 11 is past the end"),
        ([4, 5], "point 6 leaves fewer than two"),
        ([4, 4], "point 5 leaves fewer than two"),
    ],
)
def test_a_recalculation_that_leaves_too_short_a_phase_is_refused(positions, said):
    with pytest.raises(ValueError, match=said):
        xmr(range(10), recalculations=[Recalculation(at, "Test") for at in positions])


@pytest.mark.parametrize("at", [-1, 2.0, True, "3"])
def test_a_recalculation_position_is_a_whole_number(at):
    with pytest.raises(ValueError, match="first point"):
        Recalculation(at, "Test")


def test_a_bare_index_is_not_a_recalculation():
    with pytest.raises(ValueError, match="Recalculation"):
        xmr(range(10), recalculations=[4])


def test_a_phase_left_without_a_moving_range_is_refused():
    with pytest.raises(ValueError, match="Points 5 to 7 cannot set limits"):
        xmr([1, 2, 1, 2, 5, None, 6], recalculations=[Recalculation(4, "Test")])
    with pytest.raises(ValueError, match="Points 1 to 3 cannot set limits"):
        xmr_limits([1, None, 2, None, 3, 4], baseline=3)


# Gaps and ghosted points


def test_a_gap_breaks_the_moving_range():
    chart = xmr([1, 2, None, 12, 13])
    assert chart.moving_ranges == (None, 1, None, None, 1)
    assert chart.phases[0].mean_moving_range == 1
    assert chart.phases[0].mean == 7


@pytest.mark.parametrize("hole", ["missing", "ghosted"])
def test_a_gap_breaks_a_shift_a_trend_and_two_in_three(hole):
    def chart(tail, position):
        values = around(*tail)
        if hole == "missing":
            values[position] = None
            return xmr(values, baseline=16)
        return xmr(values, baseline=16, ghosted=[position])

    assert fired(chart([3] * 9, 20)) == []
    assert fired(chart([-3, -2.5, -2, -1.5, 0.5, 1, 2, 2.5, 3], 20)) == []
    assert fired(on_baseline(4, 4), "two_in_three") == []
    assert fired(on_baseline(1, 4, 4), "two_in_three") == [("two_in_three", (17, 18), "high")]
    assert fired(chart([4, 1, 1, 4], 17)) == []
    assert fired(chart([4, 9, 4], 17)) == []


def test_ghosting_keeps_the_point_and_takes_it_out_of_everything_else():
    chart = xmr(VIGNETTE, ghosted=[4])
    assert chart.values[4] == 10
    assert chart.ghosted == (4,)
    assert chart.moving_ranges[3:7] == (1, None, None, 1)
    assert chart.phases[0].mean == pytest.approx(25 / 17)
    assert chart.signals == ()
    assert any("Point 5 ghosted" in line for line in chart.explain())


def test_a_ghosted_point_outside_the_limits_is_not_a_signal():
    assert fired(on_baseline(99, ghosted=[16])) == []


series_of_values = st.lists(st.integers(-50, 50), min_size=6, max_size=40)


@given(series_of_values, st.data())
def test_a_ghosted_point_has_no_influence_whatever_its_value(values, data):
    index = data.draw(st.integers(0, len(values) - 1))
    other = data.draw(st.integers(-(10**6), 10**6))
    first = xmr(values, ghosted=[index])
    second = xmr([*values[:index], other, *values[index + 1 :]], ghosted=[index])
    missing = xmr([*values[:index], None, *values[index + 1 :]])
    assert first.phases == second.phases == missing.phases
    assert first.signals == second.signals == missing.signals
    assert first.moving_ranges == missing.moving_ranges
    assert not any(index in signal.points for signal in first.signals)


@given(series_of_values, st.data())
def test_a_gap_is_never_bridged(values, data):
    gaps = data.draw(st.sets(st.integers(0, len(values) - 1), max_size=4))
    holed = [None if i in gaps else v for i, v in enumerate(values)]
    assume(any(a is not None and b is not None for a, b in pairwise(holed)))
    chart = xmr(holed)
    for i, moving_range in enumerate(chart.moving_ranges):
        assert (moving_range is None) == (i == 0 or i in gaps or i - 1 in gaps)
    for signal in chart.signals:
        # Two in three may leave out its middle point, but not because it is missing.
        assert gaps.isdisjoint(range(signal.points[0], signal.points[-1] + 1))


def test_skip_bridges_the_gap_and_says_so():
    chart = xmr([1, 2, None, 12, 13], missing="skip")
    assert chart.moving_ranges == (None, 1, None, 10, 1)
    assert chart.phases[0].mean_moving_range == 4
    assert xmr_limits([1, 2, None, 12, 13], missing="skip").mean_moving_range == 4
    assert any("pass over it" in line for line in chart.explain())
    assert chart.options.missing == "skip"
    with pytest.raises(ValueError, match="missing"):
        xmr_limits([1, 2, 3], missing="bridge")


@pytest.mark.parametrize("hole", ["missing", "ghosted"])
def test_skip_lets_each_rule_pass_over_a_gap_and_its_sentence_owns_up(hole):
    def signals(*tail):
        values = around(*tail)
        position = values.index(99)
        if hole == "missing":
            values[position] = None
        ghosted = [position] if hole == "ghosted" else []
        return xmr(values, baseline=16, ghosted=ghosted, missing="skip").signals

    (shift,) = signals(3, 3, 3, 3, 99, 3, 3, 3)
    assert (shift.rule, shift.points) == ("shift", (16, 17, 18, 19, 21, 22, 23))
    (trend,) = signals(-3, -2, -1.5, 99, -1, 0.5, 1, 2)
    assert (trend.rule, trend.points) == ("trend", (16, 17, 18, 20, 21, 22, 23))
    (two,) = signals(1, 4, 99, 4)
    assert (two.rule, two.points) == ("two_in_three", (17, 19))
    assert all("passing over one missing or ghosted point" in s.why for s in (shift, trend, two))


@given(series_of_values, st.data())
def test_skip_is_the_chart_of_the_points_that_are_there(values, data):
    gaps = data.draw(st.sets(st.integers(0, len(values) - 1), max_size=4))
    there = [i for i in range(len(values)) if i not in gaps]
    holed = xmr([None if i in gaps else v for i, v in enumerate(values)], missing="skip")
    short = xmr([values[i] for i in there])
    assert holed.phases[0].upper_limit == short.phases[0].upper_limit
    assert fired(holed) == [(rule, tuple(there[i] for i in p), way) for rule, p, way in fired(short)]


def test_skip_does_not_bridge_a_recalculation():
    change = Recalculation(4, "Test")
    chart = xmr([1, 2, 1, None, None, 50, 51, 52], recalculations=[change], missing="skip")
    assert chart.moving_ranges == (None, 1, 1, None, None, None, 1, 1)


# Rules


@pytest.mark.parametrize("side", [1, -1])
def test_a_point_on_the_limit_is_not_a_signal_and_just_beyond_is(side):
    limit = on_baseline(0).phases[0].upper_limit
    direction = "high" if side > 0 else "low"
    assert fired(on_baseline(side * limit)) == []
    assert fired(on_baseline(side * (limit + 1e-6))) == [("outside_limits", (16,), direction)]


@pytest.mark.parametrize("side", [1, -1])
def test_a_shift_needs_seven_points_strictly_on_one_side(side):
    direction = "high" if side > 0 else "low"
    # A first point on the mean keeps the last point of the baseline out of the run.
    assert fired(on_baseline(0, *[side * 0.5] * 6), "shift") == []
    assert fired(on_baseline(0, *[side * 0.5] * 7), "shift") == [("shift", tuple(range(17, 24)), direction)]
    assert fired(on_baseline(0, *[side * 0.5] * 6, shift_n=6), "shift") == [
        ("shift", tuple(range(17, 23)), direction)
    ]


def test_a_point_on_the_mean_breaks_a_shift_or_is_skipped_as_asked():
    tail = [0.5] * 4 + [0] + [0.5] * 4
    assert fired(on_baseline(*tail), "shift") == []
    assert fired(on_baseline(*tail, equal="skip"), "shift") == [
        ("shift", (16, 17, 18, 19, 21, 22, 23, 24), "high")
    ]


def test_rounding_in_the_mean_does_not_put_a_point_off_the_centre():
    # The mean of 87.1 and 87.3 is 87.2 to a reader, but not to the last bit of a float.
    assert (87.1 + 87.3) / 2 != 87.2
    chart = xmr([87.1, 87.3] * 8 + [87.2] * 9, baseline=16)
    assert fired(chart) == []


@pytest.mark.parametrize("value", [0.1, 0.7, 87.2, 1e-200, 1e300, -3.3, 0.0])
@pytest.mark.parametrize("count", [2, 7, 11, 30])
def test_a_constant_series_has_no_signals_and_says_the_limits_have_no_width(value, count):
    chart = xmr([value] * count)
    assert chart.signals == ()
    assert chart.phases[0].mean == pytest.approx(value, rel=1e-15)
    assert any("no width" in line for line in chart.explain())


def test_a_trend_needs_seven_strictly_monotone_points():
    # Tails start above the last baseline point (-1) or at its level, so that the trend has its own start.
    six = [-1, -0.8, -0.6, -0.4, -0.2, 0.2]
    assert fired(on_baseline(*six), "trend") == []
    assert fired(on_baseline(*six, 0.3), "trend") == [("trend", tuple(range(16, 23)), "high")]
    assert fired(on_baseline(*six, trend_n=6), "trend") == [("trend", tuple(range(16, 22)), "high")]
    falling = [1.0, 0.8, 0.6, 0.4, 0.2, -0.2, -0.4]
    assert fired(on_baseline(*falling), "trend") == [("trend", tuple(range(16, 23)), "low")]


def test_equal_neighbours_break_a_trend_or_are_skipped_as_asked():
    tail = [-1, -0.8, -0.6, -0.4, -0.4, -0.2, 0.2, 0.3]
    assert fired(on_baseline(*tail), "trend") == []
    skipped = on_baseline(*tail, equal="skip")
    # With repeats left out the first -1 repeats the last point of the baseline.
    assert fired(skipped, "trend") == [("trend", (15, 17, 18, 19, 21, 22, 23), "high")]


def test_two_trends_share_their_turning_point_which_takes_the_right_hand_slope():
    tail = [-2, -1.5, -1, 0.5, 1, 2, 3, 2.5, 2, 1, 0.5, -0.5, -1]
    chart = on_baseline(*tail, improvement_direction="increase")
    assert fired(chart, "trend") == [
        ("trend", tuple(range(16, 23)), "high"),
        ("trend", tuple(range(22, 29)), "low"),
    ]
    assert chart.variation_at(21) == "improvement_high"
    assert chart.variation_at(22) == "concern_low"


def test_two_in_three_needs_all_three_on_one_side():
    # The case tested by NHSRplotthedots: the last two close to opposite limits.
    values = [1, -1] * 7 + [5.5, -5.5]
    assert fired(xmr(values, screen=True), "two_in_three") == []
    assert fired(on_baseline(4, -0.1, 4), "two_in_three") == []
    assert fired(on_baseline(4, 0, 4), "two_in_three") == []
    assert fired(on_baseline(4, 0.1, 4), "two_in_three") == [("two_in_three", (16, 18), "high")]


def test_presets_differ_on_points_beyond_the_limit():
    tail = [4.9, 9, 0.9]
    assert fired(on_baseline(*tail, preset="mdc"), "two_in_three") == []
    assert on_baseline(*tail, preset="mdc").variation_at(16) == "common_cause"
    assert fired(on_baseline(*tail, preset="mdc-2023"), "two_in_three") == [
        ("two_in_three", (16, 17), "high")
    ]


def test_two_in_three_is_strict_at_the_near_limit_and_keeps_the_limit_inside():
    near = on_baseline(0).phases[0].near_limits[1]
    upper = on_baseline(0).phases[0].upper_limit
    assert fired(on_baseline(near, 1, 4), "two_in_three") == []
    assert fired(on_baseline(upper, 1, 4), "two_in_three") == [("two_in_three", (16, 18), "high")]


def test_windows_of_two_in_three_that_overlap_make_one_signal():
    assert fired(on_baseline(4, 4, 1, 4, 4), "two_in_three") == [("two_in_three", (16, 17, 19, 20), "high")]
    assert fired(on_baseline(4, 1, 4, 1, 4), "two_in_three") == [("two_in_three", (16, 18, 20), "high")]
    assert [p for _, p, _ in fired(on_baseline(4, 4, 1, 1, 4, 4), "two_in_three")] == [(16, 17), (20, 21)]
    apart = on_baseline(4, 4, 1, -1, 4, 4, 1)
    assert fired(apart, "two_in_three") == [
        ("two_in_three", (16, 17), "high"),
        ("two_in_three", (20, 21), "high"),
    ]


def test_overlapping_signals_name_a_point_in_the_published_order():
    tail = [0.5, 1, 1.5, 2, 4, 4.5, 9]
    chart = on_baseline(*tail, two_sigma="beyond")
    assert [s.rule for s in chart.signals_at(22)] == ["outside_limits", "trend", "two_in_three", "shift"]
    assert rules.PRECEDENCE == ("outside_limits", "trend", "two_in_three", "shift")


def brute_force_codes(values, mean, lower, upper, two_sigma):
    """Return the variation of each point by looking at every window, straight from the definitions."""
    n = len(values)
    near_low, near_high = mean - (mean - lower) * 2 / 3, mean + (upper - mean) * 2 / 3
    side = [(v > mean) - (v < mean) for v in values]
    outside = [v > upper or v < lower for v in values]
    close = [(v > near_high or v < near_low) and (two_sigma == "beyond" or not o)
             for v, o in zip(values, outside, strict=True)]  # fmt: skip
    rising, falling, shifted, paired = (set() for _ in range(4))
    for i in range(n - 6):
        window = values[i : i + 7]
        if all(b > a for a, b in pairwise(window)):
            rising |= set(range(i, i + 7))
        if all(b < a for a, b in pairwise(window)):
            falling |= set(range(i, i + 7))
        if abs(sum(side[i : i + 7])) == 7:
            shifted |= set(range(i, i + 7))
    for i in range(n - 2):
        if abs(sum(side[i : i + 3])) == 3 and sum(close[i : i + 3]) >= 2:
            paired |= {j for j in range(i, i + 3) if close[j]}
    codes = []
    for i in range(n):
        if outside[i]:
            codes.append(side[i])
        elif i in rising and i in falling:
            codes.append(1 if values[i + 1] > values[i] else -1)
        elif i in rising or i in falling:
            codes.append(1 if i in rising else -1)
        elif i in paired or i in shifted:
            codes.append(side[i])
        else:
            codes.append(0)
    return [{1: "neutral_high", -1: "neutral_low", 0: "common_cause"}[c] for c in codes]


@given(
    st.lists(st.sampled_from([-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6]), max_size=25),
    st.sampled_from(["between", "beyond"]),
)
def test_the_variation_of_every_point_follows_the_definitions(tail, two_sigma):
    chart = on_baseline(*tail, two_sigma=two_sigma)
    expected = brute_force_codes(around(*tail), 0, -5.32, 5.32, two_sigma)
    assert [chart.variation_at(i) for i in range(len(chart.values))] == expected


# Verdicts


@pytest.mark.parametrize(
    ("direction", "tail", "code"),
    [
        ("increase", 9, "improvement_high"),
        ("increase", -9, "concern_low"),
        ("decrease", 9, "concern_high"),
        ("decrease", -9, "improvement_low"),
        ("neutral", 9, "neutral_high"),
        ("neutral", -9, "neutral_low"),
        ("increase", 0, "common_cause"),
    ],
)
def test_the_variation_verdict_follows_the_direction_of_improvement(direction, tail, code):
    verdict = on_baseline(tail, improvement_direction=direction).variation
    assert isinstance(verdict, Verdict)
    assert verdict.code == code


def test_the_variation_verdict_describes_the_latest_point_only():
    verdict = on_baseline(9, 0).variation
    assert verdict.code == "common_cause"
    assert "Earlier points under the same limits do show signals." in verdict.sentence


def test_earlier_signals_under_other_limits_are_not_mentioned():
    values = around(9) + [0, 1] * 5
    chart = xmr(values, baseline=16, recalculations=[Recalculation(17, "Test")])
    assert fired(chart) != []
    assert chart.variation.sentence.endswith("(Point 27: 1).")


@pytest.mark.parametrize("hole", ["missing", "ghosted"])
def test_a_missing_or_ghosted_latest_point_hands_the_verdict_to_the_one_before(hole):
    options = {"ghosted": [17]} if hole == "ghosted" else {}
    chart = on_baseline(9, None if hole == "missing" else -9, improvement_direction="increase", **options)
    assert chart.variation.code == "improvement_high"
    assert chart.variation.sentence.startswith("Improvement (high or rising). Point 17: 9 is above")
    assert chart.variation.sentence.endswith("Any later point is missing or ghosted.")


def test_a_point_with_signals_both_ways_follows_precedence_or_improvement_as_asked():
    # The last seven fall, and all lie above the mean: a falling trend and a high shift.
    tail = [3.5, 3, 2.5, 2, 1.5, 1, 0.5]
    chart = on_baseline(*tail, improvement_direction="increase")
    assert [(s.rule, s.direction) for s in chart.signals_at(22)] == [("trend", "low"), ("shift", "high")]
    assert chart.variation.code == "concern_low"
    assert "the other way" in chart.variation.sentence
    kinder = on_baseline(*tail, improvement_direction="increase", conflict="improvement")
    assert kinder.variation.code == "improvement_high"


@pytest.mark.parametrize(
    ("direction", "target", "code"),
    [
        ("increase", 4, "reliably_misses"),
        ("increase", 0, "hit_and_miss"),
        ("increase", -4, "reliably_meets"),
        ("decrease", 4, "reliably_meets"),
        ("decrease", 0, "hit_and_miss"),
        ("decrease", -4, "reliably_misses"),
        ("neutral", 4, "none"),
        ("increase", None, "none"),
    ],
)
def test_the_assurance_verdict_compares_the_target_with_the_limits(direction, target, code):
    values = [0.5, -0.5] * 8  # limits -2.66 to 2.66
    chart = xmr(values, improvement_direction=direction, target=target)
    assert chart.assurance.code == code
    if target is not None and code != "none":
        assert f"of {target}:".replace("-", "−") in chart.assurance.sentence


@pytest.mark.parametrize("direction", ["increase", "decrease"])
@pytest.mark.parametrize("side", [1, -1])
def test_assurance_is_strict_when_the_target_equals_a_limit(direction, side):
    values = [0.5, -0.5] * 8
    assert xmr(values, improvement_direction=direction, target=side * 2.66).assurance.code == "hit_and_miss"
    beyond = xmr(values, improvement_direction=direction, target=side * 2.6601).assurance
    assert beyond.code in ("reliably_meets", "reliably_misses")


@pytest.mark.parametrize("pair", [(0.1, 0.3), (0.2, 0.4), (1.1, 1.4), (3.3, 3.7), (10.1, 10.2), (49.9, 50.2)])
def test_a_target_equal_to_a_limit_but_for_rounding_is_not_beyond_it(pair):
    middle, width = sum(pair) / 2, 2.66 * (pair[1] - pair[0])
    for target in (round(middle - width, 6), round(middle + width, 6)):
        chart = xmr(pair * 8, improvement_direction="increase", target=target)
        # The mean moving range of an alternating series of 16 is the gap between its two values.
        assert chart.assurance.code == "hit_and_miss"


def test_assurance_comes_from_the_latest_phase():
    values = [0.5, -0.5] * 8 + [10.5, 9.5] * 8
    options = {"improvement_direction": "increase", "target": 5}
    assert xmr(values[:16], **options).assurance.code == "reliably_misses"
    chart = xmr(values, recalculations=[Recalculation(16, "New unit")], **options)
    assert chart.assurance.code == "reliably_meets"


def test_assurance_does_not_blame_the_latest_limits_for_earlier_signals():
    values = around(9) + [10.5, 9.5] * 8
    chart = xmr(
        values, baseline=16, improvement_direction="increase", target=5,
        recalculations=[Recalculation(17, "New unit")],
    )  # fmt: skip
    assert fired(chart, "outside_limits") != []
    assert chart.assurance.code == "reliably_meets"
    assert "predictable" not in chart.assurance.sentence


def test_assurance_says_when_the_process_is_not_yet_predictable_or_the_limits_are_trial():
    unstable = on_baseline(9, improvement_direction="increase", target=-9).assurance
    assert unstable.code == "reliably_meets"
    assert "not yet predictable" in unstable.sentence
    few = xmr([1, 2] * 5, improvement_direction="increase", target=0).assurance
    assert "trial limits, from ten points" in few.sentence


def test_sentences_are_plain_and_name_points_and_constants():
    weeks = [f"Week {i}" for i in range(1, 24)]
    chart = on_baseline(*[0.5] * 7, labels=weeks)
    assert [s.why for s in chart.signals] == [
        "Week 17 to Week 23: seven points in a row above the average of 0 (the rule needs seven)."
    ]
    assert xmr(VIGNETTE).signals[0].why == (
        "Point 5: 10 is above the upper limit of 6.95 (average 1.94 plus 2.66 times the average moving range of "
        "1.88)."
    )
    trend = on_baseline(-1, -0.8, -0.6, -0.4, -0.2, 0.2, 0.3)
    assert trend.signals[0].why == (
        "Points 17 to 23: seven points in a row, each higher than the one before (the rule needs seven)."
    )
    assert on_baseline(4, 1, 4).signals[0].why == (
        "Points 17 and 19: at least two in every three points in a row are between the near limit of 3.55 and the "
        "limit of 5.32, all above the average of 0 (the near limit is two-thirds of the way to the limit)."
    )


def test_a_value_and_the_limit_it_passes_never_read_the_same():
    limit = on_baseline(0).phases[0].upper_limit
    why = on_baseline(limit + 1e-5).signals[0].why
    value, shown = re.search(r"(\S+) is above the upper limit of (\S+) ", why).groups()
    assert value != shown


# The result as an object


def test_a_chart_becomes_json_and_can_be_pickled():
    chart = on_baseline(
        9, None, 1, 2, 1, ghosted=[3], target=1, improvement_direction="increase",
        recalculations=[Recalculation(18, "Test")],
    )  # fmt: skip
    loaded = json.loads(json.dumps(chart.to_dict(), allow_nan=False))
    assert loaded["signals"][0]["why"] == chart.signals[0].why
    assert loaded["variation"]["sentence"] == chart.variation.sentence
    assert loaded["phases"][1]["reason"] == "Test"
    assert loaded["explanation"] == list(chart.explain())
    assert loaded["options"]["shift_n"] == 7
    assert pickle.loads(pickle.dumps(chart)) == chart


def test_results_are_frozen():
    chart = xmr(VIGNETTE)
    with pytest.raises(AttributeError):
        chart.target = 3
    assert isinstance(chart.signals[0], Signal)


def test_phase_at_finds_the_phase_of_a_point():
    chart = xmr(range(10), recalculations=[Recalculation(6, "Test")])
    assert [chart.phase_at(i).start for i in (0, 5, 6, 9)] == [0, 0, 6, 6]
    for index in (10, -1):
        for ask in (chart.phase_at, chart.signals_at, chart.variation_at):
            with pytest.raises(ValueError, match="between 0 and 9"):
                ask(index)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"improvement_direction": "up"}, "improvement_direction"),
        ({"target": math.nan}, "target"),
        ({"target": 1e308}, "target"),
        ({"target": "5"}, "target"),
        ({"multiplier": 0}, "multiplier"),
        ({"multiplier": math.inf}, "multiplier"),
        ({"screen": "yes"}, "screen"),
        ({"two_sigma": "old"}, "two_sigma"),
        ({"equal": "ignore"}, "equal"),
        ({"conflict": "last"}, "conflict"),
    ],
)
def test_options_that_cannot_be_used_are_named(options, said):
    with pytest.raises(ValueError, match=said):
        xmr([1, 2, 1, 3], **options)


def test_the_largest_values_give_finite_limits():
    phase = xmr_limits([1e300, -1e300] * 10)
    assert math.isfinite(phase.upper_limit)
    assert phase.upper_limit == pytest.approx(5.32e300)


# Properties


@given(series_of_values, st.integers(-1000, 1000))
def test_adding_a_constant_moves_the_limits_and_nothing_else(values, constant):
    chart, moved = xmr(values), xmr([v + constant for v in values])
    first, second = chart.phases[0], moved.phases[0]
    assert second.lower_limit == pytest.approx(first.lower_limit + constant, abs=1e-8)
    assert second.upper_limit == pytest.approx(first.upper_limit + constant, abs=1e-8)
    assert fired(moved) == fired(chart)


@given(series_of_values, st.sampled_from([1e-6, 0.1, 0.3, 7, 1e6]))
def test_changing_the_unit_scales_the_limits_and_nothing_else(values, factor):
    chart, scaled = xmr(values), xmr([v * factor for v in values])
    first, second = chart.phases[0], scaled.phases[0]
    assert second.upper_limit == pytest.approx(first.upper_limit * factor, rel=1e-9, abs=1e-9 * factor)
    assert second.mean_moving_range == pytest.approx(first.mean_moving_range * factor, rel=1e-9)
    assert fired(scaled) == fired(chart)


@given(series_of_values)
def test_turning_the_series_upside_down_swaps_high_and_low(values):
    swap = {"high": "low", "low": "high"}
    mirrored = fired(xmr([-v for v in values]))
    assert mirrored == [(rule, points, swap[direction]) for rule, points, direction in fired(xmr(values))]


@given(series_of_values)
def test_reversing_time_leaves_limits_and_outside_points_the_same(values):
    chart, back = xmr(values), xmr(values[::-1])
    assert back.phases[0].upper_limit == pytest.approx(chart.phases[0].upper_limit, rel=1e-12, abs=1e-12)
    last = len(values) - 1
    assert {last - p for _, (p,), _ in fired(back, "outside_limits")} == {
        p for _, (p,), _ in fired(chart, "outside_limits")
    }


@given(series_of_values)
def test_screening_never_widens_the_limits_and_never_moves_the_mean(values):
    plain, screened = xmr_limits(values), xmr_limits(values, screen=True)
    assert screened.mean == plain.mean
    assert screened.lower_limit >= plain.lower_limit
    assert screened.upper_limit <= plain.upper_limit


@given(series_of_values, st.integers(2, 6))
def test_points_after_the_baseline_do_not_change_the_limits(values, baseline):
    assert xmr_limits(values, baseline=baseline).mean == xmr_limits(values[:baseline]).mean
    assert xmr_limits(values, baseline=baseline).upper_limit == xmr_limits(values[:baseline]).upper_limit


# False signals


@pytest.fixture(scope="module")
def null_rates():
    """The share of 3,000 series of 24 independent normal values (seed 20) in which each rule fires."""
    source = random.Random(20)
    series = 3000
    counts = dict.fromkeys([*rules.PRECEDENCE, "any", "any screened", "trend of 6", "any 6/6 2023"], 0)
    for _ in range(series):
        values = [source.gauss(0, 1) for _ in range(24)]
        names = {s.rule for s in xmr(values).signals}
        for name in names:
            counts[name] += 1
        counts["any"] += bool(names)
        counts["any screened"] += bool(xmr(values, screen=True).signals)
        sixes = {s.rule for s in xmr(values, preset="mdc-2023", shift_n=6, trend_n=6, screen=True).signals}
        counts["trend of 6"] += "trend" in sixes
        counts["any 6/6 2023"] += bool(sixes)
    return {name: count / series for name, count in counts.items()}


@pytest.mark.parametrize(
    ("what", "published"),
    [
        ("outside_limits", 0.063),
        ("shift", 0.089),
        ("trend", 0.006),
        ("two_in_three", 0.027),
        ("trend of 6", 0.045),
        ("any", 0.152),
        ("any screened", 0.181),
    ],
)
def test_false_signal_rates_at_24_points(null_rates, what, published):
    # Both rates are simulated: four standard errors of ours and of one from 4,000 series.
    error = math.sqrt(published * (1 - published) * (1 / 3000 + 1 / 4000))
    assert null_rates[what] == pytest.approx(published, abs=4 * error + 0.0005)


def test_more_rules_mean_more_false_signals(null_rates):
    assert null_rates["any"] < null_rates["any screened"] < null_rates["any 6/6 2023"]


def test_numpy_numbers_are_judged_as_plain_ones():
    numpy = pytest.importorskip("numpy")
    plain = around(1, 4, 4)
    theirs = numpy.array(plain, dtype=float)
    judged = [[(s.rule, s.points) for s in xmr(values, baseline=16).signals] for values in (plain, theirs)]
    assert judged[0] == judged[1] == [("two_in_three", (17, 18))]
    ((_, members),) = rules.two_in_three(
        theirs, rules.sides(theirs, 0.0), (-3.6, 3.6), (-5.4, 5.4), mode="between"
    )
    assert tuple(members) == (17, 18)
