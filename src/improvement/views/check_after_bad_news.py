"""Self-check of lesson M05.1: which reply brings the next problem to light, and where another answer is owed."""

from __future__ import annotations

from typing import Any

from improvement import datasets
from improvement.simulate import bad_news as model
from improvement.views import questions, schema
from improvement.views.bad_news import EACH
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_ASK = "Tell me more"
_CLEAR = "What is in your way?"
_STOP = "Stop it now, ask afterwards"
_FAIR = "A fair process about conduct"

_HEARD = 15
_BLAME = next(reply.trust for reply in model.DEFAULTS.responses if reply.name == "blame")
_LEFT = EACH * model.next_safety(_HEARD / EACH, _BLAME)

_SURVEY = datasets.read("provider_survey").where(level="trust", question="support wanted")
_WANTED = dict(zip(_SURVEY["answer"], _SURVEY["value"], strict=True))

CHECKS = (
    SortCheck(
        name="replies",
        ask="Eight things are said to you. What do you answer first? Seven right are enough.",
        outcome="choose",
        piles=(_ASK, _CLEAR, _STOP, _FAIR),
        enough=7,
        cards=(
            Card(label="“Our forecast was wrong again and we cannot see why.” (finance)", piles=(_ASK,), because="Nobody knows the cause. Any remedy would be a guess, and so would any name."),
            Card(label="“The samples miss the van every Friday. We have asked transport since May.” (practice)", piles=(_CLEAR,), because="They know the cause and lack the means. One more telling moves nothing; your telephone might."),
            Card(label="“Something about handover feels unsafe, I cannot put it better.” (foundation doctor)", piles=(_ASK,), because="Half a thought from the least senior person in the building. Ask, and wait through the silence."),
            Card(label="“The pump just gave three times the rate. It is on the next patient now.” (ward)", piles=(_STOP,), because="Somebody is in danger this minute. Give the order. Curiosity can start in ten minutes' time."),
            Card(label="“We could take crews in by the side door, but the form needs estates.” (ambulance)", piles=(_CLEAR,), because="A known obstacle, with an owner you can ring and they cannot."),
            Card(label="“I watched him write down checks he had not done, laughing, for the third night.” (mental health ward)", piles=(_FAIR,), because="This may be deliberate. It needs a fair process about one person's conduct, and protection for whoever told you. It is rare."),
            Card(label="“Complaints doubled after Easter and we do not understand it.” (outpatients)", piles=(_ASK,), because="Ask who has read them, and what they say."),
            Card(label="“We know who needs an interpreter. We may not book one after five.” (district nurses)", piles=(_CLEAR,), because="They need somebody who can change a rule."),
        ),
    ),
    NumberCheck(
        name="next",
        ask=f"A partners' meeting hears of {_HEARD} in {EACH} problems. In our model one “who is accountable?” takes 60% off. Of the next {EACH}, how many will it hear of?",
        outcome="choose",
        right=_LEFT,
        tolerance=0.5,
        because=f"{_HEARD} less 60% of {_HEARD}. The other {EACH - _LEFT:.0f} happen just the same.",
        otherwise=f"Take 60% of {_HEARD} away from {_HEARD}.",
        slips=(
            Slip(value=_HEARD - _LEFT, because="That is how many fall silent."),
            Slip(value=_HEARD, because="Then the reply would have cost nothing. People who were not in the room heard of it too."),
        ),
    ),
    ChoiceCheck(
        name="grip",
        ask="After a sharp question at item 7, that problem was solved within a week, and the next three papers report no problems. What does a director who thinks in the long run conclude?",
        outcome="choose",
        answers=(
            Answer(label="The sharp question worked: ask more of them", because="It solved one problem. Three calm papers are just what silence would look like."),
            Answer(label="It may have bought this problem with the next ones: look where nobody needs to report", right=True, because="Both can be true at once. A count that waits for nobody's report, or a visit, tells calm from quiet."),
            Answer(label="The chief nurse has been hiding things", because="That guess is the first question over again, put more quietly. People wait with news without meaning to deceive."),
        ),
    ),
    ChoiceCheck(
        name="account",
        ask="You asked, and the cause came out. What keeps it from being only talk?",
        outcome="choose",
        answers=(
            Answer(label="Say that you trust them to sort it, and move on", because="Pleasant, and a way of leaving. They may be stuck again tomorrow."),
            Answer(label="Take it over yourself", because="It moves this once. The next problem will wait for you, and you only mend what you can see from there."),
            Answer(label="Agree who comes back and when, and what you will clear away by then", right=True, because="A name, a date, and a promise of your own. Being answerable in both directions is what tells safety from softness."),
            Answer(label="Ask for a report on why it was not raised earlier", because="The reason is in the question. Nobody who reads that request will be quicker next time."),
        ),
    ),
    ChoiceCheck(
        name="wanted",
        ask="“What trust leaders want is training in methods,” says a paper, citing the NHS Providers survey of 2023. What do you correct?",
        outcome="choose",
        answers=(
            Answer(label="Nothing: capability and capacity come first", because="They are one of the five components. The three most wanted that the survey reports were others."),
            Answer(label=f"The order reported: leadership behaviours {_WANTED['leadership behaviours']:g}%, people and culture {_WANTED['culture and people']:g}%, shared purpose {_WANTED['shared purpose and vision']:g}%", right=True, because="Three of the five components, and none of them is a method. The other two are capability and capacity, and management systems and processes."),
            Answer(label="It should say that trust leaders behave badly", because="Wanting help with something is no measure of how one does it. It may be the better leaders who ask."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
