"""W46 count, sample, doubt: what a published figure adds up to, leaves out, and cannot know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from improvement.simulate import survey_doubt as model
from improvement.simulate.survey_doubt import Parameters, Table
from improvement.views import schema
from improvement.views.schema import CardSort, Choice, Number, Option, Rows, Text, shown

INTERVIEWS, TRUSTS, COLLABORATIVES = model.TABLES
LISTS = {"interviews": INTERVIEWS, "trusts": TRUSTS, "collaboratives": COLLABORATIVES}
MOST_CHECKED = TRUSTS.base  # nobody more than the survey's respondents can have answered one of its questions
INVITED = 1000

_LABELS = {
    "interviews": "Who was interviewed?",
    "trusts": "How far are trusts?",
    "collaboratives": "How far are collaboratives?",
    "own": "A list of my own",
}
_SHORT = {
    "Community and specialist care": "Community, etc.",
    "Integrated care boards": "Care boards",
    "Front-line teams only": "Some teams only",
    "Committed, deciding where to begin": "Committed only",
}
LONGEST = 15  # letters of a bar's name that fit beside the figure
_STATED = {
    "interviews": "the report says 41 interviews",
    "trusts": "everybody who answered is 100%",
    "collaboratives": "everybody who answered is 100%",
}


@dataclass(frozen=True)
class Example:
    """A published percentage, and what is known of its sample: `heard` is the percentage of all places heard."""

    label: str
    place: str
    places: str
    share: float
    answers: int
    clusters: int
    heard: int


EXAMPLES = {
    "survey": Example("Real: approach embedded, trusts 2023", "trust", "trusts", 22, 129, 95, 45),
    "practices": Example("Invented, primary care: would recommend us", "practice", "practices", 60, 60, 6, 30),
    "stations": Example("Invented, ambulance: got a meal break", "station", "stations", 48, 210, 7, 58),
    "teams": Example("Invented, community: safe to report", "team", "teams", 71, 88, 8, 53),
    "wards": Example("Invented, mental health: know the plan", "ward", "wards", 35, 45, 5, 38),
}  # fmt: skip


@dataclass(frozen=True)
class Card:
    """Something in the sources that looks odd, the piles it may lie on, and why."""

    name: str
    says: str
    piles: tuple[str, ...]
    because: str


PILES = {
    "ask": "Ask the authors",
    "slip": "A slip: mend and read on",
    "alarm": "False alarm",
}

CARDS = (
    Card("most", "Findings rest on “most”, “several” and “many”, without numbers", ("ask",), "Of whom, and how many? It decides how far a finding reaches. Such reports often do without; that is a habit, and no answer."),
    Card("darzi", "Two clinical fellows responded; elsewhere one medic came forward", ("alarm",), "Both can be true: a fellow need not be a doctor."),
    Card("names", "One network has three names", ("slip",), "Two are the authors', one is inside a quotation. Nothing is counted twice because of it."),
    Card("contents", "The contents page lists six challenges; the text has seven", ("slip",), "Mandate Confusion is missing from the list and stands in the text. A “Theme 3” that should be 2 is of the same kind."),
    Card("bulletin", "2023: a bulletin after each board meeting. 2025: a monthly bulletin", ("alarm",), "A plan, and what became of it two years later. Dates differ, so nothing clashes."),
    Card("wanted", "Support wanted: 64%, 58% and 53%. Together 175%", ("alarm",), "People could name several. Only a question with one answer each has to make 100."),
    Card("launch", "Launched April 2023, judged “two years after”; interviews from January 2025", ("alarm",), "Twenty-one to twenty-four months. Nobody is misled by “two years”."),
    Card("voices", "The same words appear twice, under two job titles", ("ask",), "Perhaps one person with two posts, or titles changed to protect people. Asking is fair; guessing is not. It matters if you count voices."),
    Card("word", "A speaker wants “more sanitisation” of improvement methods", ("slip",), "Probably standardisation, misheard. Quote it as printed, if at all."),
    Card("voluntary", "Providers will embed a method, it is expected; the self-assessment is voluntary", ("ask", "alarm"), "Two documents and two things asked, so no contradiction in logic. Which of them binds you is worth asking."),
)  # fmt: skip

_GUESSES = {"all": "All three", "two": "Two", "one": "One", "none": "None"}

_COUNT, _DOUBT, _VOLUNTEER, _SORT = ({"look": look} for look in ("count", "doubt", "volunteers", "sort"))
_OWN = {**_COUNT, "list": "own"}


def _percent(
    name: str, label: str, default: float, when: dict[str, str], help: str = "", **ends: float
) -> Number:
    return Number(
        name=name,
        label=label,
        help=help,
        default=default,
        show_when=when,
        **{"minimum": 0, "maximum": 100, **ends},
    )


DECLARATION = schema.Declaration(
    title="Count, sample, doubt",
    intro="An evaluation published by a university with a consultancy, and a survey by the trusts' own membership body. Their printed numbers, for you to check.",
    prediction=schema.Prediction(
        question=(
            "The two documents print three lists of this kind: who was interviewed, how far trusts have come, how far provider "
            "collaboratives have come. How many of the three add up to their whole?"
        ),
        control=Choice(
            name="prediction",
            label="Lists that add up",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    controls=(
        Choice(
            name="look",
            label="What do you want to know?",
            radio=True,
            default="count",
            options=(
                Option(value="count", label="Does it add up?"),
                Option(value="sort", label="Is it a slip, or a false alarm?"),
                Option(value="doubt", label="How sure is one percentage?"),
                Option(value="volunteers", label="Who chose to answer?"),
            ),
        ),
        Choice(
            name="list",
            label="Which list?",
            default="interviews",
            show_when=_COUNT,
            options=tuple(Option(value=value, label=label) for value, label in _LABELS.items()),
        ),
        Number(
            name="base",
            label="Suppose so many answered this question",
            help="129 people answered the survey. How many answered this question is not in the article.",
            default=MOST_CHECKED,
            minimum=20,
            maximum=MOST_CHECKED,
            show_when={**_COUNT, "list": "trusts"},
        ),
        Rows(
            name="parts",
            label="The parts, as printed",
            maximum=10,
            show_when=_OWN,
            default=({"part": "Seen in time", "number": 61}, {"part": "Seen late", "number": 27}),
            fields=(
                Text(name="part", label="Part", maximum_length=LONGEST),
                Number(name="number", label="Number", default=0, minimum=0, step=0.1),
            ),
        ),
        Number(name="whole", label="The whole, as printed", default=100, minimum=0, step=0.1, show_when=_OWN),
        Choice(
            name="unit",
            label="They are",
            default="percent",
            show_when=_OWN,
            options=(
                Option(value="percent", label="Percentages, printed as whole numbers"),
                Option(value="count", label="Counts"),
            ),
        ),
        Choice(
            name="example",
            label="Which percentage?",
            default="survey",
            show_when=_DOUBT,
            options=tuple(
                Option(
                    value=name,
                    label=one.label,
                    sets={"share": one.share, "answers": one.answers, "clusters": one.clusters, "heard": one.heard, "silent": one.share},
                )
                for name, one in EXAMPLES.items()
            ),
        ),
        _percent("share", "Printed percentage", 22, _DOUBT),
        Number(name="answers", label="Answers", default=129, minimum=2, maximum=2000, show_when=_DOUBT),
        Number(
            name="clusters",
            label="Places they came from",
            help="Trusts, practices, stations, teams or wards.",
            default=95,
            minimum=2,
            maximum=1000,
            show_when=_DOUBT,
        ),
        Number(
            name="alike",
            label="How alike are answers from one place?",
            help="The correlation of two answers. 0: as different as strangers'. 1: always the same. It was not published.",
            default=0.3,
            minimum=0,
            maximum=1,
            step=0.05,
            show_when=_DOUBT,
        ),
        _percent("heard", "Places heard, of 100 there are", 45, _DOUBT, minimum=1),
        _percent("silent", "Suppose that of 100 places not heard so many would say the same", 22, _DOUBT),
        _percent("support", "True supporters, of 100 invited", 60, _VOLUNTEER),
        _percent("keen", "Supporters who answer, of 100", 30, _VOLUNTEER, minimum=1),
        _percent("others", "Others who answer, of 100", 10, _VOLUNTEER, minimum=1),
        CardSort(
            name="cards",
            label="Ten oddities in the sources. Where does each belong?",
            show_when=_SORT,
            keep=True,
            cards=tuple(Option(value=card.name, label=card.says) for card in CARDS),
            piles=tuple(Option(value=value, label=label) for value, label in PILES.items()),
        ),
    ),
    assumptions=(
        "Percentages printed as whole numbers were rounded to the nearest one.",
        *model.ASSUMPTIONS,
        "The share of answers is taken for the share of places: each answer stands for its place.",
    ),
    cannot_tell=(
        *model.CANNOT_TELL,
        "Whether the full results, to which the survey's article links, hold what the article leaves out: we had the article.",
    ),
    honesty=(
        "Real: the numbers of Burgess and Downham (2025) and of NHS Providers (October 2023), as printed. Illustrative: every assumption you "
        "set. Examples marked invented are. A list of your own never leaves this page."
    ),
)  # fmt: skip


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view of one question: the sum, the oddities, the doubts about one percentage, or the volunteers."""
    return {"count": _count, "sort": _sort, "doubt": _doubt, "volunteers": _volunteers}[params["look"]](
        params
    )


# Does it add up?


def _table(params: schema.Params) -> Table:
    if params["list"] == "trusts":
        return replace(TRUSTS, base=params["base"])
    if params["list"] != "own":
        return LISTS[params["list"]]
    rows = [
        (row["part"].strip() or f"Part {place}", row["number"])
        for place, row in enumerate(params["parts"], 1)
    ]
    if not rows:
        raise ValueError("The parts, as printed: the list is empty. Add at least one part.")
    names = [name for name, _ in rows]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"The parts, as printed: “{twice}” stands twice. Give each part a name of its own.")
    if params["unit"] == "percent" and max(params["whole"], *(number for _, number in rows)) > 100:
        raise ValueError("The parts, as printed: a percentage above 100. Mend it, or choose “Counts”.")
    return Table("Your list", tuple(rows), params["whole"], params["unit"])


def adding_up() -> int:
    """Return how many of the three published lists add up to their stated whole, as printed."""
    return sum(model.total(table).missing == 0 for table in LISTS.values())


def _count(params: schema.Params) -> dict[str, Any]:
    table = _table(params)
    result = model.total(table)
    guessed = params["prediction"] is not None
    said = _sum(params["list"], table, result)
    panels = [_bars(table, result, summed=guessed)]
    if guessed:
        panels.append(schema.sentence(_judge(params["prediction"]), heading="Your guess", reveal=True))
    panels += [
        schema.sentence(said, heading="The sum", reveal=True),
        schema.sentence(_rounding(table, result), heading="Rounding", reveal=True),
        schema.listing("What else could explain it", _explanations(params["list"], result), empty="Nothing is missing.", reveal=True),
        schema.table("The parts as printed", ["Part", "Printed"], [list(part) for part in table.parts]),
        _count_challenge(params, result),
    ]  # fmt: skip
    rows = [[*part] for part in table.parts] + [["Sum", result.total], ["Stated", result.whole]]
    summary = said if guessed else f"{len(table.parts)} parts, as printed."
    return schema.view(panels, summary=summary, data={"columns": ["Part", "Number"], "rows": rows})


def _unit(table: Table) -> str:
    return "%" if table.unit == "percent" else ""


def _sum(name: str, table: Table, result: model.Total) -> str:
    unit = _unit(table)
    added = " + ".join(shown(number, 1) for _, number in table.parts)
    stated = _STATED.get(name, f"the whole is given as {shown(table.whole, 1)}{unit}")
    told = f"{added} = {shown(result.total, 1)}{unit}, and {stated}."
    missing = round(result.missing, 6)
    if not missing:
        return f"{told} It adds up."
    return f"{told} {shown(abs(missing), 1)}{unit} {'is missing' if missing > 0 else 'is too much'}."


def _rounding(table: Table, result: model.Total) -> str:
    if not round(result.missing, 6):
        return "Nothing needs explaining."
    if table.unit == "count":
        return "It cannot be rounding. Counts are not rounded."
    if table.base is not None:
        if result.least_people is None:
            return (
                f"Not with {table.base} answers: no whole number of them prints as one of these percentages."
            )
        least, most = result.least_people, result.most_people
        people = f"{least} people" if least == most else f"{least} to {most} people"
        fits = f"With {table.base} answers, these percentages fit {people} between them"
        if result.rounding_explains:
            return f"{fits}. So it may be rounding alone."
        return f"{fits}. So it cannot be rounding alone."
    slack = len(table.parts) / 2
    can = "could be" if result.rounding_explains else "cannot be all of it"
    return f"It {can}. Each percentage may be off by half a point, so {len(table.parts)} of them by {shown(slack, 1)} at most."


def _explanations(name: str, result: model.Total) -> list[str]:
    if not round(result.missing, 6):
        return []
    if name == "interviews":
        return [
            "An interview that fits none of the five groups. An ambulance trust is quoted, and no group names ambulance services.",
            "One of the six numbers is out by one. Which, nobody outside can say.",
        ]
    if name == "trusts":
        return ["Another answer, or none: “don't know” often goes unprinted.", "One of the five numbers is out.", "The full results may say. The article links to them."]  # fmt: skip
    if name == "collaboratives":
        return ["Not started, not in a collaborative, don't know, no answer. The article does not say which.", "The full results may say. The article links to them."]  # fmt: skip
    if result.missing > 0:
        return ["A part that was left out.", "A slip in a part or in the whole."]
    return ["Something counted twice, or people who could give several answers.", "A slip in a part or in the whole."]  # fmt: skip


def _judge(guess: str) -> str:
    fitting = adding_up()
    right = ("none", "one", "two", "all")[fitting]
    answer = f"{_GUESSES[right]} of the three {'does' if fitting < 2 else 'do'}. Look at each."
    said = f"You said {_GUESSES[guess].lower()}. {answer}"
    if guess == right:
        return said
    return (
        f"{said} Being independent is about who may lean on the authors. It is no help with arithmetic, for which a reader with a "
        "pencil is enough."
    )


def _bars(table: Table, result: model.Total, *, summed: bool) -> dict[str, Any]:
    rows = [_SHORT.get(name, name) for name, _ in table.parts]
    starts, reached = [], 0.0
    for _, number in table.parts:
        starts.append(reached if summed else 0)
        reached += number
    ends = [start + number for start, (_, number) in zip(starts, table.parts, strict=True)]
    missing = round(result.missing, 6) if summed else 0
    gap = ["Missing" if missing > 0 else "Too much"] if missing else []
    nothing = [0.0] * (len(rows) + len(gap))
    marks = [
        schema.mark("bar_x", "quiet", x1=nothing, x2=nothing, text=[*rows, *gap]),
        schema.mark("bar_x", "data", label="As printed", x1=starts, x2=ends, text=rows),
        schema.mark(
            "text", "annotation",
            x=[end + max(result.total, table.whole) * 0.05 for end in ends] if summed else [end + max(*ends, 1) * 0.05 for end in ends],
            y=rows, text=[shown(number, 1) for _, number in table.parts],
        ),
    ]  # fmt: skip
    unit = _unit(table)
    parts = ", ".join(f"{name} {shown(number, 1)}{unit}" for name, number in table.parts)
    description = f"Bars as printed: {parts}."
    if summed:
        description += f" End to end they reach {shown(result.total, 1)}{unit}; the stated whole is {shown(result.whole, 1)}{unit}."
        marks.append(schema.mark("rule_x", "target", label="Stated whole", x=[table.whole], reveal=True))
    if gap:
        low, high = sorted((result.total, table.whole))
        marks.append(
            schema.mark("bar_x", "group_b", label=gap[0], x1=[low], x2=[high], text=gap, reveal=True)
        )
    return schema.figure(
        f"{table.name}, {'laid end to end' if summed else 'as printed'}",
        marks,
        description=description,
        x_label="Percent of answers" if unit else "Number",
        y_label="",
        x_range=(0, 1.12 * max(result.total, table.whole, 1) if summed else 1.15 * max(*ends, 1)),
        height=240,
    )


def _count_challenge(params: schema.Params, result: model.Total) -> dict[str, Any]:
    ask = "We say that such a gap needs more than rounding. Make a list of your own, of percentages, whose gap rounding alone may explain."
    if (
        params["list"] == "own"
        and params["unit"] == "percent"
        and round(result.missing, 6)
        and result.rounding_explains
    ):
        return schema.challenge(
            ask,
            True,
            "Done. Small gaps in long lists of percentages are ordinary. Whether one is a finding depends on how many parts there are.",
        )
    if params["list"] == "trusts":
        told = f"Not for this list: no number of answers from 20 to {MOST_CHECKED} lets the five printed percentages be everybody."
        return schema.challenge(ask, False, told)
    return schema.challenge(ask, False, "Three equal parts of a whole are a good start.")


# Is it a slip, or a false alarm?


def _sort(params: schema.Params) -> dict[str, Any]:
    placed = params["cards"]
    left = len(CARDS) - len(placed)
    if left:
        told = f"{len(placed)} of {len(CARDS)} placed. What we would do, and why, shows when all lie."
        return schema.view([schema.sentence(told, heading="So far", reveal=True)], summary=told)
    astray = [card for card in CARDS if placed[card.name] not in card.piles]
    told = f"{len(CARDS) - len(astray)} of {len(CARDS)} lie where we would put them. You may be right where we are not: some are close."
    alarms = [card for card in CARDS if card.piles == ("alarm",)]
    raised = sum(placed[card.name] != "alarm" for card in alarms)
    missed = sum(placed[card.name] == "alarm" for card in CARDS if "alarm" not in card.piles)
    both = (
        f"False alarms raised: {raised} of {len(alarms)}. Oddities waved through: {missed} of {sum('alarm' not in card.piles for card in CARDS)}. "
        "A critic who cries wolf is trusted as little as a reader who never looks."
    )
    panels = [
        schema.sentence(told, heading="Your sorting", reveal=True),
        schema.sentence(both, heading="Two ways to be wrong", reveal=True),
        schema.listing(
            "Where we differ",
            [f"{card.says}. You: {PILES[placed[card.name]].lower()}. We: {_piles(card).lower()}. {card.because}" for card in astray],
            empty="Nowhere.",
            reveal=True,
        ),
        schema.table(
            "All ten, and why", ["Oddity", "Where we put it", "Why"],
            [[card.says, _piles(card), card.because] for card in CARDS], reveal=True,
        ),
        schema.challenge(
            "We say that most oddities are harmless. Which one would change a decision of yours? Put every card that would on “Ask the authors”.",
            sum(pile == "ask" for pile in placed.values()) > sum("ask" in card.piles for card in CARDS),
            "More than we ask about means a stricter reader than we are. Be ready to say what each answer would change."
            if sum(pile == "ask" for pile in placed.values()) > sum("ask" in card.piles for card in CARDS)
            else "You ask no more often than we do.",
        ),
    ]  # fmt: skip
    data = {"columns": ["Oddity", "You", "We", "Why"], "rows": [[card.says, PILES[placed[card.name]], _piles(card), card.because] for card in CARDS]}  # fmt: skip
    return schema.view(panels, summary=f"{told} {both}", data=data)


def _piles(card: Card) -> str:
    return " or ".join(PILES[pile] for pile in card.piles)


# How sure is one percentage?


def _doubt(params: schema.Params) -> dict[str, Any]:
    example = EXAMPLES[params["example"]]
    if params["clusters"] > params["answers"]:
        text = (
            f"Places they came from: {params['clusters']} is more than the {params['answers']} answers. "
            "Each place must have given at least one."
        )
        return schema.view([], summary=text, notices=[schema.notice("error", text, control="clusters")])
    share, heard = params["share"] / 100, params["heard"] / 100
    result = model.simulate(
        Parameters(
            share=share,
            respondents=params["answers"],
            clusters=params["clusters"],
            response=heard,
            icc=params["alike"],
            silent_share=params["silent"] / 100,
            replicates=10,
        )
    )
    luck, cluster, silence = result.interval, result.clustering, result.silence
    unheard = result.implied_clusters.whole - params["clusters"]
    places = example.places
    answers = f"{params['answers']:,} answer{'' if params['answers'] == 1 else 's'}"
    alone = f"{answers}, were each drawn by lot: {_range(luck.low, luck.high)} (95% Wilson interval)."
    alike = (
        f"{answers} from {params['clusters']:,} {places} are {shown(cluster.answers_per_cluster)} to a {example.place}. "
        f"Alike by {shown(params['alike'])}, they are worth about {shown(cluster.effective_size, 0)} separate answers: "
        f"{_range(cluster.interval.low, cluster.interval.high)}. If those from one {example.place} always agreed: {_range(cluster.worst.low, cluster.worst.high)}."
    )
    if params["heard"] == 100:
        quiet = f"All {places} were heard. Nothing is left to suppose: {_pc(silence.low)}."
    else:
        few = "hardly any were not heard" if unheard < 1.5 else f"some {shown(unheard, 0)} were not heard"
        quiet = (
            f"{params['clusters']:,} {places} at {params['heard']:g}% imply about {shown(result.implied_clusters.whole, 0)}, so {few}. "
            f"If none of them would say it: {_pc(silence.low)}. If all would: {_pc(silence.high)}. "
            f"If {params['silent']:g} in 100 would: {_pc(silence.assumed)}."
        )
    panels = [
        _ladder(params, result),
        schema.sentence(alone, heading="Luck", reveal=True),
        schema.sentence(alike, heading="Neighbours", reveal=True),
        schema.sentence(quiet, heading="Silence", reveal=True),
        _doubt_challenge(result),
    ]
    rows = [
        ["Printed", share, share],
        ["Luck", luck.low, luck.high],
        ["Answers alike", cluster.interval.low, cluster.interval.high],
        ["Worst case, silent included", silence.low, silence.high],
    ]
    table = schema.table(
        "From and to, in percent", ["", "From", "To"], [[name, _pc(low), _pc(high)] for name, low, high in rows], reveal=True
    )  # fmt: skip
    return schema.view(
        [*panels[:4], table, panels[4]],
        summary=f"{alone} {quiet}",
        data={"columns": ["What", "From", "To"], "rows": rows},
    )


def _pc(share: float) -> str:
    return f"{100 * share:.1f}%"


def _range(low: float, high: float) -> str:
    return f"{100 * low:.1f} to {100 * high:.1f}%"


def _ladder(params: schema.Params, result: model.Result) -> dict[str, Any]:
    rows = ["Luck alone", "Answers alike", "The silent"]
    silence, cluster = result.silence, result.clustering
    ends = [
        (result.interval.low, result.interval.high),
        (cluster.interval.low, cluster.interval.high),
        (silence.low, silence.high),
    ]
    marks = [
        schema.mark(
            "bar_x", "data", label="Could lie anywhere here", reveal=True,
            x1=[100 * low for low, _ in ends], x2=[100 * high for _, high in ends], text=rows,
        ),
        schema.mark("rule_x", "centre", label="As printed", x=[params["share"]], reveal=True),
        schema.mark(
            "bar_x", "group_b", label="With what you suppose of the silent", reveal=True,
            x1=[max(0, 100 * silence.assumed - 0.5)], x2=[min(100, 100 * silence.assumed + 0.5)], text=["The silent"],
        ),
    ]  # fmt: skip
    said = "; ".join(f"{name.lower()}, {_range(*pair)}" for name, pair in zip(rows, ends, strict=True))
    return schema.figure(
        f"What “{params['share']:g}%” may stand for",
        marks,
        description=f"The printed {params['share']:g}% with three bars. {said}. With your supposition about the silent: {_pc(silence.assumed)}.",
        x_label="Percent",
        y_label="",
        x_range=(0, 100),
        height=210,
        reveal=True,
    )


def _doubt_challenge(result: model.Result) -> dict[str, Any]:
    ask = "We say that silence hides more than luck does. Find settings in which it hides less."
    luck, silence = result.interval.high - result.interval.low, result.silence.high - result.silence.low
    if silence < luck:
        return schema.challenge(
            ask,
            True,
            "Done. When nearly everybody is heard, or very few were asked, luck is the larger doubt.",
        )
    return schema.challenge(
        ask, False, f"Silence leaves {100 * silence:.0f} points open, luck {100 * luck:.0f}. Who would have to be heard?"
    )  # fmt: skip


# Who chose to answer?


def _volunteers(params: schema.Params) -> dict[str, Any]:
    support, keen, others = (params[name] / 100 for name in ("support", "keen", "others"))
    seen = model.looks_like(support, keen, others)
    answering = support * keen + (1 - support) * others
    yes, no = INVITED * support * keen, INVITED * (1 - support) * others
    told = (
        f"Invite {INVITED:,}. Of {shown(INVITED * support, 0)} supporters {shown(yes, 0)} answer, of {shown(INVITED * (1 - support), 0)} others "
        f"{shown(no, 0)}. So {shown(100 * seen, 1)}% of the answers are in favour. The truth is {params['support']:g}%."
    )
    ratio = keen / others
    if abs(seen - support) < 1e-9:
        weigh = "The answers look like the truth here."
    else:
        way, than = ("more", ratio) if ratio > 1 else ("less", 1 / ratio)
        weigh = f"Supporters are {shown(than, 1)} times {'as' if way == 'more' else 'less'} ready to answer{' as others' if way == 'more' else ''}."
        weigh += " A larger invitation would not mend it: ten times the people give the same share."
    curve = [100 * model.looks_like(true / 100, keen, others) for true in range(0, 101, 2)]
    marks = [
        schema.mark("line", "ghost", label="If all were equally ready", x=[0, 100], y=[0, 100], reveal=True),
        schema.mark("line", "data", label="How it looks", x=range(0, 101, 2), y=curve, reveal=True),
        schema.mark(
            "dot", "prediction", label="Your setting", x=[params["support"]], y=[100 * seen],
            title=[f"True {params['support']:g}%, looks like {100 * seen:.1f}%"], reveal=True,
        ),
    ]  # fmt: skip
    picture = schema.figure(
        "True support, and how it looks among those who answer",
        marks,
        description=f"A curve from 0 to 100. Your setting: true support {params['support']:g}% looks like {100 * seen:.1f}%. "
        f"A true 40% would look like {100 * model.looks_like(0.4, keen, others):.1f}%.",
        x_label="True support, %",
        y_label="Among answers, %",
        x_range=(0, 100),
        y_range=(0, 100),
        height=300,
        reveal=True,
    )
    ask = "We say that volunteers mislead. Find an invitation that at most 3 in 10 answer, and that still looks within 2 points of the truth. Supporters and others must both exist."
    met = answering <= 0.3 + 1e-9 and abs(seen - support) <= 0.02 + 1e-9 and 0 < support < 1
    why = (
        "Done. A low response alone does not bend a result. What bends it is a reason to answer that goes with the answer."
        if met
        else f"Here {shown(100 * answering, 0)} in 100 answer, and the result is off by {shown(100 * abs(seen - support), 1)} points."
    )
    panels = [
        picture,
        schema.sentence(told, heading="What happens", reveal=True),
        schema.sentence(weigh, heading="Why", reveal=True),
        schema.challenge(ask, met, why),
    ]
    rows = [[true, round(look, 1)] for true, look in zip(range(0, 101, 2), curve, strict=True)]
    return schema.view(
        panels, summary=told, data={"columns": ["True support, %", "Looks like, %"], "rows": rows}
    )
