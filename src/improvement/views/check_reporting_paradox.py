"""Self-check of lesson M04.1: reports as a product, the rival reading, and a survey beside silence."""

from __future__ import annotations

from typing import Any

from improvement.simulate import reporting as model
from improvement.views import questions, schema
from improvement.views.questions import Answer, ChoiceCheck, NumberCheck, Slip

_EVENTS, _CHANCE = 90, 0.3
_FIRST, _LAST, _FIRST_CHANCE = 12, 36, 0.2

CHECKS = (
    NumberCheck(
        name="product",
        ask=f"At a station {_EVENTS} things go wrong in a month, and each is reported with a chance of {100 * _CHANCE:.0f}%. How many reports do you expect?",
        outcome="interpret",
        right=model.reports(_EVENTS, _CHANCE),
        tolerance=0.5,
        because=f"{_EVENTS} × 0.3. The other {_EVENTS - model.reports(_EVENTS, _CHANCE):.0f} happened too. Nobody said so.",
        otherwise="Multiply what goes wrong by the chance that somebody says so.",
        slips=(
            Slip(value=_EVENTS - model.reports(_EVENTS, _CHANCE), because="That is what stays unreported."),
            Slip(value=_EVENTS, because="Then every event would be reported. Only three in ten are."),
        ),
    ),
    NumberCheck(
        name="rival",
        ask=f"Reports from a practice rose from {_FIRST} to {_LAST} a month. One in five events was reported at first. If reporting never changed, how many things go wrong each month now?",
        outcome="interpret",
        right=_LAST / _FIRST_CHANCE,
        tolerance=1,
        because=f"{_LAST} is a fifth of {_LAST / _FIRST_CHANCE:.0f}. That is the rival reading: three times the harm, as much silence as ever. It has to be ruled out, not argued away.",
        otherwise="In the rival reading one in five is reported still. How many events make 36 reports?",
        slips=(
            Slip(value=_FIRST / _FIRST_CHANCE, because="That is how many went wrong at first, and the other story's answer: only reporting changed."),
            Slip(value=_LAST, because="That would need every event to be reported."),
        ),
    ),
    ChoiceCheck(
        name="board",
        ask="A community trust. Reports: 40 a month, now 120. Severe harm: 9 a quarter, now 8. A monthly review of 50 random records: 14 events, now 13. What should the board minute?",
        outcome="interpret",
        answers=(
            Answer(label="Harm has tripled; an urgent plan by the next meeting", because="If harm had tripled, the review would find about 42 and severe harm would be near 27. A plan to bring reports down would work, by silence."),
            Answer(label="Reporting has improved, so patients are safer than before", because="The first half fits. But severe harm and the review are level within luck: more is said, and as much goes wrong so far."),
            Answer(label="More is said and about as much goes wrong; thank those who report, and act on what they say", right=True, because="Two counts that need no report are steady, so readiness to report is the likelier change. That is a beginning. The events themselves are still there."),
            Answer(label="Nothing can be said from such data", because="From reports alone, nothing. But there are two other counts here, and they agree."),
        ),
    ),
    ChoiceCheck(
        name="evidence",
        ask="An ambulance station's reports of drug bags short of something have doubled. What would best tell you whether more bags are short?",
        outcome="interpret",
        answers=(
            Answer(label="Ask the crews whether they report more than they used to", because="Worth hearing, and it goes through the same people and the same trust as the reports."),
            Answer(label="Check twenty bags at random each month, and compare with last year's checks", right=True, because="Nobody has to report anything. If twice as many are short, it is the bags. If not, it is the talk."),
            Answer(label="Wait another year for more reports", because="A longer line of the same product still has two unknowns in it."),
            Answer(label="Compare with the station next door's reports", because="Their reports are a product too: their bags times their readiness to speak."),
        ),
    ),
    ChoiceCheck(
        name="silence",
        ask="In a team's survey 17 of 20 say that it is safe to speak of mistakes. It reports little, and a review of its records finds more than elsewhere. What do you make of it?",
        outcome="explain",
        answers=(
            Answer(label="The team is psychologically safe; the review must be wrong", because="Perhaps. But a survey records what people say to somebody who might be their manager. The review looked at what happened."),
            Answer(label="They lied in the survey", because="They may believe every word. People can feel safe together because nothing awkward is ever raised."),
            Answer(label="What people say and what they do differ here: go and watch how they meet", right=True, because="A survey and an observation see different things. Studies of teams have found high scores and silence side by side. Listen for who speaks, and what happens next."),
        ),
    ),
    ChoiceCheck(
        name="component",
        ask="A board sends every member of staff on a course about the incident form. Reports stay few. Which of the five components did it pay for, and which may be missing?",
        outcome="explain",
        answers=(
            Answer(label="It paid for people and culture; more capability is missing", because="The course taught how to fill in a form: that is capability. Whether anyone dares to is culture."),
            Answer(label="It paid for capability and capacity; people and culture may be missing", right=True, because="They know how. Whether it is safe to say takes method, hosting and time, and no course supplies that alone."),
            Answer(label="It paid for leadership behaviours; shared purpose is missing", because="No leader behaved differently because of it. Look for what happens to those who report."),
            Answer(label="It paid for management systems, and nothing is missing", because="A form is a small part of a system. Few reports after the course say that something else stops people."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
