"""Inspection and prevention (W31): hand arithmetic, an item-by-item brute force, and the all-or-none rule."""

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.simulate import inspection
from improvement.simulate.inspection import Parameters, break_even, month, policies

shares = st.floats(0, 1)
pounds = st.floats(0, 1000)
settings_of_a_service = st.builds(
    Parameters, items=st.integers(1, 100_000), defect_rate=shares, share=shares, detection=shares, checks_each=st.integers(1, 4),
    independence=shares, cost_inspection=pounds, cost_correction=pounds, cost_harm=pounds, prevented=shares, cost_prevention=pounds,
)  # fmt: skip


def test_a_month_by_hand():
    p = Parameters(
        items=1000, defect_rate=0.05, share=0.4, detection=0.9, cost_inspection=2, cost_correction=10, cost_harm=100,
    )  # fmt: skip
    found = month(p)
    assert found.made == pytest.approx(50)
    assert found.found == pytest.approx(18)
    assert found.reach == pytest.approx(32)
    assert (found.cost_inspecting, found.cost_correcting) == pytest.approx((800, 180))
    assert found.cost_harm == pytest.approx(3200)
    assert found.cost == pytest.approx(4180)


def test_prevention_by_hand():
    p = Parameters(items=1000, defect_rate=0.05, share=0, prevented=0.6, cost_prevention=700, cost_harm=100)
    found = month(p, prevent=True)
    assert found.made == found.reach == pytest.approx(20)
    assert found.cost == pytest.approx(2700)


@settings(deadline=None)
@given(settings_of_a_service, shares)
def test_inspection_never_changes_what_is_made_wrong(p, other):
    found = policies(p)
    assert found["none"].made == found["inspect"].made == month(replace(p, share=other)).made
    assert found["prevent"].made == found["both"].made
    for policy in found.values():
        assert policy.found + policy.reach == pytest.approx(policy.made)
        assert -1e-9 <= policy.found <= policy.made + 1e-9
    assert found["none"].found == found["prevent"].found == 0


def brute_detection(detection, independence, checks_each, items=200_000):
    """Put each defect before its checks: a later check really looks only if it is independent."""
    rng = random.Random(5)
    found = 0
    for _ in range(items):
        for check in range(checks_each):
            looks = check == 0 or rng.random() < independence
            if looks and rng.random() < detection:
                found += 1
                break
    return found / items


@pytest.mark.parametrize(
    ("d", "q", "n"), [(0.8, 1.0, 1), (0.8, 1.0, 2), (0.8, 0.2, 2), (0.6, 0.5, 3), (0.9, 0.0, 4)]
)
def test_detection_of_several_checks_agrees_with_checking_one_by_one(d, q, n):
    p = Parameters(detection=d, independence=q, checks_each=n)
    assert p.full_detection == pytest.approx(brute_detection(d, q, n), abs=0.005)


def test_a_second_signature_that_does_not_look_adds_nothing_and_a_fresh_pair_of_eyes_does():
    assert Parameters(detection=0.8, checks_each=2, independence=0).full_detection == pytest.approx(0.8)
    assert Parameters(detection=0.8, checks_each=2, independence=1).full_detection == pytest.approx(0.96)
    assert Parameters(detection=0.8, checks_each=2, independence=0.2).full_detection == pytest.approx(0.832)


@settings(deadline=None)
@given(settings_of_a_service)
def test_no_share_in_between_is_cheaper_than_the_better_end(p):
    for prevent in (False, True):
        costs = [month(replace(p, share=share / 10), prevent=prevent).cost for share in range(11)]
        assert min(costs) >= min(costs[0], costs[-1]) - 1e-6 * max(costs)


def test_demings_rule_where_his_assumptions_hold():
    p = Parameters(detection=1, cost_inspection=1.5, cost_correction=0, cost_harm=60)
    assert break_even(p) == pytest.approx(1.5 / 60)


@pytest.mark.parametrize(("checks_each", "detection"), [(1, 0.8), (2, 0.7), (3, 0.5)])
def test_the_break_even_rate_is_where_none_and_all_cost_the_same(checks_each, detection):
    p = Parameters(checks_each=checks_each, detection=detection, independence=0.5)
    rate = break_even(p)
    cost = {
        (wrong, share): month(replace(p, defect_rate=wrong, share=share)).cost
        for wrong in (0.9 * rate, rate, 1.1 * rate) for share in (0.0, 1.0)
    }  # fmt: skip
    assert cost[rate, 0.0] == pytest.approx(cost[rate, 1.0])
    assert cost[0.9 * rate, 0.0] < cost[0.9 * rate, 1.0]
    assert cost[1.1 * rate, 0.0] > cost[1.1 * rate, 1.0]


def test_inspection_never_pays_where_harm_costs_no_more_than_putting_right():
    assert break_even(Parameters(cost_correction=60, cost_harm=60)) is None
    assert break_even(Parameters(detection=0)) is None
    assert break_even(Parameters(cost_inspection=50, cost_harm=51, cost_correction=1)) > 1


def test_results_are_json():
    assert json.loads(json.dumps(month().to_dict()))["made"] == 100


@pytest.mark.parametrize(
    ("name", "value"), [("items", 0), ("share", 1.5), ("checks_each", 0), ("cost_harm", -1)]
)
def test_a_wrong_parameter_is_named_with_its_value(name, value):
    with pytest.raises(ValueError, match=f"{name} must be .*{value}"):
        Parameters(**{name: value})


def test_the_model_says_what_it_assumes_and_cannot_tell():
    assert all(one.endswith(".") for one in inspection.ASSUMPTIONS + inspection.CANNOT_TELL)
