"""Traceability of a quality plan: from the people it is for to the control that somebody holds, with every gap named.

A plan is a list of items. Each belongs to a part and names, by their ids, the items of the part before that it serves:

    customer <- need <- feature <- step <- control <- transfer
                                   step <- capability

and one `project` stands above them all. The parts follow the six steps of quality planning in Early and Coletti,
"The Quality Planning Process", section 3 of Juran's Quality Handbook, 5th edition (1999).

Standard library only: it runs in the reader's browser.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

Row, Column = TypeVar("Row", bound=Hashable), TypeVar("Column", bound=Hashable)

STEPS = {
    1: "Establish the project",
    2: "Identify the customers",
    3: "Discover their needs",
    4: "Develop the product: its features",
    5: "Develop the process, and establish what it can do",
    6: "Develop controls, and transfer to operations",
}
"""Juran's six steps."""

PARTS = {
    "project": 1, "customer": 2, "need": 3, "feature": 4, "step": 5, "capability": 5, "control": 6, "transfer": 6,
}  # fmt: skip
"""The parts of a plan, each with the step that makes it."""

SERVES = {
    "need": "customer", "feature": "need", "step": "feature", "capability": "step", "control": "step", "transfer": "control",
}  # fmt: skip
"""The part that each part's items must serve."""

VOICES = ("asked", "watched", "spoken for", "not asked")
"""How a customer's needs are known. The first two are the customer's own voice."""

NEED_KINDS = ("outcomes", "safety", "equality", "timeliness", "efficiency", "experience")
COLUMNS = ("part", "id", "what", "serves", "detail", "weight")
MOST_ITEMS = 120

STAGES = (
    "somebody asked", "feature", "process step", "capability stated", "control", "control has an owner", "handed over",
)  # fmt: skip
"""What a need must pass in turn to be met for good."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a plan.

    `detail` is, for a project, who decides; for a customer, one of `VOICES`; for a need, one of `NEED_KINDS`; for a
    control, its owner; for a transfer, who takes over. `weight` is a need's importance, 1 to 5; None elsewhere.
    """

    part: str
    id: str
    what: str
    serves: tuple[str, ...] = ()
    detail: str = ""
    weight: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan that could be read: ids are unique, and every link leads to an item of the part before."""

    items: tuple[Item, ...]

    def of(self, part: str) -> tuple[Item, ...]:
        """Return the items of a part, in the plan's order."""
        return tuple(item for item in self.items if item.part == part)

    def serving(self, identifier: str, part: str) -> tuple[Item, ...]:
        """Return the items of `part` that serve the item of that id."""
        return tuple(item for item in self.of(part) if identifier in item.serves)

    def without(self, start: str, end: str) -> Plan:
        """Return the plan without the link by which item `start` serves item `end`."""
        return Plan(tuple(_unlinked(item, {end}) if item.id == start else item for item in self.items))

    def without_parts(self, *parts: str) -> Plan:
        """Return the plan without the items of these parts, and without the links that led to them."""
        gone = {item.id for part in parts for item in self.of(part)}
        return Plan(tuple(_unlinked(item, gone) for item in self.items if item.id not in gone))

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """Every link as (id of the item that serves, id of the item it serves)."""
        return tuple((item.id, end) for item in self.items for end in item.serves)


def _unlinked(item: Item, ends: set[str]) -> Item:
    return replace(item, serves=tuple(end for end in item.serves if end not in ends))


@dataclass(frozen=True, slots=True)
class Gap:
    """A broken link: a `code` for programs, Juran's step, the item's id ("" for a whole part), and a sentence."""

    code: str
    step: int
    item: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Chain:
    """How far a need gets along its best path: the stages of `STAGES` it `passed`, and the first it lacks (None: all).

    Capability, control, owner and handover must stand on one path: a control elsewhere does not hold this need.
    """

    need: Item
    passed: int

    @property
    def lacks(self) -> str | None:
        return STAGES[self.passed] if self.passed < len(STAGES) else None


@dataclass(frozen=True, slots=True)
class Orphans:
    """Rows with no link to any column, and columns with no link from any row, in the order given."""

    rows: tuple
    columns: tuple


@dataclass(frozen=True, slots=True)
class Score:
    """A feature's priority: the sum of importance times strength over the needs it serves, and its share, 0 to 1."""

    feature: str
    score: float
    share: float


def read_plan(text: str) -> Plan:
    """Return the plan in `text`: a heading row with the names of `COLUMNS`, then one item a row.

    Columns may be parted by tabs, semicolons or commas; several ids in "serves" by spaces (or by commas in
    quotation marks). "serves", "detail" and "weight" may be left empty where the part does not need them.

    Raises ValueError naming the row and the column to mend. Rows are counted as they stand, the heading being row 1.
    """
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    written = [line for line in lines if line.strip()]
    if not written:
        raise ValueError("The plan is empty. Give a heading row, then one row for each item.")
    mark = next((one for one in "\t;" if written[0].count(one) >= 2), ",")
    rows = []
    before = 0
    reader = csv.reader(lines, delimiter=mark)
    for cells in reader:
        place, before = before + 1, reader.line_num
        if any(cell.strip() for cell in cells):
            rows.append((place, [" ".join(cell.split()) for cell in cells]))
    heading = [cell.casefold() for cell in rows[0][1]]
    missing = [name for name in COLUMNS if name not in heading]
    if missing:
        raise ValueError(
            f"Row {rows[0][0]}, the heading, has no column “{missing[0]}”. It needs: {', '.join(COLUMNS)}."
        )
    for place, cells in rows[1:]:
        if len(cells) > len(heading):
            raise ValueError(
                f"Row {place} has {len(cells)} cells and the heading has {len(heading)}. Words with a "
                f"“{mark}” in them need quotation marks round them."
            )
    return build(
        (f"Row {place}", dict(zip(heading, [*cells, *[""] * len(heading)], strict=False)))
        for place, cells in rows[1:]
    )


def build(rows: Iterable[tuple[str, Mapping[str, object]]]) -> Plan:
    """Return the plan made of `rows`: (what to call the row, its cells by the names of `COLUMNS`).

    Raises ValueError naming the row and the column for an unknown part, kind or voice, a missing id or wording, an id
    used twice, a weight that is no whole number from 1 to 5, or a link that leads to no item of the part before.
    """
    named = [(where, _item(where, row)) for where, row in rows]
    if len(named) > MOST_ITEMS:
        raise ValueError(f"{len(named)} items is too many. Keep to {MOST_ITEMS}: plan one service at a time.")
    seen: dict[str, str] = {}
    for where, item in named:
        if item.id in seen:
            raise ValueError(
                f"{where}, column “id”: {item.id} stands in {seen[item.id]} too. Give each its own."
            )
        seen[item.id] = where
    parts = {item.id: item.part for _, item in named}
    for where, item in named:
        wanted = SERVES.get(item.part)
        for end in item.serves:
            if wanted is None:
                raise ValueError(f"{where}, column “serves”: a {item.part} serves nothing. Leave it empty.")
            if parts.get(end) != wanted:
                there = ", ".join(one for one, part in parts.items() if part == wanted) or "none yet"
                problem = f"{end} is a {parts[end]}" if end in parts else f"there is no {end}"
                raise ValueError(
                    f"{where}, column “serves”: {problem}, and a {item.part} serves a {wanted}. There are: {there}."
                )
    return Plan(tuple(item for _, item in named))


def _item(where: str, row: Mapping[str, object]) -> Item:
    cell = {
        name: " ".join(str(row.get(name) if row.get(name) is not None else "").split()) for name in COLUMNS
    }
    part = cell["part"].casefold()
    if part not in PARTS:
        raise ValueError(f"{where}, column “part”: “{cell['part']}” is not a part. Use: {', '.join(PARTS)}.")
    for name, what in (("id", "a short name of its own, such as N1"), ("what", "what it is, in words")):
        if not cell[name]:
            raise ValueError(f"{where}, column “{name}”: it is empty. Write {what}.")
    detail = cell["detail"]
    for its_part, known, example in (("customer", VOICES, "how you know"), ("need", NEED_KINDS, "its kind")):
        if part == its_part:
            detail = detail.casefold()
            if detail not in known:
                raise ValueError(
                    f"{where}, column “detail”: “{cell['detail']}” does not say {example}. Use: {', '.join(known)}."
                )
    weight = None
    if part == "need":
        if not re.fullmatch(r"[1-5]", cell["weight"]):
            raise ValueError(
                f"{where}, column “weight”: “{cell['weight']}” is not a whole number from 1 to 5. It is the need's importance."
            )
        weight = int(cell["weight"])
    serves = tuple(dict.fromkeys(re.split(r"[\s,;]+", cell["serves"]))) if cell["serves"] else ()
    return Item(part, cell["id"], cell["what"], tuple(end for end in serves if end), detail, weight)


def rows(plan: Plan) -> list[list[object]]:
    """Return the plan as rows of `COLUMNS`, such as `read_plan` reads."""
    return [
        [item.part, item.id, item.what, " ".join(item.serves), item.detail, item.weight]
        for item in plan.items
    ]


def orphans(rows: Sequence[Row], columns: Sequence[Column], links: Iterable[tuple[Row, Column]]) -> Orphans:
    """Return the rows that no link leaves and the columns that no link reaches."""
    pairs = list(links)
    starts, ends = {start for start, _ in pairs}, {end for _, end in pairs}
    return Orphans(
        tuple(row for row in rows if row not in starts),
        tuple(column for column in columns if column not in ends),
    )


_UP = {
    "need": ("need-of-nobody", 3, "{0} is a need of nobody in the plan: whose is it?"),
    "feature": ("feature-without-need", 4, "{0} is a feature that serves no need: why build it?"),
    "step": ("step-without-feature", 5, "{0} is a process step that produces no feature: why do it?"),
    "capability": ("capability-of-nothing", 5, "{0} is a capability statement about no process step."),
    "control": ("control-of-nothing", 6, "{0} is a control that watches no process step."),
    "transfer": ("transfer-of-nothing", 6, "{0} hands over no control."),
}
_DOWN = {
    ("customer", "need"): ("customer-without-need", 3, "{0}: a customer, and the plan names no need of theirs."),
    ("need", "feature"): ("unserved-need", 4, "{0}: an unserved need. No feature answers it."),
    ("feature", "step"): ("feature-without-step", 5, "{0}: a feature that no process step produces."),
    ("step", "control"): ("step-without-control", 6, "{0}: a process step without a control. Nobody would see it slip."),
    ("control", "transfer"): ("control-not-handed-over", 6, "{0}: a control that nobody in daily operations has taken over."),
}  # fmt: skip
_NONE = {
    "project": ("no-project", "No project: nobody has said what is planned, or who decides."),
    "customer": ("no-customers", "No customers: step 2 is missing."),
    "need": ("no-needs", "No needs: step 3 is missing."),
    "feature": ("no-features", "No features: step 4 is missing."),
    "step": ("no-steps", "No process: step 5 is missing."),
    "capability": ("no-capability", "No capability statement: nobody says what the work can do."),
    "control": ("no-controls", "No controls: step 6 is missing."),
    "transfer": ("no-transfer", "No transfer to operations: nobody has taken the plan over."),
}
_VOICE = {
    "spoken for": "{0}: an absent voice. Others have spoken for them.",
    "not asked": "{0}: an absent voice. Nobody has asked them.",
}
_NAMELESS = {
    "project": ("project-without-decider", "{0}: the project names nobody who decides."),
    "control": ("control-without-owner", "{0}: a control without an owner."),
    "transfer": ("transfer-without-receiver", "{0}: a handover that names nobody to take over."),
}


def gaps(plan: Plan) -> tuple[Gap, ...]:
    """Return every broken link of the plan, in the order of Juran's steps and then of the plan.

    A part that is missing altogether is one gap, and not one more for each item that it leaves unserved.
    """
    found = [
        Gap(code, PARTS[part], "", sentence) for part, (code, sentence) in _NONE.items() if not plan.of(part)
    ]
    for item in plan.items:
        if item.part == "customer" and item.detail in _VOICE:
            found.append(Gap("absent-voice", 2, item.id, _VOICE[item.detail].format(item.what)))
        if item.part in _NAMELESS and not item.detail:
            code, sentence = _NAMELESS[item.part]
            found.append(Gap(code, PARTS[item.part], item.id, sentence.format(item.what)))
    for part, served in SERVES.items():
        items, ends = plan.of(part), plan.of(served)
        links = [(item.id, end) for item in items for end in item.serves]
        loose = orphans([item.id for item in items], [end.id for end in ends], links)
        words = {item.id: item.what for item in (*items, *ends)}
        if ends:
            code, step, sentence = _UP[part]
            found += [Gap(code, step, one, sentence.format(words[one])) for one in loose.rows]
        if items and (served, part) in _DOWN:
            code, step, sentence = _DOWN[served, part]
            found += [Gap(code, step, one, sentence.format(words[one])) for one in loose.columns]
    if plan.of("capability"):
        for need in plan.of("need"):
            steps = _steps_for(plan, need)
            if steps and not any(plan.serving(step.id, "capability") for step in steps):
                sentence = (
                    f"{need.what}: a need without a capability statement. Nobody says how well it can be met."
                )
                found.append(Gap("need-without-capability", 5, need.id, sentence))
    place = {item.id: number for number, item in enumerate(plan.items)}
    return tuple(sorted(found, key=lambda gap: (gap.step, place.get(gap.item, -1))))


def _steps_for(plan: Plan, need: Item) -> list[Item]:
    features = {feature.id for feature in plan.serving(need.id, "feature")}
    return [step for step in plan.of("step") if features & set(step.serves)]


def follow(plan: Plan) -> tuple[Chain, ...]:
    """Return how far each need gets, the most important first and then in the plan's order."""
    voices = {item.id: item.detail for item in plan.of("customer")}
    chains = []
    for need in plan.of("need"):
        if not any(voices[customer] in VOICES[:2] for customer in need.serves):
            passed = 0
        elif not plan.serving(need.id, "feature"):
            passed = 1
        else:
            passed = 2 + max((_held(plan, step) for step in _steps_for(plan, need)), default=0)
        chains.append(Chain(need, passed))
    return tuple(sorted(chains, key=lambda chain: -(chain.need.weight or 0)))


def _held(plan: Plan, step: Item) -> int:
    """Return how many of the stages from "process step" on a step passes."""
    if not plan.serving(step.id, "capability"):
        return 1
    controls = plan.serving(step.id, "control")
    if not controls:
        return 2
    owned = [control for control in controls if control.detail]
    if not owned:
        return 3
    taken = any(transfer.detail for control in owned for transfer in plan.serving(control.id, "transfer"))
    return 5 if taken else 4


def priorities(
    importance: Mapping[str, float],
    features: Sequence[str],
    strengths: Mapping[tuple[str, str], float],
) -> tuple[Score, ...]:
    """Return the features by score, the highest first and ties in the order given.

    `strengths` maps (need, feature) to how strongly the feature serves the need, 0 or more. Raises ValueError for a
    strength below 0, or one of a need or feature that is not listed.
    """
    sums = dict.fromkeys(features, 0.0)
    for (need, feature), strength in strengths.items():
        if need not in importance or feature not in sums:
            raise ValueError(f"The strength of {need} with {feature}: one of them is not listed.")
        if strength < 0:
            raise ValueError(f"The strength of {need} with {feature} is {strength:g}. Use 0 or more.")
        sums[feature] += importance[need] * strength
    total = sum(sums.values())
    scores = [Score(feature, score, score / total if total else 0.0) for feature, score in sums.items()]
    return tuple(sorted(scores, key=lambda one: -one.score))


def plan_priorities(plan: Plan) -> tuple[Score, ...]:
    """Return the priorities of a plan's features, every link counting alike."""
    return priorities(
        {need.id: need.weight or 0 for need in plan.of("need")},
        [feature.id for feature in plan.of("feature")],
        {(need, feature.id): 1 for feature in plan.of("feature") for need in feature.serves},
    )
