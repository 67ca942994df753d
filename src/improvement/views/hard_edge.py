"""W05 hard-edge ledger: what poor quality costs in hours and pounds, what a saving releases, and how sure anybody is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from improvement import datasets
from improvement.simulate import copq
from improvement.simulate.copq import Bar, Line, Parameters, Result
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Rows, Text

CATEGORY_WORDS = {
    "prevention": "Prevention",
    "appraisal": "Appraisal",
    "internal_failure": "Internal failure",
    "external_failure": "External failure",
}
KINDS = {
    "cash_releasing": ("group_b", "Cash-releasing", "stops going out"),
    "capacity_releasing": ("group_a", "Capacity-releasing", "time of staff who are paid anyway"),
    "cost_avoiding": ("group_c", "Cost-avoiding", "might have been asked for later"),
}
INPUT_WORDS = {
    "volume": "how many a year",
    "share": "how often it happens",
    "again": "how often it is redone",
    "minutes": "minutes each",
    "rate": "cost of an hour",
    "spend": "money out each time",
    "avoided": "later bill",
}
_INPUT_TAGS = {
    "volume": "count", "share": "how often", "again": "redone", "minutes": "minutes", "rate": "£/hour", "spend": "money out",
    "avoided": "later bill",
}  # fmt: skip
BARS = 6
_GUESSES = {
    "fifth": (0, 20, "Under £20"),
    "third": (20, 40, "£20 to £40"),
    "half": (40, 60, "£40 to £60"),
    "most": (60, 80, "£60 to £80"),
    "all": (80, 101, "Over £80"),
}


def theatres() -> tuple[Line, ...]:
    """Return the ledger of the theatre sessions: counts from `theatre_sessions`, prices from `theatre_cost_rates`."""
    sessions, rates = datasets.read("theatre_sessions"), datasets.read("theatre_cost_rates")
    items = {"case": sum(sessions["cases_planned"]), "session": len(sessions["session"])}
    lines = []
    for line, category, column, staff, minutes, rate, extra, spent, avoided in zip(
        *rates.values(), strict=True
    ):
        counts = sessions[column]
        if minutes is None:
            happened = sum(count > 0 for count in counts)
            volume, each = items["session"], sum(counts) * staff / happened
        else:
            happened, volume, each = sum(counts), items["case"], staff * minutes
        lines.append(
            Line(
                line.capitalize(), category, volume, happened / volume, minutes=each, rate=rate, paid_extra=extra, spend=spent,
                avoided=avoided,
            )
        )  # fmt: skip
    return tuple(lines)


PRACTICE = (
    Line("Plain letters and texts", "prevention", 9000, 1.0, minutes=0.5, rate=19),
    Line("Second look at results", "appraisal", 14000, 1.0, minutes=0.6, rate=90),
    Line("Prescription done again", "internal_failure", 26000, 0.05, minutes=9, rate=24),
    Line("Hospital letter chased", "internal_failure", 6500, 0.12, minutes=14, rate=19),
    Line("Caller who rings back", "external_failure", 48000, 0.16, minutes=5, rate=19),
    Line("Appointment that settled nothing", "external_failure", 21000, 0.06, minutes=14, rate=90, paid_extra=0.15),
)  # fmt: skip
COMMUNITY = (
    Line("Call before the visit", "prevention", 16000, 0.5, minutes=3, rate=24),
    Line("Caseload check", "appraisal", 260, 1.0, minutes=90, rate=36),
    Line("Visit without the right kit", "internal_failure", 16000, 0.06, minutes=55, rate=31, paid_extra=0.2, spend=7),
    Line("Referral sent back", "internal_failure", 3100, 0.18, minutes=25, rate=27),
    Line("Pressure ulcer dressed", "external_failure", 900, 0.09, minutes=1100, rate=31, paid_extra=0.2, spend=240),
    Line("Call to out of hours", "external_failure", 16000, 0.02, minutes=45, rate=42, spend=18, avoided=60),
)  # fmt: skip
AMBULANCE = (
    Line("Vehicle readied by a separate team", "prevention", 7300, 1.0, minutes=12, rate=18),
    Line("Kit check at start of shift", "appraisal", 7300, 1.0, minutes=15, rate=27),
    Line("Waiting to hand over, past 15 minutes", "internal_failure", 31000, 0.55, minutes=58, rate=27, paid_extra=0.25),
    Line("Second vehicle not needed", "internal_failure", 42000, 0.07, minutes=50, rate=54, spend=14),
    Line("Late finish", "internal_failure", 14600, 0.35, minutes=70, rate=40, paid_extra=1.0),
    Line("Caller who rings again", "external_failure", 60000, 0.14, minutes=4, rate=22),
    Line("Claim or complaint", "external_failure", 42000, 0.002, minutes=600, rate=34, avoided=2600),
)  # fmt: skip
MENTAL_HEALTH = (
    Line("Plan for leaving, from the first day", "prevention", 620, 0.7, minutes=45, rate=34),
    Line("Weekly bed review", "appraisal", 52, 1.0, minutes=900, rate=44),
    Line("Bed bought elsewhere, per night", "internal_failure", 2900, 1.0, minutes=15, rate=34, spend=560),
    Line("Leaving day put off", "internal_failure", 620, 0.22, minutes=120, rate=34),
    Line("Agency shift booked late", "internal_failure", 1900, 0.3, minutes=60, rate=46, paid_extra=1.0, spend=20),
    Line("Back within 30 days", "external_failure", 620, 0.09, minutes=700, rate=34, spend=90),
)  # fmt: skip


@dataclass(frozen=True)
class Story:
    """A ledger to start from. `reduction` (percent of failures gone) and `investment` (pounds a year) are its first try."""

    label: str
    sector: str
    lines: Callable[[], tuple[Line, ...]]
    reduction: int
    investment: int


STORIES = {
    "theatres": Story("Acute: two operating theatres", "acute", theatres, 30, 9000),
    "practice": Story("Primary care: a practice of 11,000", "primary care", lambda: PRACTICE, 25, 6000),
    "community": Story("Community: district nursing", "community", lambda: COMMUNITY, 20, 14000),
    "ambulance": Story("Ambulance: one operating area", "ambulance", lambda: AMBULANCE, 15, 40000),
    "beds": Story("Mental health: inpatient beds", "mental health", lambda: MENTAL_HEALTH, 25, 45000),
}
OWN = "own"
_OWN_ROWS = (
    {"what": "Plain letters and texts", "category": "prevention", "volume": 900, "share": 100, "minutes": 1, "rate": 19,
     "bought": 0, "spend": 0, "avoided": 0},
    {"what": "Letter sent again", "category": "internal_failure", "volume": 900, "share": 12, "minutes": 15, "rate": 19, "bought": 0,
     "spend": 1, "avoided": 0},
    {"what": "Caller who asks where it is", "category": "external_failure", "volume": 900, "share": 25, "minutes": 6, "rate": 19,
     "bought": 0, "spend": 0, "avoided": 0},
)  # fmt: skip

DECLARATION = schema.Declaration(
    title="The hard-edge ledger",
    intro="What it costs in a year when things go wrong, what is spent on preventing it, and what a saving would really release.",
    controls=(
        Choice(
            name="story",
            label="Ledger",
            default="theatres",
            options=(
                *(
                    Option(
                        value=name,
                        label=story.label,
                        sector=story.sector,
                        sets={"reduction": story.reduction, "investment": story.investment},
                    )
                    for name, story in STORIES.items()
                ),
                Option(value=OWN, label="My own ledger", sets={"reduction": 25, "investment": 200}),
            ),
        ),
        Rows(
            name="lines",
            label="Lines, a year",
            help="Stays on this device. Minutes are staff minutes: two people for ten minutes is 20.",
            fields=(
                Text(name="what", label="What happens", maximum_length=40),
                Choice(
                    name="category",
                    label="Category",
                    default="internal_failure",
                    options=tuple(Option(value=one, label=words) for one, words in CATEGORY_WORDS.items()),
                ),
                Number(
                    name="volume",
                    label="Items a year",
                    default=100,
                    minimum=0,
                    maximum=10_000_000,
                    step=1,
                ),
                Number(
                    name="share",
                    label="Happens to",
                    default=10,
                    minimum=0,
                    maximum=100,
                    step=0.1,
                    unit="% of them",
                ),
                Number(name="minutes", label="Staff minutes each", default=10, minimum=0, maximum=100_000),
                Number(
                    name="rate",
                    label="Cost of a staff hour",
                    default=25,
                    minimum=0,
                    maximum=500,
                    unit="£",
                ),
                Number(
                    name="bought",
                    label="Overtime or agency",
                    default=0,
                    minimum=0,
                    maximum=100,
                    unit="% of hours",
                ),
                Number(
                    name="spend",
                    label="Money out each time",
                    default=0,
                    minimum=0,
                    maximum=1_000_000,
                    unit="£",
                ),
                Number(
                    name="avoided",
                    label="Later bill each time",
                    default=0,
                    minimum=0,
                    maximum=1_000_000,
                    unit="£",
                ),
            ),
            default=_OWN_ROWS,
            add="Add a line",
            maximum=8,
            show_when={"story": OWN},
            keep=True,
        ),
        Number(
            name="reduction",
            label="Failures that no longer happen",
            default=STORIES["theatres"].reduction,
            minimum=0,
            maximum=100,
            step=5,
            unit="%",
        ),
        Number(
            name="investment",
            label="What that takes, a year",
            help="Staff time and money for preventing them.",
            default=STORIES["theatres"].investment,
            minimum=0,
            maximum=1_000_000,
            step=500,
            unit="£",
        ),
        Choice(
            name="hours",
            label="The hours that failures take are",
            radio=True,
            default="ledger",
            options=(
                Option(value="ledger", label="Partly bought in, as in the ledger"),
                Option(value="paid", label="All from staff who are paid anyway"),
                Option(value="bought", label="All overtime, bank or agency"),
            ),
        ),
        Number(
            name="again",
            label="Of things put right, put right again",
            help="A rework loop: each repair can itself go wrong.",
            default=0,
            minimum=0,
            maximum=60,
            step=5,
            unit="%",
        ),
        Number(
            name="unsure",
            label="How wrong each figure may be",
            default=20,
            minimum=0,
            maximum=50,
            step=5,
            unit="% either way",
        ),
    ),
    prediction=schema.Prediction(
        question=(
            "Two theatres, one year. Of every £100 that poor quality costs there, how much would stop leaving the budget as cash if nothing "
            "went wrong any more?"
        ),
        control=Choice(
            name="prediction",
            label="Cash, of every £100",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, (_, _, label) in _GUESSES.items()),
        ),
    ),
    assumptions=(
        *copq.ASSUMPTIONS,
        "Appraisal is checking. Internal failure is found before it reaches the person served, external failure after.",
        "The cost of poor quality counts appraisal and failure. Prevention is shown apart: it is what is paid to avoid the rest.",
        "“How wrong” moves each figure of each line in turn; the range moves all of them together, independently.",
    ),
    cannot_tell=copq.CANNOT_TELL,
    honesty=(
        "Theatres: synthetic data with invented prices. The other ledgers are invented throughout, to show kinds of work. None is a "
        "tariff, a pay scale or a benchmark."
    ),
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the ledger by category and kind of money, a year's saving, and what the total hangs on."""
    lines, notices = _lines(params)
    if not lines:
        return schema.view(
            [],
            summary="The ledger is empty.",
            notices=[schema.notice("error", "Add a line.", control="lines")],
        )
    if notices:
        return schema.view([], summary="The ledger needs mending.", notices=notices)
    run = simulate(params, lines)
    told = _told(run)
    if params["prediction"] is None:
        return schema.view([_picture(run, split=False)], summary=_plain(run))
    panels = [
        _picture(run, split=True),
        schema.sentence(told, heading="The ledger", reveal=True),
        schema.sentence(_judge(params["prediction"]), heading="Your guess", reveal=True),
        _saving_picture(run),
        schema.listing("What you may write in the paper", _paper(run), empty="", reveal=True),
        _sensitivity(run),
        schema.sentence(_range(run), heading="How sure", reveal=True),
        _table(run),
        _challenge(run),
    ]
    return schema.view(panels, summary=told, data=_download(run))


def simulate(params: schema.Params, lines: tuple[Line, ...]) -> Result:
    """Run the model on these lines with the reader's reduction, investment, source of hours, rework and doubt."""
    failures = ("internal_failure", "external_failure")
    extra = {"paid": 0.0, "bought": 1.0}.get(params["hours"])
    changed = tuple(
        replace(
            line,
            again=params["again"] / 100,
            paid_extra=line.paid_extra if extra is None else extra,
        )
        if line.category in failures
        else line
        for line in lines
    )
    return copq.simulate(
        Parameters(
            lines=changed, reduction=params["reduction"] / 100, investment=params["investment"],
            sensitivity=params["unsure"] / 100, replicates=200,
        )
    )  # fmt: skip


def _lines(params: schema.Params) -> tuple[tuple[Line, ...], list[dict[str, Any]]]:
    if params["story"] != OWN:
        return STORIES[params["story"]].lines(), []
    lines, seen, notices = [], set(), []
    for number, row in enumerate(params["lines"], start=1):
        name = " ".join(row["what"].split()) or f"Line {number}"
        if name in seen:
            notices.append(
                schema.notice(
                    "error",
                    f"Two lines are called “{name}”. Give line {number} a name of its own.",
                    control="lines",
                )
            )
            continue
        seen.add(name)
        lines.append(
            Line(
                name, row["category"], row["volume"], row["share"] / 100, minutes=row["minutes"], rate=row["rate"],
                paid_extra=row["bought"] / 100, spend=row["spend"], avoided=row["avoided"],
            )
        )  # fmt: skip
    return tuple(lines), notices


def poor(run: Result) -> dict[str, float]:
    """Return the cost of poor quality by kind of money: all categories but prevention."""
    prevention = run.categories["prevention"]
    return {kind: getattr(run.whole, kind) - getattr(prevention, kind) for kind in KINDS}


def pounds(value: float) -> str:
    """Return whole pounds with a true minus sign before the £."""
    return f"{'−' if round(value) < 0 else ''}£{abs(round(value)):,}"


def _in_hundred(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f}"


def _plain(run: Result) -> str:
    prevention = run.categories["prevention"].total
    text = f"Poor quality costs {pounds(run.copq)} a year. Prevention costs {pounds(prevention)}."
    if run.copq > 0 and prevention > 0:
        text += f" For each £1 of prevention there is {pounds_pence(run.copq / prevention)} of poor quality."
    return text


def pounds_pence(value: float) -> str:
    """Return pounds to the penny below £10, whole pounds from there."""
    return f"£{value:.2f}" if value < 10 else pounds(value)


def _told(run: Result) -> str:
    kinds = poor(run)
    text = _plain(run)
    if run.copq <= 0:
        return text
    parts = [f"{pounds(value)} {KINDS[kind][1].lower()} ({KINDS[kind][2]})" for kind, value in kinds.items()]
    return (
        f"{text} Of the cost of poor quality: {', '.join(parts)}. So £{_in_hundred(kinds['cash_releasing'], run.copq)} of every £100 "
        f"is cash."
    )


def _judge(guess: str) -> str:
    run = copq.simulate(Parameters(lines=theatres(), replicates=10))
    cash = 100 * poor(run)["cash_releasing"] / run.copq
    low, high, label = _GUESSES[guess]
    verdict = (
        "Right."
        if low <= cash < high
        else "Most of it is no cash at all: it is time of staff who are paid anyway, and bills that may never come."
        if cash < low
        else "There is more cash in it than you thought: materials, agency and overtime are paid each time."
    )
    return f"You said {label[0].lower() + label[1:] if label[0] != '£' else label}. In the theatres it is £{cash:.0f} of every £100. {verdict}"


def _picture(run: Result, *, split: bool) -> dict[str, Any]:
    names = list(CATEGORY_WORDS.values())
    totals = [run.categories[category].total / 1000 for category in CATEGORY_WORDS]
    edge = [0.0] * len(names)
    marks = [
        schema.mark(
            "bar_x", "quiet", label="" if split else "Cost a year", x1=edge, x2=edge if split else totals, text=names
        )
    ]  # fmt: skip
    if split:
        starts = dict.fromkeys(CATEGORY_WORDS, 0.0)
        for kind, (role, label, _) in KINDS.items():
            some = [one for one in CATEGORY_WORDS if getattr(run.categories[one], kind) > 0]
            ends = {one: starts[one] + getattr(run.categories[one], kind) / 1000 for one in some}
            if some:
                marks.append(
                    schema.mark(
                        "bar_x", role, label=label, reveal=True, x1=[starts[one] for one in some], x2=[ends[one] for one in some],
                        text=[CATEGORY_WORDS[one] for one in some],
                    )
                )  # fmt: skip
            starts |= ends
    widest = max(totals) or 1.0
    said = "; ".join(
        f"{words.lower()} {pounds(run.categories[category].total)} and {run.categories[category].hours:,.0f} hours"
        + (
            f" ({', '.join(f'{label.lower()} {pounds(getattr(run.categories[category], kind))}' for kind, (_, label, _) in KINDS.items())})"
            if split
            else ""
        )
        for category, words in CATEGORY_WORDS.items()
    )
    return schema.figure(
        "A year's cost by category" + (", and what kind of money it is" if split else ""),
        marks,
        description=f"{_plain(run)} By category: {said}.",
        x_label="£ thousand a year",
        y_label="",
        x_range=(0, widest * 1.04),
        height=210,
    )


def _saving_picture(run: Result) -> dict[str, Any]:
    saving, marks, start = run.saving, [], 0.0
    row = "A year's saving"
    marks.append(schema.mark("bar_x", "quiet", reveal=True, x1=[0.0], x2=[0.0], text=[row]))
    for kind, (role, label, _) in KINDS.items():
        value = getattr(saving, kind) / 1000
        if value > 0:
            marks.append(
                schema.mark(
                    "bar_x", role, label=label, reveal=True, x1=[start], x2=[start + value], text=[row]
                )
            )
            start += value
    cost = run.parameters.investment / 1000
    marks.append(schema.mark("rule_x", "target", label="What it takes", reveal=True, x=[cost]))
    widest = max(start, cost) or 1.0
    return schema.figure(
        "What fewer failures would release, against what they take",
        marks,
        description=f"{' '.join(_paper(run))}",
        x_label="£ thousand a year",
        y_label="",
        x_range=(0, widest * 1.08),
        height=130,
        reveal=True,
    )


def _paper(run: Result) -> list[str]:
    saving, p = run.saving, run.parameters
    cover = (
        "Cash alone pays for it"
        if saving.net_cash >= 0
        else f"Cash falls {pounds(-saving.net_cash)} short of paying for it"
    )
    lines = [
        f"Cash-releasing: {pounds(saving.cash_releasing)} a year stops going out, if a budget is cut or kept from growing by that "
        f"much. It takes {pounds(p.investment)}. {cover}.",
        f"Capacity-releasing: {saving.hours:,.0f} staff hours"
        + (
            f", of which {pounds(saving.capacity_releasing)} worth belong to people who are paid anyway. Nothing is saved until you name "
            "the work they will do."
            if saving.capacity_releasing > 0
            else ". All of them were bought in, so they are counted above, as cash."
        ),
        f"Cost-avoiding: {pounds(saving.cost_avoiding)} might not be asked for. Keep it out of the savings column.",
        f"All three together, less what it takes: {pounds(saving.net)}. Quote it only beside the other lines.",
    ]
    if saving.hours == 0:
        lines[1] = "Capacity-releasing: no staff hours."
    return lines


def _sensitivity(run: Result) -> dict[str, Any]:
    bars = _bars(run)[:BARS]
    base = run.copq
    shift = run.copq - run.total
    labels = _labels(bars)
    low = [(min(bar.low, bar.high) + shift) / 1000 for bar in bars]
    high = [(max(bar.low, bar.high) + shift) / 1000 for bar in bars]
    ends = [*low, *high, base / 1000]
    pad = 0.08 * (max(ends) - min(ends)) or 1.0
    unsure = 100 * run.parameters.sensitivity
    said = "; ".join(
        f"{bar.line}, {INPUT_WORDS[bar.input]}: from {pounds(1000 * least)} to {pounds(1000 * most)}"
        for bar, least, most in zip(bars, low, high, strict=True)
    )
    return schema.figure(
        f"If one figure is {unsure:g}% wrong: the cost of poor quality",
        [
            schema.mark("bar_x", "comparison", label=f"From {unsure:g}% less to {unsure:g}% more", reveal=True, x1=low, x2=high, text=labels),
            schema.mark("rule_x", "centre", label=f"As it stands: {pounds(base)}", reveal=True, x=[base / 1000]),
        ],
        description=f"The widest first. {said}." if bars else "No line of appraisal or failure to vary.",
        x_label="£ thousand a year",
        y_label="",
        x_range=(min(ends) - pad, max(ends) + pad),
        height=60 + 32 * max(1, len(bars)),
        reveal=True,
    )  # fmt: skip


def _bars(run: Result) -> list[Bar]:
    """The model's bars without prevention. How many items there are and how often it happens move the total alike: one will do."""
    lines = {line.name: line for line in run.parameters.lines}
    return [
        bar
        for bar in run.bars
        if lines[bar.line].category != "prevention"
        and not (bar.input == "volume" and lines[bar.line].share < 1)
    ]


def _labels(bars: list[Bar]) -> list[str]:
    """Return a short name for each bar, each once: the line's first word and what is varied."""
    labels: list[str] = []
    for bar in bars:
        word = bar.line.split()[0].rstrip(",")
        label = f"{word if len(word) <= 8 else word[:7] + '…'}: {_INPUT_TAGS[bar.input]}"
        while label in labels:
            label += "′"
        labels.append(label)
    return labels


def _range(run: Result) -> str:
    unsure = 100 * run.parameters.sensitivity
    if unsure == 0:
        return "You have said that every figure is exact. Few finance directors will believe it."
    bars = _bars(run)
    text = f"With every figure of every line up to {unsure:g}% wrong, nine draws of ten put the whole ledger, prevention too, between {pounds(run.low)} and {pounds(run.high)}."
    if bars:
        first = bars[0]
        text += (
            f" It hangs most on one figure: {INPUT_WORDS[first.input]}, of “{first.line}”. Measure that one first."
        )  # fmt: skip
    return text


def _table(run: Result) -> dict[str, Any]:
    return schema.table(
        "Line by line, a year",
        ["Line", "Category", "Times", "Hours", "Pounds", *(label for _, label, _ in KINDS.values())],
        [
            [
                line.name,
                CATEGORY_WORDS[line.category],
                round(cost.occurrences),
                round(cost.hours, 1),
                round(cost.total),
                *(round(getattr(cost, kind)) for kind in KINDS),
            ]
            for line in run.parameters.lines
            for cost in (run.lines[line.name],)
        ],
        reveal=True,
    )


def _challenge(run: Result) -> dict[str, Any]:
    ask = "“Capacity is not cash.” Find a ledger in which at least £75 of every £100 of poor quality is cash."
    if run.copq <= 0:
        return schema.challenge(ask, False, "Nothing goes wrong in this ledger, so there is nothing to save.")
    cash = 100 * poor(run)["cash_releasing"] / run.copq
    if cash >= 75:
        text = (
            f"£{cash:.0f} of every £100. Where failures are met with agency, overtime or beds bought elsewhere, fewer of them is money in "
            "the bank, if the buying really stops. So ask first how the lost hours were paid for."
        )
        return schema.challenge(ask, True, text)
    return schema.challenge(
        ask,
        False,
        f"£{cash:.0f} of every £100 here. Who is paid each time something fails, over and above their salary?",
    )


def _download(run: Result) -> dict[str, Any]:
    shown = _table(run)
    return {"columns": shown["columns"], "rows": shown["rows"]}
