"""Self-checks without a browser: what counts as right, what each wrong answer is told, what reads without scripts."""

import pytest
from bs4 import BeautifulSoup

from coursekit.build import coverage
from coursekit.build.prerender import static_html
from improvement import views
from improvement.views import describe, questions
from improvement.views.questions import Answer, Card, ChoiceCheck, NumberCheck, Slip, SortCheck

HALF = NumberCheck(
    name="half", ask="Half of 7?", outcome="construct", right=3.5, tolerance=0.05, because="Seven over two.",
    otherwise="Divide by two.", slips=(Slip(value=14, because="That doubles."),),
)  # fmt: skip
WHICH = ChoiceCheck(
    name="which", ask="Which?", outcome="apply",
    answers=(Answer(label="This", because="No."), Answer(label="That", right=True, because="Yes.")),
)  # fmt: skip
SORT = SortCheck(
    name="sort", ask="Sort them", outcome="distinguish", piles=("common", "special"), enough=2,
    cards=(
        Card(label="Storm", piles=("special",), because="It came from outside."),
        Card(label="Monday", piles=("common",), because="Every week has one."),
        Card(label="Flu", piles=("common", "special"), because="It depends on the year."),
    ),
)  # fmt: skip
CHECKS = (HALF, WHICH, SORT)
SELF_CHECKS = [kind for kind in views.kinds() if kind.startswith("check-")]


def said(**answers):
    declaration = questions.declare(CHECKS)
    cleaned, problems = declaration.read(answers)
    assert not problems
    return {
        panel["beside"]: (panel["right"], panel["text"])
        for panel in questions.answer(CHECKS, cleaned)["panels"]
    }


@pytest.mark.parametrize(
    ("given", "right", "text"),
    [
        (3.5, True, "Seven over two."),
        (3.55, True, "Seven over two."),
        (3.45, True, "Seven over two."),
        (3.56, False, "Divide by two."),
        (14, False, "That doubles."),
        (0, False, "Divide by two."),
    ],
)
def test_a_number_is_right_within_its_tolerance_and_a_known_slip_gets_its_own_reason(given, right, text):
    assert said(half=given) == {"half": (right, text)}


def test_every_choice_is_told_why():
    assert said(which="1") == {"which": (False, "No.")}
    assert said(which="2") == {"which": (True, "Yes.")}


@pytest.mark.parametrize(
    ("placed", "right", "words", "not_words"),
    [
        ({"1": "special"}, False, ["2 cards are still to be placed"], ["outside"]),
        ({"1": "special", "2": "common", "3": "special"}, True, ["3 of 3"], ["Every week"]),
        ({"1": "special", "2": "special", "3": "common"}, True, ["2 of 3", "Monday: common", "Every week"], ["outside"]),
        ({"1": "common", "2": "special", "3": "common"}, False, ["1 of 3", "Storm: special", "Monday: common"], ["Flu"]),
    ],
)  # fmt: skip
def test_cards_are_judged_together_and_only_the_astray_are_explained(placed, right, words, not_words):
    ((verdict, text),) = said(sort=placed).values()
    assert verdict is right
    assert all(word in text for word in words)
    assert not any(word in text for word in not_words)


def test_nothing_is_said_of_a_question_not_answered_yet():
    assert said() == {}
    assert set(said(which="1")) == {"which"}


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: ChoiceCheck(name="x", ask="?", outcome="a", answers=(Answer(label="1", because="-"),)), "right"),
        (
            lambda: NumberCheck(
                name="x", ask="?", outcome="a", right=1, tolerance=0.1, because="-", otherwise="-",
                slips=(Slip(value=1.05, because="-"),),
            ),
            "marked right",
        ),
        (
            lambda: SortCheck(
                name="x", ask="?", outcome="a", piles=("p",), enough=1,
                cards=(Card(label="c", piles=("q",), because="-"),),
            ),
            "not on the table",
        ),
        (lambda: questions.declare([HALF, HALF]), "same name"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_fair_cannot_be_made(make, what):
    with pytest.raises(ValueError, match=what):
        make()


@pytest.mark.parametrize("kind", SELF_CHECKS)
def test_a_self_check_explains_every_answer_and_reads_without_scripts(kind):
    spec, view = views.spec(kind), views.compute(kind, {})
    page = BeautifulSoup(static_html(spec, view), "html.parser").get_text(" ")
    words = describe.as_text(spec, view)
    assert len(spec["controls"]) >= 2
    for control in spec["controls"]:
        assert control["label"] in page
        assert f"[Question] {control['label']}" in words
        assert sum(answer["right"] for answer in control["answers"]) >= 1
        reasons = [answer["because"] for answer in control["answers"]]
        assert all(len(reason) > 15 for reason in reasons)
        assert len(set(reasons)) == len(reasons), "two answers are given the same reason"
        assert all(reason in page for reason in reasons)
        assert not any(reason in words for reason in reasons), "the notebook gives the answers away"


@pytest.mark.parametrize("kind", SELF_CHECKS)
def test_the_right_answers_of_a_self_check_are_marked_right(kind):
    spec = views.spec(kind)
    checks = {check.name: check for check in coverage.checks_of(kind)}
    for control in spec["controls"]:
        inner, answers = control["control"], control["answers"]
        if inner["type"] == "choice":
            given = next(
                option["value"] for option, one in zip(inner["options"], answers, strict=True) if one["right"]
            )
            wrong = [option["value"] for option in inner["options"] if option["value"] != given]
        elif inner["type"] == "number":
            given = float(answers[0]["answer"].replace("−", "-").replace(",", ""))
            wrong = [float(one["answer"].replace("−", "-").replace(",", "")) for one in answers[1:]]
        else:
            key = [card.piles[0] for card in checks[control["name"]].cards]
            given = {card["value"]: pile for card, pile in zip(inner["cards"], key, strict=True)}
            wrong = [{inner["cards"][0]["value"]: key[0]}]
        for value, right in [(given, True), *((one, False) for one in wrong)]:
            (panel,) = views.compute(kind, {control["name"]: value})["panels"]
            assert (panel["right"], panel["beside"]) == (right, control["name"]), (control["name"], value)
