"""Distributions and intervals: against scipy, published intervals, and the properties that define them."""

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from improvement.spc import clopper_pearson_interval, poisson_interval, wilson_interval
from improvement.spc import distributions as d

PROBABILITIES = (1e-9, 0.00135, 0.01, 0.025, 0.3, 0.5, 0.7, 0.975, 0.999, 1 - 1e-9)


@pytest.mark.parametrize("x", [-37.0, -8.2, -3.0, -0.1, 0.0, 1.96, 6.0])
def test_normal_cdf_is_accurate_far_into_both_tails(x):
    assert d.normal_cdf(x) == pytest.approx(stats.norm.cdf(x), rel=1e-12, abs=0)
    assert d.normal_cdf(5 + 2 * x, 5, 2) == pytest.approx(stats.norm.cdf(x), rel=1e-10)


@pytest.mark.parametrize("p", PROBABILITIES)
def test_quantiles_agree_with_scipy(p):
    assert d.normal_quantile(p, 3, 2) == pytest.approx(stats.norm.ppf(p, 3, 2), rel=1e-11)
    for df in (0.3, 1, 2.5, 19, 60.4, 5000):
        assert d.chi_square_quantile(p, df) == pytest.approx(stats.chi2.ppf(p, df), rel=1e-9)
        assert d.student_t_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-9, abs=1e-12)
    for a, b in ((0.4, 0.7), (1, 1), (2, 5), (30.5, 2), (900, 12000)):
        assert d.beta_quantile(p, a, b) == pytest.approx(stats.beta.ppf(p, a, b), rel=1e-9)
    assert d.gamma_quantile(p, 2.3, 7) == pytest.approx(stats.gamma.ppf(p, 2.3, scale=7), rel=1e-9)


@pytest.mark.parametrize("n", [1, 7, 200, 10**6])
@pytest.mark.parametrize("p", [1e-6, 0.02, 0.5, 0.97])
def test_binomial_agrees_with_scipy(n, p):
    spread = math.sqrt(n * p * (1 - p))
    for step in (-4, -1, 0, 2, 5):
        r = min(n, max(0, round(n * p + step * spread)))
        assert d.binomial_pmf(r, n, p) == pytest.approx(stats.binom.pmf(r, n, p), rel=1e-9)
        assert d.binomial_cdf(r, n, p) == pytest.approx(stats.binom.cdf(r, n, p), rel=1e-9)
    for q in (0.001, 0.025, 0.4, 0.975, 0.999):
        assert d.binomial_quantile(q, n, p) == stats.binom.ppf(q, n, p)


@pytest.mark.parametrize("mean", [1e-4, 0.7, 15.0, 3333.3, 2e6])
def test_poisson_agrees_with_scipy(mean):
    for step in (-4, -1, 0, 2, 5):
        r = max(0, round(mean + step * math.sqrt(mean)))
        assert d.poisson_pmf(r, mean) == pytest.approx(stats.poisson.pmf(r, mean), rel=1e-8)
        assert d.poisson_cdf(r, mean) == pytest.approx(stats.poisson.cdf(r, mean), rel=1e-9)
    for q in (0.001, 0.025, 0.4, 0.975, 0.999):
        assert d.poisson_quantile(q, mean) == stats.poisson.ppf(q, mean)


def test_binomial_cdf_equals_exact_rational_arithmetic():
    n, p = 23, Fraction(3, 17)
    total = Fraction(0)
    for r in range(n):
        total += math.comb(n, r) * p**r * (1 - p) ** (n - r)
        assert d.binomial_cdf(r, n, float(p)) == pytest.approx(float(total), rel=1e-12)


def test_the_ends_of_the_distributions():
    assert d.binomial_cdf(-1, 10, 0.3) == 0
    assert d.binomial_cdf(10, 10, 0.3) == 1
    assert d.binomial_pmf(11, 10, 0.3) == 0
    assert [d.binomial_pmf(r, 3, 1.0) for r in range(4)] == [0, 0, 0, 1]
    assert [d.binomial_pmf(r, 3, 0.0) for r in range(4)] == [1, 0, 0, 0]
    assert d.poisson_cdf(-1, 2.0) == 0
    assert d.poisson_pmf(0, 0.0) == 1
    assert d.beta_cdf(0, 2, 3) == 0
    assert d.beta_cdf(1, 2, 3) == 1
    assert d.chi_square_quantile(0, 5) == 0


@given(st.floats(0.001, 0.999), st.floats(0.2, 500), st.floats(0.2, 500))
@settings(max_examples=60, deadline=None)
def test_beta_quantile_undoes_its_cdf(p, a, b):
    x = d.beta_quantile(p, a, b)
    assume(0 < x < 1)
    # Where the cdf is steep the nearest float to the answer is only so near: p lies between its neighbours'.
    below, above = (d.beta_cdf(math.nextafter(x, end), a, b) for end in (0, 1))
    assert below - 1e-8 * p <= p <= above + 1e-8 * p


@given(st.floats(0.0005, 0.9995), st.floats(0.1, 2000))
@settings(max_examples=60, deadline=None)
def test_chi_square_and_t_quantiles_undo_their_cdfs(p, df):
    assert d.chi_square_cdf(d.chi_square_quantile(p, df), df) == pytest.approx(p, rel=1e-9)
    x = d.student_t_quantile(p, df)
    assume(abs(x) < 1e150)
    assert d.student_t_cdf(x, df) == pytest.approx(p, rel=1e-8)
    assert d.student_t_quantile(1 - p, df) == pytest.approx(-x, rel=1e-6, abs=1e-9)


@given(st.floats(0.001, 0.999), st.integers(1, 400), st.floats(0.01, 0.99))
@settings(max_examples=60, deadline=None)
def test_binomial_quantile_is_the_smallest_count_that_reaches_p(q, n, p):
    r = d.binomial_quantile(q, n, p)
    assert d.binomial_cdf(r, n, p) >= q * (1 - 1e-12)
    assert r == 0 or d.binomial_cdf(r - 1, n, p) < q * (1 + 1e-12)


@pytest.mark.parametrize(
    ("successes", "n", "wilson", "exact"),
    [  # Newcombe (1998), Statistics in Medicine 17: 857-872, table I, methods 3 and 5
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_intervals_for_a_proportion_match_newcombe(successes, n, wilson, exact):
    assert tuple(wilson_interval(successes, n)) == pytest.approx(wilson, abs=5e-5)
    assert tuple(clopper_pearson_interval(successes, n)) == pytest.approx(exact, abs=5e-5)


@pytest.mark.parametrize(
    ("share", "low", "high"), [(0.22, 15.7, 29.9), (0.50, 41.5, 58.5), (0.75, 66.9, 81.7)]
)
def test_wilson_interval_for_the_survey_of_129(share, low, high):
    interval = wilson_interval(share * 129, 129)
    assert (round(100 * interval.low, 1), round(100 * interval.high, 1)) == (low, high)
    assert interval.method == "Wilson score"


def test_poisson_interval_matches_the_published_limits_for_ten_events():
    # Garwood's exact 95% limits for a count of 10, as tabled in Breslow and Day (1987), table 2.11
    assert tuple(poisson_interval(10)) == pytest.approx((4.80, 18.39), abs=5e-3)
    assert tuple(poisson_interval(10, 1000)) == pytest.approx((0.00480, 0.01839), abs=5e-6)
    assert poisson_interval(0).low == 0


@given(st.integers(1, 2000), st.data())
@settings(max_examples=60, deadline=None)
def test_intervals_hold_the_observed_share_and_mirror(n, data):
    x = data.draw(st.integers(0, n))
    for make in (wilson_interval, clopper_pearson_interval):
        low, high = make(x, n)
        assert 0 <= low <= x / n <= high <= 1
        other = make(n - x, n)
        assert (1 - other.high, 1 - other.low) == pytest.approx((low, high), abs=1e-9)
        assert make(x, n, 0.9).low >= low
        assert make(x, n, 0.9).high <= high


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, None, "0.5", True, 1e308])
@pytest.mark.parametrize(
    "call",
    [
        lambda v: d.normal_cdf(v),
        lambda v: d.normal_quantile(0.5, v),
        lambda v: d.normal_quantile(0.5, 0, v),
        lambda v: d.beta_quantile(0.5, v, 1),
        lambda v: d.chi_square_quantile(0.5, v),
        lambda v: d.poisson_cdf(1, v),
        lambda v: wilson_interval(v, 10),
        lambda v: wilson_interval(1, v) if v != 1e308 else wilson_interval(v, v),
        lambda v: clopper_pearson_interval(v, 10),
        lambda v: poisson_interval(v),
    ],
)
def test_numbers_that_are_not_usable_are_refused(call, bad):
    with pytest.raises(ValueError, match=r"is|needs"):
        call(bad)


@pytest.mark.parametrize(
    "call",
    [
        lambda: d.normal_quantile(0),
        lambda: d.normal_quantile(1),
        lambda: d.normal_cdf(0, 0, 0),
        lambda: d.binomial_cdf(1, -1, 0.5),
        lambda: d.binomial_cdf(1, 2.5, 0.5),
        lambda: d.binomial_pmf(1, 2, 1.2),
        lambda: d.chi_square_quantile(1, 3),
        lambda: d.chi_square_quantile(0.5, 0),
        lambda: wilson_interval(11, 10),
        lambda: wilson_interval(0, 0),
        lambda: wilson_interval(-1, 10),
        lambda: wilson_interval(1, 10, 95),
    ],
)
def test_arguments_outside_their_range_are_refused(call):
    with pytest.raises(ValueError, match=r"must|cannot|needs"):
        call()
