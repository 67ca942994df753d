"""The warm parent: imports the libraries once, then forks a sandboxed kernel for each notebook that asks for one.

    parent     listens on a Unix socket in a private folder; reads one request a connection, forks a keeper
      keeper   holds that connection; makes the namespaces; kills everything inside when the connection closes
        init   the first process inside: builds the file tree, watches memory, reaps what is left over
          kernel   the learner's, without privileges

Nothing outlives the connection: whoever holds its other end may die in any way.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

from coursekit.sandbox import inside, kernel, linux, root
from coursekit.sandbox.limits import Limits

_LIBRARIES = (
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.magics.execution",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "anywidget",
    "debugpy",
    "faulthandler",
    "improvement.datasets",
    "improvement.spc",
    "improvement.widgets",
    "ipykernel.debugger",
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


def main(address: str) -> None:
    """Warm up, then serve for ever on a Unix socket at `address`; ends when standard input closes."""
    _warm_up()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(address)
    listener.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are nobody's zombies
    print("ready", flush=True)
    allowed = root.readable()
    count = 0
    while True:
        ready, _, _ = select.select([listener, 0], [], [])
        if 0 in ready:
            return
        connection, _ = listener.accept()
        count += 1
        if os.fork() == 0:
            listener.close()
            _keep(connection, allowed, count)
        connection.close()


def _warm_up() -> None:
    for name in _LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    with contextlib.suppress(ImportError):
        _draw()
    _report_an_error()
    gc.collect()
    gc.freeze()


def _draw() -> None:
    """Draw as a notebook does: the first time, matplotlib looks for fonts."""
    import matplotlib.pyplot as plt
    from IPython.core.pylabtools import print_figure

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


def _keep(connection: socket.socket, allowed: tuple[str, ...], number: int) -> NoReturn:
    """The keeper: never returns to the parent's loop, whatever happens."""
    try:
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        request, sockets = _receive(connection)
        limits = Limits(**request["limits"])
        files = root.copies(request["folder"], limits.disk // 2)
        _separate(_FIRST_OUTSIDE + number % _USERS)
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)  # new namespaces had undone it
        for_init, orders = os.pipe()
        trouble, from_init = os.pipe()
        init = os.fork()
        if init == 0:
            os.close(orders)
            os.close(trouble)
            connection.close()
            _init(request, sockets, allowed, files, limits, for_init, from_init)
        for descriptor in (for_init, from_init, *sockets.values()):
            os.close(descriptor)
        code = _attend(connection, init, orders)
        said = os.read(trouble, 2000).decode()
        if said:
            raise OSError(said)
        end = {"end": inside.reason(code)}
    except Exception as error:
        end = {"failed": str(error)}
    with contextlib.suppress(OSError):
        connection.sendall(json.dumps(end).encode() + b"\n")
    os._exit(0)


def _receive(connection: socket.socket) -> tuple[dict[str, Any], dict[int, int]]:
    data, descriptors, _, _ = socket.recv_fds(connection, _LONGEST_REQUEST, len(kernel.CHANNELS))
    while not data.endswith(b"\n"):
        more = connection.recv(_LONGEST_REQUEST)
        if not more:
            raise ConnectionError("the request was cut short")
        data += more
    request = json.loads(data)
    ports = [request["connection"][f"{channel}_port"] for channel in kernel.CHANNELS]
    return request, dict(zip(ports, descriptors, strict=True))


def _separate(user: int) -> None:
    """Take this process out of the machine's namespaces, with one ordinary user in the new ones."""
    flags = (
        linux.CLONE_NEWUSER | linux.CLONE_NEWNS | linux.CLONE_NEWPID | linux.CLONE_NEWNET
        | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS | linux.CLONE_NEWCGROUP
    )  # fmt: skip
    mine, group, me = os.geteuid(), os.getegid(), os.getpid()
    if mine != 0:
        linux.unshare(flags)
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{inside.LEARNER} {mine} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{inside.LEARNER} {group} 1", encoding="ascii")
        return
    os.setgroups([])
    begun, tell = os.pipe()
    helper = os.fork()  # only a process outside may map another user into the new namespace
    if helper == 0:
        try:
            os.read(begun, 1)
            for kind in ("uid", "gid"):
                Path(f"/proc/{me}/{kind}_map").write_text(
                    f"0 0 1\n{inside.LEARNER} {user} 1", encoding="ascii"
                )
            os._exit(0)
        finally:
            os._exit(1)
    linux.unshare(flags)
    os.write(tell, b".")
    if os.waitpid(helper, 0)[1] != 0:
        raise PermissionError("this machine does not let a user be mapped into a namespace")
    os.close(begun)
    os.close(tell)


def _attend(connection: socket.socket, init: int, orders: int) -> int:
    """Pass signals on until the sandbox ends or nobody holds the connection any more; return its exit code."""
    ended = os.pidfd_open(init)
    while True:
        ready, _, _ = select.select([connection, ended], [], [])
        if ended in ready:
            break
        order = connection.recv(1)
        if not order:
            os.kill(init, signal.SIGKILL)
            break
        with contextlib.suppress(BrokenPipeError):
            os.write(orders, order)
    _, status = os.waitpid(init, 0)
    return os.waitstatus_to_exitcode(status)


def _init(
    request: dict[str, Any],
    sockets: dict[int, int],
    allowed: tuple[str, ...],
    files: list[tuple[str, bytes]],
    limits: Limits,
    orders: int,
    trouble: int,
) -> NoReturn:
    """The first process inside: builds the tree, starts the kernel, ends when the kernel does."""
    code = 1
    try:
        linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
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
