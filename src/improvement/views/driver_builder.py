"""W33 aim and driver builder: read aims for group, measure, amount and date; link change ideas to the aim; print both."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from improvement import aims
from improvement.aims import Aim, Diagram, Node, Part
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Rows, Text

BASELINE_POINTS = 12
MOST_AIMS = 20

FIRST_DRAFTS = (
    "Improve patient experience on our ward as soon as possible.",
    "Reduce falls by 30%.",
    "Raise awareness of sepsis among all staff by Christmas.",
    "Get theatre lists to start on time.",
    "Halve the time crews wait to hand over at Southmoor by 31 March 2027.",
    "Increase physical health checks for people with psychosis under the Larch team to 80%.",
    "Become an outstanding service for our residents within two years.",
    "Every patient will be seen within 18 weeks.",
    "Cut missed appointments in the Tuesday memory clinic from 12% to 6% by 30 June 2027.",
    "Ensure timely discharge from Ward 7 going forward.",
)
"""Invented first drafts, in the manner of those that come before anybody has asked a question."""

_ASKS = {
    "population": "For whom, where",
    "measure": "What is counted",
    "amount": "How much",
    "date": "By when",
}
_STATES = {"found": "yes", "vague": "vague", "missing": "no"}

_BASELINES = {
    "records": ("Take it from records you already have", 0.0),
    "daily": ("Count every working day from now", 1 / 5),
    "weekly": ("Count every week from now", 1.0),
    "monthly": ("Count every month from now", 52 / 12),
}


@dataclass(frozen=True)
class Start:
    """A diagram as a meeting left it: (words, leads to) for secondary drivers and ideas."""

    label: str
    sector: str
    aim: str
    primary: tuple[str, ...]
    secondary: tuple[tuple[str, str], ...]
    ideas: tuple[tuple[str, str], ...]

    @property
    def sets(self) -> dict[str, Any]:
        return {
            "aim": self.aim,
            "primary": [{"what": what} for what in self.primary],
            "secondary": [{"what": what, "leads_to": end} for what, end in self.secondary],
            "ideas": [{"what": what, "leads_to": end} for what, end in self.ideas],
        }


STARTS = {
    "falls": Start(
        "Social care: falls in a care home", "community",
        "Falls among residents of Elm House from 14 a month to 7 by 30 June 2027",
        ("Residents steady on their feet", "A safe way to the toilet at night"),
        (("Medicines that make people dizzy", "P1"), ("Strength and balance", "P1"), ("Light and clear floors", "P2"),
         ("Somebody near when it is needed", "P2"), ("Staff who know about falls", "")),
        (("Pharmacist reviews sedatives", "S1"), ("Chair exercise before tea", "S2"), ("Sensor lights to the toilet", "S3"),
         ("Training video for everybody", "S5"), ("Posters in the lift", "S5"), ("Fall of the month board", ""),
         ("Yellow socks", ""), ("New incident form", "S5")),
    ),
    "calls": Start(
        "Primary care: needless calls", "primary care",
        "Needless calls to Mill Lane Surgery from 25 a week to 12 by 30 June 2027",
        ("People know what happens next", "Things are done the first time"),
        (("Where a referral is", "P1"), ("What a letter means", "P1"), ("Prescriptions that reach the chemist", "P2"),
         ("A better phone system", "")),
        (("Copy of the referral, with its date, by text", "S1"), ("Weekly call with the hospital's booking office", "S1"),
         ("Plain words on top of each letter", "S2"), ("Ten minutes with the chemist each Friday", "S3"),
         ("Music while you hold", "S4"), ("Call recording", "S4"), ("Poster: is your call necessary?", "")),
    ),
    "ward": Start(
        "Mental health: physical health checks", "mental health",
        "People admitted to Alder with all six physical checks in 48 hours from 40% to 80% by 30 June 2027",
        ("The check can be done when people come in", "People agree to it"),
        (("Kit within reach", "P1"), ("A named person each shift", "P1"), ("A good moment, well explained", "P2"),
         ("A policy that says so", "")),
        (("Box with cuff, scales and blood tubes", "S1"), ("Blood round on Saturdays", "S1"), ("Name on the board at handover", "S2"),
         ("A peer worker explains it over tea", "S3"), ("Policy sent to all", "S4"), ("Monthly audit with a league table", "S4"),
         ("Screen saver", "")),
    ),
    "handover": Start(
        "Ambulance: waits to hand over", "ambulance",
        "Mean handover at Southmoor from 42 minutes to 25 by 30 June 2027",
        ("A place for each patient on arrival", "Nothing to wait for once inside"),
        (("Beds free before noon", "P1"), ("Other doors than the front one", "P1"), ("One handover, heard once", "P2"),
         ("Crews who hurry", "")),
        (("Two discharges from each ward by ten", "S1"), ("Straight to same-day care, by phone", "S2"),
         ("Chairs for people who can sit", "S2"), ("Nurse and crew speak at the trolley", "S3"),
         ("Weekly list of slowest crews", "S4"), ("Clock on the wall", "S4"), ("Thank-you letter from the chief", "")),
    ),
}  # fmt: skip

_GUESSES = ("0 to 2", "3 or 4", "5 or 6", "7 or more")


def _guess(name: str, label: str, job: str) -> Choice:
    return Choice(
        name=name,
        label=label,
        default="",
        options=(
            Option(value="", label="Say first"),
            *(Option(value=words, label=words) for words in _GUESSES),
        ),
        show_when={"job": job},
        keep=True,
    )


_CHARTER = (
    Text(name="why", label="Why it matters, and which patients or staff said so", rows=2, maximum_length=400, show_when={"job": "charter"}),
    Text(name="team", label="Who leads, who is in the team, who sponsors it", rows=2, maximum_length=300, show_when={"job": "charter"}),
    Text(name="scope", label="What is in, what is out, and who might be left behind", rows=2, maximum_length=400, show_when={"job": "charter"}),
    Text(name="registered", label="Registered with which office, under what number", maximum_length=150, show_when={"job": "charter"}),
    Text(name="governance", label="Who checked which data you may use, keep and show", rows=2, maximum_length=300, show_when={"job": "charter"}),
    Text(name="mine", label="What I shall do myself", rows=2, maximum_length=300, show_when={"job": "charter"}),
)  # fmt: skip

DECLARATION = schema.Declaration(
    title="Aim and driver builder",
    intro="Read aims as they are written, charter your own, or draw how change is meant to reach one. Nothing leaves this device.",
    controls=(
        Choice(
            name="job",
            label="What now?",
            default="aims",
            radio=True,
            options=(
                Option(value="aims", label="Read a list of aims"),
                Option(value="charter", label="Write one aim and its charter"),
                Option(value="drivers", label="Draw a driver diagram"),
            ),
        ),
        _guess(
            "guess_aims",
            "Ten aims stand below. How many name a group, a measure, an amount and a date?",
            "aims",
        ),
        Text(
            name="list",
            label="Aims, one a line",
            help="Put your own team's in their place: the last ten projects.",
            default="\n".join(FIRST_DRAFTS),
            rows=10,
            maximum_length=6000,
            show_when={"job": "aims"},
        ),
        _guess("guess_ideas", "How many of the change ideas have a path to the aim?", "drivers"),
        Choice(
            name="start",
            label="Start from",
            default="falls",
            show_when={"job": "drivers"},
            options=(
                *(
                    Option(value=value, label=start.label, sector=start.sector, sets=start.sets)
                    for value, start in STARTS.items()
                ),
                Option(
                    value="blank",
                    label="My own, a blank sheet",
                    sets={"aim": "", "primary": [], "secondary": [], "ideas": []},
                ),
            ),
        ),
        Text(
            name="sentence",
            label="Your aim, in one sentence",
            default="Improve handover on our ward as soon as possible",
            rows=2,
            maximum_length=aims.LONGEST,
            show_when={"job": "charter"},
        ),
        *_CHARTER,
        Choice(
            name="baseline",
            label="Where the first twelve points come from",
            default="weekly",
            show_when={"job": "charter"},
            options=tuple(Option(value=value, label=label) for value, (label, _) in _BASELINES.items()),
        ),
        Number(
            name="weeks",
            label="Weeks you have",
            default=16,
            minimum=4,
            maximum=52,
            unit="weeks",
            show_when={"job": "charter"},
        ),
        Text(
            name="aim",
            label="Aim",
            default=STARTS["falls"].aim,
            rows=2,
            maximum_length=aims.LONGEST,
            show_when={"job": "drivers"},
        ),
        Rows(
            name="primary",
            label="Primary driver P",
            help="What must change for the aim to come true. Each leads to the aim. Removing one renumbers those below it.",
            add="Add a primary driver",
            maximum=5,
            default=STARTS["falls"].sets["primary"],
            show_when={"job": "drivers"},
            fields=(Text(name="what", label="What", maximum_length=80),),
        ),
        Rows(
            name="secondary",
            label="Secondary driver S",
            help="What moves a primary driver. Say which: P1, or P1 P2. Removing one renumbers those below it.",
            add="Add a secondary driver",
            maximum=8,
            default=STARTS["falls"].sets["secondary"],
            show_when={"job": "drivers"},
            fields=(
                Text(name="what", label="What", maximum_length=80),
                Text(name="leads_to", label="Leads to", maximum_length=30),
            ),
        ),
        Rows(
            name="ideas",
            label="Change idea C",
            help="Something to try. Say which driver it moves: S1, or P2, or S1 S3.",
            add="Add a change idea",
            maximum=12,
            default=STARTS["falls"].sets["ideas"],
            show_when={"job": "drivers"},
            fields=(
                Text(name="what", label="What", maximum_length=80),
                Text(name="leads_to", label="Leads to", maximum_length=30),
            ),
        ),
    ),
    assumptions=(
        "An aim is complete when the words name a group that leaves somebody out, something to count or time, an amount and a day.",
        "“All” and “zero” count as amounts. “In six months” and “soon” do not count as dates.",
        "A change idea has a path when its arrows reach a primary driver and so the aim.",
    ),
    cannot_tell=(
        *aims.CANNOT_JUDGE,
        "Whether an arrow is true. It sees that somebody drew one.",
        "Whether what is written in a charter is so: it sees that a box is filled.",
    ),
    honesty="The ten aims and the four diagrams are invented, with their gaps. Only your own list can say how many aims near you are whole.",
    printable=True,
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view of the part chosen: aims read, an aim with its charter, or the driver diagram."""
    return {"aims": _aims, "charter": _charter, "drivers": _drivers}[params["job"]](params)


# A list of aims


def _aims(params: schema.Params) -> dict[str, Any]:
    lines = [line.strip() for line in params["list"].splitlines() if line.strip()]
    if len(lines) > MOST_AIMS:
        raise ValueError(
            f"{len(lines)} aims is too many to look at together. Keep to {MOST_AIMS}, one a line."
        )
    if not lines:
        raise ValueError("There are no aims. Write one on each line.")
    example = tuple(lines) == FIRST_DRAFTS
    if example and not params["guess_aims"]:
        told = "Ten aims to read. Say how many are whole, and the reading appears."
        return schema.view(
            [schema.listing("Ten aims", list(FIRST_DRAFTS), empty="")],
            summary=told,
        )
    read = [_read(line, number) for number, line in enumerate(lines, start=1)]
    whole = sum(aim.complete for aim in read)
    told = f"{whole} of {_count(len(read), 'aim')} {'names' if whole == 1 else 'name'} all four parts."
    lacking = {part: sum(part in aim.lacks for aim in read) for part in aims.PARTS}
    worst = [_ASKS[part].lower() for part in aims.PARTS if lacking[part] == max(lacking.values())]
    unbound = sum("population" in aim.lacks or "amount" in aim.lacks for aim in read)
    detail = (
        f" {unbound} {'lacks' if unbound == 1 else 'lack'} a group or an amount. What is lacking most often: {' and '.join(worst)} ({max(lacking.values())} of {len(read)})."
        if any(lacking.values())
        else " Whether they are good aims, the words cannot say."
    )
    panels = [_parts_figure(read)]
    if example:
        panels.append(schema.sentence(_judge(params["guess_aims"], whole), heading="Your guess"))
    table = {
        "columns": ["Aim", *_ASKS.values()],
        "rows": [
            [aim.sentence, *[_cell(getattr(aim, part)) for part in aims.PARTS]] for aim in read
        ],
    }  # fmt: skip
    panels += [
        schema.sentence(told + detail, heading="In plain English"),
        schema.listing(
            "What each lacks",
            [f"{aim.sentence} {_lacking(aim)}" for aim in read],
            empty="",
        ),
        schema.table("Every aim, as it was read", table["columns"], table["rows"]),
    ]
    return schema.view(panels, summary=told, data=table)


def _read(line: str, number: int) -> Aim:
    try:
        return aims.read_aim(line)
    except ValueError as error:
        raise ValueError(f"Line {number}. {error}") from None


def _cell(part: Part) -> str:
    return f"{_STATES[part.state]}: {part.words}" if part.words else _STATES[part.state]


def _lacking(aim: Aim) -> str:
    if aim.complete:
        return "All four are there."
    vague = [
        f"{_ASKS[part].lower()} (“{getattr(aim, part).words}”)"
        for part in aim.lacks
        if getattr(aim, part).words
    ]
    missing = [_ASKS[part].lower() for part in aim.lacks if not getattr(aim, part).words]
    said = [f"Missing: {', '.join(missing)}."] if missing else []
    return " ".join([*said, *([f"Vague: {', '.join(vague)}."] if vague else [])])  # fmt: skip


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _parts_figure(read: list[Aim]) -> dict[str, Any]:
    names = [*_ASKS.values(), "All four"]
    found = [sum(part not in aim.lacks for aim in read) for part in aims.PARTS]
    found.append(sum(aim.complete for aim in read))
    told = [f"{name.lower()}: {number}" for name, number in zip(names, found, strict=True)]
    return schema.figure(
        f"Which part is there, of {_count(len(read), 'aim')}",
        [
            schema.mark(
                "bar_x", "data", label="Named", x1=[0] * 5, x2=found, text=names,
                title=[f"{one} of {len(read)}" for one in told],
            )
        ],
        description=f"Of {_count(len(read), 'aim')}, those that name {'; '.join(told)}.",
        x_label="Aims",
        y_label="",
        x_range=(0, len(read)),
        height=220,
    )  # fmt: skip


def _within(words: str, number: int) -> bool:
    low, _, high = words.partition(" to ") if " to " in words else words.partition(" or ")
    return number >= int(low) and (high == "more" or number <= int(high))


def _judge(guess: str, number: int) -> str:
    said = f"You said {guess}; it is {number}."
    if _within(guess, number):
        return f"{said} You read what is there, and not what was meant."
    if number < int(guess.split()[0]):
        return f"{said} Each of them sounds like a plan. A reader fills the gaps without noticing."
    return f"{said} Better than you feared."


# One aim and its charter


def _charter(params: schema.Params) -> dict[str, Any]:
    aim = aims.read_aim(params["sentence"])
    rows = [
        [_ASKS[part], _STATES[getattr(aim, part).state], getattr(aim, part).words, getattr(aim, part).note]
        for part in aims.PARTS
    ]
    named = len(aims.PARTS) - len(aim.lacks)
    told = f"{named} of 4 parts of the aim are named." if named != 1 else "1 of 4 parts of the aim is named."
    code, words = ("reliably_meets", "All four named") if aim.complete else ("hit_and_miss", f"{named} of 4 named")  # fmt: skip
    missing = [control.label for control in _CHARTER if not params[control.name].strip()]
    sheet = [["Aim", aim.sentence], *[[control.label, params[control.name].strip()] for control in _CHARTER],
             ["First twelve points", _BASELINES[params["baseline"]][0]]]  # fmt: skip
    panels = [
        schema.verdict(
            "Your aim",
            code,
            words,
            _lacking(aim)
            + " It reads words, not sense: whether the aim is a good one, ask the people in it.",
        ),
        schema.table("What it read", ["Question", "Named?", "Your words", "Ask yourself"], rows, open=True),
        schema.sentence(
            _feasible(params["baseline"], params["weeks"]), heading="Twelve points to start from"
        ),
        schema.listing(
            "Still empty in the charter",
            missing,
            empty="Nothing. That is a completeness check: any words would pass it.",
        ),
        schema.table("The charter", ["Part", "Yours"], sheet, open=True),
    ]
    return schema.view(
        panels,
        summary=f"{told} {_count(len(missing), 'part')} of the charter still empty.",
        data={"columns": ["Part", "Yours"], "rows": sheet},
    )


def _feasible(source: str, weeks: int) -> str:
    gap = _BASELINES[source][1]
    needed = math.ceil(BASELINE_POINTS * gap)
    if source == "records":
        return (
            f"{BASELINE_POINTS} points from records cost a day or two of your {_count(weeks, 'week')}, and a check of what you may look at. "
            "Ask how they were counted: the rule may have changed."
        )
    left = weeks - needed
    said = f"{BASELINE_POINTS} points need {_count(needed, 'week')}."
    if left <= 0:
        return f"{said} You have {weeks}: the baseline alone uses them up. Look for records, or count daily."
    return f"{said} Of your {weeks}, {left} {'is' if left == 1 else 'are'} left to test anything. Records you already have would leave nearly all."


# The driver diagram


def _drivers(params: schema.Params) -> dict[str, Any]:
    diagram = _diagram(params)
    ideas = diagram.of("idea")
    blank = params["start"] == "blank"
    if not blank and not params["guess_ideas"]:
        lines = [_line(node) for node in diagram.nodes if node.kind != "primary"]
        told = f"{_count(len(ideas), 'change idea')} to follow. Say how many have a path, and the diagram appears."
        return schema.view(
            [
                schema.sentence(diagram.aim or "Not written yet.", heading="Aim"),
                schema.listing("Primary drivers", [_line(node) for node in diagram.of("primary")], empty="None yet."),
                schema.listing("What the meeting wrote under them", lines, empty="Nothing yet."),
            ],
            summary=told,
        )  # fmt: skip
    reach = len(ideas) - len(diagram.unreachable)
    told = (
        f"{reach} of {_count(len(ideas), 'change idea')} {'has' if reach == 1 else 'have'} a path to the aim."
    )
    if not diagram.aim:
        told = "There is no aim, so nothing can reach it."
    # A graph that leads would stand in front of the controls on a phone.
    panels = [
        schema.sentence(f"{told} {_aim_note(diagram)}".strip(), heading="In plain English"),
        _graph(diagram),
    ]
    start = STARTS.get(params["start"])
    untouched = start is not None and all(params[name] == value for name, value in start.sets.items())
    if untouched:
        panels.append(schema.sentence(_judge_ideas(params["guess_ideas"], reach), heading="Your guess"))
    panels += [
        schema.listing("Gaps, by name", _gaps(diagram), empty="None that links can show. Whether they are true is another matter."),
        schema.listing("Read each path aloud. Do you believe every “so”?", _aloud(diagram), empty="There is no path yet."),
    ]  # fmt: skip
    data = {
        "columns": ["Part", "Id", "What", "Leads to"],
        "rows": [[node.kind, node.id, node.what, " ".join(node.leads_to)] for node in diagram.nodes],
    }
    panels.append(
        schema.table(f"The diagram in words. Aim: {diagram.aim or 'none yet'}", data["columns"], data["rows"])
    )
    return schema.view(panels, summary=f"{told} {_count(len(_gaps(diagram)), 'gap')}.", data=data)


def _diagram(params: schema.Params) -> Diagram:
    rows = []
    for kind, letter, name in (
        ("primary", "P", "primary"),
        ("secondary", "S", "secondary"),
        ("idea", "C", "ideas"),
    ):
        for number, row in enumerate(params[name], start=1):
            if not row["what"].strip():
                continue
            ends = row.get("leads_to", "").upper().replace(",", " ").replace(";", " ").split()
            where = f"{aims.NAMES[kind].capitalize()} {letter}{number}"
            rows.append((where, Node(kind, f"{letter}{number}", " ".join(row["what"].split()), tuple(dict.fromkeys(ends)))))  # fmt: skip
    return aims.build_diagram(params["aim"], rows)


def _line(node: Node) -> str:
    if node.kind == "primary":
        return f"{node.id} {node.what}"
    ends = f"leads to {', '.join(node.leads_to)}" if node.leads_to else "leads nowhere yet"
    return f"{node.id} {node.what}: {ends}"


def _judge_ideas(guess: str, number: int) -> str:
    said = f"You said {guess}; it is {number}."
    if _within(guess, number):
        return f"{said} You followed the arrows to their end."
    if number < int(guess.split()[0]):
        return f"{said} Some arrows end at a box that leads nowhere. It looked like a plan because every idea stood in a column."
    return f"{said} More than you gave the meeting credit for."


def _aim_note(diagram: Diagram) -> str:
    if not diagram.aim:
        return "Write the aim first."
    lacks = aims.read_aim(diagram.aim).lacks
    if not lacks:
        return ""
    return f"The aim itself is not clear about: {', '.join(_ASKS[part].lower() for part in lacks)}."


def _gaps(diagram: Diagram) -> list[str]:
    stranded = {node.id for node in diagram.stranded}
    items = []
    for idea in diagram.unreachable:
        if not diagram.aim:
            break
        if not idea.leads_to:
            why = "It leads to no driver. What is it meant to change?"
        else:
            why = f"It leads to {', '.join(idea.leads_to)}, which {'leads' if len(idea.leads_to) == 1 else 'lead'} no further."
        items.append(f"{idea.id} “{idea.what}” has no path to the aim. {why}")
    if diagram.aim:
        items += [
            f"{node.id} “{node.what}” leads to no primary driver." for node in diagram.stranded if not node.leads_to
        ]  # fmt: skip
    items += [
        f"{node.id} “{node.what}” has no change idea." for node in diagram.idle if node.id not in stranded
    ]
    if not diagram.aim:
        items.insert(0, "There is no aim.")
    return items


def _aloud(diagram: Diagram) -> list[str]:
    return [
        f"We try “{path[0].what}”, so “{'”, so “'.join(node.what for node in path[1:])}”, so “{diagram.aim}”."
        for idea in diagram.of("idea")
        for path in diagram.paths(idea.id)
    ]


def _graph(diagram: Diagram) -> dict[str, Any]:
    broken = {node.id for node in (*diagram.unreachable, *diagram.stranded, *diagram.idle)}
    reached = {node.id for idea in diagram.of("idea") for path in diagram.paths(idea.id) for node in path}
    state: Mapping[str, str] = {
        node.id: "gap" if node.id in broken else "good" if node.id in reached else "plain"
        for node in diagram.nodes
    }
    columns = [("Aim", [("aim", diagram.aim or "No aim yet", "plain" if diagram.aim else "gap")])]
    for kind, heading in (
        ("primary", "Primary drivers"),
        ("secondary", "Secondary drivers"),
        ("idea", "Change ideas"),
    ):
        columns.append((heading, [(node.id, f"{node.id} {node.what}", state[node.id]) for node in diagram.of(kind)]))  # fmt: skip
    edges = []
    for node in diagram.nodes:
        for end in ("aim",) if node.kind == "primary" else node.leads_to:
            whole = node.id in reached and (end == "aim" or end in reached)
            edges.append((node.id, end, "plain" if whole else "gap"))
    gaps = _gaps(diagram)
    told = " ".join(gaps) or "Every change idea has a path to the aim, and every driver has an idea."
    counts = ", ".join(_count(len(diagram.of(kind)), aims.NAMES[kind]) for kind in aims.KINDS)
    return schema.graph(
        "From change ideas to the aim",
        columns,
        edges,
        description=f"Arrows run from right to left, towards the aim. {counts}. {told}",
    )
