"""W15 threshold bunching: what a time target does to the share in time, to the mean, and to the shape of the waits."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from statistics import fmean
from typing import Any

from improvement import datasets
from improvement.simulate import bunching as model
from improvement.views import pasted, schema
from improvement.views.schema import Choice, Number, Option, Points, Question, Seed, Series

BARS_BEFORE = model.FITTED_BINS
FEWEST_WAITS = 30
FEW_WAITS = 200
RARE = 3  # standard errors that luck seldom exceeds
CLOSE = 0.05  # an estimate of the excess within this share of it is a hit


@dataclass(frozen=True)
class Story:
    """A service under a time target; times in `unit`. `late` units beyond the target cost one harm point."""

    label: str
    sector: str
    what: str
    who: str
    one: str
    unit: str
    mean: float
    sd: float
    target: float
    tightest: float
    loosest: float
    window: float
    bar: float
    late: float
    late_name: str
    axis: float
    decimals: int

    def show(self, value: float) -> str:
        return schema.shown(value, self.decimals)


STORIES = {
    "stay": Story(
        "Acute: stay in an emergency department", "acute", "Stay in the department", "patients", "patient",
        "minutes", 210, 110, 240, 180, 300, 60, 10, 60, "an hour", 600, 1,
    ),
    "call": Story(
        "Ambulance: time to reach a call", "ambulance", "Time to reach the caller", "calls", "call",
        "minutes", 8.4, 3.4, 8, 6, 11, 2, 0.5, 1, "a minute", 20, 2,
    ),
    "visit": Story(
        "Community: urgent home visit", "community", "Time to the visit", "patients", "patient",
        "minutes", 110, 55, 120, 90, 150, 30, 5, 60, "an hour", 300, 1,
    ),
    "crisis": Story(
        "Mental health: crisis assessment", "mental health", "Time to the assessment", "people", "person",
        "hours", 22, 11, 24, 18, 32, 6, 1, 24, "a day", 60, 2,
    ),
    "appointment": Story(
        "Primary care: wait for an appointment", "primary care", "Wait for the appointment", "patients", "patient",
        "days", 12, 6, 14, 10, 18, 4, 1, 7, "a week", 35, 2,
    ),
    "repair": Story(
        "Outside health: a landlord's repairs", "", "Time to finish the repair", "repairs", "repair",
        "days", 25, 13, 28, 20, 36, 7, 2, 7, "a week", 70, 2,
    ),
}  # fmt: skip

RECORD_TARGET = 240
RECORD_BAR = 20
RECORD_AXIS = 600
MOVED_BY_RECIPE = 221
"""How many patients of `ed_departures` were moved before the target: see its data card."""

_MODEL = {"source": "model"}
_RECORD = {"source": "record"}
_OWN = {"source": "own"}


@cache
def _record() -> tuple[tuple[float, ...], tuple[str, ...]]:
    rows = datasets.read("ed_departures")
    return tuple(map(float, rows["minutes_in_department"])), tuple(rows["outcome"])


@cache
def _record_spike() -> model.Bunching:
    return model.find_bunching(_record()[0], RECORD_TARGET, RECORD_BAR)


def _ask() -> str:
    bars = [
        sum(high - RECORD_BAR < stay <= high for stay in _record()[0]) for high in range(120, 300, RECORD_BAR)
    ]
    listed = f"{', '.join(map(str, bars[:-1]))} and {bars[-1]}"
    return (
        f"From 100 minutes on, the record's bars of {RECORD_BAR} minutes hold {listed} patients. One stands out. How many too many "
        "are in it?"
    )


def model_of(
    story: Story, target: float, shorter: float, pressure: float, payback: float, harm: float
) -> model.Parameters:
    """Return the model's parameters; it counts harm by the hour of 60, so `late` units are made to stand for one."""
    kept = 1 - shorter / 100
    return model.Parameters(
        mean=story.mean * kept,
        sd=story.sd * kept,
        target=target,
        pressure=pressure / 100,
        window=story.window,
        rush=story.bar,
        payback=payback,
        harm_per_rushed=harm,
        harm_per_hour=60 / story.late,
        bin_width=story.bar,
    )


PRESSURE, PAYBACK, HARM = 60, 1.0, 1.0


@cache
def _asked() -> model.Result:
    """The department of the prediction, whatever the reader sets afterwards."""
    story = STORIES["stay"]
    return model.simulate(model_of(story, story.target, 0, PRESSURE, PAYBACK, HARM))


def _recipe_answers() -> tuple[dict[str, Any], ...]:
    return tuple(
        {"answer": schema.shown(value, 0), "right": right, "because": because}
        for value, right, because in (
            (_too_many(), True, _said_line()),
            (MOVED_BY_RECIPE, True, _said_recipe()),
            (_in_bar(), False, _said_whole_bar()),
        )
    )


def _in_bar() -> int:
    return round(_record_spike().observed * len(_record()[0]))


def _too_many() -> float:
    return _record_spike().excess * len(_record()[0])


def _said_line() -> str:
    expected = round(_in_bar() - _too_many())
    return (
        f"A straight line through the {BARS_BEFORE} bars before leads to {expected}; the bar holds {_in_bar()}. That is "
        f"{_too_many():.0f} too many, and you are within 5% of it. The recipe behind this record moved {MOVED_BY_RECIPE}: "
        "the bars were already bending down, and a straight line does not bend."
    )


def _said_recipe() -> str:
    return (
        f"You are within 5% of the truth: the recipe behind this record moved {MOVED_BY_RECIPE} patients. The computer's "
        f"straight line through {BARS_BEFORE} bars says {_too_many():.0f}. You saw the bars bending down; it did not. In a real "
        "record nobody knows the truth."
    )


def _said_whole_bar() -> str:
    return "That is everybody in the bar. Most bars near it hold about 200, so take away those who would have been there anyway."


def _said_other(given: float) -> str:
    way = "Too many" if given > MOVED_BY_RECIPE else "Too few"
    return (
        f"{way}. Read the {BARS_BEFORE} bars before it, carry their trend on by one bar, and take that from the {_in_bar()} in "
        "the bar. The counts are in the table."
    )


DECLARATION = schema.Declaration(
    title="Threshold bunching",
    intro="One target, the pressure to meet it, and what happens to everybody's time.",
    controls=(
        Choice(
            name="source",
            label="Whose waits?",
            default="model",
            radio=True,
            options=(
                Option(value="model", label="A service I set"),
                Option(value="record", label="A department's record: 2,400 departures"),
                Option(value="own", label="My own waits"),
            ),
        ),
        Choice(
            name="story",
            label="Which service?",
            default="stay",
            options=tuple(
                Option(value=name, label=story.label, sector=story.sector) for name, story in STORIES.items()
            ),
            show_when=_MODEL,
        ),
        Number(
            name="pressure",
            label="Pressure",
            help="The share of those just past the target who are hurried in before it.",
            default=PRESSURE,
            minimum=0,
            maximum=100,
            step=5,
            unit="%",
            show_when=_MODEL,
        ),
        Number(
            name="payback",
            label="Paid back by others",
            help="Each hour saved by hurrying adds this many hours to those who miss the target anyway. At 0 it is a pure gain.",
            default=PAYBACK,
            minimum=0,
            maximum=2,
            step=0.1,
            show_when=_MODEL,
        ),
        *(
            Number(
                name=f"target_{name}",
                label="Target",
                default=story.target,
                minimum=story.tightest,
                maximum=story.loosest,
                step=story.bar,
                unit=story.unit,
                show_when={**_MODEL, "story": name},
            )
            for name, story in STORIES.items()
        ),
        Number(
            name="shorter",
            label="Redesign the work",
            help="Every wait becomes this much shorter.",
            default=0,
            minimum=0,
            maximum=25,
            unit="%",
            show_when=_MODEL,
        ),
        Number(
            name="harm",
            label="Harm points for being hurried",
            help="Time beyond the target costs points too: the table says how many. Nobody knows the true rate, so you choose.",
            default=HARM,
            minimum=0,
            maximum=3,
            step=0.5,
            show_when=_MODEL,
        ),
        Seed(label="Luck", help="Draw another 6,000 from the same service.", show_when=_MODEL),
        Points(name="bar", label="The bar that stands out", maximum=RECORD_AXIS // RECORD_BAR),
        Question(
            name="excess",
            label=_ask(),
            control=Number(name="excess", label=_ask(), default=None, minimum=0, maximum=2400, unit="patients"),
            answers=_recipe_answers(),
            show_when=_RECORD,
        ),
        Number(name="own_target", label="Your target", help="A wait of exactly this meets it.", default=None, step=0.5, optional=True, show_when=_OWN),
        Series(
            name="pasted",
            label="Your waits",
            help="One person's wait on each line, in any unit. 200 or more make a shape. No names or numbers of patients.",
            placeholder="212\n187\n239\n301",
            show_when=_OWN,
        ),
    ),
    prediction=schema.Prediction(
        question=(
            f"A department is pressed to get more patients out within {RECORD_TARGET} minutes. The share goes from "
            f"{100 * _asked().without.met:.0f}% to {100 * _asked().pressed.met:.0f}%. The mean stay was "
            f"{_asked().without.mean:.0f} minutes before. What is it now?"
        ),
        control=Number(name="prediction", label="Mean stay now", default=None, minimum=60, maximum=400, unit="minutes"),
    ),
    assumptions=(
        *model.ASSUMPTIONS[:2],
        "You set who pays. At 1, time saved on the hurried is taken in full from those who miss anyway.",
        model.ASSUMPTIONS[3],
        "Before and after are the same people with the same luck.",
        f"The expected height of a bar is the straight line through the {BARS_BEFORE} bars before it, carried on by one bar.",
    ),
    cannot_tell=(
        *model.CANNOT_TELL,
        "Which person did what. Behaviour follows how a target is built.",
    ),
    honesty="The service you set is a model with invented numbers. The record is synthetic (dataset D01). Your own waits never "
    "leave this page.",
)  # fmt: skip


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: a histogram with its target, who gained and who paid, or the spike in a record."""
    if params["source"] == "model":
        return _set(params)
    if params["source"] == "record":
        return _read_record(params)
    return _own(params)


# A service the reader sets


def _set(params: schema.Params) -> dict[str, Any]:
    story = STORIES[params["story"]]
    target = params[f"target_{params['story']}"]
    before = _run(params, story, target, shorter=0, pressure=0)
    after = _run(params, story, target, shorter=params["shorter"], pressure=params["pressure"])
    was, now = before.without, after.pressed
    said = (
        f"In time: {_percent(was.met)} before, {_percent(now.met)} after. Mean: {story.show(was.mean)} before, "
        f"{story.show(now.mean)} {story.unit} after."
    )
    panels = [_dashboard(story, target, was, now)]
    if params["prediction"] is not None:
        panels.append(schema.sentence(_weigh(params["prediction"]), heading="Your guess", reveal=True))
    panels += [
        _before_and_after(story, target, before, after),
        _balance(story, params, was, now),
        schema.sentence(_meaning(story, was, now), heading="What the dashboard could not tell", reveal=True),
        schema.sentence(_spike(story, target, after), heading="The spike", reveal=True),
        _challenge(was, now),
    ]
    data = {"columns": ["From", "To", "Before", "After"], "rows": _bins(story, target, before, after)}
    panels.append(schema.table(f"Every bar, in {story.unit}", data["columns"], data["rows"], reveal=True))
    return schema.view(panels, summary=said, data=data)


def _run(
    params: schema.Params, story: Story, target: float, *, shorter: float, pressure: float
) -> model.Result:
    return model.simulate(
        model_of(story, target, shorter, pressure, params["payback"], params["harm"]), seed=params["seed"]
    )


def _dashboard(story: Story, target: float, was: model.Summary, now: model.Summary) -> dict[str, Any]:
    better = _percent(now.met) != _percent(was.met)
    arrow = ("▲ better" if now.met > was.met else "▼ worse") if better else "= the same"
    return schema.table(
        f"The dashboard: share of {story.who} within {target:g} {story.unit}",
        ["Before", "After", "Arrow"],
        [[_percent(was.met), _percent(now.met), arrow]],
        open=True,
    )


def _weigh(guess: float) -> str:
    was, now = _asked().without, _asked().pressed
    first = (
        f"You said {guess:g} minutes. In the department you were asked about it is {now.mean:.0f}, as before: the minutes saved on {now.rushed} "
        f"patients just past the line were added to those who missed it anyway."
    )
    gap = guess - was.mean
    if abs(gap) < 1:
        return f"{first} You were not taken in. But could you have known it from the percentage? Move “paid back by others” and see."
    if gap < 0:
        return f"{first} A better percentage feels like shorter waits. It counts who crossed a line, and not by how much."
    return f"{first} It can rise too: set “paid back by others” above 1. The percentage would look just the same."


def _before_and_after(
    story: Story, target: float, before: model.Result, after: model.Result
) -> dict[str, Any]:
    rows = _bins(story, target, before, after)
    middle = [(low + high) / 2 for low, high, _, _ in rows]
    beyond = sum(stay > story.axis for stay in after.stays)
    at, past = _around(rows, target)
    off = f" {beyond:,} beyond {story.axis:g} {story.unit} are not drawn." if beyond else ""
    return schema.figure(
        f"{story.what}, 6,000 {story.who}, in bars of {story.bar:g} {story.unit if story.bar != 1 else story.unit.removesuffix('s')}",
        [
            schema.mark(
                "bar",
                "group_a",
                label="After",
                x1=[row[0] for row in rows],
                x2=[row[1] for row in rows],
                y=[row[3] for row in rows],
                title=[f"{low:g} to {high:g} {story.unit}: {now:,}" for low, high, _, now in rows],
            ),
            schema.mark("line", "group_b", label="Before", x=middle, y=[float(row[2]) for row in rows]),
            schema.mark("rule_x", "target", label=f"Target {target:g}", x=[target]),
        ],
        description=(
            f"Two histograms of the same {story.who}. The last bar before the target held {at[2]:,} before and holds "
            f"{at[3]:,} after. The first bar past it held {past[2]:,} and holds {past[3]:,}.{off}"
        ),
        x_label=story.unit.capitalize(),
        y_label=story.who.capitalize(),
        x_range=(0, story.axis),
        y_zero=True,
        height=310,
        reveal=True,
    )


def _around(rows: Sequence[Sequence[Any]], target: float) -> tuple[Sequence[Any], Sequence[Any]]:
    place = next(place for place, row in enumerate(rows) if math.isclose(row[1], target))
    return rows[place], rows[place + 1]


def _bins(story: Story, target: float, before: model.Result, after: model.Result) -> list[list[Any]]:
    edges = _edges(target, story.bar, story.axis)
    counted = zip(_counts(before.stays, edges), _counts(after.stays, edges), strict=True)
    return [[low, high, was, now] for (low, high), (was, now) in zip(_pairs(edges), counted, strict=True)]


def _edges(target: float, width: float, top: float) -> list[float]:
    """Bar edges from the target down to just above 0 and up to `top` at most, with 0 below them if need be."""
    down = math.floor(target / width + 1e-9)
    first = target - down * width
    count = math.floor((top - first) / width + 1e-9)
    edges = [round(first + step * width, 9) for step in range(count + 1)]
    return edges if edges[0] == 0 else [0.0, *edges]


def _pairs(edges: Sequence[float]) -> list[tuple[float, float]]:
    return list(pairwise(edges))


def _counts(values: Sequence[float], edges: Sequence[float]) -> list[int]:
    """How many values lie in each bar, closed on the right; 0 belongs to the first, and those beyond to none."""
    bars = [0] * (len(edges) - 1)
    width = edges[-1] - edges[-2]
    for value in values:
        place = max(0, math.ceil((value - edges[1]) / width - 1e-9))
        if place < len(bars):
            bars[place] += 1
    return bars


def _balance(story: Story, params: schema.Params, was: model.Summary, now: model.Summary) -> dict[str, Any]:
    rates = f"1 for {story.late_name} late, {params['harm']:g} for being hurried"

    def row(name: str, before: float, after: float, decimals: int) -> list[str]:
        change = round(after, decimals) - round(before, decimals)
        sign = "+" if round(change, decimals) > 0 else ""
        return [
            name,
            schema.shown(before, decimals),
            schema.shown(after, decimals),
            f"{sign}{schema.shown(change, decimals)}",
        ]

    return schema.table(
        f"The same 6,000 {story.who}, times in {story.unit}, harm points per 100: {rates}",
        ["Measure", "Before", "After", "Change"],
        [
            row("In time, %", 100 * was.met, 100 * now.met, 1),
            row("Mean", was.mean, now.mean, story.decimals),
            row("Slowest 1 in 20, from", was.p95, now.p95, story.decimals),
            row("Longest", was.longest, now.longest, story.decimals),
            row("Hurried", 0, now.rushed, 0),
            row("Harm points", was.harm, now.harm, 1),
        ],
        open=True,
        reveal=True,
    )


def _meaning(story: Story, was: model.Summary, now: model.Summary) -> str:
    share = round(100 * now.met, 1) - round(100 * was.met, 1)
    mean = round(now.mean, story.decimals) - round(was.mean, story.decimals)
    if share <= 0 and mean == 0:
        return "Nothing has changed yet. Add pressure, or redesign the work."
    up = "The share in time went up" if share > 0 else "The share in time did not move"
    if not now.rushed:
        return f"{up}. Every wait is shorter, so nobody was hurried and nobody paid. There is no spike: the whole shape has moved."
    if mean == 0:
        return f"{up} and the mean did not move. The waiting is all still there. Some of it now belongs to other people."
    if mean > 0:
        return f"{up} and the mean got worse. Those beyond the target paid more than the hurried gained."
    return f"{up} and the mean fell: time was gained. The same share in time can come with a mean that stands still or rises."


def _spike(story: Story, target: float, after: model.Result) -> str:
    found, number, bars = after.found, len(after.stays), _bars_before(after.stays, after.found, story.bar)
    if not _at(found, target) or found.excess * number <= _luck(found.expected * number, bars):
        return (
            f"No bar at the target stands out by more than luck could do. Hurried: {after.pressed.rushed:,}."
        )
    return (
        f"The bar that stands out most runs from {found.low:g} to {found.high:g} {story.unit} and holds "
        f"{round(found.observed * number):,}. The {BARS_BEFORE} bars before it, carried on in a straight line, lead to "
        f"{round(found.expected * number):,}. That is {round(found.excess * number):,} too many. Truly hurried: "
        f"{after.pressed.rushed:,}."
    )


def _at(found: model.Bunching, target: float) -> bool:
    return math.isclose(found.high, target, rel_tol=1e-6)


def _bars_before(values: Sequence[float], found: model.Bunching, width: float) -> int:
    """How many bars the straight line was drawn through: six, or fewer near the shortest value."""
    return min(BARS_BEFORE, max(0, math.floor((found.low - min(values)) / width + 1e-9) + 1))


def _luck(expected: float, bars: int) -> float:
    """The excess that luck seldom passes: Poisson counts about a least-squares line carried on by one bar."""
    if bars == 0:
        return math.inf
    if bars == 1:
        return RARE * math.sqrt(2 * max(1.0, expected))
    leverage = 1 / bars + ((bars + 1) / 2) ** 2 / (bars * (bars * bars - 1) / 12)
    return RARE * math.sqrt((1 + leverage) * max(1.0, expected))


def _challenge(was: model.Summary, now: model.Summary) -> dict[str, Any]:
    hurried = now.rushed > 0 and now.met > was.met
    met = hurried and round(now.mean, 2) < round(was.mean, 2) and now.harm < was.harm
    if met:
        text = (
            "Here pressure did good: more in time, a shorter mean, less harm. The English four-hour target may have been such "
            "a case. And the percentage alone could not have told you."
        )
    elif not hurried:
        text = "Somebody has to be hurried for this one."
    elif now.mean >= was.mean - 0.005:
        text = "More are in time, and the mean is no shorter. Whose time was saved, and who paid?"
    else:
        text = "More in time and a shorter mean. By your exchange rate, harm has not fallen."
    return schema.challenge(
        "Find settings in which hurrying people does good: more in time, a shorter mean and fewer harm points.",
        met,
        text,
    )


# A department's record


def _read_record(params: schema.Params) -> dict[str, Any]:
    stays, outcomes = _record()
    edges = _edges(RECORD_TARGET, RECORD_BAR, RECORD_AXIS)
    pairs, bars = _pairs(edges), _counts(stays, edges)
    admitted = _counts(
        [stay for stay, outcome in zip(stays, outcomes, strict=True) if outcome == "admitted"], edges
    )
    answered = params["excess"] is not None
    panels = [_pick_figure(stays, pairs, bars)]
    if params["bar"]:
        panels.append(schema.sentence(_marked(params["bar"], pairs, bars), heading="Your mark"))
    if answered:
        given = params["excess"]
        if abs(given - _too_many()) <= CLOSE * _too_many():
            panels.append(schema.feedback("excess", True, _said_line()))
        elif abs(given - MOVED_BY_RECIPE) <= CLOSE * MOVED_BY_RECIPE:
            panels.append(schema.feedback("excess", True, _said_recipe()))
        elif abs(given - _in_bar()) <= CLOSE * _in_bar():
            panels.append(schema.feedback("excess", False, _said_whole_bar()))
        else:
            panels.append(schema.feedback("excess", False, _said_other(given)))
        panels.append(schema.sentence(_whom(bars, admitted), heading="Who was in it"))
    share = sum(stay <= RECORD_TARGET for stay in stays) / len(stays)
    said = (
        f"{len(stays):,} departures. {_percent(share)} within {RECORD_TARGET} minutes, mean {fmean(stays):.0f} minutes, "
        f"longest {max(stays):,.0f}."
    )
    panels.append(schema.sentence(said, heading="The record"))
    columns = ["From", "To", "Patients", "Admitted to any bed"]
    rows = [[low, high, count, beds] for (low, high), count, beds in zip(pairs, bars, admitted, strict=True)]
    panels.append(
        schema.table("Every bar: minutes past the first number, up to the second", columns, rows, open=False)
    )
    return schema.view(panels, summary=said, data={"columns": columns, "rows": rows})


def _record_place() -> int:
    """The place, from 1, of the bar that ends at the target."""
    return RECORD_TARGET // RECORD_BAR


def _pick_figure(
    stays: Sequence[float], pairs: Sequence[tuple[float, float]], bars: Sequence[int]
) -> dict[str, Any]:
    titles = [
        f"{low + 1:g} to {high:g} minutes: {count} patients"
        for (low, high), count in zip(pairs, bars, strict=True)
    ]
    places = list(range(1, len(pairs) + 1))
    beyond = sum(stay > RECORD_AXIS for stay in stays)
    return schema.figure(
        f"Minutes in an emergency department, {len(stays):,} patients. Mark the bar that stands out",
        [
            schema.mark(
                "bar",
                "quiet",
                x1=[place - 0.5 for place in places],
                x2=[place + 0.5 for place in places],
                y=bars,
                title=titles,
            ),
            schema.mark("dot", "data", x=places, y=bars, title=titles),
            schema.mark("rule_x", "target", label=f"Target {RECORD_TARGET}", x=[_record_place() + 0.5]),
        ],
        description=f"A histogram in bars of {RECORD_BAR} minutes. " + "; ".join(titles) + f". {beyond} stayed longer.",
        x_label="Minutes, up to",
        y_label="Patients",
        x_ticks=[f"{high:g}" for _, high in pairs],
        y_zero=True,
        height=310,
        pick="bar",
    )  # fmt: skip


def _marked(marked: Sequence[int], pairs: Sequence[tuple[float, float]], bars: Sequence[int]) -> str:
    right = _record_place()
    if list(marked) == [right]:
        low, high = pairs[right - 1]
        return (
            f"Yes. {low + 1:g} to {high:g} minutes holds {bars[right - 1]}; its neighbours hold {bars[right - 2]} and "
            f"{bars[right]}. Nothing in a human body changes at {high:g} minutes. Something does for everyone who works by the clock."
        )
    if right in marked:
        return "It is among those you marked. Leave only the one that differs from both its neighbours."
    if all(RECORD_TARGET < pairs[place - 1][1] <= 300 for place in marked):
        return "A dip, and the other half of the story: patients are missing here. Which bar are they in?"
    return "Its neighbours are much the same height. Look for a bar that differs from the bars on both sides of it."


def _whom(bars: Sequence[int], admitted: Sequence[int]) -> str:
    place = _record_place() - 1
    shares = [100 * admitted[at] / bars[at] for at in (place - 1, place, place + 1)]
    return (
        f"In the bar before, {shares[0]:.0f}% went to a bed in the hospital. In this one {shares[1]:.0f}%; in the next "
        f"{shares[2]:.0f}%. Perhaps beds were found just in time. Perhaps people were moved to stop a clock. The chart cannot "
        "say which: go and watch the last twenty minutes, with the people who work there."
    )


# The reader's own waits


def _own(params: schema.Params) -> dict[str, Any]:
    if not params["pasted"].strip() or params["own_target"] is None:
        missing = "own_target" if params["pasted"].strip() else "pasted"
        text = (
            "Type the target that these waits are held to."
            if params["pasted"].strip()
            else "Paste or load your waits, one for each person."
        )
        return schema.view(
            [], summary="Waiting for waits.", notices=[schema.notice("info", text, control=missing)]
        )
    series = pasted.read_series(params["pasted"])
    waits = [value for value in series.values if value is not None]
    target = params["own_target"]
    if min(waits) < 0:
        raise ValueError(
            f"A wait of {min(waits):g} is below nought. Take it out, or check which clock came first."
        )
    if target <= 0:
        raise ValueError("The target must be more than nought, in the unit of your waits.")
    grain = _grain(waits)
    width = max(1, round(target / 12 / grain)) * grain
    if width > target:
        raise ValueError(
            f"A target of {target:g} is smaller than the steps your waits come in ({grain:g}). Paste finer times."
        )
    number = len(waits)
    top = max(target + 2 * width, min(max(waits) + width, 2.5 * target))
    edges = _edges(target, width, top)
    pairs, bars = _pairs(edges), _counts(waits, edges)
    share = sum(wait <= target for wait in waits) / number
    said = (
        f"{number:,} waits. {_percent(share)} within {target:g}. Mean {_own_shown(fmean(waits))}, longest "
        f"{_own_shown(max(waits))}."
    )
    notices = [schema.notice("info", note) for note in series.notes if "shown as a gap" not in note]
    left_out = len(series.values) - number
    if left_out:
        notices.append(schema.notice("info", f"{left_out} without a number left out."))
    notices += _cautions(waits, grain)
    titles = [f"{low:g} to {high:g}: {count}" for (low, high), count in zip(pairs, bars, strict=True)]
    beyond = sum(wait > edges[-1] for wait in waits)
    panels = [
        schema.figure(
            f"Your waits, {number:,} people, in bars of {width:g}",
            [
                schema.mark(
                    "bar",
                    "data",
                    x1=[low for low, _ in pairs],
                    x2=[high for _, high in pairs],
                    y=bars,
                    title=titles,
                ),
                schema.mark("rule_x", "target", label=f"Target {target:g}", x=[target]),
            ],
            description="; ".join(titles) + f". {beyond} longer than {edges[-1]:g} not drawn.",
            x_label="Wait",
            y_label="People",
            x_range=(0, edges[-1]),
            y_zero=True,
            height=310,
        ),
        schema.sentence(said, heading="What the percentage leaves out"),
        schema.sentence(_own_spike(waits, target, width), heading="The spike"),
    ]
    columns = ["From", "To", "People"]
    rows = [[low, high, count] for (low, high), count in zip(pairs, bars, strict=True)]
    panels.append(schema.table("Every bar: past the first number, up to the second", columns, rows))
    return schema.view(panels, summary=said, notices=notices, data={"columns": columns, "rows": rows})


def _grain(waits: Sequence[float]) -> float:
    """The steps that the waits come in: the greatest common divisor, to three decimals."""
    steps = math.gcd(*(round(1000 * wait) for wait in waits))
    return (steps or 1000) / 1000


def _cautions(waits: Sequence[float], grain: float) -> list[dict[str, Any]]:
    number = len(waits)
    cautions = []
    if number < FEW_WAITS:
        cautions.append(
            schema.notice(
                "warning",
                f"{number} waits are few: bars wobble by luck. {FEW_WAITS} or more show a shape. In a small set somebody may "
                "be recognised, too.",
                control="pasted",
            )
        )
    steps = Counter(round(wait / grain) % 5 == 0 for wait in waits)
    if number >= FEWEST_WAITS and steps[True] > number / 5 + RARE * math.sqrt(number * 0.16):
        cautions.append(
            schema.notice(
                "info",
                f"{_percent(steps[True] / number)} of your waits are multiples of {5 * grain:g}; a fifth would be so by chance. "
                "Times seem to be rounded, and a round target then draws a spike of its own.",
            )
        )
    elif grain >= 5:
        cautions.append(
            schema.notice(
                "info",
                f"All your waits are multiples of {grain:g}. They seem to be rounded, and rounding can make a spike.",
            )
        )
    return cautions


def _own_spike(waits: Sequence[float], target: float, width: float) -> str:
    number = len(waits)
    if number < FEWEST_WAITS:
        return f"With {number} waits nobody can say. Paste {FEWEST_WAITS} at the very least."
    found = model.find_bunching(waits, target, width)
    bars = _bars_before(waits, found, width)
    where = f"The bar that stands out most runs from {found.low:g} to {found.high:g}"
    if bars < 2:
        return f"{where}. Too few bars come before it to say what to expect there. Paste more waits, or finer ones."
    excess, expected = found.excess * number, found.expected * number
    counted = (
        f"{where} and holds {round(found.observed * number)}. The {bars} bars before it, carried on in a straight line, lead "
        f"to {expected:.0f}: {excess:.0f} too many."
    )
    luck = _luck(expected, bars)
    if excess <= luck:
        return f"{counted} Luck alone can do about {luck:.0f}, so let it rest."
    if not _at(found, target):
        return f"{counted} It does not end at your target. Is there another target, a shift change or a round number there?"
    return (
        f"{counted} Luck alone seldom passes {luck:.0f}. Something happens near this line. It may be hurry, honest last-minute effort, "
        "rounding or late recording. Ask the people who do the work, and look at who is in that bar."
    )


def _own_shown(value: float) -> str:
    return schema.shown(value, 1)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"
