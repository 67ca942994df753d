"""Tables of words on a phone: each row becomes a short list, with the column's name before every answer."""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

STACKS = "stacks"
COLUMNS = 4  # fewer fit beside each other on a phone
WORDY = 60  # characters in the longest row: shorter rows, of numbers mostly, fit too


def setup(app: Sphinx) -> None:
    # Late, when links between pages have their words.
    app.connect("doctree-resolved", _name_columns, priority=900)


def _name_columns(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.format != "html":
        return
    for table in doctree.findall(nodes.table):
        name_columns(table)


def name_columns(table: nodes.table) -> None:
    """Mark a table of `COLUMNS` or more that is `WORDY`, and give each cell but a row's first its column's name.

    The names are attributes, shown by the stylesheet on a narrow screen only. Tables with no heading, or with
    cells that span columns or rows, stay as they are.
    """
    rows: list[list[Any]] = [list(row.children) for row in table.findall(nodes.row)]
    if not any(True for _ in table.findall(nodes.thead)) or len(rows) < 2:
        return
    names = [entry.astext() for entry in rows[0]]
    if len(names) < COLUMNS or any(len(row) != len(names) for row in rows):
        return
    if max(sum(len(entry.astext()) for entry in row) for row in rows[1:]) <= WORDY:
        return
    table["classes"].append(STACKS)
    for row in rows[1:]:
        for name, entry in list(zip(names, row, strict=True))[1:]:
            if name and entry.astext():
                first = entry.next_node(nodes.paragraph) or entry
                label = f'<span class="column-name" data-column="{escape(name)}"></span>'
                first.insert(0, nodes.raw(text=label, format="html"))
