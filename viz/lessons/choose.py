"""Which head and which row a lesson shows: chosen by what was measured, never by name.

Rows of the decoder are judged by the token that they write, on every picture of the lessons.
Letters in shapes: L layers, H heads, Q query positions, K key positions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headlight.model import Trace
from headlight.model.analysis.alignment.error import links
from headlight.model.analysis.alignment.links import Alignment
from headlight.model.analysis.alignment.reference import Basis
from headlight.model.analysis.heads.metrics.base import patterns
from headlight.model.analysis.heads.opening import (
    Head,
    alignment_error,
    best,
    coverage,
    divided_row,
    informative,
    ordinary,
)
from headlight.model.run.arrays import Array

from .base import Scene


def most_informative_head(scene: Scene, kind: str) -> Head:
    """In cross-attention the head that aligns best, elsewhere the one with the sharpest map."""
    return informative(scene.model, scene.trace, kind, scene.table)[0]


def most_divided_head(trace: Trace, kind: str) -> Head:
    """The head in whose `divided_row` the second weight is largest: a sum of more than one part."""
    seconds = [
        [
            float(np.sort(block.pattern[head, divided_row(trace, kind, layer, head)])[-2:][0])
            for head in range(trace.heads(kind))
        ]
        for layer, block in enumerate(trace.attention[kind])
    ]
    return best(np.array(seconds))


@dataclass(frozen=True)
class Aligned:
    """How well each cross-attention head aligns, in the rows that write.

    Args:
        values: [L, H], 1 − alignment error, 0 to 1; or `coverage` where no link is known.
        basis: what it was held against; None where nothing is known.
        n: linked written words.
        right, read: [L, H] of these words, in how many the strongest source word is one that the
            written word comes from, and one that the word just read comes from.
    """

    values: Array
    basis: Basis | None
    n: int
    right: Array
    read: Array


def aligned(scene: Scene) -> Aligned:
    """All heads held against the best-known links of this text."""
    trace, known = scene.trace, scene.reference(scene.trace)
    none = np.zeros((trace.n_layers("cross"), trace.n_heads), int)
    if (
        known is None
        or not known.alignment.possible
        or np.isnan(error := alignment_error(trace, known.alignment)).any()
    ):
        return Aligned(coverage(trace, "cross"), None, 0, none, none)
    right, n = _hits(trace, known.alignment, 0)
    read, _ = _hits(trace, known.alignment, NEXT_ROW)
    return Aligned(1 - error, known.basis, n, right, read)


NEXT_ROW = 1
"""A token that was written in one row is read in the next."""


def _hits(trace: Trace, alignment: Alignment, shift: int) -> tuple[Array, int]:
    strongest, targets = links(patterns(trace, "cross"), alignment, shift)  # [L, H, n], [n]
    _, possible = alignment.matrices()
    linked = possible[targets].any(-1)
    hits = possible[targets, strongest][..., linked].sum(-1)
    return hits, int(linked.sum())


def rows_by_interest(trace: Trace, kind: str, layer: int, head: int) -> list[int]:
    """Rows of a head worth asking about, the sharpest first.

    Ordinary tokens come before control tokens; a decoder's own first row has nothing to choose.
    """
    pattern = trace.attention[kind][layer].pattern[head]
    queries = trace.src if kind == "encoder_self" else trace.tgt_out
    keys = ordinary(trace.keys(kind))
    free = trace.attention[kind][layer].mask.sum(axis=-1) > 1
    score = np.where(keys, pattern, 0).max(axis=-1) + ordinary(queries) + 2 * free
    return [int(i) for i in np.argsort(-score, kind="stable")]


def cell_address(trace: Trace, kind: str, layer: int, head: int, row: int) -> dict[str, str | int]:
    """The address of a row's largest weight, for the page that follows one weight."""
    key = int(trace.attention[kind][layer].pattern[head, row].argmax())
    return {"kind": kind, "layer": layer, "head": head, "query": row, "key": key}


def pick_row(rows: list[int], turn: int, most: int) -> int:
    """One of the better half of the rows that are drawn, another for each turn."""
    drawn = [row for row in rows if row < most] or rows[:1]
    return drawn[turn % max(1, (len(drawn) + 1) // 2)]


__all__ = [
    "Aligned",
    "aligned",
    "best",
    "cell_address",
    "coverage",
    "divided_row",
    "most_divided_head",
    "most_informative_head",
    "pick_row",
    "rows_by_interest",
]
