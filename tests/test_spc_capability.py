"""Capability: the three verdicts, every refusal, published indices and intervals, differential tests."""

import json
import math
import random
from statistics import NormalDist, fmean, stdev

import capstat_core
import numpy as np
import pytest
import shewhart
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from improvement.spc import (
    Recalculation,
    capability,
    cp_interval,
    cpk_interval,
    cpm_interval,
    normal_capability,
    wilson_interval,
    xbar_s,
    xmr,
)


def calm(values):
    """The values in a shuffled order whose chart has no special cause."""
    values = list(values)
    for seed in range(2000):
        random.Random(seed).shuffle(values)
        if not xmr(values).signals:
            return values
    raise AssertionError("no calm order found")


def steady(n, mean=40.0, sd=8.0):
    """Normal quantiles in a calm order."""
    return calm(NormalDist(mean, sd).inv_cdf((i + 0.5) / n) for i in range(n))


def steady_groups(k, size):
    """Subgroups of normal quantiles, shuffled until neither chart of them has a special cause."""
    values = [NormalDist(40, 8).inv_cdf((i + 0.5) / (k * size)) for i in range(k * size)]
    for seed in range(1000):
        random.Random(seed).shuffle(values)
        groups = [values[i : i + size] for i in range(0, k * size, size)]
        if xbar_s(groups).predictable:
            return groups
    raise AssertionError("no steady order found")


STEADY = steady(60)


@pytest.mark.parametrize(
    ("mean", "sd", "p_meet", "cpu"), [(75, 20, 0.2266, -0.25), (60, 15, 0.5, 0), (40, 8, 0.9938, 0.83)]
)
def test_three_processes_with_one_icon_meet_the_need_very_differently(mean, sd, p_meet, cpu):
    result = normal_capability(mean, sd, upper=60)
    assert result.p_meet == pytest.approx(p_meet, abs=5e-5)
    assert result.cpu == pytest.approx(cpu, abs=5e-3)
    assert result.assurance == "hit_and_miss"
    assert not result.reliably_meets
    assert result.cp is None
    assert result.cpk is None


def test_low_variation_off_target_is_not_capability():
    result = normal_capability(75, 4, upper=60)
    assert result.p_meet == pytest.approx(0.0001, abs=5e-5)
    assert result.assurance == "reliably_misses"
    assert normal_capability(40, 4, upper=60).assurance == "reliably_meets"


def test_the_nist_example_of_cp_and_cpk():
    # NIST/SEMATECH e-Handbook 6.1.6: limits 8 and 20, mean 16, standard deviation 2.
    result = normal_capability(16, 2, lower=8, upper=20)
    assert (result.cp, result.cpk) == pytest.approx((1.0, 0.6667), abs=5e-5)
    assert (result.cpu, result.cpl) == pytest.approx((0.6667, 1.3333), abs=5e-5)
    assert result.k == pytest.approx(0.3333, abs=5e-5)
    assert result.cpk == pytest.approx((1 - result.k) * result.cp)
    assert result.cpm is None
    assert normal_capability(16, 2, 8, 20, target=14).cpm == pytest.approx(12 / (6 * math.sqrt(4 + 4)))


@pytest.mark.parametrize(
    ("cp", "ppm"),
    [(0.25, 453_255), (0.5, 133_614), (0.75, 24_449), (1.0, 2_700), (1.1, 967), (1.2, 318), (1.3, 96)],
)
def test_centred_fallout_matches_the_published_table(cp, ppm):
    # Parts per million outside two-sided limits for a centred normal process (Montgomery, table 8.2).
    result = normal_capability(0, 1, lower=-3 * cp, upper=3 * cp)
    assert result.dpmo == pytest.approx(ppm, abs=0.5)


def test_cp_interval_of_twenty_measurements():
    # Montgomery, example 8.4: n = 20, limits 62 and 38, s = 1.75: 1.57 to 3.01.
    assert tuple(cp_interval((62 - 38) / (6 * 1.75), 19)) == pytest.approx((1.57, 3.01), abs=6e-3)


def test_cpk_interval_of_twenty_measurements():
    # Bissell's formula by hand: 1.33 (1 plus and minus 1.96 sqrt(1/(9 * 20 * 1.33^2) + 1/(2 * 19))).
    assert tuple(cpk_interval(1.33, 20)) == pytest.approx((0.883, 1.777), abs=5e-4)


def test_ninety_percent_cpk_interval_of_telephone_amplifiers():
    # SAS/QC User's Guide, example "Displaying a Confidence Interval for Cpk": 0.328 to 0.496, limits 4 and 6.
    decibels = """4.54 4.87 4.66 4.90 4.68 5.22 4.43 5.14 3.07 4.22 5.09 3.41 5.75 5.16 3.96 5.37 5.70 4.11 4.83 4.51
    4.57 4.16 5.73 3.64 5.48 4.95 4.57 4.46 4.75 5.38 5.19 4.35 4.98 4.87 3.53 4.46 4.57 4.69 5.27 4.67
    5.03 4.50 5.35 4.55 4.05 6.63 5.32 5.24 5.73 5.08 5.07 5.42 5.05 5.70 4.79 4.34 5.06 4.64 4.82 3.24
    4.79 4.46 3.84 5.05 5.46 4.64 6.13 4.31 4.81 4.98 4.95 5.57 4.11 4.15 5.95"""
    values = [float(v) for v in decibels.split()]
    cpk = normal_capability(fmean(values), stdev(values), lower=4, upper=6).cpk
    assert tuple(cpk_interval(cpk, 75, confidence=0.90)) == pytest.approx((0.328, 0.496), abs=5e-4)


def test_intervals_match_those_printed_by_qcc():
    # Expected values of qcc 3.0's own tests: 12 values, N - 1 degrees of freedom throughout.
    assert tuple(cp_interval(1.372667, 11)) == pytest.approx((0.808460, 1.937713), abs=2e-6)
    assert tuple(cpk_interval(1.304033, 12)) == pytest.approx((0.727408, 1.880659), abs=2e-6)
    assert tuple(cpk_interval(1.304033, 12, one_sided=True)) == pytest.approx((0.820114, 1.787953), abs=2e-6)
    assert tuple(cpk_interval(1.441300, 12, one_sided=True)) == pytest.approx((0.911657, 1.970943), abs=2e-6)


def test_cpm_interval_on_target_has_n_degrees_of_freedom():
    low, high = cpm_interval(1.2, 30, 10, 2, 10)
    assert low == pytest.approx(1.2 * math.sqrt(stats.chi2.ppf(0.025, 30) / 30))
    assert high == pytest.approx(1.2 * math.sqrt(stats.chi2.ppf(0.975, 30) / 30))
    off = cpm_interval(1.2, 30, 12, 2, 10)
    df = 30 * 4 / 3
    assert off.low == pytest.approx(1.2 * math.sqrt(stats.chi2.ppf(0.025, df) / df))


def test_observed_share_is_always_given_with_its_interval():
    waits = [*STEADY[:24]]
    met = sum(v <= 45 for v in waits)
    for options in (
        {},
        {"kind": "average"},
        {"in_time_order": False},
        {"recalculations": [Recalculation(12, "new rota")]},
    ):
        result = capability(waits, upper=45, **options)
        assert (result.meeting, result.n) == (met, 24)
        assert result.observed == pytest.approx(met / 24)
        assert tuple(result.observed_interval) == tuple(wilson_interval(met, 24))
        assert "Wilson" in result.explain()[0]
    wild = capability([*waits, 500], upper=45)
    assert wild.observed == pytest.approx(met / 25)
    assert capability(STEADY[:5], upper=45).observed is not None


def test_a_value_on_the_limit_meets_the_need():
    assert capability([60, 59, 61] * 2, upper=60).meeting == 4
    assert capability([60, 59, 61] * 2, lower=60, upper=61).meeting == 4


def test_six_processes_predictable_by_meeting():
    steep = [v + 3 * i for i, v in enumerate(STEADY)]
    found = {
        name: (result.predictable, result.reliably_meets)
        for name, result in (
            ("steady, roomy need", capability(STEADY, upper=90)),
            ("steady, tight need", capability(STEADY, upper=50)),
            ("steady, never meets", capability(STEADY, upper=5)),
            ("moving, roomy need", capability(steep, upper=900)),
            ("moving, tight need", capability(steep, upper=50)),
            ("one freak", capability([*STEADY, 300], upper=90)),
        )
    }
    assert found == {
        "steady, roomy need": (True, True),
        "steady, tight need": (True, False),
        "steady, never meets": (True, False),
        "moving, roomy need": (False, False),
        "moving, tight need": (False, False),
        "one freak": (False, False),
    }


def test_natural_limits_decide_reliability_and_a_limit_on_the_need_is_not_inside():
    limits = xmr(STEADY).phases[0]
    assert capability(STEADY, upper=limits.upper_limit + 1e-6).reliably_meets
    assert capability(STEADY, upper=limits.upper_limit).reliably_meets is False
    assert capability(STEADY, lower=limits.lower_limit - 1e-6).reliably_meets
    assert capability(STEADY, upper=1000).natural_limits == (limits.lower_limit, limits.upper_limit)


def test_meeting_the_aim_needs_the_lower_end_of_the_interval():
    upper = sorted(STEADY)[-2]
    low = wilson_interval(59, 60).low
    assert capability(STEADY, upper=upper, aim=low - 0.001).meets_aim is True
    short = capability(STEADY, upper=upper, aim=low + 0.001)
    assert short.meets_aim is False
    assert short.observed > low + 0.001
    assert capability(STEADY, upper=upper).meets_aim is None
    wild = capability([*STEADY, 300], upper=upper, aim=0.5)
    assert wild.meets_aim is False
    assert wild.verdicts[2].code == "short_of_aim"


def test_almost_always_meeting_may_meet_the_aim_without_being_reliable():
    result = capability(STEADY, upper=sorted(STEADY)[-1] + 0.01, aim=0.9)
    assert result.reliably_meets is False
    assert result.meets_aim is True


REFUSED = {
    "special_cause": lambda: capability([*STEADY, 300], lower=1, upper=90),
    "not_in_time_order": lambda: capability(STEADY, upper=90, in_time_order=False),
    "recalculation": lambda: capability(STEADY, upper=90, recalculations=[Recalculation(30, "new rota")]),
    "too_few_points": lambda: capability(steady(19), upper=90),
    "no_spread": lambda: capability([5.0] * 30, upper=90),
    "no_specification": lambda: capability(STEADY),
    "limits_reversed": lambda: capability(STEADY, lower=90, upper=10),
    "attribute_data": lambda: capability([9, 8] * 15, denominators=10, kind="proportion"),
    "averages": lambda: capability(STEADY, upper=90, kind="average"),
}


@pytest.mark.parametrize("code", REFUSED)
def test_every_refusal_gives_its_reason_and_no_index(code):
    result = REFUSED[code]()
    assert result.refused
    assert code in [refusal.code for refusal in result.refusals]
    assert all(refusal.sentence in result.explain() for refusal in result.refusals)
    assert dict(result.indices) == {}
    assert result.k is None
    assert result.sigma_within is None
    assert "Cpk" not in " ".join(result.explain())


@pytest.mark.parametrize(
    "code", ["special_cause", "not_in_time_order", "recalculation", "too_few_points", "no_spread"]
)
def test_prediction_is_refused_with_the_indices(code):
    result = REFUSED[code]()
    assert result.natural_limits is None
    assert result.expected_proportion is None
    assert result.dpmo is None
    assert result.mean is None
    assert not result.reliably_meets
    assert not result.meets_aim


def test_limits_that_are_equal_are_the_wrong_way_round():
    assert [r.code for r in capability(STEADY, lower=40, upper=40).refusals] == ["limits_reversed"]
    assert capability(STEADY, lower=40, upper=40).observed is None


def test_twenty_points_are_enough_and_fifty_stop_the_warning():
    twenty = capability(steady(20), upper=90)
    assert not twenty.refused
    assert any("50 or more" in caution for caution in twenty.cautions)
    assert not any("50 or more" in caution for caution in capability(STEADY, upper=90).cautions)


def test_ones_and_zeros_are_attributes_whatever_they_are_called():
    ones = [1, 0, 1, 1, 0, 1, 0, 0, 1, 1] * 3
    result = capability(ones, upper=1)
    assert "attribute_data" in [refusal.code for refusal in result.refusals]
    assert result.natural_limits is None


def test_the_special_cause_that_refuses_is_named():
    result = REFUSED["special_cause"]()
    assert "Point 61" in " ".join(refusal.sentence for refusal in result.refusals)
    assert result.signals == xmr([*STEADY, 300]).signals


def test_indices_follow_from_the_moving_range_and_the_standard_deviation():
    result = capability(STEADY, lower=5, upper=80, target=45)
    x = np.array(STEADY)
    within = np.abs(np.diff(x)).mean() / (2 / math.sqrt(math.pi))
    overall = x.std(ddof=1)
    m = x.mean()
    expected = {
        "cp": 75 / (6 * within),
        "cpu": (80 - m) / (3 * within),
        "cpl": (m - 5) / (3 * within),
        "pp": 75 / (6 * overall),
        "ppu": (80 - m) / (3 * overall),
        "ppl": (m - 5) / (3 * overall),
        "cpm": 75 / (6 * math.sqrt(overall**2 + (m - 45) ** 2)),
    }
    expected["cpk"] = min(expected["cpu"], expected["cpl"])
    expected["ppk"] = min(expected["ppu"], expected["ppl"])
    assert {name: estimate.value for name, estimate in result.indices.items()} == pytest.approx(
        expected, rel=1e-12
    )
    assert result.indices["pp"].df == 59
    assert result.indices["cp"].df == pytest.approx(0.62 * 59)
    assert "36.58 degrees of freedom" in " ".join(result.explain())
    miss = stats.norm.cdf(5, m, within) + stats.norm.sf(80, m, within)
    assert result.dpmo == pytest.approx(1e6 * miss, rel=1e-9)
    assert result.expected_proportion == pytest.approx(1 - miss)


def test_one_limit_gives_only_its_own_index():
    result = capability(STEADY, upper=80)
    assert set(result.indices) == {"cpu", "ppu"}
    ppu = result.indices["ppu"]
    assert tuple(ppu.interval) == tuple(cpk_interval(ppu.value, 60, one_sided=True))
    assert set(capability(STEADY, lower=5, target=40).indices) == {"cpl", "ppl"}
    assert "cpm" not in capability(STEADY, lower=5, upper=80).indices


def test_an_index_of_zero_or_less_has_no_interval_and_says_so():
    result = capability(STEADY, upper=30)
    assert result.indices["cpu"].value < 0
    assert result.indices["cpu"].interval is None
    assert "no interval" in " ".join(result.explain())


@pytest.mark.filterwarnings("ignore:As of SciPy 1.17:FutureWarning")
def test_indices_agree_with_capstat_and_shewhart():
    ours = capability(STEADY, lower=5, upper=80)
    capstat = capstat_core.capability(np.array(STEADY), lsl=5, usl=80, within_method="moving_range")
    other = shewhart.capability(STEADY, lsl=5, usl=80)
    for name in ("cp", "cpk", "pp", "ppk"):
        assert ours.indices[name].value == pytest.approx(getattr(capstat, name), rel=1e-9)
        assert ours.indices[name].value == pytest.approx(other.stats[name], rel=1e-9)
        low, high = ours.indices[name].interval
        assert (low, high) == pytest.approx(
            (other.stats[f"{name}_lci"], other.stats[f"{name}_uci"]), rel=1e-9
        )
    assert ours.dpmo == pytest.approx(other.stats["ppm_within"], rel=1e-6)


def test_subgroups_pool_the_spread_within():
    groups = steady_groups(20, 3)
    result = capability(groups, lower=5, upper=80, kind="subgroups")
    pooled = math.sqrt(fmean(stdev(group) ** 2 for group in groups))
    mean = fmean(v for group in groups for v in group)
    assert not result.refused
    assert (result.n, result.indices["cp"].df) == (60, 40)
    assert result.sigma_within == pytest.approx(pooled)
    assert result.natural_limits == pytest.approx((mean - 3 * pooled, mean + 3 * pooled))
    assert result.indices["cpk"].value == pytest.approx(min(80 - mean, mean - 5) / (3 * pooled))
    few = capability(groups[:19], upper=80, kind="subgroups")
    assert "too_few_points" in [refusal.code for refusal in few.refusals]


def test_attribute_data_give_the_mean_proportion_of_a_predictable_process():
    seen, of = [92, 95, 90, 93, 96, 91, 94, 92, 95, 93] * 3, 100
    result = capability(seen, denominators=of, kind="proportion", aim=0.90)
    assert [r.code for r in result.refusals] == ["attribute_data"]
    assert result.expected_proportion == result.mean == pytest.approx(sum(seen) / 3000)
    assert tuple(result.observed_interval) == tuple(wilson_interval(sum(seen), 3000))
    assert (result.predictable, result.meets_aim) == (True, True)
    missing = capability(
        [100 - v for v in seen], denominators=of, kind="proportion", counting="missing", aim=0.90
    )
    assert missing.expected_proportion == pytest.approx(result.expected_proportion)
    assert missing.meeting == result.meeting


def test_an_unpredictable_proportion_has_no_mean_to_give():
    result = capability([92, 93] * 12 + [60], denominators=100, kind="proportion", aim=0.5)
    assert "special_cause" in [r.code for r in result.refusals]
    assert result.mean is None
    assert result.expected_proportion is None
    assert result.observed == pytest.approx((92 * 12 + 93 * 12 + 60) / 2500)


def test_laneys_chart_widens_the_interval_of_very_large_counts():
    seen, of = [9000, 9400, 9100, 9300, 9150, 9250] * 4, [10_000] * 24
    assert not capability(seen, denominators=of, kind="proportion").predictable
    wide = capability(seen, denominators=of, kind="proportion", prime=True)
    assert wide.predictable
    plain = wilson_interval(sum(seen), sum(of))
    assert wide.observed_interval.low < plain.low < wide.observed < plain.high < wide.observed_interval.high
    assert "sigma z" in wide.observed_interval.method


@pytest.mark.parametrize(
    ("name", "frozen"),
    [
        ("lognormal", lambda x: stats.lognorm(*stats.lognorm.fit(x, floc=0))),
        ("weibull", lambda x: stats.weibull_min(*stats.weibull_min.fit(x, floc=0))),
        ("gamma", lambda x: stats.gamma(*stats.gamma.fit(x, floc=0))),
    ],
)
def test_percentile_method_agrees_with_scipy_fits_and_shewhart(name, frozen):
    result = capability(STEADY, lower=2, upper=110, distribution=name)
    fit = frozen(np.array(STEADY))
    low, middle, high = fit.ppf([0.00135, 0.5, 0.99865])
    assert result.percentiles == pytest.approx((low, middle, high), rel=1e-4)
    assert result.indices["pp"].value == pytest.approx(108 / (high - low), rel=1e-4)
    assert result.indices["ppu"].value == pytest.approx((110 - middle) / (high - middle), rel=1e-4)
    assert result.indices["ppl"].value == pytest.approx((middle - 2) / (middle - low), rel=1e-4)
    theirs = shewhart.capability(STEADY, lsl=2, usl=110, dist=name)
    assert result.indices["ppk"].value == pytest.approx(theirs.stats["ppk"], rel=1e-4)
    assert set(result.indices) == {"pp", "ppk", "ppu", "ppl"}
    assert result.dpmo == pytest.approx(1e6 * (fit.cdf(2) + fit.sf(110)), rel=1e-2, abs=1e-6)
    assert any("percentile method" in caution for caution in result.cautions)


def test_percentile_method_on_a_limit_at_the_percentile_is_one():
    fitted = capability(STEADY, upper=110, distribution="lognormal")
    at_limit = capability(STEADY, upper=fitted.percentiles[2], distribution="lognormal")
    assert at_limit.indices["ppu"].value == pytest.approx(1)


def test_shape_and_dependence_are_checked():
    flat = capability(calm(range(120)), upper=300)
    assert any("do not look normal" in caution for caution in flat.cautions)
    # High and low in turn: no rule sees it, but each value depends on the one before.
    turns = capability([40 + 4 * (-1) ** i + (7 * i) % 5 for i in range(40)], upper=100)
    assert turns.predictable
    assert any("Neighbouring values" in caution for caution in turns.cautions)
    assert not any("normal" in caution for caution in capability(STEADY, upper=90).cautions)


def test_ghosted_points_are_left_out_and_said_to_be():
    values = [*STEADY[:30], 500, *STEADY[30:]]
    result = capability(values, upper=90, ghosted=[30])
    assert result.n == 60
    assert result.predictable is not None
    assert any("ghosted" in caution for caution in result.cautions)


def test_the_result_explains_itself_and_survives_json():
    result = capability(STEADY, lower=5, upper=80, aim=0.9, dot="patient")
    text = " ".join(result.explain())
    assert "60 patients met the need of between 5 and 80" in text
    data = json.loads(json.dumps(result.to_dict()))
    assert data["indices"]["cpk"]["interval"]["confidence"] == 0.95
    assert data["verdicts"][0]["code"] == "predictable"


@given(st.floats(-500, 500), st.floats(0.01, 100))
@settings(max_examples=25, deadline=None)
def test_indices_do_not_depend_on_the_unit(shift, scale):
    plain = capability(STEADY, lower=5, upper=80, target=40)
    moved = capability(
        [scale * v + shift for v in STEADY],
        lower=scale * 5 + shift,
        upper=scale * 80 + shift,
        target=scale * 40 + shift,
    )
    for name, estimate in plain.indices.items():
        assert moved.indices[name].value == pytest.approx(estimate.value, rel=1e-6)
    assert moved.predictable is plain.predictable


@given(st.floats(-100, 100), st.floats(0.1, 50), st.floats(-100, 100), st.floats(0.1, 200))
@settings(max_examples=60, deadline=None)
def test_theory_agrees_with_scipy(mean, sd, lower, width):
    result = normal_capability(mean, sd, lower, lower + width)
    expected = stats.norm.cdf(lower + width, mean, sd) - stats.norm.cdf(lower, mean, sd)
    assert result.p_meet == pytest.approx(expected, abs=1e-12)
    assert result.cpk == pytest.approx((1 - result.k) * result.cp, rel=1e-6, abs=1e-9)
    assert result.reliably_meets == (result.cpk > 1) or abs(result.cpk - 1) < 1e-9


@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=60), st.floats(-1e3, 1e3))
@settings(max_examples=80, deadline=None)
def test_whatever_the_data_no_index_comes_without_a_predictable_chart(values, upper):
    result = capability(values, upper=upper)
    assert result.observed == pytest.approx(sum(v <= upper for v in values) / len(values))
    assert bool(result.indices) != bool(result.refusals)
    assert bool(xmr(values).signals) == (result.predictable is False)
    if result.predictable is False or len(values) < 20:
        assert not result.indices
    if result.indices:
        assert result.reliably_meets == (xmr(values).phases[0].upper_limit < upper)


@pytest.mark.parametrize("bad", [math.nan, math.inf, "5", True, 1e308])
def test_bad_values_are_named_by_position(bad):
    with pytest.raises(ValueError, match="Point 3"):
        capability([40, 41, bad, 43], upper=60)
    with pytest.raises(ValueError, match="limit"):
        capability([40, 41, 42], upper=bad)
    with pytest.raises(ValueError, match=r"mean|standard deviation"):
        normal_capability(bad, 1, upper=1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: capability([], upper=1), "at least"),
        (lambda: capability([5], upper=1), "at least"),
        (lambda: capability([5, 6], upper=1, aim=95), "aim"),
        (lambda: capability([5, 6], upper=1, aim=0), "aim"),
        (lambda: capability([5, 6], upper=1, kind="monthly"), "kind"),
        (lambda: capability([5, 6], upper=1, kind="subgroups"), "Subgroup 1"),
        (lambda: capability(None, upper=1, kind="subgroups"), "list of lists"),
        (lambda: capability([5, 6], upper=1, in_time_order="no"), "in_time_order"),
        (lambda: capability([5, 6], denominators=10, kind="proportion", prime="no"), "prime"),
        (lambda: capability([5, 6], upper=1, dot=None), "dot"),
        (lambda: capability([5, 6], upper=1, distribution="beta"), "distribution"),
        (lambda: capability([5, 6], kind="proportion"), "denominators"),
        (lambda: capability([5, 6], denominators=10), "denominators"),
        (lambda: capability([5, 6], denominators=10, kind="proportion", lower=95), "shares"),
        (lambda: capability([5, 11], denominators=10, kind="proportion"), "Point 2"),
        (lambda: capability(STEADY, upper=1, confidence=95), "confidence"),
        (lambda: capability([-v for v in STEADY], upper=1, distribution="lognormal"), "above 0"),
        (lambda: normal_capability(1, 0, upper=2), "standard deviation"),
        (lambda: normal_capability(1, 1), "without a need"),
        (lambda: normal_capability(1, 1, 2, 2), "below the upper"),
        (lambda: cp_interval(0, 19), "above 0"),
        (lambda: cpk_interval(-0.5, 20), "above 0"),
        (lambda: cpk_interval(1.0, 1), "at least 2"),
        (lambda: cpk_interval(1.0, 20, one_sided="no"), "one_sided"),
        (lambda: cpm_interval(1.0, 20, 5, 0, 5), "sd is 0"),
        (lambda: cpm_interval(1.0, 20, 5, -1, 5), "sd is -1"),
    ],
)
def test_calls_that_cannot_be_answered_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("bad", [95, 0, 1, -0.5, math.nan, "95", None, True])
def test_a_confidence_is_a_share(bad):
    for call in (
        lambda: cp_interval(1.3, 19, bad),
        lambda: cpk_interval(1.3, 20, confidence=bad),
        lambda: cpm_interval(1.3, 20, 5, 1, 5, bad),
        lambda: capability(STEADY, upper=60, confidence=bad),
    ):
        with pytest.raises(ValueError, match="The confidence"):
            call()


def test_dates_out_of_order_are_refused_unless_the_order_is_said_to_be_lost():
    dates = [f"2024-01-{day:02}" for day in (*range(1, 11), *range(20, 10, -1))]
    with pytest.raises(ValueError, match="Point 12 is labelled 2024-01-19"):
        capability(STEADY[:20], upper=60, labels=dates)
    result = capability(STEADY[:20], upper=60, labels=dates, in_time_order=False)
    assert [refusal.code for refusal in result.refusals] == ["not_in_time_order"]
    assert result.observed is not None


def test_the_refusal_after_recalculation_names_the_latest_with_its_date_and_reason():
    changes = [Recalculation(40, "New rota.", date="2024-05-01"), Recalculation(20, "Ward moved")]
    for result in (
        capability(STEADY, upper=60, recalculations=changes),
        capability([[v, v + 1] for v in STEADY], upper=60, kind="subgroups", recalculations=iter(changes)),
    ):
        (said,) = [r.sentence for r in result.refusals if r.code == "recalculation"]
        assert "point 41 (2024-05-01): New rota. So" in said


def test_a_spread_lost_beside_the_need_is_no_spread():
    result = capability([1e-300 * v for v in STEADY], upper=1e300)
    assert [refusal.code for refusal in result.refusals] == ["no_spread"]
