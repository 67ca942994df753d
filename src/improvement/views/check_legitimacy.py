"""Self-check of lesson M01.5: sixteen findings to five themes, and what may be claimed in a paper."""

from __future__ import annotations

from typing import Any

from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, SortCheck

_T1, _T2, _T3, _T4, _T5 = (
    "Legitimacy",
    "Shared language",
    "Connecting people",
    "Translation",
    "Diverse interpretations",
)

CHECKS = (
    SortCheck(
        name="themes",
        ask="Sixteen things that people told the evaluators, in our words. Which of the five themes is each?",
        outcome="connect",
        piles=(_T1, _T2, _T3, _T4, _T5),
        enough=13,
        cards=(
            Card(label="It got us onto the board's agenda", piles=(_T1,), because="Traction with senior leaders."),
            Card(label="The questions showed that board and managers see two organisations, and so we had to talk", piles=(_T1,), because="A catalyst: the self-assessment starts the conversation."),
            Card(label="It let me say that training a thousand people is not the whole of it", piles=(_T1,), because="Holistic: more than training, and it joins teams that worked apart."),
            Card(label="Nobody's method had to lose, so the merged trusts could begin", piles=(_T1,), because="Agnostic. The evaluators put it here, as a source of standing. Words come under the next theme."),
            Card(label="We could talk across three methods without translating each time", piles=(_T2,), because="It transcends methodologies."),
            Card(label="The patient goes from one site to the next and hears the same terms", piles=(_T2,), because="It helps to work across boundaries."),
            Card(label="People who never studied the science can pick up the tools", piles=(_T2,), because="It opens expertise to others."),
            Card(label="Even in the reorganisation, the monthly meeting kept it on our list", piles=(_T3,), because="The networks hold attention."),
            Card(label="It is a lonely job, and I come away with energy", piles=(_T3,), because="Energy and inspiration."),
            Card(label="Somebody had solved it already, so we did not start again", piles=(_T3,), because="Learning is consolidated, and shared."),
            Card(label="It let us say what good looks like, to the board as much as to a team", piles=(_T4,), because="It puts a good approach into words that others can use."),
            Card(label="We could bend it to our service: a practice is no small hospital", piles=(_T4,), because="It is put into each place's context."),
            Card(label="An idea needs fertile ground, and tools are not enough", piles=(_T4,), because="A socio-technical view: people and conditions, and cost too."),
            Card(label="Sensible: nobody in my line of work objects to it", piles=(_T4,), because="Acceptability. It does not show that the thing works."),
            Card(label="We argue what a management system is, and are pressed to know at once", piles=(_T5,), because="Dialogue, and the pressure to be sure."),
            Card(label="It moved us from scattered projects to how the whole place is run", piles=(_T5,), because="From local to systemic."),
        ),
    ),
    ChoiceCheck(
        name="cite",
        ask="You want the sentence “Our framework is proven.” Which of these may you write in its place?",
        outcome="connect",
        answers=(
            Answer(label="“The evaluation shows that NHS IMPACT works (2025).”", because="It shows that people in improvement found it useful. It measured no care."),
            Answer(label="“Improvement leads report that the framework opened doors to boards. Whether care gets better here, our chart will show.”", right=True, because="The finding, whose it is, and where the proof has to come from."),
            Answer(label="“There is no evidence for NHS IMPACT.”", because="There is some, of a kind: forty or so people's accounts. It bears a sentence about doors."),
        ),
    ),
    ChoiceCheck(
        name="who",
        ask="Who is least heard in the evaluation?",
        outcome="connect",
        answers=(
            Answer(label="Improvement directors in hospital trusts", because="They are most of it: 21 of the interviews came from hospital trusts, by way of the framework's networks."),
            Answer(label="Staff of integrated care boards", because="Six were interviewed. Few, yet more than some."),
            Answer(label="Patients", right=True, because="One patient partner. Few doctors either, and no general practitioner is quoted. Cite accordingly."),
        ),
    ),
    ChoiceCheck(
        name="name",
        ask="You take a proposal to a practice of five partners. Do you put the NHS England name on the first page?",
        outcome="connect",
        answers=(
            Answer(label="Yes: it has standing with boards", because="With boards it often has. These are not a board: their first question, one interviewee said, is what is in it for them."),
            Answer(label="No: open with what costs them time, and cite the framework where it helps", right=True, because="The same name opens one door and shuts another. Choose by who is behind it."),
            Answer(label="Never mention where an idea comes from", because="That would be hiding a source. Cite it: it need not be the headline."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
