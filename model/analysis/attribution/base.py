"""What a way from output tokens to source words is.

Letters in shapes: T target rows, S source positions, W source words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ...run.arrays import Array
from ...run.runner import Model
from ...run.trace import Trace

Words = Sequence[Sequence[int]]
"""For every source word the positions of its tokens."""
TokenScores = Callable[[Model, Trace], Array]
WordScores = Callable[[Model, Trace, Words], Array]


@dataclass(frozen=True)
class Method:
    """One way to tell source words apart.

    Args:
        slug, title: its names.
        definition: what is computed, in one or two sentences.
        unit: of its numbers.
        source: the paper, with the section where that is certain.
        signed: whether numbers below zero have a meaning.
        scores: [T, W] for a trace and its source words.
    """

    slug: str
    title: str
    definition: str
    unit: str
    source: str
    signed: bool
    scores: WordScores


def by_word(tokens: TokenScores, *, above_mean: bool = False) -> WordScores:
    """Scores of words from scores of tokens: the mean over a word's tokens.

    Args:
        above_mean: only what a word gets beyond its mean over all rows counts: what it gets
            whatever is written says nothing about the row.
    """

    def scores(model: Model, trace: Trace, words: Words) -> Array:
        found = merge(tokens(model, trace), words)
        return np.maximum(found - found.mean(0), 0.0) if above_mean else found

    return scores


def merge(values: Array, words: Words) -> Array:
    """[T, S] -> [T, W]: the mean over each word's tokens."""
    return np.stack([values[:, list(word)].mean(-1) for word in words], axis=-1)
