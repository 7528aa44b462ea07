"""The tree of a beam search; a node, picked by pointer or by keys, selects its step."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from headlight.model.decoding import BeamTree
from headlight.model.decoding.forks import Prefix

from ... import selection, theme
from ...components.chart_buttons import save_buttons
from ...components.static import style
from ...figures.beam import MAX_NAMED, beam_tree
from ...figures.tokens import label
from ...glossary import glossed
from ...page.chart import chart, whole
from ...page.context import RunContext
from .kept import Decoding

CONFIG = {
    "toImageButtonOptions": {"format": "svg", "filename": "headlight-beam"},
}

NODE = "beam_node"
"""The key of the field in which a node is looked for."""
MOST = 1_000
"""Nodes that the field offers; of a larger tree those of the step that is shown."""
COLUMN = 64
"""Least pixels that a candidate's name and number take."""


def draw(context: RunContext, tree: BeamTree, kept: Decoding, written: Prefix) -> None:
    """The whole tree of the search behind the current branch; `written` are the ids shown."""
    st.subheader("The whole search")
    st.caption(
        glossed(
            "One row per step: every candidate that was considered, the most probable one on the "
            "left, with the log-probability of its whole text in nats. Look for: where the thick "
            "line, the best text, stood in second place or lower; greedy decoding would have "
            "missed it."
        )
    )
    widest = max(Counter(node.step for node in tree.nodes).values())
    width = COLUMN * min(widest, MAX_NAMED)
    st.html(f"<style>html {{ --beam-tree: {width}px; }}</style>")
    st.html(style("tree"))
    chart(
        beam_tree(tree, [_label(context, node.token_id) for node in tree.nodes], written),
        key="beam_tree",
        on_select=lambda: _pressed(kept, tree, written),
        selection_mode="points",
        config=CONFIG,
        theme="streamlit",
    )
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    nodes = offered(tree, int(selection.current()["step"] or 0))
    names = {i: _name(context, tree, i) for i in nodes}
    typed = "a token" if len(nodes) < len(tree.nodes) else "a token, a step"
    with left:
        selection.give(NODE, _node(tree, written))
        st.selectbox(
            "Go to a node",
            nodes,
            format_func=names.__getitem__,
            index=None,
            placeholder=f"Press a node above, or type {typed} or “finished” here",
            key=NODE,
            on_change=lambda: _picked(kept, tree, written),
        )
    with right:
        save_buttons("beam_tree", "headlight-beam")
        if kept.path is not None:
            st.button("Back to the best text", on_click=lambda: _back(kept), icon=":material/undo:")


def offered(tree: BeamTree, step: int) -> list[int]:
    """Which nodes the field offers; Streamlit keeps their names for two minutes beyond the tab."""
    few = len(tree.nodes) <= MOST
    return [i for i, node in enumerate(tree.nodes) if few or node.step == step]


def select(kept: Decoding, tree: BeamTree, written: Prefix, node: int) -> None:
    """Show the step of a node: on the text that is shown already, or on the way through it."""
    ids = tree.ids(node)
    if written[: len(ids)] != ids:
        kept.path = tree.ids(_end(tree, node))
        if tree.ends and kept.path == tree.ids(tree.ends[0]):
            kept.path = None
    kept.select(tree.nodes[node].step)


def _end(tree: BeamTree, node: int) -> int:
    """Where the search went from a node: to its most probable child that was kept, and so on."""
    best: dict[int, tuple[float, int]] = {}
    for i, one in enumerate(tree.nodes):
        if one.state != "dropped" and (one.parent not in best or one.total > best[one.parent][0]):
            best[one.parent] = one.total, i
    while node in best:
        _, node = best[node]
    return node


def _pressed(kept: Decoding, tree: BeamTree, written: Prefix) -> None:
    points = (st.session_state.get("beam_tree") or {}).get("selection", {}).get("points", [])
    node = whole(points[0], "customdata", 0) if points else None
    if node is not None and 0 <= node < len(tree.nodes):
        select(kept, tree, written, node)


def _picked(kept: Decoding, tree: BeamTree, written: Prefix) -> None:
    said = selection.said(NODE)
    for node in range(len(tree.nodes)):
        if str(node) == said:
            select(kept, tree, written, node)


def _node(tree: BeamTree, written: Prefix) -> int | None:
    """The node of the step that is shown; None where no search came by."""
    step = int(selection.current()["step"] or 0)
    ids = written[: step + 1]
    at = (i for i, n in enumerate(tree.nodes) if n.step == step and n.token_id == ids[-1])
    return next((i for i in at if tree.ids(i) == ids), None)


def _back(kept: Decoding) -> None:
    kept.path = None
    kept.select()


def _label(context: RunContext, token_id: int) -> str:
    return label(context.model.tokenizer.piece(token_id))


def _name(context: RunContext, tree: BeamTree, i: int) -> str:
    node = tree.nodes[i]
    piece = context.model.tokenizer.piece(node.token_id).replace("▁", "")
    total = theme.number(node.total)
    return f"step {node.step} · {piece} · log p {total} · {node.state}"
