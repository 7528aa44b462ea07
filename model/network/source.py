"""What an encoder is given, and what it leaves behind for the decoder.

Letters in shapes: B batch, S source positions, D d_model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from .cache import KeyValues

if TYPE_CHECKING:
    from .attention import MultiHeadAttention


@dataclass(frozen=True, eq=False)
class Source:
    """A batch of sources of different lengths, side by side.

    Args:
        values: ids [B, S], or the numbers of pictures and sounds [B, ...], as the front reads them.
        lengths: [B], how long each one is, padding left out; None where nothing is padding.
        mask: [B, S] bool, positions that may be attended to, in place of `lengths`: for sources
            with a hole in them.
    """

    values: Tensor
    lengths: Tensor | None = None
    mask: Tensor | None = None

    def __len__(self) -> int:
        """How many sources there are."""
        return len(self.values)

    def __getitem__(self, rows: Tensor) -> Source:
        """Other rows of the batch, in the order given (for beam search)."""
        lengths = None if self.lengths is None else self.lengths[rows]
        mask = None if self.mask is None else self.mask[rows]
        return Source(self.values[rows], lengths, mask)

    def repeated(self, n: int) -> Source:
        """A batch of one, `n` times, without a copy; nothing is padding."""
        return Source(self.values.expand(n, *self.values.shape[1:]))

    @classmethod
    def stack(cls, columns: Sequence[Tensor]) -> Source:
        """Pictures or spectrograms [H, W_i] as one batch, filled up with zeros to the longest."""
        lengths = torch.tensor([one.size(1) for one in columns])
        values = torch.zeros(len(columns), columns[0].size(0), int(lengths.max()))
        for row, one in zip(values, columns, strict=True):
            row[:, : one.size(1)] = one
        return cls(values, lengths)


@dataclass(frozen=True, eq=False)
class Memory:
    """The encoder's output: `states` [B, S, D], and `mask` [B, 1, 1, S]; None = all are open.

    `projected` has what the blocks of cross-attention have made of it, by their paths: decoding and
    the trace read the same keys and values.
    """

    states: Tensor
    mask: Tensor | None = None
    projected: dict[str, KeyValues] = field(default_factory=dict, repr=False)

    def keys_values(self, block: MultiHeadAttention) -> KeyValues:
        """Keys and values of a block of cross-attention, each [B, H, S, E]; computed once."""
        if block.path not in self.projected:
            self.projected[block.path] = block.keys_values(self.states)
        return self.projected[block.path]

    def __len__(self) -> int:
        """How many sources there are."""
        return len(self.states)

    def __getitem__(self, rows: Tensor) -> Memory:
        """Other rows of the batch, in the order given (for beam search)."""
        return Memory(self.states[rows], None if self.mask is None else self.mask[rows])
