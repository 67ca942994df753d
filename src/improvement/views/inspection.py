"""W31 inspection: what checking finds, what it leaves, and what it costs beside preventing the defect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from improvement.simulate import inspection as model
from improvement.simulate.inspection import Parameters, Policy
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, shown

CHECKS = {"one": (1, 1.0), "same": (2, 0.2), "fresh": (2, 1.0)}
"""How an item is checked: how many checks, and how independent a second one is."""


@dataclass(frozen=True)
class Story:
    """What is checked: `item` in the plural, `defect` as one thing that can be wrong with it."""

    label: str
    sector: str
    item: str
    defect: str
    items: int
    rate: float
    detection: float
    check: float
    correct: float
    harm: float
    prevented: float
    prevention: float


STORIES = {
    "dispensing": Story("Primary care: a dispensing practice", "primary care", "dispensed items", "an error", 5000, 2, 80, 0.5, 5, 60, 60, 1000),
    "kit": Story("Ambulance: kit before a shift", "ambulance", "vehicles made ready", "something missing", 900, 6, 90, 3, 2, 80, 50, 900),
    "letters": Story("Mental health: discharge letters", "mental health", "letters", "a wrong or missing medicine", 300, 12, 70, 4, 6, 45, 60, 700),
    "dressings": Story("Community: dressings on the van", "community", "visits packed for", "the wrong dressing", 2500, 5, 80, 0.4, 1, 25, 60, 600),
    "blood": Story("Acute: blood about to be given", "acute", "units of blood", "the wrong patient's name on it", 1200, 0.1, 90, 4, 40, 200000, 50, 3000),
}  # fmt: skip
_GUESSES = {
    "20": "About 20",
    "50": "About 50",
    "60": "About 60",
    "100": "100, as now",
    "160": "More than now",
}

DECLARATION = schema.Declaration(
    title="What does checking buy?",
    intro="A month of work, some of it wrong. You decide how much to check, how well, and whether to prevent.",
    controls=(
        Choice(
            name="story",
            label="What is checked?",
            default="dispensing",
            options=tuple(
                Option(
                    value=name,
                    label=story.label,
                    sector=story.sector,
                    sets={
                        "rate": story.rate, "detection": story.detection, "check": story.check, "harm": story.harm,
                        "prevented": story.prevented, "prevention": story.prevention,
                    },
                )
                for name, story in STORIES.items()
            ),
        ),
        Number(name="share", label="Checked", default=50, minimum=0, maximum=100, step=5, unit="%"),
        Number(name="detection", label="A check finds, of what is wrong", default=80, minimum=10, maximum=100, step=5, unit="%"),
        Choice(
            name="checks",
            label="Each item is checked",
            default="one",
            options=(
                Option(value="one", label="Once"),
                Option(value="same", label="Twice, the second a quick signature"),
                Option(value="fresh", label="Twice, by people who never confer"),
            ),
        ),
        Number(name="rate", label="Made wrong", default=2, minimum=0, maximum=20, step=0.1, unit="%"),
        Number(name="prevented", label="Prevention stops", help="Of all that is made wrong.", default=60, minimum=0, maximum=95, step=5, unit="%"),
        Number(name="prevention", label="Prevention costs a month", default=1000, minimum=0, maximum=10000, step=100, unit="£"),
        Number(name="check", label="A check costs", default=0.5, minimum=0, maximum=20, step=0.1, unit="£"),
        Number(name="harm", label="One that reaches a person costs", help="A price for the sum. Not what it is to the person.", default=60, minimum=0, maximum=1000000, step=5, unit="£"),
    ),
    prediction=schema.Prediction(
        question=(
            "A dispensing practice makes up 5,000 items a month. In 100 of them there is an error. A check finds 8 of 10 such "
            "errors, and half of all items are checked. From now on every item will be checked. How many errors will be made each month?"
        ),
        control=Choice(
            name="prediction",
            label="Errors made",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    assumptions=(
        *model.ASSUMPTIONS,
        f"A quick second signature really looks at {CHECKS['same'][1]:.0%} of what is left.",
        "Putting right what is found costs a few pounds, set for each example.",
    ),
    cannot_tell=model.CANNOT_TELL,
    honesty="An illustrative model with invented rates and prices. Change them to yours.",
)  # fmt: skip

_POLICIES = {
    "none": "No checks",
    "inspect": "Your checks",
    "prevent": "Prevention",
    "both": "Both",
}


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: four months side by side, what each costs, and when checking pays."""
    story = STORIES[params["story"]]
    each, independence = CHECKS[params["checks"]]
    p = Parameters(
        items=story.items, defect_rate=params["rate"] / 100, share=params["share"] / 100, detection=params["detection"] / 100,
        checks_each=each, independence=independence, cost_inspection=params["check"], cost_correction=story.correct,
        cost_harm=params["harm"], prevented=params["prevented"] / 100, cost_prevention=params["prevention"],
    )  # fmt: skip
    found = model.policies(p)
    headline = _headline(p, found)
    panels = [_figure(story, found)]
    if params["prediction"] is not None:
        panels.append(schema.sentence(_judge(params["prediction"]), heading="Your guess", reveal=True))
    rows = _rows(found)
    panels += [
        schema.sentence(headline, heading="What checking did", reveal=True),
        _lines(p),
        schema.sentence(_pays(p), heading="When it pays", reveal=True),
        schema.table("A month under each, in pounds", rows["columns"], rows["rows"], open=True, reveal=True),
        _challenge(p),
    ]
    return schema.view(panels, summary=headline, data=rows)


def _judge(guess: str) -> str:
    told = (
        "Checking finds errors. It does not un-make them: the practice makes 100, before and after. With every item checked, 20 "
        "reach people where 60 did."
    )
    if guess == "100":
        return f"You said 100, as now. {told}"
    return f"You said {_GUESSES[guess][0].lower()}{_GUESSES[guess][1:]}. {told}"


def _count(number: float) -> str:
    return shown(number, 0 if number >= 20 else 1 if number >= 1 else 2)


def _money(pounds: float) -> str:
    return f"£{shown(pounds, 0)}"


def _headline(p: Parameters, found: Mapping[str, Policy]) -> str:
    mine, prevented = found["inspect"], found["prevent"]
    return (
        f"Made wrong in a month: {_count(mine.made)}, with your checks or without. They find {_count(mine.found)}; {_count(mine.reach)} "
        f"reach people. The month costs {_money(mine.cost)}. Prevention with no checks: {_count(prevented.made)} made, all of which reach people, "
        f"{_money(prevented.cost)}."
    )


def _figure(story: Story, found: Mapping[str, Policy]) -> dict[str, Any]:
    names = list(_POLICIES.values())
    caught = [policy.found for policy in found.values()]
    made = [policy.made for policy in found.values()]
    edge = [0.0] * len(names)
    marks = [
        schema.mark(
            "bar_x", "group_a", label="Found and put right", reveal=True, x1=edge, x2=caught, text=names
        ),
        schema.mark(
            "bar_x", "signal_concern", label="Reach people", reveal=True, x1=caught, x2=made, text=names
        ),
    ]
    room = max(found["none"].made, 0.01)
    parts = [
        (start, end, name)
        for name, seen, all_made in zip(names, caught, made, strict=True)
        for start, end in ((0.0, seen), (seen, all_made))
        if end - start > room / 12
    ]
    marks.append(
        schema.mark(
            "text", "annotation", reveal=True, x=[(start + end) / 2 for start, end, _ in parts],
            y=[name for _, _, name in parts], text=[_count(end - start) for start, end, _ in parts],
        )
    )  # fmt: skip
    said = "; ".join(
        f"{_POLICIES[name].lower()}: {_count(policy.made)} made, {_count(policy.found)} found, {_count(policy.reach)} reach people"
        for name, policy in found.items()
    )
    return schema.figure(
        f"Of {shown(story.items, 0)} {story.item} a month: those with {story.defect}",
        marks,
        description=f"Four bars; the length of each is what was made wrong. {said[0].upper()}{said[1:]}.",
        x_label="Made wrong, a month",
        y_label="",
        x_range=(0, 1.05 * room),
        height=190,
        reveal=True,
    )


def _lines(p: Parameters) -> dict[str, Any]:
    """Cost by the share checked: straight lines, so the cheapest share is at an end."""
    ends = (0, 100)
    costs = {
        prevent: [model.month(replace(p, share=end / 100), prevent=prevent).cost for end in ends]
        for prevent in (False, True)
    }
    here = 100 * p.share
    marks = [
        schema.mark("line", "group_b", label="Checks alone", reveal=True, x=ends, y=costs[False]),
        schema.mark("line", "group_a", label="With prevention", reveal=True, x=ends, y=costs[True]),
        schema.mark(
            "dot", "prediction", label="You are here", reveal=True, x=[here, here],
            y=[model.month(p).cost, model.month(p, prevent=True).cost],
            title=["Checks alone", "With prevention"],
        ),
    ]  # fmt: skip
    return schema.figure(
        "What a month costs, by the share checked (pounds)",
        marks,
        description=(
            f"Two straight lines. Checks alone: {_money(costs[False][0])} with none checked to {_money(costs[False][1])} with all. With "
            f"prevention: {_money(costs[True][0])} to {_money(costs[True][1])}. You are at {here:g}%."
        ),
        x_label="Checked, %",
        y_label="£ a month",
        x_range=(0, 100),
        y_zero=True,
        height=220,
        reveal=True,
    )


def _pays(p: Parameters) -> str:
    limit = model.break_even(p)
    both = p.defect_rate * (1 - p.prevented)
    if limit is None:
        return "At these prices checking never pays: letting one through costs no more than putting it right."
    if limit > 1:
        return "At these prices checking never pays, however much is made wrong."
    rule = f"Checking everything is cheaper than checking nothing while more than {_percent(limit)} is made wrong. Now it is {_percent(p.defect_rate)}"
    alone = "check all" if p.defect_rate > limit else "check none" if p.defect_rate < limit else "a tie"
    after = "check all" if both > limit else "check none" if both < limit else "a tie"
    return f"{rule}: {alone}. With prevention it is {_percent(both)}: {after}. Half measures never beat the better end: both lines are straight."


def _percent(share: float) -> str:
    return f"{100 * share:.2g}%" if share < 0.1 else f"{100 * share:.0f}%"


def _rows(found: Mapping[str, Policy]) -> dict[str, Any]:
    return {
        "columns": ["Policy", "Made wrong", "Found", "Reach people", "Checking", "Putting right", "Harm", "Preventing", "All"],
        "rows": [
            [
                _POLICIES[name],
                round(policy.made, 2),
                round(policy.found, 2),
                round(policy.reach, 2),
                *(
                    round(cost)
                    for cost in (policy.cost_inspecting, policy.cost_correcting, policy.cost_harm, policy.cost_prevention, policy.cost)
                ),
            ]
            for name, policy in found.items()
        ],
    }  # fmt: skip


def _challenge(p: Parameters) -> dict[str, Any]:
    ask = "Find a service where checking every item without prevention is both the cheapest and lets fewer through than prevention alone."
    full = model.policies(replace(p, share=1.0))
    cheapest = min(full, key=lambda name: full[name].cost)
    safer = full["inspect"].reach < full["prevent"].reach
    if cheapest == "inspect" and safer:
        return schema.challenge(
            ask,
            True,
            f"Check all: {_money(full['inspect'].cost)} and {_count(full['inspect'].reach)} through. Prevention alone: "
            f"{_money(full['prevent'].cost)} and {_count(full['prevent'].reach)}. Where harm is dear and prevention weak, inspect, and "
            "keep looking for the cause.",
        )
    return schema.challenge(
        ask,
        False,
        f"With everything checked, the cheapest here is: {_POLICIES[cheapest].lower() if cheapest != 'inspect' else 'checks alone'}. "
        "Dear harm, a good check and a weak prevention would change that.",
    )
