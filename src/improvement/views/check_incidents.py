"""Self-check of lesson M10.4: what is owed, what a plan can reach, and a response in proportion."""

from __future__ import annotations

from typing import Any

from improvement.simulate import incident_response as model
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_REQUIRED = "Investigation that national rules require"
_OWN = "Its own learning response, now"
_THEME = "Add to the theme, review together"
_WORK = "Feed the work under way"

_PLANS, _REACH = 50, 0.01
_LEFT = 100 * model.left_after(_PLANS, _REACH)

CHECKS = (
    ChoiceCheck(
        name="owed",
        ask="The chart of falls shows no special cause. Mr Okafor broke his hip on Tuesday. What does the chart settle about what he is owed?",
        outcome="select",
        answers=(
            Answer(label="He is owed no explanation: it is common cause", because="The chart speaks of the process. He asks what happened to him, and he is owed the truth, an apology and care."),
            Answer(label="He is owed the results of a thematic review", because="That may come later. Today he is owed care, an apology and what is known so far. A review of many falls answers none of his questions."),
            Answer(label="Nothing: those duties stand whatever the chart shows", right=True, because="Common cause tells you where to look for a remedy. It never cancels a duty to the person harmed, or an investigation that the rules require."),
        ),
    ),
    SortCheck(
        name="cases",
        ask="Ten incidents. Everybody harmed has had care, an apology and the truth so far. What else is in proportion? Eight right are enough.",
        outcome="select",
        piles=(_REQUIRED, _OWN, _THEME, _WORK),
        enough=8,
        cards=(
            Card(label="A patient detained under the Mental Health Act dies; there is reason to think that problems in care played a part", piles=(_REQUIRED,), because="Published trust plans list this among the deaths that must be investigated. Proportion is not yours to weigh here."),
            Card(label="Reviewers find a death more likely than not due to problems in care", piles=(_REQUIRED,), because="On the same lists. That it looks like eleven others does not change it; they may need looking at together as well."),
            Card(label="A man under the community mental health team is charged with killing his neighbour", piles=(_REQUIRED,), because="Mental health homicides are referred for a decision outside the organisation. Secure the records and support everybody."),
            Card(label="The new infusion pump goes silent at low battery: seen for the first time, nobody hurt", piles=(_OWN,), because="New, mendable, and waiting in every other room. One plan can reach nearly all of what is to come."),
            Card(label="Three blood results unread at a practice in the week after its laboratory link was changed", piles=(_OWN,), because="Something changed and three together are a signal. Ask what was different before the fourth."),
            Card(label="Fall on the way to the toilet at dusk, a bruise: the fifth this month, as in most months", piles=(_THEME,), because="Ordinary for this ward, and not good enough. Five separate plans would tell five people to be careful."),
            Card(label="Two patients of one name, mixed up and noticed at the desk: it happens most weeks, no project yet", piles=(_THEME,), because="Nobody was hurt, and it is the same trap each week. Collected, these make the case for changing the list."),
            Card(label="Evening medicine missed when a patient moves from crisis team to ward: the sixth this quarter, no work planned", piles=(_THEME,), because="The seam between two teams belongs to neither. Put the six side by side with both teams in the room."),
            Card(label="Heel damage in a patient waiting for an offloading boot: the team is testing boots on the first visit", piles=(_WORK,), because="The work that would have prevented this is running. This patient's story shows where it does not reach yet."),
            Card(label="Face-down restraint on the ward where staff are learning other holds", piles=(_WORK,), because="Talk it through with the patient, then take it to the people doing that work. A second plan would compete with theirs."),
        ),
    ),
    NumberCheck(
        name="left",
        ask=f"One plan prevents 1 in 100 of the incidents like it that are left. After {_PLANS} such plans, all carried out, how many of 100 incidents remain?",
        outcome="select",
        right=_LEFT,
        tolerance=0.75,
        because="0.99 multiplied by itself fifty times is 0.605. Fifty plans, and three in five incidents still happen.",
        otherwise="Each plan leaves 99 in 100 of what there was. Multiply 100 by 0.99, fifty times.",
        slips=(
            Slip(value=100 - _PLANS, because="That takes one away each time. But each plan takes one in a hundred of what is left, and less is left each time."),
            Slip(value=0, because="Plans feel as if each closes a hole for good. Each closes a small part of one."),
            Slip(value=99, because="That is after one plan."),
        ),
    ),
    ChoiceCheck(
        name="seips",
        ask="Six handover doses were missed. Which question looks at the work system, as SEIPS does?",
        outcome="select",
        answers=(
            Answer(label="Which nurse signed last?", because="That looks for a person at the end of a chain. Put another nurse there and the seventh dose is missed."),
            Answer(label="What did people, task, tools, place and organisation ask of each other at half past seven?", right=True, because="Each part made sense by itself. The dose falls between them, and the remedy lies there too."),
            Answer(label="Has everybody read the policy?", because="It might be worth knowing. But reading was never what stood between the patient and the dose."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
