"""From the vectors that a block reads to one attention weight (Vaswani et al. 2017, equation 1)."""

from __future__ import annotations

import math

import numpy as np

from ...network.attention import MultiHeadAttention, attention
from ...run.arrays import Array
from . import weights
from .code import CodeRef
from .place import Place, shown, signed
from .step import ZERO, Part, Step, affine, number, plus

LETTER_NAMES = {"q": "query", "k": "key", "v": "value"}
SAID = {
    "q": "The query says what {token} looks for; every head has a projection of its own.",
    "k": "The key says what {token} can be found by.",
    "v": "The value is what {token} hands over to whoever attends to it.",
}


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
    return Step(
        key=letter,
        stage=stage,
        name=f"Its {role}" if letter != "v" else "The key's token also gives a value",
        formula=rf"{letter} = x\,W_{capital} + b_{capital}",
        sentence=SAID[letter].format(token=place.query_name if letter == "q" else place.key_name),
        inputs=(
            Part(name, source[i], ("d_model",), "query" if letter == "q" else "key"),
            Part(f"W_{capital}", block.w[letter][:, cell.head], ("d_model", "d_head"), "parameter"),
            Part(f"b_{capital}", block.b[letter][cell.head], ("d_head",), "parameter"),
        ),
        output=Part(letter, getattr(record, letter)[cell.head, i], ("d_head",), role),
        operation=affine,
        code=code,
    )


def score_steps(place: Place, stage: str) -> list[Step]:
    """Products, their sum, the division by √d_head, the whole row, and the mask."""
    cell, record = place.cell, place.record
    q, k = record.q[cell.head, cell.query], record.k[cell.head, cell.key]
    products = (q * k).astype(np.float32)
    dot = number(products.sum(dtype=np.float32))
    raw, mask = record.raw_scores[cell.head, cell.query], record.mask[cell.query]
    scores_line = CodeRef(attention, "raw_scores = q @ ")
    score = Part("raw_score", raw[cell.key], (), "score")
    names = place.key_names
    return [
        Step(
            key="products",
            stage=stage,
            name="Query and key are multiplied, number by number",
            formula=r"p_i = q_i \, k_i",
            sentence=(
                "Where both have the same sign the product is positive and speaks for attending; "
                "where the signs differ it speaks against."
            ),
            inputs=(Part("q", q, ("d_head",), "query"), Part("k", k, ("d_head",), "key")),
            output=Part("q ⊙ k", products, ("d_head",), "score"),
            operation=np.multiply,
            code=(scores_line,),
        ),
        Step(
            key="dot",
            stage=stage,
            name="… and summed to one number",
            formula=r"q \cdot k = \sum_{i=1}^{d_{\text{head}}} q_i\,k_i",
            sentence=(
                f"How well the query of {place.query_name} and the key of {place.key_name} match."
            ),
            inputs=(Part("q ⊙ k", products, ("d_head",), "score"),),
            output=Part("q·k", dot, (), "score"),
            operation=lambda p: p.sum(dtype=np.float32),
            code=(scores_line,),
            numbers=_few_terms(products, dot),
        ),
        *_scaled(place, dot, score, stage),
        *_row(place, stage),
        Step(
            key="mask",
            stage=stage,
            name="The mask closes what may not be seen",
            formula=(
                r"s'_j = \begin{cases} s_j & \text{may attend} \\ -\infty & \text{may not} "
                r"\end{cases}"
            ),
            sentence=_mask_sentence(place),
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
            code=(CodeRef(attention, "attn_scores = "),),
        ),
    ]


def _scaled(place: Place, dot: Array, score: Part, stage: str) -> list[Step]:
    """From q·k to the score: divided by √d_head, or with a position's bias added (T5)."""
    cell, config = place.cell, place.model.config
    width = len(place.record.q[cell.head, cell.query])
    line, bias = CodeRef(attention, "raw_scores = q @ "), place.bias
    steps = []
    if config.attention_scale is None:
        steps.append(
            Step(
                key="scale",
                stage=stage,
                name="It is divided by √d_head",
                formula=r"s = \frac{q \cdot k}{\sqrt{d_{\text{head}}}}",
                sentence=(
                    f"A sum of {width} products grows with √{width}; divided by it, the softmax "
                    "does not start out saturated."
                ),
                inputs=(
                    Part("q·k", dot, (), "score"),
                    Part("√d_head", number(math.sqrt(width)), (), "parameter"),
                ),
                output=score,
                operation=np.divide,
                code=(line,),
                numbers=(
                    rf"\frac{{{shown(dot)}}}{{\sqrt{{{width}}}}} = {shown(score.values)}"
                    if bias is None
                    else ""
                ),
            )
        )
    if bias is not None:
        here = number(bias[cell.query, cell.key])
        steps.append(
            Step(
                key="position-bias",
                stage=stage,
                name="A bias for the distance is added",
                formula=r"s = q \cdot k + b_{\text{distance}}",
                sentence=(
                    f"{place.key_name} stands {_distance(cell.key - cell.query)}; each head has "
                    "learnt a number for that. This model divides by nothing."
                ),
                inputs=(Part("q·k", dot, (), "score"), Part("b", here, (), "parameter")),
                output=score,
                operation=plus,
                code=(CodeRef(attention, "raw_scores = raw_scores + bias"),),
                numbers=rf"{shown(dot)} + {signed(here)} = {shown(score.values)}",
            )
        )
    if not steps:
        steps.append(
            Step(
                key="unscaled",
                stage=stage,
                name="It is the score as it is",
                formula=r"s = q \cdot k",
                sentence="This model divides by nothing.",
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
    formula = r"\frac{q\,K^{\top}}{\sqrt{d_{\text{head}}}}" if divided else r"q\,K^{\top}"
    return [
        Step(
            key="row",
            stage=stage,
            name="The same for every key: the row of scores",
            formula=rf"s = {formula}" + ("" if bias is None else " + b"),
            sentence=f"{place.query_name} is compared with all {len(raw)} tokens at once.",
            inputs=(
                Part("q", q, ("d_head",), "query"),
                Part("K", record.k[cell.head], ("key", "d_head"), "key", rows=names, at=cell.key),
                Part("√d_head" if divided else "1", root, (), "parameter"),
                *added,
            ),
            output=Part("raw_scores", raw, ("key",), "score", columns=names, at=cell.key),
            operation=lambda q, k, root, b=ZERO: q @ k.T / root + b,
            code=(CodeRef(attention, "raw_scores = q @ "),),
        )
    ]


def _distance(ahead: int) -> str:
    if ahead == 0:
        return "at the same place"
    return f"{abs(ahead)} {'behind' if ahead < 0 else 'ahead'}"


def softmax_steps(place: Place, stage: str) -> list[Step]:
    """Exponentials, their sum, and the weights."""
    cell, record = place.cell, place.record
    scores = record.attn_scores[cell.head, cell.query]
    largest = scores.max()
    exponentials = np.exp(scores - largest)
    total = number(exponentials.sum(dtype=np.float32))
    pattern = record.pattern[cell.head, cell.query]
    line, names = CodeRef(attention, "pattern = "), place.key_names
    powers = Part("e", exponentials, ("key",), "score", columns=names, at=cell.key)
    here = exponentials[cell.key]
    return [
        Step(
            key="exponentials",
            stage=stage,
            name="Softmax, first: e to the power of each score",
            formula=r"e_j = e^{\,s'_j - \max_i s'_i}",
            sentence=(
                "Every score becomes positive, and what was −∞ becomes exactly 0; the largest is "
                "taken off first, which changes no weight and keeps the numbers small."
            ),
            inputs=(
                Part("attn_scores", scores, ("key",), "score", columns=names, at=cell.key),
                Part("largest", largest, (), "score"),
            ),
            output=powers,
            operation=lambda scores, largest: np.exp(scores - largest),
            code=(line,),
            numbers=(
                rf"e^{{{shown(scores[cell.key])} - {signed(largest)}}} = {shown(here)}"
                if np.isfinite(scores[cell.key])
                else r"e^{-\infty} = 0"
            ),
        ),
        Step(
            key="denominator",
            stage=stage,
            name="The row's sum is the denominator",
            formula=r"\Sigma_e = \sum_j e_j",
            sentence="Dividing by it makes the row's weights sum to 1: attention is shared out.",
            inputs=(powers,),
            output=Part("Σe", total, (), "score"),
            operation=lambda e: e.sum(dtype=np.float32),
            code=(line,),
            numbers=rf"\Sigma_e = {shown(total)}",
        ),
        Step(
            key="weights",
            stage=stage,
            name="The attention weights",
            formula=r"\alpha_j = \frac{e_j}{\Sigma_e} = \operatorname{softmax}(s')_j",
            sentence=(
                f"{place.query_name} gives {pattern[cell.key]:.3f} of its attention to "
                f"{place.key_name}. This is the weight that was chosen above."
            ),
            inputs=(powers, Part("Σe", total, (), "score")),
            output=Part("pattern", pattern, ("key",), "weight", columns=names, at=cell.key),
            operation=np.divide,
            code=(line,),
            numbers=rf"\frac{{{shown(here)}}}{{{shown(total)}}} = {shown(pattern[cell.key])}",
        ),
    ]


def _few_terms(products: Array, dot: Array) -> str:
    terms = " + ".join(signed(p) for p in products[:3])
    return rf"{terms} + \dots = {shown(float(dot))}"


def _mask_sentence(place: Place) -> str:
    cell, mask = place.cell, place.record.mask[place.cell.query]
    closed = int((~mask).sum())
    if cell.kind != "decoder_self":
        return "Nothing is closed here: the whole source has been read and may be attended to."
    if not mask[cell.key]:
        return (
            f"{place.key_name} stands to the right of {place.query_name}: when this step was "
            "computed it was not written yet, so its score becomes −∞ and its weight 0."
        )
    return f"{closed} of {len(mask)} tokens stand to the right: not written yet, so closed."
