"""W11 red beads and the ward league: rankings, praise and blame when everybody is alike.

**Red beads** (Deming). Every day each worker scoops `paddle` beads from a box in which a share `red_share` is red:
the reds are binomial(paddle, red_share), drawn with replacement. Limits for a scoop are np +- 3 sqrt(np(1 - p)),
kept within 0 and the paddle.

**Ward league.** In each month ward w has Poisson(rate_w * bed_days_w / 1000) events, such as falls. The ward with
the highest rate gets a warning and the one with the lowest an award (ties by lot). `warning_effect` is the share by
which a warning truly lowers that ward's expected events in the next month; 0 means the talk does nothing.

With W wards of the same expected count m, the exact answers follow from the distribution function F of Poisson(m):
P(worst <= k) = F(k)^W, so E(worst) = sum over k of 1 - F(k)^W; the warned ward's next count is Poisson(m (1 -
effect)), independent of the worst, which gives the chance that it improves, stays or worsens.

**One worse ward.** Count n months together, with every ward expecting m, but one f times m. The worse ward is last in
the table, ties by lot, with chance sum over k of P(X = k) (F(k)^W - F(k-1)^W) / (W P(Y = k)), X being its count and
Y another's. A count k is above the funnel's upper limit exactly when P(Poisson(centre) <= k) exceeds the limit's
probability, and the centre is the mean of all counts, which gives the chance for any ward by one sum.

Source: Deming WE, Out of the Crisis, MIT 1986, chapters 3 and 11 (red beads, rewarding the winner of a lottery).
"""

import math
from dataclasses import asdict, dataclass, field
from random import Random
from statistics import fmean
from typing import Any

from improvement.simulate import checks, streams
from improvement.spc.distributions import gamma_quantile, poisson_cdf, poisson_pmf
from improvement.spc.funnel import Funnel, funnel

ASSUMPTIONS = (
    "Events happen independently, and each ward's true rate stays the same.",
    "Every event is reported, and every ward counts in the same way.",
    "Workers cannot choose their beads; wards do not choose their patients.",
    "A warning or an award changes nothing, unless you give the warning an effect.",
)
CANNOT_TELL = (
    "Whether your wards are alike: a funnel plot of your own data is the place to start.",
    "Whether a ward outside the limits gives worse care: its patients or its counting may differ.",
    "What praise, blame and league tables do to people and to honest reporting.",
)


@dataclass(frozen=True)
class BeadParameters:
    """Workers, days, beads in a scoop, and the share of red beads in the box."""

    workers: int = 6
    days: int = 4
    paddle: int = 50
    red_share: float = 0.2

    def __post_init__(self) -> None:
        checks.whole("workers", self.workers, 2, 100)
        checks.whole("days", self.days, 1, 365)
        checks.whole("paddle", self.paddle, 1, 10_000)
        checks.number("red_share", self.red_share, 0, 1)


@dataclass(frozen=True)
class BeadResult:
    """Red beads by day and worker, and who was praised or blamed for them.

    `best_of_day` and `worst_of_day` are 0-based workers (ties by lot); `worst_improved` counts the days on which
    the previous day's worst worker had fewer reds, of `days` - 1. Limits are for one scoop.
    """

    parameters: BeadParameters
    seed: int
    reds: tuple[tuple[int, ...], ...]
    totals: tuple[int, ...]
    best_of_day: tuple[int, ...]
    worst_of_day: tuple[int, ...]
    worst_improved: int
    expected: float
    lower_limit: float
    upper_limit: float
    outside: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class LeagueParameters:
    """Wards, months, and each ward's true rate and size.

    `rate` is events per 1,000 bed-days for every ward, unless `rates` gives one for each; `bed_days` is for each
    ward and month, unless `sizes` gives one for each. `replicates` further pairs of months estimate what warnings
    and awards lead to on average.
    """

    wards: int = 12
    months: int = 12
    rate: float = 8.0
    bed_days: float = 1000.0
    rates: tuple[float, ...] | None = None
    sizes: tuple[float, ...] | None = None
    warning_effect: float = 0.0
    replicates: int = 1000

    def __post_init__(self) -> None:
        checks.whole("wards", self.wards, 2, 200)
        checks.whole("months", self.months, 2, 120)
        checks.number("rate", self.rate, 0, 1000, unit="per 1,000 bed-days")
        checks.number("bed_days", self.bed_days, 1, 1e6)
        for name, low, high in (("rates", 0, 1000), ("sizes", 1, 1e6)):
            values = getattr(self, name)
            if values is None:
                continue
            object.__setattr__(self, name, tuple(values))
            if len(values) != self.wards:
                raise ValueError(
                    f"{name} must give one value for each of {self.wards} wards, not {len(values)}"
                )
            for ward, value in enumerate(values, 1):
                checks.number(f"{name}: ward {ward}", value, low, high)
        checks.number("warning_effect", self.warning_effect, 0, 1)
        checks.whole("replicates", self.replicates, 1, 20_000)
        if max(self.expected) > 10_000:
            raise ValueError(
                f"rate * bed_days / 1000 must be at most 10000 events a month, but it is {max(self.expected):g}"
            )

    @property
    def exposures(self) -> tuple[float, ...]:
        """Bed-days a month, by ward."""
        return (self.bed_days,) * self.wards if self.sizes is None else self.sizes

    @property
    def expected(self) -> tuple[float, ...]:
        """Expected events a month, by ward."""
        rates = (self.rate,) * self.wards if self.rates is None else self.rates
        return tuple(rate * size / 1000 for rate, size in zip(rates, self.exposures, strict=True))


BEAD_DEFAULTS = BeadParameters()
LEAGUE_DEFAULTS = LeagueParameters()


@dataclass(frozen=True)
class Letter:
    """A letter sent after a month (0-based) and what the ward's rate did next: better, same or worse.

    `kind` is ``"warning"`` or ``"award"``; `before` and `after` are events per 1,000 bed-days.
    """

    month: int
    ward: int
    kind: str
    before: float
    after: float
    outcome: str


@dataclass(frozen=True)
class FollowUp:
    """What follows being top or bottom of the table: mean counts then and in the next month, and outcomes."""

    count: float
    next_count: float
    improves: float
    same: float
    worsens: float


@dataclass(frozen=True)
class Finding:
    """What a league table and a funnel plot make of one truly worse ward among wards of the same size.

    `last` is the chance that the worse ward ends the table, `flagged` that the funnel shows it above its upper limit.
    `others_flagged` is how many of the other wards the funnel shows there, on average.
    """

    last: float
    flagged: float
    others_flagged: float


@dataclass(frozen=True)
class LeagueResult:
    """Counts by month and ward, the ranking of each month, letters, and the funnel plot of all months together.

    `rankings` list wards (0-based) from the lowest rate to the highest. `exact_warned` is None unless all wards
    have the same expected count and size.
    """

    parameters: LeagueParameters
    seed: int
    counts: tuple[tuple[int, ...], ...]
    rankings: tuple[tuple[int, ...], ...]
    letters: tuple[Letter, ...]
    warned: FollowUp
    awarded: FollowUp
    exact_warned: FollowUp | None
    all_alike: bool
    plot: Funnel = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        names = ("parameters", "seed", "counts", "rankings", "letters", "warned", "awarded", "exact_warned")
        whole = {name: getattr(self, name) for name in (*names, "all_alike")}
        whole["letters"] = [asdict(letter) for letter in self.letters]
        for name in ("parameters", "warned", "awarded", "exact_warned"):
            whole[name] = whole[name] and asdict(whole[name])
        return {**whole, "funnel": self.plot.to_dict()}


def scoop_limits(paddle: int, red_share: float) -> tuple[float, float]:
    """The three-sigma limits of the red beads in one scoop, kept within 0 and the paddle."""
    checks.whole("paddle", paddle, 1, 10_000)
    checks.number("red_share", red_share, 0, 1)
    expected = paddle * red_share
    reach = 3 * math.sqrt(expected * (1 - red_share))
    return max(0.0, expected - reach), min(float(paddle), expected + reach)


def worst_of_alike(wards: int, expected: float, warning_effect: float = 0.0) -> FollowUp:
    """The exact follow-up of the worst of several wards that all expect the same number of events.

    Parameters:
        wards: how many, from 2 to 200.
        expected: events each expects in a month, from 0 to 10,000.
        warning_effect: share by which a warning lowers the expectation of the next month, 0 to 1.
    """
    checks.whole("wards", wards, 2, 200)
    checks.number("expected", expected, 0, 10_000)
    checks.number("warning_effect", warning_effect, 0, 1)
    after = expected * (1 - warning_effect)
    worst = improves = same = below = 0.0
    k = max(0, int(expected - 12 * math.sqrt(expected)))  # fewer than this has no chance worth adding
    while True:
        at_most = poisson_cdf(k, expected) ** wards if expected else 1.0
        chance = at_most - below
        fewer = (poisson_cdf(k - 1, after) if after else 1.0) if k else 0.0
        equal = poisson_pmf(k, after) if after else float(k == 0)
        worst += k * chance
        improves += chance * fewer
        same += chance * equal
        if at_most >= 1 - 1e-15 or k > expected + 40 * math.sqrt(expected) + 60:
            return FollowUp(worst, after, improves, same, 1 - improves - same)
        below = at_most
        k += 1


def one_worse(wards: int, expected: float, factor: float, months: int, level: float = 0.998) -> Finding:
    """The exact chances that a table, and a funnel, of so many months point at the one worse ward.

    Parameters:
        wards: how many, from 2 to 200.
        expected: events each expects in a month, above 0 and up to 10,000 in all the months.
        factor: how many times that the worse ward expects, from 1 (nobody is worse) to 10.
        months: counted together, from 1 to 120.
        level: of the funnel's limits, such as 0.998.
    """
    checks.whole("wards", wards, 2, 200)
    checks.whole("months", months, 1, 120)
    mean = checks.number("expected", expected, 0.001, 10_000 / months) * months
    worse = mean * checks.number("factor", factor, 1, 10)
    tail = (1 - checks.number("level", level, 0.5, 0.9999)) / 2
    last, fewer = 0.0, 0.0
    for k in range(_likely(worse)[-1] + 1):
        equal = poisson_pmf(k, mean)
        upto = min(1.0, fewer + equal)
        lot = (upto**wards - fewer**wards) / (wards * equal) if equal > 1e-12 else fewer ** (wards - 1)
        last += poisson_pmf(k, worse) * lot
        fewer = upto
    others = wards - 1
    return Finding(
        min(1.0, last),
        _flagged(wards, tail, worse, others * mean),
        others * _flagged(wards, tail, mean, worse + (others - 1) * mean),
    )


def _flagged(wards: int, tail: float, own: float, rest: float) -> float:
    """The chance that a ward with mean `own`, beside others with mean `rest` in all, is above the upper limit."""
    chance = 0.0
    for k in _likely(own):
        mass = poisson_pmf(k, own)
        if mass < 1e-10:
            continue
        most = math.ceil(wards * gamma_quantile(tail, k + 1)) - 1 - k  # events elsewhere that leave k outside
        if most > rest + 8 * math.sqrt(rest) + 20:
            return min(1.0, chance + 1 - poisson_cdf(k - 1, own) if k else 1.0)
        if most >= max(0.0, rest - 8 * math.sqrt(rest)):
            chance += mass * poisson_cdf(most, rest)
    return chance


def _likely(mean: float) -> range:
    """Counts that hold all but a vanishing share of a Poisson distribution."""
    reach = 7 * math.sqrt(mean)
    return range(max(0, int(mean - reach)), int(mean + reach) + 20)


def red_beads(parameters: BeadParameters = BEAD_DEFAULTS, *, seed: int = 1) -> BeadResult:
    """Play the red beads.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    stream, lot = streams.seeded(seed, "beads"), streams.seeded(seed, "beads", "ties")
    reds = tuple(
        tuple(streams.binomial(stream, p.paddle, p.red_share) for _ in range(p.workers))
        for _ in range(p.days)
    )
    rankings = [_ranked(day, lot) for day in reds]
    worst = tuple(ranking[-1] for ranking in rankings)
    lower, upper = scoop_limits(p.paddle, p.red_share)
    return BeadResult(
        p,
        seed,
        reds,
        tuple(sum(day[worker] for day in reds) for worker in range(p.workers)),
        tuple(ranking[0] for ranking in rankings),
        worst,
        sum(reds[day + 1][worst[day]] < reds[day][worst[day]] for day in range(p.days - 1)),
        p.paddle * p.red_share,
        lower,
        upper,
        sum(not lower <= count <= upper for day in reds for count in day),
    )


def ward_league(parameters: LeagueParameters = LEAGUE_DEFAULTS, *, seed: int = 1) -> LeagueResult:
    """Run the league for some months, and many more pairs of months to see what letters lead to.

    Raises:
        ValueError: if the seed is not a whole number, or no event happens in any month. Parameters check
            themselves when they are made.
    """
    p = parameters
    stream, lot = streams.seeded(seed, "league"), streams.seeded(seed, "league", "ties")
    counts: list[tuple[int, ...]] = []
    rankings: list[tuple[int, ...]] = []
    warned = None
    for _ in range(p.months):
        counts.append(tuple(streams.poisson(stream, mean) for mean in _expected(p, warned)))
        rankings.append(_ranked(_per_thousand(p, counts[-1]), lot))
        warned = rankings[-1][-1]
    everything = [sum(month[ward] for month in counts) for ward in range(p.wards)]
    if not any(everything):
        raise ValueError("no event happened in any month: raise rate, bed_days or months")
    alike = len(set(p.expected)) == 1 and len(set(p.exposures)) == 1
    follow_warned, follow_awarded = _follow_up(p, seed)
    return LeagueResult(
        p,
        seed,
        tuple(counts),
        tuple(rankings),
        tuple(
            _letter(p, counts, month, rankings[month][place], kind)
            for month in range(p.months - 1)
            for place, kind in ((-1, "warning"), (0, "award"))
        ),
        follow_warned,
        follow_awarded,
        worst_of_alike(p.wards, p.expected[0], p.warning_effect) if alike else None,
        len({round(mean / size, 15) for mean, size in zip(p.expected, p.exposures, strict=True)}) == 1,
        funnel(everything, [size * p.months for size in p.exposures], kind="rate", per=1000),
    )


def _expected(p: LeagueParameters, warned: int | None) -> list[float]:
    return [mean * (1 - p.warning_effect * (ward == warned)) for ward, mean in enumerate(p.expected)]


def _per_thousand(p: LeagueParameters, counts: tuple[int, ...]) -> list[float]:
    return [1000 * count / size for count, size in zip(counts, p.exposures, strict=True)]


def _ranked(values: list[float] | tuple[float, ...], lot: Random) -> tuple[int, ...]:
    """Positions from the lowest value to the highest, ties in random order."""
    order = [(value, lot.random(), position) for position, value in enumerate(values)]
    return tuple(position for _, _, position in sorted(order))


def _letter(p: LeagueParameters, counts: list[tuple[int, ...]], month: int, ward: int, kind: str) -> Letter:
    before, after = counts[month][ward], counts[month + 1][ward]
    outcome = "better" if after < before else "worse" if after > before else "same"
    per_thousand = 1000 / p.exposures[ward]
    return Letter(month, ward, kind, before * per_thousand, after * per_thousand, outcome)


def _follow_up(p: LeagueParameters, seed: int) -> tuple[FollowUp, FollowUp]:
    stream, lot = streams.seeded(seed, "league", "pairs"), streams.seeded(seed, "league", "pair ties")
    pairs: dict[str, list[tuple[int, int]]] = {"warning": [], "award": []}
    for _ in range(p.replicates):
        counts = tuple(streams.poisson(stream, mean) for mean in p.expected)
        ranking = _ranked(_per_thousand(p, counts), lot)
        best, worst = ranking[0], ranking[-1]
        calmed = p.expected[worst] * (1 - p.warning_effect)
        pairs["warning"].append((counts[worst], streams.poisson(stream, calmed)))
        pairs["award"].append((counts[best], streams.poisson(stream, p.expected[best])))

    def summary(seen: list[tuple[int, int]]) -> FollowUp:
        improves = fmean(after < before for before, after in seen)
        same = fmean(after == before for before, after in seen)
        return FollowUp(
            fmean(before for before, _ in seen),
            fmean(after for _, after in seen),
            improves,
            same,
            1 - improves - same,
        )

    return summary(pairs["warning"]), summary(pairs["award"])
