"""`recording.npz`: what every snapshot of a training made of some sentences, as one file."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np

from .. import files
from ..analysis.alignment.links import Alignment
from ..checkpoints.errors import CheckpointError
from ..network.config import KINDS
from ..run import saved
from ..run.arrays import Array
from ..run.tokens import Tokens
from .history import ROWS, TrainingHistory

FILE = "recording.npz"
FORMAT = 1
LARGEST = 500_000_000
"""Bytes that a recording may unpack to."""


def write(histories: Sequence[TrainingHistory], file: Path | IO[bytes]) -> None:
    """All histories as one compressed `.npz`; the old file stays until the new one is whole.

    Raises:
        ValueError: it cannot be written; says why.
    """
    meta = {"format": FORMAT, "films": [_meta(history) for history in histories]}
    arrays = {"meta": np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)}
    for i, history in enumerate(histories):
        arrays |= {f"{i}.{kind}": history.patterns[kind] for kind in KINDS}
        arrays |= {f"{i}.{kind}.mask": history.masks[kind] for kind in KINDS}
        arrays |= {f"{i}.aer.{row}": history.aer[row] for row in ROWS}
        arrays[f"{i}.log_probs"] = history.log_probs
    with files.whole(file) as opened:
        np.savez_compressed(opened, **arrays)  # type: ignore[arg-type]


def read(file: Path | IO[bytes]) -> list[TrainingHistory]:
    """The inverse of `write`; no pickle is ever read.

    Raises:
        CheckpointError: the file is damaged, foreign, or larger than any recording.
    """
    try:
        with zipfile.ZipFile(file) as parts:
            infos = parts.infolist()
        names = [info.filename.removesuffix(".npy") for info in infos]
        saved.check_directory(infos, names, LARGEST)
        if not isinstance(file, str | Path):
            file.seek(0)
        with np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        meta = json.loads(arrays["meta"].tobytes())
        if meta["format"] != FORMAT:
            raise ValueError(f"format {meta['format']!r}, this version reads {FORMAT}")
        return [_history(values, arrays, i) for i, values in enumerate(meta["films"])]
    except OSError as error:
        raise CheckpointError(f"{file} cannot be opened: {files.in_words(error)}.") from error
    except Exception as error:  # zip and zlib raise whatever they like on damaged bytes
        raise CheckpointError(f"{file} is not a recording, or it is damaged: {error}") from error


def _meta(history: TrainingHistory) -> dict[str, Any]:
    plain = ("source", "target", "steps", "outputs")
    return {
        "alignment": None if history.alignment is None else _links(history.alignment),
        **{name: getattr(history, name) for name in plain},
        **{name: getattr(history, name).to_dict() for name in ("src", "tgt_in", "tgt_out")},
    }


def _history(values: Mapping[str, Any], arrays: Mapping[str, Array], i: int) -> TrainingHistory:
    history = TrainingHistory(
        source=values["source"],
        target=values["target"],
        alignment=None if values["alignment"] is None else _alignment(values["alignment"]),
        steps=tuple(values["steps"]),
        outputs=tuple(values["outputs"]),
        src=Tokens.from_dict(values["src"]),
        tgt_in=Tokens.from_dict(values["tgt_in"]),
        tgt_out=Tokens.from_dict(values["tgt_out"]),
        masks={kind: arrays[f"{i}.{kind}.mask"] for kind in KINDS},
        patterns={kind: arrays[f"{i}.{kind}"] for kind in KINDS},
        log_probs=arrays[f"{i}.log_probs"],
        aer={row: arrays[f"{i}.aer.{row}"] for row in ROWS},
    )
    for kind in KINDS:
        n, _, _, *shape = history.patterns[kind].shape
        if n != len(history.steps) or shape != [
            len(history.queries(kind)),
            len(history.keys(kind)),
        ]:
            raise ValueError(f"the {kind} patterns do not fit “{history.source}”")
    return history


def _links(alignment: Alignment) -> dict[str, Any]:
    """Plain lists, always in the same order."""
    links = {name: sorted(getattr(alignment, name)) for name in ("sure", "possible")}
    return {"sources": alignment.sources, "targets": alignment.targets, **links}


def _alignment(values: Mapping[str, Any]) -> Alignment:
    return Alignment(
        sources=tuple(map(tuple, values["sources"])),
        targets=tuple(map(tuple, values["targets"])),
        sure=frozenset((target, source) for target, source in values["sure"]),
        possible=frozenset((target, source) for target, source in values["possible"]),
    )
