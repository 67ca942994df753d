"""W02 five conditions together: three models of how the components combine, and where the next point should go.

Each of the five components has a level x from 0 to 1. What they yield together is, by model:

- ``"additive"``: the mean of the five;
- ``"geometric"``: the fifth root of their product, so that a component at 0 leaves nothing;
- ``"weakest_link"``: the smallest of the five.

A point spent on a component raises its level by that component's step, never above 1: x + n * step after n points.
The best plan spends a budget of points so that the yield is largest. Each model rewards ever less the further one
component is raised on its own (for the geometric model take logarithms), so giving every point to the component that
gains most from it is optimal; for the weakest link that is always the lowest. Points that nothing can use stay unspent.

Nobody knows which model is true. A plan made under one model and judged under another loses its *regret*: the best
yield under the true model minus the yield of the plan. The safest plan has the smallest largest regret.

Levels are guesses, too: `simulate` adds normal errors with standard deviation `uncertainty` to them (then held
between 0 and 1) and counts how often each component is the best place for the next point.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from improvement.simulate import checks, streams

COMPONENTS = ("purpose", "people", "leadership", "capability", "management")
MODELS = ("additive", "geometric", "weakest_link")
_TIE = 1e-12

ASSUMPTIONS = (
    "Each component can be put on a scale from 0 to 1, and the five scales compare.",
    "The five count equally; a model decides only how they combine.",
    "A point buys the same step wherever a component stands, until it is full.",
)
CANNOT_TELL = (
    "Which of the three models is true: the framework does not say, and no data here test them.",
    "Your own levels, or what a step costs you: you chose these numbers.",
    "Whether a higher yield reaches patients.",
)


@dataclass(frozen=True)
class Parameters:
    """Levels of the five components (0 to 1), what a point adds to each, and how sure we are of the levels.

    `model` is the model that the learner believes; all three are always worked out. `uncertainty` is the standard
    deviation of the error in each level.
    """

    purpose: float = 0.8
    people: float = 0.8
    leadership: float = 0.2
    capability: float = 0.9
    management: float = 0.5
    model: str = "geometric"
    points: int = 10
    step_purpose: float = 0.03
    step_people: float = 0.03
    step_leadership: float = 0.03
    step_capability: float = 0.1
    step_management: float = 0.05
    uncertainty: float = 0.1
    replicates: int = 400

    def __post_init__(self) -> None:
        for name in COMPONENTS:
            checks.number(name, getattr(self, name), 0, 1)
            checks.number(f"step_{name}", getattr(self, f"step_{name}"), 0.001, 1)
        checks.choice("model", self.model, MODELS)
        checks.whole("points", self.points, 0, 200)
        checks.number("uncertainty", self.uncertainty, 0, 0.5)
        checks.whole("replicates", self.replicates, 1, 20_000)

    @property
    def levels(self) -> tuple[float, ...]:
        """Levels in the order of COMPONENTS."""
        return tuple(getattr(self, name) for name in COMPONENTS)

    @property
    def steps(self) -> tuple[float, ...]:
        """What a point adds, in the order of COMPONENTS."""
        return tuple(getattr(self, f"step_{name}") for name in COMPONENTS)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Plan:
    """The best way to spend the points if one model is true.

    `spent` and `levels` are by component; `yields` judges the plan under each model; `largest_regret` is the most it
    can lose by whichever model turns out to be true.
    """

    model: str
    spent: dict[str, int]
    unspent: int
    levels: dict[str, float]
    yields: dict[str, float]
    regrets: dict[str, float]
    largest_regret: float


@dataclass(frozen=True)
class Result:
    """Yields now, the next point, the best plans and how sure the advice is.

    `next_gain` is by model and component what one point adds; `best_next` names by model the components that gain
    most (several if they tie, none if no single point adds anything). `chosen` is the yield under the learner's own
    model. `next_share` is by model the simulated share of draws in which each component is the best next place; ties
    share a draw. `safest` names the model whose plan has the smallest largest regret.
    """

    parameters: Parameters
    seed: int
    yields: dict[str, float]
    chosen: float
    next_gain: dict[str, dict[str, float]]
    best_next: dict[str, tuple[str, ...]]
    plans: tuple[Plan, ...]
    safest: str
    next_share: dict[str, dict[str, float]]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def combine(levels: Sequence[float], model: str) -> float:
    """The yield of any number of components under one model.

    Raises:
        ValueError: for an unknown model, no levels, or a level outside 0 to 1 (counted from 1).
    """
    checks.choice("model", model, MODELS)
    if not levels:
        raise ValueError("levels must hold at least one number from 0 to 1, but there are none")
    for position, level in enumerate(levels, 1):
        checks.number(f"level {position}", level, 0, 1)
    return _combine(levels, model)


def best_plan(parameters: Parameters = DEFAULTS, model: str | None = None) -> dict[str, int]:
    """Points for each component that make the yield under a model (the learner's unless given) as large as can be."""
    model = checks.choice("model", parameters.model if model is None else model, MODELS)
    return dict(zip(COMPONENTS, _spend(parameters, model), strict=True))


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Work out yields, plans and regrets exactly, and draw levels to see how sure the advice is.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    spent = {model: _spend(p, model) for model in MODELS}
    after = {model: _raised(p, points) for model, points in spent.items()}
    best = {model: _combine(after[model], model) for model in MODELS}
    plans = []
    for model in MODELS:
        yields = {truth: _combine(after[model], truth) for truth in MODELS}
        regrets = {truth: max(0.0, best[truth] - yields[truth]) for truth in MODELS}
        plans.append(
            Plan(
                model,
                dict(zip(COMPONENTS, spent[model], strict=True)),
                p.points - sum(spent[model]),
                dict(zip(COMPONENTS, after[model], strict=True)),
                yields,
                regrets,
                max(regrets.values()),
            )
        )
    gains = {model: _gains(p.levels, p.steps, model) for model in MODELS}
    return Result(
        p,
        seed,
        {model: _combine(p.levels, model) for model in MODELS},
        _combine(p.levels, p.model),
        {model: dict(zip(COMPONENTS, gains[model], strict=True)) for model in MODELS},
        {model: tuple(COMPONENTS[i] for i in _largest(gains[model])) for model in MODELS},
        tuple(plans),
        min(plans, key=lambda plan: plan.largest_regret).model,
        _next_share(p, seed),
    )


def _combine(levels: Sequence[float], model: str) -> float:
    if model == "additive":
        return sum(levels) / len(levels)
    if model == "geometric":
        return math.prod(levels) ** (1 / len(levels))
    return min(levels)


def _gains(levels: Sequence[float], steps: Sequence[float], model: str) -> list[float]:
    now = _combine(levels, model)
    gains = []
    for position, step in enumerate(steps):
        higher = list(levels)
        higher[position] = min(1.0, higher[position] + step)
        gains.append(_combine(higher, model) - now)
    return gains


def _largest(gains: Sequence[float]) -> list[int]:
    most = max(gains)
    return [i for i, gain in enumerate(gains) if gain > most - _TIE] if most > _TIE else []


def _raised(p: Parameters, points: Sequence[int]) -> list[float]:
    # Rounded, so that a level of 0.3 and seven points of 0.1 make a full component.
    return [
        min(1.0, round(level + n * step, 12))
        for level, step, n in zip(p.levels, p.steps, points, strict=True)
    ]


def _spend(p: Parameters, model: str) -> list[int]:
    points = [0] * len(COMPONENTS)
    for _ in range(p.points):
        levels = _raised(p, points)
        open_to_more = [i for i, level in enumerate(levels) if level < 1]
        if not open_to_more:
            break

        def worth(i: int, levels: list[float] = levels) -> tuple[float, float]:
            higher = min(1.0, levels[i] + p.steps[i])
            if model == "additive":
                first = higher - levels[i]
            elif model == "geometric":
                first = higher / levels[i] if levels[i] else math.inf
            else:
                first = 0.0
            # Rounded, so that equal worth is equal; the lower level then goes first.
            return round(first, 12) if math.isfinite(first) else first, -levels[i]

        points[max(open_to_more, key=worth)] += 1
    return points


def _next_share(p: Parameters, seed: int) -> dict[str, dict[str, float]]:
    draws = streams.seeded(seed, "conditions")
    share = {model: dict.fromkeys(COMPONENTS, 0.0) for model in MODELS}
    for _ in range(p.replicates):
        levels = [min(1.0, max(0.0, streams.normal(draws, level, p.uncertainty))) for level in p.levels]
        for model in MODELS:
            best = _largest(_gains(levels, p.steps, model))
            for i in best:
                share[model][COMPONENTS[i]] += 1 / len(best) / p.replicates
    return share
