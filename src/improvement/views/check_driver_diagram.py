"""Self-check of lesson M11.3: which ideas reach the aim, what a driver is, and what a diagram cannot show."""

from __future__ import annotations

from typing import Any

from improvement.aims import Node, build_diagram
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_BOXES = (
    Node("primary", "P1", "A bed is ready"),
    Node("primary", "P2", "One handover"),
    Node("secondary", "S1", "Early discharge", ("P1",)),
    Node("secondary", "S2", "Crews who hurry"),
    Node("idea", "C1", "Two discharges by ten", ("S1",)),
    Node("idea", "C2", "Clock on the wall", ("S2",)),
    Node("idea", "C3", "Speak at the trolley", ("P2",)),
    Node("idea", "C4", "Bed meeting at seven", ("S1", "S2")),
    Node("idea", "C5", "Thank-you letter"),
)
_DIAGRAM = build_diagram(
    "Mean handover from 42 minutes to 25 by 30 June 2027", [(box.id, box) for box in _BOXES]
)
_IDEAS = len(_DIAGRAM.of("idea"))
_REACH = _IDEAS - len(_DIAGRAM.unreachable)
_LINKED = sum(bool(idea.leads_to) for idea in _DIAGRAM.of("idea"))

_PRIMARY, _IDEA, _NEITHER = "A driver", "A change idea", "Neither"

CHECKS = (
    NumberCheck(
        name="reach",
        ask="P1 and P2 lead to the aim. S1 leads to P1, S2 to nothing. C1 leads to S1; C2 to S2; C3 to P2; C4 to S1 and S2; C5 to nothing. How many "
        "of the five ideas have a path to the aim?",
        outcome="construct",
        right=_REACH,
        tolerance=0,
        unit="ideas",
        because="C1 by S1, C3 straight to P2, and C4 by S1, whatever its other arrow does.",
        otherwise="Follow each idea until it reaches P1 or P2. One path is enough.",
        slips=(
            Slip(value=_LINKED, because="Four have an arrow. That of C2 ends at S2, which leads nowhere."),
            Slip(value=2, because="C4 has two arrows. One of them is enough."),
            Slip(value=_IDEAS, because="C5 has no arrow at all, and C2 stops at S2."),
        ),
    ),
    SortCheck(
        name="kinds",
        ask="Aim: missed visits by a district nursing team from 8 a week to 2. What is each of these?",
        outcome="construct",
        piles=(_PRIMARY, _IDEA, _NEITHER),
        enough=5,
        cards=(
            Card(label="Every visit is on one list", piles=(_PRIMARY,), because="A condition that must come true. Ideas may bring it about."),
            Card(label="Nurses can see the list on the road", piles=(_PRIMARY,), because="Something about how the work is done that must change."),
            Card(label="On Monday, two nurses try a shared phone list", piles=(_IDEA,), because="Who, what and when: it can be tried."),
            Card(label="Ring each new patient by noon, for a week, from one desk", piles=(_IDEA,), because="It can be tried, and undone."),
            Card(label="Missed visits are unacceptable", piles=(_NEITHER,), because="It says how somebody feels. Nothing changes by it."),
            Card(label="From 8 a week to 2", piles=(_NEITHER,), because="That is the amount in the aim."),
        ),
    ),
    ChoiceCheck(
        name="aware",
        ask="A team draws: training video, so staff know about sepsis, so antibiotics are on time. Which question helps most?",
        outcome="construct",
        answers=(
            Answer(label="How many have watched it?", because="That counts the idea. It says nothing of the next “so”."),
            Answer(label="What could somebody do after the video that they could not do before?", right=True, because="If the answer is “nothing, the drug cupboard is still two floors up”, the second “so” has gone."),
            Answer(label="Is the video good?", because="A good video about a cause that is not knowledge still leads nowhere."),
            Answer(label="Can it be made compulsory?", because="That makes the first arrow stronger. The weak one is the second."),
        ),
    ),
    ChoiceCheck(
        name="empty",
        ask="Your diagram has a driver with no change idea: “a quiet place to talk”, on a mental health ward. What do you do?",
        outcome="construct",
        answers=(
            Answer(label="Take it out, so the diagram is complete", because="A gap that is written down is worth more than a tidy page. If it matters, it stays."),
            Answer(label="Leave it marked, and ask patients what would make one", right=True, because="The gap is news: either nobody has thought of anything, or nobody asked."),
            Answer(label="Move an idea there from another driver", because="It would have an arrow and no “so”."),
            Answer(label="Put “raise awareness” there", because="It fills the box, and changes nothing that anybody does."),
        ),
    ),
    ChoiceCheck(
        name="green",
        ask="Every idea has a path and every driver an idea. What do you know?",
        outcome="construct",
        answers=(
            Answer(label="The plan will work", because="Somebody drew arrows. Whether they hold, only tests in the work can show."),
            Answer(label="Nothing worth knowing", because="You know what the team believes, and where to test it. That is something."),
            Answer(label="What the team believes, and which claims to test first", right=True, because="It is a theory with no loose ends. Begin with the arrow you trust least."),
            Answer(label="The causes of the problem", because="Those come from looking. A diagram holds what you brought to it."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
