"""Dataset D05: eight weeks of calls to an invented general practice, with the reason as written down and two codes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from improvement.datasets.noise import Noise

SEED = 7806
COLUMNS = {
    "call": int,
    "called_on": date,
    "session": str,
    "reason": str,
    "code_a": str,
    "code_b": str,
    "demand": str,
    "cause": str,
}

FIRST_DAY = date(2026, 6, 1)
DAYS = 40
CHANGE_DAY = 20
RESULT_CHASERS = (48, 12)

CALLS = {
    "new problem": ("value", 108),
    "known condition": ("value", 54),
    "planned care": ("value", 66),
    "medicine request": ("value", 36),
    "advice": ("value", 24),
    "chasing a result": ("failure", sum(RESULT_CHASERS)),
    "chasing a referral": ("failure", 54),
    "prescription problem": ("failure", 50),
    "could not get an appointment": ("failure", 38),
    "instruction not clear": ("failure", 22),
    "mistake to put right": ("failure", 16),
    "cannot tell": ("unclear", 72),
}

_CODES = ("value", "failure", "unclear")
# How likely a coder is to write each of _CODES, by what the call was agreed to be.
_CODER_A = {"value": (0.92, 0.04, 0.04), "failure": (0.05, 0.90, 0.05), "unclear": (0.18, 0.20, 0.62)}
_CODER_B = {"value": (0.93, 0.03, 0.04), "failure": (0.12, 0.82, 0.06), "unclear": (0.30, 0.15, 0.55)}

_WEEKDAY_WEIGHTS = (1.35, 1.05, 0.95, 0.9, 0.75)

_SLOTS = {
    "who": ("Mum", "Dad", "his wife", "her husband", "daughter", "son", "the carer", "a neighbour", "her sister"),
    "child": ("little one", "3 year old", "baby", "8 year old", "toddler", "teenage son", "5 year old", "daughter, 11"),
    "pupil": ("9 year old", "8 year old", "teenage son", "5 year old", "daughter (11)", "year 7 boy", "6 year old"),
    "part": ("knee", "shoulder", "lower back", "hip", "ankle", "wrist", "neck", "elbow", "foot"),
    "side": ("left", "right"),
    "days": ("two days", "3 days", "4 days", "about a week", "10 days", "a fortnight", "a few days", "a week"),
    "long": ("3 weeks", "a month", "five weeks", "6 weeks", "two months", "7 weeks", "ten weeks", "4 weeks"),
    "test": ("bloods", "blood test", "urine sample", "X-ray", "scan", "thyroid test", "swab", "cholesterol test"),
    "clinic": (
        "physio", "dermatology", "the hospital", "orthopaedics", "cardiology", "hearing clinic", "podiatry",
        "the memory clinic", "gynae", "the eye clinic", "talking therapies", "the breathing clinic",
    ),
    "med": (
        "inhaler", "blood pressure tablets", "metformin", "thyroxine", "statin", "water tablets", "eye drops",
        "antidepressant", "stomach tablets", "HRT patches", "folic acid", "blood thinners",
    ),
    "ill": ("diabetes", "asthma", "COPD", "blood pressure", "heart failure", "epilepsy", "arthritis", "migraine"),
    "jab": ("flu", "shingles", "MMR", "pneumonia", "whooping cough", "RSV"),
    "times": ("twice", "3 times", "four times", "twice this week", "three times now"),
    "time": ("8 am", "8.30", "twenty past 8", "nine", "8.05"),
}  # fmt: skip

# Said in passing, whatever the call is about.
_ASIDES = (
    "free after 2", "text is best", "needs interpreter", "can come any day", "works nights", "hard of hearing",
    "not before school run", "mobile only", "has own transport", "speak to carer", "please leave message",
    "new number given", "on speaker with family", "lunchtime ok", "will be at work till 4", "bad signal",
)  # fmt: skip
_CHANCE_ASIDE = 0.22

_PHRASES = {
    "new problem": (
        "{child} hot and off food, {days}",
        "Rash on tummy and arms {days}, itchy, not on any new medicines",
        "{side} {part} swollen after a fall, can just about walk on it",
        "Burning when passing water, {days}",
        "Cough won't shift, {days}, bringing up green",
        "found a lump under {side} arm, worried",
        "Dizzy spells on standing up, {days}",
        "Earache {side} side, {days}, paracetamol not touching it",
        "low mood, not sleeping, asking to talk to someone",
        "Tummy pain comes and goes {days}, worse after eating",
        "{who} rang: pt more muddled than usual {days}",
        "New headache {days}, light hurts eyes a bit",
        "{part} pain, {days}, no injury, stiff in the mornings",
        "Sticky {side} eye, {child}",
        "Bleeding between periods, first time it has happened",
        "tired all the time, {days}, wants checking over",
        "Sore throat {days}, can't swallow solids",
        "Mole on {part} has changed shape",
        "{child} been sick five times since last night, still drinking",
        "Insect bite on {part}, red and spreading",
        "Palpitations on and off, {days}",
        "Pins and needles in {side} hand, wakes them at night",
        "Noticed blood when going to the loo, {days}",
        "Bruises coming up on arms, doesn't remember knocking them",
        "{who} worried, pt fell in bathroom, no injury seen, {part} sore",
        "Painful period, third month running, paracetamol no help",
        "Chest tight on stairs, {days}, fine at rest (advised 999 if at rest, passed to duty)",
        "{pupil} limping, won't say what happened",
        "Nappy rash, cream from shop making it worse",
        "Losing weight without trying, clothes loose",
        "Mouth ulcer not healing, {long}",
        "Panic attacks since change at work, {days}",
        "{child} wheezy at night, no asthma as far as they know",
        "Reflux, {long}, wakes choking",
        "Back went while gardening, can't get comfy",
        "Cut {part} on tin, closed but hot round it",
        "Ringing in {side} ear, {long}",
        "Tick bite {side} {part}, ring round it",
        "Constipated {days}, shop stuff has not worked",
        "Hair coming out in patches",
        "thinks it might be shingles, blisters one side, {days}",
        "Pregnancy test positive, what happens next",
        "Drinking too much and wants help with it",
        "{pupil} refusing school, tummy aches every morning",
        "Toenail infected, {side} foot, {days}",
        "Snoring, stops breathing, {who} frightened",
        "Hot flushes, can't sleep, wants to talk about options",
        "Shaky hands, {long}, spilling tea",
        "Smell gone, nose blocked {long}",
        "Hay fever bad this year, shop tablets no good",
        "Tooth? jaw? pain {side} side, not sure who to ask",
    ),
    "known condition": (
        "{ill} getting worse, {days}, asking if treatment should change",
        "Diabetes, sugar readings up and down, {days}",
        "Home readings high {days}, was told to ring if so",
        "flare of arthritis, knows the signs, wants same tablets as last time",
        "{who} says breathing worse with the COPD, {days}",
        "Using inhaler a lot more than normal, {days}",
        "Side effects since starting {med}, feels sick {days}",
        "{ill}: two bad turns in {days}, none for a year before that",
        "Ankles more swollen, {days}, on water tablets, gained weight",
        "Pain clinic plan no longer holding, {part} bad again {days}",
        "Anxious again after good spell, on antidepressant, would like a review",
        "Leg wound weeping more, {days}, dressing due anyway",
        "Pregnant, has {ill}, asks what to do about her medicines",
        "Stopped {med} {days} ago, felt odd on it, ok to stay off?",
        "{ill} worse in this heat",
        "Peak flow dropping, {days}, has action plan, wants to check it",
        "{med} working but gives cramps at night",
        "Would like to come off {med} slowly",
        "Gout again, {side} foot, third this year",
        "Eczema bad, creams at top of ladder already, {child}",
        "Migraine twice this week, usually twice a year",
        "{part} injection worn off, helped for half a year",
        "Dad has Parkinson's, more falls, can doses be looked at",
        "Psoriasis spreading to scalp",
        "Weight going up on {med}, unhappy about it",
        "Stoma leaking, nurse told to ring GP for skin cream",
        "{ill}, planning pregnancy, what needs to change",
    ),
    "planned care": (
        "Book smear, letter came this week",
        "{jab} jab please",
        "Annual {ill} review due, got the text to book",
        "Wants to book {test} doctor asked for",
        "Dressing change {part}, needs slot Thursday",
        "new patient, would like to register the family",
        "Baby 8 week check and first jabs",
        "Coil fitting, read the leaflet, ready to book",
        "B12 injection due",
        "NHS health check invite, any evening ok?",
        "To book {jab} vaccine for {child}",
        "Stitches out, {part}, told 7 days",
        "{ill} nurse appointment, prefers mornings",
        "Medication review, had message it is due",
        "Travel jabs, trip in {long}",
        "Ear wax, has used drops as told, book nurse",
        "{who} booking {ill} check for pt, needs ground floor room",
        "Blood pressure check, due this month",
        "Wants flu and {jab} done together, is that possible",
        "Cervical screening, was postponed for pregnancy, can be done now",
        "{test} needed before hospital visit, has form",
        "Foot check, {ill} clinic",
        "Pre-school boosters, just turned 3",
        "Ring pessary change, every 6 months",
        "Contraceptive injection due week after next",
        "{who} asks for home visit for {jab} jab, housebound",
        "Learning disability health check, longer slot please",
        "Group session for {ill}, saw poster",
        "Spirometry, letter says ring to book",
        "Minor surgery, {part}, consent form done",
        "Post-natal 6 week check",
        "Joining stop smoking clinic",
        "Monthly bloods for {ill} medicine",
        "Moving here from abroad, how to join the practice",
        "Memory check suggested at last review, happy to come",
        "{ill} review by phone rather than coming in",
    ),
    "medicine request": (
        "Repeat {med}, a week left",
        "{med} repeat please, can't do it online",
        "Would like next month's {med} early, going away",
        "Ordering {med} for {who}, usual chemist",
        "Asking for {med} and dressings, on repeat",
        "Repeat request, {med}, no changes",
        "Wants usual {med}, runs out next week",
        "{who} putting in monthly order: {med}",
        "can {med} be put on repeat? On it 6 months now",
        "Please issue {med}, has had review",
        "Asks for 2 months of {med}, working offshore",
        "No smartphone so ringing: {med}",
        "{med}, eye ointment, usual order",
        "Next {med} due Friday, drop at chemist by bus stop",
        "Would like spare inhaler for school, {pupil}",
    ),
    "advice": (
        "Is it ok to take ibuprofen with {med}?",
        "{child} missed a dose of antibiotics, what now",
        "Contact of chickenpox, pregnant, asks advice",
        "Can they fly with {ill}?",
        "How long off school with slapped cheek, {pupil}",
        "Asks which pharmacy can treat a water infection",
        "breastfeeding, safe to have hay fever tablets?",
        "Wants to know if {jab} jab ok with a cold",
        "Carer's question: how much thickener in tea?",
        "Fit note ends Friday, still off with {part}, how to get another",
        "Which {jab} jabs are free at 70?",
        "Can you drink with {med}?",
        "Swimming after {part} stitches?",
        "How to stop stomach tablets getting stuck in throat",
        "Sunburn, {child}, what to put on",
        "{who} asks what help there is for carers",
        "Do they need to isolate with a tummy bug, works in a kitchen",
    ),
    "chasing a result": (
        "Any news on {test}? Done {long} ago",
        "Ringing for {test} results, told would hear in a week",
        "{test} result not on the app",
        "third time asking re {test}",
        "Was told no news is good news but wants to be sure, {test}",
        "{who} chasing {test}, done at hospital {long} ago",
        "Result of {test}? Told to ring after 2 pm, rang, told to ring tomorrow",
        "Says hospital sent {test} result here, has anyone seen it",
        "Nobody has rung back about {test}",
        "Results pls. {test}. Worried sick",
        "App says '{test}: see doctor', what does that mean, can't sleep",
        "Checking if {test} back yet, rang {times}",
        "had {test} {long} ago heard nothing",
        "Is {test} normal? Only wants a yes or no",
        "Told {test} was lost, has new one come back?",
        "Needs {test} figures for hospital visit tomorrow, nobody has sent them",
        "Sent from pillar to post over {test}",
        "Doctor said would text about {test}, no text",
        "can someone just read out the {test}",
    ),
    "chasing a referral": (
        "Where is {clinic} referral, {long} now",
        "{clinic} say they have no referral from us",
        "Wants to know has letter gone to {clinic}",
        "Been waiting {long} for {clinic}, rang them, they said ring GP",
        "{who} asking how long the wait is for {clinic}",
        "Referral to {clinic} was rejected, nobody told pt why",
        "Can we hurry up {clinic}, {part} no better, {long}",
        "Sent text to book {clinic}, password does not work",
        "{clinic} lost the form, please send again",
        "Never heard from {clinic}. Seen here {long} ago",
        "Hospital cancelled {clinic} and told them to be referred again",
        "was this urgent or routine? {clinic}, {long}, no date",
        "Passed between us and {clinic} {times}",
        "Chasing, {clinic}",
        "No sign of {clinic} letter, post or app",
        "Heard from {clinic} that our form was incomplete",
        "Told a fortnight for {clinic}, it's been {long}",
        "Asked {clinic} who asked us who asked {clinic}",
        "Wants a copy of what we wrote to {clinic}, they can't find it",
    ),
    "prescription problem": (
        "Chemist hasn't got the {med} script",
        "Prescription for {med} not there, ordered {days} ago",
        "{med} missing from bag, rest was there",
        "Got 28 tablets not 56 ({ill}), same as last month",
        "Wrong strength {med} again",
        "{med} out of stock, chemist says ask GP for another sort",
        "Sent to old pharmacy, moved {long} ago and told us",
        "{who} at chemist now, no script, pt has none left",
        "Request for {med} turned down, doesn't know why",
        "Hospital started {med}, not on our list, can't order",
        "Been back to chemist {times}, {med} still not signed",
        "Needs review before {med}, but no review slots till next month",
        "{med} stopped by mistake?",
        "online order says 'rejected', no reason, {med}",
        "half of {med} order came, rest 'owing' {days}",
        "Chemist faxed? emailed? us about {med}, no reply",
        "{med} brand changed, doesn't work the same, asked before",
        "Down to last {med}, ordered in good time",
    ),
    "could not get an appointment": (
        "Rang {times}, all gone by {time}",
        "Told to ring at {time}, did, nothing left, ringing again",
        "Cut off in queue, number 14 both times",
        "Online form shut by {time}, told to phone instead",
        "was told ring back tomorrow, this is tomorrow",
        "Missed doctor's call back while at work, number withheld",
        "Doctor was to ring {days} ago, waited in all day",
        "Only slot offered was at other site, can't get there, trying again",
        "Rang 111, told to ring us, told by us to ring 111",
        "Same {part} problem as last week, ten minutes was not enough, told to book again",
        "Follow up in 2 weeks asked for by doctor, none on system",
        "Went to A&E as no appointment here, they said see GP",
        "{who} trying for {child}, {times}, no luck",
        "On hold 40 minutes {days} ago and gave up, same thing still needs seeing",
        "App says no appointments, any day, is that right?",
        "Form asked 30 questions then said phone",
        "Saw pharmacist as told, pharmacist says needs GP",
        "Call back came while driving, couldn't pick up, back of queue",
        "Third try for {part}, {long} since first",
    ),
    "instruction not clear": (
        "Letter from {clinic} says 'GP to action', what is GP doing?",
        "Discharged with {med}, how long for? Leaflet doesn't say",
        "Text says 'contact the surgery', doesn't say why",
        "Doesn't understand letter from {clinic}, too many long words",
        "Two different doses on two letters, {med}, which one?",
        "Was sent a form for {test}, no idea where to take it",
        "{who} home from hospital, nobody explained tablets",
        "Told to fast for {test}? Other person said not",
        "Text about {ill} review, had it last month",
        "Is doctor starting {med} or hospital? Each says the other",
        "Says on text 'abnormal, no action', rang to ask what that means",
        "Given sheet of exercises for wrong side? {part}",
        "Stop or carry on {med} before operation, letter doesn't say",
        "Two appointments same day, one here one {clinic}, which is real",
        "Asked to bring sample, what sort, how much",
    ),
    "mistake to put right": (
        "Fit note has wrong dates",
        "Appointment text is for somebody else",
        "Letter went to old address again",
        "Booked with nurse, needed doctor, turned away",
        "Allergy still not on record, told us {times}",
        "Blood form had wrong tests ticked, has to come back",
        "Record says smoker, never smoked, insurance asking",
        "Came for {jab} jab, fridge was off, nobody rang",
        "Sample bottle not labelled, asked to do it again",
        "Sick note sent to wrong email",
        "Turned up for {test}, clinic not on that day",
        "Name spelled wrong so chemist won't accept",
        "Still down as carer for late mother, letters upsetting",
        "Someone else's {test} on their app",
        "Charged for form last time should have been free",
    ),
    "cannot tell": (
        "About tablets",
        "Re letter",
        "Wants doctor to ring, would not say why",
        "Question about {test}",
        "{who} calling about pt, private",
        "{clinic}?",
        "{med} - wants a word",
        "Asked for named doctor, no one else will do",
        "Ringing about {part} again",
        "Returning a missed call from us",
        "Form to be filled in",
        "appointment",
        "{test} and {med}",
        "Follow up, {ill}",
        "wants to speak to nurse re last week",
        "Ongoing {part}, {long}",
        "Would like to know what is happening",
        "Spoke to someone {days} ago, ringing as asked",
        "{child}, same as before",
        "Line poor, something about {clinic} and {med}",
        "Sick note query",
        "Is doctor in today?",
        "{who}: needs to sort out {med}",
        "checking on {test} form",
        "Wants a chat about {ill}",
        "Something about a vaccine, not clear if had or wants",
        "Says nurse knows what it is about",
        "Asked to ring on the 1st",
        "Hospital told them to ring GP",
        "{part} - see notes",
        "Getting worse? Better? Hard to follow, very upset",
        "{who} wants update",
        "Blood pressure machine",
        "Insurance",
        "{clinic} letter in hand, wants to discuss",
        "ringing about last appointment",
        "Change of tablets",
        "Personal",
        "As before",
        "Please ring {who} first",
        "Needs a letter",
        "Is it too soon for {med}",
        "Next steps re {test}",
    ),
}  # fmt: skip


def rows() -> Iterator[tuple[int, date, str, str, str, str, str, str]]:
    """The rows in file order: by day, morning before afternoon."""
    noise = Noise(SEED)
    calls = []
    for cause, (demand, count) in CALLS.items():
        days = _days(noise, cause, count)
        reasons = _reasons(noise, cause, count)
        for day, reason in zip(days, reasons, strict=True):
            session = "morning" if noise.uniform() < 0.66 else "afternoon"
            code_a = noise.pick_weighted(_CODES, _CODER_A[demand])
            code_b = noise.pick_weighted(_CODES, _CODER_B[demand])
            calls.append((day, session == "afternoon", session, reason, code_a, code_b, demand, cause))
    # A stable sort after a shuffle: in order of time, and in no order of cause within a session.
    in_order = sorted(noise.shuffled(calls), key=lambda call: call[:2])
    for number, (day, _, session, *rest) in enumerate(in_order, start=1):
        monday, weekday = divmod(day, 5)
        yield number, FIRST_DAY + timedelta(weeks=monday, days=weekday), session, *rest


def _days(noise: Noise, cause: str, count: int) -> list[int]:
    """A working day, 0 to 39, for each call of one cause."""
    if cause == "chasing a result":
        halves = zip((range(CHANGE_DAY), range(CHANGE_DAY, DAYS)), RESULT_CHASERS, strict=True)
        return [noise.pick(half) for half, calls in halves for _ in range(calls)]
    if CALLS[cause][0] == "failure":
        return [noise.pick(range(DAYS)) for _ in range(count)]
    weights = [_WEEKDAY_WEIGHTS[day % 5] for day in range(DAYS)]
    return [noise.pick_weighted(range(DAYS), weights) for _ in range(count)]


def _reasons(noise: Noise, cause: str, count: int) -> list[str]:
    """A different reason for each call of one cause: every phrase in turn, with its gaps filled."""
    deck: list[str] = []
    reasons: list[str] = []
    while len(reasons) < count:
        deck = deck or noise.shuffled(_PHRASES[cause])
        reason = deck.pop().format_map({slot: noise.pick(words) for slot, words in _SLOTS.items()})
        if noise.uniform() < 0.7:
            reason = reason[0].upper() + reason[1:]
        if noise.uniform() < _CHANCE_ASIDE:
            reason += noise.pick((", ", ". ", " - ")) + noise.pick(_ASIDES)
        if reason not in reasons:
            reasons.append(reason)
    return reasons
