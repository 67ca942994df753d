"""The claims sorter: what each sentence's source bears, three house rules, and the picture of doors and rooms."""

import json
import re
from collections import Counter

import pytest

from coursekit.paths import ROOT
from improvement import views
from improvement.views import claims, describe
from improvement.views.claims import BY_NAME, CLAIMS, RULES, VERDICTS

KIND = "claims"
OURS = [claim.verdict for claim in CLAIMS]
PLAIN = ["plain"] * len(CLAIMS)


def view(sort=(), guess="plain", **params):
    return views.compute(KIND, {"prediction": guess, "sort": list(sort), **params})


def panel(shown, kind, start=""):
    (found,) = [
        one
        for one in shown["panels"]
        if one["type"] == kind
        and (one.get("heading") or one.get("caption") or one.get("title") or "").startswith(start)
    ]
    return found


def segments(shown):
    """The picture as {(subject, verdict): sentences}."""
    found = Counter()
    for mark in panel(shown, "figure")["marks"]:
        if mark["mark"] == "bar_x" and mark["label"]:
            for start, end, row in zip(mark["x1"], mark["x2"], mark["text"], strict=True):
                found[row, mark["label"]] += end - start
    return found


def test_twelve_sentences_with_a_reason_each_and_a_mended_one_where_it_helps():
    assert len(CLAIMS) == len({claim.says for claim in CLAIMS}) == 12
    for claim in CLAIMS:
        assert claim.verdict in VERDICTS
        assert len(claim.because) > 40
        assert bool(claim.better) == (claim.verdict != "plain"), claim.name


def test_a_citation_tempts_and_the_guess_is_answered():
    (cited,) = [claim for claim in CLAIMS if claim.says in views.spec(KIND)["prediction"]["question"]]
    assert cited.verdict == "reported"
    told = {guess: panel(view(guess=guess), "sentence", "Your guess")["text"] for guess in VERDICTS}
    assert told["reported"].startswith("Yes.")
    assert told["plain"].startswith("You let it stand")
    assert told["not"].startswith("You took it out")


def test_before_the_guess_only_the_sentence_in_hand_shows():
    shown = views.compute(KIND, {})
    (only,) = shown["panels"]
    assert only["text"] == CLAIMS[0].says
    assert only["beside"] == "sort"


def test_each_tap_is_answered_with_its_reason_and_the_next_sentence_comes():
    shown = view(["plain", "plain"])
    told = panel(shown, "sentence", "The last one")["text"]
    assert CLAIMS[1].says in told
    assert CLAIMS[1].because in told
    assert next(one for one in shown["panels"] if one.get("beside"))["text"] == CLAIMS[2].says
    assert "1 of 1 lies where it may" in panel(view(["plain"]), "sentence", "So far")["text"]


def test_our_rule_counted_by_hand():
    counts = Counter((claim.subject, claim.verdict) for claim in CLAIMS)
    shown = view(OURS)
    names = {"framework": "The framework", "door": "Doors", "beyond": "Beyond"}
    assert segments(shown) == {
        (names[subject], VERDICTS[verdict]): number for (subject, verdict), number in counts.items()
    }
    assert counts["beyond", "plain"] == 0
    assert "12 of 12 lie where they may" in panel(shown, "sentence", "Your marks")["text"]
    assert panel(shown, "listing", "Where you")["items"] == []


def test_nothing_beyond_the_door_may_be_said_plainly_under_our_rule_and_most_of_it_under_a_loose_one():
    beyond = [claim for claim in CLAIMS if claim.subject == "beyond"]
    assert not [claim for claim in beyond if claims.judged(claim, "ours") == "plain"]
    loose = [claim.name for claim in beyond if claims.judged(claim, "cited") == "plain"]
    assert sorted(loose) == ["embedded", "outstanding", "safer"]
    assert "stand plainly" in panel(view(OURS, rule="cited"), "sentence", "What the picture says")["text"]


def test_a_rule_that_counts_only_what_can_be_looked_up_keeps_no_account():
    for claim in CLAIMS:
        assert claims.judged(claim, "counted") == ("plain" if claim.rests_on == "document" else "not")
    assert panel(view(OURS, rule="counted"), "challenge")["met"]
    assert not panel(view(OURS), "challenge")["met"]
    assert not panel(view(OURS, rule="cited"), "challenge")["met"]


def test_what_the_reader_let_stand_is_taken_up_one_by_one():
    listed = panel(view(PLAIN), "listing", "Where you")["items"]
    assert len(listed) == sum(verdict != "plain" for verdict in OURS)
    assert any(BY_NAME["safer"].because in item for item in listed)


def test_the_numbers_in_the_sentences_are_those_of_the_survey(table):
    assert (ROOT / "datasets" / "provider_survey.csv").exists()
    survey = json.dumps(list(table("provider_survey")))
    numbers = set(re.findall(r"\b\d{2,3}\b", BY_NAME["embedded"].because)) - {"20"}
    assert {"22", "129", "95"} <= numbers
    assert '"22"' in survey


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("sort", [[], OURS[:1], OURS[:11], OURS, PLAIN])
def test_every_setting_reads_whole(rule, sort):
    shown = view(sort, rule=rule)
    text = describe.as_text(views.spec(KIND), shown)
    json.dumps(shown)
    assert shown["summary"]
    for wrong in ("None", "{", " of 1 lie ", "  "):
        assert wrong not in shown["summary"]
    assert "{" not in text


def test_a_pile_that_is_not_there_is_refused():
    shown = views.compute(KIND, {"sort": ["perhaps"]})
    assert "not one of those offered" in shown["notices"][0]["text"]
