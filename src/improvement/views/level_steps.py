"""Steps between levels: two groups with one mean, and what becomes of it when a step is longer or shorter than the rest."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from improvement.assessment import Spread, spread_of
from improvement.datasets.self_assessment import COMPONENTS, LEVELS, PLANTED
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Prediction, shown


@dataclass(frozen=True)
class Group:
    """How many people of a group mark each level from 1 to 5."""

    name: str
    counts: tuple[int, ...]

    @property
    def spread(self) -> Spread:
        return spread_of(
            level for level, people in zip(LEVELS, self.counts, strict=True) for _ in range(people)
        )

    def mean(self, positions: tuple[float, ...]) -> float:
        """Return the mean when each level stands at its position."""
        weighed = sum(people * place for people, place in zip(self.counts, positions, strict=True))
        return weighed / sum(self.counts)


@dataclass(frozen=True)
class Example:
    """A statement and the two groups that marked it: their means are the same while all steps are."""

    statement: str
    one: Group
    other: Group


EXAMPLES = {
    "community": Example(
        COMPONENTS["leadership"]["leaders_unblock"],
        Group("the board", PLANTED["leaders_unblock", "board"]),
        Group("nurses", PLANTED["leaders_unblock", "nurses"]),
    ),
    "ambulance": Example(
        "A manager has come out with us this month.",
        Group("station managers", (6, 0, 2, 12, 0)),
        Group("paramedics", (0, 22, 4, 6, 8)),
    ),
    "practice": Example(
        "We know why people have to call us twice.",
        Group("partners", (3, 0, 0, 7, 0)),
        Group("reception", (0, 11, 2, 1, 6)),
    ),
}
_GUESSES = {
    "alike": "They said much the same",
    "one": "The first group marked it higher",
    "other": "The second group marked it higher",
    "unknown": "The means cannot tell me",
}

DECLARATION = schema.Declaration(
    title="How long is a step?",
    intro="Two groups mark one statement on five levels. Their means agree. Stretch a step between two levels, and watch.",
    prediction=Prediction(
        question="One statement, two groups, levels 1 to 5. Both groups have exactly the same mean. What did they say?",
        control=Choice(
            name="prediction",
            label="Your guess",
            default=None,
            radio=True,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    controls=(
        Choice(
            name="example",
            label="Who is asked?",
            default="community",
            options=(
                Option(value="community", label="A community trust: board and nurses", sector="community"),
                Option(
                    value="ambulance",
                    label="An ambulance service: managers and paramedics",
                    sector="ambulance",
                ),
                Option(
                    value="practice",
                    label="A general practice: partners and reception",
                    sector="primary care",
                ),
            ),
        ),
        Number(
            name="first",
            label="Step from level 1 to level 2",
            help="The steps between 2, 3 and 4 stay at 1.",
            default=1,
            minimum=0.5,
            maximum=3,
            step=0.25,
        ),
        Number(
            name="last", label="Step from level 4 to level 5", default=1, minimum=0.5, maximum=3, step=0.25
        ),
    ),
    assumptions=(
        "Everybody means the same thing by the same level, and 5 is more than 4. That is all the order says.",
        "The answers do not change when you move a step. Only the numbers written on the levels do.",
    ),
    cannot_tell=(
        "How long the steps really are. Nobody has measured them, so 1, 2, 3, 4, 5 is a choice like any other.",
        "Whether a median is enough: two groups may share one and be spread quite differently.",
    ),
    honesty="Synthetic: nobody gave these answers, and the statements are our own. Groups and counts were chosen to make the point.",
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the levels where the steps put them, both means, both medians, and what stays."""
    example = EXAMPLES[params["example"]]
    positions = tuple(accumulate((params["first"], 1, 1, params["last"]), initial=1))
    one, other = example.one, example.other
    means = one.mean(positions), other.mean(positions)
    said = _means(example, means)
    ahead = one.name if one.spread.median > other.spread.median else other.name
    met = abs(means[0] - means[1]) > 1e-9 and (means[0] > means[1]) == (ahead == one.name)
    return schema.view(
        [
            _scale(example, positions, means),
            schema.sentence(f"{_guess(params['prediction'])}{said}", heading="The means", reveal=True),
            schema.sentence(_medians(example), heading="The medians", reveal=True),
            _answers(example),
            schema.challenge(
                "Find steps at which the means and the medians name the same group as higher.",
                met,
                "A shorter first or last step does it. Then the mean would have served, but only somebody who knows how long "
                "the steps are could have said so beforehand."
                if met
                else "The means are level, or they favour the group whose middle answer is lower.",
            ),
        ],
        summary=f"{said} {_medians(example)}",
        data={
            "columns": [
                "Group",
                *(f"Level {level}: {name}" for level, name in LEVELS.items()),
                "Median",
                "Mean on these steps",
            ],
            "rows": [
                [group.name, *group.counts, group.spread.median, round(mean, 3)]
                for group, mean in zip((one, other), means, strict=True)
            ],
        },
    )


def _scale(example: Example, positions: tuple[float, ...], means: tuple[float, float]) -> dict[str, Any]:
    groups = (example.one, example.other)
    medians = [_at(positions, group.spread.median) for group in groups]
    quartiles = [
        (_at(positions, group.spread.lower_quartile), _at(positions, group.spread.upper_quartile))
        for group in groups
    ]
    x: list[float | None] = []
    y: list[float | None] = []
    for row, (low, high) in enumerate(quartiles, start=2):
        x += [low, high, None]
        y += [row, row, None]
    places = ", ".join(
        f"level {level} at {shown(place)}" for level, place in zip(LEVELS, positions, strict=True)
    )
    each = "; ".join(
        f"{group.name}: median at level {shown(group.spread.median)}, mean {shown(mean)}"
        for group, mean in zip(groups, means, strict=True)
    )
    return schema.figure(
        f"“{example.statement}” Means and medians on these steps",
        [
            schema.mark("dot", "annotation", x=positions, y=[1] * 5),
            schema.mark(
                "text", "annotation", x=positions, y=[0.65] * 5, text=[str(level) for level in LEVELS]
            ),
            schema.mark("line", "quiet", label="middle half", x=x, y=y),
            schema.mark("dot", "group_a", label="median", x=medians, y=[2, 3]),
            schema.mark("dot", "group_d", label="mean", x=means, y=[2.25, 3.25]),
        ],
        description=f"The levels stand so: {places}. {each}.",
        x_label="where the steps put each level",
        y_label="",
        y_ticks=["levels", example.one.name, example.other.name],
        x_range=(1, 9),
        height=230,
        reveal=True,
    )


def _at(positions: tuple[float, ...], level: float) -> float:
    """Return where a level stands, halfway between two for a half-level."""
    return (positions[int(level) - 1] + positions[int(level + 0.5) - 1]) / 2


def _means(example: Example, means: tuple[float, float]) -> str:
    written = [shown(mean) for mean in means]
    if abs(means[0] - means[1]) < 1e-9:
        return f"On these steps both means are {written[0]}: {example.one.name} and {example.other.name} look alike."
    higher, lower = sorted(zip(means, (example.one.name, example.other.name), strict=True), reverse=True)
    return (
        f"On these steps the mean of {higher[1]} is {shown(higher[0])} and that of {lower[1]} {shown(lower[0])}. "
        f"Nobody changed an answer, and {higher[1]} came out higher."
    )


def _medians(example: Example) -> str:
    medians = [shown(group.spread.median) for group in (example.one, example.other)]
    shares = [f"{group.spread.low_share:.0%}" for group in (example.one, example.other)]
    return (
        f"The middle answer of {example.one.name} is level {medians[0]}, that of {example.other.name} level {medians[1]}, "
        f"however long the steps. At levels 1 and 2 stand {shares[0]} of {example.one.name} and {shares[1]} of "
        f"{example.other.name}."
    )


def _guess(given: str | None) -> str:
    replies = {
        "alike": "That is what equal means invite you to think. ",
        "one": "The means gave no reason to, and yet: see the medians. ",
        "other": "The means gave no reason to: see the medians. ",
        "unknown": "So it is. ",
    }
    return "" if given is None else f"You said “{_GUESSES[given].lower()}”. {replies[given]}"


def _answers(example: Example) -> dict[str, Any]:
    return schema.table(
        "What they said: per cent of each group at each level",
        ["Group", *(f"{level} {name}" for level, name in LEVELS.items())],
        [
            [group.name, *(round(100 * people / sum(group.counts)) for people in group.counts)]
            for group in (example.one, example.other)
        ],
        open=True,
        reveal=True,
    )
