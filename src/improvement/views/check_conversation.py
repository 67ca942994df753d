"""Self-check of lesson M13.3: opening, being challenged, hearing of harm, and ending with a plan."""

from __future__ import annotations

from typing import Any

from improvement.simulate.conversation import converse
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_LINES = ("show", "own", "ask")
_GUARD = converse(_LINES)[-1].after.guard

_OPENS, _CLOSES = "Opens people up", "Puts them on guard"

CHECKS = (
    ChoiceCheck(
        name="first",
        ask="The board's median is 4 and the porters' 1. You have five minutes. Your first sentence?",
        outcome="facilitate",
        answers=(
            Answer(label="“There is a gap of three levels”", because="True, and nobody has asked yet. The first thing that they will look for is what is wrong with your count."),
            Answer(label="“What did you last see that a porter would have marked differently?”", right=True, because="It asks for something seen, and leaves them the discovery. The figures keep for two minutes."),
            Answer(label="“The board is out of touch with porters”", because="Perhaps it is. Said like that, it is a verdict on people who now have to defend themselves."),
            Answer(label="“There are no right or wrong answers here”", because="Kind, and it leads nowhere. They still do not know what you want to hear about."),
        ),
    ),
    NumberCheck(
        name="guard",
        ask="In our model: the guard is 3. You show the figures, own your part when challenged, and ask back when asked for a price. Where is it now?",
        outcome="facilitate",
        right=_GUARD,
        tolerance=0.01,
        because="3 and 3 is 6, less 2 is 4, and a question in answer to a question adds 1. All that work, and you stand higher than you began.",
        otherwise="Figures above a guard of 2 add 3. Owning takes off 2. Asking when you were asked for a price adds 1.",
        slips=(
            Slip(value=3, because="Asking takes off 1 elsewhere. Here you were asked first, and dodged."),
            Slip(value=4, because="That is after owning up. The dodge adds 1."),
            Slip(value=2, because="Figures do not lower a guard. Above 2 they raise it by 3."),
        ),
    ),
    SortCheck(
        name="lines",
        ask="What does each line do, said to people who feel judged?",
        outcome="facilitate",
        piles=(_OPENS, _CLOSES),
        enough=5,
        cards=(
            Card(label="“I should have asked nights as well”", piles=(_OPENS,), because="You went first, so it is cheaper for others."),
            Card(label="“The sample is large enough”", piles=(_CLOSES,), because="You have won an argument that nobody needed."),
            Card(label="“What would you want to see before you believed it?”", piles=(_OPENS,), because="It treats the doubt as the start of a test."),
            Card(label="“Which of you marked a 5?”", piles=(_CLOSES,), because="It exposes somebody, and teaches the rest to keep quiet."),
            Card(label="“You are in the lowest centile”", piles=(_CLOSES,), because="Some boards are stung into action. More will ask how it was counted."),
            Card(label="“Take a minute and write down one thing you saw”", piles=(_OPENS,), because="All speak before the loudest one does, on paper."),
        ),
    ),
    ChoiceCheck(
        name="harm",
        ask="In the room a care assistant says: “We were told not to write down the falls.” What do you do first?",
        outcome="facilitate",
        answers=(
            Answer(label="Ask which home, and who said so", because="You need to know, and not here. Each detail makes the speaker easier to find."),
            Answer(label="Thank them, ask whether anybody is at risk today, and stop the meeting there", right=True, because="Safety first, then the speaker, then the route for speaking up, with you beside them."),
            Answer(label="Note it for the plan, with an owner", because="A plan has time. People who may be falling tonight have not, and the owner might be the one who gave the order."),
            Answer(label="Say that this meeting is not the place", because="It is not, and the person hears: be quiet. Take it elsewhere with them, not away from them."),
        ),
    ),
    ChoiceCheck(
        name="plan",
        ask="Which line in the notes is part of a plan?",
        outcome="convert",
        answers=(
            Answer(label="“Communication to be improved”", because="By whom, by when, and how would anybody notice?"),
            Answer(label="“Improvement lead to write an action plan”", because="One owner, and it is not one of those who can change the thing."),
            Answer(label="“Reach a median of 3 by next year”", because="A target on the score invites a better score. The work has not been named."),
            Answer(label="“Salma rides with a crew on the 3rd and 17th, and tells us what she saw”", right=True, because="Somebody, something small, a date, and how all will know."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the replies to the answers given so far."""
    return questions.answer(CHECKS, params)
