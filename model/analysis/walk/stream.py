"""From a token to the vector that a block reads: embedding, position, layers below, norm."""

from __future__ import annotations

import math
from collections.abc import Callable

from ...network.front_shapes import MelShape
from ...network.layers import DecoderLayer, EncoderLayer
from ...network.norms import ResidualNorm
from ...network.positions import sinusoids, sinusoids_in_halves
from ...network.transformer import Transformer
from ...run.arrays import Array
from .. import weights
from .code import CodeRef
from .columns import from_columns
from .frames import from_frames
from .place import Place, norm_operation, norm_parts
from .step import Part, Step, number, plus


def to_layer(place: Place, side: str, i: int, role: str, layer: int, stage: str) -> list[Step]:
    """The steps of token `i` of a stack up to what enters `layer`."""
    if side == "encoder" and place.trace.src.source is not None:
        heard = isinstance(place.model.config.front, MelShape)
        steps = (from_frames if heard else from_columns)(place, i, role, stage)
    else:
        steps = [_embedding(place, side, i, role, stage)]
    steps.append(_position(place, side, i, role, stage))
    return steps + [through_layer(place, side, n, i, role, stage) for n in range(layer)]


def _embedding(place: Place, side: str, i: int, role: str, stage: str) -> Step:
    token, width = place.tokens(side), place.model.config.d_model
    row, scale = weights.embedding(place.model, side)[token.ids[i]], place.model.config.scale_embed
    return Step(
        name="embedding",
        role=role,
        stage=stage,
        inputs=(
            Part(f"E[{token.ids[i]}]", row, ("d_model",), "parameter"),
            *([Part("√d_model", number(math.sqrt(width)), (), "parameter")] if scale else []),
        ),
        output=Part("embed", place.stack(side).embed[i], ("d_model",), role),
        operation=(lambda row, root: row * root) if scale else number,
        code=(CodeRef(Transformer.embed, "return embed * "),),
    )


def _position(place: Place, side: str, i: int, role: str, stage: str) -> Step:
    """Token plus position, and the norm of the sum where the model has one."""
    stack, config = place.stack(side), place.model.config
    normed = weights.embed_norm(place.model, side) if config.norm_embed else None
    total = stack.layers[0].resid_pre[i]
    return Step(
        name="position",
        role=role,
        stage=stage,
        inputs=(
            Part("embed", stack.embed[i], ("d_model",), role),
            Part(f"PE[{i}]", stack.pos_embed[i], ("d_model",), "stream"),
            *(() if normed is None else norm_parts(normed)),
        ),
        output=Part("resid_pre 0", total, ("d_model",), role),
        operation=plus if normed is None else _normed_sum,
        code=(
            *_POSITION_CODE.get(config.position, ()),
            CodeRef(Transformer.place, "return self.dropout(norm(embed + position))"),
        ),
    )


_HALVES = (
    CodeRef(sinusoids_in_halves, "angles = "),
    CodeRef(sinusoids_in_halves, "return torch.cat"),
)
_POSITION_CODE = {
    "sinusoid": (CodeRef(sinusoids, "angles = "), CodeRef(sinusoids, "return torch.stack")),
    "sinusoid_halves": _HALVES,
    "sinusoid_fairseq": _HALVES,
}


def _normed_sum(embed: Array, position: Array, *norm: Array) -> Array:
    return weights.normed(plus(embed, position), *norm)


def through_layer(place: Place, side: str, layer: int, i: int, role: str, stage: str) -> Step:
    """One whole layer as what its blocks add to the stream of position `i`."""
    record = place.stack(side).layers[layer]
    attention = place.trace.attention
    added = [("attention", "self", attention[f"{side}_self"][layer].out[i])]
    if side == "decoder":
        added.append(("cross", "cross", attention["cross"][layer].out[i]))
    added.append(("mlp", "mlp", record.mlp_out[i]))

    stream = Part(f"resid_pre {layer}", record.resid_pre[i], ("d_model",), role)
    outs = [Part(f"{name} out", out, ("d_model",), "stream") for name, _, out in added]
    inputs: tuple[Part, ...] = (stream, *outs)
    operation: Callable[..., Array] = plus
    if not place.pre_norm:
        norms = [
            norm_parts(weights.norm(place.model, side, layer, around), f" {name}")
            for name, around, _ in added
        ]
        inputs = (stream, *(p for o, n in zip(outs, norms, strict=True) for p in (o, *n)))
        operation = sums_and_norms
    source = EncoderLayer if side == "encoder" else DecoderLayer
    middle = () if side == "encoder" else (CodeRef(source.forward, "mid_cross = self."),)
    return Step(
        name="layer",
        role=role,
        layer=layer,
        stage=stage,
        inputs=inputs,
        output=Part(f"resid_post {layer}", record.resid_post[i], ("d_model",), role),
        operation=operation,
        code=(
            CodeRef(source.forward, "mid = self."),
            *middle,
            CodeRef(source.forward, "post = self."),
            CodeRef(ResidualNorm.add, "x = x + "),
            *(() if place.pre_norm else (CodeRef(ResidualNorm.add, "return x if"),)),
        ),
    )


def sums_and_norms(x: Array, *rest: Array) -> Array:
    """x, then for each (out, γ, β, ε): the norm of the sum so far (a post-norm layer)."""
    for at in range(0, len(rest), 4):
        out, gamma, beta, epsilon = rest[at : at + 4]
        x = weights.normed(plus(x, out), gamma, beta, epsilon)
    return x


def block_norm(place: Place, i: int, role: str, stage: str) -> Step:
    """The norm through which a pre-norm block reads position `i`."""
    cell = place.cell
    around = "cross" if cell.kind == "cross" else "self"
    norm = weights.norm(place.model, place.query_side, cell.layer, around)
    stream = place.block_stream()[0][i]
    return Step(
        name="norm",
        role=role,
        stage=stage,
        inputs=(Part("x", stream, ("d_model",), role), *norm_parts(norm)),
        output=Part(f"x̂_{role}", place.block_reads()[i], ("d_model",), role),
        operation=norm_operation(norm),
        code=(CodeRef(ResidualNorm.read, "return self.norm(x)"),),
    )


def through_self_block(place: Place, i: int, stage: str) -> Step:
    """What masked self-attention did to the stream before cross-attention reads it."""
    cell = place.cell
    layer, out = place.layer, place.trace.attention["decoder_self"][cell.layer].out[i]
    stream = Part(f"resid_pre {cell.layer}", layer.resid_pre[i], ("d_model",), "query")
    added = Part("self-attention out", out, ("d_model",), "stream")
    inputs: tuple[Part, ...] = (stream, added)
    if not place.pre_norm:
        norm = weights.norm(place.model, "decoder", cell.layer, "self")
        inputs = (stream, added, *norm_parts(norm))
    return Step(
        name="self-block",
        role="query",
        stage=stage,
        inputs=inputs,
        output=Part("resid_mid", layer.resid_mid[i], ("d_model",), "query"),
        operation=plus if place.pre_norm else sums_and_norms,
        code=(CodeRef(DecoderLayer.forward, "mid = self."), CodeRef(ResidualNorm.add, "x = x + ")),
    )


def final_norm(place: Place, side: str, i: int, role: str, stage: str) -> Step:
    """The norm after a whole stack, where the model has one."""
    stack, norm = place.stack(side), weights.final_norm(place.model, side)
    marker = "states = self.encoder_norm(x)" if side == "encoder" else "x = self.decoder_norm(x)"
    function = Transformer.encode_stream if side == "encoder" else Transformer.decode
    name = "memory" if side == "encoder" else "output"
    return Step(
        name="final-norm",
        role=role,
        stage=stage,
        inputs=(
            Part("resid_post", stack.layers[-1].resid_post[i], ("d_model",), role),
            *norm_parts(norm),
        ),
        output=Part(name, stack.output[i], ("d_model",), role),
        operation=norm_operation(norm),
        code=(CodeRef(function, marker),),
    )
