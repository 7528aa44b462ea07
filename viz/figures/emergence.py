"""All heads of one kind over the kept steps of a training: a line a head, a shade a layer."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from headlight.model.analysis.heads.baselines import BASELINES
from headlight.model.analysis.heads.metrics import get_metric
from headlight.model.training.emergence import ROWS, Emergence

from .. import theme

DASHES = ("solid", "dash", "dot", "dashdot")
"""A layer's lines; deeper layers begin again."""


def emergence_lines(found: Emergence, metric: str, kind: str) -> go.Figure:
    """One number for every head at every kept step; beside it what looks at nothing scores, grey.

    The steps stand at equal distances, as they were kept at about equal ratios. The best aligners
    in the rows that a metric is about are thick.

    Args:
        metric: its slug.
        kind: "encoder_self", "decoder_self" or "cross".
    """
    figure = go.Figure()
    one, values, steps = get_metric(metric), found.grid(metric, kind), found.steps
    row = ROWS.get(metric)
    strong = [(best.layer, best.head) for best in found.aligners if best.row == row]
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
    for name in BASELINES:
        value = found.baseline(metric, kind, name)
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
    if one.low is not None and one.high is not None:
        figure.update_yaxes(range=[one.low - 0.02, one.high + 0.02])
    figure.update_yaxes(title=", ".join(filter(None, (one.title, one.unit))), zeroline=False)
    figure.update_layout(**theme.layout(height=320))
    figure.update_layout(
        margin={"t": 24, "b": 40, "l": 50, "r": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 12}},
    )
    return figure
