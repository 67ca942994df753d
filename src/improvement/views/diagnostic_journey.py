"""W32 diagnostic journey: look or act, in any order, and see what the hours removed and which looks came to nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from improvement import datasets, spc
from improvement.simulate import diagnosis as model
from improvement.simulate.diagnosis import Journey, Problem, Remedy, Test
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Turns, shown

HOURS = 60
STRENGTH = 60
_TEXTED = date(2026, 6, 29)
_HERON_CHANGED = date(2025, 12, 1)
_SHORT = {
    "chasing a result": "a result",
    "chasing a referral": "a referral",
    "prescription problem": "a prescription",
    "could not get an appointment": "no appointment",
    "instruction not clear": "unclear advice",
    "mistake to put right": "our mistake",
}
"""Names that fit beside a bar on a phone."""


@dataclass(frozen=True)
class Look:
    """A test as the reader meets it: its label, what it read in the data, and the bars it sorted (if it sorted any)."""

    label: str
    found: str
    bars: Mapping[str, float] | None = None
    bars_title: str = ""


@dataclass(frozen=True)
class Deed:
    """A remedy as the reader meets it, and whose work it is."""

    label: str
    owner: str


@dataclass(frozen=True)
class Case:
    """A chronic problem in one service. `favourite` is the remedy of the meeting; `key` names the looks worth most."""

    story: str
    proof: str
    unit: str
    per: str
    symptom: tuple[str, Sequence[float], str]
    problem: Problem
    looks: Mapping[str, Look]
    deeds: Mapping[str, Deed]
    favourite: str
    key: tuple[str, ...]


@cache
def practice() -> Case:
    """General practice: calls that need not have happened, from dataset D05."""
    calls = datasets.read("practice_calls")
    failed = [place for place in range(calls.row_count) if calls["demand"][place] == "failure"]
    causes = Counter(_SHORT[calls["cause"][place]] for place in failed)
    now = Counter(_SHORT[calls["cause"][place]] for place in failed if calls["called_on"][place] >= _TEXTED)
    days = sorted(set(calls["called_on"]))
    daily = Counter(calls["called_on"][place] for place in failed)
    series = [daily[day] for day in days]
    mondays = sum(calls["called_on"][place].weekday() == 0 for place in failed)
    every_monday = sum(day.weekday() == 0 for day in calls["called_on"])
    early = sum(calls["session"][place] == "morning" for place in failed)
    every_early = calls["session"].count("morning")
    results = [
        sum(
            calls["called_on"][place] == day
            for place in failed
            if calls["cause"][place] == "chasing a result"
        )
        for day in days
    ]
    weeks = sum(day >= _TEXTED for day in days) / 5
    amounts = {cause: now[cause] / weeks for cause in causes}
    half = sum(day < _TEXTED for day in days)
    return Case(
        story=f"A practice reads {calls.row_count} calls from {len(days)} working days. {len(failed)} of them, "
        f"{_share(len(failed), calls.row_count)}, came only because something had not been done, or not done right. In the last four "
        f"weeks that was {shown(sum(amounts.values()), 1)} a week. The meeting says: they ring again because they could not get an appointment.",
        proof=_steadiness(series, "days"),
        unit="needless calls",
        per="a week",
        symptom=("Needless calls, each working day", series, "Working day"),
        problem=Problem(
            amounts=amounts,
            hours=HOURS,
            tests={
                "mondays": Test(1),
                "early": Test(1, ("handler",)),
                "reasons": Test(6, ("slots", "results", "referrals", "scripts")),
                "results_now": Test(1, ("results",)),
            },
            remedies={
                "slots": Remedy(20, ("no appointment",)),
                "handler": Remedy(40),
                "results": Remedy(12, ("a result",)),
                "referrals": Remedy(24, ("a referral",)),
                "scripts": Remedy(16, ("a prescription",)),
            },
        ),
        looks={
            "mondays": Look(
                "is it Mondays?",
                f"{mondays} of the {len(failed)} came on a Monday, {_share(mondays, len(failed))}: a day's ordinary share. Mondays have "
                f"{every_monday} of all {calls.row_count} calls. No remedy on the table is about Mondays.",
            ),
            "early": Look(
                "is it the morning rush?",
                f"In the morning {_share(early, every_early)} of calls are needless, in the afternoon "
                f"{_share(len(failed) - early, calls.row_count - every_early)}. More come in the morning because more of every kind do.",
            ),
            "reasons": Look(
                "sort eight weeks by reason",
                f"{_list(causes)}. {_share(causes['no appointment'], len(failed))} rang for want of an appointment.",
                causes,
                "Needless calls by reason, all eight weeks",
            ),
            "results_now": Look(
                "results: then and now",
                f"{sum(results[:half])} calls chased a result in the first four weeks, {sum(results[half:])} in the last four. "
                f"{_signal(results)} On {_TEXTED.day} {_TEXTED:%B} normal results began to go out as a plain text.",
            ),
        },
        deeds={
            "slots": Deed("release more appointments at 8", "the practice"),
            "handler": Deed("another person on the phones, 8 to 10", "the practice"),
            "results": Deed("ring patients with their results", "the practice"),
            "referrals": Deed("tell each patient where the referral is", "the hospital's booking office and your secretary"),
            "scripts": Deed("settle scripts with the chemist weekly", "the chemist and the prescriptions clerk"),
        },
        favourite="slots",
        key=("reasons",),
    )  # fmt: skip


@cache
def theatre() -> Case:
    """Operating theatres: minutes lost to late starts, from dataset D11."""
    sessions = datasets.read("theatre_sessions")
    late = sessions["late_start_minutes"]
    weekly = [sum(late[place : place + 8]) for place in range(0, len(late), 8)]
    minutes: Counter[str] = Counter()
    for reason, lost in zip(sessions["late_because"], late, strict=True):
        if reason:
            minutes[reason] += lost
    count = {
        half: (
            sum(lost > 0 for lost, when in zip(late, sessions["half_day"], strict=True) if when == half),
            sessions["half_day"].count(half),
        )
        for half in ("morning", "afternoon")
    }
    kinds = {
        kind: _share(
            sum(lost > 0 for lost, name in zip(late, sessions["specialty"], strict=True) if name == kind),
            sessions["specialty"].count(kind),
        )
        for kind in dict.fromkeys(sessions["specialty"])
    }
    lost = sum(late)
    return Case(
        story=f"Two theatres, {len(late)} sessions, {sum(one > 0 for one in late)} of them late: {lost:,} minutes with a team standing by, "
        f"{shown(lost / len(weekly), 1)} a week. The meeting says: surgeons and anaesthetists should turn up.",
        proof=_steadiness(weekly, "weeks"),
        unit="minutes lost",
        per="a week",
        symptom=("Minutes lost to late starts, each week", weekly, "Week"),
        problem=Problem(
            amounts={reason: value / len(weekly) for reason, value in minutes.items()},
            hours=HOURS,
            tests={
                "specialty": Test(2),
                "half": Test(1, ("earlier",)),
                "reasons": Test(4, ("letter", "beds", "patients", "kit")),
            },
            remedies={
                "letter": Remedy(4, ("team not complete",)),
                "earlier": Remedy(30),
                "beds": Remedy(30, ("no bed confirmed",)),
                "patients": Remedy(16, ("patient not ready",)),
                "kit": Remedy(12, ("equipment",)),
            },
        ),
        looks={
            "specialty": Look(
                "is it one specialty?",
                f"Late: {'; '.join(f'{kind} {share}' for kind, share in kinds.items())}. No remedy on the table is about one specialty.",
            ),
            "half": Look(
                "mornings or afternoons?",
                f"{count['morning'][0]} of {count['morning'][1]} mornings start late and {count['afternoon'][0]} of {count['afternoon'][1]} "
                "afternoons. An earlier start moves the clock. What the list waits for comes no sooner.",
            ),
            "reasons": Look(
                "sort the minutes by reason",
                f"{_list(minutes)}. {_share(minutes['team not complete'], lost)} was a team not complete.",
                minutes,
                "Minutes lost by reason, one year",
            ),
        },
        deeds={
            "letter": Deed("a firm letter to the doctors", "the medical director"),
            "earlier": Deed("start every session 15 minutes earlier", "everybody in theatre"),
            "beds": Deed("settle the first patient's bed the evening before", "the site team and the wards, outside theatre"),
            "patients": Deed("ready the first patient the day before", "the ward and pre-assessment"),
            "kit": Deed("check tomorrow's kit each afternoon", "theatre staff and the sterile unit"),
        },
        favourite="letter",
        key=("reasons",),
    )  # fmt: skip


@cache
def community() -> Case:
    """Community nursing: new pressure ulcers in twelve teams, from dataset D03."""
    table = datasets.read("pressure_ulcers")
    months = sorted(set(table["month"]))
    teams = list(dict.fromkeys(table["team"]))
    start = months.index(_HERON_CHANGED)
    ulcers, days = {}, {}
    for team in teams:
        rows = table.where(team=team)
        ulcers[team], days[team] = rows["new_pressure_ulcers"], rows["patient_days"]
    monthly = [sum(ulcers[team][place] for team in teams) for place in range(len(months))]
    recent = len(months) - start
    usual = sum(ulcers["Heron"][:start]) / sum(days["Heron"][:start]) * sum(days["Heron"][start:])
    amounts = {team: sum(ulcers[team][start:]) / recent for team in teams}
    amounts["Heron"] = usual / recent
    amounts["Heron's extra"] = (sum(ulcers["Heron"][start:]) - usual) / recent
    sums = {team: sum(ulcers[team]) for team in teams}
    rates = {team: 1000 * sums[team] / sum(days[team]) for team in teams}
    top = max(sums, key=sums.__getitem__)
    ranked = sorted(rates, key=rates.__getitem__, reverse=True)
    odd = [team for team in teams if spc.u_chart(ulcers[team], days[team]).signals]
    winter = sum(value for month, value in zip(months, monthly, strict=True) if month.month in (12, 1, 2))
    winters = sum(month.month in (12, 1, 2) for month in months)
    return Case(
        story=f"Twelve community nursing teams, {len(months)} months, {sum(monthly):,} new pressure ulcers, "
        f"{shown(sum(amounts.values()), 1)} a month of late. The meeting says: {top} is top of the list, so send the support team to {top}.",
        proof=_steadiness(monthly, "months"),
        unit="new ulcers",
        per="a month",
        symptom=("New pressure ulcers, twelve teams together, each month", monthly, "Month"),
        problem=Problem(
            amounts=amounts,
            hours=HOURS,
            tests={
                "winter": Test(1),
                "teams": Test(2, ("support",)),
                "rates": Test(2, ("support",)),
                "charts": Test(4, ("support", "heron", "all")),
            },
            remedies={
                "support": Remedy(20, (top,)),
                "letter": Remedy(6),
                "heron": Remedy(16, ("Heron's extra",)),
                "all": Remedy(50, tuple(teams)),
            },
        ),
        looks={
            "winter": Look(
                "is it winter?",
                f"December to February: {shown(winter / winters, 1)} a month; other months: "
                f"{shown((sum(monthly) - winter) / (len(months) - winters), 1)}. No remedy on the table is about winter.",
            ),
            "teams": Look(
                "sort two years by team",
                f"{_list(sums)}. {top} has {_share(sums[top], sum(monthly))}; twelve equal teams would have 8% each.",
                sums,
                "New pressure ulcers by team, two years",
            ),
            "rates": Look(
                "divide by patient-days",
                f"For each 1,000 patient-days {ranked[0]} has {rates[ranked[0]]:.1f}, {ranked[-1]} {rates[ranked[-1]]:.1f} and {top} "
                f"{rates[top]:.1f}, which puts it at place {ranked.index(top) + 1}. It is top of the list because it has the most patients.",
            ),
            "charts": Look(
                "a chart for each team",
                f"A signal in {' and '.join(odd) or 'no team'}, from {_HERON_CHANGED:%B %Y} on. None in the other "
                f"{len(teams) - len(odd)}: their ups and downs come from how all of them work.",
            ),
        },
        deeds={
            "support": Deed(f"support team to {top}", f"the support team and {top}"),
            "letter": Deed("a reminder to all teams", "the head office"),
            "heron": Deed("go to Heron: mend what changed", "Heron, and whoever changed it"),
            "all": Deed("change the work in all twelve teams", "twelve teams, stores and the record system"),
        },
        favourite="support",
        key=("charts",),
    )  # fmt: skip


CASES: dict[str, tuple[str, str, Callable[[], Case]]] = {
    "practice": ("Primary care: needless calls", "primary care", practice),
    "theatre": ("Theatres: late starts", "acute", theatre),
    "community": ("Community nursing: pressure ulcers", "community", community),
}

GUESSES = {"half": (0.4, 1.0, "About half, or more"), "third": (0.25, 0.4, "About a third"), "fifth": (0.15, 0.25, "About a fifth"),
           "tenth": (0.0, 0.15, "About a tenth, or less")}  # fmt: skip


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f}%"


def _list(counts: Mapping[str, float]) -> str:
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    words = "; ".join(f"{name} {shown(value)}" for name, value in ordered)
    return words[0].upper() + words[1:]


def _signal(values: Sequence[float]) -> str:
    return "A run chart signals." if spc.run_chart(values).signals else "A run chart does not signal."


def _steadiness(values: Sequence[float], dots: str) -> str:
    if spc.run_chart(values).signals:
        return "A run chart signals: something has changed, so ask what before you treat it as one problem."
    return (
        f"A run chart of the {len(values)} {dots} signals nowhere. There is no bad spell to explain: as a whole the trouble is built "
        "in, and it stays until the work is changed."
    )


def _journey_name(case: str) -> str:
    return f"journey_{case}"


def _turns(name: str, case: Case) -> Turns:
    options = [
        Option(value=one, label=f"Look, {_hours(case.problem.tests[one].hours)}: {look.label}")
        for one, look in case.looks.items()
    ] + [
        Option(value=one, label=f"Act, {_hours(case.problem.remedies[one].hours)}: {deed.label}")
        for one, deed in case.deeds.items()
    ]
    return Turns(
        name=_journey_name(name),
        label="What do you do next?",
        help=f"There are {HOURS} hours for looking and acting together. Begin where you like.",
        options=tuple(options),
        maximum=len(options),
        counted=False,
        show_when={"case": name},
    )


def _spent(hours: float) -> str:
    return f"{shown(hours)} hour{'' if hours == 1 else 's'}"


def _hours(hours: float) -> str:
    return f"{shown(hours)} h"


DECLARATION = schema.Declaration(
    title="Diagnostic journey",
    intro="Look at data, act on causes, or act at once. Each takes hours. You have sixty.",
    controls=(
        Choice(
            name="case",
            label="Which service?",
            default="practice",
            options=tuple(
                Option(value=value, label=label, sector=sector) for value, (label, sector, _) in CASES.items()
            ),
        ),
        *(_turns(name, make()) for name, (_, _, make) in CASES.items()),
        Number(
            name="strength",
            label="What a remedy takes off a cause it acts on",
            default=STRENGTH,
            minimum=10,
            maximum=100,
            step=10,
            unit="%",
        ),
        Number(
            name="line",
            label="Share that counts as the vital few",
            help="It moves the bars of a look that sorts.",
            default=80,
            minimum=50,
            maximum=95,
            step=5,
            unit="%",
        ),
    ),
    prediction=schema.Prediction(
        question="Four calls in ten to a practice come only because something was not done, or not done right. Everybody in the meeting "
        "knows why: people ring again because they could not get an appointment. So: more appointments at 8. Suppose that stops 6 in 10 "
        "of the calls it can touch. How many of the needless calls will stop?",
        control=Choice(
            name="prediction",
            label="Needless calls that stop",
            default=None,
            radio=True,
            options=tuple(Option(value=value, label=label) for value, (_, _, label) in GUESSES.items()),
        ),
    ),
    assumptions=(
        *model.ASSUMPTIONS,
        f"A run without looking does not change what works. What you see as “the most {HOURS} hours can do” knows every cause beforehand.",
        "A look counts as wasted when it speaks to no remedy, or comes after every remedy it speaks to. A remedy counts as blind when no "
        "look had spoken to it.",
    ),
    cannot_tell=(
        *model.CANNOT_TELL,
        "What a look is worth for its own sake, such as knowing your patients better.",
    ),
    honesty="The three records are the course's synthetic data. Hours, remedies and what they act on are invented.",
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: hours spent against what is left, the evidence in order, the bars sorted, and the two journeys."""
    case = CASES[params["case"]][2]()
    strength = params["strength"] / 100
    journey = model.follow(case.problem, params[_journey_name(params["case"])], strength)
    table = _evidence(case, journey)
    told = _standing(case, journey)
    panels = [
        _path(case, journey, strength),
        schema.sentence(f"{case.story} {case.proof}", heading="The problem"),
        _symptom(case),
    ]
    if params["prediction"] is not None:
        panels.append(schema.sentence(_judge(params["prediction"]), heading="Your guess", reveal=True))
    panels.append(
        schema.sentence(f"{told} {_meaning(case, journey)}", heading="In plain English", reveal=True)
    )
    if journey.steps:
        panels.append(
            schema.listing(
                "The evidence, in order",
                [
                    f"{number}. {what} ({_hours(hours)}). {said}"
                    for number, what, hours, said in table["rows"]
                ],
                empty="",
                reveal=True,
            )
        )
    for step in journey.done:
        look = case.looks.get(step.name)
        if look and look.bars:
            panels += _pareto(look, params["line"] / 100)
    if journey.done:
        panels += [_two_journeys(case, journey), _waste(case, journey)]
    panels.append(_challenge(case, journey, strength))
    return schema.view(panels, summary=told, data=table)


def _standing(case: Case, journey: Journey) -> str:
    if not journey.done:
        return f"Nothing done yet: {shown(journey.total, 1)} {case.unit} {case.per}, and {HOURS} hours."
    spent = journey.test_hours + journey.remedy_hours
    return (
        f"{shown(spent)} of {HOURS} hours spent, {shown(journey.test_hours)} looking and {shown(journey.remedy_hours)} acting. "
        f"{shown(journey.left, 1)} {case.unit} {case.per} are left of {shown(journey.total, 1)}: {_share(journey.removed, journey.total)} removed."
    )


def _meaning(case: Case, journey: Journey) -> str:
    if not journey.done:
        return "Choose anything below the chart. Acting first is allowed."
    if not journey.remedy_hours:
        return "You know more. Nobody who uses the service has noticed: a cause that is known is not a cause removed."
    if not journey.test_hours:
        return "No cause was looked at. Whatever was removed, nobody could have said beforehand how much it would be."
    last = journey.done[-1]
    if last.is_test:
        return "The last thing you did was to look. It removed nothing yet."
    acts = case.problem.remedies[last.name].acts_on
    if not acts:
        return "The last remedy treats the symptom: it acts on none of the causes."
    return f"The last remedy removed {shown(last.removed, 1)} {case.per}, and could not have reached more than its own causes."


def _judge(guess: str) -> str:
    case = practice()
    first = model.follow(case.problem, [case.favourite], STRENGTH / 100)
    share = first.removed / first.total
    reach = sum(case.problem.amounts[cause] for cause in case.problem.remedies[case.favourite].acts_on)
    low, high, words = GUESSES[guess]
    said = (
        f"You said {words[0].lower()}{words[1:]}. At the practice more appointments stop {shown(first.removed, 1)} of {shown(first.total, 1)} a week, "
        f"{100 * share:.0f}%. Only {shown(reach, 1)} a week ring for want of an appointment."
    )
    if low <= share < high:
        return f"{said} You were not carried away. Do you know the same of your own favourite?"
    return f"{said} Everybody in the room had met those callers. Nobody had counted the others."


def _path(case: Case, journey: Journey, strength: float) -> dict[str, Any]:
    jump = model.follow(case.problem, [case.favourite], strength)
    most = model.follow(case.problem, model.best(case.problem, strength), strength)
    x, y, title = _stairs(journey, case)
    ghost_x, ghost_y, _ = _stairs(jump, case)
    favourite = case.deeds[case.favourite].label
    marks = [
        schema.mark(
            "rule_y", "target", label=f"The least {HOURS} hours can leave", reveal=True, y=[most.left]
        ),
        schema.mark(
            "line",
            "comparison",
            label=f"The meeting's favourite: {favourite}",
            reveal=True,
            x=ghost_x,
            y=ghost_y,
        ),
    ]
    if journey.done:
        marks.append(schema.mark("line", "data", label="Your journey", reveal=True, x=x, y=y))
        marks.append(
            schema.mark(
                "dot",
                "data",
                label="A step done",
                reveal=True,
                x=[step.spent for step in journey.done],
                y=[step.left for step in journey.done],
                title=title,
            )
        )
    steps = " ".join(f"{words}." for words in title) or "You have not begun."
    return schema.figure(
        f"What is left, by hours spent: {case.unit} {case.per}",
        marks,
        description=f"Looking moves your line to the right; acting on a cause moves it down too. {steps} The meeting's favourite, "
        f"{favourite}, leaves {shown(jump.left, 1)} after {_spent(jump.remedy_hours)}. The least that {HOURS} hours can leave is {shown(most.left, 1)}.",
        x_label="Hours spent",
        y_label=f"{case.unit.capitalize()} {case.per}",
        x_range=(0, HOURS),
        y_range=(0, case.problem.total * 1.05),
        reveal=True,
        height=260,
    )


def _stairs(journey: Journey, case: Case) -> tuple[list[float], list[float], list[str]]:
    """Points of a line that goes right for the hours and then down for what is removed, and words for each step."""
    x, y, words = [0.0], [journey.total], []
    for number, step in enumerate(journey.done, start=1):
        x += [step.spent, step.spent]
        y += [y[-1], step.left]
        words.append(
            f"Step {number}, {_label(case, step.name)}: {_spent(step.spent)} spent, {shown(step.left, 1)} left"
        )
    return x, y, words


def _label(case: Case, name: str) -> str:
    return case.looks[name].label if name in case.looks else case.deeds[name].label


def _symptom(case: Case) -> dict[str, Any]:
    title, values, dot = case.symptom
    middle = spc.run_chart(values).median
    return schema.figure(
        title,
        [
            schema.mark("rule_y", "centre", label="Median", y=[middle]),
            schema.mark("line", "data", label="As it was", x=list(range(1, len(values) + 1)), y=list(values)),
        ],
        description=f"{len(values)} points in order, from {shown(min(values))} to {shown(max(values))}, median {shown(middle, 1)}. {case.proof}",
        x_label=dot,
        y_label=case.unit.capitalize(),
        y_zero=True,
        height=210,
    )


def _evidence(case: Case, journey: Journey) -> dict[str, Any]:
    rows = []
    for number, step in enumerate(journey.steps, start=1):
        look = case.looks.get(step.name)
        if step.refused == "repeated":
            said = "You had done this. Nothing new, no hours."
        elif step.refused:
            wanted = (case.problem.tests if look else case.problem.remedies)[step.name].hours
            said = f"Not done: it takes {_spent(wanted)}, and of {HOURS} you have spent {shown(step.spent)}."
        elif look:
            said = look.found
        else:
            said = _effect(case, step.name, step.removed, step.name in journey.blind)
        label = _label(case, step.name)
        rows.append([number, f"{'Look' if look else 'Act'}: {label}", step.hours, said])
    return {"columns": ["Step", "What", "Hours", "What came of it"], "rows": rows}


def _effect(case: Case, name: str, removed: float, blind: bool) -> str:
    acts = case.problem.remedies[name].acts_on
    if not acts:
        said = "Acts on no cause. The symptom may be easier to bear; as many come as before."
    elif len(acts) > 3:
        said = f"Acts on what {len(acts)} teams share. {shown(removed, 1)} {case.per} removed."
    else:
        said = f"Acts on: {', '.join(acts)}. {shown(removed, 1)} {case.per} removed."
    return f"{said} Chosen blind." if blind else said


def _pareto(look: Look, line: float) -> list[dict[str, Any]]:
    chart = spc.pareto(look.bars or {}, line=line)
    few = len(chart.vital_few)
    ends = [100 * bar.cumulative for bar in chart.bars]
    starts = [0.0, *ends[:-1]]
    title = [
        f"{bar.category}: {shown(bar.count)}, {bar.share:.0%}; so far {bar.cumulative:.0%}"
        for bar in chart.bars
    ]
    # Every layer names every bar, of no width where it is not its own: the first layer settles which rows there are.
    marks = [
        schema.mark("bar_x", role, label=label, reveal=True, title=title, text=[bar.category for bar in chart.bars], x1=starts,
                    x2=[ends[place] if (place < few) == vital else starts[place] for place in range(len(ends))])
        for role, label, vital in (("data", "Vital few", True), ("quiet", "The rest", False))
        if vital or few < len(ends)
    ]  # fmt: skip
    marks.append(schema.mark("rule_x", "target", label=f"{line:.0%}", x=[100 * line], reveal=True))
    counted = "the first makes" if few == 1 else f"the first {few} make"
    said = (
        f"Of {len(chart.bars)} bars {counted} {chart.bars[few - 1].cumulative:.0%}, the fewest that reach {line:.0%}: "
        f"{', '.join(chart.vital_few)}."
    )
    if 2 * few > len(chart.bars):
        said += f" Hardly few. {line:.0%} is a convention: move it, and read the bars. When they are much alike, ask what they share."
    return [
        schema.figure(
            f"{look.bars_title}: share of {shown(chart.total)}, largest first",
            marks,
            description=f"Each bar begins where the one above it ends. {'; '.join(title)}. {said}",
            x_label="% of the total, added up",
            y_label="",
            x_range=(0, 100),
            height=90 + 26 * len(chart.bars),
            reveal=True,
        ),
        schema.sentence(said, heading="The vital few", reveal=True),
    ]


def _two_journeys(case: Case, journey: Journey) -> dict[str, Any]:
    looks = [step for step in journey.done if step.is_test]
    acts = [step for step in journey.done if not step.is_test]
    owners = "; ".join(dict.fromkeys(case.deeds[step.name].owner for step in acts))
    counted = f"{len(acts)} remed{'y' if len(acts) == 1 else 'ies'}"
    return schema.listing(
        "Two journeys, two accounts",
        [
            f"From symptom to cause: {_spent(journey.test_hours)}, {len(looks)} look{'' if len(looks) == 1 else 's'}, nothing removed. "
            f"It took {'somebody with the record and time to read' if looks else 'nobody'}.",
            f"From cause to remedy: {_spent(journey.remedy_hours)}, {counted}, {shown(journey.removed, 1)} {case.per} removed. "
            f"It took {owners or 'nobody'}.",
        ],
        empty="",
        reveal=True,
    )


def _waste(case: Case, journey: Journey) -> dict[str, Any]:
    items = []
    for name in journey.wasted:
        test = case.problem.tests[name]
        why = "came after the remedies it speaks to" if test.speaks_to else "speaks to no remedy on the table"
        items.append(f"Wasted look: {case.looks[name].label} ({_hours(test.hours)}). It {why}.")
    for name in journey.blind:
        hours = _hours(case.problem.remedies[name].hours)
        items.append(
            f"Blind remedy: {case.deeds[name].label} ({hours}). Nothing you had read said what it would reach."
        )
    return schema.listing(
        "Wasted looks and blind remedies", items, empty="None: each look could still change your mind, and each remedy had evidence.",
        reveal=True,
    )  # fmt: skip


def _challenge(case: Case, journey: Journey, strength: float) -> dict[str, Any]:
    ask = "Beat looking first. Without one look, remove more than the best that is possible after paying for the most useful look."
    paid = sum(case.problem.tests[name].hours for name in case.key)
    after = model.best(case.problem, strength, after=case.key)
    mark = model.follow(case.problem, [*case.key, *after], strength).removed
    low, average, high = (_share(one, journey.total) for one in model.guess(case.problem, strength))
    odds = (
        f"Acting blind, in every order there is, removes {low} to {high}; on average {average}. "
        f"Looking for {_spent(paid)} first can still reach {_share(mark, journey.total)}."
    )
    met = not journey.test_hours and journey.removed > mark + 1e-9
    if met:
        text = f"You did without, and did better. Looking has a price, and somebody lucky, or who knows the place, saves it. The model cannot tell those two apart. {odds}"
    elif journey.test_hours:
        text = "You have looked. Press Reset and act without."
    elif high == _share(mark, journey.total):
        text = f"In this service the best guess only draws level. {odds}"
    else:
        text = f"Not yet: {_share(journey.removed, journey.total)} removed. {odds}"
    return schema.challenge(ask, met, text)
