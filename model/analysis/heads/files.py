"""Tables of heads as files: the format follows from the name's ending."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
from pyarrow import compute, csv, feather
from pyarrow import parquet as pq

from ...cells import texts_as_text
from ...files import whole
from ...run.arrays import Array
from .metrics import METRICS
from .table import HeadTable

FORMAT = 2
_META = b"headlight"
_FOREIGN = (LookupError, TypeError, AttributeError, ValueError, RecursionError)
_MAPS = ("layer_values", "layer_errors", "baselines")
Sink = str | Path | IO[bytes]


def _parquet(table: pa.Table, file: Sink) -> None:
    pq.write_table(table, file, compression="zstd")


def _arrow(table: pa.Table, file: Sink) -> None:
    feather.write_feather(table, file, compression="zstd")


def _csv(table: pa.Table, file: Sink) -> None:
    csv.write_csv(texts_as_text(table), file)


WRITERS: dict[str, Callable[[pa.Table, Sink], None]] = {
    ".parquet": _parquet,
    ".arrow": _arrow,
    ".feather": _arrow,
    ".csv": _csv,
}


def check_output(path: Path) -> Path:
    """Make sure, before any work, that a table can be written there.

    Raises:
        ValueError: an ending that is not known, a folder that is missing or not to be written to.
    """
    if path.suffix.lower() not in WRITERS:
        raise ValueError(
            f"{path}: the ending “{path.suffix}” is not known; use {', '.join(WRITERS)}."
        )
    if path.is_dir():
        raise ValueError(f"{path} is a folder; give the name of a file.")
    if not path.parent.is_dir():
        raise ValueError(f"The folder {path.parent} does not exist; make it first.")
    try:
        probe = path.with_name(f".{path.name}.probe")
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise ValueError(f"{path} cannot be written: {error.strerror}.") from error
    return path


def write(table: HeadTable, path: Path, *, baselines: bool = False) -> None:
    """Write a table in the format of the path's ending; CSV holds no vectors and no metadata.

    Raises:
        ValueError: as in `check_output`; or the disk is full.
    """
    suffix = check_output(path).suffix.lower()
    found = (
        table.to_arrow(means=False, baselines=baselines)
        if suffix == ".csv"
        else with_meta(table, baselines)
    )
    with whole(path) as opened:
        WRITERS[suffix](found, opened)


def to_bytes(table: HeadTable, suffix: str) -> bytes:
    """What `write` would put into a file of this ending."""
    sink = io.BytesIO()
    found = table.to_arrow(means=False) if suffix == ".csv" else with_meta(table)
    WRITERS[suffix](found, sink)
    return sink.getvalue()


def with_meta(table: HeadTable, baselines: bool = False) -> pa.Table:
    """The table with what `read_atlas` needs beside its columns."""
    names = ("model", "digest", "corpus", "gold", "references", "read")
    meta: dict[str, Any] = {name: getattr(table, name) for name in names}
    meta |= {"format": FORMAT, "skipped": dict(table.skipped), "layers": dict(table.layers)}
    meta["n_heads"] = dict(table.n_heads)
    for name in _MAPS:
        meta[name] = [[*key, _plain(row)] for key, row in getattr(table, name).items()]
    arrow = table.to_arrow(baselines=baselines)
    return arrow.replace_schema_metadata({_META: json.dumps(meta).encode()})


def read_atlas(file: Sink) -> HeadTable:
    """Read a table that `write` wrote as Parquet or Arrow.

    Raises:
        ValueError: the file is missing, damaged, or something else.
    """
    try:
        table = _read(file)
        meta = json.loads(table.schema.metadata[_META])
        if meta.pop("format") != FORMAT:
            raise ValueError(f"another version than {FORMAT}")
        for name in _MAPS:
            meta[name] = {(slug, kind): _array(row) for slug, kind, row in meta[name]}
        if "row" in table.column_names:
            table = table.filter(compute.equal(table["row"], "head"))
        shape = {kind: (n, meta["n_heads"][kind]) for kind, n in meta["layers"].items()}
        kinds = np.array(table["kind"].to_pylist())
        grids: dict[str, dict[tuple[str, str], Array]] = {"": {}, "_se": {}}
        for one in METRICS:
            for suffix, found in grids.items():
                numbers = table[one.slug + suffix].to_numpy().astype(np.float64)
                for kind in one.kinds:
                    found[one.slug, kind] = numbers[kinds == kind].reshape(shape[kind])
        atlas = HeadTable(values=grids[""], errors=grids["_se"], **meta)
        vectors = zip(atlas.heads(), table["mean_z"].to_pylist(), strict=True)
        means = {head: tuple(vector) for head, vector in vectors if vector}
    except (OSError, pa.ArrowException, *_FOREIGN) as error:
        raise ValueError(f"{file} is not a table of heads, or it is damaged: {error}") from error
    return HeadTable(values=grids[""], errors=grids["_se"], means=means, **meta)


def _read(file: Sink) -> pa.Table:
    if isinstance(file, str | Path) and Path(file).suffix.lower() in (".arrow", ".feather"):
        return feather.read_table(file)
    return pq.read_table(file)


def _plain(row: Array) -> list[float | None]:
    return [None if np.isnan(x) else float(x) for x in row]


def _array(row: list[float | None]) -> Array:
    return np.array([np.nan if x is None else x for x in row], np.float64)
