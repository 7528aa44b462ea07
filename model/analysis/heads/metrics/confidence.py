"""Confidence: the weight of each row's strongest token."""

from __future__ import annotations

import numpy as np

from ....run.trace import KINDS
from .base import Metric, Sample, Sums, each, over_rows, patterns

EOS = 2


def _sums(sample: Sample, kind: str) -> Sums:
    weights = patterns(sample.trace, kind)
    ids = np.array(sample.trace.keys(kind).ids)
    return over_rows(np.where(ids == EOS, 0.0, weights).max(-1))


CONFIDENCE = Metric(
    slug="confidence",
    title="confidence",
    heading="conf.",
    definition="Mean over rows of the largest weight, the column of the end token <eos> left out.",
    low=0.0,
    high=1.0,
    unit="",
    source="Voita et al. 2019, section 4",
    kinds=KINDS,
    batch=each(_sums),
)
