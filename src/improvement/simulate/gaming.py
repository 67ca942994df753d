"""W40 mandate, benchmark, gaming: what a self-assessment says once something hangs on it.

Organisation i has a true level T, standard normal; the five levels of the form stand for -2, -1, 0, 1 and 2. If it
submits, it reports

    R = clip(T + N(0, noise_sd) + g * max(0, expected_level - T), lowest, highest):

honest up to noise, plus a share g of what it lacks to the level it believes is expected. Unless `gaming` gives g, it
follows from the rules, with v = 0 for ``"private"``, 1/2 for ``"peers"`` and 1 for ``"public"`` results:

    stakes = mandate_weight [mandatory] + publication_weight v + consequence_weight consequence
    g = (1 - board_safety) min(1, stakes)

**Who submits.** Everybody if it is mandatory. If it is voluntary, with probability
Phi(z + self_selection (1 - board_safety) T), where Phi(z) = `volunteers`, the share of average organisations that submit;
so in an unsafe climate the weak stay away.

**Learning value.** Help goes to the share `support_share` of all organisations that looks weakest: the lowest reports
(ties by lot), and if too few submit, the rest by lot among those who did not. The value is

    (mean T of all - mean T of the helped) / (mean T of all - mean T of the truly weakest, as many):

1 is what full knowledge would do, 0 what drawing lots would do, and below 0 is worse than that. With everybody submitting,
no gaming and no clipping it equals the correlation of R with T, 1 / sqrt(1 + noise_sd^2). `found` is the share of the truly
weakest who are helped.

`exact` has the values for endlessly many organisations: moments of a clipped normal, integrated over T (Simpson's rule, 8
standard deviations each side). `simulate` draws one set of organisations. Correlations are Pearson's, among those who
submit.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from statistics import NormalDist, fmean
from typing import Any

from improvement.simulate import checks, streams

SUBMISSIONS = ("voluntary", "mandatory")
PUBLICATIONS = ("private", "peers", "public")
_VISIBLE = {"private": 0.0, "peers": 0.5, "public": 1.0}
_STANDARD = NormalDist()
_REACH = 8.0  # the share of a normal distribution beyond this many standard deviations is below 1e-14

ASSUMPTIONS = (
    "An organisation knows its true level, apart from noise that is as often too high as too low.",
    "Only those below the expected level raise their score, by the same share of what they lack.",
    "Mandate, publication and consequence add up, and a safe board weakens all three equally.",
    "Self-assessment is summed up in one number, and true levels are spread as a normal distribution.",
)
CANNOT_TELL = (
    "How much gaming a real mandate would cause: the weights are numbers we chose.",
    "Whether a mandate is worth it: work that starts because somebody must is not in the model.",
    "What an honest conversation at home is worth, whatever is sent to others.",
    "Which organisation games. A high report can be true.",
)


@dataclass(frozen=True)
class Parameters:
    """The rules of a national self-assessment and the organisations that meet them.

    `consequence` and `board_safety` run from 0 (none) to 1. `gaming` is g, from 0 to 1; None derives it. Levels and
    `noise_sd` are in standard deviations of the true levels.
    """

    submission: str = "mandatory"
    publication: str = "public"
    consequence: float = 0.5
    board_safety: float = 0.3
    gaming: float | None = None
    organisations: int = 200
    noise_sd: float = 0.5
    expected_level: float = 1.0
    lowest: float = -2.0
    highest: float = 2.0
    volunteers: float = 0.5
    self_selection: float = 1.0
    support_share: float = 0.25
    mandate_weight: float = 0.2
    publication_weight: float = 0.3
    consequence_weight: float = 0.5

    def __post_init__(self) -> None:
        checks.choice("submission", self.submission, SUBMISSIONS)
        checks.choice("publication", self.publication, PUBLICATIONS)
        for name in ("consequence", "board_safety"):
            checks.number(name, getattr(self, name), 0, 1)
        if self.gaming is not None:
            checks.number("gaming", self.gaming, 0, 1)
        checks.whole("organisations", self.organisations, 10, 100_000)
        checks.number("noise_sd", self.noise_sd, 0.05, 5)
        checks.number("expected_level", self.expected_level, -5, 5)
        checks.number("lowest", self.lowest, -100, 99)
        checks.number("highest", self.highest, self.lowest + 0.5, 100)
        checks.number("volunteers", self.volunteers, 0.02, 0.98)
        checks.number("self_selection", self.self_selection, 0, 5)
        checks.number("support_share", self.support_share, 0.01, 0.9)
        for name in ("mandate_weight", "publication_weight", "consequence_weight"):
            checks.number(name, getattr(self, name), 0, 1)

    @property
    def incentive(self) -> float:
        """g, the share of what an organisation lacks that it adds to its report."""
        if self.gaming is not None:
            return self.gaming
        stakes = (
            self.mandate_weight * (self.submission == "mandatory")
            + self.publication_weight * _VISIBLE[self.publication]
            + self.consequence_weight * self.consequence
        )
        return (1 - self.board_safety) * min(1.0, stakes)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Findings:
    """What the reports are worth.

    `submitted` is a share of all organisations, `mean_true` and `mean_reported` are those of the organisations that
    submit, and `correlation` is between the two. `mean_true` is 0 among all (in the long run). Values of nobody, and a
    correlation of fewer than three or of reports that are all alike, are None.
    """

    submitted: float
    mean_true: float | None
    mean_reported: float | None
    correlation: float | None
    learning_value: float
    found: float


@dataclass(frozen=True)
class Organisation:
    """One organisation: true level and rank among all (1 is highest), report and place in the league table.

    `reported` and `place` are None if it did not submit. Equal reports share the better place. `helped` says whether it
    is among those who look weakest.
    """

    number: int
    true: float
    true_rank: int
    reported: float | None
    place: int | None
    helped: bool


@dataclass(frozen=True)
class Result:
    """One drawn set of organisations, in order of number, beside the exact long-run findings.

    `honest` is what the same rules of submission would give without gaming, exact.
    """

    parameters: Parameters
    seed: int
    incentive: float
    organisations: tuple[Organisation, ...]
    league: tuple[int, ...]
    simulated: Findings
    exact: Findings
    honest: Findings

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def exact(parameters: Parameters = DEFAULTS, *, gaming: float | None = None) -> Findings:
    """The findings for endlessly many organisations; `gaming` (0 to 1) replaces the parameters' own incentive.

    Raises:
        ValueError: if `gaming` is out of range.
    """
    p = parameters
    g = p.incentive if gaming is None else checks.number("gaming", gaming, 0, 1)
    weakest = _STANDARD.inv_cdf(p.support_share)
    nodes = _nodes(p, g, weakest)
    submitted = 1.0 if p.submission == "mandatory" else math.fsum(node.weight for node in nodes)

    def average(values: Callable[["_Node"], float]) -> float:
        return math.fsum(node.weight * values(node) for node in nodes) / submitted

    mean_true, mean_reported = average(lambda node: node.true), average(lambda node: node.mean)
    covariance = average(lambda node: (node.true - mean_true) * (node.mean - mean_reported))
    true_variance = average(lambda node: (node.true - mean_true) ** 2)
    reported_variance = average(lambda node: node.square) - mean_reported**2
    helped_true, helped_weak = _helped(p, nodes, submitted)
    return Findings(
        submitted,
        mean_true,
        mean_reported,
        covariance / math.sqrt(true_variance * reported_variance) if reported_variance > 1e-12 else None,
        helped_true / -_STANDARD.pdf(weakest),
        helped_weak / p.support_share,
    )


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Draw organisations, let them report under the rules, rank them and help those who look weakest.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    count = p.organisations
    levels, noises, willing, lots = (
        streams.seeded(seed, "gaming", what) for what in ("levels", "noise", "submission", "lots")
    )
    true = [streams.normal(levels) for _ in range(count)]
    reported: list[float | None] = []
    for level in true:
        noise, luck = streams.normal(noises, 0.0, p.noise_sd), willing.random()
        score = level + noise + p.incentive * max(0.0, p.expected_level - level)
        reported.append(min(p.highest, max(p.lowest, score)) if luck < _submits(p, level) else None)
    lot = [lots.random() for _ in range(count)]
    top_first = sorted(
        (i for i in range(count) if reported[i] is not None), key=lambda i: reported[i], reverse=True
    )
    from_weakest = sorted(
        range(count), key=lambda i: (reported[i] is None, 0.0 if reported[i] is None else reported[i], lot[i])
    )
    truly_from_weakest = sorted(range(count), key=lambda i: true[i])
    places = max(1, round(p.support_share * count))
    helped, weakest = set(from_weakest[:places]), truly_from_weakest[:places]
    rank = {i: count - position for position, i in enumerate(truly_from_weakest)}
    place: dict[int, int] = {}
    for position, i in enumerate(top_first, 1):
        above = top_first[position - 2] if position > 1 else None
        place[i] = place[above] if above is not None and reported[above] == reported[i] else position
    return Result(
        p,
        seed,
        p.incentive,
        tuple(
            Organisation(i + 1, true[i], rank[i], reported[i], place.get(i), i in helped)
            for i in range(count)
        ),
        tuple(i + 1 for i in top_first),
        Findings(
            len(top_first) / count,
            fmean(true[i] for i in top_first) if top_first else None,
            fmean(reported[i] for i in top_first) if top_first else None,
            _correlation([true[i] for i in top_first], [reported[i] for i in top_first]),
            _value(true, helped, weakest),
            len(helped.intersection(weakest)) / places,
        ),
        exact(p),
        exact(p, gaming=0.0),
    )


@dataclass(frozen=True)
class _Node:
    """A true level of the integration: its weight among all and among those who submit, and the report it leads to.

    `weak` says that it stands for the truly weakest. `centre` is the report's mean before clipping, `mean` and `square`
    are the mean and mean square after it.
    """

    true: float
    weak: bool
    everybody: float
    weight: float
    centre: float
    mean: float
    square: float


def _submits(p: Parameters, true: float) -> float:
    if p.submission == "mandatory":
        return 1.0
    slope = p.self_selection * (1 - p.board_safety)
    return _STANDARD.cdf(_STANDARD.inv_cdf(p.volunteers) + slope * true)


def _nodes(p: Parameters, g: float, weakest: float) -> list[_Node]:
    # What is integrated has a corner at the expected level and a step at the truly weakest, so integrate between them.
    cuts = sorted({-_REACH, min(weakest, p.expected_level), max(weakest, p.expected_level), _REACH})
    points = []
    for low, high in pairwise(cuts):
        steps = 2 * max(10, math.ceil((high - low) * 16))
        width = (high - low) / steps
        for i in range(steps + 1):
            true = low + i * width
            simpson = (1 if i in (0, steps) else 4 if i % 2 else 2) * width / 3
            points.append((true, high <= weakest, simpson * _STANDARD.pdf(true)))
    total = math.fsum(mass for *_, mass in points)
    nodes = []
    for true, weak, mass in points:
        centre = true + g * max(0.0, p.expected_level - true)
        share = mass / total
        nodes.append(_Node(true, weak, share, share * _submits(p, true), centre, *_clipped(p, centre)))
    return nodes


def _clipped(p: Parameters, centre: float) -> tuple[float, float]:
    """Mean and mean square of a normal value that is set to the lowest or highest level beyond them."""
    s = p.noise_sd
    a, b = (p.lowest - centre) / s, (p.highest - centre) / s
    below, above = _STANDARD.cdf(a), _STANDARD.cdf(-b)
    between, at_a, at_b = 1 - below - above, _STANDARD.pdf(a), _STANDARD.pdf(b)
    mean = p.lowest * below + p.highest * above + centre * between + s * (at_a - at_b)
    square = (
        p.lowest**2 * below
        + p.highest**2 * above
        + (centre**2 + s**2) * between
        + s * ((p.lowest + centre) * at_a - (p.highest + centre) * at_b)
    )
    return mean, square


def _helped(p: Parameters, nodes: list[_Node], submitted: float) -> tuple[float, float]:
    """Over the helped: the integral of T, and the share of all who are also truly weakest."""
    wanted = min(p.support_share, submitted)
    low, high = p.lowest - 1, p.highest + 1
    for _ in range(50):
        limit = (low + high) / 2
        low, high = (limit, high) if _reports_up_to(p, nodes, limit) < wanted else (low, limit)
    # Reports at the lowest or highest level are many at once: a lot decides among them.
    tie = next((level for level in (p.lowest, p.highest) if abs(high - level) < 1e-9), None)
    shares = [_share_up_to(p, node, high) for node in nodes]
    if tie is not None:
        under = [_STANDARD.cdf((tie - node.centre) / p.noise_sd) if tie > p.lowest else 0.0 for node in nodes]
        sure = math.fsum(node.weight * share for node, share in zip(nodes, under, strict=True))
        tied = math.fsum(n.weight * (s - u) for n, s, u in zip(nodes, shares, under, strict=True))
        odds = (wanted - sure) / tied
        shares = [u + odds * (s - u) for s, u in zip(shares, under, strict=True)]
    parts = [node.weight * share for node, share in zip(nodes, shares, strict=True)]
    helped_true = math.fsum(part * node.true for part, node in zip(parts, nodes, strict=True))
    helped_weak = math.fsum(part for part, node in zip(parts, nodes, strict=True) if node.weak)
    if wanted < p.support_share:
        by_lot = (p.support_share - wanted) / (1 - submitted)
        helped_true -= by_lot * math.fsum(node.weight * node.true for node in nodes)
        helped_weak += by_lot * math.fsum(node.everybody - node.weight for node in nodes if node.weak)
    return helped_true, helped_weak


def _reports_up_to(p: Parameters, nodes: list[_Node], limit: float) -> float:
    return math.fsum(node.weight * _share_up_to(p, node, limit) for node in nodes)


def _share_up_to(p: Parameters, node: _Node, limit: float) -> float:
    if limit < p.lowest:
        return 0.0
    return 1.0 if limit >= p.highest else _STANDARD.cdf((limit - node.centre) / p.noise_sd)


def _value(true: Sequence[float], helped: set[int], weakest: Sequence[int]) -> float:
    everybody = fmean(true)
    best = everybody - fmean(true[i] for i in weakest)
    return (everybody - fmean(true[i] for i in helped)) / best


def _correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    if len(first) < 3:
        return None
    x, y = fmean(first), fmean(second)
    xx, yy = math.fsum((a - x) ** 2 for a in first), math.fsum((b - y) ** 2 for b in second)
    if not xx or not yy:
        return None
    return math.fsum((a - x) * (b - y) for a, b in zip(first, second, strict=True)) / math.sqrt(xx * yy)
