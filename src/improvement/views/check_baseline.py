"""Self-check of lesson M00.3: what a baseline is worth, and what earns a point."""

from __future__ import annotations

from typing import Any

from improvement.views import questions, schema
from improvement.views.questions import Answer, ChoiceCheck

CHECKS = (
    ChoiceCheck(
        name="aim",
        ask="A hospice team wants to do better with medicines at the end of a shift. Which aim would earn all three aim points?",
        outcome="record",
        answers=(
            Answer(label="Improve handover of medicines as soon as possible", because="It names the work and a direction. There is no amount and no date, so nobody could say whether it came true."),
            Answer(label="Nurses will complete the handover sheet every time", because="That is an order to one group of people. An aim says what will be better in the work, and for whom."),
            Answer(label="By the end of March, halve the doses found late at the evening handover", right=True, because="How the work goes, which way, how much and by when. You may still be wrong, and you will be able to tell."),
        ),
    ),
    ChoiceCheck(
        name="again",
        ask="In twelve weeks you do the three cases again and score six points more. What do you write down?",
        outcome="record",
        answers=(
            Answer(label="The course raised my score by six points", because="You have seen the scoring sheet since. Part of the six is knowing what it looks for."),
            Answer(label="Both scores, and what I would now do differently at work", right=True, because="The two numbers are a record. What changed in your work is the thing they were for."),
            Answer(label="Nothing: a test one marks oneself is worthless", because="It is rough, and it is the only note of where you began. Rough notes are worth keeping if you say that they are rough."),
        ),
    ),
    ChoiceCheck(
        name="kept",
        ask="You close the page without pressing Save settings. Who has your answers?",
        outcome="record",
        answers=(
            Answer(label="The course, until I ask for them", because="There is nowhere to ask. The page has no account and sends nothing."),
            Answer(label="My facilitator", because="Only if you hand over the file that you saved. A facilitator sees what you choose to give."),
            Answer(label="Nobody, and they are gone", right=True, because="If you want to compare in twelve weeks, save the file now, and on a shared computer send it to yourself and delete it."),
        ),
    ),
    ChoiceCheck(
        name="skip",
        ask="An improvement lead of ten years earns every aim point in all three cases, honestly marked. Most of her changes are reminders to staff. Where does she go next?",
        outcome="choose",
        answers=(
            Answer(label="To the first lesson, like everybody else", because="Her sheet says which basics she has. Sitting through them again is how experts are lost."),
            Answer(label="Past aims, to what makes a change go for a cause", right=True, because="The points show what she may skip and what she may not. Ten years can hold a habit as well as a skill."),
            Answer(label="Nowhere: she is an expert", because="On aims, by this sheet. A reminder goes for nothing that made the trouble."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
