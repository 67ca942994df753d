"""Self-check of lesson M09.6: improve, redesign or neither, a break-even, and what has to be let go."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from improvement.simulate import better
from improvement.simulate.better import Parameters
from improvement.views import questions, schema
from improvement.views.better_things import advise
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_NEED, _SPREAD = 10.0, 8.0
_PILES = {
    "improve": "Improve what is there",
    "redesign": "Redesign",
    "neither": "Neither reaches the need",
}


def _wait(share: float, spread: float) -> float:
    """The mean wait at which `share` of people are served within the need."""
    return _NEED - spread * NormalDist().inv_cdf(share)


@dataclass(frozen=True)
class _Case:
    """A service in people out of 100: served now, needed, and what either way could reach."""

    what: str
    now: int
    need: int
    ceiling: int
    new: int
    fails: int
    because: str
    cost: int = 300
    aside: str = ""

    def parameters(self) -> Parameters:
        return Parameters(
            need_level=self.need / 100, need=_NEED, mean=_wait(self.now / 100, _SPREAD), sd=_SPREAD,
            ceiling=self.ceiling / 100, new_mean=_wait(self.new / 100, 2.0), new_sd=2.0, risk=self.fails / 10,
            redesign_cost=self.cost,
        )  # fmt: skip

    def card(self) -> Card:
        label = (
            f"{self.what}: {self.now} now, {self.need} needed; improving could reach {self.ceiling}, a redesign {self.new}, "
            f"which fails {self.fails} in 10 times{self.aside}"
        )
        return Card(label=label, piles=(_PILES[advise(self.parameters())],), because=self.because)


_CASES = (
    _Case("Crisis line", 23, 95, 50, 98, 2, "The need is far above the ceiling, and the redesign usually works."),
    _Case("Repeat prescriptions", 60, 80, 90, 97, 2, "This design can give more than is needed. Give it a year of work."),
    _Case("Ambulance handover", 20, 85, 40, 92, 3, "Twice as good as now is still less than half of what is needed."),
    _Case("Social care handover", 25, 95, 60, 90, 3, "Both stop short of 95. Choosing the better of them would hide that."),
    _Case("Outpatient letters", 70, 90, 95, 99, 1, "Both get there. Improving does it without a dip, at a fraction of the price."),
    _Case("Follow-up clinic", 30, 90, 55, 97, 2, "Asking the clinic to try harder ends at 55."),
    _Case("Wound clinic", 50, 70, 68, 85, 6, "The ceiling is two short, but a redesign that fails more often than not costs more than two.", 900, "; costs three times as much"),
    _Case("Children's autism assessment", 15, 90, 30, 70, 3, "The proposal is bold and still leaves 30 in 100 waiting. Ask again what is needed, and who else could do it."),
    _Case("Practice telephones", 40, 65, 75, 95, 2, "More than enough is within reach of the phones there are."),
    _Case("Home oxygen", 80, 99, 88, 96, 1, "For this need 96 is not nearly there: somebody must name the other three in 100."),
)  # fmt: skip

# Nothing to gain by improving, 20 in 100 worse for six months, then 30 in 100 better.
_DIP = Parameters(
    need_level=1.0, need=_NEED, mean=_NEED, sd=_SPREAD, ceiling=0.5, new_mean=_wait(0.8, 2.0), new_sd=2.0, lead_months=0,
    dip=0.2, dip_months=6, risk=0.0, people=100, months=24, replicates=1,
)  # fmt: skip

CHECKS = (
    SortCheck(
        name="cases",
        ask="Ten services, in people out of 100. Redesigns cost and disturb as much as in the widget's crisis line, and each has five years. "
        "Which way lets down fewer? Eight right are enough.",
        outcome="decide",
        piles=tuple(_PILES.values()),
        enough=8,
        cards=tuple(case.card() for case in _CASES),
    ),
    NumberCheck(
        name="break_even",
        ask="A service sees 100 people a month and serves 50 in time. Improving has nothing left to give. A redesign would serve 30 for six "
        "months, then 80. Counted from the start, after how many months have both let down equally many?",
        outcome="decide",
        right=float(better.simulate(_DIP).break_even_month or 0),
        tolerance=0.01,
        unit="months",
        because="Twenty more let down for six months makes 120. Thirty more served each month makes that good in four, so month ten.",
        otherwise="Count the extra people let down during the dip. Then ask how many months of the gain pay for them, and add the dip itself.",
        slips=(
            Slip(value=4, because="That is how long the gain takes to pay for the dip. The dip itself lasts six months."),
            Slip(value=6, because="At month six the dip ends, and 120 more people have been let down. They are not paid back yet."),
            Slip(value=12, because="That pays 120 back at 20 a month. The gain is 80 less 50: 30 a month."),
        ),
    ),
    ChoiceCheck(
        name="harder",
        ask="The need is 95, the ceiling 50. The board doubles the improvement team. What follows?",
        outcome="decide",
        answers=(
            Answer(label="It reaches 95 in half the time", because="Half the time to where? Speed does not move a ceiling: the same design stops at 50."),
            Answer(label="It reaches 50 sooner", right=True, because="And then two teams stand at 50. Only another design, or another need, changes the answer."),
            Answer(label="Nothing at all", because="Getting to 50 sooner helps real people. It is just not what was asked for."),
        ),
    ),
    ChoiceCheck(
        name="letting_go",
        ask="A redesign moves wound care from the clinic to people's homes. Which of these losses is easiest to leave out of the plan?",
        outcome="decide",
        answers=(
            Answer(label="The clinic rooms", because="Rooms are on somebody's list. People argue about what is on lists."),
            Answer(label="The standing of the sister whose clinic it was", right=True, because="It stands on no list, so nobody answers it. It may come back as doubts about the evidence."),
            Answer(label="The price of dressings", because="That is a cost, and finance will find it. A loss belongs to somebody."),
        ),
    ),
    ChoiceCheck(
        name="word",
        ask="“We are a transformational trust,” says the new strategy. What do you ask first?",
        outcome="decide",
        answers=(
            Answer(label="How large is the budget?", because="For what? People may agree on a sum and mean different things by the word."),
            Answer(label="Which need, how many in 100 by when, what the present design can reach, and what will stop", right=True, because="Now it can be seen whether improving the service would do, or the service has to become another. Two people may find that they meant different things."),
            Answer(label="Nothing: the NHS IMPACT website says what is meant", because="Its evaluators found that it does not say which kind it wants, and one person doubted that regions would mean the same."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
