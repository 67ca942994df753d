"""Runs nbgrader on a marking folder: the only module that calls its interface."""

from __future__ import annotations

import functools
import os
import sysconfig
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGraderAPI
from sqlalchemy.exc import SAWarning
from traitlets.config.loader import JSONFileConfigLoader, PyFileConfigLoader

CONFIG = "nbgrader_config.py"
OWN_SETTINGS = "nbgrader_config.json"
"""Settings of one marking folder alone; nbgrader's own commands read it beside the other."""

LOG = "nbgrader.log"

_REASONS = {
    "SandboxError": "The sandbox could not be made: {last}",
    "database is locked": (
        "The gradebook is in use by another program. Close it, formgrader too, then run this command again."
    ),
    "OperationalError": "The gradebook could not be reached. Check that its server runs, then run this command again.",
}
_UNKNOWN = (
    "nbgrader could not mark this notebook. Open it in JupyterLab, save it and hand it in again; if that does not "
    "help, the reason is in {log}."
)


class EngineError(Exception):
    """nbgrader did not finish a step; the message is for a facilitator."""


@dataclass(frozen=True)
class Settings:
    """How notebooks are run, for this run of the command only.

    Attributes:
        sandbox: whether in a sandbox.
        scheduler: the address of a dask scheduler; empty for this machine.
    """

    sandbox: bool = True
    scheduler: str = ""


def generate_assignment(root: Path, assignment: str) -> None:
    """Make the learner's version of an assignment in ``release/`` and enter it in the gradebook."""
    _run(root, Settings(), "generate_assignment", assignment)


def autograde(root: Path, settings: Settings, assignment: str, student: str) -> None:
    """Mark one staged submission, again if it was marked before; manual marks are kept."""
    _run(root, settings, "autograde", assignment, student)


def generate_feedback(root: Path, assignment: str, student: str) -> None:
    """Write one learner's feedback page from the gradebook as it stands."""
    _run(root, Settings(), "generate_feedback", assignment, student)


def database(root: Path) -> str:
    """The address of a marking folder's gradebook."""
    return _api(root.resolve(), Settings()).coursedir.db_url


def forget() -> None:
    """Read settings anew: they have changed."""
    _api.cache_clear()


def _run(root: Path, settings: Settings, step: str, *args: str) -> None:
    root = root.resolve()
    with scripts_on_path(), warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own queries, nothing a facilitator can mend
        outcome: dict[str, Any] = getattr(_api(root, settings), step)(*args)
    said = outcome.get("log", "") + outcome.get("error", "")
    with (root / LOG).open("a", encoding="utf-8") as log:
        log.write(f"== {step} {' '.join(args)}\n{said}\n")
    if not outcome["success"]:
        last = said.strip().rpartition("\n")[2]
        known = [reason.format(last=last) for sign, reason in _REASONS.items() if sign in said]
        raise EngineError(known[0] if known else _UNKNOWN.format(log=root / LOG))


@functools.lru_cache(maxsize=4)
def _api(root: Path, settings: Settings) -> NbGraderAPI:
    config = PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    if (root / OWN_SETTINGS).exists():
        config.merge(JSONFileConfigLoader(OWN_SETTINGS, path=str(root)).load_config())
    config.CourseDirectory.root = str(root)
    config.ExecuteSealed.sandbox = settings.sandbox
    config.ExecuteSealed.scheduler = settings.scheduler
    with scripts_on_path():
        return NbGraderAPI(config=config)


@contextmanager
def scripts_on_path() -> Iterator[None]:
    """Let nbgrader find ``alembic``, which it calls by name, when the environment has not been activated."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
