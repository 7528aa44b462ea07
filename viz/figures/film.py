"""A recorded training in curves: the loss above, what lies between 0 and 1 below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from headlight.model.run.arrays import Array
from headlight.model.training.history import TrainingHistory, clearest
from headlight.model.training.recording import CurvePoint, share

from .. import theme
from ..labels import SHARES


def film_lines(
    history: TrainingHistory, curve: Sequence[CurvePoint], errors: Mapping[str, Array]
) -> go.Figure:
    """Loss of the training and on one source; quality on held-out inputs and the best head's error.

    The kept steps stand at equal distances, as they were kept at about equal ratios.

    Args:
        errors: alignment error by row, [N, L, H]; drawn of the rows that end up better.
    """
    places = np.arange(len(history.steps))
    name, points = share(curve)
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.08)

    def line(row: int, title: str, x: Array, y: Array, colour: str, mode: str = "lines") -> None:
        style = {"mode": mode, "line": {"color": colour}, "cliponaxis": False}
        drawn = go.Scatter(x=x, y=y, name=title, **style)
        drawn.hovertemplate = f"{title} <b>%{{y:.3f}}</b><extra></extra>"
        figure.add_trace(drawn, row=row, col=1)

    def at(steps: Sequence[int]) -> Array:
        return np.interp(steps, history.steps, places)

    if curve:
        losses = np.array([point.loss for point in curve])
        line(1, "training loss", at([point.step for point in curve]), losses, theme.NEUTRAL)
    line(1, "loss on this source", places, history.loss, theme.CHOSEN, "markers")
    if points:
        values = np.array([value for _, value in points])
        line(2, SHARES[name][0], at([step for step, _ in points]), values, theme.NEUTRAL)
    if row := clearest(errors):
        best = errors[row].reshape(len(places), -1).min(-1)
        line(2, "alignment error, best head", places, best, theme.KIND_COLOURS["cross"])
    ticks = [f"{step:,}" for step in history.steps]
    figure.update_xaxes(tickvals=places, ticktext=ticks, showgrid=False, zeroline=False)
    figure.update_xaxes(title="step", row=2, col=1)
    figure.update_yaxes(title="nats per token", rangemode="tozero", row=1, col=1)
    figure.update_yaxes(range=[-0.02, 1.02], row=2, col=1)
    figure.update_layout(**theme.layout(height=380))
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
    return figure
