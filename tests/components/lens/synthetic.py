"""Traces without a model: random scores, and the real softmax of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from headlight.model.run.records import AttentionRecord, LayerRecord, StackRecord
from headlight.model.run.tokens import Tokens
from headlight.model.run.trace import Trace


def tokens(words: list[str], *, bos: bool = False, eos: bool = False) -> Tokens:
    """One token a word; a word "un|known" becomes two pieces of one word.

    A piece may mark the space before it: "▁un"; the text has the space in its place.
    """
    pieces, ids, word_ids, special, spans, text = [], [], [], [], [], ""
    if bos:
        pieces, ids, word_ids, special, spans = ["<bos>"], [1], [-1], [True], [(0, 0)]
    for w, word in enumerate(words):
        text += " " if text else ""
        for k, part in enumerate(word.split("|")):
            start = len(text)
            text += part.removeprefix("▁")
            pieces.append(part if k == 0 else f"##{part}")
            spans.append((start, len(text)))
            ids.append(10 + len(ids))
            word_ids.append(w)
            special.append(False)
    if eos:
        pieces.append("<eos>")
        ids.append(2)
        word_ids.append(-1)
        special.append(True)
        spans.append((len(text), len(text)))
    return Tokens(text, tuple(ids), tuple(pieces), tuple(spans), tuple(word_ids), tuple(special))


def record(rng: Any, heads: int, rows: int, cols: int, causal: bool) -> AttentionRecord:
    """A block whose pattern is the softmax of its own random scores."""
    bias = -np.abs(np.linspace(0, cols - 1, rows)[:, None] - np.arange(cols)) * 0.8
    pull = rng.uniform(0, 2, size=(heads, 1, 1))
    raw = (rng.normal(0, 1.5, size=(heads, rows, cols)) + pull * bias).astype(np.float32)
    mask = np.tril(np.ones((rows, cols), bool)) if causal else np.ones((rows, cols), bool)
    scores = np.where(mask, raw, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    pattern = (weights / weights.sum(-1, keepdims=True)).astype(np.float32)
    small = np.zeros((heads, max(rows, cols), 2), np.float32)
    return AttentionRecord(
        q=small[:, :rows],
        k=small[:, :cols],
        v=small[:, :cols],
        mask=mask,
        kept=pattern,
        scale=np.array(1, np.float32),
        bias=raw,
        z=small[:, :rows],
        value_norm=rng.uniform(0.1, 3, size=(heads, cols)).astype(np.float32),
        out=np.zeros((rows, 2), np.float32),
    )


def build_trace(
    source: list[str],
    output: list[str],
    *,
    encoder_layers: int = 3,
    decoder_layers: int = 2,
    heads: int = 4,
    seed: int = 0,
) -> Trace:
    """A trace as a model would leave it, of these words."""
    rng = np.random.default_rng(seed)
    src = tokens(source, eos=True)
    tgt_in, tgt_out = tokens(output, bos=True), tokens(output, eos=True)
    s, t = len(src), len(tgt_in)
    zeros = np.zeros((1, 2), np.float32)
    layer = LayerRecord(*[zeros] * 8)
    stacks = [
        StackRecord(zeros, zeros, (layer,) * n, zeros) for n in (encoder_layers, decoder_layers)
    ]
    shapes = {
        "encoder_self": (encoder_layers, s, s, False),
        "decoder_self": (decoder_layers, t, t, True),
        "cross": (decoder_layers, t, s, False),
    }
    attention = {
        kind: tuple(record(rng, heads, rows, cols, causal) for _ in range(n))
        for kind, (n, rows, cols, causal) in shapes.items()
    }
    logits = np.zeros((t, max(tgt_out.ids) + 1), np.float32)
    return Trace(
        model="synthetic",
        digest="0" * 8,
        src=src,
        tgt_in=tgt_in,
        tgt_out=tgt_out,
        predicted=tgt_out,
        attention=attention,
        encoder=stacks[0],
        decoder=stacks[1],
        log_probs=logits,
        log_norm=logits[:, 0],
    )
