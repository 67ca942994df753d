"""W42 benefit lands elsewhere: who pays, who gains and when, and what would make everybody no worse off.

An intervention costs and benefits each partner some amount in each year t = 0, 1, ... (thousands of pounds). An option is
a set of at most `most` interventions, and doing nothing is one; effects add up. Then, with r = `discount_rate`,

- net(partner, t) = benefits - costs;  value(partner) = sum over t < `years` of net(partner, t) / (1 + r)^t;
- total = sum of the values. Doing nothing is worth 0 to everybody, and a partner below 0 is hurt;
- an option is in the Pareto set if no other one is at least as good for every partner and better for one;
- the best option has the largest total. The local choice is the option with the largest value for the `decider` alone.
  Ties go to fewer interventions, then to the order in which they are listed.

**Side payments.** Of each pound paid a share `friction` is lost on the way. Let v_p be what partner p has. For a level m the
payers are those with v_p > m, the receivers those with v_p < m; S(m) = sum of (v_p - m) over payers, and
R(m) = sum of (m - v_p) over receivers. Everybody can reach m if (1 - friction) S(m) >= R(m). With m = `minimum_gain`

- ``"least"``: receivers are lifted to m exactly, and payers share R(m) / (1 - friction) in proportion to v_p - m. No
  agreement moves less money;
- ``"equal"``: everybody ends at the level x with (1 - friction) S(x) = R(x), which is the average of v_p without friction.
  There is an agreement if x >= m.

A payer pays each receiver in proportion to what that receiver is short. With `timing` ``"present_value"`` v_p is the value
and payments are made in year 0. With ``"every_year"`` v_p is each year's net in turn, and everybody must reach m every
year; a year in which that cannot be has a shortfall, R(m) - (1 - friction) S(m), that somebody outside would have to lend
or give.

**Doubt.** `simulate` draws each intervention's benefits for each partner, in all years alike, times a factor that is
lognormal with mean 1 and coefficient of variation `benefit_cv`; costs and payments stay as agreed. It counts how often
each partner ends below 0, and how often the total does.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

from improvement.simulate import checks, streams

RULES = ("least", "equal")
TIMINGS = ("present_value", "every_year")
_CLOSE = 1e-6  # thousand pounds: differences below a tenth of a penny are rounding

ASSUMPTIONS = (
    "Every effect can be put in money, and a pound means the same to each partner.",
    "Effects of interventions add up, and each partner knows its own.",
    "A partner accepts what leaves it no worse off than doing nothing.",
    "Payments are made as agreed, whatever the benefits turn out to be.",
)
CANNOT_TELL = (
    "What an intervention is worth to patients and carers, unless they are a partner in the ledger.",
    "Whether savings can be taken out as cash, or the rules let one budget pay another.",
    "Whether partners trust each other enough to pay now for a benefit later.",
    "Real costs and benefits of any service: the ones here are invented.",
)


def _name(what: str, value: Any) -> None:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{what} must be text, but it is {value!r}")


def _tuple(what: str, values: Any) -> tuple[Any, ...]:
    if isinstance(values, str) or not isinstance(values, Sequence):
        raise ValueError(f"{what} must be a list, but it is {values!r}")
    return tuple(values)


def _different(what: str, names: Sequence[str]) -> None:
    if len(set(names)) < len(names):
        raise ValueError(f"{what} must be different, but they are {list(names)!r}")


@dataclass(frozen=True)
class Effect:
    """What an intervention does to one partner: costs and benefits by year from year 0, in thousands of pounds.

    Years that are not given count as 0.
    """

    partner: str
    costs: tuple[float, ...] = ()
    benefits: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        _name("partner of an effect", self.partner)
        for what in ("costs", "benefits"):
            amounts = _tuple(f"{what} of {self.partner}", getattr(self, what))
            for year, amount in enumerate(amounts):
                checks.number(
                    f"{what} of {self.partner} in year {year}", amount, 0, 1e7, unit="thousand pounds"
                )
            object.__setattr__(self, what, amounts)


@dataclass(frozen=True)
class Intervention:
    """Something to do, and its effects on the partners (one each; partners without an effect are untouched)."""

    name: str
    effects: tuple[Effect, ...]

    def __post_init__(self) -> None:
        _name("name of an intervention", self.name)
        effects = _tuple(f"effects of {self.name}", self.effects)
        if not all(isinstance(effect, Effect) for effect in effects):
            raise ValueError(f"effects of {self.name} must be Effect values, but they are {effects!r}")
        _different(f"partners of {self.name}", [effect.partner for effect in effects])
        object.__setattr__(self, "effects", effects)


PARTNERS = ("Hospital", "Community services", "Social care", "GP practices")
INTERVENTIONS = (
    Intervention(
        "Discharge a day earlier, support unchanged",
        (
            Effect("Hospital", (40, 20, 20, 20, 20), (260, 260, 260, 260, 260)),
            Effect("Community services", (110, 110, 110, 110, 110)),
            Effect("Social care", (150, 150, 150, 150, 150)),
            Effect("GP practices", (25, 25, 25, 25, 25)),
        ),
    ),
    Intervention(
        "Falls team at home",
        (
            Effect("Hospital", (), (80, 220, 260, 260, 260)),
            Effect("Community services", (230, 200, 200, 200, 200), (20, 30, 30, 30, 30)),
            Effect("Social care", (), (20, 80, 90, 90, 90)),
            Effect("GP practices", (10, 5, 5, 5, 5), (5, 10, 10, 10, 10)),
        ),
    ),
    Intervention(
        "Frailty review in practices",
        (
            Effect("Hospital", (), (20, 70, 90, 90, 90)),
            Effect("Social care", (), (0, 20, 30, 30, 30)),
            Effect("GP practices", (90, 80, 80, 80, 80), (5, 15, 15, 15, 15)),
        ),
    ),
    Intervention(
        "Shared care record",
        (
            Effect("Hospital", (60, 10, 10, 10, 10), (0, 30, 45, 45, 45)),
            Effect("Community services", (25, 5, 5, 5, 5), (0, 20, 25, 25, 25)),
            Effect("Social care", (20, 5, 5, 5, 5), (0, 15, 15, 15, 15)),
            Effect("GP practices", (15, 5, 5, 5, 5), (0, 10, 12, 12, 12)),
        ),
    ),
)


@dataclass(frozen=True)
class Parameters:
    """Partners, what they could do together, and how an agreement is made.

    `option` names the interventions to agree on, None for the best option and an empty tuple for doing nothing.
    `minimum_gain` (thousand pounds) is what each partner must end with: in all, or each year with ``"every_year"``.
    """

    partners: tuple[str, ...] = PARTNERS
    interventions: tuple[Intervention, ...] = INTERVENTIONS
    most: int = 1
    years: int = 5
    discount_rate: float = 0.035
    decider: str = "Hospital"
    option: tuple[str, ...] | None = None
    rule: str = "least"
    timing: str = "present_value"
    friction: float = 0.0
    minimum_gain: float = 0.0
    benefit_cv: float = 0.3
    replicates: int = 1000

    def __post_init__(self) -> None:
        partners = _tuple("partners", self.partners)
        interventions = _tuple("interventions", self.interventions)
        object.__setattr__(self, "partners", partners)
        object.__setattr__(self, "interventions", interventions)
        if not 2 <= len(partners) <= 10:
            raise ValueError(f"partners must be 2 to 10 names, but there are {len(partners)}")
        for partner in partners:
            _name("partner", partner)
        _different("partners", partners)
        if not 1 <= len(interventions) <= 8 or not all(isinstance(i, Intervention) for i in interventions):
            raise ValueError(
                f"interventions must be 1 to 8 Intervention values, but they are {interventions!r}"
            )
        _different("interventions", [i.name for i in interventions])
        for intervention in interventions:
            for effect in intervention.effects:
                checks.choice(f"partner of {intervention.name}", effect.partner, partners)
        checks.whole("most", self.most, 1, 8)
        checks.whole("years", self.years, 1, 40)
        checks.number("discount_rate", self.discount_rate, 0, 1, unit="a year")
        checks.choice("decider", self.decider, partners)
        if self.option is not None:
            option = _tuple("option", self.option)
            names = [i.name for i in interventions]
            for name in option:
                checks.choice("option", name, names)
            _different("option", option)
            if len(option) > self.most:
                raise ValueError(f"option must name at most {self.most} (`most`), but it names {len(option)}")
            object.__setattr__(self, "option", tuple(name for name in names if name in option))
        checks.choice("rule", self.rule, RULES)
        checks.choice("timing", self.timing, TIMINGS)
        checks.number("friction", self.friction, 0, 0.9)
        checks.number("minimum_gain", self.minimum_gain, 0, 1e7, unit="thousand pounds")
        checks.number("benefit_cv", self.benefit_cv, 0, 3)
        checks.whole("replicates", self.replicates, 1, 20_000)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Option:
    """A set of interventions, its value to each partner in the order of the partners, and whom it hurts."""

    names: tuple[str, ...]
    values: tuple[float, ...]
    total: float
    hurt: tuple[str, ...]
    pareto: bool


@dataclass(frozen=True)
class Payment:
    """What one partner sends another in a year, in thousands of pounds of that year, before friction."""

    payer: str
    receiver: str
    year: int
    amount: float


@dataclass(frozen=True)
class Agreement:
    """An agreement on an option, or why there is none.

    `feasible` says whether every partner reaches the minimum gain. If not, there are no payments, and `shortfalls`
    (by year; with ``"present_value"`` one entry) say what is missing. `ledger_after` is net by partner and year and
    `values_after` the value by partner, both with the payments. `lost` is the present value of what friction takes.
    """

    feasible: bool
    payments: tuple[Payment, ...]
    shortfalls: tuple[float, ...]
    ledger_after: tuple[tuple[float, ...], ...]
    values_after: tuple[float, ...]
    lost: float


@dataclass(frozen=True)
class Doubt:
    """Shares of replicates in which each partner ends below 0, without and with the payments, and the total does."""

    hurt_before: tuple[float, ...]
    hurt_after: tuple[float, ...]
    total_below_0: float


@dataclass(frozen=True)
class Result:
    """All options, the ones that somebody would choose, and an agreement on the chosen one.

    `favourites` is each partner's own best option. `local_loss` is the total lost if the decider chooses alone.
    `without_transfer` is the option of largest total that hurts nobody. `ledger` of the chosen option is net by partner
    and year.
    """

    parameters: Parameters
    seed: int
    options: tuple[Option, ...]
    best: Option
    local: Option
    local_loss: float
    without_transfer: Option
    favourites: tuple[tuple[str, ...], ...]
    chosen: Option
    ledger: tuple[tuple[float, ...], ...]
    agreement: Agreement
    doubt: Doubt

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def options(parameters: Parameters = DEFAULTS) -> tuple[Option, ...]:
    """Every option with its values: doing nothing first, then by number of interventions and in the order listed."""
    p = parameters
    alone = [
        [_present_value(p, net) for net in _ledger(p, [intervention])] for intervention in p.interventions
    ]
    sets = [
        chosen
        for size in range(min(p.most, len(p.interventions)) + 1)
        for chosen in combinations(range(len(p.interventions)), size)
    ]
    values = [
        tuple(math.fsum(alone[i][partner] for i in chosen) for partner in range(len(p.partners)))
        for chosen in sets
    ]
    return tuple(
        _option(
            p,
            [p.interventions[i].name for i in chosen],
            mine,
            not any(_beats(other, mine) for other in values),
        )
        for chosen, mine in zip(sets, values, strict=True)
    )


def settle(
    values: Sequence[float], *, rule: str = "least", friction: float = 0.0, minimum_gain: float = 0.0
) -> tuple[tuple[tuple[float, ...], ...] | None, float]:
    """Side payments between partners who have `values`, by the rule of the module's docstring.

    Returns:
        The amounts sent, as one row a payer and one column a receiver (before friction), and the shortfall. If not
        everybody can reach `minimum_gain` there are no amounts (None) and the shortfall is above 0.

    Raises:
        ValueError: naming the argument that is out of range.
    """
    values = [
        checks.number(f"values: partner {i}", v, -1e9, 1e9) for i, v in enumerate(_tuple("values", values), 1)
    ]
    checks.choice("rule", rule, RULES)
    checks.number("friction", friction, 0, 0.9)
    level = checks.number("minimum_gain", minimum_gain, 0, 1e7)
    arrives = 1 - friction

    def missing(at: float) -> float:
        receive = math.fsum(max(0.0, at - v) for v in values)
        return receive - arrives * math.fsum(max(0.0, v - at) for v in values)

    shortfall = missing(level)
    if shortfall > _CLOSE:
        return None, shortfall
    if rule == "equal":
        level = _equal_level(values, arrives)
    short = [max(0.0, level - v) for v in values]
    spare = [max(0.0, v - level) for v in values]
    receive, give = math.fsum(short), math.fsum(spare)
    if not receive or not give:
        return tuple((0.0,) * len(values) for _ in values), 0.0
    part = receive / arrives / give
    return tuple(tuple(part * mine * s / receive for s in short) for mine in spare), 0.0


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Value every option, find who would choose what, and seek an agreement on the chosen option.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    choices = options(p)
    best = max(choices, key=lambda option: option.total)
    favourites = [max(choices, key=lambda option: option.values[i]) for i in range(len(p.partners))]
    local = favourites[p.partners.index(p.decider)]
    by_name = {i.name: i for i in p.interventions}
    chosen = best if p.option is None else next(option for option in choices if option.names == p.option)
    ledger = _ledger(p, [by_name[name] for name in chosen.names])
    agreement = _agreement(p, ledger)
    return Result(
        p,
        seed,
        choices,
        best,
        local,
        best.total - local.total,
        max((option for option in choices if not option.hurt), key=lambda option: option.total),
        tuple(option.names for option in favourites),
        chosen,
        ledger,
        agreement,
        _doubt(p, seed, [by_name[name] for name in chosen.names], agreement),
    )


def _ledger(p: Parameters, interventions: Iterable[Intervention]) -> tuple[tuple[float, ...], ...]:
    """Net benefit by partner and year."""
    net = {partner: [0.0] * p.years for partner in p.partners}
    for intervention in interventions:
        for effect in intervention.effects:
            for amounts, sign in ((effect.benefits, 1), (effect.costs, -1)):
                for year, amount in enumerate(amounts[: p.years]):
                    net[effect.partner][year] += sign * amount
    return tuple(tuple(net[partner]) for partner in p.partners)


def _present_value(p: Parameters, amounts: Sequence[float]) -> float:
    return math.fsum(amount / (1 + p.discount_rate) ** year for year, amount in enumerate(amounts))


def _option(p: Parameters, names: Sequence[str], values: tuple[float, ...], pareto: bool) -> Option:
    hurt = tuple(partner for partner, value in zip(p.partners, values, strict=True) if value < -_CLOSE)
    return Option(tuple(names), values, math.fsum(values), hurt, pareto)


def _beats(other: Sequence[float], mine: Sequence[float]) -> bool:
    better = False
    for a, b in zip(other, mine, strict=True):
        if a < b - _CLOSE:
            return False
        better = better or a > b + _CLOSE
    return better


def _equal_level(values: Sequence[float], arrives: float) -> float:
    """The level at which what payers send, less friction, is what receivers are short."""
    ordered = sorted(values)
    for receivers in range(1, len(ordered)):
        payers = ordered[receivers:]
        weight = receivers + arrives * len(payers)
        level = (math.fsum(ordered[:receivers]) + arrives * math.fsum(payers)) / weight
        if level <= payers[0]:
            return level
    return ordered[-1]


def _agreement(p: Parameters, ledger: tuple[tuple[float, ...], ...]) -> Agreement:
    yearly = p.timing == "every_year"
    accounts = list(zip(*ledger, strict=True)) if yearly else [[_present_value(p, net) for net in ledger]]
    settled = [
        settle(account, rule=p.rule, friction=p.friction, minimum_gain=p.minimum_gain) for account in accounts
    ]
    feasible = all(amounts is not None for amounts, _ in settled)
    after = [list(net) for net in ledger]
    payments, lost = [], 0.0
    for year, (amounts, _) in enumerate(settled if feasible else ()):
        for i, row in enumerate(amounts or ()):
            for j, amount in enumerate(row):
                if amount <= _CLOSE:
                    continue
                payments.append(Payment(p.partners[i], p.partners[j], year, amount))
                after[i][year] -= amount
                after[j][year] += amount * (1 - p.friction)
                lost += amount * p.friction / (1 + p.discount_rate) ** year
    return Agreement(
        feasible,
        tuple(payments),
        tuple(shortfall for _, shortfall in settled),
        tuple(tuple(net) for net in after),
        tuple(_present_value(p, net) for net in after),
        lost,
    )


def _doubt(p: Parameters, seed: int, interventions: Sequence[Intervention], agreement: Agreement) -> Doubt:
    stream = streams.seeded(seed, "transfer benefits")
    spread = math.sqrt(math.log1p(p.benefit_cv**2))
    costs = [0.0] * len(p.partners)
    benefits: list[tuple[int, float]] = []
    for intervention in interventions:
        for effect in intervention.effects:
            i = p.partners.index(effect.partner)
            costs[i] += _present_value(p, effect.costs[: p.years])
            benefits.append((i, _present_value(p, effect.benefits[: p.years])))
    expected = [-cost for cost in costs]
    for i, benefit in benefits:
        expected[i] += benefit
    paid = [after - before for after, before in zip(agreement.values_after, expected, strict=True)]
    before, after, below = [0] * len(costs), [0] * len(costs), 0
    for _ in range(p.replicates):
        values = [-cost for cost in costs]
        for i, benefit in benefits:
            values[i] += benefit * math.exp(spread * streams.normal(stream) - spread**2 / 2)
        for i, value in enumerate(values):
            before[i] += value < -_CLOSE
            after[i] += value + paid[i] < -_CLOSE
        below += math.fsum(values) < -_CLOSE
    return Doubt(
        tuple(n / p.replicates for n in before), tuple(n / p.replicates for n in after), below / p.replicates
    )
