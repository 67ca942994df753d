"""The two-point trap (W06): oracles of the curriculum map and brute force."""

import json
import math
import random

import pytest

from improvement.simulate import two_point
from improvement.simulate.two_point import Parameters, simulate


def tolerance(share, n):
    return 4 * math.sqrt(share * (1 - share) / n)


def brute(mean, cv, n, event):
    rng = random.Random(7)
    return sum(event(rng.gauss(mean, cv * mean), rng.gauss(mean, cv * mean)) for _ in range(n)) / n


def test_half_of_all_arrows_point_the_wrong_way_and_a_fifth_swings_about_a_third_of_the_time():
    run = simulate(Parameters(pairs=40_000))
    assert run.simulated.worse == pytest.approx(0.50, abs=tolerance(0.5, 40_000))
    assert run.simulated.swing == pytest.approx(0.346, abs=tolerance(0.346, 40_000))
    assert two_point.chance_of_swing(0.15, 0.2) == pytest.approx(0.346, abs=0.001)
    assert two_point.chance_of_swing(0.15, 0.2, of="mean") == pytest.approx(0.3458, abs=0.0001)


@pytest.mark.parametrize(("cv", "swing"), [(0.05, 0.03), (0.15, 0.35), (0.4, 0.2), (0.9, 1.5), (1.0, 0.4)])
def test_the_chance_of_a_swing_agrees_with_brute_force_at_other_settings(cv, swing):
    n = 60_000
    previous = brute(50, cv, n, lambda a, b: abs(b - a) >= swing * abs(a))
    of_mean = brute(50, cv, n, lambda a, b: abs(b - a) >= swing * 50)
    assert two_point.chance_of_swing(cv, swing) == pytest.approx(previous, abs=tolerance(previous, n) + 1e-6)
    assert two_point.chance_of_swing(cv, swing, of="mean") == pytest.approx(
        of_mean, abs=tolerance(of_mean, n)
    )
    for comparison, expected in (("previous", previous), ("mean", of_mean)):
        run = simulate(Parameters(mean=50, cv=cv, swing=swing, swing_of=comparison, pairs=20_000), seed=2)
        assert run.simulated.swing == pytest.approx(expected, abs=2 * tolerance(expected, 20_000))


@pytest.mark.parametrize(
    ("lower_is_better", "target", "band"), [(True, 95, 0.1), (False, 110, 0.08), (True, 80, 0)]
)
def test_colours_follow_the_stated_bands(lower_is_better, target, band):
    def colour(value):
        short = (value - target) if lower_is_better else (target - value)
        return 0 if short <= 0 else 1 if short <= band * target else 2

    n = 40_000
    changes = brute(100, 0.2, n, lambda a, b: colour(a) != colour(b))
    rng = random.Random(1)
    shares = [0, 0, 0]
    for _ in range(n):
        shares[colour(rng.gauss(100, 20))] += 1 / n
    parameters = Parameters(
        cv=0.2, target=target, amber_band=band, lower_is_better=lower_is_better, pairs=20_000
    )
    run = simulate(parameters, seed=3)
    for rates in (run.simulated, run.exact):
        assert rates.colour_changes == pytest.approx(changes, abs=0.025)
        assert rates.colours == pytest.approx(shares, abs=0.02)
        assert sum(rates.colours) == pytest.approx(1)


def test_more_variation_means_more_large_swings():
    chances = [two_point.chance_of_swing(cv / 100, 0.2) for cv in range(2, 60, 3)]
    assert chances == sorted(chances)


def test_arrows_and_colours_describe_the_values_shown():
    run = simulate(Parameters(months=30, lower_is_better=False, target=90, amber_band=0.2), seed=5)
    assert len(run.values) == len(run.colours) == 30
    assert len(run.arrows) == 29
    for before, after, arrow in zip(run.values, run.values[1:], run.arrows, strict=False):
        assert arrow == ("better" if after > before else "worse")
    for value, colour in zip(run.values, run.colours, strict=True):
        assert colour == ("green" if value >= 90 else "amber" if value >= 72 else "red")
    assert run.chart.values == run.values


def test_arrows_mislead_far_more_often_than_the_chart():
    flagged = arrows = months = 0
    for seed in range(40):
        run = simulate(Parameters(pairs=1), seed=seed)
        flagged += bool(run.chart.signals)
        arrows += run.arrows.count("worse")
        months += len(run.arrows)
    assert arrows / months == pytest.approx(0.5, abs=0.1)
    assert flagged < 20  # about 15% of unchanging 24-month charts show any signal


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=4) == simulate(seed=4)
    assert simulate(seed=4).values != simulate(seed=5).values
    assert len(json.loads(json.dumps(simulate().to_dict()))["values"]) == 24


@pytest.mark.parametrize(
    ("name", "value"),
    [("mean", 0), ("cv", 1.5), ("months", 2), ("pairs", 0), ("swing_of", "x"), ("swing", "a")],
)
def test_a_wrong_parameter_is_named_with_its_value(name, value):
    with pytest.raises(ValueError, match=f"{name} must be .*{value}"):
        Parameters(**{name: value})


@pytest.mark.parametrize(("cv", "swing"), [(1.0, 1.5), (0.4, 0.2), (0.15, 0.2)])
def test_the_chance_of_a_swing_is_accurate_where_months_can_be_near_nought(cv, swing):
    def both_tails(first):
        low, high = sorted((first - swing * first, first + swing * first))
        return math.erfc((high - 1) / cv / math.sqrt(2)) / 2 + math.erfc((1 - low) / cv / math.sqrt(2)) / 2

    step = 16 * cv / 60_000
    grid = (1 - 8 * cv + step * i for i in range(60_001))
    area = sum(math.exp(-(((x - 1) / cv) ** 2) / 2) * both_tails(x) for x in grid) * step
    assert two_point.chance_of_swing(cv, swing) == pytest.approx(
        area / (cv * math.sqrt(2 * math.pi)), abs=1e-7
    )
