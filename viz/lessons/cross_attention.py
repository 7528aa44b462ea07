"""Cross-attention: the writer looks at the source."""

from __future__ import annotations

import numpy as np

from .base import Lesson, Link, Scene, Screen
from .choose import aligning, best
from .parts import choice_question, gallery_picture

IDEA = """
How does the decoder know what to write? It looks at the source. In **cross-attention** the queries
come from the decoder (“I am about to write a word, what do I need?”), while keys and values come
from what the encoder made of the source. It is the only bridge between the two halves.

Follow the dark cells from row to row and you see which source word each written word came from: an
**alignment**. Some heads align neatly, others rest on one token, such as the end. Nobody told them
to.
"""
DO = (
    "Press the small maps. Look for a head whose dark cell moves from row to row, and check a "
    "few rows: is it the source word that this output came from?"
)
TERM = r"""
$Q$ comes from the decoder, $K$ and $V$ from the encoder's output (memory). The map has one row for
each target token and one column for each source token, so it need not be square. Each row carries
the name of the token that it **writes**.
"""
KIND = "cross"


def build(scene: Scene) -> Screen:
    """All cross-attention heads, and the question which one aligns."""
    trace = scene.trace
    aligned = aligning(scene.model, trace)
    layer, head = best(aligned.values)
    layers = range(trace.n_layers(KIND))
    said = (
        "Judged by the true alignment of this task: in the row of a token, its strongest cell "
        "has to be on its true source."
        if aligned.known
        else "No true alignment is known for this text, so heads are judged by how sharply "
        "every source word is looked at by some row."
    )
    question = choice_question(
        [f"L{i} H{h}" for i in layers for h in range(trace.n_heads)],
        np.concatenate(list(aligned.values)),
        "Which head aligns the answer with the source best?",
        aligned.unit,
        said,
        what="head",
    )
    look = (
        "All heads of cross-attention on your text: rows are written tokens, columns source "
        "tokens. Look for one dark cell in each row, moving."
    )
    address = {"kind": KIND, "layer": layer, "head": head}
    link = Link(("explore",), "Open the head that aligns best", address)
    return Screen(KIND, gallery_picture(trace, KIND, list(layers)), question, look, link)


LESSON = Lesson("cross-attention", "Cross-attention", IDEA, DO, build, TERM)
