"""Self-check of lesson M12.4: value and failure demand, how far coders agree, and where the root lies."""

from __future__ import annotations

from typing import Any

from improvement import datasets
from improvement.simulate.failure_demand import agreement, failure_share
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_SHARE = failure_share(datasets.read("practice_calls")["demand"])
# Forty cards: 15 failure and 15 value to both, the other ten split evenly.
_FIRST = ["failure"] * 20 + ["value"] * 20
_SECOND = ["failure"] * 15 + ["value"] * 5 + ["failure"] * 5 + ["value"] * 15
_TWO = agreement(_FIRST, _SECOND)

CHECKS = (
    SortCheck(
        name="kind",
        ask="A community nursing line. What kind of demand is each?",
        outcome="classify",
        piles=("Value", "Failure", "Unclear"),
        enough=5,
        cards=(
            Card(label="“Wound is hot and smells, since yesterday”", piles=("Value",), because="A new need. The line is there for it."),
            Card(label="“Nobody came on Tuesday. Is anyone coming?”", piles=("Failure",), because="Something promised was not done. Done, or cancelled with word, there is no call."),
            Card(label="“Says it is about the dressing”", piles=("Unclear",), because="Running out, falling off or a question: you cannot know from this."),
            Card(label="“What time is the visit? I have to go out”", piles=("Failure",), because="A time given beforehand would have saved the call. That lies in how visits are arranged."),
            Card(label="“Letter says ring us. Why?”", piles=("Failure",), because="The letter made the call. Its wording is design."),
            Card(label="“Mum has died. Please stop the visits. Thank you”", piles=("Value",), because="The service needs that word, and the caller deserves a kind answer. Not each call about a change is a failure."),
        ),
    ),
    NumberCheck(
        name="share",
        ask=f"In the lesson's {_SHARE.contacts} calls, {_SHARE.failure} are failure demand by the agreed code. What percent is that?",
        outcome="classify",
        right=100 * _SHARE.share,
        tolerance=3,
        unit="%",
        because="And give the unclear share with it: the true figure could be higher by that much.",
        otherwise="Divide the failure calls by all calls, unclear ones included, and multiply by 100.",
        slips=(
            Slip(value=100 * _SHARE.failure / (_SHARE.contacts - _SHARE.unclear), because="You left the unclear calls out. They are calls too; report them beside the share."),
            Slip(value=100 * _SHARE.share_with_unclear, because="That counts each unclear call as failure. It is the most it could be, and worth giving as that."),
            Slip(value=80, because="A famous figure, and not from this log. Count."),
        ),
    ),
    NumberCheck(
        name="kappa",
        ask="Two people code 40 cards as failure or value. Each says failure to 20. They agree on 30. By chance they would agree on half. What is kappa?",
        outcome="classify",
        right=_TWO.kappa or 0.0,
        tolerance=0.01,
        step=0.01,
        because="0.75 alike, less 0.5 by chance, over the 0.5 that chance leaves. It is under 0.6: write a rule for the ten cards first.",
        otherwise="Take the share alike, less the share by chance, and divide by 1 less the share by chance.",
        slips=(
            Slip(value=_TWO.observed, because="That is the share alike. Half of it would have come by tossing coins."),
            Slip(value=_TWO.observed - _TWO.expected, because="Nearly. Now divide by what chance leaves to be agreed on."),
        ),
    ),
    ChoiceCheck(
        name="root",
        ask="Sixty calls a month ask for a result. Which answer goes to the root?",
        outcome="redesign",
        answers=(
            Answer(label="A message at the start of the queue: please do not ring for results", because="Calls may fall, and so may the number of people who learn their result. Nothing was finished."),
            Answer(label="One more receptionist on Mondays", because="The calls get answered. They also keep coming, and you keep paying."),
            Answer(label="Each result goes out by text, in a plain sentence, with a date by which to expect it", right=True, because="The reason to ring goes. Test it with one clinic, and ask people without a mobile phone what would suit them."),
            Answer(label="Remind clinicians to be more careful with results", because="Care was never short. Nobody had been given a way to tell people."),
        ),
    ),
    ChoiceCheck(
        name="fewer",
        ask="Calls fall by a third after a new online form. What would you look at before you call it a success?",
        outcome="redesign",
        answers=(
            Answer(label="Nothing: fewer calls is the aim", because="Calls also fall when people give up, or go to A&E."),
            Answer(label="Whether needs were met, who stopped ringing, and what happened in A&E", right=True, because="A need can end settled, elsewhere, or given up. Only the first is a gain."),
            Answer(label="Whether staff like the form", because="Worth asking. It does not tell you what became of the third who no longer ring."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
