from __future__ import annotations

import numpy as np
import pytest

from headlight.model.analysis.interventions.comparison import compare
from headlight.model.analysis.interventions.loss import BATCH, Targets
from headlight.model.analysis.interventions.metrics import KL
from headlight.model.analysis.interventions.patching import (
    AT_ONCE,
    cells,
    cells_at_once,
    patching_map,
)
from headlight.model.run.batching import batched
from tests.model.builders import random_model


def test_so_many_of_what_is_short_and_fewer_of_what_is_long() -> None:
    lengths = [64] * 40 + [128] * 10 + [2_000] * 2
    found = list(batched(range(52), lengths, 32))
    assert [place for some in found for place in some] == list(range(52))
    assert [len(some) for some in found] == [32, 8, 8, 2, 1, 1]


def test_places_keep_their_order_and_a_long_one_counts_for_all_of_its_batch() -> None:
    assert list(batched([2, 0, 1], [64, 64, 128], 4)) == [[2], [0, 1]]
    assert list(batched([0, 1, 2], [64, 64, 128], 4)) == [[0, 1], [2]]
    assert list(batched([], [], 4)) == []


def test_the_loss_of_long_targets_is_taken_in_small_batches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And is the same."""
    model = random_model()
    traces = model.run_many(["c a b", "d e", "b a c d", "a b"], max_len=6)
    pairs = [(one.src, one.tgt_out.ids) for one in traces]
    whole = Targets(model, pairs)
    monkeypatch.setattr("headlight.model.run.batching.CELLS", 25 / BATCH)
    small = Targets(model, pairs)
    assert [len(one) for one in (whole._batches, small._batches)] == [1, 4]
    for one, other in zip(whole.log_probs(), small.log_probs(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_patches_of_long_texts_are_run_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    model = random_model()
    first, second = model.run("c a b d", max_len=6), model.run("c a b", max_len=6)
    compared = compare(model, first, second, row=0, metric=KL)
    assert cells_at_once(compared) == AT_ONCE
    chosen = cells(model, compared, "heads")
    (whole,) = patching_map(model, compared, chosen)
    longest = max(len(first.src), len(first.tgt_in))
    monkeypatch.setattr("headlight.model.analysis.interventions.patching.CELLS", 5 * longest**2 + 1)
    assert cells_at_once(compared) == 5
    found = list(patching_map(model, compared, chosen))
    assert [one.done for one in found[:2]] == [5, 10]
    np.testing.assert_allclose(found[-1].values, whole.values, atol=1e-4)
