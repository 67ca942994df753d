"""Answer variants for exercise E05: right answers written differently, and named misconceptions with what each loses.

The answers to tasks 2 and 3 depend on the paper's number. Those variants read the charts of whichever paper is set, as a
learner who thinks so would, and end with the words and numbers to be typed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

ITEMS = {
    "evidence": {"match": 4},
    "charts": {"variation": 4, "assurance": 4, "replies": 4},
    "page": {"page": 3},
    "visit": {"visit": 4},
}
"""The points that each item's outcomes can earn."""

FULL = {outcome: points for outcomes in ITEMS.values() for outcome, points in outcomes.items()}
BY_HAND = {"question-set": 15}
"""The points that a marker gives."""

GIVEN = {"paper": 34}
"""The paper on which misconceptions are worked out. On paper 1 two pairs of them give the same answers."""


@dataclass(frozen=True)
class Variant:
    """An answer to one item: the code for its answer cells, by cell, and the points it should lose, by outcome."""

    name: str
    item: str
    cells: Mapping[str, str]
    loses: Mapping[str, float]

    @property
    def earns(self) -> dict[str, float]:
        return {outcome: points - self.loses.get(outcome, 0) for outcome, points in ITEMS[self.item].items()}


@dataclass(frozen=True)
class Submission:
    """One learner's answers: a variant of every item."""

    name: str
    variants: tuple[Variant, ...]

    @property
    def cells(self) -> dict[str, str]:
        return {cell: code.strip() for variant in self.variants for cell, code in variant.cells.items()}

    @property
    def earns(self) -> dict[str, float]:
        return {outcome: points for variant in self.variants for outcome, points in variant.earns.items()}


# Evidence

EVIDENCE = dict(zip("abcdefgh", ["dots", "see", "split", "need", "us", "dots", "beside", "see"], strict=True))


def evidence(name: str, lost: float = 0, code: str = "", **given: str) -> Variant:
    """The key with some questions answered differently: each wrong answer costs one point, each left out half."""
    return Variant(name, "evidence", {"evidence": code or f"evidence = {EVIDENCE | given}"}, {"match": lost})


def _all(word: str) -> dict[str, str]:
    return dict.fromkeys("abcdefgh", word)


EVIDENCES = [
    evidence("right-dictionary"),
    evidence("right-zip", code='evidence = dict(zip("abcdefgh", "dots see split need us dots beside see".split()))'),
    evidence("right-capitals-and-spaces", code=f"evidence = { {key: f' {word.title()} ' for key, word in EVIDENCE.items()} }"),
    evidence(
        "right-one-by-one",
        code="evidence = dict()\n" + "\n".join(f'evidence["{key}"] = "{word}"' for key, word in EVIDENCE.items()),
    ),
    evidence("the-chart-answers-everything", 4, **_all("dots")),
    evidence("everything-is-seen-by-going", 4, **_all("see")),
    evidence("everything-is-for-us-to-decide", 4, **_all("us")),
    evidence("a-promise-from-the-dots", 1, d="dots"),
    evidence("a-lasting-change-by-the-target", 1, f="need"),
    evidence("an-average-shows-everybody", 1, c="dots"),
    evidence("split-and-beside-swapped", 2, c="beside", g="split"),
    evidence("doing-as-the-policy-says-by-another-count", 1, h="beside"),
    evidence("stopping-is-for-the-team", 1, e="see"),
    evidence("the-target-is-the-only-ruler", 3, a="need", f="need", g="need"),
    evidence("nights-by-another-count", 1, b="beside"),
    evidence("three-left-out", 1.5, b="", c="", e=""),
]  # fmt: skip


# Charts

READING = """
verdicts = {}
for letter, one in four_charts(paper).items():
    values, target, better = one["values"], one["target"], one["better"]
    sign = -1 if better == "lower is better" else 1
    mean = sum(values) / 24
    reach = 2.66 * sum(abs(b - a) for a, b in zip(values, values[1:])) / 23
    last, step, green = sign * (values[-1] - mean), sign * (values[-1] - values[-2]), sign * (values[-1] - target) >= 0
    run = 1
    while run < 24 and (values[-1 - run] > mean) == (values[-1] > mean):
        run += 1
    news = run >= 7 or abs(last) > reach
    variation = ("better" if last > 0 else "worse") if news else "same"
    need = sign * (target - mean)
    meets = "always" if need < -reach else "never" if need > reach else "sometimes"
    assurance = "not yet" if news else meets
    reply = {"worse": "A", "better": "B"}.get(variation) or ("D" if assurance == "always" else "C")
    @@
    verdicts[letter] = (variation, assurance, reply)
"""
COURSE = """
verdicts = {}
for letter, one in four_charts(paper).items():
    chart = read(one["values"], one["better"], one["target"])
    kind = chart.variation.code.split("_")[0]
    if kind == "concern":
        verdicts[letter] = ["worse", "not yet", "A"]
    elif kind == "improvement":
        verdicts[letter] = ["better", "not yet", "B"]
    else:
        meets = {"reliably_meets": "always", "reliably_misses": "never"}.get(chart.assurance.code, "sometimes")
        verdicts[letter] = ["same", meets, "D" if meets == "always" else "C"]
"""
PANDAS = """
import pandas as pd
verdicts = {}
for letter, one in four_charts(paper).items():
    flip = 1 if one["better"].startswith("higher") else -1
    series = flip * pd.Series(one["values"])
    above = (series > series.mean()).tail(7)
    half = 2.66 * series.diff().abs().mean()
    if above.nunique() == 1:
        verdicts[letter] = ("Better", "Not yet", "b") if above.all() else ("Worse", "Not yet", "a")
        continue
    gap = (flip * one["target"] - series.mean()) / half
    verdicts[letter] = ("Same", "Never", "c") if gap > 1 else ("Same", "Sometimes", "c") if gap > -1 else ("Same", "Always", "d")
"""
TYPED = {
    "A": ("better", "not yet", "B"),
    "B": ("worse", "not yet", "A"),
    "C": ("same", "sometimes", "C"),
    "D": ("same", "never", "C"),
}
"""What a person reads off paper 1."""


def charts(name: str, thinks: str = "", /, code: str = "", **loses: float) -> Variant:
    """Somebody who reads as `READING` does, but for the lines of `thinks`."""
    return Variant(name, "charts", {"verdicts": code or READING.replace("@@", thinks or "pass")}, loses)


CHARTS = [
    charts("right-by-hand"),
    charts("right-with-the-course", code=COURSE),
    charts("right-pandas", code=PANDAS),
    charts("right-words-in-a-list", code=READING.replace("@@", "pass") + "verdicts = {key: list(value) for key, value in verdicts.items()}"),
    charts("compared-with-last-month", 'variation = "better" if step > 0 else "worse"', variation=4),
    charts("colour-taken-for-news", 'variation = "same" if green else "worse"', variation=4),
    charts("no-news-ever", 'variation = "same"', variation=4),
    charts("everything-is-getting-worse", 'variation = "worse"', variation=4),
    charts("every-signal-is-for-the-worse", 'variation = "worse" if news else "same"', variation=2),
    charts("up-is-better", 'variation = ("better" if values[-1] > mean else "worse") if news else "same"', variation=2),
    charts("better-and-worse-swapped", 'variation = {"better": "worse", "worse": "better", "same": "same"}[variation]', variation=4),
    charts("a-promise-while-it-changes", "assurance = meets if meets != 'always' else 'sometimes'", assurance=4),
    charts("the-latest-month-decides", 'assurance = "always" if green else "never"', assurance=4),
    charts("the-average-decides", 'assurance = "always" if need < 0 else "never"', assurance=4),
    charts("nothing-can-ever-be-promised", 'assurance = "not yet"', assurance=4),
    charts("every-process-may-meet-it", 'assurance = assurance if news else "sometimes"', assurance=2),
    charts("always-and-never-swapped", 'assurance = {"always": "never", "never": "always"}.get(assurance, assurance)', assurance=2),
    charts("explain-every-month", 'reply = "E"', replies=4),
    charts("praise-green-and-press-red", 'reply = "F" if green else "E"', replies=4),
    charts("an-event-behind-every-month", 'reply = "B" if variation == "better" else "A"', replies=4),
    charts("a-gain-needs-no-hold", 'reply = "F" if variation == "better" else reply', replies=2),
    charts("a-change-for-the-worse-in-green-goes-by", 'reply = "F" if variation == "worse" else reply', replies=2),
    charts("ordinary-means-nothing-to-do", 'reply = reply if news else "F"', replies=4),
    charts(
        "only-signals-answered", 'variation, assurance, reply = (variation, assurance, reply) if news else ("", "", "")',
        variation=2, assurance=2, replies=2,
    ),
]  # fmt: skip


# Page

PAGE = """
reds = red_signals = green_signals = 0
for row in page(paper):
    values = row["values"]
    sign = -1 if row["better"] == "lower is better" else 1
    mean = sum(values) / len(values)
    reach = 2.66 * sum(abs(b - a) for a, b in zip(values, values[1:])) / (len(values) - 1)
    run = 1
    while run < len(values) and (values[-1 - run] > mean) == (values[-1] > mean):
        run += 1
    outside = abs(values[-1] - mean) > reach
    long = run >= 7
    worse = sign * (values[-1] - mean) < 0
    red = sign * (values[-1] - row["target"]) < 0
    news = outside or long
    reds += red
    red_signals += red and news
    green_signals += not red and news and worse
"""
PAGE_COURSE = """
coloured = [(row["colour"], read(row["values"], row["better"]).variation.code) for row in page(paper)]
reds = sum(colour == "red" for colour, _ in coloured)
red_signals = sum(colour == "red" and code != "common_cause" for colour, code in coloured)
green_signals = sum(colour == "green" and code.startswith("concern") for colour, code in coloured)
"""


def counted(name: str, after: str = "", /, code: str = "", page: float = 0, **changes: str) -> Variant:
    """Somebody who counts as `PAGE` does, with pieces of it changed, or with other numbers in the end."""
    text = code or PAGE
    for old, new in changes.items():
        assert text.count(f"    {old} = ") == 1
        lines = [
            f"    {old} = {new}" if line.startswith(f"    {old} = ") else line for line in text.splitlines()
        ]
        text = "\n".join(lines)
    return Variant(name, "page", {"page-counts": f"{text}\n{after}"}, {"page": page})


PAGES = [
    counted("right-by-hand"),
    counted("right-with-the-course", code=PAGE_COURSE),
    counted("right-as-decimals", "reds, red_signals, green_signals = map(float, (reds, red_signals, green_signals))"),
    counted("right-as-words", "reds, red_signals, green_signals = map(str, (reds, red_signals, green_signals))"),
    counted("every-red-is-news", "red_signals = reds", page=2),
    counted("no-red-is-news", "red_signals = 0", page=2),
    counted("greens-are-fine", "green_signals = 0", page=2),
    counted("the-colours-say-it-all", "red_signals, green_signals = reds, 0", page=3),
    counted("only-months-outside-the-limits", page=3, news="outside"),
    counted("only-red-signals-for-the-worse", "red_signals -= sum(read(row['values'], row['better']).variation.code.startswith('improvement') for row in page(paper))", page=2),
    counted("a-signal-long-over-counts", "red_signals = sum(row['colour'] == 'red' and bool(read(row['values'], row['better']).signals) for row in page(paper))", page=2),
    counted("reds-and-greens-swapped", "red_signals, green_signals = green_signals, red_signals", page=3),
    counted("all-signals-on-the-page", "red_signals += green_signals", page=2),
    counted("a-page-of-ten-reds", "reds = 10", page=2),
    counted("the-same-number-three-times", "reds = green_signals = red_signals", page=3),
    counted("one-left-out", "green_signals = None", page=1),
]  # fmt: skip


# Visit

VISIT = {letter: letter in "abeh" for letter in "abcdefgh"}


def visit(name: str, lost: float = 0, code: str = "", **given: object) -> Variant:
    """The key with some lines answered differently: each wrong answer costs one point, each left out half."""
    return Variant(name, "visit", {"theatre": code or f"theatre = {VISIT | given}"}, {"visit": lost})


VISITS = [
    visit("right-dictionary"),
    visit("right-words", code=f"theatre = { {letter: str(answer) for letter, answer in VISIT.items()} }"),
    visit("right-comprehension", code='theatre = {letter: letter in ("a", "b", "e", "h") for letter in "abcdefgh"}'),
    visit("right-comparison", code='import numpy as np\ntheatre = dict(zip("abcdefgh", np.array([1, 1, 0, 0, 1, 0, 0, 1]) > 0))'),
    visit("every-visit-is-theatre", 4, **dict.fromkeys("abcdefgh", True)),
    visit("no-visit-is-theatre", 4, **dict.fromkeys("abcdefgh", False)),
    visit("any-notice-is-theatre", 1, c=True),
    visit("notice-is-a-courtesy", 1, a=False),
    visit("company-shows-support", 1, b=False),
    visit("managers-know-whom-to-meet", 1, e=False),
    visit("a-friendly-question-is-an-open-one", 1, h=False),
    visit("odd-hours-are-an-ambush", 1, f=True),
    visit("reporting-back-is-for-show", 1, g=True),
    visit("following-a-referral-is-spying", 1, d=True),
    visit("true-and-false-swapped", 4, **{letter: not answer for letter, answer in VISIT.items()}),
    visit("four-left-out", 2, **dict.fromkeys("cdfg")),
]  # fmt: skip


VARIANTS = {"evidence": EVIDENCES, "charts": CHARTS, "page": PAGES, "visit": VISITS}
ALL = [variant for variants in VARIANTS.values() for variant in variants]


def _submissions() -> Iterator[Submission]:
    """As few submissions as hold every variant; an item that has run out of them is answered right."""
    for number, variants in enumerate(zip_longest(*VARIANTS.values())):
        filled = [one or VARIANTS[item][0] for item, one in zip(VARIANTS, variants, strict=True)]
        right = all(not sum(variant.loses.values()) for variant in filled)
        yield Submission(f"{'right' if right else 'mixed'}-{number}", tuple(filled))


RIGHT, *MIXED = _submissions()
BLANK = Submission("blank", tuple(Variant("untouched", item, {}, dict(ITEMS[item])) for item in ITEMS))
SUBMISSIONS = [RIGHT, *MIXED, BLANK]
