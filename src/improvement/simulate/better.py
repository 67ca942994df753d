"""W30 better things or things better: improve the process that is there, or replace it.

Time is in months t = 1, 2, ..., `months`; p is the share of people whose need is met, for a normal process with
distribution function Phi. The start is p0 = Phi((need - mean) / sd).

- **Improve**: p(t) = p0 + (ceiling - p0)(1 - 2^(-t / half_time)), towards a ceiling that the design sets.
- **Redesign**: p0 for `lead_months` of design, p0 - dip (not below 0) for `dip_months` of changing over, then
  p1 = Phi((need - new_mean) / new_sd) with probability 1 - `risk`, or p0 if it fails.

People want a share R = `need_level` to be met. Each month's shortfall is people * max(0, R - p(t)). The loss of an
option is its shortfall over the months times `cost_per_shortfall`, plus `improve_cost` a month, or `redesign_cost`
once and `given_up` a month from the changeover on (what is let go: other services, status). The better option has
the smaller expected loss; an option *reaches* R if p(t) >= R in the last month (a redesign: if it succeeds).

Above the ceiling no amount of improvement reaches R, however long it goes on. Whether redesign is then the better
buy within the months considered depends on its cost, dip and risk. The break-even need is the R at which both
expected losses are equal: below it improve, above it redesign. The break-even month is the first from which the
redesign's expected cumulative shortfall stays at or below that of improvement.
"""

from dataclasses import asdict, dataclass, replace
from itertools import accumulate
from random import Random
from statistics import NormalDist, fmean
from typing import Any

from improvement.simulate import checks, streams

OPTIONS = ("improve", "redesign")
_STEPS = 50
_HALVINGS = 30

ASSUMPTIONS = (
    "Improvement of the same design runs into a ceiling, which you set.",
    "A redesign helps nobody until it is in use, makes things worse for a while, and may fail.",
    "People and their needs stay the same over the months.",
    "Nobody improves while the redesign runs, or the other way round.",
)
CANNOT_TELL = (
    "The ceiling of your own process: only its capability and a test of change can show it.",
    "Whether a redesign will work, and for whom: the risk is a number you chose.",
    "What it is worth to the people who give something up. Ask them.",
)


@dataclass(frozen=True)
class Parameters:
    """The need, the process now, what improvement could do, and what a redesign could do.

    `need`, `mean`, `sd`, `new_mean`, `new_sd` in one unit such as minutes; shares from 0 to 1; costs in any one unit.
    """

    need_level: float = 0.95
    need: float = 60.0
    mean: float = 75.0
    sd: float = 20.0
    ceiling: float = 0.5
    half_time: float = 6.0
    new_mean: float = 40.0
    new_sd: float = 8.0
    lead_months: int = 6
    dip: float = 0.1
    dip_months: int = 3
    risk: float = 0.2
    people: int = 200
    months: int = 60
    cost_per_shortfall: float = 1.0
    improve_cost: float = 5.0
    redesign_cost: float = 300.0
    given_up: float = 5.0
    replicates: int = 20

    def __post_init__(self) -> None:
        for name in ("need_level", "ceiling", "dip", "risk"):
            checks.number(name, getattr(self, name), 0, 1)
        for name in ("need", "mean", "new_mean"):
            checks.number(name, getattr(self, name), -1e6, 1e6)
        for name in ("sd", "new_sd"):
            checks.number(name, getattr(self, name), 1e-6, 1e6)
        checks.number("half_time", self.half_time, 0.01, 1000, unit="months")
        checks.whole("lead_months", self.lead_months, 0, 240)
        checks.whole("dip_months", self.dip_months, 0, 240)
        checks.whole("people", self.people, 1, 5000)
        checks.whole("months", self.months, 1, 240)
        for name in ("cost_per_shortfall", "improve_cost", "redesign_cost", "given_up"):
            checks.number(name, getattr(self, name), 0, 1e9)
        checks.whole("replicates", self.replicates, 1, 5000)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Path:
    """One option, exactly: expected share met by month, and what it comes to.

    `cumulative_shortfall` and `cumulative_unmet` (people whose need is not met) are expected, by month. `best_share`
    is the share met in the last month (for a redesign, if it succeeds); `reaches` compares it with the need level.
    """

    option: str
    share: tuple[float, ...]
    cumulative_shortfall: tuple[float, ...]
    cumulative_unmet: tuple[float, ...]
    loss: float
    best_share: float
    reaches: bool


@dataclass(frozen=True)
class Run:
    """One simulated history of an option: people met each month, and whether a redesign failed."""

    option: str
    met: tuple[int, ...]
    failed: bool


@dataclass(frozen=True)
class Result:
    """Both options, the choice, and simulated histories.

    `choice` is ``"improve"`` or ``"redesign"``, and `neither_reaches` warns that even the better one falls short of
    the need level. `mean_unmet` is the simulated counterpart of each path's last cumulative unmet;
    `redesign_wins` the share of replicates in which fewer people went unmet with the redesign.
    """

    parameters: Parameters
    seed: int
    start_share: float
    improve: Path
    redesign: Path
    choice: str
    neither_reaches: bool
    break_even_need: float | None
    break_even_month: int | None
    runs: tuple[Run, Run]
    mean_unmet: dict[str, float]
    redesign_wins: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def paths(parameters: Parameters = DEFAULTS) -> tuple[Path, Path]:
    """The exact paths of improvement and redesign, in that order."""
    p = parameters
    improve = _improving(p)
    works, fails = _redesigned(p, True), _redesigned(p, False)
    changed = max(0, p.months - p.lead_months)
    return (
        _path(p, "improve", [(1.0, improve)], p.improve_cost * p.months),
        _path(p, "redesign", [(1 - p.risk, works), (p.risk, fails)], p.redesign_cost + p.given_up * changed),
    )


def choose(parameters: Parameters = DEFAULTS) -> str:
    """The option with the smaller expected loss; improvement if they are equal."""
    improve, redesign = paths(parameters)
    return "redesign" if redesign.loss < improve.loss else "improve"


def break_even_need(parameters: Parameters = DEFAULTS) -> float | None:
    """The lowest need level from which a redesign has the smaller expected loss, or None if there is none.

    Found to 1e-10 by bisection after a search in steps of 0.02; 0.0 if a redesign is better at every need level.
    """

    def advantage(level: float) -> float:
        improve, redesign = paths(replace(parameters, need_level=level))
        return improve.loss - redesign.loss

    below = 0.0
    if advantage(0.0) > 0:
        return 0.0
    for step in range(1, _STEPS + 1):
        above = step / _STEPS
        if advantage(above) > 0:
            for _ in range(_HALVINGS):
                middle = (below + above) / 2
                if advantage(middle) > 0:
                    above = middle
                else:
                    below = middle
            return (below + above) / 2
        below = above
    return None


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Work out both options, and draw histories of them.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    improve, redesign = paths(p)
    fate, counts = streams.seeded(seed, "better fate"), streams.seeded(seed, "better counts")
    histories = [_history(p, fate, counts) for _ in range(p.replicates)]
    unmet = [[p.people * p.months - sum(run.met) for run in pair] for pair in histories]
    return Result(
        p,
        seed,
        _start(p),
        improve,
        redesign,
        choose(p),
        not (improve.reaches or redesign.reaches),
        break_even_need(p),
        _break_even_month(improve, redesign),
        histories[0],
        {option: fmean(pair[position] for pair in unmet) for position, option in enumerate(OPTIONS)},
        fmean(after < before for before, after in unmet),
    )


def _start(p: Parameters) -> float:
    return NormalDist(p.mean, p.sd).cdf(p.need)


def _improving(p: Parameters) -> list[float]:
    start = _start(p)
    # A ceiling below where the process already is means that there is nothing left to gain.
    room = max(0.0, p.ceiling - start)
    return [start + room * (1 - 2 ** (-month / p.half_time)) for month in range(1, p.months + 1)]


def _redesigned(p: Parameters, works: bool) -> list[float]:
    start = _start(p)
    after = NormalDist(p.new_mean, p.new_sd).cdf(p.need) if works else start
    whole = [start] * p.lead_months + [max(0.0, start - p.dip)] * p.dip_months + [after] * p.months
    return whole[: p.months]


def _path(p: Parameters, option: str, scenarios: list[tuple[float, list[float]]], cost: float) -> Path:
    expected = [sum(weight * shares[month] for weight, shares in scenarios) for month in range(p.months)]
    short = [
        p.people * sum(weight * max(0.0, p.need_level - shares[month]) for weight, shares in scenarios)
        for month in range(p.months)
    ]
    best = scenarios[0][1][-1]
    return Path(
        option,
        tuple(expected),
        tuple(accumulate(short)),
        tuple(accumulate(p.people * (1 - share) for share in expected)),
        p.cost_per_shortfall * sum(short) + cost,
        best,
        best >= p.need_level,
    )


def _break_even_month(improve: Path, redesign: Path) -> int | None:
    """Counted from 1; None if redesign is behind in the last month."""
    month = None
    pairs = zip(improve.cumulative_shortfall, redesign.cumulative_shortfall, strict=True)
    for number, (one, other) in enumerate(pairs, 1):
        if other > one + 1e-9:
            month = None
        elif month is None:
            month = number
    return month


def _history(p: Parameters, fate: Random, counts: Random) -> tuple[Run, Run]:
    failed = fate.random() < p.risk
    return (
        Run("improve", tuple(streams.binomial(counts, p.people, share) for share in _improving(p)), False),
        Run(
            "redesign",
            tuple(streams.binomial(counts, p.people, share) for share in _redesigned(p, not failed)),
            failed,
        ),
    )
