"""The colours: one file of tokens, the contrast it states is the contrast there is, and it is enough."""

import re

import pytest

from coursekit.paths import ROOT

SOURCE = ROOT / "frontend" / "src"
TOKENS = (SOURCE / "tokens.css").read_text(encoding="utf-8")
TOKEN = re.compile(r"--iip-([\w-]+): (#[0-9a-f]{6}|var\(--iip-[\w-]+\));(?:[ ]*/\* ([\d. ]+))?")
COLOUR = re.compile(
    r"(?<![&\w])#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b|\b(?:rgba?|hsla?|oklch|lab)\("
)
GROUNDS = ("surface", "raised")
WORDS = ("ink", "soft", "accent", "improvement", "concern", "prediction", "target", "data")
STROKES = ("edge", "quiet", "centre", "limit", "group-a", "group-b", "group-c", "group-d")
NOT_MEANT_TO_STAND_OUT = "paper-faint"
SELF_CONTAINED = (
    SOURCE / "pack-page.js"
)  # its page is saved as a file of its own, which cannot read the tokens


def theme(css):
    return {
        name: (value, [float(one) for one in (told or "").split()])
        for name, value, told in TOKEN.findall(css)
    }


LIGHT = theme(TOKENS[: TOKENS.index("@media screen")])
THEMES = {"light": LIGHT, "dark": {**LIGHT, **theme(TOKENS[TOKENS.index("@media screen") :])}}


def colour(tokens, name):
    value = tokens[name][0]
    return colour(tokens, value[len("var(--iip-") : -1]) if value.startswith("var") else value


def luminance(value):
    channels = [int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_arithmetic_is_wcags():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(
        4.54, abs=0.005
    )  # the palest grey that passes on white


@pytest.mark.parametrize("name", THEMES)
def test_every_colour_states_the_contrast_it_has(name):
    tokens = THEMES[name]
    wrong = {}
    for token, (value, told) in tokens.items():
        if value.startswith("var") or token in (*GROUNDS, "paper"):
            continue
        on = ("accent",) if token == "on-accent" else ("paper",) if token.startswith("paper-") else GROUNDS
        real = [contrast(value, colour(tokens, ground)) for ground in on]
        if len(told) != len(real) or any(
            not 0 <= one - said < 0.1 for one, said in zip(real, told, strict=True)
        ):
            wrong[token] = [round(one, 2) for one in real]
    assert wrong == {}


@pytest.mark.parametrize("name", THEMES)
def test_words_and_strokes_stand_out_from_both_grounds(name):
    tokens = THEMES[name]
    assert {*GROUNDS, *WORDS, *STROKES, "on-accent"} == {one for one in tokens if not one.startswith("paper")}
    for ground in (colour(tokens, one) for one in GROUNDS):
        assert min(contrast(colour(tokens, one), ground) for one in WORDS) >= 4.5
        assert min(contrast(colour(tokens, one), ground) for one in STROKES) >= 3
    assert contrast(colour(tokens, "on-accent"), colour(tokens, "accent")) >= 4.5
    paper = [one for one in tokens if one.startswith("paper-") and one != NOT_MEANT_TO_STAND_OUT]
    assert min(contrast(colour(tokens, one), colour(tokens, "paper")) for one in paper) >= 3


def test_no_words_take_the_colour_of_an_edge():
    sheets = "\n".join(file.read_text(encoding="utf-8") for file in SOURCE.glob("*.css"))
    used = set(re.findall(r"(?<![\w-])color: var\(--iip-([\w-]+)\)", sheets))
    assert "ink" in used
    for tokens in THEMES.values():
        pale = {
            one
            for one in used - {"on-accent"}
            if contrast(colour(tokens, one), colour(tokens, "surface")) < 4.5
        }
        assert pale == set()


def test_no_colour_stands_outside_the_token_file():
    stray = {
        f"{file.name}:{number} {found.group()}"
        for file in sorted(SOURCE.iterdir())
        if file.suffix in {".css", ".js"} and file.name != "tokens.css" and file != SELF_CONTAINED
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        for found in COLOUR.finditer(line)
    }
    assert stray == set()


def test_the_page_that_is_saved_alone_has_the_colours_of_paper():
    used = {found.lower() for found in COLOUR.findall(SELF_CONTAINED.read_text(encoding="utf-8"))}
    assert used <= {value for name, (value, _) in LIGHT.items() if name.startswith("paper")}
