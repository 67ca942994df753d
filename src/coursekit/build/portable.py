"""Copies of the book's pages that need no server: classic scripts, Python as a script, nothing fetched."""

from __future__ import annotations

import base64
import gzip
import json
import posixpath
import re
import zipfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from coursekit.paths import FRONTEND, HTML

COURSE = "_static/course"
PYTHON = (
    "pyodide/pyodide.asm.wasm",
    "pyodide/python_stdlib.zip",
    "pyodide/pyodide-lock.json",
    "improvement.json",
)
NEEDS_SERVER = ("lite/",)  # whole sites that fetch what they show
NO_NOTEBOOKS = (
    "<p>This copy of the course has no notebooks. You find them where the course is on a website.</p>"
)
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>\n?", re.DOTALL)
_PRELOAD = re.compile(r"<link\b[^>]*\brel=\"(?:module)?preload\"[^>]*>\n?")
_LINK = re.compile(r"<a\b[^>]*?\bhref=\"([^\"]*)\"[^>]*>")
_ADDRESS = re.compile(r"\b(?:src|href|poster|action|data)=\"([^\"]+)\"")
_CSS_ADDRESS = re.compile(r"url\(\s*['\"]?([^'\")]+?)['\"]?\s*\)")
_IMPORT = re.compile(r"@import\s+['\"]([^'\"]+)")
_OTHER_FONTS = re.compile(r",url\([^)]*\.ttf\) ?format\(['\"]truetype['\"]\)")
_ONLINE_ONLY = re.compile(r"<(\w+)(?=[^>]*\bdata-online-only\b).*?</\1>", re.DOTALL)
_STATE = re.compile(r"<script[^>]*widget-state\+json.*?</script>", re.DOTALL)


def book_pages() -> list[str]:
    """Return every page of the built book that can be read without a server, by its address below the root."""
    files = (path.relative_to(HTML).as_posix() for path in sorted(HTML.rglob("*.html")))
    return [file for file in files if not file.startswith(("_static/", "_sources/", *NEEDS_SERVER))]


def collect(pages: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files of a copy that holds the given pages (HTML by address), and whatever they show.

    A link to a page that is not in the copy becomes plain text.
    Raises ValueError for a page with a script that a page without a server cannot run.
    """
    made: dict[str, bytes] = {}
    wanted = set()
    for address, html in pages.items():
        text = _ONLINE_ONLY.sub(lambda match: "" if match.group(1) == "li" else NO_NOTEBOOKS, html)
        text = _without_dead_links(address, without_modules(address, text), pages)
        made[address] = text.encode()
        wanted |= _mentioned(address, _STATE.sub("", text), _ADDRESS)
    while wanted := {name for name in wanted if name not in made and _in_book(name)}:
        found = {name: (HTML / name).read_bytes() for name in wanted if not name.endswith(".html")}
        wanted = set()
        for name, content in found.items():
            if name.endswith(".css"):
                css = _with_fonts(name, content.decode())
                wanted |= _mentioned(name, css, _CSS_ADDRESS) | _mentioned(name, css, _IMPORT)
                made[name] = css.encode()
            else:
                made[name] = content
    made[f"{COURSE}/course.js"] = (FRONTEND / "packed" / "course.js").read_bytes()
    made[f"{COURSE}/python.js"] = python_script()
    routes = f"{COURSE}/routes.js"
    if routes in made:
        names = [address.removesuffix(".html") for address in pages]
        made[routes] += f"courseRoutes.pages = {json.dumps(names)};\n".encode()
    # Search is whole but for the lines it quotes, for which it would fetch every page it found.
    if options := made.get("_static/documentation_options.js"):
        made["_static/documentation_options.js"] = options.replace(
            b"SHOW_SEARCH_SUMMARY: true", b"SHOW_SEARCH_SUMMARY: false"
        )
    return dict(sorted(made.items()))


def without_modules(address: str, html: str) -> str:
    """Return the page with one classic script in place of its module scripts, which do not run from a folder.

    Raises ValueError for a module script that is not one of the front end's.
    """
    names: list[str] = []

    def note(match: re.Match[str]) -> str:
        attributes, body = match.groups()
        if 'type="module"' not in attributes:
            return match.group()
        source = re.search(rf'src="[^"]*{COURSE}/(\w+)\.js(?:\?[^"]*)?"', attributes)
        if not source or body.strip():
            raise ValueError(f"{address}: the script {attributes.strip()} cannot run without a server.")
        names.append(source.group(1))
        return "" if len(names) > 1 else "\0"

    html = _SCRIPT.sub(note, _PRELOAD.sub("", html))
    root = "../" * address.count("/")
    script = f'<script data-run="{" ".join(names)}" defer src="{root}{COURSE}/course.js"></script>\n'
    return html.replace("\0", script)


@cache
def python_script() -> bytes:
    """Return the script that hands Python to a page which may fetch nothing: each file compressed, as base64."""
    folders = {name: FRONTEND / "page" / name for name in PYTHON} | {
        "worker.js": FRONTEND / "packed" / "worker.js"
    }
    files = {
        name: base64.b64encode(gzip.compress(path.read_bytes(), mtime=0)).decode()
        for name, path in folders.items()
    }
    return f"coursePython({json.dumps(files)});\n".encode()


def write_zip(target: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into a zip, the same bytes for the same files."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, content)


def _without_dead_links(address: str, html: str, pages: Iterable[str]) -> str:
    def mend(match: re.Match[str]) -> str:
        target = _target(address, match.group(1))
        return "<a>" if target and target.endswith(".html") and target not in pages else match.group()

    return _LINK.sub(mend, html)


def _with_fonts(name: str, css: str) -> str:
    """Return the style sheet with its fonts inside: some browsers load none from a folder."""

    def embed(match: re.Match[str]) -> str:
        font = _target(name, match.group(1))
        if not font or not font.endswith(".woff2"):
            return match.group()
        return f'url("data:font/woff2;base64,{base64.b64encode((HTML / font).read_bytes()).decode()}")'

    return _CSS_ADDRESS.sub(embed, _OTHER_FONTS.sub("", css))


def _mentioned(address: str, text: str, pattern: re.Pattern[str]) -> set[str]:
    return {target for found in pattern.findall(text) if (target := _target(address, found))}


def _target(address: str, found: str) -> str:
    """The file that an address on a page or in a style sheet means, or "" for another host or this very page."""
    path = re.split(r"[?#]", found, maxsplit=1)[0]
    if not path or re.match(r"[a-z][a-z0-9+.-]*:|//", found, flags=re.IGNORECASE):
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(address), path))


def _in_book(name: str) -> bool:
    return not name.startswith("..") and not name.startswith(NEEDS_SERVER) and (HTML / name).is_file()
