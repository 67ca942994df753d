"""Mend the theme's own faults in the finished pages: controls without a fitting name, and half a megabyte of icons."""

from __future__ import annotations

from pathlib import Path

from bs4 import BeautifulSoup

from coursekit.paths import LITE


def mend_pages(html: Path) -> None:
    """Mend every page below `html` in place, but for JupyterLite's, which are not the theme's."""
    for page in html.rglob("*.html"):
        if LITE in page.parents:
            continue
        text = page.read_text(encoding="utf-8")
        mended = mend(text)
        if mended != text:
            page.write_text(mended, encoding="utf-8")


def mend(text: str) -> str:
    """Return a page with every control named, and named by the words it shows (WCAG 2.5.3 and 4.1.2)."""
    soup = BeautifulSoup(text, "html.parser")
    for script in soup.select('script[src*="fontawesome"]'):
        script.decompose()  # the icon font draws the same icons at a tenth of the weight
    for control in soup.select("button[aria-label], label[aria-label], a[aria-label]"):
        # Font Awesome turns an icon's title into words shown inside the control, which the name then lacks.
        for icon in control.select("i[title]"):
            del icon["title"]
        words = " ".join(control.get_text(" ").split())
        if words and words.lower() not in control["aria-label"].lower():
            del control["aria-label"]
    for summary in soup.select("li.has-children > details > summary"):
        if not summary.get_text(strip=True):
            link = summary.find_parent("li").find("a")
            summary["aria-label"] = f"Pages within {' '.join(link.get_text(' ').split())}"
    return str(soup)
