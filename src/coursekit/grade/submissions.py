"""Finds what each learner handed in, and says what is wrong with what cannot be marked."""

from __future__ import annotations

import codecs
import json
import re
import unicodedata
import warnings
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from coursekit.grade.mend import marked_cells, mend

_KINDS = {
    ".docx": "a Word document",
    ".doc": "a Word document",
    ".odt": "a text document",
    ".pdf": "a PDF",
    ".txt": "a text file",
    ".html": "a web page",
    ".htm": "a web page",
    ".py": "a Python file",
    ".zip": "a zip file",
    ".png": "a picture",
    ".jpg": "a picture",
    ".jpeg": "a picture",
    ".xlsx": "a spreadsheet",
    ".csv": "a table",
}
_NOT_HANDED_IN = {"thumbs.db", "desktop.ini", "__macosx"}
_UNSAFE = re.compile(
    r"[\[\]*?{}<>:\"/\\|\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]|^\.|[. ]$"
)
_LONGEST_NAME = 100  # a file system allows 255 bytes, and some letters take four
_COPY = re.compile(r"(\s*\(\d+\)|[-_ ][Cc]opy\d*)+$")


LARGEST = 100 * 1024 * 1024
"""Bytes of the largest notebook that is opened."""

_MOST_BESIDE = 20 * 1024 * 1024
_MOST_FILES_BESIDE = 500
_WITHOUT_OUTPUTS = 2 * 1024 * 1024  # above this, only what is marked goes on


def as_student(name: str) -> str:
    """A learner's name as nbgrader may use it: in file names and search patterns."""
    return _UNSAFE.sub("_", name[:_LONGEST_NAME].strip())


class UnreadableError(Exception):
    """The bytes are not a notebook of this exercise; the message says why and what to do."""


@dataclass(frozen=True)
class Submission:
    """What one learner handed in.

    Attributes:
        learner: their name, from the file or the folder.
        data: the notebook's bytes; ``None`` when it cannot be marked.
        problem: why it cannot be marked and what to do; ``None`` when it can.
        notes: what was mended or left out, one sentence each.
        files: plain files that came with it, by relative path.
        submitted: when it was handed in, as nbgrader writes it; empty when nobody said.
    """

    learner: str
    data: bytes | None = None
    problem: str | None = None
    notes: tuple[str, ...] = ()
    files: tuple[tuple[str, bytes], ...] = ()
    submitted: str = ""

    @property
    def student(self) -> str:
        """The learner's name as nbgrader may use it: in file names and search patterns."""
        return as_student(self.learner)


def find_submissions(
    folder: Path, released: NotebookNode, assignment: str, notebook: str
) -> list[Submission]:
    """Read a folder of notebooks named by learner, or of one folder for each learner, in name order.

    Nothing in the folder is changed. Hidden files and what operating systems leave behind are passed over.

    Args:
        folder: what the facilitator was given.
        released: the learner's version of the exercise.
        assignment: such as ``E02``; it may stand in file names too (``E02_patel-a.ipynb``).
        notebook: the notebook's own name, such as ``E02-chart-pack``; so may it.
    """
    names: dict[str, str] = {}
    files: dict[str, list[Path]] = {}
    unnamed: list[Submission] = []
    for entry in sorted(folder.iterdir()):
        if _passed_over(entry):
            continue
        learner = _plain(entry.name) if entry.is_dir() else _learner(entry.stem, assignment, notebook)
        if not learner:
            unnamed.append(Submission(entry.name, problem=_NO_NAME))
            continue
        key = as_student(learner).casefold()
        names.setdefault(key, learner)
        files.setdefault(key, []).extend(_files(entry) if entry.is_dir() else [entry])
    return unnamed + [_judge(names[key], files[key], folder, released, assignment) for key in sorted(files)]


_NO_NAME = "The file does not say whose it is. Rename it with the learner's name, such as patel-a.ipynb."


def _judge(
    learner: str, files: list[Path], folder: Path, released: NotebookNode, assignment: str
) -> Submission:
    notebooks = [file for file in files if file.suffix.lower() == ".ipynb"]
    others = [file for file in files if file not in notebooks]
    if not notebooks:
        return Submission(learner, problem=_no_notebook(others))

    read: list[tuple[Path, bytes, NotebookNode]] = []
    refused: list[tuple[Path, str]] = []
    for file in notebooks:
        try:
            _check(file)
            data = file.read_bytes().removeprefix(codecs.BOM_UTF8)  # nbgrader would stop at the mark
            read.append((file, data, parse(data, released, assignment)))
        except UnreadableError as error:
            refused.append((file, str(error)))
        except OSError as error:
            refused.append(
                (file, f"The file cannot be opened ({error.strerror}). Copy it again and run this again.")
            )
    if len(read) > 1:
        listed = " and ".join(str(file.relative_to(folder)) for file, _, _ in read)
        return Submission(
            learner,
            problem=f"There are {len(read)} notebooks for this learner: {listed}. Ask which one counts, move what does "
            "not away, and run this again.",
        )
    if not read:
        file, reason = refused[0]
        return Submission(learner, problem=reason if len(files) == 1 else f"{file.name}: {reason}")

    ((file, data, parsed),) = read
    notes = [f"{file.name} was left out: {reason}" for file, reason in refused]
    notes += _kernel_note(parsed, released)
    if len(data) > _WITHOUT_OUTPUTS:
        data = _slim(parsed)
    beside, problems = _beside(others, folder / file.relative_to(folder).parts[0])
    return Submission(learner, data, notes=(*notes, *problems, *mend(parsed, released)), files=beside)


def _beside(others: list[Path], home: Path) -> tuple[tuple[tuple[str, bytes], ...], tuple[str, ...]]:
    """The plain files in a learner's folder, which the notebook may read; a note when they are too many or too big."""
    found = []
    left = _MOST_BESIDE
    for file in others:
        if (
            not file.is_relative_to(home)
            or file.is_symlink()
            or not file.is_file()
            or file.name == "timestamp.txt"
        ):
            continue  # when it was handed in is for the learning system to say
        left -= file.stat().st_size
        if left < 0 or len(found) >= _MOST_FILES_BESIDE:
            return tuple(found), (
                f"Not all files beside the notebook were taken along: more than {_MOST_BESIDE >> 20} MB, or too many.",
            )
        found.append((file.relative_to(home).as_posix(), file.read_bytes()))
    return tuple(found), ()


def _check(file: Path) -> None:
    if file.is_symlink():
        raise UnreadableError(
            "It is a link to another file, not a notebook. Ask the learner for the notebook itself."
        )
    if not file.is_file():
        raise UnreadableError("It is not a file that can be read. Ask the learner for the notebook itself.")
    if file.stat().st_size > LARGEST:
        raise UnreadableError(
            f"The file is larger than {LARGEST // 1024**2} MB. Ask the learner to clear its outputs (in JupyterLab: Edit, "
            "Clear Outputs of All Cells), save it and send it again."
        )


def _slim(notebook: NotebookNode) -> bytes:
    """The notebook without what marking throws away: outputs, widgets' states, pictures."""
    slim = deepcopy(notebook)
    slim.metadata.pop("widgets", None)
    for cell in slim.cells:
        cell.pop("attachments", None)
        if cell.cell_type == "code":
            cell.outputs = []
    return nbformat.writes(slim).encode()


def parse(data: bytes, released: NotebookNode, assignment: str) -> NotebookNode:
    """Read a notebook of this exercise from bytes.

    Raises:
        UnreadableError: as in `read_notebook`, or when it is of another exercise.
    """
    notebook = read_notebook(data)
    found, expected = marked_cells(notebook).keys(), marked_cells(released).keys()
    if len(found & expected) <= len(found - expected):
        raise UnreadableError(
            f"The notebook is not exercise {assignment}, or has lost the marks that say so. Ask the learner to put "
            f"their answers into the {assignment} notebook that they were given, and hand that in."
        )
    return notebook


def read_notebook(data: bytes) -> NotebookNode:
    """Read any notebook from bytes.

    Raises:
        UnreadableError: when it is empty, something else, cut short or damaged.
    """
    if not data.strip():
        raise UnreadableError(
            "The file is empty. Ask the learner to send it again: the upload may have failed."
        )
    if data.startswith(b"PK"):
        raise UnreadableError(
            "It is a Word document or a zip file under a notebook's name. Ask the learner for the .ipynb file itself."
        )
    if data.lstrip()[:1] == b"<":
        raise UnreadableError(
            "It is a web page saved under a notebook's name. Ask the learner for the .ipynb file itself."
        )
    return _notebook(_json(data))


def _json(data: bytes) -> object:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableError(
            "It has a notebook's name and is not a notebook inside. Ask the learner for the .ipynb file itself."
        ) from None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg.startswith("Unterminated string") or len(text.rstrip()) - error.pos < 10:
            raise UnreadableError(
                f"The file is cut short: it stops in the middle, at line {error.lineno}. Ask the learner to send it "
                "again."
            ) from None
        raise UnreadableError(
            f"It is not a notebook inside, or it is damaged: it cannot be read beyond line {error.lineno}. Ask the "
            "learner to open it in JupyterLab, save it, and send it again."
        ) from None
    except RecursionError:
        raise UnreadableError("The file is damaged. Ask the learner to send it again.") from None


def _notebook(document: object) -> NotebookNode:
    if not isinstance(document, dict) or not {"cells", "worksheets"} & document.keys():
        raise UnreadableError(
            "It is not a notebook that can be read. Ask the learner for the .ipynb file itself."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook = nbformat.reads(json.dumps(document), as_version=4)
        for cell in notebook.cells:
            if not isinstance(cell.metadata, dict) or not isinstance(cell.source, str):
                raise TypeError
    except Exception:  # nbformat raises many kinds, and each means the same to a facilitator
        raise UnreadableError(
            "The notebook's structure is damaged. Ask the learner to open it in JupyterLab, save it, and send it again."
        ) from None
    return notebook


def _no_notebook(others: list[Path]) -> str:
    if not others:
        return "The folder is empty. Ask the learner to hand in their notebook."
    file = others[0]
    if file.suffix.lower() == ".zip":
        return f"{file.name} is a zip file. Unpack it, put the notebook in its place, and run this again."
    kind = _KINDS.get(file.suffix.lower(), "not a notebook")
    if len(others) == 1:
        return f"{file.name} is {kind}{', not a notebook' if kind != 'not a notebook' else ''}. {_ASK}"
    return f"None of these is a notebook: {', '.join(other.name for other in others)}. {_ASK}"


_ASK = "Ask the learner for the .ipynb file itself."


def _kernel_note(notebook: NotebookNode, released: NotebookNode) -> Iterator[str]:
    spec = notebook.metadata.get("kernelspec")
    named = spec.get("name") if isinstance(spec, dict) else None
    wanted = released.metadata["kernelspec"]["name"]
    if named is None:
        yield f"The notebook named no kernel; {wanted!r} was used."
    elif named != wanted:
        yield f"The notebook's kernel {named!r} replaced by {wanted!r}."


def _files(folder: Path) -> list[Path]:
    found = []
    for entry in sorted(folder.iterdir()):
        if not _passed_over(entry):
            found += _files(entry) if entry.is_dir() else [entry]
    return found


def _passed_over(entry: Path) -> bool:
    return entry.name.startswith((".", "~$")) or entry.name.lower() in _NOT_HANDED_IN


def _learner(stem: str, assignment: str, notebook: str) -> str:
    """The learner's name in a file's name: without the exercise's, nor what a browser adds to a second download."""
    name = _COPY.sub("", _plain(stem))
    for label in (notebook, assignment):
        name = re.sub(rf"^{re.escape(label)}(?=$|[-_ .])[-_ .]*", "", name, flags=re.IGNORECASE)
        name = re.sub(rf"(?:^|[-_ .]+){re.escape(label)}$", "", name, flags=re.IGNORECASE)
    return name.strip(" -_.")


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip()
