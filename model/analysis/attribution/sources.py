"""Several answers to "which source word did this output word come from?", and how well they agree.

What really changes when a word is blanked (leave-one-word-out) is what the others are held against:
the question of Jain & Wallace 2019 ("Attention is not explanation") and of Wiegreffe & Pinter 2019
("Attention is not not explanation"), asked of one sentence at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import kendalltau

from ...run.arrays import Array
from ...run.pace import breathe
from ...run.runner import Model
from ...run.tokens import Tokens
from ...run.trace import Trace
from ..alignment.error import diagonal
from ..alignment.reference import word_groups
from . import LEAVE_OUT, METHODS
from .base import Method

CHANCE, DIAGONAL = "chance", "diagonal"
WITHOUT_MODEL = {DIAGONAL: "diagonal (no model)", CHANCE: "chance (no model)"}
"""Two ways that do without a model, and their titles: every table has them."""


@dataclass(frozen=True)
class Sources:
    """The answers for one trace.

    Attributes:
        words: the source words as text.
        scores: by method, [T, W].
        tau: by method, [T]: Kendall's τ_b between the sizes of its scores and those of leaving a
            word out, over the words; NaN where all words are equal. Of the two ways without a
            model as well: of chance it is 0, the mean over all orders.
    """

    words: tuple[str, ...]
    scores: Mapping[str, Array]
    tau: Mapping[str, Array]

    def mean_tau(self, slug: str) -> float:
        """The mean over the rows that have one; NaN where none has."""
        rows = self.tau[slug][np.isfinite(self.tau[slug])]
        return float(rows.mean()) if len(rows) else float("nan")


def sources(model: Model, trace: Trace, methods: Sequence[Method] = METHODS) -> Sources:
    """All answers for all rows of a trace that has no edits.

    Raises:
        ValueError: the trace is of another or of a changed model, which this does not run.
    """
    *_, found = steps(model, lambda: trace, methods)
    assert found is not None
    return found


def n_steps(methods: Sequence[Method] = METHODS) -> int:
    """How many times `steps` yields."""
    return len(methods)


def steps(
    model: Model, trace: Callable[[], Trace], methods: Sequence[Method] = METHODS
) -> Iterator[Sources | None]:
    """`sources`, method after method; None until the last, which is the result.

    Args:
        trace: gives it, once for each method: it may be large, and is not held between two steps.

    Raises:
        ValueError: as in `sources`.
    """
    first = trace()
    source, groups = first.src, word_groups(first.src)
    scores = {LEAVE_OUT.slug: LEAVE_OUT.scores(model, first, groups)}
    del first
    for one in methods:
        if one.slug not in scores:
            yield None
            scores[one.slug] = one.scores(model, trace(), groups)
    truth = scores[LEAVE_OUT.slug]
    tau = {slug: agreement(rows, truth) for slug, rows in scores.items()}
    tau[DIAGONAL] = agreement(diagonal_sizes(truth), truth)
    tau[CHANCE] = np.where(np.isfinite(tau[LEAVE_OUT.slug]), 0.0, np.nan)
    yield Sources(tuple(word_text(source, group) for group in groups), scores, tau)


def diagonal_sizes(truth: Array) -> Array:
    """[T, W]: sizes of 0 to 1 that are largest on the diagonal."""
    return diagonal(*truth.shape) + 1.0


def agreement(scores: Array, truth: Array) -> Array:
    """[T]: Kendall's τ_b of every row of two [T, W], signs aside (Kendall 1945), in [−1, 1].

    NaN where one side has no two different values.
    """
    if truth.shape[1] < 2:
        return np.full(len(truth), np.nan)
    found = []
    for a, b in zip(np.abs(scores), np.abs(truth), strict=True):
        breathe()  # hundreds of rows of a long text are long work
        found.append(kendalltau(a, b).statistic)
    return np.array(found)


def word_text(tokens: Tokens, group: tuple[int, ...]) -> str:
    """What a word's tokens stand for in the text."""
    start, end = tokens.spans[group[0]][0], tokens.spans[group[-1]][1]
    return tokens.text[start:end].strip() or tokens.pieces[group[0]]
