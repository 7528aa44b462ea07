"""From output words to source words. A new way: write its file, name it in `METHODS`."""

from dataclasses import replace

from .attention import ATTENTION, NORM_ATTENTION
from .base import Method, TokenScores, by_word
from .rollout import alti, attention_rollout, norm_rollout
from .saliency import gradient_times_input, integrated_gradients, leave_one_out

LEAVE_OUT = Method(
    "leave_out",
    "leave one word out",
    "Log-probability of the token with the word minus without it: the word is hidden from all "
    "encoder and cross-attention heads and the model is run again.",
    "nats",
    "Li et al. 2016",
    True,
    leave_one_out,
)

_ABOVE = (
    "Read above the word's mean: what it gets beyond its mean over all rows, no less than 0, for "
    "what a word gets whatever is written says nothing about a row."
)


def _above(plain: Method, shares: TokenScores) -> Method:
    """The same shares, read above the word's mean over all rows."""
    return replace(
        plain,
        slug=f"{plain.slug}_above",
        title=f"{plain.title} above the word's mean",
        definition=f"{plain.definition} {_ABOVE}",
        source=f"{plain.source}; the mean taken away here",
        scores=by_word(shares, above_mean=True),
    )


ALTI = Method(
    "alti",
    "ALTI+",
    "Shares carried through encoder and decoder; in each attention block an input's share is "
    "how much nearer its transformed vector brings one to the block's output, by the 1-norm.",
    "share",
    "Ferrando et al. 2022b (ALTI+)",
    False,
    by_word(alti),
)
NORM_ROLLOUT = Method(
    "norm_rollout",
    "norm-based rollout",
    "Shares carried through encoder and decoder, in each attention block by the lengths of the "
    "transformed vectors: heads summed first, layer norm and residual stream included.",
    "share",
    "Kobayashi et al. 2021; rolled out as Abnar & Zuidema 2020, section 3",
    False,
    by_word(norm_rollout),
)
ROLLOUT = Method(
    "rollout",
    "attention rollout",
    "Shares carried through encoder and decoder, in each attention block by the mean attention "
    "weights of its heads, half and half with the stream itself.",
    "share",
    "Abnar & Zuidema 2020, section 3",
    False,
    by_word(attention_rollout),
)
ALTI_ABOVE = _above(ALTI, alti)
NORM_ROLLOUT_ABOVE = _above(NORM_ROLLOUT, norm_rollout)
ROLLOUT_ABOVE = _above(ROLLOUT, attention_rollout)

READINGS = (
    (ALTI, ALTI_ABOVE),
    (NORM_ROLLOUT, NORM_ROLLOUT_ABOVE),
    (ROLLOUT, ROLLOUT_ABOVE),
)
"""The same shares, as published and above the word's mean."""

METHODS: tuple[Method, ...] = (
    LEAVE_OUT,
    ALTI,
    ALTI_ABOVE,
    NORM_ROLLOUT_ABOVE,
    ROLLOUT_ABOVE,
    ATTENTION,
    NORM_ATTENTION,
    Method(
        "gradient",
        "gradient × input",
        "Gradient of the token's log-odds log p / (1 − p) at the word's embedding, times the "
        "embedding.",
        "nats",
        "Denil et al. 2014",
        True,
        by_word(gradient_times_input),
    ),
    Method(
        "integrated",
        "integrated gradients",
        "The same gradient averaged on the straight way from zero embeddings to the words', times "
        "the embedding; positions and <eos> stay as they are.",
        "nats",
        "Sundararajan et al. 2017, section 3",
        True,
        by_word(integrated_gradients),
    ),
)

__all__ = ["LEAVE_OUT", "METHODS", "READINGS", "Method"]
