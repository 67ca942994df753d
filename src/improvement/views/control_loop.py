"""W31 control loop: build a loop from its parts, run it through 120 days in which things go wrong, and see what it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from improvement.simulate import control_loop as model
from improvement.simulate.control_loop import Parameters, Result
from improvement.spc import wording
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Seed, Text, Toggle, shown

LONG_SPREADS = 4  # need lies so many spreads above the level of a redesigned process
SHORT = 6  # days a spike lasts


@dataclass(frozen=True)
class Story:
    """A measure to put a loop around: one reading a day, lower is better."""

    label: str
    sector: str
    subject: str
    unit: str
    sensor: str
    mean: float
    sd: float
    need: float
    answer: str


STORIES = {
    "phones": Story("General practice: waiting on the phone", "primary care", "The day's average wait to be answered", "minutes",
        "the telephone system's own log", 6, 1, 10, "the reception lead opens a second line and finds out what is different"),
    "visits": Story("Community: urgent home visits", "community", "The day's average time to an urgent visit", "hours",
        "times written on the visit sheet", 1.4, 0.2, 2.2, "the coordinator moves visits and finds out what is different"),
    "contact": Story("Mental health: first contact after referral", "mental health", "Days from referral to first contact, longest that day", "days",
        "the referral list", 12, 3, 28, "the duty clinician rings the person today and finds out what is different"),
    "sepsis": Story("Acute: antibiotics in sepsis", "acute", "Minutes to antibiotics, first patient of the day", "minutes",
        "the drug chart", 75, 20, 60, "the nurse in charge sees to the patient and finds out what is different"),
    "handover": Story("Ambulance: handover at hospital", "ambulance", "The day's average handover", "minutes",
        "the vehicle's clock", 50, 6, 45, "the bay's duty manager frees a trolley and finds out what is different"),
}  # fmt: skip

_OWNERS = {
    "nobody": "Everybody (nobody by name)",
    "person": "A named role, on duty every day",
    "committee": "A committee, every 28 days",
}
_RULES = {
    "ignore": "None written; a busy owner",
    "react": "None written; a worried owner",
    "limits": "Ask if above the limits",
    "runs": "Ask if above the limits, or seven in a row above usual",
}
_RESPONSES = {
    "nothing": "None agreed",
    "explain": "An explanation, in writing",
    "cause": "Look after people, find the cause, mend it",
}
_TROUBLES = {
    "all": model.TROUBLES,
    "spikes": tuple(trouble for trouble in model.TROUBLES if trouble.length),
    "none": (),
}
_GUESSES = {"3": "All three", "2": "Two", "1": "One", "0": "None"}
_OWN = {"story": "own"}

DECLARATION = schema.Declaration(
    title="Build a control loop, then run it",
    intro="One reading a day, lower is better. Over 120 days three things go wrong: two spikes that pass after six days, and a lasting "
    "shift. Your loop has to find them.",
    controls=(
        Choice(
            name="story",
            label="What is watched?",
            default="phones",
            options=(
                *(Option(value=name, label=story.label, sector=story.sector) for name, story in STORIES.items()),
                Option(value="own", label="Something of mine"),
            ),
        ),
        Text(name="subject", label="Control subject", help="The one thing to hold steady. No names of people.", default="", maximum_length=120, show_when=_OWN),
        Text(name="unit", label="Unit", default="", maximum_length=40, show_when=_OWN),
        Text(name="sensor", label="Sensor: where each number comes from", default="", maximum_length=120, show_when=_OWN),
        Text(name="who", label="Owner, by role", default="", maximum_length=80, show_when=_OWN),
        Text(name="answer", label="What the owner does", default="", maximum_length=200, show_when=_OWN),
        Number(name="mean", label="Usual level", default=20, minimum=0.1, maximum=10000, step=0.1, show_when=_OWN),
        Number(name="sd", label="Usual spread", help="Standard deviation. No idea? A sixth of the usual range.", default=4, minimum=0.01, maximum=5000, step=0.01, show_when=_OWN),
        Number(name="need", label="Need: at most", default=40, minimum=0.1, maximum=20000, step=0.1, show_when=_OWN),
        Choice(name="owner", label="Who owns it?", default="nobody", options=tuple(Option(value=value, label=label) for value, label in _OWNERS.items())),
        Choice(name="rule", label="Rule: when to ask", default="runs", options=tuple(Option(value=value, label=label) for value, label in _RULES.items())),
        Choice(name="response", label="Response", default="cause", options=tuple(Option(value=value, label=label) for value, label in _RESPONSES.items())),
        Number(name="every", label="A reading every", default=1, minimum=1, maximum=28, unit="days"),
        Number(name="delay", label="It reaches the owner after", default=0, minimum=0, maximum=42, unit="days"),
        Toggle(name="tighten", label="Tighten: demand a reason for every miss of the need"),
        Toggle(name="redesign", label="Redesign the work first", help="Only matters if the process cannot meet the need."),
        Choice(
            name="trouble",
            label="What goes wrong?",
            default="all",
            options=(
                Option(value="all", label="Two spikes and a lasting shift"),
                Option(value="spikes", label="Two spikes only"),
                Option(value="none", label="Nothing at all"),
            ),
        ),
        Seed(default=3, label="Luck", help="Other ordinary days, the same troubles."),
    ),
    prediction=schema.Prediction(
        question=(
            "A practice measures its phone waits daily. The chart hangs in reception with its limits drawn. The rule is written, and "
            "what to do is agreed. It is everybody's job to look. Three things go wrong in 120 days. How many will be acted on?"
        ),
        control=Choice(
            name="prediction",
            label="Acted on",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    assumptions=(
        *model.ASSUMPTIONS,
        "Limits are the usual level plus and minus three spreads. A spike is four or five spreads high, the shift one and a half.",
        f"A process counts as able to meet the need if {model.DEFAULTS.aim:.0%} of ordinary readings do. A redesigned one runs with the need "
        f"{LONG_SPREADS} spreads above its level.",
        f"A reading costs {model.DEFAULTS.hours_per_reading * 60:g} minutes, a response {model.DEFAULTS.hours_per_response:g} hours.",
    ),
    cannot_tell=model.CANNOT_TELL,
    honesty="An illustrative model with invented numbers. In it everybody's job is nobody's; real teams sometimes do better. What you type stays on "
    "this device.",
)  # fmt: skip


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the days with what the loop did, the loop as drawn, the troubles, the gate and the plan."""
    own = params["story"] == "own"
    story = _own(params) if own else STORIES[params["story"]]
    asked = Parameters(
        mean=story.mean, sd=story.sd, need=story.need, every=params["every"], delay=params["delay"],
        owner=params["owner"], rule=params["rule"], response=params["response"], tighten=params["tighten"],
        troubles=_TROUBLES[params["trouble"]],
    )  # fmt: skip
    redesigned = params["redesign"] and not asked.capable
    if redesigned:
        asked = replace(asked, mean=story.need * 0.6, sd=story.need * 0.4 / LONG_SPREADS)
    result = model.simulate(asked, seed=params["seed"])
    missing = _missing(params) if own else []
    broken = [*missing, *_broken(asked)]
    headline = _headline(result)
    loop = _graph(story, asked, params, missing, known=params["prediction"] is not None)
    if params["prediction"] is None:
        panels = [loop]
    else:
        panels = [_figure(story, result)]
        if not own:
            panels.append(schema.sentence(_judge(params, result), heading="Your guess", reveal=True))
        panels += [schema.sentence(headline, heading="What the loop did", reveal=True), loop]
    panels += [
        schema.listing(
            "Links to mend",
            [words for _, words in broken],
            empty="None: every link is there. Whether each is any good, only running it shows.",
            reveal=True,
        ),
        _gate(story, result, redesigned=redesigned, wanted=params["redesign"]),
        *([_troubles(result)] if result.outcomes else []),
        _owners(result),
        _challenge(result, whole=not _broken(asked)),
    ]
    plan = _plan(story, asked, params)
    panels.append(schema.table("The start of a control plan", plan["columns"], plan["rows"], reveal=True))
    notices = []
    if own and story.mean < 3 * story.sd:
        notices.append(
            schema.notice(
                "warning",
                "The spread is wide for this level, so days are cut off at 0. A measure like that is seldom bell-shaped: chart it first.",
                control="sd",
            )
        )
    return schema.view(panels, summary=headline, notices=notices, data=plan)


def _own(params: schema.Params) -> Story:
    return Story(
        "Something of mine",
        "",
        params["subject"].strip() or "My measure",
        params["unit"].strip() or "units",
        params["sensor"].strip() or "not said yet",
        params["mean"],
        params["sd"],
        params["need"],
        params["answer"].strip() or "not said yet",
    )


def _missing(params: schema.Params) -> list[tuple[str, str]]:
    """The boxes still empty in a loop of the reader's own, by link."""
    wanted = {
        "subject": ("subject", "Control subject: say what is held steady."),
        "unit": ("subject", "Unit: say what it is counted in."),
        "sensor": ("sensor", "Sensor: say where each number comes from."),
        "who": ("owner", "Owner: name a role that is on duty every day."),
        "answer": ("response", "Response: say what the owner does."),
    }
    if params["owner"] != "person":
        del wanted["who"]
    return [found for name, found in wanted.items() if not params[name].strip()]


def _broken(p: Parameters) -> list[tuple[str, str]]:
    """The links that are missing, or too slow for a spike, each with a sentence."""
    broken = []
    if p.owner == "nobody":
        broken.append(("owner", "Owner: nobody by name, so nobody looks."))
    if p.rule == "ignore":
        broken.append(("rule", "Rule: none, so a busy owner waits for something worse."))
    if p.rule == "react":
        broken.append(("rule", "Rule: none, so a worried owner answers every reading above the average."))
    if p.response == "nothing":
        broken.append(("response", "Response: none agreed, so a signal is seen and left."))
    if p.response == "explain":
        broken.append(("response", "Response: an explanation changes no tomorrow."))
    if p.owner == "committee":
        broken.append(
            ("owner", f"Owner: a committee may look at a reading {p.meets_every - 1} days after it came.")
        )
    if (oldest := p.every - 1 + p.delay) >= SHORT:
        broken.append(
            ("sensor", f"Sensor: trouble may be {oldest} days old before its first reading is seen. A spike of {SHORT} days is over by then.")
        )  # fmt: skip
    return broken


def _headline(result: Result) -> str:
    troubles, responses = len(result.outcomes), len(result.responses)
    if not responses:
        if not troubles:
            return "Nothing went wrong and nothing was done."
        return (
            f"Acted on: 0 of {troubles}. Not one response in {result.parameters.days} days, "
            f"{wording.plural(result.days_in_trouble, 'day')} of them in trouble."
        )
    acted = f"Acted on: {result.acted_on} of {troubles}. " if troubles else "Nothing went wrong. "
    return (
        f"{acted}Days in trouble: {result.days_in_trouble}. {wording.plural(responses, 'response').capitalize()}, {_wasted(result)}. "
        f"Time spent: {shown(result.hours, 0)} hours."
    )


def _wasted(result: Result) -> str:
    false, late = result.count("false"), result.count("late")
    if not false + late:
        return "none of them for nothing"
    parts = [f"{false} about nothing"] * bool(false) + [f"{late} too late"] * bool(late)
    return " and ".join(parts)


def _judge(params: schema.Params, result: Result) -> str:
    guess = _GUESSES[params["prediction"]].lower()
    rest = (
        "A chart on a wall tells nobody in particular. Now name an owner."
        if params["owner"] == "nobody"
        else "With everybody as the owner it was none."
    )
    if params["prediction"] == "0":
        return f"You said none, and none it was, all 120 days long. {rest}"
    return f"You said {guess}. With everybody looking, nobody did: none was acted on. {rest}"


def _figure(story: Story, result: Result) -> dict[str, Any]:
    p = result.parameters
    days = list(range(1, p.days + 1))
    low = max(0.0, p.mean - 3 * p.sd)
    top = 1.08 * max(p.mean + 7 * p.sd, p.need, *result.values)
    marks = [
        schema.mark("band", "limit", reveal=True, x1=[0.5], x2=[p.days + 0.5], y1=[low], y2=[p.upper_limit]),
        schema.mark("rule_y", "limit", reveal=True, y=[p.upper_limit], label="Upper limit"),
        schema.mark("rule_y", "centre", reveal=True, y=[p.mean], label="Usual"),
        schema.mark("rule_y", "target", reveal=True, y=[p.need], label="Need"),
    ]
    if result.outcomes:
        marks.append(
            schema.mark(
                "band", "signal_concern", reveal=True,
                x1=[outcome.trouble.start - 0.5 for outcome in result.outcomes],
                x2=[outcome.last_day + 0.5 for outcome in result.outcomes],
                y1=[0.0] * len(result.outcomes), y2=[top] * len(result.outcomes),
            )
        )  # fmt: skip
    marks.append(schema.mark("line", "quiet", reveal=True, label="Every day", x=days, y=result.values))
    read = result.readings
    if read and p.every > 1:
        marks.append(
            schema.mark(
                "dot", "data", reveal=True, label="Readings",
                x=read, y=[result.values[day - 1] for day in read],
                title=[f"Day {day}: {shown(result.values[day - 1])}" for day in read],
            )
        )  # fmt: skip
    for kinds, role, label in (
        (("due",), "signal_improvement", "Response: something was wrong"),
        (("false", "late"), "prediction", "Response to nothing, or too late"),
    ):
        chosen = [response.day for response in result.responses if response.kind in kinds]
        if chosen:
            marks.append(
                schema.mark(
                    "dot", role, reveal=True, label=label, x=chosen, y=[result.values[day - 1] for day in chosen],
                    title=[f"Response on day {day}" for day in chosen],
                )
            )  # fmt: skip
    spans = "; ".join(_fate(place, outcome) for place, outcome in enumerate(result.outcomes, start=1))
    return schema.figure(
        f"{story.subject} ({story.unit}): {p.days} days, shaded while something is wrong",
        marks,
        description=(
            f"Usual level {shown(p.mean)}, upper limit {shown(p.upper_limit)}, need at most {shown(p.need)}. "
            f"{spans + '. ' if spans else ''}{_headline(result)}"
        ),
        x_label="Day",
        y_label=story.unit.capitalize(),
        y_range=(0, top),
        x_range=(0, p.days + 1),
        height=280,
        reveal=True,
    )


def _fate(place: int, outcome: model.Outcome) -> str:
    kind = "a shift" if outcome.trouble.length is None else "a spike"
    what = f"Trouble {place}, {kind} from day {outcome.trouble.start}"
    if outcome.ended_on is not None:
        return f"{what}, was ended on day {outcome.ended_on}"
    if outcome.trouble.length is None:
        return f"{what}, was still there on day {outcome.last_day}"
    return f"{what}, passed by itself after day {outcome.last_day}"


def _graph(
    story: Story, p: Parameters, params: schema.Params, missing: Sequence[tuple[str, str]], *, known: bool
) -> dict[str, Any]:
    """The loop from subject to response and back, a dashed box for each link that is missing or too slow."""
    broken = {link for link, _ in [*missing, *_broken(p)]}
    gaps = broken if known else set()
    frequency = "each day" if p.every == 1 else f"every {p.every} days"
    when = "the same day" if not p.delay else "a day later" if p.delay == 1 else f"{p.delay} days later"
    who = params["who"].strip() if params["story"] == "own" and p.owner == "person" else ""
    boxes = {
        "subject": f"{story.subject} ({story.unit})",
        "sensor": f"{story.sensor.capitalize()}, {frequency}, seen {when}",
        "standard": f"Usual {shown(p.mean)}, limit {shown(p.upper_limit)}",
        "owner": who or _OWNERS[p.owner],
        "rule": _RULES[p.rule],
        "response": _RESPONSES[p.response],
    }
    columns = (
        ("Subject and unit", ("subject",)),
        ("Sensor", ("sensor",)),
        ("Standard and owner", ("standard", "owner")),
        ("Rule", ("rule",)),
        ("Response", ("response",)),
    )
    state = {link: "gap" if link in gaps else "good" if known else "plain" for link in boxes}
    links = (
        ("subject", "sensor"), ("sensor", "owner"), ("standard", "rule"), ("owner", "rule"), ("rule", "response"),
    )  # fmt: skip
    closed = not gaps
    told = (
        "The loop goes from subject to sensor, owner with a standard, rule and response, which acts on the subject again. "
        + "; ".join(f"{link}: {words}" for link, words in boxes.items())
        + "."
    )
    if known:
        told += (
            " Every link is there."
            if closed
            else f" Missing or too slow: {', '.join(link for link in boxes if link in gaps)}."
        )
    back = (
        f"Acts on the {story.unit} of tomorrow" if closed or not known else "Nothing reaches tomorrow in time"
    )
    return schema.graph(
        "The loop you have built" if known else "The practice's loop",
        [
            *((heading, [(link, boxes[link], state[link]) for link in ids]) for heading, ids in columns),
            (
                "Back to the subject",
                [("back", back, "good" if known and closed else "gap" if known else "plain")],
            ),
        ],
        [
            *((start, stop, "gap" if start in gaps else "plain") for start, stop in links),
            ("response", "back", "gap" if "response" in gaps else "plain"),
        ],
        description=told,
    )


def _gate(story: Story, result: Result, *, redesigned: bool, wanted: bool) -> dict[str, Any]:
    """The capability gate: tightening may be blocked. Watching and rescue never are."""
    p = result.parameters
    ordinary = f"On ordinary days {_share(p)} readings meet the need of {shown(p.need)} {story.unit}."
    if p.capable:
        heading, code = "The gate is open", "reliably_meets"
        words = "This process can meet the need"
        text = f"{ordinary} A miss is a surprise, so asking about each makes sense."
        if redesigned:
            text = f"Redesigned: usual level {shown(p.mean)}. {text}"
        elif wanted:
            text += " It needs no redesign for that, so nothing was changed."
        if p.tighten:
            text += f" Tightened: {_misses(result.past_need)} to give a reason for"
            text += "." if result.responses or not result.past_need else ", and nobody who gives one."
        return schema.verdict(heading, code, words, text, reveal=True)
    rescue = _rescue(result)
    if not p.tighten:
        text = f"{ordinary} Keep watching and keep rescuing. {rescue} Do not tighten it. Switch on the redesign and see."
        return schema.verdict("The gate is shut to tightening", "reliably_misses", "This process cannot meet the need", text, reveal=True)  # fmt: skip
    forced = model.simulate(replace(p, gate=False), seed=result.seed)
    saved = (
        f"Let through, it would have asked for {wording.plural(len(forced.responses), 'reason')}, {forced.count('false')} of them about "
        "nothing special."
        if forced.responses
        else "Let through, it would have changed nothing: there is nobody to give a reason."
    )
    text = (
        f"{ordinary} Tightening is blocked. The loop itself runs on: readings, rule and response as before. {rescue} {saved} What would "
        "help is a redesign: switch it on."
    )
    return schema.verdict("The gate blocks tightening", "reliably_misses", "This process cannot meet the need", text, reveal=True)  # fmt: skip


def _misses(number: int) -> str:
    return f"{wording.count(number)} {'miss' if number == 1 else 'misses'}"


def _share(p: Parameters) -> str:
    if p.p_meet > 0.9995:
        return "practically all"
    return "hardly any" if p.p_meet < 0.0005 else f"{100 * p.p_meet:.3g}% of"


def _rescue(result: Result) -> str:
    return (
        f"{wording.plural(result.past_need, 'reading').capitalize()} past the need; the people behind {result.rescued} of them "
        "were looked after within a day."
    )


def _troubles(result: Result) -> dict[str, Any]:
    rows = []
    for place, outcome in enumerate(result.outcomes, start=1):
        lasting = outcome.trouble.length is None
        rows.append(
            [
                f"{place}. {'Shift, lasting' if lasting else 'Spike'}",
                outcome.trouble.start,
                outcome.ended_on,
                outcome.delay_to_act,
                outcome.last_day - outcome.trouble.start + 1,
                "acted on" if outcome.ended_on is not None else "never" if lasting else "missed: it passed",
            ]
        )
    return schema.table(
        "What went wrong, and when the loop acted",
        ["Trouble", "From day", "Acted on day", "Days until then", "Days it lasted", "Outcome"],
        rows,
        open=True,
        reveal=True,
    )


def _owners(result: Result) -> dict[str, Any]:
    """The same days and the same other links under each owner."""
    rows = []
    for owner, label in _OWNERS.items():
        other = model.simulate(replace(result.parameters, owner=owner), seed=result.seed)
        rows.append(
            [
                label,
                f"{other.acted_on} of {len(other.outcomes)}",
                other.days_in_trouble,
                other.count("false"),
                other.count("late"),
                round(other.hours),
            ]
        )
    return schema.table(
        "The same days and links, another owner",
        ["Owner", "Acted on", "Days in trouble", "False responses", "Late responses", "Hours"],
        rows,
        reveal=True,
    )


def _challenge(result: Result, *, whole: bool) -> dict[str, Any]:
    ask = "Find a broken loop that loses nothing: no trouble missed, no day worse than with every link in place."
    if whole:
        return schema.challenge(ask, False, "Every link is there. Break one.")
    best = model.simulate(
        replace(result.parameters, owner="person", rule="runs", response="cause", every=1, delay=0), seed=result.seed
    )  # fmt: skip
    if result.acted_on < len(result.outcomes) or result.days_in_trouble > best.days_in_trouble:
        extra = result.days_in_trouble - best.days_in_trouble
        return schema.challenge(
            ask,
            False,
            f"This one has {wording.plural(max(0, extra), 'day')} more in trouble than a whole loop.",
        )
    if not result.outcomes:
        return schema.challenge(
            ask,
            True,
            "Nothing went wrong, so nothing was lost. A quiet year proves luck. It says nothing about the loop.",
        )
    return schema.challenge(
        ask,
        True,
        f"Nothing was lost but time: {shown(result.hours, 0)} hours against {shown(best.hours, 0)}. The model forgives a false response. "
        "Your staff may not.",
    )


def _plan(story: Story, p: Parameters, params: schema.Params) -> dict[str, Any]:
    """The loop as rows of a control plan, with what is still to be agreed."""
    own = params["story"] == "own"
    to_agree = "to be agreed"
    owner = to_agree if p.owner == "nobody" else _OWNERS[p.owner]
    if own and params["who"].strip() and p.owner == "person":
        owner = params["who"].strip()
    answer = f"{_RESPONSES[p.response]}: {story.answer}" if p.response == "cause" else to_agree
    return {
        "columns": ["Part", "Here"],
        "rows": [
            ["Control subject", story.subject],
            ["Unit", story.unit],
            ["Standard", f"usual {shown(p.mean)}, upper limit {shown(p.upper_limit)}"],
            ["Need", f"at most {shown(p.need)}"],
            ["Capability, checked first", f"{_share(p)} ordinary readings meet the need"],
            ["Sensor", story.sensor],
            ["Frequency", f"every {wording.plural(p.every, 'day')}" if p.every > 1 else "daily"],
            ["Delay until seen", wording.plural(p.delay, "day") if p.delay else "none"],
            ["Owner", owner],
            ["Decision rule", to_agree if p.rule in ("ignore", "react") else _RULES[p.rule]],
            ["Response", answer],
            ["For each miss, whatever the rule", "look after the people affected, the same day"],
            ["If it does not work: escalate to", to_agree],
            ["Tightening", _tightening(p)],
            ["Review this plan on", to_agree],
        ],
    }


def _tightening(p: Parameters) -> str:
    if not p.tighten:
        return "none"
    return "a reason for every miss" if p.tightened else "blocked: redesign first"
