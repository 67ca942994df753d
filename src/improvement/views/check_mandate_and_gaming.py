"""Self-check of lesson M13.4: what a mandate, a league table and a fear of bad news do to self-assessment scores."""

from __future__ import annotations

from typing import Any

from improvement.simulate.gaming import Parameters, exact
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_TRUE, _EXPECTED, _SHARE = 2, 4, 0.5
_REPORTED = _TRUE + _SHARE * (_EXPECTED - _TRUE)
_UNSAFE = exact(Parameters(submission="voluntary", publication="private", consequence=0, board_safety=0.2))

_SAID, _SAYERS, _NEITHER = "What is said", "Who says it", "Neither"

CHECKS = (
    NumberCheck(
        name="report",
        ask=f"A service is truly at level {_TRUE}. It believes that {_EXPECTED} is expected, and adds half of what it lacks. What does it report, luck aside?",
        outcome="judge",
        right=_REPORTED,
        tolerance=0.01,
        step=0.5,
        because="It lacks two levels and adds one of them. One that is truly at 4 adds nothing: so the reports crowd together, and the weak hide among the middling.",
        otherwise="What does it lack to the level it believes is expected? Add half of that to the truth.",
        slips=(
            Slip(value=4, because="That is all of what it lacks. It adds half."),
            Slip(value=2, because="That is the truth. It adds half of what it lacks."),
            Slip(value=2.5, because="Half of what is lacking, not half a level: it lacks two."),
        ),
    ),
    ChoiceCheck(
        name="volunteers",
        ask=f"A form is voluntary and private, boards punish bad news, and those who send it are honest: r = {_UNSAFE.correlation:.2f}. What does their average, half a level above the truth, tell?",
        outcome="judge",
        answers=(
            Answer(label="That somebody inflated after all", because="Nobody needs to. Each of these reports may be right. Ask who has not written."),
            Answer(label="That honest reports make a true average", because="Of those who sent one, yes. The others are weaker, and missing."),
            Answer(label="That those who sent it are stronger than those who did not", right=True, because="A high correlation speaks of the reports you have. It is silent on the ones you have not."),
        ),
    ),
    SortCheck(
        name="spoilt",
        ask="What does each rule or habit spoil first?",
        outcome="judge",
        piles=(_SAID, _SAYERS, _NEITHER),
        enough=4,
        cards=(
            Card(label="The lowest tenth loses money", piles=(_SAID,), because="A low score costs, so fewer are low. The work is as it was."),
            Card(label="Whoever likes may send it", piles=(_SAYERS,), because="Those with good news like to more."),
            Card(label="All must hold the conversation; scores stay at home", piles=(_NEITHER,), because="Nobody outside looks, so there is nothing to gain by a score. Whether the talk is any good is another matter."),
            Card(label="A league table on the website", piles=(_SAID,), because="A place that all can see is a stake as well, even when no money hangs on it."),
            Card(label="A club for the keen that shares its scores", piles=(_SAYERS,), because="It may be a good club. Do not take its average for the country's."),
        ),
    ),
    ChoiceCheck(
        name="foot",
        ask="Ten services. The last in this year's table was fourth last year. Its chair wants to know who is to blame. What do you say first?",
        outcome="judge",
        answers=(
            Answer(label="“Something must have gone wrong this year”", because="Perhaps. With ten services and scores they gave themselves, luck and candour move places by themselves."),
            Answer(label="“Perhaps we have become more honest. What did each group see?”", right=True, because="A table cannot tell a weaker service from a franker one. The groups' own answers may."),
            Answer(label="“Rankings are always meaningless”", because="Too much. When outcomes are counted by others, and are many, a place can mean something. Show how much is luck first."),
        ),
    ),
    ChoiceCheck(
        name="sides",
        ask="Which sentence is fair to both sides of the reversal?",
        outcome="judge",
        answers=(
            Answer(label="“Interviewees wanted it compulsory”", because="“A significant number” were disappointed, and others relieved. Nobody gave a count."),
            Answer(label="“Some lost a lever with their boards, others a fear of being judged; how many, nobody counted”", right=True, because="Both losses and both gains are in it, and what is not known."),
            Answer(label="“Voluntary scores are true, so the change was right”", because="That it may have been right does not make the scores true: the weak can stay silent."),
        ),
    ),
    ChoiceCheck(
        name="form",
        ask="An integrated care board is redesigning its form. Which version leaves practices and trusts the least room to look good and the least reason to try?",
        outcome="judge",
        answers=(
            Answer(label="Ten broad questions, yes or no, and a table of the results", because="A director said of fixed choices on broad questions that executives will look good. The table gives them the reason."),
            Answer(label="The same levels for hospital, practice and ambulance, so that all can be compared", because="What is small for one is large for another. Allow for sectors, the Health Foundation advises, and a comparison invites everybody to add a little."),
            Answer(label="What are you ready for, which skills have you, what is different where you work? It goes to somebody who can send help and cannot punish", right=True, because="An honest talk about readiness, an audit of skills, room for differences, and nobody gains by a better answer."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the replies to the answers given so far."""
    return questions.answer(CHECKS, params)
