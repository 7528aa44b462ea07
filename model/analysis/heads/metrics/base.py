"""What a measure of a head is: sums over rows, so that any split of a corpus merges.

Letters in shapes: L layers, H heads, Q query positions, K key positions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ....run.trace import Array, Trace
from ...alignment.links import Alignment

if TYPE_CHECKING:
    from ....run.runner import Model


@dataclass(frozen=True, eq=False)
class Sums:
    """A measure over some rows, both [L, H] float64: its value is `total / count`."""

    total: Array
    count: Array

    def plus(self, other: Sums) -> Sums:
        """The sums over the rows of both."""
        return Sums(self.total + other.total, self.count + other.count)

    @property
    def value(self) -> Array:
        """[L, H]; NaN where nothing was counted."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.total / self.count


@dataclass(frozen=True)
class Sample:
    """A sentence to measure on: its trace, and its true alignment where that is known."""

    trace: Trace
    alignment: Alignment | None = None


SampleSums = Callable[[Sample, str], Sums]
BatchSums = Callable[["Model | None", Sequence[Sample], str], Sums]


@dataclass(frozen=True)
class Metric:
    """One number for every head.

    Args:
        slug: its name in tables.
        title: its name on screen.
        heading: its name above a narrow column.
        definition: one sentence that says exactly what is computed.
        low, high: the range it lies in; None where it is not bounded.
        unit: what it is counted in; empty for shares.
        source: paper, with the equation or section; empty where it is plain counting.
        kinds: the kinds of attention that it is defined for.
        batch: sums over a batch of samples for one kind of attention.
        needs_model: whether `batch` runs the model again.
    """

    slug: str
    title: str
    heading: str
    definition: str
    low: float | None
    high: float | None
    unit: str
    source: str
    kinds: tuple[str, ...]
    batch: BatchSums
    needs_model: bool = False

    def sums(self, trace: Trace, kind: str, alignment: Alignment | None = None) -> Sums:
        """The sums over the rows of one trace.

        Raises:
            ValueError: the measure is not defined for this kind, or needs the model.
        """
        if kind not in self.kinds:
            raise ValueError(f"“{self.title}” is defined for {', '.join(self.kinds)}, not {kind}.")
        return self.batch(None, [Sample(trace, alignment)], kind)


def each(one: SampleSums) -> BatchSums:
    """Sums over a batch from the sums of one sample."""

    def batch(model: Model | None, samples: Sequence[Sample], kind: str) -> Sums:
        total = one(samples[0], kind)
        for sample in samples[1:]:
            total = total.plus(one(sample, kind))
        return total

    return batch


def patterns(trace: Trace, kind: str) -> Array:
    """[L, H, Q, K] float64: the attention weights of all layers of a kind."""
    return np.stack([record.pattern for record in trace.attention[kind]]).astype(np.float64)


def over_rows(values: Array) -> Sums:
    """Sums of one number for every row, [L, H, Q]."""
    return Sums(values.sum(-1), np.full(values.shape[:2], float(values.shape[-1])))


def weight_on(trace: Trace, kind: str, marked: Array) -> Sums:
    """Weight that falls on marked keys.

    Args:
        marked: bool, broadcast to [Q, K]. Rows that may attend to no marked key are not counted.
    """
    mask = trace.attention[kind][0].mask
    marked = np.broadcast_to(marked, mask.shape) & mask
    rows = marked.any(-1)
    weights = (patterns(trace, kind) * marked).sum(-1)  # [L, H, Q]
    return over_rows(weights[..., rows])
