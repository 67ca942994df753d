"""The built book as files: from one host, light, readable without scripts, and never older than the code behind it."""

import csv
import json
import re
import shutil

import pytest
from bs4 import BeautifulSoup

from coursekit import paths
from coursekit.build import accessible, frontmatter, runs
from coursekit.build.prerender import static_html
from coursekit.paths import ROOT
from improvement import views

CSS_ADDRESS = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")
FETCHED = {
    *("stylesheet", "icon", "shortcut", "manifest"),
    *("preload", "prefetch", "modulepreload", "preconnect", "dns-prefetch"),
}
LANE_1_WORDS = 900
NOT_LANE_1 = (
    "[data-widget], .lane-light, .lane-build, [class*=tag_lane-], .cell_input, .lesson-facts, .headerlink, "
    "script, style"
)
FIELDS = ("id", "minutes", "teaches", "outcomes", "audiences", "sectors", "evidence", "reviewed")


def soup(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def fetched_by(page):
    """Every address that a page's own HTML makes a browser fetch, links the reader must click left out."""
    for tag in page.select(
        "script[src], img[src], source[src], iframe[src], video[src], audio[src], embed[src], input[src]"
    ):
        yield tag["src"]
    for tag in page.select("[srcset]"):
        yield from (part.split()[0] for part in tag["srcset"].split(","))
    for tag in page.select("object[data]"):
        yield tag["data"]
    for tag in page.select("use, image"):
        yield from (tag[name] for name in ("href", "xlink:href") if name in tag.attrs)
    for tag in page.select("link[href]"):
        if FETCHED & {word.lower() for word in tag.get("rel", [])}:
            yield tag["href"]
    for tag in page.select("style"):
        yield from addresses_in(tag.get_text())
    for tag in page.select("[style]"):
        yield from addresses_in(tag["style"])


def addresses_in(css):
    return [first or second for first, second in CSS_ADDRESS.findall(css)]


def local(address):
    return not re.match(r"(?:[a-z]+:)?//", address, flags=re.IGNORECASE)


def test_no_page_and_no_style_sheet_asks_another_host_for_anything(book, pages):
    strangers = {}
    for name in pages:
        addresses = list(fetched_by(soup(book / name)))
        if (book / name).parent.name:
            strangers[name] = [address for address in addresses if not local(address)]
    assert sum(len(list(fetched_by(soup(book / name)))) for name in pages) > 50
    for path in book.rglob("*.css"):
        css = path.read_text(encoding="utf-8")
        strangers[path.name] = [address for address in addresses_in(css) if not local(address)]
    assert {name: found for name, found in strangers.items() if found} == {}


def test_everything_a_page_fetches_is_there(book, pages):
    missing = []
    for name in pages:
        for address in fetched_by(soup(book / name)):
            file = address.split("?")[0].split("#")[0]
            if file and not file.startswith("data:") and not (book / name).parent.joinpath(file).exists():
                missing.append((name, address))
    assert missing == []


@pytest.fixture(scope="module")
def lesson_page(book):
    return soup(book / "modules/measurement/xmr-charts.html")


def test_without_scripts_the_page_holds_the_picture_its_description_and_its_table(
    lesson_page, by_hand, northfield
):
    fallback = lesson_page.select_one('[data-widget="xmr-studio"]')
    limits = by_hand(northfield[:24])
    numbers = [f"{number:.1f}" for number in (limits.mean, limits.lower, limits.upper)]
    drawn = fallback.select_one("figure svg")
    assert drawn["role"] == "img"
    assert all(number in drawn["aria-label"] for number in numbers)
    assert len(drawn.select("circle, path[d]")) > 60
    said = " ".join(paragraph.get_text(" ") for paragraph in fallback.select("figure + p, .iip-sentence"))
    assert all(number in said for number in numbers)
    header, *rows = fallback.select("table tr")
    at = [cell.get_text() for cell in header.select("th")].index("Value")
    assert [float(row.select("td")[at].get_text()) for row in rows] == northfield


def test_a_second_widget_is_drawn_without_an_edit_to_the_front_end(second_widget):
    drawn = static_html(views.spec(second_widget), views.compute(second_widget, {}))
    page = BeautifulSoup(drawn, "html.parser")
    assert page.select_one("svg rect, svg path")
    assert "The double is 42." in page.get_text()
    assert page.select_one("table td").get_text() == "42"


def test_a_page_carries_its_widgets_state_and_not_their_program(book, pages, embedded_state):
    carried = 0
    for name in pages:
        html = (book / name).read_text(encoding="utf-8")
        if "widget-state+json" in html:
            for model in embedded_state(html)[1]["state"].values():
                assert not {"_esm", "_css"} & set(model["state"]), name
                carried += "spec" in model["state"]
    assert carried >= 1


def test_a_lesson_takes_no_more_than_900_words_without_code(book):
    for lesson in paths.lessons():
        page = soup(book / lesson.relative_to(ROOT).with_suffix(".html"))
        article = page.select_one("article.bd-article")
        for left_out in article.select(NOT_LANE_1):
            left_out.decompose()
        words = re.findall(r"[\w£%'’.-]*\w[\w£%'’.-]*", article.get_text(" "))
        assert 200 < len(words) < LANE_1_WORDS, f"{lesson.name}: {len(words)} words"


def test_the_lesson_states_computed_numbers_and_types_none_of_them(lesson_page, by_hand, northfield):
    for left_out in lesson_page.select("[data-widget], .cell_output"):
        left_out.extract()
    words = lesson_page.select_one("article").get_text(" ")
    source = (ROOT / "modules/measurement/xmr-charts.md").read_text(encoding="utf-8")
    before, after = by_hand(northfield[:24]), by_hand(northfield[24:])
    for number in (
        before.mean,
        before.mean_range,
        before.lower,
        before.upper,
        after.mean,
        after.lower,
        after.upper,
    ):
        typed = rf"(?<![\d.]){re.escape(f'{number:.1f}')}(?!\d)"
        assert re.search(typed, words), f"{number:.1f} is not in the lesson"
        assert not re.search(typed, source), f"{number:.1f} is typed into the lesson"


# What a lesson says of itself


def front_matter(path, **changes):
    lines = {
        "id": "M02.3", "minutes": "15", "teaches": "[U-20]", "outcomes": "[apply]", "audiences": "[trainee]",
        "sectors": "[ambulance]", "evidence": "theory", "reviewed": '"2026-11-24"', **changes,
    }  # fmt: skip
    body = "".join(f"  {name}: {value}\n" for name, value in lines.items() if value is not None)
    path.write_text(f"---\ncourse:\n{body}---\n\n# A lesson\n", encoding="utf-8")
    return path


def test_a_lesson_and_a_page_that_is_none_are_told_apart(tmp_path):
    lesson = frontmatter.read(front_matter(tmp_path / "one.md"))
    assert (lesson.id, lesson.minutes, lesson.teaches) == ("M02.3", 15, ("U-20",))
    plain = tmp_path / "two.md"
    plain.write_text("# No front matter\n", encoding="utf-8")
    assert frontmatter.read(plain) is None


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        *[(name, None, "missing") for name in FIELDS],
        ("lanes", "[one]", "not a field"),
        ("id", "2.3", "M02.3"),
        ("minutes", "40", "5 to 15"),
        ("minutes", "soon", "5 to 15"),
        ("teaches", "U-20", "list"),
        ("sectors", "[]", "list"),
        ("audiences", "[astronaut]", "astronaut"),
        ("evidence", "faith", "opinion, survey, association, trial, theory"),
        ("reviewed", "2026-11-24", "quotation marks"),
        ("reviewed", '"last week"', "2026-11-24"),
    ],
)
def test_a_fault_in_front_matter_is_refused_by_file_and_field(tmp_path, field, value, said):
    path = front_matter(tmp_path / "faulty.md", **{field: value})
    with pytest.raises(ValueError) as refusal:  # noqa: PT011  its words are compared below
        frontmatter.read(path)
    for words in ("faulty.md", f"course.{field}", said):
        assert words in str(refusal.value)


# A cached page is never older than its code


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "src" / "improvement", tmp_path / "src" / "improvement")
    shutil.copytree(ROOT / "datasets", tmp_path / "datasets")
    shutil.copytree(ROOT / "curriculum", tmp_path / "curriculum")
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    monkeypatch.setattr(runs, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "src/improvement/spc/xmr.py",
        "src/improvement/views/xmr_studio.py",
        "src/improvement/widgets.py",
        "datasets/ambulance_response.csv",
        "curriculum/lessons.csv",
        "requirements.lock",
    ],
)
def test_a_change_to_code_data_or_lock_changes_the_caches_name(checkout, name):
    before = runs.place()
    assert before == runs.place()
    with (checkout / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert runs.place() != before


def test_a_new_or_renamed_module_changes_the_caches_name_and_a_note_does_not(checkout):
    before = runs.place()
    (checkout / "datasets" / "README.md").write_text("Changed.", encoding="utf-8")
    assert runs.place() == before
    views_folder = checkout / "src" / "improvement" / "views"
    (views_folder / "describe.py").rename(views_folder / "words.py")
    renamed = runs.place()
    (views_folder / "new.py").write_text("", encoding="utf-8")
    assert len({before, renamed, runs.place()}) == 3


# The theme's faults


@pytest.mark.parametrize(
    ("faulty", "mended"),
    [
        ('<button aria-label="Go">Search</button>', "<button>Search</button>"),
        (
            '<button aria-label="Search it">Search</button>',
            '<button aria-label="Search it">Search</button>',
        ),
        (
            '<button aria-label="Mode"><i title="Dark"></i></button>',
            '<button aria-label="Mode"><i></i></button>',
        ),
        (
            '<li class="has-children"><a>A <b>b</b></a><details><summary><i></i></summary></details></li>',
            '<li class="has-children"><a>A <b>b</b></a><details><summary aria-label="Pages within A b"><i></i>'
            "</summary></details></li>",
        ),
        ("<details><summary>Answer</summary></details>", "<details><summary>Answer</summary></details>"),
    ],
)
def test_a_control_without_its_words_in_its_name_is_mended(faulty, mended):
    assert accessible.mend(faulty) == mended
    assert accessible.mend(mended) == mended


def test_the_browser_gets_the_core_its_data_and_no_shell(book):
    packed = json.loads((book / "_static/course/improvement.json").read_text(encoding="utf-8"))
    assert {"improvement/views/xmr_studio.py", "improvement/spc/xmr.py"} <= set(packed)
    assert not [name for name in packed if "widgets" in name or "coursekit" in name]
    rows = list(csv.DictReader(packed["improvement/data/datasets/ambulance_response.csv"].splitlines()))
    assert len({row["hospital"] for row in rows}) > 1
