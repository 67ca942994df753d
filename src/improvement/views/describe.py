"""A view in words: what nbval compares, a screen reader hears and a print-out carries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def as_text(spec: Mapping[str, Any], view: Mapping[str, Any]) -> str:
    """Return the whole view as plain text, one fact on a line, tables included."""
    lines = [spec["title"], ""]
    if spec["prediction"]:
        lines += [f"Before you look: {spec['prediction']['question']}", ""]
    for control in spec["controls"]:
        if control["type"] == "question":
            lines += _question(control)
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


def _feedback(panel: Mapping[str, Any]) -> list[str]:
    return [f"{'Right' if panel['right'] else 'Not quite'}. {panel['text']}"]


def _challenge(panel: Mapping[str, Any]) -> list[str]:
    return [f"Break our model: {panel['ask']} {'Done' if panel['met'] else 'Not yet'}. {panel['text']}"]


def _links(panel: Mapping[str, Any]) -> list[str]:
    items = [
        f"- {item['text']}: {item['note']}" if item["note"] else f"- {item['text']}"
        for item in panel["items"]
    ]
    return [f"{panel['heading']}:", *(items or [panel["empty"]])]


def _question(control: Mapping[str, Any]) -> list[str]:
    """The question and what may be answered, without giving the answer away."""
    inner = control["control"]
    offered = [f"- {option['label']}" for option in inner.get("options", inner.get("cards", []))]
    return [f"[Question] {control['label']}", *offered]


_WRITERS = {
    "figure": _figure, "graph": _figure, "table": _table, "sentence": _sentence, "verdict": _verdict, "listing": _listing,
    "feedback": _feedback, "challenge": _challenge, "links": _links,
}  # fmt: skip
