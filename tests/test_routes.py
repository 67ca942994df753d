"""The routes keep their word: every lesson known and in order, minutes that add up, and nothing missing unsaid."""

import csv
import html
import json
import re

import pytest
import yaml

from coursekit.build import route_directives, routes
from coursekit.paths import ROOT
from improvement import curriculum
from improvement.views import wayfinder
from improvement.views.wayfinder import Answers

EVERY = routes.routes()
PLANNED = {lesson.id: lesson for lesson in curriculum.lessons()}
WHOLE = ("a1", "b0", "b2", "b3", "b4", "team-day1", "team-week1")

# The plan's own times for the lessons of each route, in minutes, and its counts. It rounds to five minutes.
TIMES = {
    "a1": (12, 145), "a2": (20, 265), "a3": (18, 230), "gp": (6, 75),
    "b0": (3, 36), "b2": (3, 45), "b3": (2, 45), "b4": (1, 45), "b-self": (18, 240),
    "team-day1": (6, 65), "team-week1": (8, 100), "team-weeks2-4": (19, 245), "team-month2": (23, 290),
    "team-month3": (14, 180), "solo": (70, 880), "patient": (11, 130), "ward": (8, 120), "finance": (8, 120),
    "educators": (3, 45),
}  # fmt: skip
ROUNDING = 2.5


def own_minutes():
    """The minutes in the front matter of each written lesson, read with yaml alone."""
    found = {}
    for path in ROOT.glob("modules/*/*.md"):
        text = path.read_text(encoding="utf-8")
        if text.startswith("---\n"):
            course = yaml.safe_load(text.split("---\n")[1]).get("course")
            if course:
                found[course["id"]] = course["minutes"]
    return found


def ids(route):
    return [step.lesson.id for step in EVERY[route].steps]


def test_the_routes_are_those_of_the_plan_with_as_many_lessons():
    assert {name: len(route.core) for name, route in EVERY.items()} == {
        name: count for name, (count, _) in TIMES.items()
    }


def test_every_id_is_a_lesson_of_the_plan_and_no_route_names_one_twice():
    with (ROOT / "curriculum" / "routes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert {row["lesson"], *row["alternatives"].split()} <= set(PLANNED), row
        assert row["optional"] in ("", "yes"), row
    for name, route in EVERY.items():
        assert len(set(ids(name))) == len(route.steps), name
        own = [int(row["order"]) for row in rows if row["route"] == name]
        assert own == list(range(1, len(own) + 1)), name


def test_the_solo_route_is_the_teams_from_day_one_to_month_three():
    stages = ("team-day1", "team-week1", "team-weeks2-4", "team-month2", "team-month3")
    assert ids("solo") == [lesson for stage in stages for lesson in ids(stage)]
    assert [EVERY[stage].leads_to for stage in stages] == [*stages[1:], ""]


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_route_can_be_read_to_its_end(name):
    assert EVERY[name].whole
    for step in EVERY[name].core:
        assert (ROOT / f"{step.lesson.page}.md").exists(), step.lesson.id


def test_a_route_calls_itself_whole_exactly_when_every_lesson_has_a_page():
    written = set(own_minutes())
    for name, route in EVERY.items():
        gaps = [step.lesson.id for step in route.core if step.lesson.id not in written]
        assert route.whole == (not gaps), name
        assert [lesson.id for lesson in route.missing] == gaps, name


@pytest.mark.parametrize("name", EVERY)
def test_minutes_add_up_against_front_matter_and_stay_within_the_plans_time(name):
    own = own_minutes()
    lengths = [own.get(step.lesson.id, PLANNED[step.lesson.id].minutes) for step in EVERY[name].core]
    assert EVERY[name].minutes == sum(lengths)
    assert sum(lengths) <= TIMES[name][1] + ROUNDING
    assert max(lengths) <= 15


def test_a_lesson_comes_after_those_it_builds_on():
    needs = routes.prerequisites()
    assert {one for lesson, before in needs.items() for one in (lesson, *before)} <= set(PLANNED)
    checked = 0
    for name, route in EVERY.items():
        order = [*routes.before(route, EVERY), *ids(name)]
        for place, lesson in enumerate(order):
            for needed in needs.get(lesson, ()):
                if needed in order:
                    assert needed in order[:place], (name, lesson, needed)
                    checked += 1
    assert checked > 15


def test_no_lesson_is_its_own_prerequisite_by_any_way_round():
    needs = routes.prerequisites()

    def back(lesson, seen):
        assert lesson not in seen, (*seen, lesson)
        for one in needs.get(lesson, ()):
            back(one, (*seen, lesson))

    for lesson in needs:
        back(lesson, ())


def test_an_alternative_stands_in_until_the_first_choice_is_written(monkeypatch):
    def plan(*written):
        everything = {one: PLANNED[one] for one in PLANNED}
        return {
            one: curriculum.Planned(
                one, lesson.slug, lesson.title, lesson.minutes, "page" if one in written else ""
            )
            for one, lesson in everything.items()
        }

    monkeypatch.setattr(routes, "plan", lambda: plan("M08.3", "M09.6"))
    second = routes.routes()["b3"].steps[1]
    assert (second.lesson.id, second.instead_of.id) == ("M09.6", "M12.5")
    monkeypatch.setattr(routes, "plan", lambda: plan("M08.3", "M09.6", "M12.5"))
    second = routes.routes()["b3"].steps[1]
    assert (second.lesson.id, second.instead_of) == ("M12.5", None)
    monkeypatch.setattr(routes, "plan", lambda: plan("M08.3"))
    assert [lesson.id for lesson in routes.routes()["b3"].missing] == ["M12.5"]


@pytest.mark.parametrize(
    ("file", "row", "said"),
    [
        ("routes.csv", "a1,13,M99.9,,", "M99.9"),
        ("routes.csv", "astronauts,1,M02.1,,", "astronauts"),
    ],
)
def test_a_wrong_row_is_refused_by_name(tmp_path, monkeypatch, file, row, said):
    changed = tmp_path / file
    changed.write_text(
        (ROOT / "curriculum" / file).read_text(encoding="utf-8") + row + "\n", encoding="utf-8"
    )
    monkeypatch.setattr(routes, "ROUTES", changed)
    with pytest.raises(ValueError, match=said):
        routes.routes()


@pytest.mark.parametrize(
    ("minutes", "said"), [(44, "44 minutes"), (60, "1 h"), (66, "1 h 06"), (145, "2 h 25")]
)
def test_time_is_said_as_people_say_it(minutes, said):
    assert routes.in_hours(minutes) == said


# The start page


def test_every_role_has_a_route_and_every_first_lesson_a_reason_to_open_it():
    found = route_directives.answered()
    assert set(found["routes"]) == set(wayfinder.ROLES)
    assert set(found["routes"].values()) <= set(EVERY)
    for role, by_minutes in found["answers"].items():
        for minutes, by_barrier in by_minutes.items():
            for barrier, (lesson, taken, reasons) in by_barrier.items():
                own = wayfinder.suggest(Answers(role, minutes=int(minutes), barrier=barrier)).now
                assert (lesson, reasons) == (own.lesson.id, " and ".join(own.reasons))
                assert taken == min(PLANNED[lesson].minutes, int(minutes))
                assert PLANNED[lesson].written
                assert reasons
                assert len(found["promises"][lesson].split()) >= 8, lesson
    combinations = [
        one
        for by_minutes in found["answers"].values()
        for by_barrier in by_minutes.values()
        for one in by_barrier
    ]
    assert len(combinations) == 13 * 4 * 4


# The built pages


def words(text):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def section(book, name):
    page = (book / f"{EVERY[name].page}.html").read_text(encoding="utf-8")
    match = re.search(rf'<div class="route" id="{name}">(.*?)</details></div>', page, re.DOTALL)
    assert match, f"no route {name} on {EVERY[name].page}"
    return match.group(1)


@pytest.mark.parametrize("name", EVERY)
def test_a_routes_page_lists_its_lessons_in_order_with_minutes_and_says_what_is_missing(book, name):
    route, shown = EVERY[name], section(book, name)
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", shown, re.DOTALL)[1:]
    cells = [[words(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)] for row in rows]
    assert [cell[1].split()[0] for cell in cells] == ids(name)
    assert [int(cell[2]) for cell in cells] == [step.lesson.minutes for step in route.steps]
    total = 0
    for step, cell in zip(route.steps, cells, strict=True):
        total += 0 if step.optional else step.lesson.minutes
        said = f"{total} min" if total < 60 else f"{total // 60} h {total % 60:02d}".removesuffix(" 00")
        assert cell[3] == ("" if step.optional else said)
        assert ("not written yet" in cell[1]) == (not step.lesson.written or step.instead_of is not None)
    status = words(re.search(r'<p class="route-status[^>]*>(.*?)</p>', shown, re.DOTALL).group(1))
    assert status.startswith("Whole." if route.whole else "Preview.")
    for lesson in route.missing:
        assert f"{lesson.id} {lesson.title}" in status
    assert (f"{len(route.missing)} of {len(route.core)} lesson" in status) == (not route.whole)


def test_a_route_names_only_what_its_written_lessons_teach(book):
    for name in ("a1", "patient"):
        shown = words(section(book, name))
        facts = routes.facts()
        taught = {
            one for step in EVERY[name].core if step.lesson.written for one in facts[step.lesson.id].teaches
        }
        assert set(re.findall(r"\b[A-Z]-\d\d?\b|\bT-\d[a-c]\b", shown)) >= {
            one for one in taught if "-" in one
        }
        assert f"It teaches {len(taught)} of the 160 things" in shown


def test_every_page_loads_the_routes_and_they_are_those_of_the_table(book, pages):
    script = (book / "_static" / "course" / "routes.js").read_text(encoding="utf-8")
    course = json.loads(script.removeprefix("globalThis.courseRoutes = ").rstrip().removesuffix(";"))
    assert set(course["routes"]) == set(EVERY)
    for name, route in course["routes"].items():
        assert [one for one in ids(name) if one in route["lessons"]] == route["lessons"]
        assert {step.lesson.id for step in EVERY[name].core} <= set(route["lessons"])
    addresses = [page for _, _, page in course["lessons"].values() if page]
    addresses += [page for route in course["routes"].values() for page, _ in route["then"]]
    addresses += [route["page"].split(".html")[0] for route in course["routes"].values()]
    assert [one for one in addresses if not (book / f"{one}.html").exists()] == []
    lacking = [page for page in pages if "_static/course/routes.js" not in (book / page).read_text("utf-8")]
    assert lacking == []


def test_an_exercise_that_does_not_exist_yet_is_called_so():
    assert (
        route_directives.marked_unwritten("E09 and E99, then M16-A")
        == "E09 and E99 (not written yet), then M16-A"
    )


def test_the_start_page_and_every_route_say_that_nobody_has_piloted_them(book):
    for page in {"book/index", *(route.page for route in EVERY.values())}:
        shown = words((book / f"{page}.html").read_text(encoding="utf-8"))
        assert re.search(r"Not yet piloted", shown), page
        assert re.search(r"[Tt]o be the first, ", shown), page
    assert "Independent: not an NHS England product" in words((book / "book/index.html").read_text("utf-8"))
