"""Self-check of lesson M09.1: Juran's steps in order, and the step that three plans have left out."""

from __future__ import annotations

from typing import Any

from improvement.planning import STEPS
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, SortCheck

_PILES = tuple(f"Step {number}" for number in STEPS)


def _card(step: int, label: str, because: str) -> Card:
    return Card(label=label, piles=(_PILES[step - 1],), because=because)


def _missing(name: str, ask: str, outcome: str, right: int, because: dict[int, str]) -> ChoiceCheck:
    """Which of Juran's steps is missing: an answer for each step named in `because`."""
    return ChoiceCheck(
        name=name,
        ask=ask,
        outcome=outcome,
        answers=tuple(
            Answer(label=f"{step}. {STEPS[step]}", because=reason, right=step == right)
            for step, reason in because.items()
        ),
    )


CHECKS = (
    SortCheck(
        name="order",
        ask="A council and its practices plan help for people who fall at home. In which of Juran's steps does each piece of work "
        "belong?",
        outcome="translate",
        piles=_PILES,
        enough=7,
        cards=(
            _card(6, "Chart the hours on the floor each week, with the duty manager to act on it", "A control: something watched, how often, by whom."),
            _card(3, "Sit with ten people who have fallen and ask what they want back", "That finds out needs, from the people who have them."),
            _card(5, "Lay out the call, the crew and the kit, and time six trial runs", "The process that will produce the feature, tried and timed."),
            _card(1, "Agree that the two directors decide together, by June", "What is planned, and who decides, comes before anything is designed."),
            _card(6, "Hand the chart to the night supervisor, and go through it together for a month", "Transfer to the people who will run it."),
            _card(4, "Choose a pick-up service, because seven of the ten lay for hours", "A feature, with the need that it answers."),
            _card(2, "List everybody the change would touch, night porters included", "Whom it affects comes before what they need."),
            _card(5, "State that 4 of the 6 trial runs took under an hour", "That is what the process can do, as far as six runs tell: part of step 5, and not yet a control."),
        ),
    ),
    _missing(
        "ambulance",
        "An ambulance service plans a car for mental health calls. “The two directors decide. Callers, families and police were asked: "
        "they want somebody to listen, quickly, and no cell. A nurse rides with a paramedic. Rota, kit and handover sheet are "
        "ready; in a trial 31 of 40 callers were reached within the hour. We launch on Monday.” Which step is missing?",
        "prepare",
        6,
        {
            2: "Callers, families and police were named, and asked.",
            4: "The nurse in the car is the feature. It answers the wish for somebody who listens.",
            5: "The rota is a process, and 31 of 40 says what it did.",
            6: "Nothing is watched after Monday, and nobody has taken over. If it slides to 20 of 40 by autumn, who would know?",
        },
    ),
    _missing(
        "school",
        "A school nursing team plans a new asthma service. “The locality lead decides. It is for pupils, parents, teachers and practices. Every pupil "
        "gets an app and a yearly review. Nurses do 20 reviews a week, as the trial showed. The lead nurse charts reviews "
        "each month and runs it from September.” Which step is missing?",
        "identify",
        3,
        {
            2: "Four kinds of people are named. But look at what is said about them.",
            3: "Who it is for is there, and nobody's need is. So nobody can tell what the app is an answer to.",
            5: "There is a process, and a trial showed what it can do.",
            6: "Reviews are charted, with an owner. It may hold the wrong thing well.",
        },
    ),
    _missing(
        "theatre",
        "A hospital plans to free theatres. “The surgical board decides. Patients, ward staff, porters and theatre teams were asked: patients "
        "want their date kept. We will offer a fixed date with a text the week before. The bookings manager watches dates "
        "moved each week, and runs it from day one.” Which step is missing?",
        "translate",
        5,
        {
            3: "The need is there in patients' words: their date kept.",
            4: "The fixed date and the text are features, and they answer that need.",
            5: "A promise, and no work behind it. Who finds the slot? How often could today's booking keep such a date? A control will now watch it fail.",
            6: "The bookings manager watches dates moved. That is a control with an owner.",
        },
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
