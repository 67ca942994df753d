"""The offline zip as files: nothing a Windows folder refuses, nothing fetched, nothing missing."""

import re
import zipfile

import pytest
from bs4 import BeautifulSoup

from coursekit.build import offline, portable

REFUSED = re.compile(r'[<>:"|?*\\\x00-\x1f]|[ .](?:/|$)')
DEVICES = re.compile(r"(?:^|/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.[^/]*)?(?:/|$)", re.IGNORECASE)
WINDOWS_PATH = 260
TYPICAL_FOLDER = (
    r"C:\Users\firstname.lastname\OneDrive - Some NHS Foundation Trust\Downloads\impact-in-practice"
)
LARGEST = 25_000_000  # bytes: most hospital mail systems stop near here


@pytest.fixture(scope="module")
def packed():
    if not offline.TARGET.exists():
        pytest.fail("The offline zip is not built. Run: course build")
    with zipfile.ZipFile(offline.TARGET) as opened:
        assert opened.testzip() is None
        yield opened


def test_windows_can_unpack_every_name(packed):
    names = packed.namelist()
    assert [name for name in names if REFUSED.search(name) or DEVICES.search(name)] == []
    assert len({name.lower() for name in names}) == len(names)
    assert max(map(len, names)) < min(200, WINDOWS_PATH - len(TYPICAL_FOLDER))


def test_one_file_stands_at_the_top_beside_one_folder(packed):
    tops = {name.split("/")[1] for name in packed.namelist()}
    assert tops == {"START HERE.html", "course"}
    assert {name.split("/")[0] for name in packed.namelist()} == {"impact-in-practice"}


def test_it_can_be_sent_by_mail(packed):
    assert offline.TARGET.stat().st_size < LARGEST


def test_it_holds_every_page_of_the_book(packed, pages):
    held = {name.removeprefix("impact-in-practice/course/") for name in packed.namelist()}
    assert set(pages) - held == set()


def test_no_page_runs_a_module_and_every_file_and_page_it_names_is_there(packed):
    names = set(packed.namelist())
    looked_at = 0
    for name in sorted(names):
        if not name.endswith(".html"):
            continue
        page = BeautifulSoup(packed.read(name), "html.parser")
        assert not page.select('script[type="module"], link[rel="modulepreload"]'), name
        folder = name.split("/")[:-1]
        for tag in page.select("[src], a[href], link[href], form[action]"):
            address = tag.get("src") or tag.get("href") or tag.get("action")
            path = re.split(r"[?#]", address)[0]
            if not path or re.match(r"[a-z]+:", address):
                continue
            parts = list(folder)
            for part in path.split("/"):
                parts = parts[:-1] if part == ".." else parts + [part] * (part != ".")
            assert "/".join(parts) in names, f"{name} names {address}"
            looked_at += 1
    assert looked_at > 1000


def test_a_page_with_a_script_of_its_own_kind_is_refused_by_name():
    page = '<script type="module" src="https://elsewhere.example/x.js"></script>'
    with pytest.raises(ValueError, match=r"book/x\.html.*cannot run without a server"):
        portable.without_modules("book/x.html", page)


def test_module_scripts_become_one_classic_script_whatever_the_order_of_their_attributes():
    page = (
        '<head><script src="../_static/course/host.js?v=1" type="module"></script>'
        '<script>lane = 1</script><script type="module" src="../_static/course/page.js"></script></head>'
    )
    made = BeautifulSoup(portable.without_modules("book/x.html", page), "html.parser")
    (script,) = made.select("script[src]")
    assert script["src"] == "../_static/course/course.js"
    assert script["data-run"].split() == ["host", "page"]
    assert "defer" in script.attrs
    assert made.select_one("script:not([src])").string == "lane = 1"
