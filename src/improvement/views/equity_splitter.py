"""W14 equity splitter: one average, the groups inside it, and the gap between them counted two ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from improvement import datasets, spc
from improvement.simulate import equity
from improvement.simulate.equity import Gap, Group, Split
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Seed, Toggle, shown

FEWEST = 5  # a count from 1 to 4 could name a person, so it is never shown
MONTHS = 12  # in each period
_PERIODS = (slice(0, MONTHS), slice(MONTHS, 2 * MONTHS))
_CLOSE = 0.05  # points that count as no movement: what rounding to one decimal hides
_TOWARDS = {"high": "higher", "low": "lower"}
_ROLES = ("group_b", "group_a", "group_c", "group_d", "comparison")


@dataclass(frozen=True)
class Story:
    """A service whose overall rate improved: its two groups (the smaller first), what is counted, what changed."""

    event: str
    people_are: str
    change: str
    group: str
    others: str
    group_rates: tuple[float, float]
    others_rates: tuple[float, float]
    people: int
    share_after: float = 20
    lesson: str = ""

    def groups(self) -> tuple[Group, ...]:
        return _two(
            self.group, self.others, (20, self.share_after), self.group_rates, self.others_rates
        )  # a fifth of the people, in every story


def _two(
    group: str,
    others: str,
    shares: tuple[float, float],
    group_rates: tuple[float, float],
    others_rates: tuple[float, float],
) -> tuple[Group, ...]:
    before, after = (share / 100 for share in shares)
    return (
        Group(group, before, *group_rates, share_after=after),
        Group(others, 1 - before, *others_rates, share_after=1 - after),
    )


STORIES = {
    "outpatients": Story(
        event="Appointments missed",
        people_are="appointments",
        change="Text reminders begin",
        group="Most deprived fifth",
        others="Other four fifths",
        group_rates=(14, 15),
        others_rates=(6, 4),
        people=7500,
        lesson="The reminder is a link to an app. Who could not use it? The numbers cannot say, and patients can.",
    ),
    "ambulance": Story(
        event="Category 2 calls that waited over an hour",
        people_are="calls",
        change="New standby points",
        group="Rural addresses",
        others="Town addresses",
        group_rates=(14, 12.2),
        others_rates=(6, 4.7),
        people=2000,
        lesson="Both groups gained. Somebody will show the board whichever gap suits. Show both, with the rates.",
    ),
    "restraint": Story(
        event="Admissions in which the person was restrained",
        people_are="admissions",
        change="Ward staff taught other ways",
        group="Black patients",
        others="All other patients",
        group_rates=(14, 13.8),
        others_rates=(6, 4.3),
        people=150,
        lesson="A rate of restraint says what was done to people, and nothing about who they are. Look for the reason in the "
        "care, with the people who lived it. Months are too small to show, so wait, or join wards; do not drop the question.",
    ),
    "wounds": Story(
        event="Wounds that became infected",
        people_are="wounds",
        change="Home visits move out",
        group="Housebound people",
        others="People seen in clinic",
        group_rates=(14, 14),
        others_rates=(6, 6),
        share_after=2.5,
        people=1200,
        lesson="Most housebound people were passed to another provider. Their wounds went on, in somebody else's figures.",
    ),
}


def _sets(story: Story) -> dict[str, Any]:
    return {
        "set_own": False,
        "share_before": 20,
        "share_after": story.share_after,
        "group_before": story.group_rates[0],
        "group_after": story.group_rates[1],
        "others_before": story.others_rates[0],
        "others_after": story.others_rates[1],
        "people": story.people,
    }


def _slider(name: str, label: str, default: float, top: float, step: float = 0.1) -> Number:
    return Number(
        name=name,
        label=label,
        default=default,
        minimum=0,
        maximum=top,
        step=step,
        unit="%",
        show_when={"set_own": True},
    )


DECLARATION = schema.Declaration(
    title="Equity splitter",
    intro="One line for everybody, two years of months, and a change in the middle. Lower is better.",
    controls=(
        Choice(
            name="source",
            label="Whose average?",
            default="outpatients",
            options=tuple(
                Option(value=value, label=label, sector=sector, sets=_sets(STORIES[value]))
                for value, sector, label in (
                    ("outpatients", "primary care", "Outpatients: appointments missed, by deprivation"),
                    ("ambulance", "ambulance", "Ambulance: waits over an hour, by town or country"),
                    ("restraint", "mental health", "Mental health: restraint, by ethnicity"),
                    ("wounds", "community", "Community: infected wounds, by place of care"),
                )
            ),
        ),
        Choice(
            name="split",
            label="Split it by",
            default="two",
            radio=True,
            show_when={"source": "outpatients", "set_own": False},
            options=(
                Option(value="two", label="The most deprived fifth, and the rest"),
                Option(value="five", label="All five fifths"),
            ),
        ),
        Toggle(
            name="set_own",
            label="Set the numbers myself",
            help="The months are then drawn by chance around the rates you set.",
        ),
        _slider("group_before", "Smaller group: rate before", 14, 30),
        _slider("group_after", "Smaller group: rate after", 15, 30),
        _slider("others_before", "Everyone else: rate before", 6, 30),
        _slider("others_after", "Everyone else: rate after", 4, 30),
        _slider("share_before", "Smaller group's share before", 20, 50, step=0.5),
        _slider("share_after", "Smaller group's share after", 20, 50, step=0.5),
        Number(
            name="people",
            label="People, calls or visits a month",
            default=STORIES["outpatients"].people,
            minimum=50,
            maximum=10_000,
            step=50,
            show_when={"set_own": True},
        ),
        Seed(label="Luck", show_when={"set_own": True}),
    ),
    prediction=schema.Prediction(
        question="Before the change the line ran at 7.6 in 100. Since then it runs at 6.2: almost a fifth lower. Inside it is "
        "a group that began at 14 in 100. They were a fifth of the people. How many in 100 is it for them now?",
        control=Number(
            name="prediction",
            label="That group, now",
            default=None,
            minimum=0,
            maximum=30,
            step=0.1,
            unit="in 100",
        ),
    ),
    assumptions=(
        *equity.ASSUMPTIONS,
        "The part of a change put down to the mix uses the rates after the change; with the rates before it would differ a little.",
        "Counts from 1 to 4 are held back. Where subtraction would give one away, another group is held back with it.",
    ),
    cannot_tell=equity.CANNOT_TELL,
    honesty="All four services are synthetic. The outpatient months are the course's data set on missed appointments; the "
    "other months are drawn from the rates shown.",
)


@dataclass(frozen=True)
class Strata:
    """Months split into groups: `events` and `people` by month, then group, in the order of `groups`."""

    labels: tuple[str, ...]
    groups: tuple[Group, ...]
    events: tuple[tuple[int, ...], ...]
    people: tuple[tuple[int, ...], ...]


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the line for all and the lines inside it, the gap both ways, where the change came from."""
    story = STORIES[params["source"]]
    strata = _strata(params, story)
    exact = equity.split(strata.groups)
    hidden = [_hidden(*month) for month in zip(strata.events, strata.people, strict=True)]
    headline = _headline(exact)
    panels = [_figure(story, strata, exact, hidden, headline)]
    if params["prediction"] is not None and not params["set_own"]:
        panels.append(
            schema.sentence(_judge(params["prediction"], story, exact), heading="Your guess", reveal=True)
        )
    panels += [
        schema.sentence(headline, heading="In plain English", reveal=True),
        schema.sentence(_gaps(exact), heading="The gap, two ways", reveal=True),
        schema.sentence(_parts(exact), heading="What moved the average", reveal=True),
    ]
    if not params["set_own"]:
        panels.append(schema.sentence(story.lesson, heading="Before you act", reveal=True))
    panels += [
        _rates_table(strata.groups, exact),
        schema.listing("Each group on a p chart of its own", _alone(strata, hidden), empty="", reveal=True),
        _counted_table(strata),
        _challenge(params, strata, exact),
    ]
    return schema.view(
        panels,
        summary=headline,
        notices=[] if params["prediction"] is None else _cautions(story, hidden),
        data=_download(strata, hidden),
    )


def _strata(params: schema.Params, story: Story) -> Strata:
    if params["set_own"]:
        groups = _two(
            story.group,
            story.others,
            (params["share_before"], params["share_after"]),
            (params["group_before"], params["group_after"]),
            (params["others_before"], params["others_after"]),
        )
        return _drawn(groups, params["people"], params["seed"])
    if params["source"] == "outpatients":
        return _recorded(params["split"])
    return _drawn(story.groups(), story.people, params["seed"])


def _drawn(groups: tuple[Group, ...], people: int, seed: int) -> Strata:
    months = equity.simulate(equity.Parameters(groups=groups, months=MONTHS, people=people), seed=seed).months
    return Strata(
        tuple(f"Month {number}" for number in range(1, 2 * MONTHS + 1)),
        groups,
        tuple(month.events for month in months),
        tuple(month.people for month in months),
    )


@cache
def _recorded(split: str) -> Strata:
    """The data set on missed appointments, in five fifths or in the most deprived fifth and the rest."""
    rows = datasets.read("did_not_attend")
    months = sorted(set(rows["month"]))
    story = STORIES["outpatients"]
    fifths: dict[str, tuple[int, ...]] = (
        {
            "1, most deprived": (1,),
            "Fifth 2": (2,),
            "Fifth 3": (3,),
            "Fifth 4": (4,),
            "5, least deprived": (5,),
        }
        if split == "five"
        else {story.group: (1,), story.others: (2, 3, 4, 5)}
    )
    missed = dict(
        zip(zip(rows["month"], rows["deprivation_fifth"], strict=True), rows["not_attended"], strict=True)
    )
    booked = dict(zip(missed, rows["appointments"], strict=True))
    events, people = (
        tuple(
            tuple(sum(counts[month, one] for one in members) for members in fifths.values())
            for month in months
        )
        for counts in (missed, booked)
    )
    groups = []
    for place, name in enumerate(fifths):
        (before, share), (after, later) = (
            _rate_and_share(events[period], people[period], place) for period in _PERIODS
        )
        groups.append(Group(name, share, before, after, share_after=later))
    return Strata(tuple(f"{month:%b %Y}" for month in months), tuple(groups), events, people)


def _rate_and_share(
    events: Sequence[Sequence[int]], people: Sequence[Sequence[int]], place: int
) -> tuple[float, float]:
    seen = sum(month[place] for month in people)
    return 100 * sum(month[place] for month in events) / seen, seen / sum(map(sum, people))


def _few(events: int, people: int) -> bool:
    return 0 < events < FEWEST or 0 < people < FEWEST


def _hidden(events: Sequence[int], people: Sequence[int]) -> frozenset[int]:
    """The groups whose count must not be shown: too few, or given away by taking the others from the total."""
    few = {place for place, counts in enumerate(zip(events, people, strict=True)) if _few(*counts)}
    if len(few) == 1:
        few.add(min(set(range(len(events))) - few, key=lambda place: events[place]))
    return frozenset(few)


def _headline(exact: Split) -> str:
    before, after = exact.gap_before.absolute, exact.gap_after.absolute
    moved = (
        f"goes from {_points(before)} to {_points(after)}: {_way(after - before, 'narrower', 'wider', '')}"
    )
    if not _turns(before, after):
        moved = f"stays at {_points(after)}"
    return (
        f"Everyone together: {_rate(exact.overall_before)} before and {_rate(exact.overall_after)} after, "
        f"{_way(exact.overall_after - exact.overall_before, 'better', 'worse', 'no change')}. "
        f"The gap between the highest and the lowest group {moved}."
    )


def _gaps(exact: Split) -> str:
    before, after = exact.gap_before, exact.gap_after
    told = f"Take one rate from the other: {shown(before.absolute)}, then {_points(after.absolute)}. "
    if before.ratio is None or after.ratio is None:
        told += "Divide one by the other: not possible, as a group has a rate of nought."
    else:
        told += f"Divide one by the other: {shown(before.ratio)} times, then {shown(after.ratio)} times."
        difference, ratio = _turns(before.absolute, after.absolute), _turns(before.ratio, after.ratio)
        if difference * ratio < 0:
            narrowed = "difference" if difference < 0 else "ratio"
            widened = "ratio" if difference < 0 else "difference"
            told += f" The {narrowed} shrank and the {widened} grew, from the same four rates."
    if before.highest != after.highest and after.absolute > _CLOSE and before.absolute > _CLOSE:
        told += f" The highest rate has passed from “{before.highest}” to “{after.highest}”."
    return told


def _turns(before: float, after: float) -> int:
    change = after - before
    return 0 if abs(change) < 0.005 else 1 if change > 0 else -1


def _parts(exact: Split) -> str:
    change = exact.overall_after - exact.overall_before
    told = (
        f"The average moved by {_signed(change)}: {_signed(exact.from_rates)} because rates changed, "
        f"{_signed(exact.from_mix)} because a different mix of people was counted."
    )
    if abs(exact.from_mix) >= _CLOSE and all(
        abs(part) < _CLOSE / 10 for part in exact.contributions.values()
    ):
        return f"{told} No group's rate moved at all."
    if exact.from_rates * change < 0 and abs(change) >= _CLOSE:
        return f"{told} The two pull opposite ways, and the mix won."
    return told


def _judge(guess: float, story: Story, exact: Split) -> str:
    before, after = story.group_rates
    share_of_gain = before * exact.overall_after / exact.overall_before
    said = f"You said {shown(guess, 1)}. For “{story.group}” it is {shown(after, 1)}"
    moved = "up from 14." if after > before else "as it was before." if after == before else "down from 14."
    if abs(guess - after) <= 0.5:
        return f"{said}, {moved} Close. You did not let the average speak for everyone."
    if guess < after:
        return (
            f"{said}, {moved} An equal share of the gain would have made it {shown(share_of_gain, 1)}. The average "
            "could not tell you whether they had it."
        )
    return f"{said}, {moved} Less bad than you feared. The average could not tell you that either."


def _rates_table(groups: Sequence[Group], exact: Split) -> dict[str, Any]:
    rows: list[list[Any]] = [
        [
            group.name,
            f"{shown(100 * group.share, 1)}%",
            f"{shown(100 * group.later_share, 1)}%",
            _rate(group.before),
            _rate(group.after),
            _signed(group.after - group.before),
        ]
        for group in groups
    ]
    before, after = exact.gap_before, exact.gap_after
    rows += [
        [
            "Everyone",
            "100%",
            "100%",
            _rate(exact.overall_before),
            _rate(exact.overall_after),
            _signed(exact.overall_after - exact.overall_before),
        ],
        [
            "Gap, as a difference",
            None,
            None,
            _points(before.absolute),
            _points(after.absolute),
            _signed(after.absolute - before.absolute),
        ],
        ["Gap, as a ratio", None, None, _times(before), _times(after), None],
    ]
    return schema.table(
        "Rates and shares, before and after",
        ["Group", "Share before", "Share after", "Rate before", "Rate after", "Change"],
        rows,
        reveal=True,
    )


def _alone(strata: Strata, hidden: Sequence[frozenset[int]]) -> list[str]:
    """What a p chart of each group's months says, limits from the months before, where the months may be shown."""
    said = []
    for place, group in enumerate(strata.groups):
        held = sum(place in month for month in hidden)
        seen = [month[place] for month in strata.people]
        if held:
            months = "1 month is" if held == 1 else f"{held} of {len(hidden)} months are"
            said.append(f"{group.name}: no chart, as {months} held back.")
        elif not all(seen):
            said.append(f"{group.name}: no chart, as there were months with nobody in the group.")
        else:
            chart = spc.p_chart([month[place] for month in strata.events], seen, baseline=MONTHS)
            fired = sorted({_TOWARDS[signal.direction] for signal in chart.signals})
            said.append(
                f"{group.name}: special cause, towards {' and '.join(fired)} rates."
                if fired
                else f"{group.name}: no special cause in {len(seen)} months."
            )
    return said


def _counted(strata: Strata) -> list[list[tuple[int, int] | None]]:
    """By period, then group: events and people over its twelve months, or None where that may not be shown."""
    counted = []
    for period in _PERIODS:
        events = [sum(column) for column in zip(*strata.events[period], strict=True)]
        people = [sum(column) for column in zip(*strata.people[period], strict=True)]
        hidden = _hidden(events, people)
        counted.append(
            [
                None if place in hidden else (events[place], people[place])
                for place in range(len(strata.groups))
            ]
        )
    return counted


def _counted_table(strata: Strata) -> dict[str, Any]:
    rows = [
        [group.name, *[_interval(cell) for cell in cells]]
        for group, *cells in zip(strata.groups, *_counted(strata), strict=True)
    ]
    return schema.table(
        "What twelve months of counts show, with 95% intervals",
        ["Group", "Before", "After"],
        rows,
        reveal=True,
    )


def _interval(cell: tuple[int, int] | None) -> str:
    if cell is None:
        return "held back: too few"
    events, people = cell
    if not people:
        return "nobody"
    low, high = spc.wilson_interval(events, people)
    return f"{events:,} of {people:,}: {100 * events / people:.1f}% ({100 * low:.1f} to {100 * high:.1f})"


def _challenge(params: schema.Params, strata: Strata, exact: Split) -> dict[str, Any]:
    ask = (
        "The splitter says: split the average and you will see who is left behind. Find settings where the gap really "
        "changes by a point or more, and twelve months of counts show it going the other way."
    )
    if not params["set_own"]:
        return schema.challenge(ask, False, "Tick “Set the numbers myself” first.")
    truth = exact.gap_after.absolute - exact.gap_before.absolute
    cells = [cell for period in _counted(strata) for cell in period]
    if abs(truth) < 1:
        return schema.challenge(
            ask, False, "The true gap changes by less than a point. Give it a real change to hide."
        )
    if None in cells:
        return schema.challenge(
            ask, False, "A count is held back, so the split shows nothing. A few more people."
        )
    if not all(people for _, people in cells):
        return schema.challenge(ask, False, "One of the groups has nobody in it.")
    rates = [[100 * events / people for events, people in period] for period in _counted(strata)]
    counted = (max(rates[1]) - min(rates[1])) - (max(rates[0]) - min(rates[0]))
    told = f"The true gap changes by {_signed(truth)}; the counted gap by {_signed(counted)}."
    if truth * counted < 0:
        return schema.challenge(
            ask,
            True,
            f"{told} With numbers this small a split can accuse the innocent and praise the guilty. Show the interval, "
            "and gather more months before you name anyone.",
        )
    return schema.challenge(ask, False, f"{told} Same direction. Fewer people, and another draw.")


def _cautions(story: Story, hidden: Sequence[frozenset[int]]) -> list[dict[str, Any]]:
    held = sum(bool(month) for month in hidden)
    if not held:
        return []
    months = "1 month" if held == 1 else f"{held} of {len(hidden)} months"
    return [
        schema.notice(
            "warning",
            f"Held back: {months} by group, because a group had fewer than {FEWEST} {story.people_are} in the count or "
            "could be worked out from the others. Nobody should be found by their number. Add months together instead.",
        )
    ]


def _figure(
    story: Story,
    strata: Strata,
    exact: Split,
    hidden: Sequence[frozenset[int]],
    headline: str,
) -> dict[str, Any]:
    x = list(range(1, 2 * MONTHS + 1))
    overall = [
        None if _few(sum(events), sum(people)) else 100 * sum(events) / sum(people)
        for events, people in zip(strata.events, strata.people, strict=True)
    ]
    series = []
    for place, _ in enumerate(strata.groups):
        series.append(
            [
                None if place in held or not people[place] else 100 * events[place] / people[place]
                for events, people, held in zip(strata.events, strata.people, hidden, strict=True)
            ]
        )
    rates_shown = [rate for rates in (overall, *series) for rate in rates if rate is not None]
    highest = max([*rates_shown, *(rate for one in strata.groups for rate in (one.before, one.after))])
    marks = [
        schema.mark("rule_x", "recalculation", x=[MONTHS + 0.5], label=story.change),
        *_level("data", (exact.overall_before, exact.overall_after), "Everyone"),
        schema.mark("line", "quiet", x=x, y=overall),
        schema.mark(
            "dot",
            "data",
            x=x,
            y=overall,
            title=[
                f"{label}: everyone, {'held back' if rate is None else f'{rate:.1f}%'}"
                for label, rate in zip(strata.labels, overall, strict=True)
            ],
        ),
    ]
    for group, role, rates in zip(strata.groups, _ROLES, series, strict=False):
        marks += _level(role, (group.before, group.after), group.name, reveal=True)
        points = [
            (at, rate, f"{strata.labels[at - 1]}: {group.name} {rate:.1f}%")
            for at, rate in zip(x, rates, strict=True)
            if rate is not None
        ]
        if points:
            at, rate, title = zip(*points, strict=True)
            marks.append(schema.mark("dot", role, x=at, y=rate, title=title, reveal=True))
    inside = "; ".join(
        f"{group.name} {_rate(group.before)} before, {_rate(group.after)} after" for group in strata.groups
    )
    return schema.figure(
        f"{story.event}: percentage each month",
        marks,
        description=f"Dots for {len(x)} months and a level before and after the change, for everyone and for each group. "
        f"{headline} {inside}.",
        x_label="",
        y_label="%",
        x_ticks=strata.labels,
        y_range=(0, max(20, 5 * (highest // 5 + 1))),
        height=360,
    )


def _level(
    role: str, rates: tuple[float, float], label: str, *, reveal: bool = False
) -> list[dict[str, Any]]:
    """A line across each period at its rate; the later one carries the name."""
    return [
        schema.mark(
            "rule_y",
            role,
            y=[rate],
            x1=[start + 0.5],
            x2=[start + MONTHS + 0.5],
            label=name,
            reveal=reveal,
        )
        for rate, start, name in zip(rates, (0, MONTHS), ("", label), strict=True)
    ]


def _download(strata: Strata, hidden: Sequence[frozenset[int]]) -> dict[str, Any]:
    rows = []
    for label, events, people, held in zip(strata.labels, strata.events, strata.people, hidden, strict=True):
        total = sum(events), sum(people)
        rows.append([label, "Everyone", *((None, None) if _few(*total) else total)])
        for place, group in enumerate(strata.groups):
            counts = (None, None) if place in held else (events[place], people[place])
            rows.append([label, group.name, *counts])
    return {"columns": ["Month", "Group", "Events", "People"], "rows": rows}


def _rate(value: float) -> str:
    return f"{shown(value)}%"


def _points(value: float) -> str:
    return f"{shown(value)} {'point' if shown(value) == '1' else 'points'}"


def _times(gap: Gap) -> str | None:
    return None if gap.ratio is None else f"{shown(gap.ratio)} times"


def _signed(value: float) -> str:
    text = _points(abs(value))
    return text if text.startswith("0 ") else f"{'+' if value > 0 else '−'}{text}"


def _way(change: float, down: str, up: str, level: str) -> str:
    return level if abs(change) < 0.005 else up if change > 0 else down
