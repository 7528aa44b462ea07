"""Measures of a head, one file each. A new one: write its file, name it in `MEASURES`."""

from .alignment_error import AER, AER_SHIFTED
from .base import Measure, Sample, Sums
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

MEASURES: tuple[Measure, ...] = (
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


def measure(slug: str) -> Measure:
    """The measure of that name.

    Raises:
        ValueError: there is none; says which there are.
    """
    for one in MEASURES:
        if one.slug == slug:
            return one
    raise ValueError(
        f"There is no measure “{slug}”. There are: {', '.join(one.slug for one in MEASURES)}."
    )


__all__ = ["ALIGNMENT", "MEASURES", "Measure", "Sample", "Sums", "measure"]
