"""From output words to source words. A new way: write its file, name it in `METHODS`."""

from .attention import ATTENTION, NORM_ATTENTION
from .base import Method, by_word
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

METHODS: tuple[Method, ...] = (
    LEAVE_OUT,
    Method(
        "alti",
        "ALTI+",
        "Shares carried through encoder and decoder; in each attention block an input's share is "
        "how much nearer its transformed vector brings one to the block's output, by the 1-norm.",
        "share",
        "Ferrando et al. 2022 (ALTI+), section 3",
        False,
        by_word(alti),
    ),
    Method(
        "alti_above",
        "ALTI+ above the word's mean",
        "The shares of ALTI+ less the word's mean over all rows, no less than 0: what a word gets "
        "whatever is written is taken away.",
        "share",
        "Ferrando et al. 2022 (ALTI+), section 3; the mean taken away here",
        False,
        by_word(alti, above_mean=True),
    ),
    Method(
        "norm_rollout",
        "norm-based rollout",
        "Shares carried through the same blocks by the lengths of the transformed vectors: heads "
        "summed first, layer norm and residual stream included. Shown is what a word gets beyond "
        "its mean over all rows.",
        "share",
        "Kobayashi et al. 2021, section 3; Abnar & Zuidema 2020, equation 1",
        False,
        by_word(norm_rollout, above_mean=True),
    ),
    Method(
        "rollout",
        "attention rollout",
        "Shares carried through the same blocks by the mean attention weights of each layer's "
        "heads, half and half with the stream itself. Shown is what a word gets beyond its mean "
        "over all rows.",
        "share",
        "Abnar & Zuidema 2020, equation 1",
        False,
        by_word(attention_rollout, above_mean=True),
    ),
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
        "Sundararajan et al. 2017, equation 1",
        True,
        by_word(integrated_gradients),
    ),
)

__all__ = ["LEAVE_OUT", "METHODS", "Method"]
