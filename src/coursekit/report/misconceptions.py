"""Recognises a wrong answer as a misconception with a name, from what the answer gives on fixed numbers.

`exercises/misconceptions/<assignment>.json` holds, by the graded cell's ``grade_id``:

``probe``
    a Python expression, evaluated where the learner's answer was marked. Its numbers are fixed, so what it gives
    does not depend on a cohort's private seed.
``right``
    the text (``repr``) that right answers give.
``known``
    misconceptions: ``name``, ``says`` (one sentence for a facilitator), ``lesson`` (where it is taught) and the
    ``answer`` that it gives.
``tolerance``
    optional: how far two numbers may lie apart, for answers that are simulated.
``partial``
    optional: true where an answer is a list of choices; only the choices in which a misconception differs from the
    right answer are compared.
"""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from improvement.files import locate

RAISED = "!"
"""What the text of an answer starts with when the probe raised an error; the error's name follows."""

_WRAPPERS = {
    "array", "bool", "bool_", "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16",
    "uint32", "uint64", "longdouble", "str_", "list", "tuple", "set", "frozenset", "dict", "Series", "Decimal",
}  # fmt: skip
_NUMBERS = {"nan": math.nan, "NaN": math.nan, "inf": math.inf, "True_": True, "False_": False}


@cache
def entries(assignment: str) -> Mapping[str, Mapping[str, Any]]:
    """The file of one assignment, by ``grade_id``; empty when none has been written."""
    try:
        path = locate("exercises", "misconceptions", f"{assignment}.json")
    except FileNotFoundError:
        return {}
    return json.loads(path.read_text(encoding="utf-8"))


def probes(assignment: str) -> dict[str, str]:
    """The expressions to evaluate after an assignment has been marked, by ``grade_id``."""
    return {grade_id: entry["probe"] for grade_id, entry in entries(assignment).items()}


def match(answer: str, entry: Mapping[str, Any]) -> str | None:
    """The name of the misconception that gives this answer; ``None`` for a right answer and for an unknown one.

    Numbers are compared within a tolerance, tuples with lists, and numpy's numbers with Python's. An answer that
    raised an error is compared by the error's name.

    Args:
        answer: what the probe gave, as text. Learners decide what it says: it is read, never run.
        entry: one value of ``entries``.
    """
    tolerance = entry.get("tolerance")
    given, right = _read(answer), _read(entry["right"])
    if _alike(given, right, tolerance):
        return None
    if not entry.get("partial"):
        found = (one for one in entry["known"] if _alike(given, _read(one["answer"]), tolerance))
        return next((one["name"] for one in found), None)
    chosen, best = None, 0
    for one in entry["known"]:
        places = _differences(_read(one["answer"]), right)
        if len(places) > best and all(_at(given, place) == (value,) for place, value in places.items()):
            chosen, best = one["name"], len(places)
    return chosen


def _read(text: str) -> Any:
    """The value that a text shows; the text itself, in a box of its own, when it shows none that can be read."""
    if text.startswith(RAISED):
        return _Text(text.partition(":")[0].strip())
    try:
        return ast.literal_eval(_Plain().visit(ast.parse(text.strip(), mode="eval")).body)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError, AttributeError):
        return _Text(text)


class _Text(str):
    """A text that is not a Python string: never equal to one."""

    __slots__ = ()


class _Plain(ast.NodeTransformer):
    """Takes numpy's and pandas' wrappers off the values inside."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in _WRAPPERS and len(node.args) == 1:
            return self.visit(node.args[0])
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.copy_location(ast.Constant(_NUMBERS[node.id]), node) if node.id in _NUMBERS else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return ast.copy_location(ast.Constant(_NUMBERS[node.attr]), node) if node.attr in _NUMBERS else node


def _alike(one: Any, other: Any, tolerance: float | None) -> bool:
    if isinstance(one, _Text) or isinstance(other, _Text):
        return type(one) is type(other) and str(one) == str(other)
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return _near(one, other, tolerance)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(_alike(a, b, tolerance) for a, b in pairs)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key], tolerance) for key in one)
    return type(one) is type(other) and one == other


def _near(one: float, other: float, tolerance: float | None) -> bool:
    try:
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        if tolerance is not None:
            return one == other or abs(one - other) <= tolerance
        return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
    except OverflowError:  # a whole number with hundreds of digits
        return False


def _differences(value: Any, right: Any) -> dict[Any, Any]:
    """What a set of choices has otherwise than the right one, by its place."""
    return {place: item for place, item in _items(value) if _at(right, place) != (item,)}


def _items(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list | tuple):
        yield from enumerate(value)


def _at(value: Any, place: Any) -> tuple[Any, ...]:
    """The item at a place, in a tuple; an empty one when there is none."""
    return next(((item,) for key, item in _items(value) if key == place), ())
