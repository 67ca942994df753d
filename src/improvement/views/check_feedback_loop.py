"""Self-check of lesson M10.1: find the missing link, time the loop, choose the answer, and shut the right gate."""

from __future__ import annotations

from typing import Any

from improvement.simulate.control_loop import Parameters
from improvement.views import questions, schema
from improvement.views.questions import Answer, ChoiceCheck, NumberCheck, Slip

_EVERY, _DELAY = 14, 10
_SEEN = Parameters(every=_EVERY, delay=_DELAY).slowest_sight

CHECKS = (
    ChoiceCheck(
        name="link",
        ask="Community team: share of visits running late, counted every evening by the coordinator, who looks at it at 7 each morning. Above 12% she knows it is unusual. What is missing?",
        outcome="build",
        answers=(
            Answer(label="An owner", because="There is one, by role, at a stated hour."),
            Answer(label="A rule", because="Above 12% is a rule. Where the 12 comes from is worth asking."),
            Answer(label="A sensor", because="The evening count is the sensor: one number, once a day."),
            Answer(label="A response", right=True, because="She knows it is unusual, and then? Nobody has agreed what she may do, or whom she may ring."),
        ),
    ),
    NumberCheck(
        name="slowest",
        ask=f"Falls are counted on every {_EVERY}th day and the figure reaches the owner {_DELAY} days later. Something goes wrong the day after a count. How many days after it began does the owner see its first bad figure?",
        outcome="build",
        right=_SEEN,
        tolerance=0,
        unit="days",
        because=f"{_EVERY - 1} days until the next count, then {_DELAY} on its way. A loop can have every link and still be too slow for what it is meant to catch.",
        otherwise="Count from the first bad day to the next count, then add the days the figure is on its way.",
        slips=(
            Slip(value=_EVERY + _DELAY, because="Nearly. It began the day after a count, so one day of the fourteen had gone."),
            Slip(value=_DELAY, because="That is only the journey. First the trouble has to wait for a count."),
            Slip(value=_EVERY, because="The count is taken by then. The owner has not seen it."),
        ),
    ),
    ChoiceCheck(
        name="signal",
        ask="An ambulance station's daily handover time goes above its upper limit. The owner is at her desk. What comes first?",
        outcome="select",
        answers=(
            Answer(label="Ask for a written explanation by Friday", because="By Friday it has passed or grown. An explanation changes no handover."),
            Answer(label="See to the patients waiting now, then find what is different today", right=True, because="People first. Then the special cause, while it can still be seen."),
            Answer(label="Redesign handover", because="A signal says that today is unlike the usual days. Redesign is for the usual days."),
            Answer(label="Wait for seven in a row", because="One reading beyond a limit is a signal by itself. The seven are for small shifts."),
        ),
    ),
    ChoiceCheck(
        name="gate",
        ask="A memory clinic is steady: 30 to 70 days, and people need 28. The board proposes a weekly call to account for each breach. What do you offer?",
        outcome="refuse",
        answers=(
            Answer(label="The call: pressure will bring it down", because="Every week's breaches come from how the clinic is built. The call will hear about chance, and take a morning."),
            Answer(label="Stop measuring until it is redesigned", because="Then nobody would notice if 70 became 100. Watching goes on, and so does looking after people who wait."),
            Answer(label="No call. Keep the chart and its owner, look after those who wait longest, and start a redesign", right=True, because="Monitor, rescue, redesign. Only the tightening is refused, with something better in its place."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
