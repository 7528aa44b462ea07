"""From a token to the vector that a block reads: embedding, position, layers below, norms."""

from __future__ import annotations

import math

from headlight.model.analysis.walk import Place, Step

from .explanation import Explanation, norm_formula, quoted

ADDED = "Its position is added"
ORDER = "attention could not tell in which order things stand."
WAVES = (
    ADDED,
    r"x = \text{embed} + PE_{\text{pos}}",
    "It stands at position {i}; without the waves of that position (all sines, then all cosines), "
    + ORDER,
)
POSITIONS = {
    "sinusoid": (
        ADDED,
        r"\begin{aligned} x &= \text{embed} + PE_{\text{pos}} \\[2pt] PE_{\text{pos},\,2i} &= "
        r"\sin\!\frac{\text{pos}}{10000^{2i/d_{\text{model}}}} \\[6pt] "
        r"PE_{\text{pos},\,2i+1} &= "
        r"\cos\!\frac{\text{pos}}{10000^{2i/d_{\text{model}}}} \end{aligned}",
        "It stands at position {i}; without the sine and cosine waves of that position, " + ORDER,
    ),
    "sinusoid_halves": WAVES,
    "sinusoid_fairseq": WAVES,
    "table": (
        ADDED,
        r"x = \text{embed} + P_{\text{pos}}",
        "It stands at position {i}, which has a vector of its own in a table; without it, " + ORDER,
    ),
    "relative": (
        "No position is added",
        r"x = \text{embed}",
        "This model tells positions apart by a bias on the scores instead; PE is zero.",
    ),
}
"""By the kind of positions: title, formula and sentence."""


def embedding(place: Place, step: Step) -> Explanation:
    """The row of the table, scaled where the model does so."""
    tokens, i = place.tokens(place.side(step.role)), place.index(step.role)
    width, scale = place.model.config.d_model, place.model.config.scale_embed
    where = f"{quoted(tokens, i)} is number {tokens.ids[i]:,} of the vocabulary; its row of the "
    return Explanation(
        title=f"The {step.role}'s token becomes a vector",
        formula=r"\text{embed} = E_{\text{id}}" + (r" \cdot \sqrt{d_{\text{model}}}" * scale),
        sentence=where
        + (
            f"embedding table, times √{width}, is where it starts."
            if scale
            else "embedding table is where it starts."
        ),
        numbers=rf"\sqrt{{{width}}} = {math.sqrt(width):.3f}" if scale else "",
    )


def position(place: Place, step: Step) -> Explanation:
    """Token plus position, and the norm of the sum where the model has one."""
    config = place.model.config
    title, formula, sentence = POSITIONS[config.position]
    if config.norm_embed:
        added = "" if config.position == "relative" else r" + PE_{\text{pos}}"
        formula = rf"\operatorname{{LN}}(\text{{embed}}{added})"
        sentence += " A layer norm follows at once."
    return Explanation(title, formula, sentence.format(i=place.index(step.role)))


def layer(place: Place, step: Step) -> Explanation:
    """One whole layer."""
    side = place.side(step.role)
    blocks = "attention and feed-forward"
    added = ["attention", "mlp"]
    if side == "decoder":
        blocks = "attention, cross-attention and feed-forward"
        added.insert(1, "cross")
    if place.pre_norm:
        after = " + ".join(["x", *(rf"\text{{{name}}}" for name in added)])
    else:
        after = "x"
        for name in added:
            after = rf"\operatorname{{LN}}({after} + \text{{{name}}})"
    normed = "" if place.pre_norm else " and normalizes after each sum"
    return Explanation(
        title=f"Through {side} layer {step.layer}",
        formula=rf"x_{{\text{{after}}}} = {after}",
        sentence=(
            f"Layer {step.layer} adds what its {blocks} blocks found{normed}; choose that layer "
            "above to look inside."
        ),
    )


def self_block(place: Place, step: Step) -> Explanation:
    """What masked self-attention did before cross-attention reads the stream."""
    return Explanation(
        title="Self-attention comes first in a decoder layer",
        formula=(
            r"x_{\text{mid}} = x + \text{attention}"
            if place.pre_norm
            else r"x_{\text{mid}} = \operatorname{LN}(x + \text{attention})"
        ),
        sentence=(
            "The masked self-attention of this layer has already added what it found among the "
            "tokens written so far."
        ),
    )


def norm(place: Place, step: Step) -> Explanation:
    """The norm through which a pre-norm block reads a token."""
    stream, beta = step.inputs[0].values, step.find("β")
    return Explanation(
        title=f"The block reads the {step.role}'s stream through a layer norm",
        formula=norm_formula(beta),
        sentence=(
            "Mean and spread are taken out, so that a long vector does not count for more; "
            "γ and β are learned."
            if beta is not None
            else "Its size is taken out, so a long vector does not count for more; γ is learned."
        ),
        numbers=rf"\mu = {stream.mean():.3f},\quad \sigma = {stream.std():.3f}",
    )


def final_norm(place: Place, step: Step) -> Explanation:
    """The norm after a whole stack."""
    side = place.side(step.role)
    encoder = side == "encoder"
    return Explanation(
        title=f"The {side}'s last norm" + (" gives the memory" if encoder else ""),
        formula=norm_formula(step.find("β")),
        sentence=(
            "What leaves the encoder is called the memory: every decoder layer reads it."
            if encoder
            else "One more norm stands between the last layer and the vocabulary."
        ),
    )


EXPLAIN = {
    "embedding": embedding,
    "position": position,
    "layer": layer,
    "self-block": self_block,
    "norm": norm,
    "final-norm": final_norm,
}
