"""The course on a real JupyterHub: two learners and a facilitator, each with an account of the system, do a whole round.

The hub runs on the files that are shipped in deploy/tljh. It takes some 25 seconds.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
import pytest
import requests
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from coursekit.build.frontend import node
from coursekit.grade.mend import marked_cells
from coursekit.paths import ROOT
from coursekit.sandbox.session import finish
from variants_e00 import FULL, RIGHT

PROXY = ROOT / "frontend" / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
COURSE = "impact-in-practice"
EXERCISE = "E00"
NOTEBOOK = "E00-first-cell"
PLACE = "/srv/impact"
EXCHANGE = f"{PLACE}/exchange/nbgrader"
INBOUND = f"{EXCHANGE}/{COURSE}/inbound"
FACILITATORS = "/services/impact/"
PATIENCE = 300

PRYING = {
    "list what was handed in": f"ls {INBOUND}",
    "open another learner's home": "ls /home/jupyter-anna",
    "open the course's account": f"ls {PLACE}/account",
    "put another course in the course's place": f"mv {EXCHANGE}/{COURSE} {EXCHANGE}/mine",
    "release an exercise of one's own": f"mkdir {EXCHANGE}/{COURSE}/outbound/E99",
    "list the feedback": f"ls {EXCHANGE}/{COURSE}/feedback",
}
IN_ANNAS_NAME = f"cp -r {EXERCISE} '{INBOUND}/jupyter-anna+{EXERCISE}+2099-01-01 00:00:00.000000 UTC+forged'"

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("unshare"),
    reason="Only root on Linux can give each learner an account of the system.",
)


@dataclass
class Hub:
    """A running hub, in a room of its own (tests/hub/room.py)."""

    folder: Path
    password: str = field(default_factory=lambda: secrets.token_hex(16))
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    url: str = field(default_factory=lambda: f"http://127.0.0.1:{_free_port()}")

    def __enter__(self) -> Hub:
        with (self.folder / "hub.log").open("wb") as log:
            self.process = subprocess.Popen(
                [
                    "setpriv", "--pdeathsig=KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation=private",
                    sys.executable, str(ROOT / "tests" / "hub" / "room.py"), str(ROOT),
                ],
                stdout=log,
                stderr=log,
                env={
                    "PATH": f"{Path(sys.executable).parent}:{Path(node()).parent}:/usr/sbin:/usr/bin:/sbin:/bin",
                    "LANG": "C.UTF-8",
                    "TEST_HUB_URL": self.url,
                    "TEST_HUB_PORT": str(_free_port()),
                    "TEST_HUB_PROXY": f"{node()} {PROXY}",
                    "TEST_HUB_PROXY_PORT": str(_free_port()),
                    "TEST_HUB_SERVICE_PORT": str(_free_port()),
                    "TEST_HUB_PASSWORD": self.password,
                    "TEST_HUB_TOKEN": self.token,
                },
            )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.3)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def log(self) -> str:
        return (self.folder / "hub.log").read_text(encoding="utf-8", errors="replace")[-6000:]

    def run(self, account: str, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command line under an account."""
        room = ["nsenter", f"--target={self._first_process}", "--mount", "--pid"]
        as_account = ["runuser", "--login", account, "--command", command]
        return subprocess.run([*room, *as_account], capture_output=True, text=True, timeout=PATIENCE)

    def appoint(self, name: str) -> None:
        """Make somebody a facilitator, as the admin page does."""
        asked = {"headers": {"Authorization": f"token {self.token}"}, "timeout": PATIENCE}
        requests.post(f"{self.url}/hub/api/users/{name}", **asked).raise_for_status()
        group = f"{self.url}/hub/api/groups/formgrade-{COURSE}/users"
        requests.post(group, json={"users": [name]}, **asked).raise_for_status()

    @cached_property
    def _first_process(self) -> str:
        return Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()[0]

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/hub/login", timeout=PATIENCE).ok
        except requests.ConnectionError:
            return False


@dataclass
class Person:
    """Somebody in a browser, signed in: one set of cookies."""

    hub: Hub
    name: str
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.open("/hub/login")
        form = {"username": self.name, "password": self.hub.password, "_xsrf": self._mark("/hub/")}
        address = f"{self.hub.url}/hub/login"
        self.session.post(address, data=form, timeout=PATIENCE, allow_redirects=False).raise_for_status()

    @property
    def home(self) -> str:
        return f"/user/{self.name}/"

    def open(self, path: str) -> requests.Response:
        return self.session.get(f"{self.hub.url}{path}", timeout=PATIENCE)

    def start_server(self) -> None:
        self.open("/hub/spawn")
        deadline = time.monotonic() + PATIENCE
        while "JupyterLab" not in self.open(f"{self.home}lab").text:
            assert time.monotonic() < deadline, self.hub.log()
            time.sleep(0.3)

    def press(self, place: str, path: str, method: str = "POST", **body: Any) -> dict[str, Any]:
        """Press a button of a page below `place`; what it answers."""
        address, mark = f"{self.hub.url}{place}{path}", {"X-XSRFToken": self._mark(place)}
        answer = self.session.request(method, address, json=body, headers=mark, timeout=PATIENCE)
        assert answer.ok, f"{path}: {answer.status_code} {answer.text[:500]}\n{self.hub.log()}"
        return answer.json()

    def exchange(self, action: str) -> None:
        """Press a button of nbgrader's assignment list."""
        said = self.press(self.home, f"assignments/{action}", course_id=COURSE, assignment_id=EXERCISE)
        assert said["success"], said

    def grade(self, step: str) -> str:
        """Press a button of the formgrader; the log that it shows."""
        said = self.press(FACILITATORS, f"formgrader/api/assignment/{EXERCISE}/{step}")
        assert said["success"], said
        return said["log"]

    def type(self, place: str, command: str) -> str:
        """Type a command into a terminal below `place`; what it says."""
        return finish(self._type(place, command))

    async def _type(self, place: str, command: str) -> str:
        terminal = self.press(place, "api/terminals")["name"]
        address = f"{self.hub.url.replace('http', 'ws', 1)}{place}terminals/websocket/{terminal}"
        prepared = requests.Request("GET", f"{self.hub.url}{place}", cookies=self.session.cookies).prepare()
        socket = await websocket_connect(HTTPRequest(address, headers={"Cookie": prepared.headers["Cookie"]}))
        await socket.write_message(json.dumps(["stdin", f"{command}; echo done with $?\r"]))
        said = ""
        while not re.search(r"done with \d", said):
            kind, text = json.loads(await asyncio.wait_for(socket.read_message(), PATIENCE))
            said += text if kind == "stdout" else ""
        socket.close()
        return said

    def _mark(self, place: str) -> str:
        marks = [one for one in self.session.cookies if one.name == "_xsrf" and place.startswith(one.path)]
        return max(marks, key=lambda one: len(one.path)).value


@dataclass
class Round:
    """One exercise, from its release to its feedback."""

    hub: Hub
    anna: Person
    ben: Person
    fay: Person
    collected: str = ""
    marked: str = ""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    if not PROXY.exists():
        pytest.fail("The hub's proxy is not installed. Run: course build")
    with Hub(tmp_path_factory.mktemp("hub")) as running:
        yield running


@pytest.fixture(scope="module")
def played(hub: Hub) -> Round:
    """Fay releases, Anna and Ben fetch and hand in (Ben nothing but the empty exercise), Fay marks and gives back."""
    hub.appoint("fay")
    anna, ben, fay = (Person(hub, name) for name in ("anna", "ben", "fay"))
    played = Round(hub, anna, ben, fay)
    fay.open(f"{FACILITATORS}formgrader").raise_for_status()
    fay.grade("assign")
    fay.grade("release")

    for learner in (anna, ben):
        learner.start_server()
        learner.exchange("fetch")
    path = f"api/contents/{EXERCISE}/{NOTEBOOK}.ipynb"
    notebook = anna.open(f"{anna.home}{path}").json()["content"]
    anna.press(anna.home, path, "PUT", type="notebook", content=answered(notebook))
    for learner in (anna, ben):
        learner.exchange("submit")
    assert hub.run("jupyter-ben", IN_ANNAS_NAME).returncode == 0

    played.collected = fay.grade("collect")
    played.marked = fay.type(FACILITATORS, f"nbgrader autograde {EXERCISE}")
    fay.grade("generate_feedback")
    fay.grade("release_feedback")
    for learner in (anna, ben):
        learner.exchange("fetch_feedback")
    return played


def answered(notebook: dict[str, Any]) -> dict[str, Any]:
    """The exercise with a right answer to every task."""
    notebook = nbformat.from_dict(notebook)
    cells = marked_cells(notebook)
    for variant in RIGHT:
        cells[variant.task].source = variant.code
    return notebook


def test_the_formgrader_lists_both_with_their_marks(played: Round) -> None:
    assert "done with 0" in played.marked, played.marked
    page = played.fay.open(f"{FACILITATORS}formgrader/manage_submissions/{EXERCISE}")
    assert page.status_code == 200
    assert "nbgrader formgrade" in page.text
    listed = played.fay.open(f"{FACILITATORS}formgrader/api/submissions/{EXERCISE}").json()
    scores = {one["student"]: one["score"] for one in listed}
    assert scores == {"jupyter-anna": sum(FULL.values()), "jupyter-ben": 0}


def test_the_formgraders_own_button_marks(played: Round) -> None:
    said = played.fay.press(FACILITATORS, f"formgrader/api/submission/{EXERCISE}/jupyter-anna/autograde")
    assert said["success"], said


@pytest.mark.parametrize(("name", "score"), [("anna", sum(FULL.values())), ("ben", 0)])
def test_each_learner_reads_their_own_feedback(name: str, score: float, played: Round) -> None:
    learner = getattr(played, name)
    said = played.hub.run(f"jupyter-{name}", f"cat {EXERCISE}/feedback/*/{NOTEBOOK}.html")
    assert f"Score: {score:.1f} / {sum(FULL.values()):.1f}" in said.stdout
    assert f"{COURSE} {EXERCISE} (already downloaded)" in learner.type(learner.home, "nbgrader list")


def test_a_learner_has_the_lessons_and_their_widgets(played: Round) -> None:
    ben = played.ben
    lessons = ben.open(f"{ben.home}api/contents/lessons/measurement").json()["content"]
    assert "xmr-charts.ipynb" in {one["name"] for one in lessons}
    shown = ben.type(
        ben.home,
        """python -c 'from improvement.widgets import Widget; print("it is", Widget("xmr-studio").kind)'""",
    )
    assert "it is xmr-studio" in shown, shown


@pytest.mark.parametrize("attempt", PRYING)
def test_a_learner_cannot(attempt: str, played: Round) -> None:
    tried = played.hub.run("jupyter-ben", PRYING[attempt])
    assert tried.returncode != 0, tried.stdout
    assert re.search("Permission denied|Operation not permitted", tried.stderr), tried.stderr


def test_who_is_not_on_the_hub_cannot_reach_the_exchange(played: Round) -> None:
    as_stranger = "setpriv --reuid=daemon --regid=daemon --clear-groups"
    tried = played.hub.run("root", f"{as_stranger} ls {EXCHANGE}")
    assert "Permission denied" in tried.stderr


def test_what_is_handed_in_under_anothers_name_is_not_collected(played: Round) -> None:
    assert re.search(r"Not collected: .*\+forged, because .* belongs to jupyter-ben", played.collected)


def test_a_learner_reaches_neither_the_facilitators_server_nor_a_formgrader_of_their_own(
    played: Round,
) -> None:
    assert played.ben.open(f"{FACILITATORS}formgrader").status_code == 403
    assert played.ben.open(f"{played.ben.home}formgrader").status_code == 404


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
