"""Maps that are made again from what was kept: the same sums as in `network.attention`, in numpy.

Letters in shapes: H heads, Q query positions, K key positions, E d_head.
"""

from __future__ import annotations

import numpy as np

from .arrays import Array

WIDE = 4_000_000
"""Cells [H, Q, K] of a block beyond which its pattern is not kept but computed when asked for."""


def scores(q: Array, k: Array, scale: Array, bias: Array | None) -> Array:
    """q·kᵀ × scale, and what positions add: [.., Q, E], [.., K, E] -> [.., Q, K]."""
    found: Array = q @ np.swapaxes(k, -1, -2)
    found *= scale
    if bias is not None:
        found += bias
    return found


def softmax(values: Array) -> Array:
    """Along the last axis; a row in which everything is closed (−inf) becomes 0."""
    most = values.max(-1, keepdims=True)
    found: Array = np.exp(values - np.where(np.isfinite(most), most, 0))
    found /= np.maximum(found.sum(-1, keepdims=True), np.finfo(found.dtype).tiny)
    return found
