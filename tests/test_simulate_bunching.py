"""Threshold bunching (W15): directions named in the curriculum map, closed forms and brute force."""

import json
import math
import random
import statistics

import pytest

from improvement.simulate import bunching
from improvement.simulate.bunching import Parameters, simulate


def brute(p, n, rng):
    scale = math.sqrt(math.log(1 + (p.sd / p.mean) ** 2))
    stays = [rng.lognormvariate(math.log(p.mean) - scale**2 / 2, scale) for _ in range(n)]
    after, borrowed = [], 0.0
    for stay in stays:
        if p.target < stay <= p.target + p.window and rng.random() < p.pressure:
            new = rng.uniform(p.target - p.rush, p.target)
            borrowed += stay - new
            after.append(new)
        else:
            after.append(stay)
    late = [i for i, stay in enumerate(after) if stay > p.target]
    for i in late:
        after[i] += p.payback * borrowed / len(late)
    return stays, after


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"pressure": 1.0, "window": 120, "rush": 25, "payback": 1.4},
        {"mean": 150, "sd": 140, "target": 180, "pressure": 0.3, "payback": 0.5, "window": 30},
        {"mean": 400, "sd": 90, "target": 365, "pressure": 0.8, "payback": 2, "rush": 5},
    ],
)
def test_simulation_closed_form_and_brute_force_agree(changes):
    p = Parameters(patients=20_000, **changes)
    run = simulate(p, seed=3)
    n = 40_000
    natural, pressed = brute(p, n, random.Random(8))
    met = sum(stay <= p.target for stay in pressed) / n
    allowed = 4 * math.sqrt(met * (1 - met) * (1 / n + 1 / 20_000))
    assert run.pressed.met == pytest.approx(met, abs=allowed)
    assert run.exact.met == pytest.approx(met, abs=allowed)
    assert run.without.met == pytest.approx(run.exact.met_without, abs=allowed + 0.005)
    spread = statistics.stdev(pressed) * math.sqrt(1 / n + 1 / 20_000)
    assert run.pressed.mean == pytest.approx(statistics.fmean(pressed), abs=4 * spread)
    assert run.exact.mean == pytest.approx(statistics.fmean(pressed), abs=4 * spread)
    assert run.pressed.p95 == pytest.approx(sorted(pressed)[int(0.95 * n)], rel=0.03)
    extra = sum(p.target - p.rush <= stay <= p.target for stay in pressed) - sum(
        p.target - p.rush <= stay <= p.target for stay in natural
    )
    assert run.exact.bunched == pytest.approx(extra / n, abs=4 * math.sqrt(extra) / n)
    assert run.pressed.rushed / 20_000 == pytest.approx(extra / n, abs=allowed)
    over = statistics.fmean(max(0, stay - p.target) for stay in pressed)
    assert run.pressed.harm == pytest.approx(100 * (extra / n + over / 60), rel=0.06)


def test_pressure_raises_the_share_meeting_and_never_improves_the_mean():
    runs = [simulate(Parameters(pressure=pressure / 5), seed=2) for pressure in range(6)]
    shares = [run.pressed.met for run in runs]
    assert shares == sorted(shares)
    assert shares[-1] > shares[0] + 0.05
    for run in runs:
        assert run.pressed.mean == pytest.approx(run.without.mean, rel=1e-9)
        assert run.pressed.longest >= run.without.longest
    worse = simulate(Parameters(payback=1.5), seed=2)
    assert worse.pressed.mean > worse.without.mean
    assert simulate(Parameters(pressure=0.0)).pressed == simulate(Parameters(pressure=0.0)).without


@pytest.mark.parametrize(("target", "pressure"), [(240, 0.6), (300, 0.9), (180, 0.4)])
def test_the_spike_is_found_in_the_bin_before_the_target_with_its_mass(target, pressure):
    errors = []
    for seed in range(8):
        run = simulate(Parameters(target=target, pressure=pressure, patients=20_000), seed=seed)
        assert (run.found.low, run.found.high) == (target - 10, target)
        errors.append(run.found.excess / run.exact.bunched - 1)
    assert statistics.fmean(errors) == pytest.approx(0, abs=0.06)


def test_a_spike_worked_by_hand():
    # Bins are closed on the right, so a stay of exactly 40 minutes belongs to the bin that ends there.
    values = [10] * 10 + [15] * 12 + [30] * 14 + [40] * 40 + [45] * 18
    found = bunching.find_bunching(values, 40, 10)
    assert (found.low, found.high) == (30, 40)
    assert found.observed == 40 / 94
    assert found.expected == pytest.approx(16 / 94)  # 10, 12, 14 go on to 16
    assert found.excess == pytest.approx(24 / 94)


def test_the_histogram_counts_everybody_and_the_target_is_an_edge():
    for changes in ({}, {"target": 243, "bin_width": 7}):
        run = simulate(Parameters(**changes))
        assert run.parameters.target in run.edges
        assert sum(run.bars) == sum(run.bars_without) == 6000
        upto = run.edges.index(run.parameters.target)
        assert sum(run.bars[:upto]) == sum(stay <= run.parameters.target for stay in run.stays)


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=2) == simulate(seed=2)
    assert simulate(seed=2).stays != simulate(seed=3).stays
    again = json.loads(json.dumps(simulate().to_dict()))
    assert "stays" not in again
    assert again["found"]["high"] == 240


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mean", 0),
        ("pressure", 1.2),
        ("rush", 241),
        ("payback", -1),
        ("bin_width", 0),
        ("patients", 0),
        ("sd", "x"),
    ],
)
def test_a_wrong_parameter_is_named(name, value):
    with pytest.raises(ValueError, match=name):
        Parameters(**{name: value})
    with pytest.raises(ValueError, match="no values"):
        bunching.find_bunching([], 240, 10)
