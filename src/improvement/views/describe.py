"""A view in words: what nbval compares, a screen reader hears and a print-out carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def as_text(spec: Mapping[str, Any], view: Mapping[str, Any]) -> str:
    """Return the whole view as plain text, one fact on a line, tables included."""
    lines = [spec["title"], ""]
    if spec["prediction"]:
        lines += [f"Before you look: {spec['prediction']['question']}", ""]
    lines += [f"{notice['level'].capitalize()}: {notice['text']}" for notice in view["notices"]]
    for panel in view["panels"]:
        lines += _WRITERS[panel["type"]](panel)
    return "\n".join(lines).strip()


def number(value: Any) -> str:
    """Return a cell as people read it: at most two decimals, nothing for a missing value."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)


def _figure(panel: Mapping[str, Any]) -> list[str]:
    return [f"[Figure] {panel['title']}", panel["description"]]


def _table(panel: Mapping[str, Any]) -> list[str]:
    rows = [" | ".join(number(cell) for cell in row) for row in panel["rows"]]
    return [f"[Table] {panel['caption']}", " | ".join(panel["columns"]), *rows]


def _sentence(panel: Mapping[str, Any]) -> list[str]:
    return [f"{panel['heading']}: {panel['text']}" if panel["heading"] else panel["text"]]


def _verdict(panel: Mapping[str, Any]) -> list[str]:
    return [f"{panel['heading']}: {panel['words']}. {panel['text']}"]


def _listing(panel: Mapping[str, Any]) -> list[str]:
    return [f"{panel['heading']}:", *[f"- {item}" for item in panel["items"] or [panel["empty"]]]]


_WRITERS = {
    "figure": _figure, "table": _table, "sentence": _sentence, "verdict": _verdict, "listing": _listing,
}  # fmt: skip
