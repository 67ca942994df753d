"""Red beads and the ward league (W11): oracles of the curriculum map and brute force."""

import json
import math
import random
import statistics

import pytest

from improvement.simulate import league
from improvement.simulate.league import BeadParameters, LeagueParameters, red_beads, ward_league


def brute_poisson(mean, rng):
    """Count exponential gaps in one unit of time."""
    time, count = rng.expovariate(1), 0
    while time < mean:
        time += rng.expovariate(1)
        count += 1
    return count


def brute_pairs(means, sizes, effect, reps, rng):
    """(worst, its next count) for many pairs of months, ties by lot."""
    pairs = []
    for _ in range(reps):
        counts = [brute_poisson(mean, rng) for mean in means]
        rates = [count / size for count, size in zip(counts, sizes, strict=True)]
        worst = rng.choice([i for i, rate in enumerate(rates) if rate == max(rates)])
        pairs.append((counts[worst], brute_poisson(means[worst] * (1 - effect), rng)))
    return pairs


def test_a_scoop_of_fifty_with_a_fifth_red_has_limits_of_one_and_a_half_to_eighteen_and_a_half():
    assert league.scoop_limits(50, 0.2) == pytest.approx((1.515, 18.485), abs=0.001)
    assert league.scoop_limits(50, 0.02)[0] == 0


def test_red_beads_are_binomial_and_nobody_is_to_blame():
    runs = [red_beads(BeadParameters(days=20, workers=6), seed=seed) for seed in range(60)]
    reds = [count for run in runs for day in run.reds for count in day]
    assert statistics.fmean(reds) == pytest.approx(10, abs=4 * math.sqrt(8 / len(reds)))
    assert statistics.variance(reds) == pytest.approx(8, rel=0.07)
    outside = sum(run.outside for run in runs)
    # P(binomial(50, .2) < 1.5 or > 18.5) = 0.0002 + 0.0025, so about 20 of 7,200.
    assert outside == pytest.approx(7200 * 0.0027, abs=4 * math.sqrt(20))
    improved = sum(run.worst_improved for run in runs) / (60 * 19)
    assert improved > 0.75


def test_a_bead_run_names_its_best_and_worst():
    run = red_beads(BeadParameters(workers=4, days=30, paddle=20, red_share=0.4), seed=3)
    for day, best, worst in zip(run.reds, run.best_of_day, run.worst_of_day, strict=True):
        assert day[best] == min(day)
        assert day[worst] == max(day)
        assert best != worst
    assert run.totals == tuple(sum(day[worker] for day in run.reds) for worker in range(4))
    following = zip(run.reds, run.reds[1:], run.worst_of_day, strict=False)
    assert run.worst_improved == sum(after[w] < before[w] for before, after, w in following)


def test_the_worst_of_twelve_alike_wards_improves_nine_times_in_ten():
    run = ward_league(LeagueParameters(replicates=5000), seed=4)
    assert run.warned.count == pytest.approx(12.9, abs=4 * 1.7 / math.sqrt(5000) + 0.05)
    assert run.warned.next_count == pytest.approx(8.0, abs=4 * math.sqrt(8 / 5000))
    assert run.warned.improves == pytest.approx(0.90, abs=4 * math.sqrt(0.09 / 5000))
    assert run.exact_warned.count == pytest.approx(12.9, abs=0.05)
    assert run.exact_warned.improves == pytest.approx(0.90, abs=0.005)
    assert run.all_alike


@pytest.mark.parametrize(
    ("wards", "mean", "effect"), [(2, 0.7, 0.0), (5, 30.0, 0.0), (30, 3.0, 0.3), (12, 8.0, 1.0)]
)
def test_the_exact_follow_up_agrees_with_brute_force(wards, mean, effect):
    pairs = brute_pairs([mean] * wards, [1] * wards, effect, 4000, random.Random(5))
    exact = league.worst_of_alike(wards, mean, effect)
    spread = statistics.stdev(before for before, _ in pairs)
    assert exact.count == pytest.approx(
        statistics.fmean(before for before, _ in pairs), abs=4 * spread / math.sqrt(4000)
    )
    for name, share in (
        ("improves", statistics.fmean(after < before for before, after in pairs)),
        ("same", statistics.fmean(after == before for before, after in pairs)),
        ("worsens", statistics.fmean(after > before for before, after in pairs)),
    ):
        allowed = 4 * math.sqrt(max(share * (1 - share), 0.001) / 4000)
        assert getattr(exact, name) == pytest.approx(share, abs=allowed), name


def test_unlike_wards_agree_with_brute_force_and_have_no_exact_answer():
    rates, sizes = (4.0, 8.0, 16.0, 8.0), (500.0, 1000.0, 800.0, 2000.0)
    means = [rate * size / 1000 for rate, size in zip(rates, sizes, strict=True)]
    pairs = brute_pairs(means, sizes, 0.2, 4000, random.Random(6))
    run = ward_league(
        LeagueParameters(wards=4, rates=rates, sizes=sizes, warning_effect=0.2, replicates=4000), seed=2
    )
    assert run.exact_warned is None
    assert not run.all_alike
    assert run.warned.count == pytest.approx(statistics.fmean(a for a, _ in pairs), abs=0.35)
    improves = statistics.fmean(after < before for before, after in pairs)
    assert run.warned.improves == pytest.approx(improves, abs=4 * math.sqrt(2 * 0.25 / 4000))


def test_the_lucky_ward_usually_gets_worse_after_its_award():
    run = ward_league(LeagueParameters(replicates=3000), seed=1)
    assert run.awarded.count < 5
    assert run.awarded.next_count == pytest.approx(8, abs=4 * math.sqrt(8 / 3000))
    assert run.awarded.worsens > 0.8


def test_letters_go_to_the_top_and_bottom_of_the_table_and_say_what_happened_next():
    run = ward_league(LeagueParameters(months=10, sizes=tuple(range(500, 1700, 100))), seed=7)
    assert len(run.letters) == 18
    rates = [
        [1000 * count / size for count, size in zip(month, range(500, 1700, 100), strict=True)]
        for month in run.counts
    ]
    for letter in run.letters:
        now, then = rates[letter.month], rates[letter.month + 1]
        assert now[letter.ward] == (max(now) if letter.kind == "warning" else min(now))
        assert (letter.before, letter.after) == pytest.approx((now[letter.ward], then[letter.ward]))
        sign = (letter.after > letter.before) - (letter.after < letter.before)
        assert letter.outcome == {-1: "better", 0: "same", 1: "worse"}[sign]
    for ranking, month in zip(run.rankings, rates, strict=True):
        assert sorted(ranking) == list(range(12))
        assert [month[ward] for ward in ranking] == sorted(month)
    assert run.plot.denominators == tuple(10.0 * size for size in range(500, 1700, 100))
    assert run.plot.numerators == tuple(sum(month[ward] for month in run.counts) for ward in range(12))


def test_a_real_effect_of_warnings_shows_beyond_regression_to_the_mean():
    real = ward_league(LeagueParameters(warning_effect=0.5, replicates=3000), seed=1)
    assert real.warned.next_count == pytest.approx(4, abs=4 * math.sqrt(4 / 3000))
    assert real.exact_warned.next_count == 4


def test_the_same_seed_repeats_and_results_are_json():
    assert ward_league(seed=3).counts == ward_league(seed=3).counts
    assert ward_league(seed=3).counts != ward_league(seed=4).counts
    assert red_beads(seed=3) == red_beads(seed=3)
    again = json.loads(json.dumps(ward_league(LeagueParameters(months=3)).to_dict()))
    assert len(again["letters"]) == 4
    assert json.loads(json.dumps(red_beads().to_dict()))["expected"] == 10


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("wards", 1),
        ("months", 1),
        ("rate", -1),
        ("rates", (1, 2)),
        ("sizes", (0,) * 12),
        ("warning_effect", 2),
    ],
)
def test_a_wrong_parameter_is_named(name, value):
    with pytest.raises(ValueError, match=name):
        LeagueParameters(**{name: value})
    with pytest.raises(ValueError, match="red_share"):
        BeadParameters(red_share=1.1)
    with pytest.raises(ValueError, match="no event"):
        ward_league(LeagueParameters(rate=0))
    with pytest.raises(ValueError, match="10000"):
        LeagueParameters(rate=1000, bed_days=1e6)
