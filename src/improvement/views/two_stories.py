"""W41-lite two stories: one chart read by a board member and by an improver, their questions, and their conversation."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from improvement import datasets, spc
from improvement.spc import wording
from improvement.views import schema, xmr_figure
from improvement.views.schema import CardSort, Choice, Option, Turns, shown


@dataclass(frozen=True)
class Scene:
    """A series that both sides have before them, what is needed of it, and what only the people who do the work know."""

    what: str
    unit: str
    period: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    need: float
    work: str
    owned: str

    def chart(self) -> spc.XmrChart:
        return spc.xmr(
            self.values,
            labels=self.labels,
            improvement_direction="decrease",
            target=self.need,
            missing="skip",
        )

    @property
    def met(self) -> int:
        return sum(value <= self.need for value in self.values)


def _ambulance() -> Scene:
    rows = datasets.read("ambulance_response").where(hospital="Northfield")
    weeks = slice(60, 87)
    return Scene(
        "Category 2 response, weekly mean, Northfield", "minutes", "week",
        tuple(f"{day.day} {day:%b %Y}" for day in rows["week_starting"][weeks]),
        tuple(rows["category_2_mean_minutes"][weeks]),
        30,
        "At the change of shift no vehicle is left in the east. Every evening two or three calls wait for one.",
        "We report the mean because the longest waits look worse. We never showed you those.",
    )  # fmt: skip


def _sepsis() -> Scene:
    table = datasets.read("ed_sepsis_antibiotics")
    mondays = [row for row, day in enumerate(table["date"]) if day.weekday() == 0][84:113]
    weeks = [
        [minutes for minutes in table["antibiotics_minutes"][row : row + 7] if minutes is not None]
        for row in mondays
    ]
    days: list[date] = [table["date"][row] for row in mondays]
    return Scene(
        "Time to antibiotics in suspected sepsis, weekly mean", "minutes", "week",
        tuple(f"{day.day} {day:%b %Y}" for day in days),
        tuple(round(statistics.fmean(week), 1) for week in weeks),
        60,
        "Since September the first dose is drawn up at triage. At night one nurse does both, and the queue grows behind her.",
        "We start the clock at the triage flag. People whom triage missed are not in our number at all.",
    )  # fmt: skip


def _ulcers() -> Scene:
    rows = datasets.read("pressure_ulcers").where(team="Heron")
    return Scene(
        "New pressure ulcers, each month, Heron team", "ulcers", "month",
        tuple(f"{month:%b %Y}" for month in rows["month"]),
        tuple(map(float, rows["new_pressure_ulcers"])),
        8,
        "Two nurses left before Christmas and were not replaced. Visits that took forty minutes take twenty.",
        "We stopped the weekly skin round in December to get through the list, and told nobody.",
    )  # fmt: skip


def _restraint() -> Scene:
    rows = datasets.read("restrictive_interventions").where(ward="Cedar")
    return Scene(
        "Restraints on Cedar ward, each month", "restraints", "month",
        tuple(f"{month:%b %Y}" for month in rows["month"][12:]),
        tuple(map(float, rows["restraints"][12:])),
        12,
        "In August one very unwell person waited six weeks for a bed elsewhere. Evenings have no activities at all.",
        "Some of what happens at night is written down in the morning, from memory. Some of it never is.",
    )  # fmt: skip


SCENES: dict[str, Callable[[], Scene]] = {
    "ambulance": _ambulance,
    "sepsis": _sepsis,
    "ulcers": _ulcers,
    "restraint": _restraint,
}

EVIDENCE = {
    "dots": "The dots and their limits",
    "need": "The limits against what is needed",
    "numbers": "Other numbers, and these split up",
    "work": "Going to see, and asking",
}
BOARD, IMPROVER = "Board member", "Improver"
QUESTIONS = {
    "last": (BOARD, "dots", "Was the last one unlike the others?"),
    "lasted": (IMPROVER, "dots", "Has our change to the work shown, and lasted?"),
    "promise": (BOARD, "need", "If we leave it alone, how often will people get what they need?"),
    "able": (IMPROVER, "need", "Can the work, as it is set up, ever do it every time?"),
    "average": (BOARD, "numbers", "Whom does this average hide?"),
    "moved": (IMPROVER, "numbers", "Has the trouble moved next door while this got better?"),
    "way": (BOARD, "work", "What gets in the way, and which part of that is ours?"),
    "written": (IMPROVER, "work", "Is it done the way we wrote it down?"),
}
"""Who asks, what evidence could answer, and the question."""
_SHUFFLED = ("way", "lasted", "average", "able", "last", "written", "promise", "moved")

TURNS = 6
START, HIGHEST = 3, 6
HEARS_CHART, HEARS_WORK, AGREES, OWNS_UP = 4, 3, 2, 1
MOVES = {"blame": 2, "push": 1, "advise": 1, "chart": 0, "work": -1, "concede": -2, "agree": 0}
"""How far each way of speaking moves the guard of whoever hears it. A concession does so once."""
HEARD = ("chart", "work", "owned", "agreed")


@dataclass(frozen=True)
class State:
    """Where a conversation stands: the listener's guard from 0 to 6, whether you conceded, and what you have heard."""

    guard: int = START
    conceded: bool = False
    heard: frozenset[str] = frozenset()


def step(state: State, move: str) -> tuple[State, str]:
    """Return the state after a move, and the kind of reply: something of `HEARD`, or why nothing new came."""
    change = 0 if move == "concede" and state.conceded else MOVES[move]
    guard = min(HIGHEST, max(0, state.guard + change))
    conceded = state.conceded or move == "concede"
    reply = {
        "blame": "excuse",
        "push": "promise",
        "advise": "thanks",
        "concede": "again" if state.conceded else "softened",
    }.get(move) or _asked(state, move, guard)
    heard = state.heard | {reply} if reply in HEARD else state.heard
    return State(guard, conceded, heard), reply


def _asked(state: State, move: str, guard: int) -> str:
    """What comes of asking about the chart or the work, or of asking for an agreement."""
    if move == "chart":
        if "chart" in state.heard:
            return "again"
        return "chart" if guard <= HEARS_CHART else "closed"
    if move == "work":
        if guard > HEARS_WORK:
            return "closed"
        if "work" not in state.heard:
            return "work"
        if "owned" in state.heard:
            return "again"
        return "owned" if state.conceded and guard <= OWNS_UP else "held back"
    if "agreed" in state.heard:
        return "again"
    if not {"chart", "work"} <= state.heard:
        return "about what"
    return "agreed" if guard <= AGREES else "action point"


def converse(moves: Sequence[str]) -> list[tuple[State, str]]:
    """Return the state and the kind of reply after each move."""
    path, state = [], State()
    for move in moves:
        state, reply = step(state, move)
        path.append((state, reply))
    return path


@dataclass(frozen=True)
class Side:
    """One of the two who talk: what they say for each move, and what the other side answers for each kind of reply."""

    label: str
    other: str
    says: dict[str, str]
    answers: dict[str, str]


SIDES = {
    "board": Side(
        "You speak for the board", IMPROVER,
        {
            "blame": "Who let this happen?",
            "push": "When will it be green?",
            "advise": "At my last firm we fixed this in a week.",
            "chart": "What does the chart say, before anybody explains it?",
            "work": "What gets in the way, and what is hard to tell us?",
            "concede": "We had you explain ordinary ups and downs. That was our doing.",
            "agree": "What will each of us do by next month?",
        },
        {
            "excuse": "It was the winter. Every service has had it.",
            "promise": "You will have a recovery plan on Friday.",
            "thanks": "Thank you. We will take that away.",
            "softened": "I did not expect that. It cost us two days a month.",
            "again": "You have had that from me.",
            "closed": "Staff are working very hard. It is all in the report.",
            "held back": "There is more. Not for the minutes.",
            "about what": "About what? We have not yet said what the chart shows and what gets in the way.",
            "action point": "We will set up a group to look at it.",
            "agreed": "We try one change to the work and bring you the chart. You stop the weekly explanations and come to see.",
        },
    ),
    "improver": Side(
        "You speak for improvement", BOARD,
        {
            "blame": "You only ever look at the reds.",
            "push": "We need two analysts. Yes or no?",
            "advise": "You would see it if you had had the training.",
            "chart": "What do you see in it, before I explain it?",
            "work": "What worries you, and what is hard to ask in here?",
            "concede": "Our last report left out what looked bad. That was our doing.",
            "agree": "What will each of us do by next month?",
        },
        {
            "excuse": "I am answerable to the public for this.",
            "promise": "Put it in the business case.",
            "thanks": "I have been on boards for nine years, thank you.",
            "softened": "Good. I had wondered, and did not like to ask.",
            "again": "You have had that from me.",
            "closed": "We need assurance. This is a hot topic.",
            "held back": "There is more. Not in public session.",
            "about what": "About what? We have not yet said what we see here, and what worries us.",
            "action point": "Bring a paper to the committee.",
            "agreed": "I come to see the work and I ask for one measure fewer. You bring the chart, bad parts too, on one page.",
            "work": "On Thursday somebody senior rings about one number, and I have nothing else to tell him.",
            "owned": "I have nodded at those limits for a year. I do not know what they are.",
        },
    ),
}  # fmt: skip
"""The improver's knowledge of the work differs from scene to scene and comes from there."""

_GUESSES = {
    "board": "The board member's",
    "improver": "The improver's",
    "both": "Both",
    "neither": "Neither: a chart cannot bear out a sentence",
}

DECLARATION = schema.Declaration(
    title="Two stories",
    intro="One chart, and two people who have to talk about it.",
    controls=(
        Choice(
            name="scene",
            label="Whose chart?",
            default="ambulance",
            options=(
                Option(value="ambulance", label="Ambulance: response", sector="ambulance"),
                Option(value="sepsis", label="Acute: antibiotics in sepsis", sector="acute"),
                Option(value="ulcers", label="Community: pressure ulcers", sector="community"),
                Option(value="restraint", label="Mental health: restraint", sector="mental health"),
            ),
        ),
        Choice(
            name="job",
            label="What now?",
            default="sort",
            radio=True,
            options=(
                Option(value="sort", label="Sort their questions"),
                Option(value="talk", label="Talk it over"),
            ),
        ),
        CardSort(
            name="placed",
            label="Eight questions about this chart. What could answer each?",
            help="Place all eight to see how they pair up.",
            show_when={"job": "sort"},
            keep=True,
            cards=tuple(
                Option(value=name, label=f"{QUESTIONS[name][2]} ({QUESTIONS[name][0].lower()})")
                for name in _SHUFFLED
            ),
            piles=tuple(Option(value=pile, label=label) for pile, label in EVIDENCE.items()),
        ),
        Choice(
            name="side",
            label="Which side are you?",
            default="board",
            radio=True,
            options=tuple(Option(value=name, label=side.label) for name, side in SIDES.items()),
            show_when={"job": "talk"},
            keep=True,
        ),
        *(
            Turns(
                name=f"said_{name}",
                label="What do you say?",
                help="Six turns. Take back the last to try another way.",
                turn="Turn",
                maximum=TURNS,
                options=tuple(Option(value=move, label=f"“{words}”") for move, words in side.says.items()),
                show_when={"job": "talk", "side": name},
                keep=True,
            )
            for name, side in SIDES.items()
        ),
    ),
    prediction=schema.Prediction(
        question="Each has written a line under the chart. Whose line does the chart bear out?",
        control=Choice(
            name="prediction",
            label="Whose line",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    assumptions=(
        "The chart is an XmR chart: mean ± 2.66 times the average moving range, four rules, no restart of the limits.",
        f"The talk is a model. The listener's guard starts at {START} on a scale from 0 to {HIGHEST}. Blame raises it by "
        f"{MOVES['blame']}, pressing and advice by {MOVES['push']}. Asking about the work lowers it by {-MOVES['work']}. Your first "
        f"concession lowers it by {-MOVES['concede']}, and a second does nothing.",
        f"What the chart says is heard at a guard of {HEARS_CHART} or less, and what gets in the way at {HEARS_WORK} or less. The "
        f"other side owns up at {OWNS_UP} or less, and only after you have. To agree takes {AGREES} or less, with the chart and the work heard.",
    ),
    cannot_tell=(
        "How your board or your team would answer. People remember last year, and the model starts afresh.",
        "Whether what is owned up to is the cause of anything.",
        "Who in the room is not safe to speak at all.",
    ),
    honesty="The data are synthetic. The people and what they say are invented, and so are the needs of 8 ulcers and 12 restraints. The "
    "rules of the conversation are ours: they come from no study.",
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the chart with two lines, how the questions pair up, and how the conversation stands."""
    scene = SCENES[params["scene"]]()
    chart = scene.chart()
    lines = {BOARD: board_line(scene), IMPROVER: improver_line(scene, chart)}
    panels = [
        _figure(scene, chart, lines, known=params["prediction"] is not None),
        *(schema.sentence(f"“{line}”", heading=f"{who} writes") for who, line in lines.items()),
    ]
    if params["prediction"] is not None:
        panels.append(schema.sentence(_judge(params["prediction"], scene), heading="Your guess", reveal=True))
    if params["job"] == "sort":
        done = len(params["placed"])
        said = f"{done} of {len(QUESTIONS)} questions placed."
        panels += _sorted(params["placed"], scene, chart)
        data = None
    else:
        moves = params[f"said_{params['side']}"]
        path = converse(moves)
        said = _standing(path)
        panels += _talk(moves, path, params["side"], scene, chart)
        data = {
            "columns": ["Turn", "You", SIDES[params["side"]].other, "Guard"],
            "rows": _rows(moves, path, params["side"], scene, chart),
        }
    return schema.view(panels, summary=f"{scene.what}. {said}", data=data)


def _talk(
    moves: Sequence[str], path: Sequence[tuple[State, str]], side: str, scene: Scene, chart: spc.XmrChart
) -> list[dict[str, Any]]:
    other = SIDES[side].other
    panels = [
        _guard(path, other),
        schema.verdict("The conversation", *_outcome(path), reveal=True),
        schema.table(
            "What was said",
            ["Turn", "You", other, "Guard"],
            _rows(moves, path, side, scene, chart),
            open=True,
            reveal=True,
        ),
        _challenge(moves, path),
    ]
    if path:
        state, reply = path[-1]
        said = f"“{_words(reply, side, scene, chart)}”"
        panels.append(
            schema.sentence(said, heading=f"{other}, guard {state.guard}", beside=f"said_{side}", reveal=True)
        )
    return panels


def board_line(scene: Scene) -> str:
    """What a reader sees who compares each point with the need and the last one with the one before."""
    before, last = scene.values[-2:]
    moved = "the same as" if last == before else "up on" if last > before else "down on"
    met = f"{_some(scene.met)} of {len(scene.values)} {scene.period}s met {scene.need:g}"
    return f"{met}. The last, {shown(last, 1)}, is {moved} the {shown(before, 1)} before."


def improver_line(scene: Scene, chart: spc.XmrChart) -> str:
    """What a reader sees who asks whether the process changed."""
    code = chart.variation.code
    usual = f"{_number(chart.phases[-1].mean)} on average"
    if code != "common_cause":
        way = "for the better" if code.startswith("improvement") else "for the worse"
        signal = max(chart.signals_at(len(chart.values) - 1), key=lambda one: len(one.points))
        return f"Something changed {way}: {_stretch(chart, signal)}."
    if chart.signals:
        earlier = _stretch(chart, chart.signals[-1])
        return f"Earlier, {earlier}. The last {scene.period} is an ordinary one: no rule fires there."
    return f"The last {scene.period} is an ordinary one: no rule fires, {usual}."


def _some(number: int) -> str:
    return wording.count(number).capitalize() if number else "None"


def _stretch(chart: spc.XmrChart, signal: spc.Signal) -> str:
    first, last = chart.labels[signal.points[0]], chart.labels[signal.points[-1]]
    side = "above" if signal.direction == "high" else "below"
    if signal.rule == "outside_limits":
        return f"{first} lay {side} the limits"
    return f"{wording.count(len(signal.points))} in a row, {first} to {last}, lie {side} the mean"


def _number(value: float) -> str:
    return shown(value, 1)


def _figure(scene: Scene, chart: spc.XmrChart, lines: dict[str, str], *, known: bool) -> dict[str, Any]:
    phase = chart.phases[-1]
    low = max(0.0, phase.lower_limit)
    words = (
        f"{len(scene.values)} {scene.period}s; the need is {scene.need:g} or less. {' '.join(lines.values())}"
    )
    if known:
        words += f" Mean {_number(phase.mean)}, limits {_number(low)} to {_number(phase.upper_limit)}."
    figure = xmr_figure.draw(
        chart,
        f"{scene.what} ({scene.unit})" if scene.unit not in scene.what.lower() else scene.what,
        description=words,
        y_label=scene.unit.capitalize(),
        titles=[
            f"{label}: {_number(value)}" for label, value in zip(chart.labels, chart.values, strict=True)
        ],
        limits=(low, phase.upper_limit),
        height=280,
    )
    for mark in figure["marks"]:
        mark["reveal"] = mark["role"] not in ("data", "target")
        if mark["role"] == "target":
            mark["label"] = "Need"
    return figure


def _judge(guess: str, scene: Scene) -> str:
    said = f"You said: {_GUESSES[guess][0].lower()}{_GUESSES[guess][1:]}."
    right = "Right. " if guess == "both" else ""
    return (
        f"{said} {right}Both lines are true, and you can check them dot by dot. The board member holds the dots against what people need. "
        f"The improver holds them against one another. Neither says why, and neither asks the people behind the {scene.unit}."
    )


def from_dots(scene: Scene, chart: spc.XmrChart) -> str:
    """What the dots and limits say: whether the last point or any stretch is a signal."""
    return improver_line(scene, chart)


def from_need(scene: Scene, chart: spc.XmrChart) -> str:
    """What the limits say of the need. While there are signals, nothing can be foretold."""
    met = f"{scene.met} of {len(scene.values)} met {scene.need:g}"
    if chart.signals:
        return f"So far {met}. The process changed on the way, so that promises nothing yet."
    code = chart.assurance.code
    ahead = {
        "reliably_meets": "Left alone, it will go on meeting the need.",
        "reliably_misses": "Left alone, it will go on missing: the whole range lies on the wrong side. The work has to change.",
        "hit_and_miss": "Left alone, it will meet the need at times and miss it at times. Only changing the work alters that.",
    }[code]
    return f"So far {met}. {ahead}"


def _sorted(placed: dict[str, str], scene: Scene, chart: spc.XmrChart) -> list[dict[str, Any]]:
    left = len(QUESTIONS) - len(placed)
    if left:
        words = "question is" if left == 1 else "questions are"
        return [
            schema.sentence(
                f"{wording.count(left).capitalize()} {words} still to be placed.",
                beside="placed",
                reveal=True,
            )
        ]
    astray = [name for name in QUESTIONS if placed[name] != QUESTIONS[name][1]]
    told = f"{len(QUESTIONS) - len(astray)} of {len(QUESTIONS)} are where they could be answered."
    says = {
        "dots": from_dots(scene, chart),
        "need": from_need(scene, chart),
        "numbers": "This chart cannot say.",
        "work": "No chart can say.",
    }
    rows = []
    for pile, label in EVIDENCE.items():
        asks = {who: text for who, evidence, text in QUESTIONS.values() if evidence == pile}
        rows.append([label, asks[BOARD], asks[IMPROVER], says[pile]])
    return [
        schema.sentence(told, heading="Your sorting", beside="placed", reveal=True),
        schema.listing(
            "To think about again",
            [f"“{QUESTIONS[name][2]}” {_why(name)}" for name in astray],
            empty="Nothing.",
            reveal=True,
        ),
        schema.table(
            "Four kinds of evidence, and both sides ask for each",
            ["Evidence", BOARD, IMPROVER, "What this chart says"],
            rows,
            open=True,
            reveal=True,
        ),
    ]


_WHY = {
    "dots": "The rules compare dots with dots: a signal, or none.",
    "need": "Compare the limits with the need. They say what the work can do as it is.",
    "numbers": "One line on one chart holds one number. This wants another beside it, or the same one split by who people are.",
    "work": "No number knows this. The people who do the work do.",
}


def _why(name: str) -> str:
    return _WHY[QUESTIONS[name][1]]


def _words(reply: str, side: str, scene: Scene, chart: spc.XmrChart) -> str:
    known = {"chart": from_dots(scene, chart), "work": scene.work, "owned": scene.owned}
    if side == "improver":
        known = {"chart": from_need(scene, chart)}
    return {**known, **SIDES[side].answers}[reply]


def _heard(path: Sequence[tuple[State, str]]) -> frozenset[str]:
    return path[-1][0].heard if path else frozenset()


def _standing(path: Sequence[tuple[State, str]]) -> str:
    if not path:
        return "Nobody has spoken yet."
    state = path[-1][0]
    return f"Turn {len(path)} of {TURNS}: guard {state.guard} of {HIGHEST}, {len(state.heard)} of {len(HEARD)} things heard."


def _outcome(path: Sequence[tuple[State, str]]) -> tuple[str, str, str]:
    heard = _heard(path)
    if not path:
        return "none", "Not begun", "Say something. Try the sentence you have heard most often, first."
    left = TURNS - len(path)
    turns = f"{wording.count(left).capitalize()} {'turn' if left == 1 else 'turns'} left."
    if heard == frozenset(HEARD):
        return (
            "reliably_meets",
            "Everything heard, and something agreed",
            "Both sides gave something away. That is what it took here.",
        )
    if "agreed" in heard:
        return (
            "hit_and_miss",
            "Agreed, without what is hard to say",
            f"A plan built on half of it. What was held back comes up later. {turns}",
        )
    if not heard:
        return "reliably_misses", "Nothing heard", f"Sentences were exchanged. {turns}"
    missing = {
        "chart": "what the chart says",
        "work": "what gets in the way",
        "owned": "what is hard to say",
        "agreed": "an agreement",
    }
    still = ", ".join(missing[one] for one in HEARD if one not in heard)
    return "hit_and_miss", f"{len(heard)} of {len(HEARD)} heard", f"Still to come: {still}. {turns}"


def _guard(path: Sequence[tuple[State, str]], other: str) -> dict[str, Any]:
    guards = [START, *(state.guard for state, _ in path)]
    turns = list(range(len(guards)))
    titles = [
        "At the start: guard 3",
        *(f"Turn {turn}: guard {guard}" for turn, guard in enumerate(guards[1:], start=1)),
    ]
    opened = [turn for turn, (_, reply) in enumerate(path, start=1) if reply in HEARD]
    marks = [
        schema.mark("rule_y", "near_limit", y=[HEARS_WORK], label="The work is told at"),
        schema.mark("rule_y", "limit", y=[OWNS_UP], label="They own up at"),
        schema.mark("line", "data", x=turns, y=guards),
        schema.mark("dot", "data", x=turns, y=guards, title=titles),
    ]
    if opened:
        marks.append(
            schema.mark(
                "dot", "signal_improvement", label="Something new was heard", x=opened, y=[guards[turn] for turn in opened],
                title=[titles[turn] for turn in opened],
            )
        )  # fmt: skip
    told = ", ".join(map(str, guards))
    new = (
        f" Something new was heard at turn {', '.join(map(str, opened))}."
        if opened
        else " Nothing new has been heard."
    )
    return schema.figure(
        f"How guarded the other side is ({other.lower()})",
        marks,
        description=f"Guard from 0 to {HIGHEST}, at the start and after each turn: {told}.{new}",
        x_label="Turn",
        y_label="Guard",
        x_range=(0, TURNS),
        y_range=(0, HIGHEST),
        height=220,
        reveal=True,
    )


def _rows(
    moves: Sequence[str], path: Sequence[tuple[State, str]], side: str, scene: Scene, chart: spc.XmrChart
) -> list[list[Any]]:
    return [
        [turn, SIDES[side].says[move], _words(reply, side, scene, chart), state.guard]
        for turn, (move, (state, reply)) in enumerate(zip(moves, path, strict=True), start=1)
    ]


def _challenge(moves: Sequence[str], path: Sequence[tuple[State, str]]) -> dict[str, Any]:
    ask = "Find a conversation in which blame costs nothing: it is in there, and everything is heard all the same."
    if "blame" in moves and _heard(path) == frozenset(HEARD):
        return schema.challenge(
            ask, True, "The model forgives in one turn. People you have blamed before may need a year."
        )
    if "blame" in moves:
        return schema.challenge(
            ask, False, "Blame is in it. Now mend it in the turns that are left, with none to waste."
        )
    return schema.challenge(ask, False, "No blame in this one yet.")
