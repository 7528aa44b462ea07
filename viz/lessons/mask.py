"""The mask: the decoder may not look at what it has not written yet."""

from __future__ import annotations

from headlight.model.network.masks import causal_mask

from .base import Lesson, Link, Scene, Screen
from .choose import most_informative_head
from .parts import notes
from .tokens import columns, cut, numbers, rows

IDEA = """
The **decoder** writes the answer from left to right, one token after another. When it writes the
third token, the fourth does not exist yet. So its self-attention has a **mask**: cells that lead
to later tokens are closed. Their scores are replaced by minus infinity, and softmax turns
that into a weight of exactly 0.

Why bother? In training the decoder is given the whole right answer at once. Without a mask it would
simply copy the next word instead of learning to find it.
"""
DO = (
    "The model starts each answer with a token that only says “begin”. Go through it row by row: "
    "when this token has just been read, what is already there? Mark what is not."
)
TERM = r"""
The causal mask: query $i$ may attend to key $j$ only if $j \le i$. Masked scores become $-\infty$,
and $e^{-\infty} = 0$. In this project's code `True` in a mask means “may attend”.
"""
MAX_CELLS = 8
DRAWN = slice(0, MAX_CELLS)
SIDE = {
    "decoder_self": "what the decoder has read",
    "encoder_self": "the source, which the encoder reads as a whole",
    "cross": "the source, while the decoder writes",
}
ASK = {
    "decoder_self": "Mark every cell that the decoder may NOT look at.",
    "encoder_self": "These are the encoder's {part}s. Mark every cell that is NOT allowed.",
    "cross": "The decoder looks at the source. Mark every cell that is NOT allowed.",
}
SAID = {
    "decoder_self": "A row may look at itself and to the left; what is to the right is masked.",
    "encoder_self": "Nothing is masked: the source is there from the start, and every {part} may "
    "look at every other.",
    "cross": "Nothing is masked: the whole source has been read before writing begins.",
}


def cells_screen(scene: Scene, kind: str) -> Screen:
    """The first cells of a map, to be marked; then mask and weights."""
    trace = scene.trace
    layer, head = most_informative_head(scene, kind)
    record = trace.attention[kind][layer]
    queries, keys = trace.queries(kind), trace.keys(kind)
    question = {
        "type": "cells",
        "ask": scene.say(ASK[kind]),
        "rows": rows(trace, kind, DRAWN),
        "columns": columns(trace, kind, DRAWN),
        "mask": record.mask[:MAX_CELLS, :MAX_CELLS].astype(int).tolist(),
        "weights": numbers(record.pattern[head, :MAX_CELLS, :MAX_CELLS]),
        "said": scene.say(SAID[kind]),
        "note": notes(cut(queries, "rows", DRAWN), cut(keys, "columns", DRAWN)),
    }
    look = (
        f"Rows and columns: {SIDE[kind]}; head L{layer} H{head}. Look for cells that lead to "
        "something that does not exist yet."
    )
    address = {"kind": kind, "layer": layer, "head": head}
    link = Link(("explore",), f"Open head L{layer} H{head} and look along its edge", address)
    return Screen(kind, {"type": "none"}, question, look, link)


def build(scene: Scene) -> Screen:
    """The decoder's own mask."""
    return cells_screen(scene, "decoder_self")


LESSON = Lesson("mask", "The mask", IDEA, DO, build, TERM, causal_mask)
