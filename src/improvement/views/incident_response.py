"""Incident response: what three years of single action plans, of themes, or of a response in proportion leave behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from improvement.simulate import incident_response as model
from improvement.simulate.incident_response import Course, Parameters, Result
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Toggle, shown

SEED = 4  # an ordinary year: no month stands out on a control chart
_GROUPS = {"own plan": "group_b", "themes": "group_c", "in proportion": "group_a"}
_NAMES = {"own plan": "A plan for each", "themes": "Themes only", "in proportion": "In proportion"}


@dataclass(frozen=True)
class Story:
    """A service: its incidents in words, how many there are a month, and the hours a month for learning from them."""

    label: str
    what: str
    events: int
    hours: int
    sector: str


STORIES = {
    "wards": Story("Restraint on wards", "Restraints a month", 20, 120, "mental health"),
    "ambulance": Story("Waiting for an ambulance", "People worse while waiting, a month", 30, 150, "ambulance"),
    "nursing": Story("Pressure damage at home", "New pressure damage a month", 16, 80, "community"),
    "practice": Story("Results nobody acted on", "Results not acted on, a month", 8, 40, "primary care"),
}  # fmt: skip

OWED = (
    "The person harmed and the family: care now, an apology, the truth as far as it is known, and a part in what follows. "
    "Where the duty of candour applies this is law, in person and in writing.",
    "An investigation, where the law or national rules require one.",
    "The staff who were there: support, and no hunt for a culprit.",
    "Whoever reported it: a reply.",
)

_GUESSES = {
    "hardly": (0.0, 0.15, "Hardly any"),
    "quarter": (0.15, 0.375, "About a quarter"),
    "half": (0.375, 0.6, "About half"),
    "most": (0.6, 99.0, "Two thirds or more"),
}
_WORKINGS = {"workings": True}

DECLARATION = schema.Declaration(
    title="A plan for every incident?",
    intro="One kind of incident, three years, and a fixed number of hours a month for learning from it. What should the hours buy?",
    prediction=schema.Prediction(
        question="From today every reported incident gets its own investigation and action plan, as far as the hours go. Every plan "
        "is carried out. Each does exactly what it was meant to do. In three years, how many of today's incidents will be left?",
        control=Choice(
            name="prediction",
            label="Left in three years",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, (_, _, label) in _GUESSES.items()),
        ),
    ),
    controls=(
        Choice(
            name="story",
            label="Which incidents?",
            default="wards",
            options=tuple(
                Option(value=key, label=story.label, sector=story.sector, sets={"hours": story.hours})
                for key, story in STORIES.items()
            ),
        ),
        Number(
            name="reach",
            label="Of 1,000 incidents like it, one plan would prevent",
            help="Five is one in 200. You can check yours: lay a plan beside old incidents, and count.",
            default=5,
            minimum=0,
            maximum=100,
        ),
        Number(
            name="hours",
            label="Hours a month for learning",
            help=f"A plan takes {model.DEFAULTS.plan_hours:g}, work on a theme {model.DEFAULTS.theme_hours:g}.",
            default=120,
            minimum=10,
            maximum=600,
            step=10,
        ),
        Toggle(name="workings", label="Open the workings"),
        Number(
            name="effect",
            label="Work on a theme takes off",
            help="Of that theme's incidents. Nought: a report on a shelf.",
            default=30,
            minimum=0,
            maximum=80,
            unit="%",
            show_when=_WORKINGS,
            keep=True,
        ),
        Number(
            name="burden",
            label="Each finished plan or piece of work adds, per 1,000 incidents",
            help="One more form, one more check, less time to look up.",
            default=0,
            minimum=0,
            maximum=10,
            show_when=_WORKINGS,
            keep=True,
        ),
        Number(
            name="fault",
            label="A new fault, after a year: incidents a month",
            help="A device, a drug label, a software release. One plan mends most of it.",
            default=3,
            minimum=0,
            maximum=20,
            show_when=_WORKINGS,
            keep=True,
        ),
        Number(
            name="spot",
            label="Chance that a short look sees that it is new",
            default=70,
            minimum=0,
            maximum=100,
            unit="%",
            show_when=_WORKINGS,
            keep=True,
        ),
    ),
    assumptions=(
        *model.ASSUMPTIONS,
        f"Five familiar themes cause {', '.join(f'{100 * share:.0f}' for share in model.THEMES[:-1])} and "
        f"{100 * model.THEMES[-1]:.0f} in 100 incidents at the start. Half of all incidents are reported then.",
        f"A short look with a reply takes {shown(model.DEFAULTS.look_hours)} hour. One plan prevents {100 * model.DEFAULTS.mend:.0f} in 100 "
        "incidents from a new fault.",
        "The lines are expected numbers. The dots of the year before have chance in them.",
    ),
    cannot_tell=model.CANNOT_TELL,
    honesty="An illustrative model. The hours, the reach and the effects are invented; no study gives them.",
)


def parameters_of(params: schema.Params) -> Parameters:
    """Return the model's parameters for the controls' values."""
    return Parameters(
        events=STORIES[params["story"]].events,
        hours=params["hours"],
        reach=params["reach"] / 1000,
        theme_effect=params["effect"] / 100,
        burden=params["burden"] / 1000,
        fault=params["fault"],
        spot=params["spot"] / 100,
    )


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: an ordinary year, what is owed anyhow, then three courses, their bill and two readings."""
    story = STORIES[params["story"]]
    result = model.simulate(parameters_of(params), seed=SEED)
    words, said = _verdict(result)
    panels = [_events_figure(story, result)]
    if params["prediction"] is not None:
        panels.append(
            schema.sentence(_judge(params["prediction"], result), heading="Your guess", reveal=True)
        )
    panels += [
        schema.verdict("Which harms fewest?", "neutral_low", words, said, reveal=True),
        schema.sentence(_break_even(result), reveal=True, beside="reach"),
        _bill(result),
        _reports_figure(result),
        schema.sentence(_readings(result), heading="Two readings of the same reports", reveal=True),
        schema.listing("Owed after every incident, whichever line you choose", OWED, empty=""),
        _challenge(result),
    ]
    return schema.view(panels, summary=f"{words}. {said}", data=_data(result))


def _judge(guess: str, result: Result) -> str:
    own, p = result.courses[0], result.parameters
    share = own.last / p.events
    least, most, label = _GUESSES[guess]
    right = least <= share < most
    told = f"You said {label.lower()}. {own.plans:,.0f} plans later, all carried out, {shown(own.last, 1)} a month are left of {shown(p.events)}."
    if p.reach == 0:
        return f"{told} Each plan would prevent nothing but the incident that has already happened."
    one = f"one in {shown(1 / p.reach, 0)}"
    if own.last > p.events and p.burden:
        return f"{told} Each plan prevents {one} of the incidents like it, and adds to the load of everybody."
    if share < 0.375:
        return f"{told} Here a plan reaches far: {one} of the incidents like it."
    return f"{told} {'As you thought: each' if right else 'Each'} plan prevents {one} of the incidents like it. The others come another way."


def _verdict(result: Result) -> tuple[str, str]:
    own, themes, proportion = result.courses
    best = {course.response: course for course in result.courses}[result.best]
    counted = ", ".join(
        f"{_NAMES[course.response].lower()} {course.harmed:,.0f}" for course in result.courses
    )
    text = f"People harmed in three years: {counted}."
    if abs(own.harmed - proportion.harmed) < 0.5 and abs(own.harmed - themes.harmed) < 0.5:
        return "No difference", f"{text} With these settings it does not matter what the hours buy."
    if result.best == "own plan":
        return "A plan for each", f"{text} A plan reaches far enough here to beat work on themes."
    if abs(themes.harmed - proportion.harmed) < 0.5:
        return "Themes", f"{text} Nothing new is found here, so a response in proportion is work on themes."
    words = _NAMES[result.best]
    if result.best == "themes":
        return words, f"{text} Plans for the new fault took hours that the themes would have used better."
    new = sum(month.new for month in best.months)
    slow = sum(month.new for month in themes.months)
    return (
        words,
        f"{text} It spends a plan where something is new ({new:,.0f} people harmed by the new fault; {slow:,.0f} with themes only) "
        "and the rest on what keeps coming back.",
    )


def _break_even(result: Result) -> str:
    reach = result.break_even_reach
    if reach is None:
        return "Break-even: none. With these settings one way is better however far a plan reaches."
    many = 1000 * reach
    if many > 100:
        return "Break-even: beyond this slider. With these settings a response in proportion is better all along it."
    return f"Break-even: {shown(many, 1)} in 1,000. If a plan reaches further, single plans win."


def _events_figure(story: Story, result: Result) -> dict[str, Any]:
    p = result.parameters
    back = [month - model.PAST_MONTHS + 1 for month in range(model.PAST_MONTHS)]
    marks = [
        schema.mark(
            "dot",
            "data",
            label="The year before",
            x=back,
            y=result.past,
            title=[f"{-month} months ago: {count}" for month, count in zip(back, result.past, strict=True)],
        )
    ]
    if p.fault and p.fault_month < p.months:
        marks.append(
            schema.mark("rule_x", "annotation", x=[p.fault_month + 1], label="A new fault", reveal=True)
        )
    for course in result.courses:
        marks.append(
            schema.mark(
                "line",
                _GROUPS[course.response],
                label=_NAMES[course.response],
                x=[month.month + 1 for month in course.months],
                y=[month.events for month in course.months],
                reveal=True,
            )
        )
    highest = max(*result.past, *(month.events for course in result.courses for month in course.months))
    ends = "; ".join(
        f"{_NAMES[course.response].lower()} {shown(course.last, 1)}" for course in result.courses
    )
    return schema.figure(
        f"{story.what}: the year before, and the three years to come",
        marks,
        description=(
            f"Twelve dots between {min(result.past)} and {max(result.past)} scatter around {shown(p.events)}. Then expected incidents a month, from "
            f"{shown(p.events)}, end at: {ends}. "
            + (
                f"In month {p.fault_month + 1} a new fault adds {shown(p.fault)} a month until it is mended."
                if p.fault
                else ""
            )
        ).strip(),
        x_label="Months from today",
        y_label="Incidents",
        x_range=(back[0] - 0.5, p.months + 0.5),
        y_range=(0, max(1.2 * highest, 1.6 * p.events)),
        height=320,
    )


def _reports_figure(result: Result) -> dict[str, Any]:
    marks = [
        schema.mark(
            "line",
            _GROUPS[course.response],
            label=_NAMES[course.response],
            x=[month.month + 1 for month in course.months],
            y=[month.reports for month in course.months],
        )
        for course in result.courses
    ]
    ends = "; ".join(
        f"{_NAMES[course.response].lower()} {shown(course.last_reports, 1)}" for course in result.courses
    )
    first = result.courses[0].months[0].reports
    return schema.figure(
        "What anybody can see: reports a month",
        marks,
        description=f"Expected reports a month, from {shown(first, 1)}, end at: {ends}.",
        x_label="Months from today",
        y_label="Reports",
        x_range=(0.5, result.parameters.months + 0.5),
        y_zero=True,
        height=220,
        reveal=True,
    )


def _readings(result: Result) -> str:
    course = result.courses[2]
    p, first = result.parameters, course.months[0].reports
    spoken = course.last_reports / course.last if course.last else 0.0
    return (
        f"In proportion, reports go from {shown(first, 1)} to {shown(course.last_reports, 1)} a month, incidents from {shown(p.events)} to "
        f"{shown(course.last, 1)}: the share reported goes from {100 * p.safety:.0f}% to {100 * spoken:.0f}%. You know that only because this is a model. "
        "In your service the same reports could mean more harm or more trust. A count that nobody reports tells them apart: severe harm, or a "
        "review of records."
    )


def _bill(result: Result) -> dict[str, Any]:
    return schema.table(
        "What three years bought",
        [
            "",
            "People harmed",
            "of them by the new fault",
            "Plans",
            "Themes worked on",
            "Incidents a month at the end",
        ],
        [
            [
                _NAMES[course.response],
                f"{course.harmed:,.0f}",
                f"{sum(month.new for month in course.months):,.0f}",
                f"{course.plans:,.0f}",
                course.themes,
                shown(course.last, 1),
            ]
            for course in result.courses
        ],
        open=True,
        reveal=True,
    )


def _challenge(result: Result) -> dict[str, Any]:
    own, _, proportion = result.courses
    met = result.best == "own plan" and own.harmed < proportion.harmed - 0.5
    text = (
        "Found: single plans harm fewest here. Where do plans reach this far, or does work on themes do this little? Aviation would say: with us."
        if met
        else f"A plan for each harms {own.harmed - proportion.harmed:,.0f} more than a response in proportion. How far would a plan have to reach?"
        if own.harmed > proportion.harmed + 0.5
        else "Here they come to the same."
    )
    return schema.challenge(
        "“A plan for every incident is wasted.” Find settings where it harms the fewest people.", met, text
    )


def _data(result: Result) -> dict[str, Any]:
    def cells(course: Course, month: int) -> list[float]:
        one = course.months[month]
        return [round(one.events, 4), round(one.reports, 4), round(one.plans, 4)]

    return {
        "columns": ["Month"]
        + [
            f"{_NAMES[c.response]}: {what}"
            for c in result.courses
            for what in ("incidents", "reports", "plans")
        ],
        "rows": [
            [month + 1, *(cell for course in result.courses for cell in cells(course, month))]
            for month in range(result.parameters.months)
        ],
    }
