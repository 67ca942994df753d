"""Collects from nbgrader's exchange what each learner handed in under their own name, and nothing else."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect


class CollectOwnWork(ExchangeCollect):
    """nbgrader's collector, less what is not the learner's own.

    nbgrader only warns when somebody hands in under another's name, and it follows links: a link to the gradebook would
    be collected as the learner's work. Here both stay where they are, and the log says so.
    """

    def init_src(self) -> None:
        """Find each learner's latest hand-in that is their own."""
        super().init_src()
        self.src_records = [record for record in self.src_records if record["username"]]

    def _path_to_record(self, path: str) -> dict[str, Any]:
        record = super()._path_to_record(path)
        reason = next(not_theirs(Path(path), record["username"]), None)
        if reason:
            self.log.error(f"Not collected: {path}, because {reason}.")
            record["username"] = ""  # nobody's, so that an honest hand-in is not passed over for it
        return record


def not_theirs(folder: Path, learner: str) -> Iterator[str]:
    """Say what in a hand-in is not the learner's own, one clause each."""
    for path in (folder, *folder.rglob("*")):
        if path.is_symlink():
            yield f"{path.name} is a link"
        elif _owner(path) != learner:
            yield f"{path.name} belongs to {_owner(path)}"


def _owner(path: Path) -> str:
    uid = os.lstat(path).st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user number {uid}, who has no account"
