"""Spreads jobs over processes; one that dies or hangs costs its own job and no other."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

_LOOK = 1.0  # seconds between looks at the clock


class _Worker:
    """A process that does jobs by their number; the jobs themselves came with the fork."""

    def __init__(self, jobs: Sequence[Any], do: Callable[[Any], Any]) -> None:
        context = multiprocessing.get_context("fork")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, self.pipe, jobs, do), daemon=True)
        self.process.start()
        theirs.close()
        self.number: int | None = None
        self.since = 0.0

    def give(self, number: int) -> None:
        self.number, self.since = number, time.monotonic()
        self.pipe.send(number)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _serve(pipe: Connection, other: Connection, jobs: Sequence[Any], do: Callable[[Any], Any]) -> None:
    other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    if sys.platform.startswith("linux"):
        from coursekit.sandbox import linux

        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)  # nothing goes on when the run is killed
    with contextlib.suppress(EOFError):
        while True:
            pipe.send(do(jobs[pipe.recv()]))
    os._exit(0)


def run(
    jobs: Sequence[Job],
    do: Callable[[Job], Result],
    lost: Callable[[Job, str], Result],
    *,
    workers: int,
    longest: float,
) -> Iterator[Result]:
    """Yield each job's result as it comes, in any order.

    Args:
        jobs: what to do; nothing in them is copied to another process but by the fork.
        do: does one job; should not raise.
        lost: makes the result of a job whose process died or took too long, from the job and the reason.
        workers: how many processes; none are made for one.
        longest: seconds a job may take.
    """
    if workers <= 1 or not hasattr(os, "fork"):
        yield from map(do, jobs)
        return
    waiting = list(range(len(jobs)))[::-1]
    crew = [_Worker(jobs, do) for _ in range(min(workers, len(jobs)))]
    try:
        for worker in crew:
            worker.give(waiting.pop())
        while crew:
            ready = wait([one for worker in crew for one in (worker.pipe, worker.process.sentinel)], _LOOK)
            for worker in list(crew):
                assert worker.number is not None
                job = jobs[worker.number]
                if worker.pipe in ready:
                    try:
                        result = worker.pipe.recv()
                    except (EOFError, OSError):
                        result = lost(job, "The process that marked it died.")
                        worker = _replace(crew, worker, jobs, do)
                elif worker.process.sentinel in ready:
                    result = lost(job, "The process that marked it died.")
                    worker = _replace(crew, worker, jobs, do)
                elif time.monotonic() - worker.since > longest:
                    result = lost(job, f"Marking it took longer than {longest:g} seconds.")
                    worker = _replace(crew, worker, jobs, do)
                else:
                    continue
                if waiting:
                    worker.give(waiting.pop())
                else:
                    crew.remove(worker)
                    worker.end()
                yield result
    finally:
        for worker in crew:
            worker.end()


def _replace(crew: list[_Worker], worker: _Worker, jobs: Sequence[Any], do: Callable[[Any], Any]) -> _Worker:
    worker.end()
    crew[crew.index(worker)] = fresh = _Worker(jobs, do)
    return fresh
