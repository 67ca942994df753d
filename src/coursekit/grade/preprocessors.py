"""The steps this course adds to nbgrader's own; nbgrader_config.py says where each one goes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from coursekit.grade.mend import mend

_HIDDEN = "BEGIN HIDDEN TESTS"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ELSEWHERE = re.compile(r"<script\s+src=\"(?:https?:)?//[^\"]*\"[^>]*>\s*</script>")


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


class IgnoreWarnings(NbGraderPreprocessor):
    """After execution: take warnings out of test cells, where nbgrader would read them as a failed test."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        if cell.cell_type == "code" and is_grade(cell):
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
        return cell, resources


class CutTestOutput(NbGraderPreprocessor):
    """For feedback: what a test cell printed becomes one line that gives nothing of a hidden test away.

    Comes before ``ClearHiddenTests``: where the hidden tests begin decides what the learner may read.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            errors = [output for output in cell.outputs if output.output_type == "error"]
            text = self._explain(errors[0], cell) if errors else self._partial(cell)
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)] if text else []
        return cell, resources

    @staticmethod
    def _partial(cell: NotebookNode) -> str:
        points, score = cell.metadata["nbgrader"]["points"], cell.metadata["nbgrader"].get("score")
        return "" if score is None or score >= points else f"Passed in part: {score:g} of {points:g} points."

    @staticmethod
    def _explain(error: NotebookNode, cell: NotebookNode) -> str:
        if error.ename == "CellTimeoutError":
            return "Not passed: your code took too long. Look for a loop that never ends."
        lines = cell.source.splitlines()
        visible = next((number for number, line in enumerate(lines) if _HIDDEN in line), len(lines))
        trace = _COLOUR.sub("", "\n".join(error.traceback))
        frames = re.findall(rf"Cell In\[{cell.execution_count}\], line (\d+)", trace)
        if frames and all(int(frame) <= visible for frame in frames):
            return f"Not passed: {error.ename}: {error.evalue}"
        return (
            "Not passed: a hidden test. Your answer may pass the tests above, but not on numbers you have not seen. "
            "The first lines of this cell say what the hidden tests look at."
        )


def keep_feedback_local(**_: Any) -> None:
    """After feedback is written: take out the scripts that its pages would fetch from other hosts.

    nbgrader calls this from the course's folder. It matters on a ward computer with no internet, and nobody else needs
    to know that a learner has opened their marks.
    """
    for page in Path("feedback").glob("*/*/*.html"):
        text = page.read_text(encoding="utf-8")
        cleaned = _ELSEWHERE.sub("", text)
        if cleaned != text:
            page.write_text(cleaned, encoding="utf-8")
