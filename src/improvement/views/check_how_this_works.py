"""Self-check of lesson M00.2: run the widget once, and know what becomes of what you typed."""

from __future__ import annotations

from typing import Any

from improvement.views import questions, schema
from improvement.views.hello_variation import journeys
from improvement.views.questions import Answer, ChoiceCheck, NumberCheck, Slip

_SEED = 7
_SEVENTH = journeys(_SEED)
_FIRST = journeys(1)

CHECKS = (
    NumberCheck(
        name="draw",
        ask=f"Press Reset on the twelve mornings, commit a guess, and set the draw to {_SEED}. How many minutes apart are the quickest and the slowest?",
        outcome="run",
        right=max(_SEVENTH) - min(_SEVENTH),
        tolerance=0.5,
        unit="minutes",
        because="You ran it and read it. The same number always gives the same draw, on any device.",
        otherwise=f"Look under the chart with the draw at {_SEED} and the difference at 5. Reset if you have changed something else.",
        slips=(
            Slip(value=max(_SEVENTH), because="That is the slowest morning. Take the quickest from it."),
            Slip(value=max(_FIRST) - min(_FIRST), because=f"That is draw 1, where the widget starts. Type {_SEED} in the box called Draw."),
        ),
    ),
    ChoiceCheck(
        name="ward",
        ask="You answered a lesson on the ward computer, saved nothing, and closed the tab. What can the next person see?",
        outcome="run",
        answers=(
            Answer(label="My answers, until somebody resets the widget", because="They lived in the page. When the tab closes they are gone."),
            Answer(label="Nothing I typed", right=True, because="Only a file you saved would still be there, in the Downloads folder."),
            Answer(label="My answers, if they use the same login", because="The course has no login and keeps no record to attach one to."),
        ),
    ),
    ChoiceCheck(
        name="blocked",
        ask="At the hospital the page says that the live part could not start. What do you do?",
        outcome="run",
        answers=(
            Answer(label="Ask for an account", because="There are none. A network is stopping the file that does the sums."),
            Answer(label="Give up until you are home", because="The starting chart, its words and every number are on the page already."),
            Answer(label="Read on, and try the widget on a phone later", right=True, because="The lesson reads whole without it. Tell whoever runs the course which network it was."),
        ),
    ),
    ChoiceCheck(
        name="worst",
        ask="In draw after draw, a different morning is the slowest. Why?",
        outcome="run",
        answers=(
            Answer(label="Some mornings had an accident on the road", because="Nothing was put there. Every morning comes from the same recipe."),
            Answer(label="Some morning has to be the slowest, though nothing changed", right=True, because="In any list one is the worst. That alone does not make it news."),
            Answer(label="The random numbers are faulty", because="They are doing what unchanged processes do: vary."),
        ),
    ),
    ChoiceCheck(
        name="partner",
        ask="A patient partner sits at a library computer. She has no NHS account and knows no statistics. What does she need before the first lesson?",
        outcome="run",
        answers=(
            Answer(label="An account, from whoever runs the course", because="There is none to have. She sees what a chief executive sees, and may ask the same questions."),
            Answer(label="A short course in statistics", because="Twelve drives to work and a guess will do. She meets ordinary variation first and its name later."),
            Answer(label="Nothing: she opens the page, leaves it on No code and presses things", right=True, because="Plain words and a tool that is ready let her take part before she knows the science. So may anybody in the room."),
        ),
    ),
    ChoiceCheck(
        name="copy",
        ask="A community trust was going to write its own beginners' training. It likes this course, but not our examples. What may it do?",
        outcome="run",
        answers=(
            Answer(label="Send its staff here, unchanged, or start from nothing", because="There is a third way. The licence allows changes."),
            Answer(label="Copy it, put in its own charts, cut what it does not need and keep the credit", right=True, because="Then one set of materials serves many places, and the trust spends its time on the examples."),
            Answer(label="Ask us for permission first", because="The words are CC BY and the code MIT: permission is given already."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
