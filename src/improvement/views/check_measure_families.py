"""Self-check of lesson M02.8: the average and the gap, a chart for each measure, rare harm, and a family that balances."""

from __future__ import annotations

from typing import Any

from improvement import datasets
from improvement.simulate import equity
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_GROUPS = (equity.Group("most", 0.8, 6, 4), equity.Group("some", 0.2, 14, 15))
_SPLIT = equity.split(_GROUPS)
_PLAIN_MEAN = (_GROUPS[0].after + _GROUPS[1].after) / 2
_RATIO = _SPLIT.gap_after.ratio
assert _RATIO is not None

_I = "I (single values)"
_P = "p (a share)"
_U = "u (events over exposure)"
_RARE = "Rare event (time between)"

_MEASURES = (
    Card(label="Mean Category 2 response each week, minutes", piles=(_I,),
         because="One measured value a week, with nothing to count it out of."),
    Card(label="Agency spend each month, pounds", piles=(_I,),
         because="Money is measured, not counted out of anything: one value a month."),
    Card(label="Hours of vehicle cover each day", piles=(_I,),
         because="Hours are measured, so each day is a single value."),
    Card(label="Outpatient appointments missed, of about 1,500 booked each month", piles=(_P,),
         because="Each appointment is missed or not: a share, out of a number that varies."),
    Card(label="Referrals seen within two days, of 60 to 90 each month", piles=(_P,),
         because="Each person was seen in time or not. Limits widen when fewer are referred."),
    Card(label="Home visits at which pain was asked about, of 40 read each month", piles=(_P,),
         because="Yes or no for each visit, so a share."),
    Card(label="Falls on a ward, about 25 a month, for its occupied bed-days", piles=(_U,),
         because="One person can fall twice, so falls are no share of people. Bed-days are the exposure."),
    Card(label="Abandoned calls to a crisis line, about 40 a week, for the hours it was open", piles=(_U,),
         because="Events counted over an exposure that varies: hours open."),
    Card(label="Face-down restraints on one ward, about one in two months", piles=(_RARE,),
         because="Most months hold none. Count the days from each to the next."),
    Card(label="Wrong-patient vaccinations in a primary care network, about three a year", piles=(_RARE,),
         because="Months of nothing draw a flat line. Count the days, or the vaccinations, between."),
)  # fmt: skip

_SURVEY = datasets.read("provider_survey").where(answer="health inequalities as a priority")
_ENABLER = dict(zip(_SURVEY["level"], _SURVEY["value"], strict=True))

CHECKS = (
    NumberCheck(
        name="overall_after",
        ask="Of a service's patients 80% went from 6 missed in 100 to 4. The other 20% went from 14 to 15. What is the overall rate "
        "afterwards?",
        outcome="design",
        right=_SPLIT.overall_after,
        tolerance=0.05,
        step=0.1,
        unit="%",
        because=f"0.8 × 4 and 0.2 × 15, added. It was {schema.shown(_SPLIT.overall_before)}, so the average got better.",
        otherwise="Weight each rate by its group's share of the patients, then add.",
        slips=(
            Slip(value=_PLAIN_MEAN, because="That gives one patient in five the weight of one in two. Weight by share."),
            Slip(value=_SPLIT.overall_before, because="That is the rate before. Use 4 and 15."),
        ),
    ),
    NumberCheck(
        name="gap_after",
        ask="The same service. How wide is the gap afterwards, as a difference?",
        outcome="design",
        right=_SPLIT.gap_after.absolute,
        tolerance=0.05,
        step=0.1,
        unit="points",
        because=f"15 less 4. It was {schema.shown(_SPLIT.gap_before.absolute)}: the average fell and the gap grew.",
        otherwise="Take the lower rate afterwards from the higher one.",
        slips=(
            Slip(value=_SPLIT.gap_before.absolute, because="That is the gap before. Use 15 and 4."),
            Slip(value=_RATIO, because="That is the ratio. It says how many times as high, and the question was how much higher."),
            Slip(value=_SPLIT.gap_after.absolute - _SPLIT.gap_before.absolute, because="That is by how much the gap grew."),
        ),
    ),
    SortCheck(
        name="charts",
        ask="Which chart would you give each of these ten measures?",
        outcome="design",
        piles=(_I, _P, _U, _RARE),
        cards=_MEASURES,
        enough=8,
    ),
    ChoiceCheck(
        name="rare",
        ask="A ward had one face-down restraint in May and two in June. The report says “up 100%”. What do you ask for?",
        outcome="distinguish",
        answers=(
            Answer(label="An explanation of June", because="Each person restrained deserves an answer. The step from one to two does not: chance makes it often."),
            Answer(label="The rate per 1,000 bed-days, so that it is fair", because="Dividing one and two by bed-days leaves them as far apart, and as few."),
            Answer(label="The days between the events, on a T chart, over the last years", right=True, because="Each event is a point, so nothing waits for the month's end and a long quiet gap can show as a signal."),
            Answer(label="Nothing: the numbers are too small", because="Small numbers of serious harm are the ones that need a chart made for them, and review of each event in any case."),
        ),
    ),
    ChoiceCheck(
        name="family",
        ask="Aim: shorter waits for a memory clinic. Measures: mean wait; letters sent in two days; appointments kept to 30 minutes. Which "
        "would complete the family best?",
        outcome="design",
        answers=(
            Answer(label="The longest wait", because="Worth having, and still about waiting: a second outcome. What might the 30 minutes cost?"),
            Answer(label="Diagnoses changed or appointments repeated within six months, and the wait by first language", right=True, because="The first could get worse when visits shorten. The second shows who the mean hides."),
            Answer(label="Staff trained in the new pathway", because="Another process measure. It can reach 100% while patients lose."),
            Answer(label="The number of referrals", because="Useful for planning. It balances nothing: shorter visits would not be its cause."),
        ),
    ),
    ChoiceCheck(
        name="enabler",
        ask="“Boards do not want to hear about inequalities,” says a colleague. What does the NHS Providers survey of 2023 let you answer?",
        outcome="distinguish",
        answers=(
            Answer(label=f"That {_ENABLER['trust']:g}% of trusts have narrowed their gaps", because="Nobody asked that. It is what respondents called an enabler of improvement, and a gap is measured on patients."),
            Answer(label=f"That health inequalities were a priority for {_ENABLER['trust']:g}% of those who answered for trusts and {_ENABLER['collaborative']:g}% for collaboratives", right=True, because="High among the enablers they named. It opens the door for your split chart. Whether the gap closes, only the chart will show."),
            Answer(label="Nothing: a survey of leaders says nothing about leaders", because="It says what those who answered put high. Only what they did about it is left open."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
