"""W21 train 1,000 people: how many still have the skill, how many use it, and what gets finished.

Rates are a year: places = `training` * headcount, turnover, and skill decay. Of N people a share x has the skill; the
chance that a trained person uses it is u, and only what is not used decays. In months (a twelfth of each rate)::

    x(t + 1) = min(1, x(t) + (r - (turnover + decay (1 - u(t))) x(t)) / 12),        r = training
    u(t) = a min(1, K(t) / x(t)),      a = min(1, protected_hours / hours_needed),     K(t) = span * coaches(t) / N

where one coach supports `span` people. So the active share is x u = a min(x, K). Without any use of the skill the
long-run share is

    min(1, r / (turnover + decay)).

With the long-run K it is x1 = r / (turnover + decay (1 - a)) if x1 <= K, otherwise (r + decay a K) / (turnover +
decay), and never above 1.

**Coaches.** The aim is A = `coaches_per_100` * N / 100, beginning with none. In month t a twelfth of `turnover` leave,
and then as many start their training as are missing, counting those still learning::

    started(t) = max(0, A - what is left of coaches(t - 1) - those still learning)
    coaches(t) = coaches(t - 1) (1 - turnover / 12) + started(t - coach_months)

Nobody leaves while learning. As replacements are only asked for when somebody has left, the aim is never quite held:
in the long run coaches = A / (1 + turnover * coach_months / 12).

**Projects.** Finished a month = active people * hours_needed / project_hours (person-hours a project).

**Cost.** Pounds a year: places * place_cost + coaches * coach_cost + trained people * protected_hours * 12 * hour_cost,
counting people at the end of each month. Coaches are paid from the month in which they can coach.

`simulate` draws leavers and skills lost month by month (binomial counts); places go to people without the skill while
there are any. Leavers are replaced by people without it.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from improvement.simulate import checks, streams

ASSUMPTIONS = (
    "Everybody is equally likely to leave, and newcomers have not been trained.",
    "A skill in use does not decay, and one that is not used is lost at a steady rate.",
    "A skill is used only with protected time and a coach to turn to.",
    "Places go to people without the skill, and a course always works.",
)
CANNOT_TELL = (
    "Whether finished projects help patients.",
    "Your own rates of turnover, decay and use: they are numbers to find out.",
    "Which roles to train first, and who is left out of the offer.",
)


@dataclass(frozen=True)
class Parameters:
    """An organisation and its training plan. The defaults are training alone: no coaches, no protected hours.

    `training`, `turnover` and `decay` are proportions a year; hours are a month and trained person.
    """

    headcount: int = 10_000
    training: float = 0.1
    turnover: float = 0.1
    decay: float = 0.25
    coaches_per_100: float = 0.0
    protected_hours: float = 0.0
    hours_needed: float = 6.0
    span: float = 20.0
    coach_months: int = 12
    project_hours: float = 400.0
    place_cost: float = 120.0
    coach_cost: float = 60_000.0
    hour_cost: float = 30.0
    years: int = 20

    def __post_init__(self) -> None:
        checks.whole("headcount", self.headcount, 10, 1_000_000)
        for name in ("training", "turnover", "decay"):
            checks.number(name, getattr(self, name), 0, 2, unit="a year")
        checks.number("coaches_per_100", self.coaches_per_100, 0, 100)
        checks.number("protected_hours", self.protected_hours, 0, 160, unit="a month")
        checks.number("hours_needed", self.hours_needed, 0.1, 160, unit="a month")
        checks.number("span", self.span, 0, 1000, unit="people")
        checks.whole("coach_months", self.coach_months, 0, 60)
        checks.number("project_hours", self.project_hours, 1, 100_000)
        for name in ("place_cost", "coach_cost", "hour_cost"):
            checks.number(name, getattr(self, name), 0, 1e7, unit="pounds")
        checks.whole("years", self.years, 1, 40)

    @property
    def most_used(self) -> float:
        """The share a of trained people who use the skill when nobody lacks a coach."""
        return min(1.0, self.protected_hours / self.hours_needed)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Month:
    """People at the end of a month: exact expectation of the equations, then the simulated counts.

    `places` counts attendances so far, which is what a training report shows. `active` use the skill; `finished` is
    projects finished so far.
    """

    month: int
    expected_trained: float
    expected_active: float
    expected_coaches: float
    places: int
    trained: int
    active: float
    coaches: int
    finished: float


@dataclass(frozen=True)
class Result:
    """The months, where it is heading, and what it costs.

    Shares are of the headcount. `steady_share` and `steady_active` are the exact long-run values with this plan,
    `without_use` that of training alone. `first_coaches` is the month (from 1) in which half the aim is reached, and
    None if never or if no coaches are wanted. Costs in pounds: in the last year, and a finished project over the run.
    """

    parameters: Parameters
    seed: int
    months: tuple[Month, ...]
    steady_share: float
    steady_active: float
    without_use: float
    final_share: float
    final_active_share: float
    first_coaches: int | None
    places_cost: float
    coaches_cost: float
    hours_cost: float
    cost_per_project: float | None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def steady_state(training: float, turnover: float, decay: float) -> float:
    """The long-run share trained when the skill is not used: min(1, training / (turnover + decay)).

    All three are proportions a year. With neither turnover nor decay any training reaches everybody in the end.

    Raises:
        ValueError: naming a rate below 0 or above 2.
    """
    for name, value in (("training", training), ("turnover", turnover), ("decay", decay)):
        checks.number(name, value, 0, 2, unit="a year")
    return _held(training, turnover + decay)


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Train, lose and use skills month by month, beside the equations.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    share, active = _steady(p)
    months = tuple(_months(p, seed))
    last, year_ago = months[-1], months[-13] if len(months) > 12 else None
    hours = [month.trained * p.protected_hours * p.hour_cost for month in months]
    coaching = [month.coaches * p.coach_cost / 12 for month in months]
    spent = last.places * p.place_cost + sum(coaching) + sum(hours)
    half = p.coaches_per_100 * p.headcount / 200
    return Result(
        p,
        seed,
        months,
        share,
        active,
        steady_state(p.training, p.turnover, p.decay),
        last.trained / p.headcount,
        last.active / p.headcount,
        next((m.month for m in months if m.coaches >= half), None) if half else None,
        (last.places - (year_ago.places if year_ago else 0)) * p.place_cost,
        sum(coaching[-12:]),
        sum(hours[-12:]),
        spent / last.finished if last.finished else None,
    )


def _held(gain: float, loss: float) -> float:
    if not gain:
        return 0.0
    return min(1.0, gain / loss) if loss else 1.0


def _steady(p: Parameters) -> tuple[float, float]:
    """Long-run shares trained and active."""
    # Learners are counted towards the aim, so in the long run this share of it can coach.
    coaching = 1 / (1 + p.turnover * p.coach_months / 12)
    most, reach = p.most_used, p.span * p.coaches_per_100 / 100 * coaching
    share = _held(p.training, p.turnover + p.decay * (1 - most))
    if share > reach:
        share = _held(p.training + p.decay * most * reach, p.turnover + p.decay)
    return share, most * min(share, reach)


def _months(p: Parameters, seed: int) -> Iterable[Month]:
    leaving, losing = streams.seeded(seed, "training leavers"), streams.seeded(seed, "training decay")
    coaching = streams.seeded(seed, "training coaches")
    aim = p.coaches_per_100 * p.headcount / 100
    trained, coaches, places, finished = 0, 0, 0, 0.0
    expected, expected_coaches = 0.0, 0.0
    learning, expected_learning = [0] * p.coach_months, [0.0] * p.coach_months
    places_owed = 0.0
    for month in range(1, 12 * p.years + 1):
        # The state at the start of the month decides what is used and what is lost during it.
        reach = p.span * coaches
        active = p.most_used * min(trained, reach)
        expected_active = p.most_used * min(expected, p.span * expected_coaches)
        finished += active * p.hours_needed / p.project_hours
        unused = (trained - active) / trained if trained else 0.0
        left = streams.binomial(leaving, trained, min(1.0, p.turnover / 12))
        staying = 1 - p.turnover / 12
        lost = streams.binomial(losing, trained - left, min(1.0, p.decay * unused / 12 / staying))
        places_owed += p.training * p.headcount / 12
        offered = int(places_owed + 1e-9)
        places_owed -= offered
        places += offered
        trained = min(p.headcount, trained - left - lost + offered)
        change = p.training * p.headcount - p.turnover * expected - p.decay * (expected - expected_active)
        expected = min(float(p.headcount), expected + change / 12)
        coaches = _step_coaches(p, coaches, learning, round(aim), coaching)
        expected_coaches = _step_expected_coaches(p, expected_coaches, expected_learning, aim)
        yield Month(
            month,
            expected,
            p.most_used * min(expected, p.span * expected_coaches),
            expected_coaches,
            places,
            trained,
            p.most_used * min(trained, p.span * coaches),
            coaches,
            finished,
        )


def _step_coaches(p: Parameters, coaches: int, learning: list[int], aim: int, stream: Random) -> int:
    coaches -= streams.binomial(stream, coaches, p.turnover / 12)
    starting = max(0, aim - coaches - sum(learning))
    learning.append(starting)
    return coaches + learning.pop(0)


def _step_expected_coaches(p: Parameters, coaches: float, learning: list[float], aim: float) -> float:
    coaches *= 1 - p.turnover / 12
    learning.append(max(0.0, aim - coaches - sum(learning)))
    return coaches + learning.pop(0)
