"""Gives Jupyter its kernels from inside a sandbox: `course-sandbox`, for nbgrader and whatever else starts kernels."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
import socket
import tempfile
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerBase
from traitlets import Instance

from coursekit.sandbox import root, ways
from coursekit.sandbox.limits import Limits
from coursekit.sandbox.parent import CHANNELS

NAME = "course-sandbox"
_PORTS = dict(zip((*CHANNELS, "hb"), range(1, 6), strict=True))


class SandboxProvisioner(KernelProvisionerBase):
    """A kernel in a sandbox, made in whichever way this machine allows.

    Attributes:
        end: how it ended, as in `coursekit.sandbox.inside`; `None` while it lives.
        failed: why there was no kernel at all; empty when there was one.
    """

    end: str | None = None
    failed = ""
    _channel: socket.socket | None = None
    _said = b""

    @property
    def has_process(self) -> bool:
        return self._channel is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        manager = self.parent
        self._folder = tempfile.mkdtemp(prefix="kernel-")
        self._base = os.path.join(self._folder, "root")
        os.mkdir(self._base)
        manager.transport = "ipc"
        manager.ip = os.path.join(self._folder, "k")
        for channel, port in _PORTS.items():
            setattr(manager, f"{channel}_port", port)
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Launch a kernel; what `cmd` says is not used. Raises SandboxError."""
        connection = dict(self.connection_info)
        connection["key"] = connection["key"].decode()
        listeners = [self._listen(_PORTS[channel]) for channel in CHANNELS]
        try:
            descriptors = [listener.fileno() for listener in listeners]
            self._channel = ways.launch(
                connection, descriptors, kwargs.get("cwd"), self._base, self.parent.limits
            )
        finally:
            for listener in listeners:
                listener.close()
        return self.connection_info

    def _listen(self, port: int) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(f"{self.parent.ip}-{port}")
        listener.listen(16)
        listener.setblocking(False)
        return listener

    async def poll(self) -> int | None:
        if self._channel is None:
            return 0
        while select.select([self._channel], [], [], 0)[0]:
            more = self._channel.recv(4096)
            self._said += more
            if not more or self._said.endswith(b"\n"):
                said = json.loads(self._said or b"{}")
                self.end, self.failed = said.get("end"), said.get("failed", "")
                self._channel.close()
                self._channel = None
                return 1
        return None

    async def wait(self) -> int | None:
        while await self.poll() is None:
            await asyncio.sleep(0.005)
        return 0

    async def send_signal(self, signum: int) -> None:
        if signum == signal.SIGKILL:
            await self.kill()
        elif self._channel is not None and signum != 0:
            self._channel.sendall(bytes([signum]))

    async def kill(self, restart: bool = False) -> None:
        if self._channel is not None:
            self._channel.shutdown(socket.SHUT_WR)

    async def terminate(self, restart: bool = False) -> None:
        await self.kill()

    async def cleanup(self, restart: bool = False) -> None:
        root.clear(self._folder)


class SandboxKernelManager(AsyncKernelManager):
    """Starts every kernel in a sandbox, whichever kernel a notebook asks for.

    Attributes:
        limits: what a kernel may use.
    """

    limits = Instance(Limits, ())

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec(
            display_name="Python 3, sandboxed",
            language="python",
            metadata={"kernel_provisioner": {"provisioner_name": NAME}},
        )
