"""W47 does quality improvement cause Outstanding? What a shared cause, a halo and a true effect look like from outside.

**Trusts.** Each trust is well resourced with probability `resourced` and, independently of that, well led with
probability `well_led` (R and L are 1 or 0). Resources and leadership are the shared cause of two things: doing quality
improvement (Q), and outstanding care (C)::

    P(Q = 1 | R, L)    = qi + shared_cause (qi_resources (R - resourced) + qi_leadership (L - well_led))
    P(C = 1 | R, L, Q) = care + shared_cause (care_resources (R - resourced) + care_leadership (L - well_led)) + effect Q

so `qi` is the share of trusts that do quality improvement and `care` the share with outstanding care without it, however
strong the shared cause is. `effect` is the true effect of Q on care. **Halo.** Inspectors rate outstanding care
Outstanding, and other care Outstanding with probability `halo` if the trust does quality improvement:

    P(O = 1 | C, Q) = C + (1 - C) halo Q.

Association is then P(Q = 1 | O = 1) against P(Q = 1 | O = 0), sums over the four kinds of trust.

**Designs.** Each estimates the difference that Q makes to the chance of Outstanding (or of outstanding care):

- ``"compare"``: ratings of trusts with Q, less those without;
- ``"adjust_resources"``: the same among trusts with equal R, averaged over P(R), as if only resources were recorded;
- ``"adjust_both"``: the same among trusts with equal R and L;
- ``"before_after"``: the change in ratings of trusts that took up Q, less the change in the others. Before, nobody had
  Q, and in well-led trusts the chance of outstanding care was lower by `leadership_trend`: they were improving anyway;
- ``"lot_ratings"``: Q given by lot (the toss of a coin for each trust), and ratings compared;
- ``"lot_care"``: the same, with care measured by people who do not know which trusts have Q and do not rate.

The bias of a design is its expected estimate minus `effect`; a design would tell if that is 0. Expected estimates are
sums over the four kinds of trust. `simulate` also draws many studies of `trusts` trusts, for the spread of the
estimates and how often a 95% interval (estimate plus or minus 1.96 standard errors) leaves out no difference.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from random import Random
from statistics import fmean
from typing import Any

from improvement.simulate import checks, streams

DESIGNS = ("compare", "adjust_resources", "adjust_both", "before_after", "lot_ratings", "lot_care")
ASSUMPTIONS = (
    "Two causes, resources and leadership, stand for all that makes some trusts do better at everything.",
    "A rating does not lead a trust to take up quality improvement. If it did, that would be one more explanation.",
    "Quality improvement is a yes or no, and works the same everywhere.",
    "Trusts do what the lot tells them.",
)
CANNOT_TELL = (
    "Whether quality improvement helps real trusts: the true effect here is whatever you set.",
    "How large the shared cause and the halo are in real ratings: we chose these numbers.",
    "Whether the good that improvement does shows in a rating at all.",
)
_Z = 1.959963984540054
_Kind = tuple[int, int]  # (resources, leadership), each 1 or 0
_KINDS: tuple[_Kind, ...] = ((0, 0), (0, 1), (1, 0), (1, 1))


@dataclass(frozen=True)
class Parameters:
    """Trusts, the shared cause, the true effect and the halo (all probabilities or differences between them).

    `trusts` is the size of a study and `replicates` how many studies are simulated.
    """

    effect: float = 0.0
    shared_cause: float = 1.0
    halo: float = 0.0
    resourced: float = 0.25
    well_led: float = 0.25
    qi: float = 0.26
    qi_resources: float = 0.3
    qi_leadership: float = 0.5
    care: float = 0.12
    care_resources: float = 0.12
    care_leadership: float = 0.3
    leadership_trend: float = 0.05
    trusts: int = 200
    replicates: int = 200

    def __post_init__(self) -> None:
        checks.number("effect", self.effect, -1, 1)
        for name in ("shared_cause", "halo", "resourced", "well_led", "qi", "care"):
            checks.number(name, getattr(self, name), 0, 1)
        for name in (
            "qi_resources",
            "qi_leadership",
            "care_resources",
            "care_leadership",
            "leadership_trend",
        ):
            checks.number(name, getattr(self, name), -1, 1)
        checks.whole("trusts", self.trusts, 8, 5000)
        checks.whole("replicates", self.replicates, 10, 2000)
        for kind in _KINDS:
            if not self.share(kind):
                continue
            words = f"{'well' if kind[0] else 'poorly'} resourced and {'well' if kind[1] else 'poorly'} led trusts"
            taken, care = self.quality_improvement(kind), self.outstanding_care(kind)
            causes = "care, care_resources, care_leadership or shared_cause"
            _chance(f"qi in {words}", taken, "qi, qi_resources, qi_leadership or shared_cause")
            _chance(f"care in {words}", care, causes)
            _chance(f"care plus effect in {words}", care + self.effect, f"effect, {causes}")
            before = care - self.leadership_trend * kind[1]
            _chance(f"care minus leadership_trend in {words}", before, f"leadership_trend, {causes}")

    def share(self, kind: _Kind) -> float:
        """The share of trusts that are of a kind (resources, leadership: each 1 or 0)."""
        resourced = self.resourced if kind[0] else 1 - self.resourced
        return resourced * (self.well_led if kind[1] else 1 - self.well_led)

    def quality_improvement(self, kind: _Kind) -> float:
        """The chance that a trust of a kind does quality improvement."""
        resources, leadership = kind[0] - self.resourced, kind[1] - self.well_led
        return self.qi + self.shared_cause * (self.qi_resources * resources + self.qi_leadership * leadership)

    def outstanding_care(self, kind: _Kind) -> float:
        """The chance of outstanding care in a trust of a kind without quality improvement."""
        resources, leadership = kind[0] - self.resourced, kind[1] - self.well_led
        return self.care + self.shared_cause * (
            self.care_resources * resources + self.care_leadership * leadership
        )


def _chance(name: str, chance: float, change: str) -> None:
    if not -1e-9 <= chance <= 1 + 1e-9:
        raise ValueError(f"{name} must be from 0 to 1, but it comes to {chance:.3g}; change {change}")


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Association:
    """Share with quality improvement among trusts rated Outstanding and among the others; the ratio of odds.

    A share is None if there are no such trusts, and the ratio if it would divide by 0.
    """

    qi_if_outstanding: float | None
    qi_if_other: float | None
    odds_ratio: float | None


@dataclass(frozen=True)
class Design:
    """What one design finds: exactly on average, and in simulated studies.

    `expected` and `bias` are exact, None if the design cannot be carried out (for lack of one kind of trust). `tells`
    is True if there is no bias. `mean`, `low` and `high` are the mean, 5th and 95th percentile of simulated estimates,
    None if no study gave one; `claims` is the share of those studies whose 95% interval leaves out no difference.
    """

    name: str
    expected: float | None
    bias: float | None
    tells: bool
    mean: float | None
    low: float | None
    high: float | None
    claims: float | None


@dataclass(frozen=True)
class Result:
    """The association, exact and simulated (all studies together), one study's table, and the designs.

    `table` counts the trusts of the first study as (Q and Outstanding, Q and not, no Q and Outstanding, neither).
    `outstanding` is the exact share rated Outstanding.
    """

    parameters: Parameters
    seed: int
    outstanding: float
    association: Association
    simulated: Association
    table: tuple[int, int, int, int]
    designs: tuple[Design, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class _Group:
    """Trusts with or without Q: how many, how many are good now, and how many became good or ceased to be."""

    trusts: int = 0
    good: int = 0
    up: int = 0
    down: int = 0

    def __add__(self, other: "_Group") -> "_Group":
        return _Group(
            self.trusts + other.trusts, self.good + other.good, self.up + other.up, self.down + other.down
        )


_Pair = tuple[_Group, _Group]  # with Q, without


def association(parameters: Parameters = DEFAULTS) -> Association:
    """The exact association between quality improvement and a rating of Outstanding."""
    p = parameters
    shares = []
    for q in (1, 0):
        whole = sum(p.share(kind) * _taken(p, kind, q) for kind in _KINDS)
        rated = sum(p.share(kind) * _taken(p, kind, q) * _good(p, kind, q, p.halo) for kind in _KINDS)
        shares += [rated, whole - rated]
    return _association(*shares)


def expected_estimate(design: str, parameters: Parameters = DEFAULTS) -> float | None:
    """The exact expected estimate of one of DESIGNS; None if it lacks one kind of trust to compare.

    Raises:
        ValueError: for an unknown design.
    """
    p = parameters
    checks.choice("design", design, DESIGNS)
    if design == "compare":
        return _standardised(p, [_KINDS])
    if design == "adjust_resources":
        return _standardised(p, [_KINDS[:2], _KINDS[2:]])
    if design == "adjust_both":
        return _standardised(p, [[kind] for kind in _KINDS])
    if design == "before_after":
        changes = [_mean_change(p, q) for q in (1, 0)]
        return None if None in changes else changes[0] - changes[1]
    halo = p.halo if design == "lot_ratings" else 0.0
    return sum(p.share(kind) * (_good(p, kind, 1, halo) - _good(p, kind, 0, halo)) for kind in _KINDS)


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Draw many studies of trusts, and estimate what quality improvement does by each design.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    found: dict[str, list[tuple[float, float]]] = {design: [] for design in DESIGNS}
    tables = []
    for number in range(p.replicates):
        seen, rated, measured = _study(p, streams.seeded(seed, "shared cause", number))
        one, none = _merged(seen)
        tables.append((one.good, one.trusts - one.good, none.good, none.trusts - none.good))
        estimates = (
            _difference([_merged(seen)]),
            _difference([_merged(seen[:2]), _merged(seen[2:])]),
            _difference(seen),
            _change(_merged(seen)),
            _difference([_merged(rated)]),
            _difference([_merged(measured)]),
        )
        for design, estimate in zip(DESIGNS, estimates, strict=True):
            if estimate:
                found[design].append(estimate)
    return Result(
        p,
        seed,
        sum(
            p.share(kind) * _taken(p, kind, q) * _good(p, kind, q, p.halo) for kind in _KINDS for q in (0, 1)
        ),
        association(p),
        _association(*(sum(column) for column in zip(*tables, strict=True))),
        tables[0],
        tuple(_design(p, name, found[name]) for name in DESIGNS),
    )


def _held(chance: float) -> float:
    return min(1.0, max(0.0, chance))


def _taken(p: Parameters, kind: _Kind, q: int) -> float:
    chance = _held(p.quality_improvement(kind))
    return chance if q else 1 - chance


def _before(p: Parameters, kind: _Kind) -> float:
    return _held(p.outstanding_care(kind) - p.leadership_trend * kind[1])


def _good(p: Parameters, kind: _Kind, q: int, halo: float) -> float:
    """The chance of outstanding care, or of the rating if there is a halo."""
    care = _held(p.outstanding_care(kind) + p.effect * q)
    return care + (1 - care) * halo * q


def _association(both: float, only_q: float, only_rated: float, neither: float) -> Association:
    rated, other, against = both + only_rated, only_q + neither, only_q * only_rated
    return Association(
        both / rated if rated else None,
        only_q / other if other else None,
        both * neither / against if against else None,
    )


def _mean_good(p: Parameters, kinds: Iterable[_Kind], q: int) -> float | None:
    """The chance of Outstanding among trusts of some kinds that have Q, or have not; None if there are none."""
    weights = [(kind, p.share(kind) * _taken(p, kind, q)) for kind in kinds]
    whole = sum(weight for _, weight in weights)
    return sum(weight * _good(p, kind, q, p.halo) for kind, weight in weights) / whole if whole else None


def _mean_change(p: Parameters, q: int) -> float | None:
    weights = [(kind, p.share(kind) * _taken(p, kind, q)) for kind in _KINDS]
    whole = sum(weight for _, weight in weights)
    changed = sum(weight * (_good(p, kind, q, p.halo) - _before(p, kind)) for kind, weight in weights)
    return changed / whole if whole else None


def _standardised(p: Parameters, strata: Sequence[Sequence[_Kind]]) -> float | None:
    total = 0.0
    for kinds in strata:
        weight = sum(p.share(kind) for kind in kinds)
        one, none = _mean_good(p, kinds, 1), _mean_good(p, kinds, 0)
        if not weight:
            continue
        if one is None or none is None:
            return None
        total += weight * (one - none)
    return total


def _study(p: Parameters, stream: Random) -> tuple[list[_Pair], list[_Pair], list[_Pair]]:
    """One study by kind of trust: what is seen without a lot, and ratings and measured care after a lot."""
    rich = streams.binomial(stream, p.trusts, p.resourced)
    led = [streams.binomial(stream, count, p.well_led) for count in (p.trusts - rich, rich)]
    counts = (p.trusts - rich - led[0], led[0], rich - led[1], led[1])
    seen, rated, measured = [], [], []
    for kind, count in zip(_KINDS, counts, strict=True):
        taken = streams.binomial(stream, count, _taken(p, kind, 1))
        seen.append((_drawn(p, stream, kind, 1, taken), _drawn(p, stream, kind, 0, count - taken)))
        drawn = streams.binomial(stream, count, 0.5)
        caring = [
            streams.binomial(stream, size, _good(p, kind, q, 0.0))
            for q, size in ((1, drawn), (0, count - drawn))
        ]
        measured.append((_Group(drawn, caring[0]), _Group(count - drawn, caring[1])))
        lifted = streams.binomial(stream, drawn - caring[0], p.halo)
        rated.append((_Group(drawn, caring[0] + lifted), _Group(count - drawn, caring[1])))
    return seen, rated, measured


def _drawn(p: Parameters, stream: Random, kind: _Kind, q: int, count: int) -> _Group:
    before = streams.binomial(stream, count, _before(p, kind))
    chance = _good(p, kind, q, p.halo)
    kept = streams.binomial(stream, before, chance)
    up = streams.binomial(stream, count - before, chance)
    return _Group(count, kept + up, up, before - kept)


def _merged(pairs: Sequence[_Pair]) -> _Pair:
    return sum((one for one, _ in pairs), _Group()), sum((none for _, none in pairs), _Group())


def _difference(pairs: Sequence[_Pair]) -> tuple[float, float] | None:
    """The difference standardised to all trusts in pairs with both groups, and its standard error."""
    usable = [(one, none) for one, none in pairs if one.trusts and none.trusts]
    whole = sum(one.trusts + none.trusts for one, none in usable)
    if not whole:
        return None
    estimate = variance = 0.0
    for one, none in usable:
        weight = (one.trusts + none.trusts) / whole
        shares = one.good / one.trusts, none.good / none.trusts
        estimate += weight * (shares[0] - shares[1])
        variance += weight**2 * sum(
            share * (1 - share) / group.trusts for share, group in zip(shares, (one, none), strict=True)
        )
    return estimate, math.sqrt(variance)


def _change(pair: _Pair) -> tuple[float, float] | None:
    if not all(group.trusts for group in pair):
        return None
    means = [(group.up - group.down) / group.trusts for group in pair]
    variance = sum(
        ((group.up + group.down) / group.trusts - mean**2) / group.trusts
        for group, mean in zip(pair, means, strict=True)
    )
    return means[0] - means[1], math.sqrt(max(0.0, variance))


def _design(p: Parameters, name: str, found: list[tuple[float, float]]) -> Design:
    expected = expected_estimate(name, p)
    bias = None if expected is None else expected - p.effect
    tells = bias is not None and abs(bias) < 1e-9
    if not found:
        return Design(name, expected, bias, tells, None, None, None, None)
    ordered = sorted(estimate for estimate, _ in found)
    return Design(
        name,
        expected,
        bias,
        tells,
        fmean(ordered),
        streams.percentile_of_sorted(ordered, 5),
        streams.percentile_of_sorted(ordered, 95),
        fmean(abs(estimate) > _Z * error for estimate, error in found),
    )
