"""Gives a submission back the exercise's own marked cells, and says in words what had been changed."""

from __future__ import annotations

from copy import deepcopy

from nbformat import NotebookNode


def marked_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """The first cell for each nbgrader id in a notebook, in the order of the page."""
    found: dict[str, NotebookNode] = {}
    for cell in notebook.cells:
        grade_id = _grade_id(cell)
        if grade_id is not None:
            found.setdefault(grade_id, cell)
    return found


def mend(submitted: NotebookNode, released: NotebookNode) -> tuple[str, ...]:
    """Put deleted cells back, undo edits to locked cells, and disarm copies; the notebook is changed in place.

    A deleted test goes back as late as possible, and a deleted answer in code without its stub, so that an answer
    which the learner wrote in a new cell still counts.

    Args:
        submitted: what the learner handed in.
        released: the learner's version of the exercise, as nbgrader made it.

    Returns:
        One sentence for each kind of change, for the facilitator; empty when nothing had been changed.
    """
    official = marked_cells(released)
    present = marked_cells(submitted)
    copied = _disarm(submitted, official, present)

    edited = []
    for grade_id, cell in present.items():
        original = official.get(grade_id)
        if original is None:
            continue
        cell.metadata["nbgrader"] = deepcopy(original.metadata["nbgrader"])
        if _locked(original):
            if _text(cell) != _text(original):
                edited.append(original)
            cell.source = original.source

    missing = [cell for grade_id, cell in official.items() if grade_id not in present]
    _put_back(submitted, released, missing)

    return (
        *_note("Test or text cells deleted and put back", [cell for cell in missing if _locked(cell)]),
        *_note("Answer cells deleted and put back empty", [cell for cell in missing if not _locked(cell)]),
        *_note("Locked cells edited, and the original tests were used", edited),
        *_note("Marked cells that were there twice, and only the first was used", copied),
    )


def _disarm(
    submitted: NotebookNode, official: dict[str, NotebookNode], present: dict[str, NotebookNode]
) -> list[NotebookNode]:
    """Turn marked cells that nbgrader does not expect into ordinary cells: it would stop at them."""
    copied = {}
    for cell in submitted.cells:
        grade_id = _grade_id(cell)
        if grade_id in official and present[grade_id] is cell:
            continue
        cell.metadata.pop("nbgrader", None)
        if grade_id in official:
            copied[grade_id] = official[grade_id]
    return list(copied.values())


def _put_back(submitted: NotebookNode, released: NotebookNode, missing: list[NotebookNode]) -> None:
    order = list(marked_cells(released))
    for cell in missing:
        if not _locked(cell):
            before = set(order[: order.index(_grade_id(cell))])
            places = [place for place, other in enumerate(submitted.cells) if _grade_id(other) in before]
            empty = deepcopy(cell)
            if cell.cell_type == "code" and not cell.metadata["nbgrader"]["grade"]:
                empty.source = "# This answer cell had been deleted."
            submitted.cells.insert(places[-1] + 1 if places else 0, empty)
    for cell in reversed(missing):
        if _locked(cell):
            after = set(order[order.index(_grade_id(cell)) + 1 :])
            places = [place for place, other in enumerate(submitted.cells) if _grade_id(other) in after]
            submitted.cells.insert(places[0] if places else len(submitted.cells), deepcopy(cell))


def _note(what: str, cells: list[NotebookNode]) -> tuple[str, ...]:
    names = ", ".join(str(_grade_id(cell)) for cell in cells)
    return (f"{what}: {names}.",) if cells else ()


def _grade_id(cell: NotebookNode) -> str | None:
    mark = cell.metadata.get("nbgrader")
    grade_id = mark.get("grade_id") if isinstance(mark, dict) else None
    return grade_id if isinstance(grade_id, str) else None


def _locked(cell: NotebookNode) -> bool:
    """Whether nbgrader keeps its own text for this released cell: a test or a read-only cell, not an answer."""
    return not cell.metadata["nbgrader"]["solution"]


def _text(cell: NotebookNode) -> tuple[str, str]:
    """A cell's kind and text, without the trailing blanks that editors add and remove."""
    return cell.cell_type, "\n".join(line.rstrip() for line in cell.source.strip().splitlines())
