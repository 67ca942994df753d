"""Self-check of lesson M07.3: answering several demands from one piece of work, and what stays separate."""

from __future__ import annotations

from typing import Any

from improvement.views import questions, schema
from improvement.views.policy_fit import DEMANDS, STEPS
from improvement.views.questions import Answer, Card, ChoiceCheck, SortCheck

_PICKED = ("psirf", "well-led", "oversight", "girft", "model", "savings", "plan", "tool")

CHECKS = (
    SortCheck(
        name="doors",
        ask="Where does each come in first?",
        outcome="integrate",
        piles=tuple(STEPS.values()),
        enough=6,
        cards=tuple(
            Card(label=f"{one.what.label}: {one.what.what}", piles=tuple(STEPS[step] for step in one.doors), because=one.because)
            for one in DEMANDS
            if one.what.name in _PICKED
        ),
    ),
    ChoiceCheck(
        name="own",
        ask="A patient was harmed by a fall. Your falls project has a good chart and three tests running. What does it cover?",
        outcome="integrate",
        answers=(
            Answer(label="All of it: the learning is in the project", because="The learning may be. The person harmed is owed candour and engagement, whatever the chart says."),
            Answer(label="The learning, perhaps. Candour, and care for those affected, are owed as well and first", right=True, because="One engine for improving, and duties that stay duties. Check too whether a national rule requires an investigation."),
            Answer(label="None: PSIRF needs a system of its own", because="A second set of tests on the same falls would compete with the first. Feed what you learn into the one you have."),
        ),
    ),
    ChoiceCheck(
        name="well_led",
        ask="A board wants evidence of improvement for Well-led. Which would tell it most?",
        outcome="integrate",
        answers=(
            Answer(label="94% of staff have been trained", because="It is easy to count. A director told the evaluators why it gives no assurance: training need not change what people do."),
            Answer(label="Forty projects, all rated green", because="Each by its own team. What changed for anybody?"),
            Answer(label="Three charts over two years, what was tested on each, and one test that failed", right=True, because="It shows care changing or not, and a place where a failure may be told. It would be worth having if nobody inspected."),
        ),
    ),
    ChoiceCheck(
        name="rank",
        ask="A comparison site puts your theatres in the costliest quarter. What comes first?",
        outcome="integrate",
        answers=(
            Answer(label="A savings target for theatres", because="You do not know yet whether it is waste, case mix, coding or chance."),
            Answer(label="A letter to say that the data are wrong", because="They may be. Finding out is the next step, and you have skipped it."),
            Answer(label="Ask whether like is compared with like, and look at your own months in order", right=True, because="A comparison is a question. Your own variation over time says more about your process than a rank."),
        ),
    ),
    ChoiceCheck(
        name="current",
        ask="A slide from last year says that the Oversight Framework asks for X. May you use it today?",
        outcome="integrate",
        answers=(
            Answer(label="Yes, it was checked last year", because="The framework for 2025/26 was made for one year. Look again."),
            Answer(label="Only with its date, after looking at the currency page and then at the source", right=True, because="Say what you found and when. If you cannot tell, say that."),
            Answer(label="No: nothing can be said about policy", because="It can, with a date and a source."),
        ),
    ),
    SortCheck(
        name="voices",
        ask="Six sentences to quote in a paper. Who said each?",
        outcome="integrate",
        piles=("A surgical registrar", "A director of improvement", "The Health Foundation"),
        enough=5,
        cards=(
            Card(label="Doctors look to GIRFT before NHS England", piles=("A surgical registrar",), because="One voice, so quote it as one. GIRFT is itself an NHS England programme."),
            Card(label="A visit has more impact than anything else: people come", piles=("A surgical registrar",), because="Whether or not others agree, showing departments how they differ is easily done."),
            Card(label="The number of people trained gives no assurance", piles=("A director of improvement",), because="What was meant: training need not change what anybody does."),
            Card(label="National policies should line up behind improvement", piles=("The Health Foundation",), because="It was asked of national bodies, because no local leader can do it alone."),
            Card(label="Stronger clinical managers, data skills, governance and social care as an equal partner are needed as well", piles=("The Health Foundation",), because="Method is not enough, says the same long read."),
            Card(label="Where compliance is rewarded it may be put on for show", piles=("The Health Foundation",), because="Its warning covers inspection and oversight. The director's tick box is an example of it."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
