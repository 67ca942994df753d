"""W26 Juran's trilogy: planning, control and improvement of one service, simulated wait by wait.

Everything is weekly and in minutes unless it says otherwise.

**Planning.** Planning quality q (0 to 1) fixes the process that operations inherit: mean = 110 - 70 q and
standard deviation = 32 - 24 q. So q = 0.5 gives (75, 20) and q = 1 gives (40, 8). `mean` and `sd` override it.

**Improvement.** Project k starts to work in week s_k and is worth a fraction f_k of the mean and g_k of the
standard deviation. In week t its strength is h_k(t) = 1 if the gain is held, otherwise 2^-((t - s_k) / half-life).
The chronic level, the part that only planning and improvement change, is::

    M(t) = mean * product of (1 - f_k h_k(t))        S(t) = sd * product of (1 - g_k h_k(t))

**Redesign.** From week r the old process runs with its mean multiplied by (1 + dip) for `redesign_dip_weeks`
weeks. Then a new plan takes over and the effects of earlier projects end with the old process. The new plan's
quality is q' = min(1, redesign_quality + lessons_per_project * projects started before the redesign).

**Spikes.** One starts in a week with probability `spike_rate`, and in each of `spike_weeks`. It adds `spike_size`
minutes to every wait for `spike_length` weeks. Together they make D(t).

**Waits.** Patient i of week t would wait X = M + D + S Z, where Z is standard normal; or, with
``shape="lognormal"``, X = D + exp(a + b Z) where the exponential has mean M and standard deviation S. A wait below
0 counts as 0. The same Z serve every policy (common random numbers).

**Control.** Four policies:

- ``"none"``: nobody acts on results.
- ``"chase"``: chase breaches. Each day has `patients_per_day` arrivals, uniform over `day_minutes`; the usual
  waits X fix the moments at which the service calls a patient (arrival + X, sorted): that is its capacity, and it
  stays. At each of them the longest-waiting patient not yet past the need is called; only if there is none, the
  longest-waiting of those past it. Nobody is carried over to the next day. The calls and the arrivals are the
  same, so the mean wait is exactly that of ``"none"``; the breached wait until the rush is over.
- ``"adjust"``: adjust after every miss. After each result the dial E moves: E <- E - reaction * (X - C), and the
  next patient waits X = M + D + E + S Z. The aim is the chronic mean M (`dial_aim` ``"mean"``, to compensate around
  it) or the need if that is lower (``"need"``, to push toward it). The level the dial can reach is
  C = (M + D) - authority * (M + D - aim). Authority 0: the dial moves single waits but never the mean. Authority 1: it
  really moves the mean. With normal waits and no change under way, X has mean C and variance 2 S^2 / (2 - reaction),
  so full reaction doubles the variance (Deming's funnel, rule 2).
- ``"spc"``: act only on special causes. A weekly mean outside the planned zone of control, M at the start of the
  phase +- 3 S / sqrt(patients a week), is a signal; every spike then running ends `response_weeks` later. The
  chronic level is left alone.

The policy may change on the way: from each week named in `policy_changes` the one named there is in force. A dial
that is taken up anew starts at 0.

**Cost of poor quality** of a week = cost_per_unmet * (waits over the need) + cost_per_minute_over * (minutes over).
**Staff hours** are those spent on managing: hours per patient moved ahead, per turn of the dial, per signal
investigated (and charting), per project, per week of holding a gain, and for the redesign.

**Zones of control** are natural process limits (mean +- 2.66 mean moving range) of each phase's weekly results, from
the weeks without a spike. A phase ends when a project starts to work or the redesign starts or ends.

Sources: Juran JM, The quality trilogy, Quality Progress 1986;19(8):19-24; Deming WE, Out of the Crisis (MIT 1986),
chapter 11, for the funnel. The numbers are illustrative.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import accumulate, pairwise
from statistics import NormalDist, fmean
from typing import Any

from improvement.simulate import checks, streams
from improvement.spc import xmr_limits

POLICIES = ("none", "chase", "adjust", "spc")
SHAPES = ("normal", "lognormal")
DIAL_AIMS = ("mean", "need")
MOST_PATIENTS = 500_000

ASSUMPTIONS = (
    "Waits differ by chance around a level that planning set; one wait says nothing about the next.",
    "Nothing but improvement and redesign changes the chronic level, unless the dial is given real authority.",
    "Chasing breaches changes who is called next. It adds no capacity, and each day's list is cleared that day.",
    "The dial is turned after each patient, before the next wait is decided.",
    "A special cause is found only if the weekly mean leaves its planned zone, and is then always removed.",
    "An improvement that nobody holds fades by half in every half-life. One that is held stays.",
    "Demand is the same every day and does not react to the waits.",
)
CANNOT_TELL = (
    "What your own service would gain: the plan, the effects and the costs are numbers you chose.",
    "Whether an improvement or a redesign will work, or how long a real gain lasts.",
    "What the waits do to the people who wait, beyond minutes and the cost you put on them.",
    "What chasing or blaming does to staff, to honesty in the data or to the next day's list.",
    "Whether a real dial has authority over the mean: only a test on your own process can say.",
)


@dataclass(frozen=True)
class Improvement:
    """One improvement project.

    `week` (from 0) is the first week in which it works; `mean_effect` and `sd_effect` are the fractions it takes
    off the chronic mean and standard deviation; without `hold` the effect halves every `half_life` weeks.
    """

    week: int
    mean_effect: float = 0.2
    sd_effect: float = 0.25
    hold: bool = True
    half_life: float = 12.0

    def __post_init__(self) -> None:
        checks.whole("improvement week", self.week, 0, 519)
        checks.number("mean_effect", self.mean_effect, 0, 0.95)
        checks.number("sd_effect", self.sd_effect, 0, 0.95)
        checks.flag("hold", self.hold)
        checks.number("half_life", self.half_life, 0.5, 520, unit="weeks")

    def strength(self, week: int) -> float:
        """The share of the effect that is there in a week: 0 before it starts, then 1, or fading."""
        if week < self.week:
            return 0.0
        return 1.0 if self.hold else 2.0 ** (-(week - self.week) / self.half_life)


@dataclass(frozen=True)
class Parameters:
    """Settings of the simulation. Minutes for waits, weeks counted from 0, hours for staff, pounds for costs."""

    planning_quality: float = 0.5
    mean: float | None = None
    sd: float | None = None
    shape: str = "normal"
    need: float = 60.0
    weeks: int = 78
    days_per_week: int = 5
    patients_per_day: int = 40
    day_minutes: float = 600.0
    policy: str = "none"
    policy_changes: tuple[tuple[int, str], ...] = ()
    dial_aim: str = "mean"
    dial_authority: float = 0.0
    dial_reaction: float = 1.0
    response_weeks: int = 1
    spike_rate: float = 0.0
    spike_size: float = 40.0
    spike_length: int = 4
    spike_weeks: tuple[int, ...] = ()
    improvements: tuple[Improvement, ...] = ()
    redesign_week: int | None = None
    redesign_quality: float = 1.0
    redesign_dip: float = 0.2
    redesign_dip_weeks: int = 6
    lessons_per_project: float = 0.1
    cost_per_unmet: float = 30.0
    cost_per_minute_over: float = 1.0
    hours_per_patient_moved: float = 0.1
    hours_per_turn: float = 0.05
    hours_per_signal: float = 6.0
    hours_charting: float = 1.0
    hours_per_project: float = 120.0
    hours_holding: float = 1.0
    hours_redesign: float = 600.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "policy_changes", tuple(map(tuple, self.policy_changes)))
        object.__setattr__(self, "spike_weeks", tuple(self.spike_weeks))
        object.__setattr__(self, "improvements", tuple(self.improvements))
        checks.number("planning_quality", self.planning_quality, 0, 1)
        if self.mean is not None:
            checks.number("mean", self.mean, 1, 10_000, unit="minutes")
        if self.sd is not None:
            checks.number("sd", self.sd, 0.1, 10_000, unit="minutes")
        checks.choice("shape", self.shape, SHAPES)
        checks.number("need", self.need, 1, 10_000, unit="minutes")
        checks.whole("weeks", self.weeks, 1, 520)
        checks.whole("days_per_week", self.days_per_week, 1, 7)
        checks.whole("patients_per_day", self.patients_per_day, 1, 1000)
        patients = self.weeks * self.days_per_week * self.patients_per_day
        if patients > MOST_PATIENTS:
            raise ValueError(
                f"weeks * days_per_week * patients_per_day must be at most {MOST_PATIENTS}, but it is {patients}; "
                "use fewer weeks or fewer patients a day"
            )
        checks.number("day_minutes", self.day_minutes, 1, 1440, unit="minutes")
        checks.choice("policy", self.policy, POLICIES)
        earliest = 1
        for week, policy in self.policy_changes:
            checks.whole("policy_changes: week", week, earliest, self.weeks - 1)
            checks.choice("policy_changes: policy", policy, POLICIES)
            earliest = week + 1
        checks.choice("dial_aim", self.dial_aim, DIAL_AIMS)
        checks.number("dial_authority", self.dial_authority, 0, 1)
        checks.number("dial_reaction", self.dial_reaction, 0, 1.9)
        checks.whole("response_weeks", self.response_weeks, 1, 52)
        checks.number("spike_rate", self.spike_rate, 0, 1, unit="a week")
        checks.number("spike_size", self.spike_size, 0, 1000, unit="minutes")
        checks.whole("spike_length", self.spike_length, 1, 520)
        for start in self.spike_weeks:
            checks.whole("spike_weeks", start, 0, self.weeks - 1)
        for number, project in enumerate(self.improvements, 1):
            if not isinstance(project, Improvement):
                raise ValueError(
                    f"improvements: number {number} must be an Improvement, but it is {project!r}"
                )
            checks.whole(f"improvements: week of number {number}", project.week, 0, self.weeks - 1)
        if self.redesign_week is not None:
            checks.whole("redesign_week", self.redesign_week, 0, self.weeks - 1)
        checks.number("redesign_quality", self.redesign_quality, 0, 1)
        checks.number("redesign_dip", self.redesign_dip, 0, 5)
        checks.whole("redesign_dip_weeks", self.redesign_dip_weeks, 0, 520)
        checks.number("lessons_per_project", self.lessons_per_project, 0, 1)
        for name in ("cost_per_unmet", "cost_per_minute_over"):
            checks.number(name, getattr(self, name), 0, 1e6, unit="pounds")
        for name in (
            "hours_per_patient_moved",
            "hours_per_turn",
            "hours_per_signal",
            "hours_charting",
            "hours_per_project",
            "hours_holding",
            "hours_redesign",
        ):
            checks.number(name, getattr(self, name), 0, 1e5, unit="hours")

    @property
    def patients_per_week(self) -> int:
        return self.days_per_week * self.patients_per_day

    def policy_in(self, week: int) -> str:
        """The policy in force in a week."""
        return next((name for start, name in reversed(self.policy_changes) if start <= week), self.policy)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Summary:
    """What a stretch of weeks came to: always read the six beside each other. Waits in minutes, cost in pounds."""

    weeks: int
    patients: int
    hit_rate: float
    mean: float
    p90: float
    p99: float
    longest: float
    cost: float
    staff_hours: float
    actions: int


@dataclass(frozen=True)
class Week:
    """One week: what happened, and the chronic level under it.

    `actions` counts patients moved ahead of a longer waiter, turns of the dial, or signals investigated.
    `chronic_hit_rate` is exact: the chance that one wait meets the need with no spike and no control.
    """

    week: int
    hit_rate: float
    mean: float
    p90: float
    p99: float
    longest: float
    cost: float
    staff_hours: float
    actions: int
    chronic_mean: float
    chronic_sd: float
    chronic_hit_rate: float
    spike_minutes: float
    signal: bool


@dataclass(frozen=True)
class Zone:
    """Natural process limits of one weekly measure in one phase. None if there are under two usable weeks.

    `trial` is True below 13 weeks. Limits are not clipped to possible values.
    """

    measure: str
    centre: float | None
    lower: float | None
    upper: float | None
    weeks_used: int
    trial: bool


@dataclass(frozen=True)
class Phase:
    """Weeks `start` to `stop` (exclusive) under one plan; `reason` says what opened the phase.

    `planned_lower` and `planned_upper` are the limits for a weekly mean that the ``"spc"`` policy compares with.
    """

    start: int
    stop: int
    reason: str
    planned_mean: float
    planned_lower: float
    planned_upper: float
    zones: tuple[Zone, ...]
    summary: Summary


@dataclass(frozen=True)
class Result:
    """What one policy did. `waits` holds every wait, a tuple for each week, in the order in which patients are
    called (chase) or arrive (the others)."""

    parameters: Parameters
    seed: int
    summary: Summary
    weeks: tuple[Week, ...]
    phases: tuple[Phase, ...]
    waits: tuple[tuple[float, ...], ...] = field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Everything but the single waits, ready for JSON."""
        return {
            "parameters": self.parameters.to_dict(),
            "seed": self.seed,
            "summary": asdict(self.summary),
            "weeks": [asdict(week) for week in self.weeks],
            "phases": [asdict(phase) for phase in self.phases],
        }


@dataclass(frozen=True)
class Exact:
    """Long-run values from the equations in one week, without spikes. None where there is no closed form."""

    hit_rate: float | None
    mean: float | None
    sd: float | None
    p90: float | None
    p99: float | None


def plan(quality: float) -> tuple[float, float]:
    """The mean and standard deviation, in minutes, of a process planned with a quality from 0 to 1."""
    checks.number("quality", quality, 0, 1)
    return 110.0 - 70.0 * quality, 32.0 - 24.0 * quality


def chronic_level(parameters: Parameters, week: int) -> tuple[float, float]:
    """The chronic mean and standard deviation (minutes) in a week, without spikes and whatever the policy."""
    p = parameters
    planned_mean, planned_sd = plan(p.planning_quality)
    mean = planned_mean if p.mean is None else p.mean
    sd = planned_sd if p.sd is None else p.sd
    projects = p.improvements
    if p.redesign_week is not None and week >= p.redesign_week:
        in_force = p.redesign_week + p.redesign_dip_weeks
        if week < in_force:
            mean *= 1 + p.redesign_dip
        else:
            learned = p.lessons_per_project * sum(k.week < p.redesign_week for k in projects)
            mean, sd = plan(min(1.0, p.redesign_quality + learned))
            projects = tuple(k for k in projects if k.week >= in_force)
    for project in projects:
        strength = project.strength(week)
        mean *= 1 - project.mean_effect * strength
        sd *= 1 - project.sd_effect * strength
    return mean, sd


def exact(parameters: Parameters = DEFAULTS, week: int = 0) -> Exact:
    """Long-run hit rate, mean, SD, P90 and P99 of single waits at the chronic level of one week.

    For ``"none"`` and ``"spc"`` they follow from the distribution; for ``"adjust"`` with normal waits from the
    dial's stationary distribution. ``"chase"`` leaves only the mean known (unchanged). The cut-off at 0 minutes is
    left out, so distributions that reach well below 0 differ from the simulation.

    Raises:
        ValueError: if the week is not one of the run.
    """
    p = parameters
    checks.whole("week", week, 0, p.weeks - 1)
    mean, sd = chronic_level(p, week)
    policy = p.policy_in(week)
    if policy == "chase":
        return Exact(None, mean, None, None, None)
    if policy == "adjust":
        mean -= p.dial_authority * (mean - _aim(p, mean))
        sd *= math.sqrt(2 / (2 - p.dial_reaction))
        if p.shape == "lognormal":
            return Exact(None, mean, sd, None, None)
    hit, *tails = (
        _chance_within(p.shape, mean, sd, p.need),
        *(_quantile(p.shape, mean, sd, share) for share in (0.9, 0.99)),
    )
    return Exact(hit, mean, sd, *tails)


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Run one policy. The same parameters and seed always give the same result.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    return _run(parameters, seed, _draws(parameters, seed))


def compare_policies(
    parameters: Parameters = DEFAULTS, *, policies: Sequence[str] = POLICIES, seed: int = 1
) -> dict[str, Result]:
    """Run several policies on the same weeks: the same arrivals, the same luck, the same spikes.

    `policy` and `policy_changes` are ignored: each policy is in force throughout. Each result equals that of
    `simulate` with that policy and the same seed.

    Raises:
        ValueError: if a policy is not one of POLICIES.
    """
    draws = _draws(parameters, seed)
    return {name: _run(replace(parameters, policy=name, policy_changes=()), seed, draws) for name in policies}


def stretch(result: Result, start: int, stop: int) -> Summary:
    """What the weeks from `start` to `stop` (exclusive, from 0) of a run came to.

    Raises:
        ValueError: if no week of the run lies between them.
    """
    if not 0 <= start < stop <= len(result.weeks):
        raise ValueError(
            f"start and stop must enclose weeks of the run (0 to {len(result.weeks)}), not {start} and {stop}"
        )
    return _summary(result.parameters, result.weeks[start:stop], result.waits[start:stop])


def fit_half_life(gains: Sequence[float]) -> tuple[float, float]:
    """Fit gain(t) = initial * 2^(-t / half-life) to weekly gains t = 0, 1, 2, ... by least squares.

    Parameters:
        gains: how far each week is below the level before the project, in any one unit; noise may be negative.

    Returns:
        The initial gain and the half-life in weeks, from 0.5 to 20 times the number of weeks.

    Raises:
        ValueError: with fewer than three weeks.
    """
    if len(gains) < 3:
        raise ValueError(f"a half-life needs at least 3 weeks of gains, but there are {len(gains)}")

    def fit(log_half_life: float) -> tuple[float, float]:
        ratio = 2.0 ** (-1 / math.exp(log_half_life))
        curve = list(accumulate([ratio] * (len(gains) - 1), float.__mul__, initial=1.0))
        initial = sum(g * c for g, c in zip(gains, curve, strict=True)) / sum(c * c for c in curve)
        return sum((g - initial * c) ** 2 for g, c in zip(gains, curve, strict=True)), initial

    low, high = math.log(0.5), math.log(20 * len(gains))
    grid = [low + (high - low) * step / 100 for step in range(101)]
    best = min(range(101), key=lambda step: fit(grid[step])[0])
    low, high = grid[max(0, best - 1)], grid[min(100, best + 1)]
    for _ in range(60):
        first, second = low + (high - low) / 3, high - (high - low) / 3
        if fit(first)[0] <= fit(second)[0]:
            high = second
        else:
            low = first
    return fit(low)[1], math.exp(low)


@dataclass(frozen=True)
class _Draws:
    """Luck shared by all policies: standard normals and arrival times (minutes) by week, and spike starts."""

    normals: list[list[float]]
    arrivals: list[list[list[float]]]
    spike_starts: list[int]


def _draws(p: Parameters, seed: int) -> _Draws:
    waits, arrivals = streams.seeded(seed, "trilogy waits"), streams.seeded(seed, "trilogy arrivals")
    spikes = streams.seeded(seed, "trilogy spikes")
    return _Draws(
        [[streams.normal(waits) for _ in range(p.patients_per_week)] for _ in range(p.weeks)],
        [
            [
                sorted(p.day_minutes * arrivals.random() for _ in range(p.patients_per_day))
                for _ in range(p.days_per_week)
            ]
            for _ in range(p.weeks)
        ],
        sorted([week for week in range(p.weeks) if spikes.random() < p.spike_rate] + list(p.spike_weeks)),
    )


def _run(p: Parameters, seed: int, draws: _Draws) -> Result:
    openings = _openings(p)
    stops = [*(start for start, _ in openings[1:]), p.weeks]
    planned = [_planned_zone(p, start) for start, _ in openings]
    spike_ends = {}  # by position in draws.spike_starts: the first week without it
    dial = 0.0
    policy = p.policy
    weeks: list[Week] = []
    waits: list[tuple[float, ...]] = []
    for week in range(p.weeks):
        mean, sd = chronic_level(p, week)
        for number, start in enumerate(draws.spike_starts):
            if start == week:
                spike_ends[number] = start + p.spike_length
        running = [number for number, end in spike_ends.items() if week < end]
        spike = p.spike_size * len(running)
        usual = _usual_waits(p.shape, mean, sd, spike, draws.normals[week])
        actions = 0
        if policy != (policy := p.policy_in(week)):
            dial = 0.0
        if policy == "chase":
            this_week, actions = _chase(p, draws.arrivals[week], usual)
        elif policy == "adjust":
            this_week, dial = _adjust(p, mean, spike, usual, dial)
            actions = len(this_week)
        else:
            this_week = [wait if wait > 0 else 0.0 for wait in usual]
        _, lower, upper = planned[sum(start <= week for start, _ in openings) - 1]
        average = fmean(this_week)
        signal = not lower <= average <= upper
        if policy == "spc" and signal:
            actions = 1
            for number in running:
                spike_ends[number] = min(spike_ends[number], week + p.response_weeks)
        ordered = sorted(this_week)
        weeks.append(
            Week(
                week,
                *_measures(p, ordered, average),
                _hours(p, week, actions),
                actions,
                mean,
                sd,
                _chance_within(p.shape, mean, sd, p.need),
                spike,
                signal,
            )
        )
        waits.append(tuple(this_week))
    phases = tuple(
        Phase(
            start,
            stop,
            reason,
            *zone,
            tuple(_zone(weeks[start:stop], measure) for measure in ("cost", "mean", "hit_rate")),
            _summary(p, weeks[start:stop], waits[start:stop]),
        )
        for (start, reason), stop, zone in zip(openings, stops, planned, strict=True)
    )
    return Result(p, seed, _summary(p, weeks, waits), tuple(weeks), phases, tuple(waits))


def _aim(p: Parameters, chronic_mean: float) -> float:
    # Nobody turns a dial to make people wait longer, so a need above the mean is not an aim.
    return chronic_mean if p.dial_aim == "mean" else min(p.need, chronic_mean)


def _usual_waits(shape: str, mean: float, sd: float, spike: float, normals: list[float]) -> list[float]:
    """The waits before any control, not yet cut off at 0."""
    if shape == "normal":
        level = mean + spike
        return [level + sd * z for z in normals]
    location, scale = _lognormal(mean, sd)
    exp = math.exp
    return [spike + exp(location + scale * z) for z in normals]


def _adjust(
    p: Parameters, mean: float, spike: float, usual: list[float], dial: float
) -> tuple[list[float], float]:
    level = mean + spike
    reachable = level - p.dial_authority * (level - _aim(p, mean))
    reaction = p.dial_reaction
    result = []
    for wait in usual:
        wait += dial
        if wait < 0:
            wait = 0.0
        result.append(wait)
        dial -= reaction * (wait - reachable)
    return result, dial


def _chase(p: Parameters, days: list[list[float]], usual: list[float]) -> tuple[list[float], int]:
    need, size = p.need, p.patients_per_day
    result: list[float] = []
    moved = 0
    for day, arrivals in enumerate(days):
        that_day = usual[day * size : (day + 1) * size]
        calls = sorted(arrival + max(wait, 0.0) for arrival, wait in zip(arrivals, that_day, strict=True))
        within: deque[float] = deque()
        breached: deque[float] = deque()
        arrived = 0
        for now in calls:
            while arrived < size and arrivals[arrived] <= now:
                within.append(arrivals[arrived])
                arrived += 1
            while within and now - within[0] > need:
                breached.append(within.popleft())
            if within:
                moved += bool(breached)
                result.append(now - within.popleft())
            else:
                result.append(now - breached.popleft())
    return result, moved


def _measures(p: Parameters, ordered: list[float], average: float) -> tuple[float, ...]:
    """Hit rate, mean, P90, P99, longest wait and cost of poor quality of waits in ascending order."""
    over = [wait - p.need for wait in ordered if wait > p.need]
    return (
        1 - len(over) / len(ordered),
        average,
        streams.percentile_of_sorted(ordered, 90),
        streams.percentile_of_sorted(ordered, 99),
        ordered[-1],
        p.cost_per_unmet * len(over) + p.cost_per_minute_over * sum(over),
    )


def _summary(p: Parameters, weeks: Sequence[Week], waits: Sequence[tuple[float, ...]]) -> Summary:
    everyone = [wait for week in waits for wait in week]
    average = fmean(everyone)
    everyone.sort()
    return Summary(
        len(weeks),
        len(everyone),
        *_measures(p, everyone, average),
        sum(week.staff_hours for week in weeks),
        sum(week.actions for week in weeks),
    )


def _hours(p: Parameters, week: int, actions: int) -> float:
    each = {
        "none": 0.0,
        "chase": p.hours_per_patient_moved,
        "adjust": p.hours_per_turn,
        "spc": p.hours_per_signal,
    }
    policy = p.policy_in(week)
    hours = actions * each[policy] + (p.hours_charting if policy == "spc" else 0.0)
    for project in p.improvements:
        replaced = (
            p.redesign_week is not None and project.week < p.redesign_week + p.redesign_dip_weeks <= week
        )
        hours += p.hours_per_project * (project.week == week)
        hours += p.hours_holding * (project.hold and week > project.week and not replaced)
    if p.redesign_week is not None and 0 <= week - p.redesign_week < max(1, p.redesign_dip_weeks):
        hours += p.hours_redesign / max(1, p.redesign_dip_weeks)
    return hours


def _openings(p: Parameters) -> list[tuple[int, str]]:
    """The first week of each phase and why it opened, in order."""
    reasons: dict[int, list[str]] = {0: ["the plan"]}
    for number, project in enumerate(p.improvements, 1):
        reasons.setdefault(project.week, []).append(f"improvement {number}")
    if p.redesign_week is not None:
        if p.redesign_dip_weeks:
            reasons.setdefault(p.redesign_week, []).append("redesign under way")
        in_force = p.redesign_week + p.redesign_dip_weeks
        if in_force < p.weeks:
            reasons.setdefault(in_force, []).append("redesign")
    return [(week, ", ".join(reasons[week])) for week in sorted(reasons)]


def _planned_zone(p: Parameters, week: int) -> tuple[float, float, float]:
    mean, sd = chronic_level(p, week)
    reach = 3 * sd / math.sqrt(p.patients_per_week)
    return mean, mean - reach, mean + reach


def _zone(weeks: list[Week], measure: str) -> Zone:
    values = [None if week.spike_minutes else getattr(week, measure) for week in weeks]
    used = sum(value is not None for value in values)
    if not any(a is not None and b is not None for a, b in pairwise(values)):
        return Zone(measure, None, None, None, used, True)
    limits = xmr_limits(values)
    return Zone(measure, limits.mean, limits.lower_limit, limits.upper_limit, used, used < 13)


def _lognormal(mean: float, sd: float) -> tuple[float, float]:
    """Location and scale of the logarithm of a lognormal with this mean and standard deviation."""
    variance = math.log1p((sd / mean) ** 2)
    return math.log(mean) - variance / 2, math.sqrt(variance)


def _chance_within(shape: str, mean: float, sd: float, need: float) -> float:
    if shape == "lognormal":
        location, scale = _lognormal(mean, sd)
        return NormalDist(location, scale).cdf(math.log(need))
    return NormalDist(mean, sd).cdf(need)


def _quantile(shape: str, mean: float, sd: float, share: float) -> float:
    if shape == "lognormal":
        return math.exp(NormalDist(*_lognormal(mean, sd)).inv_cdf(share))
    return NormalDist(mean, sd).inv_cdf(share)
