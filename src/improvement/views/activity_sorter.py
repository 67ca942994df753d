"""W31 sorter: 24 things services do, put under planning, control, assurance or improvement, and how others sort them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from improvement.views import schema
from improvement.views.schema import Choice, Option, Toggle, Turns

PILES = {
    "planning": "Planning",
    "control": "Control",
    "assurance": "Assurance",
    "improvement": "Improvement",
}
ENOUGH = 18
MODELS = {"four": "four parts", "three": "three parts"}


@dataclass(frozen=True)
class Activity:
    """Something a service does. `piles` are the answers that can be defended, the first the usual one in four parts."""

    name: str
    label: str
    piles: tuple[str, ...]
    because: str


ACTIVITIES = (
    Activity("huddle", "Ward huddle at 8: who is at risk today, and who does what about it", ("control",),
             "The people doing the work look at today's care and act today."),
    Activity("audit", "Every year 50 discharge letters are audited against a standard, for a committee", ("assurance",),
             "It looks back, at a sample, for people who do not write the letters. No letter changes that day."),
    Activity("pdsa", "One ambulance crew tries a new handover sheet, on one night, and says what happened", ("improvement",),
             "A small test of a change: nobody knew yet whether it would help."),
    Activity("memory", "A health board forecasts how many people will need a memory clinic in five years, and plans for them", ("planning",),
             "It finds out what will be needed and arranges to meet it."),
    Activity("board", "An ambulance bay's board: three handovers in a row past 45 minutes, and the duty manager comes", ("control",),
             "A measure, a trigger, somebody named and something to do: a whole loop."),
    Activity("inspection", "A regulator's team spends three days on site and publishes a rating", ("assurance",),
             "It tells people outside whether the service can be trusted. The service itself does the mending, later."),
    Activity("physio", "Patients and staff design a first-contact physiotherapy service for six practices", ("planning",),
             "A service is made to fit needs, before it runs."),
    Activity("unallocated", "At 2 every day the nurse in charge moves visits that nobody has been given", ("control",),
             "It is noticed and put right the same afternoon. Why it happens every day is another question."),
    Activity("accreditation", "A ward accreditation visit ends in a bronze, silver or gold award", ("assurance",),
             "Others judge the ward against a list and tell everyone the answer."),
    Activity("rejected", "A laboratory finds which cause makes most samples useless, and removes it", ("improvement",),
             "A standing level of waste is brought down by finding its cause. Control would have held it where it was."),
    Activity("capability", "Before a virtual ward opens, a team tests whether it can meet the need on real nights", ("planning",),
             "Juran's planning ends only when the new process has shown what it can do under operating conditions."),
    Activity("mortality", "Each month a panel reads the notes of everyone who died unexpectedly", ("assurance", "improvement"),
             "It depends what leaves the room. A report upward is assurance; themes that a team then works on are the start of improvement."),
    Activity("phones", "More than 30 callers wait, and a second receptionist logs on", ("control",),
             "A standard, a sensor and an answer, in minutes. Nobody had to ask permission."),
    Activity("charter", "A stroke team agrees what “in time” means, who counts it and who acts", ("planning", "control"),
             "It depends on the author. Juran's planners develop the controls and hand them over; his list for control begins with the same choices."),
    Activity("report", "The board receives its quarterly report on safeguarding training", ("assurance",),
             "It comforts or worries people at a distance. (That staff were trained is thin comfort: it says nothing of what they do.)"),
    Activity("carehomes", "Twelve care homes share an aim and a chart, and test ways to prevent falls", ("improvement",),
             "A new level is aimed at, by testing changes."),
    Activity("system", "At 10 the hospitals of a county tell each other how full they are", ("control", "assurance"),
             "It depends what follows. With triggers that move beds and crews it is control. If each only reports, it is assurance, daily."),
    Activity("inr", "A patient's clotting test comes back out of range and the dose is changed by protocol", ("control",),
             "The smallest loop in the building: one patient, one number, one answer."),
    Activity("peer", "Colleagues from another crisis team visit for a day and say what they saw", ("assurance", "improvement"),
             "It depends who asked, and what for. An independent look for the board is assurance; a team that asks for ideas and tries them is improving."),
    Activity("hold", "After a project, the team keeps charting its measure to see whether the gain slips", ("control", "improvement"),
             "Holding a gain is control at a new level. Juran lists it as the last step of an improvement project, so both will do."),
    Activity("record", "Internal audit checks that what the huddle decides is written down and done", ("assurance",),
             "A check on the control. If the huddle is the loop, this asks whether the loop exists."),
    Activity("travellers", "A community team asks Traveller families what would make vaccination possible, before it commissions a clinic", ("planning",),
             "Finding out needs from the people who have them comes first in any plan."),
    Activity("agency", "Finance and a ward find out why agency shifts are booked late, and test an earlier roster", ("improvement",),
             "Cost is part of quality, and a chronic one is improved like any other."),
    Activity("prescriptions", "A practice finds that unclear forms cause half its prescription calls, and designs a new way to order", ("improvement", "planning"),
             "It depends how far they go. Mending the form is improvement. A new way to order is a new design, which is planning."),
)  # fmt: skip
BY_NAME = {activity.name: activity for activity in ACTIVITIES}

DECLARATION = schema.Declaration(
    title="Which part of the work is this?",
    intro="24 things that services do, a tap each. Some have two good answers. Stop when you like: eighteen right is plenty.",
    controls=(
        Turns(
            name="sort",
            label="Where does this card belong?",
            turn="Card",
            maximum=len(ACTIVITIES),
            options=tuple(Option(value=value, label=label) for value, label in PILES.items()),
        ),
        Toggle(
            name="compare",
            label="Show me now how others sort them",
            help="It shows by itself after the last card.",
        ),
        Choice(
            name="model",
            label="Mark me by",
            default="four",
            radio=True,
            options=(
                Option(value="four", label="Four parts: assurance stands apart"),
                Option(value="three", label="Three parts: assurance and control are one pile"),
            ),
        ),
    ),
    prediction=schema.Prediction(
        question=(
            "Each quarter a ward audits 20 drug charts. Six weeks later a committee sees the score. In a model with four parts, "
            "which one is that?"
        ),
        control=Choice(
            name="prediction",
            label="It is",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in PILES.items()),
        ),
    ),
    assumptions=(
        "“Four parts” follows East London and NHS England's page: huddles and boards are control; audit, inspection and "
        "accreditation are assurance.",
        "“Three parts” is the trilogy read in one common way: checks of every kind fall under control. Juran himself told control and "
        "assurance apart, without a box for the second.",
        "Each card is judged by the words on it. A real huddle that only reads out numbers would belong elsewhere.",
    ),
    cannot_tell=(
        "Which model is better: nobody has compared them.",
        "Whether any of these is done well where you work.",
        "What you should have more of. That depends on what you already have.",
    ),
    honesty="The cards are invented. Where they lie is our reading of the models, and cards that can be argued say so.",
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the card in hand, then how the reader's piles compare with the models'."""
    placed = dict(zip(BY_NAME, params["sort"], strict=False))
    guess, model = params["prediction"], params["model"]
    told = _progress(placed)
    panels = [schema.sentence(_card(placed), beside="sort")]
    if guess is None:
        return schema.view([*panels, _key()], summary=told)
    panels.append(schema.sentence(_judge(guess), heading="Your guess", reveal=True))
    if not params["compare"] and len(placed) < len(ACTIVITIES):
        panels.append(schema.sentence(told, heading="So far", reveal=True))
        return schema.view(panels, summary=told, data=_download(placed))
    marked = _marked(placed, model)
    if placed:
        panels.insert(0, _picture(placed))
    panels += [
        schema.sentence(marked, heading="Your marks", reveal=True),
        schema.sentence(_control_pile(placed), heading="What you call control", reveal=True),
        schema.listing(
            f"Cards that a model with {MODELS[model]} puts elsewhere",
            [
                f"You said {pile}. {_told(BY_NAME[name])}"
                for name, pile in placed.items()
                if not accepts(BY_NAME[name], pile, model)
            ],
            empty="None." if placed else "No card placed yet.",
            reveal=True,
        ),
        schema.listing(
            "Where you could have gone two ways",
            [_told(BY_NAME[name]) for name in placed if len(BY_NAME[name].piles) > 1],
            empty="None of the cards placed so far.",
            reveal=True,
        ),
        _key(),
        _challenge(placed),
    ]
    return schema.view(panels, summary=f"{told} {marked}", data=_download(placed))


def accepts(activity: Activity, pile: str, model: str = "four") -> bool:
    """Whether a model allows the activity on that pile. In three parts, assurance and control are one pile."""
    if model == "four":
        return pile in activity.piles
    return _merged(pile) in {_merged(one) for one in activity.piles}


def right(placed: Mapping[str, str], model: str) -> int:
    """Return how many of the cards placed lie where the model allows."""
    return sum(accepts(BY_NAME[name], pile, model) for name, pile in placed.items())


def _merged(pile: str) -> str:
    return "control" if pile == "assurance" else pile


def _card(placed: Mapping[str, str]) -> str:
    """The card in hand: those placed so far are the first ones."""
    if len(placed) == len(ACTIVITIES):
        return "No card left. Take back the last to change it, or Reset to sort them again."
    return ACTIVITIES[len(placed)].label + "."


def _judge(guess: str) -> str:
    answer = (
        "Nobody on the ward acts on it that day, and the news goes to people who do not give the drugs: assurance. It can tell "
        "a committee whether control exists. It cannot be the control."
    )
    if guess == "assurance":
        return f"Yes. {answer}"
    if guess == "control":
        return (
            f"You said control, as many would. Ask who learns it, and when. {answer} In a model with three parts you "
            "would have been marked right."
        )
    return f"You said {guess}. {answer}"


def _progress(placed: Mapping[str, str]) -> str:
    if not placed:
        return f"None of {len(ACTIVITIES)} placed yet."
    left = len(ACTIVITIES) - len(placed)
    return f"{len(placed)} of {len(ACTIVITIES)} placed{'' if left else ', all of them'}."


def _marked(placed: Mapping[str, str], model: str) -> str:
    if not placed:
        return "No card placed yet, so no marks."
    four, three = right(placed, "four"), right(placed, "three")
    mine = four if model == "four" else three
    verdict = (
        f"By {MODELS[model]} that is enough ({ENOUGH} is plenty)."
        if mine >= ENOUGH
        else f"By {MODELS[model]}, {ENOUGH} is plenty."
    )
    gap = three - four
    moved = "No card counts in one and not in the other."
    if gap:
        moved = (
            f"{_cards(gap)} {'turns' if gap == 1 else 'turn'} right when control and assurance are one pile."
        )
    return (
        f"Of {_cards(len(placed))} placed, {four} right by four parts and {three} by three. {verdict} {moved}"
    )


def _cards(number: int) -> str:
    return f"{number} card{'' if number == 1 else 's'}"


def _control_pile(placed: Mapping[str, str]) -> str:
    """The reader's own pattern: what lies under control, and what the four-part models call it."""
    mine = [BY_NAME[name] for name, pile in placed.items() if pile == "control"]
    if not mine:
        return "Nothing yet. Most teams have a control or two they would miss if it stopped."
    agreed = sum("control" in activity.piles for activity in mine)
    called = Counter(activity.piles[0] for activity in mine if "control" not in activity.piles)
    text = f"You put {_cards(len(mine))} there. Four-part models agree on {agreed}."
    if called:
        text += (
            " They call the rest "
            + " and ".join(f"{pile} ({count})" for pile, count in called.most_common())
            + "."
        )
    if checks := called["assurance"]:
        whose = "that card" if checks == 1 else f"those {checks}"
        text += f" For {whose}, ask: who did anything differently the same day?"
    elsewhere = sum(
        activity.piles == ("control",) and placed.get(activity.name, "control") != "control"
        for activity in ACTIVITIES
    )
    if elsewhere:
        text += f" {_cards(elsewhere)} that they call control {'lies' if elsewhere == 1 else 'lie'} on another of your piles."
    return text


def _told(activity: Activity) -> str:
    return f"{activity.label}: {' or '.join(activity.piles)}. {activity.because}"


_ROLES = {"planning": "group_a", "control": "group_b", "assurance": "group_c", "improvement": "group_d"}


def _picture(placed: Mapping[str, str]) -> dict[str, Any]:
    """The reader's four piles, each cut by what four-part models call its cards."""
    counts = {pile: Counter() for pile in PILES}
    for name, pile in placed.items():
        activity = BY_NAME[name]
        counts[pile][pile if pile in activity.piles else activity.piles[0]] += 1
    edge = [0.0] * len(PILES)
    marks = [schema.mark("bar_x", "quiet", reveal=True, x1=edge, x2=edge, text=list(PILES.values()))]
    letters: dict[str, list[Any]] = {"x": [], "y": [], "text": []}
    starts = dict.fromkeys(PILES, 0)
    for kind, role in _ROLES.items():
        rows = [pile for pile in PILES if counts[pile][kind]]
        if not rows:
            continue
        ends = {pile: starts[pile] + counts[pile][kind] for pile in rows}
        marks.append(
            schema.mark(
                "bar_x", role, label=f"{PILES[kind][0]}: they say {kind}", reveal=True,
                x1=[starts[pile] for pile in rows], x2=[ends[pile] for pile in rows], text=[PILES[pile] for pile in rows],
            )
        )  # fmt: skip
        for pile in rows:
            letters["x"].append((starts[pile] + ends[pile]) / 2)
            letters["y"].append(PILES[pile])
            letters["text"].append(f"{PILES[kind][0]}{counts[pile][kind]}")
        starts |= ends
    marks.append(schema.mark("text", "annotation", reveal=True, **letters))
    said = "; ".join(
        f"{PILES[pile].lower()} holds {sum(found.values())}"
        + (": " + ", ".join(f"{count} they call {kind}" for kind, count in found.items()) if found else "")
        for pile, found in counts.items()
    )
    return schema.figure(
        "Your four piles, and what four-part models call the cards in them",
        marks,
        description=f"Your piles: {said}.",
        x_label="Cards",
        y_label="",
        x_range=(0, max(10, *starts.values()) + 0.5),
        height=200,
        reveal=True,
    )


def _key() -> dict[str, Any]:
    return schema.table(
        "All 24, where they can lie, and why",
        ["Activity", "Four parts", "Why"],
        [[one.label, " or ".join(one.piles), one.because] for one in ACTIVITIES],
        reveal=True,
    )


def _challenge(placed: Mapping[str, str]) -> dict[str, Any]:
    ask = f"Reach {ENOUGH} by three parts while you stay under {ENOUGH} by four."
    four, three = right(placed, "four"), right(placed, "three")
    if three >= ENOUGH > four:
        return schema.challenge(
            ask,
            True,
            f"{three} by one, {four} by the other. The same work in the same order, sorted by the same person: only a "
            "definition has changed. So agree on words before you count who does what.",
        )
    return schema.challenge(
        ask,
        False,
        f"You have {three} by three parts and {four} by four. What would somebody do who calls every check control?",
    )


def _download(placed: Mapping[str, str]) -> dict[str, Any]:
    return {
        "columns": ["Activity", "You said", "Four parts", "Three parts agree", "Why"],
        "rows": _rows(placed),
    }


def _rows(placed: Mapping[str, str]) -> Sequence[list[Any]]:
    return [
        [
            one.label,
            placed.get(one.name, ""),
            " or ".join(one.piles),
            "" if one.name not in placed else "yes" if accepts(one, placed[one.name], "three") else "no",
            one.because,
        ]
        for one in ACTIVITIES
    ]
