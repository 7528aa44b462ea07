"""From the stream to the next token: logits, probabilities, and what was written."""

from __future__ import annotations

from headlight.model.analysis.walk import Place, Step

from ..theme import probability
from .explanation import Explanation, quoted


def logits(place: Place, step: Step) -> Explanation:
    """A number for every token of the vocabulary."""
    config, n = place.model.config, len(step.output.values)
    bias = "" if step.find("b") is None else r" + b"
    sentence = (
        f"The stream is compared with the embedding of all {n:,} tokens: the same table that the "
        "words came from."
        if config.tied
        else f"The stream is compared with {n:,} directions, one for each token."
    )
    if config.logits_scale != 1.0:
        sentence += " Here the table is multiplied by 1/√d_model, as this model does."
    return Explanation(
        "A logit for every token of the vocabulary",
        rf"\text{{logits}} = x\,{'E' if config.tied else 'U'}^{{\top}}" + bias,
        sentence,
    )


def log_probs(place: Place, step: Step) -> Explanation:
    """The softmax over the vocabulary."""
    return Explanation(
        "Softmax over the vocabulary",
        r"\log p = \text{logits} - \log \sum_w e^{\text{logits}_w}",
        "Log-probabilities: added up over the steps, they score the whole text.",
    )


def next_token(place: Place, step: Step) -> Explanation:
    """What was most probable, and what was written."""
    trace, i = place.trace, place.cell.query
    probs = trace.probs[i]
    return Explanation(
        "The next token",
        r"p(w) = e^{\log p(w)}",
        f"Most probable: {quoted(trace.predicted, i)} with {probability(probs.max())}. Written: "
        f"{quoted(trace.tgt_out, i)} with {probability(probs[trace.tgt_out.ids[i]])}.",
    )


EXPLAIN = {"logits": logits, "log-probs": log_probs, "next-token": next_token}
