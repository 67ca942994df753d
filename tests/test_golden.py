"""The committed notebooks: what their lesson makes, in plain Markdown, with every number of every widget in words."""

import re

import nbformat
import pytest

from coursekit.build import golden
from coursekit.paths import ROOT, lessons
from coursekit.paths import golden as place_of

LESSONS = lessons()
DIRECTIVE = re.compile(r"^\s*(:{3,}|`{3,}\{)|\{[a-z][a-z:-]*\}`", re.MULTILINE)


def committed(lesson):
    path = place_of(lesson)
    if not path.exists():
        pytest.fail(f"{path.relative_to(ROOT)} is missing. Run: course accept, and commit what it writes.")
    return path.read_text(encoding="utf-8")


def each_lesson(test):
    return pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)(test)


def test_there_are_lessons_and_no_notebook_without_one():
    assert LESSONS
    assert {place_of(lesson) for lesson in LESSONS} == set(ROOT.glob("modules/*/notebooks/*.ipynb"))


@each_lesson
def test_a_committed_notebook_is_what_its_lesson_makes(lesson):
    assert committed(lesson) == golden.make(lesson), "Run: course accept, read the difference, commit it."


@each_lesson
def test_a_notebook_opens_anywhere_without_our_directives_and_with_words_for_outputs(lesson):
    notebook = nbformat.reads(committed(lesson), as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.course.id
    assert "glue(" not in committed(lesson)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert not DIRECTIVE.search(cell.source), cell.source
        for output in cell.get("outputs", []):
            assert output.output_type == "stream" or set(output.data) == {"text/plain"}


@each_lesson
def test_every_widget_says_itself_in_words(lesson):
    notebook = nbformat.reads(committed(lesson), as_version=4)
    cells = [cell for cell in notebook.cells if "Widget(" in cell.source and cell.cell_type == "code"]
    for cell in cells:
        (output,) = cell.outputs
        words = output.data["text/plain"]
        assert len(words) > 200
        assert "Widget(" not in words


def test_the_xmr_lessons_notebook_holds_the_limits_worked_out_apart(by_hand, northfield):
    notebook = nbformat.reads(committed(ROOT / "modules/measurement/xmr-charts.md"), as_version=4)
    (widget,) = [cell for cell in notebook.cells if 'Widget("xmr-studio")' in cell.source]
    words = widget.outputs[0].data["text/plain"]
    limits = by_hand(northfield[:24])
    for number in (limits.mean, limits.lower, limits.upper, limits.mean_range, limits.range_limit):
        assert f"{number:.1f}" in words
    for value in northfield:
        assert f" | {value:g} | " in words
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    for number in (limits.mean, limits.lower, limits.upper):
        assert f"{number:.1f}" in prose


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("It took {glue:text}`this-week` minutes.", "It took 44.9 minutes."),
        ("From {glue:text}`a` to {glue:text}`b`.", "From 1 to 2."),
        (":::{div} lane-light\n## Change one line\n\nText.\n:::", "## Change one line\n\nText."),
        ("Before\n\n:::{div} lane-build\nInside\n:::\n\nAfter", "Before\n\nInside\n\nAfter"),
        (
            ":::{admonition} Two kinds\n:class: tip\n**A**: one.\n\n**B**: {glue:text}`a`.\n:::",
            "> **Two kinds**\n>\n> **A**: one.\n>\n> **B**: 1.",
        ),
        (
            ":::{admonition} First\nOne.\n:::\n\n:::{admonition} Second\nTwo.\n:::",
            "> **First**\n>\n> One.\n\n> **Second**\n>\n> Two.",
        ),
        ("Plain [link](index.md), `code` and *stress*.", "Plain [link](index.md), `code` and *stress*."),
    ],
)
def test_myst_becomes_markdown_that_every_program_shows(source, plain):
    assert golden.plain_markdown(source, {"this-week": "44.9", "a": "1", "b": "2"}) == plain


def test_a_number_nobody_glued_is_an_error_not_a_blank():
    with pytest.raises(KeyError, match="lost"):
        golden.plain_markdown("{glue:text}`lost`", {})
