"""Self-check of lesson M05.3: what a visit shows, signs of theatre, and questions that bring the work to light."""

from __future__ import annotations

from typing import Any

from improvement.simulate import work_done
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_THEATRE, _WORK = "Theatre", "Lets you see the work"
_DONE, _BEST = 0.7, 0.5


def _shown(done: float, best: float) -> float:
    return round(100 * work_done.disclosed_rate(done, 1 - best))


CHECKS = (
    NumberCheck(
        name="announced",
        ask=f"A care home turns people in bed as agreed {100 * _DONE:.0f} times in 100. While a visitor stands there, half of the lapses turn into "
        "work by the book. How many in 100 will the visitor see done as agreed?",
        outcome="conduct",
        right=_shown(_DONE, _BEST),
        tolerance=0.4,
        because="Of 30 lapses, 15 are put right for you and 15 are left to see.",
        otherwise="Count the lapses first: 100 less those done. Half of them turn into work by the book in front of you.",
        slips=(
            Slip(value=100 * _DONE, because="That is what is done when nobody watches."),
            Slip(value=100 * _BEST, because="Half of the lapses, not half of everything, turns into work by the book."),
            Slip(value=100 * _DONE * _BEST, because="Being watched adds good work. It takes none away."),
            Slip(value=100 * (1 - _DONE) * _BEST, because="That counts the lapses put right. Add those done anyway."),
        ),
    ),
    SortCheck(
        name="signs",
        ask="An integrated care board visits a practice. Which of these make theatre?",
        outcome="conduct",
        piles=(_THEATRE, _WORK),
        cards=(
            Card(label="The visit is at 11:15, and everybody has been told", piles=(_THEATRE,), because="The work gets dressed for 11:15. Give the week and the reason."),
            Card(label="Six people come, one with a camera", piles=(_THEATRE,), because="A desk with six visitors behind it is another desk."),
            Card(label="You sit beside the receptionist from half past seven", piles=(_WORK,), because="The rush is at eight, and you stay long enough to become dull."),
            Card(label="The manager picks whom you meet", piles=(_THEATRE,), because="You will meet those who speak well of it."),
            Card(label="You follow one call from the first ring to the end", piles=(_WORK,), because="Nobody chose it, and it passes the gaps between people."),
            Card(label="You ask whether staff know the access policy", piles=(_THEATRE,), because="Yes is the only safe answer."),
            Card(label="You come back on a Saturday", piles=(_WORK,), because="Other people, other work, other ways round the rule."),
        ),
        enough=6,
    ),
    ChoiceCheck(
        name="question",
        ask="You watch a nurse skip a step of the checklist. What do you say?",
        outcome="conduct",
        answers=(
            Answer(label="“You left out step four.”", because="She knows. From now on you will be shown step four."),
            Answer(label="“What makes step four hard to do on a night like this?”", right=True, because="It says that you saw, that there may be a reason, and that you want it. If somebody is at risk now, say that first."),
            Answer(label="Nothing. You note it for the report", because="She will read it in the report, and so will everybody you visit next."),
            Answer(label="“Do you find the checklist useful?”", because="It can be answered with yes, and will be."),
        ),
    ),
    ChoiceCheck(
        name="after",
        ask="The visit brought eleven problems to light. What gives the next visit the best chance of hearing a twelfth?",
        outcome="conduct",
        answers=(
            Answer(label="All eleven go into the board's risk register", because="They travel up, and those who spoke hear nothing back."),
            Answer(label="One easy problem is solved this week, with your name on it, and all eleven people hear what happens to theirs", right=True, because="In the randomised study visits helped where problems were acted on, easy ones first, with a senior person answerable."),
            Answer(label="The hardest problem is chosen, for the greatest benefit", because="Sensible on paper. In the study the work areas that chose so did not do better. The authors think that less got done."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
