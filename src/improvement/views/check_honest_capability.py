"""Self-check of lesson M09.4: what a disclosed rate hides, and a capability statement for six kinds of need."""

from __future__ import annotations

from typing import Any

from improvement import capability_statement
from improvement.capability_statement import VERDICTS, Line
from improvement.simulate import work_done
from improvement.spc.indices import percent
from improvement.views import questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_PILES = tuple(verdict[0].upper() + verdict[1:] for verdict in VERDICTS)
_WHY = {
    "outcomes": "Eleven returns in a year: most fortnights have none, so no chart could show a change. The share is high and you "
    "cannot promise it yet. Count cases between returns instead.",
    "safety": "High and steady, and the aim is higher. Steady means that it will stay there until the supply of sets is changed.",
    "equality": "Twenty-two misses in 25 fortnights are too few for a chart. And nobody recorded language, disability or "
    "deprivation, so the question of equality has hardly been asked.",
    "timeliness": "Predictable, and even the low end of the interval reaches the aim.",
    "efficiency": "No fortnight stands out. Half the sessions start late because of how mornings are arranged.",
    "experience": "Steady at six in ten. And a call made is not a call that helped: no patient was asked.",
}


def _card(line: Line) -> Card:
    judged = line.judged
    low, high = judged.observed_interval
    fires = "No rule fires" if judged.predictable else "A rule fires"
    missed = judged.n - judged.meeting
    label = (
        f"{line.kind.capitalize()}. {line.counted}: {judged.meeting:,} of {judged.n:,} (interval {percent(low)} to {percent(high)}), aim "
        f"{percent(judged.aim)}. {fires}; {missed:,} misses"
    )
    return Card(label=label, piles=(_PILES[VERDICTS.index(line.verdict)],), because=_WHY[line.kind])


_LINES = capability_statement.theatres()
_SHOWN = work_done.disclosed_rate(0.5, 0.4)

CHECKS = (
    NumberCheck(
        name="shown",
        ask="A practice is done as written for 50 patients in 100. Of the departures, 4 in 10 get reported. What does the self-report "
        "show, in per cent?",
        outcome="quantify",
        right=100 * _SHOWN,
        tolerance=0.5,
        unit="%",
        because="All 50 show as done, and so do 6 in 10 of the other 50.",
        otherwise="Take 100 patients. Count those done as written, then add the departures that nobody reports.",
        slips=(
            Slip(value=50, because="That is the true rate. The report would show it only if every departure were told."),
            Slip(value=20, because="Those are the departures that get reported. What shows as done is everybody else."),
            Slip(value=70, because="You added those reported. Those not reported are the ones who show as done."),
            Slip(value=30, because="Those are the hidden departures. Add those who really had it done."),
        ),
    ),
    SortCheck(
        name="six",
        ask="A theatre suite, 25 fortnights. A chart needs on average at least one miss a fortnight before it can show a change. What may "
        "be said of each need?",
        outcome="quantify",
        piles=_PILES,
        cards=tuple(map(_card, _LINES)),
        enough=5,
    ),
    ChoiceCheck(
        name="more",
        ask="Staff report 98% of 100 cases as done. The director doubts it and orders an audit of 1,000 cases by the same form. What does "
        "she get?",
        outcome="quantify",
        answers=(
            Answer(label="A figure closer to the truth", because="Closer to 98. What people do not feel safe to write on one form they do not write on ten."),
            Answer(label="A narrower interval round the same flattering number", right=True, because="More cases shrink luck. They do not touch what is hidden. Another way of looking would."),
            Answer(label="Fewer departures, as people know they are counted", because="Fewer reported, perhaps. Nothing says that fewer happen."),
        ),
    ),
    ChoiceCheck(
        name="workaround",
        ask="You watch community nurses for a week. The skin check is done as written at 6 visits in 10. At most of the others a carer has "
        "been shown how, looks each day, and rings. The aim is met. What now?",
        outcome="decide",
        answers=(
            Answer(label="Enforce the check: 60% is unsafe", because="It might be, if the need were the check. The need is skin seen in time, and it is."),
            Answer(label="Write down 100%, since the need is met", because="That hides what you learnt. The next planner will build on a check that is not done."),
            Answer(label="Report both numbers, and ask whether the carers' way should become the written way", right=True, because="The workaround may be the better design. Test it, look for those who have no carer, and change what is written."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
