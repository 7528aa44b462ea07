"""Mean distance between a token and what it attends to."""

from __future__ import annotations

import numpy as np

from ....network.config import KINDS
from .base import Metric, Sample, Sums, choosing, each, over_rows, patterns


def _sums(sample: Sample, kind: str) -> Sums:
    weights = patterns(sample.trace, kind)
    n_query, n_key = weights.shape[-2:]
    distance = np.abs(np.arange(n_query)[:, None] - np.arange(n_key))
    return over_rows((weights * distance).sum(-1), choosing(sample.trace, kind))


DISTANCE = Metric(
    slug="distance",
    title="mean distance",
    heading="dist.",
    group="where it looks",
    definition="Mean over rows of Σ w·|row − column|; in cross-attention between the positions in "
    "target and source. The decoder's first row is left out.",
    low=0.0,
    high=None,
    unit="tokens",
    source="Vig & Belinkov 2019",
    kinds=KINDS,
    batch=each(_sums),
)
