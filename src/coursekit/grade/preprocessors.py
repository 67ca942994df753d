"""The steps this course adds to nbgrader's own; nbgrader_config.py says where each one goes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_locked, is_solution
from traitlets import Bool, Integer, Unicode

from coursekit.grade import cluster, suspicion
from coursekit.grade.mend import mend
from coursekit.report import misconceptions
from coursekit.sandbox import work
from coursekit.sandbox.limits import MEBIBYTE, Limits
from coursekit.sandbox.root import copies
from coursekit.sandbox.session import DIED, LATE

_HIDDEN = "BEGIN HIDDEN TESTS"
_HIDDEN_END = "END HIDDEN TESTS"
_LONGEST = 1000
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PICTURE = re.compile(r"!+(?=\[)")
_SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.DOTALL | re.IGNORECASE)
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:\">"
)


class MendCells(NbGraderPreprocessor):
    """Before marking: give the submission the exercise's marked cells, so that no test is missing or doubled.

    nbgrader's own ``OverwriteCells`` then adds the hidden tests. Its ``add_missing_cells`` is not used: it stops when
    the cell before a deleted one is deleted too.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        course = CourseDirectory(config=self.config)
        about = resources["nbgrader"]
        folder = Path(course.format_path(course.release_directory, ".", about["assignment"]))
        mend(nb, nbformat.read(folder / f"{about['notebook']}.ipynb", as_version=4))
        return nb, resources


class ExecuteSealed(NbGraderPreprocessor):
    """In place of nbgrader's ``Execute``: runs the notebook where it can reach nothing, within bounds.

    What it finds besides outputs goes into ``resources["course"]``, for ``KeepFindings``.
    """

    sandbox = Bool(True, help="Off only for notebooks whose writer you would lend your computer to.").tag(
        config=True
    )
    scheduler = Unicode("", help="The address of a dask scheduler whose workers run the notebooks.").tag(
        config=True
    )
    timeout = Integer(30, help="Seconds for each cell.").tag(config=True)
    lifetime = Integer(180, help="Seconds for the whole notebook.").tag(config=True)
    memory = Integer(1024, help="Mebibytes of memory beyond what Python's libraries take.").tag(config=True)
    disk = Integer(64, help="Mebibytes that the notebook may write.").tag(config=True)
    processes = Integer(64, help="Processes and threads at a time.").tag(config=True)
    cpu = Integer(120, help="Seconds of processor time for each process.").tag(config=True)
    output = Integer(4, help="Mebibytes of outputs that are kept.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        code = [cell if cell.cell_type == "code" else None for cell in nb.cells]
        task = work.Work(
            sealed=tuple(cell and cell.source for cell in code),
            shown=tuple(cell and without_hidden(cell.source) for cell in code),
            tests=tuple(place for place, cell in enumerate(code) if cell and _is_test(cell)),
            probes=misconceptions.probes(resources["nbgrader"]["assignment"]),
            files=tuple(copies(resources.get("metadata", {}).get("path"), self.disk * MEBIBYTE // 2)),
            limits=Limits(
                memory=self.memory * MEBIBYTE,
                disk=self.disk * MEBIBYTE,
                processes=self.processes,
                cpu=self.cpu,
                lifetime=self.lifetime,
            ),
            timeout=self.timeout,
            most_output=self.output * MEBIBYTE,
            sandboxed=self.sandbox,
        )
        done = cluster.run(self.scheduler, task) if self.scheduler else work.run(task)
        flags = [*suspicion.read(nb), *done.strange]
        for place, answer in done.sealed.items():
            cell = nb.cells[place]
            cell.outputs = work.new_outputs(answer)
            cell.execution_count = answer.count
            if place in task.tests:
                flags += _settle(cell)
        resources["course"] = {
            "answers": done.answers,
            "flags": list(dict.fromkeys(flags)),
            "shown": self._shown(nb, task, done),
        }
        return nb, resources

    @staticmethod
    def _shown(nb: NotebookNode, task: work.Work, done: work.Done) -> dict[str, list[NotebookNode]]:
        """What the learner may see, by cell id: nothing that a kernel gave out after it had met a hidden test."""
        met = False
        found = {}
        for place in sorted(done.sealed):
            met = met or task.sealed[place] != task.shown[place]
            if place in done.shown or not met:
                answer = done.shown.get(place, done.sealed[place])
                found[nb.cells[place].id] = work.new_outputs(answer)
        return found


def without_hidden(source: str) -> str:
    """A test cell's code without its hidden part."""
    kept, hidden = [], False
    for line in source.split("\n"):
        if _HIDDEN in line:
            hidden = True
        elif _HIDDEN_END in line:
            hidden = False
        elif not hidden:
            kept.append(line)
    return "\n".join(kept)


def _is_test(cell: NotebookNode) -> bool:
    return is_grade(cell) and not is_solution(cell)


def _settle(cell: NotebookNode) -> list[str]:
    """Leave only results that nbgrader can read in a test cell; say what was not one."""
    most = float(cell.metadata["nbgrader"]["points"])
    flags = []
    kept = []
    for output in cell.outputs:
        if output.output_type == "execute_result":
            try:
                points = float(output.data["text/plain"])
            except (KeyError, TypeError, ValueError):
                points = float("nan")
            if not 0 <= points <= most:
                name = cell.metadata["nbgrader"]["grade_id"]
                flags.append(
                    f"The test {name} gave {output.get('data', {}).get('text/plain', 'no number')!s:.40} points of {most:g}."
                )
                output = nbformat.v4.new_output(
                    "execute_result", {"text/plain": f"{most:g}"}, execution_count=None
                )
        kept.append(output)
    cell.outputs = kept
    return flags


class KeepFindings(NbGraderPreprocessor):
    """After marking: keeps in the marked copy what the feedback page and the cohort report need besides the marks."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        found = resources.pop("course")
        nb.metadata["course"] = {"answers": found["answers"], "flags": found["flags"]}
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.metadata["course"] = {"shown": found["shown"].get(cell.id)}
        return nb, resources


class HarmlessPages(SanitizeHTML, NbGraderPreprocessor):
    """Before a marker or the learner opens it in a browser: nothing that a learner wrote may run there, or fetch.

    Formgrader shows a learner's words and outputs inside the marker's own session, which may change marks.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        if cell.cell_type == "markdown" and is_locked(cell):
            return cell, resources  # the exercise's own words
        cell.get("attachments", {}).clear()
        shown = cell.metadata.get("course", {}).get("shown")
        if shown:
            cell.metadata.course.shown = self.sanitize_code_outputs(
                [nbformat.from_dict(one) for one in shown]
            )
        cell, resources = super().preprocess_cell(cell, resources, cell_index)
        if cell.cell_type != "code":
            cell.source = _PICTURE.sub("", cell.source)
        return cell, resources

    def sanitize_code_outputs(self, outputs: list[NotebookNode]) -> list[NotebookNode]:
        """As nbconvert does, and leave nothing that fetches a picture: that would tell the learner who marks, and when."""
        for output in super().sanitize_code_outputs(outputs):
            if "metadata" in output:
                output.metadata = NotebookNode()  # nbconvert takes a picture's address from there
            written = output.get("data", {}).get("text/markdown")
            if written:
                output.data["text/markdown"] = _PICTURE.sub("", written)
        return outputs


class IgnoreWarnings(NbGraderPreprocessor):
    """After execution: take warnings out of test cells, where nbgrader would read them as a failed test."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        if cell.cell_type == "code" and is_grade(cell):
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
        return cell, resources


class ShowOnlyTheirs(NbGraderPreprocessor):
    """For feedback: outputs that no hidden test could be in, and one line for each test that was not passed.

    Comes before ``ClearHiddenTests``.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        if cell.cell_type != "code":
            return cell, resources
        shown = cell.metadata.get("course", {}).get("shown")
        if _is_test(cell):
            text = self._explain(cell, shown)
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)] if text else []
        else:
            cell.outputs = [nbformat.from_dict(output) for output in shown or []]
        return cell, resources

    @staticmethod
    def _explain(cell: NotebookNode, shown: list[dict[str, Any]] | None) -> str:
        errors = [output for output in cell.outputs if output.output_type == "error"]
        if not errors:
            points, score = cell.metadata["nbgrader"]["points"], cell.metadata["nbgrader"].get("score")
            return (
                "" if score is None or score >= points else f"Passed in part: {score:g} of {points:g} points."
            )
        visible = next((output for output in shown or [] if output["output_type"] == "error"), None)
        if visible is None:
            return (
                "Not passed: a hidden test. Your answer may pass the tests above, but not on numbers you have not seen. "
                "The first lines of this cell say what the hidden tests look at."
            )
        if visible["ename"] == LATE:
            return "Not passed: your code took too long. Look for a loop that never ends."
        if visible["ename"] == DIED:
            return f"Not passed: {visible['evalue']}"
        return f"Not passed: {visible['ename']}: {_COLOUR.sub('', visible['evalue'])[:_LONGEST]}"


def guard_feedback(*, assignment: str, student: str, **_: Any) -> None:
    """After a feedback page is written: nothing on it may run, and nothing may be fetched.

    nbgrader calls this from the course's folder. Scripts from other hosts would fail on a ward computer with no
    internet, and would tell others that a learner has opened their marks; scripts of a learner's own must not run in
    whoever opens the page.
    """
    for page in Path("feedback", student, assignment).glob("*.html"):
        text = _SCRIPT.sub("", page.read_text(encoding="utf-8"))
        if _POLICY not in text:
            text = re.sub(r"(<head[^>]*>)", lambda head: head[1] + _POLICY, text, count=1)
        page.write_text(text, encoding="utf-8")
