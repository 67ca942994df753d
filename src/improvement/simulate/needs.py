"""W27 needs excavator: what a referral says, who knows what, and the needs that come to light when they are asked.

Nothing is drawn at random and no outcome is written down. A case states its facts and who knows each of them. A fact
comes to light when everybody in one of its groups of `known_to` has been asked: a deaf man and his interpreter are one
such group. A fact may be a real need, may end a step of the plan that followed from the card, and may add one. So a
plan is worked out from who was asked, and the cost of missing somebody from who else knew.

`CASES` are invented. No person, team or service stands behind them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations

ASSUMPTIONS = (
    "Everybody who is asked answers truthfully and says all they know.",
    "A fact comes to light only when somebody who knows it is asked. Two people in some cases have to be asked together.",
    "What is found is acted on. One fact is enough to end a step of the plan that rests on the opposite.",
)
CANNOT_TELL = (
    "What your own patients need. These people are invented.",
    "Which needs weigh most: each counts as one here, and the person would not count them so.",
    "Whether people would tell you. That takes trust, time, and consent before family or neighbours are asked.",
)


@dataclass(frozen=True)
class Voice:
    """Somebody who could be asked. `absent` is true of those whom nobody invites."""

    key: str
    who: str
    absent: bool = False


@dataclass(frozen=True)
class Step:
    """A step of the plan that follows from the card, and what it takes for granted. `treats` is true of a test
    or treatment."""

    key: str
    what: str
    assumes: str
    treats: bool = False


@dataclass(frozen=True)
class Fact:
    """Something true: `says` in full, `short` in a few words.

    `known_to` holds groups of voices, any one of which is enough. `need` is true when the fact is a real need; `ends`
    holds the keys of the steps that it shows to be wrong; `adds` is what the plan gains ("" for nothing).
    """

    says: str
    short: str
    known_to: tuple[frozenset[str], ...]
    need: bool = False
    ends: tuple[str, ...] = ()
    adds: str = ""

    def comes_to_light(self, asked: Collection[str]) -> bool:
        return any(group <= set(asked) for group in self.known_to)


@dataclass(frozen=True)
class Case:
    """A referral card: its words, the person, the need it states, and all that can be found out."""

    key: str
    name: str
    sector: str
    card: str
    person: str
    stated: str
    plan: tuple[Step, ...]
    voices: tuple[Voice, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Findings:
    """What is known after asking: the facts, the needs among them, and the plan that follows now."""

    facts: tuple[Fact, ...]
    needs: tuple[Fact, ...]
    standing: tuple[Step, ...]
    ended: tuple[Step, ...]
    added: tuple[str, ...]

    @property
    def treatment_avoided(self) -> tuple[Step, ...]:
        return tuple(step for step in self.ended if step.treats)


@dataclass(frozen=True)
class Loss:
    """What nobody else can bring: needs never found, and steps kept that nobody needs."""

    needs: tuple[Fact, ...]
    kept: tuple[Step, ...]


def findings(case: Case, asked: Iterable[str]) -> Findings:
    """Return what comes to light, and the plan that follows, when the voices with these keys have been asked.

    Raises ValueError for a key that is none of the case's voices.
    """
    asked = _voices(case, asked)
    facts = tuple(fact for fact in case.facts if fact.comes_to_light(asked))
    ends = {step for fact in facts for step in fact.ends}
    return Findings(
        facts,
        tuple(fact for fact in facts if fact.need),
        tuple(step for step in case.plan if step.key not in ends),
        tuple(step for step in case.plan if step.key in ends),
        tuple(fact.adds for fact in facts if fact.adds),
    )


def everything(case: Case) -> Findings:
    """Return what comes to light when all are asked."""
    return findings(case, [voice.key for voice in case.voices])


def cost_of_missing(case: Case, missed: Iterable[str]) -> Loss:
    """Return what stays in the dark when these voices are missed and all others are asked.

    Raises ValueError for a key that is none of the case's voices.
    """
    missed = _voices(case, missed)
    whole = everything(case)
    rest = findings(case, [voice.key for voice in case.voices if voice.key not in missed])
    return Loss(
        tuple(fact for fact in whole.needs if fact not in rest.needs),
        tuple(step for step in whole.ended if step not in rest.ended),
    )


def most_needs(case: Case, questions: int) -> int:
    """Return the number of real needs that the best choice of so many voices brings to light."""
    keys = [voice.key for voice in case.voices]
    groups = combinations(keys, min(questions, len(keys)))
    return max(len(findings(case, group).needs) for group in groups)


def _voices(case: Case, keys: Iterable[str]) -> frozenset[str]:
    keys = frozenset(keys)
    known = [voice.key for voice in case.voices]
    strangers = sorted(keys - set(known))
    if strangers:
        raise ValueError(f"{case.name}: nobody here is called {strangers[0]!r}. Ask: {', '.join(known)}.")
    return keys


def _by(*groups: str) -> tuple[frozenset[str], ...]:
    """Return groups of voices from words such as "gp" or, for two who are needed together, "patient+interpreter"."""
    return tuple(frozenset(group.split("+")) for group in groups)


def _people(
    patient: str, carer: str, gp: str, porter: str, interpreter: str, first: str, second: str
) -> tuple[Voice, ...]:
    return (
        Voice("patient", patient),
        Voice("carer", carer),
        Voice("gp", gp),
        Voice("porter", porter),
        Voice("interpreter", interpreter),
        Voice("commissioner", "The commissioner"),
        Voice("absent", first, absent=True),
        Voice("unseen", second, absent=True),
    )


# fmt: off
_FREQUENT_CALLER = Case(
    "frequent_caller", "Frequent caller", "ambulance",
    "Frequent caller. 41 calls in a year. Breathless, anxious, nothing acute. Please manage demand.",
    "Mr Doyle is 71 and lives alone in a third-floor flat.",
    "Fewer calls",
    (
        Step("letter", "A letter asking him to call less", "He could choose to call less"),
        Step("anxiety", "Treatment for anxiety", "His breathlessness is worry", treats=True),
        Step("flag", "A low-priority flag on his address", "Nothing serious will be found"),
        Step("review", "Ambulance service and practice meet about him", "Two services know more than one"),
    ),
    _people("Mr Doyle", "His daughter", "His GP", "The ambulance crew", "An interpreter", "The night call-taker", "The neighbour below"),
    (
        Fact("At night his breath goes, and he is afraid to die alone.", "Somebody to ring at night", _by("patient", "carer"), True, ("letter",), "A night number, answered by people who know him"),
        Fact("His wife used to set out his inhalers. She died in March.", "Help with his inhalers", _by("carer", "gp"), True, (), "Inhalers gone through at home with a pharmacist"),
        Fact("He has lung disease. Medicines for flare-ups were advised in May and never reached him.", "Treatment for flare-ups", _by("gp"), True, ("anxiety", "flag"), "Flare-up medicines at home, with a plan"),
        Fact("His daughter rings on Sundays. She would come on bad days if anybody told her.", "Family told of bad days", _by("carer"), True, (), "With his consent, his daughter rung after a bad night"),
        Fact("The lift has been out since June and the bedroom is damp. He has not been outside.", "A dry flat and a way out", _by("porter", "unseen"), True, (), "Lift and damp taken up with the landlord"),
        Fact("Half his calls end without an ambulance. He asks when the surgery opens.", "To know when he will be seen", _by("absent"), True, (), "A surgery slot booked from the night call"),
        Fact("The scheme is paid for letters sent. Nobody is paid to ask how he is.", "Letters are what is paid for", _by("commissioner"), False, (), "He is asked each month how the nights are"),
        Fact("He speaks English and hears well. No interpreter is needed.", "No interpreter needed", _by("interpreter")),
    ),
)

_SOCIAL_ADMISSION = Case(
    "social_admission", "Social admission", "acute",
    "82. Social admission. Off legs, not coping. Medically fit. Consider placement.",
    "Mrs Evans is 82 and lives with her husband.",
    "A safe place to go",
    (
        Step("scan", "A head scan, to be sure", "Nobody has looked yet", treats=True),
        Step("sedative", "A sedative at night, as she calls out", "Calling out is confusion", treats=True),
        Step("placement", "Assessment for a care home", "She can no longer live at home"),
        Step("walking", "A physiotherapist to see her walk", "Her walking is part of it"),
    ),
    _people("Mrs Evans", "Her sister", "Her GP", "The porter", "An interpreter", "The night healthcare assistant", "Her husband"),
    (
        Fact("A new blood pressure tablet began nine days ago. The falls began that week.", "Her tablets looked at again", _by("gp"), True, (), "New tablet reviewed; blood pressure taken standing"),
        Fact("Her head was scanned after the first fall and was normal. She has not hit it since.", "Head scanned last week", _by("gp"), False, ("scan",)),
        Fact("Her husband has dementia. She is the one who looks after him.", "Somebody with her husband", _by("patient", "carer", "gp"), True, (), "A sitter for her husband from tonight"),
        Fact("Her husband wakes her at two and at four. She has not slept through since spring.", "Nights of rest", _by("carer"), True, (), "Two nights of respite each week"),
        Fact("Her walking frame broke in April, and there has been no other.", "A walking frame", _by("carer", "porter"), True, (), "A frame from the store today"),
        Fact("With one arm to hold she walks to X-ray and back.", "Walks with one arm to hold", _by("porter"), False, (), "Physiotherapist told how she walks"),
        Fact("She wants to be at home with him, and has a neighbour who cooks.", "Home, with him", _by("patient", "carer"), True, ("placement",), "A plan for home, with a date she agreed"),
        Fact("At night the bell is on her weak side. She calls out for the toilet.", "To reach the bell and the toilet", _by("patient", "absent"), True, ("sedative",), "Bell moved; a walk to the toilet at ten and two"),
        Fact("Her husband has hardly eaten since Monday and asks where she is.", "Her husband fed and told", _by("unseen"), True, (), "A hot meal and a telephone call to him today"),
        Fact("Sitters can start the same day if somebody rings before four.", "Sitters start the same day", _by("commissioner"), False, (), "Ring for the sitter before four"),
        Fact("She speaks English and hears well. No interpreter is needed.", "No interpreter needed", _by("interpreter")),
    ),
)

_MISSED = Case(
    "dna", "DNA x3", "mental health",
    "DNA x3. Poor engagement. Discharge as per policy.",
    "Mr Hale is 34, deaf, and signs.",
    "His slot, for somebody who comes",
    (
        Step("discharge", "Discharge to the GP", "He does not want to be seen"),
        Step("letter", "A letter about missed appointments", "The other letters told him what he needed"),
        Step("gp", "The GP told that he was not seen", "The GP would want to know"),
        Step("dose", "The clinic's prescription carried on", "The clinic's list is right", treats=True),
    ),
    _people("Mr Hale", "His brother", "His GP", "The receptionist", "A sign language interpreter", "The crisis team", "Deaf people never referred"),
    (
        Fact("He came the first time. His name was called aloud and he never knew.", "To be fetched, not called", _by("patient+interpreter", "carer"), True, (), "Somebody comes to fetch him"),
        Fact("The clinic can only be rung. Its letters are long, in what is his second language.", "A way to book without ringing", _by("patient+interpreter"), True, ("letter",), "Booking by text, and a signed video"),
        Fact("Twice the time was moved and nobody told the interpreter.", "An interpreter at every visit", _by("interpreter"), True, (), "Interpreter and slot booked in one step"),
        Fact("Last winter he was very unwell, and nobody knew until the crisis.", "Somebody to notice early", _by("gp"), True, ("discharge",), "Early signs written down with him and the GP"),
        Fact("The practice halved the dose in April. The clinic's list has the old one.", "One list of medicines", _by("gp"), True, ("dose",), "Clinic and practice work from one list"),
        Fact("He starts work at six. A morning slot costs him the day's pay.", "A time after work", _by("patient+interpreter", "carer"), True, (), "Late afternoon slots"),
        Fact("The screen that shows names has been dark since summer.", "A screen that shows names", _by("porter"), True, (), "The screen mended"),
        Fact("When he is ill he texts. One team in the service has a number for that.", "A number to text on bad nights", _by("absent"), True, (), "The text number given to everyone"),
        Fact("People refer themselves by telephone here, so deaf people do not.", "A way in without a telephone", _by("unseen"), True, (), "Self-referral by text"),
        Fact("The contract pays for slots kept. It pays for no interpreter.", "Interpreters paid for", _by("commissioner"), True, (), "Interpreter time written into the contract"),
    ),
)

_DELAYED = Case(
    "delayed_discharge", "Delayed discharge", "community",
    "Delayed discharge, day 23. Medically optimised. Family refusing.",
    "Mr Osei is 77 and in a community hospital after a broken hip.",
    "The bed",
    (
        Step("letter", "A letter giving the family seven days", "The family are refusing"),
        Step("home", "A place in a care home", "He cannot go home"),
        Step("catheter", "His catheter kept until he leaves", "He has always had it", treats=True),
        Step("date", "A date for going, told to everyone", "People plan better to a date"),
    ),
    _people("Mr Osei", "His daughter", "His GP", "The transport crew", "An interpreter", "The town pharmacist", "The district nurse"),
    (
        Fact("Before the operation he had no catheter and no trouble with his bladder.", "The catheter out", _by("gp"), True, ("catheter",), "A trial without the catheter tomorrow"),
        Fact("The practice was looking into his memory. On a ward that can look like stubbornness.", "His memory looked into", _by("gp"), True, (), "Memory tests taken up again at home"),
        Fact("His daughter is not refusing. She works until three, and nobody can say who gives insulin at noon.", "Insulin covered at noon", _by("carer"), True, ("letter",), "Insulin moved to the morning"),
        Fact("He has slept downstairs for a year and wants his own chair.", "Home, downstairs", _by("patient", "carer"), True, ("home",), "Bed and commode put in downstairs"),
        Fact("A nurse dressed his legs each week and would do so again.", "A nurse he knows", _by("gp", "unseen"), True, (), "First home visit booked before he leaves"),
        Fact("Two journeys were called off at the door. The steps need two people.", "Two people for the steps", _by("porter"), True, (), "A crew of two, booked for eleven"),
        Fact("His medicine box takes two days to make up. The pharmacist hears on the day.", "Medicines ready in time", _by("absent"), True, (), "The box ordered two days ahead"),
        Fact("Since April a nurse may order the bed herself, with no panel.", "No panel for a bed", _by("commissioner"), False, (), "The nurse orders the bed today"),
        Fact("He speaks English and hears well. No interpreter is needed.", "No interpreter needed", _by("interpreter")),
    ),
)

_DIABETES = Case(
    "diabetes", "Non-compliant diabetic", "primary care",
    "Non-compliant diabetic. HbA1c 92. Please start insulin.",
    "Ms Silva is 46, packs parcels at night, and lives in a hostel with her son.",
    "A lower HbA1c",
    (
        Step("insulin", "Insulin at bedtime", "The tablets are taken and do not work", treats=True),
        Step("checks", "Feet, kidneys and blood pressure checked", "High sugar calls for the whole check"),
        Step("label", "“Non-compliant” kept on her record", "She could, and will not"),
        Step("eyes", "Eye screening at ten on a weekday", "She is awake in the day"),
    ),
    _people("Ms Silva", "Her grown-up son", "Her GP", "The pharmacy driver", "An interpreter", "Other night workers", "The course tutor"),
    (
        Fact("On a short break the tablets upset her stomach, so on shift she leaves them out.", "A medicine that fits nights", _by("patient", "carer"), True, ("label",), "A gentler form, taken after sleep"),
        Fact("On a stronger dose two years ago she passed out at work. It is in the old notes.", "No low sugar on shift", _by("gp"), True, ("insulin",), "A safe range agreed before any new dose"),
        Fact("The fridge is shared, and her things go missing.", "A safe place for medicines", _by("carer"), True, (), "A cool box with a lock"),
        Fact("Her mother lost a leg to diabetes. She dreads hearing results.", "Bad news from somebody she trusts", _by("carer", "gp"), True, (), "The same nurse each time"),
        Fact("In her own language she says that the label reads “once”. It means once at each meal.", "Labels in her language", _by("patient+interpreter"), True, (), "Labels printed in her language"),
        Fact("Her test strips run out in the third week of each month.", "Strips that last the month", _by("porter"), True, (), "The repeat raised to last the month"),
        Fact("Night workers have given up on eye screening. It is at ten, when they sleep.", "Screening for people who work nights", _by("absent"), True, ("eyes",), "Eye screening at five in the afternoon"),
        Fact("She has done the course twice and carried others through it.", "Her own knowledge put to use", _by("unseen"), True, (), "An offer to help run the course, paid"),
        Fact("The team may see people at any hour the contract's total allows.", "Hours may be moved", _by("commissioner"), False, (), "One evening clinic a week"),
    ),
)

_WRIST = Case(
    "wrist", "Broken wrist", "",
    "Fell on ice. Broken wrist, not displaced. Needs a cast.",
    "Mr Price is 34 and fell on his way to work.",
    "A wrist that heals",
    (
        Step("pain", "Pain relief", "It hurts", treats=True),
        Step("picture", "An X-ray", "Nobody has looked yet", treats=True),
        Step("cast", "A cast", "The bone is broken and in place", treats=True),
        Step("clinic", "Fracture clinic in a week", "It needs a second look"),
    ),
    _people("Mr Price", "His wife", "His GP", "The porter", "An interpreter", "His foreman", "The council that grits the road"),
    (
        Fact("It hurts, and he would like it mended.", "Wants it mended", _by("patient", "carer")),
        Fact("He is well and takes no medicines.", "Well before this", _by("gp")),
        Fact("He walked to X-ray, joking.", "Walks well", _by("porter")),
        Fact("He speaks English and hears well. No interpreter is needed.", "No interpreter needed", _by("interpreter")),
        Fact("The pathway for a plain wrist is the one on the card.", "The pathway fits", _by("commissioner")),
        Fact("His job will wait, on full pay.", "Job safe", _by("absent")),
        Fact("The road is gritted now.", "Road gritted", _by("unseen")),
    ),
)
# fmt: on

CASES = {
    case.key: case for case in (_FREQUENT_CALLER, _SOCIAL_ADMISSION, _MISSED, _DELAYED, _DIABETES, _WRIST)
}
