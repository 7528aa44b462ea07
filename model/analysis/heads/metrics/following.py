"""Weight on the token to the right."""

from __future__ import annotations

import numpy as np

from .base import Metric, Sample, Sums, each, weight_on


def _sums(sample: Sample, kind: str) -> Sums:
    n = len(sample.trace.queries(kind))
    marked = np.eye(n, k=1, dtype=bool)
    return weight_on(sample.trace, kind, marked)


FOLLOWING = Metric(
    slug="next",
    title="weight on next token",
    heading="next",
    definition="Mean weight on the token just after the row's own; a decoder may not look there.",
    low=0.0,
    high=1.0,
    unit="",
    source="Clark et al. 2019, section 3.1; Voita et al. 2019, section 5.1",
    kinds=("encoder_self",),
    batch=each(_sums),
)
