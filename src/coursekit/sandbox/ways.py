"""Finds out how this machine can run a notebook safely, by doing it; or why it cannot."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from coursekit.sandbox.limits import Limits
from coursekit.sandbox.parent import Parent, SandboxError, ask

WARM, BUBBLEWRAP = "warm", "bubblewrap"
_VARIABLE = "COURSE_SANDBOX"
_HELLO = "6 * 7"
_SOON = 60

CHOICES = (
    "You can: run this on Linux, or in the container that deploy/ describes, where notebooks run in a sandbox; "
    "install bubblewrap (on Debian and Ubuntu: sudo apt-get install bubblewrap) and try again; "
    "or add --unsafe, only for notebooks that you or people you would lend this computer to have written: "
    "they can then read, change and send away whatever you can."
)


def launch(
    connection: Mapping[str, Any], sockets: Sequence[int], folder: str | None, base: str, limits: Limits
) -> socket.socket:
    """Start a sandboxed kernel in the way that `prepare` found, or else warm; arguments as in `ask`."""
    if os.environ.get(_VARIABLE) == BUBBLEWRAP:
        from coursekit.sandbox import bubblewrap

        return bubblewrap.launch(connection, sockets, folder, limits)
    return ask(connection, sockets, folder, base, limits)


def ahead() -> Parent | None:
    """Start what `prepare` waits for, so that it warms up while this process does something else."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        return Parent()
    except OSError:
        return None  # `prepare` finds out why


def prepare(parent: Parent | None = None) -> Parent | None:
    """Choose the way for this process and those it starts, and prove that it works.

    Args:
        parent: from `ahead`, if that was called.

    Returns:
        The warm parent that all share, to be stopped at the end; `None` when bubblewrap does it.

    Raises:
        SandboxError: when no way works here; the message gives each reason, and the choices.
    """
    if not sys.platform.startswith("linux"):
        raise SandboxError(
            f"Only Linux can run notebooks in a sandbox, and this is {sys.platform}. {CHOICES}"
        )
    from coursekit.sandbox import bubblewrap

    try:
        parent = (parent or Parent()).wait()
        parent.share()
        os.environ[_VARIABLE] = WARM
        _try()
        return parent
    except (SandboxError, OSError) as error:
        ours = str(error)
        if parent is not None:
            parent.stop()
    if bubblewrap.program() is None:
        theirs = "it is not installed"
    else:
        os.environ[_VARIABLE] = BUBBLEWRAP
        try:
            _try()
            return None
        except (SandboxError, OSError) as error:
            theirs = str(error)
    os.environ.pop(_VARIABLE, None)
    raise SandboxError(
        f"This machine does not let notebooks run in a sandbox. Namespaces: {ours}. bubblewrap: {theirs}. {CHOICES}"
    )


def _try() -> None:
    from coursekit.sandbox.session import KernelGoneError, Session, finish

    async def hello() -> str:
        async with Session(Limits(), (), sandboxed=True, most_output=1000) as session:
            return (await session.run("", _SOON, {"hello": _HELLO})).expressions["hello"]

    try:
        answer = finish(hello())
    except KernelGoneError as error:
        raise SandboxError(str(error)) from None
    if answer != "42":
        raise SandboxError("a first notebook gave no answer")
