"""Sheets to print and cut up: a blank run chart, paper beads and cards, drawn as plain HTML and SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

COLUMNS, ROWS = 36, 20
BEADS_ACROSS, BEADS_DOWN = 10, 20
RED_IN = 5  # one bead in five is dark


def run_chart(title: str) -> str:
    """Return an empty grid for 36 points, with room for labels under each and numbers at the side."""
    left, top, step, height = 46, 8, 18, 15
    right, bottom = left + COLUMNS * step, top + ROWS * height
    lines = [
        f'<path class="paper-{"strong" if number % 5 == 0 else "faint"}" d="M{left} {top + number * height}H{right}"/>'
        for number in range(ROWS + 1)
    ]
    lines += [
        f'<path class="paper-{"strong" if number % 12 == 0 else "faint"}" d="M{left + number * step} {top}V{bottom + 34}"/>'
        for number in range(COLUMNS + 1)
    ]
    numbers = [
        f'<text x="{left + (number - 0.5) * step}" y="{bottom + 46}" text-anchor="middle">{number}</text>'
        for number in range(1, COLUMNS + 1)
    ]
    return (
        f'<figure class="paper-sheet"><svg viewBox="0 0 {right + 4} {bottom + 52}" role="img" aria-label="{escape(title)}">'
        f"{''.join(lines)}{''.join(numbers)}</svg></figure>"
    )


def beads(title: str) -> str:
    """Return a sheet of squares to cut apart, every fifth one dark with a white cross."""
    size = 18
    squares = []
    for place in range(BEADS_ACROSS * BEADS_DOWN):
        row, column = divmod(place, BEADS_ACROSS)
        x, y = column * size, row * size
        dark = (column + 2 * row) % RED_IN == 0
        squares.append(
            f'<rect class="paper-cut{" paper-dark" if dark else ""}" x="{x}" y="{y}" width="{size}" height="{size}"/>'
        )
        if dark:
            squares.append(
                f'<path class="paper-cross" d="M{x + 5} {y + 5}l8 8m0 -8l-8 8"/>'
            )  # told apart without colour
    width, height = BEADS_ACROSS * size, BEADS_DOWN * size
    return (
        f'<figure class="paper-sheet paper-beads"><svg viewBox="-1 -1 {width + 2} {height + 2}" role="img" aria-label="{escape(title)}">'
        f"{''.join(squares)}</svg></figure>"
    )


def cards(texts: Sequence[tuple[str, str]]) -> str:
    """Return cards to cut apart, each with a heading and its words."""
    made = "".join(f"<li><b>{escape(heading)}</b><span>{escape(text)}</span></li>" for heading, text in texts)
    return f'<ul class="paper-cards">{made}</ul>'
