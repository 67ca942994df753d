"""The reporting iceberg (W18): oracles of the curriculum map, the rival reading, and brute force."""

import json
import math
import random
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.simulate import reporting
from improvement.simulate.reporting import READINGS, Parameters, simulate

hundredths = st.integers(0, 100).map(lambda n: n / 100)
worlds = st.builds(
    Parameters,
    events=st.floats(1, 200),
    safety=st.floats(0.01, 1),
    reaction=st.sampled_from(reporting.REACTIONS),
    months=st.integers(4, 30),
    support_target=st.floats(0.01, 1),
    ignore_target=st.floats(0.01, 1),
    blame_target=st.floats(0.001, 1),
    speed=st.floats(0, 1),
    fix=st.floats(0, 1),
    least=st.just(0.5),
    drift=st.floats(-2, 2),
    severe=hundredths,
    review=hundredths,
    window=st.integers(1, 3),
)


@pytest.mark.parametrize(("events", "safety", "seen"), [(100, 0.1, 10), (90, 0.3, 27), (70, 0.6, 42)])
def test_reports_meet_the_oracles_of_the_map(events, safety, seen):
    assert reporting.reports(events, safety) == pytest.approx(seen)
    first = simulate(Parameters(events=events, safety=safety, least=0)).months[0]
    assert (first.visible, first.hidden) == (pytest.approx(seen), pytest.approx(events - seen))


def test_a_safer_team_reports_more_while_fewer_are_harmed():
    run = simulate()
    assert run.board_sees == "reports up, true events down"
    assert run.reports_change > 1
    assert run.events_change < -0.1
    assert run.harm < simulate(Parameters(reaction="blame")).harm


def test_the_same_rise_can_come_from_more_harm():
    worse = simulate(Parameters(reaction="ignore", ignore_target=0.1, drift=5))
    assert worse.board_sees == "reports up, true events up"
    assert worse.reports_change == pytest.approx(worse.events_change)


def test_blame_makes_the_reports_fall_and_the_harm_stay():
    run = simulate(Parameters(safety=0.5, reaction="blame"))
    assert run.board_sees == "reports down, true events level"
    # Twenty-three steps of 5% towards 0.02.
    assert run.months[-1].safety == pytest.approx(0.02 + 0.48 * 0.95**23)


@settings(deadline=None)
@given(worlds)
def test_months_follow_the_stated_equations(p):
    run = simulate(p)
    events, safety, severe = p.events, p.safety, 0.0
    target = {"support": p.support_target, "ignore": p.ignore_target, "blame": p.blame_target}[p.reaction]
    for number, month in enumerate(run.months):
        assert month.month == number
        assert month.events == pytest.approx(events)
        assert month.safety == pytest.approx(safety)
        assert month.visible == pytest.approx(events * safety)
        assert month.visible + month.hidden == pytest.approx(events)
        assert month.severe == pytest.approx(p.severe * events)
        assert 0 <= month.simulated_reports <= month.simulated_events
        severe += p.severe * events
        fewer = p.fix * safety * (events - p.least) if p.reaction == "support" else 0
        events = max(p.least, events + p.drift - fewer)
        safety += p.speed * (target - safety)
    assert run.harm == pytest.approx(severe, abs=1e-9)


@settings(deadline=None)
@given(worlds)
def test_both_readings_are_always_shown_and_fit_the_same_reports(p):
    run = simulate(p)
    assert tuple(reading.name for reading in run.readings) == READINGS
    changed, harmed = run.readings
    assert set(changed.events) == {p.events}
    assert set(harmed.safety) == {p.safety}
    for reading in run.readings:
        for month, chance, events in zip(run.months, reading.safety, reading.events, strict=True):
            assert chance * events == pytest.approx(month.visible)
        assert reading.events_change == pytest.approx(reading.events[-1] / reading.events[0] - 1)
        most = max(reading.safety)
        assert reading.possible or most > 1
        assert not reading.possible or most <= 1 + 1e-9


def poisson(k, mean):
    return math.exp(k * math.log(mean) - mean - math.lgamma(k + 1))


@pytest.mark.parametrize(
    "changes",
    [
        {"events": 20, "review": 0.1, "least": 5},
        {"events": 30, "safety": 0.4, "reaction": "blame", "review": 0.15, "window": 2},
        {"events": 8, "least": 2, "severe": 0.3, "months": 6, "window": 5},
    ],
)
def test_the_chance_that_a_count_points_to_the_right_story_agrees_with_likelihoods(changes):
    p = Parameters(**changes)
    run = simulate(p)
    for evidence, share in zip(run.evidence, (p.review, p.severe), strict=True):
        first, second = (share * sum(reading.events[-p.window :]) for reading in run.readings)
        assert (evidence.if_reporting, evidence.if_harm) == (pytest.approx(first), pytest.approx(second))
        assert evidence.expected == pytest.approx(share * sum(m.events for m in run.months[-p.window :]))
        right = [0.0, 0.0]
        for count in range(400):
            one, two = poisson(count, first), poisson(count, second)
            right[0] += one if one > two else 0
            right[1] += two if two > one else 0
        assert evidence.right_if_reporting == pytest.approx(right[0])
        assert evidence.right_if_harm == pytest.approx(right[1])
        likelier = poisson(evidence.count, second) > poisson(evidence.count, first)
        assert evidence.favours == READINGS[likelier]


def test_a_better_review_separates_the_stories_better():
    chances = [simulate(Parameters(events=15, least=5, review=r / 10)).evidence[0] for r in range(1, 10, 2)]
    for field in ("right_if_reporting", "right_if_harm"):
        values = [getattr(chance, field) for chance in chances]
        assert values[-1] > values[0]
    assert simulate(Parameters(review=0)).evidence[0].right_if_harm is None


def test_where_nothing_changed_no_count_separates_the_stories():
    run = simulate(Parameters(reaction="ignore"))
    for evidence in run.evidence:
        assert evidence.if_reporting == pytest.approx(evidence.if_harm)
        assert (evidence.right_if_reporting, evidence.favours) == (None, None)


def test_a_count_of_one_rules_out_a_story_without_events():
    # Events end after ten months. If reporting had changed instead, 3 months of 100 events would go on.
    p = Parameters(reaction="ignore", drift=-10, least=0, review=0.01, months=20)
    evidence = simulate(p).evidence[0]
    assert (evidence.if_reporting, evidence.if_harm) == (pytest.approx(3), 0)
    assert evidence.right_if_reporting == pytest.approx(1 - math.exp(-3))
    assert evidence.right_if_harm == 1
    assert evidence.favours == "harm changed"


def test_the_board_sees_small_changes_and_no_change():
    slight = Parameters(reaction="ignore", drift=1)
    assert simulate(slight).board_sees == "reports up, true events up"
    assert simulate(Parameters(reaction="ignore")).board_sees == "reports level, true events level"


def test_simulated_counts_scatter_around_their_means():
    p = Parameters(events=60, safety=0.3, months=8)
    rng = random.Random(4)
    runs = [simulate(p, seed=seed) for seed in range(300)]
    for number, month in enumerate(runs[0].months):
        happened = [run.months[number].simulated_events for run in runs]
        said = [run.months[number].simulated_reports for run in runs]
        assert statistics.fmean(happened) == pytest.approx(
            month.events, abs=4 * math.sqrt(month.events / 300)
        )
        assert statistics.fmean(said) == pytest.approx(month.visible, abs=4 * math.sqrt(month.visible / 300))
    counts = [run.evidence[0].count for run in runs]
    mean = runs[0].evidence[0].expected
    brute = [sum(rng.random() < mean / 500 for _ in range(500)) for _ in range(300)]
    assert statistics.fmean(counts) == pytest.approx(
        statistics.fmean(brute), abs=4 * math.sqrt(2 * mean / 300)
    )
    for run in runs:  # a review finds only events that happened
        assert run.evidence[0].count <= sum(month.simulated_events for month in run.months[-3:])


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=2) == simulate(seed=2)
    assert simulate(seed=2).months != simulate(seed=3).months
    assert len(json.loads(json.dumps(simulate().to_dict()))["readings"]) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("events", 0),
        ("safety", 0),
        ("reaction", "shrug"),
        ("least", 101),
        ("window", 24),
        ("drift", 200),
        ("review", 2),
    ],
)
def test_a_wrong_parameter_is_named_with_its_value(name, value):
    with pytest.raises(ValueError, match=f"{name} must be .*{value}"):
        Parameters(**{name: value})
    with pytest.raises(ValueError, match="safety must be"):
        reporting.reports(10, 1.5)
