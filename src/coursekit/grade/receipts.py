"""Remembers what has been marked, so that the next run does only what is left: one small file a submission."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Receipt:
    """Written when a submission's marks are in the gradebook, and not before.

    Attributes:
        handed_in: digest of the notebook's bytes.
        submitted: when it was handed in, as the learning system said; empty when it did not.
        notes: what was said about it.
        feedback: digest of the marks and comments on its feedback page; empty until there is one.
    """

    handed_in: str
    submitted: str = ""
    notes: str = ""
    feedback: str = ""


def digest(data: bytes) -> str:
    """The digest of a notebook's bytes, or of marks as text."""
    return hashlib.sha256(data).hexdigest()


def read(path: Path) -> Receipt | None:
    """The receipt, or `None` when there is none that can be read: the submission is then marked again."""
    try:
        return Receipt(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write(path: Path, receipt: Receipt) -> None:
    """Put a receipt in its place in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(asdict(receipt)), encoding="utf-8")
    os.replace(draft, path)


def add_feedback(path: Path, marks: str) -> None:
    """Note which marks the feedback page shows."""
    receipt = read(path)
    if receipt is not None:
        write(path, replace(receipt, feedback=marks))
