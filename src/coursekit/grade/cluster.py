"""Runs notebooks on a dask cluster: its workers run and sandbox them, and know nothing of marks."""

from __future__ import annotations

import functools
import logging
import threading
from typing import TYPE_CHECKING

from coursekit.grade import pool
from coursekit.sandbox import ways, work
from coursekit.sandbox.parent import SandboxError

if TYPE_CHECKING:
    from distributed import Client

_TRIES = 3  # a worker that dies takes its notebook with it; another then runs it
_CONNECT = 10  # seconds
_READY = 120  # seconds for a worker to warm up and run a first notebook
_SLACK = 480  # seconds beyond a notebook's own limits: dask finds out after 300 that a worker hangs

_LOST = "The connection with the cluster at {scheduler} was lost. Check its scheduler, then run this command again."


_gone: set[str] = set()


class ClusterError(Exception):
    """The cluster did not do its work; the message is for a facilitator."""


def prepare(scheduler: str, *, sandboxed: bool) -> int:
    """Have every worker of a cluster prove that it can run a notebook.

    A process of its own asks: a client's threads would not live through the forks to come.

    Args:
        scheduler: its address, such as ``tcp://10.0.0.5:8786``.
        sandboxed: whether they must run notebooks in a sandbox.

    Returns:
        How many notebooks the cluster runs at a time.

    Raises:
        ClusterError: when it cannot be reached, or a worker is not able.
    """

    def ask(_: str) -> int | str:
        try:
            return _count(scheduler, sandboxed)
        except ClusterError as error:
            return str(error)

    def lost(_: str, why: str) -> str:
        return f"The cluster at {scheduler} did not get ready. {why}"

    (answer,) = pool.run([scheduler], ask, lost, workers=2, longest=_CONNECT + 2 * _READY)
    if isinstance(answer, str):
        raise ClusterError(answer)
    return answer


def run(scheduler: str, task: work.Work) -> work.Done:
    """Run one unit of work on a worker of the cluster.

    Args:
        scheduler: its address.
        task: what to run.

    Raises:
        ClusterError: when the cluster cannot be reached, lost its workers, or does not answer.
        SandboxError: when a worker could not make a sandbox.
    """
    if scheduler in _gone:
        raise ClusterError(_LOST.format(scheduler=scheduler))
    longest = 2 * task.limits.lifetime + _SLACK
    try:
        future = _client(scheduler).submit(_run, task, pure=False, retries=_TRIES)
        return future.result(timeout=longest)
    except (SandboxError, ClusterError):
        raise
    except TimeoutError:
        future.cancel()
        raise ClusterError(f"The cluster did not run this notebook within {longest} seconds.") from None
    except Exception as error:  # dask has many, and changes them
        if type(error).__name__ == "KilledWorker":
            raise ClusterError(
                "The workers that were to run this notebook died, one after the other."
            ) from None
        _gone.add(scheduler)  # thousands of submissions must not wait for it one by one
        raise ClusterError(_LOST.format(scheduler=scheduler)) from error


@functools.cache
def _client(scheduler: str) -> Client:
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError(
            "To mark on a cluster, install what it needs: pip install 'impact-in-practice[cluster]'"
        ) from None
    for logger in ("distributed", "distributed.client"):
        logging.getLogger(logger).setLevel(logging.CRITICAL)  # what went wrong is said once, in words
    try:
        return Client(scheduler, set_as_default=False, timeout=_CONNECT)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"There is no dask scheduler that answers at {scheduler} ({error}). Check the address, which looks like "
            "tcp://10.0.0.5:8786, and that it runs."
        ) from None


def _count(scheduler: str, sandboxed: bool) -> int:
    client = _client(scheduler)
    threads = client.nthreads()
    if not threads:
        raise ClusterError(f"The cluster at {scheduler} has no workers. Start some: dask worker {scheduler}")
    asked = {
        worker: client.submit(_prove, sandboxed, workers=[worker], pure=False, allow_other_workers=False)
        for worker in threads
    }
    for worker, future in asked.items():
        try:
            future.result(timeout=_READY)
        except Exception as error:
            raise ClusterError(
                f"The worker {worker} cannot run notebooks ({error or type(error).__name__}). It needs this version of "
                "the course, and the same of Python. Mend it or stop it, then run this command again."
            ) from None
    return sum(threads.values())


_one_at_a_time = threading.Lock()


def _prove(sandboxed: bool) -> None:
    """On a worker: find the way to a sandbox, once for the process."""
    if sandboxed:
        with _one_at_a_time:
            _prepared()


@functools.cache
def _prepared() -> None:
    ways.prepare()


def _run(task: work.Work) -> work.Done:
    """On a worker: run a notebook."""
    _prove(task.sandboxed)
    return work.run(task)
