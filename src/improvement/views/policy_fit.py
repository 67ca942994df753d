"""Policy fit: twelve demands on one organisation, dated, and which steps of one way of improving each calls for.

A demand is a `Mechanism` of the machinery map: its records are dated, and `reach` names the people at whose desk it
lands. `steps` is our reading of what it calls for; `own` is what it asks that improvement does not cover.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from improvement.views import schema
from improvement.views.machinery_map import (
    AUDIENCES,
    BLOG,
    CHECKED,
    EVALUATION,
    MECHANISMS,
    Mechanism,
    Record,
    heard,
)
from improvement.views.schema import Choice, Option, Toggle, Turns

STEPS = {
    "choose": "Choose what matters",
    "see": "See how it varies",
    "understand": "Understand why",
    "test": "Test a change",
    "hold": "Hold the gain",
}
ENOUGH = 9


@dataclass(frozen=True)
class Demand:
    """One demand: the steps it calls for, the `doors` that can be defended as where it comes in, and what is its own."""

    what: Mechanism
    steps: tuple[str, ...]
    doors: tuple[str, ...]
    because: str
    own: str


def _desks(names: Sequence[str], why: str) -> dict[str, tuple[str, str]]:
    return dict.fromkeys(names, ("named", why))


_HEALTH_FOUNDATION = "Health Foundation"
_CURRENCY = "our currency page"
_TOOL = next(one for one in MECHANISMS if one.name == "tool")

DEMANDS = (
    Demand(
        Mechanism(
            "psirf", "PSIRF", "The Patient Safety Incident Response Framework: how to answer incidents.",
            (Record(date(2023, 10, 1), "Trust leaders wanted to know how NHS IMPACT fits with it.", BLOG),
             Record(date(2023, 9, 1), "Trusts published plans from 2023, with four aims.", _CURRENCY)),
            _desks(("director", "board", "manager", "doctor", "staff", "patient"), "They report, respond, are involved or oversee."),
        ),
        ("choose", "see", "understand", "test", "hold"), ("understand",),
        "Its plans ask for system-based ways to learn from what happened. Understanding is its door.",
        "Compassionate engagement with those affected, the duty of candour, and investigations that are required nationally.",
    ),
    Demand(
        Mechanism(
            "strategy", "Safety strategy", "The NHS Patient Safety Strategy.",
            (Record(date(2023, 10, 1), "Trust leaders wanted clarity on how NHS IMPACT aligns with it.", BLOG),),
            _desks(("director", "board", "team"), "It asks organisations to plan for safety."),
        ),
        ("choose", "understand", "test", "hold"), ("choose", "understand"),
        "A strategy says which harm comes first; its method is learning. Either door can be defended.",
        "Roles, training and reporting that it sets out for safety alone.",
    ),
    Demand(
        Mechanism(
            "well-led", "CQC Well-led", "How a regulator judges leadership and governance.",
            (Record(date(2025, 6, 1), "A director of improvement called it a tick box; a national stakeholder wanted it formative.", EVALUATION),),
            _desks(("director", "board"), "They are the ones who are judged."),
        ),
        ("choose", "see", "hold"), ("hold", "see"),
        "It asks whether anybody at the top knows, and whether it lasts.",
        "Evidence for inspectors, and fitness of directors.",
    ),
    Demand(
        Mechanism(
            "oversight", "Oversight Framework", "How NHS England watches organisations, by measures and segments.",
            (Record(date(2023, 7, 1), "Warned that rewarding compliance may bring displays of it.", _HEALTH_FOUNDATION),
             Record(date(2025, 6, 1), "Made for 2025/26, with a review to follow.", _CURRENCY)),
            _desks(("director", "board", "system"), "Their organisation is placed in a segment."),
        ),
        ("choose", "see"), ("see",),
        "It brings measures and comparison. What to do about them is left to you.",
        "Returns, meetings and interventions laid down by the overseer.",
    ),
    Demand(
        Mechanism(
            "girft", "GIRFT", "Getting It Right First Time: clinicians compare departments and visit them.",
            (Record(date(2025, 6, 1), "One surgical registrar: the most impactful thing, because people visit. It is an NHS England programme.", EVALUATION),),
            _desks(("doctor", "manager", "team"), "It comes to the department."),
        ),
        ("choose", "see", "understand", "test"), ("see", "understand"),
        "It shows a department how it differs, in person. Asking why is the next step, and visits may start it.",
        "Answering its data requests and hosting the visit.",
    ),
    Demand(
        Mechanism(
            "gpip", "GPIP", "The General Practice Improvement Programme: support for practices.",
            (Record(date(2025, 3, 1), "Places for 2024/25 had all been given out.", "NHS England"),
             Record(date(2025, 6, 1), "Named by the evaluators as support that practices already had.", EVALUATION)),
            _desks(("gp",), "It is for practices."),
        ),
        ("see", "understand", "test", "hold"), ("test", "see"),
        "It offers a practice hands and a way to try things. Looking at calls and requests is where such work begins.",
        "Applying, and the terms that come with money.",
    ),
    Demand(
        Mechanism(
            "model", "Model Hospital", "A site where organisations compare costs and productivity.",
            (Record(date(2018, 10, 1), "Concerns over data quality and comparability, and growing use.", "HFMA"),
             Record(date(2025, 6, 1), "A director wished that the self-assessment had gone the same way.", EVALUATION)),
            _desks(("director", "board", "manager", "team"), "They look themselves up."),
        ),
        ("choose", "see"), ("see", "choose"),
        "A comparison is a question. It may be chance, coding or case mix before it is waste.",
        "Submitting the data.",
    ),
    Demand(
        Mechanism(
            "savings", "Savings, productivity", "Yearly plans to do the same, or more, with less money.",
            (Record(date(2025, 6, 1), "Some asked for improvement to be tied to money and productivity; one feared being swayed by “the productivity agenda”.", EVALUATION),),
            _desks(("director", "board", "manager", "gp"), "They sign for it."),
        ),
        ("choose", "see", "understand", "test", "hold"), ("choose", "understand", "test"),
        "It names an amount. Where the waste comes from, and whether a change removes it, is improvement.",
        "Budgets, controls on spending and signatures.",
    ),
    Demand(
        Mechanism(
            "plan", "National plans", "The Long Term Plan of 2019 and the 10 Year Plan of 2025.",
            (Record(date(2019, 1, 1), "Saw improvement methods as able to better every part of how the NHS runs.", _HEALTH_FOUNDATION),
             Record(date(2025, 7, 1), "A 10 Year Health Plan followed the Long Term Plan.", _CURRENCY)),
            _desks(("director", "board", "system", "care"), "They turn it into local plans."),
        ),
        ("choose",), ("choose",),
        "A plan says what counts for a decade. It tests nothing by itself.",
        "Its deadlines, and whatever has been funded.",
    ),
    Demand(
        Mechanism(
            "messenger", "Messenger review", "A review of leadership in health and social care.",
            (Record(date(2023, 7, 1), "Its advice is one way to strengthen clinical managers.", _HEALTH_FOUNDATION),),
            _desks(("director", "board", "manager", "care"), "It is about how leaders are grown."),
        ),
        ("choose", "hold"), ("hold", "choose"),
        "Managers who know how to lead improvement keep it going, and choose what to leave out.",
        "Appraisal standards and training for leaders.",
    ),
    Demand(
        Mechanism(
            "hewitt", "Hewitt review", "A review of integrated care systems.",
            (Record(date(2023, 7, 1), "Taken as a sign that policymakers value improvement.", _HEALTH_FOUNDATION),),
            _desks(("board", "system", "care"), "It is about systems."),
        ),
        ("choose", "understand"), ("choose",),
        "It asks who decides what a place works on together.",
        "Arrangements between the centre, systems and providers.",
    ),
    Demand(
        _TOOL,
        ("choose", "see", "understand"), ("see", "understand"),
        "It is a conversation about where you stand and why. Nothing improves until something is tried.",
        "Nothing: returns were not to be collected.",
    ),
)  # fmt: skip
BY_NAME = {demand.what.name: demand for demand in DEMANDS}
_GUESSES = {"twelve": "Twelve, one for each", "five": "Four or five, by who asks", "two": "Two: one for safety, one for money", "one": "One"}  # fmt: skip
_DESKS = tuple(name for name in AUDIENCES if any(name in _landing.what.reach for _landing in DEMANDS))

DECLARATION = schema.Declaration(
    title="Twelve demands, one desk",
    intro="Twelve things that land on organisations, most of them national. Say where each one comes in.",
    controls=(
        Turns(
            name="sort",
            label="Where does it come in?",
            help="Several answers may be good. Commit your guess first: the picture shows after that.",
            turn="Demand",
            maximum=len(DEMANDS),
            options=tuple(Option(value=step, label=words) for step, words in STEPS.items()),
        ),
        Toggle(name="compare", label="Show me now", help="It shows by itself after the last one."),
        Choice(
            name="desk",
            label="Look from the desk of",
            default="all",
            options=(
                Option(value="all", label="Everybody"),
                *(
                    Option(value=name, label=AUDIENCES[name].label, sector=AUDIENCES[name].sector)
                    for name in _DESKS
                ),
            ),
        ),
    ),
    prediction=schema.Prediction(
        question=(
            "Patient safety, a regulator, an overseer, savings, GIRFT, a review or two: twelve demands in all. How many different "
            "ways of improving does an organisation need, to answer them?"
        ),
        control=Choice(
            name="prediction",
            label="Ways of improving",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    assumptions=(
        "Which steps a demand calls for is our reading of published accounts. It is no official crosswalk.",
        "Where it comes in is the step that it feeds first. Where two can be defended, both count.",
        f"A demand is flagged when no source of ours speaks of it in the year before {CHECKED.day} {CHECKED:%B %Y}.",
    ),
    cannot_tell=(
        "What is in force today. Look at the currency page, then at the source.",
        "What your regulator, region or board asks of you in particular.",
        "Whether answering with one way of improving earns a better rating. Nobody has shown that.",
    ),
    honesty="Real demands, each with a dated source. What somebody said in an interview is one voice. Steps and desks are our reading.",
    printable=True,
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the demand in hand, then the crosswalk of demands and steps, and how the reader's doors compare."""
    placed = dict(zip(BY_NAME, params["sort"], strict=False))
    told = f"{len(placed)} of {len(DEMANDS)} placed."
    panels = [schema.sentence(_card(placed), beside="sort")]
    if params["prediction"] is None:
        return schema.view(panels, summary=told)
    judged = schema.sentence(_judge(params["prediction"]), heading="Your guess", reveal=True)
    if not params["compare"] and len(placed) < len(DEMANDS):
        return schema.view(
            [*panels, schema.sentence(f"{told} Your guess is kept.", heading="So far", reveal=True)],
            summary=told,
        )
    shown = landing(params["desk"])
    marked = _marked(placed)
    panels = [
        _grid(shown, placed),
        *panels,
        judged,
        schema.sentence(_desk(params["desk"], shown), heading="From this desk", reveal=True),
        schema.sentence(marked, heading="Your doors", reveal=True),
        schema.listing(
            "Where we would have gone in elsewhere",
            [
                f"{BY_NAME[name].what.label}: you said “{STEPS[step].lower()}”; we would say {_doors(BY_NAME[name])}. {BY_NAME[name].because}"
                for name, step in placed.items()
                if step not in BY_NAME[name].doors
            ],
            empty="Nowhere." if placed else "None placed yet.",
            reveal=True,
        ),
        schema.table(
            "What is left over for each, and when it was last heard of",
            ["Demand", "Its own business", "Comes in at", "Last word, and check"],
            [[one.what.label, one.own, _doors(one), last_word(one)] for one in shown],
            open=True,
            reveal=True,
        ),
        _challenge(placed),
    ]  # fmt: skip
    return schema.view(panels, summary=f"{told} {marked}", data=_download())


def landing(desk: str) -> tuple[Demand, ...]:
    """Return the demands that land on a desk (a name of AUDIENCES), or all of them for "all"."""
    return tuple(
        one for one in DEMANDS if desk == "all" or one.what.reach.get(desk, ("none", ""))[0] == "named"
    )


def used(demands: Sequence[Demand]) -> dict[str, int]:
    """Return how many of the demands call for each step, in the order of STEPS."""
    return {step: sum(step in one.steps for one in demands) for step in STEPS}


def last_word(demand: Demand) -> str:
    """What our sources last said of a demand, by when, and whether that is too old to rely on."""
    record, stale = heard(demand.what, CHECKED.year)
    assert record is not None
    return f"{f'{record.on:%Y}, month not given' if record.source == _HEALTH_FOUNDATION else f'{record.on:%B %Y}'}: {record.says} ({record.source}). {'More than a year old: check.' if stale else 'Check.'}"


def _card(placed: Mapping[str, str]) -> str:
    if len(placed) == len(DEMANDS):
        return "All twelve are placed. Take back the last to change it, or Reset to begin again."
    one = DEMANDS[len(placed)]
    return f"{one.what.label}. {one.what.what}"


def _doors(demand: Demand) -> str:
    return " or ".join(STEPS[step].lower() for step in demand.doors)


def _several() -> int:
    return sum(len(one.steps) > 1 for one in DEMANDS)


def _judge(guess: str) -> str:
    said = f"You said {_GUESSES[guess].split(',')[0].split(':')[0].lower()}."
    found = (
        f"By our reading all {len(DEMANDS)} fit the same five steps, and {_several()} call for more than one. What differs is the door they come in by, "
        "and a remainder of their own: a duty, a return, a visit."
    )
    if guess == "one":
        return f"{said} So it looks. {found}"
    if guess == "twelve":
        return f"{said} Twelve owners, twelve forms and twelve deadlines do look like twelve systems. {found}"
    return f"{said} Sorting by who asks is how the forms arrive. {found}"


def _desk(desk: str, shown: Sequence[Demand]) -> str:
    count = used(shown)
    most = max(count.values())
    steps = " and ".join(f"“{STEPS[step].lower()}”" for step, number in count.items() if number == most)
    who = "Everybody together" if desk == "all" else AUDIENCES[desk].label
    many = f"{len(shown)} demand{'' if len(shown) == 1 else 's'}"
    return f"{who}: {many}. Asked for most often: {steps}, {'once' if most == 1 else f'{most} times'}. Done once and done well, it answers each of those."


def _marked(placed: Mapping[str, str]) -> str:
    if not placed:
        return "None placed yet."
    good = sum(step in BY_NAME[name].doors for name, step in placed.items())
    text = f"{good} of your {len(placed)} {'is' if good == 1 else 'are'} where we would go in too."
    if len(placed) == len(DEMANDS):
        text += (
            f" {ENOUGH} is plenty." if good >= ENOUGH else f" {ENOUGH} is plenty, and the rest can be argued."
        )
    return text


def _grid(shown: Sequence[Demand], placed: Mapping[str, str]) -> dict[str, Any]:
    order = list(STEPS)
    names = [one.what.label for one in shown]
    calls = [(order.index(step) + 1, place + 1) for place, one in enumerate(shown) for step in one.steps]
    mine = [
        (order.index(placed[one.what.name]) + 1, place + 1)
        for place, one in enumerate(shown)
        if one.what.name in placed
    ]
    marks = [
        schema.mark(
            "dot", "group_a", label="Calls for it (our reading)", reveal=True, x=[x for x, _ in calls], y=[y for _, y in calls]
        )
    ]  # fmt: skip
    if mine:
        marks.append(
            schema.mark("dot", "prediction", label="Your door", reveal=True, x=[x + 0.18 for x, _ in mine], y=[y for _, y in mine])
        )  # fmt: skip
    said = "; ".join(
        f"{one.what.label}: {', '.join(STEPS[step].lower() for step in one.steps)}" for one in shown
    )
    count = "; ".join(f"{STEPS[step].lower()} {number}" for step, number in used(shown).items())
    return schema.figure(
        "Which steps each demand calls for",
        marks,
        description=f"A grid of {len(shown)} by five. {said}. In all: {count}.",
        x_label="",
        y_label="",
        x_ticks=[words.split()[0] for words in STEPS.values()],
        y_ticks=names,
        x_range=(0.5, 5.5),
        height=max(120, 60 + 26 * len(shown)),
        reveal=True,
    )


def _challenge(placed: Mapping[str, str]) -> dict[str, Any]:
    ask = "Send every demand through one single door, and see how many of ours agree."
    if len(placed) == len(DEMANDS) and len(set(placed.values())) == 1:
        good = sum(step in BY_NAME[name].doors for name, step in placed.items())
        return schema.challenge(
            ask,
            True,
            f"{good} of {len(DEMANDS)}. One engine does not mean one door. A place that only compares, or only plans, has a form for everything and "
            "improves nothing.",
        )
    return schema.challenge(
        ask, False, "Place all twelve at the same step. Which step would your organisation choose?"
    )


def _download() -> dict[str, Any]:
    return {
        "columns": ["Demand", *STEPS.values(), "Its own business", "Last word"],
        "rows": [
            [one.what.label, *("yes" if step in one.steps else "" for step in STEPS), one.own, last_word(one)]
            for one in DEMANDS
        ],
    }
