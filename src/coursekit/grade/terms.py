"""Sets when an assignment is due and what being late costs, where nbgrader keeps them."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime

from nbgrader.api import Gradebook

from coursekit.grade import engine
from coursekit.grade.folder import FolderError, MarkingFolder


def set_terms(folder: MarkingFolder, due: str | None, late: str | None) -> None:
    """Write the terms into the gradebook and the marking folder's own settings; they hold until they are set anew.

    Args:
        due: a date and time, in this computer's time zone unless it names another; `None` leaves it as it is.
        late: `none` or `zero`, nbgrader's penalty methods; `None` leaves it as it is.

    Raises:
        FolderError: when `due` is not a date.
    """
    changed = False
    if due is not None:
        try:
            utc = datetime.fromisoformat(due).astimezone(UTC)
        except ValueError:
            raise FolderError(f"{due!r} is not a date and time. Write --due '2026-11-30 17:00'.") from None
        with engine.scripts_on_path(), Gradebook(engine.database(folder.root)) as gradebook:
            before = gradebook.find_assignment(folder.assignment).duedate
            gradebook.update_or_create_assignment(folder.assignment, duedate=utc.replace(tzinfo=None))
        changed |= before != utc.replace(tzinfo=None)
    if late is not None:
        path = folder.root / engine.OWN_SETTINGS
        settings = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        plugin = settings.setdefault("LateSubmissionPlugin", {})
        changed |= plugin.get("penalty_method", "none") != late
        plugin["penalty_method"] = late
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
        os.replace(draft, path)
        engine.forget()
    if changed:
        shutil.rmtree(
            folder.receipt("any").parent, ignore_errors=True
        )  # so that everyone is marked on these terms
