"""Read a table of indicators that a person pasted from a board paper: one indicator a row, its months across."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from improvement.views import pasted
from improvement.views.pasted import quoted

MOST_INDICATORS = 40
MOST_PERIODS = 120
MOST_ROWS = 500
_GAP = "leave the cell empty to show a gap"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_PERIODS = (
    ("week", r"\b(?:week|wk|w/?[ce])\b.*\d|\bw\d{1,2}\b"),
    ("quarter", r"\bq(?:uarter)?\s*[1-4]\b"),
    (
        "month",
        rf"\b{_MONTH}(?![a-z])|\b(?:month|m)\s*\d{{1,2}}\b"
        r"|\b\d{4}[-/.](?:0?[1-9]|1[0-2])\b|\b\d{1,2}[-/.](?:\d{1,2}[-/.])?\d{2,4}\b",
    ),
)
_COUNT = re.compile(r"(?:period|p)?\s*(\d{1,3})")
_COLUMNS = (
    ("", r"\b(?:ytd|to date|average|avg|mean|total|variance|change|trend|previous|forecast)\b"),
    ("target", r"\b(?:target|standard|threshold|goal|plan|aim)\b"),
    ("direction", r"\b(?:direction|better|polarity|desired|good is)\b"),
    ("rag", r"\b(?:rag|status|rating|colou?r)\b"),
    ("name", r"\b(?:indicator|measure|metric|kpi|name)\b"),
)
_LOWER = r"\b(?:lower|low|down\w*|decreas\w*|reduc\w*|less|fewer|fall\w*|below|min\w*)\b|[↓▼⬇↘]"
_HIGHER = r"\b(?:higher|high|up\w*|increas\w*|more|rais\w*|ris\w*|greater|above|max\w*)\b|[↑▲⬆↗]"
_NO_DIRECTION = {"neutral", "neither", "either", "either way"} | pasted.MISSING
_AT_MOST = r"[<≤]|\b(?:max(?:imum)?|at most|no more than|not more than|up to|under|below|less than)\b"
_AT_LEAST = r"[>≥]|^min(?:imum)?\b|\b(?:at least|no less than|not less than|over|above|more than)\b"
_NO_TARGET = {"tbc", "tba", "no target", "monitor", "monitor only"} | pasted.MISSING
_COLOURS = (
    ("red", r"r|.*\bred\b.*|.*[🔴🟥].*"),
    ("amber", r"a|y|.*\b(?:amber|yellow|orange)\b.*|.*[🟠🟡🟧🟨].*"),
    ("green", r"g|.*\bgreen\b.*|.*[🟢🟩].*"),
)


@dataclass(frozen=True)
class Indicator:
    """One row that was read. `values` run with the table's `labels`, None = missing; percentages are 12 for 12%.

    `direction` is "increase", "decrease" or "neutral" (which way is better); `rag` is "red", "amber", "green" or
    None, as given.
    """

    row: int
    name: str
    values: tuple[float | None, ...]
    percent: bool
    target: float | None
    direction: str
    rag: str | None


@dataclass(frozen=True)
class Unread:
    """One row that was not, and what to mend: `problem` names the row and, where there is one, the column."""

    row: int
    name: str
    problem: str


@dataclass(frozen=True)
class PastedTable:
    """A pasted table. `labels` name the points, oldest first; `period` is "month", "week", "quarter" or "period".

    `notes` tell of anything read with judgement.
    """

    labels: tuple[str, ...]
    period: str
    indicators: tuple[Indicator, ...]
    unread: tuple[Unread, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Layout:
    """Which column holds what, as 0-based places."""

    heading: Sequence[str]
    name: int
    periods: Sequence[int]
    target: int | None
    direction: int | None
    rag: int | None

    def called(self, place: int) -> str:
        words = self.heading[place].strip() if place < len(self.heading) else ""
        return f"column {quoted(words)}" if words else f"column {place + 1}"


def read_table(text: str) -> PastedTable:
    """Return the indicators in `text`: a heading row, then one indicator a row with its months across.

    Tabs, semicolons or commas part the cells. Beside the name and the months there may be columns for the target
    (95, <=95%, at least 95), for which way is better (lower, up, ...) and for the colour given (R, amber, ...), in
    any order. Empty cells and words such as n/a are gaps. Months that run from newest to oldest are turned round.

    A row that cannot be read is listed in `unread` with what to mend, and costs no other row. Raises ValueError,
    saying what to do, only when there is no table to read: no columns, no months in the heading, months out of
    order or running down the page, or nothing under the heading.
    """
    rows = _split(text)
    notes: list[str] = []
    start = next((place for place, (_, cells) in enumerate(rows) if sum(map(bool, cells)) >= 3), None)
    if start is None:
        raise ValueError(
            "No columns were found. Copy the cells in the spreadsheet and paste them here, with a tab, comma or "
            "semicolon between them: a heading row, then one indicator a row with its months across."
        )
    if start:
        notes.append(f"What stands above row {rows[start][0]} was left out.")
    layout, period, body = _lay_out(rows[start:], notes)
    labels = [layout.heading[place].strip() for place in layout.periods]
    backwards = _backwards(labels, layout)
    if backwards:
        notes.append("The months ran from newest to oldest and were turned round.")
    indicators: list[Indicator] = []
    unread: list[Unread] = []
    seen: dict[str, int] = {}
    thousands: list[str] = []
    for row, cells in body:
        filled = [place for place, cell in enumerate(cells) if cell]
        if not filled:
            continue
        name = cells[layout.name] if layout.name < len(cells) else ""
        if filled == [layout.name]:
            notes.append(f"Row {row} ({quoted(name)}) has no numbers and was read as a heading.")
            continue
        try:
            if name.casefold() in seen:
                raise ValueError(
                    f"Row {row}: {quoted(name)} is also the name of row {seen[name.casefold()]}. Give each its own."
                )
            if len(indicators) == MOST_INDICATORS:
                raise ValueError(
                    f"Row {row}: the page holds {MOST_INDICATORS} indicators. Paste the rest on their own."
                )
            indicator = _read_row(row, name, cells, layout, notes, thousands)
        except ValueError as error:
            unread.append(Unread(row, name, str(error)))
            continue
        seen[name.casefold()] = row
        if backwards:
            indicator = Indicator(**{**vars(indicator), "values": indicator.values[::-1]})
        indicators.append(indicator)
    if not indicators and not unread:
        raise ValueError(
            "There is a heading and nothing under it. Paste the rows of indicators as well, one below another."
        )
    if thousands:
        more = f" So were {len(thousands) - 1} more like it." if len(thousands) > 1 else ""
        notes.append(thousands[0] + more)
    aimless = [indicator.name for indicator in indicators if indicator.direction == "neutral"]
    if aimless:
        notes.append(
            f"Which way is better is not said for {_listed(aimless)}: the page can say what changed there, "
            "not whether that is good."
        )
    if backwards:
        labels.reverse()
    return PastedTable(tuple(labels), period, tuple(indicators), tuple(unread), tuple(notes))


def _split(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows as (row number as it stands in the box, cells without the spaces around them)."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").split("\n")
    counts = {mark: sum(mark in line for line in lines) for mark in "\t;,"}
    written = sum(bool(line.strip()) for line in lines)
    if written > MOST_ROWS:
        raise ValueError(
            f"You pasted {written:,} rows and the page holds {MOST_INDICATORS} indicators. Paste the rows that the meeting will discuss."
        )
    mark = next((mark for mark in "\t;" if counts[mark] * 2 > written), ",")
    quoting = csv.QUOTE_NONE if text.count('"') % 2 else csv.QUOTE_MINIMAL
    reader = csv.reader(lines, delimiter=mark, quoting=quoting)
    rows, before = [], 0
    try:
        for cells in reader:
            rows.append((before + 1, [" ".join(cell.split()) for cell in cells]))
            before = reader.line_num
    except csv.Error:
        raise ValueError(
            f"Row {before + 1} holds something that is no table. Copy the cells in the spreadsheet and paste them here."
        ) from None
    return rows


def _lay_out(
    rows: list[tuple[int, list[str]]], notes: list[str]
) -> tuple[_Layout, str, list[tuple[int, list[str]]]]:
    """Return which column holds what, what one point is, and the rows below the heading."""
    heading = rows[0][1]
    if _headless(heading):
        width = max(len(cells) for _, cells in rows)
        places = [place for place in range(1, width) if _mostly(_is_number, _column(rows, place))]
        named = [""] * width
        for count, place in enumerate(places, start=1):
            named[place] = str(count)
        notes.append("There is no heading row: the points were numbered, and no target or colour was read.")
        return _Layout(named, 0, places, None, None, None), "period", rows
    kinds = [_kind_of(words) for words in heading]
    if "name" not in kinds:
        kinds[0] = "name"
    periods = [place for place, kind in enumerate(kinds) if kind in dict(_PERIODS)] or _counted(heading)
    if len(periods) < 2:
        raise ValueError(_no_months(rows[1:]))
    if len(periods) > MOST_PERIODS:
        raise ValueError(
            f"The heading names {len(periods)} months or weeks and the page holds {MOST_PERIODS}. Paste the latest."
        )
    held = {kind: kinds.index(kind) for kind in ("name", "target", "direction", "rag") if kind in kinds}
    spare = [
        quoted(words)
        for place, words in enumerate(heading)
        if words and place not in periods and place not in held.values()
    ]
    if spare:
        notes.append(f"Left out, because the heading names no month: {_listed(spare)}.")
    layout = _Layout(
        heading, held["name"], periods, held.get("target"), held.get("direction"), held.get("rag")
    )
    found = {kinds[place] for place in periods}
    period = found.pop() if len(found) == 1 and found <= set(dict(_PERIODS)) else "period"
    return layout, period, rows[1:]


def _kind_of(words: str) -> str:
    lowered = words.casefold()
    return next((kind for kind, pattern in (*_COLUMNS, *_PERIODS) if re.search(pattern, lowered)), "")


def _counted(heading: Sequence[str]) -> list[int]:
    """Return the columns headed 1, 2, 3, ... (or Period 1, P1), if they count up one at a time."""
    found = [
        (place, int(match.group(1)))
        for place, words in enumerate(heading)
        if (match := _COUNT.fullmatch(words.casefold()))
    ]
    rising = all(later[1] == earlier[1] + 1 for earlier, later in pairwise(found))
    return [place for place, _ in found] if rising else []


def _headless(heading: Sequence[str]) -> bool:
    named = any(_kind_of(words) for words in heading)
    return not named and not _counted(heading) and _mostly(_is_number, heading[1:])


def _no_months(rows: list[tuple[int, list[str]]]) -> str:
    down = [cell for cell in _column(rows, 0) if cell]
    if len(down) >= 3 and _mostly(lambda cell: _kind_of(cell) in dict(_PERIODS), down):
        return (
            "Your months run down the page. Turn the table so that they run across: in the spreadsheet copy it, "
            "choose Paste special and Transpose, and paste that here."
        )
    return (
        "Fewer than two columns have a month in their heading, such as Apr 25. Put the months across the top, a "
        "column each: at least five, and 13 or more to lean on."
    )


def _column(rows: Iterable[tuple[int, Sequence[str]]], place: int) -> list[str]:
    return [cells[place] if place < len(cells) else "" for _, cells in rows]


def _mostly(test: Callable[[str], bool], cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.lower() not in pasted.MISSING]
    return sum(map(test, filled)) * 5 > len(filled) * 3


def _is_number(cell: str) -> bool:
    try:
        return pasted.read_cell(_plain(cell), "").value is not None
    except ValueError:
        return False


def _backwards(labels: Sequence[str], layout: _Layout) -> bool:
    """Say whether the months run from newest to oldest. Raises ValueError when they run neither way."""
    dated = [_dated(label) for label in labels]
    if None in dated:
        return False
    if all(later > earlier for earlier, later in pairwise(dated)):
        return False
    if all(later < earlier for earlier, later in pairwise(dated)):
        return True
    place = next(
        place
        for place, (earlier, later) in zip(layout.periods[1:], pairwise(dated), strict=True)
        if later <= earlier
    )
    raise ValueError(
        f"The months are not in order: {layout.called(place)} does not come after the column before it. "
        "Put them oldest first."
    )


def _dated(label: str) -> tuple[int, int, int] | None:
    """Return (year, month, day) of a heading such as Apr 25, 7 Apr 2025, 2025-04 or 01/04/2025; None for others."""
    words = label.casefold()
    if match := re.search(rf"(?:(\d{{1,2}})\s*)?[-/ ]?({_MONTH})[-/' .]*(\d{{4}}|\d{{2}})\b", words):
        day, month, year = match.groups()
        return _full(year), _MONTHS.index(month[:3]) + 1, int(day or 1)
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?", words):
        year, month, day = match.groups()
        return int(year), int(month), int(day or 1)
    if match := re.fullmatch(r"(?:(\d{1,2})[-/.])?(\d{1,2})[-/.](\d{4}|\d{2})", words):
        day, month, year = match.groups()
        return _full(year), int(month), int(day or 1)
    return None


def _full(year: str) -> int:
    return int(year) + (2000 if len(year) == 2 else 0)


def _read_row(
    row: int, name: str, cells: Sequence[str], layout: _Layout, notes: list[str], thousands: list[str]
) -> Indicator:
    here = f"Row {row} ({quoted(name)})" if name else f"Row {row}"
    if not name:
        raise ValueError(f"{here} has no name. Write one in {layout.called(layout.name)}.")
    extra = sum(bool(cell) for cell in cells[len(layout.heading) :])
    if extra:
        raise ValueError(
            f"{here} has {len(cells)} cells and the heading has {len(layout.heading)}. A comma inside a number or a "
            "name makes a cell of its own: take it out, or paste straight from the spreadsheet."
        )

    def at(place: int | None) -> str:
        return cells[place] if place is not None and place < len(cells) else ""

    values: list[float | None] = []
    percents: list[int] = []
    for place in layout.periods:
        written = at(place)
        where = f"{here}, {layout.called(place)}"
        if problem := _peculiar(written):
            raise ValueError(f"{where}: {quoted(written)} {problem}")
        cell = pasted.read_cell(_plain(written), where, gap=_GAP)
        values.append(cell.value)
        if cell.percent:
            percents.append(place)
        if cell.thousands:
            thousands.append(f"{where}: {quoted(written)} was read as {cell.value:.12g}.")
    present = [place for place, value in zip(layout.periods, values, strict=True) if value is not None]
    if not present:
        raise ValueError(f"{here} has no numbers under the months. Type them in, or take the row out.")
    if percents and len(percents) != len(present):
        odd = next(place for place in present if place not in percents)
        raise ValueError(
            f"{here}: {layout.called(percents[0])} is a percentage and {layout.called(odd)} is not. "
            "Give every month a % sign, or none."
        )
    begun = layout.periods.index(present[0])
    gaps = [place for place in layout.periods[begun:] if place not in present]
    if begun:
        notes.append(f"{here} begins with {layout.called(present[0])}.")
    if gaps:
        values_are = "1 missing value" if len(gaps) == 1 else f"{len(gaps)} missing values"
        notes.append(f"{here}: {values_are} (first in {layout.called(gaps[0])}) shown as a gap.")
    target, implied = _target(at(layout.target), here, notes)
    largest = max(abs(value) for value in values if value is not None)
    if target is not None and (
        (percents and 0 < target <= 1 < largest and "%" not in at(layout.target))
        or (not percents and largest <= 1 < target and "%" in at(layout.target))
    ):
        raise ValueError(
            f"{here}: the target {quoted(at(layout.target))} and the months are not in the same unit. "
            "Write both as percentages, such as 95%, or both as plain numbers."
        )
    rag = _rag(at(layout.rag), here, notes)
    direction = _direction(at(layout.direction), implied, here, notes)
    if direction == "neutral" and at(layout.direction).casefold() in pasted.MISSING:
        direction = _coloured(values, target, rag)
        if direction != "neutral":
            better = "lower" if direction == "decrease" else "higher"
            notes.append(f"{here}: its colour and target imply that {better} is better.")
    return Indicator(row, name, tuple(values), bool(percents), target, direction, rag)


def _plain(written: str) -> str:
    """Return a number as typed in a finance or board table without its pound sign, brackets or footnote star."""
    text = written.replace("−", "-").replace("£", "").strip().rstrip("*").strip()
    bracketed = re.fullmatch(r"\((.+)\)(%?)", text)
    return f"-{bracketed.group(1)}{bracketed.group(2)}" if bracketed else text


def _peculiar(written: str) -> str:
    if re.fullmatch(r"\d{1,4}:\d{2}(:\d{2})?", written):
        return "is a clock time. Write it as minutes or hours, such as 36.1."
    if re.fullmatch(r"[<≤]\s*\d+", written):
        return f"hides a small number. Type the number if you may show it, or {_GAP}."
    return ""


def _target(written: str, here: str, notes: list[str]) -> tuple[float | None, str]:
    """Return the target, None for none, and the direction that its wording implies ("" for neither)."""
    words = written.casefold().replace("−", "-")
    if words in _NO_TARGET:
        return None, ""
    if words in ("zero", "nil"):
        return 0.0, "decrease"
    numbers = re.findall(r"(?:(?<![\d.%])-)?\d[\d,]*(?:\.\d+)?", words)
    if len(numbers) != 1:
        why = "holds more than one number" if numbers else "holds no number"
        notes.append(f"{here}: the target {quoted(written)} {why}, so the row is charted without one.")
        return None, ""
    # "No more than" holds "more than", so what is a ceiling is looked for first.
    implied = "decrease" if re.search(_AT_MOST, words) else "increase" if re.search(_AT_LEAST, words) else ""
    if re.search(r"\bno(?:t)? less than\b", words):
        implied = "increase"
    return float(numbers[0].replace(",", "")), implied


def _direction(written: str, implied: str, here: str, notes: list[str]) -> str:
    words = written.casefold()
    if words in _NO_DIRECTION:
        return implied if words in pasted.MISSING and implied else "neutral"
    lower, higher = bool(re.search(_LOWER, words)), bool(re.search(_HIGHER, words))
    if lower == higher:
        notes.append(f"{here}: {quoted(written)} does not say which way is better. Write lower or higher.")
        return implied or "neutral"
    said = "decrease" if lower else "increase"
    if implied and implied != said:
        notes.append(
            f"{here}: the target and {quoted(written)} point opposite ways. {quoted(written)} was followed."
        )
    return said


def _coloured(values: Sequence[float | None], target: float | None, rag: str | None) -> str:
    """Return the direction that the latest value and its colour imply: a green above its target wants more."""
    latest = next(value for value in reversed(values) if value is not None)
    if target is None or rag is None or latest == target:
        return "neutral"
    return "increase" if (latest > target) == (rag == "green") else "decrease"


def _rag(written: str, here: str, notes: list[str]) -> str | None:
    words = written.casefold()
    if words in pasted.MISSING:
        return None
    found = [colour for colour, pattern in _COLOURS if re.fullmatch(pattern, words)]
    if len(found) != 1:
        notes.append(f"{here}: the colour {quoted(written)} was not understood. Write red, amber or green.")
        return None
    return found[0]


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
