"""W26 Juran's trilogy: run one service under different policies, and see what each does to cost, waits and looks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from statistics import fmean
from typing import Any

from improvement.simulate import trilogy as model
from improvement.simulate.trilogy import Improvement, Parameters, Phase, Result, Summary, Week
from improvement.spc.indices import percent
from improvement.views import schema
from improvement.views.schema import Choice, Number, Option, Rows, Seed, Toggle, Turns

WEEKS = 104
QUARTER = 13
SPELL_WEEK, SPELL_LENGTH = 20, 8
YEAR = 52
SECOND_STEP = 65  # a redesign that follows a project waits a quarter for its lessons
PLAN, NEW_PLAN = 0.5, 0.8
FURTHER_PROJECT = 0.75  # each further project is worth so much of the one before
SPELLS_A_YEAR = 1.5
RELIABLE = 0.99865  # the share of a bell below its mean + 3 standard deviations
FEWEST_ZONE_WEEKS = 8
WEEKS_A_LETTER = 2.3  # what a letter takes up of the picture on a phone


@dataclass(frozen=True)
class Story:
    """A service in words. All are one process; `scale` turns its minutes (a need of 60) into this service's."""

    option: str
    sector: str
    what: str
    name: str
    done: str
    one: str = "patient"
    scale: float = 1.0

    @property
    def need(self) -> str:
        return f"{60 * self.scale:.0f}"

    def minutes(self, value: float, decimals: int = 0) -> str:
        return f"{value * self.scale:,.{decimals}f}"


STORIES = {
    "handover": Story(
        "Ambulance: handover at hospital", "ambulance", "Minutes to hand a patient over at hospital", "handover at hospital", "handed over", scale=0.75
    ),
    "sepsis": Story("Acute: antibiotics in sepsis", "acute", "Minutes to antibiotics in suspected sepsis", "antibiotics in sepsis", "treated"),
    "liaison": Story(
        "Mental health: assessment in the emergency department",
        "mental health",
        "Minutes to a mental health assessment in the emergency department", "mental health assessment",
        "assessed",
    ),
    "calls": Story("Community: urgent calls rung back", "community", "Minutes until an urgent call is rung back", "urgent calls", "rung back"),
    "letters": Story(
        "General practice: urgent letters", "primary care", "Minutes until a clinician reads an urgent letter", "urgent letters", "read", "letter"
    ),
}  # fmt: skip

POLICIES = {
    "none": "Leave it alone",
    "chase": "Chase breaches",
    "adjust": "Turn the dial after every miss",
    "spc": "Chart it, act on signals",
}
IN_TABLE = {
    "none": "Left alone",
    "chase": "Breaches chased",
    "adjust": "Dial turned",
    "spc": "Charted",
    "hold": "Project, held",
    "drop": "Project, dropped",
    "redesign": "Redesign",
}
MEASURES = {
    "cost": "Cost of poor quality (Juran's picture)",
    "mean": "Mean wait",
    "hit_rate": "Share in time",
}
DECISIONS = {
    "none": "Leave it",
    "chase": "Chase breaches",
    "adjust": "Turn the dial",
    "spc": "Chart, act on signals",
    "hold": "Project, hold the gain",
    "drop": "Project, move on",
    "redesign": "Redesign",
}
QUARTERS = WEEKS // QUARTER - 1

_CASE, _TURNS, _FREE = ({"play": mode} for mode in ("case", "turns", "free"))
_GUESSES = {
    "lot": "It falls a lot, to about the need",
    "little": "It falls a little",
    "same": "It stays as it was",
    "rises": "It rises",
}

CONTROLS = (
    Choice(
        name="play",
        label="How do you want to play?",
        radio=True,
        default="case",
        options=(
            Option(value="case", label="The board's case: one policy for two years"),
            Option(value="turns", label="Run it: decide a quarter at a time"),
            Option(value="free", label="Build your own: every setting"),
        ),
    ),
    Choice(
        name="story",
        label="Which service?",
        default="handover",
        options=tuple(Option(value=key, label=one.option, sector=one.sector) for key, one in STORIES.items()),
    ),
    Turns(
        name="decisions",
        label="What will you do next quarter?",
        help="A policy stays until you change it. A project or a redesign is added to it. Commit your guess first: "
        "the answer shows after that.",
        turn="Decision",
        maximum=QUARTERS,
        repeat=True,
        options=tuple(Option(value=key, label=words) for key, words in DECISIONS.items()),
        show_when=_TURNS,
    ),
    Choice(
        name="policy",
        label="What is done about results?",
        radio=True,
        default="chase",
        options=(
            Option(value="none", label="Leave it alone"),
            Option(value="chase", label="Chase breaches: whoever is about to miss goes first"),
            Option(value="adjust", label="Turn the dial after every miss"),
            Option(value="spc", label="Chart weekly means, act on signals only"),
        ),
        show_when=_CASE,
    ),
    Toggle(
        name="real_dial",
        label="The dial really moves the mean",
        help="Each wait off the aim, long or short, is made up for in the next. On: the dial can also bring the mean to the need.",
        show_when={**_CASE, "policy": "adjust"},
    ),
    Choice(
        name="then",
        label="And after one year?",
        default="nothing",
        options=(
            Option(value="nothing", label="Nothing more"),
            Option(value="hold", label="An improvement project; the gain is held"),
            Option(value="drop", label="An improvement project; nobody holds it"),
            Option(value="redesign", label="A redesign"),
            Option(value="both", label="A project, then a redesign that learns from it"),
        ),
        show_when=_CASE,
    ),
    Toggle(
        name="spell",
        label="A spell of trouble",
        help=f"It starts in week {SPELL_WEEK + 1} and lasts {SPELL_LENGTH} weeks unless somebody ends it.",
        default=True,
        show_when=_CASE,
    ),
    Toggle(
        name="turns_dial",
        label="The dial really moves the mean",
        help="Only matters while you turn it.",
        show_when=_TURNS,
    ),
    Choice(
        name="free_policy",
        label="Policy drawn in the picture",
        default="spc",
        options=tuple(Option(value=key, label=words) for key, words in POLICIES.items()),
        show_when=_FREE,
    ),
    Number(name="quality", label="Quality of the plan", default=50, minimum=0, maximum=100, unit="%", show_when=_FREE),
    Rows(
        name="projects",
        label="Improvement projects",
        add="Add a project",
        maximum=4,
        fields=(
            Number(name="week", label="Works from week", default=40, minimum=2, maximum=WEEKS),
            Number(name="effect", label="Off the mean, %", help="A quarter more comes off the spread.", default=20, minimum=0, maximum=50),
            Toggle(name="hold", label="The gain is held", default=True),
        ),
        show_when=_FREE,
    ),
    Number(
        name="redesign", label="Redesign starts in week", help="Empty: none. Six harder weeks, then the new plan.",
        default=None, minimum=2, maximum=WEEKS, optional=True, show_when=_FREE,
    ),
    Number(name="new_quality", label="Quality of the new plan", default=80, minimum=0, maximum=100, unit="%", show_when=_FREE),
    Number(
        name="lessons", label="Each earlier project adds to the new plan", default=10, minimum=0, maximum=30,
        unit="points", show_when=_FREE,
    ),
    Number(name="spells", label="Spells of trouble a year", default=SPELLS_A_YEAR, minimum=0, maximum=6, step=0.5, show_when=_FREE),
    Number(name="spell_size", label="A spell adds, of the need", default=65, minimum=0, maximum=200, step=5, unit="%", show_when=_FREE),
    Number(name="spell_weeks", label="A spell lasts, if nobody ends it", default=8, minimum=1, maximum=26, unit="weeks", show_when=_FREE),
    Number(name="response", label="Charting: weeks from signal to end of a spell", default=1, minimum=1, maximum=12, show_when=_FREE),
    Number(name="authority", label="Dial: authority over the mean", default=0, minimum=0, maximum=100, step=5, unit="%", show_when=_FREE),
    Number(
        name="reaction", label="Dial: how much of each miss is corrected", default=100, minimum=0, maximum=190, step=5,
        unit="%", show_when=_FREE,
    ),
    Choice(
        name="aim", label="Dial: what it aims at", default="need",
        options=(Option(value="need", label="The need"), Option(value="mean", label="The mean as it is")), show_when=_FREE,
    ),
    Choice(
        name="shape", label="Shape of the waits", default="normal",
        options=(Option(value="normal", label="A bell"), Option(value="lognormal", label="A long tail")), show_when=_FREE,
    ),
    Number(name="price_unmet", label="Price of each miss", default=30, minimum=0, maximum=100, step=5, unit="£", show_when=_FREE),
    Number(name="price_minute", label="Price of each minute over", default=1, minimum=0, maximum=5, step=0.5, unit="£", show_when=_FREE),
    Choice(
        name="measure", label="What the picture shows", default="cost",
        options=tuple(Option(value=key, label=words) for key, words in MEASURES.items()),
    ),
    Seed(default=3, label="Luck", help="The same number gives every policy the same weeks."),
)  # fmt: skip

DECLARATION = schema.Declaration(
    title="Juran's trilogy: plan, control, improve",
    intro="One service, two years, every wait simulated. Operations inherited a plan that cannot meet the need. What will "
    "you do about the misses?",
    prediction=schema.Prediction(
        question=(
            "About one in five is in time. From Monday every breach is chased: whoever is about to miss the limit goes first. "
            "No staff are added, and the work stays as it is. On the dashboard the share in time leaps to about four in five. What "
            "happens to the mean wait?"
        ),
        control=Choice(
            name="prediction",
            label="The mean wait",
            radio=True,
            default=None,
            options=tuple(Option(value=value, label=label) for value, label in _GUESSES.items()),
        ),
    ),
    controls=CONTROLS,
    assumptions=(
        *model.ASSUMPTIONS,
        "The need is 60 minutes at most (handover: 45, and everything else in proportion). The first plan gives a mean of 75 and a "
        "standard deviation of 20: 22.7% in time. A plan of quality q gives a mean of 110 − 70q and a spread of 32 − 24q.",
        "40 arrive on each of five days a week, over ten hours. The same arrivals, luck and spells meet every policy.",
        "A project takes 20% off the mean and 25% off the spread; running it quarter by quarter, each further one is worth three "
        "quarters of the one before. A redesign means six weeks at a mean 20% longer, then a new plan of quality 0.8, and 0.1 more "
        "for each earlier project.",
        "Cost of poor quality: £30 for each miss and £1 for each minute over. Build your own has its own prices.",
        "The zone of control is the mean ± 2.66 mean moving ranges of the weeks without a spell.",
    ),
    cannot_tell=model.CANNOT_TELL,
    honesty="An illustrative model with invented numbers and prices, computed here from stated equations. The first draw was chosen "
    "because no chart signals falsely in it: draw again. The picture follows the diagram in Juran's The Quality Trilogy (1986).",
)


@dataclass(frozen=True)
class Play:
    """One run to show: `mine` is what the reader chose; `rivals` are the policies on the same weeks, by name.

    `policy` is the reader's among the rivals, None when it changed on the way; `first` is the first week (from 0)
    that counts; `opened` weeks are visible before the guess.
    """

    story: Story
    mine: Result
    rivals: Mapping[str, Result]
    policy: str | None
    first: int = 0
    opened: int = 0
    decisions: tuple[str, ...] = ()
    notices: tuple[dict[str, Any], ...] = ()

    @property
    def called(self) -> str:
        return POLICIES[self.policy] if self.policy else "Your decisions"

    @cached_property
    def sums(self) -> dict[str, Summary]:
        """What the weeks that count came to under each rival."""
        return {name: _over(run, self.first) for name, run in self.rivals.items()}

    @cached_property
    def own(self) -> Summary:
        """What the reader's weeks came to: the opening quarter while nothing is decided."""
        if self.policy:
            return self.sums[self.policy]
        return _over(self.mine, self.first if self.decisions else 0)

    @cached_property
    def left(self) -> Summary:
        """What the same weeks came to when left alone."""
        if self.policy:
            return self.sums["none"]
        return model.stretch(self.rivals["none"], self.first if self.decisions else 0, len(self.mine.weeks))


def _over(result: Result, first: int) -> Summary:
    return model.stretch(result, first, len(result.weeks)) if first else result.summary


@dataclass(frozen=True)
class Reading:
    """One thing a policy may flatter: better when lower, unless `rises`; a difference under `least` is none."""

    words: str
    short: str
    value: Callable[[Summary, Sequence[Week]], float]
    show: Callable[[float, Story], str]
    least: float
    rises: bool = False

    def compare(self, mine: float, alone: float) -> int:
        """1 if better than left alone, -1 if worse, 0 if no different."""
        gain = mine - alone if self.rises else alone - mine
        return 0 if abs(gain) < self.least * (1 if self.rises else abs(alone)) else 1 if gain > 0 else -1


def _minutes(value: float, story: Story) -> str:
    return story.minutes(value)


READINGS = (
    Reading(
        "the share in time", "share", lambda s, _: s.hit_rate, lambda v, _: _percent(v), 0.01, rises=True
    ),
    Reading("the mean", "mean", lambda s, _: s.mean, lambda v, story: story.minutes(v, 1), 0.005),
    Reading("P90", "P90", lambda s, _: s.p90, _minutes, 0.01),
    Reading("P99", "P99", lambda s, _: s.p99, _minutes, 0.01),
    Reading("the longest wait", "longest", lambda s, _: s.longest, _minutes, 0.01),
    Reading(
        "the cost of poor quality", "cost", lambda s, _: s.cost / s.weeks, lambda v, _: _pounds(v), 0.005
    ),
    Reading(
        "the swing of weekly means",
        "calm weeks",
        lambda _, weeks: fmean(abs(b.mean - a.mean) for a, b in pairwise(weeks)),
        lambda v, story: story.minutes(v, 1),
        0.25,
    ),
)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: Juran's picture, what the dashboard says, the policies side by side, and what each flatters."""
    return build(params, judge, dashboard_first=True)


def build(
    params: schema.Params, judge: Callable[[str, Play, schema.Params], str], *, dashboard_first: bool
) -> dict[str, Any]:
    """Return the view; `judge` answers the guess. `dashboard_first` shows the shares before it is made."""
    play = {"case": _case, "turns": _turns, "free": _free}[params["play"]](params)
    headline = _headline(play)
    panels = [_picture(play, params["measure"], headline)]
    if params["play"] == "turns":
        panels.append(schema.sentence(_last_quarter(play), beside="decisions", reveal=bool(play.decisions)))
    if params["play"] == "case":
        panels.append(_dashboard(play, reveal=not dashboard_first))
    if params["prediction"] is not None:
        panels.append(
            schema.sentence(judge(params["prediction"], play, params), heading="Your guess", reveal=True)
        )
    if play.decisions:
        panels.append(_quarters(play))
    if len(play.rivals) > 1:
        panels += [_side_by_side(play), _flattery(play), *_price_list(play), _everyone(play)]
    panels += [_gate(play), _challenge(play), _three_controls()]
    return schema.view(panels, summary=headline, notices=play.notices, data=_download(play))


# The three ways to play


def board_case(*, spell: bool = True, real_dial: bool = False, then: str = "nothing") -> Parameters:
    """The board's case, before a policy is picked; `then` is what comes after a year."""
    return Parameters(
        planning_quality=PLAN,
        weeks=WEEKS,
        spike_weeks=(SPELL_WEEK,) if spell else (),
        spike_length=SPELL_LENGTH,
        dial_aim="need",
        dial_authority=float(real_dial),
        improvements=(Improvement(YEAR, hold=then != "drop"),) if then in ("hold", "drop", "both") else (),
        redesign_week={"redesign": YEAR, "both": SECOND_STEP}.get(then),
        redesign_quality=NEW_PLAN,
    )


def _case(params: schema.Params) -> Play:
    parameters = board_case(**{name: params[name] for name in ("spell", "real_dial", "then")})
    rivals = _compare(parameters, params["seed"])
    return Play(STORIES[params["story"]], rivals[params["policy"]], rivals, params["policy"])


INHERITED = Parameters(
    planning_quality=PLAN,
    weeks=WEEKS,
    spike_rate=SPELLS_A_YEAR / YEAR,
    spike_length=SPELL_LENGTH,
    dial_aim="need",
    redesign_quality=NEW_PLAN,
)
"""What is taken over quarter by quarter, before anybody decides."""


def opening_runs(seed: int) -> tuple[Result, Result]:
    """The service run quarter by quarter, as left alone for two years and as charted for two years."""
    runs = _compare(INHERITED, seed, ("none", "spc"))
    return runs["none"], runs["spc"]


def _turns(params: schema.Params) -> Play:
    decisions = tuple(params["decisions"])
    base = replace(INHERITED, dial_authority=float(params["turns_dial"]))
    mine = model.simulate(decided(base, decisions), seed=params["seed"])
    over = len(decisions) == QUARTERS
    rivals = _compare(base, params["seed"], model.POLICIES if over else ("none",))
    notices = ()
    if decisions.count("redesign") > 1:
        text = "The service is redesigned once here. The second redesign starts nothing new: the policy carries on."
        notices = (schema.notice("info", text, control="decisions"),)
    return Play(STORIES[params["story"]], mine, rivals, None, QUARTER, QUARTER, decisions, notices)


def decided(base: Parameters, decisions: Sequence[str]) -> Parameters:
    """The run so far: an opening quarter that nobody touched, then a quarter for each decision."""
    policy, changes, projects, redesign = "none", [], [], None
    for week, decision in enumerate(decisions, start=1):
        week *= QUARTER
        if decision in POLICIES and decision != policy:
            policy = decision
            changes.append((week, policy))
        elif decision in ("hold", "drop"):
            worth = FURTHER_PROJECT ** len(projects)
            projects.append(Improvement(week, 0.2 * worth, 0.25 * worth, hold=decision == "hold"))
        elif decision == "redesign" and redesign is None:
            redesign = week
    return replace(
        base,
        weeks=QUARTER * (len(decisions) + 1),
        policy_changes=tuple(changes),
        improvements=tuple(projects),
        redesign_week=redesign,
    )


def _free(params: schema.Params) -> Play:
    parameters = Parameters(
        planning_quality=params["quality"] / 100,
        shape=params["shape"],
        weeks=WEEKS,
        dial_aim=params["aim"],
        dial_authority=params["authority"] / 100,
        dial_reaction=params["reaction"] / 100,
        response_weeks=params["response"],
        spike_rate=params["spells"] / YEAR,
        spike_size=0.6 * params["spell_size"],
        spike_length=params["spell_weeks"],
        improvements=tuple(
            Improvement(row["week"] - 1, row["effect"] / 100, 1.25 * row["effect"] / 100, hold=row["hold"])
            for row in params["projects"]
        ),
        redesign_week=None if params["redesign"] is None else params["redesign"] - 1,
        redesign_quality=params["new_quality"] / 100,
        lessons_per_project=params["lessons"] / 100,
        cost_per_unmet=params["price_unmet"],
        cost_per_minute_over=params["price_minute"],
    )
    rivals = _compare(parameters, params["seed"])
    return Play(STORIES[params["story"]], rivals[params["free_policy"]], rivals, params["free_policy"])


@lru_cache(maxsize=6)
def _compare(
    parameters: Parameters, seed: int, policies: tuple[str, ...] = model.POLICIES
) -> dict[str, Result]:
    return model.compare_policies(parameters, policies=policies, seed=seed)


# Pictures


def _of(measure: str, value: float, story: Story) -> float:
    """A weekly value as the picture shows it: thousands of pounds, the service's minutes, or per cent."""
    return round(value * {"cost": 0.001, "mean": story.scale, "hit_rate": 100}[measure], 3)


def _picture(play: Play, measure: str, headline: str) -> dict[str, Any]:
    story, alone = play.story, play.rivals["none"]
    seen = len(play.mine.weeks)
    mine = [_of(measure, getattr(week, measure), story) for week in play.mine.weeks]
    left = [_of(measure, getattr(week, measure), story) for week in alone.weeks]
    every = [
        _of(measure, getattr(week, measure), story)
        for run in play.rivals.values()
        for week in run.weeks
    ]  # fmt: skip
    top = 100.0 if measure == "hit_rate" else 5 * max(1, math.ceil(max(*every, *mine) * 1.12 / 5))
    order = list(range(1, seen + 1))
    bottom = 5 * math.floor(min(*every, *mine) * 0.85 / 5) if measure == "mean" else 0
    marks = _zones(play, measure, bottom, top)
    if play.policy != "none":
        marks.append(
            schema.mark("line", "comparison", label="Left alone", reveal=bool(play.opened), x=order, y=left[:seen])
        )  # fmt: skip
    if play.policy == "none" or play.opened:
        shown = play.opened or seen
        marks.append(schema.mark("line", "data", x=order[:shown], y=mine[:shown]))
    marks.append(schema.mark("line", "data", label=play.called, reveal=True, x=order, y=mine))
    acted = [w.week for w in play.mine.weeks if w.signal and play.mine.parameters.policy_in(w.week) == "spc"]
    if acted:
        marks.append(
            schema.mark(
                "dot", "signal_neutral", reveal=True, label="A signal, looked into",
                x=[week + 1 for week in acted], y=[mine[week] for week in acted],
                title=[f"Week {week + 1}: {mine[week]:g}" for week in acted],
            )
        )  # fmt: skip
    letters = {one["label"] for one in marks if one["mark"] == "rule_x"}
    marks += _words_on_picture(play, measure, mine, bottom, top)
    title, axis = {
        "cost": ("Cost of poor quality", "£ thousand"),
        "mean": ("Weekly mean wait", "Minutes"),
        "hit_rate": (f"Share {story.done} within {story.need} minutes", "%"),
    }[measure]
    return schema.figure(
        f"{title}, week by week: {story.name}"
        + ("" if letters.isdisjoint("PR") else " (P project, R redesign)"),
        marks,
        description=_describe(play, measure, title, headline),
        x_label="Week",
        y_label=axis,
        x_range=(0, WEEKS + 1),
        y_range=(bottom, top),
        height=360,
    )


def _drifts(play: Play, phase: Phase) -> bool:
    """Whether the chronic level moves within a phase, because a gain is not held."""
    first, last = play.mine.weeks[phase.start].chronic_mean, play.mine.weeks[phase.stop - 1].chronic_mean
    return abs(last / first - 1) > 0.01


def _held(play: Play, measure: str) -> list[tuple[Phase, model.Zone]]:
    """The phases with a zone of control that stands still, and that zone."""
    return [
        (phase, zone)
        for phase in play.mine.phases
        for zone in phase.zones
        if zone.measure == measure
        and zone.centre is not None
        and zone.weeks_used >= FEWEST_ZONE_WEEKS
        and not _drifts(play, phase)
    ]


def _zones(play: Play, measure: str, bottom: float, top: float) -> list[dict[str, Any]]:
    marks = []
    for phase, zone in _held(play, measure):
        centre, lower, upper = (
            _of(measure, value, play.story) for value in (zone.centre, zone.lower, zone.upper)
        )
        ends = {"x1": [phase.start + 0.5], "x2": [phase.stop + 0.5]}
        if measure == "cost":
            marks.append(
                schema.mark("band", "signal_concern", reveal=True, y1=[0], y2=[max(0, lower)], **ends)
            )
        marks += [
            schema.mark("band", "centre", reveal=True, y1=[max(bottom, lower)], y2=[min(top, upper)], **ends),
            schema.mark("line", "centre", reveal=True, x=[ends["x1"][0], ends["x2"][0]], y=[centre, centre]),
        ]
    starts = [phase for phase in play.mine.phases[1:] if phase.reason != "redesign"]
    roomy = all(b.start - a.start > 2 * QUARTER for a, b in pairwise(starts))
    for phase in starts:
        words = "redesign" if "redesign" in phase.reason else "project"
        if not roomy:
            words = words[0].upper()
        marks.append(schema.mark("rule_x", "recalculation", label=words, reveal=True, x=[phase.start + 0.5]))
    return marks


def _words_on_picture(
    play: Play, measure: str, mine: Sequence[float], bottom: float, top: float
) -> list[dict[str, Any]]:
    """Juran's own labels, where the run has what they name and a phone has room for them."""
    words: list[tuple[float, float, str]] = []

    def put(phase: Phase, height: float, *names: str) -> None:
        start, stop = _calm(play, phase)
        for name in names:
            if len(name) * WEEKS_A_LETTER <= stop - start:
                words.append(((start + stop) / 2 + 0.5, height, name))
                return

    for phase, zone in _held(play, measure):
        above = min(0.97 * top, _of(measure, zone.upper, play.story) + 0.05 * (top - bottom))
        put(
            phase,
            above,
            *(
                ("First zone of control", "First zone")
                if phase.start == 0
                else ("New zone of control", "New zone")
            ),
        )
        waste = _of(measure, max(0.0, zone.lower), play.story)
        if measure == "cost" and waste > 0.12 * top:
            put(phase, waste / 2, "Chronic waste", "Waste")
    for phase in play.mine.phases:
        if _drifts(play, phase):
            put(phase, (bottom + min(mine[phase.start : phase.stop])) / 2, "Drifting back", "Drifting")
    spells = [week.week for week in play.mine.weeks if week.spike_minutes]
    if spells and measure != "hit_rate":
        worst = max(spells, key=lambda week: mine[week])
        place = max(18, min(WEEKS - 18, worst + 1))
        words.append((place, min(0.96 * top, mine[worst] + 0.05 * (top - bottom)), "Sporadic spike"))
    if not words:
        return []
    x, y, text = zip(*words, strict=True)
    return [schema.mark("text", "annotation", reveal=True, x=x, y=y, text=text)]


def _calm(play: Play, phase: Phase) -> tuple[int, int]:
    """The longest stretch of a phase without trouble, from one week to before another."""
    trouble = [week.week for week in play.mine.weeks[phase.start : phase.stop] if week.spike_minutes]
    edges = [phase.start - 1, *trouble, phase.stop]
    return max(((a + 1, b) for a, b in pairwise(edges)), key=lambda one: one[1] - one[0])


def _describe(play: Play, measure: str, title: str, headline: str) -> str:
    story, weeks = play.story, play.mine.weeks
    unit = {"cost": " thousand pounds", "mean": " minutes", "hit_rate": " per cent"}[measure]
    said = [f"{title} over {len(weeks)} weeks under: {play.called.lower()}."]
    for phase, zone in _held(play, measure):
        centre, lower, upper = (
            f"{_of(measure, value, story):.1f}" for value in (zone.centre, max(0.0, zone.lower), zone.upper)
        )
        said.append(
            f"Weeks {phase.start + 1} to {phase.stop}: zone of control {lower} to {upper}{unit}, middle {centre}."
        )
    said += [
        f"Weeks {phase.start + 1} to {phase.stop}: the level drifts back from {_of(measure, getattr(weeks[phase.start], measure), story):.1f} "
        f"to {_of(measure, getattr(weeks[phase.stop - 1], measure), story):.1f}{unit}, for nobody holds the gain."
        for phase in play.mine.phases
        if _drifts(play, phase)
    ]
    spells = [week.week for week in weeks if week.spike_minutes]
    if spells:
        worst = max(spells, key=lambda week: weeks[week].mean)
        said.append(
            f"Trouble in {_count(len(spells), 'week')}, at its worst in week {worst + 1}: {_of(measure, getattr(weeks[worst], measure), story):.1f}{unit}."
        )
    else:
        said.append("No spell of trouble.")
    return " ".join([*said, headline])


def _dashboard(play: Play, *, reveal: bool) -> dict[str, Any]:
    """What the board is shown: the share in time, left alone and chased, and under the reader's policy."""
    order = list(range(1, WEEKS + 1))
    shares = {name: [100 * week.hit_rate for week in run.weeks] for name, run in play.rivals.items()}
    marks = [
        schema.mark("line", "comparison", label="Left alone", x=order, y=shares["none"]),
        schema.mark("line", "group_b", label="Breaches chased", x=order, y=shares["chase"]),
    ]
    if play.policy in ("adjust", "spc"):
        marks.append(
            schema.mark("line", "data", label=play.called, reveal=True, x=order, y=shares[play.policy])
        )
    said = "; ".join(
        f"{POLICIES[name].lower()} {_percent(play.rivals[name].summary.hit_rate)}"
        for name in dict.fromkeys(["none", "chase", play.policy])
    )
    return schema.figure(
        f"What the dashboard shows: share {play.story.done} within {play.story.need} minutes, each week",
        marks,
        description=f"Share in time each week. Over two years: {said}.",
        x_label="Week",
        y_label="%",
        x_range=(0, WEEKS + 1),
        y_range=(0, 100),
        height=210,
        reveal=reveal,
    )


def _everyone(play: Play) -> dict[str, Any]:
    """Every wait, from the shortest to the longest: where a percentage in time hides people."""
    story = play.story
    shares = [*range(1, 100), 99.5, 99.9, 100]

    def curve(result: Result) -> list[float]:
        waits = sorted(wait for week in result.waits[play.first :] for wait in week)
        return [round(waits[math.ceil(share / 100 * len(waits)) - 1] * story.scale, 1) for share in shares]

    runs = {"Left alone": play.rivals["none"], "Breaches chased": play.rivals["chase"]}
    roles = {"Left alone": "comparison", "Breaches chased": "group_b", play.called: "data"}
    if play.policy not in ("none", "chase"):
        runs[play.called] = play.mine
    curves = {name: curve(run) for name, run in runs.items()}
    marks = [schema.mark("rule_y", "target", label="Need", y=[60 * story.scale])]
    marks += [
        schema.mark("line", roles[name], label=name, x=list(shares), y=waits)
        for name, waits in curves.items()
    ]
    said = "; ".join(
        f"{name.lower()}: half within {waits[49]:.0f}, 90 within {waits[89]:.0f}, 99 within {waits[98]:.0f}, the longest {waits[-1]:.0f}"
        for name, waits in curves.items()
    )
    return schema.figure(
        f"Everybody who waited: of 100 {story.one}s, shortest wait first (minutes)",
        marks,
        description=f"Waits in order, in minutes, against a need of {story.need}. {_upper(said)}.",
        x_label=f"{story.one.capitalize()}s in 100",
        y_label="Minutes",
        x_range=(0, 100),
        y_range=(0, 1.04 * max(waits[-1] for waits in curves.values())),
        height=270,
        reveal=True,
    )


# Words and tables


def _headline(play: Play) -> str:
    """The five measures of the reader's run beside those of the same weeks left alone, the cost and the hours."""
    mine, alone = play.own, play.left
    start = f"{play.called}: {_waits(mine, play.story, full=True)}"
    cost = f"Poor quality costs {_pounds(mine.cost / mine.weeks)} a week, and managing it takes {_hours(mine)} staff hours."
    if play.policy == "none" or (play.policy is None and not play.decisions):
        return f"{start if play.policy else 'The opening quarter, left alone: ' + _waits(mine, play.story, full=True)} {cost}"
    return f"{start} {cost} Left alone, on the same weeks: {_waits(alone, play.story)} {_pounds(alone.cost / alone.weeks)} a week."


def _waits(summary: Summary, story: Story, *, full: bool = False) -> str:
    say = story.minutes
    if full:
        return (
            f"{_percent(summary.hit_rate)} {story.done} within {story.need} minutes. Mean wait {say(summary.mean, 1)}; nine in ten within "
            f"{say(summary.p90)} (P90), 99 in 100 within {say(summary.p99)} (P99), the longest {say(summary.longest)}."
        )
    return (
        f"{_percent(summary.hit_rate)} in time, mean {say(summary.mean, 1)}, P90 {say(summary.p90)}, P99 {say(summary.p99)}, "
        f"longest {say(summary.longest)}."
    )


def judge(guess: str, play: Play, params: schema.Params) -> str:
    """What to say to a guess about the mean wait once breaches are chased."""
    runs = play.rivals
    if "chase" not in runs:
        runs = _compare(board_case(), params["seed"])
    alone, chased = runs["none"].summary, runs["chase"].summary
    say = play.story.minutes
    start = {
        "lot": "You said that it falls a lot. It does not fall at all",
        "little": "You said that it falls a little. It does not fall at all",
        "same": "You said that it stays. It does",
        "rises": "You said that it rises. Not even that",
    }[guess]
    return (
        f"{start}: {say(alone.mean, 1)} minutes left alone, {say(chased.mean, 1)} chased. The service calls the same number at the same moments, "
        f"so each minute that one {play.story.one} wins another one waits. The share in time goes from {_percent(alone.hit_rate)} to "
        f"{_percent(chased.hit_rate)}, and the longest wait from {say(alone.longest)} minutes to {say(chased.longest)}. Once past the limit, "
        "you no longer count."
    )


def _last_quarter(play: Play) -> str:
    """What the newest quarter came to, beside the one before: read where the next decision is made."""
    quarters = [model.stretch(play.mine, start, start + QUARTER) for start in range(0, len(play.mine.weeks), QUARTER)]  # fmt: skip
    now = quarters[-1]
    told = f"{_waits(now, play.story)} {_pounds(now.cost / now.weeks)} and {_hours(now)} staff hours a week."
    trouble = sum(week.spike_minutes > 0 for week in play.mine.weeks[-QUARTER:])
    spell = f" {_upper(_count(trouble, 'week'))} of trouble in it." if trouble else ""
    if not play.decisions:
        return f"Weeks 1 to {QUARTER}, nobody acting on results: {told}{spell}"
    before = quarters[-2]
    return (
        f"Weeks {len(play.mine.weeks) - QUARTER + 1} to {len(play.mine.weeks)}, “{_lower(DECISIONS[play.decisions[-1]])}”: {told}{spell} "
        f"The quarter before: {_waits(before, play.story)}"
    )


def _quarters(play: Play) -> dict[str, Any]:
    rows = []
    for number, did in enumerate(("Opening", *(IN_TABLE[one] for one in play.decisions))):
        quarter = model.stretch(play.mine, QUARTER * number, QUARTER * (number + 1))
        rows.append([f"{number + 1}. {did}", *_cells(quarter, play.story)])
    return schema.table(
        "Quarter by quarter (cost and hours are a week's)",
        ["Quarter", *_columns(play.story)],
        rows,
        open=True,
        reveal=True,
    )


def _columns(story: Story) -> list[str]:
    return [
        f"In {story.need} min", "Mean", "P90", "P99", "Longest", "Poor quality", "Staff hours",
    ]  # fmt: skip


def _cells(summary: Summary, story: Story) -> list[str]:
    return [
        _percent(summary.hit_rate),
        story.minutes(summary.mean, 1),
        *(story.minutes(value) for value in (summary.p90, summary.p99, summary.longest)),
        _pounds(summary.cost / summary.weeks),
        _hours(summary),
    ]


def _side_by_side(play: Play) -> dict[str, Any]:
    rows = [] if play.policy else [[play.called, *_cells(play.own, play.story), "–"]]
    for name in play.rivals:
        better, worse, _ = _against(play, name)
        flatters = "–"
        if name != "none":
            flatters = ", ".join(one.short for one, _ in better) if better and worse else "nothing"
        yours = " (yours)" if name == play.policy else ""
        rows.append([IN_TABLE[name] + yours, *_cells(play.sums[name], play.story), flatters])
    since = f" Weeks {play.first + 1} on; single policies have no projects." if play.first else ""
    return schema.table(
        f"The same weeks under every policy. 9 in 10 wait no longer than P90, 99 in 100 than P99. Cost and hours are a week's.{since}",
        ["Policy", *_columns(play.story), "It flatters"],
        rows,
        open=True,
        reveal=True,
    )


Found = list[tuple[Reading, str]]
"""Measures, each with its value left alone and under the policy."""


def _against(play: Play, name: str) -> tuple[Found, Found, Found]:
    """The measures that a policy makes better than leaving alone, those it makes worse, and those it leaves."""
    groups: dict[int, Found] = {1: [], -1: [], 0: []}
    for reading in READINGS:
        mine, left = (
            reading.value(play.sums[one], play.rivals[one].weeks[play.first :]) for one in (name, "none")
        )
        moved = f"{reading.show(left, play.story)} to {reading.show(mine, play.story)}"
        groups[reading.compare(mine, left)].append((reading, moved))
    return groups[1], groups[-1], groups[0]


def _flattery(play: Play) -> dict[str, Any]:
    items = []
    for name in play.rivals:
        if name == "none":
            continue
        groups = _against(play, name)
        better, worse = (
            _listed([f"{reading.words} ({moved})" for reading, moved in one]) if one else ""
            for one in groups[:2]
        )
        if better and worse:
            text = f"flatters {better}. It pays with {worse}."
        elif better:
            text = f"an honest gain in {better}, and nothing is worse."
        elif worse:
            text = f"flatters nothing. Worse: {worse}."
        else:
            text = "no measure differs from leaving it alone."
        if groups[2] and (better or worse):
            text += f" No different: {_listed([reading.words for reading, _ in groups[2]])}."
        if name == "spc":
            text += f" {_spared(play)}"
        items.append(f"{POLICIES[name]}: {text}")
    return schema.listing(
        "Which measure each policy flatters, against leaving it alone", items, empty="", reveal=True
    )


def _spared(play: Play) -> str:
    """What charting did about spells, and what it could not do about the weeks between."""
    alone, charted = (
        sum(week.spike_minutes > 0 for week in play.rivals[name].weeks[play.first :])
        for name in ("none", "spc")
    )
    if not alone:
        return "No trouble came, so there was nothing to put right: it holds what the plan gave."
    return f"Weeks of trouble: {alone} left alone, {charted} charted. The weeks between are as they were."


def _price_list(play: Play) -> list[dict[str, Any]]:
    """Why chasing may look cheap: the price list charges by the miss."""
    alone, chased = play.sums["none"], play.sums["chase"]
    price = play.mine.parameters.cost_per_unmet
    if chased.cost >= alone.cost or not price:
        return []
    fewer = (chased.hit_rate - alone.hit_rate) * alone.patients / alone.weeks
    minutes = (alone.cost - price * (1 - alone.hit_rate) * alone.patients) / alone.weeks
    chased_minutes = (chased.cost - price * (1 - chased.hit_rate) * chased.patients) / chased.weeks
    text = (
        f"Chasing even looks cheaper: {_pounds(chased.cost / chased.weeks)} a week for poor quality, not {_pounds(alone.cost / alone.weeks)}. "
        f"The price list charges £{price:g} for each miss, and there are {fewer:.0f} fewer a week. The minutes over the limit cost "
        f"{_pounds(chased_minutes)} instead of {_pounds(minutes)}. Charge by the miss, and whoever games the limit looks cheap. In Build your own, "
        "set that price to nought."
    )
    return [schema.sentence(text, heading="Even the cost", reveal=True)]


def _gate(play: Play) -> dict[str, Any]:
    """Predictable, then capable, then hold: what the plan in force gives, without spells and whatever the policy."""
    week = play.mine.weeks[-1]
    share, story = week.chronic_hit_rate, play.story
    level = (
        f"By week {week.week + 1} the work itself gives a mean of {story.minutes(week.chronic_mean, 1)} minutes and a spread (standard deviation) "
        f"of {story.minutes(week.chronic_sd, 1)}. In a week without trouble {percent(share)} are in time if nobody interferes."
    )
    p = play.mine.parameters
    turned = p.dial_authority > 0 and any(p.policy_in(one.week) == "adjust" for one in play.mine.weeks)
    if share >= RELIABLE:
        code, words, then = "reliably_meets", "Yes, reliably", "Now control earns its keep: hold it there."
    elif share <= 1 - RELIABLE:
        code, words, then = "reliably_misses", "No, hardly ever", _redesign_words()
    elif share >= 0.9:
        code, words = "hit_and_miss", f"Nearly: {percent(share)}"
        then = "Agree whether that is enough. If it is, hold it. Somebody still waits too long: find and help them."
    else:
        code, words, then = "hit_and_miss", f"Some of the time: {percent(share)}", _redesign_words()
    if _drifts(play, play.mine.phases[-1]):
        then += " A gain that nobody holds is slipping."
    if turned:
        then += " The dial moved the mean here, for as long as somebody turned it."
    return schema.verdict(
        "Can the work, as planned, meet the need?", code, words, f"{level} {then}", reveal=True
    )


def _redesign_words() -> str:
    return (
        "Tightening control cannot change that figure; a project or a redesign can. Until then keep charting, and go to whoever "
        "has waited longest."
    )


def _challenge(play: Play) -> dict[str, Any]:
    ask = (
        "We say that no policy gets an incapable service to its need. Find one that lifts the share in time by 20 points, with P90, P99 and "
        "the longest wait no worse than left alone, and no project or redesign."
    )
    mine, left = play.own, play.left
    p = play.mine.parameters
    if p.improvements or p.redesign_week is not None:
        return schema.challenge(ask, False, "A project or a redesign is at work here. Take it out.")
    gain = mine.hit_rate - left.hit_rate
    worse = [
        name
        for name, a, b in (
            ("P90", mine.p90, left.p90),
            ("P99", mine.p99, left.p99),
            ("the longest wait", mine.longest, left.longest),
        )
        if a > b
    ]
    if gain >= 0.2 and not worse:
        why = (
            "The dial has real authority over the mean, so turning it is a change to the work and not a reaction to results. Ask of any real "
            "dial how you would know."
            if play.policy == "adjust" or (play.policy is None and p.dial_authority)
            else "The plan was capable enough, and trouble was what spoiled it. That is where Juran's control earns its keep."
        )
        return schema.challenge(ask, True, f"Up by {100 * gain:.0f} points and nobody worse off. {why}")
    if gain >= 0.2:
        return schema.challenge(
            ask, False, f"The share is up by {100 * gain:.0f} points, but worse: {_listed(worse)}. In Build your own, what would a dial need, and how gently would you turn it?"
        )  # fmt: skip
    differs = f"{100 * gain:+.0f}".replace("-", "−")
    moved = "does not differ" if differs in ("+0", "−0") else f"differs by {differs} in 100"
    return schema.challenge(
        ask, False, f"The share {moved}. In Build your own, try a dial with real authority, or a better plan that trouble keeps spoiling."
    )  # fmt: skip


def _three_controls() -> dict[str, Any]:
    return schema.table(
        "Three things called control",
        ["Name", "What it is", "Where it is here"],
        [
            ["Statistical control", "A state: only common causes, so the next weeks can be predicted", "Inside the zone, week after week"],
            ["Juran's quality control", "An activity: compare with the standard, act on the difference, put things back as planned", "Chart it, act on signals: it ends spells"],
            ["Managerial control", "Targets, audit, scrutiny, calls to explain", "Chase breaches; turning the dial is its twin"],
        ],
        reveal=True,
    )  # fmt: skip


def _download(play: Play) -> dict[str, Any]:
    scale = play.story.scale
    return {
        "columns": [
            "Week", "Policy", "Share in time", "Mean", "P90", "P99", "Longest", "Cost of poor quality", "Staff hours",
            "Chronic mean", "Chronic SD", "Minutes added by trouble", "Signal",
        ],
        "rows": [
            [
                week.week + 1,
                POLICIES[play.mine.parameters.policy_in(week.week)],
                round(week.hit_rate, 4),
                *(round(scale * value, 2) for value in (week.mean, week.p90, week.p99, week.longest)),
                round(week.cost, 2),
                round(week.staff_hours, 2),
                *(round(scale * value, 2) for value in (week.chronic_mean, week.chronic_sd, week.spike_minutes)),
                "yes" if week.signal else "",
            ]
            for week in play.mine.weeks
        ],
    }  # fmt: skip


def _percent(share: float) -> str:
    """A share in whole per cent; near certainty is never rounded up to certainty, nor next to nothing down to nothing."""
    return percent(share) if share >= 0.985 or share <= 0.015 else f"{100 * share:.0f}%"


def _pounds(value: float) -> str:
    return f"£{round(value) + 0:,}"  # + 0: the rounding of a sum may leave a minus sign on nought


def _hours(summary: Summary) -> str:
    return f"{summary.staff_hours / summary.weeks:.1f}".removesuffix(".0")


def _listed(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]
