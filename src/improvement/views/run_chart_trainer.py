"""W07 run-chart trainer: mark the signals by eye, then see what three sets of rules make of the same points."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from random import Random
from typing import Any

from improvement import datasets, spc
from improvement.simulate import streams
from improvement.spc import rules, wording
from improvement.views import pasted, schema
from improvement.views.schema import Choice, Number, Option, Points, Series, Toggle, Turns
from improvement.views.xmr_studio import EXAMPLES, Measurements

WEEKS = 24
MOVES = 200
MOST_OWN = 120
SEED = 1099481  # the first chart ends on three rises and no rule set sees them; a shift, a freak point and luck follow
QUIET_CHARTS = 400
CHANGED_CHARTS = 100
SWINGS = 12  # weeks from one crest of a planted cycle to the next

RULE_SETS: dict[str, str] = {"anhoej": "Anhøj", "ihi": "IHI", "mdc": "MDC"}
FULL_NAMES = {"anhoej": "Anhøj", "ihi": "IHI (6 and 5)", "mdc": "Making Data Count (7 and 7)"}
KINDS = {
    "nothing": "Nothing",
    "shift": "A shift",
    "drift": "A slow drift",
    "cycle": "A cycle",
    "freak": "One freak point",
}
_MIX = ("nothing", "nothing", *list(KINDS)[1:])

_SERVICES: tuple[tuple[str, str, float, float, int], ...] = (
    ("Ambulance handover at the hospital door, weekly mean", "minutes", 34, 4, 0),
    ("Letters waiting to be sent on Friday, memory clinic", "letters", 46, 7, 0),
    ("Wait for a first community physiotherapy visit, weekly mean", "days", 12, 1.6, 1),
    ("Calls to a mental health crisis line, each week", "calls", 88, 11, 0),
    ("Discharge letters sent within a day, each week", "per cent", 70, 4, 0),
    ("Care home residents reviewed by the practice, each week", "residents", 30, 4.5, 0),
    ("Late starts in the eye theatre, weekly mean", "minutes", 24, 3.5, 0),
    ("Repeat prescriptions queried by the pharmacist, each week", "prescriptions", 40, 6, 0),
)  # fmt: skip


@dataclass(frozen=True)
class Chart:
    """A series to judge. `first` is the place of its first point, `levels` the true level behind each point.

    `stretch` holds the 0-based points where what was planted shows, None if nobody knows (the reader's own numbers).
    """

    measured: Measurements
    first: int
    kind: str
    stretch: frozenset[int] | None
    planted: str
    levels: tuple[float, ...] | None = None
    dated: bool = False

    @property
    def places(self) -> range:
        return range(self.first, self.first + len(self.measured.values))

    def marked(self, places: Iterable[int]) -> frozenset[int]:
        return frozenset(place - self.first for place in places if place in self.places)


# What is planted, and how series are dealt


def _plant(kind: str, stream: Random, points: int) -> tuple[list[float], frozenset[int], float, int]:
    """Return the levels in standard deviations, the points where it shows, its size and its 0-based point."""
    way = 1 if streams.uniform(stream) < 0.5 else -1
    share = streams.uniform(stream)
    where = streams.uniform(stream)
    middle = points // 3 + int(where * (points // 3))
    if kind == "shift":
        size = way * (1.5 + share)
        return [size * (i >= middle) for i in range(points)], frozenset(range(middle, points)), size, middle
    if kind == "drift":
        size = way * (2.5 + share)
        late = frozenset(range(points // 2, points))
        return [size * i / (points - 1) for i in range(points)], late, size, 0
    if kind == "cycle":
        size = 1.5 + share / 2
        start = where * SWINGS
        levels = [size * math.sin(2 * math.pi * (i + start) / SWINGS) for i in range(points)]
        return levels, frozenset(range(points)), size, 0
    if kind == "freak":
        size, at = way * (3.5 + 1.5 * share), int(where * points)
        return [size * (i == at) for i in range(points)], frozenset({at}), size, at
    return [0.0] * points, frozenset(), 0.0, 0


@lru_cache(maxsize=512)
def deal(planted: str, number: int) -> Chart:
    """Return chart `number` (from 0) of a pack: "mix", or one of `KINDS` each time."""
    stream = streams.seeded(SEED, "run-chart trainer", planted, number)
    draw = streams.uniform(stream)
    kind = _MIX[int(draw * len(_MIX))] if planted == "mix" else planted
    what, unit, mean, spread, decimals = _SERVICES[int(streams.uniform(stream) * len(_SERVICES))]
    levels, stretch, size, at = _plant(kind, stream, WEEKS)
    values = tuple(round(streams.normal(stream, mean + spread * level, spread), decimals) for level in levels)
    first = number * WEEKS + 1
    labels = tuple(f"Week {first + i}" for i in range(WEEKS))
    steady = f"{schema.shown(mean)} {unit}"
    way, step = ("up", "higher") if size > 0 else ("down", "lower")
    moved = f"{schema.shown(abs(size) * spread, 1)} {unit}"
    planted_words = {
        "nothing": f"Nothing. All {WEEKS} weeks come from one steady process, whose true level is {steady} throughout.",
        "shift": f"A shift: from {labels[at]} on, the true level is {moved} {step} ({schema.shown(abs(size), 1)} standard deviations).",
        "drift": f"A slow drift: the true level moves {way} a little every week, {moved} in all ({schema.shown(abs(size), 1)} standard deviations).",
        "cycle": f"A cycle: the true level swings {moved} either side of {steady}, {SWINGS} weeks from crest to crest.",
        "freak": f"One freak point: {labels[at]} was pushed {moved} {way} ({schema.shown(abs(size), 1)} standard deviations). Before and after, nothing.",
    }[kind]
    return Chart(
        Measurements(what, unit, labels, values), first, kind, stretch, planted_words,
        tuple(mean + spread * level for level in levels),
    )  # fmt: skip


# Series from services


def _daily_calls(what: str, wanted: Callable[[str, str], bool]) -> Measurements:
    rows = datasets.read("practice_calls")
    days = sorted(set(rows["called_on"]))
    counted = zip(rows["called_on"], rows["demand"], rows["cause"], strict=True)
    counts = Counter(day for day, demand, cause in counted if wanted(demand, cause))
    return Measurements(what, "calls", tuple(map(_day, days)), tuple(float(counts[day]) for day in days))


def _restraints() -> Measurements:
    rows = datasets.read("restrictive_interventions")
    totals: Counter[Any] = Counter()
    for month, restraints in zip(rows["month"], rows["restraints"], strict=True):
        totals[month] += restraints
    return Measurements(
        "Restraints reported on four mental health wards, each month", "restraints",
        tuple(f"{month:%b %Y}" for month in totals), tuple(float(count) for count in totals.values()),
    )  # fmt: skip


def _first_contact() -> Measurements:
    rows = datasets.read("district_nurse_first_contact").where(team="Curlew")
    seen = zip(rows["seen_within_2_days"], rows["referrals"], strict=True)
    return Measurements(
        "Urgent district nurse referrals seen within two days, Curlew team", "per cent",
        tuple(f"{month:%b %Y}" for month in rows["month"]), tuple(round(100 * a / b, 1) for a, b in seen),
    )  # fmt: skip


def _day(day: Any) -> str:
    return f"{day.day} {day:%b}"


def _from_day_21(what: str, wanted: Callable[[str, str], bool], planted: str) -> Callable[[], Chart]:
    return lambda: _known(_daily_calls(what, wanted), planted, range(20, 40))


def _known(measured: Measurements, planted: str, stretch: Iterable[int]) -> Chart:
    return Chart(measured, 1, "service", frozenset(stretch), planted, dated=True)


_TEXTS = "From 29 June the practice texted normal results. Calls chasing a result fell from 48 in 20 days to 12 in 20 days."
_SERIES: dict[str, Callable[[], Chart]] = {
    "practice": _from_day_21(
        "Every call to the practice, each working day",
        lambda demand, cause: True,
        f"{_TEXTS} They are about one call in eight, so the whole hides them.",
    ),
    "failure": _from_day_21(
        "Calls that should not have been needed, each working day",
        lambda demand, cause: demand == "failure",
        f"{_TEXTS} Five other causes, all unchanged, are counted with them here.",
    ),
    "results": _from_day_21(
        "Calls chasing a test result, each working day",
        lambda demand, cause: cause == "chasing a result",
        _TEXTS,
    ),
    "ambulance": lambda: _known(
        EXAMPLES["ambulance"](),
        "A storm in the week of 27 October 2025, and 7 minutes less from 26 January 2026, when the hospital changed how it takes patients in.",
        {11, *range(24, 60)},
    ),
    "mental_health": lambda: _known(
        _restraints(),
        "One month, August 2025: a very unwell patient waited six weeks for another bed, and 30 restraints came on top of chance.",
        {22},
    ),
    "community": lambda: _known(
        _first_contact(),
        "From October 2025 the team rang patients the same day. The chance of being seen in two days rose from 78% to 91%.",
        range(12, 24),
    ),
    "sepsis": lambda: _known(EXAMPLES["sepsis"](), "Nothing, over these 52 weeks.", ()),
}


def _own(text: str) -> Chart:
    series = pasted.read_series(text)
    if len(series.values) > MOST_OWN:
        raise ValueError(
            f"You pasted {len(series.values):,} numbers, too many to mark by hand. Paste the latest {MOST_OWN} or fewer."
        )
    return Chart(
        Measurements("Your numbers", "", series.labels, series.values, series.notes), 1, "own", None, "", dated=True
    )  # fmt: skip


# What the rules see, and what they cost


def _chart_of(rule_set: str, values: Sequence[float | None], labels: Sequence[str] | None = None) -> Any:
    if rule_set == "mdc":
        return spc.xmr(values, labels=labels)
    return spc.run_chart(values, labels=labels, preset=rule_set)


@lru_cache(maxsize=1024)
def flags(values: tuple[float | None, ...]) -> dict[str, frozenset[int]]:
    """Return the 0-based points that belong to a signal, for each rule set."""
    return {
        name: frozenset(point for signal in _chart_of(name, values).signals for point in signal.points)
        for name in RULE_SETS
    }


@dataclass(frozen=True)
class Bill:
    """Of `charts` simulated charts, how many each rule set (and "any") signals in, and how many have a row that rises or falls.

    A signal counts where it touches what was planted, or anywhere on a quiet chart. `rows[k]` counts charts whose
    longest row that rises or falls has exactly k points.
    """

    charts: int
    seen: dict[str, int]
    rows: dict[int, int]

    def rows_of(self, length: int) -> float:
        """Return the share of charts with a row that rises or falls of `length` points or more."""
        return sum(count for points, count in self.rows.items() if points >= length) / self.charts


@lru_cache(maxsize=64)
def bill(kind: str, points: int) -> Bill:
    """Return what the rule sets make of simulated charts of one kind: independent normal points, fixed seed."""
    charts = CHANGED_CHARTS if kind != "nothing" else max(200, min(QUIET_CHARTS, 10_000 // points))
    stream = streams.seeded(SEED, "bill", kind, points)
    seen = dict.fromkeys((*RULE_SETS, "any"), 0)
    rows: Counter[int] = Counter()
    for _ in range(charts):
        levels, stretch, _, _ = _plant(kind, stream, points)
        values = tuple(streams.normal(stream, level) for level in levels)
        found = [
            name
            for name, marks in flags.__wrapped__(values).items()
            if (marks & stretch if stretch else marks)
        ]
        for name in [*found, *(["any"] if found else [])]:
            seen[name] += 1
        rows[max(len(row) for _, row in rules.trends(values, 2))] += 1
    return Bill(charts, seen, rows)


def outcome(chart: Chart, marks: frozenset[int], *, by_eye: bool) -> str:
    """Return "right", "missed" or "false alarm": marks on a chart against what was planted in it.

    By eye, at least half of the marks must lie where it shows; a rule marks whole stretches and need only touch it.
    """
    if not chart.stretch:
        return "false alarm" if marks else "right"
    inside = marks & chart.stretch
    right = inside and (not by_eye or 2 * len(inside) >= len(marks))
    return "right" if right else "missed"


# The declaration

_AFRESH = {"marks": [], "moves": [], "show": False}

DECLARATION = schema.Declaration(
    title="Run-chart trainer",
    intro=(
        "Click the points that tell you something has changed, before any rule speaks. Then three sets of rules mark the same "
        "chart, and you see what was really planted in it."
    ),
    controls=(
        Choice(
            name="deal",
            label="What to judge",
            default="practice",
            radio=True,
            options=(
                Option(value="practice", label="Practice charts", sets=_AFRESH),
                Option(value="service", label="Services, or my own numbers", sets=_AFRESH),
            ),
        ),
        Choice(
            name="planted",
            label="What may be planted",
            default="mix",
            show_when={"deal": "practice"},
            options=(
                Option(value="mix", label="Anything or nothing", sets=_AFRESH),
                *(Option(value=kind, label=f"{words}, every time", sets=_AFRESH) for kind, words in KINDS.items()),
            ),
        ),
        Choice(
            name="service",
            label="Whose numbers?",
            default="practice",
            show_when={"deal": "service"},
            options=(
                Option(value="practice", sector="primary care", label="General practice: every call", sets=_AFRESH),
                Option(value="failure", label="General practice: calls that should not have been needed", sets=_AFRESH),
                Option(value="results", label="General practice: calls chasing a result", sets=_AFRESH),
                Option(value="ambulance", sector="ambulance", label="Ambulance: Category 2 response", sets=_AFRESH),
                Option(value="mental_health", sector="mental health", label="Mental health: restraints reported", sets=_AFRESH),
                Option(value="community", sector="community", label="Community: seen by a district nurse in two days", sets=_AFRESH),
                Option(value="sepsis", sector="acute", label="Emergency department: time to antibiotics", sets=_AFRESH),
                Option(value="own", label="My own numbers", sets=_AFRESH),
            ),
        ),
        Series(
            name="pasted",
            label="Your numbers",
            help="One on each line, oldest first. A date and a number with a tab or comma between is fine. No patient details.",
            placeholder="2026-06-01, 16\n2026-06-02, 18\n2026-06-03, 14",
            show_when={"deal": "service", "service": "own"},
        ),
        Choice(
            name="lens",
            label="Whose signals to colour",
            help="Once the rules have spoken.",
            default="anhoej",
            options=tuple(Option(value=name, label=words) for name, words in FULL_NAMES.items()),
        ),
        Turns(
            name="moves",
            label="Next",
            counted=False,
            default=("show",),
            maximum=MOVES,
            show_when={"deal": "practice"},
            options=(
                Option(value="show", label="Show me what the rules see"),
                Option(value="draw", label="Draw again"),
            ),
        ),
        Toggle(name="show", label="Show me what the rules see", show_when={"deal": "service"}),
        Points(name="marks", label="Points you mark", maximum=WEEKS * (MOVES + 1)),
    ),
    prediction=schema.Prediction(
        question=(
            "Click each point below that you would show the team as proof that something has changed. None is a fair answer. "
            "Then: how many points in a row, each higher than the last, make a trend?"
        ),
        control=Number(
            name="prediction", label="I call it a trend at", default=None, unit="points in a row"
        ),
        commit="Commit my marks and show me",
    ),
    assumptions=(
        f"Practice charts have {WEEKS} independent, normal points, rounded as such numbers are. A shift moves the level by 1.5 to 2.5 "
        f"standard deviations, a drift by 2.5 to 3.5 in all, a cycle by 1.5 to 2 either way in {SWINGS} weeks, a freak point by 3.5 to 5.",
        "In the mixed pack a third of charts have nothing planted. The pack's seed was chosen so that its first four charts teach.",
        "Anhøj: the longest run or too few crossings, about the median. IHI: a run of six, five rising or falling, too few or too many "
        "runs. Making Data Count: a point outside the limits, seven on one side of the mean, seven rising or falling, two of three near a limit.",
        "You are right about a planted change when at least half of your marks lie where it shows. A rule set marks whole stretches, "
        "so it is right when a signal touches that place.",
        "The false alarms are counted on simulated quiet charts, with a fixed seed and points that do not remember each other.",
    ),
    cannot_tell=(
        "What happened. A signal says where to look.",
        "Whether the level is good enough. A median is what you got, not what anyone needs.",
        "How often these rules cry wolf on your own data: counts, ties and weeks that follow last week change the rates.",
    ),
    honesty=(
        "Every chart here is synthetic, made from a stated recipe and a seed; the services' series come from the course's datasets. "
        "Your own numbers and your marks never leave this page."
    ),
)  # fmt: skip


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the chart to mark; once the rules may speak, who sees what, what was planted, costs and score."""
    if params["deal"] == "service" and params["service"] == "own" and not params["pasted"].strip():
        return schema.view(
            [],
            summary="Waiting for numbers.",
            notices=[
                schema.notice("info", "Paste or load your numbers to see their chart.", control="pasted")
            ],
        )
    chart = _current(params)
    shown = params["show"] if params["deal"] == "service" else params["moves"][-1:] == ["show"]
    marks = chart.marked(params["marks"])
    heading = f"Chart {params['moves'].count('draw') + 1}. " if params["deal"] == "practice" else ""
    notices = [schema.notice("info", note) for note in chart.measured.notes]
    touched = params["show"] if params["deal"] == "service" else params["moves"] != ["show"]
    if params["prediction"] is None and touched:
        notices.append(
            schema.notice("info", "The rules keep quiet until you have answered the question at the top.")
        )
    judged = _judged(params)
    panels = [_main_figure(chart, marks, params, heading, shown)]
    if shown:
        notices += _cautions(chart)
        verdict = _you(chart, marks)
        planted = [schema.sentence(chart.planted, heading="What was really planted", reveal=True)]
        panels += [
            _strip(chart, marks),
            schema.sentence(verdict, heading="Your marks", reveal=True),
            *(planted if chart.planted else []),
            *([_score(judged)] if judged else []),
            *([_trend(params)] if "draw" not in params["moves"] and judged else []),
            schema.listing("What each set of rules says", _said(chart), empty="", reveal=True),
            schema.sentence(_median_words(chart), heading="The line", reveal=True),
            *_costs(chart),
        ]
        summary = f"{heading}{verdict} {chart.planted}".strip()
    else:
        panels += [_score(judged)] if judged else []
        summary = f"{heading}{chart.measured.what}. Mark it, then ask what the rules see."
    ended = [(1, chart, marks)] if shown else []
    if chart.stretch is not None:
        panels.append(_challenge(judged or ended))
    panels += [_score_table(judged)] if judged else []
    panels += [_table(chart, marks)] if shown else []
    return schema.view(panels, summary=summary, notices=notices, data=_download(chart, marks, shown))


Judged = list[tuple[int, Chart, frozenset[int]]]


def _current(params: schema.Params) -> Chart:
    if params["deal"] == "practice":
        return deal(params["planted"], params["moves"].count("draw"))
    if params["service"] == "own":
        return _own(params["pasted"])
    return _service(params["service"])


@cache
def _service(name: str) -> Chart:
    return _SERIES[name]()


def _judged(params: schema.Params) -> Judged:
    """The practice charts of this pack that the rules have spoken on, in the order they were dealt."""
    if params["deal"] != "practice":
        return []
    number, shown = 0, []
    for move in params["moves"]:
        if move == "draw":
            number += 1
        elif number not in shown:
            shown.append(number)
    charts = [(number + 1, deal(params["planted"], number)) for number in shown]
    return [(number, chart, chart.marked(params["marks"])) for number, chart in charts]


# What the reader sees


def _main_figure(
    chart: Chart, marks: frozenset[int], params: schema.Params, heading: str, shown: bool
) -> dict[str, Any]:
    measured, x = chart.measured, list(chart.places)
    ends = [x[0] - 0.5, x[-1] + 0.5]
    titles = [_title(chart, i) for i in range(len(x))]
    median, limits = _chart_of("anhoej", measured.values), _chart_of("mdc", measured.values).phases[0]
    layers = []
    if shown and params["lens"] == "mdc":
        layers += [
            schema.mark("line", "centre", x=ends, y=[limits.mean] * 2, label=f"Mean {_show(limits.mean)}", reveal=True),
            schema.mark("line", "limit", x=ends, y=[limits.upper_limit] * 2, label=_limits_words(limits).capitalize(), reveal=True),
            schema.mark("line", "limit", x=ends, y=[limits.lower_limit] * 2, reveal=True),
        ]  # fmt: skip
    else:
        layers.append(
            schema.mark("line", "centre", x=ends, y=[median.median] * 2, label=f"Median {_show(median.median)}", reveal=True)
        )  # fmt: skip
    if shown and chart.levels:
        layers.append(
            schema.mark("line", "comparison", x=x, y=chart.levels, label="What was planted: the true level", reveal=True)
        )  # fmt: skip
    layers += [
        schema.mark("line", "data", x=x, y=measured.values),
        schema.mark("dot", "data", x=x, y=measured.values, title=titles),
    ]
    if shown:
        flagged = sorted(flags(measured.values)[params["lens"]])
        for role, label, points in (
            ("signal_neutral", f"Signal, {RULE_SETS[params['lens']]}", flagged),
            ("group_b", "You marked", sorted(marks)),
        ):
            if points:
                layers.append(
                    schema.mark(
                        "dot", role, label=label, reveal=True, x=[x[i] for i in points],
                        y=[measured.values[i] for i in points], title=[titles[i] for i in points],
                    )
                )  # fmt: skip
    present = [value for value in measured.values if value is not None]
    low = min(*present, max(limits.lower_limit, 0) if min(present) >= 0 else limits.lower_limit)
    high = max(*present, limits.upper_limit)
    pad = (high - low or 1) * 0.05
    if shown and params["lens"] == "anhoej" and (longest := _longest_run(median)):
        start, stop = x[longest[0]], x[longest[-1]]
        words = f"Longest run: {len(longest)}"
        layers += [
            schema.mark(
                "band",
                "limit",
                x1=[start - 0.4],
                x2=[stop + 0.4],
                y1=[low - pad],
                y2=[high + pad],
                reveal=True,
            ),
            schema.mark("text", "annotation", x=[(start + stop) / 2], y=[high], text=[words], reveal=True),
        ]
    count = f"{len(measured.values)} points, {measured.labels[0]} to {measured.labels[-1]}"
    extremes = f"Lowest {_show(min(present))} at {_label(chart, min(present))}, highest {_show(max(present))} at {_label(chart, max(present))}"
    return schema.figure(
        f"{heading}{measured.what}" + (f" ({measured.unit})" if measured.unit else ""),
        layers,
        description=f"Line chart of {count}. {extremes}. Every value is in the list of points to mark.",
        x_label="" if chart.dated else "Week",
        y_label=measured.unit.capitalize() or "Value",
        x_ticks=measured.labels if chart.dated else None,
        x_range=None if chart.dated else (ends[0], ends[1]),
        y_range=(low - pad, high + pad),
        height=330,
        pick="" if shown and params["prediction"] is not None else "marks",
    )


def _strip(chart: Chart, marks: frozenset[int]) -> dict[str, Any]:
    """One lane for the reader, each rule set and the recipe, under the same weeks as the chart."""
    seen = flags(chart.measured.values)
    lanes = [("You", "group_b", marks)]
    lanes += [
        (name, role, seen[rule_set])
        for (rule_set, name), role in zip(RULE_SETS.items(), ("group_a", "group_c", "group_d"), strict=True)
    ]
    if chart.stretch is not None:
        lanes.append(("Truth", "signal_neutral", chart.stretch))
    x = list(chart.places)
    ends = (x[0] - 0.5, x[-1] + 0.5)
    layers = [schema.mark("rule_y", "near_limit", y=list(range(1, len(lanes) + 1)))]
    said = []
    for lane, (name, role, points) in enumerate(lanes, start=1):
        said.append(f"{name}: {_spans(chart, points) if points else 'nothing'}.")
        if points:
            layers.append(
                schema.mark(
                    "dot", role, x=[x[i] for i in sorted(points)], y=[lane] * len(points),
                    title=[f"{name}: {chart.measured.labels[i]}" for i in sorted(points)],
                )
            )  # fmt: skip
    return schema.figure(
        "Who sees a signal, and where",
        layers,
        description=" ".join(said),
        x_label="" if chart.dated else "Week",
        y_label="",
        x_ticks=chart.measured.labels if chart.dated else None,
        x_range=None if chart.dated else ends,
        y_ticks=[name for name, _, _ in lanes],
        height=60 + 26 * len(lanes),
        reveal=True,
    )


def _longest_run(read: spc.RunChart) -> tuple[int, ...]:
    """Return the 0-based useful points of the first longest run, if there are any."""
    side: list[int | None] = [None] * len(read.values)
    for i in read.useful:
        side[i] = 1 if (read.values[i] or 0) > read.median else -1
    return max(
        (run for _, run in rules.same_side_runs(side, on_centre="skip", gaps="skip")), key=len, default=()
    )


def _spans(chart: Chart, points: Iterable[int]) -> str:
    """Return 0-based points as stretches, such as "Weeks 3 to 9 and Week 12", or how many when there are many."""
    ordered, labels = sorted(points), chart.measured.labels
    if set(ordered) >= set(_chart_of("anhoej", chart.measured.values).useful):
        return "the whole chart"
    groups: list[list[int]] = []
    for point in ordered:
        if groups and point == groups[-1][-1] + 1:
            groups[-1].append(point)
        else:
            groups.append([point])
    if len(groups) > 4:
        return f"{len(ordered)} points from {labels[ordered[0]]} to {labels[ordered[-1]]}"
    words = []
    for group in groups:
        start, stop = labels[group[0]], labels[group[-1]]
        if start.isdigit() or not chart.dated:
            noun, start, stop = "Point" if chart.dated else "Week", start.split()[-1], stop.split()[-1]
            words.append(f"{noun} {start}" if start == stop else f"{noun}s {start} to {stop}")
        else:
            words.append(start if start == stop else f"{start} to {stop}")
    return _listed(words)


def _you(chart: Chart, marks: frozenset[int]) -> str:
    seen = flags(chart.measured.values)
    anyone = frozenset().union(*seen.values())
    said = [f"You marked {_spans(chart, marks)}." if marks else "You marked nothing."]
    if chart.stretch is not None:
        result = outcome(chart, marks, by_eye=True)
        astray = (
            "Fewer than half of them lie where the change is."
            if marks & chart.stretch
            else "The change lies elsewhere."
        )
        said.append(
            {
                ("right", True): "That is where the change is. Right.",
                ("right", False): "Right: nothing was planted.",
                ("missed", True): astray,
                ("missed", False): "Something was there.",
                ("false alarm", True): "Nothing was planted: these points are luck.",
            }[result, bool(marks)]
        )
    if marks:
        alone = marks - anyone
        if alone == marks:
            said.append("No rule set sees a signal there.")
        elif alone:
            said.append(f"No rule set sees one at {_spans(chart, alone)}.")
        else:
            said.append("At least one rule set agrees on every point.")
    extra: dict[str, list[str]] = {}
    for name, points in seen.items():
        if points - marks:
            extra.setdefault(_spans(chart, points), []).append(RULE_SETS[name])
    for where, names in extra.items():
        said.append(f"{_listed(names)} {'marks' if len(names) == 1 else 'mark'} {where}.")
    if not anyone and not marks:
        said.append("No rule set sees it either." if chart.stretch else "No rule set sees anything either.")
    return " ".join(said)


def _trend(params: schema.Params) -> dict[str, Any]:
    guess = 3 if params["prediction"] is None else params["prediction"]
    length = math.ceil(min(max(guess, 2), WEEKS))
    by_luck, with_drift = bill("nothing", WEEKS).rows_of(length), bill("drift", WEEKS).rows_of(length)
    text = (
        f"{wording.count(length).capitalize()} in a row: luck alone makes such a row, up or down, in {_percent(by_luck)} of "
        f"{QUIET_CHARTS} quiet charts of {WEEKS} points. "
        f"Charts with a real drift have one in {_percent(with_drift)}. "
    )
    text += (
        "So it says almost nothing about drift."
        if with_drift - by_luck < 0.2
        else "It tells the two apart a little."
    )
    return schema.sentence(text, heading="Your rule for a trend", reveal=True)


def _said(chart: Chart) -> list[str]:
    labels = None if chart.measured.labels[0].isdigit() else chart.measured.labels
    said = []
    for rule_set, name in RULE_SETS.items():
        read = _chart_of(rule_set, chart.measured.values, labels)
        whys = [signal.why for signal in read.signals]
        if rule_set == "mdc":
            quiet = (
                f"No signal. No point outside the {_limits_words(read.phases[0])}, no seven on one side or all one way, "
                "no two of three near a limit."
            )
        elif rule_set == "ihi":
            quiet = f"No signal. No run of six, no five rising or falling. {read.explain()[1]}"
        else:
            quiet = f"No signal. {read.explain()[1]}"
        if len(whys) > 3:
            whys = [*whys[:3], f"And {_count(len(whys) - 3, 'more signal')}."]
        said.append(f"{'Making Data Count (MDC)' if rule_set == 'mdc' else name}. {' '.join(whys) or quiet}")
    return said


def _median_words(chart: Chart) -> str:
    read = _chart_of("anhoej", chart.measured.values)
    present = [value for value in chart.measured.values if value is not None]
    above = sum(present[i] > read.median for i in range(len(present)))
    useful = len(read.useful)
    on = len(present) - useful
    left_out = (
        f" {wording.count(on).capitalize()} on the line {'does' if on == 1 else 'do'} not count, which leaves {useful} useful "
        f"observation{'' if useful == 1 else 's'}."
        if on
        else f" None is on the line, so all {useful} are useful observations."
    )
    return (
        f"The median is {_show(read.median)}: {above} points above, "
        f"{useful - above} below.{left_out} The line follows the points: at most half of them lie on the better side, whatever anyone does. "
        "It is not a target."
    )


def _costs(chart: Chart) -> list[dict[str, Any]]:
    """The false alarms of each rule set at this number of points and, for practice charts, what each finds."""
    points = sum(value is not None for value in chart.measured.values)
    quiet = bill("nothing", points)
    changed = [bill(kind, WEEKS) for kind in list(KINDS)[1:]] if chart.levels else []
    rows = []
    for name in (*RULE_SETS, "any"):
        interval = spc.wilson_interval(quiet.seen[name], quiet.charts)
        rows.append(
            [
                RULE_SETS.get(name, "Any of them"),
                f"{_percent(quiet.seen[name] / quiet.charts)} ({100 * interval.low:.0f} to {100 * interval.high:.0f})",
                *(_percent(one.seen[name] / one.charts) for one in changed),
            ]
        )
    least = min(RULE_SETS, key=lambda name: quiet.seen[name])
    finds = (
        f" Every added rule finds more, and is paid for in false alarms. The finds are counted on {CHANGED_CHARTS} charts of each kind."
        if changed
        else ""
    )
    text = (
        f"On {quiet.charts} simulated quiet charts of {points} points, {RULE_SETS[least]} alone cries wolf on "
        f"{_percent(quiet.seen[least] / quiet.charts)}, and at least one of the three on {_percent(quiet.seen['any'] / quiet.charts)}.{finds}"
    )
    return [
        schema.sentence(text, heading="The price of more rules", reveal=True),
        schema.table(
            "What each set of rules costs and finds" if changed else "What each set of rules costs",
            ["Rules", "Cries wolf (95% interval)"]
            + (["Finds a shift", "a drift", "a cycle", "a freak point"] if changed else []),
            rows,
            open=True,
            reveal=True,
        ),
    ]


def _players(chart: Chart, marks: frozenset[int]) -> dict[str, str]:
    seen = flags(chart.measured.values)
    return {"You": outcome(chart, marks, by_eye=True)} | {
        name: outcome(chart, seen[rule_set], by_eye=False) for rule_set, name in RULE_SETS.items()
    }


def _score(judged: Judged) -> dict[str, Any]:
    streak = 0
    for _, chart, marks in reversed(judged):
        if outcome(chart, marks, by_eye=True) != "right":
            break
        streak += 1
    right = Counter(
        name for _, chart, marks in judged for name, said in _players(chart, marks).items() if said == "right"
    )
    rivals = ", ".join(f"{name} {right[name]}" for name in RULE_SETS.values())
    text = (
        f"{_count(len(judged), 'chart')} judged: you were right on {right['You']}. {rivals}. "
        + (f"Your streak is {streak}." if streak else "The streak starts again with the next chart.")
    )  # fmt: skip
    return schema.sentence(text, heading="You against the rules", reveal=True)


def _score_table(judged: Judged) -> dict[str, Any]:
    tallies: dict[str, Counter[str]] = {}
    for _, chart, marks in judged:
        for name, said in _players(chart, marks).items():
            tallies.setdefault(name, Counter())[said] += 1
    return schema.table(
        "The score so far",
        ["Who", "Right", "Missed", "False alarms"],
        [
            [name, tally["right"], tally["missed"], tally["false alarm"]]
            for name, tally in tallies.items()
        ],
        reveal=True,
    )  # fmt: skip


def _challenge(judged: Judged) -> dict[str, Any]:
    ask = "Rules are meant to steady the eye. Find a chart on which your marks are right and at least two of the three rule sets are wrong."
    for number, chart, marks in judged:
        players = _players(chart, marks)
        wrong = [name for name in RULE_SETS.values() if players[name] != "right"]
        if players["You"] == "right" and len(wrong) >= 2:
            lesson = (
                "They cried wolf at luck. Two rule sets that agree are not two witnesses: they read the same points."
                if not chart.stretch
                else "A rule finds what it was built for. Runs ignore height, and a short chart hides a small change."
            )
            where = f"On chart {number}" if chart.levels else "Here"
            return schema.challenge(
                ask, True, f"{where} you were right, and {_listed(wrong)} were not. {lesson}"
            )
    return schema.challenge(
        ask, False, "Look for one point that stands alone, or a quiet chart with a row that only looks like a pattern."
    )  # fmt: skip


def _cautions(chart: Chart) -> list[dict[str, Any]]:
    useful = len(_chart_of("anhoej", chart.measured.values).useful)
    if useful >= 10:
        return []
    return [
        schema.notice(
            "warning",
            f"Only {_count(useful, 'useful observation').lower()}. The tests on runs need ten, so the Anhøj rules keep quiet. Collect more before you "
            "read anything into this chart.",
        )
    ]


def _table(chart: Chart, marks: frozenset[int]) -> dict[str, Any]:
    data = _download(chart, marks, True)
    return schema.table("Every point, and who marks it", data["columns"], data["rows"], reveal=True)


def _download(chart: Chart, marks: frozenset[int], shown: bool) -> dict[str, Any]:
    columns = ["Point", "Value", "You"]
    rows = [
        [label, value, "yes" if i in marks else ""]
        for i, (label, value) in enumerate(zip(chart.measured.labels, chart.measured.values, strict=True))
    ]
    if shown:
        seen = flags(chart.measured.values)
        columns += RULE_SETS.values()
        for i, row in enumerate(rows):
            row += ["yes" if i in seen[name] else "" for name in RULE_SETS]
        if chart.stretch is not None:
            columns.append("Planted here")
            for i, row in enumerate(rows):
                row.append("yes" if i in chart.stretch else "")
    return {"columns": columns, "rows": rows}


def _title(chart: Chart, index: int) -> str:
    value = chart.measured.values[index]
    shown = "missing" if value is None else f"{_show(value)} {chart.measured.unit}".rstrip()
    return f"{chart.measured.labels[index]}: {shown}"


def _label(chart: Chart, value: float) -> str:
    return chart.measured.labels[chart.measured.values.index(value)]


def _limits_words(phase: spc.Phase) -> str:
    return f"limits {_show(phase.lower_limit)} to {_show(phase.upper_limit)}"


def _show(value: float) -> str:
    return schema.shown(value, 1)


def _percent(share: float) -> str:
    """A share as a whole per cent, except that some is never shown as none and not all never as all."""
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return f"{100 * share:.0f}%"


def _count(number: int, noun: str) -> str:
    return f"{number or 'No'} {noun}{'' if number == 1 else 's'}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
