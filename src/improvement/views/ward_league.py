"""W11 red beads and ward league: a league table, its letters, and what a funnel plot makes of the same counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean
from typing import Any

from improvement import datasets, spc
from improvement.simulate import league, streams
from improvement.spc import wording
from improvement.spc.distributions import binomial_cdf
from improvement.spc.funnel import Funnel
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Seed

MOST_MONTHS = 24
MOST_WARDS = 24
RIGHT_ENOUGH = 0.9
DEPARTMENTS = 24
OPERATIONS = tuple(round(80 * 25 ** (place / (DEPARTMENTS - 1))) for place in range(DEPARTMENTS))
READMITTED = 60.0  # for each 1,000 operations
SHIFTED_FROM = 14  # 0-based month in which the record's one true change begins
SHIFTED = "Heron"

_TREES = (
    "Rowan", "Hazel", "Maple", "Birch", "Larch", "Holly", "Aspen", "Cedar", "Linden", "Elder", "Poplar", "Alder",
    "Juniper", "Willow", "Beech", "Spruce", "Cherry", "Walnut", "Laurel", "Sorrel", "Hawthorn", "Myrtle", "Sycamore", "Yew",
)  # fmt: skip
_WORKERS = ("Asha", "Ben", "Carys", "Dev", "Ella", "Femi", "Grace", "Hamid", "Iris", "Jon", "Kofi", "Lena")


@dataclass(frozen=True)
class Story:
    """What is counted and by whom; `rate` is for each 1,000 of `exposure`."""

    sector: str
    label: str
    noun: str
    events: str
    exposure: str
    rate: float


STORIES = {
    "falls": Story("acute", "Acute: falls, by ward", "ward", "falls", "bed-days", 8.0),
    "ulcers": Story("community", "Community: new pressure ulcers, by nursing team", "team", "new pressure ulcers", "patient-days", 2.5),
    "restraints": Story("mental health", "Mental health: restraints, by ward", "ward", "restraints", "bed-days", 12.5),
    "complaints": Story("ambulance", "Ambulance: complaints, by station", "station", "complaints", "calls", 4.0),
    "prescriptions": Story("primary care", "Primary care: prescribing errors, by practice", "practice", "prescribing errors", "prescriptions", 2.0),
}  # fmt: skip


@dataclass(frozen=True)
class League:
    """Counts and sizes by month and team. `rankings` hold teams (0-based) from the lowest rate to the highest.

    `worse` is the one team whose true rate is higher than `rate`, if there is one, by `factor`, in the months `bad`.
    """

    story: Story
    teams: tuple[str, ...]
    months: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    sizes: tuple[tuple[float, ...], ...]
    rankings: tuple[tuple[int, ...], ...]
    worse: int | None
    factor: float
    bad: range

    def per_thousand(self, month: int, team: int) -> float:
        return 1000 * self.counts[month][team] / self.sizes[month][team]


_MODEL = {"source": "model"}
_BEADS = {"source": "beads"}

DECLARATION = schema.Declaration(
    title="Red beads and the ward league",
    intro="A table is drawn up, letters are sent, and a month goes by. Then you see what lay behind it.",
    controls=(
        Choice(
            name="source",
            label="Whose table?",
            default="record",
            options=(
                Option(value="record", label="Twelve community nursing teams: two years of pressure ulcers"),
                Option(value="model", label="A league I set up"),
                Option(value="departments", label="Surgical departments, small to large: no table"),
                Option(value="beads", label="Red beads: six workers and a box"),
            ),
        ),
        Number(
            name="month",
            label="Month on show",
            help="1 is October 2024.",
            default=9,
            minimum=1,
            maximum=23,
            show_when={"source": "record"},
        ),
        Choice(
            name="window",
            label="Funnel of",
            default="first",
            show_when={"source": "record"},
            options=(
                Option(value="first", label="the first twelve months"),
                Option(value="last", label="the last ten months"),
                Option(value="all", label="all 24 months"),
            ),
        ),
        Choice(
            name="story",
            label="What is counted?",
            default="falls",
            show_when=_MODEL,
            options=tuple(
                Option(value=name, label=story.label, sector=story.sector) for name, story in STORIES.items()
            ),
        ),
        Number(
            name="worse",
            label="One team's true rate is higher by",
            help="0 means that all are alike.",
            default=0,
            minimum=0,
            maximum=200,
            step=5,
            unit="%",
            show_when=_MODEL,
        ),
        Number(
            name="months",
            label="Months counted together",
            default=12,
            minimum=2,
            maximum=MOST_MONTHS,
            show_when=_MODEL,
        ),
        Number(
            name="effect",
            label="A talk truly lowers the next month by",
            help="0 means that it does nothing.",
            default=0,
            minimum=0,
            maximum=50,
            step=5,
            unit="%",
            show_when=_MODEL,
        ),
        Number(
            name="expected",
            label="Size: events each expects in a month",
            default=8,
            minimum=2,
            maximum=20,
            show_when=_MODEL,
        ),
        Number(name="wards", label="How many are ranked", default=12, minimum=2, maximum=MOST_WARDS, show_when=_MODEL),
        Number(
            name="differ",
            label="How much departments truly differ",
            help="The usual distance of a true rate from the average. 0 means that all are alike.",
            default=0,
            minimum=0,
            maximum=40,
            step=5,
            unit="%",
            show_when={"source": "departments"},
        ),
        Number(name="red", label="Red beads in the box", default=20, minimum=5, maximum=60, unit="%", show_when=_BEADS),
        Number(name="workers", label="Workers", default=6, minimum=2, maximum=len(_WORKERS), show_when=_BEADS),
        Number(name="days", label="Days", default=4, minimum=2, maximum=12, show_when=_BEADS),
        Seed(default=1, show_when=_MODEL),
        Seed(name="departments_seed", default=323, show_when={"source": "departments"}),
        Seed(name="beads_seed", default=44, show_when=_BEADS),
    ),
    prediction=schema.Prediction(
        question=(
            "Read the table, the letters and what came a month later. Now suppose that talking to the bottom team did nothing "
            "whatever. In how many months out of ten would the team at the bottom do better the month after?"
        ),
        control=Number(name="prediction", label="Months out of ten", default=None, minimum=0, maximum=10),
    ),
    assumptions=(
        *league.ASSUMPTIONS,
        "The funnel's limits are exact Poisson limits, interpolated: 95% inside the inner pair by chance alone, 99.8% inside the "
        "outer. A team is found when it is above the outer limit.",
        "In the league you set up, all are of the same size and last place is settled by lot in a tie. The chances given are exact.",
        "Beads are drawn as if each scoop met a full box. Limits for a scoop are three standard deviations either side of its average.",
    ),
    cannot_tell=league.CANNOT_TELL,
    honesty=(
        "The nursing teams' record is synthetic (dataset D03); its seed was chosen so that the table misleads as it usually "
        "does. The rest is an illustrative model, and the first draws of departments and beads were chosen to be typical. Every team, department, worker and letter is invented."
    ),
)  # fmt: skip


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the table and its letters; once guessed, what followed, the funnel and the true rates."""
    if params["source"] == "beads":
        return _beads(params)
    if params["source"] == "departments":
        return _departments(params)
    model = params["source"] == "model"
    table = _set_up(params) if model else _record()
    month = 0 if model else params["month"] - 1
    window = _window(params)
    plot = _funnel(table, window)
    found = _found(table, plot, window)
    panels = [
        _table_figure(table, month, window),
        schema.listing("The post goes out", _letters(table, month), empty=""),
        schema.sentence(_month_later(table, month), heading="A month later"),
    ]
    if params["prediction"] is not None:
        panels.append(schema.sentence(_weigh(params, table), heading="Your guess", reveal=True))
    panels += [
        schema.sentence(_truth(table, window), heading="Behind the table", reveal=True),
        _arrows(table),
        schema.sentence(_follow_up(table), heading="What the letters seem to do", reveal=True),
        _funnel_figure(table, plot, window, fixed=model),
        schema.sentence(found, heading="What the funnel says", reveal=True),
    ]
    if model:
        panels += [
            schema.sentence(_talk(params), reveal=True, beside="effect"),
            _chances(params, table),
        ]
    panels.append(_challenge(params))
    data = _download(table)
    panels.append(schema.table("Every count", data["columns"], data["rows"], reveal=True))
    return schema.view(panels, summary=f"{_headline(table, month)} {found}", data=data)


# The two leagues


@lru_cache(maxsize=1)
def _record() -> League:
    rows = datasets.read("pressure_ulcers")
    months = sorted(set(rows["month"]))
    teams = tuple(dict.fromkeys(rows["team"]))
    cells = {
        (month, team): (count, days)
        for month, team, count, days in zip(
            rows["month"], rows["team"], rows["new_pressure_ulcers"], rows["patient_days"], strict=True
        )
    }
    counts = tuple(tuple(cells[month, team][0] for team in teams) for month in months)
    sizes = tuple(tuple(float(cells[month, team][1]) for team in teams) for month in months)
    rankings = tuple(
        tuple(sorted(range(len(teams)), key=lambda team: count[team] / size[team]))
        for count, size in zip(counts, sizes, strict=True)
    )
    return League(
        STORIES["ulcers"],
        teams,
        tuple(f"{month:%b %Y}" for month in months),
        counts,
        sizes,
        rankings,
        teams.index(SHIFTED),
        1.6,
        range(SHIFTED_FROM, len(months)),
    )


def _set_up(params: schema.Params) -> League:
    story = STORIES[params["story"]]
    wards, factor = params["wards"], 1 + params["worse"] / 100
    size = 1000 * params["expected"] / story.rate
    worse = 1 if params["worse"] else None
    result = league.ward_league(
        league.LeagueParameters(
            wards=wards,
            months=params["months"],
            rates=tuple(story.rate * (factor if ward == worse else 1) for ward in range(wards)),
            bed_days=size,
            warning_effect=params["effect"] / 100,
            replicates=1,
        ),
        seed=params["seed"],
    )
    return League(
        story,
        _TREES[:wards],
        tuple(f"Month {number}" for number in range(1, params["months"] + 1)),
        result.counts,
        ((size,) * wards,) * params["months"],
        result.rankings,
        worse,
        factor,
        range(params["months"]),
    )


def _window(params: schema.Params) -> range:
    """The 0-based months that the funnel counts together."""
    if params["source"] == "model":
        return range(params["months"])
    return {"first": range(12), "last": range(SHIFTED_FROM, 24), "all": range(24)}[params["window"]]


def _funnel(table: League, window: range) -> Funnel:
    teams = range(len(table.teams))
    totals = [sum(table.counts[month][team] for month in window) for team in teams]
    if not any(totals):
        raise ValueError("Nothing happened in any month. Draw again, count more months or raise the size.")
    return spc.funnel(
        totals,
        [sum(table.sizes[month][team] for month in window) for team in teams],
        kind="rate",
        per=1000,
        labels=table.teams,
    )


# The table, its letters and the month after


def _table_figure(table: League, month: int, window: range) -> dict[str, Any]:
    story, ranking = table.story, table.rankings[month]
    place = {team: row for row, team in enumerate(ranking, start=1)}
    titles = {team: f"{table.teams[team]}: {_of(table, month, team)}" for team in ranking}

    def dots(role: str, label: str, teams: Sequence[int]) -> dict[str, Any]:
        return schema.mark(
            "dot", role, label=label, x=[table.per_thousand(month, team) for team in teams],
            y=[place[team] for team in teams], title=[titles[team] for team in teams],
        )  # fmt: skip

    after = [table.per_thousand(month + 1, team) for team in ranking]
    marks = [
        schema.mark("rule_x", "centre", x=[story.rate], label="True rate", reveal=True),
        schema.mark(
            "dot", "ghost", label="The month after", reveal=True, x=after, y=[place[team] for team in ranking],
            title=[f"{table.teams[team]}, a month later: {_of(table, month + 1, team)}" for team in ranking],
        ),
    ]  # fmt: skip
    if len(ranking) > 2:
        marks.append(dots("annotation", "", ranking[1:-1]))
    marks += [
        dots("signal_improvement", "Top: an award", ranking[:1]),
        dots("signal_concern", "Bottom: a warning", ranking[-1:]),
    ]
    if table.worse is not None and month in table.bad and set(window) & set(table.bad):
        here, row = table.per_thousand(month, table.worse), place[table.worse]
        marks.append(
            schema.mark("text", "annotation", reveal=True, x=[here], y=[row - 0.55], text=["truly worse"])
        )
    top = max(
        table.per_thousand(at, team) for at in range(len(table.months)) for team in range(len(table.teams))
    )
    order = "; ".join(f"{place[team]} {titles[team]}" for team in ranking)
    return schema.figure(
        f"League table, {table.months[month]}: {story.events} per 1,000 {story.exposure}, best at the top",
        marks,
        description=f"{len(ranking)} {_plural(story.noun)} from the lowest rate to the highest. {order}.",
        x_label=f"{story.events.capitalize()} per 1,000 {story.exposure}",
        y_label="",
        x_range=(0, 1.08 * top),
        y_ticks=[f"{row} {table.teams[team]}" for row, team in enumerate(ranking, start=1)],
        height=90 + 22 * len(ranking),
    )


def _letters(table: League, month: int) -> list[str]:
    ranking = table.rankings[month]
    best, worst = ranking[0], ranking[-1]
    return [
        f"To {table.teams[best]}'s leader: top of the table with {_of(table, month, best)}. Superb leadership. "
        "Please tell the rest how you do it.",
        f"To {table.teams[worst]}'s leader: bottom of {wording.count(len(ranking))} with {_of(table, month, worst)}. Your "
        "colleagues manage. I expect you on Thursday with a plan, and your staff should know why.",
    ]


def _month_later(table: League, month: int) -> str:
    best, worst = table.rankings[month][0], table.rankings[month][-1]
    bottom, top = _came(table, month, worst), _came(table, month, best)
    said = {
        "better": "The minutes record that a firm conversation works.",
        "same": "The minutes record that the message has not landed.",
        "worse": "The minutes record a second, firmer conversation.",
    }[bottom]
    praised = {
        "better": "The minutes thank the award.",
        "same": "The minutes speak of holding the gains.",
        "worse": "The minutes speak of complacency.",
    }[top]
    events = table.story.events
    return (
        f"{table.teams[worst]}, after its talk: {table.counts[month + 1][worst]} {events}, where it had had "
        f"{table.counts[month][worst]}. {said} {table.teams[best]}, after its award: {table.counts[month + 1][best]}, where it "
        f"had had {table.counts[month][best]}. {praised}"
    )


def _came(table: League, month: int, team: int) -> str:
    before, after = table.per_thousand(month, team), table.per_thousand(month + 1, team)
    return "better" if after < before else "worse" if after > before else "same"


def _headline(table: League, month: int) -> str:
    ranking = table.rankings[month]
    return f"{table.months[month]}: {table.teams[ranking[0]]} is top and {table.teams[ranking[-1]]} bottom."


# What is kept back until the guess


def _weigh(params: schema.Params, table: League) -> str:
    wards, expected = (params["wards"], params["expected"]) if params["source"] == "model" else (12, 8)
    chance = league.worst_of_alike(wards, expected).improves
    guess = params["prediction"]
    alike = f"{_capital(wards)} {_plural(table.story.noun)} that are alike, with {expected} events expected in each"
    answer = (
        f"the bottom one does better next time in {100 * chance:.0f} months out of 100, with no talk at all."
    )
    if abs(guess - 10 * chance) <= 0.75:
        said = "Close. An unlucky month has almost nowhere to go but back."
    elif guess < 10 * chance:
        said = (
            "The bottom was picked because its month was bad. The next month was not picked. So most of what looked like the "
            "talk would have come anyway."
        )
    else:
        said = "It is rarer than that: luck can be bad twice."
    return f"You said {schema.shown(guess)} out of ten. {alike}: {answer} {said}"


def _truth(table: League, window: range) -> str:
    story, many = table.story, _plural(table.story.noun)
    rate = f"{schema.shown(story.rate)} per 1,000 {story.exposure}"
    if table.worse is None:
        return f"All {len(table.teams)} {many} have the same true rate, {rate}. First place and last place are luck."
    name, higher = table.teams[table.worse], f"{schema.shown(story.rate * table.factor)}"
    if table.bad.start:
        return (
            f"In the recipe for these numbers every team has the same true rate for the first {table.bad.start} months, {rate}. "
            f"First place and last place are luck. From {table.months[table.bad.start]} one team is truly worse"
            + (f": {name}, at {higher}. " if set(window) & set(table.bad) else ". Can you find it? ")
            + "The letters do nothing."
        )
    return f"{name} is truly worse: {higher} per 1,000 {story.exposure}. The others all have {rate}. Among them, place is luck."


def _arrows(table: League) -> dict[str, Any]:
    last = len(table.months) - 1
    drawn = []
    said = []
    for role, label, at, shift in (
        ("group_b", "Warned", -1, 0.14),
        ("group_a", "Awarded", 0, -0.14),
    ):
        teams = [table.rankings[month][at] for month in range(last)]
        before = [table.per_thousand(month, team) for month, team in enumerate(teams)]
        after = [table.per_thousand(month + 1, team) for month, team in enumerate(teams)]
        x = [month + 1 + shift for month in range(last)]
        moved = [place for place in range(last) if before[place] != after[place]]
        if moved:
            drawn.append(
                schema.mark(
                    "arrow", role, x1=[x[place] for place in moved], x2=[x[place] for place in moved],
                    y1=[before[place] for place in moved], y2=[after[place] for place in moved],
                )
            )  # fmt: skip
        titles = [
            f"{table.months[place]}, {label.lower()}: {table.teams[team]}" for place, team in enumerate(teams)
        ]
        drawn.append(
            schema.mark("dot", role, label=f"{label}, and where it went next", x=x, y=before, title=titles)
        )
        better = sum(b > a for b, a in zip(before, after, strict=True))
        worse = sum(b < a for b, a in zip(before, after, strict=True))
        said.append(f"{label}: {better} of {last} did better next month, {worse} worse.")
    story = table.story
    return schema.figure(
        "After every letter: from the month that earned it to the month after",
        [schema.mark("rule_y", "centre", y=[story.rate], label="True rate" if table.worse is None else "Usual true rate"), *drawn],
        description=f"For each month, the bottom and the top {story.noun}, with an arrow to its rate a month later. "
        f"{' '.join(said)} The true rate is {schema.shown(story.rate)}.",
        x_label="",
        y_label=f"Per 1,000 {story.exposure}",
        x_ticks=[month.removeprefix("Month ") for month in table.months[:-1]],
        y_zero=True,
        height=280,
        reveal=True,
    )  # fmt: skip


def _follow_up(table: League) -> str:
    last = len(table.months) - 1
    ends = {at: [table.rankings[month][at] for month in range(last)] for at in (0, -1)}
    better = sum(_came(table, month, team) == "better" for month, team in enumerate(ends[-1]))
    worse = sum(_came(table, month, team) == "worse" for month, team in enumerate(ends[0]))
    both = sorted(set(ends[0]) & set(ends[-1]))
    text = (
        f"The warned {table.story.noun} did better in the next month {_times(better, last)}, the awarded one worse "
        f"{_times(worse, last)}."
    )
    if min(better, worse) > last / 2:
        text += " Read that way, blame works and praise spoils."
    if both:
        names = [table.teams[team] for team in both]
        text += f" {_listed(names) if len(both) < 5 else _capital(len(both))} got both kinds of letter."
    return text


def _funnel_figure(table: League, plot: Funnel, window: range, *, fixed: bool) -> dict[str, Any]:
    """Draw the funnel. `fixed` holds the axes for every number of months, so that counting longer shows."""
    story, size = table.story, max(plot.denominators)
    widest = MOST_MONTHS * size / len(window) if fixed else 1.06 * size
    top = (
        max(3.2 * story.rate, 1.08 * max(plot.values))
        if fixed
        else max(2 * plot.centre, 1.08 * max(plot.values))
    )
    when = f"{table.months[window.start]} to {table.months[window[-1]]}"
    return schema.figure(
        f"The same counts as a funnel, {when}: {story.events} per 1,000 {story.exposure}",
        _funnel_marks(plot, widest, top),
        description=f"Funnel plot of {len(plot.values)} {_plural(story.noun)}, {when}. {_funnel_words(plot)}",
        x_label=f"{story.exposure.capitalize()}, all months together",
        y_label=f"Per 1,000 {story.exposure}",
        x_range=(0, widest),
        y_range=(0, top),
        height=330,
        reveal=True,
    )


def _funnel_marks(plot: Funnel, widest: float, top: float, *, hold: bool = True) -> list[dict[str, Any]]:
    grid = [widest * (place / 60) ** 2 for place in range(3, 61)]
    at = [plot.limits_at(max(1, round(x))) for x in grid]
    marks = [
        schema.mark(
            "line",
            "centre",
            x=[0, widest],
            y=[plot.centre] * 2,
            label=f"All together {_rate(plot.centre)}",
            reveal=hold,
        )
    ]
    for level, role, label in ((0, "near_limit", "95% limits"), (1, "limit", "99.8% limits")):
        for side in (1, 2):
            inside = [
                (x, limits[level][side])
                for x, limits in zip(grid, at, strict=True)
                if limits[level][side] <= top
            ]
            marks.append(
                schema.mark(
                    "line", role, label=label if side == 2 else "", reveal=hold,
                    x=[x for x, _ in inside], y=[y for _, y in inside],
                )
            )  # fmt: skip
    beyond = {point for signal in plot.signals for point in signal.points if _outer(plot, point)}
    names = plot.labels or ()
    titles = [
        f"{name}: {count:g}, {_rate(value)} per 1,000"
        for name, count, value in zip(names, plot.numerators, plot.values, strict=True)
    ]
    plain = [place for place in range(len(names)) if place not in beyond]
    marks.append(
        schema.mark(
            "dot", "annotation", x=[plot.denominators[place] for place in plain], y=[plot.values[place] for place in plain],
            title=[titles[place] for place in plain],
        )
    )  # fmt: skip
    if beyond:
        out = sorted(beyond)
        marks += [
            schema.mark(
                "dot", "signal_neutral", label="Outside the 99.8% limits", reveal=hold,
                x=[plot.denominators[place] for place in out], y=[plot.values[place] for place in out],
                title=[titles[place] for place in out],
            ),
            schema.mark(
                "text", "annotation", reveal=hold, x=[plot.denominators[place] for place in out],
                y=[plot.values[place] + 0.05 * top for place in out], text=[names[place] for place in out],
            ),
        ]  # fmt: skip
    return marks


def _outer(plot: Funnel, place: int) -> bool:
    """Whether a unit is outside the 99.8% limits; a unit on a limit is inside."""
    limits, value = plot.limits[-1], plot.values[place]
    return not limits.lower[place] <= value <= limits.upper[place]


def _funnel_words(plot: Funnel) -> str:
    def named(places: Sequence[int]) -> str:
        sides = [
            f"{plot.labels[place]} ({'high' if plot.values[place] > plot.centre else 'low'})"
            for place in places
        ]
        return _listed(sides) if sides else "nobody"

    outer = [place for place in range(len(plot.values)) if _outer(plot, place)]
    inner = [place for signal in plot.signals for place in signal.points if place not in outer]
    said = f"All together: {_rate(plot.centre)} per 1,000. Outside the 99.8% limits: {named(outer)}."
    if inner:
        said += f" Between the 95% and the 99.8% limits: {named(inner)}."
    return said


def _found(table: League, plot: Funnel, window: range) -> str:
    high = [
        place for place in range(len(table.teams)) if _outer(plot, place) and plot.values[place] > plot.centre
    ]
    worse = table.worse if table.worse is not None and set(window) & set(table.bad) else None
    name = "" if worse is None else table.teams[worse]
    lead = _funnel_words(plot)
    if worse is None:
        return f"{lead} " + (
            "Yet nobody is worse: a false alarm."
            if high
            else "Nobody is above them, and nobody is worse. A table would have named someone."
        )
    if worse in high:
        return f"{lead} It found {name}, which is truly worse. That earns a visit, and no letter."
    mixed = " Months from before the change are mixed in." if set(window) - set(table.bad) else ""
    return f"{lead} {name} is truly worse, and the funnel has not found it.{mixed}"


def _talk(params: schema.Params) -> str:
    wards, expected, effect = params["wards"], params["expected"], params["effect"]
    idle = league.worst_of_alike(wards, expected)
    text = (
        f"Among {wards} that are alike, the bottom one averages {idle.count:.1f} events and then {idle.next_count:.1f}. "
        f"It does better in {100 * idle.improves:.0f}% of months with an idle talk."
    )
    if effect:
        real = league.worst_of_alike(wards, expected, effect / 100)
        text += (
            f" With a talk that truly cuts {effect}%, {real.next_count:.1f} and {100 * real.improves:.0f}%. "
            "One month cannot tell you which talk you gave."
        )
    return text


@lru_cache(maxsize=256)
def _finding(wards: int, expected: float, worse: int, months: int) -> league.Finding:
    return league.one_worse(wards, expected, 1 + worse / 100, months)


def _chances(params: schema.Params, table: League) -> dict[str, Any]:
    one, pooled = (
        _finding(params["wards"], params["expected"], params["worse"], months)
        for months in (1, params["months"])
    )
    noun, months = table.story.noun, params["months"]
    rows = [
        ("Last in one month's table", one.last, 1 - one.last),
        (f"Last in a table of {months} months together", pooled.last, 1 - pooled.last),
        (f"Above the funnel's 99.8% limit, {months} months together", pooled.flagged, pooled.others_flagged),
    ]
    caption = "Names given in 100 such leagues (exact, for a talk that does nothing)"
    if table.worse is None:
        total = pooled.flagged + pooled.others_flagged
        return schema.table(
            caption,
            ["How", f"A {noun} no worse than the rest"],
            [[rows[0][0], _hundred(1)], [rows[1][0], _hundred(1)], [rows[2][0], _hundred(total)]],
            open=True,
            reveal=True,
        )
    return schema.table(
        caption,
        ["How", f"{table.teams[table.worse]}, truly worse", "One that is no worse than the rest"],
        [[how, _hundred(right), _hundred(wrong)] for how, right, wrong in rows],
        open=True,
        reveal=True,
    )


def _challenge(params: schema.Params) -> dict[str, Any]:
    ask = (
        "Make the table right. How much worse must one team truly be, and for how many months counted together, before the "
        "bottom of the table is that team nine times in ten?"
    )
    if params["source"] != "model":
        return schema.challenge(ask, False, "Choose the league you set up yourself.")
    if not params["worse"]:
        return schema.challenge(
            ask,
            False,
            "Nobody is worse, so whoever is at the bottom is there by luck. Raise one team's true rate.",
        )
    found = _finding(params["wards"], params["expected"], params["worse"], params["months"])
    right, flagged = _hundred(found.last), _hundred(found.flagged)
    wrong = _hundred(1 - found.last)
    text = f"The table of all months ends with the right team in {right} leagues of 100. The funnel finds it in {flagged}."
    if found.last < RIGHT_ENOUGH:
        return schema.challenge(
            ask,
            False,
            f"{text} In the other {wrong} the table blames somebody else, with the same air of certainty.",
        )
    return schema.challenge(
        ask,
        True,
        f"{text} Here the table finds as much as the funnel, or more. But a table always has a bottom: it would have looked "
        "just as sure with nobody worse. Only the funnel can say nobody.",
    )


# Departments of very different size, shown without a table


def _departments(params: schema.Params) -> dict[str, Any]:
    seed, spread = params["departments_seed"], params["differ"] / 100
    rates, counts = _deal_departments(seed, spread)
    names = tuple(f"Unit {chr(ord('A') + place)}" for place in range(DEPARTMENTS))
    order = streams.seeded(seed, "departments", "order")
    sizes = sorted(OPERATIONS, key=lambda _: order.random())
    rates = tuple(rates[OPERATIONS.index(size)] for size in sizes)
    totals = [counts[OPERATIONS.index(size)] for size in sizes]
    plot = spc.funnel(totals, sizes, kind="rate", per=1000, labels=names)
    top = max(2.4 * READMITTED, 1.06 * max(plot.values))
    widest = 1.06 * max(sizes)
    said = _departments_words(plot, rates, sizes)
    data = {
        "columns": ["Department", "Operations", "Readmitted", "Per 1,000", "True rate per 1,000"],
        "rows": [
            [name, size, count, round(value, 1), round(rate, 1)]
            for name, size, count, value, rate in zip(names, sizes, totals, plot.values, rates, strict=True)
        ],
    }
    panels = [
        schema.figure(
            "Readmitted within 30 days of an operation, one year, 24 departments: per 1,000 operations",
            _funnel_marks(plot, widest, top),
            description=f"Funnel plot of {DEPARTMENTS} surgical departments with {min(sizes)} to {max(sizes):,} operations. "
            f"{_funnel_words(plot)}",
            x_label="Operations in the year",
            y_label="Per 1,000 operations",
            x_range=(0, widest),
            y_range=(0, top),
            height=360,
        ),
        schema.sentence(said, heading="What the picture says", reveal=True),
        _challenge(params),
        schema.table("Every department, and its true rate", data["columns"], data["rows"], reveal=True),
    ]
    return schema.view(panels, summary=said, data=data)


@lru_cache(maxsize=64)
def _deal_departments(seed: int, spread: float) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """True rates and counts, from the smallest department to the largest."""
    nature = streams.seeded(seed, "departments", "true rates")
    scale = math.sqrt(math.log1p(spread * spread))
    rates = tuple(
        READMITTED * math.exp(streams.normal(nature, -scale * scale / 2, scale)) for _ in OPERATIONS
    )
    luck = streams.seeded(seed, "departments", "luck")
    return rates, tuple(
        streams.poisson(luck, rate * size / 1000) for rate, size in zip(rates, OPERATIONS, strict=True)
    )


def _departments_words(plot: Funnel, rates: Sequence[float], sizes: Sequence[int]) -> str:
    order = sorted(range(DEPARTMENTS), key=lambda place: plot.values[place])
    ends = [*order[:3], *order[-3:]]
    at_ends, everyone = fmean(sizes[place] for place in ends), fmean(sizes)
    said = [_funnel_words(plot)]
    said.append(
        f"A table would put {_listed([plot.labels[place] for place in order[-3:]])} last. The three at each end of it average "
        f"{at_ends:,.0f} operations; all departments {everyone:,.0f}."
    )
    if len({round(rate, 9) for rate in rates}) == 1:
        said.append(
            "All true rates are equal here."
            + (" Luck moves a small department further, up and down." if at_ends < everyone else "")
        )
        return " ".join(said)
    worst = max(range(DEPARTMENTS), key=lambda place: rates[place])
    true = f"The truly highest rate is {plot.labels[worst]}'s, {rates[worst]:.0f} per 1,000, with {sizes[worst]:,} operations"
    shown = _outer(plot, worst) and plot.values[worst] > plot.centre
    said.append(
        f"{true}. The funnel {'found it' if shown else 'did not find it: inside the limits is no proof of safety'}."
    )
    return " ".join(said)


# Red beads


def _beads(params: schema.Params) -> dict[str, Any]:
    result = league.red_beads(
        league.BeadParameters(workers=params["workers"], days=params["days"], red_share=params["red"] / 100),
        seed=params["beads_seed"],
    )
    names = _WORKERS[: params["workers"]]
    best, worst = names[result.best_of_day[0]], names[result.worst_of_day[0]]
    data = {
        "columns": ["Worker", *(f"Day {day}" for day in range(1, params["days"] + 1)), "Total"],
        "rows": [
            [name, *(day[place] for day in result.reds), result.totals[place]]
            for place, name in enumerate(names)
        ],
    }
    first, second = result.reds[0], result.reds[1]
    at_best, at_worst = result.best_of_day[0], result.worst_of_day[0]
    limits = f"{result.lower_limit:.1f} to {result.upper_limit:.1f}"
    seen = [count for day in result.reds for count in day]
    outside = (
        "No scoop is outside."
        if not result.outside
        else f"{_capital(result.outside)} of {len(seen)} scoops {'is' if result.outside == 1 else 'are'} outside, by luck."
    )
    x = list(range(1, len(seen) + 1))
    titles = [
        f"{names[(place - 1) % len(names)]}, day {(place - 1) // len(names) + 1}: {count} red"
        for place, count in zip(x, seen, strict=True)
    ]
    improves = _bead_improves(params["workers"], params["red"] / 100)
    said = (
        f"Limits for a scoop of 50 from a box with {params['red']}% red are {limits}. {outside} The box makes the reds: "
        f"{schema.shown(result.expected, 1)} on average, whoever holds the paddle."
    )
    changes = sum(a != b for a, b in zip(result.worst_of_day, result.worst_of_day[1:], strict=False))
    nights = params["days"] - 1
    luck = (
        f"In this game the last place changed hands {_times(changes, nights)}, and the day's worst did better the next day "
        f"{_times(result.worst_improved, nights)}. In the long run the day's worst of {params['workers']} does better in "
        f"{100 * improves:.0f} days of 100, and is worst again on one day in {params['workers']}."
    )
    panels = [
        schema.table("Red beads in each scoop of 50", data["columns"], data["rows"], open=True),
        schema.listing(
            "The foreman speaks",
            [
                f"After day 1: {best}, {first[at_best]} red. Look and learn. A rise for {best}.",
                f"{worst}, {first[at_worst]} red. The customer wants white beads. Do you want this job?",
                f"After day 2: {worst} had {second[at_worst]}. "
                + (
                    "You see what a word can do."
                    if second[at_worst] < first[at_worst]
                    else "Some people cannot be told."
                ),
            ],
            empty="",
        ),
        schema.figure(
            "Every scoop in order: red beads out of 50",
            [
                schema.mark("rule_y", "centre", y=[result.expected], label="Average"),
                schema.mark("rule_y", "limit", y=[result.upper_limit], label="Upper limit"),
                schema.mark("rule_y", "limit", y=[result.lower_limit], label="Lower limit"),
                schema.mark("line", "data", x=x, y=seen),
                schema.mark("dot", "data", x=x, y=seen, title=titles),
            ],
            description=f"{len(seen)} scoops, from {min(seen)} to {max(seen)} red. {said}",
            x_label="Scoop, one worker after another",
            y_label="Red beads",
            y_range=(0, 1.1 * max(result.upper_limit, *seen)),
            height=280,
            reveal=True,
        ),
        schema.sentence(said, heading="Behind the paddle", reveal=True),
        schema.sentence(luck, heading="Worst today, worst tomorrow?", reveal=True),
        _challenge(params),
    ]
    return schema.view(panels, summary=f"{best} is best on day 1 and {worst} worst. {said}", data=data)


@lru_cache(maxsize=256)
def _bead_improves(workers: int, red: float, paddle: int = 50) -> float:
    """The exact chance that the worst of several alike workers has fewer reds in the next scoop."""
    upto = [binomial_cdf(count, paddle, red) for count in range(-1, paddle + 1)]
    return sum(upto[k] * (upto[k + 1] ** workers - upto[k] ** workers) for k in range(paddle + 1))


# Words


def _of(table: League, month: int, team: int) -> str:
    return f"{table.counts[month][team]} ({_rate(table.per_thousand(month, team))} per 1,000)"


def _rate(value: float) -> str:
    return f"{value:.0f}" if value >= 20 else f"{value:.1f}"


def _hundred(chance: float) -> str:
    """A chance as so many in a hundred, never rounded to all or nothing."""
    if chance >= 1 - 1e-12 or chance <= 1e-12:
        return "100" if chance > 0.5 else "0"
    if chance > 0.9995 or chance < 0.0005:
        return "nearly 100" if chance > 0.5 else "under 0.1"
    return f"{100 * chance:.1f}"


def _times(number: int, out_of: int) -> str:
    return f"{'once' if number == 1 else f'{number} times'} in {out_of}"


def _plural(noun: str) -> str:
    return f"{noun}s"


def _capital(number: int) -> str:
    return wording.count(number).capitalize()


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _download(table: League) -> dict[str, Any]:
    return {
        "columns": ["Month", table.story.noun.capitalize(), table.story.exposure.capitalize(), table.story.events.capitalize(), "Rate per 1,000", "Place"],
        "rows": [
            [
                table.months[month], table.teams[team], table.sizes[month][team], table.counts[month][team],
                round(table.per_thousand(month, team), 2), table.rankings[month].index(team) + 1,
            ]
            for month in range(len(table.months))
            for team in range(len(table.teams))
        ],
    }  # fmt: skip
