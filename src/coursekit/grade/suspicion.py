"""Reads a notebook for what an honest answer has no use for, so that a person looks; it never decides a mark."""

from __future__ import annotations

import ast
import warnings

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbgrader.utils import is_locked

_MODULES = {
    "ast": "rewrites code",
    "ctypes": "reaches below Python",
    "gc": "looks through all objects",
    "inspect": "looks at other code",
    "multiprocessing": "starts other processes",
    "signal": "sends signals",
    "socket": "opens network connections",
    "subprocess": "starts other programs",
    "zmq": "speaks the kernel's own protocol",
    "ipykernel": "speaks the kernel's own protocol",
    "jupyter_client": "speaks the kernel's own protocol",
}
_OPERATING_SYSTEM = "uses os: it speaks to the operating system"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_NAMES = {
    "In": "reads the cells that have run",
    "_ih": "reads the cells that have run",
    "_i": "reads the cells that have run",
    "__builtins__": "changes Python itself",
    "exit": "stops Python",
    "quit": "stops Python",
    "get_ipython": "reaches into the kernel, as % and ! do",
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
_HARMLESS_OS = {"curdir", "fspath", "getcwd", "linesep", "listdir", "path", "sep"}
_HARMLESS_MAGICS = {"matplotlib", "precision", "time", "timeit"}


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
    try:
        tree = _parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []  # Python does not run it either
    found = []
    of_a_function = {id(node) for one in ast.walk(tree) if isinstance(one, _FUNCTIONS) for node in _own(one)}
    plain_os = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    harmless: set[int] = set()
    for node in ast.walk(tree):
        if id(node) in harmless:
            continue
        match node:
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Call(func=ast.Name() as shell), attr=("run_line_magic" | "run_cell_magic")
                ),
                args=[ast.Constant(value=magic), *given],
            ) if magic in _HARMLESS_MAGICS and all(map(_is_python, given)):
                harmless.add(id(shell))
                found += [what for one in given for what in _look(one.value)]
            case ast.Import(names=names):
                found += [_said(alias.name.partition(".")[0]) for alias in names]
                if any(alias.name == "os" and alias.asname not in (None, "os") for alias in names):
                    found.append(_OPERATING_SYSTEM)
            case ast.ImportFrom(module="os", names=names):
                if not {alias.name for alias in names} <= _HARMLESS_OS:
                    found.append(_OPERATING_SYSTEM)
            case ast.Attribute(value=ast.Name(id="os"), attr=name) if name not in _HARMLESS_OS:
                found.append(_OPERATING_SYSTEM)
            case ast.Name(id="os") if id(node) not in plain_os:
                found.append(_OPERATING_SYSTEM)
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
            case ast.Name(id=name, ctx=ast.Store()) if name in _TEST_NAMES and id(node) not in of_a_function:
                found.append(f"makes its own {name}, which the tests use")
            case ast.Call(func=ast.Name(id=("exec" | "eval" | "compile" | "__import__" | "globals") as name)):
                found.append(f"calls {name}()")
            case ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id="builtins"), *_]):
                found.append("changes Python itself")
            case ast.Attribute(value=ast.Name(id="builtins"), ctx=ast.Store()):
                found.append("changes Python itself")
    return [what for what in dict.fromkeys(found) if what]


def _parse(source: str) -> ast.Module:
    """A cell's syntax; of IPython's own, that of the calls it stands for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except SyntaxError:
            return ast.parse(TransformerManager().transform_cell(source))


def _is_python(given: ast.expr) -> bool:
    """Whether what a magic was given is text, and Python as it stands."""
    try:
        return isinstance(given, ast.Constant) and bool(ast.parse(given.value))
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return False


def _own(function: ast.AST) -> list[ast.AST]:
    """What is inside a function and stays there: nothing, when it says that a name is everybody's."""
    inside = list(ast.walk(function))[1:]
    return [] if any(isinstance(node, ast.Global) for node in inside) else inside


def _said(module: str) -> str:
    return f"imports {module}: it {_MODULES[module]}" if module in _MODULES else ""
