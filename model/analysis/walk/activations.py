"""The feed-forward activations once more, in numpy, for steps that are recomputed."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ...run.arrays import Array


def gelu(x: Array) -> Array:
    """x Φ(x), Φ the normal distribution (Hendrycks & Gimpel 2016)."""
    wide = x.astype(np.float64)
    share = np.vectorize(math.erf, otypes=[np.float64])(wide / math.sqrt(2))
    return (wide * 0.5 * (1 + share)).astype(np.float32)


def gelu_new(x: Array) -> Array:
    """The same by its approximation with tanh."""
    wide = x.astype(np.float64)
    inner = math.sqrt(2 / math.pi) * (wide + 0.044715 * wide**3)
    return (0.5 * wide * (1 + np.tanh(inner))).astype(np.float32)


def silu(x: Array) -> Array:
    """x σ(x)."""
    wide = x.astype(np.float64)
    return (wide / (1 + np.exp(-wide))).astype(np.float32)


def relu(x: Array) -> Array:
    """max(0, x)."""
    return np.maximum(x, 0)


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "relu": relu,
    "gelu": gelu,
    "gelu_new": gelu_new,
    "silu": silu,
}
