"""Numbers on coloured cells can be read, on every colour that a cell can have."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

from headlight.viz import theme
from headlight.viz.figures.heads_map import heads_map
from headlight.viz.figures.lens_table import lens_table
from headlight.viz.figures.signed_map import signed_map

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


@pytest.mark.parametrize("dark", [False, True])
def test_numbers_of_a_patching_map_can_be_read_over_the_whole_scale(dark: bool) -> None:
    values = np.linspace(-1.0, 1.0, STEPS).reshape(-1, 8)
    rows, columns = [f"L{i}" for i in range(len(values))], [f"H{i}" for i in range(8)]
    figure = signed_map(values, rows, columns, "", 1.0, dark)
    found = contrasts(figure)
    assert len(found) == STEPS
    assert found.min() >= READABLE
    assert figure.data[1].text[0] == "−1.000"


def test_no_heatmap_writes_in_plotlys_own_ink() -> None:
    """Plotly puts dark grey on a dark page's cells: words on cells come from `inked`."""
    for source in Path(theme.__file__).parent.joinpath("figures").glob("*.py"):
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "go.Heatmap":
                given = {one.arg for one in call.keywords}
                assert not given & {"texttemplate", "text"}, source.name
