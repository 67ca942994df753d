"""Starts a hub in a room of its own, in which making accounts and folders leaves no trace on this machine.

It runs as the first process of new mount and process namespaces: what it writes to /etc, /home, /opt and /srv is kept
in memory, and all of it, every process included, goes when the room does.
"""

import os
import subprocess
import sys
from pathlib import Path

SCRATCH = Path("/mnt")
WRITTEN = ("etc", "home", "opt", "srv")


def run(*command):
    subprocess.run([str(part) for part in command], check=True)


def furnish(root, environment):
    run("mount", "-t", "tmpfs", "-o", "mode=755", "room", SCRATCH)
    for name in WRITTEN:
        upper, work = SCRATCH / "upper" / name, SCRATCH / "work" / name
        upper.mkdir(parents=True)
        work.mkdir(parents=True)
        options = f"lowerdir=/{name},upperdir={upper},workdir={work}"
        run("mount", "-t", "overlay", "-o", options, "room", f"/{name}")
    reveal([Path(sys.base_prefix), root])
    place = Path("/opt/impact/environment")
    place.mkdir(parents=True)
    run("mount", "--bind", environment, place)


def reveal(folders):
    """Let every account reach folders that lie in places closed to them, such as root's home."""
    closed = {}
    for folder in folders:
        shut = next((parent for parent in reversed(folder.parents) if not parent.stat().st_mode & 1), None)
        if shut:
            closed[folder] = shut
    for number, folder in enumerate(closed):
        kept = SCRATCH / "kept" / str(number)
        kept.mkdir(parents=True)
        run("mount", "--bind", folder, kept)
    for shut in set(closed.values()):
        run("mount", "-t", "tmpfs", "-o", "mode=755", "room", shut)
    for number, folder in enumerate(closed):
        folder.mkdir(parents=True, exist_ok=True)
        run("mount", "--bind", SCRATCH / "kept" / str(number), folder)


if __name__ == "__main__":
    root = Path(sys.argv[1])
    furnish(root, Path(sys.prefix))
    os.umask(0o022)
    run(root / "deploy" / "tljh" / "make-course.sh")
    os.chdir("/srv")
    run(sys.executable, "-m", "jupyterhub", "-f", root / "tests" / "hub" / "jupyterhub_config.py")
