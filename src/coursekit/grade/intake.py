"""Opens what a facilitator was given, whatever it came in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coursekit.grade.folder import MarkingFolder
from coursekit.grade.submissions import Submission, find_submissions


class IntakeError(Exception):
    """What was given cannot be opened; the message says what to do."""


@contextmanager
def opened(path: Path, folder: MarkingFolder) -> Iterator[list[Submission]]:
    """Yield what each learner handed in."""
    yield find_submissions(path, folder.released(), folder.assignment, folder.notebook)
