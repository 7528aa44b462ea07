from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional as F

from headlight.model.network.attention import MultiHeadAttention, attention
from headlight.model.network.cache import KeyValues
from headlight.model.network.config import ModelConfig
from headlight.model.network.masks import causal_mask, length_mask


def random_qkv(n_query: int, n_key: int) -> list[torch.Tensor]:
    torch.manual_seed(n_query * 100 + n_key)
    return [torch.randn(2, 3, n, 8) for n in (n_query, n_key, n_key)]


@pytest.mark.parametrize(
    ("n_query", "mask"),
    [
        (5, None),
        (7, causal_mask(7)),
        (5, length_mask(torch.tensor([7, 3]), 7)),
    ],
    ids=["open", "causal", "padding"],
)
def test_equals_torch(n_query: int, mask: torch.Tensor | None) -> None:
    q, k, v = random_qkv(n_query, 7)
    expected = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    torch.testing.assert_close(attention(q, k, v, mask).z, expected, atol=1e-6, rtol=1e-5)
    for scale in (1.0, 0.25):
        expected = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, scale=scale)
        found = attention(q, k, v, mask, scale=scale).z
        torch.testing.assert_close(found, expected, atol=1e-6, rtol=1e-5)


def test_a_case_worked_out_by_hand() -> None:
    q = torch.tensor([[2.0, 0.0, 0.0, 0.0]])
    k = torch.tensor([[math.log(3.0), 0, 0, 0], [0.0, 0, 0, 0], [9.0, 0, 0, 0]])
    v = torch.tensor([[4.0], [8.0], [1000.0]])
    z, pattern, raw_scores = attention(q, k, v, torch.tensor([[True, True, False]]))
    # 2·ln3 / √4 = ln3 against 0, so the weights are 3 : 1; the third key is closed
    torch.testing.assert_close(raw_scores, torch.tensor([[math.log(3.0), 0.0, 9.0]]))
    torch.testing.assert_close(pattern, torch.tensor([[0.75, 0.25, 0.0]]))
    torch.testing.assert_close(z, torch.tensor([[5.0]]))
    assert float(pattern[0, 2]) == 0.0


def test_large_scores_do_not_overflow() -> None:
    q = torch.full((1, 4), 1e4)
    k = torch.stack([torch.full((4,), 1e4), torch.full((4,), -1e4)])
    pattern = attention(q, k, torch.eye(2)).pattern
    assert pattern.tolist() == [[1.0, 0.0]]


def test_dropout_changes_the_output_and_not_the_recorded_pattern() -> None:
    torch.manual_seed(0)
    q, k, v = random_qkv(5, 7)
    plain, dropped = attention(q, k, v), attention(q, k, v, dropout=0.5)
    assert torch.equal(plain.pattern, dropped.pattern)
    assert not torch.allclose(plain.z, dropped.z)


def test_a_block_drops_weights_in_training_only() -> None:
    config = ModelConfig(d_vocab=10, d_model=16, n_heads=2, dropout=0.5)
    torch.manual_seed(0)
    block, x = (
        MultiHeadAttention(config, "encoder_self", 0, "encoder.0.self"),
        torch.randn(1, 6, 16),
    )
    plain = block.eval()(x, None, None)
    assert torch.equal(block(x, None, None), plain)
    drawn = torch.stack([block.train()(x, None, None) for _ in range(2_000)])
    assert not torch.allclose(drawn[0], drawn[1])
    torch.testing.assert_close(drawn.mean(0), plain, atol=0.05, rtol=0.05)


def test_keys_and_values_grow_in_order() -> None:
    torch.manual_seed(0)
    k, v = torch.randn(2, 3, 75, 4), torch.randn(2, 3, 75, 4)
    kept, start = KeyValues(k[:, :, :0], v[:, :, :0]), 0
    for n in (1, 5, 30, 1, 38):  # crosses the places where room is doubled
        piece = slice(start, start + n)
        found = kept.append(k[:, :, piece], v[:, :, piece])
        start += n
        assert torch.equal(found[0], k[:, :, :start])
        assert torch.equal(found[1], v[:, :, :start])


def test_selected_rows_do_not_share_memory() -> None:
    k = torch.arange(6.0).view(3, 1, 2, 1)
    kept = KeyValues(k.clone(), k.clone())
    chosen = kept.select(torch.tensor([2, 0, 2]))
    chosen.append(torch.full((3, 1, 1, 1), 9.0), torch.full((3, 1, 1, 1), 9.0))
    assert chosen.k[:, 0, : chosen.length, 0].tolist() == [[4, 5, 9], [0, 1, 9], [4, 5, 9]]
    assert torch.equal(kept.k, k)
    assert kept.length == 2
