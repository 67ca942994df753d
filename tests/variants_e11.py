"""Answer variants for exercise E11: right answers written differently, and named misconceptions with what each loses.

No item's tests use the answer to another, so one submission carries one variant of every item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from variants_e02 import changed

ITEMS = {
    "seen": {"seen-one": 2, "seen-more": 1},
    "simulate": {"sim-share": 2, "sim-replicates": 1, "sim-needed": 2},
    "ramp": {"ramp-harmed": 2, "ramp-flawed": 2, "ramp-seen": 1},
    "plan": {"plan-list": 1, "plan-safe": 2, "plan-none": 2},
    "allowed": {"allowed-low": 1, "allowed-high": 1, "allowed-edges": 1},
    "change": {"change-median": 1, "change-signal": 2, "change-claim": 3},
    "worst": {"worst-change": 2, "worst-seed": 1},
    "few": {"few-cut": 1, "few-other": 1},
    "a3": {"a3-causes": 1, "a3-countermeasures": 2, "a3-order": 1, "a3-results": 2},
    "log": {"log-form": 2},
    "page": {"page-aim": 1, "page-links": 1},
}
"""The points that each item's outcomes can earn, by the item's answer cell."""

FULL = {outcome: points for outcomes in ITEMS.values() for outcome, points in outcomes.items()}
BY_HAND = {"log-read": 18}
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


# The chance that a flaw shows

SEEN = """
def chance_seen(rate, n, stop_at=1):
    from math import comb
    if stop_at > n:
        return 0.0
    total = 0.0
    for k in range(stop_at, n + 1):
        total += comb(n, k) * rate**k * (1 - rate) ** (n - k)
    return total
"""
SEEN_SCIPY = """
def chance_seen(rate, n, stop_at=1):
    from scipy.stats import binom
    return float(binom.sf(stop_at - 1, n, rate))
"""
SEEN_PEOPLE = """
def chance_seen(rate, n, stop_at=1):
    harmed = [1.0] + [0.0] * n
    for _ in range(n):
        harmed = [
            harmed[k] * (1 - rate) + (harmed[k - 1] * rate if k else 0.0) for k in range(n + 1)
        ]
    return sum(harmed[stop_at:])
"""
SEEN_RECURSIVE = """
def chance_seen(rate, n, stop_at=1):
    if stop_at <= 0:
        return 1.0
    if n < stop_at:
        return 0.0
    if stop_at == 1:
        return 1 - (1 - rate) ** n
    known = {}
    def at_least(people, harms):
        if harms == 0:
            return 1.0
        if people < harms:
            return 0.0
        if (people, harms) not in known:
            known[people, harms] = rate * at_least(people - 1, harms - 1) + (1 - rate) * at_least(people - 1, harms)
        return known[people, harms]
    return at_least(n, stop_at)
"""
seen = _maker("seen")
SEEN_VARIANTS = [
    seen("right-sum", SEEN),
    seen("right-scipy", SEEN_SCIPY),
    seen("right-person-by-person", SEEN_PEOPLE),
    seen("right-recursive", SEEN_RECURSIVE),
    seen("chances-added", SEEN, ("return total", "return min(1, n * rate)"), seen_one=2, seen_more=1),
    seen("chance-of-silence", SEEN, ("return total", "return 1 - total"), seen_one=2, seen_more=1),
    seen("everybody-harmed", SEEN, ("return total", "return rate**n"), seen_one=2, seen_more=1),
    seen("exactly-so-many", SEEN, ("range(stop_at, n + 1)", "range(stop_at, stop_at + 1)"), seen_one=2, seen_more=1),
    seen("more-than-so-many", SEEN, ("range(stop_at, n + 1)", "range(stop_at + 1, n + 1)"), seen_one=2, seen_more=1),
    seen("poisson-for-binomial", SEEN, ("return total", "from math import exp; return 1 - exp(-n * rate)"), seen_one=2, seen_more=1),
    seen("last-person-forgotten", SEEN, ("range(stop_at, n + 1)", "range(stop_at, n)"), seen_one=2, seen_more=1),
    seen("stop-rule-ignored", SEEN, ("range(stop_at, n + 1)", "range(1, n + 1)"), seen_more=1),
    seen("stop-rule-as-a-power", SEEN, ("return total", "return (1 - (1 - rate) ** n) ** stop_at"), seen_more=1),
    seen("stop-rule-as-fewer-people", SEEN, ("return total", "return 1 - (1 - rate) ** (n - stop_at + 1)"), seen_more=1),
    seen("more-than-there-are-called-certain", SEEN, ("return 0.0", "return 1.0"), seen_more=1),
]  # fmt: skip


# Simulation

SIMULATE = """
def simulate_seen(rate, n, stop_at, replicates, seed):
    import random
    luck = random.Random(seed)
    count = 0
    for _ in range(replicates):
        harmed = 0
        for _ in range(n):
            if luck.random() < rate:
                harmed += 1
        if harmed >= stop_at:
            count += 1
    return count / replicates


def replicates_needed(chance, error):
    from math import ceil
    variance = chance * (1 - chance)
    return ceil(variance / error ** 2)
"""
SIMULATE_NUMPY = """
def simulate_seen(rate, n, stop_at, replicates, seed):
    import numpy as np
    harmed = np.random.default_rng(seed).binomial(n, rate, size=replicates)
    return float((harmed >= stop_at).mean())


def replicates_needed(chance, error):
    import numpy as np
    return int(np.ceil(chance * (1 - chance) / error / error))
"""
SIMULATE_CHOICES = """
def simulate_seen(rate, n, stop_at, replicates, seed):
    import random
    import statistics
    luck = random.Random(seed)
    people = [luck.choices([1, 0], [rate, 1 - rate], k=n) for _ in range(replicates)]
    return statistics.fmean(sum(test) >= stop_at for test in people)


def replicates_needed(chance, error):
    enough = 1
    while (chance * (1 - chance) / enough) ** 0.5 > error:
        enough += 1
    return enough
"""
SIMULATE_PANDAS = """
def simulate_seen(rate, n, stop_at, replicates, seed):
    import numpy as np
    import pandas as pd
    luck = np.random.default_rng([seed, 7])
    frame = pd.DataFrame(luck.random((replicates, n)) < rate)
    return (frame.sum(axis=1) >= stop_at).mean()


def replicates_needed(chance, error):
    whole, part = divmod(chance * (1 - chance), error**2)
    return int(whole) + (part > 0)
"""
simulate = _maker("simulate")
NEEDED = "ceil(variance / error ** 2)"
SIMULATE_VARIANTS = [
    simulate("right-loops", SIMULATE),
    simulate("right-numpy", SIMULATE_NUMPY),
    simulate("right-choices", SIMULATE_CHOICES),
    simulate("right-pandas", SIMULATE_PANDAS),
    simulate("share-of-people", SIMULATE, ("        if harmed >= stop_at:\n            count += 1\n", "        count += harmed / n\n"), sim_share=2, sim_replicates=1),
    simulate("stop-rule-ignored", SIMULATE, ("harmed >= stop_at", "harmed >= 1"), sim_share=2),
    simulate("more-than-the-stop-rule", SIMULATE, ("harmed >= stop_at", "harmed > stop_at"), sim_share=2),
    simulate("share-of-quiet-tests", SIMULATE, ("harmed >= stop_at", "harmed < stop_at"), sim_share=2),
    simulate("seed-ignored", SIMULATE, ("random.Random(seed)", "random.Random()"), sim_replicates=1),
    simulate("same-luck-every-time", SIMULATE, ("        harmed = 0\n", "        harmed = 0\n        luck = random.Random(seed)\n"), sim_share=2, sim_replicates=1),
    simulate("always-five-thousand", SIMULATE, ("for _ in range(replicates)", "for _ in range(5000)"), ("count / replicates", "count / 5000"), sim_replicates=1),
    simulate("formula-for-simulation", SIMULATE, ("    return count / replicates", "    from math import comb\n    return 1 - sum(comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(stop_at))"), sim_replicates=1),
    simulate("a-count-for-a-share", SIMULATE, ("return count / replicates", "return count"), sim_share=2, sim_replicates=1),
    simulate("error-not-squared", SIMULATE, (NEEDED, "ceil(variance / error)"), sim_needed=2),
    simulate("root-not-undone", SIMULATE, (NEEDED, "ceil(variance ** 0.5 / error)"), sim_needed=2),
    simulate("rounded-down", SIMULATE, (NEEDED, "int(variance / error ** 2)"), sim_needed=2),
    simulate("worst-case-for-every-chance", SIMULATE, (NEEDED, "ceil(0.25 / error ** 2)"), sim_needed=2),
    simulate("margin-for-standard-error", SIMULATE, (NEEDED, "ceil(1.96 ** 2 * variance / error ** 2)"), sim_needed=2),
]  # fmt: skip


# What to expect of a ramp

RAMP = """
def ramp_harm(sizes, rate, fixes):
    there = 1.0
    unseen = 1.0
    total = sizes[0] * rate
    for before, size in zip(sizes, sizes[1:]):
        quiet = (1 - rate) ** before
        there = there * (1 - (1 - quiet) * fixes)
        unseen = unseen * quiet
        total += there * size * rate
    return {"harmed": total, "flawed": there, "seen": 1 - unseen}
"""
RAMP_NUMPY = """
def ramp_harm(sizes, rate, fixes):
    import numpy as np
    n = np.array(sizes, dtype=float)
    shows = 1 - (1 - rate) ** n
    flawed = np.concatenate([[1.0], np.cumprod(1 - fixes * shows[:-1])])
    return {"harmed": float(rate * (flawed * n).sum()), "flawed": float(flawed[-1]), "seen": float(1 - (1 - rate) ** n[:-1].sum())}
"""
RAMP_RECURSIVE = """
def ramp_harm(sizes, rate, fixes):
    first, *rest = sizes
    if not rest:
        return {"harmed": first * rate, "flawed": 1.0, "seen": 0.0}
    shows = 1 - (1 - rate) ** first
    later = ramp_harm(rest, rate, fixes)
    stays = 1 - shows * fixes
    return {
        "harmed": first * rate + stays * later["harmed"], "flawed": stays * later["flawed"], "seen": shows + (1 - shows) * later["seen"],
    }
"""
RAMP_PANDAS = """
def ramp_harm(sizes, rate, fixes):
    import pandas as pd
    tests = pd.DataFrame({"size": sizes})
    tests["shows"] = 1 - (1 - rate) ** tests["size"]
    tests["flawed"] = (1 - fixes * tests["shows"]).cumprod().shift(fill_value=1.0)
    seen = 1 - (1 - tests["shows"]).iloc[:-1].prod()
    return dict(harmed=(tests["flawed"] * tests["size"]).sum() * rate, flawed=tests["flawed"].iloc[-1], seen=seen)
"""
ramp = _maker("ramp")
STAYS = "there = there * (1 - (1 - quiet) * fixes)"
BOTH = {"ramp_harmed": 2, "ramp_flawed": 2}
RAMP_VARIANTS = [
    ramp("right-loop", RAMP),
    ramp("right-numpy", RAMP_NUMPY),
    ramp("right-recursive", RAMP_RECURSIVE),
    ramp("right-pandas", RAMP_PANDAS),
    ramp("mending-always-holds", RAMP, (STAYS, "there = there * quiet"), **BOTH),
    ramp("nobody-mends", RAMP, (STAYS, "pass"), **BOTH),
    ramp("mended-without-being-seen", RAMP, (STAYS, "there = there * (1 - fixes)"), **BOTH),
    ramp("mended-only-after-the-first-test", RAMP, (STAYS, "there = 1 - (1 - (1 - rate) ** sizes[0]) * fixes"), **BOTH),
    ramp("one-mending-for-all-that-went-before", RAMP, (STAYS, "there = 1 - (1 - unseen * quiet) * fixes"), **BOTH),
    ramp("tests-counted-for-people", RAMP, ("total += there * size * rate", "total += there * (1 - (1 - rate) ** size)"), ramp_harmed=2),
    ramp("roll-out-left-out", RAMP, ('"harmed": total', '"harmed": total - there * sizes[-1] * rate * (len(sizes) > 1)'), ramp_harmed=2),
    ramp("first-test-left-out", RAMP, ("total = sizes[0] * rate", "total = 0 if len(sizes) > 1 else sizes[0] * rate"), ramp_harmed=2),
    ramp("flaw-left-after-the-roll-out", RAMP, ('"flawed": there', '"flawed": there * (1 - (1 - (1 - rate) ** sizes[-1]) * fixes)'), ramp_flawed=2),
    ramp("roll-out-counted-as-a-warning", RAMP, ('"seen": 1 - unseen', '"seen": 1 - unseen * (1 - rate) ** sizes[-1]'), ramp_seen=1),
    ramp("seen-means-mended", RAMP, ('"seen": 1 - unseen', '"seen": 1 - there'), ramp_seen=1),
    ramp("first-test-only", RAMP, ('"seen": 1 - unseen', '"seen": 1 - (1 - rate) ** sizes[0] if len(sizes) > 1 else 0'), ramp_seen=1),
    ramp("chance-of-no-warning", RAMP, ('"seen": 1 - unseen', '"seen": unseen'), ramp_seen=1),
]  # fmt: skip


# A ramp within a limit

PLAN = """
def plan_ramp(people, rate, fixes, limit):
    from itertools import combinations_with_replacement
    def average_harm(sizes):
        there, total = 1.0, 0.0
        for size in sizes:
            total += there * size * rate
            there *= 1 - fixes * (1 - (1 - rate) ** size)
        return total
    for tests in range(6):
        for small in combinations_with_replacement((1, 2, 5, 10, 20, 50, 100), tests):
            sizes = list(small) + [people - sum(small)]
            if sizes[-1] < 1:
                continue
            if average_harm(sizes) <= limit:
                return sizes
    return None
"""
PLAN_BEST = """
def plan_ramp(people, rate, fixes, limit):
    import itertools
    def harm(sizes):
        if not sizes:
            return 0.0
        return sizes[0] * rate + (1 - fixes * (1 - (1 - rate) ** sizes[0])) * harm(sizes[1:])
    lists = [
        [*small, people - sum(small)]
        for many in range(6)
        for small in itertools.combinations_with_replacement([1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 100], many)
        if sum(small) < people
    ]
    best = min(lists, key=harm)
    return best if harm(best) <= limit else None
"""
PLAN_EXACT = """
def plan_ramp(people, rate, fixes, limit):
    # The least harm for so many people in so many tests, from the last test backwards.
    least = [rate * left for left in range(people + 1)]
    choice = [[left] for left in range(people + 1)]
    for _ in range(5):
        new_least, new_choice = list(least), list(choice)
        for left in range(2, people + 1):
            for size in range(1, min(left, 60)):
                harm = size * rate + (1 - fixes * (1 - (1 - rate) ** size)) * least[left - size]
                if harm < new_least[left] - 1e-12:
                    new_least[left], new_choice[left] = harm, [size] + choice[left - size]
        least, choice = new_least, new_choice
    return choice[people] if least[people] <= limit else None
"""
PLAN_CLIMB = """
def plan_ramp(people, rate, fixes, limit):
    def harm(sizes):
        total, there = 0.0, 1.0
        for size in sizes:
            total, there = total + there * rate * size, there * (1 - fixes + fixes * (1 - rate) ** size)
        return total
    best = [1, 1, 1, 1, 1, people - 5]
    moved = True
    while moved:  # move people from the roll-out to a test, or back, as long as that helps
        moved = False
        for place in range(5):
            for step in (20, 5, 1, -1, -5):
                tried = list(best)
                tried[place] += step
                tried[5] -= step
                if min(tried) >= 1 and harm(tried) < harm(best) - 1e-12:
                    best, moved = tried, True
    return tuple(best) if harm(best) <= limit else None
"""
plan = _maker("plan")
KEPT = "if average_harm(sizes) <= limit:"
PLAN_VARIANTS = [
    plan("right-first-found", PLAN),
    plan("right-least-harm", PLAN_BEST),
    plan("right-backwards", PLAN_EXACT),
    plan("right-hill-climbing", PLAN_CLIMB),
    plan("all-at-once", PLAN, (KEPT, "if True:"), plan_safe=2, plan_none=2),
    plan("pilot-then-roll-out", PLAN, ("range(6)", "range(2)"), plan_list=1, plan_safe=2),
    plan("one-ramp-for-everything", PLAN, ("    for tests in range(6):", "    return [1, 5, 25, people - 31]\n    for tests in range(6):"), plan_safe=2, plan_none=2),
    plan("roll-out-left-out", PLAN, ("return sizes\n", "return sizes[:-1]\n"), plan_list=1, plan_safe=2),
    plan("parts-of-people", PLAN, ("return sizes\n", "return [people * size / (people + 0.5) for size in sizes[:-1]] + [sizes[-1] + 0.5]\n"), plan_list=1, plan_safe=2),
    plan("seven-weeks", PLAN, ("    for tests in range(6):", "    for tests in (6,):"), plan_list=1, plan_safe=2),
    plan("mending-taken-to-hold", PLAN, ("1 - fixes * (1 - (1 - rate) ** size)", "(1 - rate) ** size"), plan_safe=2, plan_none=1),
    plan("limit-on-the-first-test-only", PLAN, (KEPT, "if sizes[0] * rate <= limit:"), plan_safe=2, plan_none=1),
    plan("limit-on-each-test", PLAN, (KEPT, "if max(sizes) * rate <= limit:"), plan_list=1, plan_safe=2, plan_none=1),
    plan("an-error-for-no-list", PLAN, ("    return None\n", "    raise ValueError('no list')\n"), plan_none=2),
    plan("an-empty-list-for-no-list", PLAN, ("    return None\n", "    return []\n"), plan_none=2),
    plan("the-best-there-is-for-no-list", PLAN, ("    return None\n", "    return [1, 5, 10, 20, people - 36]\n"), plan_none=2),
]  # fmt: skip


# What a prediction allows

ALLOWED = """
def allowed(n, predicted):
    from math import comb
    low = high = None
    upto = 0.0
    for k in range(n + 1):
        upto += comb(n, k) * predicted**k * (1 - predicted) ** (n - k)
        if low is None and upto >= 0.025:
            low = k
        if high is None and upto >= 0.975:
            high = k
    return low, high
"""
ALLOWED_SCIPY = """
def allowed(n, predicted):
    from scipy.stats import binom
    return tuple(int(end) for end in binom.ppf([0.025, 0.975], n, predicted))
"""
ALLOWED_SPC = """
def allowed(n, predicted):
    from improvement.spc.distributions import binomial_quantile
    if predicted in (0, 1):
        return n * predicted, n * predicted
    return [binomial_quantile(q, n, predicted) for q in (0.025, 0.975)]
"""
ALLOWED_PEOPLE = """
def allowed(n, predicted):
    import itertools
    row = [1.0]
    for _ in range(n):
        row = [a * (1 - predicted) + b * predicted for a, b in zip(row + [0.0], [0.0] + row)]
    sums = list(itertools.accumulate(row))
    return tuple(next(k for k, total in enumerate(sums) if total >= level - 1e-13) for level in (0.025, 0.975))
"""
allowed = _maker("allowed")
ENDS = {"allowed_low": 1, "allowed_high": 1}
NORMAL = (
    "    from statistics import NormalDist\n    reach = 1.96 * (n * predicted * (1 - predicted)) ** 0.5\n"
)
LAST = "    return low, high\n"
ALLOWED_VARIANTS = [
    allowed("right-sum", ALLOWED),
    allowed("right-scipy", ALLOWED_SCIPY),
    allowed("right-course", ALLOWED_SPC),
    allowed("right-person-by-person", ALLOWED_PEOPLE),
    allowed("normal-not-rounded", ALLOWED, (LAST, NORMAL + "    return n * predicted - reach, n * predicted + reach\n"), **ENDS, allowed_edges=1),
    allowed("normal-rounded", ALLOWED, (LAST, NORMAL + "    return round(n * predicted - reach), round(n * predicted + reach)\n"), **ENDS, allowed_edges=1),
    allowed("five-per-cent-on-each-side", ALLOWED, ("0.025", "0.05"), ("0.975", "0.95"), **ENDS),
    allowed("half-a-per-cent-on-each-side", ALLOWED, ("0.025", "0.005"), ("0.975", "0.995"), **ENDS),
    allowed("low-end-one-too-low", ALLOWED, (LAST, "    return max(0, low - 1), high\n"), allowed_low=1, allowed_edges=1),
    allowed("high-end-one-too-high", ALLOWED, (LAST, "    return low, min(n, high + 1)\n"), allowed_high=1, allowed_edges=1),
    allowed("prediction-to-the-letter", ALLOWED, (LAST, "    return round(n * predicted), round(n * predicted)\n"), **ENDS, allowed_edges=1),
    allowed("at-least-the-prediction", ALLOWED, (LAST, "    return round(n * predicted), n\n"), **ENDS, allowed_edges=1),
    allowed("shares-for-people", ALLOWED, (LAST, "    return low / n, high / n\n"), **ENDS, allowed_edges=1),
    allowed("breaks-at-nobody", ALLOWED, ("    low = high = None\n", "    low = high = None\n    odds = (1 - predicted) / predicted\n"), allowed_edges=1),
]  # fmt: skip


# A verdict with a date

CHANGE = """
def did_it_change(values, baseline, change_at):
    import statistics
    median = statistics.median(values[:baseline])
    useful = crossings = length = longest = 0
    side = start = longest_start = longest_side = None
    for place, value in enumerate(values):
        if value == median:
            continue
        useful += 1
        above = value > median
        if above == side:
            length += 1
        else:
            crossings += side is not None
            side, start, length = above, place, 1
        if length > longest:
            longest, longest_start, longest_side = length, start, side
    too_long = longest > longest_run_limit(useful)
    too_few = crossings < crossings_limit(useful)
    signal = too_long or too_few
    claim = "no change"
    if signal:
        away = longest_start - change_at
        claim = "worse" if not longest_side else "began before" if away < 0 else "fits" if away <= 3 else "began later"
    return {"median": median, "signal": signal, "claim": claim}
"""
CHANGE_NUMPY = """
def did_it_change(values, baseline, change_at):
    import numpy as np
    x = np.asarray(values, dtype=float)
    median = float(np.median(x[:baseline]))
    places = np.flatnonzero(x != median)
    above = x[places] > median
    starts = np.concatenate([[0], np.flatnonzero(np.diff(above)) + 1])
    lengths = np.diff(np.concatenate([starts, [len(above)]]))
    chosen = int(np.argmax(lengths))
    useful = len(places)
    signal = bool(lengths[chosen] > longest_run_limit(useful) or len(starts) - 1 < crossings_limit(useful))
    start = places[starts[chosen]]
    if not signal:
        claim = "no change"
    elif not above[starts[chosen]]:
        claim = "worse"
    else:
        claim = ["began before", "fits", "began later"][int(start >= change_at) + int(start > change_at + 3)]
    return {"median": median, "signal": signal, "claim": claim}
"""
CHANGE_LETTERS = """
def did_it_change(values, baseline, change_at):
    import re
    ordered = sorted(values[:baseline])
    n = len(ordered)
    median = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    letters = "".join("-" if value == median else "a" if value > median else "b" for value in values)
    places = [place for place, letter in enumerate(letters) if letter != "-"]
    text = letters.replace("-", "")
    runs = sorted(re.finditer("a+|b+", text), key=lambda run: (run.start() - run.end(), run.start()))
    longest = runs[0]
    signal = len(longest.group()) > longest_run_limit(len(text)) or len(runs) <= crossings_limit(len(text))
    where = places[longest.start()] - change_at
    if not signal:
        return {"median": median, "signal": False, "claim": "no change"}
    if longest.group()[0] == "b":
        return {"median": median, "signal": True, "claim": "worse"}
    late = "fits" if where in range(4) else "began later"
    return {"median": median, "signal": True, "claim": "began before" if where < 0 else late}
"""
CHANGE_PANDAS = """
def did_it_change(values, baseline, change_at):
    import pandas as pd
    series = pd.Series(values, dtype=float)
    median = series.iloc[:baseline].median()
    kept = series[series != median] > median
    number = (kept != kept.shift()).cumsum()
    sizes = number.value_counts(sort=False).sort_index()
    first = sizes.idxmax()
    run = number[number == first]
    signal = bool(sizes.max() > longest_run_limit(len(kept)) or len(sizes) - 1 < crossings_limit(len(kept)))
    start = int(run.index[0])
    claim = "no change"
    if signal and not kept[start]:
        claim = "worse"
    elif signal:
        claim = "began before" if start < change_at else "fits" if start - change_at <= 3 else "began later"
    return {"median": median, "signal": signal, "claim": claim}
"""
change = _maker("change")
MEDIAN = "statistics.median(values[:baseline])"
CLAIMS = (
    '"worse" if not longest_side else "began before" if away < 0 else "fits" if away <= 3 else "began later"'
)
CHANGE_VARIANTS = [
    change("right-loop", CHANGE),
    change("right-numpy", CHANGE_NUMPY),
    change("right-letters", CHANGE_LETTERS),
    change("right-pandas", CHANGE_PANDAS),
    change("median-of-everything", CHANGE, ('"median": median', '"median": statistics.median(values)'), change_median=1),
    change("mean-for-median", CHANGE, ('"median": median', '"median": statistics.fmean(values[:baseline])'), change_median=1),
    change("a-run-at-the-limit-called-long", CHANGE, ("longest > longest_run_limit", "longest >= longest_run_limit"), change_signal=2, change_claim=1),
    change("six-in-a-row", CHANGE, ("longest > longest_run_limit(useful)", "longest >= 6"), change_signal=2, change_claim=1),
    change("crossings-forgotten", CHANGE, ("too_long or too_few", "too_long"), change_signal=1, change_claim=2),
    change("both-needed", CHANGE, ("too_long or too_few", "too_long and too_few"), change_signal=2, change_claim=3),
    change("many-crossings-a-signal", CHANGE, ("too_few = crossings < crossings_limit(useful)", "too_few = crossings < crossings_limit(useful) or crossings > 0.7 * useful"), change_signal=2, change_claim=1),
    change("value-on-the-median-ends-the-run", CHANGE, ("        if value == median:\n            continue\n", "        if value == median:\n            side = None\n            continue\n"), change_signal=1, change_claim=3),
    change("any-signal-fits", CHANGE, (CLAIMS, '"fits"'), change_claim=3),
    change("worse-taken-for-better", CHANGE, ('"worse" if not longest_side else ', ""), change_claim=1),
    change("date-must-fit-exactly", CHANGE, ("away <= 3", "away == 0"), change_claim=1),
    change("any-time-after-fits", CHANGE, ('"fits" if away <= 3 else "began later"', '"fits"'), change_claim=1),
    change("three-before-fits-too", CHANGE, ("away < 0", "away < -3"), change_claim=2),
    change("date-of-the-end-of-the-run", CHANGE, ("longest, longest_start, longest_side = length, start, side", "longest, longest_start, longest_side = length, place, side"), change_claim=2),
    change("place-among-the-useful", CHANGE, ("side, start, length = above, place, 1", "side, start, length = above, useful - 1, 1"), change_claim=2),
    change("before-and-after-averages", CHANGE, ("    signal = too_long or too_few\n", "    signal = statistics.fmean(values[change_at:]) != statistics.fmean(values[:change_at])\n"), change_signal=2, change_claim=1),
]  # fmt: skip


# The worst falls back

WORST = """
def worst_change(teams, mean, replicates, seed):
    luck = random.Random(seed)
    total = 0.0
    for _ in range(replicates):
        quarter = [poisson(luck, mean) for _ in range(teams)]
        worst = max(quarter)
        after = poisson(luck, mean)
        total += (after - worst) / worst
    return total / replicates
"""
WORST_NUMPY = """
def worst_change(teams, mean, replicates, seed):
    import numpy as np
    luck = np.random.default_rng(seed)
    worst = luck.poisson(mean, (replicates, teams)).max(axis=1)
    return float((luck.poisson(mean, replicates) / worst - 1).mean())
"""
WORST_ALL_TEAMS = """
def worst_change(teams, mean, replicates, seed):
    luck = random.Random(f"worst {seed}")
    changes = []
    for _ in range(replicates):
        first = [poisson(luck, mean) for _ in range(teams)]
        second = [poisson(luck, mean) for _ in range(teams)]
        team = first.index(max(first))
        changes.append(second[team] / first[team] - 1)
    return statistics_mean(changes)


def statistics_mean(numbers):
    import statistics
    return statistics.fmean(numbers)
"""
WORST_PANDAS = """
def worst_change(teams, mean, replicates, seed):
    import numpy as np
    import pandas as pd
    luck = np.random.RandomState(seed)
    quarters = pd.DataFrame(luck.poisson(mean, (replicates, teams)))
    after = pd.Series(luck.poisson(mean, replicates))
    return after.div(quarters.max(axis=1)).sub(1).mean()
"""
worst = _maker("worst")
CHANGED = "(after - worst) / worst"
WORST_VARIANTS = [
    worst("right-loop", WORST),
    worst("right-numpy", WORST_NUMPY),
    worst("right-all-teams-again", WORST_ALL_TEAMS),
    worst("right-pandas", WORST_PANDAS),
    worst("fall-counted-as-positive", WORST, (CHANGED, "(worst - after) / worst"), worst_change=2),
    worst("the-best-for-the-worst", WORST, ("max(quarter)", "max(1, min(quarter))"), worst_change=2),
    worst("worst-of-the-next-quarter-too", WORST, ("after = poisson(luck, mean)", "after = max(poisson(luck, mean) for _ in range(teams))"), worst_change=2),
    worst("any-team-for-the-worst", WORST, ("max(quarter)", "max(1, quarter[0])"), worst_change=2),
    worst("divided-by-the-mean", WORST, (CHANGED, "(after - worst) / mean"), worst_change=2),
    worst("divided-by-the-next", WORST, (CHANGED, "(after - worst) / max(1, after)"), worst_change=2),
    worst("events-for-a-share", WORST, (CHANGED, "after - worst"), worst_change=2),
    worst("percent-for-a-share", WORST, (CHANGED, "100 * (after - worst) / worst"), worst_change=2),
    worst("share-that-improve", WORST, (CHANGED, "after < worst"), worst_change=2),
    worst("seed-ignored", WORST, ("random.Random(seed)", "random.Random()"), worst_seed=1),
    worst("one-seed-for-all", WORST, ("random.Random(seed)", "random.Random(1)"), worst_seed=1),
    worst("replicates-ignored", WORST, ("range(replicates)", "range(500)"), ("total / replicates", "total / 500"), worst_seed=1),
]  # fmt: skip


# The vital few

FEW = """
def vital_few(counts, line):
    names = [name for name in counts if name != "other"]
    names.sort(key=lambda name: counts[name], reverse=True)
    if "other" in counts:
        names.append("other")
    whole = sum(counts.values())
    chosen = []
    upto = 0
    for name in names:
        chosen.append(name)
        upto += counts[name]
        if upto >= line * whole - 1e-9:
            break
    return chosen
"""
FEW_PANDAS = """
def vital_few(counts, line):
    import pandas as pd
    series = pd.Series(counts)
    order = series.drop("other", errors="ignore").sort_values(ascending=False, kind="stable").index.tolist()
    order += ["other"] * ("other" in counts)
    upto = series[order].cumsum()
    needed = int((upto < line * series.sum() - 1e-9).sum()) + 1
    return order[:needed]
"""
FEW_COURSE = """
def vital_few(counts, line):
    from improvement import spc
    found = spc.pareto(counts, other="other", line=line - 1e-12)
    names = list(found.vital_few)
    short = sum(counts[name] for name in names) < line * sum(counts.values()) - 1e-9
    return names + ["other"] * short
"""
FEW_WHILE = """
def vital_few(counts, line):
    left = dict(counts)
    heap = left.pop("other", 0)
    chosen, upto = [], 0
    while upto + 1e-9 < line * sum(counts.values()):
        if not left:
            return chosen + ["other"]
        name = max(left, key=left.get)
        upto += left.pop(name)
        chosen.append(name)
    return chosen
"""
few = _maker("few")
FEW_VARIANTS = [
    few("right-loop", FEW),
    few("right-pandas", FEW_PANDAS),
    few("right-course", FEW_COURSE),
    few("right-while", FEW_WHILE),
    few("other-by-its-size", FEW, ('if name != "other"', ""), ('    if "other" in counts:\n        names.append("other")\n', ""), few_other=1),
    few("other-left-out-of-the-whole", FEW, ("sum(counts.values())", 'sum(counts.values()) - counts.get("other", 0)'), few_other=1),
    few("other-never-named", FEW, ('        names.append("other")\n', "        pass\n"), few_other=1),
    few("the-line-must-be-passed", FEW, ("upto >= line * whole - 1e-9", "upto > line * whole + 1e-9"), few_cut=1),
    few("the-last-one-dropped", FEW, ("return chosen", "return chosen[:-1]"), few_cut=1, few_other=1),
    few("one-more-to-be-sure", FEW, ("return chosen", "return names[: len(chosen) + 1]"), few_cut=1, few_other=1),
    few("smallest-first", FEW, ("reverse=True", "reverse=False"), few_cut=1, few_other=1),
    few("order-of-the-list", FEW, ("    names.sort(key=lambda name: counts[name], reverse=True)\n", ""), few_cut=1),
    few("so-many-of-the-names", FEW, ("return chosen", "return names[: max(1, round(line * len(names)))]"), few_cut=1, few_other=1),
    few("each-must-reach-the-line", FEW, ("return chosen", "return [name for name in names if counts[name] >= line * whole]"), few_cut=1, few_other=1),
    few("counts-for-names", FEW, ("return chosen", "return [counts[name] for name in chosen]"), few_cut=1, few_other=1),
]  # fmt: skip


# The logic of an A3

A3 = """
def a3_gaps(a3):
    found = {}
    charts, causes = a3["charts"], a3["causes"]
    measures, results = a3["countermeasures"], a3["results"]
    for name in causes:
        if causes[name]["chart"] not in charts:
            found[name] = "no chart"
        elif not any(one["cause"] == name for one in measures.values()):
            found[name] = "no countermeasure"
    for name in measures:
        cited = measures[name]["cause"]
        if cited not in causes:
            found[name] = "no cause"
        elif measures[name]["day"] < causes[cited]["day"]:
            found[name] = "solution first"
        elif not any(one["countermeasure"] == name for one in results.values()):
            found[name] = "no result"
    for name in results:
        if results[name]["countermeasure"] not in measures:
            found[name] = "no countermeasure"
        elif results[name]["chart"] not in charts:
            found[name] = "no chart"
    return found
"""
A3_LATE_TO_EARLY = """
def a3_gaps(a3):
    gaps = {}
    for name, cause in a3["causes"].items():
        if name not in [m["cause"] for m in a3["countermeasures"].values()]:
            gaps[name] = "no countermeasure"
        if cause["chart"] not in a3["charts"]:
            gaps[name] = "no chart"
    for name, measure in a3["countermeasures"].items():
        if name not in [r["countermeasure"] for r in a3["results"].values()]:
            gaps[name] = "no result"
        cause = a3["causes"].get(measure["cause"])
        if cause and measure["day"] < cause["day"]:
            gaps[name] = "solution first"
        if not cause:
            gaps[name] = "no cause"
    for name, result in a3["results"].items():
        if result["chart"] not in a3["charts"]:
            gaps[name] = "no chart"
        if result["countermeasure"] not in a3["countermeasures"]:
            gaps[name] = "no countermeasure"
    return gaps
"""
A3_FUNCTIONS = """
def a3_gaps(a3):
    def of_cause(name, cause):
        yield cause["chart"] in a3["charts"], "no chart"
        yield name in {one["cause"] for one in a3["countermeasures"].values()}, "no countermeasure"

    def of_measure(name, measure):
        known = measure["cause"] in a3["causes"]
        yield known, "no cause"
        yield known and measure["day"] >= a3["causes"][measure["cause"]]["day"], "solution first"
        yield name in {one["countermeasure"] for one in a3["results"].values()}, "no result"

    def of_result(name, result):
        yield result["countermeasure"] in a3["countermeasures"], "no countermeasure"
        yield result["chart"] in a3["charts"], "no chart"

    gaps = {}
    for part, checks in (("causes", of_cause), ("countermeasures", of_measure), ("results", of_result)):
        for name, one in a3[part].items():
            first = next((gap for holds, gap in checks(name, one) if not holds), None)
            if first:
                gaps[name] = first
    return gaps
"""
A3_PANDAS = """
def a3_gaps(a3):
    import numpy as np
    import pandas as pd
    causes = pd.DataFrame(a3["causes"]).T
    measures = pd.DataFrame(a3["countermeasures"]).T
    results = pd.DataFrame(a3["results"]).T
    day = measures["cause"].map(causes["day"])
    gaps = pd.concat([
        pd.Series(np.select([~causes["chart"].isin(a3["charts"]), ~causes.index.isin(measures["cause"])], ["no chart", "no countermeasure"], ""), causes.index),
        pd.Series(np.select([~measures["cause"].isin(causes.index), measures["day"].astype(float) < day.astype(float), ~measures.index.isin(results["countermeasure"])], ["no cause", "solution first", "no result"], ""), measures.index),
        pd.Series(np.select([~results["countermeasure"].isin(measures.index), ~results["chart"].isin(a3["charts"])], ["no countermeasure", "no chart"], ""), results.index),
    ])
    return gaps[gaps != ""].to_dict()
"""  # fmt: skip
a3 = _maker("a3")
EVERYTHING = {"a3_causes": 1, "a3_countermeasures": 2, "a3_order": 1, "a3_results": 2}
A3_VARIANTS = [
    a3("right-in-order", A3),
    a3("right-late-to-early", A3_LATE_TO_EARLY),
    a3("right-functions", A3_FUNCTIONS),
    a3("right-pandas", A3_PANDAS),
    a3("only-empty-boxes-are-gaps", A3, ('if causes[name]["chart"] not in charts', 'if not causes[name]["chart"]'),
       ("if cited not in causes", "if not cited"), ('measures[name]["day"] < causes[cited]["day"]', 'cited in causes and measures[name]["day"] < causes[cited]["day"]'),
       ('if results[name]["countermeasure"] not in measures', 'if not results[name]["countermeasure"]'), ('elif results[name]["chart"] not in charts', 'elif not results[name]["chart"]'),
       a3_causes=1, a3_countermeasures=1, a3_results=2),
    a3("anything-on-the-page-will-do", A3, ("if cited not in causes", "if cited not in causes and cited not in charts"), ('measures[name]["day"] < causes[cited]["day"]', 'cited in causes and measures[name]["day"] < causes[cited]["day"]'), a3_countermeasures=1),
    a3("same-day-called-too-early", A3, ('["day"] < causes', '["day"] <= causes'), a3_order=1),
    a3("order-ignored", A3, ('measures[name]["day"] < causes[cited]["day"]', "False"), a3_order=1, a3_countermeasures=1),
    a3("order-turned-round", A3, ('["day"] < causes', '["day"] > causes'), a3_order=1, a3_countermeasures=1),
    a3("causes-left-open-not-reported", A3, ('not any(one["cause"] == name for one in measures.values())', "False"), a3_causes=1),
    a3("causes-need-no-evidence", A3, ('causes[name]["chart"] not in charts', "False"), a3_causes=1),
    a3("countermeasures-need-no-result", A3, ('not any(one["countermeasure"] == name for one in results.values())', "False"), a3_countermeasures=1),
    a3("countermeasures-need-no-cause", A3, ("        if cited not in causes:\n            found[name] = \"no cause\"\n        elif measures", "        if cited in causes and measures"), a3_countermeasures=1),
    a3("results-need-no-chart", A3, ('results[name]["chart"] not in charts', "False"), a3_results=1),
    a3("results-need-no-countermeasure", A3, ('results[name]["countermeasure"] not in measures', "False"), a3_results=2),
    a3("gaps-travel-down-the-chain", A3, ("if cited not in causes", 'if cited not in causes or causes[cited]["chart"] not in charts'), a3_countermeasures=1),
    a3("the-last-gap-for-the-first", A3, ("        elif not any(one[\"countermeasure\"]", "        if not any(one[\"countermeasure\"]"), a3_countermeasures=1, a3_order=1),
    a3("everything-listed", A3, ("    return found\n", "    return {**dict.fromkeys([*causes, *measures, *results]), **found}\n"), a3_causes=1),
    a3("names-without-gaps", A3, ("    return found\n", "    return list(found)\n"), **EVERYTHING),
]  # fmt: skip


# The log

LOG = """\
test;written;tested;people;low;high;worked;harmed;stop;after;act
T1;2026-09-01;2026-09-02;2;2;2;2;0;1;;widen
T2;2026-09-03;2026-09-07;8;6;8;6;1;1;T1;mend
T3;2026-09-08;2026-09-14;8;6;8;7;0;1;T2;widen
T4;2026-09-15;2026-09-21;40;29;36;33;0;1;T3;adopt
"""
CHART = [(f"2026-{month:02}-{day:02}", 58 + place) for place, (month, day) in enumerate(
    [(8, 3), (8, 10), (8, 17), (8, 24), (8, 31), (9, 7), (9, 14), (9, 21), (9, 28), (10, 5), (10, 12)]
)]  # fmt: skip
THEORY = "A text reaches people at once and the link books at once, so fewer put it off."


def log(name: str, *changes: tuple[str, str], chart=CHART, theory: str = THEORY, **loses: float) -> Variant:
    code = f"log = {changed(LOG, *changes)!r}\nchart = {list(chart)!r}\ntheory = {theory!r}\n"
    return Variant(
        name, "log", code, {outcome.replace("_", "-"): points for outcome, points in loses.items()}
    )


WORDS = (
    "test;written;tested;people;low;high;worked;harmed;stop;after;act\n"
    + 4 * "first;early;later;some;few;many;most;none;one;;widen\n"
)

LOG_VARIANTS = [
    log("right-four-tests"),
    log("right-tea", (LOG, """
test;written;tested;people;low;high;worked;harmed;stop;after;act
one;2026-10-01;2026-10-02;1;1;1;0;0;1;;mend
two;2026-10-02;2026-10-03;1;1;1;1;0;1;one;widen
three;2026-10-03;2026-10-04;6;4;5;6;0;2;two;adopt
"""), chart=[(f"2026-10-{day:02}", 3 + day % 4) for day in range(1, 13)]),
    log("right-dropped", ("33;0;1;T3;adopt", "20;3;1;T3;drop")),
    log("right-spaces-and-more-columns", (LOG, "\n".join(
        line + tail for line, tail in zip(LOG.splitlines(), [";place", ";hall", ";list", ";list", ";branch"], strict=True)
    ).replace(";2026", "; 2026").replace("T1;", " T1 ;", 1))),
    log("words-for-everything", (LOG, WORDS), log_form=2),
    log("two-tests", (LOG, "\n".join(LOG.splitlines()[:3])), log_form=2),
    log("prediction-written-afterwards", ("T3;2026-09-08;2026-09-14", "T3;2026-09-16;2026-09-14"), log_form=2),
    log("prediction-written-the-same-day", ("T3;2026-09-08;2026-09-14", "T3;2026-09-14;2026-09-14"), log_form=2),
    log("prediction-that-cannot-fail", ("8;6;8;7;0", "8;0;8;7;0"), log_form=2),
    log("prediction-in-words", ("8;6;8;7;0", "8;most;all;7;0"), log_form=2),
    log("more-worked-than-were-there", ("8;6;8;7;0", "8;6;8;9;0"), log_form=2),
    log("a-person-both-helped-and-harmed", ("8;6;8;6;1", "8;6;8;8;1"), log_form=2),
    log("one-name-for-two-tests", ("T3;2026-09-08", "T2;2026-09-08"), log_form=2),
    log("dates-of-another-kind", ("2026-09-01;2026-09-02", "1.9.2026;2.9.2026"), log_form=2),
    log("stop-rule-out-of-reach", ("40;29;36;33;0;1", "40;29;36;33;0;50"), log_form=2),
    log("tests-not-linked", ("T2;widen", ";widen"), log_form=1),
    log("planned-before-the-last-was-done", ("T3;2026-09-08", "T3;2026-09-05"), log_form=1),
    log("never-widened", ("40;29;36;33", "8;6;8;7"), log_form=1),
    log("a-pilot-first", ("2;2;2;2;0", "25;20;24;22;0"), log_form=1),
    log("widened-after-mending", ("T3;2026-09-08;2026-09-14;8", "T3;2026-09-08;2026-09-14;12"), log_form=1),
    log("harm-not-answered", ("T1;mend", "T1;widen"), log_form=1),
    log("carried-on-after-dropping", ("T1;mend", "T1;drop"), log_form=1),
    log("nine-points", chart=CHART[2:], log_form=1),
    log("chart-of-afterwards-only", chart=[(f"2026-10-{day:02}", 60 + day) for day in range(1, 15)], log_form=1),
    log("no-theory", theory="It is best practice.", log_form=1),
]  # fmt: skip


# The page

PAGE = """
aim = {
    "group": "people at Meadow Lane whose blood test is due", "measure": "percent who book within a week",
    "start": 60, "goal": 75, "written": "2026-08-24", "by": "2026-12-31",
}
page = {
    "charts": ["K1", "K2"],
    "causes": {"C1": {"chart": "K2", "day": "2026-08-20"}, "C2": {"chart": "K2", "day": "2026-08-20"}},
    "countermeasures": {"M1": {"cause": "C1", "day": "2026-08-25"}, "M2": {"cause": "C2", "day": "2026-09-08"}},
    "results": {"R1": {"countermeasure": "M1", "chart": "K1"}},
}
words = {
    "K1": "share booked within a week", "K2": "why tests were missed", "C1": "the letter is put aside", "C2": "the link is never opened",
    "M1": "a text with a link", "M2": "a letter after three days", "R1": "a shift from 21 September",
}
"""
page = _maker("page")
PAGE_VARIANTS = [
    page("right-practice", PAGE),
    page("right-a-goal-below-the-start", PAGE, ('"start": 60, "goal": 75', '"start": 12.5, "goal": 4'), ("percent who book within a week", "calls unanswered a day")),
    page("right-one-cause-for-two", PAGE, ('"M2": {"cause": "C2"', '"M2": {"cause": "C1"')),
    page("right-same-day", PAGE, ('"M1": {"cause": "C1", "day": "2026-08-25"}', '"M1": {"cause": "C1", "day": "2026-08-20"}')),
    page("no-group", PAGE, ('"people at Meadow Lane whose blood test is due"', '"patients"'), page_aim=1),
    page("measure-is-the-group", PAGE, ('"percent who book within a week"', '"People at Meadow Lane  whose blood test is due"'), page_aim=1),
    page("no-amount", PAGE, ('"goal": 75', '"goal": 60'), page_aim=1),
    page("amount-in-words", PAGE, ('"goal": 75', '"goal": "more"'), page_aim=1),
    page("as-soon-as-possible", PAGE, ('"2026-12-31"', '"as soon as possible"'), page_aim=1),
    page("due-before-it-was-written", PAGE, ('"2026-12-31"', '"2026-08-01"'), page_aim=1),
    page("countermeasure-without-a-cause", PAGE, ('"M2": {"cause": "C2"', '"M2": {"cause": ""'), page_links=1),
    page("result-without-a-chart", PAGE, ('"chart": "K1"}}', '"chart": None}}'), page_links=1),
    page("cause-without-evidence", PAGE, ('"C2": {"chart": "K2"', '"C2": {"chart": "K7"'), page_links=1),
    page("solution-first", PAGE, ('"M1": {"cause": "C1", "day": "2026-08-25"}', '"M1": {"cause": "C1", "day": "2026-08-02"}'), page_links=1),
    page("one-countermeasure", PAGE, (', "M2": {"cause": "C2", "day": "2026-09-08"}', ""), page_links=1),
    page("one-wording-for-two", PAGE, ('"the link is never opened"', '"The letter is put  aside"'), page_links=1),
    page("boxes-without-words", PAGE, ('"the link is never opened"', '"IT"'), page_links=1),
]  # fmt: skip


VARIANTS = {
    "seen": SEEN_VARIANTS,
    "simulate": SIMULATE_VARIANTS,
    "ramp": RAMP_VARIANTS,
    "plan": PLAN_VARIANTS,
    "allowed": ALLOWED_VARIANTS,
    "change": CHANGE_VARIANTS,
    "worst": WORST_VARIANTS,
    "few": FEW_VARIANTS,
    "a3": A3_VARIANTS,
    "log": LOG_VARIANTS,
    "page": PAGE_VARIANTS,
}
ALL = [variant for variants in VARIANTS.values() for variant in variants]
