"""Does QI cause Outstanding (W47): oracles of the curriculum map, closed forms, and brute force trust by trust."""

import json
import math
import random
import statistics
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from improvement.simulate import shared_cause
from improvement.simulate.shared_cause import DESIGNS, Parameters, association, expected_estimate, simulate

SETTINGS = [
    {},
    {"effect": 0.15, "halo": 0.2, "leadership_trend": 0.1},
    {
        "effect": -0.1,
        "shared_cause": 0.5,
        "halo": 0.5,
        "resourced": 0.6,
        "well_led": 0.4,
        "qi": 0.5,
        "qi_resources": -0.2,
        "qi_leadership": 0.6,
        "care": 0.4,
        "care_resources": 0.3,
        "care_leadership": 0.4,
        "leadership_trend": -0.2,
    },
]


def trusts(p, n, rng):
    """(resources, leadership, QI, rated before, rated after) of n trusts, and the same with QI by lot."""
    seen, by_lot = [], []
    for _ in range(n):
        r, led = rng.random() < p.resourced, rng.random() < p.well_led
        low, high = r - p.resourced, led - p.well_led
        q = rng.random() < p.qi + p.shared_cause * (p.qi_resources * low + p.qi_leadership * high)
        base = p.care + p.shared_cause * (p.care_resources * low + p.care_leadership * high)
        before = rng.random() < base - p.leadership_trend * led
        care = rng.random() < base + p.effect * q
        seen.append((r, led, q, before, care or (q and rng.random() < p.halo)))
        lot = rng.random() < 0.5
        care = rng.random() < base + p.effect * lot
        by_lot.append((lot, care, care or (lot and rng.random() < p.halo)))
    return seen, by_lot


def gap(rows, chosen, outcome):
    one = [outcome(row) for row in rows if chosen(row)]
    none = [outcome(row) for row in rows if not chosen(row)]
    estimate = statistics.fmean(one) - statistics.fmean(none)
    return estimate, math.sqrt(statistics.pvariance(one) / len(one) + statistics.pvariance(none) / len(none))


def matched(rows, key):
    """QI's difference among trusts with the same key, averaged over all trusts."""
    groups = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    parts = [
        (len(group), *gap(group, lambda row: row[2], lambda row: row[4]))
        for group in groups.values()
        if 0 < sum(row[2] for row in group) < len(group)
    ]
    whole = sum(size for size, _, _ in parts)
    return (
        sum(size * estimate for size, estimate, _ in parts) / whole,
        math.sqrt(sum((size * error) ** 2 for size, _, error in parts)) / whole,
    )


def estimates(seen, by_lot):
    return {
        "compare": gap(seen, lambda t: t[2], lambda t: t[4]),
        "adjust_resources": matched(seen, lambda t: t[0]),
        "adjust_both": matched(seen, lambda t: t[:2]),
        "before_after": gap(seen, lambda t: t[2], lambda t: t[4] - t[3]),
        "lot_ratings": gap(by_lot, lambda t: t[0], lambda t: t[2]),
        "lot_care": gap(by_lot, lambda t: t[0], lambda t: t[1]),
    }


def test_a_shared_cause_alone_meets_the_oracle_of_the_map():
    run = simulate(Parameters(effect=0, halo=0, replicates=1000))
    for found in (run.association, run.simulated):
        assert found.qi_if_outstanding == pytest.approx(0.55, abs=0.02)
        assert found.qi_if_other == pytest.approx(0.22, abs=0.02)
        assert found.odds_ratio > 3


@pytest.mark.parametrize("changes", SETTINGS)
def test_exact_values_agree_with_brute_force(changes):
    p = Parameters(**changes)
    n = 120_000
    seen, by_lot = trusts(p, n, random.Random(3))
    rated, other = [t for t in seen if t[4]], [t for t in seen if not t[4]]
    exact = association(p)
    for share, group in ((exact.qi_if_outstanding, rated), (exact.qi_if_other, other)):
        brute = sum(t[2] for t in group) / len(group)
        assert share == pytest.approx(brute, abs=4 * math.sqrt(brute * (1 - brute) / len(group)))
    assert simulate(replace(p, replicates=10)).outstanding == pytest.approx(len(rated) / n, abs=0.006)
    odds = [sum(t[2] for t in group) / (len(group) - sum(t[2] for t in group)) for group in (rated, other)]
    assert exact.odds_ratio == pytest.approx(odds[0] / odds[1], rel=0.06)
    for design, (estimate, error) in estimates(seen, by_lot).items():
        assert expected_estimate(design, p) == pytest.approx(estimate, abs=4 * error)


LARGE = {
    "trusts": 24,
    "effect": 0.5,
    "qi": 0.5,
    "shared_cause": 0.3,
    "care": 0.3,
    "care_leadership": 0.2,
    "leadership_trend": 0.1,
}


@pytest.mark.parametrize("changes", [*SETTINGS[1:], LARGE])
def test_simulated_studies_agree_with_brute_force_studies(changes):
    p = Parameters(**{"trusts": 250, "replicates": 400, **changes})
    run = simulate(p, seed=5)
    rng = random.Random(8)
    studies = [estimates(*trusts(p, p.trusts, rng)) for _ in range(400)]
    for design in run.designs:
        found = [study[design.name] for study in studies]
        values = sorted(estimate for estimate, _ in found)
        error = statistics.stdev(values)
        assert design.mean == pytest.approx(statistics.fmean(values), abs=4 * error * math.sqrt(2 / 400))
        # A 5th or 95th percentile of 400 has a standard error of about 0.11 standard deviations.
        assert design.low == pytest.approx(values[20], abs=4 * 0.11 * math.sqrt(2) * error)
        assert design.high == pytest.approx(values[379], abs=4 * 0.11 * math.sqrt(2) * error)
        claims = statistics.fmean(abs(estimate) > 1.96 * error for estimate, error in found)
        spread = math.sqrt(max(claims * (1 - claims), 0.01) * 2 / 400)
        assert design.claims == pytest.approx(claims, abs=4 * spread)


def test_each_design_removes_what_it_should_and_no_more():
    clean = {name: expected_estimate(name) for name in DESIGNS}
    assert clean["compare"] > clean["adjust_resources"] > 0.1
    assert clean["adjust_both"] == pytest.approx(0)
    assert clean["lot_care"] == pytest.approx(0)
    assert clean["before_after"] > 0.01  # well-led trusts were improving anyway
    assert expected_estimate("before_after", Parameters(leadership_trend=0)) == pytest.approx(0)
    halo = Parameters(halo=0.3, leadership_trend=0)
    tells = {design.name for design in simulate(halo).designs if design.tells}
    assert tells == {"lot_care"}
    # By lot, the halo lifts what is not outstanding: 0.3 of the 88%.
    assert expected_estimate("lot_ratings", halo) == pytest.approx(0.3 * 0.88)


def test_without_a_shared_cause_or_halo_or_effect_nothing_is_associated():
    none = association(Parameters(shared_cause=0))
    assert none.qi_if_outstanding == pytest.approx(0.26)
    assert none.qi_if_other == pytest.approx(0.26)
    assert none.odds_ratio == pytest.approx(1)
    only_effect = Parameters(shared_cause=0, effect=0.2, leadership_trend=0)
    for design in DESIGNS:
        assert expected_estimate(design, only_effect) == pytest.approx(0.2)


@given(
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0, 0.5),
    st.floats(0.05, 0.95),
    st.floats(0.05, 0.95),
    st.floats(0, 0.05),
)
def test_only_a_lot_and_blind_measurement_are_always_right(shared, halo, effect, resourced, well_led, trend):
    try:
        p = Parameters(
            shared_cause=shared,
            halo=halo,
            effect=effect,
            resourced=resourced,
            well_led=well_led,
            qi=0.5,
            qi_resources=0.2,
            qi_leadership=0.25,
            care=0.4,
            care_resources=0.1,
            care_leadership=0.2,
            leadership_trend=trend,
        )
    except ValueError:
        assume(False)
    assert expected_estimate("lot_care", p) == pytest.approx(effect, abs=1e-12)
    good = p.care + p.effect
    assert expected_estimate("lot_ratings", p) == pytest.approx(effect + halo * (1 - good), abs=1e-12)
    clean = replace(p, halo=0)
    assert expected_estimate("adjust_both", clean) == pytest.approx(effect, abs=1e-9)
    assert expected_estimate("compare", clean) >= effect - 1e-9
    assert expected_estimate("before_after", clean) >= effect - 1e-9
    assert association(p).qi_if_outstanding >= association(clean).qi_if_outstanding - 1e-9


def test_more_shared_cause_means_more_association_and_the_same_number_of_trusts_with_each():
    runs = [simulate(Parameters(shared_cause=share / 4, replicates=10)) for share in range(5)]
    ratios = [run.association.odds_ratio for run in runs]
    assert ratios == sorted(ratios)
    assert all(run.outstanding == pytest.approx(0.12) for run in runs)


def test_a_true_effect_can_be_missed_in_a_small_study():
    small = simulate(Parameters(effect=0.1, trusts=40))
    large = simulate(Parameters(effect=0.1, trusts=2000, replicates=50))
    assert small.designs[-1].claims < 0.4
    assert large.designs[-1].claims > 0.95
    assert large.designs[-1].mean == pytest.approx(0.1, abs=0.01)
    fair = simulate(Parameters(trusts=1000, replicates=1000)).designs[-1]
    assert fair.claims == pytest.approx(0.05, abs=4 * math.sqrt(0.05 * 0.95 / 1000))


def test_with_nobody_to_compare_a_design_says_so():
    nobody = simulate(Parameters(qi=0, qi_resources=0, qi_leadership=0, replicates=10))
    assert nobody.association.qi_if_outstanding == 0
    assert nobody.association.odds_ratio is None
    compare = nobody.designs[0]
    assert (compare.expected, compare.bias, compare.tells, compare.mean) == (None, None, False, None)
    assert nobody.designs[-1].tells
    never = association(Parameters(care=0, care_resources=0, care_leadership=0, leadership_trend=0))
    assert never.qi_if_outstanding is None


def test_the_table_shown_counts_every_trust():
    run = simulate(Parameters(trusts=321))
    assert sum(run.table) == 321


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=2) == simulate(seed=2)
    assert simulate(seed=2).table != simulate(seed=3).table
    assert len(json.loads(json.dumps(simulate().to_dict()))["designs"]) == len(DESIGNS)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("effect", 2, "effect must be .*2"),
        ("halo", -0.1, "halo must be .*-0.1"),
        ("trusts", 3, "trusts must be .*3"),
        ("qi", 0.9, "qi in poorly resourced and well led trusts must be from 0 to 1, but it comes to 1.2;"),
        ("effect", 0.7, "care plus effect in poorly resourced and well led .* change effect"),
        ("leadership_trend", 0.9, "care minus leadership_trend .* change leadership_trend"),
    ],
)
def test_a_wrong_parameter_is_named(name, value, words):
    with pytest.raises(ValueError, match=words):
        Parameters(**{name: value})
    with pytest.raises(ValueError, match="design must be one of"):
        shared_cause.expected_estimate("guess")
