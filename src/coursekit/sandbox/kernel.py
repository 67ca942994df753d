"""The kernel inside the sandbox: ipykernel, on sockets that were opened outside for it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from typing import Any

import zmq
from ipykernel.kernelapp import IPKernelApp

CHANNELS = ("shell", "stdin", "control", "iopub")


class SandboxKernelApp(IPKernelApp):
    """ipykernel without files of its own: no connection file, no history, no profile.

    It has no heartbeat either: whether it lives is asked of its keeper, not of the learner's process.
    """

    def __init__(self, *args: Any, connection: Mapping[str, Any], sockets: Mapping[int, int], **kwargs: Any):
        """Take the connection's settings, and for each port the open socket that listens for it."""
        super().__init__(*args, **kwargs)
        self._connection = dict(connection)
        self._sockets = sockets

    def init_connection_file(self) -> None:
        self.load_connection_info(self._connection)

    def write_connection_file(self, **kwargs: Any) -> None:
        pass

    def init_heartbeat(self) -> None:
        pass

    def init_poller(self) -> None:
        pass

    def init_control(self, context: zmq.Context) -> None:
        super().init_control(context)
        # The debugger's socket would look for the shell's path for ever: it is not there inside.
        self.debug_shell_socket.disconnect(self.shell_socket.getsockopt(zmq.LAST_ENDPOINT))
        self.shell_channel_thread = (
            None  # one asker, one cell at a time: a thread to sort messages only costs time
        )

    def _try_bind_socket(self, s: zmq.Socket, port: int) -> int:
        s.setsockopt(zmq.USE_FD, self._sockets[port])
        return super()._try_bind_socket(s, port)


def prepare(connection: Mapping[str, Any], sockets: Mapping[int, int]) -> SandboxKernelApp:
    """Return a kernel that answers once it is started.

    Args:
        connection: a Jupyter connection file's content, for the `ipc` transport.
        sockets: the file descriptor that listens, for each of the connection's ports.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _reseed()
    app = SandboxKernelApp.instance(connection=connection, sockets=sockets)
    app.initialize(
        ["--log-level=CRITICAL", "--HistoryManager.enabled=False", "--IPKernelApp.capture_fd_output=False"]
    )
    if "matplotlib.pyplot" in sys.modules:  # imported before there was a shell to draw into
        app.shell.enable_matplotlib("inline")
    return app


def _reseed() -> None:
    """Kernels forked from one parent would otherwise all draw the same random numbers."""
    try:
        import numpy as np
    except ImportError:
        return
    np.random.seed(int.from_bytes(os.urandom(4), "little"))
