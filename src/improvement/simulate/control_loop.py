"""W31 control loop: one measure with planted troubles, watched by a loop that may be slow, unowned or without a rule.

Days run t = 1 to `days`. The measure is one where lower is better::

    X(t) = max(0, mean + sd Z(t) + sd * sum of the sizes of the troubles going on)

with Z independent and standard normal: the same Z for every loop with the same seed (common random numbers).

**Troubles.** Trouble k starts on day s_k and adds `size` standard deviations a day. It passes after `length` days, or
never (None), unless a response ends it first.

**Sensor.** A reading of X is taken on days `every`, 2 `every`, ... and reaches the loop `delay` days later.

**Owner.** ``"person"`` looks every day, ``"committee"`` on days `meets_every`, 2 `meets_every`, ..., and ``"nobody"``
never. On a day of looking, all readings that have arrived since the last are taken in order.

**Rule.** Which readings call for a response. ``"ignore"``: none (no rule, and a busy owner). ``"react"``: each above
the mean (no rule, and a worried owner). ``"limits"``: each above the upper process limit mean + 3 sd. ``"runs"``: those,
and each reading that is the seventh or later in a row above the mean, counted from the last response.

**Response.** One on each day of looking with at least one reading that calls for it. ``"cause"`` looks for what is
different and puts it right: every trouble then going on ends that night. ``"explain"`` takes as long and ends nothing.
``"nothing"`` is never carried out. A response is *due* if some trouble is going on that day, otherwise *late* if a
reading that called for it was taken in trouble, otherwise *false*.

**Rescue.** With the response ``"cause"`` the people behind every reading past the need are looked after, whatever the
rule says. It counts as in time if the owner looks within `rescue_within` days of the reading.

**Capability gate.** p_meet = Phi((need - mean) / sd); the process is capable if p_meet >= aim. `tighten` asks for a
response to every reading past the need as well. The gate allows that on a capable process and blocks it on an
incapable one; everything else of the loop runs on. ``gate=False`` shows what the block saved.

**Slowest sight.** A trouble is seen at the latest every - 1 + delay days after it starts, and meets_every - 1 later
still by a committee.

The parts of the loop are those of Juran's quality control: subject, unit of measure, standard, sensor, comparison,
action (The quality trilogy, Quality Progress 1986;19(8):19-24). The numbers are illustrative.
"""

from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import Any

from improvement.simulate import checks, streams

OWNERS = ("nobody", "person", "committee")
RULES = ("ignore", "react", "limits", "runs")
RESPONSES = ("nothing", "explain", "cause")
RUN = 7

ASSUMPTIONS = (
    "Apart from the planted troubles and the answers to them, days differ by chance alone.",
    "The usual level and spread are known, so the limits are right from the first day.",
    "A response that looks for a cause finds it and puts it right that day. Real ones take longer and may fail.",
    "A response to nothing costs time and otherwise does no harm. Real ones disturb the work.",
    "A named owner looks every day, holidays included.",
)
CANNOT_TELL = (
    "How big or how long the troubles of your service will be.",
    "Whether the thing you measure is the thing that matters.",
    "What being asked for explanations does to the people asked, or to the honesty of the numbers.",
)


@dataclass(frozen=True)
class Trouble:
    """A special cause: its first day (from 1), its size in standard deviations, and its length in days or None."""

    start: int
    size: float
    length: int | None = None

    def __post_init__(self) -> None:
        checks.whole("start of a trouble", self.start, 1, 1000)
        checks.number("size of a trouble", self.size, 0, 100, unit="standard deviations")
        if self.length is not None:
            checks.whole("length of a trouble", self.length, 1, 1000)


TROUBLES = (Trouble(24, 4.0, 6), Trouble(61, 1.5), Trouble(97, 5.0, 6))


@dataclass(frozen=True)
class Parameters:
    """The process (any unit above 0), the need with the aim for it, the parts of the loop, and what goes wrong."""

    mean: float = 6.0
    sd: float = 1.0
    need: float = 10.0
    aim: float = 0.95
    days: int = 120
    every: int = 1
    delay: int = 0
    owner: str = "person"
    meets_every: int = 28
    rule: str = "runs"
    response: str = "cause"
    tighten: bool = False
    gate: bool = True
    troubles: tuple[Trouble, ...] = TROUBLES
    rescue_within: int = 1
    hours_per_reading: float = 0.1
    hours_per_response: float = 3.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "troubles", tuple(self.troubles))
        checks.number("mean", self.mean, 0, 1e9)
        checks.number("sd", self.sd, 1e-6, 1e9)
        checks.number("need", self.need, 0, 1e9)
        checks.number("aim", self.aim, 0, 1)
        checks.whole("days", self.days, 1, 1000)
        checks.whole("every", self.every, 1, 365)
        checks.whole("delay", self.delay, 0, 365)
        checks.choice("owner", self.owner, OWNERS)
        checks.whole("meets_every", self.meets_every, 1, 365)
        checks.choice("rule", self.rule, RULES)
        checks.choice("response", self.response, RESPONSES)
        checks.flag("tighten", self.tighten)
        checks.flag("gate", self.gate)
        checks.whole("rescue_within", self.rescue_within, 0, 365)
        checks.number("hours_per_reading", self.hours_per_reading, 0, 1000, unit="hours")
        checks.number("hours_per_response", self.hours_per_response, 0, 1000, unit="hours")
        for trouble in self.troubles:
            if not isinstance(trouble, Trouble):
                raise ValueError(f"troubles must hold Trouble items, but one is {trouble!r}")
            checks.whole("start of a trouble", trouble.start, 1, self.days)

    @property
    def upper_limit(self) -> float:
        return self.mean + 3 * self.sd

    @property
    def p_meet(self) -> float:
        """The share of ordinary readings, without any trouble, that meet the need: exact."""
        return NormalDist(self.mean, self.sd).cdf(self.need)

    @property
    def capable(self) -> bool:
        return self.p_meet >= self.aim

    @property
    def tightened(self) -> bool:
        return self.tighten and (self.capable or not self.gate)

    @property
    def slowest_sight(self) -> int | None:
        """The most days from the start of a trouble until its first reading is looked at; None if nobody looks."""
        if self.owner == "nobody":
            return None
        return self.every - 1 + self.delay + (self.meets_every - 1 if self.owner == "committee" else 0)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Response:
    """A response: its day, the days of the readings that called for it, and `kind`: "due", "late" or "false"."""

    day: int
    readings: tuple[int, ...]
    kind: str


@dataclass(frozen=True)
class Outcome:
    """What became of a trouble: the last day on which it went on, and the day it was ended, if a response did it."""

    trouble: Trouble
    last_day: int
    ended_on: int | None

    @property
    def delay_to_act(self) -> int | None:
        return None if self.ended_on is None else self.ended_on - self.trouble.start


@dataclass(frozen=True)
class Result:
    """The days (`values[0]` is day 1), the days on which readings were taken, the responses and the outcomes.

    `past_need` counts the readings past the need, `rescued` those whose people were looked after in time.
    """

    parameters: Parameters
    seed: int
    values: tuple[float, ...]
    readings: tuple[int, ...]
    responses: tuple[Response, ...]
    outcomes: tuple[Outcome, ...]
    past_need: int
    rescued: int

    @property
    def acted_on(self) -> int:
        return sum(outcome.ended_on is not None for outcome in self.outcomes)

    @property
    def days_in_trouble(self) -> int:
        return len(
            {day for outcome in self.outcomes for day in range(outcome.trouble.start, outcome.last_day + 1)}
        )

    @property
    def hours(self) -> float:
        p = self.parameters
        return p.hours_per_reading * len(self.readings) + p.hours_per_response * len(self.responses)

    def count(self, kind: str) -> int:
        """The number of responses of a kind: "due", "late" or "false"."""
        return sum(response.kind == kind for response in self.responses)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Run the loop for the given days.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    stream = streams.seeded(seed, "control loop", "days")
    ended: dict[int, int] = {}
    values: list[float] = []
    troubled: list[bool] = []
    waiting: list[int] = []
    readings: list[int] = []
    responses: list[Response] = []
    run = past_need = rescued = 0
    for day in range(1, p.days + 1):
        active = [k for k, trouble in enumerate(p.troubles) if k not in ended and _goes_on(trouble, day)]
        extra = p.sd * sum(p.troubles[k].size for k in active)
        values.append(max(0.0, streams.normal(stream, p.mean, p.sd) + extra))
        troubled.append(bool(active))
        if day % p.every == 0:
            readings.append(day)
            waiting.append(day)
            past_need += values[-1] > p.need
        if not _looks(p, day):
            continue
        arrived = [taken for taken in waiting if taken + p.delay <= day]
        waiting = waiting[len(arrived) :]
        calling = []
        for taken in arrived:
            value = values[taken - 1]
            run = run + 1 if value > p.mean else 0
            if _calls(p, value, run):
                calling.append(taken)
            if p.response == "cause" and value > p.need and day - taken <= p.rescue_within:
                rescued += 1
        if calling and p.response != "nothing":
            late = any(troubled[taken - 1] for taken in calling)
            kind = "due" if active else "late" if late else "false"
            responses.append(Response(day, tuple(calling), kind))
            run = 0
            if p.response == "cause":
                ended.update(dict.fromkeys(active, day))
    outcomes = tuple(
        Outcome(trouble, min(_passes(trouble, p.days), ended.get(k, p.days)), ended.get(k))
        for k, trouble in enumerate(p.troubles)
    )
    return Result(p, seed, tuple(values), tuple(readings), tuple(responses), outcomes, past_need, rescued)


def _goes_on(trouble: Trouble, day: int) -> bool:
    return trouble.start <= day and (trouble.length is None or day < trouble.start + trouble.length)


def _passes(trouble: Trouble, days: int) -> int:
    return days if trouble.length is None else min(days, trouble.start + trouble.length - 1)


def _looks(p: Parameters, day: int) -> bool:
    return p.owner == "person" or (p.owner == "committee" and day % p.meets_every == 0)


def _calls(p: Parameters, value: float, run: int) -> bool:
    if p.tightened and value > p.need:
        return True
    if p.rule == "react":
        return value > p.mean
    if p.rule == "ignore":
        return False
    return value > p.upper_limit or (p.rule == "runs" and run >= RUN)
