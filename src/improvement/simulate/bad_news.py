"""W20 after the bad news: how a leader's response to one problem decides which problems are heard of next.

Ten pieces of bad news come one a period, t = 1, 2, ... Each stands for `problems` problems of one kind, ``"unclear"``
(nobody knows the cause yet) or ``"stuck"`` (the cause is known, those who know lack the means). Psychological safety S,
from 0 to 1, is the chance that a problem is spoken about. The leader gives one response r to the problems raised in
the period. Then

- raised(t) = problems S(t);
- put right at once(t) = problems S(t) fix(r, kind); these do no harm, and are open for no time;
- all others, whether nobody spoke of them or the response did not put them right, are open from the next period on.
  An open problem does `harm` each period, and at the end of it shows itself and is settled with probability `surface`.
  Its expected harm is harm / surface, and it is open for 1 / surface periods on average;
- safety moves by the trust g of the response: down in proportion, up by growth that feeds on what trust there is::

      S(t + 1) = S(t) (1 + g)                if g < 0 (one such response takes away the share -g of what is raised next)
      S(t + 1) = S(t) + g S(t) (1 - S(t))    if g >= 0

With ten responses r(1), ..., r(10) the expected harm is  sum of problems harm(t) / surface (1 - S(t) fix(r(t), kind(t))).

**Optimum.** Both S(t + 1) and what is put right increase with S(t) (as g < 1), so of two histories the one with no more
safety and no less harm can be dropped. Searching period by period and keeping only histories that no other one beats is
exact. The same search turned round gives the most harm possible. The score of a choice of responses is the share of the
way from the most to the least harm, so the optimum scores 1; it depends on every parameter.

The response of most grip can be the best one now: how much a problem is put right by each response is a parameter.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from improvement.simulate import checks, streams

RESPONSES = ("blame", "fix_it", "dismiss", "curious", "unblock")
KINDS = ("unclear", "stuck")
_MOST_RESPONSES_TO_RECOVER = 1000

ASSUMPTIONS = (
    "Everybody hears of the response, and it changes how ready all are to speak.",
    "Trust grows from the trust there is, slowly; one harsh response takes a share of it at once.",
    "A problem that is not spoken about does harm until it shows itself.",
    "Asking helps most when the cause is unclear, and removing an obstacle when it is known.",
)
CANNOT_TELL = (
    "How your team would respond: the sizes are numbers we chose, in the direction that research suggests.",
    "What was behind a leader's response, or how it was said.",
    "What the people harmed need. Being open with them is a duty whatever the response to staff.",
)


@dataclass(frozen=True)
class Response:
    """A way to respond: its effect on trust (-1 to 0.99) and the share of problems of each kind that it puts right."""

    name: str
    trust: float
    unclear: float
    stuck: float

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.strip():
            raise ValueError(f"name of a response must be text, but it is {self.name!r}")
        checks.number(f"trust of {self.name}", self.trust, -1, 0.99)
        checks.number(f"unclear of {self.name}", self.unclear, 0, 1)
        checks.number(f"stuck of {self.name}", self.stuck, 0, 1)


@dataclass(frozen=True)
class Vignette:
    """A piece of bad news: what is said, what kind of problem it is, and the harm it does per period while open."""

    title: str
    kind: str
    harm: float = 1.0

    def __post_init__(self) -> None:
        if not isinstance(self.title, str) or not self.title.strip():
            raise ValueError(f"title of a vignette must be text, but it is {self.title!r}")
        checks.choice(f"kind of {self.title!r}", self.kind, KINDS)
        checks.number(f"harm of {self.title!r}", self.harm, 0, 1000)


VIGNETTES = (
    Vignette("Two patients had the wrong discharge letter this week", "unclear", 1.0),
    Vignette("The night team cannot get the drug cupboard code changed", "stuck", 1.5),
    Vignette("Falls on the ward went up and we do not know why", "unclear", 2.0),
    Vignette("Home visits are missed because the rota system is locked to one person", "stuck", 1.0),
    Vignette("A trainee says that handover felt unsafe", "unclear", 1.5),
    Vignette("Ambulances wait because the side door may not be used", "stuck", 2.0),
    Vignette("Complaints about the phone line have doubled", "unclear", 1.0),
    Vignette("The interpreter contract does not cover evenings", "stuck", 1.5),
    Vignette("Restraint was used more often last month", "unclear", 2.0),
    Vignette("Blood results for the practice go to an old inbox", "stuck", 1.5),
)


@dataclass(frozen=True)
class Parameters:
    """The bad news, the learner's responses (one each), and what responses do.

    `problems` a period, `safety` at the start (0 to 1), `surface` the chance a period that an open problem shows
    itself. Each response by name in `choices` must be one of `responses`.
    """

    choices: tuple[str, ...] = ("fix_it",) * len(VIGNETTES)
    vignettes: tuple[Vignette, ...] = VIGNETTES
    safety: float = 0.5
    problems: int = 20
    surface: float = 0.15
    responses: tuple[Response, ...] = (
        Response("blame", -0.6, 0.3, 0.5),
        Response("fix_it", -0.05, 0.45, 0.65),
        Response("dismiss", -0.3, 0.05, 0.05),
        Response("curious", 0.35, 0.8, 0.3),
        Response("unblock", 0.35, 0.3, 0.85),
    )

    def __post_init__(self) -> None:
        for name in ("choices", "vignettes", "responses"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if not 1 <= len(self.vignettes) <= 20:
            raise ValueError(f"vignettes must be 1 to 20 pieces of news, but there are {len(self.vignettes)}")
        names = [response.name for response in self.responses]
        if not 1 <= len(names) <= 10 or len(set(names)) < len(names):
            raise ValueError(f"responses must be 1 to 10 with different names, but they are {names!r}")
        if len(self.choices) != len(self.vignettes):
            raise ValueError(
                f"choices must be one response for each of {len(self.vignettes)} vignettes, "
                f"but there are {len(self.choices)}"
            )
        for position, choice in enumerate(self.choices, 1):
            checks.choice(f"choices: response {position}", choice, names)
        checks.number("safety", self.safety, 0, 1)
        checks.whole("problems", self.problems, 1, 1000)
        checks.number("surface", self.surface, 0.02, 1)


DEFAULTS = Parameters()


@dataclass(frozen=True)
class Period:
    """One piece of news: the response, safety before it, and problems raised, put right and left open.

    Expected values, then the simulated counts. `open_problems` is the expected number open at the start of the next
    period and `harm` what those open from before do in this period. `regret` is the expected harm, now and later, that
    another response here could still have avoided, given the safety there was and the best responses afterwards.
    """

    title: str
    kind: str
    response: str
    safety: float
    raised: float
    put_right: float
    open_problems: float
    harm: float
    regret: float
    simulated_raised: int
    simulated_put_right: int
    simulated_open: int
    simulated_harm: float


@dataclass(frozen=True)
class Reaction:
    """What one response does to a team with the starting safety.

    `next_raised` is the change in problems raised in the next period, as a proportion. `to_recover` counts how often
    the best response for trust is needed afterwards until safety is back at the start (0 if nothing was lost, None if
    it never is, or not within 1,000; full safety, once lost, is only approached).
    """

    response: str
    next_safety: float
    next_raised: float
    to_recover: int | None


@dataclass(frozen=True)
class Best:
    """A choice of responses found by search, its expected harm and the safety at the end."""

    choices: tuple[str, ...]
    harm: float
    final_safety: float


@dataclass(frozen=True)
class Result:
    """The learner's run, the best and the worst, and the same response throughout.

    `harm` is expected, over all time; `later_harm` the part after the last piece of news. `score` is the share of the
    way from the most to the least possible harm, and None if all choices do the same. `time_open` is the mean number
    of periods that a problem is open. `always` is the score of giving one response throughout, by response.
    """

    parameters: Parameters
    seed: int
    periods: tuple[Period, ...]
    final_safety: float
    harm: float
    later_harm: float
    time_open: float
    score: float | None
    optimum: Best
    worst: Best
    always: dict[str, float | None]
    reactions: tuple[Reaction, ...]
    simulated_harm: float
    simulated_later_harm: float
    simulated_time_open: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def next_safety(safety: float, trust: float) -> float:
    """Safety after a response, from safety before it (0 to 1) and the response's effect on trust (-1 to 0.99).

    Raises:
        ValueError: if either is out of range.
    """
    checks.number("safety", safety, 0, 1)
    checks.number("trust", trust, -1, 0.99)
    return _after(safety, trust)


def optimum(parameters: Parameters = DEFAULTS) -> Best:
    """The responses with the least expected harm, by exact search over all of them."""
    return _search(parameters, parameters.safety, 0, worst=False)


def worst(parameters: Parameters = DEFAULTS) -> Best:
    """The responses with the most expected harm, by exact search over all of them."""
    return _search(parameters, parameters.safety, 0, worst=True)


def expected_harm(parameters: Parameters, choices: Sequence[str] | None = None) -> float:
    """Expected harm, over all time, of the learner's choices or of others (one response a vignette)."""
    p = parameters
    safety = p.safety
    harm = 0.0
    for vignette, name in zip(p.vignettes, p.choices if choices is None else choices, strict=True):
        response = _named(p, name)
        harm += _harm(p, vignette, safety, response)
        safety = _after(safety, response.trust)
    return harm


def simulate(parameters: Parameters = DEFAULTS, *, seed: int = 1) -> Result:
    """Give the learner's responses to a simulated team, and compare them with the best and the worst.

    Raises:
        ValueError: if the seed is not a whole number. Parameters check themselves when they are made.
    """
    p = parameters
    best, most = optimum(p), worst(p)
    harm = expected_harm(p)
    counts, later, waited = _drawn(p, seed)
    periods: list[Period] = []
    safety, still_open = p.safety, [0.0] * len(p.vignettes)
    open_time = 0.0
    for position, (vignette, name) in enumerate(zip(p.vignettes, p.choices, strict=True)):
        response = _named(p, name)
        doing = sum(count * other.harm for count, other in zip(still_open, p.vignettes, strict=True))
        still_open = [count * (1 - p.surface) for count in still_open]
        raised = p.problems * safety
        right = raised * getattr(response, vignette.kind)
        still_open[position] = p.problems - right
        open_time += still_open[position] / p.surface
        after = _after(safety, response.trust)
        still = _search(p, after, position + 1, worst=False).harm
        could = _search(p, safety, position, worst=False).harm
        regret = _harm(p, vignette, safety, response) + still - could
        values = (safety, raised, right, sum(still_open), doing, max(0.0, regret))
        periods.append(Period(vignette.title, vignette.kind, name, *values, *counts[position]))
        safety = after
    left = sum(count * other.harm for count, other in zip(still_open, p.vignettes, strict=True)) / p.surface
    simulated = sum(period.simulated_harm for period in periods) + later
    whole = p.problems * len(p.vignettes)
    return Result(
        p,
        seed,
        tuple(periods),
        safety,
        harm,
        left,
        open_time / whole,
        _score(harm, best, most),
        best,
        most,
        {
            response.name: _score(expected_harm(p, (response.name,) * len(p.vignettes)), best, most)
            for response in p.responses
        },
        tuple(_reaction(p, response) for response in p.responses),
        simulated,
        later,
        waited / whole,
    )


def _after(safety: float, trust: float) -> float:
    return safety * (1 + trust) if trust < 0 else safety + trust * safety * (1 - safety)


def _named(p: Parameters, name: str) -> Response:
    return next(response for response in p.responses if response.name == name)


def _harm(p: Parameters, vignette: Vignette, safety: float, response: Response) -> float:
    return p.problems * vignette.harm / p.surface * (1 - safety * getattr(response, vignette.kind))


def _score(harm: float, best: Best, most: Best) -> float | None:
    room = most.harm - best.harm
    return (most.harm - harm) / room if room > 1e-9 * max(1.0, most.harm) else None


def _search(p: Parameters, safety: float, start: int, *, worst: bool) -> Best:
    """The best (or worst) choices from one vignette on, keeping only histories that no other one beats."""
    # Positive `sign` looks for little harm and much safety, negative for the reverse.
    sign = -1 if worst else 1
    front: list[tuple[float, float, tuple[str, ...]]] = [(0.0, safety, ())]
    for vignette in p.vignettes[start:]:
        extended = [
            (
                harm + _harm(p, vignette, level, response),
                _after(level, response.trust),
                (*chosen, response.name),
            )
            for harm, level, chosen in front
            for response in p.responses
        ]
        front = _unbeaten(extended, lambda history: (sign * history[0], -sign * history[1]))
    harm, level, chosen = front[0]
    return Best(chosen, harm, level)


def _unbeaten(
    histories: list[tuple[float, float, tuple[str, ...]]],
    key: Callable[[tuple[float, float, tuple[str, ...]]], tuple[float, float]],
) -> list[tuple[float, float, tuple[str, ...]]]:
    kept = []
    least = float("inf")
    for history in sorted(histories, key=key):
        second = key(history)[1]
        if second < least:
            kept.append(history)
            least = second
    return kept


def _reaction(p: Parameters, response: Response) -> Reaction:
    after = _after(p.safety, response.trust)
    trust = max(other.trust for other in p.responses)
    level, needed = after, 0
    back = p.safety - 1e-9
    while level < back and trust > 0 and level > 0 and p.safety < 1 and needed < _MOST_RESPONSES_TO_RECOVER:
        level = _after(level, trust)
        needed += 1
    return Reaction(
        response.name,
        after,
        after / p.safety - 1 if p.safety else 0.0,
        needed if level >= back else None,
    )


def _drawn(p: Parameters, seed: int) -> tuple[list[tuple[int, int, int, float]], float, int]:
    """Simulated counts by period, the harm after the last one, and the periods that all problems were open."""
    speaking, mending = streams.seeded(seed, "bad news raised"), streams.seeded(seed, "bad news put right")
    lasting = streams.seeded(seed, "bad news open")
    rows = []
    still_open: list[tuple[float, int]] = []
    safety = p.safety
    waited = 0

    def pass_period() -> float:
        nonlocal waited
        doing = sum(harm * count for harm, count in still_open)
        waited += sum(count for _, count in still_open)
        left = [(harm, streams.binomial(lasting, count, 1 - p.surface)) for harm, count in still_open]
        still_open[:] = [(harm, count) for harm, count in left if count]
        return doing

    for vignette, name in zip(p.vignettes, p.choices, strict=True):
        response = _named(p, name)
        doing = pass_period()
        raised = streams.binomial(speaking, p.problems, safety)
        right = streams.binomial(mending, raised, getattr(response, vignette.kind))
        still_open.append((vignette.harm, p.problems - right))
        rows.append((raised, right, sum(count for _, count in still_open), doing))
        safety = _after(safety, response.trust)
    later = 0.0
    while still_open:
        later += pass_period()
    return rows, later, waited
