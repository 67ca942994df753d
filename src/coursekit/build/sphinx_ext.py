"""What the book adds to Jupyter Book: lesson facts, the lane switch, our assets, and a cache that knows our code."""

from __future__ import annotations

import json
import shutil
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx

from coursekit.build import (
    directives,
    frameworks,
    frontmatter,
    kit_directives,
    notebook_links,
    phone_tables,
    route_directives,
    runs,
    slides,
)
from coursekit.build.render import STATE
from coursekit.paths import FRONTEND

ASSETS = "course"
# Set before the page paints, so that a lane never flashes up and vanishes.
LANE_SCRIPT = (
    "document.documentElement.dataset.lane="
    '(()=>{try{return sessionStorage.getItem("lane")}catch{return null}})()||"no-code"'
)
BUILT_BY = "course_built_by"  # a page is made again when the code that makes it has changed
OUR_BUNDLE = ("_esm", "_css")


def setup(app: Sphinx) -> dict[str, Any]:
    directives.setup(app)
    route_directives.setup(app)
    notebook_links.setup(app)
    frameworks.setup(app)
    slides.setup(app)
    kit_directives.setup(app)
    phone_tables.setup(app)
    app.add_config_value(BUILT_BY, "", "env")
    app.connect("config-inited", _use_cache_of_this_code)
    app.connect("doctree-read", _add_lesson_facts, priority=100)
    app.connect("doctree-read", _drop_bundles_from_state, priority=100)
    app.connect("html-page-context", _add_page_assets)
    app.connect("build-finished", _copy_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _use_cache_of_this_code(app: Sphinx, config: Any) -> None:
    config.nb_execution_cache_path = str(runs.place())
    config[BUILT_BY] = runs.digest("src/coursekit/build/*.py")


def _add_lesson_facts(app: Sphinx, doctree: nodes.document) -> None:
    lesson = frontmatter.read(Path(app.env.doc2path(app.env.docname)))
    if lesson is None:
        return
    facts = {
        "Lesson": f"{lesson.id}, {lesson.minutes} minutes",
        "Examples from": ", ".join(lesson.sectors),
        "Evidence": lesson.evidence,
        "Last reviewed": lesson.reviewed,
    }
    items = "".join(f"<li><strong>{name}:</strong> {escape(fact)}</li>" for name, fact in facts.items())
    source = Path(app.env.doc2path(app.env.docname))
    items += notebook_links.lesson_links(app.env.docname, source, app.config[notebook_links.SETTING])
    html = f'<ul class="lesson-facts">{items}</ul><div data-lanes></div>'
    title = next(doctree.findall(nodes.title))
    title.parent.insert(title.parent.index(title) + 1, nodes.raw(text=html, format="html"))
    # Where the page's script asks what the reader will do, and keeps it; empty without the script.
    finish = (
        f'<div data-finish data-lesson="{lesson.id}" data-minutes="{lesson.minutes}"'
        f' data-title="{escape(title.astext())}" data-path="{app.env.docname}.html"></div>'
    )
    title.parent.append(nodes.raw(text=finish, format="html"))


def _drop_bundles_from_state(app: Sphinx, doctree: nodes.document) -> None:
    """Every widget carries the front end for Jupyter; in the book that would be one copy a widget a page."""
    scripts = NbMetadataCollector.get_js_files(app.env, app.env.docname)
    if "ipywidgets_state" not in scripts:
        return
    uri, attributes = scripts["ipywidgets_state"]
    saved = json.loads(attributes["body"])
    for model in saved["state"].values():
        for name in OUR_BUNDLE:
            model["state"].pop(name, None)
    body = json.dumps(saved).replace("</", "<\\/")
    scripts["ipywidgets_state"] = (uri, {"type": STATE, "body": body})


def _add_page_assets(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: Any) -> None:
    app.add_css_file(f"{ASSETS}/page.css")
    app.add_js_file(None, body=LANE_SCRIPT, priority=1)
    app.add_js_file(f"{ASSETS}/page.js", type="module")
    # Thebe would fetch itself from another host when asked for live code; our pages are live without it.
    context["script_files"] = [
        script for script in context["script_files"] if "thebe" not in str(script).lower()
    ]


def _copy_assets(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        shutil.copytree(FRONTEND / "page", Path(app.outdir) / "_static" / ASSETS, dirs_exist_ok=True)
