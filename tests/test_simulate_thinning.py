"""Three-horizon thinning (W17): oracles of the curriculum map, Little's law, and work done day by day."""

import json
import math
import random
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.simulate import thinning
from improvement.simulate.thinning import Parameters, lead_time, simulate

settings_of_all = st.builds(
    Parameters,
    projects=st.integers(1, 40),
    effort=st.floats(5, 200),
    effort_cv=st.sampled_from([0.0, 0.5]),
    capacity=st.floats(10, 300),
    loss=st.floats(0, 0.2),
    floor=st.floats(0.05, 0.9),
    share_now=st.integers(0, 10).map(lambda n: n / 10),
    share_next=st.just(0.0),
    slack=st.floats(0, 0.6),
    shock_chance=st.floats(0, 1),
    shock_days=st.floats(0, 300),
    protect_later=st.booleans(),
    wear=st.floats(0.01, 0.5),
    months=st.just(12),
)


@pytest.mark.parametrize(("projects", "months"), [(3, 1.9), (6, 4.2), (12, 10.7), (24, 46.5)])
def test_lead_times_meet_the_oracles_of_the_map(projects, months):
    assert lead_time(projects) == pytest.approx(months, abs=0.1)
    run = simulate(Parameters(projects=projects, months=600))
    assert run.lead_time == pytest.approx(months, abs=0.1)
    assert run.mean_lead == pytest.approx(months, abs=0.1)


@pytest.mark.parametrize(
    ("projects", "effort", "capacity", "loss", "floor", "months"),
    [
        (1, 60, 100, 0.03, 0.2, 0.6),
        (5, 40, 80, 0.1, 0.2, 200 / 48),  # 60% of 80 days useful
        (10, 30, 100, 0.2, 0.25, 12.0),  # at the floor: 25 days for 300
        (4, 90, 60, 0.0, 0.2, 6.0),  # no loss: work in progress over throughput
    ],
)
def test_lead_times_by_hand(projects, effort, capacity, loss, floor, months):
    assert lead_time(projects, effort, capacity, loss, floor) == pytest.approx(months)


def test_fewer_at_once_are_finished_sooner_and_more_of_them():
    points = simulate(Parameters(projects=24)).curve
    leads = [point.lead_time for point in points]
    finished = [point.finished_per_year for point in points]
    assert leads == sorted(leads)
    assert finished == sorted(finished, reverse=True)
    flat = simulate(Parameters(loss=0)).curve  # without a switching loss, starting more costs no output
    assert {round(point.finished_per_year, 9) for point in flat} == {20.0}


@settings(max_examples=60, deadline=None)
@given(settings_of_all)
def test_littles_law_holds_for_all_and_for_each_horizon(p):
    run = simulate(p)
    available = p.capacity * (1 - p.slack)
    taken = min(available, max(0, p.shock_days - p.slack * p.capacity))
    days = max(p.floor, 1 - p.loss * (p.projects - 1)) * (available - p.shock_chance * taken)
    assert run.days == pytest.approx(days, abs=1e-6)
    assert run.finished_per_year == pytest.approx(12 * days / p.effort, abs=1e-6)
    if run.lead_time:
        assert run.lead_time * run.finished_per_year / 12 == pytest.approx(p.projects)
    assert sum(horizon.places for horizon in run.horizons) == p.projects
    assert sum(horizon.finished_per_year for horizon in run.horizons) == pytest.approx(
        run.finished_per_year, abs=1e-6
    )
    for horizon in run.horizons:
        if horizon.lead_time:
            assert horizon.lead_time * horizon.finished_per_year / 12 == pytest.approx(horizon.places)
    own = next(point for point in run.curve if point.projects == p.projects)
    assert own.finished_per_year == pytest.approx(run.finished_per_year, abs=1e-6)
    assert run.surprise_days == pytest.approx(run.from_slack + run.from_projects + run.unmet, abs=1e-6)


@settings(deadline=None)
@given(st.integers(1, 60), st.integers(0, 10), st.integers(0, 10))
def test_places_are_whole_and_as_near_the_mix_as_can_be(projects, now, after):
    after = min(after, 10 - now)
    p = Parameters(projects=projects, share_now=now / 10, share_next=after / 10, months=1)
    mix = (now, after, 10 - now - after)
    for horizon, share in zip(simulate(p).horizons, mix, strict=True):
        assert abs(horizon.places - projects * share / 10) < 1
        if not share:
            assert horizon.places == 0


def brute(p, counts, months, rng):
    """Projects finished by horizon, lead times of all, and the days surprises got, working in small steps."""
    useful = max(p.floor, 1 - p.loss * (p.projects - 1))
    names = [i for i, count in enumerate(counts) for _ in range(count)]
    todo = [p.effort * rng.random() for _ in names]
    began = [None] * len(names)
    finished, leads, slack_used, steps = [0, 0, 0], [], 0.0, 60
    for month in range(months):
        surprise = p.shock_days if rng.random() < p.shock_chance else 0.0
        spare = p.capacity * p.slack
        slack_used += min(surprise, spare)
        wanted = max(0.0, surprise - spare)
        budget = [(p.capacity - spare) * count / p.projects for count in counts]
        if p.protect_later:
            whole = sum(budget)
            budget = [share - share / whole * min(wanted, whole) for share in budget]
        else:
            for i in (2, 1, 0):
                gone = min(wanted, budget[i])
                budget[i] -= gone
                wanted -= gone
        for step in range(steps):
            for place, horizon in enumerate(names):
                todo[place] -= useful * budget[horizon] / counts[horizon] / steps
                if todo[place] <= 0:
                    now = month + (step + 1) / steps
                    finished[horizon] += 1
                    if began[place] is not None:
                        leads.append(now - began[place])
                    began[place] = now
                    spread = math.log1p(p.effort_cv**2)
                    todo[place] += p.effort * math.exp(rng.gauss(-spread / 2, math.sqrt(spread)))
    return finished, leads, slack_used


@pytest.mark.parametrize(
    "changes",
    [
        {"projects": 10, "shock_chance": 0.4, "shock_days": 30},
        {"projects": 8, "shock_chance": 0.4, "shock_days": 50, "protect_later": True, "effort_cv": 0.6},
        {"projects": 5, "slack": 0.2, "shock_chance": 0.6, "shock_days": 45, "effort": 25, "loss": 0.08},
    ],
)
def test_output_and_lead_times_agree_with_work_done_day_by_day(changes):
    months = 600
    p = Parameters(months=months, **changes)
    run = simulate(p, seed=2)
    counts = [horizon.places for horizon in run.horizons]
    finished, leads, slack_used = brute(p, counts, months, random.Random(3))
    for horizon, count in zip(run.horizons, finished, strict=True):
        per_year = 12 * count / months
        assert horizon.finished_per_year == pytest.approx(per_year, rel=0.12, abs=0.1)
        assert horizon.simulated_per_year == pytest.approx(horizon.finished_per_year, rel=0.12, abs=0.1)
    assert run.lead_time == pytest.approx(statistics.fmean(leads), rel=0.08)
    assert run.mean_lead == pytest.approx(run.lead_time, rel=0.08)
    assert run.from_slack == pytest.approx(slack_used, rel=0.15)


def test_without_surprises_projects_end_on_the_stated_days():
    # One place for later of 4, each with 25 useful days a month: 50 days of effort end after 2, 4, 6, ... months.
    p = Parameters(projects=4, effort=50, loss=0, share_now=0.5, share_next=0.25, wear=0.1, months=24)
    run = simulate(p)
    later = run.horizons[2]
    assert (later.places, later.lead_time, later.mean_lead) == (1, pytest.approx(2), pytest.approx(2))
    stock = 0.0
    for month, level in enumerate(run.stock, 1):
        stock = stock * 0.9 + (month % 2 == 0)
        assert level == pytest.approx(stock)
    assert run.long_run_stock == pytest.approx(0.5 / 0.1)


def test_the_long_term_wears_away_if_surprises_always_take_it():
    raided = simulate(Parameters(shock_chance=1, shock_days=20))
    assert raided.horizons[2].finished_per_year == 0
    assert raided.horizons[2].lead_time is None
    assert raided.long_run_stock == 0
    protected = simulate(Parameters(shock_chance=1, shock_days=20, protect_later=True))
    assert protected.long_run_stock > 0
    assert protected.days == pytest.approx(raided.days)


def test_slack_meets_surprises_that_would_have_taken_from_projects():
    bare = simulate(Parameters(shock_chance=0.5))
    spare = simulate(Parameters(shock_chance=0.5, slack=0.4))
    assert bare.surprise_days == spare.surprise_days > 0
    assert (bare.from_slack, spare.from_projects) == (0, 0)
    assert spare.from_slack == pytest.approx(spare.surprise_days)
    assert spare.horizons[2].finished_per_year > bare.horizons[2].finished_per_year
    assert spare.finished_per_year < bare.finished_per_year
    flood = simulate(Parameters(shock_chance=1, shock_days=150))
    assert flood.unmet == pytest.approx(flood.surprise_days / 3)
    assert (flood.lead_time, flood.finished_per_year) == (None, 0)


def test_shares_that_leave_nothing_for_later_are_allowed():
    run = simulate(Parameters(projects=10, share_now=0.9, share_next=0.1))
    assert [horizon.places for horizon in run.horizons] == [9, 1, 0]
    with pytest.raises(ValueError, match=r"share_next must be from 0 to 0\.1"):
        Parameters(share_now=0.9, share_next=0.2)


def test_the_same_seed_repeats_and_results_are_json():
    p = Parameters(shock_chance=0.3, effort_cv=0.4)
    assert simulate(p, seed=2) == simulate(p, seed=2)
    assert simulate(p, seed=2).stock != simulate(p, seed=3).stock
    assert len(json.loads(json.dumps(simulate(p).to_dict()))["stock"]) == 120


@pytest.mark.parametrize(
    ("name", "value"),
    [("projects", 0), ("effort", 0), ("loss", 1.5), ("floor", 0), ("slack", 1), ("wear", 0), ("months", 0.5)],
)
def test_a_wrong_parameter_is_named_with_its_value(name, value):
    with pytest.raises(ValueError, match=f"{name} must be .*{value}"):
        Parameters(**{name: value})
    with pytest.raises(ValueError, match="loss must be"):
        thinning.efficiency(3, loss=-1)
