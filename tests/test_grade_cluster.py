"""Marking on a dask cluster: a real scheduler and real workers on this machine, through the command."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest

from processes import die_with_the_tests
from small_cohort import (
    COHORT,
    EXPECTED,
    SCRIPTS,
    answered,
    command,
    environment,
    grade,
    hand_in,
    points,
    statuses,
    table,
)

distributed = pytest.importorskip("distributed", reason="distributed is not installed")
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can sandbox")

PATIENCE = 240
HANGS = "30s"  # how long a worker may be silent before the scheduler gives it up
SECRET = "what lies in the home of the worker"


@dataclass
class Cluster:
    """A scheduler and its workers, each a process of its own with an environment of its own."""

    base: Path
    address: str = ""
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    def start(self, name: str, *arguments: str, **more: str) -> None:
        home = self.base / name
        home.mkdir()
        (home / "secret.txt").write_text(SECRET, encoding="utf-8")
        self.processes[name] = subprocess.Popen(
            [str(SCRIPTS / "dask"), *arguments, "--no-dashboard"],
            cwd=home,
            env={"PATH": "/usr/bin:/bin", "HOME": str(home), "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": HANGS, **more},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=die_with_the_tests,
        )  # fmt: skip

    def start_scheduler(self) -> None:
        said = self.base / "scheduler.json"
        self.start(
            "scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(said)
        )
        self.address = wait_for(
            lambda: said.exists() and said.stat().st_size and json.loads(said.read_text())
        )["address"]

    def start_workers(self, *names: str, **more: str) -> None:
        for name in names:
            self.start(name, "worker", self.address, "--nthreads", "1", "--no-nanny", "--name", name, **more)
        wait_for(lambda: set(names) <= set(self.workers()))

    def workers(self) -> dict[str, str]:
        """The addresses of the workers that the scheduler knows, by name."""
        with self.client() as client:
            known = client.scheduler_info(n_workers=-1)["workers"]
        return {one["name"]: address for address, one in known.items()}

    def client(self):
        return distributed.Client(self.address, set_as_default=False, timeout=PATIENCE)

    def stop(self, name: str) -> None:
        process = self.processes.pop(name)
        process.kill()
        process.wait()


def wait_for(ready):
    until = time.monotonic() + PATIENCE
    while not (found := ready()):
        assert time.monotonic() < until, "it did not come up"
        time.sleep(0.2)
    return found


def started(base: Path) -> Cluster:
    base.mkdir()
    made = Cluster(base)
    try:
        made.start_scheduler()
        made.start_workers("one", "two", "three")
    except BaseException:
        end(made)
        raise
    return made


def end(cluster: Cluster) -> None:
    for name in list(cluster.processes):
        cluster.stop(name)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = started(tmp_path_factory.mktemp("cluster") / "machines")
    yield made
    end(made)


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster to do harm to."""
    made = started(tmp_path / "machines")
    yield made
    end(made)


@pytest.fixture(scope="module")
def marked(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess]:
    base = tmp_path_factory.mktemp("marked")
    done = grade(hand_in(base / "in"), base / "marking", "--scheduler", cluster.address)
    return base / "marking", done


def test_marks_are_the_same_as_without_a_cluster(marked, tmp_path: Path) -> None:
    marking, done = marked
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert points(marking) == EXPECTED
    here = grade(hand_in(tmp_path / "in"), tmp_path / "marking")
    assert here.returncode == 0, here.stderr
    assert points(tmp_path / "marking") == EXPECTED
    assert table(tmp_path / "marking") == table(marking)


def test_a_second_run_without_the_cluster_goes_on_from_there(marked, tmp_path: Path) -> None:
    again = grade(hand_in(tmp_path / "in"), marked[0])
    assert again.returncode == 0
    assert set(statuses(marked[0]).values()) == {"unchanged"}


def test_workers_know_nothing_of_the_gradebook(marked, cluster: Cluster) -> None:
    seed = str(json.loads((marked[0] / "cohort.json").read_text())["seed"])

    def look() -> dict[str, object]:
        from pathlib import Path

        texts = [path.read_bytes() for path in Path.cwd().rglob("*") if path.is_file()]
        opened = [str(path.resolve()) for path in Path("/proc/self/fd").iterdir()]
        return {"environment": dict(os.environ), "here": os.getcwd(), "texts": texts, "opened": opened}

    with cluster.client() as client:
        seen = client.run(_portable(look))
    assert len(seen) == 3
    for machine in seen.values():
        everything = repr(machine)
        assert SECRET in everything, "it looked at the worker's files"
        for secret in (str(marked[0]), "gradebook", seed, "cohort_seed"):
            assert secret not in everything


def _portable(function):
    """A function that a worker can be sent although it has not got this file."""
    import cloudpickle

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    return function


@pytest.mark.parametrize("unsafe", [False, True], ids=["in the sandbox", "with --unsafe"])
def test_a_notebook_reads_a_workers_file_only_without_the_sandbox(
    cluster: Cluster, tmp_path: Path, unsafe: bool
) -> None:
    notebook = answered()
    places = [str(cluster.base / name / "secret.txt") for name in ("one", "two", "three")]
    attack = f"from pathlib import Path\nprint('found', [Path(path).read_text() for path in {places!r}])"
    notebook.cells.append(nbformat.v4.new_code_cell(attack))
    (tmp_path / "in").mkdir()
    nbformat.write(notebook, tmp_path / "in" / "Mal.ipynb")
    more = ["--unsafe"] if unsafe else []
    done = grade(tmp_path / "in", tmp_path / "marking", "--scheduler", cluster.address, *more)
    assert done.returncode == 0, done.stdout + done.stderr
    text = next((tmp_path / "marking" / "autograded").rglob("*.ipynb")).read_text(encoding="utf-8")
    assert (SECRET in text) == unsafe
    assert ("FileNotFoundError" in text) != unsafe


def test_a_worker_killed_and_another_that_hangs_cost_no_submission(mortal: Cluster, tmp_path: Path) -> None:
    cohort = {f"{learner} {number}": chosen for number in range(3) for learner, chosen in COHORT.items()}
    run = subprocess.Popen(
        command(hand_in(tmp_path / "in", cohort), tmp_path / "marking", "--scheduler", mortal.address),
        stdout=subprocess.PIPE,
        text=True,
        env=environment(tmp_path / "marking"),
    )
    assert run.stdout is not None
    wait_for(lambda: run.stdout.readline().startswith("  2/18"))
    mortal.stop("one")
    mortal.processes["two"].send_signal(signal.SIGSTOP)
    run.communicate(timeout=PATIENCE)
    assert run.returncode == 0
    assert set(statuses(tmp_path / "marking").values()) == {"marked"}
    assert points(tmp_path / "marking") == {learner: EXPECTED[learner[:-2]] for learner in cohort}


def test_a_cluster_that_goes_away_leaves_what_is_marked_and_the_next_run_finishes(
    mortal: Cluster, tmp_path: Path
) -> None:
    cohort = {f"{learner} {number}": chosen for number in range(2) for learner, chosen in COHORT.items()}
    run = subprocess.Popen(
        command(hand_in(tmp_path / "in", cohort), tmp_path / "marking", "--scheduler", mortal.address),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(tmp_path / "marking"),
    )
    assert run.stdout is not None
    wait_for(lambda: run.stdout.readline().startswith("  1/12"))
    for name in list(mortal.processes):
        mortal.stop(name)
    _, complaints = run.communicate(timeout=PATIENCE)
    assert (run.returncode, complaints) == (1, "")
    for row in table(tmp_path / "marking").values():
        if row["status"] == "not marked":
            assert "connection with the cluster" in row["reason"] or "no dask scheduler" in row["reason"]
        else:
            assert row["status"] == "marked"
    done = grade(tmp_path / "in", tmp_path / "marking")
    assert done.returncode == 0, done.stdout
    assert points(tmp_path / "marking") == {learner: EXPECTED[learner[:-2]] for learner in cohort}


def test_a_scheduler_that_is_not_there_is_said_and_nothing_is_made(tmp_path: Path) -> None:
    hand_in(tmp_path / "in", {"Ann": ()})
    for address in ("tcp://127.0.0.1:9", "not an address"):
        done = grade(tmp_path / "in", tmp_path / "marking", "--scheduler", address)
        assert done.returncode == 2
        assert f"no dask scheduler that answers at {address}" in done.stderr
        assert "Traceback" not in done.stderr
        assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_worker_that_cannot_sandbox_is_named_before_anything_is_marked(
    cluster: Cluster, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "from coursekit.sandbox import parent, ways\n"
        "def refuse():\n"
        "    raise parent.SandboxError('namespaces are forbidden here')\n"
        "ways.prepare = refuse\n"
    )
    cluster.start_workers("bare", PYTHONPATH=str(tmp_path))
    address = cluster.workers()["bare"]
    try:
        done = grade(
            hand_in(tmp_path / "in", {"Ann": ()}), tmp_path / "marking", "--scheduler", cluster.address
        )
    finally:
        cluster.stop("bare")
    assert done.returncode == 2
    assert address in done.stderr
    assert "namespaces are forbidden here" in done.stderr
    assert not (tmp_path / "marking").exists()


def test_without_workers_it_says_how_to_start_one(tmp_path: Path) -> None:
    lonely = Cluster(tmp_path)
    try:
        lonely.start_scheduler()
        done = grade(
            hand_in(tmp_path / "in", {"Ann": ()}), tmp_path / "marking", "--scheduler", lonely.address
        )
    finally:
        end(lonely)
    assert done.returncode == 2
    assert f"dask worker {lonely.address}" in done.stderr


def test_without_distributed_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "distributed.py").write_text("raise ModuleNotFoundError('no distributed')")
    done = subprocess.run(
        command(hand_in(tmp_path / "in", {"Ann": ()}), tmp_path / "marking", "--scheduler", "tcp://127.0.0.1:9"),
        capture_output=True,
        text=True,
        check=False,
        env={**environment(tmp_path / "marking"), "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install 'impact-in-practice[cluster]'" in done.stderr


def test_what_travels_is_small() -> None:
    from coursekit.sandbox.work import Work, run

    notebook = answered()
    code = tuple(cell.source if cell.cell_type == "code" else None for cell in notebook.cells)
    task = Work(sealed=code, shown=code, sandboxed=False)
    text = sum(len(source or "") for source in code)
    assert len(pickle.dumps(task)) < 2 * text + 2000
    done = run(task)
    assert pickle.loads(pickle.dumps(done)) == done
    assert len(pickle.dumps(done)) < 50_000
