"""What a Windows computer needs of us, as far as another machine can tell."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.paths import ROOT

RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
}
LONGEST = 180  # of Windows' 260 characters, so that 80 are left for where the course stands

# Imports every module but those that run on Linux alone, as a Python without these modules would.
IMPORTS = """
import builtins, importlib, pkgutil, sys

MISSING = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "termios"}
LINUX_ONLY = ("coursekit.sandbox", "coursekit.exchange")
original = builtins.__import__

def without(name, globals=None, *rest, **named):
    asking = (globals or {}).get("__name__", "")
    if name.split(".")[0] in MISSING and asking.split(".")[0] in ("coursekit", "improvement"):
        raise ModuleNotFoundError(f"No module named {name!r}, which {asking} asks for")
    return original(name, globals, *rest, **named)

builtins.__import__ = without
for top in ("improvement", "coursekit"):
    for module in pkgutil.walk_packages(importlib.import_module(top).__path__, f"{top}."):
        if not module.name.startswith(LINUX_ONLY) and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
            print(module.name)
"""


def paths() -> list[str]:
    """Every file of the repository, those that are not committed yet as well."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return listed.stdout.decode().strip("\0").split("\0")


def illegal(path: str) -> bool:
    """Whether Windows refuses a path, or some part of it."""
    return any(
        re.search(r'[<>:"\\|?*\x00-\x1f]|[. ]$', part) or part.split(".")[0].lower() in RESERVED
        for part in path.split("/")
    )


@pytest.mark.parametrize("path", ["a/con.txt", "a:b", "what?.md", "dot./x", "end ", "COM1"])
def test_illegal_names_are_known(path: str) -> None:
    assert illegal(path)


def test_every_file_may_exist_on_windows() -> None:
    found = paths()
    assert "README.md" in found
    assert [path for path in found if illegal(path)] == []
    assert [path for path in found if len(path) > LONGEST] == []


def test_no_two_files_differ_by_case_alone() -> None:
    found = paths()
    assert len({path.casefold() for path in found}) == len(set(found))


def test_every_file_of_the_built_book_may_exist_on_windows(book: Path) -> None:
    made = [path.relative_to(ROOT).as_posix() for path in book.rglob("*")]
    assert [path for path in made if illegal(path) or len(path) > LONGEST] == []


def test_the_code_imports_nothing_that_windows_lacks() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert {"coursekit.cli", "coursekit.build.book", "coursekit.grade.release", "improvement.widgets"} <= set(
        done.stdout.split()
    )


def blocks(page: Path, language: str) -> list[list[str]]:
    """The fenced commands of a page, block by block."""
    found = re.findall(
        rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    return [block.splitlines() for block in found]


def as_on_linux(command: str) -> str:
    return command.replace("py -3.11", "python3.11").replace(".venv\\Scripts\\", ".venv/bin/")


def test_windows_is_told_the_same_steps_as_linux() -> None:
    install = ROOT / "book" / "install.md"
    steps, on_linux = blocks(install, "powershell")[0], blocks(install, "bash")[0]
    assert [as_on_linux(step) for step in steps] == on_linux
    assert steps in blocks(ROOT / "README.md", "powershell")


def test_the_steps_are_those_that_make_takes() -> None:
    steps = "\n".join(blocks(ROOT / "book" / "install.md", "bash")[0])
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for options in ("--require-hashes -r requirements.lock", "--no-deps --no-build-isolation -e ."):
        assert options in steps
        assert options in makefile


@pytest.mark.parametrize("language", ["powershell", "bash"])
def test_the_steps_name_programs_and_files_that_exist(language: str) -> None:
    commands = [line for block in blocks(ROOT / "book" / "install.md", language) for line in block]
    ours = [as_on_linux(line).split() for line in commands if ".venv" in line and " -m venv" not in line]
    for program, *arguments in ours:
        if program.startswith(".venv/bin/"):
            assert Path(sys.executable).with_name(program.removeprefix(".venv/bin/")).exists()
        if program.endswith("/course"):
            asked = [program.replace(".venv/bin", str(Path(sys.executable).parent)), *arguments, "--help"]
            assert subprocess.run(asked, capture_output=True).returncode == 0
        if "-r" in arguments:
            assert (ROOT / arguments[arguments.index("-r") + 1]).exists()
    assert len(ours) >= 4
