"""W34 PDSA ramp: size your own tests of an idea with a hidden flaw, and count what they found and whom they harmed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import Any

from improvement.simulate import pdsa as model
from improvement.simulate import streams
from improvement.simulate.pdsa import Cycle, Parameters
from improvement.spc import wording
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Seed, Turns, shown

PEOPLE = 200
LIMIT = 5
MOST_TESTS = 8
REPLICATES = 300
PLANS = {
    "ramp": ("Ramp", (1, 5, 10, 25, 159)),
    "pilot": ("Pilot, then roll-out", (25, 175)),
    "once": ("All at once", (PEOPLE,)),
}
_ROLES = {"ramp": "group_a", "pilot": "group_b", "once": "group_d"}
_FIRST_TESTS = (1, 5, 10, 25, 100)
CASE = Parameters(
    baseline=0.6, effect=0.2, flaw_rate=0.1, sizes=PLANS["ramp"][1], stop_at=1, response="adapt", fix_chance=0.7,
    shrinkage=0.0, flaw_growth=0.0, safety_limit=LIMIT, replicates=REPLICATES,
)  # fmt: skip
"""The idea that the question is about."""


@dataclass(frozen=True)
class Story:
    """An idea in words: what is tried, what it is to work, and how the flaw harms."""

    label: str
    sector: str
    idea: str
    works: str
    harm: str


STORIES = {
    "recall": Story(
        "General practice: a text in place of the recall letter", "primary care",
        "A text with a link replaces the letter that calls people for a blood test.",
        "the test is booked within a week", "the text is never read, and a test that was due is missed",
    ),
    "dressing": Story(
        "Community: people change their own dressing", "community",
        "People with a leg wound are shown how to change the dressing themselves.",
        "the wound stays clean without a visit", "the wound gets worse before anybody sees it",
    ),
    "video": Story(
        "Mental health: a video call after going home", "mental health",
        "A video call replaces the first visit after people leave the ward.",
        "they have talked with somebody within three days", "they cannot get in, and drop off the list",
    ),
    "falls": Story(
        "Ambulance: falls straight to the falls team", "ambulance",
        "Crews refer people who have fallen to the falls team and leave them at home.",
        "they are seen at home the same day", "an injury is missed",
    ),
    "tablets": Story(
        "Acute: tablets in place of the drip on day two", "acute",
        "Antibiotics change from drip to tablets on day two, by a rule.",
        "they go home a day sooner", "the fever comes back",
    ),
}  # fmt: skip

_CONTEXTS = {
    "same": ("Everywhere is like here", 0.0, 0.0),
    "shrinks": ("It helps less elsewhere", 0.25, 0.0),
    "worse": ("The flaw is worse elsewhere", 0.0, 0.5),
}
_GUESSES = {
    "pilot": "Pilot: 25 people show what one or five would miss",
    "same": "No difference: one flaw, the same 200 people",
    "little": "Ramp, by a little",
    "half": "Ramp, by about half",
}
_SET = {"play": "set"}
_MENDING = round(100 * CASE.fix_chance)

DECLARATION = schema.Declaration(
    title="PDSA ramp",
    intro=f"{PEOPLE} people wait for an idea. You decide how many meet it next. What you cannot see is its flaw.",
    prediction=schema.Prediction(
        question=(
            f"An idea harms one person in ten, and nobody knows it yet. Two teams, {PEOPLE} people each. Team Pilot tests it on 25, then rolls "
            "out. Team Ramp tests it on 1, then 5, 10 and 25, then rolls out. Whoever sees a harm stops and mends the idea before going on; "
            f"mending works {_MENDING // 10} times in 10. Which team harms fewer people?"
        ),
        control=Choice(
            name="prediction",
            label="Fewer are harmed by",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
        commit="Commit and let me test",
    ),
    controls=(
        Choice(
            name="play",
            label="Which idea?",
            radio=True,
            default="case",
            options=(
                Option(value="case", label="The one in the question: harms one in ten"),
                Option(value="blind", label="One I know nothing about"),
                Option(value="set", label="One I set up myself"),
            ),
        ),
        Choice(
            name="story",
            label="Where?",
            default="recall",
            options=tuple(
                Option(value=key, label=story.label, sector=story.sector) for key, story in STORIES.items()
            ),
        ),
        Number(
            name="predicted",
            label="Your prediction: it works for",
            help=f"Write it before the test. Until now it is {100 * CASE.baseline:.0f} in 100.",
            default=80,
            minimum=0,
            maximum=100,
            step=5,
            unit="%",
        ),
        Turns(
            name="ramp",
            label="How many are in the next test?",
            help="Commit your guess first. A test takes a week; the others wait.",
            turn="Test",
            counted=False,
            maximum=MOST_TESTS,
            options=(
                *(Option(value=str(size), label=str(size)) for size in (1, 5, 10, 25)),
                Option(value="all", label="Everybody left"),
            ),
        ),
        Choice(
            name="response",
            label="Somebody is harmed. What then?",
            default="adapt",
            options=(
                Option(value="adapt", label=f"Mend it before the next test ({_MENDING // 10} times in 10 that works)"),
                Option(value="stop", label="Drop the idea"),
                Option(value="carry_on", label="Carry on: it is only a pilot"),
            ),
        ),
        Number(name="flaw", label="Hidden flaw: harms, of 100", default=10, minimum=0, maximum=50, show_when=_SET),
        Number(
            name="effect",
            label="Without the flaw it works for so many more of 100",
            help="Below nought, the idea is a bad one.",
            default=20,
            minimum=-30,
            maximum=40,
            step=5,
            show_when=_SET,
        ),
        Choice(
            name="context",
            label="Other places and people",
            default="same",
            options=tuple(Option(value=key, label=words) for key, (words, _, _) in _CONTEXTS.items()),
            show_when=_SET,
        ),
        Number(
            name="stop_at",
            label="Stop rule: act when so many are harmed in one test",
            default=1,
            minimum=1,
            maximum=5,
            show_when=_SET,
        ),
        Number(
            name="wait",
            label="A week of waiting harms, of 100",
            help="People who need the idea now.",
            default=0,
            minimum=0,
            maximum=10,
            step=0.5,
            show_when=_SET,
        ),
        Seed(label="People", help="The same number brings the same people, in the same order.", maximum=999),
    ),
    assumptions=(
        *model.ASSUMPTIONS,
        f"Until now {100 * CASE.baseline:.0f} of 100 do well. Mending takes no time. A harmed person does not count as one for whom it worked.",
        "Where other places differ, a test ten times as large meets the idea at three quarters of its effect, or the flaw at one and a half times its rate.",
        f"Averages are exact. The chance of more than {LIMIT} harmed is counted from {REPLICATES} simulated runs, so it may be some 5 in 100 out.",
        "A written prediction is surprised when the result is outside the central 95% of what it allows.",
    ),
    cannot_tell=model.CANNOT_TELL,
    honesty="An illustrative model with invented numbers. One harm is counted like another here; in your service that is the first thing to ask.",
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What to expect of a plan: chances from 0 to 1, people harmed by the idea and by waiting, on average."""

    sizes: tuple[int, ...]
    first: float
    before_rollout: float
    harmed: float
    over_limit: float
    still_flawed: float
    waiting: float
    path: tuple[float, ...]

    @property
    def total(self) -> float:
        return self.harmed + self.waiting


def sizes_of(ramp: Sequence[str]) -> tuple[int, ...]:
    """Return the sizes of the tests decided so far; nobody is tested twice, so the last may be cut short."""
    sizes: list[int] = []
    for answer in ramp:
        if left := PEOPLE - sum(sizes):
            sizes.append(left if answer == "all" else min(int(answer), left))
    return tuple(sizes)


def parameters_of(params: schema.Params) -> Parameters:
    """Return the model's parameters for the controls' values; for the unknown idea, those its seed draws."""
    chosen = {"response": params["response"], "predicted": params["predicted"] / 100}
    if params["play"] == "case":
        return replace(CASE, **chosen)
    if params["play"] == "set":
        flaw, effect, context = params["flaw"] / 100, params["effect"] / 100, params["context"]
        chosen["stop_at"] = params["stop_at"]
    else:
        stream = streams.seeded(params["seed"], "an idea nobody knows")
        flaw, effect = (
            stream.choice((0.0, 0.02, 0.05, 0.1, 0.2)),
            stream.choice((-0.1, 0.0, 0.1, 0.2, 0.3)),
        )
        context = stream.choice(sorted(_CONTEXTS))
    _, shrinkage, growth = _CONTEXTS[context]
    return replace(CASE, flaw_rate=flaw, effect=effect, shrinkage=shrinkage, flaw_growth=growth, **chosen)  # fmt: skip


@lru_cache(maxsize=64)
def plan(parameters: Parameters, wait: float = 0.0) -> Plan:
    """Return what to expect of the tests in `parameters`, the last being the roll-out.

    `wait` is the chance that a week of waiting harms a person. People wait as long as tests go on.
    """
    result = model.simulate(parameters, seed=1)
    steps = result.steps
    left = [sum(parameters.sizes[place + 1 :]) for place in range(len(steps))]
    on = [step.chance_flawed if parameters.response == "stop" else 1.0 for step in (*steps[1:], steps[-1])]
    return Plan(
        parameters.sizes,
        steps[0].chance_seen,
        steps[-2].seen_by_now if len(steps) > 1 else 0.0,
        result.expected_harmed,
        result.share_over_limit,
        result.chance_still_flawed,
        wait * sum(waiting * going for waiting, going in zip(left, on, strict=True)),
        tuple(accumulate(step.harmed for step in steps)),
    )


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the log of the reader's tests, whom they harmed, what they taught, and four plans compared."""
    story, sizes = STORIES[params["story"]], sizes_of(params["ramp"])
    p = parameters_of(params)
    wait = params["wait"] / 100 if params["play"] == "set" else 0.0
    cycles: tuple[Cycle, ...] = ()
    if sizes:
        cycles = model.simulate(replace(p, sizes=sizes, replicates=1), seed=params["seed"]).cycles
    dropped = bool(cycles) and p.response == "stop" and cycles[-1].seen
    over = dropped or sum(sizes) == PEOPLE
    known = params["play"] != "blind" or over
    plans = {key: plan(replace(p, sizes=tests), wait) for key, (_, tests) in PLANS.items()}
    if sizes:
        left = PEOPLE - sum(sizes)
        plans = {"own": plan(replace(p, sizes=(*sizes, left) if left else sizes), wait), **plans}
    told = _told(story, p, cycles, over=over, dropped=dropped)
    log = _log(p, cycles, over=over)
    panels: list[dict[str, Any]] = []
    if params["prediction"] is None:
        panels.append(_question_table())
    panels += [schema.sentence(told, beside="ramp", reveal=True), _time_figure(p, cycles)]
    if params["prediction"] is not None:
        panels.append(schema.sentence(_judge(params["prediction"]), heading="Your guess", reveal=True))
    panels.append(schema.table("Your PDSA log", log["columns"], log["rows"], open=True, reveal=True))
    if cycles:
        taught = _taught(p, cycles, dropped=dropped, known=known)
        panels.append(schema.sentence(taught, heading="What the tests taught", reveal=True))
    flawed = not known or p.flaw_rate > 0
    if flawed or wait:
        panels.append(_harm_figure(cycles, plans if known else {}))
    if known:
        if over:
            panels.append(schema.sentence(_truth(p, cycles), heading="What only a model knows", reveal=True))
        if flawed or wait:
            panels.append(_plans_table(p, plans, over=over, wait=wait))
        if flawed:
            panels.append(_first_table(p))
        panels.append(_challenge(p, plans))
    return schema.view(panels, summary=told, data=log)  # fmt: skip


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"


def _times(share: float) -> str:
    """A chance as times in 100, never rounded to never or always."""
    if 0 < share < 0.01:
        return "less than once in 100"
    if 0.99 < share < 1:
        return "more than 99 times in 100"
    rounded = round(100 * share)
    return {0: "never", 1: "once in 100", 100: "always"}.get(rounded, f"{rounded} times in 100")


def _in_100(share: float) -> str:
    if 0 < share < 0.01:
        return "under 1"
    return "over 99" if 0.99 < share < 1 else f"{100 * share:.0f}"


def _question_table() -> dict[str, Any]:
    return schema.table(
        f"Two plans for the same {PEOPLE} people",
        ["Team", "Tests", "Then"],
        [
            [PLANS[key][0], ", then ".join(map(str, PLANS[key][1][:-1])), f"roll-out to {PLANS[key][1][-1]}"]
            for key in ("pilot", "ramp")
        ],
        open=True,
    )


def _judge(guess: str) -> str:
    ramp, pilot = (plan(replace(CASE, sizes=PLANS[key][1])) for key in ("ramp", "pilot"))
    told = {
        "pilot": "You said Pilot, and its reason is sound:",
        "same": "You said no difference. At first Pilot even looks better:",
        "little": "You said Ramp, by a little. At first Pilot looks better:",
        "half": "You said Ramp, by about half, and so it is. Yet Pilot's reason is sound:",
    }[guess]
    return (
        f"{told} a first test of 25 shows the flaw {_times(pilot.first)}, one person shows it {_times(ramp.first)}. But a test sees a flaw by harming "
        f"somebody, {shown(pilot.path[0], 1)} people on average in Pilot's. And where Pilot's mending failed, nobody looks again. In all Pilot harms "
        f"{shown(pilot.harmed, 1)} on average, Ramp {shown(ramp.harmed, 1)}."
    )


def _told(story: Story, p: Parameters, cycles: Sequence[Cycle], *, over: bool, dropped: bool) -> str:
    """What stands by the buttons: the newest test, and what is to be decided."""
    if not cycles:
        return f"{story.idea} It works if {story.works}. It harms if {story.harm}. {PEOPLE} people wait. How many first?"
    newest, left = cycles[-1], PEOPLE - sum(cycle.size for cycle in cycles)
    harmed = f"harmed {newest.harmed}" if newest.harmed else "harmed nobody"
    told = f"Test {len(cycles)}, {_people(newest.size)}: it worked for {newest.successes} and {harmed}."
    if dropped:
        spared = f" {_people(left)} never {'meets' if left == 1 else 'meet'} it." if left else ""
        return f"{told} You drop the idea.{spared} Take back the last test, or draw other people."
    if over:
        return f"{told} Everybody has met it now. Take back a test, or draw other people."
    if newest.seen and p.response == "adapt":
        told += " You stop and mend it. Did that work? Only the next test can say."
    elif newest.seen:
        told += " You carry on."
    elif newest.harmed:
        told += f" Your stop rule waits for {p.stop_at}."
    return f"{told} {_people(left)} left."


def _log(p: Parameters, cycles: Sequence[Cycle], *, over: bool) -> dict[str, Any]:
    rows: list[list[Any]] = []
    for number, cycle in enumerate(cycles, start=1):
        last = number == len(cycles)
        rows.append(
            [
                number,
                f"{_people(cycle.size)}; {_allowed(cycle)}",
                f"worked for {cycle.successes}, harmed {cycle.harmed}",
                _study(p, cycle),
                _act(p, cycle, last=last, over=over),
            ]
        )
    if not rows:
        rows.append([1, "your first test", "", "", ""])
    return {"columns": ["Test", "Plan", "Do", "Study", "Act"], "rows": rows}


def _allowed(cycle: Cycle) -> str:
    """What the written prediction allows of a test, in people for whom it works."""
    low, high = cycle.predicted_low, cycle.predicted_high
    if (low, high) == (0, cycle.size):
        return "any result fits the prediction"
    return f"predicted {low}" if low == high else f"predicted {low} to {high}"


def _study(p: Parameters, cycle: Cycle) -> str:
    said = []
    if cycle.seen:
        said.append("the flaw shows")
    elif cycle.harmed:
        said.append(f"harmed fewer than the {p.stop_at} you act on")
    if cycle.surprise:
        said.append(
            "a surprise: " + ("too few" if cycle.successes < cycle.predicted_low else "more than predicted")
        )
    elif (cycle.predicted_low, cycle.predicted_high) == (0, cycle.size):
        said.append("too few to test the prediction")
    else:
        said.append("as predicted")
    return "; ".join(said)


def _act(p: Parameters, cycle: Cycle, *, last: bool, over: bool) -> str:
    if last and over:
        if not cycle.seen:
            return "in use"
        return {"adapt": "mend it; these have had it", "stop": "drop it", "carry_on": "in use"}[p.response]
    if cycle.seen:
        return {"adapt": "mend it, test again", "stop": "drop it", "carry_on": "carry on"}[p.response]
    return "your decision" if last else "go on"


def _taught(p: Parameters, cycles: Sequence[Cycle], *, dropped: bool, known: bool) -> str:
    """What came of the tests: the failed test and what it was worth, or how little silence proves."""
    met = sum(cycle.size for cycle in cycles)
    first = next((place for place, cycle in enumerate(cycles) if cycle.seen), None)
    surprises = sum(cycle.surprise for cycle in cycles)
    if first is not None:
        test = cycles[first]
        rest = PEOPLE - sum(cycle.size for cycle in cycles[: first + 1])
        told = f"Test {first + 1} failed: {test.harmed} harmed. "
        if not rest:
            told += "It was the roll-out. What it taught came too late for anybody."
        elif p.response == "carry_on":
            told += f"It said so before {_people(rest)} met the idea, and nobody acted. That is the only way to waste a failed test."
        else:
            told += f"It was worth having: it came before {_people(rest)} met the idea."
            if known:
                rate = model.steps(replace(p, sizes=(rest,)))[0].flaw_rate
                told += f" Had nobody acted, about {shown(rest * rate, 0)} of them would have been harmed."
            if not dropped and any(cycle.seen for cycle in cycles[first + 1 :]):
                told += " A later test showed harm again: the mending had not held, and the test said so."
    elif any(cycle.harmed for cycle in cycles):
        told = f"Somebody was harmed in {_people(met)} and the stop rule did not answer. Whose rule is that?"
    else:
        rate = 1 - 0.05 ** (1 / met)  # nobody of `met` is harmed with chance (1 - rate)^met
        told = (
            f"Nobody was harmed in {_people(met)}. That is not “safe”: a flaw of one in ten hides from so many "
            f"{_times(0.9**met)}, and one of {100 * rate:.{0 if rate > 0.1 else 1}f} in 100 does so once in 20."
        )
    if not surprises:
        return f"{told} Your written prediction was not contradicted."
    return f"{told} {wording.plural(surprises, 'surprise').capitalize()} for your written prediction: something in your theory is wrong."


def _truth(p: Parameters, cycles: Sequence[Cycle]) -> str:
    """The idea as the model made it, and what mending did."""
    here = p.baseline + p.effect
    told = (
        f"Without the flaw the idea works for {100 * here:.0f} of 100 here ({100 * p.baseline:.0f} without the idea). "
        + (f"The flaw harms {100 * p.flaw_rate:.0f} of 100." if p.flaw_rate else "It has no flaw.")
    )
    wide = model.steps(replace(p, sizes=(PEOPLE,)))[0]
    if p.shrinkage and p.effect:
        told += f" Met by everybody, it works for {100 * wide.success_repaired:.0f}."
    if p.flaw_growth and p.flaw_rate:
        told += f" Met by everybody, it harms {100 * wide.flaw_rate:.0f} of 100."
    mended = next((place for place, cycle in enumerate(cycles) if not cycle.flawed), None)
    if p.response == "adapt" and any(cycle.seen for cycle in cycles[:-1]):
        told += (
            f" Your mending held from test {mended + 1} on."
            if mended is not None
            else " Your mending never held."
        )
    return told


def _harm_figure(cycles: Sequence[Cycle], plans: dict[str, Plan]) -> dict[str, Any]:
    marks = [
        schema.mark(
            "line", _ROLES[key], label=f"{PLANS[key][0]}, on average", reveal=True,
            x=[0, *accumulate(one.sizes)], y=[0.0, *one.path],
        )
        for key, one in plans.items()
        if key != "own"
    ]  # fmt: skip
    met, harmed = (
        list(accumulate((getattr(cycle, what) for cycle in cycles), initial=0)) for what in ("size", "harmed")
    )
    if cycles:
        marks += [
            schema.mark("line", "data", reveal=True, x=met, y=harmed),
            schema.mark(
                "dot", "data", reveal=True, label="Your tests, as they went", x=met[1:], y=harmed[1:],
                title=[f"After test {place}: {_people(so_far)}, {hurt} harmed" for place, (so_far, hurt) in enumerate(zip(met[1:], harmed[1:], strict=True), start=1)],
            ),
        ]  # fmt: skip
    ends = "; ".join(f"{PLANS[key][0]} {shown(one.harmed, 1)}" for key, one in plans.items() if key != "own")
    told = f"Average number harmed when everybody has met the idea: {ends}." if ends else ""
    if cycles:
        told += f" Your tests so far: {_people(met[-1])}, {harmed[-1]} harmed."
    top = max([PEOPLE * CASE.flaw_rate, harmed[-1], *(one.harmed for one in plans.values())])
    return schema.figure(
        f"People harmed as the idea reaches {PEOPLE}",
        marks,
        description=told.strip() or "Nobody has met the idea yet.",
        x_label="People who have met the idea",
        y_label="Harmed so far",
        x_range=(0, PEOPLE + 2),
        y_range=(0, 1.1 * top),
        height=280,
        reveal=True,
    )


def _time_figure(p: Parameters, cycles: Sequence[Cycle]) -> dict[str, Any]:
    x = list(range(1, len(cycles) + 1))
    shares = [100 * cycle.successes / cycle.size for cycle in cycles]
    marks = [schema.mark("rule_y", "comparison", reveal=True, y=[100 * p.baseline], label="Before the idea")]
    if cycles:
        marks += [
            schema.mark(
                "band", "prediction", reveal=True,
                x1=[place - 0.35 for place in x], x2=[place + 0.35 for place in x],
                y1=[100 * cycle.predicted_low / cycle.size for cycle in cycles],
                y2=[100 * cycle.predicted_high / cycle.size for cycle in cycles],
            ),
            schema.mark("line", "quiet", reveal=True, x=x, y=shares),
        ]  # fmt: skip
    for seen, role, label in ((False, "data", "No harm to act on"), (True, "signal_concern", "Harm seen")):
        places = [place for place in x if cycles[place - 1].seen == seen]
        if places:
            marks.append(
                schema.mark(
                    "dot", role, reveal=True, label=label, x=places, y=[shares[place - 1] for place in places],
                    title=[f"Test {place}: {cycles[place - 1].successes} of {cycles[place - 1].size}, {cycles[place - 1].harmed} harmed" for place in places],
                )
            )  # fmt: skip
    width = max(len(x), len(PLANS["ramp"][1]))
    listed = "; ".join(
        f"{_people(cycle.size)}: {100 * cycle.successes / cycle.size:.0f}%"
        + (" (a surprise)" if cycle.surprise else "")
        + (f" ({cycle.harmed} harmed)" if cycle.harmed else "")
        for cycle in cycles
    )
    before = f"{100 * p.baseline:.0f}% before the idea, {100 * p.predicted:.0f}% predicted."
    return schema.figure(
        "Test by test: % for whom it worked (shaded: what your prediction allows)",
        marks,
        description=f"{before} Tests in order: {listed}." if cycles else f"{before} No test yet.",
        x_label="People in each test",
        y_label="% for whom it worked",
        x_ticks=[str(cycle.size) for cycle in cycles] + [""] * (width - len(x)),
        x_range=(0.5, width + 0.5),
        y_range=(0, 104),
        height=250,
        reveal=True,
    )


def _plans_table(p: Parameters, plans: dict[str, Plan], *, over: bool, wait: float) -> dict[str, Any]:
    names = {key: f"{name}: {', '.join(map(str, tests))}" for key, (name, tests) in PLANS.items()}
    names["own"] = "Yours" if over else "Yours, rolled out now"
    columns = [
        "Plan", "First test sees the flaw, of 100", "Seen before roll-out, of 100", "Harmed, on average",
        f"More than {LIMIT} harmed, of 100", "Still flawed at roll-out, of 100",
    ]  # fmt: skip
    rows: list[list[Any]] = []
    for key, one in plans.items():
        none = not p.flaw_rate
        row: list[Any] = [
            names[key], _in_100(one.first), _in_100(one.before_rollout), shown(one.harmed, 1), f"{100 * one.over_limit:.0f}",
            "no flaw" if none else _in_100(one.still_flawed),
        ]  # fmt: skip
        rows.append([*row, shown(one.waiting, 1)] if wait else row)
    return schema.table(
        f"Four plans for these {PEOPLE} people"
        if "own" in plans
        else f"Three plans for these {PEOPLE} people",
        [*columns, "Harmed by waiting, on average"] if wait else columns,
        rows,
        open=True,
        reveal=True,
    )


def _first_table(p: Parameters) -> dict[str, Any]:
    rows = []
    for size in _FIRST_TESTS:
        (step,) = model.steps(replace(p, sizes=(size,)))
        rows.append([size, _in_100(step.chance_seen), shown(step.harmed, 1)])
    return schema.table(
        "What a first test sees, and what it costs",
        ["People in it", "Sees the flaw, of 100", "Harmed in it, on average"],
        rows,
        open=True,
        reveal=True,
    )


def _challenge(p: Parameters, plans: dict[str, Plan]) -> dict[str, Any]:
    ramp = plans["ramp"]
    names = {"own": "Your plan", **{key: PLANS[key][0] for key in ("pilot", "once")}}
    best = min((key for key in plans if key != "ramp"), key=lambda key: plans[key].total)
    rival = plans[best]
    met = rival.total < ramp.total - 0.05
    if met:
        text = f"Found. {names[best]} harms {shown(rival.total, 1)} in all on average, the ramp {shown(ramp.total, 1)}. "
        text += (
            "Waiting harms too, and those who wait are harder to see than those you test on. Take larger steps, or shorter ones."
            if ramp.waiting > rival.waiting
            else "For a flaw whose rate you know, one person shows little. A first test of one is for the flaw you do not know: set it to 50 of 100 and look again."
        )
    elif not p.flaw_rate and math.isclose(rival.total, ramp.total, abs_tol=0.05):
        text = "Without a flaw all plans harm alike. If you were sure of that beforehand, you would not need a test."
    elif p.response == "carry_on":
        text = "All plans harm alike here: a test is worth nothing when nobody acts on it. That is not yet a plan that beats the ramp."
    else:
        counted = "waiting included" if ramp.waiting else "those who wait not counted"
        text = (
            f"The ramp harms {shown(ramp.total, 1)} on average, the best of the others {shown(rival.total, 1)}, {counted}. "
            "Choose other sizes yourself, or make waiting cost more."
        )
    return schema.challenge(
        "“Start with one, then widen, harms fewest.” Find sizes, or an idea, for which another plan harms fewer.",
        met,
        text,
    )
