"""Direct logit attribution: what each head, feed-forward block and bias added to one logit.

The stream at a position is a sum of what was written into it, and a layer norm whose spread σ is
held at its value is linear, so a logit is exactly a sum over the writers (Elhage et al. 2021).

Letters in shapes: D d_model, V d_vocab.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...run.arrays import Array
from ...run.runner import Model
from ...run.trace import Trace
from .. import weights
from ..weights import NormWeights


@dataclass(frozen=True)
class Share:
    """What one writer added to a logit.

    Args:
        name: as on screen, `L2 H5` or `L0 feed-forward`.
        group: "decoder_self", "cross", "mlp", "bias" or "embedding".
        value: its part of the logit; all parts sum to it.
        layer, head: where it is, if it is there.
    """

    name: str
    group: str
    value: float
    layer: int | None = None
    head: int | None = None


@dataclass
class _Writer:
    name: str
    group: str
    vector: Array
    layer: int | None = None
    head: int | None = None


def attribute(
    model: Model, trace: Trace, row: int, token: int, against: int | None = None
) -> list[Share]:
    """The parts of the logit of `token` at a row; they sum to `trace.logits[row, token]`.

    Args:
        row: which step of the decoder.
        token: whose logit is taken apart.
        against: a second token: the parts then sum to the difference of the two logits.

    Raises:
        ValueError: a row or a token that there is not, a trace of another model, or one in which
            the stream was patched or steered: what was put in has no writer.
    """
    model.check_trace(trace)
    if trace.edits.steer or any(place[0] != "z" for place, _ in trace.edits.patch):
        raise ValueError(
            "In this run the stream was patched or steered, so it is not the sum of what heads and "
            "feed-forward blocks wrote: take these edits back first."
        )
    n_rows, n_tokens = trace.logits.shape
    _check("row", row, n_rows)
    for one in (token, *(() if against is None else (against,))):
        _check("token", one, n_tokens)
    table = weights.unembedding(model)
    direction = table[token].astype(np.float64)
    if against is not None:
        direction = direction - table[against]
    shares = [
        Share(w.name, w.group, float(w.vector @ direction), w.layer, w.head)
        for w in _writers(model, trace, row)
    ]
    if (bias := weights.logits_bias(model)) is not None:
        value = float(bias[token]) - (0.0 if against is None else float(bias[against]))
        shares.append(Share("logits bias", "bias", value))
    return shares


def _writers(model: Model, trace: Trace, row: int) -> list[_Writer]:
    """Vectors [D] in float64 that sum to the decoder's output at `row`."""
    stack, pre_norm = trace.decoder, model.config.norm_first
    writers = [
        _Writer("token embedding", "embedding", stack.embed[row].astype(np.float64)),
        _Writer("position", "embedding", stack.pos_embed[row].astype(np.float64)),
    ]
    if model.config.norm_embed:
        norm = weights.embed_norm(model, "decoder")
        writers = _through(norm, writers, "embedding norm β")
    for n in range(len(stack.layers)):
        if ("decoder", n) in trace.edits.skip:
            continue
        for around, group in (("self", "decoder_self"), ("cross", "cross"), ("mlp", "mlp")):
            if around != "cross" or trace.edits.cross_attention:
                writers += (
                    _feed_forward(model, trace, row, n)
                    if group == "mlp"
                    else _heads(model, trace, row, group, n)
                )
            if not pre_norm:
                norm = weights.norm(model, "decoder", n, around)
                writers = _through(norm, writers, f"L{n} {around} norm β", n)
    if model.config.has_final_norm:
        writers = _through(weights.final_norm(model, "decoder"), writers, "last norm β")
    return writers


def _heads(model: Model, trace: Trace, row: int, kind: str, layer: int) -> list[_Writer]:
    block, z = weights.attention(model, kind, layer), trace.attention[kind][layer].z[:, row]
    w_o = block.w_o.astype(np.float64).reshape(*z.shape, -1)  # [H, E, D]
    short = "self" if kind == "decoder_self" else "cross"
    heads = [
        _Writer(f"L{layer} {short} H{h}", kind, z[h] @ w_o[h], layer, h) for h in range(len(z))
    ]
    return [*heads, _Writer(f"L{layer} {short} b_O", "bias", block.b_o.astype(np.float64), layer)]


def _feed_forward(model: Model, trace: Trace, row: int, layer: int) -> list[_Writer]:
    block = weights.feed_forward(model, "decoder", layer)
    post = trace.decoder.layers[layer].mlp_post[row].astype(np.float64)
    return [
        _Writer(f"L{layer} feed-forward", "mlp", post @ block.w2, layer),
        _Writer(f"L{layer} feed-forward b_2", "bias", block.b2.astype(np.float64), layer),
    ]


def _through(
    norm: NormWeights, writers: list[_Writer], bias: str, layer: int | None = None
) -> list[_Writer]:
    """All writers through a norm with its spread held fixed; β is a writer of its own."""
    total = np.sum([w.vector for w in writers], axis=0)
    if norm.beta is None:  # root mean square: nothing is taken off, nothing added
        gain = norm.gamma / np.sqrt(np.square(total).mean() + norm.epsilon)
        return [_Writer(w.name, w.group, w.vector * gain, w.layer, w.head) for w in writers]
    gain = norm.gamma / np.sqrt(total.var() + norm.epsilon)
    passed = [
        _Writer(w.name, w.group, (w.vector - w.vector.mean()) * gain, w.layer, w.head)
        for w in writers
    ]
    return [*passed, _Writer(bias, "bias", norm.beta.astype(np.float64), layer)]


def _check(what: str, value: int, n: int) -> None:
    if not 0 <= value < n:
        raise ValueError(f"{what} {value} does not exist: 0 to {n - 1}")
