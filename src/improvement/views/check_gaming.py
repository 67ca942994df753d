"""Self-check of lesson M02.9: what a better percentage shows, the bar that stands out, and measures harder to game."""

from __future__ import annotations

from typing import Any

from improvement.simulate.bunching import find_bunching
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_TARGET, _BAR = 28, 2
_BEFORE, _LAST, _NEXT = (10, 12, 14, 16, 18, 20), 58, 6
_DAYS = (
    [_TARGET - _BAR * (len(_BEFORE) - place) - 1 for place, count in enumerate(_BEFORE) for _ in range(count)]
    + [_TARGET] * _LAST
    + [_TARGET + 1] * _NEXT
)
_EXCESS = find_bunching(_DAYS, _TARGET, _BAR).excess * len(_DAYS)

CHECKS = (
    ChoiceCheck(
        name="better",
        ask="A practice saw 80% of requests within 48 hours last year and 95% this year. What do you know about the average wait?",
        outcome="critique",
        answers=(
            Answer(label="It is shorter", because="It may be. It may also be the same, with people hurried over the line while others wait longer. The share counts crossings only."),
            Answer(label="It is longer: they must be gaming it", because="Nothing here says so. A true gain and a shuffle can give the same 95%. Suspicion is no better evidence than applause."),
            Answer(label="Nothing, until you see all the waits", right=True, because="Ask for the whole shape, the mean and the longest. Ask too about people who asked for a day further ahead."),
        ),
    ),
    NumberCheck(
        name="bar",
        ask=f"A landlord must finish repairs within {_TARGET} days. In bars of two days, the six bars before the last hold "
        f"{', '.join(map(str, _BEFORE[:-1]))} and {_BEFORE[-1]} repairs. The last bar before the target holds {_LAST}, the next {_NEXT}. How many "
        "too many are in the bar that stands out?",
        outcome="critique",
        right=_EXCESS,
        tolerance=0.05 * _EXCESS,
        unit="repairs",
        because="The bars climb by two, so 22 would come next. The rest are the excess. Why they are there, the bars cannot say.",
        otherwise="Carry the trend of the six bars on by one step. Take that from the last bar before the target.",
        slips=(
            Slip(value=_LAST, because="That is everybody in the bar. Some of those repairs would have been finished then anyway."),
            Slip(value=_LAST - _NEXT, because="You took away the bar after the target. That one is low because of the target: its repairs are in the bar before."),
            Slip(value=_LAST - sum(_BEFORE) / len(_BEFORE), because="You took away the average of the six bars. They are climbing, so the next would be higher than their average."),
        ),
    ),
    SortCheck(
        name="uses",
        ask="Three reasons to measure. What is each of these for?",
        outcome="critique",
        piles=("To improve", "To judge", "To find out what is true everywhere"),
        enough=4,
        cards=(
            Card(label="Ten call-backs a day, timed by the receptionist on a tally sheet", piles=("To improve",), because="Small, quick and good enough to see whether today's change helps."),
            Card(label="The share within four hours, published for every hospital", piles=("To judge",), because="It must be the same everywhere and bear checking. It says who is short, and little about why."),
            Card(label="Two ways to dress a wound, given by lot in 40 nursing teams", piles=("To find out what is true everywhere",), because="Large, slow and careful, so that others may rely on it."),
            Card(label="A crew's own notes on what held up each handover this week", piles=("To improve",), because="Honest only while nobody is marked by it. Put it in a ranking and the notes change."),
            Card(label="A landlord's yearly return to the regulator on repairs", piles=("To judge",), because="Somebody outside has a right to know. That is why it needs checks."),
        ),
    ),
    ChoiceCheck(
        name="pair",
        ask="Ambulances are held to a response time. You may add one thing to the percentage in time. Which makes it hardest to game?",
        outcome="design",
        answers=(
            Answer(label="A tougher percentage", because="A higher bar at the same line makes the line matter more. It says nothing of those beyond it."),
            Answer(label="The longest waits and the whole spread of times, beside it", right=True, because="Time moved from one caller to another shows up there. No single number is safe, so keep the pair."),
            Answer(label="A second line a minute later", because="Two lines make two spikes. People work to whichever is near."),
            Answer(label="The names of the crews that miss it", because="It would teach crews to fear the clock. The behaviour comes from how the measure is built, and the next crew would do the same."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
