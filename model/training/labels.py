"""What the encoder is taught beside the words that the decoder writes; no part of the model."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Labels(nn.Module):
    """Linear maps that read labels off the encoder's output at each position.

    What a position stands for is learnt sooner so than through the decoder's attention, which has
    to find out where to look at the same time. Nothing of this is kept when training has ended.

    Args:
        d_model: width of the encoder's output.
        kinds: how many values each label has.
    """

    def __init__(self, d_model: int, kinds: Sequence[int]) -> None:
        super().__init__()
        self.maps = nn.ModuleList(nn.Linear(d_model, n) for n in kinds)

    def forward(self, states: Tensor, labels: Tensor) -> Tensor:
        """The encoder's output [B, S, D] and labels [B, S, K], -1 for none, to one loss: the mean
        cross-entropy of each label, in nats, summed over the K.
        """
        losses = [
            F.cross_entropy(read(states).flatten(0, 1), labels[..., i].flatten(), ignore_index=-1)
            for i, read in enumerate(self.maps)
        ]
        return torch.stack(losses).sum()
