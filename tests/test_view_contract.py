"""What every widget owes its reader, whatever they set: an answer in words, in good time, without a slip of the pen."""

import json
import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from improvement import views
from improvement.views import describe

KINDS = [kind for kind in views.kinds() if not kind.startswith("check-")]
SLIPS = re.compile(
    r"\b(nan|inf|undefined)\b|(?<!\d)[−-]0(?:\.0+)?(?![\d.])|  +\S|\{\w+\}|\.\.(?!\.)| ,| \.(?=\s|$)"
)
PLURALS = re.compile(
    r"(?<![\d.,:/−-])\b1 (points|weeks|months|days|patients|people|teams|projects|steps|answers)\b"
)


def values(control):
    """A strategy for what a reader may give the control, the default among them."""
    kind = control["type"]
    if kind in ("number", "seed"):
        low, high = control["minimum"], control["maximum"]
        if low is None or high is None:
            return st.just(control["default"])
        steps = round((high - low) / control["step"])
        given = st.integers(0, steps).map(lambda place: min(high, low + place * control["step"]))
        whole = float(control["step"]).is_integer() and float(low).is_integer()
        given = given.map(int) if whole else given.map(lambda value: round(value, 6))
        return st.one_of(st.none(), given) if control["optional"] else given
    if kind == "choice":
        return st.sampled_from([option["value"] for option in control["options"]])
    if kind == "toggle":
        return st.booleans()
    if kind == "turns":
        return st.lists(
            st.sampled_from([option["value"] for option in control["options"]]), max_size=control["maximum"]
        )
    if kind == "points":
        return st.lists(st.integers(1, control["maximum"]), max_size=5, unique=True)
    if kind == "card_sort":
        cards = [card["value"] for card in control["cards"]]
        piles = st.sampled_from([pile["value"] for pile in control["piles"]])
        return st.dictionaries(st.sampled_from(cards), piles, max_size=len(cards))
    return st.just(control["default"])


def settings_of(spec):
    drawn = {control["name"]: values(control) for control in spec["controls"]}
    if spec["prediction"]:
        guess = spec["prediction"]["control"]
        drawn["prediction"] = st.one_of(st.none(), values(guess))
    return st.fixed_dictionaries(drawn)


def spoken(spec, view):
    """Every sentence the reader sees, tables and data left out."""
    shown = {**view, "panels": [panel for panel in view["panels"] if panel["type"] != "table"]}
    return describe.as_text({**spec, "controls": []}, shown)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_set_the_widget_answers_in_clean_words(kind, data):
    spec = views.spec(kind)
    params = data.draw(settings_of(spec))
    view = views.compute(kind, params)
    json.dumps(view, allow_nan=False)
    assert view["panels"] or view["notices"]
    assert view["summary"].strip()
    words = spoken(spec, view)
    assert not (slip := SLIPS.search(words)), f"{words[max(0, slip.start() - 60) : slip.end() + 40]!r}"
    assert not (slip := PLURALS.search(words)), f"{words[max(0, slip.start() - 60) : slip.end() + 40]!r}"
    assert not [
        notice for notice in view["notices"] if notice["level"] == "error" and not notice["text"].strip()
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_tells_a_blind_reader_more_than_its_title(kind):
    for panel in views.compute(kind, {})["panels"]:
        if panel["type"] in ("figure", "graph"):
            assert len(panel["description"]) > 40, panel["title"]
            assert panel["description"] != panel["title"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_widget_says_what_it_assumes_and_whether_it_is_real(kind):
    spec = views.spec(kind)
    assert spec["honesty"].strip()
    assert spec["assumptions"]
    assert spec["cannot_tell"]


def test_the_starting_views_come_quickly():
    began = {}
    for kind in KINDS:
        start = time.perf_counter()
        views.compute(kind, {})
        began[kind] = time.perf_counter() - start
    assert {kind: seconds for kind, seconds in began.items() if seconds > 5} == {}
