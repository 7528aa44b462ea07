"""Attention weights of heads as heatmaps on one fixed 0..1 scale.

Rows are queries ("from"), columns are keys ("to"). Masked cells are hatched, never just zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from headlight.model.run.arrays import Array
from headlight.model.run.records import AttentionRecord
from headlight.model.run.trace import Trace

from .. import theme
from .tokens import axis_labels, named, row_labels

SCALE_TITLE = "attention weight"


def head_map(trace: Trace, *, kind: str, layer: int, head: int, dark: bool = False) -> go.Figure:
    """One head, large.

    Args:
        trace: what the model computed.
        kind: "encoder_self", "decoder_self" or "cross".
        layer, head: which head, from zero.
        dark: the ramp begins at the dark page's background.

    Raises:
        ValueError: no such kind, layer or head.
    """
    record = _record(trace, kind, layer)
    _check("head", head, trace.heads(kind))
    figure = pattern_map(
        record.pattern[head],
        record.mask,
        row_labels(trace, kind),
        axis_labels(trace.keys(kind)),
        more={
            "score before the mask": record.raw_scores[head],
            "norm-weighted ‖αf(x)‖": record.norm_weighted[head],
        },
        colour=theme.KIND_COLOURS[kind],
        dark=dark,
    )
    title = f"{theme.KIND_NAMES[kind]} · L{layer} H{head}"
    figure.update_layout(title={"text": title, "font": {"size": 15}})
    return figure


def head_grid(trace: Trace, *, kind: str, layer: int, dark: bool = False) -> go.Figure:
    """All heads of one layer, side by side on one scale; arguments and errors as in `head_map`."""
    record = _record(trace, kind, layer)
    n_heads = len(record.pattern)
    n_columns = min(4, n_heads)
    n_rows = -(-n_heads // n_columns)
    figure = make_subplots(
        rows=n_rows,
        cols=n_columns,
        subplot_titles=[f"H{head}" for head in range(n_heads)],
        horizontal_spacing=0.05,
        vertical_spacing=0.25 / n_rows,
    )
    rows, columns = row_labels(trace, kind), axis_labels(trace.keys(kind))
    for head in range(n_heads):
        place = {"row": head // n_columns + 1, "col": head % n_columns + 1}
        one = pattern_map(record.pattern[head], record.mask, rows, columns, "#000000")
        for part in one.data:
            figure.add_trace(part, **place)
        figure.update_xaxes(one.layout.xaxis, title=None, **place)
        figure.update_yaxes(one.layout.yaxis, title=None, **place)
    figure.update_traces(coloraxis="coloraxis", selector={"name": "weights"})
    figure.update_layout(
        **theme.layout(height=90 + 250 * n_rows),
        coloraxis=_scale(theme.KIND_COLOURS[kind], dark),
    )
    return figure


def pattern_map(
    pattern: Array,
    mask: Array,
    rows: Sequence[str],
    columns: Sequence[str],
    colour: str,
    dark: bool = False,
    more: Mapping[str, Array] | None = None,
) -> go.Figure:
    """One [Q, K] pattern with its [Q, K] mask (True = may attend) and a label for each token.

    `more` are other [Q, K] quantities that a cell also says, by their names.
    """
    shown = np.where(mask, pattern, np.nan)
    hover = "from %{customdata[0]} (row %{y})<br>to %{customdata[1]} (column %{x})<br>"
    names = np.empty((*pattern.shape, 2 + len(more or ())), dtype=object)
    names[..., 0], names[..., 1] = np.array(rows, object)[:, None], np.array(columns, object)
    said = f"<b>%{{z:.3f}}</b> {SCALE_TITLE}"
    for i, (name, values) in enumerate((more or {}).items(), start=2):
        names[..., i] = values
        said += f"<br>%{{customdata[{i}]:.3f}} {name}"
    figure = go.Figure(
        go.Heatmap(
            z=shown,
            customdata=names,
            hovertemplate=f"{hover}{said}<extra></extra>",
            coloraxis="coloraxis",
            name="weights",
            xgap=1,
            ygap=1,
            hoverongaps=False,
        )
    )
    if not mask.all():
        figure.add_traces(_masked(mask, names, hover))
    figure.update_xaxes(**_axis(columns), title="to (key)", side="bottom")
    figure.update_yaxes(**_axis(rows), title="from (query)", autorange="reversed")
    figure.update_layout(
        **theme.layout(height=max(320, min(720, 120 + 26 * len(rows)))),
        coloraxis=_scale(colour, dark),
    )
    return figure


def _masked(mask: Array, names: Array, hover: str) -> tuple[go.Heatmap, go.Scatter]:
    """The cells of a [Q, K] mask that may not be attended to, and their hatch."""
    cells = go.Heatmap(
        z=np.where(mask, np.nan, 0.0),
        customdata=names,
        hovertemplate=hover + "masked: not written yet<extra></extra>",
        colorscale=[[0, theme.MISSING], [1, theme.MISSING]],
        showscale=False,
        name="masked",
        hoverongaps=False,
    )
    y, x = np.nonzero(~mask)
    hatch = go.Scatter(
        x=x,
        y=y,
        mode="markers",
        marker={"symbol": "line-ne-open", "size": 7, "color": theme.NEUTRAL, "opacity": 0.5},
        hoverinfo="skip",
        showlegend=False,
        name="hatch",
    )
    return cells, hatch


def _axis(labels: Sequence[str]) -> dict[str, object]:
    places = named(labels)
    return {
        "tickvals": places,
        "ticktext": [labels[i] for i in places],
        "showgrid": False,
        "zeroline": False,
        "tickfont": {"size": 11},
    }


def _scale(colour: str, dark: bool) -> dict[str, object]:
    return {
        "colorscale": theme.ramp(colour, dark),
        "cmin": 0,
        "cmax": 1,
        "colorbar": {"title": {"text": SCALE_TITLE, "side": "right"}, "thickness": 12},
    }


def _record(trace: Trace, kind: str, layer: int) -> AttentionRecord:
    if kind not in theme.KIND_NAMES:
        raise ValueError(f"unknown kind {kind!r}; use {', '.join(theme.KIND_NAMES)}")
    _check("layer", layer, trace.n_layers(kind))
    return trace.attention[kind][layer]


def _check(what: str, value: int, n: int) -> None:
    if not 0 <= value < n:
        raise ValueError(f"{what} {value} does not exist; use 0 to {n - 1}")


__all__ = ["head_grid", "head_map", "pattern_map"]
