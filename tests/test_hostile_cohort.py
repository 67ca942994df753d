"""One cohort of thirty honest learners and everything that could go wrong, through the command as a facilitator runs it."""

from __future__ import annotations

import base64
import copy
import csv
import html
import itertools
import json
import re
import sqlite3
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from coursekit.grade.mend import marked_cells
from coursekit.grade.release import add_assignment
from coursekit.paths import ROOT
from variants_e00 import FULL, RIGHT, TASKS, WRONG

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can sandbox")

COURSE = Path(sys.executable).with_name("course")
SOURCE = next((ROOT / "exercises/source/E00").glob("*.ipynb"))
OTHER = next((ROOT / "exercises/source/E01").glob("*.ipynb"))
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "COURSE_TEST_SECRET": "the facilitator's password"}

Notebook = nbformat.NotebookNode
SECRETS = ("cohort_seed", "BEGIN HIDDEN", "hasattr(_one")
"""What stands in hidden tests and nowhere else."""


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Notebook:
    base = tmp_path_factory.mktemp("e00")
    add_assignment(base, "E00", SOURCE.read_text(encoding="utf-8"), SOURCE.name)
    return nbformat.read(base / "release" / "E00" / SOURCE.name, as_version=4)


def fill(released: Notebook, answers: dict[str, str]) -> Notebook:
    notebook = copy.deepcopy(released)
    for task, code in answers.items():
        marked_cells(notebook)[task].source = code
    return notebook


def right_answers() -> dict[str, str]:
    return {task: next(one.code for one in RIGHT if one.task == task) for task in TASKS}


def honest(released: Notebook) -> dict[str, tuple[Notebook, dict[str, float]]]:
    """Thirty learners, what they hand in, and what it earns."""
    by_task = [[one for one in (*RIGHT, *WRONG) if one.task == task] for task in TASKS]
    found = {}
    for number, chosen in enumerate(itertools.islice(zip(*map(itertools.cycle, by_task), strict=False), 30)):
        lost = {cell: lose for one in chosen for cell, lose in one.loses.items()}
        earns = {cell: full - lost.get(cell, 0) for cell, full in FULL.items()}
        found[f"Honest {number:02d}"] = (fill(released, {one.task: one.code for one in chosen}), earns)
    return found


@dataclass(frozen=True)
class Bad:
    """A hand-in, what must be said of it, and the points of it that are certain."""

    says: str
    code: str = ""
    change: Callable[[Notebook], Notebook | None] = lambda notebook: None
    earns: float | None = None


def drop(*grade_ids: str) -> Callable[[Notebook], None]:
    def change(notebook: Notebook) -> None:
        notebook.cells = [
            cell
            for cell in notebook.cells
            if cell.metadata.get("nbgrader", {}).get("grade_id") not in grade_ids
        ]

    return change


def twice(notebook: Notebook) -> None:
    cell = copy.deepcopy(marked_cells(notebook)["twelve"])
    cell.id = "again"
    notebook.cells.append(cell)


def edit_test(notebook: Notebook) -> None:
    marked_cells(notebook)["twelve"].source = "pass"
    marked_cells(notebook)["hello-variation"].source = "def hello_variation():\n    return 5"


def other_kernel(notebook: Notebook) -> None:
    notebook.metadata["kernelspec"] = {"name": "bash", "display_name": "Bash", "language": "bash"}


def no_metadata(notebook: Notebook) -> None:
    notebook.metadata.clear()


def attachments(notebook: Notebook) -> None:
    notebook.cells[0]["attachments"] = {"x.png": {"image/png": "iVBORw0KGgo=" * 1000}}


def big_widgets(notebook: Notebook) -> None:
    state = {"state": {"x": {"value": "y" * 50_000_000}}, "version_major": 2, "version_minor": 0}
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": state}


def script(notebook: Notebook) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and not cell.metadata.get("nbgrader"):
            cell.source = (
                "<script>document.title = 'RAN'</script> <img src=x onerror=\"document.title='RAN'\"> 2 < 3"
            )
    notebook.cells.insert(
        3,
        nbformat.v4.new_code_cell(
            "from IPython.display import HTML, Javascript, SVG, display\n"
            "display(HTML(\"<script>document.title = 'RAN'</script><img src=x onerror=\\\"document.title='RAN'\\\">\"))\n"
            "display(Javascript(\"document.title = 'RAN'\"))\n"
            "display(SVG(\"<svg xmlns='http://www.w3.org/2000/svg' onload=\\\"document.title='RAN'\\\"/>\"))"
        ),
    )


def tell_all(notebook: Notebook) -> None:
    """Shows, in every way that comes to mind, what the kernel knows when it has met the hidden tests."""
    marked_cells(notebook)["route"].source = (
        "import base64\nseen = '\\n'.join(In)\nprint(seen)\nprint(base64.b64encode(seen.encode()).decode())\nprint(seen[::-1])\n"
        "class Told(Exception): pass\n"
        "def tell(*a): raise Told(' '.join(In))\n"
        "me = type('Me', (), {'__getitem__': tell, 'get': tell, '__iter__': tell})()\nroute = [1]"
    )


def old_format(notebook: Notebook) -> Notebook:
    return nbformat.convert(notebook, 3)


FORK = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
FORGE = (
    "k = get_ipython().kernel\n"
    "k.session.send(k.iopub_socket, 'execute_result', {'data': {'text/plain': '999'}, 'metadata': {}, 'execution_count': 1}, parent=k.get_parent(), ident=k._topic('execute_result'))\n"
    "k.session.send(k.iopub_socket, 'status', {'execution_state': 'idle'}, parent=k.get_parent(), ident=k._topic('status'))\n"
)
DAEMON = "import os\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        os.execvp('sleep', ['sleep', '9753'])\n    os._exit(0)"

BAD = {
    "Loops": Bad("", code="while True: pass"),
    "Hog": Bad("", code="x = []\nwhile True: x.append(bytearray(50_000_000) + b'1')"),
    "Deleted test": Bad("put back: vary", change=drop("vary"), earns=6),
    "Deletes the gradebook": Bad("speaks to the operating system", code="import os, glob\nfor path in glob.glob('/tmp/**/gradebook.db', recursive=True): os.remove(path)", earns=6),
    "Prints": Bad("", code="for _ in range(1000): print('x' * 100_000)"),
    "Reads": Bad("", code="import pathlib\ntry:\n    print([p.read_text() for top in ('ROOT', '/tmp', '/home', '/etc', '..') for p in pathlib.Path(top).rglob('E00*.ipynb')])\nexcept OSError: pass\nprint(pathlib.Path('..').resolve())".replace("ROOT", str(ROOT)), earns=6),
    "Phones": Bad("opens network connections", code="import socket\nsocket.create_connection(('192.0.2.1', 80), 3)", earns=6),
    "Twice": Bad("there twice", change=twice, earns=6),
    "Exits": Bad("Python stopped", code="import os; os._exit(0)"),
    "Too many points": Bad("points of 2", code="def more(result):\n    from IPython.display import display\nimport builtins\n", change=lambda notebook: notebook.cells.insert(0, nbformat.v4.new_code_cell("class Big(float):\n    def __repr__(self): return '999.0'\nget_ipython().display_formatter.formatters['text/plain'].for_type(float, lambda x, p, c: p.text('999.0'))"))),
    "Warns": Bad("", code="import warnings; warnings.warn('old'); import sys; print('x', file=sys.stderr)", earns=6),
    "SQL": Bad("", code="import sqlite3, glob\nfor path in glob.glob('/**/gradebook.db', recursive=True):\n    sqlite3.connect(path).execute('UPDATE grade SET auto_score = 99')", earns=6),
    "Daemon": Bad("", code=DAEMON, earns=6),
    "Hijack": Bad("reads the tests", code="get_ipython().input_transformers_post.append(lambda lines: ['pass\\n'])"),
    "Tree": Bad("rewrites code", code="import ast\nclass T(ast.NodeTransformer):\n    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)\nget_ipython().ast_transformers.append(T())"),
    "Equal to all": Bad("finds equal", code="class Any(list):\n    def __eq__(self, other): return True\n    def __len__(self): return 12", earns=6),
    "Edited test": Bad("Locked cells edited", change=edit_test),
    "Other kernel": Bad("replaced by", change=other_kernel, earns=6),
    "Fork bomb": Bad("", code=FORK),
    "No metadata": Bad("named no kernel", change=no_metadata, earns=6),
    "Old format": Bad("", change=old_format),
    "Attachments": Bad("", change=attachments, earns=6),
    "Widgets": Bad("", change=big_widgets, earns=6),
    "Asks": Bad("", code="name = input('Your name? ')", earns=6),
    "Shared memory": Bad("", code="open('/dev/shm/x', 'wb').write(bytes(500_000_000))", earns=6),
    "Signals": Bad("sends signals", code="import os, signal\nfor pid in (1, os.getppid()): os.kill(pid, signal.SIGKILL)", earns=6),
    "Forges": Bad("reaches into the kernel", code=FORGE),
    "Script": Bad("", change=script, earns=6),
    "Tells": Bad("", change=tell_all),
    "Formula =1+1": Bad("", earns=6),
    "O'Neill, Ann \"Nan\"": Bad("", earns=6),
    "José Ñandú": Bad("", earns=6),
    "محمد": Bad("", earns=6),
    "<img src=x onerror=alert(1)>": Bad("", earns=6),
}  # fmt: skip
"""Hand-ins that are notebooks of this exercise, whatever else they are."""

REFUSED = {
    "Outside": "outside its folder",
    "Link": "link to another file",
    "Bomb": "more than 100 MB",
    "Heavy": "more than 100 MB",
    "Wrong exercise": "is not exercise E00",
    "Sends two": "2 notebooks for this learner",
    "Empty": "empty",
    "Cut": "cut short",
    "Word": "Word document",
    "Page": "web page",
    "Deep": "damaged",
}
"""Hand-ins that cannot be marked, and what must be said of them."""


def member(archive: zipfile.ZipFile, number: int, learner: str, data: bytes, name: str = SOURCE.name) -> None:
    archive.writestr(f"{learner}_{number}_assignsubmission_file_{name}", data)


def zipped(path: Path, released: Notebook, *, bad: bool) -> None:
    """What Moodle gives a facilitator: everybody's hand-in in one zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        number = itertools.count(100)
        for learner, (notebook, _) in honest(released).items():
            member(archive, next(number), learner, nbformat.writes(notebook).encode())
        if not bad:
            return
        for learner, one in BAD.items():
            notebook = fill(released, right_answers())
            if one.code:
                marked_cells(notebook)["hello-variation"].source += f"\n{one.code}\n"
            notebook = one.change(notebook) or notebook
            text = (
                nbformat.writes(notebook, version=notebook.nbformat)
                if notebook.nbformat == 4
                else json.dumps(notebook)
            )
            member(archive, next(number), learner, text.encode())
        good = nbformat.writes(fill(released, right_answers())).encode()
        archive.writestr("../../Outside.ipynb", good)
        link = zipfile.ZipInfo(f"Link_{next(number)}_assignsubmission_file_{SOURCE.name}")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "../Honest 00/E00.ipynb")
        member(archive, next(number), "Bomb", bytes(300_000_000))
        member(archive, next(number), "Heavy", good[:-2] + b" " * 200_000_000 + b"}\n")
        member(archive, next(number), "Wrong exercise", OTHER.read_bytes())
        two = next(number)
        member(archive, two, "Sends two", good)
        member(archive, two, "Sends two", good, "again.ipynb")
        member(archive, next(number), "Empty", b"")
        member(archive, next(number), "Cut", good[: len(good) // 2])
        member(archive, next(number), "Word", b"PK\x03\x04 docx")
        member(archive, next(number), "Page", b"<!doctype html><title>Sign in</title>")
        member(archive, next(number), "Deep", b"[" * 200_000)


def grade(given: Path, marking: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [str(COURSE), "grade", str(given), "--assignment", "E00", "--marking", str(marking), *more]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**ENVIRONMENT, "HOME": str(marking.parent)}
    )


def table(marking: Path) -> dict[str, dict[str, str]]:
    with (marking / "marks-E00.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["learner"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def cohort(quick: Path, released: Notebook) -> tuple[Path, subprocess.CompletedProcess[str]]:
    zipped(quick / "everybody.zip", released, bad=True)
    marking = quick / "marking"
    seeded = quick / "nobody"
    seeded.mkdir()
    grade(seeded, marking)  # makes the folder; there is nothing to mark
    settings = {"ExecuteSealed": {"timeout": 3, "lifetime": 30, "memory": 512}}
    (marking / "nbgrader_config.json").write_text(json.dumps(settings), encoding="utf-8")
    done = grade(quick / "everybody.zip", marking)
    return marking, done


def test_the_honest_get_what_their_answers_earn_and_what_they_get_alone(
    cohort, quick: Path, released: Notebook
) -> None:
    together = table(cohort[0])
    zipped(quick / "honest.zip", released, bad=False)
    alone_in = quick / "alone"
    done = grade(quick / "honest.zip", alone_in)
    assert done.returncode == 0, done.stdout + done.stderr
    alone = table(alone_in)
    for learner, (_, earns) in honest(released).items():
        got = {cell: float(together[learner][cell]) for cell in FULL}
        assert got == earns, learner
        assert got == {cell: float(alone[learner][cell]) for cell in FULL}, learner
        assert together[learner]["reason"] == "", learner


def test_no_honest_notebook_is_suspected(cohort, released: Notebook) -> None:
    marked = table(cohort[0])
    assert {learner: marked[learner]["look at"] for learner in honest(released)} == dict.fromkeys(
        honest(released), ""
    )


@pytest.mark.parametrize("learner", BAD)
def test_a_bad_notebook_is_marked_as_far_as_it_goes_and_named(cohort, learner: str) -> None:
    shown = (
        learner if learner in table(cohort[0]) else learner.translate(str.maketrans('<>:"/\\|?*', "_" * 9))
    )
    row = table(cohort[0])[shown]
    one = BAD[learner]
    assert row["status"] == "marked", row["reason"]
    assert one.says in f"{row['reason']} {row['look at']}"
    if one.earns is not None:
        assert float(row["total"]) == one.earns


@pytest.mark.parametrize("learner", REFUSED)
def test_what_cannot_be_marked_is_named_with_a_reason(cohort, learner: str) -> None:
    row = table(cohort[0])[learner]
    assert (row["status"], row["total"]) == ("not marked", "")
    assert REFUSED[learner] in row["reason"]


def test_the_exit_status_and_the_summary_say_how_it_went(cohort) -> None:
    marking, done = cohort
    assert done.returncode == 1, done.stderr
    everybody = 30 + len(BAD) + len(REFUSED)
    assert f"{30 + len(BAD)} of {everybody} marked" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert len(table(marking)) == everybody


def test_the_gradebook_is_whole(cohort) -> None:
    with sqlite3.connect(cohort[0] / "gradebook.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        (most,) = database.execute("SELECT max(auto_score) FROM grade").fetchone()
    assert most <= 2


def test_nothing_is_left_outside_the_marking_folder(cohort, quick: Path) -> None:
    assert {entry.name for entry in quick.iterdir()} <= {
        "everybody.zip",
        "honest.zip",
        "marking",
        "nobody",
        "alone",
    }
    assert not list(quick.parent.glob("Outside*"))
    assert subprocess.run(["pgrep", "-f", "sleep 9753"], capture_output=True).stdout == b""


def test_no_page_shows_a_hidden_test_in_any_disguise(cohort) -> None:
    source = SOURCE.read_text(encoding="utf-8")
    assert all(secret in source for secret in SECRETS)
    seed = json.loads((cohort[0] / "cohort.json").read_text())["seed"]
    for page in (cohort[0] / "feedback").rglob("*.html"):
        text = html.unescape(re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8")))
        for secret in (*SECRETS, str(seed)):
            assert secret not in text, (page, secret)
            assert secret[::-1] not in text, (page, secret)
        for encoded in re.findall(r"[A-Za-z0-9+/]{200,}", text):
            assert b"cohort_seed" not in base64.b64decode(encoded + "=" * (-len(encoded) % 4)), page


def test_neither_marks_nor_pages_hold_the_facilitators_secrets(cohort) -> None:
    for path in cohort[0].rglob("*"):
        if path.is_file() and path.suffix in (".ipynb", ".html", ".csv"):
            assert "the facilitator's password" not in path.read_text(encoding="utf-8")


def test_outputs_are_bounded(cohort) -> None:
    sizes = {path: path.stat().st_size for path in cohort[0].rglob("*") if path.is_file()}
    assert max(sizes.values()) < 10_000_000, max(sizes, key=sizes.get)


def test_running_it_again_changes_nothing_but_tries_the_refused(cohort, quick: Path) -> None:
    before = table(cohort[0])
    done = grade(quick / "everybody.zip", cohort[0])
    after = table(cohort[0])
    assert done.returncode == 1
    assert {name: row["status"] for name, row in after.items() if row["status"] != "not marked"} == {
        name: "unchanged" for name, row in before.items() if row["status"] == "marked"
    }
    assert {name: row["total"] for name, row in before.items()} == {
        name: row["total"] for name, row in after.items()
    }


def test_pages_run_no_script_of_a_learners(cohort, browser) -> None:
    marking = cohort[0]
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for learner in ("Script", "_img src=x onerror=alert(1)_"):
        pages = list((marking / "feedback" / learner).rglob("*.html"))
        assert pages
        for path in pages:
            page.goto(path.as_uri())
            page.wait_for_timeout(200)
            assert page.title() != "RAN"
    page.close()
    assert all(url.startswith(("file:", "data:")) for url in asked)
    marked = nbformat.read(next((marking / "autograded" / "Script").rglob("*.ipynb")), as_version=4)
    shown = [cell.source for cell in marked.cells if cell.cell_type != "code"]
    shown += [
        json.dumps(output.get("data", {})) for cell in marked.cells for output in cell.get("outputs", [])
    ]
    for never in ("<script", "<img", "application/javascript", "image/svg"):
        assert never not in "".join(shown)


def test_a_zip_that_is_not_one_and_a_zip_too_full_are_refused_before_anything_happens(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and then nothing")
    done = grade(tmp_path / "broken.zip", tmp_path / "marking")
    assert done.returncode == 2
    assert "cannot be unpacked" in done.stderr


def test_killed_at_any_moment_the_next_run_finishes_and_no_mark_is_lost_or_doubled(
    tmp_path: Path, released: Notebook
) -> None:
    handed_in = tmp_path / "in"
    handed_in.mkdir()
    cohort = dict(itertools.islice(honest(released).items(), 12))
    for learner, (notebook, _) in cohort.items():
        nbformat.write(notebook, handed_in / f"{learner}.ipynb")
    command = [
        str(COURSE),
        "grade",
        str(handed_in),
        "--assignment",
        "E00",
        "--marking",
        str(tmp_path / "marking"),
    ]
    for seconds in (3.0, 4.5, 5.5, 7.0):
        run = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**ENVIRONMENT, "HOME": str(tmp_path)},
        )
        try:
            run.wait(seconds)
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
    done = grade(handed_in, tmp_path / "marking")
    assert done.returncode == 0, done.stdout + done.stderr
    got = table(tmp_path / "marking")
    assert {learner: {cell: float(got[learner][cell]) for cell in FULL} for learner in cohort} == {
        learner: earns for learner, (_, earns) in cohort.items()
    }
    with sqlite3.connect(tmp_path / "marking" / "gradebook.db") as database:
        assert database.execute("SELECT count(*) FROM submitted_assignment").fetchone() == (12,)
        (grades,) = database.execute("SELECT count(*) FROM grade").fetchone()
    assert grades == 12 * len(FULL)
