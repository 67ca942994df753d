"""Calls to sort and a week to change: agreement is counted, both misconceptions win first and are then undone."""

import csv
import json
import re
from pathlib import Path

import pytest

from improvement import views
from improvement.views import check_sorting_demand, describe, failure_demand

KIND = "failure-demand"
DATA = Path(__file__).parents[1] / "datasets" / "practice_calls.csv"
CARDS = [row for row in csv.DictReader(DATA.open(encoding="utf-8")) if 289 <= int(row["call"]) <= 313]
AGREED, CODER_A, CODER_B = ([row[name] for row in CARDS] for name in ("demand", "code_a", "code_b"))


def sorter(sort, **params):
    return views.compute(KIND, {"prediction": "read", "sort": list(sort), **params})


def week(**params):
    return views.compute(KIND, {"prediction": "slots", "show": "week", **params})


def panel(shown, kind, start=""):
    (found,) = [
        one
        for one in shown["panels"]
        if one["type"] == kind
        and (one.get("heading") or one.get("caption") or one.get("title") or "").startswith(start)
    ]
    return found


def rows(shown):
    return {row[0]: row[1:] for row in panel(shown, "table", "The average week")["rows"]}


def kappa(first, second):
    """Cohen's kappa by counting, straight from its definition."""
    n = len(first)
    alike = sum(a == b for a, b in zip(first, second, strict=True)) / n
    chance = sum(first.count(code) * second.count(code) for code in set(first) | set(second)) / n**2
    return (alike - chance) / (1 - chance)


def in_the_long_run(needs, hours, minutes, unresolved, elsewhere):
    """Wanted, answered and elsewhere a week: the weeks run one by one until they settle."""
    back = 0.0
    for _ in range(3000):
        wanted = needs + back
        answered = min(wanted, 60 * hours / minutes)
        still_open = wanted - answered + unresolved * answered
        gone, back = elsewhere * still_open, (1 - elsewhere) * still_open
    return round(wanted), round(answered), round(gone)


def test_the_cards_carry_the_shares_of_the_whole_log_and_half_the_failures_ask_where_something_is():
    assert len(CARDS) == 25
    assert [AGREED.count(code) for code in ("value", "failure", "unclear")] == [12, 10, 3]
    assert sum(row["cause"].startswith("chasing") for row in CARDS) == 5
    assert [card.reason for card in failure_demand.calls()] == [row["reason"] for row in CARDS]


def test_the_card_in_hand_follows_the_cards_sorted():
    for placed in (0, 1, 24):
        shown = views.compute(KIND, {"sort": AGREED[:placed]})
        assert shown["panels"][0]["text"] == f"“{CARDS[placed]['reason']}”"
        assert shown["panels"][0]["beside"] == "sort"
    assert sum("No call left" in one.get("text", "") for one in sorter(AGREED)["panels"]) == 1


def test_before_the_guess_no_code_and_no_result_shows():
    for params in ({}, {"show": "week"}, {"sort": AGREED, "compare": "now"}):
        shown = views.compute(KIND, params)
        open_ = [one for one in shown["panels"] if not one["reveal"]]
        assert [one["type"] for one in open_] in ([], ["sentence"])
        assert not re.search(r"agreed|kappa|chasing", json.dumps(open_).lower())


@pytest.mark.parametrize("mine", [CODER_A, CODER_B, ["failure"] * 10 + ["value"] * 15])
def test_kappa_with_the_key_and_with_a_recorded_coder(mine):
    text = panel(sorter(mine), "sentence", "Agreement")["text"]
    with_key, with_b = (
        float(found.replace("−", "-")) for found in re.findall(r"kappa (?:is )?(−?[\d.]+\d|\d)", text)[:2]
    )
    assert with_key == pytest.approx(kappa(mine, AGREED), abs=0.006)
    assert with_b == pytest.approx(kappa(mine, CODER_B), abs=0.006)
    assert ("you are over it" in text) == (kappa(mine, AGREED) >= 0.6)


def test_one_code_throughout_gets_no_kappa():
    assert "only one code was used" in panel(sorter(["failure"], compare="now"), "sentence", "Agreement")["text"]  # fmt: skip


def test_share_and_unclear_share_are_both_given():
    text = panel(sorter(AGREED), "sentence", "Failure demand")["text"]
    assert "10 of 25 calls as failure: 40%" in text
    assert "52%" in text  # (10 + 3) / 25
    assert "Give both figures" in text
    assert "hid a failure" not in panel(sorter(["failure", "value"], compare="now"), "sentence", "Failure")["text"]  # fmt: skip


def test_others_codes_wait_until_asked_for_or_the_last_card():
    assert not [one for one in sorter(AGREED[:10])["panels"] if one["type"] in ("figure", "listing")]
    wrong = ["value", *AGREED[1:]]
    (item,) = panel(sorter(wrong), "listing")["items"]
    assert CARDS[0]["reason"] in item
    assert "prescription problem" in item
    assert panel(sorter(AGREED), "listing")["items"] == []


def test_causes_are_the_work_and_are_counted_over_the_whole_log():
    counted = {}
    for row in csv.DictReader(DATA.open(encoding="utf-8")):
        if row["demand"] == "failure":
            counted[row["cause"]] = counted.get(row["cause"], 0) + 1
    shown = panel(sorter(AGREED), "table", "What lies behind")
    assert {row[0]: row[2] for row in shown["rows"]} == counted
    assert sum(row[1] for row in shown["rows"]) == 10


@pytest.mark.parametrize(("percent", "contacts"), [(20, "125"), (30, "142.9"), (40, "166.7"), (50, "200")])
def test_the_multiplier(percent, contacts):
    assert f"make {contacts} contacts" in panel(week(unresolved=percent), "sentence", "The multiplier")["text"]  # fmt: skip


@pytest.mark.parametrize("service", ["practice", "nursing", "crisis"])
@pytest.mark.parametrize("unresolved", [0, 20, 40, 60])
def test_the_four_plans_settle_where_the_weeks_do(service, unresolved):
    needs, minutes, hours = {"practice": (500, 8, 95), "nursing": (200, 6, 28.5), "crisis": (120, 20, 57)}[
        service
    ]
    f = unresolved / 100
    expected = {
        "As it is": (needs, hours, minutes, f, 0.1),
        "More staff time": (needs, 1.2 * hours, minutes, f, 0.1),
        "Send elsewhere": (needs, hours, minutes, f, 0.5),
        "Finish first time": (needs, hours, minutes + 1, 0.2, 0.1),
    }
    for name, row in rows(week(service=service, unresolved=unresolved)).items():
        wanted, answered, gone = in_the_long_run(*expected[name])
        assert (row[0], row[1]) == pytest.approx((wanted, gone), abs=1)
        assert row[2] == pytest.approx(wanted - answered, abs=1)


def test_more_slots_clears_the_line_and_is_then_undone():
    text = panel(week(prediction="slots"), "sentence", "Your guess")["text"]
    assert "every call is answered" in text
    assert "281 still ring again" in text  # 500 / (1 - 0.4 * 0.9) = 781
    assert rows(week())["As it is"][2] > 400


def test_sending_people_elsewhere_clears_the_line_and_fills_another():
    text = panel(week(prediction="misuse"), "sentence", "Your guess")["text"]
    assert "the phones look better" in text
    assert "125 people a week" in text  # 0.5 * 0.4 * 500 / (1 - 0.4 * 0.5)
    assert "none a fault in the caller" in panel(sorter(AGREED, prediction="misuse"), "sentence", "Your guess")["text"]  # fmt: skip
    same = panel(week(prediction="misuse", elsewhere=10), "sentence", "Your guess")["text"]
    assert "the phones look no better" in same


def test_finishing_first_time_can_be_the_worse_bargain():
    assert not panel(week(), "challenge")["met"]
    # 8 minutes * (1 / 0.64) / (1 / 0.82) - 8 = 2.25 minutes are worth it
    assert not panel(week(extra=2), "challenge")["met"]
    assert panel(week(extra=2.5), "challenge")["met"]


def test_what_cannot_be_used_says_what_to_mend():
    shown = week(unresolved=90)
    assert shown["panels"] == []
    assert "The most it can be is 60" in shown["notices"][0]["text"]


def test_the_whole_can_be_read_as_words_at_the_edges():
    for params in (
        {"unresolved": 0, "added": 0, "first_time": 60, "extra": 10},
        {"unresolved": 60, "elsewhere": 90},
        {"service": "crisis", "prediction": "finish"},
    ):
        text = describe.as_text(views.spec(KIND), week(**params))
        assert not re.search(r"\bnan\b", text.lower())
        assert "Break our model" in text
    told = " ".join(views.spec(KIND)["cannot_tell"])
    assert "80%" in told
    assert "no evidence" in told


def test_self_check_knows_the_share_within_three_points_and_kappa_by_hand():
    checks = {check.name: check for check in check_sorting_demand.CHECKS}
    for given, right in ((37, True), (40, True), (43, True), (36, False), (44, False), (80, False)):
        assert checks["share"].judge(given)[0] == right
    assert checks["kappa"].judge(0.5)[0]  # (0.75 - 0.5) / (1 - 0.5)
    assert not checks["kappa"].judge(0.75)[0]
