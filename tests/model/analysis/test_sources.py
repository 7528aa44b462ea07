"""From output to source: rollouts, gradients, leaving words out, and their agreement."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch

from headlight.model import Edits, Model, Trace
from headlight.model.analysis.attribution.contribution import contributions
from headlight.model.analysis.attribution.rollout import norm_rollout, rollout
from headlight.model.analysis.attribution.saliency import gradient_times_input, leave_one_out
from headlight.model.analysis.attribution.sources import (
    kendall,
    merge,
    source_words,
    sources,
    word_text,
)
from headlight.model.network.source import Source
from headlight.model.run.trace import Array
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
    # half of cross-attention's column a is a, half of it is b
    np.testing.assert_allclose(rollout(trace), [[0.25, 0.25, 0], [0.25, 0.25, 0]])


def by_matrices(trace: Trace, norms: bool, encoder: bool = True) -> Array:
    """Shares [T, S + T] of source and target positions: one square matrix a block, multiplied."""
    n_src, n_tgt = len(trace.src), len(trace.tgt_in)
    sides = {"source": slice(0, n_src), "target": slice(n_src, n_src + n_tgt)}
    total = np.eye(n_src + n_tgt)

    def block(kind: str, layer: int, stream: Array, queries: str, keys: str) -> None:
        nonlocal total
        record = trace.attention[kind][layer]
        heads = [h for h in range(trace.n_heads) if (kind, layer, h) not in trace.edits.ablate]
        if norms:
            weights = sum(record.pattern[h] * record.value_norm[h] for h in heads)
            own = np.linalg.norm(stream, axis=-1)
        else:
            weights, own = sum(record.pattern[heads]) / max(1, len(heads)), np.ones(len(stream))
        matrix, mixed = np.eye(n_src + n_tgt), np.zeros((n_src + n_tgt, n_src + n_tgt))
        matrix[sides[queries], sides[queries]] *= own[:, None]
        mixed[sides[queries], sides[keys]] = weights
        matrix += mixed
        total = matrix / matrix.sum(1, keepdims=True) @ total

    for i, layer in enumerate(trace.encoder.layers if encoder else ()):
        if ("encoder", i) not in trace.edits.skip:
            block("encoder_self", i, layer.resid_pre, "source", "source")
    for i, layer in enumerate(trace.decoder.layers):
        if ("decoder", i) not in trace.edits.skip:
            block("decoder_self", i, layer.resid_pre, "target", "target")
            if trace.edits.cross_attention:
                block("cross", i, layer.resid_mid, "target", "source")
    return total[n_src:]


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
    n_src = len(trace.src)
    assert trace.n_heads > 1
    for found, expected in (
        (norm_rollout(trace), by_matrices(trace, True)[:, :n_src]),
        (rollout(trace), by_matrices(trace, False)[:, :n_src]),
        (contributions(trace), by_matrices(trace, True, False)),
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


def test_heads_that_write_their_mean_are_refused(tiny: Model) -> None:
    head = ("encoder_self", 0, 1)
    means = {head: [0.5] * tiny.config.d_head}
    trace = tiny.teacher_force("q w e r", "r e w", edits=Edits(ablate={head}, means=means))
    for shares in (rollout, norm_rollout, contributions):
        with pytest.raises(ValueError, match="heads write their mean over a corpus"):
            shares(trace)
    kept = tiny.teacher_force("q w e r", "r e w", edits=Edits(means=means))
    plain = tiny.teacher_force("q w e r", "r e w")
    np.testing.assert_array_equal(rollout(kept), rollout(plain))


def test_shares_stay_below_one(trace: Trace) -> None:
    for found in (rollout(trace), norm_rollout(trace)):
        assert found.shape == (len(trace.tgt_out), len(trace.src))
        assert found.min() >= 0
        assert found.sum(1).max() <= 1 + 1e-9


def test_norm_rollout_without_the_encoder_is_the_decoders_contribution(trace: Trace) -> None:
    without = replace(trace, encoder=replace(trace.encoder, layers=()))
    found = contributions(trace)[:, : len(trace.src)]
    np.testing.assert_allclose(norm_rollout(without), found, atol=1e-12)


def test_gradient_times_input_is_the_first_order_change(tiny: Model) -> None:
    """Against finite differences: one source token's embedding scaled a little, in float64."""
    trace = tiny.teacher_force("a b c", "c b")
    found = gradient_times_input(tiny, trace)
    assert found.shape == (3, 4)
    double = copy.deepcopy(tiny.network).double()
    double.positions = double.positions.double()
    src, tgt_in = torch.tensor([trace.src.ids]), torch.tensor([trace.tgt_in.ids])

    def log_odds(column: int, factor: float) -> Array:
        def scale(module: object, args: object, embedded: torch.Tensor) -> torch.Tensor:
            factors = torch.ones(1, embedded.size(1), 1, dtype=embedded.dtype)
            if embedded.size(1) == 4:  # the source; the target has three
                factors[0, column] = factor
            return embedded * factors

        handle = double.embedding.register_forward_hook(scale)
        p = double(src, tgt_in)[0].softmax(-1)[range(3), trace.tgt_out.ids]
        handle.remove()
        odds: Array = (p / (1 - p)).log().numpy()
        return odds

    step = 1e-5
    for column in range(4):
        slope = (log_odds(column, 1 + step) - log_odds(column, 1 - step)) / (2 * step)
        np.testing.assert_allclose(found[:, column], slope, rtol=1e-3, atol=1e-5)


def test_weights_keep_no_gradient(tiny: Model) -> None:
    gradient_times_input(tiny, tiny.run("a b c"))
    assert all(p.grad is None and not p.requires_grad for p in tiny.network.parameters())


def test_more_rows_than_fit_at_once(tiny: Model) -> None:
    long = tiny.teacher_force("a b c d", "a b c d e f g h i j k l m n o p " * 3)
    assert len(long.tgt_out) > 32
    head = tiny.teacher_force("a b c d", long.tgt_out.ids[:5])
    found = gradient_times_input(tiny, long)
    np.testing.assert_allclose(found[:5], gradient_times_input(tiny, head)[:5], atol=1e-4)


def test_a_word_left_out_is_a_word_nobody_attends_to(tiny: Model) -> None:
    """Without the word it does not matter which word it was."""
    one, two = (tiny.teacher_force(text, "c b a") for text in ("a b c", "x b c"))
    assert np.abs(one.chosen_log_probs - two.chosen_log_probs).max() > 1e-3
    without = [t.chosen_log_probs - leave_one_out(tiny, t, [(0,)])[:, 0] for t in (one, two)]
    np.testing.assert_allclose(without[0], without[1], atol=1e-5)


def test_leaving_words_out_row_by_row(tiny: Model) -> None:
    trace = tiny.teacher_force("a b c", "c b a")
    words = [(0,), (1,), (0, 2), ()]
    found = leave_one_out(tiny, trace, words)
    assert found.shape == (4, 4)
    for column, word in enumerate(words):
        kept = torch.tensor([[i not in word for i in range(len(trace.src))]])
        source = Source(torch.tensor([trace.src.ids]), mask=kept)
        log_probs = tiny.network(source, torch.tensor([trace.tgt_in.ids]))[0].log_softmax(-1)
        without = log_probs[range(4), trace.tgt_out.ids].numpy()
        np.testing.assert_allclose(found[:, column], trace.chosen_log_probs - without, atol=1e-5)
    np.testing.assert_allclose(found[:, 3], 0, atol=1e-5)
    assert np.abs(found[:, :3]).min(0).max() > 0


def test_edited_and_foreign_traces_are_refused(tiny: Model) -> None:
    blind = tiny.teacher_force("a b c", "c b a", edits=Edits(cross_attention=False))
    foreign = random_model(seed=5).run("a b c")
    for trace, said in ((blind, "whole model, without edits"), (foreign, "another model")):
        for attempt in (
            sources,
            gradient_times_input,
            lambda model, trace: leave_one_out(model, trace, [(0,)]),
        ):
            with pytest.raises(ValueError, match=said):
                attempt(tiny, trace)
    with pytest.raises(ValueError, match="no words to leave out"):
        leave_one_out(tiny, tiny.run("a b c"), [])


def test_all_methods_on_real_traces(any_model: Model, trace: Trace) -> None:
    found = sources(any_model, trace)
    shape = (len(trace.tgt_out), len(found.words))
    assert all(values.shape == shape for values in found.scores.values())
    assert all(np.isfinite(values).all() for values in found.scores.values())
    assert found.mean_tau("leave_out") == pytest.approx(1) or shape[1] == 1
    truth = np.abs(found.scores["leave_out"])
    for slug, tau in found.tau.items():
        sizes = np.abs(found.scores[slug])
        np.testing.assert_array_equal(
            tau, [kendall(*rows) for rows in zip(sizes, truth, strict=True)]
        )
        known = tau[np.isfinite(tau)]
        assert ((known >= -1 - 1e-9) & (known <= 1 + 1e-9)).all()


def test_kendall() -> None:
    a = np.array([1.0, 2.0, 3.0])
    assert kendall(a, a) == pytest.approx(1)
    assert kendall(a, -a) == pytest.approx(-1)
    # pairs: two agree, one against
    assert kendall(a, np.array([1.0, 3.0, 2.0])) == pytest.approx(1 / 3)
    # a tie: 2 agreeing pairs of √(3·2)
    assert kendall(a, np.array([1.0, 2.0, 2.0])) == pytest.approx(2 / 6**0.5)
    assert np.isnan(kendall(a, np.zeros(3)))


def test_words_are_merged(any_model: Model, trace: Trace) -> None:
    groups = source_words(trace.src)
    flat = [i for group in groups for i in group]
    assert flat == [i for i, special in enumerate(trace.src.special) if not special]
    assert all(word_text(trace.src, group).strip() for group in groups)
    ones = np.ones((1, len(trace.src)))
    np.testing.assert_array_equal(merge(ones, groups)[0], [len(group) for group in groups])
