"""W29 work as imagined, disclosed and done: what an audit shows of a practice that is followed only in part.

The true rate of doing the work as written is c. A case that departs from it shows in the audit with probability v,
which depends on how one looks, so the disclosed rate is c + (1 - c)(1 - v):

- ``"self_report"``: v = s, the safety to say so;
- ``"records"``: v = `honest_records`, the chance that the record shows what happened;
- ``"announced"``: v = 1 - `best_behaviour`, as some do by the book while they are watched (and only then);
- ``"unannounced"``: v = 1 - `surprise_effect`.

The need is met by a share `works` of cases done as written. Of the departures, a share `workarounds` are adaptations
that meet the need with probability `workaround_works`; the others are omissions and do not. The true capability is
c * works + (1 - c) * workarounds * workaround_works. What each bar would imply, taking it at its word and counting
only work as written, is bar * works. The decision each would trigger: ``"keep watching"`` if the implied capability
reaches `aim`, ``"redesign"`` if it is under `redesign_below`, otherwise ``"improve"``.

`simulate` audits the same `cases` in all four ways.
"""

from dataclasses import asdict, dataclass
from typing import Any

from improvement.simulate import checks, streams
from improvement.spc.distributions import wilson_interval

METHODS = ("self_report", "records", "announced", "unannounced")
DECISIONS = ("keep watching", "improve", "redesign")

ASSUMPTIONS = (
    "A case done as written is always seen as such; only departures can stay hidden.",
    "Each case is done, and looked at, independently of the others.",
    "Some workarounds serve patients well, and an omission never does.",
)
CANNOT_TELL = (
    "How much is hidden in your own audits: that takes going to see and being told.",
    "Why people depart from what is written, or whether the writing is wrong.",
    "Who is put at risk by speaking up.",
)


@dataclass(frozen=True)
class Parameters:
    """Shares from 0 to 1, and the number of cases audited. `imagined` is the rate that policy takes for granted."""

    true_rate: float = 0.6
    safety: float = 0.05
    method: str = "self_report"
    imagined: float = 1.0
    honest_records: float = 0.3
    best_behaviour: float = 0.7
    surprise_effect: float = 0.1
    works: float = 0.97
    workarounds: float = 0.5
    workaround_works: float = 0.8
    aim: float = 0.95
    redesign_below: float = 0.7
    cases: int = 100

    def __post_init__(self) -> None:
        checks.choice("method", self.method, METHODS)
        for name in (
            "true_rate",
            "safety",
            "imagined",
            "honest_records",
            "best_behaviour",
            "surprise_effect",
            "works",
            "workarounds",
            "workaround_works",
            "aim",
        ):
            checks.number(name, getattr(self, name), 0, 1)
        checks.number("redesign_below", self.redesign_below, 0, self.aim)
        checks.whole("cases", self.cases, 1, 50_000)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Bar:
    """One picture of the work: its rate, the capability it implies, and the decision that would trigger.

    `name` is ``"imagined"``, ``"disclosed"`` or ``"done"``.
    """

    name: str
    rate: float
    implied_capability: float
    decision: str


@dataclass(frozen=True)
class Audit:
    """What one way of looking shows in the simulated cases, with its 95% Wilson interval, and exactly."""

    method: str
    disclosed: float
    low: float
    high: float
    exact: float


@dataclass(frozen=True)
class Result:
    """The three bars (exact), the audits (simulated), and what patients really got.

    `done` and `met` are shares of the simulated cases done as written and meeting the need;
    `capability` is the exact chance that a case meets the need, and `right_decision` what it calls for.
    """

    parameters: Parameters
    seed: int
    bars: tuple[Bar, Bar, Bar]
    audits: tuple[Audit, ...]
    done: float
    met: float
    capability: float
    right_decision: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def disclosed_rate(true_rate: float, visible: float) -> float:
    """The exact rate that an audit shows when a departure is visible with a given probability (safety, say).

    Raises:
        ValueError: if either is not from 0 to 1.
    """
    checks.number("true_rate", true_rate, 0, 1)
    checks.number("visible", visible, 0, 1)
    return true_rate + (1 - true_rate) * (1 - visible)


def visibility(parameters: Parameters, method: str) -> float:
    """The probability that one way of looking shows a departure."""
    p = parameters
    checks.choice("method", method, METHODS)
    return {
        "self_report": p.safety,
        "records": p.honest_records,
        "announced": 1 - p.best_behaviour,
        "unannounced": 1 - p.surprise_effect,
    }[method]


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Do the cases, and audit the same cases in all four ways.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    work, looks = streams.seeded(seed, "work done"), streams.seeded(seed, "work done", "looks")
    done = met = 0
    shown = dict.fromkeys(METHODS, 0)
    visible = {method: visibility(p, method) for method in METHODS}
    for _ in range(p.cases):
        as_written, around, outcome = work.random() < p.true_rate, work.random(), work.random()
        done += as_written
        met += outcome < (p.works if as_written else p.workaround_works * (around < p.workarounds))
        for method in METHODS:
            hidden = looks.random() >= visible[method]
            shown[method] += as_written or hidden
    audits = []
    for method in METHODS:
        low, high = wilson_interval(shown[method], p.cases)
        rate = disclosed_rate(p.true_rate, visible[method])
        audits.append(Audit(method, shown[method] / p.cases, low, high, rate))
    rates = {
        "imagined": p.imagined,
        "disclosed": disclosed_rate(p.true_rate, visible[p.method]),
        "done": p.true_rate,
    }
    capability = p.true_rate * p.works + (1 - p.true_rate) * p.workarounds * p.workaround_works
    imagined, disclosed, as_done = (
        Bar(name, rate, rate * p.works, _decision(p, rate * p.works)) for name, rate in rates.items()
    )
    return Result(
        p,
        seed,
        (imagined, disclosed, as_done),
        tuple(audits),
        done / p.cases,
        met / p.cases,
        capability,
        _decision(p, capability),
    )


def _decision(p: Parameters, capability: float) -> str:
    if capability >= p.aim:
        return "keep watching"
    return "redesign" if capability < p.redesign_below else "improve"
