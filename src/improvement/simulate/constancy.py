"""W48 hold your nerve: what constancy is worth, what restarts cost, and when to stop a bad strategy all the same.

**Value and cost.** A strategy that has run for `a` years brings, in units of value a year,

    v(a) = worth / (1 + exp(-(a - delay) / spread)),        and costs        c(a) = investment * exp(-a / fade).

Months m = 1, 2, ... are counted at their end, so the first month of a strategy has a = 1/12. The net value of a run is
the sum over its months of (v(a) - c(a)) / 12.

**Resets.** With `reset_every` years (rounded to whole months) the strategy is replaced by a new one of the same kind
by the calendar, whatever it has achieved: month m starts at age 0 if m - 1 is a multiple of that interval.

**Setbacks.** Each month, with probability `shock_chance`, a setback takes `setback` years of age away (rounded to whole
months, never below 0) before the month is worked; the strategy grows again from there, and pays that part of its cost
again. That is support. Under pressure the leaders start afresh after each setback: age 0. Exact expected values follow
the chances of all ages month by month.

**The counter-case.** A strategy may be a bad one: with probability 1 - `good` its value is `bad_worth` / `worth` times
v(a), with the same cost. Nobody sees which it is; each month shows value plus a normal error with standard deviation
`noise` (units a year). A stopping rule looks once a year, from the end of year `first_review` of the strategy on, at
the mean of its last 12 months, and stops it if that is below `stop_below` times what a good one would show; then a new
strategy starts, good with the same probability. With V_y the mean of v over the months of its year y, and Phi the
standard normal distribution function,

    chance of stopping a good one at the end of year y = Phi((stop_below - 1) V_y / (noise / sqrt 12)),
    a bad one = Phi((stop_below - bad_worth / worth) V_y / (noise / sqrt 12)),

with 1 or 0 if there is no noise. Exact values come from a recursion over the years left; there are no resets by the
calendar and no setbacks in this part. Both `never` stopping and every first year of review are worked out.
"""

import math
from dataclasses import asdict, dataclass
from functools import cache
from itertools import accumulate
from random import Random
from statistics import NormalDist, fmean
from typing import Any

from improvement.simulate import checks, streams

ASSUMPTIONS = (
    "A good strategy always pays in the end, and its value follows one smooth curve.",
    "A new strategy starts from nothing: nothing learned from the last one is kept.",
    "A setback costs progress and nothing else, and comes by chance.",
    "A bad strategy costs as much as a good one, and looks like one with less value.",
)
CANNOT_TELL = (
    "Whether your strategy is a good one: the curve is assumed here, and nothing in it was measured.",
    "How long your service needs before results show.",
    "Whether a new leader can change the strategy's name and keep the work.",
)
_STANDARD = NormalDist()


@dataclass(frozen=True)
class Parameters:
    """The horizon, what a strategy brings and costs, resets, setbacks, and the rule for stopping.

    Parameters:
        years: the horizon, whole years.
        reset_every: years between resets, or None for constancy.
        worth, delay, spread: value a year in the end, the age (years) at which half is reached, and how sharply.
        investment, fade: cost a year at the start, and the years in which it falls to about 37%.
        shock_chance, setback: chance of a setback a month, and the years of progress that it takes.
        restart_after_shock: True if leaders start afresh after a setback.
        good, bad_worth: chance that a strategy is a good one, and value a year of a bad one (may be harm, below 0).
        noise: standard deviation of a month's value as it is seen.
        first_review: year of a strategy at the end of which it may first be stopped, or None for never.
        stop_below: the share of a good strategy's value under which it is stopped.
        replicates: simulated runs.
    """

    years: int = 10
    reset_every: float | None = None
    worth: float = 1.0
    delay: float = 3.0
    spread: float = 0.6
    investment: float = 0.35
    fade: float = 1.5
    shock_chance: float = 0.0
    setback: float = 0.5
    restart_after_shock: bool = False
    good: float = 0.6
    bad_worth: float = -0.2
    noise: float = 0.4
    first_review: int | None = 3
    stop_below: float = 0.5
    replicates: int = 300

    def __post_init__(self) -> None:
        checks.whole("years", self.years, 1, 40)
        if self.reset_every is not None:
            checks.number("reset_every", self.reset_every, 1 / 12, 40, unit="years")
        checks.number("worth", self.worth, 0.01, 100, unit="a year")
        checks.number("delay", self.delay, 0, 40, unit="years")
        checks.number("spread", self.spread, 0.05, 20, unit="years")
        checks.number("investment", self.investment, 0, 100, unit="a year")
        checks.number("fade", self.fade, 0.05, 100, unit="years")
        checks.number("shock_chance", self.shock_chance, 0, 1)
        checks.number("setback", self.setback, 0, 40, unit="years")
        checks.flag("restart_after_shock", self.restart_after_shock)
        checks.number("good", self.good, 0, 1)
        checks.number("bad_worth", self.bad_worth, -100, self.worth, unit="a year")
        checks.number("noise", self.noise, 0, 100)
        if self.first_review is not None:
            checks.whole("first_review", self.first_review, 1, 40)
        checks.number("stop_below", self.stop_below, 0, 1)
        checks.whole("replicates", self.replicates, 1, 5000)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Month:
    """A month of the run shown: the strategy's age at its end (years), value and cost a year, and net value so far.

    `expected_net` is the exact expected net value so far.
    """

    month: int
    age: float
    value: float
    cost: float
    net: float
    shock: bool
    reset: bool
    expected_net: float


@dataclass(frozen=True)
class Rule:
    """A first year of review (None for never stopping) and what it leads to over the horizon, exactly.

    `net` is the expected value, `if_first_good` and `if_first_bad` the same given the first strategy. `good_stopped`
    and `bad_stopped` are the chances that a first strategy of that kind is stopped before the end.
    """

    first_review: int | None
    net: float
    if_first_good: float
    if_first_bad: float
    good_stopped: float
    bad_stopped: float


@dataclass(frozen=True)
class Result:
    """One run, the same horizon under other resets and other responses, and the counter-case.

    `expected_net` is exact and `simulated_net` the mean over replicates. `constancy` is the value with neither resets
    nor setbacks, and `by_reset` that with a reset every 1, 2, ... years, as (years, value) and without setbacks.
    `if_supported` and `if_restarted` are the expected values of the learner's run under the two responses to setbacks.
    `payback` is the first month from which the cumulative value of a single strategy stays above 0, or None within
    the horizon. `bad_held` is the value of a bad strategy kept to the end. `rule` is the learner's stopping rule,
    `rules` all of them (never first), `best_rule` the one worth most; `simulated_rule` is the mean over replicates of
    the learner's rule.
    """

    parameters: Parameters
    seed: int
    months: tuple[Month, ...]
    expected_net: float
    simulated_net: float
    constancy: float
    by_reset: tuple[tuple[int, float], ...]
    if_supported: float
    if_restarted: float
    payback: int | None
    bad_held: float
    rule: Rule
    rules: tuple[Rule, ...]
    best_rule: Rule
    simulated_rule: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def value(age: float, parameters: Parameters = DEFAULTS) -> float:
    """Value a year of a good strategy that has run for `age` years (0 to 1000)."""
    return _value(checks.number("age", age, 0, 1000, unit="years"), parameters)


def cost(age: float, parameters: Parameters = DEFAULTS) -> float:
    """Cost a year of a strategy that has run for `age` years (0 to 1000)."""
    return _cost(checks.number("age", age, 0, 1000, unit="years"), parameters)


def net_value(parameters: Parameters = DEFAULTS, *, reset_every: float | None = None) -> float:
    """Net value over the horizon without setbacks, with a reset every so many years (None: never).

    The interval given here is used, not that of the parameters.

    Raises:
        ValueError: if the interval is not from 1/12 to 40 years.
    """
    interval = (
        None if reset_every is None else checks.number("reset_every", reset_every, 1 / 12, 40, unit="years")
    )
    months, reset = 12 * parameters.years, _reset_months(interval)
    gains = _gains(parameters, months)
    return sum(gains[month % reset if reset else month] for month in range(months))


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Run a strategy through the years, beside the exact values and the stopping rules.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    gains = _gains(p, 12 * p.years)
    supported, restarted = _expected(p, gains, restart=False), _expected(p, gains, restart=True)
    expected = restarted if p.restart_after_shock else supported
    paths = [_path(p, streams.seeded(seed, "constancy", number)) for number in range(p.replicates)]
    rules = tuple(_rule(p, first) for first in (None, *range(1, p.years + 1)))
    own = _rule(p, p.first_review)
    return Result(
        p,
        seed,
        _months(p, paths[0], gains, expected),
        expected[-1],
        fmean(sum(gains[age - 1] for age, _, _ in path) for path in paths),
        net_value(p),
        tuple((years, net_value(p, reset_every=years)) for years in range(1, p.years + 1)),
        supported[-1],
        restarted[-1],
        _payback(gains),
        sum(_years(p, p.bad_worth / p.worth)),
        own,
        rules,
        max(rules, key=lambda rule: rule.net),
        fmean(_stopping_runs(p, seed)),
    )


def _value(age: float, p: Parameters) -> float:
    return p.worth / (1 + math.exp(min(700.0, (p.delay - age) / p.spread)))


def _cost(age: float, p: Parameters) -> float:
    return p.investment * math.exp(-age / p.fade)


def _gains(p: Parameters, months: int) -> list[float]:
    """Net value of each month of a good strategy, from its first."""
    return [(_value(month / 12, p) - _cost(month / 12, p)) / 12 for month in range(1, months + 1)]


def _reset_months(years: float | None) -> int | None:
    return None if years is None else max(1, round(12 * years))


def _after_shock(age: int, p: Parameters, *, restart: bool) -> int:
    return 0 if restart else max(0, age - round(12 * p.setback))


def _expected(p: Parameters, gains: list[float], *, restart: bool) -> list[float]:
    """Expected net value so far, by month, from the chances of all ages (in months)."""
    chances = {0: 1.0}
    reset = _reset_months(p.reset_every)
    total, so_far = 0.0, []
    for month in range(12 * p.years):
        if reset and month % reset == 0:
            chances = {0: 1.0}
        after: dict[int, float] = {}
        for age, chance in chances.items():
            hit = _after_shock(age, p, restart=restart)
            for start, share in ((age, 1 - p.shock_chance), (hit, p.shock_chance)):
                if share:
                    after[start + 1] = after.get(start + 1, 0.0) + chance * share
        chances = after
        total += sum(chance * gains[age - 1] for age, chance in chances.items())
        so_far.append(total)
    return so_far


def _path(p: Parameters, stream: Random) -> list[tuple[int, bool, bool]]:
    """The age in months at the end of each month of one run, whether a setback came, and whether it was a reset."""
    age, reset = 0, _reset_months(p.reset_every)
    path = []
    for month in range(12 * p.years):
        fresh = bool(reset and month and month % reset == 0)
        shock = stream.random() < p.shock_chance
        age = 0 if fresh else age
        age = (_after_shock(age, p, restart=p.restart_after_shock) if shock else age) + 1
        path.append((age, shock, fresh))
    return path


def _months(
    p: Parameters, path: list[tuple[int, bool, bool]], gains: list[float], expected: list[float]
) -> tuple[Month, ...]:
    so_far = accumulate(gains[age - 1] for age, _, _ in path)
    return tuple(
        Month(month, age / 12, _value(age / 12, p), _cost(age / 12, p), net, shock, fresh, exact)
        for month, ((age, shock, fresh), net, exact) in enumerate(zip(path, so_far, expected, strict=True), 1)
    )


def _payback(gains: list[float]) -> int | None:
    so_far = list(accumulate(gains))
    under = [month for month, net in enumerate(so_far, 1) if net <= 0]
    last = under[-1] if under else 0
    return None if last == len(so_far) else last + 1


def _shown(p: Parameters) -> list[float]:
    """The mean value of a good strategy in each year of its life."""
    return [fmean(_value(year + month / 12, p) for month in range(1, 13)) for year in range(p.years)]


def _years(p: Parameters, quality: float) -> list[float]:
    """Net value in each year of a strategy that brings a share `quality` of a good one's value."""
    spent = [sum(_cost(year + month / 12, p) for month in range(1, 13)) / 12 for year in range(p.years)]
    return [quality * shown - out for shown, out in zip(_shown(p), spent, strict=True)]


def _stop_chances(p: Parameters, quality: float) -> list[float]:
    """The chance that a review at the end of each year of its life stops a strategy of this quality."""
    room = [(p.stop_below - quality) * shown for shown in _shown(p)]
    if not p.noise:
        return [float(gap > 0) for gap in room]
    return [_STANDARD.cdf(gap * math.sqrt(12) / p.noise) for gap in room]


def _rule(p: Parameters, first_review: int | None) -> Rule:
    kinds = (1.0, p.bad_worth / p.worth)
    yearly, stops = [_years(p, kind) for kind in kinds], [_stop_chances(p, kind) for kind in kinds]
    first = p.years if first_review is None else first_review

    # Called with few years left first, so the recursion is never deep.
    @cache
    def fresh(left: int) -> float:
        return p.good * onward(0, left, 0) + (1 - p.good) * onward(1, left, 0) if left else 0.0

    def onward(kind: int, left: int, year: int) -> float:
        """Expected net value with `left` years to go, of which the first is year `year` (from 0) of a strategy."""
        total, going = 0.0, 1.0
        while left:
            total += going * yearly[kind][year]
            year, left = year + 1, left - 1
            if year >= first and left:
                stop = stops[kind][year - 1]
                total += going * stop * fresh(left)
                going *= 1 - stop
        return total

    def stopped(kind: int) -> float:
        return 1 - math.prod(1 - stop for stop in stops[kind][first - 1 : p.years - 1])

    for left in range(p.years):
        fresh(left)
    good, bad = onward(0, p.years, 0), onward(1, p.years, 0)
    return Rule(first_review, p.good * good + (1 - p.good) * bad, good, bad, stopped(0), stopped(1))


def _stopping_runs(p: Parameters, seed: int) -> list[float]:
    """The net values of all replicates under the learner's stopping rule."""
    shown = _shown(p)
    qualities = (1.0, p.bad_worth / p.worth)
    yearly = {quality: _years(p, quality) for quality in qualities}
    first = p.years if p.first_review is None else p.first_review
    nets = []
    for number in range(p.replicates):
        stream = streams.seeded(seed, "constancy rule", number)
        net, age, quality = 0.0, 0, 1.0
        for _ in range(p.years):
            if not age:
                quality = qualities[0] if stream.random() < p.good else qualities[1]
            net += yearly[quality][age]
            age += 1
            seen = streams.normal(stream, quality * shown[age - 1], p.noise / math.sqrt(12))
            if age >= first and seen < p.stop_below * shown[age - 1]:
                age = 0
        nets.append(net)
    return nets
