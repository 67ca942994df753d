"""Answer variants for exercise E09: right answers written differently, and named misconceptions with what each loses.

No item's tests use the answer to another, so one submission carries one variant of every item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from variants_e02 import changed

ITEMS = {
    "labels": {"label-share": 1, "label-by": 1, "label-unnamed": 2},
    "voices": {"voice-silent": 1, "voice-spoken-for": 2, "voice-unlisted": 1},
    "orphans": {"orphan-unserved": 2, "orphan-needless": 2, "orphan-bad": 1},
    "first-gap": {"gap-front": 2, "gap-capability": 2, "gap-owner": 2},
    "priorities": {"priority-score": 2, "priority-share": 1, "priority-order": 1},
    "capability": {"row-share": 2, "row-interval": 2, "row-refusing": 3, "row-meets": 2},
    "within": {"within-both": 2, "within-one": 1},
    "decide": {"decide-month": 2, "decide-never": 1, "decide-choice": 2},
    "dossier": {"dossier-form": 2},
}
"""The points that each item's outcomes can earn, by the item's answer cell."""

FULL = {outcome: points for outcomes in ITEMS.values() for outcome, points in outcomes.items()}
BY_HAND = {"dossier-read": 18}
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


def _maker(item: str):
    def make(name: str, code: str, *changes: tuple[str, str], **loses: float) -> Variant:
        lost = {outcome.replace("_", "-"): points for outcome, points in loses.items()}
        return Variant(name, item, changed(code, *changes), lost)

    return make


# Labels

LABELS = """
def labels_and_needs(labels, needs):
    total = right = 0
    seen, hits = {}, {}
    unnamed = []
    for label, need in zip(labels, needs):
        if need is None:
            continue
        total += 1
        same = label == need
        right += same
        seen[label] = seen.get(label, 0) + 1
        hits[label] = hits.get(label, 0) + same
        if need not in labels and need not in unnamed:
            unnamed.append(need)
    share = right / total
    by_label = {label: hits[label] / seen[label] for label in seen}
    return {"share": share, "by_label": by_label, "unnamed": unnamed}
"""
LABELS_PANDAS = """
def labels_and_needs(labels, needs):
    import pandas as pd
    table = pd.DataFrame({"label": labels, "need": needs}).dropna()
    same = table["label"] == table["need"]
    unnamed = table.loc[~table["need"].isin(labels), "need"].unique()
    return {"share": same.mean(), "by_label": same.groupby(table["label"]).mean().to_dict(), "unnamed": list(unnamed)}
"""
LABELS_COUNTER = """
def labels_and_needs(labels, needs):
    from collections import Counter
    pairs = Counter((a, b) for a, b in zip(labels, needs) if b is not None)
    def share(chosen):
        return sum(n for (a, b), n in chosen.items() if a == b) / sum(chosen.values())
    form = set(labels)
    by = {one: share({pair: n for pair, n in pairs.items() if pair[0] == one}) for one in form}
    return dict(share=share(pairs), by_label=by, unnamed=tuple(sorted({b for _, b in pairs} - form)))
"""
LABELS_NUMPY = """
def labels_and_needs(labels, needs):
    import numpy as np
    label, need = np.array(labels, dtype=object), np.array(needs, dtype=object)
    kept = np.array([one is not None for one in needs])
    label, need = label[kept], need[kept]
    same = (label == need).astype(float)
    return {
        "share": float(same.mean()), "by_label": {one: float(same[label == one].mean()) for one in set(label)},
        "unnamed": np.setdiff1d(need.astype(str), np.array(sorted(set(labels)))),
    }
"""
labels = _maker("labels")
NONE_LEFT_OUT = ("        if need is None:\n            continue\n", "")
LABEL_VARIANTS = [
    labels("right-loop", LABELS),
    labels("right-pandas", LABELS_PANDAS),
    labels("right-counter", LABELS_COUNTER),
    labels("right-numpy", LABELS_NUMPY),
    labels("cannot-tell-counted-as-wrong", LABELS, NONE_LEFT_OUT, ("if need not in labels and", "if need is not None and need not in labels and"), label_share=1, label_by=1),
    labels("cannot-tell-taken-for-a-need", LABELS, NONE_LEFT_OUT, label_share=1, label_by=1, label_unnamed=2),
    labels("mean-of-the-labels-shares", LABELS, ('"share": share', '"share": sum(by_label.values()) / len(by_label)'), label_share=1),
    labels("share-mislabelled", LABELS, ("share = right / total", "share = 1 - right / total"), label_share=1),
    labels("percent-for-a-share", LABELS, ("share = right / total", "share = 100 * right / total"), label_share=1),
    labels("by-label-of-all-referrals", LABELS, ("hits[label] / seen[label]", "hits[label] / total"), label_by=1),
    labels("by-need-instead-of-label", LABELS, ("seen[label] = seen.get(label, 0) + 1", "seen[need] = seen.get(need, 0) + 1"), ("for label in seen}", "for label in hits if label in seen}"), label_by=1),
    labels("counts-for-shares", LABELS, ("hits[label] / seen[label]", "hits[label]"), label_by=1),
    labels("named-by-another-label-called-unnamed", LABELS, ("need not in labels and", "need != label and"), label_unnamed=2),
    labels("labels-nobody-needed", LABELS, ('"unnamed": unnamed', '"unnamed": set(labels) - set(needs)'), label_unnamed=2),
    labels("every-need-found", LABELS, ('"unnamed": unnamed', '"unnamed": {need for need in needs if need}'), label_unnamed=2),
    labels("named-once-for-each-referral", LABELS, (" and need not in unnamed", ""), label_unnamed=2),
]  # fmt: skip


# Voices

VOICES = """
def voices(customers, needs):
    ways = {}
    for who, what, how in needs:
        ways.setdefault(who, []).append(how)
    silent, spoken_for = [], []
    for who in customers:
        if who not in ways:
            silent.append(who)
        elif not any(how in ("asked", "watched") for how in ways[who]):
            spoken_for.append(who)
    unlisted = [who for who in ways if who not in customers]
    return {"silent": silent, "spoken_for": spoken_for, "unlisted": unlisted}
"""
VOICES_SETS = """
def voices(customers, needs):
    listed, named = {*customers}, {row[0] for row in needs}
    heard = {row[0] for row in needs if row[2] == "asked" or row[2] == "watched"}
    return dict(silent=listed.difference(named), spoken_for=listed & named - heard, unlisted=named - listed)
"""
VOICES_PANDAS = """
def voices(customers, needs):
    import pandas as pd
    table = pd.DataFrame(needs, columns=["who", "what", "how"])
    heard = table["how"].isin(["asked", "watched"]).groupby(table["who"]).any()
    listed = pd.Index(customers)
    spoken = heard.index[~heard].intersection(listed)
    return {"silent": list(listed.difference(heard.index)), "spoken_for": list(spoken), "unlisted": list(heard.index.difference(listed))}
"""
VOICES_STATES = """
def voices(customers, needs):
    state = {name: "silent" for name in customers}
    for who, _, how in needs:
        if who not in customers:
            state[who] = "unlisted"
        elif how in {"asked", "watched"}:
            state[who] = "heard"
        elif state[who] == "silent":
            state[who] = "spoken_for"
    return {key: {who for who, now in state.items() if now == key} for key in ("silent", "spoken_for", "unlisted")}
"""
voices = _maker("voices")
HEARD = 'not any(how in ("asked", "watched") for how in ways[who])'
VOICE_VARIANTS = [
    voices("right-loop", VOICES),
    voices("right-sets", VOICES_SETS),
    voices("right-pandas", VOICES_PANDAS),
    voices("right-states", VOICES_STATES),
    voices("one-need-not-asked-is-enough", VOICES, (HEARD, 'any(how not in ("asked", "watched") for how in ways[who])'), voice_spoken_for=2),
    voices("told-is-heard", VOICES, ('("asked", "watched")', '("asked", "watched", "told")'), voice_spoken_for=2),
    voices("watching-is-not-hearing", VOICES, ('in ("asked", "watched")', '== "asked"'), voice_spoken_for=2),
    voices("blank-is-heard", VOICES, ('how in ("asked", "watched")', 'how not in ("told", "assumed")'), voice_spoken_for=2),
    voices("only-the-first-need-looked-at", VOICES, (HEARD, 'ways[who][0] not in ("asked", "watched")'), voice_spoken_for=2),
    voices("the-heard-for-the-spoken-for", VOICES, (HEARD, HEARD.removeprefix("not ")), voice_spoken_for=2),
    voices("silent-are-spoken-for-too", VOICES, ("            silent.append(who)\n", "            silent.append(who)\n            spoken_for.append(who)\n"), voice_spoken_for=2),
    voices("spoken-for-are-silent-too", VOICES, ("            spoken_for.append(who)", "            spoken_for.append(who)\n            silent.append(who)"), voice_silent=1),
    voices("unlisted-are-spoken-for-too", VOICES, ("    for who in customers:", "    for who in {*customers, *ways}:"), voice_spoken_for=2),
    voices("the-list-is-taken-as-complete", VOICES, ('"unlisted": unlisted', '"unlisted": []'), voice_unlisted=1),
    voices("unlisted-only-if-asked", VOICES, ("if who not in customers]", 'if who not in customers and "asked" in ways[who]]'), voice_unlisted=1),
    voices("both-lists-swapped", VOICES, ('"silent": silent', '"silent": unlisted'), ('"unlisted": unlisted', '"unlisted": silent'), voice_silent=1, voice_unlisted=1),
]  # fmt: skip


# Orphans

ORPHANS = """
def orphans(needs, features, links):
    bad, strongest = [], {}
    for place, (need, feature, strength) in enumerate(links):
        if need not in needs or feature not in features or strength not in (0, 1, 3, 9):
            bad.append(place)
            continue
        strongest[need, feature] = max(strength, strongest.get((need, feature), 0))
    served = {need for (need, feature), strength in strongest.items() if strength > 0}
    serving = {feature for (need, feature), strength in strongest.items() if strength > 0}
    unserved = [need for need in needs if need not in served]
    needless = [feature for feature in features if feature not in serving]
    return {"unserved": unserved, "needless": needless, "bad": bad}
"""
ORPHANS_NUMPY = """
def orphans(needs, features, links):
    import numpy as np
    table = np.zeros((len(needs), len(features)))
    bad = []
    for place, (need, feature, strength) in enumerate(links):
        try:
            row, column = needs.index(need), features.index(feature)
            {0: None, 1: None, 3: None, 9: None}[strength]
        except (ValueError, KeyError):
            bad.append(place)
        else:
            table[row, column] = max(table[row, column], strength)
    return {
        "unserved": [needs[i] for i in np.flatnonzero(table.sum(axis=1) == 0)],
        "needless": [features[i] for i in np.flatnonzero(table.sum(axis=0) == 0)], "bad": bad,
    }
"""
ORPHANS_PANDAS = """
def orphans(needs, features, links):
    import pandas as pd
    rows = pd.DataFrame(links, columns=["need", "feature", "strength"])
    fine = rows["need"].isin(needs) & rows["feature"].isin(features) & rows["strength"].isin([0, 1, 3, 9])
    grid = rows[fine].pivot_table(index="need", columns="feature", values="strength", aggfunc="max")
    grid = grid.reindex(index=needs, columns=features).fillna(0)
    return {"unserved": set(grid.index[(grid == 0).all(axis=1)]), "needless": set(grid.columns[(grid == 0).all()]), "bad": list(rows.index[~fine])}
"""
ORPHANS_LIBRARY = """
def orphans(needs, features, links):
    from improvement import planning
    fine = [need in needs and feature in features and strength in {0, 1, 3, 9} for need, feature, strength in links]
    found = planning.orphans(needs, features, [row[:2] for row, good in zip(links, fine) if good and row[2]])
    return {"unserved": found.rows, "needless": found.columns, "bad": [i for i, good in enumerate(fine) if not good]}
"""
orphans = _maker("orphans")
LISTED = "need not in needs or feature not in features or strength not in (0, 1, 3, 9)"
ORPHAN_VARIANTS = [
    orphans("right-loop", ORPHANS),
    orphans("right-numpy", ORPHANS_NUMPY),
    orphans("right-pandas", ORPHANS_PANDAS),
    orphans("right-library", ORPHANS_LIBRARY),
    Variant("a-link-looked-for-in-vain-is-a-link", "orphans", ORPHANS.replace("if strength > 0", ""), {"orphan-unserved": 2, "orphan-needless": 2}),
    Variant("weak-links-do-not-count", "orphans", ORPHANS.replace("if strength > 0", "if strength > 1"), {"orphan-unserved": 2, "orphan-needless": 2}),
    orphans("both-ways-swapped", ORPHANS, ('"unserved": unserved', '"unserved": needless'), ('"needless": needless', '"needless": unserved'), orphan_unserved=2, orphan_needless=2),
    orphans("half-of-a-bad-row-counts", ORPHANS, ("            bad.append(place)\n            continue\n", "            bad.append(place)\n"), orphan_unserved=2, orphan_needless=2),
    orphans("one-way-only", ORPHANS, ('"needless": needless', '"needless": []'), orphan_needless=2),
    orphans("strength-not-checked", ORPHANS, (" or strength not in (0, 1, 3, 9)", ""), orphan_unserved=2, orphan_needless=2, orphan_bad=1),
    orphans("names-of-needs-not-checked", ORPHANS, ("need not in needs or ", ""), orphan_needless=2, orphan_bad=1),
    orphans("names-of-features-not-checked", ORPHANS, ("feature not in features or ", ""), orphan_unserved=2, orphan_bad=1),
    orphans("rows-counted-from-one", ORPHANS, ("enumerate(links)", "enumerate(links, start=1)"), orphan_bad=1),
    orphans("rows-for-their-places", ORPHANS, ("bad.append(place)", "bad.append((need, feature, strength))"), orphan_bad=1),
    orphans("nothing-called-bad", ORPHANS, ('"bad": bad', '"bad": []'), orphan_bad=1),
    orphans("last-row-wins", ORPHANS, ("max(strength, strongest.get((need, feature), 0))", "strength"), orphan_unserved=2, orphan_needless=2),
    orphans("no-link-called-bad", ORPHANS, ("(0, 1, 3, 9)", "(1, 3, 9)"), orphan_bad=1),
]  # fmt: skip


# First gap

GAPS = """
def first_gap(plan):
    found = {}
    for need in plan["needs"]:
        best = 0
        for feature, served in plan["features"].items():
            if need not in served:
                continue
            best = max(best, 1)
            for step, produced in plan["steps"].items():
                if feature not in produced:
                    continue
                reach = 2
                owners = [owner for where, owner in plan["controls"].values() if where == step]
                if step in plan["capable"]:
                    reach = 3
                    if owners:
                        reach = 4
                        if any(owner is not None and owner.strip() for owner in owners):
                            reach = 5
                best = max(best, reach)
        found[need] = ("feature", "step", "capability", "control", "owner", None)[best]
    return found
"""
GAPS_SETS = """
def first_gap(plan):
    capable = set(plan["capable"])
    watched = {step for step, _ in plan["controls"].values()}
    owned = {step for step, owner in plan["controls"].values() if (owner or "").strip()}
    def gap(need):
        features = {name for name, served in plan["features"].items() if need in served}
        steps = {name for name, made in plan["steps"].items() if not features.isdisjoint(made)}
        for word, left in (("feature", features), ("step", steps), ("capability", steps & capable),
                           ("control", steps & capable & watched), ("owner", steps & capable & owned)):
            if not left:
                return word
    return {need: gap(need) for need in plan["needs"]}
"""
GAPS_RECURSIVE = """
def first_gap(plan):
    words = ["feature", "step", "capability", "control", "owner", None]
    def after(level, name):
        if level == 0:
            return [feature for feature in plan["features"] if name in plan["features"][feature]]
        if level == 1:
            return [step for step in plan["steps"] if name in plan["steps"][step]]
        if level == 2:
            return [name] if name in plan["capable"] else []
        if level == 3:
            return [control for control, (step, _) in plan["controls"].items() if step == name]
        return [name] if str(plan["controls"][name][1] or "").split() else []
    def depth(level, name):
        if level == 5:
            return 5
        return max((depth(level + 1, one) for one in after(level, name)), default=level)
    return {need: words[depth(0, need)] for need in plan["needs"]}
"""
GAPS_NETWORK = """
def first_gap(plan):
    order = ["feature", "step", "capability", "control", "owner"]
    edges = {}
    for feature, needs in plan["features"].items():
        for need in needs:
            edges.setdefault(("n", need), []).append(("feature", feature))
    for step, features in plan["steps"].items():
        for feature in features:
            edges.setdefault(("feature", feature), []).append(("step", step))
    for step in plan["capable"]:
        edges.setdefault(("step", step), []).append(("capability", step))
    for control, (step, owner) in plan["controls"].items():
        edges.setdefault(("capability", step), []).append(("control", control))
        if owner and not owner.isspace():
            edges.setdefault(("control", control), []).append(("owner", owner))
    found = {}
    for need in plan["needs"]:
        seen, queue = set(), [("n", need)]
        while queue:
            for kind, name in edges.get(queue.pop(), []):
                seen.add(kind)
                queue.append((kind, name))
        found[need] = next((kind for kind in order if kind not in seen), None)
    return found
"""
GAPS_UNION = changed(
    GAPS_SETS,
    ('("control", steps & capable & watched)', '("control", steps & watched)'),
    ('("owner", steps & capable & owned)', '("owner", steps & owned)'),
)
GAPS_WORST = """
def first_gap(plan):
    found = {}
    for need in plan["needs"]:
        features = [name for name, served in plan["features"].items() if need in served]
        steps = [name for name, made in plan["steps"].items() if set(features) & set(made)]
        owners = {step: [who for where, who in plan["controls"].values() if where == step] for step in steps}
        if not features:
            found[need] = "feature"
        elif not steps:
            found[need] = "step"
        elif not all(step in plan["capable"] for step in steps):
            found[need] = "capability"
        elif not all(owners.values()):
            found[need] = "control"
        else:
            whole = all(any(who and who.strip() for who in some) for some in owners.values())
            found[need] = None if whole else "owner"
    return found
"""
first_gap = _maker("first-gap")
OWNED = "owner is not None and owner.strip()"
GAP_VARIANTS = [
    first_gap("right-loops", GAPS),
    first_gap("right-sets", GAPS_SETS),
    first_gap("right-recursive", GAPS_RECURSIVE),
    first_gap("right-network", GAPS_NETWORK),
    first_gap("a-control-elsewhere-holds-it", GAPS_UNION, gap_capability=2, gap_owner=2),
    first_gap("the-worst-way-counts", GAPS_WORST, gap_capability=2, gap_owner=2),
    first_gap("only-the-first-feature-followed", GAPS, ("                best = max(best, reach)\n", "                best = max(best, reach)\n            break\n"), gap_front=2, gap_capability=2, gap_owner=2),
    first_gap("spaces-are-an-owner", GAPS, (OWNED, "owner"), gap_owner=2),
    first_gap("nobody-spelt-out-is-an-owner", GAPS, (OWNED, "str(owner).strip()"), gap_owner=2),
    first_gap("owners-not-looked-at", GAPS, (f"if any({OWNED} for owner in owners):", "if True:"), gap_owner=2),
    first_gap("every-control-needs-an-owner", GAPS, ("if any(owner is", "if all(owner is"), gap_owner=2),
    first_gap("capability-skipped", GAPS, ('if step in plan["capable"]:', "if True:"), gap_capability=2, gap_owner=2),
    first_gap("controls-skipped", GAPS, ("                    if owners:\n                        reach = 4\n", "                    if True:\n                        reach = 4\n"), gap_capability=2, gap_owner=2),
    first_gap("only-the-first-of-a-features-needs", GAPS, ("need not in served", "need not in served[:1]"), gap_front=2, gap_capability=2, gap_owner=2),
    first_gap("only-the-first-of-a-steps-features", GAPS, ("feature not in produced", "feature not in produced[:1]"), gap_front=2, gap_capability=2, gap_owner=2),
    first_gap("step-and-feature-confused", GAPS, ('("feature", "step", ', '("step", "feature", '), gap_front=2),
    first_gap("control-and-capability-confused", GAPS, ('"capability", "control", ', '"control", "capability", '), gap_capability=2),
    first_gap("a-word-where-nothing-is-missing", GAPS, ('"owner", None)', '"owner", "none")'), gap_owner=2),
]  # fmt: skip


# Priorities

PRIORITIES = """
def priorities(importance, features, links):
    strongest = {}
    for need, feature, strength in links:
        strongest[need, feature] = max(strongest.get((need, feature), 0), strength)
    score = {feature: 0 for feature in features}
    for (need, feature), strength in strongest.items():
        score[feature] += importance[need] * strength
    total = sum(score.values())
    share = {feature: score[feature] / total if total else 0 for feature in features}
    order = sorted(features, key=score.get, reverse=True)
    return {"score": score, "share": share, "order": order}
"""
PRIORITIES_NUMPY = """
def priorities(importance, features, links):
    import numpy as np
    needs = list(importance)
    table = np.zeros((len(needs), len(features)))
    for need, feature, strength in links:
        row, column = needs.index(need), features.index(feature)
        table[row, column] = max(table[row, column], strength)
    scores = np.array([importance[need] for need in needs]) @ table
    shares = scores / max(scores.sum(), 1e-300)
    order = np.argsort(-scores, kind="stable")
    return {"score": dict(zip(features, scores)), "share": dict(zip(features, shares)), "order": [features[i] for i in order]}
"""
PRIORITIES_PANDAS = """
def priorities(importance, features, links):
    import pandas as pd
    rows = pd.DataFrame(links, columns=["need", "feature", "strength"]).groupby(["need", "feature"])["strength"].max().reset_index()
    rows["score"] = [importance[need] * strength for need, strength in zip(rows["need"], rows["strength"])]
    score = rows.groupby("feature")["score"].sum().reindex(features).fillna(0).astype(float)
    share = score / score.sum() if score.sum() > 0 else score
    return {"score": score.to_dict(), "share": share.to_dict(), "order": list(score.sort_values(ascending=False, kind="stable").index)}
"""
PRIORITIES_COMPREHENSION = """
def priorities(importance, features, links):
    score = {
        f: sum(weight * max([0] + [s for n, g, s in links if n == need and g == f]) for need, weight in importance.items())
        for f in features
    }
    total = sum(score.values()) or 1
    order, left = [], list(features)
    while left:
        best = max(left, key=lambda f: score[f])
        order.append(best)
        left.remove(best)
    return dict(score=score, share={f: score[f] / total for f in features}, order=order)
"""
priorities = _maker("priorities")
STRONGEST = "max(strongest.get((need, feature), 0), strength)"
PRIORITY_VARIANTS = [
    priorities("right-loop", PRIORITIES),
    priorities("right-numpy", PRIORITIES_NUMPY),
    priorities("right-pandas", PRIORITIES_PANDAS),
    priorities("right-comprehension", PRIORITIES_COMPREHENSION),
    priorities("importance-ignored", PRIORITIES, ("importance[need] * strength", "strength"), priority_score=2),
    priorities("strength-ignored", PRIORITIES, ("importance[need] * strength", "importance[need] * (strength > 0)"), priority_score=2),
    priorities("added-for-multiplied", PRIORITIES, ("importance[need] * strength", "importance[need] + strength"), priority_score=2),
    priorities("rows-of-one-pair-added", PRIORITIES, (STRONGEST, "strongest.get((need, feature), 0) + strength"), priority_score=2),
    priorities("last-row-wins", PRIORITIES, (STRONGEST, "strength"), priority_score=2),
    priorities("importance-upside-down", PRIORITIES, ("importance[need] * strength", "(6 - importance[need]) * strength"), priority_score=2),
    priorities("features-that-serve-nothing-left-out", PRIORITIES, ("    total = sum", "    score = {f: n for f, n in score.items() if n}\n    features = list(score)\n    total = sum"), priority_score=2, priority_share=1, priority_order=1),
    priorities("percent-for-a-share", PRIORITIES, ("score[feature] / total if", "100 * score[feature] / total if"), priority_share=1),
    priorities("share-of-the-highest", PRIORITIES, ("total = sum(score.values())", "total = max(score.values())"), priority_share=1),
    priorities("no-scores-at-all-not-foreseen", PRIORITIES, (" if total else 0", ""), priority_share=1, priority_order=0),
    priorities("lowest-first", PRIORITIES, (", reverse=True", ""), priority_order=1),
    priorities("ties-by-name", PRIORITIES, ("key=score.get, reverse=True", "key=lambda f: (-score[f], f)"), priority_order=1),
    priorities("order-with-the-scores", PRIORITIES, ('"order": order', '"order": [(f, score[f]) for f in order]'), priority_order=1),
]  # fmt: skip


# Capability

CAPABILITY = """
def capability(met, of, aim):
    import math
    good, people = [], []
    for m, n in zip(met, of):
        if n > 0:
            good.append(m)
            people.append(n)
    n = sum(people)
    p = sum(good) / n
    z = 1.96
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = middle - half, middle + half
    if len(people) < 20:
        refused = "too few periods"
    elif special_cause(good, people):
        refused = "special cause"
    else:
        refused = None
    meets = None if refused else low >= aim
    return {"share": p, "interval": (low, high), "refused": refused, "meets": meets}
"""
CAPABILITY_LIBRARY = """
def capability(met, of, aim):
    from improvement import spc
    whole = sum(of)
    interval = spc.wilson_interval(sum(met), whole, confidence=0.9500042)
    periods = sum(1 for people in of if people)
    refused = "too few periods" if periods < 20 else "special cause" if special_cause(met, of) else None
    return {
        "share": sum(met) / whole, "interval": (interval.low, interval.high), "refused": refused,
        "meets": interval.low >= aim if refused is None else None,
    }
"""
CAPABILITY_NUMPY = """
def capability(met, of, aim):
    import numpy as np
    met, of = np.array(met), np.array(of)
    seen = of > 0
    n, k, zz = of[seen].sum(), met[seen].sum(), 1.96 ** 2
    ends = sorted(np.roots([n * n + zz * n, -(2 * k * n + zz * n), k * k]).real)
    result = {"share": k / n, "interval": tuple(ends), "refused": None, "meets": bool(ends[0] >= aim)}
    if seen.sum() < 20:
        result.update(refused="too few periods", meets=None)
    elif special_cause(list(met[seen]), list(of[seen])):
        result.update(refused="special cause", meets=None)
    return result
"""
CAPABILITY_PANDAS = """
def capability(met, of, aim):
    import pandas as pd
    table = pd.DataFrame({"met": met, "of": of}).query("of > 0")
    n, good = table["of"].sum(), table["met"].sum()
    share, zz = good / n, 1.96 ** 2
    half = 1.96 * ((share * (1 - share) + zz / (4 * n)) / n) ** 0.5
    low, high = ((share + zz / (2 * n) + sign * half) / (1 + zz / n) for sign in (-1, 1))
    reasons = [("too few periods", len(table) < 20), ("special cause", special_cause(table["met"].tolist(), table["of"].tolist()))]
    refused = next((words for words, holds in reasons if holds), None)
    return {"share": share, "interval": [low, high], "refused": refused, "meets": (low >= aim) if not refused else None}
"""
capability = _maker("capability")
FEW = "    if len(people) < 20:"
CAPABILITY_VARIANTS = [
    capability("right-loop", CAPABILITY),
    capability("right-library", CAPABILITY_LIBRARY),
    capability("right-roots", CAPABILITY_NUMPY),
    capability("right-pandas", CAPABILITY_PANDAS),
    capability("mean-of-the-periods", CAPABILITY, ("p = sum(good) / n", "p = sum(m / k for m, k in zip(good, people)) / len(people)"), row_share=2),
    capability("share-not-met", CAPABILITY, ('"share": p', '"share": 1 - p'), row_share=2, row_interval=2),
    capability("no-share-when-refused", CAPABILITY, ('"share": p', '"share": None if refused else p'), row_share=1),
    capability("periods-counted-for-people", CAPABILITY, ("    z = 1.96\n", "    z = 1.96\n    n = len(people)\n"), row_interval=2),
    capability("two-thirds-of-the-width", CAPABILITY, ("z = 1.96", "z = 1.28"), row_interval=2),
    capability("interval-without-the-root", CAPABILITY, ("math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))", "(p * (1 - p) / n + z * z / (4 * n * n))"), row_interval=2),
    capability("plain-interval-for-wilson", CAPABILITY, ("middle = (p + z * z / (2 * n)) / (1 + z * z / n)", "middle = p"), ("z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))", "z * math.sqrt(p * (1 - p) / n)"), row_interval=2),
    capability("never-too-few", CAPABILITY, (FEW, "    if False:"), row_refusing=2),
    capability("special-cause-not-asked-for", CAPABILITY, ("elif special_cause(good, people):", "elif False:"), row_refusing=1),
    capability("special-cause-first", CAPABILITY, (FEW, '    if special_cause(good, people):\n        refused = "special cause"\n    elif len(people) < 20:'), row_refusing=1),
    capability("periods-with-nobody-counted", CAPABILITY, (FEW, "    if len(of) < 20:"), row_refusing=1),
    capability("promised-all-the-same", CAPABILITY, ("meets = None if refused else low >= aim", "meets = low >= aim"), row_refusing=3),
    capability("share-held-against-the-aim", CAPABILITY, ("low >= aim", "p >= aim"), row_meets=2),
    capability("high-end-held-against-the-aim", CAPABILITY, ("low >= aim", "high >= aim"), row_meets=2),
    capability("low-end-must-pass-the-aim", CAPABILITY, ("low >= aim", "low > aim"), row_meets=2),
]  # fmt: skip


# Within

WITHIN = """
def within(mean, sd, low, high):
    from statistics import NormalDist
    bell = NormalDist(mean, sd)
    below = 0 if low is None else bell.cdf(low)
    upto = 1 if high is None else bell.cdf(high)
    return upto - below
"""
WITHIN_ERF = """
def within(mean, sd, low, high):
    import math
    low = -math.inf if low is None else low
    high = math.inf if high is None else high
    return (math.erf((high - mean) / (sd * math.sqrt(2))) - math.erf((low - mean) / (sd * math.sqrt(2)))) / 2
"""
WITHIN_SCIPY = """
def within(mean, sd, low, high):
    import numpy as np
    from scipy.stats import norm
    ends = [-np.inf if low is None else low, np.inf if high is None else high]
    return float(np.diff(norm.cdf(ends, loc=mean, scale=sd))[0])
"""
WITHIN_SUM = """
def within(mean, sd, low, high):
    from math import exp, pi, sqrt
    start = mean - 8 * sd if low is None else max(low, mean - 8 * sd)
    end = mean + 8 * sd if high is None else min(high, mean + 8 * sd)
    width = (end - start) / 2000
    middles = (start + (place + 0.5) * width for place in range(2000))
    return sum(exp(-((x - mean) / sd) ** 2 / 2) for x in middles) * width / (sd * sqrt(2 * pi))
"""
within = _maker("within")
WITHIN_VARIANTS = [
    within("right-normal", WITHIN),
    within("right-erf", WITHIN_ERF),
    within("right-scipy", WITHIN_SCIPY),
    within("right-sum", WITHIN_SUM),
    within("low-end-forgotten", WITHIN, ("return upto - below", "return upto"), within_both=2, within_one=1),
    within("share-outside", WITHIN, ("return upto - below", "return 1 - (upto - below)"), within_both=2, within_one=1),
    within("two-shares-multiplied", WITHIN, ("return upto - below", "return upto * (1 - below)"), within_both=2),
    within("two-shares-added", WITHIN, ("return upto - below", "return upto + below"), within_both=2, within_one=1),
    within("percent-for-a-share", WITHIN, ("return upto - below", "return 100 * (upto - below)"), within_both=2, within_one=1),
    within("variance-for-standard-deviation", WITHIN, ("NormalDist(mean, sd)", "NormalDist(mean, sd**0.5)"), within_both=2, within_one=1),
    within("no-low-end-taken-for-zero", WITHIN, ("below = 0 if low is None else bell.cdf(low)", "below = bell.cdf(low or 0)"), within_one=1),
    within("no-high-end-taken-for-zero", WITHIN, ("upto = 1 if high is None else bell.cdf(high)", "upto = bell.cdf(high or 0)"), within_one=1),
    within("open-ends-not-foreseen", WITHIN, ("0 if low is None else ", ""), ("1 if high is None else ", ""), within_one=1),
    within("spread-evenly-over-six-deviations", WITHIN, ("return upto - below", "return min(1, ((high or mean + 3 * sd) - (low or mean - 3 * sd)) / (6 * sd))"), within_both=2, within_one=1),
]  # fmt: skip


# Decide

DECIDE = """
def decide(now, improved, redesigned, extra, months, tolerable):
    break_even = None
    improving = redesigning = 0
    for month in range(1, 1201):
        improving += improved
        redesigning += now + extra if month <= months else redesigned
        if redesigning <= improving:
            break_even = month
            break
    if improved <= tolerable:
        choice = "improve"
    elif redesigned <= tolerable:
        choice = "redesign"
    else:
        choice = "neither"
    return {"break_even": break_even, "choice": choice}
"""
DECIDE_FORMULA = """
def decide(now, improved, redesigned, extra, months, tolerable):
    debt, saved = months * (now + extra - improved), improved - redesigned
    if now + extra <= improved:
        month = 1
    elif saved <= 0 or months - (-debt // saved) > 1200:
        month = None
    else:
        month = months - (-debt // saved)
    fits = [name for name, left in (("improve", improved), ("redesign", redesigned)) if left <= tolerable]
    return {"break_even": month, "choice": (fits + ["neither"])[0]}
"""
DECIDE_NUMPY = """
def decide(now, improved, redesigned, extra, months, tolerable):
    import numpy as np
    month = np.arange(1, 1201)
    other = np.cumsum(np.where(month <= months, now + extra, redesigned))
    done = np.flatnonzero(other <= improved * month)
    choice = np.select([improved <= tolerable, redesigned <= tolerable], ["improve", "redesign"], "neither")
    return {"break_even": int(month[done[0]]) if done.size else None, "choice": str(choice)}
"""
DECIDE_ACCUMULATE = """
def decide(now, improved, redesigned, extra, months, tolerable):
    from itertools import accumulate
    path = [now + extra] * months + [redesigned] * (1200 - months)
    totals = zip(range(1, 1201), accumulate(path), accumulate([improved] * 1200))
    return {
        "break_even": next((month for month, there, here in totals if there <= here), None),
        "choice": "improve" if improved <= tolerable else "redesign" if redesigned <= tolerable else "neither",
    }
"""
decide = _maker("decide")
CHANGEOVER = "redesigning += now + extra if month <= months else redesigned"
DECIDE_VARIANTS = [
    decide("right-loop", DECIDE),
    decide("right-formula", DECIDE_FORMULA),
    decide("right-numpy", DECIDE_NUMPY),
    decide("right-accumulate", DECIDE_ACCUMULATE),
    decide("counted-from-the-end-of-the-change", DECIDE, ("break_even = month\n", "break_even = month - months\n"), decide_month=2),
    decide("counted-from-nought", DECIDE, ("break_even = month\n", "break_even = month - 1\n"), decide_month=2),
    decide("first-better-month-for-break-even", DECIDE, ("redesigning <= improving", "month > months and redesigned < improved"), decide_month=2),
    decide("extra-instead-of-today-and-extra", DECIDE, ("now + extra if", "extra if"), decide_month=2, decide_never=1),
    decide("extra-forgotten", DECIDE, ("now + extra if", "now if"), decide_month=2),
    decide("improving-brings-nothing", DECIDE, ("improving += improved", "improving += now"), decide_month=2, decide_never=1),
    decide("fewer-is-needed-to-break-even", DECIDE, ("redesigning <= improving", "redesigning < improving"), decide_month=2),
    decide("change-a-month-too-long", DECIDE, ("month <= months", "month <= months + 1"), decide_month=2),
    decide("never-given-as-nought", DECIDE, ("break_even = None", "break_even = 0"), decide_never=1),
    decide("never-given-as-the-last-month", DECIDE, ("break_even = None", "break_even = 1200"), decide_never=1),
    decide("fewest-unmet-always-chosen", DECIDE, ("if improved <= tolerable:", "if improved <= tolerable and improved <= redesigned:"), decide_choice=1),
    decide("redesign-whenever-it-breaks-even", DECIDE, ("if improved <= tolerable:", "if break_even is None:"), ("elif redesigned <= tolerable:", "elif True:"), decide_choice=2),
    decide("neither-is-no-answer", DECIDE, ('choice = "neither"', 'choice = "redesign"'), decide_choice=1),
    decide("tolerable-must-be-passed", DECIDE, ("if improved <= tolerable:\n        choice = \"improve\"\n    elif redesigned <= tolerable", "if improved < tolerable:\n        choice = \"improve\"\n    elif redesigned < tolerable"), decide_choice=1),
]  # fmt: skip


# Dossier

ROWS = """part;id;what;serves;detail;weight
project;P1;A night line for carers;;head of community services;
customer;C1;Carers;;asked;
customer;C2;People cared for;;not asked;
customer;C3;Night nurses;;watched;
customer;C4;Out of hours doctors;;asked;
customer;C5;Carers who do not speak English;;spoken for;
need;N1;To know what to do when it gets worse;C1;outcomes;5
need;N2;Not to give the wrong dose;C2;safety;5
need;N3;To be understood in my language;C5;equality;4
need;N4;An answer before I give up;C1;timeliness;4
need;N5;Fewer calls that lead nowhere;C3 C4;efficiency;2
need;N6;Not to feel a nuisance;C1;experience;3
feature;F1;A nurse who can see the care plan;N1 N2 N5;;
feature;F2;An interpreter on the line;N3;;
feature;F3;A greeting that invites;N4 N6;;
step;S1;Answer and read the plan;F1 F3;;
step;S2;Connect the interpreter;F2;;
capability;K1;6 calls in 10 answered within a minute;S1;;
capability;K2;Not known before May;S2;;
control;H1;Calls given up, weekly p chart;S1;night lead;
control;H2;Minutes to an interpreter, each call;S2;night lead;
transfer;T1;Both charts from June;H1 H2;locality manager;
"""
STOPS = 'stops = ["The separate advice line in office hours"]\n'


def dossier(name: str, rows: str, *changes: tuple[str, str], stops: str = STOPS, loses: float = 0) -> Variant:
    return Variant(
        name, "dossier", f'dossier = """\n{changed(rows, *changes)}"""\n{stops}', {"dossier-form": loses}
    )


WIDGET = "\ufeff" + "".join(
    ",".join(f'"{cell}"' if "," in cell else cell for cell in line.split(";")) + "\r\n"
    for line in ROWS.splitlines()
)
"""As the planning spine saves it: commas, quotation marks, a byte order mark."""

DOSSIER_VARIANTS = [
    dossier("right-semicolons", ROWS),
    dossier("right-tabs", ROWS.replace(";", "\t")),
    Variant("right-saved-by-the-widget", "dossier", f"dossier = {WIDGET!r}\n{STOPS}", {}),
    dossier("right-capitals-and-spaces", ROWS.replace(";asked;", "; Asked ;").replace("customer;", " Customer;")),
    dossier("no-row-of-transfer", ROWS, ("transfer;T1;Both charts from June;H1 H2;locality manager;\n", ""), loses=2),
    dossier("four-customers", ROWS, ("customer;C4;Out of hours doctors;;asked;\n", ""), ("C3 C4", "C3"), loses=2),
    dossier("a-kind-of-need-missing", ROWS, ("C5;equality", "C5;experience"), loses=2),
    dossier("one-wording-throughout", "\n".join(line if place == 0 else ";".join([*line.split(";")[:2], "text", *line.split(";")[3:]]) for place, line in enumerate(ROWS.splitlines())), loses=2),
    dossier("nothing-stops", ROWS, stops="stops = []\n", loses=2),
    dossier("stop-in-a-word", ROWS, stops='stops = ["Nothing"]\n', loses=2),
    dossier("link-to-nothing", ROWS, ("capability;K2;Not known before May;S2", "capability;K2;Not known before May;S9"), loses=2),
    dossier("heading-row-left-out", ROWS.partition("\n")[2], loses=2),
    dossier("control-without-owner", ROWS, ("each call;S2;night lead", "each call;S2;"), loses=1),
    dossier("unserved-need", ROWS, ("N4 N6", "N4"), loses=1),
    dossier("feature-without-need", ROWS, ("feature;F2;", "feature;F4;A new logo;;;\nfeature;F2;"), loses=1),
    dossier("step-without-capability", ROWS, ("capability;K2;Not known before May;S2;;\n", ""), loses=1),
]  # fmt: skip


VARIANTS = {
    "labels": LABEL_VARIANTS,
    "voices": VOICE_VARIANTS,
    "orphans": ORPHAN_VARIANTS,
    "first-gap": GAP_VARIANTS,
    "priorities": PRIORITY_VARIANTS,
    "capability": CAPABILITY_VARIANTS,
    "within": WITHIN_VARIANTS,
    "decide": DECIDE_VARIANTS,
    "dossier": DOSSIER_VARIANTS,
}
ALL = [variant for variants in VARIANTS.values() for variant in variants]
