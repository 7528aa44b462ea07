"""Arrays of a walk through one head, one below the other: numbers, rows and matrices as cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from headlight.model.analysis.walk import Part
from headlight.model.analysis.walk.blocks import drawable
from headlight.model.run.arrays import Array

from .. import theme
from .tokens import label, named

ROW, TALLEST, BETWEEN = 16, 260, 62
"""Pixels: of a row of cells, of the tallest matrix, and from one array to the next."""


def parts_maps(parts: Sequence[Part], kind: str, *, dark: bool = False) -> go.Figure:
    """A heatmap a part, with its name and shape above it.

    Weights and masks are drawn on a scale of 0 to 1, all others on one around zero that ends at
    the part's largest number. What is −∞ is left open; large arrays are drawn by their blocks.

    Args:
        kind: of attention, for the colour of weights.
    """
    drawn = [_cells(part) for part in parts]
    heights = [min(TALLEST, max(2 * ROW, ROW * len(cells))) for cells in drawn]
    total = sum(heights) + BETWEEN * len(parts)
    figure = make_subplots(
        rows=len(parts),
        cols=1,
        row_heights=heights,
        vertical_spacing=BETWEEN / total if len(parts) > 1 else 0,
        subplot_titles=[f"{label(part.name)} · {part.shape}" for part in parts],
    )
    for row, (part, cells) in enumerate(zip(parts, drawn, strict=True), start=1):
        figure.add_trace(_map(part, cells, kind, dark), row=row, col=1)
        _name(figure, row, part)
    figure.update_xaxes(showgrid=False, zeroline=False)
    figure.update_yaxes(showgrid=False, zeroline=False, autorange="reversed")
    figure.update_layout(**theme.layout(height=total + 40))
    return figure


def _cells(part: Part) -> Array:
    """[rows, columns] as drawn: a number and a vector are one row."""
    values = np.atleast_2d(np.asarray(part.values, np.float32))
    return drawable(values, named=bool(part.rows or part.columns))


def _map(part: Part, cells: Array, kind: str, dark: bool) -> go.Heatmap:
    shown = np.where(np.isfinite(cells), cells, np.nan)
    share = part.role == "weight" or np.asarray(part.values).dtype == bool
    most = float(np.nanmax(np.abs(shown), initial=0.0)) or 1.0
    return go.Heatmap(
        z=shown,
        zmin=0 if share else -most,
        zmax=1 if share else most,
        colorscale=theme.ramp(theme.KIND_COLOURS[kind], dark) if share else theme.diverging(dark),
        showscale=False,
        hovertemplate="row %{y}, column %{x}<br><b>%{z:.3f}</b><extra></extra>",
        hoverongaps=False,
        name=part.name,
    )


def _name(figure: go.Figure, row: int, part: Part) -> None:
    """The tokens and heads that rows and columns stand for; numbers of a vector have no names."""
    for names, update in ((part.columns, figure.update_xaxes), (part.rows, figure.update_yaxes)):
        places = named(names)
        ticks = [label(names[i]) for i in places]
        update(tickvals=places, ticktext=ticks, row=row, col=1)
