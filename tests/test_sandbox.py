"""Attacks from inside a notebook: each fails in the sandbox, and the same code succeeds without it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from coursekit.paths import ROOT
from coursekit.sandbox import ways
from coursekit.sandbox.limits import MEBIBYTE, Limits
from coursekit.sandbox.parent import Parent, SandboxError
from coursekit.sandbox.session import Answer, KernelGoneError, Session, finish
from coursekit.sandbox.work import Work, run

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can sandbox")

LIMITS = Limits(memory=512 * MEBIBYTE, disk=32 * MEBIBYTE, processes=40, cpu=30, lifetime=60)
GOT = "ATTACK SUCCEEDED"


@dataclass(frozen=True)
class Attack:
    """Code that prints GOT when it reaches what it must not; `{...}` stand for places and numbers of the test's own."""

    name: str
    code: str
    as_root: bool = False


ATTACKS = [
    Attack("connects to this machine", "import socket; socket.create_connection(('127.0.0.1', {port}), 2); print('{got}')"),
    Attack("resolves a name", "import socket; socket.getaddrinfo('localhost', {port}); s = socket.socket(); s.settimeout(2); s.connect(('127.0.0.1', {port})); print('{got}')"),
    Attack("reads the gradebook", "print(open('{private}/gradebook.db').read())"),
    Attack("changes the gradebook", "open('{private}/gradebook.db', 'a').write('full marks'); print('{got}')"),
    Attack("deletes another's notebook", "import os; os.remove('{private}/other.ipynb'); print('{got}')"),
    Attack("reads the hidden tests", "import pathlib; pathlib.Path('{root}/exercises/source/E02/E02-chart-pack.ipynb').read_text().index('BEGIN HIDDEN'); print('{got}')"),
    Attack("reads the answer variants", "import pathlib; pathlib.Path('{root}/tests/variants_e02.py').read_text(); print('{got}')"),
    Attack("imports the marking's own code", "import coursekit.grade.release; print('{got}')"),
    Attack("reads the environment", "import os; print(os.environ['COURSE_TEST_SECRET'])"),
    Attack("reads the parent's environment", "len(open('/proc/{pid}/environ').read()) > 0 and print('{got}')"),
    Attack("lists a private folder", "import os; os.listdir('{private}'); print('{got}')"),
    Attack("signals the marking process", "import os; os.kill({pid}, 0); print('{got}')"),
    Attack("sees other processes", "import os; {pid} == int([p for p in os.listdir('/proc') if p == '{pid}'][0]) and print('{got}')"),
    Attack("writes outside", "open('{private}/left-behind', 'w').write('x'); print('{got}')"),
    Attack("writes into Python itself", "import sys, pathlib; p = pathlib.Path(sys.prefix, 'course-attack'); p.write_text('x'); p.unlink(); print('{got}')"),
    Attack("fills the temporary folder", "import os; p = '/tmp/course-attack'; f = open(p, 'wb'); f.write(bytes(60_000_000)); f.flush(); os.remove(p); print('{got}')"),
    Attack("fills shared memory", "import os; p = '/dev/shm/course-attack'; f = open(p, 'wb'); f.write(bytes(40_000_000)); f.flush(); os.remove(p); print('{got}')"),
    Attack("takes much memory", "x = bytearray(1_200_000_000); del x; print('{got}')"),
    Attack("starts many processes", "import subprocess\nmany = [subprocess.Popen(['sleep', '3']) for _ in range(60)]\n[one.kill() for one in many]\nprint('{got}')"),
    Attack("has capabilities", "caps = [l for l in open('/proc/self/status') if l.startswith('CapEff')][0]\nint(caps.split()[1], 16) and print('{got}')", as_root=True),
    Attack("could gain capabilities", "caps = [l for l in open('/proc/self/status') if l.startswith('CapBnd')][0]\nint(caps.split()[1], 16) and print('{got}')", as_root=True),
    Attack("becomes another user", "import os; os.setuid(1); print('{got}')", as_root=True),
    Attack("mounts", "import ctypes, os; os.makedirs('/tmp/course-mount', exist_ok=True); l = ctypes.CDLL(None); l.mount(b'none', b'/tmp/course-mount', b'tmpfs', 0, None) == 0 and (l.umount2(b'/tmp/course-mount', 2), print('{got}'))", as_root=True),
    Attack("changes the root", "import os; os.chroot('/tmp'); os.chroot('.') ; print('{got}')", as_root=True),
]  # fmt: skip


@pytest.fixture(scope="module")
def parent():
    found = ways.prepare()
    yield found
    if found is not None:
        found.stop()


@pytest.fixture
def places(tmp_path: Path):
    private = tmp_path / "private"
    private.mkdir()
    (private / "gradebook.db").write_text(f"{GOT} 100 of 100")
    (private / "other.ipynb").write_text("{}")
    os.environ["COURSE_TEST_SECRET"] = GOT
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_accept, args=(listener,), daemon=True).start()
    yield {
        "port": listener.getsockname()[1],
        "private": private,
        "root": ROOT,
        "pid": os.getpid(),
        "got": GOT,
    }
    listener.close()
    del os.environ["COURSE_TEST_SECRET"]


def _accept(listener: socket.socket) -> None:
    while True:
        try:
            listener.accept()
        except OSError:
            return


def said(answer: Answer) -> str:
    return "".join(output.get("text", "") for output in answer.outputs)


def attempt(attack: Attack, places: dict, *, sandboxed: bool) -> str:
    async def go() -> str:
        async with Session(LIMITS, (), sandboxed=sandboxed, most_output=100_000) as session:
            code = attack.code
            for name, value in places.items():
                code = code.replace("{" + name + "}", str(value))
            return said(await session.run(code, 20))

    return finish(go())


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_fails_in_the_sandbox_and_succeeds_without(attack: Attack, places: dict, parent) -> None:
    assert GOT not in attempt(attack, places, sandboxed=True)
    if attack.as_root and os.geteuid() != 0:
        return  # without the sandbox an ordinary user could not do it either
    assert GOT in attempt(attack, places, sandboxed=False)


def test_what_came_with_the_notebook_can_be_read_and_notebooks_cannot(parent) -> None:
    async def go() -> str:
        files = (("data/mine.csv", b"a,b\n1,2\n"),)
        async with Session(LIMITS, files, sandboxed=True, most_output=100_000) as session:
            answer = await session.run(
                "print(open('data/mine.csv').read()); open('new.txt', 'w').write('mine')", 20
            )
            return said(answer)

    assert finish(go()) == "a,b\n1,2\n\n"


def test_the_course_and_its_libraries_work_inside(parent) -> None:
    async def go() -> Answer:
        async with Session(LIMITS, (), sandboxed=True, most_output=1_000_000) as session:
            await session.run("import numpy, pandas, matplotlib.pyplot as plt", 20)
            await session.run("from improvement.spc import xmr; from improvement.datasets import load", 20)
            return await session.run(
                "plt.plot(load('practice_calls').iloc[:, -1]); print(len(load('practice_calls'))); plt.show()",
                20,
            )

    answer = finish(go())
    assert not answer.failed, answer.outputs
    assert any("image/png" in output.get("data", {}) for output in answer.outputs)


def test_nothing_outlives_the_kernel(parent, tmp_path: Path) -> None:
    mark = f"course-left-{os.getpid()}"
    code = (
        "import os, subprocess\n"
        f"subprocess.Popen(['sh', '-c', 'exec -a {mark} sleep 300'], start_new_session=True)\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        f"        os.execvp('bash', ['{mark}', '-c', 'sleep 300; true {mark}'])\n"
        "    os._exit(0)\n"
        "import time; time.sleep(0.3); print('planted')"
    )

    async def go() -> str:
        async with Session(LIMITS, (), sandboxed=True, most_output=100_000) as session:
            return said(await session.run(code, 20))

    assert "planted" in finish(go())
    time.sleep(0.3)
    left = subprocess.run(["pgrep", "-f", mark], capture_output=True, text=True).stdout.split()
    assert left == []


def test_kernels_die_with_the_process_that_asked_for_them() -> None:
    program = (
        "import asyncio, sys\n"
        "from coursekit.sandbox.limits import Limits\n"
        "from coursekit.sandbox.session import Session\n"
        "async def go():\n"
        "    async with Session(Limits(), (), sandboxed=True, most_output=1000) as session:\n"
        "        task = asyncio.ensure_future(session.run('import time; time.sleep(100)', 90))\n"
        "        await asyncio.sleep(1)\n"
        "        print('running', flush=True)\n"
        "        await task\n"
        "asyncio.run(go())\n"
    )
    alone = {name: value for name, value in os.environ.items() if not name.startswith("COURSE_")}
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=alone,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    mine = _family(process.pid)
    assert len(mine) == 3  # parent, first process, kernel
    process.send_signal(signal.SIGKILL)
    process.wait()
    for _ in range(50):
        if not any(Path(f"/proc/{one}").exists() for one in mine):
            return
        time.sleep(0.1)
    pytest.fail(f"still there: {[one for one in mine if Path(f'/proc/{one}').exists()]}")


def _family(pid: int) -> list[int]:
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += [int(child), *_family(int(child))]
    return found


def test_two_sandboxes_hold_nothing_in_common_but_where_their_parent_writes(parent) -> None:
    def held(pid: int) -> set[str]:
        return {os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir()}

    async def go() -> list[list[set[str]]]:
        async with (
            Session(LIMITS, (), sandboxed=True, most_output=1000) as one,
            Session(LIMITS, (), sandboxed=True, most_output=1000) as two,
        ):
            for session in (one, two):
                await session.run("import os; os.listdir('/proc/self/fd')", 20)
            warm = next(child for child in _family(os.getpid()) if _is_warm(child))  # its forks come after it
            firsts = Path(f"/proc/{warm}/task/{warm}/children").read_text().split()
            standard = {os.readlink(f"/proc/{warm}/fd/{number}") for number in range(3)}
            return [
                [held(pid) - standard - {"/dev/null"} for pid in (int(first), *_family(int(first)))]
                for first in firsts
            ]

    sandboxes = finish(go())
    assert [len(one) for one in sandboxes] == [2, 2]  # first process and kernel of each
    one, two = (set.union(*processes) for processes in sandboxes)
    assert any(name.startswith("socket:") for name in one)
    assert any(name.startswith("pipe:") for name in one)
    ours = {name for name in one & two if name.startswith(("socket:", "pipe:", "/"))}
    assert ours == set()


def _is_warm(pid: int) -> bool:
    return b"coursekit.sandbox.warm" in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_two_kernels_do_not_see_each_other(parent) -> None:
    async def go() -> tuple[str, str]:
        async with (
            Session(LIMITS, (), sandboxed=True, most_output=1000) as one,
            Session(LIMITS, (), sandboxed=True, most_output=1000) as two,
        ):
            await one.run("open('/tmp/note', 'w').write('x'); open('/dev/shm/note', 'w').write('x')", 20)
            code = "import os; print(os.path.exists('/tmp/note'), os.path.exists('/dev/shm/note'), len([p for p in os.listdir('/proc') if p.isdigit()]))"
            return said(await two.run(code, 20)), said(
                await two.run("import random; print(random.random())", 20)
            ) + said(await one.run("import random; print(random.random())", 20))

    seen, drawn = finish(go())
    assert seen.split() == ["False", "False", "2"]
    assert len(set(drawn.split())) == 2


def test_a_cell_that_never_ends_is_stopped_and_the_next_one_runs(parent) -> None:
    done = run(
        Work(sealed=("while True: pass", "print('after')"), shown=(None, None), limits=LIMITS, timeout=1.5)
    )
    assert done.sealed[0].outputs[-1].ename == "CellTimeoutError"
    assert said(done.sealed[1]) == "after\n"


def test_a_cell_that_ignores_the_interrupt_ends_the_kernel_and_only_that(parent) -> None:
    code = "while True:\n    try:\n        import time\n        while True: time.sleep(0.01)\n    except BaseException: pass"
    begun = time.monotonic()
    done = run(Work(sealed=(code, "print('after')"), shown=(None, None), limits=LIMITS, timeout=1))
    assert time.monotonic() - begun < 20
    assert done.sealed[0].failed
    assert [done.sealed[1].outputs[0].ename] == ["KernelDied"]
    assert "did not stop" in done.strange[0]


def test_printing_without_end_is_cut_and_stopped(parent) -> None:
    work = Work(
        sealed=("while True: print('x' * 10_000)", "1"),
        shown=(None, None),
        limits=LIMITS,
        timeout=20,
        most_output=200_000,
    )
    done = run(work)
    kept = sum(len(str(output)) for answer in done.sealed.values() for output in answer.outputs)
    assert kept < 300_000
    assert done.sealed[0].failed


def test_the_whole_notebook_has_an_end(parent) -> None:
    limits = Limits(lifetime=3)
    cells = tuple("import time; time.sleep(0.5)" for _ in range(40))
    begun = time.monotonic()
    done = run(Work(sealed=cells, shown=(None,) * 40, limits=limits, timeout=5))
    assert time.monotonic() - begun < 15
    assert done.sealed[39].outputs[0].ename in ("KernelDied", "CellTimeoutError")
    assert not done.sealed[0].failed


def test_memory_of_all_processes_together_is_bounded(parent) -> None:
    code = (
        "import subprocess, sys\n"
        "many = [subprocess.Popen([sys.executable, '-c', 'x = bytes([1]) * 150_000_000; import time; time.sleep(60)']) for _ in range(8)]\n"
        "import time; time.sleep(10)"
    )
    done = run(Work(sealed=(code, "1"), shown=(None, None), limits=LIMITS, timeout=20))
    assert "more memory" in " ".join(done.strange)


def test_waiting_for_input_fails_at_once(parent) -> None:
    begun = time.monotonic()
    done = run(Work(sealed=("input('name? ')",), shown=(None,), limits=LIMITS, timeout=20))
    assert done.sealed[0].failed
    assert time.monotonic() - begun < 5


FORGED = (
    "k = get_ipython().kernel\n"
    "for kind, content in (('status', {'execution_state': 'idle'}), ('stream', {'name': 'stdout', 'text': 5}), "
    "('display_data', {}), ('execute_input', {'code': 'other', 'execution_count': 1})):\n"
    "    k.session.send(k.iopub_socket, kind, content, parent=k.get_parent(), ident=k._topic(kind))\n"
)


def test_messages_that_imitate_the_kernel_are_noticed_and_harm_nothing(parent) -> None:
    done = run(Work(sealed=(FORGED, "print('after')"), shown=(None, None), limits=LIMITS, timeout=10))
    assert done.strange
    assert said(done.sealed[1]) == "after\n"


@pytest.mark.parametrize(
    "code",
    [
        "get_ipython().input_transformers_post.append(lambda lines: ['pass\\n'])",
        "import ast\nclass T(ast.NodeTransformer):\n    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)\n"
        "get_ipython().ast_transformers.append(T())",
        "get_ipython().run_cell = lambda *a, **k: None",
    ],
    ids=["input transformer", "syntax tree", "another run_cell"],
)
def test_a_kernel_in_which_tests_may_mean_nothing_is_noticed(code: str, parent) -> None:
    assert run(Work(sealed=(code, "assert 1 == 2"), shown=(None, None), limits=LIMITS, timeout=10)).strange


def test_an_honest_notebook_is_not_noticed(parent) -> None:
    cells = (
        "import pandas as pd\ndef f(x): return x + 1",
        "print(f(1))",
        "assert f(1) == 2",
        "1 / 0",
        "x = [",
    )
    assert run(Work(sealed=cells, shown=cells, limits=LIMITS, timeout=10)).strange == ()


def test_what_learners_are_shown_comes_from_a_kernel_without_hidden_tests(parent) -> None:
    sealed = ("def f(): raise ValueError(str(In))", "secret = 'HIDDEN' and f()", "print(In)")
    shown = ("def f(): raise ValueError(str(In))", "f()", "print(In)")
    done = run(Work(sealed=sealed, shown=shown, tests=(1,), limits=LIMITS, timeout=10))
    assert "HIDDEN" in str(done.sealed[2].outputs)
    assert done.shown[1].failed
    assert "HIDDEN" not in str(done.shown)


def test_probes_are_answered_after_the_run_and_errors_are_told(parent) -> None:
    work = Work(
        sealed=("x = 41",), shown=(None,), probes={"one": "x + 1", "two": "y"}, limits=LIMITS, timeout=10
    )
    assert run(work).answers == {"one": "42", "two": "!NameError: name 'y' is not defined"}


def test_a_command_of_the_system_answers(parent) -> None:
    async def go() -> str:
        async with Session(LIMITS, (), sandboxed=True, most_output=1000) as session:
            return said(await session.run("!echo 'six times seven'\nlisted = !ls -A\nprint(listed)", 20))

    assert finish(go()).split() == ["six", "times", "seven", "[]"]


@pytest.mark.skipif(os.geteuid() != 0, reason="the others run as an ordinary user already")
def test_an_ordinary_users_parent_makes_sandboxes_too() -> None:
    program = (
        "import os\n"
        "from coursekit.sandbox import ways\n"
        "from coursekit.sandbox.work import Work, run\n"
        "with ways.prepare():\n"
        "    cell = 'import os; print(os.getuid(), os.listdir(\"/home\"))'\n"
        "    print(os.geteuid(), run(Work(sealed=(cell,), shown=(cell,))).sealed[0].outputs[0].text)\n"
    )
    alone = {name: value for name, value in os.environ.items() if not name.startswith("COURSE_")}
    ordinary = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if subprocess.run([*ordinary, "true"], capture_output=True).returncode:
        pytest.skip("this machine does not let one become an ordinary user in a namespace")
    done = subprocess.run(
        [*ordinary, sys.executable, "-c", program], capture_output=True, text=True, env=alone, timeout=120
    )
    assert done.stdout.split() == ["1000", "1000", "['learner']"], done.stderr


def test_bubblewrap_holds_too(places: dict, monkeypatch) -> None:
    from coursekit.sandbox import bubblewrap

    if bubblewrap.program() is None:
        pytest.skip("bubblewrap is not installed")
    monkeypatch.setenv("COURSE_SANDBOX", "bubblewrap")
    kept = ("connects", "reads the gradebook", "reads the hidden", "reads the env", "signals", "writes outside", "fills the temp", "takes much", "has cap")  # fmt: skip
    for attack in ATTACKS:
        if attack.name.startswith(kept):
            assert GOT not in attempt(attack, places, sandboxed=True), attack.name


def test_where_nothing_can_sandbox_it_refuses_with_reasons_and_choices(monkeypatch) -> None:
    from coursekit.sandbox import bubblewrap

    def fails(self) -> None:
        raise SandboxError("namespaces are forbidden here")

    monkeypatch.setattr(Parent, "__init__", fails)
    monkeypatch.setattr(bubblewrap, "program", lambda: None)
    with pytest.raises(SandboxError) as refused:
        ways.prepare()
    for word in ("namespaces are forbidden here", "bubblewrap: it is not installed", "--unsafe", "Linux"):
        assert word in str(refused.value)
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxError, match="darwin"):
        ways.prepare()


def test_a_kernel_that_is_gone_is_an_error_with_a_reason(parent) -> None:
    async def go() -> None:
        async with Session(LIMITS, (), sandboxed=True, most_output=1000) as session:
            await session.run("import os; os._exit(3)", 20)

    with pytest.raises(KernelGoneError, match="Python stopped"):
        finish(go())


TYPED = {
    "await at the top": ("import asyncio\nawait asyncio.sleep(0)\nprint('waited')", "waited"),
    "magic after Python": ("x = 6\n%time x", "Wall time"),
    "a prompt pasted with it": ("In [1]: x = 41\nIn [2]: print(x + 1)", "42"),
    "a magic's sign that is Python": ("x = (7\n%4)\nprint(x)", "3"),
    "a quotation that looks like one": ("x = '''\n%time x\n!ls\n'''\nprint(x.strip()[0])", "%"),
}


@pytest.mark.parametrize("typed", TYPED)
def test_cells_mean_what_they_mean_in_jupyter(parent, typed: str) -> None:
    source, told = TYPED[typed]

    async def go(*, sandboxed: bool) -> str:
        async with Session(LIMITS, (), sandboxed=sandboxed, most_output=100_000) as session:
            answer = await session.run(source, 20)
            assert not answer.failed, answer.outputs
            return str(answer.outputs)

    assert told in finish(go(sandboxed=True))
    assert told in finish(go(sandboxed=False))


def test_a_learners_own_rewriting_of_cells_is_still_done(parent) -> None:
    async def go() -> str:
        async with Session(LIMITS, (), sandboxed=True, most_output=100_000) as session:
            await session.run(
                "def louder(lines):\n    return [line.replace('quiet', 'LOUD') for line in lines]\n"
                "get_ipython().input_transformer_manager.cleanup_transforms.append(louder)",
                20,
            )
            return said(await session.run("x = 'quiet'\nprint(x)", 20))

    assert "LOUD" in finish(go())
