"""Self-check of lesson M02.7: what predictable, reliable and good enough each claim, and what each asks for."""

from __future__ import annotations

from typing import Any

from improvement import spc
from improvement.simulate import capability_lens
from improvement.spc.indices import percent
from improvement.views import questions, schema
from improvement.views.capability_lens import EXAMPLES
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_AIM = 0.9
_PILES = {
    (True, True): "Predictable, enough",
    (True, False): "Predictable, falls short",
    (False, True): "Unpredictable, enough so far",
    (False, False): "Unpredictable, falls short",
}


def _sample(seed: int, **process: float) -> spc.Capability:
    parameters = capability_lens.Parameters(aim=_AIM, points=60, draws=1, **process)
    return capability_lens.simulate(parameters, seed=seed).judged


def _example(name: str) -> spc.Capability:
    study = EXAMPLES[name]()
    return spc.capability(study.values, upper=study.upper, aim=_AIM)


def _card(what: str, unit: str, judged: spc.Capability, because: str) -> Card:
    phase = judged.chart.phases[-1]
    steady = "No rule fires" if judged.predictable else "A rule fires"
    low, high = max(0, round(phase.lower_limit)), round(phase.upper_limit)
    label = (
        f"{what}. {steady}. Limits {low} to {high} {unit}, need at most {judged.upper:g}. {judged.meeting} of {judged.n} met it "
        f"(interval {percent(judged.observed_interval.low)} to {percent(judged.observed_interval.high)})"
    )
    enough = judged.observed_interval.low >= _AIM
    return Card(label=label, piles=(_PILES[judged.predictable is True, enough],), because=because)


_SIX = (
    _card(
        "Sepsis antibiotics",
        "minutes",
        _example("before"),
        "Steady, and steadily short. Nobody needs to explain single patients; somebody needs to change the work.",
    ),
    _card(
        "Ambulance handover",
        "minutes",
        _sample(92, mean=57, sd=3.2, upper=45),
        "The narrowest of the six, and it serves nobody in time. Narrow is not capable.",
    ),
    _card(
        "Urgent home visit",
        "minutes",
        _sample(92, mean=92, sd=8, upper=120),
        "Natural limits inside the need, and the interval reaches the aim. Hold it.",
    ),
    _card(
        "Practice letters answered",
        "hours",
        _sample(92, mean=40, sd=8, upper=60),
        "A limit lies just beyond the need, so not “reliably”. The interval reaches the aim all the same.",
    ),
    _card(
        "Mental health first appointment",
        "days",
        _sample(92, mean=12, sd=3, upper=28, shift=2),
        "Everyone was in time so far, and something has moved. Find out what before the room runs out.",
    ),
    _card(
        "Emergency department stay",
        "minutes",
        _example("stays"),
        "A rule fires, so no promise; and what was met so far falls short too. Ask first whether the long tail set it off.",
    ),
)

_LETTERS = spc.normal_capability(12, 2, upper=15)
_BOTH_SIDES = spc.normal_capability(12, 2, lower=9, upper=15)

CHECKS = (
    SortCheck(
        name="six",
        ask="For all six an aim of 90% was agreed. “Enough” means that the low end of the interval reaches it. Where does each belong?",
        outcome="calculate",
        piles=tuple(_PILES.values()),
        cards=_SIX,
        enough=5,
    ),
    NumberCheck(
        name="letters",
        ask="Clinic letters take a mean of 12 days with a spread of 2, shaped like a bell. The practice needs them within 15. "
        "What percentage is in time in the long run? (The lens will tell you.)",
        outcome="calculate",
        right=100 * _LETTERS.p_meet,
        tolerance=0.5,
        step=0.1,
        unit="%",
        because="The need is one and a half spreads above the mean. About 1 letter in 15 is late, for as long as nothing changes.",
        otherwise="Set mean 12, spread 2 and need 15 in the lens, with a bell, and read the line below the mean.",
        slips=(
            Slip(value=100 * (1 - _LETTERS.p_meet), because="That is the share that is late. The rest is in time."),
            Slip(value=100 * _BOTH_SIDES.p_meet, because="That throws out the earliest letters too. Nobody minds an early letter."),
            Slip(value=100, because="The upper natural limit is 18 days, beyond 15. Some letters will be late."),
        ),
    ),
    ChoiceCheck(
        name="months",
        ask="Every monthly mean of two years lies inside the need. What do you know about the patients?",
        outcome="distinguish",
        answers=(
            Answer(label="They were all served inside it", because="A mean of 20 and 100 is 60. The month met the need and one of the two patients did not."),
            Answer(label="About 95% were", because="No share of patients can be read from means, high or low."),
            Answer(label="How their mean ran, and not how many met the need", right=True, because="Means vary far less than people. Ask for one dot a patient, or count how many met the need each month."),
        ),
    ),
    ChoiceCheck(
        name="alarm",
        ask="You hoped to say what your service can do. A rule fires in your 48 dots, and nobody knows of a change. What now?",
        outcome="distinguish",
        answers=(
            Answer(label="Leave out the dots that fired", because="Then every process becomes predictable, and the first real warning goes with them."),
            Answer(label="Call it a false alarm and carry on", because="It may be one: about a third of steady series of that length raise one. You do not know until you have asked."),
            Answer(label="Ask what was different; if nothing is found, write it down and judge the dots that come next", right=True, because="The share met so far stays true as history. The promise waits for fresh dots, chosen before you have seen them."),
        ),
    ),
    ChoiceCheck(
        name="squeeze",
        ask="A predictable service meets its need for 23 patients in 100. The executive asks for a daily call to explain each miss. What would you say?",
        outcome="distinguish",
        answers=(
            Answer(label="Yes: scrutiny will bring the number up", because="Each miss has the same cause as each hit: the way the work is done. A call about one patient in a hundred others changes nothing for the next."),
            Answer(label="No: it is common cause, so leave it alone", because="It will miss 77 in 100 next month as well. Those people do not care what kind of cause it was."),
            Answer(label="Change the work; meanwhile watch it, and look after each patient it misses", right=True, because="The process cannot do better as it is built. Redesign is the only thing that moves it, and until then people still need care and an honest answer."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
