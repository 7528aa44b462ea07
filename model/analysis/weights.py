"""A model's weights as numpy, split into heads, under the paper's names.

Letters in shapes: D d_model, H heads, E d_head, F d_ff, V d_vocab.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ..network.fronts import Patches, Tokens
from ..run.arrays import Array
from ..run.runner import Model


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
    """A norm: gamma, beta [D], epsilon a number; beta is None for root mean square alone."""

    gamma: Array
    beta: Array | None
    epsilon: Array

    def __call__(self, x: Array) -> Array:
        """The norm of the last axis of `x`."""
        return normed(x, self.gamma, self.beta, self.epsilon)


def normed(x: Array, gamma: Array, beta: Array | None, epsilon: Array) -> Array:
    """γ · (x − mean) / √(variance + ε) + β over the last axis (Ba et al. 2016).

    Without β it is γ · x / √(mean of squares + ε) (Zhang & Sennrich 2019).
    """
    wide = np.asarray(x, np.float64)
    centred = wide if beta is None else wide - wide.mean(-1, keepdims=True)
    scale = np.sqrt(np.square(centred).mean(-1, keepdims=True) + epsilon)
    shift = 0.0 if beta is None else beta
    return (centred / scale * gamma + shift).astype(np.float32)


@dataclass(frozen=True, eq=False)
class FeedForwardWeights:
    """FFN(x) = act(x W_1 + b_1) W_2 + b_2: w1 [D, F], b1 [F], w2 [F, D], b2 [D].

    With a gate `wg` [D, F], `bg` [F] it is (act(x W_g + b_g) ⊙ (x W_1 + b_1)) W_2 + b_2. Biases
    that a model does not have are 0.
    """

    w1: Array
    b1: Array
    w2: Array
    b2: Array
    wg: Array | None
    bg: Array | None
    activation: str


def embedding(model: Model, side: str = "decoder") -> Array:
    """[V, D]: one row a token of a side; both sides share it in most models.

    Raises:
        ValueError: the encoder reads no tokens.
    """
    front = model.network.front
    if side == "decoder" or front is None:
        return _numpy(model.network.embedding.weight)
    if not isinstance(front, Tokens):
        raise ValueError("This model's encoder reads no tokens, so they have no embeddings.")
    return _numpy(front.embedding.weight)


def front_map(front: Patches) -> tuple[Array, Array]:
    """W [F, D] and b [D] of the map from a position's features to its vector."""
    return _numpy(front.project.weight).T, _numpy(front.project.bias)


def convolution(module: torch.nn.Conv1d) -> tuple[Array, Array]:
    """W [K·C, D] and b [D] of a convolution over time: its K columns of C numbers stand one behind
    the other, so that K columns next to each other, read so, times W, plus b, is what it finds.
    """
    taken = _numpy(module.weight).transpose(2, 1, 0)  # [D, C, K] -> [K, C, D]
    return taken.reshape(-1, taken.shape[-1]), _numpy(module.bias)


def embed_scale(model: Model) -> float:
    """What an embedding is multiplied by before its position is added."""
    return math.sqrt(model.config.d_model) if model.config.scale_embed else 1.0


def unembedding(model: Model) -> Array:
    """[V, D]: each token's direction in the output, with the model's scale of the logits in it."""
    table, scale = _numpy(model.network.unembed_weight), model.config.logits_scale
    return table if scale == 1.0 else (table * np.float32(scale)).astype(np.float32)


def logits_bias(model: Model) -> Array | None:
    """[V], added to the logits; None in most models."""
    bias = model.network.logits_bias
    return None if bias is None else _numpy(bias)


def attention(model: Model, kind: str, layer: int) -> AttentionWeights:
    """The weights of one attention block."""
    config, block = model.config, _block(model, kind, layer)
    shape = (config.d_model, config.heads(kind), config.head_width(kind))
    weights = np.split(_numpy(block.in_proj.weight), 3)  # each [D, D], output first
    biases = np.split(_bias(block.in_proj), 3)
    return AttentionWeights(
        w={name: w.T.reshape(shape) for name, w in zip("qkv", weights, strict=True)},
        b={name: b.reshape(shape[1:]) for name, b in zip("qkv", biases, strict=True)},
        w_o=_numpy(block.out_proj.weight).T,
        b_o=_bias(block.out_proj),
    )


def position_bias(model: Model, kind: str, n: int) -> Array | None:
    """[H, n, n], added to the scores of self-attention (T5); None for all other blocks."""
    if kind == "cross":
        return None
    with torch.inference_mode():
        bias = model.network.bias(kind.removesuffix("_self"), 0, n)
    return None if bias is None else bias[0].numpy()


def norm(model: Model, side: str, layer: int, around: str) -> NormWeights:
    """The layer norm of one block; `around` is "self", "cross" or "mlp"."""
    return _norm(getattr(_layer(model, side, layer), f"around_{around}").norm)


def final_norm(model: Model, side: str) -> NormWeights:
    """The norm after a whole stack, where `config.has_final_norm`."""
    return _norm(getattr(model.network, f"{side}_norm"))


def embed_norm(model: Model, side: str) -> NormWeights:
    """The norm after token and position are added, where `config.norm_embed`."""
    return _norm(getattr(model.network, f"{side}_embed_norm"))


def feed_forward(model: Model, side: str, layer: int) -> FeedForwardWeights:
    """The weights of one feed-forward block."""
    block = _layer(model, side, layer).feed_forward
    return FeedForwardWeights(
        w1=_numpy(block.up.weight).T,
        b1=_bias(block.up),
        w2=_numpy(block.down.weight).T,
        b2=_bias(block.down),
        wg=None if block.gate is None else _numpy(block.gate.weight).T,
        bg=None if block.gate is None else _bias(block.gate),
        activation=model.config.activation,
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
        beta=None if getattr(module, "bias", None) is None else _numpy(module.bias),
        epsilon=np.asarray(module.eps, np.float32),
    )


def _bias(linear: Any) -> Array:
    """A bias, or the zeros that stand for one that a model does not have."""
    if linear.bias is None:
        return np.zeros(len(linear.weight), np.float32)
    return _numpy(linear.bias)


def _numpy(tensor: Any) -> Array:
    """The same memory, not to be written to."""
    array: Array = tensor.detach().numpy()
    array.flags.writeable = False
    return array
