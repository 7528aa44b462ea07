"""Candidates: the most probable tokens, rank and entropy, against plain sorting."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from headlight.model import Model, Trace
from headlight.model.analysis.stream.candidates import candidates


def test_candidates_are_the_most_probable_tokens_in_order(trace: Trace) -> None:
    found = candidates(trace, 5)
    for t, row in enumerate(trace.log_probs):
        expected = np.sort(row)[::-1][:5]
        np.testing.assert_array_equal(row[found.ids[t]], expected)
        np.testing.assert_allclose(found.probs[t], np.exp(expected), rtol=1e-5)
    assert (found.ids[:, 0] == trace.predicted.ids).all()


def test_rank_counts_the_tokens_that_are_more_probable(trace: Trace) -> None:
    found = candidates(trace)
    for t, token_id in enumerate(trace.tgt_out.ids):
        above = sum(p > trace.log_probs[t, token_id] for p in trace.log_probs[t])
        assert found.rank[t] == above + 1


def test_entropy_of_known_distributions(tiny: Model) -> None:
    trace = tiny.teacher_force("a b", "b a")
    n = trace.log_probs.shape[1]
    even = np.full_like(trace.log_probs, -np.log(n))
    assert candidates(replace(trace, log_probs=even)).entropy == pytest.approx(np.log(n), abs=1e-4)
    sure = np.full_like(trace.log_probs, -1e4)
    sure[:, 7] = 0
    assert candidates(replace(trace, log_probs=sure)).entropy == pytest.approx(0, abs=1e-6)


def test_more_candidates_than_tokens_lists_them_all(tiny: Model) -> None:
    trace = tiny.teacher_force("a b", "b a")
    found = candidates(trace, 1000)
    assert found.ids.shape[1] == trace.log_probs.shape[1]
    assert found.probs.sum(axis=1) == pytest.approx(1, abs=1e-4)
