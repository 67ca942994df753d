"""Self-check of lesson M00.1: choosing where to begin when time is short."""

from __future__ import annotations

from typing import Any

from improvement.views import questions, schema
from improvement.views.questions import Answer, ChoiceCheck

CHECKS = (
    ChoiceCheck(
        name="five",
        ask="A charge nurse has five minutes before handover and a lesson of twelve on her list. What now?",
        outcome="choose",
        answers=(
            Answer(label="Wait for a free quarter of an hour", because="It may not come this month. The first minutes of a lesson stand on their own."),
            Answer(label="Read the headings and the summary", because="That is the part that fades. The guess and what the chart does with it are what people remember."),
            Answer(label="Make the guess, move one thing, stop", right=True, because="The discovery is in the widget. The explanation keeps until tomorrow."),
        ),
    ),
    ChoiceCheck(
        name="survey",
        ask="Three in four trust respondents named operational pressures as an obstacle. What does that tell a GP?",
        outcome="choose",
        answers=(
            Answer(label="Three in four practices are in the same position", because="Only people in NHS trusts were asked. Practices may be better or worse off; this survey cannot say."),
            Answer(label="That trusts feel pressure they say stands in the way. About practices, nothing", right=True, because="A survey speaks for those who were asked. Choose by the obstacle you can see from your own desk."),
            Answer(label="That pressure makes improvement fail", because="They were asked what stands in the way, not what happened when they tried. A reported obstacle is not a measured effect."),
        ),
    ),
    ChoiceCheck(
        name="expert",
        ask="A director has led improvement for fifteen years and has a quarter of an hour. What should the course offer first?",
        outcome="choose",
        answers=(
            Answer(label="The five components, so that everyone has the same start", because="She has sat through it. Being told the basics again is how experts are lost."),
            Answer(label="A self-check to test out with, or a debate", right=True, because="If she gets it all right she owes the lesson nothing. If not, she knows which part to read."),
            Answer(label="Nothing: the course is for beginners", because="Experts disagree about plenty, from prescribing methods to what the evidence shows. The debates are for them."),
        ),
    ),
    ChoiceCheck(
        name="start",
        ask="A care home manager opens a website with a long list of resources on improvement. What would best help her to start?",
        outcome="choose",
        answers=(
            Answer(label="The whole list, so that she misses nothing", because="That is where a surgical registrar could not tell where to start. A list answers everybody's question and so nobody's."),
            Answer(label="A first item that fits her role, her time and how much she has done", right=True, because="A patient partner asked for the same: a way in for beginners, and another for people with some experience."),
            Answer(label="The newest item", because="New says nothing about whether it is for her. She may need something old and short."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
