"""What is summed over a corpus, and how sums of its parts merge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ...network.config import KINDS
from ...run.arrays import Array
from ...run.edits import Head
from ...run.runner import Model
from ...run.sources import AnySource
from ..alignment.gold import GoldPair, traced
from ..alignment.links import of_task
from ..corpus import batches, readable
from .baselines import baseline_trace
from .metrics import ALIGNMENT, Metric, Sample, Sums
from .metrics.base import total

UNREAD_PAIR = "gold pair the model cannot read"
"""A reason in `Totals.skipped`."""
Progress = Callable[[int], None]
"""Told how many more lines are done."""
PerSample = Callable[[Sequence[Sample], "BySample"], None]
"""Told of every batch and what was summed for each of its samples."""
BySample = dict[tuple[str, str], list[Sums]]
"""By (slug, kind), the sums of each sample."""


@dataclass(frozen=True)
class Totals:
    """Sums over sentences, merged with `plus`: exact, whatever the parts.

    Attributes:
        sums: by (slug of the metric, kind of attention).
        layers: the same for the mean pattern of each layer, [L, 1], of metrics that have it.
        baselines: the same for `BASELINES`, [1, 2], of metrics of patterns.
        z: by kind, [L, H, d_head]: Σ over rows of each head's output z.
        rows: by kind, the number of rows in `z`.
        read: sentences measured.
        skipped: lines left out, by reason.
    """

    sums: dict[tuple[str, str], Sums] = field(default_factory=dict)
    layers: dict[tuple[str, str], Sums] = field(default_factory=dict)
    baselines: dict[tuple[str, str], Sums] = field(default_factory=dict)
    z: dict[str, Array] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)
    read: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def plus(self, other: Totals) -> Totals:
        """The totals of both parts."""
        z = dict(self.z)
        for kind, part in other.z.items():
            z[kind] = z[kind] + part if kind in z else part
        return Totals(
            sums=_merged(self.sums, other.sums),
            layers=_merged(self.layers, other.layers),
            baselines=_merged(self.baselines, other.baselines),
            z=z,
            rows=self.rows + other.rows,
            read=self.read + other.read,
            skipped=self.skipped + other.skipped,
        )

    def means(self) -> dict[Head, tuple[float, ...]]:
        """Each head's mean output z over all rows, as `Edits.means` takes it."""
        return {
            (kind, layer, head): tuple((total[layer, head] / self.rows[kind]).tolist())
            for kind, total in self.z.items()
            for layer, head in np.ndindex(total.shape[:2])
        }


Merging = dict[tuple[str, str], Sums]


def _merged(one: Merging, other: Merging) -> Merging:
    both = dict(one)
    for key, more in other.items():
        both[key] = both[key].plus(more) if key in both else more
    return both


def of_lines(
    model: Model,
    lines: Sequence[bytes | AnySource],
    metrics: Sequence[Metric],
    progress: Progress = lambda n: None,
    per_sample: PerSample | None = None,
) -> Totals:
    """Totals over lines of text: decoded greedily, traced, measured, a batch at a time."""
    found = readable(model, lines)
    totals = Totals(skipped=found.skipped)
    progress(found.skipped.total())
    for texts in batches(model, found.texts):
        samples = [Sample(one, of_task(model.task, one)) for one in model.run_many(texts)]
        totals = totals.plus(of_samples(model, samples, metrics, per_sample))
        progress(len(texts))
    return totals


def of_gold(
    model: Model, pairs: Sequence[GoldPair], metrics: Sequence[Metric] = ALIGNMENT
) -> Totals:
    """The alignment metrics over gold pairs, the model being made to write the gold target.

    Raises:
        ValueError: the model can read none of the pairs.
    """
    totals, n = Totals(), 0
    for _, trace, alignment in traced(model, pairs):
        found = of_samples(model, [Sample(trace, alignment)], metrics)
        totals, n = totals.plus(replace(found, z={}, rows=Counter(), read=0)), n + 1
    if not n:
        raise ValueError(f"The model “{model.slug}” can read none of the {len(pairs)} gold pairs.")
    return replace(totals, skipped=+Counter({UNREAD_PAIR: len(pairs) - n}))


def of_samples(
    model: Model,
    samples: Sequence[Sample],
    metrics: Iterable[Metric],
    per_sample: PerSample | None = None,
) -> Totals:
    """Totals over traced sentences."""
    wanted = [(one, kind) for one in metrics for kind in one.kinds]
    found = {(one.slug, kind): one.batch(model, samples, kind) for one, kind in wanted}
    if per_sample is not None:
        per_sample(samples, found)
    layers = {
        (one.slug, kind): one.of_layer(model, samples, kind)
        for one, kind in wanted
        if one.of_layer is not None
    }
    flat = [replace(one, trace=baseline_trace(one.trace)) for one in samples]
    baselines = {
        (one.slug, kind): (one.without_model or one.batch)(None, flat, kind)
        for one, kind in wanted
        if not one.needs_model
    }
    z, rows = {}, Counter[str]()
    for kind in KINDS:
        parts = [
            np.stack([record.z.sum(1, dtype=np.float64) for record in one.trace.attention[kind]])
            for one in samples
        ]  # each [L, H, E]
        z[kind] = np.sum(parts, axis=0)
        rows[kind] = sum(len(one.trace.queries(kind)) for one in samples)
    return Totals(
        sums=_totals(found),
        layers=_totals(layers),
        baselines=_totals(baselines),
        z=z,
        rows=rows,
        read=len(samples),
    )


def _totals(found: BySample) -> Merging:
    return {key: total(parts) for key, parts in found.items() if parts}
