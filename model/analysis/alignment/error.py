"""The alignment error rate of any scores of source words, and of doing without a model.

AER = 1 − (|A ∩ S| + |A ∩ P|) / (|A| + |S|) (Och & Ney 2003), where A are the links that
the scores give, S the sure and P ⊇ S the possible true ones. Every target word is linked to the
source word with the highest score; words that share it have an equal part of the link each.
"""

from __future__ import annotations

import numpy as np

from ...run.arrays import Array
from .links import Alignment


def errors(scores: Array, alignment: Alignment, shift: int = 0) -> tuple[Array, float]:
    """Numerator and denominator of the AER of one sentence: |A| + |S| − hits [...], and |A| + |S|.

    Args:
        scores: [..., T, source words].
        shift: 0 takes the row that writes a token, 1 the row that reads it. A target word's row is
            the mean of its tokens' rows; a word none of whose rows exist is left out.
    """
    rows, targets = target_rows(scores, alignment, shift)  # [..., n, source words]
    if not targets:
        return np.zeros(scores.shape[:-2]), 0.0
    strongest = rows == rows.max(-1, keepdims=True)
    link = strongest / strongest.sum(-1, keepdims=True)
    sure, possible = alignment.matrices()
    hits = (link * (sure[targets].astype(float) + possible[targets])).sum((-2, -1))
    count = float(len(targets) + len(alignment.sure))
    return count - hits, count


def target_rows(scores: Array, alignment: Alignment, shift: int) -> tuple[Array, list[int]]:
    """The rows [..., n, source words] of the target words that have any, and which they are."""
    n_rows = scores.shape[-2]
    rows, targets = [], []
    for word, group in enumerate(alignment.targets):
        there = [token + shift for token in group if token + shift < n_rows]
        if there:
            rows.append(scores[..., there, :].mean(-2))
            targets.append(word)
    found = np.stack(rows, axis=-2) if rows else np.zeros((*scores.shape[:-2], 0, scores.shape[-1]))
    return found, targets


def links(weights: Array, alignment: Alignment, shift: int = 0) -> tuple[Array, Array]:
    """The source word [..., n] with the most weight of [..., T, S] for each target word [n]."""
    rows, targets = target_rows(by_source_word(weights, alignment), alignment, shift)
    return rows.argmax(-1), np.array(targets, dtype=int)


def by_source_word(weights: Array, alignment: Alignment) -> Array:
    """[..., T, S] -> [..., T, source words]: the mean over each word's tokens."""
    return np.stack([weights[..., list(group)].mean(-1) for group in alignment.sources], axis=-1)


def diagonal(n_rows: int, n_columns: int) -> Array:
    """[T, W]: a guess that looks at nothing: every row at the column as far along as the row is."""
    rows = np.linspace(0, 1, n_rows)[:, None]
    columns = np.linspace(0, 1, n_columns)
    return -np.abs(rows - columns)


def diagonal_errors(alignment: Alignment) -> tuple[float, float]:
    """`errors` of linking every target word to the source word as far along its sentence."""
    words = Alignment(
        alignment.sources,
        tuple((i,) for i in range(len(alignment.targets))),
        alignment.sure,
        alignment.possible,
    )
    missed, count = errors(diagonal(len(words.targets), len(words.sources)), words)
    return float(missed), count


def chance_errors(alignment: Alignment) -> tuple[float, float]:
    """`errors` to be expected of links drawn at random: all source words score the same."""
    n_rows = 1 + max((token for group in alignment.targets for token in group), default=0)
    missed, count = errors(np.zeros((n_rows, len(alignment.sources))), alignment)
    return float(missed), count
