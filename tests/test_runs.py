"""The lessons' runs: kept when they end well, found again by the same code, never done twice."""

import jupytext
import pytest

from coursekit.build import runs

PAGE = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A page

```{{code-cell}} ipython3
{code}
```
"""


@pytest.fixture
def pages(tmp_path, monkeypatch):
    made = []
    for name, code in (
        ("good", "print(6 * 7)"),
        ("bad", "1 / 0"),
        ("other", "import os; print(os.getcwd())"),
    ):
        made.append(tmp_path / name / "page.md")
        made[-1].parent.mkdir()
        made[-1].write_text(PAGE.format(code=code), encoding="utf-8")
    monkeypatch.setattr(runs, "notebooks", lambda: made)
    monkeypatch.setattr(runs, "place", lambda: tmp_path / "kept")
    return made


def test_each_page_is_run_in_its_folder_and_found_again_but_the_one_that_fails(pages, monkeypatch):
    good, bad, other = pages
    assert runs.find(jupytext.read(good)) is None
    runs.fill()
    assert runs.find(jupytext.read(good)).cells[-1].outputs[0].text == "42\n"
    assert runs.find(jupytext.read(other)).cells[-1].outputs[0].text == f"{other.parent}\n"
    assert runs.find(jupytext.read(bad)) is None
    again = []
    monkeypatch.setattr(runs, "run", lambda notebook, folder: again.append(folder) or notebook)
    runs.fill()
    assert again == [bad.parent]


def test_changed_code_is_run_again_and_changed_words_are_not(pages):
    good = pages[0]
    runs.fill()
    text = good.read_text(encoding="utf-8")
    good.write_text(text.replace("# A page", "# Another page"), encoding="utf-8")
    assert runs.find(jupytext.read(good)).cells[0].source == "# Another page"
    good.write_text(text.replace("6 * 7", "6 * 8"), encoding="utf-8")
    assert runs.find(jupytext.read(good)) is None
