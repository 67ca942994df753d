"""W36 flow lab: beds, stays and queues, by formula and patient by patient.

Time is in days unless a name says hours or minutes. c = `beds`, W = `stay` + D, where D is the mean delay from being
ready to leave to leaving; a = `arrivals` * W is the load and rho = a / c the utilisation.

**Little's law.** Average number = arrival rate * average time, so beds in use = arrivals * W in the long run.

**Formula.** Erlang's B(0) = 1, B(k) = a B(k - 1) / (k + a B(k - 1)); then for rho < 1

- P(wait) = C = B(c) / (1 - rho (1 - B(c)));
- mean wait = V C W / (c (1 - rho)), where V = (`arrival_cv`^2 + `stay_cv`^2) / 2; queue = arrivals * mean wait;
- P(wait > t) = C exp(-(c - a) t / (V W));
- an ambulance is held outside with probability C rho^S, where S = `ed_spaces`, on average for rho^S * mean wait, and
  longer than t with probability C rho^S exp(-(c - a) t / (V W)).

It is exact for M/M/c: both cvs 1, discharge at any hour, full weekend service, no surge and no daily swing. Otherwise it
is an approximation (Allen and Cunneen's V) that leaves out surge and swing, and the simulation is the model. With rho >= 1
the queue grows without end.

**Arrivals.** Gaps are independent with mean 1 on a clock that runs at `arrivals` * (1 + surge) * (1 + daily_swing *
cos(2 pi (hour - peak_hour) / 24)) a day; the surge applies from `surge_start` for `surge_days` days. Gaps and stays are
Weibull with the cv asked for (1 is exponential, 0 is always the same). Day 0 is a Monday and comes at the start of the
warm-up, when round(min(a, c)) patients arrive at once. Surge days are counted from the end of the warm-up.

**Beds.** First come, first served. A patient ready at time r leaves at m: m = r if `discharge_hour` is None; otherwise the
first morning round (`round_hour`) at or after r finds the patient ready, and m is `discharge_hour` that day. If m falls on
a Saturday or Sunday, the patient leaves then with probability `weekend_service`, otherwise at that time on Monday. If
patients become ready evenly over the week, D = (1 - weekend_service) 3/7, plus 1/2 + (discharge_hour - round_hour) / 24
if there is a discharge hour.

**Pooled and split.** Split, the beds are shared out to `units` as evenly as whole beds allow, and each patient needs one
unit, with probability proportional to its beds. Pooled, any bed will do. Both meet the same patients.

**Ambulances.** Patients waiting for a bed take one of `ed_spaces` in order of arrival, whatever their unit. Others wait
outside until a space or their own bed is free. For the `ambulance_share` brought by ambulance, handover takes
`handover_minutes` plus that time.

**Surge by Little's arithmetic.** Backlog = surge_days * max(0, arrivals (1 + surge) - c / W), cleared in
backlog / (c / W - arrivals) days.

Sources: Little JDC, Operations Research 1961;9:383-7; Erlang's C as in Gross D and Harris CM, Fundamentals of Queueing
Theory; Allen AO, Probability, Statistics, and Queueing Theory, for V.
"""

import math
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from heapq import heapreplace
from random import Random
from statistics import fmean
from typing import Any

from improvement.simulate import checks, streams

MOST_PATIENTS = 400_000
_HOURS = 24.0
_MINUTES = 1440.0

ASSUMPTIONS = (
    "Every patient needs one bed, waits as long as it takes, and first come is first served.",
    "How long a stay takes does not depend on how full the beds are or how long the patient waited.",
    "A bed can be used again at once: cleaning and transfer take no time.",
    "All beds are staffed all the time, and pooled beds suit every patient equally well.",
    "Little's law and the formula describe long-run averages of a system that is stable.",
)
CANNOT_TELL = (
    "What your own waits will be: hospitals break these assumptions, as staff work around a full ward.",
    "How many beds are right, or how full is safe for your patients.",
    "What waiting does to patients, or a full ward to its staff.",
    "Whether pooling is wise: the loss of specialist skill in a shared bed is not in the model.",
)


@dataclass(frozen=True)
class Parameters:
    """A set of beds, the patients who need them, and the rules for leaving.

    `arrivals` a day, `stay` in days from bed to ready, coefficients of variation of gaps and stays, hours of the clock
    (`discharge_hour` None: at any hour), `weekend_service` the share who can leave at a weekend, `surge` the share by
    which arrivals rise, `units` that beds are split into. `long_wait_hours` and `slow_handover_minutes` are what is
    counted as long. `days` are measured after `warm_up` days, in each of `runs`.
    """

    arrivals: float = 4.5
    stay: float = 6.0
    beds: int = 30
    arrival_cv: float = 1.0
    stay_cv: float = 1.0
    discharge_hour: float | None = None
    round_hour: float = 9.0
    weekend_service: float = 1.0
    surge: float = 0.0
    surge_start: int = 28
    surge_days: int = 7
    daily_swing: float = 0.0
    peak_hour: float = 16.0
    units: int = 3
    ed_spaces: int = 6
    ambulance_share: float = 0.6
    handover_minutes: float = 15.0
    long_wait_hours: float = 12.0
    slow_handover_minutes: float = 60.0
    days: int = 364
    warm_up: int = 182
    runs: int = 3

    def __post_init__(self) -> None:
        checks.number("arrivals", self.arrivals, 0.01, 500, unit="a day")
        checks.number("stay", self.stay, 0.01, 365, unit="days")
        checks.whole("beds", self.beds, 1, 1000)
        checks.number("arrival_cv", self.arrival_cv, 0, 3)
        checks.number("stay_cv", self.stay_cv, 0, 3)
        checks.number("round_hour", self.round_hour, 0, 23)
        if self.discharge_hour is not None:
            checks.number("discharge_hour", self.discharge_hour, self.round_hour, 23.99)
        checks.number("weekend_service", self.weekend_service, 0, 1)
        checks.number("surge", self.surge, 0, 5)
        checks.whole("surge_start", self.surge_start, 0, 3650)
        checks.whole("surge_days", self.surge_days, 0, 365)
        checks.number("daily_swing", self.daily_swing, 0, 1)
        checks.number("peak_hour", self.peak_hour, 0, 24)
        checks.whole("units", self.units, 1, min(self.beds, 50))
        checks.whole("ed_spaces", self.ed_spaces, 0, 1000)
        checks.number("ambulance_share", self.ambulance_share, 0, 1)
        checks.number("handover_minutes", self.handover_minutes, 0, 1440)
        checks.number("long_wait_hours", self.long_wait_hours, 0, 10_000)
        checks.number("slow_handover_minutes", self.slow_handover_minutes, 0, 100_000)
        checks.whole("days", self.days, 7, 36_500)
        checks.whole("warm_up", self.warm_up, 0, 36_500)
        checks.whole("runs", self.runs, 1, 100)
        expected = self.arrivals * (1 + self.surge) * (self.warm_up + self.days) * self.runs
        if expected > MOST_PATIENTS:
            raise ValueError(
                f"arrivals * (1 + surge) * (warm_up + days) * runs must be at most {MOST_PATIENTS} patients, "
                f"but it is {expected:g}"
            )

    @property
    def delay(self) -> float:
        """D, the mean days between being ready and leaving if patients become ready evenly over the week."""
        weekend = (1 - self.weekend_service) * 3 / 7
        if self.discharge_hour is None:
            return weekend
        return weekend + 0.5 + (self.discharge_hour - self.round_hour) / 24

    @property
    def bed_time(self) -> float:
        """W, the mean days that a patient keeps a bed."""
        return self.stay + self.delay

    @property
    def unit_beds(self) -> tuple[int, ...]:
        """Beds of each unit when they are split."""
        each, over = divmod(self.beds, self.units)
        return tuple(each + (unit < over) for unit in range(self.units))

    @property
    def formula_is_exact(self) -> bool:
        """Whether the settings are those of M/M/c, for which the formula holds exactly."""
        steady = not (self.surge and self.surge_days) and not self.daily_swing
        return steady and self.arrival_cv == self.stay_cv == 1 and not self.delay


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Formula:
    """Long-run averages by formula. Beyond the load and utilisation all are None if the queue would grow without end.

    `load` is in beds and `utilisation` a share (above 1: more work than beds). `long_waits` and `slow_handovers` are
    shares over the limits of the parameters. What concerns ambulances is None for split units, which share one
    emergency department.
    """

    load: float
    utilisation: float
    p_wait: float | None
    mean_wait_hours: float | None
    queue: float | None
    long_waits: float | None
    held: float | None
    handover_minutes: float | None
    slow_handovers: float | None


@dataclass(frozen=True)
class Outcome:
    """What the simulated patients met, over all runs.

    `p_wait`, `long_waits`, `held` and `slow_handovers` are shares: of patients for the first two, of ambulances for the
    others. `queue`, `in_beds` and `ready_in_beds` (ready to leave, still there) are averages over time, `occupancy` is
    in_beds over beds, `peak_queue` the longest queue at a midnight. `in_system` and `little` are the two sides of
    Little's law: the average number there, and arrivals a day times the average time from arrival to leaving.
    `run_waits_hours` has the mean wait of each run. Shares of nobody are None.
    """

    patients: int
    p_wait: float | None
    mean_wait_hours: float | None
    long_waits: float | None
    queue: float
    peak_queue: int
    in_beds: float
    ready_in_beds: float
    occupancy: float
    held: float | None
    handover_minutes: float | None
    slow_handovers: float | None
    in_system: float
    little: float
    run_waits_hours: tuple[float | None, ...]


@dataclass(frozen=True)
class Day:
    """The first run at the midnight that ends a measured day: arrivals that day, then patients waiting and in beds."""

    day: int
    arrivals: int
    pooled_queue: int
    pooled_in_beds: int
    split_queue: int
    split_in_beds: int


@dataclass(frozen=True)
class Result:
    """Pooled and split, by formula and simulated, and the days of the first run.

    `beds_needed` is Little's law. `surge_clear_days` is None if the backlog of a surge would never be cleared.
    """

    parameters: Parameters
    seed: int
    beds_needed: float
    surge_backlog: float
    surge_clear_days: float | None
    formula_is_exact: bool
    pooled_formula: Formula
    split_formula: Formula
    pooled: Outcome
    split: Outcome
    days: tuple[Day, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def little(arrivals: float, stay: float) -> float:
    """Average number there = arrivals (a day) * stay (days): Little's law.

    Raises:
        ValueError: naming the parameter that is not a number from 0 to 1,000,000.
    """
    return checks.number("arrivals", arrivals, 0, 1e6) * checks.number("stay", stay, 0, 1e6)


def erlang_c(beds: int, load: float) -> float:
    """The chance that a patient has to wait in M/M/c, for a load (arrivals * stay) below the number of beds.

    Raises:
        ValueError: naming the parameter that is out of range; a load of `beds` or more has no steady state.
    """
    checks.whole("beds", beds, 1, 100_000)
    checks.number("load", load, 0, 100_000, unit="beds")
    if load >= beds:
        raise ValueError(
            f"load must be below beds ({beds}), or the queue grows without end, but it is {load}"
        )
    blocked = 1.0
    for k in range(1, beds + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked / (1 - load / beds * (1 - blocked))


def formula(parameters: Parameters = DEFAULTS, *, split: bool = False) -> Formula:
    """The module's formula for the pooled beds, or averaged over the patients of the split units."""
    p = parameters
    if not checks.flag("split", split):
        return _formula(p, p.beds, p.arrivals)
    parts = [(beds / p.beds, _formula(p, beds, p.arrivals * beds / p.beds)) for beds in p.unit_beds]
    whole = _formula(p, p.beds, p.arrivals)
    if whole.p_wait is None or p.units == 1:
        return whole
    p_wait, wait, long_waits = (
        math.fsum(share * getattr(part, name) for share, part in parts)
        for name in ("p_wait", "mean_wait_hours", "long_waits")
    )
    return Formula(
        whole.load, whole.utilisation, p_wait, wait, p.arrivals * wait / _HOURS, long_waits, None, None, None
    )


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Send the same patients through pooled and through split beds, beside the formula.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    pooled, split = [], []
    for run in range(p.runs):
        patients = _patients(p, seed, run)
        pooled.append(_pass_through(p, patients, (p.beds,)))
        split.append(pooled[-1] if p.units == 1 else _pass_through(p, patients, p.unit_beds))
    backlog = p.surge_days * max(0.0, p.arrivals * (1 + p.surge) - p.beds / p.bed_time)
    spare = p.beds / p.bed_time - p.arrivals
    return Result(
        p,
        seed,
        little(p.arrivals, p.bed_time),
        backlog,
        0.0 if not backlog else backlog / spare if spare > 0 else None,
        p.formula_is_exact,
        formula(p),
        formula(p, split=True),
        _outcome(p, pooled),
        _outcome(p, split),
        _days(p, pooled[0], split[0]),
    )


@dataclass(frozen=True)
class _Patients:
    """One run's patients in order of arrival; `luck` decides on weekends, `place` on the unit.

    `counted_from` is the first who arrives in a measured day.
    """

    counted_from: int
    arrivals: list[float]
    stays: list[float]
    luck: list[float]
    place: list[float]
    ambulance: list[bool]


@dataclass(frozen=True)
class _Passage:
    patients: _Patients
    starts: list[float]
    ready: list[float]
    leaves: list[float]
    holds: list[float]


def _formula(p: Parameters, beds: int, arrivals: float) -> Formula:
    load = arrivals * p.bed_time
    utilisation = load / beds
    if utilisation >= 1:
        return Formula(load, utilisation, None, None, None, None, None, None, None)
    p_wait = erlang_c(beds, load)
    variability = (p.arrival_cv**2 + p.stay_cv**2) / 2
    mean_wait = variability * p_wait * p.bed_time / (beds - load)
    pace = (beds - load) / (variability * p.bed_time) if variability else math.inf

    def beyond(days: float) -> float:
        if not days or not variability:
            return float(not days)
        return math.exp(-pace * days)

    outside = utilisation**p.ed_spaces
    excess = (p.slow_handover_minutes - p.handover_minutes) / _MINUTES
    return Formula(
        load,
        utilisation,
        p_wait,
        mean_wait * _HOURS,
        arrivals * mean_wait,
        p_wait * beyond(p.long_wait_hours / _HOURS),
        p_wait * outside,
        p.handover_minutes + mean_wait * outside * _MINUTES,
        1.0 if excess < 0 else p_wait * outside * beyond(excess),
    )


def _patients(p: Parameters, seed: int, run: int) -> _Patients:
    gaps = streams.seeded(seed, "flow gaps", run)
    stays = streams.seeded(seed, "flow stays", run)
    weekends = streams.seeded(seed, "flow weekends", run)
    places = streams.seeded(seed, "flow units", run)
    modes = streams.seeded(seed, "flow ambulances", run)
    at_once = round(min(p.arrivals * p.bed_time, p.beds))
    arrivals = [0.0] * at_once + _arrival_times(p, gaps)
    count = len(arrivals)
    draw_stay = _weibull(p.stay, p.stay_cv)
    # Those there at the start are dealt to the beds in turn, so that no unit begins over-full.
    dealt = [(i + 0.5) / max(1, at_once) for i in range(at_once)]
    return _Patients(
        max(at_once, bisect_left(arrivals, p.warm_up)),
        arrivals,
        [draw_stay(stays) for _ in range(count)],
        [weekends.random() for _ in range(count)],
        dealt + [places.random() for _ in range(count - at_once)],
        [modes.random() < p.ambulance_share for _ in range(count)],
    )


def _arrival_times(p: Parameters, stream: Random) -> list[float]:
    """Arrival times in days, until the last measured day ends: each day's share of the clock is set out within it."""
    draw_gap = _weibull(1.0, p.arrival_cv)
    times = []
    done = 0.0
    next_at = draw_gap(stream)
    surge_from = p.warm_up + p.surge_start
    for day in range(p.warm_up + p.days):
        surging = surge_from <= day < surge_from + p.surge_days
        rate = p.arrivals * (1 + p.surge) if surging else p.arrivals
        while next_at < done + rate:
            times.append(day + _hour_of(p, (next_at - done) / rate))
            next_at += draw_gap(stream)
        done += rate
    return times


def _hour_of(p: Parameters, share: float) -> float:
    """The time of day (0 to 1) by which a share of the day's arrivals is expected."""
    if not p.daily_swing:
        return share
    turn = 2 * math.pi
    peak = turn * p.peak_hour / 24
    low, high, x = 0.0, 1.0, share
    for _ in range(60):
        miss = x + p.daily_swing / turn * (math.sin(turn * x - peak) + math.sin(peak)) - share
        if abs(miss) < 1e-12:
            break
        low, high = (low, x) if miss > 0 else (x, high)
        slope = 1 + p.daily_swing * math.cos(turn * x - peak)
        x -= miss / slope if slope > 1e-3 else math.inf
        if not low < x < high:
            x = (low + high) / 2
    return x


def _weibull(mean: float, cv: float) -> Callable[[Random], float]:
    """A function from a stream to a Weibull draw, one uniform each, with the mean and coefficient of variation."""
    if cv == 0:
        return lambda stream: mean
    low, high = 0.0, 4.0  # the reciprocal of the shape; 4 has a cv above 8
    for _ in range(80):
        power = (low + high) / 2
        squared = math.expm1(math.lgamma(1 + 2 * power) - 2 * math.lgamma(1 + power))
        low, high = (power, high) if squared < cv * cv else (low, power)
    if cv == 1:
        power = 1.0
    scale = mean / math.gamma(1 + power)
    return lambda stream: scale * (-math.log(streams.uniform(stream))) ** power


def _leaving(p: Parameters, ready: float, luck: float) -> float:
    if p.discharge_hour is None:
        day, when = math.floor(ready), ready
    else:
        day = math.ceil(ready - p.round_hour / 24)
        when = day + p.discharge_hour / 24
    weekday = day % 7
    return when + 7 - weekday if weekday >= 5 and luck >= p.weekend_service else when


def _pass_through(p: Parameters, patients: _Patients, unit_beds: Sequence[int]) -> _Passage:
    # Each unit is a heap of the times at which its beds come free.
    units = [[0.0] * beds for beds in unit_beds]
    bounds = [sum(unit_beds[: i + 1]) / p.beds for i in range(len(unit_beds) - 1)]
    starts, ready, leaves = [], [], []
    for arrival, stay, luck, place in zip(
        patients.arrivals, patients.stays, patients.luck, patients.place, strict=True
    ):
        unit = units[bisect_right(bounds, place)]
        start = max(arrival, unit[0])
        until = start + stay
        leave = _leaving(p, until, luck)
        heapreplace(unit, leave)
        starts.append(start)
        ready.append(until)
        leaves.append(leave)
    return _Passage(patients, starts, ready, leaves, _holds(patients.arrivals, starts, p.ed_spaces))


def _holds(arrivals: list[float], starts: list[float], spaces: int) -> list[float]:
    """Days that each patient waits outside for one of the spaces or for their bed, whichever comes first."""
    holds = [0.0] * len(arrivals)
    waiting = [n for n, (arrival, start) in enumerate(zip(arrivals, starts, strict=True)) if start > arrival]
    inside: set[int] = set()
    outside: deque[int] = deque()
    gone: set[int] = set()
    going = deque(sorted(waiting, key=starts.__getitem__))

    def to_bed(n: int) -> None:
        if n not in inside:
            holds[n] = starts[n] - arrivals[n]
            gone.add(n)
            return
        inside.remove(n)
        while outside:
            following = outside.popleft()
            if following not in gone:
                inside.add(following)
                holds[following] = starts[n] - arrivals[following]
                return

    for n in waiting:
        while starts[going[0]] <= arrivals[n]:
            to_bed(going.popleft())
        if len(inside) < spaces:
            inside.add(n)
        else:
            outside.append(n)
    while going:
        to_bed(going.popleft())
    return holds


def _outcome(p: Parameters, passages: Sequence[_Passage]) -> Outcome:
    begin, end = float(p.warm_up), float(p.warm_up + p.days)
    run_waits: list[float | None] = []
    waits, times, handovers, holding = [], [], [], []
    queue = beds = blocked = 0.0
    peak = 0
    for passage in passages:
        patients = passage.patients
        counted = range(patients.counted_from, len(patients.arrivals))
        mine = [passage.starts[n] - patients.arrivals[n] for n in counted]
        run_waits.append(fmean(mine) * _HOURS if mine else None)
        waits += mine
        times += [passage.leaves[n] - patients.arrivals[n] for n in counted]
        mine = [passage.holds[n] for n in counted if patients.ambulance[n]]
        holding += mine
        handovers += [p.handover_minutes + hold * _MINUTES for hold in mine]
        queue += _overlap(patients.arrivals, passage.starts, begin, end)
        beds += _overlap(passage.starts, passage.leaves, begin, end)
        blocked += _overlap(passage.ready, passage.leaves, begin, end)
        started = sorted(passage.starts)
        peak = max(
            peak,
            *(
                bisect_right(patients.arrivals, midnight) - bisect_right(started, midnight)
                for midnight in range(p.warm_up + 1, p.warm_up + p.days + 1)
            ),
        )
    span = p.days * len(passages)
    return Outcome(
        len(waits),
        _share([wait > 0 for wait in waits]),
        fmean(waits) * _HOURS if waits else None,
        _share([wait * _HOURS > p.long_wait_hours for wait in waits]),
        queue / span,
        peak,
        beds / span,
        blocked / span,
        beds / span / p.beds,
        _share([hold > 0 for hold in holding]),
        fmean(handovers) if handovers else None,
        _share([minutes > p.slow_handover_minutes for minutes in handovers]),
        (queue + beds) / span,
        len(times) / span * fmean(times) if times else 0.0,
        tuple(run_waits),
    )


def _share(events: list[bool]) -> float | None:
    return sum(events) / len(events) if events else None


def _overlap(begins: list[float], ends: list[float], low: float, high: float) -> float:
    """Total time from each begin to its end that lies between low and high."""
    return math.fsum(
        max(0.0, min(end, high) - max(begin, low)) for begin, end in zip(begins, ends, strict=True)
    )


def _days(p: Parameters, pooled: _Passage, split: _Passage) -> tuple[Day, ...]:
    arrivals = pooled.patients.arrivals
    sides = [(sorted(side.starts), sorted(side.leaves)) for side in (pooled, split)]
    rows = []
    before = pooled.patients.counted_from
    for day in range(p.days):
        midnight = p.warm_up + day + 1
        there = bisect_left(arrivals, midnight)
        counts = []
        for starts, leaves in sides:
            started = bisect_right(starts, midnight)
            counts += [there - started, started - bisect_right(leaves, midnight)]
        rows.append(Day(day, there - before, *counts))
        before = there
    return tuple(rows)
