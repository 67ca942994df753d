"""Baseline: three short cases, the reader's own answers, and a sheet of yes-or-no points to score them by.

In the style of QIKAT-R (Singh and colleagues, Academic Medicine 2014;89:1386): an aim, a measure and a change for each
case, nine points of yes or no. The cases and the wording of the points are our own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from improvement.views import schema
from improvement.views.schema import Number, Text, Toggle

PARTS = ("aim", "measure", "change")


@dataclass(frozen=True)
class Case:
    """A made-up situation that asks for an aim, a measure and a change."""

    name: str
    title: str
    story: str


@dataclass(frozen=True)
class Point:
    """One yes-or-no point of the scoring sheet, with an answer that earns it and one that does not."""

    name: str
    part: str
    ask: str
    earns: str
    misses: str


CASES = (
    Case(
        "phone",
        "the Monday phone (general practice)",
        "On Mondays callers to a practice of 9,000 patients wait 26 minutes and three in ten hang up. Reception says many "
        "ring to ask whether a result or a letter has come. A partner wants another telephone line.",
    ),
    Case(
        "discharge",
        "three days after the ward (mental health)",
        "A home treatment team means to see everyone within three days of leaving the ward. Of the last 60 people, 14 were not "
        "seen in time. The ward sends its list by e-mail at the end of the day, sometimes the next. Managers plan a reminder to all staff.",
    ),
    Case(
        "kit",
        "late off the station (ambulance)",
        "Last week 9 of 40 shifts left the station more than 15 minutes late because kit was missing from the vehicle. Night "
        "crews restock when they can. The station manager wants to know which crews are to blame.",
    ),
)
POINTS = (
    Point("work", "aim", "It is about how the work is done, not about one person",
          "Callers at our practice get an answer", "Reception must try harder"),
    Point("direction", "aim", "It says which way",
          "Fewer callers hang up", "Improve the phones"),
    Point("amount", "aim", "It gives an amount, or a date",
          "From three in ten to one in ten, by June", "As soon as we can"),
    Point("moves", "measure", "It would move if the aim came true",
          "Share of people seen within three days", "Number of staff who read the reminder"),
    Point("often", "measure", "You could collect it every week with what is there",
          "Late departures, from the shift log", "A survey next spring"),
    Point("same", "measure", "Two people would count it the same way",
          "Callers who hang up before an answer, Mondays 8 to 10", "How good the service feels"),
    Point("cause", "change", "It acts on something in the case that causes the trouble",
          "Text results the day they arrive", "Remind everybody"),
    Point("able", "change", "It can start with the people and kit already there",
          "The ward clerk phones the list through at noon", "Employ a co-ordinator"),
    Point("test", "change", "Somebody could try it next week, small, and it says who",
          "One night crew, one vehicle, a checklist by the door", "Roll out a new policy"),
)  # fmt: skip
ABILITIES = {
    "aim": "write an aim that can be checked",
    "measure": "choose a measure that would show a change",
    "change": "plan a change small enough for next week",
    "signal": "tell a real change from ordinary ups and downs",
}
POINTS_A_CASE = len(POINTS)
MOST = POINTS_A_CASE * len(CASES)
MOST_CONFIDENT = 10


def _sheet(place: int, case: Case) -> list[schema.Control]:
    """A tick for each point of one case, and a line to write again; the first case also shows examples."""
    ticks: list[schema.Control] = [
        Toggle(
            name=f"{case.name}_{point.name}",
            label=f"Case {place}, {point.part}: {point.ask[0].lower()}{point.ask[1:]}",
            help=f"Yes: “{point.earns}.” No: “{point.misses}.”" if place == 1 else "",
            show_when={"scoring": True},
        )
        for point in POINTS
    ]
    again = Text(
        name=f"{case.name}_again",
        label=f"Case {place}: a line you would now write differently",
        rows=2,
        maximum_length=500,
        show_when={"scoring": True},
    )
    return [*ticks, again]


DECLARATION = schema.Declaration(
    title="Your starting line",
    intro="Rate yourself, answer three cases, then score your own answers. There is no pass mark. Nothing is sent: it is gone "
    "when you close the page, unless you press Save settings.",
    prediction=schema.Prediction(
        question=f"You will write an aim, a measure and a change for three short cases. They can earn {MOST} points. How many "
        "will yours earn?",
        control=Number(
            name="prediction", label="Points", default=None, minimum=0, maximum=MOST, unit=f"of {MOST}"
        ),
        commit="Commit and start",
    ),
    controls=(
        *(
            Number(
                name=f"sure_{name}",
                label=f"How sure are you that you can {words}?",
                help="1: not at all. 10: entirely." if name == "aim" else "",
                default=5,
                minimum=1,
                maximum=MOST_CONFIDENT,
            )
            for name, words in ABILITIES.items()
        ),
        *(
            Text(
                name=f"answer_{case.name}",
                label=f"Case {place}: {case.title}",
                help=f"{case.story} Write an aim, a measure and a change, a line each.",
                rows=6,
                maximum_length=1500,
            )
            for place, case in enumerate(CASES, start=1)
        ),
        Toggle(
            name="scoring",
            label="I have answered. Show me the scoring sheet",
            help="Tick each point your answer earns. Be as strict as with a stranger; in doubt, leave it.",
        ),
        *(control for place, case in enumerate(CASES, start=1) for control in _sheet(place, case)),
    ),
    assumptions=(
        "You score yourself. Each point counts one, and each case nine.",
        "The cases and the points were written for this course; only the pattern of aim, measure and change is QIKAT-R's.",
    ),
    cannot_tell=(
        "Whether you can do it at work, with people, on a bad day.",
        "Whether a later rise is learning: the second time you know what the sheet asks.",
        "Whether this sheet is reliable. Nobody has tested it.",
    ),
    honesty="Illustrative: the cases are invented. The score is your own judgement of your own words.",
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the cases, then, once there are answers, the sheet's anchors and the reader's score."""
    cases = schema.table(
        "The three cases, to read or print",
        ["Case", "What happened"],
        [[f"{place}. {case.title}", case.story] for place, case in enumerate(CASES, start=1)],
    )
    blank = [place for place, case in enumerate(CASES, start=1) if not params[f"answer_{case.name}"].strip()]
    if not params["scoring"]:
        left = (
            f"{_cases(blank)} still to answer."
            if blank
            else "All three are answered. Open the scoring sheet."
        )
        return schema.view([schema.sentence(left, heading="Where you are"), cases], summary=left)
    if blank:
        ask = (
            f"{_cases(blank)} still to answer. Write something first, even one line: once you have seen the sheet you cannot "
            "answer as the person you are now."
        )
        return schema.view([cases], summary=ask, notices=[schema.notice("warning", ask, control="scoring")])
    scores = score(params)
    told = _told(scores)
    columns = ["Case", *[part.capitalize() for part in PARTS], "Points", "Of"]
    rows = [
        [f"{place}. {case.title}", *[scores[case.name][part] for part in PARTS], sum(scores[case.name].values()), POINTS_A_CASE]
        for place, case in enumerate(CASES, start=1)
    ]  # fmt: skip
    panels = [
        schema.table(
            "What earns a point, with examples",
            ["Part", "Yes or no?", "This would be a yes", "This would be a no"],
            [[point.part.capitalize(), point.ask, point.earns, point.misses] for point in POINTS],
        ),
        schema.sentence(told, heading="Your score", reveal=True),
    ]
    if params["prediction"] is not None:
        panels.append(
            schema.sentence(_guessed(params["prediction"], scores), heading="Your guess", reveal=True)
        )
    panels += [
        _figure(scores, params),
        schema.sentence(
            "It has no pass mark and goes nowhere. Press Save settings to keep your answers, scores and confidence in a file, "
            "for the day you do this again.",
            heading="Keep it or lose it",
            reveal=True,
        ),
        schema.table("Points by case", columns, rows, reveal=True),
        cases,
    ]
    sure = [
        [f"Sure: {words}", None, None, None, params[f"sure_{name}"], MOST_CONFIDENT]
        for name, words in ABILITIES.items()
    ]
    return schema.view(panels, summary=told, data={"columns": columns, "rows": [*rows, *sure]})


def score(ticks: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Return the points earned, as ``{case: {part: 0 to 3}}``, from the sheet's ``{"phone_direction": True, ...}``."""
    return {
        case.name: {
            part: sum(ticks[f"{case.name}_{point.name}"] for point in POINTS if point.part == part)
            for part in PARTS
        }
        for case in CASES
    }


def _total(scores: Mapping[str, Mapping[str, int]]) -> int:
    return sum(sum(parts.values()) for parts in scores.values())


def _by_part(scores: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    return {part: sum(parts[part] for parts in scores.values()) for part in PARTS}


def _told(scores: Mapping[str, Mapping[str, int]]) -> str:
    by_part = _by_part(scores)
    most = POINTS_A_CASE  # three points a part in each of three cases
    parts = ", ".join(f"{part} {earned}" for part, earned in by_part.items())
    text = f"{_total(scores)} of {MOST} so far ({parts}, each of {most})."
    least = min(by_part.values())
    lowest = [part for part, earned in by_part.items() if earned == least]
    if least == max(by_part.values()):
        return text
    return f"{text} Fewest for the {_and(lowest)}: a place to start."


def _guessed(guess: float, scores: Mapping[str, Mapping[str, int]]) -> str:
    gap = _total(scores) - int(guess)
    points = f"{abs(gap)} point{'' if abs(gap) == 1 else 's'}"
    if gap == 0:
        return f"You expected {int(guess)}, and that is what you gave yourself."
    return f"You expected {int(guess)}. You gave yourself {points} {'more' if gap > 0 else 'fewer'}."


def _figure(scores: Mapping[str, Mapping[str, int]], params: schema.Params) -> dict[str, Any]:
    earned = [100 * points / POINTS_A_CASE for points in _by_part(scores).values()]
    sure = [100 * params[f"sure_{part}"] / MOST_CONFIDENT for part in PARTS]
    x = list(range(1, len(PARTS) + 1))
    pairs = "; ".join(
        f"{part}: {schema.shown(points, 0)}% of the points, confidence {schema.shown(confidence, 0)}%"
        for part, points, confidence in zip(PARTS, earned, sure, strict=True)
    )
    return schema.figure(
        "Points earned and confidence before, as a percentage of the most possible",
        [
            schema.mark(
                "bar",
                "group_a",
                x1=[place - 0.3 for place in x],
                x2=[place + 0.3 for place in x],
                y=earned,
                label="Points you gave yourself",
                reveal=True,
            ),
            schema.mark("dot", "group_b", x=x, y=sure, label="How sure you were", reveal=True),
        ],
        description=f"Three bars with a dot each. {pairs}.",
        x_label="",
        y_label="Percent",
        x_ticks=[part.capitalize() for part in PARTS],
        y_range=(0, 100),
        height=240,
        reveal=True,
    )


def _cases(places: Sequence[int]) -> str:
    return f"{'Case' if len(places) == 1 else 'Cases'} {_and([str(place) for place in places])} {'is' if len(places) == 1 else 'are'}"


def _and(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
