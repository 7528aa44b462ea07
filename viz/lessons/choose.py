"""Which head and which row a lesson shows: chosen by what was measured on the text, never by name.

Letters in shapes: L layers, H heads, Q query positions, K key positions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headlight.model import Model, Trace
from headlight.model.analysis.alignment.links import of_task
from headlight.model.analysis.heads.metrics.alignment_error import AER, AER_SHIFTED
from headlight.model.analysis.heads.metrics.base import patterns
from headlight.model.run.trace import Array

from .tokens import ordinary

Head = tuple[int, int]
"""(layer, head)."""


def coverage(trace: Trace, kind: str) -> Array:
    """[L, H], 0 to 1: the largest weight that each ordinary token gets from any row, averaged.

    Near 1 where every token is looked at sharply by some row; low where all rows look alike.
    """
    peaks = patterns(trace, kind).max(axis=2)  # [L, H, K]
    keys = ordinary(trace.keys(kind))
    return peaks[..., keys if keys.any() else slice(None)].mean(axis=-1)


def best(values: Array) -> Head:
    """The head with the largest value; the first one among equals. Not a number never wins."""
    flat = int(np.argmax(np.where(np.isnan(values), -np.inf, values)))
    layer, head = np.unravel_index(flat, values.shape)
    return int(layer), int(head)


def telling(trace: Trace, kind: str) -> Head:
    """The head of a kind whose map says most about this text."""
    return best(coverage(trace, kind))


@dataclass(frozen=True)
class Aligned:
    """How well each cross-attention head aligns.

    Args:
        values: [L, H], 0 to 1, more is better.
        unit: what the values are, in words.
        known: True when they were held against the task's true alignment.
    """

    values: Array
    unit: str
    known: bool


def aligning(model: Model, trace: Trace) -> Aligned:
    """Against the true alignment where the task knows it, else by `coverage`.

    The true alignment counts both for the row that writes a token and for the row that reads it.
    """
    alignment = of_task(model.task, trace)
    if alignment is not None and alignment.targets:
        errors = [m.sums(trace, "cross", alignment).value for m in (AER, AER_SHIFTED)]
        if not np.isnan(errors[0]).any():
            error = np.fmin(*errors)
            return Aligned(1 - error, "1 − alignment error", True)
    return Aligned(coverage(trace, "cross"), "how sharply every source word is looked at", False)


def telling_rows(trace: Trace, kind: str, layer: int, head: int) -> list[int]:
    """Rows of a head worth asking about, the sharpest first.

    Ordinary tokens come before control tokens; a decoder's own first row has nothing to choose.
    """
    pattern = trace.attention[kind][layer].pattern[head]
    queries = trace.tgt_out if kind == "cross" else trace.queries(kind)
    keys = ordinary(trace.keys(kind))
    free = trace.attention[kind][layer].mask.sum(axis=-1) > 1
    score = np.where(keys, pattern, 0).max(axis=-1) + ordinary(queries) + 2 * free
    return [int(i) for i in np.argsort(-score, kind="stable")]


def cell_address(trace: Trace, kind: str, layer: int, head: int, row: int) -> dict[str, str | int]:
    """The address of a row's largest weight, for the page that follows one weight."""
    key = int(trace.attention[kind][layer].pattern[head, row].argmax())
    return {"kind": kind, "layer": layer, "head": head, "query": row, "key": key}


def turned(rows: list[int], turn: int, most: int) -> int:
    """One of the best half of the rows that are drawn, another for each turn."""
    drawn = [row for row in rows if row < most] or rows[:1]
    return drawn[turn % max(1, (len(drawn) + 1) // 2)]
