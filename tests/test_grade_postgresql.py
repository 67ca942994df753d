"""The gradebook in PostgreSQL: a real server on this machine, through the command and nbgrader's own."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from processes import die_with_the_tests
from small_cohort import (
    EXPECTED,
    FULL,
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

psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed")
PROGRAMS = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None)
pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can sandbox"),
    pytest.mark.skipif(PROGRAMS is None, reason="PostgreSQL is not installed. Run: apt-get install postgresql"),
]  # fmt: skip

PLAIN = "geheim42"
PASSWORD = f"p@ss w%r/d: é {PLAIN}"
PATIENCE = 120


@dataclass
class Server:
    """A PostgreSQL server with its data in a folder; each database in it is one gradebook."""

    base: Path
    port: int
    process: subprocess.Popen | None = None

    def as_its_account(self) -> dict:
        """PostgreSQL refuses to run as root."""
        return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}

    def program(self, name: str) -> str:
        assert PROGRAMS is not None
        return str(PROGRAMS.with_name(name))

    def make(self) -> None:
        password = self.base / "password"
        password.write_text(PASSWORD, encoding="utf-8")
        if os.geteuid() == 0:
            for path in (self.base, password):
                shutil.chown(path, "nobody", "nogroup")
        subprocess.run(
            [
                self.program("initdb"), "-D", str(self.base / "data"), "-U", "course", "-A", "scram-sha-256",
                "--pwfile", str(password), "--no-sync", "-E", "UTF8", "--locale", "C.UTF-8",
            ],
            check=True, capture_output=True, cwd=self.base, **self.as_its_account(),
        )  # fmt: skip

    def start(self) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            if (
                self.process is None or self.process.poll() is not None
            ):  # what a killed one left may still be going
                self.process = subprocess.Popen(
                    [
                        self.program("postgres"), "-D", str(self.base / "data"), "-p", str(self.port), "-F",
                        "-h", "127.0.0.1", "-k", "", "-c", "shared_buffers=16MB",
                    ],
                    cwd=self.base, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    preexec_fn=die_with_the_tests, **self.as_its_account(),
                )  # fmt: skip
            try:
                psycopg.connect(self.address("postgres")).close()
                return
            except psycopg.OperationalError:
                assert time.monotonic() < until, "PostgreSQL did not start"
                time.sleep(0.2)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it; SIGINT is its word for at once but orderly."""
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(PATIENCE)

    def address(self, database: str, scheme: str = "postgresql") -> str:
        return f"{scheme}://course:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/{database}"

    def new(self, database: str, scheme: str = "postgresql") -> str:
        """Make a database and return its address."""
        with closing(psycopg.connect(self.address("postgres"), autocommit=True)) as connection:
            connection.execute(f'CREATE DATABASE "{database}"')
        return self.address(database, scheme)

    def ask(self, database: str, query: str) -> list[tuple]:
        with closing(psycopg.connect(self.address(database))) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(
        prefix="postgresql-"
    ) as folder:  # pytest's own are closed to other accounts
        made = Server(Path(folder), port)
        made.make()
        made.start()
        yield made
        made.stop()


@pytest.fixture(scope="module")
def marked(
    server: Server, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, subprocess.CompletedProcess]:
    base = tmp_path_factory.mktemp("cohort")
    handed_in, marking = hand_in(base / "in"), base / "marking"
    return handed_in, marking, grade(handed_in, marking, "--gradebook", server.new("cohort"))


def nbgrader(marking: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(SCRIPTS / "nbgrader"), *arguments], cwd=marking, capture_output=True, text=True, check=False,
        env={**environment(marking), "PATH": f"{SCRIPTS}:/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done


def test_marks_are_what_the_answers_earn_and_what_sqlite_holds(marked, tmp_path: Path) -> None:
    handed_in, marking, done = marked
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert points(marking) == EXPECTED
    assert not (marking / "gradebook.db").exists()
    here = grade(handed_in, tmp_path / "marking")
    assert here.returncode == 0, here.stderr
    assert (tmp_path / "marking" / "gradebook.db").exists()
    assert table(tmp_path / "marking") == table(marking)


def test_the_database_holds_them(marked, server: Server) -> None:
    rows = server.ask(
        "cohort",
        "SELECT submitted_assignment.student_id, sum(grade.auto_score) FROM grade "
        "JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id "
        "JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id GROUP BY 1",
    )
    assert dict(rows) == {learner: sum(earned.values()) for learner, earned in EXPECTED.items()}


def test_a_second_run_changes_nothing(marked, server: Server) -> None:
    handed_in, marking, _ = marked
    for more in ([], ["--gradebook", server.address("cohort", "postgres")]):
        again = grade(handed_in, marking, *more)
        assert (again.returncode, again.stderr) == (0, "")
        assert set(statuses(marking).values()) == {"unchanged"}
        assert points(marking) == EXPECTED
    assert server.ask("cohort", "SELECT count(*) FROM grade") == [(len(EXPECTED) * len(FULL),)]


def test_the_password_is_for_its_owner_alone(marked) -> None:
    handed_in, marking, _ = marked
    again = grade(handed_in, marking, "--late", "none")  # writes the settings anew
    assert again.returncode == 0
    files = [path for path in marking.rglob("*") if path.is_file()]
    holding = [path for path in files if PLAIN.encode() in path.read_bytes()]
    assert [path.name for path in holding] == ["nbgrader_config.json"]
    assert holding[0].stat().st_mode & 0o777 == 0o600


def test_nbgraders_own_commands_use_the_same_gradebook(marked, server: Server) -> None:
    _, marking, _ = marked
    nbgrader(marking, "autograde", "E00", "--student=Bo", "--force")
    nbgrader(marking, "export", "--to=out.csv")
    with (marking / "out.csv").open(newline="") as file:
        scores = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert scores == {learner: sum(earned.values()) for learner, earned in EXPECTED.items()}
    assert "Ann" in nbgrader(marking, "db", "student", "list").stdout
    assert not (marking / "gradebook.db").exists()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql+psycopg2"])
def test_every_way_to_write_the_address_works(server: Server, tmp_path: Path, scheme: str) -> None:
    handed_in = hand_in(tmp_path / "in", {"Ann": ()})
    address = server.new(f"written {scheme}", scheme).replace("written ", "written%20")
    done = grade(handed_in, tmp_path / "marking", "--gradebook", address)
    assert done.returncode == 0, done.stdout + done.stderr
    assert points(tmp_path / "marking") == {"Ann": FULL}


@pytest.mark.parametrize("address", ["marks.db", "mysql://a@b/c", "postgresql://a@b"])
def test_an_address_that_is_none_is_refused_with_an_example(tmp_path: Path, address: str) -> None:
    done = grade(hand_in(tmp_path / "in", {"Ann": ()}), tmp_path / "marking", "--gradebook", address)
    assert done.returncode == 2
    assert "postgresql://name:password@host/database" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_two_marking_folders_do_not_mix_their_marks_in_one_database(
    marked, server: Server, tmp_path: Path
) -> None:
    done = grade(hand_in(tmp_path / "in"), tmp_path / "other", "--gradebook", server.address("cohort"))
    assert done.returncode == 2
    assert "holds marks for E00 already" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_without_psycopg_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "psycopg.py").write_text("raise ModuleNotFoundError('no psycopg')")
    done = subprocess.run(
        command(hand_in(tmp_path / "in", {"Ann": ()}), tmp_path / "marking", "--gradebook", "postgresql://a@b/c"),
        capture_output=True, text=True, check=False,
        env={**environment(tmp_path / "marking"), "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install 'impact-in-practice[postgresql]'" in done.stderr


def test_a_server_that_is_down_loses_nothing(server: Server, tmp_path: Path) -> None:
    import nbformat

    handed_in, marking = hand_in(tmp_path / "in"), tmp_path / "marking"
    first = grade(handed_in, marking, "--gradebook", server.new("down"))
    assert first.returncode == 0, first.stderr
    before = table(marking)
    nbformat.write(answered(), handed_in / "Fay.ipynb")  # a new hand-in, right this time

    server.stop()
    try:
        for more in ([], ["--due", "2026-01-01"]):
            down = grade(handed_in, marking, *more)
            assert down.returncode == 2
            assert "The gradebook could not be reached." in down.stderr
            assert "Traceback" not in down.stdout + down.stderr
            assert PLAIN not in down.stdout + down.stderr
        assert table(marking) == before
        other = grade(handed_in, tmp_path / "new", "--gradebook", server.address("never"))
        assert other.returncode == 2
        assert "The gradebook could not be reached." in other.stderr
        assert not (tmp_path / "new").exists()
    finally:
        server.start()

    back = grade(handed_in, marking)
    assert back.returncode == 0, back.stderr
    assert points(marking) == {**EXPECTED, "Fay": FULL}
    assert statuses(marking) == {**dict.fromkeys(EXPECTED, "unchanged"), "Fay": "marked"}


def test_a_server_that_goes_down_midway_costs_only_what_was_not_marked_yet(
    server: Server, tmp_path: Path
) -> None:
    handed_in, marking = hand_in(tmp_path / "in"), tmp_path / "marking"
    run = subprocess.Popen(
        command(handed_in, marking, "--gradebook", server.new("midway")),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(marking),
    )  # fmt: skip
    assert run.stdout is not None
    for line in run.stdout:
        if line.startswith("  1/"):
            break
    server.stop(signal.SIGKILL)
    try:
        said, complaints = run.communicate(timeout=PATIENCE)
    finally:
        server.start()
    assert run.returncode == 1
    assert "The gradebook could not be reached." in complaints
    assert "Traceback" not in said + complaints
    done = grade(handed_in, marking)
    assert done.returncode == 0, done.stdout + done.stderr
    assert points(marking) == EXPECTED
    assert server.ask("midway", "SELECT count(*) FROM submitted_assignment") == [(len(EXPECTED),)]
    assert server.ask("midway", "SELECT count(*) FROM grade") == [(len(EXPECTED) * len(FULL),)]
