"""Read numbers that a person pasted from a spreadsheet, an e-mail or a report."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import dropwhile, pairwise

MOST_POINTS = 1000
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
MISSING = {"", "-", "–", "n/a", "na", "null", "none", "nan", "#n/a", "missing"}


@dataclass(frozen=True)
class Pasted:
    """A pasted series: `values` (None = missing), one `label` each, and `notes` on anything read with judgement."""

    values: tuple[float | None, ...]
    labels: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One number as typed: its `value` (None = missing), the `text` it was read from, and what that text carried."""

    value: float | None
    text: str
    percent: bool = False
    thousands: bool = False


def read_series(text: str) -> Pasted:
    """Return the series in `text`: one number a line, or a label and a number with a tab, comma or semicolon between.

    One line of numbers with spaces, semicolons or commas between is read too. A heading in the first row is left out.
    Blank rows inside the series and words such as n/a are missing values: they stay as gaps.

    Raises ValueError, naming the row and what to do, for anything that is not a number, an infinite number, a mix of
    percentages and plain numbers, fewer than two numbers, or more than 1,000.
    """
    typed = text.replace("\r\n", "\n").replace("\r", "\n").rstrip().split("\n")
    lines = list(dropwhile(lambda line: not line.strip(), typed)) or [""]
    if len(lines) > MOST_POINTS + 1:
        raise ValueError(
            f"You pasted {len(lines):,} rows and a chart is readable up to {MOST_POINTS:,}. Paste the latest "
            f"{MOST_POINTS:,}, or add them up by week or month first."
        )
    rows = _split_one_line(lines[0]) if len(lines) == 1 else [_split_row(line) for line in lines]
    if len(rows) > MOST_POINTS:
        raise ValueError(
            f"You pasted {len(rows):,} numbers and a chart is readable up to {MOST_POINTS:,}. Paste the latest "
            f"{MOST_POINTS:,}, or add them up by week or month first."
        )
    first = len(typed) - len(lines) + 1
    notes = []
    if len(rows) > 1 and rows[0][1].strip().lower() not in MISSING and not _looks_numeric(rows[0][1]):
        notes.append(f"Row {first} ({quoted(' '.join(rows[0]).strip())}) was read as a heading.")
        rows, first = rows[1:], first + 1
    values: list[float | None] = []
    labels = []
    percents: list[int] = []
    thousands: list[tuple[int, str]] = []
    for row, (label, written) in enumerate(rows, start=first):
        cell = read_cell(written, f"Row {row}")
        values.append(cell.value)
        labels.append(label.strip() or str(len(values)))
        if cell.percent:
            percents.append(row)
        if cell.thousands:
            thousands.append((row, cell.text))
    present = [row for row, value in enumerate(values, start=first) if value is not None]
    if len(present) < 2:
        raise ValueError(
            f"{'One number is' if present else 'No number is'} not enough to see variation. "
            "Paste at least two; 13 or more make limits you can lean on."
        )
    if percents and len(percents) != len(present):
        odd = next(row for row in present if row not in percents)
        raise ValueError(
            f"Row {percents[0]} is a percentage and row {odd} is not. Give every row a % sign, or none."
        )
    if percents:
        notes.append(f"The % signs were left out (first in row {percents[0]}): 12% is charted as 12.")
    if thousands:
        row, text = thousands[0]
        more = f" So were {len(thousands) - 1} more like it." if len(thousands) > 1 else ""
        notes.append(
            f"Row {row}: {quoted(text)} was read as {text.replace(',', '')}.{more} If that is wrong, retype it."
        )
    if _could_be_decimal_commas(rows, lines[-len(rows) :]):
        notes.append(
            f"Row {first}: {quoted(lines[-len(rows)].strip())} was read as the label {rows[0][0].strip()} and the number "
            f"{rows[0][1].strip()}. If you write decimals with a comma, change them to full stops."
        )
    missing = len(values) - len(present)
    if missing:
        gap = next(row for row, value in enumerate(values, start=first) if value is None)
        notes.append(
            f"{missing} missing {'value' if missing == 1 else 'values'} (first in row {gap}) shown as a gap. "
            "Type the number there if you have it."
        )
    return Pasted(tuple(values), tuple(labels), tuple(notes))


def _split_one_line(line: str) -> list[tuple[str, str]]:
    if _THOUSANDS.fullmatch(line.strip()) and line.count(",") > 1:
        raise ValueError(
            f"Row 1: {quoted(line)} could be one number with commas or several numbers. Put each number on its own line."
        )
    cells = (
        re.split(r"\s*[;\t]\s*|,\s+|\s+", line.strip())
        if re.search(r"[;\t\s]", line.strip())
        else [line.strip()]
    )
    if len(cells) == 1 and "," in line and not _THOUSANDS.fullmatch(line.strip()):
        cells = line.split(",")
    return [("", cell) for cell in cells]


def _split_row(line: str) -> tuple[str, str]:
    if _THOUSANDS.fullmatch(line.strip()):
        return "", line
    for separator in ("\t", ";", ","):
        if separator in line:
            label, cell = line.rsplit(separator, 1)
            if separator == "," and (
                match := re.search(r"(?:^|,)\s*\"?([-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?)\"?$", line)
            ):
                return line[: match.start()], match.group(1)
            return label, cell
    return "", line


def _could_be_decimal_commas(rows: list[tuple[str, str]], lines: list[str]) -> bool:
    """Say whether every row is `whole number, digits` without the whole numbers counting up, as labels would."""
    if len(rows) != len(lines) or not all(label for label, _ in rows):
        return False
    if not all(re.fullmatch(r"\s*-?\d+,\d+\s*", line) for line in lines):
        return False
    labels = [int(label) for label, _ in rows]
    return any(later != earlier + 1 for earlier, later in pairwise(labels))


def _looks_numeric(cell: str) -> bool:
    try:
        _parse(cell)
    except ValueError:
        return False
    return True


def _parse(cell: str) -> float:
    return float(cell.strip().strip('"').rstrip("%").replace(",", "").strip())


def read_cell(written: str, where: str, *, gap: str = "leave the row blank to show a gap") -> Cell:
    """Return the number in one cell. `where` begins the message of an error and `gap` ends it.

    Raises ValueError for words, a comma that does not mark thousands, and numbers too large to be a measurement.
    """
    text = written.strip().strip('"').strip()
    if text.lower() in MISSING:
        return Cell(None, text)
    bare = text.rstrip("%").strip()
    if "," in bare and not _THOUSANDS.fullmatch(bare):
        raise ValueError(
            f"{where}: {quoted(text)} has a comma that does not mark thousands. "
            "Use a full stop for decimals, and give each number a line or cell of its own."
        )
    try:
        value = float(bare.replace(",", ""))
    except ValueError:
        raise ValueError(f"{where}: {quoted(text)} is not a number. Correct it, or {gap}.") from None
    if not math.isfinite(value) or abs(value) > 1e12:
        raise ValueError(f"{where}: {quoted(text)} is too large to be a measurement. Correct it, or {gap}.")
    return Cell(value, text, percent=text.endswith("%"), thousands="," in bare)


def quoted(text: str) -> str:
    """Return what somebody typed in quotation marks, cut short when it is long."""
    return f"“{text if len(text) <= 30 else text[:27] + '…'}”"
