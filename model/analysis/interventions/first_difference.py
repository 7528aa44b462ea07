"""Two targets for one source: where they part, and which heads see it first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...run.arrays import Array
from ...run.trace import Trace


class HeadShift(NamedTuple):
    """How far one head's attention differs at a step, 0 (the same) to 1 (nothing in common)."""

    kind: str
    layer: int
    head: int
    distance: float


def first_difference(first: Trace, second: Trace) -> int | None:
    """The step at which two targets write different tokens; None when they are the same."""
    a, b = first.tgt_out.ids, second.tgt_out.ids
    for step, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return step
    return None if len(a) == len(b) else min(len(a), len(b))


def head_shifts(first: Trace, second: Trace) -> list[HeadShift]:
    """Every decoder head by how far its attention differs just after the two part, most first.

    Where they part both have read the same, so all attention is still the same; the step after it
    is the first to read the token in which they differ, and is the one compared. The distance is
    total variation, ½ Σ |α − β|, over the source tokens or over what was read.

    Returns:
        an empty list when the targets are the same, or one of them ends where they part.
    """
    step = first_difference(first, second)
    if step is None or step + 1 >= min(len(first.tgt_out), len(second.tgt_out)):
        return []
    row = step + 1
    found = []
    for kind in ("decoder_self", "cross"):
        width = row + 1 if kind == "decoder_self" else len(first.src)
        for layer, (a, b) in enumerate(
            zip(first.attention[kind], second.attention[kind], strict=True)
        ):
            distances: Array = 0.5 * np.abs(
                a.pattern[:, row, :width].astype(np.float64) - b.pattern[:, row, :width]
            ).sum(axis=-1)
            found += [HeadShift(kind, layer, h, float(d)) for h, d in enumerate(distances)]
    return sorted(found, key=lambda one: -one.distance)
