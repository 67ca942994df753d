"""The Python packages of the notebooks in the browser: fetched at pinned hashes, packed here, or from a Pyodide distribution."""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from coursekit.build import frontend
from coursekit.paths import BUILD, FRONTEND, ROOT

PINS = Path(__file__).with_name("lite-requirements.lock")
FETCHED = BUILD / "lite" / "wheels"
KERNEL = Path(sys.prefix, "share", "jupyter", "labextensions", "@jupyterlite", "pyodide-kernel-extension")
KERNEL_WHEELS = ("ipykernel", "piplite", "pyodide_kernel", "widgetsnbextension-4")
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
FROM_DISTRIBUTION = frozenset({"matplotlib", "numpy", "pandas"})
ABSENT = Path(__file__).with_name("lite_absent.py")
_PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+) --hash=sha256:(?P<sha256>[0-9a-f]{64})$")
_WHEEL = re.compile(r"^(?P<name>[^-]+)-(?P<version>[^-]+)-.+\.whl$")


class PackagesError(Exception):
    """Packages cannot be had; the message says which and what to do."""


def pins() -> dict[str, dict[str, str]]:
    """Return name, version and hash of every package fetched from PyPI, by name."""
    found = {}
    for line in PINS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            pin = _PIN.match(line)
            if pin is None:
                raise ValueError(f"{PINS.name}: cannot read {line!r}.")
            found[pin["name"]] = pin.groupdict()
    return found


def pyodide_version() -> str:
    """Return the version of Pyodide that the front end pins."""
    return json.loads((ROOT / "frontend" / "package.json").read_text(encoding="utf-8"))["dependencies"][
        "pyodide"
    ]


def fetch() -> list[Path]:
    """Return every pinned wheel, fetching those that are not here yet.

    Raises:
        PackagesError: when some cannot be fetched or are not what was pinned; it names them.
    """
    FETCHED.mkdir(parents=True, exist_ok=True)
    have = {_sha256(wheel): wheel for wheel in FETCHED.glob("*.whl")}
    missing = [pin for pin in pins().values() if pin["sha256"] not in have]
    if missing:
        _download(missing)
        have = {_sha256(wheel): wheel for wheel in FETCHED.glob("*.whl")}
    return [have[pin["sha256"]] for pin in pins().values()]


def _download(missing: list[dict[str, str]]) -> None:
    python = ".".join(_npm_lock()["info"]["python"].split(".")[:2])
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "wanted.txt")
        lines = (f"{pin['name']}=={pin['version']} --hash=sha256:{pin['sha256']}\n" for pin in missing)
        wanted.write_text("".join(lines), encoding="utf-8")
        command = [
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--retries", "2",
            "--require-hashes", "--no-deps", "--only-binary", ":all:", "--platform", "any", "--implementation", "py", "--abi", "none",
            "--python-version", python, "--dest", str(FETCHED), "--requirement", str(wanted),
        ]  # fmt: skip
        done = subprocess.run(command, stderr=subprocess.PIPE, encoding="utf-8", errors="replace")
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise PackagesError(
            f"these packages could not be fetched from PyPI: {', '.join(pin['name'] for pin in missing)}. "
            f"{said[-1] if said else 'pip gave no reason'}"
        )


def collect(folder: Path, distribution: Path | None) -> list[str]:
    """Put Pyodide, every package and the lock that lists them into a folder; return the names to load at the start.

    Each wheel lies in a folder named by its hash, so that a browser's copy of an older build is never taken for it.

    Args:
        folder: becomes the site's ``static/pyodide``.
        distribution: an unpacked Pyodide distribution that `check_distribution` found fit; None to do without.

    Raises:
        PackagesError: when some cannot be fetched.
    """
    fetched = fetch()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in CORE:
        shutil.copy(ROOT / "frontend" / "node_modules" / "pyodide" / file, folder / file)
    kernel = [next((KERNEL / "static" / "pypi").glob(f"{name}*.whl")) for name in KERNEL_WHEELS]
    with tempfile.TemporaryDirectory() as packed:
        ours = [pack_improvement(Path(packed))]
        if distribution is None:
            ours.append(pack_absent(Path(packed)))
        listed = {}
        for wheel in [*fetched, *kernel, *ours]:
            name, entry = _entry(wheel)
            listed[name] = {**entry, "file_name": _place(wheel, entry["sha256"], folder)}
    at_start = sorted(listed)
    if distribution is not None:
        # `improvement.datasets.load` uses pandas without a cell's saying so; the others load when a cell imports them.
        at_start = sorted({*at_start, *_from_distribution(distribution, ["pandas"])})
        for name, entry in _from_distribution(distribution, FROM_DISTRIBUTION).items():
            if name not in listed:
                place = _place(distribution / entry["file_name"], entry["sha256"], folder)
                listed[name] = {**entry, "file_name": place}
        for name in listed:
            listed[name]["depends"] = [
                one for one in map(canonicalize_name, listed[name]["depends"]) if one in listed
            ]
    lock = {"info": _npm_lock()["info"], "packages": dict(sorted(listed.items()))}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock, indent=1), encoding="utf-8")
    return at_start


def check_distribution(folder: Path) -> Path:
    """Return the folder of a downloaded Pyodide distribution, if it is the one this course can use.

    Raises:
        ValueError: when it is another version, incomplete or damaged; one sentence on which and what to do.
    """
    version = pyodide_version()
    advice = f"Download pyodide-{version}.tar.bz2 from https://github.com/pyodide/pyodide/releases, unpack it, and name its folder."
    found = next((one for one in (folder, folder / "pyodide") if (one / "pyodide-lock.json").is_file()), None)
    if found is None:
        raise ValueError(f"{folder} is not a Pyodide distribution: it has no pyodide-lock.json. {advice}")
    try:
        other = json.loads((found / "package.json").read_text(encoding="utf-8"))["version"]
        wanted = _from_distribution(found, FROM_DISTRIBUTION)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{found} is not a whole Pyodide distribution ({error!r}). {advice}") from None
    if other != version:
        raise ValueError(f"{found} is Pyodide {other}, and this course needs {version}. {advice}")
    for name, entry in wanted.items():
        wheel = found / entry["file_name"]
        if not wheel.is_file():
            raise ValueError(f"{found} lacks {entry['file_name']}, which {name} is in. {advice}")
        if _sha256(wheel) != entry["sha256"]:
            raise ValueError(f"{wheel} is damaged: it is not the file that pyodide-lock.json lists. {advice}")
    return found


def _from_distribution(folder: Path, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the distribution's entries for some packages, and for all that they depend on, by name."""
    packages = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    by_name = {canonicalize_name(name): entry for name, entry in packages.items()}
    found: dict[str, dict[str, Any]] = {}
    wanted = list(names)
    while wanted:
        name = canonicalize_name(wanted.pop())
        if name not in found:
            found[name] = by_name[name]
            wanted += by_name[name]["depends"]
    return dict(sorted(found.items()))


def improvement_files() -> dict[str, str]:
    """Return the text of every file of `improvement` with its widgets, by its path on the import path."""
    files = dict(frontend.browser_sources())
    files["improvement/widgets.py"] = (ROOT / "src" / "improvement" / "widgets.py").read_text(
        encoding="utf-8"
    )
    for name in ("widget.js", "widget.css"):
        files[f"improvement/data/_build/frontend/{name}"] = (FRONTEND / name).read_text(encoding="utf-8")
    return files


def pack_improvement(folder: Path) -> Path:
    """Pack `improvement` as a wheel whose bytes follow from its files alone."""
    version = importlib.metadata.version("impact-in-practice")
    return _pack(folder, "impact-in-practice", version, improvement_files())


def pack_absent(folder: Path) -> Path:
    """Pack stand-ins for the packages that are not here: importing one says so in one sentence."""
    files = {"course_absent.py": ABSENT.read_text(encoding="utf-8")}
    for name in sorted(FROM_DISTRIBUTION):
        files[f"{name}/__init__.py"] = f"import course_absent\n\ncourse_absent.refuse({name!r})\n"
    return _pack(folder, "course-absent", "1", files)


def _pack(folder: Path, name: str, version: str, files: Mapping[str, str]) -> Path:
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    whole = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: coursekit\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = []
    for path, text in whole.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        rows.append(f"{path},sha256={digest},{len(text.encode())}\n")
    whole[f"{info}/RECORD"] = "".join([*rows, f"{info}/RECORD,,\n"])
    wheel = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in whole.items():
            archive.writestr(zipfile.ZipInfo(path), text, zipfile.ZIP_DEFLATED)
    return wheel


def _entry(wheel: Path) -> tuple[str, dict[str, Any]]:
    parts = _WHEEL.match(wheel.name)
    name = canonicalize_name(parts["name"])
    entry = {
        "name": name, "version": parts["version"], "sha256": _sha256(wheel), "depends": [], "imports": [],
        "install_dir": "site", "package_type": "package", "unvendored_tests": False,
    }  # fmt: skip
    return name, entry


def _place(wheel: Path, sha256: str, folder: Path) -> str:
    place = folder / sha256[:12] / wheel.name
    place.parent.mkdir(exist_ok=True)
    shutil.copy(wheel, place)
    return place.relative_to(folder).as_posix()


def _npm_lock() -> dict[str, Any]:
    path = ROOT / "frontend" / "node_modules" / "pyodide" / "pyodide-lock.json"
    return json.loads(path.read_text(encoding="utf-8"))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
