"""Answer variants for exercise E15: right answers written differently, and named misconceptions with what each loses.

No item's tests use the answer to another, so one submission carries one variant of every item.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from variants_e02 import Submission, changed

ITEMS = {
    "interviews": {"interview-sum": 2, "interview-gap": 2},
    "stages": {"stage-sum": 2, "unreported": 2},
    "whole": {"implied": 1, "implied-range": 2},
    "luck": {"wilson-interval": 3, "wilson-edges": 1},
    "neighbours": {"design-effect": 1, "effective": 1, "clustered-interval": 2},
    "silence": {"worst-least": 1, "worst-most": 2},
    "volunteers": {"volunteers": 2, "nobody-answers": 1},
}
"""The points that each item's outcomes can earn."""

CELLS = {
    "interviews": "count-interviews", "stages": "count-stages", "whole": "implied-whole", "luck": "wilson",
    "neighbours": "clustered", "silence": "worst-case", "volunteers": "looks-like",
}  # fmt: skip

FULL = {outcome: points for outcomes in ITEMS.values() for outcome, points in outcomes.items()}
BY_HAND = {"appraisal": 25}
"""The points that a marker gives."""


@dataclass(frozen=True)
class Variant:
    """An answer to one item: the code for its answer cell (None: left as it was), and the points it should lose."""

    item: str
    name: str
    code: str | None
    loses: Mapping[str, float]

    @property
    def cells(self) -> dict[str, str]:
        return {} if self.code is None else {CELLS[self.item]: self.code}

    @property
    def earns(self) -> dict[str, float]:
        return {outcome: points - self.loses.get(outcome, 0) for outcome, points in ITEMS[self.item].items()}


def _right(item: str, *codes: str) -> list[Variant]:
    return [Variant(item, f"right-{place}", code, {}) for place, code in enumerate(codes, start=1)]


def _wrong(item: str, name: str, code: str, **loses: float) -> Variant:
    lost = {outcome.replace("_", "-"): points for outcome, points in loses.items()}
    return Variant(item, name, code, lost)


# Interviews

INTERVIEWS = """
def count_interviews(rows):
    total = 0
    stated = None
    for row in rows:
        if row["kind"] == "category":
            total += row["count"]
        if row["kind"] == "stated total" and row["item"] == "interviews":
            stated = row["count"]
    return {"interview_sum": total, "gap": stated - total}
"""
INTERVIEWS_PANDAS = """
def count_interviews(rows):
    import pandas as pd
    table = pd.DataFrame(rows)
    total = table.loc[table["kind"] == "category", "count"].sum()
    stated = table.query("kind == 'stated total' and item == 'interviews'")["count"].iloc[0]
    return {"interview_sum": total, "gap": stated - total}
"""
INTERVIEWS_NUMPY = """
def count_interviews(rows):
    import numpy as np
    kinds = np.array([row["kind"] for row in rows])
    items = np.array([row["item"] for row in rows])
    counts = np.array([row["count"] for row in rows], dtype=float)
    total = counts[kinds == "category"].sum()
    return dict(interview_sum=total, gap=counts[(kinds == "stated total") & (items == "interviews")][0] - total)
"""
INTERVIEWS_NEXT = """
def count_interviews(rows):
    listed = [r["count"] for r in rows if r["kind"].startswith("cat")]
    stated = next(r["count"] for r in rows if (r["kind"], r["item"]) == ("stated total", "interviews"))
    gap = stated
    for count in listed:
        gap -= count
    return {"interview_sum": sum(listed), "gap": gap}
"""
STATED = 'if row["kind"] == "stated total" and row["item"] == "interviews":'
GAP = '"gap": stated - total'

INTERVIEW_VARIANTS = [
    *_right("interviews", INTERVIEWS, INTERVIEWS_PANDAS, INTERVIEWS_NUMPY, INTERVIEWS_NEXT),
    _wrong("interviews", "everything-added", changed(INTERVIEWS, ('        if row["kind"] == "category":\n            total', "        total")), interview_sum=2),
    _wrong("interviews", "totals-added-to-their-parts", changed(INTERVIEWS, ('if row["kind"] == "category"', 'if row["kind"] in ("category", "stated total")')), interview_sum=2),
    _wrong("interviews", "equal-counts-once", changed(INTERVIEWS, ("    return", '    total = sum({row["count"] for row in rows if row["kind"] == "category"})\n    return')), interview_sum=2),
    _wrong("interviews", "first-five-rows", changed(INTERVIEWS, ("    return", '    total = sum(row["count"] for row in rows[:5])\n    return')), interview_sum=2),
    _wrong("interviews", "stated-taken-for-the-sum", changed(INTERVIEWS, ("    return", "    total = stated\n    return")), interview_sum=2, interview_gap=2),
    _wrong("interviews", "the-reports-own-numbers", 'def count_interviews(rows):\n    return {"interview_sum": 40, "gap": 1}', interview_sum=2, interview_gap=2),
    _wrong("interviews", "gap-the-other-way", changed(INTERVIEWS, (GAP, '"gap": total - stated')), interview_gap=2),
    _wrong("interviews", "gap-without-sign", changed(INTERVIEWS, (GAP, '"gap": abs(stated - total)')), interview_gap=2),
    _wrong("interviews", "gap-as-a-share", changed(INTERVIEWS, (GAP, '"gap": (stated - total) / stated')), interview_gap=2),
    _wrong("interviews", "any-stated-total", changed(INTERVIEWS, (STATED, 'if row["kind"] == "stated total" and (stated is None or row["count"] > stated):')), interview_gap=2),
    _wrong("interviews", "replies-added-to-interviews", changed(INTERVIEWS, (STATED, 'if row["kind"] == "stated total":'), ('stated = row["count"]', 'stated = (stated or 0) + row["count"]')), interview_gap=2),
    _wrong("interviews", "stated-is-forty-one", changed(INTERVIEWS, (GAP, '"gap": 41 - total')), interview_gap=2),
]  # fmt: skip

# Stages

STAGES = """
def count_stages(rows, level):
    total = 0
    for row in rows:
        if row["level"] == level and row["question"] == "stage":
            total += row["value"]
    left = 100 - total
    return {"stage_sum": total, "unreported": left}
"""
STAGES_PANDAS = """
def count_stages(rows, level):
    import pandas as pd
    table = pd.DataFrame(rows)
    total = table[(table.level == level) & (table.question == "stage")].value.sum()
    return {"stage_sum": total, "unreported": 100 - total}
"""
STAGES_FILTER = """
def count_stages(rows, level):
    wanted = filter(lambda row: (row["question"], row["level"]) == ("stage", level), rows)
    parts = [row["value"] for row in wanted]
    return dict(stage_sum=sum(parts), unreported=100 - sum(parts))
"""
STAGES_GROUPED = """
def count_stages(rows, level):
    from collections import Counter
    sums = Counter()
    for row in rows:
        sums[row["level"], row["question"]] += row["value"]
    return {"stage_sum": sums[level, "stage"], "unreported": 100.0 - sums[level, "stage"]}
"""
WHERE = 'if row["level"] == level and row["question"] == "stage":'
LEFT = "left = 100 - total"

STAGE_VARIANTS = [
    *_right("stages", STAGES, STAGES_PANDAS, STAGES_FILTER, STAGES_GROUPED),
    _wrong("stages", "every-question", changed(STAGES, (WHERE, 'if row["level"] == level:')), stage_sum=2),
    _wrong("stages", "both-levels", changed(STAGES, (WHERE, 'if row["question"] == "stage":')), stage_sum=2),
    _wrong("stages", "always-trusts", changed(STAGES, (WHERE, 'if row["level"] == "trust" and row["question"] == "stage":')), stage_sum=2),
    _wrong("stages", "alignment-too", changed(STAGES, (WHERE, 'if row["level"] == level and row["question"] in ("stage", "alignment"):')), stage_sum=2),
    _wrong("stages", "equal-percentages-once", changed(STAGES, ("    left", '    total = sum({r["value"] for r in rows if r["level"] == level and r["question"] == "stage"})\n    left')), stage_sum=2),
    _wrong("stages", "rows-counted", changed(STAGES, ('total += row["value"]', "total += 1")), stage_sum=2),
    _wrong("stages", "it-must-be-a-hundred", changed(STAGES, (LEFT, "total = 100\n    left = 0")), stage_sum=2, unreported=2),
    _wrong("stages", "the-articles-own-numbers", 'def count_stages(rows, level):\n    total = 98 if level == "trust" else 60\n    return {"stage_sum": total, "unreported": total - 100}', stage_sum=2, unreported=2),
    _wrong("stages", "never-below-nothing", changed(STAGES, (LEFT, "left = max(0, 100 - total)")), unreported=2),
    _wrong("stages", "left-the-other-way", changed(STAGES, (LEFT, "left = total - 100")), unreported=2),
    _wrong("stages", "left-as-a-share", changed(STAGES, (LEFT, "left = 1 - total / 100")), unreported=2),
    _wrong("stages", "left-to-the-number-of-answers", changed(STAGES, (LEFT, "left = 129 - total")), unreported=2),
]  # fmt: skip

# The whole

WHOLE = """
def implied_whole(heard, percent):
    whole = heard / percent * 100
    low = heard / (percent + 0.5) * 100
    high = heard / (percent - 0.5) * 100
    return {"whole": whole, "low": low, "high": high}
"""
WHOLE_SHARES = """
def implied_whole(heard, percent):
    share = percent / 100
    return {"whole": heard / share, "low": heard / (share + 0.005), "high": heard / (share - 0.005)}
"""
WHOLE_COURSE = """
def implied_whole(heard, percent):
    from improvement.simulate.survey_doubt import implied_whole as whole_of
    found = whole_of(heard, percent / 100)
    return {"whole": found.whole, "low": found.low, "high": found.high}
"""
WHOLE_SORTED = """
def implied_whole(heard, percent):
    low, whole, high = sorted(100 * heard / p for p in (percent - 0.5, percent, percent + 0.5))
    return dict(low=low, whole=whole, high=high)
"""
WHOLE_FRACTIONS = """
def implied_whole(heard, percent):
    from fractions import Fraction
    ends = {"whole": 0, "low": 1, "high": -1}
    return {name: float(Fraction(heard) * 200 / (2 * Fraction(percent) + step)) for name, step in ends.items()}
"""

WHOLE_VARIANTS = [
    *_right("whole", WHOLE, WHOLE_SHARES, WHOLE_COURSE, WHOLE_SORTED, WHOLE_FRACTIONS),
    _wrong("whole", "a-percentage-of-the-part", changed(WHOLE, ("whole = heard / percent * 100", "whole = heard * percent / 100")), implied=1),
    _wrong("whole", "percent-for-share", changed(WHOLE, ("whole = heard / percent * 100", "whole = heard / percent")), implied=1),
    _wrong("whole", "those-not-heard", changed(WHOLE, ("whole = heard / percent * 100", "whole = heard / percent * 100 - heard")), implied=1),
    _wrong("whole", "whole-rounded", changed(WHOLE, ("whole = heard / percent * 100", "whole = round(heard / percent * 100)")), implied=1),
    _wrong("whole", "two-hundred-and-eleven", changed(WHOLE, ("whole = heard / percent * 100", "whole = 211")), implied=1),
    _wrong("whole", "ends-changed-over", changed(WHOLE, ('"low": low, "high": high', '"low": high, "high": low')), implied_range=2),
    _wrong("whole", "a-whole-point-either-way", WHOLE.replace("0.5", "1"), implied_range=2),
    _wrong("whole", "the-count-was-rounded", changed(WHOLE, ("heard / (percent + 0.5)", "(heard - 0.5) / percent"), ("heard / (percent - 0.5)", "(heard + 0.5) / percent")), implied_range=2),
    _wrong("whole", "half-a-trust-either-way", changed(WHOLE, ("heard / (percent + 0.5) * 100", "whole - 0.5"), ("heard / (percent - 0.5) * 100", "whole + 0.5")), implied_range=2),
    _wrong("whole", "rounded-up-only", changed(WHOLE, ("heard / (percent + 0.5) * 100", "whole")), implied_range=1),
    _wrong("whole", "rounded-down-only", changed(WHOLE, ("heard / (percent - 0.5) * 100", "whole")), implied_range=1),
]  # fmt: skip

# Luck

LUCK = """
def wilson(percent, answers):
    z = 1.96
    p = percent / 100
    n = answers
    below = 1 + z**2 / n
    middle = (p + z**2 / (2 * n)) / below
    half = z * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5 / below
    return max(0, middle - half), min(1, middle + half)
"""
LUCK_COURSE = """
def wilson(percent, answers):
    return tuple(spc.wilson_interval(percent / 100 * answers, answers))[:2]
"""
LUCK_COUNTS = """
def wilson(percent, answers):
    import math
    z = 1.959964
    yes = percent * answers / 100
    no = answers - yes
    centre = yes + z * z / 2
    reach = z * math.sqrt(yes * no / answers + z * z / 4)
    ends = [(centre - reach) / (answers + z * z), (centre + reach) / (answers + z * z)]
    return [min(1.0, max(0.0, end)) for end in ends]
"""
LUCK_ROOTS = """
def wilson(percent, answers):
    import numpy as np
    p, k = percent / 100, 1.96**2 / answers
    low, high = sorted(np.roots([1 + k, -(2 * p + k), p * p]).real)
    return float(np.clip(low, 0, 1)), float(np.clip(high, 0, 1))
"""
LUCK_SCIPY = """
def wilson(percent, answers):
    from statistics import NormalDist
    z = NormalDist().inv_cdf(0.975)
    p = percent / 100
    k = z * z / answers
    root = (k * (4 * p * (1 - p) + k)) ** 0.5
    return max(0.0, (2 * p + k - root) / (2 + 2 * k)), min(1.0, (2 * p + k + root) / (2 + 2 * k))
"""
BOUND = "return max(0, middle - half), min(1, middle + half)"
HALF = "half = z * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5 / below"
WALD = "half = z * (p * (1 - p) / n) ** 0.5"

LUCK_VARIANTS = [
    *_right("luck", LUCK, LUCK_COURSE, LUCK_COUNTS, LUCK_ROOTS, LUCK_SCIPY),
    _wrong("luck", "the-simple-interval", changed(LUCK, (HALF, WALD), ("middle = (p + z**2 / (2 * n)) / below", "middle = p")), wilson_interval=3, wilson_edges=1),
    _wrong("luck", "ninety-per-cent", changed(LUCK, ("z = 1.96", "z = 1.645")), wilson_interval=3, wilson_edges=1),
    _wrong("luck", "ninety-nine-per-cent", changed(LUCK, ("z = 1.96", "z = 2.576")), wilson_interval=3, wilson_edges=1),
    _wrong("luck", "two-standard-errors", changed(LUCK, ("z = 1.96", "z = 2")), wilson_interval=3, wilson_edges=1),
    _wrong("luck", "agresti-and-coull", changed(LUCK, (HALF, "half = z * (middle * (1 - middle) / (n + z**2)) ** 0.5")), wilson_interval=3, wilson_edges=1),
    _wrong("luck", "the-exact-interval", "def wilson(percent, answers):\n    return tuple(spc.clopper_pearson_interval(percent / 100 * answers, answers))[:2]", wilson_interval=3, wilson_edges=1),
    _wrong("luck", "people-rounded", changed(LUCK, ("p = percent / 100\n    n = answers", "n = answers\n    p = round(percent * n / 100) / n")), wilson_interval=3),
    _wrong("luck", "nobody-needs-no-interval", changed(LUCK, (BOUND, f"if p in (0, 1):\n        return p, p\n    {BOUND}")), wilson_edges=1),
    _wrong("luck", "percent-for-shares", changed(LUCK, (BOUND, "return 100 * max(0, middle - half), 100 * min(1, middle + half)")), wilson_interval=3, wilson_edges=1),
    _wrong("luck", "around-the-share", changed(LUCK, (BOUND, "return max(0, p - half), min(1, p + half)")), wilson_interval=3, wilson_edges=1),
    _wrong("luck", "middle-and-half", changed(LUCK, (BOUND, "return middle, half")), wilson_interval=3, wilson_edges=1),
    _wrong("luck", "one-survey-for-all", "def wilson(percent, answers):\n    return (0, 0.0876) if percent == 0 else (0.2189, 0.3958)", wilson_interval=3, wilson_edges=1),
]  # fmt: skip

# Neighbours

NEIGHBOURS = """
def clustered(percent, answers, places, icc):
    each = answers / places
    effect = 1 + (each - 1) * icc
    effective = answers / effect
    share = percent / 100
    low, high = spc.wilson_interval(share * effective, effective)
    return {"design_effect": effect, "effective": effective, "low": low, "high": high}
"""
NEIGHBOURS_PLAIN = """
def clustered(percent, answers, places, icc):
    effect = 1 - icc + icc * answers / places
    n, p, z = answers / effect, percent / 100, 1.96
    middle = p + z * z / (2 * n)
    half = z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    k = 1 + z * z / n
    return dict(design_effect=effect, effective=n, low=(middle - half) / k, high=(middle + half) / k)
"""
NEIGHBOURS_COURSE = """
def clustered(percent, answers, places, icc):
    from improvement.simulate import survey_doubt
    effect = survey_doubt.design_effect(answers / places, icc)
    interval = spc.wilson_interval(percent / 100 * (answers / effect), answers / effect)
    return {"design_effect": effect, "effective": answers / effect, "low": interval.low, "high": interval.high}
"""
NEIGHBOURS_ROOTS = """
def clustered(percent, answers, places, icc):
    import numpy as np
    found = {"design_effect": (places + (answers - places) * icc) / places}
    found["effective"] = answers * places / (places + (answers - places) * icc)
    p, k = percent / 100, 1.96**2 / found["effective"]
    found["low"], found["high"] = sorted(np.roots([1 + k, -(2 * p + k), p * p]).real)
    return found
"""
EFFECT = "effect = 1 + (each - 1) * icc"
WORTH = "effective = answers / effect"
ENDS = "low, high = spc.wilson_interval(share * effective, effective)"

NEIGHBOUR_VARIANTS = [
    *_right("neighbours", NEIGHBOURS, NEIGHBOURS_PLAIN, NEIGHBOURS_COURSE, NEIGHBOURS_ROOTS),
    _wrong("neighbours", "neighbours-ignored", changed(NEIGHBOURS, (EFFECT, "effect = 1")), design_effect=1, effective=1, clustered_interval=2),
    _wrong("neighbours", "like-himself-too", changed(NEIGHBOURS, (EFFECT, "effect = 1 + each * icc")), design_effect=1),
    _wrong("neighbours", "places-for-answers-a-place", changed(NEIGHBOURS, (EFFECT, "effect = 1 + (places - 1) * icc")), design_effect=1),
    _wrong("neighbours", "always-the-same", changed(NEIGHBOURS, (EFFECT, "effect = each")), design_effect=1),
    _wrong("neighbours", "square-of-the-correlation", changed(NEIGHBOURS, (EFFECT, "effect = 1 + (each - 1) * icc**2")), design_effect=1),
    _wrong("neighbours", "worth-more", changed(NEIGHBOURS, (WORTH, "effective = answers * effect")), effective=1, clustered_interval=2),
    _wrong("neighbours", "one-answer-a-place", changed(NEIGHBOURS, (WORTH, "effective = places")), effective=1),
    _wrong("neighbours", "root-of-the-effect", changed(NEIGHBOURS, (WORTH, "effective = answers / effect**0.5")), effective=1),
    _wrong("neighbours", "effective-rounded", changed(NEIGHBOURS, (WORTH, "effective = round(answers / effect)")), effective=1),
    _wrong("neighbours", "interval-of-all-answers", changed(NEIGHBOURS, (ENDS, "low, high = spc.wilson_interval(share * answers, answers)")), clustered_interval=2),
    _wrong("neighbours", "interval-too-wide", changed(NEIGHBOURS, (ENDS, "low, high = (share + (end - share) * effect for end in spc.wilson_interval(share * answers, answers))")), clustered_interval=2),
    _wrong("neighbours", "the-simple-interval", changed(NEIGHBOURS, (ENDS, "half = 1.96 * (share * (1 - share) / effective) ** 0.5\n    low, high = share - half, share + half")), clustered_interval=2),
    _wrong("neighbours", "percent-for-shares", changed(NEIGHBOURS, ('"low": low, "high": high', '"low": 100 * low, "high": 100 * high')), clustered_interval=2),
]  # fmt: skip

# Silence

SILENCE = """
def worst_case(percent, heard):
    share = percent / 100
    response = heard / 100
    low = share * response
    high = low + 1 - response
    return low, high
"""
SILENCE_COURSE = """
def worst_case(percent, heard):
    from improvement.simulate.survey_doubt import bounds
    return bounds(percent / 100, heard / 100)
"""
SILENCE_NO = """
def worst_case(percent, heard):
    said_no = (100 - percent) * heard / 10_000
    return [percent * heard / 10_000, 1 - said_no]
"""
SILENCE_MIX = """
def worst_case(percent, heard):
    import numpy as np
    silent = np.array([0.0, 100.0])
    return tuple((percent * heard + silent * (100 - heard)) / 10_000)
"""
LOW = "low = share * response"
HIGH = "high = low + 1 - response"

SILENCE_VARIANTS = [
    *_right("silence", SILENCE, SILENCE_COURSE, SILENCE_NO, SILENCE_MIX),
    _wrong("silence", "the-silent-are-alike", changed(SILENCE, (LOW, "low = share"), (HIGH, "high = share")), worst_least=1, worst_most=2),
    _wrong("silence", "the-share-is-the-least", changed(SILENCE, ("return low", "return share")), worst_least=1),
    _wrong("silence", "all-who-were-heard", changed(SILENCE, (HIGH, "high = response")), worst_most=2),
    _wrong("silence", "silence-on-top-of-the-share", changed(SILENCE, (HIGH, "high = min(1, share + 1 - response)")), worst_most=2),
    _wrong("silence", "only-the-silent", changed(SILENCE, (HIGH, "high = 1 - response")), worst_most=2),
    _wrong("silence", "as-far-up-as-down", changed(SILENCE, (HIGH, "high = 2 * share - low")), worst_most=2),
    _wrong("silence", "anything-goes", changed(SILENCE, (LOW, "low = 0"), (HIGH, "high = 1")), worst_least=1, worst_most=2),
    _wrong("silence", "those-who-said-no", changed(SILENCE, ("return low, high", "return (1 - share) * response, (1 - share) * response + 1 - response")), worst_least=1, worst_most=2),
    _wrong("silence", "percent-for-shares", changed(SILENCE, ("return low, high", "return 100 * low, 100 * high")), worst_least=1, worst_most=2),
    _wrong("silence", "ends-changed-over", changed(SILENCE, ("return low, high", "return high, low")), worst_least=1, worst_most=2),
    _wrong("silence", "luck-for-silence", "def worst_case(percent, heard):\n    return tuple(spc.wilson_interval(percent / 100 * heard, heard))[:2]", worst_least=1, worst_most=2),
]  # fmt: skip

# Volunteers

VOLUNTEERS = """
def looks_like(support, keen, others):
    yes = support / 100 * keen / 100
    no = (1 - support / 100) * others / 100
    if yes + no == 0:
        return None
    return yes / (yes + no)
"""
VOLUNTEERS_COURSE = """
def looks_like(support, keen, others):
    from improvement.simulate import survey_doubt
    try:
        return survey_doubt.looks_like(support / 100, keen / 100, others / 100)
    except ValueError:
        return None
"""
VOLUNTEERS_HEADS = """
def looks_like(support, keen, others):
    heads = [support * keen, (100 - support) * others]
    try:
        return heads[0] / sum(heads)
    except ZeroDivisionError:
        return None
"""
VOLUNTEERS_NUMPY = """
def looks_like(support, keen, others):
    import numpy as np
    groups = np.array([support, 100 - support], dtype=float)
    answers = groups * np.array([keen, others])
    return answers[0] / answers.sum() if answers.any() else None
"""
VOLUNTEERS_ODDS = """
def looks_like(support, keen, others):
    if support * keen == 0:
        return 0.0 if (100 - support) * others else None
    return 1 / (1 + (100 - support) * others / (support * keen))
"""
SEEN = "return yes / (yes + no)"
NOBODY = "    if yes + no == 0:\n        return None\n"

VOLUNTEER_VARIANTS = [
    *_right("volunteers", VOLUNTEERS, VOLUNTEERS_COURSE, VOLUNTEERS_HEADS, VOLUNTEERS_NUMPY, VOLUNTEERS_ODDS),
    _wrong("volunteers", "answers-tell-the-truth", changed(VOLUNTEERS, (SEEN, "return support / 100")), volunteers=2, nobody_answers=1),
    _wrong("volunteers", "of-all-invited", changed(VOLUNTEERS, (SEEN, "return yes")), volunteers=2, nobody_answers=1),
    _wrong("volunteers", "support-left-out", changed(VOLUNTEERS, (SEEN, "return keen / (keen + others)")), volunteers=2),
    _wrong("volunteers", "odds-for-a-share", changed(VOLUNTEERS, (SEEN, "return yes / no")), volunteers=2, nobody_answers=1),
    _wrong("volunteers", "the-bias-alone", changed(VOLUNTEERS, (SEEN, "return yes / (yes + no) - support / 100")), volunteers=2, nobody_answers=1),
    _wrong("volunteers", "percent-for-shares", changed(VOLUNTEERS, (SEEN, "return 100 * yes / (yes + no)")), volunteers=2, nobody_answers=1),
    _wrong("volunteers", "others-are-everybody", changed(VOLUNTEERS, ("(1 - support / 100) * others", "others")), volunteers=2, nobody_answers=1),
    _wrong("volunteers", "who-answered", changed(VOLUNTEERS, (SEEN, "return yes + no")), volunteers=2, nobody_answers=1),
    _wrong("volunteers", "nobody-forgotten", changed(VOLUNTEERS, (NOBODY, "")), nobody_answers=1),
    _wrong("volunteers", "nobody-is-nought", changed(VOLUNTEERS, ("return None", "return 0")), nobody_answers=1),
    _wrong("volunteers", "one-silent-side-is-nobody", changed(VOLUNTEERS, ("if yes + no == 0", "if yes == 0 or no == 0")), nobody_answers=1),
]  # fmt: skip

VARIANTS = {
    "interviews": INTERVIEW_VARIANTS,
    "stages": STAGE_VARIANTS,
    "whole": WHOLE_VARIANTS,
    "luck": LUCK_VARIANTS,
    "neighbours": NEIGHBOUR_VARIANTS,
    "silence": SILENCE_VARIANTS,
    "volunteers": VOLUNTEER_VARIANTS,
}
ALL = [variant for variants in VARIANTS.values() for variant in variants]


def _submissions() -> Iterator[Submission]:
    """As few submissions as hold every variant; an item that has run out of them is answered right."""
    for number, variants in enumerate(zip_longest(*VARIANTS.values())):
        filled = [one or VARIANTS[item][0] for item, one in zip(VARIANTS, variants, strict=True)]
        right = all(not sum(variant.loses.values()) for variant in filled)
        yield Submission(f"{'right' if right else 'mixed'}-{number}", tuple(filled))


RIGHT, *MIXED = _submissions()
BLANK = Submission("blank", tuple(Variant(item, "untouched", None, dict(ITEMS[item])) for item in ITEMS))
SUBMISSIONS = [RIGHT, *MIXED, BLANK]
