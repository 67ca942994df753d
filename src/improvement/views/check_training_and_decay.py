"""Self-check of lesson M06.1: where a trained stock settles, the places it needs, and skill beside time to use it."""

from __future__ import annotations

from typing import Any

from improvement.simulate import training as model
from improvement.views import questions, schema
from improvement.views.questions import Answer, ChoiceCheck, NumberCheck, Slip

_TRAINED, _LEAVE, _FORGET = 0.15, 0.1, 0.2
_WANTED = 0.4

CHECKS = (
    NumberCheck(
        name="settles",
        ask=f"A practice network trains {100 * _TRAINED:.0f}% of its staff each year. {100 * _LEAVE:.0f}% leave and {100 * _FORGET:.0f}% of skills fade. What percentage of staff has the skill in the long run, if nobody uses it?",
        outcome="calculate",
        right=100 * model.steady_state(_TRAINED, _LEAVE, _FORGET),
        tolerance=1,
        because="15 ÷ (10 + 20). It settles where as many are lost each year as are trained.",
        otherwise="Divide what comes in each year by what goes: leavers and faded skills together.",
        unit="%",
        slips=(
            Slip(value=100, because="Places filled pass 100% in the seventh year. People leave and skills fade meanwhile."),
            Slip(value=75, because="You left out those who leave."),
        ),
    ),
    NumberCheck(
        name="places",
        ask=f"The same network would be content with {100 * _WANTED:.0f}% of staff. What percentage must it train each year to stay there?",
        outcome="calculate",
        right=100 * _WANTED * (_LEAVE + _FORGET),
        tolerance=0.5,
        because="30% of the 40% are lost each year, so 12% must be trained, every year, for ever. Or find the time that keeps skills in use.",
        otherwise="How much of 40% is lost each year to leaving and fading together?",
        unit="%",
        slips=(
            Slip(value=100 * _WANTED, because="That would get there in a year, and far past it after that."),
            Slip(value=100 * _WANTED * _LEAVE, because="That replaces the leavers. Skills fade as well."),
            Slip(value=100 * (_LEAVE + _FORGET), because="That would hold everybody: 30% of all staff are lost if all have it."),
        ),
    ),
    ChoiceCheck(
        name="short",
        ask="An ambulance service: 800 people trained in two years, tests passed, four projects finished. Trained crews say that every shift is full. What is short?",
        outcome="differentiate",
        answers=(
            Answer(label="Capability: train 800 more", because="They can do it. Another 800 with full shifts would wait beside them."),
            Answer(label="Capacity: time in the rota, and somebody to turn to", right=True, because="They know how, and have no hour for it. Time and coaching also keep the skill from fading."),
            Answer(label="Motivation: ask for pledges", because="They told you what is in the way. A pledge makes no hour."),
        ),
    ),
    ChoiceCheck(
        name="board",
        ask="“We have trained 1,240 staff.” Which question would tell an integrated care board most?",
        outcome="differentiate",
        answers=(
            Answer(label="How many will be trained by March?", because="That asks for more of the same count."),
            Answer(label="Did they like the course?", because="Good to know, and it says nothing of what they did next."),
            Answer(label="How many of them still work here, and what did they try last month?", right=True, because="Who is left, and who uses it: the two numbers that a count of places hides. What changed for people is the next question."),
            Answer(label="Is that more than our neighbours?", because="Two counts of places, side by side."),
        ),
    ),
    ChoiceCheck(
        name="only",
        ask="“All we need to do is train 1,000 people,” says an executive. Which reply fits the five components, and what people told the evaluators?",
        outcome="differentiate",
        answers=(
            Answer(label="Agreed: capability is the component from which the others follow", because="It is one of five, beside purpose, culture, leadership and management systems. Nobody has shown that the others follow from it."),
            Answer(label="“It is a part of it. Who joins up savings, transformation and quality, and what gives people the hour and the say?”", right=True, because="Improvement is more than training. Teams that worked apart have to be joined, and merged ones need time to heal and to learn."),
            Answer(label="No: training never changes what people do", because="That is one director's phrase, and too strong. Without time, a coach and a leader who wants it, it often does not."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
