"""Certificates: who gets one, what it says, that it can be checked without the internet, and that a changed one is refused."""

from __future__ import annotations

import base64
import csv
import json
import re
import shutil
import socket
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

import cohorts
from cohorts import NAMES, course
from coursekit.report import certificates, paper
from coursekit.report.certificates import CertificateError, Issuing, UnknownKeyError, verify, why_not
from coursekit.report.cohort import Cohort, Item, Learner
from coursekit.report.lettering import set_out

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ITEMS = (Item("a", "A", "M02", "construct", 10), Item("t", "Task", "M02", "critique", 15, by_hand=True))
ASSESSED = ["construct run charts (marked by computer)", "critique a target (marked by a person)"]


def learner(a: float | None = 10, t: float | None = 12, name: str = "Zoë O'Neill", **more) -> Learner:
    return Learner("zoe", name, points={"a": a, "t": t}, **more)


def cohort(*learners: Learner) -> Cohort:
    return Cohort("E02", "Chart pack", ITEMS, learners)


@pytest.mark.parametrize(
    ("who", "zeros", "reason"),
    [
        (learner(), {}, None),
        (learner(6, 9), {}, None),
        (learner(10, None), {}, "still to come"),
        (learner(5, 9), {}, "under 60% of the points"),
        (learner(10, 8.5), {}, "under 60% for Task"),
        (learner(10, 0), {}, "under 60% of the points"),
        (learner(10, 9, penalty=5), {}, "under 60% of the points"),
        (learner(), {"zoe": ["Signals"]}, "0 for Signals"),
        (learner(flags=("odd",)), {}, "flagged"),
    ],
)
def test_the_rule(who: Learner, zeros: dict, reason: str | None) -> None:
    found = why_not(cohort(who), who, zeros, frozenset())
    assert found is None if reason is None else reason in found


def test_a_flag_that_somebody_looked_at_does_not_stand_in_the_way() -> None:
    who = learner(flags=("odd",))
    assert why_not(cohort(who), who, {}, frozenset({"zoe"})) is None


@pytest.fixture
def issuing(tmp_path: Path) -> Issuing:
    return Issuing.open(tmp_path / "certificates", "Northfield postgraduate centre")


def issue(issuing: Issuing, **more) -> tuple[certificates.Certificate, str]:
    who = learner(**more)
    return issuing.issue(cohort(who), who, ASSESSED, "No time was taken.", NOW)


def public(issuing: Issuing) -> bytes:
    return (issuing.folder / certificates.PUBLIC).read_bytes()


def test_the_key_is_made_once_is_private_and_comes_with_a_warning(issuing: Issuing) -> None:
    key = issuing.folder / certificates.PRIVATE
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "Keep it secret" in (issuing.folder / "READ ME.txt").read_text(encoding="utf-8")
    again = Issuing.open(issuing.folder, None)
    assert (again.key, again.issuer, again.made) == (issuing.key, issuing.issuer, False)
    with pytest.raises(CertificateError, match="belongs to"):
        Issuing.open(issuing.folder, "Somebody else")
    with pytest.raises(CertificateError, match="--issuer"):
        Issuing.open(issuing.folder.parent / "new", None)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a check must not use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("no_network")
def test_a_certificate_is_checked_without_the_internet(issuing: Issuing) -> None:
    said, token = issue(issuing)
    found = verify(token.encode(), public(issuing))
    assert found == said
    assert (found.name, found.title, found.issuer) == (
        "Zoë O'Neill",
        "Passed: E02 Chart pack",
        "Northfield postgraduate centre",
    )
    for one in ASSESSED:
        assert one in found.narrative
    assert "compet" not in found.narrative.casefold()
    assert "no accreditation" in found.narrative


def test_it_is_an_open_badge_of_version_3(issuing: Issuing) -> None:
    _, token = issue(issuing)
    head, body, _ = (
        json.loads(decoded(part)) if place < 2 else part for place, part in enumerate(token.split("."))
    )
    assert head["alg"] == "EdDSA"
    assert {"VerifiableCredential", "OpenBadgeCredential"} <= set(
        body["type"]
    ) or "AchievementCredential" in body["type"]
    assert any("ob/v3p0" in context for context in body["@context"])
    assert body["credentialSubject"]["achievement"]["criteria"]["narrative"]
    assert "d" not in head["jwk"], "the secret half of the key"


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _renamed(token: str) -> str:
    head, body, signature = token.split(".")
    return ".".join([head, encoded(decoded(body).replace("Zoë O'Neill".encode("unicode_escape"), b"Eve").replace("Zoë O'Neill".encode(), b"Eve").replace(b"Zo\\u00eb O'Neill", b"Eve")), signature])  # fmt: skip


def _unsigned(token: str) -> str:
    _, body, signature = token.split(".")
    return ".".join([encoded(b'{"alg":"none","typ":"JWT"}'), body, signature])


@pytest.mark.parametrize("spoil", [_renamed, _unsigned, lambda token: token[:-9] + ("AAAAAAAA" + token[-1])])
@pytest.mark.parametrize("with_key", [True, False])
def test_a_changed_certificate_is_refused(
    spoil: Callable[[str], str], with_key: bool, issuing: Issuing
) -> None:
    _, token = issue(issuing)
    changed = spoil(token)
    assert changed != token
    with pytest.raises(CertificateError, match=r"Do not rely|There is no certificate") as refused:
        verify(changed.encode(), public(issuing) if with_key else None)
    assert not isinstance(refused.value, UnknownKeyError)


def test_somebody_elses_key_in_the_issuers_name_is_refused(issuing: Issuing, tmp_path: Path) -> None:
    _, token = issue(Issuing.open(tmp_path / "forger", "Northfield postgraduate centre"))
    with pytest.raises(CertificateError, match="Do not rely"):
        verify(token.encode(), public(issuing))
    with pytest.raises(UnknownKeyError, match="cannot say"):
        verify(token.encode(), None)


@pytest.mark.usefixtures("no_network")
def test_an_issuer_on_the_web_is_never_asked() -> None:
    body = encoded(json.dumps({"iss": "did:web:example.org"}).encode())
    token = ".".join([encoded(b'{"alg":"EdDSA"}'), body, "A" * 86])
    with pytest.raises(CertificateError, match="names no key"):
        verify(token.encode(), None)


@pytest.mark.parametrize("data", [b"", b"hello", b"eyJ.eyJ.x", b"\xff" * 100, b"0" * 3_000_000])
def test_what_is_no_certificate_is_said(data: bytes, issuing: Issuing) -> None:
    with pytest.raises(CertificateError, match=r"no certificate|too large"):
        verify(data, public(issuing))


def test_a_withdrawn_certificate_is_in_the_list_with_the_reason(issuing: Issuing) -> None:
    said, _ = issue(issuing)
    assert issuing.standing("zoe", "E02") == said.id
    assert issuing.withdraw(said.id, "The name was wrong.", NOW) == "Zoë O'Neill"
    assert certificates.withdrawn(issuing.folder / certificates.WITHDRAWN) == {said.id: "The name was wrong."}
    assert issuing.standing("zoe", "E02") is None
    with pytest.raises(CertificateError, match="already"):
        issuing.withdraw(said.id, "again", NOW)
    with pytest.raises(CertificateError, match="not issued"):
        issuing.withdraw("urn:uuid:0", "x", NOW)


# Names on paper

FORMS = "\ufee3\ufea4\ufee4\ufeaa"
"""Muhammad by hand: meem initial, hah medial, meem medial, dal final."""


@pytest.mark.parametrize(
    ("name", "glyphs"),
    [
        ("Łukasz Żółć", "Łukasz Żółć"),
        ("Zoe\u0308", "Zoë"),
        ("שלום", "םולש"),
        ("محمد", FORMS[::-1]),
        ("سلام", "\ufee1\ufefc\ufeb3"),
        ("Ann שלום", "Ann םולש"),
    ],
)
def test_names_are_set_in_the_order_and_the_shapes_in_which_they_are_read(name: str, glyphs: str) -> None:
    """Shapes are from the Unicode charts: lam with alef is one letter (FEFC), which does not join to the next."""
    assert set_out(name, lambda _: True) == glyphs


def test_a_name_that_the_font_lacks_is_not_set() -> None:
    assert set_out("王小明", lambda letter: letter < "\u0600") is None
    assert set_out("ܫܠܡܐ", lambda _: True) is None


@pytest.mark.parametrize(
    ("name", "set_on_paper"),
    [("Zoë O'Neill", True), ("محمد علي", True), ("王小明", False), ("x" * 300, True)],
)
def test_the_pdf_holds_the_credential_and_embeds_its_font(
    name: str, set_on_paper: bool, issuing: Issuing, tmp_path: Path
) -> None:
    said, token = issue(issuing, name=name)
    assert paper.write_pdf(tmp_path / "one.pdf", said, token, ASSESSED, "No time was taken.") is set_on_paper
    data = (tmp_path / "one.pdf").read_bytes()
    assert verify(data, public(issuing)).name == name
    assert b"/FontFile2" in data
    assert len(re.findall(rb"/Type /Page\b", data)) == 1


# The commands


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Certificates for a real marked cohort, one of whom is flagged."""
    marking = tmp_path_factory.mktemp("certificates") / "marking"
    shutil.copytree(cohorts.made(), marking)
    cohorts.flag(marking, "ng", "Unusual.")
    done = course("certify", "--marking", marking, "--issuer", "Northfield", home=marking.parent)
    assert done.returncode == 0, done.stderr
    return marking, done.stdout + done.stderr


def listed(marking: Path) -> list[dict[str, str]]:
    with (marking / "certificates" / "issued.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_everybody_who_passed_gets_one_and_the_others_are_told_why(issued: tuple[Path, str]) -> None:
    marking, said = issued
    assert len(listed(marking)) == len(NAMES) - 3
    assert "blank: none, under 60% of the points" in said
    assert "waits: none, marks are still to come" in said
    assert "ng: none, flagged for a person to look at" in said
    assert "Keep it secret" in said


def test_a_second_run_issues_none_twice_and_the_flagged_one_once_looked_at(issued: tuple[Path, str]) -> None:
    marking, _ = issued
    before = len(listed(marking))
    done = course("certify", "--marking", marking, "--looked-at", "ng", home=marking.parent)
    assert "1 issued" in done.stdout
    assert len(listed(marking)) == before + 1


@pytest.mark.parametrize("kind", [certificates.SUFFIX, ".pdf"])
def test_verify_ends_well_only_for_a_whole_certificate_of_a_known_key(
    kind: str, issued: tuple[Path, str], tmp_path: Path
) -> None:
    marking, _ = issued
    folder = marking / "certificates"
    file, key = folder / f"Zoë-E02{kind}", folder / certificates.PUBLIC
    good = course("verify", file, "--key", key, home=tmp_path)
    assert good.returncode == 0, good.stderr
    assert "Zoë" in good.stdout
    assert course("verify", file, home=tmp_path).returncode == 3
    data = file.read_bytes()
    place = data.index(b"eyJ") + 900
    spoilt = tmp_path / file.name
    spoilt.write_bytes(data[:place] + (b"A" if data[place : place + 1] != b"A" else b"B") + data[place + 1 :])
    bad = course("verify", spoilt, "--key", key, home=tmp_path)
    assert bad.returncode == 1
    assert "Do not rely on this certificate" in bad.stderr
    assert "Traceback" not in bad.stderr
    assert course("verify", tmp_path / "none.jwt", home=tmp_path).returncode == 2


def test_a_withdrawn_certificate_is_refused_with_the_reason_and_can_be_issued_again(
    issued: tuple[Path, str], tmp_path: Path
) -> None:
    marking, _ = issued
    folder = marking / "certificates"
    old = next(row["id"] for row in listed(marking) if row["file"] == "smith-c")
    kept = (folder / f"smith-c-E02{certificates.SUFFIX}").read_bytes()
    (tmp_path / "old.jwt").write_bytes(kept)
    assert course("certify", "--marking", marking, "--withdraw", old, home=tmp_path).returncode == 2, (
        "no reason"
    )
    done = course(
        "certify", "--marking", marking, "--withdraw", old, "--because", "Wrong name.", home=tmp_path
    )
    assert done.returncode == 0, done.stderr
    refused = course(
        "verify",
        tmp_path / "old.jwt",
        "--key",
        folder / certificates.PUBLIC,
        "--withdrawn",
        folder / "withdrawn.csv",
        home=tmp_path,
    )
    assert refused.returncode == 1
    assert "Wrong name." in refused.stderr
    again = course("certify", "--marking", marking, home=tmp_path)
    assert "smith-c: issued" in again.stdout
    assert (folder / f"smith-c-E02{certificates.SUFFIX}").read_bytes() != kept
