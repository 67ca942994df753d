"""Runs the lessons, and keeps each run for as long as nothing that it depends on changes."""

from __future__ import annotations

import hashlib
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jupytext
import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from coursekit.build.frontend import BROWSER_DATA
from coursekit.paths import BUILD, ROOT, notebooks

_TIMEOUT = 120  # seconds for a cell


def place() -> Path:
    """The folder of the runs by the code as it stands, in Jupyter Book's own form; there may be none yet."""
    return BUILD / "cache" / digest("src/improvement/**/*.py", *BROWSER_DATA, "requirements.lock")


def digest(*patterns: str) -> str:
    """A digest of the files that match patterns below the course's folder: their names and what is in them."""
    found = hashlib.sha256()
    for path in (path for pattern in patterns for path in sorted(ROOT.glob(pattern))):
        found.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def find(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode | None:
    """The notebook with the outputs that the same code gave before; `None` when it has not been run so."""
    if not place().exists():
        return None
    try:
        _, done = get_cache(place()).merge_match_into_notebook(notebook, nb_meta=(), cell_meta=())
    except KeyError:
        return None
    return done


def run(notebook: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """Run a notebook in a new kernel, in a folder, and return it with its outputs.

    Raises nbclient's CellExecutionError when a cell fails.
    """
    with tempfile.TemporaryDirectory(prefix="lesson-") as sockets:
        manager = AsyncKernelManager(kernel_name="python3")
        if os.name == "posix":
            manager.transport, manager.ip = "ipc", os.path.join(sockets, "k")
        client = NotebookClient(
            notebook, km=manager, timeout=_TIMEOUT, shutdown_kernel="immediate",
            record_timing=False,  # else no two runs are of the same notebook
            resources={"metadata": {"path": str(folder)}},
        )  # fmt: skip
        quiet = {**os.environ, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
        return client.execute(cleanup_kc=True, env=quiet)


def fill() -> None:
    """Run whatever the book would run, several at a time: Jupyter Book, which runs one after another, finds it done.

    Of a page whose code fails nothing is kept: Jupyter Book runs it again and says why.
    """
    read = {page: jupytext.read(page) for page in notebooks()}
    waiting = [page for page, notebook in read.items() if find(notebook) is None]
    kept = get_cache(place())

    def attempt(page: Path) -> nbformat.NotebookNode | None:
        try:
            return run(read[page], page.parent)
        except (CellExecutionError, TimeoutError, RuntimeError):
            return None

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for page, done in zip(waiting, threads.map(attempt, waiting), strict=True):
            if done is not None:
                bundle = CacheBundleIn(done, str(page))
                kept.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
