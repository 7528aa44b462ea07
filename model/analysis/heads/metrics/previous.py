"""Weight on the token to the left."""

from __future__ import annotations

import numpy as np

from .base import Metric, Sample, Sums, each, weight_on


def _sums(sample: Sample, kind: str) -> Sums:
    n = len(sample.trace.queries(kind))
    marked = np.eye(n, k=-1, dtype=bool)
    return weight_on(sample.trace, kind, marked)


PREVIOUS = Metric(
    slug="previous",
    title="weight on previous token",
    heading="prev.",
    definition="Mean weight on the token just before the row's own, over the rows that have one.",
    low=0.0,
    high=1.0,
    unit="",
    source="Clark et al. 2019, section 3.1; Voita et al. 2019, section 5.1",
    kinds=("encoder_self", "decoder_self"),
    batch=each(_sums),
)
