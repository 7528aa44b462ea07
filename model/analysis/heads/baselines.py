"""What a head would score that looks at nothing: evenly spread attention, and the diagonal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...network.config import KINDS
from ...run.arrays import Array
from ...run.trace import Trace
from ..alignment.error import diagonal

BASELINES = ("uniform", "diagonal")
"""Uniform: every token that the row may attend to gets the same weight. Diagonal: all weight on the
row's own position, in cross-attention on the source token as far along as the row is."""


def baseline_trace(trace: Trace) -> Trace:
    """The trace with one layer of two heads for each kind: `BASELINES`, in their order."""
    attention = {}
    for kind in KINDS:
        record = trace.attention[kind][0]
        n_query, n_key = record.pattern.shape[1:]
        mask = np.broadcast_to(record.mask, (n_query, n_key))
        even = mask / mask.sum(-1, keepdims=True)
        attention[kind] = (replace(record, kept=np.stack([even, _diagonal(n_query, n_key)])),)
    return replace(trace, attention=attention)


def _diagonal(n_query: int, n_key: int) -> Array:
    weights = np.zeros((n_query, n_key))
    weights[np.arange(n_query), diagonal(n_query, n_key).argmax(-1)] = 1.0
    return weights
