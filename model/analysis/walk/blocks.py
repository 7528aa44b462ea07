"""Large arrays made small enough to be drawn."""

from __future__ import annotations

import math

import numpy as np

from ...run.arrays import Array

MAX_CELLS = 20_000
BLOCKS = 64
"""An array of more cells than that is drawn in at most 64 × 64 blocks, each by its largest cell."""


def drawable(values: Array, *, named: bool = False) -> Array:
    """The array, or where it is too large its blocks; what has names is drawn cell by cell."""
    return values if named or values.size <= MAX_CELLS else largest_of_blocks(values)


def largest_of_blocks(values: Array) -> Array:
    """At most 64 × 64 blocks, each by its cell farthest from zero."""
    for axis in range(values.ndim):
        n = values.shape[axis]
        if n > BLOCKS:
            starts = np.unique((np.arange(BLOCKS) * n) // BLOCKS)
            most = np.maximum.reduceat(values, starts, axis=axis)
            least = np.minimum.reduceat(values, starts, axis=axis)
            values = np.where(-least > most, least, most)
    assert math.prod(values.shape) <= MAX_CELLS
    return values.astype("<f4")
