"""−log p of each token of a given target, as a strip of bars."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from headlight.model.run.arrays import Array

from .. import theme

NAMED = 60
"""Most tokens whose bars carry their number."""


def surprise_strip(
    log_probs: Array, tokens: Sequence[str], predicted: Sequence[str], same: Sequence[bool]
) -> go.Figure:
    """How unexpected each given token was.

    Args:
        log_probs: [T], the log-probability of each given token, in nats.
        tokens, predicted: [T], each given token and the most probable one, as drawn.
        same: [T], whether these two are the same.
    """
    places = range(len(tokens))
    figure = go.Figure()
    for agrees, name, colour in (
        (True, "the model's own choice", theme.NEUTRAL),
        (False, "the model would have chosen another", theme.LOST),
    ):
        shown = [i for i in places if bool(same[i]) is agrees]
        figure.add_trace(
            go.Bar(
                x=shown,
                y=[float(-log_probs[i]) for i in shown],
                text=[f"{-log_probs[i]:.3f}" for i in shown] if len(tokens) <= NAMED else None,
                textposition="outside",
                textangle=0,
                cliponaxis=False,
                marker={"color": colour},
                customdata=[[tokens[i], predicted[i]] for i in shown],
                hovertemplate="step %{x} · <b>%{customdata[0]}</b><br>−log p %{y:.3f} nats<br>"
                "most probable: %{customdata[1]}<extra></extra>",
                name=name,
            )
        )
    figure.update_layout(**theme.layout(height=270), bargap=0.25, showlegend=True)
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": 40, "b": 8},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
    )
    every = -(-len(tokens) // NAMED)
    ticks = list(places)[::every]
    figure.update_xaxes(
        tickvals=ticks,
        ticktext=[_tick(tokens[i], predicted[i], bool(same[i])) for i in ticks],
        autotickangles=theme.LEAN,
        showgrid=False,
        fixedrange=True,
    )
    figure.update_yaxes(title="−log p (nats)", rangemode="tozero", fixedrange=True)
    return figure


def _tick(token: str, predicted: str, same: bool) -> str:
    """The given token, and below it what the model would have said instead."""
    return token if same else f"{token}<br><i>{predicted}</i>"
