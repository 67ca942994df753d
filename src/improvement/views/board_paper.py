"""W51 board paper rewriter: last month's table of indicators, charted, sorted into what changed and what did not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from improvement import spc
from improvement.spc import wording
from improvement.views import pasted_table, schema, xmr_figure
from improvement.views.pasted_table import Indicator, PastedTable
from improvement.views.schema import Choice, Option, Series, Toggle

FEWEST = 5
"""Below so many numbers the page draws no chart: three or four points have no usual range to speak of."""

MENTAL_HEALTH = """\
Indicator,Target,Better,Apr 25,May 25,Jun 25,Jul 25,Aug 25,Sep 25,Oct 25,Nov 25,Dec 25,Jan 26,Feb 26,Mar 26,Apr 26,May 26,Jun 26,Jul 26,Aug 26,Sep 26,RAG
Restraints on the wards,<=40,lower,44,39,51,47,36,42,53,45,38,49,41,46,52,40,43,45,37,48,R
Talking therapies: recovered,>=50%,higher,46.5%,50.0%,52.3%,50.1%,50.8%,47.1%,49.9%,49.6%,52.6%,50.9%,50.5%,48.8%,48.6%,50.5%,53.5%,46.1%,47.1%,53.1%,G
Urgent community response in 2 hours,>=70%,higher,85%,78%,80%,83%,79%,82%,83%,80%,78%,83%,85%,80%,81%,86%,80%,80%,86%,79%,G
New pressure ulcers in community care,<=20,lower,10,15,17,12,10,14,15,17,10,10,20,19,23,21,18,17,26,17,G
Staff sickness,<=5%,lower,5.9%,6.1%,6.3%,5.8%,5.6%,5.9%,6.2%,5.7%,6.5%,6.0%,5.5%,5.5%,5.5%,5.6%,5.3%,5.3%,5.5%,5.6%,R
Children waiting: mean weeks to first contact,<=10,lower,13.2,14.1,13.6,12.8,14.4,13.9,13.0,14.6,13.5,12.9,14.2,13.1,14.0,13.4,14.8,13.7,12.6,13.8,R
Out of area placements: bed-days,<=150,lower,97,151,188,153,166,106,151,146,n/a,166,159,133,129,160,208,91,57,233,R
Complaints answered in time,>=85%,higher,71%,81%,78%,77%,86%,80%,78%,91%,77%,72%,72%,77%,84%,85%,87%,91%,90%,84%,A
Agency spend: thousands of pounds,<=380,lower,422,390,408,417,404,357,408,397,438,411,406,414,445,410,398,400,475,484,R
Crisis line: answered in 60 seconds,>=75%,higher,,,,,,,,,,,58%,66%,61%,71%,57%,69%,63%,66%,R
"""
SYSTEM = """\
Measure;Aug 25;Sep 25;Oct 25;Nov 25;Dec 25;Jan 26;Feb 26;Mar 26;Apr 26;May 26;Jun 26;Jul 26;Aug 26;Sep 26;Standard;Direction;Status
Category 2 ambulance: mean minutes;34.1;36.8;35.2;38.0;41.3;39.9;36.4;35.0;33.7;36.1;34.9;37.2;33.8;38.6;at most 30;down;Red
Urgent care
Ambulance handover: mean;00:31:10;00:33:42;00:30:05;00:36:20;00:41:02;00:39:15;00:33:30;00:31:00;00:29:48;00:32:16;00:30:51;00:33:09;00:29:57;00:34:12;at most 15;down;Red
Missed outpatient appointments;7.9%;7.4%;7.6%;8.1%;8.3%;7.7%;7.2%;7.5%;7.8%;7.3%;7.6%;7.1%;7.9%;7.4%;7.5%;down;Green
Blood pressure treated to target;61.2%;61.9%;62.4%;62.1%;63.0%;63.4%;64.1%;64.0%;64.8%;65.2%;65.9%;66.3%;66.8%;67.4%;at least 77%;up;Red
Falls in care homes: calls to 999;88;95;81;102;97;110;92;86;tbc;90;99;84;93;96;;down;
"""
_EXAMPLES = {
    "mental_health": (MENTAL_HEALTH, "Riverbank, a mental health and community trust (invented)"),
    "system": (SYSTEM, "Northshire, an integrated care board (invented)"),
}

DECLARATION = schema.Declaration(
    title="Board paper rewriter",
    intro=(
        "Paste the table of indicators from your last board paper. You get a page to print: a chart for each, what "
        "changed, what did not, and what to ask. Nothing you paste leaves this device."
    ),
    printable=True,
    controls=(
        Choice(
            name="source",
            label="Whose paper?",
            default="mental_health",
            options=(
                Option(
                    value="mental_health",
                    label="Example: a mental health and community trust",
                    sector="mental health",
                ),
                Option(
                    value="system",
                    label="Example: an integrated care board, with rows to mend",
                    sector="system",
                ),
                Option(value="own", label="My own table"),
            ),
        ),
        Series(
            name="pasted",
            label="Your table",
            help=(
                "Copy it from the spreadsheet: a heading row, then one indicator a row with its months across, oldest "
                "first. Columns for target, which way is better and colour may be there too. No patient details."
            ),
            placeholder=(
                "Indicator, Target, Better, Apr 25, May 25, Jun 25, RAG\n"
                "Falls, <=20, lower, 18, 22, 17, G\n"
                "Seen in time, 95%, higher, 93%, n/a, 94%, R"
            ),
            show_when={"source": "own"},
        ),
        Toggle(
            name="questions",
            label="Three questions under each indicator",
            help="Switch off for a shorter page.",
            default=True,
        ),
    ),
    assumptions=(
        "Each row is one measure, counted the same way all along, at equal steps of time.",
        "Each chart is an XmR chart: mean ± 2.66 times the average moving range, from every point given.",
        "Four rules: a point outside the limits; seven in a row on one side of the mean; seven rising or falling; "
        "two of three near a limit. With many indicators some will raise a false alarm.",
    ),
    cannot_tell=(
        "Why anything changed, or whether a target is the right one.",
        "What an average hides: who waited longest, whose care was worst.",
        "Much about rare events or percentages of a few people. They want other charts.",
        "Anything about single cases of harm. Those are looked into whatever the chart says.",
    ),
    honesty="Both examples are synthetic: invented organisations and invented numbers. Your own table stays on this page.",
)


@dataclass(frozen=True)
class _Charted:
    """An indicator with its chart, and the phrases that several sentences about it share."""

    indicator: Indicator
    chart: spc.XmrChart
    period: str

    @property
    def name(self) -> str:
        return self.indicator.name

    @property
    def phase(self) -> spc.Phase:
        return self.chart.phases[-1]

    @property
    def latest(self) -> int:
        return max(index for index, value in enumerate(self.chart.values) if value is not None)

    @property
    def changed(self) -> str:
        """Return "improvement", "concern" or "neutral" when the latest point is part of a signal, or ""."""
        code = self.chart.variation.code
        return "" if code == "common_cause" else code.partition("_")[0]

    @property
    def signal(self) -> spc.Signal | None:
        """Return the signal at the latest point that takes in most points, of those that point its way."""
        way = self.chart.variation.code.rpartition("_")[2]
        here = [signal for signal in self.chart.signals_at(self.latest) if signal.direction == way]
        return max(here, key=lambda signal: len(signal.points), default=None)

    @property
    def flat(self) -> bool:
        return len({value for value in self.chart.values if value is not None}) == 1

    @property
    def points(self) -> int:
        return sum(value is not None for value in self.chart.values)

    @property
    def met(self) -> int:
        """Return how many points met the target; none do where there is no target."""
        target, lower = self.indicator.target, self.indicator.direction == "decrease"
        if target is None:
            return 0
        return sum(
            value <= target if lower else value >= target for value in self.chart.values if value is not None
        )

    @property
    def outlook(self) -> str:
        """Return what to expect of the target if nothing is done: "unsettled", "none", "meets", "misses" or "mixed"."""
        if self.chart.signals:
            return "unsettled"
        if self.chart.assurance.code == "none":
            return "none"
        return {0: "misses", self.points: "meets"}.get(self.met, "mixed")

    @property
    def limits(self) -> tuple[float, float]:
        """Return the process limits, held within what the measure can be when every number is."""
        values = [value for value in self.chart.values if value is not None]
        low, high = self.phase.lower_limit, self.phase.upper_limit
        if min(values) >= 0:
            low = max(low, 0.0)
        if self.indicator.percent and max(values) <= 100:
            high = min(high, 100.0)
        return low, high

    def show(self, value: float) -> str:
        text = wording.number(value, max(0, self.chart.decimals - 1))
        return text + ("%" if self.indicator.percent else "")

    @property
    def range(self) -> str:
        return f"{self.show(self.limits[0])} to {self.show(self.limits[1])}"

    @property
    def target(self) -> str:
        return "" if self.indicator.target is None else self.show(self.indicator.target)

    def label(self, index: int) -> str:
        return self.chart.labels[index]

    def periods(self, number: int) -> str:
        return wording.plural(number, self.period)


def compute(params: schema.Params) -> dict[str, Any]:
    """Return the view: the summary, then for each indicator its chart, what changed and what to ask."""
    if params["source"] == "own":
        if not params["pasted"].strip():
            return schema.view(
                [],
                summary="Waiting for a table.",
                notices=[
                    schema.notice("info", "Paste or open your table to see it rewritten.", control="pasted")
                ],
            )
        text, whose = params["pasted"], "Your table"
    else:
        text, whose = _EXAMPLES[params["source"]]
    table = pasted_table.read_table(text)
    charted, left_out = _chart(table)
    headline = _headline(whose, table, charted)
    panels = [schema.sentence(headline, heading="This page")]
    if charted:
        panels += [
            *_colours(charted),
            schema.listing("Ask these first", _first(charted), empty="Nothing on this page calls for it."),
            _contents(charted),
        ]
    if left_out:
        panels.append(schema.listing("Not charted, and what to mend", left_out, empty=""))
    for one in charted:
        panels += _one_indicator(one, params["questions"])
    if table.notes:
        panels.append(schema.listing("How the table was read", table.notes, empty=""))
    notices = []
    if left_out:
        rows = "1 row is" if len(left_out) == 1 else f"{len(left_out)} rows are"
        notices.append(schema.notice("warning", f"{rows} not charted. What to mend is listed below."))
    return schema.view(panels, summary=headline, notices=notices, data=_download(charted))


def _chart(table: PastedTable) -> tuple[list[_Charted], list[str]]:
    left_out = [one.problem for one in table.unread]
    enough = []
    for one in table.indicators:
        present = sum(value is not None for value in one.values)
        if present < FEWEST:
            left_out.append(
                f"Row {one.row} (“{one.name}”) has {wording.plural(present, 'number')}. That is too few to tell a "
                f"change from chance: give at least {FEWEST}, and 13 or more to lean on."
            )
        else:
            enough.append(one)
    summary = spc.summarise(
        {
            "name": one.name,
            "values": one.values,
            "labels": table.labels,
            "target": one.target,
            "improvement_direction": one.direction,
        }
        for one in enough
    )
    charted = []
    for one, row in zip(enough, summary, strict=True):
        if row.chart is None:
            left_out.append(f"Row {one.row} (“{one.name}”): {row.error}")
        else:
            charted.append(_Charted(one, row.chart, table.period))
    return charted, left_out


def _headline(whose: str, table: PastedTable, charted: list[_Charted]) -> str:
    when = f"{table.labels[0]} to {table.labels[-1]}"
    if not charted:
        return f"{whose}, {when}: no indicator could be charted."
    changed = [one for one in charted if one.changed]
    ways = (
        ("concern", "for the worse"),
        ("improvement", "for the better"),
        ("neutral", "with no better or worse given"),
    )
    counts = [
        f"{wording.count(number)} {words}"
        for kind, words in ways
        if (number := sum(one.changed == kind for one in changed))
    ]
    same = len(charted) - len(changed)
    said = _count(len(changed), "shows a change", "show a change") + (
        f", {', '.join(counts)}" if counts else ""
    )
    usual = _count(same, "is doing what it usually does", "are doing what they usually do")
    colour = ", whatever the colour" if any(one.indicator.rag for one in charted) else ""
    return f"{whose}, {when}. {_count(len(charted), 'indicator', 'indicators')} charted. {said}. {usual}{colour}."


def _colours(charted: list[_Charted]) -> list[dict[str, Any]]:
    """One list a colour: how many of it are changes, and how many are what the process does anyway."""
    listings = []
    period = charted[0].period
    for colour in ("red", "amber", "green"):
        of_it = [one for one in charted if one.indicator.rag == colour]
        if not of_it:
            continue
        sorts: dict[str, list[_Charted]] = {}
        for one in of_it:
            sorts.setdefault(one.changed or one.outlook, []).append(one)
        hides = ("hides", "hide") if colour == "green" else ("shows", "show")
        already = " already" if colour == "red" else ""
        words = {
            "concern": (f"{hides[0]} a change for the worse", f"{hides[1]} a change for the worse"),
            "improvement": (
                f"is{already} changing for the better",
                f"are{already} changing for the better",
            ),
            "neutral": ("changed", "changed"),
            "misses": (f"missed the target every {period}, unchanged",) * 2,
            "mixed": (
                f"is an ordinary {period} where the target is met at times",
                f"are ordinary {period}s where the target is met at times",
            ),
            "meets": (f"met the target every {period}, unchanged",) * 2,
            "none": ("did not change",) * 2,
            "unsettled": ("shows no new change, only earlier ones", "show no new change, only earlier ones"),
        }
        items = [
            f"{len(sorts[kind])} {one if len(sorts[kind]) == 1 else many}: {', '.join(of.name for of in sorts[kind])}"
            for kind, (one, many) in words.items()
            if kind in sorts
        ]
        listings.append(schema.listing(f"Given as {colour}: {len(of_it)}", items, empty=""))
    if not listings:
        listings.append(schema.listing("Colours", [], empty="No colours were given with this table."))
    return listings


def _first(charted: list[_Charted]) -> list[str]:
    """The three questions of the page, from those that matter most: changes for the worse, chronic misses, gains."""

    def quiet(outlook: str) -> list[_Charted]:
        return [one for one in charted if not one.changed and one.outlook == outlook]

    chronic = quiet("misses")
    ordered = (
        sorted(
            (one for one in charted if one.changed == "concern"), key=lambda one: one.indicator.rag != "green"
        )
        + chronic[:1]
        + [one for one in charted if one.changed in ("improvement", "neutral")]
        + chronic[1:]
        + quiet("mixed")
    )
    return [f"{one.name}: {_questions(one)[0]}" for one in ordered[:3]]


def _contents(charted: list[_Charted]) -> dict[str, Any]:
    return schema.table(
        "The indicators at a glance",
        ["Indicator", "Latest", "Target", "Colour given", "Changed?", "Target met"],
        [
            [
                one.name,
                one.show(one.chart.values[one.latest]),
                one.target,
                one.indicator.rag or "",
                _yes_or_no(one),
                "" if one.chart.assurance.code == "none" else f"{one.met} of {one.points}",
            ]
            for one in charted
        ],
        open=True,
    )


def _yes_or_no(one: _Charted) -> str:
    yes = {"concern": "yes, for the worse", "improvement": "yes, for the better", "neutral": "yes", "": "no"}
    return yes[one.changed] + (" (trial limits)" if one.phase.trial else "")


def _one_indicator(one: _Charted, with_questions: bool) -> list[dict[str, Any]]:
    said = _sentence(one)
    panels = [
        xmr_figure.draw(
            one.chart,
            one.name,
            description=f"XmR chart of {one.periods(one.points)}, {one.label(_start(one))} to {one.label(one.latest)}: "
            f"mean {one.show(one.phase.mean)}, limits {one.range}. {said}",
            y_label="%" if one.indicator.percent else f"each {one.period}",
            titles=[
                f"{label}: {'missing' if value is None else one.show(value)}"
                for label, value in zip(one.chart.labels, one.chart.values, strict=True)
            ],
            limits=one.limits,
            height=170,
        ),
        schema.sentence(said, heading=_given(one)),
        schema.listing("What changed, and what did not", [_what_changed(one), _what_did_not(one)], empty=""),
    ]
    if with_questions:
        panels.append(schema.listing("Three questions", _questions(one), empty=""))
    return panels


def _given(one: _Charted) -> str:
    latest = f"{one.label(one.latest)}: {one.show(one.chart.values[one.latest])}"
    against = f", target {one.target}" if one.target else ""
    return latest + against + (f", given as {one.indicator.rag}" if one.indicator.rag else "")


def _sentence(one: _Charted) -> str:
    caution = ""
    if one.phase.trial:
        caution = f"Early days: trial limits, from {one.periods(one.points)} where 13 are wanted. "
    values = [value for value in one.chart.values if value is not None]
    if one.flat:
        return (
            f"{caution}Every {one.period} reads {one.show(values[0])}, so there is no variation to judge by."
        )
    if values.count(0) * 2 > len(values):
        caution += f"Most {one.period}s are nought: a chart of the days between events would say more. "
    if one.changed:
        way = {"concern": ", for the worse", "improvement": ", for the better", "neutral": ""}[one.changed]
        return f"{caution}Something changed{way}: {_seen(one, one.signal)}.{_pull(one)}"
    fresh = "new " if one.outlook == "unsettled" else ""
    ahead = {
        "unsettled": "Earlier signs of a change are listed below, so what comes next cannot be told from here",
        "none": f"Left alone, most {one.period}s will fall there",
        "misses": f"Left alone, expect it to go on missing {one.target}, as in all {one.periods(one.points)}",
        "meets": f"Left alone, expect it to go on meeting {one.target}"
        + (", though a miss would be no surprise" if one.chart.assurance.code == "hit_and_miss" else ""),
        "mixed": f"Left alone, expect more of the same: it met {one.target} in {one.met} of {one.points} {one.period}s",
    }[one.outlook]
    return f"{caution}No {fresh}sign of a change: {one.label(one.latest)} lies within the usual {one.range}. {ahead}."


def _pull(one: _Charted) -> str:
    """Say when the run may come of one far-off point that drags the mean away from all the others."""
    far = [signal for signal in one.chart.signals if signal.rule == "outside_limits"]
    if one.signal.rule != "shift" or len(far) != 1 or far[0].direction == one.signal.direction:
        return ""
    up = "up" if far[0].direction == "high" else "down"
    return (
        f" But {one.label(far[0].points[0])} drags the mean {up}, which alone may do this: look there first."
    )


def _seen(one: _Charted, signal: spc.Signal) -> str:
    """Say in words for a board what a rule saw."""
    first, last = one.label(signal.points[0]), one.label(signal.points[-1])
    side = "above" if signal.direction == "high" else "below"
    number = len(signal.points)
    if signal.rule == "outside_limits":
        return f"{first} ({one.show(one.chart.values[signal.points[0]])}) is {side} the usual {one.range}"
    if signal.rule == "shift":
        return f"{one.periods(number)} in a row, {first} to {last}, lie {side} the mean of {one.show(one.phase.mean)}"
    if signal.rule == "trend":
        moved = "rise" if signal.direction == "high" else "fall"
        return f"{one.periods(number)} in a row, {first} to {last}, {moved} each time"
    limit = "upper" if signal.direction == "high" else "lower"
    return f"{first} to {last} crowd near the {limit} limit"


def _what_changed(one: _Charted) -> str:
    if not one.chart.signals:
        return f"Changed: nothing that {one.periods(one.points)} can show."
    seen = [_seen(one, signal) for signal in one.chart.signals if signal.rule != "outside_limits"]
    for direction, side in (("high", "above"), ("low", "below")):
        outside = [
            one.label(signal.points[0])
            for signal in one.chart.signals
            if signal.rule == "outside_limits" and signal.direction == direction
        ]
        if outside:
            listed = " and ".join(filter(None, [", ".join(outside[:-1]), outside[-1]]))
            seen.append(f"{listed} {'is' if len(outside) == 1 else 'are'} {side} the usual {one.range}")
    return f"Changed: {'; '.join(seen)}."


def _what_did_not(one: _Charted) -> str:
    rules = {signal.rule for signal in one.chart.signals}
    if one.flat:
        return f"Not changed: anything that {one.periods(one.points)} can show."
    if not rules:
        met = "" if one.outlook == "none" else f", and {one.met} of {one.points} met {one.target}"
        return f"Not changed: the {one.period}s average {one.show(one.phase.mean)}{met}."
    if rules == {"outside_limits"}:
        return f"Not changed: the other {one.period}s stay around {one.show(one.phase.mean)}, with no lasting shift."
    if "outside_limits" not in rules:
        return (
            f"Not changed: no single {one.period} is outside {one.range}. Those limits mix before and after, "
            "so start new ones once you know what changed."
        )
    return f"Not changed: hard to say. Single {one.period}s and whole stretches both stand out, so {one.range} is a sketch."


def _questions(one: _Charted) -> list[str]:
    asked = _asked(one)
    if one.phase.trial:
        asked[2] = (
            f"Can we have the {one.period}s before {one.label(_start(one))} as well, or wait before we judge?"
        )
    return asked


def _start(one: _Charted) -> int:
    return next(index for index, value in enumerate(one.chart.values) if value is not None)


def _asked(one: _Charted) -> list[str]:
    if one.flat:
        return [
            f"Is every {one.period} really {one.show(one.phase.mean)}, or is it not being counted?",
            "If it is a rare event, can we chart the days between one and the next?",
            "What would we want to know sooner?",
        ]
    if one.changed:
        when = one.label(one.signal.points[0])
        asked = {
            "concern": [
                f"What was different {_since(one, when)}, and who noticed it first?",
                "What are we doing now for the people it has touched, while we find out?",
                "Where else would we see it if our explanation is right?",
            ],
            "improvement": [
                f"What was different {_since(one, when)}, and do patients and staff notice it too?",
                "What will hold it when the people who did it move on?",
                "Has the work changed, or only the counting?",
            ],
            "neutral": [
                f"What was different {_since(one, when)}?",
                "Which way would the people we serve call better?",
                "What would we do differently now that we know it moved?",
            ],
        }
        return asked[one.changed]
    asked = {
        "misses": [
            f"What in the way the work is done makes {one.range} normal, and who can change that?",
            f"What would have to be true for {one.target} to be an ordinary {one.period}?",
            "Who is looking after the people it fails meanwhile?",
        ],
        "mixed": [
            f"What could move every {one.period} past {one.target}, and not only the next one?",
            f"Can the time spent explaining {one.label(one.latest)} go there instead?",
            f"Who set {one.target}, and is it what people need?",
        ],
        "meets": [
            f"Is {one.target} still what people need?",
            "What would warn us first if it slipped, and who is watching?",
            "Who might this average hide?",
        ],
        "none": [
            "What do people need this number to be?",
            f"Is {one.range} good enough for them?",
            "Who might this average hide?",
        ],
        "unsettled": [
            f"What was different in {one.label(_last_sign(one))}, and is it over?",
            "What did we do about it, and did anybody check that it worked?",
            "What would tell us first if it came back?",
        ],
    }
    return asked[one.outlook]


def _last_sign(one: _Charted) -> int:
    """Return where the last signal begins, the latest point when there is none."""
    return max((signal.points[0] for signal in one.chart.signals), default=one.latest)


def _since(one: _Charted, when: str) -> str:
    return f"in {when}" if one.signal.rule == "outside_limits" else f"from {when} on"


def _count(number: int, one: str, many: str) -> str:
    return (
        f"{wording.count(number).capitalize()} {many}"
        if number > 1
        else f"{'One' if number else 'None'} {one}"
    )


def _download(charted: list[_Charted]) -> dict[str, Any] | None:
    if not charted:
        return None
    return {
        "columns": [
            "Indicator", "Latest", "Target", "Colour given", "Variation", "Against the target",
            "Mean", "Lower limit", "Upper limit", "Points used",
        ],
        "rows": [
            [
                one.name, one.chart.values[one.latest], one.indicator.target, one.indicator.rag or "",
                one.chart.variation.words, one.chart.assurance.words,
                one.phase.mean, one.phase.lower_limit, one.phase.upper_limit, one.phase.points_used,
            ]
            for one in charted
        ],
    }  # fmt: skip
