"""How sure a number is: bootstrap intervals over sentences."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..run.arrays import Array

RESAMPLES = 1000
SEED = 20_17
LEVEL = 0.95


class Interval(NamedTuple):
    """A number and the bounds of its 95 % interval; NaN where nothing was counted, the bounds also
    where only one sentence was: it says nothing of others.
    """

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        bounds = "" if np.isnan(self.low) else f" [{self.low:.3f}, {self.high:.3f}]"
        return f"{self.value:.3f}{bounds}"


def resampled(counts: Array, resamples: int = RESAMPLES) -> Array:
    """[resamples, k]: Σ of counts [sentences, k] over sentences drawn again with replacement.

    The draws are the same every time.
    """
    random = np.random.default_rng(SEED)
    n = len(counts)
    times = random.multinomial(n, np.full(n, 1 / n), size=resamples)  # of each sentence
    sums: Array = times @ np.asarray(counts, np.float64)
    return sums


def bootstrap(total: Array, count: Array, resamples: int = RESAMPLES) -> Interval:
    """Σ total / Σ count with its percentile interval: sentences are drawn again with replacement.

    Efron & Tibshirani 1993; for corpora of sentences Koehn 2004.

    Args:
        total, count: [sentences].
    """
    total, count = np.asarray(total, np.float64), np.asarray(count, np.float64)
    if not count.sum():
        return Interval(*[float("nan")] * 3)
    value = float(total.sum() / count.sum())
    if (count > 0).sum() < 2:
        return Interval(value, float("nan"), float("nan"))
    totals, counts = resampled(np.stack([total, count], axis=1), resamples).T
    ratios = totals[counts > 0] / counts[counts > 0]
    low, high = np.quantile(ratios, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value, float(low), float(high))
