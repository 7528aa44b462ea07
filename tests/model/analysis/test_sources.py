"""From output to source: rollouts, gradients, leaving words out, and their agreement."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model import Edits, Model, Trace
from model.analysis.contribution import contributions
from model.analysis.rollout import norm_rollout, rollout
from model.analysis.saliency import gradient_times_input, leave_one_out
from model.analysis.sources import kendall, merge, source_words, sources, word_text
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
    """Against a finite difference: every embedding of a source token scaled a little."""
    trace = tiny.teacher_force("a b c", "c b")
    found = gradient_times_input(tiny, trace)
    assert found.shape == (3, 4)

    def log_odds(factor: float) -> float:
        import torch

        from model.analysis.saliency import _encode, _log_odds

        src = torch.tensor([trace.src.ids])
        with torch.inference_mode():
            scale = torch.ones(1, src.size(1), 1, dtype=torch.float64)
            scale[0, 1] = factor
            network = double
            x = network.embedding(src) * network.config.d_model**0.5 * scale
            memory = _encode(network, x, src)
            logits = network.unembed(network.decode(torch.tensor([trace.tgt_in.ids]), memory, src))
            return float(_log_odds(logits[0, 1], trace.tgt_out.ids[1]))

    import copy

    double = copy.deepcopy(tiny.network).double()
    double.positions = double.positions.double()
    step = 1e-5
    slope = (log_odds(1 + step) - log_odds(1 - step)) / (2 * step)
    assert found[1, 1] == pytest.approx(slope, rel=1e-3, abs=1e-5)


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
    """The last word left out changes what a text without it gives, its end token's place aside."""
    trace = tiny.teacher_force("a b c", "c b a")
    found = leave_one_out(tiny, trace, [(0,), (1,), (2,)])
    assert found.shape == (4, 3)
    nothing = leave_one_out(tiny, trace, [()])
    np.testing.assert_allclose(nothing, 0, atol=1e-5)
    assert np.abs(found).min(0).max() > 0


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
    for tau in found.tau.values():
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
