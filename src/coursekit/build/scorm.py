"""One SCORM package for each whole route, in 1.2 and in 2004: a single unit that is complete when its lessons are done.

A route is one unit (SCO) and not one a lesson: 1.2 has no rule for adding units up, so learning systems differ in when
such a course is complete; a learner who turns a page would leave one unit and enter the next; and the Python that makes
the lessons live would start anew each time.
"""

from __future__ import annotations

import json
import posixpath
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import metadata
from pathlib import Path
from string import Template
from xml.etree import ElementTree

from coursekit.build import coverage, portable, routes
from coursekit.build.routes import Route
from coursekit.paths import BUILD, FRONTEND, HTML, ROOT
from improvement.curriculum import Planned

FOLDER = BUILD / "scorm"
VERSIONS = ("1.2", "2004")
MANIFEST = "imsmanifest.xml"
LAUNCH = "index.html"
COURSE_TITLE = "IMPACT in Practice"
EVERY_ROUTE = ("book/record", "book/evidence-pack")  # the learner's record, and what can be made of it
LICENCES = ("LICENSE", "LICENSE-CONTENT")
START = Path(__file__).with_name("scorm-start.html")

_NAV = re.compile(r'(<nav\b[^>]*\baria-label="Main"[^>]*>).*?(</nav>)', re.DOTALL)
_PREV_NEXT = re.compile(r'<footer class="prev-next-footer.*?</footer>', re.DOTALL)
_SEARCH = re.compile(
    r'<dialog id="pst-search-dialog">.*?</dialog>|<button[^>]*\bsearch-button\b[^>]*>.*?</button>'
    r'|<script src="[^"]*(?:searchtools|language_data|searchindex)\.js"></script>',
    re.DOTALL,
)
_HEAD_LINK = re.compile(r'<link [^>]*rel="(?:index|search|next|prev)"[^>]*>\n?')
_OUTSIDE = re.compile(r'<a (?=[^>]*href="https?:)(?![^>]*target=)')
_BRAND = re.compile(r'(<a class="navbar-brand logo" href=")[^"]*(")')


@dataclass(frozen=True)
class Terms:
    """What the two versions of the standard call the same things in a manifest."""

    schema: str
    package: str
    adl: str
    kind: str
    locations: str


TERMS = {
    "1.2": Terms(
        schema="1.2",
        package="http://www.imsproject.org/xsd/imscp_rootv1p1p2",
        adl="http://www.adlnet.org/xsd/adlcp_rootv1p2",
        kind="scormtype",
        locations="http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd "
        "http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd",
    ),
    "2004": Terms(
        schema="2004 4th Edition",
        package="http://www.imsglobal.org/xsd/imscp_v1p1",
        adl="http://www.adlnet.org/xsd/adlcp_v1p3",
        kind="scormType",
        locations="http://www.imsglobal.org/xsd/imscp_v1p1 imscp_v1p1.xsd "
        "http://www.adlnet.org/xsd/adlcp_v1p3 adlcp_v1p3.xsd "
        "http://www.imsglobal.org/xsd/imsss imsss_v1p0.xsd",
    ),
}
SEQUENCING = "http://www.imsglobal.org/xsd/imsss"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def build() -> list[Path]:
    """Write both packages of every whole route from the built book; return their paths."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    made = []
    for route in routes.routes().values():
        if not route.whole:
            continue
        content = _content(route)
        for version in VERSIONS:
            files = dict(sorted({**content, LAUNCH: _launch(route, version)}.items()))
            target = FOLDER / f"{route.id}-scorm{version.replace('.', '')}.zip"
            portable.write_zip(target, {MANIFEST: manifest(route, version, list(files)), **files})
            made.append(target)
    return made


def manifest(route: Route, version: str, files: Sequence[str]) -> bytes:
    """Return the manifest of a route's package that holds `files` besides the manifest itself."""
    terms = TERMS[version]
    for prefix, space in {"": terms.package, "adlcp": terms.adl, "imsss": SEQUENCING, "xsi": XSI}.items():
        ElementTree.register_namespace(prefix, space)

    def add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
        made = ElementTree.SubElement(parent, f"{{{terms.package}}}{name}", attributes)
        made.text = text or None
        return made

    name = f"impact-in-practice-{route.id}"
    root = ElementTree.Element(
        f"{{{terms.package}}}manifest",
        {
            "identifier": name,
            "version": metadata.version("impact-in-practice"),
            f"{{{XSI}}}schemaLocation": terms.locations,
        },
    )
    facts = add(root, "metadata")
    add(facts, "schema", "ADL SCORM")
    add(facts, "schemaversion", terms.schema)
    organization = add(
        add(root, "organizations", default=f"{name}-organization"),
        "organization",
        identifier=f"{name}-organization",
    )
    add(organization, "title", _title(route))
    item = add(
        organization,
        "item",
        identifier=f"{name}-item",
        identifierref=f"{name}-resource",
        isvisible="true",
    )
    add(item, "title", _title(route))
    if version == "2004":
        sequencing = ElementTree.SubElement(item, f"{{{SEQUENCING}}}sequencing")
        ElementTree.SubElement(
            sequencing,
            f"{{{SEQUENCING}}}deliveryControls",
            {"completionSetByContent": "true", "objectiveSetByContent": "true"},
        )
    resource = add(add(root, "resources"), "resource", identifier=f"{name}-resource", type="webcontent")
    resource.set(f"{{{terms.adl}}}{terms.kind}", "sco")
    resource.set("href", LAUNCH)
    for file in files:
        add(resource, "file", href=file)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _content(route: Route) -> dict[str, bytes]:
    """Every file of the route's packages but the manifest and the page that opens."""
    lessons = _lessons(route)
    files = portable.collect({address: _page(address, lessons) for address in _addresses(route)})
    for name, source in {"scorm.js": "scorm-page.js", "scorm.css": "scorm.css"}.items():
        files[f"{portable.COURSE}/{name}"] = (FRONTEND / "packed" / source).read_bytes()
    return files | {f"{name}.txt": (ROOT / name).read_bytes() for name in LICENCES}


def _launch(route: Route, version: str) -> bytes:
    lessons = _lessons(route)
    required = {step.lesson.id for step in route.core}
    facts = {
        "id": route.id,
        "version": version,
        "start": f"{lessons[0].page}.html",
        "pages": _addresses(route),
        "questions": sum(_questions(lesson.id) for lesson in lessons),
        "lessons": [
            {
                "id": lesson.id,
                "title": lesson.title,
                "page": lesson.page,
                "minutes": lesson.minutes,
                "optional": lesson.id not in required,
            }
            for lesson in lessons
        ],
    }
    page = Template(START.read_text(encoding="utf-8")).substitute(
        title=escape(_title(route)),
        start=facts["start"],
        route=json.dumps(facts, ensure_ascii=False).replace("</", "<\\/"),
    )
    return page.encode()


def _title(route: Route) -> str:
    return f"{COURSE_TITLE}: {route.title}"


def _lessons(route: Route) -> list[Planned]:
    return [step.lesson for step in route.steps if step.lesson.written]


def _addresses(route: Route) -> list[str]:
    """The pages of a route's package: its lessons in order, then its own page and those every learner needs."""
    besides = [f"{page}.html" for page in (route.page, *EVERY_ROUTE)]
    return [f"{lesson.page}.html" for lesson in _lessons(route)] + [
        address for address in besides if (HTML / address).exists()
    ]


def _questions(lesson: str) -> int:
    kinds = coverage.widgets_in(coverage.written()[lesson])
    return sum(len(coverage.checks_of(kind)) for kind in kinds)


def _page(address: str, lessons: Sequence[Planned]) -> str:
    """A page as it stands in a package: the route's lessons beside it, its neighbours below, and no search."""
    here = posixpath.dirname(address)
    links = [(posixpath.relpath(f"{lesson.page}.html", here), escape(lesson.title)) for lesson in lessons]
    at = next((place for place, lesson in enumerate(lessons) if f"{lesson.page}.html" == address), None)
    items = "".join(
        f'<li class="toctree-l1{" current active" if place == at else ""}">'
        f'<a class="reference internal{" current" if place == at else ""}" href="{link}">{title}</a></li>'
        for place, (link, title) in enumerate(links)
    )
    nav = f'<ul class="nav bd-sidenav">{items}</ul>'
    html = _bare_page(address)
    html = _NAV.sub(lambda match: f"{match.group(1)}{nav}{match.group(2)}", html)
    html = _BRAND.sub(rf"\g<1>{links[0][0]}\g<2>", html)
    return _PREV_NEXT.sub("" if at is None else _neighbours(links, at), html)


@cache
def _bare_page(address: str) -> str:
    """A page without what would lead out of a package."""
    html = (HTML / address).read_text(encoding="utf-8")
    if not _NAV.search(html):
        raise ValueError(f"{address}: no list of pages is found beside it. Has the theme changed?")
    for pattern in (_SEARCH, _HEAD_LINK):
        html = pattern.sub("", html)
    return _OUTSIDE.sub('<a target="_blank" rel="noopener" ', html)  # other sites refuse to stand in a frame


def _neighbours(links: Sequence[tuple[str, str]], at: int) -> str:
    """The theme's footer with the lesson before and the lesson after."""
    sides = (("left-prev", "previous", at - 1), ("right-next", "next", at + 1))
    found = "".join(
        f'<a class="{side}" href="{links[place][0]}" title="{word} page"><div class="prev-next-info">'
        f'<p class="prev-next-subtitle">{word}</p><p class="prev-next-title">{links[place][1]}</p></div></a>'
        for side, word, place in sides
        if 0 <= place < len(links)
    )
    return f'<footer class="prev-next-footer d-print-none"><div class="prev-next-area">{found}</div></footer>'
