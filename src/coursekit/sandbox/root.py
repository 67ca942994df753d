"""The file tree that a sandboxed kernel sees: what Python needs, to read only, and a little room to write in memory."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

import improvement
from coursekit.sandbox import linux
from coursekit.sandbox.limits import MEBIBYTE, Limits
from improvement.files import locate

HOME = "/home/learner"
"""Where the kernel starts: the files that came with the exercise, and room to write."""

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts")
_DEVICES = ("null", "zero", "full", "random", "urandom")
_MOST_FILES = 2000
_MOST_TERMINALS = 16


def readable() -> tuple[str, ...]:
    """Everything outside the sandbox that the kernel may read: programs and libraries, the course's core, its data.

    Not the exercises, their tests, the gradebook, other submissions, or anybody's home.
    """
    core = Path(improvement.__file__).parent
    course = [str(core), str(locate("datasets")), str(locate("curriculum") / "lessons.csv")]
    python = [sys.prefix, sys.base_prefix, sys.exec_prefix]
    found = [path for path in (*_SYSTEM, *_SETTINGS, *python, *course) if os.path.exists(path)]
    kept: list[str] = []
    for path in sorted(set(found), key=len):
        inside = any(Path(path).is_relative_to(other) for other in kept if not os.path.islink(other))
        if not inside:
            kept.append(path)
    return tuple(kept)


def copies(folder: str | None, most: int) -> list[tuple[str, bytes]]:
    """The plain files beside a notebook, by relative path, without any notebook; links are not followed.

    They stop where they would take more than `most` bytes.
    """
    found: list[tuple[str, bytes]] = []
    if folder is None:
        return found
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(where, name)
            state = os.lstat(path)
            if not stat.S_ISREG(state.st_mode) or name.lower().endswith(".ipynb"):
                continue
            most -= state.st_size
            if most < 0 or len(found) >= _MOST_FILES:
                return found
            found.append((os.path.relpath(path, folder), Path(path).read_bytes()))
    return found


def enter(base: str, allowed: Sequence[str], files: Sequence[tuple[str, bytes]], limits: Limits) -> None:
    """Make `base` the root of this process's own mount namespace and go there. Raises OSError.

    Args:
        base: an empty folder outside; what is built in it exists only in this namespace.
        allowed: from `readable`.
        files: from `copies`.
        limits: how much may be written.
    """
    linux.mount("none", "/", None, linux.MS_REC | linux.MS_PRIVATE)
    linux.mount("tmpfs", base, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=0755,size=1m,nr_inodes=4000")
    share = limits.disk // 2 // MEBIBYTE
    for place, size in ((HOME, share), ("/tmp", share // 2), ("/dev/shm", share // 2)):
        os.makedirs(base + place)
        options = f"mode=1777,size={max(1, size)}m,nr_inodes={_MOST_FILES + 100}"
        linux.mount("tmpfs", base + place, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, options)
    for path in allowed:
        _show(base, path)
    os.makedirs(f"{base}/etc", exist_ok=True)
    Path(f"{base}/etc/passwd").write_text(f"learner:x:1000:1000::{HOME}:/bin/false\n", encoding="ascii")

    os.makedirs(f"{base}/proc", exist_ok=True)
    linux.mount("proc", f"{base}/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC)
    os.makedirs(f"{base}/dev", exist_ok=True)
    for device in _DEVICES:
        Path(f"{base}/dev/{device}").touch()
        linux.mount(f"/dev/{device}", f"{base}/dev/{device}", None, linux.MS_BIND)
    os.symlink("/proc/self/fd", f"{base}/dev/fd")
    os.makedirs(f"{base}/dev/pts")  # IPython runs a `!command` in a terminal
    terminals = f"newinstance,ptmxmode=0666,mode=0620,max={_MOST_TERMINALS}"
    with contextlib.suppress(OSError):  # where it may not be had, such a command says so
        linux.mount("devpts", f"{base}/dev/pts", "devpts", linux.MS_NOSUID | linux.MS_NOEXEC, terminals)
        os.symlink("pts/ptmx", f"{base}/dev/ptmx")

    for relative, data in files:
        target = Path(base + HOME, relative)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        target.chmod(0o666)

    linux.pivot_root(base)
    linux.mount(
        "none",
        "/",
        None,
        linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY | linux.MS_NOSUID | linux.MS_NODEV,
    )
    os.chdir(HOME)


def _show(base: str, path: str) -> None:
    target = base + path
    if os.path.islink(path):
        os.symlink(os.readlink(path), target)
        return
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        Path(target).touch()
    linux.mount(path, target, None, linux.MS_BIND | linux.MS_REC)
    linux.make_read_only(target)


def clear(base: str) -> None:
    """Take away the empty folder that a sandbox was built on."""
    shutil.rmtree(base, ignore_errors=True)
