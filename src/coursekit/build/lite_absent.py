"""What stands in, in the browser, for packages that this copy of the course does not have: one sentence, no traceback."""

import ast
import sys

from IPython import get_ipython

WHY = (
    "{package} is not part of this copy of the course, so this cell cannot run here: open the notebook in JupyterLab, or "
    "ask whoever put the course up to add it."
)
WHY_NOT_MADE = (
    "{name} was to be made in a cell above with {package}, which is not part of this copy of the course, so this cell "
    "cannot run here: open the notebook in JupyterLab, or ask whoever put the course up to add it."
)
_not_made = {}  # what a cell that stopped was about to make, and the package for want of which it stopped


class NotInThisCopyError(ModuleNotFoundError):
    """Its sentence is all that a notebook shows."""


def refuse(package):
    """Stop the cell that imports a package, and remember what it was about to make."""
    shell = get_ipython()
    if shell is not None:
        _remember(shell, package)
        shell.set_custom_exc((NotInThisCopyError, NameError), _explain)
    raise NotInThisCopyError(WHY.format(package=package), name=package)


def _remember(shell, package):
    made = _names_made(shell.user_ns["In"][-1]) - set(shell.user_ns)
    _not_made.update(dict.fromkeys(made, package))


def _names_made(cell):
    made = set()
    for node in ast.walk(ast.parse(cell)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            made.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            made.update((one.asname or one.name).split(".")[0] for one in node.names)
    return made


def _explain(shell, kind, error, traceback, tb_offset=None):
    """Say why a cell stopped. The sentence is no error to JupyterLite, which would not run the cells below an error."""
    if isinstance(error, NotInThisCopyError):
        print(error, file=sys.stderr)
    elif error.name in _not_made:
        package = _not_made[error.name]
        _remember(shell, package)  # this cell makes nothing either
        print(WHY_NOT_MADE.format(name=error.name, package=package), file=sys.stderr)
    else:
        shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)
