"""The whole book as one zip: unpacked anywhere, its lessons are live on a double click, without server or script."""

from __future__ import annotations

from pathlib import Path

from coursekit.build import portable
from coursekit.paths import BUILD, HTML, ROOT

TARGET = BUILD / "offline" / "impact-in-practice.zip"
TOP = "impact-in-practice"
START = "START HERE.html"
INSIDE = "course"  # everything but the one file to open
LICENCES = ("LICENSE", "LICENSE-CONTENT")
FRONT = Path(__file__).with_name("offline-start.html")


def build() -> Path:
    """Write the zip from the built book; return its path."""
    pages = {address: (HTML / address).read_text(encoding="utf-8") for address in portable.book_pages()}
    files = {f"{TOP}/{START}": FRONT.read_bytes()}
    files |= {f"{TOP}/{INSIDE}/{name}": content for name, content in portable.collect(pages).items()}
    files |= {f"{TOP}/{INSIDE}/{name}.txt": (ROOT / name).read_bytes() for name in LICENCES}
    portable.write_zip(TARGET, files)
    return TARGET
