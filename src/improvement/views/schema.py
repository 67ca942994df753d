"""The vocabulary of widgets: what a widget may ask of a reader (controls) and what it may show (panels).

A widget declares its controls with the frozen dataclasses below and builds its view with the panel functions.
Everything here becomes JSON. The front end knows this vocabulary and never a particular widget, so a new widget
needs no JavaScript.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

Params = dict[str, Any]

ROLES = frozenset(
    {
        "data", "quiet", "centre", "limit", "near_limit", "target", "prediction", "comparison", "ghost",
        "signal_improvement", "signal_concern", "signal_neutral", "recalculation", "annotation",
        "group_a", "group_b", "group_c", "group_d",
    }
)  # fmt: skip
SECTORS = ("acute", "ambulance", "community", "mental health", "primary care", "system")
MARKS = frozenset({"line", "dot", "rule_y", "rule_x", "band", "bar", "bar_x", "text", "arrow"})
STATES = frozenset({"plain", "good", "gap", "quiet"})
LEVELS = frozenset({"info", "warning", "error"})


class ControlError(ValueError):
    """What a reader entered cannot be used; the message says which control, what was wrong and what to do."""


@dataclass(frozen=True, kw_only=True)
class Control:
    """One question put to the reader. `show_when` maps another control's name to the value that shows this one.

    While it is not shown it counts as its default, unless `keep`: then what the reader gave still counts.
    """

    type: ClassVar[str] = ""
    name: str
    label: str
    help: str = ""
    show_when: Mapping[str, Any] = field(default_factory=dict)
    keep: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {"type": self.type, **asdict(self)}

    def read(self, raw: Any) -> Any:
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Number(Control):
    """A number; a slider is drawn too when both ends are given. `optional` lets the box be empty (None)."""

    type: ClassVar[str] = "number"
    default: float | None
    minimum: float | None = None
    maximum: float | None = None
    step: float = 1
    unit: str = ""
    optional: bool = False

    def read(self, raw: Any) -> float | int | None:
        if raw is None or raw == "":
            if self.optional:
                return None
            raise ControlError(f"{self.label}: the box is empty. Type a number.")
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
            raise ControlError(
                f"{self.label}: {raw!r} is not a number. Type a number such as {self._example()}."
            )
        if self.minimum is not None and raw < self.minimum:
            raise ControlError(
                f"{self.label}: {raw:g} is too small. The least it can be is {self.minimum:g}."
            )
        if self.maximum is not None and raw > self.maximum:
            raise ControlError(f"{self.label}: {raw:g} is too large. The most it can be is {self.maximum:g}.")
        if float(self.step).is_integer() and self.minimum is not None and float(self.minimum).is_integer():
            if not float(raw).is_integer():
                raise ControlError(f"{self.label}: {raw:g} is not a whole number.")
            return int(raw)
        return raw

    def _example(self) -> str:
        return f"{self.default if self.default is not None else self.minimum or 10:g}"


@dataclass(frozen=True, kw_only=True)
class Seed(Number):
    """The seed of a simulation: a whole number, with a button that draws again with the next one."""

    type: ClassVar[str] = "seed"
    name: str = "seed"
    label: str = "Draw"
    help: str = "The same number always gives the same picture."
    default: float | None = 1
    minimum: float | None = 1
    maximum: float | None = 9999


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer to a choice. `sets` changes other controls when the reader picks this answer.

    `sector` names the part of health and care the answer's example comes from (one of `SECTORS`): a reader who has
    said where they work gets that example first.
    """

    value: str
    label: str
    sets: Mapping[str, Any] = field(default_factory=dict)
    sector: str = ""

    def __post_init__(self) -> None:
        if self.sector and self.sector not in SECTORS:
            raise ValueError(f"{self.sector!r} is no sector. The sectors are: {', '.join(SECTORS)}.")


@dataclass(frozen=True, kw_only=True)
class Choice(Control):
    """One of a few options, drawn as a list to open, or as radio buttons when `radio`."""

    type: ClassVar[str] = "choice"
    options: Sequence[Option]
    default: str | None
    radio: bool = False

    def read(self, raw: Any) -> str:
        if raw not in [option.value for option in self.options]:
            offered = ", ".join(option.label for option in self.options)
            raise ControlError(f"{self.label}: {raw!r} is not one of the answers. Choose from: {offered}.")
        return raw


@dataclass(frozen=True, kw_only=True)
class Toggle(Control):
    """Yes or no."""

    type: ClassVar[str] = "toggle"
    default: bool = False

    def read(self, raw: Any) -> bool:
        if not isinstance(raw, bool):
            raise ControlError(f"{self.label}: {raw!r} is neither on nor off.")
        return raw


@dataclass(frozen=True, kw_only=True)
class Text(Control):
    """Free words, kept as typed."""

    type: ClassVar[str] = "text"
    default: str = ""
    rows: int = 1
    maximum_length: int = 2000

    def read(self, raw: Any) -> str:
        if not isinstance(raw, str):
            raise ControlError(f"{self.label}: words are expected here.")
        if len(raw) > self.maximum_length:
            raise ControlError(
                f"{self.label}: {len(raw):,} letters is too long. Keep to {self.maximum_length:,}."
            )
        return raw


@dataclass(frozen=True, kw_only=True)
class Series(Control):
    """Numbers pasted or loaded from a file, kept as the text the reader gave (see `pasted.read_series`).

    What is `private` is left out when the reader saves the settings.
    """

    type: ClassVar[str] = "series"
    default: str = ""
    placeholder: str = ""
    private: bool = False

    def read(self, raw: Any) -> str:
        if not isinstance(raw, str):
            raise ControlError(f"{self.label}: paste one number on each line.")
        return raw


@dataclass(frozen=True, kw_only=True)
class Rows(Control):
    """A list the reader can lengthen and shorten; every row has the same fields."""

    type: ClassVar[str] = "rows"
    fields: Sequence[Control]
    default: Sequence[Mapping[str, Any]] = ()
    add: str = "Add a row"
    maximum: int = 6

    def to_dict(self) -> dict[str, Any]:
        return {**super().to_dict(), "fields": [control.to_dict() for control in self.fields]}

    def read(self, raw: Any) -> list[Params]:
        if not isinstance(raw, list | tuple) or not all(isinstance(row, Mapping) for row in raw):
            raise ControlError(f"{self.label}: a list of rows is expected.")
        if len(raw) > self.maximum:
            raise ControlError(f"{self.label}: {len(raw)} rows is too many. Keep to {self.maximum}.")
        cleaned = []
        for number, row in enumerate(raw, start=1):
            try:
                cleaned.append({control.name: control.read(row.get(control.name)) for control in self.fields})
            except ControlError as error:
                raise ControlError(f"{self.label}, row {number}. {error}") from None
        return cleaned


@dataclass(frozen=True, kw_only=True)
class CardSort(Control):
    """Cards to put into piles; the value maps each card placed so far to its pile."""

    type: ClassVar[str] = "card_sort"
    cards: Sequence[Option]
    piles: Sequence[Option]
    default: Mapping[str, str] = field(default_factory=dict)

    def read(self, raw: Any) -> dict[str, str]:
        cards, piles = {card.value for card in self.cards}, {pile.value for pile in self.piles}
        if not isinstance(raw, Mapping) or not set(raw) <= cards or not set(raw.values()) <= piles:
            raise ControlError(
                f"{self.label}: a card or a pile is not one of those on the table. Press Reset."
            )
        return dict(raw)


@dataclass(frozen=True, kw_only=True)
class Matrix(Control):
    """A grid of whole numbers; the value maps a row to its columns' numbers."""

    type: ClassVar[str] = "matrix"
    rows: Sequence[Option]
    columns: Sequence[Option]
    minimum: int = 0
    maximum: int = 3
    default: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def read(self, raw: Any) -> dict[str, dict[str, int]]:
        if not isinstance(raw, Mapping):
            raise ControlError(f"{self.label}: a grid of numbers is expected. Press Reset.")
        cleaned: dict[str, dict[str, int]] = {}
        for row in self.rows:
            cleaned[row.value] = {}
            for column in self.columns:
                value = (raw.get(row.value) or {}).get(column.value, self.minimum)
                if isinstance(value, bool) or value not in range(self.minimum, self.maximum + 1):
                    raise ControlError(
                        f"{self.label}: row {row.label!r}, column {column.label!r} holds {value!r}. "
                        f"Use a whole number from {self.minimum} to {self.maximum}."
                    )
                cleaned[row.value][column.value] = int(value)
        return cleaned


@dataclass(frozen=True, kw_only=True)
class Turns(Control):
    """Decisions made one after another, a button for each answer; the value lists the answers given so far.

    `counted` says which turn it is, out of how many; `repeat` offers to give the last answer again to the end.
    """

    type: ClassVar[str] = "turns"
    options: Sequence[Option]
    maximum: int
    turn: str = "Turn"
    counted: bool = True
    repeat: bool = False
    default: Sequence[str] = ()

    def read(self, raw: Any) -> list[str]:
        known = [option.value for option in self.options]
        if not isinstance(raw, list | tuple) or not all(answer in known for answer in raw):
            raise ControlError(f"{self.label}: an answer is not one of those offered. Press Reset.")
        if len(raw) > self.maximum:
            raise ControlError(f"{self.label}: {len(raw)} answers is too many. Keep to {self.maximum}.")
        return list(raw)


@dataclass(frozen=True, kw_only=True)
class Points(Control):
    """Points of a figure that the reader marks; the value lists their places, counted from 1.

    It is drawn by the figure whose `pick` names it, not among the controls.
    """

    type: ClassVar[str] = "points"
    maximum: int
    default: Sequence[int] = ()

    def read(self, raw: Any) -> list[int]:
        if not isinstance(raw, list | tuple) or any(isinstance(one, bool) for one in raw):
            raise ControlError(f"{self.label}: a list of points is expected. Press Reset.")
        if not set(raw) <= set(range(1, self.maximum + 1)):
            raise ControlError(f"{self.label}: a marked point is not on the chart. Press Reset.")
        return sorted(set(raw))


@dataclass(frozen=True, kw_only=True)
class Question(Control):
    """A self-check: an inner control with a button of its own; the value is None until the reader checks it.

    `answers` is what the page says without scripts: each possible answer, whether it is right, and why.
    """

    type: ClassVar[str] = "question"
    control: Number | Choice | CardSort
    answers: Sequence[Mapping[str, Any]]
    commit: str = "Check my answer"
    default: None = None

    def to_dict(self) -> dict[str, Any]:
        return {**super().to_dict(), "control": self.control.to_dict()}

    def read(self, raw: Any) -> Any:
        return None if raw is None else self.control.read(raw)


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """What the reader commits to before the answer shows. Its value travels as the parameter `prediction`."""

    question: str
    control: Number | Choice
    commit: str = "Commit and show me"

    def to_dict(self) -> dict[str, Any]:
        return {"question": self.question, "control": self.control.to_dict(), "commit": self.commit}


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """All that the shell needs to know of a widget before any view arrives."""

    title: str
    intro: str
    controls: Sequence[Control]
    assumptions: Sequence[str]
    cannot_tell: Sequence[str]
    honesty: str
    prediction: Prediction | None = None
    printable: bool = False

    def defaults(self) -> Params:
        params: Params = {control.name: control.to_dict()["default"] for control in self.controls}
        if self.prediction:
            params["prediction"] = None
        return params

    def to_dict(self, kind: str) -> dict[str, Any]:
        return {
            "kind": kind,
            "title": self.title,
            "intro": self.intro,
            "controls": [control.to_dict() for control in self.controls],
            "prediction": self.prediction.to_dict() if self.prediction else None,
            "assumptions": list(self.assumptions),
            "cannot_tell": list(self.cannot_tell),
            "honesty": self.honesty,
            "printable": self.printable,
            "defaults": self.defaults(),
        }

    def read(self, params: Mapping[str, Any]) -> tuple[Params, list[dict[str, Any]]]:
        """Return the parameters fit for `compute`, and an error notice for each control that was not fit."""
        merged = {**self.defaults(), **params}
        cleaned: Params = {}
        problems = []
        for control in self.controls:
            shown = all(merged.get(name) == value for name, value in control.show_when.items())
            raw = merged[control.name] if shown or control.keep else control.to_dict()["default"]
            try:
                cleaned[control.name] = control.read(raw)
            except ControlError as error:
                problems.append(notice("error", str(error), control=control.name))
        if self.prediction:
            guess = merged.get("prediction")
            try:
                cleaned["prediction"] = None if guess is None else self.prediction.control.read(guess)
            except ControlError as error:
                problems.append(notice("error", str(error), control="prediction"))
        return cleaned, problems


def mark(
    shape: str, role: str, *, label: str = "", reveal: bool = False, **columns: Sequence[Any]
) -> dict[str, Any]:
    """One layer of a figure. Columns are equal-length lists in data units: x, y, x1, x2, y1, y2, text, title."""
    if shape not in MARKS or role not in ROLES:
        raise ValueError(f"no such mark or role: {shape!r}, {role!r}")
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        raise ValueError(f"the columns of a {shape!r} mark differ in length: {sorted(lengths)}")
    return {
        "mark": shape,
        "role": role,
        "label": label,
        "reveal": reveal,
        **{name: list(column) for name, column in columns.items()},
    }


def figure(
    title: str,
    marks: Sequence[dict[str, Any]],
    *,
    description: str,
    x_label: str,
    y_label: str,
    x_ticks: Sequence[str] | None = None,
    y_ticks: Sequence[str] | None = None,
    x_range: tuple[float, float] | None = None,
    y_range: tuple[float, float] | None = None,
    y_zero: bool = False,
    height: int = 300,
    reveal: bool = False,
    pick: str = "",
) -> dict[str, Any]:
    """A chart. `description` is what a screen reader says.

    `x_ticks` names x = 1, 2, 3, ... in turn, from the left; `y_ticks` names y = 1, 2, 3, ... from the top. `x_range` and `y_range` hold
    an axis still; without them it fits what is drawn. `pick` names the `Points` control whose points the reader
    marks here: the dots of the first `data` layer, each called by its `title`.
    """
    return {
        "type": "figure", "title": title, "marks": list(marks), "description": description, "x_label": x_label,
        "y_label": y_label, "x_ticks": None if x_ticks is None else list(x_ticks),
        "y_ticks": None if y_ticks is None else list(y_ticks),
        "x_range": None if x_range is None else list(x_range),
        "y_range": None if y_range is None else list(y_range),
        "y_zero": y_zero, "height": height, "reveal": reveal, "pick": pick,
    }  # fmt: skip


def graph(
    title: str,
    columns: Sequence[tuple[str, Sequence[tuple[str, str, str]]]],
    edges: Sequence[tuple[str, str, str]],
    *,
    description: str,
    reveal: bool = False,
) -> dict[str, Any]:
    """Boxes in columns with arrows between them, read from left to right.

    Each column is (heading, boxes), each box (id, words, state), each edge (from id, to id, state); a state is one
    of plain, good, gap and quiet. Raises ValueError for an unknown state, a repeated id, or an edge to no box.
    """
    ids = [identifier for _, boxes in columns for identifier, _, _ in boxes]
    states = [state for _, boxes in columns for _, _, state in boxes] + [state for _, _, state in edges]
    if len(set(ids)) != len(ids) or not set(states) <= STATES:
        raise ValueError(f"graph {title!r}: every box needs an id of its own and a state of {sorted(STATES)}")
    if not {end for start, stop, _ in edges for end in (start, stop)} <= set(ids):
        raise ValueError(f"graph {title!r}: an edge leads to a box that is not there")
    return {
        "type": "graph", "title": title, "description": description, "reveal": reveal,
        "columns": [
            {
                "heading": heading,
                "nodes": [{"id": one, "text": text, "state": state} for one, text, state in boxes],
            }
            for heading, boxes in columns
        ],
        "edges": [{"from": start, "to": stop, "state": state} for start, stop, state in edges],
    }  # fmt: skip


def table(
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    open: bool = False,
    reveal: bool = False,
) -> dict[str, Any]:
    """A table, folded away until asked for unless `open`. Cells are numbers, words or None."""
    rows = [list(row) for row in rows]
    if any(len(row) != len(columns) for row in rows):
        raise ValueError(f"table {caption!r}: every row needs {len(columns)} cells")
    return {
        "type": "table", "caption": caption, "columns": list(columns), "rows": rows, "open": open, "reveal": reveal,
    }  # fmt: skip


def sentence(text: str, *, heading: str = "", reveal: bool = False, beside: str = "") -> dict[str, Any]:
    """A plain-English statement of what the chart says. `beside` names a control to stand by instead."""
    return {"type": "sentence", "heading": heading, "text": text, "reveal": reveal, "beside": beside}


def feedback(question: str, right: bool, text: str) -> dict[str, Any]:
    """What to say to the answer given to the `Question` of that name; it stands by the question."""
    return {"type": "feedback", "right": right, "text": text, "reveal": False, "beside": question}


def challenge(ask: str, met: bool, text: str, *, reveal: bool = True) -> dict[str, Any]:
    """An invitation to find settings where the widget's message fails, whether these do (`met`), and why."""
    return {"type": "challenge", "ask": ask, "met": met, "text": text, "reveal": reveal}


def links(
    heading: str, items: Sequence[tuple[str, str, str]], *, empty: str, reveal: bool = False
) -> dict[str, Any]:
    """A list of the course's own pages: (words, page, note), the page as "modules/measurement/xmr-charts" or ""."""
    for _, page, _ in items:
        if page and not re.fullmatch(r"(?:modules|book)(?:/[a-z0-9][a-z0-9-]*)+", page):
            raise ValueError(f"{page!r} is not a page of the course, such as modules/measurement/xmr-charts")
    return {
        "type": "links", "heading": heading, "empty": empty, "reveal": reveal,
        "items": [{"text": text, "page": page, "note": note} for text, page, note in items],
    }  # fmt: skip


def verdict(heading: str, code: str, words: str, text: str, *, reveal: bool = False) -> dict[str, Any]:
    """A judgement with an icon. `code` chooses the icon; `words` say it without the icon."""
    return {
        "type": "verdict", "heading": heading, "code": code, "words": words, "text": text, "reveal": reveal,
    }  # fmt: skip


def listing(heading: str, items: Sequence[str], *, empty: str, reveal: bool = False) -> dict[str, Any]:
    """A list of findings, or the `empty` sentence when there are none."""
    return {"type": "listing", "heading": heading, "items": list(items), "empty": empty, "reveal": reveal}


def notice(level: str, text: str, *, control: str | None = None) -> dict[str, Any]:
    """Something the reader must know before trusting the view; `control` ties it to what they entered."""
    if level not in LEVELS:
        raise ValueError(f"no such level: {level!r}")
    return {"level": level, "text": text, "control": control}


def view(
    panels: Sequence[dict[str, Any]],
    *,
    summary: str,
    notices: Sequence[dict[str, Any]] = (),
    data: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Everything a widget shows. `summary` is announced after each change; `data` is what may be downloaded."""
    return {"panels": list(panels), "summary": summary, "notices": list(notices), "data": data}


def shown(value: float, decimals: int = 2) -> str:
    """Return a number as people read it: at most so many decimals, and a true minus sign."""
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−") if text != "-0" else "0"
