"""What several tests share: arithmetic done apart from the package, a second widget, the built book and its browser."""

import csv
import json
import re
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from coursekit.build.serve import book_server
from coursekit.paths import HTML, ROOT
from improvement import views

LESSON = "modules/measurement/xmr-charts.html"
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

SECOND_WIDGET = '''
"""A widget the package has never heard of."""
from improvement.views import schema
from improvement.views.schema import Number, Toggle

DECLARATION = schema.Declaration(
    title="Doubling", intro="Twice a number.", honesty="Arithmetic only.", assumptions=("None.",),
    cannot_tell=("Why.",),
    controls=(
        Number(name="number", label="Number to double", default=21, minimum=0, maximum=100),
        Toggle(name="negate", label="Change its sign"),
    ),
)


def compute(params):
    value = 2 * params["number"] * (-1 if params["negate"] else 1)
    drawn = schema.figure(
        "The double", [schema.mark("bar", "data", x1=[0], x2=[1], y=[value])],
        description=f"One bar of height {value}.", x_label="", y_label="",
    )
    said = schema.sentence(f"The double is {value}.")
    return schema.view([drawn, said, schema.table("The number", ["Double"], [[value]])], summary=f"{value}")
'''


def limits_by_hand(values: list[float | None]) -> SimpleNamespace:
    """The XmR limits as a person would work them out: mean, average step between neighbours, 2.66 of them away."""
    present = [value for value in values if value is not None]
    steps = [abs(b - a) for a, b in pairwise(values) if a is not None and b is not None]
    mean, mean_range = sum(present) / len(present), sum(steps) / len(steps)
    return SimpleNamespace(
        mean=mean,
        mean_range=mean_range,
        lower=mean - 2.66 * mean_range,
        upper=mean + 2.66 * mean_range,
        range_limit=3.267 * mean_range,
    )


@pytest.fixture(scope="session")
def by_hand() -> Callable[[list[float | None]], SimpleNamespace]:
    """A function from a series to its limits, with none of the package's code in it."""
    return limits_by_hand


@pytest.fixture(scope="session")
def table() -> Callable[[str], list[dict[str, str]]]:
    """A function from a dataset's name to the rows of its CSV file, read with the csv module alone."""

    def read(name: str) -> list[dict[str, str]]:
        with (ROOT / "datasets" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read


@pytest.fixture(scope="session")
def northfield(table: Callable[[str], list[dict[str, str]]]) -> list[float]:
    """The 60 latest weekly means of the studio's ambulance example, straight from the file."""
    rows = [row for row in table("ambulance_response") if row["hospital"] == "Northfield"]
    return [float(row["category_2_mean_minutes"]) for row in rows[-60:]]


@pytest.fixture
def second_widget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The kind of a widget made by putting one file on the package's path, and nothing else."""
    (tmp_path / "doubling_demo.py").write_text(SECOND_WIDGET, encoding="utf-8")
    monkeypatch.setattr(views, "__path__", [*views.__path__, str(tmp_path)])
    yield "doubling-demo"
    sys.modules.pop("improvement.views.doubling_demo", None)
    if hasattr(views, "doubling_demo"):
        del views.doubling_demo


@pytest.fixture(scope="session")
def book() -> Path:
    """The folder of the built book."""
    if not (HTML / LESSON).exists():
        pytest.fail("The book is not built, so its pages cannot be tested. Run: course build")
    return HTML


@pytest.fixture(scope="session")
def pages(book: Path) -> list[str]:
    """The address of every page there is to read, below the site's root: not the one that only forwards."""
    files = [path.relative_to(book).as_posix() for path in sorted(book.rglob("*.html"))]
    files = [file for file in files if not file.startswith(("_static/", "_sources/", "lite/"))]
    return [file for file in files if 'http-equiv="refresh"' not in (book / file).read_text("utf-8").lower()]


@pytest.fixture(scope="session")
def origin(book: Path) -> Iterator[str]:
    """The address of a server of the book on a free port of this machine."""
    server = book_server(0, str(book))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    expect.set_options(timeout=30_000)  # what takes a second on a quiet machine takes ten on a busy one
    if not Path(CHROMIUM).exists():
        pytest.fail("The browser tests need Chromium. Run: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield chromium
        chromium.close()


@dataclass
class Opener:
    """Opens pages of the book, and notes every fault and every request that leaves this machine's server."""

    browser: Browser
    origin: str
    contexts: list[BrowserContext]
    faults: list[str]

    def context(self, **options: Any) -> BrowserContext:
        options = {"viewport": {"width": 1280, "height": 900}, **options}
        context = self.browser.new_context(**options)
        context.set_default_timeout(30_000)
        context.on("request", self._note_request)
        context.on("weberror", lambda error: self.faults.append(f"page error: {error.error}"))
        self.contexts.append(context)
        return context

    def __call__(self, address: str = LESSON, **options: Any) -> Page:
        page = self.context(**options).new_page()
        page.goto(self.origin + address)
        return page

    def _note_request(self, request: Any) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.faults.append(f"request to another host: {request.url}")


@pytest.fixture
def opener(browser: Browser, origin: str) -> Iterator[Opener]:
    """Opens pages; the test fails if any page asks another host for anything, or has a script error."""
    made = Opener(browser, origin, [], [])
    yield made
    for context in made.contexts:
        context.close()
    assert made.faults == []


@pytest.fixture
def page(opener: Opener) -> Page:
    """The lesson at 1280 pixels, its widget live and waiting."""
    opened = opener()
    opened.locator("[data-live] .iip-figure svg").first.wait_for()
    return opened


@pytest.fixture(scope="session")
def embedded_state() -> Callable[[str], tuple[re.Match[str], dict[str, Any]]]:
    """A function from a page's HTML to the place and content of its embedded widget state."""
    place = re.compile(
        r'(<script[^>]*type="application/vnd\.jupyter\.widget-state\+json"[^>]*>)(.*?)(</script>)', re.DOTALL
    )

    def find(html: str) -> tuple[re.Match[str], dict[str, Any]]:
        match = place.search(html)
        assert match, "the page embeds no widget state"
        return match, json.loads(match.group(2))

    return find
