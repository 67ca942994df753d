"""Find files that travel with the project: inside an installed copy first, then in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def locate(*parts: str) -> Path:
    """Return the path of a shared file or folder, such as ``locate("datasets", "practice_calls.csv")``.

    An installed copy keeps shared files under ``improvement/data``; a checkout keeps them at its root, beside
    ``src``. The installed place is tried first.

    Raises:
        FileNotFoundError: when neither place has it; the message names both places and what to run.
    """
    installed = _PACKAGE.joinpath("data", *parts)
    checkout = _PACKAGE.parent.parent.joinpath(*parts)
    for path in (installed, checkout):
        if path.exists():
            return path
    raise FileNotFoundError(
        f"Cannot find {'/'.join(parts)}. It was looked for at {installed} and at {checkout}. "
        "In a checkout, run `make course` to build what is missing; otherwise install the package again."
    )
