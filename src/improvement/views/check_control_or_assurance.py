"""Self-check of lesson M10.3: who looks, when and what for; what inspection leaves; and when an audit has done its job."""

from __future__ import annotations

from typing import Any

from improvement.simulate import inspection
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_ITEMS, _WRONG, _FINDS = 400, 5, 75
_MONTH = inspection.month(
    inspection.Parameters(items=_ITEMS, defect_rate=_WRONG / 100, share=1, detection=_FINDS / 100)
)
_CONTROL, _ASSURANCE, _INSPECTION, _IMPROVEMENT = "Control", "Assurance", "Inspection", "Improvement"

CHECKS = (
    SortCheck(
        name="looks",
        ask="Who looks, when, and what for? Put each where it belongs.",
        outcome="separate",
        piles=(_CONTROL, _ASSURANCE, _INSPECTION, _IMPROVEMENT),
        enough=6,
        cards=(
            Card(label="Two nurses read the name band before every unit of blood", piles=(_INSPECTION,), because="Each item is looked at, to stop a wrong one."),
            Card(label="A control room moves cover when a chart of uncovered areas trips its rule", piles=(_CONTROL,), because="Those doing the work steer it while it runs."),
            Card(label="A regulator samples care plans and publishes what it thinks", piles=(_ASSURANCE,), because="It is called an inspection and serves people at a distance. Assurance, by this lesson's words."),
            Card(label="A pharmacist checks every prescription before it is handed out", piles=(_INSPECTION,), because="Item by item, good from bad."),
            Card(label="The practice finds that two drugs stand side by side and moves one", piles=(_IMPROVEMENT,), because="Fewer errors will be made. That is the only one of the four that does this."),
            Card(label="Internal audit asks whether the control room's chart is really looked at", piles=(_ASSURANCE,), because="It checks that control exists."),
            Card(label="A ward's afternoon huddle reorders who is seen next", piles=(_CONTROL,), because="Today's work, changed today."),
        ),
    ),
    NumberCheck(
        name="through",
        ask=f"Of {_ITEMS} letters a month {_WRONG}% are wrong. Every letter is checked, and a check finds {_FINDS}% of wrong ones. How many wrong letters go out?",
        outcome="separate",
        right=_MONTH.reach,
        tolerance=0.01,
        unit="letters",
        because=f"{_MONTH.made:.0f} are wrong, {_MONTH.found:.0f} are found and {_MONTH.reach:.0f} go out: each month, for as long as you check and do nothing else.",
        otherwise=f"First how many are wrong: {_WRONG}% of {_ITEMS}. Then the share a check does not find.",
        slips=(
            Slip(value=_MONTH.found, because="Those are found. The others go out."),
            Slip(value=_MONTH.made, because="That many are wrong before the check. The check finds most."),
            Slip(value=0, because="Checking everything is not finding everything."),
            Slip(value=_ITEMS * (1 - _FINDS / 100), because="That is a quarter of all letters. Only the wrong ones can slip through wrong."),
        ),
    ),
    ChoiceCheck(
        name="again",
        ask="Three audits in two years: 71%, 74%, 72%. A fourth is booked. What would you do with that time?",
        outcome="separate",
        answers=(
            Answer(label="Audit more records, for certainty", because="You have the answer three times over. More records would only print it more sharply."),
            Answer(label="Audit again after reminding everyone", because="That was the plan last time, and the time before."),
            Answer(label="Cancel it; use the days to change the work, and ten records a week to see whether that helps", right=True, because="The audit has done its job. Ten a week, on a chart, in the team's own hands: a sensor."),
            Answer(label="Stop looking: nobody acts on it", because="Nobody acted because nobody was asked to change the work. Blindness would not help."),
        ),
    ),
    ChoiceCheck(
        name="rare",
        ask="Wrong-blood events happen once in years. Someone proposes to replace the check before each unit by a control chart. Why not?",
        outcome="select",
        answers=(
            Answer(label="Charts are only for large numbers", because="There are charts for rare events. That is not the trouble."),
            Answer(label="The first signal would be a person. Check each unit, and design the mix-up out", right=True, because="Where one is too many, do not wait for a pattern. Inspect and prevent."),
            Answer(label="Inspection is always cheaper", because="Often it is not. Here the harm is so dear that a check is worth it at almost any rate."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
