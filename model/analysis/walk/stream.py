"""From a token to the vector that a block reads: embedding, position, layers below, norm."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...network.layers import DecoderLayer, EncoderLayer
from ...network.norms import ResidualNorm
from ...network.positions import sinusoids, sinusoids_in_halves
from ...network.transformer import Transformer
from ...run.arrays import Array
from . import weights
from .code import CodeRef
from .place import Place, norm_formula, norm_operation, norm_parts, quoted
from .step import Part, Step, number, plus

ADDED = {"attention": "a", "cross": "c", "mlp": "m"}


def to_layer(place: Place, side: str, i: int, role: str, layer: int, stage: str) -> list[Step]:
    """The steps of token `i` of a stack up to what enters `layer`."""
    steps = [_embedding(place, side, i, role, stage), _position(place, side, i, role, stage)]
    return steps + [through_layer(place, side, n, i, role, stage) for n in range(layer)]


def _embedding(place: Place, side: str, i: int, role: str, stage: str) -> Step:
    token, width = place.tokens(side), place.model.config.d_model
    row, scale = weights.embedding(place.model, side)[token.ids[i]], place.model.config.scale_embed
    number_of = f"{quoted(token, i)} is number {token.ids[i]:,} of the vocabulary; its row of the "
    return Step(
        key=f"{role}-embedding",
        stage=stage,
        name=f"The {role}'s token becomes a vector",
        formula=r"\text{embed} = E_{\text{id}}"
        + (r" \cdot \sqrt{d_{\text{model}}}" if scale else ""),
        sentence=number_of
        + (
            f"embedding table, times √{width}, is where it starts."
            if scale
            else "embedding table is where it starts."
        ),
        inputs=(
            Part(f"E[{token.ids[i]}]", row, ("d_model",), "parameter"),
            *([Part("√d_model", number(math.sqrt(width)), (), "parameter")] if scale else []),
        ),
        output=Part("embed", place.stack(side).embed[i], ("d_model",), role),
        operation=(lambda row, root: row * root) if scale else number,
        code=(CodeRef(Transformer.embed, "return embed * "),),
        numbers=rf"\sqrt{{{width}}} = {math.sqrt(width):.3f}" if scale else "",
    )


def _position(place: Place, side: str, i: int, role: str, stage: str) -> Step:
    """Token plus position, and the norm of the sum where the model has one."""
    stack, config = place.stack(side), place.model.config
    said = _POSITIONS.get(config.position, _POSITIONS["sinusoid_halves"])
    normed = weights.embed_norm(place.model, side) if config.norm_embed else None
    total = stack.layers[0].resid_pre[i]
    return Step(
        key=f"{role}-position",
        stage=stage,
        name=said.name,
        formula=said.formula if normed is None else rf"\operatorname{{LN}}({said.short})",
        sentence=said.sentence.format(i=i)
        + ("" if normed is None else " A layer norm follows at once."),
        inputs=(
            Part("embed", stack.embed[i], ("d_model",), role),
            Part(f"PE[{i}]", stack.pos_embed[i], ("d_model",), "stream"),
            *(() if normed is None else norm_parts(normed)),
        ),
        output=Part("resid_pre 0", total, ("d_model",), role),
        operation=plus if normed is None else _normed_sum,
        code=(
            *said.code,
            CodeRef(Transformer.place, "return self.dropout(norm(embed + position))"),
        ),
    )


@dataclass(frozen=True)
class _Positions:
    """How a kind of positions is told of."""

    name: str
    formula: str
    sentence: str
    code: tuple[CodeRef, ...] = ()
    short: str = r"\text{embed} + PE_{\text{pos}}"


_ADDED = "Its position is added"
_ORDER = "attention could not tell the order of the words."
_POSITIONS = {
    "sinusoid": _Positions(
        _ADDED,
        r"\begin{aligned} x &= \text{embed} + PE_{\text{pos}} \\[2pt] PE_{\text{pos},\,2i} &= "
        r"\sin\!\frac{\text{pos}}{10000^{2i/d_{\text{model}}}} \\[6pt] "
        r"PE_{\text{pos},\,2i+1} &= "
        r"\cos\!\frac{\text{pos}}{10000^{2i/d_{\text{model}}}} \end{aligned}",
        "It stands at position {i}; without the sine and cosine waves of that position, " + _ORDER,
        (CodeRef(sinusoids, "angles = "), CodeRef(sinusoids, "return torch.stack")),
    ),
    "sinusoid_halves": _Positions(
        _ADDED,
        r"x = \text{embed} + PE_{\text{pos}}",
        "It stands at position {i}; without the waves of that position (all sines, then all "
        "cosines), " + _ORDER,
        (
            CodeRef(sinusoids_in_halves, "angles = "),
            CodeRef(sinusoids_in_halves, "return torch.cat"),
        ),
    ),
    "table": _Positions(
        _ADDED,
        r"x = \text{embed} + P_{\text{pos}}",
        "It stands at position {i}, which has a vector of its own in a table; without it, "
        + _ORDER,
    ),
    "relative": _Positions(
        "No position is added",
        r"x = \text{embed}",
        "This model tells positions apart by a bias on the scores instead; PE is zero.",
        short=r"\text{embed}",
    ),
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
    formula = _sum_formula(added)
    if not place.pre_norm:
        norms = [
            norm_parts(weights.norm(place.model, side, layer, around), f" {name}")
            for name, around, _ in added
        ]
        inputs = (stream, *(p for o, n in zip(outs, norms, strict=True) for p in (o, *n)))
        operation, formula = sums_and_norms, _nested_formula(added)
    source = EncoderLayer if side == "encoder" else DecoderLayer
    middle = () if side == "encoder" else (CodeRef(source.forward, "mid_cross = self."),)
    blocks = (
        "attention, cross-attention and feed-forward"
        if side == "decoder"
        else ("attention and feed-forward")
    )
    return Step(
        key=f"{role}-{side}-layer-{layer}",
        stage=stage,
        name=f"Through {side} layer {layer}",
        formula=formula,
        sentence=(
            f"Layer {layer} adds what its {blocks} blocks found"
            f"{' and normalizes after each sum' if not place.pre_norm else ''}; choose that layer "
            "above to look inside."
        ),
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


def _sum_formula(added: Sequence[tuple[str, str, Array]]) -> str:
    terms = " + ".join(_term(name) for name, _, _ in added)
    return rf"x_{{\text{{after}}}} = x + {terms}"


def _nested_formula(added: Sequence[tuple[str, str, Array]]) -> str:
    inner = "x"
    for name, _, _ in added:
        inner = rf"\operatorname{{LN}}({inner} + {_term(name)})"
    return rf"x_{{\text{{after}}}} = {inner}"


def _term(name: str) -> str:
    return rf"\text{{{name}}}"


def block_norm(place: Place, i: int, role: str, stage: str) -> Step:
    """The norm through which a pre-norm block reads position `i`."""
    cell = place.cell
    around = "cross" if cell.kind == "cross" else "self"
    norm = weights.norm(place.model, place.query_side, cell.layer, around)
    stream = place.block_stream()[0][i]
    return Step(
        key=f"{role}-norm",
        stage=stage,
        name=f"The block reads the {role}'s stream through a layer norm",
        formula=norm_formula(norm),
        sentence=(
            "Mean and spread are taken out, so that a long vector does not count for more; "
            "γ and β are learnt."
            if norm.beta is not None
            else "Its size is taken out, so that a long vector counts for no more; γ is learnt."
        ),
        inputs=(Part("x", stream, ("d_model",), role), *norm_parts(norm)),
        output=Part(f"x̂_{role}", place.block_reads()[i], ("d_model",), role),
        operation=norm_operation(norm),
        code=(CodeRef(ResidualNorm.read, "return self.norm(x)"),),
        numbers=rf"\mu = {stream.mean():.3f},\quad \sigma = {stream.std():.3f}",
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
        key="query-self-block",
        stage=stage,
        name="Self-attention comes first in a decoder layer",
        formula=(
            r"x_{\text{mid}} = x + \text{attention}"
            if place.pre_norm
            else r"x_{\text{mid}} = \operatorname{LN}(x + \text{attention})"
        ),
        sentence=(
            "The masked self-attention of this layer has already added what it found among the "
            "tokens written so far."
        ),
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
        key=f"{role}-{side}-final-norm",
        stage=stage,
        name=f"The {side}'s last norm" + (" gives the memory" if side == "encoder" else ""),
        formula=norm_formula(norm),
        sentence=(
            "What leaves the encoder is called the memory: every decoder layer reads it."
            if side == "encoder"
            else "One more norm stands between the last layer and the vocabulary."
        ),
        inputs=(
            Part("resid_post", stack.layers[-1].resid_post[i], ("d_model",), role),
            *norm_parts(norm),
        ),
        output=Part(name, stack.output[i], ("d_model",), role),
        operation=norm_operation(norm),
        code=(CodeRef(function, marker),),
    )
