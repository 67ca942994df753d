"""W20 after the bad news: ten pieces of news, a reply to each, and what the reply does to the news that comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from improvement.simulate import bad_news as model
from improvement.simulate.bad_news import Parameters, Response, Result
from improvement.views import schema
from improvement.views.schema import Number, Option, Toggle, Turns, shown

EACH = model.DEFAULTS.problems
"""Problems that stand behind each piece of news."""
ENOUGH = 90

REPLIES = {
    "blame": "Who is accountable?",
    "fix_it": "Leave it with me",
    "curious": "Tell me more",
    "dismiss": "Keep it in proportion",
    "unblock": "What is in your way?",
}


@dataclass(frozen=True)
class News:
    """A piece of bad news: where, what is said, whether its cause is ``unclear`` or ``stuck``, its weight, what lies behind."""

    where: str
    said: str
    kind: str
    harm: float
    behind: str


NEWS = (
    News("Board, item 7", "The chief nurse: “Three patients had the wrong insulin dose last week. It is the third time this year, and we do not "
         "know why.”", "unclear", 1.5, "the new chart prints the unit where the dose used to stand"),
    News("Ward, quarter to eight", "A night nurse: “We borrow the drug cupboard code from next door. Ours has not worked since March and we cannot "
         "get it changed.”", "stuck", 1.5, "the form wants a signature from a post that was abolished"),
    News("General practice, partners' meeting", "A receptionist: “Complaints about the phones have doubled. I honestly cannot say what happened.”",
         "unclear", 1.0, "an automatic text had asked 900 people to ring about one letter"),
    News("Ambulance station", "A paramedic: “We queue at the front door for forty minutes. The side door is nearer the beds, and we may not use it.”",
         "stuck", 2.0, "the rule dates from building works that ended two winters ago"),
    News("Finance committee", "An accountant: “My forecast for agency staff was out by £300,000. I should have seen it in May, and I do not "
         "understand how I missed it.”", "unclear", 1.0, "wards book through two systems, and one reaches finance six weeks late"),
    News("Mental health ward", "A charge nurse: “We restrain people more at weekends. The garden is locked then. I have asked.”",
         "stuck", 2.0, "the only key goes home with the day team"),
    News("Community nursing, Monday call", "A district nurse: “Two people on my list got worse before anybody rang me. I keep asking myself what we "
         "missed.”", "unclear", 2.0, "notes made at night open in a system that nurses cannot see"),
    News("Board, questions from the floor", "A patient partner: “Your interpreters stop at five. After that, people bring their children to interpret. "
         "Staff have told you so.”", "stuck", 1.5, "two managers each believed that the other had to sign"),
    News("Corridor, after the meeting", "A foundation doctor, quietly: “Friday's handover did not feel safe. I could not tell you what it was.”",
         "unclear", 2.0, "two lists are printed an hour apart, and each team trusts its own"),
    News("Payroll", "A clerk: “Night staff have been underpaid for three months. The supplier can mend it, and says we must wait until April.”",
         "stuck", 1.0, "nobody with a budget had rung the supplier"),
)  # fmt: skip
VIGNETTES = tuple(model.Vignette(news.where, news.kind, news.harm) for news in NEWS)

_CAME_OF = {
    ("blame", "unclear"): "By Friday there was a name, and a reminder went round. What lay behind it stayed: {behind}.",
    ("blame", "stuck"): "Somebody gave up an evening and got round it this once. What stood in the way stayed: {behind}.",
    ("fix_it", "unclear"): "You sent help the same day, and some of it helped. What lay behind it nobody had told you: {behind}.",
    ("fix_it", "stuck"): "You made the call and much of it moved. What stood in the way was that {behind}. Next time they will wait for you.",
    ("dismiss", "unclear"): "The meeting ended on time. What lay behind it stayed: {behind}.",
    ("dismiss", "stuck"): "The meeting ended on time. What stood in the way stayed: {behind}.",
    ("curious", "unclear"): "A silence, then ten minutes of detail. Out of it came what lay behind: {behind}.",
    ("curious", "stuck"): "They told it once more. They had known all along that {behind}. The telling did not clear it.",
    ("unblock", "unclear"): "“We would need to know first”, they said, and you found two of them a morning to look. Not yet found: {behind}.",
    ("unblock", "stuck"): "One thing, they said: {behind}. It took you two telephone calls.",
}  # fmt: skip

_GUESSES = {
    "more": (1.1, 9.0, "12 or more: people see that it matters"),
    "same": (0.9, 1.1, "About 10, as before"),
    "fewer": (0.6, 0.9, "About 8"),
    "few": (-1.0, 0.6, "5 or fewer"),
}
_WORKINGS = {"workings": True}

DECLARATION = schema.Declaration(
    title="After the bad news",
    intro=f"Ten people bring you bad news, one a week. Behind each stand {EACH} problems like theirs, and you hear of some. Nobody sees your replies.",
    prediction=schema.Prediction(
        question=(
            f"A board hears of about 10 in every {EACH} problems. Item 7: three patients had the wrong insulin dose, for the third time this "
            "year. The chair leans forward: “This is not acceptable. Who is accountable? I want a name by Friday.” The room sits up. "
            f"Of the next {EACH} problems, how many will the board hear of?"
        ),
        control=schema.Choice(
            name="prediction",
            label="They will hear of",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, (_, _, label) in _GUESSES.items()),
        ),
    ),
    controls=(
        Turns(
            name="replies",
            label="Your reply",
            turn="News",
            maximum=len(NEWS),
            repeat=True,
            options=tuple(Option(value=value, label=label) for value, label in REPLIES.items()),
        ),
        Toggle(name="workings", label="Open the workings"),
        Number(
            name="start",
            label=f"Heard of at the start, of {EACH}",
            default=10,
            minimum=2,
            maximum=18,
            show_when=_WORKINGS,
            keep=True,
        ),
        Number(
            name="cost",
            label="“Who is accountable?” takes off what you hear of next",
            default=60,
            minimum=0,
            maximum=80,
            unit="%",
            show_when=_WORKINGS,
            keep=True,
        ),
        Number(
            name="extra",
            label="… and puts right this many more, of 100 you heard of",
            help=f"On top of {100 * model.DEFAULTS.responses[0].unclear:.0f} where the cause is unclear and "
            f"{100 * model.DEFAULTS.responses[0].stuck:.0f} where it is known.",
            default=0,
            minimum=0,
            maximum=70,
            show_when=_WORKINGS,
            keep=True,
        ),
    ),
    assumptions=(
        *model.ASSUMPTIONS,
        f"What stays open shows itself with a chance of {100 * model.DEFAULTS.surface:.0f}% a week. Harm is counted in problems open for a week; "
        "graver news counts up to twice.",
        "A reply is the words on the button. A warm voice and a raised eyebrow are not in the model.",
        "None of the ten stories is about a deliberate or reckless act. Those need a fair process of their own.",
    ),
    cannot_tell=model.CANNOT_TELL,
    honesty="An illustrative model. The stories are invented and the sizes are ours; studies support the direction more than any amount.",
)


def parameters_of(
    params: schema.Params, replies: Sequence[str] | None = None, news: int | None = None
) -> Parameters:
    """Return the model's parameters for the controls' values, for other `replies`, or for the first pieces of `news` alone."""
    replies = params["replies"] if replies is None else replies
    extra = params["extra"] / 100
    changed = [
        Response(
            "blame", -params["cost"] / 100, min(1.0, reply.unclear + extra), min(1.0, reply.stuck + extra)
        )
        if reply.name == "blame"
        else reply
        for reply in model.DEFAULTS.responses
    ]
    return Parameters(
        choices=tuple(replies),
        vignettes=VIGNETTES[: len(replies) if news is None else news],
        safety=params["start"] / EACH,
        responses=tuple(changed),
    )


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the news in hand and what came of the last reply; after the tenth, the run beside the best and worst."""
    given = params["replies"]
    done = len(given) == len(NEWS)
    run = model.simulate(parameters_of(params)) if given else None
    panels = [_figure(params, run)]
    if run:
        panels.append(
            schema.sentence(
                _came_of(run),
                heading=f"After “{REPLIES[run.periods[-1].response]}”",
                reveal=True,
                beside="replies",
            )
        )
    panels.append(_next(given))
    if params["prediction"] is not None:
        panels.append(
            schema.sentence(_judge(params["prediction"], params), heading="Your guess", reveal=True)
        )
    told = "No news answered yet."
    if run and not done:
        told = _so_far(run)
        panels.append(schema.sentence(told, heading="So far", reveal=True))
    if run and done:
        told = _ending(run)
        panels += [_verdict(run, told), _compared(params, run), _missed(run)]
    if params["prediction"] is None:
        panels.append(_key())
    if done or params["workings"] or params["prediction"] is None:
        panels += [_bought(params), _challenge(params)]
    return schema.view(panels, summary=told, data=_data(run) if run else None)


def heard(run: Result) -> list[float]:
    """Return of how many problems the leader hears, piece by piece, and once more after the last reply."""
    return [EACH * period.safety for period in run.periods] + [EACH * run.final_safety]


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _figure(params: schema.Params, run: Result | None) -> dict[str, Any]:
    yours = heard(run) if run else [float(params["start"])]
    replies = ["at the start", *(f"after “{REPLIES[one]}”" for one in params["replies"])]
    marks = [
        schema.mark("line", "data", label="Your replies", x=range(1, len(yours) + 1), y=yours, reveal=True),
        schema.mark(
            "dot",
            "data",
            x=range(1, len(yours) + 1),
            y=yours,
            title=[f"{_whole(value)} of {EACH}, {why}" for value, why in zip(yours, replies, strict=True)],
            reveal=bool(run),
        ),
    ]
    description = f"Before any reply you hear of {params['start']} in every {EACH} problems."
    if run:
        description += f" After {len(run.periods)} {'reply' if len(run.periods) == 1 else 'replies'} it is {_whole(yours[-1])}."
    if run and len(run.periods) == len(NEWS):
        for role, label, best in (
            ("group_a", "Best possible", run.optimum),
            ("group_b", "Worst possible", run.worst),
        ):
            line = heard(model.simulate(replace(run.parameters, choices=best.choices)))
            marks.append(
                schema.mark("line", role, label=label, x=range(1, len(line) + 1), y=line, reveal=True)
            )
            description += f" {label}: {_whole(line[-1])}."
        description += f" Your lowest was {_whole(min(yours))}."
    return schema.figure(
        f"How many of {EACH} problems you hear of",
        marks,
        description=description,
        x_label="News",
        y_label="Heard of",
        x_range=(0.6, len(NEWS) + 1.4),
        x_ticks=[*(str(number) for number in range(1, len(NEWS) + 1)), ""],
        y_range=(0, EACH + 1),
        height=260,
    )


def _next(given: Sequence[str]) -> dict[str, Any]:
    if len(given) == len(NEWS):
        return schema.sentence(
            "That was the tenth. Below is what became of it all. Take back the last to change it, or Reset for another run.",
            beside="replies",
        )
    news = NEWS[len(given)]
    return schema.sentence(news.said, heading=news.where, beside="replies")


def _came_of(run: Result) -> str:
    last, news = run.periods[-1], NEWS[len(run.periods) - 1]
    story = _CAME_OF[last.response, news.kind].format(behind=news.behind)
    return (
        f"{story} Heard of: {_whole(last.raised)} of {EACH}. Put right at once: {_whole(last.put_right)}. Next time you will hear of "
        f"{_whole(EACH * run.final_safety)}."
    )


def _judge(guess: str, params: schema.Params) -> str:
    (reaction,) = model.simulate(parameters_of(params, ["blame"], 1)).reactions[:1]
    before, after = _whole(params["start"]), _whole(EACH * reaction.next_safety)
    least, most, label = _GUESSES[guess]
    ratio = 1 + reaction.next_raised
    opening = "As you said" if least <= ratio < most else f"You said {label[0].lower()}{label[1:]}"
    told = f"{opening}. In this model {before} become {after}."
    if not reaction.to_recover:
        if reaction.next_raised < 0:
            return f"{told} They do not come back."
        return f"{told} With these settings the question costs nothing."
    back = f"It takes {reaction.to_recover} good {'reply' if reaction.to_recover == 1 else 'replies'} in a row to be back."
    return (
        f"{told} The room did sit up, and some of it was put right: that is why the question feels like grip. Everybody else took note of what "
        f"happens to people who bring news. {back} The size is ours; the direction is what studies find."
    )


def _so_far(run: Result) -> str:
    whole = EACH * len(run.periods)
    return (
        f"Heard of {_whole(sum(one.raised for one in run.periods))} of {whole} problems, {_whole(sum(one.put_right for one in run.periods))} of them "
        f"put right at once. {_whole(run.periods[-1].open_problems)} are open."
    )


def _points(run: Result) -> int:
    return round(100 * (run.score or 0))


def _ending(run: Result) -> str:
    whole = EACH * len(NEWS)
    return (
        f"You heard of {_whole(sum(one.raised for one in run.periods))} of {whole} problems and at the end would hear of "
        f"{_whole(EACH * run.final_safety)} in {EACH}. What was not put right stayed open. All {whole} together were open for a mean of "
        f"{shown(run.time_open, 1)} weeks."
    )


def _verdict(run: Result, told: str) -> dict[str, Any]:
    points = _points(run)
    code = "reliably_meets" if points >= ENOUGH else "neutral_high"
    return schema.verdict(
        "Where your run lies between the worst possible (0) and the best (100)",
        code,
        f"{points} of 100",
        told,
        reveal=True,
    )


def _compared(params: schema.Params, run: Result) -> dict[str, Any]:
    courses = {
        "You": run.parameters.choices,
        "Best possible": run.optimum.choices,
        "Worst possible": run.worst.choices,
        f"Always “{REPLIES['blame']}”": ("blame",) * len(NEWS),
        f"Always “{REPLIES['fix_it']}”": ("fix_it",) * len(NEWS),
    }

    def row(name: str, choices: Sequence[str]) -> list[str]:
        one = model.simulate(parameters_of(params, choices))
        return [
            name,
            f"{100 * one.final_safety:.0f}%",
            _whole(sum(period.raised for period in one.periods)),
            _whole(sum(period.put_right for period in one.periods)),
            shown(one.time_open, 1),
            _whole(one.harm),
            str(_points(one)),
        ]

    return schema.table(
        "The same ten pieces of news",
        [
            "",
            "Psychological safety at the end",
            f"Heard of, of {EACH * len(NEWS)}",
            "Put right at once",
            "Weeks open, mean",
            "Later harm",
            "0 to 100",
        ],
        [row(name, choices) for name, choices in courses.items()],
        open=True,
        reveal=True,
    )


def _key() -> dict[str, Any]:
    """All ten stories, for a page on paper or without scripts; a reader who commits meets them one by one."""
    return schema.listing(
        "The ten pieces of news, and what lay behind them",
        [f"{news.where}. {news.said} Behind it: {news.behind}." for news in NEWS],
        empty="",
        reveal=True,
    )


def _missed(run: Result) -> dict[str, Any]:
    room = run.worst.harm - run.optimum.harm
    costs = [(100 * period.regret / room, number) for number, period in enumerate(run.periods)]
    worth = sorted((one for one in costs if one[0] >= 0.5), reverse=True)[:3]
    return schema.listing(
        "Where another reply would have paid most",
        [
            f"{NEWS[number].where}, after “{REPLIES[run.periods[number].response]}”: {shown(cost, 0)} of the 100. Behind it: {NEWS[number].behind}."
            for cost, number in worth
        ],
        empty="Nowhere by half a point or more.",
        reveal=True,
    )


def _bought(params: schema.Params) -> dict[str, Any]:
    p = parameters_of(params, ["blame"], 1)
    reactions = {one.response: one for one in model.simulate(p).reactions}
    by_name = {one.name: one for one in p.responses}

    def row(name: str) -> list[str]:
        reply, reaction = by_name[name], reactions[name]
        change = 100 * reaction.next_raised
        back = "never" if reaction.to_recover is None else str(reaction.to_recover)
        return [
            f"“{REPLIES[name]}”",
            f"{100 * reply.unclear:.0f}",
            f"{100 * reply.stuck:.0f}",
            "no change" if abs(change) < 0.5 else f"{'+' if change > 0 else '−'}{abs(change):.0f}%",
            back,
        ]

    return schema.table(
        "What each reply buys, today and next time",
        [
            "Reply",
            "Put right, of 100 heard of, cause unclear",
            "… cause known",
            "Heard of next time",
            "Good replies to be back",
        ],
        [row(name) for name in REPLIES],
        open=True,
        reveal=True,
    )


def _challenge(params: schema.Params) -> dict[str, Any]:
    best = model.optimum(parameters_of(params, ["curious"] * len(NEWS)))
    places = [number for number, name in enumerate(best.choices, start=1) if name == "blame"]
    if not places:
        text = "With these settings the best run has none. What would it have to put right, and who is still there to remember it?"
    elif places == [len(NEWS)]:
        text = "Found: once, at the very end, when there is no next time. A leader about to leave meets that temptation."
    else:
        listed = ", ".join(map(str, places))
        text = f"Found: the best run has it at news {listed}. If it really puts so much right at so small a cost, it is the thing to say."
    return schema.challenge(
        f"“Asking for a name never pays.” Open the workings and find settings where the best run has a “{REPLIES['blame']}” in it.",
        bool(places),
        text,
    )


def _data(run: Result) -> dict[str, Any]:
    return {
        "columns": ["News", "Where", "Reply", "Heard of", "Put right at once", "Open", "Harm this week"],
        "rows": [
            [
                number,
                period.title,
                REPLIES[period.response],
                round(period.raised, 2),
                round(period.put_right, 2),
                round(period.open_problems, 2),
                round(period.harm, 2),
            ]
            for number, period in enumerate(run.periods, start=1)
        ],
    }
