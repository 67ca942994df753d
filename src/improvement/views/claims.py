"""Claims sorter: what a board paper may say of NHS IMPACT, sentence by sentence, under three house rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from improvement.views import schema
from improvement.views.schema import Choice, Option, Turns

VERDICTS = {
    "plain": "Say it plainly",
    "reported": "Say it as reported",
    "not": "Do not say it",
}
SUBJECTS = {
    "framework": "What the framework is",
    "door": "Doors: talk, standing, company",
    "beyond": "Beyond: culture, care, money",
}
RULES = {
    "ours": "Ours: no further than the source went",
    "cited": "Anything with a citation may stand",
    "counted": "Only what anybody can look up or count",
}


@dataclass(frozen=True)
class Claim:
    """A sentence from a board paper: what it is about, on what it rests, and what its source lets you say.

    `rests_on` is document (anybody can look it up), told (somebody's account), survey (counted answers) or nothing.
    """

    name: str
    says: str
    subject: str
    rests_on: str
    verdict: str
    because: str
    better: str = ""


CLAIMS = (
    Claim("launched", "NHS England launched NHS IMPACT in April 2023, and it has five components.", "framework", "document", "plain",
          "Anybody can look it up, and nothing is claimed for it."),
    Claim("safer", "Trusts that have adopted NHS IMPACT give safer care (Burgess and Downham, 2025).", "beyond", "nothing", "not",
          "The report measured no care. It asked people what they thought of a framework.",
          "Say nothing of safety, or show your own chart."),
    Claim("network", "Improvement directors who were interviewed valued their network as company in lonely work (Burgess and Downham, 2025).", "door", "told", "plain",
          "It already says who said it, and it claims no more than they did."),
    Claim("embedded", "22% of trusts have embedded a systematic approach to improvement (NHS Providers, 2023).", "beyond", "survey", "reported",
          "It is 22% of 129 people who answered, from 95 trusts, each about their own trust, in 2023. A rating, not a count of trusts.",
          "“22% of 129 respondents said in 2023 that their trust had largely done so.”"),
    Claim("heard", "NHS IMPACT has won improvement a hearing in boardrooms (Burgess and Downham, 2025).", "door", "told", "reported",
          "Improvement leads told the evaluators so. Most came through the framework's own networks, and nobody counted.",
          "“In interviews, improvement leads said that the framework gave them a way into the boardroom.”"),
    Claim("required", "NHS England requires us to send in our self-assessment.", "framework", "nothing", "not",
          "It did at first. Then sending it in became voluntary, for fear of inflated scores.",
          "“We chose to do the self-assessment.” If you did."),
    Claim("agnostic", "NHS IMPACT asks for no particular method, so ours can sit under it.", "framework", "document", "plain",
          "The evaluation calls the framework method-agnostic, and the board's letter says that one size does not fit all. Whether you meet the components is another sentence."),
    Claim("language", "The whole NHS now shares one language of improvement (Burgess and Downham, 2025).", "door", "told", "not",
          "The report does say that the framework established a shared language. It also says that its direct influence has yet to reach patient partners, doctors and middle managers.",
          "“Improvement leads said that it gave them common words across methods and organisations.”"),
    Claim("saves", "Joining the NHS IMPACT programme will pay for itself.", "beyond", "nothing", "not",
          "No source here counts what it costs or saves. One director said that pressure on the budget stopped it from working.",
          "Show your own ledger, with cash and time in two columns."),
    Claim("attention", "The networks kept attention on improvement through reorganisation (Burgess and Downham, 2025).", "door", "told", "reported",
          "That is what members of the networks said of the networks.",
          "“Members told the evaluators that the networks helped to keep attention on improvement.”"),
    Claim("outstanding", "Outstanding trusts have improvement built in, so building it in makes a trust outstanding (Burgess and Downham, 2025).", "beyond", "told", "not",
          "The first half is one director's remark. The regulator looks at improvement when it rates, so the two go together by design; and going together is not making.",
          "Leave the second half out. It was the half you wanted."),
    Claim("mirror", "In one community partnership the self-assessment showed how differently board and senior team saw things (Burgess and Downham, 2025).", "door", "told", "reported",
          "A good story, told by one associate director. Name the teller and it can carry a proposal to try the same.",
          "“An associate director told the evaluators that …”"),
)  # fmt: skip
BY_NAME = {claim.name: claim for claim in CLAIMS}

DECLARATION = schema.Declaration(
    title="May you write that?",
    intro="Twelve sentences for a board paper, a tap each. After every tap you see what its source can carry.",
    controls=(
        Turns(
            name="sort",
            label="May this stand in the paper?",
            turn="Sentence",
            maximum=len(CLAIMS),
            options=tuple(Option(value=value, label=label) for value, label in VERDICTS.items()),
        ),
        Choice(
            name="rule",
            label="Mark me by the house rule",
            default="ours",
            radio=True,
            options=tuple(Option(value=value, label=label) for value, label in RULES.items()),
        ),
    ),
    prediction=schema.Prediction(
        question=(
            "“NHS IMPACT has won improvement a hearing in boardrooms (Burgess and Downham, 2025).” The report is real, and it does describe "
            "this. May the sentence stand in your board paper as it is?"
        ),
        control=Choice(
            name="prediction",
            label="This sentence",
            radio=True,
            default=None,
            options=(
                Option(value="plain", label="May stand: it has a citation"),
                Option(value="reported", label="Must say who reported it"),
                Option(value="not", label="Must go"),
            ),
        ),
    ),
    assumptions=(
        "“No further than the source went”: what anybody can look up may be said plainly; what people said in interviews or surveys is said as "
        "theirs; what no source bears out is not said.",
        "Sources: the evaluation by Burgess and Downham (2025), the five-components page, NHS Providers' survey (2023) and the board's letter (2023).",
    ),
    cannot_tell=(
        "Whether NHS IMPACT improves care. Nobody has measured that in these sources, which is not the same as “it does not”.",
        "What is true in your organisation. Ask there.",
        "How a reader will take it. A careful sentence can still be read carelessly.",
    ),
    honesty="The sentences are ours. What the sources say is real and cited; where each sentence lies is our judgement.",
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the sentence in hand, the last one judged, and the reader's twelve by subject."""
    placed = dict(zip(BY_NAME, params["sort"], strict=False))
    guess, rule = params["prediction"], params["rule"]
    in_hand = schema.sentence(_in_hand(placed), beside="sort")
    if guess is None:
        return schema.view([in_hand], summary=_progress(placed))
    told = f"{_progress(placed)} {_marked(placed, rule)}".strip()
    panels = [in_hand, schema.sentence(_judge(guess), heading="Your guess", reveal=True)]
    if placed:
        last = BY_NAME[list(placed)[-1]]
        panels.append(
            schema.sentence(_verdict(last, placed[last.name], rule), heading="The last one", reveal=True)
        )
    if len(placed) < len(CLAIMS):
        panels.append(schema.sentence(told, heading="So far", reveal=True))
        return schema.view(panels, summary=told, data=_download(placed, rule))
    panels = [
        _picture(rule),
        in_hand,
        schema.sentence(told, heading="Your marks", reveal=True),
        schema.sentence(_discovery(rule), heading="What the picture says", reveal=True),
        schema.listing(
            "Where you and this rule part",
            [
                f"“{BY_NAME[name].says}” You: {VERDICTS[pile].lower()}. {_told(BY_NAME[name], rule)}"
                for name, pile in placed.items()
                if pile != judged(BY_NAME[name], rule)
            ],
            empty="Nowhere.",
            reveal=True,
        ),
        *panels[1:2],
        schema.table(
            "All twelve, and how to mend them",
            ["Sentence", "About", "Under this rule", "Why", "Better"],
            [
                [one.says, SUBJECTS[one.subject], VERDICTS[judged(one, rule)], one.because, one.better]
                for one in CLAIMS
            ],
            reveal=True,
        ),
        _challenge(rule),
    ]
    return schema.view(panels, summary=f"{told} {_discovery(rule)}", data=_download(placed, rule))


def judged(claim: Claim, rule: str) -> str:
    """Return where a house rule puts a sentence: plain, reported or not."""
    if rule == "cited":
        return "not" if claim.rests_on == "nothing" and "(" not in claim.says else "plain"
    if rule == "counted":
        return "plain" if claim.rests_on == "document" else "not"
    return claim.verdict


def right(placed: Mapping[str, str], rule: str) -> int:
    """Return how many of the sentences placed lie where the rule puts them."""
    return sum(judged(BY_NAME[name], rule) == pile for name, pile in placed.items())


def _in_hand(placed: Mapping[str, str]) -> str:
    if len(placed) == len(CLAIMS):
        return "No sentence left. Take back the last to change it, change the house rule, or Reset."
    return CLAIMS[len(placed)].says


def _progress(placed: Mapping[str, str]) -> str:
    return f"{len(placed)} of {len(CLAIMS)} sentences placed."


def _marked(placed: Mapping[str, str], rule: str) -> str:
    if not placed:
        return ""
    return f"By the rule chosen, {right(placed, rule)} of {len(placed)} {'lies' if len(placed) == 1 else 'lie'} where {'it' if len(placed) == 1 else 'they'} may."


def _judge(guess: str) -> str:
    answer = (
        "It must say who reported it. A citation shows where you read something. It does not turn what people said into what happened: "
        "these were improvement leads, mostly, speaking of their own cause."
    )
    if guess == "reported":
        return f"Yes. {answer}"
    if guess == "plain":
        return f"You let it stand, as most would. {answer}"
    return f"You took it out. That throws away a useful finding. {answer}"


def _verdict(claim: Claim, pile: str, rule: str) -> str:
    agreed = (
        "The rule agrees with you." if judged(claim, rule) == pile else f"You said: {VERDICTS[pile].lower()}."
    )
    return f"“{claim.says}” {agreed} {_told(claim, rule)}"


def _told(claim: Claim, rule: str) -> str:
    text = f"Under this rule: {VERDICTS[judged(claim, rule)].lower()}."
    if rule == "cited" and judged(claim, rule) != claim.verdict:
        text += " It is easily satisfied."
    if rule == "counted" and judged(claim, rule) != claim.verdict:
        text += " Somebody's account is worth nothing to it."
    return " ".join(filter(None, (text, claim.because, claim.better and f"Better: {claim.better}")))


def by_subject(rule: str) -> dict[str, Counter[str]]:
    """Return, for each subject, how many sentences the rule puts on each verdict."""
    return {
        subject: Counter(judged(one, rule) for one in CLAIMS if one.subject == subject)
        for subject in SUBJECTS
    }


_ROLES = {"plain": "group_a", "reported": "group_c", "not": "group_b"}
_BRIEF = {"framework": "The framework", "door": "Doors", "beyond": "Beyond"}


def _picture(rule: str) -> dict[str, Any]:
    counts = by_subject(rule)
    rows = list(_BRIEF.values())
    marks = [schema.mark("bar_x", "quiet", reveal=True, x1=[0] * 3, x2=[0] * 3, text=rows)]
    starts = dict.fromkeys(SUBJECTS, 0)
    letters: dict[str, list[Any]] = {"x": [], "y": [], "text": []}
    for verdict, role in _ROLES.items():
        some = [subject for subject in SUBJECTS if counts[subject][verdict]]
        if not some:
            continue
        ends = {subject: starts[subject] + counts[subject][verdict] for subject in some}
        marks.append(
            schema.mark(
                "bar_x", role, label=VERDICTS[verdict], reveal=True, x1=[starts[one] for one in some], x2=[ends[one] for one in some],
                text=[_BRIEF[one] for one in some],
            )
        )  # fmt: skip
        for one in some:
            letters["x"].append((starts[one] + ends[one]) / 2)
            letters["y"].append(_BRIEF[one])
            letters["text"].append({"plain": "yes", "reported": "as said", "not": "no"}[verdict])
        starts |= ends
    marks.append(schema.mark("text", "annotation", reveal=True, **letters))
    said = "; ".join(
        f"{SUBJECTS[subject]}: "
        + ", ".join(f"{counts[subject][one]} {words.lower()}" for one, words in VERDICTS.items())
        for subject in SUBJECTS
    )
    return schema.figure(
        "Twelve sentences: what they are about, and what may be said",
        marks,
        description=f"Under the rule “{RULES[rule]}”. {said}.",
        x_label="Sentences",
        y_label="",
        x_range=(0, 5.2),
        height=190,
        reveal=True,
    )


def _discovery(rule: str) -> str:
    counts = by_subject(rule)
    beyond, door = counts["beyond"], counts["door"]
    total = sum(beyond.values())
    if rule == "ours":
        return (
            f"Of {sum(door.values())} sentences about doors, {door['plain'] + door['reported']} may be said, {door['reported']} of them as "
            f"reported. Of {total} about what lies beyond, none may be said plainly and {beyond['not']} may not be said at all. The sources "
            "show a framework that opens doors. What happens on the other side is yours to measure."
        )
    if rule == "cited":
        return (
            f"A citation is enough, so {beyond['plain']} of {total} sentences about culture, care and money stand plainly. Nothing "
            "in the sources has changed: only the rule."
        )
    return (
        f"Only what can be looked up may stand: {sum(found['plain'] for found in counts.values())} of {len(CLAIMS)}. Nothing is overstated, "
        "and what people experienced has vanished as well."
    )


def _challenge(rule: str) -> dict[str, Any]:
    ask = "Our rule keeps what people report. Find a house rule under which no account of a person counts, and say what a board would lose."
    if rule == "counted":
        return schema.challenge(
            ask,
            True,
            "Here the board reads a launch date and a list. Patients' and staff's accounts would go the same way in every other paper. "
            "Strict is not the same as honest.",
        )
    return schema.challenge(
        ask, False, "Under this rule some accounts still count. Try the one that looks most scientific."
    )


def _download(placed: Mapping[str, str], rule: str) -> dict[str, Any]:
    return {
        "columns": ["Sentence", "About", "You said", "Rule", "Why", "Better"],
        "rows": [
            [
                one.says,
                SUBJECTS[one.subject],
                VERDICTS.get(placed.get(one.name, ""), ""),
                VERDICTS[judged(one, rule)],
                one.because,
                one.better,
            ]
            for one in CLAIMS
        ],
    }
