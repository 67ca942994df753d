"""Tables the book makes from the curriculum, so that no page says by hand what is taught where."""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from coursekit.build import coverage
from improvement import curriculum


class Generated(SphinxDirective):
    """Markdown lines from `lines()`, read again whenever the curriculum changes."""

    def run(self) -> list[nodes.Node]:
        for path in coverage.sources():
            self.env.note_dependency(str(path))
        node = nodes.container()
        self.state.nested_parse(StringList(list(self.lines()), source="curriculum"), 0, node)
        return node.children

    def lines(self) -> Iterable[str]:
        raise NotImplementedError


class ModuleLessons(Generated):
    """``{module-lessons} M02``: the module's outcomes, and its lessons, honestly marked as written or planned."""

    required_arguments = 1

    def lines(self) -> Iterable[str]:
        module = self.arguments[0]
        promised = [outcome for outcome in coverage.outcomes() if outcome.module == module]
        planned = coverage.plan(module)
        if not promised or not planned:
            raise self.error(f"There is no module {module!r} in the curriculum.")
        yield "After this module you can"
        yield ""
        for outcome in promised:
            yield f"- {verb_first(outcome)}"
        yield ""
        yield from table(
            ("Lesson", "Minutes", "Status"),
            (
                (_name(lesson), str(lesson.minutes), "written" if lesson.written else "planned")
                for lesson in planned
            ),
        )


class OutcomeCoverage(Generated):
    """``{outcome-coverage}``: for each module with a written lesson, where each outcome is taught, practised, marked."""

    def lines(self) -> Iterable[str]:
        everything = coverage.outcomes()
        for module in sorted({outcome.module for outcome in everything}):
            promised = [outcome for outcome in everything if outcome.module == module]
            if not any(outcome.lessons for outcome in promised):
                continue
            yield from ("", f"**{module}**", "")
            yield from table(
                ("Outcome", "Taught in", "Practised in", "Marked in"),
                (
                    (
                        verb_first(outcome),
                        _links(outcome.lessons),
                        _links(outcome.practised),
                        ", ".join(outcome.assessed) or "not yet",
                    )
                    for outcome in promised
                ),
            )


class RegisterCoverage(Generated):
    """``{register-coverage}``: every line of the register, and the lessons that teach it or will."""

    def lines(self) -> Iterable[str]:
        everything = coverage.items()
        for group in dict.fromkeys(item.group for item in everything):
            yield from ("", f"**{group[0].upper()}{group[1:]}**", "")
            yield from table(
                ("", "What must be taught", "Source", "Where"),
                (
                    (item.id, " ".join(filter(None, (item.text, item.note))), item.source, _where(item))
                    for item in everything
                    if item.group == group
                ),
            )


def verb_first(outcome: coverage.Outcome) -> str:
    """Return an outcome with its verb in bold."""
    rest = outcome.statement.removeprefix(outcome.verb)
    return f"**{outcome.verb}**{rest}" if rest != outcome.statement else outcome.statement


def _where(item: coverage.Item) -> str:
    if item.taught:
        return _links(item.taught)
    return f"planned: {', '.join(item.planned)}" if item.planned else "dropped"


def _links(identifiers: Iterable[str]) -> str:
    pages = {lesson.id: lesson.page for lesson in curriculum.lessons()}
    return ", ".join(f"[{one}](/{pages[one]}.md)" for one in identifiers) or "not yet"


def _name(lesson: curriculum.Planned) -> str:
    words = f"{lesson.id} {lesson.title}"
    return f"[{words}](/{lesson.page}.md)" if lesson.written else words


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterable[str]:
    """Yield the lines of a Markdown table."""
    head = tuple(head)
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


DIRECTIVES: dict[str, type[SphinxDirective]] = {
    "module-lessons": ModuleLessons,
    "outcome-coverage": OutcomeCoverage,
    "register-coverage": RegisterCoverage,
}


def setup(app: Sphinx) -> None:
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
