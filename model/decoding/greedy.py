"""Greedy decoding: at every step the most probable token."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from .stepper import Hypothesis, Stepper


@dataclass(frozen=True)
class Greedy:
    """The most probable token at every step; rows that ended wait for the others."""

    title: ClassVar[str] = "Greedy"
    does: ClassVar[str] = "The most probable token at every step."

    @property
    def label(self) -> str:
        """Its name on screen."""
        return "greedy"

    def decode(self, stepper: Stepper, prefix: Sequence[int], max_len: int) -> list[Hypothesis]:
        """See `Strategy.decode`."""
        return write(stepper, prefix, max_len, lambda log_probs: log_probs.argmax(-1))


def write(
    stepper: Stepper,
    prefix: Sequence[int],
    max_len: int,
    choose: Callable[[Tensor], Tensor],
) -> list[Hypothesis]:
    """One token after the other on every row, until all have ended.

    Args:
        choose: log-probabilities [rows, V] -> ids [rows]; what may not come is at −inf.
    """
    log_probs, score = stepper.begin(prefix)
    columns = [torch.full((len(stepper),), token_id) for token_id in prefix]
    done = torch.zeros(len(stepper), dtype=torch.bool)
    while len(columns) < max_len:
        chosen = choose(stepper.allowed(log_probs))
        score = score + log_probs.gather(1, chosen[:, None])[:, 0].masked_fill(done, 0.0)
        columns.append(chosen)
        done |= chosen == stepper.eos_id
        if bool(done.all()) or len(columns) == max_len:
            break
        log_probs = stepper.advance(chosen[:, None])
    rows = torch.stack(columns, dim=1).tolist()
    return [
        finish(row, total, stepper.eos_id) for row, total in zip(rows, score.tolist(), strict=True)
    ]


def finish(row: list[int], log_prob: float, eos_id: int) -> Hypothesis:
    """A row of ids cut behind its first `<eos>`."""
    finished = eos_id in row
    end = row.index(eos_id) + 1 if finished else len(row)
    return Hypothesis(tuple(row[:end]), log_prob, finished)
