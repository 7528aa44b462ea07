"""The whole machine: encoder and decoder, and what every block adds."""

from __future__ import annotations

import numpy as np

from headlight.model.run.arrays import Array

from ..labels import token_noun
from .base import Lesson, Link, Plain, Scene, Screen
from .choose import most_informative_head
from .parts import choice_question
from .tokens import numbers

IDEA = """
Put it together. First every token becomes a list of numbers (its **embedding**), plus numbers that
tell its position. The **encoder** turns the source into words in context. The **decoder** uses them
to write. Both are stacks of the same few blocks, again and again: a larger transformer is more of
them, and wider ones.

Attention moves information **between** words. After it, a small **feed-forward** network works on
each word **by itself**, the same one at every place. Every block *adds* what it found to the list
of numbers behind a word instead of replacing it. The same plan serves pictures, sound or proteins:
only what counts as a “word” changes.
"""
DO = (
    "Press the blocks from bottom to top, first the encoder, then the decoder. Read what goes "
    "in and what each one does. Where do the two halves meet?"
)
TERM = r"""
Each block reads the residual stream $x$ and adds to it: $x \leftarrow x + \mathrm{Block}(x)$, with
a layer norm before (pre-norm) or after (post-norm). $\mathrm{FFN}(x) = \max(0, xW_1 + b_1)W_2 +
b_2$. At the end there is one number, a logit, for each token of the vocabulary, and a softmax over
them.
"""

MASKED_NAME = "masked self-attention"
SELF = "Self-attention: the {part}s of the source look at each other."
MASKED = "Masked self-attention: written tokens look at themselves and back."
CROSS = "Cross-attention: written tokens look at the encoder's output."
FFN = "Feed-forward: each position works by itself, the same way everywhere."


def build(scene: Scene) -> Screen:
    """Both stacks with real sizes; how much each block adds is hidden."""
    trace, config, attended = scene.trace, scene.model.config, scene.trace.attention
    width = f"{config.d_model} numbers each"
    source = f"{len(trace.src)} {token_noun(trace.src)}s, {width}"
    target, own = f"{len(trace.tgt_in)} tokens, {width}", scene.say(SELF)
    encoder = [
        block
        for i, layer in enumerate(trace.encoder.layers)
        for block in (
            _block(i, "self-attention", own, "encoder_self", attended["encoder_self"][i].out),
            _block(i, "feed-forward", FFN, None, layer.mlp_out),
        )
    ]
    decoder = [
        block
        for i, layer in enumerate(trace.decoder.layers)
        for block in (
            _block(i, MASKED_NAME, MASKED, "decoder_self", attended["decoder_self"][i].out),
            _block(i, "cross-attention", CROSS, "cross", attended["cross"][i].out),
            _block(i, "feed-forward", FFN, None, layer.mlp_out),
        )
    ]
    last = decoder[-3:]
    top = config.n_decoder_layers - 1
    question = choice_question(
        [MASKED_NAME, "cross-attention", "feed-forward"],
        [block["adds"] for block in last],
        f"In the decoder's last layer (L{top}): which block adds most to the numbers behind a "
        "word?",
        "length of what is added, averaged over the positions",
        "The longer the list that a block adds, the more it moves the result.",
        high=None,
    )
    picture = {
        "type": "stacks",
        "encoder": {"title": "Encoder", "in": source, "blocks": encoder, "out": "memory"},
        "decoder": {
            "title": "Decoder",
            "in": target,
            "blocks": decoder,
            "out": f"probabilities of {config.d_vocab:,} tokens",
        },
    }
    look = "The model that is running now, block by block, bottom to top. Look for what repeats."
    layer, head = most_informative_head(scene, "cross")
    address = {"kind": "cross", "layer": layer, "head": head}
    link = Link(("explore",), "Walk through the stacks", address)
    return Screen(None, picture, question, look, link)


def _block(layer: int, name: str, says: str, kind: str | None, added: Array) -> Plain:
    """A block, and the length of what it adds [pos, D], averaged over positions."""
    length = float(np.linalg.norm(added.astype(np.float64), axis=-1).mean())
    return {
        "layer": layer,
        "name": name,
        "says": says,
        "kind": kind,
        "adds": numbers([length])[0],
    }


LESSON = Lesson("whole", "The whole machine", IDEA, DO, build, TERM)
