"""Build the book with Jupyter Book; any warning, dead link or failed cell fails the build."""

from __future__ import annotations

import os
import subprocess
import sys

from coursekit.build import runs
from coursekit.build.accessible import mend_pages
from coursekit.paths import HTML, ROOT


def build() -> None:
    """Build `_build/html` from `_config.yml` and `_toc.yml`.

    Raises subprocess.CalledProcessError when Jupyter Book reports anything at all.
    """
    runs.fill()
    # -W turns warnings into errors, -n asks for every link to resolve, --keep-going lists all faults in one run.
    program = "import sys; from jupyter_book.cli.main import main; sys.argv[0] = 'jupyter-book'; main()"
    command = [sys.executable, "-c", program, "build", str(ROOT), "-W", "-n", "--keep-going", "-q"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}, check=True)
    mend_pages(HTML)
