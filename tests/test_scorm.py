"""The SCORM packages as files: a manifest that lists each file and no other, in the words of its standard."""

import json
import posixpath
import re
import subprocess
import zipfile
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from coursekit.build import frontend, routes, scorm
from coursekit.paths import ROOT

WHOLE = [route.id for route in routes.routes().values() if route.whole]
EVERY = [(route, version) for route in WHOLE for version in ("1.2", "2004")]
# ADL, SCORM 1.2 Content Aggregation Model 2.3 and SCORM 2004 4th Edition CAM 3.4: the words a manifest must use.
STANDARD = {
    "1.2": {
        "package": "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}",
        "kind": "{http://www.adlnet.org/xsd/adlcp_rootv1p2}scormtype",
        "version": "1.2",
    },
    "2004": {
        "package": "{http://www.imsglobal.org/xsd/imscp_v1p1}",
        "kind": "{http://www.adlnet.org/xsd/adlcp_v1p3}scormType",
        "version": "2004 4th Edition",
    },
}
XML_ID = re.compile(r"[A-Za-z_][\w.-]*")


def package(route, version):
    path = scorm.FOLDER / f"{route}-scorm{version.replace('.', '')}.zip"
    if not path.exists():
        pytest.fail(f"{path.name} is not built. Run: course build")
    return zipfile.ZipFile(path)


def manifest_of(opened):
    return ElementTree.fromstring(opened.read("imsmanifest.xml"))


def test_the_routes_that_must_be_whole_have_their_packages():
    assert {"a1", "b0", "b2", "b3", "b4", "team-day1", "team-week1"} <= set(WHOLE)
    made = {path.name for path in scorm.FOLDER.glob("*.zip")}
    assert made == {f"{route}-scorm{version.replace('.', '')}.zip" for route, version in EVERY}


@pytest.mark.parametrize(("route", "version"), EVERY)
def test_the_manifest_lists_every_file_and_no_other(route, version):
    with package(route, version) as opened:
        root = manifest_of(opened)
        files = [one.get("href") for one in root.iter(STANDARD[version]["package"] + "file")]
        assert sorted(files) == sorted(set(opened.namelist()) - {"imsmanifest.xml"})
        assert len(files) > 20


@pytest.mark.parametrize(("route", "version"), EVERY)
def test_the_manifest_is_in_the_words_and_the_order_of_its_standard(route, version):
    words = STANDARD[version]
    name = words["package"]
    with package(route, version) as opened:
        root = manifest_of(opened)
    assert root.tag == f"{name}manifest"
    assert [part.tag for part in root] == [f"{name}metadata", f"{name}organizations", f"{name}resources"]
    assert [(part.tag, part.text) for part in root[0]] == [
        (f"{name}schema", "ADL SCORM"),
        (f"{name}schemaversion", words["version"]),
    ]
    (organization,) = root[1]
    assert root[1].get("default") == organization.get("identifier")
    assert organization[0].tag == f"{name}title"
    assert routes.routes()[route].title in organization[0].text
    (item,) = organization.findall(f"{name}item")
    (resource,) = root[2]
    assert item.get("identifierref") == resource.get("identifier")
    assert resource.get("type") == "webcontent"
    assert resource.get(words["kind"]) == "sco"
    assert resource.get("href") in {one.get("href") for one in resource}
    identifiers = [one.get("identifier") for one in root.iter() if one.get("identifier")]
    assert len(identifiers) == len(set(identifiers)) == 4
    assert all(XML_ID.fullmatch(identifier) for identifier in identifiers)


@pytest.mark.parametrize("route", WHOLE)
def test_a_package_holds_the_routes_lessons_in_order_and_no_other_lesson(route):
    wanted = [f"{step.lesson.page}.html" for step in routes.routes()[route].core]
    with package(route, "1.2") as opened:
        held = [name for name in opened.namelist() if re.match(r"modules/.*\.html$", name)]
        optional = {f"{step.lesson.page}.html" for step in routes.routes()[route].steps if step.optional}
        assert set(wanted) <= set(held) <= set(wanted) | optional
        beside = BeautifulSoup(opened.read(wanted[0]), "html.parser").select("nav[aria-label=Main] a")
        folder = posixpath.dirname(wanted[0])
        listed = [posixpath.normpath(posixpath.join(folder, link["href"])) for link in beside]
        assert [page for page in listed if page in wanted] == wanted


@pytest.mark.parametrize("route", WHOLE)
def test_no_link_leads_out_of_a_package_but_to_another_site_in_a_window_of_its_own(route):
    with package(route, "2004") as opened:
        names = set(opened.namelist())
        for name in (one for one in names if one.endswith(".html")):
            page = BeautifulSoup(opened.read(name), "html.parser")
            for tag in page.select("a[href], [src], link[href], form[action]"):
                address = tag.get("href") or tag.get("src") or tag.get("action")
                if re.match(r"https?:", address):
                    assert (tag.name, tag.get("target")) == ("a", "_blank"), f"{name}: {address}"
                    continue
                path = re.split(r"[?#]", address)[0]
                if path and not re.match(r"[a-z]+:", address):
                    file = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
                    assert file in names, f"{name}: {address}"


def bounded(state, longest):
    """What the run-time's own function makes of a state, run in Node."""
    program = (
        f"import {{ bounded }} from {json.dumps((ROOT / 'frontend/src/scorm.js').as_uri())};"
        f"console.log(JSON.stringify(bounded({json.dumps(state)}, {longest})));"
    )
    done = subprocess.run(
        [frontend.node(), "--no-warnings", "--input-type=module", "-e", program],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_what_is_remembered_of_the_longest_course_fits_into_4096_characters():
    lessons = [f"M{module:02}.{number}" for module in range(17) for number in range(1, 10)]
    state = {
        "done": dict.fromkeys(lessons, "2026-11-24"),
        "right": dict.fromkeys(lessons, 5),
        "agreed": True,
    }
    assert len(json.dumps(state, separators=(",", ":"))) > 4096
    text = bounded(state, 4096)
    assert len(text) <= 4096
    kept = json.loads(text)
    assert list(kept["done"]) == lessons
    assert kept["agreed"] is True


def test_a_short_state_is_remembered_as_it_is_and_one_that_cannot_fit_is_left_out():
    state = {"done": {"M02.3": "2026-11-24"}, "right": {"M02.3": 2}, "agreed": True}
    assert json.loads(bounded(state, 4096)) == state
    assert bounded(state, 10) == ""
