"""W09 rule bench: what each chart rule costs in false alarms, and which changes it finds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from improvement import spc
from improvement.simulate import rule_bench
from improvement.simulate.rule_bench import Parameters, Rate, Result
from improvement.spc import wording
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Seed, Toggle

POINTS = 24
REPLICATES = 2000
SEED = 13  # its first chart is calm, and a drift in it is a shift that no trend rule sees
TRIAL = 13  # fewer points give trial limits
LABEL_GAP = 12  # per cent: room for the middle of a label beside its dot on a phone
RULE_NAMES = {
    "outside_limits": "Outside limits",
    "shift": "Shift",
    "trend": "Trend",
    "two_in_three": "Two in three",
}


@dataclass(frozen=True)
class _Service:
    """An example to draw: what is counted in which unit, how often, and its true mean and standard deviation."""

    measure: str
    unit: str
    every: str
    mean: float
    sd: float
    decimals: int = 0

    def show(self, value: float) -> str:
        return wording.number(value, self.decimals)


_SERVICES = {
    "restraints": _Service("Restraints on four wards", "restraints", "Month", 44, 6.6),
    "response": _Service("Mean ambulance response, minutes", "minutes", "Week", 39, 3, 1),
    "appointments": _Service("Appointments given by a practice", "appointments", "Day", 120, 9),
    "sickness": _Service("Staff sickness, per cent", "per cent", "Month", 5.4, 0.3, 1),
}

DECLARATION = schema.Declaration(
    title="Rule bench",
    intro="Charts by the thousand, made up, so that the truth is known. Put the rules on trial.",
    controls=(
        Choice(
            name="service",
            label="Whose chart?",
            default="restraints",
            options=(
                Option(
                    value="restraints",
                    sector="mental health",
                    label="Mental health: restraints, 24 months",
                    sets={"n": POINTS},
                ),
                Option(
                    value="response",
                    sector="ambulance",
                    label="Ambulance: mean response, 52 weeks",
                    sets={"n": 52},
                ),
                Option(
                    value="appointments",
                    sector="primary care",
                    label="General practice: appointments, 20 working days",
                    sets={"n": 20},
                ),
                Option(
                    value="sickness",
                    sector="system",
                    label="Board report: staff sickness, 24 months",
                    sets={"n": POINTS},
                ),
            ),
        ),
        Choice(
            name="change",
            label="What really happens",
            default="none",
            options=(
                Option(value="none", label="Nothing"),
                Option(value="drift", label="A steady drift from first point to last"),
                Option(value="step", label="A step up, halfway, that lasts"),
                Option(value="spike", label="One freak point, halfway"),
                Option(value="cycle", label="A season: up and down every 12 points"),
            ),
        ),
        Number(
            name="size",
            label="Size of the change",
            help="In standard deviations of the ordinary variation. It counts only when something happens.",
            default=2,
            minimum=0.5,
            maximum=3,
            step=0.5,
        ),
        Number(name="n", label="Points on the chart", default=POINTS, minimum=8, maximum=60),
        Toggle(name="outside_limits", label="Outside limits: a point beyond a process limit", default=True),
        Toggle(name="shift", label="Shift: 7 in a row on one side of the mean", default=True),
        Toggle(name="trend", label="Trend: points in a row that all rise or all fall", default=True),
        Choice(
            name="trend_n",
            label="How many make a trend?",
            default="7",
            options=(
                Option(value="7", label="7 (Making Data Count)"),
                Option(value="6", label="6 (sometimes used)"),
                Option(value="5", label="5 (some run-chart guides)"),
            ),
            show_when={"trend": True},
        ),
        Toggle(
            name="two_in_three",
            label="Two in three: two of three in a row near the same limit",
            default=True,
        ),
        Toggle(
            name="screen",
            label="Leave out freak moving ranges (screening)",
            help="One pass, as some software does. It narrows the limits.",
        ),
        Number(
            name="charts",
            label="Charts in your report",
            default=40,
            minimum=1,
            maximum=100,
        ),
        Number(
            name="reps",
            label="Charts to make up",
            help="More charts, narrower intervals, a longer wait.",
            default=REPLICATES,
            minimum=100,
            maximum=4000,
            step=100,
        ),
        Seed(default=SEED, label="Luck"),
    ),
    prediction=schema.Prediction(
        question=(
            "Four mental health wards. For 24 months nothing changes. The chart carries process limits, so wide that luck "
            "puts about 3 points in 1,000 outside, and four well-tried rules. Of 100 such charts, how many will "
            "signal something at least once?"
        ),
        control=Number(
            name="prediction",
            label="Charts with a signal",
            default=None,
            minimum=0,
            maximum=100,
            unit="of 100",
        ),
    ),
    assumptions=(
        *rule_bench.ASSUMPTIONS,
        "Two in three counts points between the near limit, two thirds of the way out, and the outer limit; all three "
        "must lie on one side of the mean.",
        "Charts in a report are taken as independent. Real ones often move together.",
    ),
    cannot_tell=rule_bench.CANNOT_TELL,
    honesty="Illustrative: every series is made up by a seeded draw, and so are the averages it is drawn around.",
)

_SHAPES = {
    "drift": "a drift of {} over the chart",
    "step": "a step of {}",
    "spike": "one freak point of {}",
    "cycle": "a season of {} either way",
}


@dataclass(frozen=True)
class _Bench:
    """What the reader set, and what came of it."""

    service: _Service
    result: Result
    guess: float | None
    charts: int

    @property
    def p(self) -> Parameters:
        return self.result.parameters

    @property
    def quiet(self) -> dict[str, Rate]:
        return self.result.false_alarms

    @property
    def found(self) -> dict[str, Rate] | None:
        return self.result.detections

    @property
    def what(self) -> str:
        """The change in words, such as "a step of 1.5 standard deviations (9.9 restraints)"."""
        size = wording.number(self.p.size, 1)
        sized = f"{size} standard deviation{'' if self.p.size == 1 else 's'}"
        local = f"{schema.shown(self.p.size * self.service.sd, 1)} {self.service.unit}"
        return _SHAPES[self.p.change].format(f"{sized} ({local})") if self.found else "no change"


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: one chart, the rates of each rule and of all, and what they mean for a report."""
    parameters = Parameters(
        n=params["n"],
        rules=tuple(rule for rule in rule_bench.RULES if params[rule]),
        trend_n=int(params["trend_n"]),
        screen=params["screen"],
        change=params["change"],
        size=params["size"],
        reps=params["reps"],
    )
    bench = _Bench(
        _SERVICES[params["service"]],
        _simulate(parameters, params["seed"]),
        params["prediction"],
        params["charts"],
    )
    headline = _headline(bench)
    panels = [_example(bench)]
    if bench.guess is not None:
        panels.append(schema.sentence(_judge(bench.guess), heading="Your guess", reveal=True))
    panels += [
        _rates_figure(bench, headline),
        schema.sentence(headline, heading="All rules together", reveal=True),
    ]
    if bench.found and bench.p.rules:
        panels.append(schema.sentence(_each(bench), heading="Rule by rule", reveal=True))
    panels += [
        schema.sentence(_report(bench), heading="In your report", reveal=True),
        _table(bench),
        _challenge(bench),
    ]
    return schema.view(panels, summary=headline, notices=_notices(bench), data=_download(bench))


@lru_cache(maxsize=64)
def _simulate(parameters: Parameters, seed: int) -> Result:
    return rule_bench.simulate(parameters, seed=seed)


def _notices(bench: _Bench) -> list[dict[str, Any]]:
    notices = []
    if bench.p.n < TRIAL:
        notices.append(
            schema.notice(
                "info",
                f"Limits from fewer than {TRIAL} points are trial limits: expect them to move.",
                control="n",
            )
        )
    if not bench.p.rules:
        notices.append(schema.notice("info", "Every rule is off. Switch one on to put it on trial."))
    return notices


def _headline(bench: _Bench) -> str:
    if not bench.p.rules:
        return "No rule is on. Such a chart never cries wolf and never finds anything."
    rules = (
        "the one rule that is on"
        if len(bench.p.rules) == 1
        else f"the {wording.count(len(bench.p.rules))} rules that are on"
    )
    quiet = bench.quiet["any"]
    said = f"With no change at all, {_rate(quiet)} of charts of {bench.p.n} points signal by {rules} ({_between(quiet)})."
    if bench.found is None:
        return said
    found = bench.found["any"]
    return f"{said} With {bench.what}, {_rate(found)} do ({_between(found)})."


def _judge(guess: float) -> str:
    asked = _simulate(Parameters(reps=REPLICATES), SEED).false_alarms
    any_rule, shift = asked["any"], asked["shift"]
    said = f"You said {schema.shown(guess, 1)} of 100. Of {REPLICATES:,} charts without change, {_rate(any_rule)} signalled."
    if guess < 100 * any_rule.low:
        return (
            f"{said} Each point is a fresh chance for luck, and each rule another way to be caught. The limits are only one "
            f"of them: the shift rule alone fires on {_rate(shift)}."
        )
    if guess > 100 * any_rule.high:
        return f"{said} You trusted the rules less than they deserve. Most quiet charts do stay quiet."
    return f"{said} You have met these rules before. Would you have bet on the drift next?"


def _each(bench: _Bench) -> str:
    found = {rule: bench.found[rule] for rule in bench.p.rules}
    best = max(rate.rate for rate in found.values())
    winners = [RULE_NAMES[rule] for rule, rate in found.items() if rate.rate == best]
    said = []
    if len(found) > 1:
        said.append(f"{_and(winners)} {'finds' if len(winners) == 1 else 'find'} most: {_percent(best)}.")
    for rule in ("trend",) if "trend" in found else bench.p.rules[:1]:
        quiet, seen = bench.quiet[rule], found[rule]
        overlap = quiet.low <= seen.high and seen.low <= quiet.high
        said.append(
            f"{RULE_NAMES[rule]} finds {_rate(seen)}, and fires on {_rate(quiet)} of charts without any change."
            + (
                " The intervals overlap: going by them, it may not notice this change at all."
                if overlap
                else ""
            )
        )
    return " ".join(said)


def _report(bench: _Bench) -> str:
    chance, charts = bench.quiet["any"].rate, bench.charts
    such = f"{charts} such {'chart' if charts == 1 else 'charts'}"
    if not chance:
        return f"A report of {such} would hold no false signal, going by these {bench.p.reps:,}."
    low, high = _usual(charts, chance)
    usual = f"{low}" if low == high else f"{low} to {high}"
    return (
        f"A report of {such}, nothing changed in any: expect about {schema.shown(chance * charts, 1)} with a false "
        f"signal, most often {usual}. The chance of a report with none is {_percent((1 - chance) ** charts)}."
    )


def _usual(charts: int, chance: float) -> tuple[int, int]:
    """Return the 2.5th and 97.5th percentiles of the binomial number of charts with a signal."""
    total, low = 0.0, None
    for count in range(charts + 1):
        total += math.comb(charts, count) * chance**count * (1 - chance) ** (charts - count)
        if low is None and total >= 0.025:
            low = count
        if total >= 0.975:
            return low, count
    return low or 0, charts


def _challenge(bench: _Bench) -> dict[str, Any]:
    ask = (
        "With all four rules on, find a change that the trend rule finds more often than any other rule does, and at "
        "least twice as often as it cries wolf."
    )
    if set(bench.p.rules) != set(rule_bench.RULES) or bench.found is None:
        missing = "Let something happen" if bench.found is None else "Switch all four rules on"
        return schema.challenge(ask, False, f"{missing} first.")
    trend, cost = bench.found["trend"].rate, bench.quiet["trend"].rate
    rest = {rule: bench.found[rule].rate for rule in bench.p.rules if rule != "trend"}
    rival = max(rest, key=rest.__getitem__)
    said = f"Trend finds {_percent(trend)}, {RULE_NAMES[rival].lower()} {_percent(rest[rival])}."
    if trend > rest[rival] and trend >= 2 * cost:
        return schema.challenge(
            ask,
            True,
            f"{said} Here several points do climb in a row. The price: the same rule fires on {_percent(cost)} of charts "
            "without any change.",
        )
    return schema.challenge(
        ask, False, f"{said} Which change climbs fast enough to beat luck? And how long must a trend be?"
    )


# The example


def _example(bench: _Bench) -> dict[str, Any]:
    service, p = bench.service, bench.p
    values = [service.mean + service.sd * z for z in bench.result.example]
    chart = spc.xmr(
        values,
        labels=[f"{service.every} {place}" for place in range(1, p.n + 1)],
        screen=p.screen,
        shift_n=p.shift_n,
        trend_n=p.trend_n,
        two_sigma=p.two_sigma,
    )
    signals = [signal for signal in chart.signals if signal.rule in p.rules]
    flagged = sorted({point for signal in signals for point in signal.points})
    phase = chart.phases[0]
    x = list(range(1, p.n + 1))
    titles = [f"{label}: {service.show(value)}" for label, value in zip(chart.labels, values, strict=True)]
    marks = [
        schema.mark(
            "band",
            "limit",
            reveal=True,
            x1=[0.5],
            x2=[p.n + 0.5],
            y1=[phase.lower_limit],
            y2=[phase.upper_limit],
        ),
        schema.mark("rule_y", "limit", reveal=True, y=[phase.upper_limit], label="Upper limit"),
        schema.mark("rule_y", "centre", reveal=True, y=[phase.mean], label="Mean"),
        schema.mark("rule_y", "limit", reveal=True, y=[phase.lower_limit], label="Lower limit"),
    ]
    if bench.found:
        levels = [service.mean + service.sd * level for level in rule_bench.levels(p)]
        marks.append(schema.mark("line", "target", reveal=True, label="What really happens", x=x, y=levels))
    marks += [
        schema.mark("line", "data", x=x, y=values),
        schema.mark("dot", "data", x=x, y=values, title=titles),
        schema.mark(
            "dot",
            "signal_neutral",
            reveal=True,
            label="Part of a signal" if flagged else "",
            x=[point + 1 for point in flagged],
            y=[values[point] for point in flagged],
            title=[titles[point] for point in flagged],
        ),
    ]
    said = " ".join(signal.why for signal in signals) if signals else "No rule that is on fires on it."
    low, high = service.mean - 4 * service.sd, service.mean + 5 * service.sd
    return schema.figure(
        f"{service.measure}: one chart of {p.reps:,}, with {bench.what}",
        marks,
        description=f"{p.n} points from {service.show(min(values))} to {service.show(max(values))}. Mean "
        f"{service.show(phase.mean)}, limits {service.show(phase.lower_limit)} to {service.show(phase.upper_limit)}. {said}",
        x_label="",
        y_label=service.unit.capitalize(),
        x_ticks=chart.labels,
        y_range=(
            min(low, min(values) - service.sd / 2, phase.lower_limit),
            max(high, max(values) + service.sd / 2, phase.upper_limit),
        ),
        height=270,
    )


# The rates


def _rows(bench: _Bench) -> list[tuple[str, str]]:
    constants = {"shift": f": {bench.p.shift_n} on one side", "trend": f": {bench.p.trend_n} in a row"}
    rules = [(rule, f"{RULE_NAMES[rule]}{constants.get(rule, '')}") for rule in rule_bench.RULES]
    return [("any", "Any rule that is on"), *rules]


def _rates_figure(bench: _Bench, headline: str) -> dict[str, Any]:
    rows = _rows(bench)
    marks = []
    if bench.guess is not None and _as_asked(bench):
        marks.append(schema.mark("rule_x", "prediction", x=[bench.guess], label="Your guess"))
    marks += _layer(
        rows, bench.quiet, "group_b", "False alarms: nothing changed", -0.17 if bench.found else 0.0
    )
    if bench.found:
        marks += _layer(rows, bench.found, "group_a", f"Signals with {bench.what}", 0.17)
    listed = "; ".join(
        f"{name.lower()} {_rate(bench.quiet[rule])}"
        + (f" against {_rate(bench.found[rule])}" if bench.found else "")
        for rule, name in rows
        if rule in bench.quiet
    )
    against = ", without the change against with it" if bench.found else ""
    return schema.figure(
        f"How often each rule signals: per cent of {bench.p.reps:,} charts of {bench.p.n} points",
        marks,
        description=f"{headline} Share of charts with a signal{against}: {listed}.",
        x_label="Per cent of charts with a signal",
        y_label="",
        y_ticks=[name if rule in bench.quiet else f"{name} (off)" for rule, name in rows],
        x_range=(0, 100),
        height=280,
        reveal=True,
    )


def _as_asked(bench: _Bench) -> bool:
    p = bench.p
    return (
        p.change == "none"
        and p.n == POINTS
        and p.rules == rule_bench.RULES
        and p.trend_n == 7
        and not p.screen
    )


def _layer(
    rows: Sequence[tuple[str, str]], rates: dict[str, Rate], role: str, label: str, offset: float
) -> list[dict[str, Any]]:
    """Dots with their 95% intervals as whiskers and their values in words, one row a rule."""
    shown = [
        (place + offset, rates[rule], name)
        for place, (rule, name) in enumerate(rows, start=1)
        if rule in rates
    ]
    gap: list[float | None] = [None]
    return [
        schema.mark(
            "line",
            role,
            x=[end for _, rate, _ in shown for end in (100 * rate.low, 100 * rate.high, 100 * rate.high)],
            y=[end for y, _, _ in shown for end in [y, y, *gap]],
        ),
        schema.mark(
            "dot",
            role,
            label=label,
            x=[100 * rate.rate for _, rate, _ in shown],
            y=[y for y, _, _ in shown],
            title=[f"{name}: {_rate(rate)} ({_between(rate)})" for _, rate, name in shown],
        ),
        schema.mark(
            "text",
            role,
            x=[
                100 * rate.high + LABEL_GAP if rate.rate < 0.85 else 100 * rate.low - LABEL_GAP
                for _, rate, _ in shown
            ],
            y=[y for y, _, _ in shown],
            text=[_rate(rate) for _, rate, _ in shown],
        ),
    ]


def _table(bench: _Bench) -> dict[str, Any]:
    columns = ["Rule", "False alarms", "95% interval"]
    if bench.found:
        columns += ["Signals with the change", "Its 95% interval"]
    rows = []
    for rule, name in _rows(bench):
        cells = [name]
        for rates in filter(None, (bench.quiet, bench.found)):
            cells += [_rate(rates[rule]), _interval(rates[rule])] if rule in rates else ["off", ""]
        rows.append(cells)
    return schema.table(
        f"Share of {bench.p.reps:,} charts in which a rule fires at least once", columns, rows, reveal=True
    )


def _download(bench: _Bench) -> dict[str, Any]:
    columns = ["Rule", "False alarms", "Low", "High"]
    if bench.found:
        columns += ["Signals with the change", "Low with it", "High with it"]
    rows = []
    for rule, name in _rows(bench):
        if rule in bench.quiet:
            pairs = [rates[rule] for rates in (bench.quiet, bench.found) if rates]
            rows.append([name, *(number for rate in pairs for number in (rate.rate, rate.low, rate.high))])
    return {"columns": columns, "rows": rows}


def _percent(share: float) -> str:
    if 0 < share < 0.0005:
        return "under 0.1%"
    if 0.9995 < share < 1:
        return "over 99.9%"
    return f"{100 * share:.0f}%" if share in (0, 1) or 0.0995 <= share < 0.995 else f"{100 * share:.1f}%"


def _rate(rate: Rate) -> str:
    return _percent(rate.rate)


def _interval(rate: Rate) -> str:
    return f"{_percent(rate.low)} to {_percent(rate.high)}"


def _between(rate: Rate) -> str:
    return f"95% interval {_interval(rate)}"


def _and(names: Sequence[str]) -> str:
    *most, last = [name if place == 0 else name.lower() for place, name in enumerate(names)]
    return f"{', '.join(most)} and {last}" if most else last
