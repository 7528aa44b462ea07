"""From a row of weights to what the block and the rest of its layer add to the stream."""

from __future__ import annotations

import numpy as np

from ...network.attention import MultiHeadAttention
from ...network.feed_forward import FeedForward
from ...network.layers import DecoderLayer
from ...network.norms import ResidualNorm
from ...run.arrays import Array
from .. import weights
from .activations import ACTIVATIONS
from .code import CodeRef
from .place import Place, norm_operation, norm_parts
from .score import line_of
from .step import Part, Step, linear, plus
from .stream import sums_and_norms


def value_steps(place: Place, stage: str) -> list[Step]:
    """weight × value, and their sum over all keys: z."""
    cell, record = place.cell, place.record
    pattern, v = record.pattern[cell.head, cell.query], record.v[cell.head]
    weight, names = pattern[cell.key], place.key_names
    line = line_of(place, "return AttentionOutput(weights @ v")
    return [
        Step(
            name="share",
            stage=stage,
            inputs=(
                Part("weight", weight, (), "weight"),
                Part("v", v[cell.key], ("d_head",), "value"),
            ),
            output=Part("α·v", (weight * v[cell.key]).astype(np.float32), ("d_head",), "value"),
            operation=np.multiply,
            code=(line,),
        ),
        Step(
            name="z",
            stage=stage,
            inputs=(
                Part("pattern", pattern, ("key",), "weight", columns=names, at=cell.key),
                Part("V", v, ("key", "d_head"), "value", rows=names, at=cell.key),
            ),
            output=Part("z", record.z[cell.head, cell.query], ("d_head",), "value"),
            operation=np.matmul,
            code=(line,),
        ),
    ]


def block_steps(place: Place, stage: str) -> list[Step]:
    """The heads side by side, W_O, the residual sum, and in a post-norm model its norm."""
    cell, record = place.cell, place.record
    block = weights.attention(place.model, cell.kind, cell.layer)
    z = record.z[:, cell.query]
    joined = Part("concat", z.reshape(-1), ("d_model",), "value")
    heads = tuple(f"H{h}" for h in range(len(z)))
    forward = CodeRef(MultiHeadAttention.forward, "out = self.out_proj(")
    before, after = place.block_stream()
    around = "cross" if cell.kind == "cross" else "self"
    name = "resid_mid_cross" if cell.kind == "cross" else "resid_mid"
    return [
        Step(
            name="concat",
            stage=stage,
            inputs=(Part("z", z, ("head", "d_head"), "value", rows=heads, at=cell.head),),
            output=joined,
            operation=lambda z: z.reshape(-1),
            code=(forward,),
        ),
        linear(
            "out",
            stage,
            joined,
            ("W_O", block.w_o),
            ("b_O", block.b_o),
            Part("out", record.out[cell.query], ("d_model",), "stream"),
            forward,
        ),
        *add(place, "residual", around, before, record.out, after, name, stage),
    ]


def add(
    place: Place,
    key: str,
    around: str,
    before: Array,
    out: Array,
    after: Array,
    name: str,
    stage: str,
) -> list[Step]:
    """The residual sum around a block, and in a post-norm model the norm of it."""
    i, side = place.cell.query, place.query_side
    total = after[i] if place.pre_norm else plus(before[i], out[i])
    steps = [
        Step(
            name=key,
            stage=stage,
            inputs=(
                Part("x", before[i], ("d_model",), "query"),
                Part("out", out[i], ("d_model",), "stream"),
            ),
            output=Part(name if place.pre_norm else "x + out", total, ("d_model",), "query"),
            operation=plus,
            code=(CodeRef(ResidualNorm.add, "x = x + "),),
        )
    ]
    if not place.pre_norm:
        norm = weights.norm(place.model, side, place.cell.layer, around)
        steps.append(
            Step(
                name=f"{key}-norm",
                stage=stage,
                inputs=(Part("x + out", total, ("d_model",), "query"), *norm_parts(norm)),
                output=Part(name, after[i], ("d_model",), "query"),
                operation=weights.normed,
                code=(CodeRef(ResidualNorm.add, "return x if"),),
            )
        )
    return steps


def rest_of_layer(place: Place, stage: str) -> list[Step]:
    """After decoder self-attention: cross-attention as a whole; then the feed-forward block."""
    steps = [_cross(place, stage)] if place.cell.kind == "decoder_self" else []
    return steps + _feed_forward(place, stage)


def _cross(place: Place, stage: str) -> Step:
    cell, layer = place.cell, place.layer
    assert layer.resid_mid_cross is not None
    out = place.trace.attention["cross"][cell.layer].out[cell.query]
    stream = Part("resid_mid", layer.resid_mid[cell.query], ("d_model",), "query")
    norm = (
        ()
        if place.pre_norm
        else norm_parts(weights.norm(place.model, "decoder", cell.layer, "cross"))
    )
    return Step(
        name="cross",
        stage=stage,
        inputs=(stream, Part("cross out", out, ("d_model",), "stream"), *norm),
        output=Part("resid_mid_cross", layer.resid_mid_cross[cell.query], ("d_model",), "query"),
        operation=plus if place.pre_norm else sums_and_norms,
        code=(
            CodeRef(DecoderLayer.forward, "mid_cross = self."),
            CodeRef(ResidualNorm.add, "x = x + "),
        ),
    )


def _feed_forward(place: Place, stage: str) -> list[Step]:
    """The block from what it reads to what it writes, and the residual sum around it."""
    cell, layer, side = place.cell, place.layer, place.query_side
    stream = layer.resid_mid if side == "encoder" else layer.resid_mid_cross
    assert stream is not None
    steps, x = [], Part("x", stream[cell.query], ("d_model",), "query")
    if place.pre_norm:
        steps.append(_norm_before(place, x, stage))
        x = steps[-1].output
    steps += _hidden(place, x, stage)
    block = weights.feed_forward(place.model, side, cell.layer)
    out = Part("mlp_out", layer.mlp_out[cell.query], ("d_model",), "stream")
    code = CodeRef(FeedForward.forward, "out = patched(")
    w, b = ("W_2", block.w2), ("b_2", block.b2)
    steps.append(linear("mlp-out", stage, steps[-1].output, w, b, out, code))
    return steps + add(
        place, "mlp-residual", "mlp", stream, layer.mlp_out, layer.resid_post, "resid_post", stage
    )


def _norm_before(place: Place, x: Part, stage: str) -> Step:
    """The norm that a pre-norm model's feed-forward block reads through."""
    cell, layer, side = place.cell, place.layer, place.query_side
    normed = layer.ln2_out if side == "encoder" else layer.ln3_out
    assert normed is not None
    norm = weights.norm(place.model, side, cell.layer, "mlp")
    return Step(
        name="mlp-norm",
        stage=stage,
        inputs=(x, *norm_parts(norm)),
        output=Part("x̂", normed[cell.query], ("d_model",), "query"),
        operation=norm_operation(norm),
        code=(CodeRef(ResidualNorm.read, "return self.norm(x)"),),
    )


def _hidden(place: Place, x: Part, stage: str) -> list[Step]:
    """From what the block reads to its activations, through a gate where it has one."""
    cell, layer = place.cell, place.layer
    block = weights.feed_forward(place.model, place.query_side, cell.layer)
    forward, activate = FeedForward.forward, ACTIVATIONS[block.activation]
    pre = Part("mlp_pre", layer.mlp_pre[cell.query], ("d_ff",), "stream")
    w, b = ("W_1", block.w1), ("b_1", block.b1)
    steps = [linear("mlp-pre", stage, x, w, b, pre, CodeRef(forward, "pre = "))]
    through: tuple[Part, ...] = (pre,)
    if block.wg is not None:
        assert layer.mlp_gate is not None
        assert block.bg is not None
        gate = Part("mlp_gate", layer.mlp_gate[cell.query], ("d_ff",), "stream")
        w, b = ("W_g", block.wg), ("b_g", block.bg)
        steps.append(linear("mlp-gate", stage, x, w, b, gate, CodeRef(forward, "gate = ")))
        through = (gate, pre)
    post = Step(
        name="mlp-post",
        stage=stage,
        inputs=through,
        output=Part("mlp_post", layer.mlp_post[cell.query], ("d_ff",), "stream"),
        operation=activate if block.wg is None else lambda g, h: activate(g) * h,
        code=(CodeRef(forward, "post = "),),
    )
    return [*steps, post]
