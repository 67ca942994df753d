"""W17 three-horizon thinning: what happens to lead time, output and the long term when more is started at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from improvement.simulate import thinning as model
from improvement.simulate.thinning import Parameters, Result
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Seed, Toggle, shown

_ORACLE = (3, 6, 12, 24)
_SHOCK_SHARE = 0.4  # of a month's days, so that slack of 40% meets a surprise whole
_MOST = 30

MIXES = {
    "now": ("Mostly now: 60, 30, 10%", 0.6, 0.3),
    "balanced": ("Balanced: 50, 30, 20%", 0.5, 0.3),
    "later": ("More later: 40, 30, 30%", 0.4, 0.3),
}
SHOCKS = {"none": ("None", 0.0), "some": ("One month in four", 0.25), "often": ("Every other month", 0.5)}
TEAMS = {
    "community": ("A community trust", "community", 100, 60),
    "network": ("A primary care network", "primary care", 10, 6),
    "ambulance": ("An ambulance service", "ambulance", 60, 30),
    "board": ("An integrated care board", "system", 150, 120),
}  # fmt: skip
_GUESSES = {
    "twice": "About twice as many",
    "more": "More, though not twice as many",
    "same": "As many as before",
    "fewer": "Fewer than before",
}
_ASKED = Parameters()
_BEFORE, _AFTER = 6, 12

DECLARATION = schema.Declaration(
    title="Three-horizon thinning",
    intro="One team, the same days every month. You decide how many projects share them.",
    prediction=schema.Prediction(
        question=(
            f"A team has {_ASKED.capacity:.0f} working days a month and {_BEFORE} projects under way, of {_ASKED.effort:.0f} days "
            f"each. When one ends, the next begins. From today it runs {_AFTER} at once. How many will it finish in a year?"
        ),
        control=Choice(
            name="prediction",
            label="Finished in a year",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    controls=(
        Number(name="projects", label="Projects under way at once", default=12, minimum=1, maximum=_MOST),
        Number(
            name="loss",
            label="Time lost to switching, for each project beyond the first",
            help="Meetings, reports, finding the thread again. At least a fifth of the time stays useful.",
            default=3,
            minimum=0,
            maximum=10,
            step=0.5,
            unit="%",
        ),
        Choice(
            name="shocks",
            label="Surprises",
            help="A winter, an inspection, a new national ask. Each wants 40% of a month's days.",
            default="none",
            radio=True,
            options=tuple(Option(value=value, label=label) for value, (label, _) in SHOCKS.items()),
        ),
        Toggle(
            name="protect",
            label="Protect the later projects",
            help="On: a surprise takes from all projects alike. Off: from later first, then next, then now.",
        ),
        Number(
            name="slack",
            label="Days kept free for surprises",
            default=0,
            minimum=0,
            maximum=50,
            step=5,
            unit="%",
        ),
        Choice(
            name="mix",
            label="Projects for now, next and later",
            default="balanced",
            options=tuple(Option(value=value, label=label) for value, (label, _, _) in MIXES.items()),
        ),
        Choice(
            name="team",
            label="Whose team?",
            default="community",
            options=tuple(
                Option(value=value, label=label, sector=sector, sets={"capacity": days, "effort": effort})
                for value, (label, sector, days, effort) in TEAMS.items()
            ),
        ),
        Number(
            name="capacity",
            label="Working days for projects",
            default=100,
            minimum=10,
            maximum=200,
            unit="a month",
        ),
        Number(name="effort", label="Effort of a project", default=60, minimum=5, maximum=120, unit="days"),
        Seed(label="Luck", help="Other months for the surprises."),
    ),
    assumptions=(
        *model.ASSUMPTIONS,
        "Anybody in the team can work on any project, and no project waits for a signature.",
        "A finished later project adds 1 to the long-term stock, which wears out by 2% a month.",
        "Lead times are long-run averages of steady work (Little's law), not a date for one project.",
    ),
    cannot_tell=model.CANNOT_TELL,
    honesty="An illustrative model. The switching loss of 3% is a number we chose, and the teams are invented.",
)


def parameters_of(params: schema.Params) -> Parameters:
    """Return the model's parameters for the controls' values."""
    _, now, after = MIXES[params["mix"]]
    return Parameters(
        projects=params["projects"],
        effort=params["effort"],
        capacity=params["capacity"],
        loss=params["loss"] / 100,
        share_now=now,
        share_next=after,
        slack=params["slack"] / 100,
        shock_chance=SHOCKS[params["shocks"]][1],
        shock_days=_SHOCK_SHARE * params["capacity"],
        protect_later=params["protect"],
    )


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: output and lead time against the number under way, and what becomes of the long term."""
    parameters, seed = parameters_of(params), params["seed"]
    run = model.simulate(parameters, seed=seed)
    other = model.simulate(replace(parameters, protect_later=not parameters.protect_later), seed=seed)
    raided, protected = (other, run) if parameters.protect_later else (run, other)
    points = [_at(parameters, number) for number in range(1, _MOST + 1)]
    guess = params["prediction"]
    said = _said(run)
    panels = [_output(run, points, guess is not None)]
    if guess is None:
        panels.append(schema.sentence(_plan_sum(points), heading="The plan's sum"))
    else:
        panels.append(schema.sentence(_judge(guess), heading="Your guess", reveal=True))
    panels += [
        schema.sentence(said, heading="This team", reveal=True),
        _leads(run, points),
        _oracle(parameters),
        _stock(raided, protected),
        schema.sentence(_long_term(raided, protected), heading="What later gets", reveal=True),
        _horizons(run),
        schema.sentence(_slack(run), reveal=True, beside="slack"),
        _challenge(parameters),
    ]
    summary = (
        said
        if guess is not None
        else "The plan's line rises with every project started. Commit a guess to see the team's own."
    )
    return schema.view(panels, summary=summary, data=_data(points))


def _at(parameters: Parameters, number: int) -> tuple[int, float, float]:
    """Number at once, with the exact lead time in months and projects finished a year."""
    available = parameters.capacity * (1 - parameters.slack)
    taken = max(0.0, parameters.shock_days - parameters.slack * parameters.capacity)
    useful = model.efficiency(number, parameters.loss, parameters.floor)
    days = useful * (available - parameters.shock_chance * taken)
    return number, number * parameters.effort / days, 12 * days / parameters.effort


def _many(count: float, thing: str) -> str:
    text = shown(count, 1)
    return f"{text} {thing}" if text == "1" else f"{text} {thing}s"


def _said(run: Result) -> str:
    p = run.parameters
    return (
        f"{_many(p.projects, 'project')} under way. Each takes {_many(run.lead_time or 0, 'month')} on average, and "
        f"{shown(run.finished_per_year, 1)} are finished a year. Of the hours given to projects, {shown(100 * run.efficiency, 0)}% are useful."
    )


def _plan_sum(points: list[tuple[int, float, float]]) -> str:
    _, lead, _ = points[_BEFORE - 1]
    return (
        f"With {_BEFORE} under way a project takes {_many(lead, 'month')}. If each still did, {_AFTER} at once would finish "
        f"{shown(12 * _AFTER / lead, 0)} a year, twice as many. The days of the team are the same."
    )


def _judge(guess: str) -> str:
    before, after = _at(_ASKED, _BEFORE), _at(_ASKED, _AFTER)
    told = (
        f"You said: {_GUESSES[guess][0].lower()}{_GUESSES[guess][1:]}. The team of the question finished {shown(before[2], 1)} a year with {_BEFORE} "
        f"under way and finishes {shown(after[2], 1)} with {_AFTER}. A project took {shown(before[1], 1)} months and now takes {shown(after[1], 1)}."
    )
    if guess == "fewer":
        return f"{told} Starting more added no days. It added switching."
    if guess == "same":
        return f"{told} That would be right if switching cost nothing. Set it to 0 and see: even then everything takes longer."
    return f"{told} The sum kept the old time for each project, and the days had to be shared by more."


def _output(run: Result, points: list[tuple[int, float, float]], open_: bool) -> dict[str, Any]:
    numbers = [point[0] for point in points]
    finished = [point[2] for point in points]
    pace = 12 / points[_BEFORE - 1][1]
    planned = [number for number in numbers if number <= 2 * _BEFORE]
    marks = [
        schema.mark(
            "line", "comparison", label="The plan: the time a project takes stays as with six",
            x=planned, y=[pace * number for number in planned],
        ),
        schema.mark("line", "group_a", label="With the days shared", x=numbers, y=finished, reveal=True),
        schema.mark(
            "dot", "group_c", reveal=True, label="This team", x=[run.parameters.projects], y=[run.finished_per_year],
            title=[f"{run.parameters.projects} at once: {shown(run.finished_per_year, 1)} a year"],
        ),
    ]  # fmt: skip
    description = f"The plan's line rises from {shown(pace, 1)} a year with one project at once to {shown(pace * 2 * _BEFORE, 1)} with {2 * _BEFORE}."
    if open_:
        level = " and stays level" if not run.parameters.loss else ""
        description += (
            f" With the days shared the line begins at {shown(finished[0], 1)}{level} and ends at {shown(finished[-1], 1)} with {_MOST}. "
            f"This team, with {run.parameters.projects}, finishes {shown(run.finished_per_year, 1)}."
        )
    return schema.figure(
        "Projects finished a year, by how many are under way at once",
        marks,
        description=description,
        x_label="Projects under way at once",
        y_label="Finished a year",
        x_range=(0, _MOST + 1),
        y_range=(0, 1.1 * max(pace * 2 * _BEFORE, *finished)),
    )


def _leads(run: Result, points: list[tuple[int, float, float]]) -> dict[str, Any]:
    return schema.figure(
        "Months from start to finish, by how many are under way at once",
        [
            schema.mark("line", "group_a", x=[point[0] for point in points], y=[point[1] for point in points]),
            schema.mark(
                "dot", "group_c", label="This team", x=[run.parameters.projects], y=[run.lead_time or 0],
                title=[f"{run.parameters.projects} at once: {_many(run.lead_time or 0, 'month')}"],
            ),
        ],
        description=f"A line that climbs from {_many(points[0][1], 'month')} with one project at once to {_many(points[-1][1], 'month')} with "
        f"{_MOST}. This team, with {run.parameters.projects}: {_many(run.lead_time or 0, 'month')}.",
        x_label="Projects under way at once",
        y_label="Months",
        x_range=(0, _MOST + 1),
        y_zero=True,
        height=240,
        reveal=True,
    )  # fmt: skip


def _oracle(parameters: Parameters) -> dict[str, Any]:
    rows = [
        [number, shown(lead, 1), shown(done, 1)]
        for number, lead, done in (_at(parameters, n) for n in _ORACLE)
    ]
    return schema.table(
        "The same team, with other numbers under way",
        ["Under way at once", "Months a project takes", "Finished a year"],
        rows,
        open=True,
        reveal=True,
    )


def _stock(raided: Result, protected: Result) -> dict[str, Any]:
    months = list(range(1, len(raided.stock) + 1))
    return schema.figure(
        "Long-term stock over ten years, in finished later projects still of use",
        [
            schema.mark("line", "group_a", label="Later protected", x=months, y=protected.stock),
            schema.mark("line", "group_b", label="Later gives way first", x=months, y=raided.stock),
        ],
        description=f"After ten years the stock is {shown(protected.stock[-1], 1)} if later projects are protected and "
        f"{shown(raided.stock[-1], 1)} if they give way first.",
        x_label="Months",
        y_label="Stock",
        x_range=(0, len(months) + 1),
        y_range=(0, 1.1 * max(1.0, *protected.stock, *raided.stock)),
        height=240,
        reveal=True,
    )


def _long_term(raided: Result, protected: Result) -> str:
    p = raided.parameters
    if not raided.horizons[2].places:
        return f"With {_many(p.projects, 'project')} and this mix, no place is left for later. Nothing is built for it."
    if not p.shock_chance:
        return "There are no surprises here, so nothing pushes later aside. Add some."
    waits, kept = raided.horizons[2].finished_per_year, protected.horizons[2].finished_per_year
    if abs(kept - waits) < 1e-9:
        return "Slack meets every surprise, so nothing is taken from later."
    return (
        f"If later gives way first, {shown(waits, 1)} of its projects are finished a year; protected, {shown(kept, 1)}. All projects together: "
        f"{shown(raided.finished_per_year, 1)} a year either way. The long term waited, and nobody gave it the days back."
    )


def _horizons(run: Result) -> dict[str, Any]:
    rows = [
        [
            horizon.name.capitalize(),
            horizon.places,
            "none under way" if not horizon.places else "never" if horizon.lead_time is None else shown(horizon.lead_time, 1),
            shown(horizon.finished_per_year, 1),
        ]
        for horizon in run.horizons
    ]  # fmt: skip
    return schema.table(
        "Three horizons",
        ["For", "Under way", "Months a project takes", "Finished a year"],
        rows,
        open=True,
        reveal=True,
    )


def _slack(run: Result) -> str:
    if not run.surprise_days:
        spare = " Days kept free lie unused." if run.parameters.slack else ""
        return f"No surprise came in these ten years.{spare}"
    met = 100 * run.from_slack / run.surprise_days
    return (
        f"Of the days that surprises asked for in ten years, {shown(met, 0)}% came from days kept free and {shown(100 - met, 0)}% from "
        "projects. Free days cost output in quiet months."
    )


def _challenge(parameters: Parameters) -> dict[str, Any]:
    few, many = _at(parameters, _ORACLE[0]), _at(parameters, _ORACLE[-1])
    met = many[2] >= few[2] - 1e-9
    if met:
        text = (
            f"Found: {shown(many[2], 1)} a year either way. Where switching costs nothing, starting more takes nothing from output. A project "
            f"still takes {_many(few[1], 'month')} with {few[0]} at once and {_many(many[1], 'month')} with {many[0]}. Waiting for signatures could even favour more than one."
        )
    else:
        text = f"Here {few[0]} at once finish {shown(few[2], 1)} a year and {many[0]} finish {shown(many[2], 1)}. What makes the difference?"
    return schema.challenge(
        f"“Fewer at once, more finished.” Find settings where {many[0]} under way finish as many a year as {few[0]}.",
        met,
        text,
    )


def _data(points: list[tuple[int, float, float]]) -> dict[str, Any]:
    return {
        "columns": ["Projects under way", "Months a project takes", "Finished a year"],
        "rows": [[number, round(lead, 4), round(done, 4)] for number, lead, done in points],
    }
