"""Self-check of lesson M11.6: luck, dates, limits, comparisons, and how much a result paragraph may claim."""

from __future__ import annotations

from typing import Any

from improvement.views import questions, schema
from improvement.views.questions import Answer, ChoiceCheck, NumberCheck, Slip
from improvement.views.worst_of_ten import outlook

CHECKS = (
    NumberCheck(
        name="eight",
        ask="Ten mental health wards are alike: each expects 8 falls a quarter. The worst gets a project that does nothing. By how many per cent does its number fall next quarter, on average? (The widget will tell you.)",
        outcome="attribute",
        right=-100 * outlook(10, 8).change,
        tolerance=2,
        unit="%",
        because="From between twelve and thirteen back to eight. The smaller the numbers, the more luck it takes to be the worst, and the further it falls back.",
        otherwise="Set the widget to 10 teams, 8 a quarter, one quarter counted, and a project that prevents nothing. Read the first line of the table.",
        slips=(
            Slip(value=0, because="Nothing was done, and still it falls: it was picked in a quarter of bad luck."),
            Slip(value=-100 * outlook(10, 20).change, because="That is for 20 a quarter. With 8, luck moves a count further in proportion."),
            Slip(value=-100 * outlook(10, 8, place=2).change, because="That is the second worst. It falls back too, and less far."),
        ),
    ),
    ChoiceCheck(
        name="first",
        ask="A rapid response team's chart shows a run of ten low months. It began in May. The new rota, praised for it, began in July. What may you say?",
        outcome="attribute",
        answers=(
            Answer(label="The rota worked, and people began early because it was coming", because="Perhaps. But then something other than the rota was done in May, and that is what you would have to copy. Find out what."),
            Answer(label="Nothing: a chart shows no causes", because="It shows order, and that is much. What begins in July cannot have moved May."),
            Answer(label="Something lasting changed in May. The rota did not start it", right=True, because="Go and ask what was different in May. The rota may still help to hold it; the chart does not tell."),
        ),
    ),
    ChoiceCheck(
        name="limits",
        ask="When do you start new limits on a chart of waits for a first appointment?",
        outcome="attribute",
        answers=(
            Answer(label="At the launch, so that the effect shows", because="If the waits did not change there, the old and the new level are mixed, and both sets of limits are wrong."),
            Answer(label="When the mean of the last few months is better", because="The last few months are often better. Wait for a rule to show it and for the work to explain it."),
            Answer(label="Where a lasting run begins with a change in the work that you can name, and that will stay", right=True, because="All of it, with the reason printed. Missing one, keep the old limits."),
            Answer(label="Every April, with the new financial year", because="The process does not know what year it is. A slow slide would vanish into each new set of limits."),
        ),
    ),
    ChoiceCheck(
        name="neighbour",
        ask="Your practice cut needless calls after a change. Two practices nearby, without it and picked beforehand, stayed as they were. Which rival is weakened most?",
        outcome="attribute",
        answers=(
            Answer(label="Yours was picked after a bad spell", because="If they were not picked for being bad, they had no luck to lose. They say nothing about yours."),
            Answer(label="The season, or news that reached everybody", right=True, because="Whatever came to all three would have shown in all three. That is what a comparison is for."),
            Answer(label="Your receptionists began to count differently", because="Only yours did, if they did. The neighbours cannot show it. Ask who counted, and how."),
        ),
    ),
    ChoiceCheck(
        name="claim",
        ask="Restraints on one ward: 14 months around 12, then 13 months around 8, a shift by rule, from the month the evening activities began. Which sentence may go into the report?",
        outcome="attribute",
        answers=(
            Answer(label="Evening activities reduce restraints by a third", because="That is about all wards and for ever. You have one ward and a coincidence in time, though a good one."),
            Answer(label="Restraints fell from 12 to 8 a month, from the month in which activities began; we looked for other changes, found none, and have no comparison ward", right=True, because="What the chart shows, what you think it means, and how far you looked. Others can build on that."),
            Answer(label="Nothing can be concluded from an uncontrolled study", because="A lasting shift, dated, is a finding. Say it plainly, and say what it leaves open."),
            Answer(label="Restraints were significantly lower than in the worst month", because="Any month is lower than the worst one. That is how it came to be called the worst."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
