"""Make a lesson's golden notebook: plain Markdown, executed, text outputs only, the same bytes every time."""

from __future__ import annotations

import re
from pathlib import Path

import jupytext
import nbformat

from coursekit.build import runs

GLUE = "application/papermill.record/text/plain"
BOOK_ONLY = "book-only"


def make(lesson: Path) -> str:
    """Return the golden notebook of a lesson as text.

    Raises nbclient's CellExecutionError when a cell fails.
    """
    notebook = jupytext.read(lesson)
    notebook = runs.find(notebook) or runs.run(notebook, lesson.parent)
    glued = _glued(notebook)
    cells = []
    number = 0
    for cell in notebook.cells:
        if BOOK_ONLY in cell.metadata.get("tags", []):
            continue
        if cell.cell_type == "markdown":
            cells.append(nbformat.v4.new_markdown_cell(plain_markdown(cell.source, glued)))
        else:
            number += 1  # the kernel's own counts include the cells left out here
            kept = nbformat.v4.new_code_cell(
                cell.source, outputs=_text_only(cell.outputs, number), execution_count=number
            )
            if tags := [tag for tag in cell.metadata.get("tags", []) if tag != "remove-cell"]:
                kept.metadata["tags"] = tags
            cells.append(kept)
    for number, cell in enumerate(cells, start=1):
        cell.id = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "course": notebook.metadata.get("course", {})}
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells, metadata=metadata)) + "\n"


def plain_markdown(source: str, glued: dict[str, str]) -> str:
    """Return MyST text as the Markdown every notebook program shows: no directives, no roles."""

    def value(match: re.Match[str]) -> str:
        return glued[match.group(1)]

    source = re.sub(r"\{glue:text\}`([\w-]+)`", value, source)
    source = re.sub(
        r"^:::\{admonition\} (.+)\n(?::\w+:.*\n)*((?:.*\n)*?):::$",
        lambda match: "\n".join(
            f"> {line}".rstrip() for line in [f"**{match.group(1)}**", "", *match.group(2).splitlines()]
        ),
        source,
        flags=re.MULTILINE,
    )
    return re.sub(
        r"^:::\{div\}.*\n((?:.*\n)*?):::$",
        lambda match: match.group(1).rstrip("\n"),
        source,
        flags=re.MULTILINE,
    )


def _glued(notebook: nbformat.NotebookNode) -> dict[str, str]:
    values = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            name = output.get("metadata", {}).get("scrapbook", {}).get("name")
            if name:
                values[name] = output["data"][GLUE].strip("'")
    return values


def _text_only(outputs: list[nbformat.NotebookNode], run: int) -> list[nbformat.NotebookNode]:
    kept = []
    for output in outputs:
        if output.output_type == "stream":
            # A busy machine may deliver one cell's words in several pieces.
            if kept and kept[-1].get("name") == output.name:
                kept[-1].text += output.text
            else:
                kept.append(nbformat.v4.new_output("stream", name=output.name, text=output.text))
        elif output.get("data", {}).get("text/plain"):
            count = {"execution_count": run} if output.output_type == "execute_result" else {}
            data = {"text/plain": output.data["text/plain"]}
            kept.append(nbformat.v4.new_output(output.output_type, data=data, **count))
    return kept
