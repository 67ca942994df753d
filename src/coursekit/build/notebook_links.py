"""Links from the book to its notebooks: in the browser beside the page and, when the repository's address is set, elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from coursekit.build import coverage
from coursekit.paths import ROOT, golden

BRANCH = "main"
SETTING = "course_repository"
_GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?")
COLAB_SETUP = """\
!git clone --quiet --depth 1 {repository} /content/course && bash /content/course/binder/colab
import sys; sys.path.insert(0, "/content/course/src")
"""


def lesson_links(docname: str, lesson: Path, repository: str) -> str:
    """Return a lesson's links to its notebook, as the last item of its list of facts.

    Args:
        docname: the page, such as ``modules/measurement/xmr-charts``.
        lesson: its source.
        repository: the address at GitHub, or nothing.

    Raises ValueError for an address that is not one of a repository at GitHub.
    """
    notebook = f"{lesson.parent.name}/{lesson.stem}.ipynb"
    links = [_link(_in_browser(docname, notebook), "Open as notebook")]
    if repository:
        address = _GITHUB.fullmatch(repository)
        if address is None:
            raise ValueError(
                f"_config.yml: {SETTING} is {repository!r}. Give the repository's address at GitHub, such as "
                "https://github.com/owner/name, or leave it empty: Binder and Colab are then not offered."
            )
        file = golden(lesson).relative_to(ROOT).as_posix()
        binder = f"https://mybinder.org/v2/gh/{address[1]}/{BRANCH}?urlpath=lab/tree/{file}"
        colab = f"https://colab.research.google.com/github/{address[1]}/blob/{BRANCH}/{file}"
        links += [_link(binder, "Binder"), _link(colab, "Colab")]
    return f'<li class="notebook-links" data-online-only>{" · ".join(links)}</li>'


class ExerciseNotebooks(SphinxDirective):
    """``{exercise-notebooks}``: every exercise by its title, to be opened in the browser."""

    def run(self) -> list[nodes.Node]:
        items = []
        for path in sorted(coverage.SOURCES.glob("*/*.ipynb")):
            self.env.note_dependency(str(path))
            address = _in_browser(self.env.docname, path.name)
            items.append(f"<li>{_link(address, _title(path))}</li>")
        everything = _link(_up(self.env.docname) + "lite/tree/index.html", "All notebooks")
        html = f"<ul data-online-only>{''.join(items)}<li>{everything}</li></ul>"
        return [nodes.raw(text=html, format="html")]


class ColabSetup(SphinxDirective):
    """``{colab-setup}``: the cell that a lesson's notebook needs first in Colab."""

    def run(self) -> list[nodes.Node]:
        address = self.config[SETTING] or "https://github.com/OWNER/NAME"
        cell = COLAB_SETUP.format(repository=address)
        return [nodes.literal_block(cell, cell, language="text")]


def _in_browser(docname: str, notebook: str) -> str:
    return f"{_up(docname)}lite/notebooks/index.html?path={notebook}"


def _up(docname: str) -> str:
    return "../" * docname.count("/")


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}">{escape(words)}</a>'


def _title(path: Path) -> str:
    cells: Iterable[dict] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    lines = ("".join(cell["source"]).splitlines() for cell in cells if cell["cell_type"] == "markdown")
    return next(line.removeprefix("# ") for source in lines for line in source if line.startswith("# "))


def setup(app: Sphinx) -> None:
    app.add_config_value(SETTING, "", "env")
    app.add_directive("exercise-notebooks", ExerciseNotebooks)
    app.add_directive("colab-setup", ColabSetup)
