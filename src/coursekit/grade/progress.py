"""Shows how far a run has come: a bar on a terminal, a line for each submission elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def progress(title: str, total: int, say: Callable[[str], None]) -> Iterator[Callable[[str], None]]:
    """Yield a function to call with one line for each that is done.

    Args:
        title: what is being done.
        total: how many there are.
        say: prints a line, where there is no terminal.
    """
    if sys.stderr.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(title, total=total)

            def advance(line: str) -> None:
                bar.advance(task)
                if not line.endswith(": unchanged"):
                    bar.console.print(escape(line))

            yield advance
        return
    say(f"{title} ...")
    done = 0

    def count(line: str) -> None:
        nonlocal done
        done += 1
        say(f"  {done}/{total}  {line}")

    yield count
