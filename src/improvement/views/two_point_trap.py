"""W06 two-point trap: the same months read by arrows, by red, amber and green, and by a control chart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from improvement import datasets, spc
from improvement.simulate import two_point
from improvement.spc import wording
from improvement.views import schema, xmr_figure
from improvement.views.schema import Choice, Number, Option, Seed

SWING = 0.2
ON_SHOW = 13  # months on the dashboard: a year of arrows


@dataclass(frozen=True)
class _Service:
    """What is counted: `measure` as a dashboard names it, `each` as a sentence does, and which way is better."""

    measure: str
    each: str
    lower_is_better: bool = True


_SERVICES = {
    "restraints": _Service("Restraints", "restraints"),
    "visits": _Service("Visits made in time", "visits", lower_is_better=False),
    "missed": _Service("Missed appointments", "missed appointments"),
    "response": _Service("Mean ambulance response", "minutes"),
}

_GUESSES = {
    "none": "None, or one at most",
    "few": "Two or three",
    "some": "Four or five",
    "half": "About six",
    "most": "Eight or more",
}
_ARROW_ROLES = {"worse": "signal_concern", "better": "signal_improvement", "same": "quiet"}
_COLOUR_ROLES = {"green": "group_a", "amber": "prediction", "red": "group_b"}

DECLARATION = schema.Declaration(
    title="The two-point trap",
    intro="One service, one year of months, three ways to read them: an arrow, a colour and a chart.",
    controls=(
        Choice(
            name="data",
            label="Which months?",
            radio=True,
            default="model",
            options=(
                Option(value="model", label="A service in which nothing ever changes"),
                Option(
                    value="record",
                    label="The four wards' own record, in which something did",
                    sets={"target": 40},
                ),
            ),
        ),
        Choice(
            name="service",
            label="Which service?",
            default="restraints",
            show_when={"data": "model"},
            options=(
                Option(
                    value="restraints",
                    sector="mental health",
                    label="Mental health: restraints in a month",
                    sets={"mean": 44, "target": 40},
                ),
                Option(
                    value="visits",
                    sector="community",
                    label="Community: first visits made in time (more is better)",
                    sets={"mean": 80, "target": 85},
                ),
                Option(
                    value="missed",
                    sector="primary care",
                    label="General practice: missed appointments",
                    sets={"mean": 60, "target": 60},
                ),
                Option(
                    value="response",
                    sector="ambulance",
                    label="Ambulance: mean response in minutes",
                    sets={"mean": 34, "target": 30},
                ),
            ),
        ),
        Number(
            name="cv",
            label="How much months vary by themselves",
            help="The usual distance from the average, as a percentage of it.",
            default=15,
            minimum=2,
            maximum=25,
            unit="%",
            show_when={"data": "model"},
        ),
        Number(
            name="target",
            label="Target: where green ends",
            help="A miss of up to a tenth is amber. Anything further is red.",
            default=40,
            minimum=5,
            maximum=150,
        ),
        Number(
            name="mean",
            label="The true average",
            default=44,
            minimum=10,
            maximum=100,
            show_when={"data": "model"},
        ),
        Number(
            name="months",
            label="Months",
            default=ON_SHOW,
            minimum=ON_SHOW,
            maximum=60,
            show_when={"data": "model"},
        ),
        Seed(
            default=196,
            label="Luck",
            help="Draw another run of months from the same unchanging service.",
            show_when={"data": "model"},
        ),
    ),
    prediction=schema.Prediction(
        question=(
            "Four mental health wards. Suppose that for a whole year nothing changes there: same patients, same staff, "
            "same ways of working. Each month the dashboard compares the number of restraints with the month before. "
            "How many of the year's 12 arrows will say “worse”?"
        ),
        control=Choice(
            name="prediction",
            label="Arrows that say “worse”",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    assumptions=(
        *two_point.ASSUMPTIONS,
        "Numbers are drawn to many decimals and shown rounded, so two months may look alike and still carry an arrow.",
        "A swing is measured against the month before, as dashboards do it.",
    ),
    cannot_tell=two_point.CANNOT_TELL,
    honesty=(
        "An illustrative model with invented averages; the first draw was picked because its counts are typical. The "
        "wards' record is synthetic (dataset D02), with one real event planted in it."
    ),
)


@dataclass(frozen=True)
class _Months:
    """The months to read: what the three displays make of each, whichever place they came from."""

    service: _Service
    labels: tuple[str, ...]
    values: tuple[float, ...]
    arrows: tuple[str, ...]
    colours: tuple[str, ...]
    chart: spc.XmrChart
    long_run: two_point.Rates | None

    @property
    def changes(self) -> tuple[float, ...]:
        """Return each month's change on the month before, as a fraction of it."""
        return tuple((b - a) / a for a, b in pairwise(self.values))

    @property
    def worse(self) -> int:
        return self.arrows.count("worse")

    @property
    def swings(self) -> int:
        return sum(abs(change) >= SWING for change in self.changes)

    @property
    def flips(self) -> int:
        return sum(a != b for a, b in pairwise(self.colours))

    @property
    def decimals(self) -> int:
        spread = self.chart.phases[-1].mean_moving_range
        return 0 if spread >= 2 else 1 if spread >= 0.2 else 2

    def show(self, value: float) -> str:
        return wording.number(value, self.decimals)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: this month's dashboard, then a year of arrows and colours, the chart, and the counts."""
    months = _record(params["target"]) if params["data"] == "record" else _model(params)
    said = _stories(months)
    panels = [_dashboard(months)]
    if params["prediction"] is not None:
        panels.append(
            schema.sentence(_judge(params["prediction"], months), heading="Your guess", reveal=True)
        )
    panels += [
        _strip(months),
        _x_chart(months),
        schema.sentence(said, heading="Same months, three stories", reveal=True),
        _counts(months),
        _challenge(months),
    ]
    return schema.view(panels, summary=said, data=_download(months))


def _model(params: schema.Params) -> _Months:
    service = _SERVICES[params["service"]]
    parameters = two_point.Parameters(
        mean=params["mean"],
        cv=params["cv"] / 100,
        months=params["months"],
        target=params["target"],
        lower_is_better=service.lower_is_better,
        swing=SWING,
        pairs=1,
    )
    values = two_point.simulate(parameters, seed=params["seed"]).values
    labels = tuple(f"Month {number}" for number in range(1, len(values) + 1))
    return _read(service, parameters, labels, values, two_point.exact(parameters))


def _record(target: float) -> _Months:
    labels, values = _wards()
    return _read(_SERVICES["restraints"], two_point.Parameters(target=target), labels, values, None)


@cache
def _wards() -> tuple[tuple[str, ...], tuple[float, ...]]:
    rows = datasets.read("restrictive_interventions")
    totals = dict.fromkeys(sorted(rows["month"]), 0)
    for month, restraints in zip(rows["month"], rows["restraints"], strict=True):
        totals[month] += restraints
    return tuple(f"{month:%b %Y}" for month in totals), tuple(map(float, totals.values()))


def _read(
    service: _Service,
    parameters: two_point.Parameters,
    labels: tuple[str, ...],
    values: tuple[float, ...],
    long_run: two_point.Rates | None,
) -> _Months:
    return _Months(
        service,
        labels,
        values,
        tuple(two_point.arrow(parameters, a, b) for a, b in pairwise(values)),
        tuple(two_point.colour(parameters, value) for value in values),
        spc.xmr(
            values,
            labels=labels,
            improvement_direction="decrease" if service.lower_is_better else "increase",
            target=parameters.target,
        ),
        long_run,
    )


def _dashboard(months: _Months) -> dict[str, Any]:
    """The row a board sees: two numbers, an arrow and a colour."""
    before, after = months.values[-2:]
    decimals = wording.decimals_apart(before, after, months.decimals)
    arrow = months.arrows[-1]
    return schema.table(
        f"This month's dashboard: {months.service.measure.lower()}",
        ["Last month", "This month", "Arrow", "Colour"],
        [
            [
                wording.number(before, decimals),
                wording.number(after, decimals),
                f"{_glyph(before, after)} {abs(months.changes[-1]):.0%} {arrow}",
                months.colours[-1],
            ]
        ],
        open=True,
    )


def _glyph(before: float, after: float) -> str:
    return "▲" if after > before else "▼" if after < before else "="


def _judge(guess: str, months: _Months) -> str:
    said = f"You said {_GUESSES[guess].lower()}, of 12, for a year without change."
    counted = f"{months.worse} of {len(months.arrows)} say worse"
    if months.long_run is None:
        return (
            f"{said} In this record {counted}. One of them marks the month in which something did happen. "
            "Can you tell which?"
        )
    if guess == "half":
        return f"{said} Here {counted}. So which of them would you have asked someone to explain?"
    return (
        f"{said} Here {counted}, and nothing happened. An arrow has only two ways to point: in the long run, a "
        "service that never changes gets half of each."
    )


def _year(months: _Months) -> range:
    """Return the months on the dashboard: the last twelve, or in the wards' record the twelve around its event."""
    stop = len(months.values)
    if months.long_run is None:
        stop = months.chart.signals[0].points[0] + 6
    return range(stop - (ON_SHOW - 1), stop)


def _strip(months: _Months) -> dict[str, Any]:
    """A year of the dashboard: one column a month, one row for each way to read it."""
    year = _year(months)
    signalled = {point for signal in months.chart.signals for point in signal.points}
    rows: dict[str, list[tuple[str, str]]] = {"Arrow": [], "Colour": [], "Chart": []}
    for index in year:
        arrow, colour = months.arrows[index - 1], months.colours[index]
        rows["Arrow"].append((_ARROW_ROLES[arrow], _glyph(*months.values[index - 1 : index + 1])))
        rows["Colour"].append((_COLOUR_ROLES[colour], colour[0].upper()))
        rows["Chart"].append(("annotation", "!") if index in signalled else ("quiet", ""))
    # The first layer names every row, or the figure would have the first row alone.
    edge = [0.54] * len(rows)
    marks = [schema.mark("bar_x", "quiet", x1=edge, x2=edge, text=list(rows))]
    for name, cells in rows.items():
        for role in dict.fromkeys(role for role, _ in cells):
            places = [place for place, (own, _) in enumerate(cells, start=1) if own == role]
            marks.append(
                schema.mark(
                    "bar_x",
                    role,
                    x1=[place - 0.46 for place in places],
                    x2=[place + 0.46 for place in places],
                    text=[name] * len(places),
                )
            )
    for name, cells in rows.items():
        marks.append(
            schema.mark(
                "text",
                "annotation",
                x=list(range(1, len(cells) + 1)),
                y=[name] * len(cells),
                text=[shown for _, shown in cells],
            )
        )
    worse_way, better_way = "▲▼" if months.service.lower_is_better else "▼▲"
    said = "; ".join(
        f"{months.labels[index]} {months.arrows[index - 1]}, {months.colours[index]}"
        + (", signal" if index in signalled else "")
        for index in year
    )
    return schema.figure(
        f"A year of the dashboard, {months.labels[year[0]]} to {months.labels[year[-1]]} ({worse_way} worse, {better_way} better; G A R colours; ! a signal)",
        marks,
        description=f"For each of {len(year)} months, what the arrow, the colour and the control chart say. {said}.",
        x_label="",
        y_label="",
        x_ticks=[months.labels[index].removeprefix("Month ") for index in year],
        height=170,
        reveal=True,
    )


def _x_chart(months: _Months) -> dict[str, Any]:
    phase, target = months.chart.phases[0], months.chart.target
    low, high = max(0.0, phase.lower_limit), phase.upper_limit
    ceiling = 1.05 * max(1.8 * phase.mean, high, target, *months.values)
    signals = months.chart.signals
    return xmr_figure.draw(
        months.chart,
        f"The same months on a control chart: {months.service.each}, {months.labels[0]} to {months.labels[-1]}",
        description=f"XmR chart of {len(months.values)} months: mean {months.show(phase.mean)}, limits {months.show(low)} to "
        f"{months.show(high)}, target {months.show(target)}. "
        + (" ".join(signal.why for signal in signals) if signals else "No rule finds a signal."),
        y_label=months.service.each.capitalize(),
        titles=[
            f"{label}: {months.show(value)}"
            for label, value in zip(months.labels, months.values, strict=True)
        ],
        limits=(low, high),
        y_range=(0, ceiling),
        height=300,
        reveal=True,
    )


def _stories(months: _Months) -> str:
    number, phase, signals = len(months.arrows), months.chart.phases[0], months.chart.signals
    arrows = f"The arrows: {months.worse} of {number} say worse."
    colours = f"The colours: {_times(months.flips, 'they change')}."
    usual = f"{months.show(max(0.0, phase.lower_limit))} to {months.show(phase.upper_limit)}"
    if not signals:
        chart = f"The chart: no sign of a change. Anything from {usual} is what this service does."
    elif months.long_run is None:
        (event,) = (signal.points[0] for signal in signals)
        chart = (
            f"The chart: one month asks for a question, {months.labels[event]} with {months.show(months.values[event])}, "
            f"outside the usual {usual}. A very unwell patient waited six weeks for another bed. The arrow said worse "
            f"that month, just as it did in the {months.worse - 1} others."
        )
    else:
        points = {point for signal in signals for point in signal.points}
        chart = f"The chart: {_count(len(points), 'month')} in a signal. It is a false alarm, for nothing has changed."
    return f"{arrows} {colours} {chart}"


def _counts(months: _Months) -> dict[str, Any]:
    number = len(months.arrows)
    rows = [
        ["The arrow says worse", f"{months.worse} of {number}"],
        ["The number moves by 20% or more of the month before", f"{months.swings} of {number}"],
        ["The colour is not the one of the month before", f"{months.flips} of {number}"],
        ["The month is red", f"{months.colours.count('red')} of {number + 1}"],
    ]
    columns = ["What you may see", "Here"]
    if (rates := months.long_run) is not None:
        columns.append("In the long run, with no change at all")
        for row, rate in zip(
            rows, (rates.worse, rates.swing, rates.colour_changes, rates.colours[2]), strict=True
        ):
            row.append(f"{rate:.1%}")
    return schema.table("How often", columns, rows, open=True, reveal=True)


def _challenge(months: _Months) -> dict[str, Any]:
    ask = "Nothing changes, so any alarm is false. Find a draw in which the chart is the one that fools you."
    if months.long_run is None:
        return schema.challenge(
            ask,
            False,
            "The alarm in the wards' record is a real one. Go back to the service in which nothing ever changes.",
        )
    if not months.chart.signals:
        return schema.challenge(
            ask,
            False,
            "The chart is quiet in this draw. Draw again, or show more months: that gives chance more goes.",
        )
    return schema.challenge(
        ask,
        True,
        f"{months.chart.signals[0].why} And nothing happened. Charts cry wolf too, far less often than arrows.",
    )


def _times(number: int, what: str) -> str:
    return f"{what} {'once' if number == 1 else f'{number} times'}" if number else f"{what} not once"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _download(months: _Months) -> dict[str, Any]:
    return {
        "columns": ["Month", "Value", "Arrow", "Colour", "Rules that fired"],
        "rows": [
            [
                label,
                months.values[index],
                months.arrows[index - 1] if index else "",
                months.colours[index],
                ", ".join(signal.rule.replace("_", " ") for signal in months.chart.signals_at(index)),
            ]
            for index, label in enumerate(months.labels)
        ],
    }
