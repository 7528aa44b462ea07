"""The measures of all heads of a model as one table, kept as Parquet.

One row a head: `kind`, `layer`, `head`, one column a measure (empty where it is not defined or
nothing was counted), and `mean_z`, the head's mean output. The file's metadata say what was
measured on what.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
from pyarrow import csv
from pyarrow import parquet as pq

from ...run.edits import Head
from ...run.runner import Model
from ...run.trace import KINDS, Array
from .metrics import METRICS
from .totals import Totals

FORMAT = 1
_META = b"headlight"
_FOREIGN = (LookupError, TypeError, AttributeError, ValueError, RecursionError)


@dataclass(frozen=True)
class HeadTable:
    """Measures of every head of one model over one corpus.

    Attributes:
        model, digest: the weights that were measured.
        corpus: what was read, in words.
        gold: what the alignment error was measured against; empty where there was nothing.
        read, skipped: sentences measured, and lines left out by reason.
        layers: by kind, the number of layers.
        n_heads: heads in every layer.
        values: by (slug of the measure, kind), float64 [L, H]; NaN where nothing was counted.
        means: each head's mean output z over all rows, as `Edits.means` takes it.
    """

    model: str
    digest: str
    corpus: str
    gold: str
    read: int
    skipped: Mapping[str, int]
    layers: Mapping[str, int]
    n_heads: int
    values: Mapping[tuple[str, str], Array]
    means: Mapping[Head, tuple[float, ...]]

    def heads(self, kind: str | None = None) -> list[Head]:
        """All heads, or those of one kind, in the order of kind, layer, head."""
        return [
            (one, layer, head)
            for one in KINDS
            if kind in (None, one)
            for layer in range(self.layers[one])
            for head in range(self.n_heads)
        ]

    def value(self, slug: str, head: Head) -> float:
        """One number; NaN where the measure is not defined for this kind of head."""
        kind, layer, index = head
        grid = self.values.get((slug, kind))
        return float("nan") if grid is None else float(grid[layer, index])

    def grid(self, slug: str, kind: str) -> Array:
        """[L, H] of one measure; all NaN where it is not defined for this kind."""
        empty = np.full((self.layers[kind], self.n_heads), np.nan)
        return self.values.get((slug, kind), empty)

    def has(self, slug: str) -> bool:
        """Whether there is a number for any head at all."""
        return any(
            np.isfinite(grid).any() for (name, _), grid in self.values.items() if name == slug
        )

    def to_arrow(self, means: bool = True) -> pa.Table:
        """The table; empty cells where there is no number."""
        heads = self.heads()
        columns: dict[str, Any] = {
            "kind": [kind for kind, _, _ in heads],
            "layer": pa.array([layer for _, layer, _ in heads], pa.int16()),
            "head": pa.array([head for _, _, head in heads], pa.int16()),
        }
        for one in METRICS:
            numbers = np.array([self.value(one.slug, head) for head in heads])
            columns[one.slug] = pa.array(numbers, pa.float64(), mask=np.isnan(numbers))
        if means:
            vectors = [list(self.means.get(head, ())) for head in heads]
            columns["mean_z"] = pa.array(vectors, pa.list_(pa.float32()))
        return pa.table(columns)

    def to_csv(self) -> bytes:
        """The table without the vectors, as CSV."""
        sink = io.BytesIO()
        csv.write_csv(self.to_arrow(means=False), sink)
        return sink.getvalue()

    def to_parquet(self) -> bytes:
        """What `write` writes."""
        sink = io.BytesIO()
        self.write(sink)
        return sink.getvalue()

    def write(self, file: str | Path | IO[bytes]) -> None:
        """Write the table as Parquet."""
        meta = {
            "format": FORMAT,
            "model": self.model,
            "digest": self.digest,
            "corpus": self.corpus,
            "gold": self.gold,
            "read": self.read,
            "skipped": dict(self.skipped),
            "layers": dict(self.layers),
            "n_heads": self.n_heads,
        }
        table = self.to_arrow().replace_schema_metadata({_META: json.dumps(meta).encode()})
        pq.write_table(table, file, compression="zstd")


def from_totals(model: Model, totals: Totals, corpus: str, gold: str = "") -> HeadTable:
    """The table of what was summed over a corpus."""
    return HeadTable(
        model=model.slug,
        digest=model.digest,
        corpus=corpus,
        gold=gold,
        read=totals.read,
        skipped=dict(totals.skipped),
        layers={kind: model.config.n_layers(kind) for kind in KINDS},
        n_heads=model.config.n_heads,
        values={key: sums.value for key, sums in totals.sums.items()},
        means=totals.means(),
    )


def read_atlas(file: str | Path | IO[bytes]) -> HeadTable:
    """Read a table that `HeadTable.write` wrote.

    Raises:
        ValueError: the file is missing, damaged, or something else.
    """
    try:
        table = pq.read_table(file)
        meta = json.loads(table.schema.metadata[_META])
        if meta.pop("format") != FORMAT:
            raise ValueError(f"another version than {FORMAT}")
        shape = {kind: (n, meta["n_heads"]) for kind, n in meta["layers"].items()}
        kinds = np.array(table["kind"].to_pylist())
        values = {}
        for one in METRICS:
            numbers = table[one.slug].to_numpy().astype(np.float64)
            for kind in one.kinds:
                values[one.slug, kind] = numbers[kinds == kind].reshape(shape[kind])
        atlas = HeadTable(values=values, means={}, **meta)
        vectors = zip(atlas.heads(), table["mean_z"].to_pylist(), strict=True)
        means = {head: tuple(vector) for head, vector in vectors if vector}
    except (OSError, pa.ArrowException, *_FOREIGN) as error:
        raise ValueError(f"{file} is not a table of heads, or it is damaged: {error}") from error
    return HeadTable(values=values, means=means, **meta)
