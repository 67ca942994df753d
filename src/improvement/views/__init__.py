"""Every widget by its kind: its declaration, and its view for given parameters.

A widget is one module of this package that offers `DECLARATION` and `compute(params)`. Nothing else needs to know of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from improvement.views import schema

_NOT_WIDGETS = {"schema", "describe", "pasted", "questions", "pasted_table", "xmr_figure"}


def kinds() -> list[str]:
    """Return the kinds of widget there are, such as "xmr-studio"."""
    return sorted(
        module.name.replace("_", "-") for module in iter_modules(__path__) if module.name not in _NOT_WIDGETS
    )


def spec(kind: str) -> dict[str, Any]:
    """Return the JSON declaration of a widget: title, controls, prediction, assumptions, defaults.

    Raises ValueError for a kind that does not exist.
    """
    return _module(kind).DECLARATION.to_dict(kind)


def compute(kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON view of a widget for `params`; parameters left out take their defaults.

    Never raises for what a reader entered: the view then has no panels and its notices say what to mend.
    Raises ValueError for a kind that does not exist.
    """
    module = _module(kind)
    cleaned, problems = module.DECLARATION.read(params)
    if not problems:
        try:
            return module.compute(cleaned)
        except ValueError as error:
            problems = [schema.notice("error", str(error))]
    return schema.view([], summary=" ".join(problem["text"] for problem in problems), notices=problems)


def _module(kind: str) -> ModuleType:
    if not re.fullmatch(r"[a-z][a-z0-9-]*", kind) or kind not in kinds():
        raise ValueError(f"There is no widget called {kind!r}. There are: {', '.join(kinds())}.")
    return import_module(f"improvement.views.{kind.replace('-', '_')}")
