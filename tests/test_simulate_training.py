"""Train 1,000 people (W21): oracles of the curriculum map, the stated recursion, and brute force person by person."""

import json
import math
import random
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.simulate import training
from improvement.simulate.training import Parameters, simulate, steady_state

hundredths = st.integers(0, 100).map(lambda n: n / 100)
plans = st.builds(
    Parameters,
    headcount=st.just(400),
    training=hundredths,
    turnover=hundredths.map(lambda rate: 0.6 * rate),
    decay=hundredths,
    coaches_per_100=hundredths.map(lambda share: 8 * share),
    protected_hours=hundredths.map(lambda share: 10 * share),
    hours_needed=st.floats(1, 10),
    span=st.integers(0, 40),
    coach_months=st.integers(0, 24),
    years=st.just(3),
)


@pytest.mark.parametrize(
    ("rates", "share"), [((0.1, 0.1, 0.25), 0.29), ((0.2, 0.1, 0.25), 0.57), ((0.2, 0.1, 0.05), 1.0)]
)
def test_the_steady_state_meets_the_oracles_of_the_map(rates, share):
    assert steady_state(*rates) == pytest.approx(share, abs=0.005)
    run = simulate(Parameters(**dict(zip(("training", "turnover", "decay"), rates, strict=True)), years=40))
    assert run.steady_share == run.without_use == pytest.approx(share, abs=0.005)
    assert run.final_share == pytest.approx(share, abs=0.03)


def test_steady_states_at_the_edges():
    assert steady_state(0, 0, 0) == 0
    assert steady_state(0.1, 0, 0) == 1
    assert steady_state(0.3, 0.2, 0.4) == pytest.approx(0.5)
    assert steady_state(2, 0.1, 0.1) == 1


def recursion(p, months):
    """Expected people trained and coaches, by month, straight from the docstring."""
    n, trained, coaches = p.headcount, 0.0, 0.0
    used = min(1, p.protected_hours / p.hours_needed)
    aim = p.coaches_per_100 * n / 100
    started, rows = [], []
    for month in range(months):
        active = used * min(trained, p.span * coaches)
        lost = p.turnover * trained + p.decay * (trained - active)
        trained = min(n, trained + (p.training * n - lost) / 12)
        staying = coaches * (1 - p.turnover / 12)
        learning = sum(started[max(0, month - p.coach_months) : month])
        started.append(max(0.0, aim - staying - learning))
        coaches = staying + (started[month - p.coach_months] if month >= p.coach_months else 0.0)
        rows.append((trained, coaches, used * min(trained, p.span * coaches)))
    return rows


@settings(max_examples=50, deadline=None)
@given(plans)
def test_expected_values_follow_the_stated_recursion(p):
    for month, (trained, coaches, active) in zip(simulate(p).months, recursion(p, 36), strict=True):
        assert month.expected_trained == pytest.approx(trained, abs=1e-6)
        assert month.expected_coaches == pytest.approx(coaches, abs=1e-6)
        assert month.expected_active == pytest.approx(active, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(plans.filter(lambda p: p.turnover > 0.05))
def test_the_long_run_is_where_the_recursion_ends(p):
    trained, coaches, active = recursion(p, 12 * 400)[-1]
    run = simulate(p)
    assert run.steady_share == pytest.approx(trained / 400, abs=1e-3)
    assert run.steady_active == pytest.approx(active / 400, abs=1e-3)
    aim = p.coaches_per_100 * 4
    assert coaches == pytest.approx(aim / (1 + p.turnover * p.coach_months / 12), rel=1e-3, abs=1e-6)
    assert run.steady_active <= run.steady_share + 1e-12
    assert run.steady_share >= run.without_use - 1e-9


def test_training_alone_finishes_nothing():
    run = simulate(Parameters(training=0.5))
    assert run.months[-1].places == 20 * 5000
    assert (run.months[-1].finished, run.steady_active, run.cost_per_project) == (0, 0, None)
    supported = simulate(Parameters(coaches_per_100=2, protected_hours=6))
    assert supported.months[-1].finished > 0
    assert supported.steady_share > supported.without_use


def test_coaches_are_the_long_lead_item():
    run = simulate(Parameters(coaches_per_100=2, protected_hours=6, coach_months=18))
    assert all(month.active == 0 for month in run.months[:18])
    assert run.first_coaches == 19
    assert run.months[18].active > 0
    assert simulate().first_coaches is None


def brute(p, months, rng):
    """Trained people after so many months, and projects finished, one person at a time; coaches do not leave."""
    used = min(1, p.protected_hours / p.hours_needed)
    trained, finished, places = 0, 0.0, 0
    coaches = 0
    for month in range(months):
        active = used * min(trained, p.span * coaches)
        idle = 1 - active / trained if trained else 0
        finished += active * p.hours_needed / p.project_hours
        kept = 0
        for _ in range(trained):
            chance = rng.random()
            kept += chance >= (p.turnover + p.decay * idle) / 12
        due = int(p.training * p.headcount * (month + 1) / 12 + 1e-9)
        trained = min(p.headcount, kept + due - places)
        places = due
        if month >= p.coach_months:
            coaches = round(p.coaches_per_100 * p.headcount / 100)
    return trained, finished, places


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"training": 0.4, "turnover": 0.3, "decay": 0.6},
        {"turnover": 0, "decay": 0.5, "coaches_per_100": 1, "protected_hours": 3, "coach_months": 6},
    ],
)
def test_simulated_people_agree_with_brute_force(changes):
    p = Parameters(headcount=600, years=5, **changes)
    rng = random.Random(2)
    brutes = [brute(p, 60, rng) for _ in range(120)]
    runs = [simulate(p, seed=seed) for seed in range(120)]
    for wanted, found in (
        ([b[0] for b in brutes], [run.months[-1].trained for run in runs]),
        ([b[1] for b in brutes], [run.months[-1].finished for run in runs]),
    ):
        error = statistics.stdev(wanted) * math.sqrt(2 / 120)
        assert statistics.fmean(found) == pytest.approx(statistics.fmean(wanted), abs=4 * error + 1e-9)
    assert runs[0].months[-1].places == brutes[0][2]
    assert statistics.fmean(run.months[-1].trained for run in runs) == pytest.approx(
        runs[0].months[-1].expected_trained, rel=0.02
    )


def test_simulated_coaches_leave_and_are_replaced():
    p = Parameters(headcount=5000, coaches_per_100=4, turnover=0.4, coach_months=9, years=10)
    ends = [simulate(p, seed=seed).months[-1].coaches for seed in range(60)]
    # 200 aimed for; with 30% a 9-month course leaving in the meantime, 200 / 1.3 can coach.
    assert statistics.fmean(ends) == pytest.approx(200 / 1.3, abs=4 * 7 / math.sqrt(60))


def test_costs_by_hand():
    p = Parameters(
        headcount=1200,
        training=0.1,
        turnover=0,
        decay=0,
        coaches_per_100=1,
        protected_hours=2,
        coach_months=0,
        years=2,
        place_cost=100,
        coach_cost=50_000,
        hour_cost=20,
    )
    run = simulate(p)
    assert run.places_cost == pytest.approx(120 * 100)
    assert run.coaches_cost == pytest.approx(12 * 50_000)
    # Ten more are trained each month and nobody is lost: 130, 140, ... 240 people in the second year.
    hours = sum(range(130, 250, 10)) * 2
    assert run.hours_cost == pytest.approx(hours * 20)
    # 12 coaches are enough for all; a third of the trained use it (2 of 6 hours) from the month after their training.
    finished = sum(range(0, 240, 10)) / 3 * 6 / 400
    assert run.months[-1].finished == pytest.approx(finished)
    spent = 240 * 100 + 2 * 12 * 50_000 + sum(range(10, 250, 10)) * 2 * 20
    assert run.cost_per_project == pytest.approx(spent / finished)


@settings(max_examples=30, deadline=None)
@given(plans, st.integers(0, 50))
def test_people_are_never_more_than_there_are(p, seed):
    for month in simulate(p, seed=seed).months:
        assert 0 <= month.active <= month.trained <= 400
        assert month.expected_active <= month.expected_trained + 1e-9 <= 400 + 1e-6


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=2) == simulate(seed=2)
    assert simulate(seed=2).final_share != simulate(seed=3).final_share
    assert len(json.loads(json.dumps(simulate().to_dict()))["months"]) == 240


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("headcount", 5),
        ("training", -0.1),
        ("turnover", 3),
        ("decay", "fast"),
        ("hours_needed", 0),
        ("coach_months", 1.5),
        ("years", 41),
    ],
)
def test_a_wrong_parameter_is_named_with_its_value(name, value):
    with pytest.raises(ValueError, match=f"{name} must be .*{value}"):
        Parameters(**{name: value})
    with pytest.raises(ValueError, match="decay must be"):
        training.steady_state(0.1, 0.1, 5)
