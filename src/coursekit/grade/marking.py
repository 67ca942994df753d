"""Marks a cohort: stages each notebook, has nbgrader mark it and write feedback, and lets none stop the others."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import nbformat
from nbgrader.api import MissingEntry

from coursekit.grade import engine, pool, receipts
from coursekit.grade.folder import MarkingFolder
from coursekit.grade.marks import fingerprints
from coursekit.grade.submissions import Submission

MARKED = "marked"
UNCHANGED = "unchanged"
NOT_MARKED = "not marked"

_TIMESTAMP = "timestamp.txt"  # nbgrader's own name for when a submission came
_LONGEST = 900  # seconds for one submission: far beyond all of its own limits


@dataclass(frozen=True)
class Result:
    """How marking went for one submission.

    Attributes:
        submission: what was handed in.
        status: ``MARKED``, ``UNCHANGED`` (marked in an earlier run) or ``NOT_MARKED``.
        reason: why it was not marked, or what was mended; empty when there is nothing to say.
        flags: what a person should look at, one sentence each.
    """

    submission: Submission
    status: str
    reason: str
    flags: tuple[str, ...] = ()


def mark_cohort(
    folder: MarkingFolder,
    submissions: Sequence[Submission],
    report: Callable[[Result], None] = lambda _: None,
    *,
    settings: engine.Settings | None = None,
    workers: int = 1,
) -> list[Result]:
    """Mark what is new or changed, then bring every feedback page up to date with the gradebook.

    Args:
        folder: where to mark.
        submissions: from ``find_submissions``.
        report: called with each result as it comes.
        settings: how notebooks are run.
        workers: how many are marked at a time.

    Returns:
        The results in the order of the submissions.
    """
    engine.database(folder.root)  # loads nbgrader's settings before the processes part
    order = {submission.student: place for place, submission in enumerate(submissions)}
    results: list[Result] = [Result(submission, NOT_MARKED, "") for submission in submissions]
    mark = partial(mark_one, folder, settings=settings or engine.Settings())
    for result in pool.run(submissions, mark, _lost, workers=workers, longest=_LONGEST):
        results[order[result.submission.student]] = result
        report(result)
    return _write_feedback(folder, results, workers)


def mark_one(folder: MarkingFolder, submission: Submission, settings: engine.Settings) -> Result:
    """Have nbgrader mark one submission; whatever happens comes back as a result, never as an exception."""
    notes = " ".join(submission.notes)
    student = submission.student
    receipt = receipts.read(folder.receipt(student))
    if submission.data is None:
        kept = " The marks of an earlier hand-in stand." if receipt else ""
        return Result(submission, NOT_MARKED, f"{submission.problem}{kept}")

    handed_in = receipts.digest(submission.data)
    if (
        receipt
        and (receipt.handed_in, receipt.submitted) == (handed_in, submission.submitted)
        and folder.autograded(student).exists()
    ):
        return Result(submission, UNCHANGED, notes, flags(folder, student))
    try:
        _look_again(folder, submission)
        _stage(folder, submission)
        engine.autograde(folder.root, settings, folder.assignment, student)
        receipts.write(folder.receipt(student), receipts.Receipt(handed_in, submission.submitted, notes))
    except engine.EngineError as error:
        return Result(submission, NOT_MARKED, " ".join([str(error), *submission.notes]))
    except Exception as error:  # one notebook nobody foresaw must not cost the others their marks
        return Result(submission, NOT_MARKED, f"Marking stopped with {type(error).__name__}: {error}")
    return Result(submission, MARKED, notes, flags(folder, student))


def flags(folder: MarkingFolder, student: str) -> tuple[str, ...]:
    """What a person should look at in a marked submission."""
    try:
        marked = nbformat.read(folder.autograded(student), as_version=4)
        return tuple(map(str, marked.metadata["course"]["flags"]))
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _look_again(folder: MarkingFolder, submission: Submission) -> None:
    """Have scores that a person gave to an earlier hand-in wait for that person: nbgrader forgets those of tasks."""
    staged = folder.submitted(submission.student)
    if not staged.exists() or staged.read_bytes() == submission.data:
        return
    with engine.gradebook(engine.database(folder.root)) as gradebook:
        try:
            earlier = gradebook.find_submission(folder.assignment, submission.student)
        except MissingEntry:
            return
        for notebook in earlier.notebooks:
            for given in notebook.grades:
                if given.manual_score is not None:
                    given.needs_manual_grade = True
        gradebook.db.commit()


def _stage(folder: MarkingFolder, submission: Submission) -> None:
    """Put the notebook where nbgrader expects it, with nothing of an earlier hand-in beside it."""
    assert submission.data is not None
    staged = folder.submitted(submission.student)
    shutil.rmtree(staged.parent, ignore_errors=True)
    staged.parent.mkdir(parents=True)
    staged.write_bytes(submission.data)
    for relative, data in submission.files:
        path = staged.parent / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if submission.submitted:
        (staged.parent / _TIMESTAMP).write_text(submission.submitted, encoding="utf-8")


def _lost(submission: Submission, why: str) -> Result:
    return Result(
        submission,
        NOT_MARKED,
        f"{why} The other submissions are not affected. Run this command again; if it happens again, look at the notebook.",
    )


def _write_feedback(folder: MarkingFolder, results: list[Result], workers: int) -> list[Result]:
    """Write the pages of those whose marks or comments are not the ones on their page."""
    now = fingerprints(folder)
    stale: list[tuple[int, str]] = []
    for place, result in enumerate(results):
        student = result.submission.student
        receipt = receipts.read(folder.receipt(student))
        if receipt is None or student not in now or not folder.autograded(student).exists():
            continue
        if receipt.feedback != now[student] or not folder.feedback(student).exists():
            stale.append((place, student))

    def write(job: tuple[int, str]) -> tuple[int, str]:
        place, student = job
        try:
            engine.generate_feedback(folder.root, folder.assignment, student)
            receipts.add_feedback(folder.receipt(student), now[student])
        except Exception as error:  # the marks are safe in the gradebook: say what is missing and go on
            return place, f"The feedback page could not be written: {error}"
        return place, ""

    def lost(job: tuple[int, str], why: str) -> tuple[int, str]:
        return job[0], f"The feedback page could not be written. {why}"

    for place, missing in pool.run(stale, write, lost, workers=workers, longest=_LONGEST):
        if missing:
            reason = f"{results[place].reason} {missing}".strip()
            results[place] = replace(results[place], reason=reason)
    return results


def processors() -> int:
    """How many submissions to mark at a time on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
