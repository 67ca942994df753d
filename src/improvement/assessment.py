"""Self-assessment by groups: read the answers, compare the groups, and give no figure for a group that is too small.

Small groups are hidden in one way only: an answer that may not be shown is dropped before anything is worked out.
No total, gap, order or download is made from it, so nothing can be subtracted to find it.
"""

from __future__ import annotations

import csv
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, pairwise
from statistics import fmean, median

from improvement.datasets.self_assessment import COMPONENTS, LEVELS

MINIMUM = 10
"""The fewest answers a group needs before any figure is given for it, unless somebody lowers it."""
FLOOR = 5
"""The lowest that minimum may be set."""
DEALS = 40
MOST_ROWS = 20_000
MOST_STATEMENTS = 60
MOST_GROUPS = 20

_OURS = {key: (component, words) for component, of_it in COMPONENTS.items() for key, words in of_it.items()}
_NO_ANSWER = {
    "", "-", "–", "n/a", "na", "none", "null", "nan", "not applicable", "no answer", "prefer not to say",
    "cannot tell", "can't tell", "don't know", "do not know", "not sure", "unsure",
}  # fmt: skip
_BY_NAME = {name.casefold(): level for level, name in LEVELS.items()}
_ORGANISATION = r"(?:your )?(?:organi[sz]ation|trust|provider|employer)"
_ROUND = r"(?:survey )?(?:round|wave)(?: number)?"
_RESPONDENT = r"(?:respond[ea]nt|response|record|participant)(?: id| number| no\.?)?|id"
_GROUP = r"\b(?:groups?|roles?|professions?)\b"
_FORMULA = "=+-@"


@dataclass(frozen=True)
class Statement:
    """What people were asked to mark. `component` is "" when the file names none."""

    key: str
    words: str
    component: str = ""


@dataclass(frozen=True)
class Person:
    """One row: the row of the file, the round (1 or 2), the group, and a level from 1 to 5 or None a statement."""

    row: int
    round: int
    group: str
    answers: tuple[int | None, ...]


@dataclass(frozen=True)
class BadRow:
    """A row that was left out; `problem` says where it is and what to mend. `column` is "" for the whole row."""

    row: int
    column: str
    problem: str


@dataclass(frozen=True)
class Responses:
    """Everybody's answers, the rows left out, and `notes` on what was read with judgement.

    This holds the answers of small groups too: show people an `Assessment`, never this.
    """

    statements: tuple[Statement, ...]
    people: tuple[Person, ...]
    bad_rows: tuple[BadRow, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def rounds(self) -> tuple[int, ...]:
        return tuple(sorted({person.round for person in self.people}))


@dataclass(frozen=True)
class Spread:
    """What one group answered: three quartiles in levels or half-levels, and the share at levels 1 and 2, 0 to 1."""

    lower_quartile: float
    median: float
    upper_quartile: float
    low_share: float

    @property
    def interquartile_range(self) -> float:
        return self.upper_quartile - self.lower_quartile


@dataclass(frozen=True)
class Comparison:
    """The groups on one statement, or on one component (then `statement.key` is the component).

    `spreads` holds only the groups with enough answers to it, in the order of `Assessment.groups`.
    """

    statement: Statement
    spreads: Mapping[str, Spread] = field(default_factory=dict)

    @property
    def gap(self) -> float | None:
        """Return the largest median less the smallest, in levels; None with fewer than two groups to compare."""
        medians = [spread.median for spread in self.spreads.values()]
        return max(medians) - min(medians) if len(medians) > 1 else None

    @property
    def highest(self) -> tuple[str, ...]:
        return self._groups_at(max)

    @property
    def lowest(self) -> tuple[str, ...]:
        return self._groups_at(min)

    def _groups_at(self, end: Callable[..., float]) -> tuple[str, ...]:
        wanted = end((spread.median for spread in self.spreads.values()), default=None)
        return tuple(group for group, spread in self.spreads.items() if spread.median == wanted)


@dataclass(frozen=True)
class Assessment:
    """One round, fit to be shown. `groups` maps each group shown to its people; `hidden` names the others.

    `partly_hidden` names (group, statement) pairs without a figure inside groups that are shown. `mean` is the mean
    of all the `answers` that were shown, None without any: the one number, for showing what it leaves out. `unanimous`
    names (group, statement) pairs where all gave one answer, so that the figure gives away each person's. `copies`
    counts rows of long forms that repeat another of their group.
    """

    round: int
    minimum: int
    groups: Mapping[str, int]
    hidden: tuple[str, ...]
    partly_hidden: tuple[tuple[str, str], ...]
    statements: tuple[Comparison, ...]
    components: tuple[Comparison, ...]
    mean: float | None
    answers: int
    unanimous: tuple[tuple[str, str], ...]
    copies: int

    def widest_first(self, comparisons: Iterable[Comparison]) -> tuple[Comparison, ...]:
        """Return the comparisons by gap, widest first, leaving out those without one.

        Equal gaps go by how far the shares at levels 1 and 2 lie apart, then by the order of the form.
        """

        def apart(comparison: Comparison) -> float:
            shares = [spread.low_share for spread in comparison.spreads.values()]
            return max(shares) - min(shares)

        compared = [comparison for comparison in comparisons if comparison.gap is not None]
        return tuple(sorted(compared, key=lambda one: (-one.gap, -apart(one))))


def spread_of(answers: Iterable[int]) -> Spread:
    """Return the quartiles and low share of some levels from 1 to 5.

    A quartile is a level that somebody gave, or halfway between two neighbouring answers where the cut falls
    between people (type 2 of Hyndman and Fan, 1996, https://doi.org/10.1080/00031305.1996.10473566).

    Raises ValueError without any answers.
    """
    ordered = sorted(answers)
    if not ordered:
        raise ValueError("No answers, so no median. Give at least one level from 1 to 5.")

    def quartile(which: int) -> float:
        place, rest = divmod(which * len(ordered), 4)
        return float(ordered[place]) if rest else (ordered[place - 1] + ordered[place]) / 2

    low = sum(level <= 2 for level in ordered) / len(ordered)
    return Spread(quartile(1), quartile(2), quartile(3), low)


def assess(responses: Responses, *, round: int = 1, minimum: int = MINIMUM) -> Assessment:
    """Return one round's comparison of the groups, with every group that is too small left out.

    A group has a figure for a statement only if at least `minimum` of its people answered that statement, and for a
    component only if it has one for each of the component's statements; that figure takes all their answers to them
    together, so it stands for the same people as the statements do. What is left out is used nowhere else.

    Raises ValueError when `minimum` is under five.
    """
    if minimum < FLOOR:
        raise ValueError(
            f"A minimum of {minimum} is too low: in a group that small, answers can be guessed back to a person. "
            f"Use {FLOOR} or more; {MINIMUM} is safer."
        )
    visible = _visible(responses, round, minimum)
    people: dict[str, list[Person]] = {}
    for person in responses.people:
        if person.round == round:
            people.setdefault(person.group, []).append(person)
    shown = {group: cells for group, cells in visible.items() if cells}
    statements = tuple(
        Comparison(
            statement,
            {
                group: spread_of(cells[statement.key])
                for group, cells in shown.items()
                if statement.key in cells
            },
        )
        for statement in responses.statements
    )
    every_answer = [level for cells in shown.values() for levels in cells.values() for level in levels]
    return Assessment(
        round=round,
        minimum=minimum,
        groups={
            group: sum(any(level is not None for level in person.answers) for person in people[group])
            for group in shown
        },
        hidden=tuple(group for group in visible if group not in shown),
        partly_hidden=tuple(
            (group, statement.key)
            for group, cells in shown.items()
            for statement in responses.statements
            if statement.key not in cells
        ),
        statements=statements,
        components=_components(responses.statements, shown),
        mean=fmean(every_answer) if every_answer else None,
        answers=len(every_answer),
        unanimous=tuple(
            (group, key)
            for group, cells in shown.items()
            for key, levels in cells.items()
            if len(set(levels)) == 1
        ),
        copies=sum(
            _copies(people[group])
            for group, cells in shown.items()
            if len(cells) == len(responses.statements)
        ),
    )


@lru_cache(maxsize=8)
def gaps_by_luck(
    responses: Responses, *, round: int = 1, minimum: int = MINIMUM, seed: int = 1
) -> tuple[float, ...]:
    """Return the widest gap on a statement in each of 40 deals, had luck alone decided who is in which group.

    In a deal the answers to a statement that may be shown are shuffled between the groups that may be shown for it, each
    group keeping its number. Empty when no statement has two groups to compare.
    """
    visible = _visible(responses, round, minimum)
    draw = random.Random(seed)
    columns = []
    for statement in responses.statements:
        column = [cells[statement.key] for cells in visible.values() if statement.key in cells]
        if len(column) > 1:
            columns.append(
                ([level for levels in column for level in levels], [len(levels) for levels in column])
            )
    deals = []
    for _ in range(DEALS if columns else 0):
        gaps = []
        for levels, sizes in columns:
            draw.shuffle(levels)
            ends = list(accumulate(sizes, initial=0))
            medians = [median(levels[start:end]) for start, end in pairwise(ends)]
            gaps.append(max(medians) - min(medians))
        deals.append(max(gaps))
    return tuple(deals)


def _visible(responses: Responses, round: int, minimum: int) -> dict[str, dict[str, list[int]]]:
    """Return group -> statement -> its answers, for every group of the round and only where they may be shown."""
    answers: dict[str, dict[str, list[int]]] = {}
    for person in responses.people:
        if person.round != round:
            continue
        cells = answers.setdefault(person.group, {})
        for statement, level in zip(responses.statements, person.answers, strict=True):
            if level is not None:
                cells.setdefault(statement.key, []).append(level)
    return {
        group: {key: levels for key, levels in cells.items() if len(levels) >= minimum}
        for group, cells in answers.items()
    }


def _components(
    statements: Sequence[Statement], shown: Mapping[str, Mapping[str, list[int]]]
) -> tuple[Comparison, ...]:
    keys: dict[str, list[str]] = {}
    for statement in statements:
        if statement.component:
            keys.setdefault(statement.component, []).append(statement.key)
    return tuple(
        Comparison(
            Statement(component, component, component),
            {
                group: spread_of(level for key in of_it for level in cells[key])
                for group, cells in shown.items()
                if all(key in cells for key in of_it)
            },
        )
        for component, of_it in keys.items()
    )


def _copies(people: Sequence[Person]) -> int:
    """Return how many rows repeat an earlier one, in a form long enough for that to be odd."""
    whole = [person.answers for person in people if None not in person.answers and len(person.answers) >= 8]
    return sum(times - 1 for times in Counter(whole).values())


def from_columns(columns: Mapping[str, Sequence], statements: Mapping[str, tuple[str, str]]) -> Responses:
    """Return the answers held in columns, such as a dataset's: "round", "group" and one for each statement.

    `statements` maps a column to (component, words).
    """
    answers = zip(*(columns[key] for key in statements), strict=True)
    rows = zip(columns["round"], columns["group"], answers, strict=True)
    return Responses(
        statements=tuple(Statement(key, words, component) for key, (component, words) in statements.items()),
        people=tuple(Person(row, *of_it) for row, of_it in enumerate(rows, start=2)),
    )


@dataclass(frozen=True)
class _Layout:
    """Which column holds what, as 0-based places."""

    heading: Sequence[str]
    group: int
    organisation: int | None
    round: int | None
    respondent: int | None
    statements: Mapping[int, Statement]


def read_responses(text: str, *, organisation: str = "") -> Responses:
    """Return the answers in CSV text: a heading row, then one person a row.

    Commas, semicolons or tabs part the cells. One column is headed group (or role, or profession). Every column
    that holds levels is a statement: its heading is its wording, with the component and a colon before it if there
    is one ("purpose: We know what comes first"). A level is 1 to 5, its name, or both; an empty cell is no answer.
    There may be columns for the round (1 or 2), the organisation and a respondent's number; others are left out.

    A row that cannot be used is listed in `bad_rows` with what to mend and costs no other row. Raises ValueError,
    saying what to do, when there is no such table, when a file holds several organisations and `organisation` names
    none of them, and for more than 20,000 rows, 60 statements or 20 groups.
    """
    first, rows = _split(text)
    layout, notes = _lay_out(rows[0], rows[1:])
    wanted = _organisation(layout, rows[1:], organisation)
    people: list[Person] = []
    bad_rows: list[BadRow] = []
    spelling: dict[str, str] = {}
    seen: dict[tuple[int, str], int] = {}
    for row, cells in enumerate(rows[1:], start=first + 1):
        if not any(cells) or (wanted and _key(_at(cells, layout.organisation)) != wanted):
            continue
        try:
            person, respondent = _read_row(row, cells, layout)
            if respondent and (person.round, respondent) in seen:
                raise _bad(
                    row,
                    layout.heading[layout.respondent],
                    f"{_quoted(respondent)} has already answered in row {seen[person.round, respondent]}. Keep one of the two",
                )
        except _UnusableError as error:
            bad_rows.append(error.bad_row)
            continue
        if respondent:
            seen[person.round, respondent] = row
        group = spelling.setdefault(person.group.casefold(), person.group)
        people.append(Person(row, person.round, group, person.answers))
    if len(spelling) > MOST_GROUPS:
        raise ValueError(
            f"Column {_quoted(layout.heading[layout.group])} holds {len(spelling)} different groups and the page "
            f"compares at most {MOST_GROUPS}. Put people into a few groups of {MINIMUM} or more."
        )
    if not people and not bad_rows:
        raise ValueError("There is a heading and nobody under it. Add one row for each person.")
    return Responses(tuple(layout.statements.values()), tuple(people), tuple(bad_rows), tuple(notes))


class _UnusableError(Exception):
    def __init__(self, bad_row: BadRow) -> None:
        super().__init__(bad_row.problem)
        self.bad_row = bad_row


def _bad(row: int, column: str, problem: str) -> _UnusableError:
    where = f"Row {row}, column {_quoted(column)}" if column else f"Row {row}"
    return _UnusableError(BadRow(row, column, f"{where}: {problem}."))


def _split(text: str) -> tuple[int, list[list[str]]]:
    """Return the row number of the heading, and the rows from it on."""
    lines = [f"{line}\n" for line in _clean(text).split("\n")]
    if len(lines) > 4 * MOST_ROWS:
        raise ValueError(_too_many(len(lines)))
    skip = 1 if lines[0].lower().startswith("sep=") else 0
    rows: list[list[str]] = []
    reader = csv.reader(lines[skip:], delimiter=_delimiter(lines[skip:]), skipinitialspace=True, strict=True)
    try:
        for cells in reader:
            rows.append([" ".join(cell.split()) for cell in cells])
    except csv.Error:
        raise ValueError(
            f"Row {skip + len(rows) + 1} has a quotation mark that is never closed, or one in the wrong place. Take it out, "
            "or save the sheet as CSV again."
        ) from None
    start = next((place for place, cells in enumerate(rows) if sum(map(bool, cells)) > 1), None)
    if start is None:
        raise ValueError(
            "No columns were found. Paste the sheet as CSV: a heading row with “group” and the statements, then one "
            "person a row. The template below shows how."
        )
    filled = sum(any(cells) for cells in rows[start + 1 :])
    if filled > MOST_ROWS:
        raise ValueError(_too_many(filled))
    return skip + start + 1, rows[start:]


def _delimiter(lines: Sequence[str]) -> str:
    """Return the mark that parts most of the first rows into the same number of cells, and into most cells."""

    def likely(mark: str) -> tuple[int, int]:
        cells = (len(row) for row in csv.reader(lines[:60], delimiter=mark, skipinitialspace=True))
        widths = Counter(width for width in cells if width > 1)
        return max(((rows, width) for width, rows in widths.items()), default=(0, 0))

    return max(",;\t", key=likely)


def _too_many(number: int) -> str:
    return f"The file has {number:,} rows and the page reads {MOST_ROWS:,}. Split it by organisation or by round."


def _clean(text: str) -> str:
    """Return the text without invisible characters, which would make two groups of one."""
    plain = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        letter for letter in plain if letter in "\n\t" or unicodedata.category(letter) not in {"Cf", "Cc"}
    )


def _lay_out(heading: list[str], body: list[list[str]]) -> tuple[_Layout, list[str]]:
    columns = {
        place: [cell for cells in body if (cell := _at(cells, place))] for place in range(len(heading))
    }
    place_of: dict[str, int | None] = {"organisation": None, "round": None, "respondent": None}
    for name, pattern in (("organisation", _ORGANISATION), ("round", _ROUND), ("respondent", _RESPONDENT)):
        place_of[name] = next(
            (place for place, words in enumerate(heading) if re.fullmatch(pattern, words.casefold())), None
        )
    group = _group(heading, columns, set(place_of.values()))
    statements: dict[int, Statement] = {}
    left_out = []
    for place, words in enumerate(heading):
        if place == group or place in place_of.values() or not (words or columns[place]):
            continue
        if words and (words in _OURS or (columns[place] and _mostly_levels(columns[place]))):
            statements[place] = _statement(words, place)
        else:
            left_out.append(_quoted(words) if words else f"column {place + 1}")
    _check(statements)
    notes = []
    if left_out:
        notes.append(
            f"Left out, because fewer than half of the cells are levels: {', '.join(left_out)}. Take names, "
            "e-mail addresses and comments out of the file before you pass it on."
        )
    return _Layout(heading, group, **place_of, statements=statements), notes


def _group(heading: Sequence[str], columns: Mapping[int, list[str]], taken: set[int | None]) -> int:
    exact = [place for place, words in enumerate(heading) if words.casefold() == "group"]
    named = exact or [
        place
        for place, words in enumerate(heading)
        if place not in taken and re.search(_GROUP, words.casefold()) and not _mostly_levels(columns[place])
    ]
    if not named:
        raise ValueError(
            "No column says which group each person belongs to. Head it “group”, and write board, nurses and so on under it."
        )
    if len(named) > 1:
        raise ValueError(
            f"More than one column could be the group: {', '.join(_quoted(heading[place]) for place in named)}. "
            "Head the right one “group” and nothing else."
        )
    return named[0]


def _statement(words: str, place: int) -> Statement:
    if words.startswith(tuple(_FORMULA)):
        raise ValueError(
            f"The heading of column {place + 1} is {_quoted(words)}, which a spreadsheet would run as a formula. "
            "Write the statement in words."
        )
    if words in _OURS:
        component, said = _OURS[words]
        return Statement(words, said, component)
    if match := re.fullmatch(r"([^:]{1,30}):\s*(\S.*)", words):
        return Statement(words, match.group(2), match.group(1).strip().casefold())
    return Statement(words, words)


def _check(statements: Mapping[int, Statement]) -> None:
    if not statements:
        raise ValueError(
            "No column holds levels. Give each statement a column, with its wording at the top and a level from 1 to 5 "
            "under it for each person."
        )
    if len(statements) > MOST_STATEMENTS:
        raise ValueError(
            f"The file has {len(statements)} statements and the page holds {MOST_STATEMENTS}. Take some columns out."
        )
    keys = [statement.key.casefold() for statement in statements.values()]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice:
        raise ValueError(
            f"Two columns are headed {_quoted(twice)}. Give each statement a heading of its own."
        )


def _mostly_levels(cells: Sequence[str]) -> bool:
    answered = [cell for cell in cells if cell.casefold() not in _NO_ANSWER]
    return bool(answered) and 2 * sum(_level(cell) is not None for cell in answered) >= len(answered)


def _level(cell: str) -> int | None:
    """Return the level that a cell gives, as 3, 3.0, "in some places" or "3 - in some places"; None for others."""
    words = cell.casefold()
    if words in _BY_NAME:
        return _BY_NAME[words]
    match = re.fullmatch(r"([1-5])(?:[.,]0+)?(?:\s*[-–—:.)=(]\s*[^\W\d].*)?", words)
    return int(match.group(1)) if match else None


def _organisation(layout: _Layout, body: Sequence[Sequence[str]], wanted: str) -> str:
    """Return the key of the organisation to read, or "" when the file names none."""
    if layout.organisation is None:
        return ""
    names: dict[str, str] = {}
    for cells in body:
        if any(cells):
            name = _at(cells, layout.organisation)
            names.setdefault(_key(name), name)
    if len(names) < 2:
        return ""
    if _key(wanted) in names and _key(wanted):
        return _key(wanted)
    offered = ", ".join(_quoted(name) for name in list(names.values())[:8] if name)
    raise ValueError(
        f"The file holds more than one organisation, or rows that name none: {offered}. Write the one to show in "
        "“Which organisation?”. They are never added together, because a total less one shows the other."
    )


def _read_row(row: int, cells: Sequence[str], layout: _Layout) -> tuple[Person, str]:
    """Return the person in a row, and the respondent's number or ""."""
    extra = [cell for cell in cells[len(layout.heading) :] if cell]
    if extra:
        raise _bad(
            row,
            "",
            f"{len(cells)} cells under {len(layout.heading)} headings. A comma inside a cell needs quotation marks round the cell",
        )
    group = _at(cells, layout.group)
    heading = layout.heading[layout.group]
    if not group:
        raise _bad(row, heading, "is empty. Write the person's group, or take the row out")
    if group.casefold() == heading.casefold():
        raise _bad(row, "", "the heading again. Take the row out, and see that no rows below it are copies")
    if group.startswith(tuple(_FORMULA)) or "@" in group or not re.search(r"[^\W\d_]", group):
        raise _bad(
            row, heading, f"{_quoted(group)} is no name for a group. Write one in words, such as nurses"
        )
    if len(group) > 60:
        raise _bad(row, heading, f"{_quoted(group)} is too long for a group's name. Keep to 60 letters")
    answers = []
    for place in layout.statements:
        cell = _at(cells, place)
        level = _level(cell)
        if level is None and cell.casefold() not in _NO_ANSWER:
            raise _bad(row, layout.heading[place], _why_not(cell))
        answers.append(level)
    if not any(level is not None for level in answers):
        raise _bad(row, "", "a group and no answers. Take the row out")
    respondent = _at(cells, layout.respondent).casefold()
    return Person(row, _round(row, cells, layout), group, tuple(answers)), respondent


def _round(row: int, cells: Sequence[str], layout: _Layout) -> int:
    cell = _at(cells, layout.round)
    if layout.round is None:
        return 1
    match = re.fullmatch(r"(?:round |wave )?([12])(?:[.,]0+)?", cell.casefold())
    if not match:
        heading = layout.heading[layout.round]
        said = f"{_quoted(cell)} is no round" if cell else "is empty"
        raise _bad(row, heading, f"{said}. Write 1 for the first time people were asked and 2 for the second")
    return int(match.group(1))


def _why_not(cell: str) -> str:
    if match := re.fullmatch(r"([-+]?\d+)(?:[.,](\d+))?", cell):
        value = float(f"{match.group(1)}.{match.group(2) or 0}")
        if value < 1:
            return f"{_quoted(cell)} is below level 1. If the form counts from 0, add one to every answer"
        if value > 5:
            return f"{_quoted(cell)} is above level 5. The levels run from 1 to 5"
        return f"{_quoted(cell)} lies between two levels. Write one of them, or leave the cell empty"
    return f"{_quoted(cell)} is no level. Write 1 to 5, or leave the cell empty for no answer"


def _at(cells: Sequence[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= 40 else text[:37] + '…'}”"
