"""Self-check of lesson M13.1: reading levels by order, and asking so that people can answer."""

from __future__ import annotations

from typing import Any

from improvement.assessment import FLOOR, MINIMUM, spread_of
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_CREW = (1, 1, 2, 2, 2, 3, 4, 5, 5, 5, 5)
_SPREAD = spread_of(_CREW)

CHECKS = (
    NumberCheck(
        name="median",
        ask=f"Eleven community responders mark one statement: {', '.join(map(str, _CREW))}. What is their median?",
        outcome="visualise",
        right=_SPREAD.median,
        tolerance=0.01,
        step=0.5,
        because=f"They stand in line already, and the sixth of eleven is in the middle: {_SPREAD.median:g}. Five stand on either side.",
        otherwise="Do not add. Find the person with as many on the left as on the right.",
        slips=(
            Slip(value=2, because="The sixth in the line is one further on: five people stand before the middle one of eleven."),
            Slip(value=5, because="5 is the commonest answer. The median is the one in the middle of the line."),
            Slip(value=round(sum(_CREW) / len(_CREW), 1), because="That is the mean. It adds levels up as if each step were equally long."),
        ),
    ),
    ChoiceCheck(
        name="same",
        ask="Two departments have the same mean on “We finish what we start”. What do you know?",
        outcome="visualise",
        answers=(
            Answer(label="That they see it alike", because="One may be all threes, the other half ones and half fives."),
            Answer(label="That most people in both marked a level near the mean", because="Perhaps nobody did. A mean of 3 can be made of ones and fives."),
            Answer(label="Little, until you see the medians and how the answers spread", right=True, because="The mean is one number for many shapes, and it borrows step lengths that nobody measured."),
        ),
    ),
    ChoiceCheck(
        name="groups",
        ask="A hospice has six trustees, 14 managers, 45 nurses and eight volunteers who drive. Before asking, how do you set up the groups?",
        outcome="administer",
        answers=(
            Answer(label="Four groups, and show them all: everybody is curious", because="Six and eight are few enough for colleagues to guess at, and trustees are known by name."),
            Answer(label="Trustees with managers, and volunteers with others whose work is near theirs, agreed with them first", right=True, because=f"Each group then holds {MINIMUM} or more, and people know before they answer who they stand with."),
            Answer(label="Leave trustees and volunteers out", because="Then nobody learns what they see. Join them to others, or ask them in person."),
            Answer(label=f"Lower the minimum to {FLOOR}, so that all four can be shown", because=f"{FLOOR} is the floor, for when there is good reason and the group agrees. Curiosity is no such reason."),
        ),
    ),
    ChoiceCheck(
        name="item",
        ask="Which wording is hardest to tick just to look good?",
        outcome="administer",
        answers=(
            Answer(label="“Do you have an improvement method? Yes or no.”", because="Yes costs nothing. It says that a document exists."),
            Answer(label="“How committed are you to improvement, from 1 to 5?”", because="Few would mark their own commitment at 2."),
            Answer(label="“A manager has cleared something out of our way. Mark 1 to 5, and say what you last saw.”", right=True, because="It asks for an event, anyone can answer it, and the last part makes a careless tick feel awkward."),
        ),
    ),
    ChoiceCheck(
        name="claim",
        ask="The paper says “Our validated self-assessment shows that we have reached level 3”. What do you change?",
        outcome="administer",
        answers=(
            Answer(label="Nothing: it is the national tool", because="National is not validated. Interviewees doubted its evidence, and we know of no study."),
            Answer(label="“Validated”, “we” and “shows”: say who answered, how the groups differ, and what will be talked about", right=True, because="It is an untested tool whose worth lies in the talk. Say what people answered and what comes of it."),
            Answer(label="Give the decimal as well, to be exact", because="More decimals of a mean of levels make it look measured. It is not."),
        ),
    ),
    SortCheck(
        name="heard",
        ask="Seven sentences about the self-assessment. Which have a source behind them, and which would you strike out?",
        outcome="administer",
        piles=("Somebody said so", "Strike it out"),
        enough=6,
        cards=(
            Card(label="Chief executives had asked for a self-assessment without jargon", piles=("Somebody said so",), because="That was the wish in 2023. It came with a matrix of levels for the five components."),
            Card(label="Boards and chief executives should do it themselves, reflect honestly and plan", piles=("Somebody said so",), because="The national letter that autumn asked for this."),
            Card(label="It helps people to agree what good looks like", piles=("Somebody said so",), because="Interviewees said it of the framework, merged trusts among them."),
            Card(label="A higher score predicts better care", piles=("Strike it out",), because="Nobody has tested it. Some of those interviewed doubted the evidence behind the tool."),
            Card(label="Its wording suits every sector alike", piles=("Strike it out",), because="Some found it made for hospitals. Have a paramedic and a receptionist read it aloud first."),
            Card(label="One leader hated it and loved the conversations it began", piles=("Somebody said so",), because="Both from one mouth. The worth was in the talk, and not in the number."),
            Card(label="Its fixed choices keep executives from flattering themselves", piles=("Strike it out",), because="The complaint was the reverse: broad questions, and a choice that makes one look good."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the replies to the answers given so far."""
    return questions.answer(CHECKS, params)
