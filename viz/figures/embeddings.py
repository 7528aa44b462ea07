"""Token embeddings as points, with some of them marked and named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from headlight.model.run.arrays import Array

from .. import theme
from .tokens import label

MAX_NAMES = 24
"""More marked tokens than that are named on hover only."""

SIDES = {"source": "top center", "target": "bottom center", "found": "middle right"}
"""Names of different groups stand on different sides, so that near points can both be read."""

MARKS = {
    "source": {"color": theme.KIND_COLOURS["encoder_self"], "symbol": "circle"},
    "target": {"color": theme.KIND_COLOURS["decoder_self"], "symbol": "diamond"},
    "found": {"color": theme.ROLE_COLOURS["key"], "symbol": "square"},
}


def embedding_map(
    points: Array,
    explained: Array,
    pieces: Sequence[str],
    marked: Mapping[str, Sequence[int]],
    dark: bool = False,
) -> go.Figure:
    """All tokens faintly, the marked ones large and named.

    Args:
        points: [token, 2] or [token, 3] principal components.
        explained: the share of the variance along each axis, 0 to 1.
        pieces: the tokens' names.
        marked: ids by group, "source", "target" or "found".
        dark: of the page; names are drawn on plotly's canvas, where no style reaches them.
    """
    solid = points.shape[1] == 3
    names = [_on_canvas(piece) if solid else label(piece) for piece in pieces]
    everything = {
        "mode": "markers",
        "marker": {"size": 2.5 if solid else 4, "color": theme.NEUTRAL, "opacity": 0.22},
        "text": np.array(names, object),  # a list of 9,000 is checked one by one
        "hovertemplate": "%{text}<extra></extra>",
        "name": "vocabulary",
    }
    figure = go.Figure(_scatter(points, range(len(points)), everything, solid))
    for group, ids in marked.items():
        if not ids:
            continue
        own = {
            "mode": "markers+text",
            "marker": {"size": 5 if solid else 10, **MARKS[group]},
            "text": [_on_canvas(pieces[i]) for i in ids] if len(ids) <= MAX_NAMES else None,
            "hovertext": [names[i] for i in ids],
            "textposition": SIDES[group],
            "textfont": {
                "size": theme.FONT_SIZE + 1,
                "weight": "bold",
                "color": theme.LIGHT if dark else theme.DARK,
            },
            "hovertemplate": "%{hovertext}<extra>" + group + "</extra>",
            "name": group,
        }
        figure.add_trace(_scatter(points, ids, own, solid))
    axes = [f"component {i} · {share:.1%} of the variance" for i, share in enumerate(explained)]
    figure.update_layout(**theme.layout(height=620), legend={"orientation": "h", "y": 1.04})
    if solid:
        ticks: dict[str, Any] = {"showbackground": False, "tickfont": {"size": 10}}
        figure.update_layout(
            scene={
                axis: {"title": {"text": title.split(" of ")[0], "font": {"size": 12}}, **ticks}
                for axis, title in zip(("xaxis", "yaxis", "zaxis"), axes, strict=False)
            }
        )
    else:
        figure.update_layout(dragmode="pan")
        figure.update_xaxes(title=axes[0], zeroline=False)
        figure.update_yaxes(title=axes[1], zeroline=False, scaleanchor="x")
    return figure


def _on_canvas(piece: str) -> str:
    """A piece as a name on plotly's canvas, which draws entities letter by letter."""
    return (piece.replace("▁", "") or "·").replace("<", "‹").replace(">", "›")


def _scatter(
    points: Array, ids: Sequence[int] | range, look: dict[str, Any], solid: bool
) -> go.Scattergl | go.Scatter3d:
    """Points on one canvas, in order: plotly lays its canvas over whatever is not drawn on it."""
    chosen = points[list(ids)]
    if solid:
        return go.Scatter3d(x=chosen[:, 0], y=chosen[:, 1], z=chosen[:, 2], **look)
    return go.Scattergl(x=chosen[:, 0], y=chosen[:, 1], **look)
