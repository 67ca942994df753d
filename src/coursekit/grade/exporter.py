"""Turns a marked notebook into its feedback page; a cohort's pages differ only in what is on them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbformat import NotebookNode

_LONG = 20_000  # characters: a learner's own, and not worth keeping
_UNDESCRIBED = re.compile(r"<img(?![^>]*\balt=)", re.IGNORECASE)
_NO_DESCRIPTION = '<img alt="A picture of the learner\'s, without a description"'


class _Compiled(BytecodeCache):
    """Compiled templates, for as long as the process lives: every page would compile the same nine again."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_compiled = _Compiled()


@lru_cache(maxsize=1000)
def _coloured(source: str, language: str | None) -> str:
    """Code as it stands in every learner's copy is coloured once."""
    return Highlight2HTML(pygments_lexer="ipython3")(source, language)


def _highlight(source: str, language: str | None = None, metadata: object = None) -> str:
    return (_coloured if len(source) < _LONG else _coloured.__wrapped__)(source, language)


class FeedbackExporter(HTMLExporter):
    """nbconvert's exporter, less a second reading of the whole page that took half of the time.

    What that reading did, describe pictures that have no description, is done here.
    """

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.bytecode_cache = _compiled
        return environment

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        self.register_filter("highlight_code", _highlight)
        page, resources = TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **kw)
        return _UNDESCRIBED.sub(_NO_DESCRIPTION, page), resources
