"""Self-check of lesson M08.1: planning, control, assurance or improvement, and what a model can and cannot change."""

from __future__ import annotations

from typing import Any

from improvement.views import questions, schema
from improvement.views.activity_sorter import PILES
from improvement.views.questions import Answer, Card, ChoiceCheck, SortCheck

_PLAN, _CONTROL, _ASSURE, _IMPROVE = PILES.values()

CHECKS = (
    SortCheck(
        name="sort",
        ask="Sort six more, by a model with four parts.",
        outcome="sort",
        piles=(_PLAN, _CONTROL, _ASSURE, _IMPROVE),
        enough=5,
        cards=(
            Card(label="A dispatcher sees three crews stuck at one hospital and sends the next elsewhere", piles=(_CONTROL,), because="Seen and answered in minutes, by the person doing the work."),
            Card(label="Once a year an outside team checks a hospice's medicines cupboard and writes to its trustees", piles=(_ASSURE,), because="The reader of the letter is not the person with the key."),
            Card(label="A school nursing service asks teenagers how they would want to be reached, before it chooses an app", piles=(_PLAN,), because="Needs first, then the service that meets them."),
            Card(label="A clinic halves its missed appointments after testing three wordings of a text", piles=(_IMPROVE,), because="A standing level was brought down by tests. Keeping it there is the next job, and that is control."),
            Card(label="A committee hears that 97% of staff are trained", piles=(_ASSURE,), because="News for people at a distance. It is weak assurance at that: it counts attendance, not practice."),
            Card(label="Every night the ward sister counts who has no plan for discharge and rings the team that owes one", piles=(_CONTROL,), because="A count, somebody named, an answer the same night."),
        ),
    ),
    ChoiceCheck(
        name="audit",
        ask="Five drug charts are audited each morning. By noon the ward has put right what was found, and the count goes on its run chart. What is that audit now?",
        outcome="sort",
        answers=(
            Answer(label="Assurance: it is an audit", because="The name does not decide. Ask who learns it and when: the ward, by noon."),
            Answer(label="Control: the audit has become the sensor of a loop", right=True, because="The same form, moved to the people and the hour at which it can still matter."),
            Answer(label="Improvement: the count is on a run chart", because="A chart can serve any of the four. Here each day's faults are mended and the level is held. Lowering it would take a change in the work."),
        ),
    ),
    ChoiceCheck(
        name="models",
        ask="One trust works with three parts, its neighbour with four. Both do the same audits, huddles and projects. What is different?",
        outcome="contrast",
        answers=(
            Answer(label="The trust with four is better assured", because="Its audits have a drawer of their own. What is in the drawer is the same."),
            Answer(label="The words. On the wards, nothing yet", right=True, because="A model helps if it makes people notice what is missing. It is worth asking each: what did yours show you that you lacked?"),
            Answer(label="The trust with three follows Juran, so it is right", because="Juran himself kept assurance apart from control. And being first is not evidence."),
        ),
    ),
    ChoiceCheck(
        name="word",
        ask="Component 5 of NHS IMPACT asks for improvement in “management systems and processes”. Your director says: so we must install a quality management system. What does the wording support?",
        outcome="contrast",
        answers=(
            Answer(label="Just that", because="The word quality is not in it. A quality management system is one way to answer, and nobody has shown that it is the best."),
            Answer(label="Put improvement into how you already plan, meet, spend and decide; a quality system may be part of that", right=True, because="That covers money and staffing too. Whether to build a named quality system on top is a choice, to be argued for."),
            Answer(label="Nothing: it is too vague to act on", because="It is loose. It still tells you where to look: the routines by which you decide and follow up."),
        ),
    ),
    ChoiceCheck(
        name="cornerstone",
        ask="A paper says: “60% of trusts want a quality management system, which the Health Foundation has shown to work.” How many things are wrong?",
        outcome="contrast",
        answers=(
            Answer(label="None: both sources say so", because="The survey asked people about their provider collaborative, and the Health Foundation calls the idea a cornerstone. Showing is something else."),
            Answer(label="One: it was 66%", because="66% wanted help with leadership behaviours. 60% is the right figure with the wrong words round it."),
            Answer(label="Two: 60% of those who answered wanted help to embed one in their collaborative, and the Health Foundation hopes that it can align policies", right=True, because="A wish for help and a hope. More of them wanted help with leadership behaviours. Neither source tested a system."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
