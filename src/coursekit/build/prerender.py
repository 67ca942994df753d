"""Turn a widget's view into the HTML a reader sees without scripts, with the front end's own drawing code."""

from __future__ import annotations

import atexit
import json
import subprocess
from collections.abc import Mapping
from functools import cache
from typing import Any

from coursekit.build import frontend
from coursekit.paths import FRONTEND


def static_html(spec: Mapping[str, Any], view: Mapping[str, Any]) -> str:
    """Return the widget as static HTML: figures as inline SVG, their descriptions, every table.

    Raises RuntimeError when the drawing program fails; what it said is on standard error.
    """
    program = _program()
    program.stdin.write(json.dumps({"spec": spec, "view": view}) + "\n")
    program.stdin.flush()
    line = program.stdout.readline()
    if not line:
        raise RuntimeError(f"The widget {spec['kind']!r} could not be drawn. Node's message is above.")
    return json.loads(line)


@cache
def _program() -> subprocess.Popen[str]:
    program = subprocess.Popen(
        [frontend.node(), str(FRONTEND / "prerender.mjs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    atexit.register(program.kill)
    return program
