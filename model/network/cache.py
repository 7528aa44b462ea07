"""What a decoder keeps between steps, so that each step computes only what is new.

Letters in shapes: B batch, H heads, K key positions, E d_head.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F


class KeyValues:
    """Keys and values [B, H, K, E] that a block has computed, growing with the decoder."""

    def __init__(self, k: Tensor, v: Tensor) -> None:
        self.k, self.v, self.length = k, v, k.size(2)

    def append(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Add new positions and return all; room is doubled when it runs out."""
        start, self.length = self.length, self.length + k.size(2)
        if self.length > self.k.size(2):
            room = (0, 0, 0, max(self.length, 32))
            self.k, self.v = F.pad(self.k, room), F.pad(self.v, room)
        self.k[:, :, start : self.length] = k
        self.v[:, :, start : self.length] = v
        return self.k[:, :, : self.length], self.v[:, :, : self.length]

    def select(self, rows: Tensor) -> KeyValues:
        """The same for other rows of the batch, in the order given (for beam search)."""
        chosen = KeyValues(self.k[rows], self.v[rows])
        chosen.length = self.length
        return chosen


class DecoderCache:
    """Per layer its own and the memory's keys and values, and which of the memory is padding."""

    def __init__(
        self, layers: list[tuple[KeyValues, KeyValues]], src_mask: Tensor | None, position: int = 0
    ) -> None:
        self.layers, self.src_mask, self.position = layers, src_mask, position

    def select(self, rows: Tensor) -> DecoderCache:
        """The cache for other rows of the batch, in the order given (for beam search)."""
        layers = [(own.select(rows), crossed.select(rows)) for own, crossed in self.layers]
        mask = None if self.src_mask is None else self.src_mask[rows]
        return DecoderCache(layers, mask, self.position)
