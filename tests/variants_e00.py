"""Answer variants for exercise E00: for each task right answers written differently, and named mistakes with what each loses."""

from __future__ import annotations

from dataclasses import dataclass, field

FULL = {"twelve": 1, "vary": 1, "real-route": 1, "consistent": 2, "baseline-complete": 1}
TASKS = {
    "hello-variation": ("twelve", "vary"),
    "route": ("real-route", "consistent"),
    "baseline": ("baseline-complete",),
}
ITEMS = {task: {cell: FULL[cell] for cell in cells} for task, cells in TASKS.items()}
"""The points that each task's cells can earn."""


@dataclass(frozen=True)
class Variant:
    """An answer to one task (`task` is its cell's grade_id) and the points it should lose, by graded cell."""

    name: str
    task: str
    code: str
    loses: dict[str, float] = field(default_factory=dict)

    @property
    def item(self) -> str:
        return self.task


def _hello(name: str, *lines: str, **loses: float) -> Variant:
    return Variant(
        name,
        "hello-variation",
        "\n".join(["def hello_variation():", *(f"    {line}" for line in lines)]),
        loses,
    )


def _route(name: str, route: str, *, loses: dict[str, float] | None = None, **me: object) -> Variant:
    answers = {
        "role": "gp",
        "sector": "primary care",
        "minutes": 15,
        "experience": "new",
        "barrier": "staff",
        **me,
    }
    return Variant(name, "route", f"me = {answers!r}\nroute = {route}", loses or {})


def _record(name: str, scores: str, *, right: bool = False) -> Variant:
    return Variant(name, "baseline", f"baseline = {scores}", {} if right else {"baseline-complete": 1})


RIGHT = [
    _hello("typed", "return [27, 34, 31, 29, 33, 30, 41, 28, 30, 32, 29, 35]"),
    _hello("course-function", "from improvement.views.hello_variation import journeys", "return journeys(seed=4)"),
    _hello("random", "import random", "return [random.gauss(30, 5) for _ in range(12)]"),
    _hello("numpy", "import numpy as np", "return list(np.random.default_rng(1).normal(30, 5, 12).round())"),
    _hello("loop", "found = []", "for i in range(12):", "    found.append(i * i % 7)", "return found"),
    _route("gp-on-failure-demand", "['M12.5', 'M12.4', 'M02.2']"),
    _route("half-of-my-own-choosing", "['M04.4', 'M15.6', 'M12.4', 'M15.5']"),
    _route("one-lesson", "['M12.2']", role="operations", sector="none", barrier="capacity", minutes=30),
    _route("nothing-named", "['M02.1', 'M11.4']", role="none", sector="none", barrier="none"),
    _route("five-minutes", "['M02.3', 'M12.2']", role="foundation-doctor", sector="ambulance", barrier="operations", minutes=5),
    _route("expert-debates", "['M08.5', 'M15.3', 'M12.2']", role="executive", sector="none", experience="expert", barrier="operations"),
    _record("plain", '{"case 1": 5, "case 2": 4, "case 3": 6}', right=True),
    _record("modest", 'dict(zip(["case 1", "case 2", "case 3"], [0, 0, 0]))', right=True),
    _record("full", '{f"case {n}": 9 for n in (1, 2, 3)}', right=True),
    _record("whole-number-as-decimal", '{"case 3": 2.0, "case 1": 7, "case 2": 1}', right=True),
]  # fmt: skip

WRONG = [
    _hello("printed-not-returned", "print([27, 34, 31, 29, 33, 30, 41, 28, 30, 32, 29, 35])", twelve=1, vary=1),
    _hello("eleven", "return [27, 34, 31, 29, 33, 30, 41, 28, 30, 32, 29]", twelve=1),
    _hello("words-for-numbers", "return '27 34 31 29 33 30 41 28 30 32 29 35'.split()", twelve=1, vary=1),
    _hello("one-string", "return '273431293330'", twelve=1, vary=1),
    _hello("all-the-same", "return [30] * 12", vary=1),
    _hello(
        "slow-mornings-dropped",
        "import random",
        "drawn = [random.gauss(30, 5) for _ in range(12)]",
        "return [one for one in drawn if one < 36]",
        twelve=1,
    ),
    _route("titles-for-ids", "['Failure demand: sort the calls']", loses={"real-route": 1, "consistent": 2}),
    _route("seven", "['M12.5', 'M12.4', 'M02.2', 'M02.8', 'M14.4', 'M02.1', 'M04.4']", loses={"real-route": 1}),
    _route("same-lesson-twice", "['M12.5', 'M12.5']", loses={"real-route": 1}),
    _route("somebody-elses-route", "['M06.1', 'M07.1', 'M13.1']", loses={"consistent": 2}),
    _route("obstacle-forgotten", "['M02.2', 'M02.8']", loses={"consistent": 1}),
    _route("one-of-five", "['M12.5', 'M06.1', 'M07.1', 'M13.1', 'M15.6']", loses={"consistent": 1}),
    _route("unknown-role", "['M12.5']", role="doctor", loses={"real-route": 1, "consistent": 2}),
    _route("minutes-in-quotation-marks", "['M12.5']", minutes="15", loses={"real-route": 1, "consistent": 2}),
    _record("total-for-a-case", '{"case 1": 15, "case 2": 4, "case 3": 6}'),
    _record("percent", '{"case 1": 55.6, "case 2": 44.4, "case 3": 66.7}'),
    _record("one-case-missing", '{"case 1": 5, "case 2": 4}'),
    _record("scores-in-quotation-marks", '{"case 1": "5", "case 2": "4", "case 3": "6"}'),
    _record("list", "[5, 4, 6]"),
    _record("ticks-for-scores", '{"case 1": True, "case 2": False, "case 3": True}'),
]  # fmt: skip
BLANK = [
    Variant(f"blank-{task}", task, f"{start}\n# Your code here\n{indent}raise NotImplementedError", {cell: FULL[cell] for cell in TASKS[task]})
    for task, start, indent in (
        ("hello-variation", "def hello_variation():", "    "),
        ("route", "me = {'role': 'none', 'sector': 'none', 'minutes': 15, 'experience': 'new', 'barrier': 'none'}\nroute = []", ""),
        ("baseline", "baseline = {}", ""),
    )
]  # fmt: skip

ALL = [*RIGHT, *WRONG, *BLANK]
