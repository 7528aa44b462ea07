"""Metrics of a head, one idea a file. A new one: write its file, name it in `METRICS`."""

from .ablating import REFERENCE_LOSS, SENSITIVITY
from .alignment_error import AER, AER_SHIFTED
from .base import Metric, Sample, Sums
from .distance import DISTANCE
from .monotonicity import MONOTONICITY
from .quality import QUALITY_DROP
from .sharpness import CONFIDENCE, ENTROPY, ENTROPY_SHARE
from .weight_on import NEXT, PLACES, PREVIOUS, SAME

METRICS: tuple[Metric, ...] = (
    SENSITIVITY,
    REFERENCE_LOSS,
    QUALITY_DROP,
    CONFIDENCE,
    ENTROPY,
    ENTROPY_SHARE,
    *PLACES,
    DISTANCE,
    MONOTONICITY,
    AER,
    AER_SHIFTED,
)

ALIGNMENT = (AER, AER_SHIFTED)
"""The metrics that need a true alignment."""


def get_metric(slug: str) -> Metric:
    """The metric of that name.

    Raises:
        ValueError: there is none; says which there are.
    """
    for one in METRICS:
        if one.slug == slug:
            return one
    raise ValueError(
        f"There is no metric “{slug}”. There are: {', '.join(one.slug for one in METRICS)}."
    )


__all__ = [
    "ALIGNMENT",
    "METRICS",
    "NEXT",
    "PREVIOUS",
    "SAME",
    "SENSITIVITY",
    "Metric",
    "Sample",
    "Sums",
    "get_metric",
]
