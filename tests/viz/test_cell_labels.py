"""Numbers on coloured cells can be read, on every colour that a cell can have."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import pytest

from headlight.viz import theme
from headlight.viz.figures.heads_map import heads_map
from headlight.viz.figures.lens_table import lens_table

STEPS = 512
READABLE = 4.5
"""WCAG 2.2, success criterion 1.4.3."""


def luminance(rgb: np.ndarray) -> np.ndarray:
    """Relative luminance of [..., 3] colours of 0 to 1, as WCAG defines it."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def channels(colour: str) -> np.ndarray:
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def contrasts(figure: go.Figure) -> np.ndarray:
    """Of every word with its cell's colour."""
    cells, words = figure.data[0], figure.data[1]
    shares = (np.array(cells.z)[words.y, words.x] - cells.zmin) / (cells.zmax - cells.zmin)
    stops = np.array([stop for stop, _ in cells.colorscale])
    colours = np.array([channels(colour) for _, colour in cells.colorscale])
    grounds = np.stack([np.interp(shares, stops, part) for part in colours.T], -1)
    inks = np.array([channels(colour) for colour in words.textfont.color])
    light, dark = luminance(grounds), luminance(inks)
    return (np.maximum(light, dark) + 0.05) / (np.minimum(light, dark) + 0.05)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("kind", theme.KIND_COLOURS)
def test_numbers_of_heads_can_be_read_over_the_whole_scale(
    kind: str, signed: bool, dark: bool
) -> None:
    values = np.linspace(-1.0 if signed else 0.0, 1.0, STEPS)[None]
    figure = heads_map(
        values, kind=kind, title="", low=values.min(), high=1.0, signed=signed, dark=dark
    )
    found = contrasts(figure)
    assert len(found) == STEPS
    assert found.min() >= READABLE


@pytest.mark.parametrize("dark", [False, True])
def test_tokens_of_the_logit_lens_can_be_read_at_every_probability(dark: bool) -> None:
    probs = np.linspace(0.0, 1.0, STEPS)[:, None, None]
    figure = lens_table(probs, [[["a"]]] * STEPS, ["0"], ["L"] * STEPS, dark=dark)
    found = contrasts(figure)
    assert len(found) == STEPS
    assert found.min() >= READABLE
