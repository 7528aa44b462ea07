"""Colours and margins of every picture; the page's own stand in `.streamlit/config.toml`.

Text and background are left to Streamlit's theme, which follows light and dark by itself; what is
chosen here is readable on both.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

KIND_COLOURS = {"encoder_self": "#0072B2", "decoder_self": "#D55E00", "cross": "#009E73"}
"""One colour for each kind of attention, everywhere (Okabe & Ito: safe for colour-blind eyes)."""

ROLE_COLOURS = {
    "query": "#8A63D2",
    "key": "#A67C00",
    "value": "#C9527D",
    "stream": "#7A8594",
    "parameter": "#7A8594",
    "mask": "#7A8594",
}
"""The same role has the same colour in every step; 3.7 or more on white and on the dark page."""

_KINDS = json.loads(Path(__file__).with_name("kinds.json").read_text(encoding="utf-8"))
"""What the three kinds of attention are called; the browser's code reads the same table."""
KIND_NAMES = {kind: str(said["name"]).capitalize() for kind, said in _KINDS.items()}
KIND_SHORT = {kind: str(said["short"]) for kind, said in _KINDS.items()}

DIVERGING = ("#A04E05", "#774EBE")
"""Less and more than zero: equally light, so that as much of either looks alike; 3.0 or more on
white and on the dark page."""

TINT = 0.6
"""How much of the far end of a dark page's ramp is white."""

NEUTRAL = "#7A8594"
"""Bars, lines and marks that belong to no kind; 3.5 or more on white and on the dark page."""

CHOSEN = "#0072B2"
LOST = "#D55E00"
MISSING = "rgba(122, 133, 148, 0.18)"
"""The ground under cells that hold no number."""

LIGHT, DARK = "#FCFCFD", "#14171C"
"""The pages' backgrounds, where a ramp begins; they match `.streamlit/config.toml` (a test)."""

LEAN = [0, -45, -90]
"""Angles of the names under an axis: the first at which none overlaps the next."""

MARGINS = {"l": 8, "r": 8, "t": 32, "b": 8}
FONT_SIZE = 13


def ramp(colour: str, dark: bool = False) -> list[list[Any]]:
    """A single-hue plotly scale, from the page's background to the full colour.

    On a dark page it reaches the colour half way and goes on to a tint of it: its steps are twice
    as large there, as small weights have to be seen across a room. Lightness is strictly monotone,
    so that more is always told from less. The browser's own ramps are made alike
    (`viz/web/shared/colour.js`).
    """
    return _scale([DARK if dark else LIGHT, *_upward(colour, dark)])


def diverging(dark: bool = False) -> list[list[Any]]:
    """A plotly scale for differences, neutral at its middle; each side is a ramp."""
    less, more = (_upward(colour, dark) for colour in DIVERGING)
    return _scale([*reversed(less), DARK if dark else LIGHT, *more])


def _upward(colour: str, dark: bool) -> list[str]:
    """What a ramp goes through after the page's background."""
    parts = (round(255 * TINT + (1 - TINT) * part) for part in _rgb(colour))
    return [colour, f"#{bytes(parts).hex().upper()}"] if dark else [colour]


def _scale(colours: list[str]) -> list[list[Any]]:
    """Colours at even distances from 0 to 1."""
    return [[i / (len(colours) - 1), colour] for i, colour in enumerate(colours)]


def colour_at(scale: Sequence[Sequence[Any]], share: float) -> tuple[float, float, float]:
    """Red, green and blue, 0 to 255, at a share of 0 to 1 of a plotly scale, which is linear."""
    ends = [stop for stop, _ in scale]
    parts = zip(*(_rgb(colour) for _, colour in scale), strict=True)
    red, green, blue = (float(np.interp(share, ends, part)) for part in parts)
    return red, green, blue


def ink(ground: tuple[float, float, float]) -> str:
    """Black or white, whichever is read better on red, green and blue of 0 to 255.

    Where both read alike their contrast is 4.58, so that it is never less than that
    (relative luminance and contrast as in WCAG 2.2).
    """
    shares = [part / 255 for part in ground]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (luminance + 0.05) ** 2 > 1.05 * 0.05 else "#FFFFFF"


def _rgb(colour: str) -> tuple[int, ...]:
    """`#RRGGBB` as numbers."""
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def number(value: float) -> str:
    """Three decimals with a true minus sign; what rounds to zero has none."""
    return f"{value:z.3f}".replace("-", "−")


def probability(value: float) -> str:
    """A share of 1: three decimals, and of those that are too small for them that they are."""
    return "< 0.001" if 0 < value < 0.0005 else number(value)


def layout(height: int) -> dict[str, Any]:
    """What every figure shares: transparent grounds, small margins, no zoom by accident."""
    return {
        "height": height,
        "margin": dict(MARGINS),
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": FONT_SIZE},
        "hoverlabel": {"font": {"family": "ui-monospace, monospace", "size": FONT_SIZE}},
        "dragmode": False,
    }


def faint(colour: str) -> str:
    """A colour `#rrggbb` as a thin wash over whatever is behind it."""
    red, green, blue = _rgb(colour)
    return f"rgba({red},{green},{blue},0.13)"
