"""Beam search: several targets grow side by side in one batch, the most probable ones stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import torch
from torch import Tensor

from .options import is_number, is_whole, shown
from .stepper import Hypothesis, Stepper
from .tree import ROOT, BeamTree, Node, Nodes, State

LARGEST = 32
"""Most hypotheses side by side."""

STRONGEST = 5.0
"""Largest exponent of the length penalty."""


@dataclass(frozen=True)
class Beam:
    """Keeps the `size` most probable open targets at every step.

    At each step the 2·size most probable continuations of all open targets are weighed by their
    summed log-probability. Those with `<eos>` among the first `size` are finished; of the others
    the first `size` stay open. The search ends when `size` have finished, when none that is open
    could still come among the n best, or at the longest length. A beam of 1 is greedy decoding.

    Args:
        size: targets side by side, 1 to 32.
        length_penalty: α of Wu et al. 2016, equation 14: finished targets Y are compared by
            log P(Y) / ((5 + |Y|) / 6)^α, |Y| counting all tokens with `<eos>`; 0 compares log P.
        n_best: how many hypotheses are handed back, at most `size`.
        stopping: None for the above; else the search of `transformers`' `generate`, with its
            `early_stopping` of True, False or "never": targets are compared by log P(Y) / |Y|^α,
            and what is open at the longest length counts as ended.

    Raises:
        ValueError: an option outside of its range, with what is allowed.
    """

    title: ClassVar[str] = "Beam search"
    does: ClassVar[str] = "Several texts grow side by side; the most probable ones stay."

    size: int = 5
    length_penalty: float = 0.6
    n_best: int = 1
    stopping: bool | Literal["never"] | None = None

    def __post_init__(self) -> None:
        if not is_whole(self.size) or not 1 <= self.size <= LARGEST:
            raise ValueError(
                f"The beam must be a whole number from 1 to {LARGEST}, not {shown(self.size)}."
            )
        alpha = self.length_penalty
        weakest = 0.0 if self.stopping is None else -STRONGEST
        if not is_number(alpha) or not weakest <= alpha <= STRONGEST:
            raise ValueError(
                f"The length penalty must be from {weakest:g} to {STRONGEST:g}, not {shown(alpha)}."
            )
        if self.stopping not in (None, True, False, "never"):
            raise ValueError(
                f"stopping must be None, True, False or “never”, not {shown(self.stopping)}."
            )
        if not is_whole(self.n_best) or not 1 <= self.n_best <= self.size:
            raise ValueError(
                f"n best must be from 1 to the size of the beam, {self.size}, "
                f"not {shown(self.n_best)}."
            )

    @property
    def label(self) -> str:
        """Its name on screen."""
        return f"beam of {self.size}, length penalty {self.length_penalty:g}"

    def decode(self, stepper: Stepper, prefix: Sequence[int], max_len: int) -> list[Hypothesis]:
        """See `Strategy.decode`; each hypothesis carries the `tree` it was found in."""
        trees = [self.search(stepper.only(row), prefix, max_len) for row in range(len(stepper))]
        return [replace(tree.best[0], tree=tree) for tree in trees]

    def search(self, stepper: Stepper, prefix: Sequence[int], max_len: int) -> BeamTree:
        """The whole search on a stepper of one row."""
        growth = _Growth(self, max_len)
        log_probs = growth.begin(stepper, prefix)
        while growth.weigh(log_probs, stepper):
            stepper.select(growth.rows)
            log_probs = stepper.advance(growth.last)
        return growth.tree()

    def penalty(self, length: int) -> float:
        """((5 + |Y|) / (5 + 1))^α (Wu et al. 2016, equation 14); |Y|^α as `generate` has it."""
        if self.stopping is not None:
            return float(length**self.length_penalty)
        return float(((5 + length) / 6) ** self.length_penalty)


class _Growth:
    """A search under way: the nodes so far, and which of them are open.

    `totals` [open] holds the summed log-probabilities as the tensors have them, so that a beam of 1
    adds up exactly what greedy does. `rows` and `last` say where each open target goes on.
    """

    def __init__(self, beam: Beam, max_len: int) -> None:
        self.beam, self.max_len = beam, max_len
        self.nodes = Nodes()
        self.open: list[int] = [ROOT]
        self.finished: list[int] = []
        self.ended: list[int] = []
        self.length = 0
        self.totals, self.rows, self.last = torch.zeros(1), torch.zeros(1).long(), torch.zeros(1, 1)

    def begin(self, stepper: Stepper, prefix: Sequence[int]) -> Tensor:
        """Read the prefix, one forced node a token; log-probabilities [1, V] of what follows."""
        log_probs = stepper.advance(torch.tensor([[stepper.bos_id]]))
        for token_id in prefix:
            self.totals = self.totals + log_probs[:, token_id]
            self._add(0, token_id, float(log_probs[0, token_id]), float(self.totals), "forced")
            self.open = [len(self.nodes) - 1]
            self.length += 1
            log_probs = stepper.advance(torch.tensor([[token_id]]))
        return log_probs

    def weigh(self, log_probs: Tensor, stepper: Stepper) -> bool:
        """Weigh the continuations [open, V] and say whether the search goes on."""
        size, d_vocab = self.beam.size, log_probs.size(1)
        totals = (self.totals[:, None] + stepper.allowed(log_probs)).flatten()  # [open · V]
        best = totals.topk(min(2 * size, len(totals)))
        open_now, places, taken = [], [], 0
        for place, (at, total) in enumerate(
            zip(best.indices.tolist(), best.values.tolist(), strict=True)
        ):
            row, token_id = divmod(at, d_vocab)
            if total == -torch.inf:
                break
            if token_id == stepper.eos_id:
                state: State = "finished" if place < size else "dropped"
            else:
                state = "kept" if taken < size else "dropped"
            self._add(row, token_id, float(log_probs[row, token_id]), total, state)
            if state == "finished":
                self.finished.append(len(self.nodes) - 1)
            elif state == "kept":
                taken += 1
                open_now.append(len(self.nodes) - 1)
                places.append(place)
                if self.beam.stopping is not None and place < size and self._is_last:
                    self.ended.append(len(self.nodes) - 1)
        self.open = open_now
        self.length += 1
        chosen = best.indices[places]
        self.totals = best.values[places]
        self.rows = chosen // d_vocab
        self.last = (chosen % d_vocab)[:, None]  # [open, 1]
        return self._goes_on()

    def tree(self) -> BeamTree:
        """The search as it ended: finished hypotheses by score, then open ones where too few."""
        for i in self.open:
            self.nodes.cut_off(i)
        ends = self._ranked(self.finished + self.ended)
        rest = [i for i in self.open if i not in self.ended]
        ends = (ends + self._ranked(rest))[: self.beam.n_best]
        tree = BeamTree(self.nodes, (), tuple(ends))
        best = [
            Hypothesis(tree.ids(i), self.nodes[i].total, self.nodes[i].state == "finished")
            for i in ends
        ]
        return replace(tree, best=tuple(best))

    def _goes_on(self) -> bool:
        if not self.open or self.length >= self.max_len:
            return False
        if self.beam.stopping is not None:
            return self._can_improve()
        if len(self.finished) >= self.beam.size:
            return False
        if len(self.finished) < self.beam.n_best:
            return True
        # A total only falls, so no open target can score more than its total at the longest length.
        worst = self.nodes[self._ranked(self.finished)[self.beam.n_best - 1]].score
        return float(self.totals.max()) / self.beam.penalty(self.max_len) > worst

    def _can_improve(self) -> bool:
        """`generate`'s guess whether an open target may still come among the best."""
        beam = self.beam
        if len(self.finished) < beam.size:
            return True
        longest = beam.stopping == "never" and beam.length_penalty > 0
        length = self.max_len if longest else self.length
        worst = self.nodes[self._ranked(self.finished)[beam.size - 1]].score
        return beam.stopping is not True and float(self.totals[0]) / beam.penalty(length) > worst

    @property
    def _is_last(self) -> bool:
        return self.length + 1 >= self.max_len

    def _ranked(self, nodes: list[int]) -> list[int]:
        return sorted(nodes, key=lambda i: -self.nodes[i].score)

    def _add(self, row: int, token_id: int, log_prob: float, total: float, state: State) -> None:
        score = total / self.beam.penalty(self.length + 1)
        self.nodes.append(
            Node(self.open[row], self.length, token_id, log_prob, total, score, state)
        )
