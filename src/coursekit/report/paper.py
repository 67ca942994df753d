"""A certificate on paper: one page of A4 as PDF, with the signed credential inside it as an attachment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib
from fontTools.ttLib import TTFont
from fpdf import FPDF

from coursekit.report.certificates import NOT_SAID, PUBLIC, RULE, SUFFIX, Certificate
from coursekit.report.lettering import set_out

_FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
"""DejaVu Sans: a free licence that allows embedding, and letters for most European names, Hebrew and Arabic."""
_INK, _ACCENT, _SOFT = (32, 41, 43), (20, 96, 90), (86, 96, 95)


def write_pdf(path: Path, certificate: Certificate, token: str, assessed: Sequence[str], time: str) -> bool:
    """Write the page.

    Args:
        path: where to.
        certificate: what it says.
        token: the signed credential, to be attached.
        assessed: what was assessed, a sentence each.
        time: how long the lessons are planned to take.

    Returns:
        Whether the learner's name could be set; otherwise the page says where it stands.
    """
    page = FPDF(format="A4")
    page.set_lang("en-GB")
    page.set_title(f"{certificate.title}: {certificate.name}")
    page.set_creation_date(certificate.issued)
    page.set_auto_page_break(True, margin=15)
    page.add_font("course", fname=_FONTS / "DejaVuSans.ttf")
    page.add_font("course", "B", fname=_FONTS / "DejaVuSans-Bold.ttf")
    glyphs = TTFont(_FONTS / "DejaVuSans-Bold.ttf", lazy=True).getBestCmap()
    page.set_margins(25, 22)
    page.add_page()

    def line(
        text: str, size: float, *, bold: bool = False, colour: tuple[int, int, int] = _INK, after: float = 2
    ) -> None:
        page.set_font("course", "B" if bold else "", size)
        page.set_text_color(*colour)
        page.multi_cell(0, size * 0.53, _plain(text, glyphs), align="L", new_x="LMARGIN", new_y="NEXT")
        page.ln(after)

    line("IMPACT in Practice, an open course in healthcare improvement", 10, colour=_SOFT, after=10)
    name = set_out(certificate.name, lambda letter: ord(letter) in glyphs)
    size = 26.0
    page.set_font("course", "B", size)
    while name is not None and size > 10 and page.get_string_width(name) > page.epw:
        size -= 1
        page.set_font("course", "B", size)
    if name is None:
        line(
            "The learner’s name is written in letters that this page’s font cannot set. It stands, signed, in the credential "
            f"that came with this page, a file that ends in {SUFFIX}.",
            12,
        )
    else:
        line(name, size, bold=True, after=3)
    line(certificate.title, 15, bold=True, colour=_ACCENT, after=8)
    line("What was assessed", 11, bold=True)
    for one in assessed:
        line(f"• {one}", 10, after=0.5)
    page.ln(2)
    line(time, 10, after=4)
    line("The rule", 11, bold=True)
    line(RULE, 10, after=4)
    line("What this does not say", 11, bold=True)
    line(NOT_SAID, 10, after=4)
    line(f"Issued by {certificate.issuer}", 11, bold=True, after=0)
    line(f"{certificate.issued.day} {certificate.issued:%B %Y}", 11, after=4)
    line(
        f"Paper can be copied and changed. What counts is the signed credential: the file that ends in {SUFFIX}, which is also "
        f"attached to this PDF. Check either without the internet: course verify FILE --key {PUBLIC}. Ask the issuer for that "
        "key, and whether the certificate has been withdrawn since.",
        8,
        colour=_SOFT,
        after=1,
    )
    line(f"Certificate {certificate.id}", 8, colour=_SOFT, after=1)
    line(f"Key {certificate.key}", 8, colour=_SOFT)
    page.embed_file(
        bytes=token.encode("ascii"),
        basename=f"credential{SUFFIX}",
        desc="Open Badges 3.0 credential",
        compress=False,
    )
    page.output(str(path))
    return name is not None


def _plain(text: str, glyphs: dict[int, str]) -> str:
    """Running text as glyphs; a letter that the font lacks becomes a mark that says so."""
    set_text = set_out(text, lambda letter: ord(letter) in glyphs)
    return set_text or "".join(letter if ord(letter) in glyphs else "\ufffd" for letter in text)
