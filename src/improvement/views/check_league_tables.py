"""Self-check of lesson M02.6: what luck does to a table, and what to do with the name at the end of it."""

from __future__ import annotations

import math
from typing import Any

from improvement.simulate import league
from improvement.views import questions, schema
from improvement.views.questions import Answer, ChoiceCheck, NumberCheck, Slip

_REFERRALS, _SHARE, _TEAMS = 100, 0.1, 8
_EXPECTED = _REFERRALS * _SHARE
_SPREAD = math.sqrt(_EXPECTED * (1 - _SHARE))

CHECKS = (
    NumberCheck(
        name="limit",
        ask=f"Each month {_REFERRALS} referrals are checked in every team. Everywhere, one in ten lacks a phone number. By the rule of the red beads, up to how many may lack one by luck?",
        outcome="evaluate",
        right=league.scoop_limits(_REFERRALS, _SHARE)[1],
        tolerance=0.05,
        step=0.1,
        unit="referrals",
        because="Ten on average, and a spread of the square root of 100 × 0.1 × 0.9, which is 3. Three of those above ten make 19. A team with 18 has nothing to explain.",
        otherwise="Average 100 × 0.1. Spread: the square root of 100 × 0.1 × 0.9. The limit is three spreads above the average.",
        slips=(
            Slip(value=_EXPECTED, because="That is the average. Four teams in ten would be over it every month."),
            Slip(value=_EXPECTED + _SPREAD, because="One spread. With several teams, somebody would be over it most months. The limit is three."),
            Slip(value=_EXPECTED + 3 * _SPREAD**2, because="Take the square root before you multiply by three."),
        ),
    ),
    NumberCheck(
        name="again",
        ask=f"{_TEAMS} crisis teams are alike. One came last in March. In how many out of 100 such cases is it last again in April?",
        outcome="distinguish",
        right=100 / _TEAMS,
        tolerance=0.5,
        step=0.5,
        unit="in 100",
        because="April knows nothing of March. Each of the eight is as likely to be last: one in eight.",
        otherwise="If they are alike, who is last in April? Any of the eight, with the same chance.",
        slips=(
            Slip(value=0, because="Luck has no memory, so it does not take turns. It can strike twice."),
            Slip(value=50, because="That would be so with two teams. Here eight can come last."),
            Slip(value=100, because="Only if March showed what the team is like. They are all alike."),
        ),
    ),
    ChoiceCheck(
        name="talk",
        ask="The practice with the most prescribing errors gets a visit from the medicines team, every month. Nine times in ten it does better next month. What would tell you that the visits work?",
        outcome="distinguish",
        answers=(
            Answer(label="That they succeed so often", because="The practice last in the table does better next time about as often if nobody comes."),
            Answer(label="That errors fall by a third afterwards", because="The worst month is picked for being high. From there, a large fall is what luck does too."),
            Answer(label="Visit some of the worst, chosen by lot, and compare them with those not visited", right=True, because="Both groups fall back by luck. Any difference between them is what the visit adds."),
            Answer(label="Asking the practices whether it helped", because="They too saw it get better. Worth asking, but not proof."),
        ),
    ),
    ChoiceCheck(
        name="small",
        ask="Thirty care homes are ranked by falls for each resident. The best two and the worst two are all tiny. What is the likeliest reason?",
        outcome="evaluate",
        answers=(
            Answer(label="Small homes are either very good or very bad", because="Perhaps. But equal homes would give the same picture, so the table is no evidence of it."),
            Answer(label="With few residents, luck moves the rate further", right=True, because="One fall more or less moves a tiny home across the table. A funnel gives it wider limits."),
            Answer(label="Small homes count badly", because="That could be. It would hardly put them at both ends, and luck is enough."),
        ),
    ),
    ChoiceCheck(
        name="outside",
        ask="On a funnel of two years, one ambulance station is above the 99.8% limit for vehicle damage. What is the first thing to do?",
        outcome="distinguish",
        answers=(
            Answer(label="Ask its manager for a plan", because="A plan against what? The funnel says that luck is an unlikely reason. It does not name the reason."),
            Answer(label="Nothing: it may be luck", because="It may. But luck puts about one in 1,000 above this limit. That earns a look."),
            Answer(label="Check the count and what its crews drive, then go and see", right=True, because="Counting first, then the roads and the work, then what people do. Most reasons are found before you reach the people."),
            Answer(label="Put the station last in the bulletin", because="A name in a bulletin teaches the others to count less."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
