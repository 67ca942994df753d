"""What runs inside a sandbox around the learner's kernel: its bounds, and the watch kept over it."""

from __future__ import annotations

import contextlib
import os
import resource
import select
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from coursekit.sandbox import kernel, linux
from coursekit.sandbox.limits import Limits

ENDED, MEMORY, TOO_MANY, LATE = "ended", "memory", "processes", "late"
"""How a kernel came to its end: by itself, or stopped for its memory, its processes, or its time."""

LEARNER = 1000  # the learner's user and group inside

_EXIT = {ENDED: 0, MEMORY: 40, TOO_MANY: 41, LATE: 42}
_WATCH = 0.25  # seconds between looks at what a notebook uses
_SPARE = 8  # processes of our own that the count includes
_PAGE = os.sysconf("SC_PAGE_SIZE")


def reason(code: int) -> str:
    """Return how a kernel ended from the exit code of `watch`; any other code is an end of its own."""
    return {number: name for name, number in _EXIT.items()}.get(code, ENDED)


def start(
    connection: Mapping[str, Any], sockets: Mapping[int, int], limits: Limits, orders: int, trouble: int
) -> int:
    """Fork the kernel, without privileges, and return its process number.

    Args:
        connection, sockets: as in `kernel.prepare`.
        limits: what it may use.
        orders: the pipe that `watch` reads; the kernel does not get it.
        trouble: a pipe for what goes wrong before the kernel is ready; closed before any notebook runs.
    """
    child = os.fork()
    if child == 0:
        _become_kernel(connection, sockets, limits, orders, trouble)
    for descriptor in sockets.values():
        os.close(descriptor)
    return child


def _become_kernel(
    connection: Mapping[str, Any], sockets: Mapping[int, int], limits: Limits, orders: int, trouble: int
) -> NoReturn:
    try:
        os.close(orders)
        empty = os.open("/dev/null", os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(empty, standard)
        os.setsid()
        linux.bar_capabilities()
        if os.geteuid() == 0:
            os.setresgid(LEARNER, LEARNER, LEARNER)
            os.setresuid(LEARNER, LEARNER, LEARNER)
        linux.drop_capabilities()
        _bound(limits)
        app = kernel.prepare(connection, sockets)
    except BaseException as error:
        os.write(trouble, f"{type(error).__name__}: {error}".encode())
        os._exit(0)
    try:
        os.close(trouble)
        app.start()
    finally:
        os._exit(0)


def _bound(limits: Limits) -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    for kind, most in (
        (resource.RLIMIT_AS, pages * _PAGE + limits.memory),
        (resource.RLIMIT_CPU, limits.cpu),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_FSIZE, limits.disk),
        (resource.RLIMIT_NOFILE, 512),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
    ):
        resource.setrlimit(kind, (most, most))


def watch(child: int, orders: int, limits: Limits) -> int:
    """Keep watch as the sandbox's first process until the kernel ends; return the exit code that says how.

    Args:
        child: the kernel.
        orders: a pipe; each byte is a signal to pass on, and its end means that nobody waits any more.
        limits: what the kernel, and all that it starts, may use.
    """
    ended = os.pidfd_open(child)
    until = time.monotonic() + limits.lifetime
    first = _memory("self")
    while True:
        ready, _, _ = select.select([orders, ended], [], [], _WATCH)
        if orders in ready:
            order = os.read(orders, 1)
            if not order:
                return _EXIT[ENDED]
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, order[0])
        if _reap(child):
            return _EXIT[ENDED]
        inside = [name for name in os.listdir("/proc") if name.isdigit()]
        if len(inside) > limits.processes + _SPARE:
            return _EXIT[TOO_MANY]
        # A fork shares what this process held from the beginning; a program that was started anew does not.
        used = sum(max(0, _memory(name) - first * _is_fork(name)) for name in inside)
        if used * _PAGE > limits.memory * 1.25:
            return _EXIT[MEMORY]
        if time.monotonic() > until:
            return _EXIT[LATE]


def _reap(child: int) -> bool:
    """Bury what has ended, orphans too; say whether the kernel was among them."""
    while True:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return True
        if ended == child:
            return True
        if ended == 0:
            return False


def _memory(name: str) -> int:
    """Pages of its own that a process holds; 0 when it has gone."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        fields = Path(f"/proc/{name}/statm").read_text(encoding="ascii").split()
        return int(fields[1]) - int(fields[2])
    return 0


def _is_fork(name: str) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{name}/cmdline").read_bytes() == Path("/proc/self/cmdline").read_bytes()
    return False
