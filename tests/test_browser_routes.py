"""The reader's own way through the built book: three answers to one lesson, and a route to its end without a dead end."""

import json
import re

import pytest
from playwright.sync_api import expect

from browsing import faults_of, overflow, tab_to, visit
from coursekit.build import routes
from improvement import curriculum
from improvement.views import wayfinder
from improvement.views.wayfinder import Answers

START = "book/index.html"
EVERY = routes.routes()
PAGES = {lesson.id: f"{lesson.page}.html" for lesson in curriculum.lessons() if lesson.written}
FIRST_AT_LAST = ("a1", "b0", "team-day1")


def printed(title):
    """A title as the book prints it."""
    return title.replace("'", "’")


def bar(page):
    return page.get_by_role("navigation", name="What next")


def follow(page, name):
    """Choose a route by its button, on its page."""
    page.get_by_role("button", name=f"Follow this route: {EVERY[name].title}", exact=True).click()


# The start page


@pytest.mark.parametrize(
    ("keys", "role", "barrier"),
    [
        ("Foundation", "foundation-doctor", "operations"),
        ("Non-exec", "non-executive", "staff"),
        ("Patient", "patient-partner", "capacity"),
    ],
)
def test_three_answers_by_keyboard_lead_to_the_wayfinders_one_lesson(opener, keys, role, barrier):
    page = opener(START)
    tab_to(page, "Who are you?", tag="select")
    page.keyboard.type(keys)
    tab_to(page, "How long have you got?", tag="select")
    page.keyboard.type("30")
    tab_to(page, "What is in your way?", tag="select")
    page.keyboard.type(wayfinder.BARRIERS[barrier])
    stop = wayfinder.suggest(Answers(role, minutes=30, barrier=barrier)).now
    advised = stop.lesson
    answer = page.locator(".start-answer")
    expect(answer.locator(".start-lesson")).to_contain_text(f"{advised.id} {printed(advised.title)}")
    expect(answer.locator(".start-lesson a")).to_have_count(1)
    expect(answer).to_contain_text(f"Chosen for: {' and '.join(stop.reasons)}.")
    route = next(one for one in EVERY.values() if role in one.roles)
    expect(answer.get_by_role("link", name=route.title)).to_have_attribute(
        "href", re.compile(rf"{route.page.split('/')[-1]}\.html#{route.id}$")
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{PAGES[advised.id]}")
    assert not [
        name
        for name in page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
        if "pyodide" in name
    ]


def test_every_answer_of_the_start_page_is_one_lesson_that_opens(opener, book):
    page = opener(START)
    said = page.evaluate("JSON.parse(document.querySelector('[data-start-answers]').textContent)")
    lessons = {
        one
        for by_minutes in said["answers"].values()
        for by_barrier in by_minutes.values()
        for one, _, _ in by_barrier.values()
    }
    assert [one for one in lessons if not (book / PAGES[one]).exists()] == []
    for role in said["answers"]:
        page.get_by_label("Who are you?").select_option(role)
        address = page.locator(".start-lesson a").get_attribute("href")
        assert (book / "book" / address).resolve() == (
            book / PAGES[said["answers"][role]["15"]["none"][0]]
        ).resolve()


def test_without_scripts_the_start_page_leads_each_role_to_a_lesson_and_a_route(opener, book):
    page = opener(START, java_script_enabled=False)
    expect(page.locator(".start")).to_be_hidden()
    for role, words in wayfinder.ROLES.items():
        line = page.get_by_role("listitem").filter(has=page.get_by_text(words, exact=True))
        lesson, route = [link.get_attribute("href") for link in line.get_by_role("link").all()]
        assert (book / "book" / lesson).resolve() == book / PAGES[
            wayfinder.suggest(Answers(role)).now.lesson.id
        ]
        assert (book / "book" / route.split("#")[0]).exists()
    page.get_by_role("link", name="The two-point trap").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The two-point trap")


def test_a_route_can_be_chosen_on_the_start_page_and_greets_whoever_comes_back(opener):
    page = opener(START)
    page.get_by_label("Who are you?").select_option("foundation-doctor")
    follow(page, "a1")
    expect(page.get_by_role("button", name="Leave this route")).to_be_focused()
    page.reload()
    expect(bar(page).get_by_role("link", name="Begin with M00.1")).to_be_in_viewport()
    assert not page.evaluate("JSON.stringify(localStorage).includes('a1')")


# A whole route, from lesson to lesson


@pytest.mark.parametrize("name", FIRST_AT_LAST)
def test_a_route_is_followed_from_its_page_to_its_end_without_a_dead_end(opener, name):
    route = EVERY[name]
    page = opener(f"{route.page}.html")
    follow(page, name)
    steps = [step.lesson for step in route.core]
    bar(page).get_by_role("link", name=f"Begin with {steps[0].id}").click()
    for place, lesson in enumerate(steps, start=1):
        page.wait_for_url(f"**/{PAGES[lesson.id]}")
        expect(page.get_by_role("heading", level=1)).to_contain_text(printed(lesson.title))
        expect(bar(page)).to_contain_text(f"{place} of {len(steps)} on {route.title}")
        expect(page.locator(".lesson-facts")).to_contain_text(
            f"Your route: {place} of {len(steps)}, {route.title}"
        )
        expect(bar(page)).to_have_count(1)
        if place < len(steps):
            bar(page).get_by_role(
                "link", name=f"Next: {steps[place].id} {printed(steps[place].title)}"
            ).click()
    expect(bar(page)).to_contain_text("That is the last lesson of this route.")
    onward = bar(page).locator("a.route-go")
    expect(onward).to_have_count(1)
    title = onward.text_content()
    onward.click()
    page.wait_for_url(re.compile("book/(record|evidence-pack)"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def test_a_preview_passes_over_what_is_not_written_and_says_so(opener):
    page = opener("book/routes/ward.html")
    follow(page, "ward")
    visit(page, opener.origin + PAGES["M10.1"])
    expect(bar(page)).to_contain_text("3 of 8 on Ward and team leaders")
    missing = EVERY["ward"].missing[0]
    expect(bar(page).get_by_role("link", name="Next: M11.4")).to_be_visible()
    expect(bar(page)).to_contain_text(f"not written yet: {missing.id} {missing.title}")


def test_a_reader_off_the_route_is_led_back_to_the_first_lesson_that_is_not_done(opener):
    page = opener("book/routes/a1.html")
    follow(page, "a1")
    visit(page, opener.origin + PAGES["M00.1"])
    page.get_by_role("button", name="I have done this lesson").click()
    visit(page, opener.origin + "book/currency.html")
    expect(bar(page)).to_contain_text("Your route: Foundation doctors")
    bar(page).get_by_role("link", name="Go on with M00.2").click()
    page.wait_for_url(f"**/{PAGES['M00.2']}")


def test_whoever_leaves_a_route_gets_the_modules_next_lesson_again(opener):
    page = opener("book/routes/a1.html")
    follow(page, "a1")
    page.get_by_role("button", name="Leave this route").click()
    visit(page, opener.origin + PAGES["M02.1"])
    expect(bar(page).get_by_role("link", name="Next in this module: M02.2")).to_be_visible()
    expect(bar(page)).not_to_contain_text("Foundation")
    expect(page.locator(".lesson-facts")).not_to_contain_text("Your route")


def test_the_route_is_forgotten_with_the_session(opener):
    page = opener("book/routes/a1.html")
    follow(page, "a1")
    stranger = opener(PAGES["M02.1"])
    expect(bar(stranger)).to_contain_text("Next in this module")


# Every page


@pytest.mark.parametrize("chosen", [None, "team-week1"])
def test_every_page_has_a_next_step_and_each_leads_to_a_page_there_is(opener, pages, book, chosen):
    page = opener("book/routes/team.html")
    if chosen:
        follow(page, chosen)
    lost = []
    for address in pages:
        if not (book / address).read_text("utf-8").count("bd-article"):
            continue  # slides and other pages that are not the book's
        page.goto(opener.origin + address, wait_until="domcontentloaded")
        links = page.locator(".route-bar a, .start-lesson a")
        links.first.wait_for()
        targets = [link.get_attribute("href").split("#")[0] for link in links.all()]
        lost += [
            (address, one) for one in targets if not (book / address).parent.joinpath(one).resolve().is_file()
        ]
        assert not [one for one in targets if one.startswith(("/", "http"))], address
    assert lost == []


def test_the_way_on_works_below_a_folder_and_from_a_file(browser, book, tmp_path):
    folder = tmp_path / "course"
    folder.symlink_to(book)
    page = browser.new_page()
    page.goto(f"file://{folder}/book/routes/a1.html")
    # Opened from a file a browser runs no modules; the offline copy's classic script does the same work.
    links = page.locator(".route-choice a").evaluate_all("(all) => all.map((one) => one.href)")
    assert [one for one in links if not one.startswith(f"file://{folder}/modules/")] == []
    assert page.evaluate("Object.keys(globalThis.courseRoutes.routes).length") == len(EVERY)
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    "address",
    [
        START,
        *sorted({f"{route.page}.html" for route in EVERY.values()}),
        "book/routes/index.html",
        "book/routes/huddle-cards.html",
    ],
)
def test_routes_and_start_fit_the_window_and_have_no_fault_by_day_or_night(opener, address, width):
    page = opener(address, viewport={"width": width, "height": 800}, reduced_motion="reduce")
    visit(page, opener.origin + address)
    if address == START:
        page.get_by_label("Who are you?").select_option("specialty-trainee")
    page.evaluate("document.querySelectorAll('article details').forEach((one) => { one.open = true; })")
    button = page.get_by_role("button", name="Follow this route").first
    if button.count():
        button.click()
    assert overflow(page) <= 0
    found = faults_of(page)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    found += faults_of(page, contrast_only=True)
    assert found == [], json.dumps(found, indent=1)
    if width == 390:
        page.set_viewport_size({"width": 320, "height": 800})
        assert overflow(page) <= 0


def test_huddle_cards_print_two_to_a_page_without_the_way_on(opener):
    page = opener("book/routes/huddle-cards.html")
    page.emulate_media(media="print")
    expect(bar(page)).to_be_hidden()
    assert page.locator(".huddle-card").count() == 6
    printed_pages = page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "12mm"))
    assert len(re.findall(rb"/Type\s*/Page\b", printed_pages)) == 3
