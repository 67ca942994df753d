"""Runs notebooks on a dask cluster: its workers run and sandbox them, and know nothing of marks."""

from __future__ import annotations

import functools

from coursekit.sandbox import work

_TRIES = 3  # a worker that dies takes its notebook with it; another then runs it


def run(scheduler: str, task: work.Work) -> work.Done:
    """Run one unit of work on a worker of the cluster.

    Args:
        scheduler: its address, such as ``tcp://10.0.0.5:8786``.
        task: what to run.

    Raises:
        OSError: when the cluster cannot be reached.
    """
    return _client(scheduler).submit(work.run, task, pure=False, retries=_TRIES).result()


@functools.cache
def _client(scheduler: str):
    from distributed import Client

    return Client(scheduler, set_as_default=False)
