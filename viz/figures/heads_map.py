"""Layers × heads of one kind of attention, coloured by a measure; a cell can be pressed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from headlight.model.run.arrays import Array

from .. import theme
from .inked import inked

CELL = 44
"""Height of a row, in pixels; wide enough for three decimals and for a finger."""
NUMBER, NARROWEST = 11, 88
"""Pixels of the numbers: of eight in the narrowest map; more than eight get less each."""


def heads_map(
    values: Array,
    *,
    kind: str,
    title: str,
    low: float,
    high: float,
    signed: bool = False,
    notes: Sequence[Sequence[str]] | None = None,
    errors: Array | None = None,
    unsure: Array | None = None,
    layer_values: Array | None = None,
    dark: bool = False,
) -> go.Figure:
    """One number for every head.

    Args:
        values: [L, H]; NaN leaves a cell empty.
        kind: "encoder_self", "decoder_self" or "cross".
        title: of the colour bar: the measure and its unit.
        low, high: ends of the colour scale, the same for all kinds that are compared.
        signed: the scale runs through zero, so it gets two hues.
        notes: [L][H] words for the hover, such as badges.
        errors: [L, H] half the width of each value's 95 % interval, told in the hover.
        unsure: [L, H] bool: values whose interval holds the number they are compared with; they
            stand in brackets.
        layer_values: [L] of the mean pattern of each layer, as a column of its own.
        dark: the ramp begins at the dark page's background.

    Returns:
        A figure whose last trace is an invisible point on every cell, x its head and y its layer: a
        heatmap by itself reports no selection.
    """
    shown = values
    if layer_values is not None:
        shown = np.concatenate([values, layer_values[:, None]], axis=1)
    scale = theme.diverging(dark) if signed else theme.ramp(theme.KIND_COLOURS[kind], dark)
    cells = go.Heatmap(
        z=shown,
        zmin=low,
        zmax=high,
        colorscale=scale,
        xgap=2,
        ygap=2,
        hoverinfo="skip",
        colorbar={
            "orientation": "h",
            "y": -0.02,
            "yanchor": "top",
            "thickness": 10,
            "title": {"text": title, "side": "bottom", "font": {"size": 12}},
            "tickfont": {"size": 11},
            "nticks": 5,
        },
    )
    numbers = [[theme.number(value) for value in row] for row in shown]
    for layer, head in np.argwhere(unsure) if unsure is not None else ():
        numbers[layer][head] = f"({numbers[layer][head]})"
    (n_layers, n_heads), n_columns = values.shape, shown.shape[1]
    ink = inked(cells, numbers, max(1.0, min(NUMBER, NARROWEST / n_columns)))
    figure = go.Figure([cells, ink, _points(values, notes, errors)])
    _name_axes(figure, n_layers, n_heads, n_columns)
    figure.update_layout(**theme.layout(height=110 + CELL * n_layers), clickmode="event+select")
    figure.update_layout(margin={"l": 8, "r": 8, "t": 26, "b": 58})
    return figure


def _points(
    values: Array, notes: Sequence[Sequence[str]] | None, errors: Array | None
) -> go.Scatter:
    """An invisible point on every cell, which can be pressed and says its number."""
    layers, heads = np.indices(values.shape)
    said = [""] * values.size if notes is None else _flat(notes)
    widths = np.full(values.shape, np.nan) if errors is None else errors
    unseen = {"marker": {"color": "rgba(0,0,0,0)"}}
    return go.Scatter(
        x=heads.ravel(),
        y=layers.ravel(),
        mode="markers",
        marker={"symbol": "square", "size": CELL - 6, **unseen["marker"]},
        text=[_hover(*one) for one in zip(values.ravel(), widths.ravel(), said, strict=True)],
        hovertemplate="L%{y} H%{x}<br>%{text}<extra></extra>",
        selected=unseen,
        unselected=unseen,
        showlegend=False,
    )


def _name_axes(figure: go.Figure, n_layers: int, n_heads: int, n_columns: int) -> None:
    """Heads above, the mean of a layer behind them where there is one; layers on the left."""
    figure.update_xaxes(
        tickvals=list(range(n_columns)),
        ticktext=[f"H{head}" for head in range(n_heads)] + ["mean"] * (n_columns - n_heads),
        side="top",
        showgrid=False,
        zeroline=False,
        range=[-0.5, n_columns - 0.5],
        tickfont={"size": 12},
    )
    figure.update_yaxes(
        tickvals=list(range(n_layers)),
        ticktext=[f"L{layer}" for layer in range(n_layers)],
        showgrid=False,
        zeroline=False,
        range=[n_layers - 0.5, -0.5],
        tickfont={"size": 12},
    )


def _hover(value: float, width: float, note: str) -> str:
    number = "nothing to measure" if np.isnan(value) else f"<b>{theme.number(value)}</b>"
    if not np.isnan(width):
        number += f" ± {theme.number(width)}"
    return f"{number}<br>{note}" if note else number


def _flat(rows: Sequence[Sequence[str]]) -> list[str]:
    return [one for row in rows for one in row]
