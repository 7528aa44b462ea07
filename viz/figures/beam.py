"""The tree of a beam search: one row a step, every candidate that was considered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from headlight.model.decoding import BeamTree, Node
from headlight.model.decoding.tree import ROOT

from .. import theme

ROW = 58
"""Pixels from one step to the next."""

MAX_NAMED = 20
"""Names for which a step has room; dropped ones of a wider step do on hover only."""

MAX_NAMES = 1_000
"""Names that are drawn beside points; of a larger tree only the best texts carry theirs."""

LEVEL, LEVEL_STEP, LEVELS = 0.36, 0.05, 7
"""Where lines turn between two steps: one level a parent, so that they can be told apart."""

STATES: dict[str, dict[str, Any]] = {
    "forced": {"symbol": "square", "size": 10, "color": theme.NEUTRAL},
    "kept": {"symbol": "circle", "size": 10, "color": theme.NEUTRAL},
    "dropped": {
        "symbol": "x-thin",
        "size": 7,
        "color": theme.NEUTRAL,
        "line": {"width": 1.5, "color": theme.NEUTRAL},
    },
    "finished": {"symbol": "diamond", "size": 13, "color": theme.CHOSEN},
    "cut off": {"symbol": "triangle-down", "size": 11, "color": theme.NEUTRAL},
}
"""Marks of what became of a candidate."""


def beam_tree(tree: BeamTree, labels: Sequence[str], shown: Sequence[int] = ()) -> go.Figure:
    """A search from the top down; the best text is the thick line.

    Args:
        tree: the search.
        labels: the token of each node, as drawn.
        shown: target ids of the text that is looked at; its nodes are ringed.

    The `customdata` of a node's point begins with the node's index.
    """
    nodes = tuple(tree.nodes)
    places = _places(nodes)
    best = set(tree.path(tree.ends[0])) if tree.ends else set()
    figure = go.Figure()
    for name, wanted, line in (
        ("dropped", lambda i, node: node.state == "dropped", {"width": 0.8, "dash": "dot"}),
        ("kept", lambda i, node: node.state != "dropped" and i not in best, {"width": 1.5}),
        ("best", lambda i, node: i in best, {"width": 4}),
    ):
        ends = [i for i, node in enumerate(nodes) if wanted(i, node)]
        colour = theme.CHOSEN if name == "best" else theme.NEUTRAL
        figure.add_trace(_edges(nodes, places, ends, {**line, "color": colour}, f"{name} edges"))
    figure.add_trace(_rings(nodes, places, shown))
    for state, marker in STATES.items():
        these = [i for i, node in enumerate(nodes) if node.state == state]
        if these:
            figure.add_trace(_points(nodes, places, labels, these, state, marker))
    steps = max((node.step for node in nodes), default=0) + 1
    figure.update_layout(**theme.layout(height=110 + ROW * (steps + 1)))
    figure.update_layout(
        annotations=_names(tree, places, labels),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
        hovermode="closest",
        clickmode="event+select",
    )
    width = max(x for x, _ in places.values())
    figure.update_xaxes(visible=False, range=[-0.4, max(width, 3) + 0.9], fixedrange=True)
    figure.update_yaxes(
        title="step",
        range=[steps - 0.3, -1.4],
        tickvals=list(range(steps)),
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
    return figure


def _places(nodes: Sequence[Node]) -> dict[int, tuple[int, int]]:
    """(column, step) of each node: candidates of a step stand in the order of their totals."""
    places = {ROOT: (0, -1)}
    seen: dict[int, int] = {}
    for i, node in enumerate(nodes):
        places[i] = (seen.get(node.step, 0), node.step)
        seen[node.step] = places[i][0] + 1
    return places


def _edges(
    nodes: Sequence[Node],
    places: dict[int, tuple[int, int]],
    shown: Sequence[int],
    line: dict[str, Any],
    name: str,
) -> go.Scatter:
    lines = []
    for i in shown:
        start, end = places[nodes[i].parent], places[i]
        level = start[1] + LEVEL + LEVEL_STEP * (start[0] % LEVELS)
        lines.append(
            [(start[0], start[0], end[0], end[0], None), (start[1], level, level, end[1], None)]
        )
    x, y = np.array(lines, dtype=float).reshape(-1, 2, 5).transpose(1, 0, 2)  # None: a gap
    return go.Scatter(
        x=x.ravel(),
        y=y.ravel(),
        mode="lines",
        line=line,
        hoverinfo="skip",
        showlegend=False,
        name=name,
    )


def _points(
    nodes: Sequence[Node],
    places: dict[int, tuple[int, int]],
    labels: Sequence[str],
    shown: Sequence[int],
    state: str,
    marker: dict[str, Any],
) -> go.Scatter:
    return go.Scatter(
        x=[places[i][0] for i in shown],
        y=[places[i][1] for i in shown],
        mode="markers",
        customdata=np.array(  # of which plotly does not look at every value
            [
                [
                    i,
                    labels[i],
                    n.step,
                    theme.number(n.log_prob),
                    theme.number(n.total),
                    theme.number(n.score),
                ]
                for i, n in ((i, nodes[i]) for i in shown)
            ],
            dtype=object,
        ),
        hovertemplate="<b>%{customdata[1]}</b> · step %{customdata[2]} · "
        + f"{state}<br>log p of the token %{{customdata[3]}}<br>"
        "log p from the start %{customdata[4]}<br>with length penalty %{customdata[5]}"
        "<extra></extra>",
        marker={**marker, "opacity": 1},
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        name=state,
    )


def _names(
    tree: BeamTree, places: dict[int, tuple[int, int]], labels: Sequence[str]
) -> list[dict[str, Any]]:
    """Token and number beside each node: not in the points, which fade when one is picked."""
    widest = max(x for x, _ in places.values()) + 1
    named = [i for i, n in enumerate(tree.nodes) if widest <= MAX_NAMED or n.state != "dropped"]
    best = [i for end in tree.ends for i in tree.path(end)]
    named = list(dict.fromkeys(best if len(named) > MAX_NAMES else best + named))
    if widest > MAX_NAMED:
        named = _apart(named, places, widest / MAX_NAMED)
    common = {"showarrow": False, "xanchor": "left", "align": "left", "xshift": 13}
    several = len(tree.ends) > 1
    won = {node: f"<b>#{n + 1}</b> " for n, node in enumerate(tree.ends) if several}
    texts = [
        (i, f"{won.get(i, '')}{labels[i]}<br>{theme.number(tree.nodes[i].total)}") for i in named
    ]
    return [
        {
            **common,
            "x": places[i][0],
            "y": places[i][1],
            "text": text,
            "font": {"size": 11},
            "opacity": 0.65 if i != ROOT and tree.nodes[i].state == "dropped" else 1,
        }
        for i, text in [(ROOT, "&lt;bos&gt;"), *texts]
    ]


def _apart(nodes: Iterable[int], places: dict[int, tuple[int, int]], columns: float) -> list[int]:
    """Those that have room for a name: none of a step is so near to one before it in the list."""
    taken = defaultdict[int, list[int]](list)
    found = []
    for i in nodes:
        x, step = places[i]
        if all(abs(x - other) >= columns for other in taken[step]):
            taken[step].append(x)
            found.append(i)
    return found


def _rings(
    nodes: Sequence[Node], places: dict[int, tuple[int, int]], shown: Sequence[int]
) -> go.Scatter:
    """Marks the text that is looked at: target ids from the start."""
    behind = {ROOT: 0}  # how many of the ids lead to a node
    for i, node in enumerate(nodes):
        n = behind.get(node.parent)
        if n is not None and n < len(shown) and shown[n] == node.token_id:
            behind[i] = n + 1
    on_it = [i for i in behind if i != ROOT]
    return go.Scatter(
        x=[places[i][0] for i in on_it],
        y=[places[i][1] for i in on_it],
        mode="markers",
        marker={"symbol": "circle-open", "size": 19, "color": theme.NEUTRAL, "line": {"width": 2}},
        unselected={"marker": {"opacity": 1}},
        hoverinfo="skip",
        name="shown above",
    )
