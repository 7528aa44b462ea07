"""What a metric of a head is: sums over rows, so that any split of a corpus merges.

Letters in shapes: L layers, H heads, Q query positions, K key positions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from ....run.arrays import Array
from ....run.trace import Trace
from ...alignment.links import Alignment

if TYPE_CHECKING:
    from ....run.runner import Model


@dataclass(frozen=True, eq=False)
class Sums:
    """A metric over some rows, all [L, H] float64: its value is `total / count`.

    `moments` [4, L, H] are Σ total², Σ total·count, Σ count² and the number of sentences that
    counted; left out, they are those of one sentence.
    """

    total: Array
    count: Array
    moments: Array | None = None

    def __post_init__(self) -> None:
        if self.moments is None:
            t, n = np.asarray(self.total, np.float64), np.asarray(self.count, np.float64)
            object.__setattr__(self, "moments", np.stack([t * t, t * n, n * n, n > 0]))

    def plus(self, other: Sums) -> Sums:
        """The sums over the rows of both."""
        assert self.moments is not None
        assert other.moments is not None
        return Sums(
            self.total + other.total, self.count + other.count, self.moments + other.moments
        )

    @property
    def value(self) -> Array:
        """[L, H]; NaN where nothing was counted."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.total / self.count

    @property
    def standard_error(self) -> Array:
        """[L, H]: of `value` over sentences drawn like these; NaN below two of them.

        The usual one of a ratio of sums: √(n/(n−1) · Σ (total − value·count)²) / Σ count (Cochran
        1977).
        """
        assert self.moments is not None
        tt, tn, nn, n = self.moments
        with np.errstate(invalid="ignore", divide="ignore"):
            rest = np.maximum(tt - 2 * self.value * tn + self.value**2 * nn, 0)
            found = np.sqrt(rest * n / (n - 1)) / self.count
            return np.where(n > 1, found, np.nan)


@dataclass(frozen=True)
class Sample:
    """A sentence to measure on: its trace, its true alignment and answer where they are known.

    `reference` are the ids of a right target, closed by `<eos>`.
    """

    trace: Trace
    alignment: Alignment | None = None
    reference: tuple[int, ...] | None = None


SampleSums = Callable[[Sample, str], Sums]
BatchSums = Callable[["Model | None", Sequence[Sample], str], list[Sums]]


@dataclass(frozen=True)
class Metric:
    """One number for every head.

    Args:
        slug: its name in tables.
        title: its name on screen.
        heading: its name above a narrow column.
        group: the idea that it measures; those of one idea stand together.
        definition: one sentence that says exactly what is computed.
        low, high: the range it lies in; None where it is not bounded.
        unit: what it is counted in; empty for shares.
        source: paper, with the section where that is certain; empty where it is plain counting.
        kinds: the kinds of attention that it is defined for.
        batch: sums of each of a batch of samples for one kind of attention.
        needs_model: whether `batch` runs the model again.
        of_layer: the same for the mean pattern of each layer's heads, [L, 1]; None where that is
            the mean of the heads' values.
        without_model: sums [1, 2] of `BASELINES` for one sample, where they are not those of flat
            patterns.
        wants: what has to be known beside the text: "alignment", "reference" or nothing.
    """

    slug: str
    title: str
    heading: str
    group: str
    definition: str
    low: float | None
    high: float | None
    unit: str
    source: str
    kinds: tuple[str, ...]
    batch: BatchSums
    needs_model: bool = False
    of_layer: BatchSums | None = None
    without_model: BatchSums | None = None
    wants: str = ""

    def sums(self, trace: Trace, kind: str, alignment: Alignment | None = None) -> Sums:
        """The sums over the rows of one trace.

        Raises:
            ValueError: the metric is not defined for this kind, or needs the model.
        """
        if kind not in self.kinds:
            raise ValueError(f"“{self.title}” is defined for {', '.join(self.kinds)}, not {kind}.")
        return self.batch(None, [Sample(trace, alignment)], kind)[0]


def each(one: SampleSums) -> BatchSums:
    """Sums of every sample of a batch."""

    def batch(model: Model | None, samples: Sequence[Sample], kind: str) -> list[Sums]:
        return [one(sample, kind) for sample in samples]

    return batch


def total(parts: Sequence[Sums]) -> Sums:
    """The sums over the rows of all parts; there is at least one."""
    return reduce(Sums.plus, parts)


def patterns(trace: Trace, kind: str) -> Array:
    """[L, H, Q, K] float64: the attention weights of all layers of a kind."""
    return np.stack([record.pattern for record in trace.attention[kind]]).astype(np.float64)


def choosing(trace: Trace, kind: str) -> Array:
    """[Q] bool: rows that may attend to more than one token; the decoder's first sees `<bos>` only.

    A row that has no choice says nothing about a head, so no metric counts it.
    """
    found: Array = trace.attention[kind][0].mask.sum(-1) > 1
    return found


def over_rows(values: Array, rows: Array | None = None) -> Sums:
    """Sums of one number for every row, [L, H, Q], or only for those in `rows` [Q] bool."""
    counted = values if rows is None else values[..., rows]
    return Sums(counted.sum(-1), np.full(values.shape[:2], float(counted.shape[-1])))


def weight_on(trace: Trace, kind: str, marked: Array) -> Sums:
    """Weight that falls on marked keys.

    Args:
        marked: bool, broadcast to [Q, K]. Rows that may attend to no marked key, or to one key
            only, are not counted.
    """
    mask = trace.attention[kind][0].mask
    marked = np.broadcast_to(marked, mask.shape) & mask
    weights = (patterns(trace, kind) * marked).sum(-1)  # [L, H, Q]
    return over_rows(weights, marked.any(-1) & choosing(trace, kind))
