"""W24 alignment matrix: which projects serve which goals, for whose patients, at what cost, and what to stop or merge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from improvement import alignment, datasets
from improvement.alignment import Portfolio, Project, Team
from improvement.views import schema
from improvement.views.schema import CardSort, Choice, Number, Option, Series, shown

NEW_DAYS = 6
FAIR = "Fair access"
PASTE_HELP = (
    "A heading row, then one project a row: project, team, days, and a column for each goal with 0, 1, 2 or 3. A row "
    "called capacity gives a team's days. You may add service, measure and decision (keep, stop, merge, must, new). No patient "
    "details: it stays on this device."
)
PASTE_EXAMPLE = (
    "project,team,days,service,measure,decision,goal safer,goal sooner\n"
    "capacity,quality,10,,,,,\n"
    "Falls,quality,6,wards,falls,keep,3,0\n"
    "Falls bundle,quality,5,wards,falls,merge,2,0\n"
    "Newsletter,quality,3,all,issues,stop,0,0"
)
_SHORT = {
    "finance programme": "CIP",
    "programme office": "PMO",
    "quality improvement": "QI",
    "patient safety": "Safe",
    "clinical audit": "Aud",
}
NOBODY = "nobody"
_PEOPLE: dict[str, tuple[str, str, frozenset[str]]] = {
    "everyone": ("Everyone", "", frozenset()),
    "fall": (
        "An older person in hospital after a fall",
        "acute",
        frozenset(
            ("emergency", "acute medicine", "older people", "inpatient wards", "pharmacy", "all services")
        ),
    ),
    "ward": (
        "Somebody on a mental health ward",
        "mental health",
        frozenset(("mental health", "all services")),
    ),
    "home": ("Somebody cared for at home", "community", frozenset(("community", "all services"))),
}
_GUESSES = {
    "none": ("None: each is there for a reason", range(1)),
    "few": ("One or two", range(1, 3)),
    "some": ("Three or four", range(3, 5)),
    "seven": ("Six to eight", range(6, 9)),
    "many": ("A dozen or more", range(12, 35)),
}


@cache
def trust() -> Portfolio:
    """Return the invented trust's 34 projects, five teams and six goals (dataset D10)."""
    rows, teams = datasets.read("project_portfolio"), datasets.read("portfolio_teams")
    goals = [column for column in rows if column.startswith("goal_")]
    return Portfolio(
        tuple(goal.removeprefix("goal_").replace("_", " ").capitalize() for goal in goals),
        tuple(
            Team(name, float(days)) for name, days in zip(teams["team"], teams["days_a_month"], strict=True)
        ),
        tuple(
            Project(
                rows["name"][row],
                rows["team"][row],
                float(rows["days_a_month"][row]),
                tuple(rows[goal][row] for goal in goals),
                rows["service"][row],
                rows["measure"][row],
            )
            for row in range(rows.row_count)
        ),
    )


def new_work(team: str) -> Project:
    """Return the project that a team of the trust is asked to begin for the goal that has none."""
    scores = tuple(3 if goal == FAIR else 0 for goal in trust().goals)
    return Project(
        "New: care for those who had least", team, NEW_DAYS, scores, "all services", "gap between fifths"
    )


def _pair(same: Sequence[Project]) -> str:
    return f"{same[0].measure.capitalize()}: {' and '.join(project.name for project in same)}"


def teams_to_ask() -> tuple[Option, ...]:
    """Return the answers to who should begin work for the goal that has none."""
    return (
        Option(value=NOBODY, label="Nobody"),
        *(Option(value=team.name, label=team.name.capitalize()) for team in trust().teams),
    )


DECLARATION = schema.Declaration(
    title="Alignment matrix",
    intro="Five teams, 34 projects, six goals. See who works for whom, decide, or bring a portfolio of your own.",
    controls=(
        Choice(
            name="job",
            label="What now?",
            default="look",
            radio=True,
            options=(
                Option(value="look", label="Look across the five teams"),
                Option(value="decide", label="Decide what goes on"),
                Option(value="own", label="Use my own portfolio"),
            ),
        ),
        Choice(
            name="person",
            label="Count the projects that reach",
            default="everyone",
            show_when={"job": "look"},
            options=tuple(
                Option(value=value, label=label, sector=sector)
                for value, (label, sector, _) in _PEOPLE.items()
            ),
        ),
        CardSort(
            name="orphans",
            label="Seven that serve no goal",
            help="Housekeeping: has to be done, needs an owner and days, is not improvement.",
            show_when={"job": "decide"},
            cards=tuple(
                Option(
                    value=project.name, label=f"{project.name} ({project.team}, {shown(project.days)} days)"
                )
                for project in alignment.orphan_projects(trust())
            ),
            piles=(
                Option(value="keep", label="Keep"),
                Option(value="stop", label="Stop"),
                Option(value="must", label="Housekeeping"),
            ),
        ),
        CardSort(
            name="pairs",
            label="Two pairs that chase one number",
            show_when={"job": "decide"},
            cards=tuple(
                Option(value=same[0].name, label=_pair(same)) for same in alignment.duplicates(trust())
            ),
            piles=(Option(value="keep", label="Keep both"), Option(value="merge", label="Merge")),
        ),
        Number(
            name="carried",
            label="Days that a merger does not save",
            help="As a share of the smaller project. People move across, argue, and learn to work together.",
            default=0,
            minimum=0,
            maximum=100,
            step=5,
            unit="%",
            show_when={"job": "decide"},
        ),
        Choice(
            name="add",
            label=f"Who begins work on fair access? ({NEW_DAYS} days)",
            default=NOBODY,
            options=teams_to_ask(),
            show_when={"job": "decide"},
        ),
        Series(
            name="pasted",
            label="Your portfolio",
            help=PASTE_HELP,
            placeholder=PASTE_EXAMPLE,
            show_when={"job": "own"},
        ),
    ),
    prediction=schema.Prediction(
        question=(
            "A trust has six goals. Its five teams run 34 projects, and each team will tell you that everything it does "
            "is strategic. Each project was scored against each goal. How many of the 34 score nought on all six?"
        ),
        control=Choice(
            name="prediction",
            label="Projects that serve no goal",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, (label, _) in _GUESSES.items()),
        ),
    ),
    assumptions=(
        "A project serves a goal if it scores 1, 2 or 3 on it. Its strength is its best score, out of 3.",
        "Alignment score: days a month weighted by strength, over all days. Housekeeping is left out of it.",
        "Duplicates are projects with the same service and the same measure.",
        "A merger keeps the project that takes more days, and saves the other's days less the share set.",
    ),
    cannot_tell=(
        "Whether a project does any good: a score is what somebody claims.",
        "Whether the goals are right, or whose goals they are.",
        "Whether an orphan should stop. Some work is owed to the law, and some to people no goal has noticed.",
        "The days that wards and practices give. Only the teams' own are counted.",
    ),
    honesty="The trust, its teams and its projects are invented (dataset D10). Orphans and pairs were planted in it.",
    printable=True,
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view of the part chosen: the trust's matrix, decisions about it, or the reader's own portfolio."""
    return {"look": _look, "decide": _decide, "own": _own}[params["job"]](params)


def _look(params: schema.Params) -> dict[str, Any]:
    whole = trust()
    label, _, services = _PEOPLE[params["person"]]
    portfolio = whole
    if services:
        portfolio = alignment.stop(whole, [p.name for p in whole.projects if p.service not in services])
    bosses = datasets.read("portfolio_teams")["reports_to"]
    panels = [matrix(portfolio, f": {label.lower()}" if services else "", reveal=True)]
    if params["prediction"] is not None:
        panels.append(schema.sentence(_judge(params["prediction"], whole), heading="Your guess", reveal=True))
    chiefs = schema.table(
        "Five teams, four chiefs",
        ["Team", "In the grid", "Answers to", "Projects"],
        [
            [load.team.capitalize(), _short(load.team), boss.capitalize(), load.projects]
            for load, boss in zip(alignment.loads(whole), bosses, strict=True)
        ],
        open=True,
    )
    busy = {project.team for project in portfolio.projects}
    reach = f"{label} is reached by" if services else "There are"
    headline = f"{reach} {counted(len(portfolio.projects), 'project')} of {counted(len(busy), 'team')}."
    panels += [
        schema.sentence(
            f"{headline} {_findings(portfolio, person=bool(services))}",
            heading="In plain English",
            reveal=True,
        ),
        chiefs,
        *_lists(portfolio, reveal=True),
        *([] if services else [_load_table(portfolio, reveal=True)]),
        everything(portfolio, reveal=True),
    ]
    return schema.view(panels, summary=headline, data=download(portfolio))


def _judge(guess: str, portfolio: Portfolio) -> str:
    label, right = _GUESSES[guess]
    orphans = alignment.orphan_projects(portfolio)
    said = f"You said: {label[0].lower()}{label[1:]}. It is {len(orphans)}."
    if len(orphans) in right:
        return f"{said} Now find the goal that nobody serves."
    days = sum(project.days for project in orphans)
    return (
        f"{said} They take {counted(days, 'day')} a month. Nobody lied: each is somebody's reasonable idea, begun for a reason that "
        "made sense inside one team."
    )


def _findings(portfolio: Portfolio, *, person: bool = False) -> str:
    orphans, alone = alignment.orphan_projects(portfolio), alignment.orphan_goals(portfolio)
    same = alignment.duplicates(portfolio)
    days = sum(project.days for project in orphans)
    parts = [
        f"{counted(len(orphans), 'project')} {'serves' if len(orphans) == 1 else 'serve'} no goal"
        + (
            f" and {'takes' if len(orphans) == 1 else 'take'} {counted(days, 'day')} a month."
            if orphans
            else "."
        ),
        f"{listed(alone)} {'has' if len(alone) == 1 else 'have'} nobody working on {'it' if len(alone) == 1 else 'them'}"
        f"{' here' if person else ''}."
        if alone
        else "Every goal has somebody working on it.",
    ]
    if same:
        parts.append(
            f"{counted(len(same), 'measure')} {'is' if len(same) == 1 else 'are'} chased by more than one project."
        )
    if not person:
        over = [load for load in alignment.loads(portfolio) if load.over > 0]
        parts.append(
            f"Promised: {counted(portfolio.days, 'day')} a month. There: {shown(portfolio.capacity)}"
            + (
                f"; {len(over)} of {counted(len(portfolio.teams), 'team')} {'is' if len(over) == 1 else 'are'} over."
                if over
                else "."
            )
        )
        parts.append(f"Alignment score: {percent(alignment.score(portfolio))}.")
    return " ".join(parts)


def _decide(params: schema.Params) -> dict[str, Any]:
    before = trust()
    decisions = {**params["orphans"], **params["pairs"]}
    after = alignment.decide(before, decisions, carried=params["carried"] / 100)
    if params["add"] != NOBODY:
        after = alignment.add(after, new_work(params["add"]))
    waiting = len(alignment.orphan_projects(before)) + len(alignment.duplicates(before)) - len(decisions)
    over = after.days - after.capacity
    headline = fits(after)
    if waiting:
        headline += f" {counted(waiting, 'card')} {'is' if waiting == 1 else 'are'} still to be placed."
    elif over > 0 and not alignment.orphan_projects(after) and not alignment.duplicates(after):
        headline += " The easy decisions are made. What is left to cut serves a goal, or has to be done. Who chooses now?"
    return schema.view(
        [
            days_figure(before, after, "Days a month after your decisions", reveal=True),
            verdict(after, headline, reveal=True),
            comparison([("Before", before), ("After", after)], reveal=True),
            _challenge(before, after),
            x_matrix(after, reveal=True),
        ],
        summary=headline,
        data=download(after),
    )


def _own(params: schema.Params) -> dict[str, Any]:
    if not params["pasted"].strip():
        text = "Paste your portfolio and its matrix is drawn here. Ten projects are enough to begin with."
        return schema.view([schema.sentence(text)], summary=text)
    read = alignment.read_portfolio(params["pasted"])
    notices = paste_notices(read)
    before = alignment.stop(read.portfolio, [name for name, said in read.decisions.items() if said == "new"])
    panels = []
    after = read.portfolio
    try:
        after = alignment.decide(read.portfolio, read.decisions)
    except ValueError as error:
        notices.append(
            schema.notice("warning", f"{error} Your decisions are left out until then.", control="pasted")
        )
        after = before
    decided = after != before and bool(before.projects)
    headline = f"{counted(len(before.projects), 'project')} of {counted(len(before.teams), 'team')} under way. {_findings(before)}"
    panels += [
        matrix(before, ""),
        schema.sentence(headline, heading="In plain English"),
        *_lists(before),
        _load_table(before),
    ]
    if decided:
        panels += [
            days_figure(before, after, "Days a month after your decisions"),
            verdict(after, fits(after)),
            comparison([("Before", before), ("After", after)]),
        ]
    panels += [everything(before), x_matrix(after)]
    return schema.view(panels, summary=headline, notices=notices, data=download(after))


def paste_notices(read: alignment.Reading) -> list[dict[str, Any]]:
    """Return a warning for each pasted row that was not read, and a note on anything read with judgement."""
    return [
        *(
            schema.notice("warning", f"{text} The row was left out.", control="pasted")
            for text in read.unread
        ),
        *(schema.notice("info", text, control="pasted") for text in read.notes),
    ]


def fits(portfolio: Portfolio) -> str:
    """Return a sentence that holds the days against the days there are."""
    over = portfolio.days - portfolio.capacity
    crowded = [load.team for load in alignment.loads(portfolio) if load.over > 1e-9]
    verb = "takes" if len(portfolio.projects) == 1 else "take"
    sums = (
        f"{counted(len(portfolio.projects), 'project')} {verb} {counted(portfolio.days, 'day')} a month, out of "
        f"{shown(portfolio.capacity)}"
    )
    if over > 1e-9:
        return f"{sums}: {shown(over)} too many."
    if crowded:
        return f"{sums}, and still more than {listed(crowded)} {'has' if len(crowded) == 1 else 'have'}."
    return f"{sums}, and no team has more than it has days for."


def verdict(portfolio: Portfolio, text: str, *, reveal: bool = False) -> dict[str, Any]:
    """Return whether every team has the days for its projects, with `text` to say more."""
    fit = all(load.over <= 1e-9 for load in alignment.loads(portfolio))
    code, words = ("reliably_meets", "It fits") if fit else ("reliably_misses", "It does not fit")
    return schema.verdict("Does the work fit the days?", code, words, text, reveal=reveal)


def _challenge(before: Portfolio, after: Portfolio) -> dict[str, Any]:
    ask = "Lift the alignment score to 85% or more without freeing a single day."
    lifted = alignment.score(after) >= 0.85
    freed = after.days < before.days - 1e-9
    if lifted and not freed:
        return schema.challenge(
            ask,
            True,
            f"{percent(alignment.score(after))}, and the teams are as full as ever. You changed what the work is called. Watch for "
            "that in any score somebody is judged by.",
        )
    if freed:
        return schema.challenge(
            ask, False, "You freed days, which is the honest way. The question is how to do it without."
        )
    return schema.challenge(
        ask,
        False,
        f"It stands at {percent(alignment.score(after))}. What does the score leave out?",
    )


def matrix(portfolio: Portfolio, whose: str, *, reveal: bool = False) -> dict[str, Any]:
    """Return the grid of goals by teams: how many projects of each team serve each goal, and how many serve none."""
    rows = [*portfolio.goals, "No goal"]
    teams = [team.name for team in portfolio.teams]
    counts = {
        (goal, team): sum(p.scores[place] > 0 for p in portfolio.of(team))
        for place, goal in enumerate(portfolio.goals)
        for team in teams
    }
    counts |= {("No goal", team): sum(p.orphan for p in portfolio.of(team)) for team in teams}
    labels = dict(zip(rows, _cut(rows), strict=True))
    marks = [
        schema.mark(
            "bar_x", "quiet", x1=[0.54] * len(rows), x2=[0.54] * len(rows), text=list(labels.values())
        )
    ]
    for role, wanted in (("group_a", True), ("signal_concern", False)):
        cells = [(goal, place) for goal in rows for place, team in enumerate(teams, start=1)
                 if counts[goal, team] and (goal != "No goal") == wanted]  # fmt: skip
        if cells:
            marks.append(
                schema.mark(
                    "bar_x",
                    role,
                    label="serve the goal" if wanted else "serve no goal",
                    x1=[place - 0.46 for _, place in cells],
                    x2=[place + 0.46 for _, place in cells],
                    text=[labels[goal] for goal, _ in cells],
                )
            )
    total = {goal: sum(counts[goal, team] for team in teams) for goal in rows}
    empty = [goal for goal in portfolio.goals if not total[goal]]
    marks.append(
        schema.mark(
            "text",
            "annotation",
            x=[place for _ in rows for place in range(1, len(teams) + 2)],
            y=[labels[goal] for goal in rows for _ in range(len(teams) + 1)],
            text=[
                words
                for goal in rows
                for words in (
                    *(str(counts[goal, team] or "") for team in teams),
                    "" if goal in empty else str(total[goal]),
                )
            ],
        )
    )
    if empty:
        marks.append(
            schema.mark(
                "text",
                "signal_concern",
                x=[len(teams) + 1] * len(empty),
                y=[labels[goal] for goal in empty],
                text=["none"] * len(empty),
            )
        )
    said = "; ".join(
        f"{goal}: "
        + (
            ", ".join(f"{team} {counts[goal, team]}" for team in teams if counts[goal, team])
            or "no project at all"
        )
        for goal in rows
    )
    return schema.figure(
        f"How many projects serve each goal, by team{whose}",
        marks,
        description=f"A grid of {len(rows)} rows and {counted(len(teams), 'team')}. {said}. A project that serves two goals is counted in both.",
        x_label="",
        y_label="",
        x_ticks=[*(_short(team) for team in teams), "All"],
        height=34 * len(rows) + 60,
        reveal=reveal,
    )


def days_figure(before: Portfolio, after: Portfolio, title: str, *, reveal: bool = False) -> dict[str, Any]:
    """Return each team's days a month: what goes on, what was given up, and the days it has."""
    was = {load.team: load.days for load in alignment.loads(before)}
    loads = alignment.loads(after)
    teams = _cut([load.team.capitalize() for load in loads])
    idle = [sum(p.days for p in after.of(load.team) if not any(p.scores)) for load in loads]
    most = max([*was.values(), *(one for load in loads for one in (load.days, load.capacity))])
    tick = most / 200
    layers = {
        ("group_a", "serves a goal"): [
            (0.0, load.days - none) for load, none in zip(loads, idle, strict=True)
        ],
        ("signal_concern", "serves no goal"): [
            (load.days - none, load.days) for load, none in zip(loads, idle, strict=True)
        ],
        ("quiet", "given up"): [(load.days, max(load.days, was[load.team])) for load in loads],
        ("annotation", "days there are"): [(load.capacity - tick, load.capacity + tick) for load in loads],
    }
    marks = []
    for (role, label), spans in layers.items():
        # The first layer names every row, even a team with nothing to do.
        bars = [
            (*span, team) for span, team in zip(spans, teams, strict=True) if span[1] > span[0] or not marks
        ]
        if bars:
            starts, ends, names = zip(*bars, strict=True)
            marks.append(schema.mark("bar_x", role, label=label, x1=starts, x2=ends, text=names))
    said = "; ".join(
        f"{load.team}: {shown(load.days)} taken of {shown(load.capacity)}, {shown(none)} of them for no goal, "
        f"{shown(was[load.team])} before"
        for load, none in zip(loads, idle, strict=True)
    )
    return schema.figure(
        title,
        marks,
        description=f"Bars of days a month for {counted(len(loads), 'team')}. {said}.",
        x_label="days a month",
        y_label="",
        x_range=(0, most * 1.05),
        height=44 * len(loads) + 60,
        reveal=reveal,
    )


def comparison(columns: Sequence[tuple[str, Portfolio]], *, reveal: bool = False) -> dict[str, Any]:
    """Return what a board would ask of each portfolio, side by side."""
    facts = [
        ("Projects", lambda p: len(p.projects)),
        ("Days taken", lambda p: shown(p.days)),
        ("Days there are", lambda p: shown(p.capacity)),
        ("Serve no goal", lambda p: len(alignment.orphan_projects(p))),
        ("Goals unserved", lambda p: len(alignment.orphan_goals(p))),
        ("Duplicates", lambda p: len(alignment.duplicates(p))),
        ("Alignment score", lambda p: percent(alignment.score(p))),
    ]
    return schema.table(
        "Side by side",
        ["", *(heading for heading, _ in columns)],
        [[words, *(fact(portfolio) for _, portfolio in columns)] for words, fact in facts],
        open=True,
        reveal=reveal,
    )


def x_matrix(portfolio: Portfolio, *, reveal: bool = False) -> dict[str, Any]:
    """Return the X-matrix laid flat: goals, priorities, measures and owners on one page, strongest first."""
    ordered = sorted(portfolio.projects, key=lambda project: (-project.strength, -sum(project.scores)))
    rows = [
        [
            project.name + (" (housekeeping)" if project.must else ""),
            project.team.capitalize(),
            project.measure,
            shown(project.days),
            *(score or "" for score in project.scores),
        ]
        for project in ordered
    ]
    serving = [sum(p.scores[place] > 0 for p in portfolio.projects) for place in range(len(portfolio.goals))]
    rows.append(["Projects for this goal", "", "", shown(portfolio.days), *serving])
    return schema.table(
        "X-matrix, laid flat: priorities, owners, measures, goals. Open it, then print",
        ["Priority", "Owner", "Measure", "Days", *portfolio.goals],
        rows,
        reveal=reveal,
    )


def everything(portfolio: Portfolio, *, reveal: bool = False) -> dict[str, Any]:
    """Return every project with its team, service, measure, days and scores, and totals."""
    data = download(portfolio)
    serving = [sum(p.scores[place] > 0 for p in portfolio.projects) for place in range(len(portfolio.goals))]
    totals = ["Projects for this goal", "", "", "", shown(portfolio.days), *serving]
    return schema.table(
        "Every project and its scores", data["columns"], [*data["rows"], totals], reveal=reveal
    )


def _lists(portfolio: Portfolio, *, reveal: bool = False) -> list[dict[str, Any]]:
    return [
        schema.listing(
            "Serves no goal",
            [
                f"{p.name}: {p.team}, {counted(p.days, 'day')} a month"
                for p in alignment.orphan_projects(portfolio)
            ],
            empty="Every project serves a goal, or has to be done anyway.",
            reveal=reveal,
        ),
        schema.listing(
            "Same service, same number",
            [
                f"{same[0].measure.capitalize()}, {same[0].service}: {listed([f'{p.name} ({p.team}, {shown(p.days)} days)' for p in same])}"
                for same in alignment.duplicates(portfolio)
            ],
            empty="No two projects name the same service and the same measure.",
            reveal=reveal,
        ),
    ]


def _load_table(portfolio: Portfolio, *, reveal: bool = False) -> dict[str, Any]:
    loads = alignment.loads(portfolio)
    rows = [
        [load.team.capitalize(), load.projects, shown(load.days), shown(load.capacity), shown(load.over)]
        for load in loads
    ]
    rows.append(
        [
            "All",
            len(portfolio.projects),
            shown(portfolio.days),
            shown(portfolio.capacity),
            shown(max(0.0, portfolio.days - portfolio.capacity)),
        ]
    )
    return schema.table(
        "Work in progress against the days there are, each month",
        ["Team", "Projects", "Days taken", "Days there are", "Too many"],
        rows,
        open=True,
        reveal=reveal,
    )


def download(portfolio: Portfolio) -> dict[str, Any]:
    """Return every project as rows that may be saved, and pasted again."""
    return {
        "columns": ["Project", "Team", "Service", "Measure", "Days", *portfolio.goals],
        "rows": [[p.name, p.team, p.service, p.measure, p.days, *p.scores] for p in portfolio.projects],
    }


def _short(team: str) -> str:
    """Return at most four letters for a column: the trust's own, else initials, else the beginning of the word."""
    words = team.split()
    return _SHORT.get(team) or (
        "".join(word[0] for word in words[:4]).upper() if len(words) > 1 else team[:4]
    )


def _cut(names: Sequence[str], longest: int = 19) -> list[str]:
    """Return names short enough to stand beside a row, all different."""
    cut: list[str] = []
    for name in names:
        short = name if len(name) <= longest else name[: longest - 1] + "…"
        while short in cut:
            short = f"{short[: longest - 3]} {len(cut)}"
        cut.append(short)
    return cut


def percent(share: float) -> str:
    """Return a share as a whole percentage."""
    return f"{100 * share:.0f}%"


def counted(number: float, noun: str) -> str:
    """Return a number with its noun: No projects, 1 project, 2 projects."""
    return f"{shown(number) if number else 'No'} {noun}{'' if number == 1 else 's'}"


def listed(words: Iterable[str]) -> str:
    """Return words as a list in a sentence: a, b and c."""
    words = list(words)
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
