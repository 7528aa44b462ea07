"""Rollouts: shares carried through the blocks, and attention averaged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from headlight import analysis
from headlight.model import Edits, Model, Trace
from headlight.model.analysis.alignment.reference import word_groups
from headlight.model.analysis.attribution.attention import mean_weights
from headlight.model.analysis.attribution.base import by_word, merge
from headlight.model.analysis.attribution.mixing import (
    by_attention,
    by_distance,
    by_norm,
    transformed,
)
from headlight.model.analysis.attribution.rollout import contributions, rollout, source_share
from headlight.model.network.config import KINDS
from headlight.model.run.arrays import Array
from tests.model.analysis.hand import looks_at, written
from tests.model.builders import random_model


def test_rollout_of_one_layer_by_hand() -> None:
    # encoder: a looks at b, b at a, <eos> at itself; decoder: itself; cross: x from a, <eos> from b
    trace = written(
        ["a", "b"],
        ["x"],
        encoder_self=looks_at([1, 0, 2], 3),
        decoder_self=looks_at([0, 1], 2),
        cross=looks_at([0, 1], 3),
    )
    model = random_model(n_encoder_layers=1, n_decoder_layers=1)
    trace = replace(trace, digest=model.digest)
    # half of cross-attention's column a is a, half of it is b; the other half is the prefix
    expected = [[0.25, 0.25, 0, 0.5, 0], [0.25, 0.25, 0, 0, 0.5]]
    np.testing.assert_allclose(rollout(model, trace), expected)


def vectors(model: Model, trace: Trace, kind: str, layer: int) -> tuple[Tensor, Tensor, Tensor]:
    """For every row the vectors [Q, K, D] that keys add, the own stream [Q, D], and the bias [D]:
    computed by the network's own modules, one key at a time.
    """
    stack: Any = model.network.encoder if kind == "encoder_self" else model.network.decoder
    block = stack[layer].cross_attention if kind == "cross" else stack[layer].self_attention
    record = trace.attention[kind][layer]
    off = {h for k, i, h in trace.edits.ablate if (k, i) == (kind, layer)}
    n_heads, n_query, n_key = record.pattern.shape
    bias = block.out_proj(torch.zeros(1, model.config.d_model))[0]
    parts = torch.zeros(n_query, n_key, model.config.d_model)
    for q in range(n_query):
        for k in range(n_key):
            weighed = [
                torch.zeros(record.v.shape[2])
                if h in off
                else float(record.pattern[h, q, k]) * torch.tensor(record.v[h, k])
                for h in range(n_heads)
            ]
            parts[q, k] = block.out_proj(torch.cat(weighed)[None])[0] - bias
    rows = trace.encoder.layers if kind == "encoder_self" else trace.decoder.layers
    stream = rows[layer].resid_mid if kind == "cross" else rows[layer].resid_pre
    return parts, torch.tensor(stream), bias


def shares_of_block(model: Model, trace: Trace, kind: str, layer: int, how: str) -> Array:
    """[Q, K + 1] by the definitions, written again: the last column is the own stream."""
    record = trace.attention[kind][layer]
    n_query, n_key = record.pattern.shape[1:]
    heads = [h for h in range(len(record.pattern)) if (kind, layer, h) not in trace.edits.ablate]
    if how == "attention":
        found = np.zeros((n_query, n_key + 1))
        found[:, -1] = 0.5 if heads else 1.0
        found[:, :-1] = 0.5 * sum(record.pattern[heads]) / max(1, len(heads))
        return found
    parts, stream, bias = vectors(model, trace, kind, layer)
    every = torch.cat([parts, torch.zeros(n_query, 1, parts.size(-1))], dim=1)
    for q in range(n_query):
        every[q, n_key if kind == "cross" else q] += stream[q]
    whole = every.sum(1) + bias
    if not model.config.norm_first:
        stack: Any = model.network.encoder if kind == "encoder_self" else model.network.decoder
        around = stack[layer].around_cross if kind == "cross" else stack[layer].around_self
        norm = around.norm
        spread = (whole.var(-1, correction=0, keepdim=True) + norm.eps).sqrt()
        every = (every - every.mean(-1, keepdim=True)) / spread[:, None] * norm.weight
        whole = norm(whole)
    if how == "norm":
        sizes = every.norm(dim=-1)
    else:
        sizes = (whole.abs().sum(-1)[:, None] - (whole[:, None] - every).abs().sum(-1)).clamp(min=0)
    shares: Array = (sizes / sizes.sum(-1, keepdim=True)).detach().numpy()
    return shares


def by_matrices(model: Model, trace: Trace, how: str) -> Array:
    """Shares [T, S + T] of source and target positions: one square matrix a block, multiplied."""
    n_src, n_tgt = len(trace.src), len(trace.tgt_in)
    sides = {"source": slice(0, n_src), "target": slice(n_src, n_src + n_tgt)}
    total = np.eye(n_src + n_tgt)

    def block(kind: str, layer: int, queries: str, keys: str) -> None:
        nonlocal total
        shares = shares_of_block(model, trace, kind, layer, how)
        matrix = np.eye(n_src + n_tgt)
        matrix[sides[queries], sides[queries]] = np.diag(shares[:, -1])
        matrix[sides[queries], sides[keys]] += shares[:, :-1]
        total = matrix @ total

    for i in range(len(trace.encoder.layers)):
        if ("encoder", i) not in trace.edits.skip:
            block("encoder_self", i, "source", "source")
    for i in range(len(trace.decoder.layers)):
        if ("decoder", i) not in trace.edits.skip:
            block("decoder_self", i, "target", "target")
            if trace.edits.cross_attention:
                block("cross", i, "target", "source")
    return total[n_src:]


WAYS = {"attention": by_attention, "norm": by_norm, "distance": by_distance}


@pytest.mark.parametrize("norm_first", [True, False], ids=["pre-norm", "post-norm"])
@pytest.mark.parametrize(
    "edits",
    [
        Edits(),
        Edits(skip={("encoder", 1)}),
        Edits(skip={("decoder", 0)}),
        Edits(cross_attention=False),
        Edits(ablate={("encoder_self", 0, 1), ("decoder_self", 1, 0), ("cross", 0, 1)}),
        Edits(ablate={("encoder_self", 1, 0), ("encoder_self", 1, 1), ("cross", 0, 0)}),
    ],
    ids=[
        *["plain", "encoder layer skipped", "decoder layer skipped", "no cross"],
        *["ablated", "a whole block ablated"],
    ],
)
def test_rollouts_are_products_of_matrices(norm_first: bool, edits: Edits) -> None:
    model = random_model(norm_first=norm_first)
    trace = model.teacher_force("q w e r", "r e w", edits=edits)
    assert trace.n_heads > 1
    for how, mixing in WAYS.items():
        found = rollout(model, trace, mixing)
        expected = by_matrices(model, trace, how)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_the_transformed_vectors_sum_to_the_stream_after_the_block(
    any_model: Model, trace: Trace
) -> None:
    """Biases aside, which belong to no token."""
    for kind in KINDS:
        for layer in range(trace.n_layers(kind)):
            (parts, whole), *more = transformed(any_model, trace, kind, layer)
            assert not more
            stack = trace.encoder if kind == "encoder_self" else trace.decoder
            record = stack.layers[layer]
            after = record.resid_mid_cross if kind == "cross" else record.resid_mid
            assert after is not None
            np.testing.assert_allclose(whole, after, atol=1e-4)
            rest = whole - parts.sum(1)  # b_O, or its image and β behind a norm
            if any_model.config.norm_first:
                np.testing.assert_allclose(rest, np.broadcast_to(rest[0], rest.shape), atol=1e-4)


def test_heads_that_write_their_mean_are_refused(tiny: Model) -> None:
    head = ("encoder_self", 0, 1)
    means = {head: [0.5] * tiny.config.d_head}
    trace = tiny.teacher_force("q w e r", "r e w", edits=Edits(ablate={head}, means=means))
    for mixing in WAYS.values():
        with pytest.raises(ValueError, match="heads write their mean over a corpus"):
            rollout(tiny, trace, mixing)
    kept = tiny.teacher_force("q w e r", "r e w", edits=Edits(means=means))
    plain = tiny.teacher_force("q w e r", "r e w")
    np.testing.assert_array_equal(rollout(tiny, kept), rollout(tiny, plain))


def test_shares_sum_to_one_and_never_look_ahead(any_model: Model, trace: Trace) -> None:
    n_src, n_tgt = len(trace.src), len(trace.tgt_in)
    for mixing in WAYS.values():
        found = rollout(any_model, trace, mixing)
        assert found.shape == (n_tgt, n_src + n_tgt)
        assert found.min() >= 0
        np.testing.assert_allclose(found.sum(1), 1)
        assert not np.triu(found[:, n_src:], 1).any()


def test_the_source_share(any_model: Model, trace: Trace, tiny: Model) -> None:
    found = source_share(any_model, trace)
    assert ((found > 0) & (found < 1)).all()
    np.testing.assert_allclose(found, contributions(any_model, trace)[:, : len(trace.src)].sum(1))
    given = ("q w e r", "r e w q")
    layers, heads = tiny.config.n_decoder_layers, tiny.config.heads("cross")
    every = frozenset(("cross", i, h) for i in range(layers) for h in range(heads))
    for edits in (Edits(cross_attention=False), Edits(every)):
        blind = tiny.teacher_force(*given, edits=edits)
        np.testing.assert_allclose(source_share(tiny, blind), 0, atol=1e-12)


def test_what_a_word_gets_whatever_is_written_is_taken_away(tiny: Model) -> None:
    trace = tiny.run("a b c")
    words = [(0,), (1, 2)]
    values = np.array([[0.1, 0.2, 0.4, 9.0], [0.3, 0.0, 0.0, 9.0]])
    scores = by_word(lambda model, trace: values)(tiny, trace, words)
    np.testing.assert_allclose(scores, [[0.1, 0.3], [0.3, 0.0]])
    above = by_word(lambda model, trace: values, above_mean=True)(tiny, trace, words)
    np.testing.assert_allclose(above, [[0.0, 0.15], [0.1, 0.0]])


def test_a_papers_name_is_its_own_reading(tiny: Model) -> None:
    trace = tiny.run("a b c")
    words = word_groups(trace.src)
    given = {"alti": by_distance, "norm_rollout": by_norm, "rollout": by_attention}
    for slug, mixing in given.items():
        published = merge(rollout(tiny, trace, mixing)[:, : len(trace.src)], words)
        for name, expected in (
            (slug, published),
            (f"{slug}_above", np.maximum(published - published.mean(0), 0)),
        ):
            found = analysis.attribution(tiny, trace, name).pivot(
                index="step", columns="word", values="score"
            )
            np.testing.assert_allclose(found, expected)


def test_attention_weights_are_averaged(tiny: Model) -> None:
    trace = tiny.run("a b c")
    cross = trace.attention["cross"]
    every = np.mean([record.pattern[h] for record in cross for h in range(2)], axis=0)
    np.testing.assert_allclose(mean_weights(tiny, trace), every, atol=1e-7)
    one = mean_weights(tiny, trace, heads=[(1, 0)], normed=True)
    np.testing.assert_allclose(one, cross[1].pattern[0] * cross[1].value_norm[0], atol=1e-6)
