"""Steering: add a direction to the stream, more and more, and watch the text change."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from headlight.model import Trace
from headlight.model.analysis.interventions import steering
from headlight.model.analysis.interventions.ablation import differing
from headlight.model.analysis.interventions.recipes import HEAD, SENTENCES, TOKEN, Toward
from headlight.model.run.arrays import Array

from ... import runtime, selection
from ...labels import worded
from ...markdown import plain
from ...page import before_after, edit_list
from ...page.background import result
from ...page.context import RunContext
from ...page.present import wide
from ...page.wording import marked
from .one_head import one_head
from .second import ask_for_text, text_field

NAME = "Steer"
LOOK = (
    "c × a direction is added to the stream before a layer, at one position or at all of them. The "
    "direction: the difference between two sentences' streams, a token's row of the unembedding, "
    "or a head's mean output."
)
LOOK_FOR = "how large c can get before the text breaks, and whether −c does the opposite."

DIRECTIONS = {
    SENTENCES: "second − first sentence",
    TOKEN: "a token's unembedding",
    HEAD: "a head's mean output",
}
EVERYWHERE = "all"
STRONGEST = {SENTENCES: 10.0, TOKEN: 100.0, HEAD: 100.0}
"""The largest c: a token's row and a head's output are short beside the stream."""
STRENGTHS = (-1.0, -0.5, -0.2, -0.1, 0.0, 0.1, 0.2, 0.5, 1.0)
"""At which the text is shown at once, in parts of the largest c."""


def render(context: RunContext, first: Trace) -> None:
    """The direction, the strength, the text at it, and the text at other strengths."""
    step = _step(context, first)
    if step is None:
        return
    try:
        found = step.edits(runtime.maker(context.model, context.text), first.edits)
        direction = np.array(found.steer[0][-1], np.float32)
        if not _strength(first, step, direction):
            return
        edits = first.edits | found if step.c else first.edits
        after = runtime.run(context.model, context.text, edits=edits)
    except ValueError as error:
        st.warning(plain(str(error)))
        return
    before_after.texts(context.trace, after)
    st.button(
        "Keep this in the list of edits",
        icon=":material/playlist_add:",
        disabled=not step.c,
        help="It then holds on the other pages too, travels with a link, and can be undone. The "
        "slider goes back to 0.",
        on_click=_keep,
        args=(step,),
    )
    _strengths(context, first, step, direction)
    if edits:
        before_after.losses(context.model, context.text, context.trace, edits, "steer-losses")


def _step(context: RunContext, first: Trace) -> Toward | None:
    """The controls; None, with a word about why, where they do not make a direction."""
    config = context.model.config
    stacks = {
        f"{stack}-{layer}": f"before {stack} L{layer}"
        if layer < n
        else f"after the {stack}'s last layer"
        for stack, n in (("encoder", config.n_encoder_layers), ("decoder", config.n_decoder_layers))
        for layer in range(n + 1)
    }
    by = selection.choice("steer_by", list(DIRECTIONS), SENTENCES)
    where = selection.choice("steer_at", list(stacks), f"decoder-{config.n_decoder_layers}")
    stack, _, layer = where.partition("-")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        directions = {name: worded(said, context.model.reads) for name, said in DIRECTIONS.items()}
        _choose("Direction", "steer_by", directions, strength=None)
        _choose("Added", "steer_at", stacks)
        position = _position(first, stack)
        said = _SAID[by](context)
    c, most = selection.number("strength"), STRONGEST[by]
    if abs(c) > most:
        selection.drop("strength", f"{-most:g} to {most:g} for this direction")
        c = selection.number("strength")
    if not said:
        if by == SENTENCES:
            ask_for_text(context, _MISSING[by])
        else:
            st.info(_MISSING[by])
        return None
    st.slider("c", -most, most, step=most / 40, **selection.widget("strength"))
    return Toward(stack, int(layer), position, c, by, said)


def _choose(label: str, name: str, options: dict[str, str], **others: object) -> None:
    st.selectbox(
        label,
        list(options),
        format_func=options.__getitem__,
        width=wide(220),
        **selection.widget(name, **others),
    )


def _position(first: Trace, stack: str) -> int | None:
    tokens = first.src if stack == "encoder" else first.tgt_in
    options = [EVERYWHERE, *selection.positions(len(tokens))]
    chosen = selection.choice("steer_place", options, EVERYWHERE)
    st.selectbox(
        "At",
        options,
        format_func=lambda i: (
            "all positions" if i == EVERYWHERE else f"{i} · {tokens.surface(int(i))}"
        ),
        width=wide(160),
        **selection.widget("steer_place"),
    )
    return None if chosen == EVERYWHERE else int(chosen)


def _strength(first: Trace, step: Toward, direction: Array) -> bool:
    """How long the direction is beside the stream that it is added to; False where it is none."""
    length = float(np.linalg.norm(direction))
    if length < 1e-6:
        st.info("Both streams are the same there, so there is no direction.")
        return False
    reach = steering.reach(first, step.stack, step.layer)
    st.caption(
        f"‖direction‖ = {length:.3f}. The stream there has a mean length of {reach:.3f}, so c = "
        f"{step.c:g} adds {abs(step.c) * length / reach:.3f} times that."
    )
    return True


def _strengths(context: RunContext, first: Trace, step: Toward, direction: Array) -> None:
    """The text as it changes, at strengths from one end to the other."""
    where = runtime.Where(step.stack, step.layer, step.position, first.edits)
    strengths = tuple(STRONGEST[step.by] * part for part in STRENGTHS)
    work = runtime.steering(context.model, context.text, direction, where, strengths)
    found: list[runtime.Written] | None = result(work, "Show the text at each strength")
    if found is None:
        return
    plain_out = next(one.tokens for one in found if not one.c)
    rows = [
        f"| {one.c:+g} | {marked(one.tokens, differing(plain_out, one.tokens)[1])} |"
        for one in found
    ]
    st.markdown("\n".join(["| c | what the model writes |", "|--:|---|", *rows]))


def _keep(step: Toward) -> None:
    edit_list.add(step.to_text())
    selection.update(strength=0.0)


def _sentence(context: RunContext) -> str:
    return text_field(context)


def _token(context: RunContext) -> str:
    text = selection.text("steer_to")
    st.text_input("Token to steer to", width=wide(200), **selection.widget("steer_to"))
    return text.strip()


def _head(context: RunContext) -> str:
    return "-".join(map(str, one_head("Head", "steer_head", context.trace)))


_SAID: dict[str, Callable[[RunContext], str]] = {
    SENTENCES: _sentence,
    TOKEN: _token,
    HEAD: _head,
}
_MISSING = {
    SENTENCES: "Type a second sentence. The direction is its stream minus the first one's.",
    TOKEN: "Type a word. The direction is the unembedding row of its first token.",
    HEAD: "Choose a head.",
}
