"""Self-check of lesson M02.3: what the limits are made of, and what to do about the points."""

from __future__ import annotations

from typing import Any

from improvement import spc
from improvement.views import questions, schema
from improvement.views.questions import Answer, ChoiceCheck, NumberCheck, Slip

_CALLS = [12, 15, 11, 14, 18]
_LIMITS = spc.xmr_limits(_CALLS)
_SIGNED = (_CALLS[-1] - _CALLS[0]) / 4

CHECKS = (
    NumberCheck(
        name="moving_range",
        ask=f"A crisis line took {', '.join(map(str, _CALLS[:-1]))} and {_CALLS[-1]} calls on five nights. What is the average moving range?",
        outcome="construct",
        right=_LIMITS.mean_moving_range,
        tolerance=0.005,
        step=0.01,
        unit="calls",
        because="The steps are 3, 4, 3 and 4: four steps from five nights, whichever way they go.",
        otherwise="Write the step between each night and the next, drop the minus signs, and average the four steps.",
        slips=(
            Slip(value=_SIGNED, because="That keeps the direction, so rises and falls cancel. A moving range has no direction."),
            Slip(value=14 / 5, because="Five nights make four steps. Divide by four."),
            Slip(value=max(_CALLS) - min(_CALLS), because="That is the range of all five nights. A moving range looks at neighbours only."),
        ),
    ),
    ChoiceCheck(
        name="target",
        ask="The target is tightened. What happens to the process limits?",
        outcome="apply",
        answers=(
            Answer(label="They move with it", because="Then a service could be made predictable by memo. Limits come from the data alone."),
            Answer(label="They become narrower", because="Wanting less variation does not produce less. The steps between points are what they are."),
            Answer(label="Nothing", right=True, because="Limits say what the process does. The target says what somebody needs. The gap between them is the news."),
        ),
    ),
    ChoiceCheck(
        name="inside",
        ask="Last week was the worst of the year. It lies inside the limits and no rule fires. Patients still waited too long. What now?",
        outcome="distinguish",
        answers=(
            Answer(label="Find out what went wrong that week", because="Some week has to be the worst of the year. Asking only about it will find a story, not a cause."),
            Answer(label="Nothing: it is common cause", because="Common cause is not a pardon. Those patients waited, and so will the next ones, until the work changes."),
            Answer(label="Leave the week alone and change how the work is done every week", right=True, because="The whole process made that week, so the whole process has to change. The people who waited still deserve an answer now."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
