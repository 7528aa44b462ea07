"""A head's map with the marks of edits, and how far two maps differ.

A cut edge has scissors, a row set by hand a pencil; both look different from a masked cell, which
is hatched.
"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from headlight.model.run.arrays import Array
from headlight.model.run.trace import Trace

from .. import theme
from .heads import head_map
from .tokens import axis_labels

SCISSORS, PENCIL = "✂", "✎"
MAX_NUMBERS = 12
"""Columns up to which each cell says its number."""
PLACES = "places"
"""Name of the invisible points that a cell is chosen by."""


def edited_map(trace: Trace, *, kind: str, layer: int, head: int, dark: bool = False) -> go.Figure:
    """`head_map` of a run under edits, every cell a point that can be chosen.

    The points' customdata ends with (query, key).
    """
    figure = head_map(trace, kind=kind, layer=layer, head=head, dark=dark)
    record = trace.attention[kind][layer]
    n_rows = record.pattern.shape[1]
    for cells in figure.select_traces({"type": "heatmap"}):
        rows, columns = np.nonzero(np.isfinite(cells.z))
        figure.add_trace(points(cells, rows, columns, np.stack([rows, columns], axis=1)))
    if record.cut is not None:
        y, x = np.nonzero(record.cut[head])
        _marks(figure, x, y, SCISSORS, theme.LOST)
    by_hand = [row[3] for row, _ in trace.edits.set if row[:3] == (kind, layer, head)]
    y = np.array([row for row in by_hand if row < n_rows])
    if len(y):
        weights = record.pattern[head]
        _marks(figure, np.array([weights[row].argmax() for row in y]), y, PENCIL, theme.NEUTRAL)
    return figure


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


def _marks(figure: go.Figure, x: Array, y: Array, sign: str, colour: str) -> None:
    figure.add_scatter(
        x=x,
        y=y,
        mode="text",
        text=[sign] * len(x),
        textfont={"color": colour, "size": 16},
        hoverinfo="skip",
        showlegend=False,
        name=sign,
    )


def difference_map(before: Trace, after: Trace, *, kind: str, layer: int, head: int) -> go.Figure:
    """Weights after minus before, −1 to 1, over the rows and columns that both runs have."""
    old, new = (trace.attention[kind][layer].pattern[head] for trace in (before, after))
    n, k = (min(a, b) for a, b in zip(old.shape, new.shape, strict=True))
    rows, columns = axis_labels(after.queries(kind))[:n], axis_labels(after.keys(kind))[:k]
    return signed_map(
        new[:n, :k] - old[:n, :k], rows, columns, "Δ attention weight, after − before", 1.0
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
