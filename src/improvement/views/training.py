"""W21 train 1,000 people: places filled, people who still have the skill, people who use it, and what is finished."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from improvement.simulate import training as model
from improvement.simulate.training import Parameters, Result
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Seed, shown

YEARS = 10
_HOURS, _COACHES = 6, 2  # what the comparison adds where the reader has set none
_ORACLE = ((0.1, 0.1, 0.25), (0.2, 0.1, 0.25), (0.2, 0.1, 0.05))

PLACES = {
    "trust": ("A large community trust", "community", 10_000, 10),
    "network": ("A small practice network", "primary care", 200, 15),
    "ambulance": ("An ambulance service", "ambulance", 4_000, 10),
    "board": ("An integrated care board", "system", 600, 20),
}  # fmt: skip
_GUESSES = {
    "all": "About 10,000: everybody",
    "three_quarters": "About 7,500",
    "half": "About 5,000",
    "quarter": "About 2,800",
}
_ASKED = Parameters(years=YEARS)

DECLARATION = schema.Declaration(
    title="Train 1,000 people",
    intro="One organisation, one training plan, ten years. Count places, then skills, then use.",
    prediction=schema.Prediction(
        question=(
            "A trust of 10,000 trains 1,000 people every year, so that in ten years 10,000 places are filled. One in ten staff leaves each year. "
            "Of those who do not use what they learned, a quarter lose it each year, and nobody is given time to use it. "
            "After ten years, how many of the 10,000 have the skill?"
        ),
        control=Choice(
            name="prediction",
            label="People with the skill",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    controls=(
        Number(
            name="training",
            label="Trained each year, of 100 staff",
            default=10,
            minimum=0,
            maximum=50,
        ),
        Number(
            name="protected_hours",
            label="Protected hours for each trained person",
            help="Time in the rota to improve something. Six hours a month is enough.",
            default=0,
            minimum=0,
            maximum=10,
            unit="a month",
        ),
        Number(
            name="coaches",
            label="Coaches for each 100 staff",
            help="One coach can support twenty people. Making a coach takes a year.",
            default=0,
            minimum=0,
            maximum=6,
            step=0.5,
        ),
        Number(name="turnover", label="Staff who leave each year, of 100", default=10, minimum=0, maximum=50),
        Number(
            name="decay",
            label="Skill lost each year without use, of 100 trained",
            default=25,
            minimum=0,
            maximum=60,
            step=5,
        ),
        Choice(
            name="place",
            label="Where?",
            default="trust",
            options=tuple(
                Option(
                    value=value, label=label, sector=sector, sets={"headcount": staff, "turnover": turnover}
                )
                for value, (label, sector, staff, turnover) in PLACES.items()
            ),
        ),
        Number(name="headcount", label="Staff", default=10_000, minimum=50, maximum=20_000, step=50),
        Seed(label="Luck", help="Another draw of who leaves and who forgets."),
    ),
    assumptions=(
        *model.ASSUMPTIONS,
        f"A project needs {_ASKED.project_hours:.0f} hours of people who use the skill.",
        f"A place costs £{_ASKED.place_cost:.0f}, a coach £{_ASKED.coach_cost:,.0f} a year, a protected hour £{_ASKED.hour_cost:.0f}.",
        "The lines are expected numbers; the dots, one for each year, have luck in them.",
    ),
    cannot_tell=model.CANNOT_TELL,
    honesty="An illustrative model. Decay, hours, coaches and prices are numbers we chose, and the organisations are invented.",
)


def parameters_of(params: schema.Params) -> Parameters:
    """Return the model's parameters for the controls' values."""
    return Parameters(
        headcount=params["headcount"],
        training=params["training"] / 100,
        turnover=params["turnover"] / 100,
        decay=params["decay"] / 100,
        coaches_per_100=params["coaches"],
        protected_hours=params["protected_hours"],
        years=YEARS,
    )


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the training report, the skill beneath it, and what time and coaches add."""
    run = model.simulate(parameters_of(params), seed=params["seed"])
    guess = params["prediction"]
    said = _said(run)
    panels = [_stocks(run, guess is not None)]
    if guess is None:
        panels.append(schema.sentence(_report(run), heading="The training report"))
    else:
        panels.append(schema.sentence(_judge(guess), heading="Your guess", reveal=True))
    panels += [
        schema.sentence(said, heading="Places, skill, use", reveal=True),
        schema.sentence(_balance(run.parameters), heading="Where the stock settles", reveal=True),
        _additions(run.parameters, params["seed"]),
        schema.sentence(_coaches(run), reveal=True, beside="coaches"),
        _costs(run),
        _settles(run.parameters),
        _challenge(run),
    ]
    return schema.view(panels, summary=said if guess is not None else _report(run), data=_data(run))


def _people(count: float) -> str:
    text = shown(count, 0)
    return "1 person" if text == "1" else f"{text} people"


def _percent(share: float) -> str:
    return f"{shown(100 * share, 0)}%"


def _report(run: Result) -> str:
    last = run.months[-1]
    return f"Places filled in {YEARS} years: {shown(last.places, 0)}. Staff: {shown(run.parameters.headcount, 0)}."


def _said(run: Result) -> str:
    last = run.months[-1]
    return (
        f"{_report(run)} After {YEARS} years {_people(last.expected_trained)} can be expected to have the skill "
        f"({_percent(last.expected_trained / run.parameters.headcount)} of staff), and {_people(last.expected_active)} to use it."
    )


def _judge(guess: str) -> str:
    last = model.simulate(_ASKED).months[-1]
    told = (
        f"You said: {_GUESSES[guess][0].lower()}{_GUESSES[guess][1:]}. In the trust of the question, {shown(last.places, 0)} places were filled and "
        f"about {shown(round(last.expected_trained, -2), 0)} people have the skill."
    )
    if guess == "quarter":
        return f"{told} You took away the leavers and the forgotten. Nobody there uses it yet: there is no time and no coach."
    return f"{told} Places add up for ever. People leave, and skills that nobody uses fade."


def _balance(p: Parameters) -> str:
    share = model.steady_state(p.training, p.turnover, p.decay)
    going = p.turnover + p.decay
    if not p.training:
        return "Nobody is trained, so in the long run nobody has the skill."
    if not going:
        return "Nobody leaves and nothing is forgotten, so in the end everybody has the skill."
    most = " The sum would pass 100%: everybody has it." if p.training > going else ""
    return (
        f"Without use: trained each year ÷ (leave + forget) = {_percent(p.training)} ÷ ({_percent(p.turnover)} + {_percent(p.decay)}), "
        f"so {_percent(share)} in the long run.{most}"
    )


def _stocks(run: Result, open_: bool) -> dict[str, Any]:
    months = [month.month / 12 for month in run.months]
    years = run.months[11::12]
    trained = [month.expected_trained for month in run.months]
    active = [month.expected_active for month in run.months]
    places = [month.places for month in run.months]
    head = run.parameters.headcount
    # Places may pass the headcount; the axis stops where skills still show.
    top = max(head, min(places[-1], 2 * head))
    counted = [(month, place) for month, place in zip(months, places, strict=True) if place <= top]
    marks = [
        schema.mark("rule_y", "target", label="All staff", y=[head]),
        schema.mark(
            "line", "comparison", label="Places filled so far",
            x=[one[0] for one in counted], y=[one[1] for one in counted],
        ),
        schema.mark("line", "group_a", label="Have the skill", x=months, y=trained, reveal=True),
        schema.mark(
            "dot", "group_a", reveal=True, x=[month.month / 12 for month in years], y=[month.trained for month in years],
            title=[f"Year {month.month // 12}: {_people(month.trained)} with the skill" for month in years],
        ),
        schema.mark("line", "group_c", label="Use it", x=months, y=active, reveal=True),
    ]  # fmt: skip
    description = f"Places filled rise in a straight line to {shown(places[-1], 0)} after {YEARS} years, in an organisation of {shown(head, 0)}."
    if open_:
        description += f" The line of those who have the skill ends at {shown(trained[-1], 0)}, and that of those who use it at {shown(active[-1], 0)}."
    return schema.figure(
        "Places filled" + (", people with the skill, and people who use it" if open_ else ", as the training report counts them"),
        marks,
        description=description,
        x_label="Years",
        y_label="People",
        x_range=(0, YEARS + 0.2),
        y_range=(0, 1.05 * top),
        height=320,
    )  # fmt: skip


def _plans(p: Parameters) -> list[tuple[str, Parameters]]:
    hours, coaches = p.protected_hours or _HOURS, p.coaches_per_100 or _COACHES
    alone = replace(p, protected_hours=0, coaches_per_100=0)
    time, number = shown(hours), shown(coaches, 1)
    return [
        ("Training alone", alone),
        (f"And {time} protected {'hour' if time == '1' else 'hours'}", replace(alone, protected_hours=hours)),
        (f"And {number} {'coach' if number == '1' else 'coaches'} for each 100", replace(alone, coaches_per_100=coaches)),
        ("And both", replace(alone, protected_hours=hours, coaches_per_100=coaches)),
    ]  # fmt: skip


def _additions(p: Parameters, seed: int) -> dict[str, Any]:
    rows = []
    for label, plan in _plans(p):
        run = model.simulate(plan, seed=seed)
        last = run.months[-1]
        rows.append(
            [
                label,
                shown(last.places, 0),
                shown(last.expected_trained, 0),
                shown(last.expected_active, 0),
                shown(last.finished, 0),
            ]
        )
    return schema.table(
        f"The same training, with and without time and coaches, after {YEARS} years",
        ["Plan", "Places filled", "Have the skill", "Use it", "Projects finished"],
        rows,
        open=True,
        reveal=True,
    )


def _coaches(run: Result) -> str:
    if not run.parameters.coaches_per_100:
        return "No coaches: nobody to turn to, so in this model the skill stays unused."
    if run.first_coaches is None:
        return f"Half the coaches you asked for are not there within {YEARS} years."
    return f"Half the coaches you asked for are there in month {run.first_coaches}. Until the first are, nobody uses the skill."


def _costs(run: Result) -> dict[str, Any]:
    costs = (run.places_cost, run.coaches_cost, run.hours_cost)
    rows: list[list[str]] = [
        [label, f"£{cost:,.0f}"]
        for label, cost in zip(("Places", "Coaches", "Protected hours"), costs, strict=True)
    ]
    rows.append(["All three", f"£{sum(costs):,.0f}"])
    each = "nothing was finished" if run.cost_per_project is None else f"£{run.cost_per_project:,.0f}"
    rows.append([f"For each project finished in {YEARS} years", each])
    return schema.table("What the plan costs in its last year", ["", "Pounds"], rows, reveal=True)


def _settles(p: Parameters) -> dict[str, Any]:
    cases = [("Your plan", (p.training, p.turnover, p.decay))]
    cases += [("For comparison", rates) for rates in _ORACLE]
    return schema.table(
        "Share with the skill in the long run, if nobody uses it",
        ["", "Trained a year", "Leave", "Forget", "Have the skill"],
        [[label, *map(_percent, rates), _percent(model.steady_state(*rates))] for label, rates in cases],
        open=True,
        reveal=True,
    )


def _challenge(run: Result) -> dict[str, Any]:
    p = run.parameters
    alone = not p.coaches_per_100 and not p.protected_hours
    met = alone and run.without_use >= 0.9
    if met:
        text = (
            f"Found: training alone holds {_percent(run.without_use)} in the long run. A skill that lasts, or that daily work keeps alive, does behave so. "
            "Projects finished here: none, since nobody has time and a coach."
        )
    elif alone:
        text = f"In the long run {_percent(run.without_use)} have the skill. Which of the three rates could a real organisation move?"
    else:
        text = "Set coaches and protected hours to 0 first."
    return schema.challenge(
        "“Training alone leaks away.” Find settings where training alone, without coaches or hours, holds 90% of staff.",
        met,
        text,
    )


def _data(run: Result) -> dict[str, Any]:
    return {
        "columns": ["Month", "Places filled so far", "Have the skill", "Use it", "Coaches", "Have the skill in this draw", "Projects finished so far"],
        "rows": [
            [
                month.month,
                month.places,
                *(round(value, 2) for value in (month.expected_trained, month.expected_active, month.expected_coaches)),
                month.trained,
                round(month.finished, 2),
            ]
            for month in run.months
        ],
    }  # fmt: skip
