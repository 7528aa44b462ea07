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
from .step import Part, Step, affine, plus
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
    joined = z.reshape(-1)
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
            output=Part("concat", joined, ("d_model",), "value"),
            operation=lambda z: z.reshape(-1),
            code=(forward,),
        ),
        Step(
            name="out",
            stage=stage,
            inputs=(
                Part("concat", joined, ("d_model",), "value"),
                Part("W_O", block.w_o, ("d_model", "d_model"), "parameter"),
                Part("b_O", block.b_o, ("d_model",), "parameter"),
            ),
            output=Part("out", record.out[cell.query], ("d_model",), "stream"),
            operation=affine,
            code=(forward,),
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
    cell, layer, side = place.cell, place.layer, place.query_side
    i = cell.query
    block = weights.feed_forward(place.model, side, cell.layer)
    stream = layer.resid_mid if side == "encoder" else layer.resid_mid_cross
    assert stream is not None
    steps, reads, name = [], stream[i], "x"
    if place.pre_norm:
        normed = layer.ln2_out if side == "encoder" else layer.ln3_out
        assert normed is not None
        norm = weights.norm(place.model, side, cell.layer, "mlp")
        steps.append(
            Step(
                name="mlp-norm",
                stage=stage,
                inputs=(Part("x", reads, ("d_model",), "query"), *norm_parts(norm)),
                output=Part("x̂", normed[i], ("d_model",), "query"),
                operation=norm_operation(norm),
                code=(CodeRef(ResidualNorm.read, "return self.norm(x)"),),
            )
        )
        reads, name = normed[i], "x̂"
    pre, post = layer.mlp_pre[i], layer.mlp_post[i]
    activate = ACTIVATIONS[block.activation]
    x = Part(name, reads, ("d_model",), "query")
    steps.append(
        Step(
            name="mlp-pre",
            stage=stage,
            inputs=(
                x,
                Part("W_1", block.w1, ("d_model", "d_ff"), "parameter"),
                Part("b_1", block.b1, ("d_ff",), "parameter"),
            ),
            output=Part("mlp_pre", pre, ("d_ff",), "stream"),
            operation=affine,
            code=(CodeRef(FeedForward.forward, "pre = "),),
        )
    )
    if block.wg is not None:
        assert layer.mlp_gate is not None
        assert block.bg is not None
        steps.append(
            Step(
                name="mlp-gate",
                stage=stage,
                inputs=(
                    x,
                    Part("W_g", block.wg, ("d_model", "d_ff"), "parameter"),
                    Part("b_g", block.bg, ("d_ff",), "parameter"),
                ),
                output=Part("mlp_gate", layer.mlp_gate[i], ("d_ff",), "stream"),
                operation=affine,
                code=(CodeRef(FeedForward.forward, "gate = "),),
            )
        )
    through, gated = Part("mlp_pre", pre, ("d_ff",), "stream"), block.wg is not None
    if gated:
        through_gate = Part("mlp_gate", steps[-1].output.values, ("d_ff",), "stream")
    steps += [
        Step(
            name="mlp-post",
            stage=stage,
            inputs=(through_gate, through) if gated else (through,),
            output=Part("mlp_post", post, ("d_ff",), "stream"),
            operation=(lambda g, h: activate(g) * h) if gated else activate,
            code=(CodeRef(FeedForward.forward, "post = "),),
        ),
        Step(
            name="mlp-out",
            stage=stage,
            inputs=(
                Part("mlp_post", post, ("d_ff",), "stream"),
                Part("W_2", block.w2, ("d_ff", "d_model"), "parameter"),
                Part("b_2", block.b2, ("d_model",), "parameter"),
            ),
            output=Part("mlp_out", layer.mlp_out[i], ("d_model",), "stream"),
            operation=affine,
            code=(CodeRef(FeedForward.forward, "out = patched("),),
        ),
    ]
    return steps + add(
        place,
        "mlp-residual",
        "mlp",
        stream,
        layer.mlp_out,
        layer.resid_post,
        "resid_post",
        stage,
    )
