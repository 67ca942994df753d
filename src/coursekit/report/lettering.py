"""Puts a name into the order and the shapes in which a plain font can set it, or says that it cannot."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache

from fpdf.bidi import BidiParagraph

_JOINED_OTHERWISE = range(0x0700, 0x0800)
"""Syriac, Thaana and N'Ko, whose letters join in ways that this module does not know."""


def set_out(text: str, has: Callable[[str], bool]) -> str | None:
    """The text as glyphs from left to right; ``None`` when the font lacks one, or the script needs more than this.

    Args:
        text: in the order in which it is read.
        has: whether the font has a character.
    """
    text = unicodedata.normalize("NFC", text)
    if any(ord(letter) in _JOINED_OTHERWISE for letter in text):
        return None
    if any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text):
        text = BidiParagraph(_joined(text)).get_reordered_string()
    return text if all(has(letter) for letter in text) else None


def _joined(text: str) -> str:
    """Arabic letters in their initial, medial, final and isolated shapes, which older fonts have as characters."""
    units = _units(text)
    out = []
    for place, unit in enumerate(units):
        shapes = _shapes().get(unit)
        if not shapes:
            out.append(unit)
            continue
        before, after = _neighbour(units, place, -1), _neighbour(units, place, 1)
        joins_before = "<initial>" in _shapes().get(before, {}) and "<final>" in shapes
        joins_after = "<initial>" in shapes and "<final>" in _shapes().get(after, {})
        shape = {(True, True): "<medial>", (True, False): "<final>", (False, True): "<initial>"}.get(
            (joins_before, joins_after), "<isolated>"
        )
        out.append(shapes.get(shape, unit))
    return "".join(out)


def _units(text: str) -> list[str]:
    """Letters, with lam and alef as the one letter that they always make."""
    units: list[str] = []
    for letter in text:
        if units and units[-1] + letter in _shapes():
            units[-1] += letter
        else:
            units.append(letter)
    return units


def _neighbour(units: list[str], place: int, step: int) -> str:
    """The next letter that is no mark above or below another."""
    place += step
    while 0 <= place < len(units) and unicodedata.category(units[place][0]) == "Mn":
        place += step
    return units[place] if 0 <= place < len(units) else ""


@cache
def _shapes() -> dict[str, dict[str, str]]:
    """The shapes of each Arabic letter, and of lam with alef, by Unicode's own table of compatibility characters."""
    found: dict[str, dict[str, str]] = {}
    for code in range(0xFB50, 0xFEFD):
        shape, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        base = "".join(chr(int(letter, 16)) for letter in letters)
        if shape in {"<isolated>", "<final>", "<initial>", "<medial>"} and (
            len(base) == 1
            or (len(base) == 2 and base[0] == "\u0644" and base[1] in "\u0622\u0623\u0625\u0627")
        ):
            found.setdefault(base, {}).setdefault(shape, chr(code))
    return found
