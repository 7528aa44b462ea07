"""How a model became what it is: a sentence's heads and output at snapshots of the training.

Small models ship the weights of their snapshots, so any text can be looked at. A large one ships
what they made of some sentences (`headlight record`).
"""

from __future__ import annotations

import json
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..analysis.alignment.links import of_task
from ..checkpoints.errors import CheckpointError
from ..checkpoints.folder import CHECKPOINTS, load, read_folder
from ..run.arrays import Array
from ..run.runner import Model
from .history import TrainingHistory, always, assemble, take_snapshot
from .recording_file import FILE, read

CURVE, SNAPSHOTS = "curve.json", "snapshots"
LARGEST = {"bleu": 100, "exact": 1}
"""Measures of a whole answer, each with its largest value."""


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
        sources: the texts that were recorded; empty when any text can be.
    """

    steps: tuple[int, ...]
    curve: tuple[CurvePoint, ...]
    sources: tuple[str, ...] = ()

    @abstractmethod
    def history(self, source: str) -> TrainingHistory:
        """The sentence at every step.

        Raises:
            ValueError: a text that the model cannot read, or that was not recorded.
        """


class RecordedSentences(Recording):
    """From `recording.npz`: the sentences that it holds."""

    def __init__(
        self, histories: Sequence[TrainingHistory], curve: Sequence[CurvePoint] = ()
    ) -> None:
        self.histories = tuple(histories)
        self.steps, self.curve = histories[0].steps, tuple(curve)
        self.sources = tuple(history.source for history in histories)

    def history(self, source: str) -> TrainingHistory:
        """One of `sources` at every step."""
        for history in self.histories:
            if history.source == source:
                return history
        raise ValueError(f"“{source}” was not recorded. There are: {', '.join(self.sources)}.")

    def aer(self, row: str) -> Array:
        """[N, L, H]: the alignment error of each head over all sentences (see `ROWS`)."""
        total = sum(history.aer[row] * np.float32(history.n_links) for history in self.histories)
        return np.asarray(total) / sum(history.n_links for history in self.histories)


class Snapshots(Recording):
    """From a folder of weights: any text, with the finished model's answer as its target."""

    def __init__(
        self, final: Model, models: Mapping[int, Model], curve: Sequence[CurvePoint] = ()
    ) -> None:
        self.final, self.models = final, dict(models)
        self.steps, self.curve = tuple(models), tuple(curve)

    def history(self, source: str) -> TrainingHistory:
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
        return RecordedSentences(read(folder / FILE), read_curve(folder / CURVE))
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


def share(curve: Sequence[CurvePoint]) -> tuple[str, list[tuple[int, float]]]:
    """What of a curve lies between 0 and 1: the quality on held-out inputs where it was measured,
    the accuracy on the training's own tokens elsewhere.

    Returns:
        its name, one of `LARGEST` or "accuracy", and (step, value).
    """
    for name, most in LARGEST.items():
        if points := [(p.step, p.quality[name] / most) for p in curve if name in p.quality]:
            return name, points
    return "accuracy", [(p.step, p.accuracy) for p in curve if math.isfinite(p.accuracy)]


def _curve_point(row: Mapping[str, float]) -> CurvePoint:
    known = ("step", "loss", "accuracy", "seconds")
    quality = {name: float(value) for name, value in row.items() if name not in known}
    accuracy = float(row.get("accuracy", math.nan))
    return CurvePoint(int(row["step"]), float(row["loss"]), accuracy, quality)
