"""Answer variants for exercise E13: right answers written differently, and named misconceptions with what each loses.

No item's tests use the answer to another, so one submission carries one variant of every item.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from variants_e02 import changed

ITEMS = {
    "report": {"report-medians": 2, "report-few": 2, "report-floor": 1, "report-subtract": 2},
    "widest-gap": {"gap-size": 2, "gap-statement": 1, "gap-groups": 2},
    "first-three": {"first-order": 2, "first-ties": 1, "first-components": 2, "first-without": 1},
    "honesty": {"worth-report": 2, "worth-honest": 1, "worth-gamed": 2, "worth-replicates": 2},
    "not-yet": {"promise-missing": 2, "promise-owner": 1, "promise-date": 2},
}
"""The points that each item's outcomes can earn, by the item's answer cell."""

FULL = {outcome: points for outcomes in ITEMS.values() for outcome, points in outcomes.items()}
BY_HAND = {"plan": 15}
"""The points that a marker gives."""


@dataclass(frozen=True)
class Variant:
    """An answer to one item (its answer cell's grade_id) and the points it should lose, by outcome."""

    name: str
    item: str
    code: str
    loses: Mapping[str, float]

    @property
    def earns(self) -> dict[str, float]:
        return {outcome: points - self.loses.get(outcome, 0) for outcome, points in ITEMS[self.item].items()}


def _maker(item: str) -> Callable[..., Variant]:
    def make(name: str, code: str, *changes: tuple[str, str], **loses: float) -> Variant:
        lost = {outcome.replace("_", "-"): points for outcome, points in loses.items()}
        return Variant(name, item, changed(code, *changes), lost)

    return make


# The report

REPORT = """
def report(people, minimum=10):
    if minimum < 5:
        raise ValueError("too low")
    answers = {}
    for group, level in people:
        if group not in answers:
            answers[group] = []
        if level is not None:
            answers[group].append(level)
    medians, hidden = {}, []
    answered = low = 0
    for group, levels in answers.items():
        n = len(levels)
        if n >= minimum:
            levels = sorted(levels)
            medians[group] = levels[n // 2] if n % 2 else (levels[n // 2 - 1] + levels[n // 2]) / 2
            answered += n
            for level in levels:
                if level <= 2:
                    low += 1
        else:
            hidden.append(group)
    return {"medians": medians, "hidden": hidden, "answered": answered, "low": low}
"""
REPORT_STATISTICS = """
def report(people, minimum=10):
    import statistics
    if minimum < 5:
        raise ValueError(minimum)
    groups = dict.fromkeys(group for group, _ in people)
    of = {g: [level for group, level in people if group == g and level is not None] for g in groups}
    seen = {g: levels for g, levels in of.items() if len(levels) >= minimum}
    pool = sum(seen.values(), [])
    return dict(
        medians={g: statistics.median(levels) for g, levels in seen.items()},
        hidden=sorted(set(of) - set(seen)), answered=len(pool), low=pool.count(1) + pool.count(2),
    )
"""
REPORT_PANDAS = """
def report(people, minimum=10):
    import pandas as pd
    if minimum < 5:
        raise ValueError("a minimum of five or more, please")
    table = pd.DataFrame(people, columns=["group", "level"])
    table["level"] = table["level"].astype(float)
    counts = table.groupby("group")["level"].count()
    shown = table[table["group"].map(counts) >= minimum].dropna()
    return {
        "medians": shown.groupby("group")["level"].median().to_dict(),
        "hidden": list(counts.index[counts < minimum]),
        "answered": len(shown), "low": int((shown["level"] <= 2).sum()),
    }
"""
REPORT_NUMPY = """
def report(people, minimum=10):
    import numpy as np
    if not minimum >= 5:
        raise ValueError("no")
    names = np.array([group for group, _ in people])
    levels = np.array([np.nan if level is None else level for _, level in people], dtype=float)
    result = {"medians": {}, "hidden": [], "answered": 0, "low": 0}
    for name in set(names.tolist()):
        mine = levels[names == name]
        mine = mine[~np.isnan(mine)]
        if mine.size < minimum:
            result["hidden"].append(name)
            continue
        result["medians"][name] = float(np.median(mine))
        result["answered"] += mine.size
        result["low"] += int(np.sum(mine < 2.5))
    return result
"""
MIDDLE = "levels[n // 2] if n % 2 else (levels[n // 2 - 1] + levels[n // 2]) / 2"
report = _maker("report")
REPORTS = [
    report("right-by-hand", REPORT),
    report("right-statistics", REPORT_STATISTICS),
    report("right-pandas", REPORT_PANDAS),
    report("right-numpy", REPORT_NUMPY),
    report("mean-for-median", REPORT, (MIDDLE, "sum(levels) / n"), report_medians=2),
    report("upper-middle-for-median", REPORT, (MIDDLE, "levels[n // 2]"), report_medians=2),
    report("exactly-the-minimum-hidden", REPORT, ("if n >= minimum", "if n > minimum"), report_few=1),
    report("people-counted-for-answers", REPORT, ("        if level is not None:\n            answers[group].append(level)", "        answers[group].append(level)"),
           ("        n = len(levels)\n        if n >= minimum:", "        n = len(levels)\n        levels = [level for level in levels if level is not None]\n        shown = n >= minimum\n        n = len(levels)\n        if shown and n:"), report_few=1),
    report("no-answer-taken-for-level-one", REPORT, ("        if level is not None:\n            answers[group].append(level)", "        answers[group].append(level or 1)"), report_medians=2, report_few=1, report_subtract=1),
    report("no-floor", REPORT, ("    if minimum < 5:\n        raise ValueError(\"too low\")\n", ""), report_floor=1),
    report("floor-raised-in-silence", REPORT, ("raise ValueError(\"too low\")", "minimum = 5"), report_floor=1),
    report("five-is-refused-too", REPORT, ("if minimum < 5", "if minimum <= 5"), report_floor=1),
    report("default-minimum-of-five", REPORT, ("minimum=10", "minimum=5"), report_few=1, report_subtract=2),
    report("hidden-groups-in-the-total", REPORT, ("            hidden.append(group)", "            hidden.append(group)\n            answered += n\n            low += sum(level <= 2 for level in levels)"), report_subtract=2),
    report("hidden-groups-in-the-share-of-low", REPORT, ("            hidden.append(group)", "            hidden.append(group)\n            low += sum(level <= 2 for level in levels)"), report_subtract=2),
    report("hidden-groups-counted-but-not-read", REPORT, ("            hidden.append(group)", "            hidden.append(group)\n            answered += n"), report_subtract=1),
    report("low-is-level-one-only", REPORT, ("if level <= 2", "if level < 2"), report_subtract=1),
    report("hidden-with-an-empty-median", REPORT, ("            hidden.append(group)", "            hidden.append(group)\n            medians[group] = None"), report_few=2),
    report("hidden-groups-lumped-together", REPORT, ("    return {", "    rest = sorted(level for group in hidden for level in answers[group])\n    if rest:\n        medians['others'] = rest[len(rest) // 2]\n    return {"), report_few=1, report_subtract=1),
    report("hidden-not-named", REPORT, ("            hidden.append(group)", "            pass"), report_few=2),
]  # fmt: skip


# The widest gap

GAP = """
def widest_gap(medians):
    best = None
    for statement, groups in medians.items():
        if len(groups) < 2:
            continue
        low, high = min(groups.values()), max(groups.values())
        if best is None or high - low > best["gap"]:
            best = {
                "statement": statement,
                "gap": high - low,
                "lowest": [group for group, median in groups.items() if median == low],
                "highest": [group for group, median in groups.items() if median == high],
            }
    return best
"""
GAP_SORTED = """
def widest_gap(medians):
    rows = []
    for place, (statement, groups) in enumerate(medians.items()):
        if len(groups) >= 2:
            line = sorted(groups.values())
            rows.append((line[0] - line[-1], place, statement))
    if not rows:
        return None
    minus, _, statement = sorted(rows)[0]
    groups = medians[statement]
    ends = {"lowest": sorted(groups.values())[0], "highest": sorted(groups.values())[-1]}
    return {"statement": statement, "gap": -minus} | {
        end: {group for group in groups if groups[group] == level} for end, level in ends.items()
    }
"""
GAP_PANDAS = """
def widest_gap(medians):
    import pandas as pd
    table = pd.DataFrame({name: pd.Series(groups, dtype=float) for name, groups in medians.items()})
    table = table.loc[:, table.count() > 1] if len(medians) else table
    if table.empty:
        return None
    gaps = table.max() - table.min()
    name = gaps.idxmax()
    one = table[name].dropna()
    return {"statement": name, "gap": gaps[name], "lowest": list(one.index[one == one.min()]), "highest": list(one.index[one == one.max()])}
"""
GAP_MAX = """
def widest_gap(medians):
    def gap(name):
        return max(medians[name].values()) - min(medians[name].values())
    names = [name for name in medians if len(medians[name]) > 1]
    if names == []:
        return None
    name = max(names, key=gap)
    at = {}
    for group, level in medians[name].items():
        at.setdefault(level, []).append(group)
    return {"statement": name, "gap": gap(name), "lowest": at[min(at)], "highest": at[max(at)]}
"""
gap = _maker("widest-gap")
GAPS = [
    gap("right-loop", GAP),
    gap("right-sorted", GAP_SORTED),
    gap("right-pandas", GAP_PANDAS),
    gap("right-max", GAP_MAX),
    gap("narrowest-for-widest", GAP, ("high - low > best", "high - low < best"), gap_size=2, gap_statement=1, gap_groups=2),
    gap("highest-median-for-widest-gap", GAP, ("high - low > best[\"gap\"]", "high > max(medians[best[\"statement\"]].values())"), gap_size=2, gap_statement=1, gap_groups=2),
    gap("first-statement-always", GAP, ("if best is None or high - low > best[\"gap\"]", "if best is None"), gap_size=2, gap_statement=1, gap_groups=2),
    gap("last-of-equals", GAP, ("high - low > best", "high - low >= best"), gap_statement=1),
    gap("one-group-compared-with-nobody", GAP, ("len(groups) < 2", "len(groups) < 1"), gap_statement=1),
    gap("no-gap-is-no-comparison", GAP, ("len(groups) < 2", "len(groups) < 2 or len(set(groups.values())) == 1"), gap_statement=1),
    gap("empty-for-none", GAP, ("    return best", "    return best or {}"), gap_statement=1),
    gap("standard-deviation-for-gap", GAP, ("\"gap\": high - low", "\"gap\": __import__(\"statistics\").pstdev(groups.values())"), ("high - low > best[\"gap\"]", "__import__(\"statistics\").pstdev(groups.values()) > best[\"gap\"]"), gap_size=2),
    gap("one-of-the-lowest-named", GAP, ("[group for group, median in groups.items() if median == low]", "[min(groups, key=groups.get)]"), gap_groups=1),
    gap("one-of-the-highest-named", GAP, ("[group for group, median in groups.items() if median == high]", "[max(groups, key=groups.get)]"), gap_groups=1),
    gap("ends-mixed-up", GAP, ("\"lowest\":", "\"highest \":"), ("\"highest\":", "\"lowest\":"), ("\"highest \":", "\"highest\":"), gap_groups=2),
]  # fmt: skip


# The first three

THREE = """
def first_three(statements):
    kept = [one for one in statements if one["gap"] is not None and one["gap"] > 0]
    kept.sort(key=lambda one: (-one["gap"], -one["apart"]))
    chosen, components = [], []
    for one in kept:
        if len(chosen) < 3 and one["component"] not in components:
            chosen.append(one["name"])
            components.append(one["component"])
    for one in kept:
        if len(chosen) < 3 and one["name"] not in chosen:
            chosen.append(one["name"])
    return chosen
"""
THREE_REVERSE = """
def first_three(statements):
    kept = sorted(filter(lambda one: one["gap"], statements), key=lambda one: (one["gap"], one["apart"]), reverse=True)
    heads = {}
    for one in kept:
        heads.setdefault(one["component"], one["name"])
    heads = list(heads.values())
    return [*heads, *(one["name"] for one in kept if one["name"] not in heads)][:3]
"""
THREE_PANDAS = """
def first_three(statements):
    import pandas as pd
    table = pd.DataFrame(statements)
    table = table[table["gap"].fillna(0).astype(float) > 0].copy()
    table[["gap", "apart"]] = table[["gap", "apart"]].astype(float)
    table = table.sort_values(["gap", "apart"], ascending=False, kind="stable")
    table["again"] = table.duplicated("component")
    return list(table.sort_values("again", kind="stable")["name"].head(3))
"""
THREE_RANKED = """
def first_three(statements):
    left = [(place, one) for place, one in enumerate(statements) if one["gap"] not in (None, 0)]
    chosen = []
    while left and len(chosen) < 3:
        fresh = [pair for pair in left if pair[1]["component"] not in {one["component"] for one in chosen}] or left
        best = min(fresh, key=lambda pair: (-pair[1]["gap"], -pair[1]["apart"], pair[0]))
        left.remove(best)
        chosen.append(best[1])
    return [one["name"] for one in chosen]
"""
three = _maker("first-three")
ONE_EACH = ' and one["component"] not in components'
THREES = [
    three("right-two-passes", THREE),
    three("right-heads-first", THREE_REVERSE),
    three("right-pandas", THREE_PANDAS),
    three("right-one-at-a-time", THREE_RANKED),
    three("narrowest-first", THREE, ("-one[\"gap\"]", "one[\"gap\"]"), first_order=2, first_components=2),
    three("in-the-order-of-the-form", THREE, ("    kept.sort(key=lambda one: (-one[\"gap\"], -one[\"apart\"]))\n", ""), first_order=2, first_ties=1, first_components=2),
    three("apart-before-gap", THREE, ("(-one[\"gap\"], -one[\"apart\"])", "(-one[\"apart\"], -one[\"gap\"])"), first_order=2),
    three("ties-by-the-smaller-difference", THREE, ("-one[\"apart\"]", "one[\"apart\"]"), first_ties=1),
    three("ties-in-the-order-of-the-form", THREE, ("(-one[\"gap\"], -one[\"apart\"])", "-one[\"gap\"]"), first_ties=1),
    three("ties-by-name", THREE, ("(-one[\"gap\"], -one[\"apart\"])", "(-one[\"gap\"], one[\"name\"])"), first_ties=1),
    three("components-do-not-matter", THREE, (ONE_EACH, ""), first_components=2),
    three("never-two-from-a-component", THREE, ("if len(chosen) < 3 and one[\"name\"] not in chosen", "if False"), first_components=1),
    three("fills-up-only-with-three", THREE, ("    return chosen", "    return chosen if len(chosen) == 3 else []"), first_components=1, first_without=1),
    three("all-of-them", THREE_REVERSE, ("][:3]", "]"), first_order=2, first_ties=1, first_components=2),
    three("no-gap-is-kept", THREE, ("one[\"gap\"] is not None and one[\"gap\"] > 0", "one[\"gap\"] is not None"), first_without=1),
    three("cannot-compare-taken-for-no-gap-and-kept", THREE, ("kept = [one for one in statements if one[\"gap\"] is not None and one[\"gap\"] > 0]", "kept = [one | {\"gap\": one[\"gap\"] or 0, \"apart\": one[\"apart\"] or 0} for one in statements]"), first_without=1),
]  # fmt: skip


# What a score is worth

HONESTY = """
def reported(true, luck, g):
    score = true + luck
    if true < 1:
        score += g * (1 - true)
    if score > 2:
        score = 2
    if score < -2:
        score = -2
    return score


def honesty(g, organisations, replicates, seed):
    draw = random.Random(seed)
    total = 0
    for replicate in range(replicates):
        levels, scores = [], []
        for number in range(organisations):
            level = draw.gauss(0, 1)
            levels.append(level)
            scores.append(reported(level, draw.gauss(0, 0.5), g))
        total += statistics.correlation(levels, scores)
    return total / replicates
"""
HONESTY_NUMPY = """
import numpy as np


def reported(true, luck, g):
    return np.clip(true + luck + g * np.maximum(0, 1 - true), -2, 2)


def honesty(g, organisations, replicates, seed):
    draw = np.random.default_rng(seed)
    found = []
    for _ in range(replicates):
        true = draw.normal(0, 1, organisations)
        found.append(np.corrcoef(true, reported(true, draw.normal(0, 0.5, organisations), g))[0, 1])
    return np.mean(found)
"""
HONESTY_BY_HAND = """
def reported(true, luck, g):
    return sorted([-2, true + luck + max(0, g * (1 - true)), 2])[1]


def honesty(g, organisations, replicates, seed):
    def r(x, y):
        a, b = sum(x) / len(x), sum(y) / len(y)
        top = sum((p - a) * (q - b) for p, q in zip(x, y))
        return top / (sum((p - a) ** 2 for p in x) * sum((q - b) ** 2 for q in y)) ** 0.5

    rs = []
    for replicate in range(replicates):
        draw = random.Random(f"{seed} {replicate}")
        x = [draw.normalvariate(0, 1) for _ in range(organisations)]
        rs.append(r(x, [reported(p, draw.normalvariate(0, 0.5), g) for p in x]))
    return sum(rs) / len(rs)
"""
HONESTY_NORMALDIST = """
def reported(true, luck, g):
    lacking = 1 - true if true < 1 else 0
    return max(-2, min(2, true + luck + g * lacking))


def honesty(g, organisations, replicates, seed):
    random.seed(seed)
    pairs = [[(random.normalvariate(), random.normalvariate(0, 0.5)) for _ in range(organisations)] for _ in range(replicates)]
    return statistics.mean(
        statistics.correlation([t for t, _ in pair], [reported(t, e, g) for t, e in pair]) for pair in pairs
    )
"""
LACK = "    if true < 1:\n        score += g * (1 - true)\n"
worth = _maker("honesty")
WORTHS = [
    worth("right-loops", HONESTY),
    worth("right-numpy", HONESTY_NUMPY),
    worth("right-by-hand", HONESTY_BY_HAND),
    worth("right-normalvariate", HONESTY_NORMALDIST),
    worth("everybody-pulled-to-level-one", HONESTY, (LACK, "    score += g * (1 - true)\n"), worth_report=1, worth_gamed=2),
    worth("a-share-of-a-level-for-all", HONESTY, (LACK, "    score += g\n"), worth_report=2, worth_gamed=2),
    worth("lacking-counted-after-luck", HONESTY, (LACK, "    if score < 1:\n        score += g * (1 - score)\n"), worth_report=1, worth_gamed=2),
    worth("lacking-to-the-top-of-the-form", HONESTY, (LACK, "    score += g * max(0, 2 - true)\n"), worth_report=2, worth_gamed=2),
    worth("nobody-games", HONESTY, (LACK, ""), worth_report=2, worth_gamed=2),
    worth("off-the-form", HONESTY, ("    if score > 2:\n        score = 2\n    if score < -2:\n        score = -2\n", ""), worth_report=1, worth_gamed=1),
    worth("limits-before-gaming", HONESTY, ("    score = true + luck\n", "    score = max(-2, min(2, true + luck))\n"), worth_report=1, worth_gamed=1),
    worth("variance-for-standard-deviation", HONESTY, ("draw.gauss(0, 0.5)", "draw.gauss(0, 0.25)"), worth_honest=1, worth_gamed=2),
    worth("as-much-luck-as-truth", HONESTY, ("draw.gauss(0, 0.5)", "draw.gauss(0, 1)"), worth_honest=1, worth_gamed=2),
    worth("r-squared-for-r", HONESTY, ("total += statistics.correlation(levels, scores)", "total += statistics.correlation(levels, scores) ** 2"), worth_honest=1, worth_gamed=2),
    worth("the-same-organisations-every-time", HONESTY, ("        levels, scores = [], []\n", "        levels, scores = [], []\n        draw = random.Random(seed)\n"), worth_replicates=1),
    worth("one-replicate", HONESTY, ("for replicate in range(replicates):", "replicates = 1\n    for replicate in range(1):"), worth_replicates=1),
    worth("seed-not-used", HONESTY, ("random.Random(seed)", "random.Random()"), worth_replicates=1),
    worth("one-seed-for-all", HONESTY, ("random.Random(seed)", "random.Random(1)"), worth_replicates=2),
]  # fmt: skip


# Promises

NOT_YET = """
def not_yet(notes, meeting):
    places = []
    for place in range(len(notes)):
        line = notes[place]
        good = True
        for key in ["what", "who", "known"]:
            if line[key] is None or line[key].strip() == "":
                good = False
        if good and line["who"].strip().lower() in NOBODY:
            good = False
        if line["by"] is None:
            good = False
        else:
            days = (line["by"] - meeting).days
            if days <= 0:
                good = False
            if days > 90:
                good = False
        if not good:
            places.append(place)
    return places
"""
NOT_YET_ANY = """
def not_yet(notes, meeting):
    from datetime import timedelta
    last = meeting + timedelta(days=90)
    return [
        place
        for place, line in enumerate(notes)
        if not all((line[key] or "").strip() for key in ("what", "who", "known"))
        or " ".join(line["who"].lower().split()) in NOBODY
        or not line["by"]
        or not meeting < line["by"] <= last
    ]
"""
NOT_YET_TRY = """
def not_yet(notes, meeting):
    def promise(what, who, by, known):
        try:
            texts = [what.strip(), who.strip(), known.strip()]
            late = by.toordinal() - meeting.toordinal()
        except AttributeError:
            return False
        return "" not in texts and texts[1].casefold() not in NOBODY and late in range(1, 91)
    return [place for place, line in enumerate(notes) if not promise(**line)]
"""
NOT_YET_REASONS = """
def not_yet(notes, meeting):
    def reasons(line):
        texts = {key: str(line[key] or "").strip().lower() for key in ("what", "who", "known")}
        yield from (key for key, text in texts.items() if not text)
        if texts["who"] in NOBODY:
            yield "nobody"
        if line["by"] is None or not 1 <= (line["by"] - meeting).days <= 90:
            yield "date"
    return [place for place, line in enumerate(notes) if list(reasons(line))]
"""
promise = _maker("not-yet")
OWNER = '        if good and line["who"].strip().lower() in NOBODY:\n            good = False\n'
PROMISES = [
    promise("right-step-by-step", NOT_YET),
    promise("right-in-one", NOT_YET_ANY),
    promise("right-try", NOT_YET_TRY),
    promise("right-reasons", NOT_YET_REASONS),
    promise("spaces-are-a-text", NOT_YET, ("line[key].strip() == \"\"", "line[key] == \"\""), promise_missing=1),
    promise("how-all-will-know-left-out", NOT_YET, ("[\"what\", \"who\", \"known\"]", "[\"what\", \"who\"]"), promise_missing=1),
    promise("the-deed-left-out", NOT_YET, ("[\"what\", \"who\", \"known\"]", "[\"who\", \"known\"]"), promise_missing=1),
    promise("no-date-is-fine", NOT_YET, ("        if line[\"by\"] is None:\n            good = False", "        if line[\"by\"] is None:\n            pass"), promise_missing=1),
    promise("everybody-is-an-owner", NOT_YET, (OWNER, ""), promise_owner=1),
    promise("only-in-small-letters", NOT_YET, (".strip().lower() in NOBODY", ".strip() in NOBODY"), promise_owner=1),
    promise("nobody-inside-a-name", NOT_YET, ("line[\"who\"].strip().lower() in NOBODY", "any(word in line[\"who\"].lower() for word in NOBODY)"), promise_owner=1),
    promise("the-day-itself-counts", NOT_YET, ("if days <= 0", "if days < 0"), promise_date=1),
    promise("dates-may-have-passed", NOT_YET, ("            if days <= 0:\n                good = False\n", ""), promise_date=1),
    promise("ninety-days-is-too-late", NOT_YET, ("if days > 90", "if days >= 90"), promise_date=1),
    promise("any-date-will-do", NOT_YET, ("            if days > 90:\n                good = False\n", ""), promise_date=1),
    promise("promises-for-wishes", NOT_YET, ("if not good", "if good"), promise_missing=2, promise_owner=1, promise_date=2),
    promise("counted-from-one", NOT_YET, ("places.append(place)", "places.append(place + 1)"), promise_missing=2, promise_owner=1, promise_date=2),
]  # fmt: skip

VARIANTS: dict[str, list[Variant]] = {
    "report": REPORTS,
    "widest-gap": GAPS,
    "first-three": THREES,
    "honesty": WORTHS,
    "not-yet": PROMISES,
}
ALL = [variant for variants in VARIANTS.values() for variant in variants]
