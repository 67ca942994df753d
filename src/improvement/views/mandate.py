"""W40 mandate, benchmark, gaming: what self-assessment scores say once sending them is a rule and something hangs on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from improvement.simulate import gaming as model
from improvement.simulate.gaming import Findings, Organisation, Parameters, Result
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Seed, shown

MIDDLE = 3
"""The model's levels are standard deviations about 0; the form's five levels stand for -2 to 2, so this is added."""
SAFETY = 20
NEAR = 0.25
LISTED = 10
UNSAFE, FOUND_WELL = 20, 2 / 3
NOT_SENT = 0.35  # where those without a report are drawn, below level 1


@dataclass(frozen=True)
class Field:
    """Who is asked: how many there are, what one and several are called, and part of which sector they are."""

    label: str
    sector: str
    count: int
    one: str
    many: str


FIELDS = {
    "system": Field("All of them: 200 organisations", "system", 200, "organisation", "organisations"),
    "mental health": Field("50 mental health providers", "mental health", 50, "provider", "providers"),
    "ambulance": Field("10 ambulance services", "ambulance", 10, "service", "services"),
    "practices": Field("60 practices of one board", "primary care", 60, "practice", "practices"),
}
RULES = {"mandatory": "Everybody must send it", "voluntary": "Whoever wants to sends it"}
_IN_TABLE = {"mandatory": "Compulsory", "voluntary": "Voluntary"}
_SEEN = {
    "private": "Nobody outside",
    "peers": "The others who took part",
    "public": "Everybody, in a league table",
}
_GUESSES = {
    "mandatory": "The compulsory one: nobody can hide",
    "voluntary": "The voluntary one: nobody has a reason to boast",
    "both": "Both: they agree, so the answer is about right",
    "neither": "Neither",
}

DECLARATION = schema.Declaration(
    title="Mandate, benchmark, gaming",
    intro="You run the national self-assessment. Every organisation has a true level, and you never see it.",
    controls=(
        Choice(
            name="submission",
            label="Sending the score",
            default="mandatory",
            radio=True,
            options=tuple(Option(value=value, label=label) for value, label in RULES.items()),
        ),
        Choice(
            name="publication",
            label="Who sees it?",
            default="public",
            options=tuple(Option(value=value, label=label) for value, label in _SEEN.items()),
        ),
        Number(
            name="consequence",
            label="Consequence of a low score",
            help="0: none. 100: money and jobs hang on it.",
            default=50,
            minimum=0,
            maximum=100,
            step=10,
        ),
        Number(
            name="safety",
            label="Board safety",
            help="0: bad news ends careers. 100: bad news is welcome on every board.",
            default=SAFETY,
            minimum=0,
            maximum=100,
            step=10,
        ),
        Choice(
            name="field",
            label="Who is asked?",
            default="system",
            options=tuple(Option(value=name, label=one.label, sector=one.sector) for name, one in FIELDS.items()),
        ),
        Seed(label="Draw", help="Other organisations, the same rules."),
    ),
    prediction=schema.Prediction(
        question=(
            "Two countries, alike in everything but the rules. In both, boards punish bad news. One form is compulsory, published and has consequences. "
            "The other is voluntary and private. Which average comes within a quarter of a level of the true one?"
        ),
        control=Choice(
            name="prediction",
            label="Which average?",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    assumptions=(
        *model.ASSUMPTIONS,
        "True levels: a bell about level 3 with a standard deviation of 1. The report adds luck (half a level) and a share g of what is lacking to level 4, and stays on the form, "
        "1 to 5.",
        "g = (1 − board safety) × (0.2 if compulsory + 0.15 if peers see it or 0.3 if all do + 0.5 × consequence), with safety and consequence as shares of 100.",
        "If it is voluntary, half of the organisations at level 3 send it; the less safe the boards, the more the weak stay away.",
        "Help goes to a quarter of all: those with the lowest reports, and by lot among the silent if too few have sent one.",
    ),
    cannot_tell=model.CANNOT_TELL,
    honesty="An illustrative model with invented organisations, computed here from stated equations. It is no reconstruction of what happened in England.",
)  # fmt: skip


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: reports against the truth, the league table, who gets help, and both rules side by side."""
    field = FIELDS[params["field"]]
    rules = _rules(params)
    run = _run(rules, field.count, params["seed"])
    panels = [_scatter(run, field), _two_dashboards()]
    if params["prediction"] is not None:
        panels.append(schema.sentence(_judge(params["prediction"]), heading="Your guess", reveal=True))
    panels += [
        schema.sentence(_meaning(run, field), heading="What the centre cannot see", reveal=True),
        _side_by_side(params, field),
        _league(run, field),
        _by_gaming(),
        _challenge(params),
    ]
    return schema.view(panels, summary=_headline(run, field), data=_download(run))


def _rules(params: schema.Params, **changes: Any) -> Parameters:
    return Parameters(
        **{
            "submission": params["submission"],
            "publication": params["publication"],
            "consequence": params["consequence"] / 100,
            "board_safety": params["safety"] / 100,
            **changes,
        }
    )


@lru_cache(maxsize=32)
def _run(rules: Parameters, count: int, seed: int) -> Result:
    return model.simulate(Parameters(**{**vars(rules), "organisations": count}), seed=seed)


@lru_cache(maxsize=64)
def _exact(rules: Parameters) -> Findings:
    return model.exact(rules)


def asked() -> dict[str, Findings]:
    """Return what the two countries of the prediction come to in the long run, by submission rule."""
    strict = Parameters(
        submission="mandatory", publication="public", consequence=0.5, board_safety=SAFETY / 100
    )
    free = Parameters(submission="voluntary", publication="private", consequence=0, board_safety=SAFETY / 100)
    return {"mandatory": _exact(strict), "voluntary": _exact(free)}


def _level(value: float) -> float:
    return MIDDLE + value


def _two_dashboards() -> dict[str, Any]:
    """What the centre sees of the two countries, before anybody asks what is true."""
    rows = [
        [_IN_TABLE[rule], f"{100 * found.submitted:.0f} of 100", f"{_level(found.mean_reported):.1f}"]
        for rule, found in asked().items()
    ]
    return schema.table(
        "The two countries, as their centres see them: levels 1 to 5",
        ["The form is", "Reports in", "Average"],
        rows,
        open=True,
    )


def _judge(guess: str) -> str:
    countries = asked()
    must, may = countries["mandatory"], countries["voluntary"]
    truth = (
        f"In both the true average is {_level(0):.1f}. The compulsory reports say {_level(must.mean_reported):.1f}, for many add to their score. The "
        f"voluntary ones say {_level(may.mean_reported):.1f} and hardly anybody adds a thing: the weak have not written."
    )
    said = f"You said: “{_GUESSES[guess]}”."
    tail = {
        "mandatory": "Everybody is in it, and what they sent is made for you.",
        "voluntary": "Those who wrote were honest. They are not everybody.",
        "both": "Two wrong averages can agree.",
        "neither": "Right. Now look for rules that do better.",
    }[guess]
    return f"{said} {truth} {tail}"


def _headline(run: Result, field: Field) -> str:
    sent = len(run.league)
    found = run.simulated
    said = f"{sent} of {field.count} {field.many} sent a score."
    if found.mean_reported is not None:
        said += f" Reported average {_level(found.mean_reported):.1f}, true average of all {_level(_true_mean(run)):.1f}."
    if found.correlation is not None:
        said += f" Correlation of report and truth {shown(found.correlation)}."
    return f"{said} Of the truly weakest quarter {100 * found.found:.0f}% get help."


def _true_mean(run: Result) -> float:
    return sum(one.true for one in run.organisations) / len(run.organisations)


def _scatter(run: Result, field: Field) -> dict[str, Any]:
    silent = [one for one in run.organisations if one.reported is None]
    sent = [one for one in run.organisations if one.reported is not None]
    weakest = {
        one.number
        for one in run.organisations
        if one.true_rank > field.count - sum(other.helped for other in run.organisations)
    }
    missed = [one for one in sent if one.number in weakest and not one.helped]
    others = [one for one in sent if one not in missed]

    def dots(role: str, label: str, which: list[Organisation]) -> dict[str, Any]:
        return schema.mark(
            "dot", role, label=label,
            x=[round(_level(one.true), 2) for one in which],
            y=[NOT_SENT if one.reported is None else round(_level(one.reported), 2) for one in which],
            title=[_called(one, field) for one in which],
        )  # fmt: skip

    marks = [
        schema.mark("line", "ghost", label="report = truth", x=[1, 5], y=[1, 5]),
        dots("data", "sent", others),
    ]
    if missed:
        marks.append(dots("signal_concern", "sent, among the weakest, and not helped", missed))
    if silent:
        marks.append(dots("quiet", "not sent (bottom row)", silent))
    return schema.figure(
        f"Reported level (1 to 5) and true level of {field.count} {field.many}",
        marks,
        description=(
            f"{_headline(run, field)} {len(missed)} of the truly weakest quarter sent a score too good to be helped. {len(silent)} sent none and stand in a row at the bottom."
        ),
        x_label="true level",
        y_label="reported level",
        x_range=(-0.2, 6.2),
        y_range=(0, 5.3),
        height=340,
        reveal=True,
    )


def _called(one: Organisation, field: Field) -> str:
    name = f"{field.one.capitalize()} {one.number}: truly {_level(one.true):.1f}"
    return f"{name}, not sent" if one.reported is None else f"{name}, reported {_level(one.reported):.1f}"


def _meaning(run: Result, field: Field) -> str:
    found, g = run.exact, run.incentive
    added = (
        "nobody adds anything"
        if g == 0
        else f"whoever is below level 4 adds {100 * g:.0f}% of what is lacking"
    )
    said = f"Under these rules {added}. "
    gap = found.mean_reported or 0.0
    said += f"With endlessly many {field.many} the reports would average {_level(gap):.1f} and the truth is {_level(0):.1f}. "
    if run.parameters.submission == "voluntary":
        apart = f"{_level(found.mean_true or 0):.1f}"
        said += f"{100 * found.submitted:.0f}% send one, and their true average is {apart}. " + (
            "They are like all the others. "
            if apart == f"{_level(0):.1f}"
            else "The silent are the weaker ones. "
        )
    said += (
        f"Report and truth of those who send go together at r = {shown(found.correlation or 0)}. Of the truly weakest quarter "
        f"{100 * found.found:.0f}% would be helped; drawing lots helps {100 * run.parameters.support_share:.0f}%."
    )
    return said


def _side_by_side(params: schema.Params, field: Field) -> dict[str, Any]:
    rows = []
    for rule in RULES:
        found = _exact(_rules(params, submission=rule))
        rows.append(
            [
                _IN_TABLE[rule], f"{100 * found.submitted:.0f}%", f"{_level(found.mean_reported or 0):.1f}", f"{_level(found.mean_true or 0):.1f}",
                shown(found.correlation or 0), shown(found.learning_value), f"{100 * found.found:.0f}%",
            ]
        )  # fmt: skip
    return schema.table(
        "Your other settings under both rules, in the long run. Learning value: 1 full knowledge, 0 drawing lots",
        [
            "",
            "Sent",
            "Reported average",
            "True average of those",
            "Correlation",
            "Learning value",
            "Weakest found",
        ],
        rows,
        open=True,
        reveal=True,
    )


def _league(run: Result, field: Field) -> dict[str, Any]:
    """The foot of the league table, beside the true rank that nobody publishes."""
    listed = min(LISTED, max(3, field.count // 5))
    foot = [run.organisations[number - 1] for number in run.league[-listed:]]
    truly = sum(one.true_rank > field.count - len(foot) for one in foot)
    title = (
        f"The last {len(foot)} in the league table: {truly} of them are truly among the last {len(foot)} of {field.count}"
        if foot
        else "The league table is empty: nobody sent a score"
    )
    return schema.table(
        title,
        ["Place", field.one.capitalize(), "Reported", "True level", "True rank"],
        [
            [
                one.place,
                str(one.number),
                f"{_level(one.reported):.1f}",
                f"{_level(one.true):.1f}",
                one.true_rank,
            ]
            for one in foot
        ],
        reveal=True,
    )


def _by_gaming() -> dict[str, Any]:
    names = {0: "none of it", 0.5: "half of it", 1: "all of it"}
    rows = []
    for g, words in names.items():
        found = model.exact(gaming=g)
        rows.append([f"{words} (g = {g:g})", f"{found.correlation:.2f}", f"{100 * found.found:.0f}%"])
    return schema.table(
        "Everybody sends, and those below level 4 add so much of what they lack",
        ["They add", "Correlation with the truth", "Weakest found"],
        rows,
        open=True,
        reveal=True,
    )


def _challenge(params: schema.Params) -> dict[str, Any]:
    ask = (
        f"We say that no rule makes scores true. With board safety at {UNSAFE} or less, find rules under which more than two thirds of the weakest "
        "are found in the long run."
    )
    found = _exact(_rules(params)).found
    unsafe = params["safety"] <= UNSAFE
    if unsafe and found > FOUND_WELL:
        text = (
            f"{100 * found:.0f}%. Everybody must do it, and next to nothing hangs on it. What is compulsory then is to look, and not to look good. That is the "
            "best case for a mandate. Whether a centre can keep its hands off the list, the model does not know."
        )
        return schema.challenge(ask, True, text)
    why = f"They find {100 * found:.0f}%." if unsafe else f"Board safety is above {UNSAFE}."
    return schema.challenge(ask, False, why)


def _download(run: Result) -> dict[str, Any]:
    return {
        "columns": ["Number", "True level", "True rank", "Reported level", "Place", "Helped"],
        "rows": [
            [
                one.number, round(_level(one.true), 2), one.true_rank,
                None if one.reported is None else round(_level(one.reported), 2), one.place, "yes" if one.helped else "no",
            ]
            for one in run.organisations
        ],
    }  # fmt: skip
