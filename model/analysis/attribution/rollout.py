"""Shares carried from the bottom of the model to every output row, block after block.

At the start every position holds itself; each attention block mixes what the positions that it
attends to hold with what its own stream holds (`mixing.py`). Feed-forward blocks work within a
position and are left out.

Letters in shapes: T target rows, S source positions.
"""

from __future__ import annotations

import numpy as np

from ...run.arrays import Array
from ...run.runner import Model
from ...run.trace import Trace
from .mixing import Mixing, by_attention, by_distance, by_norm


def rollout(model: Model, trace: Trace, mixing: Mixing = by_attention) -> Array:
    """How much of every source token and of every token read so far is in each output row.

    The product of one matrix a block (Abnar & Zuidema 2020), through the encoder and
    through self- and cross-attention of the decoder: there the source's shares, as the encoder left
    them, come in beside the prefix (Ferrando et al. 2022b).

    Args:
        mixing: what a block mixes: `by_attention` is attention rollout, `by_norm` the norm-based
            form, `by_distance` ALTI+.

    Returns:
        [T, S + T] shares, in [0, 1], rows sum to 1: the source first, then what the decoder has
        read, `<bos>` first. A column to the right of its row is 0.

    Raises:
        ValueError: the trace is of another model, or heads were set to their mean.
    """
    model.check_trace(trace)
    n_src, n_tgt = len(trace.src), len(trace.tgt_in)
    source = np.eye(n_src)
    for i in range(len(trace.encoder.layers)):
        if ("encoder", i) not in trace.edits.skip:
            source = _mixed(mixing(model, trace, "encoder_self", i), source, source)
    source = np.concatenate([source, np.zeros((n_src, n_tgt))], axis=1)
    held = np.eye(n_tgt, n_src + n_tgt, k=n_src)
    for i in range(len(trace.decoder.layers)):
        if ("decoder", i) in trace.edits.skip:
            continue
        held = _mixed(mixing(model, trace, "decoder_self", i), held, held)
        if trace.edits.cross_attention:
            held = _mixed(mixing(model, trace, "cross", i), source, held)
    return held


def attention_rollout(model: Model, trace: Trace) -> Array:
    """[T, S]: the source's part of the rollout of attention weights."""
    return rollout(model, trace)[:, : len(trace.src)]


def norm_rollout(model: Model, trace: Trace) -> Array:
    """[T, S]: the source's part of the rollout by norms."""
    return rollout(model, trace, by_norm)[:, : len(trace.src)]


def alti(model: Model, trace: Trace) -> Array:
    """[T, S]: the source's part of `contributions`."""
    return contributions(model, trace)[:, : len(trace.src)]


def contributions(model: Model, trace: Trace) -> Array:
    """ALTI+: the share of every source token and of every token read so far in every output row.

    Ferrando et al. 2022b ("Towards Opening the Black Box of Neural Machine Translation").

    Returns:
        [T, S + T] as in `rollout`.

    Raises:
        ValueError: as in `rollout`.
    """
    return rollout(model, trace, by_distance)


def source_share(model: Model, trace: Trace) -> Array:
    """[T], 0 to 1: the part of each output row that came from the source; the rest is the prefix.

    The source contribution of Ferrando et al. 2022b: the sum of ALTI+ over the source tokens.
    """
    return alti(model, trace).sum(axis=1)


def _mixed(shares: Array, attended: Array, own: Array) -> Array:
    """Shares [Q, K + 1] of what keys and the position itself hold."""
    mixed: Array = shares[:, :-1] @ attended + shares[:, -1:] * own
    return mixed
