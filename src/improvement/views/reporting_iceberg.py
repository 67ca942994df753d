"""W18 reporting iceberg: the reports a board sees, the events beneath them, and two stories that fit the same reports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from improvement.simulate import reporting as model
from improvement.simulate.reporting import Evidence, Parameters, Result
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Seed, shown

MONTHS = 25  # the first month, and two years on
FIX = 0.05  # so that the first settings end near the 70 events of the curriculum's example
SEED = 24  # an ordinary draw: its first and last dots lie near the expected reports


@dataclass(frozen=True)
class Service:
    """A place where things go wrong: its reports as a chart names them, and how much goes wrong in the first month."""

    label: str
    what: str
    events: int
    sector: str


SERVICES = {
    "wards": Service("Mental health wards", "Reports from the wards", 100, "mental health"),
    "nursing": Service("Nursing at home", "Reports from home visits", 60, "community"),
    "practice": Service("A general practice", "Reports from the practice", 40, "primary care"),
    "ambulance": Service("An ambulance station", "Reports from the station", 80, "ambulance"),
    "theatre": Service("Operating theatres", "Reports from theatre", 120, "acute"),
}  # fmt: skip

REACTIONS = {
    "support": "Thanks, and news of what was done",
    "ignore": "Nothing comes back",
    "blame": "“Who did this?”",
}

_GUESSES = {
    "more": "More goes wrong than before",
    "same": "About as much as before",
    "less": "Less goes wrong than before",
    "cannot": "These numbers cannot say",
}

_STORIES = {"reporting changed": "Only reporting changed", "harm changed": "Only harm changed"}
_COUNTS = {"record review": "Record review", "severe events": "Severe events"}
_SHORT = {"support": "Thanks and news", "ignore": "Silence", "blame": "“Who did this?”"}

DECLARATION = schema.Declaration(
    title="The reporting iceberg",
    intro="Two years of incident reports from one service. The board sees the reports. You may look beneath.",
    prediction=schema.Prediction(
        question=(
            "On some mental health wards, reports of things that went wrong have gone from about 10 a month to about 42 in two years. Wards, "
            "patients and staff are as many as before. What has happened to how much goes wrong?"
        ),
        control=Choice(
            name="prediction",
            label="Beneath the reports",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    controls=(
        Choice(
            name="reaction",
            label="What comes back when somebody reports?",
            default="support",
            radio=True,
            options=tuple(Option(value=value, label=label) for value, label in REACTIONS.items()),
        ),
        Number(
            name="safety",
            label="Reported in the first month, of 100 events",
            default=10,
            minimum=2,
            maximum=90,
        ),
        Number(
            name="drift",
            label="Something makes the work riskier: events added every month",
            help="A new record system, vacancies, sicker patients. Nought: nothing does.",
            default=0,
            minimum=0,
            maximum=15,
            step=0.2,
        ),
        Choice(
            name="service",
            label="Where?",
            default="wards",
            options=tuple(
                Option(
                    value=key,
                    label=service.label,
                    sector=service.sector,
                    sets={"events": service.events},
                )
                for key, service in SERVICES.items()
            ),
        ),
        Number(
            name="events",
            label="True events in the first month",
            default=100,
            minimum=20,
            maximum=200,
        ),
        Seed(
            default=SEED,
            label="Luck",
            help="Another draw of the dots and of the counts that nobody reports.",
        ),
    ),
    assumptions=(
        *model.ASSUMPTIONS,
        f"With thanks and news the share reported moves towards {100 * model.DEFAULTS.support_target:.0f} in 100, with silence towards "
        f"{100 * model.DEFAULTS.ignore_target:.0f}, with “who did this?” towards {100 * model.DEFAULTS.blame_target:.0f}: "
        f"{100 * model.DEFAULTS.speed:.0f}% of the way each month.",
        f"A record review finds {100 * model.DEFAULTS.review:.0f} in 100 events; {100 * model.DEFAULTS.severe:.0f} in 100 are severe.",
        "A fifth of the first month's events cannot be prevented. Lines are expected numbers; dots and counts have luck in them.",
    ),
    cannot_tell=model.CANNOT_TELL,
    honesty="An illustrative model. How fast trust moves, and how much a report prevents, are numbers we chose.",
)


def parameters_of(params: schema.Params) -> Parameters:
    """Return the model's parameters for the controls' values."""
    return Parameters(
        events=params["events"],
        safety=params["safety"] / 100,
        reaction=params["reaction"],
        months=MONTHS,
        fix=FIX,
        least=params["events"] / 5,
        drift=params["drift"],
    )


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the reports, the events beneath them, the rival reading, and what would tell the two apart."""
    result = model.simulate(parameters_of(params), seed=params["seed"])
    service = SERVICES[params["service"]]
    code, words, said = _verdict(result)
    panels = [_iceberg(service, result, params["prediction"] is not None)]
    if params["prediction"] is not None:
        panels.append(
            schema.sentence(_judge(params["prediction"], result), heading="Your guess", reveal=True)
        )
    panels += [
        schema.sentence(_product(result), reveal=True, beside="safety"),
        schema.verdict("What the board sees, and what it does not", code, words, said, reveal=True),
        _stories_figure(result),
        schema.sentence(_rival(result), heading="The rival reading", reveal=True),
        _evidence_table(result),
        schema.sentence(_separates(result), heading="What would tell them apart", reveal=True),
        _reactions_table(result),
        _challenge(result),
    ]
    return schema.view(panels, summary=f"{words}. {said}", data=_data(result))


def _count(value: float) -> str:
    """A number of events as people say it: whole, with a decimal where it is small."""
    return shown(value, 0 if value >= 9.95 else 1)


def _ends(result: Result) -> tuple[str, str, str, str]:
    """Reports and true events, first month and last."""
    first, last = result.months[0], result.months[-1]
    return _count(first.visible), _count(last.visible), _count(first.events), _count(last.events)


def _moved(change: float) -> str:
    if abs(change) < 0.005:
        return "level"
    return "up" if change > 0 else "down"


def _judge(guess: str, result: Result) -> str:
    seen, seen_last, events, events_last = _ends(result)
    told = (
        f"You said {_GUESSES[guess][0].lower()}{_GUESSES[guess][1:]}. Here reports went from {seen} to {seen_last} a month and true events from "
        f"{events} to {events_last}."
    )
    if guess == "cannot":
        if not result.readings[0].possible:
            return f"{told} Mostly they cannot. Here they do: there are more reports than there were events at first."
        return f"{told} You were right not to say: below is another story with the same reports. Only another count can tell."
    way = {"more": "up", "same": "level", "less": "down"}[guess]
    if way == _moved(result.events_change):
        if not result.readings[0].possible:
            return f"{told} Here the reports alone do say so: there are more of them than there were events at first."
        return f"{told} So it is in this world. But you could not have known: the rival reading below fits the same reports."
    return f"{told} Reports rise if more goes wrong, and they rise if more is said."


def _product(result: Result) -> str:
    first, last = result.months[0], result.months[-1]
    return (
        f"First month: {_count(first.events)} events × {shown(100 * first.safety, 1)}% = {_count(first.visible)} reports. "
        f"Last month: {_count(last.events)} × {shown(100 * last.safety, 1)}% = {_count(last.visible)}."
    )


def _verdict(result: Result) -> tuple[str, str, str]:
    seen, real = _moved(result.reports_change), _moved(result.events_change)
    code = {"up": "concern_high", "down": "improvement_low", "level": "common_cause"}[real]
    words = f"Reports {seen}, true events {real}"
    first, last = result.months[0], result.months[-1]
    hidden = f"Not reported: {_count(first.hidden)} a month at first, {_count(last.hidden)} at last."
    if seen == "level":
        return code, words, f"The board sees a steady service. {hidden}"
    if seen == real:
        agreed = "more goes wrong, and" if real == "up" else "less goes wrong, and"
        return (
            code,
            words,
            f"A board that took reports for harm would have the direction right here: {agreed} the reports move with it. {hidden}",
        )
    trouble = "trouble" if seen == "up" else "success"
    return code, words, f"A board that took reports for harm would see {trouble}. {hidden}"


def _iceberg(service: Service, result: Result, open_: bool) -> dict[str, Any]:
    months = range(MONTHS)
    visible = [month.visible for month in result.months]
    events = [month.events for month in result.months]
    dots = [month.simulated_reports for month in result.months]
    marks = [
        schema.mark(
            "band",
            "ghost",
            reveal=True,
            x1=[month - 0.5 for month in months],
            x2=[month + 0.5 for month in months],
            y1=visible,
            y2=events,
        ),
        schema.mark(
            "text",
            "annotation",
            reveal=True,
            x=[5],
            y=[(visible[5] + events[5]) / 2],
            text=["not reported"],
        ),
        schema.mark("line", "group_a", label="True events", x=months, y=events, reveal=True),
        schema.mark("line", "data", label="Reports expected", x=months, y=visible, reveal=True),
        schema.mark(
            "dot",
            "data",
            label="Reports",
            x=months,
            y=dots,
            title=[f"Month {month}: {count} reports" for month, count in zip(months, dots, strict=True)],
        ),
    ]
    seen, seen_last, first, last = _ends(result)
    description = f"Dots: {dots[0]} reports in the first month, {dots[-1]} in the last, from {min(dots)} to {max(dots)}."
    if open_:
        description += (
            f" Expected reports go from {seen} to {seen_last} a month. The line of true events above them goes from {first} to {last}; "
            "the space between is what nobody reported."
        )
    return schema.figure(
        f"{service.what}, each month" + (", and the events beneath" if open_ else ""),
        marks,
        description=description,
        x_label="Months",
        y_label="Events" if open_ else "Reports",
        x_range=(-0.7, MONTHS - 0.3),
        y_range=(0, 1.12 * max(*dots, *(events if open_ else visible))),
        height=320,
    )


def _stories_figure(result: Result) -> dict[str, Any]:
    changed, harmed = result.readings
    events = [month.events for month in result.months]
    months = range(MONTHS)
    lines = (
        ("group_c", _STORIES[changed.name], changed.events),
        ("group_b", _STORIES[harmed.name], harmed.events),
        ("group_a", "This world", events),
    )
    ends = "; ".join(f"{label.lower()} {_count(line[-1])}" for _, label, line in lines)
    return schema.figure(
        "True events a month: two stories that fit the same reports",
        [schema.mark("line", role, label=label, x=months, y=line) for role, label, line in lines],
        description=f"From {_count(events[0])} events in the first month, the lines end at: {ends}.",
        x_label="Months",
        y_label="Events",
        x_range=(-0.7, MONTHS - 0.3),
        y_range=(0, 1.12 * max(max(line) for _, _, line in lines)),
        height=240,
        reveal=True,
    )


def _rival(result: Result) -> str:
    changed, harmed = result.readings
    first, last = changed.safety[0], changed.safety[-1]
    _, _, events, _ = _ends(result)
    one = (
        f"Either nothing but reporting changed, from {shown(100 * first, 0)}% to {shown(100 * last, 0)}% of {events} events a month; or "
        if changed.possible
        else f"That nothing but reporting changed is impossible: there are more reports than the {events} events of the first month. So harm grew: in the plainest story "
    )
    two = f"nothing but harm changed, from {events} to {_count(harmed.events[-1])} events, {shown(100 * first, 0)}% of them reported throughout"
    if _moved(result.reports_change) == "level":
        return "Reports stayed level. That fits a service in which nothing changed, and one in which events and readiness to report moved against each other."
    return f"Take away the line of true events and look at the reports alone. {one}{two}. Both may have changed at once."


def _evidence_table(result: Result) -> dict[str, Any]:
    def row(evidence: Evidence) -> list[str | int]:
        nearer = _STORIES[evidence.favours].lower() if evidence.favours else "neither"
        expected = _count(evidence.if_reporting), _count(evidence.if_harm)
        return [_COUNTS[evidence.source], *expected, evidence.count, nearer]

    return schema.table(
        "Counts that wait for nobody's report, last three months",
        ["", "If only reporting changed", "If only harm changed", "Counted in this draw", "Fits better"],
        [row(evidence) for evidence in result.evidence],
        open=True,
        reveal=True,
    )


def _separates(result: Result) -> str:
    review, severe = result.evidence
    if review.right_if_reporting is None or _moved(result.reports_change) == "level":
        return "The two stories expect the same of every count, since the reports did not move. Count anyhow: a low, steady number of reports may be silence."
    chances = [
        min(99, int(100 * min(one.right_if_reporting or 0, one.right_if_harm or 0)))
        for one in (review, severe)
    ]
    below = review.expected < 0.95 * review.if_reporting
    extra = (
        " Here the review finds fewer on average than if only reporting had changed: less goes wrong as well."
        if below
        else ""
    )
    return (
        f"Count something that needs no report. If one of the two stories were true, the review would point to it at least {chances[0]} times in "
        f"100, severe events at least {chances[1]}.{extra}"
    )


def _reactions_table(result: Result) -> dict[str, Any]:
    def row(reaction: str) -> list[str]:
        run = model.simulate(replace(result.parameters, reaction=reaction))
        last = run.months[-1]
        return [
            _SHORT[reaction],
            _count(last.visible),
            _count(last.events),
            _count(last.hidden),
            _count(run.harm),
        ]

    return schema.table(
        "The same service under three reactions",
        [
            "What comes back",
            "Reports in the last month",
            "True events",
            "Not reported",
            "Severe harm, 25 months",
        ],
        [row(reaction) for reaction in REACTIONS],
        open=True,
        reveal=True,
    )


def _challenge(result: Result) -> dict[str, Any]:
    doubled = result.reports_change >= 0.99
    met = doubled and result.events_change > 0.005
    seen, seen_last, events, events_last = _ends(result)
    if met:
        text = (
            f"Found: reports {seen} to {seen_last}, true events {events} to {events_last}. A board told that “more reports are good news” would clap. "
            "Which count would have stopped it?"
        )
    elif doubled:
        text = f"Reports at least doubled, and true events went from {events} to {events_last}. Make the work riskier."
    else:
        text = f"Reports went from {seen} to {seen_last}, which is not yet twice as many."
    return schema.challenge(
        "“More reports mean a safer team.” Find settings where reports at least double while more goes wrong.",
        met,
        text,
    )


def _data(result: Result) -> dict[str, Any]:
    return {
        "columns": [
            "Month",
            "True events",
            "Chance of a report",
            "Reports expected",
            "Not reported",
            "Severe",
            "Reports in this draw",
        ],
        "rows": [
            [
                month.month,
                *(
                    round(value, 4)
                    for value in (month.events, month.safety, month.visible, month.hidden, month.severe)
                ),
                month.simulated_reports,
            ]
            for month in result.months
        ],
    }
