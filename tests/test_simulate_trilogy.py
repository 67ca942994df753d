"""Juran's trilogy (W26): oracles of the curriculum map, conservation laws and independent brute force."""

import json
import math
import random
import statistics
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.simulate import trilogy
from improvement.simulate.trilogy import Improvement, Parameters, compare_policies, simulate

MANY = {"weeks": 150, "patients_per_day": 60}  # 45,000 waits


def share_tolerance(share, n):
    """Four standard errors of a share of n independent waits."""
    return 4 * math.sqrt(share * (1 - share) / n)


def percentile_tolerance(sd, share, n):
    """Four standard errors of a normal percentile from n independent waits."""
    density = statistics.NormalDist().pdf(statistics.NormalDist().inv_cdf(share)) / sd
    return 4 * math.sqrt(share * (1 - share) / n) / density


@pytest.mark.parametrize(
    ("changes", "hit_rate", "p90", "sd"),
    [
        ({}, 0.2266, 100.63, 20),
        ({"policy": "adjust"}, 0.2979, 111.25, 28.28),
        ({"improvements": (Improvement(0),)}, 0.5, 79.22, 15),
        ({"redesign_week": 0, "redesign_dip_weeks": 0}, 0.9938, 50.25, 8),
    ],
    ids=["baseline", "compensating around the mean", "improvement", "redesign"],
)
def test_the_simulation_meets_the_oracles_of_the_map(changes, hit_rate, p90, sd):
    parameters = Parameters(**MANY, **changes)
    run = simulate(parameters, seed=20).summary
    n = run.patients
    assert n == 45_000
    assert run.hit_rate == pytest.approx(hit_rate, abs=share_tolerance(hit_rate, n))
    assert run.p90 == pytest.approx(p90, abs=percentile_tolerance(sd, 0.9, n))
    formula = trilogy.exact(parameters)
    assert formula.hit_rate == pytest.approx(hit_rate, abs=5e-5)
    assert formula.p90 == pytest.approx(p90, abs=0.01)
    assert formula.sd == pytest.approx(sd, abs=0.01)


def test_compensating_raises_the_hit_rate_and_worsens_the_worst_waits_of_an_incapable_process():
    runs = compare_policies(Parameters(**MANY), policies=("none", "adjust"))
    none, adjust = runs["none"].summary, runs["adjust"].summary
    assert adjust.hit_rate > none.hit_rate + 0.05
    assert adjust.p90 > none.p90 + 5
    assert adjust.longest > none.longest
    assert adjust.cost > none.cost
    assert adjust.mean == pytest.approx(none.mean, abs=0.2)


def brute_dial(mean, sd, need, authority, reaction, aim_is_need, n, rng):
    target = min(need, mean) if aim_is_need else mean
    level = (1 - authority) * mean + authority * target
    shift, waits = 0.0, []
    for _ in range(n):
        wait = max(0.0, rng.gauss(mean + shift, sd))
        shift = shift - reaction * (wait - level)
        waits.append(wait)
    return waits


@pytest.mark.parametrize(
    ("mean", "sd", "need", "authority", "reaction", "aim"),
    [
        (75, 20, 60, 1.0, 1.0, "need"),
        (90, 12, 70, 0.6, 0.7, "need"),
        (90, 12, 70, 0.0, 0.7, "need"),
        (80, 15, 100, 1.0, 1.3, "need"),
        (82, 9, 64, 0.9, 0.25, "mean"),
    ],
)
def test_the_dial_agrees_with_brute_force_and_with_its_closed_form(mean, sd, need, authority, reaction, aim):
    parameters = Parameters(
        mean=mean,
        sd=sd,
        need=need,
        policy="adjust",
        dial_authority=authority,
        dial_reaction=reaction,
        dial_aim=aim,
        **MANY,
    )
    run = simulate(parameters, seed=3)
    waits = [wait for week in run.waits for wait in week]
    brute = brute_dial(mean, sd, need, authority, reaction, aim == "need", len(waits), random.Random(99))
    # The waits are negatively correlated, so independent standard errors are generous; 4 * sqrt(2) for two runs.
    spread = statistics.stdev(brute)
    assert statistics.fmean(waits) == pytest.approx(
        statistics.fmean(brute), abs=6 * spread / math.sqrt(45_000)
    )
    assert statistics.stdev(waits) == pytest.approx(spread, rel=0.03)
    hits = sum(wait <= need for wait in brute) / len(brute)
    assert run.summary.hit_rate == pytest.approx(hits, abs=0.015)
    assert run.summary.p90 == pytest.approx(statistics.quantiles(brute, n=10)[8], abs=0.04 * spread)
    closed = trilogy.exact(parameters)
    assert closed.sd == pytest.approx(spread, rel=0.03)
    assert closed.mean == pytest.approx(statistics.fmean(brute), abs=4 * spread / math.sqrt(45_000))


def test_a_dial_without_authority_never_moves_the_mean_and_one_with_authority_does():
    idle = simulate(Parameters(policy="adjust", dial_aim="need", **MANY)).summary
    real = simulate(Parameters(policy="adjust", dial_aim="need", dial_authority=1.0, **MANY)).summary
    assert idle.mean == pytest.approx(75, abs=0.3)
    assert real.mean == pytest.approx(60, abs=0.3)


def brute_chase(mean, sd, need, patients, minutes, days, rng):
    """At every call, look through everyone waiting; the brute-force way, quadratic in the patients of a day."""
    moved, chased = 0, []
    for _ in range(days):
        arrivals = [rng.uniform(0, minutes) for _ in range(patients)]
        waits = [max(0.0, rng.gauss(mean, sd)) for _ in arrivals]
        calls = sorted(a + w for a, w in zip(arrivals, waits, strict=True))
        waiting = list(arrivals)
        for now in calls:
            present = [a for a in waiting if a <= now]
            in_time = [a for a in present if now - a <= need]
            called = min(in_time or present)
            moved += called > min(present)
            waiting.remove(called)
            chased.append(now - called)
    return moved, chased


@pytest.mark.parametrize(
    ("mean", "sd", "need", "patients", "minutes"),
    [(75, 20, 60, 40, 600), (80, 25, 90, 25, 480), (130, 30, 100, 12, 300)],
)
def test_chasing_breaches_agrees_with_a_brute_force_queue(mean, sd, need, patients, minutes):
    parameters = Parameters(
        mean=mean, sd=sd, need=need, patients_per_day=patients, day_minutes=minutes, weeks=120, policy="chase"
    )
    run = simulate(parameters, seed=8).summary
    moved, chased = brute_chase(mean, sd, need, patients, minutes, 600, random.Random(4))
    # Waits within one day depend on each other, so tolerances come from day-level spread.
    by_day = [chased[i : i + patients] for i in range(0, len(chased), patients)]
    daily_hits = [sum(w <= need for w in day) / patients for day in by_day]
    tolerance = 4 * math.sqrt(2) * statistics.stdev(daily_hits) / math.sqrt(600)
    assert run.hit_rate == pytest.approx(statistics.fmean(daily_hits), abs=tolerance)
    assert run.p90 == pytest.approx(statistics.quantiles(chased, n=10)[8], rel=0.08)
    assert run.p99 == pytest.approx(statistics.quantiles(chased, n=100)[98], rel=0.04)
    assert run.longest == pytest.approx(max(chased), rel=0.15)
    assert run.actions / run.patients == pytest.approx(moved / len(chased), abs=0.03)
    assert moved > 0.1 * len(chased)


def test_one_patient_a_day_cannot_be_reordered():
    parameters = Parameters(weeks=3, days_per_week=1, patients_per_day=1, policy="chase")
    runs = compare_policies(parameters, policies=("none", "chase"))
    for before, after in zip(runs["none"].waits, runs["chase"].waits, strict=True):
        assert after == pytest.approx(before)


@settings(max_examples=25, deadline=None)
@given(
    quality=st.floats(0, 0.6),
    need=st.floats(30, 75),
    patients=st.integers(20, 60),
    shape=st.sampled_from(trilogy.SHAPES),
    seed=st.integers(0, 10**6),
    spikes=st.floats(0, 0.3),
)
def test_reordering_leaves_every_weekly_mean_unchanged_and_raises_the_longest_wait(
    quality, need, patients, shape, seed, spikes
):
    parameters = Parameters(
        planning_quality=quality,
        need=need,
        patients_per_day=patients,
        shape=shape,
        spike_rate=spikes,
        weeks=8,
    )
    runs = compare_policies(parameters, policies=("none", "chase"), seed=seed)
    for before, after in zip(runs["none"].weeks, runs["chase"].weeks, strict=True):
        assert after.mean == pytest.approx(before.mean, rel=1e-9)
    assert runs["chase"].summary.longest > runs["none"].summary.longest


def test_chasing_flatters_the_hit_rate_and_even_p90_when_the_need_is_within_reach():
    # The toy run in the curriculum map: about 69% within target rises above 90%, P90 falls, P99 explodes.
    runs = compare_policies(Parameters(mean=50, sd=20), policies=("none", "chase"))
    none, chase = runs["none"].summary, runs["chase"].summary
    assert none.hit_rate == pytest.approx(0.691, abs=0.015)
    assert chase.hit_rate > 0.9
    assert chase.p90 < none.p90
    assert chase.p99 > 3 * none.p99
    assert chase.mean == pytest.approx(none.mean, rel=1e-9)


@pytest.mark.parametrize("policy", trilogy.POLICIES)
@pytest.mark.parametrize("quality", [0.2, 0.5])
def test_control_never_lowers_the_chronic_level(policy, quality):
    quiet = Parameters(planning_quality=quality, **MANY)
    baseline = simulate(quiet, seed=5)
    controlled = simulate(replace(quiet, policy=policy), seed=5)
    sd = trilogy.plan(quality)[1]
    assert controlled.summary.mean == pytest.approx(baseline.summary.mean, abs=4 * sd / math.sqrt(45_000))
    assert [w.chronic_mean for w in controlled.weeks] == [w.chronic_mean for w in baseline.weeks]


def test_acting_on_special_causes_shortens_spikes_and_leaves_all_other_weeks_as_they_were():
    parameters = Parameters(weeks=200, spike_rate=0.06, spike_length=6)
    runs = compare_policies(parameters, policies=("none", "spc"), seed=2)
    none, spc = runs["none"].weeks, runs["spc"].weeks
    assert sum(w.spike_minutes > 0 for w in spc) < 0.5 * sum(w.spike_minutes > 0 for w in none)
    quiet = [week for week in range(200) if not none[week].spike_minutes]
    assert len(quiet) > 50
    for week in quiet:
        assert runs["spc"].waits[week] == runs["none"].waits[week]
    # 120 or more quiet weeks of 200 waits: the chronic level is where planning put it.
    assert statistics.fmean(spc[week].mean for week in quiet) == pytest.approx(75, abs=0.6)


def test_an_explicit_spike_lasts_its_length_without_control_and_one_week_after_detection_with_it():
    parameters = Parameters(spike_weeks=(10,), spike_length=5, spike_size=40, weeks=30)
    runs = compare_policies(parameters, policies=("none", "spc"))
    assert [w.week for w in runs["none"].weeks if w.spike_minutes] == [10, 11, 12, 13, 14]
    assert [w.week for w in runs["spc"].weeks if w.spike_minutes] == [10]
    assert runs["spc"].weeks[10].signal
    slower = simulate(replace(parameters, policy="spc", response_weeks=3))
    assert [w.week for w in slower.weeks if w.spike_minutes] == [10, 11, 12]
    tiny = simulate(replace(parameters, policy="spc", spike_size=0.5), seed=6)  # a third of a standard error
    assert sum(w.spike_minutes > 0 for w in tiny.weeks) == 5


def test_spike_weeks_follow_their_rate_and_length():
    # Spikes run in a week if one began in it or the two before: 1 - (1 - rate)^3, and on average 3 * rate of them.
    weeks = [
        week.spike_minutes / 10
        for seed in range(12)
        for week in simulate(
            Parameters(spike_rate=0.2, spike_length=3, spike_size=10, weeks=400, patients_per_day=1),
            seed=seed,
        ).weeks[3:]
    ]
    assert statistics.fmean(weeks) == pytest.approx(0.6, abs=0.07)
    assert sum(count > 0 for count in weeks) / len(weeks) == pytest.approx(1 - 0.8**3, abs=0.04)


def test_signals_of_a_quiet_process_are_as_rare_as_three_sigma_says():
    signals = sum(
        week.signal
        for seed in range(20)
        for week in simulate(Parameters(weeks=400, patients_per_day=4, days_per_week=5), seed=seed).weeks
    )
    expected = 8000 * 2 * statistics.NormalDist().cdf(-3)  # 21.6
    assert signals == pytest.approx(expected, abs=4 * math.sqrt(expected))


def test_a_gain_nobody_holds_fades_with_its_half_life_and_a_held_one_stays():
    for seed in range(3):
        drifting = simulate(
            Parameters(improvements=(Improvement(20, hold=False, half_life=12),), **MANY), seed=seed
        )
        gains = [75 - week.mean for week in drifting.weeks[20:]]
        initial, half_life = trilogy.fit_half_life(gains)
        assert initial == pytest.approx(15, rel=0.1)
        assert half_life == pytest.approx(12, rel=0.1)
        # Under 0.05 minutes is left of it; the mean of these 9,000 waits has a standard error of 0.21.
        assert statistics.fmean(gains[-30:]) < 0.9
        held = simulate(Parameters(improvements=(Improvement(20),), **MANY), seed=seed)
        assert statistics.fmean(week.mean for week in held.weeks[-30:]) == pytest.approx(60, abs=0.64)


@pytest.mark.parametrize(("initial", "half_life"), [(15.0, 12.0), (3.0, 2.5), (40.0, 90.0)])
def test_the_half_life_of_a_noiseless_decay_is_found(initial, half_life):
    gains = [initial * 0.5 ** (week / half_life) for week in range(50)]
    assert trilogy.fit_half_life(gains) == pytest.approx((initial, half_life), rel=1e-4)


def test_the_chronic_level_follows_the_stated_equations():
    parameters = Parameters(
        improvements=(
            Improvement(10, mean_effect=0.2, sd_effect=0.25),
            Improvement(20, mean_effect=0.1, sd_effect=0.5, hold=False, half_life=5),
            Improvement(42, mean_effect=0.5, sd_effect=0.0),
            Improvement(50, mean_effect=0.5, sd_effect=0.0),
        ),
        redesign_week=40,
        redesign_quality=0.7,
        redesign_dip=0.3,
        redesign_dip_weeks=4,
        lessons_per_project=0.05,
    )
    level = [trilogy.chronic_level(parameters, week) for week in range(78)]
    assert level[9] == (75, 20)
    assert level[10] == pytest.approx((60, 15))
    assert level[20] == pytest.approx((54, 7.5))
    assert level[25] == pytest.approx((57, 11.25))
    assert level[30] == pytest.approx((58.5, 13.125))
    assert level[40] == pytest.approx((1.3 * 60 * (1 - 0.1 / 16), 15 * (1 - 0.5 / 16)))
    assert level[43][0] == pytest.approx(1.3 * 60 * (1 - 0.1 * 0.5 ** (23 / 5)) * 0.5)
    assert level[44] == pytest.approx((110 - 70 * 0.8, 32 - 24 * 0.8))  # 0.7 and two lessons of 0.05
    assert level[50] == pytest.approx((27, 12.8))


def test_plans_run_from_poor_to_good():
    assert trilogy.plan(0) == (110, 32)
    assert trilogy.plan(0.5) == (75, 20)
    assert trilogy.plan(1) == (40, 8)


def test_lognormal_waits_have_the_planned_mean_and_spread():
    run = simulate(Parameters(shape="lognormal", mean=70, sd=35, need=55, **MANY), seed=12)
    waits = [wait for week in run.waits for wait in week]
    rng = random.Random(5)
    scale = math.sqrt(math.log(1 + 0.25))
    brute = [rng.lognormvariate(math.log(70) - scale**2 / 2, scale) for _ in range(45_000)]
    assert statistics.fmean(waits) == pytest.approx(70, abs=4 * 35 / math.sqrt(45_000))
    assert statistics.stdev(waits) == pytest.approx(35, rel=0.04)
    hits = sum(wait <= 55 for wait in brute) / len(brute)
    assert run.summary.hit_rate == pytest.approx(hits, abs=2**0.5 * share_tolerance(hits, 45_000))
    assert trilogy.exact(run.parameters).hit_rate == pytest.approx(hits, abs=share_tolerance(hits, 45_000))


@pytest.mark.parametrize("policy", trilogy.POLICIES)
def test_every_weekly_figure_can_be_recomputed_from_the_waits(policy):
    parameters = Parameters(
        policy=policy,
        weeks=12,
        need=66,
        cost_per_unmet=17,
        cost_per_minute_over=0.3,
        spike_rate=0.2,
        hours_per_patient_moved=0.2,
        hours_per_turn=0.03,
        hours_per_signal=5,
        hours_charting=2,
        improvements=(Improvement(4),),
        hours_per_project=70,
        hours_holding=1.5,
        redesign_week=6,
        redesign_dip_weeks=3,
        hours_redesign=300,
    )
    run = simulate(parameters, seed=4)
    per_action = {"none": 0, "chase": 0.2, "adjust": 0.03, "spc": 5}[policy]
    for week, waits in zip(run.weeks, run.waits, strict=True):
        late = [wait - 66 for wait in waits if wait > 66]
        assert week.hit_rate == pytest.approx(sum(wait <= 66 for wait in waits) / 200)
        assert week.mean == pytest.approx(statistics.fmean(waits))
        cuts = statistics.quantiles(waits, n=100, method="inclusive")
        assert (week.p90, week.p99) == pytest.approx((cuts[89], cuts[98]))
        assert week.longest == max(waits)
        assert week.cost == pytest.approx(17 * len(late) + 0.3 * math.fsum(late))
        t = week.week
        hours = per_action * week.actions + 2 * (policy == "spc")
        hours += 70 * (t == 4) + 1.5 * (5 <= t <= 8) + 100 * (6 <= t <= 8)
        assert week.staff_hours == pytest.approx(hours)
        assert (policy == "none") <= (week.actions == 0)
        assert (policy == "adjust") <= (week.actions == 200)
        if policy == "spc":
            assert week.actions == int(week.signal)
    assert run.summary.cost == pytest.approx(sum(week.cost for week in run.weeks))
    assert run.summary.staff_hours == pytest.approx(sum(week.staff_hours for week in run.weeks))


def test_phases_carry_their_own_zone_of_control():
    run = simulate(
        Parameters(
            weeks=90,
            spike_weeks=(5,),
            improvements=(Improvement(30),),
            redesign_week=60,
            redesign_dip_weeks=6,
        )
    )
    assert [(phase.start, phase.stop, phase.reason) for phase in run.phases] == [
        (0, 30, "the plan"),
        (30, 60, "improvement 1"),
        (60, 66, "redesign under way"),
        (66, 90, "redesign"),
    ]
    for phase in run.phases:
        weeks = run.weeks[phase.start : phase.stop]
        assert phase.summary.cost == pytest.approx(sum(week.cost for week in weeks))
        zone = next(zone for zone in phase.zones if zone.measure == "cost")
        costs = [None if week.spike_minutes else week.cost for week in weeks]
        usable = [cost for cost in costs if cost is not None]
        moves = [abs(b - a) for a, b in pairwise(costs) if a is not None and b is not None]
        centre = statistics.fmean(usable)
        assert (zone.centre, zone.weeks_used) == (pytest.approx(centre), len(usable))
        assert zone.upper == pytest.approx(centre + 2.66 * statistics.fmean(moves))
        assert zone.lower == pytest.approx(centre - 2.66 * statistics.fmean(moves))
        assert zone.trial == (len(usable) < 13)
        assert phase.planned_upper - phase.planned_mean == pytest.approx(
            3 * run.weeks[phase.start].chronic_sd / math.sqrt(200)
        )
    spike_week = run.weeks[5]
    assert spike_week.cost > next(z.upper for z in run.phases[0].zones if z.measure == "cost")


def test_the_same_seed_repeats_exactly_and_another_seed_does_not():
    parameters = Parameters(policy="chase", spike_rate=0.1)
    assert simulate(parameters, seed=3) == simulate(parameters, seed=3)
    assert simulate(parameters, seed=3).waits != simulate(parameters, seed=4).waits


def test_comparing_policies_gives_each_policy_the_same_luck_as_running_it_alone():
    parameters = Parameters(spike_rate=0.1, improvements=(Improvement(30, hold=False),))
    runs = compare_policies(parameters, seed=9)
    assert tuple(runs) == trilogy.POLICIES
    for policy, run in runs.items():
        assert run == simulate(replace(parameters, policy=policy), seed=9)


def test_results_are_json():
    run = simulate(Parameters(improvements=(Improvement(3),), spike_weeks=(1,), weeks=6))
    again = json.loads(json.dumps(run.to_dict()))
    assert again["summary"]["hit_rate"] == run.summary.hit_rate
    assert again["parameters"]["improvements"][0]["week"] == 3
    assert len(again["weeks"]) == 6


def test_exact_answers_are_withheld_where_there_is_no_closed_form():
    assert trilogy.exact(Parameters(policy="chase")).hit_rate is None
    assert trilogy.exact(Parameters(policy="chase")).mean == 75
    assert trilogy.exact(Parameters(policy="adjust", shape="lognormal")).p90 is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("planning_quality", 1.2),
        ("planning_quality", float("nan")),
        ("mean", True),
        ("sd", 0),
        ("shape", "uniform"),
        ("need", "60"),
        ("weeks", 0),
        ("weeks", 7.5),
        ("patients_per_day", -1),
        ("policy", "shout"),
        ("dial_aim", "target"),
        ("dial_authority", -0.1),
        ("dial_reaction", 2),
        ("spike_rate", math.inf),
        ("spike_weeks", (78,)),
        ("improvements", (Improvement(78),)),
        ("redesign_week", 78),
        ("cost_per_unmet", -1),
        ("hours_redesign", None),
    ],
)
def test_a_wrong_parameter_is_named_with_its_value(name, value):
    with pytest.raises(ValueError, match=name.removesuffix("s")) as caught:
        Parameters(**{name: value})
    shown = value[0] if isinstance(value, tuple) else value
    assert str(getattr(shown, "week", shown)) in str(caught.value)


def test_too_many_patients_for_a_browser_are_refused():
    with pytest.raises(ValueError, match="at most 500000"):
        Parameters(weeks=520, patients_per_day=1000)
    with pytest.raises(ValueError, match="seed"):
        simulate(seed=1.5)
    with pytest.raises(ValueError, match="half_life"):
        Improvement(3, half_life=0)
    with pytest.raises(ValueError, match="week"):
        trilogy.exact(week=78)
    with pytest.raises(ValueError, match="3 weeks"):
        trilogy.fit_half_life([1.0, 2.0])
