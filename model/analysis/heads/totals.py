"""What is summed over a corpus, and how sums of its parts merge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...run.edits import Head
from ...run.runner import Model
from ...run.sources import AnySource
from ...run.trace import KINDS, Array
from ..alignment.gold import GoldPair, on_tokens
from ..alignment.links import of_task
from ..corpus import batches, readable
from .metrics import ALIGNMENT, Metric, Sample, Sums

Progress = Callable[[int], None]
"""Told how many more lines are done."""


@dataclass(frozen=True)
class Totals:
    """Sums over sentences, merged with `plus`: exact, whatever the parts.

    Attributes:
        sums: by (slug of the measure, kind of attention).
        z: by kind, [L, H, d_head]: Σ over rows of each head's output z.
        rows: by kind, the number of rows in `z`.
        read: sentences measured.
        skipped: lines left out, by reason.
    """

    sums: dict[tuple[str, str], Sums] = field(default_factory=dict)
    z: dict[str, Array] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)
    read: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def plus(self, other: Totals) -> Totals:
        """The totals of both parts."""
        sums = dict(self.sums)
        for key, more in other.sums.items():
            sums[key] = sums[key].plus(more) if key in sums else more
        z = dict(self.z)
        for kind, part in other.z.items():
            z[kind] = z[kind] + part if kind in z else part
        return Totals(
            sums=sums,
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


def of_lines(
    model: Model,
    lines: Sequence[bytes | AnySource],
    measures: Sequence[Metric],
    progress: Progress = lambda n: None,
) -> Totals:
    """Totals over lines of text: decoded greedily, traced, measured, a batch at a time."""
    found = readable(model, lines)
    totals = Totals(skipped=found.skipped)
    progress(found.skipped.total())
    for texts in batches(model, found.texts):
        samples = [Sample(one, of_task(model.task, one)) for one in model.run_many(texts)]
        totals = totals.plus(of_samples(model, samples, measures))
        progress(len(texts))
    return totals


def of_gold(model: Model, pairs: Sequence[GoldPair]) -> Totals:
    """The alignment measures over gold pairs, the model being made to write the gold target.

    Raises:
        ValueError: the model can read none of the pairs.
    """
    totals = Totals()
    for pair in pairs:
        try:
            source, target, alignment = on_tokens(pair, model)
            trace = model.teacher_force(source, target)
        except ValueError:
            totals = totals.plus(Totals(skipped=Counter({"gold pair the model cannot read": 1})))
            continue
        sums = {
            (one.slug, "cross"): one.batch(model, [Sample(trace, alignment)], "cross")
            for one in ALIGNMENT
        }
        totals = totals.plus(Totals(sums=sums))
    if not totals.sums:
        raise ValueError(f"The model “{model.slug}” can read none of the {len(pairs)} gold pairs.")
    return totals


def of_samples(model: Model, samples: Sequence[Sample], measures: Sequence[Metric]) -> Totals:
    """Totals over traced sentences."""
    sums = {
        (one.slug, kind): one.batch(model, samples, kind) for one in measures for kind in one.kinds
    }
    z, rows = {}, Counter[str]()
    for kind in KINDS:
        parts = [
            np.stack([record.z.sum(1, dtype=np.float64) for record in one.trace.attention[kind]])
            for one in samples
        ]  # each [L, H, E]
        z[kind] = np.sum(parts, axis=0)
        rows[kind] = sum(len(one.trace.queries(kind)) for one in samples)
    return Totals(sums=sums, z=z, rows=rows, read=len(samples))
