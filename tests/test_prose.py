"""The book's prose by our own textlint rules: each rule catches its fault and leaves good sentences alone."""

import json
import subprocess
from pathlib import Path

import pytest

from coursekit.build.frontend import node
from coursekit.paths import ROOT

FRONTEND = ROOT / "frontend"
BOOK = ("modules/*/*.md", "book/**/*.md", "README.md", "CONTRIBUTING.md")
TEXTLINT = ["node_modules/textlint/bin/textlint.js", "--config", "prose/textlintrc.json"]
LONG = " ".join(["word"] * 38)

BAD = {
    "british-spelling": (
        "We organize the ward.",
        "The color of the chart.",
        "A pediatric clinic.",
        "She analyzed it.",
        "The call was canceled.",
        "The behaviors of the board.",
        "It was randomized.",
        "The health center is shut.",
    ),
    "plain-words": (
        "In this lesson we will look at charts.",
        "It is important to note that limits move.",
        "Leverage the data you have.",
        "Let us delve into the numbers.",
        "Utilise the form.",
        "Count them in\norder to see.",
        "Prior to the meeting, count.",
        "Change the **holistic** view.",
    ),
    "no-easy": (
        "Simply press the button.",
        "The answer is obviously no.",
        "Open it. Just click Run.",
        "You can easily see it.",
    ),
    "calm-marks": (
        "It works!",
        "The ward was full\u2014again.",
        "The ward was full \u2013 again.",
        "Two  spaces here.",
        "- Stop!",
    ),
    "link-text": (
        "For more, [click here](other.md).",
        "Read [this](other.md).",
        "[Read more](other.md)",
        "See [here](https://example.org).",
    ),
    "list-ends": ("- One thing.\n- Another thing\n", "1. One thing\n2. Another thing\n3. A third.\n"),
    "sentence-length": (
        f"The {LONG} is much too long.",
        f"Short. But the {LONG} **is much** [too long](other.md).",
        f":::{{admonition}} Title\n:class: tip\nThe {LONG} is much too long.\n:::",
        f"- The {LONG} is much too long.",
    ),
}
GOOD = (
    "We organise the ward, whatever its size, and nobody seizes a prize or capsizes.",
    "The evaluation says “organizations leverage behaviors — simply!” in its own words.",
    "Its title is [Behaviors and color in the center](https://example.org).",
    "`organize(color)` is code, and so is `a  !=  b`.",
    "```python\ncolor = organize(x)  # simply!\n```",
    "The laboratory collaborates. The author is humorous. A gross tonne of meters.",
    "From 5–10 minutes, pages 3–4.",
    "It took just ten minutes, and the table is easily forty years old.",
    "Read [the lesson on charts](other.md), or <https://example.org>.",
    "- One thing.\n- Another thing.\n- Does it end?\n",
    "- One thing\n- Another thing\n",
    "- One thing.\n- To write on: ________\n",
    f"The {LONG} ends. So {LONG} again.",
    f"The {LONG} ends. `code` begins {LONG}.",
    "| a | b |\n|---|---|\n| one  | two  |\n",
    "A number {glue:text}`the-number` and ![a picture](a.png) of it.",
    ":::{admonition} Two kinds\n:class: tip\nAsk what was different. Then go and look.\n:::",
)


def faults(*patterns: str) -> dict[Path, list[dict]]:
    """What textlint finds in the files of some patterns, by file."""
    done = subprocess.run(
        [node(), *TEXTLINT, "--rulesdir", "prose/rules", "--format", "json", *patterns],
        cwd=FRONTEND,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.stdout.startswith("["), done.stderr
    return {Path(one["filePath"]): one["messages"] for one in json.loads(done.stdout)}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """The rules broken by each sentence of this file, all read in one go."""
    folder = tmp_path_factory.mktemp("prose")
    sentences = [*GOOD, *(sentence for bad in BAD.values() for sentence in bad)]
    for number, sentence in enumerate(sentences):
        (folder / f"{number}.md").write_text(f"{sentence}\n", encoding="utf-8")
    by_file = faults(f"{folder.as_posix()}/*.md")
    assert len(by_file) == len(sentences)
    by_place = {int(file.stem): {one["ruleId"] for one in told} for file, told in by_file.items()}
    return {sentence: by_place[number] for number, sentence in enumerate(sentences)}


@pytest.mark.parametrize(("rule", "sentence"), [(rule, bad) for rule, bads in BAD.items() for bad in bads])
def test_a_bad_sentence_is_caught_by_its_rule_and_no_other(found, rule, sentence):
    assert found[sentence] == {rule}


@pytest.mark.parametrize("sentence", GOOD)
def test_a_good_sentence_is_left_alone(found, sentence):
    assert found[sentence] == set()


def test_every_rule_is_tried_here_and_switched_on():
    rules = {file.stem for file in (FRONTEND / "prose" / "rules").glob("*.js")}
    config = json.loads((FRONTEND / "prose" / "textlintrc.json").read_text(encoding="utf-8"))
    assert rules == set(BAD) == {name for name, on in config["rules"].items() if on}


def test_the_whole_book_passes():
    by_file = faults(*(f"../{pattern}" for pattern in BOOK))
    read = {path for pattern in BOOK for path in ROOT.glob(pattern)}
    assert set(by_file) == read
    told = [
        f"{file.relative_to(ROOT)}:{one['line']} {one['ruleId']}: {one['message']}"
        for file, messages in sorted(by_file.items())
        for one in messages
    ]
    assert told == [], "\n".join(told)
