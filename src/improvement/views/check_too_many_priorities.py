"""Self-check of lesson M03.3: lead time from work under way, what to stop, and who pays for surprises."""

from __future__ import annotations

from typing import Any

from improvement.simulate import thinning as model
from improvement.views import questions, schema
from improvement.views.questions import Answer, ChoiceCheck, NumberCheck, Slip

_UNDER_WAY, _FINISHED = 18, 9
_PROJECTS, _EFFORT, _CAPACITY = 5, 20, 40
_LEAD = model.lead_time(_PROJECTS, _EFFORT, _CAPACITY, loss=0)

CHECKS = (
    NumberCheck(
        name="lead",
        ask=f"A board has had about {_UNDER_WAY} projects under way for years and finishes {_FINISHED} a year. How many months does a project take on average?",
        outcome="prioritise",
        right=12 * _UNDER_WAY / _FINISHED,
        tolerance=0.5,
        because="Two years' worth of finishing is under way at any time. Whatever the plan says, that is how long things take. To halve it, have half as many under way.",
        otherwise="Divide what is under way by what is finished in a month.",
        slips=(
            Slip(value=_UNDER_WAY / _FINISHED, because="That is the answer in years."),
            Slip(value=12 * _FINISHED / _UNDER_WAY, because="Turned round. The more is under way, the longer each takes."),
        ),
    ),
    NumberCheck(
        name="shared",
        ask=f"A primary care network has {_CAPACITY} days a month and {_PROJECTS} projects of {_EFFORT} days. Suppose switching costs nothing. How many months does a project take?",
        outcome="prioritise",
        right=_LEAD,
        tolerance=0.1,
        because=f"{_PROJECTS} × {_EFFORT} days of work, {_CAPACITY} days a month. One at a time, each would have taken half a month. No switching loss, and still five times as long.",
        otherwise="Five projects share the days. How much work is that, and how long does it last?",
        step=0.1,
        slips=(
            Slip(value=_EFFORT / _CAPACITY, because="That is one project alone with all the days."),
        ),
    ),
    ChoiceCheck(
        name="stop",
        ask="An ambulance service has 20 projects and days for about 6. What frees most time for the 6 that matter?",
        outcome="prioritise",
        answers=(
            Answer(label="Mark six of them as top priority and keep all twenty open", because="The other fourteen still hold their meetings and send their reports. A label gives no day back."),
            Answer(label="Train project managers to juggle better", because="It may lower the loss from switching. The work of twenty projects is still there."),
            Answer(label="Stop or pause fourteen, tell those who asked for them, and start the next only when one ends", right=True, because="The days come back, and the rule about starting keeps them. Being told is what lets people stop."),
            Answer(label="Shorten every deadline by a third", because="Deadlines add no days. People start earlier and finish as late."),
        ),
    ),
    ChoiceCheck(
        name="later",
        ask="In every bad month a community trust lends its falls prevention team to the discharge lounge. Total days and projects finished are as planned. What is missing from that report?",
        outcome="prioritise",
        answers=(
            Answer(label="Nothing: the plan was delivered", because="The total hides who gave the days. Look at the later horizon by itself."),
            Answer(label="What was finished for later, counted by itself", right=True, because="The total can hold while one horizon starves. Only a count of its own shows it."),
            Answer(label="A fresh start for falls prevention, next quarter", because="With the same rule the next bad month takes it again."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
