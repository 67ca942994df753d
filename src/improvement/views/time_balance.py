"""W23 QMS balance: where a week of leadership time goes, and what three years of such weeks do to quality."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from improvement.simulate.qms_balance import KINDS, Parameters, Result, shares, simulate
from improvement.views import schema
from improvement.views.pasted import quoted
from improvement.views.schema import Choice, Number, Option, Seed, Series

MOST_LINES, MOST_HOURS = 60, 100
PARTS = {"planning": "Planning", "control": "Control", "assurance": "Assurance", "improvement": "Improvement"}
_ROLES = {"planning": "group_a", "control": "group_b", "assurance": "group_c", "improvement": "group_d"}
USUAL = {"planning": 1, "control": 12, "assurance": 5, "improvement": 2}
BALANCED = {"planning": 4, "control": 6, "assurance": 2, "improvement": 8}
_TOTAL = sum(USUAL.values())


def _all(kind: str) -> dict[str, int]:
    return {one: _TOTAL if one == kind else 0 for one in KINDS}


WEEKS = {
    "usual": ("A usual week", USUAL),
    "control": ("All control", _all("control")),
    "improvement": ("All improvement", _all("improvement")),
    "balanced": ("Some of each", BALANCED),
}


@dataclass(frozen=True)
class Diary:
    """An invented week of one leader: lines of what, which part, and hours."""

    label: str
    sector: str
    text: str


DIARIES = {
    "operations": Diary(
        "Acute: a chief operating officer", "acute",
        "Bed meetings, three a day, C, 6\nCalls with the region about breaches, A, 2\nWaiting-list review with divisions, C, 3\nUrgent care performance meeting, C, 2\n"
        "Board report: writing and signing, A, 2\nCommittee for performance, A, 1.5\nSickness and agency review, C, 1.5\nBusiness case for the new unit, P, 0.5\n"
        "Visit to the discharge test on ward 6, I, 0.5",
    ),
    "ambulance": Diary(
        "Ambulance: a divisional director", "ambulance",
        "Handover calls, C, 6\nEnd-of-shift review, C, 4\nHours on the road: reconciling, C, 2\nCommissioners' review, A, 2\nIncident panel, A, 2\n"
        "Planning next winter's rosters, P, 2\nStation team's test of kit bags, I, 1",
    ),
    "practice": Diary(
        "General practice: a partner and a manager", "primary care",
        "Rota and who is off today, C, 5\nUnanswered tasks at six, C, 2.5\nComplaints and the inspection folder, A, 2\nPayment claims, A, 1.5\n"
        "Two hours on the phones, then one change, I, 2\nNew nurse's clinics: who needs what, P, 1",
    ),
    "wards": Diary(
        "Mental health: a service director", "mental health",
        "Staffing call at nine, C, 5\nBeds out of area: daily hunt, C, 3\nInspection plan, A, 3\nSerious incident panel, A, 2\nRestraint: testing with two wards, I, 2\n"
        "Crisis house: talking with people who would use it, P, 1",
    ),
}  # fmt: skip

_GUESSES = {
    "falls": "It falls far: somebody is watching at last",
    "little": "It falls a little",
    "same": "It stays at 20%",
    "rises": "It rises",
}
_SET, _SAMPLE, _OWN = ({"hours_from": source} for source in ("set", "sample", "own"))

DECLARATION = schema.Declaration(
    title="Twenty hours of leadership",
    intro="Spend a week. Then live with 156 of them.",
    controls=(
        Choice(
            name="hours_from",
            label="Whose hours?",
            radio=True,
            default="set",
            options=(
                Option(value="set", label="Set them here"),
                Option(value="sample", label="A sample diary"),
                Option(value="own", label="My own diary"),
            ),
        ),
        Choice(
            name="week",
            label="Start from",
            default="control",
            options=tuple(
                Option(value=key, label=label, sets=hours) for key, (label, hours) in WEEKS.items()
            ),
            show_when=_SET,
        ),
        *(
            Number(
                name=kind,
                label=f"{words}: hours a week",
                default=_all("control")[kind],
                minimum=0,
                maximum=30,
                show_when=_SET,
            )
            for kind, words in PARTS.items()
        ),
        Choice(
            name="diary",
            label="Which diary?",
            default="operations",
            options=tuple(
                Option(value=key, label=diary.label, sector=diary.sector) for key, diary in DIARIES.items()
            ),
            show_when=_SAMPLE,
        ),
        Series(
            name="lines",
            label="Your diary, one line each: what, letter, hours",
            help="P planning, C control, A assurance, I improvement. It stays on your device.",
            placeholder="Bed meeting, C, 5\nQuality committee, A, 2",
            private=True,
            show_when=_OWN,
        ),
        Seed(),
    ),
    prediction=schema.Prediction(
        question=(
            "In an invented service, 20% of everyday work goes wrong. All twenty hours of its leaders' week now go to quality control: "
            "people watch, and put right what slips, the same day. After three years, what has become of the 20%?"
        ),
        control=Choice(
            name="prediction",
            label="The everyday 20%",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    assumptions=(
        "An hour of any kind does less when many hours of that kind are already spent.",
        "Control keeps gains and finds trouble; by itself it never lowers the everyday level. Gains leak unless control holds them.",
        "Assurance finds trouble more slowly than control, and mends nothing by itself.",
        "About four new services start each year. Each keeps the waste it was planned with.",
        "Other hours with the same draw meet the same launches and the same trouble.",
    ),
    cannot_tell=(
        "The right balance for your organisation. Every rate here is a number we chose; no data stand behind them.",
        "How good an hour is. A poor improvement hour and a good one count the same.",
        "How to call a meeting that does two things. You choose the letter, and the letter decides the share.",
        "What else leaders are needed for.",
    ),
    honesty="An illustrative model and invented diaries. Your own diary is read in this page and goes nowhere.",
    printable=True,
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: shares of the week, three years of it, and how it compares with a usual week.

    Raises ValueError, naming the line and what to do, for a diary that cannot be read, and for a week of no hours.
    """
    hours = _hours(params)
    if hours is None:
        text = "Put in your diary: what, a letter (P, C, A or I) and hours, a line each."
        return schema.view([schema.sentence(text, heading="Your diary")], summary=text)
    if not sum(hours.values()):
        raise ValueError("All four are 0. Give at least one of them some hours.")
    run, usual = (simulate(Parameters(**week), seed=params["seed"]) for week in (hours, USUAL))
    told = _told(run)
    panels = [_years(run, usual)]
    if params["prediction"] is not None:
        panels.append(schema.sentence(_judge(params["prediction"]), heading="Your guess", reveal=True))
    panels += [
        schema.sentence(told, heading="After three years", reveal=True),
        _split(hours),
        schema.sentence(_diary_told(hours), heading="Where the hours go", reveal=params["hours_from"] == "set"),
        _compare(run, usual),
        _challenge(hours, run, params["seed"]),
    ]  # fmt: skip
    return schema.view(panels, summary=told, data=_download(run))


def read_diary(text: str) -> dict[str, float]:
    """Return hours by kind, in the order of KINDS, from lines of what, letter or word, and hours.

    Commas, semicolons or tabs part them; what is optional. Blank lines are left out.

    Raises ValueError, naming the line and what to do, for a line it cannot read, and for no lines or too many.
    """
    lines = [(place, line) for place, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise ValueError(
            "There is no line in the diary. Give one for each thing you did: what, letter, hours."
        )
    if len(lines) > MOST_LINES:
        raise ValueError(f"{len(lines)} lines is too many. Keep to {MOST_LINES}: add up what is alike.")
    hours = dict.fromkeys(KINDS, 0.0)
    for place, line in lines:
        kind, number = _line(place, line)
        hours[kind] += number
    return hours


def _line(place: int, line: str) -> tuple[str, float]:
    where = f"Line {place} ({quoted(line.strip())})"
    cells = [cell.strip() for cell in re.split(r"[\t;,]", line) if cell.strip()]
    if len(cells) < 2:
        raise ValueError(
            f"{where} needs a letter and hours, with commas between: Bed meeting, C, 5. Write half an hour as 0.5."
        )
    word, written = cells[-2].lower(), cells[-1].lower()
    kind = next((one for one in KINDS if word in (one, one[0])), None)
    if kind is None:
        raise ValueError(
            f"{where}: {quoted(cells[-2])} is none of P, C, A and I. Put the letter just before the hours, and write half "
            "an hour as 0.5."
        )
    match = re.fullmatch(r"(\d+(?:\.\d+)?|\.\d+)\s*(?:h|hr|hrs|hour|hours)?", written)
    if not match:
        raise ValueError(
            f"{where}: {quoted(cells[-1])} is not a number of hours. Write 1.5 for an hour and a half."
        )
    number = float(match[1])
    if number > MOST_HOURS:
        raise ValueError(
            f"{where}: {number:g} hours is more than a week's work. Were these minutes? Divide by 60."
        )
    return kind, number


def _hours(params: schema.Params) -> dict[str, float] | None:
    if params["hours_from"] == "sample":
        return read_diary(DIARIES[params["diary"]].text)
    if params["hours_from"] == "own":
        return read_diary(params["lines"]) if params["lines"].strip() else None
    return {kind: params[kind] for kind in KINDS}


def _judge(guess: str) -> str:
    said = f"You said: {_GUESSES[guess].split(':')[0].lower()}."
    alone = simulate(Parameters(**_all("control"))).exact
    without = simulate(Parameters(**_all("improvement"))).exact
    good = (
        f"Control did what it is for: trouble ends after about {alone.spike_length:.1f} weeks. With nobody in control it takes "
        f"{without.spike_length:.0f}, until somebody outside notices."
    )
    if guess == "same":
        return f"{said} So it does. {good} It put things back to where they were, and they were at 20%."
    return f"{said} It stays at 20%. {good} It put things back to where they were. Only improvement moves where they were."


def _told(run: Result) -> str:
    last, p = run.weeks[-1], run.parameters
    text = f"Everyday work: {last.existing:.1f}% goes wrong (it was {p.chronic:.0f}%)."
    if run.gain_made >= 0.05:
        text += f" Improvement won {run.gain_made:.1f} points and {run.gain_lost:.1f} leaked away."
    if run.mean_spike_length is not None:
        text += (
            f" Trouble broke out {_times(len(run.spikes))} and lasted {run.mean_spike_length:.1f} weeks on average; outsiders were "
            f"first to find it {_times(run.surprises)}."
        )
    text += f" A new service starts out failing {run.exact.new_service:.0f}% of the time."
    return text


def _times(count: int) -> str:
    return {0: "not once", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _years(run: Result, usual: Result) -> dict[str, Any]:
    weeks = [week.week + 1 for week in run.weeks]
    existing = [week.existing for week in run.weeks]
    overall = [week.overall for week in run.weeks]
    total = [week.overall + week.spike for week in run.weeks]
    marks = [
        schema.mark("line", "quiet", label="With trouble", reveal=True, x=weeks, y=total),
        schema.mark("line", "group_b", label="With new services", reveal=True, x=weeks, y=overall),
        schema.mark("line", "comparison", label="Everyday work, in a usual week", reveal=True, x=weeks, y=[week.existing for week in usual.weeks]),
        schema.mark("line", "data", label="Everyday work", reveal=True, x=weeks, y=existing),
    ]  # fmt: skip
    return schema.figure(
        "Work that goes wrong, percent, over three years",
        marks,
        description=(
            f"Everyday work goes from {existing[0]:.1f}% to {existing[-1]:.1f}% in {len(weeks)} weeks; in a usual week it would end at "
            f"{usual.weeks[-1].existing:.1f}%. With new services it ends at {overall[-1]:.1f}%. With trouble the worst week is "
            f"{max(total):.1f}%, and {_count(sum(week.spike > 0 for week in run.weeks))} some."
        ),
        x_label="Week",
        y_label="Percent",
        x_range=(0, len(weeks) + 1),
        y_range=(0, max(50.0, 5 + max(total))),
        reveal=True,
    )


def _count(weeks: int) -> str:
    return f"{weeks} week{' has' if weeks == 1 else 's have'}"


def _split(hours: Mapping[str, float]) -> dict[str, Any]:
    part = shares(dict(hours))
    names = [PARTS[kind] for kind in KINDS]
    edge = [0.0] * len(names)
    marks = [
        schema.mark("bar_x", "quiet", x1=edge, x2=edge, text=names),
        *(
            schema.mark("bar_x", _ROLES[kind], x1=[0.0], x2=[100 * part[kind]], text=[PARTS[kind]])
            for kind in KINDS
        ),
        schema.mark("text", "annotation", x=[100 * part[kind] + 11 for kind in KINDS], y=names, text=[f"{100 * part[kind]:.0f}%" for kind in KINDS]),
    ]  # fmt: skip
    said = "; ".join(f"{PARTS[kind].lower()} {100 * part[kind]:.0f}%" for kind in KINDS)
    return schema.figure(
        f"Where {schema.shown(sum(hours.values()), 1)} hours of a week go",
        marks,
        description=f"Four bars: {said}.",
        x_label="Percent of the hours",
        y_label="",
        x_range=(0, 122),
        height=190,
    )


def _diary_told(hours: Mapping[str, float]) -> str:
    part = shares(dict(hours))
    most = max(part.values())
    names = [PARTS[kind].lower() for kind in KINDS if part[kind] == most]
    text = " and ".join(names).capitalize()
    text += f" {'takes' if len(names) == 1 else 'take'} most: {100 * most:.0f}%{'' if len(names) == 1 else ' each'}."
    none = [PARTS[kind].lower() for kind in KINDS if not part[kind]]
    if none:
        text += f" Nothing goes to {' or '.join(none)}."
    text += (
        " Shares: " + ", ".join(f"{PARTS[kind].lower()} {schema.shown(part[kind])}" for kind in KINDS) + "."
    )
    return text


def _compare(run: Result, usual: Result) -> dict[str, Any]:
    def row(words: str, read: Any, decimals: int = 1) -> list[Any]:
        return [words, *(round(read(one), decimals) for one in (run, usual))]

    return schema.table(
        "This week and a usual one, three years on",
        ["", "This week", "A usual week"],
        [
            row("Everyday work that goes wrong, %", lambda one: one.weeks[-1].existing),
            row("The same with new services, %", lambda one: one.weeks[-1].overall),
            row("Points won by improvement", lambda one: one.gain_made),
            row("Points leaked again", lambda one: one.gain_lost),
            row("Weeks until trouble ends, on average", lambda one: one.exact.spike_length),
            row("Surprises a year found by others, expected", lambda one: one.exact.surprises_per_year),
            row("A new service meets the need, %", lambda one: 100 - one.exact.new_service, 0),
        ],
        open=True,
        reveal=True,
    )


def _challenge(hours: Mapping[str, float], run: Result, seed: int) -> dict[str, Any]:
    ask = f"In {_TOTAL} hours or fewer, beat “some of each” on everyday work."
    rival = simulate(Parameters(**BALANCED), seed=seed)
    mine, theirs = run.weeks[-1], rival.weeks[-1]
    if sum(hours.values()) <= _TOTAL and mine.existing < theirs.existing - 0.05:
        return schema.challenge(
            ask,
            True,
            f"{mine.existing:.1f}% against {theirs.existing:.1f}%. On that one number, balance loses. Counting new services it is "
            f"{mine.overall:.1f}% against {theirs.overall:.1f}%. Which of the two would your board have seen?",
        )
    return schema.challenge(
        ask,
        False,
        f"{mine.existing:.1f}% against {theirs.existing:.1f}%, in {schema.shown(sum(hours.values()), 1)} hours. What could be given up that this number does not see?",
    )


def _download(run: Result) -> dict[str, Any]:
    return {
        "columns": ["Week", "Everyday work, %", "With new services, %", "Trouble, points"],
        "rows": [
            [week.week + 1, round(week.existing, 2), round(week.overall, 2), week.spike] for week in run.weeks
        ],
    }
