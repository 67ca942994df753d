"""Marks one test cell of an exercise in this process, as nbgrader would."""

from __future__ import annotations

import ast
import contextlib
import io


def points(source: str, answer: dict, most: float) -> float:
    """What nbgrader gives a test cell worth `most`: nothing for an error, else the last line's value, else all.

    `answer` holds the names that a learner's notebook defines; the cell cannot change it.
    """
    *body, last = ast.parse(source).body
    names = dict(answer)
    try:
        if not isinstance(last, ast.Expr):
            body.append(last)
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(ast.Module(body, []), "test cell", "exec"), names)
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), "test cell", "eval"), names)
                return float(repr(value))  # nbgrader reads what the notebook shows
    except Exception:
        return 0
    return most
