"""Deming's funnel (W10): exact spreads, the oracles of the curriculum map, and traces worked by hand."""

import json
import math
import random
import statistics

import pytest

from improvement.simulate import funnel
from improvement.simulate.funnel import Parameters, compare_policies, simulate


def brute_errors(policy, days, rng):
    """Deming's funnel as he describes it: the position of the funnel and of the marble."""
    position, errors = 0.0, []
    for _ in range(days):
        marble = position + rng.gauss(0, 1)
        errors.append(marble)
        if policy == "from_setting":
            position = position - marble
        elif policy == "from_target":
            position = 0 - marble
        elif policy == "copy_last":
            position = marble
    return errors


@pytest.mark.parametrize(
    ("policy", "rms", "last"),
    [
        ("leave", 1.0, 1.0),
        ("from_setting", 1.41, 1.41),
        ("from_target", math.sqrt(25.5), 7.07),
        ("copy_last", math.sqrt(25.5), 7.07),
    ],
)
def test_spreads_at_fifty_days_meet_the_oracles_of_the_map(policy, rms, last):
    run = simulate(Parameters(policy=policy, target=0, sd=1, days=50, replicates=3000), seed=6)
    # Wandering runs vary a lot: the relative standard error of an SD from 3,000 last days is 1/sqrt(6000) = 1.3%.
    assert run.last_day_sd == pytest.approx(last, rel=0.052)
    assert run.rms == pytest.approx(rms, rel=0.06)
    assert run.exact_last_day_sd == pytest.approx(last, abs=0.005)
    assert run.exact_rms == pytest.approx(rms, rel=0.004)
    if policy in ("from_target", "copy_last"):
        assert run.rms > 4


@pytest.mark.parametrize("policy", funnel.RULES)
@pytest.mark.parametrize(("days", "sd"), [(2, 3.0), (7, 0.5), (31, 12.0)])
def test_the_spread_agrees_with_brute_force_at_other_settings(policy, days, sd):
    rng = random.Random(11)
    runs = [[sd * error for error in brute_errors(policy, days, rng)] for _ in range(3000)]
    last = math.sqrt(statistics.fmean(run[-1] ** 2 for run in runs))
    rms = math.sqrt(statistics.fmean(error**2 for run in runs for error in run))
    result = simulate(Parameters(policy=policy, target=80, sd=sd, days=days, replicates=3000), seed=1)
    assert result.last_day_sd == pytest.approx(last, rel=0.075)
    assert result.rms == pytest.approx(rms, rel=0.075)
    assert result.exact_last_day_sd == pytest.approx(last, rel=0.053)
    assert result.exact_rms == pytest.approx(rms, rel=0.053)


def test_all_policies_meet_the_same_days():
    runs = compare_policies(Parameters(days=4, target=100, replicates=0), seed=3)
    luck = [value - 100 for value in runs["leave"].values]
    a, b, c, d = luck
    assert [v - 100 for v in runs["from_setting"].values] == pytest.approx([a, b - a, c - b, d - c])
    assert [v - 100 for v in runs["from_target"].values] == pytest.approx(
        [a, b - a, c - b + a, d - c + b - a]
    )
    assert [v - 100 for v in runs["copy_last"].values] == pytest.approx([a, a + b, a + b + c, a + b + c + d])
    assert runs["leave"].wasted_moves == 0
    assert runs["from_setting"].wasted_moves == 3


def test_manual_moves_add_up_from_the_day_after_they_are_given():
    left = simulate(Parameters(policy="leave", days=6, replicates=0), seed=2)
    run = simulate(Parameters(policy="manual", moves=(5, 0, -2), days=6, replicates=0), seed=2)
    shifts = [moved - kept for moved, kept in zip(run.values, left.values, strict=True)]
    assert shifts == pytest.approx([0, 5, 5, 3, 3, 3])
    assert run.settings == (0, 5, 5, 3, 3, 3)
    assert run.wasted_moves == 2
    assert run.exact_rms is None
    assert run.rms is None


def test_the_summary_describes_the_trace_shown():
    run = simulate(Parameters(policy="copy_last", days=40), seed=9)
    errors = [value - 200 for value in run.values]
    assert run.trace_sd == pytest.approx(statistics.stdev(run.values))
    assert run.trace_rms == pytest.approx(math.sqrt(statistics.fmean(e * e for e in errors)))
    assert abs(errors[run.worst_day]) == max(map(abs, errors))


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=4) == simulate(seed=4)
    assert simulate(seed=4).values != simulate(seed=5).values
    assert json.loads(json.dumps(simulate().to_dict()))["parameters"]["policy"] == "from_setting"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("policy", "shout"),
        ("sd", 0),
        ("days", 1),
        ("replicates", -1),
        ("moves", (1, math.nan)),
        ("target", None),
    ],
)
def test_a_wrong_parameter_is_named(name, value):
    with pytest.raises(ValueError, match=name):
        Parameters(**{name: value})
    with pytest.raises(ValueError, match="policy"):
        funnel.exact_sd("manual", 3)
