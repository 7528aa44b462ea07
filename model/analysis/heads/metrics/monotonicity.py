"""Monotonicity: whether cross-attention walks through the source from left to right."""

from __future__ import annotations

import numpy as np

from .base import Metric, Sample, Sums, each, over_rows, patterns


def _sums(sample: Sample, kind: str) -> Sums:
    words = ~np.array(sample.trace.keys(kind).special)
    strongest = patterns(sample.trace, kind)[..., words].argmax(-1)  # [L, H, Q]
    steps = np.diff(strongest, axis=-1)
    return over_rows((steps > 0) + 0.5 * (steps == 0))


MONOTONICITY = Metric(
    slug="monotonicity",
    title="monotonicity",
    heading="mono.",
    group="alignment",
    definition="Share of steps from one row to the next at which the strongest source column moves "
    "to the right; staying counts half. 1 follows the source, 0 runs against it.",
    low=0.0,
    high=1.0,
    unit="",
    source="",
    kinds=("cross",),
    batch=each(_sums),
)
