"""Five conditions together (W02): oracles of the curriculum map and enumeration of every plan."""

import itertools
import json
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement.simulate import conditions
from improvement.simulate.conditions import COMPONENTS, MODELS, Parameters, best_plan, combine, simulate

MAP = (0.8, 0.8, 0.2, 0.9, 0.5)
YIELD = {
    "additive": lambda levels: sum(levels) / 5,
    "geometric": lambda levels: (levels[0] * levels[1] * levels[2] * levels[3] * levels[4]) ** 0.2,
    "weakest_link": min,
}
levels = st.lists(st.integers(0, 20).map(lambda n: n / 20), min_size=5, max_size=5)
steps = st.lists(st.sampled_from([0.03, 0.05, 0.1, 0.25]), min_size=5, max_size=5)


def parameters(at, step, **other):
    named = dict(zip(COMPONENTS, at, strict=True))
    return Parameters(**named, **{f"step_{c}": s for c, s in zip(COMPONENTS, step, strict=True)}, **other)


def raised(at, step, points):
    return [min(1.0, level + n * s) for level, n, s in zip(at, points, step, strict=True)]


def all_plans(points):
    for cut in itertools.combinations_with_replacement(range(6), points):
        yield [cut.count(i) for i in range(5)]


def test_yields_meet_the_oracles_of_the_map():
    assert combine(MAP, "additive") == pytest.approx(0.64)
    assert combine(MAP, "geometric") == pytest.approx(0.565, abs=0.0005)
    assert combine(MAP, "weakest_link") == pytest.approx(0.20)
    assert combine((0.8, 0.8, 0.2, 1.0, 0.5), "geometric") == pytest.approx(0.577, abs=0.0005)
    assert combine((0.8, 0.8, 0.5, 0.9, 0.5), "geometric") == pytest.approx(0.679, abs=0.0005)
    assert simulate(Parameters(*MAP)).yields == {model: combine(MAP, model) for model in MODELS}


def test_the_best_next_point_changes_with_the_model():
    found = simulate().best_next
    assert found == {
        "additive": ("capability",),
        "geometric": ("leadership",),
        "weakest_link": ("leadership",),
    }
    ten = {model: best_plan(model=model) for model in MODELS}
    assert ten["weakest_link"]["leadership"] == 10
    assert ten["additive"]["leadership"] < ten["geometric"]["leadership"] <= 10


@settings(max_examples=25, deadline=None)
@given(levels, steps, st.integers(0, 5), st.sampled_from(MODELS))
def test_no_other_plan_does_better(at, step, points, model):
    plan = best_plan(parameters(at, step, points=points), model)
    spent = [plan[name] for name in COMPONENTS]
    assert sum(spent) <= points
    best = max(YIELD[model](raised(at, step, other)) for other in all_plans(points))
    assert YIELD[model](raised(at, step, spent)) == pytest.approx(best, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(levels, steps, st.integers(0, 12))
def test_plans_are_judged_under_every_model(at, step, points):
    run = simulate(parameters(at, step, points=points, replicates=1))
    best = {plan.model: plan.yields[plan.model] for plan in run.plans}
    for plan in run.plans:
        spent = [plan.spent[name] for name in COMPONENTS]
        assert plan.unspent == points - sum(spent)
        if plan.unspent:
            assert min(raised(at, step, spent)) > 1 - 1e-9
        assert list(plan.levels.values()) == pytest.approx(raised(at, step, spent))
        for truth in MODELS:
            assert plan.yields[truth] == pytest.approx(YIELD[truth](raised(at, step, spent)), abs=1e-9)
            assert plan.regrets[truth] == pytest.approx(best[truth] - plan.yields[truth], abs=1e-9)
        assert plan.largest_regret == max(plan.regrets.values())
    safest = next(plan for plan in run.plans if plan.model == run.safest)
    assert safest.largest_regret == min(plan.largest_regret for plan in run.plans)


@given(levels, st.sampled_from(MODELS), st.integers(0, 4), st.floats(0, 1))
def test_a_better_component_never_lowers_the_yield_and_models_keep_their_order(at, model, which, more):
    higher = list(at)
    higher[which] = min(1.0, higher[which] + more)
    assert combine(higher, model) >= combine(at, model) - 1e-12
    assert min(at) <= combine(at, "geometric") + 1e-9
    assert combine(at, "geometric") <= combine(at, "additive") + 1e-9


@settings(deadline=None)
@given(levels, steps)
def test_gains_of_the_next_point(at, step):
    run = simulate(parameters(at, step, replicates=1, model="additive"))
    for model in MODELS:
        for position, name in enumerate(COMPONENTS):
            one = [int(i == position) for i in range(5)]
            gain = YIELD[model](raised(at, step, one)) - YIELD[model](at)
            assert run.next_gain[model][name] == pytest.approx(gain, abs=1e-9)
        most = max(run.next_gain[model].values())
        for name in run.best_next[model]:
            assert run.next_gain[model][name] == pytest.approx(most)
        assert bool(run.best_next[model]) == (most > 1e-9)
    assert run.chosen == run.yields["additive"]


def test_two_equally_weak_components_gain_nothing_from_one_point():
    run = simulate(Parameters(0.3, 0.3, 0.6, 0.6, 0.6, replicates=1))
    assert run.best_next["weakest_link"] == ()
    plan = best_plan(Parameters(0.3, 0.3, 0.6, 0.6, 0.6, points=6), "weakest_link")
    assert (plan["purpose"], plan["people"]) == (3, 3)


def test_a_component_at_nought_stops_the_geometric_model():
    assert combine((0, 1, 1, 1, 1), "geometric") == 0
    assert best_plan(Parameters(0, 1, 1, 1, 0.5, points=1), "geometric")["purpose"] == 1


def test_a_component_filled_exactly_takes_no_further_point():
    plan = best_plan(Parameters(1, 1, 1, 0.3, 1, points=9, step_capability=0.1), "weakest_link")
    assert plan["capability"] == 7


def test_how_often_each_component_is_the_best_next_place_agrees_with_brute_force():
    p = Parameters(
        0.95, 0.5, 0.2, 0.95, 0.5, uncertainty=0.2, replicates=4000
    )  # often at an end of the scale
    run = simulate(p, seed=2)
    rng, n = random.Random(7), 4000
    counts = {model: [0.0] * 5 for model in MODELS}
    for _ in range(n):
        at = [min(1, max(0, rng.gauss(level, 0.2))) for level in p.levels]
        for model in MODELS:
            gains = [
                YIELD[model](raised(at, p.steps, [int(i == j) for j in range(5)])) - YIELD[model](at)
                for i in range(5)
            ]
            best = [i for i, gain in enumerate(gains) if gain > max(gains) - 1e-12 and max(gains) > 1e-12]
            for i in best:
                counts[model][i] += 1 / len(best) / n
    for model in MODELS:
        for name, share in zip(COMPONENTS, counts[model], strict=True):
            near = 4 * math.sqrt(2 * max(share * (1 - share), 0.001) / n)
            assert run.next_share[model][name] == pytest.approx(share, abs=near)


def test_sure_levels_give_sure_advice():
    run = simulate(Parameters(uncertainty=0))
    assert run.next_share["geometric"]["leadership"] == pytest.approx(1)
    assert run.next_share["additive"]["capability"] == pytest.approx(1)


def test_the_same_seed_repeats_and_results_are_json():
    assert simulate(seed=2) == simulate(seed=2)
    assert simulate(seed=2).next_share != simulate(seed=3).next_share
    assert json.loads(json.dumps(simulate().to_dict()))["yields"]["additive"] == pytest.approx(0.64)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("purpose", 1.2),
        ("leadership", "high"),
        ("model", "best"),
        ("points", -1),
        ("step_people", 0),
        ("uncertainty", 1),
    ],
)
def test_a_wrong_parameter_is_named_with_its_value(name, value):
    with pytest.raises(ValueError, match=f"{name} must be .*{value}"):
        Parameters(**{name: value})


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match=r"level 2 must be .*1\.5"):
        conditions.combine((0.5, 1.5), "additive")
    with pytest.raises(ValueError, match="at least one"):
        combine((), "additive")
    with pytest.raises(ValueError, match="model must be one of"):
        best_plan(model="best")
