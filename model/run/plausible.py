"""What must hold for the numbers of any run, whatever the model: a saved one that breaks it is not
one that a model computed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .arrays import Array

if TYPE_CHECKING:
    from .trace import Trace

NEAR = 1e-3
"""How far rounding may take a sum of float32 from what it is."""


def check(trace: Trace) -> None:
    """Refuse numbers that no run can have.

    Raises:
        ValueError: says what is impossible about which array.
    """
    for name in ("src", "tgt_in", "tgt_out"):
        if not len(getattr(trace, name)):
            raise ValueError(f"{name} has no tokens")
    if float(trace.log_probs.max()) > NEAR:
        raise ValueError("a log-probability is above 0")
    for row in trace.log_probs:  # by rows: all of them in float64 would be several times the run
        if abs(math.log(np.exp(row.astype(np.float64)).sum() or 1e-99)) > NEAR:
            raise ValueError("the probabilities of a step do not sum to 1")
    for kind, records in trace.attention.items():
        for layer, record in enumerate(records):
            _check_pattern(record.pattern, record.mask, f"{kind} L{layer}", bool(trace.edits))


def _check_pattern(pattern: Array, mask: Array, name: str, edited: bool) -> None:
    """Weights are in [0, 1] and sum to 1; under edits a row may also be empty."""
    if pattern.ndim != 3 or not pattern.shape[0]:
        raise ValueError(f"{name} has no heads")
    if float(pattern.min()) < 0:
        raise ValueError(f"{name} has an attention weight below 0")
    sums = pattern.sum(-1, dtype=np.float64)
    wrong = np.abs(sums - 1) > NEAR
    if edited:
        wrong &= np.abs(sums) > NEAR
    if bool(wrong.any()):
        head, row = np.argwhere(wrong)[0]
        raise ValueError(f"row {row} of {name} H{head} sums to {sums[head, row]:.3f}, not to 1")
    if not edited and float(np.where(mask, 0, pattern).max()) > 0:
        raise ValueError(f"{name} has a weight where its mask has none")
