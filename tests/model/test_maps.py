"""Maps that are not kept are made again as they were."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import headlight
from headlight.model import Edits
from headlight.model.network import attention
from headlight.model.network.config import KINDS
from headlight.model.run import maps
from tests.model.builders import random_model


def test_patterns_of_wide_blocks_are_computed_when_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = headlight.load("translate-en-fr")
    text = "The black cat sleeps on the mat."
    whole = model.run(text)
    monkeypatch.setattr(attention, "WIDE", 0)
    lazy = model.run(text)
    for kind in KINDS:
        for one, other in zip(whole.attention[kind], lazy.attention[kind], strict=True):
            assert one.kept is not None
            assert other.kept is None
            np.testing.assert_allclose(other.pattern, one.pattern, atol=1e-6)
            assert (other.pattern[:, ~other.mask] == 0).all()
    assert lazy.nbytes < whole.nbytes
    np.testing.assert_allclose(lazy.log_probs, whole.log_probs, atol=1e-4)  # z is fused there


def test_a_pattern_that_an_edit_wrote_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "WIDE", 0)
    edits = Edits(uniform={("cross", 1, 0)}, cut={("cross", 0, 1, None, 0)})
    trace = random_model().run("c a b", edits=edits)
    first, second = trace.attention["cross"]
    np.testing.assert_allclose(second.pattern[0], 1 / len(trace.src), atol=1e-6)
    assert not first.pattern[1, :, 0].any()
    np.testing.assert_allclose(first.pattern.sum(-1), 1, atol=1e-6)


def test_scores_are_those_of_the_block() -> None:
    import torch

    trace = headlight.load("reverse").run("d a c b")
    for kind in KINDS:
        for record in trace.attention[kind]:
            q, k, v = (torch.from_numpy(array) for array in (record.q, record.k, record.v))
            found = attention.attention(q, k, v, torch.from_numpy(record.mask))
            np.testing.assert_allclose(record.raw_scores, found.raw_scores, rtol=1e-6, atol=1e-5)
            np.testing.assert_allclose(maps.softmax(record.attn_scores), found.pattern, atol=1e-6)


def test_a_row_without_open_edges_is_empty() -> None:
    closed = np.array([[-np.inf, -np.inf], [0.0, -np.inf]], np.float32)
    assert maps.softmax(closed).tolist() == [[0.0, 0.0], [1.0, 0.0]]


def test_logits_are_what_the_log_probabilities_came_from() -> None:
    model = headlight.load("reverse")
    trace = model.run("d a c b")
    stream, table = trace.decoder.output, model.network.unembed_weight.numpy()
    np.testing.assert_allclose(trace.logits, stream @ table.T, atol=2e-5)
    doubled = replace(trace, log_norm=trace.log_norm + 1)
    np.testing.assert_allclose(doubled.logits - trace.logits, 1, atol=1e-5)
