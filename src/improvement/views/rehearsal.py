"""W41 rehearsal: a meeting that is shown how its self-assessment differs, line by line, and what each opening leads to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from improvement.simulate import conversation as model
from improvement.simulate.conversation import BEATS, MOVES, State, Turn
from improvement.spc import wording
from improvement.views import schema
from improvement.views.schema import Choice, Option, Turns


@dataclass(frozen=True)
class Group:
    """One side of the slide: who they are, how many answered, and their median level."""

    name: str
    people: int
    median: int


@dataclass(frozen=True)
class Scene:
    """A meeting: the slide, who speaks at each beat and what they say, your lines, and what only candour brings out.

    `heard` holds the hard thing said at the beats where one can be said; `promised` the promise that each ground turns into.
    """

    label: str
    sector: str
    room: str
    statement: str
    high: Group
    low: Group
    speakers: Mapping[str, str]
    said: Mapping[str, str]
    yours: Mapping[str, Mapping[str, str]]
    heard: Mapping[str, str]
    promised: Mapping[str, str]


_YOURS_LATE = {
    "disclosure": {
        "show": "The incident figures do not show that.",
        "tell": "I heard something like that from the other site as well.",
        "ask": "Where was this? Who told you to?",
        "own": "Thank you. I asked, so this is mine now. Is anybody at risk today? Let us stop here, and I will come with you.",
    },
    "close": {
        "show": "We are a 2.4. Let us say 3.5 by next year.",
        "tell": "To sum up, we heard three things this morning.",
        "ask": "What will each of us do, and by when?",
        "own": "I will write it all up as an action plan.",
    },
}

SCENES = {
    "community": Scene(
        "Community trust: the board", "community", "The board of a community trust",
        "We have few enough priorities to finish them.",
        Group("Board", 15, 4), Group("Nurses", 120, 1),
        {"opening": "Chair", "challenge": "Chief operating officer", "money": "Finance director",
         "partner": "Patient partner", "disclosure": "Matron", "close": "Chair"},
        {
            "opening": "You have ten minutes. What have you brought us?",
            "challenge": "Sorry, I do not recognise this. We cut the list to five in March.",
            "money": "And what does all this cost us, while we are four million short?",
            "partner": "Was anybody like me asked?",
            "disclosure": "Then I will say it. In May I was told to leave a fall off the system.",
            "close": "We have to move on. Where does that leave us?",
        },
        {
            "opening": {
                "show": "Board at 4, nurses at 1. The widest gap we have.",
                "tell": "On Tuesday Ruth had nine visits, and three projects to report on by four.",
                "ask": "Before the form: what did you last see that was stopped to make room?",
                "own": "I nearly brought you a score. I left the night staff out of it, and that is on me.",
            },
            "challenge": {
                "show": "A hundred and twenty nurses answered. It is not luck.",
                "tell": "A health visitor told me she has four lists that all come first.",
                "ask": "What is on the five that the nurses would not see?",
                "own": "You are right that we never told them which lists had stopped. I should have asked you first.",
            },
            "money": {
                "show": "Six hours a team each week go on reports for projects. I have the count for twelve teams.",
                "tell": "One team gave up its handover to get the reports done.",
                "ask": "What do you think it costs?",
                "own": "I do not know yet. I should have costed it before I came.",
            },
            "partner": {
                "show": "Three partners answered. That is too few to show.",
                "tell": "A carer told us she repeats her story at every visit.",
                "ask": "Not well enough. What would you have said?",
                "own": "Three were, by a form, after we had chosen the questions. That was our doing.",
            },
        },
        {
            "opening": "Honestly? Nothing. We add. We have never once stopped a thing in this room.",
            "challenge": "Five on paper. My own teams still send me the old nineteen, and I read them.",
            "partner": "That I stopped asking after the chair told me it was not my place.",
        },
        {
            "challenge": "the chief operating officer stops the old reports by the end of the month",
            "money": "the finance director puts the hours beside the savings plan in January",
            "partner": "the patient partner helps to choose the next questions, paid, from Monday",
        },
    ),
    "ambulance": Scene(
        "Ambulance: managers and station staff", "ambulance", "The monthly meeting of an ambulance division",
        "When a shift goes wrong, somebody asks us what happened.",
        Group("Managers", 12, 4), Group("Crews", 46, 1),
        {"opening": "Head of operations", "challenge": "Sector manager", "money": "Finance partner",
         "partner": "Patient representative", "disclosure": "Paramedic", "close": "Head of operations"},
        {
            "opening": "You are on. What is this about?",
            "challenge": "I ask them every single time. Who filled this in?",
            "money": "Will this take vehicles off the road? Because that has a price.",
            "partner": "When we wait five hours, does anybody ask us?",
            "disclosure": "All right. In June we were told to write a later time on a handover.",
            "close": "Next meeting is in here at two. What now?",
        },
        {
            "opening": {
                "show": "Managers at 4, crews at 1, on whether anybody asks.",
                "tell": "On Friday a crew held a man's hand for four hours outside a hospital. Then they were sent to a job.",
                "ask": "After your last bad shift, who asked you about it?",
                "own": "I sent this form out in the heatwave, and by e-mail. That was a poor way to ask.",
            },
            "challenge": {
                "show": "Forty-six did, out of sixty. Ten would have been enough.",
                "tell": "One of them said the only call he had was about a late form.",
                "ask": "When you ask, what do they tell you?",
                "own": "You do ask. I have seen it. And I have not asked one of them myself this year.",
            },
            "money": {
                "show": "Ten minutes a crew, at the end of the shift: 31 hours a month, no vehicle off the road.",
                "tell": "A crew told me that they would do it for nothing.",
                "ask": "What would you be ready to spend?",
                "own": "I have not worked it out. That should have come before today.",
            },
            "partner": {
                "show": "Our survey says that 87 per cent were satisfied.",
                "tell": "A woman wrote to thank the crew who stayed.",
                "ask": "No. If we had, what would you have told us?",
                "own": "We count your minutes, and we have never rung one of you. That is ours to mend.",
            },
        },
        {
            "opening": "Nobody. And I asked nobody after mine. I drove home.",
            "challenge": "They say “fine”. I have stopped believing it, and I still write it down.",
            "partner": "That my father apologised to the crew for taking their time.",
        },
        {
            "challenge": "the sector manager rides out with a crew twice before the next meeting",
            "money": "finance and operations test the ten minutes at one station from the first of the month",
            "partner": "the patient representative rings five people who waited, with a paramedic, by Friday week",
        },
    ),
    "practices": Scene(
        "General practice: a network of practices", "primary care", "A network of six practices",
        "We know why people ring twice.",
        Group("Partners", 14, 4), Group("Reception", 22, 1),
        {"opening": "Clinical lead", "challenge": "Senior partner", "money": "Business manager",
         "partner": "Patient group", "disclosure": "Receptionist", "close": "Clinical lead"},
        {
            "opening": "Lunch is short. What did the form say?",
            "challenge": "With respect, we have studied our calls. It is demand. There is too much of it.",
            "money": "Who pays for looking into it? The practice does, and that means us.",
            "partner": "Has anybody tried ringing us on a Monday, as a patient?",
            "disclosure": "Can I say something? A result sat unread for a fortnight. I was told not to make a fuss.",
            "close": "Surgery in four minutes. So?",
        },
        {
            "opening": {
                "show": "Partners at 4, reception at 1, on knowing why people ring twice.",
                "tell": "On Monday Amina took ninety calls. Thirty were people asking what had become of the last one.",
                "ask": "Which call this week should never have been needed?",
                "own": "I wrote these questions without anybody from reception. They told me so, and they are right.",
            },
            "challenge": {
                "show": "Reception's median is 1, and twenty-two of them answered.",
                "tell": "A man rang four times about one blood test.",
                "ask": "What do the people who pick up the phone say?",
                "own": "There is too much demand. And some of it I make: my letters say “ring us for the result”.",
            },
            "money": {
                "show": "In 600 calls we coded four in ten as our own doing. That is a receptionist's week, each week.",
                "tell": "The practice next door says its phones are quieter.",
                "ask": "What is it worth to you?",
                "own": "I cannot tell you yet. I came without a price.",
            },
            "partner": {
                "show": "Answer times are in the table, by practice.",
                "tell": "My neighbour was eighteenth in the queue.",
                "ask": "I have not. What would I hear?",
                "own": "No. We designed it from this side of the phone. I am sorry.",
            },
        },
        {
            "opening": "Half of mine. I ask people to ring back because my list is full.",
            "challenge": "I have never asked them. I did not want to hear it.",
            "partner": "A voice that says you are important, and then nothing. Some of us hang up for good.",
        },
        {
            "challenge": "the senior partner spends Monday from eight to nine at reception",
            "money": "the business manager prices one kind of call for one practice by the fifteenth",
            "partner": "two of the patient group ring in on Mondays for a month, and report at lunch",
        },
    ),
}  # fmt: skip

MOVE_NAMES = {
    "show": "Show the figures",
    "tell": "Tell what one person saw",
    "ask": "Ask, and wait",
    "own": "Own your part",
}

_REPLIES = {
    ("opening", "show"): "Who filled this in? I would like to see how it was worded.",
    ("opening", "tell"): "That is one person. But go on.",
    ("opening", "own"): "I did not expect you to begin like that.",
    ("challenge", "show"): "I could bring you figures of my own.",
    ("challenge", "show", "low"): "All right. It is not nobody.",
    ("challenge", "tell"): "That happens. I have seen it.",
    ("challenge", "tell", "again"): "We cannot run this place on anecdotes.",
    ("challenge", "ask"): "I have said what I have to say.",
    ("challenge", "ask", "ground"): "Fair question. I would have to go and look.",
    ("challenge", "own"): "Well. At least you say so.",
    ("challenge", "own", "ground"): "Thank you. Then let us find out which of us is missing what.",
    ("challenge", "own", "again"): "You have said so already.",
    ("money", "show"): "Those are your figures, not mine.",
    ("money", "show", "ground"): "That I can use. Leave it with me.",
    ("money", "tell"): "I asked for a price, and that was a story.",
    ("money", "ask"): "I asked you.",
    ("money", "own"): "Then come back with it. I would rather hear that than a guess.",
    ("money", "own", "again"): "So I gather.",
    ("partner", "show"): "I asked about people, and you answered with a number.",
    ("partner", "tell"): "Yes. It was like that for my mother.",
    ("partner", "tell", "again"): "That was somebody else again.",
    ("partner", "ask"): "Not in here, thank you.",
    ("partner", "ask", "ground"): "More than fits in a minute. Ask me before you write the next form.",
    ("partner", "own"): "I have been told that before.",
    ("partner", "own", "ground"): "Then I should like to help with the next one.",
    ("disclosure", "show"): "So you do not believe me. I take it back.",
    ("disclosure", "tell"): "Now it is gossip. I take it back.",
    ("disclosure", "ask"): "Forget it. I should have kept quiet.",
    ("disclosure", "own"): "Thank you. Yes. I would like that.",
    ("close", "show"): "Three and a half it is. Agreed? Next item.",
    ("close", "tell"): "Very clear, thank you. Next item.",
    ("close", "ask"): "We note the report. Next item.",
    ("close", "own"): "Excellent. Then you have it. Next item.",
}

_ENDINGS = {
    "whole": (
        "reliably_meets", "Candour, and three promises",
        "Two hard things were said, harm was taken to safety, and people who can act said what they would do.",
    ),
    "promises": (
        "hit_and_miss", "A promise, and something unsaid",
        "Somebody will act. What is hardest to say was not said, or not answered in full.",
    ),
    "talk": (
        "none", "A good talk, and nothing follows",
        "Something true was said, and it has no owner. Next time it will be harder to say.",
    ),
    "polite": (
        "none", "Polite, and empty",
        "Nobody was hurt and nobody was moved. The paper was noted.",
    ),
    "defended": (
        "reliably_misses", "Defended",
        "They guarded themselves against you, and your figures with it. That goes for true figures too.",
    ),
    "exposed": (
        "reliably_misses", "Somebody spoke up and was left standing there",
        "This outweighs the rest. Go to that person now, alone. Make sure that people are safe, offer the route for speaking up, and "
        "own to the others that you handled it badly.",
    ),
}  # fmt: skip

DECLARATION = schema.Declaration(
    title="Rehearsal",
    intro="Your slide, their meeting. Choose your next line, hear what comes back, take it back and try another.",
    controls=(
        Choice(
            name="scene",
            label="Which meeting?",
            default="community",
            options=tuple(Option(value=name, label=one.label, sector=one.sector) for name, one in SCENES.items()),
        ),
        Turns(
            name="lines",
            label="What do you do next?",
            maximum=len(BEATS),
            counted=False,
            options=tuple(Option(value=move, label=words) for move, words in MOVE_NAMES.items()),
        ),
    ),
    prediction=schema.Prediction(
        question=(
            "The slide is sound: counted with care, far beyond luck. The chair wants plain facts. Which way of opening will get the most "
            "promises out of this room?"
        ),
        control=Choice(
            name="prediction",
            label="Open with",
            radio=True,
            default=None,
            options=(
                Option(value="show", label="The figures: good data persuade"),
                Option(value="tell", label="One person's story"),
                Option(value="ask", label="A question, and waiting for the answer"),
                Option(value="own", label="Something you got wrong yourself"),
            ),
        ),
    ),
    assumptions=(
        *model.ASSUMPTIONS,
        f"The guard runs from 0 to {model.HIGHEST} and starts at {model.START}. Figures add 3 while it is above {model.LOW}, and nothing after. A "
        "question takes off 1, a first story 1; a further story adds 1. Owning your part takes off 2, once. Asking or telling when you were asked for a price adds 1.",
        f"A hard thing is said when you ask, not about money, and the guard ends at {model.LOW} or less: one before you have owned something, two after.",
        f"A promise needs ground: asking or owning at a guard of {model.HEARS} or less when you are challenged, figures at {model.LOW} or less when asked for a price, "
        f"asking or owning at {model.LOW} or less with the partner. It is given if you ask at the close, at {model.LOW} or less: one at most if you owned nothing.",
    ),
    cannot_tell=model.CANNOT_TELL,
    honesty="An illustrative model. The meetings, people, figures and words are invented; the rules are ours and come from no study. The idea came from one director's account in "
    "the evaluation of NHS IMPACT (Burgess and Downham, 2025).",
)  # fmt: skip


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the slide, what is said to you, the guard of the room, and where each opening can lead."""
    scene = SCENES[params["scene"]]
    turns = model.converse(params["lines"])
    state = turns[-1].after if turns else State()
    rows = [_row(scene, turns, place) for place in range(len(turns))]
    panels = [_guard_figure(scene, turns), _slide(scene)]
    panels += _beside(scene, turns, state)
    if params["prediction"] is not None:
        panels.append(schema.sentence(_judge(params["prediction"]), heading="Your guess", reveal=True))
    if not state.beat:
        code, words, text = _ENDINGS[model.ending(state)]
        panels.append(schema.verdict("How it ended", code, words, text, reveal=True))
    columns = ["They said", "You", "What came back", "Guard"]
    panels += [
        schema.table("The meeting so far", columns, rows, open=bool(rows), reveal=True),
        _openings(),
        _challenge(turns, state),
    ]
    return schema.view(
        panels, summary=_standing(scene, turns, state), data={"columns": columns, "rows": rows}
    )


def _beside(scene: Scene, turns: tuple[Turn, ...], state: State) -> list[dict[str, Any]]:
    """What came back, what is said to you now, and the words that each button stands for."""

    def say(text: str, heading: str) -> dict[str, Any]:
        return schema.sentence(text, heading=heading, beside="lines", reveal=True)

    panels = []
    if turns:
        panels.append(say(_reply(scene, turns, len(turns) - 1), f"Guard {state.guard}. They answer"))
    if not state.beat:
        panels.append(say("The meeting is over. Take back a line and try another.", "The end"))
        return panels
    panels.append(say(f"“{scene.said[state.beat]}”", f"{scene.speakers[state.beat]}"))
    options = _yours(scene, state.beat)
    panels += [say(f"“{options[move]}”", MOVE_NAMES[move]) for move in MOVES]
    return panels


def _yours(scene: Scene, beat: str) -> Mapping[str, str]:
    return scene.yours[beat] if beat in scene.yours else _YOURS_LATE[beat]


def _row(scene: Scene, turns: tuple[Turn, ...], place: int) -> list[Any]:
    turn = turns[place]
    return [
        f"{scene.speakers[turn.beat]}: “{scene.said[turn.beat]}”",
        f"“{_yours(scene, turn.beat)[turn.move]}”",
        _reply(scene, turns, place),
        turn.after.guard,
    ]


def _reply(scene: Scene, turns: tuple[Turn, ...], place: int) -> str:
    before = turns[place - 1].after if place else State()
    turn = turns[place]
    beat, move, after = turn.beat, turn.move, turn.after
    if beat == "close" and after.promises:
        kept = [ground for ground in BEATS if ground in after.ground][: after.promises]
        promises = "; ".join(scene.promised[ground] for ground in kept)
        return f"{wording.plural(after.promises, 'promise').capitalize()}: {promises}."
    if after.candour > before.candour:
        return f"“{scene.heard[beat]}”"
    kind = ""
    if beat in after.ground:
        kind = "again" if move == "own" and before.owned and beat == "challenge" else "ground"
    elif (move == "own" and before.owned) or (move == "tell" and before.told):
        kind = "again"
    elif move == "show" and before.guard <= model.LOW:
        kind = "low"
    return f"“{_REPLIES.get((beat, move, kind)) or _REPLIES[beat, move]}”"


def _guard_figure(scene: Scene, turns: tuple[Turn, ...]) -> dict[str, Any]:
    guards = [model.START, *(turn.after.guard for turn in turns)]
    names = ["start", *(MOVE_NAMES[turn.move].split()[0].rstrip(",").lower() for turn in turns)]
    ticks = names + [""] * (len(BEATS) + 1 - len(names))
    order = list(range(1, len(guards) + 1))
    walk = ", ".join(f"{name} {guard}" for name, guard in zip(names, guards, strict=True))
    gains = [place for place, turn in enumerate(turns, start=2) if turn.gained]
    return schema.figure(
        "The guard of the room, after each of your lines",
        [
            schema.mark("rule_y", "limit", label="low", y=[model.LOW]),
            schema.mark("line", "data", x=order, y=guards),
            schema.mark(
                "dot", "data", x=order, y=guards,
                title=[f"{name}: guard {guard}" for name, guard in zip(names, guards, strict=True)],
            ),
            schema.mark(
                "dot", "signal_improvement", label="something gained",
                x=gains, y=[guards[place - 1] for place in gains],
                title=[f"{names[place - 1]}: gained" for place in gains],
            ),
        ],
        description=f"{scene.room}. The guard runs from 0 to {model.HIGHEST}. {walk}. "
        + (f"Something was gained {_times(len(gains))}." if gains else "Nothing has been gained yet."),
        x_label="Your lines",
        y_label="guard, 0 to 6",
        x_ticks=ticks,
        x_range=(0.5, len(BEATS) + 1.5),
        y_range=(0, model.HIGHEST + 0.3),
        height=220,
        reveal=True,
    )  # fmt: skip


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{wording.count(number)} times")


def _slide(scene: Scene) -> dict[str, Any]:
    low, high = scene.low, scene.high
    return schema.figure(
        f"Your slide: “{scene.statement}” Median of each group",
        [
            schema.mark("line", "quiet", x=[low.median, high.median], y=[1.5, 1.5]),
            *(
                schema.mark(
                    "dot", role, label=f"{group.name}, {group.people} people", x=[group.median], y=[1.5],
                    title=[f"{group.name}: median {group.median}"],
                )
                for group, role in ((high, "group_a"), (low, "group_b"))
            ),
        ],
        description=f"Two dots on a scale from 1 to 5. {high.name}, {high.people} people: median {high.median}. {low.name}, "
        f"{low.people} people: median {low.median}. A gap of {wording.plural(high.median - low.median, 'level')}.",
        x_label="level, 1 to 5",
        y_label="",
        y_ticks=["", ""],
        x_range=(1, 5),
        y_range=(1, 2),
        height=130,
    )  # fmt: skip


@cache
def reach(opening: str) -> dict[str, Any]:
    """Return what the meetings with an opening come to: how many, most promises and candour, and shares with any."""
    ends = [state for moves, state in model.every_meeting() if moves[0] == opening]
    return {
        "meetings": len(ends),
        "promises": max(state.promises for state in ends),
        "candour": max(state.candour for state in ends),
        "some_promise": sum(state.promises > 0 for state in ends),
        "some_candour": sum(state.candour > 0 for state in ends),
        "endings": Counter(model.ending(state) for state in ends),
    }


def _openings() -> dict[str, Any]:
    rows = []
    for move in MOVES:
        one = reach(move)
        rows.append(
            [
                MOVE_NAMES[move],
                one["promises"],
                one["candour"],
                f"{one['some_promise']} of {one['meetings']}",
                one["endings"]["exposed"],
            ]
        )
    return schema.table(
        "Every possible meeting, by its first line",
        [
            "First line",
            "Most promises",
            "Most hard things said",
            "Meetings with a promise",
            "Somebody exposed",
        ],
        rows,
        open=True,
        reveal=True,
    )


def _judge(guess: str) -> str:
    shown, mine = reach("show"), reach(guess)
    figures = (
        f"After the figures the best that any five or six lines can do is {wording.plural(shown['promises'], 'promise')}, and {shown['some_promise']} of "
        f"{shown['meetings']} meetings get that far."
    )
    said = f"You said: {MOVE_NAMES[guess].lower()}."
    if guess == "show":
        return (
            f"{said} {figures} Every other opening can bring {wording.count(reach('ask')['promises'])}. The slide is as true as before. Nobody had asked "
            "for it yet."
        )
    return (
        f"{said} It can bring {wording.plural(mine['promises'], 'promise')}, in our model. {figures} So can good data not persuade? Try showing "
        "them later."
    )


def _standing(scene: Scene, turns: tuple[Turn, ...], state: State) -> str:
    if not turns:
        return f"{scene.room}. {scene.speakers['opening']}: “{scene.said['opening']}” It is your turn."
    said = (
        f"Guard {state.guard} of {model.HIGHEST}. {wording.plural(state.candour, 'hard thing').capitalize()} said, "
        f"{wording.plural(state.promises, 'promise')} made."
    )
    if not state.beat:
        return f"{said} {_ENDINGS[model.ending(state)][1]}."
    return f"{said} {scene.speakers[state.beat]}: “{scene.said[state.beat]}”"


def _challenge(turns: tuple[Turn, ...], state: State) -> dict[str, Any]:
    ask = "Open with the figures, and still leave with a promise."
    opened = bool(turns) and turns[0].move == "show"
    if opened and state.promises:
        return schema.challenge(
            ask,
            True,
            f"Done, as {reach('show')['some_promise']} of {reach('show')['meetings']} such meetings do. You spent the rest on bringing the guard down. In a real room "
            "a chair you trust can do that for you, and then figures first may be the kindest way.",
        )
    if not state.beat:
        text = "No promise was made." if opened else "You did not open with the figures."
    else:
        text = (
            "Begin with “Show the figures”. Then it takes one apology and two questions, each in its place."
        )
    return schema.challenge(ask, False, text)
