"""Masks. Everywhere in Headlight True means "may attend".

That is the opposite of `torch.nn.MultiheadAttention`, whose boolean masks mark what is hidden.
Padding is told by length, never by an id: a target may begin with the padding token.
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


def length_mask(lengths: Tensor, n: int) -> Tensor:
    """Nobody may attend to what stands behind a sequence's end.

    Args:
        lengths: [batch], how many of the `n` positions each sequence has.

    Returns:
        [batch, 1, 1, n] bool, to be combined with a [query, key] mask by `&`.
    """
    return (torch.arange(n, device=lengths.device) < lengths[:, None])[:, None, None, :]
