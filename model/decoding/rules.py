"""What decoding has to keep to besides the model's numbers, as `generation_config.json` says it.

Applied in the order of `transformers`' `generate`, so that the same settings write the same ids.

Letters in shapes: R rows being written, V d_vocab.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from ..network.config import ModelConfig


@dataclass(frozen=True)
class Rules:
    """Which tokens may come next. Lengths count what was written, without the first token.

    Args:
        never: ids that are never written.
        start: what the decoder reads first, where it is not the network's own `bos_id`.
        never_first: ids that the text cannot begin with.
        first: the id that it must begin with, such as the target's language.
        last: the id that it must end with where it reaches the longest length.
        min_len: tokens before which the text cannot end.
        no_repeat: n-grams of this length are written once; 0 = any may be repeated.
        max_len: longest text, where the checkpoint has one.
        not_followed: settings of the checkpoint that are left out, in sentences for its reader.
    """

    never: tuple[int, ...] = ()
    start: int | None = None
    never_first: tuple[int, ...] = ()
    first: int | None = None
    last: int | None = None
    min_len: int = 0
    no_repeat: int = 0
    max_len: int | None = None
    not_followed: tuple[str, ...] = ()

    @classmethod
    def of(cls, config: ModelConfig) -> Rules:
        """Those of Headlight's own models: padding and the first token are never written."""
        return cls(never=(config.pad_id, config.bos_id))

    @property
    def same_at_every_step(self) -> bool:
        """Whether it makes no difference what was written before."""
        return not (self.never_first or self.min_len or self.no_repeat) and self.first is None

    def allowed(self, log_probs: Tensor, read: Tensor, eos_id: int, limit: int | None) -> Tensor:
        """The log-probabilities [R, V], −inf for tokens that may not come next.

        A token that must come next counts 0, as in `generate`.

        Args:
            read: [R, n] what was read so far, the first token included.
            limit: most tokens to be written.
        """
        n = read.size(1) - 1
        scores = log_probs.clone()
        if self.no_repeat:
            for row, ids in enumerate(read.tolist()):
                scores[row, list(_repeats(ids, self.no_repeat))] = -torch.inf
        if n < self.min_len:
            scores[:, eos_id] = -torch.inf
        for forced, here in ((self.first, n == 0), (self.last, n + 1 == limit)):
            if here and forced is not None:
                scores = torch.full_like(scores, -torch.inf)
                scores[:, forced] = 0.0
        scores[:, list(self.never)] = -torch.inf
        if n == (0 if self.first is None else 1):
            scores[:, list(self.never_first)] = -torch.inf
        return scores


def _repeats(ids: list[int], n: int) -> Iterator[int]:
    """What would complete an n-gram that is there already."""
    tail = ids[len(ids) - n + 1 :] if n > 1 else []
    for at in range(len(ids) - n + 1):
        if ids[at : at + n - 1] == tail:
            yield ids[at + n - 1]
