"""A model's weights as numpy, split into heads, under the paper's names.

Letters in shapes: D d_model, H heads, E d_head, F d_ff, V d_vocab.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...run.runner import Model
from ...run.trace import Array


@dataclass(frozen=True, eq=False)
class AttentionWeights:
    """One attention block, so that q = x · `w["q"][:, h]` + `b["q"][h]`.

    Shapes: w["q" | "k" | "v"] [D, H, E]; b[...] [H, E]; w_o [H·E, D]; b_o [D].
    """

    w: dict[str, Array]
    b: dict[str, Array]
    w_o: Array
    b_o: Array


@dataclass(frozen=True, eq=False)
class NormWeights:
    """A layer norm: gamma, beta [D], epsilon a number."""

    gamma: Array
    beta: Array
    epsilon: Array


@dataclass(frozen=True, eq=False)
class FeedForwardWeights:
    """FFN(x) = max(0, x W_1 + b_1) W_2 + b_2: w1 [D, F], b1 [F], w2 [F, D], b2 [D]."""

    w1: Array
    b1: Array
    w2: Array
    b2: Array


def embedding(model: Model) -> Array:
    """[V, D]: one row a token, also the output projection."""
    return _numpy(model.network.embedding.weight)


def attention(model: Model, kind: str, layer: int) -> AttentionWeights:
    """The weights of one attention block."""
    config, block = model.config, _block(model, kind, layer)
    shape = (config.d_model, config.heads(kind), config.head_width(kind))
    weights = np.split(_numpy(block.in_proj.weight), 3)  # each [D, D], output first
    biases = np.split(_numpy(block.in_proj.bias), 3)
    return AttentionWeights(
        w={name: w.T.reshape(shape) for name, w in zip("qkv", weights, strict=True)},
        b={name: b.reshape(shape[1:]) for name, b in zip("qkv", biases, strict=True)},
        w_o=_numpy(block.out_proj.weight).T,
        b_o=_numpy(block.out_proj.bias),
    )


def norm(model: Model, side: str, layer: int, around: str) -> NormWeights:
    """The layer norm of one block; `around` is "self", "cross" or "mlp"."""
    return _norm(getattr(_layer(model, side, layer), f"around_{around}").norm)


def final_norm(model: Model, side: str) -> NormWeights:
    """The norm after a whole stack, which only pre-norm models have."""
    return _norm(getattr(model.network, f"{side}_norm"))


def feed_forward(model: Model, side: str, layer: int) -> FeedForwardWeights:
    """The weights of one feed-forward block."""
    block = _layer(model, side, layer).feed_forward
    return FeedForwardWeights(
        w1=_numpy(block.up.weight).T,
        b1=_numpy(block.up.bias),
        w2=_numpy(block.down.weight).T,
        b2=_numpy(block.down.bias),
    )


def _layer(model: Model, side: str, layer: int) -> Any:
    return getattr(model.network, side)[layer]


def _block(model: Model, kind: str, layer: int) -> Any:
    if kind == "cross":
        return _layer(model, "decoder", layer).cross_attention
    return _layer(model, kind.removesuffix("_self"), layer).self_attention


def _norm(module: Any) -> NormWeights:
    return NormWeights(
        gamma=_numpy(module.weight),
        beta=_numpy(module.bias),
        epsilon=np.asarray(module.eps, np.float32),
    )


def _numpy(tensor: Any) -> Array:
    """The same memory, not to be written to."""
    array: Array = tensor.detach().numpy()
    array.flags.writeable = False
    return array
