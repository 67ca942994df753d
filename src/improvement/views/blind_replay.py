"""W50 blind replay: a series is uncovered point by point, and what people decided at each is counted at the end."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from improvement import datasets, spc
from improvement.spc import wording
from improvement.views import pasted, schema
from improvement.views.schema import Choice, Number, Option, Series, Toggle, Turns, shown

OPENING = 8
MOST_TURNS = 16
FEWEST = 12
NOT_TRIAL = 13
QUIET_BETWEEN = 2


@dataclass(frozen=True)
class Case:
    """A series to replay, which way is better, and what is needed of it (None: nobody has said).

    `truth` says what was planted ("" when nobody knows) and `change` is the first 0-based point it touches, None for
    nothing planted.
    """

    what: str
    unit: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    direction: str
    need: float | None = None
    truth: str = ""
    change: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def stops(self) -> tuple[int, ...]:
        """The 0-based points at which somebody decides. The last point is uncovered and needs no decision."""
        present = [index for index, value in enumerate(self.values) if value is not None]
        opening = max(OPENING, len(present) - MOST_TURNS)
        return tuple(present[opening - 1 : -1])


@dataclass(frozen=True)
class Moment:
    """One decision: the newest point then, the chart of what could be seen, and the signal the point was part of."""

    newest: int
    decision: str
    chart: spc.XmrChart
    signal: spc.Signal | None


@dataclass(frozen=True)
class Alarm:
    """Decisions at which the newest point was part of a signal the same way: one thing to ask about.

    `first` and `last` are 0-based decisions, with at most `QUIET_BETWEEN` quiet ones in a row among them. `answered` is the decision to react, at one of them or at the quiet one
    after, or None.
    """

    first: int
    last: int
    answered: int | None


OUTCOMES = {
    "caught": "A signal, and you asked",
    "late": "A signal, and you asked later",
    "asked": "A signal you had asked about already",
    "missed": "A signal you did not ask about",
    "chase": "False chase: no rule fired",
    "wait": "An ordinary point, and you waited",
    "redesign": "Redesign, called for: predictable, and it cannot be relied on to meet the need",
    "on_signal": "Redesign on a signal: ask first what was different",
    "too_soon": "Redesign too soon: an earlier signal had not been asked about",
    "not_needed": "Redesign, not called for: predictable, and it reliably meets the need",
    "no_need": "Redesign that nothing can judge, because no need was stated",
}
_UNCALLED = ("on_signal", "too_soon", "not_needed", "no_need")
_DID = {"react": "You reacted", "wait": "You waited", "redesign": "You redesigned"}


def _sepsis() -> Case:
    table = datasets.read("ed_sepsis_antibiotics")
    mondays = [row for row, day in enumerate(table["date"]) if day.weekday() == 0][84:113]
    weeks = [
        [minutes for minutes in table["antibiotics_minutes"][row : row + 7] if minutes is not None]
        for row in mondays
    ]
    days = [table["date"][row] for row in mondays]
    return Case(
        "Time to antibiotics in suspected sepsis, weekly mean",
        "minutes",
        tuple(map(_day, days)),
        tuple(round(statistics.fmean(week), 1) for week in weeks),
        "decrease",
        60,
        "From 1 September 2025 the first dose was drawn up and given at triage: a lasting change.",
        days.index(date(2025, 9, 1)),
    )


def _ambulance(hospital: str, column: str, weeks: slice, **known: Any) -> Case:
    rows = datasets.read("ambulance_response").where(hospital=hospital)
    what = {"category_2_mean_minutes": "Category 2 response", "handover_mean_minutes": "Ambulance handover"}
    return Case(
        f"{what[column]}, weekly mean, {hospital}",
        "minutes",
        tuple(map(_day, rows["week_starting"][weeks])),
        tuple(rows[column][weeks]),
        "decrease",
        **known,
    )


def _response() -> Case:
    return _ambulance(
        "Northfield",
        "category_2_mean_minutes",
        slice(60, 89),
        need=30,
        truth="Nothing at all: 29 steady weeks.",
    )


def _handover() -> Case:
    return _ambulance(
        "Southmoor",
        "handover_mean_minutes",
        slice(92, 121),
        truth="From 6 October 2025 handover lengthens a little every week: a slow drift.",
        change=12,
    )


def _first_contact() -> Case:
    rows = datasets.read("district_nurse_first_contact").where(team="Curlew")
    shares = zip(rows["seen_within_2_days"], rows["referrals"], strict=True)
    return Case(
        "Urgent referrals seen by a district nurse within two days, Curlew team",
        "per cent",
        tuple(f"{month:%b %Y}" for month in rows["month"]),
        tuple(round(100 * seen / referred, 1) for seen, referred in shares),
        "increase",
        75,
        "From October 2025 the team rang patients the same day and booked the visit with them: a lasting change.",
        rows["month"].index(date(2025, 10, 1)),
    )


def _restraint() -> Case:
    rows = datasets.read("restrictive_interventions").where(ward="Cedar")
    return Case(
        "Restraints on Cedar ward, each month",
        "restraints",
        tuple(f"{month:%b %Y}" for month in rows["month"]),
        tuple(map(float, rows["restraints"])),
        "decrease",
        None,
        "In August 2025 one very unwell patient waited six weeks for another bed. The month after, all was as before.",
        rows["month"].index(date(2025, 8, 1)),
    )


def _calls() -> Case:
    called = datasets.read("practice_calls")["called_on"]
    days = sorted(set(called))[:29]
    return Case(
        "Calls to the practice, each working day",
        "calls",
        tuple(map(_day, days)),
        tuple(float(called.count(day)) for day in days),
        "neutral",
        None,
        "Nothing in the number of calls.",
    )


EXAMPLES: dict[str, Callable[[], Case]] = {
    "response": _response,
    "restraint": _restraint,
    "first_contact": _first_contact,
    "sepsis": _sepsis,
    "calls": _calls,
    "handover": _handover,
}

DECLARATION = schema.Declaration(
    title="Blind replay",
    intro="For two people or more. A series is uncovered one point at a time. Before each one, say aloud what you would do and "
    "why. Then press. At the end your decisions are counted against the rules of a control chart.",
    controls=(
        Choice(
            name="source",
            label="Whose numbers?",
            default="response",
            options=(
                Option(value="response", label="Ambulance: response", sector="ambulance"),
                Option(value="restraint", label="Mental health: restraint", sector="mental health"),
                Option(value="first_contact", label="Community: first contact", sector="community"),
                Option(value="sepsis", label="Acute: antibiotics", sector="acute"),
                Option(value="calls", label="General practice: calls", sector="primary care"),
                Option(value="handover", label="Ambulance: handover"),
                Option(value="own", label="Our own numbers"),
            ),
        ),
        Series(
            name="pasted",
            label="Your numbers",
            help=f"At least {FEWEST}, oldest first, one on each line. Let somebody who will not play paste them. They stay on this device.",
            placeholder="Jan 2026, 41\nFeb 2026, 38\nMar 2026, 44",
            show_when={"source": "own"},
        ),
        Choice(
            name="direction",
            label="Which way is better?",
            default="decrease",
            options=(
                Option(value="decrease", label="Lower is better"),
                Option(value="increase", label="Higher is better"),
                Option(value="neutral", label="Neither"),
            ),
            show_when={"source": "own"},
        ),
        Number(
            name="need",
            label="What is needed",
            help="Redesign can only be judged against it. Leave empty if nobody has said.",
            default=None,
            step=0.5,
            optional=True,
            show_when={"source": "own"},
        ),
        Toggle(
            name="limits",
            label="Show the limits as they stand",
            help="Play once without them and once with them.",
        ),
        Turns(
            name="decisions",
            label="The newest point: what do you do?",
            help="React: ask what was different this time. Wait: it is ordinary. Redesign: change how the work is done every time.",
            turn="Decision",
            maximum=MOST_TURNS,
            repeat=True,
            options=(
                Option(value="react", label="React"),
                Option(value="wait", label="Wait"),
                Option(value="redesign", label="Redesign"),
            ),
        ),
    ),
    assumptions=(
        f"The first {OPENING} points are open from the start, more when the series is long: at most {MOST_TURNS} decisions.",
        "Each decision is judged by an XmR chart of what could be seen then: a point outside the limits, seven on one side of the "
        "mean, seven rising or falling, two of three near a limit. The limits come from all the points so far.",
        "A signal counts when a rule fires on the newest point. Firing the same way again, with no more than two quiet points "
        "between, is the same signal. To react during it, or at the decision after, is in time.",
        "Redesign is called for when no rule fires, no earlier signal is left unasked, and the limits do not lie within the need.",
    ),
    cannot_tell=(
        "What your decisions would have done. The series is past: it does not answer you.",
        "Whether a signal had a cause anybody could have found.",
        "Where new limits ought to start. A lasting change goes on ringing here, because nobody redraws them.",
    ),
    honesty="The examples are synthetic, and some have nothing planted in them. Your own numbers never leave this page.",
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what has been uncovered so far and nothing later; after the last decision, the count."""
    if params["source"] == "own" and not params["pasted"].strip():
        return schema.view(
            [],
            summary="Waiting for numbers.",
            notices=[
                schema.notice(
                    "info", "Paste or load the numbers. Whoever plays should not see them.", control="pasted"
                )
            ],
        )
    case = _own(params) if params["source"] == "own" else EXAMPLES[params["source"]]()
    stops = case.stops
    decisions = params["decisions"][: len(stops)]
    moments = replay(case, decisions)
    if len(decisions) == len(stops):
        return _counted(case, moments)
    return _uncovered(case, moments, stops[len(decisions)] + 1, limits=params["limits"])


def replay(case: Case, decisions: Sequence[str]) -> list[Moment]:
    """Return each decision with the chart of the points that could be seen when it was made."""
    moments = []
    for newest, decision in zip(case.stops, decisions, strict=False):
        chart = _chart(case, newest + 1)
        moments.append(Moment(newest, decision, chart, next(iter(chart.signals_at(newest)), None)))
    return moments


def alarms(moments: Sequence[Moment]) -> list[Alarm]:
    """Return the signals that reached the newest point, and when each was answered."""
    ringing = [moment.signal.direction if moment.signal else None for moment in moments]
    spans: list[list[int]] = []
    for place, direction in enumerate(ringing):
        if direction is None:
            continue
        same = spans and ringing[spans[-1][1]] == direction and place - spans[-1][1] <= QUIET_BETWEEN + 1
        if same:
            spans[-1][1] = place
        else:
            spans.append([place, place])
    found = []
    for first, last in spans:
        until = last + 1 if last + 1 < len(moments) and ringing[last + 1] is None else last
        reacted = (place for place in range(first, until + 1) if moments[place].decision == "react")
        found.append(Alarm(first, last, next(reacted, None)))
    return found


def outcomes(case: Case, moments: Sequence[Moment]) -> list[str]:
    """Return what came of each decision, as a key of `OUTCOMES`."""
    rung = alarms(moments)
    found = []
    for place, moment in enumerate(moments):
        alarm = next((one for one in rung if one.first <= place <= one.last), None)
        if moment.decision == "react":
            if any(one.answered == place for one in rung):
                found.append("caught")
            else:
                found.append("asked" if alarm else "chase")
        elif moment.decision == "wait":
            if alarm is None:
                found.append("wait")
            elif alarm.answered is None:
                found.append("missed")
            else:
                found.append("asked" if alarm.answered < place else "late")
        elif alarm is not None:
            found.append("on_signal")
        elif any(one.last < place and one.answered is None for one in rung):
            found.append("too_soon")
        elif moment.chart.assurance.code == "none":
            found.append("no_need")
        else:
            found.append("not_needed" if moment.chart.assurance.code == "reliably_meets" else "redesign")
    return found


def _own(params: schema.Params) -> Case:
    series = pasted.read_series(params["pasted"])
    present = sum(value is not None for value in series.values)
    if present < FEWEST:
        raise ValueError(
            f"You pasted {wording.plural(present, 'number')}. A replay needs at least {FEWEST}: {OPENING} to open with, and the "
            "rest to decide on."
        )
    case = Case(
        "Your numbers",
        "",
        series.labels,
        series.values,
        params["direction"],
        params["need"],
        notes=series.notes,
    )
    _chart(case, len(case.values))
    return case


def _chart(case: Case, seen: int) -> spc.XmrChart:
    return spc.xmr(
        case.values[:seen],
        labels=case.labels[:seen],
        improvement_direction=case.direction,
        target=case.need,
        missing="skip",
    )


def _uncovered(case: Case, moments: Sequence[Moment], seen: int, *, limits: bool) -> dict[str, Any]:
    newest, before = [value for value in case.values[:seen] if value is not None][-1:-3:-1]
    step = newest - before
    moved = "the same as" if not step else f"{shown(abs(step), 1)} {'up on' if step > 0 else 'down on'}"
    told = f"{case.labels[seen - 1]}: {_with_unit(newest, case)}, {moved} the one before."
    left = len(case.stops) - len(moments)
    more = "This is the last decision." if left == 1 else f"{left} decisions to go."
    panels = [
        schema.sentence(f"{told} {more}", beside="decisions"),
        _figure(
            case,
            seen,
            _limits_now(case, seen) if limits else [],
            _decided(case, moments),
            f"{seen} of {len(case.values)} points uncovered. {told}",
        ),
    ]
    columns, rows = ["Point", "Label", "Value", "Decision"], _rows(case, moments, seen)
    panels.append(schema.table("Every point so far", columns, rows))
    return schema.view(panels, summary=told, data={"columns": columns, "rows": rows})


def _counted(case: Case, moments: Sequence[Moment]) -> dict[str, Any]:
    rung, found = alarms(moments), outcomes(case, moments)
    told = _headline(rung, found)
    panels = [
        schema.sentence("That was the last. Everything is uncovered.", beside="decisions"),
        _figure(
            case,
            len(case.values),
            _limits_then(case, moments),
            _verdict_marks(case, moments, rung, found),
            f"All {len(case.values)} points, with the limits as they stood at each decision. {told}",
        ),
        schema.sentence(told, heading="What you did"),
        schema.table("The count, beside two people who never think", *_count_table(case, moments), open=True),
        schema.listing(
            "Which points",
            _points(case, moments, rung, found),
            empty="Nothing rang, and you waited every time.",
        ),
    ]
    waits = _idle_waits(moments, found)
    if waits:
        panels.append(
            schema.sentence(
                f"{waits} of your waits {'was' if waits == 1 else 'were'} right about the point and left the need as it was: the limits "
                "did not lie within it. Only changing the work can alter that.",
                heading="Waiting is not nothing",
            )
        )
    panels.append(schema.sentence(_caution(moments), heading="The rules are not the truth"))
    if case.truth:
        panels.append(
            schema.sentence(case.truth + _false_alarms(case, moments, rung), heading="What was planted")
        )
    panels.append(
        schema.challenge(
            "Find a series in which the chart rules themselves go wrong.",
            *_challenge(case, moments, rung),
            reveal=False,
        )
    )
    columns = [
        "Point",
        "Label",
        "Value",
        "Decision",
        "Lower limit then",
        "Upper limit then",
        "Rule",
        "What came of it",
    ]
    rows = [
        [*row, *([None, None, "", ""] if place is None else _then(moments[place], found[place]))]
        for row, place in zip(_rows(case, moments, len(case.values)), _places(case, moments), strict=True)
    ]
    panels.append(schema.table("Every point, as it was judged", columns, rows))
    return schema.view(
        panels,
        summary=told,
        notices=[schema.notice("info", note) for note in case.notes],
        data={"columns": columns, "rows": rows},
    )


def _headline(rung: Sequence[Alarm], found: Sequence[str]) -> str:
    chases, asked = found.count("chase"), sum(alarm.answered is not None for alarm in rung)
    told = f"In {len(found)} decisions you made {_count(chases, 'false chase')}."
    if not rung:
        told += " The rules saw no signal, so there was none to miss."
    else:
        told += f" The rules saw {_count(len(rung), 'signal')}: you asked about {asked} and missed {len(rung) - asked}."
    fair, unfair = found.count("redesign"), sum(found.count(one) for one in _UNCALLED)
    if fair or unfair:
        told += f" You chose redesign {_times(fair + unfair)}: {fair} called for, {unfair} not."
    return told


def _count_table(case: Case, moments: Sequence[Moment]) -> tuple[list[str], list[list[Any]]]:
    ways = {
        "You": [moment.decision for moment in moments],
        "Reacts to everything": ["react"] * len(moments),
        "Always waits": ["wait"] * len(moments),
    }
    columns = []
    for decisions in ways.values():
        other = replay(case, decisions)
        rung, found = alarms(other), outcomes(case, other)
        asked = sum(alarm.answered is not None for alarm in rung)
        columns.append(
            [
                found.count("chase"),
                asked,
                len(rung) - asked,
                found.count("redesign"),
                sum(found.count(one) for one in _UNCALLED),
            ]
        )
    names = [
        "False chases",
        "Signals asked about",
        "Signals missed",
        "Redesign, called for",
        "Redesign, not called for",
    ]
    return ["", *ways], [[name, *row] for name, row in zip(names, zip(*columns, strict=True), strict=True)]


def _points(case: Case, moments: Sequence[Moment], rung: Sequence[Alarm], found: Sequence[str]) -> list[str]:
    items = []
    for alarm in rung:
        moment = moments[alarm.first]
        if alarm.answered is None:
            did = "You never asked."
        elif alarm.answered == alarm.first:
            did = "You asked at once."
        else:
            did = f"You asked {wording.plural(alarm.answered - alarm.first, 'decision')} later."
        items.append(f"{_point(case, moment.newest)}: a signal. {moment.signal.why} {did}")
    for outcome in ("chase", "redesign", *_UNCALLED):
        where = [_point(case, m.newest) for m, one in zip(moments, found, strict=True) if one == outcome]
        if where:
            items.append(f"{OUTCOMES[outcome]}. {', '.join(where)}.")
    return items


def _idle_waits(moments: Sequence[Moment], found: Sequence[str]) -> int:
    return sum(
        one == "wait" and moment.chart.assurance.code in ("hit_and_miss", "reliably_misses")
        for moment, one in zip(moments, found, strict=True)
    )


def _caution(moments: Sequence[Moment]) -> str:
    told = "They ring by chance too, more often the longer you look, and they sleep through small changes."
    trial = sum(moment.newest + 1 < NOT_TRIAL for moment in moments)
    if trial:
        told += f" Your first {_count(trial, 'decision')} met trial limits, from fewer than {NOT_TRIAL} points: argue with them."
    return told


def _false_alarms(case: Case, moments: Sequence[Moment], rung: Sequence[Alarm]) -> str:
    early, seen = _wrong(case, moments, rung)
    told = ""
    if early:
        when = "though nothing was planted" if case.change is None else "before anything was planted"
        told += f" The rules rang {_times(early)} {when}: their false alarm, not your mistake."
    if not seen:
        told += " The rules never rang for it."
    return told


def _wrong(case: Case, moments: Sequence[Moment], rung: Sequence[Alarm]) -> tuple[int, bool]:
    """How many alarms came with nothing planted yet, and whether any came for what was (True if nothing was)."""
    change = len(case.values) if case.change is None else case.change
    early = sum(moments[alarm.last].newest < change for alarm in rung)
    return early, case.change is None or early < len(rung)


def _challenge(case: Case, moments: Sequence[Moment], rung: Sequence[Alarm]) -> tuple[bool, str]:
    if not case.truth:
        return (
            False,
            "With your own numbers nobody holds the answer. Try the examples, whose recipe is known.",
        )
    early, seen = _wrong(case, moments, rung)
    if early:
        return (
            True,
            "A rule fired where the recipe put nothing. Whoever followed it went looking for a cause that was not there.",
        )
    if not seen:
        return True, "Something was planted, and no rule ever fired for it."
    return False, "In this one they were right about what was planted. Try another."


def _figure(
    case: Case, seen: int, under: list[dict[str, Any]], over: list[dict[str, Any]], description: str
) -> dict[str, Any]:
    x = list(range(1, seen + 1))
    marks = [*under]
    if case.need is not None:
        marks.append(schema.mark("rule_y", "target", y=[case.need], label="Need"))
    marks += [
        schema.mark("line", "data", x=x, y=case.values[:seen]),
        schema.mark(
            "dot", "data", x=x, y=case.values[:seen], title=[_point(case, index) for index in range(seen)]
        ),
        *over,
    ]
    hidden = len(case.values) - seen
    return schema.figure(
        f"{case.what}{f' ({case.unit})' if case.unit else ''}",
        marks,
        description=description,
        x_label="",
        y_label=case.unit.capitalize() or "Value",
        x_ticks=[*case.labels[:seen], *[""] * hidden],
        height=330,
    )


def _limits_now(case: Case, seen: int) -> list[dict[str, Any]]:
    phase = _chart(case, seen).phases[-1]
    low = _floor(case, seen, phase.lower_limit)
    ends = {"x1": [0.5], "x2": [seen + 0.5]}
    return [
        schema.mark("band", "limit", y1=[low], y2=[phase.upper_limit], **ends),
        schema.mark("rule_y", "limit", y=[phase.upper_limit], label="Upper limit", **ends),
        schema.mark("rule_y", "centre", y=[phase.mean], label="Mean", **ends),
        schema.mark("rule_y", "limit", y=[low], label="Lower limit", **ends),
    ]


def _limits_then(case: Case, moments: Sequence[Moment]) -> list[dict[str, Any]]:
    phases = [moment.chart.phases[-1] for moment in moments]
    starts = [moment.newest + 0.5 for moment in moments]
    ends = [*starts[1:], starts[-1] + 1]
    return [
        schema.mark(
            "band",
            "limit",
            x1=starts,
            x2=ends,
            y1=[
                _floor(case, moment.newest + 1, phase.lower_limit)
                for moment, phase in zip(moments, phases, strict=True)
            ],
            y2=[phase.upper_limit for phase in phases],
        )
    ]


def _floor(case: Case, seen: int, limit: float) -> float:
    """A limit below nought is drawn at nought when nothing seen has been below it."""
    return max(limit, 0.0) if all(value is None or value >= 0 for value in case.values[:seen]) else limit


def _decided(case: Case, moments: Sequence[Moment]) -> list[dict[str, Any]]:
    roles = {"react": "signal_neutral", "redesign": "ghost"}
    return [
        mark
        for decision, role in roles.items()
        for mark in _dots(case, role, _DID[decision], [m.newest for m in moments if m.decision == decision])
    ]


def _verdict_marks(
    case: Case, moments: Sequence[Moment], rung: Sequence[Alarm], found: Sequence[str]
) -> list[dict[str, Any]]:
    asked = [moments[alarm.first].newest for alarm in rung if alarm.answered is not None]
    missed = [moments[alarm.first].newest for alarm in rung if alarm.answered is None]
    chased = [moment.newest for moment, one in zip(moments, found, strict=True) if one == "chase"]
    redesigned = [moment.newest for moment in moments if moment.decision == "redesign"]
    return [
        *_dots(case, "ghost", "You redesigned", redesigned),
        *_dots(case, "signal_neutral", "False chase", chased),
        *_dots(case, "signal_improvement", "A signal, and you asked", asked),
        *_dots(case, "signal_concern", "A signal, and you did not", missed),
    ]


def _dots(case: Case, role: str, label: str, points: Sequence[int]) -> list[dict[str, Any]]:
    if not points:
        return []
    return [
        schema.mark(
            "dot",
            role,
            label=label,
            x=[index + 1 for index in points],
            y=[case.values[index] for index in points],
            title=[f"{_point(case, index)}: {label}" for index in points],
        )
    ]


def _rows(case: Case, moments: Sequence[Moment], seen: int) -> list[list[Any]]:
    decisions = {moment.newest: moment.decision for moment in moments}
    return [
        [index + 1, case.labels[index], case.values[index], decisions.get(index, "")] for index in range(seen)
    ]


def _places(case: Case, moments: Sequence[Moment]) -> list[int | None]:
    """For each point, the decision taken when it was the newest, or None."""
    taken = {moment.newest: place for place, moment in enumerate(moments)}
    return [taken.get(index) for index in range(len(case.values))]


def _then(moment: Moment, outcome: str) -> list[Any]:
    phase = moment.chart.phases[-1]
    rule = moment.signal.rule.replace("_", " ") if moment.signal else ""
    return [round(phase.lower_limit, 2), round(phase.upper_limit, 2), rule, OUTCOMES[outcome]]


def _point(case: Case, index: int) -> str:
    value = case.values[index]
    return f"{case.labels[index]} ({'missing' if value is None else shown(value, 1)})"


def _with_unit(value: float, case: Case) -> str:
    return f"{shown(value, 1)} {case.unit}".rstrip()


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
