"""Attention itself, taken for an explanation: the mean weights of cross-attention heads."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import numpy as np

from ...run.arrays import Array
from ...run.runner import Model
from ...run.trace import Trace
from .base import Method, by_word

Heads = Iterable[tuple[int, int]]
"""(layer, head) of cross-attention heads."""


def mean_weights(
    model: Model, trace: Trace, *, heads: Heads | None = None, normed: bool = False
) -> Array:
    """[T, S]: the mean attention weights of cross-attention heads, all of them by default.

    Args:
        heads: those to average.
        normed: weights times ‖v·W_O‖ (Kobayashi et al. 2020).
    """
    records = trace.attention["cross"]
    chosen = np.ndindex(len(records), len(records[0].pattern)) if heads is None else heads
    found = [
        (records[i].norm_weighted if normed else records[i].pattern)[h].astype(np.float64)
        for i, h in chosen
    ]
    mean: Array = np.mean(found, axis=0)
    return mean


ATTENTION = Method(
    "attention",
    "attention weights, all heads",
    "Mean of the cross-attention weights of all heads of all layers, in the row that writes the "
    "token.",
    "weight",
    "Bahdanau et al. 2015, section 3.1; mean over heads",
    False,
    by_word(mean_weights),
)
NORM_ATTENTION = Method(
    "norm_attention",
    "norm-weighted attention, all heads",
    "The same with every weight times the length ‖v·W_O‖ of what the head would write from that "
    "token.",
    "norm",
    "Kobayashi et al. 2020; on translation: section 5",
    False,
    by_word(partial(mean_weights, normed=True)),
)


def of_some(base: Method) -> str:
    """What weights, or norm-weighted attention, are called where some heads only are meant."""
    return base.title.removesuffix(", all heads")


def layer_method(layer: int, n_heads: int, *, normed: bool = False) -> Method:
    """The mean over the heads of one layer."""
    base = NORM_ATTENTION if normed else ATTENTION
    heads = tuple((layer, head) for head in range(n_heads))
    return Method(
        f"{base.slug}_L{layer}",
        f"{of_some(base)}, mean of layer {layer}",
        base.definition,
        base.unit,
        base.source,
        False,
        by_word(partial(mean_weights, heads=heads, normed=normed)),
    )


def head_method(layer: int, head: int, *, normed: bool = False) -> Method:
    """One head."""
    base = NORM_ATTENTION if normed else ATTENTION
    return Method(
        f"{base.slug}_L{layer}H{head}",
        f"{of_some(base)}, L{layer} H{head}",
        base.definition,
        base.unit,
        base.source,
        False,
        by_word(partial(mean_weights, heads=((layer, head),), normed=normed)),
    )
