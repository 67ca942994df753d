"""W27 needs excavator: a referral card, six questions to whom the reader chooses, and the plan as it changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from improvement.simulate import needs as model
from improvement.simulate.needs import CASES, Case, Fact, Findings
from improvement.spc import wording
from improvement.views import schema
from improvement.views.schema import Choice, Option, Toggle, Turns

QUESTIONS = 6
_GUESSES = {
    "all": "All four: the referral is the need",
    "three": "Three of the four",
    "two": "Two of the four",
    "one": "One of the four",
    "none": "None",
}


def _asked(case: Case) -> str:
    return f"asked_{case.key}"


def _label(voice: model.Voice) -> str:
    return f"{voice.who} (not invited)" if voice.absent else voice.who


DECLARATION = schema.Declaration(
    title="Needs excavator",
    intro="A referral card and the plan that follows from it. Six questions, to anybody you like.",
    controls=(
        Choice(
            name="case",
            label="The card",
            default="frequent_caller",
            options=tuple(
                Option(value=case.key, label=f"“{case.name}”", sector=case.sector) for case in CASES.values()
            ),
        ),
        *(
            Turns(
                name=_asked(case),
                label="Who do you ask?",
                help="Each is asked: what do you know that is not on the card? The last two were not invited.",
                turn="Question",
                maximum=QUESTIONS,
                options=tuple(Option(value=voice.key, label=voice.who) for voice in case.voices),
                show_when={"case": case.key},
                keep=True,
            )
            for case in CASES.values()
        ),
        Toggle(name="stop", label="Stop asking and show what I missed"),
    ),
    prediction=schema.Prediction(
        question="Read the card and the plan. You will ask six questions. How many of the plan's four steps will still stand "
        "when you have asked them?",
        control=Choice(
            name="prediction",
            label="Steps that still stand",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    assumptions=(
        *model.ASSUMPTIONS,
        "A voice costs one question, however much it knows. Asking the same person again costs one and adds nothing.",
    ),
    cannot_tell=model.CANNOT_TELL,
    honesty="Six invented people. They were written so that what each voice knows can be checked, so they are tidier than "
    "life. Nothing here says how often a label is wrong.",
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the card, then what came to light and the plan as it stands; at the end, what each voice costs."""
    case = CASES[params["case"]]
    asked = list(dict.fromkeys(params[_asked(case)]))
    used = len(params[_asked(case)])
    over = params["stop"] or used == QUESTIONS
    found = model.findings(case, asked)
    said = _standing(found, used)
    panels = [
        schema.sentence(f"“{case.card}” {case.person}", heading="It says", beside="case"),
        schema.table(
            f"The plan that follows from the card. Stated need: {_small(case.stated)}",
            ["Step", "It takes for granted"],
            [[step.what, step.assumes] for step in case.plan],
            open=True,
        ),
        schema.verdict(
            "The service's own report",
            "reliably_meets",
            "4 of 4: complete",
            "It counts the steps on the card's plan. It says this whatever you find out.",
            reveal=True,
        ),
        schema.verdict("What is known by now", *_known_verdict(found, used), reveal=True),
        _graph(case, asked, found, over),
        schema.listing(
            "What you were told", _told(case, asked), empty="Nobody has been asked yet.", reveal=True
        ),
    ]
    if used:
        panels.append(
            schema.sentence(
                _last(case, params[_asked(case)]),
                heading="Your last question",
                beside=_asked(case),
                reveal=True,
            )
        )
    if params["prediction"] is not None:
        panels.insert(
            2, schema.sentence(_judge(params["prediction"], found, used), heading="Your guess", reveal=True)
        )
    if over:
        panels += _reckoning(case, asked, found)
    panels.append(_challenge(case, used))
    return schema.view(panels, summary=said, data=_download(case, asked, over))


def _standing(found: Findings, used: int) -> str:
    if not used:
        return "Nobody asked yet. All four steps of the card's plan stand."
    stand = len(found.standing)
    return (
        f"{_count(used, 'question').capitalize()} asked: {_count(len(found.needs), 'real need')} found. Of the card's four "
        f"steps {_some(stand)} still {_verb(stand)}; {_some(len(found.added))} added."
    )


def _known_verdict(found: Findings, used: int) -> tuple[str, str, str]:
    if not used:
        return "none", "Nothing but the card", "By its own light the plan is perfect. Ask somebody."
    if not found.needs and not found.ended:
        return (
            "none",
            "Nothing against the card so far",
            "The plan stands as written. You cannot yet tell whether that is because it is right, or because of whom you asked.",
        )
    words = f"{_count(len(found.needs), 'real need').capitalize()} that the card does not name"
    text = _ended_words(found)
    return "reliably_misses", words, text


def _ended_words(found: Findings) -> str:
    if not found.ended:
        return "All four steps stand, and they leave these needs unmet."
    if len(found.ended) == 1:
        ended = "One step of the plan ends, because it rested on something that is not so."
    else:
        ended = f"{_count(len(found.ended), 'step').capitalize()} of the plan end, because they rested on things that are not so."
    treatments = _listed(_small(step.what) for step in found.treatment_avoided)
    return f"{ended} Over-treatment avoided: {treatments}." if found.treatment_avoided else ended


def _last(case: Case, answers: Sequence[str]) -> str:
    *before, last = answers
    who = _who(case, last)
    if last in before:
        return f"{who}: asked before. There is nothing new."
    was, now = model.findings(case, before), model.findings(case, answers)
    changes = [f"“{step.what}” ends" for step in now.ended if step not in was.ended]
    changes += [f"“{added}” comes in" for added in now.added if added not in was.added]
    plan = f"{'; '.join(changes)}" if changes else "it stays as it is"
    return f"{_heard(case, before, last)} The plan: {plan}."


def _heard(case: Case, before: Sequence[str], last: str) -> str:
    """What somebody said that nobody before had said, or why that was nothing."""
    was = model.findings(case, before).facts
    fresh = [fact for fact in model.findings(case, [*before, last]).facts if fact not in was]
    if not fresh:
        return f"{_who(case, last)}: {_silence(case, before, last)}"
    alone = [fact for fact in fresh if fact.comes_to_light([last])]
    together = [fact for fact in fresh if fact not in alone]
    said = []
    if alone:
        said.append(f"{_who(case, last)}: {' '.join(fact.says for fact in alone)}")
    if together:
        pair = next(group for fact in together for group in fact.known_to if last in group and len(group) > 1)
        names = " with ".join(_in_order(case, pair))
        said.append(f"{names[0].upper()}{names[1:]}: {' '.join(fact.says for fact in together)}")
    return " ".join(said)


def _silence(case: Case, before: Iterable[str], last: str) -> str:
    """Why somebody had nothing new to say: others told it already, or somebody else has to be asked as well."""
    told = model.findings(case, before).facts
    knows = [fact for fact in case.facts if any(last in group for group in fact.known_to)]
    waiting = {
        other
        for fact in knows
        if fact not in told
        for group in fact.known_to
        if last in group
        for other in group - {last}
    }
    if waiting:
        others = " and ".join(_small(_who(case, one)) for one in sorted(waiting))
        return f"you could not understand each other without {others}."
    return "says the same as you have heard already." if knows else "has nothing to add."


def _told(case: Case, asked: Sequence[str]) -> list[str]:
    return [_heard(case, asked[:place], voice) for place, voice in enumerate(asked)]


def _graph(case: Case, asked: Sequence[str], found: Findings, over: bool) -> dict[str, Any]:
    """Draw voices, what they brought to light, and the plan; at the end also what stayed in the dark, and who knew."""
    whole = model.everything(case)
    dark = [fact for fact in whole.facts if fact not in found.facts and _matters(fact)] if over else []
    lit = [fact for fact in found.facts if _matters(fact)]
    who = [(f"v{voice.key}", voice.who, "plain") for voice in case.voices if voice.key in asked]
    if dark:
        holders = {key for fact in dark for group in fact.known_to for key in group} - set(asked)
        who += [
            (f"v{voice.key}", f"Not asked: {voice.who}", "gap")
            for voice in case.voices
            if voice.key in holders
        ]
    middle = [(f"f{case.facts.index(fact)}", fact.short, "good" if fact.need else "plain") for fact in lit]
    middle += [(f"f{case.facts.index(fact)}", f"Never found: {fact.short}", "gap") for fact in dark]
    plan = [(f"s{step.key}", step.what, "plain") for step in found.standing]
    plan += [(f"s{step.key}", f"Ended: {step.what}", "quiet") for step in found.ended]
    plan += [(f"a{case.facts.index(fact)}", fact.adds, "good") for fact in lit if fact.adds]
    boxes = {box for box, _, _ in who}
    edges = []
    for fact in (*lit, *dark):
        state = "plain" if fact in lit else "gap"
        box = f"f{case.facts.index(fact)}"
        holders = {
            key
            for group in fact.known_to
            if fact in dark or group <= set(asked)
            for key in group
            if f"v{key}" in boxes
        }
        edges += [(f"v{key}", box, state) for key in sorted(holders)]
        if fact in lit:
            edges += [(box, f"s{step}", "quiet") for step in fact.ends]
            edges += [(box, f"a{case.facts.index(fact)}", "good")] if fact.adds else []
    needs = "; ".join(fact.short for fact in found.needs) or "none yet"
    description = (
        f"Asked: {', '.join(_who(case, key) for key in asked) or 'nobody yet'}. Real needs found: {needs}. "
        f"The plan: {_listed(step.what for step in found.standing)} stand; {_listed(step.what for step in found.ended)} ended; "
        f"{_listed(found.added)} added."
    )
    if dark:
        description += f" Never found: {'; '.join(fact.short for fact in dark)}."
    return schema.graph(
        "Who was asked, what came to light, and the plan it leaves",
        [("Asked", who), ("Came to light", middle), ("The plan now", plan)],
        edges,
        description=description,
        reveal=True,
    )


def _matters(fact: Fact) -> bool:
    return fact.need or bool(fact.ends) or bool(fact.adds)


def _judge(guess: str, found: Findings, used: int) -> str:
    said = f"You said: {_GUESSES[guess].lower()}." if guess != "none" else "You said: none of the four."
    stand = len(found.standing)
    if not used:
        right = "so you are right so far" if guess == "all" else "and the report calls it complete"
        return f"{said} With nobody asked all four stand, {right}. Now ask."
    now = f"After {_count(used, 'question')} {'all four stand' if stand == 4 else f'{_some(stand)} of the four still {_verb(stand)}'}."
    if stand == 4 and found.needs:
        now += " They stand beside needs that they do not touch."
    return f"{said} {now}"


def _some(number: int) -> str:
    return wording.count(number) if number else "none"


def _verb(number: int) -> str:
    return "stands" if number == 1 else "stand"


def _reckoning(case: Case, asked: Sequence[str], found: Findings) -> list[dict[str, Any]]:
    whole = model.everything(case)
    best = model.most_needs(case, QUESTIONS)
    missed = [fact for fact in whole.needs if fact not in found.needs]
    kept = [step for step in whole.ended if step not in found.ended]
    if not whole.needs and not whole.ended:
        told = "There was nothing to find. The card had the need, and the plan was right."
    else:
        told = (
            f"You found {len(found.needs)} of {len(whole.needs)} real needs. The best six questions find {best}. "
            f"Of the steps that nobody needed, you ended {len(found.ended)} of {len(whole.ended)}. "
            f"Over-treatment avoided: {len(found.treatment_avoided)} of {len(whole.treatment_avoided)}."
        )
    rows = []
    for voice in case.voices:
        loss = model.cost_of_missing(case, [voice.key])
        rows.append(
            [
                _label(voice),
                "yes" if voice.key in asked else "no",
                _listed((fact.short for fact in loss.needs), none="none"),
                _listed((step.what for step in loss.kept), none="none"),
            ]
        )
    both = model.cost_of_missing(case, ["gp", "carer"])
    pair = ""
    if both.needs:
        carer = _small(_who(case, "carer"))
        pair = (
            f"Leave out both the GP and {carer}, ask everybody else, and {_count(len(both.needs), 'real need')} can no longer be "
            f"found: {_listed(_small(fact.short) for fact in both.needs)}."
        )
    panels = [schema.sentence(told, heading="The reckoning", reveal=True)]
    if missed or kept:
        panels.append(
            schema.listing(
                "What stayed in the dark",
                [f"{fact.short}. {_keepers(case, fact)}" for fact in missed]
                + [f"Still in the plan, though nobody needs it: {step.what}." for step in kept],
                empty="",
                reveal=True,
            )
        )
    panels.append(
        schema.table(
            "The cost of missing each voice, when everybody else is asked",
            ["Voice", "You asked", "Needs nobody else can bring", "Steps that nobody else would end"],
            rows,
            open=True,
            reveal=True,
        )
    )
    if pair:
        panels.append(schema.sentence(pair, heading="Two voices missing at once", reveal=True))
    return panels


def _keepers(case: Case, fact: Fact) -> str:
    groups = [" together with ".join(_in_order(case, group)) for group in fact.known_to]
    return f"Who knew: {', or '.join(groups)}."


def _in_order(case: Case, keys: Iterable[str]) -> list[str]:
    return [_small(voice.who) for voice in case.voices if voice.key in keys]


def _challenge(case: Case, used: int) -> dict[str, Any]:
    ask = "Find a card on which the referral was the need, and asking changed nothing."
    whole = model.everything(case)
    if whole.needs or whole.ended:
        return schema.challenge(
            ask, False, "Not this card: somebody here knows something that it leaves out."
        )
    if not used:
        return schema.challenge(ask, False, "It may be this one. How would you know without asking anybody?")
    return schema.challenge(
        ask,
        True,
        "This is one. Some needs are plain, and people in pain should not wait for six conversations. You know it because you "
        "asked: the card looked just as sure of itself as the others.",
    )


def _download(case: Case, asked: Sequence[str], over: bool) -> dict[str, Any]:
    found = model.findings(case, asked).facts
    return {
        "columns": ["Fact", "Real need", "Came to light", "Who knows", "Plan gains"],
        "rows": [
            [
                fact.says,
                fact.short if fact.need else "",
                "yes" if fact in found else "no",
                " or ".join(" with ".join(_in_order(case, group)) for group in fact.known_to),
                fact.adds,
            ]
            for fact in case.facts
            if over or fact in found
        ],
    }


def _who(case: Case, key: str) -> str:
    return next(voice.who for voice in case.voices if voice.key == key)


def _small(words: str) -> str:
    """Return words fit for the middle of a sentence: people's names keep their capital."""
    return words if words.startswith(("Mr ", "Mrs ", "Ms ", "Deaf ")) else words[0].lower() + words[1:]


def _listed(items: Iterable[str], *, none: str = "nothing") -> str:
    return "; ".join(items) or none


def _count(number: int, noun: str) -> str:
    return wording.plural(number, noun)
