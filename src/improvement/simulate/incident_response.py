"""Incident response: own action plans for single events, work on themes, or a response in proportion.

Incidents of one kind have familiar causes, the themes k, with E_k(t) expected events in month t, and from
`fault_month` on one new cause, a fault, with F(t). A share s(t) is reported. A team has `hours` a month for learning.
Care for the people harmed, openness with them, and investigations required from outside come first and are outside
these hours. n(t) is the number of plans or pieces of work finished in the month.

- **own plan**: each report gets a plan of `plan_hours`, as far as the hours go: n = min(reports, hours / plan_hours),
  spread evenly over the reports. A plan answers the particulars of its event and prevents a share `reach` of its theme,
  or a share `mend` of the fault if that was its cause:
  E_k(t + 1) = E_k (1 - reach)^(n_k), F(t + 1) = F (1 - mend)^(n_F).
- **themes**: each report gets a short look and a reply, `look_hours`. The hours left are saved up, and for every
  `theme_hours` the largest cause is worked on: it falls by a share `theme_effect`, or `mend` if it is the fault.
- **in proportion**: a look sees with probability `spot` that a report is of something new, and that report gets its
  own plan at once: n_F = spot s F, as far as the hours go. The hours left after that go to themes.

Whatever is finished adds to the load of the work: all E_k grow by (1 + burden)^n. Staff go on reporting if they hear
back: with reply(t) the share of reports answered (own plan: n / reports; otherwise hours / (look_hours reports), at
most 1), s(t + 1) = s + speed (quiet + (heard - quiet) reply - s).

All numbers are expectations, except the counts of the months before, which are Poisson.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any

from improvement.simulate import checks, streams

RESPONSES = ("own plan", "themes", "in proportion")
THEMES = (0.4, 0.25, 0.15, 0.1, 0.1)
"""The share of familiar events that each theme causes at the start."""

PAST_MONTHS = 12
_HALVINGS = 40

ASSUMPTIONS = (
    "Care for the people harmed, being open with them, and investigations that the law or national rules require come first, "
    "whichever way is chosen. Their hours are not in the budget.",
    "Every plan is carried out and does what it was meant to do.",
    "A plan for one event answers the particulars of that event. Work on a theme changes how the work is done.",
    "Staff go on reporting when they hear back, and stop when they do not.",
    "All events are alike in how much they hurt.",
)
CANNOT_TELL = (
    "How far one plan reaches where you work. Lay it beside old incidents and count; none in a hundred still leaves room for three.",
    "Whether work on a theme would succeed. Only a test of change and a chart can.",
    "What the person harmed needs to know, or wants from you. Ask.",
    "Whether your own reports rise because people speak up or because harm rises. Look for a count that nobody reports.",
)


@dataclass(frozen=True)
class Parameters:
    """Events a month, the hours for learning, what one piece of work costs and prevents, and a new fault.

    Shares and probabilities from 0 to 1; `fault` in events a month, 0 for none.
    """

    events: float = 20.0
    hours: float = 120.0
    plan_hours: float = 15.0
    look_hours: float = 1.0
    theme_hours: float = 400.0
    reach: float = 0.005
    theme_effect: float = 0.3
    mend: float = 0.8
    spot: float = 0.7
    burden: float = 0.0
    fault: float = 3.0
    fault_month: int = 12
    months: int = 36
    safety: float = 0.5
    quiet: float = 0.3
    heard: float = 0.8
    speed: float = 0.1

    def __post_init__(self) -> None:
        checks.number("events", self.events, 0.1, 5000, unit="a month")
        checks.number("hours", self.hours, 0, 1e5, unit="a month")
        for name in ("plan_hours", "look_hours", "theme_hours"):
            checks.number(name, getattr(self, name), 0.01, 1e5)
        for name in ("reach", "theme_effect", "mend", "spot", "quiet", "heard", "speed"):
            checks.number(name, getattr(self, name), 0, 1)
        checks.number("safety", self.safety, 0.001, 1)
        checks.number("burden", self.burden, 0, 0.1)
        checks.number("fault", self.fault, 0, 5000, unit="a month")
        checks.whole("months", self.months, 1, 240)
        checks.whole("fault_month", self.fault_month, 0, 240)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Month:
    """A month: expected familiar and new events, reports, and what was finished (plans and theme work)."""

    month: int
    familiar: float
    new: float
    reports: float
    plans: float
    themes: int

    @property
    def events(self) -> float:
        return self.familiar + self.new


@dataclass(frozen=True)
class Course:
    """One way of responding. `harmed` adds up the events of all months; `last` is the state after the last month."""

    response: str
    months: tuple[Month, ...]
    harmed: float
    plans: float
    themes: int
    last: float
    last_reports: float


@dataclass(frozen=True)
class Result:
    """The three courses in the order of `RESPONSES`, the counts of the months before, and the break-even reach.

    `best` harms fewest. `break_even_reach` is where "own plan" and "in proportion" harm equally many, or None.
    """

    parameters: Parameters
    seed: int
    past: tuple[int, ...]
    courses: tuple[Course, Course, Course]
    best: str
    break_even_reach: float | None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def left_after(plans: float, reach: float) -> float:
    """The share of a theme's events left after so many plans that each prevent a share `reach` of what is left.

    Raises:
        ValueError: if plans are below 0 or the reach is outside 0 to 1.
    """
    return (1 - checks.number("reach", reach, 0, 1)) ** checks.number("plans", plans, 0, 1e9)


def course(response: str, parameters: Parameters = DEFAULTS) -> Course:
    """Follow one way of responding, month by month.

    Raises:
        ValueError: if the response is not one of `RESPONSES`.
    """
    checks.choice("response", response, RESPONSES)
    p = parameters
    familiar, new, safety, saved = [p.events * share for share in THEMES], 0.0, p.safety, 0.0
    months = []
    for month in range(p.months):
        if month == p.fault_month:
            new = p.fault
        reports = safety * (sum(familiar) + new)
        before = sum(familiar), new
        plans, worked = 0.0, 0
        if response == "own plan":
            plans = min(reports, p.hours / p.plan_hours)
            reply = plans / reports if reports else 1.0
            familiar = [one * left_after(reply * safety * one, p.reach) for one in familiar]
            new *= left_after(reply * safety * new, p.mend)
        else:
            looks = p.look_hours * reports
            reply = min(1.0, p.hours / looks) if looks else 1.0
            left = max(0.0, p.hours - looks)
            if response == "in proportion":
                plans = min(p.spot * safety * new, left / p.plan_hours)
                left -= plans * p.plan_hours
                new *= left_after(plans, p.mend)
            saved += left
            while saved >= p.theme_hours:
                saved -= p.theme_hours
                worked += 1
                largest = max(familiar)
                if new > largest:
                    new *= 1 - p.mend
                else:
                    familiar[familiar.index(largest)] *= 1 - p.theme_effect
        load = (1 + p.burden) ** (plans + worked)
        familiar = [one * load for one in familiar]
        months.append(Month(month, *before, reports, plans, worked))
        safety += p.speed * (p.quiet + (p.heard - p.quiet) * reply - safety)
    return Course(
        response,
        tuple(months),
        sum(month.events for month in months),
        sum(month.plans for month in months),
        sum(month.themes for month in months),
        sum(familiar) + new,
        safety * (sum(familiar) + new),
    )


def break_even_reach(parameters: Parameters = DEFAULTS) -> float | None:
    """The reach of a plan at which "own plan" and "in proportion" harm equally many.

    None if one of them is better at every reach from 0 to 1. Found by bisection.
    """

    def ahead(reach: float) -> bool:
        return course("own plan", replace(parameters, reach=reach)).harmed < target

    target = course("in proportion", parameters).harmed
    low, high = 0.0, 1.0
    if ahead(low) or not ahead(high):
        return None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if ahead(middle) else (middle, high)
    return (low + high) / 2


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Follow all three ways of responding from the same start, and draw the months before.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    stream = streams.seeded(seed, "incident response")
    past = tuple(streams.poisson(stream, parameters.events) for _ in range(PAST_MONTHS))
    one, two, three = (course(response, parameters) for response in RESPONSES)
    best = min((one, two, three), key=lambda each: each.harmed)
    return Result(parameters, seed, past, (one, two, three), best.response, break_even_reach(parameters))
