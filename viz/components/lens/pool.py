"""Positions of a long sound that are shown as one column or row; the silence behind it is one.

Letters in shapes: H heads, Q query positions, K key positions.
"""

from __future__ import annotations

import itertools

import numpy as np

from headlight.model.run.arrays import Array
from headlight.model.run.tokens import Tokens

MOST = 256
"""Positions that are shown one by one."""

Starts = list[int]
"""Where each group begins; it ends where the next one does."""


def starts(tokens: Tokens) -> Starts | None:
    """Groups of a source by its words; None where each position is shown."""
    if tokens.source is None or len(tokens) <= MOST:
        return None
    found, n = [], 0
    for _, group in itertools.groupby(tokens.words):
        found.append(n)
        n += len(list(group))
    return found


def shown(tokens: Tokens) -> Tokens:
    """The source with one token a group; the same where each position is shown."""
    begins = starts(tokens)
    if begins is None:
        return tokens
    ends = [*begins[1:], len(tokens)]
    places = [
        (tokens.places[a][0], tokens.places[b - 1][1]) for a, b in zip(begins, ends, strict=True)
    ]
    special = [tokens.special[at] for at in begins]
    pieces = [
        f"after {start:.2f} s" if silent else f"{start:.1f} s"
        for (start, _), silent in zip(places, special, strict=True)
    ]
    return Tokens(
        text=tokens.text,
        ids=(0,) * len(begins),
        pieces=tuple(pieces),
        spans=((len(tokens.text), len(tokens.text)),) * len(begins),
        words=tuple(-1 if silent else n for n, silent in enumerate(special)),
        special=tuple(special),
        source=tokens.source,
        places=tuple(places),
        n_mels=tokens.n_mels,
    )


def pooled(pattern: Array, rows: Starts | None, columns: Starts | None) -> Array:
    """Weights [H, Q, K] of groups: the columns of a group are summed, so that rows still total 1,
    and its rows averaged.
    """
    if columns is not None:
        pattern = np.add.reduceat(pattern, columns, axis=-1)
    if rows is not None:
        sizes = np.diff([*rows, pattern.shape[-2]]).astype(np.float32)
        pattern = np.add.reduceat(pattern, rows, axis=-2) / sizes[:, None]
    return pattern
