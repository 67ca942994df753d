"""W03 machinery map: what supports NHS IMPACT, for whom each part is, and how old the last word of it is.

The facts stand in `MECHANISMS` and `AUDIENCES`, so that other widgets can use them. A mechanism carries dated records
of what a source says of it, and for every audience how it reaches them: "named" (a source says that it is for them),
"open" (they could use it if they found it) or "none" (not theirs, as far as our sources tell). Nothing here is a
statement about today: `heard` says when a mechanism was last heard of by the end of a year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from improvement.views import schema
from improvement.views.schema import Choice, Number, Option

CHECKED = date(2026, 11, 24)
YEARS = (2023, 2026)
STALE_MONTHS = 12

EVALUATION = "Burgess and Downham, 2025"
PAGE = "NHS England, page on the five components"
LETTER = "National Improvement Board's letter, reported by HTN, 2023"
BLOG = "NHS Providers, 2023"
REACHES = ("named", "open", "none")


@dataclass(frozen=True)
class Record:
    """What one source says of a mechanism: `on` the first day of the month it speaks of, `planned` if only announced."""

    on: date
    says: str
    source: str
    planned: bool = False


@dataclass(frozen=True)
class Mechanism:
    """A part of the machinery: `reach` says for each audience how it reaches them, and why we think so."""

    name: str
    label: str
    what: str
    records: tuple[Record, ...]
    reach: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Audience:
    """A group of people: `told` is what the sources report of them, `sector` where they work if that is one place."""

    label: str
    short: str
    told: str
    sector: str = ""


AUDIENCES = {
    "director": Audience("Executive director for improvement", "Director", "One called the networks a lifeline. Another recalled an aggressive sorting of who could belong. (Burgess and Downham, 2025)"),
    "board": Audience("Chief executive, chair or other board member", "Board", "The letter of 2023 urged boards and chief executives to take up the self-assessment themselves. One board, met head-on with it, became defensive. (Burgess and Downham, 2025)"),
    "leader": Audience("Senior improvement leader, or a deputy", "Senior leader", "A deputy director of a system was not let into the directors' network when the director left. (Burgess and Downham, 2025)"),
    "system": Audience("Improvement lead of an integrated care board", "System lead", "Some took up the framework across a whole system; others said that there are too many networks to attend. (Burgess and Downham, 2025)", "system"),
    "team": Audience("Member of an improvement team", "Team", "Some rebuilt their training on the materials. Others had good material of their own and left the guides unused. (Burgess and Downham, 2025)"),
    "manager": Audience("Middle or operations manager", "Manager", "Named by the evaluators among those not yet reached. (Burgess and Downham, 2025)"),
    "doctor": Audience("Front-line doctor", "Doctor", "One surgical registrar thought that most would not know of it, would look to GIRFT first, and that the website would overwhelm a newcomer. GIRFT is an NHS England programme too. (Burgess and Downham, 2025)"),
    "staff": Audience("Nurse, therapist, paramedic or other front-line staff", "Other staff", "Of front-line leaders one interviewee said that there was no room and nobody free to read; the e-mail had been seen and not opened. (Burgess and Downham, 2025)"),
    "gp": Audience("GP or practice manager", "GP", "System leaders said that practices ask what is in it for them, carry the financial risk themselves and have no headroom. No GP is quoted. (Burgess and Downham, 2025)", "primary care"),
    "patient": Audience("Patient partner", "Patient", "One patient partner had no NHS e-mail account, found the framework by searching the web, and did not feel valued. (Burgess and Downham, 2025)"),
    "care": Audience("Social care provider", "Social care", "Not included in the roll-out. A research centre for adult social care has the same name, IMPACT; it is something else. (Health Foundation)"),
}  # fmt: skip

_STAFF = ("director", "board", "leader", "system", "team", "manager", "doctor", "staff", "gp")
_PUBLIC = (*_STAFF, "patient", "care")


def _reach(
    open_to: Sequence[str],
    why: str,
    *,
    otherwise: str,
    named: Mapping[str, str] | None = None,
    noted: Mapping[str, str] | None = None,
) -> dict[str, tuple[str, str]]:
    """Reach for every audience: `named` with the reason, else `open_to` for `why`, else none; `noted` replaces a reason."""
    found = {}
    for name in AUDIENCES:
        if name in (named or {}):
            found[name] = ("named", named[name])
        elif name in open_to:
            found[name] = ("open", (noted or {}).get(name, why))
        else:
            found[name] = ("none", (noted or {}).get(name, otherwise))
    return found


_NO_ACCOUNT = "One patient partner, with no NHS e-mail account, could not be kept informed."
_NOT_CARE = "Social care was left out of the roll-out."
_ANY_STAFF = "Our sources name no audience, so we count it open to all NHS staff."

MECHANISMS = (
    Mechanism(
        "tool", "Self-assessment", "A set of questions on the five components, and a maturity matrix.",
        (
            Record(date(2023, 4, 1), "NHS chief executives asked for one free of jargon.", EVALUATION),
            Record(date(2023, 10, 1), "Boards and chief executives were urged to use it.", LETTER),
            Record(date(2025, 4, 1), "It could be downloaded; scores no longer had to be submitted.", EVALUATION),
        ),
        _reach(
            (*_STAFF,), "They can be asked to answer it, if their organisation does it.",
            otherwise="It asks about an NHS organisation from the inside.",
            named={
                "board": "The letter urges all boards and chief executives to engage with it themselves.",
                "director": "The letter that urges it is addressed to directors too.",
                "system": "It was made for organisations and systems.",
            },
            noted={"gp": "For any NHS organisation, though critics found its wording centred on hospitals.", "care": _NOT_CARE},
        ),
    ),
    Mechanism(
        "idn", "Directors' network (IDN)", "Executives with board responsibility for improvement meet the National Clinical Director each month.",
        (
            Record(date(2023, 10, 1), "Regular networking was planned.", LETTER, planned=True),
            Record(date(2025, 6, 1), "A monthly meeting; its membership had been narrowed to executives.", EVALUATION),
        ),
        _reach(
            (), "", otherwise="For executives with board responsibility for improvement.",
            named={
                "director": "It is theirs: trusts, systems and NHS England's regions.",
                "system": "It takes in systems, for whoever is the executive.",
            },
            noted={"leader": "A deputy who asked to stand in was refused."},
        ),
    ),
    Mechanism(
        "iln", "Leaders' network (ILN)", "Senior improvement leaders share practice, keep a WhatsApp group and visit each other.",
        (
            Record(date(2023, 10, 1), "Regular networking was planned.", LETTER, planned=True),
            Record(date(2025, 6, 1), "A learning forum, with a more open membership than the directors' network.", EVALUATION),
        ),
        _reach(
            ("director", "team"), "Its membership was the more open of the two.",
            otherwise="For people whose job is improvement.",
            named={"leader": "It is theirs.", "system": "Senior improvement leaders of systems are among them."},
            noted={"gp": "One system leader doubted that GPs would come."},
        ),
    ),
    Mechanism(
        "lunch", "Lunch and learns", "Sessions by Dr Amar Shah and Ailsa Brotherton on starting improvement, coproduction and the five components.",
        (Record(date(2025, 6, 1), "Sessions on starting improvement, coproduction and the five components.", EVALUATION),),
        _reach(
            _STAFF, _ANY_STAFF, otherwise="", noted={
                "patient": _NO_ACCOUNT, "care": _NOT_CARE,
                "staff": f"{_ANY_STAFF} On many units there is no lunch to learn in.",
                "gp": f"{_ANY_STAFF} No headroom, say system leaders.",
            },
        ),
    ),
    Mechanism(
        "masterclass", "Masterclasses", "Expert advice, hosted by Dr Amar Shah, for people who already lead improvement.",
        (Record(date(2025, 6, 1), "Expert advice on making improvement work better, linked to the two networks.", EVALUATION),),
        _reach(
            _STAFF, _ANY_STAFF, otherwise="",
            named={"director": "The evaluation links them to the networks.", "leader": "The evaluation links them to the networks."},
            noted={"patient": _NO_ACCOUNT, "care": _NOT_CARE},
        ),
    ),
    Mechanism(
        "cases", "Case studies", "A CQC report, a Health Foundation publication, and Leeds, Lancashire, Central and North West London and East London.",
        (
            Record(date(2024, 4, 1), "Listed on a page that speaks of 2024/25.", PAGE),
            Record(date(2025, 4, 1), "On the website.", EVALUATION),
        ),
        _reach(
            _PUBLIC, "On a public website.", otherwise="",
            named={
                "director": "Chosen to inspire those who may take up an improvement approach, a choice made at the top.",
                "board": "Chosen to inspire those who may take up an improvement approach, a choice made at the top.",
            },
        ),
    ),
    Mechanism(
        "guides", "Four guides", "Emergency flow; theatres, elective and perioperative care; outpatients; consultant job planning.",
        (Record(date(2025, 4, 1), "Four guides on the website.", EVALUATION),),
        _reach(
            _PUBLIC, "On a public website.", otherwise="",
            noted={
                "team": "On the website. Some shared them; some with mature material of their own left them unused.",
                "gp": "On the website. None is about the work of a practice.",
                "doctor": "On the website. One is about the consultant's own job plan.",
                "care": "On the website. None is about social care.",
            },
        ),
    ),
    Mechanism(
        "bulletin", "Bulletin", "News and resources for subscribers, with word from the National Improvement Board.",
        (
            Record(date(2023, 10, 1), "Planned after each meeting of the board.", LETTER, planned=True),
            Record(date(2025, 6, 1), "Monthly, for subscribers.", EVALUATION),
        ),
        _reach(
            _STAFF, "For whoever subscribes.", otherwise="", noted={
                "patient": _NO_ACCOUNT, "care": _NOT_CARE,
                "staff": "For whoever subscribes. Seen in the inbox, not opened, said one interviewee.",
            },
        ),
    ),
    Mechanism(
        "nib", "National Improvement Board", "Sets direction. Chair David Fillingham, deputy Andy Hardy when it began.",
        (
            Record(date(2023, 9, 1), "First meeting.", BLOG),
            Record(date(2025, 6, 1), "Set up to give direction, with many parties round the table.", EVALUATION),
        ),
        _reach(
            (), "", otherwise="It sets direction; nobody else takes part.",
            named={
                "board": "Chief executives of trusts and care boards sit on it.",
                "director": "Improvement experts sit on it.",
            },
            noted={"doctor": "Clinicians sit on it. That is not a door for others."},
        ),
    ),
    Mechanism(
        "website", "Website", "Descriptions of the components, guides, cases and long lists of resources.",
        (
            Record(date(2024, 4, 1), "A page on the components that speaks of 2024/25.", PAGE),
            Record(date(2025, 4, 1), "Open to read.", EVALUATION),
        ),
        _reach(
            _PUBLIC, "Anybody can read it.", otherwise="",
            noted={
                "doctor": "Anybody can read it. One registrar found it hard to know where to start.",
                "patient": "Anybody can read it. One patient partner asked for routes for beginners.",
            },
        ),
    ),
)  # fmt: skip

COUNTS = {"open": "They could use it, if they found it", "named": "A source says it is for them"}
_GUESSES = {"eleven": "All eleven", "nine": "Nine", "seven": "Seven", "four": "Four", "two": "Two"}
_WORDS = {"named": "For them", "open": "Could use it", "none": "Not theirs"}

DECLARATION = schema.Declaration(
    title="Whom does it reach?",
    intro="Ten parts that support NHS IMPACT, and eleven groups of people. Every entry says where it comes from.",
    controls=(
        Choice(
            name="count",
            label="Count a part when",
            default="open",
            radio=True,
            options=tuple(Option(value=value, label=label) for value, label in COUNTS.items()),
        ),
        Choice(
            name="audience",
            label="Look closer at",
            default="doctor",
            options=tuple(
                Option(value=name, label=audience.label, sector=audience.sector)
                for name, audience in AUDIENCES.items()
            ),
        ),
        Number(
            name="year",
            label="As known at the end of",
            help="2026 is as we knew it on 24 November.",
            default=2025,
            minimum=YEARS[0],
            maximum=YEARS[1],
        ),
    ),
    prediction=schema.Prediction(
        question=(
            "There are two networks, talks at lunch, masterclasses, cases, guides, a bulletin, a self-assessment, a board, and a website that "
            "anybody can read. Of eleven groups, from chief executives to patient partners, how many had at least one thing made for them?"
        ),
        control=Choice(
            name="prediction",
            label="Groups with something made for them",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    assumptions=(
        "“For them” means that a source names the group, or people in that job, as those it is meant for. Sorting them so is our reading.",
        "“Could use it” means that nothing in our sources shuts them out. Whether they hear of it, and have time, is another matter.",
        "A part counts from the first source that mentions it. It may have begun earlier.",
        f"When no source of ours mentions a part in the {STALE_MONTHS} months before the date, it is flagged.",
    ),
    cannot_tell=(
        "How many people came, or what they did afterwards: no source of ours counts them.",
        "What is still running. Check before you rely on any of it.",
        "Whether reaching a group directly was ever the plan: the evaluators left that question open for doctors and GPs.",
    ),
    honesty="Real, from published sources named in each row. What somebody said in an interview is one voice.",
)  # fmt: skip


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: how many parts reach each group at a date, and the ten parts for one group."""
    year, audience, count = params["year"], params["audience"], params["count"]
    headline = _headline(count, year)
    closer = _closer(audience, year)
    panels = [_figure(count, year, audience)]
    if params["prediction"] is not None:
        panels.append(schema.sentence(_judge(params["prediction"], count), heading="Your guess", reveal=True))
    panels += [
        schema.sentence(headline, heading="Across the map", reveal=True),
        schema.sentence(closer, heading=AUDIENCES[audience].label, reveal=True),
        schema.table(
            f"Ten parts: {AUDIENCES[audience].label.lower()}",
            ["Part", "Reach", "Why", "Last word by then"],
            [
                [one.label, _WORDS[reach], why, _status(one, year)]
                for one in MECHANISMS
                for reach, why in [one.reach[audience]]
            ],
            open=True,
            reveal=True,
        ),
        schema.table(
            "What each part is, and every source",
            ["Part", "What it is", "What the sources say"],
            [
                [
                    one.label,
                    one.what,
                    " ".join(f"{_month(each.on)}: {each.says} ({each.source})" for each in one.records),
                ]
                for one in MECHANISMS
            ],
            reveal=True,
        ),
        _challenge(audience, count, year),
    ]
    return schema.view(panels, summary=f"{headline} {closer}", data=_download(year))


def heard(mechanism: Mechanism, year: int) -> tuple[Record | None, bool]:
    """Return the last record of a mechanism by the end of a year, and whether it is then too old to rely on."""
    end = min(date(year, 12, 31), CHECKED)
    known = [record for record in mechanism.records if record.on <= end]
    if not known:
        return None, False
    last = max(known, key=lambda record: record.on)
    months = 12 * (end.year - last.on.year) + end.month - last.on.month
    return last, months > STALE_MONTHS


def reached(audience: str, count: str, year: int) -> tuple[int, int]:
    """Return how many parts reach an audience by the end of a year: those lately heard of, and those to be checked.

    `count` is "open" (named parts count too) or "named". A part that was only announced does not count.
    """
    fresh = old = 0
    for mechanism in MECHANISMS:
        record, stale = heard(mechanism, year)
        reach, _ = mechanism.reach[audience]
        if record is None or record.planned or reach == "none" or (count == "named" and reach != "named"):
            continue
        fresh += not stale
        old += stale
    return fresh, old


def _month(day: date) -> str:
    return f"{day:%B %Y}"


def _by(year: int) -> str:
    day = f"{CHECKED.day} {_month(CHECKED)}" if year == CHECKED.year else f"the end of {year}"
    return f"as heard of by {day}"


def _parts(number: int) -> str:
    return f"{number} part{'' if number == 1 else 's'}"


def _groups(number: int) -> str:
    return f"{number} of {len(AUDIENCES)} groups"


def _status(mechanism: Mechanism, year: int) -> str:
    record, stale = heard(mechanism, year)
    if record is None:
        return "No source yet"
    word = f"{_month(record.on)}{', planned' if record.planned else ''}"
    return f"{word}. Check what is current" if stale or year == CHECKED.year else word


def _judge(guess: str, count: str) -> str:
    said = f"You said {_GUESSES[guess].lower()}."
    if count == "named":
        named = sum(any(one.reach[name][0] == "named" for one in MECHANISMS) for name in AUDIENCES)
        return (
            f"{said} Our sources name {named} of the {len(AUDIENCES)}: the top of boards and of improvement."
        )
    if guess == "eleven":
        return f"{said} Count whatever people could use if they found it, and you are right: everybody has something. Now change what counts."
    return f"{said} Count whatever people could use if they found it, and the answer is all eleven. Now change what counts."


def _headline(count: str, year: int) -> str:
    totals = {name: sum(reached(name, count, year)) for name in AUDIENCES}
    some = [name for name, total in totals.items() if total]
    what = "something that a source says is for them" if count == "named" else "something they could use"
    text = f"{_groups(len(some))} had {what}, {_by(year)}."
    without = [AUDIENCES[name].short for name in AUDIENCES if name not in some]
    if without and some:
        text += f" Without: {', '.join(without)}."
    stale = sum(heard(one, year)[1] for one in MECHANISMS)
    if stale:
        verb = "has" if stale == 1 else "have"
        text += f" {stale} of {len(MECHANISMS)} parts {verb} not been heard of for more than a year: check what is current."
    return text


def _closer(audience: str, year: int) -> str:
    named, usable = (sum(reached(audience, count, year)) for count in ("named", "open"))
    text = f"{_parts(usable)} they could use, {_by(year)}; {named or 'none'} made for them."
    if not usable:
        text = f"Nothing in our sources that they could use, {_by(year)}."
    return f"{text} What is told of them: {AUDIENCES[audience].told}"


def _figure(count: str, year: int, audience: str) -> dict[str, Any]:
    plain = [one.short for one in AUDIENCES.values()]
    names = [f"▸ {one.short}" if name == audience else one.short for name, one in AUDIENCES.items()]
    totals = [reached(name, count, year) for name in AUDIENCES]
    marks = [schema.mark("bar_x", "quiet", reveal=True, x1=[0.0] * 11, x2=[0.0] * 11, text=names)]
    fresh = [place for place, (new, _) in enumerate(totals) if new]
    stale = [place for place, (_, old) in enumerate(totals) if old]
    if fresh:
        marks.append(
            schema.mark(
                "bar_x", "group_a", label="Heard of within a year", reveal=True, x1=[0.0] * len(fresh),
                x2=[totals[i][0] for i in fresh], text=[names[i] for i in fresh],
            )
        )  # fmt: skip
    if stale:
        marks.append(
            schema.mark(
                "bar_x", "quiet", label="Older: check what is current", reveal=True, x1=[totals[i][0] for i in stale],
                x2=[sum(totals[i]) for i in stale], text=[names[i] for i in stale],
            )
        )  # fmt: skip
    marks.append(
        schema.mark(
            "text", "annotation", reveal=True, x=[sum(total) + 0.45 for total in totals], y=names,
            text=[str(sum(total)) for total in totals],
        )
    )  # fmt: skip
    said = "; ".join(
        f"{name} {new + old}" + (f", {old} of them to be checked" if old else "")
        for name, (new, old) in zip(plain, totals, strict=True)
    )
    what = "were said to be for them" if count == "named" else "could they use"
    return schema.figure(
        f"Of ten parts, how many {what}, {_by(year)}",
        marks,
        description=f"Eleven bars, one a group: {said}.",
        x_label="Parts",
        y_label="",
        x_range=(0, 11),
        height=300,
        reveal=True,
    )


def _challenge(audience: str, count: str, year: int) -> dict[str, Any]:
    ask = "Find a group for whom the map has no hole: every part counts."
    total = sum(reached(audience, count, year))
    if total == len(MECHANISMS):
        return schema.challenge(
            ask,
            True,
            f"{AUDIENCES[audience].label}: {total} of {len(MECHANISMS)}. Seen from there, the machinery looks complete. Many who judged it "
            "stood near: the evaluators sent their invitation through the two networks.",
        )
    return schema.challenge(
        ask,
        False,
        f"{AUDIENCES[audience].label}: {total} of {len(MECHANISMS)}. Who would have drawn this map?",
    )


def _download(year: int) -> dict[str, Any]:
    return {
        "columns": [
            "Part",
            "What it is",
            "Last word by then",
            *(audience.label for audience in AUDIENCES.values()),
        ],
        "rows": [
            [one.label, one.what, _status(one, year), *(_WORDS[one.reach[name][0]] for name in AUDIENCES)]
            for one in MECHANISMS
        ],
    }
