"""How much of the machine one notebook may use while it is marked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds on one notebook. All are enforced outside the learner's own process or by the operating system.

    Attributes:
        memory: bytes the notebook and everything it starts may take, beyond what the libraries take.
        disk: bytes it may write, in all; they live in memory and go when the kernel goes.
        processes: how many processes and threads it may have at a time.
        cpu: seconds of processor time for each of its processes.
        lifetime: seconds from the start of the kernel to its certain end.
    """

    memory: int = 1024 * MEBIBYTE
    disk: int = 64 * MEBIBYTE
    processes: int = 64
    cpu: int = 120
    lifetime: int = 180

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)
