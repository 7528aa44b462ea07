"""Weight on control tokens."""

from __future__ import annotations

import numpy as np

from ....run.trace import KINDS
from .base import Metric, Sample, Sums, each, weight_on


def _sums(sample: Sample, kind: str) -> Sums:
    marked = np.array(sample.trace.keys(kind).special)
    return weight_on(sample.trace, kind, marked)


SPECIAL = Metric(
    slug="special",
    title="weight on special tokens",
    heading="special",
    definition="Mean weight on control tokens: <eos> at the end of the source, <bos> in the "
    "decoder. Much of it often means that the head has nothing to do.",
    low=0.0,
    high=1.0,
    unit="",
    source="Clark et al. 2019, section 3.2",
    kinds=KINDS,
    batch=each(_sums),
)
