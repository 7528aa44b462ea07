"""Curves over the number of heads removed: a colour a kind; solid by rank, dotted at random."""

from __future__ import annotations

import plotly.graph_objects as go

from headlight.model.analysis.interventions.pruning import ALL, Pruning

from .. import theme


def pruning_curves(pruning: Pruning, *, what: str) -> go.Figure:
    """Loss or quality with the first n heads of an order removed.

    Args:
        pruning: the curves.
        what: "loss", in nats per token, or "quality", as `pruning.quality_name` says.

    Raises:
        ValueError: `what` is neither.
    """
    if what not in ("loss", "quality"):
        raise ValueError(f"what must be loss or quality, not {what!r}")
    figure = go.Figure()
    for curve in pruning.curves:
        values = curve.loss if what == "loss" else curve.quality
        points = [(n, value) for n, value in enumerate(values) if value is not None]
        by_rank = curve.order == "importance"
        name = theme.KIND_SHORT.get(curve.heads, "all kinds")
        order = "least important first" if by_rank else "random order"
        colour = theme.KIND_COLOURS.get(curve.heads, theme.NEUTRAL)
        figure.add_trace(
            go.Scatter(
                x=[n for n, _ in points],
                y=[value for _, value in points],
                mode="lines+markers" if by_rank and what == "quality" else "lines",
                name=name,
                legendgroup=curve.heads,
                showlegend=by_rank,
                line={
                    "color": colour,
                    "width": 2.5 if by_rank else 1.25,
                    "dash": "solid" if by_rank else "dot",
                },
                marker={"size": 6},
                opacity=1.0 if by_rank else 0.8,
                hovertemplate=f"{name}, {order}<br>%{{x}} heads removed<br>"
                "<b>%{y:.3f}</b><extra></extra>",
            )
        )
    title = "loss, nats per token" if what == "loss" else pruning.quality_name
    most = max((len(c.removed) for c in pruning.curves if c.heads == ALL), default=None)
    figure.update_xaxes(title="heads removed", rangemode="tozero", zeroline=False)
    if most:
        figure.update_xaxes(range=[0, most])
    figure.update_yaxes(title=title, rangemode="tozero", zeroline=False)
    figure.update_layout(**theme.layout(height=400))
    figure.update_layout(
        margin={"t": 10, "b": 40, "l": 50},
        legend={  # two names a row, so that it fits and looks alike at every width
            "orientation": "h",
            "entrywidth": 0.48,
            "tracegroupgap": 0,
            "entrywidthmode": "fraction",
            "y": 1.02,
            "yanchor": "bottom",
            "x": 0,
            "font": {"size": 12},
        },
    )
    return figure
