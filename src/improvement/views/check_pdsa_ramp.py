"""Self-check of lesson M11.4: what a small test can see, what a prediction is for, and how large the next test is."""

from __future__ import annotations

from typing import Any

from improvement.simulate import pdsa
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_RATE, _PEOPLE = 0.2, 4
_NOBODY, _FEW, _MORE = "Nobody yet: rehearse", "One or two people", "Ten or more"

CHECKS = (
    NumberCheck(
        name="chance",
        ask="A new way of handing over loses one message in five. The first test is four handovers. In how many of 100 such tests is a message lost, so that you see it?",
        outcome="run",
        right=100 * pdsa.chance_seen(_RATE, _PEOPLE),
        tolerance=1,
        unit="of 100",
        because="All four go well with chance 0.8 × 0.8 × 0.8 × 0.8, about 0.41. The rest show it. So four times in ten a bad idea looks perfect.",
        otherwise="First find the chance that all four go well: 0.8 multiplied four times. Then take it from 1.",
        slips=(
            Slip(value=100 * _RATE * _PEOPLE, because="You added four times 20. Go on like that, and six handovers would show it 120 times in 100. Some tests lose two messages, so others lose none."),
            Slip(value=100 * _RATE, because="That is one handover. Four look more often."),
            Slip(value=100 * (1 - _RATE) ** _PEOPLE, because="That is how often you see nothing."),
        ),
    ),
    ChoiceCheck(
        name="five",
        ask="Five people tried the video call. All five were glad of it. What now?",
        outcome="run",
        answers=(
            Answer(label="Roll it out: the pilot worked", because="A flaw of one in ten hides from five people six times in ten. The roll-out would find it, in everybody."),
            Answer(label="The same five again, to be sure", because="They will tell you what they told you. People whom you have not asked know something else."),
            Answer(label="A somewhat larger test, with people whom you expect to find it hard", right=True, because="Wider and different. That is what makes it a ramp, and where the next flaw is likely to live."),
            Answer(label="A trial with 400 people, or it proves nothing", because="One day perhaps. Today ten people will teach you more by Friday, and at less risk."),
        ),
    ),
    ChoiceCheck(
        name="prediction",
        ask="Which of these is a prediction that a test can contradict?",
        outcome="run",
        answers=(
            Answer(label="“We expect an improvement in patient experience.”", because="What would you have to see to say that you were wrong? Nothing could."),
            Answer(label="“We will see how it goes, and write it up on Friday.”", because="Then on Friday it will turn out to be what you expected. Memory is kind."),
            Answer(label="“Of the next five, at least four book within a week. If one misses a test that was due, we stop.”", right=True, because="A number, a day, and a reason to stop, before anything has happened."),
        ),
    ),
    ChoiceCheck(
        name="failed",
        ask="In the third test of a ramp, with ten people, two were harmed, slightly. A colleague says the project has failed. What has happened?",
        outcome="run",
        answers=(
            Answer(label="It has failed: drop the idea and close the project", because="The idea may have to go. But the test found it out while nearly everybody was out of harm's way. That is a test working."),
            Answer(label="A mishap: put it down to chance and go on to 25", because="Then the next 25 pay for it. Whatever is learnt and not acted on was learnt for nothing."),
            Answer(label="The test did its work. See to the two people, mend or drop the idea, and test again small", right=True, because="Small again, because a mended idea is a new one: you do not yet know that the mending holds."),
        ),
    ),
    SortCheck(
        name="sizes",
        ask="How large would you make the first test? Think of how sure you are, how bad a harm would be, and how willing people are.",
        outcome="run",
        piles=(_NOBODY, _FEW, _MORE),
        cards=(
            Card(label="Family carers give insulin. A slip could kill", piles=(_NOBODY,), because="Practise with a pen and an orange, with a nurse beside, until no new mistake turns up."),
            Card(label="Ambulances take a new way round the works to the department", piles=(_NOBODY,), because="Drive it empty, at five in the afternoon. No patient is needed to find the kerb."),
            Card(label="A text in place of the recall letter. Half of the practice doubts it", piles=(_FEW,), because="Unsure and unwilling. One patient tomorrow costs nobody anything."),
            Card(label="A video call in place of the first visit after leaving the mental health ward", piles=(_FEW, _NOBODY), because="Someone who drops off the list may come to harm. One person whom you also ring, or a rehearsal first."),
            Card(label="A friendlier greeting on the telephone. Easy to undo", piles=(_MORE, _FEW), because="Hardly any harm to fear. Try it for a morning."),
            Card(label="A discharge sheet that two wards like yours use. The staff asked for it", piles=(_MORE, _FEW), because="Sure, safe and wanted: begin wider. Predict all the same; yours may differ."),
        ),
        enough=5,
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
