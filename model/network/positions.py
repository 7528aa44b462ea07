"""How a model tells places apart: waves or tables that are added, or a bias on the scores.

Letters in shapes: D d_model, H heads, Q query positions, K key positions.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from .config import ModelConfig


def sinusoids(n: int, d_model: int) -> Tensor:
    """PE(pos, 2i) = sin(pos / 10000^(2i/D)), PE(pos, 2i+1) = cos(...) (section 3.5).

    Returns:
        [n, d_model] float32, values in [-1, 1].
    """
    position = torch.arange(n, dtype=torch.float64)[:, None]
    rate = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10_000.0) / d_model))
    angles = position * rate  # [n, D/2]
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1).float()


def sinusoids_in_halves(n: int, d_model: int, *, first: int = 0, slowest: int = 0) -> Tensor:
    """The same waves, all sines before all cosines, as tensor2tensor and its heirs store them.

    Args:
        first: the position that the first row stands for (fairseq counts from behind padding).
        slowest: 1 makes the last wave 10000 times as long as the first, as in fairseq; with 0 it is
            one factor short of that.

    Returns:
        [n, d_model] float32, values in [-1, 1].
    """
    half = d_model // 2
    rates = 10_000 ** (-torch.arange(half, dtype=torch.float64) / (half - slowest))
    angles = torch.arange(first, first + n)[:, None] * rates  # [n, D/2]
    return torch.cat([angles.sin(), angles.cos()], dim=1).float()


def fixed_table(config: ModelConfig) -> Tensor:
    """[max_positions, D]: the waves of a model that computes its positions; no rows for others."""
    n, d = config.max_positions, config.d_model
    if config.position == "sinusoid":
        return sinusoids(n, d)
    if config.position == "sinusoid_halves":
        return sinusoids_in_halves(n, d)
    if config.position == "sinusoid_fairseq":
        return sinusoids_in_halves(n, d, first=config.pad_id + 1, slowest=1)
    return torch.zeros(0, d)


class RelativeBias(nn.Module):
    """A learned number a head for each distance, added to the scores (Raffel et al. 2020, T5).

    Distances share buckets: near ones have their own, far ones lie on a logarithmic scale, and all
    beyond `max_distance` are alike. A stack's layers share the table.
    """

    def __init__(self, config: ModelConfig, n_heads: int, *, both_ways: bool) -> None:
        super().__init__()
        self.n_buckets, self.max_distance = config.n_buckets, config.max_distance
        self.both_ways = both_ways
        self.table = nn.Embedding(config.n_buckets, n_heads)

    def forward(self, start: int, n: int) -> Tensor:
        """[1, H, n, start + n]: queries at `start` and after, keys from the beginning."""
        keys = torch.arange(start + n)
        bias: Tensor = self.table(self.bucket(keys[None] - keys[start:, None]))  # [Q, K, H]
        return bias.permute(2, 0, 1)[None]

    def bucket(self, ahead: Tensor) -> Tensor:
        """The bucket of a key that stands `ahead` of its query (below 0: behind it)."""
        n_buckets, offset = self.n_buckets, torch.zeros_like(ahead)
        if self.both_ways:
            n_buckets //= 2
            offset, distance = (ahead > 0).long() * n_buckets, ahead.abs()
        else:
            distance = (-ahead).clamp_min(0)
        exact = n_buckets // 2
        far = torch.log(distance.float() / exact) / math.log(self.max_distance / exact)
        far = (exact + (far * (n_buckets - exact)).long()).clamp_max(n_buckets - 1)
        return offset + torch.where(distance < exact, distance, far)
