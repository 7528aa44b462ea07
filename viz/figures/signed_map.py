"""A map of signed numbers around zero, whose cells can be pressed."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from headlight.model.run.arrays import Array

from .. import theme

MAX_NUMBERS = 12
"""Columns up to which each cell says its number."""
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
    values: Array, rows: list[str], columns: list[str], title: str, most: float
) -> go.Figure:
    """A map of signed numbers around zero; NaN is left open.

    Args:
        values: [rows, columns].
        most: both ends of the scale, so that colours mean the same in every picture.
    """
    less, more = theme.DIVERGING
    names = np.empty((*values.shape, 2), dtype=object)
    names[..., 0], names[..., 1] = np.array(rows, object)[:, None], np.array(columns, object)
    figure = go.Figure(
        go.Heatmap(
            z=values,
            customdata=names,
            zmin=-most,
            zmax=most,
            colorscale=[[0, less], [0.5, "rgba(122,133,148,0.06)"], [1, more]],
            hovertemplate="%{customdata[0]} · %{customdata[1]}<br><b>%{z:.3f}</b><extra></extra>",
            hoverongaps=False,
            xgap=1,
            ygap=1,
            texttemplate="%{z:.2f}" if len(columns) <= MAX_NUMBERS else None,
            colorbar={
                "title": {"text": title, "side": "right", "font": {"size": 12}},
                "thickness": 12,
            },
        )
    )
    figure.update_xaxes(
        tickvals=list(range(len(columns))),
        ticktext=columns,
        autotickangles=theme.LEAN,
        showgrid=False,
        range=[-0.5, len(columns) - 0.5],
    )
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=rows,
        showgrid=False,
        range=[len(rows) - 0.5, -0.5],
    )
    figure.update_yaxes(zeroline=False)
    figure.update_layout(**theme.layout(height=max(230, 100 + 30 * len(rows))))
    return figure
