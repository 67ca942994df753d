"""Slides in a page: `{slide}` marks one, `{note-to-presenter}` inside it says what its presenter does and says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

SLIDE = "slide"
NOTE = "presenter-note"
PARTS = {"core": "Fixed core", "local": "Local insert"}


def minutes(text: str) -> tuple[int, int]:
    """Return the first and the last minute of a part of a session written like ``8-20``.

    Raises ValueError for anything else.
    """
    match = re.fullmatch(r"(\d+)-(\d+)", text.strip())
    if not match or int(match[1]) >= int(match[2]):
        raise ValueError(f"{text!r} is no stretch of minutes. Write it like 8-20, the earlier minute first.")
    return int(match[1]), int(match[2])


def _part(text: str) -> str:
    return directives.choice(text, tuple(PARTS))


class Slide(SphinxDirective):
    """``{slide} Title``: one slide, a section of the page, with exactly one note to its presenter.

    A code cell cannot stand inside a directive. One that follows a slide in the source belongs to it: its output is
    shown on the slide, before the note.
    """

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {"minutes": minutes, "part": _part}

    def run(self) -> list[nodes.Node]:
        title = self.arguments[0].strip() if self.arguments else ""
        if not title:
            raise self.error("This slide has no title. Write one on its first line: :::{slide} The title")
        section = nodes.section(classes=[SLIDE, *self._part_class()])
        words, messages = self.state.inline_text(title, self.lineno)
        section += nodes.title(title, "", *words)
        section["names"].append(nodes.fully_normalize_name(section.next_node(nodes.title).astext()))
        self.state.document.note_implicit_target(section, section)
        if facts := self._facts():
            section += facts
        self.state.nested_parse(self.content, self.content_offset, section)
        notes = _notes(section)
        if len(notes) != 1:
            wrong = f"has {len(notes)} notes" if notes else "has no note"
            raise self.error(
                f"The slide {title!r} {wrong} to its presenter. Write one inside it, with more colons outside than "
                "in: ::::{slide} around :::{note-to-presenter}."
            )
        section.remove(notes[0])
        section += notes[0]
        return [section, *messages]

    def _part_class(self) -> list[str]:
        return [f"{SLIDE}-{self.options['part']}"] if "part" in self.options else []

    def _facts(self) -> nodes.raw | None:
        span = self.options.get("minutes")
        part = PARTS.get(self.options.get("part", ""))
        said = [f"Minutes {span[0]} to {span[1]}"] if span else []
        said += [part] if part else []
        if not said:
            return None
        clock = f' data-from="{span[0]}" data-to="{span[1]}"' if span else ""
        items = "".join(f"<span>{one}</span>" for one in said)
        return nodes.raw(text=f'<p class="slide-facts"{clock}>{items}</p>', format="html")


class NoteToPresenter(SphinxDirective):
    """``{note-to-presenter}``: what the presenter does and says; part of the page and of print, not of the slide."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        note = nodes.container(classes=[NOTE])
        note += nodes.paragraph("", "For the presenter", classes=["presenter-head"])
        self.state.nested_parse(self.content, self.content_offset, note)
        return [note]


def _notes(section: nodes.section) -> list[nodes.Element]:
    return [one for one in section.children if NOTE in one.get("classes", [])]


def _take_in_cells(_app: Sphinx, doctree: nodes.document) -> None:
    """Move each notebook cell into the slide it follows, before the note."""
    for section in list(doctree.findall(nodes.section)):
        if SLIDE not in section["classes"]:
            continue
        place = section.parent.index(section) + 1
        while place < len(section.parent) and section.parent[place].get("nb_element") == "cell_code":
            cell = section.parent[place]
            section.parent.remove(cell)
            section.insert(section.index(_notes(section)[0]), cell)


def setup(app: Sphinx) -> None:
    app.add_directive("slide", Slide)
    app.add_directive("note-to-presenter", NoteToPresenter)
    app.connect("doctree-read", _take_in_cells, priority=100)
