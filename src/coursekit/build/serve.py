"""Serve the built course on this machine only: the book, and its notebooks in JupyterLab."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import secrets
import shutil
import socket
import subprocess
import sys
import threading
from typing import IO, ClassVar

from coursekit.paths import BUILD, HTML, NOTEBOOKS

HOST = "127.0.0.1"
WORKSPACE = BUILD / "my-notebooks"


class Handler(http.server.SimpleHTTPRequestHandler):
    """Static files with the types a browser insists on, and no log line a request."""

    extensions_map: ClassVar[dict[str, str]] = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".js": "text/javascript",
        ".wasm": "application/wasm",
    }

    def copyfile(self, source: IO[bytes], outputfile: IO[bytes]) -> None:
        with contextlib.suppress(ConnectionError):  # the reader turned the page before the file was through
            super().copyfile(source, outputfile)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


def book_server(port: int, directory: str = str(HTML)) -> http.server.ThreadingHTTPServer:
    """Return a server of the book, bound to loopback on `port` or, when that is taken, on a free one."""
    handler = functools.partial(Handler, directory=directory)
    try:
        return http.server.ThreadingHTTPServer((HOST, port), handler)
    except OSError:
        return http.server.ThreadingHTTPServer((HOST, 0), handler)


def run(port: int, lab: bool) -> None:
    """Serve until interrupted, printing where."""
    server = book_server(port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"The book:      http://{HOST}:{server.server_address[1]}/", flush=True)
    jupyter = _start_lab() if lab else None
    print("Press Ctrl-C to stop.", flush=True)
    try:
        if jupyter:
            jupyter.wait()
        threading.Event().wait()
    except KeyboardInterrupt:
        print("\nStopped.")
    finally:
        server.shutdown()
        if jupyter:
            jupyter.terminate()


def _start_lab() -> subprocess.Popen[bytes]:
    _copy_notebooks()
    port, token = _free_port(), secrets.token_urlsafe(16)
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", f"--ServerApp.ip={HOST}", f"--ServerApp.port={port}",
        f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={WORKSPACE}", "--log-level=ERROR",
        "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    with (BUILD / "jupyterlab.log").open("wb") as log:
        lab = subprocess.Popen(command, stderr=log)
    print(f"The notebooks: http://{HOST}:{port}/lab?token={token}", flush=True)
    return lab


def _copy_notebooks() -> None:
    """Give the reader copies to write in; a copy already there is theirs and is left alone."""
    for source in NOTEBOOKS.rglob("*.ipynb"):
        target = WORKSPACE / source.relative_to(NOTEBOOKS)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
