"""The model's loss on given targets under any edits: what ablation is measured by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from ...network.masks import length_mask
from ...network.source import Memory, Source
from ...run.arrays import Array
from ...run.batching import batched
from ...run.edits import Edits
from ...run.pace import breathe
from ...run.runner import Model
from ...run.tokens import Tokens
from ...tasks.base import matrix

BATCH = 32
IdPair = tuple[Tokens, Sequence[int]]
"""A read source, and the ids of its target, closed by `<eos>`."""


class Targets:
    """Pairs to be written again and again under different edits.

    They are sorted by length into batches once. What the encoder makes of the sources is kept, so
    that edits that leave it alone run the decoder only.
    """

    def __init__(self, model: Model, pairs: Sequence[IdPair]) -> None:
        if not pairs:
            raise ValueError("There are no sentences to measure the loss on.")
        self.model = model
        self.n_tokens = sum(len(target) for _, target in pairs)
        self.order = sorted(range(len(pairs)), key=lambda i: (len(pairs[i][1]), len(pairs[i][0])))
        lengths = [max(len(src), len(target)) for src, target in pairs]
        self._batches = [
            _tensors(model, [pairs[i] for i in some])
            for some in batched(self.order, lengths, BATCH)
        ]
        with torch.inference_mode():
            self._memories = [model.network.encode(source) for source, _, _, _ in self._batches]

    def loss(self, edits: Edits = Edits()) -> float:
        """Σ −ln p over all target tokens, in nats."""
        return -float(sum(scores.sum() for scores in self.log_probs(edits)))

    def log_probs(self, edits: Edits = Edits()) -> list[Array]:
        """The log-probability of each target token: float64 [T] a pair, in the order given."""
        edits.check(self.model.config)
        rows: list[Array] = []
        with torch.inference_mode():
            for batch, memory in zip(self._batches, self._memories, strict=True):
                breathe()
                source, tgt_in, tgt_out, lengths = batch
                mask = length_mask(lengths, tgt_in.size(1))
                chosen = self._chosen(source, tgt_in, tgt_out, memory, mask, edits)
                for scores, n in zip(chosen, lengths.tolist(), strict=True):
                    rows.append(scores[:n].numpy().astype(np.float64))
        back = sorted(range(len(rows)), key=self.order.__getitem__)
        return [rows[i] for i in back]

    def _chosen(
        self,
        source: Source,
        tgt_in: Tensor,
        tgt_out: Tensor,
        memory: Memory,
        tgt_mask: Tensor,
        edits: Edits,
    ) -> Tensor:
        """[B, T] log-probabilities of the target ids."""
        network = self.model.network
        if edits.touches("encoder"):
            memory = network.encode(source, edits=edits)
        x = network.decode(tgt_in, memory, edits=edits, tgt_mask=tgt_mask)
        logits = network.unembed(x)
        chosen = logits.gather(-1, tgt_out[..., None])[..., 0]
        return chosen - logits.logsumexp(-1)


def _tensors(model: Model, pairs: Sequence[IdPair]) -> tuple[Source, Tensor, Tensor, Tensor]:
    sources, targets = zip(*pairs, strict=True)
    shifted = [[model.start_id, *target[:-1]] for target in targets]
    tgt_in, tgt_out = (
        torch.from_numpy(matrix(rows, model.config.pad_id)) for rows in (shifted, targets)
    )
    return model.source(sources), tgt_in, tgt_out, torch.tensor([*map(len, targets)])
