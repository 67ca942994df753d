"""The environment variables of a sandboxed kernel."""

from __future__ import annotations

import sys

from coursekit.sandbox import root


def environment() -> dict[str, str]:
    """All the environment that a kernel sees: nothing of the facilitator's."""
    return {
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "HOME": root.HOME,
        "IPYTHONDIR": "/tmp/ipython",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "OPENBLAS_NUM_THREADS": "1",  # a thread of the parent's would not live through the fork
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
