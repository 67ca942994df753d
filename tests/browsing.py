"""What the browser tests share: waiting for a page, reaching controls by keyboard, and axe."""

import pytest
from playwright.sync_api import Page

from coursekit.paths import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """
async (only) => {
  const found = await axe.run(document, { runOnly: only, resultTypes: ["violations"] });
  const where = (node) => `${node.target.join(" ")}: ${node.failureSummary}`;
  return found.violations.map((one) => [one.id, one.help, one.nodes.map(where)]);
}
"""
FOCUSED = """
() => {
  const at = document.activeElement;
  const label = at.labels?.[0]?.textContent ?? at.textContent;
  return [at.tagName.toLowerCase(), at.type ?? "", (at.getAttribute("aria-label") ?? label ?? "").trim().slice(0, 200)];
}
"""
SETTLED = """
async () => {
  await document.fonts.ready;
  for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame);
}
"""
LIVE = 30_000  # milliseconds: the first answer waits for Python to start on a busy machine


def visit(page: Page, address: str) -> None:
    """Open a page and wait until its fonts are there and its widgets drawn."""
    page.goto(address, wait_until="load")
    page.evaluate(SETTLED)


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    page.evaluate(SETTLED)
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def tab_to(page: Page, label: str, tag: str = "input") -> None:
    """Press Tab until the control of that label has the focus."""
    for _ in range(150):
        page.keyboard.press("Tab")
        at, _, name = page.evaluate(FOCUSED)
        if at == tag and name.startswith(label):
            return
    pytest.fail(f"{label!r} cannot be reached with the Tab key")


def faults_of(page: Page, *, contrast_only: bool = False) -> list:
    """What axe finds wrong on the page as it stands, by WCAG 2.2 AA."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    only = (
        {"type": "rule", "values": ["color-contrast"]} if contrast_only else {"type": "tag", "values": WCAG}
    )
    return page.evaluate(RUN_AXE, only)
