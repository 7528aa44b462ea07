"""Entropy: how widely a row spreads its attention."""

from __future__ import annotations

import numpy as np

from ....run.trace import KINDS
from .base import Metric, Sample, Sums, each, over_rows, patterns


def _sums(sample: Sample, kind: str) -> Sums:
    weights = patterns(sample.trace, kind)
    logs = np.log(np.where(weights > 0, weights, 1.0))
    return over_rows(-(weights * logs).sum(-1))


ENTROPY = Metric(
    slug="entropy",
    title="entropy",
    heading="entropy",
    definition="Mean over rows of −Σ w·ln w: 0 when all weight is on one token, ln n when it is "
    "spread evenly over n.",
    low=0.0,
    high=None,
    unit="nats",
    source="Shannon 1948; for attention heads: Clark et al. 2019, section 3.3",
    kinds=KINDS,
    batch=each(_sums),
)
