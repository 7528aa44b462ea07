"""Which layers of a trace go to the browser at once, and what stands for those that do not.

Letters in shapes: L layers, H heads, Q query positions, K key positions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headlight.model.network.config import KINDS
from headlight.model.run.arrays import Array
from headlight.model.run.trace import Trace

from . import pool

AT_ONCE = 1_500_000
"""Bytes of weights that are sent whole; of more, each layer goes when it is looked at."""
SIDE, SMALL_SIDE, MANY = 64, 32, 96
"""Longest side of a thumbnail in pixels, and where there are more heads of a kind than `MANY`."""


def all_at_once(traces: Sequence[Trace]) -> bool:
    """Whether the weights of these traces are few enough to be sent whole."""
    return sum(_nbytes(trace) for trace in traces) <= AT_ONCE


def pattern(trace: Trace, kind: str, layer: int) -> Array:
    """[H, Q, K] of a block as it is shown: long sounds pooled."""
    source = pool.starts(trace.src)
    rows = source if kind == "encoder_self" else None
    columns = None if kind == "decoder_self" else source
    return pool.pooled(trace.attention[kind][layer].pattern, rows, columns)


def layer_of(trace: Trace, kind: str, layer: int) -> int:
    """The layer itself; the last one of a trace that has fewer."""
    return min(layer, trace.n_layers(kind) - 1)


def thumbnails(patterns: Sequence[Array]) -> Array:
    """[L, H, h, w]: every head small, each pixel the largest weight under it."""
    n_heads = len(patterns[0])
    side = SIDE if len(patterns) * n_heads <= MANY else SMALL_SIDE
    return np.stack([_smaller(_smaller(one, side, 1), side, 2) for one in patterns])


def measures(patterns: Sequence[Array]) -> Array:
    """[L, H, 7]: what the browser else computes of each head (`shared/heads/stats.js`).

    Mean entropy of a row in nats; mean weight on the corner-to-corner diagonal, on the first column
    and of the largest cell of a row; row, column and weight of the largest cell.
    """
    return np.stack([_measured(one) for one in patterns])


def _measured(weights: Array) -> Array:
    n_heads, n_query, n_key = weights.shape
    logs = np.log(weights, out=np.zeros_like(weights), where=weights > 0)
    entropy = -np.einsum("hqk,hqk->h", weights, logs) / n_query
    diagonal = np.floor(np.arange(n_query) * (n_key - 1) / max(n_query - 1, 1) + 0.5).astype(int)
    on_it = weights[:, np.arange(n_query), diagonal].mean(-1)
    flat = weights.reshape(n_heads, -1)
    best = flat.argmax(-1)
    most = flat[np.arange(n_heads), best]
    parts = (entropy, on_it, weights[:, :, 0].mean(-1), weights.max(-1).mean(-1))
    return np.stack([*parts, best // n_key, best % n_key, most], axis=-1).astype(np.float32)


def _smaller(values: Array, side: int, axis: int) -> Array:
    """The largest of every few values along an axis, at most `side` of them."""
    n = values.shape[axis]
    if n <= side:
        return values
    found: Array = np.maximum.reduceat(values, -(-np.arange(side) * n // side), axis=axis)
    return found


def kept(trace: Trace, kind: str) -> bool:
    """Whether all weights of a kind are there, without being computed anew."""
    return all(record.kept is not None for record in trace.attention[kind])


def _nbytes(trace: Trace) -> int:
    """Bytes of its weights on their way; without end where they would have to be computed anew."""
    n_src = len(pool.starts(trace.src) or trace.src.ids)
    n_tgt = len(trace.tgt_in)
    cells = dict(zip(KINDS, (n_src * n_src, n_tgt * n_tgt, n_tgt * n_src), strict=True))
    if not all(kept(trace, kind) for kind in KINDS):
        return AT_ONCE + 1
    return sum(
        2 * trace.n_layers(kind) * trace.heads(kind) * cells[kind]
        for kind in KINDS
        if trace.n_layers(kind)
    )
