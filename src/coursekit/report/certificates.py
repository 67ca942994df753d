"""Certificates that a facilitator issues: who has passed, Open Badges 3.0 credentials signed with their key, and checks.

A credential is a JWT signed with Ed25519 (Open Badges 3.0, section 8.2). The issuer's name in it is the did:key of that
key, so nothing has to be fetched to check one; whose key it is has to be asked of the issuer, once.
"""

from __future__ import annotations

import csv
import json
import os
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import (
    Achievement,
    IdentityObject,
    Issuer,
    OB3Signer,
    OB3Verifier,
    OpenBadgeCredential,
    did_key_from_pem,
)

from coursekit.report.cohort import PASS, Cohort, Learner
from coursekit.report.text import inert, shown

PRIVATE, PUBLIC, ABOUT = "issuer-key.pem", "issuer-public.pem", "issuer.json"
ISSUED, WITHDRAWN = "issued.csv", "withdrawn.csv"
SUFFIX = ".openbadge.jwt"
WARNING = """This folder holds the key that signs certificates.

issuer-key.pem     Keep it secret, and keep a copy somewhere safe. Whoever has it can issue certificates in your name. If it
                   is lost, nothing more can be issued under it. If somebody else had it, tell everybody who relies on
                   your certificates, put the folder away, and let a new one be made.
issuer-public.pem  Give this to anybody. With it they can check a certificate without the internet.
issued.csv         What has been issued.
withdrawn.csv      What has been withdrawn, and why. Publish it where people will look. A certificate itself cannot show
                   that it has been withdrawn.
"""
RULE = (
    f"All marks are in; at least {100 * PASS:.0f}% of the points, in the exercise as a whole and in each task that a person "
    "marked; and no task, nor any criterion whose marks were given, at nought."
)
NOT_SAID = (
    "It says that this work was marked and passed. It is no accreditation, and it does not judge how anybody does "
    "their job. It is independent of NHS England."
)
_MOST_BYTES = 2_000_000
_TOKEN = re.compile(rb"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{80,}")
_NAMESPACE = uuid.UUID("6f1f8b3e-6a0f-4f0e-9a0b-0d6d7b2f3c55")


class CertificateError(Exception):
    """A certificate cannot be issued, read or relied on; the message says why."""


class UnknownKeyError(CertificateError):
    """The credential is whole, but nobody has said whose key signed it; `certificate` holds what it says."""

    def __init__(self, message: str, certificate: Certificate) -> None:
        super().__init__(message)
        self.certificate = certificate


@dataclass(frozen=True)
class Certificate:
    """What a credential says: its id, who issued it, to whom, for what, when, and by which key (as did:key)."""

    id: str
    issuer: str
    name: str
    title: str
    narrative: str
    issued: datetime
    key: str


def why_not(
    cohort: Cohort, learner: Learner, zeros: Mapping[str, Sequence[str]], looked_at: frozenset[str]
) -> str | None:
    """Why a learner gets no certificate; ``None`` for one who has passed by ``RULE``.

    Args:
        cohort: whose items count.
        learner: who.
        zeros: criteria marked 0, by student.
        looked_at: students whose flags a person has looked at.
    """
    if learner.waiting:
        return "marks are still to come"
    if learner.total < PASS * cohort.out_of:
        return f"under {100 * PASS:.0f}% of the points"
    for item in cohort.items:
        if item.by_hand and item.maximum > 0:
            if not learner.points[item.grade_id]:
                return f"nothing for {item.title}"
            if learner.points[item.grade_id] < PASS * item.maximum:
                return f"under {100 * PASS:.0f}% for {item.title}"
    if zeros.get(learner.student):
        return f"0 for {zeros[learner.student][0]}"
    if learner.flags and learner.student not in looked_at:
        return "flagged for a person to look at: do that, then name them with --looked-at"
    return None


@dataclass(frozen=True)
class Issuing:
    """The folder of a facilitator's certificates: their key, their name, and what they have issued."""

    folder: Path
    issuer: str
    made: bool

    @classmethod
    def open(cls, folder: Path, issuer: str | None) -> Issuing:
        """Open the folder, or make it and its key the first time.

        Raises:
            CertificateError: when no issuer is named the first time, or another one later.
        """
        about = folder / ABOUT
        if about.exists():
            kept = json.loads(about.read_text(encoding="utf-8"))["issuer"]
            if issuer and issuer != kept:
                raise CertificateError(
                    f"This folder's key belongs to {kept!r}. Another issuer needs another folder."
                )
            return cls(folder, kept, False)
        if not issuer or not shown(issuer).strip("()"):
            raise CertificateError(
                "Say who issues the certificates, with --issuer “Northfield postgraduate centre”."
            )
        folder.mkdir(parents=True, exist_ok=True)
        os.chmod(folder, 0o700)
        key = Ed25519PrivateKey.generate()
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        handle = os.open(folder / PRIVATE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secret)
        (folder / PUBLIC).write_bytes(public)
        (folder / "READ ME.txt").write_text(WARNING, encoding="utf-8")
        about.write_text(json.dumps({"issuer": shown(issuer)}, ensure_ascii=False) + "\n", encoding="utf-8")
        return cls(folder, shown(issuer), True)

    @property
    def key(self) -> str:
        """The public key as did:key."""
        return did_key_from_pem((self.folder / PUBLIC).read_bytes())

    def standing(self, student: str, assignment: str) -> str | None:
        """The id of the certificate that a learner already has and that has not been withdrawn."""
        gone = withdrawn(self.folder / WITHDRAWN)
        rows = [
            row
            for row in _rows(self.folder / ISSUED)
            if (row["file"], row["assignment"]) == (inert(student), assignment)
        ]
        return next((row["id"] for row in reversed(rows) if row["id"] not in gone), None)

    def issue(
        self, cohort: Cohort, learner: Learner, assessed: Sequence[str], time: str, now: datetime
    ) -> tuple[Certificate, str]:
        """Sign a credential for a learner who has passed, write it, and enter it in the list.

        Args:
            cohort: which exercise.
            learner: who.
            assessed: what was assessed, a sentence each.
            time: how long the lessons are planned to take.
            now: when.

        Returns:
            What it says, and the token.
        """
        title = f"Passed: {cohort.assignment} {cohort.title}"
        narrative = f"What was assessed: {'; '.join(assessed)}. {time} The rule: {RULE} {NOT_SAID}"
        achievement = Achievement(
            id=uuid.uuid5(_NAMESPACE, cohort.assignment).urn,
            name=title,
            description=f"The exercise {cohort.assignment}, {cohort.title}, of the open course IMPACT in Practice.",
            criteria_narrative=narrative,
        )
        credential = OpenBadgeCredential(
            issuer=Issuer(id=self.key, name=self.issuer),
            recipient_id=None,
            achievement=achievement,
            id=uuid.uuid4().urn,
            issuance_date=now.astimezone(UTC).replace(microsecond=0),
            identifiers=[IdentityObject(learner.name, "name", False)],
        )
        token = OB3Signer((self.folder / PRIVATE).read_bytes(), "EdDSA").sign(credential)
        (self.folder / f"{learner.student}-{cohort.assignment}{SUFFIX}").write_text(
            token + "\n", encoding="ascii"
        )
        _append(
            self.folder / ISSUED,
            ("id", "file", "name", "assignment", "issued"),
            (credential.id, learner.student, learner.name, cohort.assignment, now.date().isoformat()),
        )
        said = Certificate(
            credential.id, self.issuer, learner.name, title, narrative, credential.issuance_date, self.key
        )
        return said, token

    def withdraw(self, identifier: str, reason: str, now: datetime) -> str:
        """Enter a certificate in the list of those withdrawn; returns whose it was.

        Raises:
            CertificateError: when it was never issued here, is withdrawn already, or no reason is given.
        """
        row = next((row for row in _rows(self.folder / ISSUED) if row["id"] == identifier), None)
        if row is None:
            raise CertificateError(
                f"{shown(identifier)} was not issued from this folder. issued.csv lists what was."
            )
        if identifier in withdrawn(self.folder / WITHDRAWN):
            raise CertificateError(f"{identifier} has been withdrawn already.")
        if not reason.strip():
            raise CertificateError("Say why, with --because. Whoever checks the certificate will read it.")
        _append(
            self.folder / WITHDRAWN,
            ("id", "withdrawn", "because"),
            (identifier, now.date().isoformat(), reason),
        )
        return row["name"]


def withdrawn(path: Path) -> dict[str, str]:
    """Why each certificate in a list was withdrawn, by id; empty when there is no list."""
    return {row["id"]: row["because"] for row in _rows(path)}


def verify(data: bytes, key: bytes | None) -> Certificate:
    """Check a credential without the internet, as a token or inside one of our PDFs.

    Args:
        data: the file.
        key: the issuer's public key (PEM), or ``None``.

    Raises:
        CertificateError: when it is no credential, has been changed, or another key signed it.
        UnknownKeyError: when it is whole and no key was given.
    """
    if len(data) > _MOST_BYTES:
        raise CertificateError("This file is too large to be a certificate of this course.")
    tokens = set(_TOKEN.findall(data))
    if not tokens:
        raise CertificateError("There is no certificate in this file.")
    if len(tokens) > 1:
        raise CertificateError(
            "There is more than one certificate in this file. Check each in a file of its own."
        )
    token = tokens.pop().decode("ascii")
    try:
        claimed = OB3Verifier._decode_unverified(token).get("iss", "")
        if key is None and not str(claimed).startswith("did:key:"):
            raise CertificateError("This certificate names no key. Give the issuer's with --key.")
        verifier = OB3Verifier(key) if key is not None else OB3Verifier.for_issuer_did(claimed)
        credential = verifier.verify(token)
    except (LibOpenBadgesException, ValueError, TypeError, KeyError) as error:
        raise CertificateError(
            "Do not rely on this certificate. It has been changed since it was signed, or it was signed with another key."
        ) from error
    if key is not None and credential.issuer.id != did_key_from_pem(key):
        raise CertificateError(
            "Do not rely on this certificate. It names an issuer that this key does not belong to."
        )
    found = Certificate(
        credential.id or "",
        shown(credential.issuer.name),
        shown(next((one.identity_hash for one in credential.identifiers if one.identity_type == "name"), "")),
        shown(credential.achievement.name),
        shown(credential.achievement.criteria_narrative),
        credential.issuance_date,
        credential.issuer.id,
    )
    if key is None:
        raise UnknownKeyError(
            f"The certificate is whole. Whether its key is really that of {found.issuer}, it cannot say: ask them for "
            f"{PUBLIC}, and give it with --key.",
            found,
        )
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _append(path: Path, heading: Sequence[str], cells: Sequence[str]) -> None:
    new = not path.exists()
    with path.open("a", encoding="utf-8-sig" if new else "utf-8", newline="") as file:
        writer = csv.writer(file)
        if new:
            writer.writerow(heading)
        writer.writerow([inert(cell) for cell in cells])
