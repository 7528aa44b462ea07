"""Source and prefix shares on a decoder small enough to work out by hand, and on real traces."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from headlight.model import Edits, Model, Trace
from headlight.model.analysis.attribution.contribution import contributions, source_share


def hand_made(trace: Trace, self_norm: float, cross_norm: float, stream_norm: float) -> Trace:
    """`trace` with one decoder layer of one head, whose every norm is given."""
    n_src, n_tgt = len(trace.src), len(trace.tgt_in)
    causal = np.tril(np.ones((n_tgt, n_tgt)))

    def record(kind: str, pattern: Any, norm: float) -> Any:
        norms = np.full((1, pattern.shape[1]), norm)
        return replace(trace.attention[kind][0], pattern=pattern[None], value_norm=norms)

    stream = np.zeros((n_tgt, 4))
    stream[:, 0] = stream_norm
    layer = replace(trace.decoder.layers[0], resid_pre=stream, resid_mid=stream)
    attention = {
        "encoder_self": trace.attention["encoder_self"],
        "decoder_self": (record("decoder_self", causal / causal.sum(1, keepdims=True), self_norm),),
        "cross": (record("cross", np.full((n_tgt, n_src), 1 / n_src), cross_norm),),
    }
    decoder = replace(trace.decoder, layers=(layer,))
    return replace(trace, attention=attention, decoder=decoder, edits=Edits())


def test_one_layer_worked_out_by_hand(tiny: Model) -> None:
    trace = hand_made(tiny.teacher_force("a b", "b a"), 1.0, 6.0, 2.0)
    share = contributions(trace)
    n_src = len(trace.src)
    # the stream counts 2 and cross-attention 6, so a quarter of what was there stays
    np.testing.assert_allclose(source_share(trace), 0.75)
    np.testing.assert_allclose(share[:, :n_src], 0.75 / n_src)
    # row 1: own stream 2/3 of it, self-attention 1/3, halved between <bos> and itself
    np.testing.assert_allclose(share[1, n_src:], [0.25 / 6, 0.25 * 5 / 6, 0])


def test_without_norm_in_cross_attention_nothing_comes_from_the_source(tiny: Model) -> None:
    trace = hand_made(tiny.teacher_force("a b", "b a"), 1.0, 0.0, 2.0)
    np.testing.assert_array_equal(source_share(trace), 0)


def test_shares_of_a_real_trace_sum_to_one_and_never_look_ahead(trace: Trace) -> None:
    share = contributions(trace)
    n_src, n_tgt = len(trace.src), len(trace.tgt_in)
    assert share.shape == (n_tgt, n_src + n_tgt)
    assert share.min() >= 0
    np.testing.assert_allclose(share.sum(axis=1), 1)
    assert not np.triu(share[:, n_src:], 1).any()
    assert ((source_share(trace) > 0) & (source_share(trace) < 1)).all()


def test_edits_count(tiny: Model) -> None:
    given = ("q w e r", "r e w q")
    without = tiny.teacher_force(*given, edits=Edits(cross_attention=False))
    np.testing.assert_array_equal(source_share(without), 0)
    layers, heads = tiny.config.n_decoder_layers, tiny.config.n_heads
    every = frozenset(("cross", i, h) for i in range(layers) for h in range(heads))
    np.testing.assert_array_equal(source_share(tiny.teacher_force(*given, edits=Edits(every))), 0)
    skipped = tiny.teacher_force(
        *given, edits=Edits(skip=frozenset(("decoder", i) for i in range(layers)))
    )
    np.testing.assert_array_equal(
        contributions(skipped)[:, len(skipped.src) :], np.eye(len(skipped.tgt_in))
    )
