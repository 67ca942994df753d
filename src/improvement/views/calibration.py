"""Calibrating markers: mark six scripts, then see how far you agree with the authors or with another marker."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from improvement import rubrics
from improvement.agreement import Agreement, weighted_kappa
from improvement.views import schema
from improvement.views.schema import CardSort, Choice, Number, Option, Text

ENOUGH = 0.6
LEVELS = tuple(rubrics.MARKS)
SCRIPTS = {script.id: script for script in rubrics.scripts()}
MARKS_IN_ALL = sum(len(script.agreed) for script in SCRIPTS.values())
_WEIGHTS = {
    "quadratic": "Quadratic: two apart counts four times as much as one apart",
    "linear": "Linear: two apart counts twice as much",
    "equal": "None: one apart is as bad as three",
}
_BRIEF = {"quadratic": "quadratic weights", "linear": "linear weights", "equal": "no weights"}
_MARKING, _COMPARING = ({"show": mode} for mode in ("mark", "compare"))

Marks = Mapping[tuple[str, str], int]


def _control(script: str) -> str:
    return f"marks_{script.lower()}"


DECLARATION = schema.Declaration(
    title="Do we mark alike?",
    intro="Six scripts to mark alone, then a comparison with the authors' marks or with a colleague's.",
    controls=(
        Choice(
            name="show",
            label="What do you want to do?",
            radio=True,
            default="mark",
            options=(
                Option(value="mark", label="Mark the scripts"),
                Option(value="compare", label="Compare"),
            ),
        ),
        Choice(
            name="script",
            label="Which script?",
            default="A",
            show_when=_MARKING,
            options=tuple(
                Option(value=one.id, label=f"Script {one.id}: {rubrics.rubrics()[one.rubric].name.lower()}, {one.rubric}")
                for one in SCRIPTS.values()
            ),
        ),
        *(
            CardSort(
                name=_control(one.id),
                label=f"Your marks for script {one.id}",
                help="Mark the words on the page, not the writer you imagine.",
                cards=tuple(Option(value=mark.criterion, label=mark.criterion) for mark in one.agreed),
                piles=tuple(Option(value=str(mark), label=f"{mark} {words}") for mark, words in rubrics.MARKS.items()),
                show_when={"script": one.id, **_MARKING},
                keep=True,
            )
            for one in SCRIPTS.values()
        ),
        Choice(
            name="against",
            label="Compare my marks with",
            radio=True,
            default="authors",
            show_when=_COMPARING,
            options=(
                Option(value="authors", label="the authors' agreed marks"),
                Option(value="other", label="another marker's"),
            ),
        ),
        Text(
            name="line",
            label="The other marker's line",
            help="They find it under “Your line” when they compare. Paste it here.",
            show_when={"against": "other", **_COMPARING},
        ),
        Choice(
            name="weights",
            label="How much worse is a bigger difference?",
            default="quadratic",
            show_when=_COMPARING,
            options=tuple(Option(value=value, label=words) for value, words in _WEIGHTS.items()),
        ),
    ),
    prediction=schema.Prediction(
        question=f"There are {MARKS_IN_ALL} marks to give, each from 0 to 3. How many will be exactly the authors'?",
        control=Number(name="prediction", label="Exactly the same", default=None, minimum=0, maximum=MARKS_IN_ALL, unit="marks"),
    ),
    assumptions=(
        "Kappa sets the differences found beside those that two markers with your habits would have by luck.",
        f"No kappa below 20 marks. The interval leaves out one script at a time, since the marks of one script are one reading. {ENOUGH} is the course's aim for two markers.",
        "Only criteria that both have marked are compared.",
    ),
    cannot_tell=(
        "Who is right. Two markers can share a blind spot, and the authors can be wrong.",
        "How you will mark on a Friday evening, or a script whose writer you know.",
        "Whether you may mark: six scripts are far too few to license or to bar anybody.",
    ),
    honesty=(
        "The scripts are synthetic and written by the course's authors, who also agreed the marks. No other markers have tried them yet, so "
        "the agreed marks are a starting point for talk, and not calibrated."
    ),
)  # fmt: skip


@dataclass(frozen=True)
class _Pair:
    """One criterion that both have marked."""

    script: str
    criterion: str
    mine: int
    theirs: int
    reason: str

    @property
    def gap(self) -> int:
        return self.mine - self.theirs


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the script in hand with its rubric, or the comparison."""
    mine = _mine(params)
    return _compare(params, mine) if params["show"] == "compare" else _marking(params, mine)


def read_line(text: str) -> tuple[dict[tuple[str, str], int], list[str]]:
    """Return the marks in a line such as "A 2 3 2 1 1; B 1 0 - 1 1", and what in it could not be used."""
    found: dict[tuple[str, str], int] = {}
    problems = []
    pieces = re.findall(r"([A-Za-z])([^A-Za-z]*)", text)
    if text.strip() and not pieces:
        problems.append("No script was found in the line. It looks like “A 2 3 2 1 1; B 1 0 2 1 1”.")
    for letter, rest in pieces:
        script = SCRIPTS.get(letter.upper())
        marks = re.findall(r"\d+|-", rest)
        if script is None:
            problems.append(f"There is no script {letter.upper()}. The scripts are {', '.join(SCRIPTS)}.")
            continue
        if len(marks) == 1 and len(marks[0]) == len(script.agreed):
            marks = list(marks[0])  # written without spaces
        if len(marks) != len(script.agreed):
            problems.append(
                f"Script {script.id} has {len(script.agreed)} criteria, and the line gives {len(marks)} marks. Write - for one not marked."
            )
            continue
        wrong = [mark for mark in marks if mark != "-" and (not mark.isdigit() or int(mark) not in LEVELS)]
        if wrong:
            problems.append(f"Script {script.id}: {wrong[0]} is no mark. Marks go from 0 to 3.")
            continue
        found |= {
            (script.id, agreed.criterion): int(mark)
            for agreed, mark in zip(script.agreed, marks, strict=True)
            if mark != "-"
        }
    return found, problems


def write_line(marks: Marks) -> str:
    """Return marks as the line that another marker can paste, "-" for what is not marked; "" for none at all."""
    parts = []
    for script in SCRIPTS.values():
        given = [marks.get((script.id, agreed.criterion)) for agreed in script.agreed]
        if any(mark is not None for mark in given):
            parts.append(f"{script.id} {' '.join('-' if mark is None else str(mark) for mark in given)}")
    return "; ".join(parts)


def _mine(params: schema.Params) -> dict[tuple[str, str], int]:
    return {
        (name, criterion): int(mark) for name in SCRIPTS for criterion, mark in params[_control(name)].items()
    }


def _marking(params: schema.Params, mine: Marks) -> dict[str, Any]:
    script = SCRIPTS[params["script"]]
    rubric = rubrics.rubrics()[script.rubric]
    progress = f"{len(mine)} of {MARKS_IN_ALL} marks given."
    told = [schema.sentence(progress, heading="So far")]
    given = [mine.get((script.id, agreed.criterion)) for agreed in script.agreed]
    if None not in given:
        total = sum(mark for mark in given if mark is not None)
        passes = total >= rubric.least_to_pass and 0 not in given
        told.append(
            schema.sentence(
                f"{total} of {rubric.most}. {rubric.least_to_pass} and no zero pass, so this one {'passes' if passes else 'does not pass'}.",
                heading=f"Script {script.id}, by your marks",
            )
        )
    panels = [
        schema.sentence(script.task, heading="The task", beside="script"),
        schema.sentence(script.text, heading=f"Script {script.id}, by {script.writer}", beside="script"),
        schema.table(
            f"{rubric.id}, {rubric.name.lower()}: what earns 1 and what earns 3. Nothing earns 0; the substance without the detail earns 2",
            ["Criterion", "1", "3"],
            [[one.name, one.partial, one.exemplary] for one in rubric.criteria],
            open=True,
        ),
        *told,
    ]
    return schema.view(panels, summary=" ".join(panel["text"] for panel in told), data=_own_table(mine))


def _compare(params: schema.Params, mine: Marks) -> dict[str, Any]:
    authors = params["against"] == "authors"
    problems: list[str] = []
    theirs: Marks
    if authors:
        theirs = {
            (name, one.criterion): one.mark for name, script in SCRIPTS.items() for one in script.agreed
        }
    else:
        theirs, problems = read_line(params["line"])
    pairs = _pairs(mine, theirs)
    notices = [schema.notice("error", problem, control="line") for problem in problems]
    line = write_line(mine)
    own_line = schema.sentence(line or "You have not marked anything yet.", heading="Your line", reveal=True)
    if not pairs:
        waiting = (
            "Mark a script first." if not mine else "Paste the other marker's line." if not authors else ""
        )
        if mine and not authors and theirs:
            waiting = "You two have marked different criteria so far."
        panels = [schema.sentence(waiting, heading="Nothing to compare yet", reveal=True), own_line]
        return schema.view(panels, summary=waiting, notices=notices)
    found = weighted_kappa(
        [pair.mine for pair in pairs],
        [pair.theirs for pair in pairs],
        levels=LEVELS,
        weights=params["weights"],
        groups=[pair.script for pair in pairs],
    )
    them = "the authors" if authors else "the other marker"
    agreed = _agreed(found, them)
    panels = [
        _picture(pairs, them),
        schema.sentence(agreed, heading="How often", reveal=True),
        schema.sentence(_beyond_luck(found, params["weights"]), heading="Beyond luck", reveal=True),
        schema.sentence(_leaning(pairs, them), heading="Which way", reveal=True),
        schema.sentence(_where(pairs), heading="Where to talk", reveal=True),
        *([schema.sentence(_guess(params["prediction"], found), heading="Your guess", reveal=True)]
          if authors and params["prediction"] is not None else []),
        _differences(pairs, them, authors),
        own_line,
        _challenge(pairs, found),
    ]  # fmt: skip
    return schema.view(
        panels,
        summary=f"{agreed} {_beyond_luck(found, params['weights'])}",
        notices=notices,
        data=_table(pairs),
    )


def _pairs(mine: Marks, theirs: Marks) -> list[_Pair]:
    return [
        _Pair(script.id, one.criterion, mine[key], theirs[key], one.reason)
        for script in SCRIPTS.values()
        for one in script.agreed
        if (key := (script.id, one.criterion)) in mine and key in theirs
    ]


def _agreed(found: Agreement, them: str) -> str:
    marks = "1 mark" if found.marks == 1 else f"{found.marks} marks"
    return f"You and {them} gave the same on {found.same} of {marks}."


def _beyond_luck(found: Agreement, weights: str) -> str:
    if found.kappa is None:
        return found.refusal
    said = (
        f"Weighted kappa is {schema.shown(found.kappa)}"
        if weights != "equal"
        else f"Kappa is {schema.shown(found.kappa)}"
    )
    said = f"{said} ({_BRIEF[weights]}): 1 is full agreement, 0 what luck would give."
    if found.low is None or found.high is None:
        return f"{said} {found.refusal}"
    said = f"{said} With these scripts it could be anything from {schema.shown(found.low)} to {schema.shown(found.high)}."
    if found.low >= ENOUGH:
        return f"{said} All of that is at or above the aim of {ENOUGH}."
    if found.high < ENOUGH:
        return f"{said} All of that is below the aim of {ENOUGH}: talk before you mark anybody's work."
    return f"{said} The aim of {ENOUGH} lies inside, so this does not settle it. Talk through the differences and mark more together."  # fmt: skip


def _leaning(pairs: list[_Pair], them: str) -> str:
    lean = fmean(pair.gap for pair in pairs)
    above, below = sum(pair.gap > 0 for pair in pairs), sum(pair.gap < 0 for pair in pairs)
    counts = f"You gave more {_times(above)} and less {_times(below)}"
    if above == below == 0:
        return "Nowhere: not one mark differs."
    if abs(lean) < 0.005:
        return f"{counts}; on average neither."
    return f"{counts}; on average {schema.shown(abs(lean))} of a mark {'more' if lean > 0 else 'less'} than {them} on each criterion."


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def _where(pairs: list[_Pair]) -> str:
    rubric_of = {name: script.rubric for name, script in SCRIPTS.items()}
    apart: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        apart[rubric_of[pair.script], pair.criterion] += abs(pair.gap)
    most = max(apart.values())
    if not most:
        return "Nowhere. Compare the reasons all the same: two can give 2 for different ones."
    top = [f"{criterion} ({rubric})" for (rubric, criterion), apart_by in apart.items() if apart_by == most]
    together = f"{most} {'mark' if most == 1 else 'marks'}"
    if len(top) > 4:
        return f"{len(top)} criteria are {together} apart each, so no single one stands out."
    names = top[0] if len(top) == 1 else f"{', '.join(top[:-1])} and {top[-1]}"
    return f"Furthest apart: {names}, {together} {'each' if len(top) > 1 else 'in all'}."


def _guess(guess: int, found: Agreement) -> str:
    if found.marks < MARKS_IN_ALL:
        return f"You said {guess} of {MARKS_IN_ALL}. {MARKS_IN_ALL - found.marks} are still to mark."
    if guess == found.same:
        return f"You said {guess}, and {guess} it is."
    return f"You said {guess}; it is {found.same}. {'You expected more agreement than there is.' if guess > found.same else 'You expected less agreement than there is.'}"


def _picture(pairs: list[_Pair], them: str) -> dict[str, Any]:
    counts = Counter((pair.theirs, pair.mine) for pair in pairs)
    places = sorted(counts)
    roles = {
        "group_a": ("the same", [one for one in places if one[0] == one[1]]),
        "group_c": ("one apart", [one for one in places if abs(one[0] - one[1]) == 1]),
        "group_b": ("two or three apart", [one for one in places if abs(one[0] - one[1]) > 1]),
    }
    marks = [schema.mark("line", "quiet", reveal=True, x=[0.6, 4.4], y=[-0.4, 3.4])]
    for role, (label, some) in roles.items():
        if some:
            marks.append(
                schema.mark(
                    "dot", role, label=label, reveal=True, x=[x + 1 for x, _ in some], y=[y for _, y in some]
                )
            )
    marks.append(
        schema.mark(
            "text", "annotation", reveal=True,
            x=[x + 1.16 for x, _ in places], y=[y + 0.16 for _, y in places], text=[str(counts[one]) for one in places],
        )
    )  # fmt: skip
    said = "; ".join(
        f"you {mine} where {them} gave {theirs}: {counts[theirs, mine]}" for theirs, mine in places
    )
    return schema.figure(
        f"Your marks against those of {them}: how many of each",
        marks,
        description=f"{said}. On the line both are the same; above it you gave more.",
        x_label=f"Mark by {them}",
        y_label="Your mark",
        x_ticks=[str(level) for level in LEVELS],
        x_range=(0.5, 4.5),
        y_range=(-0.5, 3.5),
        height=280,
        reveal=True,
    )


def _differences(pairs: list[_Pair], them: str, authors: bool) -> dict[str, Any]:
    apart = sorted((pair for pair in pairs if pair.gap), key=lambda pair: -abs(pair.gap))
    return schema.listing(
        "Where you differ, the widest first",
        [
            f"Script {pair.script}, {pair.criterion}: you {pair.mine}, {them} {pair.theirs}.{' ' + pair.reason if authors else ''}"
            for pair in apart
        ],
        empty="Nowhere.",
        reveal=True,
    )


def _challenge(pairs: list[_Pair], found: Agreement) -> dict[str, Any]:
    ask = (
        "Our number is meant to be better than the share of equal marks. Find marks that agree on a third or more and still have a kappa of nought, "
        "then say what a marker like that is worth."
    )
    if len(pairs) < MARKS_IN_ALL:
        return schema.challenge(ask, False, "Mark all six first.")
    if found.kappa is not None and abs(found.kappa) < 0.005 and found.same * 3 >= found.marks:
        return schema.challenge(
            ask,
            True,
            f"One mark for everything: {found.same} of {found.marks} the same, and not a word was read. Kappa sees through that. It would also "
            "punish a fair marker of a cohort in which every script deserves the same.",
        )
    return schema.challenge(ask, False, "Not these. What would somebody do who wants to be home by five?")


def _table(pairs: list[_Pair]) -> dict[str, Any]:
    return {
        "columns": ["Script", "Criterion", "You", "Compared with"],
        "rows": [[pair.script, pair.criterion, pair.mine, pair.theirs] for pair in pairs],
    }


def _own_table(mine: Marks) -> dict[str, Any]:
    return {
        "columns": ["Script", "Criterion", "You"],
        "rows": [[script, criterion, mark] for (script, criterion), mark in mine.items()],
    }
