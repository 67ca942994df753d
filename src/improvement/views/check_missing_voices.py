"""Self-check of lesson M09.2: who is a customer of a plan, whose voice is missing, and what a label hides."""

from __future__ import annotations

from typing import Any

from improvement.simulate import needs
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_ROOM, _ABSENT, _NOT = "In the room", "Affected, not in the room", "Not affected by this plan"


def _lost(*missed: str) -> int:
    return len(needs.cost_of_missing(needs.CASES["delayed_discharge"], missed).needs)


_ALL = len(needs.everything(needs.CASES["delayed_discharge"]).needs)

CHECKS = (
    SortCheck(
        name="customers",
        ask="A community hospital plans how people go home. In the meeting: ward sister, physiotherapist, bed manager, finance "
        "partner, and a patient partner who went home from there last year. Ten of these twelve are customers of the plan. "
        "Sort all twelve.",
        outcome="identify",
        piles=(_ROOM, _ABSENT, _NOT),
        cards=(
            Card(label="Patient partner who went home last year", piles=(_ROOM,), because="One person's story, and a good one. It does not speak for people who cannot come to meetings."),
            Card(label="Ward sister", piles=(_ROOM,), because="She runs the process, so she is a customer of its design."),
            Card(label="Physiotherapist", piles=(_ROOM,), because="Works inside the plan, and is at the table."),
            Card(label="Bed manager", piles=(_ROOM,), because="Depends on the plan every morning, and is at the table."),
            Card(label="Finance partner", piles=(_ROOM,), because="Answers for what it costs, and is at the table."),
            Card(label="Daughter who will give the insulin", piles=(_ABSENT,), because="She does part of the care from the first evening, and nobody has asked when she is at work."),
            Card(label="GP who sees him the week after", piles=(_ABSENT,), because="Knows him from before and takes over afterwards. The report on NHS IMPACT names just this gap."),
            Card(label="Transport crew", piles=(_ABSENT,), because="They find out at the door that there are eleven steps."),
            Card(label="Care home staff on nights", piles=(_ABSENT,), because="They receive people at eight in the evening, from a plan made at ten in the morning."),
            Card(label="People who do not speak English well enough to complain", piles=(_ABSENT,), because="Silence in the complaints file is not contentment. Who interprets at the meeting?"),
            Card(label="A firm that tarmacs the staff car park", piles=(_NOT,), because="Useful people, untouched by how anybody goes home."),
            Card(label="The national museum's night guard", piles=(_NOT,), because="If everybody is a customer, nobody is. Ask who is better or worse off for this plan."),
        ),
        enough=10,
    ),
    NumberCheck(
        name="pair",
        ask=f"Open the “Delayed discharge” card. There are {_ALL} real needs. Everybody is asked, apart from the GP and the daughter. How "
        "many needs stay in the dark? (The reckoning will tell you: stop asking at any time.)",
        outcome="discriminate",
        right=_lost("gp", "carer"),
        tolerance=0.4,
        because="Two that only the GP knew and one that only the daughter knew. The others have a second source.",
        otherwise="Tick “Stop asking and show what I missed” and read what is said of two voices missing at once.",
        slips=(
            Slip(value=_lost("gp"), because="Those are lost without the GP alone. The daughter knew something that nobody else did."),
            Slip(value=_lost("carer"), because="That is lost without the daughter alone. Add what only the GP knew."),
            Slip(value=_ALL - _lost("gp", "carer"), because="Those are still found. The question is what is lost."),
        ),
    ),
    ChoiceCheck(
        name="rewrite",
        ask="A card says “non-compliant with physiotherapy”. Which rewrite keeps the door open to the real need?",
        outcome="discriminate",
        answers=(
            Answer(label="“Declines physiotherapy. Risks explained.”", because="It moves the blame to a politer word. Still nobody knows why."),
            Answer(label="“Came to one of four sessions. Has not been asked what got in the way.”", right=True, because="It says what was seen and what is not known, and the next reader knows what to ask."),
            Answer(label="“Lacks motivation.”", because="That is a guess at a cause, written down as a finding. The bus may have been cancelled."),
        ),
    ),
    ChoiceCheck(
        name="codiscovery",
        ask="Which of these is discovering needs together?",
        outcome="identify",
        answers=(
            Answer(label="A survey of patients on the three options the team has drawn up", because="That is consultation. Whatever is not among the three cannot be found."),
            Answer(label="Two paid patient partners and a porter follow the pathway with the team before anything is drawn up", right=True, because="They help to decide what the question is, with their own eyes, and their time is paid like everybody else's."),
            Answer(label="A patient partner is sent the final draft with a week to comment", because="By then what is needed has been settled. She may mend its commas."),
            Answer(label="The team reads last year's complaints", because="Worth doing, and one-sided. It hears only from those who could complain, and nobody can ask them more."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
