"""The PDSA ramp (W34): oracles of the curriculum map, closed forms and brute force."""

import json
import math
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement.simulate import pdsa
from improvement.simulate.pdsa import Parameters, simulate, steps


@pytest.mark.parametrize(("n", "chance"), [(1, 0.10), (5, 0.41), (10, 0.65), (25, 0.93)])
def test_the_chance_of_seeing_a_one_in_ten_flaw_meets_the_oracles_of_the_map(n, chance):
    assert pdsa.chance_seen(0.1, n) == pytest.approx(chance, abs=0.005)
    run = simulate(Parameters(sizes=(n,), replicates=4000), seed=1)
    assert run.share_seen == pytest.approx(chance, abs=4 * math.sqrt(chance * (1 - chance) / 4000) + 0.005)


def brute(p, n, rng):
    harmed, exposed, seen, flawed_at_end = [], [], 0, 0
    for _ in range(n):
        flaw, hurt, met, noticed, completed = True, 0, 0, False, True
        last = True
        for number, size in enumerate(p.sizes):
            last = flaw
            rate = min(1, p.flaw_rate * (1 + p.flaw_growth) ** math.log10(size))
            now = sum(rng.random() < rate for _ in range(size)) if flaw else 0
            hurt += now
            met += size * flaw
            if now >= p.stop_at:
                noticed = True
                if p.response == "stop":
                    completed = number == len(p.sizes) - 1
                    break
                if p.response == "adapt" and rng.random() < p.fix_chance:
                    flaw = False
        harmed.append(hurt)
        exposed.append(met)
        seen += noticed
        flawed_at_end += completed and last
    return harmed, exposed, seen / n, flawed_at_end / n


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"response": "stop", "flaw_rate": 0.05, "sizes": (3, 10, 40)},
        {"response": "carry_on", "sizes": (2, 20), "stop_at": 2, "flaw_rate": 0.2},
        {"stop_at": 3, "sizes": (5, 15, 60), "fix_chance": 0.4, "flaw_growth": 0.8, "flaw_rate": 0.06},
    ],
)
def test_ramps_agree_with_brute_force(changes):
    p = Parameters(replicates=2500, **changes)
    run = simulate(p, seed=6)
    harmed, exposed, seen, still = brute(p, 2500, random.Random(9))
    for simulated, exact, values in (
        (run.mean_harmed, run.expected_harmed, harmed),
        (run.mean_exposed, run.expected_exposed, exposed),
    ):
        error = statistics.stdev(values) / math.sqrt(2500)
        assert exact == pytest.approx(statistics.fmean(values), abs=4 * error)
        assert simulated == pytest.approx(statistics.fmean(values), abs=4 * math.sqrt(2) * error)
    for simulated, exact, share in (
        (run.share_seen, run.chance_seen, seen),
        (run.share_still_flawed, run.chance_still_flawed, still),
    ):
        error = math.sqrt(max(share * (1 - share), 0.001) / 2500)
        assert exact == pytest.approx(share, abs=4 * error)
        assert simulated == pytest.approx(share, abs=4 * math.sqrt(2) * error)
    over = sum(total > p.safety_limit for total in harmed) / 2500
    assert run.share_over_limit == pytest.approx(over, abs=4 * math.sqrt(0.5 / 2500))


def test_a_ramp_harms_fewer_than_the_same_number_tested_all_at_once():
    ramp = Parameters()
    once = pdsa.all_at_once(ramp)
    assert once.sizes == (156,)
    assert simulate(once).expected_harmed == pytest.approx(15.6)
    assert simulate(ramp).expected_harmed < 6
    first = [steps(Parameters(sizes=(size, 25)))[0].harmed for size in (1, 10, 100)]
    assert first == pytest.approx([0.1, 1, 10])


def test_the_steps_follow_the_stated_equations_by_hand():
    one, two = steps(
        Parameters(sizes=(1, 10), flaw_rate=0.2, fix_chance=0.5, shrinkage=0.25, flaw_growth=0.5)
    )
    assert one.chance_seen == pytest.approx(0.2)
    assert two.flaw_rate == pytest.approx(0.3)
    assert two.chance_flawed == pytest.approx(0.9)
    assert two.harmed == pytest.approx(0.9 * 10 * 0.3)
    assert two.seen_by_now == pytest.approx(1 - 0.8 * 0.7**10)
    assert two.success_repaired == pytest.approx(0.6 + 0.15)
    assert two.success == pytest.approx(0.7 * 0.75)
    assert one.success == pytest.approx(0.8 * 0.8)


@given(st.floats(0, 1), st.integers(1, 300), st.integers(1, 10))
def test_larger_tests_and_looser_rules_change_the_chance_the_right_way(rate, n, stop_at):
    chance = pdsa.chance_seen(rate, n, stop_at=stop_at)
    assert 0 <= chance <= 1
    assert pdsa.chance_seen(rate, n + 1, stop_at=stop_at) >= chance - 1e-12
    assert pdsa.chance_seen(rate, n, stop_at=stop_at + 1) <= chance + 1e-12


def test_the_run_shown_is_consistent_and_stops_when_its_rule_says_so():
    for seed in range(30):
        run = simulate(Parameters(response="stop", replicates=1), seed=seed)
        assert all(not cycle.seen for cycle in run.cycles[:-1])
        assert run.cycles[-1].seen or len(run.cycles) == 4
        for cycle in run.cycles:
            assert cycle.seen == (cycle.harmed >= 1)
            assert cycle.successes + cycle.harmed <= cycle.size
            inside = cycle.predicted_low <= cycle.successes <= cycle.predicted_high
            assert cycle.surprise == (not inside)


def test_a_true_prediction_rarely_surprises_and_a_wild_one_usually_does():
    def surprises(predicted):
        return statistics.fmean(
            simulate(
                Parameters(flaw_rate=0, shrinkage=0, sizes=(60,), predicted=predicted, replicates=1),
                seed=seed,
            )
            .cycles[0]
            .surprise
            for seed in range(400)
        )

    assert surprises(0.8) < 0.09
    assert surprises(0.5) > 0.95


def test_success_shrinks_at_scale_and_its_interval_holds():
    scale = pdsa.at_scale(Parameters(effect=0.3, shrinkage=0.2), people=1000, pilot=10)
    assert scale.effect == pytest.approx(0.3 * 0.8**3)
    assert scale.kept == pytest.approx(0.64)
    rng = random.Random(5)
    inside = [
        scale.low <= sum(rng.random() < scale.success for _ in range(1000)) / 1000 <= scale.high
        for _ in range(400)
    ]
    assert 0.92 <= statistics.fmean(inside) <= 0.985


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=2) == simulate(seed=2)
    assert simulate(seed=2) != simulate(seed=3)
    assert len(json.loads(json.dumps(simulate().to_dict()))["steps"]) == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [("flaw_rate", 1.5), ("sizes", (0,)), ("sizes", ()), ("stop_at", 0), ("response", "x"), ("effect", 0.5)],
)
def test_a_wrong_parameter_is_named(name, value):
    with pytest.raises(ValueError, match=f"{name}.* must "):
        Parameters(**{name: value})
