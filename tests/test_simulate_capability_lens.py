"""The capability lens (W12): oracles of the curriculum map, and each shape against its textbook definition."""

import json
import math
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement.simulate import capability_lens
from improvement.simulate.capability_lens import Parameters, exact, simulate


@pytest.mark.parametrize(
    ("mean", "sd", "share", "cpu", "assurance"),
    [
        (75, 20, 0.2266, -0.25, "hit_and_miss"),
        (60, 15, 0.5, 0.0, "hit_and_miss"),
        (40, 8, 0.9938, 0.8333, "hit_and_miss"),
        (75, 4, 0.0001, -1.25, "reliably_misses"),
        (40, 6, 0.9996, 1.1111, "reliably_meets"),
    ],
)
def test_processes_against_a_need_of_sixty_meet_the_oracles_of_the_map(mean, sd, share, cpu, assurance):
    truth = exact(Parameters(mean=mean, sd=sd))
    assert truth.share == pytest.approx(share, abs=5e-5)
    assert truth.cpu == pytest.approx(cpu, abs=5e-5)
    assert truth.cpl is None
    assert truth.assurance == assurance
    run = simulate(Parameters(mean=mean, sd=sd, draws=20_000), seed=1)
    allowed = 4 * math.sqrt(share * (1 - share) / 20_000) + 1e-4
    assert run.simulated_share == pytest.approx(share, abs=allowed)


def brute_draw(shape, mean, sd, rng):
    if shape == "normal":
        return rng.gauss(mean, sd)
    if shape == "lognormal":
        scale = math.sqrt(math.log(1 + sd * sd / mean**2))
        return rng.lognormvariate(math.log(mean) - scale**2 / 2, scale)
    if shape == "long_tail":
        return mean - sd + rng.expovariate(1 / sd)
    return rng.gauss(mean + rng.choice([-0.9, 0.9]) * sd, math.sqrt(1 - 0.81) * sd)


@pytest.mark.parametrize("shape", capability_lens.SHAPES)
@pytest.mark.parametrize(
    ("mean", "sd", "lower", "upper"), [(50, 10, 42, 71), (8, 5, None, 6), (90, 30, 70, None)]
)
def test_shapes_agree_with_brute_force(shape, mean, sd, lower, upper):
    parameters = Parameters(
        mean=mean, sd=sd, shape=shape, lower=lower, upper=upper, draws=20_000, points=2000
    )
    run = simulate(parameters, seed=5)
    rng = random.Random(3)
    values = [brute_draw(shape, mean, sd, rng) for _ in range(20_000)]
    low, high = (-math.inf if lower is None else lower), (math.inf if upper is None else upper)
    share = sum(low <= v <= high for v in values) / 20_000
    allowed = 4 * math.sqrt(share * (1 - share) / 20_000)
    assert run.truth.share == pytest.approx(share, abs=allowed)
    assert run.simulated_share == pytest.approx(share, abs=math.sqrt(2) * allowed)
    assert statistics.fmean(run.sample) == pytest.approx(mean, abs=4 * sd / math.sqrt(2000))
    assert statistics.stdev(run.sample) == pytest.approx(sd, rel=0.2)
    tails = sorted(values)
    assert run.truth.central[0] == pytest.approx(tails[27], abs=0.6 * sd)
    assert run.truth.central[1] == pytest.approx(tails[-28], abs=1.6 * sd)
    for bar, count in zip(run.histogram, brute_histogram(values, mean, sd), strict=True):
        assert bar.exact == pytest.approx(count / 20_000, abs=4 * math.sqrt(bar.exact / 20_000) + 2e-4)


def brute_histogram(values, mean, sd):
    counts = [0] * 40
    for value in values:
        step = int((value - (mean - 4 * sd)) // (sd / 4))
        counts[min(max(step, 0), 39)] += 1
    return counts


def test_the_histogram_holds_every_draw():
    run = simulate(Parameters(shape="lognormal", draws=3000))
    assert sum(bar.count for bar in run.histogram) == 3000
    assert sum(bar.exact for bar in run.histogram) == pytest.approx(1)
    assert run.simulated_share == pytest.approx(run.truth.share, abs=4 * math.sqrt(0.25 / 3000))


def test_a_skewed_process_is_misjudged_by_somebody_who_takes_it_for_normal():
    truth = exact(Parameters(mean=40, sd=30, shape="long_tail", upper=100))
    assert truth.share == pytest.approx(1 - math.exp(-(100 - 10) / 30))
    assert truth.normal_share == pytest.approx(0.97725, abs=1e-5)
    assert truth.central[0] > 10 > truth.natural_limits[0]
    assert truth.central[1] > truth.natural_limits[1]


@given(st.floats(-100, 100), st.floats(0.1, 50), st.floats(-80, 80), st.floats(0.5, 100))
def test_a_two_sided_need_takes_the_nearer_limit(mean, sd, lower, width):
    truth = exact(Parameters(mean=mean, sd=sd, lower=lower, upper=lower + width))
    assert truth.cpk == min(truth.cpu, truth.cpl)
    outside = statistics.NormalDist().cdf(-3 * truth.cpu) + statistics.NormalDist().cdf(-3 * truth.cpl)
    assert truth.share == pytest.approx(1 - outside, abs=1e-9)


def test_less_spread_off_target_stays_incapable():
    shares = [exact(Parameters(mean=75, sd=sd)).share for sd in (20, 12, 6, 2)]
    assert shares == sorted(shares, reverse=True)
    assert not any(exact(Parameters(mean=75, sd=sd)).capable for sd in (20, 12, 6, 2))


def test_the_sample_is_judged_as_data_and_an_unstable_one_gets_no_verdict():
    calm = simulate(Parameters(mean=40, sd=8, points=400), seed=3)
    assert calm.judged.observed == sum(value <= 60 for value in calm.sample) / 400
    assert calm.truth.stable
    moved = simulate(Parameters(mean=40, sd=8, points=60, shift=3), seed=3)
    assert not moved.truth.stable
    assert moved.judged.predictable is False
    assert moved.judged.refused
    still = simulate(Parameters(mean=40, sd=8, points=60), seed=3)
    steps = [after - before for after, before in zip(moved.sample, still.sample, strict=True)]
    assert steps == pytest.approx([0.0] * 30 + [24.0] * 30)


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=2).sample == simulate(seed=2).sample
    assert simulate(seed=2).sample != simulate(seed=3).sample
    assert json.loads(json.dumps(simulate().to_dict()))["truth"]["cpu"] == -0.25


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sd": 0}, "sd"),
        ({"shape": "bell"}, "shape"),
        ({"mean": -1, "shape": "lognormal"}, "above 0"),
        ({"upper": None}, "at least one limit"),
        ({"lower": 60}, "lower must be below upper"),
        ({"aim": 0}, "aim"),
        ({"points": 4}, "points"),
        ({"upper": "60"}, "upper"),
    ],
)
def test_a_wrong_parameter_is_named(changes, message):
    with pytest.raises(ValueError, match=message):
        Parameters(**changes)
