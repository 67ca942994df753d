"""QMS balance (W23): the directions of the curriculum map, closed forms, and brute-force spikes."""

import json
import math
import random
import statistics
from dataclasses import replace

import pytest

from improvement.simulate import qms_balance
from improvement.simulate.qms_balance import KINDS, Parameters, exact, simulate


def only(**hours):
    return {**dict.fromkeys(KINDS, 0.0), **hours}


def test_control_alone_holds_the_chronic_level_and_does_not_lower_it():
    run = simulate(Parameters(**only(control=20)))
    assert all(week.existing == 20 for week in run.weeks)
    flat = simulate(Parameters(**only(control=20), launches_per_year=0))
    assert all(week.overall == 20 for week in flat.weeks)


def test_improvement_alone_loses_much_of_what_it_wins():
    alone = simulate(Parameters(**only(improvement=20)))
    shared = simulate(Parameters(**only(improvement=10, control=10)))
    assert alone.gain_lost / alone.gain_made > 0.6
    assert shared.gain_lost / shared.gain_made < alone.gain_lost / alone.gain_made
    assert shared.weeks[-1].existing < alone.weeks[-1].existing


def test_no_planning_imports_new_chronic_waste():
    none = simulate(Parameters(**only(control=10, improvement=10)), seed=2)
    some = simulate(Parameters(**only(control=8, improvement=8, planning=4)), seed=2)
    services = round(none.weeks[-1].imported / (0.05 * 35))
    assert services > 5
    assert none.weeks[-1].new == 35
    assert some.weeks[-1].new == pytest.approx(35 - 32 * 4 / 9)
    assert some.weeks[-1].imported == pytest.approx(services * 0.05 * some.weeks[-1].new)
    assert none.weeks[-1].overall > none.weeks[-1].existing
    assert some.weeks[-1].overall < none.weeks[-1].overall


@pytest.mark.parametrize(
    ("hours", "changes"),
    [
        ({"planning": 1, "control": 12, "assurance": 5, "improvement": 2}, {}),
        (
            {"planning": 0, "control": 0, "assurance": 9, "improvement": 11},
            {"half_effect": 9, "erosion_rate": 0.06},
        ),
        (
            {"planning": 5, "control": 3, "assurance": 0, "improvement": 5},
            {"chronic": 40, "floor": 15, "improvement_rate": 0.05, "weeks": 60},
        ),
    ],
)
def test_gains_agree_with_brute_force_and_closed_form(hours, changes):
    p = Parameters(**hours, **changes)
    run = simulate(p, seed=1)
    e_i = p.improvement / (p.improvement + p.half_effect)
    e_c = p.control / (p.control + p.half_effect)
    gain = won = lost = 0.0
    for week in run.weeks:
        assert week.existing == pytest.approx(p.chronic - gain)
        if week.week < p.weeks - 1:
            more = p.improvement_rate * e_i * (p.chronic - p.floor - gain)
            less = p.erosion_rate * (1 - e_c) * gain
            won, lost, gain = won + more, lost + less, gain + more - less
    assert run.gain_made == pytest.approx(won)
    assert run.gain_lost == pytest.approx(lost)
    assert exact(p).gain == pytest.approx(gain)
    for _ in range(6000):
        gain += p.improvement_rate * e_i * (p.chronic - p.floor - gain) - p.erosion_rate * (1 - e_c) * gain
    assert exact(p).long_run_gain == pytest.approx(gain)


def brute_spikes(c, a, o, repair, n, rng):
    lengths, by = [], {"control": 0, "assurance": 0, "others": 0}
    for _ in range(n):
        week, finder = 0, None
        while finder is None:
            week += 1
            if rng.random() < c:
                finder = "control"
            elif rng.random() < a:
                finder = "assurance"
            elif rng.random() < o:
                finder = "others"
        by[finder] += 1
        lengths.append(week + repair)
    return lengths, by


@pytest.mark.parametrize(
    ("control", "assurance", "others", "repair"), [(2, 5, 0.1, 1), (0, 0, 0.05, 3), (0.5, 20, 0.3, 0)]
)
def test_spikes_agree_with_brute_force(control, assurance, others, repair):
    p = Parameters(
        control=control,
        assurance=assurance,
        see_others=others,
        repair_weeks=repair,
        spike_rate=0.5,
        weeks=1000,
    )
    run = simulate(p, seed=4)
    n = len(run.spikes)
    assert n == pytest.approx(500, abs=4 * math.sqrt(250))
    c, a = 0.9 * control / (control + 5), 0.3 * assurance / (assurance + 5)
    lengths, by = brute_spikes(c, a, others, repair, 8000, random.Random(2))
    error = 4 * statistics.stdev(lengths)
    assert run.mean_spike_length == pytest.approx(statistics.fmean(lengths), abs=error / math.sqrt(n))
    assert run.exact.spike_length == pytest.approx(statistics.fmean(lengths), abs=error / math.sqrt(8000))
    for finder, count in by.items():
        share = count / 8000
        seen = sum(spike.found_by == finder for spike in run.spikes) / n
        assert seen == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / n) + 1e-9)
        assert run.exact.found_by[finder] == pytest.approx(share, abs=0.025)
    assert run.surprises == sum(spike.found_by == "others" for spike in run.spikes)
    for week in run.weeks[:200]:
        live = sum(s.start <= week.week < s.start + s.length for s in run.spikes)
        assert week.spike == 10 * live


def test_control_shortens_spikes_and_spares_surprises_on_the_same_weeks():
    poor = simulate(Parameters(control=1), seed=6)
    good = simulate(Parameters(control=15), seed=6)
    assert [s.start for s in poor.spikes] == [s.start for s in good.spikes]
    for before, after in zip(poor.spikes, good.spikes, strict=True):
        assert after.length <= before.length
    assert good.surprises <= poor.surprises
    assert good.exact.surprises_per_year < poor.exact.surprises_per_year


def test_launches_come_at_their_yearly_rate():
    p = Parameters(launches_per_year=13, weeks=1040)
    final = [simulate(p, seed=seed).weeks[-1].imported for seed in range(20)]
    # 260 launches expected in 20 years; their standard deviation over 20 runs is about 14 / sqrt(20).
    per_service = p.service_size * exact(p).new_service
    assert statistics.fmean(final) / per_service == pytest.approx(260, abs=4 * 14 / math.sqrt(20))
    assert exact(p).expected_imported == pytest.approx(260 * per_service)


def test_shares_of_a_diary():
    found = qms_balance.shares({"planning": 1, "control": 12, "assurance": 5, "improvement": 2})
    assert found == {"planning": 0.05, "control": 0.6, "assurance": 0.25, "improvement": 0.1}
    assert simulate().shares == found
    with pytest.raises(ValueError, match="all 0"):
        qms_balance.shares({"control": 0})
    with pytest.raises(ValueError, match="hours of control"):
        qms_balance.shares({"control": -1})


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=2) == simulate(seed=2)
    assert simulate(seed=2) != simulate(seed=3)
    assert len(json.loads(json.dumps(simulate().to_dict()))["weeks"]) == 156


@pytest.mark.parametrize(
    ("name", "value"),
    [("control", -1), ("weeks", 0), ("floor", 25), ("best_plan", 40), ("spike_rate", 2), ("see_others", 0)],
)
def test_a_wrong_parameter_is_named(name, value):
    with pytest.raises(ValueError, match=f"{name} must be .*{value}"):
        replace(Parameters(), **{name: value})
    with pytest.raises(ValueError, match="all 0"):
        Parameters(**only())
