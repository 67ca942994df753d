"""The other way to a sandbox: bubblewrap, where this machine lets that program make namespaces and not ours.

Every kernel then starts cold, which costs about a second.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import coursekit
from coursekit.sandbox import inside, linux, root
from coursekit.sandbox.environment import environment
from coursekit.sandbox.limits import Limits
from coursekit.sandbox.parent import CHANNELS


def program() -> str | None:
    """Where bubblewrap is; `None` when it is not installed."""
    return shutil.which("bwrap")


def launch(
    connection: Mapping[str, Any], sockets: Sequence[int], folder: str | None, limits: Limits
) -> socket.socket:
    """Start a kernel; it lives as long as the connection that is returned stays open.

    Args as in `coursekit.sandbox.parent.ask`. Raises OSError when bubblewrap does not start.
    """
    ours, theirs = socket.socketpair()
    try:
        subprocess.Popen(
            [*_command(limits), sys.executable, "-m", "coursekit.sandbox.bubblewrap", str(theirs.fileno())],
            pass_fds=[theirs.fileno(), *sockets],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
    finally:
        theirs.close()
    ports = [connection[f"{channel}_port"] for channel in CHANNELS]
    files = [[name, base64.b64encode(data).decode()] for name, data in root.copies(folder, limits.disk // 2)]
    request = {
        "connection": connection,
        "sockets": dict(zip(map(str, ports), sockets, strict=True)),
        "files": files,
        "limits": limits.to_dict(),
    }
    ours.sendall(json.dumps(request).encode() + b"\n")
    return ours


def _command(limits: Limits) -> list[str]:
    package = Path(coursekit.__file__).parent
    ours = (str(package / "__init__.py"), str(package / "sandbox"))
    share = limits.disk // 2
    command = [
        str(program()), "--unshare-all", "--unshare-user", "--as-pid-1", "--die-with-parent", "--new-session",
        "--uid", str(inside.LEARNER), "--gid", str(inside.LEARNER), "--cap-drop", "ALL", "--hostname", "sandbox",
        "--clearenv", "--proc", "/proc", "--dev", "/dev",
        "--size", str(share // 2), "--tmpfs", "/dev/shm", "--remount-ro", "/dev",
        "--size", str(share // 2), "--tmpfs", "/tmp",
        "--size", str(share), "--tmpfs", root.HOME, "--chdir", root.HOME,
    ]  # fmt: skip
    for path in (*root.readable(), *ours):
        if os.path.islink(path):
            command += ["--symlink", os.readlink(path), path]
        else:
            command += ["--ro-bind", path, path]
    command += ["--remount-ro", "/"]
    for name, value in environment().items():
        command += ["--setenv", name, value]
    return command


def main(descriptor: int) -> None:
    """Be the first process inside: read the request, start the kernel, watch it, say how it ended."""
    linux.prctl(linux.PR_SET_DUMPABLE, 0)  # the kernel runs as the same user and must not look in here
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    channel = socket.socket(fileno=descriptor)
    data = b""
    while not data.endswith(b"\n"):
        data += channel.recv(1 << 20)
    request = json.loads(data)
    limits = Limits(**request["limits"])
    for name, text in request["files"]:
        path = Path(root.HOME, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(text))
    sockets = {int(port): number for port, number in request["sockets"].items()}
    trouble, complain = os.pipe()
    child = inside.start(request["connection"], sockets, limits, descriptor, complain)
    os.close(complain)
    code = inside.watch(child, descriptor, limits)
    said = os.read(trouble, 2000).decode()
    channel.sendall(json.dumps({"failed": said} if said else {"end": inside.reason(code)}).encode() + b"\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
