"""W10 funnel: what a manager who answers every result does to steady days, by hand or by standing order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Any

from improvement.simulate import funnel
from improvement.simulate.funnel import Parameters, Result
from improvement.spc import wording
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Seed, Turns, shown

DAYS = 50
SHIFT_DAY = 26
DAYS_TO_NOTICE = 7  # as long as a run on one side of the mean takes to show
BEFORE = 10
TURNS = 20
ORDER_SEED, HAND_SEED = (
    1543,
    1590,
)  # draw 1 of each shows the usual case; by hand the days are ones no order has shown
LAST_SEED = 999


@dataclass(frozen=True)
class Place:
    """A service in words. Every one is the same process: the aim is 30 standard deviations of a day above nought."""

    option: str
    what: str
    unit: str
    aim: float
    push: str
    ease: str
    sector: str = ""

    @property
    def sd(self) -> float:
        """The standard deviation of a day left alone, in `unit`."""
        return self.aim / 30


PLACES = {
    "department": Place(
        "Emergency department",
        "mean time in the emergency department",
        "minutes",
        240,
        "borrow staff from the wards",
        "give them back",
        "acute",
    ),
    "handover": Place(
        "Ambulance handover",
        "mean ambulance handover",
        "minutes",
        30,
        "send a second crew leader to the door",
        "stand one down",
        "ambulance",
    ),
    "calls": Place(
        "Practice telephones",
        "mean wait for the practice to answer",
        "seconds",
        300,
        "take a receptionist off the desk",
        "put one back",
        "primary care",
    ),
    "theatre": Place(
        "Operating theatres",
        "mean time from sending to first incision",
        "minutes",
        60,
        "bring the team in earlier",
        "let them come later",
    ),
}

ORDERS = {
    "leave": "Leave it alone",
    "from_setting": "Correct what is in force",
    "from_target": "Start afresh from the plan",
    "copy_last": "Do what we did last time",
}
_MEANS = {
    "leave": "Yesterday missed the aim: nobody does anything.",
    "from_setting": "Yesterday missed the aim: what is in force moves the other way by the size of the miss.",
    "from_target": "Yesterday missed the aim: cancel what is in force, then go as far the other way as yesterday missed.",
    "copy_last": "Yesterday missed the aim: yesterday becomes today's plan.",
}
_STEPS = {"push": -1, "leave": 0, "ease": 1}
_GAVE = {"push": "You pushed", "leave": "You left it", "ease": "You eased off"}
_GROUPS = {"leave": "group_a", "from_setting": "group_b", "from_target": "group_c", "copy_last": "group_d"}

DECLARATION = schema.Declaration(
    title="The funnel: run it for a month",
    intro="One number reaches you every morning: how yesterday went. The aim is the middle of what the service does. "
    "Both sides of it cost: over, people wait; under, somebody else's staff stand idle.",
    prediction=schema.Prediction(
        question="Four managers run the same service through the same fifty days. Each has one standing order for the morning "
        "after. Whose days stay closest to the aim?",
        control=Choice(
            name="prediction",
            label="The closest will be",
            default=None,
            radio=True,
            options=(
                Option(
                    value="from_setting",
                    label="Correct: yesterday was 10 over, so take what is in force and push it by 10",
                ),
                Option(
                    value="from_target",
                    label="Start afresh: forget what is in force, aim 10 under because yesterday was 10 over",
                ),
                Option(
                    value="copy_last",
                    label="Do what we did last time: yesterday's level becomes today's plan",
                ),
                Option(value="leave", label="Leave it alone: no instruction at all"),
            ),
        ),
        commit="Commit and hand me the keys",
    ),
    controls=(
        Choice(
            name="place",
            label="What do you run?",
            default="department",
            options=tuple(
                Option(value=key, label=place.option, sector=place.sector) for key, place in PLACES.items()
            ),
        ),
        Choice(
            name="who",
            label="Who decides?",
            default="me",
            radio=True,
            options=(
                Option(value="me", label="I do, every morning"),
                Option(value="order", label="A standing order"),
            ),
        ),
        Turns(
            name="moves",
            label="Your instruction",
            help="A push stays in force until you ease off.",
            turn="Morning",
            maximum=TURNS,
            repeat=True,
            show_when={"who": "me"},
            options=(
                Option(value="push", label="Push faster"),
                Option(value="leave", label="Leave it"),
                Option(value="ease", label="Ease off"),
            ),
        ),
        Choice(
            name="order",
            label="The order",
            default="from_setting",
            options=tuple(Option(value=key, label=words) for key, words in ORDERS.items()),
            show_when={"who": "order"},
        ),
        Number(
            name="shift",
            label=f"Something really slows the work from day {SHIFT_DAY}",
            help="By so many standard deviations of an ordinary day. Nought: nothing changes.",
            default=0,
            minimum=0,
            maximum=3,
            step=0.5,
            show_when={"who": "order"},
        ),
        Seed(maximum=LAST_SEED, help="The same number always gives the same days."),
    ),
    assumptions=(
        *funnel.ASSUMPTIONS,
        "Days left alone are normal, with a standard deviation of one thirtieth of the aim.",
        f"By hand: {BEFORE} days that nobody touched, then {TURNS} of yours. By order: {DAYS} days, the same for all four.",
        "The standard deviation (SD) is taken around the aim: the root mean square distance from it.",
    ),
    cannot_tell=funnel.CANNOT_TELL,
    honesty="Illustrative: an invented service and seeded chance, after Deming's funnel experiment. The first draw was chosen to show "
    "the usual case: draw again. Nothing in the model stops a bad order, as somebody in a real service would.",
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the learner's own mornings so far, or fifty days of a standing order beside the other three."""
    place = PLACES[params["place"]]
    return _by_hand(place, params) if params["who"] == "me" else _by_order(place, params)


def _by_hand(place: Place, params: schema.Params) -> dict[str, Any]:
    given = params["moves"]
    run, left = (
        funnel.simulate(
            Parameters(
                policy="manual",
                target=place.aim,
                sd=place.sd,
                days=BEFORE + TURNS,
                moves=(0.0,) * (BEFORE - 1) + moves,
                replicates=0,
            ),
            seed=HAND_SEED + params["seed"],
        )
        for moves in (tuple(_STEPS[one] * place.sd for one in given), ())
    )
    seen = BEFORE + len(given)
    over = len(given) == TURNS
    told = _morning(place, run, given, seen)
    panels = [
        schema.sentence(told, beside="moves", reveal=bool(given)),
        _hand_figure(place, run, left, seen, over=over),
    ]
    summary = told
    if over:
        mine, alone = run.values[BEFORE:], left.values[BEFORE:]
        summary = _hand_result(place, mine, alone, given)
        panels += [
            schema.sentence(summary, heading="You against nobody", reveal=True),
            schema.sentence(_hand_feeling(place, run, left, given), heading="Why it felt right", reveal=True),
            schema.table(
                f"Your {TURNS} days, and the same days left alone",
                [
                    "",
                    f"SD around the aim, {place.unit}",
                    f"Furthest off, {place.unit}",
                    "Wasted instructions",
                ],
                [
                    ["You", _rms(mine, place), _furthest(mine, place), sum(one != "leave" for one in given)],
                    ["Left alone", _rms(alone, place), _furthest(alone, place), 0],
                ],
                open=True,
                reveal=True,
            ),
            schema.challenge(_CHALLENGE, False, _hand_challenge(place, mine, alone)),
        ]
    columns = ["Day", "Instruction for this day", place.unit.capitalize()] + ["Left alone"] * over
    rows = [
        [
            day + 1,
            given[day - BEFORE] if day >= BEFORE else "",
            round(run.values[day], 2),
            *([round(left.values[day], 2)] if over else []),
        ]
        for day in range(seen)
    ]
    panels.append(schema.table("Every day so far", columns, rows, reveal=bool(given)))
    return schema.view(panels, summary=summary, data={"columns": columns, "rows": rows})


def _morning(place: Place, run: Result, given: Sequence[str], seen: int) -> str:
    """What is on the desk this morning: yesterday, what came of the last instruction, and the question."""
    yesterday, before = run.values[seen - 1], run.values[seen - 2]
    came = f"{_say(yesterday)} {place.unit}, {_off(yesterday, place)}"
    if not given:
        return f"For {BEFORE} days nobody touched it. Day {seen} came in at {came}. To push, you {place.push}: {_amount(place.sd, place)} off tomorrow. To ease off, you {place.ease}."
    step = round(yesterday - before, 1)
    moved = "the same as" if not step else f"{_say(abs(step))} {'quicker' if step < 0 else 'slower'} than"
    told = f"{_GAVE[given[-1]]}. Day {seen} came in at {came}: {moved} the day before."
    worked, tried = _worked(run, given)
    if tried:
        told += f" So far {_went_your_way(worked, tried)}."
    if len(given) < TURNS:
        told += f" {_in_force(place, given)}"
    return told


def _in_force(place: Place, given: Sequence[str]) -> str:
    net = sum(_STEPS[one] for one in given)
    if not net:
        return "In force now: nothing, all told."
    kind = "push" if net < 0 else "step of easing off"
    plural = "pushes" if net < -1 else "steps of easing off"
    what = f"one {kind}" if abs(net) == 1 else f"{wording.count(abs(net))} {plural}"
    return f"In force now: {what}, {_amount(abs(net) * place.sd, place)} in all."


def _worked(run: Result, given: Sequence[str]) -> tuple[int, int]:
    """How many pushes and easings were followed by a move the way they wanted, and how many there were."""
    moves = [
        _STEPS[one] * (run.values[day + 1] - run.values[day])
        for day, one in enumerate(given, start=BEFORE - 1)
        if one != "leave"
    ]
    return sum(move > 0 for move in moves), len(moves)


def _went_your_way(worked: int, tried: int) -> str:
    if tried == 1:
        return f"your one instruction was {'' if worked else 'not '}followed by a move the way you wanted"
    return f"{worked} of your {_given(tried)} {'was' if worked == 1 else 'were'} followed by a move the way you wanted"


def _hand_result(place: Place, mine: Sequence[float], alone: Sequence[float], given: Sequence[str]) -> str:
    wasted = sum(one != "leave" for one in given)
    if not wasted:
        return (
            f"You gave no instruction in {TURNS} mornings, and your days are the days left alone: a standard deviation of "
            f"{_spread(_rms(mine, place), place)} around the aim. That is harder than it sounds."
        )
    ratio = _rms(mine, place) / _rms(alone, place)
    told = (
        f"Your standard deviation around the aim: {_spread(_rms(mine, place), place)}. Left alone, the same {TURNS} days had "
        f"{_spread(_rms(alone, place), place)}. Yours is {ratio:.2f} times that, for {_given(wasted)}."
    )
    if ratio < 1:
        return f"{told} You came out ahead, by luck: nothing on your desk could tell you what tomorrow would bring."
    return f"{told} Nothing in the service changed in all that time but you."


def _hand_feeling(place: Place, run: Result, left: Result, given: Sequence[str]) -> str:
    worked, tried = _worked(run, given)
    back, days = _moved_back(left.values[BEFORE - 1 :], place)
    alone = f"Left alone, a day off the aim was followed by a move back {back} times in {days}."
    if not tried:
        return f"{alone} Whoever had given an order would have sworn that it worked."
    yours = _went_your_way(worked, tried)
    return (
        f"{yours[0].upper()}{yours[1:]}. {alone} "
        "A bad day is mostly followed by a better one, whatever anybody says in between."
    )


def _hand_challenge(place: Place, mine: Sequence[float], alone: Sequence[float]) -> str:
    if _rms(mine, place) < _rms(alone, place):
        return "You beat these days, by luck. Draw again: the same instructions meet other days. Then hand over to a standing order and make something really change."
    return "Steady days cannot be beaten, except by luck. Hand over to a standing order, and make something really change."


def _hand_figure(place: Place, run: Result, left: Result, seen: int, *, over: bool) -> dict[str, Any]:
    days = list(range(1, seen + 1))
    values = run.values[:seen]
    old, new = slice(0, BEFORE), slice(BEFORE - 1, seen)
    marks = [
        schema.mark("rule_y", "target", y=[place.aim], label="Aim"),
        schema.mark("rule_x", "recalculation", x=[BEFORE + 0.5], label="You take over"),
    ]
    if over:
        marks += [
            schema.mark("line", "group_a", x=days[new], y=left.values[new], reveal=True),
            schema.mark(
                "dot",
                "group_a",
                x=days[BEFORE:],
                y=left.values[BEFORE:],
                label="The same days left alone",
                title=[_titled(day, left.values[day - 1], place) for day in days[BEFORE:]],
                reveal=True,
            ),
        ]
    marks += [
        schema.mark("line", "quiet", x=days[old], y=values[old]),
        schema.mark(
            "dot",
            "quiet",
            x=days[old],
            y=values[old],
            label="Before you came",
            title=[_titled(day, values[day - 1], place) for day in days[old]],
        ),
        schema.mark("line", "data", x=days[new], y=values[new], reveal=True),
        schema.mark(
            "dot",
            "data",
            x=days[BEFORE:],
            y=values[BEFORE:],
            label="Your days" if seen > BEFORE else "",
            title=[_titled(day, values[day - 1], place) for day in days[BEFORE:]],
            reveal=True,
        ),
    ]
    drawn = values + left.values if over else values
    told = f"{BEFORE} days that nobody touched run from {_say(min(values[old]))} to {_say(max(values[old]))} {place.unit}; the aim is {_say(place.aim)}."
    if seen > BEFORE:
        own = values[BEFORE:]
        told += f" {wording.plural(len(own), 'day').capitalize()} of yours so far, from {_say(min(own))} to {_say(max(own))}."
    if over:
        alone = left.values[BEFORE:]
        told += f" Left alone, the same days would have run from {_say(min(alone))} to {_say(max(alone))}."
    return schema.figure(
        f"{place.what.capitalize()}, each day ({place.unit})",
        marks,
        description=told,
        x_label="Day",
        y_label=place.unit.capitalize(),
        x_range=(0.5, BEFORE + TURNS + 0.5),
        y_range=_reach(drawn, place, least=5),
        height=300,
    )


def _by_order(place: Place, params: schema.Params) -> dict[str, Any]:
    size = params["shift"] * place.sd
    steady = Parameters(
        target=place.aim, sd=place.sd, days=DAYS, replicates=0, shift=size, shift_day=SHIFT_DAY
    )
    runs = funnel.compare_policies(steady, seed=ORDER_SEED + params["seed"])
    chosen = params["order"]
    told = _order_result(place, runs, chosen, changed=bool(size))
    panels = [
        _order_figure(place, runs, chosen, changed=bool(size)),
        schema.sentence(told, heading="In plain English", reveal=True),
        schema.sentence(_order_feeling(place, runs, chosen), heading="Why it feels right", reveal=True),
    ]
    if params["prediction"] is not None:
        panels.append(
            schema.sentence(_guessed(place, runs, params["prediction"]), heading="Your guess", reveal=True)
        )
    panels.append(schema.sentence(_MEANS[chosen], beside="order", reveal=True))
    if size:
        panels.append(
            schema.sentence(
                f"From day {SHIFT_DAY} the work itself takes {_amount(size, place)} longer.",
                beside="shift",
                reveal=True,
            )
        )
    columns = [
        "Standing order",
        f"SD around the aim, {place.unit}",
        "Times leaving it alone",
        f"In the long run, day {DAYS}",
        f"Furthest off, {place.unit}",
        "Instructions" if size else "Wasted instructions",
        "Next day moved back",
    ]
    panels += [
        schema.table(
            f"Four orders, the same {DAYS} days", columns, _order_rows(place, runs), open=True, reveal=True
        ),
        _long_run_figure(place, runs),
        schema.challenge(_CHALLENGE, *_order_challenge(place, runs, chosen, size)),
    ]
    data = {
        "columns": ["Day", *[f"{ORDERS[policy]}, {place.unit}" for policy in runs]],
        "rows": [[day + 1, *[round(run.values[day], 2) for run in runs.values()]] for day in range(DAYS)],
    }
    panels.append(schema.table("Every day under each order", data["columns"], data["rows"], reveal=True))
    return schema.view(panels, summary=told, data=data)


_CHALLENGE = "Find settings where answering every day does better than leaving it alone."


def _order_result(place: Place, runs: dict[str, Result], chosen: str, *, changed: bool) -> str:
    run, alone = runs[chosen], runs["leave"]
    worst = f"The day furthest from the aim is day {run.worst_day + 1}: {_say(run.values[run.worst_day])} {place.unit}."
    if chosen == "leave":
        touched = "though the work slowed" if changed else "and nobody touched it"
        return f"Left alone, the days have a standard deviation of {_spread(run.trace_rms, place)} around the aim, {touched}. {worst}"
    wasted = "" if changed else ", all wasted"
    return (
        f"{ORDERS[chosen]}: a standard deviation of {_spread(run.trace_rms, place)} around the aim, "
        f"{run.trace_rms / alone.trace_rms:.2f} times that of leaving it alone ({_spread(alone.trace_rms, place)}). {worst} "
        f"It took {_given(run.wasted_moves)}{wasted}."
    )


def _order_feeling(place: Place, runs: dict[str, Result], chosen: str) -> str:
    alone, days = _moved_back(runs["leave"].values, place)
    if chosen == "leave":
        return (
            f"A day off the aim was followed by a move back {alone} times in {days}, with nobody doing "
            "anything. Whoever had given an order would have sworn that it worked."
        )
    back, days_on = _moved_back(runs[chosen].values, place)
    told = f"Under this order a day off the aim was followed by a move back {back} times in {days_on}. Left alone: {alone} in {days}."
    if back / days_on > alone / days:
        return f"{told} Morning by morning, the order looks as if it works."
    return f"{told} Here not even the next morning looks better."


def _guessed(place: Place, runs: dict[str, Result], guess: str) -> str:
    best = min(runs, key=lambda policy: runs[policy].trace_rms)
    said = (
        f"You chose “{ORDERS[guess]}”: {_spread(runs[guess].trace_rms, place)} around the aim on these days."
    )
    if guess == best:
        return f"{said} No other order does better here."
    if best == "leave" and guess == "from_setting":
        return f"{said} Leaving it alone: {_spread(runs[best].trace_rms, place)}. It is the careful choice, and it costs."
    return f"{said} The closest is “{ORDERS[best]}”: {_spread(runs[best].trace_rms, place)}."


def _order_rows(place: Place, runs: dict[str, Result]) -> list[list[Any]]:
    alone = runs["leave"].trace_rms
    rows = []
    for policy, run in runs.items():
        back, days = _moved_back(run.values, place)
        rows.append(
            [
                ORDERS[policy],
                round(run.trace_rms, 2),
                round(run.trace_rms / alone, 2),
                round(run.exact_last_day_sd / place.sd, 2),
                round(abs(run.values[run.worst_day] - place.aim), 1),
                run.wasted_moves,
                f"{back} of {days}",
            ]
        )
    return rows


def _order_challenge(place: Place, runs: dict[str, Result], chosen: str, size: float) -> tuple[bool, str]:
    run, alone = runs[chosen], runs["leave"]
    if not size:
        return (
            False,
            "While nothing really changes no daily order can win, except by luck. Make something change.",
        )
    said = f"In the long run: {_spread(run.exact_rms, place)} around the aim, against {_spread(alone.exact_rms, place)} left alone."
    if chosen == "leave":
        return False, "Now choose an order that answers the change."
    if run.exact_rms >= alone.exact_rms:
        return False, f"{said} The change is real, but this order does more damage than the change does."
    acts = SHIFT_DAY + DAYS_TO_NOTICE
    once = Parameters(
        policy="manual",
        target=place.aim,
        sd=place.sd,
        days=DAYS,
        moves=(0.0,) * (acts - 2) + (-size,),
        shift=size,
        shift_day=SHIFT_DAY,
        replicates=0,
    )
    waited = math.sqrt(fmean(distance**2 for distance in funnel.exact_distances(once)))
    told = (
        f"{said} There was something to answer, and this order answers it, along with every day of plain luck. Someone who waits "
        f"{wording.plural(DAYS_TO_NOTICE, 'day')} to be sure, then corrects once: {_spread(waited, place)}."
    )
    return (
        True,
        told if waited < run.exact_rms else f"{told} But a change as large as this shows sooner than that.",
    )


def _order_figure(place: Place, runs: dict[str, Result], chosen: str, *, changed: bool) -> dict[str, Any]:
    run, alone = runs[chosen], runs["leave"]
    days = list(range(1, DAYS + 1))
    marks = [schema.mark("rule_y", "target", y=[place.aim], label="Aim")]
    if changed:
        marks.append(
            schema.mark("rule_x", "recalculation", x=[SHIFT_DAY - 0.5], label="A real change", reveal=True)
        )
    if chosen != "leave":
        marks += [
            schema.mark("line", "group_a", x=days, y=alone.values, reveal=True),
            schema.mark(
                "dot",
                "group_a",
                x=days,
                y=alone.values,
                label="The same days left alone",
                title=[_titled(day, value, place) for day, value in enumerate(alone.values, 1)],
                reveal=True,
            ),
        ]
    marks += [
        schema.mark("line", _GROUPS[chosen], x=days, y=run.values, reveal=True),
        schema.mark(
            "dot",
            _GROUPS[chosen],
            x=days,
            y=run.values,
            label=ORDERS[chosen],
            title=[_titled(day, value, place) for day, value in enumerate(run.values, 1)],
            reveal=True,
        ),
        schema.mark(
            "dot",
            "signal_neutral",
            x=[run.worst_day + 1],
            y=[run.values[run.worst_day]],
            label="Furthest from the aim",
            reveal=True,
        ),
    ]
    told = f"{DAYS} days under the order “{ORDERS[chosen]}”, from {_say(min(run.values))} to {_say(max(run.values))} {place.unit}, around an aim of {_say(place.aim)}."
    if chosen != "leave":
        told += f" Left alone, the same days run from {_say(min(alone.values))} to {_say(max(alone.values))}."
    return schema.figure(
        f"{place.what.capitalize()}, each day ({place.unit})",
        marks,
        description=told,
        x_label="Day",
        y_label=place.unit.capitalize(),
        x_range=(0.5, DAYS + 0.5),
        y_range=_reach(run.values + alone.values, place, least=6),
        height=320,
    )


def _long_run_figure(place: Place, runs: dict[str, Result]) -> dict[str, Any]:
    """The exact spread of each day: what a great many such services would show."""
    days = list(range(1, DAYS + 1))
    lines: dict[tuple[float, ...], list[str]] = {}
    for policy, run in runs.items():
        lines.setdefault(funnel.exact_distances(run.parameters), []).append(policy)
    named = {spread: " / ".join(ORDERS[policy] for policy in policies) for spread, policies in lines.items()}
    ends = "; ".join(f"{name} {_spread(spread[-1], place)}" for spread, name in named.items())
    return schema.figure(
        f"A great many such services: standard deviation of each day around the aim ({place.unit})",
        [
            schema.mark("line", _GROUPS[policies[0]], x=days, y=spread, label=named[spread], reveal=True)
            for spread, policies in lines.items()
        ],
        description=f"One line an order. On day {DAYS}: {ends}.",
        x_label="Day",
        y_label=place.unit.capitalize(),
        x_range=(0.5, DAYS + 0.5),
        y_zero=True,
        height=240,
        reveal=True,
    )


def _moved_back(values: Sequence[float], place: Place) -> tuple[int, int]:
    """How many days off the aim were followed by a move the other way, and how many days off the aim there were."""
    moves = [(value - place.aim) * (after - value) for value, after in pairwise(values) if value != place.aim]
    return sum(move < 0 for move in moves), len(moves)


def _rms(values: Sequence[float], place: Place) -> float:
    return round(math.sqrt(fmean((value - place.aim) ** 2 for value in values)), 2)


def _furthest(values: Sequence[float], place: Place) -> float:
    return round(max(abs(value - place.aim) for value in values), 1)


def _reach(values: Sequence[float], place: Place, *, least: float) -> tuple[float, float]:
    """An axis with the aim in its middle, which holds still until a value needs more room."""
    half = max(least * place.sd, 1.08 * max(abs(value - place.aim) for value in values))
    return place.aim - half, place.aim + half


def _off(value: float, place: Place) -> str:
    miss = round(value - place.aim, 1)
    if not miss:
        return "on the aim"
    return f"{_say(abs(miss))} {'over' if miss > 0 else 'under'} the aim of {_say(place.aim)}"


def _titled(day: int, value: float, place: Place) -> str:
    return f"Day {day}: {_say(value)} {place.unit}"


def _given(number: int) -> str:
    return f"{number} instruction{'' if number == 1 else 's'}"


def _spread(value: float, place: Place) -> str:
    return f"{shown(value, 1 if place.sd >= 5 else 2)} {place.unit}"


def _amount(value: float, place: Place) -> str:
    return f"{_say(value)} {place.unit.removesuffix('s') if _say(value) == '1' else place.unit}"


def _say(value: float) -> str:
    return shown(value, 1)
