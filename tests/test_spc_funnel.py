"""Funnel plots: exact limits by brute force, over-dispersion by another route, signals and bad input."""

import json
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from improvement.spc import binomial_limit, funnel, poisson_limit

LEVELS = (0.001, 0.025, 0.975, 0.999)
EVENTS = [100, 150, 180, 80, 120, 225]
EXPECTED = [108, 112, 165, 95, 100, 220]


def brute_limit(probability, cumulative):
    """Spiegelhalter's interpolation over a list of exact cumulative probabilities F(0), F(1), ..."""
    r = next(i for i, reached in enumerate(cumulative) if reached >= probability)
    before = cumulative[r - 1] if r else 0
    return max(0.0, float(r - (cumulative[r] - probability) / (cumulative[r] - before)))


@pytest.mark.parametrize("n", [1, 5, 37, 400])
@pytest.mark.parametrize("centre", [Fraction(1, 50), Fraction(3, 10), Fraction(9, 10)])
@pytest.mark.parametrize("probability", LEVELS)
def test_binomial_limits_equal_exact_rational_arithmetic(n, centre, probability):
    total, cumulative = Fraction(0), []
    for r in range(n + 1):
        total += math.comb(n, r) * centre**r * (1 - centre) ** (n - r)
        cumulative.append(total)
    expected = brute_limit(Fraction(probability), cumulative) / n
    assert binomial_limit(probability, n, float(centre)) == pytest.approx(expected, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("mean", [0.004, 0.8, 15.0, 240.0])
@pytest.mark.parametrize("probability", LEVELS)
def test_poisson_limits_equal_a_long_sum(mean, probability):
    term, total, cumulative = math.exp(-mean), 0.0, []
    for r in range(600):
        total += term
        cumulative.append(total)
        term *= mean / (r + 1)
    expected = brute_limit(probability, cumulative) / mean
    assert poisson_limit(probability, mean) == pytest.approx(expected, rel=1e-9, abs=1e-10)


def test_limits_for_fifteen_expected_events():
    # Exact interpolated 99.8% limits, not the chi-square interval's .386 to 2.083 that some packages draw.
    assert poisson_limit(0.001, 15) == pytest.approx(0.272, abs=5e-4)
    assert poisson_limit(0.999, 15) == pytest.approx(1.856, abs=5e-4)


@given(st.integers(1, 3000), st.floats(0.001, 0.999))
@settings(max_examples=80, deadline=None)
def test_binomial_limits_are_ordered_and_mirror_about_one_half(n, centre):
    low, near_low, near_high, high = (binomial_limit(p, n, centre) for p in LEVELS)
    assert 0 <= low <= near_low <= near_high <= high <= 1
    # Counting the failures instead moves the interpolation by at most one event.
    assert abs((1 - binomial_limit(0.025, n, 1 - centre)) - near_high) <= 1 / n + 1e-9


def test_limits_narrow_as_units_grow_and_pass_the_size_of_a_real_country():
    widths = [
        binomial_limit(0.999, n, 0.1) - binomial_limit(0.001, n, 0.1) for n in (10, 100, 10**4, 10**6, 10**8)
    ]
    assert widths == sorted(widths, reverse=True)
    normal = 2 * stats.norm.ppf(0.999) * math.sqrt(0.1 * 0.9 / 10**8)
    assert widths[-1] == pytest.approx(normal, rel=1e-3)


def test_a_proportion_funnel_pools_its_centre_and_names_who_is_outside():
    plot = funnel([4, 12, 60, 3], [50, 160, 300, 20], labels=["A", "B", "C", "D"])
    assert plot.centre == pytest.approx(79 / 530)
    assert plot.limits[0].level == 0.95
    assert plot.limits[1].upper[2] == pytest.approx(binomial_limit(0.999, 300, 79 / 530))
    assert [(s.points, s.direction) for s in plot.signals] == [((1,), "low"), ((2,), "high")]
    assert plot.signals[1].why.startswith("C: 0.2 is above the upper 95% limit of 0.18")
    assert "B" in " ".join(plot.explain())


def test_a_unit_is_signalled_once_for_the_widest_limit_it_is_outside():
    plot = funnel(EVENTS, EXPECTED, kind="ratio")
    assert [s.points for s in plot.signals] == [(1,), (4,)]
    assert "99.8%" in plot.signals[0].why
    assert "95%" in plot.signals[1].why


def test_a_unit_exactly_on_a_limit_is_inside():
    plot = funnel([0, 20], [4, 40], centre=0.5)
    assert plot.limits[1].lower[0] == 0
    assert plot.signals == ()


def test_units_too_small_to_judge_are_named():
    text = " ".join(funnel([1, 60], [4, 90], labels=["Tiny", "Big"]).explain())
    assert "Tiny: fewer than five" in text
    assert "Big" not in text


def test_ratios_compare_with_one_and_rates_with_their_own_average():
    assert funnel(EVENTS, EXPECTED, kind="ratio").centre == 1
    rate = funnel([8, 30, 12], [4000, 9000, 7000], kind="rate", per=1000)
    assert rate.centre == pytest.approx(2.5)
    assert rate.values == pytest.approx((2, 30 / 9, 12 / 7))
    assert rate.limits[0].upper[1] == pytest.approx(2.5 * poisson_limit(0.975, 22.5))
    assert rate.limits_at(9000)[0][1:] == pytest.approx((rate.limits[0].lower[1], rate.limits[0].upper[1]))


def independent_overdispersion(y, target, s, trim):
    z = (y - target) / s
    low, high = np.quantile(z, [trim, 1 - trim])
    phi = np.mean(np.clip(z, low, high) ** 2)
    k, w = len(y), 1 / s**2
    tau2 = max(0.0, (k * phi - (k - 1)) / (w.sum() - (w**2).sum() / w.sum()))
    return phi, tau2


@pytest.mark.parametrize("trim", [0, 0.1, 0.2])
def test_additive_overdispersion_of_ratios(trim):
    plot = funnel(EVENTS, EXPECTED, kind="ratio", overdispersion="additive", winsorise=trim)
    e = np.array(EXPECTED, float)
    s = 1 / (2 * np.sqrt(e))
    phi, tau2 = independent_overdispersion(np.sqrt(np.array(EVENTS) / e), 1.0, s, trim)
    assert plot.overdispersion.phi == pytest.approx(phi, rel=1e-12)
    assert plot.overdispersion.tau_squared == pytest.approx(tau2, rel=1e-12)
    upper = (1 + 3.090232 * np.sqrt(s**2 + tau2)) ** 2
    assert list(plot.limits[1].upper) == pytest.approx(list(upper), rel=1e-6)


def test_additive_and_multiplicative_overdispersion_of_proportions():
    x, n = np.array([4, 12, 60, 3, 40, 9]), np.array([50, 160, 300, 20, 150, 100])
    target = math.asin(math.sqrt(x.sum() / n.sum()))
    s = 1 / (2 * np.sqrt(n))
    phi, tau2 = independent_overdispersion(np.arcsin(np.sqrt(x / n)), target, s, 0.1)
    assert phi > 1
    additive = funnel(x.tolist(), n.tolist(), overdispersion="additive")
    times = funnel(x.tolist(), n.tolist(), overdispersion="multiplicative")
    for plot, sd in ((additive, np.sqrt(s**2 + tau2)), (times, s * math.sqrt(phi))):
        lower = np.sin(np.maximum(0, target - 1.959964 * sd)) ** 2
        assert list(plot.limits[0].lower) == pytest.approx(list(lower), rel=1e-6)
    assert len(additive.signals) < len(funnel(x.tolist(), n.tolist()).signals)


def test_lower_limits_stop_at_zero_on_the_transformed_scale():
    plot = funnel([0, 1, 30], [3, 4, 40], overdispersion="additive")
    assert plot.limits[1].lower[0] == 0
    assert all(0 <= v <= 1 for limit in plot.limits for v in (*limit.lower, *limit.upper))


def test_units_that_agree_too_well_are_given_no_extra_variance():
    plot = funnel([10, 20, 30], [100, 200, 300], overdispersion="additive")
    assert plot.overdispersion.phi == pytest.approx(0, abs=1e-20)
    assert plot.overdispersion.tau_squared == 0
    s = 1 / (2 * math.sqrt(100))
    expected = math.sin(math.asin(math.sqrt(0.1)) + 1.959964 * s) ** 2
    assert plot.limits[0].upper[0] == pytest.approx(expected, rel=1e-6)
    same = funnel([10, 20, 30], [100, 200, 300], overdispersion="multiplicative")
    assert same.limits[0].upper[0] == pytest.approx(expected, rel=1e-6)


def test_winsorising_keeps_one_wild_unit_from_widening_the_funnel():
    x, n = [10, 11, 9, 10, 12, 8, 10, 9, 11, 10, 60], [100] * 11
    pulled = funnel(x, n, centre=0.1, overdispersion="additive")
    raw = funnel(x, n, centre=0.1, overdispersion="additive", winsorise=0)
    assert pulled.overdispersion.phi < raw.overdispersion.phi
    assert pulled.limits[1].upper[0] < raw.limits[1].upper[0]
    assert pulled.signals[-1].points == (10,)


def test_percentages_scale_everything_and_the_plot_survives_json():
    plain = funnel([4, 12, 60], [50, 160, 300])
    percent = funnel([4, 12, 60], [50, 160, 300], per=100)
    assert percent.limits[0].upper == pytest.approx([100 * v for v in plain.limits[0].upper])
    data = json.loads(json.dumps(percent.to_dict()))
    assert data["limits"][1]["level"] == 0.998


@pytest.mark.parametrize("bad", [math.nan, math.inf, "5", True, None, -1, 2.5, 1e308])
def test_bad_events_are_named_by_position(bad):
    with pytest.raises(ValueError, match="Point 2"):
        funnel([5, bad, 5], [20, 20, 20])


@pytest.mark.parametrize("bad", [math.nan, math.inf, "5", True, None, -1, 0, 1e308])
@pytest.mark.parametrize("kind", ["proportion", "ratio", "rate"])
def test_bad_denominators_are_named_by_position(bad, kind):
    with pytest.raises(ValueError, match="Point 2"):
        funnel([5, 5, 5], [20, bad, 20], kind=kind)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: funnel([], []), "at least 1"),
        (lambda: funnel([5, 6], [20]), "1 denominators for 2 points"),
        (lambda: funnel([21], [20]), "cannot be over its denominator"),
        (lambda: funnel([1], [20], kind="mean"), "kind"),
        (lambda: funnel([1], [20], overdispersion="yes"), "overdispersion"),
        (lambda: funnel([1], [20], centre=1.5), "cannot have"),
        (lambda: funnel([1], [20], levels=(95,)), "levels"),
        (lambda: funnel([1], [20], levels=95), "levels"),
        (lambda: funnel([1, 2], [1e-310, 7], kind="rate"), "Point 1 has a denominator of 1e-310"),
        (lambda: funnel([1], [20], winsorise=0.5), "winsorise"),
        (lambda: binomial_limit(95, 20, 0.1), "probability"),
        (lambda: binomial_limit(0.95, 0, 0.1), "denominator"),
        (lambda: poisson_limit(0.95, 0), "expected"),
    ],
)
def test_calls_that_cannot_be_drawn_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
