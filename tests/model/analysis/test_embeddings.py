"""Principal components of the embeddings, nearest tokens, and the position table."""

from __future__ import annotations

import numpy as np
import pytest

from headlight.model import Model
from headlight.model.analysis.stream.embeddings import neighbours, positions, project


def test_projection_agrees_with_the_singular_values(any_model: Model) -> None:
    table = any_model.network.embedding.weight.numpy().astype(np.float64)
    values = np.linalg.svd(table - table.mean(0), compute_uv=False)
    projection = project(any_model)
    assert projection.points.shape == (len(table), 3)
    np.testing.assert_allclose(projection.explained, (values**2 / (values**2).sum())[:3])
    np.testing.assert_allclose(np.linalg.norm(projection.points, axis=0), values[:3], rtol=1e-4)
    np.testing.assert_allclose(projection.points.mean(0), 0, atol=1e-4)


def test_neighbours_are_the_largest_cosines(tiny: Model) -> None:
    table = tiny.network.embedding.weight.numpy()
    found = neighbours(tiny, 5, n=3)
    assert len(found) == 3
    for token, cosine in found:
        expected = table[token] @ table[5] / np.linalg.norm(table[token])
        assert cosine == pytest.approx(expected / np.linalg.norm(table[5]), abs=1e-5)
    assert 5 not in [token for token, _ in found]
    assert [c for _, c in found] == sorted((c for _, c in found), reverse=True)
    for wrong in (-1, 30):
        with pytest.raises(ValueError, match=f"id {wrong} is outside of the vocabulary"):
            neighbours(tiny, wrong)


def test_positions_follow_the_paper(tiny: Model) -> None:
    for n in (-1, 65):
        with pytest.raises(ValueError, match=f"from 0 to 64 positions, not {n}"):
            positions(tiny, n)
    table, width = positions(tiny, 64), tiny.config.d_model
    assert table is not None
    assert len(table) == 64
    table = table[:9]
    assert table.shape == (9, width)
    for pos in range(9):
        for i in range(width // 2):
            angle = pos / 10_000 ** (2 * i / width)
            assert table[pos, 2 * i] == pytest.approx(np.sin(angle), abs=1e-6)
            assert table[pos, 2 * i + 1] == pytest.approx(np.cos(angle), abs=1e-6)
