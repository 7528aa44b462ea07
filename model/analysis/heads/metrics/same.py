"""Weight on the row's own token."""

from __future__ import annotations

import numpy as np

from .base import Metric, Sample, Sums, each, weight_on


def _sums(sample: Sample, kind: str) -> Sums:
    n = len(sample.trace.queries(kind))
    marked = np.eye(n, dtype=bool)
    return weight_on(sample.trace, kind, marked)


SAME = Metric(
    slug="same",
    title="weight on same token",
    heading="same",
    definition="Mean weight of a row on its own position.",
    low=0.0,
    high=1.0,
    unit="",
    source="Clark et al. 2019, section 3.1",
    kinds=("encoder_self", "decoder_self"),
    batch=each(_sums),
)
