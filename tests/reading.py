"""The sentences of a lesson's first lane, as a reader meets them: no code, no tables, no headings, no markup."""

import re
from pathlib import Path

_FRONT_MATTER = re.compile(r"\A---\n.*?^---\n", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r"^```.*?^```\n", re.DOTALL | re.MULTILINE)
_OTHER_LANE = re.compile(r"^:::\{div\} lane-.*?^:::\n", re.DOTALL | re.MULTILINE)
_NOT_SENTENCES = re.compile(r"^(?:#{1,6} .*|\|.*|:::.*|:[\w-]+:.*|\(.*\)=|%.*)$", re.MULTILINE)
_ITEM = re.compile(r"^\s*(?:[-*]|\d+\.) +", re.MULTILINE)
_POINT_WITHIN_A_NUMBER = re.compile(r"(?<=\d)[.,](?=\d)")
_ENDS = (".", "!", "?", '."', ".)", "?)")


def lane_1(lesson: str) -> str:
    """Return the first lane's sentences; a number put in at build time counts as one word."""
    for left_out in (_FRONT_MATTER, _FENCE, _OTHER_LANE, _NOT_SENTENCES):
        lesson = left_out.sub("\n", lesson)
    lesson = _ITEM.sub("\n\n", lesson)
    lesson = re.sub(r"\{glue:text\}`[^`]*`", "30", lesson)
    lesson = re.sub(r"\{[\w:-]+\}`([^`<]*?)\s*(?:<[^>]*>)?`", r"\1", lesson)
    lesson = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", lesson)
    lesson = _POINT_WITHIN_A_NUMBER.sub("", lesson)
    lesson = re.sub(r"[*_`>\\]", "", lesson)
    passages = (" ".join(passage.split()) for passage in re.split(r"\n\s*\n", lesson))
    return "\n".join(passage if passage.endswith(_ENDS) else f"{passage}." for passage in passages if passage)


def lane_1_of(lesson: Path) -> str:
    """Return the first lane's sentences of a lesson's file."""
    return lane_1(lesson.read_text(encoding="utf-8"))
