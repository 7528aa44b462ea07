"""Weight on the first token."""

from __future__ import annotations

import numpy as np

from ....run.trace import KINDS
from .base import Metric, Sample, Sums, each, weight_on


def _sums(sample: Sample, kind: str) -> Sums:
    n = len(sample.trace.keys(kind))
    marked = np.arange(n) == 0
    return weight_on(sample.trace, kind, marked)


FIRST = Metric(
    slug="first",
    title="weight on first token",
    heading="first",
    definition="Mean weight on the first token of the source, or on the decoder's <bos>.",
    low=0.0,
    high=1.0,
    unit="",
    source="Clark et al. 2019, section 3.1",
    kinds=KINDS,
    batch=each(_sums),
)
