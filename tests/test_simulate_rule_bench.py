"""The rule bench (W09): oracles of the curriculum map and an independent count of the rules."""

import json
import math
import random
import statistics

import pytest

from improvement.simulate import rule_bench
from improvement.simulate.rule_bench import Parameters, simulate


def tolerance(share, n):
    return 4 * math.sqrt(share * (1 - share) / n)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"any": 0.15, "outside_limits": 0.056, "shift": 0.089, "trend": 0.006, "two_in_three": 0.027}),
        ({"trend_n": 6}, {"trend": 0.045}),
        ({"screen": True}, {"any": 0.18}),
    ],
    ids=["four rules", "trend of six", "screened"],
)
def test_false_alarms_at_24_points_meet_the_oracles_of_the_map(changes, expected):
    run = simulate(Parameters(reps=6000, **changes), seed=2)
    for rule, share in expected.items():
        # The oracles are themselves rounded estimates: allow half a unit of their last digit as well.
        assert run.false_alarms[rule].rate == pytest.approx(share, abs=tolerance(share, 6000) + 0.005), rule
    assert run.detections is None


def test_the_trend_rule_hardly_finds_a_drift_and_the_shift_rule_does():
    found = simulate(Parameters(change="drift", size=2, reps=4000), seed=3).detections
    assert found["trend"].rate == pytest.approx(0.011, abs=tolerance(0.011, 4000) + 0.0005)
    assert found["shift"].rate == pytest.approx(0.37, abs=tolerance(0.37, 4000) + 0.005)


def test_a_step_of_one_and_a_half_standard_deviations_is_found_two_times_in_three():
    found = simulate(Parameters(change="step", size=1.5, reps=4000), seed=3).detections
    assert found["any"].rate == pytest.approx(0.67, abs=tolerance(0.67, 4000) + 0.005)


def brute_fires(x, p):
    """The four rules from their definitions, window by window."""
    base = x[: p.baseline] if p.baseline else x
    mean = statistics.fmean(base)
    moves = [abs(base[i + 1] - base[i]) for i in range(len(base) - 1)]
    moving = statistics.fmean(moves)
    if p.screen:
        moving = statistics.fmean([move for move in moves if move < 3.267 * moving])
    sigma3 = 2.66 * moving
    z = [(v - mean) / (sigma3 / 3) for v in x]
    n = len(x)

    def any_window(size, test):
        return any(test(range(start, start + size)) for start in range(n - size + 1))

    def two_of_three(window):
        if not (all(z[i] > 0 for i in window) or all(z[i] < 0 for i in window)):
            return False
        return sum(abs(z[i]) > 2 and (p.two_sigma == "beyond" or abs(z[i]) <= 3) for i in window) >= 2

    return {
        name
        for name, fires in {
            "outside_limits": any(abs(v) > 3 for v in z),
            "shift": any_window(p.shift_n, lambda w: all(z[i] > 0 for i in w) or all(z[i] < 0 for i in w)),
            "trend": any_window(
                p.trend_n,
                lambda w: (
                    all(x[i] < x[i + 1] for i in list(w)[:-1]) or all(x[i] > x[i + 1] for i in list(w)[:-1])
                ),
            ),
            "two_in_three": any_window(3, two_of_three),
        }.items()
        if fires and name in p.rules
    }


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"n": 40, "shift_n": 8, "trend_n": 5, "two_sigma": "beyond"},
        {"n": 30, "screen": True, "two_sigma": "beyond"},
        {"n": 15, "baseline": 8, "shift_n": 5, "rules": ("shift", "outside_limits")},
        {"n": 12, "trend_n": 4, "shift_n": 4},
    ],
)
def test_the_same_rules_fire_as_in_a_window_by_window_count(changes):
    parameters = Parameters(**changes)
    rng = random.Random(8)
    seen = set()
    for _ in range(400):
        x = [rng.gauss(0, 1) + rng.choice([0, 0, 2.5]) for _ in range(parameters.n)]
        expected = brute_fires(x, parameters)
        assert rule_bench.fired(x, parameters) == expected
        seen |= expected
    assert seen == set(parameters.rules)


@pytest.mark.parametrize(
    ("changes", "shift"),
    [
        ({"change": "step", "size": -1, "change_at": 5}, lambda i: -1.0 if i >= 5 else 0.0),
        ({"change": "drift", "size": 3}, lambda i: 3 * i / 23),
        ({"change": "spike", "size": 4}, lambda i: 4.0 if i == 12 else 0.0),
        ({"change": "cycle", "size": 2, "period": 8}, lambda i: 2 * math.sin(math.tau * i / 8)),
    ],
)
def test_detection_rates_agree_with_brute_force(changes, shift):
    parameters = Parameters(reps=1500, **changes)
    rng = random.Random(21)
    hits = dict.fromkeys((*rule_bench.RULES, "any"), 0)
    for _ in range(1500):
        rules = brute_fires([rng.gauss(0, 1) + shift(i) for i in range(24)], parameters)
        for rule in rules:
            hits[rule] += 1
        hits["any"] += bool(rules)
    run = simulate(parameters, seed=5)
    for rule, count in hits.items():
        share = count / 1500
        allowed = math.sqrt(2) * tolerance(max(share, 0.005), 1500)
        assert run.detections[rule].rate == pytest.approx(share, abs=allowed), rule
    null = simulate(Parameters(reps=1), seed=5)
    moved = [a - b for a, b in zip(run.example, null.example, strict=True)]
    assert moved == pytest.approx([shift(i) for i in range(24)])


def test_more_rules_never_lower_the_false_alarm_rate():
    rates = [
        simulate(Parameters(rules=rule_bench.RULES[:count], reps=500)).false_alarms["any"].rate
        for count in range(5)
    ]
    assert rates == sorted(rates)
    assert rates[0] == 0


def test_rates_come_with_intervals_the_same_seed_repeats_and_results_are_json():
    run = simulate(Parameters(reps=200))
    assert run == simulate(Parameters(reps=200))
    assert run != simulate(Parameters(reps=200), seed=9)
    for rate in run.false_alarms.values():
        assert 0 <= rate.low <= rate.rate <= rate.high <= 1
    assert "any" in json.loads(json.dumps(run.to_dict()))["false_alarms"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", 4),
        ("rules", ("runs",)),
        ("two_sigma", "x"),
        ("baseline", 25),
        ("change_at", 24),
        ("reps", 0),
        ("size", "1"),
    ],
)
def test_a_wrong_parameter_is_named(name, value):
    with pytest.raises(ValueError, match=name):
        Parameters(**{name: value})
