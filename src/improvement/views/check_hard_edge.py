"""Self-check of lesson M01.4: the total, what of it is cash, a rework loop, and a sentence for the finance director."""

from __future__ import annotations

from typing import Any

from improvement.simulate import copq
from improvement.simulate.copq import Line
from improvement.views import hard_edge, questions, schema
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

_STORY = hard_edge.STORIES["theatres"]
_RUN = copq.simulate(
    copq.Parameters(
        lines=_STORY.lines(), reduction=_STORY.reduction / 100, investment=_STORY.investment, replicates=10
    )
)
_SAVED = _RUN.saving
_POOR = hard_edge.poor(_RUN)
_LATE = copq.cost(Line("Calls back", "external_failure", 3000, 0.1, minutes=12, rate=24, paid_extra=0.25))
_LOOP = copq.cost(Line("Form", "internal_failure", 1200, 0.1, minutes=30, rate=20, again=0.2)).occurrences
_CASH, _CAPACITY, _AVOIDED = (label for _, label, _ in hard_edge.KINDS.values())

CHECKS = (
    NumberCheck(
        name="total",
        ask="What is the cost of poor quality in the theatres, as the widget opens?",
        outcome="justify",
        right=round(_RUN.copq),
        tolerance=0.01 * _RUN.copq,
        unit="£",
        step=1,
        because="Appraisal and both kinds of failure. Prevention stands apart: it is what is paid to avoid the rest.",
        otherwise="Choose the theatres, press Reset and read the first line under the picture.",
        slips=(
            Slip(value=round(_RUN.total), because="That has prevention in it. Take it out and show it beside."),
            Slip(value=round(_RUN.failure), because="Those are the failures. The checks that look for them are part of the cost too."),
            Slip(value=round(_POOR["cash_releasing"]), because="That is the part that is cash. The question asks for all of it."),
        ),
    ),
    NumberCheck(
        name="cash",
        ask="A practice takes 3,000 calls a month. One in ten is from somebody whom nobody rang back: 12 minutes each, at £24 an hour. A quarter of those hours is agency. All of it stops. How much cash is released in a month?",
        outcome="justify",
        right=_LATE.cash_releasing,
        tolerance=5,
        unit="£",
        step=1,
        because=f"{_LATE.occurrences:.0f} calls, {_LATE.hours:.0f} hours, £{_LATE.total:,.0f} of time. A quarter was bought in. The other £{_LATE.capacity_releasing:,.0f} is people's day, free for other work.",
        otherwise="Calls, then hours, then pounds. Then ask which of those hours were paid for over and above salaries.",
        slips=(
            Slip(value=_LATE.total, because="That is all the time. Three quarters of it belongs to people who are paid anyway."),
            Slip(value=_LATE.capacity_releasing, because="That is the time of people who are paid anyway. The cash is the rest."),
            Slip(value=_LATE.hours, because="Those are hours. At £24 each, and a quarter of them bought in."),
        ),
    ),
    SortCheck(
        name="kinds",
        ask="A saving succeeds. What kind of money is each?",
        outcome="justify",
        piles=(_CASH, _CAPACITY, _AVOIDED),
        enough=6,
        cards=(
            Card(label="Fewer nights in beds bought from another provider", piles=(_CASH,), because="An invoice that does not come."),
            Card(label="Salaried theatre staff no longer stand waiting at half past eight", piles=(_CAPACITY,), because="The payroll is the same. Fifteen more minutes can be used, if somebody plans for them."),
            Card(label="Fewer overtime hours at the end of an ambulance shift", piles=(_CASH,), because="Overtime is paid by the hour. Less of it leaves the account the same month."),
            Card(label="A district nurse need not drive back for a forgotten dressing", piles=(_CAPACITY,), because="Her time mostly. (The mileage is cash. It is the smaller part.)"),
            Card(label="A claim that will probably not be made", piles=(_AVOIDED,), because="No budget holds it, so no budget can give it back."),
            Card(label="Dressings and drugs no longer thrown away", piles=(_CASH,), because="They were bought. They will be bought less often."),
            Card(label="A doctor spared from rewriting forty prescriptions", piles=(_CAPACITY,), because="An hour for a patient, if it is kept for one."),
        ),
    ),
    NumberCheck(
        name="loop",
        ask="1,200 forms, one in ten comes back. One in five of those put right comes back again, and so on. How many are put right in all?",
        outcome="justify",
        right=round(_LOOP),
        tolerance=1,
        unit="times",
        because="120 + 24 + 5 + 1 and so on: 120 over 0.8. A loop costs more than its first turn.",
        otherwise="Start with 120. A fifth of them come back, then a fifth of that. Add them up.",
        slips=(
            Slip(value=120, because="That is the first turn. A fifth of those come back."),
            Slip(value=144, because="One turn more than the first. A fifth of the 24 comes back too, and so on."),
        ),
    ),
    ChoiceCheck(
        name="pitch",
        ask="Which sentence would survive a finance director?",
        outcome="justify",
        answers=(
            Answer(label=f"“Poor quality costs us £{_RUN.copq:,.0f}, so this project saves £{_RUN.copq:,.0f}.”", because="It takes the whole ledger for a saving, time for cash, and a project for a miracle."),
            Answer(label="“Quality is priceless.”", because="Then it has no line in her budget."),
            Answer(label=f"“If 3 in 10 failures stop: £{_SAVED.cash_releasing:,.0f} cash, £{-_SAVED.net_cash:,.0f} less than it takes; and {_SAVED.hours:.0f} hours, for more cataract lists. I bring the chart in March.”", right=True, because="Cash and time apart, the shortfall said first, a use for the hours, and a date. (The lists are invented. Yours must not be.)"),
            Answer(label=f"“We will release £{_SAVED.net + _RUN.parameters.investment:,.0f} of efficiencies.”", because="Of which kind? She will find out, and not ask you again."),
        ),
    ),
    ChoiceCheck(
        name="apart",
        ask="A finance director wants “the efficiencies” run apart from “the quality work”. Which reply fits what the evaluators heard, and what NHS IMPACT hopes for?",
        outcome="justify",
        answers=(
            Answer(label="Agreed: quality is for clinicians and money for finance", because="Then improvement stays the soft item at the end, and staff who are told that quality includes cost watch their leaders weigh one against the other."),
            Answer(label="Quality comes first, whatever it costs", because="What a failure costs is somebody else's care. Cost is a part of quality."),
            Answer(label="One ledger: the same failure on the ward's page and on finance's, cash and time apart", right=True, because="That is the harder edge people asked for. It lets improvement answer financial trouble as well as clinical, and says honestly how much of it is cash."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
