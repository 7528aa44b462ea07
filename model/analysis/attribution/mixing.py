"""What each attention block mixes into a position: one row of shares a position, three ways.

A row says how much of what leaves a block came from each key and how much from the position's own
stream. Rows sum to 1. Heads that were switched off do not count.

Letters in shapes: Q query positions, K key positions, H heads, E d_head, D d_model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from ...run.arrays import Array
from ...run.edits import Head
from ...run.pace import breathe
from ...run.runner import Model
from ...run.trace import Trace
from .. import weights
from ..weights import NormWeights

Mixing = Callable[[Model, Trace, str, int], Array]
"""(model, trace, kind, layer) -> [Q, K + 1] shares of the keys and, last, of the own stream."""

CELLS = 1 << 19
"""Numbers of the transformed vectors that are held at once."""


def by_attention(model: Model, trace: Trace, kind: str, layer: int) -> Array:
    """Half the mean attention weights of the heads, half the own stream.

    Ã = ½ A + ½ I (Abnar & Zuidema 2020, section 3).
    """
    pattern = trace.attention[kind][layer].pattern.astype(np.float64)
    pattern = np.delete(pattern, _off(trace, kind, layer), axis=0)
    if not len(pattern):
        return _with_own(np.zeros(trace.attention[kind][layer].pattern.shape[1:]), 1.0)
    return _with_own(0.5 * pattern.mean(0), 0.5)


def by_norm(model: Model, trace: Trace, kind: str, layer: int) -> Array:
    """Shares by the lengths ‖T(x_j)‖ of the transformed vectors (Kobayashi et al. 2021).

    The heads' vectors are summed before the norm is taken, the residual stream belongs to the
    position itself, and where a layer norm follows the sum the vectors go through it.
    """
    return _shares(model, trace, kind, layer, lambda parts, whole: np.linalg.norm(parts, axis=-1))


def by_distance(model: Model, trace: Trace, kind: str, layer: int) -> Array:
    """Shares by how near each transformed vector is to the block's output y: ALTI.

    c_j = max(0, ‖y‖₁ − ‖y − T(x_j)‖₁), divided by their sum (Ferrando et al. 2022a; for
    cross-attention with the residual stream as one more input, 2022b).
    """

    def nearness(parts: Array, whole: Array) -> Array:
        size = np.abs(whole).sum(-1)[:, None]
        away = whole[:, None] - parts
        near: Array = np.maximum(size - np.abs(away, out=away).sum(-1), 0.0)
        return near

    return _shares(model, trace, kind, layer, nearness)


def _shares(
    model: Model, trace: Trace, kind: str, layer: int, measure: Callable[[Array, Array], Array]
) -> Array:
    rows = []
    for parts, whole in transformed(model, trace, kind, layer):
        breathe()
        rows.append(measure(parts, whole))
    sizes = np.concatenate(rows)  # [Q, K + 1]
    total = sizes.sum(-1, keepdims=True)
    alone = np.zeros_like(sizes)
    alone[:, -1] = 1.0  # where nothing has a size, the position keeps what it holds
    shares: Array = np.where(total > 0, sizes / np.where(total > 0, total, 1.0), alone)
    return shares


def transformed(model: Model, trace: Trace, kind: str, layer: int) -> Iterator[tuple[Array, Array]]:
    """The block's output at each position as a sum of vectors, some positions at a time.

    T(x_j) = Σ over heads of α_j · v_j · W_O for every key, and the own stream x. In self-attention
    the own stream is added to the position's own vector, and the last part is zero. A layer norm
    behind the sum is linear once its spread σ is held at its value, so the vectors go through it
    before they are weighed, which is less to compute.

    Yields:
        parts [q, K + 1, D] and the whole [q, D] that they sum to, biases aside.
    """
    record = trace.attention[kind][layer]
    off = _off(trace, kind, layer)
    block = weights.attention(model, kind, layer)
    v = record.v.astype(np.float64)  # [H, K, E]
    w_o = block.w_o.astype(np.float64).reshape(v.shape[0], v.shape[2], -1)
    value = np.delete(v @ w_o, off, axis=0)  # [H, K, D]
    pattern = np.delete(record.pattern.astype(np.float64), off, axis=0)
    stack = trace.encoder if kind == "encoder_self" else trace.decoder
    stream = stack.layers[layer].resid_mid if kind == "cross" else stack.layers[layer].resid_pre
    own, whole = stream.astype(np.float64), (stream + record.out).astype(np.float64)
    if not model.config.norm_first:
        side = "encoder" if kind == "encoder_self" else "decoder"
        norm = weights.norm(model, side, layer, "cross" if kind == "cross" else "self")
        spread = _spread(norm, whole)
        value, own, pattern = _scaled(norm, value), _scaled(norm, own) / spread, pattern / spread
        whole = _scaled(norm, whole) / spread + (0.0 if norm.beta is None else norm.beta)
    of_keys = np.ascontiguousarray(pattern.transpose(2, 1, 0))  # [K, Q, H]
    n_query, n_key = record.pattern.shape[1:]
    size = max(1, CELLS // ((n_key + 1) * own.shape[1]))
    for start in range(0, n_query, size):
        rows = slice(start, min(start + size, n_query))
        parts = np.zeros((n_key + 1, rows.stop - start, own.shape[1]))
        np.matmul(of_keys[:, rows], value.transpose(1, 0, 2), out=parts[:-1])
        if kind == "cross":
            parts[-1] = own[rows]
        else:
            parts[np.arange(start, rows.stop), np.arange(rows.stop - start)] += own[rows]
        yield parts.transpose(1, 0, 2), whole[rows]


def _spread(norm: NormWeights, whole: Array) -> Array:
    """[Q, 1]: what a layer norm divides each row by."""
    squares = np.square(_centred(norm, whole)).mean(-1, keepdims=True)
    spread: Array = np.sqrt(squares + norm.epsilon)
    return spread


def _scaled(norm: NormWeights, part: Array) -> Array:
    """What a layer norm makes of a part of its sum, but for the division."""
    return _centred(norm, part) * norm.gamma


def _centred(norm: NormWeights, part: Array) -> Array:
    return part if norm.beta is None else part - part.mean(-1, keepdims=True)


def _off(trace: Trace, kind: str, layer: int) -> list[int]:
    """The heads of a block that were set to zero.

    Raises:
        ValueError: heads were set to their mean, or vectors were put in from elsewhere, which come
            from none of the tokens.
    """
    if trace.edits.patch or trace.edits.steer:
        raise ValueError(
            "In this run vectors were put in from elsewhere, which come from no token of the "
            "sentence, so they have no shares: take patches and steering back first."
        )
    means: set[Head] = {head for head, _ in trace.edits.means}
    if trace.edits.ablate & means:
        raise ValueError(
            "In this run heads write their mean over a corpus, which comes from no token of the "
            "sentence, so it has no shares: set these heads to zero instead."
        )
    return trace.edits.heads("ablate", kind, layer)


def _with_own(keys: Array, own: float) -> Array:
    shares: Array = np.concatenate([keys, np.full((len(keys), 1), own)], axis=1)
    return shares
