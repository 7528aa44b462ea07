"""What is added for each position, as a matrix."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from headlight.model.run.arrays import Array

from .. import theme


def position_map(table: Array, axis: str = "", *, dark: bool = False) -> go.Figure:
    """Positions [n, d_model] from top to bottom, on a scale of −1 to 1, or as far as they go.

    Args:
        axis: what the columns are.
    """
    most = max(1.0, float(np.abs(table).max()))
    figure = go.Figure(
        go.Heatmap(
            z=table,
            zmin=-most,
            zmax=most,
            colorscale=theme.diverging(dark),
            colorbar={"title": {"text": "value", "side": "right"}, "thickness": 12},
            hovertemplate="position %{y}, d_model %{x}<br><b>%{z:.3f}</b><extra></extra>",
        )
    )
    figure.update_xaxes(title=f"d_model ({axis})" if axis else "d_model", showgrid=False)
    figure.update_yaxes(title="position", autorange="reversed", showgrid=False)
    figure.update_layout(**theme.layout(height=max(260, min(520, 110 + 8 * len(table)))))
    return figure


def wave_lines(table: Array, dimensions: tuple[int, ...]) -> go.Figure:
    """Some columns of the table [n, d_model] as curves over the position."""
    figure = go.Figure(
        [
            go.Scatter(
                x=list(range(len(table))),
                y=table[:, d],
                mode="lines",
                name=f"d_model {d}",
                hovertemplate=f"position %{{x}}<br><b>%{{y:.3f}}</b><extra>d_model {d}</extra>",
            )
            for d in dimensions
        ]
    )
    figure.update_xaxes(title="position", showgrid=False)
    figure.update_yaxes(title="value", range=[-1.05, 1.05])
    figure.update_layout(
        **theme.layout(height=260),
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )
    return figure
