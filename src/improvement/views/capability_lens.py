"""W12 Capability lens: what a process gives, set against what people need, and when nothing may be promised."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import fmean, quantiles
from typing import Any

from improvement import datasets, spc
from improvement.simulate import capability_lens as model
from improvement.spc import shapes
from improvement.spc.capability import FEWEST_POINTS, FIRM_POINTS
from improvement.spc.indices import need_words, percent
from improvement.views import pasted, schema
from improvement.views.schema import Choice, Number, Option, Seed, Series, Toggle

SHIFT = 1.5  # standard deviations, when something changes halfway
NARROWER = 5
STACK_LEVELS = 38
WIDEST_STACKING = 2.2  # places in time order that a stacked dot takes up at most
SHAPE_POINTS = 8  # fewest values for a check of the shape


@dataclass(frozen=True)
class Story:
    """A process to start from: `upper` (and `lower`) the need, `axis` the values always in view."""

    what: str
    unit: str
    sector: str
    label: str
    mean: float
    sd: float
    upper: float
    lower: float | None
    axis: tuple[float, float]


STORIES = {
    "sepsis": Story(
        "Minutes to antibiotics in sepsis", "minutes", "acute",
        "Acute: antibiotics in sepsis", 75, 20, 60, None, (0, 150),
    ),
    "handover": Story(
        "Minutes to hand a patient over at hospital", "minutes", "ambulance",
        "Ambulance: handover at hospital", 57, 16, 45, None, (0, 120),
    ),
    "visit": Story(
        "Minutes to an urgent home visit", "minutes", "community",
        "Community: urgent home visit", 135, 20, 120, None, (60, 210),
    ),
    "appointment": Story(
        "Days to a first mental health appointment", "days", "mental health",
        "Mental health: first appointment", 37, 12, 28, None, (0, 90),
    ),
    "pressure": Story(
        "Systolic blood pressure at review", "mmHg", "primary care",
        "Primary care: blood pressure, not too high or low", 149, 12, 140, 110, (90, 210),
    ),
}  # fmt: skip

DOTS = {"patient": 1, "day": 9, "month": 25}
"""What one dot can be, and how many patients' mean it is."""


@dataclass(frozen=True)
class Study:
    """A series set against a need: `dot` is what one dot is called, `kind` what it is (see `spc.capability`)."""

    what: str
    unit: str
    dot: str
    dot_is: str
    kind: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    lower: float | None = None
    upper: float | None = None
    denominators: tuple[float, ...] | None = None
    axis: tuple[float, float] | None = None
    notes: tuple[str, ...] = ()

    @property
    def has_need(self) -> bool:
        return self.kind == "proportion" or (self.lower, self.upper) != (None, None)

    def meets(self, value: float) -> bool:
        return (self.lower is None or value >= self.lower) and (self.upper is None or value <= self.upper)


def _sepsis(first: date, before: date | None, place: slice, when: str) -> Study:
    rows = datasets.read("ed_sepsis_antibiotics")
    timed = [
        (day, float(minutes))
        for day, minutes in zip(rows["date"], rows["antibiotics_minutes"], strict=True)
        if minutes is not None and day >= first and (before is None or day < before)
    ][place]
    return Study(
        f"Minutes to antibiotics in sepsis, {when}",
        "minutes",
        "patient",
        "One dot is one patient: the first timed each day.",
        "individual",
        tuple(f"{day.day} {day:%b %Y}" for day, _ in timed),
        tuple(minutes for _, minutes in timed),
        upper=60,
        axis=(0, 150),
    )


CHANGED_ON = date(2025, 9, 1)


def _before() -> Study:
    return _sepsis(date.min, CHANGED_ON, slice(-60, None), "60 patients before the change")


def _after() -> Study:
    return _sepsis(CHANGED_ON, None, slice(60), "60 patients after the change")


def _stays() -> Study:
    minutes = datasets.read("ed_departures")["minutes_in_department"][:60]
    return Study(
        "Minutes in an emergency department, 60 patients in a row",
        "minutes",
        "patient",
        "One dot is one patient, from arrival to leaving.",
        "individual",
        tuple(str(place) for place in range(1, 61)),
        tuple(map(float, minutes)),
        upper=240,
        axis=(0, 600),
    )


def _ambulance() -> Study:
    rows = datasets.read("ambulance_response").where(hospital="Northfield")
    return Study(
        "Category 2 mean response, weekly, Northfield since the handover bay",
        "minutes",
        "week",
        "One dot is one week: the mean of some four hundred patients. The 30 minutes is an aim for such means.",
        "average",
        tuple(f"{day.day} {day:%b %Y}" for day in rows["week_starting"][-36:]),
        tuple(rows["category_2_mean_minutes"][-36:]),
        upper=30,
        axis=(15, 45),
    )


def _nurses() -> Study:
    rows = datasets.read("district_nurse_first_contact").where(team="Plover")
    return Study(
        "District nurse seen within two days, Plover team, monthly",
        "% of urgent referrals",
        "month",
        "One dot is one month: the share of its urgent referrals seen within two days.",
        "proportion",
        tuple(f"{day:%b %Y}" for day in rows["month"]),
        tuple(map(float, rows["seen_within_2_days"])),
        denominators=tuple(map(float, rows["referrals"])),
        axis=(50, 100),
    )


EXAMPLES: dict[str, Callable[[], Study]] = {
    "before": _before,
    "after": _after,
    "stays": _stays,
    "ambulance": _ambulance,
    "nurses": _nurses,
}

_SET = {"source": "set"}
_OWN = {"source": "own"}

DECLARATION = schema.Declaration(
    title="Capability lens",
    intro="The voice of the process (what it gives) beside the need (what people must have). Every dot appears twice: "
    "in time order, and stacked.",
    controls=(
        Choice(
            name="source",
            label="Whose process?",
            default="set",
            options=(
                Option(value="set", label="One I set with the sliders", sets={"aim": 90}),
                Option(value="before", label="Emergency department: sepsis, before the change", sets={"aim": 90}),
                Option(value="after", label="Emergency department: sepsis, after the change", sets={"aim": 90}),
                Option(value="stays", label="Emergency department: length of stay", sets={"aim": 90}),
                Option(value="ambulance", label="Ambulance: Category 2, weekly means", sets={"aim": 90}),
                Option(value="nurses", label="Community: district nurse within two days", sets={"aim": 75}),
                Option(value="own", label="My own numbers", sets={"aim": 90}),
            ),
        ),
        Choice(
            name="story",
            label="What is it like?",
            default="sepsis",
            options=tuple(
                Option(
                    value=name,
                    label=story.label,
                    sector=story.sector,
                    sets={
                        "mean": story.mean, "sd": story.sd, "upper": story.upper, "lower": story.lower,
                        "dot": "patient", "shape": "normal", "changed": False,
                    },
                )
                for name, story in STORIES.items()
            ),
            show_when=_SET,
        ),
        Choice(
            name="dot",
            label="What is one dot?",
            default="patient",
            options=(
                Option(value="patient", label="One patient"),
                Option(value="day", label=f"One day: the mean of {DOTS['day']} patients"),
                Option(value="month", label=f"One month: the mean of {DOTS['month']} patients"),
            ),
            show_when=_SET,
        ),
        Number(name="sd", label="Spread", help="The standard deviation of patients.", default=20, minimum=1, maximum=40, step=0.5, show_when=_SET),
        Number(name="mean", label="Mean", default=75, minimum=5, maximum=160, step=0.5, show_when=_SET),
        Number(name="upper", label="Need: at most", default=60, minimum=1, maximum=200, show_when=_SET),
        Number(name="lower", label="Need: at least", help="Empty unless too low is also wrong.", default=None, minimum=0, optional=True, show_when=_SET),
        Choice(
            name="shape",
            label="Shape",
            default="normal",
            options=(
                Option(value="normal", label="A bell"),
                Option(value="long_tail", label="A long tail of high values"),
                Option(value="two_peaks", label="Two humps: two kinds of patient"),
            ),
            show_when=_SET,
        ),
        Toggle(
            name="changed",
            label="Something changes halfway",
            help=f"The second half rises by {SHIFT:g} spreads.",
            show_when=_SET,
        ),
        Choice(
            name="own_dot",
            label="What is one dot?",
            default="case",
            options=(
                Option(value="case", label="One person or one case"),
                Option(value="summary", label="A summary: a mean, a total, a percentage"),
            ),
            show_when=_OWN,
        ),
        Series(
            name="pasted",
            label="Your numbers",
            help="One on each line, oldest first. A date and a number with a tab or comma between is fine. No patient details.",
            placeholder="2026-01-05, 41\n2026-01-06, 67\n2026-01-07, 52",
            show_when=_OWN,
        ),
        Number(name="own_upper", label="Need: at most", help="Leave one empty if the need has one side.", default=None, step=0.5, optional=True, show_when=_OWN),
        Number(name="own_lower", label="Need: at least", default=None, step=0.5, optional=True, show_when=_OWN),
        Number(
            name="aim",
            label="Agreed aim: % that should meet the need",
            help="Agree it before you look.",
            default=90,
            minimum=50,
            maximum=99,
        ),
        Number(name="points", label="Dots", default=60, minimum=12, maximum=80, show_when=_SET),
        Seed(default=92, show_when=_SET),
    ),
    prediction=schema.Prediction(
        question=(
            "Most of these dots miss the need: in the long run 23 in 100 patients meet it. A plan will make the spread "
            "five times narrower and leave the mean where it is. How many in 100 will meet the need then?"
        ),
        control=Number(name="prediction", label="In 100 patients", default=None, minimum=0, maximum=100),
    ),
    assumptions=(
        "The need is right: people are well served inside it and badly served outside it. A value on the line meets it.",
        "Dots are in time order and each is independent of the one before.",
        "Natural limits are the mean ± 2.66 times the average moving range. They hold nearly all of a bell, and less of a long tail.",
        "Predictable means that none of four rules fires: a point outside the limits; seven in a row on one side of the mean; "
        "seven rising or falling; two of three near a limit. A share of months is judged by a P chart with the first three.",
        "Intervals are 95% Wilson intervals. The aim is met when the whole interval reaches it.",
    ),
    cannot_tell=(
        "Whether the need is what people need. Ask them.",
        "Why the process gives what it gives, or what to change.",
        "How the worst-served fared: 99% within the need says nothing of the hundredth person.",
        "Whether the next year will be like this one. Natural limits hold while nothing changes.",
    ),
    honesty="The process you set is a model, and the examples are synthetic. Your own numbers never leave this page.",
)  # fmt: skip


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: dots in order and stacked, three verdicts, what to do, and the data behind them."""
    lower, upper = ("own_lower", "own_upper") if params["source"] == "own" else ("lower", "upper")
    if None not in (params[lower], params[upper]) and params[lower] >= params[upper]:
        text = (
            f"Need: at least {params[lower]:g} and at most {params[upper]:g} leaves nothing between. "
            "Make the first smaller, or empty its box."
        )
        return schema.view([], summary=text, notices=[schema.notice("error", text, control=lower)])
    if params["source"] == "own" and not params["pasted"].strip():
        text = "Paste or load your numbers to see them through the lens."
        return schema.view(
            [], summary="Waiting for numbers.", notices=[schema.notice("info", text, control="pasted")]
        )
    study = _study(params)
    result = _judge(study, params["aim"])
    notices = [schema.notice("info", note) for note in study.notes]
    if not study.has_need:
        notices.append(
            schema.notice(
                "info",
                "Type what people need in one of the two boxes. A process is capable of something, or of nothing.",
                control="own_upper",
            )
        )
    headline = _headline(study, result)
    panels = [_figure(study, result, params, headline)]
    if params["source"] == "set" and params["prediction"] is not None:
        panels.append(schema.sentence(_weigh(params), heading="Your guess", reveal=True))
    panels.append(schema.sentence(headline, heading="What the dots say", reveal=True))
    if params["source"] == "set":
        panels.append(schema.sentence(_long_run(params), reveal=True, beside="mean"))
        if known := _curtain(params):
            panels.append(schema.sentence(known, heading="What only a model knows", reveal=True))
    panels += _verdicts(study, result)
    if study.has_need:
        panels.append(_grid(study, result))
    panels += _reasons(study, result, params)
    if params["source"] == "set":
        panels += [_challenge(result, params), _icon_table(params)]
    data = _download(study, result)
    panels.append(schema.table("Every dot", data["columns"], data["rows"], reveal=True))
    return schema.view(panels, summary=f"{headline} {_words(study, result)}", notices=notices, data=data)


def _study(params: schema.Params) -> Study:
    if params["source"] == "own":
        series = pasted.read_series(params["pasted"])
        case = params["own_dot"] == "case"
        return Study(
            "Your numbers",
            "",
            "case" if case else "dot",
            "One dot is one case." if case else "One dot is a summary of many people.",
            "individual" if case else "average",
            series.labels,
            series.values,
            lower=params["own_lower"],
            upper=params["own_upper"],
            notes=series.notes,
        )
    if params["source"] != "set":
        return EXAMPLES[params["source"]]()
    story, size = STORIES[params["story"]], DOTS[params["dot"]]
    run = model.simulate(
        replace(_process(params), points=size * params["points"], shift=SHIFT * params["changed"], draws=1),
        seed=params["seed"],
    )
    dots = [fmean(run.sample[start : start + size]) for start in range(0, len(run.sample), size)]
    many = f": the mean of {size} patients. The need is about each of them" if size > 1 else ""
    return Study(
        story.what,
        story.unit,
        params["dot"],
        f"One dot is one {params['dot']}{many}.",
        "individual" if size == 1 else "average",
        tuple(str(place) for place in range(1, len(dots) + 1)),
        tuple(dots),
        lower=params["lower"],
        upper=params["upper"],
        axis=story.axis,
    )


def _process(params: schema.Params) -> model.Parameters:
    return model.Parameters(
        mean=params["mean"],
        sd=params["sd"],
        shape=params["shape"],
        lower=params["lower"],
        upper=params["upper"],
        aim=params["aim"] / 100,
    )


def _judge(study: Study, aim: float) -> spc.Capability:
    numbered = study.labels == tuple(str(place) for place in range(1, len(study.values) + 1))
    return spc.capability(
        study.values,
        lower=study.lower,
        upper=study.upper,
        aim=aim / 100,
        kind=study.kind,
        denominators=study.denominators,
        labels=None if numbered else study.labels,
        dot=study.dot,
    )


def _headline(study: Study, result: spc.Capability) -> str:
    if result.observed is None:
        present = [value for value in study.values if value is not None]
        return f"{len(present)} dots, from {_show(min(present))} to {_show(max(present))}. No need is set."
    low, high = (percent(end) for end in result.observed_interval)
    if study.kind == "proportion":
        met = f"{result.meeting:,} of {result.n:,} patients met the need"
    else:
        met = f"{result.meeting} of {_count(result.n, study.dot)} met the need ({_need(study)})"
    if result.predictable is False:
        return (
            f"{met}: {percent(result.observed)} (95% interval {low} to {high}). That is history. A rule fired, so it is no guide "
            "to what comes next."
        )
    return f"{met}: {percent(result.observed)}. The true share could be anything from {low} to {high} (95% interval)."


def _codes(result: spc.Capability) -> set[str]:
    return {refusal.code for refusal in result.refusals}


def _unpromising(result: spc.Capability) -> bool:
    """Whether the data support no promise of any kind about what comes next."""
    return not result.predictable or bool(_codes(result) & {"too_few_points", "no_spread"})


def _verdicts(study: Study, result: spc.Capability) -> list[dict[str, Any]]:
    said = [("Is it predictable?", *_predictable(study, result))]
    if study.has_need and study.kind != "proportion":
        said.insert(0, ("The icon on a dashboard", *_icon(study, result)))
    if study.has_need:
        said.append(("Does it reliably meet the need?", *_reliable(study, result)))
        said.append(("Does it meet the agreed aim?", *_aim(study, result)))
    return [schema.verdict(*parts, reveal=True) for parts in said]


def _words(study: Study, result: spc.Capability) -> str:
    return " ".join(f"{panel['heading']} {panel['words']}." for panel in _verdicts(study, result))


def _predictable(study: Study, result: spc.Capability) -> tuple[str, str, str]:
    if result.predictable is False:
        others = len(result.signals) - 1
        more = f" {_count(others, 'more signal')} besides." if others else ""
        longest = max(result.signals, key=lambda signal: len(signal.points))
        code = "neutral_high" if longest.direction == "high" else "neutral_low"
        return code, "Not predictable", f"{longest.why}{more}"
    if "no_spread" in _codes(result):
        return "none", "Cannot say", "The dots hardly differ. Check how they were rounded or recorded."
    if "too_few_points" in _codes(result):
        few = f"No rule fires in {_count(_drawn(study), 'dot')}, but below {FEWEST_POINTS} that means little."
        return "none", "Too soon to say", few
    steady = f"No rule fires in {_drawn(study)} dots. If nothing changes, expect more of the same."
    return "common_cause", "Predictable", steady


def _reliable(study: Study, result: spc.Capability) -> tuple[str, str, str]:
    if study.kind == "proportion":
        return (
            "none",
            "Does not apply",
            "A yes or no has no natural limits for one person. Judge the share, against the aim.",
        )
    if _unpromising(result) or result.natural_limits is None:
        return (
            "none",
            "Cannot say",
            "Natural limits are a promise about what comes next. These dots support none.",
        )
    low, high = (_show(limit) for limit in result.natural_limits)
    if study.kind == "average":
        answer = "yes" if result.reliably_meets else "no"
        inside = "inside" if result.reliably_meets else "not inside"
        return (
            "none",
            f"{study.dot.capitalize()} by {study.dot}, {answer}; for people, cannot say",
            f"The dots' natural limits, {low} to {high}, are {inside} the need. People vary far more than their means.",
        )
    if result.reliably_meets:
        return (
            "reliably_meets",
            "Reliably meets",
            f"Natural limits {low} to {high} lie inside the need ({_need(study)}).",
        )
    wholly = _assurance(study, result) == "reliably_misses"
    where = "lie wholly outside" if wholly else "reach outside"
    return (
        "reliably_misses" if wholly else "hit_and_miss",
        "Does not reliably meet",
        f"Natural limits {low} to {high} {where} the need ({_need(study)}). Left alone, this goes on.",
    )


def _aim(study: Study, result: spc.Capability) -> tuple[str, str, str]:
    aim, low = percent(result.aim), percent(result.observed_interval.low)
    if _unpromising(result):
        return (
            "none",
            "Cannot say",
            f"The aim of {aim} is about what comes next. These dots support no promise.",
        )
    counted = f", {study.dot} by {study.dot}" if study.kind == "average" else ""
    hidden = " How many people met it, means cannot tell." if study.kind == "average" else ""
    if result.observed_interval.low >= result.aim:
        return (
            "reliably_meets",
            f"Meets the agreed aim{counted}",
            f"Even the low end of the interval, {low}, reaches {aim}.{hidden}",
        )
    return (
        "reliably_misses",
        f"Short of the agreed aim{counted}",
        f"The low end of the interval is {low}, below {aim}.{hidden}",
    )


def _assurance(study: Study, result: spc.Capability) -> str:
    phase = result.chart.phases[-1]
    if phase.upper_limit <= phase.lower_limit:
        return "none"
    sd = (phase.upper_limit - phase.lower_limit) / 6
    return spc.normal_capability(phase.mean, sd, study.lower, study.upper).assurance


ICONS = {
    "reliably_meets": "Reliably meets the target",
    "hit_and_miss": "Sometimes meets, sometimes misses",
    "reliably_misses": "Reliably misses the target",
    "none": "No icon",
}


def _icon(study: Study, result: spc.Capability) -> tuple[str, str, str]:
    code = _assurance(study, result)
    return (
        code,
        ICONS[code],
        "It compares limits with a line. It does not say how often the need is met, nor whether the dots are predictable.",
    )


CELLS = {
    (1, 1): ("Change the", "work itself"),
    (2, 1): ("Hold it.", "Keep watching"),
    (1, 2): ("Find out", "what changed"),
    (2, 2): ("Good so far.", "Find out why"),
}
WAYS = {
    (
        1,
        1,
    ): "Predictable and short of the aim: change the work itself, and look after those it fails meanwhile.",
    (2, 1): "Predictable and reaching the aim: hold it, and keep watching.",
    (
        1,
        2,
    ): "Not predictable, and short of the aim: find out what changed, and look after those it fails meanwhile.",
    (2, 2): "Not predictable, and reaching the aim so far: find out why before you count on it.",
}


def _grid(study: Study, result: spc.Capability) -> dict[str, Any]:
    here = (
        2 if result.observed_interval.low >= result.aim else 1,
        1 if result.predictable else 2,
    )
    placed = result.predictable is False or not _unpromising(result)
    marks = [
        schema.mark("rule_x", "comparison", x=[1.5]),
        schema.mark("rule_y", "comparison", y=[1.5]),
    ]
    if placed:
        column, row = here
        marks += [
            schema.mark(
                "band", "centre", x1=[column - 0.5], x2=[column + 0.5], y1=[row - 0.5], y2=[row + 0.5]
            ),
            schema.mark("dot", "signal_neutral", label="These dots", x=[column], y=[row - 0.32]),
        ]
    for cell, words in CELLS.items():
        role = "annotation" if placed and cell == here else "quiet"
        x, y = cell
        marks.append(schema.mark("text", role, x=[x, x], y=[y - 0.02, y + 0.24], text=words))
    return schema.figure(
        "What it asks of you",
        marks,
        description=WAYS[here] if placed else "Not placed yet: there is too little to go on.",
        x_label="",
        y_label="",
        x_ticks=["Falls short", "Enough"],
        y_ticks=["Predictable", "Unpredictable"],
        height=200,
        reveal=True,
    )


def _reasons(study: Study, result: spc.Capability, params: schema.Params) -> list[dict[str, Any]]:
    panels = []
    if "attribute_data" in _codes(result) and study.kind == "individual":
        panels.append(
            schema.sentence(
                "Every dot is 0 or 1: a yes or no, not a measurement. Chart the share of each week or month instead, and "
                "call it a summary.",
                heading="Counts, not measurements",
                reveal=True,
            )
        )
    if result.predictable is False:
        panels.append(
            schema.listing("A rule fired. What now?", list(_after_a_signal(params)), empty="", reveal=True)
        )
    care = list(_cautions(study, result))
    if care:
        panels.append(schema.listing("Handle with care", care, empty="", reveal=True))
    return panels


def _after_a_signal(params: schema.Params) -> Iterator[str]:
    if params["source"] == "set" and not params["changed"]:
        if params["shape"] == "normal":
            yield (
                "Here you know what no service knows: nothing changed. It is a false alarm. About a third of steady series "
                "of 36 to 60 dots raise one."
            )
        else:
            yield "Here you know what no service knows: nothing changed. The rules were made for a bell, and this is not one."
    yield "Go to that time and place and ask what was different. Ask the people first, the chart second."
    yield "You found something: mend it or keep it. Then judge only the dots that come after."
    yield (
        "You looked and found nothing: write that down, keep the dot, and settle now which next 20 dots or more you will judge. "
        "Do not hunt for a stretch that passes."
    )
    yield "Either way, the share met so far stands as history, and whoever was missed still needs care."


def _cautions(study: Study, result: spc.Capability) -> Iterator[str]:
    present = [value for value in study.values if value is not None]
    firm = not _unpromising(result)
    if firm and study.kind == "individual" and len(present) < FIRM_POINTS:
        yield f"{len(present)} dots: the natural limits are themselves uncertain. {FIRM_POINTS} or more are better."
    if study.kind == "individual" and _oddly_shaped(present):
        yield (
            "The stack is not shaped like a bell, and natural limits lean on that shape. A long tail puts more people beyond "
            "them, and can set off a rule with nothing wrong. Two humps are often two kinds of case on one chart."
        )
        if firm and study.has_need and min(present) > 0 and not _oddly_shaped([math.log(v) for v in present]):
            fitted = spc.capability(present, lower=study.lower, upper=study.upper, distribution="lognormal")
            low, _, high = (_show(end) for end in fitted.percentiles)
            yield f"A long-tailed curve (lognormal) fitted to the same dots holds nearly all of them from {low} to {high}."
    yield from (text for text in result.cautions if text.startswith("Neighbouring"))
    if study.kind == "proportion":
        return
    low = result.chart.phases[-1].lower_limit
    if study.unit in {"minutes", "days"} and min(present) < 0:
        yield "Some dots lie below zero, where no wait can be. A bell with this mean and spread is not a picture of waits."
    elif low < 0 <= min(present):
        yield "The lower limit is below zero. If your values cannot go there, suspect a long tail."


def _oddly_shaped(values: Sequence[float]) -> bool:
    if len(values) < SHAPE_POINTS or min(values) == max(values) or set(values) <= {0, 1}:
        return False
    return shapes.anderson_darling(values) > shapes.NORMALITY_LIMIT


def _shares(params: schema.Params) -> tuple[float, float]:
    """Return the long-run share of patients meeting the need, before a change and after it."""
    process = _process(params)
    moved = SHIFT * params["sd"]
    after = replace(
        process,
        upper=process.upper - moved,
        lower=None if process.lower is None else process.lower - moved,
    )
    return model.exact(process).share, model.exact(after).share


def _long_run(params: schema.Params) -> str:
    before, after = _shares(params)
    if params["changed"]:
        return f"In the long run {percent(before)} of patients meet the need before the change, {percent(after)} after it."
    return f"In the long run {percent(before)} of patients meet the need."


def _curtain(params: schema.Params) -> str:
    parts = []
    truth = model.exact(_process(params))
    if params["shape"] != "normal" and not params["changed"]:
        low, high = truth.central
        parts.append(
            f"Taken for a bell it would be {percent(truth.normal_share)}. All but 27 in 10,000 patients lie between "
            f"{_show(low)} and {_show(high)}."
        )
    size = DOTS[params["dot"]]
    if size > 1:
        parts.append(
            f"A mean of {size} patients has a spread of {_show(params['sd'] / math.sqrt(size))} where patients have "
            f"{_show(params['sd'])}. No patient has been served any differently."
        )
    return " ".join(parts)


def _weigh(params: schema.Params) -> str:
    story, guess = STORIES[params["story"]], params["prediction"]
    start = model.Parameters(mean=story.mean, sd=story.sd, lower=story.lower, upper=story.upper)
    now = 100 * model.exact(start).share
    share = model.exact(replace(start, sd=story.sd / NARROWER)).share
    rarity = round(1 / share, -3)
    if guess > now + 3:
        why = "Less spread sounds like better care, and often is. But this mean is beyond the need: the dots gather where patients are missed."
    elif guess >= now - 3:
        why = "The mean stays, and yet the share does not: those who met the need owed it to the spread."
    elif guess >= 3:
        why = "You saw it fall. It falls almost to nothing, because the dots gather round a mean beyond the need."
    else:
        why = "You saw it: the dots gather round a mean beyond the need."
    return (
        f"You said {guess:g} in 100. With the mean at {story.mean:g} and the spread cut from {story.sd:g} to "
        f"{story.sd / NARROWER:g}, it is about 1 patient in {rarity:,.0f}. {why} Bring the spread down and watch."
    )


def _challenge(result: spc.Capability, params: schema.Params) -> dict[str, Any]:
    ask = "Make the lens say that a process reliably meets the need, while more than 1 patient in 100 is missed in the long run."
    share = min(_shares(params)) if params["changed"] else _shares(params)[0]
    promised = result.kind == "individual" and result.reliably_meets is True
    if promised and share < 0.99:
        return schema.challenge(
            ask,
            True,
            f"It says “reliably meets”, and {percent(1 - share)} are missed. {params['points']} dots seldom reach far into the part "
            "of the shape that does the harm. More dots, and a look at the stack, are the only cure.",
        )
    if promised:
        hint = f"It says so, and it is nearly right: {percent(1 - share)} are missed. Which shape keeps people where few dots reach?"
    elif result.kind == "average":
        hint = "With means for dots the lens will not speak for patients. Go back to one patient a dot."
    elif result.predictable is False:
        hint = "A rule fired, so it promises nothing. Draw again, or use fewer dots."
    elif params["points"] < FEWEST_POINTS:
        hint = f"It promises nothing below {FEWEST_POINTS} dots."
    else:
        hint = "A natural limit is outside the need. Move the mean or the need until the limits are only just inside."
    return schema.challenge(ask, False, hint)


def _icon_table(params: schema.Params) -> dict[str, Any]:
    story = STORIES[params["story"]]
    rows = []
    for name, mean, sd in (
        ("As it started", story.mean, story.sd),
        ("Mean on the need", story.upper, 0.75 * story.sd),
        ("Well inside", story.upper - story.sd, 0.4 * story.sd),
        ("Narrow, off centre", story.mean, story.sd / NARROWER),
    ):
        truth = model.exact(model.Parameters(mean=mean, sd=sd, lower=story.lower, upper=story.upper))
        low, high = (_show(limit) for limit in truth.natural_limits)
        met = f"1 in {round(1 / truth.share, -3):,.0f}" if truth.share < 0.0005 else percent(truth.share)
        rows.append([name, mean, sd, f"{low} to {high}", ICONS[truth.assurance], met])
    return schema.table(
        f"Three share an icon: four processes, need {need_words(story.lower, story.upper)} {story.unit}",
        ["Process", "Mean", "Spread", "Natural limits", "Icon on a dashboard", "Patients who meet the need"],
        rows,
        reveal=True,
    )


def _figure(study: Study, result: spc.Capability, params: schema.Params, headline: str) -> dict[str, Any]:
    values = _plotted(study)
    present = [value for value in values if value is not None]
    lower, upper = _chart_limits(study, result)
    low, high = _axis(study, present, (*upper, *(limit for limit in lower if limit >= 0 or min(present) < 0)))
    level = ((study.axis[1] - study.axis[0]) if study.axis else (high - low)) / STACK_LEVELS
    count = len(values)
    counts, places = _stack(values, study, low, level)
    curve = []
    if params["source"] == "set":
        curve = [(width, value) for width, value in _curve(params, count, level) if low <= value <= high]
    room = 0.45 * count
    unit = min(WIDEST_STACKING, room / max([*counts.values(), *(width for width, _ in curve)]))
    start, end = count + 1.5, count + 1.5 + math.ceil(room)
    ends = {"x1": [0.5], "x2": [end]}
    order = list(range(1, count + 1))
    marks = _need_marks(study, result, (low, high), ends)
    if result.natural_limits is not None and study.kind != "proportion":
        floor = max(lower[0], low)
        marks.append(schema.mark("band", "limit", reveal=True, y1=[floor], y2=[upper[0]], **ends))
    if study.kind == "proportion":
        for limits, label in ((upper, "Upper limit"), (lower, "Lower limit")):
            marks.append(schema.mark("line", "limit", reveal=True, label=label, x=order, y=limits))
    else:
        for limit, label in ((upper[0], "Upper limit"), (lower[0], "Lower limit")):
            if limit < low:
                continue
            marks.append(schema.mark("rule_y", "limit", reveal=True, label=label, y=[limit], **ends))
    marks += [
        schema.mark("rule_x", "comparison", x=[count + 1], label="← in order | stacked →", reveal=True),
        schema.mark("line", "quiet", x=order, y=values),
    ]
    fired = sorted({point for signal in result.signals for point in signal.points})
    if fired:
        marks.append(
            schema.mark(
                "dot", "signal_neutral", reveal=True, label="A rule fired here",
                x=[point + 1 for point in fired], y=[values[point] for point in fired],
            )
        )  # fmt: skip
    marks += _dots(study, values, places, start, unit)
    if curve:
        marks.append(
            schema.mark(
                "line", "centre", reveal=True, label="Long-run shape",
                x=[start + unit * width for width, _ in curve], y=[value for _, value in curve],
            )
        )  # fmt: skip
    return schema.figure(
        f"{study.what}. {study.dot_is}",
        marks,
        description=_description(study, result, present, headline),
        x_label="",
        y_label=(study.unit.capitalize() if study.unit.islower() else study.unit) or "Value",
        x_ticks=[*study.labels, *[""] * (math.ceil(room) + 1)],
        y_range=(low, high),
        height=380,
    )


def _plotted(study: Study) -> list[float | None]:
    if study.denominators is None:
        return list(study.values)
    return [100 * met / of for met, of in zip(study.values, study.denominators, strict=True)]


def _chart_limits(study: Study, result: spc.Capability) -> tuple[list[float], list[float]]:
    """Return the lower and the upper limits in plotted units: one each, or one a point for shares."""
    if study.kind == "proportion":
        chart = result.chart
        return [100 * limit for limit in chart.lower_limits], [100 * limit for limit in chart.upper_limits]
    phase = result.chart.phases[-1]
    return [phase.lower_limit], [phase.upper_limit]


def _axis(study: Study, present: Sequence[float], limits: Sequence[float]) -> tuple[float, float]:
    """Return the ends of the axis: still while all fits the story's own range, then longer by whole steps."""
    need = [limit for limit in (study.lower, study.upper) if limit is not None]
    low, high = min(*present, *limits, *need), max(*present, *limits, *need)
    if study.axis is None:
        pad = (high - low or abs(high) or 1) * 0.06
        return low - pad, high + pad
    first, last = study.axis
    step = (last - first) / 5
    below, above = math.ceil(max(0, first - low) / step), math.ceil(max(0, high - last) / step)
    return first - below * step, last + above * step


def _stack(
    values: Sequence[float | None], study: Study, low: float, level: float
) -> tuple[dict[int, int], list[tuple[int, float] | None]]:
    """Return how many dots lie on each level, and each dot's place on its level with the level's height.

    Levels begin at the need, so that none mixes dots that meet it with dots that miss it.
    """
    counts: dict[int, int] = {}
    places: list[tuple[int, float] | None] = []
    for value in values:
        if value is None:
            places.append(None)
            continue
        if study.upper is not None:
            on = math.ceil((value - study.upper) / level) - 1
            height = study.upper + (on + 0.5) * level
        else:
            base = low if study.lower is None else study.lower
            on = math.floor((value - base) / level)
            height = base + (on + 0.5) * level
        places.append((counts.get(on, 0), height))
        counts[on] = counts.get(on, 0) + 1
    return counts, places


def _curve(params: schema.Params, count: int, level: float) -> list[tuple[float, float]]:
    """Return the expected number of dots on a level, and its height, for patients of an unchanging process."""
    if params["changed"] or DOTS[params["dot"]] > 1:
        return []
    bars = model.simulate(replace(_process(params), points=5, draws=1), seed=1).histogram
    return [
        (count * bar.exact * level / (bar.high - bar.low), (bar.low + bar.high) / 2)
        for bar in bars[1:-1]
        if bar.exact > 1e-4
    ]


def _need_marks(
    study: Study, result: spc.Capability, span: tuple[float, float], ends: dict[str, list[float]]
) -> list[dict[str, Any]]:
    if study.kind == "proportion":
        return (
            [schema.mark("rule_y", "centre", reveal=True, label="Mean", y=[100 * result.mean], **ends)]
            if result.mean is not None
            else []
        )
    marks = []
    for limit, y1, y2 in ((study.upper, study.upper, span[1]), (study.lower, span[0], study.lower)):
        if limit is not None:
            marks += [
                schema.mark("band", "signal_concern", y1=[y1], y2=[y2], **ends),
                schema.mark("rule_y", "target", label="Need", y=[limit], **ends),
            ]
    return marks


def _dots(
    study: Study,
    values: Sequence[float | None],
    places: Sequence[tuple[int, float] | None],
    start: float,
    unit: float,
) -> list[dict[str, Any]]:
    marks = []
    piles = [("group_a", "Meets the need", True), ("group_b", "Misses the need", False)]
    if study.kind == "proportion" or not study.has_need:
        piles = [("data", "", None)]
    for role, label, wanted in piles:
        here = [
            point
            for point, value in enumerate(values)
            if value is not None and (wanted is None or study.meets(value) is wanted)
        ]
        if not here:
            continue
        titles = [f"{study.labels[point]}: {_show(values[point])} {study.unit}".rstrip() for point in here]
        marks += [
            schema.mark(
                "dot", role, label=label, x=[point + 1 for point in here], y=[values[point] for point in here], title=titles
            ),
            schema.mark(
                "dot", role, reveal=True, title=titles,
                x=[start + unit * (places[point][0] + 0.5) for point in here], y=[places[point][1] for point in here],
            ),
        ]  # fmt: skip
    return marks


def _description(study: Study, result: spc.Capability, present: Sequence[float], headline: str) -> str:
    first, middle, third = quantiles(present, n=4, method="inclusive")
    lower, upper = _chart_limits(study, result)
    limits = f"{_show(lower[-1])} to {_show(upper[-1])}"
    name = "Natural limits" if result.natural_limits else "Chart limits, which promise nothing here,"
    return (
        f"{study.dot_is} {_count(len(present), 'dot')} in time order, and the same dots stacked by value. Half lie between "
        f"{_show(first)} and {_show(third)}, around a median of {_show(middle)}; the lowest is {_show(min(present))} and the "
        f"highest {_show(max(present))}. {name} run from {limits}. {headline} {_words(study, result)}"
    )


def _download(study: Study, result: spc.Capability) -> dict[str, Any]:
    columns = ["Dot", "Label", "Value", "Meets the need", "Rules that fired"]
    rows = []
    for point, value in enumerate(_plotted(study)):
        met = None
        if value is not None and study.kind != "proportion" and study.has_need:
            met = "yes" if study.meets(value) else "no"
        rules = {signal.rule.replace("_", " ") for signal in result.chart.signals_at(point)}
        rows.append([point + 1, study.labels[point], value, met, ", ".join(sorted(rules))])
    return {"columns": columns, "rows": rows}


def _drawn(study: Study) -> int:
    return sum(value is not None for value in study.values)


def _need(study: Study) -> str:
    return f"{need_words(study.lower, study.upper)} {study.unit}".rstrip()


def _show(value: float) -> str:
    return schema.shown(value, 1 if abs(value) >= 1 else 3)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
