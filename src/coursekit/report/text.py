"""Names and other text from outside, made safe to show and to put in a spreadsheet."""

from __future__ import annotations

import unicodedata

_FORMULA = "=+-@＝＋－＠"
_TURNS = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)}


def shown(text: str) -> str:
    """A name as it may stand on a page: no control characters, nothing that turns the text beside it round."""
    kept = (letter for letter in text if letter not in _TURNS and unicodedata.category(letter) != "Cc")
    return " ".join("".join(kept).split()) or "(no name)"


def inert(text: str) -> str:
    """A cell that no spreadsheet runs as a formula: an apostrophe goes before what looks like one."""
    return (
        f"'{text}"
        if text.lstrip().startswith(tuple(_FORMULA)) or text.startswith(("\t", "\r", "\n"))
        else text
    )


def key(text: str) -> str:
    """What two spellings of one name have in common."""
    return " ".join(unicodedata.normalize("NFKC", shown(text)).split()).casefold()


def points(value: float | None) -> str:
    """Points as people write them, "" for none."""
    return "" if value is None else f"{value:.10g}"


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 learner", "3 learners"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
