"""Answer variants for exercise E01: right answers written differently, and named misconceptions with what each loses.

No item's tests use the answer to another, so one submission carries one variant of every item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from variants_e02 import changed

ITEMS = {
    "copq": {"copq-total": 3, "copq-categories": 3, "copq-hours": 2},
    "split": {"split-cash": 3, "split-capacity": 2, "split-avoided": 1},
    "saving": {"saving-hours": 1, "saving-net": 2, "saving-cash": 2, "saving-paid": 2},
    "sensitivity": {"sens-ends": 2, "sens-again": 2, "sens-order": 1, "sens-bounds": 1},
    "lands": {"lands-gains": 1, "lands-elsewhere": 2, "lands-unpaid": 1},
    "components": {"components-key": 4},
}
"""The points that each item's outcomes can earn, by the item's answer cell."""

FULL = {outcome: points for outcomes in ITEMS.values() for outcome, points in outcomes.items()}
BY_HAND = {"pitch": 12, "memo": 12, "cite": 12}
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


# Cost of poor quality

COPQ = """
def copq_total(sessions, rates):
    categories = {"prevention": 0, "appraisal": 0, "internal_failure": 0, "external_failure": 0}
    total = hours = 0
    for r in rates:
        count = sum(sessions[r["counted_in"]])
        if r["minutes_each"] is None:
            time = count * r["staff"] / 60
        else:
            time = count * r["staff"] * r["minutes_each"] / 60
        pounds = time * r["pounds_an_hour"] + count * r["pounds_spent_each"] + count * r["pounds_avoided_each"]
        categories[r["category"]] = categories[r["category"]] + pounds
        if r["category"] != "prevention":
            total = total + pounds
            hours = hours + time
    return {"total": total, "categories": categories, "hours": hours}
"""
COPQ_PANDAS = """
def copq_total(sessions, rates):
    import pandas as pd
    table = pd.DataFrame(rates)
    table["count"] = [sum(sessions[column]) for column in table["counted_in"]]
    table["hours"] = table["count"] * table["staff"] * table["minutes_each"].astype(float).fillna(1) / 60
    table["pounds"] = table["hours"] * table["pounds_an_hour"] + table["count"] * (
        table["pounds_spent_each"] + table["pounds_avoided_each"]
    )
    kinds = ["prevention", "appraisal", "internal_failure", "external_failure"]
    by = table.groupby("category")["pounds"].sum().reindex(kinds, fill_value=0.0)
    poor = table[table["category"] != "prevention"]
    return {"total": poor["pounds"].sum(), "categories": by.to_dict(), "hours": poor["hours"].sum()}
"""
COPQ_MODEL = """
def copq_total(sessions, rates):
    from improvement.simulate import copq
    lines = tuple(
        copq.Line(r["line"], r["category"], sum(sessions[r["counted_in"]]), minutes=r["staff"] * (r["minutes_each"] or 1),
                  rate=r["pounds_an_hour"], paid_extra=r["paid_extra"], spend=r["pounds_spent_each"], avoided=r["pounds_avoided_each"])
        for r in rates
    )
    run = copq.simulate(copq.Parameters(lines=lines, replicates=10))
    hours = run.whole.hours - run.categories["prevention"].hours
    return dict(total=run.copq, categories={name: cost.total for name, cost in run.categories.items()}, hours=hours)
"""
COPQ_ROUNDED = """
def copq_total(sessions, rates):
    from collections import defaultdict
    pounds, hours = defaultdict(float), defaultdict(float)
    for r in rates:
        n = sum(sessions[r["counted_in"]])
        each = r["staff"] * (60 if r["minutes_each"] is None else 60 * r["minutes_each"]) / 3600
        hours[r["category"]] += n * each
        pounds[r["category"]] += n * (each * r["pounds_an_hour"] + r["pounds_spent_each"] + r["pounds_avoided_each"])
    kinds = ("prevention", "appraisal", "internal_failure", "external_failure")
    return {
        "total": round(sum(pounds[kind] for kind in kinds[1:]), 2), "categories": {kind: round(pounds[kind], 2) for kind in kinds},
        "hours": sum(hours[kind] for kind in kinds[1:]),
    }
"""
copq = _maker("copq")
ALL_COPQ = {"copq_total": 3, "copq_categories": 3, "copq_hours": 2}
NO_HOURS = {"copq_total": 3, "copq_categories": 3}
BLANK = 'time = count * r["staff"] / 60'
COPQ_VARIANTS = [
    copq("right-loop", COPQ),
    copq("right-pandas", COPQ_PANDAS),
    copq("right-with-the-courses-model", COPQ_MODEL),
    copq("right-to-the-penny", COPQ_ROUNDED),
    copq("prevention-counted-in", COPQ, ('        if r["category"] != "prevention":\n            total = total + pounds\n', '        total = total + pounds\n        if r["category"] != "prevention":\n'), copq_total=3),
    copq("failures-only", COPQ, ("            total = total + pounds\n", '            total = total + pounds * r["category"].endswith("failure")\n'), copq_total=3),
    copq("blank-minutes-taken-for-none", COPQ, (BLANK, "time = 0"), **ALL_COPQ),
    copq("blank-minutes-taken-for-hours", COPQ, (BLANK, 'time = count * r["staff"]'), **ALL_COPQ),
    copq("one-person-for-a-team", COPQ, ('time = count * r["staff"] * r["minutes_each"] / 60', 'time = count * r["minutes_each"] / 60'), **ALL_COPQ),
    copq("minutes-for-hours", COPQ, ('r["minutes_each"] / 60', 'r["minutes_each"]'), **ALL_COPQ),
    copq("sessions-counted-for-occurrences", COPQ, ('sum(sessions[r["counted_in"]])', 'sum(value > 0 for value in sessions[r["counted_in"]])'), **ALL_COPQ),
    copq("later-bills-left-out", COPQ, (' + count * r["pounds_avoided_each"]', ""), **NO_HOURS),
    copq("materials-left-out", COPQ, (' + count * r["pounds_spent_each"]', ""), **NO_HOURS),
    copq("materials-once-a-year", COPQ, ('count * r["pounds_spent_each"]', 'r["pounds_spent_each"]'), **NO_HOURS),
    copq("only-hours-bought-in", COPQ, ('time * r["pounds_an_hour"]', 'time * r["paid_extra"] * r["pounds_an_hour"]'), **NO_HOURS),
    copq("last-line-of-a-category-only", COPQ, ('categories[r["category"]] + pounds', "pounds"), copq_categories=3),
    copq("empty-category-missing", COPQ, ('categories = {"prevention": 0, "appraisal": 0, "internal_failure": 0, "external_failure": 0}', "categories = {}"), ('categories[r["category"]] + pounds', 'categories.get(r["category"], 0) + pounds'), copq_categories=1),
    copq("prevention-missing-from-the-categories", COPQ, ('"categories": categories', '"categories": {k: v for k, v in categories.items() if k != "prevention"}'), copq_categories=3),
    copq("categories-in-percent", COPQ, ('"categories": categories', '"categories": {k: 100 * v / sum(categories.values()) for k, v in categories.items()}'), copq_categories=3),
    copq("hours-of-prevention-too", COPQ, ("            hours = hours + time\n", "        hours = hours + time\n"), copq_hours=2),
]  # fmt: skip


# Split

SPLIT = """
def split(ledger):
    cash = capacity = avoided = 0
    for one in ledger:
        if one["category"] == "prevention":
            continue
        bought = one["hours"] * one["paid_extra"]
        cash += one["spent_each"] * one["count"] + bought * one["pounds_an_hour"]
        capacity += (one["hours"] - bought) * one["pounds_an_hour"]
        avoided += one["avoided_each"] * one["count"]
    return {"cash_releasing": cash, "capacity_releasing": capacity, "cost_avoiding": avoided}
"""
SPLIT_PANDAS = """
def split(ledger):
    import pandas as pd
    t = pd.DataFrame(ledger).query("category != 'prevention'")
    wages = t["hours"] * t["pounds_an_hour"]
    return {
        "cash_releasing": float((t["count"] * t["spent_each"] + wages * t["paid_extra"]).sum()),
        "capacity_releasing": float((wages * (1 - t["paid_extra"])).sum()), "cost_avoiding": float((t["count"] * t["avoided_each"]).sum()),
    }
"""
SPLIT_SUMS = """
def split(ledger):
    poor = [one for one in ledger if one["category"] in {"appraisal", "internal_failure", "external_failure"}]
    wages = sum(one["hours"] * one["pounds_an_hour"] for one in poor)
    agency = sum(one["hours"] * one["pounds_an_hour"] * one["paid_extra"] for one in poor)
    things = sum(one["count"] * one["spent_each"] for one in poor)
    return dict(cash_releasing=things + agency, capacity_releasing=wages - agency, cost_avoiding=sum(one["count"] * one["avoided_each"] for one in poor))
"""
SPLIT_NUMPY = """
def split(ledger):
    import numpy as np
    poor = [one for one in ledger if one["category"] != "prevention"]
    count, hours, rate, extra, spent, avoided = np.array(
        [[one[key] for key in ("count", "hours", "pounds_an_hour", "paid_extra", "spent_each", "avoided_each")] for one in poor], dtype=float
    ).T
    return {"cash_releasing": count @ spent + (hours * extra) @ rate, "capacity_releasing": (hours * (1 - extra)) @ rate, "cost_avoiding": count @ avoided}
"""
split = _maker("split")
ALL_SPLIT = {"split_cash": 3, "split_capacity": 2, "split_avoided": 1}
SPLIT_VARIANTS = [
    split("right-loop", SPLIT),
    split("right-pandas", SPLIT_PANDAS),
    split("right-sums", SPLIT_SUMS),
    split("right-numpy", SPLIT_NUMPY),
    split("capacity-called-cash", SPLIT, ("+ bought * one", '+ one["hours"] * one'), split_cash=3),
    split("all-hours-are-capacity", SPLIT, ('(one["hours"] - bought)', 'one["hours"]'), split_capacity=2),
    split("bought-in-hours-forgotten", SPLIT, (' + bought * one["pounds_an_hour"]', ""), split_cash=3),
    split("materials-forgotten", SPLIT, ('one["spent_each"] * one["count"] + ', ""), split_cash=3),
    split("paid-anyway-and-bought-in-swapped", SPLIT, ('one["hours"] * one["paid_extra"]', 'one["hours"] * (1 - one["paid_extra"])'), split_cash=3, split_capacity=2),
    split("later-bill-called-cash", SPLIT, ("cash += ", 'cash += one["avoided_each"] * one["count"] + '), split_cash=3),
    split("any-agency-makes-the-line-cash", SPLIT, ('one["hours"] * one["paid_extra"]', 'one["hours"] * (one["paid_extra"] > 0)'), split_cash=3, split_capacity=2),
    split("prevention-counted-in", SPLIT, ('        if one["category"] == "prevention":\n            continue\n', ""), **ALL_SPLIT),
    split("appraisal-left-out", SPLIT, ('one["category"] == "prevention"', 'one["category"] in ("prevention", "appraisal")'), **ALL_SPLIT),
    split("later-bill-once-a-year", SPLIT, ('avoided += one["avoided_each"] * one["count"]', 'avoided += one["avoided_each"]'), split_avoided=1),
    split("materials-once-a-year", SPLIT, ('one["spent_each"] * one["count"]', 'one["spent_each"]'), split_cash=3),
    split("hours-for-pounds", SPLIT, ('(one["hours"] - bought) * one["pounds_an_hour"]', 'one["hours"] - bought'), split_capacity=2),
]  # fmt: skip


# Saving

SAVING = """
def saving(costs, reduction, investment):
    hours = cash = capacity = avoided = 0
    for one in costs:
        if one["category"] == "internal_failure" or one["category"] == "external_failure":
            hours += one["hours"] * reduction
            cash += one["cash"] * reduction
            capacity += one["capacity"] * reduction
            avoided += one["avoided"] * reduction
    everything = cash + capacity + avoided
    if cash >= investment:
        word = "cash"
    elif cash + capacity >= investment:
        word = "time"
    elif everything >= investment:
        word = "hope"
    else:
        word = "nothing"
    return {"hours": hours, "net": everything - investment, "net_cash": cash - investment, "paid_by": word}
"""
SAVING_STEPS = """
def saving(costs, reduction, investment):
    failing = [one for one in costs if one["category"].endswith("_failure")]
    totals = {key: reduction * sum(one[key] for one in failing) for key in ("hours", "cash", "capacity", "avoided")}
    so_far, paid_by = 0.0, "nothing"
    for key, word in (("cash", "cash"), ("capacity", "time"), ("avoided", "hope")):
        so_far += totals[key]
        if so_far >= investment and paid_by == "nothing":
            paid_by = word
    return dict(hours=totals["hours"], net=so_far - investment, net_cash=totals["cash"] - investment, paid_by=paid_by)
"""
SAVING_PANDAS = """
def saving(costs, reduction, investment):
    import pandas as pd
    t = pd.DataFrame(costs)
    gone = reduction * t[t["category"].isin(["internal_failure", "external_failure"])][["hours", "cash", "capacity", "avoided"]].sum()
    steps = gone[["cash", "capacity", "avoided"]].cumsum()
    words = [word for step, word in zip(steps, ("cash", "time", "hope")) if step >= investment]
    return {"hours": gone["hours"], "net": steps.iloc[-1] - investment, "net_cash": gone["cash"] - investment, "paid_by": (words + ["nothing"])[0]}
"""
SAVING_NEXT = """
def saving(costs, reduction, investment):
    def gone(*keys):
        return reduction * sum(one[key] for one in costs if "failure" in one["category"] for key in keys)
    tries = {"cash": gone("cash"), "time": gone("cash", "capacity"), "hope": gone("cash", "capacity", "avoided")}
    paid_by = next((word for word, pounds in tries.items() if pounds >= investment), "nothing")
    return {"hours": gone("hours"), "net": tries["hope"] - investment, "net_cash": tries["cash"] - investment, "paid_by": paid_by}
"""
saving = _maker("saving")
ALL_SAVING = {"saving_hours": 1, "saving_net": 2, "saving_cash": 2, "saving_paid": 2}
FAILING = 'if one["category"] == "internal_failure" or one["category"] == "external_failure":'
SAVING_VARIANTS = [
    saving("right-loop", SAVING),
    saving("right-step-by-step", SAVING_STEPS),
    saving("right-pandas", SAVING_PANDAS),
    saving("right-first-that-fits", SAVING_NEXT),
    saving("checking-stops-too", SAVING, (FAILING, 'if one["category"] != "prevention":'), **ALL_SAVING),
    saving("everything-shrinks", SAVING, (FAILING, "if True:"), **ALL_SAVING),
    saving("internal-failure-only", SAVING, (FAILING, 'if one["category"] == "internal_failure":'), **ALL_SAVING),
    saving("what-remains-for-what-goes", SAVING.replace("* reduction", "* (1 - reduction)"), saving_hours=1, saving_net=2, saving_cash=2, saving_paid=2),
    saving("all-failures-gone", SAVING.replace(" * reduction", ""), **ALL_SAVING),
    saving("investment-forgotten", SAVING, ("everything - investment", "everything"), ("cash - investment", "cash"), saving_net=2, saving_cash=2),
    saving("capacity-called-cash", SAVING, ('"net_cash": cash - investment', '"net_cash": cash + capacity - investment'), saving_cash=2),
    saving("hope-left-out-of-the-net", SAVING, ('"net": everything - investment', '"net": cash + capacity - investment'), saving_net=2),
    saving("loss-shown-as-nothing", SAVING, ('"net": everything - investment', '"net": max(0, everything - investment)'), ('"net_cash": cash - investment', '"net_cash": max(0, cash - investment)'), saving_net=2, saving_cash=2),
    saving("met-exactly-is-not-enough", SAVING.replace(">= investment", "> investment"), saving_paid=1),
    saving("only-the-grand-total-counts", SAVING, ("if cash >= investment", "if everything >= investment"), saving_paid=2),
    saving("time-alone-must-pay", SAVING, ("elif cash + capacity >= investment", "elif capacity >= investment"), saving_paid=2),
    saving("pounds-given-as-hours", SAVING, ('"hours": hours', '"hours": capacity'), saving_hours=1),
]  # fmt: skip


# Sensitivity

SENS = """
def sensitivity(lines, change):
    def cost(one):
        each = one["minutes"] / 60 * one["rate"] + one["spent"]
        return one["volume"] * one["share"] / (1 - one["again"]) * each
    bars = []
    for place, one in enumerate(lines):
        for name in ("volume", "share", "again", "minutes", "rate", "spent"):
            if one[name] == 0:
                continue
            ends = []
            for factor in (1 - change, 1 + change):
                new = dict(one)
                new[name] = one[name] * factor
                new["share"] = min(new["share"], 1)
                ends.append(sum(cost(new if other == place else line) for other, line in enumerate(lines)))
            bars.append((one["line"], name, ends[0], ends[1]))
    bars.sort(key=lambda bar: bar[3] - bar[2], reverse=True)
    return bars
"""
SENS_PRODUCT = """
def sensitivity(lines, change):
    def cost(volume, share, again, minutes, rate, spent):
        return volume * min(1, share) * (minutes * rate / 60 + spent) / (1 - again)
    names = ["volume", "share", "again", "minutes", "rate", "spent"]
    values = {one["line"]: [one[name] for name in names] for one in lines}
    total = sum(cost(*numbers) for numbers in values.values())
    bars = []
    for line, numbers in values.items():
        for place, name in enumerate(names):
            if numbers[place]:
                low, high = (
                    total - cost(*numbers) + cost(*numbers[:place], numbers[place] * k, *numbers[place + 1:]) for k in (1 - change, 1 + change)
                )
                bars.append((line, name, low, high))
    return sorted(bars, key=lambda bar: -(bar[3] - bar[2]))
"""
SENS_PANDAS = """
def sensitivity(lines, change):
    import pandas as pd
    table = pd.DataFrame(lines).astype({name: float for name in ("volume", "share", "again", "minutes", "rate", "spent")})
    def total(t):
        return (t["volume"] * t["share"].clip(upper=1) / (1 - t["again"]) * (t["minutes"] / 60 * t["rate"] + t["spent"])).sum()
    rows = []
    for index in table.index:
        for name in ("volume", "share", "again", "minutes", "rate", "spent"):
            if table.loc[index, name] != 0:
                ends = []
                for factor in (1 - change, 1 + change):
                    varied = table.copy()
                    varied.loc[index, name] *= factor
                    ends.append(total(varied))
                rows.append({"line": table.loc[index, "line"], "input": name, "low": ends[0], "high": ends[1]})
    frame = pd.DataFrame(rows)
    frame["width"] = frame["high"] - frame["low"]
    frame = frame.sort_values("width", ascending=False)
    return list(frame[["line", "input", "low", "high"]].itertuples(index=False, name=None))
"""
SENS_MODEL = """
def sensitivity(lines, change):
    from improvement.simulate import copq
    made = tuple(
        copq.Line(o["line"], "internal_failure", o["volume"], o["share"], minutes=o["minutes"], rate=o["rate"], spend=o["spent"], again=o["again"])
        for o in lines
    )
    bars = copq.simulate(copq.Parameters(lines=made, sensitivity=change, replicates=10)).bars
    return [(bar.line, {"spend": "spent"}.get(bar.input, bar.input), bar.low, bar.high) for bar in bars]
"""
sens = _maker("sensitivity")
CAP = '                new["share"] = min(new["share"], 1)\n'
ZERO = "            if one[name] == 0:\n                continue\n"
SENS_VARIANTS = [
    sens("right-loop", SENS),
    sens("right-difference-from-the-total", SENS_PRODUCT),
    sens("right-pandas", SENS_PANDAS),
    sens("right-with-the-courses-model", SENS_MODEL),
    sens("the-lines-own-cost", SENS, ("sum(cost(new if other == place else line) for other, line in enumerate(lines))", "cost(new)"), sens_ends=2, sens_again=2),
    sens("points-for-percent", SENS, ("one[name] * factor", "one[name] + (factor - 1)"), sens_ends=2, sens_again=2, sens_bounds=0.5),
    sens("only-upwards", SENS, ("(1 - change, 1 + change)", "(1, 1 + change)"), sens_ends=2, sens_again=2, sens_bounds=0.5),
    sens("divided-for-smaller", SENS, ("(1 - change, 1 + change)", "(1 / (1 + change), 1 + change)"), sens_ends=2, sens_again=2, sens_bounds=0.5),
    sens("half-the-change-each-way", SENS, ("(1 - change, 1 + change)", "(1 - change / 2, 1 + change / 2)"), sens_ends=2, sens_again=2, sens_bounds=0.5),
    sens("rework-ignored", SENS, (" / (1 - one[\"again\"])", ""), sens_again=2),
    sens("rework-once-only", SENS, (' / (1 - one["again"])', ' * (1 + one["again"])'), sens_again=2),
    sens("materials-left-out", SENS, (' + one["spent"]', ""), sens_ends=2, sens_again=2),
    sens("narrowest-first", SENS, (", reverse=True", ""), sens_order=1),
    sens("in-the-order-met", SENS, ("    bars.sort(key=lambda bar: bar[3] - bar[2], reverse=True)\n", ""), sens_order=1),
    sens("dearest-end-first", SENS.replace("bar[3] - bar[2]", "bar[2]"), sens_order=1),
    sens("share-above-one", SENS, (CAP, ""), sens_bounds=0.5),
    sens("bars-for-nothing", SENS, (ZERO, ""), sens_bounds=0.5),
    sens("each-inputs-bar-added-up", SENS, ("    bars.sort(", "    bars = [(line, name, low, high) for line, name, low, high in bars if name != \"again\"]\n    bars.sort("), sens_again=2, sens_bounds=0.5),
]  # fmt: skip


# Lands

LANDS = """
def lands(changes):
    gains, away, settled, workers = {}, 0, 0, []
    for worker, gainer, pounds in changes:
        if worker not in workers:
            workers.append(worker)
        if gainer is None:
            continue
        gains[gainer] = gains.get(gainer, 0) + pounds
        settled += pounds
        if gainer != worker:
            away += pounds
    unpaid = [one for one in workers if one not in gains]
    return {"gains": gains, "elsewhere": away / settled, "unpaid": unpaid}
"""
LANDS_COUNTER = """
def lands(changes):
    from collections import Counter
    gains = Counter()
    for _, gainer, pounds in changes:
        if gainer:
            gains[gainer] += pounds
    home = sum(pounds for worker, gainer, pounds in changes if worker == gainer)
    return {"gains": dict(gains), "elsewhere": 1 - home / gains.total(), "unpaid": {one[0] for one in changes}.difference(gains)}
"""
LANDS_PANDAS = """
def lands(changes):
    import pandas as pd
    t = pd.DataFrame(changes, columns=["worker", "gainer", "pounds"])
    settled = t.dropna()
    away = settled[settled["worker"] != settled["gainer"]]["pounds"].sum()
    idle = t[~t["worker"].isin(settled["gainer"])]["worker"].unique()
    return dict(gains=settled.groupby("gainer")["pounds"].sum().to_dict(), elsewhere=away / settled["pounds"].sum(), unpaid=list(idle))
"""
LANDS_SETS = """
def lands(changes):
    settled = [change for change in changes if change[1] is not None]
    names = sorted({gainer for _, gainer, _ in settled})
    gains = {name: sum(p for _, g, p in settled if g == name) for name in names}
    elsewhere = sum(p for w, g, p in settled if w != g) / sum(p for _, _, p in settled)
    return {"gains": gains, "elsewhere": elsewhere, "unpaid": tuple({w for w, _, _ in changes} - set(names))}
"""
lands = _maker("lands")
NONE_LEFT_OUT = ("        if gainer is None:\n            continue\n", "")
LANDS_VARIANTS = [
    lands("right-loop", LANDS),
    lands("right-counter", LANDS_COUNTER),
    lands("right-pandas", LANDS_PANDAS),
    lands("right-sets", LANDS_SETS),
    lands("unsettled-counted-as-elsewhere", LANDS, NONE_LEFT_OUT, lands_gains=1, lands_elsewhere=2),
    lands("work-for-gain", LANDS, ("gains[gainer] = gains.get(gainer, 0) + pounds", "gains[worker] = gains.get(worker, 0) + pounds"), lands_gains=1, lands_unpaid=1),
    lands("changes-counted-for-pounds", LANDS, ("gains.get(gainer, 0) + pounds", "gains.get(gainer, 0) + 1"), ("settled += pounds", "settled += 1"), ("away += pounds", "away += 1"), lands_gains=1, lands_elsewhere=2),
    lands("last-gain-only", LANDS, ("gains.get(gainer, 0) + pounds", "pounds"), lands_gains=1),
    lands("kept-for-landed-elsewhere", LANDS, ("if gainer != worker", "if gainer == worker"), lands_elsewhere=2),
    lands("share-of-the-unsettled-too", LANDS, ("        if gainer is None:\n            continue\n", "        if gainer is None:\n            settled += pounds\n            continue\n"), lands_elsewhere=2),
    lands("pounds-for-a-share", LANDS, ("away / settled", "away"), lands_elsewhere=2),
    lands("percent-for-a-share", LANDS, ("away / settled", "100 * away / settled"), lands_elsewhere=2),
    lands("elsewhere-over-kept", LANDS, ("away / settled", "away / (settled - away)"), lands_elsewhere=2),
    lands("gains-without-working", LANDS, ("[one for one in workers if one not in gains]", "[one for one in gains if one not in workers]"), lands_unpaid=1),
    lands("paid-only-by-their-own-work", LANDS, ("[one for one in workers if one not in gains]", "[one for one in workers if not any(w == g == one for w, g, _ in changes)]"), lands_unpaid=1),
    lands("unsettled-work-forgotten", LANDS, ("        if worker not in workers:\n            workers.append(worker)\n        if gainer is None:\n            continue\n", "        if gainer is None:\n            continue\n        if worker not in workers:\n            workers.append(worker)\n"), lands_unpaid=1),
]  # fmt: skip


# Components

KEY = {"a": 1, "b": 3, "c": 4, "d": 2, "e": 5, "f": 4, "g": 1, "h": 3, "i": 2, "j": 5}
SLIP = {"a": 2, "b": 2, "c": 5, "d": 3, "e": 1, "f": 2, "g": 3, "h": 2, "i": 3, "j": 4}
"""A component that somebody might take each for."""


def _with(name: str, wrong: str, loses: float) -> Variant:
    chosen = {letter: SLIP[letter] if letter in wrong else number for letter, number in KEY.items()}
    return Variant(name, "components", f"components = {chosen!r}", {"components-key": loses} if loses else {})


COMPONENT_VARIANTS = [
    Variant("right-dictionary", "components", f"components = {KEY!r}", {}),
    Variant("right-words", "components", f"components = {({k: str(v) for k, v in KEY.items()})!r}", {}),
    Variant("right-zip", "components", 'components = dict(zip("abcdefghij", [1, 3, 4, 2, 5, 4, 1, 3, 2, 5]))', {}),
    _with("right-but-for-one", "f", 0),
    _with("coaching-taken-for-management-and-leaving-for-culture", "cf", 1),
    _with("culture-and-leadership-swapped", "bdhi", 4 - 1),
    _with("leaders-go-see-taken-for-culture", "bh", 1),
    _with("staff-voice-taken-for-leadership", "di", 1),
    _with("goals-taken-for-purpose-and-huddle-for-training", "ej", 1),
    _with("purpose-taken-for-people-and-leaders", "agb", 2),
    Variant("everything-is-leadership", "components", 'components = dict.fromkeys("abcdefghij", 3)', {"components-key": 4}),
    Variant("everything-is-training", "components", 'components = dict.fromkeys("abcdefghij", 4)', {"components-key": 4}),
    Variant("one-left-out", "components", f"components = {({k: v for k, v in KEY.items() if k != 'j'})!r}", {"components-key": 4}),
    _with("half-of-it", "abcde", 4),
]  # fmt: skip


VARIANTS = {
    "copq": COPQ_VARIANTS,
    "split": SPLIT_VARIANTS,
    "saving": SAVING_VARIANTS,
    "sensitivity": SENS_VARIANTS,
    "lands": LANDS_VARIANTS,
    "components": COMPONENT_VARIANTS,
}
ALL = [variant for variants in VARIANTS.values() for variant in variants]
