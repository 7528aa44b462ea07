"""What one sentence says of the ways from output to source: counts, by way, to be summed.

A sentence is judged by itself, so a corpus can be judged in any parts and in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from ...run.arrays import Array
from ...run.runner import Model
from ...run.trace import Trace
from ..alignment.error import chance_errors, diagonal_errors, errors
from ..alignment.links import Alignment
from ..alignment.reference import word_groups
from . import LEAVE_OUT
from .base import Method
from .sources import CHANCE, DIAGONAL, agreement, diagonal_sizes

Counts = Mapping[str, tuple[float, float, float, float]]
"""By way two fractions, a numerator and a denominator each.

Of a run: Σ τ and the rows that have one; rows with the same first word, and rows. Where several
words share the first place, it is the part of them that is right. Of an aligned pair: `errors` in
the row that writes, and in the row that reads.
"""


def of_run(model: Model, trace: Trace, methods: Iterable[Method]) -> Counts:
    """How each way agrees with leaving one word out, over the rows of one sentence."""
    words = word_groups(trace.src)
    truth = LEAVE_OUT.scores(model, trace, words)
    scores = {
        one.slug: truth if one.slug == LEAVE_OUT.slug else one.scores(model, trace, words)
        for one in methods
    }
    shape = truth.shape
    scores[DIAGONAL] = diagonal_sizes(truth)
    scores[CHANCE] = np.random.default_rng(shape[0]).random(shape)
    return {slug: _agreeing(found, truth) for slug, found in scores.items()}


def _agreeing(found: Array, truth: Array) -> tuple[float, float, float, float]:
    tau = agreement(found, truth)
    known = tau[np.isfinite(tau)]
    first, true = (scores == scores.max(-1, keepdims=True) for scores in (found, truth))
    same = (first & true).sum(-1) / first.sum(-1)
    several = truth.shape[1] > 1  # one word is first in all ways
    return float(known.sum()), len(known), float(same.sum()) * several, len(same) * several


def of_pair(model: Model, trace: Trace, alignment: Alignment, methods: Iterable[Method]) -> Counts:
    """The alignment error of each way on one pair, in both framings."""
    found: dict[str, tuple[float, float, float, float]] = {}
    for one in methods:
        scores = one.scores(model, trace, alignment.sources)
        writes, reads = errors(scores, alignment), errors(scores, alignment, shift=1)
        found[one.slug] = (float(writes[0]), writes[1], float(reads[0]), reads[1])
    without: Sequence[tuple[str, Callable[[Alignment], tuple[float, float]]]] = (
        (DIAGONAL, diagonal_errors),
        (CHANCE, chance_errors),
    )
    for slug, guess in without:
        found[slug] = (*guess(alignment), *guess(alignment))
    return found
