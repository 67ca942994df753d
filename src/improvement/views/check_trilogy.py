"""Self-check of lesson M08.2: five quantities read off the picture, and three kinds of work told apart."""

from __future__ import annotations

from typing import Any

from improvement.simulate import trilogy as model
from improvement.views import questions, schema, trilogy
from improvement.views.questions import Card, NumberCheck, Slip, SortCheck

DRAW = 3


def quarter(number: int, *decisions: str) -> model.Summary:
    """A quarter (1 to 8) of the widget's first draw; the last decision is given again to the end."""
    given = [*decisions, *decisions[-1:] * (trilogy.QUARTERS - len(decisions))]
    run = model.simulate(trilogy.decided(trilogy.INHERITED, given), seed=DRAW)
    return model.stretch(run, trilogy.QUARTER * (number - 1), trilogy.QUARTER * number)


def _cost(summary: model.Summary) -> int:
    return round(summary.cost / summary.weeks)


def _share(summary: model.Summary) -> int:
    return round(100 * summary.hit_rate)


_CHARTED, _LEFT = quarter(8, "spc"), quarter(8, "none")
_SPELL_CHARTED, _SPELL_LEFT = quarter(6, "spc"), quarter(6, "none")
_HELD, _DROPPED = quarter(8, "hold", "none"), quarter(8, "drop", "none")
_BOLD, _LEARNT = quarter(8, "redesign", "none"), quarter(8, "hold", "redesign", "none")

_PLAN, _CONTROL, _IMPROVE = "Planning", "Control", "Improvement"

CHECKS = (
    NumberCheck(
        name="ordinary",
        ask="Chart to the end. In quarter 8 there is no trouble. What does poor quality cost a week?",
        outcome="simulate",
        right=_cost(_CHARTED),
        tolerance=1,
        unit="£",
        because=f"And left alone to the end: £{_cost(_LEFT):,} as well. Control holds. It does not lower.",
        otherwise="Take back to the start, press Chart, then Same to the end. Read the last row of Quarter by quarter.",
        slips=(
            Slip(value=_cost(_SPELL_CHARTED), because="That is quarter 6, which has a week of trouble in it."),
        ),
    ),
    NumberCheck(
        name="spell",
        ask="Quarter 6 has a spell of trouble. How much less a week does it cost charted than left alone?",
        outcome="simulate",
        right=_cost(_SPELL_LEFT) - _cost(_SPELL_CHARTED),
        tolerance=2,
        unit="£",
        because="Eight weeks of trouble became one. This is what control is for, and it is worth having.",
        otherwise="Read quarter 6 once with Chart to the end and once with Leave it to the end. Take one from the other.",
        slips=(
            Slip(value=_cost(_SPELL_LEFT), because="That is the quarter left alone. How much of it did charting spare?"),
            Slip(value=_cost(_SPELL_CHARTED), because="That is what was left after charting. Take it from the quarter left alone."),
        ),
    ),
    NumberCheck(
        name="held",
        ask="First decision: Project, hold the gain. Then Leave it to the end. What percentage is in time in quarter 8?",
        outcome="simulate",
        right=_share(_HELD),
        tolerance=1,
        unit="%",
        because="A year and a half later it is where the project put it. The zone moved, because the work did.",
        otherwise="Read the last row of Quarter by quarter: one project, held, and six quarters left alone.",
        slips=(Slip(value=_share(_DROPPED), because="That is the project nobody held."),),
    ),
    NumberCheck(
        name="dropped",
        ask="The same, with Project, move on. What percentage is in time in quarter 8?",
        outcome="simulate",
        right=_share(_DROPPED),
        tolerance=1,
        unit="%",
        because=f"Where it began. The same project, the same hours, and a gain of {_share(_HELD) - _share(_DROPPED)} points gone quietly.",
        otherwise="Take back to the start, press Project, move on, then Leave it, then Same to the end.",
        slips=(Slip(value=_share(_HELD), because="That is the project somebody held."),),
    ),
    NumberCheck(
        name="lessons",
        ask="Redesign at once, then leave it: read quarter 8. Now a held project first, then the redesign, then leave it. How many percentage points better is quarter 8?",
        outcome="simulate",
        right=_share(_LEARNT) - _share(_BOLD),
        tolerance=1,
        unit="points",
        because="The second plan was drawn by people who had learnt how the work goes. This is the arrow in Juran's picture that runs back to planning.",
        otherwise="Two runs, two last rows. Take the first percentage from the second.",
        slips=(
            Slip(value=_share(_LEARNT), because="That is where the second run ends. How far above the first?"),
            Slip(value=_share(_BOLD), because="That is where the first run ends. How far above it is the second?"),
        ),
    ),
    SortCheck(
        name="kinds",
        ask="Which part of the trilogy is each?",
        outcome="sort",
        piles=(_PLAN, _CONTROL, _IMPROVE),
        enough=5,
        cards=(
            Card(label="A crisis team finds out why last night's calls doubled, and puts it right", piles=(_CONTROL,), because="A sporadic spike, brought back to the usual level."),
            Card(label="A practice charts its unread letters weekly and looks into the odd week", piles=(_CONTROL,), because="It watches for trouble. The usual level stays."),
            Card(label="An ambulance team halves a delay that was there every day, and tests that it stays away", piles=(_IMPROVE,), because="A chronic waste, taken out for good."),
            Card(label="A ward finds which step makes every discharge late and removes it", piles=(_IMPROVE,), because="Every discharge: the level itself is attacked."),
            Card(label="A memory clinic is designed with patients and carers before it opens", piles=(_PLAN,), because="Needs first, then the work that will meet them. The level is being set."),
            Card(label="A community team proves in a pilot that two nurses can visit in two hours, then hands over", piles=(_PLAN,), because="Juran's planning ends with proof under working conditions and a handover."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(
    CHECKS,
    intro="The first five are read off the simulator above, with its luck at 3 and whichever service you like. Nothing is "
    "marked or stored.",
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
