"""The logit lens ends at the model's own probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from headlight.model import Edits, Model, Trace
from headlight.model.analysis.stream.logit_lens import logit_lens
from tests.model.builders import random_model


def test_the_last_depth_is_the_model(any_model: Model, trace: Trace) -> None:
    lens = logit_lens(any_model, trace)
    assert lens.log_probs.shape == (len(trace.decoder.layers) + 1, *trace.log_probs.shape)
    np.testing.assert_allclose(np.exp(lens.log_probs[-1]), trace.probs, atol=1e-5)
    np.testing.assert_allclose(np.exp(lens.log_probs).sum(-1), 1, atol=1e-5)
    assert (lens.best[-1, :, 0] == trace.logits.argmax(-1)).all()


def test_best_tokens_come_in_order_and_ranks_count_those_above(
    any_model: Model, trace: Trace
) -> None:
    lens = logit_lens(any_model, trace, k=4)
    assert lens.best.shape[-1] == 4
    assert (np.diff(lens.probs, axis=-1) <= 0).all()
    np.testing.assert_allclose(lens.probs[..., 0], np.exp(lens.log_probs.max(-1)), rtol=1e-6)
    ids = tuple(int(i) for i in lens.best[0, :, 2])
    ranks = lens.rank(ids)
    assert (ranks[0] == 2).all()
    assert len(lens.tokens(any_model, trace, 0, 0)) == 4


def test_earlier_depths_differ_and_a_skipped_layer_says_the_same_twice(tiny: Model) -> None:
    plain = logit_lens(tiny, tiny.run("a b c"))
    assert np.abs(plain.log_probs[0] - plain.log_probs[-1]).max() > 1e-2
    skipped = tiny.run("a b c", edits=Edits(skip=frozenset({("decoder", 1)})))
    lens = logit_lens(tiny, skipped)
    np.testing.assert_array_equal(lens.log_probs[1], lens.log_probs[2])
    np.testing.assert_allclose(np.exp(lens.log_probs[-1]), skipped.probs, atol=1e-5)


@pytest.mark.parametrize("position", [None, 1])
def test_what_is_added_behind_the_last_layer_is_read_as_well(
    tiny: Model, position: int | None
) -> None:
    direction = np.linspace(-1, 1, tiny.config.d_model)
    steered = tiny.run("a b c", edits=Edits(steer=[("decoder", 2, position, 2.0, direction)]))
    lens = logit_lens(tiny, steered)
    np.testing.assert_allclose(np.exp(lens.log_probs[-1]), steered.probs, atol=1e-5)


def test_a_trace_of_another_model_is_refused(tiny: Model) -> None:
    with pytest.raises(ValueError, match="another model"):
        logit_lens(random_model(seed=5), tiny.run("a b"))
