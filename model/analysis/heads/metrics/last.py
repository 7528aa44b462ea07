"""Weight on the last token of the text."""

from __future__ import annotations

import numpy as np

from .base import Metric, Sample, Sums, each, weight_on


def _sums(sample: Sample, kind: str) -> Sums:
    special = np.array(sample.trace.keys(kind).special)
    marked = np.arange(len(special)) == np.flatnonzero(~special)[-1]
    return weight_on(sample.trace, kind, marked)


LAST = Metric(
    slug="last",
    title="weight on last token",
    heading="last",
    definition="Mean weight on the last token of the source text, the one before <eos>.",
    low=0.0,
    high=1.0,
    unit="",
    source="Clark et al. 2019, section 3.1",
    kinds=("encoder_self", "cross"),
    batch=each(_sums),
)
