"""The notebooks in the reader's browser: a JupyterLite site inside the book's folder, with every host but its own left out."""

from __future__ import annotations

import ast
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Set
from itertools import takewhile
from pathlib import Path

import nbformat

from coursekit.build import lite_packages
from coursekit.paths import BUILD, EXERCISES, LITE, NOTEBOOKS, ROOT

WORK = BUILD / "lite"
STAMP = "built-from.txt"
APPS = ("lab", "notebooks", "tree")
EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "@jupyterlite/pyodide-kernel-extension", "anywidget")
SESSION = ROOT / "frontend" / "lite" / "session.js"
START = "await import("
KERNEL_SETTINGS = "@jupyterlite/pyodide-kernel-extension:kernel"
LEFT_OUT = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>No notebooks in this copy</title></head>
<body><main><h1>No notebooks in this copy</h1>
<p>This copy of the course was built without the notebooks that run in the browser. Go back: the lesson works without
them. Whoever put the course up can add them by building it again with a connection to PyPI.</p>
</main></body></html>
"""


def build(distribution: Path | None = None) -> bool:
    """Build the site at `lite/` in the book's folder; return False when what is there is already what would be built.

    Args:
        distribution: an unpacked Pyodide distribution, as returned by `lite_packages.check_distribution`, from which
            pandas, numpy and matplotlib are added.

    Raises:
        lite_packages.PackagesError: when packages cannot be fetched; a page that says so is then in the site's place.
        subprocess.CalledProcessError: when JupyterLite fails; what it said is on standard error.
    """
    sources = _digest(distribution)
    stamp = LITE / STAMP
    if stamp.exists() and stamp.read_text(encoding="utf-8") == sources:
        return False
    project, site = WORK / "project", WORK / "site"
    for folder in (project, site, LITE):
        shutil.rmtree(folder, ignore_errors=True)
    project.mkdir(parents=True)
    try:
        at_start = lite_packages.collect(WORK / "pyodide", distribution)
    except lite_packages.PackagesError:
        _leave_out()
        raise
    copy_notebooks(
        WORK / "notebooks", absent=frozenset() if distribution else lite_packages.FROM_DISTRIBUTION
    )
    _configure(project, site, at_start)
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    done = subprocess.run(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        _leave_out()
        done.check_returncode()
    for app in APPS:
        page = site / app / "index.html"
        page.write_text(_start_with_session(page.read_text(encoding="utf-8")), encoding="utf-8")
    shutil.copy(SESSION, site)
    shutil.move(WORK / "pyodide", site / "static" / "pyodide")
    shutil.move(site, LITE)
    stamp.write_text(sources, encoding="utf-8")
    return True


def copy_notebooks(folder: Path, absent: Set[str]) -> None:
    """Copy the built notebooks, whole but for what JupyterLite cannot read: text in pieces, a language it must guess.

    In a lesson, the imports of absent packages come last, so that what else a cell imports is there for the cells below.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for source in NOTEBOOKS.rglob("*.ipynb"):
        exercise = source.relative_to(NOTEBOOKS).parts[0] == EXERCISES.name
        # A download is named by its whole path, and an exercise is to be handed in under its own name.
        place = Path(source.name) if exercise else source.relative_to(NOTEBOOKS)
        notebook = nbformat.read(source, as_version=4)  # puts text in pieces together
        notebook.metadata.setdefault("language_info", {"name": "python"})
        if absent and not exercise:
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    cell.source = _import_last(absent, cell.source)
        copy = folder / place
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")


def _import_last(absent: Set[str], source: str) -> str:
    """Return a cell's source with the imports of absent packages behind its others."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # such as IPython's own commands
        return source
    imports = list(takewhile(lambda one: isinstance(one, ast.Import | ast.ImportFrom), statements))
    needs = [one for one in imports if absent & _packages(one)]
    if not needs:
        return source
    lines = source.splitlines()
    ordered = [*(one for one in imports if one not in needs), *needs]
    above, below = lines[: imports[0].lineno - 1], lines[imports[-1].end_lineno :]
    return "\n".join([*above, *map(ast.unparse, ordered), *below])


def _packages(statement: ast.Import | ast.ImportFrom) -> set[str]:
    modules = (
        [one.name for one in statement.names] if isinstance(statement, ast.Import) else [statement.module]
    )
    return {module.split(".")[0] for module in modules}


def _configure(project: Path, site: Path, at_start: list[str]) -> None:
    extensions = Path(sys.prefix, "share", "jupyter", "labextensions")
    built = {
        "output_dir": str(site),
        "cache_dir": str(WORK / "cache"),
        "contents": [str(WORK / "notebooks")],
        "apps": APPS,
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
        "ignore_sys_prefix": ["federated_extensions"],  # several of this machine's need a server
        "federated_extensions": [str(extensions / name) for name in EXTENSIONS],
    }
    lock = hashlib.sha256((WORK / "pyodide" / "pyodide-lock.json").read_bytes()).hexdigest()[:12]
    settings = {
        "pyodideUrl": "./static/pyodide/pyodide.mjs",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {
            "lockFileURL": f"./static/pyodide/pyodide-lock.json?{lock}",
            "packages": at_start,
        },
    }
    config = {
        "appName": "IMPACT in Practice: notebooks",
        "contentsStorageName": "course-notebooks",
        "settingsStorageName": "course-notebooks-settings",
        "workspacesStorageName": "course-notebooks-workspaces",
        "litePluginSettings": {KERNEL_SETTINGS: settings},
    }
    site_config = {"jupyter-lite-schema-version": 0, "jupyter-config-data": config}
    (project / "jupyter_lite_config.json").write_text(
        json.dumps({"LiteBuildConfig": built}), encoding="utf-8"
    )
    (project / "jupyter-lite.json").write_text(json.dumps(site_config), encoding="utf-8")


def _start_with_session(page: str) -> str:
    """Return an application's page, in English by its own account, and waiting for what `session.js` has to forget."""
    if page.count(START) != 1 or page.count("<head>") != 1:
        raise RuntimeError("JupyterLite's page starts in a new way: coursekit.build.lite must learn it.")
    page = page.replace("<html>", '<html lang="en">')
    page = page.replace("<head>", '<head>\n    <script src="../session.js"></script>')
    return page.replace(START, f"await globalThis.notebooksReady;\n        {START}")


def _leave_out() -> None:
    shutil.rmtree(LITE, ignore_errors=True)
    for folder in (LITE, *(LITE / app for app in APPS)):
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(LEFT_OUT, encoding="utf-8")


def _digest(distribution: Path | None) -> str:
    """Return a digest of everything the site is made from."""
    files = [
        Path(__file__), Path(lite_packages.__file__), lite_packages.PINS, lite_packages.ABSENT, SESSION, ROOT / "requirements.lock",
        ROOT / "frontend" / "package-lock.json", *sorted(NOTEBOOKS.rglob("*.ipynb")),
    ]  # fmt: skip
    if distribution is not None:
        files.append(distribution / "pyodide-lock.json")
    digest = hashlib.sha256(json.dumps(lite_packages.improvement_files()).encode())
    for path in files:
        digest.update(f"{path.as_posix()}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
