"""Self-check of lesson M02.1: what an arrow, a colour and a longer look can each tell you."""

from __future__ import annotations

from typing import Any

from improvement.simulate import two_point
from improvement.views import questions, schema
from improvement.views.questions import Answer, ChoiceCheck, NumberCheck, Slip

_MONTHS = 24
_ARROWS = _MONTHS * two_point.exact().worse
_SWING = round(100 * two_point.chance_of_swing(0.15, 0.2))

CHECKS = (
    ChoiceCheck(
        name="down",
        ask="Falls on a community ward were 14 last month and 10 this month. What do these two numbers show?",
        outcome="distinguish",
        answers=(
            Answer(label="Falls are coming down", because="Two numbers always differ one way or the other. Down after one month is a coin landing tails."),
            Answer(label="The new falls bundle works", because="Perhaps it does. A ward without a bundle would also have a lower month about every other month."),
            Answer(label="That 10 people fell this month. Whether anything changed, they cannot show", right=True, because="Each fall matters and is looked after. Whether the ward has become safer takes more months than two."),
        ),
    ),
    NumberCheck(
        name="arrows",
        ask=f"Nothing changes in a service for {_MONTHS} months after today. About how many of the {_MONTHS} new arrows will say “worse”?",
        outcome="estimate",
        right=_ARROWS,
        tolerance=2,
        because=f"About half of {_MONTHS}. Your own count may be two or three away, by chance.",
        otherwise="An arrow points up or down. With nothing pushing either way, neither is the likelier.",
        slips=(
            Slip(value=0, because="No change in the service is not the same as no change in the number. The number moves by itself every month."),
            Slip(value=_MONTHS, because="That would need a fall, or a rise, in every single month. Chance does not keep that up."),
        ),
    ),
    ChoiceCheck(
        name="swing",
        ask="Months vary by about 15% of their average and nothing changes. How often will a month be 20% or more away from the month before?",
        outcome="estimate",
        answers=(
            Answer(label="Hardly ever: 20% is more than 15%", because="The 15% is the usual distance of one month from the average. Two months side by side can stray in opposite ways, so their gap is wider."),
            Answer(label=f"About {_SWING} times in 100", right=True, because="One month in three. A rule such as “explain any move of 20%” would send you after nothing four times a year."),
            Answer(label="About half the time", because="Half is how often the arrow says worse, whatever the size. Large moves are rarer than small ones."),
        ),
    ),
    ChoiceCheck(
        name="colour",
        ask="A measure has been green, red, green, amber, red. The numbers look like they have for two years. What would stop the flicker?",
        outcome="critique",
        answers=(
            Answer(label="Ask for an action plan after each red", because="Five plans for one steady service. The next green will come anyway, and the last plan will get the credit."),
            Answer(label="Widen the amber band", because="The colours would calm down and the patients would notice nothing. That changes the paint."),
            Answer(label="Change the work, so that ordinary months lie well inside the target", right=True, because="The colour flickers because the target cuts through the ordinary range. Only moving or narrowing that range helps the people behind the number."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
