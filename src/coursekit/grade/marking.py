"""Marks a cohort: stages each notebook, has nbgrader mark it and write feedback, and lets none stop the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coursekit.grade import engine
from coursekit.grade.folder import MarkingFolder
from coursekit.grade.submissions import Submission

MARKED = "marked"
UNCHANGED = "unchanged"
NOT_MARKED = "not marked"


@dataclass(frozen=True)
class Result:
    """How marking went for one submission.

    Attributes:
        submission: what was handed in.
        status: ``MARKED``, ``UNCHANGED`` (marked in an earlier run) or ``NOT_MARKED``.
        reason: why it was not marked, or what was mended; empty when there is nothing to say.
    """

    submission: Submission
    status: str
    reason: str


def mark_cohort(
    folder: MarkingFolder,
    submissions: Sequence[Submission],
    report: Callable[[Result], None] = lambda _: None,
) -> list[Result]:
    """Mark what is new or changed, then bring every feedback page up to date with the gradebook.

    Args:
        folder: where to mark.
        submissions: from ``find_submissions``.
        report: called with each result as it comes.
    """
    results = []
    for submission in submissions:
        result = mark_one(folder, submission)
        report(result)
        results.append(result)
    return [_with_feedback(folder, result) for result in results]


def mark_one(folder: MarkingFolder, submission: Submission) -> Result:
    """Have nbgrader mark one submission; whatever happens comes back as a result, never as an exception."""
    notes = " ".join(submission.notes)
    if submission.data is None:
        kept = (
            " The marks of an earlier hand-in stand."
            if folder.autograded(submission.student).exists()
            else ""
        )
        return Result(submission, NOT_MARKED, f"{submission.problem}{kept}")

    staged = folder.submitted(submission.student)
    if (
        staged.exists()
        and staged.read_bytes() == submission.data
        and folder.autograded(submission.student).exists()
    ):
        return Result(submission, UNCHANGED, notes)
    try:
        staged.parent.mkdir(parents=True, exist_ok=True)
        staged.write_bytes(submission.data)
        engine.autograde(folder.root, folder.assignment, submission.student)
    except engine.EngineError as error:
        return Result(submission, NOT_MARKED, " ".join([str(error), *submission.notes]))
    except Exception as error:  # one notebook nobody foresaw must not cost the others their marks
        return Result(submission, NOT_MARKED, f"Marking stopped with {type(error).__name__}: {error}")
    return Result(submission, MARKED, notes)


def _with_feedback(folder: MarkingFolder, result: Result) -> Result:
    student = result.submission.student
    page = folder.feedback(student)
    if not folder.autograded(student).exists():
        return result
    if page.exists() and page.stat().st_mtime_ns >= folder.gradebook.stat().st_mtime_ns:
        return result
    try:
        engine.generate_feedback(folder.root, folder.assignment, student)
    except Exception as error:  # the marks are safe in the gradebook: say what is missing and go on
        missing = f"The feedback page could not be written: {error}"
        return Result(result.submission, result.status, f"{result.reason} {missing}".strip())
    return result
