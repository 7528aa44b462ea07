"""What decoding has to keep to besides the model's numbers, as `generation_config.json` says it.

Applied in the order of `transformers`' `generate`, so that the same settings write the same ids.

Letters in shapes: R rows being written, V d_vocab.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

import torch
from torch import Tensor

from ..network.config import ModelConfig
from .timestamps import Timestamps


@dataclass(frozen=True)
class Rules:
    """Which tokens may come next. Lengths count what was written, without the first token.

    Args:
        never: ids that are never written.
        start: what the decoder reads first, where it is not the network's own `bos_id`.
        never_first: ids that the text cannot begin with.
        begins_with: what it must begin with, such as the target's language: at each place the most
            probable one of these ids, which is mostly one.
        last: the id that it must end with where it reaches the longest length.
        min_len: tokens before which the text cannot end.
        no_repeat: n-grams of this length are written once; 0 = any may be repeated.
        max_len: longest text, where the checkpoint has one.
        timestamps: where times are written among the words.
        not_followed: settings of the checkpoint that are left out, in sentences for its reader.
    """

    never: tuple[int, ...] = ()
    start: int | None = None
    never_first: tuple[int, ...] = ()
    begins_with: tuple[tuple[int, ...], ...] = ()
    last: int | None = None
    min_len: int = 0
    no_repeat: int = 0
    max_len: int | None = None
    timestamps: Timestamps | None = None
    not_followed: tuple[str, ...] = ()

    @classmethod
    def of(cls, config: ModelConfig) -> Rules:
        """Those of Headlight's own models: padding and the first token are never written."""
        return cls(never=(config.pad_id, config.bos_id))

    @property
    def same_at_every_step(self) -> bool:
        """Whether it makes no difference what was written before."""
        always = self.never_first or self.min_len or self.no_repeat or self.timestamps
        return not always and not self.begins_with

    @property
    def forced(self) -> tuple[int, ...]:
        """The ids that every text begins with, as far as there is no choice."""
        single = takewhile(lambda ids: len(ids) == 1, self.begins_with)
        return tuple(ids[0] for ids in single)

    def allowed(self, log_probs: Tensor, read: Tensor, eos_id: int, limit: int | None) -> Tensor:
        """The log-probabilities [R, V], −inf for tokens that may not come next.

        A token that must come next counts 0, as in `generate`.

        Args:
            read: [R, n] what was read so far, the first token included.
            limit: most tokens to be written.
        """
        n, begun = read.size(1) - 1, len(self.begins_with)
        if n < begun:
            return _only(log_probs, self.begins_with[n])
        if self.last is not None and n + 1 == limit:
            return _only(log_probs, (self.last,))
        scores = log_probs.clone()
        if self.no_repeat:
            for row, ids in enumerate(read.tolist()):
                scores[row, list(_repeats(ids, self.no_repeat))] = -torch.inf
        if n < self.min_len:
            scores[:, eos_id] = -torch.inf
        scores[:, list(self.never)] = -torch.inf
        if n == begun:
            scores[:, list(self.never_first)] = -torch.inf
        if self.timestamps is not None:
            self.timestamps.close(scores, read[:, 1 + begun :].tolist(), eos_id)
        return scores


def _only(log_probs: Tensor, ids: tuple[int, ...]) -> Tensor:
    """Only the most probable one of these ids may come, and counts 0."""
    best = torch.tensor(ids)[log_probs[:, list(ids)].argmax(-1)]
    return torch.full_like(log_probs, -torch.inf).scatter(1, best[:, None], 0.0)


def _repeats(ids: list[int], n: int) -> Iterator[int]:
    """What would complete an n-gram that is there already."""
    tail = ids[len(ids) - n + 1 :] if n > 1 else []
    for at in range(len(ids) - n + 1):
        if ids[at : at + n - 1] == tail:
            yield ids[at + n - 1]
