"""Reads the CSV files that facilitators fill in, and says row by row what is wrong with them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

MOST_BYTES = 5_000_000


class TableError(Exception):
    """A file cannot be used at all; the message says why and what to do."""


def read(
    path: Path, names: Mapping[str, Sequence[str]]
) -> tuple[dict[str, int], list[tuple[int, list[str]]]]:
    """Read a CSV file with a heading row.

    Args:
        path: the file, in UTF-8 or as Excel on Windows saves it; commas, semicolons or tabs part its cells.
        names: the headings that each column may have, in small letters.

    Returns:
        The place of each column that is there, and the rows with their number in the file, blank ones left out.

    Raises:
        TableError: when there is no such file, or nothing in it can be read as a table.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise TableError(f"{path.name} is larger than 5 MB. Is it the right file?")
        data = path.read_bytes()
    except OSError as error:
        raise TableError(f"{path} cannot be read ({error.strerror}).") from None
    if data.startswith(b"PK"):
        raise TableError(f"{path.name} is a spreadsheet. Save it as CSV, and give that file.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    text = text.replace("\0", "")
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(",;\t", key=first.count)
    try:
        reader = csv.reader(text.splitlines(keepends=True), delimiter=mark, strict=True)
        rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error:
        raise TableError(
            f"{path.name} has a quotation mark that is never closed, or one in the wrong place. Save it as CSV again."
        ) from None
    rows = [(number, cells) for number, cells in rows if any(cells)]
    if not rows:
        raise TableError(f"{path.name} is empty.")
    heading = [" ".join(cell.casefold().split()) for cell in rows[0][1]]
    places = {
        column: next(place for place, cell in enumerate(heading) if cell in known)
        for column, known in names.items()
        if any(cell in known for cell in heading)
    }
    return places, rows[1:]


def cell(cells: Sequence[str], places: Mapping[str, int], column: str) -> str:
    """One cell of a row, "" where the row or the file has none. The apostrophe of an inert formula is taken off."""
    place = places.get(column)
    text = cells[place] if place is not None and place < len(cells) else ""
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text
