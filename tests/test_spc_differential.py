"""XmR and run charts against other packages, only where the reference finds those packages right.

`shewhart` 0.1.1 and `capstat-core` 0.4.3 use the exact multiplier 3/d2. Their two-in-three rule ignores the third
point, so it may only find more than ours. scipy gives the binomial quantile that R's qbinom gives.
"""

import math
import random

import capstat_core
import pytest
import shewhart
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from improvement.spc import run_chart, xmr, xmr_limits
from improvement.spc.run_chart import crossings_limit, runs_limits

EXACT = 3 / (2 / math.sqrt(math.pi))

# Quarters are exact in binary, so sides and ties are the same in every package.
quarters = st.lists(st.integers(-40, 40).map(lambda k: k / 4), min_size=8, max_size=40)


def points_of(chart, rule):
    return {i for s in chart.signals if s.rule == rule for i in s.points}


def distinct(values):
    return len(set(values)) > 1


@settings(deadline=None)  # the first call imports the other package's plotting
@given(quarters.filter(distinct))
def test_limits_agree_with_shewhart_and_capstat(values):
    ours = xmr_limits(values, multiplier=EXACT)
    theirs = shewhart.imr_limits(values)
    individuals = capstat_core.i_mr_chart(values).location.limits
    assert ours.mean == pytest.approx(theirs["i_center"], abs=1e-9)
    assert ours.mean_moving_range == pytest.approx(theirs["mr_center"], rel=1e-9)
    for lower, upper in ((theirs["i_lcl"], theirs["i_ucl"]), (individuals.lower, individuals.upper)):
        assert ours.lower_limit == pytest.approx(lower, rel=1e-9, abs=1e-9)
        assert ours.upper_limit == pytest.approx(upper, rel=1e-9, abs=1e-9)
    # The NHS rounds 3.26653 to 3.267.
    assert ours.moving_range_limit == pytest.approx(theirs["mr_ucl"], rel=2e-4)


def noisy_series():
    source = random.Random(7)
    for _ in range(60):
        level = [source.gauss(0, 1) + (1.5 if i > 24 else 0) for i in range(40)]
        yield [v + 0.15 * i for i, v in enumerate(level)] if source.random() < 0.3 else level


def test_signals_agree_with_capstat_rule_by_rule():
    seen = set()
    for values in noisy_series():
        ours = xmr(values, multiplier=EXACT, shift_n=9, trend_n=6, two_sigma="beyond")
        theirs = {1: set(), 2: set(), 3: set(), 5: set()}
        for violation in capstat_core.nelson_rules(capstat_core.i_mr_chart(values).location, [1, 2, 3, 5]):
            theirs[violation.rule] |= set(violation.window)
        assert points_of(ours, "outside_limits") == theirs[1]
        assert points_of(ours, "shift") == theirs[2]
        assert points_of(ours, "trend") == theirs[3]
        assert points_of(ours, "two_in_three") <= theirs[5]
        seen |= {s.rule for s in ours.signals}
    assert seen == {"outside_limits", "shift", "trend", "two_in_three"}


def test_signals_agree_with_shewhart_as_maximal_runs():
    names = {"outside_limits": "nelson_1", "shift": "nelson_2", "trend": "nelson_3"}
    compared = 0
    for values in noisy_series():
        ours = xmr(values, multiplier=EXACT, shift_n=9, trend_n=6)
        theirs = [(s.rule, s.points) for s in shewhart.imr(values).signals if s.rule in names.values()]
        mine = [(names[s.rule], s.points) for s in ours.signals if s.rule in names]
        assert sorted(mine) == sorted(theirs)
        compared += len(mine)
    assert compared > 30


@settings(deadline=None)  # the first call imports the other package's plotting
@given(quarters)
def test_median_and_number_of_runs_agree_with_shewhart(values):
    ours, theirs = run_chart(values), shewhart.run_chart(values).stats
    assert ours.median == theirs["median"]
    assert ours.runs == theirs.get("runs_about_median", ours.runs)


def test_crossings_limit_is_the_binomial_quantile_of_the_anhoej_rules():
    for useful in range(10, 201):
        assert crossings_limit(useful) == stats.binom.ppf(0.05, useful - 1, 0.5)


def test_runs_limits_straddle_the_normal_approximation():
    for useful in range(20, 201, 20):
        expected = useful / 2 + 1
        spread = math.sqrt((useful / 2) * (useful / 2 - 1) / (useful - 1))
        lower, upper = runs_limits(useful)
        assert lower == pytest.approx(expected - 1.96 * spread, abs=1.01)
        assert upper == pytest.approx(expected + 1.96 * spread, abs=1.01)
