"""What marking points out to a facilitator in a learner's code, and what it leaves alone."""

import nbformat
import pytest

from coursekit.grade import suspicion

HONEST = [
    "import os\nprint(os.path.exists('data.csv'), os.listdir(), os.getcwd())",
    "from os import path\nimport os.path",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])",
    "%%time\ntotal = 0\nfor step in range(9):\n    total += step",
    "%timeit 1 + 1",
    "def mean_of(values):\n    sum = 0\n    for value in values:\n        sum += value\n    return sum / len(values)",
    "remainder = (7\n    % 4)\ndifferent = (remainder\n    != 3)",
    "total = sum([1, 2])\nassert max(3, total) == 3",
    "import pandas as pd\npd.DataFrame({'a': [1]}).a.max()",
    "x = (",  # does not run at all
]
SUSPECT = {
    "import os\nos.kill(1, 9)": "uses os: it speaks to the operating system",
    "import os\nsecret = os.environ": "uses os: it speaks to the operating system",
    "import os as path": "uses os: it speaks to the operating system",
    "import os\nwalker = getattr(os, 'sys' + 'tem')": "uses os: it speaks to the operating system",
    "from os import path, system": "uses os: it speaks to the operating system",
    "from os import *": "uses os: it speaks to the operating system",
    "import subprocess": "imports subprocess: it starts other programs",
    "from subprocess import run": "imports subprocess: it starts other programs",
    "!cat ../gradebook.db": "uses get_ipython: it reaches into the kernel, as % and ! do",
    "listed = !ls\nimport socket": "imports socket: it opens network connections",
    "%run other.py": "uses get_ipython: it reaches into the kernel, as % and ! do",
    "%%bash\nls": "uses get_ipython: it reaches into the kernel, as % and ! do",
    "%time import ctypes": "imports ctypes: it reaches below Python",
    "%timeit -n 1 -r 1 import ctypes": "uses get_ipython: it reaches into the kernel, as % and ! do",
    "%%time\nimport ctypes": "imports ctypes: it reaches below Python",
    "get_ipython().ast_transformers.append(1)": "uses .ast_transformers: it changes how Python reads the tests",
    "sum = 0": "makes its own sum, which the tests use",
    "def len(x):\n    return 12": "makes its own len, which the tests use",
    "def f():\n    global max\n    max = 9": "makes its own max, which the tests use",
    "class Equal:\n    def __eq__(self, other):\n        return True": "defines __eq__: it decides what a test finds equal",
    "exec('x = 1')": "calls exec()",
    "import builtins\nbuiltins.len = 1": "changes Python itself",
}


def said_of(*sources, **cell):
    cells = [nbformat.v4.new_code_cell(source, **cell) for source in sources]
    return suspicion.read(nbformat.v4.new_notebook(cells=cells))


@pytest.mark.parametrize("source", HONEST)
def test_an_honest_habit_is_left_alone(source):
    assert said_of(source) == []


@pytest.mark.parametrize("source", SUSPECT)
def test_what_no_answer_needs_is_pointed_out_with_its_box(source):
    assert f"Code box 2 {SUSPECT[source]}." in said_of("honest = 1", source)


def test_the_courses_own_cells_are_not_looked_at():
    locked = {
        "nbgrader": {"locked": True, "grade": True, "solution": False, "schema_version": 3, "grade_id": "a"}
    }
    assert said_of("exec('tests')", metadata=locked) == []
