"""Masks. Everywhere in Headlight True means "may attend".

That is the opposite of `torch.nn.MultiheadAttention`, whose boolean masks mark what is hidden.
"""

from __future__ import annotations

import torch
from torch import Tensor


def causal_mask(n: int, device: torch.device | str = "cpu") -> Tensor:
    """Each position may attend to itself and to what stands left of it.

    Returns:
        [n, n] bool, rows are queries: the lower triangle (Vaswani et al. 2017, section 3.2.3).
    """
    return torch.ones(n, n, dtype=torch.bool, device=device).tril()


def padding_mask(ids: Tensor, pad_id: int) -> Tensor:
    """Nobody may attend to padding.

    Args:
        ids: [batch, pos] token ids.

    Returns:
        [batch, 1, 1, pos] bool, to be combined with a [query, key] mask by `&`.
    """
    return (ids != pad_id)[:, None, None, :]
