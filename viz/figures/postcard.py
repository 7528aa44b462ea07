"""A picture of a model that somebody has trained, to take along: SVG, of plain numbers."""

from __future__ import annotations

import html
from collections.abc import Sequence
from itertools import pairwise

from headlight.model.run.arrays import Array

from .. import theme

WIDTH, HEIGHT = 1200, 630
"""As pages that show a shared picture like them."""
INK, GROUND = theme.DARK, theme.LIGHT
"""Dark on bright, whatever the page looks like: it goes to other places."""


def postcard(
    *,
    title: str,
    facts: str,
    curve: Sequence[tuple[float, float]],
    before: Array,
    after: Array,
    rows: Sequence[str],
    columns: Sequence[str],
    steps: tuple[int, int],
    head: str,
) -> str:
    """One head at the first and at the last step, and the accuracy between them.

    Args:
        title, facts: what it has learned, and how long that took.
        curve: (step, accuracy from 0 to 1).
        before, after: [Q, K] attention weights.
        steps: of the two maps.
        head: the name of the head, such as `L0 H2`.
    """
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="system-ui, sans-serif">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{GROUND}"/>',
        _text(60, 84, title, 44, weight=600),
        _text(60, 128, facts, 22),
        *_map(60, 190, before, rows, columns, f"{head}, step {steps[0]:,}"),
        *_map(430, 190, after, rows, columns, f"{head}, step {steps[1]:,}"),
        *_curve(840, 220, 300, 250, curve),
        _text(60, 606, "Headlight · every number was computed by the model", 18),
        "</svg>",
    ]
    return "\n".join(parts)


def _map(
    x: int, y: int, weights: Array, rows: Sequence[str], columns: Sequence[str], name: str
) -> list[str]:
    """A heatmap with the names of its rows and columns."""
    room, left = 330, 90
    size = min((room - left) / max(1, len(columns)), 270 / max(1, len(rows)))
    colour = theme.KIND_COLOURS["cross"]
    parts = [_text(x, y, name, 20, weight=600)]
    top = y + 52
    for j, column in enumerate(columns):
        parts.append(_text(x + left + (j + 0.5) * size, top - 10, column, 15, anchor="middle"))
    for i, row in enumerate(rows):
        parts.append(_text(x + left - 8, top + (i + 0.65) * size, row, 15, anchor="end"))
        for j, weight in enumerate(weights[i]):
            parts.append(
                f'<rect x="{x + left + j * size:.1f}" y="{top + i * size:.1f}" '
                f'width="{size:.1f}" height="{size:.1f}" fill="{colour}" '
                f'fill-opacity="{float(weight):.3f}" stroke="{INK}" stroke-opacity="0.2"/>'
            )
    return parts


def _curve(x: int, y: int, w: int, h: int, curve: Sequence[tuple[float, float]]) -> list[str]:
    """Accuracy over the steps, both axes with their ends."""
    last = max((step for step, _ in curve), default=1) or 1
    at = [(x + w * step / last, y + h * (1 - accuracy)) for step, accuracy in curve]
    lines = [
        f'<line x1="{a:.1f}" y1="{b:.1f}" x2="{c:.1f}" y2="{d:.1f}" stroke="{INK}" '
        'stroke-width="3" stroke-linecap="round"/>'
        for (a, b), (c, d) in pairwise(at)
    ]
    return [
        _text(x, y - 30, "accuracy, tokens", 20, weight=600),
        f'<path d="M{x} {y}V{y + h}H{x + w}" fill="none" stroke="{INK}"/>',
        _text(x - 8, y + 6, "1", 16, anchor="end"),
        _text(x - 8, y + h + 6, "0", 16, anchor="end"),
        _text(x + w, y + h + 24, f"step {last:,.0f}", 16, anchor="end"),
        *lines,
    ]


def _text(
    x: float,
    y: float,
    text: str,
    size: int,
    *,
    weight: int = 400,
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" '
        f'fill="{INK}" text-anchor="{anchor}">{html.escape(text)}</text>'
    )
