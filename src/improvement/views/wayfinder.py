"""W01 Wayfinder: who you are and how long you have, to the one lesson to open now and a short route after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from improvement import curriculum, datasets
from improvement.curriculum import Planned
from improvement.views import schema
from improvement.views.schema import SECTORS, Choice, Option

HERE = "M00.1"
LONGEST_ROUTE = 6

ROLES = {
    "patient-partner": "Patient partner or carer",
    "gp": "GP or practice team",
    "foundation-doctor": "Foundation doctor",
    "specialty-trainee": "Doctor in core or higher training",
    "clinician": "Nurse, paramedic, therapist or other clinician",
    "team-leader": "Ward or team leader",
    "operations": "Finance or operations manager",
    "improver": "New to an improvement team",
    "improvement-lead": "Director or head of improvement",
    "executive": "Executive director",
    "non-executive": "Non-executive director or chair",
    "educator": "Educator or supervisor",
}
BARRIERS = {
    "operations": "Operational pressure",
    "staff": "Staff with too much on already",
    "capacity": "Too few people",
}
EXPERIENCE = {"new": "New to it", "some": "Some experience", "expert": "Years of it"}
MINUTES = {"5": 5, "15": 15, "30": 30, "60": 60}

SECTOR_WORDS = {
    "acute": "acute hospitals",
    "ambulance": "ambulance services",
    "community": "community services",
    "mental health": "mental health",
    "primary care": "primary care",
    "system": "work across a system",
}
UNSAID = "none"

# Each pile is in the order in which its lessons are dealt.
ROLE_PILES = {
    UNSAID: "M00.2 M01.1 M02.1 M02.2 M11.2 M12.4 M02.3 M11.4 M04.4",
    "patient-partner": "M01.1 M03.2 M02.1 M02.2 M14.4 M15.1 M15.2 M13.3 M00.2",
    "gp": "M12.4 M12.5 M14.4 M02.2 M02.8 M02.1 M11.4 M09.3",
    "foundation-doctor": "M00.2 M00.3 M01.1 M02.1 M02.2 M11.2 M11.3 M11.4 M04.1 M12.4 M02.8",
    "specialty-trainee": "M02.3 M02.1 M11.6 M11.8 M02.5 M08.2 M09.3 M10.4 M11.5 M15.1 M15.4 M02.4 M02.7",
    "clinician": "M11.4 M02.2 M09.3 M04.1 M02.3 M12.4 M11.2 M04.4",
    "team-leader": "M02.1 M02.2 M10.1 M08.4 M11.4 M04.1 M04.4 M12.4",
    "operations": "M01.4 M02.5 M02.7 M10.2 M12.1 M12.2 M03.3 M09.6",
    "improver": "M00.2 M00.3 M01.1 M01.2 M01.3 M02.1 M02.2 M02.3 M07.1 M08.1",
    "improvement-lead": "M07.1 M08.3 M06.1 M13.2 M01.4 M08.1 M13.1 M05.4 M10.3",
    "executive": "M01.1 M02.1 M05.1 M07.2 M02.7 M05.3 M08.3 M13.2 M10.2",
    "non-executive": "M02.1 M01.1 M05.1 M02.3 M13.1 M10.3 M07.2 M14.2 M15.1",
    "educator": "M11.8 M06.3 M06.4 M04.2 M02.3 M15.3 M06.1",
}
BARRIER_PILES = {
    "operations": "M02.1 M12.2 M10.2 M12.4 M02.3 M02.5 M12.1 M01.4",
    "staff": "M04.4 M03.3 M08.4 M12.5 M04.1 M07.2 M05.1",
    "capacity": "M12.5 M12.3 M12.2 M06.2 M09.6 M12.1 M12.4",
}
SECTOR_PILES = {
    "acute": "M02.7 M12.1 M01.4 M02.9 M02.5 M12.6",
    "ambulance": "M02.3 M12.2 M10.1 M10.2 M13.2",
    "community": "M02.6 M12.5 M03.1 M09.2 M13.2",
    "mental health": "M02.1 M04.1 M10.4 M09.3 M08.4",
    "primary care": "M02.2 M12.4 M02.8 M14.4 M09.3",
    "system": "M14.1 M14.2 M08.3 M14.3 M09.2",
}
DEBATES = "M08.5 M15.3 M11.8 M01.5 M15.4 M05.4 M13.4 M15.6"
BASICS = frozenset(["M00.2", "M01.1", "M01.2", "M02.1", "M02.2", "M08.1", "M11.1", "M11.2"])
PASSED_OVER = {"new": frozenset(), "some": frozenset(["M00.2", "M01.1", "M02.1"]), "expert": BASICS}


@dataclass(frozen=True)
class Answers:
    """What a reader said of themselves; "none" where they have not said."""

    role: str = UNSAID
    sector: str = UNSAID
    minutes: int = 15
    experience: str = "new"
    barrier: str = UNSAID


@dataclass(frozen=True)
class Stop:
    """A lesson on a route and the reasons it is there."""

    lesson: Planned
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """What is advised: the lesson to open `now` (None when none is written), and at most six `stops` with it first.

    `ideal` is the lesson that would be first if every lesson were written. `taken` is the number of minutes of the
    lesson now that fit in the sitting. The first `today` stops fit in it together.
    """

    now: Stop | None
    stops: tuple[Stop, ...]
    ideal: Stop
    taken: int
    today: int

    @property
    def minutes(self) -> int:
        return sum(stop.lesson.minutes for stop in self.stops)


def suggest(answers: Answers, lessons: Sequence[Planned] | None = None) -> Route:
    """Return the lesson to open now and a route for these answers.

    The piles for experience, barrier, role and sector are dealt in turn, like cards; what needs fewer sittings of
    `answers.minutes` goes before what needs more. The written lessons that still fit in the first sitting follow
    `now`. `lessons` is the plan, the course's own when left out. The rules are the authors' opinion.

    Raises ValueError for an answer that is not one of those offered.
    """
    plan = {lesson.id: lesson for lesson in (curriculum.lessons() if lessons is None else lessons)}
    dealt = [plan[one] for one in _deal(answers, list(plan)) if one in plan and one != HERE]
    ranked = [Stop(lesson, reasons_for(lesson.id, answers)) for lesson in dealt]
    ranked.sort(key=lambda stop: (not stop.reasons, -(-stop.lesson.minutes // answers.minutes)))
    written = [stop for stop in ranked if stop.lesson.written]
    whole = [stop for stop in written if stop.lesson.minutes <= answers.minutes]
    now = (whole or written or [None])[0]
    taken = min(now.lesson.minutes, answers.minutes) if now else 0
    today = [now] if now else []
    left = answers.minutes - taken
    for stop in written:
        if stop is not now and stop.reasons and stop.lesson.minutes <= left:
            today.append(stop)
            left -= stop.lesson.minutes
    stops = [*today, *(stop for stop in ranked if stop not in today)][:LONGEST_ROUTE]
    return Route(now, tuple(stops), ranked[0], taken, len(today[:LONGEST_ROUTE]))


def piles(answers: Answers) -> list[list[str]]:
    """Return the lists of lesson ids that these answers call for, in the order they are dealt.

    Raises ValueError for an answer that is not one of those offered.
    """
    _check(answers)
    barrier = BARRIER_PILES.get(answers.barrier, "").split()
    role = ROLE_PILES[answers.role].split()
    called = [
        sorted(barrier, key=lambda one: one not in role),
        role,
        SECTOR_PILES.get(answers.sector, "").split(),
    ]
    if answers.experience == "expert":
        called.insert(0, DEBATES.split())
    return [[one for one in pile if one not in PASSED_OVER[answers.experience]] for pile in called]


def reasons_for(lesson: str, answers: Answers) -> tuple[str, ...]:
    """Return why that lesson is on a route for these answers; empty when none of them calls for it."""
    if lesson in PASSED_OVER[answers.experience]:
        return ()
    reasons = []
    if answers.experience == "expert" and lesson in DEBATES.split():
        reasons.append("a debate, not the basics")
    if lesson in BARRIER_PILES.get(answers.barrier, "").split():
        reasons.append(BARRIERS[answers.barrier].lower())
    if lesson in SECTOR_PILES.get(answers.sector, "").split():
        reasons.append(SECTOR_WORDS[answers.sector])
    if lesson in ROLE_PILES[answers.role].split():
        reasons.append("your role" if answers.role != UNSAID else "a first look round")
    return tuple(reasons)


def _deal(answers: Answers, plan: Sequence[str]) -> Iterator[str]:
    """Yield every lesson once: those the answers call for, then the rest of the course, its basics last for an expert."""
    called = piles(answers)
    rest = sorted(plan, key=lambda one: answers.experience == "expert" and one in BASICS)
    yield from dict.fromkeys(
        one for one in [*(card for hand in zip_longest(*called) for card in hand), *rest] if one
    )


def _check(answers: Answers) -> None:
    offered = {
        "role": (*ROLES, UNSAID),
        "sector": (*SECTORS, UNSAID),
        "minutes": tuple(MINUTES.values()),
        "experience": tuple(EXPERIENCE),
        "barrier": (*BARRIERS, UNSAID),
    }
    for name, allowed in offered.items():
        given = getattr(answers, name)
        if given not in allowed:
            raise ValueError(
                f"{name} is {given!r}, which is not offered. Choose from: {', '.join(map(str, allowed))}."
            )


def _barrier_shares() -> dict[str, int]:
    """The percentages of trust respondents who named each barrier, from the real survey (129 people, 95 trusts)."""
    rows = datasets.read("provider_survey").where(level="trust", question="barrier")
    names = {
        "operational pressures": "operations",
        "engaging overburdened staff": "staff",
        "workforce capacity": "capacity",
    }
    return {names[answer]: value for answer, value in zip(rows["answer"], rows["value"], strict=True)}


_SHARES = _barrier_shares()
_GUESSES = {
    "all": "All of it",
    "module": "A whole module",
    "six": "Six lessons or so",
    "one": "One lesson",
}


DECLARATION = schema.Declaration(
    title="Wayfinder",
    intro="Say who you are and how long you have. You get one lesson to open now and at most five to follow. "
    "Nothing you choose here leaves this page.",
    prediction=schema.Prediction(
        question="How much of this course do you need before there is something you could use at work?",
        control=Choice(
            name="prediction",
            label="Your hunch",
            default=None,
            radio=True,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
        commit="Show me the way",
    ),
    controls=(
        Choice(
            name="role",
            label="What are you?",
            help="The nearest will do. No title is turned away.",
            default=UNSAID,
            options=(
                Option(value=UNSAID, label="Not said"),
                *(Option(value=value, label=label) for value, label in ROLES.items()),
            ),
        ),
        Choice(
            name="sector",
            label="Where do you work, or get care?",
            default=UNSAID,
            options=(
                Option(value=UNSAID, label="Not said"),
                *(
                    Option(value=sector, label=f"{sector[0].upper()}{sector[1:]}", sector=sector)
                    for sector in sorted(set(SECTORS) - {"system"})
                ),
                Option(value="system", label="Across a system (ICB, partnership)", sector="system"),
            ),
        ),
        Choice(
            name="minutes",
            label="How long have you got?",
            default="15",
            radio=True,
            options=tuple(
                Option(value=value, label=f"{value} minutes" if value != "60" else "An hour or more")
                for value in MINUTES
            ),
        ),
        Choice(
            name="experience",
            label="How much improvement have you done?",
            default="new",
            radio=True,
            options=tuple(Option(value=value, label=label) for value, label in EXPERIENCE.items()),
        ),
        Choice(
            name="barrier",
            label="What gets in your way most?",
            default=UNSAID,
            radio=True,
            options=(
                Option(value=UNSAID, label="None of these, or not sure"),
                *(Option(value=value, label=label) for value, label in BARRIERS.items()),
            ),
        ),
    ),
    assumptions=(
        "Your role, sector, barrier and experience each call for a list of lessons. The lists are dealt in turn, like cards.",
        "A lesson takes the minutes printed on it.",
        "Only lessons that are written can be opened; planned ones keep their place on the route and say so.",
    ),
    cannot_tell=(
        "Whether these lessons will help you. The lists are the authors' judgement and no learner has tested them.",
        "What your own organisation most needs: the lists know your answers and nothing else.",
    ),
    honesty="Real: the survey percentages (NHS Providers, 26 October 2023). The lists of lessons are opinion.",
    printable=True,
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: one lesson to open now, why, and the route with its minutes."""
    answers = Answers(
        params["role"],
        params["sector"],
        MINUTES[params["minutes"]],
        params["experience"],
        params["barrier"],
    )
    plan = curriculum.lessons()
    route = suggest(answers, plan)
    total = _total(route, answers)
    panels = [
        _next(route, answers),
        schema.sentence(_because(route, answers), heading="Why this one", reveal=True),
        *_after(route, answers),
        schema.sentence(total, heading="In all", reveal=True),
    ]
    if answers.barrier != UNSAID:
        panels.append(schema.sentence(_company(answers.barrier), heading="You are not alone", reveal=True))
    if params["prediction"] is not None:
        panels.append(
            schema.sentence(_compared(params["prediction"], route, plan), heading="Your hunch", reveal=True)
        )
    rows = [
        [
            place,
            stop.lesson.id,
            stop.lesson.title,
            stop.lesson.minutes,
            _status(stop),
            ", ".join(stop.reasons),
        ]
        for place, stop in enumerate(route.stops, start=1)
    ]
    columns = ["Order", "Lesson", "Title", "Minutes", "Status", "Why"]
    panels.append(schema.table("The route as a table", columns, rows, reveal=True))
    first = f"Open now: {_name(route.now)}." if route.now else "No lesson can be opened yet."
    return schema.view(panels, summary=f"{first} {total}", data={"columns": columns, "rows": rows})


def _next(route: Route, answers: Answers) -> dict[str, Any]:
    items = []
    if route.now:
        lesson = route.now.lesson
        note = ""
        if route.taken < lesson.minutes:
            note = f"in {route.taken} minutes, make the guess and move one thing. Come back for the rest."
        elif _testable(route.now, answers):
            note = "go to its self-check first. If you get it all right, skip the lesson."
        items = [(_timed(route.now), lesson.page, note)]
    return schema.links(
        "Open this now", items, empty="No lesson is written yet. The route below is the plan.", reveal=True
    )


def _after(route: Route, answers: Answers) -> list[dict[str, Any]]:
    first = 1 if route.now else 0
    groups = (
        ("Then, in the same sitting", route.stops[first : route.today]),
        ("On another day", route.stops[max(first, route.today) :]),
    )
    return [
        schema.links(heading, [_item(stop, answers) for stop in stops], empty="", reveal=True)
        for heading, stops in groups
        if stops
    ]


def _because(route: Route, answers: Answers) -> str:
    ideal = route.ideal
    if not route.now:
        return f"Your first would be “{_name(ideal)}”. It is planned."
    matched = ", ".join(route.now.reasons)
    why = (
        f"Chosen for: {matched}."
        if matched
        else "None of those written matches your answers; this comes first of the rest."
    )
    if route.now is ideal:
        return why
    if ideal.lesson.written:
        return f"{why} “{_name(ideal)}” would come first, but it takes {ideal.lesson.minutes} minutes."
    return f"{why} “{_name(ideal)}” would come first for you, and it is still to be written."


def _item(stop: Stop, answers: Answers) -> tuple[str, str, str]:
    words = list(stop.reasons)
    if not stop.lesson.written:
        words.append("planned, not written yet")
    elif _testable(stop, answers):
        words.append("self-check first")
    return _timed(stop), stop.lesson.page, "; ".join(words)


def _testable(stop: Stop, answers: Answers) -> bool:
    """Say whether an expert should try to test out of this lesson before reading it."""
    return answers.experience == "expert" and stop.lesson.id not in DEBATES.split()


def _total(route: Route, answers: Answers) -> str:
    written = sum(stop.lesson.written for stop in route.stops)
    count = len(route.stops)
    state = (
        "All can be opened today."
        if written == count
        else f"{written or 'None'} can be opened today; {count - written} {'is' if count - written == 1 else 'are'} planned."
    )
    sittings = _sittings([stop.lesson.minutes for stop in route.stops], answers.minutes)
    pace = f"{sittings} sitting{'' if sittings == 1 else 's'} of up to {answers.minutes} minutes"
    return f"{count} lesson{'' if count == 1 else 's'}, {route.minutes} minutes: {pace}. {state}"


def _sittings(minutes: Sequence[int], available: int) -> int:
    """How often to sit down for these lessons in order; a lesson longer than a sitting is spread over several."""
    sittings, left = 0, 0
    for length in minutes:
        if length <= left:
            left -= length
            continue
        needed = -(-length // available)
        sittings += needed
        left = available - length if needed == 1 else 0
    return sittings


def _company(barrier: str) -> str:
    trusts = {
        "operations": "operational pressures stood in the way of improvement",
        "staff": "it was hard to engage overburdened staff",
        "capacity": "workforce capacity fell short",
    }[barrier]
    return (
        f"{_SHARES[barrier]}% of 129 people who answered from 95 trusts said that {trusts} "
        "(NHS Providers, 26 October 2023). Only trusts were asked."
    )


def _compared(guess: str, route: Route, plan: Sequence[Planned]) -> str:
    whole = f"the course is planned at {len(plan)} lessons, {sum(one.minutes for one in plan):,} minutes"
    if not route.now:
        return f"You said: {_GUESSES[guess].lower()}. For scale, {whole}."
    return (
        f"You said: {_GUESSES[guess].lower()}. The lesson above takes {route.taken} of your minutes and holds one thing "
        f"to do this week. For scale, {whole}."
    )


def _status(stop: Stop) -> str:
    return "written" if stop.lesson.written else "planned"


def _timed(stop: Stop) -> str:
    return f"{_name(stop)} ({stop.lesson.minutes} minutes)"


def _name(stop: Stop) -> str:
    return f"{stop.lesson.id} {stop.lesson.title}"


def read_answers(given: Mapping[str, Any]) -> Answers:
    """Return a dictionary of a reader's inputs as `Answers`.

    Raises ValueError naming an input that is missing, unknown or not one of those offered.
    """
    names = list(Answers.__dataclass_fields__)
    if set(given) != set(names):
        raise ValueError(f"Give exactly these inputs: {', '.join(names)}.")
    answers = Answers(**given)
    _check(answers)
    return answers
