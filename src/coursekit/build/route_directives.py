"""What the pages show of the routes: each route's lessons and minutes, the list of routes, and the start page's form."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from coursekit import paths
from coursekit.build import coverage, routes
from coursekit.build.directives import Generated, table, verb_first
from coursekit.build.frontmatter import EVIDENCE, Lesson
from coursekit.build.routes import Route, Step, in_hours
from improvement.views import wayfinder
from improvement.views.wayfinder import Answers

START = "book/index"
PROMISES = paths.ROOT / "curriculum" / "first-lessons.csv"
SCRIPT = "course/routes.js"
_EXERCISE = re.compile(r"\b(?:E\d\d|M16-[A-Z])\b")


class _OfRoutes(SphinxDirective):
    """Adds Markdown and HTML in turn, and is read again whenever the routes change."""

    def run(self) -> list[nodes.Node]:
        for path in [*routes.sources(), PROMISES, Path(wayfinder.__file__), Path(__file__)]:
            self.env.note_dependency(str(path))
        return self.made()

    def made(self) -> list[nodes.Node]:
        raise NotImplementedError

    def html(self, text: str) -> list[nodes.Node]:
        return [nodes.raw(text=text, format="html")]

    def markdown(self, lines: Iterable[str]) -> list[nodes.Node]:
        node = nodes.container()
        self.state.nested_parse(StringList(list(lines), source="curriculum"), 0, node)
        return node.children

    def address(self, page: str) -> str:
        """The address of a page of the book from this one."""
        return self.env.app.builder.get_relative_uri(self.env.docname, page)


class RouteLessons(_OfRoutes):
    """``{route} a1``: who the route is for, whether it is whole, its lessons with their minutes, and what it teaches."""

    required_arguments = 1

    def made(self) -> list[nodes.Node]:
        everything = routes.routes()
        if self.arguments[0] not in everything:
            raise self.error(
                f"There is no route {self.arguments[0]!r}. The routes are {', '.join(everything)}."
            )
        route = everything[self.arguments[0]]
        facts = routes.facts()
        return [
            *self.html(f'<div class="route" id="{route.id}">{_facts(route, everything)}{_status(route)}'),
            *self.html(f'<div class="route-choice" data-route-choice="{route.id}">'),
            *self.markdown([_first(route)]),
            *self.html("</div>"),
            *self.markdown(_lessons(route, everything, facts)),
            *self.html(
                '<details class="route-more"><summary>What it teaches, and on what evidence</summary>'
            ),
            *self.markdown(_coverage(route, facts)),
            *self.html("</details></div>"),
        ]


class RouteList(_OfRoutes):
    """``{route-list}``: every route with its lessons, its time and whether it is whole."""

    def made(self) -> list[nodes.Node]:
        rows = "".join(
            f'<tr><th scope="row"><a class="reference internal" href="{self.address(route.page)}#{route.id}">'
            f"{escape(route.title)}</a><br><small>{escape(route.who)}</small></th>"
            f"<td>{len(route.core)}</td><td>{in_hours(route.minutes)}</td><td>{_label(route)}</td></tr>"
            for route in routes.routes().values()
        )
        head = "".join(f'<th scope="col">{name}</th>' for name in ("Route", "Lessons", "Time", "State"))
        return self.html(
            f'<table class="table route-list"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        )


class StartForm(_OfRoutes):
    """``{start-form}``: three questions, answered at once from the wayfinder's own rules, worked out when the book is built."""

    def made(self) -> list[nodes.Node]:
        questions = (
            (
                "role",
                "Who are you?",
                {wayfinder.UNSAID: "Choose the nearest", **wayfinder.ROLES},
                wayfinder.UNSAID,
            ),
            (
                "minutes",
                "How long have you got?",
                {value: _length(value) for value in wayfinder.MINUTES},
                "15",
            ),
            (
                "barrier",
                "What is in your way?",
                {wayfinder.UNSAID: "None, or not sure", **wayfinder.BARRIERS},
                wayfinder.UNSAID,
            ),
        )
        fields = "".join(
            f'<p><label for="start-{name}">{label}</label><select id="start-{name}" name="{name}">'
            + "".join(
                f'<option value="{value}"{" selected" if value == chosen else ""}>{escape(words)}</option>'
                for value, words in options.items()
            )
            + "</select></p>"
            for name, label, options, chosen in questions
        )
        data = answered()
        embedded = json.dumps(data, separators=(",", ":")).replace("</", "<\\/")
        return self.html(
            f'<form class="start" data-start aria-label="Find your first lesson"><div class="start-asked">{fields}</div>'
            f'<div class="start-answer" role="status">{self.unasked(data["promises"])}</div>'
            f'<script type="application/json" data-start-answers>{embedded}</script></form>'
        )

    def unasked(self, promises: dict[str, str]) -> str:
        """The lesson for somebody who has not said anything yet."""
        lesson = wayfinder.suggest(Answers()).now.lesson
        link = f'<a href="{self.address(lesson.page)}">{lesson.id} {escape(lesson.title)}</a>'
        return (
            f'<p class="start-lesson">Too tired to choose? Open {link} ({lesson.minutes} minutes)</p>'
            f"<p>{escape(promises[lesson.id])} Say who you are, and this changes.</p>"
        )


class StartList(Generated):
    """``{start-list}``: for each role a first lesson of a quarter of an hour, and the route."""

    def lines(self) -> Iterable[str]:
        for path in (routes.ROUTES, routes.INFO, Path(wayfinder.__file__), Path(__file__)):
            self.env.note_dependency(str(path))
        of_role = _route_of_role()
        for role, words in wayfinder.ROLES.items():
            lesson = wayfinder.suggest(Answers(role=role)).now.lesson
            route = of_role[role]
            yield (
                f"- **{words}**: [{lesson.title}](/{lesson.page}.md), {lesson.minutes} minutes. "
                f"Then [{route.title}](/{route.page}.md)"
            )


def answered() -> dict[str, Any]:
    """Return the start page's answers, as the wayfinder gives them to somebody new to improvement.

    `{"answers": {role: {minutes: {barrier: [lesson, minutes of it that fit, reasons]}}}, "promises": {lesson: words},
    "routes": {role: route}}`.
    """
    with PROMISES.open(encoding="utf-8", newline="") as file:
        promises = {row["lesson"]: row["promise"] for row in csv.DictReader(file)}
    roles, barriers = [wayfinder.UNSAID, *wayfinder.ROLES], [wayfinder.UNSAID, *wayfinder.BARRIERS]
    return {
        "answers": {
            role: {
                label: {
                    barrier: _answer(Answers(role, minutes=minutes, barrier=barrier)) for barrier in barriers
                }
                for label, minutes in wayfinder.MINUTES.items()
            }
            for role in roles
        },
        "promises": promises,
        "routes": {role: route.id for role, route in _route_of_role().items()},
    }


def for_pages(titles: dict[str, str]) -> dict[str, Any]:
    """Return what every page needs to know of the routes; `titles` are those of the book's pages, by their names."""
    everything = routes.routes()
    return {
        "start": START,
        "lessons": {
            one.id: [titles.get(one.page, one.title), one.minutes, one.page] for one in routes.plan().values()
        },
        "routes": {
            route.id: {
                "title": route.title,
                "page": f"{route.page}.html#{route.id}",
                "lessons": [
                    step.lesson.id for step in route.steps if step.lesson.written or not step.optional
                ],
                "instead": {step.lesson.id: step.instead_of.id for step in route.steps if step.instead_of},
                "count": len(route.core),
                "time": in_hours(route.minutes),
                "whole": route.whole,
                "next": route.leads_to,
                "besides": route.besides,
                "assessment": marked_unwritten(route.assessment),
                "then": [[page, titles[page]] for page in route.then if page in titles],
            }
            for route in everything.values()
        },
    }


def marked_unwritten(assessment: str) -> str:
    """Return what is said of an assessment, with every exercise in it that cannot be done yet called so."""
    written = {path.name for path in coverage.SOURCES.iterdir()}

    def mark(match: re.Match[str]) -> str:
        name = match.group()
        return name if name.replace("-", "") in written else f"{name} (not written yet)"

    return _EXERCISE.sub(mark, assessment)


def _answer(answers: Answers) -> list[Any]:
    route = wayfinder.suggest(answers)
    return [route.now.lesson.id, route.taken, " and ".join(route.now.reasons)]


def _route_of_role() -> dict[str, Route]:
    return {role: route for route in routes.routes().values() for role in route.roles}


def _length(value: str) -> str:
    return f"{value} minutes" if value != "60" else "An hour or more"


def _facts(route: Route, everything: dict[str, Route]) -> str:
    count = len(route.core)
    length = f"{count} lesson{'' if count == 1 else 's'}, {in_hours(route.minutes)}"
    earlier, first = route, []
    while earlier.follows:
        earlier = everything[earlier.follows]
        first.append(earlier)
    if first:
        names = f"“{first[0].title}”" if len(first) == 1 else f"the {len(first)} routes before it"
        length += f"; {in_hours(route.minutes + sum(one.minutes for one in first))} with {names}"
    facts = {
        "For": route.who,
        "Takes": f"{length}. Besides: {route.besides}",
        "Assessed by": marked_unwritten(route.assessment),
        "You end with": route.output,
    }
    items = "".join(f"<li><strong>{name}:</strong> {escape(fact)}</li>" for name, fact in facts.items())
    return f'<ul class="route-facts">{items}</ul>'


def _status(route: Route) -> str:
    if route.whole:
        return f'<p class="route-status route-whole"><strong>Whole.</strong> {_all_written(route)}</p>'
    names = "; ".join(f"{lesson.id} {escape(lesson.title)}" for lesson in route.missing)
    verb = "is" if len(route.missing) == 1 else "are"
    return (
        f'<p class="route-status route-preview"><strong>Preview.</strong> {len(route.missing)} of '
        f"{len(route.core)} lessons {verb} still to be written: {names}.</p>"
    )


def _all_written(route: Route) -> str:
    swapped = [step for step in route.core if step.instead_of]
    words = "Every lesson on this route is written."
    for step in swapped:
        words += (
            f" {step.lesson.id} takes the place of {step.instead_of.id} "
            f"“{escape(step.instead_of.title)}”, which is not."
        )
    return words


def _label(route: Route) -> str:
    return "whole" if route.whole else f"preview: {len(route.missing)} to come"


def _first(route: Route) -> str:
    written = [step.lesson for step in route.core if step.lesson.written]
    if not written:
        return "None of its lessons is written yet. The text on this page says what to read until they are."
    return f"Begin with [{written[0].id} {written[0].title}](/{written[0].page}.md), {written[0].minutes} minutes."


def _lessons(route: Route, everything: dict[str, Route], facts: dict[str, Lesson]) -> Iterable[str]:
    known = {*routes.before(route, everything), *(step.lesson.id for step in route.steps)}
    needs = routes.prerequisites()
    total, rows = 0, []
    for place, step in enumerate(route.steps, start=1):
        total += 0 if step.optional else step.lesson.minutes
        so_far = "" if step.optional else in_hours(total).replace("minutes", "min")
        rows.append((str(place), _cell(step, needs, known, facts), str(step.lesson.minutes), so_far))
    yield from table(("", "Lesson", "Minutes", "So far"), rows)


def _cell(step: Step, needs: dict[str, tuple[str, ...]], known: set[str], facts: dict[str, Lesson]) -> str:
    lesson = step.lesson
    name = f"{lesson.id} {lesson.title}"
    notes = []
    if not lesson.written:
        notes.append("**not written yet**")
    if step.optional:
        notes.append("optional")
    if step.instead_of:
        notes.append(f"in place of {step.instead_of.id}, not written yet")
    if built_on := needs.get(lesson.id):
        notes.append(
            "builds on "
            + " and ".join(one if one in known else f"{one}, which is not on this route" for one in built_on)
        )
    if lesson.written:
        notes.append(f"evidence: {facts[lesson.id].evidence}")
    link = f"[{name}](/{lesson.page}.md)" if lesson.written else name
    return f"{link}<br><small>{'; '.join(notes)}</small>" if notes else link


def _coverage(route: Route, facts: dict[str, Lesson]) -> Iterable[str]:
    taught = [facts[step.lesson.id] for step in route.core if step.lesson.written]
    if not taught:
        yield "Nothing yet: none of its lessons is written."
        return
    served = {(one.id.partition(".")[0], verb) for one in taught for verb in one.outcomes}
    if not route.whole:
        yield from ("Counted from the lessons that are written.", "")
    yield from ("After it you have practised to", "")
    for outcome in coverage.outcomes():
        if (outcome.module, outcome.verb) in served:
            yield f"- {verb_first(outcome)} ({outcome.module})"
    yield ""
    items = coverage.items()
    ids = {identifier for one in taught for identifier in one.teaches}
    groups: dict[str, list[str]] = {}
    for item in items:
        if item.id in ids:
            groups.setdefault(item.group, []).append(item.id)
    yield f"It teaches {len(ids)} of the {len(items)} things that [the course must teach](/book/coverage.md):"
    yield ""
    for group, members in groups.items():
        yield f"- {group}: {', '.join(members)}"
    yield ""
    grades = Counter(one.evidence for one in taught)
    counted = ", ".join(f"{grade} {grades[grade]}" for grade in EVIDENCE if grades[grade])
    yield f"Lessons by the strongest evidence they rest on: {counted}."


def _write_script(app: Sphinx, error: Exception | None) -> None:
    """Write the routes where every page finds them; a plain script, since a page opened from a file may fetch nothing."""
    if error is not None or app.builder.format != "html":
        return
    titles = {page: title.astext() for page, title in app.env.titles.items()}
    target = Path(app.outdir) / "_static" / SCRIPT
    target.parent.mkdir(parents=True, exist_ok=True)
    data = json.dumps(for_pages(titles), ensure_ascii=False, separators=(",", ":"))
    target.write_text(f"globalThis.courseRoutes = {data};\n", encoding="utf-8")


DIRECTIVES: dict[str, type[SphinxDirective]] = {
    "route": RouteLessons,
    "route-list": RouteList,
    "start-form": StartForm,
    "start-list": StartList,
}


def setup(app: Sphinx) -> None:
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    app.add_js_file(SCRIPT)
    app.connect("build-finished", _write_script)
