"""The unit of marking work: one notebook in, what its cells gave out; the same here and on another machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode

from coursekit.sandbox.limits import MEBIBYTE, Limits
from coursekit.sandbox.session import Answer, KernelGoneError, Session, finish, gone

_CANARY = "assert 1 == 2, 'this must fail'"
_ASKED = {
    "rewriters": "len(get_ipython().ast_transformers) + len(get_ipython().input_transformers_post)",
}


@dataclass(frozen=True)
class Work:
    """A notebook to run.

    Attributes:
        sealed: its cells' code with the hidden tests, in order; `None` for what is not code.
        shown: the same without them: what it gives may be shown to the learner.
        tests: the places of the cells that test.
        probes: expressions to evaluate at the end, by name.
        files: the plain files that came with it, by relative path.
        limits: what it may use.
        timeout: seconds for each cell.
        most_output: bytes of outputs to keep.
        sandboxed: whether it runs in a sandbox.
    """

    sealed: tuple[str | None, ...]
    shown: tuple[str | None, ...]
    tests: tuple[int, ...] = ()
    probes: Mapping[str, str] = field(default_factory=dict)
    files: tuple[tuple[str, bytes], ...] = ()
    limits: Limits = field(default_factory=Limits)
    timeout: float = 30
    most_output: int = 4 * MEBIBYTE
    sandboxed: bool = True


@dataclass(frozen=True)
class Done:
    """What came of it.

    Attributes:
        sealed: each code cell's answer with the hidden tests in place, by its place in the notebook.
        shown: the same without them, up to the last test that failed; empty when none did.
        answers: what the probes gave, as text.
        strange: sentences for a human about what an honest notebook does not do.
    """

    sealed: dict[int, Answer]
    shown: dict[int, Answer]
    answers: dict[str, str]
    strange: tuple[str, ...]


def run(work: Work) -> Done:
    """Run a notebook with its hidden tests; where a test failed, run it again without them. Never raises for its content.

    Raises SandboxError when the machine gives it no kernel.

    What a learner is shown comes from the second run: a kernel that has met a hidden test could tell of it in any
    output, in whatever disguise; a kernel that never met one cannot.
    """
    return finish(_run(work))


async def _run(work: Work) -> Done:
    sealed, answers, strange = await _once(work, work.sealed, work.probes)
    failed = [place for place in work.tests if place in sealed and sealed[place].failed]
    shown: dict[int, Answer] = {}
    if failed:
        passed = set(work.tests) - set(
            failed
        )  # a test that was passed shows nothing, and leaves nothing behind
        needed = [None if place in passed else work.shown[place] for place in range(failed[-1] + 1)]
        shown, _, _ = await _once(work, tuple(needed), None)
    return Done(sealed, shown, answers, tuple(dict.fromkeys(strange)))


async def _once(
    work: Work, cells: tuple[str | None, ...], probes: Mapping[str, str] | None
) -> tuple[dict[int, Answer], dict[str, str], list[str]]:
    answers: dict[int, Answer] = {}
    told: dict[str, str] = {}
    strange: list[str] = []
    waiting = [place for place, source in enumerate(cells) if source is not None and source.strip()]
    try:
        async with Session(
            work.limits, work.files, sandboxed=work.sandboxed, most_output=work.most_output
        ) as session:
            while waiting:
                source = cells[waiting[0]]
                assert source is not None
                answers[waiting[0]] = await session.run(source, work.timeout)
                strange += answers[waiting.pop(0)].strange
            if probes is not None:
                told = (await session.run("", work.timeout, dict(probes), keep=False)).expressions
                strange += await _inspect(session, work.timeout)
    except KernelGoneError as error:
        strange.append(f"{error} Tests after that count as not passed.")
        for place in waiting:
            answers[place] = Answer(outputs=[gone(error)], failed=True)
    return answers, told, strange


async def _inspect(session: Session, timeout: float) -> list[str]:
    """Look whether this kernel still fails what must fail."""
    found = []
    canary = await session.run(_CANARY, timeout, keep=False)
    errors = [output.ename for output in canary.outputs if output.output_type == "error"]
    if errors != ["AssertionError"]:
        found.append(
            "A test that must fail did not fail when this notebook had run: its tests may mean nothing."
        )
    asked = (await session.run("", timeout, _ASKED, keep=False)).expressions
    if asked["rewriters"] != "0":
        found.append("The notebook changed how Python reads the cells that come after.")
    return found


def new_outputs(answer: Answer | None) -> list[NotebookNode]:
    """A cell's outputs as a notebook may hold them."""
    found = []
    for output in answer.outputs if answer else []:
        if output.get("name") == "course-cut":
            output = nbformat.v4.new_output("stream", name="stdout", text=output.text)
        found.append(output)
    return found
