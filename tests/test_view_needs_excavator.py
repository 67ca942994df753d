"""The needs excavator: what comes to light follows from who knows what, for every group of voices of every card."""

import json
import re
from itertools import combinations

import pytest

from improvement import views
from improvement.simulate import needs
from improvement.simulate.needs import CASES
from improvement.views import describe

KIND = "needs-excavator"
LABELS = [case for case in CASES.values() if case.key != "wrist"]
INPATIENT = [CASES["social_admission"], CASES["delayed_discharge"]]
REPORT = "The service's own report"


def by_key(case):
    return case.key


def groups(case, *, without=()):
    """Every group of the case's voices, none of which is in `without`."""
    keys = [voice.key for voice in case.voices if voice.key not in without]
    return [set(group) for size in range(len(keys) + 1) for group in combinations(keys, size)]


def lit(case, asked):
    """The facts that come to light, found apart from the package: somebody's whole group of knowers was asked."""
    return [fact for fact in case.facts if any(all(key in asked for key in group) for group in fact.known_to)]


def excavate(case, *asked, **params):
    return views.compute(
        KIND, {"case": case.key, f"asked_{case.key}": list(asked), "prediction": "all", **params}
    )


def panels(view, kind, heading=None):
    return [one for one in view["panels"] if one["type"] == kind and heading in (None, one.get("heading"))]


def text(view):
    return describe.as_text(views.spec(KIND), view)


# The model: every group of voices


@pytest.mark.parametrize("case", CASES.values(), ids=by_key)
def test_findings_follow_from_the_facts_for_every_group_of_voices(case):
    for asked in groups(case):
        facts = lit(case, asked)
        found = needs.findings(case, asked)
        assert list(found.needs) == [fact for fact in facts if fact.need]
        assert list(found.added) == [fact.adds for fact in facts if fact.adds]
        ended = {key for fact in facts for key in fact.ends}
        assert {step.key for step in found.ended} == ended
        assert {step.key for step in found.standing} == {step.key for step in case.plan} - ended
        assert [step.treats for step in found.treatment_avoided] == [True] * len(found.treatment_avoided)


@pytest.mark.parametrize("case", LABELS, ids=by_key)
def test_skipping_gp_and_carer_forfeits_at_least_two_real_needs_whoever_else_is_asked(case):
    total = sum(fact.need for fact in case.facts)
    assert all(
        sum(fact.need for fact in lit(case, asked)) <= total - 2
        for asked in groups(case, without=("gp", "carer"))
    )
    assert len(needs.cost_of_missing(case, ["gp", "carer"]).needs) >= 2


@pytest.mark.parametrize("case", INPATIENT, ids=by_key)
def test_adding_the_gp_changes_the_inpatient_plan_whoever_was_asked_before(case):
    for asked in groups(case, without=("gp",)):
        before, after = needs.findings(case, asked), needs.findings(case, {*asked, "gp"})
        assert (before.standing, before.added) != (after.standing, after.added)
        assert len(after.ended) > len(before.ended)


@pytest.mark.parametrize("case", LABELS, ids=by_key)
def test_each_label_hides_needs_that_only_somebody_uninvited_knows_and_some_treatment_nobody_needs(case):
    assert len([voice for voice in case.voices if voice.absent]) == 2
    assert needs.cost_of_missing(case, ["absent", "unseen"]).needs
    assert needs.everything(case).treatment_avoided


@pytest.mark.parametrize("case", LABELS, ids=by_key)
def test_no_label_is_all_wrong(case):
    assert len(needs.everything(case).standing) == 1


@pytest.mark.parametrize("case", CASES.values(), ids=by_key)
def test_a_case_holds_together(case):
    voices, steps = {voice.key for voice in case.voices}, [step.key for step in case.plan]
    assert len(voices) == len(case.voices) == 8
    assert len(set(steps)) == len(steps) == 4
    assert len({fact.short for fact in case.facts}) == len(case.facts)
    for fact in case.facts:
        assert fact.known_to
        assert all(group and group <= voices for group in fact.known_to)
        assert set(fact.ends) <= set(steps)
        assert fact.adds or not fact.need
    assert {key for fact in case.facts for group in fact.known_to for key in group} == voices


@pytest.mark.parametrize("case", CASES.values(), ids=by_key)
def test_most_needs_and_the_cost_of_missing_agree_with_brute_force(case):
    for questions in (1, 6, 8):
        best = max(sum(f.need for f in lit(case, asked)) for asked in groups(case) if len(asked) == questions)
        assert needs.most_needs(case, questions) == best
    everybody = {voice.key for voice in case.voices}
    for voice in everybody:
        dark = [fact for fact in case.facts if fact not in lit(case, everybody - {voice})]
        assert list(needs.cost_of_missing(case, [voice]).needs) == [fact for fact in dark if fact.need]


def test_a_deaf_man_is_not_heard_without_an_interpreter():
    case = CASES["dna"]
    assert not needs.findings(case, ["patient"]).facts
    alone = needs.findings(case, ["interpreter"]).needs
    both = needs.findings(case, ["interpreter", "patient"]).needs
    assert (len(alone), len(both)) == (1, 4)
    view = excavate(case, "patient")
    assert "could not understand each other without a sign language interpreter" in text(view)
    assert "Mr Hale with a sign language interpreter: He came the first time." in text(
        excavate(case, "patient", "interpreter")
    )


def test_a_stranger_is_named():
    with pytest.raises(ValueError, match="nobody here is called 'bishop'"):
        needs.findings(CASES["dna"], ["bishop"])


# The widget


@pytest.mark.parametrize("case", CASES.values(), ids=by_key)
def test_the_referral_wins_before_anybody_is_asked(case):
    view = excavate(case)
    assert panels(view, "verdict", REPORT)[0]["words"] == "4 of 4: complete"
    assert "so you are right so far" in panels(view, "sentence", "Your guess")[0]["text"]
    assert len(panels(view, "graph")[0]["columns"][2]["nodes"]) == 4


@pytest.mark.parametrize("case", LABELS, ids=by_key)
def test_the_report_says_complete_whatever_is_found_and_the_guess_is_undone(case):
    asked = ("patient", "gp", "carer", "interpreter", "absent", "unseen")
    for stop in range(len(asked) + 1):
        view = excavate(case, *asked[:stop])
        assert panels(view, "verdict", REPORT)[0]["words"] == "4 of 4: complete"
    assert "one of the four still stands" in panels(view, "sentence", "Your guess")[0]["text"]


def test_the_frequent_callers_gp_ends_two_steps_and_brings_two_needs():
    view = excavate(CASES["frequent_caller"], "commissioner", "gp")
    (last,) = panels(view, "sentence", "Your last question")
    assert last["beside"] == "asked_frequent_caller"
    assert "“Treatment for anxiety” ends; “A low-priority flag on his address” ends" in last["text"]
    assert "Two questions asked: two real needs found." in view["summary"]
    assert "two of the four still stand." in panels(view, "sentence", "Your guess")[0]["text"]


def test_nothing_unfound_shows_before_the_reader_stops():
    case = CASES["social_admission"]
    view = excavate(case, "porter", "commissioner")
    hidden = [fact for fact in case.facts if fact not in lit(case, {"porter", "commissioner"})]
    shown = json.dumps(view, ensure_ascii=False)
    assert not [fact.short for fact in hidden if fact.says in shown or fact.short in shown]
    stopped = text(excavate(case, "porter", "commissioner", stop=True))
    assert all(fact.short in stopped for fact in hidden if fact.need)


def test_six_questions_bring_the_reckoning_and_a_seventh_is_refused():
    case = CASES["delayed_discharge"]
    asked = ["patient", "porter", "interpreter", "commissioner", "absent", "unseen"]
    assert not panels(excavate(case, *asked[:5]), "sentence", "The reckoning")
    view = excavate(case, *asked)
    (told,) = panels(view, "sentence", "The reckoning")
    # Without GP and daughter four of seven needs can be found, and the catheter and the letter stay.
    assert told["text"].startswith("You found 4 of 7 real needs. The best six questions find 7.")
    assert "you ended 1 of 3. Over-treatment avoided: 0 of 1." in told["text"]
    dark = panels(view, "listing", "What stayed in the dark")[0]["items"]
    assert len(dark) == 5
    assert "The catheter out. Who knew: his GP." in dark
    (pair,) = panels(view, "sentence", "Two voices missing at once")
    assert "the GP and his daughter, ask everybody else, and three real needs" in pair["text"]
    refused = excavate(case, *asked, "gp")
    assert not refused["panels"]
    assert "Keep to 6" in refused["summary"]


def test_asking_twice_costs_a_question_and_adds_nothing():
    case = CASES["diabetes"]
    once, twice = excavate(case, "gp"), excavate(case, "gp", "gp")
    assert "Two questions asked: two real needs" in twice["summary"]
    assert panels(once, "listing", "What you were told") == panels(twice, "listing", "What you were told")
    assert "asked before" in panels(twice, "sentence", "Your last question")[0]["text"]


def test_each_card_keeps_its_own_questions():
    view = views.compute(
        KIND, {"case": "dna", "asked_diabetes": ["gp"], "asked_dna": ["porter"], "prediction": "none"}
    )
    assert view["summary"].startswith("One question asked: one real need found.")


@pytest.mark.parametrize("case", CASES.values(), ids=by_key)
def test_the_challenge_is_met_by_the_plain_wrist_alone_and_only_after_asking(case):
    for asked, met in (((), False), (("gp",), case.key == "wrist")):
        (challenge,) = panels(excavate(case, *asked), "challenge")
        assert challenge["met"] is met
    if case.key == "wrist":
        view = excavate(case, "gp", stop=True)
        assert "There was nothing to find" in panels(view, "sentence", "The reckoning")[0]["text"]
        assert not panels(view, "listing", "What stayed in the dark")


def test_an_unfair_answer_is_answered():
    assert "not one of the answers" in views.compute(KIND, {"prediction": "seven"})["summary"]
    assert "Press Reset" in views.compute(KIND, {"asked_dna": ["bishop"], "case": "dna"})["summary"]


@pytest.mark.parametrize("case", CASES.values(), ids=by_key)
def test_sentences_stay_whole_for_every_pair_of_voices(case):
    for asked in groups(case):
        if len(asked) <= 2:
            for stop in (False, True):
                view = excavate(case, *sorted(asked), stop=stop)
                said = text(view)
                assert view["summary"]
                assert not re.search(r"None\b(?! *$)|\.\.|  | \.|his gp|hba1c|[a-z] mr ", said, re.MULTILINE)
