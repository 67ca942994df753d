"""Xbar-S charts: published examples, constants, differential tests and properties."""

import json
import math
from statistics import fmean, stdev

import capstat_core
import numpy as np
import pandas as pd
import pytest
import shewhart
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.spc import Recalculation, a3, b3, b4, c4, xbar_s

# Inside diameters of piston rings (thousandths of a mm from 74): Montgomery (1991), as in the R package qcc.
RINGS = """30 2 19 -8 8; -5 -8 1 11 4; -12 24 21 5 2; 2 -4 -7 15 9; -8 7 15 -11 14; 9 -6 -3 -15 -7; -5 6 -6 0 5;
-15 3 -7 15 -12; 8 -5 9 5 4; -2 0 -10 7 -5; -6 -2 -6 -5 -10; 4 0 7 0 -4; -17 2 -2 -3 12; 6 -33 -6 0 -16;
12 14 -2 -1 7; 0 -16 5 -2 -4; -6 12 -14 5 7; 6 10 18 3 0; -16 2 3 5 -3; 0 10 13 20 3; -12 1 9 5 -4; 4 -1 -10 6 9;
10 -11 -10 9 14; 15 8 -7 0 10; -18 -16 -5 17 13"""
PISTONS = [[74 + int(v) / 1000 for v in row.split()] for row in RINGS.split(";")]


def test_piston_rings():
    pair = xbar_s(PISTONS)
    # Printed in "A quick tour of qcc" (qcc 3.0); Montgomery gives limits 73.988 and 74.014 for the means.
    assert pair.xbar.centre == pytest.approx(74.00118, abs=5e-6)
    assert pair.s.centre == pytest.approx(0.009240037, abs=5e-10)
    assert (pair.s.lower_limit, pair.s.upper_limit) == pytest.approx((0, 0.01930242), abs=5e-9)
    assert pair.sigma == pytest.approx(0.009829977, abs=5e-10)
    assert (pair.xbar.lower_limit, pair.xbar.upper_limit) == pytest.approx((73.988, 74.014), abs=5e-4)
    assert pair.predictable


@pytest.mark.parametrize(
    ("n", "values"),
    [  # Montgomery, appendix VI: c4, A3, B3, B4
        (2, (0.7979, 2.659, 0, 3.267)),
        (5, (0.9400, 1.427, 0, 2.089)),
        (6, (0.9515, 1.287, 0.030, 1.970)),
        (10, (0.9727, 0.975, 0.284, 1.716)),
        (25, (0.9896, 0.606, 0.565, 1.435)),
    ],
)
def test_constants_match_the_printed_table(n, values):
    assert (c4(n), a3(n), b3(n), b4(n)) == pytest.approx(values, abs=6e-4)


@pytest.mark.parametrize("n", [2, 3, 7, 25, 200])
def test_constants_agree_with_capstat(n):
    ours = (c4(n), a3(n), b3(n), b4(n))
    theirs = (capstat_core.c4(n), capstat_core.A3(n), capstat_core.B3(n), capstat_core.B4(n))
    assert ours == pytest.approx(theirs, rel=1e-10)


def test_limits_agree_with_two_other_packages():
    pair = xbar_s(PISTONS)
    capstat = capstat_core.xbar_s_chart(np.array(PISTONS))
    for ours, theirs in ((pair.xbar, capstat.location.limits), (pair.s, capstat.dispersion.limits)):
        limits = (theirs.lower, theirs.center, theirs.upper)
        assert (ours.lower_limit, ours.centre, ours.upper_limit) == pytest.approx(limits, rel=1e-10)
    frame = pd.DataFrame({"v": np.ravel(PISTONS), "g": np.repeat(range(25), 5)})
    stats = shewhart.xbar_s(frame, value="v", subgroup="g").stats
    assert pair.xbar.upper_limit == pytest.approx(stats["xbar_ucl"], rel=1e-10)
    assert pair.s.upper_limit == pytest.approx(stats["s_ucl"], rel=1e-10)


def test_sizes_that_differ_take_the_pooled_spread_and_the_weighted_mean():
    groups = [[1, 2, 3, 4], [2, 3], [5, 5, 8], [1, 4, 4, 6, 7]]
    pair = xbar_s(groups)
    pooled = math.sqrt(sum((len(g) - 1) * stdev(g) ** 2 for g in groups) / sum(len(g) - 1 for g in groups))
    grand = fmean(v for g in groups for v in g)
    assert pair.s.centre_line == pytest.approx([pooled] * 4)
    assert pair.xbar.centre == pytest.approx(grand)
    assert pair.xbar.upper_limits == pytest.approx([grand + a3(len(g)) * pooled for g in groups])
    assert pair.s.upper_limits == pytest.approx([b4(len(g)) * pooled for g in groups])
    assert grand != pytest.approx(fmean(fmean(g) for g in groups))


def test_a_known_average_and_spread():
    pair = xbar_s([[9, 11, 10], [10, 12, 11]], centre=10, sigma=2)
    assert pair.xbar.upper_limit == pytest.approx(10 + 3 * 2 / math.sqrt(3))
    assert pair.s.centre == pytest.approx(c4(3) * 2)
    assert pair.s.upper_limit == pytest.approx(2 * (c4(3) + 3 * math.sqrt(1 - c4(3) ** 2)))


def test_ghosted_baseline_and_recalculated_subgroups():
    groups = [[1, 3], [2, 4], [90, 99], [1, 3], [11, 13], [12, 14], [11, 15]]
    pair = xbar_s(groups, ghosted=[2], recalculations=[Recalculation(4, "new analyser")])
    assert pair.xbar.centre_line[0] == pytest.approx(fmean([2, 3, 2]))
    assert pair.xbar.centre_line[4] == pytest.approx(fmean([12, 13, 13]))
    assert all(2 not in signal.points for signal in pair.signals)
    held = xbar_s(groups[:3], baseline=2)
    assert held.xbar.centre == pytest.approx(2.5)
    assert held.xbar.outside == (2,)


def test_options_may_come_from_iterators():
    groups = [[1, 3], [2, 4], [90, 95], [1, 3], [2, 4], [1, 3], [11, 13], [12, 14]]
    change = Recalculation(6, "Test")
    once = xbar_s(groups, ghosted=iter([2]), labels=iter("abcdefgh"), recalculations=iter([change]))
    again = xbar_s(groups, ghosted=[2], labels=list("abcdefgh"), recalculations=[change])
    assert once.to_dict() == again.to_dict()
    assert once.xbar.ghosted == once.s.ghosted == (2,)
    assert once.xbar.phases[0].centre == pytest.approx(2.4)


@pytest.mark.parametrize("n", [999, 1000, 10**6, 10**9])
def test_constants_of_very_large_subgroups(n):
    # The variance of s is close to 1 / (2n) of sigma squared, and the mean of s to 1 - 1 / (4n).
    assert 1 - c4(n) == pytest.approx(1 / (4 * n), rel=2e-3)
    assert b4(n) - 1 == pytest.approx(3 / math.sqrt(2 * n), rel=2e-3)


def test_a_missing_subgroup_is_a_gap_and_a_missing_value_is_left_out():
    pair = xbar_s([[1, 2, None], None, [2, 5], []])
    assert pair.xbar.values == (1.5, None, 3.5, None)
    assert json.loads(json.dumps(pair.to_dict()))["s"]["kind"] == "s"
    assert pair.explain()


@given(
    st.lists(st.lists(st.floats(-50, 50), min_size=3, max_size=3), min_size=3, max_size=10),
    st.floats(-100, 100),
    st.floats(0.1, 10),
)
@settings(max_examples=50, deadline=None)
def test_shift_and_scale_carry_through(groups, shift, scale):
    plain = xbar_s(groups)
    moved = xbar_s([[scale * v + shift for v in g] for g in groups])
    assert moved.xbar.upper_limit == pytest.approx(scale * plain.xbar.upper_limit + shift, abs=1e-6)
    assert moved.s.upper_limit == pytest.approx(scale * plain.s.upper_limit, abs=1e-6)


@pytest.mark.parametrize("bad", [math.nan, math.inf, "3", True, 1e308])
def test_bad_measurements_are_named_by_subgroup_and_position(bad):
    with pytest.raises(ValueError, match="Subgroup 2: Point 3"):
        xbar_s([[1, 2, 3], [1, 2, bad]])


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([[1, 2], [3]], "Subgroup 2 has one measurement"),
        ([], "at least"),
        ([[1, 2]], "at least 2 are needed"),
        ([1, 2, 3], "Subgroup 1"),
        ("abc", "list of lists"),
    ],
)
def test_subgroups_that_cannot_be_charted_are_refused(groups, message):
    with pytest.raises(ValueError, match=message):
        xbar_s(groups)
    with pytest.raises(ValueError, match="sigma"):
        xbar_s([[1, 2], [2, 3]], sigma=0)
    with pytest.raises(ValueError, match="subgroup size"):
        c4(1)
