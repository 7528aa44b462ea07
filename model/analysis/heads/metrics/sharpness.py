"""How sharp a head looks: confidence, entropy, and entropy as a share of what is possible."""

from __future__ import annotations

import numpy as np

from ....network.config import KINDS
from ....run.arrays import Array
from .base import Metric, Sample, Sums, choosing, each, over_rows, patterns

GROUP = "how sharp it looks"


def _confidence(sample: Sample, kind: str) -> Sums:
    weights, keys = patterns(sample.trace, kind), sample.trace.keys(kind)
    ends = np.array(keys.special) & (np.arange(len(keys)) > 0)  # <eos>; <bos> stands first
    largest = np.where(ends, 0.0, weights).max(-1)
    return over_rows(largest, choosing(sample.trace, kind))


def entropies(weights: Array) -> Array:
    """[..., Q] nats: −Σ w·ln w of rows [..., Q, K]."""
    logs = np.log(np.where(weights > 0, weights, 1.0))
    found: Array = -(weights * logs).sum(-1)
    return found


def _entropy(sample: Sample, kind: str) -> Sums:
    return over_rows(entropies(patterns(sample.trace, kind)), choosing(sample.trace, kind))


def _entropy_share(sample: Sample, kind: str) -> Sums:
    rows = choosing(sample.trace, kind)
    n = sample.trace.attention[kind][0].mask.sum(-1)  # [Q] or [1]
    most = np.log(np.maximum(np.broadcast_to(n, rows.shape), 2))
    return over_rows(entropies(patterns(sample.trace, kind)) / most, rows)


CONFIDENCE = Metric(
    slug="confidence",
    title="confidence",
    heading="conf.",
    group=GROUP,
    definition="Mean over rows of the largest weight, the column of the end token <eos> and the "
    "decoder's first row left out.",
    low=0.0,
    high=1.0,
    unit="",
    source="Voita et al. 2019, section 4",
    kinds=KINDS,
    batch=each(_confidence),
)
ENTROPY = Metric(
    slug="entropy",
    title="entropy",
    heading="entropy",
    group=GROUP,
    definition="Mean over rows of −Σ w·ln w: 0 when all weight is on one token, ln n when it is "
    "spread evenly over n. The decoder's first row is left out.",
    low=0.0,
    high=None,
    unit="nats",
    source="Shannon 1948; for attention heads: Clark et al. 2019, section 3.3",
    kinds=KINDS,
    batch=each(_entropy),
)
ENTROPY_SHARE = Metric(
    slug="entropy_share",
    title="entropy ÷ ln n",
    heading="ent. share",
    group=GROUP,
    definition="Mean over rows of entropy ÷ ln n, n being the tokens that the row may attend to: "
    "rows, kinds and corpora of different lengths can be compared. The decoder's first row (n = 1) "
    "is left out.",
    low=0.0,
    high=1.0,
    unit="",
    source="Shannon 1948 (relative entropy)",
    kinds=KINDS,
    batch=each(_entropy_share),
)
