"""From the vectors that a block reads to one attention weight (Vaswani et al. 2017, equation 1)."""

from __future__ import annotations

import numpy as np

from headlight.model.analysis.walk import Place, Step

from ..labels import token_noun
from ..theme import probability
from .explanation import Explanation, key_name, query_name, shown, signed


def query(place: Place, step: Step) -> Explanation:
    """The query of this head."""
    return Explanation(
        "Its query",
        r"q = x\,W_Q + b_Q",
        f"The query says what {query_name(place)} looks for; every head has a projection of its "
        "own.",
    )


def key(place: Place, step: Step) -> Explanation:
    """The key of this head."""
    said = f"The key says what {key_name(place)} can be found by."
    return Explanation("Its key", r"k = x\,W_K + b_K", said)


def value(place: Place, step: Step) -> Explanation:
    """The value of this head."""
    return Explanation(
        f"The key's {token_noun(place.keys)} also gives a value",
        r"v = x\,W_V + b_V",
        f"The value is what {key_name(place)} hands to the rows that read it.",
    )


def products(place: Place, step: Step) -> Explanation:
    """q and k, number by number."""
    return Explanation(
        "Query and key are multiplied, number by number",
        r"p_i = q_i \, k_i",
        "Where the signs agree the product is positive and raises the score; where they differ it "
        "lowers it.",
    )


def dot(place: Place, step: Step) -> Explanation:
    """The sum of the products."""
    terms = " + ".join(signed(product) for product in step.inputs[0].values[:3])
    return Explanation(
        "… and summed to one number",
        r"q \cdot k = \sum_{i=1}^{d_{\text{head}}} q_i\,k_i",
        f"How well the query of {query_name(place)} fits the key of {key_name(place)}.",
        rf"{terms} + \dots = {shown(step.output.values)}",
    )


def scale(place: Place, step: Step) -> Explanation:
    """The division by √d_head."""
    width = len(place.record.q[place.cell.head, place.cell.query])
    product, score = step.inputs[0].values, step.output.values
    return Explanation(
        "It is divided by √d_head",
        r"s = \frac{q \cdot k}{\sqrt{d_{\text{head}}}}",
        f"A sum of {width} products tends to be √{width} times as large as one of them. Divided by "
        "that, scores stay in a range in which softmax still spreads its weight.",
        ""
        if place.bias is not None
        else rf"\frac{{{shown(product)}}}{{\sqrt{{{width}}}}} = {shown(score)}",
    )


def position_bias(place: Place, step: Step) -> Explanation:
    """A bias for the distance (T5)."""
    product, bias = (part.values for part in step.inputs)
    ahead = place.cell.key - place.cell.query
    places = f"{abs(ahead)} place{'s' if abs(ahead) > 1 else ''}"
    where = f"{places} {'behind' if ahead < 0 else 'ahead'}" if ahead else "at the same place"
    return Explanation(
        "A bias for the distance is added",
        r"s = q \cdot k + b_{\text{distance}}",
        f"{key_name(place)} stands {where}; each head has learned a number for that. This model "
        "divides by nothing.",
        rf"{shown(product)} + {signed(bias)} = {shown(step.output.values)}",
    )


def unscaled(place: Place, step: Step) -> Explanation:
    """Neither divided nor biased."""
    return Explanation(
        "That is the score already", r"s = q \cdot k", "This model divides by nothing."
    )


def row(place: Place, step: Step) -> Explanation:
    """The row of scores at once."""
    divided = place.model.config.attention_scale is None
    product = r"\frac{q\,K^{\top}}{\sqrt{d_{\text{head}}}}" if divided else r"q\,K^{\top}"
    return Explanation(
        "The same for every key: the row of scores",
        f"s = {product}" + ("" if place.bias is None else " + b"),
        f"{query_name(place)} is compared with all {len(step.output.values)} "
        f"{token_noun(place.keys)}s at once.",
    )


def mask(place: Place, step: Step) -> Explanation:
    """What may not be seen."""
    allowed = place.record.mask[place.cell.query]
    if place.cell.kind != "decoder_self":
        sentence = "Nothing is masked: the source is there as a whole, and any row may look at it."
    elif not allowed[place.cell.key]:
        sentence = (
            f"{key_name(place)} had not been written yet when {query_name(place)} was computed, so "
            "its score becomes −∞ and its weight 0."
        )
    else:
        blocked = int((~allowed).sum())
        sentence = f"{blocked} of {len(allowed)} tokens, not written yet at this step, are masked."
    return Explanation(
        "Masked positions get −∞",
        r"s'_j = \begin{cases} s_j & \text{open} \\ -\infty & \text{masked} \end{cases}",
        sentence,
    )


def exponentials(place: Place, step: Step) -> Explanation:
    """The first half of the softmax."""
    scores, largest = (part.values for part in step.inputs)
    score, power = scores[place.cell.key], step.output.values[place.cell.key]
    return Explanation(
        "Softmax, part one: e to the power of each score",
        r"e_j = e^{\,s'_j - \max_i s'_i}",
        "Every score becomes positive, and what was −∞ becomes exactly 0. The largest score is "
        "subtracted first, which changes no weight and keeps the numbers small.",
        rf"e^{{{shown(score)} - {signed(largest)}}} = {shown(power)}"
        if np.isfinite(score)
        else r"e^{-\infty} = 0",
    )


def denominator(place: Place, step: Step) -> Explanation:
    """The sum of the row."""
    return Explanation(
        "The row's sum is the denominator",
        r"\Sigma_e = \sum_j e_j",
        "Dividing by it makes the row's weights sum to 1: attention is shared out.",
        rf"\Sigma_e = {shown(step.output.values)}",
    )


def weights(place: Place, step: Step) -> Explanation:
    """The second half of the softmax."""
    powers, total = (part.values for part in step.inputs)
    weight = step.output.values[place.cell.key]
    return Explanation(
        "The attention weights",
        r"\alpha_j = \frac{e_j}{\Sigma_e} = \operatorname{softmax}(s')_j",
        f"{query_name(place)} gives {probability(weight)} of its attention to {key_name(place)}. "
        "This is the weight that was chosen above.",
        rf"\frac{{{shown(powers[place.cell.key])}}}{{{shown(total)}}} = {shown(weight)}",
    )


EXPLAIN = {
    "q": query,
    "k": key,
    "v": value,
    "products": products,
    "dot": dot,
    "scale": scale,
    "position-bias": position_bias,
    "unscaled": unscaled,
    "row": row,
    "mask": mask,
    "exponentials": exponentials,
    "denominator": denominator,
    "weights": weights,
}
