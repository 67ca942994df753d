"""W29 work as imagined, disclosed and done: three pictures of the same work and the decision each would trigger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from improvement.simulate import work_done as model
from improvement.spc.distributions import Interval
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Seed, Toggle

_DEFAULT = model.DEFAULTS


@dataclass(frozen=True)
class Story:
    """A practice with a written rule: what the rule asks, what people do instead that may serve, and what is left out."""

    label: str
    sector: str
    written: str
    workaround: str
    omission: str


STORIES = {
    "checklist": Story(
        "Acute: the surgical checklist", "acute",
        "every item is said aloud before the first cut, with everyone listening",
        "it is gone through in the anaesthetic room, as the surgeon is coming from another theatre",
        "it is ticked later, as the list is running late",
    ),
    "vehicle": Story(
        "Ambulance: the vehicle check", "ambulance",
        "every item is looked at before the first call",
        "the crew going off tells the crew coming on what was used",
        "the first call comes before anybody could look",
    ),
    "skin": Story(
        "Community: the skin check", "community",
        "the nurse looks at the pressure areas at each visit",
        "a carer who was shown how looks every morning and rings",
        "the visit runs out of time",
    ),
    "observation": Story(
        "Mental health: observation at night", "mental health",
        "each person is seen at the times on the sheet",
        "a nurse sits where all the doors can be seen",
        "two nurses have one more emergency than they have hands",
    ),
    "medicines": Story(
        "Primary care: the medicines review", "primary care",
        "each repeat is gone through with the patient",
        "the pharmacist rings the week after",
        "it is clicked through, as four people are waiting",
    ),
}  # fmt: skip

METHODS = {
    "self_report": ("Ask staff to report", "safety"),
    "records": ("Read the records", "honest_records"),
    "announced": ("Go and watch, announced", "best_behaviour"),
    "unannounced": ("Go and watch, unannounced", "surprise_effect"),
}
_SEEN = {
    "self_report": "a departure shows when somebody feels safe to report it",
    "records": "a departure shows when the record says what happened",
    "announced": "a departure shows unless people do it by the book while they are watched",
    "unannounced": "a departure shows unless it is put right at the sight of you",
}
_SHOWN = {
    "self_report": "gets reported",
    "records": "gets written down as one",
    "announced": "still happens in front of the visitor",
    "unannounced": "goes on at the sight of the visitor",
}
"""How the few departures behind the question's audit came to show."""
_PICTURES = {"imagined": "Imagined", "disclosed": "Disclosed", "done": "Done"}
_GUESSES = {
    "98": "98 in 100, or close to it",
    "90": "About 90",
    "75": "About 75",
    "60": "About 60",
    "unknown": "The audit cannot tell me",
}
_ASKED_RATE = model.disclosed_rate(_DEFAULT.true_rate, _DEFAULT.safety)


def _percent(share: float) -> str:
    return f"{schema.shown(100 * share, 1)}%"


def _share(name: str, label: str, help: str, default: float, **show_when: Any) -> Number:
    return Number(
        name=name,
        label=label,
        help=help,
        default=round(100 * default),
        minimum=0,
        maximum=100,
        step=5,
        unit="%",
        show_when=show_when,
        keep=True,
    )


DECLARATION = schema.Declaration(
    title="Work as imagined, disclosed and done",
    intro="One practice, three pictures of it, and what each would have you decide.",
    controls=(
        Choice(
            name="story",
            label="Which practice?",
            default="checklist",
            options=tuple(
                Option(value=name, label=story.label, sector=story.sector) for name, story in STORIES.items()
            ),
        ),
        Choice(
            name="method",
            label="How do you look?",
            default=_DEFAULT.method,
            radio=True,
            options=tuple(Option(value=method, label=label) for method, (label, _) in METHODS.items()),
        ),
        _share(
            "safety",
            "Safe to say",
            "The chance that somebody who departed from the rule will report it.",
            _DEFAULT.safety,
            method="self_report",
        ),
        _share(
            "honest_records",
            "Records that tell",
            "The chance that the record of a departure says what happened.",
            _DEFAULT.honest_records,
            method="records",
        ),
        _share(
            "best_behaviour",
            "Best behaviour",
            "The share of departures that turn into work by the book, as long as you stand there.",
            _DEFAULT.best_behaviour,
            method="announced",
        ),
        _share(
            "surprise_effect",
            "Put right on sight",
            "The share of departures that turn into work by the book when you walk in.",
            _DEFAULT.surprise_effect,
            method="unannounced",
        ),
        Toggle(name="open", label="Let me set the truth", help="In life nobody can."),
        _share(
            "true_rate",
            "Really done as written",
            "Nobody in the service knows this number.",
            _DEFAULT.true_rate,
            open=True,
        ),
        _share(
            "workarounds",
            "Departures that are workarounds",
            f"A workaround meets the need {_DEFAULT.workaround_works * 10:.0f} times in 10. Other departures are omissions and "
            "do not meet it.",
            _DEFAULT.workarounds,
            open=True,
        ),
        Number(
            name="cases",
            label="Cases audited",
            default=_DEFAULT.cases,
            minimum=20,
            maximum=1000,
            step=20,
        ),
        Seed(default=2, label="Luck", help="Audit another sample."),
    ),
    prediction=schema.Prediction(
        question=f"An audit says that a practice is done as written for {round(100 * _ASKED_RATE)} patients in 100. Done as written, it "
        f"meets the need {100 * _DEFAULT.works:.0f} times in 100; the aim is {100 * _DEFAULT.aim:.0f}. For how many patients in 100 is it "
        "really done as written?",
        control=Choice(
            name="prediction",
            label="Patients for whom it is done as written",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    assumptions=(
        *model.ASSUMPTIONS,
        f"Done as written, the practice meets the need {_percent(_DEFAULT.works)} of the time. The decisions: "
        f"{_percent(_DEFAULT.aim)} or more, keep watching; under {_percent(_DEFAULT.redesign_below)}, redesign; between, improve.",
        "Whoever takes a rate at its word counts only work as written, and forgets that workarounds may serve patients.",
    ),
    cannot_tell=model.CANNOT_TELL,
    honesty="An illustrative model. Its shares are invented, and so are the practices. How much your own audits hide is not in it.",
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the three pictures, what the audit could mean, and the decisions that follow."""
    run = model.simulate(_parameters(params), seed=params["seed"])
    story = STORIES[params["story"]]
    _, disclosed, done = run.bars
    audit = next(one for one in run.audits if one.method == params["method"])
    said = (
        f"Disclosed as done: {_percent(disclosed.rate)}. Done: {_percent(done.rate)}. Needs met: {_percent(run.capability)}. The disclosed rate "
        f"says “{disclosed.decision}”; the needs met say “{run.right_decision}”."
    )
    panels = [_bars(run, audit)]
    if params["prediction"] is not None:
        panels.append(
            schema.sentence(_judge(params["prediction"], params["method"]), heading="Your guess", reveal=True)
        )
    panels += [
        schema.sentence(
            f"As written: {story.written}. A workaround: {story.workaround}. An omission: {story.omission}.",
            heading="What people do",
        ),
        _decisions_differ(run),
        _decision_table(run),
        _curve(run, audit),
        schema.sentence(_reach(run, audit), heading="What the truth could be", reveal=True),
        _ways(run),
        _challenge(run),
    ]
    return schema.view(panels, summary=said, data=_download(run))


def true_rates(shown: Interval, visible: float) -> tuple[float, float]:
    """Return the lowest and highest true rate that a disclosed rate within `shown` could come from.

    `visible` is the chance that a departure shows. Where it is 0 nothing shows, and the true rate can be anything.
    """
    if visible == 0:
        return 0.0, 1.0
    low, high = (min(1.0, max(0.0, 1 - (1 - end) / visible)) for end in shown)
    return low, high


def _parameters(params: schema.Params) -> model.Parameters:
    shares = ("true_rate", "workarounds", *(knob for _, knob in METHODS.values()))
    return model.Parameters(
        method=params["method"], cases=params["cases"], **{name: params[name] / 100 for name in shares}
    )


def _bars(run: model.Result, audit: model.Audit) -> dict[str, Any]:
    rows = [*_PICTURES.values(), "Needs met"]
    rates = [*(bar.rate for bar in run.bars), run.capability]
    # The first layer names every row, or those still hidden would have none.
    marks = [schema.mark("bar_x", "quiet", x1=[0] * 4, x2=[0] * 4, text=rows)]
    for row, rate, role in zip(rows, rates, ("ghost", "group_b", "group_a", "group_c"), strict=True):
        hidden = row in (_PICTURES["done"], "Needs met")
        marks += [
            schema.mark("bar_x", role, reveal=hidden, x1=[0], x2=[100 * rate], text=[row]),
            schema.mark(
                "text", "annotation", reveal=hidden, x=[max(6.0, 50 * rate)], y=[row], text=[_percent(rate)]
            ),
        ]
    found = f"{_percent(audit.disclosed)}, interval {_percent(audit.low)} to {_percent(audit.high)}"
    disclosed = [_PICTURES["disclosed"]]
    marks += [
        schema.mark("rule_x", "target", label="Aim", x=[100 * run.parameters.aim]),
        schema.mark(
            "line", "annotation", reveal=True, x=[100 * audit.low, 100 * audit.high], y=disclosed * 2,
        ),
        schema.mark(
            "dot", "data", reveal=True, label=f"One audit of {run.parameters.cases}, with its interval",
            x=[100 * audit.disclosed], y=disclosed, title=[f"One audit: {found}"],
        ),
    ]  # fmt: skip
    words = [f"{bar.name} {_percent(bar.rate)}" for bar in run.bars]
    return schema.figure(
        "Of 100 patients: done as written, in three pictures, and needs met",
        marks,
        description=f"Four bars. Done as written, as {words[0]}, as {words[1]}, and as {words[2]}. Needs really met: "
        f"{_percent(run.capability)}, against an aim of {_percent(run.parameters.aim)}. One audit of {run.parameters.cases} cases found {found}.",
        x_label="Patients in 100",
        y_label="",
        x_range=(0, 102),
        height=230,
    )


def _judge(guess: str, method: str) -> str:
    said = f"You said: {_GUESSES[guess][0].lower()}{_GUESSES[guess][1:]}."
    least = model.disclosed_rate(0, _DEFAULT.safety)
    why = (
        f"In the service of the question it is {_percent(_DEFAULT.true_rate)}, and one departure in "
        f"{1 / _DEFAULT.safety:.0f} {_SHOWN[method]}. Had nobody done it as written, the audit would still say {_percent(least)}."
    )
    if guess == "unknown":
        return f"{said} Right, as long as you do not know what the audit hides. {why}"
    if guess == "60":
        return f"{said} That is the number, and nothing in the audit gave it to you. {why}"
    return f"{said} The audit cannot tell. {why}"


def _decisions_differ(run: model.Result) -> dict[str, Any]:
    disclosed = run.bars[1]
    if disclosed.decision == run.right_decision:
        words = f"The report and the needs met agree: “{run.right_decision}”"
        return schema.verdict(
            "The decision",
            "reliably_meets" if run.right_decision == "keep watching" else "hit_and_miss",
            words,
            "They may agree for different reasons. Compare the table.",
            reveal=True,
        )
    return schema.verdict(
        "The decision",
        "reliably_misses",
        f"The report says “{disclosed.decision}”. The needs met say “{run.right_decision}”",
        f"Taken at its word, the disclosed rate implies that {_percent(disclosed.implied_capability)} of patients have their need met. "
        f"{_percent(run.capability)} have.",
        reveal=True,
    )


def _decision_table(run: model.Result) -> dict[str, Any]:
    rows = [
        [_PICTURES[bar.name], _percent(bar.rate), _percent(bar.implied_capability), bar.decision]
        for bar in run.bars
    ]
    rows.append(
        [
            "Done, workarounds counted",
            _percent(run.bars[2].rate),
            _percent(run.capability),
            run.right_decision,
        ]
    )
    return schema.table(
        "Each picture at its word",
        ["Picture", "Done as written", "Needs met, it implies", "Decision"],
        rows,
        open=True,
        reveal=True,
    )


def _curve(run: model.Result, audit: model.Audit) -> dict[str, Any]:
    p = run.parameters
    visible = model.visibility(p, p.method)
    ends = [100 * model.disclosed_rate(rate, visible) for rate in (0, 1)]
    now = 100 * audit.exact
    return schema.figure(
        f"{METHODS[p.method][0]}: what shows, for every true rate (%)",
        [
            schema.mark("line", "ghost", label="If everything showed", x=[0, 100], y=[0, 100]),
            schema.mark("line", "group_b", label="What shows", x=[0, 100], y=ends),
            schema.mark(
                "dot", "data", label="Here", x=[100 * p.true_rate], y=[now],
                title=[f"Really {_percent(p.true_rate)}, shown {_percent(audit.exact)}"],
            ),
        ],
        description=f"A straight line from {schema.shown(ends[0], 1)}% shown when nothing is done as written, to 100% shown when everything is. "
        f"At the true rate of {_percent(p.true_rate)} it shows {_percent(audit.exact)}. If everything showed, the line would run "
        "from corner to corner.",
        x_label="Really done as written, %",
        y_label="Shown, %",
        x_range=(0, 100),
        y_range=(0, 105),
        height=260,
        reveal=True,
    )  # fmt: skip


def _reach(run: model.Result, audit: model.Audit) -> str:
    p = run.parameters
    low, high = true_rates(Interval(audit.low, audit.high, 0.95, "Wilson"), model.visibility(p, p.method))
    found = f"This audit of {p.cases} found {_percent(audit.disclosed)}, interval {_percent(audit.low)} to {_percent(audit.high)}."
    found = f"In this way of looking {_SEEN[p.method]}. {found}"
    if low == 0 and high == 1:
        return f"{found} Any true rate at all could have given it."
    if low == high:
        return f"{found} It is at the edge of what this way of looking can show."
    return f"{found} If you knew how much is hidden, you could say that the true rate lies between {_percent(low)} and {_percent(high)}."


def _ways(run: model.Result) -> dict[str, Any]:
    rows = [
        [
            METHODS[audit.method][0],
            _percent(model.visibility(run.parameters, audit.method)),
            _percent(audit.exact),
            f"{_percent(audit.disclosed)} ({_percent(audit.low)} to {_percent(audit.high)})",
        ]
        for audit in run.audits
    ]
    return schema.table(
        f"The same {run.parameters.cases} cases, looked at in four ways",
        ["Way of looking", "Departures that show", "Shown in the long run", "This audit (interval)"],
        rows,
        open=True,
        reveal=True,
    )


def _challenge(run: model.Result) -> dict[str, Any]:
    ask = (
        "Find settings in which the flattering report leads to the right decision, and the true rate of work as written to a "
        "wrong one."
    )
    _, disclosed, done = run.bars
    right = run.right_decision
    if disclosed.decision == right != done.decision:
        return schema.challenge(
            ask,
            True,
            "Here people depart from the rule and serve patients all the same. Whoever enforces the rule may make things worse. Ask "
            "what the workaround knows.",
        )
    if disclosed.decision == right:
        return schema.challenge(
            ask,
            False,
            "Both lead to the right decision here. Look for a true rate that falls short of the aim while workarounds lift patients over it.",
        )
    return schema.challenge(
        ask,
        False,
        "The report misleads here. Raise the true rate, and let departures be workarounds that serve patients.",
    )


def _download(run: model.Result) -> dict[str, Any]:
    return {
        "columns": ["Way of looking", "Shown in the long run", "This audit", "Interval low", "Interval high", "Done", "Needs met"],
        "rows": [
            [METHODS[audit.method][0], audit.exact, audit.disclosed, audit.low, audit.high, run.parameters.true_rate, run.capability]
            for audit in run.audits
        ],
    }  # fmt: skip
