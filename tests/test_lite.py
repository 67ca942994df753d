"""The notebooks in the browser as files: whole, from one host, of packages that fit each other; and how the build fails."""

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from email import message_from_bytes
from itertools import chain
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup
from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename
from typer.testing import CliRunner

from coursekit import cli, paths
from coursekit.build import lite, lite_packages, notebook_links
from coursekit.paths import ROOT

BROWSER = {
    "python_version": "3.14",
    "python_full_version": "3.14.2",
    "sys_platform": "emscripten",
    "extra": "",
}
ONLY_FOR_SERVERS = {"jupyterlab-widgets"}  # what JupyterLab draws ipywidgets with; the site has its own copy
NPM = ROOT / "frontend" / "node_modules" / "pyodide"


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def site(book):
    folder = book / "lite"
    if not (folder / lite.STAMP).exists():
        pytest.fail("The notebooks for the browser are not built. Run: course build")
    return folder


@pytest.fixture(scope="module")
def settings(site):
    plugins = read_json(site / "jupyter-lite.json")["jupyter-config-data"]["litePluginSettings"]
    return plugins["@jupyterlite/pyodide-kernel-extension:kernel"]


@pytest.fixture(scope="module")
def lock(site):
    return read_json(site / "static" / "pyodide" / "pyodide-lock.json")


@pytest.fixture(scope="module")
def wheels(site, lock):
    return {name: site / "static" / "pyodide" / one["file_name"] for name, one in lock["packages"].items()}


def metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return message_from_bytes(archive.read(name))


# What the site holds


def test_every_lesson_and_every_exercise_is_there_and_listed(site):
    lessons = {f"{path.parent.name}/{path.stem}.ipynb" for path in paths.lessons()}
    exercises = {path.name for path in ROOT.glob("exercises/source/*/*.ipynb")}
    assert len(lessons) > 40
    assert len(exercises) > 8
    for place in lessons | exercises:
        assert (site / "files" / place).is_file(), place
        listing = read_json(site / "api" / "contents" / place.rpartition("/")[0] / "all.json")
        assert place in {entry["path"] for entry in listing["content"]}


def test_a_notebook_is_the_one_that_was_built_with_its_text_in_one_piece(site):
    for place in (site / "files").rglob("*.ipynb"):
        copied = read_json(place)
        lesson = paths.NOTEBOOKS / place.relative_to(site / "files")
        source = lesson if lesson.exists() else next(paths.NOTEBOOKS.glob(f"exercises/*/{place.name}"))
        built = nbformat.read(source, as_version=4)
        assert copied["metadata"]["language_info"]["name"] == "python"
        assert [cell["metadata"] for cell in copied["cells"]] == [cell.metadata for cell in built.cells]
        for cell, before in zip(copied["cells"], built.cells, strict=True):
            assert isinstance(cell["source"], str)
            assert sorted(filter(None, cell["source"].splitlines())) == sorted(
                filter(None, before.source.splitlines())
            )
            for output in cell.get("outputs", []):
                assert all(isinstance(text, str) for text in output.get("data", {}).values())
        if source != lesson:
            assert [cell["source"] for cell in copied["cells"]] == [cell.source for cell in built.cells]


def strings(value):
    if isinstance(value, dict):
        return chain.from_iterable(map(strings, value.values()))
    if isinstance(value, list):
        return chain.from_iterable(map(strings, value))
    return [value] if isinstance(value, str) else []


def test_no_setting_and_no_page_names_another_host(site):
    found = {}
    for path in [
        *site.glob("jupyter-lite.json"),
        *site.glob("*/jupyter-lite.json"),
        *site.glob("static/pyodide/*.json"),
    ]:
        found[path.relative_to(site)] = [
            text for text in strings(read_json(path)) if re.match(r"(\w+:)?//", text)
        ]
    for path in [site / "index.html", *site.glob("*/index.html")]:
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        asked = [tag.get("src") or tag.get("href") for tag in page.select("[src], link[href]")]
        found[path.relative_to(site)] = [address for address in asked if re.match(r"(\w+:)?//", address)]
    assert len(found) > 6
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_python_comes_from_the_site_and_packages_from_nowhere_else(site, settings):
    assert settings["disablePyPIFallback"] is True
    for address in (settings["pyodideUrl"], settings["loadPyodideOptions"]["lockFileURL"]):
        assert (site / address.partition("?")[0]).is_file()
    for name in lite_packages.CORE:
        assert (site / "static" / "pyodide" / name).read_bytes() == (NPM / name).read_bytes()


def test_what_the_kernel_would_ask_for_is_loaded_at_the_start(settings, lock):
    at_start = set(settings["loadPyodideOptions"]["packages"])
    assert {"micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython"} <= at_start
    assert {"anywidget", "ipywidgets", "impact-in-practice"} <= at_start
    assert at_start <= set(lock["packages"])


def test_every_wheel_is_the_one_that_the_lock_names(wheels, lock):
    for name, wheel in wheels.items():
        assert hashlib.sha256(wheel.read_bytes()).hexdigest() == lock["packages"][name]["sha256"], name


# What fits what


def test_front_end_kernel_and_package_manager_are_of_one_pyodide(lock):
    assert lite_packages.pyodide_version() == PYODIDE_VERSION == read_json(NPM / "package.json")["version"]
    npm = read_json(NPM / "pyodide-lock.json")
    assert lock["info"] == npm["info"]
    assert lite_packages.pins()["micropip"]["version"] == npm["packages"]["micropip"]["version"]
    assert npm["info"]["python"].startswith(BROWSER["python_version"] + ".")


def test_every_package_finds_what_it_requires_in_a_version_that_fits(wheels, lock):
    unmet = []
    for name, wheel in wheels.items():
        for line in metadata(wheel).get_all("Requires-Dist", []):
            required = Requirement(line)
            needed = canonicalize_name(required.name)
            if needed in ONLY_FOR_SERVERS or (required.marker and not required.marker.evaluate(BROWSER)):
                continue
            if (
                needed not in lock["packages"]
                or lock["packages"][needed]["version"] not in required.specifier
            ):
                unmet.append((name, line))
    assert unmet == []


def test_every_pinned_package_runs_on_any_machine_and_is_the_version_it_says(wheels):
    for name, pin in lite_packages.pins().items():
        found, version, _, tags = parse_wheel_filename(wheels[name].name)
        assert (found, str(version)) == (name, pin["version"])
        assert {(tag.abi, tag.platform) for tag in tags} == {("none", "any")}
        assert hashlib.sha256(wheels[name].read_bytes()).hexdigest() == pin["sha256"]


def test_the_packed_course_works_alone_with_its_data_and_its_widgets(wheels, tmp_path):
    zipfile.ZipFile(wheels["impact-in-practice"]).extractall(tmp_path / "site")
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r})\n"
        "import improvement\n"
        "from improvement import datasets\n"
        "from improvement.widgets import Widget\n"
        "widget = Widget('xmr-studio')\n"
        "print(improvement.__file__)\n"
        "print(datasets.read('ambulance_response').row_count, len(widget.view['panels']), len(widget._esm))\n"
    )
    command = [sys.executable, "-I", "-c", program]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.split()
    rows = len((ROOT / "datasets" / "ambulance_response.csv").read_text(encoding="utf-8").splitlines()) - 1
    assert said[0].startswith(str(tmp_path))
    assert int(said[1]) == rows
    assert int(said[2]) > 1
    assert int(said[3]) > 100_000


def test_a_package_of_the_same_files_is_the_same_bytes(tmp_path):
    made = [lite_packages.pack_improvement(folder).read_bytes() for folder in (tmp_path, tmp_path)]
    assert made[0] == made[1]


# What is not there says so


@pytest.fixture
def shell(wheels, tmp_path):
    """A function that runs cells in an IPython that has the stand-ins; returns what each printed, and whether it failed."""
    zipfile.ZipFile(wheels["course-absent"]).extractall(tmp_path / "absent")

    def run(*cells):
        program = (
            "import io, json, sys, contextlib\n"
            f"sys.path.insert(0, {str(tmp_path / 'absent')!r})\n"
            "from IPython.core.interactiveshell import InteractiveShell\n"
            "shell = InteractiveShell.instance()\n"
            "shown = []\n"
            "shell._showtraceback = lambda kind, error, lines: failed.append(kind.__name__)\n"
            f"for cell in {list(cells)!r}:\n"
            "    failed, out = [], io.StringIO()\n"
            "    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):\n"
            "        shell.run_cell(cell, store_history=True)\n"
            "    shown.append([out.getvalue().strip(), failed])\n"
            "print(json.dumps(shown))\n"
        )
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        return json.loads(done.stdout.splitlines()[-1])

    return run


@pytest.mark.parametrize("package", ["matplotlib", "numpy", "pandas"])
def test_a_cell_that_needs_an_absent_package_says_so_in_one_sentence_and_is_no_error(shell, package):
    ((said, failed),) = shell(f"import {package}\nprint('on')")
    assert said.startswith(f"{package} is not part of this copy of the course")
    assert said.count(".") == 1
    assert said.endswith(".")
    assert failed == []


def test_cells_that_build_on_such_a_cell_say_why_and_other_mistakes_stay_mistakes(shell):
    lost, builds, further, core, mistake = shell(
        "import pandas as pd\ntable = pd.DataFrame()",
        "rows = len(table)",
        "rows + 1",
        "total = 2 + 3\nprint(total)",
        "tabel",
    )
    assert lost[0].startswith("pandas is not part")
    assert builds[0].startswith("table was to be made in a cell above with pandas")
    assert further[0].startswith("rows was to be made in a cell above with pandas")
    assert (lost[1], builds[1], further[1]) == ([], [], [])
    assert core == ["5", []]
    assert mistake[1] == ["NameError"]


def test_a_program_can_still_ask_whether_the_package_is_there(shell):
    assert shell("try:\n    import pandas\nexcept ImportError:\n    print('no')") == [["no", []]]


def test_the_other_imports_of_a_cell_come_before_the_absent_ones(tmp_path, monkeypatch):
    cells = {
        "import pandas as pd\nfrom datetime import date\n\nframe = pd.DataFrame()": "from datetime import date\nimport pandas as pd\n\nframe = pd.DataFrame()",
        "# months\nimport numpy as np, math\nimport io\nnp.array([1])": "# months\nimport io\nimport numpy as np, math\nnp.array([1])",
        "from datetime import date\ndate.today()": "from datetime import date\ndate.today()",
        "%time 1 + 1": "%time 1 + 1",
    }
    monkeypatch.setattr(lite, "NOTEBOOKS", tmp_path / "built")
    for name in ("a-module/one.ipynb", "exercises/E99/E99.ipynb"):
        place = tmp_path / "built" / name
        place.parent.mkdir(parents=True)
        nbformat.write(
            nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), place
        )
    lite.copy_notebooks(tmp_path / "without", absent={"numpy", "pandas"})
    lite.copy_notebooks(tmp_path / "with", absent=set())

    def sources(place):
        return [cell["source"] for cell in read_json(tmp_path / place)["cells"]]

    assert sources("without/a-module/one.ipynb") == list(cells.values())
    assert sources("without/E99.ipynb") == list(cells)
    assert sources("with/a-module/one.ipynb") == list(cells)


# Fetching


@pytest.fixture
def one_pin(tmp_path, monkeypatch):
    """Only `six` is pinned, PyPI cannot be reached, and a folder stands in for it."""
    wheel = next(lite_packages.FETCHED.glob("six-*.whl"))
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / wheel.name).write_bytes(wheel.read_bytes())
    pin = lite_packages.pins()["six"]
    (tmp_path / "pins.lock").write_text(
        f"six=={pin['version']} --hash=sha256:{pin['sha256']}\n", encoding="utf-8"
    )
    monkeypatch.setattr(lite_packages, "PINS", tmp_path / "pins.lock")
    monkeypatch.setattr(lite_packages, "FETCHED", tmp_path / "fetched")
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shop))
    return shop / wheel.name


def test_a_package_is_fetched_once_and_then_never_asked_for_again(one_pin, monkeypatch):
    (fetched,) = lite_packages.fetch()
    assert fetched.read_bytes() == one_pin.read_bytes()
    monkeypatch.setattr(lite_packages.subprocess, "run", lambda *_a, **_k: pytest.fail("asked again"))
    assert lite_packages.fetch() == [fetched]


def test_a_package_that_cannot_be_had_is_named(one_pin):
    one_pin.unlink()
    with pytest.raises(lite_packages.PackagesError, match=r"could not be fetched from PyPI: six\."):
        lite_packages.fetch()


def test_a_package_that_is_not_the_pinned_one_is_refused(one_pin):
    with zipfile.ZipFile(one_pin, "a") as archive:
        archive.writestr("six_extra.py", "")
    with pytest.raises(lite_packages.PackagesError, match="six"):
        lite_packages.fetch()


def test_a_damaged_package_is_fetched_again(one_pin):
    (fetched,) = lite_packages.fetch()
    fetched.write_bytes(b"half")
    (again,) = lite_packages.fetch()
    assert again.read_bytes() == one_pin.read_bytes()


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """The site is built in a folder of its own, from one notebook."""
    notebooks = tmp_path / "notebooks"
    (notebooks / "a-module").mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(), notebooks / "a-module" / "one.ipynb")
    monkeypatch.setattr(lite, "NOTEBOOKS", notebooks)
    monkeypatch.setattr(lite, "WORK", tmp_path / "work")
    monkeypatch.setattr(lite, "LITE", tmp_path / "html" / "lite")
    (tmp_path / "html").mkdir()
    return tmp_path


def test_without_packages_the_rest_is_kept_and_pages_say_so(elsewhere, one_pin, capsys):
    one_pin.unlink()
    cli._build_lite(None)
    assert re.search(r"left out, all else is built: .*: six\.", capsys.readouterr().err)
    page = BeautifulSoup(
        (elsewhere / "html/lite/notebooks/index.html").read_text(encoding="utf-8"), "html.parser"
    )
    assert "built without the notebooks" in page.get_text()


def test_a_second_build_does_nothing_until_a_notebook_changes(elsewhere):
    assert lite.build() is True
    page = elsewhere / "html" / "lite" / "notebooks" / "index.html"
    made = page.stat().st_mtime_ns
    assert lite.build() is False
    assert page.stat().st_mtime_ns == made
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")])
    nbformat.write(notebook, elsewhere / "notebooks" / "a-module" / "one.ipynb")
    assert lite.build() is True
    assert "1 + 1" in (elsewhere / "html/lite/files/a-module/one.ipynb").read_text(encoding="utf-8")


# A downloaded Pyodide distribution


def as_distributed(folder, name, version, depends, tag):
    wheel = folder / f"{name.replace('-', '_')}-{version}-{tag}.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{name.replace('-', '_')}/__init__.py", f"__version__ = {version!r}\n")
        archive.writestr(
            f"{name}-{version}.dist-info/METADATA",
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        )
    return {
        "depends": depends, "file_name": wheel.name, "imports": [name.replace("-", "_")], "install_dir": "site",
        "name": name, "package_type": "package", "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "unvendored_tests": False, "version": version,
    }  # fmt: skip


@pytest.fixture
def distribution(tmp_path):
    """A folder shaped as the release is when unpacked, of as few packages as show every case."""
    folder = tmp_path / "dist" / "pyodide"
    folder.mkdir(parents=True)
    browser, anywhere = "cp314-cp314-pyemscripten_2026_0_wasm32", "py3-none-any"
    packages = [
        as_distributed(folder, "numpy", "2.4.6", [], browser),
        as_distributed(folder, "pandas", "3.0.2", ["numpy", "python_dateutil"], browser),
        as_distributed(folder, "matplotlib", "3.10.8", ["numpy", "cycler"], browser),
        as_distributed(folder, "cycler", "0.12.1", ["six"], anywhere),
        as_distributed(folder, "python-dateutil", "2.9.0", ["six"], anywhere),
        as_distributed(folder, "six", "1.16.0", [], anywhere),
        as_distributed(folder, "scipy", "1.18.0", ["numpy"], browser),
    ]
    lock = {
        "info": read_json(NPM / "pyodide-lock.json")["info"],
        "packages": {one["name"]: one for one in packages},
    }
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    (folder / "package.json").write_text(
        json.dumps({"name": "pyodide", "version": PYODIDE_VERSION}), encoding="utf-8"
    )
    return folder


def test_a_distribution_adds_its_packages_and_what_they_need_and_nothing_else(distribution, elsewhere):
    found = lite_packages.check_distribution(distribution.parent)
    assert found == distribution
    assert lite.build(found) is True
    static = elsewhere / "html" / "lite" / "static" / "pyodide"
    packages = read_json(static / "pyodide-lock.json")["packages"]
    assert {"numpy", "pandas", "matplotlib", "cycler", "python-dateutil"} <= set(packages)
    assert not {"scipy", "course-absent"} & set(packages)
    assert packages["six"]["version"] == lite_packages.pins()["six"]["version"]
    assert packages["pandas"]["imports"] == ["pandas"]
    assert packages["pandas"]["depends"] == ["numpy", "python-dateutil"]
    for name in ("numpy", "pandas", "cycler"):
        released = next(distribution.glob(f"{name}-*.whl"))
        assert (static / packages[name]["file_name"]).read_bytes() == released.read_bytes()
    config = read_json(elsewhere / "html/lite/jupyter-lite.json")["jupyter-config-data"]["litePluginSettings"]
    at_start = config["@jupyterlite/pyodide-kernel-extension:kernel"]["loadPyodideOptions"]["packages"]
    assert {"pandas", "numpy", "python-dateutil"} <= set(at_start)
    assert "matplotlib" not in at_start
    assert lite.build(found) is False
    assert lite.build() is True, "the copy without the distribution is another copy"


def spoil(distribution, how):
    if how == "another version":
        (distribution / "package.json").write_text(
            '{"name": "pyodide", "version": "0.29.3"}', encoding="utf-8"
        )
    elif how == "no lock":
        (distribution / "pyodide-lock.json").unlink()
    elif how == "no version":
        (distribution / "package.json").unlink()
    elif how == "no wheel":
        next(distribution.glob("pandas-*.whl")).unlink()
    elif how == "half a wheel":
        wheel = next(distribution.glob("numpy-*.whl"))
        wheel.write_bytes(wheel.read_bytes()[:100])
    else:
        lock = read_json(distribution / "pyodide-lock.json")
        del lock["packages"]["matplotlib"]
        (distribution / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("another version", f"Pyodide 0.29.3, and this course needs {PYODIDE_VERSION}"),
        ("no lock", "no pyodide-lock.json"),
        ("no version", "not a whole Pyodide distribution"),
        ("no package", "not a whole Pyodide distribution"),
        ("no wheel", "lacks pandas-3.0.2"),
        ("half a wheel", "damaged"),
    ],
)
def test_an_unfit_distribution_is_refused_before_anything_is_built(distribution, how, said, monkeypatch):
    spoil(distribution, how)
    monkeypatch.setattr("coursekit.build.frontend.build", lambda: pytest.fail("the build began"))
    refused = CliRunner().invoke(cli.app, ["build", "--pyodide-dist", str(distribution)])
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert f"pyodide-{PYODIDE_VERSION}.tar.bz2" in refused.stderr


# Links


def test_every_lesson_links_to_its_own_notebook_where_a_server_is(book, site):
    for lesson in paths.lessons():
        name = lesson.relative_to(ROOT).with_suffix(".html")
        page = BeautifulSoup((book / name).read_text(encoding="utf-8"), "html.parser")
        (link,) = page.select(".lesson-facts [data-online-only] a")
        address = urlsplit(link["href"])
        assert not address.scheme
        assert not address.netloc
        assert (book / name).parent.joinpath(address.path).resolve() == (
            site / "notebooks" / "index.html"
        ).resolve()
        (place,) = parse_qs(address.query)["path"]
        assert place == f"{lesson.parent.name}/{lesson.stem}.ipynb"
        assert (site / "files" / place).is_file()


def test_the_page_about_notebooks_opens_every_exercise(book, site):
    page = BeautifulSoup((book / "book/notebooks.html").read_text(encoding="utf-8"), "html.parser")
    links = [urlsplit(link["href"]) for link in page.select("article [data-online-only] a")]
    opened = {parse_qs(link.query)["path"][0] for link in links if link.query}
    assert opened == {path.name for path in ROOT.glob("exercises/source/*/*.ipynb")}
    assert all((book / "book" / link.path).resolve().is_file() for link in links)


def test_binder_and_colab_are_offered_once_the_repository_has_an_address():
    lesson = ROOT / "modules" / "measurement" / "xmr-charts.md"
    alone = notebook_links.lesson_links("modules/measurement/xmr-charts", lesson, "")
    assert "binder" not in alone.lower()
    assert "colab" not in alone.lower()
    html = notebook_links.lesson_links(
        "modules/measurement/xmr-charts", lesson, "https://github.com/a-trust/course.git"
    )
    links = {link.get_text(): link["href"] for link in BeautifulSoup(html, "html.parser").select("a")}
    assert links["Binder"] == (
        "https://mybinder.org/v2/gh/a-trust/course/main"
        "?urlpath=lab/tree/modules/measurement/notebooks/xmr-charts.ipynb"
    )
    assert links["Colab"] == (
        "https://colab.research.google.com/github/a-trust/course/blob/main/modules/measurement/notebooks/xmr-charts.ipynb"
    )


@pytest.mark.parametrize(
    "address",
    ["github.com/a/b", "https://gitlab.com/a/b", "https://github.com/a", "https://github.com/a/b/tree/x"],
)
def test_an_address_that_binder_could_not_use_is_refused_with_the_setting_s_name(address):
    with pytest.raises(ValueError, match="course_repository"):
        notebook_links.lesson_links("modules/a/b", ROOT / "modules" / "a" / "b.md", address)


def test_binder_installs_the_versions_that_the_course_is_tested_with():
    locked = re.findall(
        r"^([\w.-]+)==(\S+?)(?: ; python_full_version < '3.12')? \\$",
        (ROOT / "requirements.lock").read_text(),
        re.MULTILINE,
    )
    pinned = re.findall(
        r"^([\w.-]+)==(\S+)$", (ROOT / "binder" / "requirements.txt").read_text(), re.MULTILINE
    )
    assert {name for name, _ in pinned} >= {"anywidget", "ipywidgets", "pandas", "matplotlib"}
    assert set(pinned) <= set(locked)
    assert (ROOT / "binder" / "runtime.txt").read_text().strip() == "python-3.11"


@pytest.mark.parametrize("script", ["postBuild", "colab"])
def test_binder_s_and_colab_s_scripts_can_be_run(script):
    path = ROOT / "binder" / script
    assert path.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(path)], check=True)
    for module in re.findall(r"from (coursekit\.\S+) import (\w+)", path.read_text(encoding="utf-8")):
        assert hasattr(__import__(".".join(module), fromlist=["build"]), "build")
