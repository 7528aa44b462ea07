"""Weight on punctuation."""

from __future__ import annotations

import unicodedata

import numpy as np

from ....run.trace import KINDS, Array, Tokens
from .base import Metric, Sample, Sums, each, weight_on


def is_punctuation(text: str) -> bool:
    """Whether all characters but spaces are punctuation (Unicode categories P…), at least one."""
    inner = text.strip()
    return bool(inner) and all(unicodedata.category(c).startswith("P") for c in inner)


def punctuation(tokens: Tokens) -> Array:
    """[K] bool: which tokens are punctuation; control tokens are not."""
    marks = [not s and is_punctuation(tokens.surface(i)) for i, s in enumerate(tokens.special)]
    return np.array(marks)


def _sums(sample: Sample, kind: str) -> Sums:
    return weight_on(sample.trace, kind, punctuation(sample.trace.keys(kind)))


PUNCTUATION = Metric(
    slug="punctuation",
    title="weight on punctuation",
    heading="punct.",
    definition="Mean weight on punctuation marks, over the rows that can see one.",
    low=0.0,
    high=1.0,
    unit="",
    source="Clark et al. 2019, section 3.2",
    kinds=KINDS,
    batch=each(_sums),
)
