"""Work as imagined, disclosed and done (W29): oracles of the curriculum map and brute force."""

import json
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement.simulate import work_done
from improvement.simulate.work_done import METHODS, Parameters, simulate


@pytest.mark.parametrize(("safety", "disclosed"), [(0.05, 0.98), (0.5, 0.80), (1.0, 0.60)])
def test_self_reports_of_sixty_percent_meet_the_oracles_of_the_map(safety, disclosed):
    run = simulate(Parameters(true_rate=0.6, safety=safety, cases=20_000))
    assert work_done.disclosed_rate(0.6, safety) == pytest.approx(disclosed)
    assert run.bars[1].rate == pytest.approx(disclosed)
    shown = run.audits[0]
    assert shown.method == "self_report"
    assert shown.disclosed == pytest.approx(disclosed, abs=4 * math.sqrt(0.25 / 20_000))
    assert run.bars[2].rate == 0.6


def test_every_way_of_looking_agrees_with_brute_force():
    p = Parameters(
        true_rate=0.45,
        safety=0.35,
        honest_records=0.6,
        best_behaviour=0.8,
        surprise_effect=0.25,
        works=0.9,
        workarounds=0.7,
        workaround_works=0.6,
        cases=20_000,
    )
    run = simulate(p, seed=4)
    rng = random.Random(1)
    n, done, met = 40_000, 0, 0
    shown = dict.fromkeys(METHODS, 0)
    for _ in range(n):
        followed = rng.random() < 0.45
        done += followed
        if followed:
            met += rng.random() < 0.9
            for method in METHODS:
                shown[method] += 1
            continue
        if rng.random() < 0.7:
            met += rng.random() < 0.6
        shown["self_report"] += rng.random() > 0.35
        shown["records"] += rng.random() > 0.6
        shown["announced"] += rng.random() < 0.8
        shown["unannounced"] += rng.random() < 0.25
    near = 4 * math.sqrt(0.25 * (1 / n + 1 / 20_000))
    assert run.done == pytest.approx(done / n, abs=near)
    assert run.met == pytest.approx(met / n, abs=near)
    assert run.capability == pytest.approx(met / n, abs=near)
    for audit in run.audits:
        assert audit.disclosed == pytest.approx(shown[audit.method] / n, abs=near)
        assert audit.exact == pytest.approx(shown[audit.method] / n, abs=near)
        assert audit.low <= audit.disclosed <= audit.high


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(METHODS))
def test_disclosed_work_lies_between_work_done_and_a_perfect_score(true_rate, visible, method):
    p = Parameters(
        true_rate=true_rate,
        method=method,
        safety=visible,
        honest_records=visible,
        best_behaviour=1 - visible,
        surprise_effect=1 - visible,
        cases=1,
    )
    bar = simulate(p).bars[1]
    assert true_rate - 1e-12 <= bar.rate <= 1 + 1e-12
    assert bar.rate == pytest.approx(1 - (1 - true_rate) * visible)


def test_each_bar_triggers_its_own_decision():
    run = simulate(Parameters(true_rate=0.6, safety=0.02, works=0.97, aim=0.95, redesign_below=0.7))
    assert [(bar.name, bar.decision) for bar in run.bars] == [
        ("imagined", "keep watching"),
        ("disclosed", "keep watching"),
        ("done", "redesign"),
    ]
    assert [bar.implied_capability for bar in run.bars] == pytest.approx([0.97, 0.97 * 0.992, 0.582])
    assert run.capability == pytest.approx(0.6 * 0.97 + 0.4 * 0.5 * 0.8)
    assert run.right_decision == "improve"


def test_announced_visits_flatter_more_than_unannounced_ones():
    run = simulate(Parameters())
    exact = {audit.method: audit.exact for audit in run.audits}
    assert exact["announced"] > exact["unannounced"] > 0.6


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=2) == simulate(seed=2)
    assert simulate(Parameters(cases=1000), seed=2) != simulate(Parameters(cases=1000), seed=3)
    assert len(json.loads(json.dumps(simulate().to_dict()))["bars"]) == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [("true_rate", 1.1), ("safety", -1), ("method", "guess"), ("redesign_below", 0.99), ("cases", 0)],
)
def test_a_wrong_parameter_is_named(name, value):
    with pytest.raises(ValueError, match=f"{name} must be .*{value}"):
        Parameters(**{name: value})
    with pytest.raises(ValueError, match="visible"):
        work_done.disclosed_rate(0.5, 2)
