"""W18 reporting iceberg: reports are true events times the chance that somebody says so.

In month t there are E(t) true events on average, each is reported with probability s(t) (how safe it is to speak), so

    visible(t) = E(t) s(t),        hidden(t) = E(t) (1 - s(t)).

Leaders react to what they see. The chance of reporting moves towards the target of their reaction, and events fall only
as reports are acted on, which happens if the reaction is ``"support"``::

    s(t + 1) = s(t) + speed (target - s(t))
    E(t + 1) = max(least, E(t) + drift - acted fix s(t) (E(t) - least)),     acted = 1 for "support", otherwise 0

Simulated events are Poisson with mean E(t), and each is reported or not. Harm: a share `severe` of events is severe.

**Rival readings.** The same reports always fit two simple stories, and the truth may lie between them:

- *reporting changed*: events stayed at E(0), and the chance of reporting is E(t) s(t) / E(0) (impossible above 1);
- *harm changed*: the chance of reporting stayed at s(0), and events are E(t) s(t) / s(0).

What separates them is a count that does not depend on anybody's report: a record review that finds each event with
probability `review`, or severe events if they cannot be hidden. Over the last `window` months such a count is Poisson
with mean m1 under the first story and m2 under the second; it favours the second if that makes it more likely, that is
on the far side of (m2 - m1) / ln(m2 / m1). The chance that this points to the right story is an exact Poisson sum. The
simulated count is drawn from the simulated events.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any

from improvement.simulate import checks, streams
from improvement.spc.distributions import poisson_cdf, poisson_pmf

REACTIONS = ("support", "ignore", "blame")
SOURCES = ("record review", "severe events")
READINGS = ("reporting changed", "harm changed")

ASSUMPTIONS = (
    "Every event is equally likely to be reported, severe or not, whoever sees it.",
    "The leaders' reaction moves the whole team's readiness to report, a little each month.",
    "Events become fewer only if reports are acted on.",
    "A record review finds the same share of events whatever is reported, and severe events cannot be hidden from it.",
)
CANNOT_TELL = (
    "Whether your reports rose because people feel safer or because harm rose: look for a count that nobody reports.",
    "How many events there really are in your service.",
    "How fast trust moves where you work: the speeds are numbers we chose.",
    "What the people harmed are owed. Being open with them is a duty, whichever way the numbers move.",
)


@dataclass(frozen=True)
class Parameters:
    """True events a month, the chance that one is reported, the leaders' reaction and how fast things move."""

    events: float = 100.0
    safety: float = 0.1
    reaction: str = "support"
    months: int = 24
    support_target: float = 0.8
    ignore_target: float = 0.1
    blame_target: float = 0.02
    speed: float = 0.05
    fix: float = 0.06
    least: float = 20.0
    drift: float = 0.0
    severe: float = 0.05
    review: float = 0.2
    window: int = 3

    def __post_init__(self) -> None:
        checks.number("events", self.events, 0.1, 5000, unit="a month")
        checks.choice("reaction", self.reaction, REACTIONS)
        checks.number("safety", self.safety, 0.001, 1)
        for name in ("support_target", "ignore_target", "blame_target"):
            checks.number(name, getattr(self, name), 0.001, 1)
        for name in ("speed", "fix", "severe", "review"):
            checks.number(name, getattr(self, name), 0, 1)
        checks.whole("months", self.months, 2, 240)
        checks.number("least", self.least, 0, self.events, unit="a month")
        checks.number("drift", self.drift, -100, 100, unit="a month")
        checks.whole("window", self.window, 1, self.months - 1)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Month:
    """A month: expected events, chance of reporting and what is visible and hidden, then the simulated counts."""

    month: int
    events: float
    safety: float
    visible: float
    hidden: float
    severe: float
    simulated_events: int
    simulated_reports: int


@dataclass(frozen=True)
class Reading:
    """One story that fits the expected reports: the chance of reporting and the events it implies, by month.

    `events_change` is the change of events from the first to the last month as a proportion, and `possible` is False
    if the story needs more reports than events.
    """

    name: str
    safety: tuple[float, ...]
    events: tuple[float, ...]
    events_change: float
    possible: bool


@dataclass(frozen=True)
class Evidence:
    """A count over the last months that does not depend on reporting.

    `if_reporting` and `if_harm` are its expected values under the two stories and `expected` what the model's own
    world gives. `right_if_reporting` and `right_if_harm` are the exact chances that it favours the story that is true;
    None where both stories expect the same. `count` is the simulated count and `favours` the story it makes more
    likely (None on a tie).
    """

    source: str
    if_reporting: float
    if_harm: float
    expected: float
    right_if_reporting: float | None
    right_if_harm: float | None
    count: int
    favours: str | None


@dataclass(frozen=True)
class Result:
    """The months, the two rival readings of the same reports, and what would tell them apart.

    `reports_change` and `events_change` compare the last month with the first (expected, as proportions); `board_sees`
    says which way reports and true events went. `harm` is the expected number of severe events over the run.
    """

    parameters: Parameters
    seed: int
    months: tuple[Month, ...]
    reports_change: float
    events_change: float
    readings: tuple[Reading, Reading]
    evidence: tuple[Evidence, Evidence]
    harm: float
    board_sees: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def reports(events: float, safety: float) -> float:
    """Expected reports: true events times the chance that one is reported.

    Raises:
        ValueError: if events are below 0 or the chance is outside 0 to 1.
    """
    return checks.number("events", events, 0, 1e9) * checks.number("safety", safety, 0, 1)


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Follow events, reporting and harm month by month, with both readings of the reports.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    events, safety = _paths(p)
    visible = [mean * chance for mean, chance in zip(events, safety, strict=True)]
    happening, speaking = streams.seeded(seed, "reporting events"), streams.seeded(seed, "reporting reports")
    months = []
    for month, (mean, chance, seen) in enumerate(zip(events, safety, visible, strict=True)):
        happened = streams.poisson(happening, mean)
        said = streams.binomial(speaking, happened, chance)
        months.append(Month(month, mean, chance, seen, mean - seen, mean * p.severe, happened, said))
    implied = [seen / p.events for seen in visible]
    readings = (
        _reading(READINGS[0], implied, [p.events] * p.months),
        _reading(READINGS[1], [p.safety] * p.months, [seen / p.safety for seen in visible]),
    )
    changes = _change(visible), _change(events)
    return Result(
        p,
        seed,
        tuple(months),
        *changes,
        readings,
        (
            _evidence(p, readings, months, SOURCES[0], p.review, seed),
            _evidence(p, readings, months, SOURCES[1], p.severe, seed),
        ),
        p.severe * sum(events),
        f"reports {_direction(changes[0])}, true events {_direction(changes[1])}",
    )


def _paths(p: Parameters) -> tuple[list[float], list[float]]:
    target = {"support": p.support_target, "ignore": p.ignore_target, "blame": p.blame_target}[p.reaction]
    acted = p.fix if p.reaction == "support" else 0.0
    events, safety = [p.events], [p.safety]
    for _ in range(p.months - 1):
        now, chance = events[-1], safety[-1]
        events.append(max(p.least, now + p.drift - acted * chance * (now - p.least)))
        safety.append(chance + p.speed * (target - chance))
    return events, safety


def _change(values: list[float]) -> float:
    return values[-1] / values[0] - 1


def _direction(change: float) -> str:
    if abs(change) < 0.005:
        return "level"
    return "up" if change > 0 else "down"


def _reading(name: str, safety: list[float], events: list[float]) -> Reading:
    return Reading(name, tuple(safety), tuple(events), _change(events), max(safety) <= 1 + 1e-12)


def _evidence(
    p: Parameters,
    readings: tuple[Reading, Reading],
    months: list[Month],
    source: str,
    share: float,
    seed: int,
) -> Evidence:
    first, second = (share * sum(reading.events[-p.window :]) for reading in readings)
    recent = months[-p.window :]
    mean = share * sum(month.events for month in recent)
    happened = sum(month.simulated_events for month in recent)
    count = streams.binomial(streams.seeded(seed, "reporting", source), happened, share)
    if math.isclose(first, second, rel_tol=1e-9, abs_tol=1e-12):
        return Evidence(source, first, second, mean, None, None, count, None)
    # Under a story with no events at all, a single event rules it out.
    watershed = (second - first) / math.log(second / first) if first and second else 0.5
    up = second > first
    below, at = poisson_cdf(math.floor(watershed), first), _at(watershed, first)
    other_below, other_at = poisson_cdf(math.floor(watershed), second), _at(watershed, second)
    right_first = below - at if up else 1 - below
    right_second = 1 - other_below if up else other_below - other_at
    favours = None if count == watershed else READINGS[(count > watershed) == up]
    return Evidence(source, first, second, mean, right_first, right_second, count, favours)


def _at(value: float, mean: float) -> float:
    """The Poisson mass exactly on the watershed, where neither story is favoured."""
    return poisson_pmf(int(value), mean) if value == math.floor(value) else 0.0
