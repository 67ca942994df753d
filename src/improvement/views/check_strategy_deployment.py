"""Self-check of lesson M08.3: a score by hand, a team's answer, and what the ball cannot bring back."""

from __future__ import annotations

from typing import Any

from improvement import alignment
from improvement.alignment import Portfolio, Project, Team
from improvement.views import questions, schema
from improvement.views.questions import Answer, ChoiceCheck, NumberCheck, Slip

_TEAM = Portfolio(
    ("Safe care",),
    (Team("station", 11),),
    (
        Project("Handover", "station", 6, (3,)),
        Project("Stock", "station", 6, (2,)),
        Project("Newsletter", "station", 3, (0,)),
    ),
)
_AGREED = alignment.catchball(_TEAM, "answer").agreed
_LEFT = next(project.days for project in _AGREED.projects if project.name == "Stock")
_FULL = 100 * sum(project.days for project in _TEAM.projects if project.strength) / _TEAM.days

CHECKS = (
    NumberCheck(
        name="score",
        ask="An ambulance station's projects: Handover, 6 days a month, best score 3. Stock, 6 days, best score 2. Newsletter, 3 days, 0. What is "
        "the alignment score?",
        outcome="deploy",
        right=100 * alignment.score(_TEAM),
        tolerance=0.6,
        step=0.1,
        unit="%",
        because="6 days count in full, 6 count two thirds, 3 count nothing: 10 of 15.",
        otherwise="Multiply each project's days by its best score out of 3, add up, and divide by all the days.",
        slips=(
            Slip(value=_FULL, because="That counts a score of 2 in full. It weighs two thirds."),
            Slip(value=100 * 5 / 9, because="That is the average of the scores. Days have to weigh: a long project counts for more."),
        ),
    ),
    NumberCheck(
        name="trim",
        ask="The station has 11 days a month. By the rule in the widget it takes what is tied most firmly to a goal first, and trims what fits to at least "
        "half. How many days does Stock get?",
        outcome="deploy",
        right=_LEFT,
        tolerance=0.01,
        unit="days",
        because="Handover takes 6 and leaves 5. Stock asked for 6: 5 is more than half, so it is trimmed. Nothing is left for the newsletter.",
        otherwise="Give Handover its days first. What is left of the 11, and is that at least half of what Stock asked?",
        slips=(
            Slip(value=6, because="That makes 12 with Handover, and there are 11. This is how lists grow."),
            Slip(value=0, because="5 days are left, and that is at least half of 6. So it is trimmed."),
            Slip(value=11 * 6 / 15, because="That shares the days out equally in proportion (4.4), which is what happens when nobody chooses."),
        ),
    ),
    ChoiceCheck(
        name="cascade",
        ask="Every project form now names the goal it supports, and all boxes are ticked. What has changed?",
        outcome="deploy",
        answers=(
            Answer(label="The work is aligned", because="The forms are. The same projects take the same days from the same people."),
            Answer(label="Nothing, until somebody may say what does not fit and is answered", right=True, because="Deployment needs a way back up. Without one the list can only grow, and orphans learn to tick boxes."),
            Answer(label="The weakest projects will fade away", because="They have champions, and now a goal on the form. Work stops when somebody stops it."),
        ),
    ),
    ChoiceCheck(
        name="nobody",
        ask="A goal has no project at all. The teams play an honest round of catchball. What happens to the goal?",
        outcome="deploy",
        answers=(
            Answer(label="The teams divide it among themselves", because="They answer what they are asked. No team was asked for this."),
            Answer(label="It stays without work, until somebody asks a team and lets it say what gives way", right=True, because="What was never thrown cannot come back. Someone has to notice the empty row, and pay for it in days."),
            Answer(label="It drops off the list of goals", because="It can hang on the wall for years. That is rather the trouble."),
        ),
    ),
    ChoiceCheck(
        name="refusal",
        ask="A team refuses a project that would keep people safe, because its days are full. The next team has a low-value project and days to spare. Best reply?",
        outcome="deploy",
        answers=(
            Answer(label="Tell the first team to try harder", because="It has said how many days it has. Effort does not make a tenth day out of nine."),
            Answer(label="Accept it: each team keeps to its own days", because="Then the border between two teams has decided about somebody's safety."),
            Answer(label="Put both lists on one table, and move days or work between the teams", right=True, because="The second throw goes sideways. Ask whether the skill can move too: a day of one team is not always a day of another."),
            Answer(label="Give it to both", because="Now two teams chase one number and neither has the days."),
        ),
    ),
    ChoiceCheck(
        name="everyday",
        ask="Which would best show that strategy deployment has become part of everyday management?",
        outcome="deploy",
        answers=(
            Answer(label="The goals hang on every noticeboard", because="They were sent down. Nobody has had to answer, and no work has changed."),
            Answer(label="There is a strategy deployment team", because="Then it is that team's job. The sign to look for is in everybody else's week."),
            Answer(label="At a weekly huddle a team changes something in its own work for one goal, and says what it must stop", right=True, because="A goal has reached the people whose job it is, and the reply goes up. They do the work and improve it."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
