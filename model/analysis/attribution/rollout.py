"""From output word to source word through all three blocks, by attention alone.

Shares are carried from the bottom up: at the start every position holds itself; each attention
block mixes what the positions it attends to hold with what its own stream holds. The feed-forward
blocks work within a position and are left out. Heads that were switched off do not count; where
heads were set to their mean, both functions raise a ValueError.

Letters in shapes: T target rows, S source positions.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...run.trace import Array, Trace
from .contribution import norm_weights, working

Mixing = Callable[[Trace, str, int, Array], tuple[Array, Array]]
"""(trace, kind, layer, stream) -> weights of the own stream [Q, 1] and of the keys [Q, K]."""


def rollout(trace: Trace) -> Array:
    """Attention rollout: the mean pattern of a layer's heads, half of it the own stream.

    Ã = ½ A + ½ I, multiplied over the layers (Abnar & Zuidema 2020, equation 1), here through the
    encoder, and through self- and cross-attention of the decoder.

    Returns:
        [T, S] shares of each row, in [0, 1]; the rest, up to 1, came from the target written so
        far.
    """
    return _through(trace, _halves)


def norm_rollout(trace: Trace) -> Array:
    """The same with norms for weights: ‖α·v·W_O‖, summed over heads, against ‖x‖ of the own stream.

    Kobayashi et al. 2020, equation 5, and 2021 for the residual stream.

    Returns:
        [T, S] shares of each row, in [0, 1], as in `rollout`.
    """
    return _through(trace, _norms)


def _through(trace: Trace, mixing: Mixing) -> Array:
    n_src, n_tgt = len(trace.src), len(trace.tgt_in)
    source = np.eye(n_src)
    for i, layer in enumerate(trace.encoder.layers):
        if ("encoder", i) not in trace.edits.skip:
            own, attended = mixing(trace, "encoder_self", i, layer.resid_pre)
            source = own * source + attended @ source
    held = np.zeros((n_tgt, n_src))  # what is missing to 1 is the target's
    for i, step in enumerate(trace.decoder.layers):
        if ("decoder", i) in trace.edits.skip:
            continue
        own, attended = mixing(trace, "decoder_self", i, step.resid_pre)
        held = own * held + attended @ held
        if trace.edits.cross_attention:
            own, attended = mixing(trace, "cross", i, step.resid_mid)
            held = own * held + attended @ source
    return held


def _halves(trace: Trace, kind: str, layer: int, stream: Array) -> tuple[Array, Array]:
    pattern = trace.attention[kind][layer].pattern.astype(np.float64)
    heads = working(trace, kind, layer, pattern)
    if not len(heads):
        return np.ones((len(stream), 1)), np.zeros_like(pattern[0])
    return np.full((len(stream), 1), 0.5), 0.5 * heads.mean(0)


def _norms(trace: Trace, kind: str, layer: int, stream: Array) -> tuple[Array, Array]:
    weights = norm_weights(trace, kind, layer)
    own = np.linalg.norm(stream.astype(np.float64), axis=-1)[:, None]
    total = own + weights.sum(-1, keepdims=True)
    return own / total, weights / total
