"""Hold your nerve (W48): oracles of the curriculum map, direct sums, and brute force month by month."""

import json
import math
import random
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.simulate import constancy
from improvement.simulate.constancy import Parameters, net_value, simulate

OTHER = {
    "worth": 2.0,
    "delay": 1.5,
    "spread": 1.1,
    "investment": 0.8,
    "fade": 0.7,
}


def month_net(p, age, share=1.0):
    """Net value of the month that ends when a strategy has run for `age` months."""
    a = age / 12
    v = p.worth / (1 + math.exp(-(a - p.delay) / p.spread))
    return (share * v - p.investment * math.exp(-a / p.fade)) / 12


@pytest.mark.parametrize(("reset", "value"), [(None, 6.53), (3, -0.26), (2, -1.35), (1, -2.30)])
def test_ten_years_meet_the_oracles_of_the_map(reset, value):
    assert net_value(reset_every=reset) == pytest.approx(value, abs=0.005)
    run = simulate(Parameters(reset_every=reset))
    assert run.expected_net == pytest.approx(value, abs=0.005)
    assert run.months[-1].net == pytest.approx(value, abs=0.005)


def test_value_and_cost_curves_by_hand():
    assert constancy.value(3) == pytest.approx(0.5)
    assert constancy.value(3 + 0.6 * math.log(4)) == pytest.approx(0.8)
    assert constancy.cost(0) == pytest.approx(0.35)
    assert constancy.cost(1.5 * math.log(2)) == pytest.approx(0.175)
    p = Parameters(**OTHER)
    assert constancy.value(1.5, p) == pytest.approx(1)
    assert constancy.cost(0.7, p) == pytest.approx(0.8 / math.e)


@pytest.mark.parametrize("changes", [{}, OTHER, {"years": 25, "delay": 8, "investment": 0}])
@pytest.mark.parametrize("reset", [None, 0.5, 1.75, 4])
def test_net_value_is_the_sum_over_months(changes, reset):
    p = Parameters(**changes)
    total, age = 0.0, 0
    for month in range(1, 12 * p.years + 1):
        if reset and (month - 1) % (12 * reset) == 0:
            age = 0
        age += 1
        total += month_net(p, age)
    assert net_value(p, reset_every=reset) == pytest.approx(total)


@given(
    st.integers(1, 40),
    st.floats(0.1, 10),
    st.floats(0, 10),
    st.floats(0.1, 5),
    st.floats(0, 5),
    st.floats(0.2, 10),
)
def test_the_sum_lies_near_the_integral(years, worth, delay, spread, investment, fade):
    p = Parameters(years=years, worth=worth, delay=delay, spread=spread, investment=investment, fade=fade)

    def soft(x):
        return max(x, 0) + math.log1p(math.exp(-abs(x)))

    gained = worth * spread * (soft((years - delay) / spread) - soft(-delay / spread))
    spent = investment * fade * (1 - math.exp(-years / fade))
    # A sum at the end of each month is off by at most the rise of a monotone curve times a month, for each curve.
    assert net_value(p) == pytest.approx(gained - spent, abs=(worth + investment) / 12 + 1e-9)
    assert net_value(p) >= gained - spent - 1e-9  # value rises and cost falls, so the end of a month flatters


def test_resets_cost_most_when_they_come_often_but_not_if_value_comes_at_once():
    values = [value for _, value in simulate().by_reset]
    assert values == sorted(values)
    assert simulate().constancy == pytest.approx(values[-1])
    quick = Parameters(delay=0, spread=0.05, investment=0)
    assert net_value(quick, reset_every=1) == pytest.approx(net_value(quick), abs=0.6)


def brute_shocks(p, n, rng):
    totals = []
    for _ in range(n):
        age, total = 0, 0.0
        for month in range(12 * p.years):
            if p.reset_every and month % round(12 * p.reset_every) == 0:
                age = 0
            if rng.random() < p.shock_chance:
                age = 0 if p.restart_after_shock else max(0, age - round(12 * p.setback))
            age += 1
            total += month_net(p, age)
        totals.append(total)
    return totals


@pytest.mark.parametrize(
    "changes",
    [
        {"shock_chance": 0.04, "setback": 1},
        {"shock_chance": 0.03, "restart_after_shock": True},
        {"shock_chance": 0.1, "setback": 0.25, "reset_every": 4, **OTHER},
    ],
)
def test_setbacks_agree_with_brute_force(changes):
    p = Parameters(replicates=1500, **changes)
    run = simulate(p, seed=4)
    totals = brute_shocks(p, 1500, random.Random(2))
    error = statistics.stdev(totals) / math.sqrt(1500)
    assert run.expected_net == pytest.approx(statistics.fmean(totals), abs=4 * error)
    assert run.simulated_net == pytest.approx(run.expected_net, abs=4 * error)
    assert run.expected_net == (run.if_restarted if p.restart_after_shock else run.if_supported)
    assert run.months[-1].expected_net == pytest.approx(run.expected_net)


def test_the_run_shown_follows_its_setbacks_and_resets():
    p = Parameters(shock_chance=0.08, setback=0.75, reset_every=5, years=12)
    age = net = 0
    for month in simulate(p, seed=3).months:
        assert month.reset == (month.month in (61, 121))
        age = 0 if month.reset else age
        age = max(0, age - 9) + 1 if month.shock else age + 1
        net += month_net(p, age)
        assert month.age == pytest.approx(age / 12)
        assert (month.value - month.cost) / 12 == pytest.approx(month_net(p, age))
        assert month.net == pytest.approx(net)


def test_support_beats_starting_afresh_after_setbacks_if_a_setback_takes_less_than_everything():
    run = simulate(Parameters(shock_chance=0.03))
    assert run.if_supported > run.if_restarted
    ruin = simulate(Parameters(shock_chance=0.03, setback=40))
    assert ruin.if_supported == pytest.approx(ruin.if_restarted)
    calm = simulate()
    assert calm.if_supported == pytest.approx(calm.if_restarted) == pytest.approx(calm.constancy)


def brute_rule(p, n, rng):
    """Net values under the learner's rule, seeing every month with its own error."""
    totals, good_stopped, bad_stopped = {True: [], False: []}, [], []
    for _ in range(n):
        net, age, kept, strategies = 0.0, 0, True, 0
        first = good = None
        seen, hoped = [], []
        for month in range(1, 12 * p.years + 1):
            if not age:
                good, seen, hoped = rng.random() < p.good, [], []
                first = good if first is None else first
                strategies += 1
            age += 1
            share = 1.0 if good else p.bad_worth / p.worth
            net += month_net(p, age, share)
            v = p.worth / (1 + math.exp(-(age / 12 - p.delay) / p.spread))
            hoped.append(v)
            seen.append(rng.gauss(share * v, p.noise))
            due = p.first_review is not None and age % 12 == 0 and age >= 12 * p.first_review
            stop = due and statistics.fmean(seen[-12:]) < p.stop_below * statistics.fmean(hoped[-12:])
            if stop and month < 12 * p.years:
                kept = kept and strategies > 1
                age = 0
        totals[first].append(net)
        (good_stopped if first else bad_stopped).append(not kept)
    return totals, statistics.fmean(good_stopped), statistics.fmean(bad_stopped)


@pytest.mark.parametrize(
    "changes",
    [
        {"noise": 1.0, "years": 7, "first_review": 2},
        {
            "noise": 0.5,
            "years": 6,
            "first_review": 1,
            "good": 0.3,
            "bad_worth": 0.5,
            "stop_below": 0.8,
            **OTHER,
        },
        {"first_review": None, "years": 5, "bad_worth": -1.0},
    ],
)
def test_stopping_rules_agree_with_brute_force(changes):
    p = Parameters(replicates=2000, **changes)
    run = simulate(p, seed=6)
    totals, good_stopped, bad_stopped = brute_rule(p, 2000, random.Random(1))
    both = totals[True] + totals[False]
    error = statistics.stdev(both) / math.sqrt(2000)
    assert run.rule.net == pytest.approx(statistics.fmean(both), abs=4 * error)
    assert run.simulated_rule == pytest.approx(run.rule.net, abs=4 * error)
    for exact, first in ((run.rule.if_first_good, True), (run.rule.if_first_bad, False)):
        values = totals[first]
        near = 4 * statistics.stdev(values) / math.sqrt(len(values))
        assert exact == pytest.approx(statistics.fmean(values), abs=near + 1e-9)
    for exact, share in ((run.rule.good_stopped, good_stopped), (run.rule.bad_stopped, bad_stopped)):
        assert exact == pytest.approx(share, abs=4 * math.sqrt(0.25 / 600))


def test_two_years_with_a_clear_sight_by_hand():
    p = Parameters(years=2, noise=0, good=0.5, bad_worth=0, first_review=1)
    year = [sum(month_net(p, 12 * y + m) for m in range(1, 13)) for y in range(2)]
    cost = sum(month_net(p, m, 0) for m in range(1, 13))
    again = 0.5 * year[0] + 0.5 * cost
    run = simulate(p)
    assert run.rule.if_first_good == pytest.approx(year[0] + year[1])
    assert run.rule.if_first_bad == pytest.approx(cost + again)
    assert (run.rule.good_stopped, run.rule.bad_stopped) == (0, 1)


def test_a_bad_strategy_held_to_the_end_loses_and_a_patient_rule_saves_most_of_it():
    run = simulate()
    never = run.rules[0]
    assert never.first_review is None
    assert run.bad_held == never.if_first_bad < 0
    assert never.if_first_good == pytest.approx(run.constancy)
    first_year = run.rules[1]
    assert run.best_rule.first_review not in (None, 1, run.parameters.years)
    assert run.best_rule.net > never.net > first_year.net  # neither for ever nor at once
    assert [rule.first_review for rule in run.rules] == [None, *range(1, 11)]
    assert first_year.good_stopped > run.best_rule.good_stopped
    assert run.best_rule == max(run.rules, key=lambda rule: rule.net)


def test_a_bad_strategy_held_is_the_sum_of_its_months():
    p = Parameters(bad_worth=0.5, years=8, **OTHER)
    run = simulate(p)
    assert run.bad_held == pytest.approx(sum(month_net(p, m, 0.5 / 2.0) for m in range(1, 97)))


def test_if_every_strategy_is_good_the_best_rule_is_to_hold():
    run = simulate(Parameters(good=1))
    assert all(run.rules[0].net >= rule.net - 1e-9 for rule in run.rules)


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 1), st.floats(0, 3), st.floats(0, 1), st.floats(-1, 1))
def test_rules_hold_together_at_any_setting(good, noise, stop_below, bad_worth):
    p = Parameters(good=good, noise=noise, stop_below=stop_below, bad_worth=bad_worth, replicates=1, years=8)
    run = simulate(p)
    for rule in run.rules:
        assert rule.net == pytest.approx(good * rule.if_first_good + (1 - good) * rule.if_first_bad)
        assert 0 <= rule.good_stopped <= rule.bad_stopped + 1e-12
    assert run.rules[-1].net == pytest.approx(run.rules[0].net)  # a review at the very end changes nothing


def test_payback_is_the_month_from_which_the_sum_stays_above_nought():
    assert simulate().payback == next(
        month
        for month in range(1, 121)
        if all(sum(month_net(Parameters(), m) for m in range(1, end + 1)) > 0 for end in range(month, 121))
    )
    assert simulate(Parameters(years=2)).payback is None
    assert simulate(Parameters(investment=0)).payback == 1


def test_the_same_seed_repeats_and_results_are_json():
    shaken = Parameters(shock_chance=0.1)
    assert simulate(shaken, seed=2) == simulate(shaken, seed=2)
    assert simulate(shaken, seed=2).months != simulate(shaken, seed=3).months
    assert len(json.loads(json.dumps(simulate().to_dict()))["months"]) == 120


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("years", 0),
        ("reset_every", 0),
        ("spread", 0),
        ("shock_chance", 2),
        ("bad_worth", 1.5),
        ("first_review", 0),
        ("restart_after_shock", 1),
        ("stop_below", "half"),
    ],
)
def test_a_wrong_parameter_is_named_with_its_value(name, value):
    word = "True or False" if name == "restart_after_shock" else value
    with pytest.raises(ValueError, match=f"{name} must be .*{word}"):
        Parameters(**{name: value})
    with pytest.raises(ValueError, match=r"reset_every must be .*41"):
        net_value(reset_every=41)
