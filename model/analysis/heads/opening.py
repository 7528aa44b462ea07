"""Which head a page opens: the one that shows what the text is about, chosen by measurement.

Letters in shapes: L layers, H heads, Q query positions, K key positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...run.arrays import Array
from ...run.runner import Model
from ...run.tokens import Tokens
from ...run.trace import Trace
from ...tasks.base import Shows
from ..alignment.links import Alignment
from ..alignment.reference import reference, word_groups
from .metrics.alignment_error import AER
from .metrics.base import patterns
from .table import HeadTable

Head = tuple[int, int]
"""(layer, head)."""
TOLD_APART = 3
"""Digits of the weight on known links; smaller differences are none, and the first head is taken,
here and in `viz/web/training_player/recording.js`.
"""
Basis = Literal["example", "alignment", "atlas", "coverage"]


@dataclass(frozen=True)
class Opening:
    """A head worth opening first, and a cell of it.

    Attributes:
        kind, layer, head, query, key: the cell; rows of the decoder are those that write.
        basis: why this head. `example`: it has its weight where the example says; `alignment`: it
            agrees best with the known links of this text; `atlas`: it aligns best over the shipped
            corpus; `coverage`: every token is looked at sharply by some row.
    """

    kind: str
    layer: int
    head: int
    query: int
    key: int
    basis: Basis


def opening(
    model: Model, trace: Trace, table: HeadTable | None = None, kind: str | None = None
) -> Opening:
    """The head to open a run with.

    Args:
        table: the model's measured heads, for texts about which nothing else is known.
        kind: of attention, where one was asked for; None for that of the text's example, else
            cross-attention.
    """
    shown = of_example(model, trace)
    if shown is not None and kind in (None, shown.kind):
        return shown
    kind = kind or "cross"
    (layer, head), basis = informative(model, trace, kind, table)
    query = divided_row(trace, kind, layer, head)
    return Opening(kind, layer, head, query, strongest_key(trace, kind, layer, head, query), basis)


def of_example(model: Model, trace: Trace) -> Opening | None:
    """The head in which one sees what the text's example is about, if there is one.

    In every cell that the example names the column's word must have the largest weight of its row.
    """
    examples = model.task.examples if model.task is not None else ()
    shows = next((one.shows for one in examples if one.text == trace.src.text.strip()), ())
    cells = [_cell(trace, one) for one in shows]
    if not cells or any(not rows or not columns for rows, columns in cells):
        return None
    kind = shows[0].kind
    weights = patterns(trace, kind)  # [L, H, Q, K]
    right = np.ones(weights.shape[:2], bool)
    mean = np.zeros(weights.shape[:2])
    for rows, columns in cells:
        strongest = weights[:, :, list(rows)].mean(2).argmax(-1)  # [L, H]
        right &= np.isin(strongest, list(columns))
        mean += weights[:, :, list(rows)][..., list(columns)].sum(-1).mean(-1) / len(cells)
    if not right.any():
        return None
    layer, head = best(np.where(right, mean, np.nan))
    query = cells[0][0][0]
    key = int(weights[layer, head, query].argmax())
    return Opening(kind, layer, head, query, key, "example")


def informative(
    model: Model, trace: Trace, kind: str, table: HeadTable | None
) -> tuple[Head, Basis]:
    """In cross-attention the head that aligns best, elsewhere the one with the sharpest map."""
    if kind == "cross":
        return aligner(model, trace, table)
    return best(coverage(trace, kind)), "coverage"


def aligner(model: Model, trace: Trace, table: HeadTable | None) -> tuple[Head, Basis]:
    """The cross-attention head that aligns best, in the rows that write."""
    known = reference(model, trace)
    if known is not None and not np.isnan(error := alignment_error(trace, known.alignment)).any():
        weight = _linked_weight(trace, known.alignment).round(TOLD_APART)
        return best(-error + 1e-3 * weight), "alignment"
    if table is not None and np.isfinite(table.grid("aer", "cross")).any():
        return best(-table.grid("aer", "cross")), "atlas"
    return best(coverage(trace, "cross")), "coverage"


def alignment_error(trace: Trace, alignment: Alignment) -> Array:
    """[L, H]: the alignment error of each cross-attention head in the rows that write."""
    return AER.sums(trace, "cross", alignment).value


def coverage(trace: Trace, kind: str) -> Array:
    """[L, H], 0 to 1: the largest weight that each ordinary token gets from any row, averaged.

    Near 1 where every token is looked at sharply by some row; low where all rows look alike.
    """
    peaks = np.stack([record.pattern.max(axis=1) for record in trace.attention[kind]])  # [L, H, K]
    keys = ordinary(trace.keys(kind))
    kept = peaks[..., keys if keys.any() else slice(None)]
    return kept.mean(axis=-1, dtype=np.float64)


def divided_row(trace: Trace, kind: str, layer: int, head: int) -> int:
    """A row with something to follow: clearly led by one token, with a good part elsewhere.

    Of the ordinary rows whose largest weight is at least one half, the one whose second weight is
    largest; where there is none, the one whose second weight is largest of all.
    """
    pattern = trace.attention[kind][layer].pattern[head]  # [Q, K]
    if pattern.shape[1] < 2:
        return 0
    ordered = np.sort(pattern, axis=-1)
    first, second = ordered[:, -1], ordered[:, -2]
    rows = ordinary(trace.tgt_out if kind != "encoder_self" else trace.src)
    return int(np.argmax(second + 1.0 * rows + 2.0 * (rows & (first >= 0.5))))


def strongest_key(trace: Trace, kind: str, layer: int, head: int, query: int) -> int:
    """The key with the largest weight in a row."""
    return int(trace.attention[kind][layer].pattern[head, query].argmax())


def best(values: Array) -> Head:
    """The head with the largest value; the first one among equals. Not a number never wins."""
    flat = int(np.argmax(np.where(np.isnan(values), -np.inf, values)))
    layer, head = np.unravel_index(flat, values.shape)
    return int(layer), int(head)


def ordinary(tokens: Tokens) -> Array:
    """[pos] bool: True where a token is not a control token."""
    return ~np.array(tokens.special, dtype=bool)


def _cell(trace: Trace, shows: Shows) -> tuple[Sequence[int], Sequence[int]]:
    rows = trace.src if shows.kind == "encoder_self" else trace.tgt_out
    return _places(rows, shows.row), _places(trace.keys(shows.kind), shows.column)


def _places(tokens: Tokens, word: str) -> Sequence[int]:
    """The tokens of the first place where a word stands; empty where it does not."""
    for group in word_groups(tokens):
        text = "".join(tokens.surface(i) for i in group).strip()
        if text == word:
            return group
    return [i for i in range(len(tokens)) if tokens.surface(i).strip() == word][:1]


def _linked_weight(trace: Trace, alignment: Alignment) -> Array:
    """[L, H]: the mean weight that the rows of linked words put on their source words."""
    weights = patterns(trace, "cross")
    total = np.zeros(weights.shape[:2])
    for target, source in alignment.possible:
        rows, columns = list(alignment.targets[target]), list(alignment.sources[source])
        total += weights[:, :, rows][..., columns].sum(-1).mean(-1)
    return total / max(1, len(alignment.possible))
