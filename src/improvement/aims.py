"""Aims and driver diagrams: find group, measure, amount and date in a sentence, and every change idea with no path to the aim.

Both read words and links, not sense. A complete aim can be a bad one; a linked idea can be useless.

Standard library only: it runs in the reader's browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

PARTS = ("population", "measure", "amount", "date")
"""What an aim names, in the order `read_aim` reports."""

LONGEST = 400

CANNOT_JUDGE = (
    "It reads words, not sense. It cannot judge whether the aim matters, to whom, or who chose it.",
    "It cannot judge whether the amount is possible by that day, or whether the number can be had.",
    "It can miss a part that is there, and take for a part what is none. Where it is wrong, believe yourself.",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an aim. `state` is "found", "vague" (words stand there, but they bind nobody) or "missing".

    `words` are those of the sentence ("" when missing); `note` says what to ask or to mend ("" when nothing).
    """

    state: str
    words: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Aim:
    """A sentence read as an aim. `day` is the last day its date can mean, or None."""

    sentence: str
    population: Part
    measure: Part
    amount: Part
    date: Part
    day: date | None

    @property
    def lacks(self) -> tuple[str, ...]:
        """The parts that are missing or vague, in the order of `PARTS`."""
        return tuple(name for name in PARTS if getattr(self, name).state != "found")

    @property
    def complete(self) -> bool:
        return not self.lacks


def _any(words: str) -> str:
    """Return a pattern for any of the words, the longest first."""
    return "(?:" + "|".join(sorted(words.split("/"), key=len, reverse=True)) + ")"


_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
_YEAR = r"(?:20\d\d)"
_LEAD = r"(?:\b(?:(?:on or )?before|by|until|till|from now to|in|at|on)\s+)?(?:the\s+)?(?:(?:end|start|beginning|middle)(?:\s+of)?\s+)?(?:the\s+)?"
_NUMBER_WORD = _any(
    "one/two/three/four/five/six/seven/eight/nine/ten/eleven/twelve/fifteen/twenty/thirty/forty/fifty"
)
_PER_CENT = r"\s*(?:%|per ?cent\b|percentage points?\b|points?\b)"
_NUMBER = rf"(?:£\s?)?(?:\d[\d,]*(?:\.\d+)?|\b{_NUMBER_WORD}\b)"
_UNIT = rf"(?:{_PER_CENT}|\s*(?:minutes?|mins?|hours?|days?|weeks?|months?|years?)\b)"
_QUANTITY = rf"{_NUMBER}{_UNIT}?(?:\s+(?:in|out of)\s+{_NUMBER})?(?:\s*(?:an?|per|each|every|/)\s+(?:day|week|month|quarter|year|shift|session)\b)?"
_BOUND = r"(?:(?:at least|at most|no more than|not more than|no fewer than|fewer than|less than|more than|under|below|above|over|about|around|nearly|almost|up to)\s+)?"

_DATES = (
    rf"{_LEAD}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<m>{_MONTH})(?:,?\s*(?P<y>{_YEAR}|\d\d\b))?",
    rf"{_LEAD}(?P<m>{_MONTH})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,?\s*(?P<y>{_YEAR}))?",
    rf"{_LEAD}(?P<y>{_YEAR})-(?P<m>\d\d)-(?P<d>\d\d)\b",
    rf"{_LEAD}\b(?P<d>\d{{1,2}})[/.-](?P<m>\d{{1,2}})[/.-](?P<y>{_YEAR}|\d\d)\b",
    rf"{_LEAD}(?P<m>{_MONTH})(?:\s+of)?,?\s+(?P<y>{_YEAR})",
    rf"{_LEAD}(?P<christmas>christmas)(?:\s+day)?(?:,?\s*(?P<y>{_YEAR}))?",
    rf"{_LEAD}(?:financial year\s+|year\s+)?(?P<y>{_YEAR})\s*(?P<fy>[/–-]\s*\d\d(?:\d\d)?)\b",
    rf"\b(?:by|before|until|end of|during)\s+(?:the\s+)?(?:end of\s+)?(?P<y>{_YEAR})\b",
    rf"\b(?:by|before|until|till|end of|end|in|next)\s+(?:the\s+end\s+(?:of\s+)?)?(?:next\s+|this\s+)?(?P<m>{_MONTH})(?!\s+be\b)",
)
_LOOSE_DATES = (
    (rf"{_LEAD}(?:q(?:uarter)?\s*[1-4])\b(?:\s*,?\s*{_YEAR}(?:[/–-]\d\d)?)?", "Some quarters begin in April and some in January. Write the day."),
    (rf"\b(?:(?:in|within|over|after|during)\s+(?:the\s+)?(?:next|coming)|(?<!ed )(?<!seen )(?<!given )(?<!done )(?<!sent )(?<!begun )(?:in|within|over|after))\s+(?:an?\s+|{_NUMBER}\s*)(?:days?|weeks?|months?|years?)\b(?:'? time)?", "It counts from whatever day it is read. Write the day it ends."),
    (r"\b(?:by|before|until|in|within|over|during)\s+(?:the\s+)?(?:end\s+of\s+)?(?:the\s+|this\s+|next\s+|my\s+|our\s+)?(?:financial\s+)?(?:year|month|week|quarter|rotation|placement|attachment|job|easter|spring|summer|autumn|winter|new year|year[ -]end)\b(?:\s+end\b)?", "Two people could take it for two days. Write the day."),
    (r"\b(?:by|before|on|until)\s+(?:next\s+|this\s+)?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b", "Which one? Write the date."),
    (r"\b(?:as soon as (?:possible|practicable|we can)|asap|a\.s\.a\.p\.?|soon|sooner|shortly|in due course|in the near future|in the (?:long|short|medium) term|going forwards?|over time|eventually|promptly|urgently|quickly|without delay|ongoing|continuously|in future|from now on)(?!\w)", "Nobody can be late for it. Write the day."),
)  # fmt: skip

# Numbers that name a place or a group, not an amount.
_LABELS = (
    r"\b(?:ward|bay|bed|room|theatre|category|cat|type|stage|grade|band|level|tier|phase|site|unit|station|block|step|clinic|zone|floor|team|year)\s+(?:\d+[a-z]?|[A-Z])\b",
    rf"\b(?:aged?|over|under)[\s-]+(?:the age of\s+)?{_NUMBER}(?:-?s\b|\s+(?:and|or|years)\s*(?:over|older|above|under|younger|old|of age)?)",
    rf"\baged?\s+(?:over\s+|under\s+|between\s+)?{_NUMBER}(?:\s*(?:to|and|-|–)\s*{_NUMBER})?\b(?:\s+(?:years?|(?:and|or)\s+(?:over|older|above|under|younger)))?",
    r"\b\d+[ -]year[ -]olds?\b", r"\b\d+s\b", r"\b\d+\s*%\s+most deprived\b", r"\bmost deprived\s+\d+\s*%", r"\b24/7\b", r"\bcovid-19\b",
    r"\bover[- ]\d+s?\b(?=\s+(?:on|in|at|with|who|living|registered)\b)",
)  # fmt: skip
_FRACTION = r"(?:(?:an?|one|two|three)[\s-]+)?(?:half|halves|thirds?|quarters?|fifths?|tenths?)"
_AMOUNTS = (
    rf"\bfrom\s+(?:about\s+|around\s+|an average of\s+)?{_QUANTITY}(?:\s+[\w'-]+){{0,6}}?\s+to\s+{_BOUND}(?:zero|nil|none|{_QUANTITY})",
    rf"\bby\s+(?:at least\s+|about\s+|around\s+|more than\s+)?{_FRACTION}\b",
    rf"\bby\s+{_BOUND}{_QUANTITY}",
    r"\b(?:halv(?:e|es|ed|ing)|doubl(?:e|es|ed|ing)|trebl(?:e|es|ed|ing)|tripl(?:e|es|ed|ing))\b",
    rf"\bin\s+half\b|\bto\s+{_FRACTION}\b",
    rf"\b(?:to|be|is|are|stays?|remains?|keep|hold|at)\s+{_BOUND}{_QUANTITY}",
    rf"{_BOUND}\b{_NUMBER}\s*(?:%|per ?cent\b)",
    rf"{_BOUND}\b{_NUMBER}\s+(?:in|out of)\s+(?:every\s+)?{_NUMBER}\b(?!\s*(?:days?|weeks?|months?|years?))",
    r"\b(?:zero|nil|none|nobody|no[ -]one|eliminat(?:e|es|ed|ing)|eradicat(?:e|es|ed|ing)|no\s+(?:patient|person|resident|child|adult|caller|family|carer|woman)s?)\b",
    r"\bno\b(?=\s+(?:more\s+)?(?:avoidable\s+|preventable\s+)?(?:falls|infections|ulcers|deaths|errors|delays|cancellations|restraints|injuries|harm)\b)",
)  # fmt: skip
_ALL = re.compile(
    r"^(?:we (?:want|aim) (?:to (?:ensure|make sure)\s+)?|to (?:ensure|make sure)\s+|ensure\s+|make sure\s+)?(?:that\s+)?(?P<all>all|every|each)\b(?=.*\b(?:will|should|must|are|is|have|has|receives?|gets?|to)\b)",
    re.I,
)
_LOOSE_AMOUNTS = r"\b(?:significant(?:ly)?|substantial(?:ly)?|dramatic(?:ally)?|marked(?:ly)?|great(?:ly)?|considerabl[ey]|as (?:much|far|low|high|few|many) as (?:possible|we can)|a lot|to a minimum|minimi[sz]e[sd]?|maximi[sz]e[sd]?|optimi[sz]e[sd]?|optimal|outstanding|excellent|world[- ]class|best(?: in class| practice)?|better|more|fewer|less|timely|appropriate(?:ly)?|on time|consistent(?:ly)?)\b"

_PEOPLE = _any(
    "patients?/people/persons?/adults?/child(?:ren)?/residents?/carers?/famil(?:y|ies)/wom[ae]n/m[ae]n/mothers?/bab(?:y|ies)/infants?/staff/"
    "nurses?/doctors?/registrars?/trainees?/service[ -]users?/users?/clients?/callers?/pupils?/students?/households?/relatives?/veterans?/"
    "smokers?/inpatients?/outpatients?/colleagues?/everyone/everybody/parents?/teenagers?/tenants?/over-?\\d+s"
)
_PLACES = _any(
    "wards?/clinics?/practices?/surger(?:y|ies)/teams?/units?/departments?/services?/theatres?/stations?/hospitals?/trusts?/networks?/"
    "localit(?:y|ies)/neighbourhoods?/streets?/caseloads?/schools?/prisons?/pharmac(?:y|ies)/areas?/regions?/county/borough/bays?/sites?/"
    "homes?/houses?/lines?/estates?/floors?/hostels?/hubs?"
)
_SHORT_PLACES = r"\b(?:ED|A&E|MAU|AMU|SAU|ICU|ITU|HDU|CCU|PCN|SDEC|CAMHS)\b"
_GENERIC = frozenset(
    [
        "a",
        "an",
        "the",
        "our",
        "my",
        "your",
        "their",
        "this",
        "that",
        "these",
        "those",
        "all",
        "every",
        "each",
        "any",
        "some",
        "more",
        "most",
        "many",
        "other",
        "of",
        "and",
        "or",
        "for",
        "to",
        "in",
        "on",
        "at",
        "with",
        "from",
        "across",
        "within",
        "we",
        "us",
        "whole",
        "entire",
        "local",
        "nhs",
        "care",
        "health",
        "healthcare",
        "high",
        "good",
        "better",
        "best",
        "safe",
        "safer",
        "outstanding",
        "excellent",
        "new",
        "sure",
        "ensure",
        "improve",
        "reduce",
        "increase",
        "cut",
        "raise",
        "make",
        "get",
        "give",
        "be",
        "become",
        "is",
        "are",
        "will",
        "number",
        "percentage",
        "proportion",
        "share",
        "no",
        "zero",
        "quality",
        "experience",
        "satisfaction",
        "among",
        "by",
        "who",
        "seen",
        "waiting",
    ]
)
_BOUNDARY = frozenset(
    [
        "for",
        "to",
        "in",
        "on",
        "at",
        "from",
        "of",
        "by",
        "and",
        "or",
        "so",
        "that",
        "which",
        "will",
        "should",
        "must",
        "is",
        "are",
        "be",
        "among",
        "across",
        "within",
        "with",
        "until",
        "before",
        "after",
        "over",
        "than",
        "¦",
        "reduce",
        "increase",
        "improve",
        "cut",
        "raise",
        "halve",
        "double",
        "ensure",
        "make",
        "get",
        "give",
    ]
)
_AFTER_PEOPLE = re.compile(
    r"\s+(?:with|aged|over|under|on|in|at|from|of|under|who|referred|admitted|living|discharged|registered|known|taking|prescribed|whose|needing|"
    r"having|awaiting|waiting (?:for|at|in|on)|attending|receiving|using|due|starting|staying|detained|ringing|calling|working)\s+(?P<rest>(?:(?!\b(?:will|should|must|are|is|receives?|gets?|have|waits?)\b)[^,.;:¦])+)",
    re.I,
)
_NAMED = re.compile(
    r"\b(?:in|at|on|across|for|from|of|under)\s+(?:the\s+)?(?P<name>[A-Z][\w'’&-]+(?:\s+[A-Z0-9][\w'’&-]*)*)"
)
_NOT_NAMES = frozenset(
    ["NHS", "CQC", "QI", "GP", "GPs", "BMI", "MRSA", "SPC", "PDSA", "UK", "I", "We", "The", "Our", "All"]
)

_CHANGE = r"(?:reduc(?:e|es|ed|ing)|cut(?:s|ting)?|lower(?:s|ed|ing)?|decreas(?:e|es|ed|ing)|halv(?:e|es|ed|ing)|increas(?:e|es|ed|ing)|rais(?:e|es|ed|ing)|doubl(?:e|es|ed|ing)|trebl(?:e|es|ed|ing)|bring(?:ing)?(?: down)?|shorten(?:s|ed|ing)?|lengthen(?:s|ed|ing)?|eliminat(?:e|es|ed|ing)|eradicat(?:e|es|ed|ing)|stop(?:s|ped|ping)?|prevent(?:s|ed|ing)?|improv(?:e|es|ed|ing)|keep(?:s|ing)?|mov(?:e|es|ed|ing)|get(?:s|ting)?)"
_COUNTABLE = _any(
    "falls?/ulcers?/infections?/errors?/incidents?/calls?/complaints?/cancellations?/readmissions?/admissions?/attendances?/"
    "appointments?/restraints?/deaths?/breaches/starts?/visits?/prescriptions?/referrals/discharges/overruns?/letters?/injuries/"
    "vacancies/absence/spend/costs?/scores?/uptake/coverage/occupancy/rates?/times?/waits?/waiting/delays?/minutes/hours/length of stay/"
    "bed[ -]days/days between/blood pressure/HbA1c/weight/sessions?/tests?/doses?/checks?/reviews?/restrictions?/transfers?/conveyances?/"
    "plans?/assessments?/screens?/screening/vaccinations?/results?/reports?/contacts?/beds?/steps?/smears?/x-rays?/swabs?/interruptions?"
)
_CRITERION = re.compile(
    r"\b(?:(?:will|should|must|to|are|is|be|have|has|receives?|received|gets?|given|been|who)\s+)+(?P<what>(?:(?:be|have|get|receive|a|an|been)\s+)*(?:\w+ed|seen|given|told|met|sent|done|known|taken|begun|made|left|shown|kept|have|has|receive|get|wait(?:ing)?|start|leave)\b[^,.;¦]*)",
    re.I,
)
_LIMIT = r"(?:within|in under|in less than|more than|longer than|less than|over|under)"
_WITHIN = re.compile(
    rf"[\w'-]+\s+{_LIMIT}\s+(?:an?\s+|{_NUMBER}\s*)(?:minutes?|seconds?|hours?|days?|weeks?|months?)\b", re.I
)
_SHARE = re.compile(r"%|cent|out of|\bin\b|^(?:all|every|each|no|nobody|none|zero)\b", re.I)
_LOOSE_MEASURES = _any(
    "quality/experience/care/communication/safety/outcomes?/well-?being/morale/culture/efficiency/productivity/engagement/awareness/"
    "services?/flow/documentation/satisfaction/leadership/teamwork/access/continuity/knowledge/education/compliance/support/understanding/"
    "handover/discharge/harm/process(?:es)?/pathways?/performance/dignity/health/confidence/practice/training"
)


def read_aim(sentence: str) -> Aim:
    """Return what a plain sentence says of population, measure, amount and date. Dates are read the British way.

    >>> aim = read_aim("Reduce falls on Cedar ward from 12 a month to 6 by 31 March 2027")
    >>> aim.amount.words, aim.day, aim.lacks
    ('from 12 a month to 6', datetime.date(2027, 3, 31), ())
    >>> read_aim("Improve patient experience as soon as possible").lacks
    ('population', 'measure', 'amount', 'date')

    Patterns of words decide, nothing else: see `CANNOT_JUDGE`. Raises ValueError for an empty sentence or one longer
    than `LONGEST` letters.
    """
    text = " ".join(str(sentence).replace("’", "'").replace("‑", "-").split())
    if not re.search(r"\w", text):
        raise ValueError("The aim is empty. Write one sentence: who, what is counted, how much, by when.")
    if len(text) > LONGEST:
        raise ValueError(
            f"The aim is {len(text)} letters long. Keep to {LONGEST}: an aim that needs a paragraph is not one aim."
        )
    when, day, spans = _date(text)
    masked = _mask(text, spans)
    labels = [match.span() for pattern in _LABELS for match in re.finditer(pattern, masked, re.I)]
    amount, taken = _amount(masked, labels)
    return Aim(text, _population(masked, taken), _measure(masked, taken, amount), amount, when, day)


def _mask(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Put ¦ over what another part has claimed, so that places stay where they were."""
    for start, end in spans:
        text = text[:start] + "¦" * (end - start) + text[end:]
    return text


def _date(text: str) -> tuple[Part, date | None, list[tuple[int, int]]]:
    for pattern in _DATES:
        for match in re.finditer(pattern, text, re.I):
            found = match.groupdict()
            words = match.group(0).strip(" .,")
            if found.get("m", "") == "may" and not found.get("d"):
                continue  # the verb
            problem, day = _day(found)
            if problem:
                return Part("vague", words, problem), None, [match.span()]
            note = "" if day else "Say which year."
            if day and found.get("fy"):
                note = f"Taken for the end of the financial year: {day.day} {day:%B %Y}."
            elif day and not found.get("d") and not found.get("christmas"):
                note = f"Taken for its last day: {day.day} {day:%B %Y}."
            return Part("found", words, note), day, [match.span()]
    for pattern, note in _LOOSE_DATES:
        match = re.search(pattern, text, re.I)
        if match:
            return Part("vague", match.group(0).strip(), note), None, [match.span()]
    return Part("missing", note="By which day?"), None, []


def _day(found: Mapping[str, str | None]) -> tuple[str, date | None]:
    """Return what is wrong with a date ("" if nothing), and the last day it can mean (None without a year)."""
    year = int(found["y"]) if found.get("y") else None
    if year is not None and year < 100:
        year += 2000
    if found.get("christmas"):
        return "", date(year, 12, 25) if year else None
    if found.get("fy"):
        return "", date((year or 0) + 1, 3, 31)
    named = found.get("m") or "12"
    month = int(named) if named.isdigit() else next(
        place for place, name in enumerate(_MONTHS, 1) if name.startswith(named.lower().rstrip(".")[:3])
    )  # fmt: skip
    if not 1 <= month <= 12:
        return f"Read the British way it has a month {month}. Write the month as a word.", None
    last = 29 if month == 2 and year is None else _last(year or 2027, month)
    number = int(found["d"]) if found.get("d") else last
    if not 1 <= number <= last:
        return f"There is no such day: {_MONTHS[month - 1].capitalize()} has {last}.", None
    return "", date(year, month, number) if year else None


def _last(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days


def _amount(text: str, labels: list[tuple[int, int]]) -> tuple[Part, list[tuple[int, int]]]:
    for pattern in _AMOUNTS:
        for match in re.finditer(pattern, text, re.I):
            if any(start < match.end() and match.start() < end for start, end in labels):
                continue
            note = ""
            if re.match(r"to\b|be\b|by\b", match.group(0), re.I):
                note = "From what? Say where it stands today."
            if re.search(r"zero|nil|none|nobody|\bno\b|elimin|eradic", match.group(0), re.I):
                note = "Zero is a wish unless you know how zero is reached. What is it today?"
            return Part("found", match.group(0).strip(" ¦,."), note), [match.span()]
    everyone = _ALL.match(text)
    if everyone:
        return Part("found", everyone["all"], "All means 100%. Is that what you mean, and can it be?"), []
    loose = re.search(_LOOSE_AMOUNTS, text, re.I)
    if loose:
        return Part("vague", loose.group(0), "How much is that? Write from what to what."), [loose.span()]
    return Part("missing", note="From how much, to how much?"), []


def _population(text: str, taken: list[tuple[int, int]]) -> Part:
    text = _mask(text, taken)
    loose = ""
    for match in re.finditer(rf"\b{_PEOPLE}\b", text, re.I):
        if match.group(0)[-2:-1].isdigit():
            return Part("found", match.group(0))
        words = _before(text, match.start())
        after = _AFTER_PEOPLE.match(text, match.end())
        bounded = after and _bounds(after["rest"])
        if words or bounded:
            tail = f"{after.group(0)}" if after and bounded else ""
            phrase = f"{' '.join([*words, match.group(0)])}{tail}".strip()
            return Part("found", re.sub(r"\s+(?:who|that|which|and|or)$", "", phrase))
        loose = loose or match.group(0)
    for match in re.finditer(rf"\b{_PLACES}\b(?!\s+users?)", text, re.I):
        words = _before(text, match.start())
        numbered = re.match(r"\s+(?:\d+[A-Za-z]?|[A-Z])\b", text[match.end() :])
        if words or numbered:
            return Part(
                "found", f"{' '.join([*words, match.group(0)])}{numbered.group(0) if numbered else ''}"
            )
        loose = loose or match.group(0)
    short = re.search(_SHORT_PLACES, text)
    if short:
        return Part("found", short.group(0), "Would somebody elsewhere know which one?")
    for match in _NAMED.finditer(text):
        if match["name"].split()[0] not in _NOT_NAMES and "¦" not in match["name"]:
            return Part("found", match["name"])
    if loose:
        return Part("vague", loose, "Which of them, and where? Say who is in and who is out.")
    return Part("missing", note="For whom, or where?")


def _before(text: str, place: int) -> list[str]:
    """Return the words before `place` that tell this group from another, back to the start of its phrase."""
    words: list[str] = []
    for word in reversed(re.findall(r"[\w'&-]+|[^\w\s]", text[:place])):
        if word.lower() in _BOUNDARY or not re.match(r"[\w&]", word):
            break
        words.insert(0, word)
    while words and words[0].lower() in _GENERIC:
        words.pop(0)
    if words and re.fullmatch(_CHANGE, words[0], re.I):
        words.pop(0)
    return words if any(word.lower() not in _GENERIC for word in words) else []


def _bounds(rest: str) -> bool:
    """Say whether the words after "patients with ..." leave anybody out."""
    words = re.findall(r"[\w'&-]+", rest)[:6]
    plain = rf"{_PLACES}|{_PEOPLE}|(?:minutes?|hours?|days?|weeks?|months?)"
    return any(
        word.lower() not in _GENERIC and not word.isdigit() and not re.fullmatch(plain, word, re.I)
        for word in words
    )


def _measure(text: str, taken: list[tuple[int, int]], amount: Part) -> Part:
    text = _mask(text, taken)
    changed = re.search(rf"\b(?P<verb>{_CHANGE})\s+(?P<what>[^,.;:¦]+)", text, re.I)
    counted = re.search(
        r"\b(?:number|percentage|proportion|share|rate|median|mean|average|longest)\s+(?:of\s+)?[^,.;:¦]+",
        text,
        re.I,
    )
    if counted:
        return _countable(_trim(counted.group(0)))
    criterion = _CRITERION.search(text)
    if criterion and not changed and _SHARE.search(amount.words):
        return _countable(_trim(criterion["what"]))
    within = _WITHIN.search(text)
    if within:
        return _countable(within.group(0).strip())
    after = re.search(r"¦\s*(?P<what>[^,.;:¦]+)", text)
    phrase = _trim(changed["what"] if changed else after["what"] if after else "")
    if not phrase and amount.state == "found":
        first = _trim(re.split(r"[,.;:¦]", text)[0])
        phrase = "" if re.search(rf"\b(?:{_PEOPLE}|{_PLACES})\b", first, re.I) else first
    if phrase.lower() in ("it", "this", "that", "them", "these", "things"):
        phrase = ""
    if re.search(rf"\b{_COUNTABLE}\b", phrase, re.I):
        return _countable(phrase)
    loose = re.search(rf"\b{_LOOSE_MEASURES}\b", phrase or text, re.I)
    elsewhere = re.search(rf"\b(?:[\w'-]+\s+)?{_COUNTABLE}\b", text, re.I)
    if elsewhere and not loose:
        return _countable(elsewhere.group(0).strip())
    removes = changed and re.match(
        r"reduc|cut|lower|decreas|halv|elimin|eradic|stop|prevent", changed["verb"], re.I
    )
    if phrase and not loose and (removes or amount.state == "found"):
        return _countable(phrase)
    words = loose.group(0) if loose else phrase
    return Part("vague" if words else "missing", words, "What would a stranger count or time?")


def _countable(words: str) -> Part:
    return Part("found", words, "Could two strangers count it alike?")


def _trim(phrase: str) -> str:
    """Cut a phrase before the group or the place it is about."""
    cut = re.split(r"\s+(?:for|among|amongst|across|in|on|at)\s+(?!under\b|less\b|time\b)", phrase.strip())[0]
    cut = re.sub(r"\s+(?:by|to|from|so|and|until|within)$", "", cut.strip(" ¦,.:"))
    return re.sub(r"^(?:be|been|of|the)\s+", "", cut).strip()


# Driver diagrams

KINDS = ("primary", "secondary", "idea")
"""The parts of a driver diagram below the aim; each leads to parts named before it, and a primary driver to the aim."""

MOST_NODES = 60
_LEADS = {"primary": (), "secondary": ("primary",), "idea": ("primary", "secondary")}
NAMES = {"primary": "primary driver", "secondary": "secondary driver", "idea": "change idea"}


@dataclass(frozen=True, slots=True)
class Node:
    """A driver or a change idea; `leads_to` holds the ids of the drivers it is meant to move."""

    kind: str
    id: str
    what: str
    leads_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagram:
    """A driver diagram that could be read: ids are unique and every link leads to a driver of an earlier part."""

    aim: str
    nodes: tuple[Node, ...]

    def of(self, kind: str) -> tuple[Node, ...]:
        """Return the nodes of a kind, in the diagram's order."""
        return tuple(node for node in self.nodes if node.kind == kind)

    def paths(self, identifier: str) -> tuple[tuple[Node, ...], ...]:
        """Return every path from a node to the aim, each as the nodes passed, itself first; none if it has none."""
        if not self.aim:
            return ()
        by_id = {node.id: node for node in self.nodes}
        node = by_id[identifier]
        if node.kind == "primary":
            return ((node,),)
        return tuple((node, *rest) for end in node.leads_to for rest in self.paths(end))

    @property
    def unreachable(self) -> tuple[Node, ...]:
        """Change ideas with no path to the aim."""
        return tuple(idea for idea in self.of("idea") if not self.paths(idea.id))

    @property
    def stranded(self) -> tuple[Node, ...]:
        """Secondary drivers with no path to the aim."""
        return tuple(driver for driver in self.of("secondary") if not self.paths(driver.id))

    @property
    def idle(self) -> tuple[Node, ...]:
        """Drivers that no change idea passes through on any path, in the diagram's order."""
        busy = {end for node in self.of("idea") for end in self._above(node)}
        return tuple(node for node in self.nodes if node.kind != "idea" and node.id not in busy)

    def _above(self, node: Node) -> set[str]:
        by_id = {one.id: one for one in self.nodes}
        found = set(node.leads_to)
        for end in node.leads_to:
            found |= self._above(by_id[end])
        return found


def build_diagram(aim: str, rows: Iterable[tuple[str, Node]]) -> Diagram:
    """Return the diagram made of `rows`: (what to call the row, its node).

    Raises ValueError naming the row for an unknown kind, missing words, an id used twice, too many rows, or a link
    to no driver, to itself, or the wrong way (a driver cannot lead to an idea, nor a primary driver to anything but the aim).
    """
    named = list(rows)
    if len(named) > MOST_NODES:
        raise ValueError(f"{len(named)} boxes is too many. Keep to {MOST_NODES}: nobody can act on more.")
    kinds: dict[str, str] = {}
    for where, node in named:
        if node.kind not in KINDS:
            raise ValueError(
                f"{where}: {node.kind!r} is no part of a diagram. Use one of {', '.join(KINDS)}."
            )
        if not node.what.strip():
            raise ValueError(f"{where} has no words. Say what it is, or take the row out.")
        if node.id in kinds:
            raise ValueError(f"{where}: the name {node.id} is used twice. Give each box its own.")
        kinds[node.id] = node.kind
    for where, node in named:
        for end in node.leads_to:
            if end not in kinds:
                there = (
                    ", ".join(one for one, kind in kinds.items() if kind in _LEADS[node.kind]) or "none yet"
                )
                raise ValueError(f"{where} leads to {end}, which is not there. You can use: {there}.")
            if kinds[end] not in _LEADS[node.kind]:
                raise ValueError(
                    f"{where} leads to {end}, a {NAMES[kinds[end]]}. A {NAMES[node.kind]} cannot lead there: arrows run from "
                    "ideas to drivers to the aim."
                )
    return Diagram(" ".join(aim.split()), tuple(node for _, node in named))
