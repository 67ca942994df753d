"""The facilitator's marking folder: a whole nbgrader course whose hidden tests draw on a private cohort seed."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursekit.grade import engine
from coursekit.grade.release import add_assignment, exercises

try:
    import fcntl
except ImportError:  # Windows, where nothing is marked but one's own notebooks
    fcntl = None

PLACEHOLDER = "cohort_seed = 0"
_RECORD = "cohort.json"


class FolderError(Exception):
    """The folder cannot be marked in; the message says what to do."""


@dataclass(frozen=True)
class MarkingFolder:
    """One assignment in a marking folder.

    Attributes:
        root: the folder itself; nbgrader's commands and its formgrader work there.
        assignment: such as ``E02``.
        notebook: the notebook's name without its ending, such as ``E02-chart-pack``.
        outdated: the course's exercise has changed since it was put in; the folder keeps its own.
    """

    root: Path
    assignment: str
    notebook: str
    outdated: bool

    def released(self) -> NotebookNode:
        """The learner's version of the exercise."""
        return nbformat.read(self.root / "release" / self.assignment / f"{self.notebook}.ipynb", as_version=4)

    def submitted(self, student: str) -> Path:
        """Where a learner's notebook is staged, as it was handed in."""
        return self.root / "submitted" / student / self.assignment / f"{self.notebook}.ipynb"

    def autograded(self, student: str) -> Path:
        """The marked copy of a learner's notebook."""
        return self.root / "autograded" / student / self.assignment / f"{self.notebook}.ipynb"

    def feedback(self, student: str) -> Path:
        """A learner's feedback page."""
        return self.root / "feedback" / student / self.assignment / f"{self.notebook}.html"

    @property
    def table(self) -> Path:
        """The table of marks, for a spreadsheet."""
        return self.root / f"marks-{self.assignment}.csv"

    def receipt(self, student: str) -> Path:
        """Where it is written that a learner's notebook has been marked."""
        return self.root / "receipts" / self.assignment / f"{student}.json"


def open_folder(root: Path, assignment: str, gradebook: str | None = None) -> MarkingFolder:
    """Open a marking folder, or make it: nothing half-made is left behind if that fails.

    The seed is drawn once for a folder and kept in it, so that every learner in a cohort meets the same hidden tests
    and nobody can read them in the open repository.

    Args:
        root: the folder.
        assignment: such as ``E02``.
        gradebook: the address of a PostgreSQL database to keep the marks in; only for a folder that is not there yet.

    Raises:
        FolderError: when the place holds something else, another run is adding this exercise, or the gradebook holds its
            marks already.
        ExerciseError, EngineError: when the exercise cannot be entered.
    """
    if gradebook is not None:
        gradebook = engine.postgresql(gradebook)
    source = exercises()[assignment]
    text = source.read_text(encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    if root.exists() and not root.is_dir():
        raise FolderError(f"{root} is a file. Name a folder for the marking with --marking.")

    if not (root / _RECORD).exists():
        if root.exists() and any(root.iterdir()):
            raise FolderError(
                f"{root} holds other things, and marking would add to them. Name a new folder with --marking."
            )
        _make(root, assignment, source.name, text, digest, gradebook)
    elif gradebook is not None and gradebook != engine.database(root):
        raise FolderError(
            f"{root} keeps its gradebook elsewhere already. Leave --gradebook out, or name a new folder with --marking."
        )
    record = json.loads((root / _RECORD).read_text(encoding="utf-8"))
    if assignment not in record["exercises"]:
        with alone(root):
            _check_free(engine.database(root), assignment)
            _add(root, record, assignment, source.name, text, digest)
    entry = record["exercises"][assignment]
    return MarkingFolder(root, assignment, entry["notebook"], entry["sha256"] != digest)


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold a marking folder for one run; the lock goes with the process, however it ends.

    Raises FolderError when another run holds it.
    """
    if fcntl is None:
        yield
        return
    with (root / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise FolderError(
                f"Another run is marking in {root}. Wait until it has finished, then run this command again."
            ) from None
        yield


def _make(root: Path, assignment: str, filename: str, text: str, digest: str, gradebook: str | None) -> None:
    root.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=f".{root.name}-", dir=root.parent))  # for its owner's eyes only
    try:
        if gradebook is not None:
            _check_free(gradebook, assignment)
            engine.write_own_settings(workshop, {"CourseDirectory": {"db_url": gradebook}})
        _add(
            workshop,
            {"seed": 10**20 + secrets.randbelow(10**20), "exercises": {}},
            assignment,
            filename,
            text,
            digest,
        )
        if root.exists():
            root.rmdir()
        os.replace(workshop, root)
    except BaseException:
        shutil.rmtree(workshop, ignore_errors=True)
        raise


def _check_free(address: str, assignment: str) -> None:
    """Raise FolderError where a gradebook has an exercise's marks that this folder knows nothing of."""
    with engine.gradebook(address) as gradebook:
        if any(one.name == assignment and one.submissions for one in gradebook.assignments):
            raise FolderError(
                f"The gradebook holds marks for {assignment} already, from another marking folder. Go on with that "
                "folder, or give this one a database of its own with --gradebook."
            )


def _add(root: Path, record: dict, assignment: str, filename: str, text: str, digest: str) -> None:
    shutil.rmtree(root / "source" / assignment, ignore_errors=True)  # of a run that was stopped half-way
    add_assignment(root, assignment, text.replace(PLACEHOLDER, f"cohort_seed = {record['seed']}"), filename)
    record["exercises"][assignment] = {"notebook": Path(filename).stem, "sha256": digest}
    draft = root / f"{_RECORD}.new"
    draft.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    os.replace(draft, root / _RECORD)
