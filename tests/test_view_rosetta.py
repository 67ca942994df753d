"""Rosetta: closeness counted by hand, the shared words that mislead, and the pair for which translation fails."""

import json
from itertools import combinations

import pytest

from improvement import views
from improvement.views import describe, rosetta
from improvement.views.rosetta import IDEAS, METHODS, WORDS

KIND = "rosetta"


def view(guess="few", **params):
    return views.compute(KIND, {"prediction": guess, **params})


def panel(shown, kind, start=""):
    (found,) = [
        one
        for one in shown["panels"]
        if one["type"] == kind
        and (one.get("heading") or one.get("caption") or one.get("title") or "").startswith(start)
    ]
    return found


def bars(shown):
    """The picture as {row: (length, legend)}."""
    found = {}
    for mark in panel(shown, "figure")["marks"]:
        if mark["mark"] == "bar_x" and mark["label"]:
            for end, row in zip(mark["x2"], mark["text"], strict=True):
                found[row] = (end, mark["label"])
    return found


def test_ten_ideas_in_six_methods_and_plain_english():
    assert len(IDEAS) == 10
    assert len(METHODS) == 6
    for idea in IDEAS.values():
        assert idea.plain
        assert 3 <= len(idea.parts) <= 4
        assert set(idea.says) <= set(METHODS)
        for word, letters in idea.says.values():
            assert word
            assert set(letters) <= set("abcd"[: len(idea.parts)])
            assert list(letters) == sorted(set(letters))


def test_before_the_guess_only_two_vocabularies_show_and_they_share_no_name():
    shown = views.compute(KIND, {})
    (only,) = shown["panels"]
    assert only["type"] == "table"
    names = [[cell.casefold() for cell in row[1:]] for row in only["rows"]]
    assert not {one for one, _ in names} & {other for _, other in names}
    asked = views.spec(KIND)["prediction"]["question"]
    assert "Not one name is shared" in asked


def test_closeness_is_parts_in_common_over_parts_in_either():
    # Measures: Lean asks for time order and often; the Model for Improvement for all four: 2 of 4.
    assert rosetta.closeness(IDEAS["chart"], "lean", "mfi") == pytest.approx(0.5)
    assert rosetta.kind(IDEAS["chart"], "lean", "mfi") == "overlap"
    # A test of change: small, guessed, measured, repeated, against small, measured, repeated: 3 of 4.
    assert rosetta.closeness(IDEAS["test"], "mfi", "lean") == pytest.approx(0.75)
    assert rosetta.kind(IDEAS["test"], "mfi", "lean") == "same"
    assert rosetta.kind(IDEAS["test"], "mfi", "lean", 80) == "overlap"
    # Audit's percentage each round has none of the four parts.
    assert rosetta.closeness(IDEAS["chart"], "audit", "mfi") == 0
    assert rosetta.kind(IDEAS["chart"], "audit", "mfi") == "different"
    assert rosetta.closeness(IDEAS["huddle"], "mfi", "lean") is None
    assert rosetta.kind(IDEAS["huddle"], "mfi", "lean") == "one"
    assert rosetta.kind(IDEAS["huddle"], "mfi", "qsir") == "neither"


@pytest.mark.parametrize(("one", "other"), combinations(METHODS, 2))
def test_closeness_does_not_depend_on_who_asks_and_a_stricter_line_never_adds_to_the_same(one, other):
    for idea in IDEAS.values():
        assert rosetta.closeness(idea, one, other) == rosetta.closeness(idea, other, one)
    counts = [rosetta.count(one, other, line)["same"] for line in range(50, 101, 5)]
    assert counts == sorted(counts, reverse=True)
    assert sum(rosetta.count(one, other).values()) == 10


def test_most_differences_of_the_first_pair_are_words_and_two_are_real():
    found = rosetta.count("lean", "mfi")
    assert (found["same"], found["overlap"], found["one"]) == (7, 1, 2)
    shown = view()
    real = panel(shown, "listing", "Where the difference is real")["items"]
    assert len(real) == 2
    assert all("the Model for Improvement has no word of its own" in item for item in real)
    assert "7" in panel(shown, "sentence", "Your guess")["text"]
    rows = bars(shown)
    assert rows["Changed?: overlap"] == (50, "Amber: they overlap")
    assert rows["Aim: same"] == (100, "Green: the same work")
    assert "Daily: one only" not in rows


def test_each_guess_is_answered_in_its_own_way():
    told = {
        guess: panel(view(guess), "sentence", "Your guess")["text"].rpartition("anything. ")[2]
        for guess in ("none", "few", "most", "all")
    }
    assert told["most"] == "That is it."
    assert told["none"] == told["few"] == "Fewer differ than their names suggest."
    assert told["all"].startswith("Not quite all")


def test_three_false_friends_with_the_meanings_that_are_mixed_up():
    assert set(WORDS) == {"control", "standard", "capability"}
    names = {word: {sense.name for sense in entry.senses} for word, entry in WORDS.items()}
    assert {"Quality control", "Control chart", "Control group"} <= names["control"]
    assert {"Standard work", "Clinical standard"} <= names["standard"]
    assert {"Capability of a process", "Capability of people"} <= names["capability"]
    for entry in WORDS.values():
        assert set(entry.means.values()) <= {sense.name for sense in entry.senses}
        assert entry.ask.endswith("?")
    for word in WORDS:
        shown = view(look="word", word=word)
        assert panel(shown, "sentence", "Careful")["text"].startswith("False friend.")
        graph = panel(shown, "graph")
        assert len(graph["columns"][1]["nodes"]) == len(WORDS[word].senses)
        assert [node["state"] for node in graph["columns"][1]["nodes"]].count("good") == 1


def test_a_shared_word_is_called_false_only_where_the_two_mean_different_things():
    listed = panel(view(mine="lean", theirs="mfi"), "listing", "Three words")["items"]
    assert ["false friend here" in item for item in listed] == [True, False, False]
    listed = panel(view(mine="juran", theirs="lean"), "listing", "Three words")["items"]
    assert ["false friend here" in item for item in listed] == [False, True, True]
    listed = panel(view(mine="audit", theirs="lean"), "listing", "Three words")["items"]
    assert "audit seldom says it" in listed[2]


def test_one_idea_is_given_in_every_method_and_in_plain_english():
    shown = view(look="idea", idea="test", mine="mfi")
    rows = panel(shown, "table")["rows"]
    assert rows[0][0] == "Plain English"
    assert [row[0] for row in rows[1:]] == list(METHODS.values())
    assert "PDSA" in rows[1][1]
    assert rows[1][3] == "ours"
    assert bars(shown)["Juran: differ"] == (25, "Red: different work")
    silent = view(look="idea", idea="huddle", mine="mfi")
    assert "has no word of its own" in silent["summary"]
    assert bars(silent) == {}


def test_audit_is_where_translation_fails_and_the_challenge_says_so():
    assert not panel(view(), "challenge")["met"]
    for theirs in ("mfi", "lean", "pf", "qsir", "juran"):
        met = panel(view(mine="audit", theirs=theirs), "challenge")
        found = rosetta.count("audit", theirs)
        assert met["met"] == (found["different"] + found["one"] >= 5)
        assert met["met"], theirs


def test_one_method_twice_is_said_to_be_so():
    shown = view(mine="pf", theirs="pf")
    assert shown["notices"][0]["control"] == "theirs"
    assert "the same work on 10 of ten" in shown["summary"]


@pytest.mark.parametrize("look", ["pair", "idea", "word"])
@pytest.mark.parametrize("line", [50, 100])
@pytest.mark.parametrize(("mine", "theirs"), [*combinations(METHODS, 2), ("qsir", "qsir")])
def test_every_setting_has_text_for_those_who_do_not_see_it(look, line, mine, theirs):
    for idea in IDEAS if look == "idea" else ["test"]:
        shown = view(look=look, same_from=line, mine=mine, theirs=theirs, idea=idea)
        text = describe.as_text(views.spec(KIND), shown)
        json.dumps(shown)
        assert shown["summary"]
        for wrong in ("None", "{", "nan", "on 0"):
            assert wrong not in text


@pytest.mark.parametrize("line", [45, 101, "all"])
def test_a_line_that_cannot_be_drawn_is_refused_in_words(line):
    shown = views.compute(KIND, {"same_from": line})
    assert shown["notices"][0]["control"] == "same_from"
    assert "Call it the same work from" in shown["notices"][0]["text"]
