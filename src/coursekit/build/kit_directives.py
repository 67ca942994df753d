"""What the kits take from the course itself: timings, wrong answers, rubrics, claims, scripts, checklists, paper sheets."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole

from coursekit import paths
from coursekit.build import coverage, paper, stop_lines
from coursekit.build.directives import Generated, table
from improvement import curriculum, rubrics
from improvement.views import failure_demand
from improvement.views.questions import Check, SortCheck

CLAIMS = paths.ROOT / "curriculum" / "claims.csv"
SOURCES = {
    "S0": "Burgess and Downham, evaluation, June 2025",
    "S1": "NHS England, five components page",
    "S2": "NHS Providers, October 2023",
    "S3": "Health Foundation, long read",
    "S4": "HTN on the National Improvement Board's letter, October 2023",
}


class _FromFiles(Generated):
    """Generated lines that also depend on the kit's own files. `to_write_on` gives the tables room for a pencil."""

    to_write_on = False

    def run(self) -> list[nodes.Node]:
        for path in [*sorted((paths.ROOT / "curriculum").glob("*.csv")), *stop_lines.pages(), Path(__file__)]:
            self.env.note_dependency(str(path))
        made = super().run()
        for table_node in (found for node in made for found in node.findall(nodes.table)):
            table_node["classes"] += ["kit-table", "to-write-on"] if self.to_write_on else ["kit-table"]
        return made


class LessonTimings(_FromFiles):
    """``{lesson-timings}``: every written lesson, its minutes, its first question, and where to stop."""

    def lines(self) -> Iterable[str]:
        everything = stop_lines.running()
        for module in dict.fromkeys(one.lesson.module for one in everything):
            some = [one for one in everything if one.lesson.module == module]
            name = title(paths.ROOT / Path(some[0].page).parent / "index.md")
            yield from ("", f"**{module} {name}** ([facilitator page](/{some[0].page}.md))", "")
            yield from table(
                ("Lesson", "Alone", "In a room", "Ask first", "Stop at 10 when", "Stop at 15 when"),
                (
                    (
                        f"[{one.lesson.id}](/{one.lesson.page}.md) {one.lesson.title}",
                        str(one.lesson.minutes),
                        one.room,
                        one.ask,
                        one.ten,
                        one.fifteen,
                    )
                    for one in some
                ),
            )


class WrongAnswers(_FromFiles):
    """``{wrong-answers} M02``: for each written lesson the guess asked for, and the self-check's wrong answers with reasons."""

    required_arguments = 1

    def lines(self) -> Iterable[str]:
        sources = coverage.written()
        some = [one for one in stop_lines.running() if one.lesson.module == self.arguments[0]]
        if not some:
            raise self.error(f"{self.arguments[0]} has no written lesson.")
        for one in some:
            kinds = coverage.widgets_in(sources[one.lesson.id])
            yield from ("", f"**[{one.lesson.id} {one.lesson.title}](/{one.lesson.page}.md)**", "")
            for question in _guesses(kinds):
                yield from (f"*Before they look:* {question}", "")
            yield from (f"*Expect:* {one.wrong}", "")
            for check in (check for kind in kinds for check in coverage.checks_of(kind)):
                yield from (f"*Self-check:* {_flat(check.ask)}", "")
                for answer, reason in wrong_answers(check):
                    yield f"- {_flat(answer)}<br>*Say:* {_flat(reason)}"
                yield ""


class RubricTable(_FromFiles):
    """``{marking-rubric} R4``: a rubric's criteria, with what earns 1 and what earns 3, and what passes."""

    required_arguments = 1

    def lines(self) -> Iterable[str]:
        found = rubrics.rubrics().get(self.arguments[0])
        if found is None:
            raise self.error(f"There is no rubric {self.arguments[0]!r} in curriculum/rubrics.csv.")
        yield f"For {found.used_for}. Pass: {found.least_to_pass} of {found.most}, and no zero."
        yield ""
        yield from table(
            ("Criterion", "Earns 1", "Earns 3"),
            ((one.name, one.partial, one.exemplary) for one in found.criteria),
        )


class MarkSheet(_FromFiles):
    """``{mark-sheet} R11``: a rubric with empty boxes, to print and write on."""

    required_arguments = 1
    to_write_on = True

    def lines(self) -> Iterable[str]:
        found = rubrics.rubrics()[self.arguments[0]]
        yield from table(
            ("Criterion", "0 to 3", "What I saw"),
            ((f"**{one.name}.** 3: {one.exemplary}", "&nbsp;", "&nbsp;") for one in found.criteria),
        )


class ClaimsSheet(_FromFiles):
    """``{claims-sheet}``: what may be said, what may not, why, and what the register says that the sources bear out."""

    def lines(self) -> Iterable[str]:
        register = {item.id: item for item in coverage.items()}
        for subject in dict.fromkeys(claim["subject"] for claim in claims()):
            yield from ("", f"**{subject}**", "")
            yield from table(
                ("Say", "Do not say", "Why, and what the source bears out"),
                (
                    (
                        f"“{claim['say']}”",
                        f"“{claim['not']}”",
                        "<br>".join([claim["why"], *(_borne(register[one]) for one in claim["ids"].split())]),
                    )
                    for claim in claims()
                    if claim["subject"] == subject
                ),
            )


class CalibrationScripts(_FromFiles):
    """``{calibration-scripts}``: the six scripts with empty boxes for marks, each on a sheet of its own."""

    to_write_on = True

    def lines(self) -> Iterable[str]:
        for script in rubrics.scripts():
            yield from (
                "",
                ":::{div} new-sheet",
                f"**Script {script.id}, by {script.writer}** ({script.rubric})",
                "",
            )
            yield from (f"*The task:* {script.task}", "", f"> {_flat(script.text)}", "")
            yield from table(
                ("Criterion", "0 to 3", "Why"),
                ((one.criterion, "&nbsp;", "&nbsp;") for one in script.agreed),
            )
            yield ":::"


class CalibrationKey(_FromFiles):
    """``{calibration-key}``: the agreed marks of the six scripts and the reasons."""

    def lines(self) -> Iterable[str]:
        for script in rubrics.scripts():
            rubric = rubrics.rubrics()[script.rubric]
            passes = script.total >= rubric.least_to_pass and all(one.mark for one in script.agreed)
            verdict = "passes" if passes else "does not pass"
            yield from (
                "",
                f"**Script {script.id}** ({script.rubric}): {script.total} of {rubric.most}; it {verdict}",
                "",
            )
            yield from table(
                ("Criterion", "Mark", "Why"),
                ((one.criterion, str(one.mark), one.reason) for one in script.agreed),
            )


class Checklist(SphinxDirective):
    """``{checklist}``: a Markdown list whose items become checkboxes, real in the page and empty squares on paper."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        holder = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, holder)
        lists = [child for child in holder.children if isinstance(child, nodes.bullet_list)]
        if len(lists) != 1 or len(holder.children) != 1:
            raise self.error("A checklist holds one list and nothing else.")
        lists[0]["classes"].append("checklist")
        for item in lists[0].children:
            first = item.children[0]
            first.insert(0, nodes.raw(text='<label><input type="checkbox"><span>', format="html"))
            first.append(nodes.raw(text="</span></label>", format="html"))
        return [lists[0]]


class _Sheet(SphinxDirective):
    """A sheet of paper as HTML."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(paper.__file__)
        return [nodes.raw(text=self.html(), format="html")]

    def html(self) -> str:
        raise NotImplementedError


class BlankRunChart(_Sheet):
    """``{blank-run-chart}``: an empty grid for 36 points."""

    def html(self) -> str:
        return paper.run_chart("An empty grid for a run chart: 36 places across, 20 steps up.")


class PaperBeads(_Sheet):
    """``{paper-beads}``: 200 squares to cut apart, one in five dark."""

    def html(self) -> str:
        return paper.beads("200 squares to cut apart. One in five is dark and has a cross.")


class CallCards(_Sheet):
    """``{call-cards}``: the 25 calls of lesson M12.4, to cut apart, without their codes."""

    def html(self) -> str:
        return paper.cards(
            [(f"Call {place}", call.reason) for place, call in enumerate(failure_demand.calls(), 1)]
        )


class CallKey(_FromFiles):
    """``{call-key}``: the code the two coders of lesson M12.4 agreed for each call, with its cause."""

    def lines(self) -> Iterable[str]:
        yield from table(
            ("Card", "Call", "Agreed code", "Cause"),
            (
                (str(place), call.reason, call.agreed, call.cause)
                for place, call in enumerate(failure_demand.calls(), 1)
            ),
        )


class LessonRole(SphinxRole):
    """``{lesson}`M02.3` ``: the lesson's number and title, as a link once it is written and marked as not yet written until then."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        for path in coverage.sources():
            self.env.note_dependency(str(path))
        try:
            found = curriculum.lesson(self.text.strip())
        except ValueError as error:
            return [], [self.inliner.reporter.error(str(error), line=self.lineno)]
        words = f"{found.id} “{found.title}”"
        if not found.written:
            return [nodes.inline(text=f"{words} (not yet written)", classes=["not-yet"])], []
        link = addnodes.pending_xref(
            "", nodes.inline(text=words), refdomain="std", reftype="doc", reftarget=f"/{found.page}", refexplicit=True,
            refdoc=self.env.docname, refwarn=True,
        )  # fmt: skip
        return [link], []


@cache
def claims() -> tuple[dict[str, str], ...]:
    """Return the rows of the claims sheet: subject, say, not, why, and the ids of the register that bear it out."""
    with CLAIMS.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def wrong_answers(check: Check) -> list[tuple[str, str]]:
    """Return each wrong answer of a self-check with its reason; for cards, each card with where it belongs and why."""
    if isinstance(check, SortCheck):
        return [
            (f"“{card.label}” belongs on {' or '.join(card.piles)}", card.because) for card in check.cards
        ]
    return [(f"“{one['answer']}”", one["because"]) for one in check.key() if not one["right"]]


def title(page: Path) -> str:
    """Return the first heading of a page."""
    return next(
        line[2:].strip() for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("# ")
    )


def _guesses(kinds: Iterable[str]) -> list[str]:
    found = []
    for kind in kinds:
        declared = import_module(f"improvement.views.{kind.replace('-', '_')}").DECLARATION.prediction
        if declared:
            found.append(_flat(declared.question))
    return found


def _borne(item: coverage.Item) -> str:
    names = "; ".join(SOURCES.get(one, one) for one in item.source.split())
    return f"<small>{item.id}: {item.text} ({names})</small>"


def _flat(text: str) -> str:
    """Return words as Markdown that stays on one line and means what it says."""
    escaped = re.sub(r"([*_<])", r"\\\1", " ".join(text.split()))
    return re.sub(r"^(\d+)\.", r"\1\\.", escaped)


DIRECTIVES: dict[str, type[SphinxDirective]] = {
    "lesson-timings": LessonTimings,
    "wrong-answers": WrongAnswers,
    "marking-rubric": RubricTable,
    "mark-sheet": MarkSheet,
    "claims-sheet": ClaimsSheet,
    "calibration-scripts": CalibrationScripts,
    "calibration-key": CalibrationKey,
    "checklist": Checklist,
    "blank-run-chart": BlankRunChart,
    "paper-beads": PaperBeads,
    "call-cards": CallCards,
    "call-key": CallKey,
}


def setup(app: Sphinx) -> None:
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    app.add_role("lesson", LessonRole())
