"""How good outputs are, as one number that follows from counts which are summed over sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ...run.arrays import Array
from ..intervals import resampled

MAX_BLEU = 4
"""Longest n-gram that BLEU counts."""


@dataclass(frozen=True)
class Quality:
    """A score of outputs, one for each source.

    Args:
        name: what it is called, with its range.
        counts: outputs -> [sentences, k], what is counted in each.
        score: [k], the sums of the counts -> the number.
    """

    name: str
    counts: Callable[[Sequence[str]], Array]
    score: Callable[[Array], float]

    def __call__(self, outputs: Sequence[str]) -> float:
        """The number for these outputs."""
        return self.score(self.counts(outputs).sum(0))


def share_of(name: str, answers: Sequence[str]) -> Quality:
    """The share of outputs, 0 to 1, that are their answer to the letter."""

    def counts(outputs: Sequence[str]) -> Array:
        return np.array([(a == b, 1) for a, b in zip(outputs, answers, strict=True)], float)

    return Quality(name, counts, lambda sums: float(sums[0] / sums[1]))


def bleu(references: Sequence[Sequence[str]]) -> Quality:
    """Corpus BLEU, 0 to 100 (Papineni et al. 2002), as `sacrebleu` computes it by default.

    Counted are the n-grams that are right, all n-grams, and the lengths of output and reference.
    """

    def counts(outputs: Sequence[str]) -> Array:
        import sacrebleu  # not needed for anything that the app shows

        found = []
        for output, right in zip(outputs, references, strict=True):
            one = sacrebleu.corpus_bleu([output], [[text] for text in right])
            found.append([*one.counts, *one.totals, one.sys_len, one.ref_len])
        return np.array(found, float)

    def score(sums: Array) -> float:
        from sacrebleu.metrics.bleu import BLEU

        right, every = sums[:MAX_BLEU], sums[MAX_BLEU : 2 * MAX_BLEU]
        written, asked = sums[2 * MAX_BLEU :]
        return BLEU.compute_bleu(
            right.astype(int).tolist(),
            every.astype(int).tolist(),
            int(written),
            int(asked),
            smooth_method="exp",
        ).score

    return Quality("BLEU", counts, score)


def drop(quality: Quality, before: Array, after: Array) -> tuple[float, float]:
    """How much lower the score of `after` is than that of `before`, and its standard error.

    The error is the spread of the difference when the same sentences are drawn again for both, with
    replacement (the paired bootstrap of Koehn 2004).

    Args:
        before, after: `quality.counts` of two sets of outputs for the same sources.
    """
    value = quality.score(before.sum(0)) - quality.score(after.sum(0))
    if np.array_equal(before, after):
        return 0.0, 0.0
    both = np.concatenate([before, after], axis=1)
    k = before.shape[1]
    drawn = [quality.score(sums[:k]) - quality.score(sums[k:]) for sums in resampled(both)]
    return value, float(np.std(drawn, ddof=1))
