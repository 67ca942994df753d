"""W08 XmR studio: one series, its natural limits, what is a signal and what is not, and why."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from improvement import datasets, spc
from improvement.views import pasted, schema
from improvement.views.schema import Choice, Number, Option, Rows, Series, Text, Toggle

FIRST_WEEKS = 24
NEAR_ENOUGH = 3  # points between a recalculation and the start of the run that earns it


@dataclass(frozen=True)
class Measurements:
    """A series ready to chart: `labels` are dates or numbers as the reader will see them."""

    what: str
    unit: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    notes: tuple[str, ...] = ()


def _ambulance() -> Measurements:
    rows = datasets.read("ambulance_response").where(hospital="Northfield")
    return Measurements(
        "Category 2 mean response, weekly, Northfield",
        "minutes",
        tuple(_day(week) for week in rows["week_starting"][-60:]),
        tuple(rows["category_2_mean_minutes"][-60:]),
    )


def _practice() -> Measurements:
    days = datasets.read("practice_calls")["called_on"]
    working = sorted(set(days))
    return Measurements(
        "Calls to the practice, each working day",
        "calls",
        tuple(_day(day) for day in working),
        tuple(float(days.count(day)) for day in working),
    )


def _sepsis() -> Measurements:
    rows = datasets.read("ed_sepsis_antibiotics")
    days, minutes = rows["date"][-52 * 7 :], rows["antibiotics_minutes"][-52 * 7 :]
    weeks = range(0, len(days), 7)
    return Measurements(
        "Time to antibiotics in suspected sepsis, weekly mean",
        "minutes",
        tuple(_day(days[start]) for start in weeks),
        tuple(_weekly_mean(minutes[start : start + 7]) for start in weeks),
    )


def _weekly_mean(days: list[float | None]) -> float | None:
    seen = [minutes for minutes in days if minutes is not None]
    return round(statistics.fmean(seen), 1) if seen else None


EXAMPLES: dict[str, Callable[[], Measurements]] = {
    "ambulance": _ambulance,
    "practice": _practice,
    "sepsis": _sepsis,
}

DECLARATION = schema.Declaration(
    title="XmR studio",
    intro="A chart of single values and their moving ranges. Choose a service, or paste your own numbers: they stay on this device.",
    controls=(
        Choice(
            name="source",
            label="Whose numbers?",
            default="ambulance",
            options=(
                Option(
                    value="ambulance",
                    sector="ambulance",
                    label="Ambulance: Category 2 response, weekly",
                    sets={
                        "improvement_direction": "decrease",
                        "target": 30,
                        "baseline": FIRST_WEEKS,
                        "recalculations": [],
                    },
                ),
                Option(
                    value="practice",
                    sector="primary care",
                    label="General practice: calls each working day",
                    sets={
                        "improvement_direction": "neutral",
                        "target": None,
                        "baseline": None,
                        "recalculations": [],
                    },
                ),
                Option(
                    value="sepsis",
                    sector="acute",
                    label="Emergency department: time to antibiotics, weekly",
                    sets={
                        "improvement_direction": "decrease",
                        "target": 60,
                        "baseline": None,
                        "recalculations": [],
                    },
                ),
                Option(
                    value="own",
                    label="My own numbers",
                    sets={
                        "improvement_direction": "neutral",
                        "target": None,
                        "baseline": None,
                        "recalculations": [],
                    },
                ),
            ),
        ),
        Series(
            name="pasted",
            label="Your numbers",
            help="One on each line, oldest first. A date and a number with a tab or comma between is fine. No patient details.",
            placeholder="2026-01-05, 41.2\n2026-01-12, 38.9\n2026-01-19, 44.0",
            show_when={"source": "own"},
        ),
        Choice(
            name="improvement_direction",
            label="Which way is better?",
            default="decrease",
            options=(
                Option(value="decrease", label="Lower is better"),
                Option(value="increase", label="Higher is better"),
                Option(value="neutral", label="Neither: just tell me what changed"),
            ),
        ),
        Number(
            name="target",
            label="Target or need",
            help="Leave empty for none. Move it and watch which lines do not follow.",
            default=30,
            step=0.5,
            optional=True,
        ),
        Number(
            name="baseline",
            label="Points used for the limits",
            help="Empty: all of them. A number: only the first so many, after the start and after each recalculation.",
            default=FIRST_WEEKS,
            minimum=2,
            maximum=pasted.MOST_POINTS,
            optional=True,
        ),
        Toggle(
            name="screen",
            label="Leave out freak moving ranges",
            help="One pass: ranges at or above 3.267 times the average range no longer widen the limits. The mean stays.",
        ),
        Toggle(
            name="standard_deviation",
            label="Compare with three standard deviations",
            help="The tempting short cut: the spread of all the numbers together.",
        ),
        Rows(
            name="recalculations",
            label="Start new limits",
            help="Only for a real, lasting change you can name.",
            add="Add a recalculation",
            maximum=4,
            fields=(
                Number(
                    name="at",
                    label="From point number",
                    default=FIRST_WEEKS + 1,
                    minimum=3,
                    maximum=pasted.MOST_POINTS,
                ),
                Text(name="reason", label="What changed in the work?"),
            ),
        ),
    ),
    prediction=schema.Prediction(
        question=(
            "You run this service. How high (or, where low is worrying, how low) must one week come in "
            "before you stop what you are doing and ask what happened?"
        ),
        control=Number(name="prediction", label="I would ask at", default=None, step=0.5),
    ),
    assumptions=(
        "The points are in time order and roughly equally spaced.",
        "Each point carries the same weight. A rate from 5 patients and a rate from 500 do not.",
        "Limits are the mean ± 2.66 times the average moving range, from the points you chose.",
        "Rules: a point outside the limits; seven in a row on one side of the mean; seven rising or falling; "
        "two of three between the near limit and the limit, all three on that side.",
    ),
    cannot_tell=(
        "Why a signal happened. The chart says when to look, people say what they find.",
        "Whether the service is good enough. Steady can be steadily poor.",
        "What next week will be. Limits say what is unremarkable if nothing changes.",
    ),
    honesty="The three examples are synthetic, made from published recipes and a seed. Your own numbers never leave this page.",
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: X chart, moving-range chart, signals, two verdicts, a sentence, and the data behind them."""
    if params["source"] == "own":
        if not params["pasted"].strip():
            return schema.view(
                [],
                summary="Waiting for numbers.",
                notices=[
                    schema.notice("info", "Paste or load your numbers to see their chart.", control="pasted")
                ],
            )
        series = pasted.read_series(params["pasted"])
        measured = Measurements("Your numbers", "", series.labels, series.values, series.notes)
    else:
        measured = EXAMPLES[params["source"]]()
    notices = [schema.notice("info", note) for note in measured.notes]
    chart, refused = _chart(measured, params)
    notices += refused + _cautions(chart, measured, params)
    headline = _headline(chart, measured)
    panels = [
        _x_figure(chart, measured, params, headline),
        schema.sentence(headline, heading="In plain English", reveal=True),
        _verdict("Variation", chart.variation),
        _verdict("Against the target", chart.assurance),
    ]
    if params["prediction"] is not None:
        panels.insert(1, schema.sentence(_judge(chart, measured, params), heading="Your line", reveal=True))
    if params["standard_deviation"]:
        panels.append(schema.sentence(_compare(chart, measured), heading="The short cut", reveal=True))
    panels += [
        schema.listing(
            "Signals, and the rule that saw each",
            _whys(chart, measured),
            empty="No rule fired. Nothing here asks for a special explanation.",
            reveal=True,
        ),
        _range_figure(chart, measured),
        _table(chart, measured),
    ]
    return schema.view(panels, summary=headline, notices=notices, data=_download(chart, measured))


def _chart(measured: Measurements, params: schema.Params) -> tuple[spc.XmrChart, list[dict[str, Any]]]:
    refused = []
    recalculations = []
    for row in sorted(params["recalculations"], key=lambda row: row["at"]):
        if not row["reason"].strip():
            refused.append(
                schema.notice(
                    "warning",
                    f"New limits from point {row['at']} wait for a reason: say what changed in the work. "
                    "Limits redrawn without one hide the signal they should show.",
                    control="recalculations",
                )
            )
        else:
            recalculations.append(spc.Recalculation(at=row["at"] - 1, reason=row["reason"].strip()))
    chart = spc.xmr(
        measured.values,
        labels=measured.labels,
        improvement_direction=params["improvement_direction"],
        target=params["target"],
        baseline=params["baseline"],
        recalculations=recalculations,
        screen=params["screen"],
    )
    return chart, refused


def _cautions(chart: spc.XmrChart, measured: Measurements, params: schema.Params) -> list[dict[str, Any]]:
    cautions = []
    for phase in chart.phases:
        if phase.trial:
            cautions.append(
                schema.notice(
                    "warning",
                    f"Trial limits: only {phase.points_used} points from {measured.labels[phase.start]}. "
                    "Below 13 the limits themselves can be far out. Use them to keep watching, not to judge.",
                )
            )
    if len(chart.phases) > 1:
        before = spc.xmr(
            measured.values,
            labels=measured.labels,
            baseline=params["baseline"] or chart.phases[1].start,
            screen=params["screen"],
        )
        runs = [signal.points for signal in before.signals if signal.rule == "shift"]
        cautions += [
            schema.notice("warning", caution, control="recalculations")
            for phase in chart.phases[1:]
            if (caution := _unearned(phase.start, runs, measured))
        ]
    return cautions


def _unearned(start: int, runs: list[tuple[int, ...]], measured: Measurements) -> str | None:
    """Say why new limits at `start` are not earned by a lasting run in the chart without them, or None if they are."""
    if any(abs(run[0] - start) <= NEAR_ENOUGH for run in runs):
        return None
    here = f"point {start + 1} ({measured.labels[start]})"
    across = next((run for run in runs if run[-1] >= start), None)
    if across is None:
        return f"Without these new limits, no lasting run to one side begins near {here}. The data do not earn them."
    began = f"point {across[0] + 1} ({measured.labels[across[0]]})"
    return (
        f"New limits start at {here}, but the lasting run begins at {began}. Start them where the work changed, "
        "or the old and the new process are mixed."
    )


def _headline(chart: spc.XmrChart, measured: Measurements) -> str:
    phase = chart.phases[-1]
    limits = f"{_show(phase.lower_limit)} to {_show(phase.upper_limit)} {measured.unit}".rstrip()
    return (
        f"Going by {phase.points_used} points from {measured.labels[phase.start]}, anything from {limits} is unremarkable, "
        f"around a mean of {_show(phase.mean)}. {chart.variation.sentence}"
    )


def _verdict(heading: str, verdict: spc.Verdict) -> dict[str, Any]:
    said = verdict.sentence.removeprefix(f"{verdict.words}. ")
    return schema.verdict(heading, verdict.code, verdict.words, said, reveal=True)


def _whys(chart: spc.XmrChart, measured: Measurements) -> list[str]:
    """One sentence a signal, but one for all the points beyond the same limit when there are many."""
    whys = []
    for phase in chart.phases:
        within = [signal for signal in chart.signals if phase.start <= signal.points[0] < phase.stop]
        for direction, limit in (("high", phase.upper_limit), ("low", phase.lower_limit)):
            outside = [s for s in within if s.rule == "outside_limits" and s.direction == direction]
            if len(outside) > 3:
                within = [signal for signal in within if signal not in outside]
                listed = ", ".join(
                    f"{measured.labels[s.points[0]]} ({_show(chart.values[s.points[0]])})" for s in outside
                )
                side = "above the upper" if direction == "high" else "below the lower"
                whys.append(
                    f"{len(outside)} points are {side} limit of {_show(limit)} (mean {_show(phase.mean)}, "
                    f"2.66 times the average moving range of {_show(phase.mean_moving_range)} away): {listed}."
                )
        whys += [signal.why for signal in within]
    return whys


def _judge(chart: spc.XmrChart, measured: Measurements, params: schema.Params) -> str:
    line, phase = params["prediction"], chart.phases[0]
    low_is_worry = params["improvement_direction"] == "increase"
    limit = phase.lower_limit if low_is_worry else phase.upper_limit
    within = [
        value
        for index, value in enumerate(chart.values[phase.start : phase.stop], start=phase.start)
        if value is not None and not chart.signals_at(index)
    ]
    asked = sum(value <= line if low_is_worry else value >= line for value in within)
    side = "lower" if low_is_worry else "upper"
    start = f"You would ask at {_show(line)} {measured.unit}".rstrip()
    if asked:
        return (
            f"{start}. That sends you asking about {asked} of the {len(within)} points that carry no signal: ordinary variation, "
            f"each with a story made up for it. The {side} process limit is {_show(limit)}."
        )
    beyond = line < limit if low_is_worry else line > limit
    if beyond:
        missed = sum(
            (limit > value > line) if low_is_worry else (limit < value < line)
            for value in chart.values[phase.start : phase.stop]
            if value is not None
        )
        cost = (
            f"You would have slept through {_count(missed, 'point')} outside the limits."
            if missed
            else "No point has landed between the two, so the guess has cost nothing yet."
        )
        return f"{start}, beyond the {side} process limit of {_show(limit)}. {cost}"
    return f"{start}, close to the {side} process limit of {_show(limit)}, and no ordinary point would have called you out."


def _compare(chart: spc.XmrChart, measured: Measurements) -> str:
    lower, upper = _deviation_limits(chart)
    phase = chart.phases[-1]
    present = [value for value in chart.values if value is not None]
    outside = sum(not lower <= value <= upper for value in present)
    by_ranges = sum(
        "outside_limits" in {s.rule for s in chart.signals_at(i)} for i in range(len(chart.values))
    )
    wider = "wider" if upper - lower > phase.upper_limit - phase.lower_limit else "narrower"
    return (
        f"Three standard deviations of all {len(present)} values give {_show(lower)} to {_show(upper)}: {wider} than the "
        f"natural limits. They see {outside} {'point' if outside == 1 else 'points'} outside; the moving range sees "
        f"{by_ranges}. A standard deviation counts the shift you are looking for as ordinary spread."
    )


def _deviation_limits(chart: spc.XmrChart) -> tuple[float, float]:
    present = [value for value in chart.values if value is not None]
    centre, spread = statistics.fmean(present), statistics.stdev(present)
    return centre - 3 * spread, centre + 3 * spread


def _x_figure(
    chart: spc.XmrChart, measured: Measurements, params: schema.Params, headline: str
) -> dict[str, Any]:
    x = list(range(1, len(chart.values) + 1))
    marks = []
    for phase in chart.phases:
        ends = {"x1": [phase.start + 0.5], "x2": [phase.stop + 0.5]}
        last = phase is chart.phases[-1]
        marks += [
            schema.mark("band", "limit", reveal=True, y1=[phase.lower_limit], y2=[phase.upper_limit], **ends),
            schema.mark(
                "rule_y", "centre", reveal=True, y=[phase.mean], label="Mean" if last else "", **ends
            ),
            schema.mark(
                "rule_y",
                "limit",
                reveal=True,
                y=[phase.upper_limit],
                label="Upper limit" if last else "",
                **ends,
            ),
            schema.mark(
                "rule_y",
                "limit",
                reveal=True,
                y=[phase.lower_limit],
                label="Lower limit" if last else "",
                **ends,
            ),
        ]
        if phase.reason:
            marks.append(
                schema.mark(
                    "rule_x", "recalculation", x=[phase.start + 0.5], label=phase.reason[:40], reveal=True
                )
            )
    if params["standard_deviation"]:
        for value, label in zip(_deviation_limits(chart), ("", "3 standard deviations"), strict=True):
            marks.append(schema.mark("rule_y", "comparison", reveal=True, y=[value], label=label))
    if params["target"] is not None:
        marks.append(schema.mark("rule_y", "target", y=[params["target"]], label="Target"))
    if params["prediction"] is not None:
        marks.append(schema.mark("rule_y", "prediction", y=[params["prediction"]], label="Your line"))
    marks += [
        schema.mark("line", "data", x=x, y=chart.values),
        schema.mark("dot", "data", x=x, y=chart.values, title=_titles(chart, measured)),
    ]
    for role, points in _signal_points(chart).items():
        marks.append(
            schema.mark(
                "dot",
                role,
                reveal=True,
                label={"signal_improvement": "Improvement", "signal_concern": "Concern"}.get(
                    role, "Special cause"
                ),
                x=[index + 1 for index in points],
                y=[chart.values[index] for index in points],
                title=[_titles(chart, measured)[index] for index in points],
            )
        )
    return schema.figure(
        measured.what,
        marks,
        description=f"X chart of {len(chart.values)} points, {measured.labels[0]} to {measured.labels[-1]}. {headline} "
        f"{_count(sum(map(len, _signal_points(chart).values())), 'point')} marked as part of a signal.",
        x_label="",
        y_label=measured.unit.capitalize() or "Value",
        x_ticks=measured.labels,
        height=340,
    )


def _range_figure(chart: spc.XmrChart, measured: Measurements) -> dict[str, Any]:
    marks = []
    for phase, limit in zip(chart.phases, chart.moving_range_limits, strict=True):
        ends = {"x1": [phase.start + 0.5], "x2": [phase.stop + 0.5]}
        last = phase is chart.phases[-1]
        marks += [
            schema.mark(
                "rule_y", "centre", y=[phase.mean_moving_range], label="Average range" if last else "", **ends
            ),
            schema.mark("rule_y", "limit", y=[limit], label="Upper limit" if last else "", **ends),
        ]
    x = list(range(1, len(chart.values) + 1))
    marks += [
        schema.mark("line", "data", x=x, y=chart.moving_ranges),
        schema.mark("dot", "data", x=x, y=chart.moving_ranges),
    ]
    phase = chart.phases[-1]
    above = [
        measured.labels[i]
        for one, limit in zip(chart.phases, chart.moving_range_limits, strict=True)
        for i in range(one.start, one.stop)
        if (chart.moving_ranges[i] or 0) > limit
    ]
    listed = f"Above it: {', '.join(above)}." if above else "None is above it."
    return schema.figure(
        "Moving range: the step from each point to the next",
        marks,
        description=f"Moving-range chart. The average step is {_show(phase.mean_moving_range)} and its upper limit "
        f"{_show(chart.moving_range_limits[-1])}. {listed}",
        x_label="",
        y_label="Step" + (f", {measured.unit}" if measured.unit else ""),
        x_ticks=measured.labels,
        y_zero=True,
        height=190,
        reveal=True,
    )


def _signal_points(chart: spc.XmrChart) -> dict[str, list[int]]:
    better = {"increase": "high", "decrease": "low"}.get(chart.improvement_direction)
    points: dict[str, list[int]] = {}
    for index in range(len(chart.values)):
        directions = {signal.direction for signal in chart.signals_at(index)}
        if directions:
            if better is None:
                role = "signal_neutral"
            else:
                role = "signal_improvement" if better in directions else "signal_concern"
            points.setdefault(role, []).append(index)
    return points


def _titles(chart: spc.XmrChart, measured: Measurements) -> list[str]:
    titles = []
    for index, value in enumerate(chart.values):
        rules = ", ".join(signal.rule.replace("_", " ") for signal in chart.signals_at(index))
        shown = "missing" if value is None else f"{_show(value)} {measured.unit}".rstrip()
        titles.append(f"{measured.labels[index]}: {shown}" + (f" ({rules})" if rules else ""))
    return titles


def _table(chart: spc.XmrChart, measured: Measurements) -> dict[str, Any]:
    data = _download(chart, measured)
    return schema.table(
        "Every point, with its limits and signals", data["columns"], data["rows"], reveal=True
    )


def _download(chart: spc.XmrChart, measured: Measurements) -> dict[str, Any]:
    rows = []
    for phase in chart.phases:
        for index in range(phase.start, phase.stop):
            rows.append(
                [
                    index + 1,
                    measured.labels[index],
                    chart.values[index],
                    chart.moving_ranges[index],
                    phase.mean,
                    phase.lower_limit,
                    phase.upper_limit,
                    ", ".join(signal.rule.replace("_", " ") for signal in chart.signals_at(index)),
                ]
            )
    return {
        "columns": [
            "Point",
            "Label",
            "Value",
            "Moving range",
            "Mean",
            "Lower limit",
            "Upper limit",
            "Rules that fired",
        ],
        "rows": rows,
    }


def _day(day: Any) -> str:
    return f"{day.day} {day:%b %Y}"


def _show(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")


def _count(number: int, noun: str) -> str:
    return f"{number or 'No'} {noun}{'' if number == 1 else 's'}"
