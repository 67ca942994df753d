"""Slides as a page of the book: their structure, what the build refuses, and a board session whose minutes add up."""

import re
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from coursekit.build.slides import minutes
from coursekit.paths import ROOT
from improvement.views.divergence import template_csv

KIT = ROOT / "book" / "kits" / "board-session"
SEGMENTS = [
    (0, 8),
    (8, 20),
    (20, 38),
    (38, 60),
    (60, 75),
    (75, 87),
    (87, 90),
]  # the curriculum's plan, part 8.2
NOTEBOOK = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

"""
ONE = """# A deck

::::{slide} Two *points*
:minutes: 8-20
:part: local

On the slide.

:::{note-to-presenter}
Say this.
:::
::::
"""


@pytest.fixture
def built(tmp_path):
    """A function from a page's text to the page as built and what the build complained of."""

    def build(text):
        source = tmp_path / "source"
        source.mkdir()
        (source / "index.md").write_text(text, encoding="utf-8")
        with docutils_namespace(), (tmp_path / "warnings.txt").open("w+", encoding="utf-8") as warnings:
            app = Sphinx(
                source,
                None,
                tmp_path / "out",
                tmp_path / "doctrees",
                "html",
                confoverrides={
                    "extensions": ["myst_nb", "coursekit.build.slides"],
                    "myst_enable_extensions": ["colon_fence"],
                    "nb_execution_mode": "force",
                    "html_theme": "basic",
                },
                status=None,
                warning=warnings,
            )
            app.build()
            warnings.seek(0)
            page = tmp_path / "out" / "index.html"
            return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser"), warnings.read()

    return build


def test_a_slide_is_a_section_with_its_heading_its_facts_and_its_note_last(built):
    page, complaints = built(ONE)
    assert complaints == ""
    slide = page.select_one("section.slide")
    assert slide.select_one("h2 em").get_text() == "points"
    assert slide.parent.select_one("h1").get_text().startswith("A deck")
    assert slide.select_one(".slide-facts").get_text(" ") == "Minutes 8 to 20 Local insert"
    assert (slide.select_one("[data-from]")["data-from"], slide.select_one("[data-to]")["data-to"]) == (
        "8",
        "20",
    )
    last = slide.find_all(recursive=False)[-1]
    assert "presenter-note" in last["class"]
    assert "Say this." in last.get_text()


def test_a_cell_after_a_slide_is_shown_on_it_before_the_note_and_no_later_one_is(built):
    page, complaints = built(
        NOTEBOOK
        + ONE
        + "\n```{code-cell} ipython3\nprint('first')\n```\n\nBetween.\n\n```{code-cell} ipython3\nprint('second')\n```\n"
    )
    assert complaints == ""
    slide = page.select_one("section.slide")
    said = slide.get_text(" ")
    assert said.index("On the slide.") < said.index("first") < said.index("Say this.")
    assert "second" not in said
    assert "second" in page.get_text()


@pytest.mark.parametrize(
    ("page", "line", "words"),
    [
        (ONE.replace("Two *points*", ""), 3, "has no title"),
        (ONE.replace(":::{note-to-presenter}\nSay this.\n:::\n", ""), 3, "has no note to its presenter"),
        (
            ONE.replace("\n::::\n", "\n:::{note-to-presenter}\nAnd this.\n:::\n::::\n"),
            3,
            "has 2 notes to its presenter",
        ),
        (ONE.replace("8-20", "20-8"), 3, "no stretch of minutes"),
        (ONE.replace("local", "regional"), 3, "regional"),
    ],
)
def test_the_build_says_where_a_slide_is_wrong_and_what_to_write(built, page, line, words):
    _, complaints = built(page)
    assert words in complaints
    assert f"index.md:{line}" in complaints


@pytest.mark.parametrize("text", ["8", "8 to 20", "20-8", "8-8", "-8-20", "eight-twenty"])
def test_minutes_refuses_what_is_no_stretch_of_time(text):
    with pytest.raises(ValueError, match="Write it like 8-20"):
        minutes(text)


def spans(text):
    """The stretches of minutes that open the rows of a page's tables."""
    return [
        (int(start), int(end)) for start, end in re.findall(r"^\| (\d+)–(\d+) \|", text, flags=re.MULTILINE)
    ]


def page(name):
    return (KIT / f"{name}.md").read_text(encoding="utf-8")


def unbroken(stretches):
    return all(start < end for start, end in stretches) and all(
        before[1] == after[0] for before, after in pairwise(stretches)
    )


def test_the_plan_on_one_page_is_the_curriculum_s_and_adds_to_90():
    one_page, by_minute = page("index").split("## The plan, minute by minute")
    assert spans(one_page) == SEGMENTS
    assert sum(end - start for start, end in SEGMENTS) == 90
    steps = spans(by_minute)
    assert unbroken(steps)
    assert (steps[0][0], steps[-1][1]) == (0, 90)
    for segment in SEGMENTS:
        part = next(one for one in by_minute.split("\n### ") if one.startswith(f"{segment[0]}–{segment[1]}:"))
        assert (spans(part)[0][0], spans(part)[-1][1]) == segment


def test_the_slides_run_through_the_same_parts_in_order():
    told = [
        tuple(map(int, span)) for span in re.findall(r"^:minutes: (\d+)-(\d+)$", page("deck"), re.MULTILINE)
    ]
    assert list(dict.fromkeys(told)) == SEGMENTS
    assert len(told) == page("deck").count("{slide}")


def test_each_slide_says_whether_it_is_fixed_core_or_local_insert():
    deck = page("deck")
    assert len(re.findall(r"^:part: (core|local)$", deck, re.MULTILINE)) == deck.count("{slide}")
    assert {"two-point-trap", "funnel", "trilogy", "divergence"} <= set(
        re.findall(r'Widget\("([a-z-]+)"', deck)
    )


def test_the_system_variant_fills_the_same_eighteen_minutes():
    rows = spans(page("icb"))
    assert unbroken(rows)
    assert (rows[0][0], rows[-1][1]) == (20, 38)


@pytest.mark.parametrize("month", [2, 4, 6])
def test_a_follow_up_takes_45_minutes(month):
    rows = spans(page(f"month-{month}"))
    assert unbroken(rows)
    assert (rows[0][0], rows[-1][1]) == (0, 45)


def test_online_is_two_halves_of_50_minutes_that_name_every_slide():
    text = page("online")
    first, second = text.split("## Second half")
    for half in (first, second):
        rows = spans(half)
        assert unbroken(rows)
        assert (rows[0][0], rows[-1][1]) == (0, 50)
    table_rows = "\n".join(line for line in text.splitlines() if re.match(r"\| \d+–\d+ ", line))
    named = {
        int(number)
        for number in re.findall(r"\b\d+\b", " ".join(re.findall(r"\(slides? [^)]*\)", table_rows)))
    }
    assert named == set(range(1, page("deck").count("{slide}") + 1))


def test_the_talks_fill_their_time():
    assert spans(page("chair-brief"))[-1][1] == 30
    assert unbroken(spans(page("chair-brief")))
    assert spans(page("preview-letter"))[-1][1] == 15
    assert unbroken(spans(page("preview-letter")))


def test_five_defensive_lines_each_have_a_reply():
    table = page("defensiveness").split("## Five defensive lines")[1].split("\n## ")[0]
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == 5
    assert all(len(row) == 4 and row[2].count("“") + row[2].count('"') and "?" in row[2] for row in rows)


def test_the_template_to_fill_in_is_the_one_the_widget_reads():
    assert (KIT / "self-assessment-template.csv").read_text(encoding="utf-8") == template_csv()


def test_every_page_of_the_kit_says_that_it_is_not_yet_piloted():
    pages = {path.stem: path.read_text(encoding="utf-8") for path in KIT.glob("*.md")}
    assert len(pages) == 13
    assert [
        name for name, text in pages.items() if "not yet piloted" not in " ".join(text.lower().split())
    ] == []
