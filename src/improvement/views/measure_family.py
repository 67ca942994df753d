"""W13 measure-family builder: test whether people count alike, then build a family of measures that can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from improvement.simulate import failure_demand
from improvement.views import schema
from improvement.views.schema import CardSort, Choice, Number, Option, Rows, Text, shown

CODES = ("yes", "no")
FEW_PAIRS = 10
KINDS = {
    "outcome": "what matters to the people you serve",
    "process": "whether the work is done the new way",
    "balancing": "what could get worse meanwhile",
    "equity": "the same outcome, split by who might be left out",
}
_WORDS = {"yes": "missed", "no": "not missed"}
_YES = {"yes", "y", "1", "true"}
_NO = {"no", "n", "0", "false"}


@dataclass(frozen=True)
class Case:
    """A short case and the codes that two colleagues gave it: (Jo, Sam) under each definition.

    `open` is what the four words leave open. `settled` is what the full definition says, or fails to say.
    """

    name: str
    story: str
    loose: tuple[str, str]
    full: tuple[str, str]
    open: str
    settled: str


COLLEAGUES = ("Jo", "Sam")
LOOSE = "Patient did not attend."
FULL = (
    "Counts: still in the diary at its start, and the patient was not at the desk, on the line or at the door before the slot "
    "ended. Does not count: word from patient or carer reached any part of the service before the start; or the service "
    "itself failed (address, link, interpreter, clinic running late)."
)
CASES = (
    Case("silent", "Clinic. Nobody came, nobody rang.", ("yes", "yes"), ("yes", "yes"),
         "Nothing: everyone counts this one.", "It counts."),
    Case("bus", "Clinic at 9. He rang at 8.55: no bus.", ("yes", "no"), ("no", "no"),
         "Is late word still word?", "Word came before the start, so it does not count."),
    Case("late", "A 20-minute slot. She came after 25 minutes.", ("yes", "no"), ("yes", "yes"),
         "How late is absent?", "She came after the slot ended, so it counts."),
    Case("ward", "Home visit, no answer. He had gone into hospital that night.", ("yes", "no"), ("yes", "no"),
         "Does it matter why, or who else knew?", "Still open: is a hospital bed “word to the service”? Write the sentence that settles it."),
    Case("link", "Video call. She waited all the while in last month's link, which the letter gave.", ("yes", "no"), ("no", "no"),
         "Whose failure was it?", "The link was the service's failure, so it does not count."),
    Case("left", "He came, waited 90 minutes and left unseen.", ("no", "no"), ("no", "no"),
         "Attended, yet not seen.", "The clinic ran late, so it does not count."),
    Case("voicemail", "Phone slot. Rung twice, voicemail, no call back.", ("yes", "yes"), ("yes", "yes"),
         "How often must you ring?", "Not on the line before the slot ended, so it counts."),
    Case("moved", "The letter went to an address he had asked you to change.", ("yes", "yes"), ("no", "no"),
         "Whose failure was it? Agreeing does not make it his.", "The address was the service's failure, so it does not count."),
    Case("text", "She cancelled by text the evening before. Nobody read it.", ("yes", "no"), ("no", "no"),
         "Is unread word still word?", "Word reached the service in time, so it does not count."),
    Case("interpreter", "He came. No interpreter was booked, so he was sent home.", ("no", "no"), ("no", "no"),
         "Attended, yet not seen.", "He was at the desk, so it does not count."),
)  # fmt: skip
_DEFINITIONS = {"loose": LOOSE, "full": FULL}


_FIELDS = (
    Text(name="name", label="Name", maximum_length=80),
    Choice(
        name="kind",
        label="Kind",
        default="balancing",
        options=tuple(
            Option(value=kind, label=f"{kind.capitalize()}: {means}") for kind, means in KINDS.items()
        ),
    ),
    *(
        Text(name=name, label=label, rows=rows, maximum_length=most)
        for name, label, rows, most in (
            ("counts", "What counts", 2, 400),
            ("not_counts", "What does not", 2, 400),
            ("who", "Who collects it", 1, 80),
            ("when", "When", 1, 80),
        )
    ),
    *(
        Number(name=name, label=label, default=None, minimum=0, maximum=most, optional=True)
        for name, label, most in (("minutes", "Minutes each time", 480), ("times", "Times a month", 5000))
    ),
)


def _measure(*filled: Any) -> dict[str, Any]:
    """A row of the builder, from its first box on; boxes left out are blank, as in most real ones."""
    blank = [field.default for field in _FIELDS[len(filled) :]]
    return {field.name: part for field, part in zip(_FIELDS, (*filled, *blank), strict=True)}


_STARTS: dict[str, tuple[str, str, str, list[dict[str, Any]]]] = {
    "outpatients": (
        "primary care",
        "Outpatients: missed appointments",
        "Missed appointments down from 7.6% to 5% by next April",
        [
            _measure("Appointments missed, %", "outcome", "Still booked at the start; not here before the slot ended; no word",
                     "Moved or cancelled before the start; the service failed", "Reception", "End of each session", 2, 40),
            _measure("Reminders that arrived, %", "process", "Delivery receipt for the text"),
        ],
    ),
    "ambulance": (
        "ambulance",
        "Ambulance: long Category 2 waits",
        "Category 2 calls that wait over an hour down from 7.6% to 5% by next April",
        [
            _measure("Calls that waited over an hour, %", "outcome", "Clock start to first crew at the address",
                     "Calls stood down before a crew was sent", "Control room system", "Each night", 5, 30),
            _measure("Hours covered at standby points", "process", "Vehicle inside the marked bay"),
        ],
    ),
    "restraint": (
        "mental health",
        "Mental health: face-down restraint",
        "Days between face-down restraints up from 16 to 60 by next April",
        [
            _measure("Days between face-down restraints", "outcome", "Face down for any length of time, however it began",
                     "Nothing is left out", "Nurse in charge", "By the end of the shift", 10, 2),
            _measure("Events talked through with the patient", "process", "A talk within 72 hours that the patient accepted"),
        ],
    ),
    "wounds": (
        "community",
        "Community: infected wounds",
        "Wounds that become infected down from 7.6% to 5% by next April",
        [
            _measure("Wounds infected, %", "outcome", "Three of five agreed signs, or antibiotics started",
                     "Infected at the first visit", "Visiting nurse", "Every dressing change", 3, 200),
            _measure("Wounds measured this week, %", "process", "Length and width written down"),
        ],
    ),
}  # fmt: skip

DECLARATION = schema.Declaration(
    title="Measure-family builder",
    intro="First test one definition. Then build the family. Nothing you type leaves this device.",
    controls=(
        Choice(
            name="job",
            label="What now?",
            default="test",
            radio=True,
            options=(
                Option(value="test", label="Test a definition on ten cases"),
                Option(value="family", label="Build a family of measures"),
                Option(value="own", label="Test our own definition"),
            ),
        ),
        Choice(
            name="definition",
            label="Sort the cases by",
            default="loose",
            radio=True,
            show_when={"job": "test"},
            options=(
                Option(value="loose", label="Four words: “patient did not attend”"),
                Option(value="full", label="A full definition"),
            ),
        ),
        *(
            CardSort(
                name=f"sort_{name}",
                label="Ten appointments: was it missed?",
                help=words,
                cards=tuple(Option(value=case.name, label=case.story) for case in CASES),
                piles=tuple(Option(value=code, label=_WORDS[code].capitalize()) for code in CODES),
                show_when={"job": "test", "definition": name},
            )
            for name, words in _DEFINITIONS.items()
        ),
        Text(
            name="pairs",
            label="Your codes and a colleague's",
            help="Take ten real cases. Each of you codes them alone. A line a case: your yes or no, then theirs. No names.",
            rows=10,
            show_when={"job": "own"},
        ),
        Choice(
            name="start",
            label="Start from",
            default="outpatients",
            show_when={"job": "family"},
            options=(
                *(
                    Option(value=value, label=label, sector=sector, sets={"aim": aim, "measures": measures})
                    for value, (sector, label, aim, measures) in _STARTS.items()
                ),
                Option(value="blank", label="My own aim, a blank sheet", sets={"aim": "", "measures": []}),
            ),
        ),
        Text(
            name="aim",
            label="Aim: what, how much, by when",
            default=_STARTS["outpatients"][2],
            rows=2,
            maximum_length=300,
            show_when={"job": "family"},
        ),
        Rows(
            name="measures",
            label="Measure",
            add="Add a measure",
            maximum=8,
            default=_STARTS["outpatients"][3],
            show_when={"job": "family"},
            fields=_FIELDS,
        ),
    ),
    prediction=schema.Prediction(
        question="You, Jo at the desk and Sam who runs the clinic each sort ten appointments by four words: “patient did not "
        "attend”. You all know the work. On how many of the ten will all three of you agree?",
        control=Number(
            name="prediction", label="All three agree on", default=None, minimum=0, maximum=10, unit="of 10"
        ),
    ),
    assumptions=(
        "Everyone codes alone, before talking.",
        "Kappa is Cohen's: agreement beyond what the coders' own totals would give by chance. Its interval takes that chance as known.",
        "Burden is minutes each time multiplied by times a month, as you entered them.",
    ),
    cannot_tell=(
        "Whether people who agree are right. They may share a blind spot.",
        "Whether what you typed is a good definition or a good measure. The builder sees only that a box is filled.",
        "How definitions fare on cases that are not among the ten.",
    ),
    honesty="Jo, Sam, their answers and the cases are invented. The starting families are examples, with holes left in on purpose.",
    printable=True,
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view of the part chosen: the test on ten cases, the reader's own pairs, or the family."""
    return {"test": _test, "own": _own, "family": _family}[params["job"]](params)


# The test of a definition


def _test(params: schema.Params) -> dict[str, Any]:
    which = params["definition"]
    yours: Mapping[str, str] = params[f"sort_{which}"]
    if len(yours) < len(CASES):
        left = len(CASES) - len(yours)
        told = f"{left} {'case is' if left == 1 else 'cases are'} still to be sorted."
        colleagues = schema.table(
            "For when you have sorted them: the ten cases, and what Jo and Sam said",
            ["Case", *COLLEAGUES],
            [[case.story, *[_WORDS[code] for code in getattr(case, which)]] for case in CASES],
            reveal=True,
        )
        waiting = schema.sentence(told, heading="Where you are", reveal=True)
        return schema.view([waiting, colleagues], summary=told)
    codes = {
        "You": [yours[case.name] for case in CASES],
        **{name: [getattr(case, which)[place] for case in CASES] for place, name in enumerate(COLLEAGUES)},
    }
    alike = [len(set(row)) == 1 for row in zip(*codes.values(), strict=True)]
    headline = f"All three of you agree on {sum(alike)} of {len(CASES)}."
    panels = []
    if params["prediction"] is not None and which == "loose":
        panels.append(
            schema.sentence(_judge(int(params["prediction"]), sum(alike)), heading="Your guess", reveal=True)
        )
    panels += [
        schema.sentence(f"{headline} {_totals(codes)}", heading="In plain English", reveal=True),
        schema.sentence(_kappas(codes), heading="Agreement beyond luck", reveal=True),
        schema.listing(
            "Cases that split you",
            [
                f"{case.story} {case.open if which == 'loose' else case.settled}"
                for case, same in zip(CASES, alike, strict=True)
                if not same
            ],
            empty="None.",
            reveal=True,
        ),
    ]
    table = _codes_table(codes)
    panels += [
        schema.table("Every case, as each of you coded it", table["columns"], table["rows"], reveal=True),
        _challenge(which, codes),
    ]
    return schema.view(panels, summary=headline, data=table)


def _judge(guess: int, alike: int) -> str:
    said = f"You said {guess} of 10; it was {alike}."
    if guess > alike:
        return f"{said} Nobody was careless. Four words left each of you to decide what the rest meant."
    if guess == alike:
        return f"{said} You saw it coming. Which cases did you have in mind?"
    return f"{said} Better than you feared, and still no way to count."


def _totals(codes: Mapping[str, Sequence[str]]) -> str:
    counts = {name: list(given).count("yes") for name, given in codes.items()}
    told = ", ".join(
        f"{'you count' if name == 'You' else f'{name} counts'} {many}" for name, many in counts.items()
    )
    low, high = min(counts.values()), max(counts.values())
    if low == high:
        return f"Missed: {told}."
    return f"Missed: {told}. From the same ten, the rate is {10 * low}% or {10 * high}%, by who is on duty."


def _kappas(codes: Mapping[str, Sequence[str]]) -> str:
    names = list(codes)
    pairs = [(a, b) for place, a in enumerate(names) for b in names[place + 1 :]]
    told = "; ".join(
        f"{a.lower() if a == 'You' else a} and {b}: {_kappa(_agreement(codes[a], codes[b]))}"
        for a, b in pairs
    )
    return f"Kappa is 1 for perfect agreement and 0 for no more than luck. {told[0].upper()}{told[1:]}. Ten cases make a rough test."


def _agreement(first: Sequence[str], second: Sequence[str]) -> failure_demand.Agreement:
    return failure_demand.agreement(first, second, codes=CODES)


def _kappa(agreement: failure_demand.Agreement) -> str:
    return "none, as both used one code only" if agreement.kappa is None else shown(agreement.kappa)


def _codes_table(codes: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {
        "columns": ["Case", *codes, "All alike"],
        "rows": [
            [case.story, *[_WORDS[code] for code in row], "yes" if len(set(row)) == 1 else "no"]
            for case, row in zip(CASES, zip(*codes.values(), strict=True), strict=True)
        ],
    }


def _challenge(which: str, codes: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    ask = "Agree perfectly with a colleague on the four words, and still be wrong. (Kappa 1 with Jo or with Sam.)"
    if which != "loose":
        return schema.challenge(ask, False, "Go back to the four words.")
    twin = next((name for name in COLLEAGUES if list(codes[name]) == list(codes["You"])), None)
    if twin is None:
        return schema.challenge(ask, False, "Copy one of them, case by case.")
    against = sum(
        given != case.full[0] for given, case in zip(codes[twin], CASES, strict=True) if len(set(case.full)) == 1
    )  # fmt: skip
    cases = "1 case" if against == 1 else f"{against} cases"
    return schema.challenge(
        ask,
        True,
        f"You and {twin} have kappa 1, and the full definition says otherwise in {cases}. Kappa measures sameness. "
        "Only going to look tells you who is right.",
    )


# The reader's own pairs


def _own(params: schema.Params) -> dict[str, Any]:
    if not params["pairs"].strip():
        told = "Waiting for codes: a line a case, such as “yes no”."
        return schema.view(
            [schema.sentence(told, heading="Where you are")],
            summary=told,
        )
    first, second = _read_pairs(params["pairs"])
    agreement = _agreement(first, second)
    same = sum(a == b for a, b in zip(first, second, strict=True))
    cases = f"{len(first)} case{'' if len(first) == 1 else 's'}"
    headline = f"You agree on {same} of {cases}. Kappa: {_kappa(agreement)}."
    if agreement.kappa is not None:
        headline += f" (95% interval {shown(agreement.low)} to {shown(agreement.high)}.)"
    split = [
        f"Case {place}: you said {a}, they said {b}."
        for place, (a, b) in enumerate(zip(first, second, strict=True), start=1)
        if a != b
    ]
    notices = []
    if len(first) < FEW_PAIRS:
        notices.append(schema.notice("warning", f"Only {cases}: use {FEW_PAIRS} or more.", control="pairs"))
    panels = [
        schema.sentence(headline, heading="In plain English"),
        schema.sentence(
            f"You would report {first.count('yes')}, your colleague {second.count('yes')}, of the same {cases}.",
            heading="What it does to the number",
        ),
        schema.listing(
            "Cases that split you: each is a sentence your definition lacks", split, empty="None."
        ),
    ]
    data = {
        "columns": ["Case", "You", "Colleague"],
        "rows": [[place, a, b] for place, (a, b) in enumerate(zip(first, second, strict=True), start=1)],
    }
    return schema.view(panels, summary=headline, notices=notices, data=data)


def _read_pairs(text: str) -> tuple[list[str], list[str]]:
    """Two lists of codes from lines such as "yes no" or "y, n". Raises ValueError naming the line to mend."""
    pairs = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.replace(",", " ").replace(";", " ").lower().split()
        if not words:
            continue
        codes = ["yes" if word in _YES else "no" if word in _NO else None for word in words]
        if len(codes) != 2 or None in codes:
            raise ValueError(
                f"Line {number} reads “{line.strip()[:40]}”. Write two codes, yours and your colleague's, such as “yes no”."
            )
        pairs.append(codes)
    return [a for a, _ in pairs], [b for _, b in pairs]


# The family


def _family(params: schema.Params) -> dict[str, Any]:
    measures = [row for row in params["measures"] if any(_filled(row[part]) for part in _PARTS)]
    missing = _missing(params["aim"], measures)
    boxes = 1 + len(_PARTS) * len(measures)
    filled = bool(params["aim"].strip()) + sum(_filled(row[part]) for row in measures for part in _PARTS)
    blocked = not _of_kind(measures, "balancing")
    burden = _burden(measures)
    notices = []
    if blocked:
        headline = "Held back: no balancing measure."
        notices.append(
            schema.notice(
                "warning",
                f"{headline} Whatever you push, something gives: time, staff, other patients, another team. Until you name "
                "one thing that could get worse, nobody will be looking when it does. Ask the people who would feel it.",
                control="measures",
            )
        )
    elif missing:
        headline = f"A family with {len(missing)} {'gap' if len(missing) == 1 else 'gaps'}."
    else:
        headline = "No box is empty. Now test each definition on ten cases."
    panels = [
        schema.sentence(
            f"{headline} {filled} of {boxes} boxes are filled. That is a completeness check: any words would pass it. Whether "
            "they are good, two people coding alone will tell you.",
            heading="Where it stands",
        ),
        schema.listing("Missing, by name", missing, empty="Nothing."),
        schema.sentence(burden, heading="What it costs to collect"),
    ]
    table = _sheet(measures)
    if not blocked:
        panels.append(
            schema.table(
                f"Aim: {params['aim'].strip() or 'not written yet'}",
                table["columns"],
                table["rows"],
                open=True,
            )
        )
    return schema.view(panels, summary=f"{headline} {burden}", notices=notices, data=table)


_PARTS = {
    "name": "its name",
    "counts": "what counts",
    "not_counts": "what does not count",
    "who": "who collects it",
    "when": "when",
    "minutes": "minutes each time",
    "times": "times a month",
}


def _filled(part: Any) -> bool:
    return bool(part.strip()) if isinstance(part, str) else part is not None


def _of_kind(measures: Sequence[Mapping[str, Any]], kind: str) -> list[Mapping[str, Any]]:
    """Named measures of a kind, not counting a name that a measure of another kind already has."""
    others = {_plain(row["name"]) for row in measures if row["kind"] != kind}
    return [
        row
        for row in measures
        if row["kind"] == kind and _filled(row["name"]) and _plain(row["name"]) not in others
    ]


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _missing(aim: str, measures: Sequence[Mapping[str, Any]]) -> list[str]:
    missing = [] if aim.strip() else ["The aim."]
    for kind, means in KINDS.items():
        if not _of_kind(measures, kind):
            article = "An" if kind[0] in "aeiou" else "A"
            missing.append(f"{article} {kind} measure: {means}.")
    for place, row in enumerate(measures, start=1):
        name = f"“{row['name'].strip()}”" if _filled(row["name"]) else f"Measure {place}"
        blank = [words for part, words in _PARTS.items() if not _filled(row[part])]
        if blank:
            missing.append(f"{name}: {', '.join(blank)}.")
        if _filled(row["counts"]) and _plain(row["counts"]) == _plain(row["not_counts"]):
            missing.append(f"{name}: the same words stand for what counts and what does not.")
    return missing


def _burden(measures: Sequence[Mapping[str, Any]]) -> str:
    costed = [
        row["minutes"] * row["times"]
        for row in measures
        if row["minutes"] is not None and row["times"] is not None
    ]
    if not costed:
        return "No measure has both minutes and times a month, so the cost is unknown."
    total = sum(costed)
    amount, unit = (shown(total / 60, 1), "hour") if total >= 60 else (shown(total), "minute")
    spent = f"{amount} {unit}{'' if amount == '1' else 's'}"
    if len(costed) < len(measures):
        return f"At least {spent} a month, from {len(costed)} of {len(measures)} measures. The rest have no time against them."
    return f"{spent} a month in all. Ask whose time it is, and what they will stop doing."


def _sheet(measures: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "columns": ["Kind", "Measure", "Counts", "Does not", "Who", "When", "Minutes a month"],
        "rows": [
            [
                row["kind"],
                *(row[part].strip() for part in ("name", "counts", "not_counts", "who", "when")),
                None if row["minutes"] is None or row["times"] is None else row["minutes"] * row["times"],
            ]
            for row in measures
        ],
    }
