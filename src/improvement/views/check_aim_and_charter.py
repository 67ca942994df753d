"""Self-check of lesson M11.2: the four parts of an aim, a date that binds, a baseline that fits, and what a charter is for."""

from __future__ import annotations

from typing import Any

from improvement import aims
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_WORDS = {"population": "A group", "measure": "A measure", "amount": "An amount", "date": "A date"}
_WHOLE = "Nothing"
_DRAFTS = (
    ("Reduce missed doses by a third by 31 March 2027", "Whose doses? A ward, a home, a round: nobody is left out."),
    ("Improve communication with carers of people on Alder from 40% to 80% by 1 May 2027", "Forty per cent of what? Nobody could count communication."),
    ("Reduce the number of long handovers at Southmoor by 30 June 2027", "Fewer could mean one fewer."),
    ("Calls to Mill Lane Surgery answered within five minutes from 60% to 80% as soon as possible", "Nobody can be late for “as soon as possible”."),
    ("Halve pressure ulcers among residents of Elm House from 8 a month to 4 by 1 June 2027", "All four are there. Whether it is wise is another question."),
)  # fmt: skip


def _lack(sentence: str) -> str:
    lacks = aims.read_aim(sentence).lacks
    return _WORDS[lacks[0]] if lacks else _WHOLE


_WEEKS, _POINTS = 16, 12

CHECKS = (
    SortCheck(
        name="lacks",
        ask="What does each aim lack?",
        outcome="write",
        piles=(*_WORDS.values(), _WHOLE),
        enough=4,
        cards=tuple(Card(label=draft, piles=(_lack(draft),), because=why) for draft, why in _DRAFTS),
    ),
    ChoiceCheck(
        name="date",
        ask="Which of these can you be late for?",
        outcome="write",
        answers=(
            Answer(label="Within six months", because="From when? It starts again each time somebody opens the file."),
            Answer(label="By Q3", because="Some count quarters from April and some from January. Two people would look on two days."),
            Answer(label="By 28 February 2027", right=True, because="On 1 March everyone will know."),
            Answer(label="By the end of the rotation", because="Yours, or theirs? Write the day on which it ends."),
        ),
    ),
    NumberCheck(
        name="left",
        ask=f"You have {_WEEKS} weeks. No records exist, and you count once a week until you have {_POINTS} points. How many weeks are left to test "
        "a change?",
        outcome="write",
        right=_WEEKS - _POINTS,
        tolerance=0,
        unit="weeks",
        because="Too few for a change to show. Count daily, or find records, or plan to hand over.",
        otherwise="Each point takes a week. Take twelve from sixteen.",
        slips=(
            Slip(value=_WEEKS, because="The baseline is not free: each point takes a week."),
            Slip(value=_POINTS, because="That is what the baseline takes. What is left?"),
        ),
    ),
    ChoiceCheck(
        name="governance",
        ask="You mean to read forty sets of notes from the mental health ward you worked on last year. What comes first?",
        outcome="write",
        answers=(
            Answer(label="Read them quickly, and anonymise afterwards", because="Looking is already a use. You no longer care for these people."),
            Answer(label="Register the project, and have somebody who may decide say which data you may use", right=True, because="Then you know what you may look at, keep and show, and whether somebody has the numbers already."),
            Answer(label="Nothing: it is improvement, not research", because="Not needing research approval is one thing. Leave to look at records is another."),
            Answer(label="Ask a friend on the ward to send them", because="That puts two of you in the wrong. Ask the office that can say yes."),
        ),
    ),
    ChoiceCheck(
        name="sense",
        ask="The reader finds all four parts in: “Crews at Northfield who leave within 15 minutes from 40% to 100% by 1 May 2027.” What do you know?",
        outcome="write",
        answers=(
            Answer(label="It is a good aim", because="It is a complete one. Hurrying every crew may cost a patient a proper handover."),
            Answer(label="It can be missed, and that is all", right=True, because="Whether to want it, ask crews, nurses and patients, and pair it with something that could get worse."),
            Answer(label="It will work if people try", because="Nothing in it says how. If it rests on trying, it has no driver yet."),
            Answer(label="It is too precise to be true", because="Being precise makes it possible to find out that it is not."),
        ),
    ),
    ChoiceCheck(
        name="doctors",
        ask="Your charter says: “The evaluation of NHS IMPACT found that postgraduate training is the best way to reach doctors.” What do you change?",
        outcome="write",
        answers=(
            Answer(label="Nothing: it is in the report", because="Somebody says it in the report. Who, and how many, is the difference between a view and a finding."),
            Answer(label="“One surgical registrar told the evaluators so.” Then your own reason for working with trainees", right=True, because="One voice, quoted as one. Your project may still be how many doctors meet improvement."),
            Answer(label="Leave it out: one person's view is worthless", because="It is a hint worth having, from somebody who should know. Give it its size."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
