"""How much of each step came from the source, and how much from what was written before.

Letters in shapes: T target positions, S source positions, H heads.
"""

from __future__ import annotations

import numpy as np

from ...run.trace import Array, Trace


def contributions(trace: Trace) -> Array:
    """Share of every source token and of every token read so far, at every step: [T, S + T].

    Norm-based attention rollout over the decoder. What a position holds is tracked as shares that
    sum to 1; at the start each position holds itself. A block mixes them: its own stream counts
    with its norm ‖x‖, a token that it attends to with Σ over heads of α·‖v·W_O‖, the norm-weighted
    attention of Kobayashi et al. 2020 (equation 5). Self-attention brings in the shares of the
    positions attended to, cross-attention those of source tokens (the encoder's output at a place
    counts as the token of that place). Layer after layer, this is attention rollout (Abnar &
    Zuidema 2020) with norms for weights, read by source and prefix as in Ferrando et al. 2022.

    What it leaves out: vectors that cancel each other, and the feed-forward blocks, which work
    within a position.

    Returns:
        [T, S + T], 0 to 1, rows sum to 1; the first S columns are the source, the others what the
        decoder has read, `<bos>` first. A column to the right of its row is 0.

    Raises:
        ValueError: in the trace heads were set to their mean, or vectors put in from elsewhere.
    """
    n_src, n_tgt = len(trace.src), len(trace.tgt_in)
    held = np.concatenate([np.zeros((n_tgt, n_src)), np.eye(n_tgt)], axis=1)
    source = np.eye(n_src, n_src + n_tgt)
    for i, layer in enumerate(trace.decoder.layers):
        if ("decoder", i) in trace.edits.skip:
            continue
        held = _mix(layer.resid_pre, held, norm_weights(trace, "decoder_self", i), held)
        if trace.edits.cross_attention:
            held = _mix(layer.resid_mid, held, norm_weights(trace, "cross", i), source)
    return held


def source_share(trace: Trace) -> Array:
    """[T], 0 to 1: the part of each step that came from the source; the rest is the prefix."""
    share: Array = contributions(trace)[:, : len(trace.src)].sum(axis=1)
    return share


def norm_weights(trace: Trace, kind: str, layer: int) -> Array:
    """[queries, keys]: α·‖v·W_O‖ summed over the heads that were not switched off."""
    weighted = working(trace, kind, layer, trace.attention[kind][layer].norm_weighted)
    total: Array = weighted.astype(np.float64).sum(axis=0)
    return total


def working(trace: Trace, kind: str, layer: int, values: Array) -> Array:
    """The rows of `values` [H, ...] whose heads were not switched off.

    Raises:
        ValueError: heads were set to their mean, or vectors were put in from elsewhere, which come
            from none of the tokens.
    """
    if trace.edits.patch or trace.edits.steer:
        raise ValueError(
            "In this run vectors were put in from elsewhere, which come from no token of the "
            "sentence, so they have no shares: take patches and steering back first."
        )
    if trace.edits.ablate & {head for head, _ in trace.edits.means}:
        raise ValueError(
            "In this run heads write their mean over a corpus, which comes from no token of the "
            "sentence, so it has no shares: set these heads to zero instead."
        )
    left: Array = np.delete(values, trace.edits.heads("ablate", kind, layer), axis=0)
    return left


def _mix(stream: Array, held: Array, weights: Array, attended: Array) -> Array:
    """Shares after a block: the stream's own and those of what it attends to, by their norms."""
    own = np.linalg.norm(stream.astype(np.float64), axis=-1)[:, None]  # [T, 1]
    mixed: Array = (own * held + weights @ attended) / (own + weights.sum(axis=1, keepdims=True))
    return mixed
