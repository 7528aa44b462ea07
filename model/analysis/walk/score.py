"""From the vectors that a block reads to one attention weight (Vaswani et al. 2017, equation 1)."""

from __future__ import annotations

import math

import numpy as np

from ...network.attention import MultiHeadAttention, attention
from ...run.arrays import Array
from .. import weights
from .code import CodeRef
from .place import Place
from .step import ZERO, Part, Step, linear, number, plus

LETTER_NAMES = {"q": "query", "k": "key", "v": "value"}


def projection(place: Place, letter: str, stage: str) -> Step:
    """q, k or v of this head, from what the block reads."""
    cell, record = place.cell, place.record
    block = weights.attention(place.model, cell.kind, cell.layer)
    i = cell.query if letter == "q" else cell.key
    memory = cell.kind == "cross" and letter != "q"
    source = place.trace.memory if memory else place.block_reads()
    role, capital = LETTER_NAMES[letter], letter.upper()
    read_from = "query" if letter == "q" or place.same_vector else "key"
    name = "memory" if memory else (f"x̂_{read_from}" if place.pre_norm else "x")
    forward = MultiHeadAttention.forward
    if memory:
        code = tuple(
            CodeRef(MultiHeadAttention.keys_values, start) for start in ("projected = ", "k, v = ")
        )
    elif cell.kind == "cross":
        code = (CodeRef(forward, "q = self.split(self.project(x"),)
    else:
        code = (CodeRef(forward, "q, k, v = self.split(self.in_proj(x))"),)
    return linear(
        letter,
        stage,
        Part(name, source[i], ("d_model",), "query" if letter == "q" else "key"),
        (f"W_{capital}", block.w[letter][:, cell.head]),
        (f"b_{capital}", block.b[letter][cell.head]),
        Part(letter, getattr(record, letter)[cell.head, i], ("d_head",), role),
        *code,
    )


def line_of(place: Place, marker: str) -> CodeRef:
    """The line of `attention` that begins so; of a wide block the one call that stands for all."""
    if place.record.kept is None and place.record.bias is None:
        return CodeRef(MultiHeadAttention.forward, "z = F.scaled_dot_product_attention")
    return CodeRef(attention, marker)


def score_steps(place: Place, stage: str) -> list[Step]:
    """Products, their sum, the division by √d_head, the whole row, and the mask."""
    cell, record = place.cell, place.record
    q, k = record.q[cell.head, cell.query], record.k[cell.head, cell.key]
    products = (q * k).astype(np.float32)
    dot = number(products.sum(dtype=np.float32))
    raw, mask = record.raw_scores[cell.head, cell.query], record.mask[cell.query]
    scores_line = line_of(place, "raw_scores = q @ ")
    score = Part("raw_score", raw[cell.key], (), "score")
    names = place.key_names
    return [
        Step(
            name="products",
            stage=stage,
            inputs=(Part("q", q, ("d_head",), "query"), Part("k", k, ("d_head",), "key")),
            output=Part("q ⊙ k", products, ("d_head",), "score"),
            operation=np.multiply,
            code=(scores_line,),
        ),
        Step(
            name="dot",
            stage=stage,
            inputs=(Part("q ⊙ k", products, ("d_head",), "score"),),
            output=Part("q·k", dot, (), "score"),
            operation=lambda p: p.sum(dtype=np.float32),
            code=(scores_line,),
        ),
        *_scaled(place, dot, score, stage),
        *_row(place, stage),
        Step(
            name="mask",
            stage=stage,
            inputs=(
                Part("raw_scores", raw, ("key",), "score", columns=names, at=cell.key),
                Part("mask", mask, ("key",), "parameter", columns=names, at=cell.key),
            ),
            output=Part(
                "attn_scores",
                record.attn_scores[cell.head, cell.query],
                ("key",),
                "score",
                columns=names,
                at=cell.key,
            ),
            operation=lambda raw, mask: np.where(mask, raw, np.float32(-np.inf)),
            code=(line_of(place, "attn_scores = "),),
        ),
    ]


def _scaled(place: Place, dot: Array, score: Part, stage: str) -> list[Step]:
    """From q·k to the score: divided by √d_head, or with a position's bias added (T5)."""
    cell, config = place.cell, place.model.config
    width = len(place.record.q[cell.head, cell.query])
    line, bias = line_of(place, "raw_scores = q @ "), place.bias
    steps = []
    if config.attention_scale is None:
        steps.append(
            Step(
                name="scale",
                stage=stage,
                inputs=(
                    Part("q·k", dot, (), "score"),
                    Part("√d_head", number(math.sqrt(width)), (), "parameter"),
                ),
                output=score,
                operation=np.divide,
                code=(line,),
            )
        )
    if bias is not None:
        here = number(bias[cell.query, cell.key])
        steps.append(
            Step(
                name="position-bias",
                stage=stage,
                inputs=(Part("q·k", dot, (), "score"), Part("b", here, (), "parameter")),
                output=score,
                operation=plus,
                code=(CodeRef(attention, "raw_scores = raw_scores + bias"),),
            )
        )
    if not steps:
        steps.append(
            Step(
                name="unscaled",
                stage=stage,
                inputs=(Part("q·k", dot, (), "score"),),
                output=score,
                operation=number,
                code=(line,),
            )
        )
    return steps


def _row(place: Place, stage: str) -> list[Step]:
    """The row of scores at once."""
    cell, record, names, bias = place.cell, place.record, place.key_names, place.bias
    q, raw = record.q[cell.head, cell.query], record.raw_scores[cell.head, cell.query]
    divided = place.model.config.attention_scale is None
    root = number(math.sqrt(len(q)) if divided else 1.0)
    added = () if bias is None else (Part("b", bias[cell.query], ("key",), "parameter"),)
    return [
        Step(
            name="row",
            stage=stage,
            inputs=(
                Part("q", q, ("d_head",), "query"),
                Part("K", record.k[cell.head], ("key", "d_head"), "key", rows=names, at=cell.key),
                Part("√d_head" if divided else "1", root, (), "parameter"),
                *added,
            ),
            output=Part("raw_scores", raw, ("key",), "score", columns=names, at=cell.key),
            operation=lambda q, k, root, b=ZERO: q @ k.T / root + b,
            code=(line_of(place, "raw_scores = q @ "),),
        )
    ]


def softmax_steps(place: Place, stage: str) -> list[Step]:
    """Exponentials, their sum, and the weights."""
    cell, record = place.cell, place.record
    scores = record.attn_scores[cell.head, cell.query]
    largest = scores.max()
    exponentials = np.exp(scores - largest)
    total = number(exponentials.sum(dtype=np.float32))
    pattern = record.pattern[cell.head, cell.query]
    line, names = line_of(place, "pattern = "), place.key_names
    powers = Part("e", exponentials, ("key",), "score", columns=names, at=cell.key)
    return [
        Step(
            name="exponentials",
            stage=stage,
            inputs=(
                Part("attn_scores", scores, ("key",), "score", columns=names, at=cell.key),
                Part("largest", largest, (), "score"),
            ),
            output=powers,
            operation=lambda scores, largest: np.exp(scores - largest),
            code=(line,),
        ),
        Step(
            name="denominator",
            stage=stage,
            inputs=(powers,),
            output=Part("Σe", total, (), "score"),
            operation=lambda e: e.sum(dtype=np.float32),
            code=(line,),
        ),
        Step(
            name="weights",
            stage=stage,
            inputs=(powers, Part("Σe", total, (), "score")),
            output=Part("pattern", pattern, ("key",), "weight", columns=names, at=cell.key),
            operation=np.divide,
            code=(line,),
        ),
    ]
