"""Self-check of lesson M15.1: shares counted from the sources' own numbers, a false alarm, and what to do with a gap."""

from __future__ import annotations

from typing import Any

from improvement import datasets
from improvement.simulate import survey_doubt
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_groups = datasets.read("evaluation_interviews").where(kind="category")
_listed = sum(_groups["count"])
_stated = datasets.read("evaluation_interviews").where(item="interviews")["count"][0]
_of = dict(zip(_groups["item"], _groups["count"], strict=True))
_hospital, _boards = _of["hospital trusts"], _of["integrated care boards"]

_voices = [voice for voice in datasets.read("evaluation_quotations")["voice"] if voice]
_quoted_boards = _voices.count("integrated care board")

_barriers = sum(datasets.read("provider_survey").where(level="trust", question="barrier")["value"])

_low, _high = (100 * end for end in survey_doubt.bounds(0.60, 0.40))


def _percent(part: float, whole: float) -> float:
    return round(100 * part / whole, 1)


CHECKS = (
    NumberCheck(
        name="hospital",
        ask=f"The report's five groups hold {_hospital} interviews from hospital trusts, and {', '.join(str(count) for count in _groups['count'][1:])} from others. What percentage of the listed interviews came from hospital trusts?",
        outcome="reconstruct",
        unit="%",
        step=0.1,
        right=_percent(_hospital, _listed),
        tolerance=0.5,
        because=f"{_hospital} of {_listed}, a little over half. You used the sum of the list, which is what you can see.",
        otherwise="Add up all five groups first. Then divide the hospital trusts by that sum.",
        slips=(
            Slip(value=_percent(_hospital, _stated), because=f"That divides by the stated {_stated}. The list holds {_listed}. Say which whole you use; the difference is small here."),
            Slip(value=_hospital, because="That is the count. Divide it by the sum of the five groups."),
            Slip(value=_percent(_hospital, _listed - _hospital), because="That divides by the others only. The whole includes hospital trusts."),
        ),
    ),
    NumberCheck(
        name="boards",
        ask=f"Integrated care boards gave {_boards} of the {_listed} listed interviews. Of {len(_voices)} quotations with a named kind of speaker, {_quoted_boards} are theirs. What percentage of quotations is that?",
        outcome="reconstruct",
        unit="%",
        step=0.1,
        right=_percent(_quoted_boards, len(_voices)),
        tolerance=0.5,
        because=f"One in five quotations, from {_percent(_boards, _listed):g}% of the interviews. Being quoted more often is no error. Still, quotations show what illustrates a theme, and not how many said it.",
        otherwise=f"Divide {_quoted_boards} by {len(_voices)}.",
        slips=(
            Slip(value=_percent(_boards, _listed), because="That is their share of interviews. The question is about quotations."),
            Slip(value=_quoted_boards, because="That is the count of quotations."),
        ),
    ),
    ChoiceCheck(
        name="barriers",
        ask=f"Three barriers that trusts named come to {_barriers}% together. What has gone wrong?",
        outcome="detect",
        answers=(
            Answer(label="The figures cannot be right: 100% is the most", because="Of one answer each, it is. Here one person could name several barriers, and most did."),
            Answer(label="Nothing: people could name more than one", right=True, because="A false alarm. Only a question with exactly one answer for each person has to add up to 100%."),
            Answer(label="It is rounding", because=f"Three rounded figures can be out by a point and a half together, not by {_barriers - 100}."),
        ),
    ),
    NumberCheck(
        name="worst",
        ask="Four in ten practices answered a survey, and 60% of them offer online booking. At the very least, what percentage of all practices offers it?",
        outcome="synthesise",
        unit="%",
        right=_low,
        tolerance=0.5,
        because=f"60% of 40% is {_low:.0f}%, if none of the silent offers it. If all do, it is {_high:.0f}%. What you believe between those needs a reason.",
        otherwise="Suppose that not one of the silent practices offers it. How much of all practices is then left?",
        slips=(
            Slip(value=60, because="That supposes that the silent are just like those who answered. It may be so, but nothing printed says so."),
            Slip(value=40, because="That is how many answered. Only 60% of these offer it."),
            Slip(value=_high, because="That is the most it could be: all of the silent offer it."),
        ),
    ),
    ChoiceCheck(
        name="write",
        ask=f"Your paper cites the evaluation. You noticed that {_stated} interviews are stated and {_listed} are listed. What do you write?",
        outcome="synthesise",
        answers=(
            Answer(label="“The evaluation is unreliable: its numbers do not add up.”", because="One interview out of forty or so changes no finding. A verdict this size needs more than a slip."),
            Answer(label="“41 interviews”, as printed: it is not for me to correct", because="Whoever checks after you will think that you did not look."),
            Answer(label="“Some forty interviews (41 stated, 40 listed), over half of those listed with hospital trusts”", right=True, because="True, brief, and it moves the reader's eye to what matters more: who was asked."),
        ),
    ),
    SortCheck(
        name="oddities",
        ask="Seven more things that a sharp reader marks in the margin. Which are false alarms, and which deserve a question to the authors? Six right are enough.",
        outcome="detect",
        piles=("False alarm", "Ask the authors"),
        enough=6,
        cards=(
            Card(label="In 2023 a bulletin is planned for after each board meeting; in 2025 there is a monthly one", piles=("False alarm",), because="A plan, and what became of it two years later. A change over time is no error."),
            Card(label="The letter's fourth practice is one suite of methods; the fourth component is capability and capacity", piles=("False alarm",), because="Two lists of five, by different hands. They need not pair up."),
            Card(label="Interviews “two years on” took place 21 to 24 months after the launch", piles=("False alarm",), because="People round. Nothing rests on the three months."),
            Card(label="A director and a charity describe management systems differently", piles=("False alarm",), because="Different speakers with different purposes. That is a debate."),
            Card(label="“Many” and “most” say this, in a report that never gives a number", piles=("Ask the authors",), because="Of forty people, how many? The answer would change how you cite it."),
            Card(label="The same words are printed twice, under different job titles", piles=("Ask the authors",), because="One speaker or two? If one, a voice has been counted twice."),
            Card(label="No model suits everybody, yet providers are expected to embed a method and may leave the self-assessment", piles=("Ask the authors",), because="Perhaps it all fits together. As it stands, nobody can tell what is asked of them."),
        ),
    ),
    ChoiceCheck(
        name="slide",
        ask="A draft slide: “75% of trusts have embedded the framework, up on NHS England's baseline survey of 2023.” What do you put in its place?",
        outcome="detect",
        answers=(
            Answer(label="“75% of trusts are aligned, up on the baseline survey”", because="Aligned is the right word. The two surveys still asked different things, and respondents are not trusts."),
            Answer(label="“22% of trusts have embedded it, up on the baseline survey”", because="Nearer, for the word. But two surveys with different questions do not make a trend."),
            Answer(label="“75% of those who answered called their trust's approach fully or mostly aligned”, and no comparison", right=True, because="The words of the question and who was asked. The baseline survey cannot be set beside it."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
