"""Self-check of lesson M10.2: two measures of one policy, and what to answer when control is to be tightened."""

from __future__ import annotations

from typing import Any

from improvement.simulate import trilogy
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_LEFT = trilogy.exact(trilogy.Parameters())
_TURNED = trilogy.exact(trilogy.Parameters(policy="adjust"))
_MOVED = trilogy.exact(trilogy.Parameters(policy="adjust", dial_aim="need", dial_authority=1.0))

_HOLD, _ASK, _CHANGE = "Hold it", "Ask what was different", "Change the work; rescue meanwhile"

CHECKS = (
    NumberCheck(
        name="share",
        ask="Antibiotics in sepsis: mean 75 minutes, standard deviation 20, need 60. Left alone 23% are in time. A dial without authority is turned fully after every patient. What percentage is in time now?",
        outcome="select",
        right=100 * _TURNED.hit_rate,
        tolerance=1,
        step=0.1,
        unit="%",
        because="The mean stays on the wrong side of the need. More spread throws more patients across the line, in both directions.",
        otherwise="In the simulator take sepsis, no spell of trouble, and turn the dial. Or work it out: the variance doubles.",
        slips=(
            Slip(value=100 * _LEFT.hit_rate, because="That is left alone. Turning the dial does change the spread."),
            Slip(value=100 * _MOVED.hit_rate, because="That is a dial with real authority, which brings the mean to the need."),
        ),
    ),
    NumberCheck(
        name="p90",
        ask="And P90, the wait that nine in ten do not exceed, in minutes?",
        outcome="select",
        right=_TURNED.p90,
        tolerance=1,
        step=0.1,
        unit="minutes",
        because=f"Left alone it was {_LEFT.p90:.0f}. The target measure rose, and nine in ten now wait longer before they can be sure of an end.",
        otherwise="It is in the same row of the table. By hand: the mean and 1.2816 standard deviations, of which there are now root two times as many.",
        slips=(
            Slip(value=_LEFT.p90, because="That is left alone."),
            Slip(value=_MOVED.p90, because="That is a dial that really moves the mean."),
        ),
    ),
    ChoiceCheck(
        name="chase",
        ask="Breaches are chased: who is about to miss goes first. No staff are added. What can rise in the long run, and what cannot fall?",
        outcome="separate",
        answers=(
            Answer(label="The share in time can rise; the longest wait must fall with it", because="The two part company. Those past the limit wait until the rush is over."),
            Answer(label="The share in time can rise; the mean wait cannot fall", right=True, because="The same calls at the same moments. Whatever one person gains, another one waits."),
            Answer(label="Neither: reordering changes nothing", because="It changes who waits. The share in time can leap, which is why it convinces people."),
        ),
    ),
    SortCheck(
        name="action",
        ask="What does each ask for?",
        outcome="select",
        piles=(_HOLD, _ASK, _CHANGE),
        enough=5,
        cards=(
            Card(label="Handover: no signal for a year; 23% in time", piles=(_CHANGE,), because="Predictable and not capable. The usual work gives this."),
            Card(label="Practice letters: no signal for a year; 99.9% read in time", piles=(_HOLD,), because="Predictable and capable. Here control earns its keep."),
            Card(label="Crisis calls: 97% answered in time until three weeks far outside the limits", piles=(_ASK,), because="A signal. Find what was different and end it."),
            Card(label="Sepsis: no signal; the worst day of the year was yesterday, inside the limits; half in time", piles=(_CHANGE,), because="Some day must be the worst. It was made by the same work as the rest."),
            Card(label="Urgent visits: a level that fell after a project creeps up, week after week, past its limits", piles=(_ASK,), because="A gain is slipping, and the chart says so. Ask who was to hold it."),
            Card(label="Test results: no signal; every one was seen in time for two years", piles=(_HOLD,), because="Leave it alone, and keep the chart."),
        ),
    ),
    ChoiceCheck(
        name="refuse",
        ask="Handover is steady at one in five in time. You are asked to run three breach calls a day until it is four in five. What do you answer?",
        outcome="refuse",
        answers=(
            Answer(label="“Yes. The share will be up by Friday.”", because="It may well be. So may the longest wait, and nobody on the call is asked for that."),
            Answer(label="“No. It is common cause, so nothing can be done.”", because="Common cause says who must act, and it is not the person who is late. People are being harmed while you explain."),
            Answer(label="“Not those calls. A chart, one person who goes to whoever has waited longest, and a date for changing the work.”", right=True, because="Monitoring and rescue now, redesign on a date. You refused the tightening and left nobody waiting."),
            Answer(label="“Yes, and let us move the limit to 60 minutes.”", because="That changes the measure. The crews outside stay where they are."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
