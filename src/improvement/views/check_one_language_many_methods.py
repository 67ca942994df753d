"""Self-check of lesson M01.3: ten terms into plain English, three false friends, and who draws the line."""

from __future__ import annotations

from typing import Any

from improvement.views import questions, rosetta, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_AIM, _TEST, _CAUSE, _CHART, _KEEP = (
    rosetta.IDEAS[name].plain for name in ("aim", "test", "cause", "chart", "hold")
)
_FALSE, _SAFE = "Same word, different work", "Safe enough"
_AUDIT = rosetta.count("mfi", "audit")
_STRICT = rosetta.count("lean", "mfi", 100)["same"]

CHECKS = (
    SortCheck(
        name="translate",
        ask="Ten terms heard in one week. What does each mean in plain English?",
        outcome="compare",
        piles=(_AIM, _TEST, _CAUSE, _CHART, _KEEP),
        enough=9,
        cards=(
            Card(label="Breakthrough objective", piles=(_AIM,), because="Patient First's name for the number to reach, and by when."),
            Card(label="Target condition", piles=(_AIM,), because="On a Lean A3 it says where we want to be, and when."),
            Card(label="PDSA cycle", piles=(_TEST,), because="The Model for Improvement's name: small, guessed beforehand, measured, changed."),
            Card(label="Countermeasure on trial", piles=(_TEST,), because="A change, tried before anybody promises it works."),
            Card(label="Diagnostic journey", piles=(_CAUSE,), because="Juran's way from symptom to cause, tested against data."),
            Card(label="Driver diagram", piles=(_CAUSE,), because="Causes on one page, each change tied to one of them."),
            Card(label="Five whys", piles=(_CAUSE,), because="Keep asking why, until the answer is something you can change."),
            Card(label="Driver and watch metrics", piles=(_CHART,), because="What should move, and what must not get worse meanwhile."),
            Card(label="Run chart", piles=(_CHART,), because="Values in time order. It tells whether anything has changed."),
            Card(label="Handover and sustain", piles=(_KEEP,), because="QSIR's last stage: written down, with an owner, after the project."),
        ),
    ),
    SortCheck(
        name="friends",
        ask="Three of these seven are false friends. Flag them.",
        outcome="compare",
        piles=(_FALSE, _SAFE),
        enough=7,
        cards=(
            Card(label="Control", piles=(_FALSE,), because="Holding the work at its level, a chart with limits, or the people a trial compares with."),
            Card(label="Run chart", piles=(_SAFE,), because="Whoever says it means values in time order, with a median."),
            Card(label="Standard", piles=(_FALSE,), because="Standard work may be bettered by the team next month. A clinical standard may not."),
            Card(label="Huddle", piles=(_SAFE,), because="Short, daily, standing. Some methods have no huddle, but none means something else by it."),
            Card(label="Capability", piles=(_FALSE,), because="Of a process, against the need; or of people, who know how to improve."),
            Card(label="Fishbone", piles=(_SAFE,), because="Causes drawn on one page, in every method that has it."),
            Card(label="Sponsor", piles=(_SAFE,), because="Somebody senior who answers for it. Other names, one job."),
        ),
    ),
    NumberCheck(
        name="strict",
        ask="In the widget, compare Lean and the Model for Improvement and move the line to 100%. On how many of ten are they still the same?",
        outcome="compare",
        right=_STRICT,
        tolerance=0.4,
        because=f"It was {rosetta.count('lean', 'mfi')['same']} with the line at {rosetta.SAME_FROM}%. Nothing about the methods has changed. Whoever draws the line decides how much there is to quarrel about.",
        otherwise="Two methods, ten ideas. Slide the line to 100% and read the count.",
        slips=(
            Slip(value=rosetta.count("lean", "mfi")["same"], because="That is with the line where it was. Move it to 100%."),
            Slip(value=rosetta.count("lean", "mfi", 100)["one"], because="On those, only one of the two says anything. Count the ones that are the same."),
        ),
    ),
    ChoiceCheck(
        name="audit",
        ask="“Audit or improvement, it is all the same, only the words differ.” What do you answer?",
        outcome="compare",
        answers=(
            Answer(label="True: both set a number and look again", because=f"They share that much. Yet on {_AUDIT['different'] + _AUDIT['one']} of ten ideas audit asks for other work or one of the two is silent. It was made to answer another question."),
            Answer(label="Not here. Audit asks whether a level was met. Use each for its own job", right=True, because="This difference is real, and translation would hide it."),
            Answer(label="False: so stop auditing", because="Somebody who cannot be there may need to know whether a level of care was met. Audit is for that."),
        ),
    ),
    ChoiceCheck(
        name="debate",
        ask="A regional director wants one method for every trust. Which fact would count most in that debate?",
        outcome="compare",
        answers=(
            Answer(label="Her trust uses it and is rated outstanding", because="One trust, and the regulator looks at improvement when it rates. It tells nothing about the others' methods."),
            Answer(label="Staff who change employer have to be trained again, and how much that costs", right=True, because="That is the case for one standard, and it can be counted. The other side can count what people lose who must unlearn a method that works. Then argue."),
            Answer(label="The method has a proper book", because="They all have one. A book says what to do, not what it costs to change over."),
        ),
    ),
    ChoiceCheck(
        name="mandated",
        ask="A manager writes: “NHS IMPACT requires us to give up Patient First and adopt the Model for Improvement.” What do you answer?",
        outcome="compare",
        answers=(
            Answer(label="It does: one framework means one method", because="One framework of conditions. Its evaluators name three that fit under it, and Patient First is one of them."),
            Answer(label="It does not. The letter says that it is no “one size fits all” model, and its evaluators call it method-agnostic", right=True, because="Patient First, IHI's way and the Virginia Mason model can all sit under it. Whether your own place should settle on one is another question."),
            Answer(label="It requires the Virginia Mason model instead", because="That is one method that fits under it. None is required."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
