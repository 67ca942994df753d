"""Every widget as an ipywidget: one class, whatever the kind. The only module that imports anywidget."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from improvement import views
from improvement.files import locate
from improvement.views import describe


class Widget(anywidget.AnyWidget):
    """A widget of the given kind, such as ``Widget("xmr-studio")``; keyword arguments preset its controls.

    `params` is what the reader set, `view` is what came of it (see `improvement.views`). Both are synced traits, so
    the widget composes with any other ipywidget: ``widget.observe(print, "view")``.

    Raises ValueError for a kind or a control that does not exist.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    kind = traitlets.Unicode(read_only=True).tag(sync=True)
    spec = traitlets.Dict(read_only=True).tag(sync=True)
    params = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)
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
