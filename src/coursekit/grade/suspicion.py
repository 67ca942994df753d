"""Reads a notebook for what an honest answer has no use for, so that a person looks; it never decides a mark."""

from __future__ import annotations

import ast
import re
import warnings

from nbformat import NotebookNode
from nbgrader.utils import is_locked

_MODULES = {
    "ast": "rewrites code",
    "ctypes": "reaches below Python",
    "gc": "looks through all objects",
    "inspect": "looks at other code",
    "multiprocessing": "starts other processes",
    "os": "speaks to the operating system",
    "signal": "sends signals",
    "socket": "opens network connections",
    "subprocess": "starts other programs",
    "zmq": "speaks the kernel's own protocol",
    "ipykernel": "speaks the kernel's own protocol",
    "jupyter_client": "speaks the kernel's own protocol",
}
_NAMES = {
    "In": "reads the cells that have run",
    "_ih": "reads the cells that have run",
    "_i": "reads the cells that have run",
    "__builtins__": "changes Python itself",
    "exit": "stops Python",
    "quit": "stops Python",
    "get_ipython": "reaches into the kernel",
}
_ATTRIBUTES = {
    "ast_transformers": "changes how Python reads the tests",
    "input_transformers_post": "changes how Python reads the tests",
    "input_transformers_cleanup": "changes how Python reads the tests",
    "history_manager": "reads the cells that have run",
    "settrace": "follows the tests as they run",
    "setprofile": "follows the tests as they run",
    "_getframe": "looks into the code that calls it",
    "__globals__": "looks into other code",
    "__subclasses__": "looks through all classes",
    "modules": "changes other modules",
}
_COMPARISONS = {
    "__eq__",
    "__ne__",
    "__lt__",
    "__le__",
    "__gt__",
    "__ge__",
    "__bool__",
    "__abs__",
    "__rsub__",
    "__sub__",
}
_TEST_NAMES = {
    "abs",
    "all",
    "any",
    "isinstance",
    "len",
    "max",
    "min",
    "round",
    "sorted",
    "sum",
    "AssertionError",
}
_CELL_MAGIC = re.compile(r"^\s*(%%|[%!])", re.MULTILINE)


def read(notebook: NotebookNode) -> list[str]:
    """Return one sentence for each thing a person should look at in what the learner wrote."""
    found: dict[str, None] = {}
    for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        if is_locked(cell):
            continue
        for what in _look(cell.source):
            found[f"Code box {number} {what}."] = None
    return list(found)


def _look(source: str) -> list[str]:
    found = []
    if _CELL_MAGIC.search(source):
        found.append("uses notebook commands (% or !)")
        source = re.sub(r"^\s*[%!].*$", "pass", source, flags=re.MULTILINE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return found
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found += [_said(alias.name.partition(".")[0]) for alias in names]
            case ast.ImportFrom(module=module):
                found.append(_said((module or "").partition(".")[0]))
            case ast.Name(id=name) if name in _NAMES:
                found.append(f"uses {name}: it {_NAMES[name]}")
            case ast.Attribute(attr=name) if name in _ATTRIBUTES:
                found.append(f"uses .{name}: it {_ATTRIBUTES[name]}")
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) if name in _TEST_NAMES:
                found.append(f"makes its own {name}, which the tests use")
            case ast.FunctionDef(name=name) if name in _COMPARISONS:
                found.append(f"defines {name}: it decides what a test finds equal")
            case ast.Name(id=name, ctx=ast.Store()) if name in _TEST_NAMES:
                found.append(f"makes its own {name}, which the tests use")
            case ast.Call(func=ast.Name(id=("exec" | "eval" | "compile" | "__import__" | "globals") as name)):
                found.append(f"calls {name}()")
            case ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id="builtins"), *_]):
                found.append("changes Python itself")
            case ast.Attribute(value=ast.Name(id="builtins"), ctx=ast.Store()):
                found.append("changes Python itself")
    return [what for what in dict.fromkeys(found) if what]


def _said(module: str) -> str:
    return f"imports {module}: it {_MODULES[module]}" if module in _MODULES else ""
