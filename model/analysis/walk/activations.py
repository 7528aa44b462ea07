"""The feed-forward activations once more, in numpy and in words, for steps that are recomputed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...run.arrays import Array


@dataclass(frozen=True)
class Activation:
    """One activation: what it is called, what it does to `h`, and the same of a gate `g`."""

    title: str
    name: str
    formula: str
    gate: str
    compute: Callable[[Array], Array]


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


ACTIVATIONS = {
    "relu": Activation("ReLU", "Negative ones are cut to zero", r"\max(0, h)", r"\max(0, g)", relu),
    "gelu": Activation("GELU", "GELU: negative ones fade", r"h\,\Phi(h)", r"g\,\Phi(g)", gelu),
    "gelu_new": Activation(
        "GELU",
        "GELU, by tanh: negative ones fade",
        r"\tfrac{h}{2}\left(1 + \tanh\!\left[\sqrt{2/\pi}\,(h + 0.044715\,h^3)\right]\right)",
        r"\operatorname{GELU}(g)",
        gelu_new,
    ),
    "silu": Activation("SiLU", "SiLU: negative ones fade", r"h\,\sigma(h)", r"g\,\sigma(g)", silu),
}
