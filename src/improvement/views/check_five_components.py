"""Self-check of lesson M01.1: what belongs to which component, and what follows if the lowest decides."""

from __future__ import annotations

from typing import Any

from improvement.simulate.conditions import combine
from improvement.views import questions, schema
from improvement.views.conditions import NAMES
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_PURPOSE, _PEOPLE, _LEADERSHIP, _CAPABILITY, _MANAGEMENT = NAMES.values()

_BEFORE = (70, 60, 85, 40, 55)
_AFTER = (70, 60, 85, 90, 55)
_LOWEST, _MEAN = (
    round(100 * combine([level / 100 for level in _AFTER], how)) for how in ("weakest_link", "additive")
)

CHECKS = (
    SortCheck(
        name="sort",
        ask="Fifteen sightings. Which component does each belong to? Twelve right are enough.",
        outcome="describe",
        piles=tuple(NAMES.values()),
        enough=12,
        cards=(
            Card(label="Waits, money and safety go through one monthly meeting, with one list of work", piles=(_MANAGEMENT,), because="Improvement is inside the routine by which the place is run."),
            Card(label="Receptionists learn to chart the calls they take", piles=(_CAPABILITY,), because="People gain a skill for their own problem."),
            Card(label="Asked what this year's work is for, the night porter and the chair give the same answer", piles=(_PURPOSE,), because="One reason, held at both ends of the place."),
            Card(label="Before it chooses a method the practice asks itself whether anyone has the energy for one", piles=(_PEOPLE,), because="Readiness comes before tools."),
            Card(label="Every new starter spends an hour on how things get better here", piles=(_CAPABILITY,), because="A first dose. In NHS England's survey of August 2023, 41% of providers had improvement in induction."),
            Card(label="A good project that serves none of the agreed aims is turned down, and is told why", piles=(_PURPOSE, _MANAGEMENT), because="Aims that rule something out are real. The routine that says no belongs to management systems, so we take either."),
            Card(label="Told of a bad month, the director asks what the chart showed and what would help", piles=(_LEADERSHIP,), because="What a leader does in the ten seconds after bad news."),
            Card(label="The ward's chart on the wall and the board's chart in the papers are the same chart", piles=(_MANAGEMENT,), because="One flow of information from bedside to boardroom."),
            Card(label="Two coaches, freed for a day a week, look after a dozen teams", piles=(_CAPABILITY,), because="Skill within reach, and hours to use it."),
            Card(label="A crew that reports a near miss hears within the week what was done", piles=(_PEOPLE,), because="It tells people that speaking is worth the trouble."),
            Card(label="A chief operating officer sits with the booking clerks for a morning and removes one obstacle", piles=(_LEADERSHIP,), because="Seen doing it, rather than heard approving it."),
            Card(label="Patients help to word the aim, and the wording changes", piles=(_PURPOSE,), because="A purpose that people had a hand in."),
            Card(label="The morning huddle ends with one problem, one name and a time", piles=(_MANAGEMENT,), because="A daily routine in which something gets mended."),
            Card(label="The newest healthcare assistant says that the form is unsafe, and is thanked", piles=(_PEOPLE,), because="It has to be safe to say such a thing before anybody can mend it."),
            Card(label="A clinical lead tests a change on her own list and shows the result, which is poor", piles=(_LEADERSHIP,), because="Leaders who practise improvement show others how to be wrong."),
        ),
    ),
    NumberCheck(
        name="lowest",
        ask=(
            "A primary care network puts itself at: purpose {}, people {}, leadership {}, capability {}, management systems {}. A year of training "
            "lifts capability to {}. Suppose that the lowest decides. What do the five give together now?"
        ).format(*_BEFORE, _AFTER[3]),
        outcome="describe",
        right=_LOWEST,
        tolerance=0.5,
        because="Training mended the weakest link, so the next weakest took over: management systems. Fifty steps were bought and fifteen counted.",
        otherwise="List the five as they stand after the training. Which is lowest?",
        slips=(
            Slip(value=_BEFORE[3], because="That was the lowest before. It has been mended, so another holds the place back."),
            Slip(value=_AFTER[3], because="That is the component you raised. The lowest decides, and it is no longer this one."),
            Slip(value=_MEAN, because="That is the average. Right if the five add up; here the lowest decides."),
            Slip(value=_AFTER[3] - _BEFORE[3], because="That is how far capability rose. What do the five give together?"),
        ),
    ),
    ChoiceCheck(
        name="which",
        ask="A consultant's slide says: “NHS IMPACT proves that an organisation is as strong as its weakest component.” What can you say?",
        outcome="describe",
        answers=(
            Answer(label="Right: that is why there are five", because="The framework asks for all five together. It gives no rule by which they combine, and no test of one."),
            Answer(label="It may be so. The framework does not say, and other rules would give other advice", right=True, because="Ask what the slide would recommend if the five added up instead. If the answer is the same, you need not settle it."),
            Answer(label="Wrong: the five add up", because="That is one more model that nobody has tested."),
        ),
    ),
    ChoiceCheck(
        name="practice",
        ask="“We have component four. Everybody here uses the same improvement method.” What is missing?",
        outcome="describe",
        answers=(
            Answer(label="Nothing: that is what component four asks for", because="That is the fourth practice in the National Improvement Board's letter: methods, consistently used. The fourth component asks for capability and capacity."),
            Answer(label="Whether anyone has the skill and the hours to use it", right=True, because="A method on the intranet is neither capability nor capacity. The letter's fourth practice and the fourth component are different things."),
            Answer(label="A better method", because="The framework favours none."),
        ),
    ),
    SortCheck(
        name="slide",
        ask="Somebody has drafted seven lines for a slide on NHS IMPACT. Which stand in its sources? Six right are enough.",
        outcome="describe",
        piles=("A source says so", "No source says so"),
        enough=6,
        cards=(
            Card(label="Since April 2023 the NHS in England, NHS England included, shares one list of conditions", piles=("A source says so",), because="That is what began then: one framework of five conditions, for everybody."),
            Card(label="It tells every trust which improvement method to use", piles=("No source says so",), because="It lists conditions. It holds no method."),
            Card(label="All five components should be in place within five years", piles=("No source says so",), because="The page asks for all five together and allows that this may take time. It names no number of years."),
            Card(label="Improvement should become the usual answer to financial trouble too", piles=("A source says so",), because="The hope is for trouble that is clinical, operational and financial."),
            Card(label="The NHS is short of good ideas", piles=("No source says so",), because="The Health Foundation says the reverse: what is missing is infrastructure, strategy and management to connect and spread them."),
            Card(label="The letter to boards asks for suitable methods, used consistently", piles=("A source says so",), because="It is the fourth of the letter's five practices, and not the fourth component."),
            Card(label="Pillars, domains and DNA are three rival frameworks", piles=("No source says so",), because="They are names that different papers give to these five. This course says component."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
