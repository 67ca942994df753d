"""Self-check of lesson M05.2: which evidence answers a question, what a chart can promise, and replies to defensive lines."""

from __future__ import annotations

from typing import Any

from improvement.views import questions, schema, two_stories
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_DOTS, _NEED, _NUMBERS, _WORK = two_stories.EVIDENCE.values()
_SEPSIS = two_stories.SCENES["sepsis"]()


def _after(*moves: str) -> int:
    """The guard of the other side after these moves."""
    return two_stories.converse(moves)[-1][0].guard


CHECKS = (
    SortCheck(
        name="match",
        ask="A care home group charts falls each month. Which evidence could answer each question?",
        outcome="demonstrate",
        piles=(_DOTS, _NEED, _NUMBERS, _WORK),
        cards=(
            Card(label="Is June's rise like the other rises?", piles=(_DOTS,), because="Like or unlike the other dots: that is what limits are for."),
            Card(label="Did falls stay lower after the new flooring?", piles=(_DOTS,), because="A lasting shift would show as a run on one side of the mean."),
            Card(label="As we work now, would a month with two falls be normal?", piles=(_NEED,), because="Two is what somebody wants. The limits say what the homes do."),
            Card(label="Are people with dementia falling more than others?", piles=(_NUMBERS,), because="One line mixes them. Split it."),
            Card(label="Do fewer falls come from people being kept in their chairs?", piles=(_NUMBERS, _WORK), because="Chart the hours out of the chair, or go and look. This chart knows neither."),
            Card(label="What are staff doing at five in the morning when two bells ring?", piles=(_WORK,), because="It is in no number. Somebody has to be told, or see it."),
        ),
        enough=5,
    ),
    ChoiceCheck(
        name="promise",
        ask=f"Antibiotics: {_SEPSIS.met} of {len(_SEPSIS.values)} weeks met the need, and something changed for the better in September. A board "
        "member asks how often it will be met next year. The honest answer?",
        outcome="choose",
        answers=(
            Answer(label=f"About {_SEPSIS.met} weeks in {len(_SEPSIS.values)}", because="That averages the old work and the new. The old will not come back, one hopes."),
            Answer(label="Every week, now that it is improving", because="A lower mean is not a promise. The later weeks lie on both sides of the need."),
            Answer(label="Not from these limits: they mix before and after. We can say once the new way has run for a while", right=True, because="Predictable first, then capable. Start new limits, with the reason written down, and wait for enough points."),
        ),
    ),
    ChoiceCheck(
        name="defensive",
        ask="You show the chart. The station lead says: “It was the winter. Every service has had it.” Your reply?",
        outcome="choose",
        answers=(
            Answer(label="“Other stations managed. So what is your plan?”", because="Now the only safe thing to bring is a plan. What gets in the way stays where it was."),
            Answer(label="“Fine, thank you, next item.”", because="Polite, and nobody learns anything. The people who waited are still there."),
            Answer(label="“It may be. What did the winter do at your station that we would not see in this number?”", right=True, because="It takes the line seriously and asks for what only he knows. If there is nothing behind it, that shows too."),
        ),
    ),
    NumberCheck(
        name="guard",
        ask=f"In the model the guard starts at {two_stories.START}. The board begins with “Who let this happen?”, then concedes that it asked for "
        "needless explanations, then asks what gets in the way. Where is the guard?",
        outcome="demonstrate",
        right=_after("blame", "concede", "work"),
        tolerance=0.4,
        because="Up 2, down 2, down 1. The concession buys back the blame, and the question does the rest.",
        otherwise="Play these three turns. Blame raises the guard by 2, the first concession lowers it by 2, asking about the work by 1.",
        slips=(
            Slip(value=_after("blame"), because="That is after the first sentence alone."),
            Slip(value=_after("concede", "work"), because="That leaves the blame out. It was said, and it counts."),
            Slip(value=_after("blame", "concede"), because="One question is still to come. It lowers the guard by 1."),
        ),
    ),
    ChoiceCheck(
        name="door",
        ask="You put the framework's name on the front sheet, and the board gives you ten minutes, the first in two years. How do you use them?",
        outcome="choose",
        answers=(
            Answer(label="Show how low the board's own self-assessment came out", because="A board that felt put in the hot seat turned defensive, one director found. The name opened the door and the score shut it."),
            Answer(label="Explain all five components", because="They let you in for their service's sake. A lesson about a framework is not what they came for."),
            Answer(label="Bring one number, say what is yours to mend, and ask what good would look like in five years", right=True, because="The framework gave you a way in. Common ground is made by the two sides, gently, and the future is nobody's fault."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
