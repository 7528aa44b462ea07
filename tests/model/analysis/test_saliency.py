"""Gradients and leaving words out, and every way on real traces."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

from headlight.model import Edits, Model, Trace
from headlight.model.analysis.attribution.saliency import (
    gradient_times_input,
    integrated_gradients,
    leave_one_out,
)
from headlight.model.analysis.attribution.sources import agreement, sources
from headlight.model.network.source import Source
from headlight.model.run.arrays import Array
from tests.model.builders import random_model


def test_integrated_gradients_sum_to_the_difference_of_the_ends(tiny: Model) -> None:
    """Completeness (Sundararajan et al. 2017, proposition 1), against the two ends run by hand."""
    trace = tiny.teacher_force("a b c", "c b")
    found = integrated_gradients(tiny, trace, 64)
    assert not found[:, -1].any()  # <eos> is at both ends
    src, tgt_in = torch.tensor([trace.src.ids]), torch.tensor([trace.tgt_in.ids])

    def log_odds(scale: float) -> Array:
        with torch.inference_mode():
            embed, mask = tiny.network.read(src)
            embed = embed.clone()
            embed[:, :3] *= scale
            memory = tiny.network.encode_stream(embed, mask)
            p = tiny.network.unembed(tiny.network.decode(tgt_in, memory))[0].double().softmax(-1)
            p = p[range(3), trace.tgt_out.ids]
        odds: Array = (p / (1 - p)).log().numpy()
        return odds

    np.testing.assert_allclose(found.sum(1), log_odds(1.0) - log_odds(0.0), rtol=0.02, atol=0.02)
    with pytest.raises(ValueError, match="1 or more, not 0"):
        integrated_gradients(tiny, trace, 0)


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
    assert set(found.tau) == {*found.scores, "diagonal", "chance"}
    ranked = np.isfinite(found.tau["leave_out"])
    np.testing.assert_array_equal(found.tau["chance"], np.where(ranked, 0, np.nan))
    for slug in found.scores:
        tau, sizes = found.tau[slug], np.abs(found.scores[slug])
        np.testing.assert_array_equal(tau, agreement(sizes, truth))
        known = tau[np.isfinite(tau)]
        assert ((known >= -1 - 1e-9) & (known <= 1 + 1e-9)).all()
