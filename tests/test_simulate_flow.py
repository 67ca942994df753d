"""The flow lab (W36): oracles of the curriculum map, queueing theory, and an event list written apart."""

import heapq
import json
import math
import random
import statistics
from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.simulate import flow
from improvement.simulate.flow import Parameters, simulate


def within_runs(outcome, expected_hours, most_error):
    """Whether the mean wait lies within 4 standard errors of the expected one, and they are small enough to tell."""
    error = statistics.stdev(outcome.run_waits_hours) / math.sqrt(len(outcome.run_waits_hours))
    assert error < most_error * expected_hours
    return abs(statistics.fmean(outcome.run_waits_hours) - expected_hours) < 4 * error


def test_beds_in_use_are_arrivals_times_stay():
    assert flow.little(20, 6.5) == 130
    assert flow.little(20, 6) == 120
    assert simulate(Parameters(arrivals=20, beds=140, days=28, warm_up=0, runs=1)).beds_needed == 120


@pytest.mark.parametrize(
    ("utilisation", "p_wait", "hours"), [(0.85, 0.296, 9.5), (0.9, 0.471, 22.6), (0.95, 0.705, 67.6)]
)
def test_waits_of_thirty_beds_as_they_fill_up(utilisation, p_wait, hours):
    found = flow.formula(Parameters(arrivals=30 * utilisation / 6))
    assert found.p_wait == pytest.approx(p_wait, abs=0.0005)
    assert found.mean_wait_hours == pytest.approx(hours, abs=0.05)
    assert found.utilisation == pytest.approx(utilisation)


def chances(beds, load, spaces=400):
    """Steady-state probabilities of M/M/c by exact recursion, cut off far into the tail."""
    p = [1.0]
    for n in range(1, beds + spaces):
        p.append(p[-1] * load / min(n, beds))
    total = math.fsum(p)
    return [x / total for x in p]


@pytest.mark.parametrize(("beds", "load"), [(1, 0.3), (2, 1.5), (5, 4), (12, 8.4), (30, 27)])
def test_the_formula_agrees_with_the_balance_equations(beds, load):
    a = Fraction(load)
    tail = a**beds / math.factorial(beds) * beds / (beds - a)
    by_definition = tail / (sum(a**k / math.factorial(k) for k in range(beds)) + tail)
    assert flow.erlang_c(beds, load) == pytest.approx(float(by_definition), rel=1e-12)
    stay = 4.0
    settings_ = Parameters(
        arrivals=load / stay, stay=stay, beds=beds, units=1, ed_spaces=3, handover_minutes=20
    )
    found = flow.formula(settings_)
    p = chances(beds, load)
    assert found.p_wait == pytest.approx(sum(p[beds:]), rel=1e-6)
    assert found.queue == pytest.approx(sum((n - beds) * p[n] for n in range(beds, len(p))), rel=1e-6)
    assert found.mean_wait_hours == pytest.approx(24 * found.queue / (load / stay), rel=1e-9)
    assert found.held == pytest.approx(sum(p[beds + 3 :]), rel=1e-6)
    # Finding j in the queue, an ambulance needs j - 2 of the departures that come every stay / beds days.
    held_days = sum(p[beds + j] * (j - 2) * stay / beds for j in range(3, len(p) - beds))
    assert found.handover_minutes == pytest.approx(20 + 1440 * held_days, rel=1e-6)


@pytest.mark.parametrize(
    ("beds", "arrivals", "stay", "spaces"), [(1, 0.7, 1.0, 2), (6, 2.5, 2.0, 0), (20, 5.8, 3.0, 4)]
)
def test_the_simulation_meets_the_exact_formula(beds, arrivals, stay, spaces):
    p = Parameters(
        beds=beds, arrivals=arrivals, stay=stay, ed_spaces=spaces, units=1, days=3000, runs=16, ambulance_share=1.0,
        long_wait_hours=12.0, slow_handover_minutes=720.0,
    )  # fmt: skip
    run, exact = simulate(p, seed=3), flow.formula(p)
    assert p.formula_is_exact
    assert within_runs(run.pooled, exact.mean_wait_hours, 0.06)
    assert run.pooled.p_wait == pytest.approx(exact.p_wait, rel=0.06)
    assert run.pooled.long_waits == pytest.approx(exact.long_waits, rel=0.1)
    assert run.pooled.queue == pytest.approx(exact.queue, rel=0.15)
    assert run.pooled.held == pytest.approx(exact.held, rel=0.12)
    assert run.pooled.handover_minutes == pytest.approx(exact.handover_minutes, rel=0.15)
    assert run.pooled.slow_handovers == pytest.approx(exact.slow_handovers, rel=0.15)
    assert run.pooled.occupancy == pytest.approx(exact.utilisation, rel=0.02)
    assert run.split == run.pooled


@pytest.mark.parametrize("cv", [0.0, 0.5, 2.0])
def test_one_bed_with_varied_stays_follows_pollaczek_and_khinchine(cv):
    p = Parameters(beds=1, units=1, arrivals=0.6, stay=1.0, stay_cv=cv, days=4000, runs=24)
    expected = 24 * 0.6 / 0.4 * (1 + cv**2) / 2
    assert within_runs(simulate(p, seed=1).pooled, expected, 0.09)
    assert flow.formula(p).mean_wait_hours == pytest.approx(expected)


def test_evenly_spaced_arrivals_follow_the_exact_queue_of_one_bed():
    # D/M/1: the chance of waiting solves s = exp(-(1 - s) / utilisation).
    s = 0.5
    for _ in range(200):
        s = math.exp(-(1 - s) / 0.8)
    run = simulate(
        Parameters(beds=1, units=1, arrivals=0.8, stay=1, arrival_cv=0, days=4000, runs=12), seed=2
    )
    assert run.pooled.p_wait == pytest.approx(s, abs=0.02)
    assert within_runs(run.pooled, 24 * s / (1 - s), 0.06)


def test_split_beds_are_separate_queues():
    p = Parameters(arrivals=9, stay=2, beds=22, units=4, days=2000, runs=12)
    assert p.unit_beds == (6, 6, 5, 5)
    apart = [
        (beds / 22, flow.formula(Parameters(arrivals=9 * beds / 22, stay=2, beds=beds, units=1)))
        for beds in p.unit_beds
    ]
    expected = sum(share * one.mean_wait_hours for share, one in apart)
    run = simulate(p, seed=4)
    assert run.split_formula.mean_wait_hours == pytest.approx(expected)
    assert run.split_formula.queue == pytest.approx(sum(one.queue for _, one in apart))
    assert within_runs(run.split, expected, 0.05)
    assert run.split.p_wait == pytest.approx(sum(share * one.p_wait for share, one in apart), rel=0.05)
    assert run.split.mean_wait_hours > 2 * run.pooled.mean_wait_hours


def leave_by_calendar(ready, discharge_hour, round_hour, stays_weekend):
    """The rule for leaving with the calendar of the standard library; 7 January 2030 is a Monday."""
    when = datetime(2030, 1, 7) + timedelta(days=ready)
    if discharge_hour is not None:
        seen = when.replace(hour=round_hour, minute=0, second=0, microsecond=0)
        if seen < when:
            seen += timedelta(days=1)
        when = seen.replace(hour=discharge_hour)
    if when.weekday() >= 5 and stays_weekend:
        when += timedelta(days=7 - when.weekday())
    return (when - datetime(2030, 1, 7)) / timedelta(days=1)


@pytest.mark.parametrize(
    ("hour", "round_hour", "service"), [(None, 9, 0.3), (11, 9, 1.0), (17, 8, 0.0), (15, 10, 0.6)]
)
def test_waiting_to_leave_costs_beds(hour, round_hour, service):
    rng = random.Random(5)
    n = 30_000
    delays = []
    for _ in range(n):
        ready = rng.uniform(0, 70)
        delays.append(leave_by_calendar(ready, hour, round_hour, rng.random() >= service) - ready)
    p = Parameters(
        arrivals=30, stay=3, beds=1000, units=1, discharge_hour=hour, round_hour=round_hour,
        weekend_service=service, days=700, warm_up=70, runs=1,
    )  # fmt: skip
    error = 4 * statistics.stdev(delays) / math.sqrt(n)
    assert p.delay == pytest.approx(statistics.fmean(delays), abs=error)
    run = simulate(p, seed=6)
    assert run.pooled.ready_in_beds == pytest.approx(30 * p.delay, rel=0.05)
    assert run.pooled.in_beds == pytest.approx(30 * (3 + p.delay), rel=0.03)
    assert run.beds_needed == pytest.approx(30 * (3 + p.delay))


def test_discharging_six_hours_earlier_frees_a_quarter_of_a_day_of_arrivals():
    late = simulate(Parameters(arrivals=20, stay=6, beds=300, units=1, discharge_hour=17, runs=1)).pooled
    early = simulate(Parameters(arrivals=20, stay=6, beds=300, units=1, discharge_hour=11, runs=1)).pooled
    assert late.in_beds - early.in_beds == pytest.approx(20 / 4, rel=0.05)


def shape_for(cv):
    """The shape of a Weibull distribution with this coefficient of variation, by bisection."""
    low, high = 0.2, 60.0
    while high - low > 1e-10:
        k = (low + high) / 2
        ratio = math.gamma(1 + 2 / k) / math.gamma(1 + 1 / k) ** 2 - 1
        low, high = (k, high) if ratio > cv * cv else (low, k)
    return low


def event_list(
    rng, *, rate, stay, stay_cv, units, swing, peak, hour, round_hour, service, spaces, days, warm_up
):
    """An event-driven hospital: thinned Poisson arrivals, one queue a unit, and a shared emergency department."""
    k = shape_for(stay_cv)
    scale = stay / math.gamma(1 + 1 / k)
    events, order = [], 0
    t = 0.0
    while t < warm_up + days:
        t += rng.expovariate(rate * (1 + swing))
        if rng.random() < (1 + swing * math.cos(2 * math.pi * (t * 24 - peak) / 24)) / (1 + swing):
            events.append((t, 1, order, rng.choices(range(len(units)), units)[0]))
            order += 1
    heapq.heapify(events)
    free, queues = list(units), [[] for _ in units]
    spaces_taken, outside = set(), []
    arrived, started, held_until = {}, {}, {}

    def admit(patient, unit, now):
        free[unit] -= 1
        started[patient] = now
        leave = leave_by_calendar(
            now + rng.weibullvariate(scale, k), hour, round_hour, rng.random() >= service
        )
        heapq.heappush(events, (leave, 0, -1, unit))
        if patient in spaces_taken:
            spaces_taken.remove(patient)
            if outside:
                spaces_taken.add(outside[0])
                held_until[outside.pop(0)] = now
        elif patient in outside:
            outside.remove(patient)
            held_until[patient] = now

    while events:
        now, arriving, patient, unit = heapq.heappop(events)
        if not arriving:
            free[unit] += 1
            if queues[unit]:
                admit(queues[unit].pop(0), unit, now)
            continue
        arrived[patient] = now
        if free[unit]:
            admit(patient, unit, now)
            continue
        queues[unit].append(patient)
        if len(spaces_taken) < spaces:
            spaces_taken.add(patient)
        else:
            outside.append(patient)
    mine = [n for n in arrived if arrived[n] >= warm_up]
    return (
        statistics.fmean(started[n] > arrived[n] for n in mine),
        24 * statistics.fmean(started[n] - arrived[n] for n in mine),
        statistics.fmean(n in held_until for n in mine),
        1440 * statistics.fmean(held_until.get(n, arrived[n]) - arrived[n] for n in mine),
    )


@pytest.mark.parametrize(
    ("rate", "stay_cv", "swing", "hour", "service", "units", "spaces"),
    [
        (5.6, 0.6, 0.8, 15, 0.4, (14, 14), 2),
        (5.1, 1.4, 0.0, None, 0.2, (10, 9, 9), 1),
        (6.7, 1.0, 1.0, 11, 1.0, (28,), 0),
        (5.4, 0.3, 0.5, 22, 0.0, (14, 14), 5),
    ],
)
def test_the_simulation_agrees_with_an_event_list_written_apart(
    rate, stay_cv, swing, hour, service, units, spaces
):
    common = {"stay": 3.0, "stay_cv": stay_cv, "days": 4000}
    rng = random.Random(11)
    brute = [
        event_list(
            rng, rate=rate, units=units, swing=swing, peak=15, hour=hour, round_hour=9, service=service,
            spaces=spaces, warm_up=140, **common,
        )
        for _ in range(8)
    ]  # fmt: skip
    p = Parameters(
        arrivals=rate, beds=28, units=len(units), daily_swing=swing, peak_hour=15, discharge_hour=hour,
        weekend_service=service, ed_spaces=spaces, ambulance_share=1, handover_minutes=0, warm_up=140, runs=8, **common,
    )  # fmt: skip
    run = simulate(p, seed=12)
    errors = [4 * statistics.stdev(values) * math.sqrt(2 / 8) for values in zip(*brute, strict=True)]
    means = [statistics.fmean(values) for values in zip(*brute, strict=True)]
    found = (run.split.p_wait, run.split.mean_wait_hours, run.split.held, run.split.handover_minutes)
    for got, mean, error in zip(found, means, errors, strict=True):
        assert error < 0.45 * mean
        assert got == pytest.approx(mean, abs=error)


def test_a_surge_adds_its_share_of_arrivals_and_leaves_a_queue_that_takes_longer_to_clear():
    p = Parameters(
        arrivals=40, stay=1, beds=44, surge=0.25, surge_start=14, surge_days=10, days=56, runs=1, units=1
    )
    calm, surging = simulate(Parameters(**{**vars(p), "surge": 0.0}), seed=8), simulate(p, seed=8)
    assert surging.surge_backlog == pytest.approx(60)
    assert surging.surge_clear_days == pytest.approx(15)
    assert calm.surge_backlog == 0
    assert surging.days[:14] == calm.days[:14]
    during = [day.arrivals for day in surging.days[14:24]]
    assert statistics.fmean(during) == pytest.approx(50, abs=4 * math.sqrt(50 / 10))
    after = [day.arrivals for day in surging.days[24:]]
    assert statistics.fmean(after) == pytest.approx(40, abs=4 * math.sqrt(40 / 32))
    assert surging.days[24].pooled_queue > 30
    assert max(day.pooled_queue for day in surging.days) == surging.pooled.peak_queue


def test_a_surge_lasts_as_long_as_it_is_said_to():
    p = Parameters(
        arrivals=50, stay=0.1, beds=40, surge=4, surge_start=5, surge_days=3, days=14, warm_up=7, runs=1
    )
    busy = [day.day for day in simulate(p, seed=2).days if day.arrivals > 150]
    assert busy == [5, 6, 7]


def test_a_surge_that_the_beds_can_never_clear_is_said_to_be_one():
    run = simulate(Parameters(arrivals=5, stay=6, beds=30, surge=0.2, days=28, runs=1))
    assert run.surge_clear_days is None
    assert run.pooled_formula.mean_wait_hours is None
    assert run.pooled_formula.utilisation == 1
    assert run.pooled.mean_wait_hours > 0


def test_the_days_add_up_and_little_holds_in_the_long_run():
    run = simulate(Parameters(days=3640, runs=1), seed=9)
    assert [day.day for day in run.days] == list(range(3640))
    assert sum(day.arrivals for day in run.days) == run.pooled.patients
    assert statistics.fmean(day.pooled_in_beds for day in run.days) == pytest.approx(
        run.pooled.in_beds, rel=0.01
    )
    assert statistics.fmean(day.split_queue for day in run.days) == pytest.approx(run.split.queue, rel=0.05)
    assert run.pooled.in_system == pytest.approx(run.pooled.little, rel=0.02)
    assert run.pooled.in_system == pytest.approx(run.pooled.queue + run.pooled.in_beds)
    for day in run.days:
        assert day.pooled_in_beds == 30 or not day.pooled_queue
        assert max(day.pooled_in_beds, day.split_in_beds) <= 30


@settings(max_examples=25, deadline=None)
@given(
    st.floats(0.5, 6),
    st.floats(0.2, 5),
    st.integers(2, 25),
    st.floats(0, 2),
    st.floats(0, 2),
    st.integers(0, 99),
)
def test_one_more_bed_or_space_never_makes_the_same_patients_wait_longer(
    arrivals, stay, beds, gap_cv, stay_cv, seed
):
    def run(beds=beds, spaces=2):
        p = Parameters(
            arrivals=arrivals, stay=stay, beds=beds, arrival_cv=gap_cv, stay_cv=stay_cv, units=1, ed_spaces=spaces,
            ambulance_share=1, days=60, warm_up=0, runs=1,
        )  # fmt: skip
        return simulate(p, seed=seed).pooled

    fewer, more = run(), run(beds=beds + 1)
    if fewer.patients and round(min(arrivals * stay, beds)) == round(min(arrivals * stay, beds + 1)):
        assert more.mean_wait_hours <= fewer.mean_wait_hours + 1e-9
    if fewer.patients:
        assert run(spaces=3).handover_minutes <= fewer.handover_minutes + 1e-9
        assert run(spaces=3).mean_wait_hours == fewer.mean_wait_hours
        assert run(spaces=0).held == fewer.p_wait


@given(st.integers(2, 60), st.floats(0.05, 0.98), st.integers(2, 6), st.floats(0.1, 2), st.floats(0.1, 2))
def test_the_formula_grows_with_load_and_variability_and_falls_with_pooling(beds, full, units, cv, more):
    def at(share, gap_cv=cv):
        return Parameters(
            arrivals=beds * share / 4, stay=4, beds=beds, units=min(units, beds), arrival_cv=gap_cv
        )

    found = flow.formula(at(full))
    assert flow.formula(at(full * 1.01)).p_wait >= found.p_wait
    assert flow.formula(at(full * 1.01)).mean_wait_hours >= found.mean_wait_hours
    assert flow.formula(at(full, cv + 0.1 * more)).mean_wait_hours >= found.mean_wait_hours
    split = flow.formula(at(full), split=True)
    assert split.p_wait >= found.p_wait
    assert split.mean_wait_hours >= found.mean_wait_hours
    assert 0 <= found.held <= found.p_wait <= 1


def test_purposes_have_streams_of_their_own():
    base = simulate(Parameters(days=90, runs=1), seed=1)
    arrivals = [day.arrivals for day in base.days]
    for change in (
        {"stay_cv": 0.2},
        {"beds": 40},
        {"units": 5},
        {"discharge_hour": 15, "weekend_service": 0.0},
    ):
        other = simulate(Parameters(days=90, runs=1, **change), seed=1)
        assert [day.arrivals for day in other.days] == arrivals
    assert simulate(Parameters(days=90, runs=1, units=5), seed=1).pooled == base.pooled
    more = simulate(Parameters(days=90, runs=2), seed=1)
    assert more.days == base.days
    assert more.pooled.run_waits_hours[0] == base.pooled.run_waits_hours[0] != more.pooled.run_waits_hours[1]


def test_the_same_seed_repeats_and_results_are_json():
    p = Parameters(days=56, runs=1)
    assert simulate(p, seed=4) == simulate(p, seed=4)
    assert simulate(p, seed=4).pooled != simulate(p, seed=5).pooled
    assert json.loads(json.dumps(simulate(p).to_dict()))["parameters"]["beds"] == 30


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("arrivals", 0, "from 0.01 to 500"), ("arrivals", math.nan, "nan"), ("stay", math.inf, "inf"),
        ("stay", None, "None"), ("beds", 0, "from 1 to 1000"), ("beds", 3.5, "3.5"), ("beds", True, "True"),
        ("stay_cv", -0.1, "-0.1"), ("arrival_cv", "1", "'1'"), ("discharge_hour", 8, "from 9 to 23.99"),
        ("discharge_hour", False, "False"), ("weekend_service", 1.1, "from 0 to 1"), ("surge", -1, "-1"),
        ("surge_days", 1.0, "1.0"), ("daily_swing", 2, "from 0 to 1"), ("units", 31, "from 1 to 30"),
        ("ed_spaces", -1, "-1"), ("ambulance_share", 2, "from 0 to 1"), ("days", 6, "from 7"), ("runs", 0, "from 1"),
        ("peak_hour", 25, "from 0 to 24"), ("round_hour", 24, "from 0 to 23"), ("handover_minutes", -1, "-1"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named_with_its_value(name, value, message):
    with pytest.raises(ValueError, match=f"^{name} must be .*{message}"):
        Parameters(**{name: value})


def test_too_much_work_and_a_load_without_a_steady_state_are_refused():
    with pytest.raises(ValueError, match="at most 400000 patients"):
        Parameters(arrivals=500, days=3650)
    with pytest.raises(ValueError, match="load must be below beds"):
        flow.erlang_c(10, 10)
    with pytest.raises(ValueError, match="seed"):
        simulate(seed=1.5)
    with pytest.raises(ValueError, match="stay"):
        flow.little(3, math.nan)
