"""The metrics of all heads of a model as one table, kept as Parquet, Arrow or CSV.

One row a head: `kind`, `layer`, `head`, two columns a metric (its value and standard error, empty
where it is not defined or nothing was counted), and `mean_z`, the head's mean output. The file's
metadata say what was measured on what, and hold the layers' means and the baselines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from ...network.config import KINDS
from ...run.arrays import Array
from ...run.edits import Head
from ...run.runner import Model
from .baselines import BASELINES
from .metrics import METRICS
from .totals import Totals

Z95 = 1.96
"""Standard errors on either side of a 95 % interval."""
Key = tuple[str, str]
"""(slug of a metric, kind of attention)."""


@dataclass(frozen=True)
class HeadTable:
    """Metrics of every head of one model over one corpus.

    Attributes:
        model, digest: the weights that were measured.
        corpus: what was read, in words.
        gold: what the alignment error was measured against; empty where there was nothing.
        read, skipped: sentences measured, and lines left out by reason.
        layers: by kind, the number of layers.
        n_heads: by kind, heads in every layer.
        values: by (slug of the metric, kind), float64 [L, H]; NaN where nothing was counted.
        errors: their standard errors over sentences, the same shape.
        layer_values, layer_errors: [L], of the mean pattern of each layer, where that is not the
            mean of the heads' values.
        baselines: by key, [uniform, diagonal]: what a head that looks at nothing scores.
        means: each head's mean output z over all rows, as `Edits.means` takes it.
        references: what losses and quality on right answers were measured on.
    """

    model: str
    digest: str
    corpus: str
    gold: str
    read: int
    skipped: Mapping[str, int]
    layers: Mapping[str, int]
    n_heads: Mapping[str, int]
    values: Mapping[Key, Array]
    errors: Mapping[Key, Array] = field(default_factory=dict)
    layer_values: Mapping[Key, Array] = field(default_factory=dict)
    layer_errors: Mapping[Key, Array] = field(default_factory=dict)
    baselines: Mapping[Key, Array] = field(default_factory=dict)
    means: Mapping[Head, tuple[float, ...]] = field(default_factory=dict)
    references: str = ""

    def __repr__(self) -> str:
        measured = ", ".join(one.slug for one in METRICS if self.has(one.slug)) or "nothing"
        n = len(self.heads())
        return f"HeadTable({self.model}: {n} heads over {self.corpus}, with {measured})"

    def heads(self, kind: str | None = None) -> list[Head]:
        """All heads, or those of one kind, in the order of kind, layer, head."""
        return [
            (one, layer, head)
            for one in KINDS
            if kind in (None, one)
            for layer in range(self.layers[one])
            for head in range(self.n_heads[one])
        ]

    def value(self, slug: str, head: Head) -> float:
        """One number; NaN where the metric is not defined for this kind of head."""
        return _at(self.values, slug, head)

    def error(self, slug: str, head: Head) -> float:
        """The standard error of `value`; NaN where it is not known."""
        return _at(self.errors, slug, head)

    def differs(self, slug: str, head: Head, other: float = 0.0) -> bool:
        """Whether the 95 % interval of a value leaves `other` out; False where none is known."""
        return bool(abs(self.value(slug, head) - other) > Z95 * self.error(slug, head))

    def baseline(self, slug: str, kind: str, name: str) -> float:
        """What "uniform" or "diagonal" attention scores; NaN where it has no meaning."""
        found = self.baselines.get((slug, kind))
        return float("nan") if found is None else float(found[BASELINES.index(name)])

    def grid(self, slug: str, kind: str) -> Array:
        """[L, H] of one metric; all NaN where it is not defined for this kind."""
        return self.values.get((slug, kind), self._empty(kind))

    def error_grid(self, slug: str, kind: str) -> Array:
        """[L, H]: the standard errors of `grid`."""
        return self.errors.get((slug, kind), self._empty(kind))

    def with_worth(
        self, values: Mapping[Key, Array], errors: Mapping[Key, Array], references: str
    ) -> HeadTable:
        """The table with what heads are worth for right answers (`interventions.references`)."""
        return replace(
            self,
            values={**self.values, **values},
            errors={**self.errors, **errors},
            references=references,
        )

    def _empty(self, kind: str) -> Array:
        return np.full((self.layers[kind], self.n_heads[kind]), np.nan)

    def has(self, slug: str) -> bool:
        """Whether there is a number for any head at all."""
        return any(
            np.isfinite(grid).any() for (name, _), grid in self.values.items() if name == slug
        )

    def to_arrow(self, means: bool = True, baselines: bool = False) -> pa.Table:
        """The table; empty cells where there is no number.

        Args:
            means: with the column `mean_z`.
            baselines: with a row for the mean of each layer (where it is measured) and for each
                baseline; `layer` or `head` is empty there and `row` says what it is.
        """
        rows = self._rows(baselines)
        columns: dict[str, Any] = {
            "kind": [kind for kind, *_ in rows],
            "layer": pa.array([layer for _, layer, _, _ in rows], pa.int16()),
            "head": pa.array([head for _, _, head, _ in rows], pa.int16()),
            **({"row": [row for *_, row in rows]} if baselines else {}),
        }
        for one in METRICS:
            for suffix, numbers in (
                ("", [self._number(one.slug, *row) for row in rows]),
                ("_se", [self._error(one.slug, *row) for row in rows]),
            ):
                found = np.array(numbers, np.float64)
                columns[one.slug + suffix] = pa.array(found, pa.float64(), mask=np.isnan(found))
        if means:
            vectors = [
                list(self.means.get((k, i or 0, h or 0), ()) if h is not None else ())
                for k, i, h, _ in rows
            ]
            columns["mean_z"] = pa.array(vectors, pa.list_(pa.float32()))
        return pa.table(columns)

    def to_pandas(self, baselines: bool = False) -> Any:
        """The table without the vectors as a `pandas.DataFrame`; see `to_arrow`."""
        return self.to_arrow(means=False, baselines=baselines).to_pandas()

    def _rows(self, baselines: bool) -> list[tuple[str, int | None, int | None, str]]:
        heads = [(kind, layer, head, "head") for kind, layer, head in self.heads()]
        if not baselines:
            return list(heads)
        kinds = {kind for _, kind in self.layer_values}
        layers = [
            (kind, i, None, "mean of layer")
            for kind in KINDS
            if kind in kinds
            for i in range(self.layers[kind])
        ]
        return [
            *heads,
            *layers,
            *((kind, None, None, name) for kind in KINDS for name in BASELINES),
        ]

    def _number(self, slug: str, kind: str, layer: int | None, head: int | None, row: str) -> float:
        if layer is not None and head is not None:
            return self.value(slug, (kind, layer, head))
        if layer is None:
            return self.baseline(slug, kind, row)
        found = self.layer_values.get((slug, kind))
        return float("nan") if found is None else float(found[layer])

    def _error(self, slug: str, kind: str, layer: int | None, head: int | None, row: str) -> float:
        if layer is not None and head is not None:
            return self.error(slug, (kind, layer, head))
        found = self.layer_errors.get((slug, kind))
        return float("nan") if found is None or layer is None else float(found[layer])


def _at(grids: Mapping[Key, Array], slug: str, head: Head) -> float:
    kind, layer, index = head
    grid = grids.get((slug, kind))
    return float("nan") if grid is None else float(grid[layer, index])


def from_totals(
    model: Model, totals: Totals, corpus: str, gold: str = "", references: str = ""
) -> HeadTable:
    """The table of what was summed over a corpus."""
    return HeadTable(
        model=model.slug,
        digest=model.digest,
        corpus=corpus,
        gold=gold,
        read=totals.read,
        skipped=dict(totals.skipped),
        layers={kind: model.config.n_layers(kind) for kind in KINDS},
        n_heads={kind: model.config.heads(kind) for kind in KINDS},
        values={key: sums.value for key, sums in totals.sums.items()},
        errors={key: sums.standard_error for key, sums in totals.sums.items()},
        layer_values={key: sums.value[:, 0] for key, sums in totals.layers.items()},
        layer_errors={key: sums.standard_error[:, 0] for key, sums in totals.layers.items()},
        baselines={key: sums.value[0] for key, sums in totals.baselines.items()},
        means=totals.means(),
        references=references,
    )
