"""Drawings as a short text: strokes on a grid, so that a link can carry what was drawn.

`ink.` and then the strokes with a dot between them. A stroke is its first point, two signs for x
and two for y, and then one sign each for the steps in x and in y to every further point. Signs are
those of base64url; the grid has `GRID` steps in the pad's height. `viz/web/pad/ink.js` writes it.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

from .pictures import fit
from .sources import Picture

HEAD = "ink."
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
GRID, ROWS = 127, 168
"""Steps in the height of the pad, and rows of the picture that is drawn of them."""
PEN = 0.085
"""Width of the line, in heights: that of the digits that the model was trained on."""
FINER = 3
"""Times that a drawing is made larger, so that its edges are smooth when it is made smaller."""

Point = tuple[float, float]


def strokes(text: str) -> list[list[Point]]:
    """The points (x, y) of each stroke, the height being 1.

    Raises:
        ValueError: no such text.
    """
    try:
        if not text.startswith(HEAD):
            raise ValueError
        return [_stroke(part) for part in text.removeprefix(HEAD).split(".")]
    except ValueError:
        raise ValueError("This drawing cannot be read from the link: it is not complete.") from None


def _stroke(part: str) -> list[Point]:
    values = [SIGNS.index(sign) for sign in part]
    if len(values) < 4 or len(values) % 2:
        raise ValueError
    x, y = 64 * values[0] + values[1], 64 * values[2] + values[3]
    points = [(x / GRID, y / GRID)]
    for right, down in zip(values[4::2], values[5::2], strict=True):
        x, y = x + right - 32, y + down - 32
        if not (0 <= x < 4096 and 0 <= y < 4096):
            raise ValueError
        points.append((x / GRID, y / GRID))
    return points


def picture(text: str) -> Picture:
    """What was drawn, as a model reads it.

    Raises:
        ValueError: no such text, or a drawing that is too long.
    """
    lines = [_curve(stroke) for stroke in strokes(text)]
    right = max(x for line in lines for x, _ in line) + PEN
    scale = ROWS * FINER
    paper = Image.new("L", (max(1, round(right * scale)), scale))
    draw, wide = ImageDraw.Draw(paper), PEN * scale
    for line in lines:
        points = [(x * scale, y * scale) for x, y in line]
        draw.line(points, 255, round(wide), joint="curve")
        for x, y in points:
            draw.ellipse((x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2), 255)
    small = paper.resize((max(1, paper.width // FINER), ROWS), Image.Resampling.BOX)
    return Picture(fit(np.asarray(small)))


def _curve(points: list[Point]) -> list[Point]:
    """A smooth line through the middles between the points, as the pad draws it."""
    if len(points) < 3:
        return points
    middles = [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in pairwise(points)]
    line = [points[0]]
    for bend, end in zip(points[1:-1], middles[1:], strict=True):
        start = line[-1]
        for t in (0.25, 0.5, 0.75, 1.0):
            x, y = (
                (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c
                for a, b, c in zip(start, bend, end, strict=True)
            )
            line.append((x, y))
    return [*line, points[-1]]


__all__ = ["HEAD", "picture", "strokes"]
