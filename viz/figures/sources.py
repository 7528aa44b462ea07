"""From output words to source words: a map for one method, and all methods for one output word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from headlight.model.run.arrays import Array

from .. import theme
from .tokens import named


def sources_map(
    values: Array,
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    title: str,
    signed: bool,
    part: str = "word",
    dark: bool = False,
) -> go.Figure:
    """[T, W] numbers: rows are tokens written, columns source words.

    Args:
        title: of the colour bar: the method and its unit.
        signed: the scale is symmetric around zero; otherwise it begins at 0. The largest number
            ends it.
        part: of the source that a column stands for.
    """
    names = np.empty((*values.shape, 2), dtype=object)
    names[..., 0], names[..., 1] = np.array(rows, object)[:, None], np.array(columns, object)
    most = float(np.abs(values).max(initial=1e-9))
    figure = go.Figure(
        go.Heatmap(
            z=values,
            zmin=-most if signed else 0.0,
            zmax=most,
            colorscale=theme.diverging(dark) if signed else theme.ramp(theme.NEUTRAL, dark),
            customdata=names,
            hovertemplate="writes %{customdata[0]}<br>from %{customdata[1]}<br>"
            "<b>%{z:.3f}</b><extra></extra>",
            xgap=1,
            ygap=1,
            colorbar={
                "title": {"text": title, "side": "top", "font": {"size": 12}},
                "orientation": "h",
                "y": 1.0,
                "yanchor": "bottom",
                "thickness": 10,
                "nticks": 5,
            },
        )
    )
    figure.update_xaxes(**_ticks(columns), title=f"source {part}", autotickangles=theme.LEAN)
    figure.update_yaxes(**_ticks(rows), title="output token", autorange="reversed")
    figure.update_layout(**theme.layout(height=max(320, min(720, 120 + 26 * len(rows)))))
    return figure


LIFT, SLANTED = 18, 58
"""Room in pixels for words above the first row of bars: beside each other, and on a slant."""
LINE = 60
"""Letters that fit beside each other over the bars."""


def sources_bars(
    scores: Sequence[Array], titles: Sequence[str], columns: Sequence[str], above: bool = False
) -> go.Figure:
    """One row of bars a method, each with its own axis and unit, for one token written.

    Args:
        scores: for each method [W].
        titles: for each method its name with its unit.
        columns: the source words.
        above: whether they stand over the first row, too, where the last is far below.
    """
    less, more = theme.DIVERGING
    figure = make_subplots(
        rows=len(scores),
        cols=1,
        shared_xaxes=True,
        subplot_titles=titles,
        vertical_spacing=0.36 / len(scores),
    )
    for i, values in enumerate(scores, start=1):
        figure.add_trace(
            go.Bar(
                x=list(range(len(values))),
                y=values,
                marker={"color": [less if value < 0 else more for value in values]},
                customdata=list(columns),
                hovertemplate="%{customdata}<br><b>%{y:.3f}</b><extra></extra>",
                showlegend=False,
            ),
            row=i,
            col=1,
        )
    figure.update_annotations(font={"size": 12}, x=0, xanchor="left")
    figure.update_xaxes(**_ticks(columns), autotickangles=theme.LEAN)
    figure.update_yaxes(nticks=4, tickformat=".3~g", zeroline=True, zerolinecolor=theme.NEUTRAL)
    figure.update_layout(**theme.layout(height=84 * len(scores) + 60), bargap=0.3)
    if above:
        angle, lift = (0, LIFT) if len("  ".join(columns)) <= LINE else (-45, SLANTED)
        figure.update_xaxes(side="top", showticklabels=True, tickangle=angle, row=1, col=1)
        figure.layout.annotations[0].yshift = lift
        figure.layout.margin.t += lift
        figure.layout.height += lift
    return figure


def _ticks(labels: Sequence[str]) -> dict[str, object]:
    places = named(labels)
    return {
        "tickvals": places,
        "ticktext": [labels[i] for i in places],
        "showgrid": False,
        "tickfont": {"size": 12},
    }
