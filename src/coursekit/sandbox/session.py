"""Talks to one kernel: sends it cells, takes what comes back in bounded amounts, and believes little of it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any, TypeVar

import nbformat
import zmq.asyncio
from jupyter_client.client import validate_string_dict
from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode

from coursekit.sandbox.limits import Limits
from coursekit.sandbox.parent import SandboxError
from coursekit.sandbox.provisioner import SandboxKernelManager, SandboxProvisioner

_START = 60  # seconds for a kernel's first answer
_GRACE = 4  # seconds between an interrupt and the end; and for outputs that a finished cell still owes
_LARGEST_MESSAGE = 16 * 1024 * 1024
_WAITING_MESSAGES = 32
_TURN = 0.25  # seconds between questions whether the kernel lives

_LATE_OUTPUTS = {"stream", "display_data", "update_display_data", "clear_output"}  # of a thread that goes on

_UNSIGNED = "A message came that did not bear the kernel's signature."

DIED = "KernelDied"
LATE = "CellTimeoutError"  # nbgrader's own name for it
_ENDS = {
    "memory": "The notebook used more memory than it may have, and was stopped.",
    "processes": "The notebook started more programs than it may have, and was stopped.",
    "late": "The notebook took longer than it may take as a whole, and was stopped.",
    "ended": "Python stopped while the notebook was running, for example with exit() or for using too much time.",
}


@dataclass
class Answer:
    """What a cell gave back.

    Attributes:
        outputs: nbformat outputs, cut where they became too big.
        failed: whether the kernel said that the cell ended in an error.
        count: the kernel's execution count; `None` when it did not say.
        expressions: `user_expressions` that were asked for, as text; errors begin with `!`.
        strange: sentences about messages that an honest kernel does not send.
    """

    outputs: list[NotebookNode] = field(default_factory=list)
    failed: bool = False
    count: int | None = None
    expressions: dict[str, str] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)


Found = TypeVar("Found")


def finish(coroutine: Coroutine[Any, Any, Found]) -> Found:
    """Run a coroutine to its end in a thread of its own: here an event loop may be running, as in formgrader."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, coroutine).result()


class KernelGoneError(Exception):
    """The kernel is no more; the message is for the learner."""


class Session:
    """One kernel, from start to certain end.

    Entering it raises SandboxError when there is no kernel to be had.

    Args:
        limits: what the notebook may use.
        files: the notebook's other files, by relative path.
        sandboxed: `False` runs Jupyter's ordinary kernel, with all that its user may do.
        most_output: bytes of outputs that are kept, over the whole session.
    """

    def __init__(
        self, limits: Limits, files: Sequence[tuple[str, bytes]], *, sandboxed: bool, most_output: int
    ) -> None:
        self._limits = limits
        self._files = files
        self._sandboxed = sandboxed
        self._room = most_output
        self._flood = 8 * most_output
        self._finished: set[str] = set()
        self._end = time.monotonic() + limits.lifetime

    async def __aenter__(self) -> Session:
        self._folder = tempfile.TemporaryDirectory(prefix="files-")
        context = zmq.asyncio.Context()
        context.setsockopt(zmq.MAXMSGSIZE, _LARGEST_MESSAGE)
        context.setsockopt(zmq.RCVHWM, _WAITING_MESSAGES)
        context.setsockopt(zmq.LINGER, 0)
        if self._sandboxed:
            self._manager = SandboxKernelManager(context=context, limits=self._limits)
        else:
            self._manager = AsyncKernelManager(context=context)
            if os.name == "posix":
                self._manager.transport = "ipc"  # ports of their own would be taken by others under load
                self._manager.ip = os.path.join(self._folder.name, ".k")
        try:
            for relative, data in self._files:
                path = Path(self._folder.name, relative)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            quiet = {} if self._sandboxed else {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            await self._manager.start_kernel(cwd=self._folder.name, **quiet)
            self._client = self._manager.client()
            self._client.start_channels(stdin=False, hb=False)
            await self._hear()
        except KernelGoneError as error:  # before it met a notebook: no fault of the learner's
            failed = getattr(self._provisioner, "failed", "")
            await self._close()
            raise SandboxError(failed or str(error)) from None
        except BaseException:
            await self._close()
            raise
        return self

    async def _hear(self) -> None:
        """Wait until the kernel answers and its outputs arrive: what it says before we listen is lost."""
        end = time.monotonic() + _START
        while (left := end - time.monotonic()) > 0:
            if await self._reply(self._client.kernel_info(), left) is None:
                break
            try:
                await self._client.get_iopub_msg(timeout=_TURN)
                return
            except (Empty, ValueError):
                continue
        raise SandboxError(f"no kernel answered within {_START} seconds: this machine may be too busy")

    async def __aexit__(self, *_: object) -> None:
        await self._close()

    async def _close(self) -> None:
        if hasattr(self, "_client"):
            self._client.stop_channels()
        provisioner = self._manager.provisioner
        if provisioner is not None and provisioner.has_process:
            await provisioner.kill()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(provisioner.wait(), _GRACE)
        await self._manager.cleanup_resources()
        self._manager.context.destroy(linger=0)
        self._folder.cleanup()

    @property
    def _provisioner(self) -> SandboxProvisioner:
        return self._manager.provisioner

    async def run(
        self, source: str, timeout: float, expressions: dict[str, str] | None = None, *, keep: bool = True
    ) -> Answer:
        """Run one cell.

        Args:
            source: its code.
            timeout: seconds it may take; then it is interrupted.
            expressions: expressions to evaluate after it, by name.
            keep: whether the kernel remembers the cell in its history and numbers it.

        Raises:
            KernelGoneError: when the kernel died, or did not stop when it was interrupted.
        """
        answer = Answer()
        expressions = expressions or {}
        validate_string_dict(expressions)
        message = self._client.execute(
            source, store_history=keep, user_expressions=expressions, allow_stdin=False
        )
        outputs = asyncio.ensure_future(self._collect(message, source, answer))
        try:
            reply = await self._reply(message, min(timeout, max(0.0, self._end - time.monotonic())))
            if reply is None:
                await self._manager.interrupt_kernel()
                if await self._reply(message, _GRACE) is None:
                    raise KernelGoneError("The code did not stop when it was interrupted.")
                answer.failed = True
            done, _ = await asyncio.wait({outputs}, timeout=_GRACE)
            if done:
                outputs.result()
            else:
                answer.strange.append("A cell's outputs did not come to an end.")
            if reply is None:
                answer.outputs.append(_error(LATE, f"No answer within {timeout:g} seconds."))
        finally:
            outputs.cancel()
        if reply is not None:
            self._read(reply, answer, expressions)
        return answer

    def _read(self, reply: dict[str, Any], answer: Answer, expressions: dict[str, str]) -> None:
        content = reply.get("content", {})
        answer.failed = content.get("status") != "ok"
        count = content.get("execution_count")
        answer.count = count if isinstance(count, int) else None
        if answer.failed and not any(output.output_type == "error" for output in answer.outputs):
            name, value = content.get("ename", "Error"), content.get("evalue", "")
            answer.outputs.append(_error(str(name)[:200], str(value)[:2000]))
        told = content.get("user_expressions", {})
        for name in expressions:
            found = told.get(name, {}) if isinstance(told, dict) else {}
            if found.get("status") == "ok":
                answer.expressions[name] = str(found.get("data", {}).get("text/plain", ""))[:2000]
            else:
                answer.expressions[name] = f"!{found.get('ename', 'Error')}: {found.get('evalue', '')}"[:2000]

    async def _reply(self, message: str, timeout: float) -> dict[str, Any] | None:
        """The shell's answer to a message; `None` when it does not come in time."""
        end = time.monotonic() + timeout
        while True:
            left = end - time.monotonic()
            if left <= 0:
                return None
            try:
                reply = await self._client.get_shell_msg(timeout=min(_TURN, left))
            except Empty:
                if not await self._manager.is_alive():
                    raise KernelGoneError(self._why()) from None
                continue
            except ValueError:  # not signed, or no message at all
                continue
            if reply.get("parent_header", {}).get("msg_id") == message:
                return reply

    def _why(self) -> str:
        return _ENDS.get(getattr(self._provisioner, "end", None) or "ended", _ENDS["ended"])

    async def _collect(self, message: str, source: str, answer: Answer) -> None:
        displays: dict[str, NotebookNode] = {}
        clear = False
        echoed = 0
        while True:
            try:
                told = await self._client.get_iopub_msg(timeout=None)
            except ValueError:
                answer.strange.append(_UNSIGNED)
                continue
            kind, content = told.get("msg_type"), told.get("content", {})
            parent = told.get("parent_header", {}).get("msg_id")
            if parent != message:
                if parent in self._finished and kind not in _LATE_OUTPUTS:
                    answer.strange.append("A cell that was reported finished went on.")
                continue
            try:
                if kind == "status":
                    if content["execution_state"] == "idle":
                        if echoed != 1:
                            answer.strange.append(
                                "A cell was reported finished without having been run, or run twice."
                            )
                        self._finished.add(message)
                        return
                elif kind == "execute_input":
                    echoed += 1
                    if content["code"] != source:
                        answer.strange.append("Other code was reported to run than the code that was sent.")
                elif kind == "clear_output":
                    clear = bool(content.get("wait"))
                    if not clear:
                        answer.outputs.clear()
                elif kind in ("stream", "display_data", "execute_result", "error"):
                    if clear:
                        answer.outputs.clear()
                        clear = False
                    self._take(told, content, answer, displays)
                elif kind == "update_display_data":
                    shown = displays.get((content.get("transient") or {}).get("display_id"))
                    if shown is not None and self._spend(content):
                        shown.data = nbformat.from_dict(content["data"])
            except (KeyError, TypeError, ValueError, AttributeError):
                answer.strange.append("A message came from the kernel that Jupyter's kernel does not send.")

    def _take(
        self, told: dict[str, Any], content: dict[str, Any], answer: Answer, displays: dict[str, NotebookNode]
    ) -> None:
        output = nbformat.v4.output_from_msg(told)
        last = answer.outputs[-1] if answer.outputs else None
        if not self._spend(content):
            if last is None or last.get("name") != "course-cut":
                answer.outputs.append(
                    NotebookNode(
                        output_type="stream", name="course-cut", text="[More output was left out.]\n"
                    )
                )
            return
        if not _sound(output):
            raise ValueError("not an output")
        if output.output_type == "stream" and last is not None and last.get("name") == output.name:
            last.text += output.text
            return
        answer.outputs.append(output)
        name = (content.get("transient") or {}).get("display_id")
        if name:
            displays[name] = output

    def _spend(self, content: Any) -> bool:
        """Whether there is room for an output; takes its size off what is left."""
        size = _size(content)
        self._room -= size
        self._flood -= size
        if self._flood < 0:
            raise KernelGoneError("The notebook printed without end, and was stopped.")
        return self._room >= 0


def _size(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(_size(key) + _size(item) for key, item in value.items())
    if isinstance(value, list):
        return sum(map(_size, value))
    return 8


def _sound(output: NotebookNode) -> bool:
    """Whether an output holds what nbformat expects: a whole schema for each would cost more than running the cells."""
    if output.output_type == "stream":
        return isinstance(output.text, str) and output.name in ("stdout", "stderr")
    if output.output_type == "error":
        lines = output.traceback
        return (
            isinstance(output.ename, str)
            and isinstance(output.evalue, str)
            and isinstance(lines, list)
            and all(isinstance(line, str) for line in lines)
        )
    if not isinstance(output.data, dict) or not isinstance(output.metadata, dict):
        return False
    count = output.get("execution_count")
    return (count is None or isinstance(count, int)) and all(
        isinstance(value, str) or "json" in kind for kind, value in output.data.items()
    )


def _error(name: str, value: str) -> NotebookNode:
    return nbformat.v4.new_output("error", ename=name, evalue=value, traceback=[f"{name}: {value}"])


def gone(error: KernelGoneError) -> NotebookNode:
    """The output of a cell that has no kernel any more."""
    return _error(DIED, str(error))
