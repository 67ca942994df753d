"""Worst of ten: pick the worst of several alike teams, give it a project, and see how much of the fall is luck."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import fmean
from typing import Any

from improvement.simulate import streams
from improvement.spc import wording
from improvement.spc.distributions import poisson_cdf
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Seed, shown

EARLIER = 6  # quarters up to and with the one in which the choice is made
AFTER = 6
TEAMS, EXPECTED = 10, 20


@dataclass(frozen=True)
class Story:
    """What is counted each quarter, and who the teams are. Fewer is better."""

    label: str
    sector: str
    events: str
    team: str


STORIES = {
    "letters": Story("General practice: results not acted on", "primary care", "results not acted on", "practice"),
    "ulcers": Story("Community: new pressure ulcers", "community", "new pressure ulcers", "team"),
    "falls": Story("Acute: falls", "acute", "falls", "ward"),
    "restraints": Story("Mental health: restraints", "mental health", "restraints", "ward"),
    "complaints": Story("Ambulance: complaints", "ambulance", "complaints", "station"),
}  # fmt: skip

_GUESSES = {
    "none": (0, "Not at all: nothing was done"),
    "little": (-7, "By 5 to 10%"),
    "quarter": (-25, "By about a quarter"),
    "half": (-50, "By about half"),
}

DECLARATION = schema.Declaration(
    title="The worst of ten",
    intro="Some teams, all alike, count the same thing every quarter. One of them is picked for a project.",
    prediction=schema.Prediction(
        question=(
            f"Ten teams are alike: each expects {EXPECTED} a quarter. The worst one of this quarter gets an improvement project. The project does "
            "nothing whatever. How far does that team's number fall next quarter, on average?"
        ),
        control=Choice(
            name="prediction",
            label="It falls",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, (_, label) in _GUESSES.items()),
        ),
    ),
    controls=(
        Choice(
            name="story",
            label="What is counted?",
            default="letters",
            options=tuple(
                Option(value=key, label=story.label, sector=story.sector) for key, story in STORIES.items()
            ),
        ),
        Choice(
            name="choose",
            label="Who gets the project?",
            radio=True,
            default="worst",
            options=(
                Option(value="worst", label="The worst"),
                Option(value="lot", label="One drawn by lot"),
            ),
        ),
        Number(name="teams", label="Teams", default=TEAMS, minimum=3, maximum=30),
        Number(name="expected", label="Each expects, a quarter", default=EXPECTED, minimum=5, maximum=100),
        Number(
            name="look",
            label="Quarters counted before picking",
            help="One is what the dashboard showed.",
            default=1,
            minimum=1,
            maximum=EARLIER,
        ),
        Number(
            name="effect",
            label="The project truly prevents",
            default=0,
            minimum=0,
            maximum=60,
            step=5,
            unit="%",
        ),
        Seed(help="The same number always gives the same quarters.", default=4, maximum=999),
    ),
    assumptions=(
        "Every team truly has the same rate, which never changes, but for what the project prevents.",
        "Events come one by one and independently: a quarter's number is Poisson. Everything is counted, and counted alike.",
        "The change is from the picked quarters (their average) to the quarter after, in per cent of the first. Averages of it are exact.",
    ),
    cannot_tell=(
        "How alike your teams are. If one is truly worse, less of its fall is luck.",
        "Whether a real project worked: for that, look at many points before and after.",
        "What it does to people to be picked as the worst.",
    ),
    honesty="Invented teams and seeded chance. The first draw was chosen to show the usual case: draw again.",
)


@dataclass(frozen=True)
class Outlook:
    """What to expect of a team left alone: an average quarter when picked, and the average change to the next, as a share."""

    picked: float
    change: float


@lru_cache(maxsize=64)
def outlook(teams: int, expected: float, *, quarters: int = 1, place: int = 1) -> Outlook:
    """Return what to expect of the worst (`place` 1) or the second worst (2) of several alike teams.

    Each counts Poisson(`expected`) in a quarter, and they are ranked by `quarters` of them together. With F the
    distribution function of a team's total, P(worst <= k) = F(k)^teams, and for the second worst
    F(k)^teams + teams F(k)^(teams - 1) (1 - F(k)). The next quarter is independent of it.
    A total of nought, from which there is no change in per cent, is left out.
    """
    total = expected * quarters
    picked = inverse = below = 0.0
    nothing = _at_most(0, teams, total, place)
    for k in range(1, int(total + 12 * total**0.5) + 30):
        at_most = _at_most(k, teams, total, place)
        chance = at_most - (below if k > 1 else nothing)
        below = at_most
        picked += chance * k
        inverse += chance / k
    picked, inverse = (part / (1 - nothing) for part in (picked, inverse))
    return Outlook(picked / quarters, total * inverse - 1)


def _at_most(k: int, teams: int, mean: float, place: int) -> float:
    below = poisson_cdf(k, mean)
    return below**teams + (teams * below ** (teams - 1) * (1 - below) if place == 2 else 0.0)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the teams up to the choice, then the quarters after it, and what to expect in the long run."""
    story, teams, look = STORIES[params["story"]], params["teams"], params["look"]
    effect = params["effect"] / 100
    counts, picked, second = _draw(params)
    worst = outlook(teams, params["expected"], quarters=look)
    rival = outlook(teams, params["expected"], quarters=look, place=2)
    told = _this_time(story, params, counts, picked)
    panels = [_figure(story, params, counts, picked, told)]
    if params["prediction"] is not None:
        panels.append(schema.sentence(_judge(params["prediction"]), heading="Your guess", reveal=True))
    panels += [
        schema.sentence(told, heading="This time", reveal=True),
        schema.sentence(_share(params, worst), heading="The share of the project", reveal=True),
        _table(story, params, worst, rival),
        schema.sentence(_neighbour(story, params, counts, second), heading="A team to compare with", reveal=True),
        _challenge(params, worst.change, effect),
    ]  # fmt: skip
    columns = ["Quarter", *[f"{story.team.capitalize()} {team + 1}" for team in range(teams)]]
    rows = [
        [_quarter(place), *(counts[team][place] for team in range(teams))] for place in range(EARLIER + AFTER)
    ]
    panels.append(schema.table("Every count", columns, rows, reveal=True))
    return schema.view(panels, summary=told, data={"columns": columns, "rows": rows})


def _draw(params: schema.Params) -> tuple[list[list[int]], int, int]:
    """Counts by team and quarter, the team picked, and the worst of those that were not."""
    seed, mean = params["seed"], float(params["expected"])
    counts = []
    for team in range(params["teams"]):
        stream = streams.seeded(seed, "worst of ten", team)
        counts.append([streams.poisson(stream, mean) for _ in range(EARLIER)])
        counts[-1] += [streams.poisson(stream, mean) for _ in range(AFTER)]
    lot = streams.seeded(seed, "worst of ten", "lot")
    order = sorted(
        range(params["teams"]), key=lambda team: (-sum(counts[team][EARLIER - params["look"] : EARLIER]), lot.random())
    )  # fmt: skip
    picked = order[0] if params["choose"] == "worst" else lot.randrange(params["teams"])
    after = streams.seeded(seed, "worst of ten", picked, "with the project")
    left = 1 - params["effect"] / 100
    counts[picked][EARLIER:] = [streams.binomial(after, count, left) for count in counts[picked][EARLIER:]]
    return counts, picked, next(team for team in order if team != picked)


def _quarter(place: int) -> str:
    step = place - EARLIER + 1
    return "pick" if step == 0 else f"+{step}" if step > 0 else f"−{-step}"


def _percent(share: float) -> str:
    rounded = round(100 * share)
    return "0%" if not rounded else f"{'+' if rounded > 0 else '−'}{abs(rounded)}%"


def _before(params: schema.Params, counts: list[int]) -> float:
    return fmean(counts[EARLIER - params["look"] : EARLIER])


def _moved(before: float, after: float) -> str:
    if not before:
        return ""
    return f" ({_percent(after / before - 1)})"


def _this_time(story: Story, params: schema.Params, counts: list[list[int]], picked: int) -> str:
    own, look = counts[picked], params["look"]
    before, after = _before(params, own), own[EARLIER]
    why = "was the worst of" if params["choose"] == "worst" else "was drawn by lot from"
    had = f"{shown(before, 1)} {story.events}"
    if look > 1:
        had += f" a quarter over {wording.count(look)} quarters"
    told = f"{story.team.capitalize()} {picked + 1} {why} {wording.count(params['teams'])}, with {had}. The quarter after: {after}{_moved(before, after)}."
    earlier = own[: EARLIER - look]
    if earlier:
        told += f" In the {wording.plural(len(earlier), 'quarter')} before the picked one{'s' if look > 1 else ''} it had {shown(fmean(earlier), 1)} on average."
    return f"{told} In the {wording.plural(AFTER, 'quarter')} after: {shown(fmean(own[EARLIER:]), 1)}."


def _judge(guess: str) -> str:
    change = outlook(TEAMS, EXPECTED).change
    label = _GUESSES[guess][1].partition(":")[0].lower()
    start = f"You said “{label}”. The average is {_percent(change)}."
    if guess == "quarter":
        return f"{start} You knew: the worst of ten was picked for bad luck, and bad luck does not stay."
    if guess == "half":
        return f"{start} You were right that it falls with nobody doing anything. Smaller numbers would bring your half nearer."
    return (
        f"{start} With no project at all. The worst of ten has {shown(outlook(TEAMS, EXPECTED).picked, 1)} on average in the quarter it is picked, because "
        f"bad luck helped it to be picked; next quarter it is back at {EXPECTED}."
    )


def _share(params: schema.Params, worst: Outlook) -> str:
    effect = params["effect"]
    if params["choose"] == "lot":
        told = f"A team drawn by lot had an ordinary quarter of {params['expected']} on average. Nothing pulls its number down or up by itself."
        return (
            f"{told} All of the average fall, {effect}%, is the project's."
            if effect
            else f"{told} Nothing is what the project does, and nothing is what you see."
        )
    luck = f"Picking the worst takes the number from {shown(worst.picked, 1)} to {params['expected']} on average with no project: {_percent(worst.change)}."
    if not effect:
        return f"{luck} None of it is the project's."
    both = (1 + worst.change) * (1 - effect / 100) - 1
    return f"{luck} The project truly prevents {effect}%. Together the average report says {_percent(both)}."


def _table(story: Story, params: schema.Params, worst: Outlook, rival: Outlook) -> dict[str, Any]:
    expected, effect = params["expected"], params["effect"] / 100
    rows: list[list[Any]] = []
    for name, one, prevented in (
        ("The worst, left alone", worst, 0.0),
        *([("The worst, with the project", worst, effect)] if effect else []),
        ("The second worst, left alone", rival, 0.0),
    ):
        after = expected * (1 - prevented)
        rows.append(
            [name, shown(one.picked, 1), shown(after, 1), _percent((1 + one.change) * (1 - prevented) - 1)]
        )
    rows.append(["One drawn by lot, left alone", shown(expected), shown(expected), "none on average"])
    if effect:
        rows.append(
            [
                "One drawn by lot, with the project",
                shown(expected),
                shown(expected * (1 - effect), 1),
                f"−{params['effect']}%",
            ]
        )
    return schema.table(
        f"On average, for {params['teams']} {story.team}s that expect {expected} each",
        ["Which", "A quarter when picked", "The quarter after", "Change reported"],
        rows,
        open=True,
        reveal=True,
    )  # fmt: skip


def _neighbour(story: Story, params: schema.Params, counts: list[list[int]], second: int) -> str:
    own = counts[second]
    before, after = _before(params, own), own[EARLIER]
    rank = "the next worst" if params["choose"] == "worst" else "the worst of the others"
    return (
        f"{story.team.capitalize()} {second + 1} was {rank}, with {shown(before, 1)}, and had no project. The quarter after: {after}{_moved(before, after)}. "
        "Whatever the season, the counting or the news did to both shows here too."
    )


def _challenge(params: schema.Params, change: float, effect: float) -> dict[str, Any]:
    luck = 0.0 if params["choose"] == "lot" else -change
    met = effect >= 0.1 and effect > 2 * luck
    if met:
        text = (
            "Found: drawn by lot, there is no luck to be picked for. What falls is the project."
            if params["choose"] == "lot"
            else f"Found: luck is down to {100 * luck:.0f}%, the project prevents {100 * effect:.0f}%. More was counted before anybody was picked, or there were fewer to be the worst of."
        )
    elif effect < 0.1:
        text = "The project prevents less than a tenth here. Give it something to show first."
    else:
        text = f"The project prevents {100 * effect:.0f}%, and luck alone gives {100 * luck:.0f}%. Make luck smaller."
    return schema.challenge(
        "“A fall after a project is mostly luck.” Find settings where it is mostly the project: an effect of a tenth or more, and over twice what luck gives.",
        met,
        text,
    )


def _figure(
    story: Story, params: schema.Params, counts: list[list[int]], picked: int, told: str
) -> dict[str, Any]:
    x = list(range(1, EARLIER + AFTER + 1))
    own = counts[picked]
    others = [team for team in range(params["teams"]) if team != picked]
    name = f"{story.team.capitalize()} {picked + 1}"
    top = max(max(row) for row in counts)
    marks = [
        *(schema.mark("line", "ghost", reveal=True, x=x, y=counts[team]) for team in others),
        schema.mark(
            "dot", "ghost", label="The others when it was picked", x=[EARLIER] * len(others), y=[counts[team][EARLIER - 1] for team in others],
            title=[f"{story.team.capitalize()} {team + 1}: {counts[team][EARLIER - 1]}" for team in others],
        ),
        schema.mark("rule_x", "recalculation", x=[EARLIER + 0.5], label="Project"),
        schema.mark("rule_y", "centre", reveal=True, y=[float(params["expected"])], label="Expected"),
        schema.mark("line", "group_a", reveal=True, x=x, y=own),
        schema.mark(
            "dot", "group_a", reveal=True, x=[place for place in x if place != EARLIER], y=[own[place - 1] for place in x if place != EARLIER],
            title=[f"{name}, {_quarter(place - 1)}: {own[place - 1]}" for place in x if place != EARLIER],
        ),
        schema.mark("dot", "signal_concern", label=f"{name}, picked", x=[EARLIER], y=[own[EARLIER - 1]], title=[f"{name} when picked: {own[EARLIER - 1]}"]),
    ]  # fmt: skip
    return schema.figure(
        f"{story.events.capitalize()}, each quarter, in {wording.count(params['teams'])} {story.team}s that are alike",
        marks,
        description=told,
        x_label="Quarters from the choice",
        y_label="Count",
        x_ticks=[_quarter(place) for place in range(EARLIER + AFTER)],
        x_range=(0.5, EARLIER + AFTER + 0.5),
        y_range=(0, 1.1 * top + 1),
        height=300,
    )
