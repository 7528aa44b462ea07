"""Steering: add a direction to the stream, more and more, and watch the text change."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from headlight.model import Edits
from headlight.model.analysis.interventions import steering
from headlight.model.run.arrays import Array

from ... import runtime, selection
from ...markdown import plain
from ...page import before_after, edit_list
from ...page.context import RunContext

NAME = "Steer"
LOOK = (
    "c × direction is added to the stream that a layer reads, at every position. The direction is "
    "the difference of two sentences' streams, a token's row of the unembedding, or what a head "
    "writes on average."
)
LOOK_FOR = "how far one can go before the text breaks, and whether −c does the opposite."

DIRECTIONS = {
    "sentences": "second sentence − first",
    "token": "a token's unembedding",
    "head": "a head's mean output",
}
STRONGEST = 10.0


def render(context: RunContext) -> None:
    """The direction, the strength, and the text."""
    config = context.model.config
    stacks = {
        f"{stack}-{layer}": f"{stack} L{layer}" if layer < n else f"{stack}, behind the last layer"
        for stack, n in (("encoder", config.n_encoder_layers), ("decoder", config.n_decoder_layers))
        for layer in range(n + 1)
    }
    by = selection.choice("steer_by", list(DIRECTIONS), "sentences")
    where = selection.choice("steer_at", list(stacks), f"decoder-{config.n_decoder_layers}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Direction",
            list(DIRECTIONS),
            format_func=DIRECTIONS.__getitem__,
            width=220,
            **selection.widget("steer_by"),
        )
        st.selectbox(
            "Added to what reads",
            list(stacks),
            format_func=stacks.__getitem__,
            width=220,
            **selection.widget("steer_at"),
        )
        stack, _, layer = where.partition("-")
        direction = _DIRECTIONS[by](context, stack, int(layer))
    if direction is None:
        return
    length = float(np.linalg.norm(direction))
    if length < 1e-6:
        st.info("The two streams are the same there, so there is no direction.")
        return
    c = selection.number("strength")
    st.slider("c", -STRONGEST, STRONGEST, step=0.25, **selection.widget("strength"))
    reach = steering.reach(context.trace, stack, int(layer))
    st.caption(
        f"‖direction‖ = {length:.3f}; the stream there has a mean length of {reach:.3f}, so c = "
        f"{c:g} adds {abs(c) * length / reach:.3f} of it."
    )
    try:
        edits = edit_list.in_force(context.model)
        added = edits | Edits(steer=[(stack, int(layer), None, c, direction)]) if c else edits
        after = runtime.run(context.model, context.text, edits=added)
    except ValueError as error:
        st.warning(plain(str(error)))
        return
    edit_list.show(after)
    before_after.texts(context.trace, after)
    if added:
        before_after.losses(context.model, context.trace, added, "steer-losses")


def _sentences(context: RunContext, stack: str, layer: int) -> Array | None:
    text = selection.text("compare")
    st.text_input("Second sentence", width=360, **selection.widget("compare"))
    if not text.strip():
        st.info("Type a second sentence: its stream minus the first one's is the direction.")
        return None
    try:
        second = runtime.run(context.model, text)
    except ValueError as error:
        st.warning(plain(str(error)))
        return None
    return steering.difference(second, context.trace, stack, layer)


def _token(context: RunContext, stack: str, layer: int) -> Array | None:
    text = selection.text("steer_to")
    st.text_input("Token to steer to", width=200, **selection.widget("steer_to"))
    try:
        ids = context.model.target_ids(text, context.trace.src)
    except ValueError as error:
        st.warning(plain(str(error)))
        return None
    if not ids:
        st.info("Type a word: the unembedding row of its first token is the direction.")
        return None
    st.caption(f"“{plain(context.model.tokenizer.piece(ids[0]))}”")
    return steering.unembedding(context.model, ids[0])


def _head(context: RunContext, stack: str, layer: int) -> Array | None:
    trace = context.trace
    names = [
        f"{kind}-{i}-{head}"
        for kind in trace.attention
        for i in range(trace.n_layers(kind))
        for head in range(len(trace.attention[kind][i].z))
    ]
    chosen = selection.choice("steer_head", names, names[-1])
    st.selectbox("Head", names, format_func=_head_name, width=220, **selection.widget("steer_head"))
    kind, at, head = chosen.rsplit("-", 2)
    return steering.head_output(context.model, trace, (kind, int(at), int(head)))


def _head_name(name: str) -> str:
    kind, layer, head = name.rsplit("-", 2)
    return f"{kind} L{layer} H{head}"


_DIRECTIONS: dict[str, Callable[[RunContext, str, int], Array | None]] = {
    "sentences": _sentences,
    "token": _token,
    "head": _head,
}
