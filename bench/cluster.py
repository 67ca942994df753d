"""What one submission costs as a cohort grows, on this machine alone and on a dask cluster: small notebooks of E00.

Usage: python bench/cluster.py [SIZE ...]; 100 and 2000 unless told.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat

from coursekit.paths import ROOT

sys.path.insert(0, str(ROOT / "tests"))
from small_cohort import COHORT, EXPECTED, SCRIPTS, answered, command, points

SIZES = tuple(map(int, sys.argv[1:])) or (100, 2000)
WORKERS = 3


@contextmanager
def cluster(base: Path) -> Iterator[str]:
    """A scheduler and its workers on this machine; yields the scheduler's address."""
    said = base / "scheduler.json"
    started: list[subprocess.Popen] = []

    def start(*arguments: str) -> None:
        started.append(
            subprocess.Popen(
                [str(SCRIPTS / "dask"), *arguments, "--no-dashboard"],
                cwd=base,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    try:
        start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(said))
        while not said.exists() or not said.stat().st_size:
            time.sleep(0.2)
        address = json.loads(said.read_text(encoding="utf-8"))["address"]
        for _ in range(WORKERS):
            start("worker", address, "--nthreads", "1", "--no-nanny")
        from distributed import Client

        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(WORKERS)
        yield address
    finally:
        for process in started:
            process.kill()
            process.wait()


def hand_in(folder: Path, size: int) -> dict[str, dict[str, float]]:
    """Write a cohort of this size; returns what each learner should get."""
    folder.mkdir(parents=True)
    texts = {learner: nbformat.writes(answered(*chosen)) for learner, chosen in COHORT.items()}
    expected = {}
    for number, learner in enumerate(itertools.islice(itertools.cycle(COHORT), size)):
        name = f"{learner} {number:05}"
        (folder / f"{name}.ipynb").write_text(texts[learner], encoding="utf-8")
        expected[name] = EXPECTED[learner]
    return expected


def timed(arguments: list[str], log: Path) -> float:
    begun = time.perf_counter()
    with log.open("w") as file:
        done = subprocess.run(arguments, stdout=file, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} stopped:\n{log.read_text()[-2000:]}")
    return time.perf_counter() - begun


def main() -> None:
    print(f"Marking E00 on {os.cpu_count()} processors; the cluster's {WORKERS} workers share them.")
    print("size  this machine, s  ms each  cluster, s  ms each  nothing changed, s  same scores", flush=True)
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            base = Path(folder)
            expected = hand_in(base / "in", size)
            here = timed(command(base / "in", base / "here"), base / "log")
            again = timed(command(base / "in", base / "here"), base / "log")
            with cluster(base) as address:
                there = timed(command(base / "in", base / "there", "--scheduler", address), base / "log")
            same = points(base / "here") == points(base / "there") == expected
            print(
                f"{size:4}  {here:15.1f}  {1000 * here / size:7.0f}  {there:10.1f}  {1000 * there / size:7.0f}"
                f"  {again:18.1f}  {same}",
                flush=True,
            )


if __name__ == "__main__":
    main()
