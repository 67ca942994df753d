"""Self-check of lesson M11.1: the order of a breakthrough, the exact cut-off of the vital few, and what a remedy can reach."""

from __future__ import annotations

from typing import Any

from improvement import spc
from improvement.simulate import diagnosis
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_WAITS = {"no bed": 50, "transport": 30, "letter": 10, "medicines": 6, "family": 4}
_PARETO = spc.pareto(_WAITS, line=0.8)
_PROBLEM = diagnosis.Problem(
    amounts={"lost forms": 20, "others": 60},
    tests={},
    remedies={"form": diagnosis.Remedy(1, ("lost forms",))},
    hours=1,
)
_REACH = diagnosis.follow(_PROBLEM, ["form"], 0.5)
_LEFT = 100 * _REACH.left / _REACH.total

_NEED, _DIAGNOSE, _REMEDY, _HOLD = "1 Prove the need", "2 Diagnose", "3 Remedy", "4 Hold"

CHECKS = (
    SortCheck(
        name="order",
        ask="A crisis line loses callers before anybody answers. Where on the road does each of these belong?",
        outcome="diagnose",
        piles=(_NEED, _DIAGNOSE, _REMEDY, _HOLD),
        enough=5,
        cards=(
            Card(label="Two years of callers who gave up, on a chart: steady", piles=(_NEED,), because="It says how much, and that no single week will explain it."),
            Card(label="Ask callers what giving up led to", piles=(_NEED,), because="It says why it matters, and to whom."),
            Card(label="Sort the lost calls by hour and by length of the call before", piles=(_DIAGNOSE,), because="It looks for what the lost calls share."),
            Card(label="Sit beside a call handler for a night", piles=(_DIAGNOSE,), because="You are looking for the cause where the work is."),
            Card(label="Try one paper note less after each call, for a week", piles=(_REMEDY,), because="It changes the work, on a small scale, to act on a cause."),
            Card(label="The shift lead watches the share answered and knows when to call for help", piles=(_HOLD,), because="A named person, a number and a rule: control at the new level."),
        ),
    ),
    NumberCheck(
        name="few",
        ask="Delayed discharges from a community hospital: no bed 50, transport 30, letter 10, medicines 6, family 4. How many bars are "
        "the vital few at 80%?",
        outcome="diagnose",
        right=len(_PARETO.vital_few),
        tolerance=0,
        unit="bars",
        because="50 and 30 of 100 reach 80% exactly, and reaching the line is enough.",
        otherwise="Add from the largest down. Stop at the first bar that takes you to 80 of 100.",
        slips=(
            Slip(value=3, because="The first two make 80 of 100: they have reached the line. A third is not needed."),
            Slip(value=1, because="The largest alone makes 50 of 100."),
            Slip(value=4, because="80% of the bars is another thing: the few are counted by what they add up to."),
        ),
    ),
    NumberCheck(
        name="reach",
        ask="Of 80 wasted home visits a month, 20 are for a lost form. A new form prevents half of those. What share of the wasted visits "
        "is left?",
        outcome="diagnose",
        right=_LEFT,
        tolerance=0.5,
        step=0.5,
        unit="%",
        because="It prevents 10 of 80. Even a perfect form would leave 60 of 80.",
        otherwise="Take half of 20 from 80, then divide by 80.",
        slips=(
            Slip(value=50, because="That is what is left of its own cause. The other 60 visits never met the form."),
            Slip(value=75, because="That is what a perfect form would leave. This one prevents half of its cause."),
            Slip(value=100 - _LEFT, because="That is the share prevented. The question was what is left."),
        ),
    ),
    ChoiceCheck(
        name="journeys",
        ask="An ambulance team shows that most long handovers wait for a ward bed. The team is asked to “fix it”. What is wrong?",
        outcome="diagnose",
        answers=(
            Answer(label="Nothing: whoever finds the cause should mend it", because="They can see the cause and cannot move it. Beds belong to others."),
            Answer(label="They should look further before anybody acts", because="Perhaps. But looking longer will not put the beds into their hands."),
            Answer(label="The two journeys need different people: those who own the beds must join now", right=True, because="From symptom to cause you need those who see it. From cause to remedy, those who can change it."),
            Answer(label="They should have started with a remedy of their own", because="Any remedy of theirs reaches only the part that is not waiting for a bed."),
        ),
    ),
    ChoiceCheck(
        name="flat",
        ask="You sort restraints by ward, and nine of twelve wards are needed to reach 80%. No ward's chart signals. What next?",
        outcome="diagnose",
        answers=(
            Answer(label="Start with the ward at the top", because="Some ward is always at the top. Nothing says that it differs, and it holds a small share."),
            Answer(label="Ask what the wards share, or sort by something else: time of day, what came before", right=True, because="Flat bars say that place is not the cause. Another way of sorting may have a few."),
            Answer(label="Take the nine as the vital few", because="Nine of twelve is most of them. Calling them few does not help you choose."),
            Answer(label="Conclude that nothing can be done", because="Common causes can be changed, for all twelve at once."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
