"""W10 funnel: what reacting to every result does to a stable process (Deming's funnel experiment).

Day t gives x_t = target + setting_t + sd * z_t with independent standard normal z_t. The process is on target and
stable, so the best setting is 0, unless `shift` moves the process itself: then shift is added from `shift_day` on and
the best setting is -shift. After each day the manager may move it:

1. ``"leave"``: setting stays 0. Standard deviation of day t: sd.
2. ``"from_setting"``: compensate from the current setting, setting_{t+1} = setting_t - (x_t - target).
   Then x_t = target + sd (z_t - z_{t-1}): sd * sqrt 2 from day 2 on.
3. ``"from_target"``: compensate from the target, setting_{t+1} = -(x_t - target). Then the errors swing ever
   wider: sd * sqrt t on day t.
4. ``"copy_last"``: do what we did last time, setting_{t+1} = x_t - target. A random walk: sd * sqrt t on day t.
5. ``"manual"``: the learner's own `moves`, added to the setting after each day.

Every policy meets the same z_t. A shift adds to the errors what the policy makes of it with no luck at all, so the
mean square distance from the target on a day is the variance above plus that response squared.
Source: Deming WE, Out of the Crisis, MIT 1986, chapter 11 (rules 1 to 4).
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from statistics import fmean, pstdev
from typing import Any

from improvement.simulate import checks, streams

RULES = ("leave", "from_setting", "from_target", "copy_last")
POLICIES = (*RULES, "manual")

ASSUMPTIONS = (
    "The process is stable and on target, so every day differs by chance alone, unless you give it a real change.",
    "An instruction works in full from the next day, and costs nothing.",
    "Days do not influence each other except through the instructions.",
)
CANNOT_TELL = (
    "Whether your process is stable: chart it first.",
    "What a change to the process itself, rather than its setting, would do.",
    "How staff respond to a new instruction every day.",
)


@dataclass(frozen=True)
class Parameters:
    """Target and standard deviation (any one unit, such as minutes), days, and the policy.

    `moves` are the learner's instructions for ``"manual"``, in the same unit: the first acts on day 2. Missing ones
    count as 0. `shift` moves the process itself, in the same unit, from day `shift_day` (counted from 1) on.
    `replicates` runs of the same length estimate the spread.
    """

    policy: str = "from_setting"
    target: float = 200.0
    sd: float = 20.0
    days: int = 50
    moves: tuple[float, ...] = ()
    replicates: int = 200
    shift: float = 0.0
    shift_day: int = 26

    def __post_init__(self) -> None:
        object.__setattr__(self, "moves", tuple(self.moves))
        checks.choice("policy", self.policy, POLICIES)
        checks.number("target", self.target, -1e9, 1e9)
        checks.number("sd", self.sd, 1e-9, 1e9)
        checks.whole("days", self.days, 2, 1000)
        for day, move in enumerate(self.moves, 1):
            checks.number(f"moves: the one after day {day}", move, -1e9, 1e9)
        if len(self.moves) > self.days:
            raise ValueError(
                f"moves must be at most one a day ({self.days}), but there are {len(self.moves)}"
            )
        checks.whole("replicates", self.replicates, 0, 20_000)
        checks.number("shift", self.shift, -1e9, 1e9)
        checks.whole("shift_day", self.shift_day, 1, 1000)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Result:
    """One trace, and the spread over all replicates.

    - `values`, `settings`: each day's result, and the setting (distance from target) it was made with.
    - `trace_sd`: SD within the trace shown; `trace_rms`: its root mean square distance from the target.
    - `worst_day`: 0-based day furthest from the target. `wasted_moves`: changes of setting; without a shift every one
      is wasted.
    - `rms`: root mean square distance from the target over all days and replicates; `last_day_sd`: the same on the
      last day alone. None without replicates. `exact_rms`, `exact_last_day_sd`: the same from the equations; None
      for ``"manual"``.
    """

    parameters: Parameters
    seed: int
    values: tuple[float, ...]
    settings: tuple[float, ...]
    trace_sd: float
    trace_rms: float
    worst_day: int
    wasted_moves: int
    rms: float | None
    last_day_sd: float | None
    exact_rms: float | None
    exact_last_day_sd: float | None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def exact_sd(policy: str, day: int, sd: float = 1.0) -> float:
    """The exact standard deviation of day `day` (counted from 1) around the target, in the unit of `sd`.

    Raises:
        ValueError: for a policy without a formula (``"manual"``) or a day below 1.
    """
    checks.choice("policy", policy, RULES)
    checks.whole("day", day, 1, 10**9)
    return sd * math.sqrt({"leave": 1, "from_setting": min(day, 2)}.get(policy, day))


def exact_distances(parameters: Parameters) -> tuple[float, ...]:
    """The exact root mean square distance from the target on each day, in the unit of `sd`, any shift included.

    Moves fixed in advance leave the spread alone, so for ``"manual"`` it is that of ``"leave"``.
    """
    p = parameters
    rule = "leave" if p.policy == "manual" else p.policy
    responses, _ = _trace(p, [0.0] * p.days)
    return tuple(
        math.hypot(exact_sd(rule, day, p.sd), response - p.target)
        for day, response in enumerate(responses, 1)
    )


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Run one policy. Policies with the same seed, target and sd meet the same days.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    values, settings = _trace(p, _luck(p, seed, "shown"))
    distances = [value - p.target for value in values]
    squares = last = 0.0
    for replicate in range(p.replicates):
        drops, _ = _trace(p, _luck(p, seed, replicate))
        squares += sum((drop - p.target) ** 2 for drop in drops)
        last += (drops[-1] - p.target) ** 2
    exact = exact_distances(p) if p.policy in RULES else None
    return Result(
        p,
        seed,
        tuple(values),
        tuple(settings),
        pstdev(values) * math.sqrt(p.days / (p.days - 1)),
        math.sqrt(fmean(distance**2 for distance in distances)),
        max(range(p.days), key=lambda day: abs(distances[day])),
        sum(settings[day] != settings[day - 1] for day in range(1, p.days)),
        math.sqrt(squares / (p.replicates * p.days)) if p.replicates else None,
        math.sqrt(last / p.replicates) if p.replicates else None,
        math.sqrt(fmean(distance**2 for distance in exact)) if exact else None,
        exact[-1] if exact else None,
    )


def compare_policies(
    parameters: Parameters = DEFAULTS, *, policies: Sequence[str] = RULES, seed: int = 1
) -> dict[str, Result]:
    """Run several policies on the same days."""
    return {policy: simulate(replace(parameters, policy=policy), seed=seed) for policy in policies}


def _luck(p: Parameters, seed: int, which: int | str) -> list[float]:
    stream = streams.seeded(seed, "funnel", which)
    return [streams.normal(stream, 0.0, p.sd) for _ in range(p.days)]


def _trace(p: Parameters, luck: list[float]) -> tuple[list[float], list[float]]:
    setting = 0.0
    values, settings = [], []
    for day, chance in enumerate(luck):
        error = setting + chance + (p.shift if day >= p.shift_day - 1 else 0.0)
        values.append(p.target + error)
        settings.append(setting)
        if p.policy == "from_setting":
            setting -= error
        elif p.policy == "from_target":
            setting = -error
        elif p.policy == "copy_last":
            setting = error
        elif p.policy == "manual" and day < len(p.moves):
            setting += p.moves[day]
    return values, settings
