"""The public face of improvement.spc: examples in docstrings that hold, and no reaching into another module."""

import ast
import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import improvement.spc

MODULES = [module.name for module in pkgutil.iter_modules(improvement.spc.__path__, "improvement.spc.")]
CHARTS = (
    "xmr", "xmr_limits", "run_chart", "p_chart", "np_chart", "c_chart", "u_chart", "p_prime_chart", "u_prime_chart",
    "g_chart", "t_chart", "xbar_s", "funnel", "pareto", "capability", "summarise",
)  # fmt: skip
PACKAGE = Path(improvement.spc.__file__).parent.parent


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_hold(name):
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_shows_a_call_of_itself(name):
    (found,) = doctest.DocTestFinder(recurse=False).find(getattr(improvement.spc, name), name)
    assert any(f"{name}(" in example.source for example in found.examples)


@pytest.mark.parametrize("folder", ["spc", "simulate"])
def test_no_module_uses_the_private_names_of_another(folder):
    for path in sorted((PACKAGE / folder).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = [
            alias
            for node in ast.walk(tree)
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for alias in node.names
        ]
        modules = {alias.asname or alias.name.split(".")[0] for alias in imported}
        reached = [
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in modules
        ]
        private = [name for name in [*(alias.name for alias in imported), *reached] if name.startswith("_")]
        assert private == [], path.name
