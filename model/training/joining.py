"""A training that went on from another, as one run: `headlight join FIRST NEXT --run WHOLE`.

Several may have gone on from the first one, each with a seed of its own: then the mean of their
weights is taken, which is often better than any of them (Wortsman et al. 2022, section 2, uniform
soup; they average models that were fine-tuned from one).
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ..checkpoints.errors import CheckpointError
from ..checkpoints.folder import read_folder, save, write_weights
from ..run.runner import Model
from .keeping import in_words, write_text
from .recording import CURVE as PUBLISHED
from .recording import SNAPSHOTS, snapshot_files
from .resuming import CURVE, SETTINGS

OF_ANY = ("step", "loss", "accuracy", "seconds")
"""What a line of a curve says of the training; the rest was measured of its model."""

APART = 1.05
"""Ratio of two steps that are kept; a run that goes on keeps many right after its first."""


def join(first: Path, following: Sequence[Path], run: Path) -> None:
    """Write the run that these make together.

    Its curve and its snapshots are those of the first run and, behind them, those of the first that
    followed; its weights and its last snapshot the mean of all that followed. The first may be a
    published model, which may have no snapshots: `headlight record` keeps what it has of them.

    Raises:
        ValueError: a run has not ended or did not go on from the first, or the folder is not empty.
        CheckpointError: (a `ValueError`) what a run holds is missing or damaged.
    """
    if run.exists() and any(run.iterdir()):
        raise ValueError(f"{run} is not empty. Choose another --run.")
    start, models = _weights(read_folder(first)), [read_folder(one) for one in following]
    for one in following:
        begun = snapshot_files(one).get(0)
        known = _weights(read_folder(one, begun)) if begun else {}
        if not all(torch.equal(start[n], known.get(n, torch.empty(0))) for n in start):
            raise ValueError(f"{one} did not go on from {first}.")
    before, after = _curve(first), _curve(following[0])
    if len(following) > 1:  # what was measured at the end is true of one of them, not of the mean
        after[-1] = {name: after[-1][name] for name in OF_ANY}
    step, seconds = before[-1]["step"], before[-1]["seconds"]
    for row in after:
        row["step"], row["seconds"] = row["step"] + step, round(row["seconds"] + seconds, 1)
    settings = json.loads((following[0] / SETTINGS).read_text(encoding="utf-8"))
    model = mean(models)
    with in_words(run):
        (run / SNAPSHOTS).mkdir(parents=True)
        for at, file in (snapshot_files(first) | _apart(following[0], step)).items():
            shutil.copy(file, run / SNAPSHOTS / f"{at:06d}.safetensors")
        last = step + max(snapshot_files(following[0]))
        write_weights(_weights(model), run / SNAPSHOTS / f"{last:06d}.safetensors")
        lines = [json.dumps(row) + "\n" for row in (*before, *after)]
        write_text(run / CURVE, "".join(lines))
        write_text(run / SETTINGS, json.dumps({**settings, "before": step}, indent=2) + "\n")
        save(model, run)


def _apart(run: Path, before: int) -> dict[int, Path]:
    """Snapshots of a run by their step in the whole: those on which something can have changed."""
    found, last = dict[int, Path](), float(before)
    for at, file in snapshot_files(run).items():
        if before + at >= APART * last:
            last = before + at
            found[before + at] = file
    return found


def mean(models: Sequence[Model]) -> Model:
    """The first of these models, with the mean of the weights of all."""
    for name, tensor in _weights(models[0]).items():
        parts = [_weights(one)[name] for one in models]
        tensor.copy_(torch.stack(parts).mean(0))
    return models[0]


def _weights(model: Model) -> dict[str, Tensor]:
    return dict(model.network.state_dict())


def _curve(run: Path) -> list[dict[str, Any]]:
    """The lines of a run's curve, or the points of a published model's."""
    file = run / CURVE if (run / CURVE).is_file() else run / PUBLISHED
    try:
        text = file.read_text(encoding="utf-8")
        whole = file.name == PUBLISHED
        found = json.loads(text)["points"] if whole else map(json.loads, text.splitlines())
        rows = [{name: row[name] for name in OF_ANY} | row for row in found]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise CheckpointError(f"{file} is not the curve of a training: {error!r}") from error
    if not rows:
        raise CheckpointError(f"{file} is the curve of a training that has not begun.")
    return rows


def main(argv: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="headlight join", description=__doc__)
    parser.add_argument("first", type=Path, help="folder of the run that the others went on from")
    parser.add_argument("following", type=Path, nargs="+", help="their folders")
    parser.add_argument("--run", type=Path, required=True, help="folder to write")
    options = parser.parse_args(argv)
    try:
        join(options.first, options.following, options.run)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    print(f"{options.run} written. `headlight publish TASK --run {options.run}` ships it.")
