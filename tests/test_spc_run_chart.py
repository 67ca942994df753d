"""Run charts: the Anhøj and IHI rules against their published tables, and the properties they must have."""

import json
import math
import pickle
import random
from itertools import combinations, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from improvement.spc import run_chart
from improvement.spc.run_chart import crossings_limit, longest_run_limit, runs_limits


def fired(chart, rule=None):
    return [(s.rule, s.points, s.direction) for s in chart.signals if rule in (None, s.rule)]


# Published tables


@pytest.mark.parametrize(
    ("useful", "longest", "crossings"),
    [
        (10, 6, 2), (12, 7, 3), (16, 7, 4), (20, 7, 6), (24, 8, 8), (30, 8, 10),
        (36, 8, 13), (40, 8, 14), (50, 9, 19), (60, 9, 23), (100, 10, 41),
    ],
)  # fmt: skip
def test_anhoej_limits_match_the_published_table(useful, longest, crossings):
    assert longest_run_limit(useful) == longest
    assert crossings_limit(useful) == crossings


@pytest.mark.parametrize(
    ("useful", "lower", "upper"),
    [
        (10, 3, 9), (14, 4, 12), (16, 5, 13), (24, 8, 18),
        (30, 11, 21), (40, 15, 27), (50, 19, 33), (60, 24, 38),
    ],
)  # fmt: skip
def test_runs_limits_match_the_published_rows_of_swed_and_eisenhart(useful, lower, upper):
    assert runs_limits(useful) == (lower, upper)


@pytest.mark.parametrize("useful", range(10, 15))
@pytest.mark.parametrize("alpha", [0.05, 0.1, 0.2])
def test_runs_limits_match_counting_every_arrangement(useful, alpha):
    counts = {}
    arrangements = 0
    for above in combinations(range(useful), useful // 2):
        side = [i in above for i in range(useful)]
        runs = 1 + sum(a != b for a, b in pairwise(side))
        counts[runs] = counts.get(runs, 0) + 1
        arrangements += 1
    # 2 x count / all > alpha, in whole numbers.
    over = [
        r for r in counts if 2000 * sum(c for k, c in counts.items() if k <= r) > 1000 * alpha * arrangements
    ]
    under = [
        r for r in counts if 2000 * sum(c for k, c in counts.items() if k >= r) > 1000 * alpha * arrangements
    ]
    assert runs_limits(useful, alpha) == (min(over), max(under))


@pytest.mark.parametrize("table", [longest_run_limit, crossings_limit, runs_limits])
@pytest.mark.parametrize("useful", [0, 9, -3, 10.0, True])
def test_the_tables_start_at_ten_useful_points(table, useful):
    with pytest.raises(ValueError, match="useful points"):
        table(useful)


@pytest.mark.parametrize("alpha", [0, 0.5, -1, math.nan])
def test_alpha_is_a_probability_below_one_half(alpha):
    with pytest.raises(ValueError, match="runs_alpha"):
        runs_limits(20, alpha)
    with pytest.raises(ValueError, match="runs_alpha"):
        run_chart([1, 2, 3], preset="ihi", runs_alpha=alpha)


# Median, useful points, runs


def test_counts_of_a_series_worked_by_hand():
    # Median 5: sides - - + on + + - + - - +, so the runs are 2, 3, 1, 1, 2, 1 points long.
    chart = run_chart([1, 2, 8, 5, 9, 7, 4, 6, 3, 2, 6])
    assert chart.median == 5
    assert chart.useful == (0, 1, 2, 4, 5, 6, 7, 8, 9, 10)
    assert (chart.longest_run, chart.crossings, chart.runs) == (3, 5, 6)
    assert (chart.longest_run_limit, chart.crossings_limit) == (6, 2)
    assert (chart.runs_lower, chart.runs_upper) == (3, 9)
    assert chart.signals == ()


def test_twenty_four_useful_points_signal_above_eight_in_a_run_and_below_eight_crossings():
    chart = run_chart([0, 1] * 12)
    assert (chart.longest_run_limit, chart.crossings_limit) == (8, 8)


def test_a_point_on_the_median_neither_breaks_nor_adds_to_a_run():
    without = run_chart([1, 2, 3, 7, 8, 9, 1, 2, 3, 7, 8, 9], centre=5)
    with_ties = run_chart([1, 2, 5, 3, 7, 5, 5, 8, 9, 1, 2, 3, 7, 8, 5, 9], centre=5)
    assert (with_ties.longest_run, with_ties.crossings) == (without.longest_run, without.crossings) == (3, 3)
    assert len(with_ties.useful) == len(without.useful) == 12


def test_a_tie_with_the_median_survives_rounding():
    # The middle pair 87.1 and 87.3 has the median 87.2, but not to the last bit of a float.
    chart = run_chart([87.0, 87.1, 87.2, 87.3, 87.4], centre=(87.1 + 87.3) / 2)
    assert chart.median != 87.2
    assert chart.useful == (0, 1, 3, 4)


def test_one_wild_value_does_not_make_the_others_look_tied():
    chart = run_chart([1, 2, 1, 2, 1, 2, 1e200, 2, 1, 2, 1, 1.5])
    assert len(chart.useful) >= 10
    assert chart.crossings > 5


def test_the_median_comes_from_the_baseline_and_the_runs_from_all_points():
    chart = run_chart([1, 2, 3, 4] * 3 + [10] * 12, baseline=12)
    assert chart.median == 2.5
    assert chart.longest_run == 14
    assert fired(chart, "longest_run") == [("longest_run", tuple(range(10, 24)), "high")]


def test_a_missing_or_ghosted_point_is_not_useful_and_the_sentence_owns_up_to_passing_over_it():
    values = [5] * 5 + [-5] * 5 + [1, None, 2, 99, *[1] * 8]
    chart = run_chart(values, ghosted=[13], centre=0)
    assert 11 not in chart.useful
    assert 13 not in chart.useful
    assert chart.longest_run == 10
    (run,) = [s for s in chart.signals if s.rule == "longest_run"]
    assert run.points == (10, 12, *range(14, 22))
    assert "passing over two missing or ghosted points" in run.why
    lines = chart.explain()
    assert any("Point 12 missing" in line for line in lines)
    assert any("Point 14 ghosted" in line for line in lines)


# Anhøj


@pytest.mark.parametrize(("length", "signals"), [(8, 0), (9, 1)])
def test_a_run_longer_than_the_limit_is_a_signal_and_one_at_the_limit_is_not(length, signals):
    # 24 useful points, limit 8.
    rest = [-1, 1] * 12
    chart = run_chart([1] * length + rest[: 24 - length], centre=0)
    assert chart.longest_run == length
    assert len(fired(chart, "longest_run")) == signals


@pytest.mark.parametrize(("crossings", "signals"), [(8, 0), (7, 1)])
def test_fewer_crossings_than_the_limit_is_a_signal_and_the_limit_is_not(crossings, signals):
    # 24 useful points, limit 8, no run longer than 4.
    lengths = {8: [3, 3, 3, 3, 3, 3, 2, 2, 2], 7: [3] * 8}[crossings]
    values = [1 if k % 2 else -1 for k, length in enumerate(lengths) for _ in range(length)]
    chart = run_chart(values, centre=0)
    assert (len(chart.useful), chart.crossings) == (24, crossings)
    assert len(fired(chart, "crossings")) == signals
    assert fired(chart, "longest_run") == []


def test_every_run_longer_than_the_limit_is_a_signal_of_its_own():
    chart = run_chart([1] * 10 + [-1] * 10, centre=0)
    assert fired(chart) == [
        ("longest_run", tuple(range(10)), "high"),
        ("longest_run", tuple(range(10, 20)), "low"),
        ("crossings", tuple(range(20)), None),
    ]


def test_anhoej_has_no_trend_or_shift_rule():
    values = [-5, 5, -4, 4, -3, 1, 2, 3, 4, 5, 6, -1, 1, -1, 1, -1]
    chart = run_chart(values, centre=0)
    assert chart.signals == ()
    assert {s.rule for s in run_chart(values, centre=0, preset="ihi").signals} == {"trend", "shift"}
    with pytest.raises(ValueError, match="ihi"):
        run_chart(values, shift_n=6)
    with pytest.raises(ValueError, match="ihi"):
        run_chart(values, trend_n=6)


def test_below_ten_useful_points_there_are_no_limits_and_no_tests_on_runs():
    chart = run_chart([1] * 9, centre=0)
    assert (chart.longest_run_limit, chart.crossings_limit) == (None, None)
    assert (chart.runs_lower, chart.runs_upper) == (None, None)
    assert chart.signals == ()
    assert any("need 10 useful points" in line for line in chart.explain())
    assert run_chart([1] * 10, centre=0).signals != ()


# IHI


@pytest.mark.parametrize(("length", "signals"), [(5, 0), (6, 1)])
def test_ihi_shift_needs_six_useful_points(length, signals):
    chart = run_chart([-1, *[1] * length, -1, 1, -1], centre=0, preset="ihi")
    assert len(fired(chart, "shift")) == signals


def test_ihi_shift_skips_points_on_the_median():
    chart = run_chart([-1, 1, 2, 0, 1, 2, 0, 1, 2, -1], centre=0, preset="ihi")
    assert fired(chart, "shift") == [("shift", (1, 2, 4, 5, 7, 8), "high")]


@pytest.mark.parametrize(("tail", "signals"), [([1, 2, 3, 4], 0), ([1, 2, 3, 4, 5], 1)])
def test_ihi_trend_needs_five_points(tail, signals):
    chart = run_chart([6, *tail, 0], centre=3, preset="ihi")
    assert len(fired(chart, "trend")) == signals


def test_ihi_trend_counts_one_of_an_equal_pair():
    four = run_chart([9, 1, 2, 2, 3, 4, 0], centre=5, preset="ihi")
    assert fired(four, "trend") == []
    once = run_chart([9, 1, 2, 2, 3, 4, 5, 0], centre=3.5, preset="ihi").signals[0]
    assert once.points == (1, 2, 4, 5, 6)
    assert "repeats not counted" in once.why
    never = run_chart([9, 1, 2, 3, 4, 5, 0], centre=3.5, preset="ihi").signals[0]
    assert "repeats" not in never.why
    five = run_chart([9, 1, 2, 2, 3, 3, 3, 4, 5, 0], centre=4.5, preset="ihi")
    assert fired(five, "trend") == [("trend", (1, 2, 4, 7, 8), "high")]
    assert [s.why for s in five.signals if s.rule == "trend"] == [
        "Points 2 to 9: five points in a row, each higher than the one before, repeats not counted (the rule needs "
        "five)."
    ]


def test_ihi_trend_does_not_pass_over_a_missing_point():
    assert fired(run_chart([9, 1, 2, None, 3, 4, 5, 0], centre=3.5, preset="ihi"), "trend") == []


@pytest.mark.parametrize("hole", ["missing", "ghosted"])
def test_no_ihi_rule_crosses_a_gap_unless_asked_to(hole):
    def signals(values, **options):
        ghosted = []
        if hole == "ghosted":
            ghosted, values = [values.index(None)], [99 if v is None else v for v in values]
        return run_chart(values, centre=0, preset="ihi", ghosted=ghosted, **options).signals

    shift = [-1, 1, 2, 1, None, 2, 1, 2, -1]
    trend = [9, -2, -1, 1, None, 2, 3, -1]
    for values in (shift, trend):
        assert signals(values) == signals(values, missing="break") == ()
    (found,) = signals(shift, missing="skip")
    assert (found.rule, found.points) == ("shift", (1, 2, 3, 5, 6, 7))
    assert "passing over one missing or ghosted point" in found.why
    (found,) = signals(trend, missing="skip")
    assert (found.rule, found.points) == ("trend", (1, 2, 3, 5, 6))
    assert "passing over one missing or ghosted point" in found.why
    assert "repeats" not in found.why


def test_ties_and_gaps_can_be_made_to_end_runs_while_the_tests_on_counts_stay():
    values = [1] * 5 + [0] + [1] * 5 + [None] + [1] * 5
    skip = run_chart(values, centre=0)
    assert (skip.longest_run, skip.runs, skip.crossings, len(skip.useful)) == (15, 1, 0, 15)
    tied = run_chart(values, centre=0, equal="break")
    assert (tied.longest_run, tied.runs, tied.crossings) == (10, 1, 0)
    both = run_chart(values, centre=0, equal="break", missing="break")
    assert (both.longest_run, both.runs, both.crossings) == (5, 1, 0)
    rising = [9, 1, 2, 2, 3, 4, 5, 0]
    assert len(fired(run_chart(rising, centre=3.5, preset="ihi"), "trend")) == 1
    assert fired(run_chart(rising, centre=3.5, preset="ihi", equal="break"), "trend") == []


def test_making_data_count_numbers_can_be_asked_for():
    values = [-1, *[1] * 6, -1, 1, -1]
    assert fired(run_chart(values, centre=0, preset="ihi", shift_n=7, trend_n=7)) == []
    assert len(fired(run_chart(values, centre=0, preset="ihi"))) == 1


@pytest.mark.parametrize(
    ("lengths", "rule"),
    [([3, 2, 1, 1, 1, 1, 1], None), ([5, 5], "too_few_runs"), ([1] * 10, "too_many_runs"), ([4, 3, 3], None)],
)
def test_ihi_runs_test_signals_beyond_its_limits_only(lengths, rule):
    # Ten useful points: three to nine runs are usual.
    values = [1 if k % 2 else -1 for k, length in enumerate(lengths) for _ in range(length)]
    chart = run_chart(values, centre=0, preset="ihi")
    assert [s.rule for s in chart.signals if "runs" in s.rule] == ([rule] if rule else [])


# Input and output


def test_all_points_on_the_median_have_no_runs():
    for preset in ("anhoej", "ihi"):
        chart = run_chart([4.2] * 15, preset=preset)
        assert (chart.useful, chart.longest_run, chart.crossings, chart.runs) == ((), 0, 0, 0)
        assert chart.signals == ()
        assert any("Every point lies on the line" in line for line in chart.explain())


@pytest.mark.parametrize(
    ("values", "options", "said"),
    [
        ([1], {}, "1 value"),
        ([1, 2, 3], {"baseline": 2, "centre": 1}, "not both"),
        ([1, 2, 3], {"centre": math.nan}, "centre"),
        ([1, 2, 3], {"centre": 1e308}, "centre"),
        ([1, 2, 3], {"ghosted": [0, 1]}, "ghost fewer"),
        ([None, None, 1, 2], {"baseline": 2}, "points 1 to 2"),
        ([1, 2, 1e308], {}, "Point 3"),
    ],
)
def test_what_cannot_be_charted_is_refused_with_a_reason(values, options, said):
    with pytest.raises(ValueError, match=said):
        run_chart(values, **options)


def test_the_largest_values_have_a_finite_median():
    assert run_chart([1e300, 1e300, -1e300, 1e300]).median == 1e300


def test_sentences_are_plain_and_name_the_constants():
    months = [f"Month {i}" for i in range(1, 25)]
    chart = run_chart([1] * 9 + [-1, 1] * 7 + [-1], centre=0, labels=months)
    assert [s.why for s in chart.signals] == [
        "Month 1 to Month 9: nine useful points in a row above the centre line of 0 (with 24 useful points, more "
        "than eight is a signal)."
    ]
    few = run_chart([1, 1, 1, 1, 1, -1, -1, -1, -1, -1], centre=0)
    assert few.signals[0].why == (
        "The line crosses the centre line of 0 once (with 10 useful points, fewer than two is a signal)."
    )
    runs = run_chart([1, 2, 3, 2, 1, 9, 8, 7, 8, 9], preset="ihi").signals[-1]
    assert runs.why == (
        "Too few runs: two runs about the median of 5 (with 10 useful points, 3 to 9 is usual; exact Swed-Eisenhart "
        "test, 0.05 two-sided)."
    )


def test_a_chart_becomes_json_and_can_be_pickled():
    chart = run_chart([1] * 9 + [-1, 1, None] * 5, centre=0, ghosted=[2])
    loaded = json.loads(json.dumps(chart.to_dict(), allow_nan=False))
    assert loaded["signals"] == [s.to_dict() for s in chart.signals]
    assert loaded["useful"] == list(chart.useful)
    assert loaded["options"]["centre"] == 0
    assert loaded["explanation"] == list(chart.explain())
    assert pickle.loads(pickle.dumps(chart)) == chart


def test_signals_at_finds_the_signals_of_a_point():
    chart = run_chart([1] * 10 + [-1] * 10, centre=0)
    assert [s.rule for s in chart.signals_at(3)] == ["longest_run", "crossings"]
    assert [s.direction for s in chart.signals_at(13)] == ["low", None]
    with pytest.raises(ValueError, match="between 0 and 19"):
        chart.signals_at(20)


# Properties

values_with_ties = st.lists(st.integers(-9, 9), min_size=2, max_size=60)


@given(values_with_ties)
def test_reversing_time_changes_no_count(values):
    chart, back = run_chart(values), run_chart(values[::-1])
    for name in ("median", "longest_run", "crossings", "runs", "longest_run_limit", "crossings_limit"):
        assert getattr(back, name) == getattr(chart, name)
    assert {s.rule for s in back.signals} == {s.rule for s in chart.signals}


@given(values_with_ties, st.sampled_from([-3, -0.1, 0.1, 1e-6, 1e6]), st.integers(-100, 100))
def test_changing_unit_and_origin_changes_no_count(values, factor, constant):
    chart = run_chart(values, preset="ihi")
    moved = run_chart([(v + constant) * factor for v in values], preset="ihi")
    swap = {"high": "low", "low": "high", None: None}
    assert moved.useful == chart.useful
    assert fired(moved) == [
        (rule, points, swap[direction] if factor < 0 else direction)
        for rule, points, direction in fired(chart)
    ]


@given(values_with_ties)
def test_counts_agree_with_reading_the_sides_off_one_by_one(values):
    chart = run_chart(values)
    sides = "".join("+" if v > chart.median else "-" for v in values if v != chart.median)
    longest = max((k for k in range(len(sides) + 1) if "+" * k in sides or "-" * k in sides), default=0)
    assert chart.longest_run == longest
    assert chart.crossings == sides.count("+-") + sides.count("-+")
    assert chart.runs == (chart.crossings + 1 if sides else 0)
    assert len(chart.useful) == len(sides)


@given(values_with_ties, st.data())
def test_a_ghosted_point_has_no_influence_whatever_its_value(values, data):
    assume(len(values) > 2)
    index = data.draw(st.integers(0, len(values) - 1))
    other = data.draw(st.integers(-(10**6), 10**6))
    preset = data.draw(st.sampled_from(["anhoej", "ihi"]))
    replaced = [*values[:index], other, *values[index + 1 :]]
    first = run_chart(values, preset=preset, ghosted=[index])
    second = run_chart(replaced, preset=preset, ghosted=[index])
    missing = run_chart([*values[:index], None, *values[index + 1 :]], preset=preset)
    assert (first.median, first.useful) == (second.median, second.useful) == (missing.median, missing.useful)
    assert fired(first) == fired(second) == fired(missing)


@given(st.integers(10, 400))
def test_limits_keep_to_their_definitions(useful):
    k = crossings_limit(useful)
    total = 2 ** (useful - 1)
    tails = [sum(math.comb(useful - 1, j) for j in range(top)) for top in (k, k + 1)]
    assert 20 * tails[0] < total <= 20 * tails[1]
    lower, upper = runs_limits(useful)
    assert 2 <= lower <= upper <= useful
    # With equal numbers on each side the count of runs is symmetric about one more than half.
    if useful % 2 == 0:
        assert lower + upper == useful + 2


# False signals


@pytest.mark.parametrize(
    ("points", "rates"),
    [
        (12, {"anhoej": 0.014, "shift": 0.014, "trend": 0.112, "runs": 0.026, "ihi": 0.135}),
        (24, {"anhoej": 0.031, "shift": 0.156, "trend": 0.250, "runs": 0.021, "ihi": 0.367}),
        (36, {"anhoej": 0.042, "shift": 0.307, "trend": 0.371, "runs": 0.026, "ihi": 0.565}),
    ],
)
def test_false_signal_rates_of_random_series(points, rates):
    source = random.Random(points)
    series = 4000
    counts = dict.fromkeys(rates, 0)
    for _ in range(series):
        values = [source.gauss(0, 1) for _ in range(points)]
        counts["anhoej"] += bool(run_chart(values).signals)
        names = {s.rule for s in run_chart(values, preset="ihi").signals}
        counts["ihi"] += bool(names)
        counts["shift"] += "shift" in names
        counts["trend"] += "trend" in names
        counts["runs"] += not names.isdisjoint({"too_few_runs", "too_many_runs"})
    for name, rate in rates.items():
        # Published from 20,000 simulated series: four standard errors of theirs and ours together.
        error = math.sqrt(rate * (1 - rate) * (1 / series + 1 / 20_000))
        assert counts[name] / series == pytest.approx(rate, abs=4 * error + 0.0005), name
