"""Go-see planner: a form for visiting the work, checked for gaps and for signs of theatre, to print and take along."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from improvement.spc import wording
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Rows, Text, Toggle

WHEN = {
    "": "Say when",
    "day": "Weekday, daytime",
    "evening": "Weekday evening",
    "night": "Night",
    "weekend": "Weekend",
}
UNSOCIAL = ("evening", "night", "weekend")
NOTICE = {
    "hour": "Everybody, the day and the hour",
    "week": "Staff: that somebody comes this week, and why",
    "nobody": "Nobody",
}
ROUTE = {
    "managers": "The managers of the place",
    "workers": "Those who do the work",
    "task": "Nobody: I follow one patient, call or form",
}
BACK = {
    "": "Not decided",
    "leaving": "Before I leave",
    "week": "Within a week",
    "month": "Within a month",
    "report": "In the next report to the board",
}
COMPANIONS = 1
"""So many may come with you. More is an entourage."""
_CLOSED = re.compile(
    r"(are|is|was|were|am|do|does|did|have|has|had|can|could|will|would|should|may|must)(n['’]t)?\b",
    re.IGNORECASE,
)
_RULE_WORDS = re.compile(
    r"\b(compl(y|ies|iance|iant)|polic(y|ies)|targets?|audits?|protocols?|standards?|kpis?)\b", re.IGNORECASE
)
FEWEST_WORDS = 3


@dataclass(frozen=True)
class Start:
    """A plan to begin from: what the boxes of the form hold."""

    label: str
    sector: str
    sets: dict[str, Any]


def _plan(
    place: str,
    seen: list[tuple[str, str]],
    notice: str,
    companions: int,
    route: str,
    questions: str,
    wont: str = "",
    unsafe: str = "",
    back: str = "",
    back_how: str = "",
    asked: bool = False,
) -> dict[str, Any]:
    return {
        "place": place,
        "seen": [{"who": who, "when": when} for who, when in seen],
        "notice": notice,
        "companions": companions,
        "route": route,
        "questions": questions,
        "wont": wont,
        "unsafe": unsafe,
        "asked": asked,
        "back": back,
        "back_how": back_how,
    }


STARTS = {
    "ward": Start(
        "A royal visit to a ward, to mend", "acute",
        _plan(
            "Ward 7, the safety checks", [("The ward manager", "day")], "hour", 4, "managers",
            "Are you happy with the new checklist?\nDo you comply with the falls policy?\nIs there anything you need?",
            back="report", back_how="A paragraph in the chief executive's report",
        ),
    ),
    "station": Start(
        "A morning at an ambulance station, to mend", "ambulance",
        _plan(
            "Northfield station, the vehicle checks", [("The station manager", "day"), ("A crew between calls", "day")],
            "hour", 2, "managers", "Has every vehicle passed its audit?\nWhat slows you down?", wont="Hold anybody up",
        ),
    ),
    "home": Start(
        "A round with a community nurse, to mend", "community",
        _plan(
            "The Heron round, pressure care at home", [("A district nurse on her round", "day")], "week", 0, "managers",
            "Which visit did you cut short, and what made you?\nDo you meet the standard for skin checks?",
            unsafe="Say so to the nurse there and then", asked=True,
        ),
    ),
    "night": Start(
        "An evening on a mental health ward, to mend", "mental health",
        _plan(
            "Cedar ward, observation at night", [("Two nurses on the evening shift", "evening")], "nobody", 3, "workers",
            "What do you do when two people need you at once?\nCan you show me the observation sheets?", back="month",
        ),
    ),
    "desk": Start(
        "Monday at a practice's phones, to mend", "primary care",
        _plan(
            "The reception desk at eight on Monday", [("The practice manager", "day")], "hour", 1, "managers",
            "What do you say when there is nothing left to offer?\nAre you meeting the target for calls?", back="week",
        ),
    ),
}  # fmt: skip
_FIRST = STARTS["ward"].sets

DECLARATION = schema.Declaration(
    title="Go-see planner",
    intro="A plan for an hour with the work. Mend one that would only produce theatre, or write your own. It stays on this device.",
    printable=True,
    controls=(
        Choice(
            name="start",
            label="Start from",
            default="ward",
            options=(
                *(
                    Option(value=value, label=start.label, sector=start.sector, sets=start.sets)
                    for value, start in STARTS.items()
                ),
                Option(
                    value="own", label="My own, an empty form", sets=_plan("", [], "hour", 0, "managers", "")
                ),
            ),
        ),
        Text(
            name="place",
            label="Which place, and which piece of work",
            default=_FIRST["place"],
            maximum_length=150,
        ),
        Rows(
            name="seen",
            label="Who is seen",
            help="Doing the work, not talking of it. Roles, not names. The work at three on a Sunday morning may be other work.",
            add="Add somebody",
            maximum=5,
            default=_FIRST["seen"],
            fields=(
                Text(name="who", label="Who", maximum_length=80),
                Choice(
                    name="when",
                    label="When",
                    default="",
                    options=tuple(Option(value=value, label=label) for value, label in WHEN.items()),
                ),
            ),
        ),
        Choice(
            name="notice",
            label="Who knows that you are coming?",
            default=_FIRST["notice"],
            radio=True,
            options=tuple(Option(value=value, label=label) for value, label in NOTICE.items()),
        ),
        Number(
            name="companions",
            label="How many come with you",
            default=_FIRST["companions"],
            minimum=0,
            maximum=8,
        ),
        Choice(
            name="route",
            label="Who chooses where you stand and to whom you talk?",
            default=_FIRST["route"],
            radio=True,
            options=tuple(Option(value=value, label=label) for value, label in ROUTE.items()),
        ),
        Text(
            name="questions",
            label="What you will ask, one question a line",
            default=_FIRST["questions"],
            rows=4,
            maximum_length=1200,
        ),
        Text(
            name="wont",
            label="What you will not do",
            help="Such as: give orders, take names, promise what is not yours to give.",
            default=_FIRST["wont"],
            rows=2,
            maximum_length=300,
        ),
        Text(
            name="unsafe",
            label="If you see something unsafe",
            default=_FIRST["unsafe"],
            rows=2,
            maximum_length=300,
        ),
        Toggle(
            name="asked",
            label="Patients and clients will be asked first, and may say no",
            help="Tick it too if none will be there.",
            default=_FIRST["asked"],
        ),
        Choice(
            name="back",
            label="When do those whom you saw hear from you?",
            default=_FIRST["back"],
            options=tuple(Option(value=value, label=label) for value, label in BACK.items()),
        ),
        Text(
            name="back_how",
            label="How you report back, and on what you take on yourself",
            default=_FIRST["back_how"],
            rows=2,
            maximum_length=300,
        ),
    ),
    assumptions=(
        f"A box counts as filled with {wording.count(FEWEST_WORDS)} words or more. The form does not understand them.",
        f"Signs of theatre: the hour announced to all; more than {wording.count(COMPANIONS)} companion; managers choose the route; only "
        "managers are seen; only daytime; nobody knows and so it looks like an inspection; feedback that goes up and not back.",
        "A question is marked when it can be answered with yes, or asks after a policy, target, audit or standard. Both are found by "
        "spotting words: Do, Are, Has at the start, and a short list.",
    ),
    cannot_tell=(
        "Whether the plan is good, or whether anybody will tell you anything.",
        "Whether a question is kind. It looks at its first word.",
        "What you will not see for standing there.",
    ),
    honesty="A check of completeness, and no mark. The plans to mend are invented. What you write never leaves this device.",
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the plan to take along, what is still open, and the signs of theatre in it."""
    still, signs = gaps(params), theatre(params)
    said = f"{_count(len(still), 'gap').capitalize()}, {_count(len(signs), 'sign')} of theatre."
    ready = not still and not signs
    panels = [
        schema.verdict(
            "Your plan",
            "reliably_meets" if ready else "hit_and_miss" if not signs or not still else "reliably_misses",
            "Complete, and no sign of theatre" if ready else said[:-1],
            "This form looks for gaps and for signs. It cannot tell whether the plan is any good.",
        ),
        schema.listing("Signs of theatre", signs, empty="None that a form can see."),
        schema.listing("Still open", still, empty="Nothing: every box is filled."),
        schema.table("To take along", ["", "The plan"], _sheet(params), open=True),
        schema.table(
            "To fill in there", ["What I saw done", "Unlike what is written?", "What would help", "Who takes it on"],
            [["\u00a0"] * 4 for _ in range(3)], open=True,
        ),
        _challenge(params, ready),
    ]  # fmt: skip
    return schema.view(panels, summary=said, data={"columns": ["Box", "The plan"], "rows": _sheet(params)})


def gaps(params: schema.Params) -> list[str]:
    """Return what the form still lacks, a sentence each."""
    found = []
    if not _filled(params["place"]):
        found.append("Which place, and which piece of work there?")
    seen = _people(params)
    if not seen:
        found.append("Who is seen doing the work? Name at least one role.")
    if any(not when for _, when in seen):
        found.append("When is each of them seen?")
    if not set(UNSOCIAL) & {when for _, when in seen}:
        found.append("An evening, a night or a weekend: the work has other hours than you.")
    asked = questions(params)
    if len(asked) < 2:
        found.append(f"Two questions at least. There {'is one' if asked else 'are none'}.")
    if not _filled(params["wont"]):
        found.append("What will you not do?")
    if not _filled(params["unsafe"]):
        found.append("What do you do if you see something unsafe? Decide it before you go.")
    if not params["asked"]:
        found.append("Patients and clients: who asks them, and can they say no?")
    if not params["back"]:
        found.append("By when do those whom you saw hear from you?")
    if not _filled(params["back_how"]):
        found.append("How do you report back, and what do you take on yourself?")
    return found


def theatre(params: schema.Params) -> list[str]:
    """Return the signs that what will be seen is a performance, a sentence each, with what to do instead."""
    found = []
    if params["notice"] == "hour":
        found.append(
            "The hour is announced to everybody. Say that somebody comes this week, and why: no more."
        )
    if params["notice"] == "nobody":
        found.append(
            "Nobody knows. That is an inspection, and people will hide from it. Tell staff the week and the reason."
        )
    if params["companions"] > COMPANIONS:
        found.append(
            f"You bring {wording.count(params['companions'])} people. A crowd stops the work that it came to see: go with one, or alone."
        )
    if params["route"] == "managers":
        found.append(
            "Managers choose the route. Follow a patient, a call or a form, or let those who do the work lead."
        )
    seen = _people(params)
    if seen and all(re.search(r"\b(manager|director|lead|head)s?\b", who, re.IGNORECASE) for who, _ in seen):
        found.append("Only managers are seen. They can tell you how the work is meant to go.")
    found += [f"“{question}” {why}" for question in questions(params) if (why := compliance(question))]
    if params["back"] == "report":
        found.append("What you saw goes up to the board before it goes back to those whom you saw.")
    return found


def compliance(question: str) -> str:
    """Why a question asks people to say that all is well, or ""."""
    if _RULE_WORDS.search(question):
        return "asks for the rule, and gets it. Ask what happens on a bad day."
    if _CLOSED.match(question):
        return "can be answered with yes. Begin with what, how, when or show me."
    return ""


def questions(params: schema.Params) -> list[str]:
    """Return the questions, one a line, without numbers or bullets in front."""
    lines = (re.sub(r"^[\s\d.)*•–-]+", "", line).strip() for line in params["questions"].splitlines())
    return [line for line in lines if line]


def _people(params: schema.Params) -> list[tuple[str, str]]:
    return [(row["who"].strip(), row["when"]) for row in params["seen"] if row["who"].strip()]


def _filled(words: str) -> bool:
    return len(words.split()) >= FEWEST_WORDS


def _count(number: int, noun: str) -> str:
    return wording.plural(number, noun) if number else f"no {noun}s"


def _sheet(params: schema.Params) -> list[list[str]]:
    seen = "; ".join(f"{who} ({WHEN[when].lower()})" if when else who for who, when in _people(params))
    company = params["companions"]
    rows = [
        ("The place and the work", params["place"].strip()),
        ("Who is seen, and when", seen),
        ("Who knows", NOTICE[params["notice"]]),
        ("With me", "nobody" if not company else wording.plural(company, "companion")),
        ("Who leads", ROUTE[params["route"]]),
        *((f"Question {place}", one) for place, one in enumerate(questions(params), start=1)),
        ("I will not", params["wont"].strip()),
        ("If something is unsafe", params["unsafe"].strip()),
        ("Patients and clients", "asked first, and may say no" if params["asked"] else ""),
        ("Back to those I saw", f"{BACK[params['back']]}" if params["back"] else ""),
        ("How, and what I take on", params["back_how"].strip()),
    ]
    return [[name, words or "…"] for name, words in rows]


def _challenge(params: schema.Params, ready: bool) -> dict[str, Any]:
    ask = "Write a plan that passes every check and that nobody could use."
    if not ready:
        return schema.challenge(ask, False, "Not past the checks yet.", reveal=False)
    written = [params[name].casefold().split() for name in ("place", "wont", "unsafe", "back_how")]
    if any(written.count(words) > 1 for words in written):
        return schema.challenge(
            ask,
            True,
            "The same words stand in two boxes, and the form is content. A checklist can be performed too. Ask somebody who was visited.",
            reveal=False,
        )
    return schema.challenge(
        ask,
        False,
        "Past the checks. Now put the same words into two boxes, and see whether it minds.",
        reveal=False,
    )
