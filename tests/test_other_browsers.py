"""Lesson M02.3 in Firefox and in WebKit, the browsers of tablets: drawn at once, live at a touch, no error said."""

import functools
import http.server
import io
import threading
from pathlib import Path
from urllib.parse import urljoin

import pytest

from conftest import LESSON
from coursekit.build.serve import HOST, Handler
from driving import FIREFOX, MINI_BROWSERS, WEBKIT_DRIVER, XVFB, Firefox, WebKit
from improvement import views
from improvement.views import check_xmr_charts

LISTEN = """<script>
const heard = [];
const hear = (what) => heard.push(String(what));
addEventListener("error", (event) => hear(event.message ?? `not loaded: ${event.target.src ?? event.target.href}`), true);
addEventListener("unhandledrejection", (event) => hear(event.reason));
console.error = (...what) => hear(what.join(" "));
</script>"""
CHECK = ".iip-questions"


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def browser(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "firefox":
        if not FIREFOX.exists():
            pytest.skip("Firefox is not installed. Run: sudo apt-get install firefox-esr")
        driven = Firefox(folder)
    else:
        found = sorted(Path("/").glob(MINI_BROWSERS[1:]))
        if not (WEBKIT_DRIVER.exists() and XVFB.exists() and found):
            pytest.skip("WebKit is not installed. Run: sudo apt-get install webkit2gtk-driver xvfb")
        driven = WebKit(folder, found[-1])
    yield driven
    driven.close()


class Heard(Handler):
    """The book, each page with an ear that notes every error from its first script on."""

    def send_head(self):
        file = Path(self.translate_path(self.path))
        if file.suffix != ".html":
            return super().send_head()
        page = file.read_text(encoding="utf-8").replace("<head>", f"<head>{LISTEN}", 1).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        return io.BytesIO(page)


@pytest.fixture(scope="module")
def lesson(book):
    server = http.server.ThreadingHTTPServer((HOST, 0), functools.partial(Heard, directory=str(book)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{HOST}:{server.server_address[1]}/{LESSON}"
    server.shutdown()
    server.server_close()


def sentences(kind, params):
    panels = views.compute(kind, params)["panels"]
    return [one["text"] for one in panels if one["type"] in ("sentence", "verdict")]


def expect_sentences(browser, kind, params):
    """Wait until the page says what Python says here to the same parameters."""
    wanted = sentences(kind, params)
    assert wanted
    for words in wanted:
        browser.wait_for(
            "return document.querySelector('.iip-panels').textContent"
            f".replace(/\\s+/g, ' ').includes({words!r})"
        )
    return wanted


def test_the_lesson_is_drawn_guessed_moved_and_answered(browser, lesson):
    browser.open(lesson)

    # Drawn before anything is touched, and nothing given away.
    browser.wait_for("return Boolean(document.querySelector('[data-live] .iip-figure svg'))")
    assert browser.run("return document.querySelector('[data-live]').dataset.live") == "waiting"
    assert browser.run("return document.querySelectorAll('.iip-figure svg circle').length") >= 60
    assert browser.run("return document.querySelectorAll('.iip-sentence').length") == 0

    # A guess committed reveals; the answer to it comes from Python in the page.
    browser.click(".iip-prediction input[type=number]")
    browser.press(list("40"))
    browser.click(".iip-prediction button[type=submit]")
    before = expect_sentences(browser, "xmr-studio", {"prediction": 40})
    assert browser.run("return document.querySelector('[data-live]').dataset.live") == "ready"

    # A number stepped by its arrow keys recomputes.
    browser.click(".iip-controls [data-control=target] input[type=number]")
    browser.press(["ArrowUp", "ArrowUp"])
    assert expect_sentences(browser, "xmr-studio", {"prediction": 40, "target": 31}) != before

    # A self-check's wrong answer is answered with the reason for that answer.
    question = next(one for one in check_xmr_charts.CHECKS if one.name == "target")
    place = next(at for at, answer in enumerate(question.answers) if not answer.right)
    form = f"{CHECK} form[data-control=target]"
    browser.click(f"{form} .iip-radio:nth-of-type({place + 1}) label")
    browser.click(f"{form} button[type=submit]")
    reason = question.answers[place].because
    browser.wait_for(f"return document.querySelector('{form}').textContent.includes({reason!r})")

    assert browser.run("return heard") == []


def test_a_slider_moved_by_its_keys_is_answered(browser, lesson):
    browser.open(urljoin(lesson, "../start-here/how-this-works.html"))
    browser.wait_for("return Boolean(document.querySelector('.iip-prediction input'))")
    browser.click(".iip-prediction input[type=number]")
    browser.press(["3"])
    browser.click(".iip-prediction button[type=submit]")
    slider = "[data-widget] [data-control=spread] input[type=range]"
    start = views.spec("hello-variation")["defaults"]["spread"]
    browser.run(f"document.querySelector('{slider}').focus()")
    browser.press(["ArrowRight", "ArrowRight"])
    assert browser.run(f"return document.querySelector('{slider}').value") == str(start + 2)
    after = expect_sentences(browser, "hello-variation", {"prediction": 3, "spread": start + 2})
    assert after != sentences("hello-variation", {"prediction": 3, "spread": start})
    assert browser.run("return heard") == []


def test_an_error_on_a_page_is_heard(browser, lesson):
    """The test above could not fail if a browser kept its errors to itself."""
    browser.open(lesson)
    browser.run("console.error('said'); setTimeout(() => { throw new Error('thrown') })")
    browser.run("document.head.append(Object.assign(document.createElement('script'), { src: 'gone.js' }))")
    browser.wait_for("return heard.length === 3")
    said, thrown, gone = sorted(browser.run("return heard"), key=len)
    assert said == "said"
    assert "thrown" in thrown
    assert "gone.js" in gone
