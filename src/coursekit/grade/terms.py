"""Sets when an assignment is due and what being late costs, where nbgrader keeps them."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

from coursekit.grade import engine
from coursekit.grade.folder import FolderError, MarkingFolder


def set_terms(folder: MarkingFolder, due: str | None, late: str | None) -> None:
    """Write the terms into the gradebook and the marking folder's own settings; they hold until they are set anew.

    Args:
        due: a date and time, in this computer's time zone unless it names another; `None` leaves it as it is.
        late: `none` or `zero`, nbgrader's penalty methods; `None` leaves it as it is.

    Raises:
        FolderError: when `due` is not a date.
        EngineError: when the gradebook cannot be reached.
    """
    changed = False
    if due is not None:
        try:
            utc = datetime.fromisoformat(due).astimezone(UTC)
        except ValueError:
            raise FolderError(f"{due!r} is not a date and time. Write --due '2026-11-30 17:00'.") from None
        with engine.gradebook(engine.database(folder.root)) as gradebook:
            before = gradebook.find_assignment(folder.assignment).duedate
            gradebook.update_or_create_assignment(folder.assignment, duedate=utc.replace(tzinfo=None))
        changed |= before != utc.replace(tzinfo=None)
    if late is not None:
        settings = engine.own_settings(folder.root)
        plugin = settings.setdefault("LateSubmissionPlugin", {})
        changed |= plugin.get("penalty_method", "none") != late
        plugin["penalty_method"] = late
        engine.write_own_settings(folder.root, settings)
    if changed:
        shutil.rmtree(
            folder.receipt("any").parent, ignore_errors=True
        )  # so that everyone is marked on these terms
