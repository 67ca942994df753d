"""Runs nbgrader on a marking folder: the only module that calls its interface."""

from __future__ import annotations

import functools
import importlib
import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbgrader.api
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SAWarning
from traitlets.config.loader import JSONFileConfigLoader, PyFileConfigLoader

CONFIG = "nbgrader_config.py"
OWN_SETTINGS = "nbgrader_config.json"
"""Settings of one marking folder alone; nbgrader's own commands read it beside the other."""

LOG = "nbgrader.log"

_REASONS = {
    "SandboxError": "The sandbox could not be made: {said}",
    "ClusterError": "{said} Run this command again; what is marked is kept.",
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


@contextmanager
def gradebook(address: str) -> Iterator[Gradebook]:
    """The gradebook at an address, open. Raises EngineError when it cannot be reached."""
    try:
        with newest_version_known(), Gradebook(address) as opened:
            yield opened
    except DBAPIError as error:
        said = f"{type(error).__name__}: {error}"
        raise EngineError(_known(said) or f"The gradebook failed with {said}") from error


def postgresql(address: str) -> str:
    """A PostgreSQL database's address in the form that nbgrader takes.

    Raises:
        EngineError: when it is no such address, or Python cannot speak to PostgreSQL here.
    """
    try:
        url = make_url(address)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() not in ("postgresql", "postgres") or not url.database:
        raise EngineError(
            "--gradebook takes the address of a PostgreSQL database, such as postgresql://name:password@host/database."
        )
    try:
        importlib.import_module("psycopg")
    except ImportError:
        raise EngineError(
            "A gradebook in PostgreSQL needs psycopg. Run: pip install 'impact-in-practice[postgresql]'"
        ) from None
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def own_settings(root: Path) -> dict[str, Any]:
    """The settings of one marking folder alone."""
    path = root / OWN_SETTINGS
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write_own_settings(root: Path, settings: dict[str, Any]) -> None:
    """Put settings in their place in one step, for their owner's eyes only: a password may be among them."""
    draft = root / f"{OWN_SETTINGS}.new"
    draft.unlink(missing_ok=True)
    with open(draft, "w", encoding="utf-8", opener=functools.partial(os.open, mode=0o600)) as file:
        file.write(json.dumps(settings, indent=1) + "\n")
    os.replace(draft, root / OWN_SETTINGS)
    _api.cache_clear()


def _run(root: Path, settings: Settings, step: str, *args: str) -> None:
    root = root.resolve()
    with newest_version_known(), _lasting_engines(), warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own queries, nothing a facilitator can mend
        outcome: dict[str, Any] = getattr(_api(root, settings), step)(*args)
    said = outcome.get("log", "") + outcome.get("error", "")
    with (root / LOG).open("a", encoding="utf-8") as log:
        log.write(f"== {step} {' '.join(args)}\n{said}\n")
    if not outcome["success"]:
        raise EngineError(_known(said) or _UNKNOWN.format(log=root / LOG))


@contextmanager
def _lasting_engines() -> Iterator[None]:
    """Have nbgrader, which opens its database ten times for a notebook, find the statements compiled the time before."""
    before = nbgrader.api.create_engine
    nbgrader.api.create_engine = functools.partial(_database_engine, os.getpid())
    try:
        yield
    finally:
        nbgrader.api.create_engine = before


@functools.lru_cache(maxsize=4)
def _database_engine(process: int, address: str, **options: Any) -> Engine:
    return create_engine(address, **options)


def _known(said: str) -> str | None:
    """A facilitator's sentence for what nbgrader or the database said, if there is one."""
    for sign, reason in _REASONS.items():
        lines = [line for line in said.splitlines() if sign in line]
        if lines:
            return reason.format(said=lines[-1].partition(f"{sign}: ")[2])
    return None


@functools.lru_cache(maxsize=4)
def _api(root: Path, settings: Settings) -> NbGraderAPI:
    config = PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    if (root / OWN_SETTINGS).exists():
        config.merge(JSONFileConfigLoader(OWN_SETTINGS, path=str(root)).load_config())
    config.CourseDirectory.root = str(root)
    config.ExecuteSealed.sandbox = settings.sandbox
    config.ExecuteSealed.scheduler = settings.scheduler
    return NbGraderAPI(config=config)


@contextmanager
def newest_version_known() -> Iterator[None]:
    """Have nbgrader, which enters in a new gradebook what version its tables have, look that up and start no program."""
    before = nbgrader.api.get_alembic_version
    nbgrader.api.get_alembic_version = _newest_version
    try:
        yield
    finally:
        nbgrader.api.get_alembic_version = before


def _newest_version() -> str:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(Path(nbgrader.__file__).with_name("alembic"))).get_current_head()
