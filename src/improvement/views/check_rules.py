"""Self-check of lesson M02.4: what rules cost, what they find, and what six rings in a report mean."""

from __future__ import annotations

from typing import Any

from improvement.simulate.rule_bench import Parameters, simulate
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck
from improvement.views.rule_bench import POINTS, REPLICATES, RULE_NAMES, SEED

_CHARTS = 30
_DRIFT = simulate(Parameters(n=POINTS, change="drift", size=2, reps=REPLICATES), seed=SEED)
_QUIET, _FOUND = _DRIFT.false_alarms, _DRIFT.detections
_MOST, _SOME, _HARDLY = "Most often", "Sometimes", "Hardly ever"

_WHY = {
    "outside_limits": "It sees one point at a time: late points come nearer the limit, and some pass it.",
    "shift": "It asks only which side of the mean. After a slow climb most late points are on the same side.",
    "trend": "It asks that every step goes the same way, and luck does not let it.",
    "two_in_three": "Late points crowd towards one limit, so two of three near it are not rare.",
}


def _pile(rule: str) -> str:
    rate = _FOUND[rule].rate
    if rate == max(_FOUND[other].rate for other in RULE_NAMES):
        return _MOST
    return _SOME if rate >= 0.05 else _HARDLY


CHECKS = (
    NumberCheck(
        name="thirty",
        ask=f"A mental health trust's report has {_CHARTS} charts of {POINTS} months, read with four rules. Suppose nothing changed in any. About how many will show a signal?",
        outcome="estimate",
        right=_CHARTS * _QUIET["any"].rate,
        tolerance=0.9,
        step=0.5,
        unit="charts",
        because=f"About {_QUIET['any'].rate:.0%} of quiet charts signal somewhere, so four or five of {_CHARTS}. Your own report may show a few more or fewer.",
        otherwise=f"Take the share of quiet charts of {POINTS} points on which any of the four rules fires, times {_CHARTS}.",
        slips=(
            Slip(value=0, because="Good rules still meet luck. Each chart gives it 24 chances and four ways to be caught."),
            Slip(value=_CHARTS * _QUIET["outside_limits"].rate, because="That counts points outside the limits only. The shift rule alone adds more than that."),
            Slip(value=_CHARTS, because="Then no chart would ever be quiet. Most are."),
        ),
    ),
    SortCheck(
        name="drift",
        ask=f"A crisis line's calls climb slowly, two standard deviations in {POINTS} months. How often does each rule find it?",
        outcome="apply",
        piles=(_MOST, _SOME, _HARDLY),
        enough=4,
        cards=tuple(Card(label=RULE_NAMES[rule], piles=(_pile(rule),), because=f"{_WHY[rule]} Found: {_FOUND[rule].rate:.1%}.") for rule in RULE_NAMES),
    ),
    ChoiceCheck(
        name="trend",
        ask="Why does a rule that waits for seven rising points miss a slow drift?",
        outcome="apply",
        answers=(
            Answer(label="The drift is too small to find", because="The shift rule finds the same drift about one time in three. The drift is there to be found."),
            Answer(label="All six steps must go up, and luck turns nearly every second step down", right=True, because="Each month the drift adds far less than luck moves a point. One step down, and the count starts again."),
            Answer(label="Its limits are too wide", because="It has no limits. It looks only at whether each point is higher than the last."),
            Answer(label="It needs more points on the chart", because="The same drift over more points climbs even less at each step. What does grow is the number of false alarms."),
        ),
    ),
    ChoiceCheck(
        name="twelve",
        ask="New software offers a dozen rules. A director wants them all on, so that nothing is missed. What do you say?",
        outcome="apply",
        answers=(
            Answer(label="Yes: each rule finds something the others miss", because="It does, and each brings alarms of its own on charts where nothing happened. Soon nobody believes a ring."),
            Answer(label="No: only points outside the limits count", because="That misses most lasting changes of ordinary size, which the shift rule finds."),
            Answer(label="Choose a few beforehand, for the change you most fear, and say how often they cry wolf", right=True, because="A few rules with known costs can be trusted. Changing them after seeing the chart is choosing your answer."),
        ),
    ),
    ChoiceCheck(
        name="six",
        ask=f"Six of 40 charts of {POINTS} months carry a signal this time. What does that tell the board?",
        outcome="estimate",
        answers=(
            Answer(label="Six services changed", because="Perhaps some did. But about six would signal if none had."),
            Answer(label="About as many as luck alone would mark. Which of them are real, the count cannot say", right=True, because="So look first where harm would be worst, the signal is recent and other measures move with it. Do not ask for six stories."),
            Answer(label="Nothing changed anywhere", because="A number that luck could give is no proof of quiet. A real change may be among the six, or among the 34."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
