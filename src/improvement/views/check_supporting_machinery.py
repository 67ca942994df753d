"""Self-check of lesson M01.2: what each part of the machinery was for, whom it missed, and how old the news is."""

from __future__ import annotations

from typing import Any

from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, SortCheck

_TOP = "Boards and their executives"
_LEADERS = "Senior improvement leaders"
_ANYBODY = "Anybody who finds it"

_REACHED = "Reached, by the evaluation's account"
_NOT = "Not yet"
_OUTSIDE = "Outside the roll-out"

CHECKS = (
    SortCheck(
        name="mechanisms",
        ask="For whom is each, so far as our sources say? Six of eight are enough.",
        outcome="explain",
        piles=(_TOP, _LEADERS, _ANYBODY),
        enough=6,
        cards=(
            Card(label="The website", piles=(_ANYBODY,), because="Open to read. Being open is not the same as being found: several people said that you have to be in the improvement world to know of it."),
            Card(label="Improvement Directors Network", piles=(_TOP,), because="For executives with board responsibility for improvement. A deputy who asked to stand in was refused."),
            Card(label="The self-assessment", piles=(_TOP,), because="The letter of 2023 urged boards and chief executives to take it up themselves."),
            Card(label="The WhatsApp group of people who lead improvement", piles=(_LEADERS,), because="It belongs to the leaders' network. Visits between members came out of that network too."),
            Card(label="Case studies", piles=(_ANYBODY, _TOP), because="On the public website, and chosen to inspire those who may take up an improvement approach. We take either."),
            Card(label="The leaders' network (ILN)", piles=(_LEADERS,), because="More open than the directors' network, and still for people who lead improvement for a living."),
            Card(label="A seat on the National Improvement Board", piles=(_TOP,), because="Chief executives, national leaders, clinicians and experts. It gives direction; it is not a service."),
            Card(label="The guide to outpatients", piles=(_ANYBODY,), because="On the public website. Whether you need it is another matter: some with good material of their own did not."),
        ),
    ),
    SortCheck(
        name="unreached",
        ask="Two years in, whom had it reached? Place all seven; six right are enough. Could you name three that it had not?",
        outcome="explain",
        piles=(_REACHED, _NOT, _OUTSIDE),
        enough=6,
        cards=(
            Card(label="Middle managers", piles=(_NOT,), because="On the evaluators' own list of those not yet reached."),
            Card(label="Heads and directors of improvement", piles=(_REACHED,), because="The improvement community is where the evaluators found it well established."),
            Card(label="Patient partners", piles=(_NOT,), because="The only one interviewed had no NHS e-mail account and found it by searching the web."),
            Card(label="Care homes and home care firms", piles=(_OUTSIDE,), because="Social care was left out of the roll-out. The IMPACT centre for adult social care is a separate body with the same name."),
            Card(label="Medical doctors", piles=(_NOT,), because="On the list. Very few came forward, and the invitation went through networks that hold few of them."),
            Card(label="Members of the leaders' network", piles=(_REACHED,), because="They valued it for company and for ideas. They were also whom the evaluators asked."),
            Card(label="Other healthcare professionals", piles=(_NOT,), because="On the list, after doctors."),
        ),
    ),
    ChoiceCheck(
        name="gp",
        ask="A practice manager asks: “What is in it for us?” Which answer takes the map seriously?",
        outcome="explain",
        answers=(
            Answer(label="Send her the website: everything is there", because="She could have found it. Nothing there was made for a practice, and she has said what she wants to know."),
            Answer(label="Invite her to the leaders' network", because="It was made for people whose job is improvement. One system leader doubted that GPs would come, and her Thursday is full."),
            Answer(label="Ask what wastes her Tuesday mornings, and bring help for that", right=True, because="Reach begins at her end: with a cost she carries herself and a test small enough to be safe."),
            Answer(label="It is national policy", because="Practices are independent businesses. It answers why you ask. She asked why she should."),
        ),
    ),
    ChoiceCheck(
        name="current",
        ask="Next spring you plan a slide: “The directors' network meets monthly.” What should stand beside it?",
        outcome="explain",
        answers=(
            Answer(label="Nothing: the evaluation says so", because="It said so in June 2025, before much else changed. A true sentence with its date cut off can become a false one."),
            Answer(label="“As described in June 2025”, and whatever you found when you checked last week", right=True, because="Then the slide is true whatever has happened, and the reader can see how old it is."),
            Answer(label="“Probably still running”", because="That is a guess in the clothes of a fact. Check, or give the date."),
        ),
    ),
    SortCheck(
        name="stands",
        ask="Six lines for a briefing. Which say what the sources say?",
        outcome="explain",
        piles=("As the sources have it", "Not in the sources"),
        enough=5,
        cards=(
            Card(label="For 2024/25 the national focus was patient flow; an earlier programme was about virtual wards, use of data and standardisation", piles=("As the sources have it",), because="Priorities move, so each comes with its year."),
            Card(label="The letter of autumn 2023 held out a competency framework for boards, regular networking and a bulletin", piles=("As the sources have it",), because="Those were the promises. What became of each has its own date."),
            Card(label="An outside body checked that the case study organisations had embedded all five components", piles=("Not in the sources",), because="The list mixes a regulator's report, a charity's publication and trusts' accounts of themselves."),
            Card(label="Every organisation rebuilt its training around the four guides", piles=("Not in the sources",), because="Some rebuilt theirs around the materials. Others, with mature ones of their own, left the guides unused."),
            Card(label="Dr Amar Shah hosted masterclasses, and lunch and learns with Ailsa Brotherton", piles=("As the sources have it",), because="That is how the evaluation of June 2025 describes them."),
            Card(label="The IMPACT centre at Birmingham brought social care into the roll-out", piles=("Not in the sources",), because="It shares the name and is a separate body. Social care was left out."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
