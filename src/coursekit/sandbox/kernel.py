"""The kernel inside the sandbox: ipykernel, on sockets that were opened outside for it."""

from __future__ import annotations

import ast
import os
import signal
import sys
from collections.abc import Mapping
from typing import Any

import zmq
from ipykernel import zmqshell
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core.compilerop import CachingCompiler
from traitlets import Type
from traitlets.config import Config

_SETTINGS = Config(
    HistoryManager={"enabled": False},
    IPKernelApp={"capture_fd_output": False, "log_level": "CRITICAL"},
    Kernel={"_execute_sleep": 0},  # whoever asks waits for the outputs
)


class ZMQInteractiveShell(zmqshell.ZMQInteractiveShell):
    """ipykernel's shell, which spends less on plain Python. It has its parent's name: libraries ask for that."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._first_transforms = self._transforms()

    def transform_cell(self, raw_cell: str) -> str:
        """As the parent does; what is Python as it stands is left as it is without looking for IPython's own syntax."""
        if self._transforms() == self._first_transforms and _is_plain(raw_cell):
            return raw_cell if raw_cell.endswith("\n") else f"{raw_cell}\n"
        return super().transform_cell(raw_cell)

    def should_run_async(self, raw_cell: str, **kwargs: Any) -> bool:
        """As the parent does, which compiles each cell twice to find out."""
        return ("await" in raw_cell or "async" in raw_cell) and super().should_run_async(raw_cell, **kwargs)

    def _transforms(self) -> list[Any]:
        manager = self.input_transformer_manager
        return [*manager.cleanup_transforms, *manager.line_transforms, *manager.token_transformers]


def _is_plain(cell: str) -> bool:
    """Whether no line of a cell can be IPython's: it has several, and all of it is Python."""
    if "\n" not in cell.rstrip() or cell[0].isspace() or cell.startswith("In ["):
        return False
    try:
        ast.parse(cell)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


class _Kernel(IPythonKernel):
    shell_class = Type(ZMQInteractiveShell)
    compiler_class = Type(CachingCompiler)  # ipykernel's own works out a file name for a debugger


class SandboxKernelApp(IPKernelApp):
    """ipykernel without files of its own: no connection file, no history, no profile.

    It has no heartbeat either: whether it lives is asked of its keeper, not of the learner's process.
    """

    kernel_class = Type(_Kernel)

    def __init__(self, *args: Any, connection: Mapping[str, Any], sockets: Mapping[int, int], **kwargs: Any):
        """Take the connection's settings, and for each port the open socket that listens for it."""
        super().__init__(*args, **kwargs)
        self._connection = dict(connection)
        self._sockets = sockets

    def init_connection_file(self) -> None:
        self.load_connection_info(self._connection)

    def write_connection_file(self, **kwargs: Any) -> None:
        pass

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        pass

    def load_config_file(self, *args: Any, **kwargs: Any) -> None:
        pass

    def init_heartbeat(self) -> None:
        pass

    def init_poller(self) -> None:
        pass

    def init_control(self, context: zmq.Context) -> None:
        super().init_control(context)
        # The debugger's socket would look for the shell's path for ever: it is not there inside.
        self.debug_shell_socket.disconnect(self.shell_socket.getsockopt(zmq.LAST_ENDPOINT))

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
    app = SandboxKernelApp.instance(connection=connection, sockets=sockets, config=_SETTINGS)
    app.initialize([])
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
