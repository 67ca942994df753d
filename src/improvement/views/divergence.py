"""W39 divergence plot: what the groups of an organisation answered, where they part, and what to ask them first."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from improvement import assessment, datasets
from improvement.assessment import FLOOR, MINIMUM, Assessment, Comparison, Responses
from improvement.datasets.self_assessment import COMPONENTS, LEVELS
from improvement.spc import wording
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Prediction, Series, Text, Toggle, shown

WIDEST_DRAWN = 3
MOST_SAID = 10
LONGEST_NAME = 32
MOST_SHUFFLED = 12_000
AGREED_LOW = 2
SPLIT = 2
"""An interquartile range of this many levels or more means that a group disagrees with itself."""

BEFORE_PRINTING = (
    "Executives are known by name, and five people can be guessed at. Show a small group its own answers first, in "
    "private. What a public body holds may be asked for under freedom of information, this page and the file behind it: "
    "agree what you keep, and tell people before they answer."
)

TEMPLATE_HEADING = (
    "group",
    "round",
    *(f"{component}: {words}" for component, of_it in COMPONENTS.items() for words in of_it.values()),
)
TEMPLATE_ROWS = (
    ("board", 1, 4, 4, 5, 4, 3, 3, 4, 4, 5, 3, 3, 1, 4, 4, 3),
    ("nurses", 1, 2, 1, 3, 3, 2, 3, "", 2, 2, 2, 2, 1, 2, 3, 2),
)

_AMBULANCE_HEADING = (
    "Group",
    "Purpose: I know what this service is trying to get better at.",
    "People: I can say so when a shift has gone wrong.",
    "Leadership: Managers come out with us and ask what gets in the way.",
    "Capability: Somebody here can help us to test an idea.",
    "Systems: Waits at hospital doors are looked at together with the hospital.",
)
# Group -> for each statement, how many people mark levels 1 to 5.
_AMBULANCE = {
    "executives": ((0, 0, 2, 4, 2), (0, 1, 3, 4, 0), (0, 1, 2, 4, 1), (0, 2, 4, 2, 0), (0, 0, 3, 4, 1)),
    "team leaders": ((0, 3, 8, 4, 1), (1, 3, 7, 4, 1), (0, 3, 8, 5, 0), (2, 8, 5, 1, 0), (4, 6, 4, 2, 0)),
    "control room": (
        (3, 12, 6, 3, 0),
        (2, 5, 11, 5, 1),
        (5, 12, 5, 2, 0),
        (6, 11, 5, 2, 0),
        (2, 5, 12, 4, 1),
    ),
    "paramedics": (
        (8, 22, 11, 4, 1),
        (5, 12, 20, 7, 2),
        (24, 13, 6, 3, 0),
        (12, 21, 9, 4, 0),
        (25, 14, 5, 2, 0),
    ),
    "fleet and support": (
        (2, 6, 3, 1, 0),
        (1, 5, 4, 2, 0),
        (3, 5, 3, 1, 0),
        (4, 6, 2, 0, 0),
        (2, 6, 3, 1, 0),
    ),
    "community responders": (
        (0, 1, 1, 2, 0),
        (0, 1, 1, 2, 0),
        (1, 2, 1, 0, 0),
        (1, 2, 1, 0, 0),
        (2, 1, 1, 0, 0),
    ),
}
_AMBULANCE_TO_MEND = (("paramedics", 6, 3, 2, 2, 1), ("", 3, 3, 2, 2, 1), ("control room", 2, 2.5, 3, 2, 3))

_SOURCES = {
    "community": "A community trust (invented)",
    "acute": "An acute trust (invented)",
    "ambulance": "An ambulance service (invented), with rows to mend",
}
_GUESSES = {
    "none": ("None: they agree", 0),
    "one": ("One level", 1),
    "two": ("Two levels", 2),
    "three": ("Three levels or more", 3),
}
_NEEDS_THE = re.compile(
    r"(?!the ).*(?:board|team|room|office|committee|council|service|department|practice)$", re.IGNORECASE
)

DECLARATION = schema.Declaration(
    title="Divergence plot",
    intro=("Where groups part, and what to ask them. Answers never leave this device."),
    printable=True,
    prediction=Prediction(
        question=(
            "Each group has a middle answer: half of its people are at or below it. On the statement that parts these "
            "groups most, how far apart will the highest and the lowest middle answers be, on levels 1 to 5?"
        ),
        control=Choice(
            name="prediction",
            label="Your guess",
            default=None,
            radio=True,
            options=tuple(Option(value=value, label=label) for value, (label, _) in _GUESSES.items()),
        ),
    ),
    controls=(
        Choice(
            name="source",
            label="Whose answers?",
            default="community",
            options=(
                Option(value="community", label=_SOURCES["community"], sector="community"),
                Option(value="acute", label=_SOURCES["acute"], sector="acute"),
                Option(value="ambulance", label=_SOURCES["ambulance"], sector="ambulance"),
                Option(value="own", label="My own file"),
            ),
        ),
        Series(
            name="pasted",
            label="Your answers, as CSV",
            private=True,
            help=(
                "One person a row: the group, then a level from 1 to 5 under each statement. No names, e-mail addresses "
                "or comments. “Save settings” leaves these rows out."
            ),
            placeholder="group,purpose: We know what comes first,people: I can speak up\nboard,4,3\nnurses,2,\n…",
            show_when={"source": "own"},
        ),
        Text(
            name="organisation",
            label="Which organisation?",
            help="Only if your file holds several.",
            maximum_length=100,
            show_when={"source": "own"},
        ),
        Choice(
            name="compare",
            label="Compare",
            default="statements",
            options=(
                Option(value="statements", label="statements", sets={"place": 1}),
                Option(value="components", label="components", sets={"place": 1}),
                Option(value="table", label="statements, with a table of all"),
            ),
        ),
        Number(
            name="place",
            label="Look at one: 1 has the widest gap",
            default=1,
            minimum=1,
            maximum=15,
        ),
        Toggle(name="second", label="Lay the second round over the first"),
        Toggle(name="one_number", label="Show the one number instead"),
        Number(
            name="minimum",
            label="Fewest people in a group that is shown",
            help=f"{MINIMUM} unless you have a reason. Never under {FLOOR}.",
            default=MINIMUM,
            minimum=FLOOR,
            maximum=30,
        ),
    ),
    assumptions=(
        "Levels are in order. Nothing here says that the steps between them are equally long, so groups are compared "
        "by medians and quartiles.",
        "A group is shown for a statement only if enough of its people answered it, and for a component only if it is "
        "shown for each of the component's statements. Answers that are not shown are used in nothing else.",
        "A component takes all of a group's answers to its statements together.",
        "Luck is tried by shuffling the answers to each statement between the groups shown, 40 times. The groups' sizes stay.",
        "Everybody answered once. The page cannot know if somebody answered twice, unless each row has a respondent's number.",
    ),
    cannot_tell=(
        "Who is right. A gap says that people see different things.",
        "What those who did not answer would have said.",
        "How you compare with others: there is no benchmark here, on purpose.",
        "Why a second round differs from a first. Other people may have answered.",
        "Whether a print is safe beside another. Two prints with other groupings, or a total worked out elsewhere, can be "
        "subtracted from each other. If all of a group gave one answer, the print gives away everybody's.",
    ),
    honesty=(
        "The examples are synthetic: nobody gave these answers. Statements and names of levels were written for this course "
        "and are not those of any official self-assessment. Your own file stays on this device."
    ),
)


@dataclass(frozen=True)
class _Page:
    """What is shown: the first round there is, the second if it is asked for and there, and what is compared."""

    whose: str
    responses: Responses
    first: Assessment
    second: Assessment | None
    by: str

    def compared(self, of: Assessment) -> tuple[Comparison, ...]:
        return of.components if self.by == "components" else of.statements

    @property
    def ranked(self) -> tuple[Comparison, ...]:
        return self.first.widest_first(self.compared(self.first))

    def again(self, comparison: Comparison) -> Comparison | None:
        """Return the same statement or component in the second round."""
        if self.second is None:
            return None
        key = comparison.statement.key
        return next(one for one in self.compared(self.second) if one.statement.key == key)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the widest gap by groups, the questions to ask, the next widest gaps, and who is not shown."""
    if params["source"] == "own" and not params["pasted"].strip():
        return _waiting(params)
    responses = _responses(params)
    control = "pasted" if params["source"] == "own" else "source"
    if not responses.people:
        return schema.view(
            [
                schema.sentence("No row could be read. Mend them, and the page fills.", heading="Nobody yet"),
                *_reading(responses, None, control),
            ],
            summary="No row could be read. What to mend stands beside the box.",
        )
    page, notices = _page(params, responses)
    beside = _reading(responses, page, control)
    if len(page.first.groups) < 2 or not page.ranked:
        return schema.view(
            [schema.sentence(_too_few(page), heading="Nothing to compare"), *beside], summary=_too_few(page)
        )
    if params["one_number"]:
        return schema.view([*_one_number(params, page), *beside], summary=_the_number(page), notices=notices)
    ranked = page.ranked
    place = min(params["place"], len(ranked))
    if place < params["place"]:
        notices.append(
            schema.notice("info", f"There are {len(ranked)} to compare. The last is shown.", control="place")
        )
    chosen = ranked[place - 1]
    panels = [
        _groups_figure(page, chosen, place),
        schema.sentence(
            f"{_reading_of(page, chosen)}{_guess(params, page)}", heading="What it shows", reveal=True
        ),
        schema.listing("Ask these first", questions(page.first), empty="", reveal=True),
        *_beyond_one(params, page),
        schema.sentence(_who(page), heading="Who is here"),
        schema.sentence(_honestly(params), heading="In honesty", reveal=True),
        schema.sentence(BEFORE_PRINTING, heading="Before you print", beside="minimum"),
        *beside,
    ]
    return schema.view(panels, summary=_reading_of(page, chosen), notices=notices, data=_download(page))


def _beyond_one(params: schema.Params, page: _Page) -> list[dict[str, Any]]:
    """What stands beside the one chosen: the table if asked for, or the widest few, left out where rounds fill the page."""
    if params["compare"] == "table":
        return [_table(page)]
    return [] if page.second else [_widest_figure(page)]


def _responses(params: schema.Params) -> Responses:
    if params["source"] == "own":
        return assessment.read_responses(params["pasted"], organisation=params["organisation"])
    return example(params["source"])


@cache
def example(source: str) -> Responses:
    """Return the answers of one of the examples: community, acute or ambulance."""
    if source == "ambulance":
        return assessment.read_responses(ambulance_csv())
    columns = datasets.read("self_assessment").where(organisation=f"{source} trust")
    statements = {
        key: (component, words) for component, of_it in COMPONENTS.items() for key, words in of_it.items()
    }
    return assessment.from_columns(columns, statements)


def ambulance_csv() -> str:
    """Return the ambulance service's file as somebody might save it: anonymous, and with three rows to mend."""
    rows: list[Sequence[Any]] = [_AMBULANCE_HEADING]
    for group, of_it in _AMBULANCE.items():
        dealt = []
        for statement, counts in enumerate(of_it):
            levels = [level for level, people in zip(LEVELS, counts, strict=True) for _ in range(people)]
            turn = 3 * statement % len(levels)
            dealt.append(levels[turn:] + levels[:turn])
        rows += [(group, *person) for person in zip(*dealt, strict=True)]
    rows += _AMBULANCE_TO_MEND
    return _csv(rows)


def template_csv() -> str:
    """Return the template as CSV: the headings of the course's own statements, and two rows to write over."""
    return _csv([TEMPLATE_HEADING, *TEMPLATE_ROWS])


def _csv(rows: Sequence[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _page(params: schema.Params, responses: Responses) -> tuple[_Page, list[dict[str, Any]]]:
    notices = []
    rounds = responses.rounds
    first = assessment.assess(responses, round=rounds[0], minimum=params["minimum"])
    second = None
    if params["second"] and len(rounds) > 1:
        second = assessment.assess(responses, round=rounds[1], minimum=params["minimum"])
    elif params["second"]:
        notices.append(
            schema.notice(
                "info",
                "There is one round here. A second needs a column headed “round”, with 1 and 2 in it.",
                control="second",
            )
        )
    by = "components" if params["compare"] == "components" else "statements"
    if by == "components" and not first.components:
        notices.append(
            schema.notice(
                "info",
                "The headings name no components, so statements are compared. Write “purpose: ” before a statement to name its component.",
                control="compare",
            )
        )
        by = "statements"
    whose = _SOURCES.get(params["source"]) or "Your file"
    return _Page(whose, responses, first, second, by), notices


def _waiting(params: schema.Params) -> dict[str, Any]:
    once = " once you have made your guess" if params["prediction"] is None else ""
    table = schema.table(
        "The template: write over the two rows, or put your own statements at the top",
        TEMPLATE_HEADING,
        [[None if cell == "" else cell for cell in row] for row in TEMPLATE_ROWS],
        open=True,
    )
    return schema.view(
        [
            schema.sentence(
                f"“Save data” gives you the template as a file{once}. Each row is one person. The word before the colon "
                "names the component. Leave a cell empty where somebody cannot tell; leave the column “round” out if "
                "you ask once. Agree the groups before you ask: ten people or more in each.",
                heading="How the file looks",
            ),
            table,
        ],
        summary="Waiting for a file. The template shows how it looks.",
        notices=[schema.notice("info", "Paste or open your file to see it compared.", control="pasted")],
        data={"columns": list(TEMPLATE_HEADING), "rows": [list(row) for row in TEMPLATE_ROWS]},
    )


def _reading(responses: Responses, page: _Page | None, control: str) -> list[dict[str, Any]]:
    """What whoever holds the file must know and nobody else: it stands among the controls, which are not printed."""
    said = []
    bad = responses.bad_rows
    if bad:
        rows = "1 row was" if len(bad) == 1 else f"{len(bad)} rows were"
        said.append(f"{rows} left out, the others kept. Mend and load again.")
        said += [row.problem for row in bad[:MOST_SAID]]
        if len(bad) > MOST_SAID:
            said.append(f"And {len(bad) - MOST_SAID} more.")
    said += responses.notes
    for one in [page.first, page.second] if page else []:
        if one is None:
            continue
        when = f" in round {one.round}" if page.second else ""
        if one.copies:
            rows = "1 row repeats" if one.copies == 1 else f"{one.copies} rows repeat"
            said.append(f"{rows} another of its group on every statement{when}. Was somebody entered twice?")
        if one.unanimous:
            group, key = one.unanimous[0]
            more = f", and {len(one.unanimous) - 1} more such" if len(one.unanimous) > 1 else ""
            said.append(
                f"Everybody among {_called(group)} gave one answer to “{_short(_words(page, key))}”{when}{more}: whoever knows who "
                "they are knows what each said. Raise the minimum, or join the group to another in the file."
            )
    return [
        schema.sentence(text, heading="About your file" if place == 0 else "", beside=control)
        for place, text in enumerate(said)
    ]


def _words(page: _Page, key: str) -> str:
    return next(one.words for one in page.responses.statements if one.key == key)


def _groups_figure(page: _Page, chosen: Comparison, place: int) -> dict[str, Any]:
    """One statement or component: a row for each group, its median and its middle half."""
    again = page.again(chosen)
    groups = list(chosen.spreads) + [
        group for group in (again.spreads if again else {}) if group not in chosen.spreads
    ]
    rows = {group: row for row, group in enumerate(groups, start=1)}
    offset = 0.17 if again else 0.0
    marks = _round_marks(
        chosen, rows, -offset, "group_a", "middle answer" + (", first round" if again else "")
    )
    if again:
        marks += _round_marks(again, rows, offset, "group_b", "middle answer, second round")
    said = [_described(chosen.spreads[group], group) for group in chosen.spreads]
    if again:
        said += [f"second round, {_described(again.spreads[group], group)}" for group in again.spreads]
    equal = sum(one.gap == chosen.gap for one in page.ranked) > 1
    rank = f"number {place} by width of gap"
    if place == 1:
        rank = "no gap is wider" if equal else "the widest gap"
    return schema.figure(
        f"{_sentence_case(chosen.statement.words).rstrip('.')} ({rank})",
        marks,
        description=f"{'Component' if page.by == 'components' else 'Statement'}: {chosen.statement.words.rstrip('.')}. {'; '.join(said)}.",
        x_label="level, 1 to 5",
        y_label="",
        y_ticks=groups,
        x_range=(1, 5),
        height=56 + (34 if again else 24) * len(groups),
        reveal=True,
    )


def _round_marks(
    comparison: Comparison, rows: Mapping[str, int], offset: float, role: str, label: str
) -> list[dict[str, Any]]:
    here = [(group, spread, rows[group] + offset) for group, spread in comparison.spreads.items()]
    x: list[float | None] = []
    y: list[float | None] = []
    for _, spread, row in here:
        x += [spread.lower_quartile, spread.upper_quartile, None]
        y += [row, row, None]
    return [
        schema.mark("line", role, label="" if offset > 0 else "middle half of a group", x=x, y=y),
        schema.mark(
            "dot",
            role,
            label=label,
            x=[spread.median for _, spread, _ in here],
            y=[row for _, _, row in here],
            title=[_described(spread, group) for group, spread, _ in here],
        ),
    ]


def _described(spread: assessment.Spread, group: str) -> str:
    half = (
        f"the middle half all at {shown(spread.median)}"
        if spread.lower_quartile == spread.upper_quartile
        else f"middle half {shown(spread.lower_quartile)} to {shown(spread.upper_quartile)}"
    )
    return f"{group}: middle answer {shown(spread.median)}, {half}, {_in_ten(spread)} at levels 1 and 2"


def _in_ten(spread: assessment.Spread) -> str:
    """Return the share in tenths: as fine as such answers bear, and too coarse to count people by."""
    return {0: "few or none", 10: "all or nearly all"}.get(_tenths(spread), f"about {_tenths(spread)} in 10")


def _tenths(spread: assessment.Spread) -> int:
    return int(spread.low_share * 10 + 0.5)


def _widest_figure(page: _Page) -> dict[str, Any]:
    """The widest few: from the lowest middle answer to the highest, the groups between as small dots."""
    widest = page.ranked[:WIDEST_DRAWN]
    line_x: list[float | None] = []
    line_y: list[float | None] = []
    between: list[tuple[float, int]] = []
    ends: dict[str, list[tuple[float, int, str]]] = {"low": [], "high": []}
    texts = []
    for row, one in enumerate(widest, start=1):
        medians = sorted({spread.median for spread in one.spreads.values()})
        line_x += [medians[0], medians[-1], None]
        line_y += [row, row, None]
        between += [(median, row) for median in medians[1:-1]]
        ends["low"].append((medians[0], row, _few(one.lowest)))
        if one.gap:
            ends["high"].append((medians[-1], row, _few(one.highest)))
            texts.append((row - 0.32, f"{_few(one.lowest)} | {_few(one.highest)}"))
    marks = [
        schema.mark("line", "quiet", x=line_x, y=line_y),
        schema.mark("dot", "quiet", x=[x for x, _ in between], y=[y for _, y in between]),
        *(
            schema.mark(
                "dot",
                role,
                x=[x for x, _, _ in ends[end]],
                y=[y for _, y, _ in ends[end]],
                title=[title for _, _, title in ends[end]],
            )
            for end, role in (("low", "group_b"), ("high", "group_a"))
        ),
        schema.mark(
            "text",
            "annotation",
            x=[3] * len(texts),
            y=[y for y, _ in texts],
            text=[text for _, text in texts],
        ),
    ]
    what = "components" if page.by == "components" else "statements"
    few = len(page.ranked) > len(widest)
    title = f"{f'The {wording.count(len(widest))} widest gaps' if few else f'All {what}, widest gap first'}: lowest middle answer | highest"
    return schema.figure(
        title,
        marks,
        description=" ".join(f"{one.statement.words.rstrip('.')}: {_gap_in_words(one)}." for one in widest),
        x_label="level, 1 to 5",
        y_label="",
        y_ticks=[_name(one, page.by) for one in widest],
        x_range=(1, 5),
        height=56 + 40 * len(widest),
        reveal=True,
    )


def _gap_in_words(one: Comparison) -> str:
    medians = [spread.median for spread in one.spreads.values()]
    if not one.gap:
        return f"no gap, every middle answer is {shown(medians[0])}"
    return (
        f"{_levels(one.gap)} between {_listed(one.lowest)} at {shown(min(medians))} and "
        f"{_listed(one.highest)} at {shown(max(medians))}"
    )


def _reading_of(page: _Page, chosen: Comparison) -> str:
    words = chosen.statement.words
    said = f"{_sentence_case(words).rstrip('.')}: {_gap_in_words(chosen)}.{_luck(page, chosen)}"
    group, spread = max(chosen.spreads.items(), key=lambda item: item[1].interquartile_range)
    if page.by == "statements" and spread.interquartile_range >= SPLIT:
        said += (
            f" Look inside a group as well: the middle half of {_called(group)} runs from {shown(spread.lower_quartile)} to "
            f"{shown(spread.upper_quartile)}."
        )
    again = page.again(chosen)
    if again and again.gap is not None:
        said += f" In the second round: {_gap_in_words(again)}."
        fell = [
            group
            for group, spread in again.spreads.items()
            if group in chosen.spreads and spread.median < chosen.spreads[group].median
        ]
        if fell:
            said += (
                f" Lower now among {_listed(fell)}. That need not be a step back: people may have listened, or others "
                "may have answered."
            )
    elif again:
        said += " In the second round too few groups are large enough to compare."
    return said


def _luck(page: _Page, chosen: Comparison) -> str:
    """Say how easily luck makes as wide a gap as the widest: somebody always stands at the top and somebody last."""
    if not chosen.gap or page.by == "components" or page.first.answers > MOST_SHUFFLED:
        return ""
    deals = assessment.gaps_by_luck(page.responses, round=page.first.round, minimum=page.first.minimum)
    as_wide = sum(gap >= chosen.gap for gap in deals)
    often = {0: "none of", len(deals): "all"}.get(as_wide, f"{as_wide} of")
    said = f" Dealt to the groups by luck, these answers made so wide a gap somewhere in {often} {len(deals)} tries"
    return f"{said}: luck can do this." if as_wide > len(deals) / 20 else f"{said}: hardly luck."


def _guess(params: schema.Params, page: _Page) -> str:
    widest = page.first.widest_first(page.first.statements)
    if params["prediction"] is None or not widest:
        return ""
    gap = widest[0].gap
    words, guessed = _GUESSES[params["prediction"]]
    close = gap >= guessed if guessed == 3 else abs(gap - guessed) < 1
    judged = "about right" if close else "too little" if guessed < gap else "too much"
    reached = f"the widest gap on a statement is {_levels(gap)}" if gap else "no statement has a gap"
    return f" You said “{words.lower()}”: {judged}, {reached}."


def questions(of: Assessment) -> list[str]:
    """Return up to three questions on statements: two on the widest gaps, then a split group or a low all agree on.

    The second gap comes from another component than the first where there is one.
    """
    compared = of.statements
    ranked = [one for one in of.widest_first(compared) if one.gap]
    asked = []
    if ranked:
        one = ranked[0]
        low, high = _ends(one)
        asked.append(
            f"{_cited(one)} {_sentence_case(_listed(one.lowest))} at {low}, {_listed(one.highest)} at {high}: what did each see last week?"
        )
        others = [two for two in ranked[1:] if two.statement.component != one.statement.component] or ranked[
            1:
        ]
        if others:
            two = others[0]
            low, high = _ends(two)
            asked.append(
                f"{_cited(two)} What would {_listed(two.highest)} need to see to understand a {low} from {_listed(two.lowest)}?"
            )
    split = max(
        (
            (spread.interquartile_range, group, spread, one)
            for one in compared
            for group, spread in one.spreads.items()
        ),
        key=lambda found: found[0],
    )
    if split[0] >= SPLIT:
        _, group, spread, one = split
        asked.append(
            f"{_cited(one)} {_sentence_case(_called(group))}: a quarter or more at {_or(spread.lower_quartile, 'less')}, a "
            f"quarter or more at {_or(spread.upper_quartile, 'above')}. Whose week is different?"
        )
    agreed = [
        one
        for one in compared
        if one.gap == 0 and max(spread.median for spread in one.spreads.values()) <= AGREED_LOW
    ]
    if agreed and len(asked) < 3:
        one = agreed[0]
        asked.append(
            f"{_cited(one)} Every group puts it low. What is the smallest thing we could try, and who would?"
        )
    if len(asked) < 3 and len(ranked) > 2:
        used = " ".join(asked)
        left = [three for three in ranked if _cited(three) not in used]
        asked += [
            f"{_cited(three)} What do {_listed(three.lowest)} see that others miss?" for three in left[:1]
        ]
    if not asked:
        asked.append(
            "The groups' middle answers agree, none of them low. Who did not answer, and what would they have said?"
        )
    return asked[:3]


def _cited(one: Comparison) -> str:
    return f"“{_sentence_case(one.statement.words)}”"


def _sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


def _or(level: float, beyond: str) -> str:
    """Return "2 or less", and plain 1 or 5 where there is nothing beyond."""
    return shown(level) if level in (1, 5) else f"{shown(level)} or {beyond}"


def _ends(one: Comparison) -> tuple[str, str]:
    medians = [spread.median for spread in one.spreads.values()]
    return shown(min(medians)), shown(max(medians))


def _table(page: _Page) -> dict[str, Any]:
    what = "component" if page.by == "components" else "statement"
    return schema.table(
        f"Each {what}: the middle answer of every group, widest gap first",
        [what.capitalize(), "Gap", *page.first.groups],
        [
            [
                _sentence_case(one.statement.words),
                one.gap,
                *(one.spreads[group].median if group in one.spreads else "–" for group in page.first.groups),
            ]
            for one in page.ranked
        ],
        reveal=True,
    )


def _who(page: _Page) -> str:
    groups = ", ".join(f"{group} {people}" for group, people in page.first.groups.items())
    said = f"{page.whose}: {groups}."
    minimum = wording.count(page.first.minimum)
    hidden = list(page.first.hidden) + [
        group for group in (page.second.hidden if page.second else ()) if group not in page.first.hidden
    ]
    if hidden:
        said += (
            f" Fewer than {minimum} answered, so not shown, nor used in any figure: {_all(hidden)}. Ask them in person, "
            "if they wish."
        )
    partly = list(dict.fromkeys(group for group, _ in page.first.partly_hidden))
    if partly:
        said += (
            f" Too few of {_all(partly)} answered some of the statements, so those have no figure for them."
        )
    return said


def _honestly(params: schema.Params) -> str:
    """What a printed page must say of itself: the assumptions stay folded away on paper."""
    said = "A gap says that people see different things, not who is right. Those who did not answer are not in it."
    return said if params["source"] == "own" else f"These answers are synthetic: nobody gave them. {said}"


def _too_few(page: _Page) -> str:
    shown_groups = list(page.first.groups)
    minimum = wording.count(page.first.minimum)
    if not shown_groups:
        return f"No group has {minimum} people or more who answered. Ask more people, or join groups that work alike."
    if len(shown_groups) == 1:
        return f"Only one group, {shown_groups[0]}, has {minimum} people or more who answered. A comparison needs two groups of that size."
    return f"No two groups have {minimum} people or more who answered the same {page.by[:-1]}."


def _one_number(params: schema.Params, page: _Page) -> list[dict[str, Any]]:
    mean = page.first.mean
    figure = schema.figure(
        "Everybody, on everything: the mean of all answers shown",
        [schema.mark("dot", "group_a", x=[mean], y=[1], title=[f"mean {shown(mean, 1)}"])],
        description=f"One dot at {shown(mean, 1)} on a scale from 1 to 5. Nothing else can be seen.",
        x_label="level, 1 to 5",
        y_label="",
        y_ticks=["everybody"],
        x_range=(1, 5),
        height=110,
        reveal=True,
    )
    return [
        figure,
        schema.sentence(_the_number(page), heading="The one number", reveal=True),
        schema.listing(
            "Ask these first",
            [],
            empty="No question follows from one number, except how to raise it.",
            reveal=True,
        ),
    ]


def _the_number(page: _Page) -> str:
    said = f"“We are a {shown(page.first.mean, 1)}.” Who parts from whom? The dot does not say."
    others = [
        source
        for source in ("community", "acute")
        if _SOURCES[source] != page.whose and page.whose in (_SOURCES["community"], _SOURCES["acute"])
    ]
    for source in others:
        other = assessment.assess(example(source), minimum=page.first.minimum)
        same = shown(other.mean, 1) == shown(page.first.mean, 1)
        gaps = [of.widest_first(of.statements)[0].gap for of in (page.first, other)]
        said += (
            f" {_SOURCES[source].partition(' (')[0]} is {'also ' if same else ''}a {shown(other.mean, 1)}. The widest gap on a "
            f"statement is {_levels(gaps[0])} here and {_levels(gaps[1])} there."
        )
    return said


def _download(page: _Page) -> dict[str, Any]:
    rows = []
    for of in filter(None, (page.first, page.second)):
        for one in page.compared(of):
            for group, spread in one.spreads.items():
                rows.append(
                    [
                        of.round, one.statement.component, one.statement.words, group, of.groups[group],
                        spread.lower_quartile, spread.median, spread.upper_quartile, _tenths(spread), one.gap,
                    ]
                )  # fmt: skip
    return {
        "columns": [
            "Round", "Component", "Statement", "Group", "People", "Lower quartile", "Median", "Upper quartile",
            "In ten at levels 1 and 2", "Widest gap between groups",
        ],
        "rows": rows,
    }  # fmt: skip


def _name(one: Comparison, by: str) -> str:
    words = one.statement.words
    return _sentence_case(words) if by == "components" else _short(words.rstrip("."))


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_NAME else words[: LONGEST_NAME - 1].rstrip(" ,;:") + "…"


def _levels(gap: float) -> str:
    if gap == 0.5:
        return "half a level"
    return wording.plural(int(gap), "level") if float(gap).is_integer() else f"{shown(gap)} levels"


def _few(groups: Sequence[str]) -> str:
    return groups[0] + (f" +{len(groups) - 1}" if len(groups) > 1 else "")


def _listed(groups: Sequence[str]) -> str:
    """Return up to three groups by name, and how many more there are."""
    if len(groups) <= 3:
        return _all(groups)
    return f"{_called(groups[0])}, {_called(groups[1])} and {wording.plural(len(groups) - 2, 'other group')}"


def _all(groups: Sequence[str]) -> str:
    called = [_called(group) for group in groups]
    return called[0] if len(called) == 1 else f"{', '.join(called[:-1])} and {called[-1]}"


def _called(group: str) -> str:
    return f"the {group}" if _NEEDS_THE.match(group) else group
