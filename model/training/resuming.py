"""Going on with a training that was stopped: what its folder holds must be of the same run."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from torch import Tensor

from ..checkpoints.errors import CheckpointError
from .keeping import read_tensors, write_text
from .trainer import Trainer

STATE, CURVE, SETTINGS = "state.safetensors", "curve.jsonl", "settings.json"


def resume(trainer: Trainer, run: Path) -> float:
    """Bring a trainer to where the run in a folder stands; note its settings there.

    Returns:
        the seconds trained so far.

    Raises:
        ValueError: the folder holds another run.
        CheckpointError: what it holds is damaged.
    """
    state = run / STATE
    settings = {
        "recipe": asdict(trainer.recipe),
        "config": trainer.network.config.to_dict(),
        "seed": trainer.seed,
        "vocabulary": trainer.tokenizer.digest,
        **({"before": trainer.before} if trainer.before else {}),
        **trainer.data.settings,
    }
    kept = read_tensors(state) if state.is_file() else None
    step = _step_of(state, kept) if kept else 0
    _same_settings(run / SETTINGS, json.loads(json.dumps(settings)), step)
    if kept:
        _go_on(trainer, state, kept)
    return _cut_curve(run / CURVE, trainer.step)


def _step_of(file: Path, kept: dict[str, Tensor]) -> int:
    step = kept.get("step")
    if step is None or step.numel() != 1 or step.is_floating_point() or int(step) < 0:
        raise CheckpointError(f"{file} is not the state of a training. Remove it to start anew.")
    return int(step)


def _go_on(trainer: Trainer, file: Path, kept: dict[str, Tensor]) -> None:
    """Load a saved state; one of another model or optimizer is told of."""
    try:
        trainer.load_state(kept)
    except (RuntimeError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise CheckpointError(
            f"{file} does not fit this training: {error}. Remove it to start anew."
        ) from error


def _cut_curve(file: Path, step: int) -> float:
    """Leave out what was noted after the saved state, and a line that a cut left unfinished.

    Returns:
        the seconds trained up to the last line that stays.
    """
    try:
        lines = file.read_text().splitlines() if file.is_file() else []
        whole = [line for line in lines if line.endswith("}")]
        kept = [line for line in whole if json.loads(line)["step"] <= step]
        seconds = float(json.loads(kept[-1])["seconds"]) if kept else 0.0
    except (ValueError, LookupError, TypeError, RecursionError, OverflowError) as error:
        raise CheckpointError(f"{file} is not the curve of a training: {error}") from error
    write_text(file, "".join(line + "\n" for line in kept))
    return seconds


def _same_settings(file: Path, settings: dict[str, Any], step: int) -> None:
    """Note the settings of a run; only its length may change, and only on the plateau of both."""
    try:
        old = json.loads(file.read_text()) if file.is_file() else settings
        plateau = min((1 - s["recipe"]["decay"]) * s["recipe"]["steps"] for s in (old, settings))
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise CheckpointError(
            f"{file} does not say how the run was trained: {error!r}. Remove the folder to train "
            "from the start."
        ) from error
    if old != settings and (step > plateau or _without_length(old) != _without_length(settings)):
        raise ValueError(
            f"{file.parent} holds a run with other settings. Remove it, or choose another --run."
        )
    write_text(file, json.dumps(settings, indent=2) + "\n")


def _without_length(settings: dict[str, Any]) -> dict[str, Any]:
    length = ("steps", "snapshots")
    recipe = {name: value for name, value in settings["recipe"].items() if name not in length}
    return {**settings, "recipe": recipe}
