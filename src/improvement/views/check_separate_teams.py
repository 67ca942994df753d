"""Self-check of lesson M07.1: what lies between the columns of separate teams, and what joining them costs."""

from __future__ import annotations

from typing import Any

from improvement import alignment
from improvement.alignment import Portfolio, Project, Team
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_SMALL = Portfolio(
    ("Fewer falls", "Sooner home"),
    (Team("safety", 10), Team("office", 10)),
    (
        Project("Falls round", "safety", 6, (3, 0)),
        Project("Early letters", "office", 5, (0, 2)),
        Project("New logo", "office", 4, (0, 0)),
        Project("Poster week", "safety", 3, (0, 0)),
    ),
)
_IDLE = sum(project.days for project in alignment.orphan_projects(_SMALL))

CHECKS = (
    NumberCheck(
        name="orphan_days",
        ask="Two goals: fewer falls, sooner home. Falls round: 6 days a month, scores 3 and 0. Early letters: 5 days, 0 and 2. New logo: 4 days, "
        "0 and 0. Poster week: 3 days, 0 and 0. How many days go to orphan projects?",
        outcome="recognise",
        right=_IDLE,
        tolerance=0.01,
        unit="days",
        because="New logo and Poster week score nought on both goals: 4 and 3 days. Whether they should stop is another question.",
        otherwise="An orphan scores nought on every goal. Find those rows and add their days.",
        slips=(
            Slip(value=len(alignment.orphan_projects(_SMALL)), because="That is how many orphans there are. The question is what they take."),
            Slip(value=_SMALL.days, because="Those are the days of all four. Two of them serve a goal."),
            Slip(value=_SMALL.days - _IDLE, because="Those are the days that do serve a goal. You want the rest."),
        ),
    ),
    ChoiceCheck(
        name="see",
        ask="Five teams each send their own full, honest report to their own chief. What can nobody find in any of the five?",
        outcome="recognise",
        answers=(
            Answer(label="A project that has slipped", because="A team's own report can show that perfectly well."),
            Answer(label="A goal that no team works on", right=True, because="Each team reports what it does. What nobody does is in no report. Only the rows, laid side by side, show it."),
            Answer(label="A team with more work than days", because="Each team can add up its own days, if somebody asks."),
            Answer(label="A project with poor results", because="That may be hidden, but it is one team's to see. Look for what belongs to nobody."),
        ),
    ),
    SortCheck(
        name="where",
        ask="Which of these is improvement work, whatever its label says?",
        outcome="recognise",
        piles=("Improvement", "Not improvement"),
        enough=4,
        cards=(
            Card(label="Savings team: tests rosters that come out six weeks ahead, and counts who stays", piles=("Improvement",),
                 because="It changes how work is done and watches what follows. The heading is finance."),
            Card(label="Audit team: signs off the yearly sample of records that the law asks for", piles=("Not improvement",),
                 because="It may well have to be done. It assures; it changes nothing by itself."),
            Card(label="Complaints clerk: rewrites a letter with patients, and counts the calls it saves", piles=("Improvement",),
                 because="A small test with a measure, by somebody on no project list."),
            Card(label="Improvement team: puts up 40 posters", piles=("Not improvement",),
                 because="The label is right and the work is not: nothing about the work changes, and what is counted is posters."),
            Card(label="Station manager: moves the handover kit, times ten handovers, keeps what worked", piles=("Improvement",),
                 because="This is improvement inside ordinary management, which is what the fifth component asks for."),
        ),
    ),
    ChoiceCheck(
        name="merge",
        ask="Two teams are merged on 1 April. In the first quarter the new team finishes less than the two did. What would you say?",
        outcome="recognise",
        answers=(
            Answer(label="The merger has failed. Undo it", because="A quarter is short. People said in interviews that merged teams needed healing and training, which take days."),
            Answer(label="They are resisting. Set a target", because="A target gives nobody the skill or the time. Ask first what the joining takes out of their week."),
            Answer(label="Joining takes days. Plan them, and ask whether one shared list would have done", right=True, because="A new structure costs time before it saves any. A shared list is cheaper, and shows whether more is needed."),
        ),
    ),
    ChoiceCheck(
        name="fifth",
        ask="The fifth component of NHS IMPACT is improvement built into management systems and processes. Which sighting in a general practice shows it?",
        outcome="recognise",
        answers=(
            Answer(label="Two receptionists are sent on an improvement course", because="That builds capability, the fourth. On Monday the week runs as before."),
            Answer(label="The senior partner thanks whoever brings bad news", because="That is how a leader behaves, the third. Good, and it rests on one person."),
            Answer(label="Everybody gives the same reason for this year's work", because="A shared purpose, the first. It does not yet decide anything."),
            Answer(label="The monthly meeting on money also decides which of three overlapping recalls is mended first", right=True, because="Improvement sits inside the way the place is run, so no separate team has to carry it in."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
