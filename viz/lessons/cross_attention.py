"""Cross-attention: the writer looks at the source."""

from __future__ import annotations

import numpy as np

from ..labels import head_name
from . import reasons
from .base import Lesson, Link, Scene, Screen
from .choose import aligned, best, most_informative_head
from .parts import choice_question, gallery_picture

IDEA = """
How does the decoder know what to write? It looks at the source. In **cross-attention** the queries
come from the decoder (“I am about to write a word, what do I need?”), while keys and values come
from what the encoder made of the source. It is the only bridge between the two halves.

Follow the strong cells from row to row and you see which source word each written word came from:
an **alignment**. Some heads align neatly, others rest on one token, such as the end. Nobody told
them to.
"""
DO = (
    "Press the small maps. Look for a head whose strong cell moves from row to row, and check a "
    "few rows: does it show where the word being written comes from, or the word just read?"
)
TERM = r"""
$Q$ comes from the decoder, $K$ and $V$ from the encoder's output (memory). The map has one row for
each target token and one column for each source token, so it need not be square. Each row bears
two names, $\text{read} \to \text{written}$: the token that the decoder has just read and the one
that it is about to write. An alignment is about the word being written.
"""
KIND = "cross"


SAID = {
    "task": "Judged by the word that each row writes, against the true alignment of this task.",
    "gold": "Judged by the word that each row writes, against links made by hand for this "
    "{source}.",
    "measured": "Judged by the word that each row writes. No links are known for this {source}, "
    "so the model was run again without each {part} of it in turn: a written word is linked to the "
    "one it misses most.",
    None: "It is not known where the written words come from, so a head does well here if every "
    "{part} of the {source} gets a large weight from some row.",
}


def build(scene: Scene) -> Screen:
    """All cross-attention heads, and the question which one aligns."""
    trace = scene.trace
    found = aligned(scene)
    layer, head = best(found.values)
    sharpest = most_informative_head(scene, KIND)
    if np.isclose(found.values[sharpest], found.values[layer, head], atol=5e-4):
        layer, head = sharpest  # of equals
    layers = range(trace.n_layers(KIND))
    question = choice_question(
        [head_name(i, h) for i in layers for h in range(trace.n_heads)],
        np.concatenate(list(found.values)),
        "Which head aligns the words being written with the source best?",
        "1 − alignment error, by the word written"
        if found.basis
        else scene.say("how sharply every {part} of the {source} is looked at"),
        scene.say(SAID[found.basis]),
        what="head",
        why=reasons.of_heads(found, scene),
        lead=layer * trace.n_heads + head,
    )
    look = scene.say(
        "All heads of cross-attention on your {source}. A row is named by the token just read and "
        "the token about to be written; columns are the {source}'s {token}s. Look for one strong "
        "cell in each row, moving."
    )
    address = {"kind": KIND, "layer": layer, "head": head}
    link = Link(("explore",), "Open the head that aligns best", address)
    return Screen(KIND, gallery_picture(trace, KIND, list(layers)), question, look, link)


LESSON = Lesson("cross-attention", "Cross-attention", IDEA, DO, build, TERM)
