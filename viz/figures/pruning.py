"""Curves over the number of heads removed: a colour a kind; solid by rank, a band at random."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from headlight.model.analysis.interventions.pruning import ALL, RANKED, Curve, Pruning

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
    for heads in dict.fromkeys(curve.heads for curve in pruning.curves):
        curves = [curve for curve in pruning.curves if curve.heads == heads]
        _band(figure, [one for one in curves if one.order != RANKED], what)
        for curve in curves:
            if curve.order == RANKED:
                figure.add_trace(_ranked(curve, what))
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


def _values(curve: Curve, what: str) -> tuple[float | None, ...]:
    return curve.loss if what == "loss" else curve.quality


def _ranked(curve: Curve, what: str) -> go.Scatter:
    """The order of sensitivity: a solid line."""
    points = [(n, value) for n, value in enumerate(_values(curve, what)) if value is not None]
    name = _name(curve.heads)
    return go.Scatter(
        x=[n for n, _ in points],
        y=[value for _, value in points],
        mode="lines+markers" if what == "quality" else "lines",
        name=name,
        legendgroup=curve.heads,
        line={"color": _colour(curve.heads), "width": 2.5},
        marker={"size": 6},
        cliponaxis=False,
        hovertemplate=f"{name}, least sensitive first<br>%{{x}} heads removed<br>"
        "<b>%{y:.3f}</b><extra></extra>",
    )


def _band(figure: go.Figure, curves: list[Curve], what: str) -> None:
    """Random orders: their range as an area, their mean as a dotted line."""
    found = [_values(curve, what) for curve in curves]
    n_points = min((len(values) for values in found), default=0)
    rows = np.array([[np.nan if v is None else v for v in row[:n_points]] for row in found])
    there = np.flatnonzero(np.isfinite(rows).all(0)) if rows.size else np.zeros(0, int)
    if len(there) < 2:
        return
    heads, x = curves[0].heads, there.tolist()
    name, colour = _name(heads), _colour(heads)
    low, high, mean = (f(rows[:, there], axis=0) for f in (np.min, np.max, np.mean))
    shared = {"legendgroup": heads, "showlegend": False, "hoverinfo": "skip", "mode": "lines"}
    figure.add_trace(go.Scatter(x=x, y=low, line={"width": 0, "color": colour}, **shared))
    figure.add_trace(
        go.Scatter(
            x=x,
            y=high,
            fill="tonexty",
            fillcolor=theme.faint(colour),
            line={"width": 0, "color": colour},
            **shared,
        )
    )
    figure.add_trace(
        go.Scatter(
            x=x,
            y=mean,
            mode="lines",
            legendgroup=heads,
            showlegend=False,
            line={"color": colour, "width": 1.25, "dash": "dot"},
            customdata=np.stack([low, high], axis=1),
            hovertemplate=f"{name}, mean of {len(curves)} random orders<br>%{{x}} heads removed<br>"
            "<b>%{y:.3f}</b> (%{customdata[0]:.3f} to %{customdata[1]:.3f})<extra></extra>",
        )
    )


def _name(heads: str) -> str:
    return theme.KIND_SHORT.get(heads, "all kinds")


def _colour(heads: str) -> str:
    return theme.KIND_COLOURS.get(heads, theme.NEUTRAL)
