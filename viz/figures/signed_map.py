"""A map of signed numbers around zero, whose cells can be pressed."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from headlight.model.run.arrays import Array

from .. import theme
from .inked import inked
from .tokens import named

MAX_NUMBERS = 12
"""Columns up to which each cell says its number."""
CELL = 40
"""Height of a row, in pixels."""
PLACES = "places"
"""Name of the invisible points that a cell is chosen by."""


def points(
    cells: go.Heatmap, rows: Array, columns: Array, places: Array, size: int = 26
) -> go.Scatter:
    """Unseen points over cells of a heatmap, for it has none that could be chosen.

    Whoever points at one is told what the cell would tell: a trace that tells nothing cannot be
    pressed either.

    Args:
        rows, columns: [n], of the cells.
        places: [n, m], what a chosen point's customdata ends with.
    """
    clear = {"marker": {"opacity": 0}}
    return go.Scatter(
        x=columns,
        y=rows,
        mode="markers",
        marker={"size": size, "opacity": 0, "symbol": "square"},
        selected=clear,
        unselected=clear,
        customdata=np.concatenate([cells.customdata[rows, columns], places], axis=1),
        text=[theme.number(value) for value in cells.z[rows, columns]],
        hovertemplate=cells.hovertemplate.replace("%{z:.3f}", "%{text}"),
        name=PLACES,
        showlegend=False,
    )


def signed_map(
    values: Array,
    rows: list[str],
    columns: list[str],
    title: str,
    most: float,
    dark: bool = False,
) -> go.Figure:
    """A map of signed numbers around zero; NaN is left open.

    Args:
        values: [rows, columns].
        most: both ends of the scale, so that colours mean the same in every picture.
        dark: the middle of the ramp is the dark page's background.
    """
    names = np.empty((*values.shape, 2), dtype=object)
    names[..., 0], names[..., 1] = np.array(rows, object)[:, None], np.array(columns, object)
    figure = go.Figure(
        go.Heatmap(
            z=values,
            customdata=names,
            zmin=-most,
            zmax=most,
            colorscale=theme.diverging(dark),
            hovertemplate="%{customdata[0]} · %{customdata[1]}<br><b>%{z:.3f}</b><extra></extra>",
            hoverongaps=False,
            xgap=1,
            ygap=1,
            colorbar={
                "title": {"text": title, "side": "bottom", "font": {"size": 12}},
                "tickfont": {"size": 12},
                "orientation": "h",
                "thickness": 10,
                "nticks": 5,
                "y": -0.02,
                "yanchor": "top",
            },
        )
    )
    if len(columns) <= MAX_NUMBERS:
        numbers = [[theme.number(value) for value in row] for row in values]
        figure.add_trace(inked(figure.data[0], numbers, min(11.0, 100 / len(columns))))
    places = named(columns)
    figure.update_xaxes(
        tickvals=places,
        ticktext=[columns[i] for i in places],
        autotickangles=theme.LEAN,
        side="top",
        showgrid=False,
        zeroline=False,
        range=[-0.5, len(columns) - 0.5],
    )
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=rows,
        showgrid=False,
        range=[len(rows) - 0.5, -0.5],
    )
    figure.update_yaxes(zeroline=False)
    figure.update_layout(**theme.layout(height=130 + CELL * len(rows)))
    figure.update_layout(margin={"l": 8, "r": 8, "t": 40, "b": 58})
    return figure
