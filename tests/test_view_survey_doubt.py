"""Count, sample, doubt: the published lists look sound, are counted, and no doubt is made larger than it is."""

import itertools
import json
import math
import re

import pytest

from improvement import views
from improvement.views import check_count_it_yourself, describe, survey_doubt

KIND = "survey-doubt"
OWN = {"list": "own", "unit": "percent", "whole": 100}


def view(**params):
    return views.compute(KIND, {"prediction": "all", **params})


def panel(shown, kind, start=""):
    (found,) = [
        one
        for one in shown["panels"]
        if one["type"] == kind
        and (one.get("heading") or one.get("caption") or one.get("title") or "").startswith(start)
    ]
    return found


def said(shown, heading):
    return panel(shown, "sentence", heading)["text"]


def bars(shown, label):
    (found,) = [mark for mark in panel(shown, "figure")["marks"] if mark["label"] == label]
    return list(zip(found["x1"], found["x2"], strict=True))


def parts(*numbers):
    return [{"part": f"p{place}", "number": number} for place, number in enumerate(numbers)]


@pytest.mark.parametrize("name", ["interviews", "trusts", "collaboratives"])
def test_before_the_guess_no_list_shows_its_sum_or_its_gap(name):
    shown = views.compute(KIND, {"list": name})
    open_ = [one for one in shown["panels"] if not one["reveal"]]
    text = json.dumps([open_, shown["summary"]]).lower()
    assert not re.search(r"missing|stated whole|end to end|reach", text)
    assert {start for start, _ in bars(shown, "As printed")} == {0}  # nothing laid end to end yet


def test_trusting_the_report_wins_first_and_is_then_undone():
    assert views.spec(KIND)["prediction"]["control"]["options"][0]["label"] == "All three"
    told = said(view(), "Your guess")
    assert told.startswith("You said all three. None of the three does.")
    assert "no help with arithmetic" in told
    assert (
        said(view(prediction="none"), "Your guess") == "You said none. None of the three does. Look at each."
    )


@pytest.mark.parametrize(
    ("name", "added", "whole", "gap"),
    [("interviews", 21 + 7 + 6 + 5 + 1, 41, 1), ("trusts", 22 + 50 + 14 + 5 + 7, 100, 2), ("collaboratives", 5 + 17 + 38, 100, 40)],
)  # fmt: skip
def test_the_three_lists_come_to_what_a_pencil_finds(name, added, whole, gap):
    shown = view(list=name)
    assert f"= {added}" in said(shown, "The sum")
    assert bars(shown, "As printed")[-1][1] == added
    assert bars(shown, "Missing") == [(added, whole)]
    assert f"{gap}% is missing" in said(shown, "The sum") or f"{gap} is missing" in said(shown, "The sum")
    innocent = panel(shown, "listing")["items"]
    assert len(innocent) >= 2  # a gap is never left with one explanation


def fitting(people, percents):
    """By brute force: the numbers of people who can stand behind percentages printed of `people` answers."""
    counts = [
        [n for n in range(people + 1) if abs(100 * n / people - percent) <= 0.5] for percent in percents
    ]
    if not all(counts):
        return None
    return sum(map(min, counts)), sum(map(max, counts))


def test_rounding_cannot_explain_the_trusts_for_any_number_of_answers_offered():
    assert "fit 125 to 128 people" in said(view(list="trusts"), "Rounding")
    base = next(one for one in views.spec(KIND)["controls"] if one["name"] == "base")
    for people in range(base["minimum"], base["maximum"] + 1):
        found = fitting(people, [22, 50, 14, 5, 7])
        told = said(view(list="trusts", base=people), "Rounding")
        if found is None:
            assert told.startswith(f"Not with {people} answers")
        else:
            assert not found[0] <= people <= found[1]
            low, high = found
            assert (f"fit {low} people" if low == high else f"fit {low} to {high} people") in told
            assert told.endswith("cannot be rounding alone.")


@pytest.mark.parametrize(
    ("numbers", "words", "met"),
    [
        ((33, 33, 33), "1% is missing", True),  # three thirds
        ((61, 27), "12% is missing", False),
        ((60, 40), "It adds up", False),
        ((34, 34, 33), "1% is too much", True),
        ((70, 60), "30% is too much", False),
    ],
)
def test_a_list_of_ones_own_is_added_up_and_rounding_judged(numbers, words, met):
    shown = view(**OWN, parts=parts(*numbers))
    assert words in said(shown, "The sum")
    assert panel(shown, "challenge")["met"] is met


def test_counts_are_not_excused_by_rounding():
    shown = view(list="own", unit="count", whole=12, parts=parts(4, 7))
    assert "1 is missing" in said(shown, "The sum")
    assert "Counts are not rounded" in said(shown, "Rounding")


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({**OWN, "parts": []}, "Add at least one part"),
        ({**OWN, "parts": [{"part": "a", "number": 1}, {"part": "a", "number": 2}]}, "stands twice"),
        ({**OWN, "parts": parts(120, 3)}, "choose “Counts”"),
        ({"look": "doubt", "answers": 5, "clusters": 9}, "Each place must have given at least one"),
    ],
)
def test_what_cannot_be_counted_says_what_to_mend(params, words):
    shown = view(**params)
    assert shown["panels"] == []
    assert words in shown["notices"][0]["text"]


def test_the_doubts_about_22_percent_are_those_of_the_curriculum():
    shown = view(look="doubt")
    assert "15.7 to 29.9%" in said(shown, "Luck")
    assert "1.36 to a trust" in said(shown, "Neighbours")
    assert "about 211, so some 116 were not heard" in said(shown, "Silence")
    assert "9.9%" in said(shown, "Silence")
    assert "64.9%" in said(shown, "Silence")
    luck, alike, silent = bars(shown, "Could lie anywhere here")
    assert silent[0] < alike[0] < luck[0] < 22 < luck[1] < alike[1] < silent[1]


def test_likeness_of_one_leaves_an_answer_a_place():
    shown = view(look="doubt", alike=1)
    assert "worth about 95 separate answers" in said(shown, "Neighbours")
    p, n, z = 0.22, 95, 1.96  # Wilson's formula by hand
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = (100 * end / (1 + z * z / n) for end in (middle - half, middle + half))
    assert bars(shown, "Could lie anywhere here")[1] == pytest.approx((low, high), abs=0.01)
    unlike = bars(view(look="doubt", alike=0), "Could lie anywhere here")
    assert unlike[0] == unlike[1]


def test_what_is_supposed_of_the_silent_moves_the_answer_between_the_bounds():
    for silent, wanted in ((0, 9.9), (22, 22), (50, 9.9 + 27.5), (100, 64.9)):
        shown = view(look="doubt", silent=silent)
        assert f"If {silent} in 100 would: {wanted:.1f}%" in said(shown, "Silence")


@pytest.mark.parametrize(
    ("heard", "met"), [(45, False), (80, False), (95, True), (100, True)]
)  # luck leaves 14 points; silence 100 minus those heard
def test_the_challenge_of_silence_is_met_when_nearly_all_are_heard(heard, met):
    assert panel(view(look="doubt", heard=heard), "challenge")["met"] is met


@pytest.mark.parametrize(("support", "looks"), [(60, "81.8%"), (40, "66.7%")])
def test_volunteers_bend_the_answer_as_the_curriculum_says(support, looks):
    shown = view(look="volunteers", support=support)
    assert f"So {looks} of the answers are in favour. The truth is {support}%." in said(shown, "What happens")
    assert "3 times as ready" in said(shown, "Why")


def test_a_low_response_need_not_mislead():
    shown = view(look="volunteers", keen=10, others=10)
    assert panel(shown, "challenge")["met"] is True
    assert "look like the truth" in said(shown, "Why")
    assert panel(view(look="volunteers"), "challenge")["met"] is False
    assert panel(view(look="volunteers", support=100, keen=10, others=10), "challenge")["met"] is False


def test_sorting_names_both_ways_to_be_wrong_and_says_nothing_before_all_lie():
    one = view(look="sort", cards={"darzi": "alarm"})
    assert "1 of 10 placed" in one["summary"]
    assert "medic" not in json.dumps(one["panels"])
    suspicious = view(look="sort", cards={card.name: "ask" for card in survey_doubt.CARDS})
    assert "False alarms raised: 4 of 4. Oddities waved through: 0 of 5." in said(suspicious, "Two ways")
    trusting = view(look="sort", cards={card.name: "alarm" for card in survey_doubt.CARDS})
    assert "False alarms raised: 0 of 4. Oddities waved through: 5 of 5." in said(trusting, "Two ways")
    ours = view(look="sort", cards={card.name: card.piles[0] for card in survey_doubt.CARDS})
    assert said(ours, "Your sorting").startswith("10 of 10")
    assert panel(ours, "listing")["items"] == []


def test_different_dates_speakers_and_several_answers_are_no_contradictions():
    piles = {card.name: card.piles for card in survey_doubt.CARDS}
    for name in ("darzi", "bulletin", "launch", "wanted"):
        assert piles[name] == ("alarm",)


def test_every_corner_gives_whole_sentences():
    corners = [
        {"look": "doubt", "share": share, "answers": answers, "clusters": clusters, "heard": heard, "alike": alike, "silent": 0}
        for share, (answers, clusters), heard, alike in itertools.product((0, 100), ((2, 2), (2000, 2), (1000, 1000)), (1, 99, 100), (0, 1))
    ] + [
        {"look": "volunteers", "support": support, "keen": keen, "others": others}
        for support, keen, others in itertools.product((0, 50, 100), (1, 100), (1, 100))
    ] + [{**OWN, "whole": 0, "parts": parts(0)}, {"list": "own", "unit": "count", "whole": 3.5, "parts": parts(0.5)}]  # fmt: skip
    for corner in corners:
        shown = view(**corner)
        assert not shown["notices"], corner
        text = describe.as_text(views.spec(KIND), json.loads(json.dumps(shown)))
        assert not re.search(r"\b(nan|inf|None)\b", text.replace("None of", "")), corner


def test_every_example_can_be_read():
    options = next(one for one in views.spec(KIND)["controls"] if one["name"] == "example")["options"]
    for option in options:
        shown = view(look="doubt", example=option["value"], **option["sets"])
        assert not shown["notices"]
        assert survey_doubt.EXAMPLES[option["value"]].places in said(shown, "Silence")


def test_the_self_check_counts_what_the_sources_hold():
    right = {check.name: getattr(check, "right", None) for check in check_count_it_yourself.CHECKS}
    assert right["hospital"] == 52.5  # 21 / 40
    assert right["boards"] == 20.0  # 31 / 155
    assert right["worst"] == pytest.approx(24)  # 60% of 40%
    assert "207%" in next(check.ask for check in check_count_it_yourself.CHECKS if check.name == "barriers")
