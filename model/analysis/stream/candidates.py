"""What the model weighed at every step: the most probable tokens, and how sure it was.

Letters in shapes: T target positions, V d_vocab, K candidates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...run.arrays import Array
from ...run.trace import Trace

SHOWN = 8
"""Candidates that are listed at each step."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """The next-token distribution of every step in short.

    Shapes:
        ids [T, K]: the most probable tokens, the first one first.
        probs [T, K]: their probabilities.
        rank [T]: place of the token that was written, from 1; tokens of equal probability share it.
        entropy [T]: −Σ p ln p in nats, from 0 (certain) to ln V (all alike).
    """

    ids: Array
    probs: Array
    rank: Array
    entropy: Array


def candidates(trace: Trace, shown: int = SHOWN) -> Candidates:
    """The `shown` most probable tokens of each step, by the model's own distribution."""
    log_probs = trace.log_probs
    count = min(shown, log_probs.shape[1])
    few = np.argpartition(-log_probs, count - 1, axis=1)[:, :count]
    order = np.argsort(-np.take_along_axis(log_probs, few, axis=1), axis=1, kind="stable")
    ids = np.take_along_axis(few, order, axis=1)
    written = trace.chosen_log_probs[:, None]
    exact = log_probs.astype(np.float64)
    return Candidates(
        ids=ids,
        probs=np.exp(np.take_along_axis(exact, ids, axis=1)),
        rank=1 + (log_probs > written).sum(axis=1),
        entropy=-(np.exp(exact) * exact).sum(axis=1),
    )
