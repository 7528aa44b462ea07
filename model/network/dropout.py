"""Dropout from random bytes: eight decisions a random number, where torch draws one each."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def dropout(x: Tensor, p: float) -> Tensor:
    """Zero each element with probability `p`, rounded to 1/256 and below 1; scale the others up.

    On a CPU torch's own dropout spends more time on random numbers than on anything else.
    """
    drop = min(round(p * 256), 255)
    bits = torch.empty(-(-x.numel() // 8), dtype=torch.int64, device=x.device)
    bits.random_(-(2**63), None)  # all 64 bits, uniformly
    dropped = bits.view(torch.uint8)[: x.numel()].view(x.shape) < drop
    return x.masked_fill(dropped, 0.0) * (256 / (256 - drop))


class Dropout(nn.Module):
    """`dropout` in training, nothing in evaluation."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        """The same shape as `x`."""
        return dropout(x, self.p) if self.training and self.p else x
