"""Hello, variation: twelve journeys on which nothing changed, and how far apart they are all the same."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from improvement.simulate import checks, streams
from improvement.views import pasted, schema
from improvement.views.schema import Choice, Number, Option, Seed, Series

DAYS = 12
MEAN = 30
SPREAD = 5
FEWEST, MOST = 5, 30
DRAWS = 5
SHORTEST = 1  # minutes: nobody arrives before setting out

DECLARATION = schema.Declaration(
    title="Hello, variation",
    intro="The same journey to work, twelve mornings running. Press anything. Reset puts it all back.",
    prediction=schema.Prediction(
        question="Same road, same car, same start, no roadworks. The journey takes about 30 minutes. Of twelve mornings, "
        "how many minutes apart will the quickest and the slowest be?",
        control=Number(
            name="prediction",
            label="Minutes apart",
            default=None,
            minimum=0,
            maximum=120,
            unit="minutes",
        ),
    ),
    controls=(
        Choice(
            name="source",
            label="Whose twelve?",
            default="made-up",
            options=(
                Option(value="made-up", label="Made up: nothing ever changes"),
                Option(value="own", label="My own numbers"),
            ),
        ),
        Series(
            name="own",
            label="Your numbers",
            help=f"{FEWEST} to {MOST} of anything you do often: minutes to work, letters in the tray, calls before lunch. "
            "One on each line. They stay on this device.",
            placeholder="27\n34\n31\n29\n33",
            show_when={"source": "own"},
        ),
        Number(
            name="spread",
            label="How much mornings differ",
            help="The standard deviation. At 0 every morning is the same.",
            default=SPREAD,
            minimum=0,
            maximum=8,
            unit="minutes",
            show_when={"source": "made-up"},
        ),
        Seed(),
    ),
    assumptions=(
        "Made-up mornings are independent draws from one normal distribution around 30 minutes, rounded to whole minutes; "
        "none is under 1.",
        "Your own numbers are compared with draws that have the same mean and the same standard deviation.",
    ),
    cannot_tell=(
        "Why any one morning was slow. In the made-up ones there is nothing to find.",
        "Whether something changed in your own numbers: they need a chart with limits, and more of them.",
    ),
    honesty="Illustrative: the mornings are made up by a seeded draw and are not anybody's.",
)


def journeys(seed: int = 1, mean: float = MEAN, spread: float = SPREAD, days: int = DAYS) -> list[int]:
    """Return that many journey times in whole minutes, drawn from one normal distribution: nothing changes.

    `mean` and `spread` (the standard deviation) are in minutes. A draw under 1 minute counts as 1.

    Raises ValueError for a spread below 0, a mean outside 1 to 1,000, fewer than 1 day or a seed that is not whole.
    """
    checks.number("mean", mean, 1, 1000)
    checks.number("spread", spread, 0, 1000)
    checks.whole("days", days, 1, 1000)
    return [max(SHORTEST, round(value)) for value in _draw(seed, "journeys", mean, spread, days)]


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the list, how far apart it is, and draws of the same spread beside it."""
    if params["source"] == "own":
        values = _own(params["own"])
        mean, spread, name, unit = statistics.fmean(values), statistics.stdev(values), "Yours", ""
    else:
        values = [float(one) for one in journeys(params["seed"], MEAN, params["spread"])]
        mean, spread, name, unit = MEAN, params["spread"], "This list", " minutes"
    own = params["source"] == "own"
    others = _others(
        params["seed"], mean, spread, len(values), round_to=0 if _whole(values) else 1, floor=not own
    )
    apart = max(values) - min(values)
    others_apart = sorted(max(one) - min(one) for one in others)
    told = _told(values, unit, own=own)
    panels = [
        _line(values, told, own=own),
        schema.sentence(told, heading="What you see", reveal=True),
    ]
    if params["prediction"] is not None and not own:
        panels.append(
            schema.sentence(_guessed(params["prediction"], apart), heading="Your guess", reveal=True)
        )
    panels += [
        _strips(values, others, name, own=own),
        schema.sentence(
            _beside(apart, others_apart, unit, own=own), heading="Beside five others", reveal=True
        ),
        schema.challenge(
            "Get a list with no variation at all.",
            apart == 0,
            _CHALLENGE[apart == 0],
        ),
    ]
    columns = ["Order", name, *[f"Draw {place}" for place in range(1, DRAWS + 1)]]
    rows = [[place, *numbers] for place, numbers in enumerate(zip(values, *others, strict=True), start=1)]
    panels.append(schema.table("Every number", columns, rows, reveal=True))
    return schema.view(panels, summary=told, data={"columns": columns, "rows": rows})


_CHALLENGE = {
    True: "Every number is the same. Real work is almost never like this: when it is, ask whether somebody is rounding, "
    "copying or writing down the target.",
    False: "One setting of the made-up mornings can do it. Then ask yourself when you last saw real numbers like that.",
}


def _own(text: str) -> list[float]:
    if not text.strip():
        raise ValueError(f"Paste or type {FEWEST} to {MOST} numbers, one on each line.")
    values = [value for value in pasted.read_series(text).values if value is not None]
    if not FEWEST <= len(values) <= MOST:
        raise ValueError(
            f"You gave {len(values)} number{'' if len(values) == 1 else 's'}. This little chart takes {FEWEST} to {MOST}."
        )
    return values


def _draw(seed: int, name: str | int, mean: float, spread: float, days: int) -> list[float]:
    stream = streams.seeded(seed, "hello-variation", name)
    return [streams.normal(stream, mean, spread) for _ in range(days)]


def _others(
    seed: int, mean: float, spread: float, days: int, *, round_to: int, floor: bool
) -> list[list[float]]:
    drawn = [_draw(seed, place, mean, spread, days) for place in range(1, DRAWS + 1)]
    least = SHORTEST if floor else float("-inf")
    return [[max(least, round(value, round_to)) + 0.0 for value in one] for one in drawn]


def _whole(values: Sequence[float]) -> bool:
    return all(float(value).is_integer() for value in values)


def _line(values: Sequence[float], told: str, *, own: bool) -> dict[str, Any]:
    x = list(range(1, len(values) + 1))
    mean = statistics.fmean(values)
    title = "Your numbers, in order" if own else "Twelve mornings: minutes to work"
    return schema.figure(
        title,
        [
            schema.mark(
                "rule_y", "centre", y=[mean], x1=[0.5], x2=[len(values) + 0.5], label="Mean", reveal=True
            ),
            schema.mark("line", "data", x=x, y=values, reveal=True),
            schema.mark(
                "dot", "data", x=x, y=values, reveal=True, title=[schema.shown(value) for value in values]
            ),
        ],
        description=f"{len(values)} points in order with their mean, {schema.shown(mean, 1)}. {told}",
        x_label="" if own else "Morning",
        y_label="Value" if own else "Minutes",
        x_ticks=[str(place) for place in x],
        y_range=None if own else (0, 60),
        height=240,
        reveal=True,
    )


def _strips(
    values: Sequence[float], others: Sequence[Sequence[float]], name: str, *, own: bool
) -> dict[str, Any]:
    rows = [values, *others]
    marks = [
        schema.mark(
            "dot",
            "group_a" if place == 1 else "ghost",
            x=list(row),
            y=[place] * len(row),
            label={1: name, 2: "Drawn with the same mean and spread"}.get(place, ""),
            reveal=True,
        )
        for place, row in enumerate(rows, start=1)
    ]
    ranges = "; ".join(
        f"{'draw ' + str(place) if place else name.lower()} {schema.shown(min(row))} to {schema.shown(max(row))}"
        for place, row in enumerate(rows)
    )
    return schema.figure(
        f"{name}, above five draws with the same mean and spread",
        marks,
        description=f"Each row is one list, spread along the axis. Lowest to highest: {ranges}.",
        x_label="Value" if own else "Minutes",
        y_label="",
        y_ticks=[name, *[f"Draw {place}" for place in range(1, DRAWS + 1)]],
        x_range=None if own else (0, 60),
        height=230,
        reveal=True,
    )


def _told(values: Sequence[float], unit: str, *, own: bool) -> str:
    apart = max(values) - min(values)
    if apart == 0:
        return f"All {len(values)} are {schema.shown(values[0])}{unit}. There is no variation to see."
    slowest = [place for place, value in enumerate(values, start=1) if value == max(values)]
    which = f"number {slowest[0]}" if len(slowest) == 1 else f"numbers {_and(slowest)}"
    tail = "" if own else " Nothing changed between them."
    return (
        f"From {schema.shown(min(values))} to {schema.shown(max(values))}: {schema.shown(apart)}{unit} apart. "
        f"The highest {'is' if len(slowest) == 1 else 'are'} {which}.{tail}"
    )


def _guessed(guess: float, apart: float) -> str:
    said = f"You said {schema.shown(guess)}; they are {schema.shown(apart)} apart. "
    if apart == 0:
        return f"{said}The spread is set to 0, which no road has."
    if guess < apart:
        return said + "It is easy to expect sameness to look more the same than it does."
    if guess > apart:
        return said + "You left more room than these needed. Draw again: the gap itself varies."
    return said + "Exactly. Draw again: the gap itself varies."


def _beside(apart: float, others: Sequence[float], unit: str, *, own: bool) -> str:
    low, high = schema.shown(others[0]), schema.shown(others[-1])
    span = f"all {low}" if low == high else f"between {low} and {high}"
    whose = "Your list is" if own else "This list is"
    text = f"{whose} {schema.shown(apart)}{unit} apart. The five draws are {span}{unit} apart."
    if apart == 0:
        return text
    return f"{text} Each draw has a worst number, and nobody did anything to earn it."


def _and(places: Sequence[int]) -> str:
    *most, last = map(str, places)
    return f"{', '.join(most)} and {last}" if most else last
