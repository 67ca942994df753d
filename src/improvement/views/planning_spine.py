"""W28 planning spine: a confident plan read as a chain from people to controls, with every broken link named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from improvement import planning
from improvement.planning import NEED_KINDS, PARTS, STEPS, VOICES, Gap, Item, Plan
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Rows, Text


@dataclass(frozen=True)
class Example:
    """A plan that holds together, and what was wrong with it before anybody followed its links.

    `dropped` were never thought of, `blanked` name nobody, `unheard` says whose voice is absent, and `toy` is a feature
    that no need asked for, with the step that produces it.
    """

    label: str
    sector: str
    pages: tuple[str, str]
    mended: str
    dropped: tuple[str, ...]
    blanked: tuple[str, ...]
    unheard: Mapping[str, str]
    toy: tuple[str, str] | None = None

    @property
    def whole(self) -> Plan:
        return planning.read_plan(_HEADING + self.mended)

    @property
    def written(self) -> Plan:
        items = []
        for item in self.whole.items:
            if item.id in self.dropped:
                continue
            detail = "" if item.id in self.blanked else self.unheard.get(item.id, item.detail)
            serves = tuple(end for end in item.serves if end not in self.dropped)
            if self.toy and self.toy[1] == item.id:
                serves = (*serves, "F7")
            items.append(replace(item, detail=detail, serves=serves))
        if self.toy:
            items.append(Item("feature", "F7", self.toy[0]))
        return Plan(tuple(items))


_HEADING = "part;id;what;serves;detail;weight\n"

EXAMPLES = {
    "wounds": Example(
        label="Community: leg wounds",
        sector="community",
        pages=(
            "Five nurses' lists become one clinic. Everybody with a leg wound is booked within a week, assessed at the first visit "
            "and offered compression there and then. At each dressing the wound is checked and photographed on a new tablet "
            "with a body map, into a record that practices can see. People who cannot leave home get care of the same standard. "
            "Patients, carers and practice nurses were consulted.",
            "Carers get a card with a number to ring at night, where 6 calls of 10 are answered today. The clinic sister has a "
            "weekly chart of days to the first visit. Signs of infection, noted at 9 dressings in 10, are audited: ten records a "
            "week. All staff are trained by 20 March, the flow chart is signed off, and the clinic opens on 1 April. From week "
            "nine its charts pass to operations.",
        ),
        mended="""
project;P1;One clinic for leg wounds in place of five lists;;community services director;
customer;C1;People with a leg wound;;asked;
customer;C2;People who cannot leave home;;asked;
customer;C3;Carers;;asked;
customer;C4;Practice nurses;;watched;
need;N1;A wound that heals;C1;outcomes;5
need;N2;Infection found early;C1;safety;5
need;N3;A first visit within a week;C1;timeliness;4
need;N4;At home, care as good;C2;equality;4
need;N5;Somebody to ring at night;C3;experience;3
need;N6;No dressing done twice;C4;efficiency;2
feature;F1;Compression at the first visit;N1;;
feature;F2;Signs checked at each dressing;N2;;
feature;F3;Booking from the practice;N3;;
feature;F4;The clinic's kit in a home bag;N4;;
feature;F5;A card with a night number;N5;;
feature;F6;A record that practices see;N6;;
step;S1;Book and assess;F1 F3;;
step;S2;Dress, check, photograph;F2 F6;;
step;S3;Pack for the home round;F4;;
step;S4;Give the card, explain it;F5;;
capability;K1;31 of 40 seen in a week, steady;S1;;
capability;K2;Signs noted at 9 dressings in 10;S2;;
capability;K3;Not known: first count in May;S3;;
capability;K4;6 of 10 calls answered at night;S4;;
control;H1;Days to first visit, weekly chart;S1;clinic sister;
control;H2;Signs noted, ten records a week;S2;senior dresser;
control;H3;Bag missing an item, each round;S3;home round lead;
control;H4;Night calls unanswered, monthly;S4;night coordinator;
transfer;T1;Clinic charts, from week nine;H1 H2;clinic sister;
transfer;T2;Home and night charts, from May;H3 H4;locality manager;
""",
        dropped=("F4", "S3", "K3", "H3", "K1", "H4", "T2"),
        blanked=("H2", "T1"),
        unheard={"C2": "not asked"},
        toy=("Tablet with a body map", "S2"),
    ),
    "crisis": Example(
        label="Mental health: crisis line",
        sector="mental health",
        pages=(
            "A line for people in crisis, open day and night across the county. A trained person answers. They can open the "
            "caller's crisis plan, so that nobody has to tell it all again. Families get a call back within a day. The line can "
            "book a bed in the crisis house, which spares people the emergency department and ambulance crews a wait. It is "
            "open to everyone.",
            "The rota follows last year's calls, of which 64 in 100 were answered within a minute. People who have rung, families, "
            "crews and police shaped the plan. The crisis plan is opened in 7 calls of 10, and ten calls a week are checked. Each "
            "morning the senior nurse goes through the calls still to return; 19 of 20 are returned within the day. The bed manager "
            "charts every bed refused. From June the operations manager and the crisis house lead take over. Equality impact: "
            "none found.",
        ),
        mended="""
project;P1;A crisis line for the county, day and night;;chief nurse;
customer;C1;People in crisis who ring;;asked;
customer;C2;People who cannot speak on the phone;;asked;
customer;C3;Families and friends;;asked;
customer;C4;Ambulance and police crews;;watched;
need;N1;A person answers before I give up;C1;timeliness;5
need;N2;Not telling it all again;C1;experience;4
need;N3;Help without having to speak;C2;equality;5
need;N4;To know when to worry;C3;safety;4
need;N5;Somewhere calmer than A&E;C4;outcomes;4
need;N6;One call, not four;C4;efficiency;2
feature;F1;A trained person answers;N1;;
feature;F2;The crisis plan on screen;N2;;
feature;F3;Text and relay service;N3;;
feature;F4;A call back within a day;N4;;
feature;F5;Crisis beds the line can book;N5 N6;;
step;S1;Staff the line by hour;F1;;
step;S2;Read the plan, keep it up;F2;;
step;S3;Staff the text desk;F3;;
step;S4;Ring back each morning;F4;;
step;S5;Offer and book the bed;F5;;
capability;K1;64 in 100 answered in a minute;S1;;
capability;K2;Plan opened in 7 calls of 10;S2;;
capability;K3;Not known: opens in May;S3;;
capability;K4;Called back in a day: 19 of 20;S4;;
capability;K5;A bed free on 5 nights of 7;S5;;
control;H1;Calls given up, chart by hour;S1;shift lead;
control;H2;Plan opened, ten calls a week;S2;team leader;
control;H3;Minutes to first reply, weekly;S3;text desk lead;
control;H4;Calls still to return, each day;S4;senior nurse;
control;H5;Bed asked for and refused;S5;bed manager;
transfer;T1;Line and desk, from June;H1 H3;operations manager;
transfer;T2;Plans and calls back, from June;H2 H4;operations manager;
transfer;T3;Bed bookings, from June;H5;crisis house lead;
""",
        dropped=("F3", "S3", "K3", "H3", "H1", "T1", "K5"),
        blanked=("H2",),
        unheard={"C2": "not asked"},
    ),
    "pressure": Example(
        label="System: frailty at home",
        sector="system",
        pages=(
            "Home visits come to Valley. A nurse visits people living with frailty and high blood pressure, agrees a goal with "
            "them, and opens with what matters most. A pharmacist reviews the medicines, cuts as well as adds, and tells the "
            "home care staff the same day. All readings flow to a dashboard. People, practices, home care staff and carers' "
            "representatives were round the table.",
            "It worked in Harbour. Today 60 in 100 are at their goal, steady for thirty months. The share at goal is charted "
            "every month, and falls after a change of medicine are reviewed by the lead pharmacist. Carers are at the heart of the "
            "plan. The partnership board decides, the pathway document is on the shared drive, and from July it is "
            "business as usual.",
        ),
        mended="""
project;P1;Home visits for frailty and blood pressure in Valley;;partnership board;
customer;C1;People with frailty and high pressure;;asked;
customer;C2;Their carers;;asked;
customer;C3;Practice nurses and pharmacists;;watched;
customer;C4;Home care staff;;asked;
need;N1;Pressure at the goal we agreed;C1;outcomes;5
need;N2;Not treated until I fall;C1;safety;5
need;N3;To be asked what I came for;C1;experience;4
need;N4;Care if I cannot get out;C1;equality;4
need;N5;A break before I am worn out;C2;experience;4
need;N6;Told of changes the same day;C4;timeliness;3
need;N7;One visit, not three;C3;efficiency;2
feature;F1;A goal agreed, readings at home;N1;;
feature;F2;Medicines cut as well as added;N2;;
feature;F3;“What matters most?” comes first;N3;;
feature;F4;Visits at home;N4 N7;;
feature;F5;A carer's break, booked there;N5;;
feature;F6;A message to home care;N6;;
step;S1;First visit by a nurse;F1 F3 F4;;
step;S2;Pharmacist reviews medicines;F2 F6;;
step;S3;Book the break with the council;F5;;
capability;K1;60 in 100 at goal, steady;S1;;
capability;K2;26 of 110 with falls: too much medicine;S2;;
capability;K3;Not known: first count in April;S3;;
control;H1;Share at goal, monthly chart;S1;visiting team lead;
control;H2;Falls after a change, each one;S2;lead pharmacist;
control;H3;Weeks to the break, monthly;S3;carers' officer;
transfer;T1;Visits and reviews, from July;H1 H2;neighbourhood manager;
transfer;T2;Breaks, from July;H3;council contracts lead;
""",
        dropped=("F5", "S3", "K3", "H3", "T2", "K2"),
        blanked=("H1", "T1"),
        unheard={"C2": "spoken for"},
        toy=("Dashboard of all readings", "S1"),
    ),
}  # fmt: skip
_NAMES = {
    "project": "Project", "customer": "Customers", "need": "Needs", "feature": "Features", "step": "Process steps",
    "capability": "How capable", "control": "Controls", "transfer": "Handed over",
}  # fmt: skip
_LETTERS = {
    "project": "P", "customer": "C", "need": "N", "feature": "F", "step": "S", "capability": "K", "control": "H", "transfer": "T",
}  # fmt: skip
_STAGES = (
    "Needs named", "Somebody asked", "A feature", "A process step", "Capability stated", "A control", "Its owner", "Handed over",
)  # fmt: skip
_HALVES = {
    "First half: who needs what, and what answers it": ("customer", "need", "feature", "step"),
    "Second half: can it, and will it hold?": ("capability", "step", "control", "transfer"),
}
BANDS = {
    "0": (0, 1, "None or one"),
    "2": (2, 3, "Two or three"),
    "4": (4, 5, "Four or five"),
    "6": (6, 999, "Six or more"),
}


def _cuts(plan: Plan) -> Iterator[Option]:
    """What the reader may take out of a plan that holds: a whole step, or one link."""
    words = {item.id: item.what for item in plan.items}
    yield Option(value="none", label="Nothing: leave it whole")
    for number in (6, 5, 4, 3, 2):
        yield Option(value=f"step {number}", label=f"Step {number} altogether: {STEPS[number].lower()}")
    for start, end in plan.links:
        yield Option(value=f"{start} {end}", label=f"{words[end]} ↔ {words[start]}")
    for item in plan.items:
        if item.part == "control":
            yield Option(value=f"owner {item.id}", label=f"The owner of: {item.what}")


def _serves(part: str) -> Text:
    served = planning.SERVES[part]
    return Text(
        name="serves",
        label=f"Serves which {_NAMES[served].lower()}? Their numbers, such as 1 3",
        maximum_length=40,
    )


def _part(part: str, label: str, maximum: int, *more: schema.Control, step: int | None = None) -> Rows:
    fields = (
        Text(name="what", label="What", maximum_length=60),
        *((_serves(part),) if part in planning.SERVES else ()),
        *more,
    )
    return Rows(
        name=f"own_{part}",
        label=label,
        add="Add a line",
        maximum=maximum,
        fields=fields,
        show_when={"source": "own", "fill": str(step or PARTS[part])},
        keep=True,
    )


_OWN = (
    _part("project", "Project", 1, Text(name="detail", label="Who decides?", maximum_length=40)),
    _part(
        "customer", "Customer", 10,
        Choice(name="detail", label="How do you know their needs?", default="not asked",
               options=tuple(Option(value=voice, label=voice.capitalize()) for voice in VOICES)),
    ),
    _part(
        "need", "Need", 12,
        Choice(name="detail", label="Kind", default="outcomes",
               options=tuple(Option(value=kind, label=kind.capitalize()) for kind in NEED_KINDS)),
        Number(name="weight", label="Importance, 1 to 5", default=3, minimum=1, maximum=5),
    ),
    _part("feature", "Feature", 12),
    _part("step", "Process step", 10),
    _part("capability", "Capability statement", 10),
    _part("control", "Control", 10, Text(name="detail", label="Its owner", maximum_length=40)),
    _part("transfer", "Handover", 10, Text(name="detail", label="Who takes over?", maximum_length=40)),
)  # fmt: skip

DECLARATION = schema.Declaration(
    title="Planning spine",
    intro="Read a plan, follow its links, then break one. Nothing you type leaves this device.",
    controls=(
        Choice(
            name="source",
            label="Whose plan?",
            default="wounds",
            options=(
                *(Option(value=name, label=one.label, sector=one.sector) for name, one in EXAMPLES.items()),
                Option(value="own", label="My own service"),
            ),
        ),
        *(
            Choice(
                name=f"version_{name}",
                label="Which version?",
                default="written",
                radio=True,
                show_when={"source": name},
                options=(
                    Option(value="written", label="As it was written"),
                    Option(value="mended", label="Mended, for you to break"),
                ),
            )
            for name in EXAMPLES
        ),
        *(
            Choice(
                name=f"cut_{name}",
                label="Take out",
                default="none",
                show_when={"source": name, f"version_{name}": "mended"},
                options=tuple(_cuts(one.whole)),
            )
            for name, one in EXAMPLES.items()
        ),
        Choice(
            name="fill",
            label="Fill in, one step at a time",
            default="1",
            show_when={"source": "own"},
            options=tuple(Option(value=str(number), label=f"{number}. {words}") for number, words in STEPS.items()),
        ),
        *_OWN,
    ),
    prediction=schema.Prediction(
        question="Read the two pages below. A link is broken where a need has no answer, an answer has no need, or nobody has "
        "asked, counted, watched or taken over. How many broken links has this plan?",
        control=Choice(
            name="prediction",
            label="Broken links",
            default=None,
            radio=True,
            options=tuple(Option(value=value, label=label) for value, (_, _, label) in BANDS.items()),
        ),
    ),
    assumptions=(
        "A need is held when one path leads from somebody who was asked to a control that a named person has taken over.",
        "Every link counts alike, and a step that is missing altogether counts as one broken link.",
        "A feature's priority is the importance of the needs it serves, added up.",
    ),
    cannot_tell=(
        "Whether a link is true. It sees that somebody wrote one.",
        "Who is missing from the list of customers. It can only follow the names that are there.",
        "Whether a control would work, or whether the need will be the same next year.",
    ),
    honesty="The three plans are invented; the numbers of the Valley plan come from the course's synthetic data.",
    printable=True,
)  # fmt: skip


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the pages, how far each need gets, the broken links by name, the spine and the dossier."""
    source = params["source"]
    if source == "own":
        return _own(params)
    example = EXAMPLES[source]
    if params[f"version_{source}"] == "written":
        pages = tuple(
            schema.sentence(text, heading=f"Page {number}")
            for number, text in enumerate(example.pages, start=1)
        )
        return _shown(example.written, params, pages=pages)
    plan = _without(example.whole, params[f"cut_{source}"])
    return _shown(plan, params, cut=params[f"cut_{source}"], breaking=True)


def _without(plan: Plan, cut: str) -> Plan:
    """Return the plan without what the reader took out."""
    if cut == "none":
        return plan
    first, second = cut.split()
    if first == "step":
        return plan.without_parts(*(part for part, number in PARTS.items() if number == int(second)))
    if first == "owner":
        return Plan(tuple(replace(one, detail="") if one.id == second else one for one in plan.items))
    return plan.without(first, second)


def _own(params: schema.Params) -> dict[str, Any]:
    rows = []
    for part in PARTS:
        for number, row in enumerate(params[f"own_{part}"], start=1):
            if not row["what"].strip():
                continue
            where = f"{_NAMES[part]}, line {number}"
            ends = row.get("serves", "").replace(",", " ").replace(";", " ").split()
            served = planning.SERVES.get(part)
            rows.append((where, {
                "part": part, "id": f"{_LETTERS[part]}{number}", "what": row["what"],
                "serves": " ".join(end if not end.isdigit() else f"{_LETTERS[served]}{end}" for end in ends),
                "detail": row.get("detail", ""), "weight": row.get("weight"),
            }))  # fmt: skip
    if not rows:
        told = "Your plan is empty. Begin with step 1: what is planned, and who decides?"
        return schema.view([schema.sentence(told, heading="Where you are")], summary=told)
    return _shown(planning.build(rows), params)


def _shown(
    plan: Plan,
    params: schema.Params,
    *,
    pages: tuple[dict[str, Any], ...] = (),
    cut: str = "none",
    breaking: bool = False,
) -> dict[str, Any]:
    found = planning.gaps(plan)
    chains = planning.follow(plan)
    held = sum(chain.lacks is None for chain in chains)
    broken = _count(len(found), "broken link")
    be = "is" if held == 1 or len(chains) == 1 else "are"
    ends = f"{held} of {_count(len(chains), 'need')} {be} held to the end"
    summary = (
        f"{broken}. {ends}." if chains else f"{broken}. No need is named, so there is nothing to follow."
    )
    panels = [
        _leaks(chains),
        *_guess(params, len(found)),
        schema.sentence(_headline(summary, found, chains, cut), heading="In plain English", reveal=True),
        schema.listing(
            "Broken links, by name",
            [f"Step {gap.step}. {gap.sentence}" for gap in found],
            empty="None. Every link that is written leads somewhere. Whether it is true, you have to go and ask.",
            reveal=True,
        ),
        *pages,
        *(
            _spine(plan, found, title, parts)
            for title, parts in _HALVES.items()
            if any(plan.of(part) for part in parts)
        ),
        _six_steps(plan, found),
        _chains(chains),
        _priorities(plan),
    ]
    if breaking:
        panels.append(_challenge(found, cut))
    data = {"columns": list(planning.COLUMNS), "rows": planning.rows(plan)}
    panels.append(
        schema.table(
            "The dossier: every line of the plan",
            ["Part", "Id", "What", "Serves", "Who, how or what kind", "Importance"],
            data["rows"],
            reveal=True,
        )
    )
    return schema.view(panels, summary=summary, data=data)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _guess(params: schema.Params, number: int) -> list[dict[str, Any]]:
    if params["prediction"] is None:
        return []
    low, high, words = BANDS[params["prediction"]]
    if params["source"] == "own" or params[f"version_{params['source']}"] != "written":
        return []
    verdict = "That is what a reader who follows the links finds." if low <= number <= high else ""
    if number > high:
        verdict = "The pages read well because every sentence sounds complete. What is broken lies between the sentences."
    if number < low:
        verdict = "You were harder on it than its own links are."
    said = f"You said {words.lower()}; the plan you are reading has {number}. {verdict}"
    return [schema.sentence(said, heading="Your guess", reveal=True)]


def _headline(summary: str, found: tuple[Gap, ...], chains: tuple[planning.Chain, ...], cut: str) -> str:
    leaking = [chain for chain in chains if chain.lacks is not None]
    if not leaking:
        return summary
    first = leaking[0]
    words = f"{summary} The most important need that leaks is “{first.need.what}”: it gets no further than “{_before(first)}”."
    if cut == "step 6" and found:
        words += " Every feature is still there and will work on the first day. What is gone is anybody who would notice the day it stops."
    return words


def _before(chain: planning.Chain) -> str:
    return _STAGES[chain.passed].lower()


def _leaks(chains: tuple[planning.Chain, ...]) -> dict[str, Any]:
    total = len(chains)
    left = [sum(chain.passed >= stage for chain in chains) for stage in range(len(_STAGES))]
    lost = [total - number for number in left]
    steps = [f"{stage.lower()} {number}" for stage, number in zip(_STAGES, left, strict=True)]
    marks = [
        schema.mark("bar_x", "data", label="Needs still on the spine", reveal=True, x1=[0] * len(left), x2=left,
                    text=list(_STAGES), title=[f"{stage}: {number} of {total}" for stage, number in zip(_STAGES, left, strict=True)]),
    ]  # fmt: skip
    if any(lost):
        marks.append(
            schema.mark("bar_x", "signal_concern", label="Leaked away by then", reveal=True, x1=left, x2=[total] * len(left),
                        text=list(_STAGES), title=[f"{stage}: {number} lost" for stage, number in zip(_STAGES, lost, strict=True)])
        )  # fmt: skip
    return schema.figure(
        "How many needs get how far",
        marks,
        description=f"Of {_count(total, 'need')}, still on the spine at each stage: {', '.join(steps)}.",
        x_label="Needs",
        y_label="",
        x_range=(0, max(total, 1)),
        height=290,
        reveal=True,
    )


def _spine(plan: Plan, found: tuple[Gap, ...], title: str, parts: tuple[str, ...]) -> dict[str, Any]:
    troubled = {gap.item for gap in found}
    shown = {part: plan.of(part) for part in parts}
    there = {item.id for items in shown.values() for item in items}
    columns = [
        (
            _NAMES[part],
            [(item.id, _boxed(item), "gap" if item.id in troubled else "plain") for item in items],
        )
        for part, items in shown.items()
    ]
    edges = [
        (end, item.id, "plain") if item.part != "capability" else (item.id, end, "plain")
        for items in shown.values()
        for item in items
        for end in item.serves
        if end in there
    ]
    marked = [item.what for items in shown.values() for item in items if item.id in troubled]
    told = f"Marked with a gap: {'; '.join(marked)}." if marked else "No box is marked."
    counts = ", ".join(f"{_NAMES[part].lower()} {len(items)}" for part, items in shown.items())
    return schema.graph(
        title,
        columns,
        edges,
        description=f"Boxes joined by {_count(len(edges), 'link')}: {counts}. {told}",
        reveal=True,
    )


def _boxed(item: Item) -> str:
    if item.part in ("control", "transfer"):
        return f"{item.what} ({item.detail or 'nobody'})"
    if item.part == "customer":
        return f"{item.what} ({item.detail})"
    return item.what


def _six_steps(plan: Plan, found: tuple[Gap, ...]) -> dict[str, Any]:
    rows = []
    for number, words in STEPS.items():
        lines = sum(len(plan.of(part)) for part, step in PARTS.items() if step == number)
        broken = sum(gap.step == number for gap in found)
        state = "missing" if not lines else "whole" if not broken else "leaks"
        rows.append([f"{number}. {words}", lines, broken, state])
    return schema.table(
        "Juran's six steps in this plan",
        ["Step", "Lines", "Broken links", "State"],
        rows,
        open=True,
        reveal=True,
    )


def _chains(chains: tuple[planning.Chain, ...]) -> dict[str, Any]:
    rows = [
        [
            chain.need.what,
            chain.need.detail,
            chain.need.weight,
            "nothing: it is held" if chain.lacks is None else chain.lacks,
        ]
        for chain in chains
    ]
    return schema.table(
        "Priorities: each need, the most important first, and the first thing it lacks",
        ["Need", "Kind", "Importance", "Lacks"], rows, reveal=True,
    )  # fmt: skip


def _priorities(plan: Plan) -> dict[str, Any]:
    words = {item.id: item.what for item in plan.of("feature")}
    rows = [
        [words[one.feature], int(one.score), f"{one.share:.0%}"] for one in planning.plan_priorities(plan)
    ]
    return schema.table(
        "Priorities: features by the importance of what they serve",
        ["Feature", "Score", "Share"],
        rows,
        reveal=True,
    )


def _challenge(found: tuple[Gap, ...], cut: str) -> dict[str, Any]:
    ask = "Take out something that breaks no link, or a whole step that breaks just one."
    if cut == "none":
        return schema.challenge(ask, False, "Take something out first.")
    if len(found) == 1 and cut.startswith("step"):
        return schema.challenge(
            ask, True,
            "A whole step is gone and one line is all you read. Counting broken links flatters a plan with a large hole: a step "
            "that was never begun breaks less than one half done. Look at the bars, not the count.",
        )  # fmt: skip
    return schema.challenge(
        ask,
        False,
        f"This broke {_count(len(found), 'link')}. In these plans no single link can go without a trace. Try a step.",
    )
