"""Self-check of lesson M02.2: the median, useful observations, runs, and what the rules cost."""

from __future__ import annotations

from typing import Any

from improvement import spc
from improvement.spc.run_chart import crossings_limit, longest_run_limit
from improvement.views import questions, schema
from improvement.views.questions import Answer, ChoiceCheck, NumberCheck, Slip
from improvement.views.run_chart_trainer import WEEKS, bill

_NIGHTS = [4, 6, 5, 7, 5, 8, 3, 5, 9, 2]
_CHART = spc.run_chart(_NIGHTS)
_ON_THE_LINE = len(_NIGHTS) - len(_CHART.useful)
_LONGEST, _CROSSINGS = longest_run_limit(WEEKS), crossings_limit(WEEKS)
_QUIET = bill("nothing", WEEKS)
_ANY = round(100 * _QUIET.seen["any"] / _QUIET.charts)

CHECKS = (
    NumberCheck(
        name="useful",
        ask=(
            f"An out-of-hours line took {', '.join(map(str, _NIGHTS[:-1]))} and {_NIGHTS[-1]} calls on ten nights. "
            "How many useful observations is that?"
        ),
        outcome="construct",
        right=len(_CHART.useful),
        tolerance=0.1,
        unit="nights",
        because=f"In order of size, the middle is {_CHART.median:g}. Three nights lie on it and take no side.",
        otherwise="Sort the ten numbers and find the middle. Then leave out every night that lies on it.",
        slips=(
            Slip(value=len(_NIGHTS), because="That is every night. A night on the median takes no side, so it says nothing about runs."),
            Slip(value=_ON_THE_LINE, because="Those are the nights on the line: the ones to leave out."),
        ),
    ),
    NumberCheck(
        name="longest_run",
        ask="The same ten nights. How many useful observations are in the longest run?",
        outcome="apply",
        right=_CHART.longest_run,
        tolerance=0.1,
        unit="nights",
        because="6, 7 and 8 lie above, with nights on the line between them. A night on the line is stepped over.",
        otherwise="Cross out the nights on the median, then count the longest row left on one side of it.",
        slips=(
            Slip(value=1, because="You let a night on the line end the run. It is stepped over, and the run goes on."),
            Slip(value=5, because="You counted the nights on the line as part of the run. They are stepped over."),
            Slip(value=2, because="That is a row that rises. A run is a row on one side of the median, whichever way it moves."),
        ),
    ),
    ChoiceCheck(
        name="limits",
        ask=(
            f"A clinic has {WEEKS} useful observations, a longest run of {_LONGEST} and {_CROSSINGS} crossings. "
            "What do the Anhøj rules say?"
        ),
        outcome="apply",
        answers=(
            Answer(label="Both rules signal", because=f"Each number is the last that is still usual. It takes a run of more than {_LONGEST}, or fewer than {_CROSSINGS} crossings."),
            Answer(label="The run signals", because=f"A run of {_LONGEST} is as long as luck usually makes at {WEEKS} points. {_LONGEST + 1} would signal."),
            Answer(label="No signal", right=True, because=f"A signal takes a run of {_LONGEST + 1} or more, or {_CROSSINGS - 1} crossings or fewer. Close is not over."),
        ),
    ),
    ChoiceCheck(
        name="more_rules",
        ask=f"To be safe, a team reads its {WEEKS} weeks by all three sets of rules and acts on whatever fires. Nothing has changed. How likely is it to act?",
        outcome="estimate",
        answers=(
            Answer(label="About 5%", because="That is what one careful set of rules aims at. Each set you add brings false alarms of its own."),
            Answer(label=f"About {_ANY}%", right=True, because="Mostly false alarms of the set with most rules. Choose one set before you look, and stay with it."),
            Answer(label="Almost never: three sets check one another", because="They would if all three had to fire. Acting on any of them adds up their false alarms."),
        ),
    ),
    ChoiceCheck(
        name="median_target",
        ask="A manager sees the median on your wall chart and asks why half of the weeks are below it. What do you say?",
        outcome="distinguish",
        answers=(
            Answer(label="We will bring the low weeks up to the line", because="Then the line moves up too, and half of the weeks are below it again."),
            Answer(label="That is how a median is found. Ask instead whether the whole level is good enough", right=True, because="With no signal the low weeks have no cause of their own. If the level is wrong, change how the work is done every week."),
            Answer(label="Half is too many; next quarter it should be a third", because="No service can do that. A median has half on each side, in the best service and the worst."),
        ),
    ),
)  # fmt: skip

DECLARATION = questions.declare(CHECKS)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: what to say to each answer given so far."""
    return questions.answer(CHECKS, params)
