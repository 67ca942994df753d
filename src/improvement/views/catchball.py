"""W24 catchball: goals go down to the teams; what comes back when nobody may answer, each team may, or all may together."""

from __future__ import annotations

from typing import Any

from improvement import alignment
from improvement.alignment import Answer, Portfolio, Round
from improvement.views import schema
from improvement.views.alignment import (
    NEW_DAYS,
    NOBODY,
    PASTE_EXAMPLE,
    PASTE_HELP,
    comparison,
    counted,
    days_figure,
    download,
    fits,
    listed,
    new_work,
    paste_notices,
    percent,
    teams_to_ask,
    trust,
    verdict,
    x_matrix,
)
from improvement.views.schema import Choice, Number, Option, Series, Toggle, shown

MUSTS = ("Ligature risk works", "Record-keeping annual audit")
_WAYS = {
    "cascade": "Sent down: nobody may answer",
    "answer": "Catchball: each team answers",
    "across": "Catchball: teams see each other's lists too",
}
_HEADINGS = {"cascade": "Sent down", "answer": "Each answers", "across": "Across too"}
_GUESSES = {
    "all": ("All 34, some of them trimmed", range(34, 35)),
    "most": ("About 30", range(28, 33)),
    "some": ("About 25", range(23, 28)),
    "half": ("About 17: half", range(14, 21)),
}

DECLARATION = schema.Declaration(
    title="Catchball",
    intro="The board has six goals. Five teams have 34 projects. Throw the goals down, and see what is thrown back.",
    controls=(
        Choice(
            name="way",
            label="How do the goals travel?",
            default="answer",
            radio=True,
            options=tuple(Option(value=value, label=label) for value, label in _WAYS.items()),
        ),
        Choice(
            name="source",
            label="Whose projects?",
            default="trust",
            options=(
                Option(value="trust", label="An invented trust"),
                Option(value="own", label="My own portfolio"),
            ),
        ),
        Series(
            name="pasted",
            label="Your portfolio",
            help=PASTE_HELP,
            placeholder=PASTE_EXAMPLE,
            show_when={"source": "own"},
        ),
        Choice(
            name="add",
            label=f"The board asks for work on fair access ({NEW_DAYS} days). Of whom?",
            default=NOBODY,
            options=teams_to_ask(),
            show_when={"source": "trust"},
        ),
        Toggle(
            name="protect",
            label="Some work may not be refused",
            help="Here: the ligature works and the yearly record-keeping audit.",
            show_when={"source": "trust"},
        ),
        Number(
            name="capacity",
            label="Days the teams have",
            help="As a share of today's.",
            default=100,
            minimum=60,
            maximum=150,
            step=5,
            unit="%",
        ),
    ),
    prediction=schema.Prediction(
        question=(
            "34 projects take 198 days a month and the five teams have 150. Every project has a champion who calls it strategic. "
            "Now each team may answer the board: take a project on, trim it, or refuse it for want of days. How many of the 34 will still "
            "be under way?"
        ),
        control=Choice(
            name="prediction",
            label="Projects still under way",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, (label, _) in _GUESSES.items()),
        ),
    ),
    assumptions=(
        "A team takes what must be done first, then what is tied most firmly to a goal, then what serves several, then what is small.",
        f"It accepts what fits, trims what fits to at least {percent(alignment.LEAST)} of its days, and refuses the rest.",
        "Across: duplicates merge at no cost, one list for all, and work that serves a goal may go to the team with most days free.",
        "A day of one team does for a day of another. That is rarely quite true.",
        "Alignment score: days weighted by the best score out of 3, over all days. What must be done is left out of it.",
    ),
    cannot_tell=(
        "What your teams would say. A real round is a conversation, and people bring reasons that no score holds.",
        "Whether the goals are right. The rule obeys them whatever they are.",
        "What refused work would have done for the people it was meant for.",
    ),
    honesty="An illustrative model with stated rules, on an invented trust (dataset D10). The rules are ours, made to be argued with.",
    printable=True,
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return what the three ways of deploying make of a portfolio, and each team's answers under the one chosen."""
    notices: list[dict[str, Any]] = []
    own = params["source"] == "own"
    if own:
        if not params["pasted"].strip():
            text = "Paste your portfolio and the teams in it will answer. Give each team's days in a row called capacity."
            return schema.view([schema.sentence(text)], summary=text)
        read = alignment.read_portfolio(params["pasted"])
        notices = paste_notices(read)
        musts = [name for name, said in read.decisions.items() if said == "must"]
        asked = alignment.require(read.portfolio, musts)
    else:
        asked = trust()
        if params["add"] != NOBODY:
            asked = alignment.add(asked, new_work(params["add"]))
        if params["protect"]:
            asked = alignment.require(asked, MUSTS)
    capacity = params["capacity"] / 100
    rounds = {way: alignment.catchball(asked, way, capacity=capacity) for way in alignment.WAYS}
    here = rounds[params["way"]]
    headline = f"{_WAYS[params['way']].partition(':')[0]}. {fits(here.agreed)}"
    panels = [
        days_figure(
            asked, here.agreed, "Days a month: what the board asked, what was agreed", reveal=not own
        ),
    ]
    if params["prediction"] is not None and not own:
        panels.append(
            schema.sentence(
                _judge(params["prediction"], alignment.catchball(trust(), "answer")),
                heading="Your guess",
                reveal=True,
            )
        )
    panels += [
        verdict(here.agreed, f"{fits(here.agreed)} {_thin(here)}".strip(), reveal=not own),
        comparison([(_HEADINGS[way], rounds[way].agreed) for way in alignment.WAYS], reveal=not own),
        schema.listing(
            "What the teams said", _said(here), empty="Nothing: nobody was asked.", reveal=not own
        ),
        schema.listing(
            "Now the board must answer",
            _open(asked, here),
            empty="Nothing is left open by the sums. Ask the people who do the work what they would add.",
            reveal=not own,
        ),
        _challenge(here),
        x_matrix(here.agreed, reveal=not own),
    ]
    return schema.view(panels, summary=headline, notices=notices, data=download(here.agreed))


def _judge(guess: str, here: Round) -> str:
    label, right = _GUESSES[guess]
    left = len(here.agreed.projects)
    orphans = len(alignment.orphan_projects(here.agreed))
    said = f"You said: {label[0].lower()}{label[1:]}. When each team answers by its days, {left} go on"
    if left in right:
        return f"{said}. Was it the right {left}? {orphans} of them serve no goal."
    trimmed = len(here.answered("trim"))
    return (
        f"{said}, {trimmed} of them trimmed, and {len(here.answered('refuse'))} are refused. Strategic or not, a team cannot give days it "
        f"has not got. And look closer: {orphans} of the {left} serve no goal."
    )


def _thin(here: Round) -> str:
    if here.way != "cascade":
        return ""
    short = [load for load in alignment.loads(here.agreed) if load.over > 1e-9]
    if not short:
        return ""
    least = min(short, key=lambda load: load.share)
    if not least.share:
        return f"Nobody said no, and {least.team} has no days at all."
    return (
        f"Nobody said no, so work is spread thin: a project of {least.team} gets {percent(least.share)} of the days it "
        f"needs, and takes {shown(1 / least.share, 1)} times as long."
    )


def _said(here: Round) -> list[str]:
    """One line for each team: what it took on, and every answer that was not a plain yes."""
    if here.way == "cascade":
        return []
    lines = []
    for team in here.agreed.teams:
        given = [answer for answer in here.answers if answer.team == team.name]
        yes = [answer for answer in given if answer.kind == "accept"]
        days = counted(sum(answer.days for answer in yes), "day")
        parts = [f"takes on {len(yes)} as asked ({days})" if yes else "takes on none as asked"]
        parts += [
            words
            for kind, verb in (
                ("trim", "trims"),
                ("move", "takes over"),
                ("refuse", "refuses"),
                ("merge", "merges"),
            )
            if (words := _those(verb, [answer for answer in given if answer.kind == kind]))
        ]
        lines.append(f"{team.name.capitalize()} {'; '.join(parts)}.")
    return lines


def _those(verb: str, answers: list[Answer]) -> str:
    return f"{verb} {listed(_what(answer) for answer in answers)}" if answers else ""


def _what(answer: Answer) -> str:
    project = answer.project
    if answer.kind == "trim":
        whose = "" if answer.team == project.team else f" of {project.team}"
        return f"{project.name}{whose} from {shown(project.days)} to {shown(answer.days)}"
    if answer.kind == "move":
        return f"{project.name} from {project.team}"
    if answer.kind == "merge":
        return f"{project.name} into {answer.into}"
    return project.name


def _open(asked: Portfolio, here: Round) -> list[str]:
    """The questions that the teams' answers leave to the board, the sharpest first."""
    questions = []
    refused = sorted(
        (answer.project for answer in here.answered("refuse") if answer.project.strength),
        key=lambda project: -project.strength,
    )
    kept = alignment.orphan_projects(here.agreed)
    if refused and kept:
        lost, idle = refused[0], kept[-1]
        goal = asked.goals[lost.scores.index(max(lost.scores))].lower()
        questions.append(
            f"{lost.team.capitalize()} refused {lost.name}, which scores {max(lost.scores)} for {goal}. {idle.team.capitalize()} "
            f"keeps {idle.name}, which scores nothing. Each kept to its own days. Would you sign that?"
        )
    if refused:
        questions.append(
            f"Refused, though {'it serves' if len(refused) == 1 else 'they serve'} a goal: {listed(p.name for p in refused)}. Who tells the people "
            f"{'it was' if len(refused) == 1 else 'they were'} meant for?"
        )
    alone = alignment.orphan_goals(here.agreed)
    if alone:
        questions.append(
            f"{listed(alone)}: nobody works on {'it' if len(alone) == 1 else 'them'}. What gives way, or does the goal come off the wall?"
        )
    same = alignment.duplicates(here.agreed)
    if same:
        questions.append(
            f"Still chased more than once: {listed(one[0].measure for one in same)}. Nobody saw the other's list."
        )
    if kept:
        questions.append(
            f"Still serving no goal: {listed(p.name for p in kept)}. Is a goal missing, or a word with the team?"
        )
    return questions


def _challenge(here: Round) -> dict[str, Any]:
    ask = "Let the teams see each other's lists, and still end with work that serves no goal."
    kept = alignment.orphan_projects(here.agreed)
    if here.way == "across" and kept:
        return schema.challenge(
            ask,
            True,
            f"{listed(p.name for p in kept)} {'goes' if len(kept) == 1 else 'go'} on. Catchball cuts what there is no time for. Where there is "
            "time, nobody has to choose, and the list grows back.",
        )
    if here.way != "across":
        return schema.challenge(ask, False, "Choose the third way for the goals to travel first.")
    return schema.challenge(ask, False, "None is left. What would have to be plentiful for one to survive?")
