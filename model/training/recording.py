"""How a model became what it is: a sentence's heads and output at snapshots of the training.

Small models ship the weights of their snapshots, and any text can be filmed. For a large one this
command films some sentences once, with the weights that the run kept, and ships only that:

    headlight record translate-en-fr   # from runs/ to recording.npz beside the model

The sentences, their references and word links (`recording_pairs.tsv`) were made by hand; where the
source is no text, the task's examples are filmed. For every model the command also measures all
heads at every snapshot over many sentences (`emergence`), which a small one needs nothing else for.
"""

from __future__ import annotations

import argparse
import json
import math
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import numpy as np
from tqdm import tqdm

from .. import files
from ..analysis.alignment.gold import on_tokens, read_gold
from ..analysis.alignment.links import Alignment, of_task
from ..checkpoints.errors import CheckpointError
from ..checkpoints.folder import CHECKPOINTS, CONFIG, load, read_folder
from ..network.config import KINDS
from ..run import saved
from ..run.arrays import Array
from ..run.runner import Model
from ..run.sources import AnySource
from ..run.tokens import Tokens
from ..run.trace import Trace
from ..tasks import TASKS
from ..tasks.digits import DigitsTask
from . import emergence
from .emergence import PAIRS
from .history import ROWS, Snapshot, TrainingHistory, always, assemble, take_snapshot
from .train import RUNS

FILE, CURVE, SNAPSHOTS = "recording.npz", "curve.json", "snapshots"
FORMAT = 1
LARGEST = 500_000_000
"""Bytes that a recording may unpack to."""
LARGE = [one.slug for one in TASKS if one.large]
"""Tasks whose models are too large to ship with all their snapshots."""


@dataclass(frozen=True)
class CurvePoint:
    """`loss` and `accuracy` as in `train.Progress`, a mean over the last few steps, accuracy NaN
    where it was not kept; `quality` on held-out pairs.
    """

    step: int
    loss: float
    accuracy: float
    quality: Mapping[str, float]


class Recording(ABC):
    """A model's training, looked at afterwards.

    Attributes:
        steps: where it can be looked at.
        curve: the points of the loss curve; empty where none was shipped.
        sources: the texts that were filmed; empty when any text can be.
    """

    steps: tuple[int, ...]
    curve: tuple[CurvePoint, ...]
    sources: tuple[str, ...] = ()

    @abstractmethod
    def film(self, source: str) -> TrainingHistory:
        """The sentence at every step.

        Raises:
            ValueError: a text that the model cannot read, or that was not filmed.
        """


class Filmed(Recording):
    """From `recording.npz`: the sentences that it holds."""

    def __init__(self, films: Sequence[TrainingHistory], curve: Sequence[CurvePoint] = ()) -> None:
        self.films = tuple(films)
        self.steps, self.curve = films[0].steps, tuple(curve)
        self.sources = tuple(film.source for film in films)

    def film(self, source: str) -> TrainingHistory:
        """One of `sources` at every step."""
        for film in self.films:
            if film.source == source:
                return film
        raise ValueError(f"“{source}” was not recorded. There are: {', '.join(self.sources)}.")

    def aer(self, row: str) -> Array:
        """[N, L, H]: the alignment error of each head over all sentences (see `film.ROWS`)."""
        total = sum(film.aer[row] * np.float32(film.n_links) for film in self.films)
        return np.asarray(total) / sum(film.n_links for film in self.films)


class Snapshots(Recording):
    """From a folder of weights: any text, with the finished model's answer as its target."""

    def __init__(
        self, final: Model, models: Mapping[int, Model], curve: Sequence[CurvePoint] = ()
    ) -> None:
        self.final, self.models = final, dict(models)
        self.steps, self.curve = tuple(models), tuple(curve)

    def film(self, source: str) -> TrainingHistory:
        """Any text that the model reads, at every step."""
        ids = self.final.decode(self.final.read(source)).ids
        target = self.final.teacher_force(source, ids)
        alignment = of_task(self.final.task, target)
        known = always(alignment)
        frames = [
            take_snapshot(model, step, source, ids, known)[0] for step, model in self.models.items()
        ]
        return assemble(target, alignment, frames)


def of_model(slug: str) -> Recording | None:
    """The recording of a shipped model; None where there is none.

    Raises:
        CheckpointError: a file of it is damaged.
    """
    folder = CHECKPOINTS / slug
    if (folder / FILE).is_file():
        return Filmed(read(folder / FILE), read_curve(folder / CURVE))
    files = snapshot_files(folder)
    if not files:
        return None
    models = {step: read_folder(folder, file) for step, file in files.items()}
    return Snapshots(load(slug), models, read_curve(folder / CURVE))


def exists(slug: str) -> bool:
    """Whether a shipped model has a recording."""
    folder = CHECKPOINTS / slug
    return (folder / FILE).is_file() or bool(snapshot_files(folder))


def snapshot_files(folder: Path) -> dict[int, Path]:
    """The snapshots of a run or of a checkpoint folder, by step."""
    files = sorted((folder / SNAPSHOTS).glob("[0-9]*.safetensors"))
    return {int(file.stem): file for file in files}


def read_curve(file: Path) -> tuple[CurvePoint, ...]:
    """The points of `curve.json`; none when it is not there.

    Raises:
        CheckpointError: it is damaged.
    """
    if not file.is_file():
        return ()
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))["points"]
        return tuple(_curve_point(row) for row in rows)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise CheckpointError(f"{file} is not a curve of a training: {error}") from error


def _curve_point(row: Mapping[str, float]) -> CurvePoint:
    known = ("step", "loss", "accuracy", "seconds")
    quality = {name: float(value) for name, value in row.items() if name not in known}
    accuracy = float(row.get("accuracy", math.nan))
    return CurvePoint(int(row["step"]), float(row["loss"]), accuracy, quality)


def record(folder: Path, snapshots: Mapping[int, Path]) -> list[TrainingHistory]:
    """Every hand-aligned pair, or every example, with every snapshot, shown by a progress bar.

    Args:
        folder: the model's configuration and vocabulary.
        snapshots: weights by step.
    """
    shown = _shown(read_folder(folder))
    frames: list[list[Snapshot]] = [[] for _ in shown]
    first: list[tuple[Trace, Alignment | None]] = []
    for step, file in tqdm(snapshots.items(), desc="recording", unit="snapshot"):
        model = read_folder(folder, file)
        for (_, source, target, alignment), row in zip(shown, frames, strict=True):
            frame, trace = take_snapshot(model, step, source, target, always(alignment))
            row.append(frame)
            if len(first) < len(shown):
                first.append((trace, alignment))
    return [
        replace(assemble(trace, alignment, row), source=name)
        for (name, *_), (trace, alignment), row in zip(shown, first, frames, strict=True)
    ]


Shown = tuple[str, AnySource, str | Sequence[int], Alignment | None]
"""What a source goes by, the source, its right answer, and the true alignment."""


def _shown(model: Model) -> list[Shown]:
    if not isinstance(model.task, DigitsTask):
        known = [on_tokens(pair, model) for pair in read_gold(PAIRS)]
        return [(source, source, target, alignment) for source, target, alignment in known]
    found: list[Shown] = []
    for example in model.task.examples:
        answer = model.task.answer(example.source)
        alignment = of_task(model.task, model.teacher_force(example.source, answer))
        found.append((example.text, example.source, answer, alignment))
    return found


def write(films: Sequence[TrainingHistory], file: Path | IO[bytes]) -> None:
    """All films as one compressed `.npz`; the old file stays until the new one is whole.

    Raises:
        ValueError: it cannot be written; says why.
    """
    meta = {"format": FORMAT, "films": [_meta(film) for film in films]}
    arrays = {"meta": np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)}
    for i, film in enumerate(films):
        arrays |= {f"{i}.{kind}": film.patterns[kind] for kind in KINDS}
        arrays |= {f"{i}.{kind}.mask": film.masks[kind] for kind in KINDS}
        arrays |= {f"{i}.aer.{row}": film.aer[row] for row in ROWS}
        arrays[f"{i}.log_probs"] = film.log_probs
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
        return [_film(values, arrays, i) for i, values in enumerate(meta["films"])]
    except OSError as error:
        raise CheckpointError(f"{file} cannot be opened: {files.in_words(error)}.") from error
    except Exception as error:  # zip and zlib raise whatever they like on damaged bytes
        raise CheckpointError(f"{file} is not a recording, or it is damaged: {error}") from error


def _meta(film: TrainingHistory) -> dict[str, Any]:
    plain = ("source", "target", "steps", "outputs")
    return {
        "alignment": None if film.alignment is None else _links(film.alignment),
        **{name: getattr(film, name) for name in plain},
        **{name: getattr(film, name).to_dict() for name in ("src", "tgt_in", "tgt_out")},
    }


def _film(values: Mapping[str, Any], arrays: Mapping[str, Array], i: int) -> TrainingHistory:
    film = TrainingHistory(
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
        n, _, _, *shape = film.patterns[kind].shape
        if n != len(film.steps) or shape != [len(film.queries(kind)), len(film.keys(kind))]:
            raise ValueError(f"the {kind} patterns do not fit “{film.source}”")
    return film


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


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight record", description=__doc__)
    parser.add_argument("task", choices=[one.slug for one in TASKS])
    parser.add_argument("--run", type=Path, help="folder of the run (default runs/<task>)")
    parser.add_argument("--data", type=Path, help="folder with hand-aligned pairs (translation)")
    options = parser.parse_args(argv)
    folder, large = CHECKPOINTS / options.task, options.task in LARGE
    run = options.run or (RUNS / options.task if large else folder)
    try:
        if large:
            _same_shape(run, folder)
        snapshots = snapshot_files(run)
        if not snapshots:
            raise ValueError(f"{run / SNAPSHOTS} holds no snapshots: `headlight train` first.")
        if large:
            _keep_films(folder, snapshots)
        file = folder / emergence.FILE
        emergence.follow(folder, snapshots, options.data).write(file)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    print(f"{file} written, {file.stat().st_size / 1e6:.2f} MB.")
    if read_folder(folder, snapshots[max(snapshots)]).digest != read_folder(folder).digest:
        print("The last snapshot is not the published model: run this again when it is.")


def _keep_films(folder: Path, snapshots: Mapping[int, Path]) -> None:
    films, file = record(folder, snapshots), folder / FILE
    write(films, file)
    last = f"“{films[0].source}” became “{films[0].outputs[-1]}” at step {films[0].steps[-1]:,}"
    print(f"{file} written, {file.stat().st_size / 1e6:.2f} MB; {last}.")


def _same_shape(run: Path, folder: Path) -> None:
    """Refuse snapshots of a model that is not the folder's."""
    try:
        settings = json.loads((run / "settings.json").read_text(encoding="utf-8"))["config"]
        shipped = json.loads((folder / CONFIG).read_text(encoding="utf-8"))["model"]
    except (OSError, ValueError, LookupError) as error:
        raise ValueError(f"A run and a published model are needed: {error}") from error
    if settings != shipped:
        raise ValueError(f"{run} trains a model of another shape than {folder} holds.")
