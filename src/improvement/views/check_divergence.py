"""Self-check of lesson M13.2: reading gaps, splits and agreement, and hiding a small group so that it stays hidden."""

from __future__ import annotations

from typing import Any

from improvement.assessment import FLOOR, Comparison, Statement, spread_of
from improvement.views import questions, schema
from improvement.views.questions import Answer, ChoiceCheck, NumberCheck, Slip

_GROUPS = {
    "partners": spread_of((3, 4, 4, 4, 4, 5, 5, 5, 5, 5)),
    "nurses": spread_of((1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5)),
    "reception": spread_of((1, 1, 1, 2, 2, 2, 2, 3, 3, 5, 5)),
}
_PARTNERS, _NURSES, _RECEPTION = (spread.median for spread in _GROUPS.values())
_GAP = Comparison(Statement("calls", "We know why people call twice."), _GROUPS).gap
_ALL, _ALL_LOW, _SEEN, _SEEN_LOW = 48, 30, 44, 27

CHECKS = (
    NumberCheck(
        name="gap",
        ask=f"“We know why people call twice.” Medians: partners {_PARTNERS:g}, nurses {_NURSES:g}, reception {_RECEPTION:g}. How wide is the gap, in levels?",
        outcome="visualise",
        right=_GAP,
        tolerance=0.01,
        step=0.5,
        unit="levels",
        because=f"The highest median less the lowest: partners at {_PARTNERS:g}, reception at {_RECEPTION:g}. The nurses between them do not count.",
        otherwise="Take the highest median and the lowest. Leave out the one between.",
        slips=(
            Slip(value=_PARTNERS - _NURSES, because="That is partners less nurses. Somebody stands lower."),
            Slip(value=_NURSES - _RECEPTION, because="That is nurses less reception. Somebody stands higher."),
        ),
    ),
    NumberCheck(
        name="subtract",
        ask=f"A report says: {_ALL} people answered, {_ALL_LOW} of them at levels 1 and 2. The groups it shows have {_SEEN} people and {_SEEN_LOW} at those levels. How many of the {_ALL - _SEEN} hidden people does it expose at levels 1 and 2?",
        outcome="administer",
        right=_ALL_LOW - _SEEN_LOW,
        tolerance=0.01,
        unit="people",
        because=f"{_ALL_LOW} less {_SEEN_LOW}. The group was left out of the chart and given away by the total. Leave it out of both.",
        otherwise="Take what the shown groups explain from the total.",
        slips=(
            Slip(value=0, because="It is not drawn, and still there: subtract the shown from the total."),
            Slip(value=_ALL - _SEEN, because="That is how many are hidden, not how many of them stand low."),
        ),
    ),
    ChoiceCheck(
        name="shapes",
        ask="On “Night shifts can reach a manager” every group's median is 3. In one group the middle half runs from 1 to 5. What comes first?",
        outcome="visualise",
        answers=(
            Answer(label="Nothing: there is no gap", because="There is none between groups. Inside one, people live in two different services."),
            Answer(label="Ask in that group whose week is different", right=True, because="A split inside a group is a finding. Perhaps one site has a manager on call and the other has not."),
            Answer(label="Report a 3, which is satisfactory", because="No level is satisfactory by its number, and many in that group stand nowhere near 3."),
        ),
    ),
    ChoiceCheck(
        name="fell",
        ask="After a year the executives' median on purpose went from 4 to 3. The staff's stayed at 2. What do you tell the board?",
        outcome="visualise",
        answers=(
            Answer(label="Purpose got worse", because="The answer got lower. What it describes may be the same, and seen more clearly."),
            Answer(label="The gap is narrower: ask the executives what they have seen since", right=True, because="They may have listened, or others may have answered. The numbers cannot say which, and the people can."),
            Answer(label="The programme worked", because="Perhaps. Nobody was followed, and nothing here says why they answered so."),
        ),
    ),
    ChoiceCheck(
        name="seven",
        ask="Seven patient partners answered. The chair wants to see their row. What do you do?",
        outcome="administer",
        answers=(
            Answer(label=f"Lower the minimum to {FLOOR} and print it", because="Allowed by the tool, but seven are few, the partners have not agreed, and paper travels."),
            Answer(label="Give their mean instead of their row", because="A mean of seven is a figure about seven people. It exposes them too, and says less."),
            Answer(label="Keep it hidden, and ask the partners whether and how they would like to be heard", right=True, because="It is theirs to decide. Some will speak at the table, which no row can do."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the replies to the answers given so far."""
    return questions.answer(CHECKS, params)
