"""Better things or things better (W30): the choices of the curriculum map, and month-by-month brute force."""

import json
import math
import random
import statistics
from dataclasses import replace

import pytest

from improvement.simulate import better
from improvement.simulate.better import Parameters, break_even_need, choose, paths, simulate


def test_a_high_need_calls_for_redesign_and_a_low_one_for_improvement():
    assert choose(Parameters(need_level=0.95, ceiling=0.5)) == "redesign"
    assert choose(Parameters(need_level=0.45, ceiling=0.5)) == "improve"
    high = simulate(Parameters(need_level=0.95))
    assert not high.improve.reaches
    assert high.redesign.reaches
    assert simulate(Parameters(need_level=0.45)).improve.reaches


def brute(p):
    """Expected loss and unmet people of both options, a month at a time."""
    phi = statistics.NormalDist().cdf
    start = phi((p.need - p.mean) / p.sd)
    new = phi((p.need - p.new_mean) / p.new_sd)
    loss = {"improve": 0.0, "redesign": p.redesign_cost}
    unmet = {"improve": 0.0, "redesign": 0.0}
    for month in range(1, p.months + 1):
        share = start + max(0, p.ceiling - start) * (1 - 0.5 ** (month / p.half_time))
        loss["improve"] += p.improve_cost + p.cost_per_shortfall * p.people * max(0, p.need_level - share)
        unmet["improve"] += p.people * (1 - share)
        for chance, after in ((1 - p.risk, new), (p.risk, start)):
            if month <= p.lead_months:
                share = start
            elif month <= p.lead_months + p.dip_months:
                share = max(0, start - p.dip)
            else:
                share = after
            loss["redesign"] += chance * p.cost_per_shortfall * p.people * max(0, p.need_level - share)
            unmet["redesign"] += chance * p.people * (1 - share)
        loss["redesign"] += p.given_up * (month > p.lead_months)
    return loss, unmet


SETTINGS = [
    {},
    {"need_level": 0.6, "risk": 0.5, "dip": 0.4, "dip_months": 8, "cost_per_shortfall": 2.5},
    {
        "mean": 62,
        "sd": 9,
        "need": 65,
        "ceiling": 0.4,
        "new_mean": 50,
        "new_sd": 20,
        "half_time": 2,
        "months": 20,
    },
    {"need_level": 0.8, "lead_months": 30, "months": 24, "people": 35, "given_up": 12, "improve_cost": 0},
]


@pytest.mark.parametrize("changes", SETTINGS)
def test_losses_and_unmet_need_agree_with_brute_force(changes):
    p = Parameters(**changes)
    loss, unmet = brute(p)
    for path in paths(p):
        assert path.loss == pytest.approx(loss[path.option])
        assert path.cumulative_unmet[-1] == pytest.approx(unmet[path.option])
        assert len(path.share) == p.months
    assert choose(p) == ("redesign" if loss["redesign"] < loss["improve"] else "improve")


@pytest.mark.parametrize("changes", SETTINGS[:3])
def test_simulated_histories_average_to_the_expected_unmet_need(changes):
    p = Parameters(replicates=300, **{**changes, "people": 30})
    run = simulate(p, seed=5)
    _, unmet = brute(p)
    # Between successes and failures the redesign's total differs by up to people * months * risk-driven spread.
    phi = statistics.NormalDist().cdf
    start, new = phi((p.need - p.mean) / p.sd), phi((p.need - p.new_mean) / p.new_sd)
    changed = max(0, p.months - p.lead_months - p.dip_months)
    spread = abs(new - start) * p.people * changed * math.sqrt(p.risk * (1 - p.risk))
    chance = math.sqrt(p.people * p.months * 0.25)
    assert run.mean_unmet["improve"] == pytest.approx(unmet["improve"], abs=4 * chance / math.sqrt(300))
    allowed = 4 * math.hypot(chance, spread) / math.sqrt(300)
    assert run.mean_unmet["redesign"] == pytest.approx(unmet["redesign"], abs=allowed)


def test_a_redesign_fails_as_often_as_its_risk_says():
    fails = [
        simulate(Parameters(risk=0.3, people=1, months=3, replicates=1), seed=seed).runs[1].failed
        for seed in range(400)
    ]
    assert statistics.fmean(fails) == pytest.approx(0.3, abs=4 * math.sqrt(0.21 / 400))


def test_the_break_even_need_separates_the_two_choices():
    for changes in ({}, {"risk": 0.5}, {"redesign_cost": 2000}, {"ceiling": 0.7}):
        p = Parameters(**changes)
        level = break_even_need(p)
        assert choose(replace(p, need_level=level - 1e-4)) == "improve"
        assert choose(replace(p, need_level=level + 1e-4)) == "redesign"
        loss, _ = brute(replace(p, need_level=level))
        assert loss["improve"] == pytest.approx(loss["redesign"], rel=1e-6)
    assert break_even_need(Parameters(redesign_cost=1e6)) is None
    assert break_even_need(Parameters(redesign_cost=0, given_up=0, improve_cost=5)) == 0


def test_redesign_is_chosen_less_when_it_is_dearer_riskier_or_harder_to_change_to():
    base = break_even_need(Parameters())
    for harder in ({"risk": 0.4}, {"redesign_cost": 900}, {"given_up": 20}, {"dip": 0.2}, {"ceiling": 0.6}):
        assert break_even_need(Parameters(**harder)) > base - 1e-9, harder


def test_the_break_even_month_is_where_redesign_catches_up_for_good():
    rng = random.Random(3)
    for _ in range(40):
        p = Parameters(
            need_level=rng.uniform(0.3, 1),
            ceiling=rng.uniform(0.25, 0.9),
            risk=rng.random(),
            lead_months=rng.randint(0, 12),
            months=30,
            replicates=1,
            people=5,
        )
        run = simulate(p)
        ahead = [
            r <= i + 1e-9
            for i, r in zip(run.improve.cumulative_shortfall, run.redesign.cumulative_shortfall, strict=True)
        ]
        if run.break_even_month is None:
            assert not ahead[-1]
        else:
            assert all(ahead[run.break_even_month - 1 :])
            assert run.break_even_month == 1 or not ahead[run.break_even_month - 2]


def test_a_ceiling_below_today_leaves_nothing_to_improve():
    improve, _ = paths(Parameters(mean=50, ceiling=0.1))
    assert improve.share == pytest.approx([statistics.NormalDist(50, 20).cdf(60)] * 60)


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=2) == simulate(seed=2)
    assert simulate(seed=2).runs != simulate(seed=3).runs
    assert json.loads(json.dumps(simulate().to_dict()))["choice"] == "redesign"
    assert better.OPTIONS == ("improve", "redesign")


@pytest.mark.parametrize(
    ("name", "value"),
    [("need_level", 95), ("sd", 0), ("risk", -0.1), ("lead_months", 1.5), ("redesign_cost", -1)],
)
def test_a_wrong_parameter_is_named(name, value):
    with pytest.raises(ValueError, match=f"{name} must be .*{value}"):
        Parameters(**{name: value})
