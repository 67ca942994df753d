"""The lessons' runs: the book's build keeps them for as long as nothing that they depend on changes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import nbformat
from jupyter_cache import get_cache

from coursekit.build.frontend import BROWSER_DATA
from coursekit.paths import BUILD, ROOT


def place() -> Path:
    """The folder of the runs by the code as it stands; there may be none yet."""
    return BUILD / "cache" / digest("src/improvement/**/*.py", *BROWSER_DATA, "requirements.lock")


def digest(*patterns: str) -> str:
    """A digest of the files that match patterns below the course's folder: their names and what is in them."""
    found = hashlib.sha256()
    for path in (path for pattern in patterns for path in sorted(ROOT.glob(pattern))):
        found.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def find(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode | None:
    """The notebook with the outputs that the build got from the same code; `None` when it has not been run so."""
    if not place().exists():
        return None
    try:
        _, run = get_cache(place()).merge_match_into_notebook(notebook, nb_meta=(), cell_meta=())
    except KeyError:
        return None
    return run
