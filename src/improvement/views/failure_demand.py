"""W37 failure demand: sort calls as value, failure or unclear, compare with two coders, then see what repeats do to a week."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from improvement import datasets
from improvement.simulate.failure_demand import (
    Agreement,
    Steady,
    agreement,
    amplifier,
    failure_share,
    steady_state,
)
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Turns

FIRST_CALL, CARDS = 289, 25
ENOUGH = 0.6
DEFLECTION = 0.1
PILES = {"value": "Value", "failure": "Failure", "unclear": "Unclear"}
_ROLES = {"value": "group_b", "failure": "group_a", "unclear": "group_c"}


@dataclass(frozen=True)
class Call:
    """One call as jotted down: what coders `a` and `b` said alone, and the code and `cause` they agreed."""

    number: int
    reason: str
    a: str
    b: str
    agreed: str
    cause: str


@dataclass(frozen=True)
class Service:
    """An invented service: new needs a week, minutes a contact, staff hours a week, and where else people turn up."""

    label: str
    sector: str
    needs: int
    minutes: int
    hours: float
    contact: str
    spill: str


@dataclass(frozen=True)
class Plan:
    """A plan's long-run average week. `hours` are on offer; `needed` would answer everybody, in hours a week."""

    name: str
    hours: float
    needed: float
    week: Steady


SERVICES = {
    "practice": Service("General practice: the phones", "primary care", 500, 8, 95, "calls", "A&E visits"),
    "nursing": Service("Community nursing: the hub's line", "community", 200, 6, 28.5, "calls", "A&E visits"),
    "crisis": Service("Mental health: the crisis line", "mental health", 120, 20, 57, "calls", "A&E visits"),
}
PLANS = {
    "now": "As it is",
    "more_hours": "More staff time",
    "elsewhere": "Send elsewhere",
    "first_time": "Finish first time",
}
_GUESSES = {
    "slots": "More appointments and more people on the phones: there is more illness than we have hours for",
    "misuse": "Sending people elsewhere: too many ring who need not",
    "finish": "Finishing things first time: many ring because something was not done",
    "read": "I would not say before I had read some calls",
}
_SORT, _WEEK = ({"show": mode} for mode in ("sort", "week"))

DECLARATION = schema.Declaration(
    title="Why are they ringing?",
    intro="25 calls in a row to an invented practice, a tap each. Then a week of them.",
    controls=(
        Choice(
            name="show",
            label="What do you want to do?",
            radio=True,
            default="sort",
            options=(
                Option(value="sort", label="Sort the calls"),
                Option(value="week", label="Change the week"),
            ),
        ),
        Turns(
            name="sort",
            label="What kind of call is it?",
            help="Value: what the service is there for. Failure: something was not done, or not done right, here or elsewhere. "
            "Commit your guess first: the answers show after that.",
            turn="Call",
            maximum=CARDS,
            options=tuple(Option(value=code, label=words) for code, words in PILES.items()),
            show_when=_SORT,
            keep=True,
        ),
        Choice(
            name="compare",
            label="Compare me",
            default="end",
            radio=True,
            options=(
                Option(value="end", label="After the last call"),
                Option(value="now", label="Now"),
            ),
            show_when=_SORT,
        ),
        Choice(
            name="service",
            label="Which service?",
            default="practice",
            options=tuple(
                Option(value=key, label=one.label, sector=one.sector) for key, one in SERVICES.items()
            ),
            show_when=_WEEK,
        ),
        Number(
            name="unresolved",
            label="Contacts that settle nothing",
            unit="%",
            default=40,
            minimum=0,
            maximum=60,
            step=5,
            show_when=_WEEK,
        ),
        Number(
            name="added",
            label="More staff time: how much is added",
            unit="%",
            default=20,
            minimum=0,
            maximum=60,
            step=5,
            show_when=_WEEK,
        ),
        Number(
            name="elsewhere",
            label="Send elsewhere: unsettled people who go there",
            help="In the other plans it is 10%.",
            unit="%",
            default=50,
            minimum=10,
            maximum=90,
            step=5,
            show_when=_WEEK,
        ),
        Number(
            name="first_time",
            label="Finish first time: contacts that still settle nothing",
            unit="%",
            default=20,
            minimum=0,
            maximum=60,
            step=5,
            show_when=_WEEK,
        ),
        Number(
            name="extra",
            label="Finish first time: more minutes for each contact",
            unit="minutes",
            default=1,
            minimum=0,
            maximum=10,
            step=0.5,
            show_when=_WEEK,
        ),
    ),
    prediction=schema.Prediction(
        question="Ten past eight, and the lines are full. One thing only can be done about it. What would help most?",
        control=Choice(
            name="prediction",
            label="It would help most to try",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    assumptions=(
        "The two coders each read a reason alone, without the record. The agreed code was settled afterwards, with the record.",
        "In the week, every contact has the same chance to settle the need. Somebody left unsettled, or not answered, comes back the next "
        "week or turns up elsewhere.",
        "New needs stay the same however well they are met, and nobody gives up. The picture is the long-run average week.",
        "Finishing first time is possible in the minutes you choose.",
    ),
    cannot_tell=(
        "How much of your own demand is failure demand. The share here was chosen. Claims such as 80% come from people who counted in "
        "their own way, and are no evidence about yours.",
        "Whether the coders are right. They may share a blind spot, and many real contacts are ambiguous.",
        "Anything about the caller. A failure lies in how the work is designed.",
        "What becomes of people who are seen elsewhere.",
    ),
    honesty="Synthetic calls, two synthetic coders, and an illustrative model of a week. No practice, patient or caller stands behind them.",
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the cards and how the reader's codes compare, or four plans for a week."""
    return _week(params) if params["show"] == "week" else _sorter(params)


@lru_cache(maxsize=1)
def calls() -> tuple[Call, ...]:
    """The calls on the cards, in the order they came."""
    rows = datasets.read("practice_calls")
    names = ("call", "reason", "code_a", "code_b", "demand", "cause")
    found = zip(*(rows[name] for name in names), strict=True)
    return tuple(Call(*row) for row in found if FIRST_CALL <= row[0] < FIRST_CALL + CARDS)


def plans(
    service: Service, *, unresolved: float, added: float, elsewhere: float, first_time: float, extra: float
) -> tuple[Plan, ...]:
    """The four plans in the order of PLANS. Shares and `added` from 0 to 1, `extra` in minutes a contact."""
    settings = {
        "now": (service.hours, unresolved, DEFLECTION, service.minutes),
        "more_hours": (service.hours * (1 + added), unresolved, DEFLECTION, service.minutes),
        "elsewhere": (service.hours, unresolved, elsewhere, service.minutes),
        "first_time": (service.hours, first_time, DEFLECTION, service.minutes + extra),
    }
    found = []
    for name, (hours, f, d, minutes) in settings.items():
        needed = service.needs * amplifier(f, deflection=d) / 100 * minutes / 60
        week = steady_state(service.needs, 60 * hours / minutes, unresolved=f, deflection=d, minutes=minutes)
        found.append(Plan(name, hours, needed, week))
    return tuple(found)


def _sorter(params: schema.Params) -> dict[str, Any]:
    mine, guess = params["sort"], params["prediction"]
    cards = calls()
    told = f"{len(mine)} of {CARDS} calls sorted."
    panels = [schema.sentence(_card(mine), beside="sort")]
    if guess is None:
        return schema.view([*panels, _key()], summary=told)
    if len(mine) < CARDS and (params["compare"] == "end" or not mine):
        panels.append(schema.sentence(told, heading="So far", reveal=True))
        return schema.view(panels, summary=told)
    agreed = [card.agreed for card in cards[: len(mine)]]
    with_key = agreement(mine, agreed)
    with_b = agreement(mine, [card.b for card in cards[: len(mine)]])
    share = _share(mine, agreed)
    panels = [
        _piles(mine),
        *panels,
        schema.sentence(share, heading="Failure demand", reveal=True),
        schema.sentence(_kappa(with_key, with_b), heading="Agreement", reveal=True),
        schema.sentence(_judge_sort(guess, agreed), heading="Your guess", reveal=True),
        schema.listing(
            "Where you and the agreed code differ",
            [
                f"“{card.reason}” You said {said}; agreed: {card.agreed} ({card.cause}). Alone, the coders said {card.a} and {card.b}."
                for said, card in zip(mine, cards, strict=False)
                if said != card.agreed
            ],
            empty="Nowhere.",
            reveal=True,
        ),
        _causes(len(mine)),
        _key(),
    ]
    return schema.view(panels, summary=f"{told} {share}", data=_download(mine))


def _card(mine: Sequence[str]) -> str:
    if len(mine) == CARDS:
        return "No call left. Take back the last to change it, or Reset to sort them again. Next: change the week."
    return f"“{calls()[len(mine)].reason}”"


def _number(count: int, word: str = "call") -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _share(mine: Sequence[str], agreed: Sequence[str]) -> str:
    own, key = failure_share(mine), failure_share(agreed)
    text = (
        f"You coded {own.failure} of {_number(own.contacts)} as failure: {100 * own.share:.0f}%, and with so few anything from "
        f"{100 * own.low:.0f} to {100 * own.high:.0f}% would fit. The agreed code has {key.failure}, or {100 * key.share:.0f}%."
    )
    if own.unclear:
        verb = "was" if own.unclear == 1 else "were"
        text += (
            f" If all that {verb} unclear to you ({own.unclear}) hid a failure too, yours would be "
            f"{100 * own.share_with_unclear:.0f}%. Give both figures."
        )
    return text


def _kappa(key: Agreement, other: Agreement) -> str:
    if key.kappa is None or other.kappa is None:
        return "So far only one code was used, so chance alone explains the agreement. Sort a few more."
    text = (
        f"With the agreed code you match on {100 * key.observed:.0f}% of calls, where chance would give {100 * key.expected:.0f}%: kappa "
        f"{schema.shown(key.kappa)}. With coder B, kappa is {schema.shown(other.kappa)}. "
    )
    if key.cards < CARDS:
        return f"{text}Nought is chance, 1 is always. Few calls yet: it will swing."
    if key.kappa >= ENOUGH:
        return f"{text}Nought is chance, 1 is always. {ENOUGH} is a fair bar for starting work together, and you are over it."
    return (
        f"{text}Nought is chance, 1 is always. {ENOUGH} is a fair bar, and you are under it. That is a finding and no failing: write "
        "down your rule for the cards below, and sort again."
    )


def _judge_sort(guess: str, agreed: Sequence[str]) -> str:
    failure, value = agreed.count("failure"), agreed.count("value")
    chasing = sum(card.cause.startswith("chasing") for card in calls()[: len(agreed)])
    found = f"Here {value} of {_number(len(agreed))} asked for what the practice is there for, and {failure} rang because something was not done or not done right"
    found += f"; {chasing} of those only ask where something is." if chasing else "."
    return {
        "slots": f"You said more time. {found} More time would answer the second kind as well, again and again. Change the week and see.",
        "misuse": f"You said sending people elsewhere. {found} Read the causes: each is a fault in the work, none a fault in the caller. "
        "Change the week and see where people go.",
        "finish": f"You said finishing first time. {found} That supports you in this invented practice. Yours may differ.",
        "read": f"You wanted to read first. You now have. {found}",
    }[guess]


def _piles(mine: Sequence[str]) -> dict[str, Any]:
    cards = calls()[: len(mine)]
    rows = {
        "You": list(mine),
        "Coder A": [card.a for card in cards],
        "Coder B": [card.b for card in cards],
        "Agreed": [card.agreed for card in cards],
    }
    starts = dict.fromkeys(rows, 0)
    marks = [schema.mark("bar_x", "quiet", reveal=True, x1=[0] * 4, x2=[0] * 4, text=list(rows))]
    letters: dict[str, list[Any]] = {"x": [], "y": [], "text": []}
    for code in ("failure", "value", "unclear"):
        have = [name for name in rows if rows[name].count(code)]
        if not have:
            continue
        ends = {name: starts[name] + rows[name].count(code) for name in have}
        marks.append(
            schema.mark(
                "bar_x", _ROLES[code], label=f"{PILES[code][0]}: {code}", reveal=True, x1=[starts[name] for name in have],
                x2=[ends[name] for name in have], text=have,
            )
        )  # fmt: skip
        letters["x"] += [(starts[name] + ends[name]) / 2 for name in have]
        letters["y"] += have
        letters["text"] += [f"{PILES[code][0]}{rows[name].count(code)}" for name in have]
        starts |= ends
    marks.append(schema.mark("text", "annotation", reveal=True, **letters))
    said = "; ".join(
        f"{name}: {codes.count('failure')} failure, {codes.count('value')} value, {codes.count('unclear')} unclear"
        for name, codes in rows.items()
    )
    return schema.figure(
        f"The same {_number(len(mine))}, read by you and by others",
        marks,
        description=f"Four bars. {said}.",
        x_label="Calls",
        y_label="",
        x_range=(0, len(mine) + 0.5),
        height=200,
        reveal=True,
    )


def _causes(placed: int) -> dict[str, Any]:
    rows = datasets.read("practice_calls")
    whole = Counter(
        cause for cause, demand in zip(rows["cause"], rows["demand"], strict=True) if demand == "failure"
    )
    here = Counter(card.cause for card in calls()[:placed] if card.agreed == "failure")
    return schema.table(
        "What lies behind each failure, by the agreed cause",
        ["Cause", "On your cards", f"In all {len(rows['call'])} calls"],
        [[cause, here[cause], count] for cause, count in whole.most_common()],
        open=True,
        reveal=True,
    )


def _key() -> dict[str, Any]:
    return schema.table(
        f"All {CARDS} calls and how they were coded",
        ["Call", "Reason", "Coder A", "Coder B", "Agreed", "Cause"],
        [[one.number, one.reason, one.a, one.b, one.agreed, one.cause] for one in calls()],
        reveal=True,
    )


def _download(mine: Sequence[str]) -> dict[str, Any]:
    return {
        "columns": ["Call", "Reason", "You", "Coder A", "Coder B", "Agreed", "Cause"],
        "rows": [
            [one.number, one.reason, mine[place] if place < len(mine) else "", one.a, one.b, one.agreed, one.cause]
            for place, one in enumerate(calls())
        ],
    }  # fmt: skip


def _week(params: schema.Params) -> dict[str, Any]:
    service = SERVICES[params["service"]]
    f = params["unresolved"] / 100
    found = plans(
        service,
        unresolved=f,
        added=params["added"] / 100,
        elsewhere=params["elsewhere"] / 100,
        first_time=params["first_time"] / 100,
        extra=params["extra"],
    )
    by_name = {plan.name: plan for plan in found}
    lines = _lines(service, by_name)
    panels = [_bars(service, found)]
    if params["prediction"] is not None:
        panels.append(
            schema.sentence(
                _judge_week(params["prediction"], service, by_name), heading="Your guess", reveal=True
            )
        )
    panels += [
        schema.sentence(
            f"If {params['unresolved']:g}% of contacts settle nothing, all are answered and everyone comes back, 100 needs make "
            f"{schema.shown(amplifier(f), 1)} contacts. The sum is 100 ÷ (1 − {schema.shown(f)}).",
            heading="The multiplier",
            reveal=True,
        ),
        schema.table(
            "The average week in the long run",
            ["Plan", "Calls wanted", service.spill, "Not answered", "Staff hours used", "Hours to answer all"],
            [
                [PLANS[plan.name], *(round(number) for number in (plan.week.contacts, plan.week.deflected, plan.week.unanswered)),
                 round(plan.week.hours, 1), round(plan.needed, 1)]
                for plan in found
            ],
            open=True,
            reveal=True,
        ),
        _challenge(by_name),
    ]  # fmt: skip
    return schema.view(panels, summary=lines)


def _bars(service: Service, found: Sequence[Plan]) -> dict[str, Any]:
    names = [PLANS[plan.name] for plan in found]
    firsts = [float(service.needs)] * len(found)
    totals = [plan.week.contacts for plan in found]
    marks = [
        schema.mark("bar_x", "group_b", label="First call about a need", reveal=True, x1=[0.0] * len(found), x2=firsts, text=names),
        schema.mark("bar_x", "group_a", label="Ringing again", reveal=True, x1=firsts, x2=totals, text=names),
        schema.mark(
            "text", "annotation", reveal=True, x=[total + 0.13 * max(totals) for total in totals], y=names,
            text=[f"{total:,.0f}" for total in totals],
        ),
    ]  # fmt: skip
    said = "; ".join(
        f"{name}: {total:,.0f} calls wanted, {total - service.needs:,.0f} of them ringing again, {plan.week.unanswered:,.0f} not "
        f"answered, {plan.week.deflected:,.0f} {service.spill}"
        for name, total, plan in zip(names, totals, found, strict=True)
    )
    return schema.figure(
        "Calls wanted in a week, under four plans",
        marks,
        description=f"Four bars, each with {service.needs} first calls. {said}.",
        x_label="Calls a week",
        y_label="",
        x_range=(0, 1.28 * max(totals)),
        height=220,
        reveal=True,
    )


def _fate(plan: Plan) -> str:
    if plan.week.unanswered >= 0.5:
        return f"{plan.week.unanswered:,.0f} calls a week go unanswered"
    return "every call is answered"


def _lines(service: Service, by_name: dict[str, Plan]) -> str:
    return " ".join(
        f"{PLANS[name]}: {plan.week.contacts:,.0f} calls wanted and {_fate(plan)}; {plan.week.hours:,.1f} staff hours, "
        f"{plan.week.deflected:,.0f} {service.spill}."
        for name, plan in by_name.items()
    )


def _judge_week(guess: str, service: Service, by_name: dict[str, Plan]) -> str:
    now, more, away, first = (by_name[name] for name in PLANS)
    hours = (
        f"More staff time: {_fate(more)}, with {service.spill} at {more.week.deflected:,.0f} (now {now.week.deflected:,.0f}). "
        f"Of {more.week.contacts:,.0f} calls wanted, {more.week.contacts - service.needs:,.0f} still ring again, in hours you pay for."
    )
    elsewhere = (
        f"Send elsewhere: {_fate(away)}, so the phones look {'better' if away.week.contacts < now.week.contacts else 'no better'}. "
        f"Somebody else then sees {away.week.deflected:,.0f} people a week, against {now.week.deflected:,.0f} now."
    )
    finish = (
        f"Finish first time: {_fate(first)}, {first.week.contacts:,.0f} calls wanted, {first.week.hours:,.1f} hours used, "
        f"{first.week.deflected:,.0f} {service.spill}."
    )
    return {
        "slots": f"You said more time. {hours} {finish}",
        "misuse": f"You said sending people elsewhere. {elsewhere} {finish}",
        "finish": f"You said finishing first time. {finish} {hours}",
        "read": f"You wanted to read first. {hours} {elsewhere} {finish}",
    }[guess]


def _challenge(by_name: dict[str, Plan]) -> dict[str, Any]:
    ask = "Make finishing first time the worse bargain: it must need more staff hours than adding staff time does."
    more, first = by_name["more_hours"], by_name["first_time"]
    if first.needed > more.needed:
        return schema.challenge(
            ask,
            True,
            f"To answer everybody it needs {first.needed:,.1f} hours a week, the other {more.needed:,.1f}. Each contact now takes longer than "
            "the repeats it saves. If finishing first time means a long meeting about every call, this is your service.",
        )
    return schema.challenge(
        ask,
        False,
        f"To answer everybody it needs {first.needed:,.1f} hours a week, the other {more.needed:,.1f}. What would it cost to be thorough?",
    )
