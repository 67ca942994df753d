"""Self-check of lesson M07.2: what planning, control, assurance and improvement each do, and the shares of a diary."""

from __future__ import annotations

from typing import Any

from improvement.simulate.qms_balance import Parameters, shares, simulate
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck
from improvement.views.time_balance import read_diary

_DIARY = "Handover calls, C, 7\nCommittee, A, 3\nPlanning a clinic, P, 2\nTest with two crews, I, 3\nRegulator's call, A, 1"
_HOURS = read_diary(_DIARY)
_SHARE = shares(_HOURS)
_LEVEL = simulate(Parameters(planning=0, control=30, assurance=0, improvement=0)).weeks[-1].existing

CHECKS = (
    NumberCheck(
        name="share",
        ask="A diary: handover calls (C) 7 hours; committee (A) 3; planning a clinic (P) 2; a test with two crews (I) 3; regulator's call (A) 1. What share goes to "
        "assurance? Answer as a fraction of 1.",
        outcome="map",
        right=_SHARE["assurance"],
        tolerance=0.01,
        step=0.01,
        because="Committee and call together, over all sixteen hours.",
        otherwise="Add the hours of both lines marked A, and divide by all the hours.",
        slips=(
            Slip(value=3 / sum(_HOURS.values()), because="There are two lines marked A."),
            Slip(value=_HOURS["assurance"], because="Those are the hours. Divide them by the sum of all."),
            Slip(value=2 / 5, because="You counted lines. Hours are what is scarce."),
        ),
    ),
    NumberCheck(
        name="level",
        ask="In the model, 20% of everyday work goes wrong and leaders give 30 hours a week to control, nothing else. What percent goes wrong after three years, new "
        "services left out?",
        outcome="recognise",
        right=_LEVEL,
        tolerance=0.1,
        unit="%",
        because="Control holds the level it finds. More of it holds it more firmly.",
        otherwise="Ask which of the four ever moves the everyday level.",
        slips=(
            Slip(value=0, because="That would be the hope. Control puts things back to where they were; it does not move where they were."),
            Slip(value=10, because="Control shortens trouble. The everyday level is another matter."),
        ),
    ),
    SortCheck(
        name="letters",
        ask="Put the letter by what the meeting does.",
        outcome="map",
        piles=("Planning", "Control", "Assurance", "Improvement"),
        enough=5,
        cards=(
            Card(label="Crews and dispatch find six late jobs at noon, and move two cars", piles=("Control",), because="People doing the work, today's trouble, an answer now."),
            Card(label="The quality committee reads last quarter's falls", piles=("Assurance",), because="Others learn of it afterwards."),
            Card(label="Finance and a ward find why shifts are booked late, and try an earlier roster", piles=("Improvement",), because="A cause is sought and a change is tried. It lowers a standing level."),
            Card(label="Parents help to design a clinic before it opens", piles=("Planning",), because="Made to fit needs, before it runs."),
            Card(label="A practice looks at yesterday's unanswered tasks, each day, and clears them", piles=("Control",), because="Cleared today. Why there are some each day is another question."),
            Card(label="An “improvement board” hears forty projects report green", piles=("Assurance",), because="The name is improvement. What happens is a report upward."),
        ),
    ),
    ChoiceCheck(
        name="leak",
        ask="A leader moves all her hours from control to improvement. Two good projects land. A year on the level is nearly back. What is the likeliest account?",
        outcome="recognise",
        answers=(
            Answer(label="The projects were bad", because="They worked. Ask who watched the level after the team left."),
            Answer(label="Staff drifted back, since they resist change", because="With nobody watching, slipping is what work does. It says little about people."),
            Answer(label="Nobody held the gains, so they leaked while new ones were won", right=True, because="Winning and losing went on at once. Some control, at the new level, is part of improvement."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
