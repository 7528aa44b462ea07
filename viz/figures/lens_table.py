"""The logit lens as a table: what each layer would say, coloured by probability."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from headlight.model.run.arrays import Array

from .. import theme
from .inked import THIRD, inked
from .tokens import label


def lens_table(
    probs: Array,
    best: Sequence[Sequence[Sequence[str]]],
    rows: Sequence[str],
    depths: Sequence[str],
    *,
    chosen: int | None = None,
    dark: bool = False,
) -> go.Figure:
    """One row a position, one column a depth.

    Args:
        probs: [depth, position, k], 0 to 1, most probable first.
        best: the k tokens of each depth and position.
        rows, depths: their names, as drawn.
        chosen: the row that is outlined.
        dark: the ramp begins at the dark page's background.
    """
    n_depths, n_rows, k = probs.shape
    text = [[label(best[d][t][0]) for d in range(n_depths)] for t in range(n_rows)]
    hover = [
        [
            "<br>".join(f"{label(best[d][t][i])}  {probs[d, t, i]:.3f}" for i in range(k))
            for d in range(n_depths)
        ]
        for t in range(n_rows)
    ]
    cells = go.Heatmap(
        z=probs[:, :, 0].T,
        x=list(range(n_depths)),
        y=list(range(n_rows)),
        customdata=hover,
        hovertemplate="%{customdata}<extra></extra>",
        zmin=0,
        zmax=1,
        colorscale=theme.ramp(theme.DIVERGING[1], dark),
        colorbar={
            "title": {"text": "probability", "side": "top", "font": {"size": 12}},
            "tickfont": {"size": 12},
            "orientation": "h",
            "thickness": 10,
            "len": 0.4,
            "x": 0,
            "xanchor": "left",
            "y": -0.02,
            "yanchor": "top",
        },
        xgap=2,
        ygap=2,
    )
    figure = go.Figure([cells, inked(cells, text, theme.FONT_SIZE - 1, 3 * THIRD)])
    figure.update_xaxes(
        tickvals=list(range(n_depths)), ticktext=list(depths), side="top", showgrid=False
    )
    figure.update_yaxes(
        tickvals=list(range(n_rows)),
        ticktext=list(rows),
        autorange="reversed",
        showgrid=False,
        zeroline=False,
    )
    if chosen is not None:
        figure.add_shape(
            type="rect",
            x0=-0.5,
            x1=n_depths - 0.5,
            y0=chosen - 0.5,
            y1=chosen + 0.5,
            line={"color": theme.NEUTRAL, "width": 2},
        )
    figure.update_layout(**theme.layout(height=130 + 30 * n_rows))
    return figure
