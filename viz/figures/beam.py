"""The tree of a beam search: one row a step, every candidate that was weighed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from model.decoding import BeamTree, Node
from model.decoding.tree import ROOT
from viz import theme

ROW = 58
"""Pixels from one step to the next."""

MOST_NAMED = 20
"""Candidates a step that all carry their name and number; of more, dropped ones do on hover."""

STATES: dict[str, dict[str, Any]] = {
    "forced": {"symbol": "square", "size": 10, "color": theme.NEUTRAL},
    "kept": {"symbol": "circle", "size": 10, "color": theme.NEUTRAL},
    "dropped": {"symbol": "x-thin", "size": 7, "color": theme.NEUTRAL, "line": {"width": 1.5}},
    "finished": {"symbol": "diamond", "size": 13, "color": theme.CHOSEN},
    "cut off": {"symbol": "triangle-down", "size": 11, "color": theme.NEUTRAL},
}
"""Marks of what became of a candidate."""


def beam_tree(tree: BeamTree, labels: Sequence[str]) -> go.Figure:
    """A search from the top down; the best text is the thick line.

    Args:
        tree: the search.
        labels: the token of each node, as drawn.

    Every point's `customdata` is [its node's index, ...]; the first one, `<bos>`, has -1.
    """
    places = _places(tree)
    best = set(tree.path(tree.ends[0])) if tree.ends else set()
    figure = go.Figure()
    for name, wanted, line in (
        ("dropped", lambda i, node: node.state == "dropped", {"width": 0.8, "dash": "dot"}),
        ("kept", lambda i, node: node.state != "dropped" and i not in best, {"width": 1.5}),
        ("best", lambda i, node: i in best, {"width": 4}),
    ):
        shown = [i for i, node in enumerate(tree.nodes) if wanted(i, node)]
        colour = theme.CHOSEN if name == "best" else theme.NEUTRAL
        figure.add_trace(_edges(tree, places, shown, {**line, "color": colour}, f"{name} edges"))
    figure.add_trace(_root())
    for state, marker in STATES.items():
        shown = [i for i, node in enumerate(tree.nodes) if node.state == state]
        if shown:
            figure.add_trace(_points(tree, places, labels, shown, state, marker))
    steps = max((node.step for node in tree.nodes), default=0) + 1
    figure.update_layout(**theme.layout(height=110 + ROW * (steps + 1)))
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        hovermode="closest",
        clickmode="event+select",
    )
    width = max(x for x, _ in places.values())
    figure.update_xaxes(visible=False, range=[-0.6, max(width, 3) + 0.6], fixedrange=True)
    figure.update_yaxes(
        title="step",
        range=[steps - 0.3, -1.4],
        tickvals=list(range(steps)),
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    return figure


def _places(tree: BeamTree) -> dict[int, tuple[int, int]]:
    """(column, step) of each node: candidates of a step stand in the order of their totals."""
    places = {ROOT: (0, -1)}
    seen: dict[int, int] = {}
    for i, node in enumerate(tree.nodes):
        places[i] = (seen.get(node.step, 0), node.step)
        seen[node.step] = places[i][0] + 1
    return places


def _edges(
    tree: BeamTree,
    places: dict[int, tuple[int, int]],
    shown: Sequence[int],
    line: dict[str, Any],
    name: str,
) -> go.Scatter:
    x: list[float | None] = []
    y: list[float | None] = []
    for i in shown:
        start, end = places[tree.nodes[i].parent], places[i]
        x += [start[0], start[0], end[0], None]
        y += [start[1], start[1] + 0.62, end[1], None]  # past the name below the parent
    return go.Scatter(
        x=x, y=y, mode="lines", line=line, hoverinfo="skip", showlegend=False, name=name
    )


def _points(
    tree: BeamTree,
    places: dict[int, tuple[int, int]],
    labels: Sequence[str],
    shown: Sequence[int],
    state: str,
    marker: dict[str, Any],
) -> go.Scatter:
    nodes = [tree.nodes[i] for i in shown]
    widest = max(x for x, _ in places.values()) + 1
    named = widest <= MOST_NAMED or state != "dropped"
    return go.Scatter(
        x=[places[i][0] for i in shown],
        y=[places[i][1] for i in shown],
        mode="markers+text" if named else "markers",
        text=[f"{labels[i]}<br>{_number(tree.nodes[i].total)}" for i in shown],
        textposition="bottom center",
        textfont={"size": 11, **({"color": theme.NEUTRAL} if state == "dropped" else {})},
        customdata=[
            [i, labels[i], node.step, _number(node.log_prob), _number(node.total), _score(node)]
            for i, node in zip(shown, nodes, strict=True)
        ],
        hovertemplate="<b>%{customdata[1]}</b> · step %{customdata[2]} · "
        + f"{state}<br>log p of the token %{{customdata[3]}}<br>"
        "log p from the start %{customdata[4]}<br>with length penalty %{customdata[5]}"
        "<extra></extra>",
        marker={**marker, "opacity": 1},
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        name=state,
    )


def _root() -> go.Scatter:
    return go.Scatter(
        x=[0],
        y=[-1],
        mode="markers+text",
        text=["&lt;bos&gt;"],
        textposition="middle right",
        textfont={"size": 11},
        customdata=[[ROOT]],
        marker={"size": 7, "color": theme.NEUTRAL},
        hoverinfo="skip",
        showlegend=False,
        name="start",
    )


def _score(node: Node) -> str:
    return _number(node.score)


def _number(value: float) -> str:
    """Three decimals with a true minus sign."""
    return f"{value:.3f}".replace("-", "−")
