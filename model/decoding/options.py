"""Checks that the options of strategies share."""

from __future__ import annotations

import math


def is_whole(value: object) -> bool:
    """An int; True and False do not count as numbers."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    """A finite int or float."""
    return is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def shown(value: object) -> str:
    """A refused value for a sentence: numbers as they are, at most 20 characters of all else."""
    return f"{value:,}" if is_whole(value) else str(value)[:20]
