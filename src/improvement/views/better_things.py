"""W30 better things or things better: improve the design there is, or replace it, and what either costs whom."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from improvement.simulate import better
from improvement.simulate.better import Parameters, Result
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Toggle

SEEN = 12  # months of improvement on show before the guess
PEOPLE = better.DEFAULTS.people


@dataclass(frozen=True)
class Story:
    """A service: `need` is the longest wait that serves people; `new` what the redesign is and `lost` who gives up what."""

    label: str
    what: str
    unit: str
    need: float
    mean: float
    sd: float
    new_mean: float
    new_sd: float
    need_level: int
    ceiling: int
    dip: int
    risk: int
    cost: int
    given_up: int
    now: str
    new: str
    lost: tuple[str, ...]
    sector: str = ""

    def sets(self) -> dict[str, float]:
        """Return the controls that this story presets."""
        return {
            "need_level": self.need_level, "ceiling": self.ceiling, "mean": self.mean, "sd": self.sd, "dip": self.dip,
            "risk": self.risk, "cost": self.cost, "given_up": self.given_up, "months": 60,
        }  # fmt: skip


STORIES = {
    "crisis": Story(
        "Mental health crisis line", "Wait to speak to somebody who can help", "minutes", 10, 16, 8, 5, 2.5,
        95, 50, 10, 20, 300, 5,
        "A call handler takes details, a nurse rings back, and a crisis team is asked.",
        "A clinician picks up and stays with the caller until it is settled.",
        (
            "Call handlers lose a role, and nurses the quiet of a list of people to ring back.",
            "Two teams' budgets become one, so one manager loses a budget.",
            "The count of referrals, by which the crisis team showed how busy it was.",
        ),
        "mental health",
    ),
    "followups": Story(
        "Outpatient follow-ups", "Wait from a flare-up to being seen", "days", 14, 23, 12, 8, 3,
        90, 50, 10, 20, 400, 10,
        "Everybody comes every six months, and people in trouble queue behind people who are well.",
        "Patients ask for a visit when they need one, and staff look for those who cannot ask.",
        (
            "Patients who liked a fixed date lose it.",
            "Money paid by the visit falls with the visits.",
            "A full clinic, which looked like a busy and needed consultant.",
        ),
        "acute",
    ),
    "handover": Story(
        "Ambulance handover", "Wait from arrival to handover", "minutes", 30, 42, 16, 18, 6,
        95, 50, 15, 25, 500, 5,
        "Everybody comes to one door and waits there for one department.",
        "Crews ask a senior clinician first, and those who come go straight to the place that will treat them.",
        (
            "The emergency department lets go of deciding who comes in, and specialties of deciding who does not.",
            "Money for the department's door moves to wards and to the community.",
            "The nurse in charge of the queue was the one everybody rang.",
        ),
        "ambulance",
    ),
    "social": Story(
        "Social care handover", "Wait from being ready to being at home", "days", 3, 6, 4, 1.5, 0.75,
        90, 50, 10, 30, 500, 10,
        "Assessed in hospital, then a panel, then a search for a provider.",
        "Home first, with help from the first evening, and the assessment made there.",
        (
            "Hospital staff lose the last word on who is fit for home.",
            "Council and hospital put money into one pot, and neither can show it as its own.",
            "The panel's members were people of standing. It stops.",
        ),
        "system",
    ),
    "practice": Story(
        "General practice", "Wait to see the person who can help", "days", 5, 8, 4, 2.5, 1.25,
        90, 50, 10, 20, 300, 10,
        "Everybody is booked with a doctor, who then sends many of them on.",
        "One list for the whole team: the first contact is the person whose skill is needed.",
        (
            "Some patients lose the doctor they know for problems that others can settle.",
            "Partners pay for pharmacist and physiotherapist before any session is saved.",
            "A doctor's own list, and the standing that goes with it.",
        ),
        "primary care",
    ),
}  # fmt: skip

_GUESSES = {
    "two": (0, 24, "Within two years"),
    "four": (24, 48, "In two to four years"),
    "ten": (48, 120, "In four to ten years"),
    "never": (120, math.inf, "Never"),
}
_WORKINGS = {"workings": True}

DECLARATION = schema.Declaration(
    title="Things better, or better things?",
    intro="A service falls short. One team keeps improving it as it is. Another would replace the design. People who are let "
    "down in the meantime are counted on both sides.",
    prediction=schema.Prediction(
        question="For a year a good improvement team has served more people in time every month. It carries on in the same way. "
        "When, counted from its start, will the share reach the line that people need?",
        control=Choice(
            name="prediction",
            label="It will be there",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, (_, _, label) in _GUESSES.items()),
        ),
    ),
    controls=(
        Choice(
            name="story",
            label="Which service?",
            default="crisis",
            options=tuple(
                Option(value=key, label=story.label, sector=story.sector, sets=story.sets())
                for key, story in STORIES.items()
            ),
        ),
        Number(
            name="need_level",
            label="How many in 100 must be served in time",
            help="Agree this with the people who need it, before you look at what is easy.",
            default=95,
            minimum=30,
            maximum=100,
        ),
        Number(
            name="months",
            label="How long we count",
            default=60,
            minimum=SEEN,
            maximum=120,
            unit="months",
        ),
        Toggle(name="workings", label="Open the workings"),
        Number(
            name="ceiling",
            label="Ceiling: the most this design can give, in 100",
            help="However good the team.",
            default=50,
            minimum=5,
            maximum=100,
            show_when=_WORKINGS,
            keep=True,
        ),
        Number(
            name="risk",
            label="Chance that the redesign fails",
            help="Then all is as before, and the cost is spent.",
            default=20,
            minimum=0,
            maximum=100,
            unit="%",
            show_when=_WORKINGS,
            keep=True,
        ),
        Number(
            name="dip",
            label="Dip while changing over, people in 100",
            help=f"For {better.DEFAULTS.dip_months} months.",
            default=10,
            minimum=0,
            maximum=50,
            show_when=_WORKINGS,
            keep=True,
        ),
        Number(
            name="cost",
            label="Cost of the redesign, in people",
            help="How many people the same money and time would have served elsewhere.",
            default=300,
            minimum=0,
            maximum=5000,
            step=50,
            show_when=_WORKINGS,
            keep=True,
        ),
        Number(
            name="given_up",
            label="Given up: people a month who lose something they had",
            default=5,
            minimum=0,
            maximum=100,
            show_when=_WORKINGS,
            keep=True,
        ),
        Number(
            name="mean",
            label="Mean wait now",
            default=16,
            minimum=1,
            maximum=60,
            step=0.5,
            show_when=_WORKINGS,
            keep=True,
        ),
        Number(
            name="sd",
            label="Spread now",
            help="The standard deviation of waits.",
            default=8,
            minimum=0.5,
            maximum=30,
            step=0.5,
            show_when=_WORKINGS,
            keep=True,
        ),
    ),
    assumptions=(
        *better.ASSUMPTIONS,
        f"{PEOPLE} people come each month. Waits are normal, with the mean and spread set here.",
        f"Improvement closes half of what is left below its ceiling every {better.DEFAULTS.half_time:g} months, and costs "
        f"{better.DEFAULTS.improve_cost:g} people a month in the same coin.",
        f"A redesign is {better.DEFAULTS.lead_months} months on paper, then {better.DEFAULTS.dip_months} months of changing over.",
        "A person short counts when fewer are served than the agreed number. Above it nothing more is won.",
        "Money, what is given up and people let down are added in one coin. Somebody has to agree the exchange.",
    ),
    cannot_tell=better.CANNOT_TELL,
    honesty="An illustrative model. Every number in it is invented, the ceiling and the risk above all.",
)


def advise(parameters: Parameters) -> str:
    """Return "improve" or "redesign", whichever lets down fewer, or "neither" if no option reaches the need in time."""
    if not any(path.reaches for path in better.paths(parameters)):
        return "neither"
    return better.choose(parameters)


def parameters_of(params: schema.Params) -> Parameters:
    """Return the model's parameters for the controls' values."""
    story = STORIES[params["story"]]
    return Parameters(
        need_level=params["need_level"] / 100,
        need=story.need,
        mean=params["mean"],
        sd=params["sd"],
        ceiling=params["ceiling"] / 100,
        new_mean=story.new_mean,
        new_sd=story.new_sd,
        dip=params["dip"] / 100,
        risk=params["risk"] / 100,
        months=params["months"],
        redesign_cost=params["cost"],
        given_up=params["given_up"],
        replicates=1,
    )


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: a hopeful year, then both paths, the people short so far, the verdict and what is let go."""
    story, p = STORIES[params["story"]], parameters_of(params)
    result = better.simulate(p)
    advice = advise(p)
    verdict = _verdict(result, advice)
    panels = [_paths_figure(story, result)]
    if params["prediction"] is not None:
        panels.append(
            schema.sentence(_judge(params["prediction"], result), heading="Your guess", reveal=True)
        )
    code = {"improve": "common_cause", "redesign": "neutral_high", "neither": "none"}[advice]
    words = {
        "improve": "Keep improving", "redesign": "Redesign", "neither": "Neither reaches it",
    }[advice]  # fmt: skip
    panels += [
        schema.verdict("Which lets down fewer?", code, words, verdict, reveal=True),
        schema.sentence(_break_even(result), reveal=True, beside="need_level"),
        _short_figure(result),
        _bill(result),
        schema.listing(f"To let go: {story.label.lower()}", story.lost, empty="", reveal=True),
        _challenge(result, advice),
    ]
    return schema.view(panels, summary=f"{words}. {verdict}", data=_data(result))


def _in_hundred(share: float) -> str:
    return schema.shown(100 * share, 0)


def _never(p: Parameters, start: float) -> bool:
    """Whether improvement can never reach the need level, however long it goes on."""
    return max(p.ceiling, start) <= p.need_level and start < p.need_level


def _months_to_need(result: Result) -> float:
    """Months of improvement until the need level is reached: 0 if it is already, infinity if never."""
    p, start = result.parameters, result.start_share
    if start >= p.need_level:
        return 0
    if _never(p, start):
        return math.inf
    return p.half_time * math.log2((p.ceiling - start) / (p.ceiling - p.need_level))


def _judge(guess: str, result: Result) -> str:
    p, months = result.parameters, _months_to_need(result)
    least, most, label = _GUESSES[guess]
    said = f"You said {label.lower()}. "
    need, start = _in_hundred(p.need_level), _in_hundred(result.start_share)
    if months == 0:
        return f"{said}It is there already: {start} in 100 are served now, and {need} are needed."
    if months < math.inf:
        took = max(1, math.ceil(months))
        opening = "So it is: it takes" if least < took <= most else "It takes"
        return f"{said}{opening} {took} month{'s' if took > 1 else ''}, because here the ceiling is above the need."
    if p.ceiling <= result.start_share:
        return (
            f"{said}The ceiling is no higher than the {start} in 100 served now, so improving moves nothing."
        )
    year = _in_hundred(result.improve.share[SEEN - 1])
    return (
        f"{said}The first year goes from {start} to {year}, and a ruler laid along it points to {need}. But each month closes a part of "
        f"what is left below a ceiling, and this design's ceiling is {_in_hundred(p.ceiling)}. "
        + (
            "You saw it coming."
            if guess == "never"
            else "A bigger team would only get to the ceiling sooner."
        )
    )


def _verdict(result: Result, advice: str) -> str:
    p, improve, redesign = result.parameters, result.improve, result.redesign
    need = f"{_in_hundred(p.need_level)} in 100"
    fewer = "redesign" if result.choice == "redesign" else "improvement"
    bill = (
        f"Counted in people, costs included, over {p.months} months: {improve.loss:,.0f} if you improve, "
        f"{redesign.loss:,.0f} if you redesign."
    )
    if advice == "neither":
        late = "" if _never(p, result.start_share) else " Improvement would get there later."
        return (
            f"Within {p.months} months neither reaches {need}.{late} Of the two, {fewer} lets down fewer. {bill} "
            "Look for a third design, or ask again what is needed."
        )
    if advice == "improve" and not improve.reaches:
        never = _never(p, result.start_share)
        fate = (
            "Improvement never reaches" if never else f"Within {p.months} months improvement does not reach"
        )
        return (
            f"{fate} {need}, and is still the better buy: a redesign costs or risks more than it would save. {bill} "
            f"Say aloud who goes on being let down{'' if never else ' until then'}."
        )
    if advice == "improve":
        return f"The design there is can give {need}. {bill} Replacing it would put people through a change for nothing they need."
    if result.start_share >= p.need_level:
        return f"{_in_hundred(result.start_share)} in 100 are served already. Redesign wins here on cost alone. {bill}"
    reach = (
        f"Improvement never reaches {need}"
        if _never(p, result.start_share)
        else f"Improvement {'reaches' if improve.reaches else 'would reach'} {need}, but slowly"
    )
    return f"{reach}. A redesign that works gets to {_in_hundred(redesign.best_share)}. {bill}"


def _break_even(result: Result) -> str:
    level = result.break_even_need
    if level is None:
        return "Break-even need: none. With these settings improving lets down fewer, whatever is needed."
    if level <= 0.3:
        return (
            "Break-even need: below this slider. With these settings redesign lets down fewer all along it."
        )
    return f"Break-even need: {schema.shown(100 * level, 1)} in 100. Below it improving lets down fewer, costs counted; above it redesign."


def _paths_figure(story: Story, result: Result) -> dict[str, Any]:
    p = result.parameters
    months = list(range(p.months + 1))
    improve = [100 * share for share in (result.start_share, *result.improve.share)]
    works, fails = (
        [100 * share for share in (result.start_share, *better.paths(replace(p, risk=risk))[1].share)]
        for risk in (0.0, 1.0)
    )
    ceiling = 100 * max(p.ceiling, result.start_share)
    marks = [
        schema.mark("rule_y", "target", y=[100 * p.need_level], label="Needed"),
        schema.mark("rule_y", "limit", y=[ceiling], label="Ceiling of this design", reveal=True),
        schema.mark("line", "comparison", x=months, y=fails, label="Redesign that fails", reveal=True),
        schema.mark("line", "group_b", x=months, y=works, label="Redesign that works", reveal=True),
        schema.mark("line", "group_a", x=months[SEEN:], y=improve[SEEN:], reveal=True),
        schema.mark("line", "group_a", x=months[: SEEN + 1], y=improve[: SEEN + 1], label="Improving"),
    ]
    return schema.figure(
        f"{story.what}: people in 100 served within {story.need:g} {story.unit}, month by month",
        marks,
        description=(
            f"Needed: {_in_hundred(p.need_level)} in 100. Improving goes from {_in_hundred(result.start_share)} to {_in_hundred(result.improve.share[SEEN - 1])} after a "
            f"year and {_in_hundred(result.improve.share[-1])} after {p.months} months, towards a ceiling of {_in_hundred(ceiling / 100)}. A redesign that "
            f"works stays at {_in_hundred(result.start_share)} for {p.lead_months} months, falls to {_in_hundred(max(0, result.start_share - p.dip))} for {p.dip_months}, then "
            f"stands at {works[-1]:.0f}; one that fails goes back to {_in_hundred(result.start_share)}."
        ),
        x_label="Months since the start",
        y_label="In 100 people",
        x_range=(0, p.months),
        y_range=(0, 100),
        height=320,
    )


def _short_figure(result: Result) -> dict[str, Any]:
    p = result.parameters
    months = list(range(p.months + 1))
    lines = [[0.0, *path.cumulative_shortfall] for path in (result.improve, result.redesign)]
    month = _catches_up(result)
    marks = [
        schema.mark("line", "group_a", x=months, y=lines[0], label="Improving"),
        schema.mark("line", "group_b", x=months, y=lines[1], label="Redesign, failures averaged in"),
    ]
    if month:
        level = lines[1][month]
        marks.append(
            schema.mark("dot", "signal_neutral", x=[month], y=[level], label=f"Break-even: month {month}")
        )
        crossing = f"From month {month} on the redesign has the smaller total."
    else:
        crossing = f"The redesign's total is not below the other at any time that lasts to month {p.months}."
    return schema.figure(
        f"People short of the {_in_hundred(p.need_level)} in 100 needed, added up since the start",
        marks,
        description=f"After {p.months} months: improving {lines[0][-1]:,.0f}, redesign {lines[1][-1]:,.0f}. {crossing}",
        x_label="Months since the start",
        y_label="People",
        x_range=(0, p.months),
        y_zero=True,
        height=240,
        reveal=True,
    )


def _catches_up(result: Result) -> int | None:
    """The break-even month, or None if the redesign is never ahead in the people it serves."""
    ahead = result.redesign.cumulative_shortfall[-1] < result.improve.cumulative_shortfall[-1] - 1e-9
    return result.break_even_month if ahead else None


def _bill(result: Result) -> dict[str, Any]:
    p = result.parameters
    rows = []
    for name, path in (("Improving", result.improve), ("Redesign", result.redesign)):
        short = path.cumulative_shortfall[-1]
        rows.append(
            [
                name,
                f"{short:,.0f}",
                f"{path.loss - short:,.0f}",
                f"{path.loss:,.0f}",
                f"{path.cumulative_unmet[-1]:,.0f}",
                f"{_in_hundred(path.best_share)}{' if it works' if name == 'Redesign' else ''}",
            ]
        )
    return schema.table(
        f"The bill after {p.months} months, in people",
        [
            "",
            "Short of the need",
            "Cost and given up",
            "In all",
            "Not served, out of everybody",
            "Served in the end, in 100",
        ],
        rows,
        open=True,
        reveal=True,
    )


def _challenge(result: Result, advice: str) -> dict[str, Any]:
    never = _never(result.parameters, result.start_share)
    met = never and result.choice == "improve"
    if met and advice == "neither":
        text = "Found: neither gets there, and replacing the design costs more than it saves. That is no reason to stop asking for a third design."
    elif met:
        text = "Found: the need lies above the ceiling and yet the redesign is the worse buy. Which number did it, and who would know its true value?"
    elif never:
        text = (
            "Here improvement never gets there and redesign is the better buy. What would make it a bad one?"
        )
    else:
        text = "Here improvement gets there in time. Raise the need above the ceiling first."
    return schema.challenge(
        "“Above the ceiling, redesign.” Find settings where improvement never reaches the need and is still the better choice.",
        met,
        text,
    )


def _data(result: Result) -> dict[str, Any]:
    rows = [
        [
            month,
            *(
                round(value, 4)
                for path in (result.improve, result.redesign)
                for value in (path.share[month - 1], path.cumulative_shortfall[month - 1])
            ),
        ]
        for month in range(1, result.parameters.months + 1)
    ]
    return {
        "columns": [
            "Month", "Improving: share served", "Improving: people short so far", "Redesign: expected share served",
            "Redesign: expected people short so far",
        ],
        "rows": rows,
    }  # fmt: skip
