"""The few Linux system calls that Python 3.11 has no name for."""

from __future__ import annotations

import ctypes
import os
import signal
import struct

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_NOSUID, MS_NODEV, MS_NOEXEC = 0x2, 0x4, 0x8
MS_RDONLY, MS_REMOUNT = 0x1, 0x20
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
MNT_DETACH = 2

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38

_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000
_SYS_MOUNT_SETATTR = 442  # the same number on every architecture since it came with Linux 5.12
_SYS_CLONE = {"x86_64": 56, "aarch64": 220}
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_MOUNT_ATTR_RDONLY, _MOUNT_ATTR_NOSUID, _MOUNT_ATTR_NODEV = 0x1, 0x2, 0x4
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)
_held = ctypes.PyDLL(
    None, use_errno=True
)  # does not let go of Python's lock: a child could not take it up again


def threads() -> int:
    """How many threads this process has, Python's and any library's."""
    return len(os.listdir("/proc/self/task"))


def fork_into(namespaces: int) -> int:
    """Fork a child that begins in new namespaces, and return as `os.fork` does. Raises OSError.

    `os.fork` and `unshare` cannot do it with one process: whoever makes a namespace of processes is not in it. Only for
    a process of one thread: the C library is not told, so that no library's own care for its threads is taken.
    """
    ctypes.pythonapi.PyOS_BeforeFork()
    ctypes.set_errno(0)
    process = _held.syscall(_SYS_CLONE[os.uname().machine], namespaces | signal.SIGCHLD, 0, 0, 0, 0)
    if process == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
        return 0
    number = ctypes.get_errno()
    ctypes.pythonapi.PyOS_AfterFork_Parent()
    if process < 0:
        raise OSError(number, f"new namespaces: {os.strerror(number)}")
    return process


def mount(source: str, target: str, kind: str | None, flags: int = 0, options: str | None = None) -> None:
    """Mount a file system, or one path over another. Raises OSError."""
    _check(
        _libc.mount(_text(source), _text(target), _text(kind), flags, _text(options)), f"mount on {target}"
    )


def unmount(target: str) -> None:
    """Take a mount away, at once for new users and later for the last one. Raises OSError."""
    _check(_libc.umount2(_text(target), MNT_DETACH), f"unmount {target}")


def make_read_only(target: str) -> None:
    """Make a mount, and all that is mounted below it, read-only, without devices or set-user-id programs.

    Raises OSError; ENOSYS before Linux 5.12.
    """
    attributes = struct.pack("QQQQ", _MOUNT_ATTR_RDONLY | _MOUNT_ATTR_NOSUID | _MOUNT_ATTR_NODEV, 0, 0, 0)
    code = _libc.syscall(
        _SYS_MOUNT_SETATTR, _AT_FDCWD, _text(target), _AT_RECURSIVE, attributes, len(attributes)
    )
    _check(code, f"make {target} read-only")


def pivot_root(new_root: str) -> None:
    """Make a mount the root of this mount namespace, with nothing left of the old one. Raises OSError."""
    os.chdir(new_root)
    _check(_libc.syscall(_SYS_PIVOT_ROOT[os.uname().machine], b".", b"."), "pivot_root")
    unmount(".")
    os.chdir("/")


def prctl(option: int, value: int) -> None:
    """Set something about this process. Raises OSError."""
    _check(_libc.prctl(option, value, 0, 0, 0), f"prctl {option}")


def bar_capabilities() -> None:
    """Bar this process, and whatever it starts, from ever gaining a capability by running a program."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # past the last one that this kernel knows, or nothing left to bar with
            break


def drop_capabilities() -> None:
    """Give up every capability that this process holds. Raises OSError."""
    header = struct.pack("II", _CAPABILITY_VERSION_3, 0)
    _check(_libc.capset(header, struct.pack("IIIIII", 0, 0, 0, 0, 0, 0)), "capset")


def _text(value: str | None) -> bytes | None:
    return None if value is None else os.fsencode(value)


def _check(code: int, what: str) -> None:
    if code != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
