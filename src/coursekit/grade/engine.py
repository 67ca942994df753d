"""Runs nbgrader on a marking folder: the only module that calls its interface."""

from __future__ import annotations

import os
import sysconfig
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGraderAPI
from sqlalchemy.exc import SAWarning
from traitlets.config.loader import PyFileConfigLoader

CONFIG = "nbgrader_config.py"
LOG = "nbgrader.log"

_REASONS = {
    "Kernel died": (
        "The notebook stopped Python itself while it was being marked, for example with exit() or by using all the "
        "memory. Open it, find the box that does this, and ask the learner to mend it."
    ),
    "kernel became unresponsive": (
        "The notebook stopped answering and could not be interrupted: an endless loop is the usual cause. "
        "Ask the learner to mend it."
    ),
    "database is locked": (
        "The gradebook is in use by another program. Close it, formgrader too, then run this command again."
    ),
}
_UNKNOWN = (
    "nbgrader could not mark this notebook. Open it in JupyterLab, save it and hand it in again; if that does not "
    "help, the reason is in {log}."
)


class EngineError(Exception):
    """nbgrader did not finish a step; the message is for a facilitator."""


def generate_assignment(root: Path, assignment: str) -> None:
    """Make the learner's version of an assignment in ``release/`` and enter it in the gradebook."""
    _run(root, "generate_assignment", assignment)


def autograde(root: Path, assignment: str, student: str) -> None:
    """Mark one staged submission, again if it was marked before; manual marks are kept."""
    _run(root, "autograde", assignment, student)


def generate_feedback(root: Path, assignment: str, student: str) -> None:
    """Write one learner's feedback page from the gradebook as it stands."""
    _run(root, "generate_feedback", assignment, student)


def _run(root: Path, step: str, *args: str) -> None:
    root = root.resolve()
    config = PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    config.CourseDirectory.root = str(root)
    with scripts_on_path(), warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own queries, nothing a facilitator can mend
        outcome: dict[str, Any] = getattr(NbGraderAPI(config=config), step)(*args)
    said = outcome.get("log", "") + outcome.get("error", "")
    with (root / LOG).open("a", encoding="utf-8") as log:
        log.write(f"== {step} {' '.join(args)}\n{said}\n")
    if not outcome["success"]:
        known = [reason for sign, reason in _REASONS.items() if sign in said]
        raise EngineError(known[0] if known else _UNKNOWN.format(log=root / LOG))


@contextmanager
def scripts_on_path() -> Iterator[None]:
    """Let nbgrader find ``alembic``, which it calls by name, when the environment has not been activated."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
