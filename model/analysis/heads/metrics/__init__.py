"""Measures of a head, one file each. A new one: write its file, name it in `METRICS`."""

from .alignment_error import AER, AER_SHIFTED
from .base import Metric, Sample, Sums
from .confidence import CONFIDENCE
from .distance import DISTANCE
from .entropy import ENTROPY
from .first import FIRST
from .following import FOLLOWING
from .importance import IMPORTANCE
from .last import LAST
from .monotonicity import MONOTONICITY
from .previous import PREVIOUS
from .punctuation import PUNCTUATION
from .same import SAME
from .special import SPECIAL

METRICS: tuple[Metric, ...] = (
    IMPORTANCE,
    CONFIDENCE,
    ENTROPY,
    PREVIOUS,
    SAME,
    FOLLOWING,
    FIRST,
    LAST,
    PUNCTUATION,
    SPECIAL,
    DISTANCE,
    MONOTONICITY,
    AER,
    AER_SHIFTED,
)

ALIGNMENT = (AER, AER_SHIFTED)
"""The measures that need a true alignment."""


def get_metric(slug: str) -> Metric:
    """The measure of that name.

    Raises:
        ValueError: there is none; says which there are.
    """
    for one in METRICS:
        if one.slug == slug:
            return one
    raise ValueError(
        f"There is no measure “{slug}”. There are: {', '.join(one.slug for one in METRICS)}."
    )


__all__ = ["ALIGNMENT", "METRICS", "Metric", "Sample", "Sums", "get_metric"]
