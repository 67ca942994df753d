"""The facilitator and onboarding kits: nothing missing, nothing stale, and numbers that come from the course."""

import csv
import json
import math
import re
from functools import cache
from itertools import pairwise, product

import jupytext
import pytest
from bs4 import BeautifulSoup

from coursekit.build import coverage, stop_lines
from coursekit.paths import ROOT
from improvement import curriculum, rubrics

KITS = ("facilitator", "onboarding")
STAGES = ("day-1", "week-1", "month-1", "month-2", "month-3")
PAGES = [path for kit in KITS for path in sorted((ROOT / "book" / "kits" / kit).glob("*.md"))]
WRITTEN = [lesson for lesson in curriculum.lessons() if lesson.written]
TRIAL_THROWS, WORKERS, SCOOP, RED = 20, 6, 20, 0.2


def rows(name):
    with (ROOT / "curriculum" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def built(book, page):
    return BeautifulSoup(
        (book / f"book/kits/{page}.html").read_text(encoding="utf-8"), "html.parser"
    ).select_one("article")


def words(node):
    return " ".join(node.get_text(" ").split())


def plain(text):
    """Letters and digits only, as the builder may curl quotation marks and part words with tags."""
    return re.sub(r"\W+", "", text)


# --- timings and wrong answers ---


def test_every_written_lesson_stands_on_the_timing_page_with_its_minutes_and_stop_lines(book):
    found = {}
    for row in built(book, "facilitator/timing").select("table tr")[1:]:
        cells = [words(cell) for cell in row.select("td")]
        if cells:
            link = row.select_one("td a")["href"]
            found[cells[0].split()[0]] = (link, cells)
    assert list(found) == [lesson.id for lesson in WRITTEN]
    for lesson in WRITTEN:
        link, (_, alone, room, ask, ten, fifteen) = found[lesson.id]
        assert link.endswith(f"{lesson.page}.html")
        assert alone == str(lesson.minutes)
        assert int(re.match(r"\d+", room).group()) > lesson.minutes
        assert min(map(len, (ask, ten, fifteen))) > 8, lesson.id


def test_each_module_of_the_timing_page_links_to_its_facilitator_page(book):
    links = {link["href"] for link in built(book, "facilitator/timing").select("a[href]")}
    for folder in {lesson.page.rpartition("/")[0] for lesson in WRITTEN}:
        assert f"../../../{folder}/facilitator.html" in links


def test_every_wrong_answer_of_every_self_check_has_its_reason_on_the_page(book):
    text = plain(words(built(book, "facilitator/wrong-answers")))
    wanted = 0
    for path in coverage.written().values():
        for kind in coverage.widgets_in(path):
            for check in coverage.checks_of(kind):
                for answer in check.key():
                    if not answer["right"]:
                        wanted += 1
                        assert plain(answer["because"]) in text, (path.stem, answer)
    assert wanted > 200


def test_a_table_with_lessons_along_the_top_or_down_the_side_is_read_alike():
    along = "| | M01.1 One | M01.2 Two |\n|---|---|---|\n| Predict question | a? | b? |\n| Stop at 10 minutes | c | d |\n"
    down = "| Lesson | Predict question | Stop at 10 minutes |\n|---|---|---|\n| M01.1 One | a? | c |\n| M01.2 Two | b? | d |\n"
    alone = "| M01.1 | |\n|---|---|\n| Predict question | a? |\n| Stop at 10 minutes | c |\n"
    expected = {"M01.1": {"ask": "a?", "ten": "c"}, "M01.2": {"ask": "b?", "ten": "d"}}
    assert stop_lines.tables(along) == stop_lines.tables(f"Words.\n\n{down}\nMore.") == expected
    assert stop_lines.tables(alone) == {"M01.1": expected["M01.1"]}


def test_a_written_lesson_without_a_stop_line_is_named(tmp_path, monkeypatch):
    folder = tmp_path / "modules" / "measurement"
    folder.mkdir(parents=True)
    page = (ROOT / "modules/measurement/facilitator.md").read_text(encoding="utf-8")
    (folder / "facilitator.md").write_text(re.sub(r"^\| M02\.5 .*\n", "", page, flags=re.MULTILINE), "utf-8")
    monkeypatch.setattr(stop_lines.paths, "ROOT", tmp_path)
    monkeypatch.setattr(
        stop_lines.curriculum, "lessons", lambda: [one for one in WRITTEN if one.module == "M02"]
    )
    with pytest.raises(ValueError, match=r"modules/measurement/facilitator\.md does not say .* for M02\.5"):
        stop_lines.running()


# --- rubrics and the calibration set ---


def test_the_calibration_set_covers_its_rubrics_and_gives_every_criterion_a_mark_and_a_reason():
    scripts = rubrics.scripts()
    assert [script.rubric for script in scripts] == ["R4", "R4", "R4", "R1", "R3", "R7"]
    for script in scripts:
        wanted = [one.name for one in rubrics.rubrics()[script.rubric].criteria]
        assert [one.criterion for one in script.agreed] == wanted
        assert all(one.mark in (0, 1, 2, 3) and len(one.reason) > 40 for one in script.agreed)
        assert 120 <= len(script.text.split()) <= 300
    assert len(rows("calibration")) == sum(len(script.agreed) for script in scripts)
    assert {row["script"] for row in rows("calibration")} == {
        row["script"] for row in rows("calibration_scripts")
    }
    assert all(
        row["rubric"] == script.rubric
        for script in scripts
        for row in rows("calibration")
        if row["script"] == script.id
    )


def test_quoted_words_in_a_reason_stand_in_the_script():
    quoted = 0
    for script in rubrics.scripts():
        for one in script.agreed:
            for fragment in re.findall(r"“([^”]+?)[.,?]?”", one.reason):
                quoted += 1
                assert fragment.lower() in script.text.lower(), (script.id, fragment)
    assert quoted >= 6


def test_the_three_readings_of_one_chart_state_its_numbers(table, by_hand):
    months = {}
    for row in table("restrictive_interventions"):
        months[row["month"]] = months.get(row["month"], 0) + int(row["restraints"])
    values = [months[month] for month in sorted(months)]
    limits = by_hand(values)
    assert (len(values), round(limits.mean, 1), round(limits.lower), round(limits.upper)) == (
        36,
        44.8,
        19,
        70,
    )
    assert [value for value in values if not limits.lower <= value <= limits.upper] == [71]
    assert sorted(months)[values.index(71)].startswith("2025-08")
    assert values[-2:] == [37, 48]
    longest = run = 0
    for a, b in pairwise([value > limits.mean for value in values]):
        run = run + 1 if a == b else 0
        longest = max(longest, run + 1)
    assert longest < 7
    ratio = {}
    for row in table("restrictive_interventions"):
        alarms, reports = ratio.get(row["ward"], (0, 0))
        ratio[row["ward"]] = (alarms + int(row["alarm_activations"]), reports + int(row["restraints"]))
    each = {ward: alarms / reports for ward, (alarms, reports) in ratio.items()}
    assert round(each.pop("Rowan")) == 4
    assert max(each.values()) < 2


def test_rubrics_have_as_many_criteria_as_the_exercises_give_points_for():
    seen = set()
    for path in sorted((ROOT / "exercises" / "source").glob("*/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source, marked = "".join(cell["source"]), cell["metadata"].get("nbgrader", {})
            found = re.search(r"\*\*Rubric (R\d+)(, cut down)?", source)
            if not found or not marked.get("points"):
                continue
            name, cut = found.groups()
            extra = 7 if "seventh that is marked out of 7" in source else 0
            if not cut:
                assert marked["points"] - extra == rubrics.rubrics()[name].most, path.name
                assert str(rubrics.rubrics()[name].least_to_pass) in source[source.index("pass with") :][:80]
            seen.add(name)
    assert seen == {f"R{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)}
    assert set(rubrics.rubrics()) == seen | {"R11"}


def test_every_rubric_has_three_levels_to_hear_on_the_marking_page():
    text = (ROOT / "book/kits/facilitator/marking.md").read_text(encoding="utf-8")
    for number in range(1, 11):
        (part,) = re.findall(rf"^### R{number} .*?(?=^### |\Z)", text, flags=re.MULTILINE | re.DOTALL)
        assert re.findall(r"\*\*Sounds like (\d)\.\*\*", part) == ["1", "2", "3"], number
        assert f"{{marking-rubric}} R{number}\n" in part


def test_the_page_of_scripts_gives_no_marks_away(book):
    page, key = built(book, "facilitator/calibration"), built(book, "facilitator/calibration-key")
    shown, told = plain(words(page)), plain(words(key))
    for script in rubrics.scripts():
        assert plain(script.text) in shown
        for one in script.agreed:
            assert plain(one.reason) not in shown
            assert plain(one.reason) in told
    assert "agreed by the authors only" in words(page)
    assert "agreed by the authors only" in words(key)


# --- the claims sheet ---


def test_every_claim_rests_on_lines_of_the_register_that_have_a_source(book):
    register = {row["id"]: row for row in rows("register")}
    shown = plain(words(built(book, "facilitator/claims")))
    assert len(rows("claims")) >= 20
    for claim in rows("claims"):
        assert claim["ids"].split()
        assert all(claim[name] for name in ("say", "not", "why"))
        assert plain(claim["say"]) in shown
        for one in claim["ids"].split():
            assert register[one]["source"]
            assert plain(register[one]["item"]) in shown


# --- the paper kit ---


@cache
def paper_facts():
    """What the paper kit's own cell glues into its words."""
    notebook = jupytext.read(ROOT / "book/kits/facilitator/paper-kit.md")
    (cell,) = [cell for cell in notebook.cells if cell.cell_type == "code"]
    scope = {}
    exec(cell.source, scope)
    return scope["facts"]


def chance(k, n, p):
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


def test_expected_beads_are_those_of_the_binomial():
    facts = paper_facts()
    pmf = [chance(k, SCOOP, RED) for k in range(SCOOP + 1)]
    worst = best = improved = 0.0
    at_most = [sum(pmf[: k + 1]) for k in range(SCOOP + 1)]
    for k in range(SCOOP + 1):
        is_worst = at_most[k] ** WORKERS - (at_most[k - 1] ** WORKERS if k else 0)
        is_best = (1 - at_most[k] + pmf[k]) ** WORKERS - (1 - at_most[k]) ** WORKERS
        worst, best = worst + k * is_worst, best + k * is_best
        improved += is_worst * (at_most[k] - pmf[k])
    assert facts["red-mean"] == "4"
    assert facts["red-upper"] == f"{4 + 3 * math.sqrt(3.2):.1f}"
    assert facts["red-worst"] == f"{worst:.1f}"
    assert facts["red-best"] == f"{best:.1f}"
    assert float(facts["red-improved"]) == pytest.approx(100 * improved, abs=6)  # a year of days is drawn


def test_expected_dice_are_those_of_all_thirty_six_throws():
    facts = paper_facts()
    sums = [a + b for a, b in product(range(1, 7), repeat=2)]
    variance = sum((one - 7) ** 2 for one in sums) / 36
    for name, days in (("leave", 1), ("setting", 2), ("target", TRIAL_THROWS), ("copy", TRIAL_THROWS)):
        assert facts[f"dice-{name}"] == f"{math.sqrt(variance * days):.1f}"


def test_expected_coins_are_those_of_every_row_of_twenty():
    facts = paper_facts()
    limit, least = int(facts["run-limit"]), int(facts["crossing-limit"])
    assert (limit, least) == (7, 6)  # Anhøj and Olesen (2014), 20 useful points
    quiet = {(1, 0): 1.0}  # (run so far, crossings): chance of no run beyond the limit
    for _ in range(TRIAL_THROWS - 1):
        after = {}
        for (run, crossings), weight in quiet.items():
            after[1, crossings + 1] = after.get((1, crossings + 1), 0) + weight / 2
            if run < limit:
                after[run + 1, crossings] = after.get((run + 1, crossings), 0) + weight / 2
        quiet = after
    alarms = 1 - sum(weight for (_, crossings), weight in quiet.items() if crossings >= least)
    assert float(facts["coin-alarms"]) == pytest.approx(100 * alarms, abs=1.5)
    assert float(facts["coin-room"]) == pytest.approx(12 * alarms, abs=0.2)


def test_expected_calls_are_counted_from_the_file(table):
    facts = paper_facts()
    calls = [row for row in table("practice_calls") if 289 <= int(row["call"]) < 314]
    agreed = [row["demand"] for row in calls]
    assert facts["cards"] == len(calls) == 25
    assert facts["failure"] == agreed.count("failure")
    assert facts["unclear"] == agreed.count("unclear")
    same = sum(row["code_a"] == row["code_b"] for row in calls)
    expected = sum(
        sum(row["code_a"] == code for row in calls) * sum(row["code_b"] == code for row in calls) / 625
        for code in ("value", "failure", "unclear")
    )
    assert facts["coders-same"] == same
    assert facts["coders-kappa"] == f"{(same / 25 - expected) / (1 - expected):.2f}"
    assert (facts["quarter"], facts["half"]) == ("133", "200")  # 100 / (1 - f)


def test_the_sheets_to_cut_up_hold_what_the_instructions_say(book):
    page = built(book, "facilitator/paper-kit")
    assert len(page.select(".paper-cut")) == 200
    assert len(page.select(".paper-cut.paper-dark")) == len(page.select(".paper-cross")) == 40
    cards = page.select(".paper-cards li")
    assert len(cards) == 25
    key = built(book, "facilitator/paper-kit-key").select("table tr")[1:]
    for card, row in zip(cards, key, strict=True):
        assert plain(words(card.select_one("span"))) == plain(words(row.select("td")[1]))
        assert words(row.select("td")[2]) in {"value", "failure", "unclear"}
    assert page.select_one("svg[aria-label*='36 places']")


# --- both kits ---


def test_links_between_pages_and_to_places_in_them_lead_somewhere(book):
    dead = []
    for path in PAGES:
        file = book / path.relative_to(ROOT).with_suffix(".html")
        for link in BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser").select("article a[href]"):
            target, _, place = link["href"].partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            other = (file.parent / target).resolve() if target else file
            if not other.exists() or (place and f'id="{place}"' not in other.read_text(encoding="utf-8")):
                dead.append((path.name, link["href"]))
    assert dead == []


def test_every_page_of_a_kit_is_reached_from_its_index(book):
    for kit in KITS:
        links = {link["href"].partition("#")[0] for link in built(book, f"{kit}/index").select("a[href]")}
        behind = {
            link["href"].partition("#")[0]
            for page in [name for name in links if "/" not in name and name.endswith(".html")]
            for link in built(book, f"{kit}/{page.removesuffix('.html')}").select("a[href]")
        }
        pages = {path.with_suffix(".html").name for path in PAGES if path.parent.name == kit} - {"index.html"}
        assert pages <= links | behind, kit


@pytest.mark.parametrize("kit", KITS)
def test_the_index_says_not_yet_piloted_and_how_to_be_the_first(book, kit):
    (note,) = [
        one for one in built(book, f"{kit}/index").select(".admonition") if "Not yet piloted" in words(one)
    ]
    assert "To be the first:" in words(note)


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_has_a_list_of_real_boxes_for_member_buddy_and_manager(book, stage):
    page = built(book, f"onboarding/{stage}")
    for person in ("new member", "buddy", "manager"):
        (heading,) = [one for one in page.select("h2") if words(one).startswith(f"For the {person}")]
        boxes = heading.find_parent("section").select(
            "ul.checklist > li input[type=checkbox]:not([disabled])"
        )
        assert len(boxes) >= 5
        assert all(len(words(box.find_parent("label"))) > 12 for box in boxes)
    assert "What comes out of" in words(page)


def test_a_lesson_is_a_link_once_written_and_named_as_unwritten_until_then(book):
    unwritten = {lesson.id for lesson in curriculum.lessons() if not lesson.written}
    pages = {lesson.id: lesson.page for lesson in WRITTEN}
    named = 0
    for stage in STAGES:
        page = built(book, f"onboarding/{stage}")
        for one in page.select(".not-yet"):
            named += 1
            assert words(one).split()[0] in unwritten
            assert words(one).endswith("(not yet written)")
        for link in page.select("a[href*='modules/']"):
            found = re.match(r"M\d\d\.\d", words(link))
            if found:
                assert link["href"].endswith(f"{pages[found.group()]}.html")
    assert named >= 15


def test_every_lesson_of_the_teams_route_is_in_the_onboarding_kit():
    route = {row["lesson"] for row in rows("routes") if row["route"].startswith("team-")}
    text = "".join(path.read_text(encoding="utf-8") for path in PAGES if path.parent.name == "onboarding")
    assert route - set(re.findall(r"\{lesson\}`(M\d\d\.\d+)`", text)) == set()
