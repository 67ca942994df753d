"""The warm parent: imports the libraries once, then forks a sandboxed kernel for each notebook that asks for one.

    parent    listens on a Unix socket in a private folder; for each connection, and one request, it forks
      init    into new namespaces: builds the file tree, watches memory, reaps what is left over
        kernel   the learner's, without privileges

Nothing inside outlives the connection: the parent ends it all when the connection closes, and whoever holds the other
end may die in any way. If the parent dies, so does each init, and with it all that is in its namespaces.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from coursekit.sandbox import inside, linux, root
from coursekit.sandbox.limits import Limits
from coursekit.sandbox.parent import CHANNELS

_LIBRARIES = (
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.magics.execution",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "anywidget",
    "faulthandler",
    "improvement.datasets",
    "improvement.spc",
    "improvement.widgets",
    "ipykernel.ipkernel",
    "ipywidgets",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "numpy.random",
    "pandas",
    "runpy",
    "scipy.stats",
    "tornado.platform.asyncio",
)
_FIRST_OUTSIDE, _USERS = 61184, 4000  # what distributions leave for passing use
_LONGEST_REQUEST = 1024 * 1024
_PATIENCE = 10  # seconds for a request to come, once its connection is there
_WORD = b"."  # to a first process whose users are mapped
_NAMESPACES = (
    linux.CLONE_NEWUSER | linux.CLONE_NEWNS | linux.CLONE_NEWPID | linux.CLONE_NEWNET
    | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS | linux.CLONE_NEWCGROUP
)  # fmt: skip


def main(address: str) -> None:
    """Warm up, then serve for ever on a Unix socket at `address`; ends when standard input closes."""
    _warm_up()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen(64)
    if linux.threads() != 1:
        raise RuntimeError("a library runs a thread, and kernels are forked from here")
    print("ready", flush=True)
    _Keeper(root.readable()).serve(listener)


def _warm_up() -> None:
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # large, and nobody steps through these cells
    for name in _LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    with contextlib.suppress(ImportError):
        _draw()
    _report_an_error()
    gc.collect()
    gc.freeze()


def _draw() -> None:
    """Draw as a notebook does: the first time, matplotlib looks for fonts and for what can show a figure."""
    import matplotlib.pyplot as plt
    from IPython.core.pylabtools import print_figure
    from matplotlib.backends import backend_registry

    backend_registry.list_all()
    figure = plt.figure()
    axes = figure.add_subplot()
    axes.plot([0, 1], label="first")
    axes.legend()
    print_figure(figure)
    plt.close(figure)


def _report_an_error() -> None:
    """Say an error as a notebook does: the first time, IPython reads its colours and Python's grammar."""
    from IPython.core.ultratb import FormattedTB

    try:
        importlib.import_module("coursekit.sandbox.no such module")
    except ImportError:
        FormattedTB(mode="Context", theme_name="linux").structured_traceback(*sys.exc_info())


@dataclass
class _Sandbox:
    """What is held of one.

    Attributes:
        connection: to whoever asked for it.
        init: its first process; `ended` becomes readable when that is no more.
        orders, trouble: the pipe to it, and the one from it.
        failed: why it could not be made.
    """

    connection: socket.socket
    init: int
    ended: int
    orders: int
    trouble: int
    failed: str = ""


class _Keeper:
    """Makes sandboxes, and ends each with its connection."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self._allowed = allowed
        self._selector = selectors.DefaultSelector()
        self._count = 0

    def serve(self, listener: socket.socket) -> None:
        """Answer requests until standard input closes."""
        self._selector.register(0, selectors.EVENT_READ)
        self._selector.register(listener, selectors.EVENT_READ)
        while True:
            # One at a time: what one event closes, the next might have been about.
            for key, _ in self._selector.select()[:1]:
                if key.fd == 0:
                    return
                if key.fileobj is listener:
                    self._accept(listener.accept()[0])
                elif key.fd == key.data.ended:
                    self._bury(key.data)
                else:
                    self._pass_on(key.data)

    def _accept(self, connection: socket.socket) -> None:
        self._count += 1
        try:
            with contextlib.ExitStack() as here:
                connection.settimeout(_PATIENCE)
                request, sockets = _receive(connection)
                for descriptor in sockets.values():
                    here.callback(os.close, descriptor)
                limits = Limits(**request["limits"])
                files = root.copies(request["folder"], limits.disk // 2)
                self._start(connection, request, sockets, files, limits)
        except Exception as error:
            _tell(connection, {"failed": str(error)})

    def _start(
        self,
        connection: socket.socket,
        request: dict[str, Any],
        sockets: dict[int, int],
        files: list[tuple[str, bytes]],
        limits: Limits,
    ) -> None:
        begun, begin = os.pipe()
        for_init, orders = os.pipe()
        trouble, from_init = os.pipe()
        try:
            init = linux.fork_into(_NAMESPACES)
        except OSError:
            for descriptor in (begun, begin, for_init, orders, trouble, from_init):
                os.close(descriptor)
            raise
        if init == 0:
            _init(request, sockets, self._allowed, files, limits, begun, for_init, from_init)
        for descriptor in (begun, for_init, from_init):
            os.close(descriptor)
        sandbox = _Sandbox(connection, init, os.pidfd_open(init), orders, trouble)
        self._selector.register(connection, selectors.EVENT_READ, sandbox)
        self._selector.register(sandbox.ended, selectors.EVENT_READ, sandbox)
        try:
            _map_users(init, _FIRST_OUTSIDE + self._count % _USERS)
            os.write(begin, _WORD)
        except OSError as error:
            sandbox.failed = f"this machine does not let a user be mapped into a namespace ({error})"
        finally:
            os.close(begin)  # without the word, the first process ends

    def _pass_on(self, sandbox: _Sandbox) -> None:
        """Pass a signal on; end the sandbox when nobody holds its connection any more."""
        try:
            order = sandbox.connection.recv(1)
        except OSError:
            order = b""
        if order:
            with contextlib.suppress(BrokenPipeError):
                os.write(sandbox.orders, order)
        else:
            self._selector.unregister(sandbox.connection)
            signal.pidfd_send_signal(sandbox.ended, signal.SIGKILL)

    def _bury(self, sandbox: _Sandbox) -> None:
        """Take note of a sandbox's end, and say how it came."""
        for held in (sandbox.ended, sandbox.connection):
            with contextlib.suppress(KeyError):
                self._selector.unregister(held)
        _, status = os.waitpid(sandbox.init, 0)
        failed = sandbox.failed or os.read(sandbox.trouble, 2000).decode()
        for descriptor in (sandbox.ended, sandbox.orders, sandbox.trouble):
            os.close(descriptor)
        code = os.waitstatus_to_exitcode(status)
        _tell(sandbox.connection, {"failed": failed} if failed else {"end": inside.reason(code)})


def _receive(connection: socket.socket) -> tuple[dict[str, Any], dict[int, int]]:
    data, descriptors, _, _ = socket.recv_fds(connection, _LONGEST_REQUEST, len(CHANNELS))
    while not data.endswith(b"\n"):
        more = connection.recv(_LONGEST_REQUEST)
        if not more:
            raise ConnectionError("the request was cut short")
        data += more
    request = json.loads(data)
    ports = [request["connection"][f"{channel}_port"] for channel in CHANNELS]
    return request, dict(zip(ports, descriptors, strict=True))


def _tell(connection: socket.socket, end: dict[str, str]) -> None:
    with contextlib.suppress(OSError), connection:
        connection.sendall(json.dumps(end).encode() + b"\n")


def _map_users(process: int, user: int) -> None:
    """Give a process in a new namespace its users: one ordinary one, and beside it a root that rules only there."""
    mine, group = os.geteuid(), os.getegid()
    if mine == 0:
        users = groups = f"0 0 1\n{inside.LEARNER} {user} 1"
    else:
        Path(f"/proc/{process}/setgroups").write_text("deny", encoding="ascii")
        users, groups = f"{inside.LEARNER} {mine} 1", f"{inside.LEARNER} {group} 1"
    Path(f"/proc/{process}/uid_map").write_text(users, encoding="ascii")
    Path(f"/proc/{process}/gid_map").write_text(groups, encoding="ascii")


def _close_all_but(*kept: int) -> None:
    """Close what came with the fork: the other sandboxes' connections and pipes are among it."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in kept:
            with contextlib.suppress(OSError):
                os.close(int(name))


def _init(
    request: dict[str, Any],
    sockets: dict[int, int],
    allowed: tuple[str, ...],
    files: list[tuple[str, bytes]],
    limits: Limits,
    begun: int,
    orders: int,
    trouble: int,
) -> NoReturn:
    """The first process inside: builds the tree, starts the kernel, ends when the kernel does.

    Whatever happens, it never returns to the parent's loop.
    """
    code = 1
    try:
        _close_all_but(begun, orders, trouble, *sockets.values())
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.read(begun, 1) != _WORD:
            os._exit(code)
        os.close(begun)
        if os.geteuid() == 0:
            os.setgroups([])
        linux.prctl(linux.PR_SET_DUMPABLE, 0)
        root.enter(request["base"], allowed, files, limits)
        socket.sethostname("sandbox")
        linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
        child = inside.start(request["connection"], sockets, limits, orders, trouble)
        code = inside.watch(child, orders, limits)
    except Exception as error:
        os.write(trouble, f"{type(error).__name__}: {error}".encode())
    finally:
        os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1])
