"""Self-check of lesson M02.5: what an answer to yesterday costs, and which numbers deserve one."""

from __future__ import annotations

from typing import Any

from improvement.simulate import funnel
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_DAY = 10
_CORRECTED = funnel.exact_sd("from_setting", 50, _DAY)
_LEAVE, _ASK, _CHANGE = "Leave the number alone", "Ask what was different", "Change how the work is done"

CHECKS = (
    NumberCheck(
        name="corrected",
        ask=f"A crisis line is steady: its nightly wait has a standard deviation of {_DAY} seconds. A new manager corrects what is in force "
        "by last night's miss, every night. What will the standard deviation be?",
        outcome="distinguish",
        right=_CORRECTED,
        tolerance=0.5,
        step=0.1,
        unit="seconds",
        because=f"Each night now holds its own luck and last night's turned round. The variance doubles, from {_DAY**2} to {2 * _DAY**2}, and the "
        "standard deviation is its square root.",
        otherwise="Each night carries two helpings of luck. Add their variances, then take the square root.",
        slips=(
            Slip(value=_DAY, because="That is the spread left alone. The corrections add to it."),
            Slip(value=2 * _DAY, because="The variance doubles. The standard deviation is its square root, so it grows by less."),
            Slip(value=_DAY / 2, because="That is what the manager hopes for. Last night's miss was luck, and luck is not there to be corrected."),
            Slip(value=0, because="Nobody can correct a night that has not happened. Its own luck always comes."),
        ),
    ),
    ChoiceCheck(
        name="worked",
        ask="“Whenever handovers are slow we ring the wards, and next day they are nearly always quicker.” What does that show?",
        outcome="distinguish",
        answers=(
            Answer(label="That ringing works", because="Slow days with no call are mostly followed by quicker ones too. Without those days beside it the sentence shows nothing."),
            Answer(label="Nothing yet: ask what follows the slow days when nobody rings", right=True, because="That is the comparison. A bad day is mostly followed by a better one, whatever anybody does."),
            Answer(label="That ringing makes it worse", because="On a steady service it adds spread over the weeks. The one next day cannot tell you that either."),
        ),
    ),
    ChoiceCheck(
        name="copied",
        ask="Each new porter is shown the job by the last one to join. Nobody ever looks at the original instructions. What happens to the job?",
        outcome="distinguish",
        answers=(
            Answer(label="It settles on the best way", because="Nothing pulls it back to any way. Each small difference is passed on and the next is added."),
            Answer(label="It varies about as much as before", because="That would be so if each learned from the same source. Here each copy starts from the last copy."),
            Answer(label="It wanders, further the longer this goes on", right=True, because="Do what we did last time: luck heaped on luck, with a spread that grows with the square root of the number of copies."),
        ),
    ),
    SortCheck(
        name="piles",
        ask="Five numbers came in this morning. What does each deserve?",
        outcome="distinguish",
        piles=(_LEAVE, _ASK, _CHANGE),
        enough=4,
        cards=(
            Card(label="A practice's slowest Monday of the year, inside the limits", piles=(_LEAVE,), because="Some Monday has to be the slowest. Help those who waited."),
            Card(label="A care home with more falls than the upper limit", piles=(_ASK,), because="A point beyond the limit: something was probably different."),
            Card(label="Handovers steady for a year, and too long all year", piles=(_CHANGE,), because="No single day can explain it. The way the work is done makes every one of them."),
            Card(label="The theatre suite's best week since spring, inside the limits", piles=(_LEAVE,), because="Praise for luck is tampering too: next week will look like a failure."),
            Card(label="Nine weeks in a row above the mean on a mental health ward", piles=(_ASK,), because="A run that long is a signal, though no week stands out."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
