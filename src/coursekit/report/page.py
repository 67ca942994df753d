"""The report as one HTML page: printable on A4, without a script, and with everything from outside escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from coursekit import paths
from coursekit.report.agreement import Compared
from coursekit.report.cohort import PASS, Cohort, OutcomeMarks, Teach, Unexplained, outcome_share
from coursekit.report.items import FEWEST, LOW, Analysis
from coursekit.report.share import Shared
from coursekit.report.text import counted, points

TOKENS = paths.ROOT / "frontend" / "src" / "tokens.css"


@dataclass(frozen=True)
class Lesson:
    """A lesson to point at; `address` is "" when nobody has said where the book is."""

    id: str
    title: str
    address: str


@dataclass(frozen=True)
class Report:
    """Everything on the facilitator's page."""

    cohort: Cohort
    outcomes: Sequence[OutcomeMarks]
    statements: Mapping[tuple[str, str], str]
    analyses: Sequence[Analysis]
    teach: Sequence[Teach]
    unexplained: Sequence[Unexplained]
    compared: Sequence[Compared]
    notes: Sequence[str]
    asked: bool
    """Whether the answers have been compared with known misconceptions at all."""


def facilitator_page(report: Report, lesson: Callable[[str], Lesson], today: date) -> str:
    """The page for the cohort's own facilitator, with names."""
    cohort = report.cohort
    shares = {
        (learner.student, one.module, one.outcome): outcome_share(
            [item for item in cohort.items if (item.module, item.outcome) == (one.module, one.outcome)],
            learner,
        )
        for learner in cohort.learners
        for one in report.outcomes
    }
    titles = {item.grade_id: item.title for item in cohort.items}
    return _render(
        _FACILITATOR, report=report, cohort=cohort, lesson=lesson, shares=shares, titles=titles, today=today
    )


def shared_page(report: Shared, lesson: Callable[[str], Lesson], statements: Mapping, today: date) -> str:
    """The page to pass on: no names, no small groups."""
    return _render(_SHARED, report=report, lesson=lesson, statements=statements, today=today)


def _render(body: str, **values: object) -> str:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        percent=lambda part: "none yet" if part is None else f"{100 * part:.0f}%",
        points=lambda value: "waits" if value is None else points(value),
        two=lambda value: "none" if value is None else f"{value:.2f}",
        counted=counted,
        late=_late,
        day=lambda day: f"{day.day} {day:%B %Y}",
    )
    environment.globals.update(style=Markup(_style()), PASS=PASS, LOW=LOW, FEWEST=FEWEST)
    return environment.from_string(_FRAME.replace("{# body #}", body)).render(**values)


def _late(seconds: float) -> str:
    days, rest = divmod(round(seconds), 86_400)
    if days:
        return counted(days, "day")
    hours, rest = divmod(rest, 3600)
    return counted(hours, "hour") if hours else counted(max(1, rest // 60), "minute")


def _style() -> str:
    """The course's own colours; its dark ones where the reader's screen is dark."""
    light, _, rest = TOKENS.read_text(encoding="utf-8").partition("@media screen {")
    dark = re.search(r"\{(.*?)\}", rest, re.DOTALL).group(1)
    return f"{light}@media screen and (prefers-color-scheme: dark) {{ :root {{{dark}}} }}\n{_STYLE}"


_STYLE = """
* { box-sizing: border-box; }
body { background: var(--iip-surface); color: var(--iip-ink); font: 1rem/1.5 "Source Sans 3", system-ui, sans-serif;
  margin: 0 auto; max-width: 64rem; padding: 1rem; }
h1, h2, h3 { line-height: 1.2; } h1 { font-size: 1.7rem; } h2 { font-size: 1.3rem; margin-top: 2.2rem;
  border-bottom: 2px solid var(--iip-edge); padding-bottom: .2rem; }
h3 { font-size: 1.05rem; margin: 1.2rem 0 .2rem; }
p, li { max-width: 46rem; } a { color: var(--iip-accent); }
.soft { color: var(--iip-soft); } .figures { display: flex; flex-wrap: wrap; gap: .6rem 2rem; padding: 0; list-style: none; }
.figures b { display: block; font-size: 1.5rem; }
.wide { overflow-x: auto; } .wide:focus-visible { outline: 2px solid var(--iip-accent); }
table { border-collapse: collapse; margin: .6rem 0; min-width: 20rem; } caption { text-align: left; color: var(--iip-soft); }
th, td { border-bottom: 1px solid var(--iip-edge); padding: .25rem .6rem .25rem 0; text-align: left; vertical-align: top; }
thead th { vertical-align: bottom; } tbody th .soft { font-weight: normal; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
ol.teach > li { margin-bottom: .9rem; } .names { overflow-wrap: anywhere; }
.mark { border: 1px solid var(--iip-edge); border-radius: .3rem; padding: 0 .3rem; white-space: nowrap; }
@media print {
  @page { size: A4; margin: 14mm; }
  body { background: #fff; color: #000; font-size: 9.5pt; max-width: none; padding: 0; }
  h2 { break-after: avoid; } li, tr, h3 + p { break-inside: avoid; } thead { display: table-header-group; }
  .wide { overflow: visible; } a { color: inherit; }
  th, td { font-size: 8pt; overflow-wrap: anywhere; padding: .15rem .35rem .15rem 0; }
}
"""

_FRAME = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
{# body #}
</main>
</body>
</html>
"""

_LESSON = """{% macro teach_in(id) %}{% set at = lesson(id) %}
{% if at.address %}<a href="{{ at.address }}">{{ at.id }} {{ at.title }}</a>{% else %}{{ at.id }} {{ at.title }}{% endif %}
{% endmacro %}
{% macro who(learners) %}
{% for one in learners %}<bdi>{{ one.name }}</bdi>{{ ", " if not loop.last }}{% endfor %}{% endmacro %}
"""

_FACILITATOR = (
    _LESSON
    + """<title>Cohort report: {{ cohort.assignment }}</title>
<style>{{ style }}</style>
</head>
<body>
<main>
<h1>{{ cohort.assignment }} {{ cohort.title }}: cohort report</h1>
<p class="soft">{{ today|day }}. For the facilitator of this cohort: it holds names and marks. Use <code>--share</code> for
a report to pass on.</p>
<ul class="figures">
<li><b>{{ cohort.learners|length }}</b> marked</li>
<li><b>{{ cohort.missing|length }}</b> without marks</li>
<li><b>{{ cohort.learners|selectattr("waiting")|list|length }}</b> waiting for a marker</li>
<li><b>{{ cohort.learners|selectattr("flags")|list|length }}</b> for a person to look at</li>
</ul>

<h2 id="teach">Teach again</h2>
{% if report.teach %}
<p>Each wrong answer was compared with misconceptions that the course knows. Most common first.</p>
<ol class="teach">
{% for one in report.teach %}
<li><strong>{{ one.learners|length|counted("learner") }} of {{ cohort.learners|length }}:</strong> {{ one.says }}
Teach again: {{ teach_in(one.lesson) }}.
<br><span class="soft">{{ one.name|replace("-", " ") }}, in {{ one["items"]|join(", ") }}.</span>
<span class="names">{{ who(one.learners) }}</span></li>
{% endfor %}
</ol>
{% elif not report.asked %}
<p>No answer has been compared with known misconceptions: this exercise has no list of them, or it was marked by an
earlier version of the course. Mark it again with <code>course grade</code>.</p>
{% else %}
<p>No answer matches a misconception that the course knows.</p>
{% endif %}
{% if report.unexplained %}
<h3>Lost points that nobody has named yet</h3>
<p>These were tried and missed, and the answers match nothing known. Read two or three of them before you teach.</p>
<ul>
{% for one in report.unexplained %}
<li>{{ one.item.title }} (<code>{{ one.item.grade_id }}</code>): {{ one.learners|length|counted("learner") }}.
<span class="names">{{ who(one.learners) }}</span></li>
{% endfor %}
</ul>
{% endif %}

<h2 id="outcomes">Marks by outcome</h2>
<div class="wide" tabindex="0" role="region" aria-label="Marks by outcome">
<table>
<caption>Share of each outcome's points, over learners who have all of them marked</caption>
<thead><tr><th scope="col">Outcome</th><th scope="col" class="number">Points</th><th scope="col" class="number">Learners</th>
<th scope="col" class="number">Mean</th><th scope="col" class="number">Middle learner</th>
<th scope="col" class="number">Below {{ PASS|percent }}</th><th scope="col" class="number">Waiting</th></tr></thead>
<tbody>
{% for one in report.outcomes %}
<tr><th scope="row">{{ one.module }} {{ one.outcome }}
<br><span class="soft">{{ report.statements.get((one.module, one.outcome), "") }}</span></th>
<td class="number">{{ one.maximum|points }}</td><td class="number">{{ one.shares|length }}</td>
<td class="number">{{ one.mean|percent }}</td><td class="number">{{ one.middle|percent }}</td>
<td class="number">{{ one.below if one.shares else "" }}</td><td class="number">{{ one.waiting }}</td></tr>
{% endfor %}
</tbody>
</table>
</div>

<h2 id="waiting">Who needs something</h2>
<h3>Without marks</h3>
{% if cohort.missing %}
<ul>{% for one in cohort.missing %}<li><bdi>{{ one.name }}</bdi>: {{ one.reason }}</li>{% endfor %}</ul>
{% else %}<p>Nobody.</p>{% endif %}
<h3>Waiting for a marker</h3>
{% set waiting = cohort.learners|selectattr("waiting")|list %}
{% if waiting %}
<ul>{% for one in waiting %}<li><bdi>{{ one.name }}</bdi>:
{% for task in one.waiting %}{{ titles.get(task, task) }}{{ "; " if not loop.last }}{% endfor %}</li>{% endfor %}</ul>
{% else %}<p>Nobody.</p>{% endif %}
<h3>Late</h3>
{% set late = cohort.learners|selectattr("late")|list %}
{% if late %}
<ul>{% for one in late %}<li><bdi>{{ one.name }}</bdi>: {{ one.late|late }}{% if one.penalty %}, {{ one.penalty|points }} points
taken off{% endif %}.</li>{% endfor %}</ul>
{% else %}<p>Nobody, as far as the gradebook knows: it needs a due date and the time of each hand-in.</p>{% endif %}
<h3>For a person to look at</h3>
{% set flagged = cohort.learners|selectattr("flags")|list %}
{% if flagged %}
<p>These notebooks do something unusual. That is no proof of anything, and no mark was changed for it.</p>
<ul>{% for one in flagged %}<li><bdi>{{ one.name }}</bdi>: {% for flag in one.flags %}{{ flag }} {% endfor %}</li>{% endfor %}</ul>
{% else %}<p>Nobody.</p>{% endif %}
{% if report.notes %}
<h3>What to put right in the files</h3>
<ul>{% for note in report.notes %}<li>{{ note }}</li>{% endfor %}</ul>
{% endif %}

<h2 id="items">Items</h2>
<div class="wide" tabindex="0" role="region" aria-label="Items">
<table>
<caption>Facility is the mean share of the item's points; what was not tried counts 0</caption>
<thead><tr><th scope="col">Item</th><th scope="col">Outcome</th><th scope="col" class="number">Marked</th>
<th scope="col" class="number">Not tried</th><th scope="col" class="number">Facility</th>
<th scope="col">Discrimination</th><th scope="col">Misconceptions</th></tr></thead>
<tbody>
{% for one in report.analyses %}
<tr><th scope="row">{{ one.item.title }}<br><span class="soft">{{ one.item.grade_id }}{% if one.item.by_hand %}, by
hand{% endif %}</span></th>
<td>{{ one.item.outcome }}</td><td class="number">{{ one.marked }}</td><td class="number">{{ one.not_tried }}</td>
<td class="number">{{ one.facility|percent }}</td>
<td>{% if one.discrimination is none %}<span class="soft">{{ one.refused }}</span>
{% else %}{{ one.discrimination|two }}{% if one.discrimination < 0 %} <span class="mark">look at the key</span>
{% elif one.discrimination < LOW %} <span class="mark">hardly parts</span>{% endif %}{% endif %}</td>
<td>{% for name, number in one.misconceptions %}{{ name|replace("-", " ") }}: {{ number }}{{ "; " if not loop.last }}{% endfor %}</td></tr>
{% endfor %}
</tbody>
</table>
</div>

<h2 id="agreement">Marker agreement</h2>
{% if report.compared %}
<div class="wide" tabindex="0" role="region" aria-label="Marker agreement">
<table>
<caption>Quadratic weighted kappa where two people marked: 1 is full agreement, 0 no more than chance</caption>
<thead><tr><th scope="col">Task and criterion</th><th scope="col" class="number">Marks</th><th scope="col" class="number">The same</th>
<th scope="col">Kappa (95% interval)</th></tr></thead>
<tbody>
{% for one in report.compared %}{% set found = one.agreement %}
<tr><th scope="row">{{ one.task }} {{ one.criterion }}</th><td class="number">{{ found.marks }}</td><td class="number">{{ found.same }}</td>
<td>{% if found.kappa is not none %}{{ found.kappa|two }}{% if found.low is not none %} ({{ found.low|two }} to {{ found.high|two }}){% endif %}{% endif %}
{% if found.refusal %}<span class="soft">{{ found.refusal }}</span>{% endif %}</td></tr>
{% endfor %}
</tbody>
</table>
</div>
<p>Where they differ by two or more, talk about the script and not about the kappa.</p>
{% else %}
<p>No second marks were given. If two people mark, fill in <code>second-marks.csv</code>, which lies beside this page, and
give it with <code>--second-marks</code>. Each should mark without seeing the other's numbers.</p>
{% endif %}

<h2 id="learners">Learners</h2>
<div class="wide" tabindex="0" role="region" aria-label="Learners">
<table>
<caption>Points so far of {{ cohort.out_of|points }}, and the share of each outcome</caption>
<thead><tr><th scope="col">Learner</th><th scope="col" class="number">Points</th>
{% for one in report.outcomes %}<th scope="col" class="number">{{ one.outcome }}</th>{% endfor %}</tr></thead>
<tbody>
{% for learner in cohort.learners %}
<tr><th scope="row"><bdi>{{ learner.name }}</bdi></th><td class="number">{{ learner.total|points }}{% if learner.waiting %}
<span class="soft">so far</span>{% endif %}</td>
{% for one in report.outcomes %}{% set part = shares[learner.student, one.module, one.outcome] %}
<td class="number">{% if part is none %}<span class="soft">waits</span>{% else %}{{ part|percent }}{% endif %}</td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
</div>

<h2 id="worked-out">How this was worked out</h2>
<ul>
<li>All marks are nbgrader's. What waits for a marker counts in no share.</li>
<li>Discrimination is the correlation of an item with the sum of all other items that have been marked for everybody; the item itself
is left out of the sum. It is refused under {{ FEWEST }} learners and where there is no spread. From one cohort it is rough: its
interval is about 0.4 wide either way with 25 learners.</li>
<li>A misconception is named when an answer that lost points gives, on fixed numbers, what that misconception gives. Another
mistake may give the same. It is a reason to ask, not a diagnosis.</li>
</ul>
"""
)

_SHARED = (
    _LESSON
    + """<title>Cohort summary: {{ report.assignment }}</title>
<style>{{ style }}</style>
</head>
<body>
<main>
<h1>{{ report.assignment }} {{ report.title }}: cohort summary</h1>
<p class="soft">{{ today|day }}. No names, and no figure about fewer than {{ report.minimum }} learners.</p>
{% if not report.counted %}
<p>There are too few learners in every group to show anything. The least is {{ report.minimum }}.</p>
{% else %}
<p>{{ report.counted }} learners are counted here{% if report.groups %}, in these groups:
{% for group, number in report.groups.items() %}<bdi>{{ group or "no group" }}</bdi> ({{ number }}){{ ", " if not loop.last }}{% endfor %}{% endif %}.</p>

<h2>Teach again</h2>
{% if report.teach %}
<ol class="teach">
{% for one in report.teach %}<li><strong>{{ one.band }} of learners:</strong> {{ one.says }} Teach again: {{ teach_in(one.lesson) }}.</li>
{% endfor %}
</ol>
{% else %}
<p>No misconception can be shown: none is shared by {{ report.minimum }} or more, with {{ report.minimum }} or more who do not have it.</p>
{% endif %}

<h2>Outcomes</h2>
<div class="wide" tabindex="0" role="region" aria-label="Outcomes">
<table>
<caption>Mean share of the points, in tenths</caption>
<thead><tr><th scope="col">Outcome</th><th scope="col">All</th>
{% for group in report.groups %}<th scope="col"><bdi>{{ group or "no group" }}</bdi></th>{% endfor %}</tr></thead>
<tbody>
{% for one in report.outcomes %}
<tr><th scope="row">{{ one.module }} {{ one.outcome }}<br><span class="soft">{{ statements.get((one.module, one.outcome), "") }}</span></th>
<td>{{ one.band }}</td>
{% for group in report.groups %}<td>{{ one.groups.get(group, "not shown") }}</td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
</div>

<h2>Items</h2>
<div class="wide" tabindex="0" role="region" aria-label="Items">
<table>
<caption>Mean share of each item's points, in tenths</caption>
<thead><tr><th scope="col">Item</th><th scope="col">Outcome</th><th scope="col">Mean share</th></tr></thead>
<tbody>
{% for one in report["items"] %}<tr><th scope="row">{{ one.title }}</th><td>{{ one.outcome }}</td><td>{{ one.band }}</td></tr>
{% endfor %}
</tbody>
</table>
</div>
{% endif %}

<h2>What was left out</h2>
<ul>
<li>Groups of fewer than {{ report.minimum }}. They are in no total either, so nothing can be subtracted to find them.</li>
<li>Exact shares, from which one could count the few who failed; the highest and lowest bands are open.</li>
<li>Misconceptions that fewer than {{ report.minimum }} learners have, or fewer than {{ report.minimum }} have not.</li>
<li>Two reports of one cohort on different days could be compared. Pass on one, at the end.</li>
</ul>
"""
)


def write(path: Path, page: str) -> None:
    path.write_text(page, encoding="utf-8")
