"""Starts the warm parent, and asks it for sandboxed kernels."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from coursekit.sandbox.environment import environment
from coursekit.sandbox.limits import Limits

CHANNELS = ("shell", "stdin", "control", "iopub")
"""The sockets that go with a request for a kernel, in this order."""

_VARIABLE = "COURSE_WARM_PARENT"
_START = 120  # seconds: a slow disk, libraries never imported before


class SandboxError(Exception):
    """A sandbox could not be made; the message says why."""


class Parent:
    """A warm parent of this process's own: it and all its kernels end when this process does."""

    def __init__(self) -> None:
        """Start it; see `wait`. Raises OSError when this machine cannot start a program."""
        self._owner = os.getpid()
        self._folder = Path(tempfile.mkdtemp(prefix="course-"))
        self.address = str(self._folder / "parent")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "coursekit.sandbox.warm", self.address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
            env=environment(),
        )
        self._warm = False
        atexit.register(self.stop)

    def wait(self) -> Parent:
        """Wait until it is warm, and return it. Raises SandboxError."""
        assert self._process.stdout is not None
        if not self._warm and self._process.stdout.readline() != b"ready\n":
            _, said = self._process.communicate(timeout=_START)
            self.stop()
            raise SandboxError(f"The warm parent did not start: {said.decode(errors='replace')[-500:]}")
        self._warm = True
        return self

    def share(self) -> None:
        """Let processes that this one starts use it too."""
        os.environ[_VARIABLE] = self.address

    @property
    def alive(self) -> bool:
        """Whether it runs and is this process's own."""
        return self._owner == os.getpid() and self._process.poll() is None

    def stop(self) -> None:
        """End it and every kernel of its making."""
        if self._owner != os.getpid():
            return  # a fork's exit is not the end of the run
        if os.environ.get(_VARIABLE) == self.address:
            del os.environ[_VARIABLE]
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Parent:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


_own: list[Parent] = []


def ask(
    connection: Mapping[str, Any], sockets: Sequence[int], folder: str | None, base: str, limits: Limits
) -> socket.socket:
    """Ask for a kernel; it lives as long as the connection that is returned stays open.

    Args:
        connection: a Jupyter connection file's content.
        sockets: open sockets that listen for its shell, stdin, control and iopub ports, in that order.
        folder: where the notebook's other files are; they are copied in.
        base: an empty folder to build the file tree on.
        limits: what the kernel may use.

    Raises:
        SandboxError: when there is no warm parent and none can be started.
    """
    request = {"connection": connection, "folder": folder, "base": base, "limits": limits.to_dict()}
    line = json.dumps(request).encode() + b"\n"
    for address in _addresses():
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            channel.connect(address)
            socket.send_fds(channel, [line[:1]], list(sockets))
            channel.sendall(line[1:])
            return channel
        except OSError:
            channel.close()
    raise SandboxError("The warm parent has gone.")


def _addresses() -> Iterator[str]:
    """The parent that is shared, then one of this process's own, started when it is needed."""
    if _VARIABLE in os.environ:
        yield os.environ[_VARIABLE]
    for parent in _own:
        if parent.alive:
            yield parent.address
    _own[:] = [Parent().wait()]
    yield _own[0].address
