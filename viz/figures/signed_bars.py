"""Bars around zero, one a token or word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from headlight.model.run.arrays import Array

from .. import theme


def signed_bars(
    values: Array, labels: Sequence[str], *, title: str, height: int = 240
) -> go.Figure:
    """One bar a label, in two colours by sign; the axis always holds zero.

    Args:
        values: [n].
        labels: [n], as drawn (plotly reads a little HTML in them).
        title: of the value axis, with its unit.
    """
    less, more = theme.DIVERGING
    figure = go.Figure(
        go.Bar(
            x=list(range(len(values))),
            y=values,
            marker={"color": [less if value < 0 else more for value in values]},
            customdata=list(labels),
            hovertemplate="%{customdata}<br><b>%{y:.3f}</b><extra></extra>",
        )
    )
    figure.update_xaxes(
        tickvals=list(range(len(labels))),
        ticktext=list(labels),
        autotickangles=theme.LEAN,
        showgrid=False,
    )
    figure.update_yaxes(
        title=title, zeroline=True, zerolinecolor=theme.NEUTRAL, nticks=5, tickformat=".3~g"
    )
    largest = float(np.abs(values).max(initial=0.0))
    if largest < 1e-3:
        figure.update_yaxes(range=[-1, 1])  # nothing to see is drawn as nothing
    figure.update_layout(**theme.layout(height=height), bargap=0.25)
    figure.update_layout(margin={"t": 8, "l": 50})
    return figure
