"""The SCORM packages in a learning system: scorm-again's run-time around an unpacked package, in a real browser."""

import json
import re
import threading
import zipfile
from dataclasses import dataclass

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from browsing import LIVE, SETTLED, faults_of
from coursekit.build import routes, scorm
from coursekit.build.serve import book_server
from coursekit.paths import ROOT
from improvement.views.check_two_point_trap import CHECKS

RUN_TIME = ROOT / "frontend" / "node_modules" / "scorm-again" / "dist"
ROUTE = "b0"  # three lessons: the shortest that is more than one
LESSONS = [step.lesson for step in routes.routes()[ROUTE].core]


@dataclass(frozen=True)
class Standard:
    """How a version of the standard names what a learning system keeps."""

    file: str
    maker: str
    api: str
    status: str
    place: str
    score: str
    time: str


STANDARDS = {
    "1.2": Standard(
        "scorm12.min.js",
        "Scorm12API",
        "API",
        "core.lesson_status",
        "core.lesson_location",
        "core.score",
        "core.session_time",
    ),
    "2004": Standard(
        "scorm2004.min.js",
        "Scorm2004API",
        "API_1484_11",
        "completion_status",
        "location",
        "score",
        "session_time",
    ),
}

# The learning system: a page with the run-time, which keeps what is committed for the learner who signs in.
LMS = """<!doctype html><html lang="en"><head><title>Trust learning</title><link rel="icon" href="data:,"></head>
<body><p>Trust learning</p><script src="run-time.js"></script><script>
const learner = new URLSearchParams(location.search).get("learner");
const saved = JSON.parse(localStorage.getItem("lms:" + learner));
const api = window.%(api)s = new %(maker)s({ autocommit: false, logLevel: 5 });
const who = %(who)s;
api.loadFromJSON(saved ? { ...saved, ...who("resume") } : who("ab-initio"), "cmi");
const keep = () => localStorage.setItem("lms:" + learner, JSON.stringify(api.renderCMIToJSONObject().cmi));
window.calls = [];
for (const name of ["Initialize", "Commit", "Terminate", "SetValue", "GetValue"]) {
  const call = "%(api)s" === "API" ? "LMS" + name.replace("Terminate", "Finish") : name;
  const own = api[call].bind(api);
  api[call] = (...given) => {
    const answer = own(...given);
    const error = Number(api["%(api)s" === "API" ? "LMSGetLastError" : "GetLastError"]());
    calls.push([name, ...given, answer, error]);
    if (["Commit", "Terminate"].includes(name)) keep();
    return answer;
  };
}
if (location.hash !== "#own-window") {
  document.body.insertAdjacentHTML("beforeend", '<iframe title="Course" src="package/index.html" style="width: 100%%; height: 800px"></iframe>');
}
</script></body></html>"""
WHO = {
    "1.2": '(entry) => ({ core: { ...saved?.core, entry, student_id: learner, student_name: "Learner, A" } })',
    "2004": '(entry) => ({ entry, learner_id: learner, learner_name: "A Learner" })',
}


@dataclass
class Stay:
    """One learner's visit: the learning system's page, the package's own page in it, and the lesson in that."""

    page: Page
    version: str

    @property
    def package(self) -> FrameLocator:
        return self.page.frame_locator("iframe[title=Course]")

    @property
    def lesson(self) -> FrameLocator:
        return self.package.frame_locator("iframe[title=Lesson]")

    def kept(self, element, learner="a.learner"):
        """What the learning system has kept of the learner under that name."""
        found = json.loads(self.page.evaluate("(who) => localStorage.getItem('lms:' + who)", learner))
        for part in element.split("."):
            found = found[part]
        return found

    def expect_kept(self, element, value):
        wait = "([who, path, value]) => path.reduce((at, part) => at?.[part], JSON.parse(localStorage.getItem('lms:' + who))) === value"
        self.page.wait_for_function(wait, arg=["a.learner", element.split("."), value])

    def faults(self):
        return [call for call in self.page.evaluate("window.calls") if call[-1] != 0]

    def finish(self, place):
        """Mark the lesson of the route that is open as done, and go on by the link at its end."""
        expect(self.lesson.locator("article h1").first).to_contain_text(plain(LESSONS[place].title))
        self.lesson.get_by_role("button", name="I have done this lesson").click()
        expect(self.package.locator("header")).to_contain_text(f"{place + 1} of {len(LESSONS)} lessons done")


def plain(title):
    return title.replace("'", "’")


@pytest.fixture(scope="module", params=list(STANDARDS))
def system(request, tmp_path_factory):
    """The version, and the address of a learning system that holds the route's package of that version."""
    version = request.param
    package = scorm.FOLDER / f"{ROUTE}-scorm{version.replace('.', '')}.zip"
    if not package.exists():
        pytest.fail("The SCORM packages are not built. Run: course build")
    root = tmp_path_factory.mktemp("lms")
    with zipfile.ZipFile(package) as opened:
        opened.extractall(root / "package")
    standard = STANDARDS[version]
    (root / "run-time.js").write_bytes((RUN_TIME / standard.file).read_bytes())
    page = LMS % {"api": standard.api, "maker": standard.maker, "who": WHO[version]}
    (root / "lms.html").write_text(page, encoding="utf-8")
    server = book_server(0, str(root))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield version, f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def desk(browser, system):
    """A browser at which learners sit down: opens the learning system, in one profile, each time in a new tab."""
    version, origin = system
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    faults = []
    context.on(
        "request",
        lambda one: one.url.startswith((origin, "blob:", "data:")) or faults.append(f"asked for {one.url}"),
    )
    context.on("response", lambda one: one.status < 400 or faults.append(f"{one.status} {one.url}"))
    context.on("weberror", lambda error: faults.append(f"script error: {error.error}"))

    def sit_down(learner="a.learner", tab=None):
        page = tab or context.new_page()
        page.goto(f"{origin}lms.html?learner={learner}")
        return Stay(page, version)

    yield sit_down
    context.close()
    assert faults == []


def leave(stay):
    """Go elsewhere, as whoever closes the course does."""
    stay.page.goto("about:blank")


def test_lessons_done_are_reported_resumed_and_completed_without_a_score(desk):
    stay = desk()
    names = STANDARDS[stay.version]
    stay.finish(0)
    stay.expect_kept(names.status, "incomplete")
    stay.lesson.locator(".route-go").first.click()
    stay.expect_kept(names.place, f"{LESSONS[1].page}.html")
    stay.lesson.get_by_label("A note to yourself").fill("Nobody's business but mine")
    stay.lesson.get_by_label("What will you do?").focus()
    assert stay.faults() == []
    leave(stay)

    again = desk()  # a new tab: the browser itself remembers nothing
    expect(again.lesson.locator("article h1").first).to_contain_text(plain(LESSONS[1].title))
    expect(again.package.locator("header")).to_contain_text("1 of 3 lessons done")
    again.finish(1)
    again.lesson.locator(".route-go").first.click()
    again.finish(2)
    again.expect_kept(names.status, "completed")
    expect(again.package.locator("header")).to_contain_text("has been told that you finished")
    assert again.kept(f"{names.score}.raw") == ""
    assert again.faults() == []
    assert "Nobody" not in again.page.evaluate("JSON.stringify(localStorage)")
    leave(again)

    last = desk()
    expect(last.package.locator("header")).to_contain_text("3 of 3 lessons done")
    expect(last.lesson.locator("article h1").first).to_contain_text(plain(LESSONS[2].title))
    assert last.kept(names.status) == "completed"


def test_the_time_of_a_stay_is_reported_as_the_standard_writes_it(desk):
    stay = desk()
    stay.finish(0)
    stay.page.wait_for_timeout(2100)
    leave(stay)
    again = desk()
    time = again.kept(STANDARDS[again.version].time)
    pattern = r"00:00:(\d\d)" if again.version == "1.2" else r"PT(\d+)S"
    written = re.fullmatch(pattern, time.removeprefix("00") if time.startswith("0000") else time)
    assert written, time
    assert 2 <= int(written[1]) < 30


def answer_one_right(stay):
    """Answer the first question of the two-point trap as its author would."""
    words = next(answer.label for answer in CHECKS[0].answers if answer.right)
    group = stay.lesson.locator(".iip-control", has_text=CHECKS[0].ask)
    group.get_by_label(words, exact=True).check()
    group.get_by_role("button", name="Check my answer").click()
    expect(group.locator(".iip-feedback")).to_contain_text("Right", timeout=2 * LIVE)


def test_a_score_is_sent_only_to_whoever_agrees_and_stops_when_they_change_their_mind(desk):
    stay = desk()
    names = STANDARDS[stay.version]
    stay.finish(0)
    stay.lesson.locator(".route-go").first.click()
    answer_one_right(stay)
    header = stay.package.locator("header")
    header.get_by_text("What your learning system is told").click()
    agree = header.get_by_role("checkbox", name="Send my self-check score")
    questions = int(re.search(r"1 of (\d+) right", header.inner_text())[1])
    assert stay.kept(f"{names.score}.raw") == ""
    assert not [call for call in stay.page.evaluate("window.calls") if ".score" in str(call[1])]
    agree.check()
    stay.expect_kept(f"{names.score}.raw", str(round(100 / questions)))
    assert stay.kept(f"{names.score}.max") == "100"
    if stay.version == "2004":
        assert float(stay.kept("score.scaled")) == pytest.approx(1 / questions, abs=0.006)
    agree.uncheck()
    expect(header).to_contain_text("No more scores are sent")
    assert "right" not in json.loads(stay.kept("suspend_data"))
    assert stay.faults() == []


def test_the_next_learner_at_the_same_tab_sees_nothing_of_the_one_before(desk):
    stay = desk("a.learner")
    stay.finish(0)
    stay.lesson.get_by_label("A note to yourself").fill("My own words")
    stay.lesson.get_by_label("What will you do?").focus()
    assert "My own words" in stay.page.evaluate("JSON.stringify({...sessionStorage})")
    other = desk("b.learner", tab=stay.page)
    expect(other.package.locator("header")).to_contain_text("0 of 3 lessons done")
    expect(other.lesson.get_by_label("A note to yourself")).to_have_value("")
    assert "My own words" not in other.page.evaluate("JSON.stringify({...sessionStorage})")


def test_a_learning_system_that_refuses_is_named_to_the_learner(desk):
    stay = desk()
    expect(stay.package.locator("header")).to_contain_text("0 of 3 lessons done")
    stay.page.evaluate("() => { for (const name of ['LMSCommit', 'Commit']) api[name] = () => 'false'; }")
    stay.lesson.get_by_role("button", name="I have done this lesson").click()
    expect(stay.package.locator("header")).to_contain_text(
        "1 of 3 lessons done. Your learning system refused something"
    )


def test_python_is_live_in_the_learning_system(desk):
    stay = desk()
    expect(stay.lesson.locator("article h1").first).to_contain_text(plain(LESSONS[0].title))
    stay.lesson.locator("[data-live]").first.hover()
    stay.lesson.locator("[data-live=ready]").first.wait_for(timeout=2 * LIVE)


def test_a_package_on_a_plain_website_works_and_says_that_nothing_is_reported(browser, system):
    _, origin = system
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{origin}package/index.html")
    expect(page.locator("header")).to_contain_text("nothing is reported")
    lesson = page.frame_locator("iframe")
    lesson.get_by_role("button", name="I have done this lesson").click()
    expect(page.locator("header")).to_contain_text("1 of 3 lessons done")
    context.close()


def test_a_course_opened_in_its_own_window_finds_the_learning_system_that_opened_it(desk):
    stay = desk("a.learner#own-window")
    with stay.page.expect_popup() as opening:
        stay.page.evaluate("() => void window.open('package/index.html')")
    window = opening.value
    window.frame_locator("iframe").get_by_role("button", name="I have done this lesson").click()
    expect(window.locator("header")).to_contain_text("1 of 3 lessons done")
    stay.expect_kept(STANDARDS[stay.version].status, "incomplete")
    window.close()
    stay.page.wait_for_function("window.calls.some(([name]) => name === 'Terminate')")
    assert stay.faults() == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_the_packages_own_page_is_faultless(browser, system, scheme, width):
    _, origin = system
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{origin}lms.html?learner=c")
    package = page.frame_locator("iframe[title=Course]")
    package.get_by_text("What your learning system is told").click()
    package.frame_locator("iframe").locator("article h1").first.wait_for()
    page.goto(f"{origin}package/index.html")
    page.frame_locator("iframe").locator("article h1").first.wait_for()
    page.evaluate(SETTLED)
    assert faults_of(page) == []
    context.close()
