"""W02 five-cog conditions: ten points to spend on five components, and advice that turns on how the five combine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from improvement.simulate import conditions as model
from improvement.simulate.conditions import COMPONENTS, MODELS, Parameters
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Toggle, Turns, shown

POINTS = 10
NAMES = {
    "purpose": "Shared purpose",
    "people": "People and culture",
    "leadership": "Leadership behaviours",
    "capability": "Capability and capacity",
    "management": "Management systems",
}
SHORT = {
    "purpose": "Purpose",
    "people": "People",
    "leadership": "Leadership",
    "capability": "Capability",
    "management": "Management",
}
PRICES = {"purpose": 3, "people": 3, "leadership": 3, "capability": 10, "management": 5}
"""Steps of 100 that one point buys. Invented: training is the easiest of the five to buy."""
SAME_PRICE = 5
COMBINE = {
    "additive": "They add up: the average counts",
    "geometric": "They multiply: each one scales the rest",
    "weakest_link": "The lowest decides",
}
_BRIEF = {
    "additive": "They add up",
    "geometric": "They multiply",
    "weakest_link": "Lowest decides",
}
_IF = {
    "additive": "if the five add up",
    "geometric": "if the five multiply",
    "weakest_link": "if the lowest decides",
}


@dataclass(frozen=True)
class Place:
    """A place to start from: levels from 0 to 100, in the order of the components."""

    label: str
    sector: str
    levels: tuple[int, int, int, int, int]


PLACES = {
    "hospital": Place("Acute: trained, little led", "acute", (80, 80, 20, 90, 50)),
    "crews": Place("Ambulance: drilled, and worn out", "ambulance", (70, 20, 60, 80, 85)),
    "teams": Place("Community: twelve teams, twelve purposes", "community", (15, 70, 65, 75, 60)),
    "wards": Place("Mental health: good people, no routine", "mental health", (75, 80, 70, 70, 20)),
    "practice": Place("Primary care: keen, and no time set aside", "primary care", (85, 75, 70, 60, 15)),
    "system": Place("System: eight bodies, no common aim", "system", (15, 60, 55, 75, 40)),
}
_GUESSES = {
    "training": "On training: a point buys most there",
    "lowest": "On the lowest of the five",
    "spread": "Nowhere in particular: share them out",
}

DECLARATION = schema.Declaration(
    title="Ten points to spend",
    intro="Five components, each from 0 to 100. A point buys 10 steps of training, 5 of management systems, 3 of anything else.",
    controls=(
        Choice(
            name="place",
            label="Start from",
            default="hospital",
            options=(
                *(
                    Option(
                        value=name,
                        label=place.label,
                        sector=place.sector,
                        sets={**dict(zip(COMPONENTS, place.levels, strict=True)), "spend": []},
                    )
                    for name, place in PLACES.items()
                ),
                Option(value="own", label="My own place: I move the five", sets={"spend": []}),
            ),
        ),
        Choice(
            name="model",
            label="How do the five combine?",
            help="Nobody knows. Try all three.",
            default="additive",
            radio=True,
            options=tuple(Option(value=value, label=label) for value, label in COMBINE.items()),
        ),
        Turns(
            name="spend",
            label="Spend a point on",
            turn="Point",
            maximum=POINTS,
            repeat=True,
            options=tuple(Option(value=name, label=label) for name, label in NAMES.items()),
        ),
        Toggle(name="same", label=f"A point buys {SAME_PRICE} steps of anything"),
        *(
            Number(name=name, label=NAMES[name], default=level, minimum=0, maximum=100, step=5)
            for name, level in zip(COMPONENTS, PLACES["hospital"].levels, strict=True)
        ),
    ),
    prediction=schema.Prediction(
        question=(
            "Look at the bars. Capability is not the lowest, and it is the cheapest to raise: a point buys 10 steps of training, and only 3 "
            "to 5 of anything else. You have ten points. Where does the first one belong?"
        ),
        control=Choice(
            name="prediction",
            label="The first point",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    assumptions=(
        *model.ASSUMPTIONS[:2],
        "A point buys the same number of steps wherever a component stands, until it is full. The prices are invented.",
        "Three ways to combine them: the average, the fifth root of the product, the lowest. There could be others.",
    ),
    cannot_tell=(
        "Which of the three is true. The framework does not say, and we know of no study that tests it.",
        "Your own levels, or what a step would cost you: you choose these numbers.",
        "Whether a higher result reaches patients.",
    ),
    honesty="An illustrative model. The places and prices are invented; the names of the five components are NHS England's.",
)  # fmt: skip


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the five levels and what they give together, the next point, and the plan under each model."""
    start = tuple(params[name] for name in COMPONENTS)
    prices = dict.fromkeys(COMPONENTS, SAME_PRICE) if params["same"] else PRICES
    now, wasted = spent(start, params["spend"], prices)
    chosen = params["model"]
    run = _run(now, prices, chosen)
    before = together(start, chosen)
    panels = [_bars(start, now, chosen)]
    if params["prediction"] is not None:
        panels.append(schema.sentence(_judge(params), heading="Your guess", reveal=True))
    headline = _headline(before, together(now, chosen), chosen, len(params["spend"]), wasted)
    advice = _advice(run, chosen)
    rows = _judged(start, now, prices, len(params["spend"]))
    panels += [
        schema.sentence(headline, heading="What the five give together", reveal=True),
        schema.sentence(advice, heading="The next point", reveal=True),
        _gains(run, chosen),
        schema.table(rows["caption"], rows["columns"], rows["rows"], open=bool(params["spend"]), reveal=True),
        _challenge(run),
    ]
    return schema.view(
        panels,
        summary=f"{headline} {advice}",
        data={"columns": rows["columns"], "rows": rows["rows"]},
    )


def together(levels: Sequence[float], combine: str) -> float:
    """What five levels from 0 to 100 give together, from 0 to 100, under one of `model.MODELS`."""
    return 100 * model.combine([level / 100 for level in levels], combine)


def spent(
    start: Sequence[float], spend: Sequence[str], prices: Mapping[str, float]
) -> tuple[tuple[float, ...], int]:
    """Return the levels after the points in `spend`, and how many of these bought nothing because the component was full."""
    levels, wasted = dict(zip(COMPONENTS, start, strict=True)), 0
    for name in spend:
        wasted += levels[name] >= 100
        levels[name] = min(100, levels[name] + prices[name])
    return tuple(levels.values()), wasted


def _run(
    levels: Sequence[float], prices: Mapping[str, float], chosen: str, points: int = POINTS
) -> model.Result:
    named = {name: level / 100 for name, level in zip(COMPONENTS, levels, strict=True)}
    steps = {f"step_{name}": price / 100 for name, price in prices.items()}
    return model.simulate(Parameters(**named, **steps, model=chosen, points=points, replicates=1))


def _number(value: float) -> str:
    return shown(value, 1)


def _listed(names: Sequence[str]) -> str:
    words = [NAMES[name].lower() for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _judge(params: schema.Params) -> str:
    """The guess against the first answer a reader meets: the place they start from, and an average."""
    levels = PLACES[params["place"] if params["place"] in PLACES else "hospital"].levels
    gains = _run(levels, PRICES, "additive").next_gain["additive"]
    best, other = sorted(gains.values(), reverse=True)[:2]
    told = f"a point of training raises the average by {_number(100 * best)}, a point anywhere else by {_number(100 * other)} at most"
    said = f"You said: {_GUESSES[params['prediction']].lower()}."
    if params["prediction"] == "training":
        return f"{said} If the five add up, you are right: {told}. Now change how they combine."
    return f"{said} If the five add up, training wins all the same: {told}. Now change how they combine."


def _headline(before: float, after: float, chosen: str, points: int, wasted: int) -> str:
    if not points:
        return f"{_IF[chosen].capitalize()}, they give {_number(after)} of 100."
    count = f"{points} point{'' if points == 1 else 's'}"
    text = f"{_IF[chosen].capitalize()}, they gave {_number(before)} of 100. After {count}: {_number(after)}."
    if wasted:
        what = "One point" if wasted == 1 else f"{wasted} points"
        text += f" {what} bought nothing: what you chose was full."
    return text


def _advice(run: model.Result, chosen: str) -> str:
    best = run.best_next[chosen]
    if not best:
        if min(run.parameters.levels) >= 1:
            return "All five are full. There is nothing left to buy."
        return (
            f"{_IF[chosen].capitalize()}, no single point helps: more than one component shares the lowest place."
            if chosen == "weakest_link"
            else f"{_IF[chosen].capitalize()}, no single point helps: more than one component stands at nought."
        )
    gain = 100 * run.next_gain[chosen][best[0]]
    where = _listed(best)
    tie = " A tie." if len(best) > 1 else ""
    return f"{_IF[chosen].capitalize()}, the best place for the next point is {where}: it adds {_number(gain)}.{tie}"


def _bars(start: Sequence[float], now: Sequence[float], chosen: str) -> dict[str, Any]:
    names = list(SHORT.values())
    result = together(now, chosen)
    marks = [schema.mark("bar_x", "group_a", label="Where it stands", x1=[0.0] * 5, x2=start, text=names)]
    bought = [place for place in range(5) if now[place] > start[place]]
    if bought:
        marks.append(
            schema.mark(
                "bar_x", "group_b", label="Bought with your points", reveal=True, x1=[start[i] for i in bought],
                x2=[now[i] for i in bought], text=[names[i] for i in bought],
            )
        )  # fmt: skip
    marks.append(
        schema.mark("rule_x", "centre", label=f"Together {_number(result)}", x=[result], reveal=True)
    )
    said = "; ".join(
        f"{name} {_number(after)}"
        + (f", of which {_number(after - before)} bought" if after > before else "")
        for name, before, after in zip(names, start, now, strict=True)
    )
    return schema.figure(
        f"The five, and what they give together {_IF[chosen]}",
        marks,
        description=f"Five bars. {said}. A line shows what they give together {_IF[chosen]}: {_number(result)}.",
        x_label="From 0 to 100",
        y_label="",
        x_range=(0, 100),
        height=230,
        reveal=False,
    )


def _gains(run: model.Result, chosen: str) -> dict[str, Any]:
    names = list(SHORT.values())
    gains = [100 * run.next_gain[chosen][name] for name in COMPONENTS]
    best = {COMPONENTS.index(name) for name in run.best_next[chosen]}
    rest = [place for place in range(5) if place not in best]
    # Drawn first without length, so that the rows keep their order.
    marks = [schema.mark("bar_x", "quiet", reveal=True, x1=[0.0] * 5, x2=[0.0] * 5, text=names)]
    for places, role, label in (
        (sorted(best), "group_b", "Adds most"),
        (rest, "group_a", "Adds less, or nothing" if best else "Adds nothing"),
    ):
        if places:
            marks.append(
                schema.mark(
                    "bar_x", role, label=label, reveal=True, x1=[0.0] * len(places),
                    x2=[gains[i] for i in places], text=[names[i] for i in places],
                )
            )  # fmt: skip
    edge = max(3.5, 1.12 * max(gains))
    marks.append(
        schema.mark(
            "text", "annotation", reveal=True, x=[gain + edge / 14 for gain in gains], y=names,
            text=[_number(gain) for gain in gains],
        )
    )  # fmt: skip
    said = "; ".join(f"{name} {_number(gain)}" for name, gain in zip(names, gains, strict=True))
    return schema.figure(
        f"What one more point would add {_IF[chosen]}, by where it goes",
        marks,
        description=f"Five bars: {said}.",
        x_label="Added to what they give together",
        y_label="",
        x_range=(0, edge),
        height=210,
        reveal=True,
    )


def _judged(
    start: Sequence[float], now: Sequence[float], prices: Mapping[str, float], points: int
) -> dict[str, Any]:
    """The reader's points, or ten to come, judged by each of the three models."""
    best = {plan.model: plan for plan in _run(start, prices, "additive", points or POINTS).plans}
    rows = []
    for one in MODELS:
        plan = best[one]
        where = ", ".join(f"{SHORT[name]} {count}" for name, count in plan.spent.items() if count)
        row = [_BRIEF[one], round(together(start, one), 1)]
        if points:
            row.append(round(together(now, one), 1))
        rows.append([*row, round(100 * plan.yields[one], 1), where or "Nothing left to buy"])
    count = f"{points or POINTS} point{'' if points == 1 else 's'}"
    return {
        "caption": f"{'Your ' if points else ''}{count}, judged by each of the three",
        "columns": ["If", "Before", *(["With yours"] if points else []), "Best there is", "Spent so"],
        "rows": rows,
    }


def _challenge(run: model.Result) -> dict[str, Any]:
    ask = "Find a place where training is the best next point whichever of the three is true."
    wins = [one for one in MODELS if "capability" in run.best_next[one]]
    if len(wins) == len(MODELS):
        return schema.challenge(
            ask,
            True,
            "Here the advice does not hang on the model, and the advice is: train. It happens where skill is what is missing.",
        )
    lost = [one for one in MODELS if one not in wins]
    return schema.challenge(
        ask,
        False,
        f"Not here: training is not the best {' or '.join(_IF[one] for one in lost)}. What would have to be lowest?",
    )
