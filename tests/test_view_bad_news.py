"""After the bad news: the firm reply feels right, costs the next news, and the best run asks and clears the way."""

import itertools
import json
import re

import pytest

from improvement import views
from improvement.views import describe
from improvement.views.bad_news import NEWS, REPLIES

KIND = "bad-news"
MATCHING = ["curious" if news.kind == "unclear" else "unblock" for news in NEWS]
# The sizes this course chose, as the model's page states them: trust, put right where unclear, where known.
SIZES = {
    "blame": (-0.6, 0.3, 0.5),
    "fix_it": (-0.05, 0.45, 0.65),
    "dismiss": (-0.3, 0.05, 0.05),
    "curious": (0.35, 0.8, 0.3),
    "unblock": (0.35, 0.3, 0.85),
}


def view(replies=(), **params):
    return views.compute(KIND, {"prediction": "same", "replies": list(replies), **params})


def panel(shown, kind, start=""):
    (found,) = [
        one
        for one in shown["panels"]
        if one["type"] == kind
        and (one.get("heading") or one.get("caption") or one.get("title") or "").startswith(start)
    ]
    return found


def beside(shown):
    return [one for one in shown["panels"] if one.get("beside") == "replies"]


def heard(shown, label="Your replies"):
    figure = panel(shown, "figure")
    return next(mark for mark in figure["marks"] if mark["label"] == label)["y"]


def step(safety, trust):
    return safety + safety * trust * (1 if trust < 0 else 1 - safety)


def by_hand(replies, start=0.5):
    """Safety at the end, problems heard of, put right, and harm, one week after another, open problems followed one by one."""
    safety, told, right, harm, still_open = start, 0.0, 0.0, 0.0, []
    for week in range(len(replies) + 400):
        harm += sum(count * weight for count, weight in still_open)
        still_open = [(count * 0.85, weight) for count, weight in still_open]
        if week < len(replies):
            trust, unclear, stuck = SIZES[replies[week]]
            told += 20 * safety
            mended = 20 * safety * (unclear if NEWS[week].kind == "unclear" else stuck)
            right += mended
            still_open.append((20 - mended, NEWS[week].harm))
            safety = step(safety, trust)
    return safety, told, right, harm


def table(shown, start):
    return {row[0]: row[1:] for row in panel(shown, "table", start)["rows"]}


def test_the_ten_stories_come_from_boards_wards_practices_ambulance_and_finance_half_of_each_kind():
    assert len(NEWS) == 10
    assert sorted(news.kind for news in NEWS) == ["stuck"] * 5 + ["unclear"] * 5
    places = " ".join(news.where for news in NEWS)
    for word in ("Board", "Ward", "General practice", "Ambulance", "Finance", "Mental health", "Community"):
        assert word in places


def test_before_the_guess_the_first_story_stands_beside_the_buttons_and_nothing_else_shows():
    shown = views.compute(KIND, {})
    seen = [one for one in shown["panels"] if not one["reveal"]]
    assert [one["type"] for one in seen] == ["figure", "sentence"]
    assert seen[1]["beside"] == "replies"
    assert seen[1]["text"] == NEWS[0].said
    (dot,) = [mark for mark in seen[0]["marks"] if not mark["reveal"]]
    assert dot["y"] == [10]


def test_on_paper_all_ten_stories_and_what_each_reply_buys_can_be_read():
    shown = views.compute(KIND, {})
    (key,) = [one for one in shown["panels"] if one["type"] == "listing"]
    assert len(key["items"]) == 10
    assert key["reveal"]
    assert set(table(shown, "What each reply")) == {f"“{label}”" for label in REPLIES.values()}
    assert not [one for one in view()["panels"] if one["type"] in ("listing", "table")]


def test_each_reply_brings_its_consequence_and_the_next_story():
    for number in range(1, 10):
        shown = view(MATCHING[:number])
        came, following = beside(shown)
        assert REPLIES[MATCHING[number - 1]] in came["heading"]
        assert NEWS[number - 1].behind in came["text"]
        assert following["text"] == NEWS[number].said
    for reply, news in itertools.product(REPLIES, (0, 1)):
        shown = view([*MATCHING[:news], reply])
        assert NEWS[news].behind in beside(shown)[0]["text"]
    assert "tenth" in beside(view(MATCHING))[1]["text"]


def test_the_guess_is_undone_by_ten_becoming_four():
    said = {
        guess: panel(view(prediction=guess), "sentence", "Your guess")["text"]
        for guess in ("more", "same", "fewer", "few")
    }
    for guess, text in said.items():
        assert "10 become 4" in text
        assert text.startswith("As you said") == (guess == "few")
        assert "feels like grip" in text
        assert "5 good replies" in text
    free = view(cost=0, workings=True)
    assert "costs nothing" in panel(free, "sentence", "Your guess")["text"]


def test_one_blame_takes_off_two_fifths_or_more_and_needs_at_least_three_good_replies():
    line = heard(view(["blame", *MATCHING[1:]]))
    assert line[1] <= 0.6 * line[0]
    back = next(place for place, value in enumerate(line[2:], start=1) if value >= line[0])
    assert back >= 3
    rows = table(view(MATCHING), "What each reply")
    assert rows["“Who is accountable?”"][3] == str(back) == "5"
    assert rows["“Who is accountable?”"][2] == "−60%"


@pytest.mark.parametrize(
    "replies", [MATCHING, ["fix_it"] * 10, ["dismiss", "blame"] * 5, [*list(SIZES), *list(SIZES)]]
)
def test_the_row_of_the_reader_is_what_following_every_problem_gives(replies):
    you = table(view(replies), "The same ten")["You"]
    safety, told, right, harm = by_hand(replies)
    assert you[:3] == [f"{100 * safety:.0f}%", f"{told:,.0f}", f"{right:,.0f}"]
    assert float(you[4].replace(",", "")) == pytest.approx(harm, abs=0.51)
    assert heard(view(replies))[-1] == pytest.approx(20 * safety)


def test_asking_and_clearing_the_way_is_best_and_over_ninety_and_nothing_firm_comes_near():
    rows = table(view(MATCHING), "The same ten")
    assert rows["You"] == rows["Best possible"]
    assert rows["You"][-1] == "100"
    assert panel(view(MATCHING), "verdict")["code"] == "reliably_meets"
    for always in ("blame", "fix_it", "dismiss", "curious", "unblock"):
        points = int(table(view([always] * 10), "The same ten")["You"][-1])
        assert points < 90
        assert panel(view([always] * 10), "verdict")["code"] != "reliably_meets"
    # No run made of two kinds of reply alone beats it, tried one after another.
    least = by_hand(MATCHING)[3]
    for pair in itertools.combinations(SIZES, 2):
        for replies in itertools.islice(itertools.product(pair, repeat=10), 0, 1024, 11):
            assert by_hand(replies)[3] >= least - 1e-6


def test_best_and_worst_are_drawn_only_at_the_end():
    labels = [mark["label"] for mark in panel(view(MATCHING[:9]), "figure")["marks"]]
    assert "Best possible" not in labels
    shown = view(["fix_it"] * 10)
    assert heard(shown, "Worst possible")[-1] < heard(shown)[-1] < heard(shown, "Best possible")[-1]
    assert [one["type"] for one in view(MATCHING[:3])["panels"]].count("table") == 0


def test_points_lost_are_shared_out_among_the_replies_that_lost_them():
    assert panel(view(MATCHING), "listing")["items"] == []
    one_slip = panel(view([*MATCHING[:4], "dismiss", *MATCHING[5:]]), "listing")["items"]
    (item,) = one_slip
    assert item.startswith("Finance committee")
    lost = 100 - int(table(view([*MATCHING[:4], "dismiss", *MATCHING[5:]]), "The same ten")["You"][-1])
    assert int(re.search(r": (\d+) of the 100", item).group(1)) == pytest.approx(lost, abs=1)


def test_firm_replies_do_more_today_than_asking_where_the_cause_is_known():
    rows = table(view(MATCHING), "What each reply")
    assert int(rows["“Who is accountable?”"][1]) > int(rows["“Tell me more”"][1])
    assert int(rows["“Who is accountable?”"][0]) < int(rows["“Tell me more”"][0])


def test_the_challenge_is_met_where_firmness_puts_more_right_than_clearing_the_way():
    assert not panel(view(workings=True), "challenge")["met"]
    met = panel(view(workings=True, extra=40), "challenge")  # 90 against 85 of 100, at a price
    assert met["met"]
    assert "at the very end" in met["text"]
    cheap = panel(view(workings=True, extra=70, cost=0), "challenge")
    assert cheap["met"]
    assert "it is the thing to say" in cheap["text"]


def test_the_workings_change_where_a_run_starts_and_what_firmness_costs():
    shown = view(["blame"], workings=True, start=16, cost=50)
    assert heard(shown) == pytest.approx([16, 8])
    # Folded away again, they still count.
    assert heard(view(["blame"], start=16, cost=50)) == pytest.approx([16, 8])


def test_every_corner_gives_whole_sentences():
    runs = ([], ["blame"], ["dismiss"] * 10, ["blame"] * 10, MATCHING)
    for replies, start, cost, extra, guess in itertools.product(
        runs, (2, 18), (0, 80), (0, 70), ("more", "few")
    ):
        shown = view(replies, workings=True, start=start, cost=cost, extra=extra, prediction=guess)
        assert not shown["notices"]
        text = describe.as_text(views.spec(KIND), json.loads(json.dumps(shown)))
        assert not re.search(r"\b(nan|inf|None|1 replies|\{\w+\})\b", text)
        assert shown["summary"]


def test_the_download_holds_every_reply():
    shown = view(["blame", "curious"])
    assert shown["data"]["columns"][:3] == ["News", "Where", "Reply"]
    assert [row[2] for row in shown["data"]["rows"]] == ["Who is accountable?", "Tell me more"]
    assert [row[3] for row in shown["data"]["rows"]] == [10, 4]


def test_too_many_replies_are_refused_in_words():
    (notice,) = view(["blame"] * 11)["notices"]
    assert "11 answers is too many" in notice["text"]
