"""Direct logit attribution as bars: the largest parts, and all others in one."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from .. import theme

GROUP_COLOURS = {
    **theme.KIND_COLOURS,
    "mlp": theme.DIVERGING[1],
    "embedding": theme.NEUTRAL,
    "bias": theme.NEUTRAL,
}
GROUP_NAMES = {
    "decoder_self": "decoder self-attention heads",
    "cross": "cross-attention heads",
    "mlp": "feed-forward",
    "embedding": "token and position",
    "bias": "biases",
}


def attribution_bars(
    names: Sequence[str], values: Sequence[float], groups: Sequence[str], *, title: str, most: int
) -> go.Figure:
    """One bar a writer, the largest first, coloured by what it is; the bars sum to the whole.

    Args:
        names, values, groups: of each writer; values in the unit of logits.
        title: of the value axis.
        most: bars at most; the writers that are left share one bar.
    """
    order = sorted(range(len(names)), key=lambda i: -abs(values[i]))
    shown, rest = order[:most], order[most:]
    figure = go.Figure()
    for group, colour in GROUP_COLOURS.items():
        here = [i for i in shown if groups[i] == group]
        if here:
            figure.add_trace(
                _bars([names[i] for i in here], [values[i] for i in here], colour, group)
            )
    bars = [names[i] for i in shown]
    if rest:
        other = f"the other {len(rest)}"
        total = sum(values[i] for i in rest)
        figure.add_trace(_bars([other], [total], theme.MISSING, ""))
        bars.append(other)
    figure.update_yaxes(
        categoryorder="array", categoryarray=bars[::-1], showgrid=False, ticksuffix=" "
    )
    ends = [0.0, *(value for bar in figure.data for value in bar.x)]
    room = 0.18 * (max(ends) - min(ends))  # for the numbers beside the bars
    span = [min(ends) - room * (min(ends) < 0), max(ends) + room * (max(ends) > 0)]
    figure.update_xaxes(title=title, range=span, zeroline=True, zerolinecolor=theme.NEUTRAL)
    figure.update_layout(
        **theme.layout(height=110 + 22 * len(bars)),
        barmode="overlay",
        bargap=0.25,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )
    return figure


def _bars(names: list[str], values: list[float], colour: str, group: str) -> go.Bar:
    return go.Bar(
        x=values,
        y=names,
        orientation="h",
        marker={"color": colour},
        name=GROUP_NAMES.get(group, "all others"),
        texttemplate="%{x:.3f}",
        textposition="outside",  # in the page's own ink, on whatever colour the bar is
        textfont={"size": 11},
        constraintext="none",
        hovertemplate="%{y}<br><b>%{x:.3f}</b><extra></extra>",
    )
