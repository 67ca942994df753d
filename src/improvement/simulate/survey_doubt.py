"""W46 count, sample, doubt: what a published percentage leaves out.

**Count.** The missing part of a table is its whole minus the sum of its parts. Percentages printed as whole numbers may
each be off by 0.5, so k of them may miss 100 by up to k / 2. If the number of people asked is known, each printed
percentage q allows the whole counts from n (q - 0.5) / 100 to n (q + 0.5) / 100: rounding explains the table only if
such counts can add up to n. A part and its share imply a whole, part / share, with a range from the rounding of the share.

**Sample.** Wilson interval for a share of n independent answers (improvement.spc.wilson_interval).

**Clusters.** Several answers from one trust say much the same. With m = respondents / clusters answers a cluster on
average and intraclass correlation `icc`, the design effect is 1 + (m - 1) icc and the effective sample size n / design
effect, used in the Wilson interval (Kish L, Survey Sampling, Wiley 1965). With clusters of unequal sizes it is larger:
put sum(m^2) / sum(m) for m.

**Silence.** If a share `response` answered, of whom a share p said yes, then without any assumption about the others the
share of all lies from response p to response p + 1 - response (Manski CF, American Economic Review 1990;80(2):319-23).
With an assumed share `silent_share` among those who did not answer it is response p + (1 - response) silent_share.

**Volunteers.** If supporters answer with probability a and others with probability b, a true support s looks like

    s a / (s a + (1 - s) b).

`simulate` draws answers in clusters: each cluster has one answer of its own, yes with probability `share`; every
respondent gives it with probability sqrt(icc), and otherwise an own answer, yes with probability `share`. Two answers in
one cluster then correlate by icc. It counts how often each interval holds the true share. It also invites `invited`
people to volunteer.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from improvement.simulate import checks, streams
from improvement.spc import Interval, wilson_interval

UNITS = ("count", "percent")
ASSUMPTIONS = (
    "Wilson's interval treats answers as independent draws from the whole group. Those who chose to answer are not that.",
    "The cluster adjustment takes clusters of one size, with the same correlation in all of them.",
    "Worst-case bounds assume nothing about the silent, and take the response rate as exact.",
    "People answer truthfully; volunteers differ from others only in how ready they are to answer.",
)
CANNOT_TELL = (
    "What the silent think, or how like each other two answers from one trust are: nobody published that.",
    "Why a table does not add up. The missing part may be another answer, no answer, or a slip.",
    "Whether the question meant the same to all who answered it.",
)


@dataclass(frozen=True)
class Table:
    """A published table: named parts that should add up to a whole.

    `unit` is ``"count"`` or ``"percent"`` (percentages printed as whole numbers). `base` is the number of people asked, for
    percentages only, None if it is not known.
    """

    name: str
    parts: tuple[tuple[str, float], ...]
    whole: float
    unit: str = "count"
    base: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple((label, number) for label, number in self.parts))
        if not isinstance(self.name, str) or not self.name.strip():
            raise ValueError(f"name of a table must be text, but it is {self.name!r}")
        if not self.parts:
            raise ValueError(f"parts of {self.name} must hold at least one number, but there are none")
        checks.choice(f"unit of {self.name}", self.unit, UNITS)
        most = 100 if self.unit == "percent" else 1e9
        for label, number in self.parts:
            checks.number(f"{label} in {self.name}", number, 0, most)
        checks.number(f"whole of {self.name}", self.whole, 0, most)
        if self.base is not None:
            if self.unit == "count":
                raise ValueError(f"base of {self.name} must be None for counts, but it is {self.base!r}")
            checks.whole(f"base of {self.name}", self.base, 1, 10**9)


# Interviews: Burgess N, Downham N. Evaluating the Impact of NHS IMPACT: Rapid Evaluation. June 2025.
# Stages: NHS Providers. NHS IMPACT: where are our members starting from? 26 October 2023 (129 respondents, 95 trusts).
TABLES = (
    Table(
        "Interviews of the evaluation",
        (
            ("Hospital trusts", 21),
            ("Community and specialist care", 7),
            ("Integrated care boards", 6),
            ("National leaders", 5),
            ("Patient partner", 1),
        ),
        41,
    ),
    Table(
        "Stage of trusts",
        (
            ("Embedded", 22),
            ("Under way", 50),
            ("Just begun", 14),
            ("Front-line teams only", 5),
            ("Committed, deciding where to begin", 7),
        ),
        100,
        "percent",
        129,
    ),
    Table(
        "Stage of provider collaboratives",
        (("Embedded", 5), ("Under way", 17), ("Just started", 38)),
        100,
        "percent",
    ),
)


@dataclass(frozen=True)
class Parameters:
    """The tables, one published share with what is known of its sample, and assumptions to try.

    Parameters:
        tables: what should add up.
        share: the published share. respondents: answers. clusters: trusts they came from.
        response: share of trusts heard, printed to the nearest hundredth.
        icc: correlation of two answers from one trust, 0 to 1. confidence: of the intervals.
        silent_share: the share you assume among those not heard.
        support: true support among all who were invited. supporters_answer, others_answer: their chances to answer.
        invited: people invited in the simulation. replicates: simulated surveys.
    """

    tables: tuple[Table, ...] = TABLES
    share: float = 0.22
    respondents: int = 129
    clusters: int = 95
    response: float = 0.45
    icc: float = 0.3
    confidence: float = 0.95
    silent_share: float = 0.1
    support: float = 0.6
    supporters_answer: float = 0.3
    others_answer: float = 0.1
    invited: int = 500
    replicates: int = 300

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", tuple(self.tables))
        for name in ("share", "icc", "silent_share", "support"):
            checks.number(name, getattr(self, name), 0, 1)
        checks.whole("respondents", self.respondents, 1, 20_000)
        checks.whole("clusters", self.clusters, 1, self.respondents)
        checks.number("response", self.response, 0.01, 1)
        checks.number("confidence", self.confidence, 0.5, 0.999)
        checks.number("supporters_answer", self.supporters_answer, 0.001, 1)
        checks.number("others_answer", self.others_answer, 0.001, 1)
        checks.whole("invited", self.invited, 1, 10**6)
        checks.whole("replicates", self.replicates, 10, 2000)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Total:
    """The sum of a table, what is missing (negative if there is too much), and whether rounding may explain it.

    `least_people` and `most_people` are the smallest and largest number of answers that fit the printed percentages,
    None without a base or if no whole count gives one of them.
    """

    name: str
    total: float
    whole: float
    missing: float
    rounding_explains: bool
    least_people: int | None
    most_people: int | None


@dataclass(frozen=True)
class Implied:
    """The whole that a part and its published share imply, and the range that rounding of the share leaves."""

    whole: float
    low: float
    high: float


@dataclass(frozen=True)
class Clustering:
    """Answers a cluster, design effect, effective sample size and interval; `worst` is the interval at icc 1."""

    answers_per_cluster: float
    design_effect: float
    effective_size: float
    interval: Interval
    worst: Interval


@dataclass(frozen=True)
class Silence:
    """The share of all, heard or not: worst-case bounds, and what an assumption about the silent makes of it.

    `low_with_chance` and `high_with_chance` put the ends of the cluster-adjusted interval in place of the share.
    """

    low: float
    high: float
    low_with_chance: float
    high_with_chance: float
    assumed: float


@dataclass(frozen=True)
class Volunteers:
    """True support, how it looks and the share who answer (exact), and one simulated invitation.

    `interval` is around the simulated share; `holds_truth` says whether true support lies in it. All three are None if
    nobody answered.
    """

    support: float
    looks_like: float
    answering: float
    answers: int
    supporters: int
    simulated: float | None
    interval: Interval | None
    holds_truth: bool | None


@dataclass(frozen=True)
class Result:
    """Totals of the tables, and the published share with its doubts.

    `coverage` and `adjusted_coverage` are the simulated shares of surveys in which the plain and the cluster-adjusted
    interval held the true share.
    """

    parameters: Parameters
    seed: int
    totals: tuple[Total, ...]
    implied_clusters: Implied
    interval: Interval
    clustering: Clustering
    silence: Silence
    volunteers: Volunteers
    coverage: float
    adjusted_coverage: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def total(table: Table) -> Total:
    """Add up a table, and say what is missing and whether rounding may explain it."""
    numbers = [number for _, number in table.parts]
    added = math.fsum(numbers)
    missing = table.whole - added
    if table.base is None:
        slack = len(numbers) / 2 if table.unit == "percent" else 0.0
        return Total(table.name, added, table.whole, missing, abs(missing) <= slack + 1e-9, None, None)
    counts = [_counts(number, table.base) for number in numbers]
    if any(low > high for low, high in counts):
        return Total(table.name, added, table.whole, missing, False, None, None)
    least, most = (sum(ends) for ends in zip(*counts, strict=True))
    target = table.base * table.whole / 100
    return Total(table.name, added, table.whole, missing, least <= target <= most, least, most)


def implied_whole(part: float, share: float, *, half_unit: float = 0.005) -> Implied:
    """The whole of which `part` is the share `share`, printed to within `half_unit` (0.005: whole percentages).

    Raises:
        ValueError: if the part is below 0, or the share is not above half_unit and at most 1.
    """
    checks.number("part", part, 0, 1e12)
    checks.number("half_unit", half_unit, 0, 0.5)
    checks.number("share", share, 0, 1)
    if share <= half_unit:
        raise ValueError(f"share must be above half_unit ({half_unit:g}), but it is {share!r}")
    return Implied(part / share, part / min(1.0, share + half_unit), part / (share - half_unit))


def design_effect(cluster_size: float, icc: float) -> float:
    """1 + (cluster_size - 1) icc, for a mean cluster size from 1 and an intraclass correlation from 0 to 1."""
    return 1 + (checks.number("cluster_size", cluster_size, 1, 1e9) - 1) * checks.number("icc", icc, 0, 1)


def bounds(share: float, response: float) -> tuple[float, float]:
    """Worst-case bounds for the share of all, from the share among those heard and the share heard (0 to 1)."""
    checks.number("share", share, 0, 1)
    checks.number("response", response, 0, 1)
    return response * share, response * share + 1 - response


def looks_like(support: float, supporters_answer: float, others_answer: float) -> float:
    """The share of answers in support, from true support (0 to 1) and the two chances to answer.

    Raises:
        ValueError: naming a chance outside 0 to 1, or if nobody at all would answer.
    """
    for name, number in (
        ("support", support),
        ("supporters_answer", supporters_answer),
        ("others_answer", others_answer),
    ):
        checks.number(name, number, 0, 1)
    yes, no = support * supporters_answer, (1 - support) * others_answer
    if not yes + no:
        raise ValueError(
            "supporters_answer and others_answer must leave somebody to answer, but nobody would"
        )
    return yes / (yes + no)


def keenness_needed(support: float, seen: float) -> float:
    """How many times as ready supporters must be to answer, for a true support to look like `seen`.

    Both are shares between 0 and 1, ends excluded. Raises ValueError otherwise.
    """
    for name, number in (("support", support), ("seen", seen)):
        if checks.number(name, number, 0, 1) in (0, 1):
            raise ValueError(f"{name} must be between 0 and 1, ends excluded, but it is {number!r}")
    return seen / (1 - seen) * (1 - support) / support


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Put the doubts about one published share side by side, and count how often its intervals hold the truth.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    size = p.respondents / p.clusters
    effect = design_effect(size, p.icc)
    adjusted = _interval(p, p.share, p.respondents / effect)
    low, high = bounds(p.share, p.response)
    clustering = Clustering(
        size, effect, p.respondents / effect, adjusted, _interval(p, p.share, float(p.clusters))
    )
    return Result(
        p,
        seed,
        tuple(total(table) for table in p.tables),
        implied_whole(p.clusters, p.response),
        _interval(p, p.share, p.respondents),
        clustering,
        Silence(
            low,
            high,
            bounds(adjusted.low, p.response)[0],
            bounds(adjusted.high, p.response)[1],
            p.response * p.share + (1 - p.response) * p.silent_share,
        ),
        _volunteers(p, streams.seeded(seed, "survey doubt", "volunteers")),
        *_coverage(p, effect, streams.seeded(seed, "survey doubt", "answers")),
    )


def _counts(percent: float, base: int) -> tuple[int, int]:
    """The smallest and largest whole count of `base` people that prints as this percentage."""
    low = math.ceil(base * (percent - 0.5) / 100 - 1e-9)
    high = math.floor(base * (percent + 0.5) / 100 + 1e-9)
    return max(0, low), min(base, high)


def _interval(p: Parameters, share: float, n: float) -> Interval:
    return wilson_interval(min(n, share * n), n, p.confidence)


def _volunteers(p: Parameters, stream: Random) -> Volunteers:
    supporting = streams.binomial(stream, p.invited, p.support)
    yes = streams.binomial(stream, supporting, p.supporters_answer)
    answers = yes + streams.binomial(stream, p.invited - supporting, p.others_answer)
    seen = yes / answers if answers else None
    interval = None if seen is None else _interval(p, seen, answers)
    return Volunteers(
        p.support,
        looks_like(p.support, p.supporters_answer, p.others_answer),
        p.support * p.supporters_answer + (1 - p.support) * p.others_answer,
        answers,
        yes,
        seen,
        interval,
        None if interval is None else interval.low <= p.support <= interval.high,
    )


def _coverage(p: Parameters, effect: float, stream: Random) -> tuple[float, float]:
    each, more = divmod(p.respondents, p.clusters)
    sizes = [each + 1] * more + [each] * (p.clusters - more)
    held = {1.0: 0, effect: 0}
    known: dict[tuple[int, float], bool] = {}
    for _ in range(p.replicates):
        yes = _answers(p, sizes, stream)
        for divisor in held:
            if (yes, divisor) not in known:
                low, high = _interval(p, yes / p.respondents, p.respondents / divisor)
                known[yes, divisor] = low <= p.share <= high
            held[divisor] += known[yes, divisor]
    return held[1.0] / p.replicates, held[effect] / p.replicates


def _answers(p: Parameters, sizes: Sequence[int], stream: Random) -> int:
    """The number of yes answers in one survey of clusters of these sizes."""
    alike = math.sqrt(p.icc)
    yes = 0
    for size in sizes:
        own = stream.random() < p.share
        for _ in range(size):
            yes += own if stream.random() < alike else stream.random() < p.share
    return yes
