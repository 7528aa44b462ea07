"""Times among the tokens that a speech model writes, and which of them may come next.

Letters in shapes: R rows being written, V d_vocab.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Timestamps:
    """Whisper writes a time before and behind each phrase (Radford et al. 2022, section 2.3).

    The rules are those of its authors' decoder, as `transformers`' `generate` applies them.

    Args:
        first: the id of time 0; each following id is a fiftieth of a second later.
        without: the id of `<|notimestamps|>`, which is not written among times.
        latest_start: how many ids behind `first` the first time may be; None = any.
    """

    first: int
    without: int
    latest_start: int | None = None

    def close(self, scores: Tensor, written: Sequence[Sequence[int]], eos_id: int) -> None:
        """Set the scores [R, V] of what may not come next to −inf.

        Args:
            written: of each row, what follows what every text begins with.
        """
        scores[:, self.without] = -torch.inf
        for row, ids in zip(scores, written, strict=True):
            self._close_row(row, ids, eos_id)
        log_probs = scores.log_softmax(-1)
        times = log_probs[:, self.first :].logsumexp(-1)
        words = log_probs[:, : self.first].max(-1).values
        scores[times > words, : self.first] = -torch.inf

    def _close_row(self, row: Tensor, ids: Sequence[int], eos_id: int) -> None:
        """Times come in pairs, never go back, and one comes first."""
        times = [one for one in ids if one >= self.first]
        after_time = bool(ids) and ids[-1] >= self.first
        after_two = len(ids) < 2 or ids[-2] >= self.first
        if after_time and after_two:
            row[self.first :] = -torch.inf
        elif after_time:
            row[:eos_id] = -torch.inf
        if times:
            same_again = after_time and not after_two
            row[self.first : times[-1] + (0 if same_again else 1)] = -torch.inf
        if not ids:
            row[: self.first] = -torch.inf
            if self.latest_start is not None:
                row[self.first + self.latest_start + 1 :] = -torch.inf
