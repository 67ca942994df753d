"""W04 Rosetta: ten ideas in the words of six improvement methods and in plain English, and three words that mislead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from improvement.views import schema
from improvement.views.schema import Choice, Number, Option

METHODS = {
    "mfi": "Model for Improvement (MfI)",
    "lean": "Lean, as at Virginia Mason",
    "pf": "Patient First style",
    "qsir": "QSIR",
    "juran": "Juran",
    "audit": "Clinical audit",
}
SHORT = {
    **METHODS,
    "mfi": "the Model for Improvement",
    "lean": "Lean",
    "pf": "Patient First",
    "audit": "audit",
}
_TAG = {**SHORT, "mfi": "MfI"}

SAME_FROM = 75
"""Percent of the parts two methods must share for the work to count as the same."""
OVERLAP_FROM = 50


@dataclass(frozen=True)
class Idea:
    """Something improvers do. `says` gives each method's name for it and, by letter, the parts that it asks for.

    A method without an entry has no name of its own for the idea.
    """

    name: str
    plain: str
    parts: tuple[str, ...]
    says: dict[str, tuple[str, str]]
    heard: str

    def asked(self, method: str) -> set[str]:
        """Return the letters of the parts that the method asks for."""
        return set(self.says[method][1]) if method in self.says else set()

    def word(self, method: str) -> str:
        return self.says[method][0] if method in self.says else "no word of its own"

    def in_words(self, letters: set[str]) -> str:
        return "; ".join(self.parts["abcd".index(letter)] for letter in sorted(letters)) or "nothing"


IDEAS = {
    idea.name: idea
    for idea in (
        Idea(
            "aim", "What we want, for whom, by when",
            ("a number to reach", "a date", "the people or process it is for", "it serves one of the organisation's few goals"),
            {"mfi": ("Aim: what are we trying to accomplish?", "abc"), "lean": ("Target condition, on an A3", "abc"),
             "pf": ("Breakthrough objective", "abcd"), "qsir": ("Define and scope", "abc"),
             "juran": ("Project mission and goal", "abc"), "audit": ("Standard to be met", "ac")},
            "An ambulance team writes: handover at Southmoor, from 42 minutes to 25, by June.",
        ),
        Idea(
            "voice", "Ask the people it is for",
            ("they say what they need", "some of them sit on the team", "they judge the result"),
            {"mfi": ("Patients on the team", "ab"), "lean": ("Voice of the customer, workshop guests", "ab"),
             "pf": ("The patient at the top of True North", "ab"), "qsir": ("Experience of care", "abc"),
             "juran": ("Customer needs", "a"), "audit": ("Patient and public involvement", "b")},
            "A crisis line asks callers what they rang for before it counts how fast it answered.",
        ),
        Idea(
            "test", "Try it small and see",
            ("small at first", "a guess written down beforehand", "measured", "changed and tried again"),
            {"mfi": ("PDSA cycle", "abcd"), "lean": ("Try-out in the workshop, then check and adjust", "acd"),
             "pf": ("Countermeasure on trial", "acd"), "qsir": ("Pilot, with PDSA", "abcd"),
             "juran": ("Proof of the remedy under operating conditions", "c"), "audit": ("Action plan, then another round", "cd")},
            "A practice sends five patients a clearer text on Monday and counts who rings back.",
        ),
        Idea(
            "cause", "Why it happens, and what should help",
            ("causes on one page", "each change tied to a cause", "causes checked against data first", "asked of those who do the work"),
            {"mfi": ("Driver diagram", "abd"), "lean": ("Five whys on an A3", "abd"), "pf": ("Root cause and countermeasure", "abd"),
             "qsir": ("Fishbone and drivers", "abd"), "juran": ("Diagnostic journey, then remedial journey", "bcd"),
             "audit": ("Discussion of the gaps", "d")},
            "A care home asks why people fall at night and finds the walk to the toilet.",
        ),
        Idea(
            "chart", "Has it changed?",
            ("plotted in time order", "rules tell a signal from luck", "something else watched that could get worse", "little and often"),
            {"mfi": ("Family of measures on a run chart", "abcd"), "lean": ("Numbers on the visibility wall", "ad"),
             "pf": ("Driver and watch metrics", "acd"), "qsir": ("Measurement, with SPC", "abcd"),
             "juran": ("Sensor and control chart", "abd"), "audit": ("Percent that met the standard, each round", "")},
            "District nurses plot first visits in time, a dot a week, and urgent visits beside it.",
        ),
        Idea(
            "look", "Go and see how it really goes",
            ("where the work is done", "with those who do it", "every step drawn as it is", "leaders come too, as routine"),
            {"mfi": ("Process map", "abc"), "lean": ("Genba walk and value stream", "abcd"), "pf": ("Go and see", "abcd"),
             "qsir": ("Process walk-through", "abc"), "juran": ("Flow diagram", "bc"), "audit": ("Pulling the notes", "")},
            "A board member spends an hour in the control room and draws what happens to one call.",
        ),
        Idea(
            "sponsor", "Somebody senior clears the way",
            ("answers for it", "removes what the team cannot", "looks at progress on set dates"),
            {"mfi": ("Sponsor", "abc"), "lean": ("Report-out to executives", "abc"), "pf": ("Executive lead", "abc"),
             "qsir": ("Senior responsible owner", "abc"), "juran": ("Quality council", "abc"), "audit": ("Audit lead and committee", "ac")},
            "The partner who pays for it rings the hospital's booking office herself.",
        ),
        Idea(
            "hold", "Keep it once it works",
            ("the new way written down", "a named owner", "watched when the project is over", "what to do if it slips, agreed"),
            {"mfi": ("Implementing and holding the gain", "abc"), "lean": ("Standard work, looked at daily", "abcd"),
             "pf": ("Standard work, confirmed at huddles", "abcd"), "qsir": ("Handover and sustain", "abc"),
             "juran": ("Control, so that the gain stays", "abcd"), "audit": ("Next year's round", "c")},
            "A ward keeps one chart after the project, and one name beside it.",
        ),
        Idea(
            "huddle", "A short look at today, every day",
            ("daily", "by those who do the work", "today's trouble is acted on", "what they cannot mend goes up the same day"),
            {"lean": ("Daily huddle at the wall", "abcd"), "pf": ("Improvement huddle", "abcd"),
             "juran": ("The feedback loop, run by operators", "bc")},
            "A community team meets at a board for ten minutes: what went wrong yesterday, what will today?",
        ),
        Idea(
            "goals", "From the top's few goals to a team's work",
            ("few goals for the whole place", "teams say what they can give", "talked both ways until agreed", "looked at on fixed dates"),
            {"lean": ("Hoshin and catchball", "abcd"), "pf": ("Strategy deployment", "abcd"),
             "juran": ("Goals set above, then deployed", "ad"), "audit": ("Yearly audit programme", "d")},
            "An integrated care board asks each partner what it can add to one shared goal.",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Sense:
    """One thing that a word can mean: who says it so, what they mean, and how a listener can tell."""

    name: str
    who: str
    means: str
    tell: str


@dataclass(frozen=True)
class FalseFriend:
    """A word that sounds the same everywhere: what it can mean, what each method means by it, and what to ask."""

    senses: tuple[Sense, ...]
    means: dict[str, str]
    ask: str


WORDS = {
    "control": FalseFriend(
        (
            Sense("Quality control", "Juran; huddles", "Somebody holds the work at its planned level", "A named person acts, today"),
            Sense("Control chart", "Model for Improvement, QSIR", "A chart whose limits show what is ordinary", "It tells signal from luck"),
            Sense("Control group", "Researchers", "People who do not get the change, to compare with", "Who gets it is settled beforehand"),
            Sense("Managerial control", "Targets, audit, scrutiny", "Somebody further up checks", "A report goes up"),
        ),
        {"mfi": "Control chart", "lean": "Quality control", "pf": "Quality control", "qsir": "Control chart", "juran": "Quality control",
         "audit": "Managerial control"},
        "Who will do something different, and when?",
    ),
    "standard": FalseFriend(
        (
            Sense("Standard work", "Lean, Patient First style", "The best way known today, written by those who do it", "They may better it next month"),
            Sense("Clinical standard", "Audit, guidelines", "A level of care that should be met, set from evidence", "It comes from outside the team"),
            Sense("Standard in a control loop", "Juran", "The number a reading is compared with", "It has a unit"),
        ),
        {"mfi": "Standard work", "lean": "Standard work", "pf": "Standard work", "qsir": "Standard work", "juran": "Standard in a control loop",
         "audit": "Clinical standard"},
        "Who may change it, and with what evidence?",
    ),
    "capability": FalseFriend(
        (
            Sense("Capability of a process", "Juran, chart users", "What a predictable process gives, against the need", "Limits inside the need, or not"),
            Sense("Capability of people", "NHS IMPACT's component 4", "They know how to improve", "They have done it"),
            Sense("Capability of a provider", "NHS England's yearly form", "What a board says of its own organisation", "A form is sent in"),
        ),
        {"mfi": "Capability of people", "lean": "Capability of people", "pf": "Capability of people", "qsir": "Capability of people",
         "juran": "Capability of a process"},
        "Of what: a process, people, or an organisation?",
    ),
}  # fmt: skip

_KINDS = {
    "same": "same",
    "overlap": "overlap",
    "different": "differ",
    "one": "one only",
    "neither": "neither",
}
_COLOURS = {
    "same": ("group_a", "Green: the same work"),
    "overlap": ("prediction", "Amber: they overlap"),
    "different": ("signal_concern", "Red: different work"),
}
_PAIR = ("mfi", "lean")
_GUESSES = {
    "none": (0, 2, "0 to 2"),
    "few": (3, 5, "3 to 5"),
    "most": (6, 8, "6 to 8"),
    "all": (9, 10, "9 or 10"),
}

DECLARATION = schema.Declaration(
    title="Rosetta: the same work in other words",
    intro="Ten things that improvers do, in the words of six methods and in plain English.",
    controls=(
        Choice(
            name="look",
            label="Show me",
            radio=True,
            default="pair",
            options=(
                Option(value="pair", label="Two methods, ten ideas"),
                Option(value="idea", label="One idea, all methods"),
                Option(value="word", label="One word, several meanings"),
            ),
        ),
        Choice(
            name="mine",
            label="What we use here",
            default="lean",
            options=tuple(Option(value=method, label=label) for method, label in METHODS.items()),
        ),
        Choice(
            name="theirs",
            label="What the new colleague brings",
            default="mfi",
            options=tuple(Option(value=method, label=label) for method, label in METHODS.items()),
            show_when={"look": "pair"},
            keep=True,
        ),
        Choice(
            name="idea",
            label="Idea, in plain English",
            default="test",
            options=tuple(Option(value=idea.name, label=idea.plain) for idea in IDEAS.values()),
            show_when={"look": "idea"},
        ),
        Choice(
            name="word",
            label="Word",
            default="control",
            radio=True,
            options=tuple(Option(value=word, label=word) for word in WORDS),
            show_when={"look": "word"},
        ),
        Number(
            name="same_from",
            label="Call it the same work from",
            help="The share of the parts that both ask for. You draw the line.",
            default=SAME_FROM,
            minimum=OVERLAP_FROM,
            maximum=100,
            step=5,
            unit="% in common",
        ),
    ),
    prediction=schema.Prediction(
        question=(
            "Below are the names that Lean and the Model for Improvement give to ten ideas. Not one name is shared. On how many of the "
            "ten do the two ask for largely the same work?"
        ),
        control=Choice(
            name="prediction",
            label="Of ten",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, (_, _, label) in _GUESSES.items()),
        ),
    ),
    assumptions=(
        "Each idea is cut into three or four parts: things that somebody has to do. A method has a part if its usual teaching asks for it. "
        "Both the cut and the ticks are our reading.",
        "Closeness is the number of parts that both ask for, over the number that either asks for. Each part counts alike.",
        "“As at Virginia Mason” and “Patient First style” stand for families of local versions. Yours may ask for more or less.",
    ),
    cannot_tell=(
        "Which method gets better results. Nothing here measures that.",
        "What people do. Two places with the same handbook can work quite differently.",
        "Whether a shared word would help. Some words carry a training that another does not.",
    ),
    honesty="Illustrative: our own reading of six methods, not a quotation from any of them.",
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: two methods side by side, one idea across methods, or one word and its meanings."""
    look, mine = params["look"], params["mine"]
    line = params["same_from"]
    notices = []
    if look == "word":
        panels, told = _word(params["word"], mine)
    elif look == "idea":
        panels, told = _idea(IDEAS[params["idea"]], mine, line)
    else:
        panels, told = _pair(mine, params["theirs"], line)
        if mine == params["theirs"]:
            notices.append(
                schema.notice("warning", "That is one method twice. Choose another.", control="theirs")
            )
    if params["prediction"] is None:
        return schema.view([_names(*reversed(_PAIR))], summary="Ten ideas, two names each.", notices=notices)
    return schema.view(
        [
            *panels,
            schema.sentence(_judge(params["prediction"]), heading="Your guess", reveal=True),
            *([_challenge(mine, params["theirs"], line)] if look == "pair" else []),
        ],
        summary=told,
        notices=notices,
        data=_download(),
    )


def closeness(idea: Idea, one: str, other: str) -> float | None:
    """Return the share of parts in common, 0 to 1; None where a method has no name for the idea."""
    if one not in idea.says or other not in idea.says:
        return None
    return len(idea.asked(one) & idea.asked(other)) / len(idea.asked(one) | idea.asked(other) or {"none"})


def kind(idea: Idea, one: str, other: str, same_from: float = SAME_FROM) -> str:
    """Return how two methods stand on an idea: same, overlap, different, one (of the two has it) or neither."""
    share = closeness(idea, one, other)
    if share is None:
        return "one" if one in idea.says or other in idea.says else "neither"
    if 100 * share >= same_from:
        return "same"
    return "overlap" if 100 * share >= OVERLAP_FROM else "different"


def count(one: str, other: str, same_from: float = SAME_FROM) -> Counter[str]:
    """Return how many of the ten ideas are of each kind for two methods."""
    return Counter(kind(idea, one, other, same_from) for idea in IDEAS.values())


def _names(mine: str, theirs: str) -> dict[str, Any]:
    return schema.table(
        f"Ten ideas, as {SHORT[mine]} and {SHORT[theirs]} call them",
        ["In plain English", _start(_TAG[mine]), _start(_TAG[theirs])],
        [[idea.plain, idea.word(mine), idea.word(theirs)] for idea in IDEAS.values()],
        open=True,
    )


def _judge(guess: str) -> str:
    found = count(*_PAIR)
    low, high, label = _GUESSES[guess]
    verdict = (
        "That is it."
        if low <= found["same"] <= high
        else "Fewer differ than their names suggest."
        if high < found["same"]
        else "Not quite all: some differences are real."
    )
    return (
        f"You said {label}. With the line at {SAME_FROM}%, Lean and the Model for Improvement ask for the same work on "
        f"{found['same']} of ten, overlap on {found['overlap']}, and on {found['one']} only one of them says anything. {verdict}"
    )


def _bars(
    title: str, rows: Sequence[tuple[str, float | None, str]], line: float, told: str
) -> dict[str, Any]:
    """Draw how much is in common: rows of (what, share or None, kind)."""
    labels = [f"{what}: {_KINDS[found]}" for what, _, found in rows]
    edge = [0.0] * len(rows)
    marks = [schema.mark("bar_x", "quiet", reveal=True, x1=edge, x2=edge, text=labels)]
    for name, (role, label) in _COLOURS.items():
        some = [
            (words, 100 * share)
            for words, (_, share, found) in zip(labels, rows, strict=True)
            if found == name and share
        ]
        if some:
            marks.append(
                schema.mark(
                    "bar_x", role, label=label, reveal=True, x1=[0.0] * len(some), x2=[length for _, length in some],
                    text=[words for words, _ in some],
                )
            )  # fmt: skip
    marks.append(schema.mark("rule_x", "limit", label=f"Your line: {line:g}%", reveal=True, x=[line]))
    said = "; ".join(
        words + (f", {100 * share:.0f}% in common" if share is not None else "")
        for words, (_, share, _) in zip(labels, rows, strict=True)
    )
    return schema.figure(
        title,
        marks,
        description=f"{told} {said}.",
        x_label="Parts in common, %",
        y_label="",
        x_range=(0, 102),
        height=30 * len(rows) + 60,
        reveal=True,
    )


_BRIEF = {
    "aim": "Aim", "voice": "For whom", "test": "Try small", "cause": "Why", "chart": "Changed?", "look": "Go and see",
    "sponsor": "Sponsor", "hold": "Keep it", "huddle": "Daily", "goals": "Goals",
}  # fmt: skip


def _pair(mine: str, theirs: str, line: float) -> tuple[list[dict[str, Any]], str]:
    found = count(mine, theirs, line)
    rows = [
        (_BRIEF[idea.name], closeness(idea, mine, theirs), kind(idea, mine, theirs, line))
        for idea in IDEAS.values()
    ]
    told = _counted(mine, theirs, found)
    real = [idea for idea in IDEAS.values() if kind(idea, mine, theirs, line) in ("different", "one")]
    panels = [
        _bars(f"How much {SHORT[mine]} and {SHORT[theirs]} have in common", rows, line, told),
        schema.sentence(told, heading="Count", reveal=True),
        schema.listing(
            "Where the difference is real: talk about these",
            [_difference(idea, mine, theirs) for idea in real],
            empty="Nowhere, with the line where it is. Any quarrel left is about words.",
            reveal=True,
        ),
        schema.listing(
            "Three words that both will use",
            [_friend(word, mine, theirs) for word in WORDS],
            empty="",
            reveal=True,
        ),
        _names(mine, theirs),
        schema.table(
            "Part by part",
            ["In plain English", "Verdict", "Both ask for", f"Only {_TAG[mine]}", f"Only {_TAG[theirs]} "],
            [
                [
                    idea.plain,
                    _KINDS[kind(idea, mine, theirs, line)],
                    idea.in_words(idea.asked(mine) & idea.asked(theirs)),
                    idea.in_words(idea.asked(mine) - idea.asked(theirs)),
                    idea.in_words(idea.asked(theirs) - idea.asked(mine)),
                ]
                for idea in IDEAS.values()
            ],
            reveal=True,
        ),
    ]
    return panels, told


def _counted(mine: str, theirs: str, found: Counter[str]) -> str:
    parts = (
        ("the same work", "same"), ("overlapping work", "overlap"), ("different work", "different"),
        ("something only one of them names", "one"), ("something neither names", "neither"),
    )  # fmt: skip
    said = ", ".join(f"{words} on {found[name]}" for words, name in parts if found[name])
    return f"{_start(SHORT[mine])} and {SHORT[theirs]}: {said} of ten ideas."


def _start(words: str) -> str:
    return words[0].upper() + words[1:]


def _difference(idea: Idea, mine: str, theirs: str) -> str:
    here, there = mine in idea.says, theirs in idea.says
    if here and there:
        return (
            f"{idea.plain}. {_start(SHORT[mine])} ({idea.word(mine)}) asks for: {idea.in_words(idea.asked(mine))}. "
            f"{_start(SHORT[theirs])} ({idea.word(theirs)}) asks for: {idea.in_words(idea.asked(theirs))}."
        )
    one, other = (mine, theirs) if here else (theirs, mine)
    return f"{idea.plain}. {_start(SHORT[one])} has it ({idea.word(one)}); {SHORT[other]} has no word of its own. Who will do it?"


def _friend(word: str, mine: str, theirs: str) -> str:
    entry = WORDS[word]
    here, there = entry.means.get(mine), entry.means.get(theirs)
    if not here or not there:
        silent = [SHORT[one] for one in dict.fromkeys((mine, theirs)) if one not in entry.means]
        said = f"{' and '.join(silent)} seldom says it, so check what is heard"
    elif here == there:
        said = f"both mean {here.lower()}, and others in the room may not"
    else:
        said = (
            f"{SHORT[mine]} means {here.lower()}, {SHORT[theirs]} means {there.lower()}: a false friend here"
        )
    return f"{word.capitalize()}: {said}. Ask: {entry.ask}"


def _idea(idea: Idea, mine: str, line: float) -> tuple[list[dict[str, Any]], str]:
    rows = [
        (_start(_TAG[other]), closeness(idea, mine, other), kind(idea, mine, other, line))
        for other in METHODS
        if other != mine
    ]
    if mine in idea.says:
        told = f"{idea.plain}: in {SHORT[mine]} it is called “{idea.word(mine)}”."
    else:
        told = f"{idea.plain}: {SHORT[mine]} has no word of its own for it."
    table = schema.table(
        f"“{idea.plain}” in every method",
        ["Method", "They say", "It asks for", "Against ours"],
        [
            ["Plain English", idea.plain, "; ".join(idea.parts), ""],
            *(
                [
                    METHODS[method],
                    idea.word(method),
                    idea.in_words(idea.asked(method)),
                    "ours" if method == mine else _KINDS[kind(idea, mine, method, line)],
                ]
                for method in METHODS
            ),
        ],
        open=True,
        reveal=True,
    )
    panels = [
        _bars(f"{idea.plain}: in common with {SHORT[mine]}", rows, line, told),
        schema.sentence(f"{told} {idea.heard}", heading="Heard at work", reveal=True),
        table,
    ]
    return panels, told


def _word(word: str, mine: str) -> tuple[list[dict[str, Any]], str]:
    entry = WORDS[word]
    own = entry.means.get(mine)
    told = f"“{word.capitalize()}” can mean {len(entry.senses)} things. " + (
        f"In {SHORT[mine]} it is mostly {own.lower()}."
        if own
        else f"{_start(SHORT[mine])} seldom says it, so listeners supply a meaning of their own."
    )
    columns = [
        ("The word", [("word", word, "gap")]),
        (
            "In full",
            [
                (f"sense-{place}", sense.name, "good" if sense.name == own else "plain")
                for place, sense in enumerate(entry.senses)
            ],
        ),
        (
            "You can tell by",
            [(f"tell-{place}", sense.tell, "quiet") for place, sense in enumerate(entry.senses)],
        ),
    ]
    edges = [("word", f"sense-{place}", "plain") for place in range(len(entry.senses))]
    edges += [(f"sense-{place}", f"tell-{place}", "quiet") for place in range(len(entry.senses))]
    panels = [
        schema.graph(
            f"What people mean by “{word}”",
            columns,
            edges,
            description=f"{told} "
            + " ".join(f"{one.name}: {one.means}. {one.tell}." for one in entry.senses),
            reveal=True,
        ),
        schema.sentence(
            f"False friend. It sounds alike in every method and names different work. {told} Ask: {entry.ask}",
            heading=f"Careful with “{word}”",
            reveal=True,
        ),
        schema.table(
            f"“{word.capitalize()}”, in full",
            ["In full", "Said by", "They mean", "You can tell by"],
            [[one.name, one.who, one.means, one.tell] for one in entry.senses],
            open=True,
            reveal=True,
        ),
    ]
    return panels, f"False friend: {told}"


def _challenge(mine: str, theirs: str, line: float) -> dict[str, Any]:
    ask = "Find two methods whose difference is real on at least half of the ten ideas."
    found = count(mine, theirs, line)
    real = found["different"] + found["one"]
    if real >= len(IDEAS) / 2:
        text = (
            f"{_start(SHORT[mine])} and {SHORT[theirs]} part on {real} of ten. Here “it is only words” would be wrong"
            + (
                ", at the line most people would draw."
                if line <= SAME_FROM
                else ", though you drew a strict line."
            )
            + " A translation will not do. Somebody has to choose, or give each its own job."
        )
        return schema.challenge(ask, True, text)
    return schema.challenge(
        ask,
        False,
        f"{_start(SHORT[mine])} and {SHORT[theirs]} part on {real or 'none'} of ten. Look for one that was made for another job.",
    )


def _download() -> dict[str, Any]:
    rows = []
    for idea in IDEAS.values():
        for method, label in METHODS.items():
            rows.append([idea.plain, label, idea.word(method), idea.in_words(idea.asked(method))])
    return {"columns": ["In plain English", "Method", "They say", "It asks for"], "rows": rows}
