"""Every sentence's own numbers: one row a sentence and head, in a file joined from pieces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import csv
from pyarrow import parquet as pq

from ...cells import texts_as_text
from .metrics import METRICS, Sample
from .totals import BySample

Rows = list[dict[str, Any]]

SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("output", pa.string()),
        ("kind", pa.string()),
        ("layer", pa.int16()),
        ("head", pa.int16()),
        *((one.slug, pa.float64()) for one in METRICS),
    ]
)


def rows_of(samples: Sequence[Sample], found: BySample) -> Rows:
    """One row for every sentence and head; a metric that does not count there is empty."""
    shapes = {kind: sums[0].total.shape for (_, kind), sums in found.items() if sums}
    rows: Rows = []
    for i, sample in enumerate(samples):
        for kind, shape in shapes.items():
            values = {
                slug: sums[i].value for (slug, of), sums in found.items() if of == kind and sums
            }
            for layer, head in np.ndindex(shape):
                row: dict[str, Any] = {
                    "source": sample.trace.source_text,
                    "output": sample.trace.output_text,
                    "kind": kind,
                    "layer": layer,
                    "head": head,
                }
                for slug, grid in values.items():
                    number = float(grid[layer, head])
                    row[slug] = None if np.isnan(number) else number
                rows.append(row)
    return rows


def check_rows_output(path: Path) -> None:
    """Make sure that rows can be written there.

    Raises:
        ValueError: an ending that is not known.
    """
    if path.suffix.lower() not in (".parquet", ".csv"):
        raise ValueError(f"{path}: rows of sentences go into .parquet or .csv.")


def keep_piece(folder: Path, name: str, rows: Rows) -> None:
    """Put the rows of one piece aside, all or none of them."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name.replace(' ', '-')}.parquet"
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)


def join_pieces(folder: Path, names: Iterable[str], out: Path) -> None:
    """All pieces after each other as one file, one piece in memory at a time."""
    files = [folder / f"{name.replace(' ', '-')}.parquet" for name in names]
    is_csv = out.suffix.lower() == ".csv"
    writer: Any = (
        csv.CSVWriter(out, SCHEMA) if is_csv else pq.ParquetWriter(out, SCHEMA, compression="zstd")
    )
    with writer:
        for file in files:
            rows = pq.read_table(file, schema=SCHEMA)
            writer.write_table(texts_as_text(rows) if is_csv else rows)
