"""After the bad news (W20): oracles of the curriculum map, every choice of responses, and brute force."""

import itertools
import json
import math
import random
import statistics
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.simulate import bad_news
from improvement.simulate.bad_news import (
    RESPONSES,
    Parameters,
    Response,
    Vignette,
    expected_harm,
    optimum,
    simulate,
    worst,
)

GOOD = ("curious", "unblock")
matching = tuple("curious" if v.kind == "unclear" else "unblock" for v in bad_news.VIGNETTES)


def step(safety, trust):
    return safety + safety * trust * (1 if trust < 0 else 1 - safety)


def harm_by_period(p, choices):
    """Expected harm over all time, following every open problem from period to period."""
    by_name = {response.name: response for response in p.responses}
    safety, still_open, total = p.safety, [], 0.0
    for period in range(len(choices) + 3000):
        total += sum(count * harm for count, harm in still_open)
        still_open = [(count * (1 - p.surface), harm) for count, harm in still_open if count > 1e-12]
        if period < len(choices):
            vignette, response = p.vignettes[period], by_name[choices[period]]
            right = p.problems * safety * getattr(response, vignette.kind)
            still_open.append((p.problems - right, vignette.harm))
            safety = step(safety, response.trust)
        elif not still_open:
            break
    return total


worlds = st.builds(
    lambda vignettes, responses, safety, surface: Parameters(
        choices=("r0",) * len(vignettes),
        vignettes=tuple(Vignette(f"v{i}", kind, harm) for i, (kind, harm) in enumerate(vignettes)),
        responses=tuple(Response(f"r{i}", *numbers) for i, numbers in enumerate(responses)),
        safety=safety,
        surface=surface,
    ),
    st.lists(st.tuples(st.sampled_from(bad_news.KINDS), st.floats(0, 5)), min_size=1, max_size=4),
    st.lists(st.tuples(st.floats(-1, 0.99), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=4),
    st.integers(0, 100).map(lambda n: n / 100),
    st.floats(0.05, 1),
)


def test_asking_and_unblocking_are_best_and_nothing_else_comes_near():
    best = optimum()
    assert set(best.choices) == set(GOOD)
    assert best.choices == matching
    run = simulate(Parameters(choices=matching))
    assert run.score == pytest.approx(1)
    for response in RESPONSES:
        assert run.always[response] < 0.9
    assert max(run.always, key=run.always.get) in GOOD


def test_one_blame_response_cuts_what_is_raised_next_by_two_fifths_or_more_and_needs_three_good_ones():
    choices = ("blame", *matching[1:])
    run = simulate(Parameters(choices=choices))
    first, second = run.periods[:2]
    assert second.raised / first.raised - 1 <= -0.4
    blame = next(reaction for reaction in run.reactions if reaction.response == "blame")
    assert blame.next_raised == pytest.approx(second.raised / first.raised - 1)
    assert blame.to_recover >= 3
    back = [period.safety >= first.safety for period in run.periods[1:]]
    assert back.index(True) == blame.to_recover


@pytest.mark.parametrize("safety", [0.05, 0.2, 0.5, 0.8, 0.95])
def test_recovery_takes_at_least_three_good_responses_from_any_start(safety):
    reactions = {r.response: r for r in simulate(Parameters(safety=safety)).reactions}
    level, needed = safety * 0.4, 0
    while level < safety:
        level, needed = step(level, 0.35), needed + 1
    assert reactions["blame"].to_recover == needed >= 3
    assert reactions["curious"].to_recover == 0


def test_trust_lost_for_good():
    assert {r.response: r for r in simulate(Parameters(safety=1)).reactions}["blame"].to_recover is None
    silenced = Parameters(choices=("a",) * 10, responses=(Response("a", -1, 1, 1), Response("b", 0.5, 0, 0)))
    assert simulate(silenced).reactions[0].to_recover is None
    assert simulate(silenced).periods[1].raised == 0


@pytest.mark.parametrize("choices", [("fix_it",) * 10, matching, RESPONSES * 2])
@pytest.mark.parametrize("changes", [{}, {"safety": 0.9, "surface": 0.4}, {"surface": 0.02, "problems": 3}])
def test_expected_harm_follows_every_open_problem(choices, changes):
    p = Parameters(choices=choices, **changes)
    assert expected_harm(p) == pytest.approx(harm_by_period(p, choices))
    run = simulate(p)
    assert run.harm == pytest.approx(expected_harm(p))
    assert sum(period.harm for period in run.periods) + run.later_harm == pytest.approx(run.harm)


@settings(max_examples=40, deadline=None)
@given(worlds)
def test_the_search_finds_what_trying_everything_finds(p):
    names = [response.name for response in p.responses]
    harms = [expected_harm(p, c) for c in itertools.product(names, repeat=len(p.vignettes))]
    best, most = optimum(p), worst(p)
    assert best.harm == pytest.approx(min(harms), abs=1e-9)
    assert most.harm == pytest.approx(max(harms), abs=1e-9)
    assert expected_harm(p, best.choices) == pytest.approx(best.harm)
    assert expected_harm(p, most.choices) == pytest.approx(most.harm)
    run = simulate(p)
    if run.score is not None:
        assert -1e-9 <= run.score <= 1 + 1e-9
        assert run.score == pytest.approx((max(harms) - run.harm) / (max(harms) - min(harms)), abs=1e-6)
    assert run.harm - best.harm == pytest.approx(sum(period.regret for period in run.periods), abs=1e-6)


def test_the_optimum_is_not_beaten_by_any_of_the_choices_of_two_kinds_over_ten_periods():
    p = Parameters(safety=0.2)
    best = optimum(p)
    tried = (harm_by_period(p, choices) for choices in itertools.product(("blame", "curious"), repeat=10))
    assert best.harm <= min(tried)
    assert best.final_safety > p.safety


def test_grip_wins_when_it_fixes_more_and_there_is_no_tomorrow():
    grip = (Response("blame", -0.6, 0.9, 0.9), Response("curious", 0.35, 0.5, 0.5))
    one = Parameters(choices=("blame",), vignettes=bad_news.VIGNETTES[:1], responses=grip)
    assert optimum(one).choices == ("blame",)
    ten = replace(one, choices=("blame",) * 10, vignettes=bad_news.VIGNETTES)
    assert optimum(ten).choices[0] == "curious"
    assert optimum(ten).choices[-1] == "blame"


@given(st.floats(0, 1), st.floats(-1, 0.99))
def test_safety_stays_between_nought_and_one_and_moves_the_right_way(safety, trust):
    after = bad_news.next_safety(safety, trust)
    assert 0 <= after <= 1
    assert (after - safety) * trust >= 0
    assert after == pytest.approx(step(safety, trust))


def brute(p, rng):
    """One run, problem by problem: raised and put right by period, harm and periods open."""
    by_name = {response.name: response for response in p.responses}
    safety, raised, harm, waited = p.safety, [], 0.0, 0
    for vignette, name in zip(p.vignettes, p.choices, strict=True):
        response = by_name[name]
        spoken = 0
        for _ in range(p.problems):
            heard = rng.random() < safety
            spoken += heard
            if heard and rng.random() < getattr(response, vignette.kind):
                continue
            periods = 1
            while rng.random() >= p.surface:
                periods += 1
            waited += periods
            harm += periods * vignette.harm
        raised.append(spoken)
        safety = step(safety, response.trust)
    return raised, harm, waited / (p.problems * len(p.vignettes))


@pytest.mark.parametrize(
    "changes", [{}, {"choices": RESPONSES * 2, "safety": 0.7, "surface": 0.3, "problems": 12}]
)
def test_simulated_counts_agree_with_brute_force(changes):
    p = Parameters(**changes)
    rng = random.Random(6)
    brutes = [brute(p, rng) for _ in range(250)]
    runs = [simulate(p, seed=seed) for seed in range(250)]
    pairs = [
        ([b[1] for b in brutes], [run.simulated_harm for run in runs], runs[0].harm),
        ([b[2] for b in brutes], [run.simulated_time_open for run in runs], runs[0].time_open),
        (
            [b[0][-1] for b in brutes],
            [r.periods[-1].simulated_raised for r in runs],
            runs[0].periods[-1].raised,
        ),
    ]
    for wanted, found, exact in pairs:
        error = statistics.stdev(wanted) / math.sqrt(250)
        assert statistics.fmean(wanted) == pytest.approx(exact, abs=4 * error)
        assert statistics.fmean(found) == pytest.approx(exact, abs=4 * error)
    for run in runs:
        assert all(p.problems >= x.simulated_raised >= x.simulated_put_right >= 0 for x in run.periods)


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=2) == simulate(seed=2)
    assert simulate(seed=2).simulated_harm != simulate(seed=3).simulated_harm
    assert len(json.loads(json.dumps(simulate().to_dict()))["periods"]) == 10
    assert Parameters(choices=list(matching)) == Parameters(choices=matching)


def test_if_all_responses_do_the_same_there_is_no_score():
    same = Parameters(choices=("a",) * 10, responses=(Response("a", 0, 0.5, 0.5),))
    assert simulate(same).score is None


@pytest.mark.parametrize(("name", "value"), [("safety", 1.5), ("problems", 0), ("surface", 0)])
def test_a_wrong_parameter_is_named_with_its_value(name, value):
    with pytest.raises(ValueError, match=f"{name} must be .*{value}"):
        Parameters(**{name: value})


def test_wrong_choices_responses_and_vignettes_are_named():
    with pytest.raises(ValueError, match=r"choices: response 10 must be one of .*'shout'"):
        Parameters(choices=(*matching[:9], "shout"))
    with pytest.raises(ValueError, match="for each of 10 vignettes, but there are 3"):
        Parameters(choices=("blame",) * 3)
    with pytest.raises(ValueError, match="vignettes must be 1 to 20"):
        Parameters(choices=(), vignettes=())
    with pytest.raises(ValueError, match="different names"):
        Parameters(responses=(Response("a", 0, 0, 0),) * 2)
    with pytest.raises(ValueError, match=r"trust of a must be .*-1\.5"):
        Response("a", -1.5, 0, 0)
    with pytest.raises(ValueError, match="kind of 'x' must be one of"):
        Vignette("x", "dull")
    with pytest.raises(ValueError, match="trust must be"):
        bad_news.next_safety(0.5, 2)
