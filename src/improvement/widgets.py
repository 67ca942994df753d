"""Every widget as an ipywidget: one class, whatever the kind. The only module that imports anywidget."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from improvement import views
from improvement.files import locate
from improvement.views import describe

try:
    from pyodide.ffi import jsnull  # in JupyterLite alone, whose kernel loses a None and hands back this
except ImportError:
    jsnull = None


def _swap(old: Any, new: Any, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _swap(old, new, one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_swap(old, new, one) for one in value]
    return new if value is old else value


def _to_page(value: Any, _widget: Any) -> Any:
    return value if jsnull is None else _swap(None, jsnull, value)


def _from_page(value: Any, _widget: Any) -> Any:
    return value if jsnull is None else _swap(jsnull, None, value)


_SYNCED = {"sync": True, "to_json": _to_page, "from_json": _from_page}


class Widget(anywidget.AnyWidget):
    """A widget of the given kind, such as ``Widget("xmr-studio")``; keyword arguments preset its controls.

    `params` is what the reader set, `view` is what came of it (see `improvement.views`). Both are synced traits, so
    the widget composes with any other ipywidget: ``widget.observe(print, "view")``.

    Raises ValueError for a kind or a control that does not exist.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    kind = traitlets.Unicode(read_only=True).tag(sync=True)
    spec = traitlets.Dict(read_only=True).tag(**_SYNCED)
    params = traitlets.Dict().tag(**_SYNCED)
    view = traitlets.Dict().tag(**_SYNCED)
    status = traitlets.Dict({"state": "ready", "message": ""}).tag(sync=True)

    def __init__(self, kind: str, **params: Any) -> None:
        spec = views.spec(kind)
        unknown = sorted(set(params) - set(spec["defaults"]))
        if unknown:
            raise ValueError(
                f"{kind} has no control called {unknown[0]!r}. It has: {', '.join(spec['defaults'])}."
            )
        self.set_trait("kind", kind)
        self.set_trait("spec", spec)
        super().__init__(
            params={**spec["defaults"], **params},
            _esm=locate("_build", "frontend", "widget.js").read_text(encoding="utf-8"),
            _css=locate("_build", "frontend", "widget.css").read_text(encoding="utf-8"),
        )
        self._recompute()
        self.observe(self._recompute, "params")

    def _recompute(self, _change: Any = None) -> None:
        self.view = views.compute(self.kind, self.params)

    def __repr__(self) -> str:
        return describe.as_text(self.spec, self.view)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return ipywidgets' bundle with the whole view in words as its plain text."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, *rest = bundle if isinstance(bundle, tuple) else (bundle,)
        data = {**data, "text/plain": repr(self)}
        return (data, *rest) if rest else data
