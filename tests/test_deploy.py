"""The files for Kubernetes, as far as they can be tested without a cluster."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jupyterhub.spawner import SimpleLocalProcessSpawner
from traitlets import Dict, Unicode

from coursekit.paths import ROOT

DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "zero-to-jupyterhub"


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    return yaml.safe_load((KUBERNETES / "values.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def manifests() -> dict[str, Any]:
    text = (KUBERNETES / "hand-in.yaml").read_text(encoding="utf-8")
    return {one["kind"]: one for one in yaml.safe_load_all(text)}


@pytest.mark.parametrize(
    "path", sorted(DEPLOY.rglob("*.json")), ids=lambda path: str(path.relative_to(DEPLOY))
)
def test_json_is_json(path: Path) -> None:
    assert json.loads(path.read_text(encoding="utf-8"))


class PodSpawner(SimpleLocalProcessSpawner):
    """The two settings of the chart's spawner that facilitators have otherwise."""

    image = Unicode().tag(config=True)
    volume_mounts = Dict().tag(config=True)


def mounts(values: dict[str, Any], *, facilitator: bool) -> dict[str, dict[str, Any]]:
    spawner = PodSpawner(volume_mounts=values["singleuser"]["storage"]["extraVolumeMounts"])
    if facilitator:
        (override,) = values["hub"]["config"]["KubeSpawner"]["group_overrides"].values()
        spawner._apply_overrides(override["spawner_override"])
        assert "facilitator" in spawner.image
    return spawner.volume_mounts


def test_a_learners_server_is_given_their_own_folders_and_no_others(values: dict[str, Any]) -> None:
    for name, mount in mounts(values, facilitator=False).items():
        assert mount["subPath"] == f"{name}/{{username}}"
    assert mounts(values, facilitator=False)["feedback"]["readOnly"]


def test_a_facilitators_server_is_given_all_hand_ins_to_read_and_all_feedback_to_write(
    values: dict[str, Any],
) -> None:
    given = mounts(values, facilitator=True)
    assert given["hand-in"]["subPath"] == "hand-in"
    assert given["hand-in"]["readOnly"]
    assert given["feedback"]["subPath"] == "feedback"
    assert not given["feedback"]["readOnly"]


def test_facilitators_are_a_group_that_the_hub_makes(values: dict[str, Any]) -> None:
    config = values["hub"]["config"]
    for override in config["KubeSpawner"]["group_overrides"].values():
        assert set(override["groups"]) <= config["JupyterHub"]["load_groups"].keys()


def test_no_exchange_is_shared_under_one_user(values: dict[str, Any]) -> None:
    for role in ("learner", "facilitator"):
        settings = json.loads((KUBERNETES / role / "jupyter_server_config.json").read_text(encoding="utf-8"))
        extensions = settings["ServerApp"]["jpserver_extensions"]
        assert extensions["nbgrader.server_extensions.assignment_list"] is False
    assert "exchange" not in json.dumps(values)


def test_the_volume_that_is_mounted_is_the_one_that_is_made(
    values: dict[str, Any], manifests: dict[str, Any]
) -> None:
    volumes = values["singleuser"]["storage"]["extraVolumes"]
    names = {one["persistentVolumeClaim"]["claimName"] for one in volumes.values()}
    assert names == {manifests["PersistentVolumeClaim"]["metadata"]["name"]}
    pod = manifests["Job"]["spec"]["template"]["spec"]
    assert {one["persistentVolumeClaim"]["claimName"] for one in pod["volumes"]} == names
    assert "ReadWriteMany" in manifests["PersistentVolumeClaim"]["spec"]["accessModes"]
    (folders,) = pod["containers"]
    made = {place.removeprefix("/volume/") for place in folders["command"]}
    assert {mount["subPath"] for mount in mounts(values, facilitator=True).values()} <= made


def test_every_image_is_pinned(values: dict[str, Any], manifests: dict[str, Any]) -> None:
    (override,) = values["hub"]["config"]["KubeSpawner"]["group_overrides"].values()
    image = values["singleuser"]["image"]
    (folders,) = manifests["Job"]["spec"]["template"]["spec"]["containers"]
    learner = f"{image['name']}:{image['tag']}"
    dockerfile = (KUBERNETES / "Dockerfile").read_text(encoding="utf-8")
    base = re.search(r"^ARG BASE=(\S+)", dockerfile, re.MULTILINE).group(1)
    for name in (learner, override["spawner_override"]["image"], folders["image"], base):
        assert re.search(r":\d+\.\d+\.\d+(-[a-z-]+)?$", name), name
    assert folders["image"] == learner
    for name in (learner, override["spawner_override"]["image"]):
        assert f"-t {name} " in dockerfile, "the command at the top builds another"


def test_servers_are_bounded_and_reach_no_other_host(values: dict[str, Any]) -> None:
    server = values["singleuser"]
    assert server["memory"]["limit"]
    assert server["cpu"]["limit"]
    policy = server["networkPolicy"]
    assert policy["enabled"]
    allowed = {name for name, open_ in policy["egressAllowRules"].items() if open_}
    assert allowed == {"dnsPortsKubeSystemNamespace", "dnsPortsPrivateIPs"}


def test_no_secret_is_in_the_values(values: dict[str, Any]) -> None:
    assert not re.search("secret|password|token", json.dumps(values).replace("secretName", ""))


def test_what_the_images_copy_is_let_through_and_exists() -> None:
    dockerfile = (KUBERNETES / "Dockerfile").read_text(encoding="utf-8")
    copied = [
        part
        for line in re.findall(r"^COPY (?!--from)(.*)$", dockerfile, re.MULTILINE)
        for part in line.split()[:-1]
    ]
    ignore = (KUBERNETES / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    allowed = {line.removeprefix("!") for line in ignore if line.startswith("!")}
    for path in copied:
        assert (ROOT / path).exists(), path
        assert path.split("/")[0] in allowed, path


def test_the_readme_names_files_that_exist() -> None:
    readme = (DEPLOY / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^):]+)\)", readme):
        assert (DEPLOY / target).exists(), target
    for name in re.findall(r"`([\w./-]+\.(?:sh|py|yaml))`", readme):
        assert list(DEPLOY.rglob(name.split("/")[-1])) or list((ROOT / "exercises").rglob(name)), name
