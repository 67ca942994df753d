"""W34 PDSA ramp: small tests that grow, and what they find before many people are exposed.

An idea adds `effect` to a baseline success rate b, and has a hidden flaw that harms a person with probability f. Both
depend on the setting, and a test of n people reaches more different settings the larger it is: with c = log10(n),
the effect is effect * (1 - shrinkage)^c and the flaw rate min(1, flaw_rate * (1 + flaw_growth)^c).

Cycle k tests n_k people. While the flaw is there, each is harmed with probability f_k (and is then no success);
everyone else succeeds with probability b + effect_k. The stop rule: if at least `stop_at` people are harmed in a
cycle, the flaw is seen, and the team

- ``"adapt"``: repairs it with probability `fix_chance`, then goes on with the next cycle;
- ``"stop"``: abandons the idea;
- ``"carry_on"``: does nothing about it.

Exactly, the chance that a flaw still present is seen in cycle k is q_k = P(binomial(n_k, f_k) >= stop_at), which is
1 - (1 - f_k)^n_k for stop_at 1. With P_k the chance that cycle k is run with the flaw there (P_1 = 1),
P_{k+1} = P_k (1 - q_k * r), r = fix_chance for ``"adapt"``, 1 for ``"stop"``, 0 for ``"carry_on"``; and the expected
number harmed is the sum of P_k n_k f_k.

A cycle surprises if its successes fall outside the central 95% of binomial(n_k, predicted): that is when a team
that wrote its prediction down learns something.
Source of the method: Langley GJ et al., The Improvement Guide, 2nd edition, Jossey-Bass 2009.
"""

import math
from dataclasses import asdict, dataclass, replace
from statistics import fmean
from typing import Any

from improvement.simulate import checks, streams
from improvement.spc.distributions import binomial_cdf, binomial_quantile

RESPONSES = ("adapt", "stop", "carry_on")

ASSUMPTIONS = (
    "Each person meets the flaw independently, and a harm is always noticed and reported.",
    "An effect shrinks, and a flaw grows, with the variety of settings, which grows with the size of the test.",
    "A repair either removes the flaw wholly or does nothing.",
    "The baseline stays the same while the tests run.",
)
CANNOT_TELL = (
    "The flaw rate of your idea: that is what the tests are for.",
    "How bad a harm is. For a grave one, no number of people exposed may be acceptable.",
    "Whether your harms would be noticed: a flaw that nobody reports is never seen.",
)


@dataclass(frozen=True)
class Parameters:
    """The idea, the ramp of test sizes, the written prediction (a success rate) and the stop rule.

    `safety_limit` is how many people harmed over the whole ramp would be too many.
    """

    baseline: float = 0.6
    effect: float = 0.2
    flaw_rate: float = 0.1
    sizes: tuple[int, ...] = (1, 5, 25, 125)
    predicted: float = 0.8
    stop_at: int = 1
    response: str = "adapt"
    fix_chance: float = 0.7
    shrinkage: float = 0.1
    flaw_growth: float = 0.0
    safety_limit: int = 5
    replicates: int = 300

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", tuple(self.sizes))
        checks.number("baseline", self.baseline, 0, 1)
        checks.number("effect", self.effect, -self.baseline, 1 - self.baseline)
        checks.number("flaw_rate", self.flaw_rate, 0, 1)
        if not self.sizes or len(self.sizes) > 20:
            raise ValueError(f"sizes must list 1 to 20 tests, but there are {len(self.sizes)}")
        for number, size in enumerate(self.sizes, 1):
            checks.whole(f"sizes: test {number}", size, 1, 20_000)
        checks.number("predicted", self.predicted, 0, 1)
        checks.whole("stop_at", self.stop_at, 1, 20_000)
        checks.choice("response", self.response, RESPONSES)
        checks.number("fix_chance", self.fix_chance, 0, 1)
        checks.number("shrinkage", self.shrinkage, 0, 1)
        checks.number("flaw_growth", self.flaw_growth, 0, 10)
        checks.whole("safety_limit", self.safety_limit, 0, 10**6)
        checks.whole("replicates", self.replicates, 1, 20_000)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Cycle:
    """One test of the run shown. `flawed` says whether the flaw was there, `seen` whether the stop rule fired.

    `predicted_low` to `predicted_high` is the central 95% of successes if the prediction holds.
    """

    size: int
    successes: int
    harmed: int
    flawed: bool
    seen: bool
    predicted_low: int
    predicted_high: int
    surprise: bool


@dataclass(frozen=True)
class Step:
    """Exact values for one test of the ramp.

    - `chance_seen`: that a flaw still present is seen in this test; `seen_by_now`: that a flaw which nobody repairs
      has been seen in this test or before.
    - `chance_flawed`: that the test is run with the flaw there; `harmed`: expected harms in this test.
    - `success`: expected share of successes with the flaw there, `success_repaired` without.
    """

    size: int
    flaw_rate: float
    chance_seen: float
    seen_by_now: float
    chance_flawed: float
    harmed: float
    success: float
    success_repaired: float


@dataclass(frozen=True)
class Result:
    """One run of the ramp, the exact steps, and averages over replicates.

    `mean_harmed`, `mean_exposed` (people who met the idea while it was flawed), `share_seen` (at least one test in
    which the flaw was seen), `share_over_limit` and `share_still_flawed` (the last test was run with the flaw) are
    simulated. `expected_harmed`, `expected_exposed`, `chance_seen` and `chance_still_flawed` are their exact values.
    """

    parameters: Parameters
    seed: int
    cycles: tuple[Cycle, ...]
    steps: tuple[Step, ...]
    mean_harmed: float
    mean_exposed: float
    share_seen: float
    share_over_limit: float
    share_still_flawed: float
    expected_harmed: float
    expected_exposed: float
    chance_seen: float
    chance_still_flawed: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Scale:
    """What to expect of a repaired idea with many people: the share of successes with the central 95% of its chance
    variation, the effect that is left, and the share of the pilot's effect that it is."""

    people: int
    success: float
    low: float
    high: float
    effect: float
    kept: float


def chance_seen(flaw_rate: float, n: int, *, stop_at: int = 1) -> float:
    """The exact chance that at least `stop_at` of n people meet a flaw that strikes with probability `flaw_rate`.

    Raises:
        ValueError: naming the parameter that is out of range.
    """
    checks.number("flaw_rate", flaw_rate, 0, 1)
    checks.whole("n", n, 1, 10**6)
    checks.whole("stop_at", stop_at, 1, 10**6)
    if stop_at > n:
        return 0.0
    if stop_at == 1:
        return 1 - (1 - flaw_rate) ** n
    return 1 - binomial_cdf(stop_at - 1, n, flaw_rate)


def at_scale(parameters: Parameters = DEFAULTS, people: int = 1000, *, pilot: int | None = None) -> Scale:
    """Predict a repaired idea with `people`, against a pilot of a given size (by default the largest test).

    Raises:
        ValueError: if a size is not a whole number from 1 to 20,000.
    """
    p = parameters
    checks.whole("people", people, 1, 20_000)
    size = max(p.sizes) if pilot is None else checks.whole("pilot", pilot, 1, 20_000)
    effect = _effect(p, people)
    success = p.baseline + effect
    low, high = _central(people, success)
    before = _effect(p, size)
    return Scale(people, success, low / people, high / people, effect, effect / before if before else 1.0)


def all_at_once(parameters: Parameters = DEFAULTS) -> Parameters:
    """The same idea and the same number of people in a single test, with nothing learned on the way."""
    return replace(parameters, sizes=(sum(parameters.sizes),))


def steps(parameters: Parameters = DEFAULTS) -> tuple[Step, ...]:
    """The exact values of each test in the ramp, from the equations in the module's docstring."""
    p = parameters
    removed = {"adapt": p.fix_chance, "stop": 1.0, "carry_on": 0.0}[p.response]
    flawed, unseen = 1.0, 1.0
    done = []
    for size in p.sizes:
        rate, effect = _flaw(p, size), _effect(p, size)
        seen = chance_seen(rate, size, stop_at=p.stop_at)
        unseen *= 1 - seen
        repaired = p.baseline + effect
        done.append(
            Step(size, rate, seen, 1 - unseen, flawed, flawed * size * rate, (1 - rate) * repaired, repaired)
        )
        flawed *= 1 - seen * removed
    return tuple(done)


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Run the ramp once to look at, and `replicates` times to count.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    central = {size: _central(size, p.predicted) for size in p.sizes}
    runs = [_run(p, seed, number, central) for number in range(p.replicates)]
    exact = steps(p)
    harmed = [sum(cycle.harmed for cycle in run) for run in runs]
    return Result(
        p,
        seed,
        runs[0],
        exact,
        fmean(harmed),
        fmean(sum(cycle.size for cycle in run if cycle.flawed) for run in runs),
        fmean(any(cycle.seen for cycle in run) for run in runs),
        fmean(total > p.safety_limit for total in harmed),
        fmean(len(run) == len(p.sizes) and run[-1].flawed for run in runs),
        sum(step.harmed for step in exact),
        sum(step.chance_flawed * step.size for step in exact),
        exact[-1].seen_by_now,
        exact[-1].chance_flawed,
    )


def _run(p: Parameters, seed: int, number: int, central: dict[int, tuple[int, int]]) -> tuple[Cycle, ...]:
    stream = streams.seeded(seed, "pdsa", number)
    flawed = True
    cycles = []
    for size in p.sizes:
        harmed = streams.binomial(stream, size, _flaw(p, size) if flawed else 0.0)
        successes = streams.binomial(stream, size - harmed, p.baseline + _effect(p, size))
        low, high = central[size]
        seen = harmed >= p.stop_at
        cycles.append(Cycle(size, successes, harmed, flawed, seen, low, high, not low <= successes <= high))
        if seen and p.response == "stop":
            break
        if seen and p.response == "adapt" and stream.random() < p.fix_chance:
            flawed = False
    return tuple(cycles)


def _effect(p: Parameters, size: int) -> float:
    return p.effect * (1 - p.shrinkage) ** math.log10(size)


def _flaw(p: Parameters, size: int) -> float:
    return min(1.0, p.flaw_rate * (1 + p.flaw_growth) ** math.log10(size))


def _central(n: int, share: float) -> tuple[int, int]:
    """The central 95% of a binomial: counts from its 2.5th to its 97.5th percentile."""
    if share <= 0 or share >= 1:
        return (0, 0) if share <= 0 else (n, n)
    return binomial_quantile(0.025, n, share), binomial_quantile(0.975, n, share)
