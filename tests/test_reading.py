"""The reading age of every lesson's first lane, for somebody of 12 to 14, by textstat."""

from statistics import median

import pytest
import textstat

from coursekit.paths import lessons
from reading import lane_1, lane_1_of

# A grade is a year of school in the United States: grade 7 begins at 12, grade 9 at 14. Flesch and Kincaid count
# syllables and words to a sentence; SMOG counts words of three syllables or more, and "improvement" is one.
HARDEST_LESSON = {"flesch_kincaid_grade": 7, "smog_index": 9.5}
HARDER_HALF = {"flesch_kincaid_grade": 6, "smog_index": 8.5}
HARDEST_PASSAGE = 12
SHORTEST_PASSAGE = 30  # words: a formula says nothing of fewer

LESSON = """---
course:
  id: M99.1
---

# A heading is not a sentence

```{code-cell} ipython3
print("Nor is code.")
```

It rose by {glue:text}`step` minutes, from 1,234.5 to [**the limit**](other.md), says {lesson}`the next`.

| tables | neither |
|---|---|

1. **First** do this
2. Then that.

:::{admonition} A title
:class: tip
Read me, though.
:::

:::{div} lane-build
## Build it
Not in the first lane.
:::
"""


def test_the_first_lane_is_its_sentences_and_nothing_else():
    assert lane_1(LESSON).splitlines() == [
        "It rose by 30 minutes, from 12345 to the limit, says the next.",
        "First do this.",
        "Then that.",
        "Read me, though.",
    ]


def test_the_grades_are_those_of_the_formula_and_unknown_words_count_too():
    # Two sentences, twelve words, one syllable each: 0.39 * 6 + 11.8 * 1 - 15.59.
    simple = "The cat sat on the mat. The dog lay by the log."
    assert textstat.flesch_kincaid_grade(simple) == pytest.approx(-1.45)
    assert textstat.flesch_kincaid_grade(simple.replace("cat", "xqz")) == pytest.approx(-1.45)


@pytest.mark.parametrize("measure", HARDEST_LESSON)
def test_no_lesson_is_too_hard_and_most_are_easier(measure):
    grades = {lesson.stem: getattr(textstat, measure)(lane_1_of(lesson)) for lesson in lessons()}
    assert len(grades) > 40
    assert {stem: grade for stem, grade in grades.items() if grade > HARDEST_LESSON[measure]} == {}
    assert median(grades.values()) <= HARDER_HALF[measure]


def test_no_passage_is_too_hard():
    passages = [
        (lesson.stem, passage)
        for lesson in lessons()
        for passage in lane_1_of(lesson).splitlines()
        if len(passage.split()) >= SHORTEST_PASSAGE
    ]
    assert len(passages) > 400
    hard = [one for one in passages if textstat.flesch_kincaid_grade(one[1]) > HARDEST_PASSAGE]
    assert hard == [], "Split the sentences of these passages."
