"""W37 failure demand: the amplifier, what capacity and first-time resolution do to it, and the sorter's arithmetic.

**Amplifier.** A contact leaves a need unresolved with probability f = `unresolved`. An unresolved need goes to another
service with probability d = `deflection` (the A&E spill), is given up with g = `gives_up`, and otherwise, rho = 1 - d - g,
comes back. If every contact is answered, 100 needs make

    100 / (1 - f rho) contacts,    which is 100 / (1 - f) if all come back,

and d f times as many visits elsewhere.

**Limited staff.** H staff hours a week at m minutes a contact answer at most K = 60 H / m contacts a week. A contact that is
not answered leaves its need as open as an unresolved one. In week t, with N = `needs` new needs on average::

    A(t) = N(t) + B(t - 1)                 contacts wanted; B(t - 1) come back from the week before, B(-1) = 0
    answered(t) = min(A(t), K)             resolved(t) = answered(t) - unresolved(t)
    open(t) = unresolved(t) + A(t) - answered(t)
    deflected(t) = d open(t),   gave_up(t) = g open(t),   B(t) = rho open(t)

In the long run, if K >= N / (1 - f rho) then A = N / (1 - f rho); otherwise A = (N - rho K (1 - f)) / (1 - rho), which
grows without end if rho = 1. Every need ends somewhere: N = resolved + deflected + given up. Failure demand is the share
of contacts that are not the first for their need, 1 - N / A. Staff hours used = answered * m / 60.

**Plans.** ``"now"``; ``"more_hours"``: H + `added_hours`; ``"first_time"``: f = `unresolved_first_time` and m +
`extra_minutes`, with the same hours. Resolving first time uses fewer hours, everything answered, as long as the extra
minutes are below m ((1 - f' rho) / (1 - f rho) - 1).

`simulate` draws weeks: N(t) is Poisson, whole contacts up to floor(K) are answered (a fraction of one is saved up for
the next week), and unresolved, deflected and given-up needs are binomial. The plans meet the same new needs.

**Sorting.** Two people code the same n cards. With p_o the share coded alike and p_e = sum over codes of (first's share *
second's share), Cohen's kappa = (p_o - p_e) / (1 - p_e). Its interval puts the Wilson limits of p_o in place of p_o and
takes p_e as known. The share of failure demand has a Wilson interval.

Sources: Seddon J, Freedom from Command and Control, 2003, for the term; Cohen J, Educational and Psychological
Measurement 1960;20:37-46.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from improvement.simulate import checks, streams
from improvement.spc.distributions import wilson_interval

CODES = ("value", "failure", "unclear")
PLANS = ("now", "more_hours", "first_time")
_NAME = "failure demand"

ASSUMPTIONS = (
    "Every contact has the same chance of resolving the need, however often the person has called before.",
    "People who come back do so in the next week, and those who give up never return.",
    "Who is answered when there are too few staff is chance.",
    "New needs do not depend on how well calls are answered.",
    "Resolving first time is possible with the minutes you chose.",
)
CANNOT_TELL = (
    "How much of your own demand is failure demand: only reading your own contacts can tell.",
    "What happens to people who give up, or who are seen elsewhere.",
    "What is behind a failure. It is a fault in the design of the work, and says nothing about the caller.",
    "Whether coders who agree are right: they may share a blind spot. Many contacts are ambiguous.",
)


@dataclass(frozen=True)
class Parameters:
    """A service and two ways to change it.

    `needs` are new needs a week; `unresolved`, `deflection` and `gives_up` probabilities; `minutes` of staff time a
    contact; `staff_hours` a week spent on contacts.
    """

    needs: float = 500.0
    unresolved: float = 0.4
    deflection: float = 0.1
    gives_up: float = 0.0
    minutes: float = 8.0
    staff_hours: float = 95.0
    added_hours: float = 20.0
    unresolved_first_time: float = 0.2
    extra_minutes: float = 1.0
    weeks: int = 52

    def __post_init__(self) -> None:
        checks.number("needs", self.needs, 1, 5000, unit="a week")
        checks.number("unresolved", self.unresolved, 0, 0.95)
        checks.number("deflection", self.deflection, 0, 1)
        checks.number("gives_up", self.gives_up, 0, 1)
        if self.deflection + self.gives_up > 1:
            raise ValueError(
                "deflection + gives_up must be from 0 to 1, as they are shares of the same people, "
                f"but it is {self.deflection + self.gives_up:g}"
            )
        checks.number("minutes", self.minutes, 0.1, 480)
        checks.number("staff_hours", self.staff_hours, 0, 100_000, unit="a week")
        checks.number("added_hours", self.added_hours, 0, 100_000, unit="a week")
        checks.number("unresolved_first_time", self.unresolved_first_time, 0, 0.95)
        checks.number("extra_minutes", self.extra_minutes, 0, 480)
        checks.whole("weeks", self.weeks, 1, 260)

    @property
    def comes_back(self) -> float:
        """rho, the share of open needs that come back."""
        return max(0.0, 1 - self.deflection - self.gives_up)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Steady:
    """The long-run average week.

    Contacts wanted, answered and not; needs resolved, deflected (A&E spill) and given up; hours used; the shares of
    contacts that are failure demand, and contacts per 100 needs.
    """

    contacts: float
    answered: float
    unanswered: float
    resolved: float
    deflected: float
    gave_up: float
    hours: float
    failure_share: float
    contacts_per_100: float


@dataclass(frozen=True)
class Week:
    """One simulated week (from 1). `coming_back` are the open needs that return in the next week."""

    week: int
    needs: int
    contacts: int
    answered: int
    resolved: int
    deflected: int
    gave_up: int
    coming_back: int
    hours: float


@dataclass(frozen=True)
class Plan:
    """What one plan leads to.

    `hours_to_answer_all` a week is what the long run needs so that nobody is turned away; `capacity` is contacts a
    week. `steady` is None if contacts grow without end. Totals are over the simulated weeks.
    """

    name: str
    staff_hours: float
    unresolved: float
    minutes: float
    capacity: float
    hours_to_answer_all: float
    steady: Steady | None
    weeks: tuple[Week, ...]
    total_contacts: int
    total_deflected: int
    total_hours: float
    failure_share: float


@dataclass(frozen=True)
class Result:
    """The three plans in the order of PLANS.

    `contacts_per_100` needs if all are answered, and if also all come back; then the same with first-time resolution.
    `extra_minutes_worth` is the most extra minutes a contact for which resolving first time uses no more hours.
    """

    parameters: Parameters
    seed: int
    contacts_per_100: float
    contacts_per_100_all_return: float
    contacts_per_100_first_time: float
    contacts_per_100_first_time_all_return: float
    extra_minutes_worth: float
    plans: tuple[Plan, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Agreement:
    """How far two coders of the same cards agree.

    `observed` and `expected` (by chance) are shares; `kappa`, `low` and `high` are None if both coders used one code
    throughout, as chance alone then explains all agreement. `table` counts cards by the first and the second's code.
    """

    cards: int
    observed: float
    expected: float
    kappa: float | None
    low: float | None
    high: float | None
    table: dict[str, dict[str, int]]


@dataclass(frozen=True)
class FailureShare:
    """Failure demand among coded contacts, as a share with its interval.

    `share_with_unclear` is the share if every unclear contact were failure demand too: doubt of another kind than
    chance, which the interval leaves out.
    """

    contacts: int
    failure: int
    unclear: int
    share: float
    low: float
    high: float
    share_with_unclear: float


def amplifier(unresolved: float, *, deflection: float = 0.0, gives_up: float = 0.0) -> float:
    """Contacts per 100 needs, every contact answered: 100 / (1 - unresolved (1 - deflection - gives_up)).

    Raises:
        ValueError: naming the parameter that is out of range.
    """
    p = Parameters(unresolved=unresolved, deflection=deflection, gives_up=gives_up)
    return 100 / (1 - p.unresolved * p.comes_back)


def agreement(
    first: Sequence[str], second: Sequence[str], *, codes: Collection[str] = CODES, confidence: float = 0.95
) -> Agreement:
    """Cohen's kappa between two coders, or between a coder and a key, with its interval.

    Parameters:
        first, second: the codes of the same cards in the same order.
        codes: the codes allowed, such as CODES or a list of causes.
        confidence: of the interval, between 0 and 1.

    Raises:
        ValueError: if there are no cards, the lengths differ, or a code is not allowed.
    """
    codes = tuple(codes)
    first, second = _coded("first", first, codes), _coded("second", second, codes)
    if len(first) != len(second):
        raise ValueError(
            f"first and second must code the same cards, but they have {len(first)} and {len(second)}"
        )
    n = len(first)
    table = {a: dict.fromkeys(codes, 0) for a in codes}
    for a, b in zip(first, second, strict=True):
        table[a][b] += 1
    same = sum(table[code][code] for code in codes)
    by_chance = sum(first.count(code) * second.count(code) for code in codes)
    observed, expected = same / n, by_chance / n**2
    if by_chance == n**2:
        return Agreement(n, observed, expected, None, None, None, table)
    interval = wilson_interval(same, n, confidence)
    kappa, low, high = ((share - expected) / (1 - expected) for share in (observed, *interval))
    return Agreement(n, observed, expected, kappa, low, high, table)


def failure_share(codes: Sequence[str], *, confidence: float = 0.95) -> FailureShare:
    """The share of contacts coded failure, with its Wilson interval. Each code is one of CODES.

    Raises:
        ValueError: if there are no codes, or one is not in CODES.
    """
    codes = _coded("codes", codes, CODES)
    n, failure, unclear = len(codes), codes.count("failure"), codes.count("unclear")
    low, high = wilson_interval(failure, n, confidence)
    return FailureShare(n, failure, unclear, failure / n, low, high, (failure + unclear) / n)


def steady_state(
    needs: float,
    capacity: float,
    *,
    unresolved: float,
    deflection: float = 0.0,
    gives_up: float = 0.0,
    minutes: float,
) -> Steady | None:
    """The long-run average week for `needs` new needs and at most `capacity` contacts answered, both a week.

    Returns None if contacts grow without end.

    Raises:
        ValueError: naming the parameter that is out of range.
    """
    p = Parameters(
        needs=needs, unresolved=unresolved, deflection=deflection, gives_up=gives_up, minutes=minutes
    )
    f, rho = p.unresolved, p.comes_back
    capacity = checks.number("capacity", capacity, 0, 1e9, unit="contacts a week")
    contacts = needs / (1 - f * rho)
    if contacts > capacity:
        if rho >= 1:
            return None
        contacts = (needs - rho * capacity * (1 - f)) / (1 - rho)
    answered = min(contacts, capacity)
    left_open = f * answered + contacts - answered
    return Steady(
        contacts,
        answered,
        contacts - answered,
        (1 - f) * answered,
        p.deflection * left_open,
        p.gives_up * left_open,
        answered * minutes / 60,
        1 - needs / contacts,
        100 * contacts / needs,
    )


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Run the three plans on the same new needs, week by week, beside the long-run averages.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    needs = [streams.poisson(streams.seeded(seed, _NAME, "needs", week), p.needs) for week in range(p.weeks)]
    fates = {"deflection": p.deflection, "gives_up": p.gives_up}
    now, first_time = amplifier(p.unresolved, **fates), amplifier(p.unresolved_first_time, **fates)
    settings = (
        (p.staff_hours, p.unresolved, p.minutes),
        (p.staff_hours + p.added_hours, p.unresolved, p.minutes),
        (p.staff_hours, p.unresolved_first_time, p.minutes + p.extra_minutes),
    )
    return Result(
        p,
        seed,
        now,
        amplifier(p.unresolved),
        first_time,
        amplifier(p.unresolved_first_time),
        p.minutes * (now / first_time - 1),
        tuple(_plan(p, seed, name, needs, *setting) for name, setting in zip(PLANS, settings, strict=True)),
    )


def _coded(name: str, codes: Sequence[str], allowed: Collection[str]) -> list[str]:
    if isinstance(codes, str) or not isinstance(codes, Sequence):
        raise ValueError(f"{name} must be a list of codes, but it is {codes!r}")
    if not codes:
        raise ValueError(f"{name} must hold at least one code, but there are none")
    for card, code in enumerate(codes, 1):
        checks.choice(f"{name}: card {card}", code, allowed)
    return list(codes)


def _plan(
    p: Parameters, seed: int, name: str, needs: list[int], hours: float, unresolved: float, minutes: float
) -> Plan:
    capacity = 60 * hours / minutes
    weeks = _weeks(p, seed, needs, capacity, unresolved, minutes)
    contacts = sum(week.contacts for week in weeks)
    fates = {"deflection": p.deflection, "gives_up": p.gives_up}
    return Plan(
        name,
        hours,
        unresolved,
        minutes,
        capacity,
        p.needs * amplifier(unresolved, **fates) / 100 * minutes / 60,
        steady_state(p.needs, capacity, unresolved=unresolved, minutes=minutes, **fates),
        weeks,
        contacts,
        sum(week.deflected for week in weeks),
        math.fsum(week.hours for week in weeks),
        1 - sum(needs) / contacts if contacts else 0.0,
    )


def _weeks(
    p: Parameters, seed: int, needs: list[int], capacity: float, unresolved: float, minutes: float
) -> tuple[Week, ...]:
    weeks = []
    coming_back, saved = 0, 0.0
    gives_up = p.gives_up / (1 - p.deflection) if p.deflection < 1 else 0.0  # among those not deflected
    for number, new in enumerate(needs):

        def draw(what: str, trials: int, probability: float, week: int = number) -> int:
            return streams.binomial(streams.seeded(seed, _NAME, what, week), trials, min(1.0, probability))

        contacts = new + coming_back
        room = math.floor(capacity + saved)
        saved += capacity - room
        answered = min(contacts, room)
        failed = draw("unresolved", answered, unresolved)
        left_open = failed + contacts - answered
        deflected = draw("deflected", left_open, p.deflection)
        gave_up = draw("gave up", left_open - deflected, gives_up)
        coming_back = left_open - deflected - gave_up
        weeks.append(
            Week(
                number + 1,
                new,
                contacts,
                answered,
                answered - failed,
                deflected,
                gave_up,
                coming_back,
                answered * minutes / 60,
            )
        )
    return tuple(weeks)
