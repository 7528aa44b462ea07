"""All heads of one kind over the kept steps of a training: a line a head, a shade a layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from headlight.model.run.arrays import Array

from .. import theme

DASHES = ("solid", "dash", "dot", "dashdot")
"""A layer's lines; deeper layers begin again."""


def emergence_lines(
    values: Array,
    steps: Sequence[int],
    *,
    kind: str,
    title: str,
    low: float | None = None,
    high: float | None = None,
    baselines: Mapping[str, float] | None = None,
    strong: Sequence[tuple[int, int]] = (),
) -> go.Figure:
    """One number for every head at every kept step.

    Args:
        values: [N, L, H]; NaN leaves a gap.
        steps: [N], which stand at equal distances, as they were kept at about equal ratios.
        kind: "encoder_self", "decoder_self" or "cross".
        title: of the metric, with its unit.
        low, high: its range, where it is bounded.
        baselines: what attention scores that looks at nothing, by name, as grey lines.
        strong: (layer, head) of lines to draw thick.
    """
    figure = go.Figure()
    places = list(range(len(steps)))
    for layer, head in np.ndindex(values.shape[1:]):
        line = values[:, layer, head]
        if not np.isfinite(line).any():
            continue
        thick = (layer, head) in strong
        figure.add_trace(
            go.Scatter(
                x=places,
                y=line,
                mode="lines",
                name=f"L{layer}",
                legendgroup=f"L{layer}",
                showlegend=head == 0,
                line={
                    "color": theme.KIND_COLOURS[kind],
                    "width": 3 if thick else 1.2,
                    "dash": DASHES[layer % len(DASHES)],
                },
                opacity=1.0 if thick else 0.6,
                customdata=[f"L{layer} H{head}, step {step:,}" for step in steps],
                hovertemplate="%{customdata}<br><b>%{y:.3f}</b><extra></extra>",
            )
        )
    for name, value in (baselines or {}).items():
        if np.isfinite(value):
            figure.add_hline(
                value,
                line={"color": theme.NEUTRAL, "width": 1, "dash": "dot"},
                annotation={"text": name, "font": {"size": 11}},
            )
    figure.update_xaxes(
        title="step",
        tickvals=places,
        ticktext=[f"{step:,}" for step in steps],
        showgrid=False,
        zeroline=False,
    )
    span = {} if low is None or high is None else {"range": [low - 0.02, high + 0.02]}
    figure.update_yaxes(title=title, zeroline=False, **span)
    figure.update_layout(**theme.layout(height=320))
    figure.update_layout(
        margin={"t": 24, "b": 40, "l": 50, "r": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 12}},
    )
    return figure
