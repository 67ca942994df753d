"""Answer variants for exercise E10: right answers written differently, and named misconceptions with what each loses.

No item's tests use the answer to another, so one submission carries one variant of every item.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from variants_e02 import changed

ITEMS = {
    "gate": {"gate-seen": 2, "gate-few": 1, "gate-special": 2, "gate-aim": 3, "gate-people": 2},
    "broken-links": {
        "link-missing": 2, "link-standard": 1, "link-frequency": 2, "link-owner": 2, "link-rule": 2, "link-people": 2,
    },
    "loop-odds": {"odds-false": 2, "odds-wait": 2, "odds-sensor": 2},
    "looking": {"looking-sorted": 4},
    "bill": {"bill-made": 1, "bill-through": 1, "bill-cost": 2, "bill-break-even": 2},
    "plan": {"plan-form": 2},
}  # fmt: skip
"""The points that each item's outcomes can earn, by the item's answer cell."""

FULL = {outcome: points for outcomes in ITEMS.values() for outcome, points in outcomes.items()}
BY_HAND = {"memo": 15, "plan-read": 18}
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


# The gate

GATE = """
def gate(values, aim, lower=None, upper=None):
    met = 0
    for value in values:
        if lower is not None and value < lower:
            continue
        if upper is not None and value > upper:
            continue
        met += 1
    n = len(values)
    share = met / n
    low = wilson_interval(met, n).low
    actions = ["keep monitoring", "keep rescuing people"]
    if n < 20:
        decision = "count more"
    elif four_rules(values):
        decision = "find the special cause"
    elif low >= aim:
        decision = "hold"
    else:
        decision = "redesign"
    actions.append(decision)
    return {"share": share, "low": low, "decision": decision, "actions": actions}
"""
GATE_OWN_WILSON = """
def gate(values, aim, lower=float("-inf"), upper=float("inf")):
    lower = float("-inf") if lower is None else lower
    upper = float("inf") if upper is None else upper
    n, z = len(values), 1.96
    p = sum(lower <= value <= upper for value in values) / n
    low = (2 * n * p + z**2 - z * (z**2 + 4 * n * p * (1 - p)) ** 0.5) / (2 * (n + z**2))
    rows = [(n < 20, "count more"), (n >= 20 and four_rules(values), "find the special cause"), (low >= aim, "hold"), (True, "redesign")]
    decision = next(word for fits, word in rows if fits)
    return dict(share=p, low=low, decision=decision, actions=(decision, "keep rescuing people", "keep monitoring"))
"""
GATE_NUMPY = """
def gate(values, aim, lower=None, upper=None):
    import numpy as np
    x = np.asarray(values, dtype=float)
    ok = np.ones(x.size, dtype=bool)
    if lower is not None:
        ok &= x >= lower
    if upper is not None:
        ok &= x <= upper
    low = wilson_interval(int(ok.sum()), x.size).low
    met = np.where(low >= aim, "hold", "redesign").item()
    decision = "count more" if x.size < 20 else "find the special cause" if four_rules(list(x)) else met
    return {"share": ok.mean(), "low": low, "decision": decision, "actions": {"keep monitoring", "keep rescuing people", decision}}
"""
GATE_PANDAS = """
def gate(values, aim, lower=None, upper=None):
    import pandas as pd
    series = pd.Series(values, dtype=float)
    inside = series.between(series.min() if lower is None else lower, series.max() if upper is None else upper)
    seen = {"share": inside.mean(), "low": wilson_interval(int(inside.sum()), len(inside)).low}
    def decide():
        if len(series) <= 19:
            return "count more"
        if four_rules(series.tolist()):
            return "find the special cause"
        return ("redesign", "hold")[seen["low"] >= aim]
    decision = decide()
    return seen | {"decision": decision, "actions": ["keep monitoring", "keep rescuing people"] + [decision]}
"""
RULES_ASKED = '    elif four_rules(values):\n        decision = "find the special cause"\n'
AIM_MET = '    elif low >= aim:\n        decision = "hold"\n'
gate = _maker("gate")
GATES = [
    gate("right-loop", GATE),
    gate("right-own-wilson", GATE_OWN_WILSON),
    gate("right-numpy", GATE_NUMPY),
    gate("right-pandas", GATE_PANDAS),
    gate("share-reaches-the-aim", GATE, ("elif low >= aim", "elif share >= aim"), gate_aim=2),
    gate("mean-meets-the-need", GATE, ("elif low >= aim", "elif (lower is None or sum(values) / n >= lower) and (upper is None or sum(values) / n <= upper)"), gate_aim=3),
    gate("every-value-must-meet-the-need", GATE, ("elif low >= aim", "elif met == n"), gate_aim=3),
    gate("natural-limits-for-the-aim", GATE, ("    if n < 20", "    reach = 2.66 * sum(abs(b - a) for a, b in zip(values, values[1:])) / max(1, n - 1)\n    bottom, top = sum(values) / n - reach, sum(values) / n + reach\n    if n < 20"), ("elif low >= aim", "elif (lower is None or bottom >= lower) and (upper is None or top <= upper)"), gate_aim=3),
    gate("normal-interval-for-wilson", GATE, ("wilson_interval(met, n).low", "share - 1.96 * (share * (1 - share) / n) ** 0.5"), gate_seen=1, gate_aim=2),
    gate("high-end-for-the-low", GATE, ("wilson_interval(met, n).low", "wilson_interval(met, n).high"), gate_seen=1, gate_aim=3),
    gate("need-not-met-on-its-limit", GATE, ("value < lower", "value <= lower"), ("value > upper", "value >= upper"), gate_seen=1),
    gate("lower-end-ignored", GATE, ("        if lower is not None and value < lower:\n            continue\n", ""), gate_seen=1, gate_aim=2),
    gate("nothing-shown-when-refusing", GATE, ("    actions.append(decision)", "    if decision in ('count more', 'find the special cause'):\n        share = low = None\n    actions.append(decision)"), gate_seen=2),
    gate("thirteen-are-enough", GATE, ("n < 20", "n < 13"), gate_few=1),
    gate("twenty-are-too-few", GATE, ("n < 20", "n <= 20"), gate_few=1),
    gate("capable-before-predictable", GATE, (RULES_ASKED + AIM_MET, AIM_MET + RULES_ASKED), gate_special=1),
    gate("special-cause-only-a-reason-to-redesign", GATE, (RULES_ASKED, ""), gate_special=2),
    gate("special-cause-before-counting", GATE, ("if n < 20:\n        decision = \"count more\"\n    elif four_rules(values):\n        decision = \"find the special cause\"", "if four_rules(values):\n        decision = \"find the special cause\"\n    elif n < 20:\n        decision = \"count more\""), gate_few=1),
    gate("looking-stops-when-the-aim-is-met", GATE, ("    actions.append(decision)", "    if decision == 'hold':\n        actions = actions[1:]\n    actions.append(decision)"), gate_people=1),
    gate("rescue-only-until-the-redesign", GATE, ("    actions.append(decision)", "    if decision == 'redesign':\n        actions = actions[:1]\n    actions.append(decision)"), gate_people=1),
    gate("looking-stops-and-says-so", GATE, ("    actions.append(decision)", "    if decision == 'redesign':\n        actions = ['stop monitoring', 'keep rescuing people']\n    actions.append(decision)"), gate_people=2),
    gate("tighten-until-redesigned", GATE, ("    actions.append(decision)", "    actions.append(decision)\n    if decision == 'redesign':\n        actions.append('tighten')"), gate_people=1),
    gate("decision-left-out-of-the-actions", GATE, ("    actions.append(decision)\n", ""), gate_people=1),
]  # fmt: skip


# Broken links

LINKS = """
def broken_links(loop):
    names = ["subject", "unit", "standard", "sensor", "frequency", "owner", "rule", "response", "escalation"]
    broken = []
    def empty(piece):
        return piece is None or (type(piece) is str and piece.strip() == "")
    def plain(text):
        return text.strip().lower()
    for name in names:
        if name not in loop or empty(loop[name]):
            broken.append(name)
    if "standard" not in broken:
        number, unit = loop["standard"]
        if number is None:
            broken.append("standard")
        elif "unit" not in broken and plain(unit) != plain(loop["unit"]):
            broken.append("standard")
    hours = None
    if "response" not in broken:
        text, hours = loop["response"]
        if empty(text) or hours is None or hours <= 0:
            broken.append("response")
    if "frequency" not in broken:
        often = loop["frequency"]
        if often <= 0:
            broken.append("frequency")
        elif hours is not None and hours > 0 and often > hours:
            broken.append("frequency")
    if "owner" not in broken:
        owner = " " + plain(loop["owner"]) + " "
        for nobody in NOBODY:
            if " " + nobody + " " in owner and "owner" not in broken:
                broken.append("owner")
    if "rule" not in broken:
        rule = loop["rule"]
        if not isinstance(rule, dict):
            broken.append("rule")
        elif empty(rule.get("special")) or empty(rule.get("common")):
            broken.append("rule")
        elif plain(rule["special"]) == plain(rule["common"]):
            broken.append("rule")
    if "escalation" not in broken and not empty(loop.get("owner")):
        if plain(loop["escalation"]) == plain(loop["owner"]):
            broken.append("escalation")
    return broken
"""
LINKS_RULEBOOK = """
def broken_links(loop):
    import re
    def text(piece):
        return str(piece).strip().casefold() if piece is not None else ""
    def pair(piece):
        return piece if isinstance(piece, (tuple, list)) else (None, None)
    number, unit = pair(loop.get("standard"))
    what, hours = pair(loop.get("response"))
    hours = hours if hours is not None and hours > 0 else 0
    often = loop.get("frequency")
    rule = loop.get("rule")
    causes = {text(rule.get(kind)) for kind in ("special", "common")} if isinstance(rule, dict) else set()
    owner = text(loop.get("owner"))
    nobody = re.search(r"(?<!\\S)(" + "|".join(map(re.escape, NOBODY)) + r")(?!\\S)", owner)
    breaks = {
        "subject": not text(loop.get("subject")), "unit": not text(loop.get("unit")), "sensor": not text(loop.get("sensor")),
        "standard": number is None or (text(loop.get("unit")) and text(unit) != text(loop["unit"])),
        "frequency": often is None or often <= 0 or (hours and often > hours),
        "owner": not owner or nobody,
        "rule": len(causes) < 2 or "" in causes,
        "response": not text(what) or not hours,
        "escalation": text(loop.get("escalation")) in ("", owner),
    }
    return {name for name, is_broken in breaks.items() if is_broken}
"""
LINKS_EXCEPTIONS = """
def broken_links(loop):
    found = []
    def words(piece):
        piece = piece.strip().lower()
        assert piece
        return piece
    def differ(name, other):
        mine = words(loop[name])
        try:
            theirs = words(loop[other])
        except Exception:
            return
        assert mine != theirs
    def standard():
        number, unit = loop["standard"]
        number + 0
        try:
            needed = words(loop["unit"])
        except Exception:
            return
        assert words(unit) == needed
    def response():
        what, hours = loop["response"]
        assert words(what) and hours > 0
    def frequency():
        assert loop["frequency"] > 0
        try:
            response()
        except Exception:
            return
        assert loop["frequency"] <= loop["response"][1]
    def owner():
        parts = words(loop["owner"]).split()
        for name in NOBODY:
            piece = name.split()
            assert not any(parts[i:i + len(piece)] == piece for i in range(len(parts)))
    def rule():
        assert words(loop["rule"]["special"]) != words(loop["rule"]["common"])
    asks = {"standard": standard, "response": response, "frequency": frequency, "owner": owner, "rule": rule}
    asks["escalation"] = lambda: differ("escalation", "owner")
    for name in ("subject", "unit", "sensor"):
        asks[name] = lambda name=name: words(loop[name])
    for name, ask in asks.items():
        try:
            ask()
        except Exception:
            found.append(name)
    return found
"""
LINKS_PANDAS = """
def broken_links(loop):
    import pandas as pd
    links = "subject unit standard sensor frequency owner rule response escalation".split()
    table = pd.Series({link: loop.get(link) for link in links}, dtype=object)
    tidy = table.map(lambda piece: piece.strip().lower() if isinstance(piece, str) else piece)
    bad = tidy.map(lambda piece: piece is None or piece == "")
    def tidied(piece):
        return (piece or "").strip().lower()
    if not bad["standard"]:
        bad["standard"] = tidy["standard"][0] is None or (not bad["unit"] and tidied(tidy["standard"][1]) != tidy["unit"])
    within = float("inf")
    if not bad["response"]:
        hours = tidy["response"][1]
        if hours is not None and hours > 0:
            within = hours
        bad["response"] = within == float("inf") or not tidied(tidy["response"][0])
    bad["frequency"] = bad["frequency"] or not 0 < tidy["frequency"] <= within
    bad["owner"] = bad["owner"] or any(f" {name} " in f" {tidy['owner']} " for name in NOBODY)
    if not bad["rule"]:
        asked = [tidied(tidy["rule"].get(kind)) for kind in ("special", "common")] if isinstance(tidy["rule"], dict) else ["", ""]
        bad["rule"] = asked[0] == asked[1] or not all(asked)
    bad["escalation"] = bad["escalation"] or tidy["escalation"] == tidy["owner"]
    return list(bad[bad.astype(bool)].index)
"""
ONLY_EMPTY = LINKS.partition('    if "standard" not in broken')[0] + "    return broken\n"
links = _maker("broken-links")
LINK_VARIANTS = [
    links("right-one-by-one", LINKS),
    links("right-rulebook", LINKS_RULEBOOK),
    links("right-exceptions", LINKS_EXCEPTIONS),
    links("right-pandas", LINKS_PANDAS),
    links("only-empty-boxes-are-broken", ONLY_EMPTY, link_standard=1, link_frequency=2, link_owner=2, link_rule=2, link_people=2),
    links("spaces-count-as-filled", LINKS, ('piece.strip() == ""', 'piece == ""'), link_missing=1, link_rule=1, link_people=1),
    links("link-that-is-not-there-stops-it", LINKS, ("name not in loop or empty(loop[name])", "empty(loop[name])"), link_missing=1),
    links("none-is-no-empty-box", LINKS, ("return piece is None or", "return"), link_missing=1, link_rule=1, link_people=1, link_frequency=1),
    links("nought-is-no-standard", LINKS, ("if number is None:", "if not number:"), link_standard=1),
    links("standard-without-its-unit", LINKS, ('        elif "unit" not in broken and plain(unit) != plain(loop["unit"]):\n            broken.append("standard")\n', ""), link_standard=1),
    links("capitals-make-another-word", LINKS, ("return text.strip().lower()", "return text.strip()"), link_standard=1, link_owner=1, link_rule=1, link_people=1),
    links("as-often-as-needed-is-too-rare", LINKS, ("often > hours", "often >= hours"), link_frequency=1),
    links("any-frequency-will-do", LINKS, ("often > hours", "False"), link_frequency=1),
    links("more-often-than-needed-is-broken", LINKS, ("often > hours", "often < hours"), link_frequency=1, link_missing=2),
    links("frequency-of-nought-is-often", LINKS, ("if often <= 0:", "if often is None:"), link_frequency=1),
    links("committee-owns", LINKS, ('if " " + nobody + " " in owner and', "if nobody == 'all staff' and nobody in owner and"), link_owner=1),
    links("dashboards-are-boards", LINKS, ('" " + nobody + " " in owner', "nobody in owner"), link_owner=1),
    links("only-the-bare-word-is-nobody", LINKS, ('" " + nobody + " " in owner', "nobody == owner.strip()"), link_owner=1),
    links("only-names-are-somebody", LINKS, ('if " " + nobody + " " in owner and', "if"), link_owner=2, link_missing=2),
    links("any-rule-is-a-rule", LINKS, ('        if not isinstance(rule, dict):\n            broken.append("rule")\n        elif', "        if not isinstance(rule, dict):\n            pass\n        elif"), link_rule=1),
    links("one-kind-of-cause-is-enough", LINKS, ('empty(rule.get("special")) or empty(rule.get("common"))', 'empty(rule.get("special")) and empty(rule.get("common"))'), ('plain(rule["special"]) == plain(rule["common"])', 'plain(rule.get("special") or "") == plain(rule.get("common") or "")'), link_rule=1),
    links("same-answer-to-both-causes", LINKS, ('        elif plain(rule["special"]) == plain(rule["common"]):\n            broken.append("rule")\n', ""), link_rule=1),
    links("response-any-time", LINKS, ("empty(text) or hours is None or hours <= 0", "empty(text)"), link_people=1),
    links("owner-escalates-to-the-owner", LINKS, ('plain(loop["escalation"]) == plain(loop["owner"])', "False"), link_people=1),
    links("deputies-are-the-owner", LINKS, ('plain(loop["escalation"]) == plain(loop["owner"])', 'plain(loop["owner"]) in plain(loop["escalation"])'), link_people=1),
]  # fmt: skip


# False calls and late ones

ODDS = """
def loop_odds(every, delay, limit, size, replicates):
    from math import erfc, sqrt
    wolf = erfc(limit / sqrt(2)) / 2
    seen = erfc((limit - size) / sqrt(2)) / 2
    false = (365 // every) * wolf
    first = (every - 1) / 2
    wait = first + every * (1 - seen) / seen + delay
    return {"false": false, "wait": wait}
"""
ODDS_SIMULATED = """
def loop_odds(every, delay, limit, size, replicates):
    import random
    calls = 0
    days = 0
    for _ in range(replicates):
        for day in range(every, 366, every):
            calls += random.gauss(0, 1) > limit
        day = random.randrange(every)
        while random.gauss(size, 1) <= limit:
            day += every
        days += day + delay
    return {"false": calls / replicates, "wait": days / replicates}
"""
ODDS_NUMPY = """
def loop_odds(every, delay, limit, size, replicates):
    import numpy as np
    draw = np.random.default_rng()
    years = draw.standard_normal((replicates, 365))
    false = (years[:, every - 1 :: every] > limit).sum(axis=1)
    start = draw.integers(0, every, replicates)
    seen = (size + draw.standard_normal(200_000) > limit).mean()
    missed = draw.geometric(seen, replicates) - 1
    return {"false": false.mean(), "wait": np.mean(start + every * missed) + delay}
"""
ODDS_SCIPY = """
def loop_odds(every, delay, limit, size, replicates):
    import scipy.stats as st
    seen = st.norm.sf(limit, loc=size)
    first = sum(range(every)) / every
    return dict(false=365 / every * st.norm.sf(limit), wait=first + every * (st.geom.mean(seen) - 1) + delay)
"""
ODDS_DAYS = """
def loop_odds(every, delay, limit, size, replicates):
    import random
    waits = []
    for _ in range(replicates):
        start = random.randint(1, every)
        day = start
        while True:
            if day % every == 0 and random.gauss(0, 1) + size > limit:
                break
            day += 1
        waits.append(day + delay - start)
    year = [random.normalvariate(0, 1) > limit for _ in range(replicates * (365 // every))]
    return {"false": sum(year) / replicates, "wait": sum(waits) / len(waits)}
"""
odds = _maker("loop-odds")
ODDS_VARIANTS = [
    odds("right-formula", ODDS),
    odds("right-simulation", ODDS_SIMULATED),
    odds("right-numpy", ODDS_NUMPY),
    odds("right-scipy", ODDS_SCIPY),
    odds("right-day-by-day", ODDS_DAYS),
    odds("both-sides-call", ODDS, ("wolf = erfc(limit / sqrt(2)) / 2", "wolf = erfc(limit / sqrt(2))"), odds_false=2),
    odds("a-reading-every-day-whatever-the-frequency", ODDS, ("(365 // every)", "365"), odds_false=1),
    odds("below-the-limit-calls", ODDS, ("wolf = erfc(limit / sqrt(2)) / 2", "wolf = 1 - erfc(limit / sqrt(2)) / 2"), odds_false=2),
    odds("false-calls-a-month", ODDS, ("(365 // every)", "(365 / every / 12)"), odds_false=2),
    odds("false-calls-in-a-year-of-trouble", ODDS, ("(365 // every) * wolf", "(365 // every) * seen"), odds_false=2),
    odds("first-reading-always-sees-it", ODDS, ("every * (1 - seen) / seen", "0"), odds_wait=2, odds_sensor=2),
    odds("first-day-counts-as-one", ODDS, ("every * (1 - seen) / seen", "every / seen"), odds_wait=2, odds_sensor=2),
    odds("trouble-no-easier-to-see", ODDS, ("erfc((limit - size) / sqrt(2)) / 2", "wolf"), odds_wait=2, odds_sensor=2),
    odds("starts-on-a-day-of-reading", ODDS, ("first = (every - 1) / 2", "first = 0"), odds_sensor=1),
    odds("starts-just-after-a-reading", ODDS, ("first = (every - 1) / 2", "first = every - 1"), odds_sensor=1),
    odds("next-reading-comes-tomorrow", ODDS, ("every * (1 - seen) / seen", "(1 - seen) / seen"), odds_sensor=1),
    odds("report-comes-at-once", ODDS, (" + delay", ""), odds_sensor=1),
    odds("delay-instead-of-waiting", ODDS, ("wait = first + every * (1 - seen) / seen + delay", "wait = delay or first + every * (1 - seen) / seen"), odds_sensor=1),
    odds("delay-again-for-each-missed-reading", ODDS, ("+ delay", "+ delay / seen"), odds_sensor=1),
]  # fmt: skip


# Twelve kinds of looking

LOOKING = """
looking = {
    "a": "control", "b": "inspection", "c": "assurance", "d": "improvement", "e": "control", "f": "inspection",
    "g": "assurance", "h": "improvement", "i": "inspection", "j": "control", "k": "assurance", "l": "improvement",
}
"""
LOOKING_GROUPS = """
groups = {"control": "aej", "inspection": "bfi", "assurance": "cgk", "improvement": "dhl"}
looking = {letter: word for word, letters in groups.items() for letter in letters}
"""
LOOKING_SPACED = """
looking = dict(zip("abcdefghijkl", " Control, inspection , assurance, improvement, control, inspection, Assurance, improvement, inspection, control, assurance, improvement".split(",")))
"""
LOOKING_ONE_BY_ONE = """
looking = {}
for letter in "abcdefghijkl":
    looking[letter] = "inspection"
    if letter in "aej":
        looking[letter] = "control"
    elif letter in "cgk":
        looking[letter] = "assurance"
    elif letter in ("d", "h", "l"):
        looking[letter] = "improvement"
"""
looking = _maker("looking")
LOOKING_VARIANTS = [
    looking("right-typed", LOOKING),
    looking("right-groups", LOOKING_GROUPS),
    looking("right-spaces-and-capitals", LOOKING_SPACED),
    looking("right-one-by-one", LOOKING_ONE_BY_ONE),
    looking("audit-is-control", LOOKING, ('"c": "assurance"', '"c": "control"'), ('"k": "assurance"', '"k": "control"'), looking_sorted=4 / 3),
    looking("regulators-inspect", LOOKING, ('"g": "assurance"', '"g": "inspection"'), looking_sorted=2 / 3),
    looking("checking-before-it-goes-is-control", LOOKING, ('"b": "inspection"', '"b": "control"'), ('"f": "inspection"', '"f": "control"'), ('"i": "inspection"', '"i": "control"'), looking_sorted=2),
    looking("checking-before-it-goes-is-assurance", LOOKING, ('"b": "inspection"', '"b": "assurance"'), ('"f": "inspection"', '"f": "assurance"'), ('"i": "inspection"', '"i": "assurance"'), looking_sorted=2),
    looking("putting-right-is-improvement", LOOKING, ('"a": "control"', '"a": "improvement"'), ('"e": "control"', '"e": "improvement"'), ('"j": "control"', '"j": "improvement"'), looking_sorted=2),
    looking("charts-are-control", LOOKING, ('"l": "improvement"', '"l": "control"'), looking_sorted=2 / 3),
    looking("looking-at-yesterday-is-assurance", LOOKING, ('"a": "control"', '"a": "assurance"'), looking_sorted=2 / 3),
    looking("anything-that-finds-faults-is-inspection", LOOKING, ('"c": "assurance"', '"c": "inspection"'), ('"g": "assurance"', '"g": "inspection"'), ('"k": "assurance"', '"k": "inspection"'), looking_sorted=2),
    looking("improvement-left-out", LOOKING, ('"d": "improvement"', '"d": ""'), ('"h": "improvement"', '"h": ""'), ('"l": "improvement"', '"l": ""'), looking_sorted=1),
    looking("everything-is-control", 'looking = dict.fromkeys("abcdefghijkl", "control")', looking_sorted=4),
]  # fmt: skip


# The bill

BILL = """
def bill(items, rate, share, detection, check, correct, harm, prevented=0, prevention=0):
    made = items * rate
    made = made * (1 - prevented)
    found = made * share * detection
    through = made - found
    checking = items * share * check
    righting = found * correct
    harming = through * harm
    cost = checking + righting + harming + prevention
    if harm <= correct or detection == 0:
        break_even = None
    else:
        break_even = check / (detection * (harm - correct))
    return {"made": made, "through": through, "cost": cost, "break_even": break_even}
"""
BILL_ONE_LINE = """
def bill(items, rate, share, detection, check, correct, harm, prevented=0, prevention=0):
    wrong = items * rate * (1 - prevented)
    past = wrong * (1 - share * detection)
    even = None if not detection or correct >= harm else check / detection / (harm - correct)
    return dict(made=wrong, through=past, cost=items * share * check + (wrong - past) * correct + past * harm + prevention, break_even=even)
"""
BILL_NUMPY = """
def bill(items, rate, share, detection, check, correct, harm, prevented=0, prevention=0):
    import numpy as np
    made = items * rate - items * rate * prevented
    parts = made * np.array([share * detection, share * (1 - detection), 1 - share])
    cost = parts @ np.array([correct, harm, harm]) + items * share * check + prevention
    saved = detection * (harm - correct)
    return {"made": made, "through": parts[1:].sum(), "cost": float(cost), "break_even": check / saved if saved > 0 else None}
"""
BILL_TWO_MONTHS = """
def bill(items, rate, share, detection, check, correct, harm, prevented=0, prevention=0):
    def pounds(rate, share):
        through = items * rate * (1 - share * detection)
        return items * share * check + (items * rate - through) * correct + through * harm
    left = rate * (1 - prevented)
    dearer = pounds(0, 1) - pounds(0, 0)
    saved = (pounds(1, 0) - pounds(1, 1)) + dearer
    return {
        "made": items * left, "through": items * left * (1 - share * detection), "cost": pounds(left, share) + prevention,
        "break_even": dearer / saved if saved > 1e-9 else None,
    }
"""
bill = _maker("bill")
BILLS = [
    bill("right-step-by-step", BILL),
    bill("right-in-one-line", BILL_ONE_LINE),
    bill("right-numpy", BILL_NUMPY),
    bill("right-two-months-compared", BILL_TWO_MONTHS),
    bill("checking-makes-fewer-mistakes", BILL, ('"made": made', '"made": through'), bill_made=1),
    bill("prevention-changes-nothing", BILL, ("made * (1 - prevented)", "made"), bill_made=1, bill_through=1, bill_cost=2),
    bill("prevented-of-all-letters", BILL, ("made = made * (1 - prevented)", "made = made - prevented"), bill_made=1, bill_through=1, bill_cost=2),
    bill("every-check-finds-it", BILL, ("made * share * detection", "made * share"), bill_through=1, bill_cost=2),
    bill("all-letters-checked", BILL, ("made * share * detection", "made * detection"), bill_through=1, bill_cost=2),
    bill("found-for-through", BILL, ('"through": through', '"through": found'), bill_through=1),
    bill("only-mistakes-cost-a-check", BILL, ("checking = items * share * check", "checking = made * share * check"), bill_cost=2),
    bill("letters-not-checked-paid-for", BILL, ("checking = items * share * check", "checking = items * check"), bill_cost=2),
    bill("putting-right-is-free", BILL, ("checking + righting + harming", "checking + harming"), bill_cost=2),
    bill("harm-of-all-made", BILL, ("harming = through * harm", "harming = made * harm"), bill_cost=2),
    bill("prevention-is-free", BILL, (" + harming + prevention", " + harming"), bill_cost=2),
    bill("perfect-check-for-break-even", BILL, ("check / (detection * (harm - correct))", "check / (harm - correct)"), bill_break_even=1),
    bill("free-correction-for-break-even", BILL, ("check / (detection * (harm - correct))", "check / (detection * harm)"), bill_break_even=1),
    bill("break-even-as-a-number-of-letters", BILL, ("check / (detection * (harm - correct))", "items * check / (detection * (harm - correct))"), bill_break_even=1),
    bill("never-pays-called-nought", BILL, ("break_even = None", "break_even = 0"), bill_break_even=1),
    bill("checking-always-pays-somewhere", BILL, ("    if harm <= correct or detection == 0:", "    if detection == 0:"), ("check / (detection * (harm - correct))", "check / (detection * ((harm - correct) or 1e-9))"), bill_break_even=1),
]  # fmt: skip


# The form: completeness only, so a right answer is a full one and a misconception is a box that is not filled

PLAN = """
plan = {
    "subject": "days until somebody speaks to a person who was referred",
    "unit": "days",
    "standard": (2, "days"),
    "sensor": "the referral record",
    "frequency": 24,
    "owner": "nurse on duty",
    "rule": {"special": "ask what is different", "common": "leave single days alone"},
    "response": ("ring the person", 24),
    "escalation": "manager on call",
    "capability": "14 days so far, too few to say",
}
"""
PLAN_AMBULANCE = """
plan = dict(subject="minutes until a caller is rung back", unit="Minutes", standard=[0, "minutes "], sensor="the call log", frequency=0.25)
plan |= dict(owner="clinical lead in the room", rule=dict(special="open a second desk", common="bring it to May's redesign"))
plan.update(response=["ring the longest first", 0.5], escalation="duty director", capability="not predictable since the move")
"""
PLAN_FROM_ROWS = """
rows = [("subject", "urgent referrals not seen in two days"), ("sensor", "the visit diary"), ("owner", "dashboard nurse"),
        ("escalation", "locality manager"), ("capability", "88 of 96 months, holds its aim"), ("unit", "per cent")]
plan = dict(rows)
plan["standard"] = (10.5, "per cent")
plan["frequency"], plan["response"] = 8, ("visit today", 8)
plan["rule"] = {"common": "no questions asked", "special": "ask what changed"}
"""
PLAN_LIST = """
plan = {"unit": "children", "standard": (40, "CHILDREN"), "frequency": 168, "response": ("offer another area", 336)}
for line in "subject: weeks to a first assessment/sensor: the shared waiting list/owner: access lead/escalation: chief nurse/capability: predictable, misses its aim".split("/"):
    link, text = line.split(": ")
    plan[link] = text
plan["rule"] = {"special": "ring the area", "common": "redesign of referral"}
"""
plan = _maker("plan")
PLANS = [
    plan("right-mental-health", PLAN),
    plan("right-ambulance", PLAN_AMBULANCE),
    plan("right-community", PLAN_FROM_ROWS),
    plan("right-system", PLAN_LIST),
    plan("every-box-the-same", """
        word = "as appropriate"
        plan = {name: word for name in ("subject", "unit", "sensor", "owner", "escalation", "capability")}
        plan |= {"standard": (1, word), "frequency": 1, "rule": {"special": word, "common": word}, "response": (word, 1)}
    """.replace("\n        ", "\n"), plan_form=2),
    plan("an-x-in-every-box", PLAN.replace('"nurse on duty"', '"x"'), plan_form=2),
    plan("capability-left-out", PLAN, ('"14 days so far, too few to say"', '""'), plan_form=2),
    plan("rule-in-one-piece", PLAN, ('{"special": "ask what is different", "common": "leave single days alone"}', '"explain every breach"'), plan_form=2),
    plan("no-number-in-the-standard", PLAN, ('(2, "days")', '("soon", "days")'), plan_form=2),
    plan("owner-escalates-to-the-owner", PLAN, ('"manager on call"', '"Nurse on duty"'), plan_form=2),
    plan("response-without-hours", PLAN, ('("ring the person", 24)', '("ring the person", None)'), plan_form=2),
    plan("committee-owns", PLAN, ('"nurse on duty"', '"access committee"'), plan_form=1),
    plan("standard-in-another-unit", PLAN, ('(2, "days")', '(2, "weeks")'), plan_form=1),
    plan("read-too-rarely", PLAN, ('"frequency": 24', '"frequency": 168'), plan_form=1),
]  # fmt: skip

VARIANTS: dict[str, list[Variant]] = {
    "gate": GATES,
    "broken-links": LINK_VARIANTS,
    "loop-odds": ODDS_VARIANTS,
    "looking": LOOKING_VARIANTS,
    "bill": BILLS,
    "plan": PLANS,
}
ALL = [variant for variants in VARIANTS.values() for variant in variants]
